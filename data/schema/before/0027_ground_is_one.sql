-- Ground is one, whatever park it is filed under. Until now overlap was looked for within a park: a planner of the park next door could create the very polygon that
-- another park holds, and both could promise it; and a parcel could lie anywhere on earth. From here on, when a record settles:
--   * no parcel that it begins or draws anew overlaps a live parcel of another park by more than the slack (refuse_double_ground), measured in the written park's plane;
--   * each of them lies in the ground of its park, to its slack and to a metre, is at least 1 m2, and at most 20 km across (refuse_stray);
--   * the border of a park is changed by a record, and what is live stays inside (keep_border, refuse_stray).
--
-- How neighbours of other parks are found: parcel_version.span is a box in each park's own plane, so they are looked for in degrees (parcel_version_live_geom). An edge
-- that is straight in a plane bends in degrees, and leaves the box of its vertices by up to length^2 / 8 x curvature. The curvature is that of the parallel, tan(latitude) / R,
-- and of the grid itself against the geodesic, under 0.1 / R for every plane that keeps areas to 1 % (data/wrongs_ground_test.go measures it: 4.9 mm on 577 m at 37 degrees).
-- No edge is longer than 20 km, because no parcel is wider; so twice the bend of 20 km, once for each of two shapes, and 2 m for what
-- may lie outside its border, is a margin for all: 14 m at 37 degrees (bend_degrees).
--
-- Locks. Whoever begins or draws anew holds the clock of his park, and takes the clocks of the parks whose border comes near the new shapes in share mode, ascending by
-- park_id, before he judges: no writer of those parks is then at work, and above READ COMMITTED a snapshot older than their last change gets 40001. Whoever makes a park or
-- changes a border takes border_clock, so that two new parks see each other, and ticks over the clocks of the parks nearby, so that a snapshot of theirs that doesn't know the new
-- border gets 40001 (take_border). Writers of parks that are far from each other take no common row. luodi takes all clocks up front in that order (take_clocks), so its
-- writers never deadlock; who writes SQL of his own may, and PostgreSQL ends one of the two with 40P01.
CREATE INDEX park_geom ON park USING gist (geom);

