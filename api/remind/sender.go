// Package remind tells people of what waits for them: by mail, and by a calendar that other programs read.
package remind

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/api/scope"
	"luodi/data/people"
	"luodi/data/registry"
	"luodi/data/reminder"
	"luodi/data/store"
)

// Options say how mails are sent.
type Options struct {
	Server
	URL    string // of this installation, for links in mails; "": there are none
	Logger *slog.Logger

	Patience time.Duration   // with the mail server, at each step; 0 means a minute
	Looks    time.Duration   // how often it is looked for what is due; 0 means 5 s
	Pauses   []time.Duration // before another try of what was refused for now; DefaultPauses where empty
}

// DefaultPauses give a mail eight tries in about a day.
var DefaultPauses = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour,
	6 * time.Hour,
	12 * time.Hour}

const batch = 16 // mails that are claimed at once

// Sender sends the reminders of a database. Any number of processes may have one.
type Sender struct {
	Options
	reminders reminder.Reminders
	people    people.People
	registry  registry.Registry
	id        uuid.UUID // of this sender, in the rows it has claimed
	link      *link
	failing   int // connections that failed one after another
}

// NewSender makes a sender. It does nothing until it runs.
func NewSender(s *store.Store, o Options) *Sender {
	if o.Patience == 0 {
		o.Patience = time.Minute
	}
	if o.Looks == 0 {
		o.Looks = 5 * time.Second
	}
	if len(o.Pauses) == 0 {
		o.Pauses = DefaultPauses
	}
	return &Sender{Options: o, reminders: reminder.Of(s), people: people.Of(s), registry: registry.Of(s),
		id: uuid.New()}
}

// lease is for how long a mail is this sender's: longer than it takes to hand one over or to learn that it can't be.
func (s *Sender) lease() time.Duration { return 6 * s.Patience }

// Run queues what is due and sends what is queued, until ctx ends.
func (s *Sender) Run(ctx context.Context) {
	defer s.hangUp()
	for {
		s.lookAll(ctx)
		rest := s.Looks
		if err := s.sendAll(ctx); err != nil && ctx.Err() == nil {
			s.failing = min(s.failing+1, 6)
			rest = s.Looks << s.failing
			s.Logger.Warn("mails can't be sent; trying again", "error", err, "in", rest)
		} else {
			s.failing = 0
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(rest):
		}
	}
}

// lookAll queues the reminders of everybody whose hour has come. What fails for one is left for the next round.
func (s *Sender) lookAll(ctx context.Context) {
	failed := []uuid.UUID{}
	for ctx.Err() == nil {
		who, err := s.reminders.Look(ctx, failed, s.due)
		if err != nil && ctx.Err() == nil {
			s.Logger.Error("someone's reminders were not queued", "error", err)
		}
		if who == nil {
			return
		}
		if err != nil {
			failed = append(failed, who.Account)
		}
	}
}

// due is what a person is reminded of today.
func (s *Sender) due(ctx context.Context, who reminder.Looker) ([]reminder.Fact, error) {
	choices, err := s.reminders.Choices(ctx, who.Account)
	if err != nil {
		return nil, err
	}
	tasks, err := Tasks(ctx, s.people, s.registry, who.Account)
	if err != nil {
		return nil, err
	}
	today, err := time.Parse(time.DateOnly, who.Today)
	if err != nil {
		return nil, err
	}
	var facts []reminder.Fact
	for _, t := range tasks {
		choice := choices.Of(t.Kind)
		if choice.Mail && fact(t).Due <= today.AddDate(0, 0, choice.LeadDays).Format(time.DateOnly) {
			facts = append(facts, fact(t))
		}
	}
	return facts, nil
}

// fact names a task among what was told; what has no day is told by the day it was noted.
func fact(t registry.Task) reminder.Fact {
	f := reminder.Fact{Kind: t.Kind, Subject: t.Subject, Due: t.Since.Format(time.DateOnly)}
	if t.Due != nil {
		f.Due = *t.Due
	}
	return f
}

