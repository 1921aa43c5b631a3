package registry

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"luodi/data/store"
	"luodi/geo/land"
)

// ProjectsAsked says which projects of a business to list, and which of them to give. What is empty leaves none out.
type ProjectsAsked struct {
	Words       []string // in small letters: each stands in the code, a name, or a name of the company
	Stage       string   // the furthest reached; NoStage: none is noted
	Standing    string
	Party       *uuid.UUID
	From, Limit int
}

// NoStage is what a project without a noted stage counts under.
const NoStage = "none"

// ProjectsFound are projects by code: a page of those asked for.
type ProjectsFound struct {
	Projects []Project      `json:"projects" doc:"By code."`
	All      int            `json:"all" doc:"How many were asked for, on all pages."`
	Total    int            `json:"total" doc:"How many one may see at all."`
	Stages   map[string]int `json:"stages" doc:"How many there are of each stage, whatever stage was asked for; none: no stage is noted."`
	Next     *int           `json:"next" nullable:"true" doc:"What from takes for the next page; null: these are the last."`
}

// foundProject is what a project is picked by.
type foundProject struct {
	ID    uuid.UUID
	Code  string
	Stage string
	Asked bool // for all that it is, but for its stage
}

// sqlFindProjects: $5 are the words, $6 a standing or "", $7 a party or null.
const sqlFindProjects = `
WITH j AS MATERIALIZED (SELECT j.* FROM project j WHERE ` + sqlProjectsOfBusiness + `),
r AS (SELECT district_id, project_id, max(stage_order(m.stage)) AS stage FROM project_reached m GROUP BY 1, 2),
u AS (SELECT DISTINCT ON (district_id, project_id) district_id, project_id, turn
        FROM project_turn ORDER BY district_id, project_id, n DESC),
f AS (SELECT j.project_id, j.code, j.party_id, r.stage,
         CASE WHEN u.turn IN ('paused', 'lost') THEN u.turn ELSE 'active' END AS standing,
         lower(concat_ws(E'\n', j.code, v.name_zh, v.name_en, p.name_zh, p.name_en)) AS said
        FROM j
        JOIN project_version v ON (v.district_id, v.project_id) = (j.district_id, j.project_id) AND upper_inf(v.sys)
        LEFT JOIN party p ON (p.district_id, p.party_id) = (j.district_id, j.party_id)
        LEFT JOIN r ON (r.district_id, r.project_id) = (j.district_id, j.project_id)
        LEFT JOIN u ON (u.district_id, u.project_id) = (j.district_id, j.project_id))
SELECT project_id AS id, code, coalesce((ARRAY['lead', 'in_talks', 'to_sign', 'signed', 'landed', 'started',
         'in_production'])[stage], '` + NoStage + `') AS stage, $6 IN ('', standing)
         AND ($7::uuid IS NULL OR party_id IS NOT DISTINCT FROM $7) AND NOT EXISTS (SELECT FROM unnest($5::text[]) w (word) WHERE strpos(said, word) = 0) AS asked
  FROM f`

// FindProjects lists projects of some business by code, a page of those asked for.
func (s Registry) FindProjects(ctx context.Context, of Business, asked ProjectsAsked) (ProjectsFound, error) {
	words := asked.Words
	if words == nil {
		words = []string{}
	}
	all, err := store.ReadMany[foundProject](ctx, s.Store, sqlFindProjects,
		of.args(words, asked.Standing, asked.Party)...)
	if err != nil {
		return ProjectsFound{}, err
	}
	found := ProjectsFound{Total: len(all), Stages: map[string]int{}}
	all = slices.DeleteFunc(all, func(p foundProject) bool {
		if p.Asked {
			found.Stages[p.Stage]++
		}
		return !p.Asked || asked.Stage != "" && p.Stage != asked.Stage
	})
	found.All = len(all)
	slices.SortFunc(all, func(a, b foundProject) int { return byCode(a.Code, b.Code, a.ID, b.ID) })
	from := min(asked.From, len(all))
	to := min(from+asked.Limit, len(all))
	if to < len(all) {
		found.Next = &to
	}
	ids := make([]uuid.UUID, 0, to-from)
	for _, p := range all[from:to] {
		ids = append(ids, p.ID)
	}
	found.Projects, err = s.projectsOf(ctx, of, ids)
	return found, err
}

// projectsOf reads projects by code.
func (s Registry) projectsOf(ctx context.Context, of Business, ids []uuid.UUID) ([]Project, error) {
	all, err := store.ReadMany[Project](ctx, s.Store, sqlProjects(sqlProjectsOfBusiness+` AND j.project_id = ANY ($5)`),
		of.args(ids)...)
	slices.SortFunc(all, func(a, b Project) int { return byCode(a.Code, b.Code, a.ID, b.ID) })
	return all, err
}

// byCode compares two things by their codes, and those of one code by their ids.
func byCode(code, other string, id, otherID uuid.UUID) int {
	return cmp.Or(land.CompareCodes(code, other), slices.Compare(id[:], otherID[:]))
}
