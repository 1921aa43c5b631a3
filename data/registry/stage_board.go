package registry

import (
	"context"

	"github.com/google/uuid"

	"luodi/data/store"
)

// BoardColumn is one column of the board of projects: those at a stage, or paused or lost, and how many they are.
type BoardColumn struct {
	Column   string      `json:"column" enum:"none,lead,in_talks,to_sign,signed,landed,started,in_production,paused,lost" doc:"The furthest stage that its projects reached, none: no stage is noted; paused and lost ones stand apart."`
	Projects int         `json:"projects" doc:"All of the column."`
	Cards    []BoardCard `json:"cards" doc:"The first of them: those whose next step is due first, then those that stand there longest."`
}

// BoardCard is a project as the board shows it.
type BoardCard struct {
	ID        uuid.UUID   `json:"id" db:"id" format:"uuid"`
	Code      string      `json:"code" db:"code"`
	NameZH    string      `json:"name_zh" db:"name_zh"`
	NameEN    string      `json:"name_en" db:"name_en"`
	Party     *NamedParty `json:"party" db:"party"`
	Team      *NamedTeam  `json:"team" db:"team" doc:"That of its live first contact."`
	TaskForce *string     `json:"task_force" db:"task_force" nullable:"true"`
	Since     *string     `json:"since" db:"since" format:"date" nullable:"true" doc:"Since when it stands in the column; null: unknown."`
	Days      *int        `json:"days" db:"days" nullable:"true" doc:"For how many days, in the time zone of its park."`
	NextStep  *string     `json:"next_step" db:"next_step" nullable:"true" doc:"The open one that is due first."`
	Due       *string     `json:"due" db:"due" format:"date" nullable:"true"`
	Overdue   bool        `json:"overdue" db:"overdue"`

	Places []BoardPlace  `json:"places" db:"places" doc:"Its land by park, and that of workshops that it rents; none: it has no place, or one in a park that one doesn't see."`
	Agent  *store.Person `json:"agent" db:"agent" doc:"Who runs it for its firm today, by a mandate for all of it; null: nobody."`
	Stuck  *BoardStuck   `json:"stuck" db:"stuck" doc:"What holds it up; null: nothing is noted."`

	Column string `json:"-" db:"column"`
	All    int    `json:"-" db:"all"`
}

// BoardColumns are the columns in their order.
var BoardColumns = []string{"none", "lead", "in_talks", "to_sign", "signed", "landed", "started", "in_production",
	"paused", "lost"}

// sqlBoard: $5 is a park's code or "", $6 how many cards of a column.
const sqlBoard = `
WITH j AS MATERIALIZED (SELECT j.* FROM project j WHERE ` + sqlProjectsOfBusiness + sqlInPark + `),
r AS (SELECT district_id, project_id, max(stage_order(m.stage)) AS stage, max(m.reached_on) AS since
        FROM project_reached m GROUP BY 1, 2),
u AS (SELECT DISTINCT ON (district_id, project_id) district_id, project_id, turn, since
        FROM project_turned ORDER BY district_id, project_id, n DESC),
n AS (SELECT DISTINCT ON (district_id, project_id) district_id, project_id, next_step, due
        FROM project_visit WHERE next_step IS NOT NULL AND done_at IS NULL
       ORDER BY district_id, project_id, due NULLS LAST, n),
s AS (SELECT j.*, n.next_step, n.due, CASE WHEN u.turn IN ('paused', 'lost') THEN u.turn ELSE coalesce((ARRAY['lead',
         'in_talks', 'to_sign', 'signed', 'landed', 'started', 'in_production'])[r.stage], 'none') END AS at,
         CASE WHEN u.turn IN ('paused', 'lost') THEN u.since ELSE r.since END AS since
        FROM j
        LEFT JOIN r ON (r.district_id, r.project_id) = (j.district_id, j.project_id)
        LEFT JOIN u ON (u.district_id, u.project_id) = (j.district_id, j.project_id)
        LEFT JOIN n ON (n.district_id, n.project_id) = (j.district_id, j.project_id)),
w AS MATERIALIZED (SELECT *
  FROM (SELECT s.*, count(*) OVER (PARTITION BY at) AS all_of, row_number() OVER (PARTITION BY at
         ORDER BY due NULLS LAST, since NULLS LAST, project_id) AS place FROM s) p WHERE place <= $6)
SELECT w.at AS column, w.all_of AS all, w.project_id AS id, w.code, v.name_zh, v.name_en, v.task_force, w.next_step,
       w.since::text AS since, w.due::text AS due, t.day - w.since AS days, coalesce(w.due < t.day, false) AS overdue,
       CASE WHEN p.party_id IS NOT NULL THEN jsonb_build_object('id', p.party_id, 'name_zh', p.name_zh, 'name_en',
         p.name_en) END AS party,
       CASE WHEN e.team_id IS NOT NULL THEN jsonb_build_object('id', e.team_id, 'kind', e.kind, 'number', e.number,
         'name_zh', e.name_zh, 'name_en', e.name_en) END AS team,
       ` + sqlBoardPlaces + ` AS places, ` + sqlBoardAgent + ` AS agent, ` + sqlBoardStuck + ` AS stuck
  FROM w
  JOIN project_version v ON (v.district_id, v.project_id) = (w.district_id, w.project_id) AND upper_inf(v.sys)
  LEFT JOIN park k ON k.park_id = w.park_id
  CROSS JOIN LATERAL (SELECT (clock_timestamp() AT TIME ZONE coalesce(k.time_zone, 'Asia/Shanghai'))::date AS day) t
  LEFT JOIN party p ON (p.district_id, p.party_id) = (w.district_id, w.party_id)
  LEFT JOIN first_contact f ON (f.project_id, f.district_id) = (w.project_id, w.district_id) AND f.released_at IS NULL
  LEFT JOIN team e ON (e.district_id, e.team_id) = (f.district_id, f.team_id)
 ORDER BY w.at, w.place`

