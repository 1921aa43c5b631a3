package registry

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/flow"
	"luodi/geo/workday"
)

// Told is the kind of what was told early to firm or designer. It is no event of geo/flow: it moves no step.
const Told flow.Kind = "told"

// NewFlowEvent is what is noted of a step.
type NewFlowEvent struct {
	Step     string `json:"step" minLength:"1" maxLength:"63" doc:"A step's code."`
	Kind     string `json:"kind" enum:"accepted,stopped,resumed,special_begun,special_ended,withdrawn,done,told"`
	Special  string `json:"special,omitempty" maxLength:"63" doc:"The code of the special procedure that begins."`
	Notice   *int   `json:"notice,omitempty" minimum:"0" maximum:"199" doc:"Of what was told early: which of the step's points, from 0."`
	Day      string `json:"day" format:"date" doc:"When it happened, today at the latest."`
	Document string `json:"document,omitempty" maxLength:"200" doc:"The paper that proves it, by name and number."`
	Note     string `json:"note,omitempty" maxLength:"1000" text:"prose" doc:"No person's data."`
	Corrects *int   `json:"corrects,omitempty" minimum:"1" maximum:"1000000" doc:"The number of what was noted wrong, in whose stead this stands. It is kept."`
	Reason   string `json:"reason,omitempty" maxLength:"1000" text:"prose" doc:"Of a correction: why."`
}

// FlowEvent is what was noted, as it was noted.
type FlowEvent struct {
	N         int           `json:"n" db:"n"`
	Step      string        `json:"step" db:"step"`
	Kind      string        `json:"kind" db:"kind"`
	Special   *string       `json:"special" db:"special" nullable:"true"`
	Notice    *int          `json:"notice" db:"notice" nullable:"true"`
	Day       string        `json:"day" db:"day" format:"date"`
	Document  *string       `json:"document" db:"document" nullable:"true"`
	Note      *string       `json:"note" db:"note" nullable:"true"`
	Corrects  *int          `json:"corrects" db:"corrects" nullable:"true" doc:"What it corrects, or takes back."`
	Reason    *string       `json:"reason" db:"reason" nullable:"true"`
	Retracted bool          `json:"retracted" db:"retracted" doc:"It only takes back what it corrects."`
	Holds     bool          `json:"holds" db:"holds" doc:"It counts: nothing corrected it or took it back."`
	At        time.Time     `json:"at" db:"at" doc:"When it was noted."`
	By        *store.Person `json:"by" db:"by"`
	Place     int           `json:"-" db:"place"`
}

const (
	sqlFlowEvents = `
SELECT e.n, e.step, e.kind, e.special, e.notice, e.day::text AS day, e.document, e.note, e.corrects, e.reason, e.retracted,
       e.place, e.at, NOT e.retracted AND NOT EXISTS (SELECT FROM flow_event c
         WHERE (c.district_id, c.flow_id, c.corrects) = (e.district_id, e.flow_id, e.n)) AS holds,
       (SELECT jsonb_build_object('id', a.account_id, 'name', a.name) FROM account a
         WHERE a.account_id = e.account_id) AS by
  FROM flow_event e WHERE e.district_id = $1 AND e.flow_id = $2 ORDER BY e.n`
	sqlNote = `INSERT INTO flow_event (district_id, flow_id, n, step, kind, special, notice, day, document, note, corrects,
       reason, retracted, place, account_id)
VALUES ($1, $2, 1, $3, $4, nullif($5, ''), $6, $7::date, nullif($8, ''), nullif($9, ''), $10, nullif($11, ''), $12, 1, $13)`
)

// NoteFlowEvent notes what happened to a step of a project's live flow. A [geo.Invalid] names what contradicts what is
// noted already. Two writers don't interleave: the later one reads what the earlier wrote.
func (s Registry) NoteFlowEvent(ctx context.Context, of Business, id, by uuid.UUID, e NewFlowEvent,
	once *store.Once) (FlowStatus, error) {
	return s.note(ctx, of, id, by, once, func([]FlowEvent) (NewFlowEvent, bool, error) {
		if (e.Corrects == nil) != (strings.TrimSpace(e.Reason) == "") {
			return e, false, geo.NewInvalid("reason", "flow.reason", e.Reason)
		}
		return e, false, nil
	})
}

