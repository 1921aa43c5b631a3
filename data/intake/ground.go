package intake

import (
	"context"
	"fmt"

	"luodi/data/store"
	"luodi/geo/land"
)

// Widened is the ground that an import adds to its park, because rows lie outside its border.
type Widened struct {
	Rows int64      `json:"rows"` // that lie outside, by more than their tolerance
	M2   float64    `json:"m2"`   // that the border gains, in the survey CRS
	Box  [4]float64 `json:"box"`  // of what it gains: west, south, east, north in degrees
}

const (
	refuseSmall = `UPDATE import_shape SET fault = 'too_small', expected = $1::text,
		got = computed_m2::numeric(16,4)::text WHERE fault IS NULL AND NOT still AND computed_m2 < $1`

	// As refuse_stray says it: outside by more than the slack, or by more than a metre.
	markOutside = `
WITH ground AS MATERIALIZED (SELECT ST_Transform(geom, survey_crs) AS plane FROM park WHERE park_id = $1),
     wide AS MATERIALIZED (SELECT ST_Buffer(plane, 1) AS plane FROM ground)
UPDATE import_shape s SET outside = o.g
  FROM (SELECT r.number, beyond.g
          FROM import_shape r
         CROSS JOIN ground
         CROSS JOIN LATERAL (SELECT ST_Difference(r.plane, ground.plane) AS g
           WHERE NOT ST_Covers(ground.plane, r.plane) OFFSET 0) beyond
         WHERE r.fault IS NULL AND NOT r.still AND r.number > $2 AND r.number <= $3
           AND (ST_Area(beyond.g) > 0.01 + 0.0001 * r.perimeter OR NOT ST_Covers((SELECT plane FROM wide), r.plane))) o
 WHERE s.number = o.number`

	refuseOutside = `
UPDATE import_shape s SET fault = 'outside_park', field = $2,
       expected = (0.01 + 0.0001 * s.perimeter)::numeric(16,4)::text,
       got = ST_Area(s.outside)::numeric(16,4) || ' m², ' || farthest_m(s.outside,
         (SELECT ST_Transform(geom, survey_crs) FROM park WHERE park_id = $1)) || ' m'
 WHERE s.fault IS NULL AND s.outside IS NOT NULL`

	measureWidened = `
SELECT count(*), coalesce(ST_Area(g), 0), coalesce(ST_XMin(d), 0), coalesce(ST_YMin(d), 0), coalesce(ST_XMax(d), 0),
       coalesce(ST_YMax(d), 0)
  FROM (SELECT number, outside FROM import_shape WHERE fault IS NULL AND outside IS NOT NULL) o,
       LATERAL (SELECT ST_Union(outside) AS g FROM import_shape WHERE fault IS NULL AND outside IS NOT NULL OFFSET 0) u,
       LATERAL (SELECT ST_Transform(ST_Envelope(u.g), 4490) AS d OFFSET 0) b
 GROUP BY g, d`

	// The border gains the ground of the rows that lie outside and no more. What comes back from the plane is brought
	// to the grid by a reduction that keeps it valid.
	widenPark = `
UPDATE park p SET geom = ST_Multi(ST_CollectionExtract(ST_ReducePrecision(ST_Transform(ST_Union(ST_Transform(p.geom,
       p.survey_crs), gained.g), 4490), 1e-9), 3))
  FROM (SELECT ST_Union(plane) AS g FROM import_shape WHERE fault IS NULL AND outside IS NOT NULL) gained
 WHERE p.park_id = $1 AND gained.g IS NOT NULL`

	selectNear = `SELECT near_parks($1, (SELECT ST_SetSRID(ST_Extent(geom)::geometry, 4490) FROM import_shape
		WHERE fault IS NULL))::text[]`

	// The code of another park's parcel is told where it is public.
	findForeignPairs = `
INSERT INTO import_overlap (b, live, park, m2, tolerance)
SELECT b.number, CASE WHEN v.publication = 'public' THEN v.code
       ELSE '' END, k.code, o.m2, 0.01 + 0.0001 * least(b.perimeter, ST_Perimeter(l.plane))
  FROM import_shape b
 CROSS JOIN LATERAL (SELECT * FROM parcel_version WHERE to_seq IS NULL AND geom && reach(b.geom) OFFSET 0) v
 CROSS JOIN LATERAL (SELECT ST_MakeValid(ST_Transform(v.geom, $5::integer)) AS plane
   WHERE v.park_id = ANY ($4::uuid[]) OFFSET 0) l
 CROSS JOIN LATERAL (SELECT ST_Area(ST_Intersection(l.plane, b.plane)) AS m2 OFFSET 0) o
  JOIN park k ON k.park_id = v.park_id
 WHERE b.number > $1 AND b.number <= $2 AND b.fault IS NULL AND NOT b.still AND o.m2 > ` + leastM2 + `
 LIMIT $3`

	refuseForeign = `
UPDATE import_shape s SET fault = 'overlap_park', field = concat_ws(' ', o.park, nullif(o.live, '')),
       expected = o.tolerance::numeric(16,4)::text, got = o.m2::numeric(16,4)::text
  FROM (SELECT DISTINCT ON (b) b, park, live, m2, tolerance FROM import_overlap WHERE park IS NOT NULL
    AND m2 > tolerance ORDER BY b, m2 DESC) o
 WHERE s.number = o.b AND s.fault IS NULL`

	// The clocks of the parks near the rows, a thousand rows at a time: a box around all may come near a park that no
	// row does.
	takeImportClocks = `
SELECT take_clocks($1, ARRAY(SELECT ST_SetSRID(ST_Extent(geom)::geometry, 4490) FROM import_shape
       WHERE fault IS NULL GROUP BY number / 1000), $2)`
)

