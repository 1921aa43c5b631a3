package data_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"luodi/data/datatest"
)

// fillPark makes park $1 of $2 parcels of 20 m beside each other, all of its land at once and past every trigger, as
// only the owner may. Everything that a park has grows with it: a right on each tenth parcel with its record, project
// and draw; a place in line on each fiftieth; a past version of each tenth; a zone, a plan unit and a node for each
// fiftieth. Ids tell what they are of, see [growing.id], and follow time in their first 48 bits as UUIDv7 do: a GiST
// index tells no two apart that differ later.
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
INSERT INTO park (park_id, district_id, code, name_zh, name_en, survey_crs, geom)
       SELECT park, district, 'growing-%[1]d', '园', 'park', 4550, geom FROM ground;
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
INSERT INTO network_version (park_id, network_id, from_seq, sys, kind, grade, capacity, unit, geom)
       SELECT park, pg_temp.id(6, n), 1, tstzrange('2026-01-01', NULL), 'substation', 'node', 1000, 'kVA',
       ST_Centroid(m.geom) FROM made m, ground WHERE n %% 50 = 0;
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

// growing is a desk over a park that [fillPark] made.
type growing struct {
	*desk
	n, parcels int
}

// grow makes the n-th of a test's parks, 10 km east of the one before.
func grow(t *testing.T, db *datatest.DB, n, parcels int) *growing {
	t.Helper()
	sql := fmt.Sprintf(fillPark, n, parcels, eastM+10_000*float64(n), northM)
	err := pgx.BeginFunc(context.Background(), db.Owner, func(tx pgx.Tx) error {
		_, err := tx.Exec(context.Background(), sql, pgx.QueryExecModeSimpleProtocol)
		return err
	})
	if err != nil {
		t.Fatalf("make park %d: %v", n, err)
	}
	g := &growing{&desk{DB: db, t: t, park: fmt.Sprintf("growing-%d", n)}, n, parcels}
	g.parkID, g.project = g.id(0, 0), g.id(7, 0)
	return g
}

// id is that of the i-th of a kind: 0 the park, 1 a parcel, 2 a right, 3 a zone, 5 a plan unit, 6 a node, 7 a project,
// 8 a place in line.
func (g *growing) id(kind, i int) uuid.UUID {
	time := fmt.Sprintf("019%02x%07x", g.n, i)
	return uuid.MustParse(fmt.Sprintf("%s-%s-7%d00-8000-%012x", time[:8], time[8:], kind, i))
}

// reads are what the database read of its tables and indexes: rows, entries of indexes, blocks of both.
type reads map[string]int64

// read counts what the work makes the database read, by table and index. Every connection hands in its counts first,
// the owner's too, who arranges.
func read(t *testing.T, db *datatest.DB, work func()) reads {
	t.Helper()
	count := func() reads {
		for _, pool := range []*pgxpool.Pool{db.Planner, db.Public, db.Owner} {
			for _, conn := range pool.AcquireAllIdle(context.Background()) {
				if _, err := conn.Exec(context.Background(), `SELECT pg_stat_force_next_flush()`); err != nil {
					t.Fatal(err)
				}
				conn.Release()
			}
		}
		const sql = `
			SELECT 'rows of ' || relname AS what, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) AS n
			  FROM pg_stat_user_tables
			UNION ALL SELECT 'entries of ' || indexrelname, idx_tup_read FROM pg_stat_user_indexes
			UNION ALL SELECT 'blocks of ' || relname, heap_blks_read + heap_blks_hit FROM pg_statio_user_tables
			UNION ALL SELECT 'blocks of ' || indexrelname, idx_blks_read + idx_blks_hit FROM pg_statio_user_indexes`
		all := reads{}
		rows, err := db.Owner.Query(context.Background(), sql)
		if err != nil {
			t.Fatal(err)
		}
		var what string
		var n int64
		if _, err := pgx.ForEachRow(rows, []any{&what, &n}, func() error { all[what] += n; return nil }); err != nil {
			t.Fatal(err)
		}
		return all
	}
	before := count()
	work()
	after := count()
	for what, n := range before {
		after[what] -= n
	}
	return after
}

// of sums one sort: rows, entries or blocks.
func (r reads) of(sort string) (n int64) {
	for what, k := range r {
		if strings.HasPrefix(what, sort+" of ") {
			n += k
		}
	}
	return n
}

// beside tells what grew most against another count.
func (r reads) beside(small reads) string {
	var all []string
	for what := range r {
		all = append(all, what)
	}
	slices.SortFunc(all, func(a, b string) int { return int(r[b] - small[b] - (r[a] - small[a])) })
	var text []string
	for _, what := range all[:min(4, len(all))] {
		if r[what] > small[what] {
			text = append(text, fmt.Sprintf("%s %d → %d", what, small[what], r[what]))
		}
	}
	return strings.Join(text, ", ")
}
