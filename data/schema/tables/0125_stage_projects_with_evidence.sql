-- A milestone names its document and who noted it, and is corrected or withdrawn by a later row. A company has its
-- registration: without it, and without land, no project has landed.

ALTER TABLE party ADD credit_code text;
COMMENT ON COLUMN party.credit_code IS
  'Unified social credit code (统一社会信用代码, GB 32100-2015); null: not registered, or not known.';
CREATE UNIQUE INDEX party_credit_code ON party (district_id, park_id, credit_code) NULLS NOT DISTINCT
  WHERE credit_code IS NOT NULL;
ALTER TABLE party_version ADD credit_code text;

ALTER TABLE project_milestone
  ADD n integer NOT NULL DEFAULT 1 CHECK (n > 0),
  ADD document text CHECK (document <> ''),
  ADD basis text NOT NULL DEFAULT 'reported' CHECK (basis IN ('confirmed', 'reported')),
  ADD noted_by uuid REFERENCES account,
  ADD noted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ADD corrects boolean NOT NULL DEFAULT false,
  ADD withdrawn boolean NOT NULL DEFAULT false,
  ADD reason text CHECK (reason <> ''),
  ADD CONSTRAINT milestone_says_why CHECK (reason IS NOT NULL OR NOT corrects),
  ADD CONSTRAINT milestone_withdrawn_was CHECK (corrects OR NOT withdrawn),
  DROP CONSTRAINT project_milestone_pkey,
  ADD CONSTRAINT project_milestone_pkey PRIMARY KEY (district_id, project_id, stage, n),
  DROP CONSTRAINT project_milestone_stage_check,
  ADD CONSTRAINT project_milestone_stage_check CHECK (stage IN ('lead', 'in_talks', 'to_sign', 'signed', 'landed',
    'started', 'in_production'));
ALTER TABLE project_milestone ALTER n DROP DEFAULT, ALTER basis SET DEFAULT 'confirmed';
COMMENT ON TABLE project_milestone IS
  'When a project reached a stage, and what proves it. The last row of a stage counts (project_reached); those before '
  'it were corrected. Start rates are counted from these by cohort.';
COMMENT ON COLUMN project_milestone.n IS 'Counts the rows of a stage; given by trigger.';
COMMENT ON COLUMN project_milestone.document IS 'The paper that proves it: its number or name.';
COMMENT ON COLUMN project_milestone.basis IS
  'confirmed: by who noted it; reported: taken over from a ledger or a press report, which the evidence names.';
COMMENT ON COLUMN project_milestone.noted_by IS 'Null: a program did.';
COMMENT ON COLUMN project_milestone.corrects IS 'It takes the place of the row before, for the reason given.';
COMMENT ON COLUMN project_milestone.withdrawn IS 'The stage was not reached after all.';

ALTER TABLE project_tag DROP CONSTRAINT project_tag_tag_check,
  ADD CONSTRAINT project_tag_tag_check CHECK (tag IN ('provincial_key', 'municipal_key', 'signing_key'));

-- Whether a project is pursued: paused, lost, taken up again. What was said last counts.
CREATE TABLE project_turn (
  district_id uuid NOT NULL,
  project_id  uuid NOT NULL,
  n           integer NOT NULL CHECK (n > 0),
  turn        text NOT NULL CHECK (turn IN ('paused', 'lost', 'resumed')),
  since       date NOT NULL,
  reason      text NOT NULL CHECK (reason <> ''),
  noted_by    uuid REFERENCES account,
  noted_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (district_id, project_id, n),
  FOREIGN KEY (district_id, project_id) REFERENCES project
);
COMMENT ON TABLE project_turn IS 'When a project was paused, lost or taken up again, and why.';
COMMENT ON COLUMN project_turn.n IS 'Counts the turns of a project; given by trigger.';
ALTER TABLE project_turn ALTER district_id SET STATISTICS 0;
