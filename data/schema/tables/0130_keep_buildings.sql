-- Workshops that the park builds (docs/decisions/0031): buildings on parcels, their units, and who holds or has let
-- them. Each row says who changed it last, when and why; building_record keeps every state that a row had.

CREATE TABLE building (
  park_id      uuid NOT NULL REFERENCES park,
  building_id  uuid NOT NULL,
  parcel_id    uuid NOT NULL,
  code         text NOT NULL CHECK (code <> ''),
  name_zh      text NOT NULL CHECK (name_zh <> ''),
  name_en      text NOT NULL CHECK (name_en <> ''),
  stage        text NOT NULL CHECK (stage IN ('planned', 'under_construction', 'ready')),
  since        date CHECK (since BETWEEN '1900-01-01' AND '2200-12-31'),
  ready_by     date CHECK (ready_by BETWEEN '1900-01-01' AND '2200-12-31'),
  storeys      smallint CHECK (storeys BETWEEN 1 AND 200),
  floor_m2     numeric(12,2) CHECK (floor_m2 > 0 AND floor_m2 < 'Infinity'),
  position     geometry(Point, 4490),
  source       text CHECK (source <> ''),
  illustrative boolean NOT NULL DEFAULT false,
  publication  text NOT NULL DEFAULT 'internal' CHECK (publication IN ('public', 'internal')),
  retired      boolean NOT NULL DEFAULT false,
  revision     integer NOT NULL DEFAULT 1,
  changed_by   uuid REFERENCES account,
  changed_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  reason       text CHECK (reason <> ''),
  PRIMARY KEY (park_id, building_id),
  FOREIGN KEY (park_id, parcel_id) REFERENCES parcel,
  CONSTRAINT building_ready_since CHECK (stage <> 'ready' OR since IS NOT NULL),
  CONSTRAINT building_ready_once CHECK (stage <> 'ready' OR ready_by IS NULL),
  CONSTRAINT building_retired_with_reason CHECK (NOT retired OR reason IS NOT NULL)
);
COMMENT ON TABLE building IS 'Workshops (标准厂房) that the park builds, as they are now.';
COMMENT ON COLUMN building.since IS 'Since when it is in its stage: a day that has come; null where that is not known.';
COMMENT ON COLUMN building.ready_by IS
  'By which day it is expected to be ready; null where that is not known, and once it is.';
COMMENT ON COLUMN building.floor_m2 IS 'Gross floor area (建筑面积).';
COMMENT ON COLUMN building.position IS
  'A point of its ground; null where it is not known. By it the building finds its parcel when that is cut.';
COMMENT ON COLUMN building.illustrative IS 'Made up to show what could be.';
COMMENT ON COLUMN building.changed_by IS 'Null: the sample.';
CREATE UNIQUE INDEX building_has_its_code ON building (park_id, code) WHERE NOT retired;
CREATE INDEX building_parcel ON building (parcel_id, park_id) WHERE NOT retired;
ALTER TABLE building ALTER park_id SET STATISTICS 0;

CREATE TABLE unit (
  park_id             uuid NOT NULL,
  unit_id             uuid NOT NULL,
  building_id         uuid NOT NULL,
  code                text NOT NULL CHECK (code <> ''),
  floor               smallint CHECK (floor BETWEEN -9 AND 200 AND floor <> 0),
  area_m2             numeric(10,2) NOT NULL CHECK (area_m2 > 0 AND area_m2 < 'Infinity'),
  clear_height_m      numeric(5,2) CHECK (clear_height_m > 0),
  load_t_m2           numeric(6,2) CHECK (load_t_m2 > 0),
  crane_t             numeric(6,2) CHECK (crane_t >= 0),
  power_kva           numeric(8,1) CHECK (power_kva >= 0),
  rent_cny_m2_month   numeric(8,2) CHECK (rent_cny_m2_month >= 0),
  free_from           date CHECK (free_from BETWEEN '1900-01-01' AND '2200-12-31'),
  publication         text NOT NULL DEFAULT 'internal' CHECK (publication IN ('public', 'internal')),
  retired             boolean NOT NULL DEFAULT false,
  revision            integer NOT NULL DEFAULT 1,
  changed_by          uuid REFERENCES account,
  changed_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  reason              text CHECK (reason <> ''),
  PRIMARY KEY (park_id, unit_id),
  FOREIGN KEY (park_id, building_id) REFERENCES building,
  CONSTRAINT unit_retired_with_reason CHECK (NOT retired OR reason IS NOT NULL)
);
COMMENT ON TABLE unit IS
  'Floor space of a building that is let as one, as it is now. A figure that is null is not known.';
