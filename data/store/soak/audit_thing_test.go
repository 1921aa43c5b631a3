package soak

// thingAudits are about zones, plan units and networks: their codes, what the public reads of them, and what is drawn
// from nodes.
var thingAudits = []claim{
	{"a code names one thing at a time", `
WITH named AS (
  SELECT 'parcel' AS what, parcel_id AS id, code, from_seq, to_seq FROM parcel_version WHERE park_id = $1
  UNION ALL SELECT 'zone', zone_id, code, from_seq, to_seq FROM zone_version JOIN zone USING (park_id, zone_id)
    WHERE park_id = $1
  UNION ALL SELECT 'plan unit', plan_unit_id, code, from_seq, to_seq FROM plan_unit_version
    JOIN plan_unit USING (park_id, plan_unit_id) WHERE park_id = $1
  UNION ALL SELECT 'network', network_id, code, from_seq, to_seq FROM network_version
    JOIN network USING (park_id, network_id) WHERE park_id = $1)
SELECT a.what || ' ' || a.code || ' at ' || a.from_seq
  FROM named a JOIN named b ON (b.what, b.code) = (a.what, a.code) AND b.id <> a.id
    AND int8range(b.from_seq, b.to_seq) @> a.from_seq
 WHERE a.from_seq >= $2`},
	{"a parcel lies in a zone that is live, all the time", `
SELECT v.code || ' at ' || v.from_seq
  FROM parcel_version v
 WHERE v.park_id = $1 AND v.zone_id IS NOT NULL
   AND (greatest(v.from_seq, v.to_seq) >= $2 OR v.to_seq IS NULL)
   AND int8multirange(int8range(v.from_seq, v.to_seq)) - coalesce((SELECT range_agg(int8range(z.from_seq,
     z.to_seq)) FROM zone_version z WHERE (z.park_id, z.zone_id) = (v.park_id, v.zone_id)), '{}') <> '{}'`},
	{"the version that writers state is the number of the newest change, and what has no live version is retired", `
SELECT what || ' ' || code
  FROM (SELECT 'zone' AS what, i.code, i.version, i.live, max(greatest(v.from_seq, v.to_seq)) AS newest,
    bool_or(v.to_seq IS NULL) AS lives FROM zone i LEFT JOIN zone_version v USING (park_id, zone_id)
         WHERE i.park_id = $1 GROUP BY i.park_id, i.zone_id
        UNION ALL
        SELECT 'plan unit', i.code, i.version, i.live, max(greatest(v.from_seq, v.to_seq)),
          bool_or(v.to_seq IS NULL) FROM plan_unit i LEFT JOIN plan_unit_version v USING (park_id, plan_unit_id)
         WHERE i.park_id = $1 GROUP BY i.park_id, i.plan_unit_id
        UNION ALL
        SELECT 'network', i.code, i.version, i.live, max(greatest(v.from_seq, v.to_seq)),
          bool_or(v.to_seq IS NULL) FROM network i LEFT JOIN network_version v USING (park_id, network_id)
         WHERE i.park_id = $1 GROUP BY i.park_id, i.network_id) x
 WHERE $2::bigint >= 0 AND (version, live) IS DISTINCT FROM (newest, lives)`},
	{"the public reads of zones, plan units and networks what is public, now and in the past, and nothing else", `
WITH said AS (
  SELECT 'zone' AS what, to_jsonb(p) AS facts, from_seq, to_seq FROM zone_public p WHERE park_id = $1
  UNION ALL SELECT 'plan unit', to_jsonb(p), from_seq, to_seq FROM plan_unit_public p WHERE park_id = $1
  UNION ALL SELECT 'network', to_jsonb(p), from_seq, to_seq FROM network_public p WHERE park_id = $1),
so AS (
  SELECT what, facts - ARRAY['publication', 'prev_to_seq', 'headroom_told', 'capacity_told'] ||
         CASE facts->>'capacity_told' WHEN 'none' THEN '{"capacity": null}'::jsonb ELSE '{}' END, from_seq, to_seq
    FROM (SELECT 'zone' AS what, to_jsonb(v) || jsonb_build_object('code', code) AS facts, from_seq, to_seq
      FROM zone_version v JOIN zone USING (park_id, zone_id) WHERE park_id = $1
          UNION ALL SELECT 'plan unit', to_jsonb(v) || jsonb_build_object('code', code), from_seq, to_seq
            FROM plan_unit_version v JOIN plan_unit USING (park_id, plan_unit_id) WHERE park_id = $1
          UNION ALL SELECT 'network', to_jsonb(v) || jsonb_build_object('code', code), from_seq, to_seq
            FROM network_version v JOIN network USING (park_id, network_id) WHERE park_id = $1) x
   WHERE facts->>'publication' = 'public')
SELECT d.how || ' ' || d.what || ' ' || d.facts
  FROM (SELECT 'says' AS how, a.* FROM (TABLE said EXCEPT TABLE so) a UNION ALL SELECT 'does not say', b.*
    FROM (TABLE so EXCEPT TABLE said) b) d
 WHERE greatest(d.from_seq, d.to_seq) >= $2`},
	{"the public is told in a word how much is free, of public nodes and of no others", `
WITH said AS (SELECT network_id, service, free FROM service_public WHERE park_id = $1 AND to_seq IS NULL),
so AS (SELECT v.network_id, s.service, CASE WHEN v.headroom_told = 'none'
       OR v.capacity_told = 'none' AND v.headroom_told <> 'word' THEN NULL WHEN v.capacity = 0 THEN 'little'
       WHEN (v.capacity - d.promised) / v.capacity >= 0.5 THEN 'ample'
       WHEN (v.capacity - d.promised) / v.capacity >= 0.2 THEN 'some' ELSE 'little' END
         FROM network_version v JOIN service s ON (s.kind, s.unit) = (v.kind, v.unit)
         CROSS JOIN LATERAL (SELECT coalesce(sum(d.amount), 0) AS promised FROM allotment_draw d
           WHERE (d.park_id, d.network_id, d.service) = (v.park_id, v.network_id, s.service) AND d.to_seq IS NULL) d
        WHERE v.park_id = $1 AND v.to_seq IS NULL AND v.publication = 'public' AND v.grade = 'node'
          AND v.capacity IS NOT NULL AND $2::bigint >= 0)
(SELECT 'says ' || said FROM (TABLE said EXCEPT TABLE so) said)
       UNION ALL (SELECT 'does not say ' || so FROM (TABLE so EXCEPT TABLE said) so)`},
	{"nothing new is drawn from a node that would lack it", `
SELECT 'right ' || d.allotment_id || ' from ' || d.network_id || ' at ' || d.from_seq
  FROM allotment_draw d
  LEFT JOIN allotment_draw b ON (b.park_id, b.allotment_id, b.network_id, b.service, b.to_seq) = (d.park_id,
    d.allotment_id, d.network_id, d.service, d.from_seq)
 WHERE d.park_id = $1 AND d.from_seq >= $2 AND d.amount > coalesce(b.amount, 0)
   AND (SELECT sum(a.amount) FROM allotment_draw a WHERE (a.park_id, a.network_id, a.service) = (d.park_id,
     d.network_id, d.service) AND int8range(a.from_seq, a.to_seq) @> d.from_seq)
     > (SELECT coalesce(sum(v.capacity), 0) FROM network_version v JOIN service s ON (s.kind, s.unit) = (v.kind, v.unit)
         WHERE (v.park_id, v.network_id, v.grade, s.service) = (d.park_id, d.network_id, 'node', d.service)
           AND int8range(v.from_seq, v.to_seq) @> d.from_seq)`},
	{"whose supply is at risk draws so much from that node", `
SELECT 'right ' || k.allotment_id || ' from ' || k.network_id || ' at ' || k.seq
  FROM supply_at_risk k
 WHERE k.park_id = $1 AND k.seq >= $2
   AND NOT EXISTS (SELECT FROM allotment_draw d WHERE (d.park_id, d.allotment_id, d.network_id,
     d.service) = (k.park_id, k.allotment_id, k.network_id, k.service)
                      AND d.amount >= k.amount AND int8range(d.from_seq, d.to_seq) @> k.seq)`},
}
