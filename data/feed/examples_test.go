package feed_test

import (
	"context"
	"testing"

	"luodi/data/sample"
	"luodi/data/store/storetest"
)

// sqlVaried gives the sample's public rows facts that the sample has none of: unknown and odd values, in a fixed order.
const sqlVaried = `
SET LOCAL session_replication_role = replica; -- the public tables follow the land by triggers
WITH n AS (SELECT park_id, parcel_id, row_number() OVER (ORDER BY code)::int AS n FROM parcel_public)
UPDATE parcel_public f SET
    sys = tstzrange('2025-12-01T00:00:00Z'::timestamptz + n * interval '1 day', NULL),
    expires_at = CASE WHEN n % 3 > 0 THEN '2026-01-01T12:00:00Z'::timestamptz + n * interval '1 day' END,
    status = CASE f.status WHEN 'in_negotiation' THEN CASE WHEN n % 2 = 0 THEN 'held' ELSE 'reserved' END
      ELSE f.status END,
    price_cny_per_m2 = CASE WHEN n % 4 > 0 THEN n * 10.5 END,
    cadastral_no = CASE WHEN n % 5 = 0 THEN '371081' || lpad(n::text, 6, '0') END,
    tenant_en = CASE n WHEN 1 THEN 'Straße GmbH' WHEN 2 THEN 'STRASSE GmbH' WHEN 3 THEN 'Société Générale'
      WHEN 4 THEN 'societe generale' WHEN 5 THEN 'Łódź' WHEN 6 THEN '100% Carbon_Fibre' WHEN 7 THEN 'back\slash'
      WHEN 8 THEN 'O''Brien; DROP TABLE parcel; --' WHEN 9 THEN 'İstanbul' WHEN 10 THEN 'ΣΊΣΥΦΟΣ' WHEN 11 THEN 'σίσυφος'
      WHEN 12 THEN E'two\nlines' WHEN 13 THEN '' ELSE f.tenant_en END,
    tenant_zh = CASE n WHEN 14 THEN '拓展（集团）' WHEN 15 THEN 'はじめ' WHEN 16 THEN 'はしめ' ELSE f.tenant_zh END
  FROM n WHERE (f.park_id, f.parcel_id) = (n.park_id, n.parcel_id);
WITH n AS (SELECT plan_unit_id, row_number() OVER (ORDER BY code)::int AS n FROM plan_unit_public)
UPDATE plan_unit_public f SET effective_from = '2022-01-01'::date + n * 10 FROM n WHERE f.plan_unit_id = n.plan_unit_id;
UPDATE park_public SET illustrative = code <> 'logistics'`

// varied is a database with the sample, varied.
func varied(t testing.TB) *storetest.DB {
	t.Helper()
	db := storetest.Filled(t, "sample", storetest.AsPlanner(sample.Load))
	ctx := context.Background()
	tx, err := db.Owner.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Conn().PgConn().Exec(ctx, sqlVaried).ReadAll(); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	return db
}

// reserve is the outline of the sample's reserve parcel, roughly, in SQL; reserveWKT the same for a filter.
const (
	reserveSQL = `ST_GeomFromText('POLYGON((122.0300 37.2440,122.0380 37.2440,122.0380 37.2520,122.0300 37.2520,122.0300 37.2440))', 4490)`
	reserveWKT = `POLYGON((122.0300 37.2440,122.0380 37.2440,122.0380 37.2520,122.0300 37.2520,122.0300 37.2440))`
	lineSQL    = `ST_GeomFromText('LINESTRING(122.018 37.243,122.040 37.257)', 4490)`
	lineWKT    = `LINESTRING(122.018 37.243,122.040 37.257)`
)