COMMENT ON COLUMN unit.floor IS 'Which storey, 1 is the ground floor and -1 the first below it; null: it has several.';
COMMENT ON COLUMN unit.load_t_m2 IS 'What the floor carries.';
COMMENT ON COLUMN unit.crane_t IS 'What the crane lifts; 0: there is none.';
COMMENT ON COLUMN unit.free_from IS 'Not offered before that day, whatever its lettings say.';
CREATE UNIQUE INDEX unit_has_its_code ON unit (building_id, code, park_id) WHERE NOT retired;
CREATE INDEX unit_building ON unit (building_id, park_id);
ALTER TABLE unit ALTER park_id SET STATISTICS 0;

CREATE TABLE letting (
  park_id     uuid NOT NULL,
  letting_id  uuid NOT NULL,
  unit_id     uuid NOT NULL,
  district_id uuid NOT NULL,
  project_id  uuid NOT NULL,
  period      daterange NOT NULL,
  state       text NOT NULL CHECK (state IN ('held', 'let', 'ended')),
  hold_until  date,
  let_on      date,
  document    text CHECK (document <> ''),
  revision    integer NOT NULL DEFAULT 1,
  changed_by  uuid REFERENCES account,
  changed_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  reason      text CHECK (reason <> ''),
  PRIMARY KEY (park_id, letting_id),
  FOREIGN KEY (park_id, unit_id) REFERENCES unit,
  FOREIGN KEY (district_id, project_id) REFERENCES project,
  CONSTRAINT letting_begins CHECK (state = 'ended' OR lower(period) IS NOT NULL),
  CONSTRAINT hold_has_a_deadline CHECK (state <> 'held' OR hold_until IS NOT NULL),
  CONSTRAINT lease_has_a_document CHECK ((let_on IS NULL) = (document IS NULL)
    AND (state <> 'let' OR let_on IS NOT NULL)),
  CONSTRAINT letting_ends_with_reason CHECK (state <> 'ended' OR reason IS NOT NULL),
  CONSTRAINT unit_let_once EXCLUDE USING gist (park_id WITH =, unit_id WITH =, period WITH &&)
    WHERE (state <> 'ended' OR let_on IS NOT NULL)
);
COMMENT ON TABLE letting IS
  'Which project holds a unit, or has let it, for which days. A unit is held or let once at a time: unit_let_once. A '
  'lease that ended keeps the days that it lasted; a hold that ended keeps none from others.';
COMMENT ON COLUMN letting.period IS
  'From the first day until the day after the last; without an end where none is agreed.';
COMMENT ON COLUMN letting.hold_until IS
  'The last day of the hold; after it the hold is over, and another may have the unit.';
COMMENT ON COLUMN letting.let_on IS 'When the lease was signed; null: it was only held.';
COMMENT ON COLUMN letting.document IS 'The lease, by its number.';
CREATE INDEX letting_unit ON letting (unit_id, park_id);
CREATE INDEX letting_project ON letting (project_id, district_id);
ALTER TABLE letting ALTER park_id SET STATISTICS 0, ALTER district_id SET STATISTICS 0;

CREATE TABLE building_record (
  park_id     uuid NOT NULL,
  building_id uuid NOT NULL,
  n           bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  at          timestamptz NOT NULL,
  account_id  uuid REFERENCES account,
  thing       text NOT NULL CHECK (thing IN ('building', 'unit', 'letting')),
  thing_id    uuid NOT NULL,
  revision    integer NOT NULL,
  reason      text,
  facts       jsonb NOT NULL,
  PRIMARY KEY (park_id, building_id, n),
  FOREIGN KEY (park_id, building_id) REFERENCES building,
  CONSTRAINT building_record_once UNIQUE (thing_id, revision, park_id)
);
COMMENT ON TABLE building_record IS
  'Every state that a building, a unit of it or a letting of one had: who wrote it, when and why. Written by trigger, '
  'never changed.';
COMMENT ON COLUMN building_record.facts IS 'The row as it was from then on.';
ALTER TABLE building_record ALTER park_id SET STATISTICS 0, ALTER facts SET STATISTICS 0;
