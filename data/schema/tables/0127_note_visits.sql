-- Visits to investors as notes of a line, each with its next step and the day by which it is due.

CREATE TABLE project_visit (
  district_id uuid NOT NULL,
  project_id  uuid NOT NULL,
  n           integer NOT NULL CHECK (n > 0),
  visited_on  date NOT NULL,
  note        text NOT NULL CHECK (note <> ''),
  next_step   text CHECK (next_step <> ''),
  due         date CHECK (due >= visited_on),
  noted_by    uuid NOT NULL REFERENCES account,
  noted_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  done_at     timestamptz,
  done_by     uuid REFERENCES account,
  PRIMARY KEY (district_id, project_id, n),
  FOREIGN KEY (district_id, project_id) REFERENCES project,
  CONSTRAINT visit_due_has_a_step CHECK (next_step IS NOT NULL OR (due IS NULL AND done_at IS NULL)),
  CONSTRAINT visit_done_by_someone CHECK ((done_at IS NULL) = (done_by IS NULL))
);
COMMENT ON TABLE project_visit IS 'Visits and talks of a project, and what is to follow; no person''s data.';
COMMENT ON COLUMN project_visit.n IS 'Counts the visits of a project; given by trigger.';
CREATE INDEX project_visit_due ON project_visit (due, project_id) WHERE done_at IS NULL AND due IS NOT NULL;
ALTER TABLE project_visit ALTER district_id SET STATISTICS 0;
