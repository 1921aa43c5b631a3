-- Ground belongs to one parcel only, also across parks. When a record settles:
--
-- * no parcel that it begins or draws anew overlaps a live parcel of another park by more than the slack, measured in
--   the plane of the park that is written (refuse_double_ground);
-- * each such parcel lies inside its park's border, within its slack and a metre, is at least 1 m2, and at most 20 km
--   across (refuse_stray);
-- * a park's border changes only by a record, and live land stays inside (keep_border, refuse_stray).
--
-- Search for neighbours. parcel_version.span is a box in each park's own plane, so neighbours in other parks are
-- searched in degrees (parcel_version_live_geom). An edge that is straight in a plane is bent in degrees, and leaves
-- the box of its vertices by up to length^2 / 8 x curvature. The curvature has two parts: of the parallel,
-- tan(latitude) / R, and of the grid against the geodesic, under 0.1 / R for every plane that keeps areas to 1 %
-- (data/ledger/wrongs_ground_test.go measures 4.9 mm on 577 m at 37 degrees). No edge is longer than 20 km, because
-- no parcel is wider. So the margin is twice the bend of 20 km, once for each of the two shapes, plus 2 m for land
-- outside its border: 14 m at 37 degrees (bend_degrees).
--
-- Locks. A writer that begins or draws parcels holds its park's clock. Before the check it locks, in share mode and
-- in ascending order of park_id, the clocks of the parks whose border comes near the new shapes: no writer of those
-- parks is then active, and above READ COMMITTED a snapshot older than their last change gets 40001. A writer that
-- makes a park or changes a border locks border_clock, so that two new parks see each other, and ticks the clocks of
-- the parks nearby, so that their snapshots from before the new border get 40001 (take_border). Writers of distant
-- parks share no row. luodi takes all clocks up front in that order (take_clocks), so its writers never deadlock. A
-- writer with other SQL may deadlock; PostgreSQL then ends one of the two with 40P01.

CREATE OR REPLACE FUNCTION bend_degrees(p_geom geometry) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = public, pg_temp AS $$
DECLARE latitude double precision := radians(least(greatest(abs(ST_YMin(p_geom)), abs(ST_YMax(p_geom))), 85));
BEGIN
  RETURN (2 * 20000.0 ^ 2 / 8 * (tan(latitude) + 0.1) / 6371000 + 2) / 111000 / cos(latitude);
END $$;
COMMENT ON FUNCTION bend_degrees(geometry) IS
  'By how many degrees an edge of the shape and one of another may together bend out of the straight, whatever the '
  'planes in which they are straight.';

CREATE OR REPLACE FUNCTION reach(p_geom geometry) RETURNS geometry
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = public, pg_temp AS $$
BEGIN
  RETURN ST_Expand(ST_Envelope(p_geom), bend_degrees(p_geom));
END $$;
COMMENT ON FUNCTION reach(geometry) IS
  'A box of degrees out of which no edge of the shape bends, nor an edge of another shape into it, whatever the '
  'plane in which they are straight.';

CREATE OR REPLACE FUNCTION farthest_m(p_shape geometry, p_from geometry) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = public, pg_temp AS $$
  SELECT round(max(ST_Distance(d.geom, p_from))::numeric, 2) FROM ST_DumpPoints(p_shape) d
$$;
COMMENT ON FUNCTION farthest_m(geometry, geometry) IS
  'How far the vertex of a shape that is farthest from another is from it, in the units of their plane.';

-- begun_land lists the live parcels that a record begins or draws anew. The comparison of rows uses the index with
-- those columns in that order (parcel_version_from) and no other. If the columns were compared one by one, a park
-- without statistics would be scanned through an index that begins with park_id. The version before is the newest
-- older one.
CREATE OR REPLACE FUNCTION begun_land(p_park uuid, p_seq bigint)
RETURNS TABLE (parcel_id uuid, code text, follows boolean, computed_m2 double precision, span box, geom geometry)
LANGUAGE plpgsql STABLE ROWS 10 SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT n.parcel_id, n.code, n.prev_to_seq IS NOT NULL, n.computed_m2, n.span, n.geom
    FROM (SELECT * FROM parcel_version v
           WHERE (v.from_seq, v.park_id) >= (p_seq, p_park) AND (v.from_seq, v.park_id) <= (p_seq, p_park) OFFSET 0) n
   WHERE n.to_seq IS NULL
     AND (n.prev_to_seq IS NULL OR NOT ST_OrderingEquals(n.geom,
           (SELECT c.geom FROM parcel_version c
             WHERE (c.park_id, c.parcel_id) = (p_park, n.parcel_id) AND c.from_seq < p_seq
             ORDER BY c.from_seq DESC LIMIT 1)));
