package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/data/store/cluster"
)

// district is a database of the bench: so many parks of so many parcels.
type district struct {
	name           string
	parks, parcels int // parcels of a park
	side           int // parcels side by side in a park
	across         int // parks side by side
}

// The same million parcels in twelve parks and in a thousand.
var (
	few  = district{"few", 12, 83_334, 289, 4}
	many = district{"many", 1000, 1000, 32, 32}
)

// Where the first parcel lies, and how far apart they lie, in degrees.
const (
	west, south = 110.0, 30.0
	step        = 0.002
)

// sqlPark makes the park $1 with its parcels: live ones, and of each tenth a version that has ended. Triggers are off:
// what is read is written as they would.
const sqlPark = `
WITH at AS (SELECT $1::int AS p, $2::int AS n, $3::int AS side, $4::int AS across),
place AS (SELECT *, 110.0 + (p % across) * side * 0.002 AS x0, 30.0 + (p / across) * side * 0.002 AS y0,
       ('01900000-0000-7000-9000-' || lpad(to_hex(p), 12, '0'))::uuid AS park FROM at),
border AS (SELECT *, ST_Multi(ST_MakeEnvelope(x0 - 0.001, y0 - 0.001, x0 + side * 0.002 - 0.001, y0 + side * 0.002 - 0.001,
       4490)) AS geom FROM place),
parks AS (INSERT INTO park (park_id, district_id, code, name_zh, name_en, survey_crs, geom)
  SELECT park, '01900000-0000-7000-9100-000000000000', 'park-' || p, '园', 'Park', 4546, geom FROM border),
clocks AS (INSERT INTO park_clock (park_id, seq, at) SELECT park, 2, '2026-02-01' FROM place),
shown AS (INSERT INTO park_public SELECT park, 'park-' || p, '园', 'Park', '区', 'District', 4546, 'Asia/Shanghai', true, 1,
       geom FROM border),
records AS (INSERT INTO record (park_id, seq, record_id, kind, at, reason, via)
  SELECT park, s, gen_random_uuid(), 'import', CASE s WHEN 1 THEN timestamptz '2026-01-01' ELSE '2026-02-01' END, 'bench',
       'bench' FROM place, generate_series(1, 2) s),
states AS (INSERT INTO state_change (park_id, seq, n, at)
  SELECT park, s, nextval('state_number'), CASE s WHEN 1 THEN timestamptz '2026-01-01' ELSE '2026-02-01' END
    FROM place, generate_series(1, 2) s),
made AS (SELECT park, k, p * n + k AS i, x0 + k % side * 0.002 AS x, y0 + k / side * 0.002 AS y
       FROM place, generate_series(0, n - 1) k)
INSERT INTO parcel_public
SELECT park, ('01900000-' || lpad(to_hex(i >> 16), 4, '0') || '-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, v.b, v.e,
       tstzrange(CASE v.b WHEN 1 THEN timestamptz '2026-01-01' ELSE '2026-02-01' END,
         CASE v.e WHEN 2 THEN timestamptz '2026-02-01' END), 'P-' || i, 'Z' || i % 7,
       CASE WHEN v.e IS NULL THEN (ARRAY['reserve', 'available', 'held', 'reserved', 'supplied', 'built', 'withdrawn'])[1 + i % 7]
         ELSE 'reserve' END, 'available', '100102',
       '{"road": {"ready": true, "capacity": null, "unit": null}, "power": {"ready": true, "capacity": 400, "unit": "kVA"}, "water": {"ready": true, "capacity": 120, "unit": "m3/d"}}',
       20000 + (i % 1000) * 0.1234, 20000.123456 + i % 1000, 20001.23456 + i % 1000,
       CASE WHEN i % 2 = 0 THEN 480.50 END, NULL, NULL,
       CASE WHEN i % 3 = 0 THEN '示例企业' || i % 100 END, CASE WHEN i % 3 = 0 THEN 'Company ' || i % 100 END,
       CASE WHEN i % 3 = 0 THEN '示例项目' || i % 100 END, CASE WHEN i % 3 = 0 THEN 'Project ' || i % 100 END, NULL,
       ST_SetSRID(ST_MakePolygon(ST_AddPoint(ring, ST_StartPoint(ring))), 4490)
  FROM made, LATERAL (
       SELECT ST_MakeLine(ARRAY(SELECT ST_MakePoint(round((x + 0.0008 * cos(a * pi() / 5))::numeric, 9)::float8,
                                                    round((y + 0.0008 * sin(a * pi() / 5))::numeric, 9)::float8)
                                  FROM generate_series(0, 9) a)) AS ring) r,
       LATERAL (SELECT 1 AS b, CASE WHEN k % 10 = 0 THEN 2 END AS e UNION ALL SELECT 2, NULL WHERE k % 10 = 0) v`

