package api

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"luodi/api/auth"
	"luodi/api/problem"
	"luodi/api/proof"
	"luodi/api/request"
	"luodi/api/sheet"
	"luodi/data/feed"
	"luodi/data/people"
	"luodi/data/registry"
	"luodi/data/siting"
	"luodi/data/store"
	"luodi/geo"
	"luodi/message"
)

// EnquiryDays is for how many days an enquiry is kept where nothing else is set.
const EnquiryDays = 180

// maxEnquiry bounds the body of an enquiry, in bytes.
const maxEnquiry = 64 << 10

// enquiryTerms are what an investor is told before anything is sent, and the challenge to be answered with it.
type enquiryTerms struct {
	Park      string         `json:"park"`
	KeepDays  int            `json:"keep_days" doc:"After so many days all personal data in an enquiry is erased."`
	Places    int            `json:"most_places" doc:"An enquiry is about so many parcels, lots and assemblies at the most."`
	AtOnce    int            `json:"at_once" doc:"From one address so many are taken at once."`
	EverySecs int            `json:"every_seconds" doc:"And then one in so many seconds."`
	Challenge proofChallenge `json:"challenge"`
}

type proofChallenge struct {
	Text      string    `json:"text" doc:"To be sent back. It is expiry, nonce and tag with full stops between."`
	Rounds    int       `json:"rounds" doc:"So many numbers are to be found, r from 0."`
	Bits      int       `json:"bits" doc:"Of round r a number n from 0 to 4294967295 for which SHA-256 of \"nonce.r.n\", r and n in decimal, begins with so many zero bits."`
	ExpiresAt time.Time `json:"expires_at"`
}

type proofAnswer struct {
	Challenge string   `json:"challenge" writeOnly:"true" maxLength:"200"`
	Numbers   []uint32 `json:"numbers" minItems:"1" maxItems:"64"`
}

// enquiring is what an investor sends.
type enquiring struct {
	InPark
	Body struct {
		Name         string                  `json:"name" minLength:"1" maxLength:"100" doc:"Of a person to talk to."`
		Organisation string                  `json:"organisation" minLength:"1" maxLength:"200"`
		Phone        string                  `json:"phone,omitempty" maxLength:"50" doc:"A phone number or an e-mail address is needed."`
		Email        string                  `json:"email,omitempty" maxLength:"200"`
		Words        string                  `json:"words,omitempty" maxLength:"2000" text:"prose"`
		Need         *enquiryNeed            `json:"need,omitempty" doc:"What the project needs of its ground or floor space, as for /api/match."`
		Places       []registry.EnquiryPlace `json:"places,omitempty" maxItems:"20" doc:"The shortlist."`
		Consent      bool                    `json:"consent" doc:"True: the sender agrees that the park keeps and uses this to answer, for keep_days."`
		Proof        proofAnswer             `json:"proof"`
	}
}

type enquirySent struct {
	Receipt string    `json:"receipt"`
	Link    string    `json:"link" doc:"The secret by which the answer is followed, shown once: the page has it behind #enquiry=. Only its hash is kept."`
	EraseAt time.Time `json:"erase_at"`
}

type followingEnquiry struct {
	Speaking
	Body struct {
		Link string `json:"link" writeOnly:"true" doc:"What follows #enquiry= in the private link."`
	}
}

// openTo adds a route for whoever has no account; bodies hold personal data or secrets, which nothing repeats.
func openTo[I, O any](d *domain, at deskRoute, handle func(context.Context, *I) (O, error)) {
	op := huma.Operation{
		OperationID: at.id, Method: at.method, Path: at.path, Middlewares: huma.Middlewares{strict, auth.Guarded(at.id)},
		Summary: docsText(at.id), Tags: []string{"enquiries"}, DefaultStatus: at.status, MaxBodyBytes: maxEnquiry,
		Metadata: map[string]any{auth.Secret: true, inputType: reflect.TypeFor[I]()},
		Errors: []int{http.StatusBadRequest, http.StatusNotFound, http.StatusConflict, http.StatusTooManyRequests,
			http.StatusServiceUnavailable},
	}
	huma.Register(d.api, op, func(ctx context.Context, in *I) (*deskAnswer[O], error) {
		ctx, cancel := context.WithTimeout(ctx, answerWithin)
		defer cancel()
		err := request.Settle(in)
		var body O
		if err == nil {
			body, err = handle(ctx, in)
		}
		var invalid *geo.Invalid
		if errors.As(err, &invalid) {
			err = invalid.Withheld(personal)
		}
		if err != nil {
			return nil, err
		}
		return &deskAnswer[O]{Status: at.status, Cache: "no-store", Language: string(speaks(ctx)), Body: body}, nil
	})
}

