-- Extensions, roles, parks and the clock. Everything else hangs on a park's clock row: it is the write lock of the park,
-- the number of each change, the begin of each new version and the data version that caches use.

CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Roles belong to the server, not to one database; another database of this server may have made them already.
-- Neither has a password: pg_hba decides who may log in as them.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['luodi_planner', 'luodi_public'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT', name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
    IF NOT pg_has_role(current_user, name, 'MEMBER') THEN
      EXECUTE format('GRANT %I TO %I', name, current_user);
    END IF;
  END LOOP;
END $$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO luodi_planner, luodi_public;

CREATE TABLE district (
  district_id uuid PRIMARY KEY,
  code        text NOT NULL UNIQUE CHECK (code ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name_zh     text NOT NULL CHECK (name_zh <> ''),
  name_en     text NOT NULL CHECK (name_en <> '')
);
COMMENT ON TABLE district IS 'A district that keeps one or more parks; parties and projects belong to it.';

CREATE TABLE park (
  park_id      uuid PRIMARY KEY,
  district_id  uuid NOT NULL REFERENCES district,
  code         text NOT NULL UNIQUE CHECK (code ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name_zh      text NOT NULL CHECK (name_zh <> ''),
  name_en      text NOT NULL CHECK (name_en <> ''),
  survey_crs   integer NOT NULL CHECK (survey_crs <> 3857),
  time_zone    text NOT NULL DEFAULT 'Asia/Shanghai' CHECK (now() AT TIME ZONE time_zone IS NOT NULL),
  illustrative boolean NOT NULL DEFAULT false,
  geom         geometry(MultiPolygon, 4490) NOT NULL CHECK (ST_IsValid(geom) AND NOT ST_IsEmpty(geom))
);
COMMENT ON TABLE park IS 'An industrial park and its boundary.';
COMMENT ON COLUMN park.survey_crs IS 'EPSG code of the plane in which its edges are straight and areas are computed, in metres; never Web Mercator.';
COMMENT ON COLUMN park.illustrative IS 'Its shapes were drawn to illustrate, not surveyed.';

CREATE TABLE park_clock (
  park_id uuid PRIMARY KEY REFERENCES park,
  seq     bigint NOT NULL DEFAULT 0 CHECK (seq >= 0),
  at      timestamptz NOT NULL DEFAULT '-infinity',
  writer  xid8
);
COMMENT ON TABLE park_clock IS 'One row a park: its write lock, the number of its newest change and when that was.';
COMMENT ON COLUMN park_clock.writer IS 'The transaction that made the newest change; only it may begin or close versions at this number.';

CREATE TABLE record (
  park_id     uuid NOT NULL REFERENCES park,
  seq         bigint NOT NULL CHECK (seq > 0),
  record_id   uuid NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('import', 'sample', 'create', 'edit', 'split', 'merge', 'correct', 'release', 'allot', 'publish', 'revert')),
  at          timestamptz NOT NULL,
  reason      text NOT NULL CHECK (reason <> ''),
  documents   jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(documents) = 'array'),
  via         text NOT NULL CHECK (via <> ''),
  proposed_by uuid,
  approved_by uuid,
  PRIMARY KEY (park_id, seq),
  UNIQUE (park_id, record_id)
);
COMMENT ON TABLE record IS 'Who changed what, when, why, by which document. One record is one change is one tick of the park''s clock.';
COMMENT ON COLUMN record.via IS 'The program and version that wrote it, such as "luodi import 0.1.0".';
COMMENT ON COLUMN record.documents IS 'Array of {title, number, date, url}; no person''s data.';

-- begin_record ticks the clock and opens the record of this change. The clock's row lock is held to the end of the transaction,
-- so changes of one park follow one another and their numbers have no gap.
CREATE FUNCTION begin_record(p_park uuid, p_record uuid, p_kind text, p_reason text, p_via text, p_documents jsonb DEFAULT '[]',
                             OUT seq bigint, OUT at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE park_clock c SET seq = c.seq + 1, at = greatest(clock_timestamp(), c.at + interval '1 microsecond'), writer = pg_current_xact_id()
   WHERE c.park_id = p_park RETURNING c.seq, c.at INTO seq, at;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'park % has no clock', p_park USING ERRCODE = 'foreign_key_violation';
  END IF;
  INSERT INTO record (park_id, seq, record_id, kind, at, reason, documents, via)
  VALUES (p_park, seq, p_record, p_kind, at, p_reason, p_documents, p_via);
END $$;
COMMENT ON FUNCTION begin_record IS 'Ticks a park''s clock and opens a record; the number and instant are those of every version the change makes or ends.';

CREATE FUNCTION start_clock() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO park_clock (park_id) VALUES (NEW.park_id);
  RETURN NEW;
END $$;
CREATE TRIGGER start_clock AFTER INSERT ON park FOR EACH ROW EXECUTE FUNCTION start_clock();

-- keep_version guards every *_version table: a version begins at the newest tick, takes its instants from records, and can
-- only ever be closed. park_id, from_seq, to_seq and sys are the columns it knows.
CREATE FUNCTION keep_version() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE tick park_clock%ROWTYPE;
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = NEW.park_id;
  IF tick.writer IS DISTINCT FROM pg_current_xact_id() THEN
    RAISE EXCEPTION '% of park % was written without a record', TG_TABLE_NAME, NEW.park_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'version_has_record';
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

-- settle_shape brings a polygon to the form that is kept. Its names are qualified instead of a search_path being set, so that it is inlined.
CREATE FUNCTION settle_shape(p_geom geometry) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT public.ST_ForcePolygonCCW(public.ST_SnapToGrid(public.ST_Force2D(p_geom), 1e-9)) $$;
COMMENT ON FUNCTION settle_shape IS 'Degrees of EPSG:4490 on the 1e-9 grid, XY, outer rings counter-clockwise.';

CREATE FUNCTION keep_shape() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  NEW.geom := settle_shape(NEW.geom);
  SELECT ST_Area(ST_Transform(NEW.geom, p.survey_crs)) INTO NEW.computed_m2 FROM park p WHERE p.park_id = NEW.park_id;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION keep_shape IS 'A computed area is what the shape measures in the plane of the park''s survey CRS, in square metres: a writer cannot state another.';
