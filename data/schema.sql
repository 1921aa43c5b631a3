CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

COMMENT ON EXTENSION btree_gist IS 'support for indexing common datatypes in GiST';

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';

CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public;

COMMENT ON EXTENSION postgis IS 'PostGIS geometry and geography spatial types and functions';

CREATE FUNCTION public.add_to_sum(p_park uuid, p_status text, p_seq bigint, p_parcels bigint, p_legal bigint, p_computed bigint, p_inside bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$
DECLARE before land_sum_public%ROWTYPE;
BEGIN
  UPDATE land_sum_public SET parcels = parcels + p_parcels, legal = legal + p_legal,
      computed = computed + p_computed, inside = inside + p_inside
   WHERE (park_id, status, from_seq) = (p_park, p_status, p_seq);
  IF FOUND THEN RETURN; END IF;
  UPDATE land_sum_public SET to_seq = p_seq WHERE (park_id, status) = (p_park, p_status) AND to_seq IS NULL
      RETURNING * INTO before;
  INSERT INTO land_sum_public VALUES (p_park, p_status, p_seq, NULL,
    coalesce(before.parcels, 0) + p_parcels, coalesce(before.legal, 0) + p_legal,
        coalesce(before.computed, 0) + p_computed, coalesce(before.inside, 0) + p_inside);
END $$;

CREATE FUNCTION public.ask_settling() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  UPDATE park_clock k SET writer = k.writer, dirty = true
    FROM (SELECT DISTINCT c.park_id FROM changed c) x WHERE k.park_id = x.park_id;
  RETURN NULL;
END $$;

CREATE FUNCTION public.balance_of(p_park uuid, p_seq bigint) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT CASE WHEN r.kind IN ('create', 'retire', 'correct') THEN r.kind
              WHEN r.kind = 'revert' AND balance_of(r.park_id, r.reverts) = 'create' THEN 'retire'
              WHEN r.kind = 'revert' AND balance_of(r.park_id, r.reverts) = 'retire' THEN 'create' END
    FROM record r WHERE (r.park_id, r.seq) = (p_park, p_seq)
$$;

CREATE FUNCTION public.begin_parcel() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE tick record; plane geometry;
BEGIN
  SELECT c.seq, c.at, c.writer = pg_current_xact_id() AS mine, p.survey_crs INTO tick
    FROM park p JOIN park_clock c USING (park_id) WHERE p.park_id = NEW.park_id;
  IF tick.mine IS NOT TRUE THEN
    PERFORM refuse('version_has_record', format('parcel_version of park %s was written without a record', NEW.park_id));
  ELSIF NEW.from_seq IS DISTINCT FROM tick.seq OR NEW.to_seq IS NOT NULL THEN
    PERFORM refuse('version_begins_now', format(
      'parcel_version of park %s must begin, open, at the park''s newest change %s, not %s', NEW.park_id, tick.seq,
      NEW.from_seq));
  END IF;
  NEW.sys := tstzrange(tick.at, NULL);
  NEW.geom := settle_shape(NEW.geom);
  plane := ST_Transform(NEW.geom, tick.survey_crs);
  NEW.computed_m2 := ST_Area(plane);
  NEW.ellipsoid_m2 := ST_Area(NEW.geom::geography);
  NEW.span := plane::box;
  IF NOT ST_IsValid(plane) AND ST_IsValid(NEW.geom) THEN
    PERFORM refuse('shape_is_plane',
        format('parcel %s crosses itself where its edges are straight, in the survey CRS', NEW.code));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.begin_record(p_park uuid, p_record uuid, p_kind text, p_reason text, p_via text, p_documents jsonb DEFAULT '[]'::jsonb, p_proposed_by uuid DEFAULT NULL::uuid, p_approved_by uuid DEFAULT NULL::uuid, p_unlocked boolean DEFAULT false, p_reverts bigint DEFAULT NULL::bigint, OUT seq bigint, OUT at timestamp with time zone) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  UPDATE park_clock c SET seq = c.seq + 1, at = greatest(clock_timestamp(), c.at + interval '1 microsecond'),
      writer = pg_current_xact_id(), dirty = false
   WHERE c.park_id = p_park
     AND (c.writer IS DISTINCT FROM pg_current_xact_id()
          OR (p_kind = 'hold' AND NOT c.dirty
              AND EXISTS (SELECT FROM record r JOIN lineage l ON (l.park_id, l.seq) = (r.park_id, r.seq)
                  WHERE (r.park_id, r.seq, r.kind) = (c.park_id, c.seq, 'split'))))
   RETURNING c.seq, c.at INTO seq, at;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'park % has no clock, or this transaction has ticked it already', p_park
        USING ERRCODE = 'check_violation', CONSTRAINT = 'one_record_a_transaction';
  END IF;
  INSERT INTO record (park_id, seq, record_id, kind, at, reason, documents, via, proposed_by, approved_by, unlocked,
      reverts)
  VALUES (p_park, seq, p_record, p_kind, at, p_reason, p_documents, p_via, p_proposed_by, p_approved_by, p_unlocked,
      p_reverts);
  INSERT INTO event VALUES (p_park, seq, at, p_record, p_kind);
END $$;

COMMENT ON FUNCTION public.begin_record(p_park uuid, p_record uuid, p_kind text, p_reason text, p_via text, p_documents jsonb, p_proposed_by uuid, p_approved_by uuid, p_unlocked boolean, p_reverts bigint, OUT seq bigint, OUT at timestamp with time zone) IS 'Ticks a park''s clock and opens a record with its event; the number and instant are those of every version the change makes or ends.';

CREATE FUNCTION public.begin_thing() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  SELECT seq, true INTO NEW.version, NEW.live FROM park_clock WHERE park_id = NEW.park_id;
  RETURN NEW;
END $$;

CREATE FUNCTION public.begin_version() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  SELECT seq INTO NEW.version FROM park_clock WHERE park_id = NEW.park_id;
  RETURN NEW;
END $$;

CREATE FUNCTION public.begun_bounds(p_park uuid, p_seq bigint, OUT parcels bigint, OUT average_m double precision, OUT widest_m double precision, OUT around box, OUT extent public.geometry, OUT least_m2 double precision, OUT across_m double precision) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  SELECT count(*), avg(greatest(width(n.span), height(n.span))), max(greatest(width(n.span), height(n.span))),
         box(point(max((n.span[0])[0]), max((n.span[0])[1])), point(min((n.span[1])[0]), min((n.span[1])[1]))),
         ST_SetSRID(ST_Extent(n.geom)::geometry, 4490), min(n.computed_m2), max((n.span)[0] <-> (n.span)[1])
    INTO parcels, average_m, widest_m, around, extent, least_m2, across_m
    FROM begun_land(p_park, p_seq) n;
END $$;

CREATE FUNCTION public.begun_land(p_park uuid, p_seq bigint) RETURNS TABLE(parcel_id uuid, code text, follows boolean, computed_m2 double precision, span box, geom public.geometry)
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.bend_degrees(p_geom public.geometry) RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE latitude double precision := radians(least(greatest(abs(ST_YMin(p_geom)), abs(ST_YMax(p_geom))), 85));
BEGIN
  RETURN (2 * 20000.0 ^ 2 / 8 * (tan(latitude) + 0.1) / 6371000 + 2) / 111000 / cos(latitude);
END $$;

COMMENT ON FUNCTION public.bend_degrees(p_geom public.geometry) IS 'By how many degrees an edge of the shape and one of another may together bend out of the straight, whatever the planes in which they are straight.';

CREATE FUNCTION public.changed_land(p_park uuid, p_seq bigint) RETURNS TABLE(parcel_id uuid, code text, begins boolean, goes_on boolean, reshaped boolean, bank_status text, legal_m2 numeric, geom public.geometry, span box)
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
  IF NOT EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.to_seq) = (p_park, p_seq)) THEN
    RETURN QUERY SELECT v.parcel_id, v.code, true, false, true, v.bank_status, v.legal_m2, v.geom, v.span
        FROM parcel_version v WHERE (v.park_id, v.from_seq) = (p_park, p_seq);
    RETURN;
  END IF;
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

CREATE FUNCTION public.check_now() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  EXECUTE (SELECT 'SET CONSTRAINTS ' || string_agg(DISTINCT 'public.' || quote_ident(conname), ', ') || ' IMMEDIATE'
      FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace AND condeferrable
                AND conname NOT IN ('note_change', 'number_state'));
END $$;

COMMENT ON FUNCTION public.check_now() IS 'Checks now all that a commit would check, but takes no number of a state.';

CREATE FUNCTION public.china_today() RETURNS date
    LANGUAGE sql STABLE
    AS $$
  SELECT (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date
$$;

COMMENT ON FUNCTION public.china_today() IS 'The day that it is where the districts are.';

CREATE FUNCTION public.code_fault(p_code text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
  SELECT CASE WHEN p_code ~ '^[!-~]+( [!-~]+)*$' AND length(p_code) <= 100 THEN NULL -- what nearly all are
              ELSE odd_code_fault(p_code) END
$_$;

COMMENT ON FUNCTION public.code_fault(p_code text) IS 'In what a code differs from the normal form of codes; NULL of one that is in it. land.ParseCode says the same.';

CREATE FUNCTION public.code_order(p_code text) RETURNS bytea
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
DECLARE sorted text := ''; rest text := p_code; digits text;
BEGIN
  LOOP
    digits := substring(rest FROM '[0-9]+');
    EXIT WHEN digits IS NULL;
    sorted := sorted || left(rest, strpos(rest, digits) - 1);
    rest := substr(rest, strpos(rest, digits) + length(digits));
    digits := ltrim(digits, '0');
    sorted := sorted || '0' || lpad(length(digits)::text, 3, '0') || digits;
  END LOOP;
  RETURN convert_to(sorted || rest || E'\x01' || p_code, 'UTF8');
END $$;

COMMENT ON FUNCTION public.code_order(p_code text) IS 'Orders codes as people count, A-2 before A-10, whatever the collation: each run of digits behind its length, then the code itself. land.CompareCodes and the page''s compareCodes order alike.';

CREATE FUNCTION public.count_allotments() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM refuse_tick_within(x.park_id, x.seq) FROM (SELECT DISTINCT park_id, coalesce(to_seq, from_seq) AS seq
      FROM changed) x;
  UPDATE allotment a SET version = n.seq
    FROM (SELECT y.place, c.seq FROM (SELECT DISTINCT park_id, allotment_id FROM changed) x
        JOIN park_clock c USING (park_id)
           CROSS JOIN LATERAL (SELECT z.ctid AS place, z.version FROM allotment z
               WHERE (z.park_id, z.allotment_id) = (x.park_id, x.allotment_id) OFFSET 0) y WHERE y.version <> c.seq) n
   WHERE a.ctid = n.place;
  UPDATE parcel p SET version = n.seq
    FROM (SELECT DISTINCT y.place, c.seq FROM (SELECT DISTINCT park_id, allotment_id FROM changed) x
        JOIN park_clock c USING (park_id)
           CROSS JOIN LATERAL (SELECT z.parcel_id, z.to_seq FROM allotment_parcel z
               WHERE (z.park_id, z.allotment_id) = (x.park_id, x.allotment_id) OFFSET 0) l
           CROSS JOIN LATERAL (SELECT z.ctid AS place, z.version FROM parcel z
               WHERE (z.park_id, z.parcel_id) = (x.park_id, l.parcel_id) OFFSET 0) y
           WHERE (l.to_seq IS NULL OR l.to_seq = c.seq) AND y.version <> c.seq) n
   WHERE p.ctid = n.place;
  RETURN NULL;
END $$;

CREATE FUNCTION public.count_parcels() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE park record; unknown uuid; behind tid[];
BEGIN
  FOR park IN SELECT DISTINCT x.park_id, coalesce(x.to_seq, x.from_seq) AS seq FROM changed x LOOP
    PERFORM refuse_tick_within(park.park_id, park.seq);
    SELECT (array_agg(x.parcel_id) FILTER (WHERE y.place IS NULL))[1],
           array_agg(y.place) FILTER (WHERE y.version <> park.seq) INTO unknown, behind
      FROM changed x
      LEFT JOIN LATERAL (SELECT z.ctid AS place, z.version FROM parcel z
          WHERE (z.park_id, z.parcel_id) = (park.park_id, x.parcel_id) OFFSET 0) y ON true
     WHERE x.park_id = park.park_id;
    IF unknown IS NOT NULL THEN
      PERFORM refuse('version_of_parcel', format('%s is no parcel of park %s', unknown, park.park_id));
    END IF;
    UPDATE parcel p SET version = park.seq WHERE p.ctid = ANY (behind);
  END LOOP;
  RETURN NULL;
END $$;

CREATE FUNCTION public.count_things() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
BEGIN
  PERFORM refuse_tick_within(x.park_id, x.seq) FROM (SELECT DISTINCT park_id, coalesce(to_seq, from_seq) AS seq
      FROM changed) x;
  EXECUTE format('UPDATE %1$I t SET version = n.seq, live = n.live
    FROM (SELECT y.place, c.seq, e.live
            FROM (SELECT DISTINCT park_id, %2$I FROM changed) x JOIN park_clock c USING (park_id)
           CROSS JOIN LATERAL (SELECT z.ctid AS place, z.version, z.live FROM %1$I z
               WHERE (z.park_id, z.%2$I) = (x.park_id, x.%2$I) OFFSET 0) y
           CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM %3$I v WHERE (v.park_id, v.%2$I) = (x.park_id, x.%2$I)
               AND v.to_seq IS NULL OFFSET 0) AS live OFFSET 0) e
           WHERE (y.version, y.live) IS DISTINCT FROM (c.seq, e.live)) n
    WHERE t.ctid = n.place', TG_ARGV[0], TG_ARGV[0] || '_id', TG_TABLE_NAME);
  RETURN NULL;
END $_$;

CREATE FUNCTION public.doubtful_parcels(p_park uuid, p_seq bigint) RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'public', 'pg_temp'
    SET enable_nestloop TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
DECLARE touched uuid[] := ARRAY(SELECT t.parcel_id FROM touched_parcels(p_park, p_seq) t);
BEGIN
  IF cardinality(touched) <= 1000 THEN RETURN touched; END IF;
  RETURN ARRAY(
    SELECT t.parcel_id FROM unnest(touched) t (parcel_id)
      LEFT JOIN (SELECT v.parcel_id, v.bank_status, v.legal_m2, v.price_kind
                   FROM parcel_version v WHERE (v.park_id, v.from_seq) = (p_park, p_seq)
                     AND upper_inf(v.sys) AND v.publication = 'public') so ON so.parcel_id = t.parcel_id
      LEFT JOIN (SELECT p.parcel_id, p.status, p.bank_status, p.legal_m2, p.expires_at FROM parcel_public p
                  WHERE (p.park_id, p.from_seq) = (p_park, p_seq) AND upper_inf(p.sys)) said
             ON said.parcel_id = t.parcel_id
      LEFT JOIN (SELECT x.parcel_id FROM allotment_parcel x WHERE x.park_id = p_park AND upper_inf(x.sys)) held
             ON held.parcel_id = t.parcel_id
     CROSS JOIN (SELECT k.hold_shown FROM park k WHERE k.park_id = p_park) k
     CROSS JOIN LATERAL (SELECT public_word(k.hold_shown, so.bank_status, NULL, so.price_kind) AS word) w
     WHERE (held.parcel_id IS NULL AND (said.status, said.legal_m2) = (w.word, so.legal_m2) AND said.expires_at IS NULL
            AND said.bank_status = CASE w.word WHEN 'reserve' THEN 'reserve' ELSE so.bank_status END) IS NOT TRUE);
END $$;

COMMENT ON FUNCTION public.doubtful_parcels(p_park uuid, p_seq bigint) IS 'The parcels that a record touched, but for those under no right that plainly agree with their public rows.';

CREATE FUNCTION public.erase_enquiries() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  DELETE FROM spent_challenge WHERE expires_at < clock_timestamp();
  WITH due AS (SELECT park_id, enquiry_id FROM enquiry WHERE erased_at IS NULL AND erase_at <= clock_timestamp()
                ORDER BY erase_at LIMIT 1000 FOR UPDATE SKIP LOCKED),
       gone AS (UPDATE enquiry e SET erased_at = clock_timestamp(), name = NULL, organisation = NULL, phone = NULL,
                       email = NULL, words = NULL, need = NULL, places = NULL
                  FROM due WHERE (e.park_id, e.enquiry_id) = (due.park_id, due.enquiry_id) RETURNING 1)
      SELECT count(*) FROM gone
$$;

COMMENT ON FUNCTION public.erase_enquiries() IS 'Erases the enquiries that reached their term, and counts them.';

CREATE FUNCTION public.farthest_m(p_shape public.geometry, p_from public.geometry) RETURNS numeric
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT round(max(ST_Distance(d.geom, p_from))::numeric, 2) FROM ST_DumpPoints(p_shape) d
$$;

COMMENT ON FUNCTION public.farthest_m(p_shape public.geometry, p_from public.geometry) IS 'How far the vertex of a shape that is farthest from another is from it, in the units of their plane.';

CREATE FUNCTION public.firm_is_here(p_district uuid, p_party uuid, p_but uuid) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT EXISTS (SELECT FROM project o WHERE (o.district_id, o.party_id) = (p_district, p_party)
      AND o.project_id <> p_but AND (EXISTS (SELECT FROM allotment t JOIN allotment_version a
          ON (a.park_id, a.allotment_id) = (t.park_id, t.allotment_id) AND a.to_seq IS NULL
          WHERE (t.district_id, t.project_id) = (o.district_id, o.project_id)
            AND a.state IN ('reserved', 'supplied', 'built'))
        OR EXISTS (SELECT FROM project_reached m WHERE (m.district_id, m.project_id) = (o.district_id, o.project_id)
          AND m.stage IN ('landed', 'started', 'in_production'))))
$$;

CREATE FUNCTION public.firm_link_for(p_link uuid, p_project uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE link firm_link%ROWTYPE;
BEGIN
  SELECT * INTO link FROM firm_link l WHERE l.link_id = p_link FOR NO KEY UPDATE;
  IF link.project_id IS DISTINCT FROM p_project OR link.revoked_at IS NOT NULL
      OR link.expires_at <= clock_timestamp() THEN
    PERFORM refuse('firm_link_works', format('link %s does not work for project %s', p_link, p_project));
  END IF;
END $$;

CREATE FUNCTION public.firm_name(p_name text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
  SELECT coalesce(nullif(regexp_replace(plain, '(股份有限公司|有限责任公司|有限公司|集团)+$', ''), ''), nullif(plain, ''), p_name)
    FROM (SELECT regexp_replace(fold_case(normalize(p_name, NFKC)),
      '[[:space:]()\[\]{}<>〔〕【】《》〈〉「」『』"''“”‘’·•.,，。、_-]', '', 'g')) f (plain)
$_$;

COMMENT ON FUNCTION public.firm_name(p_name text) IS 'A firm''s name in the form in which two are compared.';

CREATE FUNCTION public.first_publication(p_kind text, p_grade text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT CASE WHEN p_grade = 'node' OR p_kind IN ('road', 'rail', 'port') THEN 'public' ELSE 'internal' END
$$;

COMMENT ON FUNCTION public.first_publication(p_kind text, p_grade text) IS 'Who sees a network where its writer doesn''t say.';

CREATE FUNCTION public.fold_accents(t text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT CASE WHEN t ~ '[^\u0001-\u007F\u3000-\u30FF\u3400-\u9FFF]'
    THEN translate(normalize(regexp_replace(normalize(t, NFD),
      '[\u0300-\u036F\u0483-\u0487\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20F0\uFE20-\uFE2F]', '', 'g'), NFC),
      'ØøŁłĐđĦħŦŧ', 'OoLlDdHhTt')
    ELSE t END
$$;

COMMENT ON FUNCTION public.fold_accents(t text) IS 'The text without accents and other diacritics.';

CREATE FUNCTION public.fold_case(t text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT CASE WHEN t ~ '[^\u0001-\u007F\u3000-\u30FF\u3400-\u9FFF\uFF00-\uFFEF]' THEN fold_rare(t) ELSE lower(t) END
$$;

COMMENT ON FUNCTION public.fold_case(t text) IS 'Full case folding; letters of ASCII and Chinese the quick way.';

CREATE FUNCTION public.fold_rare(t text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT coalesce(string_agg(coalesce(f.folded, lower(c.letter)), '' ORDER BY c.n), '')
    FROM regexp_split_to_table(t, '') WITH ORDINALITY c (letter, n)
    LEFT JOIN (
    VALUES (U&'\00B5', U&'\03BC'), (U&'\00DF', U&'\0073\0073'), (U&'\0130', U&'\0069\0307'),
      (U&'\0149', U&'\02BC\006E'), (U&'\017F', U&'\0073'), (U&'\01F0', U&'\006A\030C'), (U&'\0345', U&'\03B9'),
      (U&'\0390', U&'\03B9\0308\0301'), (U&'\03B0', U&'\03C5\0308\0301'), (U&'\03C2', U&'\03C3'),
      (U&'\03D0', U&'\03B2'), (U&'\03D1', U&'\03B8'), (U&'\03D5', U&'\03C6'), (U&'\03D6', U&'\03C0'),
      (U&'\03F0', U&'\03BA'), (U&'\03F1', U&'\03C1'), (U&'\03F5', U&'\03B5'), (U&'\0587', U&'\0565\0582'),
      (U&'\13F8', U&'\13F0'), (U&'\13F9', U&'\13F1'), (U&'\13FA', U&'\13F2'), (U&'\13FB', U&'\13F3'),
      (U&'\13FC', U&'\13F4'), (U&'\13FD', U&'\13F5'), (U&'\1C80', U&'\0432'), (U&'\1C81', U&'\0434'),
      (U&'\1C82', U&'\043E'), (U&'\1C83', U&'\0441'), (U&'\1C84', U&'\0442'), (U&'\1C85', U&'\0442'),
      (U&'\1C86', U&'\044A'), (U&'\1C87', U&'\0463'), (U&'\1C88', U&'\A64B'), (U&'\1E96', U&'\0068\0331'),
      (U&'\1E97', U&'\0074\0308'), (U&'\1E98', U&'\0077\030A'), (U&'\1E99', U&'\0079\030A'),
      (U&'\1E9A', U&'\0061\02BE'), (U&'\1E9B', U&'\1E61'), (U&'\1F50', U&'\03C5\0313'),
      (U&'\1F52', U&'\03C5\0313\0300'), (U&'\1F54', U&'\03C5\0313\0301'), (U&'\1F56', U&'\03C5\0313\0342'),
      (U&'\1F80', U&'\1F00\03B9'), (U&'\1F81', U&'\1F01\03B9'), (U&'\1F82', U&'\1F02\03B9'),
      (U&'\1F83', U&'\1F03\03B9'), (U&'\1F84', U&'\1F04\03B9'), (U&'\1F85', U&'\1F05\03B9'),
      (U&'\1F86', U&'\1F06\03B9'), (U&'\1F87', U&'\1F07\03B9'), (U&'\1F90', U&'\1F20\03B9'),
      (U&'\1F91', U&'\1F21\03B9'), (U&'\1F92', U&'\1F22\03B9'), (U&'\1F93', U&'\1F23\03B9'),
      (U&'\1F94', U&'\1F24\03B9'), (U&'\1F95', U&'\1F25\03B9'), (U&'\1F96', U&'\1F26\03B9'),
      (U&'\1F97', U&'\1F27\03B9'), (U&'\1FA0', U&'\1F60\03B9'), (U&'\1FA1', U&'\1F61\03B9'),
      (U&'\1FA2', U&'\1F62\03B9'), (U&'\1FA3', U&'\1F63\03B9'), (U&'\1FA4', U&'\1F64\03B9'),
      (U&'\1FA5', U&'\1F65\03B9'), (U&'\1FA6', U&'\1F66\03B9'), (U&'\1FA7', U&'\1F67\03B9'),
      (U&'\1FB2', U&'\1F70\03B9'), (U&'\1FB3', U&'\03B1\03B9'), (U&'\1FB4', U&'\03AC\03B9'),
      (U&'\1FB6', U&'\03B1\0342'), (U&'\1FB7', U&'\03B1\0342\03B9'), (U&'\1FBE', U&'\03B9'),
      (U&'\1FC2', U&'\1F74\03B9'), (U&'\1FC3', U&'\03B7\03B9'), (U&'\1FC4', U&'\03AE\03B9'),
      (U&'\1FC6', U&'\03B7\0342'), (U&'\1FC7', U&'\03B7\0342\03B9'), (U&'\1FD2', U&'\03B9\0308\0300'),
      (U&'\1FD3', U&'\03B9\0308\0301'), (U&'\1FD6', U&'\03B9\0342'), (U&'\1FD7', U&'\03B9\0308\0342'),
      (U&'\1FE2', U&'\03C5\0308\0300'), (U&'\1FE3', U&'\03C5\0308\0301'), (U&'\1FE4', U&'\03C1\0313'),
      (U&'\1FE6', U&'\03C5\0342'), (U&'\1FE7', U&'\03C5\0308\0342'), (U&'\1FF2', U&'\1F7C\03B9'),
      (U&'\1FF3', U&'\03C9\03B9'), (U&'\1FF4', U&'\03CE\03B9'), (U&'\1FF6', U&'\03C9\0342'),
      (U&'\1FF7', U&'\03C9\0342\03B9'), (U&'\AB70', U&'\13A0'), (U&'\AB71', U&'\13A1'), (U&'\AB72', U&'\13A2'),
      (U&'\AB73', U&'\13A3'), (U&'\AB74', U&'\13A4'), (U&'\AB75', U&'\13A5'), (U&'\AB76', U&'\13A6'),
      (U&'\AB77', U&'\13A7'), (U&'\AB78', U&'\13A8'), (U&'\AB79', U&'\13A9'), (U&'\AB7A', U&'\13AA'),
      (U&'\AB7B', U&'\13AB'), (U&'\AB7C', U&'\13AC'), (U&'\AB7D', U&'\13AD'), (U&'\AB7E', U&'\13AE'),
      (U&'\AB7F', U&'\13AF'), (U&'\AB80', U&'\13B0'), (U&'\AB81', U&'\13B1'), (U&'\AB82', U&'\13B2'),
      (U&'\AB83', U&'\13B3'), (U&'\AB84', U&'\13B4'), (U&'\AB85', U&'\13B5'), (U&'\AB86', U&'\13B6'),
      (U&'\AB87', U&'\13B7'), (U&'\AB88', U&'\13B8'), (U&'\AB89', U&'\13B9'), (U&'\AB8A', U&'\13BA'),
      (U&'\AB8B', U&'\13BB'), (U&'\AB8C', U&'\13BC'), (U&'\AB8D', U&'\13BD'), (U&'\AB8E', U&'\13BE'),
      (U&'\AB8F', U&'\13BF'), (U&'\AB90', U&'\13C0'), (U&'\AB91', U&'\13C1'), (U&'\AB92', U&'\13C2'),
      (U&'\AB93', U&'\13C3'), (U&'\AB94', U&'\13C4'), (U&'\AB95', U&'\13C5'), (U&'\AB96', U&'\13C6'),
      (U&'\AB97', U&'\13C7'), (U&'\AB98', U&'\13C8'), (U&'\AB99', U&'\13C9'), (U&'\AB9A', U&'\13CA'),
      (U&'\AB9B', U&'\13CB'), (U&'\AB9C', U&'\13CC'), (U&'\AB9D', U&'\13CD'), (U&'\AB9E', U&'\13CE'),
      (U&'\AB9F', U&'\13CF'), (U&'\ABA0', U&'\13D0'), (U&'\ABA1', U&'\13D1'), (U&'\ABA2', U&'\13D2'),
      (U&'\ABA3', U&'\13D3'), (U&'\ABA4', U&'\13D4'), (U&'\ABA5', U&'\13D5'), (U&'\ABA6', U&'\13D6'),
      (U&'\ABA7', U&'\13D7'), (U&'\ABA8', U&'\13D8'), (U&'\ABA9', U&'\13D9'), (U&'\ABAA', U&'\13DA'),
      (U&'\ABAB', U&'\13DB'), (U&'\ABAC', U&'\13DC'), (U&'\ABAD', U&'\13DD'), (U&'\ABAE', U&'\13DE'),
      (U&'\ABAF', U&'\13DF'), (U&'\ABB0', U&'\13E0'), (U&'\ABB1', U&'\13E1'), (U&'\ABB2', U&'\13E2'),
      (U&'\ABB3', U&'\13E3'), (U&'\ABB4', U&'\13E4'), (U&'\ABB5', U&'\13E5'), (U&'\ABB6', U&'\13E6'),
      (U&'\ABB7', U&'\13E7'), (U&'\ABB8', U&'\13E8'), (U&'\ABB9', U&'\13E9'), (U&'\ABBA', U&'\13EA'),
      (U&'\ABBB', U&'\13EB'), (U&'\ABBC', U&'\13EC'), (U&'\ABBD', U&'\13ED'), (U&'\ABBE', U&'\13EE'),
      (U&'\ABBF', U&'\13EF'), (U&'\FB00', U&'\0066\0066'), (U&'\FB01', U&'\0066\0069'), (U&'\FB02', U&'\0066\006C'),
      (U&'\FB03', U&'\0066\0066\0069'), (U&'\FB04', U&'\0066\0066\006C'), (U&'\FB05', U&'\0073\0074'),
      (U&'\FB06', U&'\0073\0074'), (U&'\FB13', U&'\0574\0576'), (U&'\FB14', U&'\0574\0565'),
      (U&'\FB15', U&'\0574\056B'), (U&'\FB16', U&'\057E\0576'), (U&'\FB17', U&'\0574\056D')) f (letter, folded)
      ON f.letter = CASE c.letter WHEN U&'\0130' THEN c.letter ELSE lower(c.letter) END
$$;

COMMENT ON FUNCTION public.fold_rare(t text) IS 'Full case folding, letter by letter.';

CREATE FUNCTION public.follow_firm() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  UPDATE first_contact f SET firm = firm_name(NEW.name_zh), credit_code = NEW.credit_code
      WHERE (f.party_id, f.district_id) = (NEW.party_id, NEW.district_id) AND f.released_at IS NULL
        AND (f.firm, f.credit_code) IS DISTINCT FROM (firm_name(NEW.name_zh), NEW.credit_code);
  RETURN NULL;
END $$;

CREATE FUNCTION public.follow_parcels(p_park uuid, p_seq bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE one record; heirs uuid[]; heir uuid;
BEGIN
  IF NOT EXISTS (SELECT FROM building b WHERE b.park_id = p_park AND NOT b.retired) THEN RETURN; END IF;
  FOR one IN
    SELECT b.building_id, b.code, b.parcel_id, b.position,
           EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.parcel_id) = (b.park_id, b.parcel_id)
             AND v.to_seq IS NULL AND (b.position IS NULL OR ST_Covers(v.geom, b.position))) AS stays
      FROM building b
     WHERE b.park_id = p_park AND NOT b.retired AND EXISTS (SELECT FROM parcel_version v
         WHERE (v.park_id, v.parcel_id) = (b.park_id, b.parcel_id) AND p_seq IN (v.from_seq, v.to_seq))
  LOOP
    CONTINUE WHEN one.stays;
    IF one.position IS NULL THEN
      SELECT array_agg(v.parcel_id) INTO heirs FROM lineage l JOIN parcel_version v
            ON (v.park_id, v.parcel_id) = (l.park_id, l.child_id) AND v.to_seq IS NULL
        WHERE (l.park_id, l.seq, l.parent_id) = (p_park, p_seq, one.parcel_id);
    ELSE
      SELECT array_agg(v.parcel_id ORDER BY v.parcel_id) INTO heirs FROM parcel_version v
        WHERE v.park_id = p_park AND v.from_seq = p_seq AND v.to_seq IS NULL AND ST_Covers(v.geom, one.position);
    END IF;
    IF heirs IS NULL OR one.position IS NULL AND cardinality(heirs) > 1 THEN
      PERFORM refuse('building_keeps_its_ground', format('building %s stands on parcel %s', one.code, one.parcel_id));
    END IF;
    UPDATE building b SET parcel_id = heirs[1], changed_by = NULL, reason = 'parcel_changed'
        WHERE (b.park_id, b.building_id) = (p_park, one.building_id);
  END LOOP;
END $$;

CREATE FUNCTION public.follow_project() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM FROM party p WHERE (p.district_id, p.party_id) = (NEW.district_id, NEW.party_id) FOR NO KEY UPDATE;
  UPDATE first_contact f SET party_id = p.party_id, firm = firm_name(p.name_zh), credit_code = p.credit_code
      FROM party p WHERE (p.district_id, p.party_id) = (NEW.district_id, NEW.party_id)
        AND (f.project_id, f.district_id) = (NEW.project_id, NEW.district_id) AND f.released_at IS NULL;
  RETURN NULL;
END $$;

CREATE FUNCTION public.forebears(p_park uuid, p_parcel uuid, p_from bigint, p_seq bigint) RETURNS TABLE(parcel_id uuid, from_seq bigint, span box, geom public.geometry)
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT v.parcel_id, v.from_seq, v.span, v.geom FROM parcel_version v
      WHERE (v.park_id, v.parcel_id, v.from_seq) = (p_park, p_parcel, p_from) AND p_from < p_seq
  UNION ALL
  SELECT f.parcel_id, f.from_seq, f.span, f.geom
    FROM parcel_version v
   CROSS JOIN LATERAL (SELECT * FROM parcel_version w WHERE w.to_seq IS NOT NULL AND w.span && v.span OFFSET 0) f
   WHERE (v.park_id, v.parcel_id, v.from_seq) = (p_park, p_parcel, p_from) AND p_from = p_seq
       AND (f.park_id, f.to_seq) = (p_park, p_seq)
$$;

CREATE FUNCTION public.forget_answers() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  WITH gone AS (DELETE FROM idempotency WHERE at < clock_timestamp() - interval '48 hours' RETURNING 1)
      SELECT count(*) FROM gone
$$;

COMMENT ON FUNCTION public.forget_answers() IS 'Deletes the answers of over 48 hours ago, and counts them.';

CREATE FUNCTION public.has_tenant(p_park uuid, p_unit uuid, p_let boolean) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT EXISTS (SELECT FROM letting l WHERE (l.park_id, l.unit_id) = (p_park, p_unit)
    AND (l.state = 'let' OR NOT p_let AND l.state = 'held' AND l.hold_until >= park_today(p_park))
    AND (upper(l.period) IS NULL OR upper(l.period) > park_today(p_park)))
$$;

COMMENT ON FUNCTION public.has_tenant(p_park uuid, p_unit uuid, p_let boolean) IS 'Whether a unit is let, or held unless p_let, today or from a later day on.';

CREATE FUNCTION public.hide_fields() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE forms CONSTANT text[] := ARRAY['none', 'word', 'band', 'figure']; less record;
BEGIN
  FOR less IN
    SELECT n.park_id, n.parcel_id, n.price_told = 'none' AND o.price_told = 'figure' AS price, n.services_told,
           array_position(forms, n.services_told) < array_position(forms, o.services_told) AS services
      FROM changed n
     CROSS JOIN LATERAL (SELECT x.price_told, x.services_told FROM parcel_version x
         WHERE (x.park_id, x.parcel_id, x.to_seq) = (n.park_id, n.parcel_id, n.prev_to_seq) OFFSET 0) o
     WHERE n.prev_to_seq IS NOT NULL AND (n.price_told, n.services_told) <> (o.price_told, o.services_told)
  LOOP
    IF less.price THEN
      UPDATE parcel_public p SET price_cny_per_m2 = NULL, price_kind = NULL, price_document = NULL, price_on = NULL
       WHERE (p.park_id, p.parcel_id) = (less.park_id, less.parcel_id);
    END IF;
    IF less.services THEN
      UPDATE parcel_public p SET services = told_services(less.services_told, p.services::jsonb)::json
       WHERE (p.park_id, p.parcel_id) = (less.park_id, less.parcel_id);
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

COMMENT ON FUNCTION public.hide_fields() IS 'What a parcel tells no more leaves its public past too.';

CREATE FUNCTION public.hide_past(p_park uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE island record;
BEGIN
  DELETE FROM service_public WHERE park_id = p_park;
  UPDATE parcel_public SET status = 'reserve', bank_status = 'reserve', tenant_zh = NULL, tenant_en = NULL,
      project_zh = NULL, project_en = NULL, expires_at = NULL
   WHERE park_id = p_park AND (status IN ('in_negotiation', 'withdrawn')
       OR status IN ('held', 'reserved') AND price_kind IS DISTINCT FROM 'announced');
  FOR island IN
    SELECT parcel_id, min(from_seq) AS from_seq, max(from_seq) AS last_seq,
           CASE WHEN bool_and(to_seq IS NOT NULL) THEN max(to_seq) END AS to_seq,
           tstzrange(min(lower(sys)), CASE WHEN bool_and(to_seq IS NOT NULL) THEN max(upper(sys)) END) AS sys
      FROM (SELECT *, count(*) FILTER (WHERE NOT goes_on) OVER (PARTITION BY parcel_id ORDER BY from_seq) AS n
              FROM (SELECT p.parcel_id, p.from_seq, p.to_seq, p.sys,
                           coalesce(same_word(lag(p) OVER w, p) AND lag(p.to_seq) OVER w = p.from_seq, false) AS goes_on
                      FROM parcel_public p WHERE p.park_id = p_park
                    WINDOW w AS (PARTITION BY p.parcel_id ORDER BY p.from_seq)) x) y
     GROUP BY parcel_id, n HAVING count(*) > 1
  LOOP
    DELETE FROM parcel_public p WHERE (p.park_id, p.parcel_id) = (p_park, island.parcel_id)
        AND p.from_seq > island.from_seq AND p.from_seq <= island.last_seq;
    UPDATE parcel_public p SET to_seq = island.to_seq, sys = island.sys
     WHERE (p.park_id, p.parcel_id, p.from_seq) = (p_park, island.parcel_id, island.from_seq);
  END LOOP;
  PERFORM sum_anew(p_park);
END $$;

COMMENT ON FUNCTION public.hide_past(p_park uuid) IS 'Takes intentions and withdrawn land out of what the public reads of a park''s past.';

CREATE FUNCTION public.inside_area(p_boundary public.geometry, p_crs integer, p_geom public.geometry, p_computed double precision) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT CASE WHEN public.ST_Covers(p_boundary, p_geom) THEN round(p_computed * 10000)
              ELSE round(public.ST_Area(public.ST_Transform(public.ST_Intersection(p_boundary, p_geom),
                  p_crs)) * 10000) END::bigint
$$;

COMMENT ON FUNCTION public.inside_area(p_boundary public.geometry, p_crs integer, p_geom public.geometry, p_computed double precision) IS 'How much of a parcel lies within a boundary, in 0.0001 m2 of the plane of a survey CRS.';

CREATE FUNCTION public.is_blank(p_text text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT CASE WHEN p_text ~ '[!-~]' THEN false
      ELSE p_text !~ ('[^ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000' || unseen_characters() || ']') END
$$;

COMMENT ON FUNCTION public.is_blank(p_text text) IS 'Whether a text shows nothing: it is empty, or made of spaces and of characters that nobody sees.';

CREATE FUNCTION public.is_credit_code(p_code text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
  SELECT p_code ~ '^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$' AND (
    SELECT sum((strpos('0123456789ABCDEFGHJKLMNPQRTUWXY', substr(p_code, i, 1)) - 1)
               * CASE i WHEN 18 THEN 1 ELSE (3 ^ (i - 1))::bigint % 31 END) % 31 = 0
      FROM generate_series(1, 18) i)
$_$;

COMMENT ON FUNCTION public.is_credit_code(p_code text) IS 'Whether a text is a unified social credit code, its check character included.';

CREATE FUNCTION public.is_inherited(p_park uuid, p_a uuid, p_a_from bigint, p_b uuid, p_b_from bigint, p_shared public.geometry) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
DECLARE crs integer;
BEGIN
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  RETURN EXISTS (
    WITH RECURSIVE pair (a, a_from, b, b_from, within) AS (
      SELECT p_a, p_a_from, p_b, p_b_from, false
      UNION
      SELECT a.parcel_id, a.from_seq, b.parcel_id, b.from_seq,
          ST_Area(s.g) <= slack_m2(least(ST_Perimeter(g.a), ST_Perimeter(g.b)))
        FROM pair
       CROSS JOIN LATERAL (SELECT greatest(pair.a_from, pair.b_from) AS seq OFFSET 0) change
       CROSS JOIN LATERAL (SELECT * FROM forebears(p_park, pair.a, pair.a_from, change.seq) OFFSET 0) a
       CROSS JOIN LATERAL (SELECT * FROM forebears(p_park, pair.b, pair.b_from, change.seq) f
           WHERE f.parcel_id <> a.parcel_id AND f.span && a.span OFFSET 0) b
       CROSS JOIN LATERAL (SELECT ST_Transform(a.geom, crs) AS a, ST_Transform(b.geom, crs) AS b OFFSET 0) g
       CROSS JOIN LATERAL (SELECT ST_Intersection(g.a, g.b) AS g OFFSET 0) s
       WHERE NOT pair.within AND ST_Area(ST_Intersection(s.g, p_shared)) > 0)
    SELECT FROM pair
      JOIN parcel_version a ON (a.park_id, a.parcel_id, a.from_seq) = (p_park, pair.a, pair.a_from)
      JOIN parcel_version b ON (b.park_id, b.parcel_id, b.from_seq) = (p_park, pair.b, pair.b_from)
     CROSS JOIN LATERAL (SELECT ST_Transform(a.geom, crs) AS a, ST_Transform(b.geom, crs) AS b OFFSET 0) g
     WHERE pair.within
         AND ST_Area(ST_Difference(p_shared, ST_Intersection(g.a, g.b))) <= 0.0001 * ST_Perimeter(p_shared));
END $$;

COMMENT ON FUNCTION public.is_inherited(p_park uuid, p_a uuid, p_a_from bigint, p_b uuid, p_b_from bigint, p_shared public.geometry) IS 'Whether ground that two live versions share beyond their slack was shared by one pair of their forebears within its own.';

CREATE FUNCTION public.is_intention(p_state text, p_price_kind text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT coalesce(p_state IN ('hold', 'reserved') AND p_price_kind IS DISTINCT FROM 'announced', false)
$$;

COMMENT ON FUNCTION public.is_intention(p_state text, p_price_kind text) IS 'Whether a right to land is an intention, before any tender was announced.';

CREATE FUNCTION public.keep_account_turn() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM FROM account a WHERE a.account_id = NEW.account_id FOR NO KEY UPDATE;
  SELECT coalesce(max(t.n), 0) + 1 INTO NEW.n FROM account_turn t WHERE t.account_id = NEW.account_id;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_agency() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    IF TG_OP = 'DELETE' OR OLD.ended_on IS NOT NULL
        OR (to_jsonb(NEW) - '{ended_on,ended_by,ended_at,end_reason,held}'::text[])
        <> (to_jsonb(OLD) - '{ended_on,ended_by,ended_at,end_reason,held}'::text[]) THEN
      PERFORM refuse('agency_is_kept', format('mandate %s of project %s is kept', OLD.n, OLD.project_id));
    END IF;
    RETURN NEW;
  END IF;
  PERFORM FROM project p WHERE (p.district_id, p.project_id) = (NEW.district_id, NEW.project_id) FOR NO KEY UPDATE;
  IF NOT may_run(NEW.account_id, NEW.district_id, NEW.project_id)
      AND (SELECT count(*) FROM account a WHERE a.account_id = NEW.account_id AND a.placeholder) + (SELECT count(*)
        FROM account a WHERE a.account_id = NEW.named_by AND a.placeholder) < 2 THEN
    PERFORM refuse('agent_is_a_member', format('account %s has no role in a park of project %s', NEW.account_id,
        NEW.project_id));
  END IF;
  SELECT coalesce(max(o.n), 0) + 1 INTO NEW.n FROM agency o
      WHERE (o.district_id, o.project_id) = (NEW.district_id, NEW.project_id);
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_an_admin() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF TG_TABLE_NAME = 'account' AND NOT EXISTS (SELECT FROM membership m
      WHERE m.account_id = OLD.account_id AND m.role = 'admin' AND m.park_id IS NULL) THEN
    RETURN NULL;
  END IF;
  UPDATE admin_clock SET ticks = ticks + 1;
  IF NOT EXISTS (SELECT FROM membership m JOIN account a USING (account_id)
      WHERE m.role = 'admin' AND m.park_id IS NULL AND a.disabled_at IS NULL AND a.password IS NOT NULL) THEN
    PERFORM refuse('an_admin_stays', format('account %s is the last admin of every park', OLD.account_id));
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION public.keep_border() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE tick park_clock%ROWTYPE;
BEGIN
  IF ST_OrderingEquals(OLD.geom, NEW.geom) THEN RETURN NEW; END IF;
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = NEW.park_id;
  IF tick.writer IS DISTINCT FROM pg_current_xact_id()
     OR NOT EXISTS (SELECT FROM record r WHERE (r.park_id, r.seq) = (tick.park_id, tick.seq)
         AND r.kind IN ('border', 'import', 'sample', 'revert')) THEN
    PERFORM refuse('border_has_record', format('the border of park %s was changed without a record', NEW.code));
  END IF;
  INSERT INTO park_border (park_id, seq, was, geom) VALUES (tick.park_id, tick.seq, OLD.geom, NEW.geom)
      ON CONFLICT (park_id, seq) DO UPDATE SET geom = EXCLUDED.geom;
  UPDATE park_clock SET dirty = true, bordered_by = pg_current_xact_id() WHERE park_id = NEW.park_id;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_building() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE ground parcel_version%ROWTYPE;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.retired THEN
      PERFORM refuse('building_is_there', format('building %s is retired', OLD.code));
    END IF;
    NEW.revision := OLD.revision + 1;
    NEW.changed_at := clock_timestamp();
    IF (NEW.retired OR NEW.stage <> 'ready') AND EXISTS (SELECT FROM unit u
        WHERE (u.park_id, u.building_id) = (NEW.park_id, NEW.building_id)
          AND has_tenant(u.park_id, u.unit_id, NOT NEW.retired)) THEN
      PERFORM refuse('building_has_tenants', format('units of building %s are held or let', OLD.code));
    END IF;
    IF NEW.stage = 'ready' AND EXISTS (SELECT FROM unit u JOIN letting l USING (park_id, unit_id)
        WHERE (u.park_id, u.building_id) = (NEW.park_id, NEW.building_id) AND l.state = 'let'
          AND lower(l.period) < NEW.since) THEN
      PERFORM refuse('let_when_ready', format('a unit of building %s is let before %s', OLD.code, NEW.since));
    END IF;
  ELSE
    NEW.revision := 1;
  END IF;
  IF NEW.since > park_today(NEW.park_id) THEN
    PERFORM refuse('milestone_has_come', format('%s is to come', NEW.since));
  END IF;
  IF NEW.retired THEN
    RETURN NEW;
  END IF;
  SELECT * INTO ground FROM parcel_version v WHERE (v.park_id, v.parcel_id) = (NEW.park_id, NEW.parcel_id)
      AND v.to_seq IS NULL FOR SHARE;
  IF NOT FOUND THEN
    PERFORM refuse('building_on_live_parcel', format('building %s is on a parcel that is not live', NEW.code));
  END IF;
  IF NOT ST_Covers(ground.geom, NEW.position) THEN
    PERFORM refuse('building_on_its_parcel', format('the point of building %s is not in parcel %s', NEW.code,
        ground.code));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_chain_role() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE last project_chain_role%ROWTYPE; at_piece text;
BEGIN
  PERFORM FROM project p WHERE (p.district_id, p.project_id) = (NEW.district_id, NEW.project_id) FOR NO KEY UPDATE;
  SELECT * INTO last FROM project_chain_role r
      WHERE (r.district_id, r.project_id, r.chain, r.node) = (NEW.district_id, NEW.project_id, NEW.chain, NEW.node)
      ORDER BY r.n DESC LIMIT 1;
  NEW.n := coalesce(last.n, 0) + 1;
  IF NEW.corrects IS DISTINCT FROM coalesce(NOT last.withdrawn, false) THEN
    PERFORM refuse(CASE WHEN NEW.corrects THEN 'chain_role_is_there' ELSE 'chain_role_is_new' END,
        format('the role of project %s for %s', NEW.project_id, NEW.node));
  END IF;
  SELECT v.chain_stage INTO at_piece FROM project_version v
      WHERE (v.district_id, v.project_id) = (NEW.district_id, NEW.project_id) AND upper_inf(v.sys);
  IF NOT NEW.withdrawn AND NEW.role IN ('fills', 'strengthens') AND at_piece IS DISTINCT FROM NEW.node THEN
    PERFORM refuse('chain_role_at_its_piece', format('project %s is at %s', NEW.project_id,
        coalesce(at_piece, 'no piece')));
  END IF;
  SELECT count(*) INTO NEW.stood FROM project_version v
      WHERE v.district_id = NEW.district_id AND v.project_id <> NEW.project_id AND v.chain_stage = NEW.node
        AND upper_inf(v.sys) AND project_standing(v.district_id, v.project_id) = 'active'
        AND EXISTS (SELECT FROM project_reached m WHERE (m.district_id, m.project_id) = (v.district_id, v.project_id)
          AND stage_order(m.stage) >= stage_order('signed'));
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_charge() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE industry text;
BEGIN
  PERFORM FROM team t WHERE (t.district_id, t.team_id) = (NEW.district_id, NEW.team_id) FOR NO KEY UPDATE;
  SELECT coalesce(max(c.n), 0) + 1 INTO NEW.n FROM team_charge c
      WHERE (c.district_id, c.team_id) = (NEW.district_id, NEW.team_id);
  IF NEW.leader_id IS NOT NULL AND NOT EXISTS (SELECT FROM team_member m
      WHERE (m.account_id, m.team_id, m.district_id) = (NEW.leader_id, NEW.team_id, NEW.district_id)
        AND m.until IS NULL) THEN
    PERFORM refuse('leader_is_a_member', format('account %s is no member of the team', NEW.leader_id));
  END IF;
  FOREACH industry IN ARRAY NEW.industries LOOP
    IF NOT EXISTS (SELECT FROM chain c WHERE (c.district_id, c.code) = (NEW.district_id, industry)) THEN
      PERFORM refuse('charge_is_of_chains', format('the district has no chain %s', industry));
    END IF;
  END LOOP;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_code() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE was text;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    was := OLD.code;
  ELSIF TG_TABLE_NAME = 'parcel_version' THEN
    SELECT v.code INTO was FROM parcel_version v WHERE (v.park_id, v.parcel_id, v.to_seq) = (NEW.park_id,
        NEW.parcel_id, NEW.prev_to_seq);
  END IF;
  IF NEW.code IS DISTINCT FROM was THEN
    PERFORM refuse('code_is_settled', format('the code %s is not in the normal form of codes: %s', to_json(NEW.code),
        code_fault(NEW.code)));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_contact() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.revision := 1;
    RETURN NEW;
  END IF;
  IF OLD.erased_at IS NOT NULL THEN
    PERFORM refuse('contact_is_erased', format('contact %s was erased at %s', OLD.contact_id, OLD.erased_at));
  END IF;
  NEW.revision := OLD.revision + 1;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_decision() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF OLD.decision IS NOT NULL THEN
    PERFORM refuse('proposal_is_open', format('proposal %s was %s already', OLD.proposal_id, OLD.decision));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_enquiry() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.revision := 1;
    RETURN NEW;
  END IF;
  IF OLD.erased_at IS NOT NULL THEN
    PERFORM refuse('enquiry_is_erased', format('enquiry %s was erased at %s', OLD.enquiry_id, OLD.erased_at));
  END IF;
  IF OLD.project_id IS NOT NULL AND NEW.project_id IS DISTINCT FROM OLD.project_id THEN
    PERFORM refuse('enquiry_has_a_project', format('enquiry %s was made project %s', OLD.enquiry_id, OLD.project_id));
  END IF;
  IF NEW.erased_at IS NOT NULL THEN
    UPDATE enquiry_answer SET words = NULL WHERE (park_id, enquiry_id) = (NEW.park_id, NEW.enquiry_id);
  END IF;
  NEW.revision := OLD.revision + 1;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_expert() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.until IS NOT NULL THEN
    PERFORM refuse('expert_has_left', format('expert %s left the team on %s', OLD.expert_id, OLD.until));
  END IF;
  IF NOT EXISTS (SELECT FROM team t WHERE (t.district_id, t.team_id, t.kind) = (NEW.district_id, NEW.team_id,
      'task_force')) THEN
    PERFORM refuse('experts_of_task_forces', 'a promotion team has no experts');
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_firm_link() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.revoked_at IS NOT NULL
      OR (to_jsonb(NEW) - '{used_at,revoked_at,revoked_by,revoke_reason}'::text[])
      <> (to_jsonb(OLD) - '{used_at,revoked_at,revoked_by,revoke_reason}'::text[]) THEN
    PERFORM refuse('firm_link_is_kept', format('link %s is kept as it is', OLD.link_id));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_first_contact() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE its project%ROWTYPE; of party%ROWTYPE;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.released_at IS NOT NULL THEN
      PERFORM refuse('first_contact_is_live', format('first contact %s was released', OLD.first_contact_id));
    END IF;
    RETURN NEW;
  END IF;
  SELECT * INTO its FROM project p WHERE (p.district_id, p.project_id) = (NEW.district_id, NEW.project_id)
      FOR NO KEY UPDATE;
  SELECT * INTO of FROM party p WHERE (p.district_id, p.party_id) = (its.district_id, its.party_id) FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    PERFORM refuse('first_contact_has_a_firm', format('project %s is of no company', NEW.project_id));
  END IF;
  IF NEW.made_on > project_today(its) THEN
    PERFORM refuse('milestone_has_come', format('%s is to come', NEW.made_on));
  END IF;
  NEW.party_id := of.party_id;
  NEW.credit_code := of.credit_code;
  NEW.firm := firm_name(of.name_zh);
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_flow() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - '{noted,noted_at,retired_at,retired_by,retired_reason}'::text[])
      <> (to_jsonb(OLD) - '{noted,noted_at,retired_at,retired_by,retired_reason}'::text[]) THEN
    PERFORM refuse('flow_is_kept', format('flow %s is kept as it was agreed', OLD.flow_id));
  END IF;
  IF OLD.retired_at IS NOT NULL THEN
    PERFORM refuse('flow_is_retired', format('flow %s was retired at %s', OLD.flow_id, OLD.retired_at));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_flow_event() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE flow project_flow%ROWTYPE; was flow_event%ROWTYPE;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM refuse('flow_event_is_kept', format('event %s of flow %s is kept as it was noted', OLD.n, OLD.flow_id));
  END IF;
  SELECT * INTO flow FROM project_flow f WHERE (f.district_id, f.flow_id) = (NEW.district_id, NEW.flow_id) FOR UPDATE;
  IF flow.retired_at IS NOT NULL THEN
    PERFORM refuse('flow_is_retired', format('flow %s was retired at %s', flow.flow_id, flow.retired_at));
  END IF;
  NEW.n := flow.noted + 1;
  NEW.place := NEW.n;
  IF NEW.corrects IS NOT NULL THEN
    SELECT * INTO was FROM flow_event e
        WHERE (e.district_id, e.flow_id, e.n) = (NEW.district_id, NEW.flow_id, NEW.corrects);
    IF was.n IS NULL OR was.retracted THEN
      PERFORM refuse('flow_event_holds', format('event %s of flow %s does not hold', NEW.corrects, NEW.flow_id));
    END IF;
    IF was.step <> NEW.step THEN
      PERFORM refuse('flow_event_of_its_step', format('event %s is of step %s', was.n, was.step));
    END IF;
    NEW.place := was.place;
  END IF;
  UPDATE project_flow f SET noted = NEW.n, noted_at = NEW.at
      WHERE (f.district_id, f.flow_id) = (NEW.district_id, NEW.flow_id);
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_gap_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF OLD.released_at IS NOT NULL THEN
    PERFORM refuse('gap_owner_is_live', format('the owner was released at %s', OLD.released_at));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_judgement() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE its expert%ROWTYPE;
BEGIN
  SELECT * INTO its FROM expert e WHERE (e.district_id, e.expert_id) = (NEW.district_id, NEW.expert_id)
      FOR NO KEY UPDATE;
  IF its.until IS NOT NULL THEN
    PERFORM refuse('expert_has_left', format('expert %s left the team on %s', its.expert_id, its.until));
  END IF;
  IF NOT EXISTS (SELECT FROM team_charge_held c WHERE (c.district_id, c.team_id) = (its.district_id, its.team_id)
      AND NEW.chain = ANY (c.industries)) THEN
    PERFORM refuse('judged_by_who_is_in_charge', format('the task force is not in charge of %s', NEW.chain));
  END IF;
  IF NEW.judged_on > china_today() THEN
    PERFORM refuse('milestone_has_come', format('%s is to come', NEW.judged_on));
  END IF;
  SELECT coalesce(max(j.n), 0) + 1 INTO NEW.n FROM judgement j
      WHERE (j.district_id, j.chain, j.node, j.expert_id) = (NEW.district_id, NEW.chain, NEW.node, NEW.expert_id);
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_kind() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE k record_kind%ROWTYPE;
BEGIN
  SELECT * INTO k FROM record_kind WHERE kind = NEW.kind;
  IF TG_TABLE_NAME = 'proposal' THEN
    IF k.needs_two IS NOT TRUE THEN
      PERFORM refuse('proposal_kind_check', format('%s needs no second person', NEW.kind));
    END IF;
    RETURN NEW;
  END IF;
  IF k.needs_two AND (NEW.proposed_by = NEW.approved_by) IS NOT FALSE THEN
    PERFORM refuse('record_needs_two', format('%s is proposed and approved by two people', NEW.kind));
  END IF;
  IF k.needs_document AND NEW.documents = '[]' THEN
    PERFORM refuse('record_needs_document', format('%s rests on a document', NEW.kind));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_land_start() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE its project%ROWTYPE; last project_land_start%ROWTYPE;
BEGIN
  SELECT * INTO its FROM project p WHERE (p.district_id, p.project_id) = (NEW.district_id, NEW.project_id)
      FOR NO KEY UPDATE;
  SELECT coalesce(max(s.n), 0) + 1 INTO NEW.n FROM project_land_start s
      WHERE (s.district_id, s.project_id) = (NEW.district_id, NEW.project_id);
  SELECT * INTO last FROM project_land_start s
      WHERE (s.district_id, s.project_id) = (NEW.district_id, NEW.project_id)
        AND s.allotment_id IS NOT DISTINCT FROM NEW.allotment_id ORDER BY s.n DESC LIMIT 1;
  IF NEW.corrects IS DISTINCT FROM (last.n IS NOT NULL) OR NEW.withdrawn AND last.withdrawn THEN
    PERFORM refuse(CASE WHEN NEW.corrects THEN 'land_start_is_there' ELSE 'land_start_is_new' END,
        format('project %s', NEW.project_id));
  END IF;
  IF NEW.allotment_id IS NOT NULL AND NOT EXISTS (SELECT FROM allotment t
      WHERE (t.park_id, t.allotment_id, t.project_id) = (NEW.park_id, NEW.allotment_id, NEW.project_id)) THEN
    PERFORM refuse('land_start_is_of_its_right', format('right %s is not of project %s', NEW.allotment_id,
        NEW.project_id));
  END IF;
  IF NEW.started_on > project_today(its) THEN
    PERFORM refuse('milestone_has_come', format('%s is to come', NEW.started_on));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_letting() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE its building%ROWTYPE; its_unit unit%ROWTYPE; tenant project%ROWTYPE; today date := park_today(NEW.park_id);
BEGIN
  SELECT b.* INTO its FROM building b JOIN unit u USING (park_id, building_id)
      WHERE (u.park_id, u.unit_id) = (NEW.park_id, NEW.unit_id) FOR SHARE OF b;
  SELECT * INTO its_unit FROM unit u WHERE (u.park_id, u.unit_id) = (NEW.park_id, NEW.unit_id) FOR NO KEY UPDATE;
  IF TG_OP = 'UPDATE' THEN
    IF OLD.state = 'ended' OR OLD.state = 'let' AND NEW.state <> 'ended' OR NEW.state = 'held' THEN
      PERFORM refuse('letting_follows', format('a letting that is %s can''t be %s', OLD.state, NEW.state));
    END IF;
    IF OLD.state = 'held' AND NEW.state = 'let' AND OLD.hold_until < today THEN
      PERFORM refuse('hold_lasts', format('the hold was until %s', OLD.hold_until));
    END IF;
    NEW.revision := OLD.revision + 1;
    NEW.changed_at := clock_timestamp();
  ELSE
    NEW.revision := 1;
    IF NEW.state = 'ended' THEN
      PERFORM refuse('letting_follows', 'a letting begins held or let');
    END IF;
  END IF;
  IF NEW.state = 'ended' THEN
    RETURN NEW;
  END IF;
  IF its.retired OR its_unit.retired THEN
    PERFORM refuse('unit_is_there', format('unit %s is retired', its_unit.code));
  END IF;
  IF isempty(NEW.period) THEN
    PERFORM refuse('letting_has_days', 'a letting lasts a day at least');
  END IF;
  IF TG_OP = 'INSERT' THEN
    UPDATE letting l SET state = 'ended', changed_by = NULL, reason = 'lapsed'
        WHERE (l.park_id, l.unit_id) = (NEW.park_id, NEW.unit_id) AND l.state = 'held' AND l.hold_until < today;
    IF NEW.hold_until < today THEN
      PERFORM refuse('hold_is_to_come', format('%s is past', NEW.hold_until));
    END IF;
  END IF;
  SELECT * INTO tenant FROM project p WHERE (p.district_id, p.project_id) = (NEW.district_id, NEW.project_id)
      FOR NO KEY UPDATE;
  IF project_standing(NEW.district_id, NEW.project_id) <> 'active' THEN
    PERFORM refuse('tenant_is_active', format('project %s is %s', NEW.project_id,
        project_standing(NEW.district_id, NEW.project_id)));
  END IF;
  IF NEW.let_on > today THEN
    PERFORM refuse('milestone_has_come', format('%s is to come', NEW.let_on));
  END IF;
  IF NEW.state = 'let' AND (its.stage <> 'ready' OR lower(NEW.period) < its.since) THEN
    PERFORM refuse('let_when_ready', format('building %s is %s', its.code,
        CASE its.stage WHEN 'ready' THEN 'ready since ' || its.since ELSE its.stage END));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_line() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  NEW.publication := coalesce(NEW.publication, first_publication(NEW.kind, NEW.grade));
  NEW.geom := ST_SnapToGrid(ST_Force2D(NEW.geom), 1e-9);
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_lineage() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE tick park_clock%ROWTYPE;
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = NEW.park_id;
  IF tick.writer IS DISTINCT FROM pg_current_xact_id() OR NEW.seq IS DISTINCT FROM tick.seq THEN
    RAISE EXCEPTION 'lineage of park % was written without its record', NEW.park_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'version_has_record';
  END IF;
  UPDATE park_clock SET dirty = true WHERE park_id = NEW.park_id AND NOT dirty;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_mail() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE decided boolean := NEW.decided_at IS DISTINCT FROM OLD.decided_at; fits boolean;
BEGIN
  fits := CASE OLD.state
      WHEN NEW.state THEN true
      WHEN 'queued' THEN NEW.state IN ('claimed', 'void')
      WHEN 'claimed' THEN NEW.state IN ('queued', 'handed', 'void', 'refused')
      WHEN 'handed' THEN NEW.state IN ('sent', 'unknown')
        OR NEW.state IN ('queued', 'refused') AND coalesce(NEW.reply BETWEEN 400 AND 599, false)
      WHEN 'unknown' THEN NEW.state = 'sent' AND (decided OR NEW.lease = OLD.lease) OR NEW.state = 'queued' AND decided
      WHEN 'refused' THEN NEW.state IN ('queued', 'void') AND decided
      ELSE false END;
  IF NOT fits OR (NEW.mail_id, NEW.account_id, NEW.kind) <> (OLD.mail_id, OLD.account_id, OLD.kind) THEN
    PERFORM refuse('mail_in_order', format('mail %s is %s, and can''t become %s', OLD.mail_id, OLD.state, NEW.state));
  END IF;
  IF NEW.state IN ('sent', 'unknown', 'refused', 'void') AND NEW.state <> OLD.state THEN
    NEW.settled_at := clock_timestamp();
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_member() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF OLD.until IS NOT NULL THEN
    PERFORM refuse('team_member_has_left', format('account %s left the team on %s', OLD.account_id, OLD.until));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_milestone() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE its project%ROWTYPE; last project_milestone%ROWTYPE; other project_milestone%ROWTYPE;
BEGIN
  SELECT * INTO its FROM project p WHERE (p.district_id, p.project_id) = (NEW.district_id, NEW.project_id)
      FOR NO KEY UPDATE;
  SELECT * INTO last FROM project_milestone m
      WHERE (m.district_id, m.project_id, m.stage) = (NEW.district_id, NEW.project_id, NEW.stage)
      ORDER BY m.n DESC LIMIT 1;
  NEW.n := coalesce(last.n, 0) + 1;
  IF NEW.corrects IS DISTINCT FROM coalesce(NOT last.withdrawn, false) THEN
    PERFORM refuse(CASE WHEN NEW.corrects THEN 'milestone_is_there' ELSE 'milestone_is_new' END,
        format('the stage %s of project %s', NEW.stage, NEW.project_id));
  END IF;
  IF NEW.reached_on > project_today(its) THEN
    PERFORM refuse('milestone_has_come', format('%s is to come', NEW.reached_on));
  END IF;
  IF NEW.withdrawn THEN
    RETURN NEW;
  END IF;
  SELECT * INTO other FROM project_reached m
      WHERE (m.district_id, m.project_id) = (NEW.district_id, NEW.project_id) AND m.stage <> NEW.stage
        AND CASE WHEN stage_order(m.stage) < stage_order(NEW.stage) THEN m.reached_on > NEW.reached_on
          ELSE m.reached_on < NEW.reached_on END ORDER BY stage_order(m.stage) LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('stages_in_order', format('%s on %s, %s on %s', other.stage, other.reached_on, NEW.stage,
        NEW.reached_on));
  END IF;
  IF NOT NEW.corrects AND project_standing(its.district_id, its.project_id) = 'lost' THEN
    PERFORM refuse('lost_goes_nowhere', format('project %s is lost', its.project_id));
  END IF;
  IF NEW.stage = 'landed' AND NEW.basis = 'confirmed' THEN
    PERFORM refuse_unlanded(its);
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_minute() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM FROM meeting m WHERE (m.park_id, m.meeting_id) = (NEW.park_id, NEW.meeting_id) FOR NO KEY UPDATE;
  SELECT coalesce(max(o.n), 0) + 1 INTO NEW.n FROM meeting_minute o
      WHERE (o.park_id, o.meeting_id) = (NEW.park_id, NEW.meeting_id);
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_money() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE its project%ROWTYPE;
BEGIN
  SELECT * INTO its FROM project p WHERE (p.district_id, p.project_id) = (NEW.district_id, NEW.project_id)
      FOR NO KEY UPDATE;
  SELECT coalesce(max(m.n), 0) + 1 INTO NEW.n FROM project_money m
      WHERE (m.district_id, m.project_id, m.kind, m.span, m.currency, m.year, m.as_of)
        = (NEW.district_id, NEW.project_id, NEW.kind, NEW.span, NEW.currency, NEW.year, NEW.as_of);
  IF NEW.corrects IS DISTINCT FROM (NEW.n > 1) THEN
    PERFORM refuse(CASE WHEN NEW.corrects THEN 'money_is_there' ELSE 'money_is_new' END,
        format('%s of project %s on %s', NEW.kind, NEW.project_id, NEW.as_of));
  END IF;
  IF NEW.as_of > project_today(its) THEN
    PERFORM refuse('milestone_has_come', format('%s is to come', NEW.as_of));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_paper() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF EXISTS (SELECT FROM paper_version o WHERE (o.park_id, o.paper_id) = (NEW.park_id, NEW.paper_id)
      AND (o.parcel_id, o.hash, o.kind) <> (NEW.parcel_id, NEW.hash, NEW.kind)) THEN
    PERFORM refuse('paper_stays_what_it_is', format('paper %s is of another parcel, file or kind', NEW.paper_id));
  END IF;
  IF NEW.kind = 'photo' AND EXISTS (SELECT FROM file f WHERE (f.park_id, f.hash) = (NEW.park_id, NEW.hash)
      AND f.width IS NULL) THEN
    PERFORM refuse('photo_is_a_picture', format('the file of photo %s is no picture', NEW.paper_id));
  END IF;
  IF NOT EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.parcel_id) = (NEW.park_id, NEW.parcel_id)
      AND v.to_seq IS NULL) THEN
    PERFORM refuse('paper_of_live_parcel', format('paper %s is of a parcel that is not live', NEW.paper_id));
  END IF;
  IF (SELECT count(*) FROM paper_version o WHERE (o.park_id, o.parcel_id) = (NEW.park_id, NEW.parcel_id)
      AND o.to_seq IS NULL) >= 20 THEN
    PERFORM refuse('papers_are_few', format('parcel %s has 20 papers', NEW.parcel_id));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_parcels() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE hit record;
BEGIN
  SELECT c.parcel_id, c.park_id INTO hit FROM changed c LEFT JOIN park_clock k ON k.park_id = c.park_id
   WHERE (c.version BETWEEN 0 AND k.seq) IS NOT TRUE LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('parcel_begins_now', format('parcel %s begins at no change of park %s', hit.parcel_id, hit.park_id));
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION public.keep_party() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  NEW.revision := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE OLD.revision + 1 END;
  IF NEW.name_en IS NULL OR TG_OP = 'UPDATE' AND OLD.name_en = OLD.name_zh AND NEW.name_en = OLD.name_en THEN
    NEW.name_en := NEW.name_zh;
  END IF;
  IF NOT is_credit_code(NEW.credit_code) THEN
    PERFORM refuse('credit_code_is_right', format('%s is no unified social credit code', to_json(NEW.credit_code)));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_party_version() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  INSERT INTO party_version (district_id, party_id, revision, name_zh, name_en, named, source, credit_code)
  VALUES (NEW.district_id, NEW.party_id, NEW.revision, NEW.name_zh, NEW.name_en, NEW.named, NEW.source,
      NEW.credit_code);
  RETURN NULL;
END $$;

CREATE FUNCTION public.keep_piece() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM chain c, jsonb_array_elements(c.body -> 'nodes') piece
      WHERE (c.district_id, c.code) = (NEW.district_id, NEW.chain) AND piece ->> 'code' = NEW.node
        AND c.revision = (SELECT max(l.revision) FROM chain l
          WHERE (l.district_id, l.code) = (c.district_id, c.code))) THEN
    PERFORM refuse('piece_is_of_the_chain', format('the chain %s has no piece %s', NEW.chain, NEW.node));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_problem() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF NEW.link_id IS NOT NULL THEN
    PERFORM firm_link_for(NEW.link_id, NEW.project_id);
    IF (SELECT count(*) FROM project_problem o WHERE o.link_id = NEW.link_id
        AND o.at > clock_timestamp() - interval '1 hour') >= 20 THEN
      PERFORM refuse('firm_problems_an_hour', format('link %s raised 20 problems within an hour', NEW.link_id));
    END IF;
  END IF;
  PERFORM FROM project p WHERE (p.district_id, p.project_id) = (NEW.district_id, NEW.project_id) FOR NO KEY UPDATE;
  SELECT coalesce(max(o.n), 0) + 1, 0, 'raised' INTO NEW.n, NEW.turns, NEW.state FROM project_problem o
      WHERE (o.district_id, o.project_id) = (NEW.district_id, NEW.project_id);
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_problem_turn() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE its project_problem%ROWTYPE;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM refuse('problem_turn_is_kept', format('turn %s of problem %s is kept', OLD.n, OLD.problem_id));
  END IF;
  SELECT * INTO its FROM project_problem p WHERE (p.district_id, p.problem_id) = (NEW.district_id, NEW.problem_id)
      FOR UPDATE;
  IF NOT (CASE NEW.kind WHEN 'tabled' THEN its.state <> 'closed' WHEN 'assigned' THEN its.state IN ('tabled', 'assigned')
      WHEN 'closed' THEN its.state = 'assigned' ELSE its.state = 'closed' END) THEN
    PERFORM refuse('problem_turn_follows', format('problem %s is %s and can''t be %s', its.n, its.state, NEW.kind));
  END IF;
  IF NEW.kind = 'tabled' AND NOT EXISTS (SELECT FROM meeting m JOIN park k USING (park_id)
      WHERE m.meeting_id = NEW.meeting_id AND k.district_id = NEW.district_id) THEN
    PERFORM refuse('meeting_of_the_district', format('meeting %s is none of the district', NEW.meeting_id));
  END IF;
  IF NEW.kind = 'tabled' AND its.state = 'tabled' AND EXISTS (SELECT FROM problem_turn t
      WHERE (t.district_id, t.problem_id, t.n, t.meeting_id)
          = (NEW.district_id, NEW.problem_id, its.turns, NEW.meeting_id)) THEN
    PERFORM refuse('problem_tabled_once', format('problem %s is on the agenda of meeting %s', its.n, NEW.meeting_id));
  END IF;
  NEW.n := its.turns + 1;
  NEW.project_id := its.project_id;
  UPDATE project_problem p SET turns = NEW.n, state = CASE NEW.kind WHEN 'reopened' THEN 'raised' ELSE NEW.kind END
      WHERE (p.district_id, p.problem_id) = (NEW.district_id, NEW.problem_id);
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_project_paper() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM refuse('project_paper_is_kept', format('paper %s of project %s is kept', OLD.n, OLD.project_id));
  END IF;
  IF NEW.link_id IS NOT NULL THEN
    PERFORM firm_link_for(NEW.link_id, NEW.project_id);
    IF (SELECT count(*) FROM project_paper o WHERE o.link_id = NEW.link_id
        AND o.at > clock_timestamp() - interval '1 hour') >= 60 THEN
      PERFORM refuse('firm_papers_an_hour', format('link %s handed in 60 papers within an hour', NEW.link_id));
    END IF;
  END IF;
  PERFORM FROM project p WHERE (p.district_id, p.project_id) = (NEW.district_id, NEW.project_id) FOR NO KEY UPDATE;
  SELECT coalesce(max(o.n), 0) + 1 INTO NEW.n FROM project_paper o
      WHERE (o.district_id, o.project_id) = (NEW.district_id, NEW.project_id);
  IF NEW.n > 1000 THEN
    PERFORM refuse('project_papers_are_few', format('project %s has 1000 papers', NEW.project_id));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_project_version() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE last project_version%ROWTYPE; instant timestamptz; its project%ROWTYPE;
BEGIN
  SELECT * INTO its FROM project p WHERE (p.district_id, p.project_id) = (NEW.district_id, NEW.project_id) FOR UPDATE;
  IF FOUND THEN
    NEW.party_id := its.party_id;
  END IF;
  SELECT * INTO last FROM project_version v WHERE (v.district_id, v.project_id) = (NEW.district_id, NEW.project_id)
      ORDER BY v.revision DESC LIMIT 1;
  IF NEW.revision IS DISTINCT FROM coalesce(last.revision, 0) + 1 THEN
    PERFORM refuse('revision_follows', format('the next revision of project %s is %s, not %s', NEW.project_id,
        coalesce(last.revision, 0) + 1, NEW.revision));
  END IF;
  IF NEW.name_en IS NULL OR last.name_en = last.name_zh AND NEW.name_en = last.name_en THEN
    NEW.name_en := NEW.name_zh;
  END IF;
  IF NEW.kind = 'expansion' AND (last.kind, last.party_id) IS DISTINCT FROM (NEW.kind, NEW.party_id)
      AND (NEW.party_id IS NULL OR NOT firm_is_here(NEW.district_id, NEW.party_id, NEW.project_id)) THEN
    PERFORM refuse('expansion_of_a_firm_here', format('the company of project %s is not here yet', NEW.project_id));
  END IF;
  instant := greatest(clock_timestamp(), lower(last.sys) + interval '1 microsecond');
  UPDATE project_version v SET sys = tstzrange(lower(last.sys), instant)
      WHERE (v.district_id, v.project_id, v.revision) = (NEW.district_id, NEW.project_id, last.revision);
  NEW.sys := tstzrange(instant, NULL);
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_settings() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE tick park_clock%ROWTYPE;
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = NEW.park_id;
  IF tick.writer IS DISTINCT FROM pg_current_xact_id()
     OR NOT EXISTS (SELECT FROM record r WHERE (r.park_id, r.seq, r.kind) = (tick.park_id, tick.seq, 'settings')) THEN
    PERFORM refuse('settings_have_record', format('settings of park %s were changed without a record', NEW.code));
  END IF;
  IF (OLD.hold_shown, OLD.corners_told) = (NEW.hold_shown, NEW.corners_told) THEN RETURN NULL; END IF;
  IF NEW.hold_shown = 'nothing' AND OLD.hold_shown <> 'nothing' THEN
    PERFORM hide_past(NEW.park_id);
  END IF;
  IF NEW.corners_told <> OLD.corners_told THEN
    PERFORM tell_corners(NEW.park_id, tick.seq);
  END IF;
  PERFORM publish_rows(NEW.park_id, ARRAY(SELECT v.parcel_id FROM parcel_version v
      WHERE v.park_id = NEW.park_id AND v.to_seq IS NULL AND v.publication = 'public'), true);
  PERFORM publish_services(NEW.park_id, ARRAY(SELECT v.network_id FROM network_version v
      WHERE v.park_id = NEW.park_id AND v.to_seq IS NULL AND v.grade = 'node'));
  RETURN NULL;
END $$;

CREATE FUNCTION public.keep_shape() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  NEW.geom := settle_shape(NEW.geom);
  SELECT ST_Area(ST_Transform(NEW.geom, p.survey_crs)) INTO NEW.computed_m2 FROM park p WHERE p.park_id = NEW.park_id;
  RETURN NEW;
END $$;

COMMENT ON FUNCTION public.keep_shape() IS 'A computed area is what the shape measures in the plane of the park''s survey CRS, in square metres: a writer cannot state another.';

CREATE FUNCTION public.keep_tag() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF OLD.withdrawn_at IS NOT NULL THEN
    PERFORM refuse('tag_is_there', format('the listing was withdrawn at %s', OLD.withdrawn_at));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_target_firm() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.firm := firm_name(NEW.name);
  ELSIF OLD.closed_at IS NOT NULL THEN
    PERFORM refuse('target_firm_is_live', format('the target firm was closed at %s', OLD.closed_at));
  ELSIF OLD.project_id IS NOT NULL AND NEW.project_id IS DISTINCT FROM OLD.project_id THEN
    PERFORM refuse('target_firm_came_once', format('project %s came of it', OLD.project_id));
  END IF;
  IF NEW.approached_on > china_today() THEN
    PERFORM refuse('milestone_has_come', format('%s is to come', NEW.approached_on));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_target_note() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE its target_firm%ROWTYPE;
BEGIN
  SELECT * INTO its FROM target_firm t
      WHERE (t.district_id, t.target_firm_id) = (NEW.district_id, NEW.target_firm_id) FOR NO KEY UPDATE;
  IF its.closed_at IS NOT NULL THEN
    PERFORM refuse('target_firm_is_live', format('the target firm was closed at %s', its.closed_at));
  END IF;
  IF NEW.said_on > china_today() THEN
    PERFORM refuse('milestone_has_come', format('%s is to come', NEW.said_on));
  END IF;
  SELECT coalesce(max(t.n), 0) + 1 INTO NEW.n FROM target_note t
      WHERE (t.district_id, t.target_firm_id) = (NEW.district_id, NEW.target_firm_id);
  UPDATE target_firm t SET approached_on = NEW.said_on
      WHERE (t.district_id, t.target_firm_id) = (NEW.district_id, NEW.target_firm_id) AND t.approached_on IS NULL;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_team_target() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE last team_target%ROWTYPE;
BEGIN
  PERFORM FROM team t WHERE (t.district_id, t.team_id) = (NEW.district_id, NEW.team_id) FOR NO KEY UPDATE;
  SELECT * INTO last FROM team_target t
      WHERE (t.district_id, t.team_id, t.year, t.quarter, t.measure)
        = (NEW.district_id, NEW.team_id, NEW.year, NEW.quarter, NEW.measure) ORDER BY t.n DESC LIMIT 1;
  NEW.n := coalesce(last.n, 0) + 1;
  IF NEW.corrects IS DISTINCT FROM coalesce(NOT last.withdrawn, false) THEN
    PERFORM refuse(CASE WHEN NEW.corrects THEN 'team_target_is_there' ELSE 'team_target_is_new' END,
        format('%s of team %s in quarter %s of %s', NEW.measure, NEW.team_id, NEW.quarter, NEW.year));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_template() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE last integer;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM refuse('flow_template_is_kept', format('edition %s of %s is kept as it is', OLD.edition, OLD.code));
  END IF;
  SELECT coalesce(max(t.revision), 0) INTO last FROM flow_template t
      WHERE (t.district_id, t.code) = (NEW.district_id, NEW.code);
  IF NEW.revision > last + 1 THEN
    PERFORM refuse('flow_template_follows', format('the next revision of %s is %s, not %s', NEW.code, last + 1,
        NEW.revision));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_title() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF OLD.withdrawn_at IS NOT NULL THEN
    PERFORM refuse('firm_title_is_held', format('the title was withdrawn at %s', OLD.withdrawn_at));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_title_figure() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF NEW.as_of > china_today() THEN
    PERFORM refuse('milestone_has_come', format('%s is to come', NEW.as_of));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_turn() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE its project%ROWTYPE; step record; standing text := 'active'; last date;
BEGIN
  SELECT * INTO its FROM project p WHERE (p.district_id, p.project_id) = (NEW.district_id, NEW.project_id)
      FOR NO KEY UPDATE;
  SELECT coalesce(max(t.n), 0) + 1 INTO NEW.n FROM project_turn t
      WHERE (t.district_id, t.project_id) = (NEW.district_id, NEW.project_id);
  IF NEW.corrects IS NOT NULL AND NOT EXISTS (SELECT FROM project_turned t
      WHERE (t.district_id, t.project_id, t.n) = (NEW.district_id, NEW.project_id, NEW.corrects)) THEN
    PERFORM refuse('turn_is_there', format('turn %s of project %s', NEW.corrects, NEW.project_id));
  END IF;
  IF NEW.since > project_today(its) THEN
    PERFORM refuse('milestone_has_come', format('%s is to come', NEW.since));
  END IF;
  FOR step IN
    SELECT t.n, t.turn, t.since FROM project_turned t
        WHERE (t.district_id, t.project_id) = (NEW.district_id, NEW.project_id) AND t.n IS DISTINCT FROM NEW.corrects
    UNION ALL SELECT coalesce(NEW.corrects, NEW.n), NEW.turn, NEW.since WHERE NOT NEW.withdrawn ORDER BY 1
  LOOP
    IF NOT (CASE step.turn WHEN 'paused' THEN standing = 'active' WHEN 'lost' THEN standing <> 'lost'
        ELSE standing <> 'active' END) THEN
      PERFORM refuse('turn_follows', format('project %s is %s and can''t be %s', NEW.project_id, standing, step.turn));
    END IF;
    IF step.since < last THEN
      PERFORM refuse('turns_in_order', format('%s is before %s', step.since, last));
    END IF;
    standing := CASE step.turn WHEN 'resumed' THEN 'active' ELSE step.turn END;
    last := step.since;
  END LOOP;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_unit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE its building%ROWTYPE;
BEGIN
  SELECT * INTO its FROM building b WHERE (b.park_id, b.building_id) = (NEW.park_id, NEW.building_id) FOR SHARE;
  IF its.retired THEN
    PERFORM refuse('building_is_there', format('building %s is retired', its.code));
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF OLD.retired THEN
      PERFORM refuse('unit_is_there', format('unit %s is retired', OLD.code));
    END IF;
    IF NEW.retired AND has_tenant(NEW.park_id, NEW.unit_id, false) THEN
      PERFORM refuse('unit_has_tenant', format('unit %s is held or let', OLD.code));
    END IF;
    NEW.revision := OLD.revision + 1;
    NEW.changed_at := clock_timestamp();
  ELSE
    NEW.revision := 1;
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_version() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE tick park_clock%ROWTYPE;
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = NEW.park_id;
  IF tick.writer IS DISTINCT FROM pg_current_xact_id() THEN
    RAISE EXCEPTION '% of park % was written without a record', TG_TABLE_NAME, NEW.park_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'version_has_record';
  END IF;
  IF NOT tick.dirty THEN
    UPDATE park_clock SET dirty = true WHERE park_id = NEW.park_id;
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.from_seq IS DISTINCT FROM tick.seq OR NEW.to_seq IS NOT NULL THEN
      RAISE EXCEPTION '% of park % must begin, open, at the park''s newest change %, not %', TG_TABLE_NAME,
          NEW.park_id, tick.seq, NEW.from_seq
        USING ERRCODE = 'check_violation', CONSTRAINT = 'version_begins_now';
    END IF;
    NEW.sys := tstzrange(tick.at, NULL);
    RETURN NEW;
  END IF;
  IF OLD.to_seq IS NOT NULL OR NEW.to_seq IS DISTINCT FROM tick.seq THEN
    RAISE EXCEPTION '% of park % can only be closed once, at the park''s newest change %', TG_TABLE_NAME,
        NEW.park_id, tick.seq
      USING ERRCODE = 'check_violation', CONSTRAINT = 'version_closes_once';
  END IF;
  NEW.sys := tstzrange(lower(OLD.sys), tick.at);
  IF to_jsonb(NEW) - 'to_seq' - 'sys' IS DISTINCT FROM to_jsonb(OLD) - 'to_seq' - 'sys' THEN
    RAISE EXCEPTION '% of park % is history: only its end may be set', TG_TABLE_NAME, NEW.park_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'version_is_history';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_visit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE its project%ROWTYPE;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.done_at IS NOT NULL THEN
      PERFORM refuse('visit_is_open', format('the step of visit %s was done', OLD.n));
    END IF;
    RETURN NEW;
  END IF;
  SELECT * INTO its FROM project p WHERE (p.district_id, p.project_id) = (NEW.district_id, NEW.project_id)
      FOR NO KEY UPDATE;
  IF NEW.visited_on > project_today(its) THEN
    PERFORM refuse('milestone_has_come', format('%s is to come', NEW.visited_on));
  END IF;
  SELECT coalesce(max(v.n), 0) + 1 INTO NEW.n FROM project_visit v
      WHERE (v.district_id, v.project_id) = (NEW.district_id, NEW.project_id);
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_webhook() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF OLD.state = 'retired' THEN
    PERFORM refuse('webhook_is_live', format('webhook %s is retired', OLD.webhook_id));
  END IF;
  IF NEW.cursor NOT IN (OLD.cursor, OLD.cursor + 1) THEN
    PERFORM refuse('webhook_goes_on', format('webhook %s goes on from event %s to the next, not to %s',
        OLD.webhook_id, OLD.cursor, NEW.cursor));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_with_record() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE tick park_clock%ROWTYPE;
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = NEW.park_id;
  IF tick.writer IS DISTINCT FROM pg_current_xact_id() OR NEW.seq IS DISTINCT FROM tick.seq THEN
    RAISE EXCEPTION '% of park % was written without its record', TG_TABLE_NAME, NEW.park_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'version_has_record';
  END IF;
  UPDATE park_clock SET dirty = true WHERE park_id = NEW.park_id AND NOT dirty;
  RETURN NEW;
END $$;

CREATE FUNCTION public.longest_term(p_land_use text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT CASE left(p_land_use, 2) WHEN '07' THEN 70 WHEN '09' THEN 40 ELSE 50 END
$$;

COMMENT ON FUNCTION public.longest_term(p_land_use text) IS 'Years for which land of a use may be granted at most.';

CREATE FUNCTION public.may_run(p_account uuid, p_district uuid, p_project uuid) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
  SELECT EXISTS (SELECT FROM account a JOIN membership m USING (account_id)
    WHERE a.account_id = p_account AND a.disabled_at IS NULL AND a.erased_at IS NULL
      AND (m.park_id IS NULL OR EXISTS (SELECT FROM project_park k
        WHERE (k.district_id, k.project_id, k.park_id) = (p_district, p_project, m.park_id))))
$$;

COMMENT ON FUNCTION public.may_run(p_account uuid, p_district uuid, p_project uuid) IS 'Whether an account may be the agent of a project: it is live and has a role in a park of it.';

CREATE FUNCTION public.near_parks(p_park uuid, p_shape public.geometry) RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.node_room(p_park uuid, p_seq bigint, p_network uuid, p_service text, OUT there boolean, OUT capacity numeric, OUT promised numeric, OUT was_capacity numeric, OUT was_promised numeric) RETURNS record
    LANGUAGE sql STABLE
    AS $$
  SELECT count(v.capacity) FILTER (WHERE v.to_seq IS NULL) > 0,
      coalesce(sum(v.capacity) FILTER (WHERE v.to_seq IS NULL), 0),
         (SELECT coalesce(sum(d.amount), 0) FROM allotment_draw d
             WHERE (d.park_id, d.network_id, d.service) = (p_park, p_network, p_service) AND d.to_seq IS NULL),
         coalesce(sum(v.capacity) FILTER (WHERE v.from_seq < p_seq AND (v.to_seq IS NULL OR v.to_seq = p_seq)), 0),
         (SELECT coalesce(sum(d.amount), 0) FROM allotment_draw d
             WHERE (d.park_id, d.network_id, d.service) = (p_park, p_network, p_service) AND d.from_seq < p_seq
             AND (d.to_seq IS NULL OR d.to_seq = p_seq))
    FROM network_version v JOIN service s ON (s.kind, s.unit) = (v.kind, v.unit)
   WHERE (v.park_id, v.network_id, s.service, v.grade) = (p_park, p_network, p_service, 'node')
       AND (v.to_seq IS NULL OR v.to_seq = p_seq)
$$;

COMMENT ON FUNCTION public.node_room(p_park uuid, p_seq bigint, p_network uuid, p_service text, OUT there boolean, OUT capacity numeric, OUT promised numeric, OUT was_capacity numeric, OUT was_promised numeric) IS 'Capacity and promises of a node for a service after a record and before it.';

CREATE FUNCTION public.note_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF TG_TABLE_NAME = 'event' THEN
    INSERT INTO state_change (park_id, seq) VALUES (NEW.park_id, NEW.seq);
  ELSE
    INSERT INTO state_change (park_id) VALUES (NEW.park_id);
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION public.number_state() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM FROM database_state FOR UPDATE;
  UPDATE state_change SET n = nextval('state_number'), at = clock_timestamp() WHERE change_id = NEW.change_id;
  RETURN NULL;
END $$;

CREATE FUNCTION public.odd_code_fault(p_code text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'public', 'pg_temp'
    AS $_$
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
END $_$;

CREATE TABLE public.parcel_public (
    park_id uuid NOT NULL,
    parcel_id uuid NOT NULL,
    from_seq bigint NOT NULL,
    to_seq bigint,
    sys tstzrange NOT NULL,
    code text NOT NULL,
    zone text,
    status text NOT NULL,
    bank_status text NOT NULL,
    land_use text,
    services json NOT NULL,
    legal_m2 numeric(16,4) NOT NULL,
    computed_m2 double precision NOT NULL,
    ellipsoid_m2 double precision NOT NULL,
    price_cny_per_m2 numeric(12,2),
    cadastral_no text,
    estate_unit_no text,
    tenant_zh text,
    tenant_en text,
    project_zh text,
    project_en text,
    expires_at timestamp with time zone,
    geom public.geometry(Polygon,4490) NOT NULL,
    price_kind text,
    price_document text,
    price_on date
);
ALTER TABLE ONLY public.parcel_public ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.parcel_public IS 'Parcels as the public sees them, with the status that follows from the live allotment; a row begins whenever anything of it changes.';

COMMENT ON COLUMN public.parcel_public.services IS 'As text: a feed prints it a million times, and printing jsonb costs the database more than all other columns together.';

CREATE FUNCTION public.parcel_said(p_park uuid, p_parcels uuid[], p_seq bigint, p_at timestamp with time zone) RETURNS SETOF public.parcel_public
    LANGUAGE sql STABLE
    AS $$
  SELECT n.* FROM unnest(p_parcels) u (id)
   CROSS JOIN LATERAL (SELECT * FROM parcel_version x WHERE (x.park_id, x.parcel_id) = (p_park, u.id)
                        ORDER BY x.from_seq DESC LIMIT 1) v
   CROSS JOIN LATERAL version_said(ROW(v.*)::parcel_version, p_seq, p_at) n
$$;

COMMENT ON FUNCTION public.parcel_said(p_park uuid, p_parcels uuid[], p_seq bigint, p_at timestamp with time zone) IS 'What the public reads of live parcels of a park from a change on.';

CREATE FUNCTION public.park_today(p_park uuid) RETURNS date
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT (clock_timestamp() AT TIME ZONE coalesce((SELECT k.time_zone FROM park k WHERE k.park_id = p_park),
    'Asia/Shanghai'))::date
$$;

COMMENT ON FUNCTION public.park_today(p_park uuid) IS 'The day that it is in a park.';

CREATE FUNCTION public.project_standing(p_district uuid, p_project uuid) RETURNS text
    LANGUAGE sql STABLE
    AS $$
  SELECT coalesce((SELECT CASE t.turn WHEN 'resumed' THEN 'active' ELSE t.turn END FROM project_turned t
    WHERE (t.district_id, t.project_id) = (p_district, p_project) ORDER BY t.n DESC LIMIT 1), 'active')
$$;

COMMENT ON FUNCTION public.project_standing(p_district uuid, p_project uuid) IS 'Whether a project is active, paused or lost, by its last turn.';

CREATE TABLE public.project (
    district_id uuid NOT NULL,
    project_id uuid NOT NULL,
    code text NOT NULL,
    party_id uuid,
    park_id uuid,
    CONSTRAINT project_code_check CHECK ((code <> ''::text))
);
ALTER TABLE ONLY public.project ALTER COLUMN district_id SET STATISTICS 0;
ALTER TABLE ONLY public.project ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.project IS 'An investment project.';

COMMENT ON COLUMN public.project.park_id IS 'The park that entered it; null: the district did.';

CREATE FUNCTION public.project_today(p_project public.project) RETURNS date
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT (clock_timestamp() AT TIME ZONE coalesce((SELECT k.time_zone FROM park k WHERE k.park_id = p_project.park_id),
    'Asia/Shanghai'))::date
$$;

COMMENT ON FUNCTION public.project_today(p_project public.project) IS 'The day that it is in the park that entered a project.';

CREATE FUNCTION public.public_promises(p_park uuid, p_network uuid, p_service text, OUT promised numeric) RETURNS numeric
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT coalesce(sum(d.amount), 0)
    FROM allotment_draw d
   WHERE (d.park_id, d.network_id, d.service) = (p_park, p_network, p_service) AND d.to_seq IS NULL
     AND NOT EXISTS (
       SELECT FROM park k
        CROSS JOIN LATERAL (SELECT * FROM allotment_version x
            WHERE (x.park_id, x.allotment_id) = (p_park, d.allotment_id) AND x.to_seq IS NULL OFFSET 0) a
        CROSS JOIN LATERAL (SELECT * FROM allotment_parcel x
            WHERE (x.park_id, x.allotment_id) = (p_park, d.allotment_id) AND x.to_seq IS NULL OFFSET 0) l
        CROSS JOIN LATERAL (SELECT * FROM parcel_version x
            WHERE (x.park_id, x.parcel_id) = (p_park, l.parcel_id) AND x.to_seq IS NULL OFFSET 0) v
        WHERE k.park_id = p_park AND k.hold_shown = 'nothing' AND is_intention(a.state, v.price_kind))
$$;

COMMENT ON FUNCTION public.public_promises(p_park uuid, p_network uuid, p_service text, OUT promised numeric) IS 'What the public counts as promised by a node of a service.';

CREATE FUNCTION public.public_word(p_shown text, p_bank text, p_state text, p_price_kind text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT CASE WHEN is_intention(p_state, p_price_kind)
              THEN CASE p_shown WHEN 'nothing' THEN 'reserve' ELSE 'in_negotiation' END
              WHEN p_state = 'hold' THEN 'held'
              WHEN p_state IS NULL AND p_bank = 'withdrawn' AND p_shown = 'nothing' THEN 'reserve'
              ELSE coalesce(p_state, p_bank) END
$$;

COMMENT ON FUNCTION public.public_word(p_shown text, p_bank text, p_state text, p_price_kind text) IS 'The status of a parcel that the public reads, by the choice of its park.';

CREATE FUNCTION public.publish_allotted_parcels() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE park record;
BEGIN
  FOR park IN SELECT ap.park_id, array_agg(DISTINCT ap.parcel_id) AS parcels
                FROM changed c JOIN allotment_parcel ap ON (ap.park_id, ap.allotment_id) = (c.park_id,
                    c.allotment_id) AND ap.to_seq IS NULL
               GROUP BY ap.park_id LOOP
    PERFORM publish_parcels(park.park_id, park.parcels);
  END LOOP;
  RETURN NULL;
END $$;

CREATE FUNCTION public.publish_begun_parcels() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE its record;
BEGIN
  FOR its IN SELECT k.park_id, k.seq, k.at, n.parcels, n.firsts,
                    (SELECT p.hold_shown FROM park p WHERE p.park_id = k.park_id) = 'nothing' AS quiet,
                    EXISTS (SELECT FROM file f WHERE f.park_id = k.park_id) AS papers
               FROM (SELECT c.park_id, array_agg(c.parcel_id) FILTER (WHERE c.prev_to_seq IS NOT NULL) AS parcels,
                            count(*) FILTER (WHERE c.prev_to_seq IS NULL) AS firsts FROM changed c GROUP BY c.park_id) n
               JOIN park_clock k USING (park_id) LOOP
    IF its.parcels IS NOT NULL THEN
      PERFORM publish_parcels(its.park_id, its.parcels);
    END IF;
    CONTINUE WHEN its.firsts = 0;
    INSERT INTO parcel_public
    SELECT n.* FROM changed c CROSS JOIN LATERAL version_said(ROW(c.*)::parcel_version, its.seq, its.at) n
     WHERE c.park_id = its.park_id AND c.prev_to_seq IS NULL;
    IF its.quiet OR its.papers THEN
      PERFORM publish_besides(its.park_id, ARRAY(SELECT c.parcel_id FROM changed c
          WHERE c.park_id = its.park_id AND c.prev_to_seq IS NULL), its.quiet);
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

CREATE FUNCTION public.publish_besides(p_park uuid, p_parcels uuid[], p_quiet boolean) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM publish_papers(p_park, p_parcels);
  IF p_quiet THEN
    PERFORM publish_services(p_park, ARRAY(
      SELECT DISTINCT d.network_id FROM unnest(p_parcels) u (id)
       CROSS JOIN LATERAL (SELECT x.allotment_id FROM allotment_parcel x
           WHERE (x.park_id, x.parcel_id) = (p_park, u.id) AND x.to_seq IS NULL OFFSET 0) l
       CROSS JOIN LATERAL (SELECT x.network_id FROM allotment_draw x
           WHERE (x.park_id, x.allotment_id) = (p_park, l.allotment_id) AND x.to_seq IS NULL OFFSET 0) d));
  END IF;
END $$;

COMMENT ON FUNCTION public.publish_besides(p_park uuid, p_parcels uuid[], p_quiet boolean) IS 'Tells the public what goes with parcels; called by triggers only.';

CREATE FUNCTION public.publish_changed_papers() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE park record;
BEGIN
  FOR park IN SELECT c.park_id, array_agg(DISTINCT c.parcel_id) AS parcels FROM changed c GROUP BY c.park_id LOOP
    PERFORM publish_papers(park.park_id, park.parcels);
  END LOOP;
  RETURN NULL;
END $$;

CREATE FUNCTION public.publish_changed_parcels() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE park record;
BEGIN
  FOR park IN SELECT c.park_id, array_agg(DISTINCT c.parcel_id) AS parcels FROM changed c GROUP BY c.park_id LOOP
    PERFORM publish_parcels(park.park_id, park.parcels);
  END LOOP;
  RETURN NULL;
END $$;

CREATE FUNCTION public.publish_changed_services() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE park record;
BEGIN
  FOR park IN SELECT c.park_id, array_agg(DISTINCT c.network_id) AS networks FROM changed c GROUP BY c.park_id LOOP
    PERFORM publish_services(park.park_id, park.networks);
  END LOOP;
  RETURN NULL;
END $$;

CREATE FUNCTION public.publish_network() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE forms CONSTANT text[] := ARRAY['none', 'word', 'band', 'figure'];
BEGIN
  IF TG_OP = 'INSERT' AND EXISTS (SELECT FROM network_version o
      WHERE (o.park_id, o.network_id, o.to_seq) = (NEW.park_id, NEW.network_id, NEW.prev_to_seq)
        AND (NEW.capacity_told = 'none' AND o.capacity_told = 'figure'
             OR array_position(forms, NEW.headroom_told) < array_position(forms, o.headroom_told))) THEN
    UPDATE network_public p SET capacity = NULL
     WHERE (p.park_id, p.network_id) = (NEW.park_id, NEW.network_id) AND NEW.capacity_told = 'none';
    DELETE FROM service_public p WHERE (p.park_id, p.network_id) = (NEW.park_id, NEW.network_id);
  END IF;
  IF NEW.publication = 'public' THEN
    INSERT INTO network_public
    SELECT NEW.park_id, NEW.network_id, NEW.from_seq, NEW.to_seq, NEW.sys, n.code, NEW.kind, NEW.grade, NEW.name_zh,
        NEW.name_en, NEW.width_m, CASE NEW.capacity_told WHEN 'figure' THEN NEW.capacity END, NEW.unit, NEW.geom
      FROM network n WHERE (n.park_id, n.network_id) = (NEW.park_id, NEW.network_id)
    ON CONFLICT (park_id, network_id, from_seq) DO UPDATE SET to_seq = EXCLUDED.to_seq, sys = EXCLUDED.sys;
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.publish_papers(p_park uuid, p_parcels uuid[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM file f WHERE f.park_id = p_park) THEN RETURN; END IF; -- as in most imports
  DELETE FROM paper_public WHERE ctid = ANY (ARRAY(
    SELECT x.ctid FROM unnest(p_parcels) u (id)
     CROSS JOIN LATERAL (SELECT p.ctid FROM paper_public p WHERE (p.park_id, p.parcel_id) = (p_park, u.id) OFFSET 0) x));
  INSERT INTO paper_public (park_id, paper_id, parcel_id, since, hash, media_type, size, width, height, kind, title_zh,
      title_en, dated, number, expires_on, illustrative)
  SELECT v.park_id, v.paper_id, v.parcel_id, lower(v.sys), v.hash, f.media_type, f.size, f.width, f.height, v.kind,
      v.title_zh, v.title_en, v.dated, v.number, v.expires_on, v.illustrative
    FROM (SELECT DISTINCT id FROM unnest(p_parcels) u (id)) u
   CROSS JOIN LATERAL (SELECT * FROM paper_version x WHERE (x.park_id, x.parcel_id) = (p_park, u.id)
       AND x.to_seq IS NULL AND x.publication = 'public' OFFSET 0) v
   CROSS JOIN LATERAL (SELECT y.media_type, y.size, y.width, y.height FROM file y
       WHERE (y.park_id, y.hash) = (p_park, v.hash) OFFSET 0) f
   WHERE EXISTS (SELECT FROM parcel_public p WHERE (p.park_id, p.parcel_id) = (p_park, u.id) AND p.to_seq IS NULL);
END $$;

COMMENT ON FUNCTION public.publish_papers(p_park uuid, p_parcels uuid[]) IS 'Rewrites what the public reads of the papers of parcels; called by triggers only.';

CREATE FUNCTION public.publish_parcels(p_park uuid, p_parcels uuid[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT publish_rows(p_park, p_parcels, false)
$$;

COMMENT ON FUNCTION public.publish_parcels(p_park uuid, p_parcels uuid[]) IS 'publish_rows where something of the parcels changed.';

CREATE FUNCTION public.publish_park() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  INSERT INTO park_public (park_id, code, name_zh, name_en, district_zh, district_en, survey_crs, time_zone,
      illustrative, computed_m2, geom, hold_shown, map_review_no, old_after_months, corners_told,
      contact)
  SELECT NEW.park_id, NEW.code, NEW.name_zh, NEW.name_en, d.name_zh, d.name_en, NEW.survey_crs, NEW.time_zone,
      NEW.illustrative, ST_Area(ST_Transform(NEW.geom, NEW.survey_crs)),
      told_shape(NEW.corners_told, NEW.geom, NEW.survey_crs), NEW.hold_shown, NEW.map_review_no, NEW.old_after_months,
      NEW.corners_told, NEW.contact
    FROM district d WHERE d.district_id = NEW.district_id
  ON CONFLICT (park_id) DO UPDATE SET (code, name_zh, name_en, district_zh, district_en, survey_crs, time_zone,
      illustrative, computed_m2, geom, hold_shown, map_review_no, old_after_months, corners_told,
      contact) =
     (EXCLUDED.code, EXCLUDED.name_zh, EXCLUDED.name_en, EXCLUDED.district_zh, EXCLUDED.district_en,
         EXCLUDED.survey_crs, EXCLUDED.time_zone, EXCLUDED.illustrative, EXCLUDED.computed_m2, EXCLUDED.geom,
         EXCLUDED.hold_shown, EXCLUDED.map_review_no, EXCLUDED.old_after_months, EXCLUDED.corners_told,
         EXCLUDED.contact);
  RETURN NEW;
END $$;

CREATE FUNCTION public.publish_plan_unit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF NEW.publication = 'public' THEN
    INSERT INTO plan_unit_public
    SELECT NEW.park_id, NEW.plan_unit_id, NEW.from_seq, NEW.to_seq, NEW.sys, u.code, NEW.land_use, NEW.conditions,
        NEW.edition, NEW.effective_from, NEW.computed_m2, told_shape(k.corners_told, NEW.geom, k.survey_crs)
      FROM plan_unit u JOIN park k USING (park_id) WHERE (u.park_id, u.plan_unit_id) = (NEW.park_id, NEW.plan_unit_id)
    ON CONFLICT (park_id, plan_unit_id, from_seq) DO UPDATE SET to_seq = EXCLUDED.to_seq, sys = EXCLUDED.sys;
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.publish_rows(p_park uuid, p_parcels uuid[], p_anew boolean) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE tick park_clock%ROWTYPE; mine tid[]; quiet boolean; was parcel_public%ROWTYPE;
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = p_park;
  SELECT k.hold_shown = 'nothing' AND NOT p_anew INTO quiet FROM park k WHERE k.park_id = p_park;
  mine := ARRAY(SELECT x.ctid FROM unnest(p_parcels) u (id)
                 CROSS JOIN LATERAL (SELECT p.ctid, p.from_seq FROM parcel_public p
                     WHERE (p.park_id, p.parcel_id) = (p_park, u.id) ORDER BY p.from_seq DESC LIMIT 1) x
                 WHERE x.from_seq = tick.seq);
  DELETE FROM parcel_public WHERE ctid = ANY (mine);
  IF quiet THEN
    mine := ARRAY(SELECT x.ctid FROM unnest(p_parcels) u (id)
                   CROSS JOIN LATERAL (SELECT p.ctid, p.to_seq FROM parcel_public p
                       WHERE (p.park_id, p.parcel_id) = (p_park, u.id) ORDER BY p.from_seq DESC LIMIT 1) x
                   WHERE x.to_seq = tick.seq);
    FOR was IN DELETE FROM parcel_public WHERE ctid = ANY (mine) RETURNING * LOOP
      was.to_seq := NULL;
      was.sys := tstzrange(lower(was.sys), NULL);
      INSERT INTO parcel_public SELECT was.*;
    END LOOP;
  END IF;
  mine := ARRAY(SELECT x.ctid FROM unnest(p_parcels) u (id)
                 CROSS JOIN LATERAL (SELECT p.ctid, p AS said FROM parcel_public p
                     WHERE (p.park_id, p.parcel_id) = (p_park, u.id) AND p.to_seq IS NULL OFFSET 0) x
                 WHERE NOT quiet OR NOT EXISTS (
                     SELECT FROM parcel_said(p_park, ARRAY[u.id], tick.seq, tick.at) n WHERE same_word(n, x.said)));
  UPDATE parcel_public SET to_seq = tick.seq, sys = tstzrange(lower(sys), tick.at) WHERE ctid = ANY (mine);
  INSERT INTO parcel_public
  SELECT n.* FROM parcel_said(p_park, p_parcels, tick.seq, tick.at) n
   WHERE NOT quiet OR NOT EXISTS (SELECT FROM parcel_public p
       WHERE (p.park_id, p.parcel_id) = (p_park, n.parcel_id) AND p.to_seq IS NULL);
  PERFORM publish_besides(p_park, p_parcels, quiet);
END $$;

COMMENT ON FUNCTION public.publish_rows(p_park uuid, p_parcels uuid[], p_anew boolean) IS 'Rewrites the public rows of parcels as of the park''s newest change; called by triggers only.';

CREATE FUNCTION public.publish_services(p_park uuid, p_networks uuid[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE tick park_clock%ROWTYPE; mine tid[];
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = p_park;
  mine := ARRAY(SELECT x.ctid FROM unnest(p_networks) u (id)
                 CROSS JOIN LATERAL (SELECT p.ctid, p.from_seq FROM service_public p
                     WHERE (p.park_id, p.network_id) = (p_park, u.id) OFFSET 0) x
                 WHERE x.from_seq = tick.seq);
  DELETE FROM service_public WHERE ctid = ANY (mine);
  mine := ARRAY(SELECT x.ctid FROM unnest(p_networks) u (id)
                 CROSS JOIN LATERAL (SELECT p.ctid, p.to_seq FROM service_public p
                     WHERE (p.park_id, p.network_id) = (p_park, u.id) OFFSET 0) x
                 WHERE x.to_seq = tick.seq);
  UPDATE service_public SET to_seq = NULL, sys = tstzrange(lower(sys), NULL) WHERE ctid = ANY (mine);
  WITH left_over AS MATERIALIZED (
    SELECT u.id AS network_id, s.service, v.headroom_told AS told, v.capacity_told = 'figure' AS whole, v.capacity,
        greatest(v.capacity - room.promised, 0) AS room, room.promised,
           least(floor(10 * greatest(v.capacity - room.promised, 0) / nullif(v.capacity, 0)), 9) AS tenths
      FROM unnest(p_networks) u (id)
      CROSS JOIN LATERAL (SELECT * FROM network_version x
                           WHERE (x.park_id, x.network_id) = (p_park, u.id) AND x.to_seq IS NULL
                             AND x.publication = 'public' AND x.grade = 'node' AND x.capacity IS NOT NULL OFFSET 0) v
      JOIN service s ON (s.kind, s.unit) = (v.kind, v.unit)
      CROSS JOIN LATERAL public_promises(p_park, u.id, s.service) room),
  now AS MATERIALIZED (
    SELECT network_id, service, told,
           CASE WHEN told = 'none' OR NOT whole AND told <> 'word' THEN NULL
                WHEN capacity > 0 AND 2 * promised <= capacity THEN 'ample'
                WHEN capacity > 0 AND 5 * promised <= 4 * capacity THEN 'some' ELSE 'little' END AS free,
           (CASE WHEN told = 'figure' THEN room WHEN told <> 'band' THEN NULL
                 WHEN whole THEN coalesce(capacity * tenths / 10, 0) ELSE step_below(room) END)::numeric(16,3) AS least,
           (CASE WHEN told = 'figure' THEN room WHEN told <> 'band' THEN NULL
                 WHEN whole THEN coalesce(capacity * (tenths + 1) / 10, 0)
                 ELSE step_above(room) END)::numeric(16,3) AS most
      FROM left_over),
  live AS MATERIALIZED (
    SELECT x.*, EXISTS (SELECT FROM now n WHERE (n.network_id, n.service) = (x.network_id, x.service)
                           AND (n.told, n.free, n.least, n.most) IS NOT DISTINCT FROM (x.told, x.free, x.least,
                               x.most)) AS stays
      FROM unnest(p_networks) u (id)
      CROSS JOIN LATERAL (SELECT p.ctid AS place, p.network_id, p.service, p.told, p.free, p.least, p.most
                            FROM service_public p WHERE (p.park_id, p.network_id) = (p_park, u.id)
                                AND p.to_seq IS NULL OFFSET 0) x),
  ended AS (
    UPDATE service_public p SET to_seq = tick.seq, sys = tstzrange(lower(p.sys), tick.at)
     WHERE p.ctid = ANY (ARRAY(SELECT place FROM live WHERE NOT stays)))
  INSERT INTO service_public (park_id, network_id, service, from_seq, sys, free, told, least, most)
  SELECT p_park, n.network_id, n.service, tick.seq, tstzrange(tick.at, NULL), n.free, n.told, n.least, n.most
      FROM now n
   WHERE NOT EXISTS (SELECT FROM live l WHERE (l.network_id, l.service) = (n.network_id, n.service) AND l.stays);
END $$;

CREATE FUNCTION public.publish_zone() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF NEW.publication = 'public' THEN
    INSERT INTO zone_public
    SELECT NEW.park_id, NEW.zone_id, NEW.from_seq, NEW.to_seq, NEW.sys, z.code, NEW.name_zh, NEW.name_en,
        NEW.function, NEW.legal_m2, NEW.computed_m2, told_shape(k.corners_told, NEW.geom, k.survey_crs)
      FROM zone z JOIN park k USING (park_id) WHERE (z.park_id, z.zone_id) = (NEW.park_id, NEW.zone_id)
    ON CONFLICT (park_id, zone_id, from_seq) DO UPDATE SET to_seq = EXCLUDED.to_seq, sys = EXCLUDED.sys;
  END IF;
  IF TG_OP = 'INSERT'
      AND EXISTS (SELECT FROM zone_version o WHERE (o.park_id, o.zone_id, o.to_seq) = (NEW.park_id, NEW.zone_id,
      NEW.prev_to_seq)
                                     AND o.publication <> NEW.publication) THEN
    PERFORM publish_parcels(NEW.park_id, ARRAY(SELECT v.parcel_id FROM parcel_version v
        WHERE (v.park_id, v.zone_id) = (NEW.park_id, NEW.zone_id) AND v.to_seq IS NULL));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.reach(p_geom public.geometry) RETURNS public.geometry
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  RETURN ST_Expand(ST_Envelope(p_geom), bend_degrees(p_geom));
END $$;

COMMENT ON FUNCTION public.reach(p_geom public.geometry) IS 'A box of degrees out of which no edge of the shape bends, nor an edge of another shape into it, whatever the plane in which they are straight.';

CREATE FUNCTION public.record_building() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE its jsonb := to_jsonb(NEW); building uuid;
BEGIN
  building := coalesce((its->>'building_id')::uuid, (SELECT u.building_id FROM unit u
      WHERE (u.park_id, u.unit_id) = (NEW.park_id, (its->>'unit_id')::uuid)));
  INSERT INTO building_record (park_id, building_id, at, account_id, thing, thing_id, revision, reason, facts)
  VALUES (NEW.park_id, building, NEW.changed_at, NEW.changed_by, TG_TABLE_NAME, (its->>(TG_TABLE_NAME || '_id'))::uuid,
      NEW.revision, NEW.reason, its - '{park_id,changed_by,changed_at,reason,revision}'::text[]);
  RETURN NULL;
END $$;

CREATE FUNCTION public.refuse(p_rule text, p_text text) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION '%', p_text USING ERRCODE = 'check_violation', CONSTRAINT = p_rule;
END $$;

CREATE FUNCTION public.refuse_bad_right(p_park uuid, p_seq bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE hit record;
BEGIN
  SELECT x.parcel_id, v.code, v.bank_status INTO hit
    FROM (SELECT parcel_id FROM allotment_parcel WHERE park_id = p_park AND from_seq = p_seq
          UNION SELECT parcel_id FROM parcel_version WHERE park_id = p_park AND from_seq = p_seq
          UNION SELECT parcel_id FROM parcel_version WHERE park_id = p_park AND to_seq = p_seq) x
   CROSS JOIN LATERAL (SELECT FROM allotment_parcel ap WHERE (ap.park_id, ap.parcel_id) = (p_park, x.parcel_id)
       AND ap.to_seq IS NULL OFFSET 0) held
    LEFT JOIN LATERAL (SELECT w.code, w.bank_status FROM parcel_version w
        WHERE (w.park_id, w.parcel_id) = (p_park, x.parcel_id) AND w.to_seq IS NULL OFFSET 0) v ON true
   WHERE v.bank_status IS DISTINCT FROM 'available'
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse(CASE hit.bank_status WHEN 'reserve' THEN 'reserve_needs_release' ELSE 'right_on_live_land' END,
      format('parcel %s is %s and has a right', coalesce(hit.code, hit.parcel_id::text),
          coalesce(hit.bank_status, 'no live parcel')));
  END IF;
  SELECT a.allotment_id, a.live INTO hit
    FROM (SELECT x.allotment_id, EXISTS (SELECT FROM allotment_version v
        WHERE (v.park_id, v.allotment_id) = (p_park, x.allotment_id) AND upper_inf(v.sys) OFFSET 0) AS live
            FROM (SELECT allotment_id FROM allotment_version WHERE park_id = p_park AND from_seq = p_seq
                  UNION SELECT allotment_id FROM allotment_version WHERE park_id = p_park AND to_seq = p_seq
                  UNION SELECT allotment_id FROM allotment_parcel WHERE park_id = p_park AND from_seq = p_seq
                  UNION SELECT allotment_id FROM allotment_parcel WHERE park_id = p_park AND to_seq = p_seq) x) a
   WHERE a.live <> EXISTS (SELECT FROM allotment_parcel ap
       WHERE (ap.park_id, ap.allotment_id) = (p_park, a.allotment_id) AND upper_inf(ap.sys) OFFSET 0)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('right_covers_land', format(CASE WHEN hit.live THEN 'right %s is live and covers no parcel'
        ELSE 'right %s has ended and still covers a parcel' END, hit.allotment_id));
  END IF;
  WITH changed AS MATERIALIZED (SELECT * FROM changed_land(p_park, p_seq))
  SELECT ap.allotment_id, c.code INTO hit
    FROM changed c
   CROSS JOIN LATERAL (SELECT l.allotment_id, l.parcel_id FROM allotment_parcel l
       WHERE (l.park_id, l.parcel_id, l.to_seq) = (p_park, c.parcel_id, p_seq) OFFSET 0) ap
   WHERE NOT c.begins AND c.reshaped
     AND NOT EXISTS (SELECT FROM allotment_parcel heir
         WHERE (heir.park_id, heir.allotment_id, heir.from_seq) = (p_park, ap.allotment_id, p_seq)
                        AND (heir.parcel_id = ap.parcel_id OR EXISTS (SELECT FROM lineage l
                            WHERE (l.park_id, l.seq, l.parent_id, l.child_id) = (p_park, p_seq, ap.parcel_id,
                            heir.parcel_id))))
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('heir_is_named',
        format('the land of right %s, parcel %s, is dealt out anew and nothing inherits the right', hit.allotment_id,
        hit.code));
  END IF;
END $$;

CREATE FUNCTION public.refuse_bare_import(p_park uuid, p_seq bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $_$
DECLARE its record; hit record;
BEGIN
  SELECT c.code, n.parcel_id IS NOT NULL AS goes_on INTO hit FROM parcel_version c LEFT JOIN parcel_version n
      ON (n.park_id, n.parcel_id, n.from_seq) = (c.park_id, c.parcel_id, p_seq)
   WHERE c.park_id = p_park AND c.to_seq = p_seq ORDER BY n.parcel_id IS NOT NULL LIMIT 1;
  IF NOT FOUND THEN RETURN; END IF;
  SELECT r.proposed_by, coalesce(r.documents->0->>'sha256', '') AS checksum INTO its FROM record r
      WHERE (r.park_id, r.seq) = (p_park, p_seq);
  IF its.checksum !~ '^[0-9a-f]{64}$' THEN
    PERFORM refuse('record_needs_document', format('parcel %s changes by an import whose file has no checksum', hit.code));
  END IF;
  IF NOT hit.goes_on AND its.proposed_by IS NOT NULL THEN
    PERFORM refuse('record_needs_two', format('parcel %s is retired by two people', hit.code));
  END IF;
END $_$;

CREATE FUNCTION public.refuse_blank_reason() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM refuse('reason_is_given', format('a %s gives no reason that can be read', TG_TABLE_NAME));
  RETURN NULL;
END $$;

CREATE FUNCTION public.refuse_dead_zone() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE hit record;
BEGIN
  IF TG_TABLE_NAME = 'zone_version' THEN
    SELECT v.code, z.code AS zone INTO hit FROM zone z
     CROSS JOIN LATERAL (SELECT x.code FROM parcel_version x WHERE (x.zone_id, x.park_id) = (z.zone_id, z.park_id)
         AND x.to_seq IS NULL LIMIT 1) v
     WHERE (z.park_id, z.zone_id) = (NEW.park_id, NEW.zone_id) AND NOT z.live;
  ELSE
    SELECT v.code, z.code AS zone INTO hit FROM changed v
     CROSS JOIN LATERAL (SELECT x.code FROM zone x WHERE (x.park_id, x.zone_id) = (v.park_id, v.zone_id)
         AND NOT x.live OFFSET 0) z LIMIT 1;
  END IF;
  IF FOUND THEN
    PERFORM refuse('zone_is_live', format('parcel %s lies in zone %s, which is retired', hit.code, hit.zone));
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION public.refuse_double_ground(p_park uuid, p_seq bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE crs integer; around geometry; near uuid[]; hit record;
BEGIN
  IF (SELECT c.bordered_by = pg_current_xact_id() FROM park_clock c WHERE c.park_id = p_park) THEN
    PERFORM take_border(p_park);
  END IF;
  SELECT b.extent INTO around FROM begun_bounds(p_park, p_seq) b;
  IF around IS NULL THEN RETURN; END IF;
  near := near_parks(p_park, around);
  IF near = '{}' THEN RETURN; END IF;
  -- the box around all shapes may touch a park that no single shape comes near
  SELECT coalesce(array_agg(x.park_id ORDER BY x.park_id), '{}') INTO near FROM unnest(near) x (park_id)
      JOIN park k USING (park_id)
   WHERE EXISTS (SELECT FROM begun_land(p_park, p_seq) n WHERE n.geom && reach(k.geom)
       AND ST_DWithin(k.geom, n.geom, bend_degrees(n.geom)))
      OR EXISTS (SELECT FROM stray_ground s JOIN begun_land(p_park, p_seq) n ON s.geom && reach(n.geom)
          WHERE s.park_id = x.park_id);
  IF near = '{}' THEN RETURN; END IF;
  PERFORM FROM park_clock c WHERE c.park_id = ANY (near) ORDER BY c.park_id FOR SHARE;
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  FOR hit IN
    SELECT n.code, n.parcel_id, n.follows, o.park_id AS other_park, o.code AS other, o.parcel_id AS other_id,
        o.from_seq AS other_from, o.publication, k.code AS park, k.name_zh, k.name_en, s.g AS shared
      FROM (SELECT b.*, reach(b.geom) AS reach FROM begun_land(p_park, p_seq) b OFFSET 0) n
      CROSS JOIN LATERAL (SELECT 1 FROM park x WHERE x.park_id = ANY (near) AND x.geom && n.reach UNION ALL SELECT 1
          FROM stray_ground y WHERE y.geom && n.reach LIMIT 1) hint
      CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE v.to_seq IS NULL AND v.geom && n.reach OFFSET 0) o
      CROSS JOIN LATERAL (SELECT ST_Transform(n.geom, crs) AS a, ST_MakeValid(ST_Transform(o.geom, crs)) AS b
          WHERE o.park_id = ANY (near) OFFSET 0) g
      CROSS JOIN LATERAL (SELECT ST_Intersection(g.a, g.b) AS g OFFSET 0) s
      JOIN park k ON k.park_id = o.park_id
     WHERE ST_Area(s.g) > slack_m2(least(ST_Perimeter(g.a), ST_Perimeter(g.b)))
  LOOP
    IF root_of_overlap(p_park, hit.parcel_id, p_seq, hit.other_park, hit.other_id, hit.other_from,
        hit.shared) IS NULL THEN
      RAISE EXCEPTION 'parcel % lies on % m2 that park % holds', hit.code, round(ST_Area(hit.shared)::numeric, 4),
          hit.park
        USING ERRCODE = 'check_violation', CONSTRAINT = 'parcels_overlap',
        DETAIL = jsonb_build_object('parcel', CASE WHEN hit.follows THEN hit.parcel_id END, 'code', hit.code, 'm2',
            round(ST_Area(hit.shared)::numeric, 4), 'park', hit.park, 'park_zh', hit.name_zh,
                                    'park_en', hit.name_en, 'other', CASE WHEN hit.publication = 'public'
                                        THEN hit.other END);
    END IF;
  END LOOP;
END $$;

CREATE FUNCTION public.refuse_double_right(p_park uuid, p_seq bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE crs integer; hit record;
BEGIN
  IF NOT EXISTS (SELECT FROM double_ground d WHERE d.park_id = p_park)
      AND NOT EXISTS (SELECT FROM double_ground d WHERE d.other_park_id = p_park) THEN RETURN; END IF;
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  FOR hit IN
    SELECT n.code, n.parcel_id, n.from_seq, o.park_id AS other_park, o.parcel_id AS other_id,
        o.from_seq AS other_from, k.code AS park, k.name_zh, k.name_en, s.g AS shared
      FROM (SELECT * FROM allotment_parcel r WHERE (r.from_seq, r.park_id) >= (p_seq, p_park)
          AND (r.from_seq, r.park_id) <= (p_seq, p_park) OFFSET 0) l
      CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE (v.park_id, v.parcel_id) = (p_park, l.parcel_id)
          AND v.to_seq IS NULL OFFSET 0) n
      CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE v.to_seq IS NULL AND v.geom && reach(n.geom)
          OFFSET 0) o
      CROSS JOIN LATERAL (SELECT ST_Transform(n.geom, crs) AS a, ST_MakeValid(ST_Transform(o.geom, crs)) AS b
          WHERE o.park_id <> p_park OFFSET 0) g
      CROSS JOIN LATERAL (SELECT ST_Intersection(g.a, g.b) AS g OFFSET 0) s
      JOIN park k ON k.park_id = o.park_id
     WHERE l.to_seq IS NULL AND ST_Area(s.g) > slack_m2(least(ST_Perimeter(g.a), ST_Perimeter(g.b)))
       -- a right that goes on is not added
       AND NOT EXISTS (SELECT FROM allotment_parcel b WHERE (b.park_id, b.allotment_id, b.to_seq) = (p_park,
           l.allotment_id, p_seq))
  LOOP
    IF root_of_overlap(p_park, hit.parcel_id, hit.from_seq, hit.other_park, hit.other_id, hit.other_from,
        hit.shared) IS DISTINCT FROM 'within' THEN
      RAISE EXCEPTION 'parcel % lies on % m2 that park % holds too: no right is added on it', hit.code,
          round(ST_Area(hit.shared)::numeric, 4), hit.park
        USING ERRCODE = 'check_violation', CONSTRAINT = 'right_on_single_ground',
        DETAIL = jsonb_build_object('parcel', hit.parcel_id, 'code', hit.code, 'm2',
            round(ST_Area(hit.shared)::numeric, 4), 'park', hit.park, 'park_zh', hit.name_zh, 'park_en', hit.name_en);
    END IF;
  END LOOP;
END $$;

CREATE FUNCTION public.refuse_false_lineage(p_park uuid, p_seq bigint, p_kind text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $_$
DECLARE hit record; reversed text; undone bigint;
BEGIN
  IF p_kind = 'revert' THEN
    SELECT r.reverts, balance_of(p_park, r.reverts) INTO undone, reversed FROM record r
        WHERE (r.park_id, r.seq) = (p_park, p_seq);
  END IF;
  SELECT coalesce(said.parent_id, seen.parent_id) AS parent, coalesce(said.child_id, seen.child_id) AS child,
      said.seq IS NULL AS unsaid INTO hit
    FROM (SELECT * FROM lineage l WHERE l.park_id = p_park AND l.seq = p_seq) said
    FULL JOIN seen_lineage(p_park, p_seq, CASE WHEN reversed = 'retire' THEN undone END) seen
           ON (seen.parent_id, seen.child_id) = (said.parent_id, said.child_id)
   WHERE said.seq IS NULL OR seen.parent_id IS NULL
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('lineage_is_kept', format(CASE WHEN hit.unsaid
        THEN 'parcel %2$s lies on ground of parcel %1$s and does not say so'
        ELSE 'parcel %2$s does not come out of parcel %1$s' END,
      hit.parent, hit.child));
  END IF;
  IF p_kind IN ('import', 'sample', 'create', 'retire') OR reversed = 'create' THEN RETURN; END IF;
  SELECT x.code, x.begins INTO hit FROM changed_land(p_park, p_seq) x
   WHERE NOT x.goes_on AND NOT EXISTS (SELECT FROM lineage l WHERE l.park_id = p_park AND l.seq = p_seq
       AND x.parcel_id = CASE WHEN x.begins THEN l.child_id ELSE l.parent_id END)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('lineage_is_kept', format(CASE WHEN hit.begins THEN 'parcel %s comes out of nothing'
        ELSE 'parcel %s ends in nothing' END, hit.code));
  END IF;
END $_$;

CREATE FUNCTION public.refuse_false_word() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    AS $$
DECLARE hit record; doubtful uuid[];
BEGIN
  doubtful := doubtful_parcels(NEW.park_id, NEW.seq);
  SELECT t.parcel_id, l.allotment_id, so.status AS so, so.since, said.status AS said, said.from_seq AS said_since,
      said.to_seq AS said_until, pg_backend_pid() AS backend INTO hit
    FROM unnest(doubtful) t (parcel_id)
    LEFT JOIN LATERAL (SELECT x.allotment_id, x.from_seq FROM allotment_parcel x
        WHERE (x.park_id, x.parcel_id) = (NEW.park_id, t.parcel_id) AND upper_inf(x.sys) OFFSET 0) l ON true
    LEFT JOIN LATERAL (SELECT x.state, x.expires_at, x.from_seq FROM allotment_version x
        WHERE (x.park_id, x.allotment_id) = (NEW.park_id, l.allotment_id) AND upper_inf(x.sys) OFFSET 0) a ON true
    LEFT JOIN LATERAL (SELECT w.word AS status, CASE w.word WHEN 'reserve' THEN 'reserve' ELSE x.bank_status
        END AS bank_status, x.legal_m2, CASE WHEN NOT is_intention(a.state, x.price_kind) THEN a.expires_at
        END AS expires_at, CASE k.hold_shown WHEN 'nothing' THEN 0
        ELSE greatest(x.from_seq, l.from_seq, a.from_seq) END AS since
                         FROM parcel_version x JOIN park k USING (park_id)
                        CROSS JOIN LATERAL (SELECT public_word(k.hold_shown, x.bank_status, a.state, x.price_kind)
                            AS word) w WHERE (x.park_id, x.parcel_id) = (NEW.park_id, t.parcel_id)
                             AND upper_inf(x.sys) AND x.publication = 'public' OFFSET 0) so ON true
    LEFT JOIN LATERAL (SELECT * FROM parcel_public x WHERE (x.park_id, x.parcel_id) = (NEW.park_id, t.parcel_id)
        AND upper_inf(x.sys) OFFSET 0) said ON true
   WHERE (said.status, said.bank_status, said.legal_m2, said.expires_at) IS DISTINCT FROM (so.status, so.bank_status,
       so.legal_m2, so.expires_at)
      OR said.from_seq < so.since -- written before what it tells of
   LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'after change % the public would not read what parcel % is: %', NEW.seq, hit.parcel_id,
        row_to_json(hit) USING ERRCODE = 'data_corrupted';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION public.refuse_jumped_queue(p_park uuid, p_seq bigint, p_kind text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE hit record;
BEGIN
  -- A new right on land with a queue belongs to the first in the queue, whose place ends with it.
  SELECT l.parcel_id, l.allotment_id INTO hit
    FROM allotment_parcel l
    CROSS JOIN LATERAL (SELECT x.project_id FROM allotment x
        WHERE (x.park_id, x.allotment_id) = (p_park, l.allotment_id) OFFSET 0) t
    CROSS JOIN LATERAL (SELECT * FROM stood(p_park, p_seq, l.parcel_id) LIMIT 1) first
   WHERE l.park_id = p_park AND l.from_seq = p_seq AND (first.project_id <> t.project_id OR first.to_seq IS NULL)
     AND NOT EXISTS (SELECT FROM allotment_parcel b
         WHERE (b.park_id, b.allotment_id, b.parcel_id, b.to_seq) = (p_park, l.allotment_id, l.parcel_id, p_seq)
         OFFSET 0)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('queue_is_kept', format('right %s begins on parcel %s, for which another waits', hit.allotment_id,
        hit.parcel_id));
  END IF;
  -- A place ends when it is left, passed over or served, or with its parcel. Only the first place can be passed over,
  -- and only while the land is free.
  SELECT w.parcel_id, w.waiting_id INTO hit
    FROM waiting w
    CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM parcel_version v
        WHERE (v.park_id, v.parcel_id) = (p_park, w.parcel_id) AND v.to_seq IS NULL OFFSET 0) AS live,
                               EXISTS (SELECT FROM allotment_parcel l
                                   WHERE (l.park_id, l.parcel_id) = (p_park, w.parcel_id) AND l.to_seq IS NULL
                                   OFFSET 0) AS held,
                               EXISTS (SELECT FROM (SELECT x.allotment_id, x.from_seq FROM allotment_parcel x
                                   WHERE (x.park_id, x.parcel_id) = (p_park, w.parcel_id) OFFSET 0) l
                                        CROSS JOIN LATERAL (SELECT x.project_id FROM allotment x
                                            WHERE (x.park_id, x.allotment_id) = (p_park, l.allotment_id) OFFSET 0) t
                                        WHERE l.from_seq = p_seq AND t.project_id = w.project_id) AS served
                                            OFFSET 0) now
   WHERE w.park_id = p_park AND w.to_seq = p_seq AND p_kind <> 'leave' AND NOT now.served AND now.live
     AND NOT (p_kind = 'pass' AND w.waiting_id = (SELECT waiting_id FROM stood(p_park, p_seq, w.parcel_id) LIMIT 1)
         AND NOT now.held)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('queue_is_kept',
        format('place %s in the queue for parcel %s ends by a record of kind %s and is not served', hit.waiting_id,
        hit.parcel_id, p_kind));
  END IF;
  -- A queue is for live land that another project holds or waits for.
  SELECT w.parcel_id INTO hit
    FROM waiting w
   WHERE w.park_id = p_park AND w.from_seq = p_seq AND w.to_seq IS NULL
     AND NOT EXISTS (SELECT FROM allotment_parcel l WHERE (l.park_id, l.parcel_id) = (p_park, w.parcel_id)
         AND l.to_seq IS NULL OFFSET 0)
     AND NOT EXISTS (SELECT FROM waiting o WHERE (o.park_id, o.parcel_id) = (p_park, w.parcel_id)
         AND o.from_seq < p_seq AND o.to_seq IS NULL OFFSET 0)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('queue_needs_right', format('parcel %s is under no right, there is nothing to wait for',
        hit.parcel_id));
  END IF;
  SELECT x.parcel_id INTO hit
    FROM (SELECT parcel_id FROM waiting WHERE park_id = p_park AND from_seq = p_seq
          UNION SELECT parcel_id FROM parcel_version WHERE park_id = p_park AND to_seq = p_seq) x
   WHERE EXISTS (SELECT FROM waiting w WHERE (w.park_id, w.parcel_id) = (p_park, x.parcel_id) AND w.to_seq IS NULL
       OFFSET 0)
     AND NOT EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.parcel_id) = (p_park, x.parcel_id)
         AND v.to_seq IS NULL OFFSET 0)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('queue_on_live_land', format('parcel %s is not live and has a queue', hit.parcel_id));
  END IF;
END $$;

CREATE FUNCTION public.refuse_long_term() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE hit record;
BEGIN
  IF NEW.term_years IS NOT DISTINCT FROM (SELECT o.term_years FROM allotment_version o
      WHERE (o.park_id, o.allotment_id, o.to_seq) = (NEW.park_id, NEW.allotment_id, NEW.prev_to_seq)) THEN
    RETURN NULL;
  END IF;
  SELECT v.code, v.land_use, longest_term(v.land_use) AS most INTO hit
    FROM (SELECT x.parcel_id FROM allotment_parcel x
        WHERE (x.park_id, x.allotment_id) = (NEW.park_id, NEW.allotment_id) AND x.to_seq IS NULL OFFSET 0) l
   CROSS JOIN LATERAL (SELECT x.code, x.land_use FROM parcel_version x
       WHERE (x.park_id, x.parcel_id) = (NEW.park_id, l.parcel_id) AND x.to_seq IS NULL OFFSET 0) v
   ORDER BY most LIMIT 1;
  IF hit.most < NEW.term_years THEN
    PERFORM refuse('term_fits_use', format('%s years on parcel %s of use %s, at most %s', NEW.term_years, hit.code,
        coalesce(hit.land_use, 'unknown'), hit.most));
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION public.refuse_lost_ground(p_park uuid, p_seq bigint, p_kind text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE crs integer; hit record;
BEGIN
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  WITH changed AS MATERIALIZED (SELECT c.parcel_id, c.code, c.begins, c.span, ST_Transform(c.geom, crs) AS plane
      FROM changed_land(p_park, p_seq) c),
  measured AS MATERIALIZED (
    SELECT x.*, slack_m2(ST_Perimeter(x.plane)) AS slack, (SELECT ST_Area(ST_Difference(x.plane, o.plane))
        FROM changed o WHERE o.parcel_id = x.parcel_id AND o.begins <> x.begins) AS apart FROM changed x)
  SELECT x.code, x.begins, lost.m2 INTO hit
    FROM measured x
    CROSS JOIN LATERAL (SELECT ST_Union(y.plane) AS g FROM changed y WHERE y.begins <> x.begins
        AND y.span && x.span) y_plane
    CROSS JOIN LATERAL (SELECT ST_Area(coalesce(ST_Difference(x.plane, y_plane.g), x.plane)) AS m2 OFFSET 0) lost
   WHERE (x.apart <= x.slack) IS NOT TRUE AND lost.m2 > x.slack
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('ground_is_kept', format(CASE WHEN hit.begins THEN 'parcel %s begins on %s m2 that nothing gave'
        ELSE 'parcel %s ends and %s m2 of it go nowhere' END,
      hit.code, round(hit.m2::numeric, 4)));
  END IF;
  SELECT sum(legal_m2) FILTER (WHERE NOT begins) AS before, sum(legal_m2) FILTER (WHERE begins) AS after INTO hit
    FROM (SELECT *, ST_ClusterDBSCAN(ST_Transform(geom, crs), 0.01, 1) OVER () AS site
        FROM changed_land(p_park, p_seq)) x
   GROUP BY site HAVING sum(legal_m2) FILTER (WHERE NOT begins) IS DISTINCT FROM sum(legal_m2) FILTER (WHERE begins)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('ground_is_kept', format('legal area before %s m2, after %s m2', hit.before, hit.after));
  END IF;
  SELECT sum(legal_m2) FILTER (WHERE NOT begins) AS before, coalesce(sum(legal_m2) FILTER (WHERE begins), 0) AS after
      INTO hit
    FROM changed_land(p_park, p_seq) WHERE bank_status = 'reserve';
  IF p_kind <> 'release' AND hit.after < hit.before THEN
    PERFORM refuse('reserve_needs_release',
        format('%s m2 of reserve would leave the reserve by a record of kind %s, not release',
        hit.before - hit.after, p_kind));
  END IF;
END $$;

CREATE FUNCTION public.refuse_overdraw(p_park uuid, p_seq bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE hit record; grown numeric; risked numeric; facts jsonb;
BEGIN
  SELECT d.allotment_id, d.service INTO hit
    FROM (SELECT allotment_id FROM allotment_draw WHERE park_id = p_park AND from_seq = p_seq
          UNION SELECT allotment_id FROM allotment_version WHERE park_id = p_park AND to_seq = p_seq) x
    CROSS JOIN LATERAL (SELECT * FROM allotment_draw y WHERE (y.park_id, y.allotment_id) = (p_park, x.allotment_id)
        AND y.to_seq IS NULL OFFSET 0) d
   WHERE NOT EXISTS (SELECT FROM allotment_version v WHERE (v.park_id, v.allotment_id) = (p_park, d.allotment_id)
       AND v.to_seq IS NULL OFFSET 0)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('draw_by_live_right', format('right %s is not live and draws %s', hit.allotment_id, hit.service));
  END IF;
  SELECT r.allotment_id, n.code INTO hit
    FROM supply_at_risk r
    CROSS JOIN LATERAL (SELECT x.code FROM network x WHERE (x.park_id, x.network_id) = (p_park, r.network_id)
        OFFSET 0) n
    LEFT JOIN LATERAL (SELECT x.amount FROM allotment_draw x
                        WHERE (x.park_id, x.allotment_id, x.network_id, x.service) = (p_park, r.allotment_id,
                            r.network_id, r.service) AND x.to_seq IS NULL OFFSET 0) d ON true
   WHERE r.park_id = p_park AND r.seq = p_seq AND (r.amount <= d.amount) IS NOT TRUE
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('risk_names_live_draw', format('right %s does not draw so much from node %s', hit.allotment_id,
        hit.code));
  END IF;
  FOR hit IN
    SELECT x.network_id, x.service, s.unit, n.code, room.*
      FROM (SELECT network_id, service FROM allotment_draw WHERE park_id = p_park AND from_seq = p_seq
            UNION SELECT network_id, service FROM allotment_draw WHERE park_id = p_park AND to_seq = p_seq
            UNION SELECT v.network_id, d.service
                    FROM (SELECT network_id FROM network_version WHERE park_id = p_park AND from_seq = p_seq
                          UNION SELECT network_id FROM network_version WHERE park_id = p_park AND to_seq = p_seq) v
                    CROSS JOIN LATERAL (SELECT y.service FROM allotment_draw y
                        WHERE (y.network_id, y.park_id) = (v.network_id, p_park) AND y.to_seq IS NULL OFFSET 0) d) x
      CROSS JOIN LATERAL (SELECT y.unit FROM service y WHERE y.service = x.service OFFSET 0) s
      CROSS JOIN LATERAL (SELECT y.code FROM network y WHERE (y.park_id, y.network_id) = (p_park, x.network_id)
          OFFSET 0) n
      CROSS JOIN LATERAL node_room(p_park, p_seq, x.network_id, x.service) room
     WHERE room.promised > room.capacity
     ORDER BY n.code, x.service
  LOOP
    SELECT coalesce(sum(d.amount - coalesce(b.amount, 0)), 0) INTO grown
      FROM allotment_draw d
      LEFT JOIN LATERAL (SELECT y.amount FROM allotment_draw y
                          WHERE (y.park_id, y.allotment_id, y.network_id, y.service, y.to_seq) = (p_park,
                              d.allotment_id, d.network_id, d.service, p_seq) OFFSET 0) b ON true
     WHERE d.park_id = p_park AND d.from_seq = p_seq AND (d.network_id, d.service) = (hit.network_id, hit.service)
         AND d.amount > coalesce(b.amount, 0);
    facts := jsonb_build_object('node', hit.network_id, 'code', hit.code, 'service', hit.service, 'unit', hit.unit,
        'capacity', hit.capacity, 'promised', hit.promised - grown,
                                'asked', grown, 'shortfall', hit.promised - hit.capacity);
    IF grown > 0 THEN
      RAISE EXCEPTION '% of node %: % % there, % promised, % asked, % short', hit.service, hit.code, hit.capacity,
          hit.unit, hit.promised - grown, grown, hit.promised - hit.capacity
        USING ERRCODE = 'check_violation', CONSTRAINT = CASE WHEN hit.there THEN 'node_has_headroom'
            ELSE 'draw_on_live_node' END, DETAIL = facts;
    END IF;
    IF hit.promised - hit.capacity > greatest(hit.was_promised - hit.was_capacity, 0) THEN
      SELECT coalesce(sum(amount), 0) INTO risked FROM supply_at_risk WHERE park_id = p_park AND seq = p_seq
          AND (network_id, service) = (hit.network_id, hit.service);
      IF risked < hit.promised - hit.capacity THEN
        RAISE EXCEPTION '% of node %: % % are left and % promised; the record names % of the % that are at risk',
            hit.service, hit.code, hit.capacity, hit.unit, hit.promised, risked, hit.promised - hit.capacity
          USING ERRCODE = 'check_violation', CONSTRAINT = 'cut_names_at_risk', DETAIL = facts;
      END IF;
    END IF;
  END LOOP;
END $$;

CREATE FUNCTION public.refuse_overlap(p_park uuid, p_seq bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    SET enable_memoize TO 'off'
    AS $$
DECLARE crs integer; hit record; widest double precision; greatest_m double precision; around box;
  searched boolean := true;
BEGIN
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  SELECT CASE WHEN b.parcels > 1000 THEN 6 * b.average_m ELSE 0 END, b.widest_m, b.around INTO widest, greatest_m, around
    FROM begun_bounds(p_park, p_seq) b;
  IF widest >= greatest_m THEN
    SELECT EXISTS (SELECT FROM parcel_version v WHERE v.to_seq IS NULL AND v.span && around AND v.park_id = p_park
        AND (v.from_seq < p_seq OR v.prev_to_seq IS NOT NULL)) INTO searched;
  END IF;
  FOR hit IN
    WITH changed AS MATERIALIZED (SELECT * FROM changed_land(p_park, p_seq) WHERE searched)
    SELECT n.code, n.parcel_id, o.code AS other, o.parcel_id AS other_id, o.from_seq AS other_from, s.g AS shared
      FROM (SELECT *, greatest(width(span), height(span)) <= widest AS swept FROM changed WHERE begins OFFSET 0) n
      CROSS JOIN LATERAL (SELECT ST_Transform(n.geom, crs) AS a OFFSET 0) p
      CROSS JOIN LATERAL (SELECT coalesce(ST_Azimuth(ST_PointN(ST_ExteriorRing(p.a), 1),
          ST_PointN(ST_ExteriorRing(p.a), 2)), 0) AS turn OFFSET 0) t
      CROSS JOIN LATERAL (SELECT ST_Rotate(p.a, t.turn)::box AS a OFFSET 0) along
      CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE v.to_seq IS NULL AND v.span && n.span
          AND area(v.span # n.span) > 0.01 OFFSET 0) o
      CROSS JOIN LATERAL (SELECT p.a, ST_Transform(o.geom, crs) AS b OFFSET 0) g
      CROSS JOIN LATERAL (SELECT slack_m2(least(ST_Perimeter(g.a), ST_Perimeter(g.b))) AS m2 OFFSET 0) slack
      CROSS JOIN LATERAL (SELECT ST_Intersection(g.a, g.b) AS g
          WHERE area(along.a # ST_Rotate(g.b, t.turn)::box) > slack.m2 OFFSET 0) s
     WHERE o.park_id = p_park AND o.parcel_id <> n.parcel_id
         AND (o.from_seq < p_seq OR o.prev_to_seq IS NOT NULL
           OR NOT n.swept AND (o.parcel_id > n.parcel_id OR greatest(width(o.span), height(o.span)) <= widest))
       AND ST_Area(s.g) > slack.m2
    UNION ALL SELECT w.* FROM swept_overlaps(p_park, p_seq, widest) w WHERE widest > 0
  LOOP
    IF NOT is_inherited(p_park, hit.parcel_id, p_seq, hit.other_id, hit.other_from, hit.shared) THEN
      PERFORM refuse('parcels_overlap', format('parcel %s overlaps parcel %s by %s m2', hit.code, hit.other,
          round(ST_Area(hit.shared)::numeric, 4)));
    END IF;
  END LOOP;
END $$;

CREATE FUNCTION public.refuse_placeholder() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF EXISTS (SELECT FROM account a WHERE a.account_id = NEW.account_id AND a.placeholder) THEN
    PERFORM refuse('placeholder_is_nobody', format('account %s is a placeholder', NEW.account_id));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.refuse_stray(p_park uuid, p_seq bigint, p_kind text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE crs integer; hit record; bounds record; lost geometry; ground geometry; border geometry; wide geometry;
  astray geometry;
BEGIN
  SELECT * INTO bounds FROM begun_bounds(p_park, p_seq);
  IF NOT (bounds.least_m2 >= 1 AND bounds.across_m <= 20000) THEN
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
  END IF;
  SELECT k.survey_crs, k.geom, ST_Transform(k.geom, k.survey_crs) INTO crs, ground, border FROM park k
   WHERE k.park_id = p_park;
  SELECT ST_Transform(ST_Difference(ST_Transform(b.was, crs), border), 4490) INTO lost FROM park_border b
   WHERE (b.park_id, b.seq) = (p_park, p_seq);
  FOR hit IN
    SELECT j.code, j.parcel_id, j.follows, ground && j.geom AS near, s.plane
      FROM (SELECT * FROM (
              SELECT n.code, n.parcel_id, n.follows, n.geom, n.span FROM begun_land(p_park, p_seq) n
              UNION ALL
              SELECT v.code, v.parcel_id, true, v.geom, v.span
                FROM (SELECT * FROM parcel_version WHERE to_seq IS NULL AND geom && reach(lost) OFFSET 0) v
               WHERE v.park_id = p_park AND NOT ST_IsEmpty(lost)) each
             WHERE NOT (ground && each.geom AND ST_Covers(border, ST_MakeEnvelope((each.span[1])[0],
                 (each.span[1])[1], (each.span[0])[0], (each.span[0])[1], crs))) OFFSET 0) j
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

CREATE FUNCTION public.refuse_tick_within(p_park uuid, p_seq bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF p_seq IS DISTINCT FROM (SELECT seq FROM park_clock WHERE park_id = p_park) THEN
    PERFORM refuse('one_record_a_transaction',
        format('a statement that changed park %s at %s went on at another record', p_park, p_seq));
  END IF;
END $$;

CREATE FUNCTION public.refuse_unequal(p_park uuid, p_seq bigint, p_kind text, p_reverts bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE hit record; kind text := p_kind; crs integer; reversed text;
BEGIN
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  IF kind = 'revert' THEN
    reversed := balance_of(p_park, p_reverts);
  END IF;
  IF kind = 'sample' THEN
    SELECT code INTO hit FROM parcel_version WHERE park_id = p_park AND to_seq = p_seq LIMIT 1;
  ELSIF kind = 'import' THEN
    PERFORM refuse_bare_import(p_park, p_seq);
    SELECT c.code INTO hit FROM parcel_version c JOIN parcel_version n
        ON (n.park_id, n.parcel_id, n.from_seq) = (c.park_id, c.parcel_id, p_seq)
     WHERE c.park_id = p_park AND c.to_seq = p_seq
       AND (n.bank_status, n.publication, n.code) <> (c.bank_status, c.publication, c.code)
     LIMIT 1;
  ELSIF kind = 'create' THEN
    SELECT c.code INTO hit FROM parcel_version c LEFT JOIN parcel_version n
        ON (n.park_id, n.parcel_id, n.from_seq) = (c.park_id, c.parcel_id, p_seq)
     WHERE c.park_id = p_park AND c.to_seq = p_seq
       AND (to_jsonb(c) - ARRAY['from_seq', 'to_seq', 'prev_to_seq', 'sys', 'computed_m2', 'ellipsoid_m2', 'span',
           'geom']
              IS DISTINCT FROM to_jsonb(n) - ARRAY['from_seq', 'to_seq', 'prev_to_seq', 'sys', 'computed_m2',
                  'ellipsoid_m2', 'span', 'geom']
         OR ST_Area(ST_SymDifference(ST_Transform(c.geom, crs), ST_Transform(n.geom, crs))) > slack_m2(
             ST_Perimeter(ST_Transform(c.geom, crs))))
     LIMIT 1;
  ELSIF kind = 'retire' THEN
    SELECT code INTO hit FROM parcel_version WHERE park_id = p_park AND from_seq = p_seq LIMIT 1;
  ELSIF kind = 'correct' THEN
    SELECT code INTO hit FROM changed_land(p_park, p_seq) WHERE NOT goes_on LIMIT 1;
  ELSIF reversed = 'create' THEN
    SELECT x.code INTO hit FROM changed_land(p_park, p_seq) x
     WHERE x.begins
         OR NOT EXISTS (SELECT FROM parcel_version w WHERE (w.park_id, w.parcel_id, w.from_seq, w.to_seq) = (p_park,
         x.parcel_id, p_reverts, p_seq) AND w.prev_to_seq IS NULL)
     LIMIT 1;
  ELSIF reversed = 'retire' THEN
    SELECT x.code INTO hit FROM changed_land(p_park, p_seq) x
     WHERE NOT x.begins OR NOT EXISTS (SELECT FROM lineage l JOIN parcel_version w
         ON (w.park_id, w.parcel_id, w.to_seq) = (l.park_id, l.parent_id, p_reverts)
                                        WHERE (l.park_id, l.seq, l.child_id) = (p_park, p_seq, x.parcel_id)
                                            AND (w.legal_m2, w.bank_status) = (x.legal_m2, x.bank_status)
                                          AND ST_Area(ST_SymDifference(ST_Transform(w.geom, crs),
                                              ST_Transform(x.geom, crs))) <= slack_m2(
                                              ST_Perimeter(ST_Transform(w.geom, crs))))
     LIMIT 1;
  ELSIF reversed = 'correct' THEN
    SELECT n.code INTO hit FROM changed_land(p_park, p_seq) n
     WHERE NOT n.goes_on OR n.begins AND n.reshaped AND NOT EXISTS (SELECT FROM parcel_version w
         WHERE (w.park_id, w.parcel_id, w.to_seq, w.legal_m2) = (p_park, n.parcel_id, p_reverts, n.legal_m2)
                                                                       AND ST_OrderingEquals(w.geom, n.geom))
     LIMIT 1;
  ELSIF kind IN ('split', 'merge', 'move', 'release', 'revert') THEN
    PERFORM refuse_lost_ground(p_park, p_seq, kind);
    RETURN;
  ELSE
    SELECT code INTO hit FROM changed_land(p_park, p_seq) WHERE reshaped LIMIT 1;
  END IF;
  IF FOUND THEN
    PERFORM refuse('ground_is_kept', format('a record of kind %s cannot change parcel %s so', kind, hit.code));
  END IF;
END $$;

CREATE FUNCTION public.refuse_unlanded(p_project public.project) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM party p WHERE (p.district_id, p.party_id) = (p_project.district_id, p_project.party_id)
      AND p.credit_code IS NOT NULL) THEN
    PERFORM refuse('landed_is_registered', format('project %s has no registered company', p_project.project_id));
  END IF;
  IF NOT EXISTS (SELECT FROM allotment t JOIN allotment_version a
      ON (a.park_id, a.allotment_id) = (t.park_id, t.allotment_id) AND a.to_seq IS NULL
      WHERE (t.district_id, t.project_id) = (p_project.district_id, p_project.project_id)
        AND a.state IN ('reserved', 'supplied', 'built'))
    AND NOT EXISTS (SELECT FROM letting l WHERE (l.district_id, l.project_id) = (p_project.district_id, p_project.project_id)
        AND l.state = 'let' AND (upper(l.period) IS NULL OR upper(l.period) > park_today(l.park_id))) THEN
    PERFORM refuse('landed_has_a_place', format('project %s has no right to land and no lease', p_project.project_id));
  END IF;
END $$;

CREATE FUNCTION public.refuse_unreleased(p_park uuid, p_seq bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE crs integer; hit record;
BEGIN
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  WITH changed AS MATERIALIZED (SELECT * FROM changed_land(p_park, p_seq))
  SELECT n.code, ST_Area(ST_Union(coalesce(ST_Difference(shared.g, released.g), shared.g))) AS m2 INTO hit
    FROM changed n
    CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE v.to_seq IS NOT NULL AND v.bank_status = 'reserve'
        AND v.span && n.span OFFSET 0) r
    JOIN record why ON (why.park_id, why.seq) = (r.park_id, r.to_seq) AND why.kind <> 'release'
    CROSS JOIN LATERAL (SELECT ST_Intersection(ST_Transform(n.geom, crs), ST_Transform(r.geom, crs)) AS g
        OFFSET 0) shared
    CROSS JOIN LATERAL (SELECT ST_Union(ST_Transform(q.geom, crs)) AS g
                          FROM (SELECT * FROM parcel_version v WHERE v.to_seq IS NOT NULL
                              AND v.bank_status = 'reserve' AND v.span && r.span OFFSET 0) q
                          JOIN record say ON (say.park_id, say.seq) = (q.park_id, q.to_seq) AND say.kind = 'release'
                         WHERE q.park_id = p_park AND q.to_seq > r.to_seq OFFSET 0) released
   WHERE n.begins AND n.bank_status <> 'reserve' AND r.park_id = p_park
   GROUP BY n.parcel_id, n.code, n.geom
  HAVING ST_Area(ST_Union(coalesce(ST_Difference(shared.g, released.g), shared.g))) > slack_m2(
      ST_Perimeter(ST_Transform(n.geom, crs)))
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('reserve_needs_release', format('parcel %s lies on %s m2 of reserve that no record released',
        hit.code, round(hit.m2::numeric, 4)));
  END IF;
END $$;

CREATE FUNCTION public.root_of_overlap(p_park uuid, p_a uuid, p_a_from bigint, p_other uuid, p_b uuid, p_b_from bigint, p_shared public.geometry) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
DECLARE crs integer; other_crs integer; root text;
BEGIN
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  SELECT survey_crs INTO other_crs FROM park WHERE park_id = p_other;
  WITH RECURSIVE listed AS MATERIALIZED (
    SELECT d.parcel_id AS a, d.from_seq AS a_from, d.other_parcel_id AS b, d.other_from_seq AS b_from
        FROM double_ground d WHERE (d.park_id, d.other_park_id) = (p_park, p_other)
    UNION ALL SELECT d.other_parcel_id, d.other_from_seq, d.parcel_id, d.from_seq FROM double_ground d
        WHERE (d.park_id, d.other_park_id) = (p_other, p_park)),
  pair (a, a_from, b, b_from, root) AS (
    SELECT p_a, p_a_from, p_b, p_b_from, CASE WHEN EXISTS (SELECT FROM listed l
        WHERE (l.a, l.a_from, l.b, l.b_from) = (p_a, p_a_from, p_b, p_b_from)) THEN 'stored' END
    UNION
    SELECT a.parcel_id, a.from_seq, b.parcel_id, b.from_seq,
           CASE WHEN EXISTS (SELECT FROM listed l WHERE (l.a, l.a_from, l.b, l.b_from) = (a.parcel_id, a.from_seq,
               b.parcel_id, b.from_seq)) THEN 'stored'
                WHEN ST_Area(s.g) <= slack_m2(least(ST_Perimeter(g.a), ST_Perimeter(g.b)))
                  OR other_crs <> crs
                      AND ST_Area(ST_Intersection(ST_Transform(a.geom, other_crs), ST_Transform(b.geom, other_crs)))
                                            <= slack_m2(least(ST_Perimeter(ST_Transform(a.geom, other_crs)),
                                                ST_Perimeter(ST_Transform(b.geom, other_crs)))) THEN 'within' END
      FROM pair
     CROSS JOIN LATERAL (SELECT (SELECT lower(x.sys) FROM parcel_version x
         WHERE (x.park_id, x.parcel_id, x.from_seq) = (p_park, pair.a, pair.a_from))
                             >= (SELECT lower(y.sys) FROM parcel_version y
                                 WHERE (y.park_id, y.parcel_id, y.from_seq) = (p_other, pair.b,
                                 pair.b_from)) AS a_is_later OFFSET 0) t
     CROSS JOIN LATERAL (SELECT * FROM forebears(p_park, pair.a, pair.a_from, CASE WHEN t.a_is_later THEN pair.a_from
         ELSE pair.a_from + 1 END) OFFSET 0) a
     CROSS JOIN LATERAL (SELECT * FROM forebears(p_other, pair.b, pair.b_from, CASE WHEN t.a_is_later
         THEN pair.b_from + 1 ELSE pair.b_from END) OFFSET 0) b
     CROSS JOIN LATERAL (SELECT ST_Transform(a.geom, crs) AS a, ST_Transform(b.geom, crs) AS b OFFSET 0) g
     CROSS JOIN LATERAL (SELECT ST_Intersection(g.a, g.b) AS g OFFSET 0) s
     WHERE pair.root IS NULL AND ST_Area(ST_Intersection(s.g, p_shared)) > 0)
  SELECT pair.root INTO root FROM pair
    JOIN parcel_version a ON (a.park_id, a.parcel_id, a.from_seq) = (p_park, pair.a, pair.a_from)
    JOIN parcel_version b ON (b.park_id, b.parcel_id, b.from_seq) = (p_other, pair.b, pair.b_from)
   CROSS JOIN LATERAL (SELECT ST_Transform(a.geom, crs) AS a, ST_Transform(b.geom, crs) AS b OFFSET 0) g
   WHERE pair.root IS NOT NULL
       AND ST_Area(ST_Difference(p_shared, ST_Intersection(g.a, g.b))) <= 0.0001 * ST_Perimeter(p_shared)
   ORDER BY pair.root DESC LIMIT 1;
  RETURN root;
END $$;

CREATE FUNCTION public.rounded_shape(p_geom public.geometry, p_crs integer) RETURNS public.geometry
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT public.settle_shape(public.ST_Transform(public.ST_SnapToGrid(public.ST_Transform(p_geom, p_crs), 1), 4490))
$$;

COMMENT ON FUNCTION public.rounded_shape(p_geom public.geometry, p_crs integer) IS 'An area of EPSG:4490 with its corners on whole metres of a plane; null or invalid where that is none.';

CREATE FUNCTION public.same_word(a public.parcel_public, b public.parcel_public) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
  SELECT to_jsonb(a) - '{from_seq,to_seq,sys}'::text[] = to_jsonb(b) - '{from_seq,to_seq,sys}'::text[]
$$;

CREATE FUNCTION public.seen_lineage(p_park uuid, p_seq bigint, p_undone bigint DEFAULT NULL::bigint) RETURNS TABLE(parent_id uuid, child_id uuid)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE crs integer;
BEGIN
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  RETURN QUERY
  WITH changed AS MATERIALIZED (SELECT * FROM changed_land(p_park, p_seq)
                                UNION ALL SELECT v.parcel_id, v.code, false, false, true, v.bank_status, v.legal_m2,
                                    v.geom, v.span FROM parcel_version v
                                           WHERE (v.park_id, v.to_seq) = (p_park, p_undone)),
  plane AS MATERIALIZED (SELECT c.parcel_id, c.begins, c.goes_on, c.span, ST_Transform(c.geom, crs) AS g
      FROM changed c
             -- else no ground goes over
             WHERE EXISTS (SELECT FROM changed e WHERE NOT e.begins)
                 AND EXISTS (SELECT FROM changed e WHERE NOT e.goes_on)),
  ground AS MATERIALIZED (
    SELECT p.parcel_id, p.begins, p.goes_on, p.span, ST_Perimeter(p.g) AS outline,
           CASE WHEN p.goes_on THEN (SELECT ST_Difference(p.g, o.g) FROM plane o WHERE o.parcel_id = p.parcel_id
               AND o.begins <> p.begins) ELSE p.g END AS moved FROM plane p)
  SELECT c.parcel_id, n.parcel_id
    FROM ground c JOIN ground n ON c.span && n.span AND c.parcel_id <> n.parcel_id
   WHERE NOT c.begins AND n.begins AND NOT (c.goes_on AND n.goes_on)
     AND ST_Area(ST_Intersection(c.moved, n.moved)) > slack_m2(least(c.outline, n.outline));
END $$;

CREATE FUNCTION public.settle_park() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE drawn geometry; plane double precision; ground double precision;
BEGIN
  NEW.geom := settle_shape(NEW.geom);
  drawn := ST_Transform(NEW.geom, NEW.survey_crs);
  plane := ST_Area(drawn);
  ground := ST_Area(NEW.geom::geography);
  IF NOT abs(plane - ground) <= 0.01 * ground THEN
    PERFORM refuse('plane_keeps_area', format('EPSG:%s measures park %s as %s m2, the ellipsoid as %s m2',
        NEW.survey_crs, NEW.code, plane, ground));
  END IF;
  IF EXISTS (SELECT FROM ST_DumpSegments(drawn) s WHERE ST_Length(s.geom) > 20000) THEN
    PERFORM refuse('border_is_dense', format('an edge of the border of park %s is longer than 20000 m', NEW.code));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.settle_record() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$
DECLARE tick park_clock%ROWTYPE; its_kind text; its_reverts bigint;
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = NEW.park_id;
  IF NOT tick.dirty THEN RETURN NULL; END IF;
  SELECT r.kind, r.reverts INTO its_kind, its_reverts FROM record r
      WHERE (r.park_id, r.seq) = (tick.park_id, tick.seq);
  IF EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.from_seq) = (tick.park_id, tick.seq))
      OR EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.to_seq) = (tick.park_id, tick.seq))
     OR EXISTS (SELECT FROM lineage l WHERE (l.park_id, l.seq) = (tick.park_id, tick.seq)) THEN
    PERFORM refuse_overlap(tick.park_id, tick.seq);
    PERFORM refuse_double_ground(tick.park_id, tick.seq);
    PERFORM refuse_unequal(tick.park_id, tick.seq, its_kind, its_reverts);
    IF its_kind <> 'release' THEN
      PERFORM refuse_unreleased(tick.park_id, tick.seq);
    END IF;
    PERFORM refuse_false_lineage(tick.park_id, tick.seq, its_kind);
    PERFORM refuse_stray(tick.park_id, tick.seq, its_kind);
    PERFORM follow_parcels(tick.park_id, tick.seq);
  ELSIF EXISTS (SELECT FROM park_border b WHERE (b.park_id, b.seq) = (tick.park_id, tick.seq)) THEN
    PERFORM refuse_stray(tick.park_id, tick.seq, its_kind);
  END IF;
  PERFORM refuse_bad_right(tick.park_id, tick.seq);
  PERFORM refuse_double_right(tick.park_id, tick.seq);
  PERFORM refuse_overdraw(tick.park_id, tick.seq);
  PERFORM refuse_jumped_queue(tick.park_id, tick.seq, its_kind);
  UPDATE park_clock SET dirty = false WHERE park_id = tick.park_id;
  RETURN NULL;
END $$;

CREATE FUNCTION public.settle_shape(p_geom public.geometry) RETURNS public.geometry
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT public.ST_ForcePolygonCCW(public.ST_SnapToGrid(public.ST_Force2D(p_geom), 1e-9)) $$;

COMMENT ON FUNCTION public.settle_shape(p_geom public.geometry) IS 'Degrees of EPSG:4490 on the 1e-9 grid, XY, outer rings counter-clockwise.';

CREATE FUNCTION public.slack_m2(p_perimeter double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT 0.01 + 0.0001 * p_perimeter $$;

CREATE FUNCTION public.stage_order(p_stage text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT array_position(ARRAY['lead', 'in_talks', 'to_sign', 'signed', 'landed', 'started', 'in_production'], p_stage)
$$;

COMMENT ON FUNCTION public.stage_order(p_stage text) IS 'The place of a stage in the order of stages, from 1.';

CREATE FUNCTION public.start_clock() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  INSERT INTO park_clock (park_id, bordered_by) VALUES (NEW.park_id, pg_current_xact_id());
  RETURN NEW;
END $$;

CREATE FUNCTION public.state_lineage(p_park uuid, p_seq bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  INSERT INTO lineage (park_id, seq, parent_id, child_id)
  SELECT p_park, p_seq, parent_id, child_id FROM seen_lineage(p_park, p_seq)
$$;

CREATE FUNCTION public.step_above(p_amount numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT CASE WHEN p_amount < 1 THEN 1
              ELSE (SELECT coalesce(min(s.n * t.ten), p_amount) FROM (SELECT 10::numeric ^ (length(trunc(p_amount)::text) - 1) AS ten) t,
                           (VALUES (1), (2), (5), (10)) s (n) WHERE s.n * t.ten > p_amount) END
$$;

COMMENT ON FUNCTION public.step_above(p_amount numeric) IS 'The least of 1, 2, 5, 10, 20, … that an amount stays below.';

CREATE FUNCTION public.step_below(p_amount numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT CASE WHEN p_amount < 1 THEN 0
              ELSE (SELECT max(s.n * t.ten) FROM (SELECT 10::numeric ^ (length(trunc(p_amount)::text) - 1) AS ten) t,
                           (VALUES (1), (2), (5)) s (n) WHERE s.n * t.ten <= p_amount) END
$$;

COMMENT ON FUNCTION public.step_below(p_amount numeric) IS 'The greatest of 0, 1, 2, 5, 10, 20, … that an amount reaches.';

CREATE FUNCTION public.still_as_seen(p_park uuid, p_parcel uuid, p_seen bigint) RETURNS boolean
    LANGUAGE sql STABLE COST 10000
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT coalesce((
    SELECT NOT EXISTS (
             SELECT FROM parcel_version v
              WHERE (v.park_id, v.parcel_id) = (p_park, p_parcel) AND v.from_seq > p_seen
                AND (to_jsonb(v) - ARRAY['from_seq', 'to_seq', 'prev_to_seq', 'sys', 'computed_m2', 'ellipsoid_m2',
                    'span', 'geom']
                       IS DISTINCT FROM to_jsonb(s) - ARRAY['from_seq', 'to_seq', 'prev_to_seq', 'sys',
                           'computed_m2', 'ellipsoid_m2', 'span', 'geom']
                  OR ST_Area(ST_SymDifference(ST_Transform(v.geom, k.survey_crs),
                      ST_Transform(s.geom, k.survey_crs))) > slack_m2(
                      ST_Perimeter(ST_Transform(s.geom, k.survey_crs)))))
       AND EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.parcel_id) = (p_park, p_parcel)
           AND v.to_seq IS NULL)
       AND NOT EXISTS (SELECT FROM allotment_parcel l WHERE (l.park_id, l.parcel_id) = (p_park, p_parcel)
           AND (l.from_seq > p_seen OR l.to_seq > p_seen))
       AND NOT EXISTS (SELECT FROM allotment_parcel l JOIN allotment t USING (park_id, allotment_id)
           WHERE (l.park_id, l.parcel_id) = (p_park, p_parcel) AND l.to_seq IS NULL AND t.version > p_seen)
      FROM (SELECT * FROM parcel_version x WHERE (x.park_id, x.parcel_id) = (p_park, p_parcel)
          AND x.from_seq <= p_seen ORDER BY x.from_seq DESC LIMIT 1) s
      JOIN park k USING (park_id)
     WHERE s.to_seq IS NULL OR s.to_seq > p_seen), false)
$$;

COMMENT ON FUNCTION public.still_as_seen(p_park uuid, p_parcel uuid, p_seen bigint) IS 'Whether a parcel is still, but for nodes that others entered in its sides, what it was after a change of its park.';

CREATE TABLE public.waiting (
    park_id uuid NOT NULL,
    waiting_id uuid NOT NULL,
    parcel_id uuid NOT NULL,
    district_id uuid NOT NULL,
    project_id uuid NOT NULL,
    from_seq bigint NOT NULL,
    to_seq bigint,
    sys tstzrange NOT NULL,
    term_days integer NOT NULL,
    CONSTRAINT waiting_check CHECK ((to_seq > from_seq)),
    CONSTRAINT waiting_term_days_check CHECK (((term_days >= 1) AND (term_days <= 366)))
);
ALTER TABLE ONLY public.waiting ALTER COLUMN park_id SET STATISTICS 0;
ALTER TABLE ONLY public.waiting ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.waiting IS 'A project''s place in the line for a parcel. Who came first (from_seq) is served first; the kind of the record that ended a place says how it ended. The public reads nothing of it.';

COMMENT ON COLUMN public.waiting.term_days IS 'How long the hold shall last that the place is served with.';

CREATE FUNCTION public.stood(p_park uuid, p_seq bigint, p_parcel uuid) RETURNS SETOF public.waiting
    LANGUAGE sql STABLE
    AS $$
  SELECT * FROM waiting w WHERE w.park_id = p_park AND w.parcel_id = p_parcel AND w.from_seq < p_seq
      AND (w.to_seq IS NULL OR w.to_seq = p_seq) ORDER BY w.from_seq
$$;

CREATE FUNCTION public.stored_faults() RETURNS TABLE(fault text, park text, parcel text, other_park text, other_parcel text, m2 double precision)
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT DISTINCT 'double', k.code, a.code, q.code, b.code, ST_Area(s.g)
    FROM double_ground d
    JOIN park k USING (park_id) JOIN park q ON q.park_id = d.other_park_id
   CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE v.to_seq IS NULL AND v.geom && d.geom OFFSET 0) a
   CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE v.to_seq IS NULL AND v.geom && d.geom OFFSET 0) b
   CROSS JOIN LATERAL (SELECT ST_Transform(a.geom, k.survey_crs) AS a,
       ST_MakeValid(ST_Transform(b.geom, k.survey_crs)) AS b WHERE a.park_id = d.park_id
       AND b.park_id = d.other_park_id OFFSET 0) g
   CROSS JOIN LATERAL (SELECT ST_Intersection(g.a, g.b) AS g OFFSET 0) s
   WHERE ST_Area(s.g) > slack_m2(least(ST_Perimeter(g.a), ST_Perimeter(g.b)))
  UNION ALL
  SELECT DISTINCT 'stray', k.code, v.code, NULL, NULL, ST_Area(s.g)
    FROM stray_ground x
    JOIN park k USING (park_id)
   CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE v.to_seq IS NULL AND v.geom && x.geom OFFSET 0) v
   CROSS JOIN LATERAL (SELECT ST_Transform(v.geom, k.survey_crs) AS plane WHERE v.park_id = x.park_id OFFSET 0) p
   CROSS JOIN LATERAL (SELECT ST_Difference(p.plane, ST_Transform(k.geom, k.survey_crs)) AS g OFFSET 0) s
   WHERE ST_Area(s.g) > slack_m2(ST_Perimeter(p.plane))
   ORDER BY 1, 2, 3, 4, 5
$$;

COMMENT ON FUNCTION public.stored_faults() IS 'Parcels that lie double or astray since before the database refused it, as they are today.';

CREATE FUNCTION public.sum_anew(p_park uuid) RETURNS void
    LANGUAGE sql
    SET search_path TO 'public', 'pg_temp'
    AS $$
  DELETE FROM land_sum_public WHERE park_id = p_park;
  WITH land AS MATERIALIZED (
    SELECT f.status, f.from_seq, f.to_seq, (f.legal_m2 * 10000)::bigint AS legal,
        round(f.computed_m2 * 10000)::bigint AS computed, inside_area(p.geom, p.survey_crs, f.geom,
        f.computed_m2) AS inside
      FROM parcel_public f JOIN park_public p USING (park_id) WHERE f.park_id = p_park),
  step AS (
    SELECT status, seq, sum(parcels) AS parcels, sum(legal) AS legal, sum(computed) AS computed, sum(inside) AS inside
      FROM (SELECT status, from_seq AS seq, 1 AS parcels, legal, computed, inside FROM land
            UNION ALL SELECT status, to_seq, -1, -legal, -computed, -inside FROM land WHERE to_seq IS NOT NULL) x
                GROUP BY status, seq)
  INSERT INTO land_sum_public
  SELECT p_park, status, seq, lead(seq) OVER w, sum(parcels) OVER w, sum(legal) OVER w, sum(computed) OVER w,
      sum(inside) OVER w FROM step
  WINDOW w AS (PARTITION BY status ORDER BY seq)
$$;

COMMENT ON FUNCTION public.sum_anew(p_park uuid) IS 'Writes a park''s land_sum_public anew from parcel_public.';

CREATE FUNCTION public.sum_land() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE d record; sign integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END; park record;
BEGIN
  FOR park IN SELECT p.park_id, p.survey_crs, ST_Force2D(p.geom) AS geom, k.seq
                FROM (SELECT DISTINCT park_id FROM changed WHERE to_seq IS NULL) c
                JOIN park_public p USING (park_id) JOIN park_clock k USING (park_id) LOOP
    FOR d IN SELECT c.status, sign * count(*) AS parcels, sign * sum((c.legal_m2 * 10000)::bigint)::bigint AS legal,
                    sign * sum(round(c.computed_m2 * 10000)::bigint)::bigint AS computed,
                    sign * sum(inside_area(park.geom, park.survey_crs, c.geom, c.computed_m2))::bigint AS inside
               FROM changed c WHERE c.to_seq IS NULL AND c.park_id = park.park_id GROUP BY c.status LOOP
      PERFORM add_to_sum(park.park_id, d.status, park.seq, d.parcels, d.legal, d.computed, d.inside);
    END LOOP;
  END LOOP;
  RETURN NULL;
END $$;

CREATE FUNCTION public.sum_within() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM sum_anew(NEW.park_id);
  RETURN NULL;
END $$;

CREATE FUNCTION public.swept_overlaps(p_park uuid, p_seq bigint, p_widest double precision) RETURNS TABLE(code text, parcel_id uuid, other text, other_id uuid, other_from bigint, shared public.geometry)
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path TO 'public', 'pg_temp'
    SET enable_nestloop TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
#variable_conflict use_column
DECLARE crs integer; cell double precision := p_widest / 4;
BEGIN
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  RETURN QUERY
  WITH turned AS MATERIALIZED (
    SELECT b.parcel_id, b.code, b.span, p.plane, t.turn, slack_m2(ST_Perimeter(p.plane)) AS slack,
           ST_Rotate(p.plane, t.turn)::box AS along
      FROM begun_land(p_park, p_seq) b
     CROSS JOIN LATERAL (SELECT ST_Transform(b.geom, crs) AS plane OFFSET 0) p
     CROSS JOIN LATERAL (SELECT coalesce(ST_Azimuth(ST_PointN(ST_ExteriorRing(p.plane), 1),
         ST_PointN(ST_ExteriorRing(p.plane), 2)), 0) AS turn OFFSET 0) t
     WHERE greatest(width(b.span), height(b.span)) <= p_widest),
  entry AS MATERIALIZED (
    SELECT c.parcel_id, c.span, c.slack, c.x,
           generate_series(floor((c.span[1])[1] / cell)::integer, floor((c.span[0])[1] / cell)::integer) AS y
      FROM (SELECT t.parcel_id, t.span, t.slack, generate_series(floor((t.span[1])[0] / cell)::integer,
                floor((t.span[0])[0] / cell)::integer) AS x FROM turned t) c),
  pair AS MATERIALIZED (
    SELECT a.parcel_id AS a, b.parcel_id AS b, least(a.slack, b.slack) AS slack
      FROM entry a JOIN entry b ON (b.x, b.y) = (a.x, a.y)
     WHERE a.parcel_id < b.parcel_id AND a.span && b.span AND area(a.span # b.span) > least(a.slack, b.slack)
       AND floor(((a.span # b.span)[1])[0] / cell) = a.x AND floor(((a.span # b.span)[1])[1] / cell) = a.y)
  SELECT a.code, a.parcel_id, b.code, b.parcel_id, p_seq, s.g
    FROM pair p JOIN turned a ON a.parcel_id = p.a JOIN turned b ON b.parcel_id = p.b
   CROSS JOIN LATERAL (SELECT ST_Intersection(a.plane, b.plane) AS g
       WHERE area(a.along # ST_Rotate(b.plane, a.turn)::box) > p.slack
         AND area(b.along # ST_Rotate(a.plane, b.turn)::box) > p.slack OFFSET 0) s
   WHERE ST_Area(s.g) > p.slack;
END $$;

CREATE FUNCTION public.take_border(p_park uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE near uuid[];
BEGIN
  UPDATE border_clock SET ticks = ticks + 1;
  SELECT near_parks(p_park, k.geom) INTO near FROM park k WHERE k.park_id = p_park;
  PERFORM FROM park_clock c WHERE c.park_id = ANY (near) ORDER BY c.park_id FOR NO KEY UPDATE;
  UPDATE park_clock c SET bordered_by = c.bordered_by WHERE c.park_id = ANY (near);
END $$;

CREATE FUNCTION public.take_clocks(p_park uuid, p_ground public.geometry[], p_border boolean DEFAULT false) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE its uuid;
BEGIN
  IF p_border THEN
    UPDATE border_clock SET ticks = ticks + 1;
  END IF;
  FOR its IN SELECT p_park UNION SELECT unnest(near_parks(p_park, x.g))
      FROM (SELECT unnest(p_ground) UNION ALL SELECT k.geom FROM park k WHERE p_border AND k.park_id = p_park) x (g)
      ORDER BY 1 LOOP
    IF its = p_park OR p_border THEN
      PERFORM FROM park_clock c WHERE c.park_id = its FOR NO KEY UPDATE;
    ELSE
      PERFORM FROM park_clock c WHERE c.park_id = its FOR SHARE;
    END IF;
  END LOOP;
END $$;

COMMENT ON FUNCTION public.take_clocks(p_park uuid, p_ground public.geometry[], p_border boolean) IS 'Locks the clocks that a change of a park''s ground needs, in the one order that never deadlocks.';

CREATE FUNCTION public.take_new_border() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM take_border(NEW.park_id);
  RETURN NULL;
END $$;

CREATE FUNCTION public.tell_corners(p_park uuid, p_seq bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE k park%ROWTYPE;
BEGIN
  SELECT * INTO k FROM park p WHERE p.park_id = p_park;
  UPDATE zone_version SET to_seq = p_seq WHERE park_id = p_park AND to_seq IS NULL AND publication = 'public';
  INSERT INTO zone_version (park_id, zone_id, from_seq, prev_to_seq, name_zh, name_en, function, legal_m2, publication,
      geom)
  SELECT v.park_id, v.zone_id, p_seq, p_seq, v.name_zh, v.name_en, v.function, v.legal_m2, v.publication, v.geom
    FROM zone_version v WHERE (v.park_id, v.to_seq) = (p_park, p_seq);
  UPDATE plan_unit_version SET to_seq = p_seq WHERE park_id = p_park AND to_seq IS NULL AND publication = 'public';
  INSERT INTO plan_unit_version (park_id, plan_unit_id, from_seq, prev_to_seq, land_use, conditions, edition,
      effective_from, publication, geom)
  SELECT v.park_id, v.plan_unit_id, p_seq, p_seq, v.land_use, v.conditions, v.edition, v.effective_from, v.publication,
      v.geom
    FROM plan_unit_version v WHERE (v.park_id, v.to_seq) = (p_park, p_seq);
  IF k.corners_told = 'rounded' THEN
    UPDATE parcel_public SET geom = told_shape('rounded', geom, k.survey_crs) WHERE park_id = p_park;
    UPDATE zone_public SET geom = told_shape('rounded', geom, k.survey_crs) WHERE park_id = p_park;
    UPDATE plan_unit_public SET geom = told_shape('rounded', geom, k.survey_crs) WHERE park_id = p_park;
    PERFORM sum_anew(p_park);
  END IF;
END $$;

COMMENT ON FUNCTION public.tell_corners(p_park uuid, p_seq bigint) IS 'Has the public read a park''s zones and plan units anew, with corners as it tells.';

CREATE FUNCTION public.told_services(p_told text, p_services jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT CASE WHEN p_told = 'figure' OR p_services = '{}' THEN p_services WHEN p_told = 'none' THEN '{}'
    ELSE (SELECT coalesce(jsonb_object_agg(s.key, CASE
            WHEN p_told = 'word' THEN s.value - '{min,max}'::text[] || '{"capacity": null, "unit": null}'
            WHEN s.value->>'capacity' IS NULL THEN s.value
            ELSE s.value || jsonb_build_object('capacity', NULL, 'min', step_below((s.value->>'capacity')::numeric),
                'max', step_above((s.value->>'capacity')::numeric)) END), '{}') FROM jsonb_each(p_services) s) END
$$;

COMMENT ON FUNCTION public.told_services(p_told text, p_services jsonb) IS 'The services of a parcel as the public reads them, by the parcel''s choice.';

CREATE FUNCTION public.told_shape(p_told text, p_geom public.geometry, p_crs integer) RETURNS public.geometry
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
DECLARE plane public.geometry; told public.geometry;
BEGIN
  IF p_told = 'exact' THEN RETURN p_geom; END IF;
  told := public.rounded_shape(p_geom, p_crs);
  IF told IS NULL OR public.ST_IsEmpty(told) OR NOT public.ST_IsValid(told)
      OR public.GeometryType(told) <> public.GeometryType(p_geom) THEN
    plane := public.ST_Transform(p_geom, p_crs);
    told := public.settle_shape(public.ST_Transform(public.ST_MakeEnvelope(floor(public.ST_XMin(plane)),
        floor(public.ST_YMin(plane)), floor(public.ST_XMax(plane)) + 1, floor(public.ST_YMax(plane)) + 1, p_crs), 4490));
    IF public.GeometryType(p_geom) = 'MULTIPOLYGON' THEN told := public.ST_Multi(told); END IF;
  END IF;
  RETURN told;
END $$;

COMMENT ON FUNCTION public.told_shape(p_told text, p_geom public.geometry, p_crs integer) IS 'An area of EPSG:4490 as the public reads it, by its park''s choice.';

CREATE FUNCTION public.touched_parcels(p_park uuid, p_seq bigint) RETURNS TABLE(parcel_id uuid)
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path TO 'public', 'pg_temp'
    AS $$
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
                             OFFSET 0) l
  UNION SELECT p.parcel_id FROM paper_version p WHERE (p.park_id, p.from_seq) = (p_park, p_seq)
  UNION SELECT p.parcel_id FROM paper_version p WHERE (p.park_id, p.to_seq) = (p_park, p_seq);
END $$;

COMMENT ON FUNCTION public.touched_parcels(p_park uuid, p_seq bigint) IS 'The parcels that a record touched, in themselves, in the right they are under or in their papers.';

CREATE FUNCTION public.unseen_characters() RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT
    '\u0001-\u001F\u007F-\u009F\u00AD\u034F\u0378-\u0379\u0380-\u0383\u038B\u038D\u03A2\u0530'
    '\u0557-\u0558\u058B-\u058C\u0590\u05C8-\u05CF\u05EB-\u05EE\u05F5-\u0605\u061C\u06DD\u070E-\u070F'
    '\u074B-\u074C\u07B2-\u07BF\u07FB-\u07FC\u082E-\u082F\u083F\u085C-\u085D\u085F\u086B-\u086F'
    '\u088F-\u0897\u08E2\u0984\u098D-\u098E\u0991-\u0992\u09A9\u09B1\u09B3-\u09B5\u09BA-\u09BB'
    '\u09C5-\u09C6\u09C9-\u09CA\u09CF-\u09D6\u09D8-\u09DB\u09DE\u09E4-\u09E5\u09FF-\u0A00\u0A04'
    '\u0A0B-\u0A0E\u0A11-\u0A12\u0A29\u0A31\u0A34\u0A37\u0A3A-\u0A3B\u0A3D\u0A43-\u0A46\u0A49-\u0A4A'
    '\u0A4E-\u0A50\u0A52-\u0A58\u0A5D\u0A5F-\u0A65\u0A77-\u0A80\u0A84\u0A8E\u0A92\u0AA9\u0AB1\u0AB4'
    '\u0ABA-\u0ABB\u0AC6\u0ACA\u0ACE-\u0ACF\u0AD1-\u0ADF\u0AE4-\u0AE5\u0AF2-\u0AF8\u0B00\u0B04'
    '\u0B0D-\u0B0E\u0B11-\u0B12\u0B29\u0B31\u0B34\u0B3A-\u0B3B\u0B45-\u0B46\u0B49-\u0B4A\u0B4E-\u0B54'
    '\u0B58-\u0B5B\u0B5E\u0B64-\u0B65\u0B78-\u0B81\u0B84\u0B8B-\u0B8D\u0B91\u0B96-\u0B98\u0B9B\u0B9D'
    '\u0BA0-\u0BA2\u0BA5-\u0BA7\u0BAB-\u0BAD\u0BBA-\u0BBD\u0BC3-\u0BC5\u0BC9\u0BCE-\u0BCF\u0BD1-\u0BD6'
    '\u0BD8-\u0BE5\u0BFB-\u0BFF\u0C0D\u0C11\u0C29\u0C3A-\u0C3B\u0C45\u0C49\u0C4E-\u0C54\u0C57'
    '\u0C5B-\u0C5C\u0C5E-\u0C5F\u0C64-\u0C65\u0C70-\u0C76\u0C8D\u0C91\u0CA9\u0CB4\u0CBA-\u0CBB\u0CC5'
    '\u0CC9\u0CCE-\u0CD4\u0CD7-\u0CDC\u0CDF\u0CE4-\u0CE5\u0CF0\u0CF3-\u0CFF\u0D0D\u0D11\u0D45\u0D49'
    '\u0D50-\u0D53\u0D64-\u0D65\u0D80\u0D84\u0D97-\u0D99\u0DB2\u0DBC\u0DBE-\u0DBF\u0DC7-\u0DC9'
    '\u0DCB-\u0DCE\u0DD5\u0DD7\u0DE0-\u0DE5\u0DF0-\u0DF1\u0DF5-\u0E00\u0E3B-\u0E3E\u0E5C-\u0E80\u0E83'
    '\u0E85\u0E8B\u0EA4\u0EA6\u0EBE-\u0EBF\u0EC5\u0EC7\u0ECE-\u0ECF\u0EDA-\u0EDB\u0EE0-\u0EFF\u0F48'
    '\u0F6D-\u0F70\u0F98\u0FBD\u0FCD\u0FDB-\u0FFF\u10C6\u10C8-\u10CC\u10CE-\u10CF\u115F-\u1160\u1249'
    '\u124E-\u124F\u1257\u1259\u125E-\u125F\u1289\u128E-\u128F\u12B1\u12B6-\u12B7\u12BF\u12C1'
    '\u12C6-\u12C7\u12D7\u1311\u1316-\u1317\u135B-\u135C\u137D-\u137F\u139A-\u139F\u13F6-\u13F7'
    '\u13FE-\u13FF\u169D-\u169F\u16F9-\u16FF\u1716-\u171E\u1737-\u173F\u1754-\u175F\u176D\u1771'
    '\u1774-\u177F\u17B4-\u17B5\u17DE-\u17DF\u17EA-\u17EF\u17FA-\u17FF\u180B-\u180F\u181A-\u181F'
    '\u1879-\u187F\u18AB-\u18AF\u18F6-\u18FF\u191F\u192C-\u192F\u193C-\u193F\u1941-\u1943\u196E-\u196F'
    '\u1975-\u197F\u19AC-\u19AF\u19CA-\u19CF\u19DB-\u19DD\u1A1C-\u1A1D\u1A5F\u1A7D-\u1A7E\u1A8A-\u1A8F'
    '\u1A9A-\u1A9F\u1AAE-\u1AAF\u1ACF-\u1AFF\u1B4D-\u1B4F\u1B7F\u1BF4-\u1BFB\u1C38-\u1C3A\u1C4A-\u1C4C'
    '\u1C89-\u1C8F\u1CBB-\u1CBC\u1CC8-\u1CCF\u1CFB-\u1CFF\u1F16-\u1F17\u1F1E-\u1F1F\u1F46-\u1F47'
    '\u1F4E-\u1F4F\u1F58\u1F5A\u1F5C\u1F5E\u1F7E-\u1F7F\u1FB5\u1FC5\u1FD4-\u1FD5\u1FDC\u1FF0-\u1FF1\u1FF5'
    '\u1FFF\u200B-\u200F\u2028-\u202E\u2060-\u206F\u2072-\u2073\u208F\u209D-\u209F\u20C1-\u20CF'
    '\u20F1-\u20FF\u218C-\u218F\u2427-\u243F\u244B-\u245F\u2800\u2B74-\u2B75\u2B96\u2CF4-\u2CF8\u2D26'
    '\u2D28-\u2D2C\u2D2E-\u2D2F\u2D68-\u2D6E\u2D71-\u2D7E\u2D97-\u2D9F\u2DA7\u2DAF\u2DB7\u2DBF\u2DC7'
    '\u2DCF\u2DD7\u2DDF\u2E5E-\u2E7F\u2E9A\u2EF4-\u2EFF\u2FD6-\u2FEF\u2FFC-\u2FFF\u3040\u3097-\u3098'
    '\u3100-\u3104\u3130\u3164\u318F\u31E4-\u31EF\u321F\uA48D-\uA48F\uA4C7-\uA4CF\uA62C-\uA63F'
    '\uA6F8-\uA6FF\uA7CB-\uA7CF\uA7D2\uA7D4\uA7DA-\uA7F1\uA82D-\uA82F\uA83A-\uA83F\uA878-\uA87F'
    '\uA8C6-\uA8CD\uA8DA-\uA8DF\uA954-\uA95E\uA97D-\uA97F\uA9CE\uA9DA-\uA9DD\uA9FF\uAA37-\uAA3F'
    '\uAA4E-\uAA4F\uAA5A-\uAA5B\uAAC3-\uAADA\uAAF7-\uAB00\uAB07-\uAB08\uAB0F-\uAB10\uAB17-\uAB1F\uAB27'
    '\uAB2F\uAB6C-\uAB6F\uABEE-\uABEF\uABFA-\uABFF\uD7A4-\uD7AF\uD7C7-\uD7CA\uD7FC-\uD7FF\uE000-\uF8FF'
    '\uFA6E-\uFA6F\uFADA-\uFAFF\uFB07-\uFB12\uFB18-\uFB1C\uFB37\uFB3D\uFB3F\uFB42\uFB45\uFBC3-\uFBD2'
    '\uFD90-\uFD91\uFDC8-\uFDCE\uFDD0-\uFDEF\uFE00-\uFE0F\uFE1A-\uFE1F\uFE53\uFE67\uFE6C-\uFE6F\uFE75'
    '\uFEFD-\uFF00\uFFA0\uFFBF-\uFFC1\uFFC8-\uFFC9\uFFD0-\uFFD1\uFFD8-\uFFD9\uFFDD-\uFFDF\uFFE7'
    '\uFFEF-\uFFFF\U0001000C\U00010027\U0001003B\U0001003E\U0001004E-\U0001004F\U0001005E-\U0001007F'
    '\U000100FB-\U000100FF\U00010103-\U00010106\U00010134-\U00010136\U0001018F\U0001019D-\U0001019F'
    '\U000101A1-\U000101CF\U000101FE-\U0001027F\U0001029D-\U0001029F\U000102D1-\U000102DF'
    '\U000102FC-\U000102FF\U00010324-\U0001032C\U0001034B-\U0001034F\U0001037B-\U0001037F\U0001039E'
    '\U000103C4-\U000103C7\U000103D6-\U000103FF\U0001049E-\U0001049F\U000104AA-\U000104AF'
    '\U000104D4-\U000104D7\U000104FC-\U000104FF\U00010528-\U0001052F\U00010564-\U0001056E\U0001057B'
    '\U0001058B\U00010593\U00010596\U000105A2\U000105B2\U000105BA\U000105BD-\U000105FF'
    '\U00010737-\U0001073F\U00010756-\U0001075F\U00010768-\U0001077F\U00010786\U000107B1'
    '\U000107BB-\U000107FF\U00010806-\U00010807\U00010809\U00010836\U00010839-\U0001083B'
    '\U0001083D-\U0001083E\U00010856\U0001089F-\U000108A6\U000108B0-\U000108DF\U000108F3'
    '\U000108F6-\U000108FA\U0001091C-\U0001091E\U0001093A-\U0001093E\U00010940-\U0001097F'
    '\U000109B8-\U000109BB\U000109D0-\U000109D1\U00010A04\U00010A07-\U00010A0B\U00010A14\U00010A18'
    '\U00010A36-\U00010A37\U00010A3B-\U00010A3E\U00010A49-\U00010A4F\U00010A59-\U00010A5F'
    '\U00010AA0-\U00010ABF\U00010AE7-\U00010AEA\U00010AF7-\U00010AFF\U00010B36-\U00010B38'
    '\U00010B56-\U00010B57\U00010B73-\U00010B77\U00010B92-\U00010B98\U00010B9D-\U00010BA8'
    '\U00010BB0-\U00010BFF\U00010C49-\U00010C7F\U00010CB3-\U00010CBF\U00010CF3-\U00010CF9'
    '\U00010D28-\U00010D2F\U00010D3A-\U00010E5F\U00010E7F\U00010EAA\U00010EAE-\U00010EAF'
    '\U00010EB2-\U00010EFF\U00010F28-\U00010F2F\U00010F5A-\U00010F6F\U00010F8A-\U00010FAF'
    '\U00010FCC-\U00010FDF\U00010FF7-\U00010FFF\U0001104E-\U00011051\U00011076-\U0001107E\U000110BD'
    '\U000110C3-\U000110CF\U000110E9-\U000110EF\U000110FA-\U000110FF\U00011135\U00011148-\U0001114F'
    '\U00011177-\U0001117F\U000111E0\U000111F5-\U000111FF\U00011212\U0001123F-\U0001127F\U00011287'
    '\U00011289\U0001128E\U0001129E\U000112AA-\U000112AF\U000112EB-\U000112EF\U000112FA-\U000112FF'
    '\U00011304\U0001130D-\U0001130E\U00011311-\U00011312\U00011329\U00011331\U00011334\U0001133A'
    '\U00011345-\U00011346\U00011349-\U0001134A\U0001134E-\U0001134F\U00011351-\U00011356'
    '\U00011358-\U0001135C\U00011364-\U00011365\U0001136D-\U0001136F\U00011375-\U000113FF\U0001145C'
    '\U00011462-\U0001147F\U000114C8-\U000114CF\U000114DA-\U0001157F\U000115B6-\U000115B7'
    '\U000115DE-\U000115FF\U00011645-\U0001164F\U0001165A-\U0001165F\U0001166D-\U0001167F'
    '\U000116BA-\U000116BF\U000116CA-\U000116FF\U0001171B-\U0001171C\U0001172C-\U0001172F'
    '\U00011747-\U000117FF\U0001183C-\U0001189F\U000118F3-\U000118FE\U00011907-\U00011908'
    '\U0001190A-\U0001190B\U00011914\U00011917\U00011936\U00011939-\U0001193A\U00011947-\U0001194F'
    '\U0001195A-\U0001199F\U000119A8-\U000119A9\U000119D8-\U000119D9\U000119E5-\U000119FF'
    '\U00011A48-\U00011A4F\U00011AA3-\U00011AAF\U00011AF9-\U00011BFF\U00011C09\U00011C37'
    '\U00011C46-\U00011C4F\U00011C6D-\U00011C6F\U00011C90-\U00011C91\U00011CA8\U00011CB7-\U00011CFF'
    '\U00011D07\U00011D0A\U00011D37-\U00011D39\U00011D3B\U00011D3E\U00011D48-\U00011D4F'
    '\U00011D5A-\U00011D5F\U00011D66\U00011D69\U00011D8F\U00011D92\U00011D99-\U00011D9F'
    '\U00011DAA-\U00011EDF\U00011EF9-\U00011FAF\U00011FB1-\U00011FBF\U00011FF2-\U00011FFE'
    '\U0001239A-\U000123FF\U0001246F\U00012475-\U0001247F\U00012544-\U00012F8F\U00012FF3-\U00012FFF'
    '\U0001342F-\U000143FF\U00014647-\U000167FF\U00016A39-\U00016A3F\U00016A5F\U00016A6A-\U00016A6D'
    '\U00016ABF\U00016ACA-\U00016ACF\U00016AEE-\U00016AEF\U00016AF6-\U00016AFF\U00016B46-\U00016B4F'
    '\U00016B5A\U00016B62\U00016B78-\U00016B7C\U00016B90-\U00016E3F\U00016E9B-\U00016EFF'
    '\U00016F4B-\U00016F4E\U00016F88-\U00016F8E\U00016FA0-\U00016FDF\U00016FE5-\U00016FEF'
    '\U00016FF2-\U00016FFF\U000187F8-\U000187FF\U00018CD6-\U00018CFF\U00018D09-\U0001AFEF\U0001AFF4'
    '\U0001AFFC\U0001AFFF\U0001B123-\U0001B14F\U0001B153-\U0001B163\U0001B168-\U0001B16F'
    '\U0001B2FC-\U0001BBFF\U0001BC6B-\U0001BC6F\U0001BC7D-\U0001BC7F\U0001BC89-\U0001BC8F'
    '\U0001BC9A-\U0001BC9B\U0001BCA0-\U0001CEFF\U0001CF2E-\U0001CF2F\U0001CF47-\U0001CF4F'
    '\U0001CFC4-\U0001CFFF\U0001D0F6-\U0001D0FF\U0001D127-\U0001D128\U0001D159\U0001D173-\U0001D17A'
    '\U0001D1EB-\U0001D1FF\U0001D246-\U0001D2DF\U0001D2F4-\U0001D2FF\U0001D357-\U0001D35F'
    '\U0001D379-\U0001D3FF\U0001D455\U0001D49D\U0001D4A0-\U0001D4A1\U0001D4A3-\U0001D4A4'
    '\U0001D4A7-\U0001D4A8\U0001D4AD\U0001D4BA\U0001D4BC\U0001D4C4\U0001D506\U0001D50B-\U0001D50C'
    '\U0001D515\U0001D51D\U0001D53A\U0001D53F\U0001D545\U0001D547-\U0001D549\U0001D551'
    '\U0001D6A6-\U0001D6A7\U0001D7CC-\U0001D7CD\U0001DA8C-\U0001DA9A\U0001DAA0\U0001DAB0-\U0001DEFF'
    '\U0001DF1F-\U0001DFFF\U0001E007\U0001E019-\U0001E01A\U0001E022\U0001E025\U0001E02B-\U0001E0FF'
    '\U0001E12D-\U0001E12F\U0001E13E-\U0001E13F\U0001E14A-\U0001E14D\U0001E150-\U0001E28F'
    '\U0001E2AF-\U0001E2BF\U0001E2FA-\U0001E2FE\U0001E300-\U0001E7DF\U0001E7E7\U0001E7EC\U0001E7EF'
    '\U0001E7FF\U0001E8C5-\U0001E8C6\U0001E8D7-\U0001E8FF\U0001E94C-\U0001E94F\U0001E95A-\U0001E95D'
    '\U0001E960-\U0001EC70\U0001ECB5-\U0001ED00\U0001ED3E-\U0001EDFF\U0001EE04\U0001EE20\U0001EE23'
    '\U0001EE25-\U0001EE26\U0001EE28\U0001EE33\U0001EE38\U0001EE3A\U0001EE3C-\U0001EE41'
    '\U0001EE43-\U0001EE46\U0001EE48\U0001EE4A\U0001EE4C\U0001EE50\U0001EE53\U0001EE55-\U0001EE56'
    '\U0001EE58\U0001EE5A\U0001EE5C\U0001EE5E\U0001EE60\U0001EE63\U0001EE65-\U0001EE66\U0001EE6B'
    '\U0001EE73\U0001EE78\U0001EE7D\U0001EE7F\U0001EE8A\U0001EE9C-\U0001EEA0\U0001EEA4\U0001EEAA'
    '\U0001EEBC-\U0001EEEF\U0001EEF2-\U0001EFFF\U0001F02C-\U0001F02F\U0001F094-\U0001F09F'
    '\U0001F0AF-\U0001F0B0\U0001F0C0\U0001F0D0\U0001F0F6-\U0001F0FF\U0001F1AE-\U0001F1E5'
    '\U0001F203-\U0001F20F\U0001F23C-\U0001F23F\U0001F249-\U0001F24F\U0001F252-\U0001F25F'
    '\U0001F266-\U0001F2FF\U0001F6D8-\U0001F6DC\U0001F6ED-\U0001F6EF\U0001F6FD-\U0001F6FF'
    '\U0001F774-\U0001F77F\U0001F7D9-\U0001F7DF\U0001F7EC-\U0001F7EF\U0001F7F1-\U0001F7FF'
    '\U0001F80C-\U0001F80F\U0001F848-\U0001F84F\U0001F85A-\U0001F85F\U0001F888-\U0001F88F'
    '\U0001F8AE-\U0001F8AF\U0001F8B2-\U0001F8FF\U0001FA54-\U0001FA5F\U0001FA6E-\U0001FA6F'
    '\U0001FA75-\U0001FA77\U0001FA7D-\U0001FA7F\U0001FA87-\U0001FA8F\U0001FAAD-\U0001FAAF'
    '\U0001FABB-\U0001FABF\U0001FAC6-\U0001FACF\U0001FADA-\U0001FADF\U0001FAE8-\U0001FAEF'
    '\U0001FAF7-\U0001FAFF\U0001FB93\U0001FBCB-\U0001FBEF\U0001FBFA-\U0001FFFF\U0002A6E0-\U0002A6FF'
    '\U0002B739-\U0002B73F\U0002B81E-\U0002B81F\U0002CEA2-\U0002CEAF\U0002EBE1-\U0002F7FF'
    '\U0002FA1E-\U0002FFFF\U0003134B-\U0010FFFF'
$$;

COMMENT ON FUNCTION public.unseen_characters() IS 'What a regular expression''s class of the characters that nobody sees is made of: control, format, private use, unassigned in Unicode 14, drawn as nothing. Part of geo/land/unseen.json.';

CREATE TABLE public.parcel_version (
    park_id uuid NOT NULL,
    parcel_id uuid NOT NULL,
    from_seq bigint NOT NULL,
    to_seq bigint,
    prev_to_seq bigint,
    sys tstzrange NOT NULL,
    code text NOT NULL,
    zone_id uuid,
    bank_status text NOT NULL,
    land_use text,
    services jsonb DEFAULT '{}'::jsonb NOT NULL,
    legal_m2 numeric(16,4) NOT NULL,
    computed_m2 double precision NOT NULL,
    ellipsoid_m2 double precision NOT NULL,
    price_cny_per_m2 numeric(12,2),
    cadastral_no text,
    estate_unit_no text,
    publication text DEFAULT 'internal'::text NOT NULL,
    geom public.geometry(Polygon,4490) NOT NULL,
    span box NOT NULL,
    price_kind text,
    price_document text,
    price_on date,
    price_told text DEFAULT 'figure'::text NOT NULL,
    services_told text DEFAULT 'band'::text NOT NULL,
    CONSTRAINT area_is_finite CHECK (((legal_m2 < 'Infinity'::numeric) AND (computed_m2 < 'Infinity'::double precision) AND (ellipsoid_m2 < 'Infinity'::double precision) AND (price_cny_per_m2 < 'Infinity'::numeric))),
    CONSTRAINT parcel_version_bank_status_check CHECK ((bank_status = ANY (ARRAY['reserve'::text, 'available'::text, 'withdrawn'::text]))),
    CONSTRAINT parcel_version_cadastral_no_check CHECK ((length(cadastral_no) = 19)),
    CONSTRAINT parcel_version_check CHECK ((to_seq > from_seq)),
    CONSTRAINT parcel_version_check1 CHECK ((prev_to_seq = from_seq)),
    CONSTRAINT parcel_version_code_check CHECK (((code <> ''::text) AND (length(code) <= 100))),
    CONSTRAINT parcel_version_computed_m2_check CHECK ((computed_m2 > (0)::double precision)),
    CONSTRAINT parcel_version_ellipsoid_m2_check CHECK ((ellipsoid_m2 > (0)::double precision)),
    CONSTRAINT parcel_version_estate_unit_no_check CHECK ((length(estate_unit_no) = 28)),
    CONSTRAINT parcel_version_geom_check CHECK (public.st_isvalid(geom)),
    CONSTRAINT parcel_version_land_use_check CHECK ((land_use ~ '^[0-9]{2,6}$'::text)),
    CONSTRAINT parcel_version_legal_m2_check CHECK ((legal_m2 > (0)::numeric)),
    CONSTRAINT parcel_version_price_cny_per_m2_check CHECK ((price_cny_per_m2 >= (0)::numeric)),
    CONSTRAINT parcel_version_price_document_check CHECK (((price_document <> ''::text) AND (length(price_document) <= 200))),
    CONSTRAINT parcel_version_price_kind_check CHECK ((price_kind = ANY (ARRAY['reference'::text, 'minimum'::text, 'announced'::text, 'rent'::text]))),
    CONSTRAINT parcel_version_price_told_check CHECK ((price_told = ANY (ARRAY['figure'::text, 'none'::text]))),
    CONSTRAINT parcel_version_publication_check CHECK ((publication = ANY (ARRAY['public'::text, 'internal'::text]))),
    CONSTRAINT parcel_version_services_check CHECK ((jsonb_typeof(services) = 'object'::text)),
    CONSTRAINT parcel_version_services_told_check CHECK ((services_told = ANY (ARRAY['figure'::text, 'band'::text, 'word'::text, 'none'::text]))),
    CONSTRAINT price_is_stated CHECK (((price_cny_per_m2 IS NOT NULL) OR ((price_kind IS NULL) AND (price_document IS NULL) AND (price_on IS NULL)))),
    CONSTRAINT price_kind_is_backed CHECK (((price_kind IS NULL) OR (price_kind = 'rent'::text) OR ((price_document IS NOT NULL) AND (price_on IS NOT NULL))))
);
ALTER TABLE ONLY public.parcel_version ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.parcel_version IS 'What a parcel was from one change of its park to another.';

COMMENT ON COLUMN public.parcel_version.bank_status IS 'Status in the land bank. Held, reserved, supplied and built derive from the live allotment and are never stored here.';

COMMENT ON COLUMN public.parcel_version.legal_m2 IS 'Surveyed area; "N mu" of a parcel means this one.';

COMMENT ON COLUMN public.parcel_version.computed_m2 IS 'What the shape measures in the plane of the survey CRS; set by trigger.';

COMMENT ON COLUMN public.parcel_version.ellipsoid_m2 IS 'What the shape measures on the CGCS2000 ellipsoid; set by trigger.';

COMMENT ON COLUMN public.parcel_version.price_cny_per_m2 IS 'Of land, CNY per m2; of the kind rent, CNY per m2 of a workshop''s floor and month.';

COMMENT ON COLUMN public.parcel_version.span IS 'Box of the shape in the plane of the survey CRS; set by trigger.';

COMMENT ON COLUMN public.parcel_version.price_kind IS 'reference: by recent deals; minimum: the least price allowed (最低价标准); announced: the starting price of an announced tender; rent: of a workshop. Null: nobody said.';

COMMENT ON COLUMN public.parcel_version.price_document IS 'The document that states the price: title and number.';

COMMENT ON COLUMN public.parcel_version.price_on IS 'Since when the price holds, or of when its document is.';

COMMENT ON COLUMN public.parcel_version.price_told IS 'Whether the public reads the price, with its kind, document and day: figure, or none.';

COMMENT ON COLUMN public.parcel_version.services_told IS 'What the public reads of each service: its capacity as a figure, a band of 1, 2, 5, 10 and so on in its place, the word whether it is ready, or nothing (none).';

CREATE FUNCTION public.version_said(v public.parcel_version, p_seq bigint, p_at timestamp with time zone) RETURNS SETOF public.parcel_public
    LANGUAGE sql STABLE
    AS $$
  SELECT v.park_id, v.parcel_id, p_seq, NULL::bigint, tstzrange(p_at, NULL), v.code,
         CASE WHEN y.publication = 'public' THEN z.code END, w.word,
         CASE w.word WHEN 'reserve' THEN 'reserve' ELSE v.bank_status END, v.land_use,
         CASE WHEN v.services = '{}' THEN '{}' ELSE told_services(v.services_told, v.services)::json END,
         v.legal_m2, v.computed_m2, v.ellipsoid_m2,
         CASE v.price_told WHEN 'figure' THEN v.price_cny_per_m2 END, v.cadastral_no, v.estate_unit_no,
         CASE WHEN a.tenant_named AND NOT w.hidden THEN a.tenant_zh END,
         CASE WHEN a.tenant_named AND NOT w.hidden THEN a.tenant_en END,
         CASE WHEN a.project_named AND NOT w.hidden THEN a.project_zh END,
         CASE WHEN a.project_named AND NOT w.hidden THEN a.project_en END,
         CASE WHEN NOT w.intends THEN a.expires_at END,
         CASE WHEN k.corners_told = 'exact' THEN v.geom
              WHEN ST_IsValid(g.rounded) AND GeometryType(g.rounded) = 'POLYGON' AND NOT ST_IsEmpty(g.rounded)
              THEN g.rounded
              ELSE told_shape(k.corners_told, v.geom, k.survey_crs) END,
         CASE v.price_told WHEN 'figure' THEN v.price_kind END, CASE v.price_told WHEN 'figure' THEN v.price_document END,
         CASE v.price_told WHEN 'figure' THEN v.price_on END
    FROM (SELECT x.hold_shown, x.corners_told, x.survey_crs FROM park x WHERE x.park_id = v.park_id OFFSET 0) k
    LEFT JOIN zone z ON (z.park_id, z.zone_id) = (v.park_id, v.zone_id)
    LEFT JOIN LATERAL (SELECT x.publication FROM zone_version x
                        WHERE (x.park_id, x.zone_id) = (z.park_id, z.zone_id) ORDER BY x.from_seq DESC LIMIT 1) y
                            ON true
    LEFT JOIN LATERAL (SELECT x.allotment_id FROM allotment_parcel x
        WHERE (x.park_id, x.parcel_id) = (v.park_id, v.parcel_id) AND x.to_seq IS NULL OFFSET 0) ap ON true
    LEFT JOIN LATERAL (SELECT x.state, x.expires_at, r.named AS project_named, r.name_zh AS project_zh,
          r.name_en AS project_en, t.named AS tenant_named, t.name_zh AS tenant_zh, t.name_en AS tenant_en
        FROM (SELECT * FROM allotment_version y
               WHERE (y.park_id, y.allotment_id) = (v.park_id, ap.allotment_id) AND y.to_seq IS NULL OFFSET 0) x
        LEFT JOIN LATERAL (SELECT * FROM allotment y WHERE (y.park_id, y.allotment_id) = (v.park_id, x.allotment_id)
            OFFSET 0) l ON true
        LEFT JOIN LATERAL (SELECT * FROM project y WHERE (y.district_id, y.project_id) = (l.district_id, l.project_id)
            OFFSET 0) p ON true
        LEFT JOIN LATERAL (SELECT * FROM project_version y
                            WHERE (y.district_id, y.project_id) = (p.district_id, p.project_id) AND upper_inf(y.sys)
                                OFFSET 0) r ON true
        LEFT JOIN LATERAL (SELECT * FROM party y WHERE (y.district_id, y.party_id) = (p.district_id, p.party_id)
            OFFSET 0) t ON true OFFSET 0) a ON true
   CROSS JOIN LATERAL (SELECT CASE WHEN k.corners_told <> 'exact'
        THEN rounded_shape(v.geom, k.survey_crs) END AS rounded OFFSET 0) g
   CROSS JOIN LATERAL (SELECT public_word(k.hold_shown, v.bank_status, a.state, v.price_kind) AS word,
                              is_intention(a.state, v.price_kind) AS intends,
                              is_intention(a.state, v.price_kind) AND k.hold_shown = 'nothing' AS hidden) w
   WHERE v.to_seq IS NULL AND v.publication = 'public'
$$;

COMMENT ON FUNCTION public.version_said(v public.parcel_version, p_seq bigint, p_at timestamp with time zone) IS 'What the public reads of a live version of a parcel from a change on.';

CREATE FUNCTION public.wake_account() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM pg_notify('luodi_account', coalesce(NEW.account_id, OLD.account_id)::text);
  RETURN NULL;
END $$;

CREATE FUNCTION public.wake_business() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM pg_notify('luodi_business', k.park_id::text) FROM park k
      WHERE k.district_id IN (SELECT c.district_id FROM changed c);
  RETURN NULL;
END $$;

CREATE FUNCTION public.wake_inbox() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM pg_notify('luodi_presence', NEW.park_id::text);
  RETURN NULL;
END $$;

CREATE FUNCTION public.wake_listeners() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM pg_notify('luodi_event', NEW.park_id::text);
  RETURN NULL;
END $$;

CREATE TABLE public.account (
    account_id uuid NOT NULL,
    login text NOT NULL,
    name text NOT NULL,
    password text,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    disabled_at timestamp with time zone,
    erased_at timestamp with time zone,
    signed_in_at timestamp with time zone,
    placeholder boolean DEFAULT false NOT NULL,
    CONSTRAINT account_check CHECK (((erased_at IS NULL) OR ((disabled_at IS NOT NULL) AND (password IS NULL)))),
    CONSTRAINT account_login_check CHECK ((login ~ '^[a-z0-9][a-z0-9._@+-]{0,127}$'::text)),
    CONSTRAINT account_name_check CHECK (((name <> ''::text) AND (length(name) <= 200))),
    CONSTRAINT account_password_check CHECK ((password ~~ '$argon2id$%'::text)),
    CONSTRAINT account_placeholder_is_nobody CHECK (((NOT placeholder) OR (password IS NULL)))
);

COMMENT ON TABLE public.account IS 'Someone who may sign in. Records carry its id; erasing a person replaces login and name and keeps the row.';

COMMENT ON COLUMN public.account.password IS 'Argon2id of the password as a PHC string; null until the one-time link was used.';

COMMENT ON COLUMN public.account.signed_in_at IS 'When it last signed in; null: never, or before that was kept.';

COMMENT ON COLUMN public.account.placeholder IS 'Stands for somebody made up, whom the sample needs as an agent or as who noted something: it never signs in.';

CREATE TABLE public.account_turn (
    account_id uuid NOT NULL,
    n integer NOT NULL,
    turn text NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    by uuid,
    reason text NOT NULL,
    CONSTRAINT account_turn_n_check CHECK ((n > 0)),
    CONSTRAINT account_turn_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT account_turn_turn_check CHECK ((turn = ANY (ARRAY['disabled'::text, 'enabled'::text])))
);

COMMENT ON TABLE public.account_turn IS 'When an account was disabled or enabled, by whom (null: the command line) and why.';

CREATE TABLE public.admin_clock (
    one boolean DEFAULT true NOT NULL,
    ticks bigint DEFAULT 0 NOT NULL,
    CONSTRAINT admin_clock_one_check CHECK (one)
);

COMMENT ON TABLE public.admin_clock IS 'The row that two who take admins away wait for, so that one is left.';

CREATE TABLE public.agency (
    district_id uuid NOT NULL,
    project_id uuid NOT NULL,
    n integer NOT NULL,
    account_id uuid NOT NULL,
    scope text DEFAULT 'all'::text NOT NULL,
    from_on date NOT NULL,
    until_on date,
    document text NOT NULL,
    paper integer,
    named_by uuid NOT NULL,
    named_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    ended_on date,
    ended_by uuid,
    ended_at timestamp with time zone,
    end_reason text,
    held daterange GENERATED ALWAYS AS (daterange(from_on, LEAST((until_on + 1), ended_on), '[)'::text)) STORED NOT NULL,
    CONSTRAINT agency_check CHECK (((until_on >= from_on) AND (until_on <= '2200-12-31'::date))),
    CONSTRAINT agency_check1 CHECK ((ended_on >= from_on)),
    CONSTRAINT agency_document_check CHECK ((document <> ''::text)),
    CONSTRAINT agency_end_reason_check CHECK ((end_reason <> ''::text)),
    CONSTRAINT agency_ended_with_reason CHECK ((((ended_on IS NULL) = (end_reason IS NULL)) AND ((ended_on IS NULL) = (ended_by IS NULL)) AND ((ended_on IS NULL) = (ended_at IS NULL)))),
    CONSTRAINT agency_from_on_check CHECK (((from_on >= '2000-01-01'::date) AND (from_on <= '2200-12-31'::date))),
    CONSTRAINT agency_n_check CHECK ((n > 0)),
    CONSTRAINT agency_scope_check CHECK ((scope ~ '^(all|(stage|step):[a-z0-9_]+)$'::text))
);
ALTER TABLE ONLY public.agency ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.agency IS 'Who runs a project for its firm (代办员), with the firm''s mandate. A scope has one agent on a day; of a step it is the one of the step, else of its stage, else of all.';

COMMENT ON COLUMN public.agency.scope IS 'all, or stage: or step: with a code of the template of the approvals.';

COMMENT ON COLUMN public.agency.until_on IS 'The last day of the mandate; null: until it is ended.';

COMMENT ON COLUMN public.agency.document IS 'The firm''s mandate (授权委托书), by name and number; paper: its file.';

COMMENT ON COLUMN public.agency.ended_on IS 'The first day on which it no longer holds: ended, or handed over.';

CREATE TABLE public.allotment (
    park_id uuid NOT NULL,
    allotment_id uuid NOT NULL,
    district_id uuid NOT NULL,
    project_id uuid NOT NULL,
    version bigint DEFAULT 0 NOT NULL
);
ALTER TABLE ONLY public.allotment ALTER COLUMN park_id SET STATISTICS 0;
ALTER TABLE ONLY public.allotment ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.allotment IS 'A project''s right to parcels.';

COMMENT ON COLUMN public.allotment.version IS 'Number of the newest change of the right; what If-Match compares.';

CREATE TABLE public.allotment_draw (
    park_id uuid NOT NULL,
    allotment_id uuid NOT NULL,
    network_id uuid NOT NULL,
    service text NOT NULL,
    from_seq bigint NOT NULL,
    to_seq bigint,
    sys tstzrange NOT NULL,
    amount numeric(16,3) NOT NULL,
    CONSTRAINT allotment_draw_amount_check CHECK (((amount > (0)::numeric) AND (amount < 'Infinity'::numeric))),
    CONSTRAINT allotment_draw_check CHECK ((to_seq > from_seq))
);
ALTER TABLE ONLY public.allotment_draw ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.allotment_draw IS 'How much of a service a right draws from a node, and when: it is promised from the hold to the end of the right.';

COMMENT ON COLUMN public.allotment_draw.amount IS 'In the unit of its service.';

CREATE TABLE public.allotment_parcel (
    park_id uuid NOT NULL,
    allotment_id uuid NOT NULL,
    parcel_id uuid NOT NULL,
    from_seq bigint NOT NULL,
    to_seq bigint,
    sys tstzrange NOT NULL,
    CONSTRAINT allotment_parcel_check CHECK ((to_seq > from_seq))
);
ALTER TABLE ONLY public.allotment_parcel ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.allotment_parcel IS 'Which parcels a right covers, and when: two rights never cover a parcel at one instant.';

CREATE TABLE public.allotment_version (
    park_id uuid NOT NULL,
    allotment_id uuid NOT NULL,
    from_seq bigint NOT NULL,
    to_seq bigint,
    prev_to_seq bigint,
    sys tstzrange NOT NULL,
    state text NOT NULL,
    expires_at timestamp with time zone,
    supply_mode text,
    term_years numeric(4,1),
    commitments jsonb DEFAULT '{}'::jsonb NOT NULL,
    extended integer DEFAULT 0 NOT NULL,
    CONSTRAINT allotment_version_check CHECK ((to_seq > from_seq)),
    CONSTRAINT allotment_version_check1 CHECK ((prev_to_seq = from_seq)),
    CONSTRAINT allotment_version_commitments_check CHECK ((jsonb_typeof(commitments) = 'object'::text)),
    CONSTRAINT allotment_version_extended_check CHECK (((extended >= 0) AND (extended <= 1))),
    CONSTRAINT allotment_version_state_check CHECK ((state = ANY (ARRAY['hold'::text, 'reserved'::text, 'supplied'::text, 'built'::text]))),
    CONSTRAINT allotment_version_supply_mode_check CHECK ((supply_mode = ANY (ARRAY['tender'::text, 'auction'::text, 'listing'::text, 'agreement'::text, 'long_lease'::text, 'lease_then_grant'::text, 'flexible_term'::text]))),
    CONSTRAINT allotment_version_term_years_check CHECK (((term_years > (0)::numeric) AND (term_years <= (70)::numeric)))
);
ALTER TABLE ONLY public.allotment_version ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.allotment_version IS 'The state of a right: hold, reserved, supplied, built. A right that ended has no live version.';

COMMENT ON COLUMN public.allotment_version.expires_at IS 'The deadline of a hold; the right ends by a record, not by time.';

COMMENT ON COLUMN public.allotment_version.extended IS 'How often the hold was extended: once at most.';

CREATE TABLE public.border_clock (
    one boolean DEFAULT true NOT NULL,
    ticks bigint DEFAULT 0 NOT NULL,
    CONSTRAINT border_clock_one_check CHECK (one)
);

COMMENT ON TABLE public.border_clock IS 'One row, locked by whoever makes a park or changes a border: of two at once the later sees the earlier.';

CREATE TABLE public.building (
    park_id uuid NOT NULL,
    building_id uuid NOT NULL,
    parcel_id uuid NOT NULL,
    code text NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    stage text NOT NULL,
    since date,
    ready_by date,
    storeys smallint,
    floor_m2 numeric(12,2),
    "position" public.geometry(Point,4490),
    source text,
    illustrative boolean DEFAULT false NOT NULL,
    publication text DEFAULT 'internal'::text NOT NULL,
    retired boolean DEFAULT false NOT NULL,
    revision integer DEFAULT 1 NOT NULL,
    changed_by uuid,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    reason text,
    CONSTRAINT building_code_check CHECK ((code <> ''::text)),
    CONSTRAINT building_floor_m2_check CHECK (((floor_m2 > (0)::numeric) AND (floor_m2 < 'Infinity'::numeric))),
    CONSTRAINT building_name_en_check CHECK ((name_en <> ''::text)),
    CONSTRAINT building_name_zh_check CHECK ((name_zh <> ''::text)),
    CONSTRAINT building_publication_check CHECK ((publication = ANY (ARRAY['public'::text, 'internal'::text]))),
    CONSTRAINT building_ready_by_check CHECK (((ready_by >= '1900-01-01'::date) AND (ready_by <= '2200-12-31'::date))),
    CONSTRAINT building_ready_once CHECK (((stage <> 'ready'::text) OR (ready_by IS NULL))),
    CONSTRAINT building_ready_since CHECK (((stage <> 'ready'::text) OR (since IS NOT NULL))),
    CONSTRAINT building_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT building_retired_with_reason CHECK (((NOT retired) OR (reason IS NOT NULL))),
    CONSTRAINT building_since_check CHECK (((since >= '1900-01-01'::date) AND (since <= '2200-12-31'::date))),
    CONSTRAINT building_source_check CHECK ((source <> ''::text)),
    CONSTRAINT building_stage_check CHECK ((stage = ANY (ARRAY['planned'::text, 'under_construction'::text, 'ready'::text]))),
    CONSTRAINT building_storeys_check CHECK (((storeys >= 1) AND (storeys <= 200)))
);
ALTER TABLE ONLY public.building ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.building IS 'Workshops (标准厂房) that the park builds, as they are now.';

COMMENT ON COLUMN public.building.since IS 'Since when it is in its stage: a day that has come; null where that is not known.';

COMMENT ON COLUMN public.building.ready_by IS 'By which day it is expected to be ready; null where that is not known, and once it is.';

COMMENT ON COLUMN public.building.floor_m2 IS 'Gross floor area (建筑面积).';

COMMENT ON COLUMN public.building."position" IS 'A point of its ground; null where it is not known. By it the building finds its parcel when that is cut.';

COMMENT ON COLUMN public.building.illustrative IS 'Made up to show what could be.';

COMMENT ON COLUMN public.building.changed_by IS 'Null: the sample.';

CREATE VIEW public.building_public WITH (security_barrier='true') AS
 SELECT b.park_id,
    b.building_id,
    b.parcel_id,
    p.code AS parcel,
    b.code,
    b.name_zh,
    b.name_en,
    b.stage,
    b.since,
    b.ready_by,
    b.storeys,
    b.floor_m2,
    b.source,
    b.illustrative,
    b.publication,
    b.revision
   FROM (public.building b
     JOIN public.parcel_public p ON ((((p.park_id = b.park_id) AND (p.parcel_id = b.parcel_id)) AND (p.to_seq IS NULL))))
  WHERE ((b.publication = 'public'::text) AND (NOT b.retired));

COMMENT ON VIEW public.building_public IS 'The buildings that the public may read.';

CREATE TABLE public.building_record (
    park_id uuid NOT NULL,
    building_id uuid NOT NULL,
    n bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    account_id uuid,
    thing text NOT NULL,
    thing_id uuid NOT NULL,
    revision integer NOT NULL,
    reason text,
    facts jsonb NOT NULL,
    CONSTRAINT building_record_thing_check CHECK ((thing = ANY (ARRAY['building'::text, 'unit'::text, 'letting'::text])))
);
ALTER TABLE ONLY public.building_record ALTER COLUMN park_id SET STATISTICS 0;
ALTER TABLE ONLY public.building_record ALTER COLUMN facts SET STATISTICS 0;

COMMENT ON TABLE public.building_record IS 'Every state that a building, a unit of it or a letting of one had: who wrote it, when and why. Written by trigger, never changed.';

COMMENT ON COLUMN public.building_record.facts IS 'The row as it was from then on.';

ALTER TABLE public.building_record ALTER COLUMN n ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.building_record_n_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.calendar_address (
    hash bytea NOT NULL,
    account_id uuid NOT NULL,
    made_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT calendar_address_hash_check CHECK ((length(hash) = 32))
);

COMMENT ON TABLE public.calendar_address IS 'Secret addresses of calendars, by the SHA-256 of the secret; one is live.';

CREATE TABLE public.chain (
    district_id uuid NOT NULL,
    code text NOT NULL,
    revision integer NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    edition text NOT NULL,
    body jsonb NOT NULL,
    CONSTRAINT chain_body_check CHECK ((jsonb_typeof(body) = 'object'::text)),
    CONSTRAINT chain_code_check CHECK ((code ~ '^[a-z0-9][a-z0-9_]{0,62}$'::text)),
    CONSTRAINT chain_edition_check CHECK ((edition <> ''::text)),
    CONSTRAINT chain_revision_check CHECK ((revision > 0))
);
ALTER TABLE ONLY public.chain ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.chain IS 'Editions of industry chains: nodes and who supplies whom, with weights and sources. General knowledge; the newest revision is in force.';

CREATE TABLE public.park (
    park_id uuid NOT NULL,
    district_id uuid NOT NULL,
    code text NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    survey_crs integer NOT NULL,
    time_zone text DEFAULT 'Asia/Shanghai'::text NOT NULL,
    illustrative boolean DEFAULT false NOT NULL,
    geom public.geometry(MultiPolygon,4490) NOT NULL,
    hold_shown text DEFAULT 'in_negotiation'::text NOT NULL,
    map_review_no text,
    old_after_months integer DEFAULT 12 NOT NULL,
    corners_told text DEFAULT 'rounded'::text NOT NULL,
    contact jsonb,
    CONSTRAINT park_code_check CHECK ((code ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text)),
    CONSTRAINT park_contact_check CHECK (((jsonb_typeof(contact) = 'object'::text) AND (contact <> '{}'::jsonb))),
    CONSTRAINT park_corners_told_check CHECK ((corners_told = ANY (ARRAY['exact'::text, 'rounded'::text]))),
    CONSTRAINT park_geom_check CHECK ((public.st_isvalid(geom) AND (NOT public.st_isempty(geom)))),
    CONSTRAINT park_hold_shown_check CHECK ((hold_shown = ANY (ARRAY['in_negotiation'::text, 'nothing'::text]))),
    CONSTRAINT park_map_review_no_check CHECK (((map_review_no <> ''::text) AND (length(map_review_no) <= 60))),
    CONSTRAINT park_name_en_check CHECK ((name_en <> ''::text)),
    CONSTRAINT park_name_zh_check CHECK ((name_zh <> ''::text)),
    CONSTRAINT park_old_after_months_check CHECK (((old_after_months >= 1) AND (old_after_months <= 120))),
    CONSTRAINT park_survey_crs_check CHECK ((survey_crs <> 3857)),
    CONSTRAINT park_time_zone_check CHECK (((now() AT TIME ZONE time_zone) IS NOT NULL))
);

COMMENT ON TABLE public.park IS 'An industrial park and its boundary.';

COMMENT ON COLUMN public.park.survey_crs IS 'EPSG code of the plane in which its edges are straight and areas are computed, in metres; never Web Mercator.';

COMMENT ON COLUMN public.park.illustrative IS 'Its shapes were drawn to illustrate, not surveyed.';

COMMENT ON COLUMN public.park.hold_shown IS 'What the public reads of land under an intention: the word in_negotiation, or nothing, so that it reads as reserve.';

COMMENT ON COLUMN public.park.map_review_no IS 'The number under which the authority reviewed the map (审图号); null: none, or not entered.';

COMMENT ON COLUMN public.park.old_after_months IS 'After how many months a stated price or service counts as old at the desk.';

COMMENT ON COLUMN public.park.corners_told IS 'How the public reads the corners of parcels, zones, plan units and the border: exact, as surveyed; or rounded, to whole metres of the survey plane.';

COMMENT ON COLUMN public.park.contact IS 'Whom the public asks: phone, email, hours and address, the last two in both languages. An office, not a person.';

CREATE VIEW public.chain_public AS
 SELECT k.park_id,
    c.district_id,
    c.code,
    c.revision,
    c.edition,
    c.body
   FROM (public.park k
     JOIN public.chain c USING (district_id))
  WHERE (c.revision = ( SELECT max(n.revision) AS max
           FROM public.chain n
          WHERE ((n.district_id = c.district_id) AND (n.code = c.code))));

COMMENT ON VIEW public.chain_public IS 'The newest edition of each chain, for each park of its district: general knowledge, which hides nothing.';

CREATE TABLE public.contact (
    district_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    party_id uuid NOT NULL,
    name text,
    phone text,
    email text,
    erased_at timestamp with time zone,
    revision integer DEFAULT 1 NOT NULL,
    CONSTRAINT contact_check CHECK (((erased_at IS NULL) OR ((name IS NULL) AND (phone IS NULL) AND (email IS NULL))))
);
ALTER TABLE ONLY public.contact ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.contact IS 'The only place for a person''s data; it can be erased, and everything else carries ids.';

COMMENT ON COLUMN public.contact.revision IS 'What If-Match compares.';

CREATE TABLE public.database_state (
    one boolean DEFAULT true NOT NULL,
    CONSTRAINT database_state_one_check CHECK (one)
);

COMMENT ON TABLE public.database_state IS 'One row, whose lock is held from when a commit takes its state''s number to its end.';

CREATE TABLE public.dead_letter (
    park_id uuid NOT NULL,
    webhook_id uuid NOT NULL,
    seq bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    tries integer NOT NULL,
    error text NOT NULL,
    resend_at timestamp with time zone,
    delivered_at timestamp with time zone,
    CONSTRAINT dead_letter_tries_check CHECK ((tries > 0))
);
ALTER TABLE ONLY public.dead_letter ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.dead_letter IS 'Events that a receiver did not take in all their tries.';

COMMENT ON COLUMN public.dead_letter.resend_at IS 'When someone asked to send it again; null once that was tried.';

CREATE TABLE public.district (
    district_id uuid NOT NULL,
    code text NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    CONSTRAINT district_code_check CHECK ((code ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text)),
    CONSTRAINT district_name_en_check CHECK ((name_en <> ''::text)),
    CONSTRAINT district_name_zh_check CHECK ((name_zh <> ''::text))
);

COMMENT ON TABLE public.district IS 'A district that keeps one or more parks; parties and projects belong to it.';

CREATE TABLE public.double_ground (
    park_id uuid NOT NULL,
    parcel_id uuid NOT NULL,
    from_seq bigint NOT NULL,
    other_park_id uuid NOT NULL,
    other_parcel_id uuid NOT NULL,
    other_from_seq bigint NOT NULL,
    geom public.geometry(Geometry,4490) NOT NULL,
    CONSTRAINT double_ground_check CHECK ((park_id < other_park_id))
);
ALTER TABLE ONLY public.double_ground ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.double_ground IS 'Pairs of versions of two parks that overlapped before the database refused it, and the ground they share.';

CREATE TABLE public.enquiry (
    park_id uuid NOT NULL,
    enquiry_id uuid NOT NULL,
    receipt text NOT NULL,
    hash bytea NOT NULL,
    lang text NOT NULL,
    asked_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    erase_at timestamp with time zone NOT NULL,
    erased_at timestamp with time zone,
    name text,
    organisation text,
    phone text,
    email text,
    words text,
    need jsonb,
    places jsonb,
    assigned_to uuid,
    answered_at timestamp with time zone,
    closed_at timestamp with time zone,
    district_id uuid,
    project_id uuid,
    revision integer DEFAULT 1 NOT NULL,
    state text GENERATED ALWAYS AS (
CASE
    WHEN (closed_at IS NOT NULL) THEN 'closed'::text
    WHEN (project_id IS NOT NULL) THEN 'project'::text
    WHEN (answered_at IS NOT NULL) THEN 'answered'::text
    ELSE 'new'::text
END) STORED NOT NULL,
    CONSTRAINT enquiry_check CHECK ((erase_at > asked_at)),
    CONSTRAINT enquiry_check1 CHECK (((district_id IS NULL) = (project_id IS NULL))),
    CONSTRAINT enquiry_email_check CHECK ((email <> ''::text)),
    CONSTRAINT enquiry_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT enquiry_is_answerable CHECK (
CASE
    WHEN (erased_at IS NULL) THEN ((name IS NOT NULL) AND (organisation IS NOT NULL) AND (COALESCE(phone, email) IS NOT NULL) AND (places IS NOT NULL))
    ELSE ((COALESCE(name, organisation, phone, email, words) IS NULL) AND (need IS NULL) AND (places IS NULL))
END),
    CONSTRAINT enquiry_lang_check CHECK ((lang = ANY (ARRAY['zh'::text, 'en'::text]))),
    CONSTRAINT enquiry_name_check CHECK ((name <> ''::text)),
    CONSTRAINT enquiry_need_check CHECK ((jsonb_typeof(need) = 'object'::text)),
    CONSTRAINT enquiry_organisation_check CHECK ((organisation <> ''::text)),
    CONSTRAINT enquiry_phone_check CHECK ((phone <> ''::text)),
    CONSTRAINT enquiry_places_check CHECK ((jsonb_typeof(places) = 'array'::text)),
    CONSTRAINT enquiry_receipt_check CHECK ((receipt ~ '^[0-9A-Z]{4}-[0-9A-Z]{4}$'::text)),
    CONSTRAINT enquiry_words_check CHECK ((words <> ''::text))
);
ALTER TABLE ONLY public.enquiry ALTER COLUMN park_id SET STATISTICS 0;
ALTER TABLE ONLY public.enquiry ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.enquiry IS 'What an investor without an account asks of a park. Beside contact the only place for a person''s data: it is erased at its term, or when the investor withdraws it; what is left says that there was one.';

COMMENT ON COLUMN public.enquiry.hash IS 'SHA-256 of the secret of the private link.';

COMMENT ON COLUMN public.enquiry.erase_at IS 'The term that the investor was told; it can''t be changed.';

COMMENT ON COLUMN public.enquiry.need IS 'The requirement of a siting question (docs/matching.md).';

COMMENT ON COLUMN public.enquiry.places IS 'The shortlist: parcels, lots and assemblies with their codes of that day.';

CREATE TABLE public.enquiry_answer (
    park_id uuid NOT NULL,
    enquiry_id uuid NOT NULL,
    n integer NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    account_id uuid NOT NULL,
    words text,
    CONSTRAINT enquiry_answer_n_check CHECK ((n > 0)),
    CONSTRAINT enquiry_answer_words_check CHECK ((words <> ''::text))
);
ALTER TABLE ONLY public.enquiry_answer ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.enquiry_answer IS 'What the park answers, for the investor to read at the private link; erased with the enquiry.';

CREATE TABLE public.enquiry_key (
    one boolean DEFAULT true NOT NULL,
    key bytea NOT NULL,
    CONSTRAINT enquiry_key_key_check CHECK ((length(key) = 32)),
    CONSTRAINT enquiry_key_one_check CHECK (one)
);

COMMENT ON TABLE public.enquiry_key IS 'Signs the challenges of enquiries; drawn when the database was made.';

CREATE TABLE public.event (
    park_id uuid NOT NULL,
    seq bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    record_id uuid NOT NULL,
    kind text NOT NULL
);
ALTER TABLE ONLY public.event ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.event IS 'Every committed change of a park, in order: one a tick. Written with the record, by no one else.';

CREATE TABLE public.expert (
    district_id uuid NOT NULL,
    expert_id uuid NOT NULL,
    team_id uuid NOT NULL,
    voice text NOT NULL,
    name text NOT NULL,
    account_id uuid,
    since timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    until timestamp with time zone,
    CONSTRAINT expert_check CHECK ((until > since)),
    CONSTRAINT expert_name_check CHECK ((name <> ''::text)),
    CONSTRAINT expert_voice_check CHECK ((voice = ANY (ARRAY['professor'::text, 'entrepreneur'::text, 'official'::text])))
);
ALTER TABLE ONLY public.expert ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.expert IS 'A member of the expert team of a task force (专班), who judges the pieces of its chains.';

COMMENT ON COLUMN public.expert.voice IS 'professor: direction; entrepreneur: the industry''s view; official: which pieces can''t be lacking.';

COMMENT ON COLUMN public.expert.name IS 'How the expert is called in the team; a title is enough.';

COMMENT ON COLUMN public.expert.account_id IS 'Who it is when signed in; null: others note the judgements.';

CREATE TABLE public.file (
    park_id uuid NOT NULL,
    hash bytea NOT NULL,
    media_type text NOT NULL,
    bytes bytea NOT NULL,
    size integer GENERATED ALWAYS AS (octet_length(bytes)) STORED NOT NULL,
    width integer,
    height integer,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT file_has_its_sides CHECK (
CASE media_type
    WHEN 'application/pdf'::text THEN (COALESCE(width, height) IS NULL)
    ELSE ((width IS NOT NULL) AND (height IS NOT NULL))
END),
    CONSTRAINT file_height_check CHECK (((height >= 1) AND (height <= 12000))),
    CONSTRAINT file_is_its_content CHECK ((hash = sha256(bytes))),
    CONSTRAINT file_is_its_type CHECK (
CASE media_type
    WHEN 'image/jpeg'::text THEN (SUBSTRING(bytes FROM 1 FOR 3) = decode('ffd8ff'::text, 'hex'::text))
    WHEN 'image/png'::text THEN (SUBSTRING(bytes FROM 1 FOR 8) = decode('89504e470d0a1a0a'::text, 'hex'::text))
    WHEN 'image/webp'::text THEN ((SUBSTRING(bytes FROM 1 FOR 4) = decode('52494646'::text, 'hex'::text)) AND (SUBSTRING(bytes FROM 9 FOR 4) = decode('57454250'::text, 'hex'::text)))
    WHEN 'application/pdf'::text THEN (SUBSTRING(bytes FROM 1 FOR 5) = decode('255044462d'::text, 'hex'::text))
    ELSE false
END),
    CONSTRAINT file_is_small CHECK (((octet_length(bytes) >= 1) AND (octet_length(bytes) <= 8388608))),
    CONSTRAINT file_width_check CHECK (((width >= 1) AND (width <= 12000)))
);
ALTER TABLE ONLY public.file ALTER COLUMN park_id SET STATISTICS 0;
ALTER TABLE ONLY public.file ALTER COLUMN bytes SET STATISTICS 0;
ALTER TABLE ONLY public.file ALTER COLUMN bytes SET STORAGE EXTERNAL;

COMMENT ON TABLE public.file IS 'Files by their content, each park its own: the same content is kept once.';

COMMENT ON COLUMN public.file.hash IS 'SHA-256 of the bytes.';

COMMENT ON COLUMN public.file.width IS 'Of a picture as it is shown, in pixels.';

CREATE TABLE public.paper_public (
    park_id uuid NOT NULL,
    paper_id uuid NOT NULL,
    parcel_id uuid NOT NULL,
    since timestamp with time zone NOT NULL,
    hash bytea NOT NULL,
    media_type text NOT NULL,
    size integer NOT NULL,
    width integer,
    height integer,
    kind text NOT NULL,
    title_zh text,
    title_en text,
    dated date,
    number text,
    expires_on date,
    illustrative boolean NOT NULL
);
ALTER TABLE ONLY public.paper_public ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.paper_public IS 'Papers that the public may read now: live, public, of live public parcels. Written by trigger; it has no past.';

CREATE VIEW public.file_public WITH (security_barrier='true') AS
 SELECT p.park_id,
    p.paper_id,
    f.bytes
   FROM (public.paper_public p
     JOIN public.file f ON (((f.park_id = p.park_id) AND (f.hash = p.hash))));

COMMENT ON VIEW public.file_public IS 'The bytes of the papers that the public may read.';

CREATE TABLE public.firm_link (
    district_id uuid NOT NULL,
    link_id uuid NOT NULL,
    project_id uuid NOT NULL,
    hash bytea NOT NULL,
    made_by uuid NOT NULL,
    made_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    revoked_by uuid,
    revoke_reason text,
    CONSTRAINT firm_link_ends CHECK (((expires_at > made_at) AND (expires_at <= (made_at + '400 days'::interval)))),
    CONSTRAINT firm_link_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT firm_link_revoke_reason_check CHECK ((revoke_reason <> ''::text)),
    CONSTRAINT firm_link_revoked_by_someone CHECK ((((revoked_at IS NULL) = (revoked_by IS NULL)) AND ((revoke_reason IS NULL) OR (revoked_at IS NOT NULL))))
);
ALTER TABLE ONLY public.firm_link ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.firm_link IS 'The private link by which a firm sees the flow of its project, hands in papers and raises problems.';

COMMENT ON COLUMN public.firm_link.hash IS 'SHA-256 of the secret, which is shown once and kept nowhere.';

COMMENT ON COLUMN public.firm_link.used_at IS 'When it was last used, to the minute.';

COMMENT ON COLUMN public.firm_link.revoke_reason IS 'Null of a revoked one: a new link took its place.';

CREATE TABLE public.firm_title (
    district_id uuid NOT NULL,
    firm_title_id uuid NOT NULL,
    party_id uuid NOT NULL,
    title text NOT NULL,
    level text NOT NULL,
    valid daterange NOT NULL,
    source text NOT NULL,
    noted_by uuid NOT NULL,
    noted_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    withdrawn_at timestamp with time zone,
    withdrawn_by uuid,
    withdraw_reason text,
    CONSTRAINT firm_title_holds_a_day CHECK (((NOT isempty(valid)) AND (NOT lower_inf(valid)))),
    CONSTRAINT firm_title_level_check CHECK ((level = ANY (ARRAY['national'::text, 'provincial'::text, 'municipal'::text]))),
    CONSTRAINT firm_title_source_check CHECK ((source <> ''::text)),
    CONSTRAINT firm_title_title_check CHECK ((title = ANY (ARRAY['backbone'::text, 'specialised'::text, 'little_giant'::text, 'single_champion'::text, 'gazelle'::text, 'high_tech'::text]))),
    CONSTRAINT firm_title_withdraw_reason_check CHECK ((withdraw_reason <> ''::text)),
    CONSTRAINT firm_title_withdrawn_says_why CHECK ((((withdrawn_at IS NULL) = (withdraw_reason IS NULL)) AND ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))))
);
ALTER TABLE ONLY public.firm_title ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.firm_title IS 'A title of a firm over a time: 骨干企业 backbone, 专精特新 specialised, 小巨人 little_giant, 单项冠军 single_champion, 瞪羚 gazelle, 高新技术企业 high_tech.';

COMMENT ON COLUMN public.firm_title.valid IS 'From the day of recognition to the day on which it holds no more; open: none is set.';

CREATE TABLE public.first_contact (
    district_id uuid NOT NULL,
    first_contact_id uuid NOT NULL,
    project_id uuid NOT NULL,
    party_id uuid NOT NULL,
    team_id uuid NOT NULL,
    made_on date NOT NULL,
    noted_by uuid NOT NULL,
    noted_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    credit_code text,
    firm text NOT NULL,
    released_at timestamp with time zone,
    released_by uuid,
    release_reason text,
    CONSTRAINT first_contact_firm_check CHECK ((firm <> ''::text)),
    CONSTRAINT first_contact_release_reason_check CHECK ((release_reason <> ''::text)),
    CONSTRAINT first_contact_release_says_why CHECK ((((released_at IS NULL) = (release_reason IS NULL)) AND ((released_at IS NULL) = (released_by IS NULL))))
);
ALTER TABLE ONLY public.first_contact ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.first_contact IS 'Which team spoke to a firm first (首谈), for which project; live until it is released with a reason.';

COMMENT ON COLUMN public.first_contact.credit_code IS 'Of the firm, as its row has it now; kept by trigger.';

COMMENT ON COLUMN public.first_contact.firm IS 'The name of the firm as firm_name folds it; kept by trigger.';

CREATE TABLE public.flow_event (
    district_id uuid NOT NULL,
    flow_id uuid NOT NULL,
    n integer NOT NULL,
    step text NOT NULL,
    kind text NOT NULL,
    special text,
    notice smallint,
    day date NOT NULL,
    document text,
    note text,
    corrects integer,
    place integer NOT NULL,
    reason text,
    retracted boolean DEFAULT false NOT NULL,
    account_id uuid,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT flow_event_check CHECK ((corrects < n)),
    CONSTRAINT flow_event_check1 CHECK (((NOT retracted) OR (corrects IS NOT NULL))),
    CONSTRAINT flow_event_check2 CHECK (((kind = 'special_begun'::text) = (special IS NOT NULL))),
    CONSTRAINT flow_event_check3 CHECK (((kind = 'told'::text) = (notice IS NOT NULL))),
    CONSTRAINT flow_event_corrected_with_reason CHECK (((corrects IS NULL) = (reason IS NULL))),
    CONSTRAINT flow_event_day_check CHECK (((day >= '1900-01-01'::date) AND (day <= '2200-12-31'::date))),
    CONSTRAINT flow_event_document_check CHECK ((document <> ''::text)),
    CONSTRAINT flow_event_kind_check CHECK ((kind = ANY (ARRAY['accepted'::text, 'stopped'::text, 'resumed'::text, 'special_begun'::text, 'special_ended'::text, 'withdrawn'::text, 'done'::text, 'told'::text]))),
    CONSTRAINT flow_event_n_check CHECK ((n > 0)),
    CONSTRAINT flow_event_note_check CHECK ((note <> ''::text)),
    CONSTRAINT flow_event_notice_check CHECK ((notice >= 0)),
    CONSTRAINT flow_event_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT flow_event_special_check CHECK ((special <> ''::text)),
    CONSTRAINT flow_event_step_check CHECK ((step <> ''::text))
);
ALTER TABLE ONLY public.flow_event ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.flow_event IS 'What happened in a flow, by day, as it was noted. A row never changes: a later one corrects it, or takes it back.';

COMMENT ON COLUMN public.flow_event.notice IS 'Of what was told early: which of the step''s points, from 0.';

COMMENT ON COLUMN public.flow_event.document IS 'The paper that proves it, by name and number.';

COMMENT ON COLUMN public.flow_event.corrects IS 'The row in whose stead this one stands from now on.';

COMMENT ON COLUMN public.flow_event.place IS 'The first row of those that correct one another: its order within a day.';

COMMENT ON COLUMN public.flow_event.retracted IS 'The corrected row holds no more and nothing stands in its stead.';

CREATE VIEW public.flow_event_held AS
 SELECT e.district_id,
    e.flow_id,
    e.n,
    e.step,
    e.kind,
    e.special,
    e.notice,
    e.day,
    e.document,
    e.note,
    e.corrects,
    e.place,
    e.reason,
    e.retracted,
    e.account_id,
    e.at
   FROM public.flow_event e
  WHERE ((NOT e.retracted) AND (NOT (EXISTS ( SELECT
           FROM public.flow_event c
          WHERE ((c.district_id = e.district_id) AND (c.flow_id = e.flow_id) AND (c.corrects = e.n))))));

COMMENT ON VIEW public.flow_event_held IS 'The events of flows as they hold now.';

CREATE TABLE public.flow_template (
    district_id uuid NOT NULL,
    code text NOT NULL,
    revision integer NOT NULL,
    edition text NOT NULL,
    content jsonb NOT NULL,
    account_id uuid,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT flow_template_check CHECK ((((content ->> 'code'::text) = code) AND ((content ->> 'edition'::text) = edition))),
    CONSTRAINT flow_template_code_check CHECK ((code ~ '^[a-z0-9][a-z0-9_]{0,62}$'::text)),
    CONSTRAINT flow_template_edition_check CHECK ((edition <> ''::text)),
    CONSTRAINT flow_template_revision_check CHECK ((revision > 0))
);
ALTER TABLE ONLY public.flow_template ALTER COLUMN district_id SET STATISTICS 0;
ALTER TABLE ONLY public.flow_template ALTER COLUMN content SET STATISTICS 0;

COMMENT ON TABLE public.flow_template IS 'Editions of the templates of approvals. An edition never changes: flows point to the one that they began with.';

COMMENT ON COLUMN public.flow_template.edition IS 'What the bureau calls it.';

COMMENT ON COLUMN public.flow_template.content IS 'As docs/approvals.md has it; geo/flow validates it.';

COMMENT ON COLUMN public.flow_template.account_id IS 'Who wrote it; null: it was shipped.';

CREATE TABLE public.gap_owner (
    district_id uuid NOT NULL,
    gap_owner_id uuid NOT NULL,
    chain text NOT NULL,
    node text NOT NULL,
    team_id uuid NOT NULL,
    noted_by uuid NOT NULL,
    noted_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    released_at timestamp with time zone,
    released_by uuid,
    release_reason text,
    CONSTRAINT gap_owner_release_reason_check CHECK ((release_reason <> ''::text)),
    CONSTRAINT gap_owner_release_says_why CHECK ((((released_at IS NULL) = (release_reason IS NULL)) AND ((released_at IS NULL) = (released_by IS NULL))))
);
ALTER TABLE ONLY public.gap_owner ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.gap_owner IS 'Which team is to win a piece of a chain; live until it is released with a reason.';

CREATE TABLE public.hazard_spacing (
    class text NOT NULL,
    living_m numeric(8,2) NOT NULL,
    source text NOT NULL,
    edition text NOT NULL,
    CONSTRAINT hazard_spacing_class_check CHECK ((class = ANY (ARRAY['A'::text, 'B'::text, 'C'::text, 'D'::text, 'E'::text]))),
    CONSTRAINT hazard_spacing_edition_check CHECK ((edition <> ''::text)),
    CONSTRAINT hazard_spacing_living_m_check CHECK ((living_m >= (0)::numeric)),
    CONSTRAINT hazard_spacing_source_check CHECK ((source <> ''::text))
);

COMMENT ON TABLE public.hazard_spacing IS 'How far production of a fire-hazard class (甲 A to 戊 E) stays from land on which people live: a screen for parcels, not a design. To be checked against the standard before anyone relies on it.';

CREATE TABLE public.idempotency (
    account_id uuid NOT NULL,
    key text NOT NULL,
    request bytea NOT NULL,
    status integer NOT NULL,
    answer jsonb NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT idempotency_key_check CHECK (((key <> ''::text) AND (length(key) <= 200))),
    CONSTRAINT idempotency_request_check CHECK ((length(request) = 32))
);

COMMENT ON TABLE public.idempotency IS 'What a create answered, by its Idempotency-Key; request is the SHA-256 of what was asked.';

CREATE TABLE public.import_report (
    park_id uuid NOT NULL,
    seq bigint NOT NULL,
    layer text NOT NULL,
    made integer NOT NULL,
    changed integer NOT NULL,
    retired integer NOT NULL,
    unchanged integer NOT NULL,
    refused integer NOT NULL,
    report jsonb NOT NULL,
    CONSTRAINT import_report_changed_check CHECK ((changed >= 0)),
    CONSTRAINT import_report_made_check CHECK ((made >= 0)),
    CONSTRAINT import_report_refused_check CHECK ((refused >= 0)),
    CONSTRAINT import_report_report_check CHECK ((jsonb_typeof(report) = 'object'::text)),
    CONSTRAINT import_report_retired_check CHECK ((retired >= 0)),
    CONSTRAINT import_report_unchanged_check CHECK ((unchanged >= 0))
);
ALTER TABLE ONLY public.import_report ALTER COLUMN park_id SET STATISTICS 0;
ALTER TABLE ONLY public.import_report ALTER COLUMN report SET STATISTICS 0;

COMMENT ON TABLE public.import_report IS 'The report of each import that wrote something, from the day on which reports were kept.';

COMMENT ON COLUMN public.import_report.layer IS 'The collection that the rows became: parcels, zones, plan-units or networks.';

COMMENT ON COLUMN public.import_report.report IS 'The report as the import gave it, each list cut to 1,000.';

CREATE TABLE public.invitation (
    hash bytea NOT NULL,
    account_id uuid,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT invitation_hash_check CHECK ((length(hash) = 32))
);

COMMENT ON TABLE public.invitation IS 'One-time links to set a password, by SHA-256 of the secret; without an account, the link that makes the first one.';

CREATE TABLE public.judgement (
    district_id uuid NOT NULL,
    expert_id uuid NOT NULL,
    chain text NOT NULL,
    node text NOT NULL,
    n integer NOT NULL,
    verdict text NOT NULL,
    why text NOT NULL,
    judged_on date NOT NULL,
    noted_by uuid NOT NULL,
    noted_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT judgement_n_check CHECK ((n > 0)),
    CONSTRAINT judgement_verdict_check CHECK ((verdict = ANY (ARRAY['needed'::text, 'helpful'::text, 'not_needed'::text]))),
    CONSTRAINT judgement_why_check CHECK ((why <> ''::text))
);
ALTER TABLE ONLY public.judgement ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.judgement IS 'What an expert says of a piece of a chain. The last one of an expert counts (judgement_held); those before are kept.';

COMMENT ON COLUMN public.judgement.n IS 'Counts what one expert said of one piece; given by trigger.';

CREATE VIEW public.judgement_held AS
 SELECT j.district_id,
    j.expert_id,
    j.chain,
    j.node,
    j.n,
    j.verdict,
    j.why,
    j.judged_on,
    j.noted_by,
    j.noted_at
   FROM public.judgement j
  WHERE (NOT (EXISTS ( SELECT
           FROM public.judgement l
          WHERE ((l.district_id = j.district_id) AND (l.chain = j.chain) AND (l.node = j.node) AND (l.expert_id = j.expert_id) AND (l.n = (j.n + 1))))));

COMMENT ON VIEW public.judgement_held IS 'What each expert said last of each piece of a chain.';

CREATE TABLE public.known_browser (
    hash bytea NOT NULL,
    account_id uuid NOT NULL,
    seen_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT known_browser_hash_check CHECK ((length(hash) = 32))
);

COMMENT ON TABLE public.known_browser IS 'Browsers that an account has signed in with, by SHA-256 of what their cookie carries; of an account the newest 32 are kept.';

CREATE TABLE public.project_land_start (
    district_id uuid NOT NULL,
    project_id uuid NOT NULL,
    n integer NOT NULL,
    park_id uuid,
    allotment_id uuid,
    started_on date NOT NULL,
    "precision" text DEFAULT 'day'::text NOT NULL,
    kind text NOT NULL,
    evidence text NOT NULL,
    basis text DEFAULT 'confirmed'::text NOT NULL,
    noted_by uuid,
    noted_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    corrects boolean DEFAULT false NOT NULL,
    withdrawn boolean DEFAULT false NOT NULL,
    reason text,
    CONSTRAINT land_start_is_seen CHECK (((basis = 'reported'::text) OR (kind <> 'stated'::text))),
    CONSTRAINT land_start_of_a_right CHECK (((park_id IS NULL) = (allotment_id IS NULL))),
    CONSTRAINT land_start_says_why CHECK (((reason IS NOT NULL) OR (NOT corrects))),
    CONSTRAINT land_start_withdrawn_was CHECK ((corrects OR (NOT withdrawn))),
    CONSTRAINT project_land_start_basis_check CHECK ((basis = ANY (ARRAY['confirmed'::text, 'reported'::text]))),
    CONSTRAINT project_land_start_evidence_check CHECK ((evidence <> ''::text)),
    CONSTRAINT project_land_start_kind_check CHECK ((kind = ANY (ARRAY['pit'::text, 'piles'::text, 'foundation'::text, 'stated'::text]))),
    CONSTRAINT project_land_start_n_check CHECK ((n > 0)),
    CONSTRAINT project_land_start_precision_check CHECK (("precision" = ANY (ARRAY['day'::text, 'month'::text, 'year'::text, 'by'::text]))),
    CONSTRAINT project_land_start_reason_check CHECK ((reason <> ''::text))
);
ALTER TABLE ONLY public.project_land_start ALTER COLUMN district_id SET STATISTICS 0;
ALTER TABLE ONLY public.project_land_start ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.project_land_start IS 'When construction began as the land law means it (动工开发): after the building permit a deep pit is finished, all piles are in, or a third of other foundations. Of one right to land, or of the project where the right is not said.';

COMMENT ON COLUMN public.project_land_start.n IS 'Counts the rows of a project; given by trigger.';

COMMENT ON COLUMN public.project_land_start.kind IS 'pit, piles, foundation: what was seen; stated: a ledger says so and not what was seen, only with basis reported.';

CREATE VIEW public.land_started AS
 SELECT s.district_id,
    s.project_id,
    s.n,
    s.park_id,
    s.allotment_id,
    s.started_on,
    s."precision",
    s.kind,
    s.evidence,
    s.basis,
    s.noted_by,
    s.noted_at,
    s.corrects,
    s.withdrawn,
    s.reason
   FROM public.project_land_start s
  WHERE ((NOT s.withdrawn) AND (NOT (EXISTS ( SELECT
           FROM public.project_land_start l
          WHERE (((l.district_id = s.district_id) AND (l.project_id = s.project_id)) AND (NOT (l.allotment_id IS DISTINCT FROM s.allotment_id)) AND (l.n > s.n))))));

COMMENT ON VIEW public.land_started IS 'The starts of construction that count: neither corrected nor withdrawn.';

CREATE TABLE public.land_sum_public (
    park_id uuid NOT NULL,
    status text NOT NULL,
    from_seq bigint NOT NULL,
    to_seq bigint,
    parcels bigint NOT NULL,
    legal bigint NOT NULL,
    computed bigint NOT NULL,
    inside bigint NOT NULL
);
ALTER TABLE ONLY public.land_sum_public ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.land_sum_public IS 'The public land of a park by status: how many parcels and, in 0.0001 m2, their areas. Written by trigger with parcel_public.';

COMMENT ON COLUMN public.land_sum_public.inside IS 'How much of it lies within the park''s boundary as it is now, so that what lies outside of it does not lessen what is without parcels.';

CREATE TABLE public.ledger_file (
    district_id uuid NOT NULL,
    hash bytea NOT NULL,
    bytes bytea NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT ledger_file_is_its_content CHECK ((hash = sha256(bytes))),
    CONSTRAINT ledger_file_is_small CHECK (((octet_length(bytes) >= 1) AND (octet_length(bytes) <= 4194304)))
);
ALTER TABLE ONLY public.ledger_file ALTER COLUMN district_id SET STATISTICS 0;
ALTER TABLE ONLY public.ledger_file ALTER COLUMN bytes SET STATISTICS 0;
ALTER TABLE ONLY public.ledger_file ALTER COLUMN bytes SET STORAGE EXTERNAL;

COMMENT ON TABLE public.ledger_file IS 'Ledgers (项目台账, XLSX) as they came, by their content.';

CREATE TABLE public.ledger_import (
    district_id uuid NOT NULL,
    import_id uuid NOT NULL,
    park_id uuid,
    hash bytea NOT NULL,
    name text NOT NULL,
    sheet text NOT NULL,
    as_of date NOT NULL,
    reading jsonb NOT NULL,
    made integer NOT NULL,
    changed integer NOT NULL,
    kept integer NOT NULL,
    noted_by uuid NOT NULL,
    noted_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT ledger_import_changed_check CHECK ((changed >= 0)),
    CONSTRAINT ledger_import_kept_check CHECK ((kept >= 0)),
    CONSTRAINT ledger_import_made_check CHECK ((made >= 0)),
    CONSTRAINT ledger_import_name_check CHECK ((name <> ''::text)),
    CONSTRAINT ledger_import_reading_check CHECK ((jsonb_typeof(reading) = 'object'::text)),
    CONSTRAINT ledger_import_sheet_check CHECK ((sheet <> ''::text))
);
ALTER TABLE ONLY public.ledger_import ALTER COLUMN district_id SET STATISTICS 0;
ALTER TABLE ONLY public.ledger_import ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.ledger_import IS 'A ledger that was taken in, whole, for a park or for the district; the same file is taken once for each.';

COMMENT ON COLUMN public.ledger_import.reading IS 'Where its heads are, what its columns mean, and what was decided of its rows.';

CREATE TABLE public.ledger_mapping (
    district_id uuid NOT NULL,
    park_id uuid,
    n integer NOT NULL,
    columns jsonb NOT NULL,
    noted_by uuid NOT NULL,
    noted_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT ledger_mapping_columns_check CHECK ((jsonb_typeof(columns) = 'array'::text)),
    CONSTRAINT ledger_mapping_n_check CHECK ((n > 0))
);
ALTER TABLE ONLY public.ledger_mapping ALTER COLUMN district_id SET STATISTICS 0;
ALTER TABLE ONLY public.ledger_mapping ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.ledger_mapping IS 'What the heads of ledgers of a park or of the district mean; the last one is offered.';

CREATE TABLE public.ledger_row (
    district_id uuid NOT NULL,
    import_id uuid NOT NULL,
    row_no integer NOT NULL,
    project_id uuid NOT NULL,
    park_id uuid,
    key text NOT NULL,
    made boolean NOT NULL,
    CONSTRAINT ledger_row_key_check CHECK ((key <> ''::text)),
    CONSTRAINT ledger_row_row_no_check CHECK ((row_no > 0))
);
ALTER TABLE ONLY public.ledger_row ALTER COLUMN district_id SET STATISTICS 0;
ALTER TABLE ONLY public.ledger_row ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.ledger_row IS 'Which project a row of a ledger is.';

COMMENT ON COLUMN public.ledger_row.key IS 'Firm and project as names are compared: a ledger makes a project of a key once.';

CREATE TABLE public.letting (
    park_id uuid NOT NULL,
    letting_id uuid NOT NULL,
    unit_id uuid NOT NULL,
    district_id uuid NOT NULL,
    project_id uuid NOT NULL,
    period daterange NOT NULL,
    state text NOT NULL,
    hold_until date,
    let_on date,
    document text,
    revision integer DEFAULT 1 NOT NULL,
    changed_by uuid,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    reason text,
    CONSTRAINT hold_has_a_deadline CHECK (((state <> 'held'::text) OR (hold_until IS NOT NULL))),
    CONSTRAINT lease_has_a_document CHECK ((((let_on IS NULL) = (document IS NULL)) AND ((state <> 'let'::text) OR (let_on IS NOT NULL)))),
    CONSTRAINT letting_begins CHECK (((state = 'ended'::text) OR (lower(period) IS NOT NULL))),
    CONSTRAINT letting_document_check CHECK ((document <> ''::text)),
    CONSTRAINT letting_ends_with_reason CHECK (((state <> 'ended'::text) OR (reason IS NOT NULL))),
    CONSTRAINT letting_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT letting_state_check CHECK ((state = ANY (ARRAY['held'::text, 'let'::text, 'ended'::text])))
);
ALTER TABLE ONLY public.letting ALTER COLUMN park_id SET STATISTICS 0;
ALTER TABLE ONLY public.letting ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.letting IS 'Which project holds a unit, or has let it, for which days. A unit is held or let once at a time: unit_let_once. A lease that ended keeps the days that it lasted; a hold that ended keeps none from others.';

COMMENT ON COLUMN public.letting.period IS 'From the first day until the day after the last; without an end where none is agreed.';

COMMENT ON COLUMN public.letting.hold_until IS 'The last day of the hold; after it the hold is over, and another may have the unit.';

COMMENT ON COLUMN public.letting.let_on IS 'When the lease was signed; null: it was only held.';

COMMENT ON COLUMN public.letting.document IS 'The lease, by its number.';

CREATE TABLE public.lineage (
    park_id uuid NOT NULL,
    seq bigint NOT NULL,
    parent_id uuid NOT NULL,
    child_id uuid NOT NULL,
    CONSTRAINT lineage_check CHECK ((parent_id <> child_id))
);
ALTER TABLE ONLY public.lineage ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.lineage IS 'Which parcels came out of which, by which record; walked both ways.';

CREATE TABLE public.mail (
    mail_id uuid NOT NULL,
    account_id uuid NOT NULL,
    kind text NOT NULL,
    queued_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    state text DEFAULT 'queued'::text NOT NULL,
    lease uuid,
    leased_until timestamp with time zone,
    tries integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    reply integer,
    error text,
    settled_at timestamp with time zone,
    decided_by uuid,
    decided_at timestamp with time zone,
    decision_reason text,
    CONSTRAINT mail_decision_reason_check CHECK ((decision_reason <> ''::text)),
    CONSTRAINT mail_decision_says_why CHECK ((((decided_by IS NULL) = (decided_at IS NULL)) AND ((decided_by IS NULL) = (decision_reason IS NULL)))),
    CONSTRAINT mail_kind_check CHECK ((kind = ANY (ARRAY['reminders'::text, 'confirm'::text]))),
    CONSTRAINT mail_reply_check CHECK (((reply >= 200) AND (reply <= 599))),
    CONSTRAINT mail_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'claimed'::text, 'handed'::text, 'sent'::text, 'unknown'::text, 'refused'::text, 'void'::text]))),
    CONSTRAINT mail_under_way_is_leased CHECK (((state <> ALL (ARRAY['claimed'::text, 'handed'::text])) OR ((lease IS NOT NULL) AND (leased_until IS NOT NULL))))
);

COMMENT ON TABLE public.mail IS 'Mails to send, and what became of them. Its id makes the Message-ID, the same at each try. What it says is written when it is sent, of what its person may see then.';

COMMENT ON COLUMN public.mail.state IS 'claimed: nothing of it is with the mail server yet. handed: it may be. unknown: its sender ended while it was handed over; it is not sent again unless an admin says so. void: there was nothing left to tell.';

CREATE TABLE public.meeting (
    park_id uuid NOT NULL,
    meeting_id uuid NOT NULL,
    day date NOT NULL,
    title text NOT NULL,
    made_by uuid NOT NULL,
    made_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT meeting_day_check CHECK (((day >= '2000-01-01'::date) AND (day <= '2200-12-31'::date))),
    CONSTRAINT meeting_title_check CHECK ((title <> ''::text))
);
ALTER TABLE ONLY public.meeting ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.meeting IS 'Meetings of a park that see to problems of projects (推进会).';

CREATE TABLE public.meeting_minute (
    park_id uuid NOT NULL,
    meeting_id uuid NOT NULL,
    n integer NOT NULL,
    words text NOT NULL,
    account_id uuid NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT meeting_minute_n_check CHECK ((n > 0)),
    CONSTRAINT meeting_minute_words_check CHECK ((words <> ''::text))
);
ALTER TABLE ONLY public.meeting_minute ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.meeting_minute IS 'The minutes of a meeting: the last row counts, those before it stay.';

COMMENT ON COLUMN public.meeting_minute.n IS 'Counts the rows of a meeting; given by trigger.';

CREATE TABLE public.membership (
    account_id uuid NOT NULL,
    park_id uuid,
    role text NOT NULL,
    CONSTRAINT membership_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'planner'::text, 'approver'::text, 'leader'::text, 'admin'::text])))
);
ALTER TABLE ONLY public.membership ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.membership IS 'What an account may do in a park; without a park, in every park.';

CREATE TABLE public.project_money (
    district_id uuid NOT NULL,
    project_id uuid NOT NULL,
    kind text NOT NULL,
    span text NOT NULL,
    currency text NOT NULL,
    year integer NOT NULL,
    as_of date NOT NULL,
    n integer NOT NULL,
    amount numeric(16,2) NOT NULL,
    evidence text NOT NULL,
    basis text DEFAULT 'confirmed'::text NOT NULL,
    noted_by uuid,
    noted_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    corrects boolean DEFAULT false NOT NULL,
    reason text,
    CONSTRAINT money_has_its_span CHECK (
CASE kind
    WHEN 'planned_total'::text THEN (span = 'whole'::text)
    WHEN 'year_plan'::text THEN (span = 'year'::text)
    WHEN 'paid'::text THEN (span = ANY (ARRAY['to_date'::text, 'since_begin'::text]))
    ELSE (span = ANY (ARRAY['to_date'::text, 'month'::text, 'since_begin'::text]))
END),
    CONSTRAINT money_has_one_home CHECK (((currency <> 'CNY'::text) OR (((kind <> 'planned_total'::text) OR (span <> 'whole'::text)) AND ((kind <> 'paid'::text) OR (span <> 'to_date'::text))))),
    CONSTRAINT money_is_of_its_year CHECK (((span = 'year'::text) OR ((year)::numeric = EXTRACT(year FROM as_of)))),
    CONSTRAINT money_month_is_whole CHECK (((span <> 'month'::text) OR (as_of = ((date_trunc('month'::text, (as_of)::timestamp without time zone) + '1 mon -1 days'::interval))::date))),
    CONSTRAINT money_says_why CHECK (((reason IS NOT NULL) OR (NOT corrects))),
    CONSTRAINT project_money_amount_check CHECK ((amount >= (0)::numeric)),
    CONSTRAINT project_money_basis_check CHECK ((basis = ANY (ARRAY['confirmed'::text, 'reported'::text]))),
    CONSTRAINT project_money_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT project_money_evidence_check CHECK ((evidence <> ''::text)),
    CONSTRAINT project_money_kind_check CHECK ((kind = ANY (ARRAY['planned_total'::text, 'year_plan'::text, 'paid'::text, 'fixed_asset'::text]))),
    CONSTRAINT project_money_n_check CHECK ((n > 0)),
    CONSTRAINT project_money_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT project_money_year_check CHECK (((year >= 1980) AND (year <= 2200)))
);
ALTER TABLE ONLY public.project_money ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.project_money IS 'Money of a project by kind: no sum has two kinds, spans or currencies. The planned total in CNY is a fact of project_version, what was paid in CNY since the first of January of project_investment.';

COMMENT ON COLUMN public.project_money.span IS 'whole: the whole plan; year: the plan of a year; to_date: from the first of January until as_of; month: of the month that ends with as_of; since_begin: from the project''s beginning until as_of.';

COMMENT ON COLUMN public.project_money.as_of IS 'The last day that is counted; of a plan the day on which it was stated.';

COMMENT ON COLUMN public.project_money.n IS 'Counts the notes of one kind, span, currency, year and day; given by trigger.';

CREATE VIEW public.money_noted AS
 SELECT m.district_id,
    m.project_id,
    m.kind,
    m.span,
    m.currency,
    m.year,
    m.as_of,
    m.amount,
    m.evidence,
    m.basis,
    m.noted_by,
    m.noted_at
   FROM public.project_money m
  WHERE (NOT (EXISTS ( SELECT
           FROM public.project_money l
          WHERE ((l.district_id = m.district_id) AND (l.project_id = m.project_id) AND (l.kind = m.kind) AND (l.span = m.span) AND (l.currency = m.currency) AND (l.year = m.year) AND (l.as_of = m.as_of) AND (l.n = (m.n + 1))))));

COMMENT ON VIEW public.money_noted IS 'The amounts that count: those that were not corrected.';

CREATE TABLE public.network (
    park_id uuid NOT NULL,
    network_id uuid NOT NULL,
    code text NOT NULL,
    version bigint DEFAULT 0 NOT NULL,
    live boolean DEFAULT true NOT NULL,
    CONSTRAINT network_code_check CHECK ((code <> ''::text))
);
ALTER TABLE ONLY public.network ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.network IS 'A road, rail link, port, substation or a utility''s line or node.';

COMMENT ON COLUMN public.network.version IS 'Number of the newest change that touched it; what If-Match compares.';

COMMENT ON COLUMN public.network.live IS 'It has not been retired; set by trigger.';

CREATE TABLE public.network_version (
    park_id uuid NOT NULL,
    network_id uuid NOT NULL,
    from_seq bigint NOT NULL,
    to_seq bigint,
    prev_to_seq bigint,
    sys tstzrange NOT NULL,
    kind text NOT NULL,
    grade text NOT NULL,
    name_zh text,
    name_en text,
    width_m numeric(8,2),
    capacity numeric(16,3),
    unit text,
    publication text NOT NULL,
    geom public.geometry(Geometry,4490) NOT NULL,
    headroom_told text DEFAULT 'band'::text NOT NULL,
    capacity_told text DEFAULT 'none'::text NOT NULL,
    CONSTRAINT capacity_is_finite CHECK (((capacity < 'Infinity'::numeric) AND (width_m < 'Infinity'::numeric))),
    CONSTRAINT network_version_capacity_check CHECK ((capacity >= (0)::numeric)),
    CONSTRAINT network_version_capacity_told_check CHECK ((capacity_told = ANY (ARRAY['figure'::text, 'none'::text]))),
    CONSTRAINT network_version_check CHECK ((to_seq > from_seq)),
    CONSTRAINT network_version_check1 CHECK ((prev_to_seq = from_seq)),
    CONSTRAINT network_version_check2 CHECK (((capacity IS NULL) = (unit IS NULL))),
    CONSTRAINT network_version_geom_check CHECK (((public.geometrytype(geom) = ANY (ARRAY['POINT'::text, 'LINESTRING'::text, 'MULTILINESTRING'::text])) AND (NOT public.st_isempty(geom)))),
    CONSTRAINT network_version_grade_check CHECK ((grade = ANY (ARRAY['expressway'::text, 'trunk'::text, 'main'::text, 'branch'::text, 'lane'::text, 'node'::text]))),
    CONSTRAINT network_version_headroom_told_check CHECK ((headroom_told = ANY (ARRAY['figure'::text, 'band'::text, 'word'::text, 'none'::text]))),
    CONSTRAINT network_version_kind_check CHECK ((kind = ANY (ARRAY['road'::text, 'rail'::text, 'port'::text, 'substation'::text, 'power'::text, 'steam'::text, 'water'::text, 'gas'::text, 'sewer'::text, 'nitrogen'::text]))),
    CONSTRAINT network_version_name_en_check CHECK ((name_en <> ''::text)),
    CONSTRAINT network_version_name_zh_check CHECK ((name_zh <> ''::text)),
    CONSTRAINT network_version_publication_check CHECK ((publication = ANY (ARRAY['public'::text, 'internal'::text]))),
    CONSTRAINT network_version_width_m_check CHECK ((width_m > (0)::numeric))
);
ALTER TABLE ONLY public.network_version ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.network_version IS 'What a network element was from one change of its park to another.';

COMMENT ON COLUMN public.network_version.capacity IS 'Installed capacity in unit: kVA, t/h, m3/d, m3/h or t/a.';

COMMENT ON COLUMN public.network_version.publication IS 'Where a writer says nothing, internal of the line of a utility, public of all else (first_publication).';

COMMENT ON COLUMN public.network_version.headroom_told IS 'How the public is told what a node has left: a figure, a band, a word, or not at all (none).';

COMMENT ON COLUMN public.network_version.capacity_told IS 'Whether the public is told the capacity: as a figure, or not (none).';

CREATE VIEW public.network_desk AS
 SELECT v.park_id,
    v.network_id,
    v.from_seq,
    v.to_seq,
    v.sys,
    i.code,
    v.kind,
    v.grade,
    v.name_zh,
    v.name_en,
    v.width_m,
    v.capacity,
    v.unit,
    v.geom,
    v.publication,
    v.headroom_told,
        CASE
            WHEN (v.to_seq IS NULL) THEN i.version
            ELSE NULL::bigint
        END AS version,
    v.capacity_told
   FROM (public.network_version v
     LEFT JOIN public.network i ON (((i.park_id = v.park_id) AND (i.network_id = v.network_id))));

COMMENT ON VIEW public.network_desk IS 'Versions of networks as planners see them; version is set on the live one.';

CREATE TABLE public.network_public (
    park_id uuid NOT NULL,
    network_id uuid NOT NULL,
    from_seq bigint NOT NULL,
    to_seq bigint,
    sys tstzrange NOT NULL,
    code text NOT NULL,
    kind text NOT NULL,
    grade text NOT NULL,
    name_zh text,
    name_en text,
    width_m numeric(8,2),
    capacity numeric(16,3),
    unit text,
    geom public.geometry(Geometry,4490) NOT NULL
);
ALTER TABLE ONLY public.network_public ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.network_public IS 'Versions of networks as the public sees them.';

CREATE TABLE public.paper_version (
    park_id uuid NOT NULL,
    paper_id uuid NOT NULL,
    from_seq bigint NOT NULL,
    to_seq bigint,
    prev_to_seq bigint,
    sys tstzrange NOT NULL,
    parcel_id uuid NOT NULL,
    hash bytea NOT NULL,
    kind text NOT NULL,
    title_zh text,
    title_en text,
    dated date,
    number text,
    expires_on date,
    illustrative boolean DEFAULT false NOT NULL,
    publication text DEFAULT 'internal'::text NOT NULL,
    CONSTRAINT paper_expires_later CHECK ((expires_on >= dated)),
    CONSTRAINT paper_has_a_title CHECK ((COALESCE(title_zh, title_en) IS NOT NULL)),
    CONSTRAINT paper_version_check CHECK ((to_seq > from_seq)),
    CONSTRAINT paper_version_check1 CHECK ((prev_to_seq = from_seq)),
    CONSTRAINT paper_version_kind_check CHECK ((kind = ANY (ARRAY['photo'::text, 'document'::text]))),
    CONSTRAINT paper_version_number_check CHECK ((number <> ''::text)),
    CONSTRAINT paper_version_publication_check CHECK ((publication = ANY (ARRAY['public'::text, 'internal'::text]))),
    CONSTRAINT paper_version_title_en_check CHECK ((title_en <> ''::text)),
    CONSTRAINT paper_version_title_zh_check CHECK ((title_zh <> ''::text))
);
ALTER TABLE ONLY public.paper_version ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.paper_version IS 'What a photo or document of a parcel was said to be, from one change of its park to another. Its parcel, file and kind stay.';

COMMENT ON COLUMN public.paper_version.dated IS 'The day on which it was taken or issued; null where that is not known.';

COMMENT ON COLUMN public.paper_version.expires_on IS 'The last day on which it holds; null where it doesn''t say.';

COMMENT ON COLUMN public.paper_version.illustrative IS 'Drawn or made up to show what could be, and not of the ground itself.';

CREATE TABLE public.parcel (
    park_id uuid NOT NULL,
    parcel_id uuid NOT NULL,
    version bigint DEFAULT 0 NOT NULL
);
ALTER TABLE ONLY public.parcel ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.parcel IS 'The identity of a piece of land that can be allotted; what it is stands in its versions.';

COMMENT ON COLUMN public.parcel.version IS 'Number of the newest change that touched the parcel or a right on it; what If-Match compares.';

CREATE TABLE public.zone (
    park_id uuid NOT NULL,
    zone_id uuid NOT NULL,
    code text NOT NULL,
    version bigint DEFAULT 0 NOT NULL,
    live boolean DEFAULT true NOT NULL,
    CONSTRAINT zone_code_check CHECK ((code <> ''::text))
);
ALTER TABLE ONLY public.zone ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.zone IS 'A functional zone of a park; its code stays for life.';

COMMENT ON COLUMN public.zone.version IS 'Number of the newest change that touched it; what If-Match compares.';

COMMENT ON COLUMN public.zone.live IS 'It has not been retired; set by trigger.';

CREATE VIEW public.parcel_desk AS
 SELECT v.park_id,
    v.parcel_id,
    v.from_seq,
    v.to_seq,
    v.sys,
    v.code,
    z.code AS zone,
    v.bank_status,
    v.land_use,
    v.services,
    v.legal_m2,
    v.computed_m2,
    v.ellipsoid_m2,
    v.price_cny_per_m2,
    v.cadastral_no,
    v.estate_unit_no,
    v.geom,
    v.publication,
    p.version,
    v.price_kind,
    v.price_document,
    v.price_on,
    v.price_told,
    v.services_told
   FROM ((public.parcel_version v
     LEFT JOIN public.parcel p ON (((p.park_id = v.park_id) AND (p.parcel_id = v.parcel_id))))
     LEFT JOIN public.zone z ON (((z.park_id = v.park_id) AND (z.zone_id = v.zone_id))));

COMMENT ON VIEW public.parcel_desk IS 'Versions of parcels as planners see them, without the right on them; version is the parcel''s newest.';

CREATE TABLE public.park_border (
    park_id uuid NOT NULL,
    seq bigint NOT NULL,
    was public.geometry(MultiPolygon,4490) NOT NULL,
    geom public.geometry(MultiPolygon,4490) NOT NULL
);
ALTER TABLE ONLY public.park_border ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.park_border IS 'Which records changed a park''s border, from what to what; written by trigger.';

CREATE TABLE public.park_clock (
    park_id uuid NOT NULL,
    seq bigint DEFAULT 0 NOT NULL,
    at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    writer xid8,
    dirty boolean DEFAULT false NOT NULL,
    bordered_by xid8,
    CONSTRAINT park_clock_seq_check CHECK ((seq >= 0))
);

COMMENT ON TABLE public.park_clock IS 'One row a park: its write lock, the number of its newest change and when that was.';

COMMENT ON COLUMN public.park_clock.writer IS 'The transaction that made the newest change; only it may begin or close versions at this number.';

COMMENT ON COLUMN public.park_clock.dirty IS 'Something was written since the record was last checked as a whole.';

COMMENT ON COLUMN public.park_clock.bordered_by IS 'The transaction that last drew the park''s border.';

CREATE TABLE public.park_public (
    park_id uuid NOT NULL,
    code text NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    district_zh text NOT NULL,
    district_en text NOT NULL,
    survey_crs integer NOT NULL,
    time_zone text NOT NULL,
    illustrative boolean NOT NULL,
    computed_m2 double precision NOT NULL,
    geom public.geometry(MultiPolygon,4490) NOT NULL,
    hold_shown text DEFAULT 'in_negotiation'::text NOT NULL,
    map_review_no text,
    old_after_months integer DEFAULT 12 NOT NULL,
    corners_told text DEFAULT 'exact'::text NOT NULL,
    contact jsonb
);

COMMENT ON TABLE public.park_public IS 'Parks as the public sees them.';

CREATE TABLE public.party (
    district_id uuid NOT NULL,
    party_id uuid NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    named boolean DEFAULT false NOT NULL,
    placeholder boolean DEFAULT false NOT NULL,
    source text,
    revision integer DEFAULT 1 NOT NULL,
    park_id uuid,
    credit_code text,
    CONSTRAINT party_name_en_check CHECK ((name_en <> ''::text)),
    CONSTRAINT party_name_zh_check CHECK ((name_zh <> ''::text)),
    CONSTRAINT party_revision_check CHECK ((revision > 0))
);
ALTER TABLE ONLY public.party ALTER COLUMN district_id SET STATISTICS 0;
ALTER TABLE ONLY public.party ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.party IS 'A company or public body. Data of persons lives only in contact.';

COMMENT ON COLUMN public.party.named IS 'It agreed to be named to the public.';

COMMENT ON COLUMN public.party.placeholder IS 'Stands for one that the source does not name.';

COMMENT ON COLUMN public.party.revision IS 'Counts the edits; what If-Match compares.';

COMMENT ON COLUMN public.party.park_id IS 'The park that entered it; null: the district did.';

COMMENT ON COLUMN public.party.credit_code IS 'Unified social credit code (统一社会信用代码, GB 32100-2015); null: not registered, or not known.';

CREATE TABLE public.project_version (
    district_id uuid NOT NULL,
    project_id uuid NOT NULL,
    revision integer NOT NULL,
    sys tstzrange DEFAULT tstzrange(clock_timestamp(), NULL::timestamp with time zone) NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    industry_codes jsonb DEFAULT '[]'::jsonb NOT NULL,
    chain_stage text,
    investment_cny numeric(16,2),
    figures jsonb DEFAULT '{}'::jsonb NOT NULL,
    requirement jsonb DEFAULT '{}'::jsonb NOT NULL,
    task_force text,
    placeholder boolean DEFAULT false NOT NULL,
    named boolean DEFAULT false NOT NULL,
    source text,
    party_id uuid,
    seeks uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    kind text DEFAULT 'new'::text NOT NULL,
    ground text,
    CONSTRAINT ground_of_an_expansion CHECK (((ground IS NULL) OR (kind = 'expansion'::text))),
    CONSTRAINT project_version_figures_check CHECK ((jsonb_typeof(figures) = 'object'::text)),
    CONSTRAINT project_version_ground_check CHECK ((ground = ANY (ARRAY['own'::text, 'neighbouring'::text, 'none'::text]))),
    CONSTRAINT project_version_industry_codes_check CHECK ((jsonb_typeof(industry_codes) = 'array'::text)),
    CONSTRAINT project_version_investment_cny_check CHECK ((investment_cny >= (0)::numeric)),
    CONSTRAINT project_version_kind_check CHECK ((kind = ANY (ARRAY['new'::text, 'expansion'::text]))),
    CONSTRAINT project_version_name_en_check CHECK ((name_en <> ''::text)),
    CONSTRAINT project_version_name_zh_check CHECK ((name_zh <> ''::text)),
    CONSTRAINT project_version_requirement_check CHECK ((jsonb_typeof(requirement) = 'object'::text)),
    CONSTRAINT project_version_revision_check CHECK ((revision > 0))
);
ALTER TABLE ONLY public.project_version ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.project_version IS 'Facts of a project as they were known over a time.';

COMMENT ON COLUMN public.project_version.industry_codes IS 'Array of {code, edition}: carbon fibre has no single home in GB/T 4754.';

COMMENT ON COLUMN public.project_version.figures IS 'Stated figures such as {"sales_cny_per_year": 200000000, "production_year": 2023}.';

COMMENT ON COLUMN public.project_version.party_id IS 'Whose project it was then. Whose it is now stands in project.';

COMMENT ON COLUMN public.project_version.seeks IS 'Parks in which it seeks land, by their own word; places in lines and rights count besides.';

COMMENT ON COLUMN public.project_version.kind IS 'New to the park, or the expansion of a firm that is here.';

COMMENT ON COLUMN public.project_version.ground IS 'Where an expansion goes; null: not known.';

CREATE VIEW public.project_park AS
 SELECT j.district_id,
    j.project_id,
    j.park_id
   FROM public.project j
  WHERE (j.park_id IS NOT NULL)
UNION ALL
 SELECT v.district_id,
    v.project_id,
    s.park_id
   FROM (public.project_version v
     CROSS JOIN LATERAL unnest(v.seeks) s(park_id))
  WHERE upper_inf(v.sys)
UNION ALL
 SELECT t.district_id,
    t.project_id,
    t.park_id
   FROM (public.allotment t
     JOIN public.allotment_version a ON ((((a.park_id = t.park_id) AND (a.allotment_id = t.allotment_id)) AND (a.to_seq IS NULL))))
UNION ALL
 SELECT w.district_id,
    w.project_id,
    w.park_id
   FROM public.waiting w
  WHERE (w.to_seq IS NULL)
UNION ALL
 SELECT l.district_id,
    l.project_id,
    l.park_id
   FROM public.letting l
  WHERE (l.state <> 'ended'::text);

COMMENT ON VIEW public.project_park IS 'Whose business a project is: the park that entered it, where it seeks land, has some, waits for some, or has floor space. A pair may come more than once.';

CREATE VIEW public.party_park AS
 SELECT p.district_id,
    p.party_id,
    p.park_id
   FROM public.party p
  WHERE (p.park_id IS NOT NULL)
UNION ALL
 SELECT j.district_id,
    j.party_id,
    c.park_id
   FROM ((public.project j
     JOIN public.party p ON ((((p.district_id = j.district_id) AND (p.party_id = j.party_id)) AND (NOT (p.park_id IS DISTINCT FROM j.park_id)))))
     JOIN public.project_park c ON (((c.district_id = j.district_id) AND (c.project_id = j.project_id))))
UNION ALL
 SELECT j.district_id,
    j.party_id,
    t.park_id
   FROM ((public.project j
     JOIN public.allotment t ON (((t.district_id = j.district_id) AND (t.project_id = j.project_id))))
     JOIN public.allotment_version a ON ((((a.park_id = t.park_id) AND (a.allotment_id = t.allotment_id)) AND (a.to_seq IS NULL))))
  WHERE (j.party_id IS NOT NULL)
UNION ALL
 SELECT j.district_id,
    j.party_id,
    w.park_id
   FROM (public.project j
     JOIN public.waiting w ON ((((w.district_id = j.district_id) AND (w.project_id = j.project_id)) AND (w.to_seq IS NULL))))
  WHERE (j.party_id IS NOT NULL)
UNION ALL
 SELECT j.district_id,
    j.party_id,
    l.park_id
   FROM (public.project j
     JOIN public.letting l ON ((((l.district_id = j.district_id) AND (l.project_id = j.project_id)) AND (l.state <> 'ended'::text))))
  WHERE (j.party_id IS NOT NULL);

COMMENT ON VIEW public.party_park IS 'Whose business a company is: the park that entered it, those in which its projects have land or floor space or wait for some, and those whose business a project is that the same park entered: a project that another park makes of it carries it no further.';

CREATE TABLE public.party_version (
    district_id uuid NOT NULL,
    party_id uuid NOT NULL,
    revision integer NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    named boolean NOT NULL,
    source text,
    credit_code text
);
ALTER TABLE ONLY public.party_version ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.party_version IS 'What a party was from each of its edits on; written by trigger.';

CREATE TABLE public.plan_unit (
    park_id uuid NOT NULL,
    plan_unit_id uuid NOT NULL,
    code text NOT NULL,
    version bigint DEFAULT 0 NOT NULL,
    live boolean DEFAULT true NOT NULL,
    CONSTRAINT plan_unit_code_check CHECK ((code <> ''::text))
);
ALTER TABLE ONLY public.plan_unit ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.plan_unit IS 'A unit of the detailed plan. The plan is not the parcel: conditions hang here, and parcels fall into it.';

COMMENT ON COLUMN public.plan_unit.version IS 'Number of the newest change that touched it; what If-Match compares.';

COMMENT ON COLUMN public.plan_unit.live IS 'It has not been retired; set by trigger.';

CREATE TABLE public.plan_unit_version (
    park_id uuid NOT NULL,
    plan_unit_id uuid NOT NULL,
    from_seq bigint NOT NULL,
    to_seq bigint,
    prev_to_seq bigint,
    sys tstzrange NOT NULL,
    land_use text NOT NULL,
    conditions jsonb DEFAULT '{}'::jsonb NOT NULL,
    edition text NOT NULL,
    effective_from date NOT NULL,
    computed_m2 double precision NOT NULL,
    publication text DEFAULT 'public'::text NOT NULL,
    geom public.geometry(MultiPolygon,4490) NOT NULL,
    CONSTRAINT area_is_finite CHECK ((computed_m2 < 'Infinity'::double precision)),
    CONSTRAINT plan_unit_version_check CHECK ((to_seq > from_seq)),
    CONSTRAINT plan_unit_version_check1 CHECK ((prev_to_seq = from_seq)),
    CONSTRAINT plan_unit_version_computed_m2_check CHECK ((computed_m2 > (0)::double precision)),
    CONSTRAINT plan_unit_version_conditions_check CHECK ((jsonb_typeof(conditions) = 'object'::text)),
    CONSTRAINT plan_unit_version_edition_check CHECK ((edition <> ''::text)),
    CONSTRAINT plan_unit_version_geom_check CHECK (public.st_isvalid(geom)),
    CONSTRAINT plan_unit_version_land_use_check CHECK ((land_use ~ '^[0-9]{2,6}$'::text)),
    CONSTRAINT plan_unit_version_publication_check CHECK ((publication = ANY (ARRAY['public'::text, 'internal'::text])))
);
ALTER TABLE ONLY public.plan_unit_version ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.plan_unit_version IS 'Land-use class and planning conditions of a unit, with the edition of the plan they come from.';

COMMENT ON COLUMN public.plan_unit_version.conditions IS 'Per condition {min, max, source, edition, effective_from}; keys as in docs/feeds.md.';

CREATE VIEW public.plan_unit_desk AS
 SELECT v.park_id,
    v.plan_unit_id,
    v.from_seq,
    v.to_seq,
    v.sys,
    i.code,
    v.land_use,
    v.conditions,
    v.edition,
    v.effective_from,
    v.computed_m2,
    v.geom,
    v.publication,
        CASE
            WHEN (v.to_seq IS NULL) THEN i.version
            ELSE NULL::bigint
        END AS version
   FROM (public.plan_unit_version v
     LEFT JOIN public.plan_unit i ON (((i.park_id = v.park_id) AND (i.plan_unit_id = v.plan_unit_id))));

COMMENT ON VIEW public.plan_unit_desk IS 'Versions of plan units as planners see them; version is set on the live one.';

CREATE TABLE public.plan_unit_public (
    park_id uuid NOT NULL,
    plan_unit_id uuid NOT NULL,
    from_seq bigint NOT NULL,
    to_seq bigint,
    sys tstzrange NOT NULL,
    code text NOT NULL,
    land_use text NOT NULL,
    conditions jsonb NOT NULL,
    edition text NOT NULL,
    effective_from date NOT NULL,
    computed_m2 double precision NOT NULL,
    geom public.geometry(MultiPolygon,4490) NOT NULL
);
ALTER TABLE ONLY public.plan_unit_public ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.plan_unit_public IS 'Versions of plan units as the public sees them.';

CREATE UNLOGGED TABLE public.presence (
    connection_id uuid NOT NULL,
    park_id uuid NOT NULL,
    account_id uuid NOT NULL,
    parcel_id uuid,
    seen_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
ALTER TABLE ONLY public.presence ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.presence IS 'Open connections of people signed in, and the parcel each has open; those not seen for a minute count for nothing.';

CREATE TABLE public.problem_turn (
    district_id uuid NOT NULL,
    problem_id uuid NOT NULL,
    n integer NOT NULL,
    kind text NOT NULL,
    meeting_id uuid,
    owner text,
    due date,
    evidence text,
    project_id uuid NOT NULL,
    paper integer,
    reason text,
    account_id uuid NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT problem_assigned_with_owner_and_due CHECK ((((kind = 'assigned'::text) = (owner IS NOT NULL)) AND ((owner IS NULL) = (due IS NULL)))),
    CONSTRAINT problem_closed_by_evidence CHECK ((((kind = 'closed'::text) = (evidence IS NOT NULL)) AND ((paper IS NULL) OR (kind = 'closed'::text)))),
    CONSTRAINT problem_reopened_with_reason CHECK (((kind = 'reopened'::text) = (reason IS NOT NULL))),
    CONSTRAINT problem_tabled_at_a_meeting CHECK (((kind = 'tabled'::text) = (meeting_id IS NOT NULL))),
    CONSTRAINT problem_turn_due_check CHECK (((due >= '2000-01-01'::date) AND (due <= '2200-12-31'::date))),
    CONSTRAINT problem_turn_evidence_check CHECK ((evidence <> ''::text)),
    CONSTRAINT problem_turn_kind_check CHECK ((kind = ANY (ARRAY['tabled'::text, 'assigned'::text, 'closed'::text, 'reopened'::text]))),
    CONSTRAINT problem_turn_n_check CHECK ((n > 0)),
    CONSTRAINT problem_turn_owner_check CHECK ((owner <> ''::text)),
    CONSTRAINT problem_turn_reason_check CHECK ((reason <> ''::text))
);
ALTER TABLE ONLY public.problem_turn ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.problem_turn IS 'What became of a problem: put to a meeting, given an owner and a day, closed by evidence, reopened. Rows never change.';

COMMENT ON COLUMN public.problem_turn.owner IS 'A department or office, no person''s data: its firm reads it.';

COMMENT ON COLUMN public.problem_turn.evidence IS 'What proves that it is solved, by name and number; paper: its file.';

COMMENT ON COLUMN public.problem_turn.project_id IS 'Of the problem; by trigger.';

CREATE TABLE public.project_chain_role (
    district_id uuid NOT NULL,
    project_id uuid NOT NULL,
    chain text NOT NULL,
    node text NOT NULL,
    n integer NOT NULL,
    role text NOT NULL,
    source text NOT NULL,
    stood integer NOT NULL,
    corrects boolean DEFAULT false NOT NULL,
    withdrawn boolean DEFAULT false NOT NULL,
    reason text,
    noted_by uuid NOT NULL,
    noted_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT chain_role_says_why CHECK (((reason IS NOT NULL) OR (NOT corrects))),
    CONSTRAINT chain_role_withdrawn_was CHECK ((corrects OR (NOT withdrawn))),
    CONSTRAINT project_chain_role_n_check CHECK ((n > 0)),
    CONSTRAINT project_chain_role_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT project_chain_role_role_check CHECK ((role = ANY (ARRAY['extends'::text, 'fills'::text, 'strengthens'::text, 'supports'::text]))),
    CONSTRAINT project_chain_role_source_check CHECK ((source <> ''::text)),
    CONSTRAINT project_chain_role_stood_check CHECK ((stood >= 0))
);
ALTER TABLE ONLY public.project_chain_role ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.project_chain_role IS 'What a project is to a piece of a chain: 延链 extends, 补链 fills, 强链 strengthens, 配套 supports. The last row of a project and piece counts (project_chain_role_held).';

COMMENT ON COLUMN public.project_chain_role.n IS 'Counts the rows of a project and piece; given by trigger.';

COMMENT ON COLUMN public.project_chain_role.stood IS 'How many other active projects of the piece were signed when it was noted; 0: it was missing. Given by trigger.';

COMMENT ON COLUMN public.project_chain_role.corrects IS 'It takes the place of the row before, for the reason given.';

CREATE VIEW public.project_chain_role_held AS
 SELECT r.district_id,
    r.project_id,
    r.chain,
    r.node,
    r.n,
    r.role,
    r.source,
    r.stood,
    r.corrects,
    r.withdrawn,
    r.reason,
    r.noted_by,
    r.noted_at
   FROM public.project_chain_role r
  WHERE ((NOT r.withdrawn) AND (NOT (EXISTS ( SELECT
           FROM public.project_chain_role l
          WHERE ((l.district_id = r.district_id) AND (l.project_id = r.project_id) AND (l.chain = r.chain) AND (l.node = r.node) AND (l.n = (r.n + 1)))))));

COMMENT ON VIEW public.project_chain_role_held IS 'The roles of projects that count: neither corrected nor withdrawn.';

CREATE TABLE public.project_flow (
    district_id uuid NOT NULL,
    flow_id uuid NOT NULL,
    project_id uuid NOT NULL,
    template text NOT NULL,
    template_rev integer NOT NULL,
    without text[] DEFAULT '{}'::text[] NOT NULL,
    start date NOT NULL,
    agreed jsonb NOT NULL,
    illustrative boolean DEFAULT false NOT NULL,
    started_by uuid,
    started_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    noted integer DEFAULT 0 NOT NULL,
    noted_at timestamp with time zone,
    retired_by uuid,
    retired_at timestamp with time zone,
    retired_reason text,
    CONSTRAINT flow_retired_with_reason CHECK (((retired_at IS NULL) = (retired_reason IS NULL))),
    CONSTRAINT project_flow_agreed_check CHECK ((jsonb_typeof(agreed) = 'array'::text)),
    CONSTRAINT project_flow_retired_reason_check CHECK ((retired_reason <> ''::text)),
    CONSTRAINT project_flow_start_check CHECK (((start >= '1900-01-01'::date) AND (start <= '2200-12-31'::date)))
);
ALTER TABLE ONLY public.project_flow ALTER COLUMN district_id SET STATISTICS 0;
ALTER TABLE ONLY public.project_flow ALTER COLUMN agreed SET STATISTICS 0;

COMMENT ON TABLE public.project_flow IS 'The approvals of a project: one that is live, and those that were retired. Only the retiring changes a row, and the count of its events.';

COMMENT ON COLUMN public.project_flow.without IS 'The steps of the template that the project doesn''t need.';

COMMENT ON COLUMN public.project_flow.agreed IS 'The plan agreed at signing, the baseline: by step its start and finish, empty where unknown.';

COMMENT ON COLUMN public.project_flow.illustrative IS 'Made up to show what could be.';

COMMENT ON COLUMN public.project_flow.started_by IS 'Null: the sample.';

COMMENT ON COLUMN public.project_flow.noted IS 'The number of its last event, and with noted_at when it was noted; by trigger.';

CREATE TABLE public.project_investment (
    district_id uuid NOT NULL,
    project_id uuid NOT NULL,
    until date NOT NULL,
    paid_cny numeric(16,2) NOT NULL,
    evidence text NOT NULL,
    noted_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    corrects boolean DEFAULT false NOT NULL,
    CONSTRAINT project_investment_evidence_check CHECK ((evidence <> ''::text)),
    CONSTRAINT project_investment_paid_cny_check CHECK ((paid_cny >= (0)::numeric))
);
ALTER TABLE ONLY public.project_investment ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.project_investment IS 'Money a project had put in by a day of the year, from the first of January.';

COMMENT ON COLUMN public.project_investment.corrects IS 'It takes the place of what was noted of the day before; the first note of a day corrects nothing.';

CREATE TABLE public.project_milestone (
    district_id uuid NOT NULL,
    project_id uuid NOT NULL,
    stage text NOT NULL,
    reached_on date NOT NULL,
    evidence text NOT NULL,
    n integer NOT NULL,
    document text,
    basis text DEFAULT 'confirmed'::text NOT NULL,
    noted_by uuid,
    noted_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    corrects boolean DEFAULT false NOT NULL,
    withdrawn boolean DEFAULT false NOT NULL,
    reason text,
    "precision" text DEFAULT 'day'::text NOT NULL,
    CONSTRAINT milestone_says_why CHECK (((reason IS NOT NULL) OR (NOT corrects))),
    CONSTRAINT milestone_withdrawn_was CHECK ((corrects OR (NOT withdrawn))),
    CONSTRAINT project_milestone_basis_check CHECK ((basis = ANY (ARRAY['confirmed'::text, 'reported'::text]))),
    CONSTRAINT project_milestone_document_check CHECK ((document <> ''::text)),
    CONSTRAINT project_milestone_evidence_check CHECK ((evidence <> ''::text)),
    CONSTRAINT project_milestone_n_check CHECK ((n > 0)),
    CONSTRAINT project_milestone_precision_check CHECK (("precision" = ANY (ARRAY['day'::text, 'month'::text, 'year'::text, 'by'::text]))),
    CONSTRAINT project_milestone_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT project_milestone_stage_check CHECK ((stage = ANY (ARRAY['lead'::text, 'in_talks'::text, 'to_sign'::text, 'signed'::text, 'landed'::text, 'started'::text, 'in_production'::text])))
);
ALTER TABLE ONLY public.project_milestone ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.project_milestone IS 'When a project reached a stage, and what proves it. The last row of a stage counts (project_reached); those before it were corrected. Start rates are counted from these by cohort.';

COMMENT ON COLUMN public.project_milestone.n IS 'Counts the rows of a stage; given by trigger.';

COMMENT ON COLUMN public.project_milestone.document IS 'The paper that proves it: its number or name.';

COMMENT ON COLUMN public.project_milestone.basis IS 'confirmed: by who noted it; reported: taken over from a ledger or a press report, which the evidence names.';

COMMENT ON COLUMN public.project_milestone.noted_by IS 'Null: a program did.';

COMMENT ON COLUMN public.project_milestone.corrects IS 'It takes the place of the row before, for the reason given.';

COMMENT ON COLUMN public.project_milestone.withdrawn IS 'The stage was not reached after all.';

COMMENT ON COLUMN public.project_milestone."precision" IS 'How well the day is known: day; month, year: only that, and reached_on is the last day of it that other dates allow; by: it was reached by that day at the latest.';

CREATE TABLE public.project_paper (
    district_id uuid NOT NULL,
    project_id uuid NOT NULL,
    n integer NOT NULL,
    use text NOT NULL,
    kind text,
    step text,
    name text,
    expires_on date,
    park_id uuid NOT NULL,
    hash bytea NOT NULL,
    account_id uuid,
    link_id uuid,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT project_paper_firm_hands_in CHECK (((link_id IS NULL) OR (use = 'document'::text))),
    CONSTRAINT project_paper_kind_check CHECK ((kind <> ''::text)),
    CONSTRAINT project_paper_n_check CHECK ((n > 0)),
    CONSTRAINT project_paper_name_check CHECK ((name <> ''::text)),
    CONSTRAINT project_paper_of_a_kind CHECK (((use = 'document'::text) = (kind IS NOT NULL))),
    CONSTRAINT project_paper_of_someone CHECK (((account_id IS NULL) <> (link_id IS NULL))),
    CONSTRAINT project_paper_step_check CHECK ((step <> ''::text)),
    CONSTRAINT project_paper_use_check CHECK ((use = ANY (ARRAY['document'::text, 'mandate'::text, 'photo'::text, 'evidence'::text])))
);
ALTER TABLE ONLY public.project_paper ALTER COLUMN district_id SET STATISTICS 0;
ALTER TABLE ONLY public.project_paper ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.project_paper IS 'Papers of a project, each handed in once for all steps that ask for its kind. Of a kind the last one counts; those before it stay.';

COMMENT ON COLUMN public.project_paper.n IS 'Counts the papers of a project; given by trigger.';

COMMENT ON COLUMN public.project_paper.kind IS 'Of a document its code in the template of the approvals.';

COMMENT ON COLUMN public.project_paper.step IS 'Of a photo the step that it shows done.';

COMMENT ON COLUMN public.project_paper.expires_on IS 'The last day on which it holds; null: it doesn''t say.';

COMMENT ON COLUMN public.project_paper.park_id IS 'Whose store keeps the file: the park that entered the project, or one of its district.';

COMMENT ON COLUMN public.project_paper.link_id IS 'The firm handed it in, by this link; null: the account did.';

CREATE TABLE public.project_problem (
    district_id uuid NOT NULL,
    problem_id uuid NOT NULL,
    project_id uuid NOT NULL,
    n integer NOT NULL,
    words text NOT NULL,
    step text,
    account_id uuid,
    link_id uuid,
    key uuid,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    turns integer DEFAULT 0 NOT NULL,
    state text DEFAULT 'raised'::text NOT NULL,
    CONSTRAINT project_problem_n_check CHECK ((n > 0)),
    CONSTRAINT project_problem_of_someone CHECK (((account_id IS NULL) <> (link_id IS NULL))),
    CONSTRAINT project_problem_state_check CHECK ((state = ANY (ARRAY['raised'::text, 'tabled'::text, 'assigned'::text, 'closed'::text]))),
    CONSTRAINT project_problem_step_check CHECK ((step <> ''::text)),
    CONSTRAINT project_problem_words_check CHECK ((words <> ''::text))
);
ALTER TABLE ONLY public.project_problem ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.project_problem IS 'Problems of a project, raised by its firm or a member. What became of one: problem_turn.';

COMMENT ON COLUMN public.project_problem.key IS 'Drawn by the firm''s page: sent again, a problem is kept once.';

COMMENT ON COLUMN public.project_problem.state IS 'By its last turn, with turns, which counts them; kept by trigger.';

CREATE VIEW public.project_reached AS
 SELECT m.district_id,
    m.project_id,
    m.stage,
    m.reached_on,
    m.evidence,
    m.n,
    m.document,
    m.basis,
    m.noted_by,
    m.noted_at,
    m.corrects,
    m.withdrawn,
    m.reason,
    m."precision"
   FROM public.project_milestone m
  WHERE ((NOT m.withdrawn) AND (NOT (EXISTS ( SELECT
           FROM public.project_milestone l
          WHERE ((l.district_id = m.district_id) AND (l.project_id = m.project_id) AND (l.stage = m.stage) AND (l.n = (m.n + 1)))))));

COMMENT ON VIEW public.project_reached IS 'The milestones that count: neither corrected nor withdrawn.';

CREATE TABLE public.project_tag (
    district_id uuid NOT NULL,
    project_id uuid NOT NULL,
    tag text NOT NULL,
    valid daterange NOT NULL,
    project_tag_id uuid DEFAULT gen_random_uuid() NOT NULL,
    noted_by uuid,
    noted_at timestamp with time zone DEFAULT clock_timestamp(),
    withdrawn_at timestamp with time zone,
    withdrawn_by uuid,
    withdraw_reason text,
    CONSTRAINT project_tag_holds_a_day CHECK (((NOT isempty(valid)) AND (NOT lower_inf(valid)))),
    CONSTRAINT project_tag_tag_check CHECK ((tag = ANY (ARRAY['provincial_key'::text, 'municipal_key'::text, 'signing_key'::text]))),
    CONSTRAINT project_tag_withdraw_reason_check CHECK ((withdraw_reason <> ''::text)),
    CONSTRAINT project_tag_withdrawn_says_why CHECK ((((withdrawn_at IS NULL) = (withdraw_reason IS NULL)) AND ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))))
);
ALTER TABLE ONLY public.project_tag ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.project_tag IS 'Dated listings such as provincial key project: tags, not stages. What counts is in project_tagged.';

COMMENT ON COLUMN public.project_tag.noted_by IS 'Null: a program, or not known.';

COMMENT ON COLUMN public.project_tag.noted_at IS 'Null: not known.';

CREATE VIEW public.project_tagged AS
 SELECT g.district_id,
    g.project_id,
    g.project_tag_id,
    g.tag,
    g.valid,
    g.noted_by,
    g.noted_at
   FROM public.project_tag g
  WHERE (g.withdrawn_at IS NULL);

COMMENT ON VIEW public.project_tagged IS 'The listings that count: those that were not withdrawn.';

CREATE TABLE public.project_turn (
    district_id uuid NOT NULL,
    project_id uuid NOT NULL,
    n integer NOT NULL,
    turn text NOT NULL,
    since date NOT NULL,
    reason text NOT NULL,
    noted_by uuid,
    noted_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    corrects integer,
    withdrawn boolean DEFAULT false NOT NULL,
    correct_reason text,
    CONSTRAINT project_turn_correct_reason_check CHECK ((correct_reason <> ''::text)),
    CONSTRAINT project_turn_corrects_check CHECK ((corrects > 0)),
    CONSTRAINT project_turn_n_check CHECK ((n > 0)),
    CONSTRAINT project_turn_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT project_turn_turn_check CHECK ((turn = ANY (ARRAY['paused'::text, 'lost'::text, 'resumed'::text]))),
    CONSTRAINT turn_says_why CHECK (((corrects IS NULL) = (correct_reason IS NULL))),
    CONSTRAINT turn_withdrawn_was CHECK (((corrects IS NOT NULL) OR (NOT withdrawn)))
);
ALTER TABLE ONLY public.project_turn ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.project_turn IS 'When a project was paused, lost or taken up again, and why. What counts is in project_turned.';

COMMENT ON COLUMN public.project_turn.n IS 'Counts the turns of a project; given by trigger.';

COMMENT ON COLUMN public.project_turn.corrects IS 'The turn (n) whose place it takes; null: a turn of its own.';

COMMENT ON COLUMN public.project_turn.withdrawn IS 'There was no such turn after all.';

CREATE VIEW public.project_turned AS
 SELECT t.district_id,
    t.project_id,
    COALESCE(t.corrects, t.n) AS n,
    t.turn,
    t.since,
    t.reason,
    t.noted_by,
    t.noted_at,
    t.correct_reason
   FROM public.project_turn t
  WHERE ((NOT t.withdrawn) AND (NOT (EXISTS ( SELECT
           FROM public.project_turn l
          WHERE (((l.district_id = t.district_id) AND (l.project_id = t.project_id) AND (l.corrects = COALESCE(t.corrects, t.n))) AND (l.n > t.n))))));

COMMENT ON VIEW public.project_turned IS 'The turns that count, each at its place: neither corrected nor withdrawn.';

CREATE TABLE public.project_visit (
    district_id uuid NOT NULL,
    project_id uuid NOT NULL,
    n integer NOT NULL,
    visited_on date NOT NULL,
    note text NOT NULL,
    next_step text,
    due date,
    noted_by uuid NOT NULL,
    noted_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    done_at timestamp with time zone,
    done_by uuid,
    CONSTRAINT project_visit_check CHECK ((due >= visited_on)),
    CONSTRAINT project_visit_n_check CHECK ((n > 0)),
    CONSTRAINT project_visit_next_step_check CHECK ((next_step <> ''::text)),
    CONSTRAINT project_visit_note_check CHECK ((note <> ''::text)),
    CONSTRAINT visit_done_by_someone CHECK (((done_at IS NULL) = (done_by IS NULL))),
    CONSTRAINT visit_due_has_a_step CHECK (((next_step IS NOT NULL) OR ((due IS NULL) AND (done_at IS NULL))))
);
ALTER TABLE ONLY public.project_visit ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.project_visit IS 'Visits and talks of a project, and what is to follow; no person''s data.';

COMMENT ON COLUMN public.project_visit.n IS 'Counts the visits of a project; given by trigger.';

CREATE TABLE public.proposal (
    park_id uuid NOT NULL,
    proposal_id uuid NOT NULL,
    kind text NOT NULL,
    command jsonb NOT NULL,
    reason text NOT NULL,
    documents jsonb DEFAULT '[]'::jsonb NOT NULL,
    proposed_by uuid NOT NULL,
    proposed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    decision text,
    decided_by uuid,
    decided_at timestamp with time zone,
    seq bigint,
    decision_reason text,
    CONSTRAINT proposal_check CHECK ((((decision IS NULL) = (decided_by IS NULL)) AND ((decision IS NULL) = (decided_at IS NULL)))),
    CONSTRAINT proposal_check1 CHECK (((decision = 'approved'::text) = (seq IS NOT NULL))),
    CONSTRAINT proposal_check2 CHECK (((decision <> 'approved'::text) OR (decided_by <> proposed_by))),
    CONSTRAINT proposal_command_check CHECK ((jsonb_typeof(command) = 'object'::text)),
    CONSTRAINT proposal_decision_check CHECK ((decision = ANY (ARRAY['approved'::text, 'rejected'::text, 'withdrawn'::text]))),
    CONSTRAINT proposal_decision_reason_check CHECK ((decision_reason <> ''::text)),
    CONSTRAINT proposal_documents_check CHECK ((jsonb_typeof(documents) = 'array'::text)),
    CONSTRAINT proposal_reason_check CHECK ((reason <> ''::text))
);
ALTER TABLE ONLY public.proposal ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.proposal IS 'A change that needs a second person: the command as it was asked, and what became of it.';

COMMENT ON COLUMN public.proposal.decision_reason IS 'Why it was approved, rejected or withdrawn.';

CREATE TABLE public.record (
    park_id uuid NOT NULL,
    seq bigint NOT NULL,
    record_id uuid NOT NULL,
    kind text NOT NULL,
    at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    documents jsonb DEFAULT '[]'::jsonb NOT NULL,
    via text NOT NULL,
    proposed_by uuid,
    approved_by uuid,
    unlocked boolean DEFAULT false NOT NULL,
    reverts bigint,
    CONSTRAINT record_documents_check CHECK ((jsonb_typeof(documents) = 'array'::text)),
    CONSTRAINT record_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT record_seq_check CHECK ((seq > 0)),
    CONSTRAINT record_via_check CHECK ((via <> ''::text))
);
ALTER TABLE ONLY public.record ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.record IS 'Who changed what, when, why, by which document. One record is one change is one tick of the park''s clock.';

COMMENT ON COLUMN public.record.documents IS 'Array of {title, number, date, url, sha256}; no person''s data. sha256: of the document''s file, where it is one.';

COMMENT ON COLUMN public.record.via IS 'The program and version that wrote it, such as "luodi import 0.1.0".';

COMMENT ON COLUMN public.record.unlocked IS 'Written without If-Match, by a token that may.';

COMMENT ON COLUMN public.record.reverts IS 'The record this one reverses.';

CREATE TABLE public.record_kind (
    kind text NOT NULL,
    needs_two boolean DEFAULT false NOT NULL,
    needs_document boolean DEFAULT false NOT NULL
);

COMMENT ON TABLE public.record_kind IS 'The kinds of records. A new kind is a row, inserted by a table file.';

COMMENT ON COLUMN public.record_kind.needs_two IS 'One person proposes it and another approves it.';

COMMENT ON COLUMN public.record_kind.needs_document IS 'It names a document that it rests on.';

CREATE TABLE public.reminder (
    account_id uuid NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    due date NOT NULL,
    mail_id uuid NOT NULL,
    CONSTRAINT reminder_kind_check CHECK ((kind = ANY (ARRAY['visit'::text, 'flow'::text, 'hold'::text, 'turn'::text, 'proposal'::text]))),
    CONSTRAINT reminder_subject_check CHECK ((subject <> ''::text))
);

COMMENT ON TABLE public.reminder IS 'What a person was or will be reminded of by mail: of one thing and day once.';

CREATE TABLE public.reminder_choice (
    account_id uuid NOT NULL,
    kind text NOT NULL,
    mail boolean NOT NULL,
    calendar boolean NOT NULL,
    lead_days integer NOT NULL,
    CONSTRAINT reminder_choice_kind_check CHECK ((kind = ANY (ARRAY['visit'::text, 'flow'::text, 'hold'::text, 'turn'::text, 'proposal'::text]))),
    CONSTRAINT reminder_choice_lead_days_check CHECK (((lead_days >= 0) AND (lead_days <= 60)))
);

COMMENT ON TABLE public.reminder_choice IS 'What a person chose of a kind of reminder; a kind without a row is as data/reminder has it.';

CREATE TABLE public.reminder_setting (
    account_id uuid NOT NULL,
    hour integer DEFAULT 8 NOT NULL,
    digest boolean DEFAULT true NOT NULL,
    lang text DEFAULT 'zh'::text NOT NULL,
    email text,
    confirmed_at timestamp with time zone,
    code_hash bytea,
    code_until timestamp with time zone,
    code_tries integer DEFAULT 0 NOT NULL,
    looked_on date,
    CONSTRAINT reminder_address_is_confirmed CHECK (((confirmed_at IS NULL) OR (email IS NOT NULL))),
    CONSTRAINT reminder_code_ends CHECK (((code_hash IS NULL) = (code_until IS NULL))),
    CONSTRAINT reminder_setting_code_hash_check CHECK ((length(code_hash) = 32)),
    CONSTRAINT reminder_setting_email_check CHECK (((length(email) <= 254) AND (email ~ '^[!-?A-~]+@[!-?A-~]+$'::text))),
    CONSTRAINT reminder_setting_hour_check CHECK (((hour >= 0) AND (hour <= 23))),
    CONSTRAINT reminder_setting_lang_check CHECK ((lang = ANY (ARRAY['zh'::text, 'en'::text])))
);

COMMENT ON TABLE public.reminder_setting IS 'How a person is reminded. Without a confirmed address nothing is mailed.';

COMMENT ON COLUMN public.reminder_setting.hour IS 'Of the day, in the time zone of the first park of the person''s roles.';

COMMENT ON COLUMN public.reminder_setting.digest IS 'One mail a day with all of it; else one mail for each.';

COMMENT ON COLUMN public.reminder_setting.code_hash IS 'SHA-256 of the code that proves the address, while it is valid.';

COMMENT ON COLUMN public.reminder_setting.looked_on IS 'The last day on which it was looked what there is to tell.';

CREATE TABLE public.saved_match (
    match_id uuid NOT NULL,
    park_id uuid NOT NULL,
    account_id uuid,
    name text NOT NULL,
    seq bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    asked jsonb NOT NULL,
    ranking jsonb NOT NULL,
    saved_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    ranked_for text NOT NULL,
    CONSTRAINT saved_match_asked_check CHECK ((jsonb_typeof(asked) = 'object'::text)),
    CONSTRAINT saved_match_name_check CHECK (((name <> ''::text) AND (length(name) <= 200))),
    CONSTRAINT saved_match_ranked_for_check CHECK ((ranked_for = ANY (ARRAY['public'::text, 'members'::text]))),
    CONSTRAINT saved_match_ranking_check CHECK ((jsonb_typeof(ranking) = 'array'::text))
);
ALTER TABLE ONLY public.saved_match ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.saved_match IS 'A search with the data version, plan and weights of its day, and the ranking it gave: to be run again and compared.';

COMMENT ON COLUMN public.saved_match.ranked_for IS 'public: ranked by what is public alone; members: by what they see, for them alone.';

CREATE TABLE public.service (
    service text NOT NULL,
    kind text NOT NULL,
    unit text NOT NULL
);

COMMENT ON TABLE public.service IS 'What land can draw, the unit it is measured in, and the kind of network whose nodes give it; geo/land/service.go has the same table.';

CREATE TABLE public.service_public (
    park_id uuid NOT NULL,
    network_id uuid NOT NULL,
    service text NOT NULL,
    from_seq bigint NOT NULL,
    to_seq bigint,
    sys tstzrange NOT NULL,
    free text,
    told text NOT NULL,
    "least" numeric(16,3),
    most numeric(16,3),
    CONSTRAINT says_as_told CHECK ((((told <> 'word'::text) OR (free IS NOT NULL)) AND ((told <> 'none'::text) OR (free IS NULL)) AND (("least" IS NOT NULL) = (told = ANY (ARRAY['figure'::text, 'band'::text]))) AND ((most IS NOT NULL) = (told = ANY (ARRAY['figure'::text, 'band'::text]))) AND ((told <> 'figure'::text) OR ("least" = most)))),
    CONSTRAINT service_public_free_check CHECK ((free = ANY (ARRAY['ample'::text, 'some'::text, 'little'::text]))),
    CONSTRAINT service_public_told_check CHECK ((told = ANY (ARRAY['figure'::text, 'band'::text, 'word'::text, 'none'::text])))
);
ALTER TABLE ONLY public.service_public ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.service_public IS 'How much of a service is free at a public node, as the public sees it.';

COMMENT ON COLUMN public.service_public.free IS 'ample: half of the capacity or more; some: a fifth or more; little: less.';

COMMENT ON COLUMN public.service_public.told IS 'figure: least and most are what is left; band: it lies between them, a tenth of the capacity where that is told, else a step of 1, 2, 5, 10; word: free alone; none: nothing.';

COMMENT ON COLUMN public.service_public."least" IS 'In the service''s unit; never below 0, also where more is promised than there is.';

COMMENT ON COLUMN public.service_public.most IS 'In the service''s unit.';

CREATE TABLE public.session (
    hash bytea NOT NULL,
    account_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    seen_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT session_hash_check CHECK ((length(hash) = 32))
);

COMMENT ON TABLE public.session IS 'Signed-in browsers, by SHA-256 of what the cookie carries.';

COMMENT ON COLUMN public.session.seen_at IS 'Of a request, to within some minutes: most reads write nothing.';

CREATE TABLE public.spent_challenge (
    nonce bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT spent_challenge_nonce_check CHECK ((length(nonce) = 16))
);

COMMENT ON TABLE public.spent_challenge IS 'Challenges that were answered, until they end; nothing says by whom.';

CREATE TABLE public.spent_invitation (
    hash bytea NOT NULL,
    how text NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT spent_invitation_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT spent_invitation_how_check CHECK ((how = ANY (ARRAY['used'::text, 'replaced'::text])))
);

COMMENT ON TABLE public.spent_invitation IS 'One-time links that were used or replaced, by SHA-256 of the secret, for 90 days; nothing says whose they were.';

CREATE TABLE public.state_change (
    change_id bigint NOT NULL,
    park_id uuid NOT NULL,
    seq bigint,
    n bigint,
    at timestamp with time zone
);
ALTER TABLE ONLY public.state_change ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.state_change IS 'Which change of which park brought the database to which state.';

COMMENT ON COLUMN public.state_change.seq IS 'The record; null where what the public sees of the park itself changed.';

COMMENT ON COLUMN public.state_change.n IS 'The state''s number, taken last: no other transaction ever sees it null. Numbers ascend in the order of commits, and some are left out.';

COMMENT ON COLUMN public.state_change.at IS 'When the number was taken.';

ALTER TABLE public.state_change ALTER COLUMN change_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.state_change_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE SEQUENCE public.state_number
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

COMMENT ON SEQUENCE public.state_number IS 'Numbers of states, drawn under the lock of database_state; a commit that fails leaves a gap.';

CREATE TABLE public.stray_ground (
    park_id uuid NOT NULL,
    parcel_id uuid NOT NULL,
    geom public.geometry(Geometry,4490) NOT NULL
);
ALTER TABLE ONLY public.stray_ground ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.stray_ground IS 'Ground of parcels that lay outside their park''s border before the database refused it.';

CREATE TABLE public.supply_at_risk (
    park_id uuid NOT NULL,
    seq bigint NOT NULL,
    network_id uuid NOT NULL,
    allotment_id uuid NOT NULL,
    service text NOT NULL,
    amount numeric(16,3) NOT NULL,
    CONSTRAINT supply_at_risk_amount_check CHECK (((amount > (0)::numeric) AND (amount < 'Infinity'::numeric)))
);
ALTER TABLE ONLY public.supply_at_risk ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.supply_at_risk IS 'Whose supply a record puts at risk, and how much of it, when it leaves a node with less than it has promised.';

CREATE TABLE public.target_firm (
    district_id uuid NOT NULL,
    target_firm_id uuid NOT NULL,
    chain text NOT NULL,
    node text NOT NULL,
    name text NOT NULL,
    firm text NOT NULL,
    party_id uuid,
    place text NOT NULL,
    source text NOT NULL,
    team_id uuid NOT NULL,
    approached_on date,
    noted_by uuid NOT NULL,
    noted_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    project_id uuid,
    closed_at timestamp with time zone,
    closed_by uuid,
    close_reason text,
    CONSTRAINT target_firm_close_reason_check CHECK ((close_reason <> ''::text)),
    CONSTRAINT target_firm_closed_says_why CHECK ((((closed_at IS NULL) = (close_reason IS NULL)) AND ((closed_at IS NULL) = (closed_by IS NULL)))),
    CONSTRAINT target_firm_firm_check CHECK ((firm <> ''::text)),
    CONSTRAINT target_firm_name_check CHECK ((name <> ''::text)),
    CONSTRAINT target_firm_place_check CHECK ((place <> ''::text)),
    CONSTRAINT target_firm_source_check CHECK ((source <> ''::text))
);
ALTER TABLE ONLY public.target_firm ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.target_firm IS 'A firm that a team wants to win for a piece of a chain: for the team and the leaders alone. Live until it is closed.';

COMMENT ON COLUMN public.target_firm.firm IS 'Its name as firm_name folds it; kept by trigger.';

COMMENT ON COLUMN public.target_firm.place IS 'Where the firm is.';

COMMENT ON COLUMN public.target_firm.source IS 'Where it is known from.';

COMMENT ON COLUMN public.target_firm.approached_on IS 'When the team first spoke to it; null: not yet.';

COMMENT ON COLUMN public.target_firm.project_id IS 'The project that came of it.';

CREATE TABLE public.target_note (
    district_id uuid NOT NULL,
    target_firm_id uuid NOT NULL,
    n integer NOT NULL,
    said_on date NOT NULL,
    answer text NOT NULL,
    note text NOT NULL,
    next_step text,
    due date,
    noted_by uuid NOT NULL,
    noted_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT target_note_answer_check CHECK ((answer = ANY (ARRAY['none'::text, 'interested'::text, 'considering'::text, 'declined'::text]))),
    CONSTRAINT target_note_check CHECK ((due >= said_on)),
    CONSTRAINT target_note_due_has_a_step CHECK (((next_step IS NOT NULL) OR (due IS NULL))),
    CONSTRAINT target_note_n_check CHECK ((n > 0)),
    CONSTRAINT target_note_next_step_check CHECK ((next_step <> ''::text)),
    CONSTRAINT target_note_note_check CHECK ((note <> ''::text))
);
ALTER TABLE ONLY public.target_note ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.target_note IS 'What a target firm answered, and what is to follow. The last note''s next step is the one that is due.';

COMMENT ON COLUMN public.target_note.n IS 'Counts the notes of a target firm; given by trigger.';

CREATE TABLE public.team (
    district_id uuid NOT NULL,
    team_id uuid NOT NULL,
    kind text NOT NULL,
    number integer NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    placeholder boolean DEFAULT false NOT NULL,
    source text,
    CONSTRAINT team_kind_check CHECK ((kind = ANY (ARRAY['task_force'::text, 'promotion'::text]))),
    CONSTRAINT team_name_en_check CHECK ((name_en <> ''::text)),
    CONSTRAINT team_name_zh_check CHECK ((name_zh <> ''::text)),
    CONSTRAINT team_number_check CHECK ((number > 0))
);
ALTER TABLE ONLY public.team ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.team IS 'A task force (专班) or promotion team (招商队伍) of a district.';

COMMENT ON COLUMN public.team.placeholder IS 'Stands for one that the source does not name.';

CREATE TABLE public.team_charge (
    district_id uuid NOT NULL,
    team_id uuid NOT NULL,
    n integer NOT NULL,
    leader_id uuid,
    industries text[] NOT NULL,
    noted_by uuid NOT NULL,
    noted_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT team_charge_n_check CHECK ((n > 0))
);
ALTER TABLE ONLY public.team_charge ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.team_charge IS 'Who leads a team, and which industries it is in charge of. The last row of a team counts (team_charge_held).';

COMMENT ON COLUMN public.team_charge.n IS 'Counts the rows of a team; given by trigger.';

COMMENT ON COLUMN public.team_charge.industries IS 'Codes of chains of the district.';

CREATE VIEW public.team_charge_held AS
 SELECT c.district_id,
    c.team_id,
    c.n,
    c.leader_id,
    c.industries,
    c.noted_by,
    c.noted_at
   FROM public.team_charge c
  WHERE (NOT (EXISTS ( SELECT
           FROM public.team_charge l
          WHERE ((l.district_id = c.district_id) AND (l.team_id = c.team_id) AND (l.n = (c.n + 1))))));

COMMENT ON VIEW public.team_charge_held IS 'Who leads a team, and its industries, as noted last.';

CREATE TABLE public.team_member (
    district_id uuid NOT NULL,
    team_id uuid NOT NULL,
    account_id uuid NOT NULL,
    since timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    until timestamp with time zone,
    CONSTRAINT team_member_check CHECK ((until > since))
);
ALTER TABLE ONLY public.team_member ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.team_member IS 'Who is of a team, from when until when; nothing is deleted.';

CREATE TABLE public.team_target (
    district_id uuid NOT NULL,
    team_id uuid NOT NULL,
    year integer NOT NULL,
    quarter integer NOT NULL,
    measure text NOT NULL,
    n integer NOT NULL,
    amount numeric(16,2) NOT NULL,
    source text NOT NULL,
    corrects boolean DEFAULT false NOT NULL,
    withdrawn boolean DEFAULT false NOT NULL,
    reason text,
    noted_by uuid NOT NULL,
    noted_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT team_target_amount_check CHECK ((amount >= (0)::numeric)),
    CONSTRAINT team_target_counts_whole CHECK (((measure = 'signed_cny'::text) OR ((amount = trunc(amount)) AND (amount <= (100000)::numeric)))),
    CONSTRAINT team_target_measure_check CHECK ((measure = ANY (ARRAY['leads'::text, 'talks'::text, 'signed'::text, 'landed'::text, 'started'::text, 'signed_cny'::text]))),
    CONSTRAINT team_target_n_check CHECK ((n > 0)),
    CONSTRAINT team_target_quarter_check CHECK (((quarter >= 1) AND (quarter <= 4))),
    CONSTRAINT team_target_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT team_target_says_why CHECK (((reason IS NOT NULL) OR (NOT corrects))),
    CONSTRAINT team_target_source_check CHECK ((source <> ''::text)),
    CONSTRAINT team_target_withdrawn_was CHECK ((corrects OR (NOT withdrawn))),
    CONSTRAINT team_target_year_check CHECK (((year >= 2000) AND (year <= 2100)))
);
ALTER TABLE ONLY public.team_target ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.team_target IS 'What a team is to reach in a quarter. The last row of a quarter and measure counts (team_target_held).';

COMMENT ON COLUMN public.team_target.measure IS 'How many projects reach a stage: leads, talks, signed, landed, started; signed_cny: planned investment of the signed.';

COMMENT ON COLUMN public.team_target.n IS 'Counts the rows of a team, quarter and measure; given by trigger.';

CREATE VIEW public.team_target_held AS
 SELECT t.district_id,
    t.team_id,
    t.year,
    t.quarter,
    t.measure,
    t.n,
    t.amount,
    t.source,
    t.corrects,
    t.withdrawn,
    t.reason,
    t.noted_by,
    t.noted_at
   FROM public.team_target t
  WHERE ((NOT t.withdrawn) AND (NOT (EXISTS ( SELECT
           FROM public.team_target l
          WHERE ((l.district_id = t.district_id) AND (l.team_id = t.team_id) AND (l.year = t.year) AND (l.quarter = t.quarter) AND (l.measure = t.measure) AND (l.n = (t.n + 1)))))));

COMMENT ON VIEW public.team_target_held IS 'The targets that count: neither corrected nor withdrawn.';

CREATE VIEW public.tenant AS
 SELECT l.park_id,
    l.parcel_id,
    l.allotment_id,
    j.project_id,
    r.chain_stage AS node,
    r.named,
    COALESCE(t.name_zh, r.name_zh) AS name_zh,
    COALESCE(t.name_en, r.name_en) AS name_en,
        CASE
            WHEN t.named THEN t.name_zh
            ELSE r.name_zh
        END AS shown_zh,
        CASE
            WHEN t.named THEN t.name_en
            ELSE r.name_en
        END AS shown_en,
    a.state,
    ((l.sys * a.sys) * r.sys) AS sys,
    ((l.to_seq IS NULL) AND (a.to_seq IS NULL) AND upper_inf(r.sys)) AS live
   FROM (((((public.allotment_parcel l
     JOIN public.allotment_version a ON ((((a.park_id = l.park_id) AND (a.allotment_id = l.allotment_id)) AND (a.sys && l.sys))))
     JOIN public.allotment o ON (((o.park_id = l.park_id) AND (o.allotment_id = l.allotment_id))))
     JOIN public.project j ON (((j.district_id = o.district_id) AND (j.project_id = o.project_id))))
     JOIN public.project_version r ON ((((r.district_id = j.district_id) AND (r.project_id = j.project_id)) AND (r.sys && (l.sys * a.sys)))))
     LEFT JOIN public.party t ON (((t.district_id = j.district_id) AND (t.party_id = j.party_id))))
  WHERE (r.chain_stage IS NOT NULL);

COMMENT ON VIEW public.tenant IS 'Projects with a right to land and a piece of a chain, over the time that all of it held; live: it holds now. A query of what is live finds it by the indexes of live rows, however long the past.';

CREATE VIEW public.tenant_public AS
 SELECT t.park_id,
    t.parcel_id,
    t.node,
    t.shown_zh AS name_zh,
    t.shown_en AS name_en,
    (t.sys * p.sys) AS sys,
    (t.live AND (p.to_seq IS NULL)) AS live
   FROM (public.tenant t
     JOIN public.parcel_public p ON ((((p.park_id = t.park_id) AND (p.parcel_id = t.parcel_id)) AND (p.sys && t.sys))))
  WHERE (t.named AND (p.status <> 'reserve'::text));

COMMENT ON VIEW public.tenant_public IS 'Projects that agreed to be named, on published land, but for intentions of which their park shows nothing, under their company''s name where it agreed too: what the public may know of who fills a chain.';

CREATE TABLE public.title_figure (
    district_id uuid NOT NULL,
    title_figure_id uuid NOT NULL,
    year integer NOT NULL,
    title text NOT NULL,
    level text NOT NULL,
    kind text NOT NULL,
    number integer NOT NULL,
    as_of date NOT NULL,
    source text NOT NULL,
    noted_by uuid NOT NULL,
    noted_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT title_figure_kind_check CHECK ((kind = ANY (ARRAY['target'::text, 'reported'::text]))),
    CONSTRAINT title_figure_level_check CHECK ((level = ANY (ARRAY['national'::text, 'provincial'::text, 'municipal'::text]))),
    CONSTRAINT title_figure_number_check CHECK (((number >= 0) AND (number <= 100000))),
    CONSTRAINT title_figure_source_check CHECK ((source <> ''::text)),
    CONSTRAINT title_figure_title_check CHECK ((title = ANY (ARRAY['backbone'::text, 'specialised'::text, 'little_giant'::text, 'single_champion'::text, 'gazelle'::text, 'high_tech'::text]))),
    CONSTRAINT title_figure_year_check CHECK (((year >= 2000) AND (year <= 2100)))
);
ALTER TABLE ONLY public.title_figure ALTER COLUMN district_id SET STATISTICS 0;

COMMENT ON TABLE public.title_figure IS 'How many firms are to win a title in a year, and how many were reported to have. The last note of each counts.';

COMMENT ON COLUMN public.title_figure.as_of IS 'When the target was set, or the day of the report.';

CREATE TABLE public.token (
    token_id uuid NOT NULL,
    account_id uuid NOT NULL,
    name text NOT NULL,
    hash bytea NOT NULL,
    scope text NOT NULL,
    unlocked boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    as_admin boolean DEFAULT false NOT NULL,
    CONSTRAINT token_check CHECK (((NOT unlocked) OR (scope = 'write'::text))),
    CONSTRAINT token_check1 CHECK ((expires_at > created_at)),
    CONSTRAINT token_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT token_name_check CHECK (((name <> ''::text) AND (length(name) <= 200))),
    CONSTRAINT token_scope_check CHECK ((scope = ANY (ARRAY['read'::text, 'write'::text])))
);

COMMENT ON TABLE public.token IS 'API tokens by SHA-256 of the secret.';

COMMENT ON COLUMN public.token.unlocked IS 'May write without If-Match, for programs that cannot send it; the record says so.';

COMMENT ON COLUMN public.token.as_admin IS 'It writes unlocked only in parks of which its account is admin; false: whoever runs the server gave it, for every park in which the account may write.';

CREATE TABLE public.unit (
    park_id uuid NOT NULL,
    unit_id uuid NOT NULL,
    building_id uuid NOT NULL,
    code text NOT NULL,
    floor smallint,
    area_m2 numeric(10,2) NOT NULL,
    clear_height_m numeric(5,2),
    load_t_m2 numeric(6,2),
    crane_t numeric(6,2),
    power_kva numeric(8,1),
    rent_cny_m2_month numeric(8,2),
    free_from date,
    publication text DEFAULT 'internal'::text NOT NULL,
    retired boolean DEFAULT false NOT NULL,
    revision integer DEFAULT 1 NOT NULL,
    changed_by uuid,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    reason text,
    CONSTRAINT unit_area_m2_check CHECK (((area_m2 > (0)::numeric) AND (area_m2 < 'Infinity'::numeric))),
    CONSTRAINT unit_clear_height_m_check CHECK ((clear_height_m > (0)::numeric)),
    CONSTRAINT unit_code_check CHECK ((code <> ''::text)),
    CONSTRAINT unit_crane_t_check CHECK ((crane_t >= (0)::numeric)),
    CONSTRAINT unit_floor_check CHECK ((((floor >= '-9'::integer) AND (floor <= 200)) AND (floor <> 0))),
    CONSTRAINT unit_free_from_check CHECK (((free_from >= '1900-01-01'::date) AND (free_from <= '2200-12-31'::date))),
    CONSTRAINT unit_load_t_m2_check CHECK ((load_t_m2 > (0)::numeric)),
    CONSTRAINT unit_power_kva_check CHECK ((power_kva >= (0)::numeric)),
    CONSTRAINT unit_publication_check CHECK ((publication = ANY (ARRAY['public'::text, 'internal'::text]))),
    CONSTRAINT unit_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT unit_rent_cny_m2_month_check CHECK ((rent_cny_m2_month >= (0)::numeric)),
    CONSTRAINT unit_retired_with_reason CHECK (((NOT retired) OR (reason IS NOT NULL)))
);
ALTER TABLE ONLY public.unit ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.unit IS 'Floor space of a building that is let as one, as it is now. A figure that is null is not known.';

COMMENT ON COLUMN public.unit.floor IS 'Which storey, 1 is the ground floor and -1 the first below it; null: it has several.';

COMMENT ON COLUMN public.unit.load_t_m2 IS 'What the floor carries.';

COMMENT ON COLUMN public.unit.crane_t IS 'What the crane lifts; 0: there is none.';

COMMENT ON COLUMN public.unit.free_from IS 'Not offered before that day, whatever its lettings say.';

CREATE VIEW public.unit_now AS
 SELECT u.park_id,
    u.unit_id,
    u.building_id,
    u.code,
    u.floor,
    u.area_m2,
    u.clear_height_m,
    u.load_t_m2,
    u.crane_t,
    u.power_kva,
    u.rent_cny_m2_month,
    u.free_from,
    u.publication,
    u.retired,
    u.revision,
    u.changed_by,
    u.changed_at,
    u.reason,
    b.parcel_id,
    COALESCE(t.state, 'free'::text) AS state,
    t.taken_until,
        CASE
            WHEN (t.endless OR ((b.stage <> 'ready'::text) AND (b.ready_by IS NULL))) THEN NULL::date
            ELSE GREATEST(k.today, u.free_from,
            CASE
                WHEN (b.stage = 'ready'::text) THEN b.since
                ELSE b.ready_by
            END, t.last_end)
        END AS free_on
   FROM (((public.unit u
     JOIN public.building b USING (park_id, building_id))
     CROSS JOIN LATERAL ( SELECT ((clock_timestamp() AT TIME ZONE p.time_zone))::date AS today
           FROM public.park p
          WHERE (p.park_id = u.park_id)
         OFFSET 0) k)
     LEFT JOIN LATERAL ( SELECT
                CASE
                    WHEN bool_or((l.state = 'let'::text)) THEN 'let'::text
                    ELSE 'held'::text
                END AS state,
            bool_or((upper(l.period) IS NULL)) AS endless,
            max(upper(l.period)) AS last_end,
            max(l.hold_until) FILTER (WHERE (l.state = 'held'::text)) AS taken_until
           FROM public.letting l
          WHERE (((l.park_id = u.park_id) AND (l.unit_id = u.unit_id)) AND ((l.state = 'let'::text) OR ((l.state = 'held'::text) AND (l.hold_until >= k.today))) AND ((upper(l.period) IS NULL) OR (upper(l.period) > k.today)))
         HAVING (count(*) > 0)) t ON (true))
  WHERE ((NOT u.retired) AND (NOT b.retired));

COMMENT ON VIEW public.unit_now IS 'Units with how they stand today: free, held or let, and when they are free.';

CREATE VIEW public.unit_public WITH (security_barrier='true') AS
 SELECT u.park_id,
    u.unit_id,
    u.building_id,
    u.parcel_id,
    u.code,
    u.floor,
    u.area_m2,
    u.clear_height_m,
    u.load_t_m2,
    u.crane_t,
    u.power_kva,
    u.rent_cny_m2_month,
    u.free_from,
    u.publication,
    u.revision,
    u.state,
    u.free_on
   FROM ((public.unit_now u
     JOIN public.building_public b USING (park_id, building_id))
     JOIN public.park k USING (park_id))
  WHERE ((u.publication = 'public'::text) AND ((u.state <> 'held'::text) OR (k.hold_shown <> 'nothing'::text)));

COMMENT ON VIEW public.unit_public IS 'The units that the public may read.';

CREATE VIEW public.unsigned_lead AS
 SELECT f.district_id,
    f.project_id,
    f.party_id,
    f.team_id
   FROM public.first_contact f
  WHERE ((f.released_at IS NULL) AND (NOT (EXISTS ( SELECT
           FROM public.project_reached m
          WHERE (((m.district_id = f.district_id) AND (m.project_id = f.project_id)) AND (public.stage_order(m.stage) >= public.stage_order('signed'::text)))))) AND (NOT (EXISTS ( SELECT
           FROM public.allotment t
          WHERE ((t.district_id = f.district_id) AND (t.project_id = f.project_id))))) AND (NOT (EXISTS ( SELECT
           FROM public.waiting w
          WHERE ((w.district_id = f.district_id) AND (w.project_id = f.project_id))))) AND (NOT (EXISTS ( SELECT
           FROM public.letting l
          WHERE ((l.district_id = f.district_id) AND (l.project_id = f.project_id))))));

COMMENT ON VIEW public.unsigned_lead IS 'Projects that a team spoke to first, not signed yet, that never had a right to land, a place in a queue or floor space held: for that team and the leaders alone. What once had one is told by the park''s records for good.';

CREATE TABLE public.webhook (
    park_id uuid NOT NULL,
    webhook_id uuid NOT NULL,
    url text NOT NULL,
    secret bytea NOT NULL,
    old_secret bytea,
    old_until timestamp with time zone,
    made_by uuid NOT NULL,
    made_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    state text DEFAULT 'active'::text NOT NULL,
    cursor bigint NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    lease uuid,
    leased_until timestamp with time zone,
    last_at timestamp with time zone,
    last_status integer,
    last_error text,
    CONSTRAINT webhook_check CHECK (((old_secret IS NULL) = (old_until IS NULL))),
    CONSTRAINT webhook_check1 CHECK (((lease IS NULL) = (leased_until IS NULL))),
    CONSTRAINT webhook_cursor_check CHECK ((cursor >= 0)),
    CONSTRAINT webhook_old_secret_check CHECK ((length(old_secret) = 32)),
    CONSTRAINT webhook_secret_check CHECK ((length(secret) = 32)),
    CONSTRAINT webhook_state_check CHECK ((state = ANY (ARRAY['active'::text, 'paused'::text, 'retired'::text]))),
    CONSTRAINT webhook_tries_check CHECK ((tries >= 0)),
    CONSTRAINT webhook_url_check CHECK (((url ~ '^https?://'::text) AND (length(url) <= 2000)))
);
ALTER TABLE ONLY public.webhook ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.webhook IS 'Addresses that are told a park''s events. Retired ones stay, so that it can be seen where what was told.';

COMMENT ON COLUMN public.webhook.secret IS 'The key that signs; as it is, because a hash cannot sign. The public''s role cannot read it.';

COMMENT ON COLUMN public.webhook.old_secret IS 'The key before it was last changed, which signs beside the new one until old_until.';

COMMENT ON COLUMN public.webhook.cursor IS 'Every event up to it was taken by the receiver or lies with the dead letters.';

COMMENT ON COLUMN public.webhook.tries IS 'How often the event after the cursor has failed.';

COMMENT ON COLUMN public.webhook.lease IS 'The process that delivers now, until leased_until: one at a time.';

CREATE TABLE public.zone_version (
    park_id uuid NOT NULL,
    zone_id uuid NOT NULL,
    from_seq bigint NOT NULL,
    to_seq bigint,
    prev_to_seq bigint,
    sys tstzrange NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    function text NOT NULL,
    legal_m2 numeric(16,4),
    computed_m2 double precision NOT NULL,
    publication text DEFAULT 'public'::text NOT NULL,
    geom public.geometry(MultiPolygon,4490) NOT NULL,
    CONSTRAINT area_is_finite CHECK (((legal_m2 < 'Infinity'::numeric) AND (computed_m2 < 'Infinity'::double precision))),
    CONSTRAINT zone_version_check CHECK ((to_seq > from_seq)),
    CONSTRAINT zone_version_check1 CHECK ((prev_to_seq = from_seq)),
    CONSTRAINT zone_version_computed_m2_check CHECK ((computed_m2 > (0)::double precision)),
    CONSTRAINT zone_version_function_check CHECK ((function = ANY (ARRAY['fibre_production'::text, 'research_incubation'::text, 'industrial_production'::text, 'living'::text, 'logistics'::text, 'mixed'::text]))),
    CONSTRAINT zone_version_geom_check CHECK (public.st_isvalid(geom)),
    CONSTRAINT zone_version_legal_m2_check CHECK ((legal_m2 > (0)::numeric)),
    CONSTRAINT zone_version_name_en_check CHECK ((name_en <> ''::text)),
    CONSTRAINT zone_version_name_zh_check CHECK ((name_zh <> ''::text)),
    CONSTRAINT zone_version_publication_check CHECK ((publication = ANY (ARRAY['public'::text, 'internal'::text])))
);
ALTER TABLE ONLY public.zone_version ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.zone_version IS 'What a zone was from one change of its park to another; zones change over the years.';

CREATE VIEW public.zone_desk AS
 SELECT v.park_id,
    v.zone_id,
    v.from_seq,
    v.to_seq,
    v.sys,
    i.code,
    v.name_zh,
    v.name_en,
    v.function,
    v.legal_m2,
    v.computed_m2,
    v.geom,
    v.publication,
        CASE
            WHEN (v.to_seq IS NULL) THEN i.version
            ELSE NULL::bigint
        END AS version
   FROM (public.zone_version v
     LEFT JOIN public.zone i ON (((i.park_id = v.park_id) AND (i.zone_id = v.zone_id))));

COMMENT ON VIEW public.zone_desk IS 'Versions of zones as planners see them; version is set on the live one.';

CREATE TABLE public.zone_public (
    park_id uuid NOT NULL,
    zone_id uuid NOT NULL,
    from_seq bigint NOT NULL,
    to_seq bigint,
    sys tstzrange NOT NULL,
    code text NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    function text NOT NULL,
    legal_m2 numeric(16,4),
    computed_m2 double precision NOT NULL,
    geom public.geometry(MultiPolygon,4490) NOT NULL
);
ALTER TABLE ONLY public.zone_public ALTER COLUMN park_id SET STATISTICS 0;

COMMENT ON TABLE public.zone_public IS 'Versions of zones as the public sees them.';

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_login_key UNIQUE (login);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.account_turn
    ADD CONSTRAINT account_turn_pkey PRIMARY KEY (account_id, n);

ALTER TABLE ONLY public.admin_clock
    ADD CONSTRAINT admin_clock_pkey PRIMARY KEY (one);

ALTER TABLE ONLY public.agency
    ADD CONSTRAINT agency_one_agent EXCLUDE USING gist (district_id WITH =, project_id WITH =, scope WITH =, held WITH &&);

ALTER TABLE ONLY public.agency
    ADD CONSTRAINT agency_pkey PRIMARY KEY (district_id, project_id, n);

ALTER TABLE ONLY public.allotment_draw
    ADD CONSTRAINT allotment_draw_pkey PRIMARY KEY (park_id, allotment_id, network_id, service, from_seq);

ALTER TABLE ONLY public.allotment_parcel
    ADD CONSTRAINT allotment_parcel_pkey PRIMARY KEY (park_id, allotment_id, parcel_id, from_seq);

ALTER TABLE ONLY public.allotment
    ADD CONSTRAINT allotment_pkey PRIMARY KEY (park_id, allotment_id);

ALTER TABLE ONLY public.allotment_version
    ADD CONSTRAINT allotment_version_park_id_allotment_id_to_seq_key UNIQUE (park_id, allotment_id, to_seq);

ALTER TABLE ONLY public.allotment_version
    ADD CONSTRAINT allotment_version_pkey PRIMARY KEY (park_id, allotment_id, from_seq);

ALTER TABLE ONLY public.border_clock
    ADD CONSTRAINT border_clock_pkey PRIMARY KEY (one);

ALTER TABLE ONLY public.building
    ADD CONSTRAINT building_pkey PRIMARY KEY (park_id, building_id);

ALTER TABLE ONLY public.building_record
    ADD CONSTRAINT building_record_once UNIQUE (thing_id, revision, park_id);

ALTER TABLE ONLY public.building_record
    ADD CONSTRAINT building_record_pkey PRIMARY KEY (park_id, building_id, n);

ALTER TABLE ONLY public.calendar_address
    ADD CONSTRAINT calendar_address_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY public.chain
    ADD CONSTRAINT chain_pkey PRIMARY KEY (district_id, code, revision);

ALTER TABLE ONLY public.contact
    ADD CONSTRAINT contact_pkey PRIMARY KEY (district_id, contact_id);

ALTER TABLE ONLY public.database_state
    ADD CONSTRAINT database_state_pkey PRIMARY KEY (one);

ALTER TABLE ONLY public.dead_letter
    ADD CONSTRAINT dead_letter_pkey PRIMARY KEY (park_id, webhook_id, seq);

ALTER TABLE ONLY public.district
    ADD CONSTRAINT district_code_key UNIQUE (code);

ALTER TABLE ONLY public.district
    ADD CONSTRAINT district_pkey PRIMARY KEY (district_id);

ALTER TABLE ONLY public.double_ground
    ADD CONSTRAINT double_ground_pkey PRIMARY KEY (park_id, parcel_id, from_seq, other_park_id, other_parcel_id, other_from_seq);

ALTER TABLE ONLY public.enquiry_answer
    ADD CONSTRAINT enquiry_answer_pkey PRIMARY KEY (park_id, enquiry_id, n);

ALTER TABLE ONLY public.enquiry
    ADD CONSTRAINT enquiry_hash_key UNIQUE (hash);

ALTER TABLE ONLY public.enquiry_key
    ADD CONSTRAINT enquiry_key_pkey PRIMARY KEY (one);

ALTER TABLE ONLY public.enquiry
    ADD CONSTRAINT enquiry_park_id_receipt_key UNIQUE (park_id, receipt);

ALTER TABLE ONLY public.enquiry
    ADD CONSTRAINT enquiry_pkey PRIMARY KEY (park_id, enquiry_id);

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (park_id, seq);

ALTER TABLE ONLY public.expert
    ADD CONSTRAINT expert_pkey PRIMARY KEY (district_id, expert_id);

ALTER TABLE ONLY public.file
    ADD CONSTRAINT file_pkey PRIMARY KEY (park_id, hash);

ALTER TABLE ONLY public.firm_link
    ADD CONSTRAINT firm_link_hash_key UNIQUE (hash);

ALTER TABLE ONLY public.firm_link
    ADD CONSTRAINT firm_link_link_id_key UNIQUE (link_id);

ALTER TABLE ONLY public.firm_link
    ADD CONSTRAINT firm_link_pkey PRIMARY KEY (district_id, link_id);

ALTER TABLE ONLY public.firm_title
    ADD CONSTRAINT firm_title_held_once EXCLUDE USING gist (district_id WITH =, party_id WITH =, title WITH =, level WITH =, valid WITH &&) WHERE ((withdrawn_at IS NULL));

ALTER TABLE ONLY public.firm_title
    ADD CONSTRAINT firm_title_pkey PRIMARY KEY (district_id, firm_title_id);

ALTER TABLE ONLY public.first_contact
    ADD CONSTRAINT first_contact_pkey PRIMARY KEY (district_id, first_contact_id);

ALTER TABLE ONLY public.flow_event
    ADD CONSTRAINT flow_event_corrected_once UNIQUE (district_id, flow_id, corrects);

ALTER TABLE ONLY public.flow_event
    ADD CONSTRAINT flow_event_pkey PRIMARY KEY (district_id, flow_id, n);

ALTER TABLE ONLY public.flow_template
    ADD CONSTRAINT flow_template_edition UNIQUE (district_id, code, edition);

ALTER TABLE ONLY public.flow_template
    ADD CONSTRAINT flow_template_pkey PRIMARY KEY (district_id, code, revision);

ALTER TABLE ONLY public.gap_owner
    ADD CONSTRAINT gap_owner_pkey PRIMARY KEY (district_id, gap_owner_id);

ALTER TABLE ONLY public.hazard_spacing
    ADD CONSTRAINT hazard_spacing_pkey PRIMARY KEY (class);

ALTER TABLE public.allotment_version
    ADD CONSTRAINT hold_has_deadline CHECK (((state <> 'hold'::text) OR (expires_at IS NOT NULL))) NOT VALID;

ALTER TABLE ONLY public.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (account_id, key);

ALTER TABLE ONLY public.import_report
    ADD CONSTRAINT import_report_pkey PRIMARY KEY (park_id, seq);

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_account_id_key UNIQUE NULLS NOT DISTINCT (account_id);

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY public.judgement
    ADD CONSTRAINT judgement_pkey PRIMARY KEY (district_id, chain, node, expert_id, n);

ALTER TABLE ONLY public.known_browser
    ADD CONSTRAINT known_browser_pkey PRIMARY KEY (account_id, hash);

ALTER TABLE ONLY public.land_sum_public
    ADD CONSTRAINT land_sum_public_pkey PRIMARY KEY (park_id, status, from_seq);

ALTER TABLE ONLY public.ledger_file
    ADD CONSTRAINT ledger_file_pkey PRIMARY KEY (district_id, hash);

ALTER TABLE ONLY public.ledger_import
    ADD CONSTRAINT ledger_import_pkey PRIMARY KEY (district_id, import_id);

ALTER TABLE ONLY public.ledger_import
    ADD CONSTRAINT ledger_is_taken_once UNIQUE NULLS NOT DISTINCT (district_id, park_id, hash);

ALTER TABLE ONLY public.ledger_mapping
    ADD CONSTRAINT ledger_mapping_follows UNIQUE NULLS NOT DISTINCT (district_id, park_id, n);

ALTER TABLE ONLY public.ledger_row
    ADD CONSTRAINT ledger_row_pkey PRIMARY KEY (district_id, import_id, row_no);

ALTER TABLE ONLY public.letting
    ADD CONSTRAINT letting_pkey PRIMARY KEY (park_id, letting_id);

ALTER TABLE ONLY public.lineage
    ADD CONSTRAINT lineage_pkey PRIMARY KEY (park_id, parent_id, child_id);

ALTER TABLE ONLY public.mail
    ADD CONSTRAINT mail_pkey PRIMARY KEY (mail_id);

ALTER TABLE ONLY public.meeting
    ADD CONSTRAINT meeting_meeting_id_key UNIQUE (meeting_id);

ALTER TABLE ONLY public.meeting_minute
    ADD CONSTRAINT meeting_minute_pkey PRIMARY KEY (park_id, meeting_id, n);

ALTER TABLE ONLY public.meeting
    ADD CONSTRAINT meeting_pkey PRIMARY KEY (park_id, meeting_id);

ALTER TABLE ONLY public.membership
    ADD CONSTRAINT membership_account_id_park_id_role_key UNIQUE NULLS NOT DISTINCT (account_id, park_id, role);

ALTER TABLE ONLY public.network
    ADD CONSTRAINT network_pkey PRIMARY KEY (park_id, network_id);

ALTER TABLE ONLY public.network_public
    ADD CONSTRAINT network_public_pkey PRIMARY KEY (park_id, network_id, from_seq);

ALTER TABLE ONLY public.network_version
    ADD CONSTRAINT network_version_park_id_network_id_to_seq_key UNIQUE (park_id, network_id, to_seq);

ALTER TABLE ONLY public.network_version
    ADD CONSTRAINT network_version_pkey PRIMARY KEY (park_id, network_id, from_seq);

ALTER TABLE ONLY public.allotment_parcel
    ADD CONSTRAINT one_right_at_a_time EXCLUDE USING gist (park_id WITH =, parcel_id WITH =, sys WITH &&);

ALTER TABLE ONLY public.paper_public
    ADD CONSTRAINT paper_public_pkey PRIMARY KEY (park_id, paper_id);

ALTER TABLE ONLY public.paper_version
    ADD CONSTRAINT paper_version_park_id_paper_id_to_seq_key UNIQUE (park_id, paper_id, to_seq);

ALTER TABLE ONLY public.paper_version
    ADD CONSTRAINT paper_version_pkey PRIMARY KEY (park_id, paper_id, from_seq);

ALTER TABLE ONLY public.parcel
    ADD CONSTRAINT parcel_pkey PRIMARY KEY (park_id, parcel_id);

ALTER TABLE ONLY public.parcel_public
    ADD CONSTRAINT parcel_public_pkey PRIMARY KEY (park_id, parcel_id, from_seq);

ALTER TABLE ONLY public.parcel_version
    ADD CONSTRAINT parcel_version_park_id_parcel_id_to_seq_key UNIQUE (park_id, parcel_id, to_seq);

ALTER TABLE ONLY public.parcel_version
    ADD CONSTRAINT parcel_version_pkey PRIMARY KEY (park_id, parcel_id, from_seq);

ALTER TABLE ONLY public.park_border
    ADD CONSTRAINT park_border_pkey PRIMARY KEY (park_id, seq);

ALTER TABLE ONLY public.park_clock
    ADD CONSTRAINT park_clock_pkey PRIMARY KEY (park_id);

ALTER TABLE ONLY public.park
    ADD CONSTRAINT park_code_key UNIQUE (code);

ALTER TABLE ONLY public.park
    ADD CONSTRAINT park_pkey PRIMARY KEY (park_id);

ALTER TABLE ONLY public.park_public
    ADD CONSTRAINT park_public_code_key UNIQUE (code);

ALTER TABLE ONLY public.park_public
    ADD CONSTRAINT park_public_pkey PRIMARY KEY (park_id);

ALTER TABLE ONLY public.party
    ADD CONSTRAINT party_district_id_name_zh_key UNIQUE NULLS NOT DISTINCT (district_id, park_id, name_zh);

ALTER TABLE ONLY public.party
    ADD CONSTRAINT party_pkey PRIMARY KEY (district_id, party_id);

ALTER TABLE ONLY public.party_version
    ADD CONSTRAINT party_version_pkey PRIMARY KEY (district_id, party_id, revision);

ALTER TABLE ONLY public.plan_unit
    ADD CONSTRAINT plan_unit_pkey PRIMARY KEY (park_id, plan_unit_id);

ALTER TABLE ONLY public.plan_unit_public
    ADD CONSTRAINT plan_unit_public_pkey PRIMARY KEY (park_id, plan_unit_id, from_seq);

ALTER TABLE ONLY public.plan_unit_version
    ADD CONSTRAINT plan_unit_version_park_id_plan_unit_id_to_seq_key UNIQUE (park_id, plan_unit_id, to_seq);

ALTER TABLE ONLY public.plan_unit_version
    ADD CONSTRAINT plan_unit_version_pkey PRIMARY KEY (park_id, plan_unit_id, from_seq);

ALTER TABLE ONLY public.presence
    ADD CONSTRAINT presence_pkey PRIMARY KEY (connection_id);

ALTER TABLE ONLY public.problem_turn
    ADD CONSTRAINT problem_turn_pkey PRIMARY KEY (district_id, problem_id, n);

ALTER TABLE ONLY public.project_chain_role
    ADD CONSTRAINT project_chain_role_pkey PRIMARY KEY (district_id, project_id, chain, node, n);

ALTER TABLE ONLY public.project
    ADD CONSTRAINT project_district_id_code_key UNIQUE NULLS NOT DISTINCT (district_id, park_id, code);

ALTER TABLE ONLY public.project_flow
    ADD CONSTRAINT project_flow_pkey PRIMARY KEY (district_id, flow_id);

ALTER TABLE ONLY public.project_investment
    ADD CONSTRAINT project_investment_pkey PRIMARY KEY (district_id, project_id, until, noted_at);

ALTER TABLE ONLY public.project_land_start
    ADD CONSTRAINT project_land_start_pkey PRIMARY KEY (district_id, project_id, n);

ALTER TABLE ONLY public.project_milestone
    ADD CONSTRAINT project_milestone_pkey PRIMARY KEY (district_id, project_id, stage, n);

ALTER TABLE ONLY public.project_money
    ADD CONSTRAINT project_money_pkey PRIMARY KEY (district_id, project_id, kind, span, currency, year, as_of, n);

ALTER TABLE ONLY public.project_paper
    ADD CONSTRAINT project_paper_pkey PRIMARY KEY (district_id, project_id, n);

ALTER TABLE ONLY public.project
    ADD CONSTRAINT project_pkey PRIMARY KEY (district_id, project_id);

ALTER TABLE ONLY public.project_problem
    ADD CONSTRAINT project_problem_district_id_project_id_n_key UNIQUE (district_id, project_id, n);

ALTER TABLE ONLY public.project_problem
    ADD CONSTRAINT project_problem_once UNIQUE (link_id, key);

ALTER TABLE ONLY public.project_problem
    ADD CONSTRAINT project_problem_pkey PRIMARY KEY (district_id, problem_id);

ALTER TABLE ONLY public.project_tag
    ADD CONSTRAINT project_tag_pkey PRIMARY KEY (district_id, project_tag_id);

ALTER TABLE ONLY public.project_turn
    ADD CONSTRAINT project_turn_pkey PRIMARY KEY (district_id, project_id, n);

ALTER TABLE ONLY public.project_version
    ADD CONSTRAINT project_version_district_id_project_id_sys_excl EXCLUDE USING gist (district_id WITH =, project_id WITH =, sys WITH &&);

ALTER TABLE ONLY public.project_version
    ADD CONSTRAINT project_version_pkey PRIMARY KEY (district_id, project_id, revision);

ALTER TABLE ONLY public.project_visit
    ADD CONSTRAINT project_visit_pkey PRIMARY KEY (district_id, project_id, n);

ALTER TABLE public.proposal
    ADD CONSTRAINT proposal_links_are_pages CHECK ((NOT jsonb_path_exists(documents, '$[*]."url"?((@ != null && @ != "") && !(@ like_regex "^https?://[^[:space:][:cntrl:]]+$" flag "i"))'::jsonpath))) NOT VALID;

ALTER TABLE ONLY public.proposal
    ADD CONSTRAINT proposal_pkey PRIMARY KEY (park_id, proposal_id);

ALTER TABLE ONLY public.record_kind
    ADD CONSTRAINT record_kind_pkey PRIMARY KEY (kind);

ALTER TABLE public.record
    ADD CONSTRAINT record_links_are_pages CHECK ((NOT jsonb_path_exists(documents, '$[*]."url"?((@ != null && @ != "") && !(@ like_regex "^https?://[^[:space:][:cntrl:]]+$" flag "i"))'::jsonpath))) NOT VALID;

ALTER TABLE ONLY public.record
    ADD CONSTRAINT record_park_id_record_id_key UNIQUE (park_id, record_id);

ALTER TABLE ONLY public.record
    ADD CONSTRAINT record_pkey PRIMARY KEY (park_id, seq);

ALTER TABLE ONLY public.reminder_choice
    ADD CONSTRAINT reminder_choice_pkey PRIMARY KEY (account_id, kind);

ALTER TABLE ONLY public.reminder
    ADD CONSTRAINT reminder_pkey PRIMARY KEY (account_id, kind, subject, due);

ALTER TABLE ONLY public.reminder_setting
    ADD CONSTRAINT reminder_setting_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.saved_match
    ADD CONSTRAINT saved_match_pkey PRIMARY KEY (match_id);

ALTER TABLE ONLY public.service
    ADD CONSTRAINT service_kind_key UNIQUE (kind);

ALTER TABLE ONLY public.service
    ADD CONSTRAINT service_pkey PRIMARY KEY (service);

ALTER TABLE ONLY public.service_public
    ADD CONSTRAINT service_public_pkey PRIMARY KEY (park_id, network_id, service, from_seq);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY public.spent_challenge
    ADD CONSTRAINT spent_challenge_pkey PRIMARY KEY (nonce);

ALTER TABLE ONLY public.spent_invitation
    ADD CONSTRAINT spent_invitation_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY public.state_change
    ADD CONSTRAINT state_change_pkey PRIMARY KEY (change_id);

ALTER TABLE ONLY public.stray_ground
    ADD CONSTRAINT stray_ground_pkey PRIMARY KEY (park_id, parcel_id);

ALTER TABLE ONLY public.supply_at_risk
    ADD CONSTRAINT supply_at_risk_pkey PRIMARY KEY (park_id, seq, network_id, allotment_id, service);

ALTER TABLE ONLY public.target_firm
    ADD CONSTRAINT target_firm_pkey PRIMARY KEY (district_id, target_firm_id);

ALTER TABLE ONLY public.target_note
    ADD CONSTRAINT target_note_pkey PRIMARY KEY (district_id, target_firm_id, n);

ALTER TABLE ONLY public.team_charge
    ADD CONSTRAINT team_charge_pkey PRIMARY KEY (district_id, team_id, n);

ALTER TABLE ONLY public.team
    ADD CONSTRAINT team_has_a_number UNIQUE (district_id, kind, number);

ALTER TABLE ONLY public.team_member
    ADD CONSTRAINT team_member_pkey PRIMARY KEY (district_id, team_id, account_id, since);

ALTER TABLE ONLY public.team
    ADD CONSTRAINT team_pkey PRIMARY KEY (district_id, team_id);

ALTER TABLE ONLY public.team_target
    ADD CONSTRAINT team_target_pkey PRIMARY KEY (district_id, team_id, year, quarter, measure, n);

ALTER TABLE ONLY public.title_figure
    ADD CONSTRAINT title_figure_pkey PRIMARY KEY (district_id, title_figure_id);

ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_hash_key UNIQUE (hash);

ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_pkey PRIMARY KEY (token_id);

ALTER TABLE ONLY public.letting
    ADD CONSTRAINT unit_let_once EXCLUDE USING gist (park_id WITH =, unit_id WITH =, period WITH &&) WHERE (((state <> 'ended'::text) OR (let_on IS NOT NULL)));

ALTER TABLE ONLY public.unit
    ADD CONSTRAINT unit_pkey PRIMARY KEY (park_id, unit_id);

ALTER TABLE ONLY public.waiting
    ADD CONSTRAINT waiting_park_id_parcel_id_from_seq_key UNIQUE (park_id, parcel_id, from_seq);

ALTER TABLE ONLY public.waiting
    ADD CONSTRAINT waiting_pkey PRIMARY KEY (park_id, waiting_id);

ALTER TABLE ONLY public.webhook
    ADD CONSTRAINT webhook_pkey PRIMARY KEY (park_id, webhook_id);

ALTER TABLE ONLY public.zone
    ADD CONSTRAINT zone_pkey PRIMARY KEY (park_id, zone_id);

ALTER TABLE ONLY public.zone_public
    ADD CONSTRAINT zone_public_pkey PRIMARY KEY (park_id, zone_id, from_seq);

ALTER TABLE ONLY public.zone_version
    ADD CONSTRAINT zone_version_park_id_zone_id_to_seq_key UNIQUE (park_id, zone_id, to_seq);

ALTER TABLE ONLY public.zone_version
    ADD CONSTRAINT zone_version_pkey PRIMARY KEY (park_id, zone_id, from_seq);

CREATE INDEX agency_of_account ON public.agency USING btree (account_id, project_id) WHERE (ended_on IS NULL);

CREATE INDEX allotment_draw_from ON public.allotment_draw USING btree (from_seq, park_id);

CREATE UNIQUE INDEX allotment_draw_live ON public.allotment_draw USING btree (park_id, allotment_id, network_id, service) WHERE (to_seq IS NULL);

CREATE INDEX allotment_draw_node ON public.allotment_draw USING btree (network_id, park_id);

CREATE INDEX allotment_draw_to ON public.allotment_draw USING btree (to_seq, park_id) WHERE (to_seq IS NOT NULL);

CREATE INDEX allotment_parcel_from ON public.allotment_parcel USING btree (from_seq, park_id);

CREATE INDEX allotment_parcel_live ON public.allotment_parcel USING btree (park_id, parcel_id) WHERE (to_seq IS NULL);

CREATE INDEX allotment_parcel_to ON public.allotment_parcel USING btree (to_seq, park_id) WHERE (to_seq IS NOT NULL);

CREATE INDEX allotment_project ON public.allotment USING btree (district_id, project_id);

CREATE INDEX allotment_version_deadline ON public.allotment_version USING btree (expires_at) WHERE ((to_seq IS NULL) AND (state = 'hold'::text));

CREATE UNIQUE INDEX allotment_version_first ON public.allotment_version USING btree (park_id, allotment_id) WHERE (prev_to_seq IS NULL);

CREATE INDEX allotment_version_from ON public.allotment_version USING btree (from_seq, park_id);

CREATE UNIQUE INDEX allotment_version_live ON public.allotment_version USING btree (park_id, allotment_id) WHERE (to_seq IS NULL);

CREATE INDEX allotment_version_to ON public.allotment_version USING btree (to_seq, park_id) WHERE (to_seq IS NOT NULL);

CREATE UNIQUE INDEX building_has_its_code ON public.building USING btree (park_id, code) WHERE (NOT retired);

CREATE INDEX building_parcel ON public.building USING btree (parcel_id, park_id) WHERE (NOT retired);

CREATE INDEX building_record_of_park ON public.building_record USING btree (park_id, n);

CREATE UNIQUE INDEX calendar_address_live ON public.calendar_address USING btree (account_id) WHERE (revoked_at IS NULL);

CREATE INDEX contact_party ON public.contact USING btree (district_id, party_id);

CREATE INDEX dead_letter_resend ON public.dead_letter USING btree (park_id, webhook_id, seq) WHERE (resend_at IS NOT NULL);

CREATE INDEX double_ground_other ON public.double_ground USING btree (other_park_id);

CREATE INDEX enquiry_term ON public.enquiry USING btree (erase_at) WHERE (erased_at IS NULL);

CREATE INDEX enquiry_unread ON public.enquiry USING btree (park_id) WHERE ((state = 'new'::text) AND (erased_at IS NULL));

CREATE INDEX event_at ON public.event USING btree (at);

CREATE UNIQUE INDEX expert_by_account ON public.expert USING btree (account_id, team_id, district_id) WHERE (until IS NULL);

CREATE UNIQUE INDEX firm_link_live ON public.firm_link USING btree (project_id, district_id) WHERE (revoked_at IS NULL);

CREATE UNIQUE INDEX first_contact_by_code ON public.first_contact USING btree (district_id, credit_code) WHERE ((released_at IS NULL) AND (credit_code IS NOT NULL));

CREATE UNIQUE INDEX first_contact_by_name ON public.first_contact USING btree (district_id, firm) WHERE (released_at IS NULL);

CREATE UNIQUE INDEX first_contact_of_project ON public.first_contact USING btree (project_id, district_id) WHERE (released_at IS NULL);

CREATE INDEX first_contact_party ON public.first_contact USING btree (party_id, district_id) WHERE (released_at IS NULL);

CREATE UNIQUE INDEX gap_owner_is_one ON public.gap_owner USING btree (node, chain, district_id) WHERE (released_at IS NULL);

CREATE INDEX idempotency_at ON public.idempotency USING btree (at);

CREATE UNIQUE INDEX land_sum_public_live ON public.land_sum_public USING btree (park_id, status) INCLUDE (parcels) WHERE (to_seq IS NULL);

CREATE UNIQUE INDEX ledger_project_is_made_once ON public.ledger_row USING btree (district_id, park_id, key) NULLS NOT DISTINCT WHERE made;

CREATE INDEX ledger_row_project ON public.ledger_row USING btree (project_id, district_id);

CREATE INDEX letting_project ON public.letting USING btree (project_id, district_id);

CREATE INDEX letting_unit ON public.letting USING btree (unit_id, park_id);

CREATE INDEX lineage_child ON public.lineage USING btree (child_id, park_id);

CREATE INDEX lineage_seq ON public.lineage USING btree (seq, park_id);

CREATE INDEX mail_account ON public.mail USING btree (account_id, queued_at);

CREATE INDEX mail_to_decide ON public.mail USING btree (queued_at) WHERE (state = ANY (ARRAY['unknown'::text, 'refused'::text]));

CREATE INDEX mail_to_send ON public.mail USING btree (next_at) WHERE (state = ANY (ARRAY['queued'::text, 'claimed'::text, 'handed'::text]));

CREATE UNIQUE INDEX network_live_code ON public.network USING btree (park_id, code) WHERE live;

CREATE INDEX network_public_from ON public.network_public USING btree (from_seq, park_id);

CREATE INDEX network_public_live_geom ON public.network_public USING gist (geom) WHERE (to_seq IS NULL);

CREATE INDEX network_public_live_id ON public.network_public USING btree (network_id, park_id) WHERE (to_seq IS NULL);

CREATE INDEX network_public_past_geom ON public.network_public USING gist (geom, sys) WHERE (to_seq IS NOT NULL);

CREATE INDEX network_public_past_id ON public.network_public USING btree (network_id) WHERE (to_seq IS NOT NULL);

CREATE INDEX network_public_to ON public.network_public USING btree (to_seq, park_id) WHERE (to_seq IS NOT NULL);

CREATE UNIQUE INDEX network_version_first ON public.network_version USING btree (park_id, network_id) WHERE (prev_to_seq IS NULL);

CREATE INDEX network_version_from ON public.network_version USING btree (from_seq, park_id);

CREATE UNIQUE INDEX network_version_live ON public.network_version USING btree (park_id, network_id) WHERE (to_seq IS NULL);

CREATE INDEX network_version_to ON public.network_version USING btree (to_seq, park_id) WHERE (to_seq IS NOT NULL);

CREATE INDEX paper_public_parcel ON public.paper_public USING btree (parcel_id, park_id);

CREATE UNIQUE INDEX paper_version_first ON public.paper_version USING btree (park_id, paper_id) WHERE (prev_to_seq IS NULL);

CREATE INDEX paper_version_from ON public.paper_version USING btree (from_seq, park_id);

CREATE UNIQUE INDEX paper_version_live ON public.paper_version USING btree (park_id, paper_id) WHERE (to_seq IS NULL);

CREATE INDEX paper_version_parcel ON public.paper_version USING btree (parcel_id, park_id) WHERE (to_seq IS NULL);

CREATE INDEX paper_version_to ON public.paper_version USING btree (to_seq, park_id) WHERE (to_seq IS NOT NULL);

CREATE INDEX parcel_public_from ON public.parcel_public USING btree (from_seq, park_id);

CREATE UNIQUE INDEX parcel_public_live ON public.parcel_public USING btree (park_id, parcel_id) WHERE (to_seq IS NULL);

CREATE INDEX parcel_public_live_code ON public.parcel_public USING btree (code, park_id) WHERE (to_seq IS NULL);

CREATE INDEX parcel_public_live_geom ON public.parcel_public USING gist (geom) WHERE (to_seq IS NULL);

CREATE INDEX parcel_public_live_id ON public.parcel_public USING btree (parcel_id, park_id) WHERE (to_seq IS NULL);

CREATE INDEX parcel_public_live_status ON public.parcel_public USING btree (park_id, status, parcel_id) WHERE (to_seq IS NULL);

CREATE INDEX parcel_public_live_text ON public.parcel_public USING gin ((((((((((code || ' '::text) || COALESCE(tenant_zh, ''::text)) || ' '::text) || COALESCE(tenant_en, ''::text)) || ' '::text) || COALESCE(project_zh, ''::text)) || ' '::text) || COALESCE(project_en, ''::text))) public.gin_trgm_ops) WHERE (to_seq IS NULL);

CREATE INDEX parcel_public_past_geom ON public.parcel_public USING gist (geom, sys) WHERE (to_seq IS NOT NULL);

CREATE INDEX parcel_public_past_id ON public.parcel_public USING btree (parcel_id) WHERE (to_seq IS NOT NULL);

CREATE INDEX parcel_public_state ON public.parcel_public USING btree (park_id, parcel_id, from_seq, COALESCE(to_seq, '9223372036854775807'::bigint));

CREATE INDEX parcel_public_to ON public.parcel_public USING btree (to_seq, park_id) WHERE (to_seq IS NOT NULL);

CREATE UNIQUE INDEX parcel_version_first ON public.parcel_version USING btree (park_id, parcel_id) WHERE (prev_to_seq IS NULL);

CREATE INDEX parcel_version_from ON public.parcel_version USING btree (from_seq, park_id);

CREATE UNIQUE INDEX parcel_version_live ON public.parcel_version USING btree (park_id, parcel_id) WHERE (to_seq IS NULL);

CREATE UNIQUE INDEX parcel_version_live_code ON public.parcel_version USING btree (code, park_id) WHERE (to_seq IS NULL);

CREATE INDEX parcel_version_live_geom ON public.parcel_version USING gist (geom) WHERE (to_seq IS NULL);

CREATE INDEX parcel_version_live_span ON public.parcel_version USING gist (span) WHERE (to_seq IS NULL);

CREATE INDEX parcel_version_live_zone ON public.parcel_version USING btree (zone_id, park_id) WHERE ((to_seq IS NULL) AND (zone_id IS NOT NULL));

CREATE INDEX parcel_version_past_span ON public.parcel_version USING gist (span) WHERE (to_seq IS NOT NULL);

CREATE INDEX parcel_version_to ON public.parcel_version USING btree (to_seq, park_id) WHERE (to_seq IS NOT NULL);

CREATE INDEX park_geom ON public.park USING gist (geom);

CREATE UNIQUE INDEX party_credit_code ON public.party USING btree (district_id, park_id, credit_code) NULLS NOT DISTINCT WHERE (credit_code IS NOT NULL);

CREATE UNIQUE INDEX plan_unit_live_code ON public.plan_unit USING btree (park_id, code) WHERE live;

CREATE INDEX plan_unit_public_from ON public.plan_unit_public USING btree (from_seq, park_id);

CREATE INDEX plan_unit_public_live_geom ON public.plan_unit_public USING gist (geom) WHERE (to_seq IS NULL);

CREATE INDEX plan_unit_public_live_id ON public.plan_unit_public USING btree (plan_unit_id, park_id) WHERE (to_seq IS NULL);

CREATE INDEX plan_unit_public_past_geom ON public.plan_unit_public USING gist (geom, sys) WHERE (to_seq IS NOT NULL);

CREATE INDEX plan_unit_public_past_id ON public.plan_unit_public USING btree (plan_unit_id) WHERE (to_seq IS NOT NULL);

CREATE INDEX plan_unit_public_to ON public.plan_unit_public USING btree (to_seq, park_id) WHERE (to_seq IS NOT NULL);

CREATE UNIQUE INDEX plan_unit_version_first ON public.plan_unit_version USING btree (park_id, plan_unit_id) WHERE (prev_to_seq IS NULL);

CREATE INDEX plan_unit_version_from ON public.plan_unit_version USING btree (from_seq, park_id);

CREATE UNIQUE INDEX plan_unit_version_live ON public.plan_unit_version USING btree (park_id, plan_unit_id) WHERE (to_seq IS NULL);

CREATE INDEX plan_unit_version_live_geom ON public.plan_unit_version USING gist (geom) WHERE (to_seq IS NULL);

CREATE INDEX plan_unit_version_to ON public.plan_unit_version USING btree (to_seq, park_id) WHERE (to_seq IS NOT NULL);

CREATE INDEX presence_park ON public.presence USING btree (park_id);

CREATE INDEX presence_seen ON public.presence USING btree (seen_at);

CREATE INDEX problem_turn_meeting ON public.problem_turn USING btree (meeting_id) WHERE (meeting_id IS NOT NULL);

CREATE INDEX project_chain_role_node ON public.project_chain_role USING btree (node, chain, district_id);

CREATE UNIQUE INDEX project_flow_live ON public.project_flow USING btree (district_id, project_id) WHERE (retired_at IS NULL);

CREATE INDEX project_flow_project ON public.project_flow USING btree (district_id, project_id, started_at);

CREATE UNIQUE INDEX project_investment_day ON public.project_investment USING btree (district_id, project_id, until) WHERE (NOT corrects);

CREATE UNIQUE INDEX project_land_start_first ON public.project_land_start USING btree (district_id, project_id, allotment_id) NULLS NOT DISTINCT WHERE (NOT corrects);

CREATE INDEX project_paper_link ON public.project_paper USING btree (link_id, at) WHERE (link_id IS NOT NULL);

CREATE INDEX project_party ON public.project USING btree (party_id, district_id);

CREATE INDEX project_problem_link ON public.project_problem USING btree (link_id, at) WHERE (link_id IS NOT NULL);

CREATE INDEX project_problem_open ON public.project_problem USING btree (project_id, district_id) WHERE (state <> 'closed'::text);

CREATE UNIQUE INDEX project_tag_is_one ON public.project_tag USING btree (project_id, tag, valid, district_id) WHERE (withdrawn_at IS NULL);

CREATE INDEX project_turn_place ON public.project_turn USING btree (project_id, corrects, district_id) WHERE (corrects IS NOT NULL);

CREATE UNIQUE INDEX project_version_live ON public.project_version USING btree (district_id, project_id) WHERE upper_inf(sys);

CREATE INDEX project_visit_due ON public.project_visit USING btree (due, project_id) WHERE ((done_at IS NULL) AND (due IS NOT NULL));

CREATE INDEX proposal_open ON public.proposal USING btree (park_id, proposed_at) WHERE (decision IS NULL);

CREATE INDEX record_at ON public.record USING btree (park_id, at);

CREATE INDEX record_reverts ON public.record USING btree (reverts, park_id) WHERE (reverts IS NOT NULL);

CREATE INDEX reminder_mail ON public.reminder USING btree (mail_id);

CREATE INDEX reminder_setting_looked ON public.reminder_setting USING btree (looked_on) WHERE (confirmed_at IS NOT NULL);

CREATE INDEX saved_match_account ON public.saved_match USING btree (account_id, saved_at DESC);

CREATE INDEX session_account ON public.session USING btree (account_id);

CREATE INDEX spent_challenge_expires ON public.spent_challenge USING btree (expires_at);

CREATE UNIQUE INDEX state_change_n ON public.state_change USING btree (n) INCLUDE (park_id, seq, at);

CREATE INDEX stray_ground_geom ON public.stray_ground USING gist (geom);

CREATE UNIQUE INDEX target_firm_is_one ON public.target_firm USING btree (firm, node, chain, district_id) WHERE (closed_at IS NULL);

CREATE UNIQUE INDEX target_firm_of_project ON public.target_firm USING btree (project_id, district_id) WHERE (closed_at IS NULL);

CREATE UNIQUE INDEX team_member_live ON public.team_member USING btree (account_id, team_id, district_id) WHERE (until IS NULL);

CREATE INDEX token_account ON public.token USING btree (account_id);

CREATE INDEX unit_building ON public.unit USING btree (building_id, park_id);

CREATE UNIQUE INDEX unit_has_its_code ON public.unit USING btree (building_id, code, park_id) WHERE (NOT retired);

CREATE INDEX waiting_ever ON public.waiting USING btree (project_id, district_id);

CREATE INDEX waiting_from ON public.waiting USING btree (from_seq, park_id);

CREATE INDEX waiting_live ON public.waiting USING btree (park_id, parcel_id, from_seq) WHERE (to_seq IS NULL);

CREATE UNIQUE INDEX waiting_once ON public.waiting USING btree (park_id, parcel_id, project_id) WHERE (to_seq IS NULL);

CREATE INDEX waiting_project ON public.waiting USING btree (project_id, district_id) WHERE (to_seq IS NULL);

CREATE INDEX waiting_to ON public.waiting USING btree (to_seq, park_id) WHERE (to_seq IS NOT NULL);

CREATE INDEX webhook_due ON public.webhook USING btree (next_at) WHERE (state = 'active'::text);

CREATE UNIQUE INDEX zone_live_code ON public.zone USING btree (park_id, code) WHERE live;

CREATE INDEX zone_public_from ON public.zone_public USING btree (from_seq, park_id);

CREATE INDEX zone_public_live_code ON public.zone_public USING btree (code, park_id) WHERE (to_seq IS NULL);

CREATE INDEX zone_public_live_geom ON public.zone_public USING gist (geom) WHERE (to_seq IS NULL);

CREATE INDEX zone_public_live_id ON public.zone_public USING btree (zone_id, park_id) WHERE (to_seq IS NULL);

CREATE INDEX zone_public_past_geom ON public.zone_public USING gist (geom, sys) WHERE (to_seq IS NOT NULL);

CREATE INDEX zone_public_past_id ON public.zone_public USING btree (zone_id) WHERE (to_seq IS NOT NULL);

CREATE INDEX zone_public_to ON public.zone_public USING btree (to_seq, park_id) WHERE (to_seq IS NOT NULL);

CREATE UNIQUE INDEX zone_version_first ON public.zone_version USING btree (park_id, zone_id) WHERE (prev_to_seq IS NULL);

CREATE INDEX zone_version_from ON public.zone_version USING btree (from_seq, park_id);

CREATE UNIQUE INDEX zone_version_live ON public.zone_version USING btree (park_id, zone_id) WHERE (to_seq IS NULL);

CREATE INDEX zone_version_to ON public.zone_version USING btree (to_seq, park_id) WHERE (to_seq IS NOT NULL);

CREATE TRIGGER a_keep_agency BEFORE INSERT OR DELETE OR UPDATE ON public.agency FOR EACH ROW EXECUTE FUNCTION public.keep_agency();

CREATE TRIGGER a_keep_charge BEFORE INSERT ON public.team_charge FOR EACH ROW EXECUTE FUNCTION public.keep_charge();

CREATE TRIGGER a_keep_code BEFORE INSERT OR UPDATE OF code ON public.building FOR EACH ROW WHEN ((public.code_fault(new.code) IS NOT NULL)) EXECUTE FUNCTION public.keep_code();

CREATE TRIGGER a_keep_code BEFORE INSERT OR UPDATE OF code ON public.network FOR EACH ROW WHEN ((public.code_fault(new.code) IS NOT NULL)) EXECUTE FUNCTION public.keep_code();

CREATE TRIGGER a_keep_code BEFORE INSERT ON public.parcel_version FOR EACH ROW WHEN ((public.code_fault(new.code) IS NOT NULL)) EXECUTE FUNCTION public.keep_code();

CREATE TRIGGER a_keep_code BEFORE INSERT OR UPDATE OF code ON public.plan_unit FOR EACH ROW WHEN ((public.code_fault(new.code) IS NOT NULL)) EXECUTE FUNCTION public.keep_code();

CREATE TRIGGER a_keep_code BEFORE INSERT OR UPDATE OF code ON public.project FOR EACH ROW WHEN ((public.code_fault(new.code) IS NOT NULL)) EXECUTE FUNCTION public.keep_code();

CREATE TRIGGER a_keep_code BEFORE INSERT OR UPDATE OF code ON public.unit FOR EACH ROW WHEN ((public.code_fault(new.code) IS NOT NULL)) EXECUTE FUNCTION public.keep_code();

CREATE TRIGGER a_keep_code BEFORE INSERT OR UPDATE OF code ON public.zone FOR EACH ROW WHEN ((public.code_fault(new.code) IS NOT NULL)) EXECUTE FUNCTION public.keep_code();

CREATE TRIGGER a_keep_expert BEFORE INSERT OR UPDATE ON public.expert FOR EACH ROW EXECUTE FUNCTION public.keep_expert();

CREATE TRIGGER a_keep_first_contact BEFORE INSERT OR UPDATE ON public.first_contact FOR EACH ROW EXECUTE FUNCTION public.keep_first_contact();

CREATE TRIGGER a_keep_gap_owner BEFORE UPDATE ON public.gap_owner FOR EACH ROW EXECUTE FUNCTION public.keep_gap_owner();

CREATE TRIGGER a_keep_land_start BEFORE INSERT ON public.project_land_start FOR EACH ROW EXECUTE FUNCTION public.keep_land_start();

CREATE TRIGGER a_keep_lineage BEFORE INSERT ON public.lineage FOR EACH ROW EXECUTE FUNCTION public.keep_lineage();

CREATE TRIGGER a_keep_milestone BEFORE INSERT ON public.project_milestone FOR EACH ROW EXECUTE FUNCTION public.keep_milestone();

CREATE TRIGGER a_keep_money BEFORE INSERT ON public.project_money FOR EACH ROW EXECUTE FUNCTION public.keep_money();

CREATE TRIGGER a_keep_party BEFORE INSERT OR UPDATE ON public.party FOR EACH ROW EXECUTE FUNCTION public.keep_party();

CREATE TRIGGER a_keep_piece BEFORE INSERT ON public.gap_owner FOR EACH ROW EXECUTE FUNCTION public.keep_piece();

CREATE TRIGGER a_keep_piece BEFORE INSERT ON public.judgement FOR EACH ROW EXECUTE FUNCTION public.keep_piece();

CREATE TRIGGER a_keep_piece BEFORE INSERT ON public.project_chain_role FOR EACH ROW EXECUTE FUNCTION public.keep_piece();

CREATE TRIGGER a_keep_piece BEFORE INSERT ON public.target_firm FOR EACH ROW EXECUTE FUNCTION public.keep_piece();

CREATE TRIGGER a_keep_problem BEFORE INSERT ON public.project_problem FOR EACH ROW EXECUTE FUNCTION public.keep_problem();

CREATE TRIGGER a_keep_problem_turn BEFORE INSERT OR DELETE OR UPDATE ON public.problem_turn FOR EACH ROW EXECUTE FUNCTION public.keep_problem_turn();

CREATE TRIGGER a_keep_project_paper BEFORE INSERT OR DELETE OR UPDATE ON public.project_paper FOR EACH ROW EXECUTE FUNCTION public.keep_project_paper();

CREATE TRIGGER a_keep_project_version BEFORE INSERT ON public.project_version FOR EACH ROW EXECUTE FUNCTION public.keep_project_version();

CREATE TRIGGER a_keep_tag BEFORE UPDATE ON public.project_tag FOR EACH ROW EXECUTE FUNCTION public.keep_tag();

CREATE TRIGGER a_keep_target_note BEFORE INSERT ON public.target_note FOR EACH ROW EXECUTE FUNCTION public.keep_target_note();

CREATE TRIGGER a_keep_team_target BEFORE INSERT ON public.team_target FOR EACH ROW EXECUTE FUNCTION public.keep_team_target();

CREATE TRIGGER a_keep_title BEFORE UPDATE ON public.firm_title FOR EACH ROW EXECUTE FUNCTION public.keep_title();

CREATE TRIGGER a_keep_title_figure BEFORE INSERT ON public.title_figure FOR EACH ROW EXECUTE FUNCTION public.keep_title_figure();

CREATE TRIGGER a_keep_turn BEFORE INSERT ON public.project_turn FOR EACH ROW EXECUTE FUNCTION public.keep_turn();

CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON public.allotment_draw FOR EACH ROW EXECUTE FUNCTION public.keep_version();

CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON public.allotment_parcel FOR EACH ROW EXECUTE FUNCTION public.keep_version();

CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON public.allotment_version FOR EACH ROW EXECUTE FUNCTION public.keep_version();

CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON public.network_version FOR EACH ROW EXECUTE FUNCTION public.keep_version();

CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON public.paper_version FOR EACH ROW EXECUTE FUNCTION public.keep_version();

CREATE TRIGGER a_keep_version BEFORE UPDATE ON public.parcel_version FOR EACH ROW EXECUTE FUNCTION public.keep_version();

CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON public.plan_unit_version FOR EACH ROW EXECUTE FUNCTION public.keep_version();

CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON public.waiting FOR EACH ROW EXECUTE FUNCTION public.keep_version();

CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON public.zone_version FOR EACH ROW EXECUTE FUNCTION public.keep_version();

CREATE TRIGGER a_keep_visit BEFORE INSERT OR UPDATE ON public.project_visit FOR EACH ROW EXECUTE FUNCTION public.keep_visit();

CREATE TRIGGER a_keep_with_record BEFORE INSERT ON public.import_report FOR EACH ROW EXECUTE FUNCTION public.keep_with_record();

CREATE TRIGGER a_keep_with_record BEFORE INSERT ON public.supply_at_risk FOR EACH ROW EXECUTE FUNCTION public.keep_with_record();

CREATE CONSTRAINT TRIGGER a_take_border AFTER INSERT OR UPDATE OF geom ON public.park DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.take_new_border();

CREATE TRIGGER b_begin_parcel BEFORE INSERT ON public.parcel_version FOR EACH ROW EXECUTE FUNCTION public.begin_parcel();

CREATE TRIGGER b_keep_building BEFORE INSERT OR UPDATE ON public.building FOR EACH ROW EXECUTE FUNCTION public.keep_building();

CREATE TRIGGER b_keep_chain_role BEFORE INSERT ON public.project_chain_role FOR EACH ROW EXECUTE FUNCTION public.keep_chain_role();

CREATE TRIGGER b_keep_judgement BEFORE INSERT ON public.judgement FOR EACH ROW EXECUTE FUNCTION public.keep_judgement();

CREATE TRIGGER b_keep_letting BEFORE INSERT OR UPDATE ON public.letting FOR EACH ROW EXECUTE FUNCTION public.keep_letting();

CREATE TRIGGER b_keep_line BEFORE INSERT ON public.network_version FOR EACH ROW EXECUTE FUNCTION public.keep_line();

CREATE TRIGGER b_keep_paper BEFORE INSERT ON public.paper_version FOR EACH ROW EXECUTE FUNCTION public.keep_paper();

CREATE TRIGGER b_keep_party_version AFTER INSERT OR UPDATE ON public.party FOR EACH ROW EXECUTE FUNCTION public.keep_party_version();

CREATE TRIGGER b_keep_shape BEFORE INSERT ON public.plan_unit_version FOR EACH ROW EXECUTE FUNCTION public.keep_shape();

CREATE TRIGGER b_keep_shape BEFORE INSERT ON public.zone_version FOR EACH ROW EXECUTE FUNCTION public.keep_shape();

CREATE TRIGGER b_keep_target_firm BEFORE INSERT OR UPDATE ON public.target_firm FOR EACH ROW EXECUTE FUNCTION public.keep_target_firm();

CREATE TRIGGER b_keep_unit BEFORE INSERT OR UPDATE ON public.unit FOR EACH ROW EXECUTE FUNCTION public.keep_unit();

CREATE TRIGGER begin_thing BEFORE INSERT ON public.network FOR EACH ROW EXECUTE FUNCTION public.begin_thing();

CREATE TRIGGER begin_thing BEFORE INSERT ON public.plan_unit FOR EACH ROW EXECUTE FUNCTION public.begin_thing();

CREATE TRIGGER begin_thing BEFORE INSERT ON public.zone FOR EACH ROW EXECUTE FUNCTION public.begin_thing();

CREATE TRIGGER begin_version BEFORE INSERT ON public.allotment FOR EACH ROW EXECUTE FUNCTION public.begin_version();

CREATE TRIGGER begin_version BEFORE INSERT ON public.parcel FOR EACH ROW WHEN ((new.version = 0)) EXECUTE FUNCTION public.begin_version();

CREATE TRIGGER c_follow_firm AFTER UPDATE ON public.party FOR EACH ROW EXECUTE FUNCTION public.follow_firm();

CREATE TRIGGER count_inserted AFTER INSERT ON public.allotment_draw REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_allotments();

CREATE TRIGGER count_inserted AFTER INSERT ON public.allotment_parcel REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_parcels();

CREATE TRIGGER count_inserted AFTER INSERT ON public.allotment_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_allotments();

CREATE TRIGGER count_inserted AFTER INSERT ON public.network_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_things('network');

CREATE TRIGGER count_inserted AFTER INSERT ON public.paper_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_parcels();

CREATE TRIGGER count_inserted AFTER INSERT ON public.parcel_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_parcels();

CREATE TRIGGER count_inserted AFTER INSERT ON public.plan_unit_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_things('plan_unit');

CREATE TRIGGER count_inserted AFTER INSERT ON public.zone_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_things('zone');

CREATE TRIGGER count_updated AFTER UPDATE ON public.allotment_draw REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_allotments();

CREATE TRIGGER count_updated AFTER UPDATE ON public.allotment_parcel REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_parcels();

CREATE TRIGGER count_updated AFTER UPDATE ON public.allotment_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_allotments();

CREATE TRIGGER count_updated AFTER UPDATE ON public.network_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_things('network');

CREATE TRIGGER count_updated AFTER UPDATE ON public.paper_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_parcels();

CREATE TRIGGER count_updated AFTER UPDATE ON public.parcel_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_parcels();

CREATE TRIGGER count_updated AFTER UPDATE ON public.plan_unit_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_things('plan_unit');

CREATE TRIGGER count_updated AFTER UPDATE ON public.zone_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_things('zone');

CREATE TRIGGER decision_reason_is_given BEFORE UPDATE OF decision_reason ON public.proposal FOR EACH ROW WHEN (public.is_blank(new.decision_reason)) EXECUTE FUNCTION public.refuse_blank_reason();

CREATE TRIGGER follow_project AFTER UPDATE OF party_id ON public.project FOR EACH ROW EXECUTE FUNCTION public.follow_project();

CREATE TRIGGER hide_fields AFTER INSERT ON public.parcel_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.hide_fields();

CREATE TRIGGER keep_account_turn BEFORE INSERT ON public.account_turn FOR EACH ROW EXECUTE FUNCTION public.keep_account_turn();

CREATE CONSTRAINT TRIGGER keep_an_admin AFTER UPDATE ON public.account DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((new.disabled_at IS NOT NULL) AND (old.disabled_at IS NULL))) EXECUTE FUNCTION public.keep_an_admin();

CREATE CONSTRAINT TRIGGER keep_an_admin AFTER DELETE ON public.membership DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((old.role = 'admin'::text) AND (old.park_id IS NULL))) EXECUTE FUNCTION public.keep_an_admin();

CREATE TRIGGER keep_border AFTER UPDATE ON public.park FOR EACH ROW EXECUTE FUNCTION public.keep_border();

CREATE TRIGGER keep_contact BEFORE INSERT OR UPDATE ON public.contact FOR EACH ROW EXECUTE FUNCTION public.keep_contact();

CREATE TRIGGER keep_decision BEFORE UPDATE ON public.proposal FOR EACH ROW EXECUTE FUNCTION public.keep_decision();

CREATE TRIGGER keep_enquiry BEFORE INSERT OR UPDATE ON public.enquiry FOR EACH ROW EXECUTE FUNCTION public.keep_enquiry();

CREATE TRIGGER keep_firm_link BEFORE DELETE OR UPDATE ON public.firm_link FOR EACH ROW EXECUTE FUNCTION public.keep_firm_link();

CREATE TRIGGER keep_flow BEFORE DELETE OR UPDATE ON public.project_flow FOR EACH ROW EXECUTE FUNCTION public.keep_flow();

CREATE TRIGGER keep_flow_event BEFORE INSERT OR DELETE OR UPDATE ON public.flow_event FOR EACH ROW EXECUTE FUNCTION public.keep_flow_event();

CREATE TRIGGER keep_mail BEFORE UPDATE ON public.mail FOR EACH ROW EXECUTE FUNCTION public.keep_mail();

CREATE TRIGGER keep_member BEFORE UPDATE ON public.team_member FOR EACH ROW EXECUTE FUNCTION public.keep_member();

CREATE TRIGGER keep_minute BEFORE INSERT ON public.meeting_minute FOR EACH ROW EXECUTE FUNCTION public.keep_minute();

CREATE TRIGGER keep_parcels AFTER INSERT ON public.parcel REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.keep_parcels();

CREATE TRIGGER keep_template BEFORE INSERT OR DELETE OR UPDATE ON public.flow_template FOR EACH ROW EXECUTE FUNCTION public.keep_template();

CREATE TRIGGER keep_webhook BEFORE UPDATE ON public.webhook FOR EACH ROW EXECUTE FUNCTION public.keep_webhook();

CREATE CONSTRAINT TRIGGER note_change AFTER INSERT ON public.building_record DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.note_change();

CREATE CONSTRAINT TRIGGER note_change AFTER INSERT ON public.event DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.note_change();

CREATE CONSTRAINT TRIGGER note_change AFTER INSERT OR UPDATE ON public.park_public DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.note_change();

CREATE CONSTRAINT TRIGGER number_state AFTER INSERT ON public.state_change DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.number_state();

CREATE TRIGGER publish_inserted AFTER INSERT ON public.allotment_parcel REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.publish_changed_parcels();

CREATE TRIGGER publish_inserted AFTER INSERT ON public.allotment_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.publish_allotted_parcels();

CREATE TRIGGER publish_inserted AFTER INSERT ON public.paper_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.publish_changed_papers();

CREATE TRIGGER publish_inserted AFTER INSERT ON public.parcel_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.publish_begun_parcels();

CREATE TRIGGER publish_network AFTER INSERT OR UPDATE ON public.network_version FOR EACH ROW EXECUTE FUNCTION public.publish_network();

CREATE TRIGGER publish_park AFTER INSERT OR UPDATE ON public.park FOR EACH ROW EXECUTE FUNCTION public.publish_park();

CREATE TRIGGER publish_plan_unit AFTER INSERT OR UPDATE ON public.plan_unit_version FOR EACH ROW EXECUTE FUNCTION public.publish_plan_unit();

CREATE TRIGGER publish_services_inserted AFTER INSERT ON public.allotment_draw REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.publish_changed_services();

CREATE TRIGGER publish_services_inserted AFTER INSERT ON public.network_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.publish_changed_services();

CREATE TRIGGER publish_services_updated AFTER UPDATE ON public.allotment_draw REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.publish_changed_services();

CREATE TRIGGER publish_services_updated AFTER UPDATE ON public.network_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.publish_changed_services();

CREATE TRIGGER publish_updated AFTER UPDATE ON public.allotment_parcel REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.publish_changed_parcels();

CREATE TRIGGER publish_updated AFTER UPDATE ON public.allotment_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.publish_allotted_parcels();

CREATE TRIGGER publish_updated AFTER UPDATE ON public.paper_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.publish_changed_papers();

CREATE TRIGGER publish_updated AFTER UPDATE ON public.parcel_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.publish_changed_parcels();

CREATE TRIGGER publish_zone AFTER INSERT OR UPDATE ON public.zone_version FOR EACH ROW EXECUTE FUNCTION public.publish_zone();

CREATE TRIGGER reason_is_given BEFORE INSERT ON public.account_turn FOR EACH ROW WHEN (public.is_blank(new.reason)) EXECUTE FUNCTION public.refuse_blank_reason();

CREATE TRIGGER reason_is_given BEFORE UPDATE ON public.agency FOR EACH ROW WHEN (public.is_blank(new.end_reason)) EXECUTE FUNCTION public.refuse_blank_reason();

CREATE TRIGGER reason_is_given BEFORE INSERT OR UPDATE ON public.building FOR EACH ROW WHEN (public.is_blank(new.reason)) EXECUTE FUNCTION public.refuse_blank_reason();

CREATE TRIGGER reason_is_given BEFORE UPDATE ON public.firm_title FOR EACH ROW WHEN (public.is_blank(new.withdraw_reason)) EXECUTE FUNCTION public.refuse_blank_reason();

CREATE TRIGGER reason_is_given BEFORE INSERT ON public.flow_event FOR EACH ROW WHEN (public.is_blank(new.reason)) EXECUTE FUNCTION public.refuse_blank_reason();

CREATE TRIGGER reason_is_given BEFORE UPDATE ON public.gap_owner FOR EACH ROW WHEN (public.is_blank(new.release_reason)) EXECUTE FUNCTION public.refuse_blank_reason();

CREATE TRIGGER reason_is_given BEFORE INSERT OR UPDATE ON public.letting FOR EACH ROW WHEN (public.is_blank(new.reason)) EXECUTE FUNCTION public.refuse_blank_reason();

CREATE TRIGGER reason_is_given BEFORE UPDATE ON public.mail FOR EACH ROW WHEN (public.is_blank(new.decision_reason)) EXECUTE FUNCTION public.refuse_blank_reason();

CREATE TRIGGER reason_is_given BEFORE INSERT ON public.problem_turn FOR EACH ROW WHEN (public.is_blank(new.reason)) EXECUTE FUNCTION public.refuse_blank_reason();

CREATE TRIGGER reason_is_given BEFORE INSERT ON public.project_chain_role FOR EACH ROW WHEN (public.is_blank(new.reason)) EXECUTE FUNCTION public.refuse_blank_reason();

CREATE TRIGGER reason_is_given BEFORE UPDATE ON public.project_flow FOR EACH ROW WHEN (public.is_blank(new.retired_reason)) EXECUTE FUNCTION public.refuse_blank_reason();

CREATE TRIGGER reason_is_given BEFORE UPDATE ON public.project_tag FOR EACH ROW WHEN (public.is_blank(new.withdraw_reason)) EXECUTE FUNCTION public.refuse_blank_reason();

CREATE TRIGGER reason_is_given BEFORE INSERT ON public.proposal FOR EACH ROW WHEN (public.is_blank(new.reason)) EXECUTE FUNCTION public.refuse_blank_reason();

CREATE TRIGGER reason_is_given BEFORE INSERT ON public.record FOR EACH ROW WHEN (public.is_blank(new.reason)) EXECUTE FUNCTION public.refuse_blank_reason();

CREATE TRIGGER reason_is_given BEFORE UPDATE OF closed_at ON public.target_firm FOR EACH ROW WHEN (public.is_blank(new.close_reason)) EXECUTE FUNCTION public.refuse_blank_reason();

CREATE TRIGGER reason_is_given BEFORE INSERT ON public.team_target FOR EACH ROW WHEN (public.is_blank(new.reason)) EXECUTE FUNCTION public.refuse_blank_reason();

CREATE TRIGGER reason_is_given BEFORE INSERT OR UPDATE ON public.unit FOR EACH ROW WHEN (public.is_blank(new.reason)) EXECUTE FUNCTION public.refuse_blank_reason();

CREATE TRIGGER record_building AFTER INSERT OR UPDATE ON public.building FOR EACH ROW EXECUTE FUNCTION public.record_building();

CREATE TRIGGER record_building AFTER INSERT OR UPDATE ON public.letting FOR EACH ROW EXECUTE FUNCTION public.record_building();

CREATE TRIGGER record_building AFTER INSERT OR UPDATE ON public.unit FOR EACH ROW EXECUTE FUNCTION public.record_building();

CREATE TRIGGER refuse_placeholder BEFORE INSERT ON public.invitation FOR EACH ROW EXECUTE FUNCTION public.refuse_placeholder();

CREATE TRIGGER refuse_placeholder BEFORE INSERT ON public.membership FOR EACH ROW EXECUTE FUNCTION public.refuse_placeholder();

CREATE TRIGGER refuse_placeholder BEFORE INSERT ON public.session FOR EACH ROW EXECUTE FUNCTION public.refuse_placeholder();

CREATE TRIGGER refuse_placeholder BEFORE INSERT ON public.token FOR EACH ROW EXECUTE FUNCTION public.refuse_placeholder();

CREATE CONSTRAINT TRIGGER says_what_is AFTER INSERT ON public.record DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.refuse_false_word();

CREATE TRIGGER settle_park BEFORE INSERT OR UPDATE ON public.park FOR EACH ROW EXECUTE FUNCTION public.settle_park();

CREATE TRIGGER start_clock AFTER INSERT ON public.park FOR EACH ROW EXECUTE FUNCTION public.start_clock();

CREATE TRIGGER sum_begun AFTER INSERT ON public.parcel_public REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sum_land();

CREATE TRIGGER sum_ended AFTER UPDATE ON public.parcel_public REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sum_land();

CREATE TRIGGER sum_replaced AFTER DELETE ON public.parcel_public REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.sum_land();

CREATE TRIGGER sum_within AFTER UPDATE ON public.park_public FOR EACH ROW WHEN (((public.st_asewkb(old.geom) IS DISTINCT FROM public.st_asewkb(new.geom)) OR (old.survey_crs <> new.survey_crs))) EXECUTE FUNCTION public.sum_within();

CREATE CONSTRAINT TRIGGER term_fits_use AFTER INSERT ON public.allotment_version DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.term_years IS NOT NULL)) EXECUTE FUNCTION public.refuse_long_term();

CREATE TRIGGER wake_account AFTER UPDATE ON public.account FOR EACH ROW WHEN ((new.disabled_at IS DISTINCT FROM old.disabled_at)) EXECUTE FUNCTION public.wake_account();

CREATE TRIGGER wake_account AFTER INSERT OR DELETE ON public.membership FOR EACH ROW EXECUTE FUNCTION public.wake_account();

CREATE TRIGGER wake_account AFTER DELETE ON public.session FOR EACH ROW EXECUTE FUNCTION public.wake_account();

CREATE TRIGGER wake_account AFTER UPDATE ON public.token FOR EACH ROW WHEN ((new.revoked_at IS DISTINCT FROM old.revoked_at)) EXECUTE FUNCTION public.wake_account();

CREATE TRIGGER wake_business AFTER INSERT ON public.agency REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.wake_business();

CREATE TRIGGER wake_business AFTER INSERT ON public.first_contact REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.wake_business();

CREATE TRIGGER wake_business AFTER INSERT ON public.flow_event REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.wake_business();

CREATE TRIGGER wake_business AFTER INSERT ON public.problem_turn REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.wake_business();

CREATE TRIGGER wake_business AFTER INSERT ON public.project_milestone REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.wake_business();

CREATE TRIGGER wake_business AFTER INSERT ON public.project_problem REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.wake_business();

CREATE TRIGGER wake_business AFTER INSERT ON public.project_turn REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.wake_business();

CREATE TRIGGER wake_business AFTER INSERT ON public.project_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.wake_business();

CREATE TRIGGER wake_business AFTER INSERT ON public.project_visit REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.wake_business();

CREATE TRIGGER wake_business_updated AFTER UPDATE ON public.agency REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.wake_business();

CREATE TRIGGER wake_business_updated AFTER UPDATE ON public.first_contact REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.wake_business();

CREATE TRIGGER wake_business_updated AFTER UPDATE ON public.project_visit REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.wake_business();

CREATE TRIGGER wake_inbox AFTER INSERT OR UPDATE ON public.enquiry FOR EACH ROW EXECUTE FUNCTION public.wake_inbox();

CREATE TRIGGER wake_listeners AFTER INSERT ON public.event FOR EACH ROW EXECUTE FUNCTION public.wake_listeners();

CREATE TRIGGER z_ask_inserted AFTER INSERT ON public.parcel_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.ask_settling();

CREATE TRIGGER z_ask_updated AFTER UPDATE ON public.parcel_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.ask_settling();

CREATE TRIGGER z_keep_kind BEFORE INSERT OR UPDATE OF kind ON public.proposal FOR EACH ROW EXECUTE FUNCTION public.keep_kind();

CREATE TRIGGER z_keep_kind BEFORE INSERT OR UPDATE ON public.record FOR EACH ROW EXECUTE FUNCTION public.keep_kind();

CREATE TRIGGER z_keep_settings AFTER UPDATE ON public.park FOR EACH ROW WHEN ((((((old.hold_shown IS DISTINCT FROM new.hold_shown) OR (old.map_review_no IS DISTINCT FROM new.map_review_no)) OR (old.old_after_months IS DISTINCT FROM new.old_after_months)) OR (old.corners_told IS DISTINCT FROM new.corners_told)) OR (old.contact IS DISTINCT FROM new.contact))) EXECUTE FUNCTION public.keep_settings();

CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT OR UPDATE ON public.allotment_draw DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.settle_record();

CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT OR UPDATE ON public.allotment_parcel DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.settle_record();

CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT OR UPDATE ON public.allotment_version DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.settle_record();

CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT ON public.lineage DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.settle_record();

CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT OR UPDATE ON public.network_version DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.settle_record();

CREATE CONSTRAINT TRIGGER z_settle_record AFTER UPDATE OF geom ON public.park DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.settle_record();

CREATE CONSTRAINT TRIGGER z_settle_record AFTER UPDATE OF writer ON public.park_clock DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (new.dirty) EXECUTE FUNCTION public.settle_record();

CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT ON public.supply_at_risk DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.settle_record();

CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT OR UPDATE ON public.waiting DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.settle_record();

CREATE TRIGGER zone_is_live AFTER INSERT ON public.parcel_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_dead_zone();

CREATE CONSTRAINT TRIGGER zone_is_live AFTER UPDATE ON public.zone_version DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.refuse_dead_zone();

ALTER TABLE ONLY public.account_turn
    ADD CONSTRAINT account_turn_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.account_turn
    ADD CONSTRAINT account_turn_by_fkey FOREIGN KEY (by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.agency
    ADD CONSTRAINT agency_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.agency
    ADD CONSTRAINT agency_district_id_project_id_fkey FOREIGN KEY (district_id, project_id) REFERENCES public.project(district_id, project_id);

ALTER TABLE ONLY public.agency
    ADD CONSTRAINT agency_district_id_project_id_paper_fkey FOREIGN KEY (district_id, project_id, paper) REFERENCES public.project_paper(district_id, project_id, n);

ALTER TABLE ONLY public.agency
    ADD CONSTRAINT agency_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.agency
    ADD CONSTRAINT agency_named_by_fkey FOREIGN KEY (named_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.allotment
    ADD CONSTRAINT allotment_district_id_project_id_fkey FOREIGN KEY (district_id, project_id) REFERENCES public.project(district_id, project_id);

ALTER TABLE ONLY public.allotment_draw
    ADD CONSTRAINT allotment_draw_park_id_allotment_id_fkey FOREIGN KEY (park_id, allotment_id) REFERENCES public.allotment(park_id, allotment_id);

ALTER TABLE ONLY public.allotment_draw
    ADD CONSTRAINT allotment_draw_park_id_from_seq_fkey FOREIGN KEY (park_id, from_seq) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.allotment_draw
    ADD CONSTRAINT allotment_draw_park_id_network_id_fkey FOREIGN KEY (park_id, network_id) REFERENCES public.network(park_id, network_id);

ALTER TABLE ONLY public.allotment_draw
    ADD CONSTRAINT allotment_draw_park_id_to_seq_fkey FOREIGN KEY (park_id, to_seq) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.allotment_draw
    ADD CONSTRAINT allotment_draw_service_fkey FOREIGN KEY (service) REFERENCES public.service(service);

ALTER TABLE ONLY public.allotment_parcel
    ADD CONSTRAINT allotment_parcel_park_id_allotment_id_fkey FOREIGN KEY (park_id, allotment_id) REFERENCES public.allotment(park_id, allotment_id);

ALTER TABLE ONLY public.allotment_parcel
    ADD CONSTRAINT allotment_parcel_park_id_from_seq_fkey FOREIGN KEY (park_id, from_seq) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.allotment_parcel
    ADD CONSTRAINT allotment_parcel_park_id_parcel_id_fkey FOREIGN KEY (park_id, parcel_id) REFERENCES public.parcel(park_id, parcel_id);

ALTER TABLE ONLY public.allotment_parcel
    ADD CONSTRAINT allotment_parcel_park_id_to_seq_fkey FOREIGN KEY (park_id, to_seq) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.allotment
    ADD CONSTRAINT allotment_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.allotment_version
    ADD CONSTRAINT allotment_version_park_id_allotment_id_fkey FOREIGN KEY (park_id, allotment_id) REFERENCES public.allotment(park_id, allotment_id);

ALTER TABLE ONLY public.allotment_version
    ADD CONSTRAINT allotment_version_park_id_allotment_id_prev_to_seq_fkey FOREIGN KEY (park_id, allotment_id, prev_to_seq) REFERENCES public.allotment_version(park_id, allotment_id, to_seq) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.allotment_version
    ADD CONSTRAINT allotment_version_park_id_from_seq_fkey FOREIGN KEY (park_id, from_seq) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.allotment_version
    ADD CONSTRAINT allotment_version_park_id_to_seq_fkey FOREIGN KEY (park_id, to_seq) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.building
    ADD CONSTRAINT building_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.building
    ADD CONSTRAINT building_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.building
    ADD CONSTRAINT building_park_id_parcel_id_fkey FOREIGN KEY (park_id, parcel_id) REFERENCES public.parcel(park_id, parcel_id);

ALTER TABLE ONLY public.building_record
    ADD CONSTRAINT building_record_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.building_record
    ADD CONSTRAINT building_record_park_id_building_id_fkey FOREIGN KEY (park_id, building_id) REFERENCES public.building(park_id, building_id);

ALTER TABLE ONLY public.calendar_address
    ADD CONSTRAINT calendar_address_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.chain
    ADD CONSTRAINT chain_district_id_fkey FOREIGN KEY (district_id) REFERENCES public.district(district_id);

ALTER TABLE ONLY public.contact
    ADD CONSTRAINT contact_district_id_party_id_fkey FOREIGN KEY (district_id, party_id) REFERENCES public.party(district_id, party_id);

ALTER TABLE ONLY public.dead_letter
    ADD CONSTRAINT dead_letter_park_id_seq_fkey FOREIGN KEY (park_id, seq) REFERENCES public.event(park_id, seq);

ALTER TABLE ONLY public.dead_letter
    ADD CONSTRAINT dead_letter_park_id_webhook_id_fkey FOREIGN KEY (park_id, webhook_id) REFERENCES public.webhook(park_id, webhook_id);

ALTER TABLE ONLY public.enquiry_answer
    ADD CONSTRAINT enquiry_answer_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.enquiry_answer
    ADD CONSTRAINT enquiry_answer_park_id_enquiry_id_fkey FOREIGN KEY (park_id, enquiry_id) REFERENCES public.enquiry(park_id, enquiry_id);

ALTER TABLE ONLY public.enquiry
    ADD CONSTRAINT enquiry_assigned_to_fkey FOREIGN KEY (assigned_to) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.enquiry
    ADD CONSTRAINT enquiry_district_id_project_id_fkey FOREIGN KEY (district_id, project_id) REFERENCES public.project(district_id, project_id);

ALTER TABLE ONLY public.enquiry
    ADD CONSTRAINT enquiry_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_park_id_seq_fkey FOREIGN KEY (park_id, seq) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.expert
    ADD CONSTRAINT expert_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.expert
    ADD CONSTRAINT expert_district_id_team_id_fkey FOREIGN KEY (district_id, team_id) REFERENCES public.team(district_id, team_id);

ALTER TABLE ONLY public.file
    ADD CONSTRAINT file_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.firm_link
    ADD CONSTRAINT firm_link_district_id_project_id_fkey FOREIGN KEY (district_id, project_id) REFERENCES public.project(district_id, project_id);

ALTER TABLE ONLY public.firm_link
    ADD CONSTRAINT firm_link_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.firm_link
    ADD CONSTRAINT firm_link_revoked_by_fkey FOREIGN KEY (revoked_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.firm_title
    ADD CONSTRAINT firm_title_district_id_party_id_fkey FOREIGN KEY (district_id, party_id) REFERENCES public.party(district_id, party_id);

ALTER TABLE ONLY public.firm_title
    ADD CONSTRAINT firm_title_noted_by_fkey FOREIGN KEY (noted_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.firm_title
    ADD CONSTRAINT firm_title_withdrawn_by_fkey FOREIGN KEY (withdrawn_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.first_contact
    ADD CONSTRAINT first_contact_district_id_party_id_fkey FOREIGN KEY (district_id, party_id) REFERENCES public.party(district_id, party_id);

ALTER TABLE ONLY public.first_contact
    ADD CONSTRAINT first_contact_district_id_project_id_fkey FOREIGN KEY (district_id, project_id) REFERENCES public.project(district_id, project_id);

ALTER TABLE ONLY public.first_contact
    ADD CONSTRAINT first_contact_district_id_team_id_fkey FOREIGN KEY (district_id, team_id) REFERENCES public.team(district_id, team_id);

ALTER TABLE ONLY public.first_contact
    ADD CONSTRAINT first_contact_noted_by_fkey FOREIGN KEY (noted_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.first_contact
    ADD CONSTRAINT first_contact_released_by_fkey FOREIGN KEY (released_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.flow_event
    ADD CONSTRAINT flow_event_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.flow_event
    ADD CONSTRAINT flow_event_district_id_flow_id_fkey FOREIGN KEY (district_id, flow_id) REFERENCES public.project_flow(district_id, flow_id);

ALTER TABLE ONLY public.flow_template
    ADD CONSTRAINT flow_template_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.flow_template
    ADD CONSTRAINT flow_template_district_id_fkey FOREIGN KEY (district_id) REFERENCES public.district(district_id);

ALTER TABLE ONLY public.gap_owner
    ADD CONSTRAINT gap_owner_district_id_team_id_fkey FOREIGN KEY (district_id, team_id) REFERENCES public.team(district_id, team_id);

ALTER TABLE ONLY public.gap_owner
    ADD CONSTRAINT gap_owner_noted_by_fkey FOREIGN KEY (noted_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.gap_owner
    ADD CONSTRAINT gap_owner_released_by_fkey FOREIGN KEY (released_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.idempotency
    ADD CONSTRAINT idempotency_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.import_report
    ADD CONSTRAINT import_report_park_id_seq_fkey FOREIGN KEY (park_id, seq) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.judgement
    ADD CONSTRAINT judgement_district_id_expert_id_fkey FOREIGN KEY (district_id, expert_id) REFERENCES public.expert(district_id, expert_id);

ALTER TABLE ONLY public.judgement
    ADD CONSTRAINT judgement_noted_by_fkey FOREIGN KEY (noted_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.known_browser
    ADD CONSTRAINT known_browser_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.land_sum_public
    ADD CONSTRAINT land_sum_public_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.ledger_file
    ADD CONSTRAINT ledger_file_district_id_fkey FOREIGN KEY (district_id) REFERENCES public.district(district_id);

ALTER TABLE ONLY public.ledger_import
    ADD CONSTRAINT ledger_import_district_id_hash_fkey FOREIGN KEY (district_id, hash) REFERENCES public.ledger_file(district_id, hash);

ALTER TABLE ONLY public.ledger_import
    ADD CONSTRAINT ledger_import_noted_by_fkey FOREIGN KEY (noted_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.ledger_import
    ADD CONSTRAINT ledger_import_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.ledger_mapping
    ADD CONSTRAINT ledger_mapping_district_id_fkey FOREIGN KEY (district_id) REFERENCES public.district(district_id);

ALTER TABLE ONLY public.ledger_mapping
    ADD CONSTRAINT ledger_mapping_noted_by_fkey FOREIGN KEY (noted_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.ledger_mapping
    ADD CONSTRAINT ledger_mapping_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.ledger_row
    ADD CONSTRAINT ledger_row_district_id_import_id_fkey FOREIGN KEY (district_id, import_id) REFERENCES public.ledger_import(district_id, import_id);

ALTER TABLE ONLY public.ledger_row
    ADD CONSTRAINT ledger_row_district_id_project_id_fkey FOREIGN KEY (district_id, project_id) REFERENCES public.project(district_id, project_id);

ALTER TABLE ONLY public.letting
    ADD CONSTRAINT letting_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.letting
    ADD CONSTRAINT letting_district_id_project_id_fkey FOREIGN KEY (district_id, project_id) REFERENCES public.project(district_id, project_id);

ALTER TABLE ONLY public.letting
    ADD CONSTRAINT letting_park_id_unit_id_fkey FOREIGN KEY (park_id, unit_id) REFERENCES public.unit(park_id, unit_id);

ALTER TABLE ONLY public.lineage
    ADD CONSTRAINT lineage_park_id_child_id_fkey FOREIGN KEY (park_id, child_id) REFERENCES public.parcel(park_id, parcel_id);

ALTER TABLE ONLY public.lineage
    ADD CONSTRAINT lineage_park_id_parent_id_fkey FOREIGN KEY (park_id, parent_id) REFERENCES public.parcel(park_id, parcel_id);

ALTER TABLE ONLY public.lineage
    ADD CONSTRAINT lineage_park_id_seq_fkey FOREIGN KEY (park_id, seq) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.mail
    ADD CONSTRAINT mail_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.mail
    ADD CONSTRAINT mail_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.meeting
    ADD CONSTRAINT meeting_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.meeting_minute
    ADD CONSTRAINT meeting_minute_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.meeting_minute
    ADD CONSTRAINT meeting_minute_park_id_meeting_id_fkey FOREIGN KEY (park_id, meeting_id) REFERENCES public.meeting(park_id, meeting_id);

ALTER TABLE ONLY public.meeting
    ADD CONSTRAINT meeting_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.membership
    ADD CONSTRAINT membership_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.membership
    ADD CONSTRAINT membership_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.network
    ADD CONSTRAINT network_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.network_public
    ADD CONSTRAINT network_public_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.network_version
    ADD CONSTRAINT network_version_park_id_from_seq_fkey FOREIGN KEY (park_id, from_seq) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.network_version
    ADD CONSTRAINT network_version_park_id_network_id_fkey FOREIGN KEY (park_id, network_id) REFERENCES public.network(park_id, network_id);

ALTER TABLE ONLY public.network_version
    ADD CONSTRAINT network_version_park_id_network_id_prev_to_seq_fkey FOREIGN KEY (park_id, network_id, prev_to_seq) REFERENCES public.network_version(park_id, network_id, to_seq) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.network_version
    ADD CONSTRAINT network_version_park_id_to_seq_fkey FOREIGN KEY (park_id, to_seq) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.paper_version
    ADD CONSTRAINT paper_version_park_id_from_seq_fkey FOREIGN KEY (park_id, from_seq) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.paper_version
    ADD CONSTRAINT paper_version_park_id_hash_fkey FOREIGN KEY (park_id, hash) REFERENCES public.file(park_id, hash);

ALTER TABLE ONLY public.paper_version
    ADD CONSTRAINT paper_version_park_id_paper_id_prev_to_seq_fkey FOREIGN KEY (park_id, paper_id, prev_to_seq) REFERENCES public.paper_version(park_id, paper_id, to_seq) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.paper_version
    ADD CONSTRAINT paper_version_park_id_parcel_id_fkey FOREIGN KEY (park_id, parcel_id) REFERENCES public.parcel(park_id, parcel_id);

ALTER TABLE ONLY public.paper_version
    ADD CONSTRAINT paper_version_park_id_to_seq_fkey FOREIGN KEY (park_id, to_seq) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.parcel_version
    ADD CONSTRAINT parcel_version_park_id_parcel_id_prev_to_seq_fkey FOREIGN KEY (park_id, parcel_id, prev_to_seq) REFERENCES public.parcel_version(park_id, parcel_id, to_seq) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.parcel_version
    ADD CONSTRAINT parcel_version_park_id_to_seq_fkey FOREIGN KEY (park_id, to_seq) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.parcel_version
    ADD CONSTRAINT parcel_version_park_id_zone_id_fkey FOREIGN KEY (park_id, zone_id) REFERENCES public.zone(park_id, zone_id);

ALTER TABLE ONLY public.park_border
    ADD CONSTRAINT park_border_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.park_border
    ADD CONSTRAINT park_border_park_id_seq_fkey FOREIGN KEY (park_id, seq) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.park_clock
    ADD CONSTRAINT park_clock_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.park
    ADD CONSTRAINT park_district_id_fkey FOREIGN KEY (district_id) REFERENCES public.district(district_id);

ALTER TABLE ONLY public.park_public
    ADD CONSTRAINT park_public_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.party
    ADD CONSTRAINT party_district_id_fkey FOREIGN KEY (district_id) REFERENCES public.district(district_id);

ALTER TABLE ONLY public.party
    ADD CONSTRAINT party_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.party_version
    ADD CONSTRAINT party_version_district_id_party_id_fkey FOREIGN KEY (district_id, party_id) REFERENCES public.party(district_id, party_id);

ALTER TABLE ONLY public.plan_unit
    ADD CONSTRAINT plan_unit_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.plan_unit_public
    ADD CONSTRAINT plan_unit_public_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.plan_unit_version
    ADD CONSTRAINT plan_unit_version_park_id_from_seq_fkey FOREIGN KEY (park_id, from_seq) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.plan_unit_version
    ADD CONSTRAINT plan_unit_version_park_id_plan_unit_id_fkey FOREIGN KEY (park_id, plan_unit_id) REFERENCES public.plan_unit(park_id, plan_unit_id);

ALTER TABLE ONLY public.plan_unit_version
    ADD CONSTRAINT plan_unit_version_park_id_plan_unit_id_prev_to_seq_fkey FOREIGN KEY (park_id, plan_unit_id, prev_to_seq) REFERENCES public.plan_unit_version(park_id, plan_unit_id, to_seq) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.plan_unit_version
    ADD CONSTRAINT plan_unit_version_park_id_to_seq_fkey FOREIGN KEY (park_id, to_seq) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.presence
    ADD CONSTRAINT presence_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.presence
    ADD CONSTRAINT presence_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.problem_turn
    ADD CONSTRAINT problem_turn_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.problem_turn
    ADD CONSTRAINT problem_turn_district_id_problem_id_fkey FOREIGN KEY (district_id, problem_id) REFERENCES public.project_problem(district_id, problem_id);

ALTER TABLE ONLY public.problem_turn
    ADD CONSTRAINT problem_turn_district_id_project_id_paper_fkey FOREIGN KEY (district_id, project_id, paper) REFERENCES public.project_paper(district_id, project_id, n);

ALTER TABLE ONLY public.problem_turn
    ADD CONSTRAINT problem_turn_meeting_id_fkey FOREIGN KEY (meeting_id) REFERENCES public.meeting(meeting_id);

ALTER TABLE ONLY public.project_chain_role
    ADD CONSTRAINT project_chain_role_district_id_project_id_fkey FOREIGN KEY (district_id, project_id) REFERENCES public.project(district_id, project_id);

ALTER TABLE ONLY public.project_chain_role
    ADD CONSTRAINT project_chain_role_noted_by_fkey FOREIGN KEY (noted_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.project
    ADD CONSTRAINT project_district_id_fkey FOREIGN KEY (district_id) REFERENCES public.district(district_id);

ALTER TABLE ONLY public.project
    ADD CONSTRAINT project_district_id_party_id_fkey FOREIGN KEY (district_id, party_id) REFERENCES public.party(district_id, party_id);

ALTER TABLE ONLY public.project_flow
    ADD CONSTRAINT project_flow_district_id_project_id_fkey FOREIGN KEY (district_id, project_id) REFERENCES public.project(district_id, project_id);

ALTER TABLE ONLY public.project_flow
    ADD CONSTRAINT project_flow_district_id_template_template_rev_fkey FOREIGN KEY (district_id, template, template_rev) REFERENCES public.flow_template(district_id, code, revision);

ALTER TABLE ONLY public.project_flow
    ADD CONSTRAINT project_flow_retired_by_fkey FOREIGN KEY (retired_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.project_flow
    ADD CONSTRAINT project_flow_started_by_fkey FOREIGN KEY (started_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.project_investment
    ADD CONSTRAINT project_investment_district_id_project_id_fkey FOREIGN KEY (district_id, project_id) REFERENCES public.project(district_id, project_id);

ALTER TABLE ONLY public.project_land_start
    ADD CONSTRAINT project_land_start_district_id_project_id_fkey FOREIGN KEY (district_id, project_id) REFERENCES public.project(district_id, project_id);

ALTER TABLE ONLY public.project_land_start
    ADD CONSTRAINT project_land_start_noted_by_fkey FOREIGN KEY (noted_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.project_land_start
    ADD CONSTRAINT project_land_start_park_id_allotment_id_fkey FOREIGN KEY (park_id, allotment_id) REFERENCES public.allotment(park_id, allotment_id);

ALTER TABLE ONLY public.project_milestone
    ADD CONSTRAINT project_milestone_district_id_project_id_fkey FOREIGN KEY (district_id, project_id) REFERENCES public.project(district_id, project_id);

ALTER TABLE ONLY public.project_milestone
    ADD CONSTRAINT project_milestone_noted_by_fkey FOREIGN KEY (noted_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.project_money
    ADD CONSTRAINT project_money_district_id_project_id_fkey FOREIGN KEY (district_id, project_id) REFERENCES public.project(district_id, project_id);

ALTER TABLE ONLY public.project_money
    ADD CONSTRAINT project_money_noted_by_fkey FOREIGN KEY (noted_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.project_paper
    ADD CONSTRAINT project_paper_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.project_paper
    ADD CONSTRAINT project_paper_district_id_project_id_fkey FOREIGN KEY (district_id, project_id) REFERENCES public.project(district_id, project_id);

ALTER TABLE ONLY public.project_paper
    ADD CONSTRAINT project_paper_link_id_fkey FOREIGN KEY (link_id) REFERENCES public.firm_link(link_id);

ALTER TABLE ONLY public.project_paper
    ADD CONSTRAINT project_paper_park_id_hash_fkey FOREIGN KEY (park_id, hash) REFERENCES public.file(park_id, hash);

ALTER TABLE ONLY public.project
    ADD CONSTRAINT project_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.project_problem
    ADD CONSTRAINT project_problem_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.project_problem
    ADD CONSTRAINT project_problem_district_id_project_id_fkey FOREIGN KEY (district_id, project_id) REFERENCES public.project(district_id, project_id);

ALTER TABLE ONLY public.project_problem
    ADD CONSTRAINT project_problem_link_id_fkey FOREIGN KEY (link_id) REFERENCES public.firm_link(link_id);

ALTER TABLE ONLY public.project_tag
    ADD CONSTRAINT project_tag_district_id_project_id_fkey FOREIGN KEY (district_id, project_id) REFERENCES public.project(district_id, project_id);

ALTER TABLE ONLY public.project_tag
    ADD CONSTRAINT project_tag_noted_by_fkey FOREIGN KEY (noted_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.project_tag
    ADD CONSTRAINT project_tag_withdrawn_by_fkey FOREIGN KEY (withdrawn_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.project_turn
    ADD CONSTRAINT project_turn_district_id_project_id_fkey FOREIGN KEY (district_id, project_id) REFERENCES public.project(district_id, project_id);

ALTER TABLE ONLY public.project_turn
    ADD CONSTRAINT project_turn_noted_by_fkey FOREIGN KEY (noted_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.project_version
    ADD CONSTRAINT project_version_district_id_project_id_fkey FOREIGN KEY (district_id, project_id) REFERENCES public.project(district_id, project_id);

ALTER TABLE ONLY public.project_visit
    ADD CONSTRAINT project_visit_district_id_project_id_fkey FOREIGN KEY (district_id, project_id) REFERENCES public.project(district_id, project_id);

ALTER TABLE ONLY public.project_visit
    ADD CONSTRAINT project_visit_done_by_fkey FOREIGN KEY (done_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.project_visit
    ADD CONSTRAINT project_visit_noted_by_fkey FOREIGN KEY (noted_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.proposal
    ADD CONSTRAINT proposal_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.proposal
    ADD CONSTRAINT proposal_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.proposal
    ADD CONSTRAINT proposal_park_id_seq_fkey FOREIGN KEY (park_id, seq) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.proposal
    ADD CONSTRAINT proposal_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.record
    ADD CONSTRAINT record_approved_by_fkey FOREIGN KEY (approved_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.record
    ADD CONSTRAINT record_kind_check FOREIGN KEY (kind) REFERENCES public.record_kind(kind);

ALTER TABLE ONLY public.record
    ADD CONSTRAINT record_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.record
    ADD CONSTRAINT record_park_id_reverts_fkey FOREIGN KEY (park_id, reverts) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.record
    ADD CONSTRAINT record_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.reminder
    ADD CONSTRAINT reminder_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.reminder_choice
    ADD CONSTRAINT reminder_choice_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.reminder
    ADD CONSTRAINT reminder_mail_id_fkey FOREIGN KEY (mail_id) REFERENCES public.mail(mail_id);

ALTER TABLE ONLY public.reminder_setting
    ADD CONSTRAINT reminder_setting_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.saved_match
    ADD CONSTRAINT saved_match_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.saved_match
    ADD CONSTRAINT saved_match_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.service_public
    ADD CONSTRAINT service_public_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.state_change
    ADD CONSTRAINT state_change_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.supply_at_risk
    ADD CONSTRAINT supply_at_risk_park_id_allotment_id_fkey FOREIGN KEY (park_id, allotment_id) REFERENCES public.allotment(park_id, allotment_id);

ALTER TABLE ONLY public.supply_at_risk
    ADD CONSTRAINT supply_at_risk_park_id_network_id_fkey FOREIGN KEY (park_id, network_id) REFERENCES public.network(park_id, network_id);

ALTER TABLE ONLY public.supply_at_risk
    ADD CONSTRAINT supply_at_risk_park_id_seq_fkey FOREIGN KEY (park_id, seq) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.supply_at_risk
    ADD CONSTRAINT supply_at_risk_service_fkey FOREIGN KEY (service) REFERENCES public.service(service);

ALTER TABLE ONLY public.target_firm
    ADD CONSTRAINT target_firm_closed_by_fkey FOREIGN KEY (closed_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.target_firm
    ADD CONSTRAINT target_firm_district_id_party_id_fkey FOREIGN KEY (district_id, party_id) REFERENCES public.party(district_id, party_id);

ALTER TABLE ONLY public.target_firm
    ADD CONSTRAINT target_firm_district_id_project_id_fkey FOREIGN KEY (district_id, project_id) REFERENCES public.project(district_id, project_id);

ALTER TABLE ONLY public.target_firm
    ADD CONSTRAINT target_firm_district_id_team_id_fkey FOREIGN KEY (district_id, team_id) REFERENCES public.team(district_id, team_id);

ALTER TABLE ONLY public.target_firm
    ADD CONSTRAINT target_firm_noted_by_fkey FOREIGN KEY (noted_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.target_note
    ADD CONSTRAINT target_note_district_id_target_firm_id_fkey FOREIGN KEY (district_id, target_firm_id) REFERENCES public.target_firm(district_id, target_firm_id);

ALTER TABLE ONLY public.target_note
    ADD CONSTRAINT target_note_noted_by_fkey FOREIGN KEY (noted_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.team_charge
    ADD CONSTRAINT team_charge_district_id_team_id_fkey FOREIGN KEY (district_id, team_id) REFERENCES public.team(district_id, team_id);

ALTER TABLE ONLY public.team_charge
    ADD CONSTRAINT team_charge_leader_id_fkey FOREIGN KEY (leader_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.team_charge
    ADD CONSTRAINT team_charge_noted_by_fkey FOREIGN KEY (noted_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.team
    ADD CONSTRAINT team_district_id_fkey FOREIGN KEY (district_id) REFERENCES public.district(district_id);

ALTER TABLE ONLY public.team_member
    ADD CONSTRAINT team_member_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.team_member
    ADD CONSTRAINT team_member_district_id_team_id_fkey FOREIGN KEY (district_id, team_id) REFERENCES public.team(district_id, team_id);

ALTER TABLE ONLY public.team_target
    ADD CONSTRAINT team_target_district_id_team_id_fkey FOREIGN KEY (district_id, team_id) REFERENCES public.team(district_id, team_id);

ALTER TABLE ONLY public.team_target
    ADD CONSTRAINT team_target_noted_by_fkey FOREIGN KEY (noted_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.title_figure
    ADD CONSTRAINT title_figure_district_id_fkey FOREIGN KEY (district_id) REFERENCES public.district(district_id);

ALTER TABLE ONLY public.title_figure
    ADD CONSTRAINT title_figure_noted_by_fkey FOREIGN KEY (noted_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.unit
    ADD CONSTRAINT unit_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.unit
    ADD CONSTRAINT unit_park_id_building_id_fkey FOREIGN KEY (park_id, building_id) REFERENCES public.building(park_id, building_id);

ALTER TABLE ONLY public.waiting
    ADD CONSTRAINT waiting_district_id_project_id_fkey FOREIGN KEY (district_id, project_id) REFERENCES public.project(district_id, project_id);

ALTER TABLE ONLY public.waiting
    ADD CONSTRAINT waiting_park_id_from_seq_fkey FOREIGN KEY (park_id, from_seq) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.waiting
    ADD CONSTRAINT waiting_park_id_parcel_id_fkey FOREIGN KEY (park_id, parcel_id) REFERENCES public.parcel(park_id, parcel_id);

ALTER TABLE ONLY public.waiting
    ADD CONSTRAINT waiting_park_id_to_seq_fkey FOREIGN KEY (park_id, to_seq) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.webhook
    ADD CONSTRAINT webhook_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.webhook
    ADD CONSTRAINT webhook_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.zone
    ADD CONSTRAINT zone_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.zone_public
    ADD CONSTRAINT zone_public_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.zone_version
    ADD CONSTRAINT zone_version_park_id_from_seq_fkey FOREIGN KEY (park_id, from_seq) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.zone_version
    ADD CONSTRAINT zone_version_park_id_to_seq_fkey FOREIGN KEY (park_id, to_seq) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.zone_version
    ADD CONSTRAINT zone_version_park_id_zone_id_fkey FOREIGN KEY (park_id, zone_id) REFERENCES public.zone(park_id, zone_id);

ALTER TABLE ONLY public.zone_version
    ADD CONSTRAINT zone_version_park_id_zone_id_prev_to_seq_fkey FOREIGN KEY (park_id, zone_id, prev_to_seq) REFERENCES public.zone_version(park_id, zone_id, to_seq) DEFERRABLE INITIALLY DEFERRED;

REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO luodi_planner;
GRANT USAGE ON SCHEMA public TO luodi_public;

REVOKE ALL ON FUNCTION pg_catalog.lo_close(integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.lo_creat(integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.lo_create(oid) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.lo_from_bytea(oid, bytea) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.lo_get(oid) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.lo_get(oid, bigint, integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.lo_lseek(integer, integer, integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.lo_lseek64(integer, bigint, integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.lo_open(oid, integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.lo_put(oid, bigint, bytea) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.lo_tell(integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.lo_tell64(integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.lo_truncate(integer, integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.lo_truncate64(integer, bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.lo_unlink(oid) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.loread(integer, integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.lowrite(integer, bytea) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_advisory_lock(bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_advisory_lock(integer, integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_advisory_lock_shared(bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_advisory_lock_shared(integer, integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_advisory_unlock(bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_advisory_unlock(integer, integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_advisory_unlock_all() FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_advisory_unlock_shared(bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_advisory_unlock_shared(integer, integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_advisory_xact_lock(bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_advisory_xact_lock(integer, integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_advisory_xact_lock_shared(bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_advisory_xact_lock_shared(integer, integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_cancel_backend(integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_notify(text, text) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.pg_notify(text, text) TO luodi_planner;

REVOKE ALL ON FUNCTION pg_catalog.pg_terminate_backend(pid integer, timeout bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_try_advisory_lock(bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_try_advisory_lock(integer, integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_try_advisory_lock_shared(bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_try_advisory_lock_shared(integer, integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_try_advisory_xact_lock(bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.pg_try_advisory_xact_lock(bigint) TO luodi_planner;

REVOKE ALL ON FUNCTION pg_catalog.pg_try_advisory_xact_lock(integer, integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_try_advisory_xact_lock_shared(bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION pg_catalog.pg_try_advisory_xact_lock_shared(integer, integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION public._postgis_index_extent(tbl regclass, col text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public._postgis_join_selectivity(regclass, text, regclass, text, text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public._postgis_selectivity(tbl regclass, att_name text, geom public.geometry, mode text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public._postgis_stats(tbl regclass, att_name text, text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.add_to_sum(p_park uuid, p_status text, p_seq bigint, p_parcels bigint, p_legal bigint, p_computed bigint, p_inside bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.ask_settling() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.balance_of(p_park uuid, p_seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.begin_record(p_park uuid, p_record uuid, p_kind text, p_reason text, p_via text, p_documents jsonb, p_proposed_by uuid, p_approved_by uuid, p_unlocked boolean, p_reverts bigint, OUT seq bigint, OUT at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.begin_record(p_park uuid, p_record uuid, p_kind text, p_reason text, p_via text, p_documents jsonb, p_proposed_by uuid, p_approved_by uuid, p_unlocked boolean, p_reverts bigint, OUT seq bigint, OUT at timestamp with time zone) TO luodi_planner;

REVOKE ALL ON FUNCTION public.begin_thing() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.begin_version() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.begun_bounds(p_park uuid, p_seq bigint, OUT parcels bigint, OUT average_m double precision, OUT widest_m double precision, OUT around box, OUT extent public.geometry, OUT least_m2 double precision, OUT across_m double precision) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.begun_land(p_park uuid, p_seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.bend_degrees(p_geom public.geometry) FROM PUBLIC;
GRANT ALL ON FUNCTION public.bend_degrees(p_geom public.geometry) TO luodi_planner;

REVOKE ALL ON FUNCTION public.changed_land(p_park uuid, p_seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.check_now() FROM PUBLIC;
GRANT ALL ON FUNCTION public.check_now() TO luodi_planner;

REVOKE ALL ON FUNCTION public.china_today() FROM PUBLIC;
GRANT ALL ON FUNCTION public.china_today() TO luodi_planner;

REVOKE ALL ON FUNCTION public.count_allotments() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.count_parcels() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.count_things() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.doubtful_parcels(p_park uuid, p_seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.erase_enquiries() FROM PUBLIC;
GRANT ALL ON FUNCTION public.erase_enquiries() TO luodi_planner;

REVOKE ALL ON FUNCTION public.farthest_m(p_shape public.geometry, p_from public.geometry) FROM PUBLIC;
GRANT ALL ON FUNCTION public.farthest_m(p_shape public.geometry, p_from public.geometry) TO luodi_planner;

REVOKE ALL ON FUNCTION public.firm_is_here(p_district uuid, p_party uuid, p_but uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.firm_link_for(p_link uuid, p_project uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.follow_firm() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.follow_parcels(p_park uuid, p_seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.follow_project() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.forebears(p_park uuid, p_parcel uuid, p_from bigint, p_seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.forget_answers() FROM PUBLIC;
GRANT ALL ON FUNCTION public.forget_answers() TO luodi_planner;

REVOKE ALL ON FUNCTION public.has_tenant(p_park uuid, p_unit uuid, p_let boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.hide_fields() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.hide_past(p_park uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.inside_area(p_boundary public.geometry, p_crs integer, p_geom public.geometry, p_computed double precision) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.is_inherited(p_park uuid, p_a uuid, p_a_from bigint, p_b uuid, p_b_from bigint, p_shared public.geometry) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.is_intention(p_state text, p_price_kind text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_account_turn() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_agency() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_an_admin() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_border() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_building() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_chain_role() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_charge() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_code() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_contact() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_decision() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_enquiry() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_expert() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_firm_link() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_first_contact() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_flow() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_flow_event() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_gap_owner() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_judgement() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_kind() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_land_start() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_letting() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_lineage() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_mail() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_member() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_milestone() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_minute() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_money() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_paper() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_parcels() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_party() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_party_version() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_piece() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_problem() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_problem_turn() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_project_paper() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_project_version() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_settings() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_tag() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_target_firm() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_target_note() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_team_target() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_template() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_title() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_title_figure() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_turn() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_unit() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_version() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_visit() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_webhook() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_with_record() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.may_run(p_account uuid, p_district uuid, p_project uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.may_run(p_account uuid, p_district uuid, p_project uuid) TO luodi_planner;

REVOKE ALL ON FUNCTION public.near_parks(p_park uuid, p_shape public.geometry) FROM PUBLIC;
GRANT ALL ON FUNCTION public.near_parks(p_park uuid, p_shape public.geometry) TO luodi_planner;

REVOKE ALL ON FUNCTION public.node_room(p_park uuid, p_seq bigint, p_network uuid, p_service text, OUT there boolean, OUT capacity numeric, OUT promised numeric, OUT was_capacity numeric, OUT was_promised numeric) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.note_change() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.number_state() FROM PUBLIC;

GRANT SELECT ON TABLE public.parcel_public TO luodi_planner;
GRANT SELECT ON TABLE public.parcel_public TO luodi_public;

REVOKE ALL ON FUNCTION public.parcel_said(p_park uuid, p_parcels uuid[], p_seq bigint, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.park_today(p_park uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.park_today(p_park uuid) TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.project TO luodi_planner;

GRANT UPDATE(party_id) ON TABLE public.project TO luodi_planner;

REVOKE ALL ON FUNCTION public.project_today(p_project public.project) FROM PUBLIC;
GRANT ALL ON FUNCTION public.project_today(p_project public.project) TO luodi_planner;

REVOKE ALL ON FUNCTION public.public_promises(p_park uuid, p_network uuid, p_service text, OUT promised numeric) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.public_word(p_shown text, p_bank text, p_state text, p_price_kind text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.publish_allotted_parcels() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.publish_begun_parcels() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.publish_besides(p_park uuid, p_parcels uuid[], p_quiet boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.publish_changed_papers() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.publish_changed_parcels() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.publish_changed_services() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.publish_network() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.publish_papers(p_park uuid, p_parcels uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.publish_parcels(p_park uuid, p_parcels uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.publish_park() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.publish_plan_unit() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.publish_rows(p_park uuid, p_parcels uuid[], p_anew boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.publish_services(p_park uuid, p_networks uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.publish_zone() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.reach(p_geom public.geometry) FROM PUBLIC;
GRANT ALL ON FUNCTION public.reach(p_geom public.geometry) TO luodi_planner;

REVOKE ALL ON FUNCTION public.record_building() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_bad_right(p_park uuid, p_seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_bare_import(p_park uuid, p_seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_blank_reason() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_dead_zone() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_double_ground(p_park uuid, p_seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_double_right(p_park uuid, p_seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_false_lineage(p_park uuid, p_seq bigint, p_kind text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_false_word() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_jumped_queue(p_park uuid, p_seq bigint, p_kind text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_long_term() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_lost_ground(p_park uuid, p_seq bigint, p_kind text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_overdraw(p_park uuid, p_seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_overlap(p_park uuid, p_seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_placeholder() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_stray(p_park uuid, p_seq bigint, p_kind text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_tick_within(p_park uuid, p_seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_unequal(p_park uuid, p_seq bigint, p_kind text, p_reverts bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_unlanded(p_project public.project) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_unreleased(p_park uuid, p_seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.root_of_overlap(p_park uuid, p_a uuid, p_a_from bigint, p_other uuid, p_b uuid, p_b_from bigint, p_shared public.geometry) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.rounded_shape(p_geom public.geometry, p_crs integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.same_word(a public.parcel_public, b public.parcel_public) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.seen_lineage(p_park uuid, p_seq bigint, p_undone bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.settle_record() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.st_estimatedextent(text, text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.st_estimatedextent(text, text, text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.st_estimatedextent(text, text, text, boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.start_clock() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.state_lineage(p_park uuid, p_seq bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.state_lineage(p_park uuid, p_seq bigint) TO luodi_planner;

REVOKE ALL ON FUNCTION public.step_above(p_amount numeric) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.step_below(p_amount numeric) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.still_as_seen(p_park uuid, p_parcel uuid, p_seen bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.still_as_seen(p_park uuid, p_parcel uuid, p_seen bigint) TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.waiting TO luodi_planner;

GRANT UPDATE(to_seq) ON TABLE public.waiting TO luodi_planner;

GRANT UPDATE(sys) ON TABLE public.waiting TO luodi_planner;

REVOKE ALL ON FUNCTION public.stood(p_park uuid, p_seq bigint, p_parcel uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.stored_faults() FROM PUBLIC;
GRANT ALL ON FUNCTION public.stored_faults() TO luodi_planner;

REVOKE ALL ON FUNCTION public.sum_anew(p_park uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.sum_land() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.sum_within() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.swept_overlaps(p_park uuid, p_seq bigint, p_widest double precision) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.take_border(p_park uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.take_clocks(p_park uuid, p_ground public.geometry[], p_border boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.take_clocks(p_park uuid, p_ground public.geometry[], p_border boolean) TO luodi_planner;

REVOKE ALL ON FUNCTION public.take_new_border() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.tell_corners(p_park uuid, p_seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.told_services(p_told text, p_services jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.told_shape(p_told text, p_geom public.geometry, p_crs integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.touched_parcels(p_park uuid, p_seq bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.touched_parcels(p_park uuid, p_seq bigint) TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.parcel_version TO luodi_planner;

GRANT UPDATE(to_seq) ON TABLE public.parcel_version TO luodi_planner;

GRANT UPDATE(sys) ON TABLE public.parcel_version TO luodi_planner;

REVOKE ALL ON FUNCTION public.version_said(v public.parcel_version, p_seq bigint, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.wake_account() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.wake_business() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.wake_inbox() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.wake_listeners() FROM PUBLIC;

GRANT SELECT,INSERT ON TABLE public.account TO luodi_planner;

GRANT UPDATE(login) ON TABLE public.account TO luodi_planner;

GRANT UPDATE(name) ON TABLE public.account TO luodi_planner;

GRANT UPDATE(password) ON TABLE public.account TO luodi_planner;

GRANT UPDATE(disabled_at) ON TABLE public.account TO luodi_planner;

GRANT UPDATE(erased_at) ON TABLE public.account TO luodi_planner;

GRANT UPDATE(signed_in_at) ON TABLE public.account TO luodi_planner;

GRANT SELECT ON TABLE public.account_turn TO luodi_planner;

GRANT INSERT(account_id) ON TABLE public.account_turn TO luodi_planner;

GRANT INSERT(turn) ON TABLE public.account_turn TO luodi_planner;

GRANT INSERT(by) ON TABLE public.account_turn TO luodi_planner;

GRANT INSERT(reason),UPDATE(reason) ON TABLE public.account_turn TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.agency TO luodi_planner;

GRANT UPDATE(ended_on) ON TABLE public.agency TO luodi_planner;

GRANT UPDATE(ended_by) ON TABLE public.agency TO luodi_planner;

GRANT UPDATE(ended_at) ON TABLE public.agency TO luodi_planner;

GRANT UPDATE(end_reason) ON TABLE public.agency TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.allotment TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.allotment_draw TO luodi_planner;

GRANT UPDATE(to_seq) ON TABLE public.allotment_draw TO luodi_planner;

GRANT UPDATE(sys) ON TABLE public.allotment_draw TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.allotment_parcel TO luodi_planner;

GRANT UPDATE(to_seq) ON TABLE public.allotment_parcel TO luodi_planner;

GRANT UPDATE(sys) ON TABLE public.allotment_parcel TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.allotment_version TO luodi_planner;

GRANT UPDATE(to_seq) ON TABLE public.allotment_version TO luodi_planner;

GRANT UPDATE(sys) ON TABLE public.allotment_version TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.building TO luodi_planner;

GRANT UPDATE(parcel_id) ON TABLE public.building TO luodi_planner;

GRANT UPDATE(code) ON TABLE public.building TO luodi_planner;

GRANT UPDATE(name_zh) ON TABLE public.building TO luodi_planner;

GRANT UPDATE(name_en) ON TABLE public.building TO luodi_planner;

GRANT UPDATE(stage) ON TABLE public.building TO luodi_planner;

GRANT UPDATE(since) ON TABLE public.building TO luodi_planner;

GRANT UPDATE(ready_by) ON TABLE public.building TO luodi_planner;

GRANT UPDATE(storeys) ON TABLE public.building TO luodi_planner;

GRANT UPDATE(floor_m2) ON TABLE public.building TO luodi_planner;

GRANT UPDATE("position") ON TABLE public.building TO luodi_planner;

GRANT UPDATE(source) ON TABLE public.building TO luodi_planner;

GRANT UPDATE(illustrative) ON TABLE public.building TO luodi_planner;

GRANT UPDATE(publication) ON TABLE public.building TO luodi_planner;

GRANT UPDATE(retired) ON TABLE public.building TO luodi_planner;

GRANT UPDATE(changed_by) ON TABLE public.building TO luodi_planner;

GRANT UPDATE(reason) ON TABLE public.building TO luodi_planner;

GRANT SELECT ON TABLE public.building_public TO luodi_planner;
GRANT SELECT ON TABLE public.building_public TO luodi_public;

GRANT SELECT ON TABLE public.building_record TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.calendar_address TO luodi_planner;

GRANT UPDATE(revoked_at) ON TABLE public.calendar_address TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.chain TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.park TO luodi_planner;

GRANT UPDATE(geom) ON TABLE public.park TO luodi_planner;

GRANT UPDATE(hold_shown) ON TABLE public.park TO luodi_planner;

GRANT UPDATE(map_review_no) ON TABLE public.park TO luodi_planner;

GRANT UPDATE(old_after_months) ON TABLE public.park TO luodi_planner;

GRANT UPDATE(corners_told) ON TABLE public.park TO luodi_planner;

GRANT UPDATE(contact) ON TABLE public.park TO luodi_planner;

GRANT SELECT ON TABLE public.chain_public TO luodi_planner;
GRANT SELECT ON TABLE public.chain_public TO luodi_public;

GRANT SELECT,INSERT ON TABLE public.contact TO luodi_planner;

GRANT UPDATE(name) ON TABLE public.contact TO luodi_planner;

GRANT UPDATE(phone) ON TABLE public.contact TO luodi_planner;

GRANT UPDATE(email) ON TABLE public.contact TO luodi_planner;

GRANT UPDATE(erased_at) ON TABLE public.contact TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.dead_letter TO luodi_planner;

GRANT UPDATE(tries) ON TABLE public.dead_letter TO luodi_planner;

GRANT UPDATE(error) ON TABLE public.dead_letter TO luodi_planner;

GRANT UPDATE(resend_at) ON TABLE public.dead_letter TO luodi_planner;

GRANT UPDATE(delivered_at) ON TABLE public.dead_letter TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.district TO luodi_planner;

GRANT SELECT ON TABLE public.double_ground TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.enquiry TO luodi_planner;

GRANT UPDATE(erased_at) ON TABLE public.enquiry TO luodi_planner;

GRANT UPDATE(name) ON TABLE public.enquiry TO luodi_planner;

GRANT UPDATE(organisation) ON TABLE public.enquiry TO luodi_planner;

GRANT UPDATE(phone) ON TABLE public.enquiry TO luodi_planner;

GRANT UPDATE(email) ON TABLE public.enquiry TO luodi_planner;

GRANT UPDATE(words) ON TABLE public.enquiry TO luodi_planner;

GRANT UPDATE(need) ON TABLE public.enquiry TO luodi_planner;

GRANT UPDATE(places) ON TABLE public.enquiry TO luodi_planner;

GRANT UPDATE(assigned_to) ON TABLE public.enquiry TO luodi_planner;

GRANT UPDATE(answered_at) ON TABLE public.enquiry TO luodi_planner;

GRANT UPDATE(closed_at) ON TABLE public.enquiry TO luodi_planner;

GRANT UPDATE(district_id) ON TABLE public.enquiry TO luodi_planner;

GRANT UPDATE(project_id) ON TABLE public.enquiry TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.enquiry_answer TO luodi_planner;

GRANT SELECT ON TABLE public.enquiry_key TO luodi_planner;

GRANT SELECT ON TABLE public.event TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.expert TO luodi_planner;

GRANT UPDATE(until) ON TABLE public.expert TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.file TO luodi_planner;

GRANT SELECT ON TABLE public.paper_public TO luodi_planner;
GRANT SELECT ON TABLE public.paper_public TO luodi_public;

GRANT SELECT ON TABLE public.file_public TO luodi_planner;
GRANT SELECT ON TABLE public.file_public TO luodi_public;

GRANT SELECT,INSERT ON TABLE public.firm_link TO luodi_planner;

GRANT UPDATE(used_at) ON TABLE public.firm_link TO luodi_planner;

GRANT UPDATE(revoked_at) ON TABLE public.firm_link TO luodi_planner;

GRANT UPDATE(revoked_by) ON TABLE public.firm_link TO luodi_planner;

GRANT UPDATE(revoke_reason) ON TABLE public.firm_link TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.firm_title TO luodi_planner;

GRANT UPDATE(withdrawn_at) ON TABLE public.firm_title TO luodi_planner;

GRANT UPDATE(withdrawn_by) ON TABLE public.firm_title TO luodi_planner;

GRANT UPDATE(withdraw_reason) ON TABLE public.firm_title TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.first_contact TO luodi_planner;

GRANT UPDATE(released_at) ON TABLE public.first_contact TO luodi_planner;

GRANT UPDATE(released_by) ON TABLE public.first_contact TO luodi_planner;

GRANT UPDATE(release_reason) ON TABLE public.first_contact TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.flow_event TO luodi_planner;

GRANT SELECT ON TABLE public.flow_event_held TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.flow_template TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.gap_owner TO luodi_planner;

GRANT UPDATE(released_at) ON TABLE public.gap_owner TO luodi_planner;

GRANT UPDATE(released_by) ON TABLE public.gap_owner TO luodi_planner;

GRANT UPDATE(release_reason) ON TABLE public.gap_owner TO luodi_planner;

GRANT SELECT ON TABLE public.geography_columns TO luodi_planner;

GRANT SELECT ON TABLE public.geometry_columns TO luodi_planner;

GRANT SELECT ON TABLE public.hazard_spacing TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.idempotency TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.import_report TO luodi_planner;

GRANT SELECT,INSERT,DELETE ON TABLE public.invitation TO luodi_planner;

GRANT UPDATE(hash) ON TABLE public.invitation TO luodi_planner;

GRANT UPDATE(expires_at) ON TABLE public.invitation TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.judgement TO luodi_planner;

GRANT SELECT ON TABLE public.judgement_held TO luodi_planner;

GRANT SELECT,INSERT,DELETE ON TABLE public.known_browser TO luodi_planner;

GRANT UPDATE(seen_at) ON TABLE public.known_browser TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.project_land_start TO luodi_planner;

GRANT SELECT ON TABLE public.land_started TO luodi_planner;

GRANT SELECT ON TABLE public.land_sum_public TO luodi_planner;
GRANT SELECT ON TABLE public.land_sum_public TO luodi_public;

GRANT SELECT,INSERT ON TABLE public.ledger_file TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.ledger_import TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.ledger_mapping TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.ledger_row TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.letting TO luodi_planner;

GRANT UPDATE(period) ON TABLE public.letting TO luodi_planner;

GRANT UPDATE(state) ON TABLE public.letting TO luodi_planner;

GRANT UPDATE(let_on) ON TABLE public.letting TO luodi_planner;

GRANT UPDATE(document) ON TABLE public.letting TO luodi_planner;

GRANT UPDATE(changed_by) ON TABLE public.letting TO luodi_planner;

GRANT UPDATE(reason) ON TABLE public.letting TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.lineage TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.mail TO luodi_planner;

GRANT UPDATE(state) ON TABLE public.mail TO luodi_planner;

GRANT UPDATE(lease) ON TABLE public.mail TO luodi_planner;

GRANT UPDATE(leased_until) ON TABLE public.mail TO luodi_planner;

GRANT UPDATE(tries) ON TABLE public.mail TO luodi_planner;

GRANT UPDATE(next_at) ON TABLE public.mail TO luodi_planner;

GRANT UPDATE(reply) ON TABLE public.mail TO luodi_planner;

GRANT UPDATE(error) ON TABLE public.mail TO luodi_planner;

GRANT UPDATE(decided_by) ON TABLE public.mail TO luodi_planner;

GRANT UPDATE(decided_at) ON TABLE public.mail TO luodi_planner;

GRANT UPDATE(decision_reason) ON TABLE public.mail TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.meeting TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.meeting_minute TO luodi_planner;

GRANT SELECT,INSERT,DELETE ON TABLE public.membership TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.project_money TO luodi_planner;

GRANT SELECT ON TABLE public.money_noted TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.network TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.network_version TO luodi_planner;

GRANT UPDATE(to_seq) ON TABLE public.network_version TO luodi_planner;

GRANT UPDATE(sys) ON TABLE public.network_version TO luodi_planner;

GRANT SELECT ON TABLE public.network_desk TO luodi_planner;

GRANT SELECT ON TABLE public.network_public TO luodi_planner;
GRANT SELECT ON TABLE public.network_public TO luodi_public;

GRANT SELECT,INSERT ON TABLE public.paper_version TO luodi_planner;

GRANT UPDATE(to_seq) ON TABLE public.paper_version TO luodi_planner;

GRANT UPDATE(sys) ON TABLE public.paper_version TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.parcel TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.zone TO luodi_planner;

GRANT SELECT ON TABLE public.parcel_desk TO luodi_planner;

GRANT SELECT ON TABLE public.park_border TO luodi_planner;

GRANT SELECT ON TABLE public.park_clock TO luodi_planner;

GRANT SELECT(park_id) ON TABLE public.park_clock TO luodi_public;

GRANT SELECT(seq) ON TABLE public.park_clock TO luodi_public;

GRANT SELECT(at) ON TABLE public.park_clock TO luodi_public;

GRANT SELECT ON TABLE public.park_public TO luodi_planner;
GRANT SELECT ON TABLE public.park_public TO luodi_public;

GRANT SELECT,INSERT ON TABLE public.party TO luodi_planner;

GRANT UPDATE(name_zh) ON TABLE public.party TO luodi_planner;

GRANT UPDATE(name_en) ON TABLE public.party TO luodi_planner;

GRANT UPDATE(named) ON TABLE public.party TO luodi_planner;

GRANT UPDATE(source) ON TABLE public.party TO luodi_planner;

GRANT UPDATE(credit_code) ON TABLE public.party TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.project_version TO luodi_planner;

GRANT SELECT ON TABLE public.project_park TO luodi_planner;

GRANT SELECT ON TABLE public.party_park TO luodi_planner;

GRANT SELECT ON TABLE public.party_version TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.plan_unit TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.plan_unit_version TO luodi_planner;

GRANT UPDATE(to_seq) ON TABLE public.plan_unit_version TO luodi_planner;

GRANT UPDATE(sys) ON TABLE public.plan_unit_version TO luodi_planner;

GRANT SELECT ON TABLE public.plan_unit_desk TO luodi_planner;

GRANT SELECT ON TABLE public.plan_unit_public TO luodi_planner;
GRANT SELECT ON TABLE public.plan_unit_public TO luodi_public;

GRANT SELECT,INSERT,DELETE ON TABLE public.presence TO luodi_planner;

GRANT UPDATE(parcel_id) ON TABLE public.presence TO luodi_planner;

GRANT UPDATE(seen_at) ON TABLE public.presence TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.problem_turn TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.project_chain_role TO luodi_planner;

GRANT SELECT ON TABLE public.project_chain_role_held TO luodi_planner;

GRANT SELECT ON TABLE public.project_flow TO luodi_planner;

GRANT INSERT(district_id) ON TABLE public.project_flow TO luodi_planner;

GRANT INSERT(flow_id) ON TABLE public.project_flow TO luodi_planner;

GRANT INSERT(project_id) ON TABLE public.project_flow TO luodi_planner;

GRANT INSERT(template) ON TABLE public.project_flow TO luodi_planner;

GRANT INSERT(template_rev) ON TABLE public.project_flow TO luodi_planner;

GRANT INSERT(without) ON TABLE public.project_flow TO luodi_planner;

GRANT INSERT(start) ON TABLE public.project_flow TO luodi_planner;

GRANT INSERT(agreed) ON TABLE public.project_flow TO luodi_planner;

GRANT INSERT(illustrative) ON TABLE public.project_flow TO luodi_planner;

GRANT INSERT(started_by) ON TABLE public.project_flow TO luodi_planner;

GRANT UPDATE(retired_by) ON TABLE public.project_flow TO luodi_planner;

GRANT UPDATE(retired_at) ON TABLE public.project_flow TO luodi_planner;

GRANT UPDATE(retired_reason) ON TABLE public.project_flow TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.project_investment TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.project_milestone TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.project_paper TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.project_problem TO luodi_planner;

GRANT SELECT ON TABLE public.project_reached TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.project_tag TO luodi_planner;

GRANT UPDATE(withdrawn_at) ON TABLE public.project_tag TO luodi_planner;

GRANT UPDATE(withdrawn_by) ON TABLE public.project_tag TO luodi_planner;

GRANT UPDATE(withdraw_reason) ON TABLE public.project_tag TO luodi_planner;

GRANT SELECT ON TABLE public.project_tagged TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.project_turn TO luodi_planner;

GRANT SELECT ON TABLE public.project_turned TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.project_visit TO luodi_planner;

GRANT UPDATE(done_at) ON TABLE public.project_visit TO luodi_planner;

GRANT UPDATE(done_by) ON TABLE public.project_visit TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.proposal TO luodi_planner;

GRANT UPDATE(decision) ON TABLE public.proposal TO luodi_planner;

GRANT UPDATE(decided_by) ON TABLE public.proposal TO luodi_planner;

GRANT UPDATE(decided_at) ON TABLE public.proposal TO luodi_planner;

GRANT UPDATE(seq) ON TABLE public.proposal TO luodi_planner;

GRANT UPDATE(decision_reason) ON TABLE public.proposal TO luodi_planner;

GRANT SELECT ON TABLE public.record TO luodi_planner;

GRANT SELECT(park_id) ON TABLE public.record TO luodi_public;

GRANT SELECT(seq) ON TABLE public.record TO luodi_public;

GRANT SELECT(at) ON TABLE public.record TO luodi_public;

GRANT SELECT,INSERT ON TABLE public.reminder TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.reminder_choice TO luodi_planner;

GRANT UPDATE(mail) ON TABLE public.reminder_choice TO luodi_planner;

GRANT UPDATE(calendar) ON TABLE public.reminder_choice TO luodi_planner;

GRANT UPDATE(lead_days) ON TABLE public.reminder_choice TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.reminder_setting TO luodi_planner;

GRANT UPDATE(hour) ON TABLE public.reminder_setting TO luodi_planner;

GRANT UPDATE(digest) ON TABLE public.reminder_setting TO luodi_planner;

GRANT UPDATE(lang) ON TABLE public.reminder_setting TO luodi_planner;

GRANT UPDATE(email) ON TABLE public.reminder_setting TO luodi_planner;

GRANT UPDATE(confirmed_at) ON TABLE public.reminder_setting TO luodi_planner;

GRANT UPDATE(code_hash) ON TABLE public.reminder_setting TO luodi_planner;

GRANT UPDATE(code_until) ON TABLE public.reminder_setting TO luodi_planner;

GRANT UPDATE(code_tries) ON TABLE public.reminder_setting TO luodi_planner;

GRANT UPDATE(looked_on) ON TABLE public.reminder_setting TO luodi_planner;

GRANT SELECT,INSERT,DELETE ON TABLE public.saved_match TO luodi_planner;

GRANT SELECT ON TABLE public.service TO luodi_planner;

GRANT SELECT ON TABLE public.service_public TO luodi_planner;
GRANT SELECT ON TABLE public.service_public TO luodi_public;

GRANT SELECT,INSERT,DELETE ON TABLE public.session TO luodi_planner;

GRANT UPDATE(seen_at) ON TABLE public.session TO luodi_planner;

GRANT SELECT ON TABLE public.spatial_ref_sys TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.spent_challenge TO luodi_planner;

GRANT SELECT,INSERT,DELETE ON TABLE public.spent_invitation TO luodi_planner;

GRANT SELECT ON TABLE public.state_change TO luodi_planner;

GRANT SELECT(park_id) ON TABLE public.state_change TO luodi_public;

GRANT SELECT(seq) ON TABLE public.state_change TO luodi_public;

GRANT SELECT(n) ON TABLE public.state_change TO luodi_public;

GRANT SELECT(at) ON TABLE public.state_change TO luodi_public;

GRANT SELECT ON TABLE public.stray_ground TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.supply_at_risk TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.target_firm TO luodi_planner;

GRANT UPDATE(project_id) ON TABLE public.target_firm TO luodi_planner;

GRANT UPDATE(closed_at) ON TABLE public.target_firm TO luodi_planner;

GRANT UPDATE(closed_by) ON TABLE public.target_firm TO luodi_planner;

GRANT UPDATE(close_reason) ON TABLE public.target_firm TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.target_note TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.team TO luodi_planner;

GRANT UPDATE(name_zh) ON TABLE public.team TO luodi_planner;

GRANT UPDATE(name_en) ON TABLE public.team TO luodi_planner;

GRANT UPDATE(placeholder) ON TABLE public.team TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.team_charge TO luodi_planner;

GRANT SELECT ON TABLE public.team_charge_held TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.team_member TO luodi_planner;

GRANT UPDATE(until) ON TABLE public.team_member TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.team_target TO luodi_planner;

GRANT SELECT ON TABLE public.team_target_held TO luodi_planner;

GRANT SELECT ON TABLE public.tenant TO luodi_planner;

GRANT SELECT ON TABLE public.tenant_public TO luodi_planner;
GRANT SELECT ON TABLE public.tenant_public TO luodi_public;

GRANT SELECT,INSERT ON TABLE public.title_figure TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.token TO luodi_planner;

GRANT UPDATE(name) ON TABLE public.token TO luodi_planner;

GRANT UPDATE(revoked_at) ON TABLE public.token TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.unit TO luodi_planner;

GRANT UPDATE(code) ON TABLE public.unit TO luodi_planner;

GRANT UPDATE(floor) ON TABLE public.unit TO luodi_planner;

GRANT UPDATE(area_m2) ON TABLE public.unit TO luodi_planner;

GRANT UPDATE(clear_height_m) ON TABLE public.unit TO luodi_planner;

GRANT UPDATE(load_t_m2) ON TABLE public.unit TO luodi_planner;

GRANT UPDATE(crane_t) ON TABLE public.unit TO luodi_planner;

GRANT UPDATE(power_kva) ON TABLE public.unit TO luodi_planner;

GRANT UPDATE(rent_cny_m2_month) ON TABLE public.unit TO luodi_planner;

GRANT UPDATE(free_from) ON TABLE public.unit TO luodi_planner;

GRANT UPDATE(publication) ON TABLE public.unit TO luodi_planner;

GRANT UPDATE(retired) ON TABLE public.unit TO luodi_planner;

GRANT UPDATE(changed_by) ON TABLE public.unit TO luodi_planner;

GRANT UPDATE(reason) ON TABLE public.unit TO luodi_planner;

GRANT SELECT ON TABLE public.unit_now TO luodi_planner;

GRANT SELECT ON TABLE public.unit_public TO luodi_planner;
GRANT SELECT ON TABLE public.unit_public TO luodi_public;

GRANT SELECT ON TABLE public.unsigned_lead TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.webhook TO luodi_planner;

GRANT UPDATE(url) ON TABLE public.webhook TO luodi_planner;

GRANT UPDATE(secret) ON TABLE public.webhook TO luodi_planner;

GRANT UPDATE(old_secret) ON TABLE public.webhook TO luodi_planner;

GRANT UPDATE(old_until) ON TABLE public.webhook TO luodi_planner;

GRANT UPDATE(state) ON TABLE public.webhook TO luodi_planner;

GRANT UPDATE(cursor) ON TABLE public.webhook TO luodi_planner;

GRANT UPDATE(tries) ON TABLE public.webhook TO luodi_planner;

GRANT UPDATE(next_at) ON TABLE public.webhook TO luodi_planner;

GRANT UPDATE(lease) ON TABLE public.webhook TO luodi_planner;

GRANT UPDATE(leased_until) ON TABLE public.webhook TO luodi_planner;

GRANT UPDATE(last_at) ON TABLE public.webhook TO luodi_planner;

GRANT UPDATE(last_status) ON TABLE public.webhook TO luodi_planner;

GRANT UPDATE(last_error) ON TABLE public.webhook TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.zone_version TO luodi_planner;

GRANT UPDATE(to_seq) ON TABLE public.zone_version TO luodi_planner;

GRANT UPDATE(sys) ON TABLE public.zone_version TO luodi_planner;

GRANT SELECT ON TABLE public.zone_desk TO luodi_planner;

GRANT SELECT ON TABLE public.zone_public TO luodi_planner;
GRANT SELECT ON TABLE public.zone_public TO luodi_public;
