package registry

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/flow"
	"luodi/geo/workday"
)

// AskFigures is what is asked of the approvals of all projects.
type AskFigures struct {
	On       string
	From, To *flow.Mark // nil: from the first step of a department to the last, of each template
	Rows     string     // the verdict of a figure, as working.compared, whose flows are listed; "" for none
}

// sameSpan reports whether another asks for days between the same two events.
func (a AskFigures) sameSpan(b AskFigures) bool {
	same := func(x, y *flow.Mark) bool { return x == y || x != nil && y != nil && *x == *y }
	return same(a.From, b.From) && same(a.To, b.To)
}

// Lacking is the verdict on a flow without the events that are asked for.
const Lacking flow.Verdict = "lacking"

// maxFigureRows bounds the flows that are listed.
const maxFigureRows = 500

// Figures are the two figures of time won, over the live flows that one may see.
type Figures struct {
	On           string      `json:"on" format:"date"`
	Flows        int         `json:"flows" doc:"The live flows that had begun by then."`
	Illustrative int         `json:"illustrative" doc:"How many of them are made up to show what could be; they are counted."`
	Retired      int         `json:"retired" doc:"Flows that were retired, and are not counted."`
	Working      Figure      `json:"working" doc:"Departments' working days, of flows of which every step is finished."`
	Elapsed      Figure      `json:"elapsed" doc:"Calendar days between two events, of flows in which both have happened."`
	From         *flow.Mark  `json:"from" doc:"Null: the first step of a department, accepted."`
	To           *flow.Mark  `json:"to" doc:"Null: the last step of a department, done."`
	Rows         []FigureRow `json:"rows" doc:"The flows that were asked for, at most 500."`
	More         int         `json:"more" doc:"How many rows are left out."`
}

// Figure is one figure over many flows: 1 − taken ÷ statutory, days summed before they are divided.
type Figure struct {
	flow.Sum
	Lacking    int      `json:"lacking" doc:"Flows without one of the two events."`
	Special    int      `json:"special" doc:"Days of special procedures: apart from working days taken; among the elapsed ones."`
	Stopped    int      `json:"stopped" doc:"Working days for missing papers, apart."`
	Firm       int      `json:"firm" doc:"The firm's own time, apart."`
	Compressed *float64 `json:"compressed" nullable:"true" doc:"Null: nothing was compared."`
}

// FigureRow is a flow behind a figure.
type FigureRow struct {
	Project   uuid.UUID `json:"project" format:"uuid"`
	Code      string    `json:"code"`
	NameZH    string    `json:"name_zh"`
	NameEN    string    `json:"name_en"`
	Flow      uuid.UUID `json:"flow" format:"uuid"`
	Verdict   string    `json:"verdict" enum:"compared,unfinished,unlimited,provisional,lacking"`
	Statutory int       `json:"statutory"`
	Taken     int       `json:"taken"`
}

// figured is a flow with its two figures.
type figured struct {
	row     *figureFlow
	working flow.Working
	elapsed flow.Elapsed
}

// Figures sums time won over the flows of some business as of a day.
func (s Registry) Figures(ctx context.Context, of Business, ask AskFigures) (Figures, error) {
	var out Figures
	err := pgx.BeginTxFunc(ctx, s.Planner, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly},
		func(tx pgx.Tx) error {
			asOf, err := figuresDay(ctx, tx, of, ask.On)
			if err != nil {
				return err
			}
			all, retired, err := s.figureFlows(ctx, tx, of, asOf)
			if err != nil {
				return err
			}
			out = Figures{On: asOf.String(), Flows: len(all), Retired: retired, From: ask.From, To: ask.To, Rows: []FigureRow{}}
			out.sum(compare(all, asOf, ask), ask.Rows)
			if len(out.Rows) == 0 {
				return nil
			}
			return out.nameRows(ctx, tx, of)
		})
	return out, store.Translate("sum the time won", err)
}

// figuresDay is dayOf, of the districts.
func figuresDay(ctx context.Context, tx pgx.Tx, of Business, on string) (workday.Day, error) {
	const sql = `SELECT (clock_timestamp() AT TIME ZONE coalesce((SELECT k.time_zone FROM park k
		WHERE k.district_id = ANY ($1) LIMIT 1), 'Asia/Shanghai'))::date::text`
	var text string
	if err := tx.QueryRow(ctx, sql, of.Districts).Scan(&text); err != nil {
		return 0, err
	}
	today, err := workday.ParseDay("today", text)
	if err != nil || on == "" {
		return today, err
	}
	asOf, err := workday.ParseDay("on", on)
	if err == nil && asOf > today {
		err = geo.NewInvalid("on", "flow.not_after", on, "day", text)
	}
	return asOf, err
}