// RetractFlowEvent takes back what was noted, for a reason. It is kept.
func (s Registry) RetractFlowEvent(ctx context.Context, of Business, id, by uuid.UUID, n int, reason string,
	once *store.Once) (FlowStatus, error) {
	return s.note(ctx, of, id, by, once, func(all []FlowEvent) (NewFlowEvent, bool, error) {
		i := slices.IndexFunc(all, func(e FlowEvent) bool { return e.N == n })
		if i < 0 {
			return NewFlowEvent{}, false, &store.Missing{Kind: "flow_event", Name: strconv.Itoa(n)}
		}
		was := all[i]
		back := NewFlowEvent{Step: was.Step, Kind: was.Kind, Notice: was.Notice, Day: was.Day, Corrects: &n,
			Reason: reason}
		if was.Special != nil {
			back.Special = *was.Special
		}
		return back, true, nil
	})
}

// note adds a row to the live flow of a project: what says which, from those that are there.
func (s Registry) note(ctx context.Context, of Business, id, by uuid.UUID, once *store.Once,
	what func(all []FlowEvent) (e NewFlowEvent, retracted bool, err error)) (FlowStatus, error) {
	return s.changeFlow(ctx, of, id, once, "note an event of a flow", func(tx pgx.Tx) error {
		w, err := s.openNoting(ctx, tx, of, id)
		if err != nil {
			return err
		}
		e, retracted, err := what(w.all)
		if err != nil {
			return err
		}
		return s.add(ctx, tx, w, e, retracted, by)
	})
}

// noteWith adds a row to the live flow of a project together with what else is kept of it.
func (s Registry) noteWith(ctx context.Context, of Business, id, by uuid.UUID, once *store.Once,
	what func(tx pgx.Tx, district uuid.UUID, t *flow.Template, today string) (NewFlowEvent,
		error)) (FlowStatus, error) {
	return s.changeFlow(ctx, of, id, once, "note an event of a flow", func(tx pgx.Tx) error {
		w, err := s.openNoting(ctx, tx, of, id)
		if err != nil {
			return err
		}
		t, err := s.flowTemplate(ctx, tx, w.row)
		if err != nil {
			return err
		}
		e, err := what(tx, w.row.District, t, w.today.String())
		if err != nil {
			return err
		}
		return s.add(ctx, tx, w, e, false, by)
	})
}

// noting is a live flow whose lock one has.
type noting struct {
	row   storedFlow
	all   []FlowEvent
	today workday.Day
}

func (s Registry) openNoting(ctx context.Context, tx pgx.Tx, of Business, id uuid.UUID) (w noting, err error) {
	district, flowID, err := lockFlow(ctx, tx, of, id)
	if err != nil {
		return w, err
	}
	if _, w.today, err = dayOf(ctx, tx, of, id, ""); err != nil {
		return w, err
	}
	if w.all, err = flowEvents(ctx, tx, district, flowID); err != nil {
		return w, err
	}
	w.row, err = s.flowRow(ctx, tx, of, id, flowID)
	return w, err
}

// add adds a row that fits those that hold.
func (s Registry) add(ctx context.Context, tx pgx.Tx, w noting, e NewFlowEvent, retracted bool, by uuid.UUID) error {
	if err := s.fits(ctx, tx, w.row, w.all, e, retracted, w.today); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, sqlNote, w.row.District, w.row.ID, e.Step, e.Kind, e.Special, e.Notice, e.Day,
		e.Document, e.Note,
		e.Corrects, e.Reason, retracted, by)
	return err
}

func flowEvents(ctx context.Context, tx pgx.Tx, district, flow uuid.UUID) ([]FlowEvent, error) {
	rows, err := tx.Query(ctx, sqlFlowEvents, district, flow)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[FlowEvent])
}

// flowRow reads the row of a project's flow.
func (s Registry) flowRow(ctx context.Context, tx pgx.Tx, of Business, id, flow uuid.UUID) (storedFlow, error) {
	rows, err := tx.Query(ctx, sqlFlows, of.Districts, id)
	if err != nil {
		return storedFlow{}, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[storedFlow])
	if err != nil {
		return storedFlow{}, err
	}
	i := slices.IndexFunc(all, func(f storedFlow) bool { return f.ID == flow })
	if i < 0 {
		return storedFlow{}, errNoFlow(flow.String())
	}
	return all[i], nil
}

