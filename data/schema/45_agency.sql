-- Projects that are run for their firms: what is handed in stays, a mandate and a link end once, and a problem goes the
-- way from a meeting over owner and day to evidence.

-- firm_link_for looks, under the lock of its row, that a link works and is of a project, and holds it to so many of
-- something in an hour.
CREATE OR REPLACE FUNCTION firm_link_for(p_link uuid, p_project uuid) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE link firm_link%ROWTYPE;
BEGIN
  SELECT * INTO link FROM firm_link l WHERE l.link_id = p_link FOR NO KEY UPDATE;
  IF link.project_id IS DISTINCT FROM p_project OR link.revoked_at IS NOT NULL
      OR link.expires_at <= clock_timestamp() THEN
    PERFORM refuse('firm_link_works', format('link %s does not work for project %s', p_link, p_project));
  END IF;
END $$;

CREATE OR REPLACE FUNCTION keep_firm_link() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.revoked_at IS NOT NULL
      OR (to_jsonb(NEW) - '{used_at,revoked_at,revoked_by,revoke_reason}'::text[])
      <> (to_jsonb(OLD) - '{used_at,revoked_at,revoked_by,revoke_reason}'::text[]) THEN
    PERFORM refuse('firm_link_is_kept', format('link %s is kept as it is', OLD.link_id));
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER keep_firm_link BEFORE UPDATE OR DELETE ON firm_link FOR EACH ROW EXECUTE FUNCTION keep_firm_link();

-- A paper is numbered under the lock of its project and never changes. A firm hands in at most 60 in an hour.
CREATE OR REPLACE FUNCTION keep_project_paper() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM refuse('project_paper_is_kept', format('paper %s of project %s is kept', OLD.n, OLD.project_id));
  END IF;
  IF NEW.link_id IS NOT NULL THEN
    PERFORM firm_link_for(NEW.link_id, NEW.project_id);
    IF (SELECT count(*) FROM project_paper o WHERE o.link_id = NEW.link_id
        AND o.at > clock_timestamp() - interval '1 hour') >= 60 THEN
      PERFORM refuse('firm_papers_an_hour', format('link %s handed in 60 papers within an hour', NEW.link_id));
    END IF;
  END IF;
  PERFORM FROM project p WHERE (p.district_id, p.project_id) = (NEW.district_id, NEW.project_id) FOR NO KEY UPDATE;
  SELECT coalesce(max(o.n), 0) + 1 INTO NEW.n FROM project_paper o
      WHERE (o.district_id, o.project_id) = (NEW.district_id, NEW.project_id);
  IF NEW.n > 1000 THEN
    PERFORM refuse('project_papers_are_few', format('project %s has 1000 papers', NEW.project_id));
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER a_keep_project_paper BEFORE INSERT OR UPDATE OR DELETE ON project_paper
  FOR EACH ROW EXECUTE FUNCTION keep_project_paper();

-- An agent is a live account with a role in a park of the project; of a mandate that is made up as a whole it is a
-- placeholder, named by one. A mandate changes by its end alone, once.
CREATE OR REPLACE FUNCTION keep_agency() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    IF TG_OP = 'DELETE' OR OLD.ended_on IS NOT NULL
        OR (to_jsonb(NEW) - '{ended_on,ended_by,ended_at,end_reason,held}'::text[])
        <> (to_jsonb(OLD) - '{ended_on,ended_by,ended_at,end_reason,held}'::text[]) THEN
      PERFORM refuse('agency_is_kept', format('mandate %s of project %s is kept', OLD.n, OLD.project_id));
    END IF;
    RETURN NEW;
  END IF;
  PERFORM FROM project p WHERE (p.district_id, p.project_id) = (NEW.district_id, NEW.project_id) FOR NO KEY UPDATE;
  IF NOT may_run(NEW.account_id, NEW.district_id, NEW.project_id)
      AND (SELECT count(*) FROM account a WHERE a.account_id = NEW.account_id AND a.placeholder) + (SELECT count(*)
        FROM account a WHERE a.account_id = NEW.named_by AND a.placeholder) < 2 THEN
    PERFORM refuse('agent_is_a_member', format('account %s has no role in a park of project %s', NEW.account_id,
        NEW.project_id));
  END IF;
  SELECT coalesce(max(o.n), 0) + 1 INTO NEW.n FROM agency o
      WHERE (o.district_id, o.project_id) = (NEW.district_id, NEW.project_id);
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION may_run(p_account uuid, p_district uuid, p_project uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM account a JOIN membership m USING (account_id)
    WHERE a.account_id = p_account AND a.disabled_at IS NULL AND a.erased_at IS NULL
      AND (m.park_id IS NULL OR EXISTS (SELECT FROM project_park k
        WHERE (k.district_id, k.project_id, k.park_id) = (p_district, p_project, m.park_id))))
