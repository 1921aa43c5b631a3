CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

COMMENT ON EXTENSION btree_gist IS 'support for indexing common datatypes in GiST';

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';

CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public;

COMMENT ON EXTENSION postgis IS 'PostGIS geometry and geography spatial types and functions';

CREATE FUNCTION public.balance_of(p_park uuid, p_seq bigint) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT CASE WHEN r.kind IN ('create', 'retire', 'correct') THEN r.kind
              WHEN r.kind = 'revert' AND balance_of(r.park_id, r.reverts) = 'create' THEN 'retire'
              WHEN r.kind = 'revert' AND balance_of(r.park_id, r.reverts) = 'retire' THEN 'create' END
    FROM record r WHERE (r.park_id, r.seq) = (p_park, p_seq)
$$;

CREATE FUNCTION public.begin_record(p_park uuid, p_record uuid, p_kind text, p_reason text, p_via text, p_documents jsonb DEFAULT '[]'::jsonb, p_proposed_by uuid DEFAULT NULL::uuid, p_approved_by uuid DEFAULT NULL::uuid, p_unlocked boolean DEFAULT false, p_reverts bigint DEFAULT NULL::bigint, OUT seq bigint, OUT at timestamp with time zone) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  UPDATE park_clock c SET seq = c.seq + 1, at = greatest(clock_timestamp(), c.at + interval '1 microsecond'), writer = pg_current_xact_id(), dirty = false
   WHERE c.park_id = p_park
     AND (c.writer IS DISTINCT FROM pg_current_xact_id()
          OR (p_kind = 'hold' AND NOT c.dirty
              AND EXISTS (SELECT FROM record r JOIN lineage l ON (l.park_id, l.seq) = (r.park_id, r.seq) WHERE (r.park_id, r.seq, r.kind) = (c.park_id, c.seq, 'split'))))
   RETURNING c.seq, c.at INTO seq, at;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'park % has no clock, or this transaction has ticked it already', p_park USING ERRCODE = 'check_violation', CONSTRAINT = 'one_record_a_transaction';
  END IF;
  INSERT INTO record (park_id, seq, record_id, kind, at, reason, documents, via, proposed_by, approved_by, unlocked, reverts)
  VALUES (p_park, seq, p_record, p_kind, at, p_reason, p_documents, p_via, p_proposed_by, p_approved_by, p_unlocked, p_reverts);
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

CREATE FUNCTION public.begun_land(p_park uuid, p_seq bigint) RETURNS TABLE(parcel_id uuid, code text, follows boolean, computed_m2 double precision, span box, geom public.geometry)
    LANGUAGE sql STABLE ROWS 10
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT n.parcel_id, n.code, n.prev_to_seq IS NOT NULL, n.computed_m2, n.span, n.geom
    FROM (SELECT * FROM parcel_version v WHERE (v.from_seq, v.park_id) >= (p_seq, p_park) AND (v.from_seq, v.park_id) <= (p_seq, p_park) OFFSET 0) n
   WHERE n.to_seq IS NULL
     AND (n.prev_to_seq IS NULL OR NOT ST_OrderingEquals(n.geom,
           (SELECT c.geom FROM parcel_version c WHERE (c.park_id, c.parcel_id) = (p_park, n.parcel_id) AND c.from_seq < p_seq ORDER BY c.from_seq DESC LIMIT 1)))
$$;

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
    LANGUAGE sql STABLE
    AS $$
  SELECT x.*
    FROM (SELECT * FROM parcel_version WHERE park_id = p_park AND to_seq = p_seq) c
    FULL JOIN (SELECT * FROM parcel_version WHERE park_id = p_park AND from_seq = p_seq) n ON n.parcel_id = c.parcel_id
   CROSS JOIN LATERAL (SELECT (c.parcel_id = n.parcel_id) IS TRUE AS goes_on, (n.legal_m2 = c.legal_m2 AND ST_OrderingEquals(n.geom, c.geom)) IS NOT TRUE AS reshaped) s
   CROSS JOIN LATERAL (VALUES (c.parcel_id, c.code, false, s.goes_on, s.reshaped, c.bank_status, c.legal_m2, c.geom, c.span),
                              (n.parcel_id, n.code, true, s.goes_on, s.reshaped, n.bank_status, n.legal_m2, n.geom, n.span)) x
   WHERE x.column1 IS NOT NULL AND (s.reshaped OR n.bank_status <> c.bank_status)
$$;

CREATE FUNCTION public.count_allotments() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM refuse_tick_within(x.park_id, x.seq) FROM (SELECT DISTINCT park_id, coalesce(to_seq, from_seq) AS seq FROM changed) x;
  UPDATE allotment a SET version = c.seq FROM park_clock c
   WHERE c.park_id = a.park_id AND a.version <> c.seq AND (a.park_id, a.allotment_id) IN (SELECT park_id, allotment_id FROM changed);
  UPDATE parcel p SET version = n.seq
    FROM (SELECT DISTINCT l.park_id, l.parcel_id, c.seq FROM changed JOIN allotment_parcel l USING (park_id, allotment_id) JOIN park_clock c USING (park_id)
           WHERE l.to_seq IS NULL OR l.to_seq = c.seq) n
   WHERE (p.park_id, p.parcel_id) = (n.park_id, n.parcel_id) AND p.version <> n.seq;
  RETURN NULL;
END $$;

CREATE FUNCTION public.count_parcels() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM refuse_tick_within(x.park_id, x.seq) FROM (SELECT DISTINCT park_id, coalesce(to_seq, from_seq) AS seq FROM changed) x;
  UPDATE parcel p SET version = c.seq FROM park_clock c
   WHERE c.park_id = p.park_id AND p.version <> c.seq AND (p.park_id, p.parcel_id) IN (SELECT park_id, parcel_id FROM changed);
  RETURN NULL;
END $$;

CREATE FUNCTION public.count_things() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
BEGIN
  PERFORM refuse_tick_within(x.park_id, x.seq) FROM (SELECT DISTINCT park_id, coalesce(to_seq, from_seq) AS seq FROM changed) x;
  EXECUTE format('UPDATE %1$I t SET version = c.seq, live = n.live
    FROM park_clock c, (SELECT x.park_id, x.%2$I, EXISTS (SELECT FROM %3$I v WHERE (v.park_id, v.%2$I) = (x.park_id, x.%2$I) AND v.to_seq IS NULL) AS live
                          FROM (SELECT DISTINCT park_id, %2$I FROM changed) x) n
    WHERE c.park_id = t.park_id AND (n.park_id, n.%2$I) = (t.park_id, t.%2$I) AND (t.version, t.live) IS DISTINCT FROM (c.seq, n.live)', TG_ARGV[0], TG_ARGV[0] || '_id', TG_TABLE_NAME);
  RETURN NULL;
END $_$;

CREATE FUNCTION public.farthest_m(p_shape public.geometry, p_from public.geometry) RETURNS numeric
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT round(max(ST_Distance(d.geom, p_from))::numeric, 2) FROM ST_DumpPoints(p_shape) d
$$;

COMMENT ON FUNCTION public.farthest_m(p_shape public.geometry, p_from public.geometry) IS 'How far the vertex of a shape that is farthest from another is from it, in the units of their plane.';

CREATE FUNCTION public.forebears(p_park uuid, p_parcel uuid, p_from bigint, p_seq bigint) RETURNS TABLE(parcel_id uuid, from_seq bigint, span box, geom public.geometry)
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT v.parcel_id, v.from_seq, v.span, v.geom FROM parcel_version v WHERE (v.park_id, v.parcel_id, v.from_seq) = (p_park, p_parcel, p_from) AND p_from < p_seq
  UNION ALL
  SELECT f.parcel_id, f.from_seq, f.span, f.geom
    FROM parcel_version v
   CROSS JOIN LATERAL (SELECT * FROM parcel_version w WHERE w.to_seq IS NOT NULL AND w.span && v.span OFFSET 0) f
   WHERE (v.park_id, v.parcel_id, v.from_seq) = (p_park, p_parcel, p_from) AND p_from = p_seq AND (f.park_id, f.to_seq) = (p_park, p_seq)
$$;

CREATE FUNCTION public.forget_answers() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  WITH gone AS (DELETE FROM idempotency WHERE at < clock_timestamp() - interval '48 hours' RETURNING 1) SELECT count(*) FROM gone
$$;

COMMENT ON FUNCTION public.forget_answers() IS 'Deletes the answers of over 48 hours ago, and counts them.';

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
      SELECT a.parcel_id, a.from_seq, b.parcel_id, b.from_seq, ST_Area(s.g) <= slack_m2(least(ST_Perimeter(g.a), ST_Perimeter(g.b)))
        FROM pair
       CROSS JOIN LATERAL (SELECT greatest(pair.a_from, pair.b_from) AS seq OFFSET 0) change
       CROSS JOIN LATERAL (SELECT * FROM forebears(p_park, pair.a, pair.a_from, change.seq) OFFSET 0) a
       CROSS JOIN LATERAL (SELECT * FROM forebears(p_park, pair.b, pair.b_from, change.seq) f WHERE f.parcel_id <> a.parcel_id AND f.span && a.span OFFSET 0) b
       CROSS JOIN LATERAL (SELECT ST_Transform(a.geom, crs) AS a, ST_Transform(b.geom, crs) AS b OFFSET 0) g
       CROSS JOIN LATERAL (SELECT ST_Intersection(g.a, g.b) AS g OFFSET 0) s
       WHERE NOT pair.within AND ST_Area(ST_Intersection(s.g, p_shared)) > 0)
    SELECT FROM pair
      JOIN parcel_version a ON (a.park_id, a.parcel_id, a.from_seq) = (p_park, pair.a, pair.a_from)
      JOIN parcel_version b ON (b.park_id, b.parcel_id, b.from_seq) = (p_park, pair.b, pair.b_from)
     CROSS JOIN LATERAL (SELECT ST_Transform(a.geom, crs) AS a, ST_Transform(b.geom, crs) AS b OFFSET 0) g
     WHERE pair.within AND ST_Area(ST_Difference(p_shared, ST_Intersection(g.a, g.b))) <= 0.0001 * ST_Perimeter(p_shared));
END $$;

COMMENT ON FUNCTION public.is_inherited(p_park uuid, p_a uuid, p_a_from bigint, p_b uuid, p_b_from bigint, p_shared public.geometry) IS 'Whether ground that two live versions share beyond their slack was shared by one pair of their forebears within its own.';

CREATE FUNCTION public.keep_border() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE tick park_clock%ROWTYPE;
BEGIN
  IF ST_OrderingEquals(OLD.geom, NEW.geom) THEN RETURN NEW; END IF;
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = NEW.park_id;
  IF tick.writer IS DISTINCT FROM pg_current_xact_id()
     OR NOT EXISTS (SELECT FROM record r WHERE (r.park_id, r.seq) = (tick.park_id, tick.seq) AND r.kind IN ('border', 'import', 'sample', 'revert')) THEN
    PERFORM refuse('border_has_record', format('the border of park %s was changed without a record', NEW.code));
  END IF;
  INSERT INTO park_border (park_id, seq, was, geom) VALUES (tick.park_id, tick.seq, OLD.geom, NEW.geom) ON CONFLICT (park_id, seq) DO UPDATE SET geom = EXCLUDED.geom;
  UPDATE park_clock SET dirty = true, bordered_by = pg_current_xact_id() WHERE park_id = NEW.park_id;
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

CREATE FUNCTION public.keep_line() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
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
    RAISE EXCEPTION 'lineage of park % was written without its record', NEW.park_id USING ERRCODE = 'check_violation', CONSTRAINT = 'version_has_record';
  END IF;
  UPDATE park_clock SET dirty = true WHERE park_id = NEW.park_id AND NOT dirty;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_parcel_shape() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE plane geometry;
BEGIN
  NEW.geom := settle_shape(NEW.geom);
  SELECT ST_Transform(NEW.geom, p.survey_crs) INTO plane FROM park p WHERE p.park_id = NEW.park_id;
  NEW.computed_m2 := ST_Area(plane);
  NEW.ellipsoid_m2 := ST_Area(NEW.geom::geography);
  NEW.span := plane::box;
  IF ST_IsValid(NEW.geom) AND NOT ST_IsValid(plane) THEN
    PERFORM refuse('shape_is_plane', format('parcel %s crosses itself where its edges are straight, in the survey CRS', NEW.code));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_party() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  NEW.revision := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE OLD.revision + 1 END;
  RETURN NEW;
END $$;

CREATE FUNCTION public.keep_party_version() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  INSERT INTO party_version (district_id, party_id, revision, name_zh, name_en, named, source)
  VALUES (NEW.district_id, NEW.party_id, NEW.revision, NEW.name_zh, NEW.name_en, NEW.named, NEW.source);
  RETURN NULL;
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
  SELECT * INTO last FROM project_version v WHERE (v.district_id, v.project_id) = (NEW.district_id, NEW.project_id) ORDER BY v.revision DESC LIMIT 1;
  IF NEW.revision IS DISTINCT FROM coalesce(last.revision, 0) + 1 THEN
    PERFORM refuse('revision_follows', format('the next revision of project %s is %s, not %s', NEW.project_id, coalesce(last.revision, 0) + 1, NEW.revision));
  END IF;
  instant := greatest(clock_timestamp(), lower(last.sys) + interval '1 microsecond');
  UPDATE project_version v SET sys = tstzrange(lower(last.sys), instant) WHERE (v.district_id, v.project_id, v.revision) = (NEW.district_id, NEW.project_id, last.revision);
  NEW.sys := tstzrange(instant, NULL);
  RETURN NEW;
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
      RAISE EXCEPTION '% of park % must begin, open, at the park''s newest change %, not %', TG_TABLE_NAME, NEW.park_id, tick.seq, NEW.from_seq
        USING ERRCODE = 'check_violation', CONSTRAINT = 'version_begins_now';
    END IF;
    NEW.sys := tstzrange(tick.at, NULL);
    RETURN NEW;
  END IF;
  IF OLD.to_seq IS NOT NULL OR NEW.to_seq IS DISTINCT FROM tick.seq THEN
    RAISE EXCEPTION '% of park % can only be closed once, at the park''s newest change %', TG_TABLE_NAME, NEW.park_id, tick.seq
      USING ERRCODE = 'check_violation', CONSTRAINT = 'version_closes_once';
  END IF;
  NEW.sys := tstzrange(lower(OLD.sys), tick.at);
  IF to_jsonb(NEW) - 'to_seq' - 'sys' IS DISTINCT FROM to_jsonb(OLD) - 'to_seq' - 'sys' THEN
    RAISE EXCEPTION '% of park % is history: only its end may be set', TG_TABLE_NAME, NEW.park_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'version_is_history';
  END IF;
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
    PERFORM refuse('webhook_goes_on', format('webhook %s goes on from event %s to the next, not to %s', OLD.webhook_id, OLD.cursor, NEW.cursor));
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
    RAISE EXCEPTION '% of park % was written without its record', TG_TABLE_NAME, NEW.park_id USING ERRCODE = 'check_violation', CONSTRAINT = 'version_has_record';
  END IF;
  UPDATE park_clock SET dirty = true WHERE park_id = NEW.park_id AND NOT dirty;
  RETURN NEW;
END $$;

CREATE FUNCTION public.near_parks(p_park uuid, p_shape public.geometry) RETURNS uuid[]
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT coalesce(array_agg(x.park_id ORDER BY x.park_id), '{}')
    FROM (SELECT k.park_id FROM (SELECT * FROM park WHERE geom && reach(p_shape) OFFSET 0) k WHERE k.park_id <> p_park AND ST_DWithin(k.geom, p_shape, bend_degrees(p_shape))
          UNION SELECT s.park_id FROM (SELECT * FROM stray_ground WHERE geom && reach(p_shape) OFFSET 0) s WHERE s.park_id <> p_park AND ST_DWithin(s.geom, p_shape, bend_degrees(p_shape))) x
$$;

