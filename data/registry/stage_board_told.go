package registry

// BoardPlace is land that a project has in a park, or whose workshop it rents: the codes of the parcels.
type BoardPlace struct {
	Park    string   `json:"park"`
	Parcels []string `json:"parcels"`
}

// BoardStuck is what holds a project up: its open problem that is due first, else a step of its approvals that has
// stopped.
type BoardStuck struct {
	Kind  string  `json:"kind" enum:"problem,step"`
	ZH    string  `json:"what_zh" doc:"The words of the problem, or the name of the step."`
	EN    string  `json:"what_en"`
	Owner *string `json:"owner" nullable:"true" doc:"Who sees to the problem; null: nobody yet."`
	Due   *string `json:"due" format:"date" nullable:"true"`
}

// What is told of a project (w) of the board, on the day of its park (t). Land in other parks than those of the
// business ($2) is not told.
const (
	sqlBoardPlaces = `(SELECT coalesce(jsonb_agg(jsonb_build_object('park', g.park, 'parcels', g.parcels)
         ORDER BY code_order(g.park)), '[]')
          FROM (SELECT k.code AS park, jsonb_agg(c.code ORDER BY code_order(c.code)) AS parcels
                  FROM (SELECT l.park_id, l.parcel_id FROM allotment a
                          JOIN allotment_version x USING (park_id, allotment_id)
                          JOIN allotment_parcel l USING (park_id, allotment_id)
                         WHERE (a.district_id, a.project_id) = (w.district_id, w.project_id) AND x.to_seq IS NULL
                           AND l.to_seq IS NULL
                        UNION SELECT b.park_id, b.parcel_id FROM letting e
                          JOIN unit y USING (park_id, unit_id) JOIN building b USING (park_id, building_id)
                         WHERE (e.district_id, e.project_id) = (w.district_id, w.project_id) AND e.state = 'let'
                           AND e.period @> t.day) h
                  JOIN parcel_version c USING (park_id, parcel_id) JOIN park k USING (park_id)
                 WHERE c.to_seq IS NULL AND ($2::uuid[] IS NULL OR h.park_id = ANY ($2)) GROUP BY k.code) g)`
	sqlBoardAgent = `(SELECT jsonb_build_object('id', o.account_id, 'name', o.name)
          FROM agency g JOIN account o USING (account_id)
         WHERE (g.district_id, g.project_id, g.scope) = (w.district_id, w.project_id, 'all') AND t.day <@ g.held)`
	sqlBoardStuck = `coalesce((SELECT jsonb_build_object('kind', 'problem', 'what_zh', b.words, 'what_en', b.words,
         'owner', o.owner, 'due', o.due) FROM project_problem b
          LEFT JOIN LATERAL (SELECT x.owner, x.due FROM problem_turn x
            WHERE (x.district_id, x.problem_id) = (b.district_id, b.problem_id) AND b.state = 'assigned'
            ORDER BY x.n DESC LIMIT 1) o ON true
         WHERE (b.district_id, b.project_id) = (w.district_id, w.project_id) AND b.state <> 'closed'
         ORDER BY o.due NULLS LAST, b.at LIMIT 1),
       (SELECT jsonb_build_object('kind', 'step', 'what_zh', coalesce(s ->> 'name_zh', h.step), 'what_en', coalesce(
         s ->> 'name_en', h.step), 'owner', NULL, 'due', NULL)
          FROM project_flow g
          JOIN LATERAL (SELECT DISTINCT ON (x.step) x.step, x.kind, x.day FROM flow_event_held x
            WHERE (x.district_id, x.flow_id) = (g.district_id, g.flow_id) AND x.kind <> 'told'
            ORDER BY x.step, x.day DESC, x.place DESC) h ON h.kind = 'stopped'
          JOIN flow_template m ON (m.district_id, m.code, m.revision) = (g.district_id, g.template, g.template_rev)
          LEFT JOIN LATERAL (SELECT s FROM jsonb_array_elements(m.content -> 'steps') s
            WHERE s ->> 'code' = h.step LIMIT 1) s ON true
         WHERE (g.district_id, g.project_id) = (w.district_id, w.project_id) AND g.retired_at IS NULL
         ORDER BY h.day LIMIT 1))`
)
