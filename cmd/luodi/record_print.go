package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"luodi/data/ledger"
	"luodi/geo"
	"luodi/message"
)

// known is the text of a key, or what the server said.
func (e *env) known(key, said string) string {
	if message.Known(key) {
		return e.text(key)
	}
	return said
}

type kindsCmd struct{}

// Run prints the rows of the kinds.
func (kindsCmd) Run(e *env) error {
	mark := func(yes bool) string {
		if yes {
			return "●"
		}
		return "–"
	}
	all := ledger.Kinds()
	return e.table("cli.record.kinds", len(all), func(w io.Writer, i int) {
		k := all[i]
		takes := strings.Join(k.Takes, " ")
		if k.Unordered {
			takes = e.text("cli.record.unordered")
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", k.Name, e.kindText(k.Name), mark(k.Two),
			mark(k.Document != nil), mark(k.Frees), mark(!k.Final), mark(k.Reshapes), takes)
	})
}

func (e *env) kindText(kind string) string     { return e.known("web.order."+kind, kind) }
func (e *env) statusText(status string) string { return e.known("change.status."+status, status) }

func (e *env) printWaiting(body []byte) error {
	var p ledger.Proposal
	if err := json.Unmarshal(body, &p); err != nil {
		return err
	}
	e.sayWaiting(p)
	return nil
}

func (e *env) sayWaiting(p ledger.Proposal) {
	things := p.Parcels
	if p.Object != nil {
		things = append(things, p.Object.Code)
	}
	e.say("cli.record.waits", "id", p.ID, "kind", e.kindText(p.Kind), "parcels", strings.Join(things, " "))
}

// printOutcome shows what a command did, or in a preview would do.
func (e *env) printOutcome(body []byte) error {
	var o ledger.Outcome
	if err := json.Unmarshal(body, &o); err != nil {
		return err
	}
	if err := e.sayOutcome(o); err != nil || o.Then == nil {
		return err
	}
	if p := o.Then.Proposal; p != nil && !o.Preview {
		e.sayWaiting(*p)
	}
	if o.Then.Outcome == nil {
		return nil
	}
	return e.sayOutcome(*o.Then.Outcome)
}

func (e *env) sayOutcome(o ledger.Outcome) error {
	if o.Preview {
		e.say("cli.record.preview")
	} else {
		e.say("cli.record.done", "seq", o.Seq)
	}
	if a := o.Allotment; a != nil {
		state := e.known("change.right."+a.State, a.State)
		if a.ExpiresAt != nil {
			state += e.text("change.comma") + e.text("change.until", "until", localTime(*a.ExpiresAt))
		}
		e.say("cli.record.right", "id", a.ID, "state", state)
	}
	for _, d := range o.Draws {
		e.say("cli.record.draws", "service", d.Service, "amount", d.Amount, "unit", d.Unit, "node", d.Code, "headroom",
			d.Headroom)
	}
	if w := o.Waiting; w != nil && w.Position != nil {
		e.say("cli.record.place", "id", w.ID, "parcel", w.Parcel.Code, "project", w.Project.Code, "position",
			*w.Position)
	}
	for _, t := range o.Objects {
		key := "cli.record.thing"
		if !t.Live {
			key = "cli.record.thing_retired"
		}
		e.say(key, "collection", t.Collection, "code", t.Code, "version", t.Version)
	}
	all := append(o.Parcels, o.Retired...)
	if len(all) == 0 {
		return nil
	}
	return e.table("cli.record.parcels", len(all), func(w io.Writer, i int) {
		p := all[i]
		row(w, p.Code, e.statusText(p.Status), p.LegalM2.Mu(), p.LegalM2, decimals(p.ComputedM2, 4), p.Version)
	})
}

type listCmd struct {
	ofPark
	Limit  int   `help:"How many at most." default:"20"`
	Before int64 `help:"Those before this number."`
}