// sqlInPark is a further condition on projects (j): $5, where it isn't "", is the code of a park whose business they
// are.
const sqlInPark = ` AND ($5 = '' OR (j.district_id, j.project_id) IN (SELECT c.district_id, c.project_id
	FROM project_park c JOIN park k USING (park_id) WHERE k.code = $5))`

// Board lists the columns of the board with the first cards of each, of the business of one park or, with "", of all.
func (s Registry) Board(ctx context.Context, of Business, park string, cards int) ([]BoardColumn, error) {
	rows, err := store.ReadMany[BoardCard](ctx, s.Store, sqlBoard, of.args(park, cards)...)
	if err != nil {
		return nil, err
	}
	by := map[string][]BoardCard{}
	for _, row := range rows {
		by[row.Column] = append(by[row.Column], row)
	}
	all := make([]BoardColumn, len(BoardColumns))
	for i, name := range BoardColumns {
		all[i] = BoardColumn{Column: name, Cards: []BoardCard{}}
		if cards := by[name]; len(cards) > 0 {
			all[i].Cards, all[i].Projects = cards, cards[0].All
		}
	}
	return all, nil
}

// ProjectName is a project where one is chosen.
type ProjectName struct {
	ID     uuid.UUID   `json:"id" db:"id" format:"uuid"`
	Code   string      `json:"code" db:"code"`
	NameZH string      `json:"name_zh" db:"name_zh"`
	NameEN string      `json:"name_en" db:"name_en"`
	Party  *NamedParty `json:"party" db:"party"`
}

// sqlProjectNames: $5 is a park's code or "", $6 the words, in small letters, $7 how many at most. Every word stands in
// the code, a name, or a name of the company. A code that begins so comes first, then the name that does.
const sqlProjectNames = `
WITH j AS MATERIALIZED (SELECT j.* FROM project j WHERE ` + sqlProjectsOfBusiness + sqlInPark + `),
f AS MATERIALIZED (
  SELECT j.*, v.name_zh, v.name_en, p.name_zh AS party_zh, p.name_en AS party_en,
         lower(concat_ws(E'\n', j.code, v.name_zh, v.name_en, p.name_zh, p.name_en)) AS said
    FROM j JOIN project_version v ON (v.district_id, v.project_id) = (j.district_id, j.project_id) AND upper_inf(v.sys)
    LEFT JOIN party p ON (p.district_id, p.party_id) = (j.district_id, j.party_id))
SELECT project_id AS id, code, name_zh, name_en, CASE WHEN party_id IS NOT NULL THEN jsonb_build_object('id', party_id,
         'name_zh', party_zh, 'name_en', party_en) END AS party
  FROM f WHERE NOT EXISTS (SELECT FROM unnest($6::text[]) w (word) WHERE strpos(said, word) = 0)
 ORDER BY cardinality($6) > 0 AND NOT starts_with(lower(code), coalesce($6[1], '')), cardinality($6) > 0
   AND NOT starts_with(lower(name_zh), coalesce($6[1], '')), code_order(code), project_id LIMIT $7`

// ProjectNames finds projects of some business by words in their code, names or company, at most so many.
func (s Registry) ProjectNames(ctx context.Context, of Business, park string, words []string, most int) ([]ProjectName,
	error) {
	return store.ReadMany[ProjectName](ctx, s.Store, sqlProjectNames, of.args(park, words, most)...)
}
