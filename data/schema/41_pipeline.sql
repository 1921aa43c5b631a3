-- The way of a project from lead to production: its stages with evidence, and whether it is pursued.

-- The stages in their order, as land.Stages has them.
CREATE OR REPLACE FUNCTION stage_order(p_stage text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_position(ARRAY['lead', 'in_talks', 'to_sign', 'signed', 'landed', 'started', 'in_production'], p_stage)
$$;
COMMENT ON FUNCTION stage_order IS 'The place of a stage in the order of stages, from 1.';

CREATE OR REPLACE VIEW project_reached AS
SELECT m.* FROM project_milestone m
 WHERE NOT m.withdrawn AND NOT EXISTS (SELECT FROM project_milestone l
   WHERE (l.district_id, l.project_id, l.stage, l.n) = (m.district_id, m.project_id, m.stage, m.n + 1));
COMMENT ON VIEW project_reached IS 'The milestones that count: neither corrected nor withdrawn.';

CREATE OR REPLACE FUNCTION project_today(p_project project) RETURNS date LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
  SELECT (clock_timestamp() AT TIME ZONE coalesce((SELECT k.time_zone FROM park k WHERE k.park_id = p_project.park_id),
    'Asia/Shanghai'))::date
$$;
COMMENT ON FUNCTION project_today IS 'The day that it is in the park that entered a project.';

-- A firm is here where a project of it has land, or stands: other than the one that is asked about.
CREATE OR REPLACE FUNCTION firm_is_here(p_district uuid, p_party uuid, p_but uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM project o WHERE (o.district_id, o.party_id) = (p_district, p_party)
      AND o.project_id <> p_but AND (EXISTS (SELECT FROM allotment t JOIN allotment_version a
          ON (a.park_id, a.allotment_id) = (t.park_id, t.allotment_id) AND a.to_seq IS NULL
          WHERE (t.district_id, t.project_id) = (o.district_id, o.project_id)
            AND a.state IN ('reserved', 'supplied', 'built'))
        OR EXISTS (SELECT FROM project_reached m WHERE (m.district_id, m.project_id) = (o.district_id, o.project_id)
          AND m.stage IN ('landed', 'started', 'in_production'))))
$$;

-- What must be in hand before a project has landed: a registered company, and a place: land, or a lease of floor space.
-- A hold of either is no place in hand.
CREATE OR REPLACE FUNCTION refuse_unlanded(p_project project) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM party p WHERE (p.district_id, p.party_id) = (p_project.district_id, p_project.party_id)
      AND p.credit_code IS NOT NULL) THEN
    PERFORM refuse('landed_is_registered', format('project %s has no registered company', p_project.project_id));
  END IF;
  IF NOT EXISTS (SELECT FROM allotment t JOIN allotment_version a
      ON (a.park_id, a.allotment_id) = (t.park_id, t.allotment_id) AND a.to_seq IS NULL
      WHERE (t.district_id, t.project_id) = (p_project.district_id, p_project.project_id)
        AND a.state IN ('reserved', 'supplied', 'built'))
    AND NOT EXISTS (SELECT FROM letting l WHERE (l.district_id, l.project_id) = (p_project.district_id, p_project.project_id)
        AND l.state = 'let' AND (upper(l.period) IS NULL OR upper(l.period) > park_today(l.park_id))) THEN
    PERFORM refuse('landed_has_a_place', format('project %s has no right to land and no lease', p_project.project_id));
  END IF;
END $$;

-- keep_milestone numbers the rows of a stage while the project is locked. The order of the stages is judged without the
-- row that is corrected.
CREATE OR REPLACE FUNCTION keep_milestone() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE its project%ROWTYPE; last project_milestone%ROWTYPE; other project_milestone%ROWTYPE;
BEGIN
  SELECT * INTO its FROM project p WHERE (p.district_id, p.project_id) = (NEW.district_id, NEW.project_id)
      FOR NO KEY UPDATE;
  SELECT * INTO last FROM project_milestone m
      WHERE (m.district_id, m.project_id, m.stage) = (NEW.district_id, NEW.project_id, NEW.stage)
      ORDER BY m.n DESC LIMIT 1;
  NEW.n := coalesce(last.n, 0) + 1;
  IF NEW.corrects IS DISTINCT FROM coalesce(NOT last.withdrawn, false) THEN
    PERFORM refuse(CASE WHEN NEW.corrects THEN 'milestone_is_there' ELSE 'milestone_is_new' END,
        format('the stage %s of project %s', NEW.stage, NEW.project_id));
  END IF;
  IF NEW.reached_on > project_today(its) THEN
    PERFORM refuse('milestone_has_come', format('%s is to come', NEW.reached_on));
  END IF;
  IF NEW.withdrawn THEN
    RETURN NEW;
  END IF;
  SELECT * INTO other FROM project_reached m
      WHERE (m.district_id, m.project_id) = (NEW.district_id, NEW.project_id) AND m.stage <> NEW.stage
        AND CASE WHEN stage_order(m.stage) < stage_order(NEW.stage) THEN m.reached_on > NEW.reached_on
          ELSE m.reached_on < NEW.reached_on END ORDER BY stage_order(m.stage) LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('stages_in_order', format('%s on %s, %s on %s', other.stage, other.reached_on, NEW.stage,
        NEW.reached_on));
  END IF;
  IF NOT NEW.corrects AND project_standing(its.district_id, its.project_id) = 'lost' THEN
    PERFORM refuse('lost_goes_nowhere', format('project %s is lost', its.project_id));
  END IF;
  IF NEW.stage = 'landed' AND NEW.basis = 'confirmed' THEN
    PERFORM refuse_unlanded(its);
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER a_keep_milestone BEFORE INSERT ON project_milestone
  FOR EACH ROW EXECUTE FUNCTION keep_milestone();