CREATE TABLE border_clock (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  ticks bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE border_clock IS 'One row, locked by whoever makes a park or changes a border: of two at once the later sees the earlier.';
INSERT INTO border_clock DEFAULT VALUES;

ALTER TABLE park_clock ADD COLUMN bordered_by xid8;
COMMENT ON COLUMN park_clock.bordered_by IS 'The transaction that last drew the park''s border.';

CREATE TABLE park_border (
  park_id uuid NOT NULL REFERENCES park,
  seq bigint NOT NULL,
  was geometry(MultiPolygon, 4490) NOT NULL,
  geom geometry(MultiPolygon, 4490) NOT NULL,
  PRIMARY KEY (park_id, seq),
  FOREIGN KEY (park_id, seq) REFERENCES record (park_id, seq)
);
COMMENT ON TABLE park_border IS 'Which records changed a park''s border, from what to what; written by trigger.';
GRANT SELECT ON park_border TO luodi_planner;

-- What lay double or astray before these rules came. It may stay and be dealt out, it never grows, and no right is added on what lies double.
CREATE TABLE double_ground (
  park_id uuid NOT NULL, parcel_id uuid NOT NULL, from_seq bigint NOT NULL,
  other_park_id uuid NOT NULL, other_parcel_id uuid NOT NULL, other_from_seq bigint NOT NULL,
  geom geometry(Geometry, 4490) NOT NULL,
  PRIMARY KEY (park_id, parcel_id, from_seq, other_park_id, other_parcel_id, other_from_seq),
  CHECK (park_id < other_park_id)
);
COMMENT ON TABLE double_ground IS 'Pairs of versions of two parks that overlapped before the database refused it, and the ground they share.';
CREATE INDEX double_ground_other ON double_ground (other_park_id);
CREATE TABLE stray_ground (
  park_id uuid NOT NULL, parcel_id uuid NOT NULL,
  geom geometry(Geometry, 4490) NOT NULL,
  PRIMARY KEY (park_id, parcel_id)
);
COMMENT ON TABLE stray_ground IS 'Ground of parcels that lay outside their park''s border before the database refused it.';
CREATE INDEX stray_ground_geom ON stray_ground USING gist (geom);
GRANT SELECT ON double_ground, stray_ground TO luodi_planner;

CREATE FUNCTION bend_degrees(p_geom geometry) RETURNS double precision LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = public, pg_temp AS $$
DECLARE latitude double precision := radians(least(greatest(abs(ST_YMin(p_geom)), abs(ST_YMax(p_geom))), 85));
BEGIN
  RETURN (2 * 20000.0 ^ 2 / 8 * (tan(latitude) + 0.1) / 6371000 + 2) / 111000 / cos(latitude);
END $$;
COMMENT ON FUNCTION bend_degrees(geometry) IS 'By how many degrees an edge of the shape and one of another may together bend out of the straight, whatever the planes in which they are straight.';

CREATE FUNCTION reach(p_geom geometry) RETURNS geometry LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = public, pg_temp AS $$
BEGIN
  RETURN ST_Expand(ST_Envelope(p_geom), bend_degrees(p_geom));
END $$;
COMMENT ON FUNCTION reach(geometry) IS 'A box of degrees out of which no edge of the shape bends, nor an edge of another shape into it, whatever the plane in which they are straight.';

-- What a record begins or draws anew, of parcels that are live. A comparison of rows is served by the index of those columns in that order (parcel_version_from) and by no other:
-- compared one by one, a park of which the statistics know nothing is walked through an index that begins with park_id (0021). What was before is the newest older version.
CREATE FUNCTION begun_land(p_park uuid, p_seq bigint) RETURNS TABLE (parcel_id uuid, code text, follows boolean, computed_m2 double precision, span box, geom geometry) LANGUAGE sql STABLE ROWS 10
SET search_path = public, pg_temp AS $$
  SELECT n.parcel_id, n.code, n.prev_to_seq IS NOT NULL, n.computed_m2, n.span, n.geom
    FROM (SELECT * FROM parcel_version v WHERE (v.from_seq, v.park_id) >= (p_seq, p_park) AND (v.from_seq, v.park_id) <= (p_seq, p_park) OFFSET 0) n
   WHERE n.to_seq IS NULL
     AND (n.prev_to_seq IS NULL OR NOT ST_OrderingEquals(n.geom,
           (SELECT c.geom FROM parcel_version c WHERE (c.park_id, c.parcel_id) = (p_park, n.parcel_id) AND c.from_seq < p_seq ORDER BY c.from_seq DESC LIMIT 1)))
$$;

-- Parks whose ground comes near a shape: their border, and what lies astray of them.
CREATE FUNCTION near_parks(p_park uuid, p_shape geometry) RETURNS uuid[] LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(x.park_id ORDER BY x.park_id), '{}')
    FROM (SELECT k.park_id FROM (SELECT * FROM park WHERE geom && reach(p_shape) OFFSET 0) k WHERE k.park_id <> p_park AND ST_DWithin(k.geom, p_shape, bend_degrees(p_shape))
          UNION SELECT s.park_id FROM (SELECT * FROM stray_ground WHERE geom && reach(p_shape) OFFSET 0) s WHERE s.park_id <> p_park AND ST_DWithin(s.geom, p_shape, bend_degrees(p_shape))) x
$$;

