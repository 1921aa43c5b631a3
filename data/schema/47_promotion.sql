-- Chain-led promotion: what stands of judgements, roles and charges, and what may be noted.

CREATE OR REPLACE FUNCTION china_today() RETURNS date LANGUAGE sql STABLE AS $$
  SELECT (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date
$$;
COMMENT ON FUNCTION china_today IS 'The day that it is where the districts are.';

CREATE OR REPLACE VIEW team_charge_held AS
SELECT c.* FROM team_charge c WHERE NOT EXISTS (SELECT FROM team_charge l
  WHERE (l.district_id, l.team_id, l.n) = (c.district_id, c.team_id, c.n + 1));
COMMENT ON VIEW team_charge_held IS 'Who leads a team, and its industries, as noted last.';

CREATE OR REPLACE VIEW judgement_held AS
SELECT j.* FROM judgement j WHERE NOT EXISTS (SELECT FROM judgement l
  WHERE (l.district_id, l.chain, l.node, l.expert_id, l.n) = (j.district_id, j.chain, j.node, j.expert_id, j.n + 1));
COMMENT ON VIEW judgement_held IS 'What each expert said last of each piece of a chain.';

CREATE OR REPLACE VIEW project_chain_role_held AS
SELECT r.* FROM project_chain_role r WHERE NOT r.withdrawn AND NOT EXISTS (SELECT FROM project_chain_role l
  WHERE (l.district_id, l.project_id, l.chain, l.node, l.n) = (r.district_id, r.project_id, r.chain, r.node, r.n + 1));
COMMENT ON VIEW project_chain_role_held IS 'The roles of projects that count: neither corrected nor withdrawn.';

-- A piece is named by the code it has in the edition in force.
CREATE OR REPLACE FUNCTION keep_piece() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM chain c, jsonb_array_elements(c.body -> 'nodes') piece
      WHERE (c.district_id, c.code) = (NEW.district_id, NEW.chain) AND piece ->> 'code' = NEW.node
        AND c.revision = (SELECT max(l.revision) FROM chain l
          WHERE (l.district_id, l.code) = (c.district_id, c.code))) THEN
    PERFORM refuse('piece_is_of_the_chain', format('the chain %s has no piece %s', NEW.chain, NEW.node));
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER a_keep_piece BEFORE INSERT ON gap_owner FOR EACH ROW EXECUTE FUNCTION keep_piece();
CREATE TRIGGER a_keep_piece BEFORE INSERT ON judgement FOR EACH ROW EXECUTE FUNCTION keep_piece();
CREATE TRIGGER a_keep_piece BEFORE INSERT ON target_firm FOR EACH ROW EXECUTE FUNCTION keep_piece();
CREATE TRIGGER a_keep_piece BEFORE INSERT ON project_chain_role FOR EACH ROW EXECUTE FUNCTION keep_piece();

CREATE OR REPLACE FUNCTION keep_charge() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE industry text;
BEGIN
  PERFORM FROM team t WHERE (t.district_id, t.team_id) = (NEW.district_id, NEW.team_id) FOR NO KEY UPDATE;
  SELECT coalesce(max(c.n), 0) + 1 INTO NEW.n FROM team_charge c
      WHERE (c.district_id, c.team_id) = (NEW.district_id, NEW.team_id);
  IF NEW.leader_id IS NOT NULL AND NOT EXISTS (SELECT FROM team_member m
      WHERE (m.account_id, m.team_id, m.district_id) = (NEW.leader_id, NEW.team_id, NEW.district_id)
        AND m.until IS NULL) THEN
    PERFORM refuse('leader_is_a_member', format('account %s is no member of the team', NEW.leader_id));
  END IF;
  FOREACH industry IN ARRAY NEW.industries LOOP
    IF NOT EXISTS (SELECT FROM chain c WHERE (c.district_id, c.code) = (NEW.district_id, industry)) THEN
      PERFORM refuse('charge_is_of_chains', format('the district has no chain %s', industry));
    END IF;
  END LOOP;
  RETURN NEW;
END $$;

CREATE TRIGGER a_keep_charge BEFORE INSERT ON team_charge FOR EACH ROW EXECUTE FUNCTION keep_charge();

