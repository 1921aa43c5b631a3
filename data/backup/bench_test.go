package backup_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"luodi/data/backup"
	"luodi/data/store/storetest"
)

// sqlLarge makes 100,000 parcels of eleven points with what the public sees of them, past the triggers, which would
// judge each.
const sqlLarge = `
WITH shape AS (
  SELECT i, ('01900000-' || lpad(to_hex(i >> 16), 4, '0') || '-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid AS id,
         ST_SetSRID(ST_MakePolygon(ST_AddPoint(ring, ST_StartPoint(ring))), 4490) AS geom
    FROM generate_series(0, 99999) i, LATERAL (
         SELECT ST_MakeLine(ARRAY(SELECT ST_MakePoint(round((121 + i % 1000 * 0.002 + 0.0008 * cos(a * pi() / 5))::numeric, 9)::float8,
                                                      round((36 + i / 1000 * 0.002 + 0.0008 * sin(a * pi() / 5))::numeric, 9)::float8)
                                    FROM generate_series(0, 9) a)) AS ring) r),
  flat AS (SELECT s.*, Box2D(ST_Transform(geom, 4550)) AS b FROM shape s),
  p AS (INSERT INTO parcel (park_id, parcel_id, version) SELECT $1, id, $2 FROM shape),
  v AS (INSERT INTO parcel_version (park_id, parcel_id, from_seq, sys, code, bank_status, land_use, services,
    legal_m2, computed_m2, ellipsoid_m2, publication, geom, span)
        SELECT $1, id, $2, tstzrange($3, NULL), 'P-' || i, 'available', '100102',
          '{"road": {"ready": true}, "power": {"ready": true, "capacity": 400, "unit": "kVA"}}',
               20000, 20000.123456, 20001.23456, 'public', geom,
                 box(point(ST_XMin(b), ST_YMin(b)), point(ST_XMax(b), ST_YMax(b))) FROM flat)
INSERT INTO parcel_public (park_id, parcel_id, from_seq, sys, code, status, bank_status, land_use, services,
       legal_m2, computed_m2, ellipsoid_m2, geom)
SELECT $1, id, $2, tstzrange($3, NULL), 'P-' || i, 'available', 'available', '100102',
       '{"road": {"ready": true}, "power": {"ready": true, "capacity": 400, "unit": "kVA"}}',
       20000, 20000.123456, 20001.23456, geom FROM shape`

// TestBenchBackupOfALargePark measures a park of 100,000 parcels: making, proving, restoring, each apart.
func TestBenchBackupOfALargePark(t *testing.T) {
	if os.Getenv("LUODI_BENCH") == "" {
		t.Skip("set LUODI_BENCH=1 to measure")
	}
	db := storetest.New(t)
	park := storetest.Park(t, db, "large")
	check(t, pgx.BeginFunc(t.Context(), db.Owner, func(tx pgx.Tx) error {
		seq := storetest.Record(t, tx, park)
		var at time.Time
		if err := tx.QueryRow(t.Context(), `SELECT at FROM park_clock WHERE park_id = $1`, park).Scan(&at); err != nil {
			return err
		}
		if _, err := tx.Exec(t.Context(), `SET LOCAL session_replication_role = replica`); err != nil {
			return err
		}
		_, err := tx.Exec(t.Context(), sqlLarge, park, seq, at)
		return err
	}))
	dir := t.TempDir()
	begin := time.Now()
	made, err := backup.Make(t.Context(), order(db), dir, nil)
	check(t, err)
	making := time.Since(begin)
	prove := func() time.Duration {
		file, err := os.Open(made.Path)
		check(t, err)
		defer func() { _ = file.Close() }()
		begin := time.Now()
		_, err = scratch(t).Verify(context.Background(), order(db), file)
		check(t, err)
		return time.Since(begin)
	}()
	file, err := os.Open(made.Path)
	check(t, err)
	defer func() { _ = file.Close() }()
	target := filepath.Join(reachable(t), "var")
	begin = time.Now()
	_, err = backup.RestoreFolder(t.Context(), order(db), file, target)
	check(t, err)
	restoring := time.Since(begin)
	begin = time.Now()
	served(t, target)
	t.Logf("100,000 parcels, %d rows: made in %.1f s (%d MB), proven in %.1f s, restored in %.1f s, served after "+
		"%.1f s more", made.Manifest.Rows(), making.Seconds(), made.Bytes>>20, prove.Seconds(), restoring.Seconds(),
		time.Since(begin).Seconds())
}
