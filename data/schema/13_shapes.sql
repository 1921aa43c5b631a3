-- Shapes: normal form and measures.

-- settle_shape brings a polygon to its stored form. It qualifies names instead of setting a search_path, so that
-- PostgreSQL can inline it.
CREATE OR REPLACE FUNCTION settle_shape(p_geom geometry) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT public.ST_ForcePolygonCCW(public.ST_SnapToGrid(public.ST_Force2D(p_geom), 1e-9)) $$;
COMMENT ON FUNCTION settle_shape IS 'Degrees of EPSG:4490 on the 1e-9 grid, XY, outer rings counter-clockwise.';

-- slack_m2 is the tolerance of an overlap or a round trip: 0.01 m2 + 0.1 mm a metre of outline (docs/promises.md).
CREATE OR REPLACE FUNCTION slack_m2(p_perimeter double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 0.01 + 0.0001 * p_perimeter $$;

CREATE OR REPLACE FUNCTION keep_shape() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  NEW.geom := settle_shape(NEW.geom);
  SELECT ST_Area(ST_Transform(NEW.geom, p.survey_crs)) INTO NEW.computed_m2 FROM park p WHERE p.park_id = NEW.park_id;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION keep_shape IS
  'A computed area is what the shape measures in the plane of the park''s survey CRS, in square metres: a writer '
  'cannot state another.';

-- begin_parcel is keep_version for a parcel that begins. It also brings its shape to the stored form, and computes its
-- area, in the plane of the survey CRS and on the ellipsoid, and its box in that plane. One query serves a row.
--
-- That the clock's number is a record's, which a foreign key would say, follows from begin_record: records are never
-- deleted.
CREATE OR REPLACE FUNCTION begin_parcel() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE tick record; plane geometry;
BEGIN
  SELECT c.seq, c.at, c.writer = pg_current_xact_id() AS mine, p.survey_crs INTO tick
    FROM park p JOIN park_clock c USING (park_id) WHERE p.park_id = NEW.park_id;
  IF tick.mine IS NOT TRUE THEN
    PERFORM refuse('version_has_record', format('parcel_version of park %s was written without a record', NEW.park_id));
  ELSIF NEW.from_seq IS DISTINCT FROM tick.seq OR NEW.to_seq IS NOT NULL THEN
    PERFORM refuse('version_begins_now', format(
      'parcel_version of park %s must begin, open, at the park''s newest change %s, not %s', NEW.park_id, tick.seq,
      NEW.from_seq));
  END IF;
  NEW.sys := tstzrange(tick.at, NULL);
  NEW.geom := settle_shape(NEW.geom);
  plane := ST_Transform(NEW.geom, tick.survey_crs);
  NEW.computed_m2 := ST_Area(plane);
  NEW.ellipsoid_m2 := ST_Area(NEW.geom::geography);
  NEW.span := plane::box;
  IF NOT ST_IsValid(plane) AND ST_IsValid(NEW.geom) THEN
    PERFORM refuse('shape_is_plane',
        format('parcel %s crosses itself where its edges are straight, in the survey CRS', NEW.code));
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER b_begin_parcel BEFORE INSERT ON parcel_version FOR EACH ROW EXECUTE FUNCTION begin_parcel();

-- first_publication: roads, railways, ports and the nodes of utilities are public where nobody says otherwise, their
-- lines are not.
CREATE OR REPLACE FUNCTION first_publication(p_kind text, p_grade text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN p_grade = 'node' OR p_kind IN ('road', 'rail', 'port') THEN 'public' ELSE 'internal' END
$$;
COMMENT ON FUNCTION first_publication IS 'Who sees a network where its writer doesn''t say.';

CREATE OR REPLACE FUNCTION keep_line() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  NEW.publication := coalesce(NEW.publication, first_publication(NEW.kind, NEW.grade));
  NEW.geom := ST_SnapToGrid(ST_Force2D(NEW.geom), 1e-9);
  RETURN NEW;
END $$;

-- settle_park brings a border to its stored form. The survey plane must measure in metres and keep the park's area to
-- 1 %: in degrees or feet no tolerance would hold. An edge of a border is at most as long as an edge of a parcel, so
-- that its bend has the same bound.
CREATE OR REPLACE FUNCTION settle_park() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE drawn geometry; plane double precision; ground double precision;
BEGIN
  NEW.geom := settle_shape(NEW.geom);
  drawn := ST_Transform(NEW.geom, NEW.survey_crs);
  plane := ST_Area(drawn);
  ground := ST_Area(NEW.geom::geography);
  IF NOT abs(plane - ground) <= 0.01 * ground THEN
    PERFORM refuse('plane_keeps_area', format('EPSG:%s measures park %s as %s m2, the ellipsoid as %s m2',
        NEW.survey_crs, NEW.code, plane, ground));
  END IF;
  IF EXISTS (SELECT FROM ST_DumpSegments(drawn) s WHERE ST_Length(s.geom) > 20000) THEN
    PERFORM refuse('border_is_dense', format('an edge of the border of park %s is longer than 20000 m', NEW.code));
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER settle_park BEFORE INSERT OR UPDATE ON park FOR EACH ROW EXECUTE FUNCTION settle_park();