END $$;

-- begun_bounds measures those parcels as a whole: how many, how wide in their plane on average and at most, the box
-- around them there and in degrees, the least area and the longest diagonal. What is within bounds altogether needs no
-- look at each.
CREATE OR REPLACE FUNCTION begun_bounds(p_park uuid, p_seq bigint, OUT parcels bigint, OUT average_m double precision,
    OUT widest_m double precision, OUT around box, OUT extent geometry, OUT least_m2 double precision,
    OUT across_m double precision)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
  SELECT count(*), avg(greatest(width(n.span), height(n.span))), max(greatest(width(n.span), height(n.span))),
         box(point(max((n.span[0])[0]), max((n.span[0])[1])), point(min((n.span[1])[0]), min((n.span[1])[1]))),
         ST_SetSRID(ST_Extent(n.geom)::geometry, 4490), min(n.computed_m2), max((n.span)[0] <-> (n.span)[1])
    INTO parcels, average_m, widest_m, around, extent, least_m2, across_m
    FROM begun_land(p_park, p_seq) n;
END $$;

-- near_parks lists the parks whose border, or land outside it, comes near a shape.
CREATE OR REPLACE FUNCTION near_parks(p_park uuid, p_shape geometry) RETURNS uuid[]
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE box geometry := reach(p_shape); bend double precision := bend_degrees(p_shape);
BEGIN
  RETURN (
    SELECT coalesce(array_agg(x.park_id ORDER BY x.park_id), '{}')
      FROM (SELECT k.park_id FROM (SELECT * FROM park WHERE geom && box OFFSET 0) k
             WHERE k.park_id <> p_park AND ST_DWithin(k.geom, p_shape, bend)
            UNION
            SELECT s.park_id FROM (SELECT * FROM stray_ground WHERE geom && box OFFSET 0) s
             WHERE s.park_id <> p_park AND ST_DWithin(s.geom, p_shape, bend)) x);
END $$;