-- Takes border_clock and ticks over the clocks of the parks near a park's border: theirs is another world from here on, though nothing of them changed.
CREATE FUNCTION take_border(p_park uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE near uuid[];
BEGIN
  UPDATE border_clock SET ticks = ticks + 1;
  SELECT near_parks(p_park, k.geom) INTO near FROM park k WHERE k.park_id = p_park;
  PERFORM FROM park_clock c WHERE c.park_id = ANY (near) ORDER BY c.park_id FOR NO KEY UPDATE;
  UPDATE park_clock c SET bordered_by = c.bordered_by WHERE c.park_id = ANY (near);
END $$;

-- Takes up front what an order will need: with p_border border_clock, then the park's own clock and those near some ground, ascending.
CREATE FUNCTION take_clocks(p_park uuid, p_ground geometry[], p_border boolean DEFAULT false) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE its uuid;
BEGIN
  IF p_border THEN
    UPDATE border_clock SET ticks = ticks + 1;
  END IF;
  FOR its IN SELECT p_park UNION SELECT unnest(near_parks(p_park, x.g)) FROM (SELECT unnest(p_ground) UNION ALL SELECT k.geom FROM park k WHERE p_border AND k.park_id = p_park) x (g) ORDER BY 1 LOOP
    IF its = p_park OR p_border THEN
      PERFORM FROM park_clock c WHERE c.park_id = its FOR NO KEY UPDATE;
    ELSE
      PERFORM FROM park_clock c WHERE c.park_id = its FOR SHARE;
    END IF;
  END LOOP;
END $$;
COMMENT ON FUNCTION take_clocks(uuid, geometry[], boolean) IS 'Locks the clocks that a change of a park''s ground needs, in the one order that never deadlocks.';

-- What two versions of two parks share beyond their slack may be inherited, as within a park: it lies in what one pair of their forebears shared, back along an unbroken
-- chain to a pair that shared it within its slack ('within', in the plane of either park) or that lay double before this rule ('stored'). Null: it was not inherited.
CREATE FUNCTION root_of_overlap(p_park uuid, p_a uuid, p_a_from bigint, p_other uuid, p_b uuid, p_b_from bigint, p_shared geometry) RETURNS text LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE crs integer; other_crs integer; root text;
BEGIN
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  SELECT survey_crs INTO other_crs FROM park WHERE park_id = p_other;
  WITH RECURSIVE listed AS MATERIALIZED (
    SELECT d.parcel_id AS a, d.from_seq AS a_from, d.other_parcel_id AS b, d.other_from_seq AS b_from FROM double_ground d WHERE (d.park_id, d.other_park_id) = (p_park, p_other)
    UNION ALL SELECT d.other_parcel_id, d.other_from_seq, d.parcel_id, d.from_seq FROM double_ground d WHERE (d.park_id, d.other_park_id) = (p_other, p_park)),
  pair (a, a_from, b, b_from, root) AS (
    SELECT p_a, p_a_from, p_b, p_b_from, CASE WHEN EXISTS (SELECT FROM listed l WHERE (l.a, l.a_from, l.b, l.b_from) = (p_a, p_a_from, p_b, p_b_from)) THEN 'stored' END
    UNION
    SELECT a.parcel_id, a.from_seq, b.parcel_id, b.from_seq,
           CASE WHEN EXISTS (SELECT FROM listed l WHERE (l.a, l.a_from, l.b, l.b_from) = (a.parcel_id, a.from_seq, b.parcel_id, b.from_seq)) THEN 'stored'
                WHEN ST_Area(s.g) <= slack_m2(least(ST_Perimeter(g.a), ST_Perimeter(g.b)))
                  OR other_crs <> crs AND ST_Area(ST_Intersection(ST_Transform(a.geom, other_crs), ST_Transform(b.geom, other_crs)))
                                            <= slack_m2(least(ST_Perimeter(ST_Transform(a.geom, other_crs)), ST_Perimeter(ST_Transform(b.geom, other_crs)))) THEN 'within' END
      FROM pair
     CROSS JOIN LATERAL (SELECT (SELECT lower(x.sys) FROM parcel_version x WHERE (x.park_id, x.parcel_id, x.from_seq) = (p_park, pair.a, pair.a_from))
                             >= (SELECT lower(y.sys) FROM parcel_version y WHERE (y.park_id, y.parcel_id, y.from_seq) = (p_other, pair.b, pair.b_from)) AS a_is_later OFFSET 0) t
     CROSS JOIN LATERAL (SELECT * FROM forebears(p_park, pair.a, pair.a_from, CASE WHEN t.a_is_later THEN pair.a_from ELSE pair.a_from + 1 END) OFFSET 0) a
     CROSS JOIN LATERAL (SELECT * FROM forebears(p_other, pair.b, pair.b_from, CASE WHEN t.a_is_later THEN pair.b_from + 1 ELSE pair.b_from END) OFFSET 0) b
     CROSS JOIN LATERAL (SELECT ST_Transform(a.geom, crs) AS a, ST_Transform(b.geom, crs) AS b OFFSET 0) g
     CROSS JOIN LATERAL (SELECT ST_Intersection(g.a, g.b) AS g OFFSET 0) s
     WHERE pair.root IS NULL AND ST_Area(ST_Intersection(s.g, p_shared)) > 0)
  SELECT pair.root INTO root FROM pair
    JOIN parcel_version a ON (a.park_id, a.parcel_id, a.from_seq) = (p_park, pair.a, pair.a_from)
    JOIN parcel_version b ON (b.park_id, b.parcel_id, b.from_seq) = (p_other, pair.b, pair.b_from)
   CROSS JOIN LATERAL (SELECT ST_Transform(a.geom, crs) AS a, ST_Transform(b.geom, crs) AS b OFFSET 0) g
   WHERE pair.root IS NOT NULL AND ST_Area(ST_Difference(p_shared, ST_Intersection(g.a, g.b))) <= 0.0001 * ST_Perimeter(p_shared)
   ORDER BY pair.root DESC LIMIT 1;
  RETURN root;
END $$;

-- Takes the clocks of the parks near what the record begins or draws anew, and refuses what overlaps their live parcels. The detail names the other park; of its parcel
-- no more than the public may see.
CREATE FUNCTION refuse_double_ground(p_park uuid, p_seq bigint) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE crs integer; around geometry; near uuid[]; hit record;
BEGIN
  IF (SELECT c.bordered_by = pg_current_xact_id() FROM park_clock c WHERE c.park_id = p_park) THEN
    PERFORM take_border(p_park);
  END IF;
  SELECT ST_SetSRID(ST_Extent(n.geom)::geometry, 4490) INTO around FROM begun_land(p_park, p_seq) n;
  IF around IS NULL THEN RETURN; END IF;
  near := near_parks(p_park, around);
  IF near = '{}' THEN RETURN; END IF;
  SELECT coalesce(array_agg(x.park_id ORDER BY x.park_id), '{}') INTO near FROM unnest(near) x (park_id) JOIN park k USING (park_id) -- the box around all may come near a park that no shape does
   WHERE EXISTS (SELECT FROM begun_land(p_park, p_seq) n WHERE n.geom && reach(k.geom) AND ST_DWithin(k.geom, n.geom, bend_degrees(n.geom)))
      OR EXISTS (SELECT FROM stray_ground s JOIN begun_land(p_park, p_seq) n ON s.geom && reach(n.geom) WHERE s.park_id = x.park_id);
  IF near = '{}' THEN RETURN; END IF;
  PERFORM FROM park_clock c WHERE c.park_id = ANY (near) ORDER BY c.park_id FOR SHARE;
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  FOR hit IN
    SELECT n.code, n.parcel_id, n.follows, o.park_id AS other_park, o.code AS other, o.parcel_id AS other_id, o.from_seq AS other_from, o.publication, k.code AS park, k.name_zh, k.name_en, s.g AS shared
      FROM (SELECT b.*, reach(b.geom) AS reach FROM begun_land(p_park, p_seq) b OFFSET 0) n
      CROSS JOIN LATERAL (SELECT 1 FROM park x WHERE x.park_id = ANY (near) AND x.geom && n.reach UNION ALL SELECT 1 FROM stray_ground y WHERE y.geom && n.reach LIMIT 1) hint
      CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE v.to_seq IS NULL AND v.geom && n.reach OFFSET 0) o
      CROSS JOIN LATERAL (SELECT ST_Transform(n.geom, crs) AS a, ST_MakeValid(ST_Transform(o.geom, crs)) AS b WHERE o.park_id = ANY (near) OFFSET 0) g
      CROSS JOIN LATERAL (SELECT ST_Intersection(g.a, g.b) AS g OFFSET 0) s
      JOIN park k ON k.park_id = o.park_id
     WHERE ST_Area(s.g) > slack_m2(least(ST_Perimeter(g.a), ST_Perimeter(g.b)))
  LOOP
    IF root_of_overlap(p_park, hit.parcel_id, p_seq, hit.other_park, hit.other_id, hit.other_from, hit.shared) IS NULL THEN
      RAISE EXCEPTION 'parcel % lies on % m2 that park % holds', hit.code, round(ST_Area(hit.shared)::numeric, 4), hit.park
        USING ERRCODE = 'check_violation', CONSTRAINT = 'parcels_overlap',
        DETAIL = jsonb_build_object('parcel', CASE WHEN hit.follows THEN hit.parcel_id END, 'code', hit.code, 'm2', round(ST_Area(hit.shared)::numeric, 4), 'park', hit.park, 'park_zh', hit.name_zh,
                                    'park_en', hit.name_en, 'other', CASE WHEN hit.publication = 'public' THEN hit.other END);
    END IF;
  END LOOP;
