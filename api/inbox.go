package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/data/registry"
	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/land"
)

// inboxPage is how many enquiries an answer lists at most.
const inboxPage = 100

// listingEnquiries asks for a park's enquiries.
type listingEnquiries struct {
	InPark
	State  string `query:"state" enum:"new,answered,project,closed" doc:"Those of one state; all without it."`
	Before string `query:"before" format:"uuid" doc:"Those before one: where the page before ended."`
}

type inbox struct {
	Enquiries []registry.Enquiry `json:"enquiries" doc:"The newest first."`
	Next      *uuid.UUID         `json:"next" format:"uuid" nullable:"true" doc:"What before takes for the next page; null: these are all."`
	Handlers  []store.Person     `json:"handlers" doc:"Who may handle them: whom one can be assigned to."`
	Days      int                `json:"keep_days" doc:"For how many days a new one is kept."`
}

// OfEnquiry names an enquiry of a park.
type OfEnquiry struct {
	InPark
	ID string `path:"id" format:"uuid" doc:"Its id."`
}

// RevisedEnquiry is an edit of one.
type RevisedEnquiry struct {
	OfEnquiry
	IfMatch string `header:"If-Match" doc:"The revision that was seen, in quotes."`
}

type changingEnquiry struct {
	RevisedEnquiry
	Body struct {
		Assigned *string `json:"assigned,omitempty" text:"-" maxLength:"36" doc:"The id of an account that may handle it; \"\" for nobody."`
		Closed   *bool   `json:"closed,omitempty" doc:"Nothing more is to be done."`
	}
}

type answeringEnquiry struct {
	RevisedEnquiry
	Body struct {
		Words string `json:"words" minLength:"1" maxLength:"2000" text:"prose" doc:"The investor reads it by the private link."`
	}
}

type projectOfEnquiry struct {
	RevisedEnquiry
	Body struct {
		Code   string `json:"code,omitempty" maxLength:"100" text:"code" doc:"The project's code; the receipt without it."`
		NameZH string `json:"name_zh,omitempty" maxLength:"200" doc:"The organisation without it."`
		NameEN string `json:"name_en,omitempty" maxLength:"200" doc:"The organisation without it."`
	}
}

// addInbox adds what a park does with enquiries. They hold personal data: they are for those who handle them, as
// contacts are, and for nobody who only looks.
func (d *domain) addInbox() {
	const all, one = "/api/parks/{park}/enquiries", "/api/parks/{park}/enquiries/{id}"
	desk(d, deskRoute{http.MethodGet, all, "enquiries", http.StatusOK}, d.listEnquiries)
	desk(d, deskRoute{http.MethodGet, one, "enquiries.one", http.StatusOK}, d.readEnquiry)
	desk(d, deskRoute{http.MethodPatch, one, "enquiries.change", http.StatusOK}, d.changeEnquiry)
	desk(d, deskRoute{http.MethodPost, one + "/answers", "enquiries.answer", http.StatusCreated}, d.answerEnquiry)
	desk(d, deskRoute{http.MethodPost, one + "/project", "enquiries.project", http.StatusCreated}, d.projectOfEnquiry)
}

func (d *domain) listEnquiries(ctx context.Context, in *listingEnquiries) (int, inbox, error) {
	who, park, err := d.inPark(ctx, in.Park)
	if err != nil {
		return 0, inbox{}, err
	}
	var before *uuid.UUID
	if in.Before != "" {
		id, err := parseID("enquiry", in.Before)
		if err != nil {
			return 0, inbox{}, err
		}
		before = &id
	}
	out := inbox{Days: d.enquiryDays}
	if out.Enquiries, err = d.registry.Inbox(ctx, park, sightOf(who), in.State, before, inboxPage+1); err != nil {
		return 0, inbox{}, err
	}
	if len(out.Enquiries) > inboxPage {
		out.Enquiries = out.Enquiries[:inboxPage]
		out.Next = &out.Enquiries[inboxPage-1].ID
	}
	out.Handlers, err = d.registry.Handlers(ctx, park, auth.RolesFor(auth.Change))
	return 0, out, err
}

