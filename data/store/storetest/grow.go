package storetest

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Corner of the ground that tests lay parcels on, in EPSG:4550: about 122.03°E 37.25°N.
const EastM, NorthM = 414_000.0, 4_124_000.0

// fillPark makes park $1 of $2 parcels of 20 m beside each other, all of its land at once and past every trigger, as
// only the owner may. Everything that a park has grows with it: a right on each tenth parcel with its record, project
// and draw; a place in the queue on each fiftieth; a past version of each tenth; a zone, a plan unit and a node for
// each fiftieth. Ids tell what they are of, see [GrownID], and follow time in their first 48 bits as UUIDv7 do: a
// GiST index tells no two apart that differ later.
const fillPark = `
CREATE OR REPLACE FUNCTION pg_temp.id(kind int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
       SELECT (overlay('019' || lpad(to_hex(%[1]d), 2, '0') || lpad(to_hex(n), 7, '0') PLACING '-' FROM 9 FOR 0)
         || '-7' || kind || '00-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$;
CREATE TEMP TABLE made ON COMMIT DROP AS
SELECT n, pg_temp.id(1, n) AS id, 2 + n / 10 AS seq, pg_temp.id(3, n / 50) AS zone, plane,
       ST_Transform(plane, 4490) AS geom
  FROM generate_series(0, %[2]d - 1) n, (SELECT ceil(sqrt(%[2]d))::bigint AS side) s,
       LATERAL (SELECT %[3]f + 20 * (n %% side) AS x, %[4]f + 20 * (n / side) AS y) at,
         ST_MakeEnvelope(x, y, x + 20, y + 20, 4550) plane;
CREATE TEMP TABLE ground ON COMMIT DROP AS
SELECT pg_temp.id(0, 0) AS park, pg_temp.id(0, 1) AS district,
       ST_Multi(ST_Transform(ST_Segmentize(ST_Expand(ST_SetSRID(ST_Extent(plane)::geometry, 4550), 200), 100),
       4490)) AS geom FROM made;
INSERT INTO district SELECT district, 'growing-%[1]d', '区', 'district' FROM ground;
INSERT INTO park (park_id, district_id, code, name_zh, name_en, survey_crs, corners_told, geom)
       SELECT park, district, 'growing-%[1]d', '园', 'park', 4550, 'exact', geom FROM ground;
SET LOCAL session_replication_role = replica;
INSERT INTO record (park_id, seq, record_id, kind, at, reason, via)
SELECT park, seq, pg_temp.id(4, seq), CASE seq WHEN 1 THEN 'import'
       ELSE 'hold' END, timestamptz '2026-01-01' + seq * interval '1 second', 'test', 'test'
       FROM ground, generate_series(1, 2 + %[2]d / 10) seq;
UPDATE park_clock c SET seq = r.seq, at = r.at FROM record r, ground WHERE (r.park_id, c.park_id) = (park, park)
       AND r.seq = 2 + %[2]d / 10;
INSERT INTO zone SELECT park, zone, 'Z' || min(n), 1, true FROM made, ground GROUP BY 1, 2;
INSERT INTO zone_version (park_id, zone_id, from_seq, sys, name_zh, name_en, function, computed_m2, geom)
       SELECT park, zone, 1, tstzrange('2026-01-01', NULL), '区', 'zone', 'mixed', 1, ST_Multi(geom)
       FROM (SELECT DISTINCT ON (zone) zone, geom FROM made) m, (SELECT park FROM ground) g;
INSERT INTO zone_public SELECT park_id, zone_id, 1, NULL, sys, code, name_zh, name_en, function, NULL, 1, geom
       FROM zone_version JOIN zone USING (park_id, zone_id) JOIN (SELECT park FROM ground) g ON park = park_id;
INSERT INTO plan_unit SELECT park, pg_temp.id(5, n), 'U' || n, 1, true FROM made, ground WHERE n %% 50 = 0;
INSERT INTO plan_unit_version (park_id, plan_unit_id, from_seq, sys, land_use, edition, effective_from, computed_m2,
       geom) SELECT park, pg_temp.id(5, n), 1, tstzrange('2026-01-01', NULL), '1001', '2026', '2026-01-01', 1,
       ST_Multi(m.geom) FROM made m, ground WHERE n %% 50 = 0;
INSERT INTO plan_unit_public SELECT park_id, plan_unit_id, 1, NULL, sys, code, land_use, conditions, edition,
       effective_from, 1, v.geom FROM plan_unit_version v JOIN plan_unit USING (park_id, plan_unit_id)
       JOIN ground ON park = park_id;
INSERT INTO network SELECT park, pg_temp.id(6, n), 'N' || n, 1, true FROM made, ground WHERE n %% 50 = 0;
INSERT INTO network_version (park_id, network_id, from_seq, sys, kind, grade, capacity, unit, capacity_told, publication,
       geom)
       SELECT park, pg_temp.id(6, n), 1, tstzrange('2026-01-01', NULL), 'substation', 'node', 1000, 'kVA',
       'figure', 'public', ST_Centroid(m.geom) FROM made m, ground WHERE n %% 50 = 0;
INSERT INTO network_public SELECT park_id, network_id, 1, NULL, sys, code, kind, grade, NULL, NULL, NULL, capacity,
       unit, v.geom FROM network_version v JOIN network USING (park_id, network_id) JOIN ground ON park = park_id;
INSERT INTO service_public (park_id, network_id, service, from_seq, sys, free, told)
       SELECT park_id, network_id, 'power', 1, sys, 'ample', 'word' FROM network_version JOIN ground ON park = park_id;
INSERT INTO parcel SELECT park, id, CASE WHEN n %% 10 = 0 THEN seq ELSE 1 END FROM made, ground;
INSERT INTO parcel_version (park_id, parcel_id, from_seq, to_seq, prev_to_seq, sys, code, zone_id, bank_status,
       land_use, legal_m2, computed_m2, ellipsoid_m2, publication, geom, span)
SELECT park, id, b, e, nullif(b, 1), tstzrange('2026-01-01', CASE
       WHEN e IS NOT NULL THEN timestamptz '2026-01-02' END), 'P' || n, zone, CASE
       WHEN n %% 10 = 3 THEN 'reserve' ELSE 'available' END, '1001', 400, 400, 400, 'public', m.geom, plane::box
  FROM made m, (SELECT park FROM ground) g, LATERAL (SELECT 1 AS b, CASE WHEN n %% 10 = 5 THEN seq END AS e
    UNION ALL SELECT seq, NULL WHERE n %% 10 = 5) v;
INSERT INTO parcel_public SELECT v.park_id, v.parcel_id, v.from_seq, v.to_seq, v.sys, v.code, z.code, CASE
       WHEN m.n %% 10 = 0 THEN 'held' ELSE bank_status END, bank_status, land_use, services, 400, 400, 400, NULL,
       NULL, NULL,
       NULL, NULL, NULL, NULL, CASE WHEN m.n %% 10 = 0 THEN timestamptz '2100-01-01' END, v.geom FROM made m
         JOIN ground ON true JOIN parcel_version v ON (v.park_id, v.parcel_id) = (park, id)
         JOIN zone z USING (park_id, zone_id);
INSERT INTO project SELECT district, pg_temp.id(7, n), 'J' || n FROM made, ground WHERE n %% 10 = 0;
INSERT INTO project_version (district_id, project_id, revision, sys, name_zh, name_en)
       SELECT district, pg_temp.id(7, n), 1, tstzrange('2026-01-01', NULL), '项', 'project' FROM made, ground
       WHERE n %% 10 = 0;
INSERT INTO allotment SELECT park, pg_temp.id(2, n), district, pg_temp.id(7, n), seq FROM made, ground
       WHERE n %% 10 = 0;
INSERT INTO allotment_version (park_id, allotment_id, from_seq, sys, state, expires_at)
       SELECT park, pg_temp.id(2, n), seq, tstzrange('2026-01-01', NULL), 'hold', '2100-01-01' FROM made, ground
       WHERE n %% 10 = 0;
INSERT INTO allotment_parcel SELECT park, pg_temp.id(2, n), id, seq, NULL, tstzrange('2026-01-01', NULL)
       FROM made, ground WHERE n %% 10 = 0;
INSERT INTO allotment_draw SELECT park, pg_temp.id(2, n), pg_temp.id(6, n / 50 * 50), 'power', seq, NULL,
       tstzrange('2026-01-01', NULL), 1 FROM made, ground WHERE n %% 10 = 0;
INSERT INTO waiting SELECT park, pg_temp.id(8, n), id, district, pg_temp.id(7, n - n %% 10 + 10), seq, NULL,
       tstzrange('2026-01-01', NULL), 30 FROM made, ground WHERE n %% 50 = 0 AND n + 10 < %[2]d;
INSERT INTO lineage SELECT park, seq, id, pg_temp.id(1, n + 1) FROM made, ground WHERE n %% 10 = 5;
SET LOCAL session_replication_role = origin;
INSERT INTO event SELECT park_id, seq, at, record_id, kind FROM record JOIN ground ON park_id = park`