$$;
COMMENT ON FUNCTION may_run IS 'Whether an account may be the agent of a project: it is live and has a role in a park of it.';

CREATE TRIGGER a_keep_agency BEFORE INSERT OR UPDATE OR DELETE ON agency
  FOR EACH ROW EXECUTE FUNCTION keep_agency();
CREATE TRIGGER reason_is_given BEFORE UPDATE ON agency
  FOR EACH ROW WHEN (is_blank(NEW.end_reason)) EXECUTE FUNCTION refuse_blank_reason();

-- A problem begins as raised. A firm raises at most 20 in an hour.
CREATE OR REPLACE FUNCTION keep_problem() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.link_id IS NOT NULL THEN
    PERFORM firm_link_for(NEW.link_id, NEW.project_id);
    IF (SELECT count(*) FROM project_problem o WHERE o.link_id = NEW.link_id
        AND o.at > clock_timestamp() - interval '1 hour') >= 20 THEN
      PERFORM refuse('firm_problems_an_hour', format('link %s raised 20 problems within an hour', NEW.link_id));
    END IF;
  END IF;
  PERFORM FROM project p WHERE (p.district_id, p.project_id) = (NEW.district_id, NEW.project_id) FOR NO KEY UPDATE;
  SELECT coalesce(max(o.n), 0) + 1, 0, 'raised' INTO NEW.n, NEW.turns, NEW.state FROM project_problem o
      WHERE (o.district_id, o.project_id) = (NEW.district_id, NEW.project_id);
  RETURN NEW;
END $$;

CREATE TRIGGER a_keep_problem BEFORE INSERT ON project_problem FOR EACH ROW EXECUTE FUNCTION keep_problem();

-- A turn is numbered under the lock of its problem, in the one order that there is: put to a meeting, which may be done
-- again; given an owner and a day there, which may be changed; closed; and from there reopened.
CREATE OR REPLACE FUNCTION keep_problem_turn() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE its project_problem%ROWTYPE;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM refuse('problem_turn_is_kept', format('turn %s of problem %s is kept', OLD.n, OLD.problem_id));
  END IF;
  SELECT * INTO its FROM project_problem p WHERE (p.district_id, p.problem_id) = (NEW.district_id, NEW.problem_id)
      FOR UPDATE;
  IF NOT (CASE NEW.kind WHEN 'tabled' THEN its.state <> 'closed' WHEN 'assigned' THEN its.state IN ('tabled', 'assigned')
      WHEN 'closed' THEN its.state = 'assigned' ELSE its.state = 'closed' END) THEN
    PERFORM refuse('problem_turn_follows', format('problem %s is %s and can''t be %s', its.n, its.state, NEW.kind));
  END IF;
  IF NEW.kind = 'tabled' AND NOT EXISTS (SELECT FROM meeting m JOIN park k USING (park_id)
      WHERE m.meeting_id = NEW.meeting_id AND k.district_id = NEW.district_id) THEN
    PERFORM refuse('meeting_of_the_district', format('meeting %s is none of the district', NEW.meeting_id));
  END IF;
  IF NEW.kind = 'tabled' AND its.state = 'tabled' AND EXISTS (SELECT FROM problem_turn t
      WHERE (t.district_id, t.problem_id, t.n, t.meeting_id)
          = (NEW.district_id, NEW.problem_id, its.turns, NEW.meeting_id)) THEN
    PERFORM refuse('problem_tabled_once', format('problem %s is on the agenda of meeting %s', its.n, NEW.meeting_id));
  END IF;
  NEW.n := its.turns + 1;
  NEW.project_id := its.project_id;
  UPDATE project_problem p SET turns = NEW.n, state = CASE NEW.kind WHEN 'reopened' THEN 'raised' ELSE NEW.kind END
      WHERE (p.district_id, p.problem_id) = (NEW.district_id, NEW.problem_id);
  RETURN NEW;
END $$;

CREATE TRIGGER a_keep_problem_turn BEFORE INSERT OR UPDATE OR DELETE ON problem_turn
  FOR EACH ROW EXECUTE FUNCTION keep_problem_turn();
CREATE TRIGGER reason_is_given BEFORE INSERT ON problem_turn
  FOR EACH ROW WHEN (is_blank(NEW.reason)) EXECUTE FUNCTION refuse_blank_reason();

-- Minutes are numbered under the lock of their meeting.
CREATE OR REPLACE FUNCTION keep_minute() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM meeting m WHERE (m.park_id, m.meeting_id) = (NEW.park_id, NEW.meeting_id) FOR NO KEY UPDATE;
  SELECT coalesce(max(o.n), 0) + 1 INTO NEW.n FROM meeting_minute o
      WHERE (o.park_id, o.meeting_id) = (NEW.park_id, NEW.meeting_id);
  RETURN NEW;
END $$;

CREATE TRIGGER keep_minute BEFORE INSERT ON meeting_minute FOR EACH ROW EXECUTE FUNCTION keep_minute();