END $$;

-- Refuses what the record begins or draws anew outside the park's border, and what a border leaves outside; what is too small for a parcel, and what is too wide.
CREATE FUNCTION refuse_stray(p_park uuid, p_seq bigint, p_kind text) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE crs integer; hit record; lost geometry; border geometry;
BEGIN
  SELECT n.code, n.computed_m2, (n.span)[0] <-> (n.span)[1] AS across INTO hit FROM begun_land(p_park, p_seq) n WHERE n.computed_m2 < 1 OR (n.span)[0] <-> (n.span)[1] > 20000 LIMIT 1;
  IF FOUND AND hit.computed_m2 < 1 THEN
    PERFORM refuse('parcel_has_area', format('parcel %s measures %s m2, a parcel is at least 1 m2', hit.code, round(hit.computed_m2::numeric, 4)));
  ELSIF FOUND THEN
    PERFORM refuse('parcel_is_local', format('parcel %s is %s m across, a parcel is at most 20000 m', hit.code, round(hit.across::numeric)));
  END IF;
  SELECT k.survey_crs, ST_Transform(k.geom, k.survey_crs) INTO crs, border FROM park k WHERE k.park_id = p_park;
  SELECT ST_Transform(ST_Difference(ST_Transform(b.was, crs), border), 4490) INTO lost FROM park_border b WHERE (b.park_id, b.seq) = (p_park, p_seq);
  FOR hit IN
    WITH ground AS MATERIALIZED (SELECT border AS plane, k.geom FROM park k WHERE k.park_id = p_park),
    wide AS MATERIALIZED (SELECT ST_Buffer(border, 1) AS plane),
    judged AS (SELECT n.code, n.parcel_id, n.follows, n.geom FROM begun_land(p_park, p_seq) n
               UNION ALL SELECT v.code, v.parcel_id, true, v.geom FROM (SELECT * FROM parcel_version WHERE to_seq IS NULL AND geom && reach(lost) OFFSET 0) v WHERE v.park_id = p_park AND NOT ST_IsEmpty(lost))
    SELECT j.code, j.parcel_id, j.follows, s.plane, beyond.g AS beyond
      FROM judged j
     CROSS JOIN ground
     CROSS JOIN LATERAL (SELECT ST_Transform(j.geom, crs) AS plane OFFSET 0) s
     CROSS JOIN LATERAL (SELECT ST_Difference(s.plane, ground.plane) AS g WHERE NOT (ground.geom && j.geom AND ST_Covers(ground.plane, s.plane)) OFFSET 0) beyond
     WHERE ST_Area(beyond.g) > slack_m2(ST_Perimeter(s.plane)) OR NOT ground.geom && j.geom OR NOT ST_Covers((SELECT plane FROM wide), s.plane)
  LOOP
    CONTINUE WHEN p_kind NOT IN ('create', 'import', 'sample') AND EXISTS (SELECT FROM stray_ground x WHERE x.park_id = p_park)
      AND ST_Area(ST_Difference(hit.beyond, (SELECT ST_Union(ST_Buffer(ST_Transform(x.geom, crs), 0.001)) FROM stray_ground x WHERE x.park_id = p_park))) <= slack_m2(ST_Perimeter(hit.plane));
    RAISE EXCEPTION 'parcel % lies with % m2 outside the border of its park, up to % m from it', hit.code, round(ST_Area(hit.beyond)::numeric, 4), farthest_m(hit.beyond, border)
      USING ERRCODE = 'check_violation', CONSTRAINT = 'parcel_in_park',
      DETAIL = jsonb_build_object('parcel', CASE WHEN hit.follows THEN hit.parcel_id END, 'code', hit.code, 'm2', round(ST_Area(hit.beyond)::numeric, 4), 'm', farthest_m(hit.beyond, border));
  END LOOP;
