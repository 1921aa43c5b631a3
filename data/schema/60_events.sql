-- Events, notices, state numbers, webhooks.

-- A notice wakes listeners and names the park that changed, nothing else. A lost or forged notice costs one look at
-- the tables; it never loses or adds an event.
CREATE OR REPLACE FUNCTION wake_listeners() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_notify('luodi_event', NEW.park_id::text);
  RETURN NULL;
END $$;

CREATE TRIGGER wake_listeners AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION wake_listeners();

-- wake_account notifies the streams and sockets of an account when the account, a role, a session or a token ends;
-- they check at once whether they may go on. The notice holds the account's id only. A lost notice delays that by
-- some seconds, because streams also check periodically.
CREATE OR REPLACE FUNCTION wake_account() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_notify('luodi_account', coalesce(NEW.account_id, OLD.account_id)::text);
  RETURN NULL;
END $$;

CREATE TRIGGER wake_account AFTER UPDATE ON account
  FOR EACH ROW WHEN (NEW.disabled_at IS DISTINCT FROM OLD.disabled_at) EXECUTE FUNCTION wake_account();
CREATE TRIGGER wake_account AFTER INSERT OR DELETE ON membership FOR EACH ROW EXECUTE FUNCTION wake_account();
CREATE TRIGGER wake_account AFTER DELETE ON session FOR EACH ROW EXECUTE FUNCTION wake_account();
CREATE TRIGGER wake_account AFTER UPDATE ON token
  FOR EACH ROW WHEN (NEW.revoked_at IS DISTINCT FROM OLD.revoked_at) EXECUTE FUNCTION wake_account();

-- wake_business tells those who have a park of the district open that something of its projects changed, and not what:
-- they ask again for what they show. What is written in a statement is told once for each park.
CREATE OR REPLACE FUNCTION wake_business() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_notify('luodi_business', k.park_id::text) FROM park k
      WHERE k.district_id IN (SELECT c.district_id FROM changed c);
  RETURN NULL;
END $$;

CREATE TRIGGER wake_business AFTER INSERT ON agency
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION wake_business();
CREATE TRIGGER wake_business_updated AFTER UPDATE ON agency
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION wake_business();
CREATE TRIGGER wake_business AFTER INSERT ON first_contact
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION wake_business();
CREATE TRIGGER wake_business_updated AFTER UPDATE ON first_contact
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION wake_business();
CREATE TRIGGER wake_business AFTER INSERT ON flow_event
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION wake_business();
CREATE TRIGGER wake_business AFTER INSERT ON problem_turn
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION wake_business();
CREATE TRIGGER wake_business AFTER INSERT ON project_milestone
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION wake_business();
CREATE TRIGGER wake_business AFTER INSERT ON project_problem
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION wake_business();
CREATE TRIGGER wake_business AFTER INSERT ON project_turn
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION wake_business();
CREATE TRIGGER wake_business AFTER INSERT ON project_version
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION wake_business();
CREATE TRIGGER wake_business AFTER INSERT ON project_visit
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION wake_business();
CREATE TRIGGER wake_business_updated AFTER UPDATE ON project_visit
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION wake_business();

-- note_change runs among the deferred checks of a commit. It leaves the number to number_state, whose trigger it
-- queues and which therefore runs after all checks: no commit waits for a number while another's land is checked.
CREATE OR REPLACE FUNCTION note_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_TABLE_NAME = 'event' THEN
    INSERT INTO state_change (park_id, seq) VALUES (NEW.park_id, NEW.seq);
  ELSE
    INSERT INTO state_change (park_id) VALUES (NEW.park_id);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION number_state() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM database_state FOR UPDATE;
  UPDATE state_change SET n = nextval('state_number'), at = clock_timestamp() WHERE change_id = NEW.change_id;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER note_change AFTER INSERT ON event
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE CONSTRAINT TRIGGER note_change AFTER INSERT OR UPDATE ON park_public
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE CONSTRAINT TRIGGER note_change AFTER INSERT ON building_record
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE CONSTRAINT TRIGGER number_state AFTER INSERT ON state_change
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION number_state();

-- A webhook's cursor advances event by event: each event it passes was delivered or is a dead letter. A retired
-- webhook stays retired.
CREATE OR REPLACE FUNCTION keep_webhook() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.state = 'retired' THEN
    PERFORM refuse('webhook_is_live', format('webhook %s is retired', OLD.webhook_id));
  END IF;
  IF NEW.cursor NOT IN (OLD.cursor, OLD.cursor + 1) THEN
    PERFORM refuse('webhook_goes_on', format('webhook %s goes on from event %s to the next, not to %s',
        OLD.webhook_id, OLD.cursor, NEW.cursor));
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER keep_webhook BEFORE UPDATE ON webhook FOR EACH ROW EXECUTE FUNCTION keep_webhook();

-- forget_answers deletes the stored answers of idempotent requests after two days. The writing role can't choose
-- which: if it deleted an answer early, a repeated request would be carried out twice.
CREATE OR REPLACE FUNCTION forget_answers() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH gone AS (DELETE FROM idempotency WHERE at < clock_timestamp() - interval '48 hours' RETURNING 1)
      SELECT count(*) FROM gone
$$;
COMMENT ON FUNCTION forget_answers() IS 'Deletes the answers of over 48 hours ago, and counts them.';
