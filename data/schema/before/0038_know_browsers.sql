-- Who guesses from an office must not lock out who works there: a browser that an account signed in with before is known by a cookie of its own, and its
-- attempts are counted apart. The cookie signs nobody in.
CREATE TABLE known_browser (
  hash       bytea NOT NULL CHECK (length(hash) = 32),
  account_id uuid NOT NULL REFERENCES account,
  seen_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (account_id, hash)
);
COMMENT ON TABLE known_browser IS 'Browsers that an account has signed in with, by SHA-256 of what their cookie carries; of an account the newest 32 are kept.';
GRANT SELECT, INSERT, DELETE ON known_browser TO luodi_planner;
GRANT UPDATE (seen_at) ON known_browser TO luodi_planner;

-- Streams and sockets of an account look at once whether they may go on when something of it ends: they hear its id and nothing else. A lost notice costs
-- some seconds, because they look now and then anyway.
CREATE FUNCTION wake_account() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_notify('luodi_account', coalesce(NEW.account_id, OLD.account_id)::text);
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION wake_account FROM PUBLIC;
CREATE TRIGGER wake_account AFTER UPDATE ON account FOR EACH ROW WHEN (NEW.disabled_at IS DISTINCT FROM OLD.disabled_at) EXECUTE FUNCTION wake_account();
CREATE TRIGGER wake_account AFTER INSERT OR DELETE ON membership FOR EACH ROW EXECUTE FUNCTION wake_account();
CREATE TRIGGER wake_account AFTER DELETE ON session FOR EACH ROW EXECUTE FUNCTION wake_account();
CREATE TRIGGER wake_account AFTER UPDATE ON token FOR EACH ROW WHEN (NEW.revoked_at IS DISTINCT FROM OLD.revoked_at) EXECUTE FUNCTION wake_account();

-- A listing that ends on the day it begins holds on no day, and the range forgot the day: such rows say nothing any more, and none is written again.
DELETE FROM project_tag WHERE isempty(valid);
ALTER TABLE project_tag ADD CONSTRAINT project_tag_holds_a_day CHECK (NOT isempty(valid) AND NOT lower_inf(valid));

-- An address that begins with anything else (javascript:, data:) would do in a reader's browser what its writer wants. What is stored already stays as history;
-- the page shows addresses as text.
ALTER TABLE record ADD CONSTRAINT record_links_are_pages
  CHECK (NOT jsonb_path_exists(documents, '$[*].url ? (@ != null && @ != "" && !(@ like_regex "^https?://[^[:space:][:cntrl:]]+$" flag "i"))')) NOT VALID;
ALTER TABLE proposal ADD CONSTRAINT proposal_links_are_pages
  CHECK (NOT jsonb_path_exists(documents, '$[*].url ? (@ != null && @ != "" && !(@ like_regex "^https?://[^[:space:][:cntrl:]]+$" flag "i"))')) NOT VALID;
