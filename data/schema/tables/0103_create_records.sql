-- Records, their events, and the numbers of states. A record is one change: who, when, why, by which document.

CREATE TABLE record (
  park_id     uuid NOT NULL REFERENCES park,
  seq         bigint NOT NULL CHECK (seq > 0),
  record_id   uuid NOT NULL,
  kind        text NOT NULL CHECK (kind IN (
                'import', 'sample', 'create', 'edit', 'split', 'merge', 'move', 'correct', 'retire',
                'release', 'withdraw', 'restore', 'hold', 'extend', 'reserve', 'supply', 'build', 'take_back',
                'expire', 'publish', 'unpublish', 'revert', 'draw', 'queue', 'leave', 'pass', 'border')),
  at          timestamptz NOT NULL,
  reason      text NOT NULL CHECK (reason <> ''),
  documents   jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(documents) = 'array'),
  via         text NOT NULL CHECK (via <> ''),
  proposed_by uuid REFERENCES account,
  approved_by uuid REFERENCES account,
  unlocked    boolean NOT NULL DEFAULT false,
  reverts     bigint,
  PRIMARY KEY (park_id, seq),
  UNIQUE (park_id, record_id),
  FOREIGN KEY (park_id, reverts) REFERENCES record (park_id, seq),
  CONSTRAINT record_needs_two CHECK (kind NOT IN ('release', 'retire', 'supply')
    OR (proposed_by IS NOT NULL AND approved_by IS NOT NULL AND proposed_by <> approved_by)),
  CONSTRAINT record_needs_document CHECK (kind NOT IN ('correct', 'border') OR jsonb_array_length(documents) > 0)
);
COMMENT ON TABLE record IS
  'Who changed what, when, why, by which document. One record is one change is one tick of the park''s clock.';
COMMENT ON COLUMN record.via IS 'The program and version that wrote it, such as "luodi import 0.1.0".';
COMMENT ON COLUMN record.documents IS 'Array of {title, number, date, url}; no person''s data.';
COMMENT ON COLUMN record.unlocked IS 'Written without If-Match, by a token that may.';
COMMENT ON COLUMN record.reverts IS 'The record this one reverses.';
-- The state of a park at an instant is found by the number of its newest record then: versions begin and end at
-- records.
CREATE INDEX record_at ON record (park_id, at);
-- Which record reversed another is asked for each record that the history shows.
CREATE INDEX record_reverts ON record (reverts, park_id) WHERE reverts IS NOT NULL;
-- An address that begins with anything else (javascript:, data:) would do in a reader's browser what its writer
-- wants. NOT VALID: rows stored before the rule stay as history; the page shows addresses as text.
ALTER TABLE record ADD CONSTRAINT record_links_are_pages CHECK (NOT jsonb_path_exists(documents,
  '$[*].url ? (@ != null && @ != "" && !(@ like_regex "^https?://[^[:space:][:cntrl:]]+$" flag "i"))')) NOT VALID;

CREATE TABLE event (
  park_id   uuid NOT NULL,
  seq       bigint NOT NULL,
  at        timestamptz NOT NULL,
  record_id uuid NOT NULL,
  kind      text NOT NULL,
  PRIMARY KEY (park_id, seq),
  FOREIGN KEY (park_id, seq) REFERENCES record (park_id, seq)
);
COMMENT ON TABLE event IS
  'Every committed change of a park, in order: one a tick. Written with the record, by no one else.';
-- Readiness asks whether a clock is ahead of the machine's: by the newest changes of all parks, not by a walk through
-- their clocks. On park_clock the index would bar updates in place.
CREATE INDEX event_at ON event (at);

-- What waits for a second person.
CREATE TABLE proposal (
  park_id         uuid NOT NULL REFERENCES park,
  proposal_id     uuid NOT NULL,
  kind            text NOT NULL CHECK (kind IN ('release', 'retire', 'supply')),
  command         jsonb NOT NULL CHECK (jsonb_typeof(command) = 'object'),
  reason          text NOT NULL CHECK (reason <> ''),
  documents       jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(documents) = 'array'),
  proposed_by     uuid NOT NULL REFERENCES account,
  proposed_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  decision        text CHECK (decision IN ('approved', 'rejected', 'withdrawn')),
  decided_by      uuid REFERENCES account,
  decided_at      timestamptz,
  seq             bigint,
  decision_reason text CHECK (decision_reason <> ''),
  PRIMARY KEY (park_id, proposal_id),
  FOREIGN KEY (park_id, seq) REFERENCES record (park_id, seq),
  CHECK ((decision IS NULL) = (decided_by IS NULL) AND (decision IS NULL) = (decided_at IS NULL)),
  CHECK ((decision = 'approved') = (seq IS NOT NULL)),
  CHECK (decision <> 'approved' OR decided_by <> proposed_by)
);
COMMENT ON TABLE proposal IS
  'A change that needs a second person: the command as it was asked, and what became of it.';
COMMENT ON COLUMN proposal.decision_reason IS 'Why it was approved, rejected or withdrawn.';
CREATE INDEX proposal_open ON proposal (park_id, proposed_at) WHERE decision IS NULL;
-- An address that begins with anything else (javascript:, data:) would do in a reader's browser what its writer
-- wants. NOT VALID: rows stored before the rule stay as history; the page shows addresses as text.
ALTER TABLE proposal ADD CONSTRAINT proposal_links_are_pages CHECK (NOT jsonb_path_exists(documents,
  '$[*].url ? (@ != null && @ != "" && !(@ like_regex "^https?://[^[:space:][:cntrl:]]+$" flag "i"))')) NOT VALID;

-- A state of the whole database has a number: a few bytes name what many parks are at one moment, where one number a
-- park grew with the parks. It is taken as the last step of a commit, under a row lock that is held until the commit
-- is visible: a reader of number n sees every change of a number up to n, and none of a higher one. The row is locked
-- and never changed: to wait for another's row lock is no conflict above READ COMMITTED, a changed row would be. The
-- public's role may not take it.
CREATE TABLE database_state (
  one boolean PRIMARY KEY DEFAULT true CHECK (one)
);
COMMENT ON TABLE database_state IS
  'One row, whose lock is held from when a commit takes its state''s number to its end.';
INSERT INTO database_state DEFAULT VALUES;

CREATE SEQUENCE state_number;
COMMENT ON SEQUENCE state_number IS
  'Numbers of states, drawn under the lock of database_state; a commit that fails leaves a gap.';

CREATE TABLE state_change (
  change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  park_id   uuid NOT NULL REFERENCES park,
  seq       bigint,
  n         bigint,
  at        timestamptz
);
COMMENT ON TABLE state_change IS 'Which change of which park brought the database to which state.';
COMMENT ON COLUMN state_change.seq IS 'The record; null where what the public sees of the park itself changed.';
COMMENT ON COLUMN state_change.n IS
  'The state''s number, taken last: no other transaction ever sees it null. Numbers ascend in the order of commits, '
  'and some are left out.';
COMMENT ON COLUMN state_change.at IS 'When the number was taken.';
CREATE UNIQUE INDEX state_change_n ON state_change (n) INCLUDE (park_id, seq, at);