CREATE OR REPLACE FUNCTION keep_expert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.until IS NOT NULL THEN
    PERFORM refuse('expert_has_left', format('expert %s left the team on %s', OLD.expert_id, OLD.until));
  END IF;
  IF NOT EXISTS (SELECT FROM team t WHERE (t.district_id, t.team_id, t.kind) = (NEW.district_id, NEW.team_id,
      'task_force')) THEN
    PERFORM refuse('experts_of_task_forces', 'a promotion team has no experts');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER a_keep_expert BEFORE INSERT OR UPDATE ON expert FOR EACH ROW EXECUTE FUNCTION keep_expert();

-- An expert judges the pieces of the chains that the task force is in charge of. What one expert says is numbered under
-- the lock of the expert's row.
CREATE OR REPLACE FUNCTION keep_judgement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE its expert%ROWTYPE;
BEGIN
  SELECT * INTO its FROM expert e WHERE (e.district_id, e.expert_id) = (NEW.district_id, NEW.expert_id)
      FOR NO KEY UPDATE;
  IF its.until IS NOT NULL THEN
    PERFORM refuse('expert_has_left', format('expert %s left the team on %s', its.expert_id, its.until));
  END IF;
  IF NOT EXISTS (SELECT FROM team_charge_held c WHERE (c.district_id, c.team_id) = (its.district_id, its.team_id)
      AND NEW.chain = ANY (c.industries)) THEN
    PERFORM refuse('judged_by_who_is_in_charge', format('the task force is not in charge of %s', NEW.chain));
  END IF;
  IF NEW.judged_on > china_today() THEN
    PERFORM refuse('milestone_has_come', format('%s is to come', NEW.judged_on));
  END IF;
  SELECT coalesce(max(j.n), 0) + 1 INTO NEW.n FROM judgement j
      WHERE (j.district_id, j.chain, j.node, j.expert_id) = (NEW.district_id, NEW.chain, NEW.node, NEW.expert_id);
  RETURN NEW;
END $$;

CREATE TRIGGER b_keep_judgement BEFORE INSERT ON judgement FOR EACH ROW EXECUTE FUNCTION keep_judgement();

CREATE OR REPLACE FUNCTION keep_gap_owner() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.released_at IS NOT NULL THEN
    PERFORM refuse('gap_owner_is_live', format('the owner was released at %s', OLD.released_at));
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER a_keep_gap_owner BEFORE UPDATE ON gap_owner FOR EACH ROW EXECUTE FUNCTION keep_gap_owner();
CREATE TRIGGER reason_is_given BEFORE UPDATE ON gap_owner
  FOR EACH ROW WHEN (is_blank(NEW.release_reason)) EXECUTE FUNCTION refuse_blank_reason();

CREATE OR REPLACE FUNCTION keep_target_firm() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.firm := firm_name(NEW.name);
  ELSIF OLD.closed_at IS NOT NULL THEN
    PERFORM refuse('target_firm_is_live', format('the target firm was closed at %s', OLD.closed_at));
  ELSIF OLD.project_id IS NOT NULL AND NEW.project_id IS DISTINCT FROM OLD.project_id THEN
    PERFORM refuse('target_firm_came_once', format('project %s came of it', OLD.project_id));
  END IF;
  IF NEW.approached_on > china_today() THEN
    PERFORM refuse('milestone_has_come', format('%s is to come', NEW.approached_on));
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER b_keep_target_firm BEFORE INSERT OR UPDATE ON target_firm
  FOR EACH ROW EXECUTE FUNCTION keep_target_firm();
CREATE TRIGGER reason_is_given BEFORE UPDATE OF closed_at ON target_firm
  FOR EACH ROW WHEN (is_blank(NEW.close_reason)) EXECUTE FUNCTION refuse_blank_reason();

