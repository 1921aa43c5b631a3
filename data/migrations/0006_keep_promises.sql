-- What the database itself refuses, whoever writes: overlapping land, a right on retired or reserve land, ground that is lost or made by a
-- split or merge, an heir left unnamed. A record is checked as a whole when it commits, under the park's clock row, so two writers cannot pass each other.

-- Records name people, and some need two.
ALTER TABLE record DROP CONSTRAINT record_kind_check;
ALTER TABLE record ADD CONSTRAINT record_kind_check CHECK (kind IN ('import', 'sample', 'create', 'edit', 'split', 'merge', 'move', 'correct', 'retire',
  'release', 'withdraw', 'restore', 'hold', 'extend', 'reserve', 'supply', 'build', 'take_back', 'expire', 'publish', 'unpublish', 'revert'));
ALTER TABLE record ADD FOREIGN KEY (proposed_by) REFERENCES account, ADD FOREIGN KEY (approved_by) REFERENCES account;
ALTER TABLE record ADD COLUMN unlocked boolean NOT NULL DEFAULT false, ADD COLUMN reverts bigint, ADD FOREIGN KEY (park_id, reverts) REFERENCES record (park_id, seq);
ALTER TABLE record ADD CONSTRAINT record_needs_two CHECK (kind NOT IN ('release', 'retire', 'supply')
  OR (proposed_by IS NOT NULL AND approved_by IS NOT NULL AND proposed_by <> approved_by));
COMMENT ON COLUMN record.unlocked IS 'Written without If-Match, by a token that may.';
COMMENT ON COLUMN record.reverts IS 'The record this one reverses.';

CREATE TABLE lineage (
  park_id   uuid NOT NULL,
  seq       bigint NOT NULL,
  parent_id uuid NOT NULL,
  child_id  uuid NOT NULL,
  PRIMARY KEY (park_id, parent_id, child_id),
  FOREIGN KEY (park_id, seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, parent_id) REFERENCES parcel,
  FOREIGN KEY (park_id, child_id) REFERENCES parcel,
  CHECK (parent_id <> child_id)
);
COMMENT ON TABLE lineage IS 'Which parcels came out of which, by which record; walked both ways.';
CREATE INDEX lineage_child ON lineage (park_id, child_id);
CREATE INDEX lineage_seq ON lineage (park_id, seq);

CREATE TABLE event (
  park_id   uuid NOT NULL,
  seq       bigint NOT NULL,
  at        timestamptz NOT NULL,
  record_id uuid NOT NULL,
  kind      text NOT NULL,
  PRIMARY KEY (park_id, seq),
  FOREIGN KEY (park_id, seq) REFERENCES record (park_id, seq)
);
COMMENT ON TABLE event IS 'Every committed change of a park, in order: one a tick. Written with the record, by no one else.';
INSERT INTO event SELECT park_id, seq, at, record_id, kind FROM record;

ALTER TABLE park_clock ADD COLUMN dirty boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN park_clock.dirty IS 'Something was written since the record was last checked as a whole.';