// checkGround refuses parcels that are too small, that lie outside the park's border, unless it is to be widened, or on
// ground that another park holds.
func (im *importing) checkGround(ctx context.Context) error {
	if im.kind.table != "parcel" {
		return nil
	}
	if err := im.exec(ctx, "measure parcels", refuseSmall, float64(land.LeastParcelM2)); err != nil {
		return err
	}
	if err := im.findForeign(ctx); err != nil || !im.park.exists {
		return err
	}
	err := im.batches(501, 502, func(after, until int64) error {
		return im.exec(ctx, "look at the border", markOutside, im.park.id, after, until)
	})
	if err != nil || im.req.Widen {
		return err
	}
	return im.exec(ctx, "refuse what lies outside", refuseOutside, im.park.id, im.req.Park)
}

// findForeign measures overlaps with the live parcels of other parks, and refuses those rows.
func (im *importing) findForeign(ctx context.Context) error {
	var near []string
	if err := im.tx.QueryRow(ctx, selectNear, im.park.id).Scan(&near); err != nil {
		return store.Translate("import: find the parks nearby", err)
	}
	if len(near) == 0 {
		return nil
	}
	err := im.batches(500, 501, func(after, until int64) error {
		return im.pairs(ctx, findForeignPairs, after, until, near, int(im.park.survey))
	})
	if err != nil {
		return err
	}
	return im.exec(ctx, "refuse what another park holds", refuseForeign)
}

// measureWidening tells in the report what the border would gain.
func (im *importing) measureWidening(ctx context.Context) error {
	im.report.Widened = nil
	if im.kind.table != "parcel" || !im.park.exists || !im.req.Widen {
		return nil
	}
	rows, err := im.tx.Query(ctx, measureWidened)
	if err != nil {
		return store.Translate("import: measure the border", err)
	}
	defer rows.Close()
	for rows.Next() {
		var w Widened
		if err := rows.Scan(&w.Rows, &w.M2, &w.Box[0], &w.Box[1], &w.Box[2], &w.Box[3]); err != nil {
			return store.Translate("import: measure the border", err)
		}
		im.report.Widened = &w
	}
	return store.Translate("import: measure the border", rows.Err())
}

// takeClocks locks the clocks that the record needs in the one order that avoids deadlocks: the park's own clock, the
// clocks of the parks near the rows, and the border clock if the import widens the border. A park made by this import
// needs none, because no other transaction can see its clock.
func (im *importing) takeClocks(ctx context.Context) error {
	if im.kind.table != "parcel" || im.report.ParkMade {
		return nil
	}
	return im.exec(ctx, "take the clocks", takeImportClocks, im.park.id, im.report.Widened != nil)
}

// widenBorder gives the park the ground of the rows that lie outside it.
func (im *importing) widenBorder(ctx context.Context) error {
	if im.report.Widened == nil {
		return nil
	}
	return im.exec(ctx, fmt.Sprintf("widen the border of park %s", im.req.Park), widenPark, im.park.id)
}
