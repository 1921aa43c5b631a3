-- A project run for its firm (全程代办): who is its agent and by which mandate, papers that are handed in once, the
-- private link by which the firm sees its own, problems, and the meetings (推进会) that see to them. Everything is kept:
-- a mandate and a link until a record ends them, a paper after a later one took its place, a problem with every turn.

CREATE TABLE project_paper (
  district_id uuid NOT NULL,
  project_id  uuid NOT NULL,
  n           integer NOT NULL CHECK (n > 0),
  use         text NOT NULL CHECK (use IN ('document', 'mandate', 'photo', 'evidence')),
  kind        text CHECK (kind <> ''),
  step        text CHECK (step <> ''),
  name        text CHECK (name <> ''),
  expires_on  date,
  park_id     uuid NOT NULL,
  hash        bytea NOT NULL,
  account_id  uuid REFERENCES account,
  link_id     uuid,
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (district_id, project_id, n),
  FOREIGN KEY (district_id, project_id) REFERENCES project,
  FOREIGN KEY (park_id, hash) REFERENCES file,
  CONSTRAINT project_paper_of_someone CHECK ((account_id IS NULL) <> (link_id IS NULL)),
  CONSTRAINT project_paper_of_a_kind CHECK ((use = 'document') = (kind IS NOT NULL)),
  CONSTRAINT project_paper_firm_hands_in CHECK (link_id IS NULL OR use = 'document')
);
COMMENT ON TABLE project_paper IS
  'Papers of a project, each handed in once for all steps that ask for its kind. Of a kind the last one counts; those '
  'before it stay.';
COMMENT ON COLUMN project_paper.n IS 'Counts the papers of a project; given by trigger.';
COMMENT ON COLUMN project_paper.kind IS 'Of a document its code in the template of the approvals.';
COMMENT ON COLUMN project_paper.step IS 'Of a photo the step that it shows done.';
COMMENT ON COLUMN project_paper.expires_on IS 'The last day on which it holds; null: it doesn''t say.';
COMMENT ON COLUMN project_paper.park_id IS 'Whose store keeps the file: the park that entered the project, or one of its district.';
COMMENT ON COLUMN project_paper.link_id IS 'The firm handed it in, by this link; null: the account did.';
ALTER TABLE project_paper ALTER district_id SET STATISTICS 0, ALTER park_id SET STATISTICS 0;
CREATE INDEX project_paper_link ON project_paper (link_id, at) WHERE link_id IS NOT NULL;

CREATE TABLE agency (
  district_id uuid NOT NULL,
  project_id  uuid NOT NULL,
  n           integer NOT NULL CHECK (n > 0),
  account_id  uuid NOT NULL REFERENCES account,
  scope       text NOT NULL DEFAULT 'all' CHECK (scope ~ '^(all|(stage|step):[a-z0-9_]+)$'),
  from_on     date NOT NULL CHECK (from_on BETWEEN '2000-01-01' AND '2200-12-31'),
  until_on    date CHECK (until_on BETWEEN from_on AND '2200-12-31'),
  document    text NOT NULL CHECK (document <> ''),
  paper       integer,
  named_by    uuid NOT NULL REFERENCES account,
  named_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_on    date CHECK (ended_on >= from_on),
  ended_by    uuid REFERENCES account,
  ended_at    timestamptz,
  end_reason  text CHECK (end_reason <> ''),
  held        daterange NOT NULL GENERATED ALWAYS AS (daterange(from_on, least(until_on + 1, ended_on), '[)')) STORED,
  PRIMARY KEY (district_id, project_id, n),
  FOREIGN KEY (district_id, project_id) REFERENCES project,
  FOREIGN KEY (district_id, project_id, paper) REFERENCES project_paper,
  CONSTRAINT agency_ended_with_reason CHECK ((ended_on IS NULL) = (end_reason IS NULL)
    AND (ended_on IS NULL) = (ended_by IS NULL) AND (ended_on IS NULL) = (ended_at IS NULL)),
  CONSTRAINT agency_one_agent EXCLUDE USING gist (district_id WITH =, project_id WITH =, scope WITH =, held WITH &&)
);
COMMENT ON TABLE agency IS
  'Who runs a project for its firm (代办员), with the firm''s mandate. A scope has one agent on a day; of a step it is '
  'the one of the step, else of its stage, else of all.';
