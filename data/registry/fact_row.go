package registry

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"luodi/data/store"
	"luodi/geo/land"
)

// ByTeam tells figures apart by the team that had a project's first contact on the day.
const ByTeam Grouping = "team"

// FactRow is a project as it stood on a day with the facts that no milestone holds: construction in the sense of the
// land law, money by kind, the land it needs, and its team.
type FactRow struct {
	TallyRow
	Team        *FigureTeam   `json:"team" doc:"Whose first contact was live on the day; null: none."`
	LandStarted *string       `json:"land_started" nullable:"true" format:"date" doc:"When construction began as the land law means it (动工开发), under the first of its rights; null: not by the day, or not known."`
	Money       []NotedFigure `json:"money" doc:"By kind what counts on the day."`
	Need        *LandNeed     `json:"need" doc:"The land it needs while it is on its way: active, not landed, with no land reserved for it or supplied. Null: it is not, or has some."`
	signed      *string
}

// FigureTeam is a team in a figure.
type FigureTeam struct {
	Key    string `json:"key" doc:"Its kind and number, as promotion-3."`
	NameZH string `json:"name_zh"`
	NameEN string `json:"name_en"`
}

// NotedFigure is what a project has of one kind of money on a day.
type NotedFigure struct {
	MoneyKind
	AsOf   *string `json:"as_of" nullable:"true" format:"date" doc:"The last day that is counted; null: as stated today."`
	Amount float64 `json:"amount"`
	Year   int     `json:"year,omitempty" doc:"Of which year it is; absent of what is stated today."`
}

// LandNeed is the land that a project needs, in mu; nothing known of it where both are null.
type LandNeed struct {
	LeastMu *float64 `json:"least_mu" nullable:"true"`
	MostMu  *float64 `json:"most_mu" nullable:"true"`
}

// factExtra is what sqlFacts adds to a TallyRow.
type factExtra struct {
	ID          uuid.UUID     `db:"id"`
	Team        *FigureTeam   `db:"team"`
	LandStarted *string       `db:"land_started"`
	Money       []NotedFigure `db:"money"`
	LeastMu     *float64      `db:"least_mu"`
	MostMu      *float64      `db:"most_mu"`
	HasPlace    bool          `db:"has_place"` // a right to land that is no hold, or a lease of floor space
	Signed      *string       `db:"signed"`    // how well the day of signing is known
}

// sqlFacts reads, of the projects $1 on the day $2, what a TallyRow lacks. Of money to date, since the beginning and of
// plans the newest note up to the day counts; of a month only that of the last month that ended by the day, so that no
// sum is of two months.
const sqlFacts = `
WITH asked AS (SELECT coalesce($2::date, (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date) AS day),
noted AS (
  SELECT DISTINCT ON (m.project_id, m.kind, m.span, m.currency) m.project_id, m.kind, m.span, m.currency, m.as_of, m.amount,
         m.year
    FROM asked CROSS JOIN money_noted m
   WHERE m.project_id = ANY ($1) AND m.as_of <= day AND CASE m.span
     WHEN 'month' THEN m.as_of = (date_trunc('month', (day + 1)::timestamp) - interval '1 day')::date
     WHEN 'year' THEN m.year = extract(year FROM day) WHEN 'to_date' THEN m.year = extract(year FROM day) ELSE true END
   ORDER BY m.project_id, m.kind, m.span, m.currency, m.as_of DESC)
SELECT j.project_id AS id,
       (SELECT jsonb_build_object('key', t.kind || '-' || t.number, 'name_zh', t.name_zh, 'name_en', t.name_en)
          FROM first_contact f JOIN team t USING (district_id, team_id)
         WHERE (f.project_id, f.district_id) = (j.project_id, j.district_id) AND f.made_on <= day
           AND (f.released_at IS NULL OR (f.released_at AT TIME ZONE 'Asia/Shanghai')::date > day)
         ORDER BY f.made_on DESC, f.noted_at DESC LIMIT 1) AS team,
       (SELECT min(s.started_on)::text FROM land_started s
         WHERE (s.district_id, s.project_id) = (j.district_id, j.project_id) AND s.started_on <= day) AS land_started,
       coalesce((SELECT jsonb_agg(jsonb_build_object('kind', n.kind, 'span', n.span, 'currency', n.currency, 'as_of',
         n.as_of, 'amount', n.amount, 'year', n.year) ORDER BY n.kind, n.span, n.currency) FROM noted n
         WHERE n.project_id = j.project_id), '[]') AS money,
       CASE jsonb_typeof(a.area) WHEN 'number' THEN a.area::float8
         WHEN 'object' THEN CASE WHEN jsonb_typeof(a.area->'min') = 'number' THEN (a.area->'min')::float8 END
         END AS least_mu,
       CASE jsonb_typeof(a.area) WHEN 'number' THEN a.area::float8
         WHEN 'object' THEN CASE WHEN jsonb_typeof(a.area->'max') = 'number' THEN (a.area->'max')::float8 END
         END AS most_mu,
       EXISTS (SELECT FROM allotment t JOIN allotment_version x USING (park_id, allotment_id)
         WHERE (t.district_id, t.project_id) = (j.district_id, j.project_id) AND x.state <> 'hold'
           AND x.sys @> least(clock_timestamp(), (day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'))
       OR EXISTS (SELECT FROM letting l WHERE (l.district_id, l.project_id) = (j.district_id, j.project_id)
         AND l.let_on <= day AND NOT isempty(l.period) AND coalesce(upper(l.period) > day, true)) AS has_place,
       (SELECT m.precision FROM project_reached m WHERE (m.district_id, m.project_id) = (j.district_id, j.project_id)
         AND m.stage = 'signed') AS signed
  FROM asked CROSS JOIN project j
  JOIN project_version v ON (v.district_id, v.project_id) = (j.district_id, j.project_id) AND upper_inf(v.sys)
  CROSS JOIN LATERAL (SELECT v.requirement->'area_mu') a (area)
 WHERE j.project_id = ANY ($1)`

