-- Zones and the parcels in them.

-- refuse_dead_zone: a live parcel lies in a live zone. Zones are checked when the record ends, because an edit closes
-- a zone's version before it begins the next. As in the other checks of a record, each look-up is by a whole key and
-- fenced by OFFSET 0: in a table of some hundred rows the planner takes a scan of a whole park for as cheap as a
-- look-up, and the cost of that scan grows with the park.
CREATE OR REPLACE FUNCTION refuse_dead_zone() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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

CREATE CONSTRAINT TRIGGER zone_is_live AFTER UPDATE ON zone_version
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_dead_zone();
CREATE TRIGGER zone_is_live AFTER INSERT ON parcel_version
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_dead_zone();