END $$;

CREATE FUNCTION farthest_m(p_shape geometry, p_from geometry) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = public, pg_temp AS $$
  SELECT round(max(ST_Distance(d.geom, p_from))::numeric, 2) FROM ST_DumpPoints(p_shape) d
$$;
COMMENT ON FUNCTION farthest_m(geometry, geometry) IS 'How far the vertex of a shape that is farthest from another is from it, in the units of their plane.';

-- No right is added where ground lay double before: one of the two would be promised land that the other has.
CREATE FUNCTION refuse_double_right(p_park uuid, p_seq bigint) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE crs integer; hit record;
BEGIN
  IF NOT EXISTS (SELECT FROM double_ground d WHERE d.park_id = p_park) AND NOT EXISTS (SELECT FROM double_ground d WHERE d.other_park_id = p_park) THEN RETURN; END IF;
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  FOR hit IN
    SELECT n.code, n.parcel_id, n.from_seq, o.park_id AS other_park, o.parcel_id AS other_id, o.from_seq AS other_from, k.code AS park, k.name_zh, k.name_en, s.g AS shared
      FROM (SELECT * FROM allotment_parcel r WHERE (r.from_seq, r.park_id) >= (p_seq, p_park) AND (r.from_seq, r.park_id) <= (p_seq, p_park) OFFSET 0) l
      CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE (v.park_id, v.parcel_id) = (p_park, l.parcel_id) AND v.to_seq IS NULL OFFSET 0) n
      CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE v.to_seq IS NULL AND v.geom && reach(n.geom) OFFSET 0) o
      CROSS JOIN LATERAL (SELECT ST_Transform(n.geom, crs) AS a, ST_MakeValid(ST_Transform(o.geom, crs)) AS b WHERE o.park_id <> p_park OFFSET 0) g
      CROSS JOIN LATERAL (SELECT ST_Intersection(g.a, g.b) AS g OFFSET 0) s
      JOIN park k ON k.park_id = o.park_id
     WHERE l.to_seq IS NULL AND ST_Area(s.g) > slack_m2(least(ST_Perimeter(g.a), ST_Perimeter(g.b)))
       AND NOT EXISTS (SELECT FROM allotment_parcel b WHERE (b.park_id, b.allotment_id, b.to_seq) = (p_park, l.allotment_id, p_seq)) -- a right that goes on is not added
  LOOP
    IF root_of_overlap(p_park, hit.parcel_id, hit.from_seq, hit.other_park, hit.other_id, hit.other_from, hit.shared) IS DISTINCT FROM 'within' THEN
      RAISE EXCEPTION 'parcel % lies on % m2 that park % holds too: no right is added on it', hit.code, round(ST_Area(hit.shared)::numeric, 4), hit.park
        USING ERRCODE = 'check_violation', CONSTRAINT = 'right_on_single_ground',
        DETAIL = jsonb_build_object('parcel', hit.parcel_id, 'code', hit.code, 'm2', round(ST_Area(hit.shared)::numeric, 4), 'park', hit.park, 'park_zh', hit.name_zh, 'park_en', hit.name_en);
    END IF;
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION settle_record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE tick park_clock%ROWTYPE; its_kind text; its_reverts bigint;
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = NEW.park_id;
  IF NOT tick.dirty THEN RETURN NULL; END IF;
  SELECT r.kind, r.reverts INTO its_kind, its_reverts FROM record r WHERE (r.park_id, r.seq) = (tick.park_id, tick.seq);
  IF EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.from_seq) = (tick.park_id, tick.seq)) OR EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.to_seq) = (tick.park_id, tick.seq))
     OR EXISTS (SELECT FROM lineage l WHERE (l.park_id, l.seq) = (tick.park_id, tick.seq)) THEN
    PERFORM refuse_overlap(tick.park_id, tick.seq);
    PERFORM refuse_double_ground(tick.park_id, tick.seq);
    PERFORM refuse_unequal(tick.park_id, tick.seq, its_kind, its_reverts);
    IF its_kind <> 'release' THEN
      PERFORM refuse_unreleased(tick.park_id, tick.seq);
    END IF;
    PERFORM refuse_false_lineage(tick.park_id, tick.seq, its_kind);
    PERFORM refuse_stray(tick.park_id, tick.seq, its_kind);
  ELSIF EXISTS (SELECT FROM park_border b WHERE (b.park_id, b.seq) = (tick.park_id, tick.seq)) THEN
    PERFORM refuse_stray(tick.park_id, tick.seq, its_kind);
  END IF;
  PERFORM refuse_bad_right(tick.park_id, tick.seq);
  PERFORM refuse_double_right(tick.park_id, tick.seq);
  PERFORM refuse_overdraw(tick.park_id, tick.seq);
  PERFORM refuse_jumped_line(tick.park_id, tick.seq, its_kind);
  UPDATE park_clock SET dirty = false WHERE park_id = tick.park_id;
  RETURN NULL;
