package registry

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo/flow"
	"luodi/geo/workday"
)

// maxRemembered bounds the flows that are kept parsed: about 2 KB each.
const maxRemembered = 50_000

// flowMemory keeps flows parsed between requests. A flow changes with the number of its events alone: each request reads
// those numbers, and parses anew what has another one.
type flowMemory struct {
	mu    sync.Mutex
	flows map[uuid.UUID]rememberedFlow
}

type templateKey struct {
	district uuid.UUID
	code     string
	revision int
	without  string
}

type rememberedFlow struct {
	changed  time.Time // a database that was restored may have another event of this number
	revision int
	parsed   *parsedFlow
}

func newFlowMemory() *flowMemory {
	return &flowMemory{flows: map[uuid.UUID]rememberedFlow{}}
}

// figureFlow is a live flow of which figures are told.
type figureFlow struct {
	District     uuid.UUID
	ID           uuid.UUID
	Project      uuid.UUID
	Template     string
	TemplateRev  int
	Without      []string
	Start        workday.Day
	Illustrative bool
	ChangedAt    time.Time
	Revision     int
	*parsedFlow
}

// parsedFlow is a flow with what was worked out of it.
type parsedFlow struct {
	*flow.Flow
	// What all that happened comes to: from the day of the last event on, no figure changes.
	last    workday.Day
	working flow.Working

	mu      sync.Mutex
	asked   AskFigures // of the events between which these days elapsed
	elapsed *flow.Elapsed
}

func scanFigureFlow(row pgx.CollectableRow) (f figureFlow, err error) {
	err = row.Scan(&f.District, &f.ID, &f.Project, &f.Template, &f.TemplateRev, &f.Without, &f.Start, &f.Illustrative,
		&f.ChangedAt, &f.Revision)
	return f, err
}

// parse works out what a flow comes to.
func (f *figureFlow) parse(t *flow.Template, events []flow.Event) error {
	parsed, err := flow.New(t, f.Start, nil, events)
	if err != nil {
		return fmt.Errorf("%w: flow %s: %w", store.ErrDamaged, f.ID, err)
	}
	f.parsedFlow = &parsedFlow{Flow: parsed, last: f.Start}
	for _, e := range events {
		f.last = max(f.last, e.Day)
	}
	f.working = parsed.Working(workday.China(), f.last)
	return nil
}

