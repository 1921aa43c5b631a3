package registry

import (
	"context"
	"time"

	"github.com/google/uuid"

	"luodi/data/store"
	"luodi/geo/chain"
)

// PieceSum is what is noted of a piece of a chain, in short.
type PieceSum struct {
	Node     string                    `db:"node"`
	Owner    *NamedTeam                `db:"owner"`
	Verdicts map[string]map[string]int `db:"verdicts"` // by voice and verdict, how many experts say so
	Targets  int                       `db:"targets"`
	Roles    map[string]int            `db:"roles"`
}

// TeamSum is what a team does for a chain.
type TeamSum struct {
	Team    NamedTeam   `json:"team" db:"team"`
	Owns    []string    `json:"owns" db:"owns" doc:"The pieces that it is to win."`
	Targets *TargetsSum `json:"targets" db:"targets" doc:"Null: of another team, whose targets one doesn't see."`
}

// TargetsSum counts the target firms of a team, those that were closed too.
type TargetsSum struct {
	All        int `json:"all"`
	Live       int `json:"live"`
	Approached int `json:"approached"`
	Interested int `json:"interested" doc:"By the last answer."`
	Declined   int `json:"declined" doc:"By the last answer."`
	Projects   int `json:"projects" doc:"Became a project."`
	Signed     int `json:"signed" doc:"Whose project is signed."`
}

const (
	sqlPieceSums = `
SELECT p.node,
       (SELECT ` + sqlTeamJSON + ` FROM gap_owner o JOIN team t USING (district_id, team_id) WHERE o.district_id = ANY ($1)
         AND (o.chain, o.node) = ($5, p.node) AND o.released_at IS NULL) AS owner,
       (SELECT coalesce(jsonb_object_agg(v.voice, v.said), '{}')
         FROM (SELECT x.voice, jsonb_object_agg(x.verdict, x.n) AS said
          FROM (SELECT e.voice, h.verdict, count(*) AS n FROM judgement_held h
            JOIN expert e USING (district_id, expert_id)
            WHERE h.district_id = ANY ($1) AND (h.chain, h.node) = ($5, p.node) GROUP BY 1, 2) x
              GROUP BY 1) v) AS verdicts,
       (SELECT count(*)::int FROM target_firm f WHERE f.district_id = ANY ($1) AND (f.chain, f.node) = ($5, p.node)
         AND f.closed_at IS NULL AND ` + sqlSeenTarget + `) AS targets,
       (SELECT coalesce(jsonb_object_agg(x.role, x.n), '{}') FROM (SELECT r.role, count(*) AS n
         FROM project_chain_role_held r
          JOIN project j USING (district_id, project_id) WHERE (r.chain, r.node) = ($5, p.node) AND ` + sqlProjectOfBusiness + `
         GROUP BY 1) x) AS roles
  FROM unnest($6::text[]) p (node)`
	sqlTeamSums = `
SELECT ` + sqlTeamJSON + ` AS team,
       ARRAY(SELECT o.node FROM gap_owner o WHERE (o.district_id, o.team_id, o.chain) = (t.district_id, t.team_id, $5)
         AND o.released_at IS NULL ORDER BY o.noted_at) AS owns,
       CASE WHEN (SELECT ` + sqlSeenTarget + ` FROM (SELECT t.district_id, t.team_id) f) THEN (SELECT jsonb_build_object('all',
         count(*), 'live', count(*) FILTER (WHERE f.closed_at IS NULL), 'approached', count(f.approached_on),
         'interested', count(*) FILTER (WHERE w.answer = 'interested'),
         'declined', count(*) FILTER (WHERE w.answer = 'declined'), 'projects', count(f.project_id),
         'signed', count(*) FILTER (WHERE EXISTS (SELECT FROM project_reached m WHERE (m.district_id, m.project_id,
           m.stage) = (f.district_id, f.project_id, 'signed'))))
          FROM target_firm f LEFT JOIN LATERAL (SELECT n.answer FROM target_note n WHERE (n.district_id,
            n.target_firm_id) = (f.district_id, f.target_firm_id) ORDER BY n.n DESC LIMIT 1) w ON true
         WHERE (f.district_id, f.team_id, f.chain) = (t.district_id, t.team_id, $5)) END AS targets
  FROM team t WHERE t.district_id = ANY ($1) AND $2::uuid[] IS NOT DISTINCT FROM $2
   AND (EXISTS (SELECT FROM gap_owner o WHERE (o.district_id, o.team_id, o.chain) = (t.district_id, t.team_id, $5)
       AND o.released_at IS NULL)
     OR EXISTS (SELECT FROM target_firm f WHERE (f.district_id, f.team_id, f.chain) = (t.district_id, t.team_id, $5)
       AND ` + sqlSeenTarget + `))
 ORDER BY t.kind = 'promotion', t.number, t.team_id`
	// sqlFillings: when each project of some business came to count for a piece of the chain. Land counts while it
	// has it.
	sqlFillings = `
SELECT j.project_id AS id, j.code, v.name_zh, v.name_en, v.chain_stage AS node,
       (SELECT min(m.reached_on)::text FROM project_reached m
         WHERE (m.district_id, m.project_id) = (j.district_id, j.project_id)
         AND m.stage IN ('in_talks', 'to_sign', 'signed')) AS talks,
       (SELECT m.reached_on::text FROM project_reached m WHERE (m.district_id, m.project_id, m.stage) = (j.district_id,
         j.project_id, 'signed')) AS signed,
       (SELECT min((lower(l.sys) AT TIME ZONE 'Asia/Shanghai')::date)::text FROM allotment o JOIN allotment_parcel l
         USING (park_id, allotment_id) WHERE (o.district_id, o.project_id) = (j.district_id, j.project_id)
           AND l.to_seq IS NULL) AS land,
       EXISTS (SELECT FROM allotment o JOIN allotment_parcel l USING (park_id, allotment_id)
         WHERE (o.district_id, o.project_id) = (j.district_id, j.project_id) AND o.park_id = $6
           AND l.to_seq IS NULL) AS here,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('turn', u.turn, 'since', u.since) ORDER BY u.n), '[]')
         FROM project_turned u
         WHERE (u.district_id, u.project_id) = (j.district_id, j.project_id)) AS turns
  FROM project j JOIN project_version v ON (v.district_id, v.project_id) = (j.district_id, j.project_id)
    AND upper_inf(v.sys)
 WHERE v.chain_stage = ANY ($5::text[]) AND ` + sqlProjectOfBusiness + ` ORDER BY code_order(j.code), j.project_id`
)

