package registry

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/flow"
	"luodi/geo/workday"
)

// NewFlow is what begins the approvals of a project.
type NewFlow struct {
	Template string        `json:"template" minLength:"1" maxLength:"63" doc:"A template's code."`
	Revision int           `json:"revision,omitempty" minimum:"1" maximum:"100000" doc:"Its edition; the newest without."`
	Start    string        `json:"start" format:"date" doc:"The day from which it runs."`
	Without  []string      `json:"without,omitempty" maxItems:"200" doc:"Codes of the steps that the project doesn't need."`
	Agreed   []AgreedDates `json:"agreed,omitempty" maxItems:"200" doc:"Dates agreed at signing, of the steps for which they differ from the promised plan. All others are agreed as that plan has them."`
}

// AgreedDates are when a step was agreed to begin and end.
type AgreedDates struct {
	Step   string `json:"step" minLength:"1" maxLength:"63" doc:"A step's code."`
	Start  string `json:"start" format:"date"`
	Finish string `json:"finish" format:"date"`
}

// FlowBrief is a flow without its steps.
type FlowBrief struct {
	ID            uuid.UUID     `json:"id" db:"id" format:"uuid"`
	Template      string        `json:"template" db:"template" doc:"The code of its template."`
	TemplateRev   int           `json:"template_revision" db:"template_revision"`
	Edition       string        `json:"edition" db:"edition"`
	NameZH        string        `json:"name_zh" db:"name_zh"`
	NameEN        string        `json:"name_en" db:"name_en"`
	Start         string        `json:"start" db:"start" format:"date"`
	Without       []string      `json:"without" db:"without" doc:"Steps of the template that the project doesn't need."`
	Illustrative  bool          `json:"illustrative" db:"illustrative" doc:"Made up to show what could be."`
	Revision      int           `json:"revision" db:"revision" doc:"Counts what was noted; what If-Match compares."`
	StartedAt     time.Time     `json:"started_at" db:"started_at"`
	StartedBy     *store.Person `json:"started_by" db:"started_by"`
	RetiredAt     *time.Time    `json:"retired_at" db:"retired_at" nullable:"true"`
	RetiredBy     *store.Person `json:"retired_by" db:"retired_by"`
	RetiredReason *string       `json:"retired_reason" db:"retired_reason" nullable:"true"`
}

// storedFlow is a flow as its row has it.
type storedFlow struct {
	FlowBrief
	District uuid.UUID `db:"district"`
	Agreed   []byte    `db:"agreed"`
}

const (
	sqlFlowBrief = `f.flow_id AS id, f.template, f.template_rev AS template_revision, t.edition,
       t.content->>'name_zh' AS name_zh, t.content->>'name_en' AS name_en, f.start::text AS start, f.without,
       f.illustrative, f.started_at, f.retired_at, f.retired_reason,
       1 + f.noted AS revision,
       (SELECT jsonb_build_object('id', a.account_id, 'name', a.name) FROM account a WHERE a.account_id = f.started_by)
         AS started_by,
       (SELECT jsonb_build_object('id', a.account_id, 'name', a.name) FROM account a WHERE a.account_id = f.retired_by)
         AS retired_by`
	sqlFlows = `SELECT ` + sqlFlowBrief + `, f.district_id AS district, f.agreed
  FROM project_flow f JOIN flow_template t ON (t.district_id, t.code, t.revision) = (f.district_id, f.template,
       f.template_rev)
 WHERE f.district_id = ANY ($1) AND f.project_id = $2 ORDER BY f.retired_at IS NOT NULL, f.started_at DESC LIMIT 100`
	sqlLockFlow = `SELECT district_id, flow_id FROM project_flow
 WHERE district_id = ANY ($1) AND project_id = $2 AND retired_at IS NULL FOR UPDATE`
	// sqlToday is the day on which the project is: that of the park that entered it, or of any of its district.
	sqlToday = `SELECT (clock_timestamp() AT TIME ZONE coalesce((SELECT k.time_zone FROM park k
 WHERE k.district_id = j.district_id ORDER BY k.park_id = j.park_id DESC NULLS LAST LIMIT 1), 'Asia/Shanghai'))::date::text
  FROM project j WHERE j.district_id = ANY ($1) AND j.project_id = $2`
	sqlStartFlow = `INSERT INTO project_flow (district_id, flow_id, project_id, template, template_rev, without, start,
       agreed, started_by, illustrative) VALUES ($1, $2, $3, $4, $5, $6, $7::date, $8, $9, $10)`
)

