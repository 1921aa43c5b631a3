-- A lot that is cut for an investor is to be his before anyone else can have it: a split and the hold of what it made are two records of one transaction, each
-- with its event, and each can be undone. Any other second record is refused as before. The split must have been checked as a whole by then (SET
-- CONSTRAINTS ALL IMMEDIATE), because a record is checked while it is its park's newest: the clock is dirty as long as it was not.
CREATE OR REPLACE FUNCTION begin_record(p_park uuid, p_record uuid, p_kind text, p_reason text, p_via text, p_documents jsonb DEFAULT '[]',
                                        p_proposed_by uuid DEFAULT NULL, p_approved_by uuid DEFAULT NULL, p_unlocked boolean DEFAULT false, p_reverts bigint DEFAULT NULL,
                                        OUT seq bigint, OUT at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE park_clock c SET seq = c.seq + 1, at = greatest(clock_timestamp(), c.at + interval '1 microsecond'), writer = pg_current_xact_id(), dirty = false
   WHERE c.park_id = p_park
     AND (c.writer IS DISTINCT FROM pg_current_xact_id()
          OR (p_kind = 'hold' AND NOT c.dirty
              AND EXISTS (SELECT FROM record r JOIN lineage l ON (l.park_id, l.seq) = (r.park_id, r.seq) WHERE (r.park_id, r.seq, r.kind) = (c.park_id, c.seq, 'split'))))
   RETURNING c.seq, c.at INTO seq, at;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'park % has no clock, or this transaction has ticked it already', p_park USING ERRCODE = 'check_violation', CONSTRAINT = 'one_record_a_transaction';
  END IF;
  INSERT INTO record (park_id, seq, record_id, kind, at, reason, documents, via, proposed_by, approved_by, unlocked, reverts)
  VALUES (p_park, seq, p_record, p_kind, at, p_reason, p_documents, p_via, p_proposed_by, p_approved_by, p_unlocked, p_reverts);
  INSERT INTO event VALUES (p_park, seq, at, p_record, p_kind);
END $$;
