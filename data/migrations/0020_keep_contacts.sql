-- Contacts can be edited by whoever saw their newest revision, and erased for good; who a project is of can change, and is kept with its revisions.

ALTER TABLE contact ADD COLUMN revision integer NOT NULL DEFAULT 1;
COMMENT ON COLUMN contact.revision IS 'What If-Match compares.';
CREATE INDEX contact_party ON contact (district_id, party_id);

-- What is erased is nowhere else: a contact has no history, and answers kept for repeated requests hold nothing of it but its id.
CREATE FUNCTION keep_contact() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
REVOKE EXECUTE ON FUNCTION keep_contact FROM PUBLIC;
CREATE TRIGGER keep_contact BEFORE INSERT OR UPDATE ON contact FOR EACH ROW EXECUTE FUNCTION keep_contact();
GRANT UPDATE (name, phone, email, erased_at) ON contact TO luodi_planner;

ALTER TABLE project_version ADD COLUMN party_id uuid;
COMMENT ON COLUMN project_version.party_id IS 'Whose project it was then. Whose it is now stands in project.';
UPDATE project_version v SET party_id = j.party_id FROM project j WHERE (j.district_id, j.project_id) = (v.district_id, v.project_id);

-- keep_project_version as before, and it notes whose the project is. Of a project that is made in the same statement it can't see that, and takes what is stated.
CREATE OR REPLACE FUNCTION keep_project_version() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE last project_version%ROWTYPE; instant timestamptz; its project%ROWTYPE;
BEGIN
  SELECT * INTO its FROM project p WHERE (p.district_id, p.project_id) = (NEW.district_id, NEW.project_id) FOR UPDATE;
  IF FOUND THEN
    NEW.party_id := its.party_id;
  END IF;
  SELECT * INTO last FROM project_version v WHERE (v.district_id, v.project_id) = (NEW.district_id, NEW.project_id) ORDER BY v.revision DESC LIMIT 1;
  IF NEW.revision IS DISTINCT FROM coalesce(last.revision, 0) + 1 THEN
    PERFORM refuse('revision_follows', format('the next revision of project %s is %s, not %s', NEW.project_id, coalesce(last.revision, 0) + 1, NEW.revision));
  END IF;
  instant := greatest(clock_timestamp(), lower(last.sys) + interval '1 microsecond');
  UPDATE project_version v SET sys = tstzrange(lower(last.sys), instant) WHERE (v.district_id, v.project_id, v.revision) = (NEW.district_id, NEW.project_id, last.revision);
  NEW.sys := tstzrange(instant, NULL);
  RETURN NEW;
END $$;
GRANT UPDATE (party_id) ON project TO luodi_planner;
