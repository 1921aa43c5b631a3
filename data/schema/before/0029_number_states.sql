-- A state of the whole database has a number: what many parks are at one moment is named by it in a few bytes, where one number a park grew with the parks. It is taken as the
-- last step of a commit, under a row lock that is held until the commit can be seen: who sees number n sees every change of a number up to n, and none of a higher one.

-- The row is locked and never changed: a lock that waited for another's lock is no conflict above READ COMMITTED, a changed row would be. The public's role may not take it.
CREATE TABLE database_state (one boolean PRIMARY KEY DEFAULT true CHECK (one));
COMMENT ON TABLE database_state IS 'One row, whose lock is held from when a commit takes its state''s number to its end.';
INSERT INTO database_state DEFAULT VALUES;

CREATE SEQUENCE state_number;
COMMENT ON SEQUENCE state_number IS 'Numbers of states, drawn under the lock of database_state; a commit that fails leaves a gap.';

CREATE TABLE state_change (
  change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  park_id   uuid NOT NULL REFERENCES park,
  seq       bigint,
  n         bigint,
  at        timestamptz
);
COMMENT ON TABLE state_change IS 'Which change of which park brought the database to which state.';
COMMENT ON COLUMN state_change.seq IS 'The record; null where what the public sees of the park itself changed.';
COMMENT ON COLUMN state_change.n IS 'The state''s number, taken last: no other transaction ever sees it null. Numbers ascend in the order of commits, and some are left out.';
COMMENT ON COLUMN state_change.at IS 'When the number was taken.';

WITH known AS (SELECT park_id, seq, at FROM event UNION ALL SELECT park_id, NULL, '-infinity' FROM park_public)
INSERT INTO state_change (park_id, seq, n, at)
SELECT park_id, seq, nextval('state_number'), nullif(at, '-infinity') FROM (SELECT * FROM known ORDER BY at, park_id, seq) k;
CREATE UNIQUE INDEX state_change_n ON state_change (n) INCLUDE (park_id, seq, at);

-- note_change runs among the deferred checks of a commit and leaves the number to number_state, which is queued by that and so comes after all of them: nobody waits for a
-- number while another's land is checked.
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_TABLE_NAME = 'event' THEN
    INSERT INTO state_change (park_id, seq) VALUES (NEW.park_id, NEW.seq);
  ELSE
    INSERT INTO state_change (park_id) VALUES (NEW.park_id);
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION number_state() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM database_state FOR UPDATE;
  UPDATE state_change SET n = nextval('state_number'), at = clock_timestamp() WHERE change_id = NEW.change_id;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER note_change AFTER INSERT ON event DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE CONSTRAINT TRIGGER note_change AFTER INSERT OR UPDATE ON park_public DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE CONSTRAINT TRIGGER number_state AFTER INSERT ON state_change DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION number_state();

-- check_now brings every check of a transaction forward and leaves its number for the commit: SET CONSTRAINTS ALL IMMEDIATE would take the number too, and others would wait.
CREATE FUNCTION check_now() RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  EXECUTE (SELECT 'SET CONSTRAINTS ' || string_agg(DISTINCT 'public.' || quote_ident(conname), ', ') || ' IMMEDIATE' FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace AND condeferrable AND conname NOT IN ('note_change', 'number_state'));
END $$;
COMMENT ON FUNCTION check_now IS 'Checks now all that a commit would check, but takes no number of a state.';

REVOKE ALL ON FUNCTION note_change, number_state, check_now FROM PUBLIC;
GRANT EXECUTE ON FUNCTION check_now TO luodi_planner;
GRANT SELECT ON state_change TO luodi_planner;
GRANT SELECT (park_id, seq, n, at) ON state_change TO luodi_public;

-- A feature is found by its id in whichever park it lies.
CREATE INDEX parcel_public_live_id ON parcel_public (parcel_id, park_id) WHERE to_seq IS NULL;
CREATE INDEX zone_public_live_id ON zone_public (zone_id, park_id) WHERE to_seq IS NULL;
CREATE INDEX plan_unit_public_live_id ON plan_unit_public (plan_unit_id, park_id) WHERE to_seq IS NULL;
CREATE INDEX network_public_live_id ON network_public (network_id, park_id) WHERE to_seq IS NULL;
