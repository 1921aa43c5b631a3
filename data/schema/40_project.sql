-- Parties, contacts, projects and proposals, and the parks whose business they are.

-- A party's facts are versioned: planners edit the party, keep_party_version stores the old facts. Without an English
-- name the Chinese one stands in for it, here and in keep_project_version, and follows it when it is changed.
CREATE OR REPLACE FUNCTION keep_party() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  NEW.revision := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE OLD.revision + 1 END;
  IF NEW.name_en IS NULL OR TG_OP = 'UPDATE' AND OLD.name_en = OLD.name_zh AND NEW.name_en = OLD.name_en THEN
    NEW.name_en := NEW.name_zh;
  END IF;
  IF NOT is_credit_code(NEW.credit_code) THEN
    PERFORM refuse('credit_code_is_right', format('%s is no unified social credit code', to_json(NEW.credit_code)));
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_party_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO party_version (district_id, party_id, revision, name_zh, name_en, named, source, credit_code)
  VALUES (NEW.district_id, NEW.party_id, NEW.revision, NEW.name_zh, NEW.name_en, NEW.named, NEW.source,
      NEW.credit_code);
  RETURN NULL;
END $$;

CREATE TRIGGER a_keep_party BEFORE INSERT OR UPDATE ON party FOR EACH ROW EXECUTE FUNCTION keep_party();
CREATE TRIGGER b_keep_party_version AFTER INSERT OR UPDATE ON party
  FOR EACH ROW EXECUTE FUNCTION keep_party_version();

-- Erased data is not kept elsewhere: a contact has no versions, and the answers kept for repeated requests hold only
-- its id.
CREATE OR REPLACE FUNCTION keep_contact() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.revision := 1;
    RETURN NEW;
  END IF;
  IF OLD.erased_at IS NOT NULL THEN
    PERFORM refuse('contact_is_erased', format('contact %s was erased at %s', OLD.contact_id, OLD.erased_at));
  END IF;
  NEW.revision := OLD.revision + 1;
  RETURN NEW;
END $$;

CREATE TRIGGER keep_contact BEFORE INSERT OR UPDATE ON contact FOR EACH ROW EXECUTE FUNCTION keep_contact();

-- Promise 3. Projects are versioned too: the next version begins where the last one ends, at the database's time. A
-- version notes the project's party. If the project is inserted by the same statement its row is not visible yet, and
-- the stated party is taken.
CREATE OR REPLACE FUNCTION keep_project_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE last project_version%ROWTYPE; instant timestamptz; its project%ROWTYPE;
BEGIN
  SELECT * INTO its FROM project p WHERE (p.district_id, p.project_id) = (NEW.district_id, NEW.project_id) FOR UPDATE;
  IF FOUND THEN
    NEW.party_id := its.party_id;
  END IF;
  SELECT * INTO last FROM project_version v WHERE (v.district_id, v.project_id) = (NEW.district_id, NEW.project_id)
      ORDER BY v.revision DESC LIMIT 1;
  IF NEW.revision IS DISTINCT FROM coalesce(last.revision, 0) + 1 THEN
    PERFORM refuse('revision_follows', format('the next revision of project %s is %s, not %s', NEW.project_id,
        coalesce(last.revision, 0) + 1, NEW.revision));
  END IF;
  IF NEW.name_en IS NULL OR last.name_en = last.name_zh AND NEW.name_en = last.name_en THEN
    NEW.name_en := NEW.name_zh;
  END IF;
  IF NEW.kind = 'expansion' AND (last.kind, last.party_id) IS DISTINCT FROM (NEW.kind, NEW.party_id)
      AND (NEW.party_id IS NULL OR NOT firm_is_here(NEW.district_id, NEW.party_id, NEW.project_id)) THEN
    PERFORM refuse('expansion_of_a_firm_here', format('the company of project %s is not here yet', NEW.project_id));
  END IF;
  instant := greatest(clock_timestamp(), lower(last.sys) + interval '1 microsecond');
  UPDATE project_version v SET sys = tstzrange(lower(last.sys), instant)
      WHERE (v.district_id, v.project_id, v.revision) = (NEW.district_id, NEW.project_id, last.revision);
  NEW.sys := tstzrange(instant, NULL);
  RETURN NEW;
END $$;

CREATE TRIGGER a_keep_project_version BEFORE INSERT ON project_version
  FOR EACH ROW EXECUTE FUNCTION keep_project_version();

-- A decision is final.
CREATE OR REPLACE FUNCTION keep_decision() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.decision IS NOT NULL THEN
    PERFORM refuse('proposal_is_open', format('proposal %s was %s already', OLD.proposal_id, OLD.decision));
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER keep_decision BEFORE UPDATE ON proposal FOR EACH ROW EXECUTE FUNCTION keep_decision();

-- Queries ask for the rows of one project or party: the condition is pushed down into each branch of the UNION ALL.
CREATE OR REPLACE VIEW project_park AS
SELECT j.district_id, j.project_id, j.park_id FROM project j WHERE j.park_id IS NOT NULL
UNION ALL
SELECT v.district_id, v.project_id, s.park_id FROM project_version v CROSS JOIN LATERAL unnest(v.seeks) s (park_id)
    WHERE upper_inf(v.sys)
UNION ALL
SELECT t.district_id, t.project_id, t.park_id FROM allotment t JOIN allotment_version a
    ON (a.park_id, a.allotment_id) = (t.park_id, t.allotment_id) AND a.to_seq IS NULL
UNION ALL
SELECT w.district_id, w.project_id, w.park_id FROM waiting w WHERE w.to_seq IS NULL
UNION ALL
SELECT l.district_id, l.project_id, l.park_id FROM letting l WHERE l.state <> 'ended';
COMMENT ON VIEW project_park IS
  'Whose business a project is: the park that entered it, where it seeks land, has some, waits for some, or has floor '
  'space. A pair may come more than once.';

CREATE OR REPLACE VIEW party_park AS
SELECT p.district_id, p.party_id, p.park_id FROM party p WHERE p.park_id IS NOT NULL
UNION ALL
SELECT j.district_id, j.party_id, c.park_id
  FROM project j
  JOIN party p ON (p.district_id, p.party_id) = (j.district_id, j.party_id)
      AND p.park_id IS NOT DISTINCT FROM j.park_id
  JOIN project_park c ON (c.district_id, c.project_id) = (j.district_id, j.project_id)
UNION ALL
SELECT j.district_id, j.party_id, t.park_id
  FROM project j
  JOIN allotment t ON (t.district_id, t.project_id) = (j.district_id, j.project_id)
  JOIN allotment_version a ON (a.park_id, a.allotment_id) = (t.park_id, t.allotment_id) AND a.to_seq IS NULL
 WHERE j.party_id IS NOT NULL
UNION ALL
SELECT j.district_id, j.party_id, w.park_id
  FROM project j JOIN waiting w ON (w.district_id, w.project_id) = (j.district_id, j.project_id) AND w.to_seq IS NULL
 WHERE j.party_id IS NOT NULL
UNION ALL
SELECT j.district_id, j.party_id, l.park_id
  FROM project j JOIN letting l ON (l.district_id, l.project_id) = (j.district_id, j.project_id) AND l.state <> 'ended'
 WHERE j.party_id IS NOT NULL;
COMMENT ON VIEW party_park IS
  'Whose business a company is: the park that entered it, those in which its projects have land or floor space or wait '
  'for some, and those whose business a project is that the same park entered: a project that another park makes of it '
  'carries it no further.';