// personal stands for what came where it is a person's data.
const personal = "…"

func (d *domain) addEnquiries() {
	const park, one = "/api/parks/{park}/enquiries", "/api/enquiry"
	openTo(d, deskRoute{http.MethodGet, "/api/parks/{park}/enquiry-terms", "enquiry.terms", http.StatusOK}, d.enquiryTerms)
	openTo(d, deskRoute{http.MethodPost, park, "enquiry.send", http.StatusCreated}, d.sendEnquiry)
	openTo(d, deskRoute{http.MethodPost, one + "/look", "enquiry.look", http.StatusOK},
		func(ctx context.Context, in *followingEnquiry) (registry.FollowedEnquiry, error) {
			return follow(ctx, in, d.registry.Follow)
		})
	openTo(d, deskRoute{http.MethodPost, one + "/withdraw", "enquiry.withdraw", http.StatusOK},
		func(ctx context.Context, in *followingEnquiry) (registry.FollowedEnquiry, error) {
			return follow(ctx, in, d.registry.Withdraw)
		})
	d.addInbox()
}

// publicPark refuses a park that the public does not know.
func (d *domain) publicPark(ctx context.Context, code string) error {
	return d.feed.View(ctx, func(v *feed.View) error {
		_, err := v.Park(ctx, code)
		return err
	})
}

func (d *domain) enquiryTerms(ctx context.Context, in *InPark) (enquiryTerms, error) {
	if err := d.publicPark(ctx, in.Park); err != nil {
		return enquiryTerms{}, err
	}
	key, err := d.registry.EnquiryKey(ctx)
	if err != nil {
		return enquiryTerms{}, err
	}
	text, ends := proof.New(key, time.Now())
	return enquiryTerms{Park: in.Park, KeepDays: d.enquiryDays, Places: registry.MostPlaces, AtOnce: auth.SendsAtOnce,
		EverySecs: int(auth.SendsEvery.Seconds()),
		Challenge: proofChallenge{Text: text, Rounds: proof.Rounds, Bits: proof.Bits, ExpiresAt: ends}}, nil
}

// sendEnquiry keeps an enquiry. What can be refused cheaply is looked at before the proof is; lots, which are measured one
// by one, after it, and within what the address may send. Nothing but an enquiry that is kept spends either: who mistyped
// something is given it back.
func (d *domain) sendEnquiry(ctx context.Context, in *enquiring) (sent enquirySent, err error) {
	if err := d.publicPark(ctx, in.Park); err != nil {
		return sent, err
	}
	n, err := d.newEnquiry(ctx, in)
	if err != nil {
		return sent, err
	}
	key, err := d.registry.EnquiryKey(ctx)
	if err != nil {
		return sent, err
	}
	n.Nonce, n.NonceEnds, err = proof.Check(key, in.Body.Proof.Challenge, in.Body.Proof.Numbers, time.Now())
	if err != nil {
		return sent, refusedProof(err)
	}
	r, ok := ctx.Value(requestKey{}).(*http.Request)
	if !ok {
		return sent, errors.New("the route lacks its middleware")
	}
	giveBack, err := d.guard.Send(r)
	if err != nil {
		return sent, err
	}
	if err := d.knownLots(ctx, in.Park, n.Places); err != nil {
		giveBack()
		return sent, err
	}
	sent.Receipt = n.Receipt
	sent.Link, n.Hash = people.NewLink()
	if sent.EraseAt, err = d.registry.Ask(ctx, n); err != nil {
		giveBack()
		if errors.Is(err, registry.ErrSpent) {
			err = refusedProof(err)
		}
		return enquirySent{}, err
	}
	return sent, nil
}

// newEnquiry reads what was sent. Lots are not measured yet.
func (d *domain) newEnquiry(ctx context.Context, in *enquiring) (n registry.NewEnquiry, err error) {
	b := &in.Body
	if err = reachable(b.Name, b.Organisation, b.Phone, b.Email); err != nil {
		return n, err
	}
	if !b.Consent {
		return n, geo.NewInvalid("consent", "enquiry.consent", false)
	}
	if err = lotForms(b.Places); err != nil {
		return n, err
	}
	n = registry.NewEnquiry{Receipt: newReceipt(), Lang: string(speaks(ctx)), Name: b.Name, Organisation: b.Organisation,
		Phone: b.Phone, Email: b.Email, Words: b.Words, Places: b.Places,
		Term: time.Duration(d.enquiryDays) * 24 * time.Hour}
	if n.Park, err = d.store.ParkID(ctx, in.Park); err != nil || b.Need == nil {
		return n, err
	}
	if _, err = d.asked(ctx, Question{Park: in.Park, Requirement: b.Need.Requirement, Place: b.Need.Place, Floor: b.Need.Floor}); err != nil {
		var invalid *geo.Invalid
		if errors.As(err, &invalid) {
			return n, invalid.Under("need." + invalid.Field)
		}
		return n, err
	}
	n.Need, err = json.Marshal(b.Need)
	return n, err
}