// Grow makes the n-th of a test's parks, growing-n, 10 km east of the one before.
func Grow(t testing.TB, db *DB, n, parcels int) {
	t.Helper()
	sql := fmt.Sprintf(fillPark, n, parcels, EastM+10_000*float64(n), NorthM)
	err := pgx.BeginFunc(context.Background(), db.Owner, func(tx pgx.Tx) error {
		_, err := tx.Exec(context.Background(), sql, pgx.QueryExecModeSimpleProtocol)
		return err
	})
	if err != nil {
		t.Fatalf("make park %d: %v", n, err)
	}
}

// GrownID is that of the i-th of a kind in the n-th park: 0 the park, 1 a parcel, 2 a right, 3 a zone, 5 a plan unit,
// 6 a node, 7 a project, 8 a place in the queue.
func GrownID(n, kind, i int) uuid.UUID {
	time := fmt.Sprintf("019%02x%07x", n, i)
	return uuid.MustParse(fmt.Sprintf("%s-%s-7%d00-8000-%012x", time[:8], time[8:], kind, i))
}

// TurnedGrid writes n parcels of 33 m and 11 points beside each other, turned by 20° so that neighbours' boxes overlap
// as real ones do.
func TurnedGrid(b testing.TB, n int) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "grid.geojson")
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	out := bufio.NewWriter(file)
	side := int(math.Ceil(math.Sqrt(float64(n))))
	sin, cos := math.Sincos(20 * math.Pi / 180)
	_, _ = out.WriteString(`{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4550"}},"features":[`)
	for i := range n {
		x0, y0 := float64(i%side)*33, float64(i/side)*33
		var ring []string
		for _, p := range [][2]float64{{0, 0}, {11, 0}, {22, 0}, {33, 0}, {33, 16}, {33, 33}, {22, 33}, {11, 33},
			{0, 33}, {0, 16}, {0, 0}} {
			x, y := x0+p[0], y0+p[1]
			ring = append(ring, fmt.Sprintf("[%.4f,%.4f]", EastM+cos*x-sin*y, NorthM+sin*x+cos*y))
		}
		if i > 0 {
			_ = out.WriteByte(',')
		}
		_, _ = fmt.Fprintf(out,
			`{"type":"Feature","properties":{"code":"P%07d","land_use":"1001"},"geometry":{"type":"Polygon","coordinates":[[%s]]}}`, i, strings.Join(ring, ","))
	}
	_, _ = out.WriteString("]}")
	if err := out.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}
