-- A function in SQL is planned anew at each call, one in PL/pgSQL once a connection; and a function that asks for custom
-- plans has them made at each call. Of the 9 ms that a record of one new parcel cost, 5 went into such plans. What the
-- functions read is fenced (OFFSET 0) and hangs on no parameter's value, so one plan serves all calls.

CREATE OR REPLACE FUNCTION changed_land(p_park uuid, p_seq bigint)
RETURNS TABLE (parcel_id uuid, code text, begins boolean, goes_on boolean, reshaped boolean, bank_status text,
               legal_m2 numeric, geom geometry, span box)
LANGUAGE plpgsql STABLE ROWS 10 SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT x.*
    FROM (SELECT * FROM parcel_version v WHERE (v.park_id, v.to_seq) = (p_park, p_seq)) c
    FULL JOIN (SELECT * FROM parcel_version v WHERE (v.park_id, v.from_seq) = (p_park, p_seq)) n
      ON n.parcel_id = c.parcel_id
   CROSS JOIN LATERAL (SELECT (c.parcel_id = n.parcel_id) IS TRUE AS goes_on,
                              (n.legal_m2 = c.legal_m2 AND ST_OrderingEquals(n.geom, c.geom)) IS NOT TRUE AS reshaped) s
   CROSS JOIN LATERAL (VALUES
           (c.parcel_id, c.code, false, s.goes_on, s.reshaped, c.bank_status, c.legal_m2, c.geom, c.span),
           (n.parcel_id, n.code, true, s.goes_on, s.reshaped, n.bank_status, n.legal_m2, n.geom, n.span)) x
   WHERE x.column1 IS NOT NULL AND (s.reshaped OR n.bank_status <> c.bank_status);
END $$;

CREATE OR REPLACE FUNCTION touched_parcels(p_park uuid, p_seq bigint) RETURNS TABLE (parcel_id uuid)
LANGUAGE plpgsql STABLE ROWS 10 SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT v.parcel_id FROM parcel_version v WHERE (v.park_id, v.from_seq) = (p_park, p_seq)
  UNION SELECT v.parcel_id FROM parcel_version v WHERE (v.park_id, v.to_seq) = (p_park, p_seq)
  UNION SELECT l.parcel_id FROM allotment_parcel l WHERE (l.park_id, l.from_seq) = (p_park, p_seq)
  UNION SELECT l.parcel_id FROM allotment_parcel l WHERE (l.park_id, l.to_seq) = (p_park, p_seq)
  UNION SELECT l.parcel_id
          FROM (SELECT a.allotment_id FROM allotment_version a WHERE (a.park_id, a.from_seq) = (p_park, p_seq)
                UNION SELECT a.allotment_id FROM allotment_version a WHERE (a.park_id, a.to_seq) = (p_park, p_seq)
                UNION SELECT d.allotment_id FROM allotment_draw d WHERE (d.park_id, d.from_seq) = (p_park, p_seq)
                UNION SELECT d.allotment_id FROM allotment_draw d WHERE (d.park_id, d.to_seq) = (p_park, p_seq)) r
         CROSS JOIN LATERAL (SELECT x.parcel_id FROM allotment_parcel x
                              WHERE (x.park_id, x.allotment_id) = (p_park, r.allotment_id) AND x.to_seq IS NULL
                             OFFSET 0) l;
END $$;

-- What a record begins or draws anew, of parcels that are live. A comparison of rows is served by the index of those
-- columns in that order (parcel_version_from) and by no other: compared one by one, a park of which the statistics know
-- nothing is walked through an index that begins with park_id. What was before is the newest older version.
CREATE OR REPLACE FUNCTION begun_land(p_park uuid, p_seq bigint)
RETURNS TABLE (parcel_id uuid, code text, follows boolean, computed_m2 double precision, span box, geom geometry)
LANGUAGE plpgsql STABLE ROWS 10 SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT n.parcel_id, n.code, n.prev_to_seq IS NOT NULL, n.computed_m2, n.span, n.geom
    FROM (SELECT * FROM parcel_version v
           WHERE (v.from_seq, v.park_id) >= (p_seq, p_park) AND (v.from_seq, v.park_id) <= (p_seq, p_park) OFFSET 0) n
   WHERE n.to_seq IS NULL
     AND (n.prev_to_seq IS NULL OR NOT ST_OrderingEquals(n.geom,
           (SELECT c.geom FROM parcel_version c
             WHERE (c.park_id, c.parcel_id) = (p_park, n.parcel_id) AND c.from_seq < p_seq
             ORDER BY c.from_seq DESC LIMIT 1)));
END $$;

-- Parks whose ground comes near a shape: their border, and what lies astray of them.
CREATE OR REPLACE FUNCTION near_parks(p_park uuid, p_shape geometry) RETURNS uuid[]
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE box geometry := reach(p_shape); bend double precision := bend_degrees(p_shape);
BEGIN
  RETURN (
    SELECT coalesce(array_agg(x.park_id ORDER BY x.park_id), '{}')
      FROM (SELECT k.park_id FROM (SELECT * FROM park WHERE geom && box OFFSET 0) k
             WHERE k.park_id <> p_park AND ST_DWithin(k.geom, p_shape, bend)
            UNION
            SELECT s.park_id FROM (SELECT * FROM stray_ground WHERE geom && box OFFSET 0) s
             WHERE s.park_id <> p_park AND ST_DWithin(s.geom, p_shape, bend)) x);