CREATE FUNCTION public.node_room(p_park uuid, p_seq bigint, p_network uuid, p_service text, OUT there boolean, OUT capacity numeric, OUT promised numeric, OUT was_capacity numeric, OUT was_promised numeric) RETURNS record
    LANGUAGE sql STABLE
    AS $$
  SELECT count(v.capacity) FILTER (WHERE v.to_seq IS NULL) > 0, coalesce(sum(v.capacity) FILTER (WHERE v.to_seq IS NULL), 0),
         (SELECT coalesce(sum(d.amount), 0) FROM allotment_draw d WHERE (d.park_id, d.network_id, d.service) = (p_park, p_network, p_service) AND d.to_seq IS NULL),
         coalesce(sum(v.capacity) FILTER (WHERE v.from_seq < p_seq AND (v.to_seq IS NULL OR v.to_seq = p_seq)), 0),
         (SELECT coalesce(sum(d.amount), 0) FROM allotment_draw d WHERE (d.park_id, d.network_id, d.service) = (p_park, p_network, p_service) AND d.from_seq < p_seq AND (d.to_seq IS NULL OR d.to_seq = p_seq))
    FROM network_version v JOIN service s ON (s.kind, s.unit) = (v.kind, v.unit)
   WHERE (v.park_id, v.network_id, s.service, v.grade) = (p_park, p_network, p_service, 'node') AND (v.to_seq IS NULL OR v.to_seq = p_seq)
$$;

COMMENT ON FUNCTION public.node_room(p_park uuid, p_seq bigint, p_network uuid, p_service text, OUT there boolean, OUT capacity numeric, OUT promised numeric, OUT was_capacity numeric, OUT was_promised numeric) IS 'Capacity and promises of a node for a service after a record and before it.';

CREATE FUNCTION public.publish_allotted_parcels() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE park record;
BEGIN
  FOR park IN SELECT ap.park_id, array_agg(DISTINCT ap.parcel_id) AS parcels
                FROM changed c JOIN allotment_parcel ap ON (ap.park_id, ap.allotment_id) = (c.park_id, c.allotment_id) AND ap.to_seq IS NULL
               GROUP BY ap.park_id LOOP
    PERFORM publish_parcels(park.park_id, park.parcels);
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
BEGIN
  IF NEW.publication = 'public' THEN
    INSERT INTO network_public
    SELECT NEW.park_id, NEW.network_id, NEW.from_seq, NEW.to_seq, NEW.sys, n.code, NEW.kind, NEW.grade, NEW.name_zh, NEW.name_en, NEW.width_m, NEW.capacity, NEW.unit, NEW.geom
      FROM network n WHERE (n.park_id, n.network_id) = (NEW.park_id, NEW.network_id)
    ON CONFLICT (park_id, network_id, from_seq) DO UPDATE SET to_seq = EXCLUDED.to_seq, sys = EXCLUDED.sys;
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.publish_parcels(p_park uuid, p_parcels uuid[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE tick park_clock%ROWTYPE;
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = p_park;
  DELETE FROM parcel_public WHERE park_id = p_park AND parcel_id = ANY (p_parcels) AND from_seq = tick.seq;
  UPDATE parcel_public SET to_seq = tick.seq, sys = tstzrange(lower(sys), tick.at)
   WHERE park_id = p_park AND parcel_id = ANY (p_parcels) AND to_seq IS NULL;
  INSERT INTO parcel_public
  SELECT v.park_id, v.parcel_id, tick.seq, NULL, tstzrange(tick.at, NULL), v.code, z.code,
         CASE a.state WHEN 'hold' THEN 'held' ELSE coalesce(a.state, v.bank_status) END,
         v.bank_status, v.land_use, v.services, v.legal_m2, v.computed_m2, v.ellipsoid_m2, v.price_cny_per_m2, v.cadastral_no, v.estate_unit_no,
         CASE WHEN t.named THEN t.name_zh END, CASE WHEN t.named THEN t.name_en END,
         CASE WHEN r.named THEN r.name_zh END, CASE WHEN r.named THEN r.name_en END,
         a.expires_at, v.geom
    FROM unnest(p_parcels) u (id)
   CROSS JOIN LATERAL (SELECT * FROM parcel_version x WHERE (x.park_id, x.parcel_id) = (p_park, u.id) AND x.to_seq IS NULL AND x.publication = 'public' OFFSET 0) v
    LEFT JOIN zone z ON (z.park_id, z.zone_id) = (v.park_id, v.zone_id)
    LEFT JOIN LATERAL (SELECT * FROM allotment_parcel x WHERE (x.park_id, x.parcel_id) = (p_park, v.parcel_id) AND x.to_seq IS NULL OFFSET 0) ap ON true
    LEFT JOIN LATERAL (SELECT * FROM allotment_version x WHERE (x.park_id, x.allotment_id) = (p_park, ap.allotment_id) AND x.to_seq IS NULL OFFSET 0) a ON true
    LEFT JOIN LATERAL (SELECT * FROM allotment x WHERE (x.park_id, x.allotment_id) = (p_park, a.allotment_id) OFFSET 0) l ON true
    LEFT JOIN LATERAL (SELECT * FROM project x WHERE (x.district_id, x.project_id) = (l.district_id, l.project_id) OFFSET 0) p ON true
    LEFT JOIN LATERAL (SELECT * FROM project_version x WHERE (x.district_id, x.project_id) = (p.district_id, p.project_id) AND upper_inf(x.sys) OFFSET 0) r ON true
    LEFT JOIN LATERAL (SELECT * FROM party x WHERE (x.district_id, x.party_id) = (p.district_id, p.party_id) OFFSET 0) t ON true;
END $$;

COMMENT ON FUNCTION public.publish_parcels(p_park uuid, p_parcels uuid[]) IS 'Rewrites the public rows of parcels as of the park''s newest change; called by triggers only.';

CREATE FUNCTION public.publish_park() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  INSERT INTO park_public
  SELECT NEW.park_id, NEW.code, NEW.name_zh, NEW.name_en, d.name_zh, d.name_en, NEW.survey_crs, NEW.time_zone, NEW.illustrative,
         ST_Area(ST_Transform(NEW.geom, NEW.survey_crs)), NEW.geom
    FROM district d WHERE d.district_id = NEW.district_id
  ON CONFLICT (park_id) DO UPDATE SET (code, name_zh, name_en, district_zh, district_en, survey_crs, time_zone, illustrative, computed_m2, geom) =
     (EXCLUDED.code, EXCLUDED.name_zh, EXCLUDED.name_en, EXCLUDED.district_zh, EXCLUDED.district_en, EXCLUDED.survey_crs, EXCLUDED.time_zone,
      EXCLUDED.illustrative, EXCLUDED.computed_m2, EXCLUDED.geom);
  RETURN NEW;
END $$;

CREATE FUNCTION public.publish_plan_unit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF NEW.publication = 'public' THEN
    INSERT INTO plan_unit_public
    SELECT NEW.park_id, NEW.plan_unit_id, NEW.from_seq, NEW.to_seq, NEW.sys, u.code, NEW.land_use, NEW.conditions, NEW.edition, NEW.effective_from, NEW.computed_m2, NEW.geom
      FROM plan_unit u WHERE (u.park_id, u.plan_unit_id) = (NEW.park_id, NEW.plan_unit_id)
    ON CONFLICT (park_id, plan_unit_id, from_seq) DO UPDATE SET to_seq = EXCLUDED.to_seq, sys = EXCLUDED.sys;
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.publish_services(p_park uuid, p_networks uuid[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE tick park_clock%ROWTYPE;
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = p_park;
  DELETE FROM service_public WHERE park_id = p_park AND network_id = ANY (p_networks) AND from_seq = tick.seq;
  UPDATE service_public SET to_seq = NULL, sys = tstzrange(lower(sys), NULL) WHERE park_id = p_park AND network_id = ANY (p_networks) AND to_seq = tick.seq;
  WITH now AS MATERIALIZED (
    SELECT u.id AS network_id, s.service,
           CASE WHEN v.capacity > 0 AND 2 * room.promised <= v.capacity THEN 'ample' WHEN v.capacity > 0 AND 5 * room.promised <= 4 * v.capacity THEN 'some' ELSE 'little' END AS free
      FROM unnest(p_networks) u (id)
      JOIN network_version v ON (v.park_id, v.network_id) = (p_park, u.id) AND v.to_seq IS NULL AND v.publication = 'public' AND v.grade = 'node' AND v.capacity IS NOT NULL
      JOIN service s ON (s.kind, s.unit) = (v.kind, v.unit)
      CROSS JOIN LATERAL node_room(p_park, tick.seq, u.id, s.service) room),
  ended AS (
    UPDATE service_public p SET to_seq = tick.seq, sys = tstzrange(lower(p.sys), tick.at)
     WHERE p.park_id = p_park AND p.network_id = ANY (p_networks) AND p.to_seq IS NULL
       AND NOT EXISTS (SELECT FROM now n WHERE (n.network_id, n.service, n.free) = (p.network_id, p.service, p.free)))
  INSERT INTO service_public
  SELECT p_park, n.network_id, n.service, tick.seq, NULL, tstzrange(tick.at, NULL), n.free FROM now n
   WHERE NOT EXISTS (SELECT FROM service_public p WHERE (p.park_id, p.network_id, p.service, p.free) = (p_park, n.network_id, n.service, n.free) AND p.to_seq IS NULL);
END $$;

CREATE FUNCTION public.publish_zone() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF NEW.publication = 'public' THEN
    INSERT INTO zone_public
    SELECT NEW.park_id, NEW.zone_id, NEW.from_seq, NEW.to_seq, NEW.sys, z.code, NEW.name_zh, NEW.name_en, NEW.function, NEW.legal_m2, NEW.computed_m2, NEW.geom
      FROM zone z WHERE (z.park_id, z.zone_id) = (NEW.park_id, NEW.zone_id)
    ON CONFLICT (park_id, zone_id, from_seq) DO UPDATE SET to_seq = EXCLUDED.to_seq, sys = EXCLUDED.sys;
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
   CROSS JOIN LATERAL (SELECT FROM allotment_parcel ap WHERE (ap.park_id, ap.parcel_id) = (p_park, x.parcel_id) AND ap.to_seq IS NULL OFFSET 0) held
    LEFT JOIN LATERAL (SELECT w.code, w.bank_status FROM parcel_version w WHERE (w.park_id, w.parcel_id) = (p_park, x.parcel_id) AND w.to_seq IS NULL OFFSET 0) v ON true
   WHERE v.bank_status IS DISTINCT FROM 'available'
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse(CASE hit.bank_status WHEN 'reserve' THEN 'reserve_needs_release' ELSE 'right_on_live_land' END,
      format('parcel %s is %s and has a right', coalesce(hit.code, hit.parcel_id::text), coalesce(hit.bank_status, 'no live parcel')));
  END IF;
  SELECT a.allotment_id, a.live INTO hit
    FROM (SELECT x.allotment_id, EXISTS (SELECT FROM allotment_version v WHERE (v.park_id, v.allotment_id) = (p_park, x.allotment_id) AND upper_inf(v.sys) OFFSET 0) AS live
            FROM (SELECT allotment_id FROM allotment_version WHERE park_id = p_park AND from_seq = p_seq
                  UNION SELECT allotment_id FROM allotment_version WHERE park_id = p_park AND to_seq = p_seq
                  UNION SELECT allotment_id FROM allotment_parcel WHERE park_id = p_park AND from_seq = p_seq
                  UNION SELECT allotment_id FROM allotment_parcel WHERE park_id = p_park AND to_seq = p_seq) x) a
   WHERE a.live <> EXISTS (SELECT FROM allotment_parcel ap WHERE (ap.park_id, ap.allotment_id) = (p_park, a.allotment_id) AND upper_inf(ap.sys) OFFSET 0)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('right_covers_land', format(CASE WHEN hit.live THEN 'right %s is live and covers no parcel' ELSE 'right %s has ended and still covers a parcel' END, hit.allotment_id));
  END IF;
  WITH changed AS MATERIALIZED (SELECT * FROM changed_land(p_park, p_seq))
  SELECT ap.allotment_id, c.code INTO hit
    FROM changed c
   CROSS JOIN LATERAL (SELECT l.allotment_id, l.parcel_id FROM allotment_parcel l WHERE (l.park_id, l.parcel_id, l.to_seq) = (p_park, c.parcel_id, p_seq) OFFSET 0) ap
   WHERE NOT c.begins AND c.reshaped
     AND NOT EXISTS (SELECT FROM allotment_parcel heir WHERE (heir.park_id, heir.allotment_id, heir.from_seq) = (p_park, ap.allotment_id, p_seq)
                        AND (heir.parcel_id = ap.parcel_id OR EXISTS (SELECT FROM lineage l WHERE (l.park_id, l.seq, l.parent_id, l.child_id) = (p_park, p_seq, ap.parcel_id, heir.parcel_id))))
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('heir_is_named', format('the land of right %s, parcel %s, is dealt out anew and nothing inherits the right', hit.allotment_id, hit.code));
  END IF;
END $$;

CREATE FUNCTION public.refuse_dead_zone() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE hit record;
BEGIN
  IF TG_TABLE_NAME = 'zone_version' THEN
    SELECT v.code, z.code AS zone INTO hit FROM zone z JOIN parcel_version v USING (park_id, zone_id)
     WHERE (z.park_id, z.zone_id) = (NEW.park_id, NEW.zone_id) AND NOT z.live AND v.to_seq IS NULL LIMIT 1;
  ELSE
    SELECT v.code, z.code AS zone INTO hit FROM changed v JOIN zone z USING (park_id, zone_id) WHERE NOT z.live LIMIT 1;
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
  SELECT ST_SetSRID(ST_Extent(n.geom)::geometry, 4490) INTO around FROM begun_land(p_park, p_seq) n;
  IF around IS NULL THEN RETURN; END IF;
  near := near_parks(p_park, around);
  IF near = '{}' THEN RETURN; END IF;
  SELECT coalesce(array_agg(x.park_id ORDER BY x.park_id), '{}') INTO near FROM unnest(near) x (park_id) JOIN park k USING (park_id) -- the box around all may come near a park that no shape does
   WHERE EXISTS (SELECT FROM begun_land(p_park, p_seq) n WHERE n.geom && reach(k.geom) AND ST_DWithin(k.geom, n.geom, bend_degrees(n.geom)))
      OR EXISTS (SELECT FROM stray_ground s JOIN begun_land(p_park, p_seq) n ON s.geom && reach(n.geom) WHERE s.park_id = x.park_id);
  IF near = '{}' THEN RETURN; END IF;
  PERFORM FROM park_clock c WHERE c.park_id = ANY (near) ORDER BY c.park_id FOR SHARE;
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  FOR hit IN
    SELECT n.code, n.parcel_id, n.follows, o.park_id AS other_park, o.code AS other, o.parcel_id AS other_id, o.from_seq AS other_from, o.publication, k.code AS park, k.name_zh, k.name_en, s.g AS shared
      FROM (SELECT b.*, reach(b.geom) AS reach FROM begun_land(p_park, p_seq) b OFFSET 0) n
      CROSS JOIN LATERAL (SELECT 1 FROM park x WHERE x.park_id = ANY (near) AND x.geom && n.reach UNION ALL SELECT 1 FROM stray_ground y WHERE y.geom && n.reach LIMIT 1) hint
      CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE v.to_seq IS NULL AND v.geom && n.reach OFFSET 0) o
      CROSS JOIN LATERAL (SELECT ST_Transform(n.geom, crs) AS a, ST_MakeValid(ST_Transform(o.geom, crs)) AS b WHERE o.park_id = ANY (near) OFFSET 0) g
      CROSS JOIN LATERAL (SELECT ST_Intersection(g.a, g.b) AS g OFFSET 0) s
      JOIN park k ON k.park_id = o.park_id
     WHERE ST_Area(s.g) > slack_m2(least(ST_Perimeter(g.a), ST_Perimeter(g.b)))
  LOOP
    IF root_of_overlap(p_park, hit.parcel_id, p_seq, hit.other_park, hit.other_id, hit.other_from, hit.shared) IS NULL THEN
      RAISE EXCEPTION 'parcel % lies on % m2 that park % holds', hit.code, round(ST_Area(hit.shared)::numeric, 4), hit.park
        USING ERRCODE = 'check_violation', CONSTRAINT = 'parcels_overlap',
        DETAIL = jsonb_build_object('parcel', CASE WHEN hit.follows THEN hit.parcel_id END, 'code', hit.code, 'm2', round(ST_Area(hit.shared)::numeric, 4), 'park', hit.park, 'park_zh', hit.name_zh,
                                    'park_en', hit.name_en, 'other', CASE WHEN hit.publication = 'public' THEN hit.other END);
    END IF;
  END LOOP;
END $$;

CREATE FUNCTION public.refuse_double_right(p_park uuid, p_seq bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE crs integer; hit record;
BEGIN
  IF NOT EXISTS (SELECT FROM double_ground d WHERE d.park_id = p_park) AND NOT EXISTS (SELECT FROM double_ground d WHERE d.other_park_id = p_park) THEN RETURN; END IF;
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  FOR hit IN
    SELECT n.code, n.parcel_id, n.from_seq, o.park_id AS other_park, o.parcel_id AS other_id, o.from_seq AS other_from, k.code AS park, k.name_zh, k.name_en, s.g AS shared
      FROM (SELECT * FROM allotment_parcel r WHERE (r.from_seq, r.park_id) >= (p_seq, p_park) AND (r.from_seq, r.park_id) <= (p_seq, p_park) OFFSET 0) l
      CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE (v.park_id, v.parcel_id) = (p_park, l.parcel_id) AND v.to_seq IS NULL OFFSET 0) n
      CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE v.to_seq IS NULL AND v.geom && reach(n.geom) OFFSET 0) o
      CROSS JOIN LATERAL (SELECT ST_Transform(n.geom, crs) AS a, ST_MakeValid(ST_Transform(o.geom, crs)) AS b WHERE o.park_id <> p_park OFFSET 0) g
      CROSS JOIN LATERAL (SELECT ST_Intersection(g.a, g.b) AS g OFFSET 0) s
      JOIN park k ON k.park_id = o.park_id
     WHERE l.to_seq IS NULL AND ST_Area(s.g) > slack_m2(least(ST_Perimeter(g.a), ST_Perimeter(g.b)))
       AND NOT EXISTS (SELECT FROM allotment_parcel b WHERE (b.park_id, b.allotment_id, b.to_seq) = (p_park, l.allotment_id, p_seq)) -- a right that goes on is not added
  LOOP
    IF root_of_overlap(p_park, hit.parcel_id, hit.from_seq, hit.other_park, hit.other_id, hit.other_from, hit.shared) IS DISTINCT FROM 'within' THEN
      RAISE EXCEPTION 'parcel % lies on % m2 that park % holds too: no right is added on it', hit.code, round(ST_Area(hit.shared)::numeric, 4), hit.park
        USING ERRCODE = 'check_violation', CONSTRAINT = 'right_on_single_ground',
        DETAIL = jsonb_build_object('parcel', hit.parcel_id, 'code', hit.code, 'm2', round(ST_Area(hit.shared)::numeric, 4), 'park', hit.park, 'park_zh', hit.name_zh, 'park_en', hit.name_en);
    END IF;
  END LOOP;
END $$;

CREATE FUNCTION public.refuse_false_lineage(p_park uuid, p_seq bigint, p_kind text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $_$
DECLARE crs integer; hit record; reversed text; undone bigint;
BEGIN
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  IF p_kind = 'revert' THEN
    SELECT r.reverts, balance_of(p_park, r.reverts) INTO undone, reversed FROM record r WHERE (r.park_id, r.seq) = (p_park, p_seq);
  END IF;
  WITH changed AS MATERIALIZED (SELECT * FROM changed_land(p_park, p_seq)
                                UNION ALL SELECT v.parcel_id, v.code, false, false, true, v.bank_status, v.legal_m2, v.geom, v.span FROM parcel_version v
                                           WHERE reversed = 'retire' AND (v.park_id, v.to_seq) = (p_park, undone)),
  plane AS MATERIALIZED (SELECT c.parcel_id, c.begins, c.goes_on, c.span, ST_Transform(c.geom, crs) AS g FROM changed c
             WHERE EXISTS (SELECT FROM changed e WHERE NOT e.begins) AND EXISTS (SELECT FROM changed e WHERE NOT e.goes_on)), -- else no ground goes over
  ground AS MATERIALIZED (
    SELECT p.parcel_id, p.begins, p.goes_on, p.span, ST_Perimeter(p.g) AS outline,
           CASE WHEN p.goes_on THEN (SELECT ST_Difference(p.g, o.g) FROM plane o WHERE o.parcel_id = p.parcel_id AND o.begins <> p.begins) ELSE p.g END AS moved FROM plane p)
  SELECT coalesce(said.parent_id, seen.parent_id) AS parent, coalesce(said.child_id, seen.child_id) AS child, said.seq IS NULL AS unsaid INTO hit
    FROM (SELECT * FROM lineage l WHERE l.park_id = p_park AND l.seq = p_seq) said
    FULL JOIN (SELECT c.parcel_id AS parent_id, n.parcel_id AS child_id
                 FROM ground c JOIN ground n ON c.span && n.span AND c.parcel_id <> n.parcel_id
                WHERE NOT c.begins AND n.begins AND NOT (c.goes_on AND n.goes_on)
                  AND ST_Area(ST_Intersection(c.moved, n.moved)) > slack_m2(least(c.outline, n.outline))) seen
           ON (seen.parent_id, seen.child_id) = (said.parent_id, said.child_id)
   WHERE said.seq IS NULL OR seen.parent_id IS NULL
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('lineage_is_kept', format(CASE WHEN hit.unsaid THEN 'parcel %2$s lies on ground of parcel %1$s and does not say so' ELSE 'parcel %2$s does not come out of parcel %1$s' END,
      hit.parent, hit.child));
  END IF;
  IF p_kind IN ('import', 'sample', 'create', 'retire') OR reversed = 'create' THEN RETURN; END IF;
  SELECT x.code, x.begins INTO hit FROM changed_land(p_park, p_seq) x
   WHERE NOT x.goes_on AND NOT EXISTS (SELECT FROM lineage l WHERE l.park_id = p_park AND l.seq = p_seq AND x.parcel_id = CASE WHEN x.begins THEN l.child_id ELSE l.parent_id END)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('lineage_is_kept', format(CASE WHEN hit.begins THEN 'parcel %s comes out of nothing' ELSE 'parcel %s ends in nothing' END, hit.code));
  END IF;
END $_$;

CREATE FUNCTION public.refuse_false_word() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$
DECLARE hit record;
BEGIN
  SELECT t.parcel_id, l.allotment_id, so.status AS so, so.since, said.status AS said, said.from_seq AS said_since, said.to_seq AS said_until, pg_backend_pid() AS backend INTO hit
    FROM touched_parcels(NEW.park_id, NEW.seq) t
    LEFT JOIN LATERAL (SELECT x.allotment_id, x.from_seq FROM allotment_parcel x WHERE (x.park_id, x.parcel_id) = (NEW.park_id, t.parcel_id) AND upper_inf(x.sys) OFFSET 0) l ON true
    LEFT JOIN LATERAL (SELECT x.state, x.expires_at, x.from_seq FROM allotment_version x WHERE (x.park_id, x.allotment_id) = (NEW.park_id, l.allotment_id) AND upper_inf(x.sys) OFFSET 0) a ON true
    LEFT JOIN LATERAL (SELECT CASE a.state WHEN 'hold' THEN 'held' ELSE coalesce(a.state, x.bank_status) END AS status, x.bank_status, x.legal_m2, a.expires_at, greatest(x.from_seq, l.from_seq, a.from_seq) AS since
                         FROM parcel_version x WHERE (x.park_id, x.parcel_id) = (NEW.park_id, t.parcel_id) AND upper_inf(x.sys) AND x.publication = 'public' OFFSET 0) so ON true
    LEFT JOIN LATERAL (SELECT * FROM parcel_public x WHERE (x.park_id, x.parcel_id) = (NEW.park_id, t.parcel_id) AND upper_inf(x.sys) OFFSET 0) said ON true
   WHERE (said.status, said.bank_status, said.legal_m2, said.expires_at) IS DISTINCT FROM (so.status, so.bank_status, so.legal_m2, so.expires_at)
      OR said.from_seq < so.since -- written before what it tells of
   LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'after change % the public would not read what parcel % is: %', NEW.seq, hit.parcel_id, row_to_json(hit) USING ERRCODE = 'data_corrupted';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION public.refuse_jumped_line(p_park uuid, p_seq bigint, p_kind text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE hit record;
BEGIN
  -- A new right on land for which others wait is the first one's, whose place ends with it.
  SELECT l.parcel_id, l.allotment_id INTO hit
    FROM allotment_parcel l JOIN allotment t USING (park_id, allotment_id)
    CROSS JOIN LATERAL (SELECT * FROM stood(p_park, p_seq, l.parcel_id) LIMIT 1) first
   WHERE l.park_id = p_park AND l.from_seq = p_seq AND (first.project_id <> t.project_id OR first.to_seq IS NULL)
     AND NOT EXISTS (SELECT FROM allotment_parcel b WHERE (b.park_id, b.allotment_id, b.parcel_id, b.to_seq) = (p_park, l.allotment_id, l.parcel_id, p_seq))
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('line_is_kept', format('right %s begins on parcel %s, for which another waits', hit.allotment_id, hit.parcel_id));
  END IF;
  -- A place ends when it is left, passed over or served, or with its parcel. Passed over is who comes first, while the land is free.
  SELECT w.parcel_id, w.waiting_id INTO hit
    FROM waiting w
   WHERE w.park_id = p_park AND w.to_seq = p_seq AND p_kind <> 'leave'
     AND NOT EXISTS (SELECT FROM allotment_parcel l JOIN allotment t USING (park_id, allotment_id)
                      WHERE (l.park_id, l.parcel_id, l.from_seq, t.project_id) = (p_park, w.parcel_id, p_seq, w.project_id))
     AND EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.parcel_id) = (p_park, w.parcel_id) AND v.to_seq IS NULL)
     AND NOT (p_kind = 'pass' AND w.waiting_id = (SELECT waiting_id FROM stood(p_park, p_seq, w.parcel_id) LIMIT 1)
              AND NOT EXISTS (SELECT FROM allotment_parcel l WHERE (l.park_id, l.parcel_id) = (p_park, w.parcel_id) AND l.to_seq IS NULL))
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('line_is_kept', format('place %s in the line for parcel %s ends by a record of kind %s and is not served', hit.waiting_id, hit.parcel_id, p_kind));
  END IF;
  -- One waits for land that is there, and that another has or waits for.
  SELECT w.parcel_id INTO hit
    FROM waiting w
   WHERE w.park_id = p_park AND w.from_seq = p_seq AND w.to_seq IS NULL
     AND NOT EXISTS (SELECT FROM allotment_parcel l WHERE (l.park_id, l.parcel_id) = (p_park, w.parcel_id) AND l.to_seq IS NULL)
     AND NOT EXISTS (SELECT FROM waiting o WHERE (o.park_id, o.parcel_id) = (p_park, w.parcel_id) AND o.from_seq < p_seq AND o.to_seq IS NULL)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('queue_needs_right', format('parcel %s is under no right, there is nothing to wait for', hit.parcel_id));
  END IF;
  SELECT x.parcel_id INTO hit
    FROM (SELECT parcel_id FROM waiting WHERE park_id = p_park AND from_seq = p_seq
          UNION SELECT parcel_id FROM parcel_version WHERE park_id = p_park AND to_seq = p_seq) x
    JOIN waiting w ON w.park_id = p_park AND w.parcel_id = x.parcel_id AND w.to_seq IS NULL
   WHERE NOT EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.parcel_id) = (p_park, x.parcel_id) AND v.to_seq IS NULL)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('line_on_live_land', format('parcel %s is not live and has a line', hit.parcel_id));
  END IF;