END $$;

-- The border.
ALTER TABLE record DROP CONSTRAINT record_kind_check;
ALTER TABLE record ADD CONSTRAINT record_kind_check CHECK (kind IN ('import', 'sample', 'create', 'edit', 'split', 'merge', 'move', 'correct', 'retire',
  'release', 'withdraw', 'restore', 'hold', 'extend', 'reserve', 'supply', 'build', 'take_back', 'expire', 'publish', 'unpublish', 'revert', 'draw', 'queue', 'leave', 'pass', 'border'));
ALTER TABLE record DROP CONSTRAINT record_needs_document;
ALTER TABLE record ADD CONSTRAINT record_needs_document CHECK (kind NOT IN ('correct', 'border') OR jsonb_array_length(documents) > 0);

CREATE OR REPLACE FUNCTION start_clock() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO park_clock (park_id, bordered_by) VALUES (NEW.park_id, pg_current_xact_id());
  RETURN NEW;
END $$;

-- A border's edges are as short as a parcel's, so that they bend no farther.
CREATE OR REPLACE FUNCTION settle_park() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE drawn geometry; plane double precision; ground double precision;
BEGIN
  NEW.geom := settle_shape(NEW.geom);
  drawn := ST_Transform(NEW.geom, NEW.survey_crs);
  plane := ST_Area(drawn);
  ground := ST_Area(NEW.geom::geography);
  IF NOT abs(plane - ground) <= 0.01 * ground THEN
    PERFORM refuse('plane_keeps_area', format('EPSG:%s measures park %s as %s m2, the ellipsoid as %s m2', NEW.survey_crs, NEW.code, plane, ground));
  END IF;
  IF EXISTS (SELECT FROM ST_DumpSegments(drawn) s WHERE ST_Length(s.geom) > 20000) THEN
    PERFORM refuse('border_is_dense', format('an edge of the border of park %s is longer than 20000 m', NEW.code));
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION keep_border() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE tick park_clock%ROWTYPE;
BEGIN
  IF ST_OrderingEquals(OLD.geom, NEW.geom) THEN RETURN NEW; END IF;
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = NEW.park_id;
  IF tick.writer IS DISTINCT FROM pg_current_xact_id()
     OR NOT EXISTS (SELECT FROM record r WHERE (r.park_id, r.seq) = (tick.park_id, tick.seq) AND r.kind IN ('border', 'import', 'sample', 'revert')) THEN
    PERFORM refuse('border_has_record', format('the border of park %s was changed without a record', NEW.code));
  END IF;
  INSERT INTO park_border (park_id, seq, was, geom) VALUES (tick.park_id, tick.seq, OLD.geom, NEW.geom) ON CONFLICT (park_id, seq) DO UPDATE SET geom = EXCLUDED.geom;
  UPDATE park_clock SET dirty = true, bordered_by = pg_current_xact_id() WHERE park_id = NEW.park_id;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_border AFTER UPDATE ON park FOR EACH ROW EXECUTE FUNCTION keep_border();
