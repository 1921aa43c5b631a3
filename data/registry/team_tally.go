package registry

import (
	"context"

	"github.com/google/uuid"

	"luodi/data/store"
)

// TeamFigure is a measure of a team in a quarter: what it was to reach, and what it reached by the milestones of projects
// that one sees.
type TeamFigure struct {
	Team    uuid.UUID `json:"team" db:"team" format:"uuid"`
	Quarter *int      `json:"quarter" db:"quarter" nullable:"true" minimum:"1" maximum:"4" doc:"Null: projects of which the year is noted and not the quarter."`
	Measure string    `json:"measure" db:"measure" enum:"leads,talks,signed,landed,started,signed_cny"`
	Target  *float64  `json:"target" db:"target" nullable:"true" doc:"Null: none is set."`
	Actual  *float64  `json:"actual" db:"actual" nullable:"true" doc:"Null: the quarter hasn't begun, of signed_cny no investment is known, or of leads and talks: they are another team's, which are not told."`
	Known   *int      `json:"known" db:"known" nullable:"true" doc:"Of signed_cny: of how many projects the investment is known."`
	Of      *int      `json:"of" db:"of" nullable:"true" doc:"Of signed_cny: how many were signed."`
}

// TeamReached is a project behind a figure of a team.
type TeamReached struct {
	Project   NamedProject `json:"project" db:"project"`
	ReachedOn string       `json:"reached_on" db:"reached_on" format:"date"`
	Precision string       `json:"precision" db:"precision" enum:"day,month,year,by"`
	CNY       *float64     `json:"cny" db:"cny" nullable:"true" doc:"Its planned investment as stated today; null: unknown."`
}

const (
	// sqlTeamReached reads, with the projects that one sees (j), whose milestone of the year $5 is a team's: that whose
	// first contact was live on the day; of a stage reached before any first contact, that of the first one. A day that
	// is known by its year, or only as the latest, is in no quarter (0).
	sqlTeamReached = `
j AS MATERIALIZED (SELECT j.district_id, j.project_id, j.code FROM project j WHERE ` + sqlProjectsOfBusiness + `),
r AS (SELECT j.district_id, j.project_id, j.code, f.team_id, m.stage, m.reached_on, m.precision,
         CASE WHEN m.precision IN ('day', 'month') THEN extract(quarter FROM m.reached_on)::int ELSE 0 END AS quarter,
         v.name_zh, v.name_en, v.investment_cny::float8 AS cny
        FROM j JOIN project_reached m USING (district_id, project_id)
        JOIN project_version v ON (v.district_id, v.project_id) = (j.district_id, j.project_id) AND upper_inf(v.sys)
        CROSS JOIN LATERAL (SELECT f.team_id FROM first_contact f
          WHERE (f.project_id, f.district_id) = (j.project_id, j.district_id)
            AND (f.released_at IS NULL OR (f.released_at AT TIME ZONE 'Asia/Shanghai')::date > m.reached_on)
          ORDER BY f.made_on > m.reached_on, CASE WHEN f.made_on <= m.reached_on THEN f.made_on END DESC, f.made_on,
            f.noted_at LIMIT 1) f
       WHERE extract(year FROM m.reached_on) = $5::int)`
	sqlMeasures = `(VALUES ('leads', 'lead', 1), ('talks', 'in_talks', 2), ('signed', 'signed', 3), ('landed', 'landed', 4),
         ('started', 'started', 5), ('signed_cny', 'signed', 6)) s (measure, stage, place)`
	// sqlSeesTeam: whether one is told of all that team t (of one's parks) has not signed yet.
	sqlSeesTeam = `($3::uuid IS NULL OR EXISTS (SELECT FROM team_member s WHERE (s.account_id, s.team_id, s.district_id)
         = ($3, t.team_id, t.district_id) AND s.until IS NULL)
         OR NOT EXISTS (SELECT FROM park k WHERE k.district_id = t.district_id
           AND NOT coalesce(k.park_id = ANY ($4::uuid[]), false)))`
	sqlTeamFigures = `
WITH ` + sqlTeamReached + `,
c AS (SELECT team_id, quarter, stage, count(*)::int AS n, count(cny)::int AS known, sum(cny) AS cny FROM r GROUP BY 1, 2, 3)
SELECT t.team_id AS team, nullif(q.quarter, 0) AS quarter, s.measure, h.amount::float8 AS target,
       CASE WHEN q.quarter > 0 AND make_date($5::int, 3 * q.quarter - 2, 1) > china_today() THEN NULL
         WHEN s.measure IN ('leads', 'talks') AND NOT ` + sqlSeesTeam + ` THEN NULL
         WHEN s.measure = 'signed_cny' THEN c.cny ELSE coalesce(c.n, 0) END AS actual,
       CASE WHEN s.measure = 'signed_cny' THEN coalesce(c.known, 0) END AS known,
       CASE WHEN s.measure = 'signed_cny' THEN coalesce(c.n, 0) END AS of
  FROM team t CROSS JOIN generate_series(0, 4) q (quarter) CROSS JOIN ` + sqlMeasures + `
  LEFT JOIN c ON (c.team_id, c.quarter, c.stage) = (t.team_id, q.quarter, s.stage)
  LEFT JOIN team_target_held h ON (h.district_id, h.team_id, h.year, h.quarter, h.measure)
    = (t.district_id, t.team_id, $5::int, q.quarter, s.measure)
 WHERE t.district_id = ANY ($1) AND (q.quarter > 0 OR c.n IS NOT NULL)
 ORDER BY t.kind = 'promotion', t.number, t.team_id, s.place, q.quarter = 0, q.quarter`
	// sqlTeamRows: $6 is the team, $7 the quarter, 0 for none, $8 the measure.
	sqlTeamRows = `
WITH ` + sqlTeamReached + `
SELECT jsonb_build_object('id', r.project_id, 'code', r.code, 'name_zh', r.name_zh, 'name_en', r.name_en) AS project,
       r.reached_on::text AS reached_on, r.precision, r.cny
  FROM r JOIN team t USING (district_id, team_id) JOIN ` + sqlMeasures + ` USING (stage)
 WHERE r.team_id = $6 AND r.quarter = $7::int AND s.measure = $8 AND (s.measure NOT IN ('leads', 'talks') OR ` + sqlSeesTeam + `)
 ORDER BY r.reached_on, code_order(r.code), r.project_id LIMIT 5000`
)

// TeamFigures lists targets of a year beside what was reached, of all teams of a business: task forces first, by number.
func (s Registry) TeamFigures(ctx context.Context, of Business, year int) ([]TeamFigure, error) {
	return store.ReadMany[TeamFigure](ctx, s.Store, sqlTeamFigures, of.args(year)...)
}

// TeamRows lists the projects behind a figure of a team, by the day on which the stage was reached; quarter 0: those of
// which only the year is known.
func (s Registry) TeamRows(ctx context.Context, of Business, id uuid.UUID, year, quarter int,
	measure string) ([]TeamReached, error) {
	if _, err := team(ctx, s.Planner, of.Districts, id); err != nil {
		return nil, err
	}
	return store.ReadMany[TeamReached](ctx, s.Store, sqlTeamRows, of.args(year, id, quarter, measure)...)
}
