package registry

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"luodi/data/store"
	"luodi/geo/land"
)

// TallyRow is a project as it stood on a day, by the dates of its milestones, turns, tags and money: what figures are
// counted from. A milestone that was corrected or withdrawn since doesn't count.
type TallyRow struct {
	ID         uuid.UUID             `json:"id" db:"id" format:"uuid"`
	Code       string                `json:"code" db:"code"`
	NameZH     string                `json:"name_zh" db:"name_zh"`
	NameEN     string                `json:"name_en" db:"name_en"`
	Standing   string                `json:"standing" db:"standing" enum:"active,paused,lost"`
	Stage      *land.Stage           `json:"stage" db:"stage" nullable:"true" enum:"lead,in_talks,to_sign,signed,landed,started,in_production" doc:"The furthest it had reached; null: none is known."`
	Reached    map[land.Stage]string `json:"reached" db:"reached" doc:"By stage the day it was reached."`
	Tags       []string              `json:"tags" db:"tags" doc:"In force on the day."`
	Parks      []string              `json:"parks" db:"parks" doc:"Whose business it is today."`
	TaskForce  *string               `json:"task_force" db:"task_force" nullable:"true"`
	PlannedCNY *float64              `json:"planned_cny" db:"planned_cny" nullable:"true" doc:"The whole investment as stated today; null: unknown."`
	PaidCNY    *float64              `json:"paid_cny" db:"paid_cny" nullable:"true" doc:"Paid from the first of January of the day's year until paid_until; null: unknown."`
	PaidUntil  *string               `json:"paid_until" db:"paid_until" nullable:"true" format:"date"`
}

// TallyQuery selects projects, and the day as of which they are looked at; zero values don't select.
type TallyQuery struct {
	On         string // a day; "": today in China
	Tag        string // in force on the day
	Park       string // a park's code
	SignedFrom string // a day
	SignedTo   string // a day, itself included
}

// sqlTallyRows: a project counts from its first milestone or tag on. $5 is the day, $6 to $9 select. It is read by
// store.ReadMany: each table is gone through once.
const sqlTallyRows = `
WITH j AS MATERIALIZED (SELECT j.district_id, j.project_id, j.code FROM project j WHERE ` + sqlProjectsOfBusiness + `),
d AS (SELECT coalesce($5::date, (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date) AS day),
r AS (SELECT district_id, project_id, jsonb_object_agg(m.stage, m.reached_on) AS reached
        FROM project_reached m CROSS JOIN d WHERE m.reached_on <= day GROUP BY 1, 2),
g AS (SELECT district_id, project_id, array_agg(DISTINCT t.tag ORDER BY t.tag) AS tags
        FROM project_tagged t CROSS JOIN d WHERE t.valid @> day GROUP BY 1, 2),
u AS (SELECT DISTINCT ON (district_id, project_id) district_id, project_id, turn
        FROM project_turned CROSS JOIN d WHERE since <= day ORDER BY district_id, project_id, since DESC, n DESC),
i AS (SELECT DISTINCT ON (district_id, project_id) district_id, project_id, paid_cny::float8 AS paid_cny, until
        FROM project_investment CROSS JOIN d WHERE until BETWEEN date_trunc('year', day)::date AND day
       ORDER BY district_id, project_id, until DESC, noted_at DESC),
c AS (SELECT c.district_id, c.project_id, array_agg(DISTINCT k.code) AS parks
        FROM project_park c JOIN park k USING (park_id) GROUP BY 1, 2)
SELECT j.project_id AS id, j.code, v.name_zh, v.name_en, v.task_force, v.investment_cny::float8 AS planned_cny,
       CASE u.turn WHEN 'paused' THEN 'paused' WHEN 'lost' THEN 'lost' ELSE 'active' END AS standing, NULL AS stage,
       coalesce(r.reached, '{}') AS reached, coalesce(g.tags, '{}') AS tags, coalesce(c.parks, '{}') AS parks,
       i.paid_cny, i.until::text AS paid_until
  FROM j JOIN project_version v ON (v.district_id, v.project_id) = (j.district_id, j.project_id) AND upper_inf(v.sys)
  LEFT JOIN r ON (r.district_id, r.project_id) = (j.district_id, j.project_id)
  LEFT JOIN g ON (g.district_id, g.project_id) = (j.district_id, j.project_id)
  LEFT JOIN u ON (u.district_id, u.project_id) = (j.district_id, j.project_id)
  LEFT JOIN i ON (i.district_id, i.project_id) = (j.district_id, j.project_id)
  LEFT JOIN c ON (c.district_id, c.project_id) = (j.district_id, j.project_id)
 WHERE (r.reached IS NOT NULL OR g.tags IS NOT NULL) AND ($6 = '' OR $6 = ANY (g.tags)) AND ($7 = ''
   OR $7 = ANY (c.parks))
   AND ($8::date IS NULL OR (r.reached ->> 'signed')::date >= $8::date)
   AND ($9::date IS NULL OR (r.reached ->> 'signed')::date <= $9::date)`

// TallyRows lists the projects of some business as they stood on a day, by code.
func (s Registry) TallyRows(ctx context.Context, of Business, q TallyQuery) ([]TallyRow, error) {
	day := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	rows, err := store.ReadMany[TallyRow](ctx, s.Store, sqlTallyRows,
		of.args(day(q.On), q.Tag, q.Park, day(q.SignedFrom), day(q.SignedTo))...)
	for i := range rows {
		rows[i].settle()
	}
	slices.SortFunc(rows, func(a, b TallyRow) int {
		return byCode(a.Code, b.Code, a.ID, b.ID)
	})
	return rows, err
}

