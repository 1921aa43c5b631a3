package api_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"luodi/api"
	"luodi/data/store/storetest"
)

// text reads one text from the database.
func (h *house) text(into *string, sql string, args ...any) {
	h.t.Helper()
	if err := h.db.Owner.QueryRow(context.Background(), sql, args...).Scan(into); err != nil {
		h.t.Fatal(err)
	}
}

// sqlFill writes n parcels of eleven points, a thousand a row of the map, straight into the public table.
const sqlFill = `
INSERT INTO parcel_public
SELECT $1, ('01900000-' || lpad(to_hex(i >> 16), 4, '0') || '-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid,
       1, NULL, tstzrange('2026-01-01', NULL), 'P-' || i, 'Z' || i % 7,
       (ARRAY['reserve', 'available', 'held', 'reserved', 'supplied', 'built', 'withdrawn'])[1 + i % 7],
         'available', '100102',
       '{"road": {"ready": true, "capacity": null, "unit": null}, "power": {"ready": true, "capacity": 400, "unit": "kVA"}, "water": {"ready": true, "capacity": 120, "unit": "m3/d"}}',
       20000 + (i % 1000) * 0.1234, 20000.123456 + i % 1000, 20001.23456 + i % 1000, CASE
         WHEN i % 2 = 0 THEN 480.50 END, NULL, NULL,
       CASE WHEN i % 3 = 0 THEN '示例企业' || i % 100 END, CASE WHEN i % 3 = 0 THEN 'Company ' || i % 100 END,
       CASE WHEN i % 3 = 0 THEN '示例项目' || i % 100 END, CASE WHEN i % 3 = 0 THEN 'Project ' || i % 100 END, NULL,
       ST_SetSRID(ST_MakePolygon(ST_AddPoint(ring, ST_StartPoint(ring))), 4490)
  FROM generate_series(0, $2::integer - 1) i, LATERAL (
       SELECT ST_MakeLine(ARRAY(SELECT ST_MakePoint(round((121 + i % 1000 * 0.002 + 0.0008 * cos(a * pi() / 5))::numeric, 9)::float8,
                                                    round((36 + i / 1000 * 0.002 + 0.0008 * sin(a * pi() / 5))::numeric, 9)::float8)
                                  FROM generate_series(0, 9) a)) AS ring) r`

// large opens a house with a park, bench, of 60,000 parcels: 60 MB, more than sockets hold.
func large(t testing.TB, change ...func(*api.Options)) *house {
	t.Helper()
	return openOn(t, storetest.Filled(t, "large", func(_ context.Context, db *storetest.DB) error {
		(&house{t: t, db: db}).fill("bench", 60_000)
		return nil
	}), change...)
}

// fill makes a park with n synthetic public parcels. The triggers that keep histories are off: the public tables are
// what is read.
func (h *house) fill(code string, n int) {
	h.t.Helper()
	p := h.plot(code)
	ctx := context.Background()
	err := pgx.BeginFunc(ctx, h.db.Owner, func(tx pgx.Tx) error {
		for _, step := range []struct {
			sql  string
			args []any
		}{
			{"SET LOCAL session_replication_role = replica", nil},
			{"UPDATE park_clock SET seq = 1, at = '2026-01-01' WHERE park_id = $1", []any{p.park}},
			{sqlFill, []any{p.park, n}},
			{"INSERT INTO state_change (park_id, seq, n, at) VALUES ($1, 1, nextval('state_number'), clock_timestamp())", []any{p.park}},
			{"SELECT sum_anew($1)", []any{p.park}},
		} {
			if _, err := tx.Exec(ctx, step.sql, step.args...); err != nil {
				return fmt.Errorf("%s: %w", step.sql, err)
			}
		}
		return nil
	})
	if err == nil {
		_, err = h.db.Owner.Exec(ctx, "VACUUM ANALYZE parcel_public")
	}
	if err != nil {
		h.t.Fatal(err)
	}
}
