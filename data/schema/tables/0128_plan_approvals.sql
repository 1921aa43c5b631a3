-- Approvals of projects: templates of steps that a bureau edits, the flow of each project, and what happened in it. The
-- rules of days and steps stand in geo/flow. Everything is kept: a template by editions, a flow until it is retired with
-- a reason, an event until a later row takes it back.

CREATE TABLE flow_template (
  district_id uuid NOT NULL REFERENCES district,
  code        text NOT NULL CHECK (code ~ '^[a-z0-9][a-z0-9_]{0,62}$'),
  revision    integer NOT NULL CHECK (revision > 0),
  edition     text NOT NULL CHECK (edition <> ''),
  content     jsonb NOT NULL,
  account_id  uuid REFERENCES account,
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (district_id, code, revision),
  CONSTRAINT flow_template_edition UNIQUE (district_id, code, edition),
  CHECK (content->>'code' = code AND content->>'edition' = edition)
);
COMMENT ON TABLE flow_template IS
  'Editions of the templates of approvals. An edition never changes: flows point to the one that they began with.';
COMMENT ON COLUMN flow_template.edition IS 'What the bureau calls it.';
COMMENT ON COLUMN flow_template.content IS 'As docs/approvals.md has it; geo/flow validates it.';
COMMENT ON COLUMN flow_template.account_id IS 'Who wrote it; null: it was shipped.';
ALTER TABLE flow_template ALTER district_id SET STATISTICS 0, ALTER content SET STATISTICS 0;

CREATE TABLE project_flow (
  district_id    uuid NOT NULL,
  flow_id        uuid NOT NULL,
  project_id     uuid NOT NULL,
  template       text NOT NULL,
  template_rev   integer NOT NULL,
  without        text[] NOT NULL DEFAULT '{}',
  start          date NOT NULL CHECK (start BETWEEN '1900-01-01' AND '2200-12-31'),
  agreed         jsonb NOT NULL CHECK (jsonb_typeof(agreed) = 'array'),
  illustrative   boolean NOT NULL DEFAULT false,
  started_by     uuid REFERENCES account,
  started_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  noted          integer NOT NULL DEFAULT 0,
  noted_at       timestamptz,
  retired_by     uuid REFERENCES account,
  retired_at     timestamptz,
  retired_reason text CHECK (retired_reason <> ''),
  PRIMARY KEY (district_id, flow_id),
  FOREIGN KEY (district_id, project_id) REFERENCES project,
  FOREIGN KEY (district_id, template, template_rev) REFERENCES flow_template,
  CONSTRAINT flow_retired_with_reason CHECK ((retired_at IS NULL) = (retired_reason IS NULL))
);
COMMENT ON TABLE project_flow IS
  'The approvals of a project: one that is live, and those that were retired. Only the retiring changes a row, and the '
  'count of its events.';
COMMENT ON COLUMN project_flow.without IS 'The steps of the template that the project doesn''t need.';
COMMENT ON COLUMN project_flow.agreed IS
  'The plan agreed at signing, the baseline: by step its start and finish, empty where unknown.';
COMMENT ON COLUMN project_flow.illustrative IS 'Made up to show what could be.';
COMMENT ON COLUMN project_flow.noted IS 'The number of its last event, and with noted_at when it was noted; by trigger.';
COMMENT ON COLUMN project_flow.started_by IS 'Null: the sample.';
CREATE UNIQUE INDEX project_flow_live ON project_flow (district_id, project_id) WHERE retired_at IS NULL;
CREATE INDEX project_flow_project ON project_flow (district_id, project_id, started_at);
ALTER TABLE project_flow ALTER district_id SET STATISTICS 0, ALTER agreed SET STATISTICS 0;

CREATE TABLE flow_event (
  district_id uuid NOT NULL,
  flow_id     uuid NOT NULL,
  n           integer NOT NULL CHECK (n > 0),
  step        text NOT NULL CHECK (step <> ''),
  kind        text NOT NULL CHECK (kind IN ('accepted', 'stopped', 'resumed', 'special_begun', 'special_ended',
    'withdrawn', 'done', 'told')),
  special     text CHECK (special <> ''),
  notice      smallint CHECK (notice >= 0),
  day         date NOT NULL CHECK (day BETWEEN '1900-01-01' AND '2200-12-31'),
  document    text CHECK (document <> ''),
  note        text CHECK (note <> ''),
  corrects    integer CHECK (corrects < n),
  place       integer NOT NULL,
  reason      text CHECK (reason <> ''),
  retracted   boolean NOT NULL DEFAULT false,
  account_id  uuid REFERENCES account,
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (district_id, flow_id, n),
  FOREIGN KEY (district_id, flow_id) REFERENCES project_flow,
  CONSTRAINT flow_event_corrected_once UNIQUE (district_id, flow_id, corrects),
  CONSTRAINT flow_event_corrected_with_reason CHECK ((corrects IS NULL) = (reason IS NULL)),
  CHECK (NOT retracted OR corrects IS NOT NULL),
  CHECK ((kind = 'special_begun') = (special IS NOT NULL)),
  CHECK ((kind = 'told') = (notice IS NOT NULL))
);
COMMENT ON TABLE flow_event IS
  'What happened in a flow, by day, as it was noted. A row never changes: a later one corrects it, or takes it back.';
COMMENT ON COLUMN flow_event.notice IS 'Of what was told early: which of the step''s points, from 0.';
COMMENT ON COLUMN flow_event.corrects IS 'The row in whose stead this one stands from now on.';
COMMENT ON COLUMN flow_event.retracted IS 'The corrected row holds no more and nothing stands in its stead.';
COMMENT ON COLUMN flow_event.place IS 'The first row of those that correct one another: its order within a day.';
COMMENT ON COLUMN flow_event.document IS 'The paper that proves it, by name and number.';
ALTER TABLE flow_event ALTER district_id SET STATISTICS 0;