// PieceSums gives in short what is noted of each of some pieces of a chain.
func (s Registry) PieceSums(ctx context.Context, of Business, code string, nodes []string) (map[string]PieceSum,
	error) {
	all, err := store.ReadAll[PieceSum](ctx, s.Store, sqlPieceSums, of.args(code, nodes)...)
	sums := make(map[string]PieceSum, len(all))
	for _, one := range all {
		sums[one.Node] = one
	}
	return sums, err
}

// TeamSums lists the teams that own pieces of a chain or seek firms for them.
func (s Registry) TeamSums(ctx context.Context, of Business, code string) ([]TeamSum, error) {
	return store.ReadAll[TeamSum](ctx, s.Store, sqlTeamSums, of.args(code)...)
}

// Filling is a project at a piece of a chain, with the days from which it counted.
type Filling struct {
	ID     uuid.UUID `db:"id"`
	Code   string    `db:"code"`
	NameZH string    `db:"name_zh"`
	NameEN string    `db:"name_en"`
	Node   string    `db:"node"`
	Talks  *string   `db:"talks"`
	Signed *string   `db:"signed"`
	Land   *string   `db:"land"` // since when it has land
	Here   bool      `db:"here"` // its land, or part of it, is in the park
	Turns  []struct {
		Turn  string `json:"turn"`
		Since string `json:"since"`
	} `db:"turns"`
}

// Fillings lists the projects of some business at some nodes, by code, as seen from a park.
func (s Registry) Fillings(ctx context.Context, of Business, nodes []string, park uuid.UUID) ([]Filling, error) {
	return store.ReadAll[Filling](ctx, s.Store, sqlFillings, of.args(nodes, park)...)
}

// active reports whether a project was pursued on a day.
func (f Filling) active(day string) bool {
	standing := "resumed"
	for _, t := range f.Turns {
		if t.Since <= day { // dates of four-digit years sort as texts do
			standing = t.Turn
		}
	}
	return standing == "resumed"
}

// FilledOn counts who filled the pieces on a day: a project with land in the park is there, an active one in talks or
// signed, without land yet, is on its way.
func FilledOn(all []Filling, day string) map[string]chain.Filled {
	by := func(from *string) bool { return from != nil && *from <= day }
	filled := map[string]chain.Filled{}
	for _, f := range all {
		n := filled[f.Node]
		switch {
		case by(f.Land) && f.Here:
			n.Tenants++
		case by(f.Land): // in another park
		case by(f.Talks) && f.active(day):
			n.Pipeline++
			if by(f.Signed) {
				n.Signed++
			}
		}
		filled[f.Node] = n
	}
	return filled
}

// DayBefore is the day before a day.
func DayBefore(day string) string {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return d.AddDate(0, 0, -1).Format(time.DateOnly)
}
