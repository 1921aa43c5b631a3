package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"luodi/api/auth"
	"luodi/api/problem"
	"luodi/api/remind"
	"luodi/api/request"
	"luodi/api/scope"
	"luodi/data/people"
	"luodi/data/registry"
	"luodi/data/reminder"
	"luodi/data/store"
	"luodi/geo"
)

type taskList struct {
	Tasks []registry.Task `json:"tasks" doc:"The nearest day first; what has none last. At most 500 of each kind."`
}

// myReminders is how one is reminded, and whether mails are sent at all.
type myReminders struct {
	reminder.Choices
	Mails bool `json:"mails" doc:"This installation sends mails."`
}

type changingReminders struct {
	Speaking
	Body reminder.Choosing
}

type settingAddress struct {
	Speaking
	Body struct {
		Email string `json:"email" minLength:"3" maxLength:"254" text:"-" example:"wang.li@example.cn"`
	}
}

type confirmingAddress struct {
	Speaking
	Body struct {
		Code string `json:"code" minLength:"1" maxLength:"20" text:"-" doc:"The 8 digits of the mail."`
	}
}

// madeCalendar is a calendar's address, shown once.
type madeCalendar struct {
	Path      string      `json:"path" doc:"Append it to the server's address; who knows it reads the calendar."`
	Reminders myReminders `json:"reminders"`
}

type mailList struct {
	Mails []reminder.Sent `json:"mails" doc:"Of those that wait the oldest first, else the newest."`
	All   int             `json:"all" doc:"How many there are on all pages."`
	Next  *int            `json:"next" nullable:"true" doc:"What from takes for the next page; null: these are the last."`
}