END $$;

CREATE FUNCTION public.refuse_lost_ground(p_park uuid, p_seq bigint, p_kind text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE crs integer; hit record;
BEGIN
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  WITH changed AS MATERIALIZED (SELECT c.parcel_id, c.code, c.begins, c.span, ST_Transform(c.geom, crs) AS plane FROM changed_land(p_park, p_seq) c),
  measured AS MATERIALIZED (
    SELECT x.*, slack_m2(ST_Perimeter(x.plane)) AS slack, (SELECT ST_Area(ST_Difference(x.plane, o.plane)) FROM changed o WHERE o.parcel_id = x.parcel_id AND o.begins <> x.begins) AS apart FROM changed x)
  SELECT x.code, x.begins, lost.m2 INTO hit
    FROM measured x
    CROSS JOIN LATERAL (SELECT ST_Union(y.plane) AS g FROM changed y WHERE y.begins <> x.begins AND y.span && x.span) y_plane
    CROSS JOIN LATERAL (SELECT ST_Area(coalesce(ST_Difference(x.plane, y_plane.g), x.plane)) AS m2 OFFSET 0) lost
   WHERE (x.apart <= x.slack) IS NOT TRUE AND lost.m2 > x.slack
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('ground_is_kept', format(CASE WHEN hit.begins THEN 'parcel %s begins on %s m2 that nothing gave' ELSE 'parcel %s ends and %s m2 of it go nowhere' END,
      hit.code, round(hit.m2::numeric, 4)));
  END IF;
  SELECT sum(legal_m2) FILTER (WHERE NOT begins) AS before, sum(legal_m2) FILTER (WHERE begins) AS after INTO hit
    FROM (SELECT *, ST_ClusterDBSCAN(ST_Transform(geom, crs), 0.01, 1) OVER () AS site FROM changed_land(p_park, p_seq)) x
   GROUP BY site HAVING sum(legal_m2) FILTER (WHERE NOT begins) IS DISTINCT FROM sum(legal_m2) FILTER (WHERE begins)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('ground_is_kept', format('legal area before %s m2, after %s m2', hit.before, hit.after));
  END IF;
  SELECT sum(legal_m2) FILTER (WHERE NOT begins) AS before, coalesce(sum(legal_m2) FILTER (WHERE begins), 0) AS after INTO hit
    FROM changed_land(p_park, p_seq) WHERE bank_status = 'reserve';
  IF p_kind <> 'release' AND hit.after < hit.before THEN
    PERFORM refuse('reserve_needs_release', format('%s m2 of reserve would leave the reserve by a record of kind %s, not release', hit.before - hit.after, p_kind));
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
    JOIN allotment_draw d ON d.park_id = p_park AND d.allotment_id = x.allotment_id AND d.to_seq IS NULL
   WHERE NOT EXISTS (SELECT FROM allotment_version v WHERE (v.park_id, v.allotment_id) = (p_park, d.allotment_id) AND v.to_seq IS NULL)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('draw_by_live_right', format('right %s is not live and draws %s', hit.allotment_id, hit.service));
  END IF;
  SELECT r.allotment_id, n.code INTO hit
    FROM supply_at_risk r JOIN network n USING (park_id, network_id)
    LEFT JOIN allotment_draw d ON (d.park_id, d.allotment_id, d.network_id, d.service) = (r.park_id, r.allotment_id, r.network_id, r.service) AND d.to_seq IS NULL
   WHERE r.park_id = p_park AND r.seq = p_seq AND (r.amount <= d.amount) IS NOT TRUE
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('risk_names_live_draw', format('right %s does not draw so much from node %s', hit.allotment_id, hit.code));
  END IF;
  FOR hit IN
    SELECT x.network_id, x.service, s.unit, n.code, room.*
      FROM (SELECT network_id, service FROM allotment_draw WHERE park_id = p_park AND from_seq = p_seq
            UNION SELECT network_id, service FROM allotment_draw WHERE park_id = p_park AND to_seq = p_seq
            UNION SELECT d.network_id, d.service FROM network_version v JOIN allotment_draw d USING (park_id, network_id) WHERE v.park_id = p_park AND v.from_seq = p_seq AND d.to_seq IS NULL
            UNION SELECT d.network_id, d.service FROM network_version v JOIN allotment_draw d USING (park_id, network_id) WHERE v.park_id = p_park AND v.to_seq = p_seq AND d.to_seq IS NULL) x
      JOIN service s USING (service) JOIN network n ON (n.park_id, n.network_id) = (p_park, x.network_id)
      CROSS JOIN LATERAL node_room(p_park, p_seq, x.network_id, x.service) room
     WHERE room.promised > room.capacity
     ORDER BY n.code, x.service
  LOOP
    SELECT coalesce(sum(d.amount - coalesce(b.amount, 0)), 0) INTO grown
      FROM allotment_draw d
      LEFT JOIN allotment_draw b ON (b.park_id, b.allotment_id, b.network_id, b.service, b.to_seq) = (d.park_id, d.allotment_id, d.network_id, d.service, p_seq)
     WHERE d.park_id = p_park AND d.from_seq = p_seq AND (d.network_id, d.service) = (hit.network_id, hit.service) AND d.amount > coalesce(b.amount, 0);
    facts := jsonb_build_object('node', hit.network_id, 'code', hit.code, 'service', hit.service, 'unit', hit.unit, 'capacity', hit.capacity, 'promised', hit.promised - grown,
                                'asked', grown, 'shortfall', hit.promised - hit.capacity);
    IF grown > 0 THEN
      RAISE EXCEPTION '% of node %: % % there, % promised, % asked, % short', hit.service, hit.code, hit.capacity, hit.unit, hit.promised - grown, grown, hit.promised - hit.capacity
        USING ERRCODE = 'check_violation', CONSTRAINT = CASE WHEN hit.there THEN 'node_has_headroom' ELSE 'draw_on_live_node' END, DETAIL = facts;
    END IF;
    IF hit.promised - hit.capacity > greatest(hit.was_promised - hit.was_capacity, 0) THEN
      SELECT coalesce(sum(amount), 0) INTO risked FROM supply_at_risk WHERE park_id = p_park AND seq = p_seq AND (network_id, service) = (hit.network_id, hit.service);
      IF risked < hit.promised - hit.capacity THEN
        RAISE EXCEPTION '% of node %: % % are left and % promised; the record names % of the % that are at risk', hit.service, hit.code, hit.capacity, hit.unit, hit.promised, risked, hit.promised - hit.capacity
          USING ERRCODE = 'check_violation', CONSTRAINT = 'cut_names_at_risk', DETAIL = facts;
      END IF;
    END IF;
  END LOOP;
END $$;

CREATE FUNCTION public.refuse_overlap(p_park uuid, p_seq bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
DECLARE crs integer; hit record;
BEGIN
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  FOR hit IN
    WITH changed AS MATERIALIZED (SELECT * FROM changed_land(p_park, p_seq))
    SELECT n.code, n.parcel_id, o.code AS other, o.parcel_id AS other_id, o.from_seq AS other_from, s.g AS shared
      FROM changed n
      CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE v.to_seq IS NULL AND v.span && n.span AND area(v.span # n.span) > 0.01 OFFSET 0) o
      CROSS JOIN LATERAL (SELECT ST_Transform(n.geom, crs) AS a, ST_Transform(o.geom, crs) AS b OFFSET 0) g
      CROSS JOIN LATERAL (SELECT ST_Intersection(g.a, g.b) AS g OFFSET 0) s
     WHERE n.begins AND o.park_id = p_park AND o.parcel_id <> n.parcel_id AND (o.parcel_id > n.parcel_id OR o.from_seq < p_seq OR o.prev_to_seq IS NOT NULL)
       AND ST_Area(s.g) > slack_m2(least(ST_Perimeter(g.a), ST_Perimeter(g.b)))
  LOOP
    IF NOT is_inherited(p_park, hit.parcel_id, p_seq, hit.other_id, hit.other_from, hit.shared) THEN
      PERFORM refuse('parcels_overlap', format('parcel %s overlaps parcel %s by %s m2', hit.code, hit.other, round(ST_Area(hit.shared)::numeric, 4)));
    END IF;
  END LOOP;
END $$;

CREATE FUNCTION public.refuse_stray(p_park uuid, p_seq bigint, p_kind text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE crs integer; hit record; lost geometry; border geometry;
BEGIN
  SELECT n.code, n.computed_m2, (n.span)[0] <-> (n.span)[1] AS across INTO hit FROM begun_land(p_park, p_seq) n WHERE n.computed_m2 < 1 OR (n.span)[0] <-> (n.span)[1] > 20000 LIMIT 1;
  IF FOUND AND hit.computed_m2 < 1 THEN
    PERFORM refuse('parcel_has_area', format('parcel %s measures %s m2, a parcel is at least 1 m2', hit.code, round(hit.computed_m2::numeric, 4)));
  ELSIF FOUND THEN
    PERFORM refuse('parcel_is_local', format('parcel %s is %s m across, a parcel is at most 20000 m', hit.code, round(hit.across::numeric)));
  END IF;
  SELECT k.survey_crs, ST_Transform(k.geom, k.survey_crs) INTO crs, border FROM park k WHERE k.park_id = p_park;
  SELECT ST_Transform(ST_Difference(ST_Transform(b.was, crs), border), 4490) INTO lost FROM park_border b WHERE (b.park_id, b.seq) = (p_park, p_seq);
  FOR hit IN
    WITH ground AS MATERIALIZED (SELECT border AS plane, k.geom FROM park k WHERE k.park_id = p_park),
    wide AS MATERIALIZED (SELECT ST_Buffer(border, 1) AS plane),
    judged AS (SELECT n.code, n.parcel_id, n.follows, n.geom FROM begun_land(p_park, p_seq) n
               UNION ALL SELECT v.code, v.parcel_id, true, v.geom FROM (SELECT * FROM parcel_version WHERE to_seq IS NULL AND geom && reach(lost) OFFSET 0) v WHERE v.park_id = p_park AND NOT ST_IsEmpty(lost))
    SELECT j.code, j.parcel_id, j.follows, s.plane, beyond.g AS beyond
      FROM judged j
     CROSS JOIN ground
     CROSS JOIN LATERAL (SELECT ST_Transform(j.geom, crs) AS plane OFFSET 0) s
     CROSS JOIN LATERAL (SELECT ST_Difference(s.plane, ground.plane) AS g WHERE NOT (ground.geom && j.geom AND ST_Covers(ground.plane, s.plane)) OFFSET 0) beyond
     WHERE ST_Area(beyond.g) > slack_m2(ST_Perimeter(s.plane)) OR NOT ground.geom && j.geom OR NOT ST_Covers((SELECT plane FROM wide), s.plane)
  LOOP
    CONTINUE WHEN p_kind NOT IN ('create', 'import', 'sample') AND EXISTS (SELECT FROM stray_ground x WHERE x.park_id = p_park)
      AND ST_Area(ST_Difference(hit.beyond, (SELECT ST_Union(ST_Buffer(ST_Transform(x.geom, crs), 0.001)) FROM stray_ground x WHERE x.park_id = p_park))) <= slack_m2(ST_Perimeter(hit.plane));
    RAISE EXCEPTION 'parcel % lies with % m2 outside the border of its park, up to % m from it', hit.code, round(ST_Area(hit.beyond)::numeric, 4), farthest_m(hit.beyond, border)
      USING ERRCODE = 'check_violation', CONSTRAINT = 'parcel_in_park',
      DETAIL = jsonb_build_object('parcel', CASE WHEN hit.follows THEN hit.parcel_id END, 'code', hit.code, 'm2', round(ST_Area(hit.beyond)::numeric, 4), 'm', farthest_m(hit.beyond, border));
  END LOOP;
END $$;

CREATE FUNCTION public.refuse_tick_within(p_park uuid, p_seq bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF p_seq IS DISTINCT FROM (SELECT seq FROM park_clock WHERE park_id = p_park) THEN
    PERFORM refuse('one_record_a_transaction', format('a statement that changed park %s at %s went on at another record', p_park, p_seq));
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
  IF kind IN ('import', 'sample') THEN
    SELECT code INTO hit FROM parcel_version WHERE park_id = p_park AND to_seq = p_seq LIMIT 1;
  ELSIF kind = 'create' THEN
    SELECT c.code INTO hit FROM parcel_version c LEFT JOIN parcel_version n ON (n.park_id, n.parcel_id, n.from_seq) = (c.park_id, c.parcel_id, p_seq)
     WHERE c.park_id = p_park AND c.to_seq = p_seq
       AND (to_jsonb(c) - ARRAY['from_seq', 'to_seq', 'prev_to_seq', 'sys', 'computed_m2', 'ellipsoid_m2', 'span', 'geom']
              IS DISTINCT FROM to_jsonb(n) - ARRAY['from_seq', 'to_seq', 'prev_to_seq', 'sys', 'computed_m2', 'ellipsoid_m2', 'span', 'geom']
         OR ST_Area(ST_SymDifference(ST_Transform(c.geom, crs), ST_Transform(n.geom, crs))) > slack_m2(ST_Perimeter(ST_Transform(c.geom, crs))))
     LIMIT 1;
  ELSIF kind = 'retire' THEN
    SELECT code INTO hit FROM parcel_version WHERE park_id = p_park AND from_seq = p_seq LIMIT 1;
  ELSIF kind = 'correct' THEN
    SELECT code INTO hit FROM changed_land(p_park, p_seq) WHERE NOT goes_on LIMIT 1;
  ELSIF reversed = 'create' THEN
    SELECT x.code INTO hit FROM changed_land(p_park, p_seq) x
     WHERE x.begins OR NOT EXISTS (SELECT FROM parcel_version w WHERE (w.park_id, w.parcel_id, w.from_seq, w.to_seq) = (p_park, x.parcel_id, p_reverts, p_seq) AND w.prev_to_seq IS NULL)
     LIMIT 1;
  ELSIF reversed = 'retire' THEN
    SELECT x.code INTO hit FROM changed_land(p_park, p_seq) x
     WHERE NOT x.begins OR NOT EXISTS (SELECT FROM lineage l JOIN parcel_version w ON (w.park_id, w.parcel_id, w.to_seq) = (l.park_id, l.parent_id, p_reverts)
                                        WHERE (l.park_id, l.seq, l.child_id) = (p_park, p_seq, x.parcel_id) AND (w.legal_m2, w.bank_status) = (x.legal_m2, x.bank_status)
                                          AND ST_Area(ST_SymDifference(ST_Transform(w.geom, crs), ST_Transform(x.geom, crs))) <= slack_m2(ST_Perimeter(ST_Transform(w.geom, crs))))
     LIMIT 1;
  ELSIF reversed = 'correct' THEN
    SELECT n.code INTO hit FROM changed_land(p_park, p_seq) n
     WHERE NOT n.goes_on OR n.begins AND n.reshaped AND NOT EXISTS (SELECT FROM parcel_version w WHERE (w.park_id, w.parcel_id, w.to_seq, w.legal_m2) = (p_park, n.parcel_id, p_reverts, n.legal_m2)
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

CREATE FUNCTION public.refuse_unreleased(p_park uuid, p_seq bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
DECLARE crs integer; hit record;
BEGIN
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  WITH changed AS MATERIALIZED (SELECT * FROM changed_land(p_park, p_seq))
  SELECT n.code, ST_Area(ST_Union(coalesce(ST_Difference(shared.g, released.g), shared.g))) AS m2 INTO hit
    FROM changed n
    CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE v.to_seq IS NOT NULL AND v.bank_status = 'reserve' AND v.span && n.span OFFSET 0) r
    JOIN record why ON (why.park_id, why.seq) = (r.park_id, r.to_seq) AND why.kind <> 'release'
    CROSS JOIN LATERAL (SELECT ST_Intersection(ST_Transform(n.geom, crs), ST_Transform(r.geom, crs)) AS g OFFSET 0) shared
    CROSS JOIN LATERAL (SELECT ST_Union(ST_Transform(q.geom, crs)) AS g
                          FROM (SELECT * FROM parcel_version v WHERE v.to_seq IS NOT NULL AND v.bank_status = 'reserve' AND v.span && r.span OFFSET 0) q
                          JOIN record say ON (say.park_id, say.seq) = (q.park_id, q.to_seq) AND say.kind = 'release'
                         WHERE q.park_id = p_park AND q.to_seq > r.to_seq OFFSET 0) released
   WHERE n.begins AND n.bank_status <> 'reserve' AND r.park_id = p_park
   GROUP BY n.parcel_id, n.code, n.geom
  HAVING ST_Area(ST_Union(coalesce(ST_Difference(shared.g, released.g), shared.g))) > slack_m2(ST_Perimeter(ST_Transform(n.geom, crs)))
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('reserve_needs_release', format('parcel %s lies on %s m2 of reserve that no record released', hit.code, round(hit.m2::numeric, 4)));
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
    SELECT d.parcel_id AS a, d.from_seq AS a_from, d.other_parcel_id AS b, d.other_from_seq AS b_from FROM double_ground d WHERE (d.park_id, d.other_park_id) = (p_park, p_other)
    UNION ALL SELECT d.other_parcel_id, d.other_from_seq, d.parcel_id, d.from_seq FROM double_ground d WHERE (d.park_id, d.other_park_id) = (p_other, p_park)),
  pair (a, a_from, b, b_from, root) AS (
    SELECT p_a, p_a_from, p_b, p_b_from, CASE WHEN EXISTS (SELECT FROM listed l WHERE (l.a, l.a_from, l.b, l.b_from) = (p_a, p_a_from, p_b, p_b_from)) THEN 'stored' END
    UNION
    SELECT a.parcel_id, a.from_seq, b.parcel_id, b.from_seq,
           CASE WHEN EXISTS (SELECT FROM listed l WHERE (l.a, l.a_from, l.b, l.b_from) = (a.parcel_id, a.from_seq, b.parcel_id, b.from_seq)) THEN 'stored'
                WHEN ST_Area(s.g) <= slack_m2(least(ST_Perimeter(g.a), ST_Perimeter(g.b)))
                  OR other_crs <> crs AND ST_Area(ST_Intersection(ST_Transform(a.geom, other_crs), ST_Transform(b.geom, other_crs)))
                                            <= slack_m2(least(ST_Perimeter(ST_Transform(a.geom, other_crs)), ST_Perimeter(ST_Transform(b.geom, other_crs)))) THEN 'within' END
      FROM pair
     CROSS JOIN LATERAL (SELECT (SELECT lower(x.sys) FROM parcel_version x WHERE (x.park_id, x.parcel_id, x.from_seq) = (p_park, pair.a, pair.a_from))
                             >= (SELECT lower(y.sys) FROM parcel_version y WHERE (y.park_id, y.parcel_id, y.from_seq) = (p_other, pair.b, pair.b_from)) AS a_is_later OFFSET 0) t
     CROSS JOIN LATERAL (SELECT * FROM forebears(p_park, pair.a, pair.a_from, CASE WHEN t.a_is_later THEN pair.a_from ELSE pair.a_from + 1 END) OFFSET 0) a
     CROSS JOIN LATERAL (SELECT * FROM forebears(p_other, pair.b, pair.b_from, CASE WHEN t.a_is_later THEN pair.b_from + 1 ELSE pair.b_from END) OFFSET 0) b
     CROSS JOIN LATERAL (SELECT ST_Transform(a.geom, crs) AS a, ST_Transform(b.geom, crs) AS b OFFSET 0) g
     CROSS JOIN LATERAL (SELECT ST_Intersection(g.a, g.b) AS g OFFSET 0) s
     WHERE pair.root IS NULL AND ST_Area(ST_Intersection(s.g, p_shared)) > 0)
  SELECT pair.root INTO root FROM pair
    JOIN parcel_version a ON (a.park_id, a.parcel_id, a.from_seq) = (p_park, pair.a, pair.a_from)
    JOIN parcel_version b ON (b.park_id, b.parcel_id, b.from_seq) = (p_other, pair.b, pair.b_from)
   CROSS JOIN LATERAL (SELECT ST_Transform(a.geom, crs) AS a, ST_Transform(b.geom, crs) AS b OFFSET 0) g
   WHERE pair.root IS NOT NULL AND ST_Area(ST_Difference(p_shared, ST_Intersection(g.a, g.b))) <= 0.0001 * ST_Perimeter(p_shared)
   ORDER BY pair.root DESC LIMIT 1;
  RETURN root;
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
    PERFORM refuse('plane_keeps_area', format('EPSG:%s measures park %s as %s m2, the ellipsoid as %s m2', NEW.survey_crs, NEW.code, plane, ground));
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
  SELECT r.kind, r.reverts INTO its_kind, its_reverts FROM record r WHERE (r.park_id, r.seq) = (tick.park_id, tick.seq);
  IF EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.from_seq) = (tick.park_id, tick.seq)) OR EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.to_seq) = (tick.park_id, tick.seq))
     OR EXISTS (SELECT FROM lineage l WHERE (l.park_id, l.seq) = (tick.park_id, tick.seq)) THEN
    PERFORM refuse_overlap(tick.park_id, tick.seq);
    PERFORM refuse_double_ground(tick.park_id, tick.seq);
    PERFORM refuse_unequal(tick.park_id, tick.seq, its_kind, its_reverts);
    IF its_kind <> 'release' THEN
      PERFORM refuse_unreleased(tick.park_id, tick.seq);
    END IF;
    PERFORM refuse_false_lineage(tick.park_id, tick.seq, its_kind);
    PERFORM refuse_stray(tick.park_id, tick.seq, its_kind);
  ELSIF EXISTS (SELECT FROM park_border b WHERE (b.park_id, b.seq) = (tick.park_id, tick.seq)) THEN
    PERFORM refuse_stray(tick.park_id, tick.seq, its_kind);
  END IF;
  PERFORM refuse_bad_right(tick.park_id, tick.seq);
  PERFORM refuse_double_right(tick.park_id, tick.seq);
  PERFORM refuse_overdraw(tick.park_id, tick.seq);
  PERFORM refuse_jumped_line(tick.park_id, tick.seq, its_kind);
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

CREATE FUNCTION public.start_clock() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  INSERT INTO park_clock (park_id, bordered_by) VALUES (NEW.park_id, pg_current_xact_id());
  RETURN NEW;
END $$;

CREATE FUNCTION public.still_as_seen(p_park uuid, p_parcel uuid, p_seen bigint) RETURNS boolean
    LANGUAGE sql STABLE COST 10000
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT coalesce((
    SELECT NOT EXISTS (
             SELECT FROM parcel_version v
              WHERE (v.park_id, v.parcel_id) = (p_park, p_parcel) AND v.from_seq > p_seen
                AND (to_jsonb(v) - ARRAY['from_seq', 'to_seq', 'prev_to_seq', 'sys', 'computed_m2', 'ellipsoid_m2', 'span', 'geom']
                       IS DISTINCT FROM to_jsonb(s) - ARRAY['from_seq', 'to_seq', 'prev_to_seq', 'sys', 'computed_m2', 'ellipsoid_m2', 'span', 'geom']
                  OR ST_Area(ST_SymDifference(ST_Transform(v.geom, k.survey_crs), ST_Transform(s.geom, k.survey_crs))) > slack_m2(ST_Perimeter(ST_Transform(s.geom, k.survey_crs)))))
       AND EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.parcel_id) = (p_park, p_parcel) AND v.to_seq IS NULL)
       AND NOT EXISTS (SELECT FROM allotment_parcel l WHERE (l.park_id, l.parcel_id) = (p_park, p_parcel) AND (l.from_seq > p_seen OR l.to_seq > p_seen))
       AND NOT EXISTS (SELECT FROM allotment_parcel l JOIN allotment t USING (park_id, allotment_id) WHERE (l.park_id, l.parcel_id) = (p_park, p_parcel) AND l.to_seq IS NULL AND t.version > p_seen)
      FROM (SELECT * FROM parcel_version x WHERE (x.park_id, x.parcel_id) = (p_park, p_parcel) AND x.from_seq <= p_seen ORDER BY x.from_seq DESC LIMIT 1) s
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

COMMENT ON TABLE public.waiting IS 'A project''s place in the line for a parcel. Who came first (from_seq) is served first; the kind of the record that ended a place says how it ended. The public reads nothing of it.';

COMMENT ON COLUMN public.waiting.term_days IS 'How long the hold shall last that the place is served with.';

CREATE FUNCTION public.stood(p_park uuid, p_seq bigint, p_parcel uuid) RETURNS SETOF public.waiting
    LANGUAGE sql STABLE
    AS $$
  SELECT * FROM waiting w WHERE w.park_id = p_park AND w.parcel_id = p_parcel AND w.from_seq < p_seq AND (w.to_seq IS NULL OR w.to_seq = p_seq) ORDER BY w.from_seq
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
   CROSS JOIN LATERAL (SELECT ST_Transform(a.geom, k.survey_crs) AS a, ST_MakeValid(ST_Transform(b.geom, k.survey_crs)) AS b WHERE a.park_id = d.park_id AND b.park_id = d.other_park_id OFFSET 0) g
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
  FOR its IN SELECT p_park UNION SELECT unnest(near_parks(p_park, x.g)) FROM (SELECT unnest(p_ground) UNION ALL SELECT k.geom FROM park k WHERE p_border AND k.park_id = p_park) x (g) ORDER BY 1 LOOP
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

CREATE FUNCTION public.touched_parcels(p_park uuid, p_seq bigint) RETURNS TABLE(parcel_id uuid)
    LANGUAGE sql STABLE ROWS 10
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT v.parcel_id FROM parcel_version v WHERE (v.park_id, v.from_seq) = (p_park, p_seq)
  UNION SELECT v.parcel_id FROM parcel_version v WHERE (v.park_id, v.to_seq) = (p_park, p_seq)
  UNION SELECT l.parcel_id FROM allotment_parcel l WHERE (l.park_id, l.from_seq) = (p_park, p_seq)
  UNION SELECT l.parcel_id FROM allotment_parcel l WHERE (l.park_id, l.to_seq) = (p_park, p_seq)
  UNION SELECT l.parcel_id
          FROM (SELECT a.allotment_id FROM allotment_version a WHERE (a.park_id, a.from_seq) = (p_park, p_seq)
                UNION SELECT a.allotment_id FROM allotment_version a WHERE (a.park_id, a.to_seq) = (p_park, p_seq)
                UNION SELECT d.allotment_id FROM allotment_draw d WHERE (d.park_id, d.from_seq) = (p_park, p_seq)
                UNION SELECT d.allotment_id FROM allotment_draw d WHERE (d.park_id, d.to_seq) = (p_park, p_seq)) r
         CROSS JOIN LATERAL (SELECT x.parcel_id FROM allotment_parcel x WHERE (x.park_id, x.allotment_id) = (p_park, r.allotment_id) AND x.to_seq IS NULL OFFSET 0) l
$$;

COMMENT ON FUNCTION public.touched_parcels(p_park uuid, p_seq bigint) IS 'The parcels that a record touched, in themselves or in the right they are under.';

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
    CONSTRAINT account_check CHECK (((erased_at IS NULL) OR ((disabled_at IS NOT NULL) AND (password IS NULL)))),
    CONSTRAINT account_login_check CHECK ((login ~ '^[a-z0-9][a-z0-9._@+-]{0,127}$'::text)),
    CONSTRAINT account_name_check CHECK (((name <> ''::text) AND (length(name) <= 200))),
    CONSTRAINT account_password_check CHECK ((password ~~ '$argon2id$%'::text))
);

