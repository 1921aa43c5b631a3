package intake

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/intake/file"
	"luodi/data/store"
)

// maxPairs bounds how many overlapping pairs are looked for: a file with more was not meant as parcels.
const maxPairs = 1_000_000

// leastM2 is the overlap from which a pair is named; whether it refuses is for the tolerance to say.
const leastM2 = "0.01"

const (
	// The boxes' common part bounds the shapes', to the north and along the first edge of one: neighbours that only
	// share an edge mostly end there, before any geometry is cut.
	findPairs = `
INSERT INTO import_overlap (a, b, m2, tolerance)
SELECT a.number, b.number, o.m2, 0.01 + 0.0001 * least(a.perimeter, b.perimeter)
  FROM (SELECT *, coalesce(ST_Azimuth(ST_PointN(ST_ExteriorRing(plane), 1),
               ST_PointN(ST_ExteriorRing(plane), 2)), 0) AS turn
          FROM import_shape WHERE number > $1 AND number <= $2 OFFSET 0) b
  JOIN import_shape a ON a.plane && b.plane AND a.number < b.number
 CROSS JOIN LATERAL (SELECT CASE WHEN
         (least(ST_XMax(a.plane), ST_XMax(b.plane)) - greatest(ST_XMin(a.plane), ST_XMin(b.plane))) *
         (least(ST_YMax(a.plane), ST_YMax(b.plane)) - greatest(ST_YMin(a.plane), ST_YMin(b.plane))) > ` + leastM2 + `
         AND area(ST_Rotate(a.plane, b.turn)::box # ST_Rotate(b.plane, b.turn)::box) > ` + leastM2 + `
         THEN ST_Area(ST_Intersection(a.plane, b.plane)) ELSE 0 END AS m2 OFFSET 0) o
 WHERE NOT (a.still AND b.still) AND o.m2 > ` + leastM2 + `
 LIMIT $3`

	measurePairs = `
INSERT INTO import_overlap (a, b, m2, tolerance)
SELECT a.number, b.number, o.m2, 0.01 + 0.0001 * least(a.perimeter, b.perimeter)
  FROM unnest($1::bigint[], $2::bigint[]) near(a, b)
  JOIN import_shape a ON a.number = near.a
  JOIN import_shape b ON b.number = near.b
 CROSS JOIN LATERAL (SELECT ST_Area(ST_Intersection(a.plane, b.plane)) AS m2 OFFSET 0) o
 WHERE NOT (a.still AND b.still) AND o.m2 > ` + leastM2 + `
 LIMIT $3`

	// What the file draws anew or retires is gone (import_gone), but for those of $7. OFFSET 0 leaves the box as the
	// only condition an index can serve: without statistics the planner would walk the park for each row.
	findLivePairs = `
INSERT INTO import_overlap (b, live, m2, tolerance)
SELECT b.number, v.code, o.m2, 0.01 + 0.0001 * least(b.perimeter, ST_Perimeter(l.plane))
  FROM import_shape b
 CROSS JOIN LATERAL (SELECT * FROM parcel_version WHERE to_seq IS NULL AND geom && b.geom OFFSET 0) v
 CROSS JOIN LATERAL (SELECT ST_Transform(v.geom, $6::integer) AS plane OFFSET 0) l
 CROSS JOIN LATERAL (SELECT ST_Area(ST_Intersection(l.plane, b.plane)) AS m2 OFFSET 0) o
 WHERE b.number > $1 AND b.number <= $2 AND NOT b.still AND v.park_id = $4 AND v.from_seq > $5
   AND b.live IS DISTINCT FROM v.parcel_id AND NOT EXISTS (SELECT FROM import_gone g WHERE g.id = v.parcel_id)
   AND ($7::uuid[] IS NULL OR v.parcel_id = ANY ($7)) AND o.m2 > ` + leastM2 + `
 LIMIT $3`

	refuseLive = `
UPDATE import_shape s SET fault = 'overlap_live', field = o.live, expected = o.tolerance::numeric(16,4)::text,
       got = o.m2::numeric(16,4)::text
  FROM (SELECT DISTINCT ON (b) b, live, m2, tolerance FROM import_overlap WHERE live IS NOT NULL AND park IS NULL
    AND m2 > tolerance ORDER BY b, m2 DESC) o
 WHERE s.number = o.b AND s.fault IS NULL`

	listRivals = `
SELECT o.a, o.b, a.fault IS NULL, b.fault IS NULL, b.still FROM import_overlap o
  JOIN import_shape a ON a.number = o.a JOIN import_shape b ON b.number = o.b
 WHERE o.m2 > o.tolerance ORDER BY NOT (a.still OR b.still), o.b, o.m2 DESC, o.a`

	refuseRivals = `
UPDATE import_shape s SET fault = 'overlap', field = e.number || ' ' || e.code, expected = o.tolerance::numeric(16,4)::text,
       got = o.m2::numeric(16,4)::text
  FROM unnest($1::bigint[], $2::bigint[]) lost(winner, loser)
  JOIN import_overlap o ON o.a = least(winner, loser) AND o.b = greatest(winner, loser)
  JOIN import_shape e ON e.number = winner
 WHERE s.number = loser AND s.fault IS NULL`

	forgiveRivals = `UPDATE import_shape SET fault = NULL, field = NULL, expected = NULL, got = NULL
		WHERE fault = 'overlap'`
)

