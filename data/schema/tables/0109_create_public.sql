-- What the public may see and no column more, kept in tables of its own by trigger in the same transaction. PostGIS's
-- operators are not leakproof: behind row-level security or a security-barrier view a box query becomes a scan. A
-- table has neither problem.
--
-- What a change did is read from the versions that it began and ended, for the public from these tables alone:
-- nothing is written a second time, so nothing can disagree.

CREATE TABLE park_public (
  park_id      uuid PRIMARY KEY REFERENCES park,
  code         text NOT NULL UNIQUE,
  name_zh      text NOT NULL,
  name_en      text NOT NULL,
  district_zh  text NOT NULL,
  district_en  text NOT NULL,
  survey_crs   integer NOT NULL,
  time_zone    text NOT NULL,
  illustrative boolean NOT NULL,
  computed_m2  double precision NOT NULL,
  geom         geometry(MultiPolygon, 4490) NOT NULL
);
COMMENT ON TABLE park_public IS 'Parks as the public sees them.';

CREATE TABLE zone_public (
  park_id     uuid NOT NULL REFERENCES park,
  zone_id     uuid NOT NULL,
  from_seq    bigint NOT NULL,
  to_seq      bigint,
  sys         tstzrange NOT NULL,
  code        text NOT NULL,
  name_zh     text NOT NULL,
  name_en     text NOT NULL,
  function    text NOT NULL,
  legal_m2    numeric(16,4),
  computed_m2 double precision NOT NULL,
  geom        geometry(MultiPolygon, 4490) NOT NULL,
  PRIMARY KEY (park_id, zone_id, from_seq)
);
COMMENT ON TABLE zone_public IS 'Versions of zones as the public sees them.';
CREATE INDEX zone_public_live_geom ON zone_public USING gist (geom) WHERE to_seq IS NULL;
CREATE INDEX zone_public_past_geom ON zone_public USING gist (geom, sys) WHERE to_seq IS NOT NULL;
CREATE INDEX zone_public_live_id ON zone_public (zone_id, park_id) WHERE to_seq IS NULL;
-- The facts of a parcel name its zone by code.
CREATE INDEX zone_public_live_code ON zone_public (code, park_id) WHERE to_seq IS NULL;
CREATE INDEX zone_public_from ON zone_public (from_seq, park_id);
CREATE INDEX zone_public_to ON zone_public (to_seq, park_id) WHERE to_seq IS NOT NULL;

CREATE TABLE plan_unit_public (
  park_id        uuid NOT NULL REFERENCES park,
  plan_unit_id   uuid NOT NULL,
  from_seq       bigint NOT NULL,
  to_seq         bigint,
  sys            tstzrange NOT NULL,
  code           text NOT NULL,
  land_use       text NOT NULL,
  conditions     jsonb NOT NULL,
  edition        text NOT NULL,
  effective_from date NOT NULL,
  computed_m2    double precision NOT NULL,
  geom           geometry(MultiPolygon, 4490) NOT NULL,
  PRIMARY KEY (park_id, plan_unit_id, from_seq)
);
COMMENT ON TABLE plan_unit_public IS 'Versions of plan units as the public sees them.';
CREATE INDEX plan_unit_public_live_geom ON plan_unit_public USING gist (geom) WHERE to_seq IS NULL;
CREATE INDEX plan_unit_public_past_geom ON plan_unit_public USING gist (geom, sys) WHERE to_seq IS NOT NULL;
CREATE INDEX plan_unit_public_live_id ON plan_unit_public (plan_unit_id, park_id) WHERE to_seq IS NULL;
CREATE INDEX plan_unit_public_from ON plan_unit_public (from_seq, park_id);
CREATE INDEX plan_unit_public_to ON plan_unit_public (to_seq, park_id) WHERE to_seq IS NOT NULL;

CREATE TABLE network_public (
  park_id    uuid NOT NULL REFERENCES park,
  network_id uuid NOT NULL,
  from_seq   bigint NOT NULL,
  to_seq     bigint,
  sys        tstzrange NOT NULL,
  code       text NOT NULL,
  kind       text NOT NULL,
  grade      text NOT NULL,
  name_zh    text,
  name_en    text,
  width_m    numeric(8,2),
  capacity   numeric(16,3),
  unit       text,
  geom       geometry(Geometry, 4490) NOT NULL,
  PRIMARY KEY (park_id, network_id, from_seq)
);
COMMENT ON TABLE network_public IS 'Versions of networks as the public sees them.';
CREATE INDEX network_public_live_geom ON network_public USING gist (geom) WHERE to_seq IS NULL;
CREATE INDEX network_public_past_geom ON network_public USING gist (geom, sys) WHERE to_seq IS NOT NULL;
CREATE INDEX network_public_live_id ON network_public (network_id, park_id) WHERE to_seq IS NULL;
CREATE INDEX network_public_from ON network_public (from_seq, park_id);
CREATE INDEX network_public_to ON network_public (to_seq, park_id) WHERE to_seq IS NOT NULL;