// settle finds the furthest stage, and puts the parks in the order of their codes.
func (r *TallyRow) settle() {
	for _, stage := range land.Stages() {
		if _, ok := r.Reached[stage]; ok {
			r.Stage = &stage
		}
	}
	slices.SortFunc(r.Parks, land.CompareCodes)
}

// Sum is money of some projects: of how many it is known, and their sum. Of the others nothing is known: they are not
// counted as zero.
type Sum struct {
	CNY   *float64 `json:"cny" nullable:"true" doc:"Null: known of none."`
	Known int      `json:"known" doc:"Of how many projects it is known."`
}

func (s *Sum) add(cny *float64) {
	if cny == nil {
		return
	}
	total := *cny
	if s.CNY != nil {
		total += *s.CNY
	}
	s.CNY, s.Known = &total, s.Known+1
}

// Tally is what is counted of a group of projects.
type Tally struct {
	Key       string         `json:"key" doc:"What the projects have in common; empty: nothing is known of it."`
	Projects  int            `json:"projects"`
	Paused    int            `json:"paused"`
	Lost      int            `json:"lost"`
	Reached   map[string]int `json:"reached" doc:"By stage how many had come that far or further: stages may be left out."`
	StartRate *float64       `json:"start_rate" nullable:"true" doc:"Share of all the projects, paused and lost ones too, that had started (开工) or come further; null: there are none."`
	Planned   Sum            `json:"planned" doc:"The whole investment as stated."`
	Paid      Sum            `json:"paid" doc:"Paid in the day's year until the day."`
}

// FunnelStage is how many projects stood at a stage, as the furthest they had reached. Those paused or lost are told in
// Tally.
type FunnelStage struct {
	Stage    land.Stage `json:"stage" enum:"lead,in_talks,to_sign,signed,landed,started,in_production"`
	Projects int        `json:"projects"`
	Planned  Sum        `json:"planned"`
}

// Grouping is what figures are told apart by.
type Grouping string

// The groupings. A project counts in each of its tags and parks.
const (
	ByTag       Grouping = "tag"
	ByPark      Grouping = "park"
	ByTaskForce Grouping = "task_force"
	ByQuarter   Grouping = "quarter" // in which it was signed
)

// Keys are the groups that a project is in.
func (b Grouping) Keys(row TallyRow) []string {
	switch b {
	case ByTag:
		return orUnknown(row.Tags)
	case ByPark:
		return orUnknown(row.Parks)
	case ByTaskForce:
		if row.TaskForce != nil {
			return []string{*row.TaskForce}
		}
	case ByQuarter:
		if day := row.Reached[land.StageSigned]; len(day) >= 7 { // 2022-03-31: the first quarter
			return []string{day[:4] + "-Q" + string('1'+((day[5]-'0')*10+day[6]-'0'-1)/3)}
		}
	}
	return []string{""}
}

func orUnknown(keys []string) []string {
	if len(keys) == 0 {
		return []string{""}
	}
	return keys
}

// Tallies counts rows by group, in the order of the groups' keys, and all of them together.
func Tallies(rows []TallyRow, by Grouping) (groups []Tally, all Tally) {
	of := map[string]*Tally{}
	all = Tally{Reached: map[string]int{}}
	for _, row := range rows {
		all.count(row)
		for _, key := range by.Keys(row) {
			if of[key] == nil {
				of[key] = &Tally{Key: key, Reached: map[string]int{}}
			}
			of[key].count(row)
		}
	}
	groups = make([]Tally, 0, len(of))
	for _, one := range of {
		groups = append(groups, one.rated())
	}
	slices.SortFunc(groups, func(a, b Tally) int {
		return cmp.Or(cmp.Compare(without(a.Key), without(b.Key)), cmp.Compare(a.Key, b.Key))
	})
	return groups, all.rated()
}

// without puts what has no key last.
func without(key string) int {
	if key == "" {
		return 1
	}
	return 0
}

func (f *Tally) count(row TallyRow) {
	f.Projects++
	switch row.Standing {
	case "paused":
		f.Paused++
	case "lost":
		f.Lost++
	}
	for _, stage := range land.Stages() {
		if row.Stage == nil {
			break
		}
		f.Reached[string(stage)]++
		if stage == *row.Stage {
			break
		}
	}
	f.Planned.add(row.PlannedCNY)
	f.Paid.add(row.PaidCNY)
}

func (f *Tally) rated() Tally {
	if f.Projects > 0 {
		rate := float64(f.Reached[string(land.StageStarted)]) / float64(f.Projects)
		f.StartRate = &rate
	}
	return *f
}

// Funnel counts the active projects by the furthest stage they had reached.
func Funnel(rows []TallyRow) []FunnelStage {
	stages := land.Stages()
	funnel := make([]FunnelStage, len(stages))
	for i, stage := range stages {
		funnel[i].Stage = stage
	}
	for _, row := range rows {
		if row.Stage == nil || row.Standing != "active" {
			continue
		}
		at := &funnel[slices.Index(stages, *row.Stage)]
		at.Projects++
		at.Planned.add(row.PlannedCNY)
	}
	return funnel
}
