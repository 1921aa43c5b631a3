package registry

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"luodi/data/store"
)

// sqlOpenProjects is the condition of the projects (j) of a park's business ($1 to $4) that seek land: no right in force, no stage later than
// signed, neither paused nor lost. The newest come first.
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
