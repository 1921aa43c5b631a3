-- Buildings, their units and lettings: what may be written, what is kept of it, and what the public reads.

CREATE OR REPLACE FUNCTION park_today(p_park uuid) RETURNS date LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
  SELECT (clock_timestamp() AT TIME ZONE coalesce((SELECT k.time_zone FROM park k WHERE k.park_id = p_park),
    'Asia/Shanghai'))::date
$$;
COMMENT ON FUNCTION park_today IS 'The day that it is in a park.';

-- has_tenant locks nothing: its callers hold the lock of the building's or unit's row, which keep_letting takes too.
CREATE OR REPLACE FUNCTION has_tenant(p_park uuid, p_unit uuid, p_let boolean) RETURNS boolean LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM letting l WHERE (l.park_id, l.unit_id) = (p_park, p_unit)
    AND (l.state = 'let' OR NOT p_let AND l.state = 'held' AND l.hold_until >= park_today(p_park))
    AND (upper(l.period) IS NULL OR upper(l.period) > park_today(p_park)))
$$;
COMMENT ON FUNCTION has_tenant IS 'Whether a unit is let, or held unless p_let, today or from a later day on.';

-- keep_building: a building stands on a live parcel of its park, and its point lies in it. The parcel's live version is
-- locked, so that a cut of it waits and then finds the building (follow_parcels).
CREATE OR REPLACE FUNCTION keep_building() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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

CREATE TRIGGER a_keep_code BEFORE INSERT OR UPDATE OF code ON building
  FOR EACH ROW WHEN (code_fault(NEW.code) IS NOT NULL) EXECUTE FUNCTION keep_code();
CREATE TRIGGER b_keep_building BEFORE INSERT OR UPDATE ON building FOR EACH ROW EXECUTE FUNCTION keep_building();
CREATE TRIGGER reason_is_given BEFORE INSERT OR UPDATE ON building
  FOR EACH ROW WHEN (is_blank(NEW.reason)) EXECUTE FUNCTION refuse_blank_reason();

CREATE OR REPLACE FUNCTION keep_unit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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

CREATE TRIGGER a_keep_code BEFORE INSERT OR UPDATE OF code ON unit
  FOR EACH ROW WHEN (code_fault(NEW.code) IS NOT NULL) EXECUTE FUNCTION keep_code();
CREATE TRIGGER b_keep_unit BEFORE INSERT OR UPDATE ON unit FOR EACH ROW EXECUTE FUNCTION keep_unit();
CREATE TRIGGER reason_is_given BEFORE INSERT OR UPDATE ON unit
  FOR EACH ROW WHEN (is_blank(NEW.reason)) EXECUTE FUNCTION refuse_blank_reason();

-- keep_letting: hold, then let, then ended, or let at once. Locks, in this order: the building, the unit, the project.
--
-- 1. Holds of the unit whose last day passed are ended first, so that they keep nobody off.
-- 2. Nobody but an active project begins to hold, or signs.
-- 3. A unit is let from the day on which its building was ready; it may be held before.
--
-- That a unit is held or let once at a time is not looked up here: the exclusion constraint unit_let_once refuses it.
CREATE OR REPLACE FUNCTION keep_letting() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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

CREATE TRIGGER b_keep_letting BEFORE INSERT OR UPDATE ON letting FOR EACH ROW EXECUTE FUNCTION keep_letting();
CREATE TRIGGER reason_is_given BEFORE INSERT OR UPDATE ON letting
  FOR EACH ROW WHEN (is_blank(NEW.reason)) EXECUTE FUNCTION refuse_blank_reason();

CREATE OR REPLACE FUNCTION record_building() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE its jsonb := to_jsonb(NEW); building uuid;
BEGIN
  building := coalesce((its->>'building_id')::uuid, (SELECT u.building_id FROM unit u
      WHERE (u.park_id, u.unit_id) = (NEW.park_id, (its->>'unit_id')::uuid)));
  INSERT INTO building_record (park_id, building_id, at, account_id, thing, thing_id, revision, reason, facts)
  VALUES (NEW.park_id, building, NEW.changed_at, NEW.changed_by, TG_TABLE_NAME, (its->>(TG_TABLE_NAME || '_id'))::uuid,
      NEW.revision, NEW.reason, its - '{park_id,changed_by,changed_at,reason,revision}'::text[]);
  RETURN NULL;