DROP FUNCTION begin_record;
CREATE FUNCTION begin_record(p_park uuid, p_record uuid, p_kind text, p_reason text, p_via text, p_documents jsonb DEFAULT '[]',
                             p_proposed_by uuid DEFAULT NULL, p_approved_by uuid DEFAULT NULL, p_unlocked boolean DEFAULT false, p_reverts bigint DEFAULT NULL,
                             OUT seq bigint, OUT at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE park_clock c SET seq = c.seq + 1, at = greatest(clock_timestamp(), c.at + interval '1 microsecond'), writer = pg_current_xact_id(), dirty = false
   WHERE c.park_id = p_park AND c.writer IS DISTINCT FROM pg_current_xact_id() RETURNING c.seq, c.at INTO seq, at;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'park % has no clock, or this transaction has ticked it already', p_park USING ERRCODE = 'check_violation', CONSTRAINT = 'one_record_a_transaction';
  END IF;
  INSERT INTO record (park_id, seq, record_id, kind, at, reason, documents, via, proposed_by, approved_by, unlocked, reverts)
  VALUES (p_park, seq, p_record, p_kind, at, p_reason, p_documents, p_via, p_proposed_by, p_approved_by, p_unlocked, p_reverts);
  INSERT INTO event VALUES (p_park, seq, at, p_record, p_kind);
END $$;
COMMENT ON FUNCTION begin_record IS 'Ticks a park''s clock and opens a record with its event; the number and instant are those of every version the change makes or ends.';
REVOKE EXECUTE ON FUNCTION begin_record FROM PUBLIC;
GRANT EXECUTE ON FUNCTION begin_record TO luodi_planner;

-- keep_version as before, and it notes that the record must be checked (again).
CREATE OR REPLACE FUNCTION keep_version() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
      RAISE EXCEPTION '% of park % must begin, open, at the park''s newest change %, not %', TG_TABLE_NAME, NEW.park_id, tick.seq, NEW.from_seq
        USING ERRCODE = 'check_violation', CONSTRAINT = 'version_begins_now';
    END IF;
    NEW.sys := tstzrange(tick.at, NULL);
    RETURN NEW;
  END IF;
  IF OLD.to_seq IS NOT NULL OR NEW.to_seq IS DISTINCT FROM tick.seq THEN
    RAISE EXCEPTION '% of park % can only be closed once, at the park''s newest change %', TG_TABLE_NAME, NEW.park_id, tick.seq
      USING ERRCODE = 'check_violation', CONSTRAINT = 'version_closes_once';
  END IF;
  NEW.sys := tstzrange(lower(OLD.sys), tick.at);
  IF to_jsonb(NEW) - 'to_seq' - 'sys' IS DISTINCT FROM to_jsonb(OLD) - 'to_seq' - 'sys' THEN
    RAISE EXCEPTION '% of park % is history: only its end may be set', TG_TABLE_NAME, NEW.park_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'version_is_history';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION keep_lineage() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE tick park_clock%ROWTYPE;
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = NEW.park_id;
  IF tick.writer IS DISTINCT FROM pg_current_xact_id() OR NEW.seq IS DISTINCT FROM tick.seq THEN
    RAISE EXCEPTION 'lineage of park % was written without its record', NEW.park_id USING ERRCODE = 'check_violation', CONSTRAINT = 'version_has_record';
  END IF;
  UPDATE park_clock SET dirty = true WHERE park_id = NEW.park_id AND NOT dirty;
  RETURN NEW;
END $$;
CREATE TRIGGER a_keep_lineage BEFORE INSERT ON lineage FOR EACH ROW EXECUTE FUNCTION keep_lineage();

-- slack_m2 is the tolerance of an overlap or a round trip: 0.01 m2 + 0.1 mm a metre of outline (docs: DESIGN, Straight and equal).
CREATE FUNCTION slack_m2(p_perimeter double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 0.01 + 0.0001 * p_perimeter $$;

CREATE FUNCTION refuse(p_rule text, p_text text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', p_text USING ERRCODE = 'check_violation', CONSTRAINT = p_rule;
END $$;

-- 1. No two live parcels share more ground than the slack of the smaller outline.
CREATE FUNCTION refuse_overlap(p_park uuid, p_seq bigint) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE hit record;
BEGIN
  SELECT n.code AS code, o.code AS other, s.m2 INTO hit
    FROM park p
    JOIN parcel_version n ON n.park_id = p.park_id AND n.from_seq = p_seq AND n.to_seq IS NULL
    JOIN parcel_version o ON o.park_id = p.park_id AND o.to_seq IS NULL AND o.geom && n.geom AND o.parcel_id <> n.parcel_id
                         AND (o.from_seq < p_seq OR o.parcel_id > n.parcel_id)
    CROSS JOIN LATERAL (SELECT ST_Transform(n.geom, p.survey_crs) AS a, ST_Transform(o.geom, p.survey_crs) AS b) g
    CROSS JOIN LATERAL (SELECT ST_Area(ST_Intersection(g.a, g.b)) AS m2) s
   WHERE p.park_id = p_park AND ST_Relate(n.geom, o.geom, '2********') AND s.m2 > slack_m2(least(ST_Perimeter(g.a), ST_Perimeter(g.b)))
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('parcels_overlap', format('parcel %s overlaps parcel %s by %s m2', hit.code, hit.other, round(hit.m2::numeric, 4)));
  END IF;
END $$;

-- 5. What a record closes and what it opens is the same ground and the same legal area, unless it brings land in, corrects or retires it;
--    and reserve stays reserve unless a release record, which two people signed, says otherwise (4).
CREATE FUNCTION refuse_unequal(p_park uuid, p_seq bigint, p_kind text) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE crs integer; side record; changed record;
BEGIN
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  SELECT count(*) FILTER (WHERE to_seq = p_seq) AS closed, count(*) FILTER (WHERE from_seq = p_seq) AS opened,
         coalesce(sum(legal_m2) FILTER (WHERE to_seq = p_seq), 0) AS legal_before, coalesce(sum(legal_m2) FILTER (WHERE from_seq = p_seq), 0) AS legal_after,
         coalesce(sum(legal_m2) FILTER (WHERE to_seq = p_seq AND bank_status = 'reserve'), 0) AS reserve_before,
         coalesce(sum(legal_m2) FILTER (WHERE from_seq = p_seq AND bank_status = 'reserve'), 0) AS reserve_after
    INTO side FROM parcel_version WHERE park_id = p_park AND (from_seq = p_seq OR to_seq = p_seq);
  IF p_kind IN ('import', 'sample', 'create') THEN
    IF side.closed > 0 THEN
      PERFORM refuse('ground_is_kept', format('a record of kind %s ends %s parcels: it may only bring land in', p_kind, side.closed));
    END IF;
    RETURN;
  END IF;
  IF side.closed + side.opened = 0 THEN RETURN; END IF;
  IF p_kind NOT IN ('release', 'retire') AND side.reserve_after < side.reserve_before THEN
    PERFORM refuse('reserve_needs_release', format('%s m2 of reserve would leave the reserve by a record of kind %s, not release', side.reserve_before - side.reserve_after, p_kind));
  END IF;
  IF p_kind IN ('correct', 'retire') THEN RETURN; END IF;
  IF side.legal_before <> side.legal_after THEN
    PERFORM refuse('ground_is_kept', format('legal area before %s m2, after %s m2', side.legal_before, side.legal_after));
  END IF;
  IF NOT EXISTS (SELECT FROM parcel_version c LEFT JOIN parcel_version n ON (n.park_id, n.parcel_id, n.from_seq) = (c.park_id, c.parcel_id, c.to_seq)
                  WHERE c.park_id = p_park AND c.to_seq = p_seq AND (n.geom IS NULL OR NOT ST_OrderingEquals(n.geom, c.geom)))
     AND NOT EXISTS (SELECT FROM parcel_version WHERE park_id = p_park AND from_seq = p_seq AND prev_to_seq IS NULL) THEN
    RETURN;
  END IF;
  SELECT ST_Area(ST_SymDifference(b.g, a.g)) AS m2, ST_Perimeter(b.g) AS outline, b.rim AS rims INTO changed
    FROM (SELECT ST_Union(ST_Transform(geom, crs)) AS g, sum(ST_Perimeter(ST_Transform(geom, crs))) AS rim FROM parcel_version WHERE park_id = p_park AND to_seq = p_seq) b,
         (SELECT ST_Union(ST_Transform(geom, crs)) AS g FROM parcel_version WHERE park_id = p_park AND from_seq = p_seq) a;
  IF changed.m2 IS NULL OR changed.m2 > slack_m2(changed.rims) THEN
    PERFORM refuse('ground_is_kept', format('the ground before and after differs by %s m2', round(changed.m2::numeric, 4)));
  END IF;
END $$;

-- 2 and 4. A right stands on live land that is available; 5. who splits allotted land names the heir.
CREATE FUNCTION refuse_bad_right(p_park uuid, p_seq bigint) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE hit record;
BEGIN
  SELECT coalesce(v.code, was.code) AS code, v.bank_status INTO hit
    FROM allotment_parcel ap
    LEFT JOIN parcel_version v ON (v.park_id, v.parcel_id) = (ap.park_id, ap.parcel_id) AND v.to_seq IS NULL
    LEFT JOIN parcel_version was ON (was.park_id, was.parcel_id) = (ap.park_id, ap.parcel_id) AND was.to_seq = p_seq
   WHERE ap.park_id = p_park AND ap.to_seq IS NULL AND v.bank_status IS DISTINCT FROM 'available'
     AND (ap.from_seq = p_seq OR v.from_seq = p_seq OR was.to_seq = p_seq)
   LIMIT 1;
  IF FOUND THEN
    IF hit.bank_status IS NULL THEN
      PERFORM refuse('right_on_live_land', format('parcel %s is retired and has a right', hit.code));
    END IF;
    PERFORM refuse(CASE hit.bank_status WHEN 'reserve' THEN 'reserve_needs_release' ELSE 'right_on_live_land' END, format('parcel %s is %s and has a right', hit.code, hit.bank_status));
  END IF;
  SELECT ap.allotment_id INTO hit FROM allotment_parcel ap
    JOIN allotment_version a ON (a.park_id, a.allotment_id) = (ap.park_id, ap.allotment_id) AND a.to_seq IS NULL
   WHERE ap.park_id = p_park AND ap.to_seq = p_seq
     AND NOT EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.parcel_id) = (ap.park_id, ap.parcel_id) AND v.to_seq IS NULL)
     AND NOT EXISTS (SELECT FROM lineage l JOIN allotment_parcel heir ON (heir.park_id, heir.parcel_id, heir.allotment_id) = (l.park_id, l.child_id, ap.allotment_id) AND heir.from_seq = p_seq
                      WHERE (l.park_id, l.seq, l.parent_id) = (ap.park_id, p_seq, ap.parcel_id))
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('heir_is_named', format('the land of right %s is split and no child inherits it', hit.allotment_id));
  END IF;
  SELECT a.allotment_id INTO hit FROM allotment_version a
   WHERE a.park_id = p_park AND a.to_seq IS NULL AND (a.from_seq = p_seq OR EXISTS (SELECT FROM allotment_parcel x WHERE (x.park_id, x.allotment_id, x.to_seq) = (p_park, a.allotment_id, p_seq)))
     AND NOT EXISTS (SELECT FROM allotment_parcel ap WHERE (ap.park_id, ap.allotment_id) = (a.park_id, a.allotment_id) AND ap.to_seq IS NULL)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('right_covers_land', format('right %s is live and covers no parcel', hit.allotment_id));
  END IF;
  SELECT ap.allotment_id INTO hit FROM allotment_parcel ap
   WHERE ap.park_id = p_park AND ap.to_seq IS NULL AND (ap.from_seq = p_seq OR EXISTS (SELECT FROM allotment_version x WHERE (x.park_id, x.allotment_id, x.to_seq) = (p_park, ap.allotment_id, p_seq)))
     AND NOT EXISTS (SELECT FROM allotment_version a WHERE (a.park_id, a.allotment_id) = (ap.park_id, ap.allotment_id) AND a.to_seq IS NULL)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('right_covers_land', format('right %s has ended and still covers a parcel', hit.allotment_id));
  END IF;
END $$;

-- Land that ends goes into something, and land that begins comes out of something, unless it is brought in or retired.
CREATE FUNCTION refuse_lost_lineage(p_park uuid, p_seq bigint, p_kind text) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE hit record;
BEGIN
  IF p_kind IN ('import', 'sample', 'create') THEN RETURN; END IF;
  SELECT v.code INTO hit FROM parcel_version v
   WHERE v.park_id = p_park AND v.from_seq = p_seq AND v.prev_to_seq IS NULL AND NOT EXISTS (SELECT FROM lineage l WHERE (l.park_id, l.seq, l.child_id) = (p_park, p_seq, v.parcel_id))
   LIMIT 1;
  IF FOUND THEN PERFORM refuse('lineage_is_kept', format('parcel %s comes out of nothing', hit.code)); END IF;
  IF p_kind = 'retire' THEN RETURN; END IF;
  SELECT v.code INTO hit FROM parcel_version v
   WHERE v.park_id = p_park AND v.to_seq = p_seq AND NOT EXISTS (SELECT FROM parcel_version n WHERE (n.park_id, n.parcel_id, n.from_seq) = (p_park, v.parcel_id, p_seq))
     AND NOT EXISTS (SELECT FROM lineage l WHERE (l.park_id, l.seq, l.parent_id) = (p_park, p_seq, v.parcel_id))
   LIMIT 1;
  IF FOUND THEN PERFORM refuse('lineage_is_kept', format('parcel %s ends in nothing', hit.code)); END IF;
END $$;

-- settle_record checks the whole record once for all that was written since it was last checked. It is deferred to the commit; brought forward by
-- SET CONSTRAINTS it runs after each statement, so it cannot be passed by.
CREATE FUNCTION settle_record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE tick park_clock%ROWTYPE; kind text;
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = NEW.park_id;
  IF NOT tick.dirty THEN RETURN NULL; END IF;
  SELECT r.kind INTO kind FROM record r WHERE (r.park_id, r.seq) = (tick.park_id, tick.seq);
  PERFORM refuse_overlap(tick.park_id, tick.seq), refuse_unequal(tick.park_id, tick.seq, kind), refuse_bad_right(tick.park_id, tick.seq), refuse_lost_lineage(tick.park_id, tick.seq, kind);
  UPDATE park_clock SET dirty = false WHERE park_id = tick.park_id;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT OR UPDATE ON parcel_version DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settle_record();
CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT OR UPDATE ON allotment_version DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settle_record();
CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT OR UPDATE ON allotment_parcel DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settle_record();
CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT ON lineage DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settle_record();

CREATE INDEX parcel_version_from ON parcel_version (park_id, from_seq);
CREATE INDEX parcel_version_to ON parcel_version (park_id, to_seq) WHERE to_seq IS NOT NULL;
CREATE INDEX allotment_parcel_from ON allotment_parcel (park_id, from_seq);
CREATE INDEX allotment_parcel_to ON allotment_parcel (park_id, to_seq) WHERE to_seq IS NOT NULL;
CREATE INDEX allotment_version_to ON allotment_version (park_id, to_seq) WHERE to_seq IS NOT NULL;

-- What waits for a second person.
CREATE TABLE proposal (
  park_id     uuid NOT NULL REFERENCES park,
  proposal_id uuid NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('release', 'retire', 'supply')),
  command     jsonb NOT NULL CHECK (jsonb_typeof(command) = 'object'),
  reason      text NOT NULL CHECK (reason <> ''),
  documents   jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(documents) = 'array'),
  proposed_by uuid NOT NULL REFERENCES account,
  proposed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  decision    text CHECK (decision IN ('approved', 'rejected', 'withdrawn')),
  decided_by  uuid REFERENCES account,
  decided_at  timestamptz,
  seq         bigint,
  PRIMARY KEY (park_id, proposal_id),
  FOREIGN KEY (park_id, seq) REFERENCES record (park_id, seq),
  CHECK ((decision IS NULL) = (decided_by IS NULL) AND (decision IS NULL) = (decided_at IS NULL)),
  CHECK ((decision = 'approved') = (seq IS NOT NULL)),
  CHECK (decision <> 'approved' OR decided_by <> proposed_by)
);
COMMENT ON TABLE proposal IS 'A change that needs a second person: the command as it was asked, and what became of it.';

-- Answers of creates, so that the same request sent again gets the same answer.
CREATE TABLE idempotency (
  account_id uuid NOT NULL REFERENCES account,
  key        text NOT NULL CHECK (key <> '' AND length(key) <= 200),
  request    bytea NOT NULL CHECK (length(request) = 32),
  status     integer NOT NULL,
  answer     jsonb NOT NULL,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (account_id, key)
);
COMMENT ON TABLE idempotency IS 'What a create answered, by its Idempotency-Key; request is the SHA-256 of what was asked.';

GRANT SELECT ON lineage, event, proposal, idempotency TO luodi_planner;
GRANT INSERT ON lineage, proposal, idempotency TO luodi_planner;
GRANT UPDATE (decision, decided_by, decided_at, seq) ON proposal TO luodi_planner;
REVOKE EXECUTE ON FUNCTION keep_version, keep_lineage, settle_record, refuse_overlap, refuse_unequal, refuse_bad_right, refuse_lost_lineage FROM PUBLIC;
