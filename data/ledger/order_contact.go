package ledger

import (
	"regexp"

	"luodi/data/feed"
	"luodi/geo"
	"luodi/geo/land"
)

// PublicContact is whom the public asks, as a record of kind settings sets it: all of it at once. A member that is
// empty or absent is not told; without any the park has no public contact.
type PublicContact struct {
	Phone     string `json:"phone,omitempty" maxLength:"40" doc:"As people dial it: digits, spaces, brackets and hyphens, perhaps + before."`
	Email     string `json:"email,omitempty" maxLength:"200"`
	HoursZH   string `json:"hours_zh,omitempty" maxLength:"200" doc:"When somebody answers, in words."`
	HoursEN   string `json:"hours_en,omitempty" maxLength:"200"`
	AddressZH string `json:"address_zh,omitempty" maxLength:"200"`
	AddressEN string `json:"address_en,omitempty" maxLength:"200"`
}

const (
	maxPhone   = 40
	maxContact = 200
)

var (
	phoneForm = regexp.MustCompile(`^\+?\(?[0-9][0-9 ()-]*[0-9]$`)
	emailForm = regexp.MustCompile(`^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$`)
)

// check reads each member in its form, and refuses it by its name. It gives what the park keeps; nil for no contact.
func (c PublicContact) check() (*feed.ParkContact, error) {
	kept := feed.ParkContact{}
	phone, email := geo.Say("settings.phone", "n", maxPhone), geo.Say("settings.email", "n", maxContact)
	for _, m := range []struct {
		name, text string
		most       int
		form       *regexp.Regexp
		rule       *geo.Words
		into       **string
	}{
		{"phone", c.Phone, maxPhone, phoneForm, &phone, &kept.Phone},
		{"email", c.Email, maxContact, emailForm, &email, &kept.Email},
		{"hours_zh", c.HoursZH, maxContact, nil, nil, &kept.HoursZH}, {"hours_en", c.HoursEN, maxContact, nil, nil, &kept.HoursEN},
		{"address_zh", c.AddressZH, maxContact, nil, nil, &kept.AddressZH},
		{"address_en", c.AddressEN, maxContact, nil, nil, &kept.AddressEN},
	} {
		if m.text == "" {
			continue
		}
		field := "settings.contact." + m.name
		text, err := land.ParseLine(field, m.text, m.most)
		if err != nil {
			return nil, err
		}
		if m.form != nil && !m.form.MatchString(text) {
			return nil, m.rule.Refuse(field, text)
		}
		*m.into = &text
	}
	if kept == (feed.ParkContact{}) {
		return nil, nil
	}
	return &kept, nil
}
