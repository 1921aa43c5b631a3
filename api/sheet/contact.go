package sheet

import (
	"luodi/api/page"
	"luodi/data/feed"
	"luodi/message"
)

// Contact is a park's contact in the reader's language, or in the other where that is missing; empty for none.
func Contact(of *feed.ParkContact, lang message.Lang) page.Contact {
	if of == nil {
		return page.Contact{}
	}
	c := page.Contact{Hours: of.Hours(lang == message.EN), Address: of.Address(lang == message.EN)}
	if of.Phone != nil {
		c.Phone = *of.Phone
	}
	if of.Email != nil {
		c.Email = *of.Email
	}
	return c
}