// errNoFlow says that a project has no flow of approvals, or not the one that was named.
func errNoFlow(name string) error { return &store.Missing{Kind: "flow", Name: name} }

// StartFlow begins the approvals of a project by the newest edition of a template, or the one that is named. The
// promised plan is kept as what was agreed, but for the dates that are given. It returns the flow as of today.
func (s Registry) StartFlow(ctx context.Context, of Business, id, by uuid.UUID, n NewFlow, once *store.Once) (FlowStatus,
	error) {
	return s.changeFlow(ctx, of, id, once, "begin a flow of approvals", func(tx pgx.Tx) error {
		var district uuid.UUID
		const sqlWhose = `SELECT district_id FROM project WHERE district_id = ANY ($1) AND project_id = $2`
		if err := tx.QueryRow(ctx, sqlWhose, of.Districts, id).Scan(&district); err != nil {
			return err
		}
		_, _, err := s.putFlow(ctx, tx, district, id, n, &by)
		return err
	})
}

// putFlow puts a flow into a district's project, started by somebody, or made up to show what could be. It returns the
// flow's id and its template.
func (s Registry) putFlow(ctx context.Context, tx pgx.Tx, district, project uuid.UUID, n NewFlow,
	by *uuid.UUID) (flow uuid.UUID, e edition, err error) {
	if e, err = s.template(ctx, tx, district, n.Template, n.Revision); err != nil {
		return flow, e, err
	}
	agreed, err := n.agree(e.Template)
	if err != nil {
		return flow, e, err
	}
	if err = adopt(ctx, tx, district, e); err != nil {
		return flow, e, err
	}
	if flow, err = uuid.NewV7(); err != nil {
		return flow, e, err
	}
	if n.Without == nil {
		n.Without = []string{}
	}
	_, err = tx.Exec(ctx, sqlStartFlow, district, flow, project, n.Template, e.revision, n.Without, n.Start, agreed, by,
		by == nil)
	return flow, e, err
}

// agree is the plan that is agreed at signing: the promised one, with the dates that are given in its stead.
func (n NewFlow) agree(whole *flow.Template) ([]flow.Agreed, error) {
	t, err := whole.Without(n.Without...)
	if err != nil {
		return nil, err
	}
	start, err := workday.ParseDay("start", n.Start)
	if err != nil {
		return nil, err
	}
	agreed := t.Agree(t.Plan(workday.China(), flow.Promised, start))
	seen := map[string]bool{}
	for i, given := range n.Agreed {
		k := slices.IndexFunc(agreed, func(a flow.Agreed) bool { return a.Step == given.Step })
		if k < 0 || seen[given.Step] {
			return nil, geo.NewInvalid(fmt.Sprintf("agreed[%d].step", i), "flow.step_once", given.Step)
		}
		seen[given.Step] = true
		if agreed[k].Start, err = workday.ParseDay(fmt.Sprintf("agreed[%d].start", i), given.Start); err != nil {
			return nil, err
		}
		if agreed[k].Finish, err = workday.ParseDay(fmt.Sprintf("agreed[%d].finish", i), given.Finish); err != nil {
			return nil, err
		}
		if agreed[k].Finish < agreed[k].Start {
			return nil, geo.NewInvalid(fmt.Sprintf("agreed[%d].finish", i), "flow.not_before", given.Finish, "day",
				given.Start)
		}
	}
	_, err = flow.New(t, start, agreed, nil)
	return agreed, err
}