COMMENT ON COLUMN agency.scope IS 'all, or stage: or step: with a code of the template of the approvals.';
COMMENT ON COLUMN agency.until_on IS 'The last day of the mandate; null: until it is ended.';
COMMENT ON COLUMN agency.document IS 'The firm''s mandate (授权委托书), by name and number; paper: its file.';
COMMENT ON COLUMN agency.ended_on IS 'The first day on which it no longer holds: ended, or handed over.';
ALTER TABLE agency ALTER district_id SET STATISTICS 0;
CREATE INDEX agency_of_account ON agency (account_id, project_id) WHERE ended_on IS NULL;

CREATE TABLE firm_link (
  district_id   uuid NOT NULL,
  link_id       uuid NOT NULL,
  project_id    uuid NOT NULL,
  hash          bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
  made_by       uuid NOT NULL REFERENCES account,
  made_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at    timestamptz NOT NULL,
  used_at       timestamptz,
  revoked_at    timestamptz,
  revoked_by    uuid REFERENCES account,
  revoke_reason text CHECK (revoke_reason <> ''),
  PRIMARY KEY (district_id, link_id),
  UNIQUE (link_id),
  FOREIGN KEY (district_id, project_id) REFERENCES project,
  CONSTRAINT firm_link_ends CHECK (expires_at > made_at AND expires_at <= made_at + interval '400 days'),
  CONSTRAINT firm_link_revoked_by_someone CHECK ((revoked_at IS NULL) = (revoked_by IS NULL)
    AND (revoke_reason IS NULL OR revoked_at IS NOT NULL))
);
COMMENT ON TABLE firm_link IS
  'The private link by which a firm sees the flow of its project, hands in papers and raises problems.';
COMMENT ON COLUMN firm_link.hash IS 'SHA-256 of the secret, which is shown once and kept nowhere.';
COMMENT ON COLUMN firm_link.used_at IS 'When it was last used, to the minute.';
COMMENT ON COLUMN firm_link.revoke_reason IS 'Null of a revoked one: a new link took its place.';
CREATE UNIQUE INDEX firm_link_live ON firm_link (project_id, district_id) WHERE revoked_at IS NULL;
ALTER TABLE firm_link ALTER district_id SET STATISTICS 0;
ALTER TABLE project_paper ADD FOREIGN KEY (link_id) REFERENCES firm_link (link_id);

CREATE TABLE meeting (
  park_id    uuid NOT NULL REFERENCES park,
  meeting_id uuid NOT NULL,
  day        date NOT NULL CHECK (day BETWEEN '2000-01-01' AND '2200-12-31'),
  title      text NOT NULL CHECK (title <> ''),
  made_by    uuid NOT NULL REFERENCES account,
  made_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (park_id, meeting_id),
  UNIQUE (meeting_id)
);
COMMENT ON TABLE meeting IS 'Meetings of a park that see to problems of projects (推进会).';
ALTER TABLE meeting ALTER park_id SET STATISTICS 0;

CREATE TABLE meeting_minute (
  park_id    uuid NOT NULL,
  meeting_id uuid NOT NULL,
  n          integer NOT NULL CHECK (n > 0),
  words      text NOT NULL CHECK (words <> ''),
  account_id uuid NOT NULL REFERENCES account,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (park_id, meeting_id, n),
  FOREIGN KEY (park_id, meeting_id) REFERENCES meeting
);
COMMENT ON TABLE meeting_minute IS 'The minutes of a meeting: the last row counts, those before it stay.';
COMMENT ON COLUMN meeting_minute.n IS 'Counts the rows of a meeting; given by trigger.';
ALTER TABLE meeting_minute ALTER park_id SET STATISTICS 0;