COMMENT ON TABLE public.account IS 'Someone who may sign in. Records carry its id; erasing a person replaces login and name and keeps the row.';

COMMENT ON COLUMN public.account.password IS 'Argon2id of the password as a PHC string; null until the one-time link was used.';

CREATE TABLE public.allotment (
    park_id uuid NOT NULL,
    allotment_id uuid NOT NULL,
    district_id uuid NOT NULL,
    project_id uuid NOT NULL,
    version bigint DEFAULT 0 NOT NULL
);

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
    CONSTRAINT allotment_version_term_years_check CHECK (((term_years > (0)::numeric) AND (term_years <= (50)::numeric)))
);

COMMENT ON TABLE public.allotment_version IS 'The state of a right: hold, reserved, supplied, built. A right that ended has no live version.';

COMMENT ON COLUMN public.allotment_version.expires_at IS 'The deadline of a hold; the right ends by a record, not by time.';

COMMENT ON COLUMN public.allotment_version.extended IS 'How often the hold was extended: once at most.';

CREATE TABLE public.border_clock (
    one boolean DEFAULT true NOT NULL,
    ticks bigint DEFAULT 0 NOT NULL,
    CONSTRAINT border_clock_one_check CHECK (one)
);

COMMENT ON TABLE public.border_clock IS 'One row, locked by whoever makes a park or changes a border: of two at once the later sees the earlier.';

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

