package intake

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"luodi/data/store"
	"luodi/data/store/ewkb"
	"luodi/geo"
	"luodi/geo/coverage"
)

// Snapped says what bringing parcels together did to each.
type Snapped struct {
	ToleranceM    float64        `json:"tolerance_m"`
	Changed       int64          `json:"changed"`
	GreatestMoveM float64        `json:"greatest_move_m"`
	Parcels       []SnappedRow   `json:"parcels"`
	LeftCount     int64          `json:"left_count"`
	Left          []UnsnappedRow `json:"left"`
}

// SnappedRow is a parcel whose vertices were brought to its neighbours'. Its legal area stays as it was.
type SnappedRow struct {
	Row      int64   `json:"row"`
	Code     string  `json:"code"`
	BeforeM2 float64 `json:"before_m2"` // in the plane of the survey CRS
	AfterM2  float64 `json:"after_m2"`
	MoveM    float64 `json:"move_m"` // the greatest of a vertex
	Nodes    int     `json:"nodes"`  // vertices more than before
}

// UnsnappedRow is a parcel that was left as it is, and why.
type UnsnappedRow struct {
	Row  int64           `json:"row"`
	Code string          `json:"code"`
	Why  coverage.Reason `json:"why"`
	Text string          `json:"text,omitempty"`
}

const (
	makeSnapped = `DROP TABLE IF EXISTS pg_temp.import_snapped;
CREATE TEMP TABLE import_snapped (number bigint, shape bytea) ON COMMIT DROP`

	// What the grid would spoil keeps the shape it had.
	takeSnapped = `
UPDATE import_shape s SET geom = m.geom, plane = m.plane, computed_m2 = ST_Area(m.plane),
       perimeter = ST_Perimeter(m.plane)
  FROM import_snapped r
 CROSS JOIN LATERAL (SELECT ST_GeomFromEWKB(r.shape) AS geom OFFSET 0) g
 CROSS JOIN LATERAL (SELECT g.geom, pg_temp.import_move(g.geom, $1, '') AS plane OFFSET 0) m
 WHERE s.number = r.number AND ST_IsValid(m.geom) AND m.plane IS NOT NULL
RETURNING s.number`

	selectFeet = `
SELECT ST_X(p), ST_Y(p) FROM unnest($1::float8[], $2::float8[]) WITH ORDINALITY u (x, y, n)
 CROSS JOIN LATERAL (SELECT ST_SnapToGrid(ST_Transform(ST_SetSRID(ST_MakePoint(x, y), $3), 4490), 1e-9) AS p
   OFFSET 0) g ORDER BY n`
)

// snap brings the parcels together, and d with them. A vertex that moves takes the stored degrees of the one it moves
// to, so that what is one place in the plane is one place in the database.
func (im *importing) snap(ctx context.Context, d *drawing) error {
	got := coverage.Mend(d.shapes, im.req.Snap)
	shapes, err := im.inDegrees(ctx, d, got)
	if err != nil {
		return err
	}
	kept, err := im.keepSnapped(ctx, d, got, shapes)
	if err != nil {
		return err
	}
	s := &Snapped{ToleranceM: im.req.Snap}
	for _, l := range got.Left {
		s.leave(d, l)
	}
	for _, c := range got.Changes {
		if !kept[d.rows[c.Index]] {
			s.leave(d, coverage.Left{Index: c.Index, Why: coverage.Collapses})
			continue
		}
		d.shapes[c.Index].Rings = got.Rings[c.Index]
		s.GreatestMoveM = max(s.GreatestMoveM, c.MoveM)
		if s.Changed++; s.Changed <= maxListed {
			s.Parcels = append(s.Parcels, SnappedRow{d.rows[c.Index], d.codes[c.Index], c.BeforeM2, c.AfterM2, c.MoveM,
				c.Nodes})
		}
	}
	im.report.Snapped = s
	return nil
}

func (s *Snapped) leave(d *drawing, l coverage.Left) {
	if s.LeftCount++; s.LeftCount <= maxListed {
		s.Left = append(s.Left, UnsnappedRow{Row: d.rows[l.Index], Code: d.codes[l.Index], Why: l.Why})
	}
}

// inDegrees returns the shapes that changed, in their order, in stored degrees. Places that no vertex had before are on
// the edges of live parcels: they alone are worked out.
func (im *importing) inDegrees(ctx context.Context, d *drawing, got coverage.Result) ([]orb.Polygon, error) {
	stored := map[orb.Point]orb.Point{}
	for i, s := range d.shapes {
		for r, ring := range s.Rings {
			for k, p := range ring {
				stored[p] = d.degrees[i][r][k]
			}
		}
	}
	var fresh []orb.Point
	for _, c := range got.Changes {
		for _, ring := range got.Rings[c.Index] {
			for _, p := range ring {
				if _, known := stored[p]; !known {
					stored[p] = p
					fresh = append(fresh, p)
				}
			}
		}
	}
	feet, err := im.moved(ctx, selectFeet, fresh)
	if err != nil {
		return nil, err
	}
	for i, p := range fresh {
		stored[p] = feet[i]
	}
	shapes := make([]orb.Polygon, len(got.Changes))
	for i, c := range got.Changes {
		for _, ring := range got.Rings[c.Index] {
			out := make(orb.Ring, len(ring))
			for k, p := range ring {
				out[k] = stored[p]
			}
			shapes[i] = append(shapes[i], out)
		}
	}
	return shapes, nil
}

// keepSnapped puts the shapes that changed in place of what they were, and returns which rows took them.
func (im *importing) keepSnapped(ctx context.Context, d *drawing, got coverage.Result,
	shapes []orb.Polygon) (map[int64]bool, error) {
	if err := im.exec(ctx, "prepare to snap", makeSnapped); err != nil {
		return nil, err
	}
	_, err := im.tx.CopyFrom(ctx, pgx.Identifier{"pg_temp", "import_snapped"}, []string{"number", "shape"},
		pgx.CopyFromSlice(len(shapes), func(i int) ([]any, error) {
			shape, err := ewkb.Append(nil, shapes[i], int32(geo.CGCS2000))
			return []any{d.rows[got.Changes[i].Index], shape}, err
		}))
	if err != nil {
		return nil, store.Translate("import: snap", err)
	}
	if err := im.exec(ctx, "prepare to snap", `ANALYZE import_snapped`); err != nil {
		return nil, err
	}
	rows, err := im.tx.Query(ctx, takeSnapped, int(im.park.survey))
	if err != nil {
		return nil, store.Translate("import: snap", err)
	}
	kept := map[int64]bool{}
	var number int64
	_, err = pgx.ForEachRow(rows, []any{&number}, func() error {
		kept[number] = true
		return nil
	})
	return kept, store.Translate("import: snap", err)
}
