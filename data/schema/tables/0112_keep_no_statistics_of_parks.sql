-- The planner weighs an index that begins with the park by how often the statistics saw that park. They list the
-- parks that they saw, so one that came later is thought to have no rows, and then every index that begins with the
-- park seems to find a parcel as well as the key's own, and the smallest wins: look-ups walked through whole parks.
-- So no statistics are kept of the columns that say whose a row is. Without them the planner takes any park, known or
-- new, for one of 200 equal ones, and prefers an index that names more columns of a row. A table that comes later
-- says so itself: ALTER TABLE ... ALTER COLUMN park_id SET STATISTICS 0.

DO $$
DECLARE col record;
BEGIN
  FOR col IN SELECT c.relname, a.attname
               FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
              WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
                AND a.attname IN ('park_id', 'district_id') AND NOT a.attisdropped
                AND c.relname NOT IN ('park', 'park_public', 'park_clock', 'district') -- few rows, no other column
  LOOP
    EXECUTE format('ALTER TABLE %I ALTER COLUMN %I SET STATISTICS 0', col.relname, col.attname);
  END LOOP;
END $$;
