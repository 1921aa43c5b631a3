-- Companies, their projects, and the rights projects have to parcels. Party and project belong to the district: a project need not have a park yet.

CREATE TABLE party (
  district_id uuid NOT NULL REFERENCES district,
  party_id    uuid NOT NULL,
  name_zh     text NOT NULL CHECK (name_zh <> ''),
  name_en     text NOT NULL CHECK (name_en <> ''),
  named       boolean NOT NULL DEFAULT false,
  placeholder boolean NOT NULL DEFAULT false,
  source      text,
  PRIMARY KEY (district_id, party_id),
  UNIQUE (district_id, name_zh)
);
COMMENT ON TABLE party IS 'A company or public body. Data of persons lives only in contact.';
COMMENT ON COLUMN party.named IS 'It agreed to be named to the public.';
COMMENT ON COLUMN party.placeholder IS 'Stands for one that the source does not name.';

CREATE TABLE contact (
  district_id uuid NOT NULL,
  contact_id  uuid NOT NULL,
  party_id    uuid NOT NULL,
  name        text,
  phone       text,
  email       text,
  erased_at   timestamptz,
  PRIMARY KEY (district_id, contact_id),
  FOREIGN KEY (district_id, party_id) REFERENCES party,
  CHECK (erased_at IS NULL OR (name IS NULL AND phone IS NULL AND email IS NULL))
);
COMMENT ON TABLE contact IS 'The only place for a person''s data; it can be erased, and everything else carries ids.';

CREATE TABLE project (
  district_id uuid NOT NULL REFERENCES district,
  project_id  uuid NOT NULL,
  code        text NOT NULL CHECK (code <> ''),
  party_id    uuid,
  PRIMARY KEY (district_id, project_id),
  UNIQUE (district_id, code),
  FOREIGN KEY (district_id, party_id) REFERENCES party
);
COMMENT ON TABLE project IS 'An investment project.';

CREATE TABLE project_version (
  district_id    uuid NOT NULL,
  project_id     uuid NOT NULL,
  revision       integer NOT NULL CHECK (revision > 0),
  sys            tstzrange NOT NULL DEFAULT tstzrange(clock_timestamp(), NULL),
  name_zh        text NOT NULL CHECK (name_zh <> ''),
  name_en        text NOT NULL CHECK (name_en <> ''),
  industry_codes jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(industry_codes) = 'array'),
  chain_stage    text,
  investment_cny numeric(16,2) CHECK (investment_cny >= 0),
  figures        jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(figures) = 'object'),
  requirement    jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(requirement) = 'object'),
  task_force     text,
  placeholder    boolean NOT NULL DEFAULT false,
  named          boolean NOT NULL DEFAULT false,
  source         text,
  PRIMARY KEY (district_id, project_id, revision),
  FOREIGN KEY (district_id, project_id) REFERENCES project,
  EXCLUDE USING gist (district_id WITH =, project_id WITH =, sys WITH &&)
);
COMMENT ON TABLE project_version IS 'Facts of a project as they were known over a time.';
COMMENT ON COLUMN project_version.industry_codes IS 'Array of {code, edition}: carbon fibre has no single home in GB/T 4754.';
COMMENT ON COLUMN project_version.figures IS 'Stated figures such as {"sales_cny_per_year": 200000000, "production_year": 2023}.';
CREATE UNIQUE INDEX project_version_live ON project_version (district_id, project_id) WHERE upper_inf(sys);

CREATE TABLE project_tag (
  district_id uuid NOT NULL,
  project_id  uuid NOT NULL,
  tag         text NOT NULL CHECK (tag IN ('provincial_key', 'municipal_key')),
  valid       daterange NOT NULL,
  PRIMARY KEY (district_id, project_id, tag, valid),
  FOREIGN KEY (district_id, project_id) REFERENCES project
);
COMMENT ON TABLE project_tag IS 'Dated listings such as provincial key project: tags, not stages.';

CREATE TABLE project_milestone (
  district_id uuid NOT NULL,
  project_id  uuid NOT NULL,
  stage       text NOT NULL CHECK (stage IN ('in_talks', 'signed', 'landed', 'started', 'in_production')),
  reached_on  date NOT NULL,
  evidence    text NOT NULL CHECK (evidence <> ''),
  PRIMARY KEY (district_id, project_id, stage),
  FOREIGN KEY (district_id, project_id) REFERENCES project
);
COMMENT ON TABLE project_milestone IS 'When a project reached a stage, and what proves it; start rates are counted from these by cohort.';

CREATE TABLE project_investment (
  district_id uuid NOT NULL,
  project_id  uuid NOT NULL,
  until       date NOT NULL,
  paid_cny    numeric(16,2) NOT NULL CHECK (paid_cny >= 0),
  evidence    text NOT NULL CHECK (evidence <> ''),
  PRIMARY KEY (district_id, project_id, until),
  FOREIGN KEY (district_id, project_id) REFERENCES project
);
COMMENT ON TABLE project_investment IS 'Money a project had put in by a day of the year, from the first of January.';

CREATE TABLE allotment (
  park_id      uuid NOT NULL REFERENCES park,
  allotment_id uuid NOT NULL,
  district_id  uuid NOT NULL,
  project_id   uuid NOT NULL,
  PRIMARY KEY (park_id, allotment_id),
  FOREIGN KEY (district_id, project_id) REFERENCES project
);
COMMENT ON TABLE allotment IS 'A project''s right to parcels.';

CREATE TABLE allotment_version (
  park_id      uuid NOT NULL,
  allotment_id uuid NOT NULL,
  from_seq     bigint NOT NULL,
  to_seq       bigint CHECK (to_seq > from_seq),
  prev_to_seq  bigint CHECK (prev_to_seq = from_seq),
  sys          tstzrange NOT NULL,
  state        text NOT NULL CHECK (state IN ('hold', 'reserved', 'supplied', 'built')),
  expires_at   timestamptz,
  supply_mode  text CHECK (supply_mode IN ('tender', 'auction', 'listing', 'agreement', 'long_lease', 'lease_then_grant', 'flexible_term')),
  term_years   numeric(4,1) CHECK (term_years > 0 AND term_years <= 50),
  commitments  jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(commitments) = 'object'),
  PRIMARY KEY (park_id, allotment_id, from_seq),
  UNIQUE (park_id, allotment_id, to_seq),
  FOREIGN KEY (park_id, allotment_id) REFERENCES allotment,
  FOREIGN KEY (park_id, from_seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, to_seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, allotment_id, prev_to_seq) REFERENCES allotment_version (park_id, allotment_id, to_seq) DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE allotment_version IS 'The state of a right: hold, reserved, supplied, built. A right that ended has no live version.';
COMMENT ON COLUMN allotment_version.expires_at IS 'The deadline of a hold; the right ends by a record, not by time.';
CREATE UNIQUE INDEX allotment_version_first ON allotment_version (park_id, allotment_id) WHERE prev_to_seq IS NULL;
CREATE UNIQUE INDEX allotment_version_live ON allotment_version (park_id, allotment_id) WHERE to_seq IS NULL;
CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON allotment_version FOR EACH ROW EXECUTE FUNCTION keep_version();

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
COMMENT ON TABLE allotment_parcel IS 'Which parcels a right covers, and when: two rights never cover a parcel at one instant.';
CREATE INDEX allotment_parcel_live ON allotment_parcel (park_id, parcel_id) WHERE to_seq IS NULL;
CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON allotment_parcel FOR EACH ROW EXECUTE FUNCTION keep_version();