COMMENT ON TABLE public.chain IS 'Editions of industry chains: nodes and who supplies whom, with weights and sources. General knowledge; the newest revision is in force.';

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

COMMENT ON TABLE public.contact IS 'The only place for a person''s data; it can be erased, and everything else carries ids.';

COMMENT ON COLUMN public.contact.revision IS 'What If-Match compares.';

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

COMMENT ON TABLE public.double_ground IS 'Pairs of versions of two parks that overlapped before the database refused it, and the ground they share.';

CREATE TABLE public.event (
    park_id uuid NOT NULL,
    seq bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    record_id uuid NOT NULL,
    kind text NOT NULL
);

COMMENT ON TABLE public.event IS 'Every committed change of a park, in order: one a tick. Written with the record, by no one else.';

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

CREATE TABLE public.invitation (
    hash bytea NOT NULL,
    account_id uuid,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT invitation_hash_check CHECK ((length(hash) = 32))
);

COMMENT ON TABLE public.invitation IS 'One-time links to set a password, by SHA-256 of the secret; without an account, the link that makes the first one.';

CREATE TABLE public.lineage (
    park_id uuid NOT NULL,
    seq bigint NOT NULL,
    parent_id uuid NOT NULL,
    child_id uuid NOT NULL,
    CONSTRAINT lineage_check CHECK ((parent_id <> child_id))
);

COMMENT ON TABLE public.lineage IS 'Which parcels came out of which, by which record; walked both ways.';

CREATE TABLE public.membership (
    account_id uuid NOT NULL,
    park_id uuid,
    role text NOT NULL,
    CONSTRAINT membership_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'planner'::text, 'approver'::text, 'admin'::text])))
);

COMMENT ON TABLE public.membership IS 'What an account may do in a park; without a park, in every park.';

CREATE TABLE public.network (
    park_id uuid NOT NULL,
    network_id uuid NOT NULL,
    code text NOT NULL,
    version bigint DEFAULT 0 NOT NULL,
    live boolean DEFAULT true NOT NULL,
    CONSTRAINT network_code_check CHECK ((code <> ''::text))
);

COMMENT ON TABLE public.network IS 'A road, rail link, port, substation or a utility''s line or node.';

COMMENT ON COLUMN public.network.version IS 'Number of the newest change that touched it; what If-Match compares.';

COMMENT ON COLUMN public.network.live IS 'It has not been retired; set by trigger.';

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

COMMENT ON TABLE public.network_public IS 'Versions of networks as the public sees them.';

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
    publication text DEFAULT 'public'::text NOT NULL,
    geom public.geometry(Geometry,4490) NOT NULL,
    CONSTRAINT capacity_is_finite CHECK (((capacity < 'Infinity'::numeric) AND (width_m < 'Infinity'::numeric))),
    CONSTRAINT network_version_capacity_check CHECK ((capacity >= (0)::numeric)),
    CONSTRAINT network_version_check CHECK ((to_seq > from_seq)),
    CONSTRAINT network_version_check1 CHECK ((prev_to_seq = from_seq)),
    CONSTRAINT network_version_check2 CHECK (((capacity IS NULL) = (unit IS NULL))),
    CONSTRAINT network_version_geom_check CHECK (((public.geometrytype(geom) = ANY (ARRAY['POINT'::text, 'LINESTRING'::text, 'MULTILINESTRING'::text])) AND (NOT public.st_isempty(geom)))),
    CONSTRAINT network_version_grade_check CHECK ((grade = ANY (ARRAY['expressway'::text, 'trunk'::text, 'main'::text, 'branch'::text, 'lane'::text, 'node'::text]))),
    CONSTRAINT network_version_kind_check CHECK ((kind = ANY (ARRAY['road'::text, 'rail'::text, 'port'::text, 'substation'::text, 'power'::text, 'steam'::text, 'water'::text, 'gas'::text, 'sewer'::text, 'nitrogen'::text]))),
    CONSTRAINT network_version_name_en_check CHECK ((name_en <> ''::text)),
    CONSTRAINT network_version_name_zh_check CHECK ((name_zh <> ''::text)),
    CONSTRAINT network_version_publication_check CHECK ((publication = ANY (ARRAY['public'::text, 'internal'::text]))),
    CONSTRAINT network_version_width_m_check CHECK ((width_m > (0)::numeric))
);

COMMENT ON TABLE public.network_version IS 'What a network element was from one change of its park to another.';

COMMENT ON COLUMN public.network_version.capacity IS 'Installed capacity in unit: kVA, t/h, m3/d, m3/h or t/a.';

CREATE TABLE public.parcel (
    park_id uuid NOT NULL,
    parcel_id uuid NOT NULL,
    version bigint DEFAULT 0 NOT NULL
);

COMMENT ON TABLE public.parcel IS 'The identity of a piece of land that can be allotted; what it is stands in its versions.';

COMMENT ON COLUMN public.parcel.version IS 'Number of the newest change that touched the parcel or a right on it; what If-Match compares.';

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
    geom public.geometry(Polygon,4490) NOT NULL
);

COMMENT ON TABLE public.parcel_public IS 'Parcels as the public sees them, with the status that follows from the live allotment; a row begins whenever anything of it changes.';

COMMENT ON COLUMN public.parcel_public.services IS 'As text: a feed prints it a million times, and printing jsonb costs the database more than all other columns together.';

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
    CONSTRAINT area_is_finite CHECK (((legal_m2 < 'Infinity'::numeric) AND (computed_m2 < 'Infinity'::double precision) AND (ellipsoid_m2 < 'Infinity'::double precision) AND (price_cny_per_m2 < 'Infinity'::numeric))),
    CONSTRAINT parcel_version_bank_status_check CHECK ((bank_status = ANY (ARRAY['reserve'::text, 'available'::text, 'withdrawn'::text]))),
    CONSTRAINT parcel_version_cadastral_no_check CHECK ((length(cadastral_no) = 19)),
    CONSTRAINT parcel_version_check CHECK ((to_seq > from_seq)),
    CONSTRAINT parcel_version_check1 CHECK ((prev_to_seq = from_seq)),
    CONSTRAINT parcel_version_code_check CHECK (((code <> ''::text) AND (length(code) <= 64))),
    CONSTRAINT parcel_version_computed_m2_check CHECK ((computed_m2 > (0)::double precision)),
    CONSTRAINT parcel_version_ellipsoid_m2_check CHECK ((ellipsoid_m2 > (0)::double precision)),
    CONSTRAINT parcel_version_estate_unit_no_check CHECK ((length(estate_unit_no) = 28)),
    CONSTRAINT parcel_version_geom_check CHECK (public.st_isvalid(geom)),
    CONSTRAINT parcel_version_land_use_check CHECK ((land_use ~ '^[0-9]{2,6}$'::text)),
    CONSTRAINT parcel_version_legal_m2_check CHECK ((legal_m2 > (0)::numeric)),
    CONSTRAINT parcel_version_price_cny_per_m2_check CHECK ((price_cny_per_m2 >= (0)::numeric)),
    CONSTRAINT parcel_version_publication_check CHECK ((publication = ANY (ARRAY['public'::text, 'internal'::text]))),
    CONSTRAINT parcel_version_services_check CHECK ((jsonb_typeof(services) = 'object'::text))
);

COMMENT ON TABLE public.parcel_version IS 'What a parcel was from one change of its park to another.';

COMMENT ON COLUMN public.parcel_version.bank_status IS 'Status in the land bank. Held, reserved, supplied and built derive from the live allotment and are never stored here.';

COMMENT ON COLUMN public.parcel_version.legal_m2 IS 'Surveyed area; "N mu" of a parcel means this one.';

COMMENT ON COLUMN public.parcel_version.computed_m2 IS 'What the shape measures in the plane of the survey CRS; set by trigger.';

COMMENT ON COLUMN public.parcel_version.ellipsoid_m2 IS 'What the shape measures on the CGCS2000 ellipsoid; set by trigger.';

COMMENT ON COLUMN public.parcel_version.span IS 'Box of the shape in the plane of the survey CRS; set by trigger.';

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
    CONSTRAINT park_code_check CHECK ((code ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text)),
    CONSTRAINT park_geom_check CHECK ((public.st_isvalid(geom) AND (NOT public.st_isempty(geom)))),
    CONSTRAINT park_name_en_check CHECK ((name_en <> ''::text)),
    CONSTRAINT park_name_zh_check CHECK ((name_zh <> ''::text)),
    CONSTRAINT park_survey_crs_check CHECK ((survey_crs <> 3857)),
    CONSTRAINT park_time_zone_check CHECK (((now() AT TIME ZONE time_zone) IS NOT NULL))
);

COMMENT ON TABLE public.park IS 'An industrial park and its boundary.';

COMMENT ON COLUMN public.park.survey_crs IS 'EPSG code of the plane in which its edges are straight and areas are computed, in metres; never Web Mercator.';

COMMENT ON COLUMN public.park.illustrative IS 'Its shapes were drawn to illustrate, not surveyed.';

CREATE TABLE public.park_border (
    park_id uuid NOT NULL,
    seq bigint NOT NULL,
    was public.geometry(MultiPolygon,4490) NOT NULL,
    geom public.geometry(MultiPolygon,4490) NOT NULL
);

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
    geom public.geometry(MultiPolygon,4490) NOT NULL
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
    CONSTRAINT party_name_en_check CHECK ((name_en <> ''::text)),
    CONSTRAINT party_name_zh_check CHECK ((name_zh <> ''::text)),
    CONSTRAINT party_revision_check CHECK ((revision > 0))
);

