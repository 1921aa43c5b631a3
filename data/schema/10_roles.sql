-- Roles belong to the server, not to one database; another database of this server may have made them already.
-- Neither has a password: pg_hba decides who may log in as them. Restoring a backup runs this file too, because a
-- dump holds no roles.

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['luodi_planner', 'luodi_public'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT', name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
    IF NOT pg_has_role(current_user, name, 'MEMBER') THEN
      EXECUTE format('GRANT %I TO %I', name, current_user);
    END IF;
  END LOOP;
END $$;