// Tasks are what waits for an account, by what it may see at this moment; of a disabled one nothing.
func Tasks(ctx context.Context, all people.People, in registry.Registry, account uuid.UUID) ([]registry.Task, error) {
	a, err := all.Account(ctx, account)
	if err != nil {
		return nil, err
	}
	if a.Disabled {
		return nil, nil
	}
	districts, err := in.Districts(ctx)
	if err != nil {
		return nil, err
	}
	return in.Tasks(ctx, scope.Waiting(auth.PrincipalOf(a), districts))
}

// sendAll sends what is queued until there is nothing more. An error says that the server can't be reached, or the
// database.
func (s *Sender) sendAll(ctx context.Context) error {
	for ctx.Err() == nil {
		claimed, err := s.reminders.Claim(ctx, s.id, s.lease(), batch)
		if err != nil || len(claimed) == 0 {
			return err
		}
		told := map[uuid.UUID][]registry.Task{} // by whom they wait for
		for i, m := range claimed {
			if err := s.send(ctx, m, told); err != nil {
				return errors.Join(err, s.giveBack(ctx, claimed[i+1:]))
			}
		}
	}
	return ctx.Err()
}

// giveBack lets others send at once what was claimed. Where that fails the claims end by themselves.
func (s *Sender) giveBack(ctx context.Context, claimed []reminder.Mail) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	var failed error
	for _, m := range claimed {
		if err := s.reminders.Unclaim(ctx, m, s.id); err != nil && !errors.Is(err, store.ErrRetry) {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// send sends one mail and notes what became of it.
func (s *Sender) send(ctx context.Context, m reminder.Mail, told map[uuid.UUID][]registry.Task) error {
	text, err := s.compose(ctx, m, told)
	switch {
	case errors.Is(err, errNothing):
		return ours(s.reminders.Void(ctx, m, s.id))
	case err != nil:
		return errors.Join(err, s.giveBack(ctx, []reminder.Mail{m}))
	}
	if err := s.connect(ctx); err != nil {
		return errors.Join(err, s.giveBack(ctx, []reminder.Mail{m}))
	}
	out := s.link.send(s.From, *m.Email, text, func() error { return s.reminders.Hand(ctx, m, s.id, s.lease()) })
	note, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.Patience) // what happened is noted in any case
	defer cancel()
	switch {
	case out.err == nil:
		return ours(s.reminders.Sent(note, m, s.id, out.reply))
	case out.handed && out.reply == 0:
		s.drop()
		return errors.Join(out.err, ours(s.reminders.Doubt(note, m, s.id, cut(out.err))))
	case out.reply >= 500 || out.reply >= 400 && m.Tries >= len(s.Pauses):
		err = ours(s.reminders.Refuse(note, m, s.id, out.reply, cut(out.err)))
	case out.reply >= 400:
		err = ours(s.reminders.Again(note, m, s.id, out.reply, cut(out.err), s.Pauses[m.Tries]))
	default: // it ends before the end of the mail: nothing was taken
		s.drop()
		return errors.Join(ours(out.err), s.giveBack(note, []reminder.Mail{m}))
	}
	if out.reply == 421 || s.link.Reset() != nil {
		s.hangUp()
	}
	return err
}

// ours leaves to another sender what it has taken over.
func ours(err error) error {
	if errors.Is(err, store.ErrRetry) {
		return nil
	}
	return err
}

// connect makes sure that the server answers.
func (s *Sender) connect(ctx context.Context) (err error) {
	if s.link != nil && s.link.Noop() == nil {
		return nil
	}
	s.hangUp()
	s.link, err = s.dial(ctx, s.Patience)
	return err
}

// hangUp takes leave of the server; not in the midst of a mail, which QUIT would end.
func (s *Sender) hangUp() {
	if s.link != nil {
		_ = s.link.Quit()
		s.drop()
	}
}

// drop cuts the connection as it is.
func (s *Sender) drop() {
	_ = s.link.Close()
	s.link = nil
}

// cut is an error in at most 500 bytes.
func cut(err error) string {
	text := err.Error()
	if len(text) > 500 {
		text = text[:500]
	}
	return string(slices.DeleteFunc([]rune(text), func(c rune) bool { return c < ' ' || c == '\ufffd' }))
}
