-- The rules for whole records, whoever writes: no overlapping land, no right on retired or reserve land, no ground
-- lost or gained by a split or merge, no right left without an heir. A record is checked when it commits, under the
-- lock of the park's clock, so that two writers are serialised. docs/promises.md numbers the promises; settle_record
-- calls the checks in 31_overlap.sql to 37_queue.sql.

-- keep_kind refuses what a record's kind asks for and the record doesn't have: a second person, a document. Only kinds
-- that need a second person are proposed.
CREATE OR REPLACE FUNCTION keep_kind() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE k record_kind%ROWTYPE;
BEGIN
  SELECT * INTO k FROM record_kind WHERE kind = NEW.kind;
  IF TG_TABLE_NAME = 'proposal' THEN
    IF k.needs_two IS NOT TRUE THEN
      PERFORM refuse('proposal_kind_check', format('%s needs no second person', NEW.kind));
    END IF;
    RETURN NEW;
  END IF;
  IF k.needs_two AND (NEW.proposed_by = NEW.approved_by) IS NOT FALSE THEN
    PERFORM refuse('record_needs_two', format('%s is proposed and approved by two people', NEW.kind));
  END IF;
  IF k.needs_document AND NEW.documents = '[]' THEN
    PERFORM refuse('record_needs_document', format('%s rests on a document', NEW.kind));
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER z_keep_kind BEFORE INSERT OR UPDATE ON record FOR EACH ROW EXECUTE FUNCTION keep_kind();
CREATE TRIGGER z_keep_kind BEFORE INSERT OR UPDATE OF kind ON proposal FOR EACH ROW EXECUTE FUNCTION keep_kind();

-- changed_land lists the versions of parcels that a record ends and begins, except pairs with the same shape, legal
-- area and bank status. goes_on: the parcel has both an ended and a begun version. reshaped: the two differ in shape
-- or legal area, or one of them is missing.
CREATE OR REPLACE FUNCTION changed_land(p_park uuid, p_seq bigint)
RETURNS TABLE (parcel_id uuid, code text, begins boolean, goes_on boolean, reshaped boolean, bank_status text,
               legal_m2 numeric, geom geometry, span box)
LANGUAGE plpgsql STABLE ROWS 10 SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF NOT EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.to_seq) = (p_park, p_seq)) THEN
    RETURN QUERY SELECT v.parcel_id, v.code, true, false, true, v.bank_status, v.legal_m2, v.geom, v.span
        FROM parcel_version v WHERE (v.park_id, v.from_seq) = (p_park, p_seq);
    RETURN;
  END IF;
  RETURN QUERY
  SELECT x.*
    FROM (SELECT * FROM parcel_version v WHERE (v.park_id, v.to_seq) = (p_park, p_seq)) c
    FULL JOIN (SELECT * FROM parcel_version v WHERE (v.park_id, v.from_seq) = (p_park, p_seq)) n
      ON n.parcel_id = c.parcel_id
   CROSS JOIN LATERAL (SELECT (c.parcel_id = n.parcel_id) IS TRUE AS goes_on,
                              (n.legal_m2 = c.legal_m2 AND ST_OrderingEquals(n.geom, c.geom)) IS NOT TRUE AS reshaped) s
   CROSS JOIN LATERAL (VALUES
           (c.parcel_id, c.code, false, s.goes_on, s.reshaped, c.bank_status, c.legal_m2, c.geom, c.span),
           (n.parcel_id, n.code, true, s.goes_on, s.reshaped, n.bank_status, n.legal_m2, n.geom, n.span)) x
   WHERE x.column1 IS NOT NULL AND (s.reshaped OR n.bank_status <> c.bank_status);
END $$;

-- settle_record checks a record as a whole, once for all rows written since the last check. It is deferred to the
-- commit. Brought forward by SET CONSTRAINTS it runs after each later statement, so it can't be evaded. Sequential
-- scans are off: in a park loaded by a single import the statistics make every change look as large as the park, and
-- no check may read all its parcels.
--
-- Of parcels each statement asks for it once, not each row: it writes the clock (ask_settling), and the deferred trigger
-- is the clock's.
CREATE OR REPLACE FUNCTION settle_record() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE tick park_clock%ROWTYPE; its_kind text; its_reverts bigint;
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = NEW.park_id;
  IF NOT tick.dirty THEN RETURN NULL; END IF;
  SELECT r.kind, r.reverts INTO its_kind, its_reverts FROM record r
      WHERE (r.park_id, r.seq) = (tick.park_id, tick.seq);
  IF EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.from_seq) = (tick.park_id, tick.seq))
      OR EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.to_seq) = (tick.park_id, tick.seq))
     OR EXISTS (SELECT FROM lineage l WHERE (l.park_id, l.seq) = (tick.park_id, tick.seq)) THEN
    PERFORM refuse_overlap(tick.park_id, tick.seq);
    PERFORM refuse_double_ground(tick.park_id, tick.seq);
    PERFORM refuse_unequal(tick.park_id, tick.seq, its_kind, its_reverts);
    IF its_kind <> 'release' THEN
      PERFORM refuse_unreleased(tick.park_id, tick.seq);
    END IF;
    PERFORM refuse_false_lineage(tick.park_id, tick.seq, its_kind);
    PERFORM refuse_stray(tick.park_id, tick.seq, its_kind);
    PERFORM follow_parcels(tick.park_id, tick.seq);
  ELSIF EXISTS (SELECT FROM park_border b WHERE (b.park_id, b.seq) = (tick.park_id, tick.seq)) THEN
    PERFORM refuse_stray(tick.park_id, tick.seq, its_kind);
  END IF;
  PERFORM refuse_bad_right(tick.park_id, tick.seq);
  PERFORM refuse_double_right(tick.park_id, tick.seq);
  PERFORM refuse_overdraw(tick.park_id, tick.seq);
  PERFORM refuse_jumped_queue(tick.park_id, tick.seq, its_kind);
  UPDATE park_clock SET dirty = false WHERE park_id = tick.park_id;
  RETURN NULL;
END $$;

-- ask_settling: the transaction that ticked the clock says that its record is to be checked. It runs at the end of a
-- statement, so that a check that is brought forward sees all its rows.
CREATE OR REPLACE FUNCTION ask_settling() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE park_clock k SET writer = k.writer, dirty = true
    FROM (SELECT DISTINCT c.park_id FROM changed c) x WHERE k.park_id = x.park_id;
  RETURN NULL;
END $$;

CREATE TRIGGER z_ask_inserted AFTER INSERT ON parcel_version
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ask_settling();
CREATE TRIGGER z_ask_updated AFTER UPDATE ON parcel_version
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ask_settling();
CREATE CONSTRAINT TRIGGER z_settle_record AFTER UPDATE OF writer ON park_clock
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.dirty) EXECUTE FUNCTION settle_record();
CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT OR UPDATE ON allotment_version
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settle_record();
CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT OR UPDATE ON allotment_parcel
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settle_record();
CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT ON lineage
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settle_record();
CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT OR UPDATE ON network_version
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settle_record();
CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT OR UPDATE ON allotment_draw
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settle_record();
CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT ON supply_at_risk
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settle_record();
CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT OR UPDATE ON waiting
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settle_record();
CREATE CONSTRAINT TRIGGER z_settle_record AFTER UPDATE OF geom ON park
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settle_record();