// pickingMails asks for mails; without anything for those that an admin is to decide about.
type pickingMails struct {
	Speaking
	State   string `query:"state" enum:"waiting,all,queued,claimed,handed,sent,unknown,refused,void" default:"waiting" doc:"waiting: unknown and refused, about which an admin decides."`
	Account string `query:"account" doc:"The id of an account: only its mails."`
	From    int    `query:"from" minimum:"0" maximum:"1000000" doc:"How many to leave out: next of the page before."`
	Limit   int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

type decidingMail struct {
	Speaking
	ID   string `path:"id" format:"uuid" doc:"The mail's id."`
	Body struct {
		Decision string `json:"decision" enum:"again,sent,void" doc:"again: send it, under the same Message-ID; sent: it was taken; void: give up what was refused."`
		Reason   string `json:"reason" minLength:"1" maxLength:"1000" text:"prose"`
	}
}

// addMy adds what is one's own: what waits for one, reminders, the calendar; and the mails that admins decide about.
func (d *domain) addMy(r chi.Router) {
	const mine, address, calendar = "/api/my/reminders", "/api/my/reminders/address", "/api/my/calendar"
	desk(d, deskRoute{http.MethodGet, "/api/my/tasks", "my.tasks", http.StatusOK}, d.myTasks)
	desk(d, deskRoute{http.MethodGet, mine, "my.reminders", http.StatusOK}, d.myReminders)
	desk(d, deskRoute{http.MethodPatch, mine, "my.reminders.change", http.StatusOK}, d.changeReminders)
	desk(d, deskRoute{http.MethodPut, address, "my.address", http.StatusOK}, d.setAddress)
	desk(d, deskRoute{http.MethodDelete, address, "my.address.forget", http.StatusOK}, d.forgetAddress)
	desk(d, deskRoute{http.MethodPost, address + "/confirm", "my.address.confirm", http.StatusOK}, d.confirmAddress)
	desk(d, deskRoute{http.MethodPost, calendar, "my.calendar", http.StatusCreated}, d.makeCalendar)
	desk(d, deskRoute{http.MethodDelete, calendar, "my.calendar.revoke", http.StatusOK}, d.revokeCalendar)
	desk(d, deskRoute{http.MethodGet, "/api/mails", "mails", http.StatusOK}, d.listMails)
	desk(d, deskRoute{http.MethodPost, "/api/mails/{id}/decision", "mails.decide", http.StatusOK}, d.decideMail)
	d.addCalendar(r, calendar+"/{file}")
}

func (d *domain) myTasks(ctx context.Context, _ *Speaking) (int, taskList, error) {
	who, err := auth.Need(ctx)
	if err != nil {
		return 0, taskList{}, err
	}
	districts, err := d.registry.Districts(ctx)
	if err != nil {
		return 0, taskList{}, err
	}
	all, err := d.registry.Tasks(ctx, scope.Waiting(who, districts))
	return 0, taskList{all}, err
}

func (d *domain) myReminders(ctx context.Context, _ *Speaking) (int, myReminders, error) {
	return d.reminded(ctx, func(who *auth.Principal) (reminder.Choices, error) {
		return d.reminders.Choices(ctx,
			who.Account)
	})
}

func (d *domain) changeReminders(ctx context.Context, in *changingReminders) (int, myReminders, error) {
	return d.reminded(ctx, func(who *auth.Principal) (reminder.Choices, error) {
		return d.reminders.Choose(ctx, who.Account, in.Body)
	})
}

func (d *domain) setAddress(ctx context.Context, in *settingAddress) (int, myReminders, error) {
	return d.reminded(ctx, func(who *auth.Principal) (reminder.Choices, error) {
		if !d.mails {
			return reminder.Choices{}, geo.NewInvalid("email", "reminder.no_mails", in.Body.Email)
		}
		return d.reminders.SetAddress(ctx, who.Account, in.Body.Email)
	})
}

func (d *domain) forgetAddress(ctx context.Context, _ *Speaking) (int, myReminders, error) {
	return d.reminded(ctx, func(who *auth.Principal) (reminder.Choices, error) {
		if err := d.reminders.ForgetAddress(ctx, who.Account); err != nil {
			return reminder.Choices{}, err
		}
		return d.reminders.Choices(ctx, who.Account)
	})
}

func (d *domain) confirmAddress(ctx context.Context, in *confirmingAddress) (int, myReminders, error) {
	return d.reminded(ctx, func(who *auth.Principal) (reminder.Choices, error) {
		return d.reminders.Confirm(ctx, who.Account, strings.TrimSpace(in.Body.Code))
	})
}

func (d *domain) makeCalendar(ctx context.Context, _ *Speaking) (int, madeCalendar, error) {
	secret, hash := people.NewLink()
	_, made, err := d.reminded(ctx, func(who *auth.Principal) (reminder.Choices, error) {
		return d.reminders.NewCalendar(ctx, who.Account, hash)
	})
	return 0, madeCalendar{"api/my/calendar/" + secret + ".ics", made}, err
}

func (d *domain) revokeCalendar(ctx context.Context, _ *Speaking) (int, myReminders, error) {
	return d.reminded(ctx, func(who *auth.Principal) (reminder.Choices, error) {
		if err := d.reminders.RevokeCalendar(ctx, who.Account); err != nil {
			return reminder.Choices{}, err
		}
		return d.reminders.Choices(ctx, who.Account)
	})
}

// reminded answers with how one is reminded after what is done.
func (d *domain) reminded(ctx context.Context, do func(*auth.Principal) (reminder.Choices, error)) (int, myReminders,
	error) {
	who, err := auth.Need(ctx)
	if err != nil {
		return 0, myReminders{}, err
	}
	choices, err := do(who)
	return 0, myReminders{choices, d.mails}, err
}

func (d *domain) listMails(ctx context.Context, in *pickingMails) (int, mailList, error) {
	if _, err := auth.Need(ctx); err != nil {
		return 0, mailList{}, err
	}
	picked := reminder.Picked{State: in.State, From: in.From, Limit: in.Limit}
	if in.Account != "" {
		id, err := parseID("account", in.Account)
		if err != nil {
			return 0, mailList{}, err
		}
		picked.Account = &id
	}
	return d.pickMails(ctx, picked)
}

func (d *domain) pickMails(ctx context.Context, p reminder.Picked) (int, mailList, error) {
	mails, all, err := d.reminders.Mails(ctx, p)
	list := mailList{Mails: mails, All: all}
	if next := p.From + len(mails); len(mails) > 0 && next < all {
		list.Next = &next
	}
	return 0, list, err
}

func (d *domain) decideMail(ctx context.Context, in *decidingMail) (int, mailList, error) {
	who, err := auth.Need(ctx)
	if err != nil {
		return 0, mailList{}, err
	}
	id, err := parseID("mail", in.ID)
	if err != nil {
		return 0, mailList{}, err
	}
	if err := d.reminders.Decide(ctx, id, who.Account, in.Body.Decision, in.Body.Reason); err != nil {
		return 0, mailList{}, err
	}
	return d.pickMails(ctx, reminder.Picked{State: "waiting", Limit: 500})
}

// addCalendar adds the calendar, which programs read by its secret address alone. It stands beside huma, to which it is
// only described.
func (d *domain) addCalendar(r chi.Router, path string) {
	r.Get(path, func(w http.ResponseWriter, r *http.Request) {
		if err := d.calendar(w, r); err != nil {
			problem.Write(w, r, err)
		}
	})
	d.api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "my.calendar.read", Method: http.MethodGet, Path: path, Summary: docsText("my.calendar.read"), Tags: []string{"desk"},
		Parameters: []*huma.Param{{Name: "file", In: "path", Required: true, Description: "The secret, and .ics.",
			Schema: &huma.Schema{Type: huma.TypeString}}},
		Responses: map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{
			"text/calendar": {Schema: &huma.Schema{Type: huma.TypeString}}}}},
	})
}

// calendar writes someone's tasks by what that account may see now.
func (d *domain) calendar(w http.ResponseWriter, r *http.Request) error {
	if _, err := request.ParseQuery(r); err != nil {
		return err
	}
	missing := &store.Missing{Kind: "calendar", Name: "…"}
	secret, named := strings.CutSuffix(chi.URLParam(r, "file"), ".ics")
	hash, formed := people.LinkHash(secret)
	if !named || !formed {
		return missing
	}
	ctx := r.Context()
	account, err := d.reminders.WhoseCalendar(ctx, hash)
	if errors.Is(err, store.ErrNotFound) {
		return missing
	}
	if err != nil {
		return err
	}
	choices, err := d.reminders.Choices(ctx, account)
	if err != nil {
		return err
	}
	tasks, err := remind.Tasks(ctx, d.people, d.registry, account)
	if err != nil {
		return err
	}
	body := remind.Calendar(choices, tasks)
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	head := w.Header()
	head.Set("ETag", tag)
	head.Set("Cache-Control", "private, no-cache")
	head.Set("Referrer-Policy", "no-referrer")
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	head.Set("Content-Type", "text/calendar; charset=utf-8")
	head.Set("Content-Disposition", `inline; filename="luodi.ics"`)
	_, err = w.Write(body)
	return err
}