END $$;

ALTER FUNCTION refuse_overlap(uuid, bigint) RESET plan_cache_mode;
ALTER FUNCTION refuse_unreleased(uuid, bigint) RESET plan_cache_mode;

-- Each parcel that a record begins or draws anew lies in the ground of its park, to its slack and to a metre; so does
-- what is live where a border gave ground up. What the border covers, as nearly all is, is looked at no further.
CREATE OR REPLACE FUNCTION refuse_stray(p_park uuid, p_seq bigint, p_kind text) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE crs integer; hit record; lost geometry; ground geometry; border geometry; wide geometry; astray geometry;
BEGIN
  SELECT n.code, n.computed_m2, (n.span)[0] <-> (n.span)[1] AS across INTO hit
    FROM begun_land(p_park, p_seq) n
   WHERE n.computed_m2 < 1 OR (n.span)[0] <-> (n.span)[1] > 20000
   LIMIT 1;
  IF FOUND AND hit.computed_m2 < 1 THEN
    PERFORM refuse('parcel_has_area', format('parcel %s measures %s m2, a parcel is at least 1 m2',
      hit.code, round(hit.computed_m2::numeric, 4)));
  ELSIF FOUND THEN
    PERFORM refuse('parcel_is_local', format('parcel %s is %s m across, a parcel is at most 20000 m',
      hit.code, round(hit.across::numeric)));
  END IF;
  SELECT k.survey_crs, k.geom, ST_Transform(k.geom, k.survey_crs) INTO crs, ground, border FROM park k
   WHERE k.park_id = p_park;
  SELECT ST_Transform(ST_Difference(ST_Transform(b.was, crs), border), 4490) INTO lost FROM park_border b
   WHERE (b.park_id, b.seq) = (p_park, p_seq);
  FOR hit IN
    SELECT j.code, j.parcel_id, j.follows, ground && j.geom AS near, s.plane
      FROM (SELECT n.code, n.parcel_id, n.follows, n.geom FROM begun_land(p_park, p_seq) n
            UNION ALL
            SELECT v.code, v.parcel_id, true, v.geom
              FROM (SELECT * FROM parcel_version WHERE to_seq IS NULL AND geom && reach(lost) OFFSET 0) v
             WHERE v.park_id = p_park AND NOT ST_IsEmpty(lost)) j
     CROSS JOIN LATERAL (SELECT ST_Transform(j.geom, crs) AS plane OFFSET 0) s
     WHERE NOT (ground && j.geom AND ST_Covers(border, s.plane))
  LOOP
    wide := coalesce(wide, ST_Buffer(border, 1));
    astray := ST_Difference(hit.plane, border);
    CONTINUE WHEN hit.near AND ST_Area(astray) <= slack_m2(ST_Perimeter(hit.plane)) AND ST_Covers(wide, hit.plane);
    CONTINUE WHEN p_kind NOT IN ('create', 'import', 'sample')
      AND EXISTS (SELECT FROM stray_ground x WHERE x.park_id = p_park)
      AND ST_Area(ST_Difference(astray, (SELECT ST_Union(ST_Buffer(ST_Transform(x.geom, crs), 0.001))
                                           FROM stray_ground x WHERE x.park_id = p_park)))
          <= slack_m2(ST_Perimeter(hit.plane));
    RAISE EXCEPTION 'parcel % lies with % m2 outside the border of its park, up to % m from it', hit.code,
      round(ST_Area(astray)::numeric, 4), farthest_m(astray, border)
      USING ERRCODE = 'check_violation', CONSTRAINT = 'parcel_in_park', DETAIL = jsonb_build_object(
        'parcel', CASE WHEN hit.follows THEN hit.parcel_id END, 'code', hit.code,
        'm2', round(ST_Area(astray)::numeric, 4), 'm', farthest_m(astray, border));
  END LOOP;
END $$;

-- code_fault as it was; but what is asked of an odd code alone stands in a function of its own. In an expression that
-- is planned with each statement, as a check is, the list of unseen characters was put together each time.
CREATE FUNCTION odd_code_fault(p_code text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = public, pg_temp AS $$
BEGIN
  RETURN CASE
    WHEN is_blank(p_code) THEN 'blank'
    WHEN p_code ~ ('[' || unseen_characters() || ']') THEN (
      SELECT format('U+%s at %s', lpad(upper(to_hex(ascii(substr(p_code, at, 1)))), 4, '0'), at)
        FROM regexp_instr(p_code, '[' || unseen_characters() || ']') at)
    WHEN p_code ~ ('^[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]|[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]|  |'
                || '[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]$') THEN 'spaces'
    WHEN p_code IS NOT NFC NORMALIZED THEN 'not in NFC'
    WHEN length(p_code) > 100 THEN 'long' END;
END $$;
CREATE OR REPLACE FUNCTION code_fault(p_code text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN p_code ~ '^[!-~]+( [!-~]+)*$' AND length(p_code) <= 100 THEN NULL -- what nearly all are
              ELSE odd_code_fault(p_code) END
$$;