-- take_border locks border_clock and ticks the clocks of the parks near a park's border. A snapshot of theirs from
-- before is outdated, although nothing in those parks changed.
CREATE OR REPLACE FUNCTION take_border(p_park uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE near uuid[];
BEGIN
  UPDATE border_clock SET ticks = ticks + 1;
  SELECT near_parks(p_park, k.geom) INTO near FROM park k WHERE k.park_id = p_park;
  PERFORM FROM park_clock c WHERE c.park_id = ANY (near) ORDER BY c.park_id FOR NO KEY UPDATE;
  UPDATE park_clock c SET bordered_by = c.bordered_by WHERE c.park_id = ANY (near);
END $$;

-- take_clocks locks up front the clocks that an order needs: border_clock if p_border, then the park's own clock and
-- those of the parks near some ground, in ascending order.
CREATE OR REPLACE FUNCTION take_clocks(p_park uuid, p_ground geometry[], p_border boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE its uuid;
BEGIN
  IF p_border THEN
    UPDATE border_clock SET ticks = ticks + 1;
  END IF;
  FOR its IN SELECT p_park UNION SELECT unnest(near_parks(p_park, x.g))
      FROM (SELECT unnest(p_ground) UNION ALL SELECT k.geom FROM park k WHERE p_border AND k.park_id = p_park) x (g)
      ORDER BY 1 LOOP
    IF its = p_park OR p_border THEN
      PERFORM FROM park_clock c WHERE c.park_id = its FOR NO KEY UPDATE;
    ELSE
      PERFORM FROM park_clock c WHERE c.park_id = its FOR SHARE;
    END IF;
  END LOOP;
END $$;
COMMENT ON FUNCTION take_clocks(uuid, geometry[], boolean) IS
  'Locks the clocks that a change of a park''s ground needs, in the one order that never deadlocks.';

-- root_of_overlap finds the origin of an overlap of two versions of two parks beyond their slack. It is inherited, as
-- within a park, if it lies in the overlap of one pair of ancestors, back along an unbroken chain to a pair that
-- overlapped within its slack ('within', in the plane of either park) or before this rule existed ('stored'). Null:
-- it is not inherited.
CREATE OR REPLACE FUNCTION root_of_overlap(p_park uuid, p_a uuid, p_a_from bigint, p_other uuid, p_b uuid,
    p_b_from bigint, p_shared geometry) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE crs integer; other_crs integer; root text;
BEGIN
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  SELECT survey_crs INTO other_crs FROM park WHERE park_id = p_other;
  WITH RECURSIVE listed AS MATERIALIZED (
    SELECT d.parcel_id AS a, d.from_seq AS a_from, d.other_parcel_id AS b, d.other_from_seq AS b_from
        FROM double_ground d WHERE (d.park_id, d.other_park_id) = (p_park, p_other)
    UNION ALL SELECT d.other_parcel_id, d.other_from_seq, d.parcel_id, d.from_seq FROM double_ground d
        WHERE (d.park_id, d.other_park_id) = (p_other, p_park)),
  pair (a, a_from, b, b_from, root) AS (
    SELECT p_a, p_a_from, p_b, p_b_from, CASE WHEN EXISTS (SELECT FROM listed l
        WHERE (l.a, l.a_from, l.b, l.b_from) = (p_a, p_a_from, p_b, p_b_from)) THEN 'stored' END
    UNION
    SELECT a.parcel_id, a.from_seq, b.parcel_id, b.from_seq,
           CASE WHEN EXISTS (SELECT FROM listed l WHERE (l.a, l.a_from, l.b, l.b_from) = (a.parcel_id, a.from_seq,
               b.parcel_id, b.from_seq)) THEN 'stored'
                WHEN ST_Area(s.g) <= slack_m2(least(ST_Perimeter(g.a), ST_Perimeter(g.b)))
                  OR other_crs <> crs
                      AND ST_Area(ST_Intersection(ST_Transform(a.geom, other_crs), ST_Transform(b.geom, other_crs)))
                                            <= slack_m2(least(ST_Perimeter(ST_Transform(a.geom, other_crs)),
                                                ST_Perimeter(ST_Transform(b.geom, other_crs)))) THEN 'within' END
      FROM pair
     CROSS JOIN LATERAL (SELECT (SELECT lower(x.sys) FROM parcel_version x
         WHERE (x.park_id, x.parcel_id, x.from_seq) = (p_park, pair.a, pair.a_from))
                             >= (SELECT lower(y.sys) FROM parcel_version y
                                 WHERE (y.park_id, y.parcel_id, y.from_seq) = (p_other, pair.b,
                                 pair.b_from)) AS a_is_later OFFSET 0) t
     CROSS JOIN LATERAL (SELECT * FROM forebears(p_park, pair.a, pair.a_from, CASE WHEN t.a_is_later THEN pair.a_from
         ELSE pair.a_from + 1 END) OFFSET 0) a
     CROSS JOIN LATERAL (SELECT * FROM forebears(p_other, pair.b, pair.b_from, CASE WHEN t.a_is_later
         THEN pair.b_from + 1 ELSE pair.b_from END) OFFSET 0) b
     CROSS JOIN LATERAL (SELECT ST_Transform(a.geom, crs) AS a, ST_Transform(b.geom, crs) AS b OFFSET 0) g
     CROSS JOIN LATERAL (SELECT ST_Intersection(g.a, g.b) AS g OFFSET 0) s
     WHERE pair.root IS NULL AND ST_Area(ST_Intersection(s.g, p_shared)) > 0)
  SELECT pair.root INTO root FROM pair
    JOIN parcel_version a ON (a.park_id, a.parcel_id, a.from_seq) = (p_park, pair.a, pair.a_from)
    JOIN parcel_version b ON (b.park_id, b.parcel_id, b.from_seq) = (p_other, pair.b, pair.b_from)
   CROSS JOIN LATERAL (SELECT ST_Transform(a.geom, crs) AS a, ST_Transform(b.geom, crs) AS b OFFSET 0) g
   WHERE pair.root IS NOT NULL
       AND ST_Area(ST_Difference(p_shared, ST_Intersection(g.a, g.b))) <= 0.0001 * ST_Perimeter(p_shared)
   ORDER BY pair.root DESC LIMIT 1;
  RETURN root;
END $$;

-- refuse_double_ground locks the clocks of the parks near the record's new shapes, and refuses an overlap with their
-- live parcels. The detail names the other park, and of its parcel only public facts.
CREATE OR REPLACE FUNCTION refuse_double_ground(p_park uuid, p_seq bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE crs integer; around geometry; near uuid[]; hit record;
BEGIN
  IF (SELECT c.bordered_by = pg_current_xact_id() FROM park_clock c WHERE c.park_id = p_park) THEN
    PERFORM take_border(p_park);
  END IF;
  SELECT b.extent INTO around FROM begun_bounds(p_park, p_seq) b;
  IF around IS NULL THEN RETURN; END IF;
  near := near_parks(p_park, around);
  IF near = '{}' THEN RETURN; END IF;
  -- the box around all shapes may touch a park that no single shape comes near
  SELECT coalesce(array_agg(x.park_id ORDER BY x.park_id), '{}') INTO near FROM unnest(near) x (park_id)
      JOIN park k USING (park_id)
   WHERE EXISTS (SELECT FROM begun_land(p_park, p_seq) n WHERE n.geom && reach(k.geom)
       AND ST_DWithin(k.geom, n.geom, bend_degrees(n.geom)))
      OR EXISTS (SELECT FROM stray_ground s JOIN begun_land(p_park, p_seq) n ON s.geom && reach(n.geom)
          WHERE s.park_id = x.park_id);
  IF near = '{}' THEN RETURN; END IF;
  PERFORM FROM park_clock c WHERE c.park_id = ANY (near) ORDER BY c.park_id FOR SHARE;
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  FOR hit IN
    SELECT n.code, n.parcel_id, n.follows, o.park_id AS other_park, o.code AS other, o.parcel_id AS other_id,
        o.from_seq AS other_from, o.publication, k.code AS park, k.name_zh, k.name_en, s.g AS shared
      FROM (SELECT b.*, reach(b.geom) AS reach FROM begun_land(p_park, p_seq) b OFFSET 0) n
      CROSS JOIN LATERAL (SELECT 1 FROM park x WHERE x.park_id = ANY (near) AND x.geom && n.reach UNION ALL SELECT 1
          FROM stray_ground y WHERE y.geom && n.reach LIMIT 1) hint
      CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE v.to_seq IS NULL AND v.geom && n.reach OFFSET 0) o
      CROSS JOIN LATERAL (SELECT ST_Transform(n.geom, crs) AS a, ST_MakeValid(ST_Transform(o.geom, crs)) AS b
          WHERE o.park_id = ANY (near) OFFSET 0) g
      CROSS JOIN LATERAL (SELECT ST_Intersection(g.a, g.b) AS g OFFSET 0) s
      JOIN park k ON k.park_id = o.park_id
     WHERE ST_Area(s.g) > slack_m2(least(ST_Perimeter(g.a), ST_Perimeter(g.b)))
  LOOP
    IF root_of_overlap(p_park, hit.parcel_id, p_seq, hit.other_park, hit.other_id, hit.other_from,
        hit.shared) IS NULL THEN
      RAISE EXCEPTION 'parcel % lies on % m2 that park % holds', hit.code, round(ST_Area(hit.shared)::numeric, 4),
          hit.park
        USING ERRCODE = 'check_violation', CONSTRAINT = 'parcels_overlap',
        DETAIL = jsonb_build_object('parcel', CASE WHEN hit.follows THEN hit.parcel_id END, 'code', hit.code, 'm2',
            round(ST_Area(hit.shared)::numeric, 4), 'park', hit.park, 'park_zh', hit.name_zh,
                                    'park_en', hit.name_en, 'other', CASE WHEN hit.publication = 'public'
                                        THEN hit.other END);
    END IF;
  END LOOP;
END $$;

-- refuse_stray refuses parcels that the record begins or draws outside the park's border, parcels that a new border
-- leaves outside, and parcels that are too small or too wide.
-- A shape lies within the border where its box does: only the others are brought to the plane.
CREATE OR REPLACE FUNCTION refuse_stray(p_park uuid, p_seq bigint, p_kind text) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE crs integer; hit record; bounds record; lost geometry; ground geometry; border geometry; wide geometry;
  astray geometry;
BEGIN
  SELECT * INTO bounds FROM begun_bounds(p_park, p_seq);
  IF NOT (bounds.least_m2 >= 1 AND bounds.across_m <= 20000) THEN
    SELECT n.code, n.computed_m2, (n.span)[0] <-> (n.span)[1] AS across INTO hit
      FROM begun_land(p_park, p_seq) n
     WHERE n.computed_m2 < 1 OR (n.span)[0] <-> (n.span)[1] > 20000
     LIMIT 1;
    IF FOUND AND hit.computed_m2 < 1 THEN
      PERFORM refuse('parcel_has_area', format('parcel %s measures %s m2, a parcel is at least 1 m2',
        hit.code, round(hit.computed_m2::numeric, 4)));
    ELSIF FOUND THEN
      PERFORM refuse('parcel_is_local', format('parcel %s is %s m across, a parcel is at most 20000 m',
        hit.code, round(hit.across::numeric)));
    END IF;
  END IF;
  SELECT k.survey_crs, k.geom, ST_Transform(k.geom, k.survey_crs) INTO crs, ground, border FROM park k
   WHERE k.park_id = p_park;
  SELECT ST_Transform(ST_Difference(ST_Transform(b.was, crs), border), 4490) INTO lost FROM park_border b
   WHERE (b.park_id, b.seq) = (p_park, p_seq);
  FOR hit IN
    SELECT j.code, j.parcel_id, j.follows, ground && j.geom AS near, s.plane
      FROM (SELECT * FROM (
              SELECT n.code, n.parcel_id, n.follows, n.geom, n.span FROM begun_land(p_park, p_seq) n
              UNION ALL
              SELECT v.code, v.parcel_id, true, v.geom, v.span
                FROM (SELECT * FROM parcel_version WHERE to_seq IS NULL AND geom && reach(lost) OFFSET 0) v
               WHERE v.park_id = p_park AND NOT ST_IsEmpty(lost)) each
             WHERE NOT (ground && each.geom AND ST_Covers(border, ST_MakeEnvelope((each.span[1])[0],
                 (each.span[1])[1], (each.span[0])[0], (each.span[0])[1], crs))) OFFSET 0) j
     CROSS JOIN LATERAL (SELECT ST_Transform(j.geom, crs) AS plane OFFSET 0) s
     WHERE NOT (ground && j.geom AND ST_Covers(border, s.plane))
  LOOP
    wide := coalesce(wide, ST_Buffer(border, 1));
    astray := ST_Difference(hit.plane, border);
    CONTINUE WHEN hit.near AND ST_Area(astray) <= slack_m2(ST_Perimeter(hit.plane)) AND ST_Covers(wide, hit.plane);
    CONTINUE WHEN p_kind NOT IN ('create', 'import', 'sample')
      AND EXISTS (SELECT FROM stray_ground x WHERE x.park_id = p_park)
      AND ST_Area(ST_Difference(astray, (SELECT ST_Union(ST_Buffer(ST_Transform(x.geom, crs), 0.001))
                                           FROM stray_ground x WHERE x.park_id = p_park)))
          <= slack_m2(ST_Perimeter(hit.plane));
    RAISE EXCEPTION 'parcel % lies with % m2 outside the border of its park, up to % m from it', hit.code,
      round(ST_Area(astray)::numeric, 4), farthest_m(astray, border)
      USING ERRCODE = 'check_violation', CONSTRAINT = 'parcel_in_park', DETAIL = jsonb_build_object(
        'parcel', CASE WHEN hit.follows THEN hit.parcel_id END, 'code', hit.code,
        'm2', round(ST_Area(astray)::numeric, 4), 'm', farthest_m(astray, border));
  END LOOP;
END $$;

-- refuse_double_right: no right is added on ground that belonged to two parcels before this rule, because one of two
-- rights would be promised land of the other.
CREATE OR REPLACE FUNCTION refuse_double_right(p_park uuid, p_seq bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE crs integer; hit record;
BEGIN
  IF NOT EXISTS (SELECT FROM double_ground d WHERE d.park_id = p_park)
      AND NOT EXISTS (SELECT FROM double_ground d WHERE d.other_park_id = p_park) THEN RETURN; END IF;
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  FOR hit IN
    SELECT n.code, n.parcel_id, n.from_seq, o.park_id AS other_park, o.parcel_id AS other_id,
        o.from_seq AS other_from, k.code AS park, k.name_zh, k.name_en, s.g AS shared
      FROM (SELECT * FROM allotment_parcel r WHERE (r.from_seq, r.park_id) >= (p_seq, p_park)
          AND (r.from_seq, r.park_id) <= (p_seq, p_park) OFFSET 0) l
      CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE (v.park_id, v.parcel_id) = (p_park, l.parcel_id)
          AND v.to_seq IS NULL OFFSET 0) n
      CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE v.to_seq IS NULL AND v.geom && reach(n.geom)
          OFFSET 0) o
      CROSS JOIN LATERAL (SELECT ST_Transform(n.geom, crs) AS a, ST_MakeValid(ST_Transform(o.geom, crs)) AS b
          WHERE o.park_id <> p_park OFFSET 0) g
      CROSS JOIN LATERAL (SELECT ST_Intersection(g.a, g.b) AS g OFFSET 0) s
      JOIN park k ON k.park_id = o.park_id
     WHERE l.to_seq IS NULL AND ST_Area(s.g) > slack_m2(least(ST_Perimeter(g.a), ST_Perimeter(g.b)))
       -- a right that goes on is not added
       AND NOT EXISTS (SELECT FROM allotment_parcel b WHERE (b.park_id, b.allotment_id, b.to_seq) = (p_park,
           l.allotment_id, p_seq))
  LOOP
    IF root_of_overlap(p_park, hit.parcel_id, hit.from_seq, hit.other_park, hit.other_id, hit.other_from,
        hit.shared) IS DISTINCT FROM 'within' THEN
      RAISE EXCEPTION 'parcel % lies on % m2 that park % holds too: no right is added on it', hit.code,
          round(ST_Area(hit.shared)::numeric, 4), hit.park
        USING ERRCODE = 'check_violation', CONSTRAINT = 'right_on_single_ground',
        DETAIL = jsonb_build_object('parcel', hit.parcel_id, 'code', hit.code, 'm2',
            round(ST_Area(hit.shared)::numeric, 4), 'park', hit.park, 'park_zh', hit.name_zh, 'park_en', hit.name_en);
    END IF;
  END LOOP;
END $$;

-- keep_border: a park's border is changed by a record, which keeps the old border.
CREATE OR REPLACE FUNCTION keep_border() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE tick park_clock%ROWTYPE;
BEGIN
  IF ST_OrderingEquals(OLD.geom, NEW.geom) THEN RETURN NEW; END IF;
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = NEW.park_id;
  IF tick.writer IS DISTINCT FROM pg_current_xact_id()
     OR NOT EXISTS (SELECT FROM record r WHERE (r.park_id, r.seq) = (tick.park_id, tick.seq)
         AND r.kind IN ('border', 'import', 'sample', 'revert')) THEN
    PERFORM refuse('border_has_record', format('the border of park %s was changed without a record', NEW.code));
  END IF;
  INSERT INTO park_border (park_id, seq, was, geom) VALUES (tick.park_id, tick.seq, OLD.geom, NEW.geom)
      ON CONFLICT (park_id, seq) DO UPDATE SET geom = EXCLUDED.geom;
  UPDATE park_clock SET dirty = true, bordered_by = pg_current_xact_id() WHERE park_id = NEW.park_id;
  RETURN NEW;
END $$;

CREATE TRIGGER keep_border AFTER UPDATE ON park FOR EACH ROW EXECUTE FUNCTION keep_border();

CREATE OR REPLACE FUNCTION take_new_border() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM take_border(NEW.park_id);
  RETURN NULL;
END $$;

-- Deferred to the commit: an import makes its park before its rows, and should block other new parks only from its
-- commit on.
CREATE CONSTRAINT TRIGGER a_take_border AFTER INSERT OR UPDATE OF geom ON park
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION take_new_border();

-- stored_faults: pairs of double_ground that still share ground, and parcels of stray_ground that still lie outside.
CREATE OR REPLACE FUNCTION stored_faults()
RETURNS TABLE (fault text, park text, parcel text, other_park text, other_parcel text, m2 double precision)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT DISTINCT 'double', k.code, a.code, q.code, b.code, ST_Area(s.g)
    FROM double_ground d
    JOIN park k USING (park_id) JOIN park q ON q.park_id = d.other_park_id
   CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE v.to_seq IS NULL AND v.geom && d.geom OFFSET 0) a
   CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE v.to_seq IS NULL AND v.geom && d.geom OFFSET 0) b
   CROSS JOIN LATERAL (SELECT ST_Transform(a.geom, k.survey_crs) AS a,
       ST_MakeValid(ST_Transform(b.geom, k.survey_crs)) AS b WHERE a.park_id = d.park_id
       AND b.park_id = d.other_park_id OFFSET 0) g
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
COMMENT ON FUNCTION stored_faults() IS
  'Parcels that lie double or astray since before the database refused it, as they are today.';