func (d *domain) readEnquiry(ctx context.Context, in *OfEnquiry) (int, registry.Enquiry, error) {
	who, park, err := d.inPark(ctx, in.Park)
	if err != nil {
		return 0, registry.Enquiry{}, err
	}
	id, err := parseID("enquiry", in.ID)
	if err != nil {
		return 0, registry.Enquiry{}, err
	}
	found, err := d.registry.Enquiry(ctx, park, sightOf(who), id)
	return 0, found, err
}

// handling finds what a change of an enquiry needs: who, in which park, which, and the revision that was seen.
func (d *domain) handling(ctx context.Context, in *RevisedEnquiry) (who *auth.Principal, park, id uuid.UUID, seen int,
	err error) {
	if who, park, err = d.inPark(ctx, in.Park); err != nil {
		return
	}
	if id, err = parseID("enquiry", in.ID); err != nil {
		return
	}
	version, err := d.seen(in.IfMatch, in.ID, who, park)
	return who, park, id, version, err
}

func (d *domain) changeEnquiry(ctx context.Context, in *changingEnquiry) (int, registry.Enquiry, error) {
	who, park, id, seen, err := d.handling(ctx, &in.RevisedEnquiry)
	if err != nil {
		return 0, registry.Enquiry{}, err
	}
	change := registry.EnquiryChange{Closed: in.Body.Closed}
	if in.Body.Assigned != nil {
		to, err := d.handler(ctx, park, *in.Body.Assigned)
		if err != nil {
			return 0, registry.Enquiry{}, err
		}
		change.Assigned = &to
	}
	after, err := d.registry.ChangeEnquiry(ctx, park, sightOf(who), id, seen, change)
	return 0, after, err
}

// handler finds an account that may handle a park's enquiries; "" is nobody, uuid.Nil.
func (d *domain) handler(ctx context.Context, park uuid.UUID, text string) (uuid.UUID, error) {
	if text == "" {
		return uuid.Nil, nil
	}
	all, err := d.registry.Handlers(ctx, park, auth.RolesFor(auth.Change))
	if err != nil {
		return uuid.Nil, err
	}
	for _, one := range all {
		if one.ID.String() == text {
			return one.ID, nil
		}
	}
	return uuid.Nil, geo.NewInvalid("assigned", "enquiry.handler", text)
}

func (d *domain) answerEnquiry(ctx context.Context, in *answeringEnquiry) (int, registry.Enquiry, error) {
	who, park, id, seen, err := d.handling(ctx, &in.RevisedEnquiry)
	if err != nil {
		return 0, registry.Enquiry{}, err
	}
	after, err := d.registry.AnswerEnquiry(ctx, park, sightOf(who), id, seen, who.Account, in.Body.Words)
	return 0, after, err
}

func (d *domain) projectOfEnquiry(ctx context.Context, in *projectOfEnquiry) (int, registry.Enquiry, error) {
	who, park, id, seen, err := d.handling(ctx, &in.RevisedEnquiry)
	if err != nil {
		return 0, registry.Enquiry{}, err
	}
	asked, err := d.registry.Enquiry(ctx, park, sightOf(who), id)
	if err != nil {
		return 0, registry.Enquiry{}, err
	}
	district, err := d.districtOf(ctx, "", park)
	if err != nil {
		return 0, registry.Enquiry{}, err
	}
	clocks, err := d.ledger.Clocks(ctx, in.Park)
	if err != nil {
		return 0, registry.Enquiry{}, err
	}
	or := func(text, otherwise string) *string {
		if text == "" {
			text = otherwise
		}
		return &text
	}
	organisation := asked.Receipt
	if asked.Asked.Organisation != nil {
		organisation = *asked.Asked.Organisation
	}
	n := registry.NewProject{Entry: registry.Entry{District: district, Park: &park}, Code: *or(in.Body.Code, asked.Receipt),
		Facts: registry.ProjectFacts{NameZH: or(in.Body.NameZH, organisation), NameEN: or(in.Body.NameEN, organisation)}}
	after, err := d.registry.MakeProject(ctx, park, sightOf(who), id, seen, n, who.Account,
		registry.MilestoneNote{Milestone: registry.Milestone{Stage: land.StageInTalks,
			ReachedOn: time.Now().In(clocks).Format(time.DateOnly), Evidence: talks(asked.Receipt)}})
	return 0, after, err
}