// AskFlow is what is asked of a project's approvals.
type AskFlow struct {
	Named    *uuid.UUID // a flow, retired or not; nil: the live one
	On       string     // the day; "" is today
	From, To *flow.Mark // the events between which elapsed days are counted; nil: the whole
}

// Flow reads the approvals of a project as of a day. A Missing of kind flow where it has none that is named.
func (s Registry) Flow(ctx context.Context, of Business, id uuid.UUID, ask AskFlow) (FlowStatus, error) {
	if _, err := s.Project(ctx, of, id); err != nil {
		return FlowStatus{}, err
	}
	var out FlowStatus
	err := pgx.BeginTxFunc(ctx, s.Planner, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly},
		func(tx pgx.Tx) error {
			var err error
			out, err = s.flowOf(ctx, tx, of, id, ask)
			return err
		})
	return out, store.Translate("read a flow of approvals", err)
}

// flowOf reads a flow within a transaction.
func (s Registry) flowOf(ctx context.Context, tx pgx.Tx, of Business, id uuid.UUID,
	ask AskFlow) (FlowStatus, error) {
	asOf, today, err := dayOf(ctx, tx, of, id, ask.On)
	if err != nil {
		return FlowStatus{}, err
	}
	rows, err := tx.Query(ctx, sqlFlows, of.Districts, id)
	if err != nil {
		return FlowStatus{}, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[storedFlow])
	if err != nil {
		return FlowStatus{}, err
	}
	i := slices.IndexFunc(all, func(f storedFlow) bool {
		return ask.Named != nil && f.ID == *ask.Named || ask.Named == nil && f.RetiredAt == nil
	})
	if i < 0 && ask.Named != nil {
		return FlowStatus{}, errNoFlow(ask.Named.String())
	}
	out := FlowStatus{On: asOf.String(), Today: today.String(), All: make([]FlowBrief, len(all))}
	for k, f := range all {
		out.All[k] = f.FlowBrief
	}
	if i >= 0 {
		out.Flow, err = s.tellFlow(ctx, tx, all[i], asOf, ask)
	}
	return out, err
}

// dayOf is the day that is asked for, "" being today, and today; a day that lies ahead is refused.
func dayOf(ctx context.Context, tx pgx.Tx, of Business, id uuid.UUID, on string) (asOf, today workday.Day, err error) {
	var text string
	if err := tx.QueryRow(ctx, sqlToday, of.Districts, id).Scan(&text); err != nil {
		return 0, 0, err
	}
	if today, err = workday.ParseDay("today", text); err != nil || on == "" {
		return today, today, err
	}
	if asOf, err = workday.ParseDay("on", on); err == nil && asOf > today {
		err = geo.NewInvalid("on", "flow.not_after", on, "day", text)
	}
	return asOf, today, err
}

// changeFlow changes the flow of a project and tells it as of today.
func (s Registry) changeFlow(ctx context.Context, of Business, id uuid.UUID, once *store.Once, doing string,
	change func(tx pgx.Tx) error) (FlowStatus, error) {
	var after FlowStatus
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		if _, err := project(ctx, tx, of, id); err != nil {
			return err
		}
		if err := change(tx); err != nil {
			return err
		}
		var err error
		if after, err = s.flowOf(ctx, tx, of, id, AskFlow{}); err != nil {
			return err
		}
		return store.Remember(ctx, tx, once, 201, after)
	})
	return after, store.ExplainDenial(store.Translate(doing, err))
}

// lockFlow takes the lock under which the live flow of a project is read and added to: who has it reads a history that
// nobody else adds to meanwhile.
func lockFlow(ctx context.Context, tx pgx.Tx, of Business, id uuid.UUID) (district, flow uuid.UUID, err error) {
	err = tx.QueryRow(ctx, sqlLockFlow, of.Districts, id).Scan(&district, &flow)
	if errors.Is(err, pgx.ErrNoRows) {
		err = errNoFlow(id.String())
	}
	return district, flow, err
}
