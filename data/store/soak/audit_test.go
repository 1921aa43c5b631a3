package soak

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store/storetest"
)

// claim is what must hold of a park ($1) at all times: its query lists what is wrong since a change ($2; 0 looks at the
// whole history).
type claim struct{ claim, sql string }

// audits are written from the words of the promises, not from the triggers, and call no function of ours.
var audits = slices.Concat(landAudits, deedAudits, thingAudits)

// landAudits are about parcels, the rights on them and who waits for them.
var landAudits = []claim{
	{"records and events are numbered from 1 to the clock's without a gap", `
SELECT 'clock ' || c.seq || ', records ' || r.n || ' to ' || r.last || ', events ' || e.n || ' to ' || e.last
  FROM park_clock c,
       (SELECT count(*) AS n, coalesce(min(seq), 1) AS first, coalesce(max(seq), 0) AS last FROM record
         WHERE park_id = $1) r,
       (SELECT count(*) AS n, coalesce(min(seq), 1) AS first, coalesce(max(seq), 0) AS last FROM event
         WHERE park_id = $1) e
 WHERE c.park_id = $1 AND $2::bigint >= 0 AND (r.n, r.first, r.last, e.n, e.first, e.last) <> (c.seq, 1, c.seq,
   c.seq, 1, c.seq)`},
	{"each event says what its record says, and time goes forward", `
SELECT 'change ' || seq
  FROM (SELECT r.seq, (e.record_id, e.kind, e.at) IS DISTINCT
    FROM (r.record_id, r.kind, r.at) AS other, r.at <= lag(r.at) OVER (ORDER BY r.seq) AS back
          FROM record r LEFT JOIN event e USING (park_id, seq) WHERE r.park_id = $1 AND r.seq >= $2::bigint - 1) x
 WHERE other OR back`},
	{"a history begins once, and each version begins where the one before ended", `
SELECT what || ' ' || id || ' at ' || from_seq
  FROM (SELECT 'parcel' AS what, parcel_id AS id, from_seq, to_seq, lag(to_seq) OVER w AS was,
    row_number() OVER w AS n, greatest(from_seq, to_seq) AS touched
          FROM parcel_version WHERE park_id = $1 WINDOW w AS (PARTITION BY parcel_id ORDER BY from_seq)
        UNION ALL
        SELECT 'right', allotment_id, from_seq, to_seq, lag(to_seq) OVER w, row_number() OVER w,
          greatest(from_seq, to_seq)
          FROM allotment_version WHERE park_id = $1 WINDOW w AS (PARTITION BY allotment_id ORDER BY from_seq)
        UNION ALL
        SELECT 'zone', zone_id, from_seq, to_seq, lag(to_seq) OVER w, row_number() OVER w, greatest(from_seq, to_seq)
          FROM zone_version WHERE park_id = $1 WINDOW w AS (PARTITION BY zone_id ORDER BY from_seq)
        UNION ALL
        SELECT 'plan unit', plan_unit_id, from_seq, to_seq, lag(to_seq) OVER w, row_number() OVER w,
          greatest(from_seq, to_seq)
          FROM plan_unit_version WHERE park_id = $1 WINDOW w AS (PARTITION BY plan_unit_id ORDER BY from_seq)
        UNION ALL
        SELECT 'network', network_id, from_seq, to_seq, lag(to_seq) OVER w, row_number() OVER w,
          greatest(from_seq, to_seq)
          FROM network_version WHERE park_id = $1 WINDOW w AS (PARTITION BY network_id ORDER BY from_seq)) x
 WHERE touched >= $2 AND n > 1 AND was IS DISTINCT FROM from_seq`},
	{"a version's instants are those of the records that began and ended it", `
SELECT x.what || ' ' || x.id || ' at ' || x.from_seq
  FROM (SELECT 'parcel' AS what, parcel_id AS id, from_seq, to_seq, sys FROM parcel_version WHERE park_id = $1
        UNION ALL SELECT 'right', allotment_id, from_seq, to_seq, sys FROM allotment_version WHERE park_id = $1
        UNION ALL SELECT 'cover of', parcel_id, from_seq, to_seq, sys FROM allotment_parcel WHERE park_id = $1
        UNION ALL SELECT 'draw of', allotment_id, from_seq, to_seq, sys FROM allotment_draw WHERE park_id = $1
        UNION ALL SELECT 'place', waiting_id, from_seq, to_seq, sys FROM waiting WHERE park_id = $1
        UNION ALL SELECT 'zone', zone_id, from_seq, to_seq, sys FROM zone_version WHERE park_id = $1
        UNION ALL SELECT 'plan unit', plan_unit_id, from_seq, to_seq, sys FROM plan_unit_version WHERE park_id = $1
        UNION ALL SELECT 'network', network_id, from_seq, to_seq, sys FROM network_version WHERE park_id = $1
        UNION ALL SELECT 'word on', network_id, from_seq, to_seq, sys FROM service_public WHERE park_id = $1
        UNION ALL SELECT 'public', parcel_id, from_seq, to_seq, sys FROM parcel_public WHERE park_id = $1) x
  LEFT JOIN record b ON (b.park_id, b.seq) = ($1, x.from_seq)
  LEFT JOIN record e ON (e.park_id, e.seq) = ($1, x.to_seq)
 WHERE greatest(x.from_seq, x.to_seq) >= $2 AND (lower(x.sys), upper(x.sys)) IS DISTINCT FROM (b.at, e.at)`},
	{"no two live parcels share ground beyond the tolerance", `
WITH live AS MATERIALIZED (SELECT v.code, v.parcel_id, v.from_seq, ST_Transform(v.geom, p.survey_crs) AS g
       FROM parcel_version v JOIN park p USING (park_id) WHERE v.park_id = $1 AND v.to_seq IS NULL)
SELECT a.code || ' and ' || b.code
  FROM live a JOIN live b ON a.parcel_id <> b.parcel_id
    AND (a.from_seq > b.from_seq OR a.parcel_id > b.parcel_id AND a.from_seq = b.from_seq) AND a.g && b.g
 WHERE a.from_seq >= $2 AND ST_Area(ST_Intersection(a.g, b.g)) > 0.01 + 0.0001 * least(ST_Perimeter(a.g),
   ST_Perimeter(b.g))`},
	{"no two rights ever cover a parcel at one time", `
SELECT a.parcel_id || ' by ' || a.allotment_id || ' and ' || b.allotment_id
  FROM allotment_parcel a JOIN allotment_parcel b ON (b.park_id, b.parcel_id) = (a.park_id, a.parcel_id)
    AND (a.allotment_id, a.from_seq) > (b.allotment_id, b.from_seq)
 WHERE a.park_id = $1 AND greatest(a.from_seq, a.to_seq) >= $2
   AND (int8range(a.from_seq, a.to_seq) && int8range(b.from_seq, b.to_seq)
     OR tstzrange(lower(a.sys), upper(a.sys)) && tstzrange(lower(b.sys), upper(b.sys)))`},
	{"a right covers live, available land, and is live itself, all the time", `
SELECT 'right ' || l.allotment_id || ' on ' || l.parcel_id
  FROM allotment_parcel l
 WHERE l.park_id = $1 AND greatest(l.from_seq, l.to_seq) >= $2
   AND (int8multirange(int8range(l.from_seq, l.to_seq)) - coalesce((SELECT range_agg(int8range(v.from_seq,
     v.to_seq)) FROM parcel_version v
          WHERE (v.park_id, v.parcel_id) = (l.park_id, l.parcel_id) AND v.bank_status = 'available'), '{}') <> '{}'
     OR int8multirange(int8range(l.from_seq, l.to_seq)) - coalesce((SELECT range_agg(int8range(a.from_seq,
       a.to_seq)) FROM allotment_version a
          WHERE (a.park_id, a.allotment_id) = (l.park_id, l.allotment_id)), '{}') <> '{}')`},
	{"a live right covers land", `
SELECT 'right ' || v.allotment_id FROM allotment_version v
 WHERE v.park_id = $1 AND v.to_seq IS NULL AND $2::bigint >= 0
   AND NOT EXISTS (SELECT FROM allotment_parcel l WHERE (l.park_id, l.allotment_id) = (v.park_id, v.allotment_id)
   AND l.to_seq IS NULL)`},
	{"a change begins as much legal area as it ends, unless it brings land in, takes it out or measures it anew", sqlSense + `
SELECT r.kind || ' ' || r.seq || ': ' || coalesce(x.ended, 0) || ' and ' || coalesce(x.begun, 0)
  FROM sense r
  JOIN (SELECT seq, sum(ended) AS ended, sum(begun) AS begun
          FROM (SELECT to_seq AS seq, legal_m2 AS ended, 0 AS begun FROM parcel_version WHERE park_id = $1
            AND to_seq >= $2
                UNION ALL SELECT from_seq, 0, legal_m2 FROM parcel_version WHERE park_id = $1
                  AND from_seq >= $2) y GROUP BY seq) x ON x.seq = r.seq
 WHERE r.does NOT IN ('import', 'sample', 'create', 'retire', 'correct') AND x.ended <> x.begun`},
	{"a change begins on the ground it ends on", sqlSense + `
SELECT r.kind || ' ' || r.seq || ': ' || ST_Area(ST_SymDifference(x.ended, x.begun))
  FROM park p CROSS JOIN sense r
  CROSS JOIN LATERAL (SELECT ST_Union(ST_Transform(geom, p.survey_crs)) FILTER (WHERE to_seq = r.seq) AS ended,
    ST_Union(ST_Transform(geom, p.survey_crs)) FILTER (WHERE from_seq = r.seq) AS begun,
                             sum(ST_Perimeter(ST_Transform(geom, p.survey_crs))) AS outline, count(*) AS n
                        FROM parcel_version v WHERE v.park_id = $1 AND (v.to_seq = r.seq OR v.from_seq = r.seq)) x
 WHERE p.park_id = $1 AND r.seq >= $2 AND r.does IN ('split', 'merge', 'move', 'revert') AND x.n > 0
   AND coalesce(ST_Area(ST_SymDifference(x.ended, x.begun)), 1e9) > 0.01 * x.n + 0.0001 * x.outline`},
	{"a split is whole: its parcel has ended, its parts have begun, and lineage joins them", sqlSense + `
SELECT r.kind || ' ' || r.seq
  FROM sense r
  CROSS JOIN LATERAL (SELECT count(DISTINCT parent_id) AS parents, count(DISTINCT child_id) AS children
    FROM lineage l WHERE (l.park_id, l.seq) = ($1, r.seq)) l
  CROSS JOIN LATERAL (SELECT count(*) AS n FROM parcel_version v WHERE (v.park_id, v.to_seq) = ($1, r.seq)
                        AND NOT EXISTS (SELECT FROM parcel_version n
                          WHERE (n.park_id, n.parcel_id, n.from_seq) = (v.park_id, v.parcel_id, r.seq))) ended
  CROSS JOIN LATERAL (SELECT count(*) AS n FROM parcel_version v WHERE (v.park_id, v.from_seq) = ($1, r.seq)
                        AND NOT EXISTS (SELECT FROM parcel_version n
                          WHERE (n.park_id, n.parcel_id, n.to_seq) = (v.park_id, v.parcel_id, r.seq))) begun
 WHERE r.seq >= $2 AND r.does NOT IN ('import', 'sample', 'create', 'retire')
   AND (l.parents <> ended.n OR l.children <> begun.n OR r.kind = 'split' AND (ended.n <> 1 OR begun.n < 2)
     OR r.kind = 'merge' AND (ended.n < 2 OR begun.n <> 1))`},
	{"no node promises more than it has, unless it lost it and the record says whose supply that risks", `
WITH moment AS (
  SELECT network_id, service, from_seq AS seq FROM allotment_draw WHERE park_id = $1 UNION
    SELECT network_id, service, to_seq FROM allotment_draw WHERE park_id = $1 AND to_seq IS NOT NULL
  UNION SELECT d.network_id, d.service, s.seq FROM allotment_draw d
    JOIN network_version v USING (park_id, network_id)
    CROSS JOIN LATERAL unnest(ARRAY[v.from_seq, v.to_seq]) s (seq) WHERE d.park_id = $1 AND s.seq IS NOT NULL),
room AS (
  SELECT m.*, (SELECT coalesce(sum(d.amount), 0) FROM allotment_draw d
    WHERE (d.park_id, d.network_id, d.service) = ($1, m.network_id, m.service)
    AND int8range(d.from_seq, d.to_seq) @> m.seq)
            - (SELECT coalesce(sum(v.capacity), 0) FROM network_version v
              JOIN service s ON (s.kind, s.unit) = (v.kind, v.unit)
                WHERE (v.park_id, v.network_id, v.grade, s.service) = ($1, m.network_id, 'node', m.service)
                  AND int8range(v.from_seq, v.to_seq) @> m.seq) AS over
    FROM moment m)
SELECT 'node ' || network_id || ' at ' || seq || ' by ' || over
  FROM (SELECT *, greatest(lag(over, 1, 0) OVER (PARTITION BY network_id, service ORDER BY seq), 0) AS was FROM room) x
 WHERE seq >= $2 AND over > was AND over > (SELECT coalesce(sum(k.amount), 0) FROM supply_at_risk k
   WHERE (k.park_id, k.seq, k.network_id, k.service) = ($1, x.seq, x.network_id, x.service))`},
	{"a right draws while it is live, and no longer", `
SELECT 'right ' || d.allotment_id || ' from ' || d.network_id
  FROM allotment_draw d
 WHERE d.park_id = $1 AND greatest(d.from_seq, d.to_seq) >= $2
   AND int8multirange(int8range(d.from_seq, d.to_seq)) - coalesce((SELECT range_agg(int8range(a.from_seq,
     a.to_seq)) FROM allotment_version a
         WHERE (a.park_id, a.allotment_id) = (d.park_id, d.allotment_id)), '{}') <> '{}'`},
	{"who comes first has land first", `
SELECT 'right ' || l.allotment_id || ' on ' || l.parcel_id || ' at ' || l.from_seq
  FROM allotment_parcel l JOIN allotment t USING (park_id, allotment_id)
  CROSS JOIN LATERAL (SELECT w.project_id, w.to_seq FROM waiting w
    WHERE (w.park_id, w.parcel_id) = (l.park_id, l.parcel_id) AND w.from_seq < l.from_seq
    AND (w.to_seq IS NULL OR w.to_seq >= l.from_seq)
                       ORDER BY w.from_seq LIMIT 1) first
 WHERE l.park_id = $1 AND l.from_seq >= $2 AND (first.project_id, first.to_seq) IS DISTINCT
   FROM (t.project_id, l.from_seq)`},
	{"one waits for live land, and a place ends by a record that may end it", `
SELECT concat('place ', w.waiting_id, ' ended at ', w.to_seq, ' by ', e.kind)
  FROM waiting w LEFT JOIN record e ON (e.park_id, e.seq) = (w.park_id, w.to_seq)
 WHERE w.park_id = $1 AND greatest(w.from_seq, w.to_seq) >= $2
   AND (int8multirange(int8range(w.from_seq, w.to_seq)) - coalesce((SELECT range_agg(int8range(v.from_seq,
     v.to_seq)) FROM parcel_version v WHERE (v.park_id, v.parcel_id) = (w.park_id, w.parcel_id)), '{}') <> '{}'
     OR e.kind NOT IN ('leave', 'pass')
        AND NOT EXISTS (SELECT FROM allotment_parcel l JOIN allotment t USING (park_id, allotment_id)
          WHERE (l.park_id, l.parcel_id, l.from_seq, t.project_id) = (w.park_id, w.parcel_id, w.to_seq, w.project_id))
        AND EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.parcel_id) = (w.park_id, w.parcel_id)
          AND int8range(v.from_seq, v.to_seq) @> w.to_seq))`},
	{"the public reads what the land is, and nothing that is not public", `
WITH said AS (SELECT parcel_id, code, zone, land_use, price_cny_per_m2, price_kind, price_document, price_on,
       services::jsonb, status, bank_status, legal_m2, expires_at, project_zh, md5(ST_AsEWKB(geom)) AS shape
         FROM parcel_public WHERE park_id = $1 AND to_seq IS NULL),
so AS (SELECT v.parcel_id, v.code, (SELECT z.code FROM zone z WHERE (z.park_id, z.zone_id) = (v.park_id, v.zone_id)
                  AND (SELECT y.publication FROM zone_version y
                    WHERE (y.park_id, y.zone_id) = (z.park_id, z.zone_id) ORDER BY y.from_seq DESC
                    LIMIT 1) = 'public'), v.land_use, p.price, p.kind, p.document, p.day,
              told_services(v.services_told, v.services), CASE WHEN i.intends AND k.hold_shown = 'nothing' THEN 'reserve'
                WHEN i.intends THEN 'in_negotiation' WHEN a.state = 'hold' THEN 'held' WHEN a.state IS NOT NULL
                THEN a.state WHEN k.hold_shown = 'nothing' AND v.bank_status = 'withdrawn' THEN 'reserve'
                ELSE v.bank_status END, CASE WHEN k.hold_shown = 'nothing' AND (i.intends
                OR a.state IS NULL AND v.bank_status = 'withdrawn') THEN 'reserve' ELSE v.bank_status END, v.legal_m2,
              CASE WHEN NOT i.intends THEN a.expires_at END,
              (SELECT r.name_zh FROM allotment t JOIN project_version r USING (district_id, project_id)
                WHERE (t.park_id, t.allotment_id) = (a.park_id, a.allotment_id) AND upper_inf(r.sys) AND r.named
                  AND NOT (i.intends AND k.hold_shown = 'nothing')),
              md5(ST_AsEWKB(told_shape(k.corners_told, v.geom, k.survey_crs)))
         FROM parcel_version v JOIN park k USING (park_id)
         LEFT JOIN allotment_parcel l ON (l.park_id, l.parcel_id) = (v.park_id, v.parcel_id) AND l.to_seq IS NULL
         LEFT JOIN allotment_version a ON (a.park_id, a.allotment_id) = (l.park_id, l.allotment_id) AND a.to_seq IS NULL
         LEFT JOIN LATERAL (SELECT v.price_cny_per_m2 AS price, v.price_kind AS kind, v.price_document AS document,
           v.price_on AS day WHERE v.price_told = 'figure') p ON true
        CROSS JOIN LATERAL (SELECT coalesce(a.state IN ('hold', 'reserved'), false)
          AND coalesce(v.price_kind, '') <> 'announced' AS intends) i
        WHERE v.park_id = $1 AND v.to_seq IS NULL AND v.publication = 'public' AND $2::bigint >= 0)
(SELECT 'says ' || said FROM (TABLE said EXCEPT TABLE so) said)
       UNION ALL (SELECT 'does not say ' || so FROM (TABLE so EXCEPT TABLE said) so)`},
}