COMMENT ON TABLE public.party IS 'A company or public body. Data of persons lives only in contact.';

COMMENT ON COLUMN public.party.named IS 'It agreed to be named to the public.';

COMMENT ON COLUMN public.party.placeholder IS 'Stands for one that the source does not name.';

COMMENT ON COLUMN public.party.revision IS 'Counts the edits; what If-Match compares.';

CREATE TABLE public.party_version (
    district_id uuid NOT NULL,
    party_id uuid NOT NULL,
    revision integer NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    named boolean NOT NULL,
    source text
);

COMMENT ON TABLE public.party_version IS 'What a party was from each of its edits on; written by trigger.';

CREATE TABLE public.plan_unit (
    park_id uuid NOT NULL,
    plan_unit_id uuid NOT NULL,
    code text NOT NULL,
    version bigint DEFAULT 0 NOT NULL,
    live boolean DEFAULT true NOT NULL,
    CONSTRAINT plan_unit_code_check CHECK ((code <> ''::text))
);

COMMENT ON TABLE public.plan_unit IS 'A unit of the detailed plan. The plan is not the parcel: conditions hang here, and parcels fall into it.';

COMMENT ON COLUMN public.plan_unit.version IS 'Number of the newest change that touched it; what If-Match compares.';

COMMENT ON COLUMN public.plan_unit.live IS 'It has not been retired; set by trigger.';

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

COMMENT ON TABLE public.plan_unit_public IS 'Versions of plan units as the public sees them.';

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

COMMENT ON TABLE public.plan_unit_version IS 'Land-use class and planning conditions of a unit, with the edition of the plan they come from.';

COMMENT ON COLUMN public.plan_unit_version.conditions IS 'Per condition {min, max, source, edition, effective_from}; keys as in docs/feeds.md.';

CREATE UNLOGGED TABLE public.presence (
    connection_id uuid NOT NULL,
    park_id uuid NOT NULL,
    account_id uuid NOT NULL,
    parcel_id uuid,
    seen_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

COMMENT ON TABLE public.presence IS 'Open connections of people signed in, and the parcel each has open; those not seen for a minute count for nothing.';

CREATE TABLE public.project (
    district_id uuid NOT NULL,
    project_id uuid NOT NULL,
    code text NOT NULL,
    party_id uuid,
    CONSTRAINT project_code_check CHECK ((code <> ''::text))
);

COMMENT ON TABLE public.project IS 'An investment project.';

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

COMMENT ON TABLE public.project_investment IS 'Money a project had put in by a day of the year, from the first of January.';

COMMENT ON COLUMN public.project_investment.corrects IS 'It takes the place of what was noted of the day before; the first note of a day corrects nothing.';

CREATE TABLE public.project_milestone (
    district_id uuid NOT NULL,
    project_id uuid NOT NULL,
    stage text NOT NULL,
    reached_on date NOT NULL,
    evidence text NOT NULL,
    CONSTRAINT project_milestone_evidence_check CHECK ((evidence <> ''::text)),
    CONSTRAINT project_milestone_stage_check CHECK ((stage = ANY (ARRAY['in_talks'::text, 'signed'::text, 'landed'::text, 'started'::text, 'in_production'::text])))
);

COMMENT ON TABLE public.project_milestone IS 'When a project reached a stage, and what proves it; start rates are counted from these by cohort.';

CREATE TABLE public.project_tag (
    district_id uuid NOT NULL,
    project_id uuid NOT NULL,
    tag text NOT NULL,
    valid daterange NOT NULL,
    CONSTRAINT project_tag_tag_check CHECK ((tag = ANY (ARRAY['provincial_key'::text, 'municipal_key'::text])))
);

COMMENT ON TABLE public.project_tag IS 'Dated listings such as provincial key project: tags, not stages.';

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
    CONSTRAINT project_version_figures_check CHECK ((jsonb_typeof(figures) = 'object'::text)),
    CONSTRAINT project_version_industry_codes_check CHECK ((jsonb_typeof(industry_codes) = 'array'::text)),
    CONSTRAINT project_version_investment_cny_check CHECK ((investment_cny >= (0)::numeric)),
    CONSTRAINT project_version_name_en_check CHECK ((name_en <> ''::text)),
    CONSTRAINT project_version_name_zh_check CHECK ((name_zh <> ''::text)),
    CONSTRAINT project_version_requirement_check CHECK ((jsonb_typeof(requirement) = 'object'::text)),
    CONSTRAINT project_version_revision_check CHECK ((revision > 0))
);

COMMENT ON TABLE public.project_version IS 'Facts of a project as they were known over a time.';

COMMENT ON COLUMN public.project_version.industry_codes IS 'Array of {code, edition}: carbon fibre has no single home in GB/T 4754.';

COMMENT ON COLUMN public.project_version.figures IS 'Stated figures such as {"sales_cny_per_year": 200000000, "production_year": 2023}.';

COMMENT ON COLUMN public.project_version.party_id IS 'Whose project it was then. Whose it is now stands in project.';

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
    CONSTRAINT proposal_kind_check CHECK ((kind = ANY (ARRAY['release'::text, 'retire'::text, 'supply'::text]))),
    CONSTRAINT proposal_reason_check CHECK ((reason <> ''::text))
);

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
    CONSTRAINT record_kind_check CHECK ((kind = ANY (ARRAY['import'::text, 'sample'::text, 'create'::text, 'edit'::text, 'split'::text, 'merge'::text, 'move'::text, 'correct'::text, 'retire'::text, 'release'::text, 'withdraw'::text, 'restore'::text, 'hold'::text, 'extend'::text, 'reserve'::text, 'supply'::text, 'build'::text, 'take_back'::text, 'expire'::text, 'publish'::text, 'unpublish'::text, 'revert'::text, 'draw'::text, 'queue'::text, 'leave'::text, 'pass'::text, 'border'::text]))),
    CONSTRAINT record_needs_document CHECK (((kind <> ALL (ARRAY['correct'::text, 'border'::text])) OR (jsonb_array_length(documents) > 0))),
    CONSTRAINT record_needs_two CHECK (((kind <> ALL (ARRAY['release'::text, 'retire'::text, 'supply'::text])) OR ((proposed_by IS NOT NULL) AND (approved_by IS NOT NULL) AND (proposed_by <> approved_by)))),
    CONSTRAINT record_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT record_seq_check CHECK ((seq > 0)),
    CONSTRAINT record_via_check CHECK ((via <> ''::text))
);

COMMENT ON TABLE public.record IS 'Who changed what, when, why, by which document. One record is one change is one tick of the park''s clock.';

COMMENT ON COLUMN public.record.documents IS 'Array of {title, number, date, url}; no person''s data.';

COMMENT ON COLUMN public.record.via IS 'The program and version that wrote it, such as "luodi import 0.1.0".';

COMMENT ON COLUMN public.record.unlocked IS 'Written without If-Match, by a token that may.';

COMMENT ON COLUMN public.record.reverts IS 'The record this one reverses.';

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
    CONSTRAINT saved_match_asked_check CHECK ((jsonb_typeof(asked) = 'object'::text)),
    CONSTRAINT saved_match_name_check CHECK (((name <> ''::text) AND (length(name) <= 200))),
    CONSTRAINT saved_match_ranking_check CHECK ((jsonb_typeof(ranking) = 'array'::text))
);

COMMENT ON TABLE public.saved_match IS 'A search with the data version, plan and weights of its day, and the ranking it gave: to be run again and compared.';

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
    free text NOT NULL,
    CONSTRAINT service_public_free_check CHECK ((free = ANY (ARRAY['ample'::text, 'some'::text, 'little'::text])))
);

COMMENT ON TABLE public.service_public IS 'How much of a service is free at a public node, as the public sees it.';

COMMENT ON COLUMN public.service_public.free IS 'ample: half of the capacity or more; some: a fifth or more; little: less.';

CREATE TABLE public.session (
    hash bytea NOT NULL,
    account_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    seen_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT session_hash_check CHECK ((length(hash) = 32))
);

COMMENT ON TABLE public.session IS 'Signed-in browsers, by SHA-256 of what the cookie carries.';

COMMENT ON COLUMN public.session.seen_at IS 'Of a request, to within some minutes: most reads write nothing.';

CREATE TABLE public.stray_ground (
    park_id uuid NOT NULL,
    parcel_id uuid NOT NULL,
    geom public.geometry(Geometry,4490) NOT NULL
);

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

COMMENT ON TABLE public.supply_at_risk IS 'Whose supply a record puts at risk, and how much of it, when it leaves a node with less than it has promised.';

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
    ((l.sys * a.sys) * r.sys) AS sys
   FROM (((((public.allotment_parcel l
     JOIN public.allotment_version a ON ((((a.park_id = l.park_id) AND (a.allotment_id = l.allotment_id)) AND (a.sys && l.sys))))
     JOIN public.allotment o ON (((o.park_id = l.park_id) AND (o.allotment_id = l.allotment_id))))
     JOIN public.project j ON (((j.district_id = o.district_id) AND (j.project_id = o.project_id))))
     JOIN public.project_version r ON ((((r.district_id = j.district_id) AND (r.project_id = j.project_id)) AND (r.sys && (l.sys * a.sys)))))
     LEFT JOIN public.party t ON (((t.district_id = j.district_id) AND (t.party_id = j.party_id))))
  WHERE (r.chain_stage IS NOT NULL);

COMMENT ON VIEW public.tenant IS 'Projects with a right to land and a piece of a chain, over the time that all of it held.';

CREATE VIEW public.tenant_public AS
 SELECT t.park_id,
    t.parcel_id,
    t.node,
    t.shown_zh AS name_zh,
    t.shown_en AS name_en,
    (t.sys * p.sys) AS sys
   FROM (public.tenant t
     JOIN public.parcel_public p ON ((((p.park_id = t.park_id) AND (p.parcel_id = t.parcel_id)) AND (p.sys && t.sys))))
  WHERE t.named;

COMMENT ON VIEW public.tenant_public IS 'Projects that agreed to be named, on published land, under their company''s name where it agreed too: what the public may know of who fills a chain.';

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
    CONSTRAINT token_check CHECK (((NOT unlocked) OR (scope = 'write'::text))),
    CONSTRAINT token_check1 CHECK ((expires_at > created_at)),
    CONSTRAINT token_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT token_name_check CHECK (((name <> ''::text) AND (length(name) <= 200))),
    CONSTRAINT token_scope_check CHECK ((scope = ANY (ARRAY['read'::text, 'write'::text])))
);

COMMENT ON TABLE public.token IS 'API tokens by SHA-256 of the secret.';

COMMENT ON COLUMN public.token.unlocked IS 'May write without If-Match, for programs that cannot send it; the record says so.';

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

COMMENT ON TABLE public.webhook IS 'Addresses that are told a park''s events. Retired ones stay, so that it can be seen where what was told.';

COMMENT ON COLUMN public.webhook.secret IS 'The key that signs; as it is, because a hash cannot sign. The public''s role cannot read it.';

COMMENT ON COLUMN public.webhook.old_secret IS 'The key before it was last changed, which signs beside the new one until old_until.';

COMMENT ON COLUMN public.webhook.cursor IS 'Every event up to it was taken by the receiver or lies with the dead letters.';

COMMENT ON COLUMN public.webhook.tries IS 'How often the event after the cursor has failed.';

COMMENT ON COLUMN public.webhook.lease IS 'The process that delivers now, until leased_until: one at a time.';

CREATE TABLE public.zone (
    park_id uuid NOT NULL,
    zone_id uuid NOT NULL,
    code text NOT NULL,
    version bigint DEFAULT 0 NOT NULL,
    live boolean DEFAULT true NOT NULL,
    CONSTRAINT zone_code_check CHECK ((code <> ''::text))
);

COMMENT ON TABLE public.zone IS 'A functional zone of a park; its code stays for life.';

COMMENT ON COLUMN public.zone.version IS 'Number of the newest change that touched it; what If-Match compares.';

COMMENT ON COLUMN public.zone.live IS 'It has not been retired; set by trigger.';

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

COMMENT ON TABLE public.zone_public IS 'Versions of zones as the public sees them.';

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

COMMENT ON TABLE public.zone_version IS 'What a zone was from one change of its park to another; zones change over the years.';

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_login_key UNIQUE (login);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (account_id);

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

ALTER TABLE ONLY public.chain
    ADD CONSTRAINT chain_pkey PRIMARY KEY (district_id, code, revision);

ALTER TABLE ONLY public.contact
    ADD CONSTRAINT contact_pkey PRIMARY KEY (district_id, contact_id);

ALTER TABLE ONLY public.dead_letter
    ADD CONSTRAINT dead_letter_pkey PRIMARY KEY (park_id, webhook_id, seq);

ALTER TABLE ONLY public.district
    ADD CONSTRAINT district_code_key UNIQUE (code);

ALTER TABLE ONLY public.district
    ADD CONSTRAINT district_pkey PRIMARY KEY (district_id);

ALTER TABLE ONLY public.double_ground
    ADD CONSTRAINT double_ground_pkey PRIMARY KEY (park_id, parcel_id, from_seq, other_park_id, other_parcel_id, other_from_seq);

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (park_id, seq);

ALTER TABLE ONLY public.hazard_spacing
    ADD CONSTRAINT hazard_spacing_pkey PRIMARY KEY (class);

ALTER TABLE public.allotment_version
    ADD CONSTRAINT hold_has_deadline CHECK (((state <> 'hold'::text) OR (expires_at IS NOT NULL))) NOT VALID;

ALTER TABLE ONLY public.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (account_id, key);

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_account_id_key UNIQUE NULLS NOT DISTINCT (account_id);

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY public.lineage
    ADD CONSTRAINT lineage_pkey PRIMARY KEY (park_id, parent_id, child_id);

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
    ADD CONSTRAINT party_district_id_name_zh_key UNIQUE (district_id, name_zh);

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

ALTER TABLE ONLY public.project
    ADD CONSTRAINT project_district_id_code_key UNIQUE (district_id, code);

ALTER TABLE ONLY public.project_investment
    ADD CONSTRAINT project_investment_pkey PRIMARY KEY (district_id, project_id, until, noted_at);

ALTER TABLE ONLY public.project_milestone
    ADD CONSTRAINT project_milestone_pkey PRIMARY KEY (district_id, project_id, stage);

ALTER TABLE ONLY public.project
    ADD CONSTRAINT project_pkey PRIMARY KEY (district_id, project_id);

ALTER TABLE ONLY public.project_tag
    ADD CONSTRAINT project_tag_pkey PRIMARY KEY (district_id, project_id, tag, valid);

ALTER TABLE ONLY public.project_version
    ADD CONSTRAINT project_version_district_id_project_id_sys_excl EXCLUDE USING gist (district_id WITH =, project_id WITH =, sys WITH &&);

ALTER TABLE ONLY public.project_version
    ADD CONSTRAINT project_version_pkey PRIMARY KEY (district_id, project_id, revision);

ALTER TABLE ONLY public.proposal
    ADD CONSTRAINT proposal_pkey PRIMARY KEY (park_id, proposal_id);

ALTER TABLE ONLY public.record
    ADD CONSTRAINT record_park_id_record_id_key UNIQUE (park_id, record_id);

ALTER TABLE ONLY public.record
    ADD CONSTRAINT record_pkey PRIMARY KEY (park_id, seq);

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

ALTER TABLE ONLY public.stray_ground
    ADD CONSTRAINT stray_ground_pkey PRIMARY KEY (park_id, parcel_id);

ALTER TABLE ONLY public.supply_at_risk
    ADD CONSTRAINT supply_at_risk_pkey PRIMARY KEY (park_id, seq, network_id, allotment_id, service);

ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_hash_key UNIQUE (hash);

ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_pkey PRIMARY KEY (token_id);

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

CREATE INDEX allotment_draw_from ON public.allotment_draw USING btree (park_id, from_seq);

CREATE UNIQUE INDEX allotment_draw_live ON public.allotment_draw USING btree (park_id, allotment_id, network_id, service) WHERE (to_seq IS NULL);

CREATE INDEX allotment_draw_node ON public.allotment_draw USING btree (park_id, network_id);

CREATE INDEX allotment_draw_to ON public.allotment_draw USING btree (park_id, to_seq) WHERE (to_seq IS NOT NULL);

