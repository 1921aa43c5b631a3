-- Construction that began as the land law means it (动工开发) is another fact than the start of a key project (项目开工);
-- planned, year's plan, paid and fixed-asset money are facts of their own; ledgers (项目台账) are taken in once.

ALTER TABLE project_milestone ADD precision text NOT NULL DEFAULT 'day'
  CHECK (precision IN ('day', 'month', 'year', 'by'));
COMMENT ON COLUMN project_milestone.precision IS
  'How well the day is known: day; month, year: only that, and reached_on is the last day of it that other dates allow; '
  'by: it was reached by that day at the latest.';

CREATE TABLE project_land_start (
  district_id  uuid NOT NULL,
  project_id   uuid NOT NULL,
  n            integer NOT NULL CHECK (n > 0),
  park_id      uuid,
  allotment_id uuid,
  started_on   date NOT NULL,
  precision    text NOT NULL DEFAULT 'day' CHECK (precision IN ('day', 'month', 'year', 'by')),
  kind         text NOT NULL CHECK (kind IN ('pit', 'piles', 'foundation', 'stated')),
  evidence     text NOT NULL CHECK (evidence <> ''),
  basis        text NOT NULL DEFAULT 'confirmed' CHECK (basis IN ('confirmed', 'reported')),
  noted_by     uuid REFERENCES account,
  noted_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  corrects     boolean NOT NULL DEFAULT false,
  withdrawn    boolean NOT NULL DEFAULT false,
  reason       text CHECK (reason <> ''),
  PRIMARY KEY (district_id, project_id, n),
  FOREIGN KEY (district_id, project_id) REFERENCES project,
  FOREIGN KEY (park_id, allotment_id) REFERENCES allotment,
  CONSTRAINT land_start_of_a_right CHECK ((park_id IS NULL) = (allotment_id IS NULL)),
  CONSTRAINT land_start_is_seen CHECK (basis = 'reported' OR kind <> 'stated'),
  CONSTRAINT land_start_says_why CHECK (reason IS NOT NULL OR NOT corrects),
  CONSTRAINT land_start_withdrawn_was CHECK (corrects OR NOT withdrawn)
);
COMMENT ON TABLE project_land_start IS
  'When construction began as the land law means it (动工开发): after the building permit a deep pit is finished, all '
  'piles are in, or a third of other foundations. Of one right to land, or of the project where the right is not said.';
COMMENT ON COLUMN project_land_start.kind IS
  'pit, piles, foundation: what was seen; stated: a ledger says so and not what was seen, only with basis reported.';
COMMENT ON COLUMN project_land_start.n IS 'Counts the rows of a project; given by trigger.';
CREATE UNIQUE INDEX project_land_start_first ON project_land_start (district_id, project_id, allotment_id)
  NULLS NOT DISTINCT WHERE NOT corrects;
ALTER TABLE project_land_start ALTER district_id SET STATISTICS 0;

CREATE TABLE project_money (
  district_id uuid NOT NULL,
  project_id  uuid NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('planned_total', 'year_plan', 'paid', 'fixed_asset')),
  span        text NOT NULL,
  currency    text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  year        integer NOT NULL CHECK (year BETWEEN 1980 AND 2200),
  as_of       date NOT NULL,
  n           integer NOT NULL CHECK (n > 0),
  amount      numeric(16,2) NOT NULL CHECK (amount >= 0),
  evidence    text NOT NULL CHECK (evidence <> ''),
  basis       text NOT NULL DEFAULT 'confirmed' CHECK (basis IN ('confirmed', 'reported')),
  noted_by    uuid REFERENCES account,
  noted_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  corrects    boolean NOT NULL DEFAULT false,
  reason      text CHECK (reason <> ''),
  PRIMARY KEY (district_id, project_id, kind, span, currency, year, as_of, n),
  FOREIGN KEY (district_id, project_id) REFERENCES project,
  CONSTRAINT money_has_its_span CHECK (CASE kind WHEN 'planned_total' THEN span = 'whole'
    WHEN 'year_plan' THEN span = 'year' WHEN 'paid' THEN span IN ('to_date', 'since_begin')
    ELSE span IN ('to_date', 'month', 'since_begin') END),
  CONSTRAINT money_is_of_its_year CHECK (span = 'year' OR year = extract(year FROM as_of)),
  CONSTRAINT money_month_is_whole CHECK (span <> 'month'
    OR as_of = (date_trunc('month', as_of::timestamp) + interval '1 month - 1 day')::date),
  CONSTRAINT money_has_one_home CHECK (currency <> 'CNY' OR (kind, span) NOT IN (('planned_total', 'whole'),
    ('paid', 'to_date'))),
  CONSTRAINT money_says_why CHECK (reason IS NOT NULL OR NOT corrects)
);
COMMENT ON TABLE project_money IS
  'Money of a project by kind: no sum has two kinds, spans or currencies. The planned total in CNY is a fact of '
  'project_version, what was paid in CNY since the first of January of project_investment.';