CREATE OR REPLACE VIEW project_turned AS
SELECT t.district_id, t.project_id, coalesce(t.corrects, t.n) AS n, t.turn, t.since, t.reason, t.noted_by, t.noted_at,
       t.correct_reason
  FROM project_turn t
 WHERE NOT t.withdrawn AND NOT EXISTS (SELECT FROM project_turn l
   WHERE (l.district_id, l.project_id, l.corrects) = (t.district_id, t.project_id, coalesce(t.corrects, t.n))
     AND l.n > t.n);
COMMENT ON VIEW project_turned IS 'The turns that count, each at its place: neither corrected nor withdrawn.';

CREATE OR REPLACE VIEW project_tagged AS
SELECT g.district_id, g.project_id, g.project_tag_id, g.tag, g.valid, g.noted_by, g.noted_at FROM project_tag g
 WHERE g.withdrawn_at IS NULL;
COMMENT ON VIEW project_tagged IS 'The listings that count: those that were not withdrawn.';

CREATE OR REPLACE FUNCTION project_standing(p_district uuid, p_project uuid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT CASE t.turn WHEN 'resumed' THEN 'active' ELSE t.turn END FROM project_turned t
    WHERE (t.district_id, t.project_id) = (p_district, p_project) ORDER BY t.n DESC LIMIT 1), 'active')
$$;
COMMENT ON FUNCTION project_standing IS 'Whether a project is active, paused or lost, by its last turn.';

-- keep_turn numbers the turns while the project is locked, and looks that all of them follow each other: with the new
-- one, or with what takes the place of one.
CREATE OR REPLACE FUNCTION keep_turn() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE its project%ROWTYPE; step record; standing text := 'active'; last date;
BEGIN
  SELECT * INTO its FROM project p WHERE (p.district_id, p.project_id) = (NEW.district_id, NEW.project_id)
      FOR NO KEY UPDATE;
  SELECT coalesce(max(t.n), 0) + 1 INTO NEW.n FROM project_turn t
      WHERE (t.district_id, t.project_id) = (NEW.district_id, NEW.project_id);
  IF NEW.corrects IS NOT NULL AND NOT EXISTS (SELECT FROM project_turned t
      WHERE (t.district_id, t.project_id, t.n) = (NEW.district_id, NEW.project_id, NEW.corrects)) THEN
    PERFORM refuse('turn_is_there', format('turn %s of project %s', NEW.corrects, NEW.project_id));
  END IF;
  IF NEW.since > project_today(its) THEN
    PERFORM refuse('milestone_has_come', format('%s is to come', NEW.since));
  END IF;
  FOR step IN
    SELECT t.n, t.turn, t.since FROM project_turned t
        WHERE (t.district_id, t.project_id) = (NEW.district_id, NEW.project_id) AND t.n IS DISTINCT FROM NEW.corrects
    UNION ALL SELECT coalesce(NEW.corrects, NEW.n), NEW.turn, NEW.since WHERE NOT NEW.withdrawn ORDER BY 1
  LOOP
    IF NOT (CASE step.turn WHEN 'paused' THEN standing = 'active' WHEN 'lost' THEN standing <> 'lost'
        ELSE standing <> 'active' END) THEN
      PERFORM refuse('turn_follows', format('project %s is %s and can''t be %s', NEW.project_id, standing, step.turn));
    END IF;
    IF step.since < last THEN
      PERFORM refuse('turns_in_order', format('%s is before %s', step.since, last));
    END IF;
    standing := CASE step.turn WHEN 'resumed' THEN 'active' ELSE step.turn END;
    last := step.since;
  END LOOP;
  RETURN NEW;
END $$;

CREATE TRIGGER a_keep_turn BEFORE INSERT ON project_turn FOR EACH ROW EXECUTE FUNCTION keep_turn();

CREATE OR REPLACE FUNCTION keep_tag() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.withdrawn_at IS NOT NULL THEN
    PERFORM refuse('tag_is_there', format('the listing was withdrawn at %s', OLD.withdrawn_at));
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER a_keep_tag BEFORE UPDATE ON project_tag FOR EACH ROW EXECUTE FUNCTION keep_tag();
CREATE TRIGGER reason_is_given BEFORE UPDATE ON project_tag
  FOR EACH ROW WHEN (is_blank(NEW.withdraw_reason)) EXECUTE FUNCTION refuse_blank_reason();

CREATE OR REPLACE FUNCTION keep_visit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE its project%ROWTYPE;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.done_at IS NOT NULL THEN
      PERFORM refuse('visit_is_open', format('the step of visit %s was done', OLD.n));
    END IF;
    RETURN NEW;
  END IF;
  SELECT * INTO its FROM project p WHERE (p.district_id, p.project_id) = (NEW.district_id, NEW.project_id)
      FOR NO KEY UPDATE;
  IF NEW.visited_on > project_today(its) THEN
    PERFORM refuse('milestone_has_come', format('%s is to come', NEW.visited_on));
  END IF;
  SELECT coalesce(max(v.n), 0) + 1 INTO NEW.n FROM project_visit v
      WHERE (v.district_id, v.project_id) = (NEW.district_id, NEW.project_id);
  RETURN NEW;
END $$;

CREATE TRIGGER a_keep_visit BEFORE INSERT OR UPDATE ON project_visit FOR EACH ROW EXECUTE FUNCTION keep_visit();
