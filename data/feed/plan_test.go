package feed_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"luodi/data/feed"
	"luodi/data/store/storetest"
	"luodi/geo"
)

// sqlMany puts 60,000 squares on the map, the half of them with a past version.
const sqlMany = `
SET LOCAL session_replication_role = replica;
UPDATE park_clock SET seq = 2, at = '2026-02-01' WHERE park_id = (SELECT park_id FROM park_public WHERE code = '%[1]s');
INSERT INTO record (park_id, seq, record_id, kind, at, reason, via)
  SELECT park_id, n, gen_random_uuid(), 'edit', '2026-01-01'::timestamptz + (n - 1) * interval '31 days', 'x', 'x'
    FROM park_public, generate_series(1, 2) n WHERE code = '%[1]s';
INSERT INTO parcel_public (park_id, parcel_id, from_seq, to_seq, sys, code, status, bank_status, services, legal_m2,
    computed_m2, ellipsoid_m2, tenant_en, geom)
  SELECT p.park_id, md5(i::text)::uuid, v, CASE WHEN v = 1 AND i %% 2 = 0 THEN 2 END,
         CASE WHEN v = 2 THEN tstzrange('2026-02-01', NULL) WHEN i %% 2 = 0 THEN tstzrange('2026-01-01', '2026-02-01')
           ELSE tstzrange('2026-01-01', NULL) END,
         'P-' || i, 'available', 'available', '{}', 6000 + i, 6000, 6000, 'Company ' || md5(i::text),
         ST_MakeEnvelope(121 + i %% 300 * 0.002, 36 + i / 300 * 0.002, 121.001 + i %% 300 * 0.002, 36.001 + i / 300 * 0.002, 4490)
    FROM park_public p, generate_series(1, 60000) i, generate_series(1, 2) v
   WHERE p.code = '%[1]s' AND (v = 1 OR i %% 2 = 0)`

// TestFiltersUseTheIndexes reads the plans of filters on a large table.
func TestFiltersUseTheIndexes(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	ctx := context.Background()
	storetest.ParkAt(t, db, "many", 4550, 413_100, 4_123_600, 425_000, 4_136_000)
	tx, err := db.Owner.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Conn().PgConn().Exec(ctx, fmt.Sprintf(sqlMany, "many")).ReadAll(); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Owner.Exec(ctx, "VACUUM ANALYZE parcel_public"); err != nil {
		t.Fatal(err)
	}
	c := feed.Parcels()
	box := `S_INTERSECTS(geometry, BBOX(121.1,36.1,121.11,36.11))`
	for _, example := range []struct {
		what  string
		query feed.Query
		index string
	}{
		{"a shape", feed.Query{Filter: parsed(t, c, box, geo.CRS84)}, "parcel_public_live_geom"},
		{"a shape and more", feed.Query{Filter: parsed(t, c, `S_WITHIN(geometry, POLYGON((121.1 36.1,121.11 36.1,121.11 36.11,121.1 36.1))) AND legal_m2 > 7000`, geo.CRS84)},
			"parcel_public_live_geom"},
		{"either of two shapes", feed.Query{Filter: parsed(t, c, box+` OR S_TOUCHES(geometry, POINT(121.2 36.2))`,
			geo.CRS84)}, "parcel_public_live_geom"},
		{"a shape in Web Mercator", feed.Query{Filter: parsed(t, c, `S_INTERSECTS(geometry, POINT(13480657 4320000))`,
			geo.CRS{Code: geo.WebMercator})}, "parcel_public_live_geom"},
		{"a word", feed.Query{Search: []feed.Phrase{{"c4ca4238a0b9"}}}, "parcel_public_live_text"},
		{"words", feed.Query{Search: []feed.Phrase{{"Company", "c4ca4238a0b9"}}}, "parcel_public_live_text"},
		{"a park", feed.Query{Filter: parsed(t, c, `park = 'nowhere' AND legal_m2 > 0`, geo.CRS84)}, "Index"},
	} {
		q := example.query
		q.Collection, q.Limit = c, 10
		plan := explain(t, db, &q)
		if !strings.Contains(plan, example.index) {
			t.Errorf("%s is looked for without %s:\n%s", example.what, example.index, plan)
		}
	}
	// Of a past state, the shapes of what is live and of what has ended are two indexes.
	then := time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)
	for _, park := range []string{"many", ""} {
		plan := explain(t, db, &feed.Query{Collection: c, Park: park, When: feed.When{From: &then, Instant: true},
			Filter: parsed(t, c, box, geo.CRS84), Limit: 10})
		if !strings.Contains(plan, "parcel_public_live_geom") || !strings.Contains(plan, "parcel_public_past_geom") {
			t.Errorf("a shape in the past of %q is looked for without both indexes:\n%s", park, plan)
		}
	}
}

// explain is the plan of a query.
func explain(t *testing.T, db *storetest.DB, q *feed.Query) string {
	t.Helper()
	ctx := context.Background()
	var plan []string
	err := feed.Of(db.Store).View(ctx, func(v *feed.View) error {
		sql, args, err := v.Selects(ctx, q)
		if err != nil {
			return err
		}
		rows, err := v.Tx.Query(ctx, "EXPLAIN "+sql, append([]any{pgx.QueryExecModeCacheDescribe}, args...)...)
		if err != nil {
			return err
		}
		plan, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(plan, "\n")
}
