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
INSERT INTO event SELECT park_id, seq, at, record_id, kind FROM record JOIN ground ON park_id = park