// Run lists changes.
func (c listCmd) Run(ctx context.Context, e *env) error {
	before := ""
	if c.Before > 0 {
		before = strconv.FormatInt(c.Before, 10)
	}
	type records struct {
		Records []ledger.Record `json:"records"`
	}
	all, got, err := read[records](ctx, e, c.remote,
		c.path("/records", "limit", strconv.Itoa(c.Limit), "before", before))
	if err != nil {
		return err
	}
	return c.show(e, got, func() error {
		return e.table("cli.record.head", len(all.Records), func(w io.Writer, i int) {
			r := all.Records[i]
			row(w, r.Seq, localTime(r.At), e.kindText(r.Kind), touched(r), e.people(r), r.Reason)
		})
	})
}

// touched lists the parcels and other things of a record, the first few of many.
func touched(r ledger.Record) string {
	const few = 6
	codes := make([]string, 0, few)
	for _, p := range r.Parcels[:min(few, len(r.Parcels))] {
		codes = append(codes, p.Code)
	}
	if more := r.ParcelCount - len(codes); more > 0 {
		codes = append(codes, fmt.Sprintf("+%d", more))
	}
	for _, o := range r.Objects[:min(few, len(r.Objects))] {
		codes = append(codes, o.Code)
	}
	return strings.Join(codes, " ")
}

// people names who made a record, and who approved it.
func (e *env) people(r ledger.Record) string {
	if r.ProposedBy == nil {
		return r.Via
	}
	if r.ApprovedBy == nil {
		return r.ProposedBy.Name
	}
	return r.ProposedBy.Name + " / " + r.ApprovedBy.Name
}

type showCmd struct {
	ofPark
	Seq int64 `arg:"" help:"The change's number."`
}

// Run shows a change.
func (c showCmd) Run(ctx context.Context, e *env) error {
	r, got, err := read[ledger.RecordDetail](ctx, e, c.remote, c.path("/records/"+strconv.FormatInt(c.Seq, 10)))
	if err != nil {
		return err
	}
	return c.show(e, got, func() error { return e.printRecord(r) })
}

func (e *env) printRecord(r ledger.RecordDetail) error {
	e.say("cli.record.one", "seq", r.Seq, "kind", e.kindText(r.Kind), "at", localTime(r.At), "people",
		e.people(r.Record))
	e.say("cli.record.reason", "reason", r.Reason)
	for _, d := range r.Documents {
		e.say("cli.record.paper", "paper", strings.Join(strings.Fields(strings.Join([]string{d.Title, d.Number, d.Date,
			d.URL}, " ")), " "))
	}
	if r.Reverts != nil {
		e.say("cli.record.reverts", "seq", *r.Reverts)
	}
	if r.RevertedBy != nil {
		e.say("cli.record.reverted_by", "seq", *r.RevertedBy)
	}
	if err := e.printVersions("cli.record.closed", r.Closed); err != nil {
		return err
	}
	if err := e.printVersions("cli.record.opened", r.Opened); err != nil {
		return err
	}
	e.printRights("cli.record.right_closed", r.RightsClosed)
	e.printRights("cli.record.right_opened", r.RightsOpened)
	return nil
}

func (e *env) printRights(key string, all []ledger.RightVersion) {
	for _, right := range all {
		e.say(key, "id", right.ID, "state", e.known("change.right."+right.State, right.State))
	}
}

// printVersions shows what parcels were, or became.
func (e *env) printVersions(head string, all []ledger.ParcelVersion) error {
	if len(all) == 0 {
		return nil
	}
	legal := make([]geo.Area, len(all))
	for i := range all {
		var err error
		if legal[i], err = geo.AreaFromM2(all[i].LegalM2); err != nil {
			return err
		}
	}
	e.say(head)
	return e.table("cli.record.versions", len(all), func(w io.Writer, i int) {
		v := all[i]
		use := "—"
		if v.LandUse != nil {
			use = *v.LandUse
		}
		row(w, v.Code, e.statusText(v.BankStatus), e.known("cli.publication."+v.Publication, v.Publication), use,
			legal[i].Mu(), legal[i])
	})
}
