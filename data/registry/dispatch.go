package registry

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
)

// Dispatch is the sheet of a week (周调度): what moved, what is stuck, who owes what, as of the week's end or, in the
// week that it is, today.
type Dispatch struct {
	Week  string `json:"week" example:"2026-W48" doc:"The week by ISO 8601."`
	From  string `json:"from" format:"date" doc:"Its Monday."`
	To    string `json:"to" format:"date" doc:"Its Sunday."`
	On    string `json:"on" format:"date" doc:"The day as of which is told what is stuck and owed."`
	Still int    `json:"still" doc:"A project without a move for more than so many days is stuck."`
	Most  int    `json:"most" doc:"How many entries of each list are told at most."`
	Moved struct {
		All     int     `json:"all"`
		Entries []Moved `json:"entries" doc:"By project, then by day."`
	} `json:"moved"`
	Stuck struct {
		All     int     `json:"all"`
		Entries []Stuck `json:"entries" doc:"The longest first."`
	} `json:"stuck"`
	Owed struct {
		All     int    `json:"all"`
		Overdue int    `json:"overdue"`
		Entries []Owed `json:"entries" doc:"By who owes them, the first due first."`
	} `json:"owed"`
}

// OfProject names the project of an entry.
type OfProject struct {
	ID     uuid.UUID `json:"id" db:"id" format:"uuid"`
	Code   string    `json:"code" db:"code"`
	NameZH string    `json:"name_zh" db:"name_zh"`
	NameEN string    `json:"name_en" db:"name_en"`
}

// Moved is a move of a project.
type Moved struct {
	OfProject
	Kind string  `json:"kind" db:"kind" enum:"milestone,turn,visit,right,letting,step"`
	What string  `json:"what" db:"what" doc:"Of a milestone its stage, of a turn paused, lost or resumed, of a right hold, reserved, supplied, built or ended, of a letting of floor space held, let or ended, of a visit its note, of an approval the step's code."`
	ZH   *string `json:"what_zh" db:"what_zh" nullable:"true" doc:"Of an approval the step's name."`
	EN   *string `json:"what_en" db:"what_en" nullable:"true"`
	Day  string  `json:"day" db:"day" format:"date"`
	All  int     `json:"-" db:"all"`
}

// Stuck is an active project, short of production, that did not move for longer than the sheet says.
type Stuck struct {
	OfProject
	Stage *string `json:"stage" db:"stage" nullable:"true" enum:"lead,in_talks,to_sign,signed,landed,started,in_production"`
	Last  string  `json:"last" db:"last" format:"date" doc:"The day of its last move."`
	Days  int     `json:"days" db:"days" doc:"How long ago that was."`
	All   int     `json:"-" db:"all"`
}

// Owed is a next step that was not done, and who owes it.
type Owed struct {
	OfProject
	Visit     int        `json:"visit" db:"visit" doc:"The number of the visit that it follows from."`
	NextStep  string     `json:"next_step" db:"next_step"`
	Due       *string    `json:"due" db:"due" format:"date" nullable:"true"`
	Overdue   bool       `json:"overdue" db:"overdue"`
	Team      *NamedTeam `json:"team" db:"team" doc:"That of the project's live first contact."`
	TaskForce *string    `json:"task_force" db:"task_force" nullable:"true"`
	NotedBy   string     `json:"noted_by" db:"noted_by" doc:"The name of who noted it."`
	All       int        `json:"-" db:"all"`
	Late      int        `json:"-" db:"late"`
}

// DispatchQuery asks for the sheet of a week: of one park or, with "", of all; Monday is the week's first day, On the
// day as of which it is told, TimeZone where a moment has its day.
type DispatchQuery struct {
	Park     string
	Monday   time.Time
	On       time.Time
	TimeZone string
	Still    int
}

// dispatchMost is how many entries of each list a sheet has at most.
const dispatchMost = 300

// sqlSeen are the projects (j) of a business with their names; $5 is a park's code or "".
const sqlSeen = `WITH seen AS MATERIALIZED (SELECT j.* FROM project j WHERE ` + sqlProjectsOfBusiness + sqlInPark + `),
j AS (SELECT s.*, v.name_zh, v.name_en, v.task_force FROM seen s
        JOIN project_version v ON (v.district_id, v.project_id) = (s.district_id, s.project_id) AND upper_inf(v.sys))`

