-- Zones, plan units, parcels and networks: what land is and may become. Each has an identity table and a version table; a version
-- is never changed but closed. prev_to_seq = from_seq and the deferred reference to the version before make histories
-- gap-free without a trigger: a version begins where another ended, one version at most is the first, one at most is live.

CREATE TABLE zone (
  park_id uuid NOT NULL REFERENCES park,
  zone_id uuid NOT NULL,
  code    text NOT NULL CHECK (code <> ''),
  PRIMARY KEY (park_id, zone_id),
  UNIQUE (park_id, code)
);
COMMENT ON TABLE zone IS 'A functional zone of a park; its code stays for life.';

CREATE TABLE zone_version (
  park_id     uuid NOT NULL,
  zone_id     uuid NOT NULL,
  from_seq    bigint NOT NULL,
  to_seq      bigint CHECK (to_seq > from_seq),
  prev_to_seq bigint CHECK (prev_to_seq = from_seq),
  sys         tstzrange NOT NULL,
  name_zh     text NOT NULL CHECK (name_zh <> ''),
  name_en     text NOT NULL CHECK (name_en <> ''),
  function    text NOT NULL CHECK (function IN ('fibre_production', 'research_incubation', 'industrial_production', 'living', 'logistics', 'mixed')),
  legal_m2    numeric(16,4) CHECK (legal_m2 > 0),
  computed_m2 double precision NOT NULL CHECK (computed_m2 > 0),
  publication text NOT NULL DEFAULT 'public' CHECK (publication IN ('public', 'internal')),
  geom        geometry(MultiPolygon, 4490) NOT NULL CHECK (ST_IsValid(geom)),
  PRIMARY KEY (park_id, zone_id, from_seq),
  UNIQUE (park_id, zone_id, to_seq),
  FOREIGN KEY (park_id, zone_id) REFERENCES zone,
  FOREIGN KEY (park_id, from_seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, to_seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, zone_id, prev_to_seq) REFERENCES zone_version (park_id, zone_id, to_seq) DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE zone_version IS 'What a zone was from one change of its park to another; zones change over the years.';
CREATE UNIQUE INDEX zone_version_first ON zone_version (park_id, zone_id) WHERE prev_to_seq IS NULL;
CREATE UNIQUE INDEX zone_version_live ON zone_version (park_id, zone_id) WHERE to_seq IS NULL;
CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON zone_version FOR EACH ROW EXECUTE FUNCTION keep_version();
CREATE TRIGGER b_keep_shape BEFORE INSERT ON zone_version FOR EACH ROW EXECUTE FUNCTION keep_shape();

CREATE TABLE plan_unit (
  park_id      uuid NOT NULL REFERENCES park,
  plan_unit_id uuid NOT NULL,
  code         text NOT NULL CHECK (code <> ''),
  PRIMARY KEY (park_id, plan_unit_id),
  UNIQUE (park_id, code)
);
COMMENT ON TABLE plan_unit IS 'A unit of the detailed plan. The plan is not the parcel: conditions hang here, and parcels fall into it.';

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
  FOREIGN KEY (park_id, plan_unit_id, prev_to_seq) REFERENCES plan_unit_version (park_id, plan_unit_id, to_seq) DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE plan_unit_version IS 'Land-use class and planning conditions of a unit, with the edition of the plan they come from.';
COMMENT ON COLUMN plan_unit_version.conditions IS 'Per condition {min, max, source, edition, effective_from}; keys as in docs/feeds.md.';
CREATE UNIQUE INDEX plan_unit_version_first ON plan_unit_version (park_id, plan_unit_id) WHERE prev_to_seq IS NULL;
CREATE UNIQUE INDEX plan_unit_version_live ON plan_unit_version (park_id, plan_unit_id) WHERE to_seq IS NULL;
CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON plan_unit_version FOR EACH ROW EXECUTE FUNCTION keep_version();
CREATE TRIGGER b_keep_shape BEFORE INSERT ON plan_unit_version FOR EACH ROW EXECUTE FUNCTION keep_shape();

CREATE TABLE parcel (
  park_id   uuid NOT NULL REFERENCES park,
  parcel_id uuid NOT NULL,
  PRIMARY KEY (park_id, parcel_id)
);
COMMENT ON TABLE parcel IS 'The identity of a piece of land that can be allotted; what it is stands in its versions.';

CREATE TABLE parcel_version (
  park_id          uuid NOT NULL,
  parcel_id        uuid NOT NULL,
  from_seq         bigint NOT NULL,
  to_seq           bigint CHECK (to_seq > from_seq),
  prev_to_seq      bigint CHECK (prev_to_seq = from_seq),
  sys              tstzrange NOT NULL,
  code             text NOT NULL CHECK (code <> '' AND length(code) <= 64),
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
  PRIMARY KEY (park_id, parcel_id, from_seq),
  UNIQUE (park_id, parcel_id, to_seq),
  FOREIGN KEY (park_id, parcel_id) REFERENCES parcel,
  FOREIGN KEY (park_id, zone_id) REFERENCES zone,
  FOREIGN KEY (park_id, from_seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, to_seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, parcel_id, prev_to_seq) REFERENCES parcel_version (park_id, parcel_id, to_seq) DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE parcel_version IS 'What a parcel was from one change of its park to another.';
COMMENT ON COLUMN parcel_version.bank_status IS 'Status in the land bank. Held, reserved, supplied and built derive from the live allotment and are never stored here.';
COMMENT ON COLUMN parcel_version.legal_m2 IS 'Surveyed area; "N mu" of a parcel means this one.';
COMMENT ON COLUMN parcel_version.computed_m2 IS 'What the shape measures in the plane of the survey CRS; set by trigger.';
COMMENT ON COLUMN parcel_version.ellipsoid_m2 IS 'What the shape measures on the CGCS2000 ellipsoid; set by trigger.';
CREATE UNIQUE INDEX parcel_version_first ON parcel_version (park_id, parcel_id) WHERE prev_to_seq IS NULL;
CREATE UNIQUE INDEX parcel_version_live ON parcel_version (park_id, parcel_id) WHERE to_seq IS NULL;
CREATE UNIQUE INDEX parcel_version_live_code ON parcel_version (park_id, code) WHERE to_seq IS NULL;
CREATE INDEX parcel_version_live_geom ON parcel_version USING gist (geom) WHERE to_seq IS NULL;
CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON parcel_version FOR EACH ROW EXECUTE FUNCTION keep_version();

CREATE FUNCTION keep_parcel_shape() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  NEW.geom := settle_shape(NEW.geom);
  SELECT ST_Area(ST_Transform(NEW.geom, p.survey_crs)) INTO NEW.computed_m2 FROM park p WHERE p.park_id = NEW.park_id;
  NEW.ellipsoid_m2 := ST_Area(NEW.geom::geography);
  RETURN NEW;
END $$;
CREATE TRIGGER b_keep_shape BEFORE INSERT ON parcel_version FOR EACH ROW EXECUTE FUNCTION keep_parcel_shape();

CREATE TABLE network (
  park_id    uuid NOT NULL REFERENCES park,
  network_id uuid NOT NULL,
  code       text NOT NULL CHECK (code <> ''),
  PRIMARY KEY (park_id, network_id),
  UNIQUE (park_id, code)
);
COMMENT ON TABLE network IS 'A road, rail link, port, substation or a utility''s line or node.';

CREATE TABLE network_version (
  park_id     uuid NOT NULL,
  network_id  uuid NOT NULL,
  from_seq    bigint NOT NULL,
  to_seq      bigint CHECK (to_seq > from_seq),
  prev_to_seq bigint CHECK (prev_to_seq = from_seq),
  sys         tstzrange NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('road', 'rail', 'port', 'substation', 'power', 'steam', 'water', 'gas', 'sewer', 'nitrogen')),
  grade       text NOT NULL CHECK (grade IN ('expressway', 'trunk', 'main', 'branch', 'lane', 'node')),
  name_zh     text CHECK (name_zh <> ''),
  name_en     text CHECK (name_en <> ''),
  width_m     numeric(8,2) CHECK (width_m > 0),
  capacity    numeric(16,3) CHECK (capacity >= 0),
  unit        text,
  publication text NOT NULL DEFAULT 'public' CHECK (publication IN ('public', 'internal')),
  geom        geometry(Geometry, 4490) NOT NULL CHECK (GeometryType(geom) IN ('POINT', 'LINESTRING', 'MULTILINESTRING') AND NOT ST_IsEmpty(geom)),
  CHECK ((capacity IS NULL) = (unit IS NULL)),
  PRIMARY KEY (park_id, network_id, from_seq),
  UNIQUE (park_id, network_id, to_seq),
  FOREIGN KEY (park_id, network_id) REFERENCES network,
  FOREIGN KEY (park_id, from_seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, to_seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, network_id, prev_to_seq) REFERENCES network_version (park_id, network_id, to_seq) DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE network_version IS 'What a network element was from one change of its park to another.';
COMMENT ON COLUMN network_version.capacity IS 'Installed capacity in unit: kVA, t/h, m3/d, m3/h or t/a.';
CREATE UNIQUE INDEX network_version_first ON network_version (park_id, network_id) WHERE prev_to_seq IS NULL;
CREATE UNIQUE INDEX network_version_live ON network_version (park_id, network_id) WHERE to_seq IS NULL;
CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON network_version FOR EACH ROW EXECUTE FUNCTION keep_version();

CREATE FUNCTION keep_line() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  NEW.geom := ST_SnapToGrid(ST_Force2D(NEW.geom), 1e-9);
  RETURN NEW;
END $$;
CREATE TRIGGER b_keep_line BEFORE INSERT ON network_version FOR EACH ROW EXECUTE FUNCTION keep_line();
