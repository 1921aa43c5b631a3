package sample_test

import (
	"math"
	"testing"
)

// live is every live parcel in the survey plane: code, unit ring, zone.
const live = `live AS (SELECT v.*, ST_Transform(v.geom, 4550) AS plane FROM parcel_version v WHERE v.to_seq IS NULL),
roads AS (SELECT n.code, v.width_m, ST_Transform(v.geom, 4550) AS plane FROM network_version v JOIN network n USING (park_id, network_id)
           WHERE v.kind IN ('road') AND v.to_seq IS NULL AND v.park_id = (SELECT park_id FROM park WHERE code = 'carbon-fibre'))`

func TestStatedAreasHold(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	for what, sql := range map[string]struct {
		query string
		mu    float64
	}{
		"production zone": {`SELECT (legal_m2 * 15 / 10000)::float8, computed_m2 * 15 / 10000 FROM zone_version
			WHERE function = 'industrial_production'`, 300},
		"reserve": {`SELECT sum(legal_m2 * 15 / 10000)::float8, sum(computed_m2) * 15 / 10000
			FROM parcel_public WHERE status = 'reserve'`, 500},
	} {
		var legal, computed float64
		scan(t, db, sql.query, &legal, &computed)
		if math.Abs(legal-sql.mu) > 0.005 || math.Abs(computed-sql.mu) > sql.mu*1e-5 {
			t.Errorf("%s: legal %.4f mu, computed %.6f mu", what, legal, computed)
		}
		t.Logf("%s: legal %.4f mu, computed %.6f mu", what, legal, computed)
	}
	none(t, db, `SELECT code || ': legal ' || legal_m2 || ', computed ' || computed_m2 FROM parcel_version
		WHERE abs(legal_m2 / computed_m2::numeric - 1) > 0.0005`)
}

func TestParcelsDoNotOverlap(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	none(t, db, `WITH `+live+` SELECT a.code || ' overlaps ' || b.code FROM live a
   JOIN live b ON a.park_id = b.park_id AND a.code < b.code AND a.geom && b.geom
 WHERE ST_Area(ST_Intersection(a.plane, b.plane)) > 1e-6`)
}

func TestSharedEdgesShareTheirNodes(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	none(t, db, `WITH `+live+`, nodes AS (SELECT code, (ST_DumpPoints(geom)).geom AS p FROM live)
SELECT DISTINCT n.code || ' has a node on the edge of ' || l.code || ' that is no node of it: ' || ST_AsText(n.p)
  FROM nodes n JOIN live l ON n.code <> l.code AND ST_DWithin(l.geom, n.p, 1e-6) AND ST_DWithin(l.plane, ST_Transform(n.p, 4550), 0.01)
 WHERE NOT EXISTS (SELECT FROM nodes m WHERE m.code = l.code AND ST_Equals(m.p, n.p))`)
	var pairs int
	scan(t, db, `WITH `+live+` SELECT count(*) FROM live a JOIN live b ON a.code < b.code
		AND ST_Relate(a.geom, b.geom, 'FF2F1****')`, &pairs)
	if pairs < 80 {
		t.Errorf("only %d pairs of parcels share an edge", pairs)
	}
	t.Logf("%d pairs share an edge", pairs)
}

func TestBlocksHaveNoGapsWithin(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	none(t, db, `WITH `+live+` SELECT 'block ' || substr(code, 1,
   4) || ' is ' || ST_NumGeometries(ST_Union(geom)) || ' pieces with ' || sum(0) || ' holes'
  FROM live GROUP BY substr(code, 1, 4) HAVING GeometryType(ST_Union(geom)) <> 'POLYGON'
    OR ST_NumInteriorRings(ST_Union(geom)) > 0`)
}