const (
	// sqlMoved: $6 and $7 are the first and the last day, $8 the time zone of moments, $9 how many at most. A right
	// moved when a record began another state of it, or ended it, and so did a letting; those in other parks than
	// the business's are not told.
	sqlMoved = sqlSeen + `,
e AS (SELECT district_id, project_id, 'milestone' AS kind, stage AS what, NULL AS what_zh, NULL AS what_en, reached_on AS day
        FROM project_reached
      UNION ALL SELECT district_id, project_id, 'turn', turn, NULL, NULL, since FROM project_turned
      UNION ALL SELECT district_id, project_id, 'visit', note, NULL, NULL, visited_on FROM project_visit
      UNION ALL SELECT t.district_id, t.project_id, 'right', a.state, NULL, NULL, (o.at AT TIME ZONE $8)::date
        FROM allotment t JOIN allotment_version a USING (park_id, allotment_id)
        JOIN record o ON (o.park_id, o.seq) = (a.park_id, a.from_seq)
        LEFT JOIN allotment_version b ON (b.park_id, b.allotment_id, b.to_seq) = (a.park_id, a.allotment_id, a.prev_to_seq)
       WHERE a.state IS DISTINCT FROM b.state AND ($2::uuid[] IS NULL OR t.park_id = ANY ($2))
      UNION ALL SELECT t.district_id, t.project_id, 'right', 'ended', NULL, NULL, (o.at AT TIME ZONE $8)::date
        FROM allotment t JOIN allotment_version a USING (park_id, allotment_id)
        JOIN record o ON (o.park_id, o.seq) = (a.park_id, a.to_seq)
        LEFT JOIN allotment_version b ON (b.park_id, b.allotment_id, b.from_seq) = (a.park_id, a.allotment_id, a.to_seq)
       WHERE b.from_seq IS NULL AND ($2::uuid[] IS NULL OR t.park_id = ANY ($2))
      UNION ALL SELECT l.district_id, l.project_id, 'letting', r.facts ->> 'state', NULL, NULL, (r.at AT TIME ZONE $8)::date
        FROM letting l JOIN building_record r ON (r.thing_id, r.park_id) = (l.letting_id, l.park_id)
        LEFT JOIN building_record b ON (b.thing_id, b.revision, b.park_id) = (r.thing_id, r.revision - 1, r.park_id)
       WHERE r.facts ->> 'state' IS DISTINCT FROM b.facts ->> 'state' AND ($2::uuid[] IS NULL OR l.park_id = ANY ($2))
      UNION ALL SELECT w.district_id, w.project_id, 'step', h.step, s ->> 'name_zh', s ->> 'name_en', h.day
        FROM flow_event_held h JOIN project_flow w USING (district_id, flow_id)
        JOIN flow_template p ON (p.district_id, p.code, p.revision) = (w.district_id, w.template, w.template_rev)
        LEFT JOIN LATERAL (SELECT s FROM jsonb_array_elements(p.content -> 'steps') s
          WHERE s ->> 'code' = h.step LIMIT 1)
          s ON true
       WHERE h.kind = 'done' AND w.retired_at IS NULL AND h.day BETWEEN $6::date AND $7::date)
SELECT j.project_id AS id, j.code, j.name_zh, j.name_en, e.kind, e.what, e.what_zh, e.what_en, e.day::text AS day,
       count(*) OVER () AS all
  FROM j JOIN e ON (e.district_id, e.project_id) = (j.district_id, j.project_id)
 WHERE e.day BETWEEN $6::date AND $7::date ORDER BY code_order(j.code), j.project_id, e.day, e.kind, e.what LIMIT $9`
	// sqlStuck: $6 is the day, $7 the time zone, $8 for how many days without a move, $9 how many at most.
	sqlStuck = sqlSeen + `,
r AS (SELECT district_id, project_id, max(stage_order(stage)) AS stage, max(reached_on) AS day
        FROM project_reached WHERE reached_on <= $6::date GROUP BY 1, 2),
u AS (SELECT DISTINCT ON (district_id, project_id) district_id, project_id, turn, since
        FROM project_turned WHERE since <= $6::date ORDER BY district_id, project_id, since DESC, n DESC),
v AS (SELECT district_id, project_id, max(visited_on) AS day FROM project_visit WHERE visited_on <= $6::date
  GROUP BY 1, 2),
a AS (SELECT t.district_id, t.project_id, max((o.at AT TIME ZONE $7)::date) AS day
        FROM allotment t JOIN allotment_version x USING (park_id, allotment_id)
        JOIN record o ON o.park_id = x.park_id AND o.seq IN (x.from_seq, x.to_seq)
       WHERE (o.at AT TIME ZONE $7)::date <= $6::date AND ($2::uuid[] IS NULL OR t.park_id = ANY ($2)) GROUP BY 1, 2),
b AS (SELECT l.district_id, l.project_id, max((r.at AT TIME ZONE $7)::date) AS day
        FROM letting l JOIN building_record r ON (r.thing_id, r.park_id) = (l.letting_id, l.park_id)
       WHERE (r.at AT TIME ZONE $7)::date <= $6::date AND ($2::uuid[] IS NULL OR l.park_id = ANY ($2)) GROUP BY 1, 2),
f AS (SELECT w.district_id, w.project_id, max(h.day) AS day FROM flow_event_held h
        JOIN project_flow w USING (district_id, flow_id) WHERE h.day <= $6::date AND w.retired_at IS NULL
          GROUP BY 1, 2),
l AS (SELECT j.*, r.stage, greatest(r.day, u.since, v.day, a.day, b.day, f.day) AS last FROM j
        LEFT JOIN r ON (r.district_id, r.project_id) = (j.district_id, j.project_id)
        LEFT JOIN u ON (u.district_id, u.project_id) = (j.district_id, j.project_id)
        LEFT JOIN v ON (v.district_id, v.project_id) = (j.district_id, j.project_id)
        LEFT JOIN a ON (a.district_id, a.project_id) = (j.district_id, j.project_id)
        LEFT JOIN b ON (b.district_id, b.project_id) = (j.district_id, j.project_id)
        LEFT JOIN f ON (f.district_id, f.project_id) = (j.district_id, j.project_id)
       WHERE coalesce(u.turn, 'resumed') = 'resumed' AND coalesce(r.stage, 0) < stage_order('in_production'))
SELECT l.project_id AS id, l.code, l.name_zh, l.name_en, (ARRAY['lead', 'in_talks', 'to_sign', 'signed', 'landed',
         'started', 'in_production'])[l.stage] AS stage, l.last::text AS last, $6::date - l.last AS days, count(*) OVER () AS all
  FROM l WHERE $6::date - l.last > $8 ORDER BY l.last, code_order(l.code), l.project_id LIMIT $9`
	// sqlOwed: $6 is the day, $7 the time zone, $8 how many at most. What was noted or done later is not known on the
	// day.
	sqlOwed = sqlSeen + `,
o AS (SELECT v.*, a.name AS noted_name, coalesce(v.due < $6::date, false) AS overdue FROM project_visit v
        JOIN account a ON a.account_id = v.noted_by
       WHERE v.next_step IS NOT NULL AND v.visited_on <= $6::date
         AND (v.done_at IS NULL OR (v.done_at AT TIME ZONE $7)::date > $6::date))
SELECT j.project_id AS id, j.code, j.name_zh, j.name_en, j.task_force, o.n AS visit, o.next_step, o.due::text AS due,
       o.overdue, o.noted_name AS noted_by, count(*) OVER () AS all, count(*) FILTER (WHERE o.overdue) OVER () AS late,
       CASE WHEN e.team_id IS NOT NULL THEN jsonb_build_object('id', e.team_id, 'kind', e.kind, 'number', e.number,
         'name_zh', e.name_zh, 'name_en', e.name_en) END AS team
  FROM j JOIN o ON (o.district_id, o.project_id) = (j.district_id, j.project_id)
  LEFT JOIN first_contact f ON (f.project_id, f.district_id) = (j.project_id, j.district_id) AND f.released_at IS NULL
  LEFT JOIN team e ON (e.district_id, e.team_id) = (f.district_id, f.team_id)
 ORDER BY e.kind, e.number, j.task_force, o.noted_name, o.due NULLS LAST, code_order(j.code), o.n LIMIT $8`
)

