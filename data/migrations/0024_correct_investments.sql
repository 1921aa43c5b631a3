-- What was noted wrong is noted again: of the notes of a day the newest counts, and none is changed or deleted.
ALTER TABLE project_investment
  DROP CONSTRAINT project_investment_pkey,
  ADD COLUMN noted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ADD COLUMN corrects boolean NOT NULL DEFAULT false,
  ADD PRIMARY KEY (district_id, project_id, until, noted_at);
CREATE UNIQUE INDEX project_investment_day ON project_investment (district_id, project_id, until) WHERE NOT corrects;
COMMENT ON COLUMN project_investment.corrects IS 'It takes the place of what was noted of the day before; the first note of a day corrects nothing.';