END $$;

CREATE TRIGGER record_building AFTER INSERT OR UPDATE ON building FOR EACH ROW EXECUTE FUNCTION record_building();
CREATE TRIGGER record_building AFTER INSERT OR UPDATE ON unit FOR EACH ROW EXECUTE FUNCTION record_building();
CREATE TRIGGER record_building AFTER INSERT OR UPDATE ON letting FOR EACH ROW EXECUTE FUNCTION record_building();

-- follow_parcels: buildings on parcels that a record changed. A building whose point is known goes to the live parcel
-- that has it. One without a point stays, or goes with its parcel into the one that came out of it; where several did,
-- or none, the record is refused: nobody could say where the building stands.
CREATE OR REPLACE FUNCTION follow_parcels(p_park uuid, p_seq bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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

-- unit_now says of each unit how it stands today. taken: by its live letting that begins first, of those that are not
-- over. free_on: when it is free as far as is known; null where nobody can say.
CREATE OR REPLACE VIEW unit_now AS
SELECT u.*, b.parcel_id, coalesce(t.state, 'free') AS state, t.taken_until,
       CASE WHEN t.endless OR b.stage <> 'ready' AND b.ready_by IS NULL THEN NULL
            ELSE greatest(k.today, u.free_from, CASE WHEN b.stage = 'ready' THEN b.since ELSE b.ready_by END,
              t.last_end) END AS free_on
  FROM unit u JOIN building b USING (park_id, building_id)
 CROSS JOIN LATERAL (SELECT (clock_timestamp() AT TIME ZONE p.time_zone)::date AS today FROM park p
     WHERE p.park_id = u.park_id OFFSET 0) k
  LEFT JOIN LATERAL (
    SELECT CASE WHEN bool_or(l.state = 'let') THEN 'let' ELSE 'held' END AS state,
           bool_or(upper(l.period) IS NULL) AS endless, max(upper(l.period)) AS last_end, max(l.hold_until) FILTER (WHERE l.state = 'held') AS taken_until
      FROM letting l WHERE (l.park_id, l.unit_id) = (u.park_id, u.unit_id)
       AND (l.state = 'let' OR l.state = 'held' AND l.hold_until >= k.today)
       AND (upper(l.period) IS NULL OR upper(l.period) > k.today) HAVING count(*) > 0) t ON true
 WHERE NOT u.retired AND NOT b.retired;
COMMENT ON VIEW unit_now IS 'Units with how they stand today: free, held or let, and when they are free.';

-- What the public reads: published buildings on parcels that it may read, and their published units, without a name of
-- who has them. A park that shows nothing of intentions doesn't list units that are held.
CREATE OR REPLACE VIEW building_public WITH (security_barrier) AS
SELECT b.park_id, b.building_id, b.parcel_id, p.code AS parcel, b.code, b.name_zh, b.name_en, b.stage, b.since,
       b.ready_by, b.storeys, b.floor_m2, b.source, b.illustrative, b.publication, b.revision
  FROM building b JOIN parcel_public p ON (p.park_id, p.parcel_id) = (b.park_id, b.parcel_id) AND p.to_seq IS NULL
 WHERE b.publication = 'public' AND NOT b.retired;
COMMENT ON VIEW building_public IS 'The buildings that the public may read.';

CREATE OR REPLACE VIEW unit_public WITH (security_barrier) AS
SELECT u.park_id, u.unit_id, u.building_id, u.parcel_id, u.code, u.floor, u.area_m2, u.clear_height_m, u.load_t_m2,
       u.crane_t, u.power_kva, u.rent_cny_m2_month, u.free_from, u.publication, u.revision, u.state, u.free_on
  FROM unit_now u JOIN building_public b USING (park_id, building_id) JOIN park k USING (park_id)
 WHERE u.publication = 'public' AND (u.state <> 'held' OR k.hold_shown <> 'nothing');
COMMENT ON VIEW unit_public IS 'The units that the public may read.';
