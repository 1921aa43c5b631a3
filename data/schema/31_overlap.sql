-- Overlap within a park.

-- An overlap can be inherited. Two parcels with long outlines may overlap within their slack. A split gives children
-- with shorter outlines and less slack, so the same overlap would be too much. It is accepted where ancestors of both
-- parcels shared that ground within their slack, and never beyond it.
--
-- forebears are the ancestors of a version just before a change: the version itself if it is older than the change,
-- else the versions that the change ended on its ground.
CREATE OR REPLACE FUNCTION forebears(p_park uuid, p_parcel uuid, p_from bigint, p_seq bigint)
RETURNS TABLE (parcel_id uuid, from_seq bigint, span box, geom geometry)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT v.parcel_id, v.from_seq, v.span, v.geom FROM parcel_version v
      WHERE (v.park_id, v.parcel_id, v.from_seq) = (p_park, p_parcel, p_from) AND p_from < p_seq
  UNION ALL
  SELECT f.parcel_id, f.from_seq, f.span, f.geom
    FROM parcel_version v
   CROSS JOIN LATERAL (SELECT * FROM parcel_version w WHERE w.to_seq IS NOT NULL AND w.span && v.span OFFSET 0) f
   WHERE (v.park_id, v.parcel_id, v.from_seq) = (p_park, p_parcel, p_from) AND p_from = p_seq
       AND (f.park_id, f.to_seq) = (p_park, p_seq)
$$;

-- is_inherited reports whether an overlap p_shared (in the survey CRS) of two live versions beyond their slack is
-- inherited.
--
-- 1. It walks back through the ancestors, change by change, along pairs of ancestors that overlap on this ground, to
--    the first pair that overlaps within its own slack.
-- 2. p_shared must lie in the overlap of one such pair.
--
-- The comparison is with that first pair and not with the pair before, so that the overlap can't creep; and with one
-- pair and not with all, so that parts that each grew to their slack don't add up in a merge. The end of a cut is
-- rounded to the grid, which moves an edge by at most 0.08 mm: hence 0.1 mm for each metre of the overlap's outline.
CREATE OR REPLACE FUNCTION is_inherited(p_park uuid, p_a uuid, p_a_from bigint, p_b uuid, p_b_from bigint,
    p_shared geometry) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE crs integer;
BEGIN
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  RETURN EXISTS (
    WITH RECURSIVE pair (a, a_from, b, b_from, within) AS (
      SELECT p_a, p_a_from, p_b, p_b_from, false
      UNION
      SELECT a.parcel_id, a.from_seq, b.parcel_id, b.from_seq,
          ST_Area(s.g) <= slack_m2(least(ST_Perimeter(g.a), ST_Perimeter(g.b)))
        FROM pair
       CROSS JOIN LATERAL (SELECT greatest(pair.a_from, pair.b_from) AS seq OFFSET 0) change
       CROSS JOIN LATERAL (SELECT * FROM forebears(p_park, pair.a, pair.a_from, change.seq) OFFSET 0) a
       CROSS JOIN LATERAL (SELECT * FROM forebears(p_park, pair.b, pair.b_from, change.seq) f
           WHERE f.parcel_id <> a.parcel_id AND f.span && a.span OFFSET 0) b
       CROSS JOIN LATERAL (SELECT ST_Transform(a.geom, crs) AS a, ST_Transform(b.geom, crs) AS b OFFSET 0) g
       CROSS JOIN LATERAL (SELECT ST_Intersection(g.a, g.b) AS g OFFSET 0) s
       WHERE NOT pair.within AND ST_Area(ST_Intersection(s.g, p_shared)) > 0)
    SELECT FROM pair
      JOIN parcel_version a ON (a.park_id, a.parcel_id, a.from_seq) = (p_park, pair.a, pair.a_from)
      JOIN parcel_version b ON (b.park_id, b.parcel_id, b.from_seq) = (p_park, pair.b, pair.b_from)
     CROSS JOIN LATERAL (SELECT ST_Transform(a.geom, crs) AS a, ST_Transform(b.geom, crs) AS b OFFSET 0) g
     WHERE pair.within
         AND ST_Area(ST_Difference(p_shared, ST_Intersection(g.a, g.b))) <= 0.0001 * ST_Perimeter(p_shared));
