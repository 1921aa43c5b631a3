package registry

import (
	"bytes"
	"context"
	"encoding/json"
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

// FlowTemplate is a template of approvals, by its newest edition or by one that is named. What is shipped stands in for
// the first edition of a district that has none of that code.
type FlowTemplate struct {
	District string        `json:"district" db:"district"`
	Code     string        `json:"code" db:"code"`
	Revision int           `json:"revision" db:"revision" doc:"Counts the editions; what If-Match compares."`
	Edition  string        `json:"edition" db:"edition" doc:"What the bureau calls it."`
	NameZH   string        `json:"name_zh" db:"name_zh"`
	NameEN   string        `json:"name_en" db:"name_en"`
	Steps    int           `json:"steps" db:"steps"`
	At       *time.Time    `json:"at" db:"at" nullable:"true" doc:"When it was written; null: it is shipped and nobody used it yet."`
	By       *store.Person `json:"by" db:"by" doc:"Who wrote it; null: it was shipped."`
}

// FlowTemplateEdition is a template with its content and the list of its editions.
type FlowTemplateEdition struct {
	FlowTemplate
	Template json.RawMessage `json:"template" doc:"The steps, as docs/approvals.md has them."`
	Editions []FlowTemplate  `json:"editions" doc:"All, the newest first."`
}

const (
	sqlTemplateFacts = `d.code AS district, t.code, t.revision, t.edition, t.content->>'name_zh' AS name_zh,
       t.content->>'name_en' AS name_en, jsonb_array_length(t.content->'steps') AS steps, t.at,
       (SELECT jsonb_build_object('id', a.account_id, 'name', a.name) FROM account a WHERE a.account_id = t.account_id) AS by`
	sqlTemplates = `SELECT DISTINCT ON (code_order(d.code), code_order(t.code)) ` + sqlTemplateFacts + `
  FROM flow_template t JOIN district d USING (district_id) WHERE t.district_id = ANY ($1)
 ORDER BY code_order(d.code), code_order(t.code), t.revision DESC`
	sqlEditions = `SELECT ` + sqlTemplateFacts + ` FROM flow_template t JOIN district d USING (district_id)
 WHERE t.district_id = $1 AND t.code = $2 ORDER BY t.revision DESC`
	sqlTemplateContent = `SELECT content, revision, at FROM flow_template
 WHERE district_id = $1 AND code = $2 AND ($3 = 0 OR revision = $3) ORDER BY revision DESC LIMIT 1`
	sqlAddTemplate = `INSERT INTO flow_template (district_id, code, revision, edition, content, account_id)
VALUES ($1, $2, $3, $4, $5, $6)`
)

// shippedIn is the shipped template as the first edition of a district that has none of its code.
func shippedIn(district string) FlowTemplate {
	t := flow.FourStages()
	return FlowTemplate{District: district, Code: t.Code, Revision: 1, Edition: t.Edition, NameZH: t.NameZH,
		NameEN: t.NameEN, Steps: len(t.Steps)}
}

// FlowTemplates lists the templates of some districts by their newest edition.
func (s Registry) FlowTemplates(ctx context.Context, of Business) ([]FlowTemplate, error) {
	all, err := store.ReadAll[FlowTemplate](ctx, s.Store, sqlTemplates, of.Districts)
	if err != nil {
		return nil, err
	}
	districts, err := s.Districts(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range districts {
		has := slices.ContainsFunc(all, func(t FlowTemplate) bool {
			return t.District == d.Code && t.Code == flow.FourStages().Code
		})
		if !has && slices.Contains(of.Districts, d.ID) {
			all = append(all, shippedIn(d.Code))
		}
	}
	return all, nil
}

// FlowTemplate reads an edition of a template, with 0 the newest; a Missing where the district has none.
func (s Registry) FlowTemplate(ctx context.Context, district District, code string, revision int) (FlowTemplateEdition,
	error) {
	var out FlowTemplateEdition
	all, err := store.ReadAll[FlowTemplate](ctx, s.Store, sqlEditions, district.ID, code)
	if err != nil {
		return out, err
	}
	if len(all) == 0 && code == flow.FourStages().Code {
		all = []FlowTemplate{shippedIn(district.Code)}
	}
	i := slices.IndexFunc(all, func(t FlowTemplate) bool { return revision == 0 || t.Revision == revision })
	if i < 0 {
		return out, &store.Missing{Kind: "flow_template", Name: code}
	}
	found, err := s.template(ctx, s.Planner, district.ID, code, all[i].Revision)
	if err != nil {
		return out, err
	}
	content, err := json.Marshal(found.Template)
	return FlowTemplateEdition{FlowTemplate: all[i], Template: content, Editions: all}, err
}

// edition is a parsed edition of a template.
type edition struct {
	*flow.Template
	revision int
	at       time.Time
	stored   bool // or it is shipped, and not of the district yet
}

// template finds an edition, with 0 the newest; a Missing where there is none.
func (s Registry) template(ctx context.Context, q rowQuerier, district uuid.UUID, code string, revision int) (edition,
	error) {
	var content []byte
	e := edition{stored: true}
	err := q.QueryRow(ctx, sqlTemplateContent, district, code, revision).Scan(&content, &e.revision, &e.at)
	switch {
	case errors.Is(err, pgx.ErrNoRows) && code == flow.FourStages().Code && revision < 2:
		return edition{Template: flow.FourStages(), revision: 1}, nil
	case errors.Is(err, pgx.ErrNoRows):
		return e, &store.Missing{Kind: "flow_template", Name: code}
	case err != nil:
		return e, store.Translate("read a template of approvals", err)
	}
	if e.Template, err = flow.Parse(bytes.NewReader(content)); err != nil {
		return e, fmt.Errorf("%w: template %s, edition %d: %w", store.ErrDamaged, code, e.revision, err)
	}
	return e, nil
}

// rowQuerier is a pool or a transaction that reads one row.
type rowQuerier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// adopt makes the shipped template the first edition of a district, where it is not.
func adopt(ctx context.Context, tx pgx.Tx, district uuid.UUID, e edition) error {
	if e.stored {
		return nil
	}
	_, err := tx.Exec(ctx, sqlAddTemplate+` ON CONFLICT DO NOTHING`, district, e.Code, 1, e.Edition, e.Template, nil)
	return err
}

// AddFlowTemplate keeps a new template; a Denial where the district has one of its code.
func (s Registry) AddFlowTemplate(ctx context.Context, district District, by uuid.UUID, t *flow.Template,
	once *store.Once) (FlowTemplate, error) {
	return s.keepTemplate(ctx, district, by, t, once, func(last edition, err error) (int, error) {
		switch {
		case errors.Is(err, store.ErrNotFound):
			return 1, nil
		case err != nil:
			return 0, err
		}
		return 0, &store.Denial{Rule: "flow_template_is_new", Code: last.Code}
	})
}

// ChangeFlowTemplate keeps the next edition of a template whose revision was seen, 0 being any; a *Stale when another
// came since.
func (s Registry) ChangeFlowTemplate(ctx context.Context, district District, by uuid.UUID, seen int,
	t *flow.Template) (FlowTemplate, error) {
	return s.keepTemplate(ctx, district, by, t, nil, func(last edition, err error) (int, error) {
		if err == nil && seen != 0 && seen != last.revision {
			err = &store.Stale{Code: t.Code, Seen: int64(seen), Current: int64(last.revision)}
		}
		return last.revision + 1, err
	})
}

// keepTemplate writes an edition; next says which one it is after the last one.
func (s Registry) keepTemplate(ctx context.Context, district District, by uuid.UUID, t *flow.Template, once *store.Once,
	next func(last edition, err error) (int, error)) (FlowTemplate, error) {
	var made FlowTemplate
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		last, err := s.template(ctx, tx, district.ID, t.Code, 0)
		revision, err := next(last, err)
		if err != nil {
			return err
		}
		if revision > 1 {
			if err := adopt(ctx, tx, district.ID, last); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, sqlAddTemplate, district.ID, t.Code, revision, t.Edition, t, by)
		if rule := store.Constraint(err); rule == "flow_template_pkey" || rule == "flow_template_follows" {
			return &store.Stale{Code: t.Code, Seen: int64(revision - 1), Current: int64(revision)} // one came in between
		}
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, sqlEditions+` LIMIT 1`, district.ID, t.Code)
		if err != nil {
			return err
		}
		if made, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[FlowTemplate]); err != nil {
			return err
		}
		return store.Remember(ctx, tx, once, 201, made)
	})
	return made, store.ExplainDenial(store.Translate("keep a template of approvals", err))
}

