-- Facts that ledgers bring: construction in the sense of the land law, and money by kind.

-- keep_land_start numbers the rows of a project while it is locked. A right that is named is the project's own.
CREATE OR REPLACE FUNCTION keep_land_start() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE its project%ROWTYPE; last project_land_start%ROWTYPE;
BEGIN
  SELECT * INTO its FROM project p WHERE (p.district_id, p.project_id) = (NEW.district_id, NEW.project_id)
      FOR NO KEY UPDATE;
  SELECT coalesce(max(s.n), 0) + 1 INTO NEW.n FROM project_land_start s
      WHERE (s.district_id, s.project_id) = (NEW.district_id, NEW.project_id);
  SELECT * INTO last FROM project_land_start s
      WHERE (s.district_id, s.project_id) = (NEW.district_id, NEW.project_id)
        AND s.allotment_id IS NOT DISTINCT FROM NEW.allotment_id ORDER BY s.n DESC LIMIT 1;
  IF NEW.corrects IS DISTINCT FROM (last.n IS NOT NULL) OR NEW.withdrawn AND last.withdrawn THEN
    PERFORM refuse(CASE WHEN NEW.corrects THEN 'land_start_is_there' ELSE 'land_start_is_new' END,
        format('project %s', NEW.project_id));
  END IF;
  IF NEW.allotment_id IS NOT NULL AND NOT EXISTS (SELECT FROM allotment t
      WHERE (t.park_id, t.allotment_id, t.project_id) = (NEW.park_id, NEW.allotment_id, NEW.project_id)) THEN
    PERFORM refuse('land_start_is_of_its_right', format('right %s is not of project %s', NEW.allotment_id,
        NEW.project_id));
  END IF;
  IF NEW.started_on > project_today(its) THEN
    PERFORM refuse('milestone_has_come', format('%s is to come', NEW.started_on));
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER a_keep_land_start BEFORE INSERT ON project_land_start
  FOR EACH ROW EXECUTE FUNCTION keep_land_start();

CREATE OR REPLACE VIEW land_started AS
SELECT s.* FROM project_land_start s
 WHERE NOT s.withdrawn AND NOT EXISTS (SELECT FROM project_land_start l
   WHERE (l.district_id, l.project_id) = (s.district_id, s.project_id)
     AND l.allotment_id IS NOT DISTINCT FROM s.allotment_id AND l.n > s.n);
COMMENT ON VIEW land_started IS 'The starts of construction that count: neither corrected nor withdrawn.';

-- keep_money numbers the notes of one amount while the project is locked: the first is new, a later one a correction.
CREATE OR REPLACE FUNCTION keep_money() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE its project%ROWTYPE;
BEGIN
  SELECT * INTO its FROM project p WHERE (p.district_id, p.project_id) = (NEW.district_id, NEW.project_id)
      FOR NO KEY UPDATE;
  SELECT coalesce(max(m.n), 0) + 1 INTO NEW.n FROM project_money m
      WHERE (m.district_id, m.project_id, m.kind, m.span, m.currency, m.year, m.as_of)
        = (NEW.district_id, NEW.project_id, NEW.kind, NEW.span, NEW.currency, NEW.year, NEW.as_of);
  IF NEW.corrects IS DISTINCT FROM (NEW.n > 1) THEN
    PERFORM refuse(CASE WHEN NEW.corrects THEN 'money_is_there' ELSE 'money_is_new' END,
        format('%s of project %s on %s', NEW.kind, NEW.project_id, NEW.as_of));
  END IF;
  IF NEW.as_of > project_today(its) THEN
    PERFORM refuse('milestone_has_come', format('%s is to come', NEW.as_of));
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER a_keep_money BEFORE INSERT ON project_money FOR EACH ROW EXECUTE FUNCTION keep_money();

CREATE OR REPLACE VIEW money_noted AS
SELECT m.district_id, m.project_id, m.kind, m.span, m.currency, m.year, m.as_of, m.amount, m.evidence, m.basis,
       m.noted_by, m.noted_at
  FROM project_money m
 WHERE NOT EXISTS (SELECT FROM project_money l
   WHERE (l.district_id, l.project_id, l.kind, l.span, l.currency, l.year, l.as_of, l.n)
     = (m.district_id, m.project_id, m.kind, m.span, m.currency, m.year, m.as_of, m.n + 1));
COMMENT ON VIEW money_noted IS 'The amounts that count: those that were not corrected.';
