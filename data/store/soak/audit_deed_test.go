package soak

// sense says what each record of a park does to land. A reversal does the opposite of a making or a retirement, and
// otherwise deals ground out anew.
const sqlSense = `
WITH RECURSIVE sense (seq, kind, does, reverts) AS (
  SELECT seq, kind, kind, reverts FROM record WHERE park_id = $1 AND kind <> 'revert'
  UNION ALL
  SELECT r.seq, r.kind, CASE s.does WHEN 'create' THEN 'retire' WHEN 'retire' THEN 'create' ELSE 'revert' END, r.reverts
    FROM record r JOIN sense s ON s.seq = r.reverts WHERE r.park_id = $1 AND r.kind = 'revert')`

// deedAudits are about what a record of a kind may do.
var deedAudits = []claim{
	{"land comes by a making and goes by a retirement, is measured anew by a correction and dealt out by a split, merge, move or reversal, and else stays as it is", sqlSense + `,
x (other) AS (VALUES (ARRAY['from_seq', 'to_seq', 'prev_to_seq', 'sys', 'legal_m2', 'computed_m2', 'ellipsoid_m2', 'span', 'geom'])),
changed AS (
  SELECT coalesce(n.from_seq, c.to_seq) AS seq, coalesce(n.code, c.code) AS code, c.parcel_id IS NULL AS came, n.parcel_id IS NULL AS went, c.legal_m2 <> n.legal_m2 AS resized, c.facts <> n.facts AS rewritten,
         ST_Area(ST_SymDifference(c.g, n.g)) > 0.01 + 0.0001 * ST_Perimeter(c.g) AS moved
    FROM (SELECT v.*, ST_Transform(v.geom, p.survey_crs) AS g, to_jsonb(v) - x.other AS facts FROM parcel_version v JOIN park p USING (park_id) CROSS JOIN x WHERE v.park_id = $1 AND v.to_seq >= $2) c
    FULL JOIN (SELECT v.*, ST_Transform(v.geom, p.survey_crs) AS g, to_jsonb(v) - x.other AS facts FROM parcel_version v JOIN park p USING (park_id) CROSS JOIN x WHERE v.park_id = $1 AND v.from_seq >= $2) n
      ON (n.parcel_id, n.from_seq) = (c.parcel_id, c.to_seq))
SELECT s.kind || ' ' || s.seq || ': ' || c.code || CASE WHEN came THEN ' came' WHEN went THEN ' went' WHEN resized THEN ' has another area' WHEN moved THEN ' lies elsewhere' ELSE ' was rewritten' END
  FROM changed c JOIN sense s USING (seq)
 WHERE CASE WHEN s.does IN ('import', 'sample') THEN NOT came
            WHEN s.does = 'create' THEN went OR NOT came AND (resized OR rewritten OR moved)
            WHEN s.does = 'retire' THEN NOT went
            WHEN s.does = 'correct' THEN came OR went OR rewritten
            WHEN s.does NOT IN ('split', 'merge', 'move', 'release', 'revert') THEN came OR went OR resized OR moved END`},
	{"a correction measures one parcel; its neighbours keep their ground and their areas", `
SELECT 'correction ' || r.seq
  FROM record r JOIN park p USING (park_id)
  JOIN parcel_version c ON (c.park_id, c.to_seq) = (r.park_id, r.seq)
  JOIN parcel_version n ON (n.park_id, n.parcel_id, n.from_seq) = (r.park_id, c.parcel_id, r.seq)
 WHERE r.park_id = $1 AND r.seq >= $2 AND r.kind = 'correct'
 GROUP BY r.seq
HAVING count(*) FILTER (WHERE n.legal_m2 <> c.legal_m2
       OR ST_Area(ST_SymDifference(ST_Transform(c.geom, p.survey_crs),
       ST_Transform(n.geom, p.survey_crs))) > 0.01 + 0.0001 * ST_Perimeter(ST_Transform(c.geom, p.survey_crs))) > 1`},
	{"what reverses a making ends what that began; what reverses a retirement begins what that ended, as its child", sqlSense + `,
came AS (SELECT v.* FROM parcel_version v WHERE v.park_id = $1 AND NOT EXISTS (SELECT FROM parcel_version w WHERE (w.park_id, w.parcel_id) = (v.park_id, v.parcel_id) AND w.from_seq < v.from_seq)),
went AS (SELECT v.* FROM parcel_version v WHERE v.park_id = $1 AND v.to_seq IS NOT NULL AND NOT EXISTS (SELECT FROM parcel_version w WHERE (w.park_id, w.parcel_id) = (v.park_id, v.parcel_id) AND w.from_seq > v.from_seq))
SELECT 'revert ' || s.seq || ' of ' || s.reverts
  FROM sense s JOIN park p ON p.park_id = $1
 WHERE s.kind = 'revert' AND s.seq >= $2
   AND CASE s.does WHEN 'retire' THEN EXISTS (SELECT FROM (SELECT * FROM came WHERE from_seq = s.reverts) c FULL JOIN (SELECT * FROM went WHERE to_seq = s.seq) w USING (parcel_id)
                                               WHERE c.park_id IS NULL OR w.park_id IS NULL)
                   WHEN 'create' THEN EXISTS (
         SELECT FROM (SELECT * FROM went WHERE to_seq = s.reverts) w
           FULL JOIN (SELECT l.parent_id, c.* FROM came c LEFT JOIN lineage l ON (l.park_id, l.seq, l.child_id) = ($1, c.from_seq, c.parcel_id) WHERE c.from_seq = s.seq) c ON c.parent_id = w.parcel_id
          WHERE (w.code, w.legal_m2, w.bank_status, w.publication, w.services, w.land_use, w.zone_id, w.price_cny_per_m2)
                  IS DISTINCT FROM (c.code, c.legal_m2, c.bank_status, c.publication, c.services, c.land_use, c.zone_id, c.price_cny_per_m2)
             OR ST_Area(ST_SymDifference(ST_Transform(w.geom, p.survey_crs), ST_Transform(c.geom, p.survey_crs))) > 0.01 + 0.0001 * ST_Perimeter(ST_Transform(w.geom, p.survey_crs))) END`},
	{"what was reserve is reserve until a release, whatever becomes of the parcel", `
SELECT n.code || ' at ' || n.from_seq || ' on ' || r.code
  FROM park p JOIN parcel_version n USING (park_id)
  JOIN parcel_version r ON r.park_id = n.park_id AND r.bank_status = 'reserve' AND r.to_seq <= n.from_seq
    AND r.geom && n.geom
  JOIN record e ON (e.park_id, e.seq) = (r.park_id, r.to_seq) AND e.kind <> 'release'
  CROSS JOIN LATERAL (SELECT ST_Intersection(ST_Transform(n.geom, p.survey_crs),
    ST_Transform(r.geom, p.survey_crs)) AS g OFFSET 0) shared
  CROSS JOIN LATERAL (SELECT ST_Union(ST_Transform(q.geom, p.survey_crs)) AS g FROM parcel_version q
    JOIN record f ON (f.park_id, f.seq) = (q.park_id, q.to_seq) AND f.kind = 'release'
                       WHERE q.park_id = p.park_id AND q.bank_status = 'reserve' AND q.to_seq > r.to_seq
                         AND q.to_seq <= n.from_seq) released
 WHERE p.park_id = $1 AND n.from_seq >= $2 AND n.bank_status <> 'reserve'
   AND ST_Area(coalesce(ST_Difference(shared.g, released.g),
     shared.g)) > 0.01 + 0.0001 * ST_Perimeter(ST_Transform(n.geom, p.survey_crs))`},
	{"a release, a supply and a retirement are signed by two, and a correction names its survey", `
SELECT kind || ' ' || seq FROM record
 WHERE park_id = $1 AND seq >= $2
   AND (kind IN ('release', 'supply', 'retire') AND (proposed_by <> approved_by) IS NOT TRUE OR kind = 'correct'
     AND documents = '[]')`},
}
