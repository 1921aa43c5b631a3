-- What an import found and did is kept beside its record: how many rows it made, changed and retired, which it refused
-- and why (docs/decisions/0042).

CREATE TABLE import_report (
  park_id   uuid NOT NULL,
  seq       bigint NOT NULL,
  layer     text NOT NULL,
  made      integer NOT NULL CHECK (made >= 0),
  changed   integer NOT NULL CHECK (changed >= 0),
  retired   integer NOT NULL CHECK (retired >= 0),
  unchanged integer NOT NULL CHECK (unchanged >= 0),
  refused   integer NOT NULL CHECK (refused >= 0),
  report    jsonb NOT NULL CHECK (jsonb_typeof(report) = 'object'),
  PRIMARY KEY (park_id, seq),
  FOREIGN KEY (park_id, seq) REFERENCES record (park_id, seq)
);
COMMENT ON TABLE import_report IS 'The report of each import that wrote something, from the day on which reports were kept.';
COMMENT ON COLUMN import_report.layer IS 'The collection that the rows became: parcels, zones, plan-units or networks.';
COMMENT ON COLUMN import_report.report IS 'The report as the import gave it, each list cut to 1,000.';
ALTER TABLE import_report ALTER park_id SET STATISTICS 0, ALTER report SET STATISTICS 0;
COMMENT ON COLUMN record.documents IS
  'Array of {title, number, date, url, sha256}; no person''s data. sha256: of the document''s file, where it is one.';
