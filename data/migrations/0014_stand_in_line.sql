-- Who wants land that another holds stands in line for it: first come, first served, and nobody passes. When the land comes free, only the first may have it.

ALTER TABLE record DROP CONSTRAINT record_kind_check;
ALTER TABLE record ADD CONSTRAINT record_kind_check CHECK (kind IN ('import', 'sample', 'create', 'edit', 'split', 'merge', 'move', 'correct', 'retire',
  'release', 'withdraw', 'restore', 'hold', 'extend', 'reserve', 'supply', 'build', 'take_back', 'expire', 'publish', 'unpublish', 'revert', 'draw', 'queue', 'leave', 'pass'));

CREATE TABLE waiting (
  park_id     uuid NOT NULL,
  waiting_id  uuid NOT NULL,
  parcel_id   uuid NOT NULL,
  district_id uuid NOT NULL,
  project_id  uuid NOT NULL,
  from_seq    bigint NOT NULL,
  to_seq      bigint CHECK (to_seq > from_seq),
  sys         tstzrange NOT NULL,
  term_days   integer NOT NULL CHECK (term_days BETWEEN 1 AND 366),
  PRIMARY KEY (park_id, waiting_id),
  UNIQUE (park_id, parcel_id, from_seq),
  FOREIGN KEY (park_id, parcel_id) REFERENCES parcel,
  FOREIGN KEY (district_id, project_id) REFERENCES project,
  FOREIGN KEY (park_id, from_seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, to_seq) REFERENCES record (park_id, seq)
);
COMMENT ON TABLE waiting IS 'A project''s place in the line for a parcel. Who came first (from_seq) is served first; the kind of the record that ended a place says how it ended. The public reads nothing of it.';
COMMENT ON COLUMN waiting.term_days IS 'How long the hold shall last that the place is served with.';
CREATE UNIQUE INDEX waiting_once ON waiting (park_id, parcel_id, project_id) WHERE to_seq IS NULL;
CREATE INDEX waiting_from ON waiting (park_id, from_seq);
CREATE INDEX waiting_to ON waiting (park_id, to_seq) WHERE to_seq IS NOT NULL;
CREATE INDEX waiting_live ON waiting (park_id, parcel_id, from_seq) WHERE to_seq IS NULL;
CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON waiting FOR EACH ROW EXECUTE FUNCTION keep_version();

-- stood lists who stood in line before a record, in order.
CREATE FUNCTION stood(p_park uuid, p_seq bigint, p_parcel uuid) RETURNS SETOF waiting LANGUAGE sql STABLE AS $$
  SELECT * FROM waiting w WHERE w.park_id = p_park AND w.parcel_id = p_parcel AND w.from_seq < p_seq AND (w.to_seq IS NULL OR w.to_seq = p_seq) ORDER BY w.from_seq
$$;