// figures are those of the flow as of a day.
func (f *parsedFlow) figures(asOf workday.Day, span *flow.Span, ask AskFigures) (w flow.Working, e flow.Elapsed) {
	w, e = f.working, flow.Elapsed{Verdict: Lacking}
	if asOf < f.last {
		w = f.Working(workday.China(), asOf)
	}
	if span == nil {
		return w, e
	}
	if asOf < f.last {
		return w, f.Elapsed(workday.China(), asOf, *span)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.elapsed == nil || !f.asked.sameSpan(ask) {
		e = f.Elapsed(workday.China(), f.last, *span)
		f.elapsed, f.asked = &e, ask
	}
	return w, *f.elapsed
}

const (
	// A day is read as workday.Day counts it.
	sqlFigureFlows = `
SELECT f.district_id, f.flow_id, f.project_id, f.template, f.template_rev, f.without, f.start - date '1899-12-31',
       f.illustrative, coalesce(f.noted_at, f.started_at), f.noted
  FROM project_flow f JOIN project j USING (district_id, project_id)
 WHERE f.retired_at IS NULL AND f.start <= $5::date AND ` + sqlProjectOfBusiness + ` ORDER BY f.started_at, f.flow_id`
	sqlRetiredFlows = `SELECT count(*) FROM project_flow f JOIN project j USING (district_id, project_id)
 WHERE f.retired_at IS NOT NULL AND f.start <= $5::date AND ` + sqlProjectOfBusiness
	sqlFigureEvents = `
SELECT e.flow_id, e.step, e.kind, coalesce(e.special, ''), e.day - date '1899-12-31' FROM flow_event_held e
 WHERE e.district_id = ANY ($1) AND e.flow_id = ANY ($2) AND e.kind <> 'told' ORDER BY e.flow_id, e.day, e.place`
)

// figureFlows reads the live flows of some business that had begun by a day, and counts those that were retired.
func (s Registry) figureFlows(ctx context.Context, tx pgx.Tx, of Business, asOf workday.Day) (all []figureFlow,
	retired int, err error) {
	rows, err := tx.Query(ctx, sqlFigureFlows, of.args(asOf.String())...)
	if err != nil {
		return nil, 0, err
	}
	if all, err = pgx.CollectRows(rows, scanFigureFlow); err != nil {
		return nil, 0, err
	}
	if err := tx.QueryRow(ctx, sqlRetiredFlows, of.args(asOf.String())...).Scan(&retired); err != nil {
		return nil, 0, err
	}
	missing := s.memory.recall(all)
	if len(missing) == 0 {
		return all, retired, nil
	}
	events, err := figureEvents(ctx, tx, of, missing)
	if err != nil {
		return nil, 0, err
	}
	templates := map[templateKey]*flow.Template{}
	for _, f := range missing {
		t, err := s.figureTemplate(ctx, tx, f, templates)
		if err != nil {
			return nil, 0, err
		}
		if err := f.parse(t, events[f.ID]); err != nil {
			return nil, 0, err
		}
	}
	s.memory.keep(missing)
	return all, retired, nil
}

// figureEvents reads what holds of flows.
func figureEvents(ctx context.Context, tx pgx.Tx, of Business, flows []*figureFlow) (map[uuid.UUID][]flow.Event, error) {
	ids := make([]uuid.UUID, len(flows))
	for i, f := range flows {
		ids[i] = f.ID
	}
	rows, err := tx.Query(ctx, sqlFigureEvents, of.Districts, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[uuid.UUID][]flow.Event, len(flows))
	var id uuid.UUID
	var e flow.Event
	_, err = pgx.ForEachRow(rows, []any{&id, &e.Step, &e.Kind, &e.Special, &e.Day}, func() error {
		out[id] = append(out[id], e)
		return nil
	})
	return out, err
}

// figureTemplate is the template of a flow. Flows of one edition share one: templates holds those of this request.
func (s Registry) figureTemplate(ctx context.Context, tx pgx.Tx, f *figureFlow,
	templates map[templateKey]*flow.Template) (*flow.Template, error) {
	key := templateKey{district: f.District, code: f.Template, revision: f.TemplateRev,
		without: strings.Join(f.Without, " ")}
	if t := templates[key]; t != nil {
		return t, nil
	}
	whole := key
	whole.without = ""
	t := templates[whole]
	if t == nil {
		e, err := s.template(ctx, tx, f.District, f.Template, f.TemplateRev)
		if err != nil {
			return nil, err
		}
		t = e.Template
		templates[whole] = t
	}
	if len(f.Without) > 0 {
		var err error
		if t, err = t.Without(f.Without...); err != nil {
			return nil, err
		}
	}
	templates[key] = t
	return t, nil
}

// recall fills in what is kept of flows, and returns those of which nothing is, or what was.
func (m *flowMemory) recall(all []figureFlow) (missing []*figureFlow) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range all {
		f := &all[i]
		if kept, known := m.flows[f.ID]; known && kept.revision == f.Revision && kept.changed.Equal(f.ChangedAt) {
			f.parsedFlow = kept.parsed
		} else {
			missing = append(missing, f)
		}
	}
	return missing
}

func (m *flowMemory) keep(all []*figureFlow) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.flows)+len(all) > maxRemembered {
		clear(m.flows)
	}
	for _, f := range all {
		m.flows[f.ID] = rememberedFlow{f.ChangedAt, f.Revision, f.parsedFlow}
	}
}