// ParseFlowTemplate reads a template that came under a name of a request's body.
func ParseFlowTemplate(field string, text []byte) (*flow.Template, error) {
	t, err := flow.Parse(bytes.NewReader(text))
	var invalid *geo.Invalid
	if errors.As(err, &invalid) && invalid.Field != field {
		return nil, invalid.Under(field + "." + invalid.Field)
	}
	return t, err
}

// FlowPlan is what a template promises, and what the law allows, from a day on.
type FlowPlan struct {
	Template  FlowTemplate      `json:"template"`
	Steps     []FlowPlannedStep `json:"steps"`
	Promised  FlowPath          `json:"promised"`
	Statutory FlowPath          `json:"statutory"`
}

// FlowPlannedStep is a step of a plan.
type FlowPlannedStep struct {
	Code      string    `json:"code"`
	NameZH    string    `json:"name_zh"`
	NameEN    string    `json:"name_en"`
	By        string    `json:"by"`
	Stage     string    `json:"stage"`
	Promised  FlowDates `json:"promised"`
	Statutory FlowDates `json:"statutory"`
	Slack     *int      `json:"slack" nullable:"true" doc:"By the promised plan."`
	Critical  bool      `json:"critical"`
}

// FlowPath is a way through a template.
type FlowPath struct {
	Finish      *string    `json:"finish" nullable:"true" format:"date" doc:"Null: unknown."`
	Provisional bool       `json:"provisional"`
	Unknown     []string   `json:"unknown" doc:"Steps whose days the template doesn't say."`
	Paths       [][]string `json:"paths"`
	Ways        int        `json:"ways"`
}

