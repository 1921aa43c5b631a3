-- Zones, plan units and networks are made, edited and retired by records, as parcels are: each has a version that writers state, and its code is
-- free again once it is retired. A record that brought land in or took it out can be reversed.

ALTER TABLE zone ADD COLUMN version bigint NOT NULL DEFAULT 0, ADD COLUMN live boolean NOT NULL DEFAULT true;
ALTER TABLE plan_unit ADD COLUMN version bigint NOT NULL DEFAULT 0, ADD COLUMN live boolean NOT NULL DEFAULT true;
ALTER TABLE network ADD COLUMN version bigint NOT NULL DEFAULT 0, ADD COLUMN live boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN zone.version IS 'Number of the newest change that touched it; what If-Match compares.';
COMMENT ON COLUMN plan_unit.version IS 'Number of the newest change that touched it; what If-Match compares.';
COMMENT ON COLUMN network.version IS 'Number of the newest change that touched it; what If-Match compares.';
COMMENT ON COLUMN zone.live IS 'It has not been retired; set by trigger.';
COMMENT ON COLUMN plan_unit.live IS 'It has not been retired; set by trigger.';
COMMENT ON COLUMN network.live IS 'It has not been retired; set by trigger.';

DO $$
DECLARE thing text;
BEGIN
  FOREACH thing IN ARRAY ARRAY['zone', 'plan_unit', 'network'] LOOP
    EXECUTE format('UPDATE %1$I t SET version = n.seq, live = n.live
      FROM (SELECT park_id, %2$I, max(greatest(from_seq, to_seq)) AS seq, bool_or(to_seq IS NULL) AS live FROM %3$I GROUP BY 1, 2) n
      WHERE (n.park_id, n.%2$I) = (t.park_id, t.%2$I)', thing, thing || '_id', thing || '_version');
    EXECUTE format('ALTER TABLE %1$I DROP CONSTRAINT %2$I', thing, thing || '_park_id_code_key');
    EXECUTE format('CREATE UNIQUE INDEX %2$I ON %1$I (park_id, code) WHERE live', thing, thing || '_live_code');
    EXECUTE format('CREATE INDEX %2$I ON %1$I (park_id, from_seq)', thing || '_version', thing || '_version_begun');
    EXECUTE format('CREATE INDEX %2$I ON %1$I (park_id, to_seq) WHERE to_seq IS NOT NULL', thing || '_version', thing || '_version_ended');
  END LOOP;
END $$;

-- A new thing begins live, at the number of its first change.
CREATE FUNCTION begin_thing() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  SELECT seq, true INTO NEW.version, NEW.live FROM park_clock WHERE park_id = NEW.park_id;
  RETURN NEW;
END $$;

-- count_things is told the table of identities: zone, plan_unit or network.
CREATE FUNCTION count_things() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  EXECUTE format('UPDATE %1$I t SET version = c.seq, live = n.live
    FROM park_clock c, (SELECT x.park_id, x.%2$I, EXISTS (SELECT FROM %3$I v WHERE (v.park_id, v.%2$I) = (x.park_id, x.%2$I) AND v.to_seq IS NULL) AS live
                          FROM (SELECT DISTINCT park_id, %2$I FROM changed) x) n
    WHERE c.park_id = t.park_id AND (n.park_id, n.%2$I) = (t.park_id, t.%2$I) AND (t.version, t.live) IS DISTINCT FROM (c.seq, n.live)', TG_ARGV[0], TG_ARGV[0] || '_id', TG_TABLE_NAME);
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION begin_thing, count_things FROM PUBLIC;

CREATE TRIGGER begin_thing BEFORE INSERT ON zone FOR EACH ROW EXECUTE FUNCTION begin_thing();
CREATE TRIGGER begin_thing BEFORE INSERT ON plan_unit FOR EACH ROW EXECUTE FUNCTION begin_thing();
CREATE TRIGGER begin_thing BEFORE INSERT ON network FOR EACH ROW EXECUTE FUNCTION begin_thing();
CREATE TRIGGER count_inserted AFTER INSERT ON zone_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_things('zone');
CREATE TRIGGER count_updated AFTER UPDATE ON zone_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_things('zone');
CREATE TRIGGER count_inserted AFTER INSERT ON plan_unit_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_things('plan_unit');
CREATE TRIGGER count_updated AFTER UPDATE ON plan_unit_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_things('plan_unit');
CREATE TRIGGER count_inserted AFTER INSERT ON network_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_things('network');
CREATE TRIGGER count_updated AFTER UPDATE ON network_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_things('network');

-- A live parcel lies in a live zone. A zone is looked at when its record ends: to edit it is to close its version and begin the next.
CREATE FUNCTION refuse_dead_zone() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
REVOKE EXECUTE ON FUNCTION refuse_dead_zone FROM PUBLIC;
CREATE CONSTRAINT TRIGGER zone_is_live AFTER UPDATE ON zone_version DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_dead_zone();
CREATE TRIGGER zone_is_live AFTER INSERT ON parcel_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_dead_zone();

-- balance_of tells what reversing a record means for land: it brought parcels in ('create'), took them out ('retire') or measured them anew ('correct');
-- null where it dealt ground out differently. A reversal is told by what it did.
CREATE FUNCTION balance_of(p_park uuid, p_seq bigint) RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN r.kind IN ('create', 'retire', 'correct') THEN r.kind
              WHEN r.kind = 'revert' AND balance_of(r.park_id, r.reverts) = 'create' THEN 'retire'
              WHEN r.kind = 'revert' AND balance_of(r.park_id, r.reverts) = 'retire' THEN 'create' END
    FROM record r WHERE (r.park_id, r.seq) = (p_park, p_seq)
$$;
REVOKE EXECUTE ON FUNCTION balance_of FROM PUBLIC;

-- refuse_unequal as before, but: the reversal of what brought land in ends just those parcels, untouched since; the reversal of what took land out
-- begins parcels that come out of just those, with their ground, legal area and bank status; and a making of parcels may enter its vertices in the sides of
-- the neighbours, whose facts and ground stay.
CREATE OR REPLACE FUNCTION refuse_unequal(p_park uuid, p_seq bigint, p_kind text, p_reverts bigint) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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

-- refuse_false_lineage as before, but what comes back by a reversal comes out of what was taken out.
CREATE OR REPLACE FUNCTION refuse_false_lineage(p_park uuid, p_seq bigint, p_kind text) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE crs integer; hit record; reversed text; undone bigint;
BEGIN
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  IF p_kind = 'revert' THEN
    SELECT r.reverts, balance_of(p_park, r.reverts) INTO undone, reversed FROM record r WHERE (r.park_id, r.seq) = (p_park, p_seq);
  END IF;
  WITH changed AS MATERIALIZED (SELECT * FROM changed_land(p_park, p_seq)
                                UNION ALL SELECT v.parcel_id, v.code, false, false, true, v.bank_status, v.legal_m2, v.geom, v.span FROM parcel_version v
                                           WHERE reversed = 'retire' AND (v.park_id, v.to_seq) = (p_park, undone))
  SELECT coalesce(said.parent_id, seen.parent_id) AS parent, coalesce(said.child_id, seen.child_id) AS child, said.seq IS NULL AS unsaid INTO hit
    FROM (SELECT * FROM lineage l WHERE l.park_id = p_park AND l.seq = p_seq) said
    FULL JOIN (SELECT c.parcel_id AS parent_id, n.parcel_id AS child_id
                 FROM changed c
                 JOIN changed n ON c.span && n.span AND c.parcel_id <> n.parcel_id
                 LEFT JOIN changed kept ON c.goes_on AND kept.begins AND kept.parcel_id = c.parcel_id
                 LEFT JOIN changed had ON n.goes_on AND NOT had.begins AND had.parcel_id = n.parcel_id
                 CROSS JOIN LATERAL (SELECT ST_Transform(c.geom, crs) AS a, ST_Transform(n.geom, crs) AS b OFFSET 0) g
                 CROSS JOIN LATERAL (SELECT CASE WHEN c.goes_on THEN ST_Difference(g.a, ST_Transform(kept.geom, crs)) ELSE g.a END AS given,
                                            CASE WHEN n.goes_on THEN ST_Difference(g.b, ST_Transform(had.geom, crs)) ELSE g.b END AS taken OFFSET 0) d
                WHERE NOT c.begins AND n.begins AND NOT (c.goes_on AND n.goes_on)
                  AND ST_Area(ST_Intersection(d.given, d.taken)) > slack_m2(least(ST_Perimeter(g.a), ST_Perimeter(g.b)))) seen
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
END $$;