-- Who notes an answer spoke to the firm: that day is when the team approached it, where none was noted.
CREATE OR REPLACE FUNCTION keep_target_note() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE its target_firm%ROWTYPE;
BEGIN
  SELECT * INTO its FROM target_firm t
      WHERE (t.district_id, t.target_firm_id) = (NEW.district_id, NEW.target_firm_id) FOR NO KEY UPDATE;
  IF its.closed_at IS NOT NULL THEN
    PERFORM refuse('target_firm_is_live', format('the target firm was closed at %s', its.closed_at));
  END IF;
  IF NEW.said_on > china_today() THEN
    PERFORM refuse('milestone_has_come', format('%s is to come', NEW.said_on));
  END IF;
  SELECT coalesce(max(t.n), 0) + 1 INTO NEW.n FROM target_note t
      WHERE (t.district_id, t.target_firm_id) = (NEW.district_id, NEW.target_firm_id);
  UPDATE target_firm t SET approached_on = NEW.said_on
      WHERE (t.district_id, t.target_firm_id) = (NEW.district_id, NEW.target_firm_id) AND t.approached_on IS NULL;
  RETURN NEW;
END $$;

CREATE TRIGGER a_keep_target_note BEFORE INSERT ON target_note FOR EACH ROW EXECUTE FUNCTION keep_target_note();

-- What fills or strengthens a piece is at that piece of the chain itself; what extends or supports one may be at another.
CREATE OR REPLACE FUNCTION keep_chain_role() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE last project_chain_role%ROWTYPE; at_piece text;
BEGIN
  PERFORM FROM project p WHERE (p.district_id, p.project_id) = (NEW.district_id, NEW.project_id) FOR NO KEY UPDATE;
  SELECT * INTO last FROM project_chain_role r
      WHERE (r.district_id, r.project_id, r.chain, r.node) = (NEW.district_id, NEW.project_id, NEW.chain, NEW.node)
      ORDER BY r.n DESC LIMIT 1;
  NEW.n := coalesce(last.n, 0) + 1;
  IF NEW.corrects IS DISTINCT FROM coalesce(NOT last.withdrawn, false) THEN
    PERFORM refuse(CASE WHEN NEW.corrects THEN 'chain_role_is_there' ELSE 'chain_role_is_new' END,
        format('the role of project %s for %s', NEW.project_id, NEW.node));
  END IF;
  SELECT v.chain_stage INTO at_piece FROM project_version v
      WHERE (v.district_id, v.project_id) = (NEW.district_id, NEW.project_id) AND upper_inf(v.sys);
  IF NOT NEW.withdrawn AND NEW.role IN ('fills', 'strengthens') AND at_piece IS DISTINCT FROM NEW.node THEN
    PERFORM refuse('chain_role_at_its_piece', format('project %s is at %s', NEW.project_id,
        coalesce(at_piece, 'no piece')));
  END IF;
  SELECT count(*) INTO NEW.stood FROM project_version v
      WHERE v.district_id = NEW.district_id AND v.project_id <> NEW.project_id AND v.chain_stage = NEW.node
        AND upper_inf(v.sys) AND project_standing(v.district_id, v.project_id) = 'active'
        AND EXISTS (SELECT FROM project_reached m WHERE (m.district_id, m.project_id) = (v.district_id, v.project_id)
          AND stage_order(m.stage) >= stage_order('signed'));
  RETURN NEW;
END $$;

CREATE TRIGGER b_keep_chain_role BEFORE INSERT ON project_chain_role FOR EACH ROW EXECUTE FUNCTION keep_chain_role();
CREATE TRIGGER reason_is_given BEFORE INSERT ON project_chain_role
  FOR EACH ROW WHEN (is_blank(NEW.reason)) EXECUTE FUNCTION refuse_blank_reason();

CREATE OR REPLACE FUNCTION keep_title() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.withdrawn_at IS NOT NULL THEN
    PERFORM refuse('firm_title_is_held', format('the title was withdrawn at %s', OLD.withdrawn_at));
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER a_keep_title BEFORE UPDATE ON firm_title FOR EACH ROW EXECUTE FUNCTION keep_title();
CREATE TRIGGER reason_is_given BEFORE UPDATE ON firm_title
  FOR EACH ROW WHEN (is_blank(NEW.withdraw_reason)) EXECUTE FUNCTION refuse_blank_reason();

-- A title's figure is of its year's China day: a report of a day that is to come is none.
CREATE OR REPLACE FUNCTION keep_title_figure() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.as_of > china_today() THEN
    PERFORM refuse('milestone_has_come', format('%s is to come', NEW.as_of));
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER a_keep_title_figure BEFORE INSERT ON title_figure FOR EACH ROW EXECUTE FUNCTION keep_title_figure();