// findOverlaps measures every pair of parcels that overlaps, among the rows and with what the park holds. Other layers
// may overlap.
func (im *importing) findOverlaps(ctx context.Context) error {
	if im.kind.table != "parcel" {
		return nil
	}
	err := im.findPairs(ctx)
	if err != nil || !im.park.exists {
		return err
	}
	return im.findLiveOverlaps(ctx, 0, nil)
}

// findPairs measures the pairs of rows that overlap. A file of more corners than are held is swept; where too many lie
// north and south of each other, the database alone looks.
func (im *importing) findPairs(ctx context.Context) error {
	d := im.drawing
	if im.drawing = nil; d == nil {
		done, err := im.sweepPairs(ctx)
		if done || err != nil {
			return err
		}
		if !im.park.exists { // else shape made it
			if err := im.indexPlanes(ctx); err != nil {
				return err
			}
		}
		return im.batches(500, 600, func(after, until int64) error {
			return im.pairs(ctx, findPairs, after, until)
		})
	}
	return d.near(func(earlier, later []int64, done, total int64) error {
		im.meter.between(500, 600, done, total)
		return im.pairs(ctx, measurePairs, earlier, later)
	})
}

// findLiveOverlaps measures overlaps with parcels that became what they are after a change of the park; of these alone
// where some are given.
func (im *importing) findLiveOverlaps(ctx context.Context, since int64, alone []uuid.UUID) error {
	if im.kind.table != "parcel" {
		return nil
	}
	return im.batches(600, 620, func(after, until int64) error {
		return im.pairs(ctx, findLivePairs, after, until, im.park.id, since, int(im.park.survey), alone)
	})
}

// pairs measures the pairs of a batch, which two arguments of the statement name.
func (im *importing) pairs(ctx context.Context, sql string, from, to any, more ...any) error {
	tag, err := im.tx.Exec(ctx, sql, append([]any{from, to, maxPairs + 1}, more...)...)
	if err != nil {
		return store.Translate("import: find overlaps", err)
	}
	if im.found += tag.RowsAffected(); im.found > maxPairs {
		return &file.Fault{Code: faultOverlapsMany, Expected: fmt.Sprint(maxPairs), Got: "> " +
			fmt.Sprint(maxPairs)}
	}
	return nil
}

// settleOverlaps refuses rows that overlap. A row that is refused leaves the parcel that it would have drawn anew where
// it was, which may be in the way of others: it goes on until no ground comes back.
func (im *importing) settleOverlaps(ctx context.Context) error {
	for {
		if err := im.refuseOverlaps(ctx); err != nil || im.kind.table != "parcel" || !im.req.Update {
			return err
		}
		rows, err := im.tx.Query(ctx, giveBack)
		if err != nil {
			return store.Translate("import: give ground back", err)
		}
		back, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		if err != nil || len(back) == 0 {
			return store.Translate("import: give ground back", err)
		}
		if err := im.findLiveOverlaps(ctx, 0, back); err != nil {
			return err
		}
	}
}

// refuseOverlaps refuses rows that overlap beyond the tolerance: with a live parcel always; of two rows the one that
// the park doesn't have so yet, else the later one, unless the other is refused itself.
func (im *importing) refuseOverlaps(ctx context.Context) error {
	for _, sql := range []string{forgiveRivals, refuseLive} {
		if err := im.exec(ctx, "refuse overlaps", sql); err != nil {
			return err
		}
	}
	winners, losers, err := im.losers(ctx)
	if err != nil {
		return err
	}
	return im.exec(ctx, "refuse overlaps", refuseRivals, winners, losers)
}

// losers walks the pairs by their later row: when a row's turn comes, all that could refuse an earlier one is known.
// Pairs with a row that the park has so already come first: that one is never refused.
func (im *importing) losers(ctx context.Context) (winners, losers []int64, err error) {
	rows, err := im.tx.Query(ctx, listRivals)
	if err != nil {
		return nil, nil, store.Translate("import: weigh overlaps", err)
	}
	defer rows.Close()
	lost := map[int64]bool{}
	for rows.Next() {
		var a, b int64
		var takesA, takesB, stays bool
		if err := rows.Scan(&a, &b, &takesA, &takesB, &stays); err != nil {
			return nil, nil, store.Translate("import: weigh overlaps", err)
		}
		if takesA && takesB && !lost[a] && !lost[b] {
			winner, loser := a, b
			if stays {
				winner, loser = b, a
			}
			lost[loser] = true
			winners, losers = append(winners, winner), append(losers, loser)
		}
	}
	return winners, losers, store.Translate("import: weigh overlaps", rows.Err())
}
