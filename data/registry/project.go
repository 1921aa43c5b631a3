package registry

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo/land"
)

// Project is an investment project as planners see it. Its figures are private: the public sees at most its name, and
// that when it agreed.
type Project struct {
	ID            uuid.UUID       `json:"id" db:"id" format:"uuid"`
	District      string          `json:"district" db:"district"`
	Code          string          `json:"code" db:"code"`
	Revision      int             `json:"revision" db:"revision" doc:"What If-Match compares."`
	Since         time.Time       `json:"since" db:"since" doc:"When this revision began."`
	Party         *NamedParty     `json:"party" db:"party"`
	NameZH        string          `json:"name_zh" db:"name_zh"`
	NameEN        string          `json:"name_en" db:"name_en"`
	IndustryCodes []IndustryCode  `json:"industry_codes" db:"industry_codes"`
	ChainStage    *string         `json:"chain_stage" db:"chain_stage" nullable:"true"`
	InvestmentCNY *float64        `json:"investment_cny" db:"investment_cny" nullable:"true"`
	Figures       json.RawMessage `json:"figures" db:"figures" doc:"Stated figures by name."`
	Requirement   json.RawMessage `json:"requirement" db:"requirement" doc:"What land it needs."`
	TaskForce     *string         `json:"task_force" db:"task_force" nullable:"true"`
	Kind          string          `json:"kind" db:"kind" enum:"new,expansion" doc:"New to the park, or the expansion of a firm that is here."`
	Ground        *string         `json:"ground" db:"ground" nullable:"true" enum:"own,neighbouring,none" doc:"Of an expansion: on the firm's own ground, on ground beside it, or without further ground; null: not known."`
	Placeholder   bool            `json:"placeholder" db:"placeholder"`
	Named         bool            `json:"named" db:"named" doc:"It may be named to the public."`
	Park          *string         `json:"park" db:"park" nullable:"true" doc:"Code of the park that entered it; null: the district did."`
	Seeks         []string        `json:"seeks" db:"seeks" doc:"Codes of parks in which it seeks land: their members see it too."`
	Source        *string         `json:"source" db:"source" nullable:"true"`
	Milestones    []Reached       `json:"milestones" db:"milestones" doc:"Those that count, by date."`
	Former        []FormerReached `json:"former_milestones" db:"former_milestones" doc:"Those that were corrected or withdrawn, the newest change first."`
	Tags          []NotedTag      `json:"tags" db:"tags"`
	FormerTags    []FormerTag     `json:"former_tags" db:"former_tags" doc:"Those that were corrected or withdrawn, the newest change first."`
	FirstContacts []FirstContact  `json:"first_contacts" db:"first_contacts" doc:"Which team spoke to its firm first: the newest first, those released too. One that is live and not signed yet is there for that team and the leaders alone."`
	Standing      string          `json:"standing" db:"standing" enum:"active,paused,lost"`
	Turns         []TurnNote      `json:"turns" db:"turns" doc:"When it was paused, lost and taken up again, the newest first."`
	FormerTurns   []FormerTurn    `json:"former_turns" db:"former_turns" doc:"Those that were corrected or withdrawn, the newest change first."`
}

// NamedParty is a party in a project's answer.
type NamedParty struct {
	ID     uuid.UUID `json:"id" format:"uuid"`
	NameZH string    `json:"name_zh"`
	NameEN string    `json:"name_en"`
}

// IndustryCode is a class of an edition of GB/T 4754.
type IndustryCode struct {
	Code    string `json:"code" minLength:"1" maxLength:"10" example:"2829"`
	Edition string `json:"edition" minLength:"1" maxLength:"20" example:"2017"`
}

// ProjectFacts are the facts of a new project or the changes of one; a nil fact stays.
type ProjectFacts struct {
	Party         *uuid.UUID      `json:"party,omitempty" format:"uuid" doc:"Whose project it is."`
	NameZH        *string         `json:"name_zh,omitempty" minLength:"1" maxLength:"200"`
	NameEN        *string         `json:"name_en,omitempty" minLength:"1" maxLength:"200" doc:"Without it the Chinese name stands for it."`
	IndustryCodes *[]IndustryCode `json:"industry_codes,omitempty" maxItems:"20"`
	ChainStage    *string         `json:"chain_stage,omitempty" maxLength:"100"`
	InvestmentCNY *float64        `json:"investment_cny,omitempty" minimum:"0" maximum:"10000000000000"`
	Figures       *map[string]any `json:"figures,omitempty"`
	Requirement   *map[string]any `json:"requirement,omitempty" doc:"What land it needs; place: ground, floor_space or either; floor: what it asks of floor space, as in POST /api/match; services, where given, are amounts by service, such as {\"power\": 2000, \"steam\": 10}: power in kVA, steam in t/h, water and sewage in m³/d, gas and nitrogen in m³/h."`
	TaskForce     *string         `json:"task_force,omitempty" maxLength:"200" doc:"An office or team, no person's data."`
	Kind          *string         `json:"kind,omitempty" enum:"new,expansion" doc:"An expansion is of a company that is here: a project of it has land, or stands. A new project without it."`
	Ground        *string         `json:"ground,omitempty" enum:"own,neighbouring,none" doc:"Of an expansion: on the firm's own ground, on ground beside it, or without further ground."`
	Named         *bool           `json:"named,omitempty"`
	Seeks         *[]string       `json:"seeks,omitempty" maxItems:"100" text:"-" doc:"Codes of parks of the district in which it seeks land: their members see it too."`
	Source        *string         `json:"source,omitempty" maxLength:"500" text:"prose"`
}