CREATE TABLE project_problem (
  district_id uuid NOT NULL,
  problem_id  uuid NOT NULL,
  project_id  uuid NOT NULL,
  n           integer NOT NULL CHECK (n > 0),
  words       text NOT NULL CHECK (words <> ''),
  step        text CHECK (step <> ''),
  account_id  uuid REFERENCES account,
  link_id     uuid REFERENCES firm_link (link_id),
  key         uuid,
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  turns       integer NOT NULL DEFAULT 0,
  state       text NOT NULL DEFAULT 'raised' CHECK (state IN ('raised', 'tabled', 'assigned', 'closed')),
  PRIMARY KEY (district_id, problem_id),
  UNIQUE (district_id, project_id, n),
  FOREIGN KEY (district_id, project_id) REFERENCES project,
  CONSTRAINT project_problem_of_someone CHECK ((account_id IS NULL) <> (link_id IS NULL)),
  CONSTRAINT project_problem_once UNIQUE (link_id, key)
);
COMMENT ON TABLE project_problem IS 'Problems of a project, raised by its firm or a member. What became of one: problem_turn.';
COMMENT ON COLUMN project_problem.key IS 'Drawn by the firm''s page: sent again, a problem is kept once.';
COMMENT ON COLUMN project_problem.state IS 'By its last turn, with turns, which counts them; kept by trigger.';
CREATE INDEX project_problem_open ON project_problem (project_id, district_id) WHERE state <> 'closed';
CREATE INDEX project_problem_link ON project_problem (link_id, at) WHERE link_id IS NOT NULL;
ALTER TABLE project_problem ALTER district_id SET STATISTICS 0;

CREATE TABLE problem_turn (
  district_id uuid NOT NULL,
  problem_id  uuid NOT NULL,
  n           integer NOT NULL CHECK (n > 0),
  kind        text NOT NULL CHECK (kind IN ('tabled', 'assigned', 'closed', 'reopened')),
  meeting_id  uuid REFERENCES meeting (meeting_id),
  owner       text CHECK (owner <> ''),
  due         date CHECK (due BETWEEN '2000-01-01' AND '2200-12-31'),
  evidence    text CHECK (evidence <> ''),
  project_id  uuid NOT NULL,
  paper       integer,
  reason      text CHECK (reason <> ''),
  account_id  uuid NOT NULL REFERENCES account,
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (district_id, problem_id, n),
  FOREIGN KEY (district_id, problem_id) REFERENCES project_problem,
  FOREIGN KEY (district_id, project_id, paper) REFERENCES project_paper,
  CONSTRAINT problem_tabled_at_a_meeting CHECK ((kind = 'tabled') = (meeting_id IS NOT NULL)),
  CONSTRAINT problem_assigned_with_owner_and_due CHECK ((kind = 'assigned') = (owner IS NOT NULL)
    AND (owner IS NULL) = (due IS NULL)),
  CONSTRAINT problem_closed_by_evidence CHECK ((kind = 'closed') = (evidence IS NOT NULL)
    AND (paper IS NULL OR kind = 'closed')),
  CONSTRAINT problem_reopened_with_reason CHECK ((kind = 'reopened') = (reason IS NOT NULL))
);
COMMENT ON TABLE problem_turn IS
  'What became of a problem: put to a meeting, given an owner and a day, closed by evidence, reopened. Rows never change.';
COMMENT ON COLUMN problem_turn.owner IS 'A department or office, no person''s data: its firm reads it.';
COMMENT ON COLUMN problem_turn.evidence IS 'What proves that it is solved, by name and number; paper: its file.';
COMMENT ON COLUMN problem_turn.project_id IS 'Of the problem; by trigger.';
CREATE INDEX problem_turn_meeting ON problem_turn (meeting_id) WHERE meeting_id IS NOT NULL;
ALTER TABLE problem_turn ALTER district_id SET STATISTICS 0;
