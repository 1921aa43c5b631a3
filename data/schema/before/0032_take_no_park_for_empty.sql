-- The planner weighs an index that begins with the park by how often the statistics saw that park. They list the parks they saw, so one that came later is thought to have no rows, and
-- then every index that begins with the park seems to find a parcel as well as the key's own, and the smallest wins: look-ups walked through whole parks. Migration 0021 turned seven
-- indexes round against that, but a key begins with the park too, and what is written later can fall into it again. So no statistics are kept of the columns that say whose a row
-- is. Without them the planner takes any park, known or new, for one of 200 equal ones, and prefers what names more columns of a row. What was gathered before is
-- forgotten: only a superuser may, as the owner of a private cluster is; `luodi doctor` says where it is left to be done.
DO $$
DECLARE col record;
BEGIN
  FOR col IN SELECT c.relname, a.attname
               FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
              WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname IN ('park_id', 'district_id') AND NOT a.attisdropped
                AND c.relname NOT IN ('park', 'park_public', 'park_clock', 'district') LOOP -- few rows, and there the column is the key
    EXECUTE format('ALTER TABLE %I ALTER COLUMN %I SET STATISTICS 0', col.relname, col.attname);
  END LOOP;
  DELETE FROM pg_statistic s USING pg_attribute a
   WHERE (a.attrelid, a.attnum) = (s.starelid, s.staattnum) AND a.attstattarget = 0 AND a.attname IN ('park_id', 'district_id');
EXCEPTION WHEN insufficient_privilege THEN
  RAISE WARNING 'the statistics of park_id and district_id are left: %', SQLERRM;
END $$;

-- What begins or ends at a record is asked for by both numbers, always: begun with the record's, an index serves as before and can't be taken for a look-up by the park alone. Six of them
-- stood there twice.
DROP INDEX zone_version_begun, zone_version_ended, plan_unit_version_begun, plan_unit_version_ended, network_version_begun, network_version_ended;
DROP INDEX parcel_public_from, parcel_public_to, zone_public_from, zone_public_to, plan_unit_public_from, plan_unit_public_to, network_public_from, network_public_to,
  zone_version_from, zone_version_to, plan_unit_version_from, plan_unit_version_to, network_version_from, network_version_to,
  allotment_draw_from, allotment_draw_to, waiting_from, waiting_to, lineage_seq, allotment_draw_node, lineage_child, parcel_public_live_code;
DO $$
DECLARE history text;
BEGIN
  FOREACH history IN ARRAY ARRAY['parcel_public', 'zone_public', 'plan_unit_public', 'network_public', 'zone_version', 'plan_unit_version', 'network_version', 'allotment_draw', 'waiting'] LOOP
    EXECUTE format('CREATE INDEX %2$I ON %1$I (from_seq, park_id)', history, history || '_from');
    EXECUTE format('CREATE INDEX %2$I ON %1$I (to_seq, park_id) WHERE to_seq IS NOT NULL', history, history || '_to');
  END LOOP;
END $$;
CREATE INDEX lineage_seq ON lineage (seq, park_id);
CREATE INDEX lineage_child ON lineage (child_id, park_id);
CREATE INDEX allotment_draw_node ON allotment_draw (network_id, park_id);
CREATE INDEX parcel_public_live_code ON parcel_public (code, park_id) WHERE to_seq IS NULL;

-- A zone that is retired asks for the parcels in it, a merger for the plan unit at a point, a parcel's facts for its zone by code: each read all that the park has of them.
CREATE INDEX parcel_version_live_zone ON parcel_version (zone_id, park_id) WHERE to_seq IS NULL AND zone_id IS NOT NULL;
CREATE INDEX zone_public_live_code ON zone_public (code, park_id) WHERE to_seq IS NULL;
CREATE INDEX plan_unit_version_live_geom ON plan_unit_version USING gist (geom) WHERE to_seq IS NULL;