CREATE TABLE parcel_public (
  park_id          uuid NOT NULL REFERENCES park,
  parcel_id        uuid NOT NULL,
  from_seq         bigint NOT NULL,
  to_seq           bigint,
  sys              tstzrange NOT NULL,
  code             text NOT NULL,
  zone             text,
  status           text NOT NULL,
  bank_status      text NOT NULL,
  land_use         text,
  services         json NOT NULL,
  legal_m2         numeric(16,4) NOT NULL,
  computed_m2      double precision NOT NULL,
  ellipsoid_m2     double precision NOT NULL,
  price_cny_per_m2 numeric(12,2),
  cadastral_no     text,
  estate_unit_no   text,
  tenant_zh        text,
  tenant_en        text,
  project_zh       text,
  project_en       text,
  expires_at       timestamptz,
  geom             geometry(Polygon, 4490) NOT NULL,
  PRIMARY KEY (park_id, parcel_id, from_seq)
);
COMMENT ON COLUMN parcel_public.services IS
  'As text: a feed prints it a million times, and printing jsonb costs the database more than all other columns '
  'together.';
COMMENT ON TABLE parcel_public IS
  'Parcels as the public sees them, with the status that follows from the live allotment; a row begins whenever '
  'anything of it changes.';
CREATE UNIQUE INDEX parcel_public_live ON parcel_public (park_id, parcel_id) WHERE to_seq IS NULL;
CREATE INDEX parcel_public_live_geom ON parcel_public USING gist (geom) WHERE to_seq IS NULL;
CREATE INDEX parcel_public_past_geom ON parcel_public USING gist (geom, sys) WHERE to_seq IS NOT NULL;
CREATE INDEX parcel_public_live_status ON parcel_public (park_id, status, parcel_id) WHERE to_seq IS NULL;
CREATE INDEX parcel_public_live_text ON parcel_public USING gin
  ((code || ' ' || coalesce(tenant_zh, '') || ' ' || coalesce(tenant_en, '') || ' ' || coalesce(project_zh,
      '') || ' ' || coalesce(project_en, '')) gin_trgm_ops) WHERE to_seq IS NULL;
-- An index with both ends of a version skips versions that had not begun or had ended without reading their rows: of
-- a park of 2,000 parcels with eleven versions each, all 22,000 were read (measured).
CREATE INDEX parcel_public_state ON parcel_public (park_id, parcel_id, from_seq,
    (coalesce(to_seq, 9223372036854775807)));
-- A feature is found by its id, whatever park it lies in.
CREATE INDEX parcel_public_live_id ON parcel_public (parcel_id, park_id) WHERE to_seq IS NULL;
CREATE INDEX parcel_public_live_code ON parcel_public (code, park_id) WHERE to_seq IS NULL;
CREATE INDEX parcel_public_from ON parcel_public (from_seq, park_id);
CREATE INDEX parcel_public_to ON parcel_public (to_seq, park_id) WHERE to_seq IS NOT NULL;

-- What the public is told of what a node has left is each node's own setting: a figure, a band of a tenth of the
-- capacity, a word, or nothing. A figure can tell a project's need, which is private: the day its hold begins is
-- public, and so is by how much the figure fell that day. A row begins only when what it says changes.
CREATE TABLE service_public (
  park_id    uuid NOT NULL REFERENCES park,
  network_id uuid NOT NULL,
  service    text NOT NULL,
  from_seq   bigint NOT NULL,
  to_seq     bigint,
  sys        tstzrange NOT NULL,
  free       text CHECK (free IN ('ample', 'some', 'little')),
  told       text NOT NULL CHECK (told IN ('figure', 'band', 'word', 'none')),
  least      numeric(16,3),
  most       numeric(16,3),
  PRIMARY KEY (park_id, network_id, service, from_seq),
  CONSTRAINT says_as_told CHECK ((free IS NULL) = (told = 'none')
    AND (least IS NOT NULL) = (told IN ('figure', 'band')) AND (most IS NOT NULL) = (told IN ('figure', 'band'))
    AND (told <> 'figure' OR least = most))
);
COMMENT ON TABLE service_public IS 'How much of a service is free at a public node, as the public sees it.';
COMMENT ON COLUMN service_public.free IS 'ample: half of the capacity or more; some: a fifth or more; little: less.';
COMMENT ON COLUMN service_public.told IS
  'figure: least and most are what is left; band: it lies between them; word: free alone; none: nothing.';
COMMENT ON COLUMN service_public.least IS
  'In the service''s unit; never below 0, also where more is promised than there is.';
COMMENT ON COLUMN service_public.most IS 'In the service''s unit.';

-- The sums of a park's public land are kept by status, from one record to another, as the parcels are: a balance of a
-- million parcels took seconds at each open map after each change.

CREATE TABLE land_sum_public (
  park_id  uuid NOT NULL REFERENCES park,
  status   text NOT NULL,
  from_seq bigint NOT NULL,
  to_seq   bigint,
  parcels  bigint NOT NULL,
  legal    bigint NOT NULL,
  computed bigint NOT NULL,
  inside   bigint NOT NULL,
  PRIMARY KEY (park_id, status, from_seq)
);
COMMENT ON TABLE land_sum_public IS
  'The public land of a park by status: how many parcels and, in 0.0001 m2, their areas. Written by trigger with '
  'parcel_public.';
COMMENT ON COLUMN land_sum_public.inside IS
  'How much of it lies within the park''s boundary as it is now, so that what lies outside of it does not lessen '
  'what is without parcels.';
CREATE UNIQUE INDEX land_sum_public_live ON land_sum_public (park_id, status) INCLUDE (parcels) WHERE to_seq IS NULL;