// fits refuses a row that contradicts those that hold.
func (s Registry) fits(ctx context.Context, tx pgx.Tx, f storedFlow, all []FlowEvent, e NewFlowEvent, retracted bool,
	today workday.Day) error {
	day, err := workday.ParseDay("day", e.Day)
	if err != nil {
		return err
	}
	if day > today {
		return geo.NewInvalid("day", "flow.not_after", e.Day, "day", today.String())
	}
	row := FlowEvent{N: len(all) + 1, Place: len(all) + 1, Step: e.Step, Kind: e.Kind, Notice: e.Notice, Day: e.Day,
		Holds: !retracted}
	if e.Special != "" {
		row.Special = &e.Special
	}
	if e.Corrects != nil {
		i := slices.IndexFunc(all, func(o FlowEvent) bool { return o.N == *e.Corrects && o.Holds && o.Step == e.Step })
		if i < 0 {
			return geo.NewInvalid("corrects", "flow.holds", *e.Corrects)
		}
		all = slices.Clone(all)
		all[i].Holds = false
		row.Place = all[i].Place
	}
	t, err := s.flowTemplate(ctx, tx, f)
	if err != nil {
		return err
	}
	if err := fitsNotice(t, all, row); err != nil {
		return err
	}
	_, err = f.parse(t, append(all, row), func(at FlowEvent, err *geo.Invalid) error {
		if at.N == row.N {
			return err
		}
		field := "day"
		if retracted {
			field = "n"
		}
		return geo.NewInvalid(field, "flow.breaks", e.Day, "n", at.N, "kind", at.Kind, "day", at.Day)
	})
	return err
}

// fitsNotice looks that what was told early is a point of the step, told once.
func fitsNotice(t *flow.Template, all []FlowEvent, row FlowEvent) error {
	if (row.Kind == string(Told)) != (row.Notice != nil) {
		return geo.NewInvalid("notice", "flow.notice", geo.None())
	}
	if row.Notice == nil || !row.Holds {
		return nil
	}
	step, known := t.Step(row.Step)
	if !known {
		return geo.NewInvalid("step", "flow.step", row.Step)
	}
	told := slices.ContainsFunc(all, func(o FlowEvent) bool {
		return o.Holds && o.Step == row.Step && o.Notice != nil && *o.Notice == *row.Notice
	})
	if told || *row.Notice >= len(step.Notices) {
		return geo.NewInvalid("notice", "flow.notice", *row.Notice)
	}
	if row.Special != nil {
		return geo.NewInvalid("special", "flow.special", *row.Special)
	}
	return nil
}

// parse builds the flow of geo/flow from the rows that hold. refuse says what a contradiction is to be called, by the
// row at which it shows.
func (f storedFlow) parse(t *flow.Template, all []FlowEvent, refuse func(FlowEvent, *geo.Invalid) error) (*flow.Flow,
	error) {
	start, err := workday.ParseDay("start", f.Start)
	if err != nil {
		return nil, err
	}
	var agreed []flow.Agreed
	if err := json.Unmarshal(f.Agreed, &agreed); err != nil {
		return nil, fmt.Errorf("%w: the agreed dates of flow %s: %w", store.ErrDamaged, f.ID, err)
	}
	held := slices.DeleteFunc(slices.Clone(all), func(e FlowEvent) bool { return !e.Holds || e.Kind == string(Told) })
	slices.SortFunc(held, func(a, b FlowEvent) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day),
			cmp.Compare(a.Place, b.Place))
	})
	events := make([]flow.Event, len(held))
	for i, e := range held {
		events[i] = flow.Event{Step: e.Step, Kind: flow.Kind(e.Kind)}
		if e.Special != nil {
			events[i].Special = *e.Special
		}
		if events[i].Day, err = workday.ParseDay("day", e.Day); err != nil {
			return nil, err
		}
	}
	parsed, err := flow.New(t, start, agreed, events)
	var invalid *geo.Invalid
	if errors.As(err, &invalid) {
		at, field, found := strings.Cut(strings.TrimPrefix(invalid.Field, "events["), "].")
		if i, failed := strconv.Atoi(at); found && failed == nil {
			return nil, refuse(held[i], invalid.Under(field))
		}
	}
	return parsed, err
}

// RetireFlow ends the flow of a project whose revision was seen, 0 being any, for a reason: it is kept, and another may
// begin. It returns what is left as of today.
func (s Registry) RetireFlow(ctx context.Context, of Business, id, by uuid.UUID, seen int, reason string) (FlowStatus,
	error) {
	const sql = `UPDATE project_flow SET retired_at = clock_timestamp(), retired_by = $3, retired_reason = $4
		WHERE (district_id, flow_id) = ($1, $2)`
	return s.changeFlow(ctx, of, id, nil, "retire a flow of approvals", func(tx pgx.Tx) error {
		district, flowID, err := lockFlow(ctx, tx, of, id)
		if err != nil {
			return err
		}
		f, err := s.flowRow(ctx, tx, of, id, flowID)
		if err != nil {
			return err
		}
		if seen != 0 && seen != f.Revision {
			return &store.Stale{ID: f.ID, Code: f.Template, Seen: int64(seen), Current: int64(f.Revision)}
		}
		_, err = tx.Exec(ctx, sql, district, flowID, by, reason)
		return err
	})
}
