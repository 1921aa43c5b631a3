-- Version numbers for optimistic locking (If-Match): the newest change that touched a parcel, a right, a zone, a plan
-- unit or a network. At the end the views in which planners read versions with them.

-- A new parcel or right gets the number of its first change on insert, which saves a bulk load the update. An import
-- states that number for its parcels; keep_parcels looks at all of them.
CREATE OR REPLACE FUNCTION begin_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  SELECT seq INTO NEW.version FROM park_clock WHERE park_id = NEW.park_id;
  RETURN NEW;
END $$;

-- A new zone, plan unit or network is live, with the number of its first change.
CREATE OR REPLACE FUNCTION begin_thing() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  SELECT seq, true INTO NEW.version, NEW.live FROM park_clock WHERE park_id = NEW.park_id;
  RETURN NEW;
END $$;

-- keep_parcels: a parcel is of a park that exists, and of no change that is to come.
CREATE OR REPLACE FUNCTION keep_parcels() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE hit record;
BEGIN
  SELECT c.parcel_id, c.park_id INTO hit FROM changed c LEFT JOIN park_clock k ON k.park_id = c.park_id
   WHERE (c.version BETWEEN 0 AND k.seq) IS NOT TRUE LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('parcel_begins_now', format('parcel %s begins at no change of park %s', hit.parcel_id, hit.park_id));
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER begin_version BEFORE INSERT ON parcel FOR EACH ROW WHEN (NEW.version = 0)
  EXECUTE FUNCTION begin_version();
CREATE TRIGGER keep_parcels AFTER INSERT ON parcel
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION keep_parcels();
CREATE TRIGGER begin_version BEFORE INSERT ON allotment FOR EACH ROW EXECUTE FUNCTION begin_version();

-- count_parcels, count_allotments and count_things set the version number for If-Match to the newest change. For a
-- parcel that is the newest change of its facts, its shape or the right on it. They start from the transition table
-- and look up rows by key, so that their plans depend on the number of changed rows and not on the size of the park.
CREATE OR REPLACE FUNCTION count_parcels() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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

CREATE OR REPLACE FUNCTION count_allotments() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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

-- count_things takes the table of identities as its argument: zone, plan_unit or network.
CREATE OR REPLACE FUNCTION count_things() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
END $$;

CREATE TRIGGER count_inserted AFTER INSERT ON parcel_version
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_parcels();
CREATE TRIGGER count_updated AFTER UPDATE ON parcel_version
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_parcels();
CREATE TRIGGER count_inserted AFTER INSERT ON allotment_parcel
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_parcels();
CREATE TRIGGER count_updated AFTER UPDATE ON allotment_parcel
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_parcels();
CREATE TRIGGER count_inserted AFTER INSERT ON allotment_version
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_allotments();
CREATE TRIGGER count_updated AFTER UPDATE ON allotment_version
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_allotments();
CREATE TRIGGER count_inserted AFTER INSERT ON allotment_draw
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_allotments();
CREATE TRIGGER count_updated AFTER UPDATE ON allotment_draw
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_allotments();

-- still_as_seen reports whether an older version of a parcel is as good as the current one for If-Match. A
-- neighbour's record may enter a node in a side of the parcel, which makes a version of the parcel and appears in its
-- history and events. But nothing changed that an editor looked at, and of 160 splits of adjacent parcels 90 were
-- refused for that alone.
--
-- So an older version passes if all versions since differ from it by nodes only: equal facts, equal ground within the
-- tolerance, and no right on it that began, changed or ended. Each later version is compared with the seen version,
-- so that small differences do not add up; a change that was changed back counts as a change.
CREATE OR REPLACE FUNCTION still_as_seen(p_park uuid, p_parcel uuid, p_seen bigint) RETURNS boolean
LANGUAGE sql STABLE COST 10000 SET search_path = public, pg_temp AS $$
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
COMMENT ON FUNCTION still_as_seen(uuid, uuid, bigint) IS
  'Whether a parcel is still, but for nodes that others entered in its sides, what it was after a change of its '
  'park.';

-- What planners read of land, published or not: views with the columns of the public's tables, so that one query
-- serves both readers by the name of its source. They are plain views that only planners may read: no condition stands
-- between a query and the index of a geometry. The joins are LEFT, though each finds its row: a query that asks for no
-- column of a joined table then doesn't read it.

CREATE OR REPLACE VIEW parcel_desk AS
SELECT v.park_id, v.parcel_id, v.from_seq, v.to_seq, v.sys, v.code, z.code AS zone, v.bank_status, v.land_use,
       v.services, v.legal_m2, v.computed_m2, v.ellipsoid_m2, v.price_cny_per_m2, v.cadastral_no, v.estate_unit_no,
       v.geom, v.publication, p.version, v.price_kind, v.price_document, v.price_on,
       v.price_told, v.services_told
  FROM parcel_version v
  LEFT JOIN parcel p ON (p.park_id, p.parcel_id) = (v.park_id, v.parcel_id)
  LEFT JOIN zone z ON (z.park_id, z.zone_id) = (v.park_id, v.zone_id);
COMMENT ON VIEW parcel_desk IS
  'Versions of parcels as planners see them, without the right on them; version is the parcel''s newest.';

CREATE OR REPLACE VIEW zone_desk AS
SELECT v.park_id, v.zone_id, v.from_seq, v.to_seq, v.sys, i.code, v.name_zh, v.name_en, v.function, v.legal_m2,
       v.computed_m2, v.geom, v.publication, CASE WHEN v.to_seq IS NULL THEN i.version END AS version
  FROM zone_version v LEFT JOIN zone i ON (i.park_id, i.zone_id) = (v.park_id, v.zone_id);
COMMENT ON VIEW zone_desk IS 'Versions of zones as planners see them; version is set on the live one.';

CREATE OR REPLACE VIEW plan_unit_desk AS
SELECT v.park_id, v.plan_unit_id, v.from_seq, v.to_seq, v.sys, i.code, v.land_use, v.conditions, v.edition,
       v.effective_from, v.computed_m2, v.geom, v.publication, CASE WHEN v.to_seq IS NULL THEN i.version END AS version
  FROM plan_unit_version v
  LEFT JOIN plan_unit i ON (i.park_id, i.plan_unit_id) = (v.park_id, v.plan_unit_id);
COMMENT ON VIEW plan_unit_desk IS 'Versions of plan units as planners see them; version is set on the live one.';

CREATE OR REPLACE VIEW network_desk AS
SELECT v.park_id, v.network_id, v.from_seq, v.to_seq, v.sys, i.code, v.kind, v.grade, v.name_zh, v.name_en, v.width_m,
       v.capacity, v.unit, v.geom, v.publication, v.headroom_told,
       CASE WHEN v.to_seq IS NULL THEN i.version END AS version, v.capacity_told
  FROM network_version v LEFT JOIN network i ON (i.park_id, i.network_id) = (v.park_id, v.network_id);
COMMENT ON VIEW network_desk IS 'Versions of networks as planners see them; version is set on the live one.';