END $$;
COMMENT ON FUNCTION is_inherited IS
  'Whether ground that two live versions share beyond their slack was shared by one pair of their forebears within '
  'its own.';

-- Promise 1 for a record that begins many parcels, as an import does: the pairs among them are found by a sweep instead
-- of a search for each. refuse_overlap looks at any other pair in the same way.
--
-- 1. Each parcel is brought to the plane and turned by its first edge, once.
-- 2. It is entered in the cells of a grid that its box touches; a cell is 1.5 times as wide as parcels are on average.
--    Two parcels are looked at in the one cell where the common part of their boxes begins.
-- 3. That part bounds their overlap, and so does the common part of their boxes along the first edge of either.
-- 4. What may still overlap is cut.
--
-- Parcels more than four cells wide take no part. The joins are of sets whose size the planner doesn't know, hence no
-- nested loops.
CREATE OR REPLACE FUNCTION swept_overlaps(p_park uuid, p_seq bigint, p_widest double precision)
RETURNS TABLE (code text, parcel_id uuid, other text, other_id uuid, other_from bigint, shared geometry)
LANGUAGE plpgsql STABLE ROWS 10 SET search_path = public, pg_temp SET enable_nestloop = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE crs integer; cell double precision := p_widest / 4;
BEGIN
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  RETURN QUERY
  WITH turned AS MATERIALIZED (
    SELECT b.parcel_id, b.code, b.span, p.plane, t.turn, slack_m2(ST_Perimeter(p.plane)) AS slack,
           ST_Rotate(p.plane, t.turn)::box AS along
      FROM begun_land(p_park, p_seq) b
     CROSS JOIN LATERAL (SELECT ST_Transform(b.geom, crs) AS plane OFFSET 0) p
     CROSS JOIN LATERAL (SELECT coalesce(ST_Azimuth(ST_PointN(ST_ExteriorRing(p.plane), 1),
         ST_PointN(ST_ExteriorRing(p.plane), 2)), 0) AS turn OFFSET 0) t
     WHERE greatest(width(b.span), height(b.span)) <= p_widest),
  entry AS MATERIALIZED (
    SELECT c.parcel_id, c.span, c.slack, c.x,
           generate_series(floor((c.span[1])[1] / cell)::integer, floor((c.span[0])[1] / cell)::integer) AS y
      FROM (SELECT t.parcel_id, t.span, t.slack, generate_series(floor((t.span[1])[0] / cell)::integer,
                floor((t.span[0])[0] / cell)::integer) AS x FROM turned t) c),
  pair AS MATERIALIZED (
    SELECT a.parcel_id AS a, b.parcel_id AS b, least(a.slack, b.slack) AS slack
      FROM entry a JOIN entry b ON (b.x, b.y) = (a.x, a.y)
     WHERE a.parcel_id < b.parcel_id AND a.span && b.span AND area(a.span # b.span) > least(a.slack, b.slack)
       AND floor(((a.span # b.span)[1])[0] / cell) = a.x AND floor(((a.span # b.span)[1])[1] / cell) = a.y)
  SELECT a.code, a.parcel_id, b.code, b.parcel_id, p_seq, s.g
    FROM pair p JOIN turned a ON a.parcel_id = p.a JOIN turned b ON b.parcel_id = p.b
   CROSS JOIN LATERAL (SELECT ST_Intersection(a.plane, b.plane) AS g
       WHERE area(a.along # ST_Rotate(b.plane, a.turn)::box) > p.slack
         AND area(b.along # ST_Rotate(a.plane, b.turn)::box) > p.slack OFFSET 0) s
   WHERE ST_Area(s.g) > p.slack;
END $$;

-- Promise 1. No two live parcels overlap by more than the slack of the shorter outline, unless they inherited the
-- overlap. Neighbours are found through the index on boxes even without statistics, as in the middle of a bulk load.
-- The intersection of two boxes bounds the overlap of the shapes, in whatever direction they lie: boxes along the first
-- edge of a parcel, beside which most of its neighbours lie, spare most pairs the cutting. A parcel whose edge has no
-- direction is measured by boxes to the north. Where more than 1,000 parcels begin, the pairs among those that are not
-- far wider than most are left to the sweep.
CREATE OR REPLACE FUNCTION refuse_overlap(p_park uuid, p_seq bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_memoize = off AS $$
DECLARE crs integer; hit record; widest double precision; greatest_m double precision; around box;
  searched boolean := true;
BEGIN
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  SELECT CASE WHEN b.parcels > 1000 THEN 6 * b.average_m ELSE 0 END, b.widest_m, b.around INTO widest, greatest_m, around
    FROM begun_bounds(p_park, p_seq) b;
  IF widest >= greatest_m THEN
    SELECT EXISTS (SELECT FROM parcel_version v WHERE v.to_seq IS NULL AND v.span && around AND v.park_id = p_park
        AND (v.from_seq < p_seq OR v.prev_to_seq IS NOT NULL)) INTO searched;
  END IF;
  FOR hit IN
    WITH changed AS MATERIALIZED (SELECT * FROM changed_land(p_park, p_seq) WHERE searched)
    SELECT n.code, n.parcel_id, o.code AS other, o.parcel_id AS other_id, o.from_seq AS other_from, s.g AS shared
      FROM (SELECT *, greatest(width(span), height(span)) <= widest AS swept FROM changed WHERE begins OFFSET 0) n
      CROSS JOIN LATERAL (SELECT ST_Transform(n.geom, crs) AS a OFFSET 0) p
      CROSS JOIN LATERAL (SELECT coalesce(ST_Azimuth(ST_PointN(ST_ExteriorRing(p.a), 1),
          ST_PointN(ST_ExteriorRing(p.a), 2)), 0) AS turn OFFSET 0) t
      CROSS JOIN LATERAL (SELECT ST_Rotate(p.a, t.turn)::box AS a OFFSET 0) along
      CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE v.to_seq IS NULL AND v.span && n.span
          AND area(v.span # n.span) > 0.01 OFFSET 0) o
      CROSS JOIN LATERAL (SELECT p.a, ST_Transform(o.geom, crs) AS b OFFSET 0) g
      CROSS JOIN LATERAL (SELECT slack_m2(least(ST_Perimeter(g.a), ST_Perimeter(g.b))) AS m2 OFFSET 0) slack
      CROSS JOIN LATERAL (SELECT ST_Intersection(g.a, g.b) AS g
          WHERE area(along.a # ST_Rotate(g.b, t.turn)::box) > slack.m2 OFFSET 0) s
     WHERE o.park_id = p_park AND o.parcel_id <> n.parcel_id
         AND (o.from_seq < p_seq OR o.prev_to_seq IS NOT NULL
           OR NOT n.swept AND (o.parcel_id > n.parcel_id OR greatest(width(o.span), height(o.span)) <= widest))
       AND ST_Area(s.g) > slack.m2
    UNION ALL SELECT w.* FROM swept_overlaps(p_park, p_seq, widest) w WHERE widest > 0
  LOOP
    IF NOT is_inherited(p_park, hit.parcel_id, p_seq, hit.other_id, hit.other_from, hit.shared) THEN
      PERFORM refuse('parcels_overlap', format('parcel %s overlaps parcel %s by %s m2', hit.code, hit.other,
          round(ST_Area(hit.shared)::numeric, 4)));
    END IF;
  END LOOP;
END $$;
