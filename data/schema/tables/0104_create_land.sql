-- Zones, plan units, parcels and networks: what land is and may become. Each has an identity table and a version
-- table; a version is never changed but closed. prev_to_seq = from_seq and the deferred reference to the version
-- before make histories gap-free without a trigger: a version begins where another ended, one version at most is the
-- first, one at most is live.
--
-- area_is_finite, capacity_is_finite: NaN is more than any number to PostgreSQL. One NaN makes every sum NaN, which
-- equals itself, and a node of that capacity could promise everything.

CREATE TABLE zone (
  park_id uuid NOT NULL REFERENCES park,
  zone_id uuid NOT NULL,
  code    text NOT NULL CHECK (code <> ''),
  version bigint NOT NULL DEFAULT 0,
  live    boolean NOT NULL DEFAULT true,
  PRIMARY KEY (park_id, zone_id)
);
COMMENT ON TABLE zone IS 'A functional zone of a park; its code stays for life.';
COMMENT ON COLUMN zone.version IS 'Number of the newest change that touched it; what If-Match compares.';
COMMENT ON COLUMN zone.live IS 'It has not been retired; set by trigger.';
-- A code is free again once its owner is retired.
CREATE UNIQUE INDEX zone_live_code ON zone (park_id, code) WHERE live;

CREATE TABLE zone_version (
  park_id     uuid NOT NULL,
  zone_id     uuid NOT NULL,
  from_seq    bigint NOT NULL,
  to_seq      bigint CHECK (to_seq > from_seq),
  prev_to_seq bigint CHECK (prev_to_seq = from_seq),
  sys         tstzrange NOT NULL,
  name_zh     text NOT NULL CHECK (name_zh <> ''),
  name_en     text NOT NULL CHECK (name_en <> ''),
  function    text NOT NULL
      CHECK (function IN ('fibre_production', 'research_incubation', 'industrial_production', 'living', 'logistics',
      'mixed')),
  legal_m2    numeric(16,4) CHECK (legal_m2 > 0),
  computed_m2 double precision NOT NULL CHECK (computed_m2 > 0),
  publication text NOT NULL DEFAULT 'public' CHECK (publication IN ('public', 'internal')),
  geom        geometry(MultiPolygon, 4490) NOT NULL CHECK (ST_IsValid(geom)),
  PRIMARY KEY (park_id, zone_id, from_seq),
  UNIQUE (park_id, zone_id, to_seq),
  FOREIGN KEY (park_id, zone_id) REFERENCES zone,
  FOREIGN KEY (park_id, from_seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, to_seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, zone_id, prev_to_seq) REFERENCES zone_version (park_id, zone_id, to_seq)
      DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT area_is_finite CHECK (legal_m2 < 'Infinity' AND computed_m2 < 'Infinity')
);
COMMENT ON TABLE zone_version IS
  'What a zone was from one change of its park to another; zones change over the years.';
CREATE UNIQUE INDEX zone_version_first ON zone_version (park_id, zone_id) WHERE prev_to_seq IS NULL;
CREATE UNIQUE INDEX zone_version_live ON zone_version (park_id, zone_id) WHERE to_seq IS NULL;
CREATE INDEX zone_version_from ON zone_version (from_seq, park_id);
CREATE INDEX zone_version_to ON zone_version (to_seq, park_id) WHERE to_seq IS NOT NULL;

CREATE TABLE plan_unit (
  park_id      uuid NOT NULL REFERENCES park,
  plan_unit_id uuid NOT NULL,
  code         text NOT NULL CHECK (code <> ''),
  version      bigint NOT NULL DEFAULT 0,
  live         boolean NOT NULL DEFAULT true,
  PRIMARY KEY (park_id, plan_unit_id)
);
COMMENT ON TABLE plan_unit IS
  'A unit of the detailed plan. The plan is not the parcel: conditions hang here, and parcels fall into it.';
COMMENT ON COLUMN plan_unit.version IS 'Number of the newest change that touched it; what If-Match compares.';
COMMENT ON COLUMN plan_unit.live IS 'It has not been retired; set by trigger.';
-- A code is free again once its owner is retired.
CREATE UNIQUE INDEX plan_unit_live_code ON plan_unit (park_id, code) WHERE live;

CREATE TABLE plan_unit_version (
  park_id        uuid NOT NULL,
  plan_unit_id   uuid NOT NULL,
  from_seq       bigint NOT NULL,
  to_seq         bigint CHECK (to_seq > from_seq),
  prev_to_seq    bigint CHECK (prev_to_seq = from_seq),
  sys            tstzrange NOT NULL,
  land_use       text NOT NULL CHECK (land_use ~ '^[0-9]{2,6}$'),
  conditions     jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(conditions) = 'object'),
  edition        text NOT NULL CHECK (edition <> ''),
  effective_from date NOT NULL,
  computed_m2    double precision NOT NULL CHECK (computed_m2 > 0),
  publication    text NOT NULL DEFAULT 'public' CHECK (publication IN ('public', 'internal')),
  geom           geometry(MultiPolygon, 4490) NOT NULL CHECK (ST_IsValid(geom)),
  PRIMARY KEY (park_id, plan_unit_id, from_seq),
  UNIQUE (park_id, plan_unit_id, to_seq),
  FOREIGN KEY (park_id, plan_unit_id) REFERENCES plan_unit,
  FOREIGN KEY (park_id, from_seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, to_seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, plan_unit_id, prev_to_seq) REFERENCES plan_unit_version (park_id, plan_unit_id, to_seq)
      DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT area_is_finite CHECK (computed_m2 < 'Infinity')
);
COMMENT ON TABLE plan_unit_version IS
  'Land-use class and planning conditions of a unit, with the edition of the plan they come from.';