CREATE INDEX allotment_parcel_from ON public.allotment_parcel USING btree (from_seq, park_id);

CREATE INDEX allotment_parcel_live ON public.allotment_parcel USING btree (park_id, parcel_id) WHERE (to_seq IS NULL);

CREATE INDEX allotment_parcel_to ON public.allotment_parcel USING btree (to_seq, park_id) WHERE (to_seq IS NOT NULL);

CREATE INDEX allotment_project ON public.allotment USING btree (district_id, project_id);

CREATE INDEX allotment_version_deadline ON public.allotment_version USING btree (expires_at) WHERE ((to_seq IS NULL) AND (state = 'hold'::text));

CREATE UNIQUE INDEX allotment_version_first ON public.allotment_version USING btree (park_id, allotment_id) WHERE (prev_to_seq IS NULL);

CREATE INDEX allotment_version_from ON public.allotment_version USING btree (from_seq, park_id);

CREATE UNIQUE INDEX allotment_version_live ON public.allotment_version USING btree (park_id, allotment_id) WHERE (to_seq IS NULL);

CREATE INDEX allotment_version_to ON public.allotment_version USING btree (to_seq, park_id) WHERE (to_seq IS NOT NULL);

CREATE INDEX contact_party ON public.contact USING btree (district_id, party_id);

CREATE INDEX dead_letter_resend ON public.dead_letter USING btree (park_id, webhook_id, seq) WHERE (resend_at IS NOT NULL);

CREATE INDEX double_ground_other ON public.double_ground USING btree (other_park_id);

CREATE INDEX idempotency_at ON public.idempotency USING btree (at);

CREATE INDEX lineage_child ON public.lineage USING btree (park_id, child_id);

CREATE INDEX lineage_seq ON public.lineage USING btree (park_id, seq);

CREATE UNIQUE INDEX network_live_code ON public.network USING btree (park_id, code) WHERE live;

CREATE INDEX network_public_from ON public.network_public USING btree (park_id, from_seq);

CREATE INDEX network_public_live_geom ON public.network_public USING gist (geom) WHERE (to_seq IS NULL);

CREATE INDEX network_public_past_geom ON public.network_public USING gist (geom, sys) WHERE (to_seq IS NOT NULL);

CREATE INDEX network_public_to ON public.network_public USING btree (park_id, to_seq, network_id) WHERE (to_seq IS NOT NULL);

CREATE INDEX network_version_begun ON public.network_version USING btree (park_id, from_seq);

CREATE INDEX network_version_ended ON public.network_version USING btree (park_id, to_seq) WHERE (to_seq IS NOT NULL);

CREATE UNIQUE INDEX network_version_first ON public.network_version USING btree (park_id, network_id) WHERE (prev_to_seq IS NULL);

CREATE INDEX network_version_from ON public.network_version USING btree (park_id, from_seq);

CREATE UNIQUE INDEX network_version_live ON public.network_version USING btree (park_id, network_id) WHERE (to_seq IS NULL);

CREATE INDEX network_version_to ON public.network_version USING btree (park_id, to_seq) WHERE (to_seq IS NOT NULL);

CREATE INDEX parcel_public_from ON public.parcel_public USING btree (park_id, from_seq);

CREATE UNIQUE INDEX parcel_public_live ON public.parcel_public USING btree (park_id, parcel_id) WHERE (to_seq IS NULL);

CREATE INDEX parcel_public_live_code ON public.parcel_public USING btree (park_id, code) WHERE (to_seq IS NULL);

CREATE INDEX parcel_public_live_geom ON public.parcel_public USING gist (geom) WHERE (to_seq IS NULL);

CREATE INDEX parcel_public_live_status ON public.parcel_public USING btree (park_id, status, parcel_id) WHERE (to_seq IS NULL);

CREATE INDEX parcel_public_live_text ON public.parcel_public USING gin ((((((((((code || ' '::text) || COALESCE(tenant_zh, ''::text)) || ' '::text) || COALESCE(tenant_en, ''::text)) || ' '::text) || COALESCE(project_zh, ''::text)) || ' '::text) || COALESCE(project_en, ''::text))) public.gin_trgm_ops) WHERE (to_seq IS NULL);

CREATE INDEX parcel_public_past_geom ON public.parcel_public USING gist (geom, sys) WHERE (to_seq IS NOT NULL);

CREATE INDEX parcel_public_state ON public.parcel_public USING btree (park_id, parcel_id, from_seq, COALESCE(to_seq, '9223372036854775807'::bigint));

CREATE INDEX parcel_public_to ON public.parcel_public USING btree (park_id, to_seq, parcel_id) WHERE (to_seq IS NOT NULL);

CREATE UNIQUE INDEX parcel_version_first ON public.parcel_version USING btree (park_id, parcel_id) WHERE (prev_to_seq IS NULL);

CREATE INDEX parcel_version_from ON public.parcel_version USING btree (from_seq, park_id);

CREATE UNIQUE INDEX parcel_version_live ON public.parcel_version USING btree (park_id, parcel_id) WHERE (to_seq IS NULL);

CREATE UNIQUE INDEX parcel_version_live_code ON public.parcel_version USING btree (code, park_id) WHERE (to_seq IS NULL);

CREATE INDEX parcel_version_live_geom ON public.parcel_version USING gist (geom) WHERE (to_seq IS NULL);

CREATE INDEX parcel_version_live_span ON public.parcel_version USING gist (span) WHERE (to_seq IS NULL);

CREATE INDEX parcel_version_past_span ON public.parcel_version USING gist (span) WHERE (to_seq IS NOT NULL);

CREATE INDEX parcel_version_to ON public.parcel_version USING btree (to_seq, park_id) WHERE (to_seq IS NOT NULL);

CREATE INDEX park_geom ON public.park USING gist (geom);

CREATE UNIQUE INDEX plan_unit_live_code ON public.plan_unit USING btree (park_id, code) WHERE live;

CREATE INDEX plan_unit_public_from ON public.plan_unit_public USING btree (park_id, from_seq);

CREATE INDEX plan_unit_public_live_geom ON public.plan_unit_public USING gist (geom) WHERE (to_seq IS NULL);

CREATE INDEX plan_unit_public_past_geom ON public.plan_unit_public USING gist (geom, sys) WHERE (to_seq IS NOT NULL);

CREATE INDEX plan_unit_public_to ON public.plan_unit_public USING btree (park_id, to_seq, plan_unit_id) WHERE (to_seq IS NOT NULL);

CREATE INDEX plan_unit_version_begun ON public.plan_unit_version USING btree (park_id, from_seq);

CREATE INDEX plan_unit_version_ended ON public.plan_unit_version USING btree (park_id, to_seq) WHERE (to_seq IS NOT NULL);

CREATE UNIQUE INDEX plan_unit_version_first ON public.plan_unit_version USING btree (park_id, plan_unit_id) WHERE (prev_to_seq IS NULL);

CREATE INDEX plan_unit_version_from ON public.plan_unit_version USING btree (park_id, from_seq);

CREATE UNIQUE INDEX plan_unit_version_live ON public.plan_unit_version USING btree (park_id, plan_unit_id) WHERE (to_seq IS NULL);

CREATE INDEX plan_unit_version_to ON public.plan_unit_version USING btree (park_id, to_seq) WHERE (to_seq IS NOT NULL);

CREATE INDEX presence_park ON public.presence USING btree (park_id);

CREATE INDEX presence_seen ON public.presence USING btree (seen_at);

CREATE UNIQUE INDEX project_investment_day ON public.project_investment USING btree (district_id, project_id, until) WHERE (NOT corrects);

CREATE UNIQUE INDEX project_version_live ON public.project_version USING btree (district_id, project_id) WHERE upper_inf(sys);

CREATE INDEX proposal_open ON public.proposal USING btree (park_id, proposed_at) WHERE (decision IS NULL);

CREATE INDEX record_at ON public.record USING btree (park_id, at);

CREATE INDEX saved_match_account ON public.saved_match USING btree (account_id, saved_at DESC);

CREATE INDEX session_account ON public.session USING btree (account_id);

CREATE INDEX stray_ground_geom ON public.stray_ground USING gist (geom);

CREATE INDEX token_account ON public.token USING btree (account_id);

CREATE INDEX waiting_from ON public.waiting USING btree (park_id, from_seq);

CREATE INDEX waiting_live ON public.waiting USING btree (park_id, parcel_id, from_seq) WHERE (to_seq IS NULL);

CREATE UNIQUE INDEX waiting_once ON public.waiting USING btree (park_id, parcel_id, project_id) WHERE (to_seq IS NULL);

CREATE INDEX waiting_to ON public.waiting USING btree (park_id, to_seq) WHERE (to_seq IS NOT NULL);

CREATE INDEX webhook_due ON public.webhook USING btree (next_at) WHERE (state = 'active'::text);

CREATE UNIQUE INDEX zone_live_code ON public.zone USING btree (park_id, code) WHERE live;

CREATE INDEX zone_public_from ON public.zone_public USING btree (park_id, from_seq);

CREATE INDEX zone_public_live_geom ON public.zone_public USING gist (geom) WHERE (to_seq IS NULL);

CREATE INDEX zone_public_past_geom ON public.zone_public USING gist (geom, sys) WHERE (to_seq IS NOT NULL);

CREATE INDEX zone_public_to ON public.zone_public USING btree (park_id, to_seq, zone_id) WHERE (to_seq IS NOT NULL);

CREATE INDEX zone_version_begun ON public.zone_version USING btree (park_id, from_seq);

CREATE INDEX zone_version_ended ON public.zone_version USING btree (park_id, to_seq) WHERE (to_seq IS NOT NULL);

CREATE UNIQUE INDEX zone_version_first ON public.zone_version USING btree (park_id, zone_id) WHERE (prev_to_seq IS NULL);

CREATE INDEX zone_version_from ON public.zone_version USING btree (park_id, from_seq);

CREATE UNIQUE INDEX zone_version_live ON public.zone_version USING btree (park_id, zone_id) WHERE (to_seq IS NULL);

CREATE INDEX zone_version_to ON public.zone_version USING btree (park_id, to_seq) WHERE (to_seq IS NOT NULL);

CREATE TRIGGER a_keep_lineage BEFORE INSERT ON public.lineage FOR EACH ROW EXECUTE FUNCTION public.keep_lineage();

CREATE TRIGGER a_keep_party BEFORE INSERT OR UPDATE ON public.party FOR EACH ROW EXECUTE FUNCTION public.keep_party();

CREATE TRIGGER a_keep_project_version BEFORE INSERT ON public.project_version FOR EACH ROW EXECUTE FUNCTION public.keep_project_version();

CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON public.allotment_draw FOR EACH ROW EXECUTE FUNCTION public.keep_version();

CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON public.allotment_parcel FOR EACH ROW EXECUTE FUNCTION public.keep_version();

CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON public.allotment_version FOR EACH ROW EXECUTE FUNCTION public.keep_version();

CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON public.network_version FOR EACH ROW EXECUTE FUNCTION public.keep_version();

CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON public.parcel_version FOR EACH ROW EXECUTE FUNCTION public.keep_version();

CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON public.plan_unit_version FOR EACH ROW EXECUTE FUNCTION public.keep_version();

CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON public.waiting FOR EACH ROW EXECUTE FUNCTION public.keep_version();

CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON public.zone_version FOR EACH ROW EXECUTE FUNCTION public.keep_version();

CREATE TRIGGER a_keep_with_record BEFORE INSERT ON public.supply_at_risk FOR EACH ROW EXECUTE FUNCTION public.keep_with_record();

CREATE CONSTRAINT TRIGGER a_take_border AFTER INSERT OR UPDATE OF geom ON public.park DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.take_new_border();

CREATE TRIGGER b_keep_line BEFORE INSERT ON public.network_version FOR EACH ROW EXECUTE FUNCTION public.keep_line();

CREATE TRIGGER b_keep_party_version AFTER INSERT OR UPDATE ON public.party FOR EACH ROW EXECUTE FUNCTION public.keep_party_version();

CREATE TRIGGER b_keep_shape BEFORE INSERT ON public.parcel_version FOR EACH ROW EXECUTE FUNCTION public.keep_parcel_shape();

CREATE TRIGGER b_keep_shape BEFORE INSERT ON public.plan_unit_version FOR EACH ROW EXECUTE FUNCTION public.keep_shape();

CREATE TRIGGER b_keep_shape BEFORE INSERT ON public.zone_version FOR EACH ROW EXECUTE FUNCTION public.keep_shape();

CREATE TRIGGER begin_thing BEFORE INSERT ON public.network FOR EACH ROW EXECUTE FUNCTION public.begin_thing();

CREATE TRIGGER begin_thing BEFORE INSERT ON public.plan_unit FOR EACH ROW EXECUTE FUNCTION public.begin_thing();

CREATE TRIGGER begin_thing BEFORE INSERT ON public.zone FOR EACH ROW EXECUTE FUNCTION public.begin_thing();

CREATE TRIGGER begin_version BEFORE INSERT ON public.allotment FOR EACH ROW EXECUTE FUNCTION public.begin_version();

CREATE TRIGGER begin_version BEFORE INSERT ON public.parcel FOR EACH ROW EXECUTE FUNCTION public.begin_version();

CREATE TRIGGER count_inserted AFTER INSERT ON public.allotment_draw REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_allotments();

CREATE TRIGGER count_inserted AFTER INSERT ON public.allotment_parcel REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_parcels();

CREATE TRIGGER count_inserted AFTER INSERT ON public.allotment_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_allotments();

CREATE TRIGGER count_inserted AFTER INSERT ON public.network_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_things('network');

CREATE TRIGGER count_inserted AFTER INSERT ON public.parcel_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_parcels();

CREATE TRIGGER count_inserted AFTER INSERT ON public.plan_unit_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_things('plan_unit');

CREATE TRIGGER count_inserted AFTER INSERT ON public.zone_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_things('zone');

CREATE TRIGGER count_updated AFTER UPDATE ON public.allotment_draw REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_allotments();

CREATE TRIGGER count_updated AFTER UPDATE ON public.allotment_parcel REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_parcels();

CREATE TRIGGER count_updated AFTER UPDATE ON public.allotment_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_allotments();

CREATE TRIGGER count_updated AFTER UPDATE ON public.network_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_things('network');

CREATE TRIGGER count_updated AFTER UPDATE ON public.parcel_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_parcels();

CREATE TRIGGER count_updated AFTER UPDATE ON public.plan_unit_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_things('plan_unit');

CREATE TRIGGER count_updated AFTER UPDATE ON public.zone_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_things('zone');

CREATE TRIGGER keep_border AFTER UPDATE ON public.park FOR EACH ROW EXECUTE FUNCTION public.keep_border();

CREATE TRIGGER keep_contact BEFORE INSERT OR UPDATE ON public.contact FOR EACH ROW EXECUTE FUNCTION public.keep_contact();

CREATE TRIGGER keep_decision BEFORE UPDATE ON public.proposal FOR EACH ROW EXECUTE FUNCTION public.keep_decision();

CREATE TRIGGER keep_webhook BEFORE UPDATE ON public.webhook FOR EACH ROW EXECUTE FUNCTION public.keep_webhook();

CREATE TRIGGER publish_inserted AFTER INSERT ON public.allotment_parcel REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.publish_changed_parcels();

CREATE TRIGGER publish_inserted AFTER INSERT ON public.allotment_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.publish_allotted_parcels();

CREATE TRIGGER publish_inserted AFTER INSERT ON public.parcel_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.publish_changed_parcels();

CREATE TRIGGER publish_network AFTER INSERT OR UPDATE ON public.network_version FOR EACH ROW EXECUTE FUNCTION public.publish_network();

CREATE TRIGGER publish_park AFTER INSERT OR UPDATE ON public.park FOR EACH ROW EXECUTE FUNCTION public.publish_park();

CREATE TRIGGER publish_plan_unit AFTER INSERT OR UPDATE ON public.plan_unit_version FOR EACH ROW EXECUTE FUNCTION public.publish_plan_unit();

CREATE TRIGGER publish_services_inserted AFTER INSERT ON public.allotment_draw REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.publish_changed_services();

CREATE TRIGGER publish_services_inserted AFTER INSERT ON public.network_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.publish_changed_services();

CREATE TRIGGER publish_services_updated AFTER UPDATE ON public.allotment_draw REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.publish_changed_services();