// audit asks all of them and returns what is wrong.
func audit(t testing.TB, db *storetest.DB, park uuid.UUID, since int64) []string {
	t.Helper()
	batch := &pgx.Batch{}
	for _, a := range audits {
		batch.Queue(a.sql, park, since)
	}
	ctx := context.Background()
	var wrong []string
	// One snapshot, or a change between two questions would look like a fault.
	err := pgx.BeginTxFunc(ctx, db.Owner, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly},
		func(tx pgx.Tx) error {
			results := tx.SendBatch(ctx, batch)
			for _, a := range audits {
				rows, err := results.Query()
				if err != nil {
					_ = results.Close()
					return err
				}
				found, err := pgx.CollectRows(rows, pgx.RowTo[string])
				if err != nil {
					_ = results.Close()
					return err
				}
				if len(found) > 0 {
					wrong = append(wrong, "not so: "+a.claim+": "+strings.Join(found[:min(3, len(found))], "; "))
				}
			}
			return results.Close()
		})
	if err != nil {
		t.Fatalf("audit: %v", err)
	}
	return wrong
}

func mustPass(t testing.TB, db *storetest.DB, park uuid.UUID, since int64) {
	t.Helper()
	for _, w := range audit(t, db, park, since) {
		t.Errorf("%s", w)
	}
	if t.Failed() {
		t.FailNow()
	}
}
