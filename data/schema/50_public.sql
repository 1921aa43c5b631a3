-- The public's tables, written in the transaction of each change.

-- rounded_shape has the corners on whole metres of the survey plane. It qualifies names, so that it can be inlined.
CREATE OR REPLACE FUNCTION rounded_shape(p_geom geometry, p_crs integer) RETURNS geometry
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT public.settle_shape(public.ST_Transform(public.ST_SnapToGrid(public.ST_Transform(p_geom, p_crs), 1), 4490))
$$;
COMMENT ON FUNCTION rounded_shape IS
  'An area of EPSG:4490 with its corners on whole metres of a plane; null or invalid where that is none.';

-- told_shape is how the public reads an area: as surveyed, or with its corners on whole metres of the survey plane, so
-- that neighbours still share corners. Of a shape that is none any more on that grid, the box around it.
CREATE OR REPLACE FUNCTION told_shape(p_told text, p_geom geometry, p_crs integer) RETURNS geometry
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
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
COMMENT ON FUNCTION told_shape IS 'An area of EPSG:4490 as the public reads it, by its park''s choice.';

CREATE OR REPLACE FUNCTION publish_park() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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

CREATE TRIGGER publish_park AFTER INSERT OR UPDATE ON park FOR EACH ROW EXECUTE FUNCTION publish_park();