// FactRows lists the projects of some business as they stood on a day, by code, with all that figures are counted from.
func (s Registry) FactRows(ctx context.Context, of Business, q TallyQuery) ([]FactRow, error) {
	tallied, err := s.TallyRows(ctx, of, q)
	if err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, len(tallied))
	for i, row := range tallied {
		ids[i] = row.ID
	}
	var day *string
	if q.On != "" {
		day = &q.On
	}
	extras, err := store.ReadAll[factExtra](ctx, s.Store, sqlFacts, ids, day)
	if err != nil {
		return nil, err
	}
	extra := make(map[uuid.UUID]factExtra, len(extras))
	for _, one := range extras {
		extra[one.ID] = one
	}
	rows := make([]FactRow, len(tallied))
	for i, row := range tallied {
		rows[i] = newFactRow(row, extra[row.ID])
	}
	return rows, nil
}

// newFactRow puts the two homes of money together: the planned total and what was paid this year in CNY stand in the
// TallyRow.
func newFactRow(row TallyRow, more factExtra) FactRow {
	f := FactRow{TallyRow: row, signed: more.Signed, Team: more.Team, LandStarted: more.LandStarted,
		Money: []NotedFigure{}}
	if row.PlannedCNY != nil {
		f.Money = append(f.Money, NotedFigure{MoneyKind{"planned_total", "whole", "CNY"}, nil, *row.PlannedCNY, 0})
	}
	if row.PaidCNY != nil {
		f.Money = append(f.Money, NotedFigure{MoneyKind{"paid", "to_date", "CNY"}, row.PaidUntil, *row.PaidCNY, 0})
	}
	f.Money = append(f.Money, more.Money...)
	slices.SortStableFunc(f.Money, func(a, b NotedFigure) int { return a.compare(b.MoneyKind) })
	landed := row.Stage != nil && slices.Index(land.Stages(), *row.Stage) >= slices.Index(land.Stages(),
		land.StageLanded)
	if row.Standing == "active" && !landed && !more.HasPlace {
		f.Need = &LandNeed{more.LeastMu, more.MostMu}
	}
	return f
}

// Keys are the groups that a project is in.
func (f FactRow) Keys(by Grouping) []string {
	switch {
	case by == ByQuarter && f.signed != nil && *f.signed == "year" && f.Reached[land.StageSigned] != "":
		return []string{f.Reached[land.StageSigned][:4]} // in which quarter is not known
	case by == ByQuarter && f.signed != nil && *f.signed == "by":
		return []string{""}
	case by != ByTeam:
		return by.Keys(f.TallyRow)
	}
	if f.Team == nil {
		return []string{""}
	}
	return []string{f.Team.Key}
}