// data is the cluster with both databases.
type data struct {
	cluster *cluster.Cluster
	db      map[string]*pgx.Conn
}

func openData(ctx context.Context, folder string) (*data, error) {
	c, err := cluster.Start(ctx, folder, cluster.Options{})
	if err != nil {
		return nil, err
	}
	d := &data{c, map[string]*pgx.Conn{}}
	for _, of := range []district{few, many} {
		if err := d.open(ctx, of); err != nil {
			d.close()
			return nil, fmt.Errorf("%s: %w", of.name, err)
		}
	}
	return d, nil
}

func (d *data) close() {
	for _, conn := range d.db {
		_ = conn.Close(context.Background())
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	_ = d.cluster.Stop(ctx)
}

// url is how a role reaches a database.
func (d *data) url(role string, of district) string { return d.cluster.DSN(role, "bench_"+of.name) }

// open connects to a database, which is made where it is missing, under another name until it is whole.
func (d *data) open(ctx context.Context, of district) error {
	admin, err := pgx.Connect(ctx, d.cluster.DSN("luodi", "postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = admin.Close(context.Background()) }()
	var there bool
	if err := admin.QueryRow(ctx, `SELECT count(*) > 0 FROM pg_database WHERE datname = $1`, "bench_"+of.name).
		Scan(&there); err != nil {
		return err
	}
	if !there {
		for _, sql := range []string{"DROP DATABASE IF EXISTS making", "CREATE DATABASE making TEMPLATE template0"} {
			if _, err := admin.Exec(ctx, sql); err != nil {
				return err
			}
		}
		if err := d.fill(ctx, of); err != nil {
			return err
		}
		if _, err := admin.Exec(ctx, "ALTER DATABASE making RENAME TO bench_"+of.name); err != nil {
			return err
		}
	}
	url := d.url("luodi", of) // it may be of an older program
	if _, err := store.Migrate(ctx, store.Source{URL: url, LoginRoles: true}, nil); err != nil {
		return err
	}
	if d.db[of.name], err = pgx.Connect(ctx, url); err != nil {
		return err
	}
	_, err = d.db[of.name].Exec(ctx, `GRANT SELECT ON peer TO luodi_public`) // the rules in force take it away
	return err
}

func (d *data) fill(ctx context.Context, of district) error {
	url, begun := d.cluster.DSN("luodi", "making"), time.Now()
	if _, err := store.Migrate(ctx, store.Source{URL: url, LoginRoles: true}, nil); err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if _, err := conn.Exec(ctx, `SET session_replication_role = replica`); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, `INSERT INTO district (district_id, code, name_zh, name_en)
		VALUES ('01900000-0000-7000-9100-000000000000', 'bench', '区', 'District')`); err != nil {
		return err
	}
	for p := range of.parks {
		if _, err := conn.Exec(ctx, sqlPark, p, of.parcels, of.side, of.across); err != nil {
			return fmt.Errorf("park %d: %w", p, err)
		}
		fmt.Fprintf(os.Stderr, "\r%s: %d of %d parks, %s ", of.name, p+1, of.parks, time.Since(begun).Round(time.Second))
	}
	for _, sql := range []string{
		`CREATE TABLE peer AS SELECT parcel_id AS id, code, zone, status, land_use, services, legal_m2, computed_m2,
			price_cny_per_m2, tenant_zh, tenant_en, project_zh, project_en, geom FROM parcel_public WHERE to_seq IS NULL`,
		`ALTER TABLE peer ADD PRIMARY KEY (id)`, `CREATE INDEX ON peer USING gist (geom)`,
		`VACUUM ANALYZE`,
	} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
	}
	fmt.Fprintf(os.Stderr, "\nmade %s in %s\n", of.name, time.Since(begun).Round(time.Second))
	return nil
}