COMMENT ON COLUMN plan_unit_version.conditions IS
  'Per condition {min, max, source, edition, effective_from}; keys as in docs/feeds.md.';
CREATE UNIQUE INDEX plan_unit_version_first ON plan_unit_version (park_id, plan_unit_id) WHERE prev_to_seq IS NULL;
CREATE UNIQUE INDEX plan_unit_version_live ON plan_unit_version (park_id, plan_unit_id) WHERE to_seq IS NULL;
-- A merger asks for the plan unit at a point.
CREATE INDEX plan_unit_version_live_geom ON plan_unit_version USING gist (geom) WHERE to_seq IS NULL;
CREATE INDEX plan_unit_version_from ON plan_unit_version (from_seq, park_id);
CREATE INDEX plan_unit_version_to ON plan_unit_version (to_seq, park_id) WHERE to_seq IS NOT NULL;

CREATE TABLE parcel (
  park_id   uuid NOT NULL REFERENCES park,
  parcel_id uuid NOT NULL,
  version   bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (park_id, parcel_id)
);
COMMENT ON TABLE parcel IS 'The identity of a piece of land that can be allotted; what it is stands in its versions.';
COMMENT ON COLUMN parcel.version IS
  'Number of the newest change that touched the parcel or a right on it; what If-Match compares.';

CREATE TABLE parcel_version (
  park_id          uuid NOT NULL,
  parcel_id        uuid NOT NULL,
  from_seq         bigint NOT NULL,
  to_seq           bigint CHECK (to_seq > from_seq),
  prev_to_seq      bigint CHECK (prev_to_seq = from_seq),
  sys              tstzrange NOT NULL,
  code             text NOT NULL CHECK (code <> '' AND length(code) <= 100),
  zone_id          uuid,
  bank_status      text NOT NULL CHECK (bank_status IN ('reserve', 'available', 'withdrawn')),
  land_use         text CHECK (land_use ~ '^[0-9]{2,6}$'),
  services         jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(services) = 'object'),
  legal_m2         numeric(16,4) NOT NULL CHECK (legal_m2 > 0),
  computed_m2      double precision NOT NULL CHECK (computed_m2 > 0),
  ellipsoid_m2     double precision NOT NULL CHECK (ellipsoid_m2 > 0),
  price_cny_per_m2 numeric(12,2) CHECK (price_cny_per_m2 >= 0),
  cadastral_no     text CHECK (length(cadastral_no) = 19),
  estate_unit_no   text CHECK (length(estate_unit_no) = 28),
  publication      text NOT NULL DEFAULT 'internal' CHECK (publication IN ('public', 'internal')),
  geom             geometry(Polygon, 4490) NOT NULL CHECK (ST_IsValid(geom)),
  span             box NOT NULL,
  PRIMARY KEY (park_id, parcel_id, from_seq),
  UNIQUE (park_id, parcel_id, to_seq),
  FOREIGN KEY (park_id, parcel_id) REFERENCES parcel,
  FOREIGN KEY (park_id, zone_id) REFERENCES zone,
  FOREIGN KEY (park_id, from_seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, to_seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, parcel_id, prev_to_seq) REFERENCES parcel_version (park_id, parcel_id, to_seq)
      DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT area_is_finite CHECK (legal_m2 < 'Infinity' AND computed_m2 < 'Infinity' AND ellipsoid_m2 < 'Infinity'
    AND price_cny_per_m2 < 'Infinity')
);
COMMENT ON TABLE parcel_version IS 'What a parcel was from one change of its park to another.';
COMMENT ON COLUMN parcel_version.bank_status IS
  'Status in the land bank. Held, reserved, supplied and built derive from the live allotment and are never stored '
  'here.';
COMMENT ON COLUMN parcel_version.legal_m2 IS 'Surveyed area; "N mu" of a parcel means this one.';
COMMENT ON COLUMN parcel_version.computed_m2 IS
  'What the shape measures in the plane of the survey CRS; set by trigger.';