func TestNoSlivers(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	none(t, db, `WITH `+live+` SELECT code || ' is a sliver' FROM live
		WHERE 4 * pi() * ST_Area(plane) / ST_Perimeter(plane) ^ 2 < 0.15`)
	none(t, db, `WITH `+live+`, edges AS (SELECT code, (ST_DumpSegments(plane)).geom AS e FROM live)
SELECT code || ' has an edge of ' || ST_Length(e) || ' m' FROM edges WHERE ST_Length(e) < 1`)
	none(t, db, `SELECT code || ' has ' || legal_m2 * 15 / 10000 || ' mu' FROM parcel_public
 WHERE status <> 'reserve' AND legal_m2 * 15 / 10000 NOT BETWEEN 3 AND 80`)
}

func TestLandLiesWhereItBelongs(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	none(t, db, `SELECT v.code || ' leaves its park' FROM parcel_version v JOIN park p USING (park_id)
		WHERE ST_Area(ST_Transform(ST_Difference(v.geom, p.geom), 4550)) > 1e-3`)
	none(t, db, `SELECT z.name_en || ' leaves its park' FROM zone_version z JOIN park p USING (park_id)
		WHERE ST_Area(ST_Transform(ST_Difference(z.geom, p.geom), 4550)) > 1e-3`)
	none(t, db, `SELECT v.code || ' and ' || z.name_en FROM parcel_version v JOIN zone_version z USING (park_id)
 WHERE (v.zone_id IS NOT DISTINCT FROM z.zone_id AND ST_Area(ST_Transform(ST_Difference(v.geom, z.geom), 4550)) > 1e-3)
    OR (v.zone_id IS DISTINCT FROM z.zone_id AND ST_Area(ST_Transform(ST_Intersection(v.geom, z.geom), 4550)) > 1e-3)`)
	none(t, db, `SELECT v.code || ' falls into ' || count(u.plan_unit_id) || ' plan units, by ' || min(u.land_use)
  FROM parcel_version v LEFT JOIN plan_unit_version u ON u.park_id = v.park_id
    AND ST_Area(ST_Transform(ST_Intersection(v.geom, u.geom), 4550)) > 1e-3
 GROUP BY v.code, v.land_use, v.geom HAVING count(u.plan_unit_id) <> 1 OR min(u.land_use) <> v.land_use
     OR ST_Area(ST_Transform(ST_Difference(v.geom, ST_Union(u.geom)), 4550)) > 1e-3`)
	none(t, db, `SELECT a.code || ' overlaps ' || b.code FROM park a JOIN park b ON a.code < b.code
		AND ST_Intersects(a.geom, b.geom)`)
	none(t, db, `SELECT code || ' is outside the district''s extent' FROM park
		WHERE NOT geom @ ST_MakeEnvelope(122, 37.2, 122.1, 37.3, 4490)`)
}

func TestEveryParcelFrontsARoad(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	none(t, db, `WITH `+live+` SELECT code || ' fronts no road' FROM live l
 WHERE NOT EXISTS (SELECT FROM roads r WHERE ST_DWithin(l.plane, r.plane, r.width_m / 2 + 1))`)
	none(t, db, `WITH `+live+` SELECT l.code || ' lies in ' || r.code FROM live l
		JOIN roads r ON ST_Distance(l.plane, r.plane) < r.width_m / 2 - 0.01`)
	var roads int
	scan(t, db, `WITH `+live+` SELECT count(*) FROM live l JOIN roads r ON l.bank_status = 'reserve'
   AND ST_Length(ST_Intersection(ST_Boundary(l.plane), ST_Buffer(r.plane, r.width_m / 2 + 1))) > 100`, &roads)
	if roads < 2 {
		t.Errorf("the reserve fronts %d roads", roads)
	}
	t.Logf("the reserve fronts %d roads", roads)
}

func TestTheReserveLiesBesideTheProductionZone(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	var parcels int
	var apart float64
	scan(t, db, `WITH `+live+` SELECT count(*), max(ST_Distance(l.plane, ST_Transform(z.geom, 4550)))
  FROM live l JOIN zone_version z ON z.function = 'industrial_production' WHERE l.bank_status = 'reserve'
    AND l.zone_id IS NULL`, &parcels, &apart)
	if parcels != 1 || apart > 40 {
		t.Errorf("%d parcels, %.1f m from the zone", parcels, apart)
	}
}

