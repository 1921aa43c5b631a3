-- Teams, the first contacts of firms, and the leads that only a team and the leaders know.

-- How a firm's name is compared: in half-width letters of one case, without spaces, brackets and marks, and without the
-- words that say what sort of company it is. This is the one place where that is told.
CREATE OR REPLACE FUNCTION firm_name(p_name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(nullif(regexp_replace(plain, '(股份有限公司|有限责任公司|有限公司|集团)+$', ''), ''), nullif(plain, ''), p_name)
    FROM (SELECT regexp_replace(fold_case(normalize(p_name, NFKC)),
      '[[:space:]()\[\]{}<>〔〕【】《》〈〉「」『』"''“”‘’·•.,，。、_-]', '', 'g')) f (plain)
$$;
COMMENT ON FUNCTION firm_name IS 'A firm''s name in the form in which two are compared.';

-- keep_first_contact fills in the firm, and lets a first contact be released, once. The firm's row is locked, so that
-- its name and code are those of the moment.
CREATE OR REPLACE FUNCTION keep_first_contact() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE its project%ROWTYPE; of party%ROWTYPE;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.released_at IS NOT NULL THEN
      PERFORM refuse('first_contact_is_live', format('first contact %s was released', OLD.first_contact_id));
    END IF;
    RETURN NEW;
  END IF;
  SELECT * INTO its FROM project p WHERE (p.district_id, p.project_id) = (NEW.district_id, NEW.project_id)
      FOR NO KEY UPDATE;
  SELECT * INTO of FROM party p WHERE (p.district_id, p.party_id) = (its.district_id, its.party_id) FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    PERFORM refuse('first_contact_has_a_firm', format('project %s is of no company', NEW.project_id));
  END IF;
  IF NEW.made_on > project_today(its) THEN
    PERFORM refuse('milestone_has_come', format('%s is to come', NEW.made_on));
  END IF;
  NEW.party_id := of.party_id;
  NEW.credit_code := of.credit_code;
  NEW.firm := firm_name(of.name_zh);
  RETURN NEW;
END $$;

CREATE TRIGGER a_keep_first_contact BEFORE INSERT OR UPDATE ON first_contact
  FOR EACH ROW EXECUTE FUNCTION keep_first_contact();

-- A firm that is renamed or registered, and a project that goes to another firm, take their first contact along.
CREATE OR REPLACE FUNCTION follow_firm() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE first_contact f SET firm = firm_name(NEW.name_zh), credit_code = NEW.credit_code
      WHERE (f.party_id, f.district_id) = (NEW.party_id, NEW.district_id) AND f.released_at IS NULL
        AND (f.firm, f.credit_code) IS DISTINCT FROM (firm_name(NEW.name_zh), NEW.credit_code);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION follow_project() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM party p WHERE (p.district_id, p.party_id) = (NEW.district_id, NEW.party_id) FOR NO KEY UPDATE;
  UPDATE first_contact f SET party_id = p.party_id, firm = firm_name(p.name_zh), credit_code = p.credit_code
      FROM party p WHERE (p.district_id, p.party_id) = (NEW.district_id, NEW.party_id)
        AND (f.project_id, f.district_id) = (NEW.project_id, NEW.district_id) AND f.released_at IS NULL;
  RETURN NULL;
END $$;

CREATE TRIGGER c_follow_firm AFTER UPDATE ON party
  FOR EACH ROW EXECUTE FUNCTION follow_firm();
CREATE TRIGGER follow_project AFTER UPDATE OF party_id ON project FOR EACH ROW EXECUTE FUNCTION follow_project();

CREATE OR REPLACE VIEW unsigned_lead AS
SELECT f.district_id, f.project_id, f.party_id, f.team_id FROM first_contact f
 WHERE f.released_at IS NULL
   AND NOT EXISTS (SELECT FROM project_reached m WHERE (m.district_id, m.project_id) = (f.district_id, f.project_id)
     AND stage_order(m.stage) >= stage_order('signed'))
   AND NOT EXISTS (SELECT FROM allotment t WHERE (t.district_id, t.project_id) = (f.district_id, f.project_id))
   AND NOT EXISTS (SELECT FROM waiting w WHERE (w.district_id, w.project_id) = (f.district_id, f.project_id))
   AND NOT EXISTS (SELECT FROM letting l WHERE (l.district_id, l.project_id) = (f.district_id, f.project_id));
COMMENT ON VIEW unsigned_lead IS
  'Projects that a team spoke to first, not signed yet, that never had a right to land, a place in a queue or floor '
  'space held: for that team and the leaders alone. What once had one is told by the park''s records for good.';

-- Who was in a team stays said: a membership ends once.
CREATE OR REPLACE FUNCTION keep_member() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.until IS NOT NULL THEN
    PERFORM refuse('team_member_has_left', format('account %s left the team on %s', OLD.account_id, OLD.until));
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER keep_member BEFORE UPDATE ON team_member FOR EACH ROW EXECUTE FUNCTION keep_member();

CREATE OR REPLACE VIEW team_target_held AS
SELECT t.* FROM team_target t WHERE NOT t.withdrawn AND NOT EXISTS (SELECT FROM team_target l
  WHERE (l.district_id, l.team_id, l.year, l.quarter, l.measure, l.n)
    = (t.district_id, t.team_id, t.year, t.quarter, t.measure, t.n + 1));
COMMENT ON VIEW team_target_held IS 'The targets that count: neither corrected nor withdrawn.';

-- keep_team_target numbers the notes of one target while the team is locked: the first is new, a later one corrects.
CREATE OR REPLACE FUNCTION keep_team_target() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE last team_target%ROWTYPE;
BEGIN
  PERFORM FROM team t WHERE (t.district_id, t.team_id) = (NEW.district_id, NEW.team_id) FOR NO KEY UPDATE;
  SELECT * INTO last FROM team_target t
      WHERE (t.district_id, t.team_id, t.year, t.quarter, t.measure)
        = (NEW.district_id, NEW.team_id, NEW.year, NEW.quarter, NEW.measure) ORDER BY t.n DESC LIMIT 1;
  NEW.n := coalesce(last.n, 0) + 1;
  IF NEW.corrects IS DISTINCT FROM coalesce(NOT last.withdrawn, false) THEN
    PERFORM refuse(CASE WHEN NEW.corrects THEN 'team_target_is_there' ELSE 'team_target_is_new' END,
        format('%s of team %s in quarter %s of %s', NEW.measure, NEW.team_id, NEW.quarter, NEW.year));
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER a_keep_team_target BEFORE INSERT ON team_target FOR EACH ROW EXECUTE FUNCTION keep_team_target();
CREATE TRIGGER reason_is_given BEFORE INSERT ON team_target
  FOR EACH ROW WHEN (is_blank(NEW.reason)) EXECUTE FUNCTION refuse_blank_reason();
