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
ALTER TABLE record ADD CONSTRAINT record_needs_document CHECK (kind <> 'correct' OR jsonb_array_length(documents) > 0);
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

-- An edge is straight in the survey CRS, so a parcel is looked for there too. Boxes of degrees miss neighbours whose long edges bend into each
-- other, and the same ground named 360 degrees further on.
ALTER TABLE parcel_version ADD COLUMN span box;
ALTER TABLE parcel_version DISABLE TRIGGER USER;
UPDATE parcel_version v SET span = ST_Transform(v.geom, p.survey_crs)::box FROM park p WHERE p.park_id = v.park_id;
ALTER TABLE parcel_version ENABLE TRIGGER USER;
ALTER TABLE parcel_version ALTER COLUMN span SET NOT NULL;
COMMENT ON COLUMN parcel_version.span IS 'Box of the shape in the plane of the survey CRS; set by trigger.';
CREATE INDEX parcel_version_live_span ON parcel_version USING gist (span) WHERE to_seq IS NULL;
CREATE INDEX parcel_version_past_span ON parcel_version USING gist (span) WHERE to_seq IS NOT NULL;

CREATE OR REPLACE FUNCTION keep_parcel_shape() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE plane geometry;
BEGIN
  NEW.geom := settle_shape(NEW.geom);
  SELECT ST_Transform(NEW.geom, p.survey_crs) INTO plane FROM park p WHERE p.park_id = NEW.park_id;
  NEW.computed_m2 := ST_Area(plane);
  NEW.ellipsoid_m2 := ST_Area(NEW.geom::geography);
  NEW.span := plane::box;
  IF ST_IsValid(NEW.geom) AND NOT ST_IsValid(plane) THEN
    PERFORM refuse('shape_is_plane', format('parcel %s crosses itself where its edges are straight, in the survey CRS', NEW.code));
  END IF;
  RETURN NEW;
END $$;

-- The plane of a park measures in metres and keeps its area to 1 %: in degrees or feet no tolerance would hold.
CREATE OR REPLACE FUNCTION settle_park() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE plane double precision; ground double precision;
BEGIN
  NEW.geom := settle_shape(NEW.geom);
  plane := ST_Area(ST_Transform(NEW.geom, NEW.survey_crs));
  ground := ST_Area(NEW.geom::geography);
  IF NOT abs(plane - ground) <= 0.01 * ground THEN
    PERFORM refuse('plane_keeps_area', format('EPSG:%s measures park %s as %s m2, the ellipsoid as %s m2', NEW.survey_crs, NEW.code, plane, ground));
  END IF;
  RETURN NEW;
END $$;

-- NaN is more than 0 to PostgreSQL, and one NaN makes every sum NaN, which equals itself.
ALTER TABLE parcel_version ADD CONSTRAINT area_is_finite CHECK (legal_m2 < 'Infinity' AND computed_m2 < 'Infinity' AND ellipsoid_m2 < 'Infinity' AND price_cny_per_m2 < 'Infinity');
ALTER TABLE zone_version ADD CONSTRAINT area_is_finite CHECK (legal_m2 < 'Infinity' AND computed_m2 < 'Infinity');
ALTER TABLE plan_unit_version ADD CONSTRAINT area_is_finite CHECK (computed_m2 < 'Infinity');

