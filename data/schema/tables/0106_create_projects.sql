-- Companies and their projects. Party and project belong to the district: a project need not have a park yet. Two
-- parks may each know a company or project by the same name: that one of them does is nothing that the other may
-- learn from a refusal, hence the park in the keys of names and codes. The park may come in the same transaction,
-- after its projects, hence the deferred references.

CREATE TABLE party (
  district_id uuid NOT NULL REFERENCES district,
  party_id    uuid NOT NULL,
  name_zh     text NOT NULL CHECK (name_zh <> ''),
  name_en     text NOT NULL CHECK (name_en <> ''),
  named       boolean NOT NULL DEFAULT false,
  placeholder boolean NOT NULL DEFAULT false,
  source      text,
  revision    integer NOT NULL DEFAULT 1 CHECK (revision > 0),
  park_id     uuid REFERENCES park DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (district_id, party_id),
  CONSTRAINT party_district_id_name_zh_key UNIQUE NULLS NOT DISTINCT (district_id, park_id, name_zh)
);
COMMENT ON TABLE party IS 'A company or public body. Data of persons lives only in contact.';
COMMENT ON COLUMN party.named IS 'It agreed to be named to the public.';
COMMENT ON COLUMN party.placeholder IS 'Stands for one that the source does not name.';
COMMENT ON COLUMN party.revision IS 'Counts the edits; what If-Match compares.';
COMMENT ON COLUMN party.park_id IS 'The park that entered it; null: the district did.';

CREATE TABLE party_version (
  district_id uuid NOT NULL,
  party_id    uuid NOT NULL,
  revision    integer NOT NULL,
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  name_zh     text NOT NULL,
  name_en     text NOT NULL,
  named       boolean NOT NULL,
  source      text,
  PRIMARY KEY (district_id, party_id, revision),
  FOREIGN KEY (district_id, party_id) REFERENCES party
);
COMMENT ON TABLE party_version IS 'What a party was from each of its edits on; written by trigger.';

CREATE TABLE contact (
  district_id uuid NOT NULL,
  contact_id  uuid NOT NULL,
  party_id    uuid NOT NULL,
  name        text,
  phone       text,
  email       text,
  erased_at   timestamptz,
  revision    integer NOT NULL DEFAULT 1,
  PRIMARY KEY (district_id, contact_id),
  FOREIGN KEY (district_id, party_id) REFERENCES party,
  CHECK (erased_at IS NULL OR (name IS NULL AND phone IS NULL AND email IS NULL))
);
COMMENT ON TABLE contact IS 'The only place for a person''s data; it can be erased, and everything else carries ids.';
COMMENT ON COLUMN contact.revision IS 'What If-Match compares.';
CREATE INDEX contact_party ON contact (district_id, party_id);

CREATE TABLE project (
  district_id uuid NOT NULL REFERENCES district,
  project_id  uuid NOT NULL,
  code        text NOT NULL CHECK (code <> ''),
  party_id    uuid,
  park_id     uuid REFERENCES park DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (district_id, project_id),
  FOREIGN KEY (district_id, party_id) REFERENCES party,
  CONSTRAINT project_district_id_code_key UNIQUE NULLS NOT DISTINCT (district_id, park_id, code)
);
COMMENT ON TABLE project IS 'An investment project.';
COMMENT ON COLUMN project.park_id IS 'The park that entered it; null: the district did.';
CREATE INDEX project_party ON project (party_id, district_id);

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
  party_id       uuid,
  seeks          uuid[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (district_id, project_id, revision),
  FOREIGN KEY (district_id, project_id) REFERENCES project,
  EXCLUDE USING gist (district_id WITH =, project_id WITH =, sys WITH &&)
);
COMMENT ON TABLE project_version IS 'Facts of a project as they were known over a time.';
COMMENT ON COLUMN project_version.industry_codes IS
  'Array of {code, edition}: carbon fibre has no single home in GB/T 4754.';
COMMENT ON COLUMN project_version.figures IS
  'Stated figures such as {"sales_cny_per_year": 200000000, "production_year": 2023}.';
COMMENT ON COLUMN project_version.party_id IS 'Whose project it was then. Whose it is now stands in project.';
COMMENT ON COLUMN project_version.seeks IS
  'Parks in which it seeks land, by their own word; places in lines and rights count besides.';
CREATE UNIQUE INDEX project_version_live ON project_version (district_id, project_id) WHERE upper_inf(sys);

CREATE TABLE project_tag (
  district_id uuid NOT NULL,
  project_id  uuid NOT NULL,
  tag         text NOT NULL CHECK (tag IN ('provincial_key', 'municipal_key')),
  valid       daterange NOT NULL,
  PRIMARY KEY (district_id, project_id, tag, valid),
  FOREIGN KEY (district_id, project_id) REFERENCES project,
  CONSTRAINT project_tag_holds_a_day CHECK (NOT isempty(valid) AND NOT lower_inf(valid))
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
COMMENT ON TABLE project_milestone IS
  'When a project reached a stage, and what proves it; start rates are counted from these by cohort.';

CREATE TABLE project_investment (
  district_id uuid NOT NULL,
  project_id  uuid NOT NULL,
  until       date NOT NULL,
  paid_cny    numeric(16,2) NOT NULL CHECK (paid_cny >= 0),
  evidence    text NOT NULL CHECK (evidence <> ''),
  noted_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  corrects    boolean NOT NULL DEFAULT false,
  PRIMARY KEY (district_id, project_id, until, noted_at),
  FOREIGN KEY (district_id, project_id) REFERENCES project
);
COMMENT ON TABLE project_investment IS 'Money a project had put in by a day of the year, from the first of January.';
COMMENT ON COLUMN project_investment.corrects IS
  'It takes the place of what was noted of the day before; the first note of a day corrects nothing.';
CREATE UNIQUE INDEX project_investment_day ON project_investment (district_id, project_id, until) WHERE NOT corrects;