// compare works out the figures of flows, on every processor.
func compare(all []figureFlow, asOf workday.Day, ask AskFigures) []figured {
	out := make([]figured, len(all))
	workers := runtime.GOMAXPROCS(0)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			spans := map[*flow.Template]*flow.Span{}
			for i := w; i < len(all); i += workers {
				t := all[i].Flow.Template()
				span, known := spans[t]
				if !known {
					span = spanOf(t, ask)
					spans[t] = span
				}
				out[i].row = &all[i]
				out[i].working, out[i].elapsed = all[i].figures(asOf, span, ask)
			}
		})
	}
	wait.Wait()
	return out
}

// spanOf are the events that are asked for in a template; nil where it lacks one.
func spanOf(t *flow.Template, ask AskFigures) *flow.Span {
	from, to := wholeSpan(t)
	if ask.From != nil && ask.To != nil {
		from, to = *ask.From, *ask.To
	}
	span, err := t.Span(from, to)
	if err != nil {
		return nil
	}
	return &span
}

// sum adds up, and lists the flows of one verdict of a figure.
func (f *Figures) sum(all []figured, rows string) {
	var working flow.WorkingSum
	var elapsed flow.ElapsedSum
	for _, one := range all {
		if one.row.Illustrative {
			f.Illustrative++
		}
		working.Add(one.working)
		if elapsed.Add(one.elapsed); one.elapsed.Verdict == Lacking {
			f.Elapsed.Lacking++
		}
		w, e := one.working, one.elapsed
		switch rows {
		case "working." + string(w.Verdict):
			f.list(one.row, w.Verdict, w.Statutory, w.Used)
		case "elapsed." + string(e.Verdict):
			f.list(one.row, e.Verdict, e.Statutory, e.Department+e.Special)
		}
	}
	f.Working = Figure{Sum: working.Sum, Special: working.Special, Stopped: working.Stopped, Firm: working.Firm}
	f.Elapsed = Figure{Sum: elapsed.Sum, Special: elapsed.Special, Firm: elapsed.Firm, Lacking: f.Elapsed.Lacking}
	for _, figure := range []*Figure{&f.Working, &f.Elapsed} {
		if share, known := figure.Sum.Compressed(); known {
			figure.Compressed = &share
		}
	}
}

func (f *Figures) list(row *figureFlow, v flow.Verdict, statutory, taken int) {
	if len(f.Rows) == maxFigureRows {
		f.More++
		return
	}
	f.Rows = append(f.Rows, FigureRow{Project: row.Project, Flow: row.ID, Verdict: string(v), Statutory: statutory,
		Taken: taken})
}

// nameRows fills in the names of the projects that are listed.
func (f *Figures) nameRows(ctx context.Context, tx pgx.Tx, of Business) error {
	const sql = `SELECT j.project_id, j.code, v.name_zh, v.name_en FROM project j JOIN project_version v USING (district_id,
		project_id) WHERE j.district_id = ANY ($1) AND j.project_id = ANY ($2) AND upper_inf(v.sys)`
	at := make(map[uuid.UUID]*FigureRow, len(f.Rows))
	ids := make([]uuid.UUID, len(f.Rows))
	for i := range f.Rows {
		ids[i], at[f.Rows[i].Project] = f.Rows[i].Project, &f.Rows[i]
	}
	rows, err := tx.Query(ctx, sql, of.Districts, ids)
	if err != nil {
		return err
	}
	var id uuid.UUID
	var code, zh, en string
	_, err = pgx.ForEachRow(rows, []any{&id, &code, &zh, &en}, func() error {
		at[id].Code, at[id].NameZH, at[id].NameEN = code, zh, en
		return nil
	})
	return err
}

// ParseMark reads an event such as filing.accepted.
func ParseMark(field, text string) (*flow.Mark, error) {
	for _, kind := range []flow.Kind{flow.Accepted, flow.Done} {
		if step, is := strings.CutSuffix(text, "."+string(kind)); is && step != "" {
			return &flow.Mark{Step: step, Kind: kind}, nil
		}
	}
	return nil, geo.NewInvalid(field, "flow.mark", text)
}

// damaged calls a contradiction in stored events what it is.
func damaged(id uuid.UUID) func(FlowEvent, *geo.Invalid) error {
	return func(at FlowEvent, err *geo.Invalid) error {
		return fmt.Errorf("%w: event %d of flow %s: %w", store.ErrDamaged, at.N, id, err)
	}
}