-- slack_m2 is the tolerance of an overlap or a round trip: 0.01 m2 + 0.1 mm a metre of outline (docs: DESIGN, Straight and equal).
CREATE FUNCTION slack_m2(p_perimeter double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 0.01 + 0.0001 * p_perimeter $$;

CREATE FUNCTION refuse(p_rule text, p_text text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', p_text USING ERRCODE = 'check_violation', CONSTRAINT = p_rule;
END $$;

-- changed_land lists the versions of parcels that a record ends and begins, but for those that go on with the same shape, legal area and
-- bank status. goes_on: the parcel has a version on the other side too. reshaped: that one has another shape or legal area, or there is none.
CREATE FUNCTION changed_land(p_park uuid, p_seq bigint)
RETURNS TABLE (parcel_id uuid, code text, begins boolean, goes_on boolean, reshaped boolean, bank_status text, legal_m2 numeric, geom geometry, span box)
LANGUAGE sql STABLE AS $$
  SELECT x.*
    FROM (SELECT * FROM parcel_version WHERE park_id = p_park AND to_seq = p_seq) c
    FULL JOIN (SELECT * FROM parcel_version WHERE park_id = p_park AND from_seq = p_seq) n ON n.parcel_id = c.parcel_id
   CROSS JOIN LATERAL (SELECT (c.parcel_id = n.parcel_id) IS TRUE AS goes_on, (n.legal_m2 = c.legal_m2 AND ST_OrderingEquals(n.geom, c.geom)) IS NOT TRUE AS reshaped) s
   CROSS JOIN LATERAL (VALUES (c.parcel_id, c.code, false, s.goes_on, s.reshaped, c.bank_status, c.legal_m2, c.geom, c.span),
                              (n.parcel_id, n.code, true, s.goes_on, s.reshaped, n.bank_status, n.legal_m2, n.geom, n.span)) x
   WHERE x.column1 IS NOT NULL AND (s.reshaped OR n.bank_status <> c.bank_status)
$$;

-- 1. No two live parcels share more ground than the slack of the smaller outline. Each is looked up by its box, whatever the statistics say: in the
--    middle of a load they know nothing of it. The boxes' common part bounds the shapes'.
CREATE FUNCTION refuse_overlap(p_park uuid, p_seq bigint) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE crs integer; hit record;
BEGIN
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  WITH changed AS MATERIALIZED (SELECT * FROM changed_land(p_park, p_seq))
  SELECT n.code AS code, o.code AS other, s.m2 INTO hit
    FROM changed n
    CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE v.to_seq IS NULL AND v.span && n.span AND area(v.span # n.span) > 0.01 OFFSET 0) o
    CROSS JOIN LATERAL (SELECT ST_Transform(n.geom, crs) AS a, ST_Transform(o.geom, crs) AS b OFFSET 0) g
    CROSS JOIN LATERAL (SELECT ST_Area(ST_Intersection(g.a, g.b)) AS m2 OFFSET 0) s
   WHERE n.begins AND o.park_id = p_park AND o.parcel_id <> n.parcel_id AND (o.parcel_id > n.parcel_id OR o.from_seq < p_seq OR o.prev_to_seq IS NOT NULL)
     AND s.m2 > slack_m2(least(ST_Perimeter(g.a), ST_Perimeter(g.b)))
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('parcels_overlap', format('parcel %s overlaps parcel %s by %s m2', hit.code, hit.other, round(hit.m2::numeric, 4)));
  END IF;
END $$;

-- 5. Only some kinds of record may change shapes or legal areas, and each in its own way: bring land in, take it out, measure it anew, or
--    deal it out differently.
CREATE FUNCTION refuse_unequal(p_park uuid, p_seq bigint, p_kind text, p_reverts bigint) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE hit record; kind text := p_kind;
BEGIN
  IF kind IN ('import', 'sample', 'create') THEN
    SELECT code INTO hit FROM parcel_version WHERE park_id = p_park AND to_seq = p_seq LIMIT 1;
  ELSIF kind = 'retire' THEN
    SELECT code INTO hit FROM parcel_version WHERE park_id = p_park AND from_seq = p_seq LIMIT 1;
  ELSIF kind = 'correct' THEN
    SELECT code INTO hit FROM changed_land(p_park, p_seq) WHERE NOT goes_on LIMIT 1;
  ELSIF kind = 'revert' AND EXISTS (SELECT FROM record r WHERE (r.park_id, r.seq, r.kind) = (p_park, p_reverts, 'correct')) THEN
    SELECT n.code INTO hit FROM changed_land(p_park, p_seq) n
     WHERE NOT n.goes_on OR n.begins AND n.reshaped AND NOT EXISTS (SELECT FROM parcel_version w WHERE (w.park_id, w.parcel_id, w.to_seq, w.legal_m2) = (p_park, n.parcel_id, p_reverts, n.legal_m2)
                                                                       AND ST_OrderingEquals(w.geom, n.geom))
     LIMIT 1;
  ELSIF kind IN ('split', 'merge', 'move', 'release', 'revert') THEN
    PERFORM refuse_lost_ground(p_park, p_seq, kind);
    RETURN;
  ELSE
    SELECT code INTO hit FROM changed_land(p_park, p_seq) WHERE reshaped LIMIT 1;
  END IF;
  IF FOUND THEN
    PERFORM refuse('ground_is_kept', format('a record of kind %s cannot change parcel %s so', kind, hit.code));
  END IF;
END $$;

-- The ground of each parcel that ends lies in what begins, and the other way round, each to its own slack; and on each site, the parcels that
-- touch one another, the legal areas add up to the same.
CREATE FUNCTION refuse_lost_ground(p_park uuid, p_seq bigint, p_kind text) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE crs integer; hit record;
BEGIN
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  WITH changed AS MATERIALIZED (SELECT * FROM changed_land(p_park, p_seq))
  SELECT x.code, x.begins, lost.m2 INTO hit
    FROM changed x
    CROSS JOIN LATERAL (SELECT ST_Transform(x.geom, crs) AS g OFFSET 0) x_plane
    CROSS JOIN LATERAL (SELECT ST_Union(ST_Transform(y.geom, crs)) AS g FROM changed y WHERE y.begins <> x.begins AND y.span && x.span) y_plane
    CROSS JOIN LATERAL (SELECT ST_Area(coalesce(ST_Difference(x_plane.g, y_plane.g), x_plane.g)) AS m2 OFFSET 0) lost
   WHERE lost.m2 > slack_m2(ST_Perimeter(x_plane.g))
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('ground_is_kept', format(CASE WHEN hit.begins THEN 'parcel %s begins on %s m2 that nothing gave' ELSE 'parcel %s ends and %s m2 of it go nowhere' END,
      hit.code, round(hit.m2::numeric, 4)));
  END IF;
  SELECT sum(legal_m2) FILTER (WHERE NOT begins) AS before, sum(legal_m2) FILTER (WHERE begins) AS after INTO hit
    FROM (SELECT *, ST_ClusterDBSCAN(ST_Transform(geom, crs), 0.01, 1) OVER () AS site FROM changed_land(p_park, p_seq)) x
   GROUP BY site HAVING sum(legal_m2) FILTER (WHERE NOT begins) IS DISTINCT FROM sum(legal_m2) FILTER (WHERE begins)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('ground_is_kept', format('legal area before %s m2, after %s m2', hit.before, hit.after));
  END IF;
  SELECT sum(legal_m2) FILTER (WHERE NOT begins) AS before, coalesce(sum(legal_m2) FILTER (WHERE begins), 0) AS after INTO hit
    FROM changed_land(p_park, p_seq) WHERE bank_status = 'reserve';
  IF p_kind <> 'release' AND hit.after < hit.before THEN
    PERFORM refuse('reserve_needs_release', format('%s m2 of reserve would leave the reserve by a record of kind %s, not release', hit.before - hit.after, p_kind));
  END IF;
END $$;

-- 4. Ground that was ever reserve and was not released since, by a record that two people signed, is reserve: a swap of shapes, a correction, a
--    boundary that creeps, or a retirement and a new beginning do not make it free.
CREATE FUNCTION refuse_unreleased(p_park uuid, p_seq bigint) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE crs integer; hit record;
BEGIN
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  WITH changed AS MATERIALIZED (SELECT * FROM changed_land(p_park, p_seq))
  SELECT n.code, ST_Area(ST_Union(coalesce(ST_Difference(shared.g, released.g), shared.g))) AS m2 INTO hit
    FROM changed n
    CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE v.to_seq IS NOT NULL AND v.bank_status = 'reserve' AND v.span && n.span OFFSET 0) r
    JOIN record why ON (why.park_id, why.seq) = (r.park_id, r.to_seq) AND why.kind <> 'release'
    CROSS JOIN LATERAL (SELECT ST_Intersection(ST_Transform(n.geom, crs), ST_Transform(r.geom, crs)) AS g OFFSET 0) shared
    CROSS JOIN LATERAL (SELECT ST_Union(ST_Transform(q.geom, crs)) AS g
                          FROM (SELECT * FROM parcel_version v WHERE v.to_seq IS NOT NULL AND v.bank_status = 'reserve' AND v.span && r.span OFFSET 0) q
                          JOIN record say ON (say.park_id, say.seq) = (q.park_id, q.to_seq) AND say.kind = 'release'
                         WHERE q.park_id = p_park AND q.to_seq > r.to_seq OFFSET 0) released
   WHERE n.begins AND n.bank_status <> 'reserve' AND r.park_id = p_park
   GROUP BY n.parcel_id, n.code, n.geom
  HAVING ST_Area(ST_Union(coalesce(ST_Difference(shared.g, released.g), shared.g))) > slack_m2(ST_Perimeter(ST_Transform(n.geom, crs)))
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('reserve_needs_release', format('parcel %s lies on %s m2 of reserve that no record released', hit.code, round(hit.m2::numeric, 4)));
  END IF;
END $$;

-- 2 and 4. A right stands on live land that is available, and is live itself. 5. Where land under a right is dealt out anew, the right goes on.
CREATE FUNCTION refuse_bad_right(p_park uuid, p_seq bigint) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE hit record;
BEGIN
  SELECT x.parcel_id, v.code, v.bank_status INTO hit
    FROM (SELECT parcel_id FROM allotment_parcel WHERE park_id = p_park AND from_seq = p_seq
          UNION SELECT parcel_id FROM parcel_version WHERE park_id = p_park AND from_seq = p_seq
          UNION SELECT parcel_id FROM parcel_version WHERE park_id = p_park AND to_seq = p_seq) x
    JOIN allotment_parcel ap ON ap.park_id = p_park AND ap.parcel_id = x.parcel_id AND ap.to_seq IS NULL
    LEFT JOIN parcel_version v ON v.park_id = p_park AND v.parcel_id = x.parcel_id AND v.to_seq IS NULL
   WHERE v.bank_status IS DISTINCT FROM 'available'
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse(CASE hit.bank_status WHEN 'reserve' THEN 'reserve_needs_release' ELSE 'right_on_live_land' END,
      format('parcel %s is %s and has a right', coalesce(hit.code, hit.parcel_id::text), coalesce(hit.bank_status, 'no live parcel')));
  END IF;
  SELECT a.allotment_id, a.live INTO hit
    FROM (SELECT x.allotment_id, EXISTS (SELECT FROM allotment_version v WHERE (v.park_id, v.allotment_id) = (p_park, x.allotment_id) AND v.to_seq IS NULL) AS live
            FROM (SELECT allotment_id FROM allotment_version WHERE park_id = p_park AND from_seq = p_seq
                  UNION SELECT allotment_id FROM allotment_version WHERE park_id = p_park AND to_seq = p_seq
                  UNION SELECT allotment_id FROM allotment_parcel WHERE park_id = p_park AND from_seq = p_seq
                  UNION SELECT allotment_id FROM allotment_parcel WHERE park_id = p_park AND to_seq = p_seq) x) a
   WHERE a.live <> EXISTS (SELECT FROM allotment_parcel ap WHERE (ap.park_id, ap.allotment_id) = (p_park, a.allotment_id) AND ap.to_seq IS NULL)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('right_covers_land', format(CASE WHEN hit.live THEN 'right %s is live and covers no parcel' ELSE 'right %s has ended and still covers a parcel' END, hit.allotment_id));
  END IF;
  WITH changed AS MATERIALIZED (SELECT * FROM changed_land(p_park, p_seq))
  SELECT ap.allotment_id, c.code INTO hit
    FROM allotment_parcel ap JOIN changed c ON c.parcel_id = ap.parcel_id AND NOT c.begins AND c.reshaped
   WHERE ap.park_id = p_park AND ap.to_seq = p_seq
     AND NOT EXISTS (SELECT FROM allotment_parcel heir WHERE (heir.park_id, heir.allotment_id, heir.from_seq) = (p_park, ap.allotment_id, p_seq)
                        AND (heir.parcel_id = ap.parcel_id OR EXISTS (SELECT FROM lineage l WHERE (l.park_id, l.seq, l.parent_id, l.child_id) = (p_park, p_seq, ap.parcel_id, heir.parcel_id))))
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('heir_is_named', format('the land of right %s, parcel %s, is dealt out anew and nothing inherits the right', hit.allotment_id, hit.code));
  END IF;
END $$;

-- Lineage is what the shapes say: it joins a parcel that ends, or one that begins, to each other that shares its ground, and nothing else.
-- What ends goes into something, and what begins comes out of something, unless it is taken out or brought in.
CREATE FUNCTION refuse_false_lineage(p_park uuid, p_seq bigint, p_kind text) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE crs integer; hit record;
BEGIN
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  WITH changed AS MATERIALIZED (SELECT * FROM changed_land(p_park, p_seq))
  SELECT coalesce(said.parent_id, seen.parent_id) AS parent, coalesce(said.child_id, seen.child_id) AS child, said.seq IS NULL AS unsaid INTO hit
    FROM (SELECT * FROM lineage l WHERE l.park_id = p_park AND l.seq = p_seq) said
    FULL JOIN (SELECT c.parcel_id AS parent_id, n.parcel_id AS child_id
                 FROM changed c
                 JOIN changed n ON c.span && n.span AND c.parcel_id <> n.parcel_id
                 CROSS JOIN LATERAL (SELECT ST_Transform(c.geom, crs) AS a, ST_Transform(n.geom, crs) AS b OFFSET 0) g
                WHERE NOT c.begins AND n.begins AND NOT (c.goes_on AND n.goes_on)
                  AND ST_Area(ST_Intersection(g.a, g.b)) > slack_m2(least(ST_Perimeter(g.a), ST_Perimeter(g.b)))) seen
           ON (seen.parent_id, seen.child_id) = (said.parent_id, said.child_id)
   WHERE said.seq IS NULL OR seen.parent_id IS NULL
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('lineage_is_kept', format(CASE WHEN hit.unsaid THEN 'parcel %2$s lies on ground of parcel %1$s and does not say so' ELSE 'parcel %2$s does not come out of parcel %1$s' END,
      hit.parent, hit.child));
  END IF;
  IF p_kind IN ('import', 'sample', 'create', 'retire') THEN RETURN; END IF;
  SELECT x.code, x.begins INTO hit FROM changed_land(p_park, p_seq) x
   WHERE NOT x.goes_on AND NOT EXISTS (SELECT FROM lineage l WHERE l.park_id = p_park AND l.seq = p_seq AND x.parcel_id = CASE WHEN x.begins THEN l.child_id ELSE l.parent_id END)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('lineage_is_kept', format(CASE WHEN hit.begins THEN 'parcel %s comes out of nothing' ELSE 'parcel %s ends in nothing' END, hit.code));
  END IF;
END $$;

-- settle_record checks the whole record once for all that was written since it was last checked. It is deferred to the commit; brought forward by
-- SET CONSTRAINTS it runs after each statement, so it cannot be passed by. A park that came in by one import makes a change look as if it were all
-- parcels: no plan of the checks may read them all.
CREATE FUNCTION settle_record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
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
CREATE INDEX allotment_version_from ON allotment_version (park_id, from_seq);
CREATE INDEX allotment_version_to ON allotment_version (park_id, to_seq) WHERE to_seq IS NOT NULL;

-- 3. Projects have versions too: the next one begins where the last one ends, when the database says.
CREATE FUNCTION keep_project_version() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE last project_version%ROWTYPE; instant timestamptz;
BEGIN
  PERFORM FROM project p WHERE (p.district_id, p.project_id) = (NEW.district_id, NEW.project_id) FOR UPDATE;
  SELECT * INTO last FROM project_version v WHERE (v.district_id, v.project_id) = (NEW.district_id, NEW.project_id) ORDER BY v.revision DESC LIMIT 1;
  IF NEW.revision IS DISTINCT FROM coalesce(last.revision, 0) + 1 THEN
    PERFORM refuse('revision_follows', format('the next revision of project %s is %s, not %s', NEW.project_id, coalesce(last.revision, 0) + 1, NEW.revision));
  END IF;
  instant := greatest(clock_timestamp(), lower(last.sys) + interval '1 microsecond');
  UPDATE project_version v SET sys = tstzrange(lower(last.sys), instant) WHERE (v.district_id, v.project_id, v.revision) = (NEW.district_id, NEW.project_id, last.revision);
  NEW.sys := tstzrange(instant, NULL);
  RETURN NEW;
END $$;
CREATE TRIGGER a_keep_project_version BEFORE INSERT ON project_version FOR EACH ROW EXECUTE FUNCTION keep_project_version();

-- 6. PostGIS tells anyone where the shapes of any table lie, from its statistics and indexes; the public may not ask.
DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT oid FROM pg_proc WHERE proname IN ('st_estimatedextent', '_postgis_stats', '_postgis_selectivity', '_postgis_join_selectivity', '_postgis_index_extent') LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
  END LOOP;
END $$;

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
REVOKE EXECUTE ON FUNCTION keep_version, keep_lineage, keep_project_version, settle_record, changed_land, refuse_overlap, refuse_unequal, refuse_lost_ground, refuse_unreleased,
  refuse_bad_right, refuse_false_lineage FROM PUBLIC;