func TestThePrepregPlantHasTheNeighboursTheReportTells(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	var andersen, available, inZone int
	scan(t, db, `WITH plant AS (SELECT * FROM parcel_public WHERE project_zh LIKE '预浸料厂%'),
near AS (SELECT p.* FROM parcel_public p, plant WHERE p.code <> plant.code
       AND ST_Length(ST_Intersection(p.geom, plant.geom)::geography) > 50)
SELECT count(*) FILTER (WHERE tenant_zh = '威海安德森复合材料'), count(*) FILTER (WHERE status = 'available'),
       (SELECT count(*) FROM parcel_public WHERE zone = 'IP' AND tenant_zh IN ('威海安德森复合材料', '邦德汽车轻量化')) FROM near`, &andersen, &available, &inZone)
	if andersen != 1 || available < 1 || inZone != 2 {
		t.Errorf("beside the prepreg plant: Andersen %d, available %d; firms in the zone %d", andersen, available,
			inZone)
	}
}

func TestStatusesAddUp(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	var reserve, available, talks, supplied, built, withdrawn, all int
	scan(t, db, `SELECT count(*) FILTER (WHERE status = 'reserve'), count(*) FILTER (WHERE status = 'available'),
       count(*) FILTER (WHERE status = 'in_negotiation'), count(*) FILTER (WHERE status = 'supplied'),
    count(*) FILTER (WHERE status = 'built'),
  count(*) FILTER (WHERE status = 'withdrawn'), (SELECT count(*) FROM parcel_version) FROM parcel_public`, &reserve, &available, &talks, &supplied, &built, &withdrawn, &all)
	if reserve != 1 || available < 30 || talks < 13 || supplied < 10 || built < 10 || withdrawn < 1 {
		t.Errorf("reserve %d, available %d, in negotiation %d, supplied %d, built %d, withdrawn %d", reserve,
			available, talks, supplied, built, withdrawn)
	}
	if sum := reserve + available + talks + supplied + built + withdrawn; sum != all {
		t.Errorf("statuses cover %d of %d parcels", sum, all)
	}
	none(t, db, `SELECT 'parcels and public rows differ by ' || (a - b)
		FROM (SELECT (SELECT sum(legal_m2) FROM parcel_version) a, (SELECT sum(legal_m2) FROM parcel_public) b) s
		WHERE a IS DISTINCT FROM b`)
}

func TestServicesStayWithinTheirSources(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	none(t, db, `WITH drawn AS (SELECT k AS kind, s ->> 'unit' AS unit, sum((s ->> 'capacity')::numeric) AS m
       FROM parcel_version, jsonb_each(services) e(k, s) WHERE (s ->> 'ready')::boolean
       AND s ->> 'unit' IS NOT NULL GROUP BY 1, 2),
source AS (SELECT CASE kind WHEN 'substation' THEN 'power' ELSE kind END AS kind, unit, sum(capacity) AS m
       FROM network_version WHERE grade = 'node' GROUP BY 1, 2)
SELECT d.kind || ': parcels may draw ' || d.m || ' ' || d.unit || ' of ' || coalesce(s.m::text, 'no source')
       FROM drawn d LEFT JOIN source s USING (kind, unit) WHERE s.m IS NULL OR d.m > s.m`)
	none(t, db, `SELECT code || ' has not all services' FROM parcel_version
 WHERE NOT services ?& ARRAY['road', 'water', 'sewer', 'power', 'steam', 'gas', 'telecom', 'levelled', 'nitrogen']`)
	none(t, db, `SELECT kind || ' is missing' FROM unnest(ARRAY['road', 'rail', 'port', 'substation', 'power',
       'steam', 'water', 'gas', 'sewer', 'nitrogen']) kind
 WHERE kind NOT IN (SELECT kind FROM network_version)`)
}
