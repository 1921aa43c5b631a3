-- Everyone hears of every change. What a change did is read from the versions it began and ended, for the public from the public tables alone: nothing
-- is written a second time, so nothing can disagree, and what was before this migration can be read too.

CREATE INDEX parcel_public_from ON parcel_public (park_id, from_seq);
CREATE INDEX parcel_public_to ON parcel_public (park_id, to_seq, parcel_id) WHERE to_seq IS NOT NULL;
CREATE INDEX zone_public_from ON zone_public (park_id, from_seq);
CREATE INDEX zone_public_to ON zone_public (park_id, to_seq, zone_id) WHERE to_seq IS NOT NULL;
CREATE INDEX plan_unit_public_from ON plan_unit_public (park_id, from_seq);
CREATE INDEX plan_unit_public_to ON plan_unit_public (park_id, to_seq, plan_unit_id) WHERE to_seq IS NOT NULL;
CREATE INDEX network_public_from ON network_public (park_id, from_seq);
CREATE INDEX network_public_to ON network_public (park_id, to_seq, network_id) WHERE to_seq IS NOT NULL;
CREATE INDEX zone_version_from ON zone_version (park_id, from_seq);
CREATE INDEX zone_version_to ON zone_version (park_id, to_seq) WHERE to_seq IS NOT NULL;
CREATE INDEX plan_unit_version_from ON plan_unit_version (park_id, from_seq);
CREATE INDEX plan_unit_version_to ON plan_unit_version (park_id, to_seq) WHERE to_seq IS NOT NULL;
CREATE INDEX network_version_from ON network_version (park_id, from_seq);
CREATE INDEX network_version_to ON network_version (park_id, to_seq) WHERE to_seq IS NOT NULL;

-- A notice wakes those who wait and tells nothing but which park moved: a lost or a forged one costs a look at the tables, never an event.
CREATE FUNCTION wake_listeners() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_notify('luodi_event', NEW.park_id::text);
  RETURN NULL;
END $$;
CREATE TRIGGER wake_listeners AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION wake_listeners();
REVOKE EXECUTE ON FUNCTION wake_listeners FROM PUBLIC;

-- Who has a park open now. It is of no account after a crash, so it is not logged.
CREATE UNLOGGED TABLE presence (
  connection_id uuid PRIMARY KEY,
  park_id       uuid NOT NULL REFERENCES park,
  account_id    uuid NOT NULL REFERENCES account,
  parcel_id     uuid,
  seen_at       timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE presence IS 'Open connections of people signed in, and the parcel each has open; those not seen for a minute count for nothing.';
CREATE INDEX presence_park ON presence (park_id);
CREATE INDEX presence_seen ON presence (seen_at);
GRANT SELECT, INSERT, DELETE ON presence TO luodi_planner;
GRANT UPDATE (parcel_id, seen_at) ON presence TO luodi_planner;