// Dispatch reads the sheet of a week for some business.
func (s Registry) Dispatch(ctx context.Context, of Business, q DispatchQuery) (d Dispatch, err error) {
	sunday := q.Monday.AddDate(0, 0, 6)
	d.From, d.To, d.On = q.Monday.Format(time.DateOnly), sunday.Format(time.DateOnly), q.On.Format(time.DateOnly)
	d.Still, d.Most = q.Still, dispatchMost
	if d.Moved.Entries, err = store.ReadMany[Moved](ctx, s.Store, sqlMoved,
		of.args(q.Park, d.From, d.To, q.TimeZone, d.Most)...); err != nil {
		return d, err
	}
	if d.Stuck.Entries, err = store.ReadMany[Stuck](ctx, s.Store, sqlStuck,
		of.args(q.Park, d.On, q.TimeZone, q.Still, d.Most)...); err != nil {
		return d, err
	}
	if d.Owed.Entries, err = store.ReadMany[Owed](ctx, s.Store, sqlOwed,
		of.args(q.Park, d.On, q.TimeZone, d.Most)...); err != nil {
		return d, err
	}
	if all := d.Moved.Entries; len(all) > 0 {
		d.Moved.All = all[0].All
	}
	if all := d.Stuck.Entries; len(all) > 0 {
		d.Stuck.All = all[0].All
	}
	if all := d.Owed.Entries; len(all) > 0 {
		d.Owed.All, d.Owed.Overdue = all[0].All, all[0].Late
	}
	return d, nil
}

// ParkZone is the time zone of a park; it returns a Missing for a code that no park of the business has.
func (s Registry) ParkZone(ctx context.Context, of Business, park string) (string, error) {
	const sql = `SELECT time_zone FROM park WHERE code = $1 AND district_id = ANY ($2)
		AND ($3::uuid[] IS NULL OR park_id = ANY ($3))`
	var zone string
	err := s.Planner.QueryRow(ctx, sql, park, of.Districts, of.Parks).Scan(&zone)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", &store.Missing{Kind: "park", Name: park}
	}
	return zone, store.Translate("read a park", err)
}
