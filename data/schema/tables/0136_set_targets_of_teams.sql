-- What teams are to reach by quarter. A turn or a listing that was noted wrong is corrected or withdrawn later.

CREATE TABLE team_target (
  district_id uuid NOT NULL,
  team_id     uuid NOT NULL,
  year        integer NOT NULL CHECK (year BETWEEN 2000 AND 2100),
  quarter     integer NOT NULL CHECK (quarter BETWEEN 1 AND 4),
  measure     text NOT NULL CHECK (measure IN ('leads', 'talks', 'signed', 'landed', 'started', 'signed_cny')),
  n           integer NOT NULL CHECK (n > 0),
  amount      numeric(16,2) NOT NULL CHECK (amount >= 0),
  source      text NOT NULL CHECK (source <> ''),
  corrects    boolean NOT NULL DEFAULT false,
  withdrawn   boolean NOT NULL DEFAULT false,
  reason      text CHECK (reason <> ''),
  noted_by    uuid NOT NULL REFERENCES account,
  noted_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (district_id, team_id, year, quarter, measure, n),
  FOREIGN KEY (district_id, team_id) REFERENCES team,
  CONSTRAINT team_target_counts_whole CHECK (measure = 'signed_cny' OR (amount = trunc(amount) AND amount <= 100000)),
  CONSTRAINT team_target_says_why CHECK (reason IS NOT NULL OR NOT corrects),
  CONSTRAINT team_target_withdrawn_was CHECK (corrects OR NOT withdrawn)
);
COMMENT ON TABLE team_target IS
  'What a team is to reach in a quarter. The last row of a quarter and measure counts (team_target_held).';
COMMENT ON COLUMN team_target.measure IS
  'How many projects reach a stage: leads, talks, signed, landed, started; signed_cny: planned investment of the signed.';
COMMENT ON COLUMN team_target.n IS 'Counts the rows of a team, quarter and measure; given by trigger.';
ALTER TABLE team_target ALTER district_id SET STATISTICS 0;

ALTER TABLE project_turn
  ADD corrects integer CHECK (corrects > 0),
  ADD withdrawn boolean NOT NULL DEFAULT false,
  ADD correct_reason text CHECK (correct_reason <> ''),
  ADD CONSTRAINT turn_says_why CHECK ((corrects IS NULL) = (correct_reason IS NULL)),
  ADD CONSTRAINT turn_withdrawn_was CHECK (corrects IS NOT NULL OR NOT withdrawn);
COMMENT ON TABLE project_turn IS
  'When a project was paused, lost or taken up again, and why. What counts is in project_turned.';
COMMENT ON COLUMN project_turn.corrects IS 'The turn (n) whose place it takes; null: a turn of its own.';
COMMENT ON COLUMN project_turn.withdrawn IS 'There was no such turn after all.';
CREATE INDEX project_turn_place ON project_turn (project_id, corrects, district_id) WHERE corrects IS NOT NULL;

ALTER TABLE project_tag
  ADD project_tag_id uuid NOT NULL DEFAULT gen_random_uuid(),
  ADD noted_by uuid REFERENCES account,
  ADD noted_at timestamptz,
  ADD withdrawn_at timestamptz,
  ADD withdrawn_by uuid REFERENCES account,
  ADD withdraw_reason text CHECK (withdraw_reason <> ''),
  ADD CONSTRAINT project_tag_withdrawn_says_why CHECK ((withdrawn_at IS NULL) = (withdraw_reason IS NULL)
    AND (withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
  DROP CONSTRAINT project_tag_pkey,
  ADD CONSTRAINT project_tag_pkey PRIMARY KEY (district_id, project_tag_id);
ALTER TABLE project_tag ALTER noted_at SET DEFAULT clock_timestamp();
CREATE UNIQUE INDEX project_tag_is_one ON project_tag (project_id, tag, valid, district_id) WHERE withdrawn_at IS NULL;
COMMENT ON TABLE project_tag IS
  'Dated listings such as provincial key project: tags, not stages. What counts is in project_tagged.';
COMMENT ON COLUMN project_tag.noted_by IS 'Null: a program, or not known.';
COMMENT ON COLUMN project_tag.noted_at IS 'Null: not known.';
