-- Borders of parks: their history, the lock that makers of parks take, and ground that was at fault before the rules
-- of 32_ground.sql.

CREATE TABLE border_clock (
  one   boolean PRIMARY KEY DEFAULT true CHECK (one),
  ticks bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE border_clock IS
  'One row, locked by whoever makes a park or changes a border: of two at once the later sees the earlier.';
INSERT INTO border_clock DEFAULT VALUES;

CREATE TABLE park_border (
  park_id uuid NOT NULL REFERENCES park,
  seq     bigint NOT NULL,
  was     geometry(MultiPolygon, 4490) NOT NULL,
  geom    geometry(MultiPolygon, 4490) NOT NULL,
  PRIMARY KEY (park_id, seq),
  FOREIGN KEY (park_id, seq) REFERENCES record (park_id, seq)
);
COMMENT ON TABLE park_border IS 'Which records changed a park''s border, from what to what; written by trigger.';

-- Parcels that overlapped another park's, or lay outside their park, before the database refused that. They may stay
-- and be dealt out, they never grow, and no right is added where ground overlaps.
CREATE TABLE double_ground (
  park_id uuid NOT NULL, parcel_id uuid NOT NULL, from_seq bigint NOT NULL,
  other_park_id uuid NOT NULL, other_parcel_id uuid NOT NULL, other_from_seq bigint NOT NULL,
  geom geometry(Geometry, 4490) NOT NULL,
  PRIMARY KEY (park_id, parcel_id, from_seq, other_park_id, other_parcel_id, other_from_seq),
  CHECK (park_id < other_park_id)
);
COMMENT ON TABLE double_ground IS
  'Pairs of versions of two parks that overlapped before the database refused it, and the ground they share.';
CREATE INDEX double_ground_other ON double_ground (other_park_id);

CREATE TABLE stray_ground (
  park_id uuid NOT NULL, parcel_id uuid NOT NULL,
  geom geometry(Geometry, 4490) NOT NULL,
  PRIMARY KEY (park_id, parcel_id)
);
COMMENT ON TABLE stray_ground IS
  'Ground of parcels that lay outside their park''s border before the database refused it.';
CREATE INDEX stray_ground_geom ON stray_ground USING gist (geom);