-- step_below and step_above are the round figures between which an amount lies: 0, 1, 2, 5, 10, 20, 50 and so on.
CREATE OR REPLACE FUNCTION step_below(p_amount numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN p_amount < 1 THEN 0
              ELSE (SELECT max(s.n * t.ten) FROM (SELECT 10::numeric ^ (length(trunc(p_amount)::text) - 1) AS ten) t,
                           (VALUES (1), (2), (5)) s (n) WHERE s.n * t.ten <= p_amount) END
$$;
COMMENT ON FUNCTION step_below IS 'The greatest of 0, 1, 2, 5, 10, 20, … that an amount reaches.';

CREATE OR REPLACE FUNCTION step_above(p_amount numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN p_amount < 1 THEN 1
              ELSE (SELECT coalesce(min(s.n * t.ten), p_amount) FROM (SELECT 10::numeric ^ (length(trunc(p_amount)::text) - 1) AS ten) t,
                           (VALUES (1), (2), (5), (10)) s (n) WHERE s.n * t.ten > p_amount) END
$$;
COMMENT ON FUNCTION step_above IS 'The least of 1, 2, 5, 10, 20, … that an amount stays below.';

-- told_services is what the public reads of a parcel's services, given as a parcel has them or as they were told before.
CREATE OR REPLACE FUNCTION told_services(p_told text, p_services jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN p_told = 'figure' OR p_services = '{}' THEN p_services WHEN p_told = 'none' THEN '{}'
    ELSE (SELECT coalesce(jsonb_object_agg(s.key, CASE
            WHEN p_told = 'word' THEN s.value - '{min,max}'::text[] || '{"capacity": null, "unit": null}'
            WHEN s.value->>'capacity' IS NULL THEN s.value
            ELSE s.value || jsonb_build_object('capacity', NULL, 'min', step_below((s.value->>'capacity')::numeric),
                'max', step_above((s.value->>'capacity')::numeric)) END), '{}') FROM jsonb_each(p_services) s) END
$$;
COMMENT ON FUNCTION told_services IS 'The services of a parcel as the public reads them, by the parcel''s choice.';

-- is_intention: a project's right to land that is neither granted nor, by an announced starting price, out to tender.
CREATE OR REPLACE FUNCTION is_intention(p_state text, p_price_kind text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(p_state IN ('hold', 'reserved') AND p_price_kind IS DISTINCT FROM 'announced', false)
$$;
COMMENT ON FUNCTION is_intention IS 'Whether a right to land is an intention, before any tender was announced.';

-- public_word is the status that the public reads. In a park that shows nothing of intentions, land under one and
-- withdrawn land read as reserve, so that nobody can tell which of the three a parcel is (docs/decisions/0019).
-- land.PublicStatus says the same; a test holds the two to each other.
CREATE OR REPLACE FUNCTION public_word(p_shown text, p_bank text, p_state text, p_price_kind text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN is_intention(p_state, p_price_kind)
              THEN CASE p_shown WHEN 'nothing' THEN 'reserve' ELSE 'in_negotiation' END
              WHEN p_state = 'hold' THEN 'held'
              WHEN p_state IS NULL AND p_bank = 'withdrawn' AND p_shown = 'nothing' THEN 'reserve'
              ELSE coalesce(p_state, p_bank) END
$$;
COMMENT ON FUNCTION public_word IS 'The status of a parcel that the public reads, by the choice of its park.';

-- version_said is what the public reads of a version of a parcel from the change p_seq on. The zone's code is taken
-- from the zone's newest version, and only if that is public: the code of an internal zone is internal. It is the
-- newest version and not the live one, because an edit ends one version before it begins the next. The deadline
-- of an intention is not told, nor a name where the park shows nothing of intentions. Each row, parcel and right is
-- looked up by key even without statistics: before, a self-join of all rights of a park was planned for every change,
-- 360 ms with 350 rights (measured).
-- No SET: so that it is inlined.
CREATE OR REPLACE FUNCTION version_said(v parcel_version, p_seq bigint, p_at timestamptz)
RETURNS SETOF parcel_public LANGUAGE sql STABLE AS $$
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
COMMENT ON FUNCTION version_said IS 'What the public reads of a live version of a parcel from a change on.';

-- parcel_said is that of live parcels of a park. A parcel's live version is sought as its newest, because the index on
-- the boxes of live versions looks cheaper than a key in a load whose statistics know nothing.
CREATE OR REPLACE FUNCTION parcel_said(p_park uuid, p_parcels uuid[], p_seq bigint, p_at timestamptz)
RETURNS SETOF parcel_public LANGUAGE sql STABLE AS $$
  SELECT n.* FROM unnest(p_parcels) u (id)
   CROSS JOIN LATERAL (SELECT * FROM parcel_version x WHERE (x.park_id, x.parcel_id) = (p_park, u.id)
                        ORDER BY x.from_seq DESC LIMIT 1) v
   CROSS JOIN LATERAL version_said(ROW(v.*)::parcel_version, p_seq, p_at) n
$$;
COMMENT ON FUNCTION parcel_said IS 'What the public reads of live parcels of a park from a change on.';

-- same_word: two rows of parcel_public say the same.
CREATE OR REPLACE FUNCTION same_word(a parcel_public, b parcel_public) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT to_jsonb(a) - '{from_seq,to_seq,sys}'::text[] = to_jsonb(b) - '{from_seq,to_seq,sys}'::text[]
$$;

-- publish_besides tells with parcels what goes with them: their papers, and what nodes have left in a park that shows
-- nothing of intentions. What rights draw counts there for the public once they are no intentions any more.
CREATE OR REPLACE FUNCTION publish_besides(p_park uuid, p_parcels uuid[], p_quiet boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
COMMENT ON FUNCTION publish_besides IS 'Tells the public what goes with parcels; called by triggers only.';

-- publish_rows updates parcel_public for some parcels of a park, as of the park's newest change. Rows of that same
-- change are replaced, because nobody has seen them yet. They are sought as the newest of each parcel: by its number
-- the whole change would be read for each of its parcels, as long as statistics know nothing of it.
--
-- In a park that shows nothing of intentions, a row begins only when it says something new: the instants at which an
-- intention is extended or becomes a reservation would tell it from land that lies in reserve. What the change ended
-- before is therefore put back first: an edit ends one version before it begins the next. p_anew begins all rows.
CREATE OR REPLACE FUNCTION publish_rows(p_park uuid, p_parcels uuid[], p_anew boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
COMMENT ON FUNCTION publish_rows IS
  'Rewrites the public rows of parcels as of the park''s newest change; called by triggers only.';

CREATE OR REPLACE FUNCTION publish_parcels(p_park uuid, p_parcels uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT publish_rows(p_park, p_parcels, false)
$$;
COMMENT ON FUNCTION publish_parcels IS 'publish_rows where something of the parcels changed.';

CREATE OR REPLACE FUNCTION publish_changed_parcels() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE park record;
BEGIN
  FOR park IN SELECT c.park_id, array_agg(DISTINCT c.parcel_id) AS parcels FROM changed c GROUP BY c.park_id LOOP
    PERFORM publish_parcels(park.park_id, park.parcels);
  END LOOP;
  RETURN NULL;
END $$;

-- publish_begun_parcels: where a parcel has its first version, no public row can be there, and the row is told from what
-- the statement wrote. To look each of them up takes longer, and far longer where the statistics know the table as empty,
-- as after an import that was given up: then an index of the whole record looks as good as the key.
CREATE OR REPLACE FUNCTION publish_begun_parcels() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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

CREATE OR REPLACE FUNCTION publish_allotted_parcels() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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

-- hide_fields takes out of the past what parcels tell no more: a price, and services in a form that tells more than the
-- new one.
CREATE OR REPLACE FUNCTION hide_fields() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
COMMENT ON FUNCTION hide_fields IS 'What a parcel tells no more leaves its public past too.';

CREATE TRIGGER hide_fields AFTER INSERT ON parcel_version
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION hide_fields();
CREATE TRIGGER publish_inserted AFTER INSERT ON parcel_version
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publish_begun_parcels();
CREATE TRIGGER publish_updated AFTER UPDATE ON parcel_version
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publish_changed_parcels();
CREATE TRIGGER publish_inserted AFTER INSERT ON allotment_parcel
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publish_changed_parcels();
CREATE TRIGGER publish_updated AFTER UPDATE ON allotment_parcel
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publish_changed_parcels();
CREATE TRIGGER publish_inserted AFTER INSERT ON allotment_version
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publish_allotted_parcels();
CREATE TRIGGER publish_updated AFTER UPDATE ON allotment_version
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publish_allotted_parcels();

-- publish_zone also rewrites the zone's parcels when the zone is published or hidden.
CREATE OR REPLACE FUNCTION publish_zone() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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

CREATE OR REPLACE FUNCTION publish_plan_unit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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

-- publish_network also takes out of the past what a node tells no more: its capacity, and what it had left in a form
-- that tells more than the new one.
CREATE OR REPLACE FUNCTION publish_network() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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

-- public_promises is what the public counts as promised by a node: in a park that shows nothing of intentions, what
-- these draw is not counted, or the figure would fall on the day of a hold and tell of it.
CREATE OR REPLACE FUNCTION public_promises(p_park uuid, p_network uuid, p_service text, OUT promised numeric)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
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
COMMENT ON FUNCTION public_promises IS 'What the public counts as promised by a node of a service.';

-- publish_services publishes the free capacity of nodes, each in the form that the node has. A row begins only when
-- its content changes. Rows are found by key and updated by ctid: the planner estimates ANY of an array at ten rows,
-- and for ten rows prefers a scan of a small table.
CREATE OR REPLACE FUNCTION publish_services(p_park uuid, p_networks uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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

CREATE OR REPLACE FUNCTION publish_changed_services() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE park record;
BEGIN
  FOR park IN SELECT c.park_id, array_agg(DISTINCT c.network_id) AS networks FROM changed c GROUP BY c.park_id LOOP
    PERFORM publish_services(park.park_id, park.networks);
  END LOOP;
  RETURN NULL;
END $$;

CREATE TRIGGER publish_services_inserted AFTER INSERT ON allotment_draw
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publish_changed_services();
CREATE TRIGGER publish_services_updated AFTER UPDATE ON allotment_draw
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publish_changed_services();
CREATE TRIGGER publish_services_inserted AFTER INSERT ON network_version
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publish_changed_services();
CREATE TRIGGER publish_services_updated AFTER UPDATE ON network_version
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publish_changed_services();

-- hide_past rewrites what the public could read of intentions and of withdrawn land in the past of a park, when the
-- park decides to show nothing of it: a past view would tell today which land is held. Rows that then say the same
-- become one. What nodes had left before is no longer told at all: it fell on the days of holds.
CREATE OR REPLACE FUNCTION hide_past(p_park uuid) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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
COMMENT ON FUNCTION hide_past IS 'Takes intentions and withdrawn land out of what the public reads of a park''s past.';

-- tell_corners begins zones and plan units anew, as they were, so that their public rows and every memory of these are
-- renewed with the corners that the park tells now; parcels follow by publish_rows. Where it rounds them, it rounds those
-- of the past too.
CREATE OR REPLACE FUNCTION tell_corners(p_park uuid, p_seq bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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
COMMENT ON FUNCTION tell_corners IS 'Has the public read a park''s zones and plan units anew, with corners as it tells.';

-- keep_settings: what a park tells the public is changed by a record. The rows of all public parcels begin anew at it,
-- those with another word and those without, so that every memory of them is renewed and no row tells which was held.
CREATE OR REPLACE FUNCTION keep_settings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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

CREATE TRIGGER z_keep_settings AFTER UPDATE ON park FOR EACH ROW
  WHEN ((OLD.hold_shown, OLD.map_review_no, OLD.old_after_months, OLD.corners_told, OLD.contact)
      IS DISTINCT FROM (NEW.hold_shown, NEW.map_review_no, NEW.old_after_months, NEW.corners_told, NEW.contact))
  EXECUTE FUNCTION keep_settings();

-- touched_parcels lists the parcels that a record touched, for refuse_false_word.
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
                             OFFSET 0) l
  UNION SELECT p.parcel_id FROM paper_version p WHERE (p.park_id, p.from_seq) = (p_park, p_seq)
  UNION SELECT p.parcel_id FROM paper_version p WHERE (p.park_id, p.to_seq) = (p_park, p_seq);
END $$;
COMMENT ON FUNCTION touched_parcels IS
  'The parcels that a record touched, in themselves, in the right they are under or in their papers.';

-- doubtful_parcels are the touched parcels whose public row is to be looked at one by one. Where a record begins many
-- parcels, as an import does, those under no right are compared with their rows as a set, and left out where they agree.
CREATE OR REPLACE FUNCTION doubtful_parcels(p_park uuid, p_seq bigint) RETURNS uuid[]
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET enable_nestloop = off SET enable_mergejoin = off AS $$
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
COMMENT ON FUNCTION doubtful_parcels IS
  'The parcels that a record touched, but for those under no right that plainly agree with their public rows.';

-- refuse_false_word is a second check of parcel_public, which triggers maintain with each change. When a record
-- commits, it compares the public rows with the land by a query of its own, and refuses a record after which they
-- disagree. This should never happen, so the error is no named rule but data_corrupted, with the details for finding
-- the cause. The trigger is on record and not on the changed tables: a check of a row that is brought forward would
-- run before the triggers that publish the statement. Each row is found by its key: a bitmap of one row costs more than
-- the row. The parcels are asked for once, into a variable: the planner runs a function below unnest to guess its rows,
-- and it would run again for the rows.
CREATE OR REPLACE FUNCTION refuse_false_word() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off
  SET enable_bitmapscan = off AS $$
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

CREATE CONSTRAINT TRIGGER says_what_is AFTER INSERT ON record
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_false_word();