// enquiryNeed is a requirement of ground, and of floor space where that is asked for.
type enquiryNeed struct {
	siting.Requirement
	Place string              `json:"place,omitempty" enum:"ground,floor_space,either" doc:"ground without it."`
	Floor *registry.FloorWish `json:"floor,omitempty" doc:"What is asked of floor space."`
}

// lotForms refuses the first outline that can't be read, or of what is no lot.
func lotForms(places []registry.EnquiryPlace) error {
	for i, place := range places {
		if place.Lot == "" {
			continue
		}
		field := fmt.Sprintf("places[%d].lot", i)
		if place.Kind != "lot" || len(place.Parcels) != 1 {
			return geo.NewInvalid(field, "enquiry.lot", place.Kind)
		}
		if _, err := sheet.ParseLot(place.Lot); err != nil {
			return under(field, err)
		}
	}
	return nil
}

// knownLots refuses the first outline that is none of a lot in a public parcel; a parcel that isn't public is refused
// later, by its own field.
func (d *domain) knownLots(ctx context.Context, park string, places []registry.EnquiryPlace) error {
	return d.feed.View(ctx, func(v *feed.View) error {
		for i, place := range places {
			if place.Lot == "" {
				continue
			}
			err := sheet.CheckLot(ctx, v, park, place.Parcels[0], place.Lot)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return under(fmt.Sprintf("places[%d].lot", i), err)
			}
		}
		return nil
	})
}

// under tells what is wrong with a value as of the field that it stands in.
func under(field string, err error) error {
	var invalid *geo.Invalid
	if errors.As(err, &invalid) {
		return invalid.Under(field)
	}
	return err
}

var (
	phoneForm = regexp.MustCompile(`^\+?[0-9 ()./#*-]{4,40}$`)
	emailForm = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s.]+$`)
)

// reachable refuses an enquiry that nobody can answer.
func reachable(name, organisation, phone, email string) error {
	switch {
	case strings.TrimSpace(name) == "":
		return geo.NewInvalid("name", "enquiry.name", "-")
	case strings.TrimSpace(organisation) == "":
		return geo.NewInvalid("organisation", "enquiry.organisation", "-")
	case phone == "" && email == "":
		return geo.NewInvalid("phone", "enquiry.reach", "-")
	case phone != "" && (!phoneForm.MatchString(phone) || digits(phone) < 5):
		return geo.NewInvalid("phone", "enquiry.phone", phone)
	case email != "" && !emailForm.MatchString(email):
		return geo.NewInvalid("email", "enquiry.email", email)
	}
	return nil
}

func digits(text string) (n int) {
	for _, c := range text {
		if c >= '0' && c <= '9' {
			n++
		}
	}
	return n
}

// receiptDigits are those of Crockford's base 32, which nobody mistakes for one another on the phone.
const receiptDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// newReceipt draws a number of 40 bits: one that counts would tell how many others ask.
func newReceipt() string {
	var random [8]byte
	_, _ = rand.Read(random[:]) // never fails: it ends the program instead
	for i := range random {
		random[i] = receiptDigits[random[i]%32]
	}
	return string(random[:4]) + "-" + string(random[4:])
}

// refusedProof says what to do about work that was not done.
func refusedProof(err error) error {
	if errors.Is(err, proof.ErrWrong) {
		return geo.NewInvalid("proof.numbers", "enquiry.numbers", "-", "rounds", proof.Rounds, "bits", proof.Bits)
	}
	return geo.NewInvalid("proof.challenge", "enquiry.challenge", "-")
}

// follow reads an enquiry by the secret of its link.
func follow(ctx context.Context, in *followingEnquiry,
	read func(context.Context, []byte) (registry.FollowedEnquiry, error)) (found registry.FollowedEnquiry, err error) {
	hash, ok := people.LinkHash(in.Body.Link)
	err = registry.ErrEnquiryLink
	if ok {
		found, err = read(ctx, hash)
	}
	if errors.Is(err, registry.ErrEnquiryLink) {
		err = &problem.Request{Kind: problem.NotFound, Field: "link", Say: "enquiry.say.link",
			Expected: "enquiry.expected.link", Got: personal}
	}
	return found, err
}

// talks says in the records' language what proves that a project is in talks.
func talks(receipt string) string {
	return message.Text(message.ZH, "enquiry.talks", "receipt", receipt)
}