COMMENT ON COLUMN parcel_version.ellipsoid_m2 IS 'What the shape measures on the CGCS2000 ellipsoid; set by trigger.';
COMMENT ON COLUMN parcel_version.span IS 'Box of the shape in the plane of the survey CRS; set by trigger.';
CREATE UNIQUE INDEX parcel_version_first ON parcel_version (park_id, parcel_id) WHERE prev_to_seq IS NULL;
CREATE UNIQUE INDEX parcel_version_live ON parcel_version (park_id, parcel_id) WHERE to_seq IS NULL;
CREATE INDEX parcel_version_live_geom ON parcel_version USING gist (geom) WHERE to_seq IS NULL;
-- An edge is straight in the survey CRS, so neighbours are looked up there: span is the box of the shape in that
-- plane. Boxes in degrees miss neighbours whose long edges bend into each other, and the same ground named 360
-- degrees further on.
CREATE INDEX parcel_version_live_span ON parcel_version USING gist (span) WHERE to_seq IS NULL;
CREATE INDEX parcel_version_past_span ON parcel_version USING gist (span) WHERE to_seq IS NOT NULL;
CREATE INDEX parcel_version_from ON parcel_version (from_seq, park_id);
CREATE INDEX parcel_version_to ON parcel_version (to_seq, park_id) WHERE to_seq IS NOT NULL;
-- An index that begins with park_id can be taken for a look-up by key: of a park that the statistics have not seen,
-- the planner believes that it has no rows, and then every index that begins with the park seems as good as the
-- primary key, and the smallest wins. In an import every parcel was looked up by a walk through its whole park
-- (20,000 rows took minutes). The queries of these indexes name both columns, so the indexes begin with the other
-- one. See also 0112_statistics.sql.
CREATE UNIQUE INDEX parcel_version_live_code ON parcel_version (code, park_id) WHERE to_seq IS NULL;
-- A retired zone asks for the parcels in it.
CREATE INDEX parcel_version_live_zone ON parcel_version (zone_id, park_id) WHERE to_seq IS NULL
    AND zone_id IS NOT NULL;

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
CREATE INDEX lineage_seq ON lineage (seq, park_id);
CREATE INDEX lineage_child ON lineage (child_id, park_id);

CREATE TABLE network (
  park_id    uuid NOT NULL REFERENCES park,
  network_id uuid NOT NULL,
  code       text NOT NULL CHECK (code <> ''),
  version    bigint NOT NULL DEFAULT 0,
  live       boolean NOT NULL DEFAULT true,
  PRIMARY KEY (park_id, network_id)
);
COMMENT ON TABLE network IS 'A road, rail link, port, substation or a utility''s line or node.';
COMMENT ON COLUMN network.version IS 'Number of the newest change that touched it; what If-Match compares.';
COMMENT ON COLUMN network.live IS 'It has not been retired; set by trigger.';
-- A code is free again once its owner is retired.
CREATE UNIQUE INDEX network_live_code ON network (park_id, code) WHERE live;

CREATE TABLE network_version (
  park_id       uuid NOT NULL,
  network_id    uuid NOT NULL,
  from_seq      bigint NOT NULL,
  to_seq        bigint CHECK (to_seq > from_seq),
  prev_to_seq   bigint CHECK (prev_to_seq = from_seq),
  sys           tstzrange NOT NULL,
  kind          text NOT NULL
      CHECK (kind IN ('road', 'rail', 'port', 'substation', 'power', 'steam', 'water', 'gas', 'sewer', 'nitrogen')),
  grade         text NOT NULL CHECK (grade IN ('expressway', 'trunk', 'main', 'branch', 'lane', 'node')),
  name_zh       text CHECK (name_zh <> ''),
  name_en       text CHECK (name_en <> ''),
  width_m       numeric(8,2) CHECK (width_m > 0),
  capacity      numeric(16,3) CHECK (capacity >= 0),
  unit          text,
  publication   text NOT NULL DEFAULT 'public' CHECK (publication IN ('public', 'internal')),
  geom          geometry(Geometry, 4490) NOT NULL
      CHECK (GeometryType(geom) IN ('POINT', 'LINESTRING', 'MULTILINESTRING') AND NOT ST_IsEmpty(geom)),
  headroom_told text NOT NULL DEFAULT 'word' CHECK (headroom_told IN ('figure', 'band', 'word', 'none')),
  CHECK ((capacity IS NULL) = (unit IS NULL)),
  PRIMARY KEY (park_id, network_id, from_seq),
  UNIQUE (park_id, network_id, to_seq),
  FOREIGN KEY (park_id, network_id) REFERENCES network,
  FOREIGN KEY (park_id, from_seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, to_seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, network_id, prev_to_seq) REFERENCES network_version (park_id, network_id, to_seq)
      DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT capacity_is_finite CHECK (capacity < 'Infinity' AND width_m < 'Infinity')
);
COMMENT ON TABLE network_version IS 'What a network element was from one change of its park to another.';
COMMENT ON COLUMN network_version.capacity IS 'Installed capacity in unit: kVA, t/h, m3/d, m3/h or t/a.';
COMMENT ON COLUMN network_version.headroom_told IS
  'How the public is told what a node has left: a figure, a band, a word, or not at all (none).';
CREATE UNIQUE INDEX network_version_first ON network_version (park_id, network_id) WHERE prev_to_seq IS NULL;
CREATE UNIQUE INDEX network_version_live ON network_version (park_id, network_id) WHERE to_seq IS NULL;
CREATE INDEX network_version_from ON network_version (from_seq, park_id);
CREATE INDEX network_version_to ON network_version (to_seq, park_id) WHERE to_seq IS NOT NULL;
