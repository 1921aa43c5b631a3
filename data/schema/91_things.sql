-- The things that stand beside the parcels: zones, plan units, networks. A row here gives a thing every rule that all
-- things have, and the grants of its tables: THING (identities), THING_version and THING_public. What becomes public of
-- it is its own function, publish_THING (50_public).
DO $$
DECLARE
  thing text;
  shape text; -- what keeps its geometries: keep_shape for areas, keep_line for lines and points
BEGIN
  FOR thing, shape IN VALUES
    ('zone', 'shape'),
    ('plan_unit', 'shape'),
    ('network', 'line')
  LOOP
    EXECUTE format('CREATE TRIGGER a_keep_code BEFORE INSERT OR UPDATE OF code ON %I
      FOR EACH ROW WHEN (code_fault(NEW.code) IS NOT NULL) EXECUTE FUNCTION keep_code()', thing);
    EXECUTE format('CREATE TRIGGER begin_thing BEFORE INSERT ON %I FOR EACH ROW EXECUTE FUNCTION begin_thing()', thing);
    EXECUTE format('CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON %I
      FOR EACH ROW EXECUTE FUNCTION keep_version()', thing || '_version');
    EXECUTE format('CREATE TRIGGER %I BEFORE INSERT ON %I FOR EACH ROW EXECUTE FUNCTION %I()', 'b_keep_' || shape,
      thing || '_version', 'keep_' || shape);
    EXECUTE format('CREATE TRIGGER %1$I AFTER INSERT OR UPDATE ON %2$I FOR EACH ROW EXECUTE FUNCTION %1$I()',
      'publish_' || thing, thing || '_version');
    EXECUTE format('CREATE TRIGGER count_inserted AFTER INSERT ON %I
      REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_things(%I)',
      thing || '_version', thing);
    EXECUTE format('CREATE TRIGGER count_updated AFTER UPDATE ON %I
      REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_things(%I)',
      thing || '_version', thing);

    EXECUTE format('GRANT SELECT, INSERT ON %I, %I TO luodi_planner', thing, thing || '_version');
    EXECUTE format('GRANT UPDATE (to_seq, sys) ON %I TO luodi_planner', thing || '_version');
    EXECUTE format('GRANT SELECT ON %I TO luodi_planner, luodi_public', thing || '_public');
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %I() FROM PUBLIC', 'publish_' || thing);
  END LOOP;
END $$;