COMMENT ON COLUMN project_money.span IS
  'whole: the whole plan; year: the plan of a year; to_date: from the first of January until as_of; month: of the month '
  'that ends with as_of; since_begin: from the project''s beginning until as_of.';
COMMENT ON COLUMN project_money.as_of IS 'The last day that is counted; of a plan the day on which it was stated.';
COMMENT ON COLUMN project_money.n IS 'Counts the notes of one kind, span, currency, year and day; given by trigger.';
ALTER TABLE project_money ALTER district_id SET STATISTICS 0;

CREATE TABLE ledger_file (
  district_id uuid NOT NULL REFERENCES district,
  hash        bytea NOT NULL,
  bytes       bytea NOT NULL,
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (district_id, hash),
  CONSTRAINT ledger_file_is_its_content CHECK (hash = sha256(bytes)),
  CONSTRAINT ledger_file_is_small CHECK (octet_length(bytes) BETWEEN 1 AND 4194304)
);
COMMENT ON TABLE ledger_file IS 'Ledgers (项目台账, XLSX) as they came, by their content.';
ALTER TABLE ledger_file ALTER bytes SET STORAGE EXTERNAL, ALTER bytes SET STATISTICS 0, ALTER district_id SET STATISTICS 0;

CREATE TABLE ledger_import (
  district_id uuid NOT NULL,
  import_id   uuid NOT NULL,
  park_id     uuid REFERENCES park,
  hash        bytea NOT NULL,
  name        text NOT NULL CHECK (name <> ''),
  sheet       text NOT NULL CHECK (sheet <> ''),
  as_of       date NOT NULL,
  reading     jsonb NOT NULL CHECK (jsonb_typeof(reading) = 'object'),
  made        integer NOT NULL CHECK (made >= 0),
  changed     integer NOT NULL CHECK (changed >= 0),
  kept        integer NOT NULL CHECK (kept >= 0),
  noted_by    uuid NOT NULL REFERENCES account,
  noted_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (district_id, import_id),
  FOREIGN KEY (district_id, hash) REFERENCES ledger_file,
  CONSTRAINT ledger_is_taken_once UNIQUE NULLS NOT DISTINCT (district_id, park_id, hash)
);
COMMENT ON TABLE ledger_import IS
  'A ledger that was taken in, whole, for a park or for the district; the same file is taken once for each.';
COMMENT ON COLUMN ledger_import.reading IS 'Where its heads are, what its columns mean, and what was decided of its rows.';
ALTER TABLE ledger_import ALTER district_id SET STATISTICS 0;

CREATE TABLE ledger_row (
  district_id uuid NOT NULL,
  import_id   uuid NOT NULL,
  row_no      integer NOT NULL CHECK (row_no > 0),
  project_id  uuid NOT NULL,
  park_id     uuid,
  key         text NOT NULL CHECK (key <> ''),
  made        boolean NOT NULL,
  PRIMARY KEY (district_id, import_id, row_no),
  FOREIGN KEY (district_id, import_id) REFERENCES ledger_import,
  FOREIGN KEY (district_id, project_id) REFERENCES project
);
COMMENT ON TABLE ledger_row IS 'Which project a row of a ledger is.';
COMMENT ON COLUMN ledger_row.key IS 'Firm and project as names are compared: a ledger makes a project of a key once.';
CREATE UNIQUE INDEX ledger_project_is_made_once ON ledger_row (district_id, park_id, key) NULLS NOT DISTINCT WHERE made;
CREATE INDEX ledger_row_project ON ledger_row (project_id, district_id);
ALTER TABLE ledger_row ALTER district_id SET STATISTICS 0;

CREATE TABLE ledger_mapping (
  district_id uuid NOT NULL REFERENCES district,
  park_id     uuid REFERENCES park,
  n           integer NOT NULL CHECK (n > 0),
  columns     jsonb NOT NULL CHECK (jsonb_typeof(columns) = 'array'),
  noted_by    uuid NOT NULL REFERENCES account,
  noted_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT ledger_mapping_follows UNIQUE NULLS NOT DISTINCT (district_id, park_id, n)
);
COMMENT ON TABLE ledger_mapping IS 'What the heads of ledgers of a park or of the district mean; the last one is offered.';
ALTER TABLE ledger_mapping ALTER district_id SET STATISTICS 0;
ALTER TABLE ledger_mapping ALTER park_id SET STATISTICS 0;
ALTER TABLE ledger_import ALTER park_id SET STATISTICS 0;
ALTER TABLE ledger_row ALTER park_id SET STATISTICS 0;
ALTER TABLE project_land_start ALTER park_id SET STATISTICS 0;
