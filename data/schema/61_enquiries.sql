-- Enquiries of investors: what erases them, and who hears of them.

-- An erased enquiry stays erased, and nothing of it changes any more. The answers' words go with it, whoever erases.
CREATE OR REPLACE FUNCTION keep_enquiry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.revision := 1;
    RETURN NEW;
  END IF;
  IF OLD.erased_at IS NOT NULL THEN
    PERFORM refuse('enquiry_is_erased', format('enquiry %s was erased at %s', OLD.enquiry_id, OLD.erased_at));
  END IF;
  IF OLD.project_id IS NOT NULL AND NEW.project_id IS DISTINCT FROM OLD.project_id THEN
    PERFORM refuse('enquiry_has_a_project', format('enquiry %s was made project %s', OLD.enquiry_id, OLD.project_id));
  END IF;
  IF NEW.erased_at IS NOT NULL THEN
    UPDATE enquiry_answer SET words = NULL WHERE (park_id, enquiry_id) = (NEW.park_id, NEW.enquiry_id);
  END IF;
  NEW.revision := OLD.revision + 1;
  RETURN NEW;
END $$;

CREATE TRIGGER keep_enquiry BEFORE INSERT OR UPDATE ON enquiry FOR EACH ROW EXECUTE FUNCTION keep_enquiry();

-- Those who have the park open look anew at how many enquiries wait: by the notice on which they look at who is there.
CREATE OR REPLACE FUNCTION wake_inbox() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_notify('luodi_presence', NEW.park_id::text);
  RETURN NULL;
END $$;

CREATE TRIGGER wake_inbox AFTER INSERT OR UPDATE ON enquiry FOR EACH ROW EXECUTE FUNCTION wake_inbox();

-- erase_enquiries erases what has reached the term that its investor was told, a thousand at a time, and forgets
-- challenges that ended. The writing role can't choose which.
CREATE OR REPLACE FUNCTION erase_enquiries() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM spent_challenge WHERE expires_at < clock_timestamp();
  WITH due AS (SELECT park_id, enquiry_id FROM enquiry WHERE erased_at IS NULL AND erase_at <= clock_timestamp()
                ORDER BY erase_at LIMIT 1000 FOR UPDATE SKIP LOCKED),
       gone AS (UPDATE enquiry e SET erased_at = clock_timestamp(), name = NULL, organisation = NULL, phone = NULL,
                       email = NULL, words = NULL, need = NULL, places = NULL
                  FROM due WHERE (e.park_id, e.enquiry_id) = (due.park_id, due.enquiry_id) RETURNING 1)
      SELECT count(*) FROM gone
$$;
COMMENT ON FUNCTION erase_enquiries() IS 'Erases the enquiries that reached their term, and counts them.';