// check refuses a requirement whose services, place or floor can't be read.
func (f ProjectFacts) check() error {
	if f.Requirement == nil {
		return nil
	}
	if _, err := land.ParseNeed((*f.Requirement)["services"]); err != nil {
		return err
	}
	return checkPlace(*f.Requirement)
}

// sqlProjects reads what condition picks of the projects (j) of a business. What belongs to each is joined from whole
// tables, so that one statement serves one project, by indexes, and thousands, by store.ReadMany.
func sqlProjects(condition string) string {
	return `
WITH j AS MATERIALIZED (SELECT j.* FROM project j WHERE ` + condition + `),
m AS (` + sqlMilestones + `), f AS (` + sqlFormerMilestones + `), u AS (` + sqlTurns + `), c AS (` + sqlFirstContacts + `),
w AS (` + sqlFormerTurns + `), g AS (` + sqlTags + `), x AS (` + sqlFormerTags + `)
SELECT j.project_id AS id, d.code AS district, j.code, v.revision, lower(v.sys) AS since, v.name_zh, v.name_en,
       v.industry_codes, v.chain_stage, v.investment_cny::float8 AS investment_cny,
       v.figures, v.requirement, v.task_force, v.kind, v.ground, v.placeholder, v.named, v.source, e.code AS park,
       CASE WHEN v.seeks = '{}' THEN '{}' ELSE
         ARRAY(SELECT k.code FROM park k WHERE k.park_id = ANY (v.seeks) ORDER BY k.code) END AS seeks,
       CASE WHEN t.party_id IS NOT NULL THEN jsonb_build_object('id', t.party_id, 'name_zh', t.name_zh, 'name_en',
         t.name_en) END AS party, coalesce(m.milestones, '[]') AS milestones,
       coalesce(f.former_milestones, '[]') AS former_milestones, coalesce(u.turns, '[]') AS turns,
       coalesce(u.standing, 'active') AS standing, coalesce(c.first_contacts, '[]') AS first_contacts,
       coalesce(g.tags, '[]') AS tags, coalesce(x.former_tags, '[]') AS former_tags,
       coalesce(w.former_turns, '[]') AS former_turns
  FROM j JOIN district d USING (district_id)
  JOIN project_version v ON (v.district_id, v.project_id) = (j.district_id, j.project_id) AND upper_inf(v.sys)
  LEFT JOIN park e ON e.park_id = j.park_id
  LEFT JOIN party t ON (t.district_id, t.party_id) = (j.district_id, j.party_id)
  LEFT JOIN m ON (m.district_id, m.project_id) = (j.district_id, j.project_id)
  LEFT JOIN f ON (f.district_id, f.project_id) = (j.district_id, j.project_id)
  LEFT JOIN u ON (u.district_id, u.project_id) = (j.district_id, j.project_id)
  LEFT JOIN c ON (c.district_id, c.project_id) = (j.district_id, j.project_id)
  LEFT JOIN w ON (w.district_id, w.project_id) = (j.district_id, j.project_id)
  LEFT JOIN g ON (g.district_id, g.project_id) = (j.district_id, j.project_id)
  LEFT JOIN x ON (x.district_id, x.project_id) = (j.district_id, j.project_id)`
}

// Projects reads all projects of some business, in no order.
func (s Registry) Projects(ctx context.Context, of Business) ([]Project, error) {
	return store.ReadMany[Project](ctx, s.Store, sqlProjects(sqlProjectsOfBusiness), of.args()...)
}

// Project reads one of some business; a Missing when it has none of this id.
func (s Registry) Project(ctx context.Context, of Business, id uuid.UUID) (Project, error) {
	return project(ctx, s.Planner, of, id)
}

func project(ctx context.Context, q store.Querier, of Business, id uuid.UUID) (Project, error) {
	rows, err := q.Query(ctx, sqlProjects(sqlProjectOfBusiness+` AND j.project_id = $5`), of.args(id)...)
	if err != nil {
		return Project{}, store.Translate("read a project", err)
	}
	p, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Project])
	if errors.Is(err, pgx.ErrNoRows) {
		return p, &store.Missing{Kind: "project", Name: id.String()}
	}
	return p, store.Translate("read a project", err)
}