CREATE FUNCTION refuse_jumped_line(p_park uuid, p_seq bigint, p_kind text) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE hit record;
BEGIN
  -- A new right on land for which others wait is the first one's, whose place ends with it.
  SELECT l.parcel_id, l.allotment_id INTO hit
    FROM allotment_parcel l JOIN allotment t USING (park_id, allotment_id)
    CROSS JOIN LATERAL (SELECT * FROM stood(p_park, p_seq, l.parcel_id) LIMIT 1) first
   WHERE l.park_id = p_park AND l.from_seq = p_seq AND (first.project_id <> t.project_id OR first.to_seq IS NULL)
     AND NOT EXISTS (SELECT FROM allotment_parcel b WHERE (b.park_id, b.allotment_id, b.parcel_id, b.to_seq) = (p_park, l.allotment_id, l.parcel_id, p_seq))
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('line_is_kept', format('right %s begins on parcel %s, for which another waits', hit.allotment_id, hit.parcel_id));
  END IF;
  -- A place ends when it is left, passed over or served, or with its parcel. Passed over is who comes first, while the land is free.
  SELECT w.parcel_id, w.waiting_id INTO hit
    FROM waiting w
   WHERE w.park_id = p_park AND w.to_seq = p_seq AND p_kind <> 'leave'
     AND NOT EXISTS (SELECT FROM allotment_parcel l JOIN allotment t USING (park_id, allotment_id)
                      WHERE (l.park_id, l.parcel_id, l.from_seq, t.project_id) = (p_park, w.parcel_id, p_seq, w.project_id))
     AND EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.parcel_id) = (p_park, w.parcel_id) AND v.to_seq IS NULL)
     AND NOT (p_kind = 'pass' AND w.waiting_id = (SELECT waiting_id FROM stood(p_park, p_seq, w.parcel_id) LIMIT 1)
              AND NOT EXISTS (SELECT FROM allotment_parcel l WHERE (l.park_id, l.parcel_id) = (p_park, w.parcel_id) AND l.to_seq IS NULL))
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('line_is_kept', format('place %s in the line for parcel %s ends by a record of kind %s and is not served', hit.waiting_id, hit.parcel_id, p_kind));
  END IF;
  -- One waits for land that is there, and that another has or waits for.
  SELECT w.parcel_id INTO hit
    FROM waiting w
   WHERE w.park_id = p_park AND w.from_seq = p_seq AND w.to_seq IS NULL
     AND NOT EXISTS (SELECT FROM allotment_parcel l WHERE (l.park_id, l.parcel_id) = (p_park, w.parcel_id) AND l.to_seq IS NULL)
     AND NOT EXISTS (SELECT FROM waiting o WHERE (o.park_id, o.parcel_id) = (p_park, w.parcel_id) AND o.from_seq < p_seq AND o.to_seq IS NULL)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('queue_needs_right', format('parcel %s is under no right, there is nothing to wait for', hit.parcel_id));
  END IF;
  SELECT x.parcel_id INTO hit
    FROM (SELECT parcel_id FROM waiting WHERE park_id = p_park AND from_seq = p_seq
          UNION SELECT parcel_id FROM parcel_version WHERE park_id = p_park AND to_seq = p_seq) x
    JOIN waiting w ON w.park_id = p_park AND w.parcel_id = x.parcel_id AND w.to_seq IS NULL
   WHERE NOT EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.parcel_id) = (p_park, x.parcel_id) AND v.to_seq IS NULL)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('line_on_live_land', format('parcel %s is not live and has a line', hit.parcel_id));
  END IF;
END $$;

-- settle_record as before, and it looks at what is drawn and at who waits.
CREATE OR REPLACE FUNCTION settle_record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE tick park_clock%ROWTYPE; its_kind text; its_reverts bigint;
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = NEW.park_id;
  IF NOT tick.dirty THEN RETURN NULL; END IF;
  SELECT r.kind, r.reverts INTO its_kind, its_reverts FROM record r WHERE (r.park_id, r.seq) = (tick.park_id, tick.seq);
  IF EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.from_seq) = (tick.park_id, tick.seq)) OR EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.to_seq) = (tick.park_id, tick.seq))
     OR EXISTS (SELECT FROM lineage l WHERE (l.park_id, l.seq) = (tick.park_id, tick.seq)) THEN
    PERFORM refuse_overlap(tick.park_id, tick.seq);
    PERFORM refuse_unequal(tick.park_id, tick.seq, its_kind, its_reverts);
    IF its_kind <> 'release' THEN
      PERFORM refuse_unreleased(tick.park_id, tick.seq);
    END IF;
    PERFORM refuse_false_lineage(tick.park_id, tick.seq, its_kind);
  END IF;
  PERFORM refuse_bad_right(tick.park_id, tick.seq);
  PERFORM refuse_overdraw(tick.park_id, tick.seq);
  PERFORM refuse_jumped_line(tick.park_id, tick.seq, its_kind);
  UPDATE park_clock SET dirty = false WHERE park_id = tick.park_id;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT OR UPDATE ON network_version DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settle_record();
CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT OR UPDATE ON allotment_draw DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settle_record();
CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT ON supply_at_risk DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settle_record();
CREATE CONSTRAINT TRIGGER z_settle_record AFTER INSERT OR UPDATE ON waiting DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settle_record();

REVOKE EXECUTE ON FUNCTION stood, refuse_jumped_line FROM PUBLIC;
GRANT SELECT, INSERT ON waiting TO luodi_planner;
GRANT UPDATE (to_seq, sys) ON waiting TO luodi_planner;
