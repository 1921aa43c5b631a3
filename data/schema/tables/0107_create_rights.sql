-- The rights of projects to parcels, and the queues for parcels that another project holds.

CREATE TABLE allotment (
  park_id      uuid NOT NULL REFERENCES park,
  allotment_id uuid NOT NULL,
  district_id  uuid NOT NULL,
  project_id   uuid NOT NULL,
  version      bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (park_id, allotment_id),
  FOREIGN KEY (district_id, project_id) REFERENCES project
);
COMMENT ON TABLE allotment IS 'A project''s right to parcels.';
COMMENT ON COLUMN allotment.version IS 'Number of the newest change of the right; what If-Match compares.';
CREATE INDEX allotment_project ON allotment (district_id, project_id);

CREATE TABLE allotment_version (
  park_id      uuid NOT NULL,
  allotment_id uuid NOT NULL,
  from_seq     bigint NOT NULL,
  to_seq       bigint CHECK (to_seq > from_seq),
  prev_to_seq  bigint CHECK (prev_to_seq = from_seq),
  sys          tstzrange NOT NULL,
  state        text NOT NULL CHECK (state IN ('hold', 'reserved', 'supplied', 'built')),
  expires_at   timestamptz,
  supply_mode  text
      CHECK (supply_mode IN ('tender', 'auction', 'listing', 'agreement', 'long_lease', 'lease_then_grant',
      'flexible_term')),
  term_years   numeric(4,1) CHECK (term_years > 0 AND term_years <= 70),
  commitments  jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(commitments) = 'object'),
  extended     integer NOT NULL DEFAULT 0 CHECK (extended BETWEEN 0 AND 1),
  PRIMARY KEY (park_id, allotment_id, from_seq),
  UNIQUE (park_id, allotment_id, to_seq),
  FOREIGN KEY (park_id, allotment_id) REFERENCES allotment,
  FOREIGN KEY (park_id, from_seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, to_seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, allotment_id, prev_to_seq) REFERENCES allotment_version (park_id, allotment_id, to_seq)
      DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE allotment_version IS
  'The state of a right: hold, reserved, supplied, built. A right that ended has no live version.';
COMMENT ON COLUMN allotment_version.expires_at IS 'The deadline of a hold; the right ends by a record, not by time.';
COMMENT ON COLUMN allotment_version.extended IS 'How often the hold was extended: once at most.';
CREATE UNIQUE INDEX allotment_version_first ON allotment_version (park_id, allotment_id) WHERE prev_to_seq IS NULL;
CREATE UNIQUE INDEX allotment_version_live ON allotment_version (park_id, allotment_id) WHERE to_seq IS NULL;
CREATE INDEX allotment_version_deadline ON allotment_version (expires_at) WHERE to_seq IS NULL AND state = 'hold';
CREATE INDEX allotment_version_from ON allotment_version (from_seq, park_id);
CREATE INDEX allotment_version_to ON allotment_version (to_seq, park_id) WHERE to_seq IS NOT NULL;
-- NOT VALID: holds of before the rule may lack a deadline.
ALTER TABLE allotment_version ADD CONSTRAINT hold_has_deadline
  CHECK (state <> 'hold' OR expires_at IS NOT NULL) NOT VALID;

CREATE TABLE allotment_parcel (
  park_id      uuid NOT NULL,
  allotment_id uuid NOT NULL,
  parcel_id    uuid NOT NULL,
  from_seq     bigint NOT NULL,
  to_seq       bigint CHECK (to_seq > from_seq),
  sys          tstzrange NOT NULL,
  PRIMARY KEY (park_id, allotment_id, parcel_id, from_seq),
  FOREIGN KEY (park_id, allotment_id) REFERENCES allotment,
  FOREIGN KEY (park_id, parcel_id) REFERENCES parcel,
  FOREIGN KEY (park_id, from_seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, to_seq) REFERENCES record (park_id, seq),
  CONSTRAINT one_right_at_a_time EXCLUDE USING gist (park_id WITH =, parcel_id WITH =, sys WITH &&)
);
COMMENT ON TABLE allotment_parcel IS
  'Which parcels a right covers, and when: two rights never cover a parcel at one instant.';
CREATE INDEX allotment_parcel_live ON allotment_parcel (park_id, parcel_id) WHERE to_seq IS NULL;
CREATE INDEX allotment_parcel_from ON allotment_parcel (from_seq, park_id);
CREATE INDEX allotment_parcel_to ON allotment_parcel (to_seq, park_id) WHERE to_seq IS NOT NULL;

CREATE TABLE waiting (
  park_id     uuid NOT NULL,
  waiting_id  uuid NOT NULL,
  parcel_id   uuid NOT NULL,
  district_id uuid NOT NULL,
  project_id  uuid NOT NULL,
  from_seq    bigint NOT NULL,
  to_seq      bigint CHECK (to_seq > from_seq),
  sys         tstzrange NOT NULL,
  term_days   integer NOT NULL CHECK (term_days BETWEEN 1 AND 366),
  PRIMARY KEY (park_id, waiting_id),
  UNIQUE (park_id, parcel_id, from_seq),
  FOREIGN KEY (park_id, parcel_id) REFERENCES parcel,
  FOREIGN KEY (district_id, project_id) REFERENCES project,
  FOREIGN KEY (park_id, from_seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, to_seq) REFERENCES record (park_id, seq)
);
COMMENT ON TABLE waiting IS
  'A project''s place in the line for a parcel. Who came first (from_seq) is served first; the kind of the record '
  'that ended a place says how it ended. The public reads nothing of it.';
COMMENT ON COLUMN waiting.term_days IS 'How long the hold shall last that the place is served with.';
CREATE UNIQUE INDEX waiting_once ON waiting (park_id, parcel_id, project_id) WHERE to_seq IS NULL;
CREATE INDEX waiting_live ON waiting (park_id, parcel_id, from_seq) WHERE to_seq IS NULL;
CREATE INDEX waiting_project ON waiting (project_id, district_id) WHERE to_seq IS NULL;
CREATE INDEX waiting_from ON waiting (from_seq, park_id);
CREATE INDEX waiting_to ON waiting (to_seq, park_id) WHERE to_seq IS NOT NULL;
