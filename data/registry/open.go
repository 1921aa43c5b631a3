package registry

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"luodi/data/store"
)

// sqlOpenProjects is the condition of the projects (j) of a park's business ($1 to $4) that seek land: no right in
// force, no stage later than signed, neither paused nor lost. The newest come first.
const sqlOpenProjects = sqlProjectsOfBusiness + ` AND j.project_id IN (SELECT c.project_id FROM project_park c WHERE c.park_id = $5)
   AND NOT EXISTS (SELECT FROM allotment t JOIN allotment_version a ON (a.park_id, a.allotment_id) = (t.park_id,
         t.allotment_id) AND a.to_seq IS NULL
        WHERE (t.district_id, t.project_id) = (j.district_id, j.project_id)
          AND a.state IN ('hold', 'reserved', 'supplied', 'built'))
   AND NOT EXISTS (SELECT FROM project_reached m WHERE (m.district_id, m.project_id) = (j.district_id, j.project_id)
         AND m.stage IN ('landed', 'started', 'in_production'))
   AND project_standing(j.district_id, j.project_id) = 'active'
 ORDER BY j.project_id DESC LIMIT $6`

// OpenProjects lists the projects of some business that seek land in a park, the newest first.
func (s Registry) OpenProjects(ctx context.Context, of Business, park uuid.UUID, most int) ([]Project, error) {
	all, err := store.ReadMany[Project](ctx, s.Store, sqlProjects(sqlOpenProjects), of.args(park, most)...)
	slices.SortFunc(all, func(a, b Project) int { return slices.Compare(b.ID[:], a.ID[:]) })
	return all, err
}

// Wish is an expansion that wants the ground beside its firm's own.
type Wish struct {
	ID     uuid.UUID `json:"id" db:"id" format:"uuid" doc:"Of the project."`
	Code   string    `json:"code" db:"code"`
	NameZH string    `json:"name_zh" db:"name_zh"`
	NameEN string    `json:"name_en" db:"name_en"`
	Beside []string  `json:"beside" db:"beside" doc:"Codes of the firm's parcels that share a boundary with this one."`
}

// sqlWishes are the open projects ($5, $6 as sqlOpenProjects has them) that want ground beside parcel $7. Lengths under
// a millimetre are corners that meet, not a shared boundary.
var sqlWishes = `
SELECT o.id, o.code, o.name_zh, o.name_en, own.beside
  FROM (` + sqlProjects(sqlOpenProjects) + `) o
  CROSS JOIN LATERAL (SELECT array_agg(b.code ORDER BY code_order(b.code)) AS beside FROM (SELECT DISTINCT n.code
    FROM parcel_version f JOIN park k USING (park_id)
    CROSS JOIN LATERAL (SELECT * FROM parcel_version x WHERE x.to_seq IS NULL AND x.geom && f.geom OFFSET 0) n
    JOIN allotment_parcel l ON (l.park_id, l.parcel_id) = (n.park_id, n.parcel_id) AND l.to_seq IS NULL
    JOIN allotment_version a ON (a.park_id, a.allotment_id) = (l.park_id, l.allotment_id) AND a.to_seq IS NULL
    JOIN allotment t ON (t.park_id, t.allotment_id) = (a.park_id, a.allotment_id)
    JOIN project h ON (h.district_id, h.project_id) = (t.district_id, t.project_id)
   WHERE f.park_id = $5 AND f.parcel_id = $7 AND f.to_seq IS NULL
     AND NOT EXISTS (SELECT FROM allotment_parcel x WHERE (x.park_id, x.parcel_id) = (f.park_id, f.parcel_id)
       AND x.to_seq IS NULL)
     AND n.park_id = $5 AND n.parcel_id <> $7
     AND a.state IN ('reserved', 'supplied', 'built') AND h.party_id = (o.party->>'id')::uuid
     AND ST_Length(ST_Transform(ST_CollectionExtract(ST_Intersection(ST_Boundary(f.geom), ST_Boundary(n.geom)), 2),
           k.survey_crs)) >= 0.001) b) own
 WHERE o.kind = 'expansion' AND o.ground = 'neighbouring' AND own.beside IS NOT NULL
 ORDER BY o.id DESC`

// Wishes lists the expansions of some business that want a free parcel because it lies beside their firm's ground, the
// newest first. Only the newest open projects are looked at.
func (s Registry) Wishes(ctx context.Context, of Business, park, parcel uuid.UUID) ([]Wish, error) {
	return store.ReadAll[Wish](ctx, s.Store, sqlWishes, of.args(park, 5000, parcel)...)
}
