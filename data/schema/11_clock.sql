-- The clock of a park, records, and versions that begin and end with them.

-- refuse raises the refusal of a rule: the name of the rule is the name of the constraint in the error.
CREATE OR REPLACE FUNCTION refuse(p_rule text, p_text text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', p_text USING ERRCODE = 'check_violation', CONSTRAINT = p_rule;
END $$;

-- start_clock creates the clock of a new park. bordered_by is the transaction that drew the border, so that this
-- transaction may insert parcels.
CREATE OR REPLACE FUNCTION start_clock() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO park_clock (park_id, bordered_by) VALUES (NEW.park_id, pg_current_xact_id());
  RETURN NEW;
END $$;

CREATE TRIGGER start_clock AFTER INSERT ON park FOR EACH ROW EXECUTE FUNCTION start_clock();

-- begin_record ticks the park's clock and opens the record of a change. The clock's row lock is held to the end of
-- the transaction: changes of one park are serialised, and their numbers have no gap.
--
-- A transaction makes one record of a park, with one exception: a split, and the hold of a parcel that the split
-- made. These are two records, each with its event, and each can be undone. So a lot that is cut for an investor is
-- held before anyone else can take it. The split must have been checked by then (SET CONSTRAINTS ALL IMMEDIATE),
-- because a record is checked while it is the newest of its park: the clock is dirty until that check.
CREATE OR REPLACE FUNCTION begin_record(p_park uuid, p_record uuid, p_kind text, p_reason text, p_via text,
    p_documents jsonb DEFAULT '[]', p_proposed_by uuid DEFAULT NULL, p_approved_by uuid DEFAULT NULL,
    p_unlocked boolean DEFAULT false, p_reverts bigint DEFAULT NULL, OUT seq bigint, OUT at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE park_clock c SET seq = c.seq + 1, at = greatest(clock_timestamp(), c.at + interval '1 microsecond'),
      writer = pg_current_xact_id(), dirty = false
   WHERE c.park_id = p_park
     AND (c.writer IS DISTINCT FROM pg_current_xact_id()
          OR (p_kind = 'hold' AND NOT c.dirty
              AND EXISTS (SELECT FROM record r JOIN lineage l ON (l.park_id, l.seq) = (r.park_id, r.seq)
                  WHERE (r.park_id, r.seq, r.kind) = (c.park_id, c.seq, 'split'))))
   RETURNING c.seq, c.at INTO seq, at;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'park % has no clock, or this transaction has ticked it already', p_park
        USING ERRCODE = 'check_violation', CONSTRAINT = 'one_record_a_transaction';
  END IF;
  INSERT INTO record (park_id, seq, record_id, kind, at, reason, documents, via, proposed_by, approved_by, unlocked,
      reverts)
  VALUES (p_park, seq, p_record, p_kind, at, p_reason, p_documents, p_via, p_proposed_by, p_approved_by, p_unlocked,
      p_reverts);
  INSERT INTO event VALUES (p_park, seq, at, p_record, p_kind);
END $$;
COMMENT ON FUNCTION begin_record IS
  'Ticks a park''s clock and opens a record with its event; the number and instant are those of every version the '
  'change makes or ends.';

-- keep_version guards every *_version table. A version begins at the newest tick, takes its instants from records,
-- and can only be closed. The trigger needs the columns park_id, from_seq, to_seq and sys, and marks the record as
-- unchecked. Parcels begin by the hundred thousand: begin_parcel does it for them with what else a row needs.
CREATE OR REPLACE FUNCTION keep_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE tick park_clock%ROWTYPE;
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = NEW.park_id;
  IF tick.writer IS DISTINCT FROM pg_current_xact_id() THEN
    RAISE EXCEPTION '% of park % was written without a record', TG_TABLE_NAME, NEW.park_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'version_has_record';
  END IF;
  IF NOT tick.dirty THEN
    UPDATE park_clock SET dirty = true WHERE park_id = NEW.park_id;
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.from_seq IS DISTINCT FROM tick.seq OR NEW.to_seq IS NOT NULL THEN
      RAISE EXCEPTION '% of park % must begin, open, at the park''s newest change %, not %', TG_TABLE_NAME,
          NEW.park_id, tick.seq, NEW.from_seq
        USING ERRCODE = 'check_violation', CONSTRAINT = 'version_begins_now';
    END IF;
    NEW.sys := tstzrange(tick.at, NULL);
    RETURN NEW;
  END IF;
  IF OLD.to_seq IS NOT NULL OR NEW.to_seq IS DISTINCT FROM tick.seq THEN
    RAISE EXCEPTION '% of park % can only be closed once, at the park''s newest change %', TG_TABLE_NAME,
        NEW.park_id, tick.seq
      USING ERRCODE = 'check_violation', CONSTRAINT = 'version_closes_once';
  END IF;
  NEW.sys := tstzrange(lower(OLD.sys), tick.at);
  IF to_jsonb(NEW) - 'to_seq' - 'sys' IS DISTINCT FROM to_jsonb(OLD) - 'to_seq' - 'sys' THEN
    RAISE EXCEPTION '% of park % is history: only its end may be set', TG_TABLE_NAME, NEW.park_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'version_is_history';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER a_keep_version BEFORE UPDATE ON parcel_version FOR EACH ROW EXECUTE FUNCTION keep_version();
CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON allotment_version
  FOR EACH ROW EXECUTE FUNCTION keep_version();
CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON allotment_parcel
  FOR EACH ROW EXECUTE FUNCTION keep_version();
CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON allotment_draw FOR EACH ROW EXECUTE FUNCTION keep_version();
CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON waiting FOR EACH ROW EXECUTE FUNCTION keep_version();

-- keep_with_record allows a row to be written only in the transaction of the record it names.
CREATE OR REPLACE FUNCTION keep_with_record() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE tick park_clock%ROWTYPE;
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = NEW.park_id;
  IF tick.writer IS DISTINCT FROM pg_current_xact_id() OR NEW.seq IS DISTINCT FROM tick.seq THEN
    RAISE EXCEPTION '% of park % was written without its record', TG_TABLE_NAME, NEW.park_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'version_has_record';
  END IF;
  UPDATE park_clock SET dirty = true WHERE park_id = NEW.park_id AND NOT dirty;
  RETURN NEW;
END $$;

CREATE TRIGGER a_keep_with_record BEFORE INSERT ON supply_at_risk FOR EACH ROW EXECUTE FUNCTION keep_with_record();
CREATE TRIGGER a_keep_with_record BEFORE INSERT ON import_report FOR EACH ROW EXECUTE FUNCTION keep_with_record();

-- refuse_tick_within refuses a clock tick in the middle of a statement. A transaction may tick a park's clock twice
-- (begin_record). A writer's own function could tick it between two rows of one statement; the changes of the first
-- record would then be counted and published under the second, and the public's history would show land split and
-- unsplit at once. The triggers at a statement's end see all its rows, and refuse those of an older record.
CREATE OR REPLACE FUNCTION refuse_tick_within(p_park uuid, p_seq bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF p_seq IS DISTINCT FROM (SELECT seq FROM park_clock WHERE park_id = p_park) THEN
    PERFORM refuse('one_record_a_transaction',
        format('a statement that changed park %s at %s went on at another record', p_park, p_seq));
  END IF;
END $$;

-- check_now runs all deferred checks of a transaction now, but leaves the state's number for the commit. SET
-- CONSTRAINTS ALL IMMEDIATE would take the number too, and block other commits.
CREATE OR REPLACE FUNCTION check_now() RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  EXECUTE (SELECT 'SET CONSTRAINTS ' || string_agg(DISTINCT 'public.' || quote_ident(conname), ', ') || ' IMMEDIATE'
      FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace AND condeferrable
                AND conname NOT IN ('note_change', 'number_state'));
END $$;
COMMENT ON FUNCTION check_now IS 'Checks now all that a commit would check, but takes no number of a state.';