GRANT UPDATE (geom) ON park TO luodi_planner;

CREATE FUNCTION take_new_border() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM take_border(NEW.park_id);
  RETURN NULL;
END $$;
-- Deferred: an import makes its park before its rows, and other new parks wait for it from its commit only.
CREATE CONSTRAINT TRIGGER a_take_border AFTER INSERT OR UPDATE OF geom ON park DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION take_new_border();
CREATE CONSTRAINT TRIGGER z_settle_record AFTER UPDATE OF geom ON park DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settle_record();

-- What is stored already.
INSERT INTO double_ground
SELECT n.park_id, n.parcel_id, n.from_seq, o.park_id, o.parcel_id, o.from_seq, ST_Transform(s.g, 4490)
  FROM parcel_version n
  JOIN park k USING (park_id)
 CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE v.to_seq IS NULL AND v.geom && reach(n.geom) OFFSET 0) o
 CROSS JOIN LATERAL (SELECT ST_Transform(n.geom, k.survey_crs) AS a, ST_MakeValid(ST_Transform(o.geom, k.survey_crs)) AS b WHERE o.park_id > n.park_id OFFSET 0) g
 CROSS JOIN LATERAL (SELECT ST_Intersection(g.a, g.b) AS g OFFSET 0) s
 WHERE n.to_seq IS NULL AND ST_Area(s.g) > slack_m2(least(ST_Perimeter(g.a), ST_Perimeter(g.b)));