// examples are filters and what they mean in SQL over a row f of the collection's public table and its park k. The SQL
// is written by hand from OGC 21-065r2, not by the compiler.
var examples = []struct{ collection, filter, sql string }{
	// basic-cql2: comparisons
	{"parcels", `status = 'available'`, `f.status = 'available'`},
	{"parcels", `"status" = 'available'`, `f.status = 'available'`},
	{"parcels", `status <> 'available'`, `f.status <> 'available'`},
	{"parcels", `NOT status = 'available'`, `f.status <> 'available'`},
	{"parcels", `code = 'TX-R01'`, `f.code = 'TX-R01'`},
	{"parcels", `code < 'TX-B'`, `f.code < 'TX-B'`},
	{"parcels", `code >= 'TX-B01' AND code <= 'TX-B03'`, `f.code >= 'TX-B01' AND f.code <= 'TX-B03'`},
	{"parcels", `legal_m2 > 20000`, `f.legal_m2 > 20000`},
	{"parcels", `legal_m2 = 333333.3333`, `f.legal_m2 = 333333.3333`},
	{"parcels", `legal_m2 < 1.5E4`, `f.legal_m2 < 15000`},
	{"parcels", `legal_m2 >= +20000.`, `f.legal_m2 >= 20000`},
	{"parcels", `legal_mu = 500`, `round(f.legal_m2 * 15 / 10000, 2) = 500`},
	{"parcels", `legal_mu > 30.5`, `round(f.legal_m2 * 15 / 10000, 2) > 30.5`},
	{"parcels", `computed_m2 = 12318.6459`, `f.code = 'TX-A01'`},
	{"parcels", `computed_m2 > 51447.2909 AND computed_m2 < 51447.2911`, `f.code = 'TX-C01'`},
	{"parcels", `ellipsoid_m2 < 3000`, `f.ellipsoid_m2 < 3000`},
	{"parcels", `seq = 1`, `f.from_seq = 1`},
	{"parcels", `seq > 1`, `f.from_seq > 1`},
	{"parcels", `price_cny_per_m2 > 500`, `f.price_cny_per_m2 > 500`},
	{"parcels", `price_cny_per_m2 = 10.50`, `f.price_cny_per_m2 = 10.5`},
	{"parcels", `price_cny_per_m2 <> 10.5`, `f.price_cny_per_m2 <> 10.5`},
	{"parcels", `legal_m2 > -1e20`, `true`},
	{"parcels", `legal_m2 = 0.00000000000000000000001`, `false`},
	{"parks", `illustrative = TRUE`, `f.illustrative`},
	{"parks", `illustrative = false`, `NOT f.illustrative`},
	{"parks", `illustrative <> TRUE`, `NOT f.illustrative`},
	{"parks", `survey_crs = 4550 AND computed_mu > 3000`, `f.survey_crs = 4550 AND f.computed_m2 * 15 / 10000 > 3000.005`},
	{"parks", `name_zh = '国际物流园'`, `f.name_zh = '国际物流园'`},
	{"parks", `code = 'logistics' OR code = 'sino-european'`, `f.code IN ('logistics', 'sino-european')`},
	{"zones", `function = 'fibre_production'`, `f.function = 'fibre_production'`},
	{"zones", `legal_mu >= 300`, `f.legal_m2 >= 200000`},
	{"plan-units", `effective_from > DATE('2022-03-01')`, `f.effective_from > '2022-03-01'`},
	{"plan-units", `effective_from = DATE('2022-01-11')`, `f.effective_from = '2022-01-11'`},
	{"plan-units", `effective_from <= DATE('2022-02-20') AND land_use <> '0802'`,
		`f.effective_from <= '2022-02-20' AND f.land_use <> '0802'`},
	{"networks", `kind = 'road' AND width_m >= 30`, `f.kind = 'road' AND f.width_m >= 30`},
	{"network-nodes", `capacity > 20000 AND unit = 'm3/h'`, `f.capacity > 20000 AND f.unit = 'm3/h'`},
	{"parcels", `since > TIMESTAMP('2026-02-01T00:00:00Z')`, `lower(f.sys) > '2026-02-01T00:00:00Z'`},
	{"parcels", `since = TIMESTAMP('2025-12-11T00:00:00.000Z')`, `lower(f.sys) = '2025-12-11T00:00:00Z'`},
	{"parcels", `since < TIMESTAMP('2025-12-11T08:00:01+08:00')`, `lower(f.sys) < '2025-12-11T00:00:01Z'`},
	{"parcels", `expires_at >= TIMESTAMP('2026-03-01T12:00:00Z')`, `f.expires_at >= '2026-03-01T12:00:00Z'`},
	{"parcels", `park = 'carbon-fibre'`, `k.code = 'carbon-fibre'`},
	{"parcels", `park = 'nowhere'`, `false`},
	{"parcels", `park <> 'nowhere'`, `true`},
	{"parcels", `NOT (park = 'nowhere')`, `true`},
	{"networks", `park <> 'carbon-fibre'`, `k.code <> 'carbon-fibre'`},
	{"network-nodes", `park > 'logistics'`, `k.code > 'logistics'`},
	{"networks", `park IN ('logistics', 'nowhere', 'sino-european')`, `k.code IN ('logistics', 'sino-european')`},
	{"networks", `park NOT IN ('logistics', 'nowhere')`, `k.code <> 'logistics'`},
	{"networks", `park LIKE 'sino-%'`, `k.code LIKE 'sino-%'`},
	{"networks", `CASEI(park) = CASEI('Logistics')`, `k.code = 'logistics'`},
	// basic-cql2: unknown values and three-valued logic
	{"parcels", `expires_at IS NULL`, `f.expires_at IS NULL`},
	{"parcels", `expires_at IS NOT NULL`, `f.expires_at IS NOT NULL`},
	{"parcels", `NOT expires_at IS NULL`, `f.expires_at IS NOT NULL`},
	{"parcels", `zone IS NULL AND status = 'available'`, `f.zone IS NULL AND f.status = 'available'`},
	{"parcels", `geometry IS NULL`, `false`},
	{"parcels", `geometry IS NOT NULL`, `true`},
	{"parcels", `(price_cny_per_m2 > 500) IS NULL`, `f.price_cny_per_m2 IS NULL`},
	{"parcels", `'text' IS NULL`, `false`},
	{"parcels", `price_cny_per_m2 > 500 OR price_cny_per_m2 <= 500`, `f.price_cny_per_m2 IS NOT NULL`},
	{"parcels", `NOT (price_cny_per_m2 > 500)`, `f.price_cny_per_m2 <= 500`},
	{"parcels", `price_cny_per_m2 > 500 AND FALSE OR TRUE`, `true`},
	{"parcels", `price_cny_per_m2 > 500 OR TRUE`, `true`},
	{"parcels", `price_cny_per_m2 > 500 AND TRUE`, `f.price_cny_per_m2 > 500`},
	{"parcels", `NOT (price_cny_per_m2 > 500 AND cadastral_no = 'x')`,
		`NOT coalesce(f.price_cny_per_m2 > 500, CASE WHEN f.cadastral_no IS NULL OR f.cadastral_no = 'x' THEN true ELSE false END) OR f.cadastral_no <> 'x'`},
	{"parcels", `TRUE`, `true`}, {"parcels", `FALSE`, `false`}, {"parcels", `NOT FALSE`, `true`},
	{"parcels", `status = 'held' OR status = 'reserve' AND legal_m2 > 1000000`, `f.status = 'held'`},
	{"parcels", `(status = 'held' OR status = 'reserve') AND legal_m2 > 100000`, `f.status = 'reserve'`},
	{"parcels", `NOT status = 'held' AND zone = 'FP'`, `f.status <> 'held' AND f.zone = 'FP'`},
	{"parcels", `NOT (status = 'held' OR zone = 'FP')`, `f.status <> 'held' AND f.zone <> 'FP'`},
	// advanced-comparison-operators
	{"parcels", `code LIKE 'TX-A%'`, `left(f.code, 4) = 'TX-A'`},
	{"parcels", `code NOT LIKE 'TX-A%'`, `left(f.code, 4) <> 'TX-A'`},
	{"parcels", `code LIKE 'TX-_01'`, `left(f.code, 3) = 'TX-' AND substr(f.code, 5) = '01'`},
	{"parcels", `code LIKE '%'`, `true`}, {"parcels", `code LIKE ''`, `false`}, {"parcels", `code LIKE 'tx-%'`, `false`},
	{"parcels", `tenant_en LIKE '100\%%'`, `left(f.tenant_en, 4) = '100%'`},
	{"parcels", `tenant_en LIKE '%Carbon\_Fibre'`, `strpos(f.tenant_en, 'Carbon_Fibre') > 0`},
	{"parcels", `tenant_en LIKE 'back\\\\slash'`, `f.tenant_en = 'back\slash'`},
	{"parcels", `tenant_en = 'back\\slash'`, `f.tenant_en = 'back\slash'`},
	{"parcels", `tenant_en = 'two\nlines'`, `f.tenant_en = E'two\nlines'`},
	{"parcels", `tenant_en = 'O''Brien; DROP TABLE parcel; --'`, `left(f.tenant_en, 7) = 'O''Brien'`},
	{"parcels", `tenant_en LIKE 'O\'Brien%'`, `left(f.tenant_en, 7) = 'O''Brien'`},
	{"parcels", `tenant_en = ''`, `length(f.tenant_en) = 0`},
	{"parcels", `NOT tenant_en LIKE '%a%'`, `strpos(f.tenant_en, 'a') = 0`},
	{"parcels", `tenant_zh LIKE '拓展%'`, `left(f.tenant_zh, 2) = '拓展'`},
	{"parcels", `legal_m2 BETWEEN 10000 AND 12318.64`, `f.legal_m2 >= 10000 AND f.legal_m2 <= 12318.64`},
	{"parcels", `legal_m2 NOT BETWEEN 3000 AND 100000`, `f.legal_m2 < 3000 OR f.legal_m2 > 100000`},
	{"parcels", `legal_m2 BETWEEN 12000 AND 10000`, `false`},
	{"parcels", `price_cny_per_m2 NOT BETWEEN 100 AND 200`, `f.price_cny_per_m2 < 100 OR f.price_cny_per_m2 > 200`},
	{"plan-units", `effective_from BETWEEN DATE('2022-02-01') AND DATE('2022-03-01')`,
		`f.effective_from >= '2022-02-01' AND f.effective_from <= '2022-03-01'`},
	{"parcels", `status IN ('held', 'reserved')`, `f.status = 'held' OR f.status = 'reserved'`},
	{"parcels", `status NOT IN ('held', 'reserved')`, `f.status <> 'held' AND f.status <> 'reserved'`},
	{"parcels", `zone IN ('FP')`, `f.zone = 'FP'`}, {"parcels", `zone NOT IN ('FP')`, `f.zone <> 'FP'`},
	{"parcels", `legal_m2 IN (333333.3333, 12318.64, 1)`, `f.code IN ('TX-R01', 'TX-A01')`},
	{"parcels", `since IN (TIMESTAMP('2025-12-02T00:00:00Z'), TIMESTAMP('2025-12-04T00:00:00Z'))`,
		`lower(f.sys) IN ('2025-12-02T00:00:00Z', '2025-12-04T00:00:00Z')`},
	{"parcels", `since IN ('2025-12-02T00:00:00Z', '2025-12-04T00:00:00Z')`,
		`lower(f.sys) IN ('2025-12-02T00:00:00Z', '2025-12-04T00:00:00Z')`},
	{"plan-units", `effective_from IN ('2022-01-11', '2022-01-21')`, `f.effective_from IN ('2022-01-11', '2022-01-21')`},
	{"parcels", `'2026-02-01T00:00:00Z' < since`, `lower(f.sys) > '2026-02-01T00:00:00Z'`},
	{"parks", `illustrative IN (FALSE)`, `NOT f.illustrative`},
	// case- and accent-insensitive comparison
	{"parcels", `CASEI(code) = CASEI('tx-r01')`, `f.code = 'TX-R01'`},
	{"parcels", `CASEI(tenant_en) = CASEI('strasse gmbh')`, `f.tenant_en IN ('Straße GmbH', 'STRASSE GmbH')`},
	{"parcels", `CASEI(tenant_en) = CASEI('STRAẞE GMBH')`, `f.tenant_en IN ('Straße GmbH', 'STRASSE GmbH')`},
	{"parcels", `CASEI(tenant_en) = CASEI('Σίσυφος')`, `f.tenant_en IN ('ΣΊΣΥΦΟΣ', 'σίσυφος')`},
	{"parcels", `CASEI(tenant_en) LIKE CASEI('%TUOZHAN%')`, `strpos(f.tenant_en, 'Tuozhan') > 0`},
	{"parcels", `CASEI(tenant_en) NOT LIKE CASEI('%TUOZHAN%')`, `strpos(f.tenant_en, 'Tuozhan') = 0`},
	{"parcels", `CASEI(status) IN (CASEI('HELD'), CASEI('Built'))`, `f.status IN ('held', 'built')`},
	{"parcels", `ACCENTI(tenant_en) = ACCENTI('Societe Generale')`, `f.tenant_en = 'Société Générale'`},
	{"parcels", `CASEI(ACCENTI(tenant_en)) = CASEI(ACCENTI('SOCIÉTÉ GÉNÉRALE'))`,
		`f.tenant_en IN ('Société Générale', 'societe generale')`},
	{"parcels", `ACCENTI(tenant_en) = ACCENTI('Lodz')`, `f.tenant_en = 'Łódź'`},
	{"parcels", `ACCENTI(tenant_en) LIKE ACCENTI('Soci_t_ %')`, `f.tenant_en = 'Société Générale'`},
	{"parcels", `ACCENTI(tenant_zh) = ACCENTI('はじめ')`, `f.tenant_zh = 'はじめ'`},
	{"parcels", `CASEI(ACCENTI(tenant_en)) = CASEI(ACCENTI('istanbul'))`, `f.tenant_en = 'İstanbul'`},
	{"parcels", `CASEI(tenant_zh) IS NULL`, `f.tenant_zh IS NULL`},
	// spatial
	{"parcels", `S_INTERSECTS(geometry, POINT(122.034 37.248))`,
		`ST_Intersects(f.geom, ST_SetSRID(ST_Point(122.034, 37.248), 4490))`},
	{"parcels", `S_INTERSECTS(geometry, BBOX(122.03,37.244,122.038,37.252))`, `ST_Intersects(f.geom, ` + reserveSQL + `)`},
	{"parcels", `S_INTERSECTS(geometry, BBOX(122.03,37.244,0,122.038,37.252,100))`,
		`ST_Intersects(f.geom, ` + reserveSQL + `)`},
	{"parcels", `S_INTERSECTS(geometry, BBOX(-180,-90,180,90))`, `true`},
	{"parcels", `S_INTERSECTS(geometry, BBOX(122.03,-90,-170,90))`, `ST_XMax(f.geom) >= 122.03`},
	{"parcels", `S_INTERSECTS(geometry, BBOX(122.034,37.248,122.034,37.248))`,
		`ST_Intersects(f.geom, ST_SetSRID(ST_Point(122.034, 37.248), 4490))`},
	{"parcels", `S_INTERSECTS(geometry, ` + lineWKT + `)`, `ST_Intersects(f.geom, ` + lineSQL + `)`},
	{"parcels", `S_INTERSECTS(geometry, ` + reserveWKT + `) AND NOT S_INTERSECTS(geometry, POINT(122.034 37.248))`,
		`ST_Intersects(f.geom, ` + reserveSQL + `) AND f.code <> 'TX-R01'`},
	{"parcels", `S_WITHIN(geometry, ` + reserveWKT + `)`, `ST_CoveredBy(f.geom, ` + reserveSQL + `)`},
	{"parcels", `S_WITHIN(geometry, ` + reserveWKT + `) OR status = 'held'`,
		`ST_CoveredBy(f.geom, ` + reserveSQL + `) OR f.status = 'held'`},
	{"parcels", `S_CONTAINS(geometry, MULTIPOINT((122.034 37.248),(122.0345 37.2485)))`, `f.code = 'TX-R01'`},
	{"parcels", `S_DISJOINT(geometry, ` + reserveWKT + `)`, `ST_Disjoint(f.geom, ` + reserveSQL + `)`},
	{"parcels", `NOT S_DISJOINT(geometry, ` + reserveWKT + `)`, `ST_Intersects(f.geom, ` + reserveSQL + `)`},
	{"parcels", `S_OVERLAPS(geometry, ` + reserveWKT + `)`, `ST_Relate(f.geom, ` + reserveSQL + `, 'T*T***T**')`},
	{"parcels", `S_CROSSES(geometry, ` + lineWKT + `)`, `ST_Relate(` + lineSQL + `, f.geom, 'T*T******')`},
	{"networks", `S_CROSSES(geometry, ` + reserveWKT + `) AND kind = 'road'`,
		`ST_GeometryType(f.geom) = 'ST_LineString' AND ST_Relate(f.geom, ` + reserveSQL + `, 'T*T******') AND f.kind = 'road'`},
	{"networks", `S_TOUCHES(geometry, POINT(122.0300 37.2440))`, `ST_Touches(f.geom, ST_SetSRID(ST_Point(122.03, 37.244), 4490))`},
	{"parcels", `S_EQUALS(geometry, geometry)`, `true`},
	{"parcels", `S_TOUCHES(geometry, geometry)`, `false`},
	{"parcels", `S_INTERSECTS(POINT(1 1), BBOX(0,0,2,2))`, `true`},
	{"parcels", `S_EQUALS(POINT(1 1), POINT(2 2))`, `false`},
	{"parcels", `S_INTERSECTS(` + reserveWKT + `, geometry)`, `ST_Intersects(f.geom, ` + reserveSQL + `)`},
	{"parcels", `S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(122.034 37.248),LINESTRING(0 0,1 1)))`, `f.code = 'TX-R01'`},
	{"parcels", `S_WITHIN(geometry, GEOMETRYCOLLECTION(` + reserveWKT + `,POLYGON((0 0,1 0,1 1,0 0))))`,
		`ST_CoveredBy(f.geom, ` + reserveSQL + `)`},
	{"networks", `S_INTERSECTS(geometry, GEOMETRYCOLLECTION(MULTIPOINT((1 1),(2 2)),MULTILINESTRING((3 3,4 4)),` + reserveWKT + `))`,
		`ST_Intersects(f.geom, ` + reserveSQL + `)`},
	{"networks", `S_DISJOINT(GEOMETRYCOLLECTION(MULTIPOINT((1 1),(2 2)),` + reserveWKT + `), geometry)`,
		`ST_Disjoint(f.geom, ` + reserveSQL + `)`},
	{"networks", `S_WITHIN(geometry, GEOMETRYCOLLECTION(` + lineWKT + `,MULTILINESTRING((1 1,2 2))))`,
		`ST_CoveredBy(f.geom, ` + lineSQL + `)`},
	{"zones", `S_INTERSECTS(geometry, GEOMETRYCOLLECTION(` + lineWKT + `,POINT(1 1)))`, `ST_Intersects(f.geom, ` + lineSQL + `)`},
	{"networks", `S_WITHIN(geometry, ` + reserveWKT + `)`, `ST_CoveredBy(f.geom, ` + reserveSQL + `)`},
	{"parks", `S_CONTAINS(geometry, POINT(122.034 37.248))`, `f.code = 'carbon-fibre'`},
	{"zones", `S_INTERSECTS(geometry, POLYGON((122.02 37.24,122.03 37.24,122.03 37.25,122.02 37.24),(122.021 37.2405,122.022 37.2405,122.022 37.241,122.021 37.2405)))`,
		`ST_Intersects(f.geom, ST_GeomFromText('POLYGON((122.02 37.24,122.03 37.24,122.03 37.25,122.02 37.24),(122.021 37.2405,122.022 37.2405,122.022 37.241,122.021 37.2405))', 4490))`},
	// temporal
	{"parcels", `T_AFTER(since, TIMESTAMP('2026-01-10T00:00:00Z'))`, `lower(f.sys) > '2026-01-10T00:00:00Z'`},
	{"parcels", `T_BEFORE(since, TIMESTAMP('2026-01-10T00:00:00Z'))`, `lower(f.sys) < '2026-01-10T00:00:00Z'`},
	{"parcels", `T_EQUALS(since, TIMESTAMP('2026-01-10T00:00:00Z'))`, `lower(f.sys) = '2026-01-10T00:00:00Z'`},
	{"parcels", `T_DISJOINT(since, TIMESTAMP('2026-01-10T00:00:00Z'))`, `lower(f.sys) <> '2026-01-10T00:00:00Z'`},
	{"parcels", `T_INTERSECTS(since, INTERVAL('2026-01-10T00:00:00Z', '2026-01-12T00:00:00Z'))`,
		`lower(f.sys) BETWEEN '2026-01-10T00:00:00Z' AND '2026-01-12T00:00:00Z'`},
	{"parcels", `T_INTERSECTS(since, INTERVAL('..', '2025-12-03T00:00:00Z'))`, `lower(f.sys) <= '2025-12-03T00:00:00Z'`},
	{"parcels", `T_INTERSECTS(since, INTERVAL('..', '..'))`, `true`},
	{"parcels", `T_AFTER(expires_at, INTERVAL('2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'))`,
		`f.expires_at > '2026-02-01T00:00:00Z'`},
	{"parcels", `T_BEFORE(INTERVAL(since, expires_at), TIMESTAMP('2026-02-01T00:00:00Z'))`,
		`f.expires_at < '2026-02-01T00:00:00Z'`},
	{"parcels", `T_BEFORE(expires_at, since)`, `f.expires_at < lower(f.sys)`},
	{"parcels", `T_AFTER(expires_at, since)`, `f.expires_at > lower(f.sys)`},
	{"parcels", `T_INTERSECTS(INTERVAL(since, expires_at), TIMESTAMP('2026-01-15T00:00:00Z'))`,
		`'2026-01-15T00:00:00Z' BETWEEN lower(f.sys) AND f.expires_at`},
	{"parcels", `T_DISJOINT(INTERVAL(since, expires_at), TIMESTAMP('2026-01-15T00:00:00Z'))`,
		`NOT '2026-01-15T00:00:00Z' BETWEEN lower(f.sys) AND f.expires_at AND f.expires_at IS NOT NULL`},
	{"parcels", `T_DURING(INTERVAL(since, expires_at), INTERVAL('2026-01-01T00:00:00Z', '2026-03-01T00:00:00Z'))`,
		`lower(f.sys) > '2026-01-01T00:00:00Z' AND f.expires_at < '2026-03-01T00:00:00Z'`},
	{"parcels", `T_CONTAINS(INTERVAL(since, expires_at), INTERVAL('2026-01-15T00:00:00Z', '2026-01-20T00:00:00Z'))`,
		`lower(f.sys) < '2026-01-15T00:00:00Z' AND f.expires_at > '2026-01-20T00:00:00Z'`},
	{"parcels", `T_OVERLAPS(INTERVAL(since, expires_at), INTERVAL('2026-01-15T00:00:00Z', '..'))`,
		`lower(f.sys) < '2026-01-15T00:00:00Z' AND f.expires_at > '2026-01-15T00:00:00Z'`},
	{"parcels", `T_OVERLAPPEDBY(INTERVAL(since, expires_at), INTERVAL('..', '2026-01-15T00:00:00Z'))`,
		`lower(f.sys) < '2026-01-15T00:00:00Z' AND f.expires_at > '2026-01-15T00:00:00Z'`},
	{"parcels", `T_MEETS(INTERVAL(since, expires_at), INTERVAL('2026-01-03T12:00:00Z', '..'))`,
		`f.expires_at = '2026-01-03T12:00:00Z'`},
	{"parcels", `T_METBY(INTERVAL(since, expires_at), INTERVAL('..', '2025-12-03T00:00:00Z'))`,
		`lower(f.sys) = '2025-12-03T00:00:00Z' AND f.expires_at IS NOT NULL`},
	{"parcels", `T_STARTS(INTERVAL(since, expires_at), INTERVAL('2025-12-03T00:00:00Z', '..'))`,
		`lower(f.sys) = '2025-12-03T00:00:00Z' AND f.expires_at IS NOT NULL`},
	{"parcels", `T_STARTEDBY(INTERVAL(since, expires_at), INTERVAL('2025-12-03T00:00:00Z', '2025-12-04T00:00:00Z'))`,
		`lower(f.sys) = '2025-12-03T00:00:00Z' AND f.expires_at > '2025-12-04T00:00:00Z'`},
	{"parcels", `T_FINISHES(INTERVAL(since, '..'), INTERVAL('2025-12-10T00:00:00Z', '..'))`,
		`lower(f.sys) > '2025-12-10T00:00:00Z'`},
	{"parcels", `T_FINISHEDBY(INTERVAL(since, '..'), INTERVAL('2025-12-10T00:00:00Z', '..'))`,
		`lower(f.sys) < '2025-12-10T00:00:00Z'`},
	{"parcels", `T_EQUALS(INTERVAL(since, expires_at), INTERVAL('2025-12-02T00:00:00Z', '2026-01-02T12:00:00Z'))`,
		`f.code = 'TX-A01'`},
	{"parcels", `NOT T_AFTER(INTERVAL(since, expires_at), TIMESTAMP('2026-01-15T00:00:00Z'))`,
		`lower(f.sys) <= '2026-01-15T00:00:00Z' AND f.expires_at IS NOT NULL`},
	{"plan-units", `T_DURING(INTERVAL(effective_from, '..'), INTERVAL('2022-02-01', '2023-01-01'))`, `false`},
	{"plan-units", `T_INTERSECTS(effective_from, INTERVAL('2022-02-01', '2022-02-20'))`,
		`f.effective_from >= '2022-02-01' AND f.effective_from <= '2022-02-20'`},
	{"plan-units", `T_AFTER(effective_from, DATE('2022-04-01'))`, `f.effective_from > '2022-04-01'`},
	{"parcels", `INTERVAL(since, expires_at) IS NULL`, `f.expires_at IS NULL`},
	// property-property, literals on either side
	{"parcels", `status = bank_status`, `f.status = f.bank_status`},
	{"parcels", `status <> bank_status`, `f.status <> f.bank_status`},
	{"parcels", `legal_m2 < computed_m2`, `f.legal_m2 < round(f.computed_m2::numeric, 4)`},
	{"parcels", `legal_m2 BETWEEN computed_m2 AND ellipsoid_m2`,
		`f.legal_m2 BETWEEN round(f.computed_m2::numeric, 4) AND round(f.ellipsoid_m2::numeric, 4)`},
	{"parcels", `'available' = status`, `f.status = 'available'`},
	{"parcels", `20000 < legal_m2`, `f.legal_m2 > 20000`},
	{"parcels", `'held' IN (status, bank_status)`, `f.status = 'held'`},
	{"parcels", `1 = 1`, `true`}, {"parcels", `'a' > 'b'`, `false`},
	{"parcels", `since < expires_at`, `lower(f.sys) < f.expires_at`},
	{"parcels", `TRUE = FALSE`, `false`},
	// arithmetic
	{"parcels", `legal_m2 / 666.6667 > 500 - 1`, `f.legal_m2 / 666.6667 > 499`},
	{"parcels", `legal_m2 - computed_m2 > 0.005`, `f.legal_m2 - round(f.computed_m2::numeric, 4) > 0.005`},
	{"parcels", `price_cny_per_m2 * legal_m2 > 1e7`, `f.price_cny_per_m2 * f.legal_m2 > 10000000`},
	{"parcels", `seq / (seq - 1) = 1`, `false`},
	{"parcels", `(seq / (seq - 1)) IS NULL`, `true`},
	{"parcels", `legal_m2 div 10000 = 2`, `f.legal_m2 >= 20000 AND f.legal_m2 < 30000`},
	{"parcels", `legal_m2 % 1 = 0.25`, `f.legal_m2 - trunc(f.legal_m2) = 0.25`},
	{"parcels", `-legal_m2 < -300000`, `f.legal_m2 > 300000`},
	{"parcels", `2 + 3 * 2 ^ 2 = 14`, `true`}, {"parcels", `7 - 2 - 1 = 4`, `true`},
	{"parcels", `legal_m2 ^ 0.5 > 500`, `f.legal_m2 > 250000`},
	{"parcels", `((0 - seq) ^ 0.5) IS NULL AND (legal_m2 ^ 1000) IS NULL AND (0 ^ -1) IS NULL`, `true`},
	// JSON that text can't say as shortly
	{"parcels", `{"op":"and","args":[{"op":"in","args":[{"property":"status"},["held","reserved"]]},{"op":">","args":[{"property":"legal_m2"},9000]}]}`,
		`f.status IN ('held', 'reserved') AND f.legal_m2 > 9000`},
	{"parcels", `{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[122.034,37.248,12.5]}]}`,
		`f.code = 'TX-R01'`},
	{"parcels", `{"op":"t_intersects","args":[{"interval":[{"property":"since"},".."]},{"interval":["2026-02-01T00:00:00Z","2026-02-02T00:00:00Z"]}]}`,
		`lower(f.sys) <= '2026-02-02T00:00:00Z'`},
	{"parcels", `{"op":"not","args":[{"op":"like","args":[{"op":"casei","args":[{"property":"code"}]},{"op":"casei","args":["tx-a%"]}]}]}`,
		`left(f.code, 4) <> 'TX-A'`},
}