// PlanFlow lays a template from a day on: what would be agreed if a flow began with it.
func (s Registry) PlanFlow(ctx context.Context, district District, code string, revision int, from string,
	without []string) (FlowPlan, error) {
	facts, err := s.FlowTemplate(ctx, district, code, revision)
	if err != nil {
		return FlowPlan{}, err
	}
	start, err := workday.ParseDay("start", from)
	if err != nil {
		return FlowPlan{}, err
	}
	whole, err := s.template(ctx, s.Planner, district.ID, code, facts.Revision)
	if err != nil {
		return FlowPlan{}, err
	}
	t, err := whole.Without(without...)
	if err != nil {
		return FlowPlan{}, err
	}
	promised := t.Plan(workday.China(), flow.Promised, start)
	statutory := t.Plan(workday.China(), flow.Statutory, start)
	out := FlowPlan{Template: facts.FlowTemplate, Promised: tellPath(promised), Statutory: tellPath(statutory)}
	for i, step := range t.Steps {
		p, l := promised.Steps[i], statutory.Steps[i]
		out.Steps = append(out.Steps, FlowPlannedStep{Code: step.Code, NameZH: step.NameZH, NameEN: step.NameEN, By: step.By,
			Stage: step.Stage, Promised: FlowDates{dayText(p.Start), dayText(p.Finish)},
			Statutory: FlowDates{dayText(l.Start), dayText(l.Finish)}, Slack: p.Slack, Critical: p.Critical})
	}
	return out, nil
}

func tellPath(p flow.Plan) FlowPath {
	return FlowPath{dayText(p.Finish), p.Provisional, orEmpty(p.Unknown), orEmpty(p.Paths), p.Ways}
}