INSERT INTO stray_ground
SELECT v.park_id, v.parcel_id, ST_Transform(beyond.g, 4490)
  FROM (SELECT k.*, ST_Transform(k.geom, k.survey_crs) AS plane FROM park k) k
  JOIN parcel_version v ON v.park_id = k.park_id AND v.to_seq IS NULL
 CROSS JOIN LATERAL (SELECT ST_Transform(v.geom, k.survey_crs) AS plane OFFSET 0) s
 CROSS JOIN LATERAL (SELECT ST_Difference(s.plane, k.plane) AS g WHERE NOT (k.geom && v.geom AND ST_Covers(k.plane, s.plane)) OFFSET 0) beyond
 WHERE ST_Area(beyond.g) > slack_m2(ST_Perimeter(s.plane)) OR NOT k.geom && v.geom OR NOT ST_Covers(ST_Buffer(k.plane, 1), s.plane);

-- What of it is left today: pairs that still share ground, and parcels that still lie outside.
CREATE FUNCTION stored_faults() RETURNS TABLE (fault text, park text, parcel text, other_park text, other_parcel text, m2 double precision) LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT DISTINCT 'double', k.code, a.code, q.code, b.code, ST_Area(s.g)
    FROM double_ground d
    JOIN park k USING (park_id) JOIN park q ON q.park_id = d.other_park_id
   CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE v.to_seq IS NULL AND v.geom && d.geom OFFSET 0) a
   CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE v.to_seq IS NULL AND v.geom && d.geom OFFSET 0) b
   CROSS JOIN LATERAL (SELECT ST_Transform(a.geom, k.survey_crs) AS a, ST_MakeValid(ST_Transform(b.geom, k.survey_crs)) AS b WHERE a.park_id = d.park_id AND b.park_id = d.other_park_id OFFSET 0) g
   CROSS JOIN LATERAL (SELECT ST_Intersection(g.a, g.b) AS g OFFSET 0) s
   WHERE ST_Area(s.g) > slack_m2(least(ST_Perimeter(g.a), ST_Perimeter(g.b)))
  UNION ALL
  SELECT DISTINCT 'stray', k.code, v.code, NULL, NULL, ST_Area(s.g)
    FROM stray_ground x
    JOIN park k USING (park_id)
   CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE v.to_seq IS NULL AND v.geom && x.geom OFFSET 0) v
   CROSS JOIN LATERAL (SELECT ST_Transform(v.geom, k.survey_crs) AS plane WHERE v.park_id = x.park_id OFFSET 0) p
   CROSS JOIN LATERAL (SELECT ST_Difference(p.plane, ST_Transform(k.geom, k.survey_crs)) AS g OFFSET 0) s
   WHERE ST_Area(s.g) > slack_m2(ST_Perimeter(p.plane))
   ORDER BY 1, 2, 3, 4, 5
$$;
COMMENT ON FUNCTION stored_faults() IS 'Parcels that lie double or astray since before the database refused it, as they are today.';

REVOKE ALL ON FUNCTION begun_land(uuid, bigint), near_parks(uuid, geometry), take_border(uuid), take_clocks(uuid, geometry[], boolean), root_of_overlap(uuid, uuid, bigint, uuid, uuid, bigint, geometry),
  refuse_double_ground(uuid, bigint), refuse_stray(uuid, bigint, text), refuse_double_right(uuid, bigint), keep_border(), take_new_border(), stored_faults(), reach(geometry), bend_degrees(geometry), farthest_m(geometry, geometry) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_clocks(uuid, geometry[], boolean), near_parks(uuid, geometry), stored_faults(), reach(geometry), bend_degrees(geometry), farthest_m(geometry, geometry) TO luodi_planner;
