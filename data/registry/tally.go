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

// sqlTallyRows: a project counts from its first milestone or tag on. $5 is the day, $6 to $9 select.
const sqlTallyRows = `
SELECT j.project_id AS id, j.code, v.name_zh, v.name_en, v.task_force, v.investment_cny::float8 AS planned_cny,
       coalesce((SELECT CASE u.turn WHEN 'resumed' THEN 'active' ELSE u.turn END FROM project_turn u
         WHERE (u.district_id, u.project_id) = (j.district_id, j.project_id) AND u.since <= day
         ORDER BY u.since DESC, u.n DESC LIMIT 1), 'active') AS standing,
       r.stage, coalesce(r.reached, '{}') AS reached, g.tags,
       ARRAY(SELECT k.code FROM park k WHERE k.park_id IN (SELECT c.park_id FROM project_park c
         WHERE (c.district_id, c.project_id) = (j.district_id, j.project_id)) ORDER BY code_order(k.code)) AS parks,
       i.paid_cny, i.until::text AS paid_until
  FROM coalesce($5::date, (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date) day
  CROSS JOIN project j
  JOIN project_version v ON (v.district_id, v.project_id) = (j.district_id, j.project_id) AND upper_inf(v.sys)
  LEFT JOIN LATERAL (
    SELECT jsonb_object_agg(m.stage, m.reached_on) AS reached, max(m.reached_on) FILTER (WHERE m.stage = 'signed')
             AS signed_on, (array_agg(m.stage ORDER BY stage_order(m.stage) DESC))[1] AS stage
      FROM project_reached m
     WHERE (m.district_id, m.project_id) = (j.district_id, j.project_id) AND m.reached_on <= day) r ON true
  LEFT JOIN LATERAL (
    SELECT coalesce(array_agg(DISTINCT t.tag ORDER BY t.tag), '{}') AS tags FROM project_tag t
     WHERE (t.district_id, t.project_id) = (j.district_id, j.project_id) AND t.valid @> day) g ON true
  LEFT JOIN LATERAL (
    SELECT p.paid_cny::float8 AS paid_cny, p.until FROM project_investment p
     WHERE (p.district_id, p.project_id) = (j.district_id, j.project_id) AND p.until <= day
       AND p.until >= date_trunc('year', day)::date ORDER BY p.until DESC, p.noted_at DESC LIMIT 1) i ON true
 WHERE ` + sqlProjectOfBusiness + `
   AND (r.stage IS NOT NULL OR g.tags <> '{}')
   AND ($6 = '' OR $6 = ANY (g.tags))
   AND ($7 = '' OR EXISTS (SELECT FROM project_park c JOIN park k USING (park_id)
     WHERE (c.district_id, c.project_id) = (j.district_id, j.project_id) AND k.code = $7))
   AND ($8::date IS NULL OR r.signed_on >= $8::date) AND ($9::date IS NULL OR r.signed_on <= $9::date)
 ORDER BY code_order(j.code), j.project_id`

// TallyRows lists the projects of some business as they stood on a day, by code.
func (s Registry) TallyRows(ctx context.Context, of Business, q TallyQuery) ([]TallyRow, error) {
	day := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	return store.ReadAll[TallyRow](ctx, s.Store, sqlTallyRows,
		of.args(day(q.On), q.Tag, q.Park, day(q.SignedFrom), day(q.SignedTo))...)
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