CREATE TRIGGER publish_services_updated AFTER UPDATE ON public.network_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.publish_changed_services();

CREATE TRIGGER publish_updated AFTER UPDATE ON public.allotment_parcel REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.publish_changed_parcels();

CREATE TRIGGER publish_updated AFTER UPDATE ON public.allotment_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.publish_allotted_parcels();

CREATE TRIGGER publish_updated AFTER UPDATE ON public.parcel_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.publish_changed_parcels();

CREATE TRIGGER publish_zone AFTER INSERT OR UPDATE ON public.zone_version FOR EACH ROW EXECUTE FUNCTION public.publish_zone();

CREATE CONSTRAINT TRIGGER says_what_is AFTER INSERT ON public.record DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.refuse_false_word();

CREATE TRIGGER settle_park BEFORE INSERT OR UPDATE ON public.park FOR EACH ROW EXECUTE FUNCTION public.settle_park();

CREATE TRIGGER start_clock AFTER INSERT ON public.park FOR EACH ROW EXECUTE FUNCTION public.start_clock();

CREATE TRIGGER wake_listeners AFTER INSERT ON public.event FOR EACH ROW EXECUTE FUNCTION public.wake_listeners();

CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT OR UPDATE ON public.allotment_draw DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.settle_record();

CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT OR UPDATE ON public.allotment_parcel DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.settle_record();

CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT OR UPDATE ON public.allotment_version DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.settle_record();

CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT ON public.lineage DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.settle_record();

CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT OR UPDATE ON public.network_version DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.settle_record();

CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT OR UPDATE ON public.parcel_version DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.settle_record();

CREATE CONSTRAINT TRIGGER z_settle_record AFTER UPDATE OF geom ON public.park DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.settle_record();

CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT ON public.supply_at_risk DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.settle_record();

CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT OR UPDATE ON public.waiting DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.settle_record();

CREATE TRIGGER zone_is_live AFTER INSERT ON public.parcel_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_dead_zone();

CREATE CONSTRAINT TRIGGER zone_is_live AFTER UPDATE ON public.zone_version DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.refuse_dead_zone();

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

ALTER TABLE ONLY public.chain
    ADD CONSTRAINT chain_district_id_fkey FOREIGN KEY (district_id) REFERENCES public.district(district_id);

ALTER TABLE ONLY public.contact
    ADD CONSTRAINT contact_district_id_party_id_fkey FOREIGN KEY (district_id, party_id) REFERENCES public.party(district_id, party_id);

ALTER TABLE ONLY public.dead_letter
    ADD CONSTRAINT dead_letter_park_id_seq_fkey FOREIGN KEY (park_id, seq) REFERENCES public.event(park_id, seq);

ALTER TABLE ONLY public.dead_letter
    ADD CONSTRAINT dead_letter_park_id_webhook_id_fkey FOREIGN KEY (park_id, webhook_id) REFERENCES public.webhook(park_id, webhook_id);

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_park_id_seq_fkey FOREIGN KEY (park_id, seq) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.idempotency
    ADD CONSTRAINT idempotency_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.lineage
    ADD CONSTRAINT lineage_park_id_child_id_fkey FOREIGN KEY (park_id, child_id) REFERENCES public.parcel(park_id, parcel_id);

ALTER TABLE ONLY public.lineage
    ADD CONSTRAINT lineage_park_id_parent_id_fkey FOREIGN KEY (park_id, parent_id) REFERENCES public.parcel(park_id, parcel_id);

ALTER TABLE ONLY public.lineage
    ADD CONSTRAINT lineage_park_id_seq_fkey FOREIGN KEY (park_id, seq) REFERENCES public.record(park_id, seq);

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

ALTER TABLE ONLY public.parcel
    ADD CONSTRAINT parcel_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.parcel_public
    ADD CONSTRAINT parcel_public_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.parcel_version
    ADD CONSTRAINT parcel_version_park_id_from_seq_fkey FOREIGN KEY (park_id, from_seq) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.parcel_version
    ADD CONSTRAINT parcel_version_park_id_parcel_id_fkey FOREIGN KEY (park_id, parcel_id) REFERENCES public.parcel(park_id, parcel_id);

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

ALTER TABLE ONLY public.project
    ADD CONSTRAINT project_district_id_fkey FOREIGN KEY (district_id) REFERENCES public.district(district_id);

ALTER TABLE ONLY public.project
    ADD CONSTRAINT project_district_id_party_id_fkey FOREIGN KEY (district_id, party_id) REFERENCES public.party(district_id, party_id);

ALTER TABLE ONLY public.project_investment
    ADD CONSTRAINT project_investment_district_id_project_id_fkey FOREIGN KEY (district_id, project_id) REFERENCES public.project(district_id, project_id);

ALTER TABLE ONLY public.project_milestone
    ADD CONSTRAINT project_milestone_district_id_project_id_fkey FOREIGN KEY (district_id, project_id) REFERENCES public.project(district_id, project_id);

ALTER TABLE ONLY public.project_tag
    ADD CONSTRAINT project_tag_district_id_project_id_fkey FOREIGN KEY (district_id, project_id) REFERENCES public.project(district_id, project_id);

ALTER TABLE ONLY public.project_version
    ADD CONSTRAINT project_version_district_id_project_id_fkey FOREIGN KEY (district_id, project_id) REFERENCES public.project(district_id, project_id);

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
    ADD CONSTRAINT record_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.record
    ADD CONSTRAINT record_park_id_reverts_fkey FOREIGN KEY (park_id, reverts) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.record
    ADD CONSTRAINT record_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.saved_match
    ADD CONSTRAINT saved_match_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.saved_match
    ADD CONSTRAINT saved_match_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.service_public
    ADD CONSTRAINT service_public_park_id_fkey FOREIGN KEY (park_id) REFERENCES public.park(park_id);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

ALTER TABLE ONLY public.supply_at_risk
    ADD CONSTRAINT supply_at_risk_park_id_allotment_id_fkey FOREIGN KEY (park_id, allotment_id) REFERENCES public.allotment(park_id, allotment_id);

ALTER TABLE ONLY public.supply_at_risk
    ADD CONSTRAINT supply_at_risk_park_id_network_id_fkey FOREIGN KEY (park_id, network_id) REFERENCES public.network(park_id, network_id);

ALTER TABLE ONLY public.supply_at_risk
    ADD CONSTRAINT supply_at_risk_park_id_seq_fkey FOREIGN KEY (park_id, seq) REFERENCES public.record(park_id, seq);

ALTER TABLE ONLY public.supply_at_risk
    ADD CONSTRAINT supply_at_risk_service_fkey FOREIGN KEY (service) REFERENCES public.service(service);

ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id);

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

REVOKE ALL ON FUNCTION public._postgis_index_extent(tbl regclass, col text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public._postgis_join_selectivity(regclass, text, regclass, text, text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public._postgis_selectivity(tbl regclass, att_name text, geom public.geometry, mode text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public._postgis_stats(tbl regclass, att_name text, text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.balance_of(p_park uuid, p_seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.begin_record(p_park uuid, p_record uuid, p_kind text, p_reason text, p_via text, p_documents jsonb, p_proposed_by uuid, p_approved_by uuid, p_unlocked boolean, p_reverts bigint, OUT seq bigint, OUT at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.begin_record(p_park uuid, p_record uuid, p_kind text, p_reason text, p_via text, p_documents jsonb, p_proposed_by uuid, p_approved_by uuid, p_unlocked boolean, p_reverts bigint, OUT seq bigint, OUT at timestamp with time zone) TO luodi_planner;

REVOKE ALL ON FUNCTION public.begin_thing() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.begin_version() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.begun_land(p_park uuid, p_seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.bend_degrees(p_geom public.geometry) FROM PUBLIC;
GRANT ALL ON FUNCTION public.bend_degrees(p_geom public.geometry) TO luodi_planner;

REVOKE ALL ON FUNCTION public.changed_land(p_park uuid, p_seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.count_allotments() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.count_parcels() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.count_things() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.farthest_m(p_shape public.geometry, p_from public.geometry) FROM PUBLIC;
GRANT ALL ON FUNCTION public.farthest_m(p_shape public.geometry, p_from public.geometry) TO luodi_planner;

REVOKE ALL ON FUNCTION public.forebears(p_park uuid, p_parcel uuid, p_from bigint, p_seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.forget_answers() FROM PUBLIC;
GRANT ALL ON FUNCTION public.forget_answers() TO luodi_planner;

REVOKE ALL ON FUNCTION public.is_inherited(p_park uuid, p_a uuid, p_a_from bigint, p_b uuid, p_b_from bigint, p_shared public.geometry) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_border() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_contact() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_decision() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_lineage() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_party() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_party_version() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_project_version() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_version() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_webhook() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keep_with_record() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.near_parks(p_park uuid, p_shape public.geometry) FROM PUBLIC;
GRANT ALL ON FUNCTION public.near_parks(p_park uuid, p_shape public.geometry) TO luodi_planner;

REVOKE ALL ON FUNCTION public.node_room(p_park uuid, p_seq bigint, p_network uuid, p_service text, OUT there boolean, OUT capacity numeric, OUT promised numeric, OUT was_capacity numeric, OUT was_promised numeric) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.publish_allotted_parcels() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.publish_changed_parcels() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.publish_changed_services() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.publish_network() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.publish_parcels(p_park uuid, p_parcels uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.publish_park() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.publish_plan_unit() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.publish_services(p_park uuid, p_networks uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.publish_zone() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.reach(p_geom public.geometry) FROM PUBLIC;
GRANT ALL ON FUNCTION public.reach(p_geom public.geometry) TO luodi_planner;

REVOKE ALL ON FUNCTION public.refuse_bad_right(p_park uuid, p_seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_dead_zone() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_double_ground(p_park uuid, p_seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_double_right(p_park uuid, p_seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_false_lineage(p_park uuid, p_seq bigint, p_kind text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_false_word() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_jumped_line(p_park uuid, p_seq bigint, p_kind text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_lost_ground(p_park uuid, p_seq bigint, p_kind text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_overdraw(p_park uuid, p_seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_overlap(p_park uuid, p_seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_stray(p_park uuid, p_seq bigint, p_kind text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_tick_within(p_park uuid, p_seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_unequal(p_park uuid, p_seq bigint, p_kind text, p_reverts bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.refuse_unreleased(p_park uuid, p_seq bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.root_of_overlap(p_park uuid, p_a uuid, p_a_from bigint, p_other uuid, p_b uuid, p_b_from bigint, p_shared public.geometry) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.settle_record() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.st_estimatedextent(text, text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.st_estimatedextent(text, text, text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.st_estimatedextent(text, text, text, boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.start_clock() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.still_as_seen(p_park uuid, p_parcel uuid, p_seen bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.still_as_seen(p_park uuid, p_parcel uuid, p_seen bigint) TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.waiting TO luodi_planner;

GRANT UPDATE(to_seq) ON TABLE public.waiting TO luodi_planner;

GRANT UPDATE(sys) ON TABLE public.waiting TO luodi_planner;

REVOKE ALL ON FUNCTION public.stood(p_park uuid, p_seq bigint, p_parcel uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.stored_faults() FROM PUBLIC;
GRANT ALL ON FUNCTION public.stored_faults() TO luodi_planner;

REVOKE ALL ON FUNCTION public.take_border(p_park uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.take_clocks(p_park uuid, p_ground public.geometry[], p_border boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.take_clocks(p_park uuid, p_ground public.geometry[], p_border boolean) TO luodi_planner;

REVOKE ALL ON FUNCTION public.take_new_border() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.touched_parcels(p_park uuid, p_seq bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.touched_parcels(p_park uuid, p_seq bigint) TO luodi_planner;

REVOKE ALL ON FUNCTION public.wake_listeners() FROM PUBLIC;

GRANT SELECT,INSERT ON TABLE public.account TO luodi_planner;

GRANT UPDATE(login) ON TABLE public.account TO luodi_planner;

GRANT UPDATE(name) ON TABLE public.account TO luodi_planner;

GRANT UPDATE(password) ON TABLE public.account TO luodi_planner;

GRANT UPDATE(disabled_at) ON TABLE public.account TO luodi_planner;

GRANT UPDATE(erased_at) ON TABLE public.account TO luodi_planner;

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

GRANT SELECT,INSERT ON TABLE public.chain TO luodi_planner;

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

GRANT SELECT ON TABLE public.event TO luodi_planner;

GRANT SELECT ON TABLE public.geography_columns TO luodi_planner;

GRANT SELECT ON TABLE public.geometry_columns TO luodi_planner;

GRANT SELECT ON TABLE public.hazard_spacing TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.idempotency TO luodi_planner;

GRANT SELECT,INSERT,DELETE ON TABLE public.invitation TO luodi_planner;

GRANT UPDATE(hash) ON TABLE public.invitation TO luodi_planner;

GRANT UPDATE(expires_at) ON TABLE public.invitation TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.lineage TO luodi_planner;

GRANT SELECT,INSERT,DELETE ON TABLE public.membership TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.network TO luodi_planner;

GRANT SELECT ON TABLE public.network_public TO luodi_planner;
GRANT SELECT ON TABLE public.network_public TO luodi_public;

GRANT SELECT,INSERT ON TABLE public.network_version TO luodi_planner;

GRANT UPDATE(to_seq) ON TABLE public.network_version TO luodi_planner;

GRANT UPDATE(sys) ON TABLE public.network_version TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.parcel TO luodi_planner;

GRANT SELECT ON TABLE public.parcel_public TO luodi_planner;
GRANT SELECT ON TABLE public.parcel_public TO luodi_public;

GRANT SELECT,INSERT ON TABLE public.parcel_version TO luodi_planner;

GRANT UPDATE(to_seq) ON TABLE public.parcel_version TO luodi_planner;

GRANT UPDATE(sys) ON TABLE public.parcel_version TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.park TO luodi_planner;

GRANT UPDATE(geom) ON TABLE public.park TO luodi_planner;

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

GRANT SELECT ON TABLE public.party_version TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.plan_unit TO luodi_planner;

GRANT SELECT ON TABLE public.plan_unit_public TO luodi_planner;
GRANT SELECT ON TABLE public.plan_unit_public TO luodi_public;

GRANT SELECT,INSERT ON TABLE public.plan_unit_version TO luodi_planner;

GRANT UPDATE(to_seq) ON TABLE public.plan_unit_version TO luodi_planner;

GRANT UPDATE(sys) ON TABLE public.plan_unit_version TO luodi_planner;

GRANT SELECT,INSERT,DELETE ON TABLE public.presence TO luodi_planner;

GRANT UPDATE(parcel_id) ON TABLE public.presence TO luodi_planner;

GRANT UPDATE(seen_at) ON TABLE public.presence TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.project TO luodi_planner;

GRANT UPDATE(party_id) ON TABLE public.project TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.project_investment TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.project_milestone TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.project_tag TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.project_version TO luodi_planner;

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

GRANT SELECT,INSERT,DELETE ON TABLE public.saved_match TO luodi_planner;

GRANT SELECT ON TABLE public.service TO luodi_planner;

GRANT SELECT ON TABLE public.service_public TO luodi_planner;
GRANT SELECT ON TABLE public.service_public TO luodi_public;

GRANT SELECT,INSERT,DELETE ON TABLE public.session TO luodi_planner;

GRANT UPDATE(seen_at) ON TABLE public.session TO luodi_planner;

GRANT SELECT ON TABLE public.spatial_ref_sys TO luodi_planner;

GRANT SELECT ON TABLE public.stray_ground TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.supply_at_risk TO luodi_planner;

GRANT SELECT ON TABLE public.tenant TO luodi_planner;

GRANT SELECT ON TABLE public.tenant_public TO luodi_public;
GRANT SELECT ON TABLE public.tenant_public TO luodi_planner;

GRANT SELECT,INSERT ON TABLE public.token TO luodi_planner;

GRANT UPDATE(name) ON TABLE public.token TO luodi_planner;

GRANT UPDATE(revoked_at) ON TABLE public.token TO luodi_planner;

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

GRANT SELECT,INSERT ON TABLE public.zone TO luodi_planner;

GRANT SELECT ON TABLE public.zone_public TO luodi_planner;
GRANT SELECT ON TABLE public.zone_public TO luodi_public;

GRANT SELECT,INSERT ON TABLE public.zone_version TO luodi_planner;

GRANT UPDATE(to_seq) ON TABLE public.zone_version TO luodi_planner;

GRANT UPDATE(sys) ON TABLE public.zone_version TO luodi_planner;
