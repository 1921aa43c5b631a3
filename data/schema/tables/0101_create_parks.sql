-- Extensions, districts, parks and the clock. Everything else hangs on a park's clock row: it is the write lock of
-- the park, the number of each change, the begin of each new version and the data version that caches use.

CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

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
COMMENT ON COLUMN park.survey_crs IS
  'EPSG code of the plane in which its edges are straight and areas are computed, in metres; never Web Mercator.';
COMMENT ON COLUMN park.illustrative IS 'Its shapes were drawn to illustrate, not surveyed.';
-- Parks near a shape (near_parks).
CREATE INDEX park_geom ON park USING gist (geom);

CREATE TABLE park_clock (
  park_id     uuid PRIMARY KEY REFERENCES park,
  seq         bigint NOT NULL DEFAULT 0 CHECK (seq >= 0),
  at          timestamptz NOT NULL DEFAULT '-infinity',
  writer      xid8,
  dirty       boolean NOT NULL DEFAULT false,
  bordered_by xid8
);
COMMENT ON TABLE park_clock IS 'One row a park: its write lock, the number of its newest change and when that was.';
COMMENT ON COLUMN park_clock.writer IS
  'The transaction that made the newest change; only it may begin or close versions at this number.';
COMMENT ON COLUMN park_clock.dirty IS 'Something was written since the record was last checked as a whole.';
COMMENT ON COLUMN park_clock.bordered_by IS 'The transaction that last drew the park''s border.';
