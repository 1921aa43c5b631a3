-- Approvals of projects: what stays as it was agreed, and in which order events are noted.

-- An edition follows the one before it. Of two that race, the key refuses the later.
CREATE OR REPLACE FUNCTION keep_template() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE last integer;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM refuse('flow_template_is_kept', format('edition %s of %s is kept as it is', OLD.edition, OLD.code));
  END IF;
  SELECT coalesce(max(t.revision), 0) INTO last FROM flow_template t
      WHERE (t.district_id, t.code) = (NEW.district_id, NEW.code);
  IF NEW.revision > last + 1 THEN
    PERFORM refuse('flow_template_follows', format('the next revision of %s is %s, not %s', NEW.code, last + 1,
        NEW.revision));
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER keep_template BEFORE INSERT OR UPDATE OR DELETE ON flow_template
  FOR EACH ROW EXECUTE FUNCTION keep_template();

-- What was agreed at signing is the baseline of all that is said later: nothing of a flow changes but that it is retired,
-- once, and the count of its events.
CREATE OR REPLACE FUNCTION keep_flow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - '{noted,noted_at,retired_at,retired_by,retired_reason}'::text[])
      <> (to_jsonb(OLD) - '{noted,noted_at,retired_at,retired_by,retired_reason}'::text[]) THEN
    PERFORM refuse('flow_is_kept', format('flow %s is kept as it was agreed', OLD.flow_id));
  END IF;
  IF OLD.retired_at IS NOT NULL THEN
    PERFORM refuse('flow_is_retired', format('flow %s was retired at %s', OLD.flow_id, OLD.retired_at));
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER keep_flow BEFORE UPDATE OR DELETE ON project_flow FOR EACH ROW EXECUTE FUNCTION keep_flow();
CREATE TRIGGER reason_is_given BEFORE UPDATE ON project_flow
  FOR EACH ROW WHEN (is_blank(NEW.retired_reason)) EXECUTE FUNCTION refuse_blank_reason();

-- Events are numbered under the lock of their flow's row. A writer that took the lock before it read the history knows
-- that the history is still the one it read.
CREATE OR REPLACE FUNCTION keep_flow_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE flow project_flow%ROWTYPE; was flow_event%ROWTYPE;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM refuse('flow_event_is_kept', format('event %s of flow %s is kept as it was noted', OLD.n, OLD.flow_id));
  END IF;
  SELECT * INTO flow FROM project_flow f WHERE (f.district_id, f.flow_id) = (NEW.district_id, NEW.flow_id) FOR UPDATE;
  IF flow.retired_at IS NOT NULL THEN
    PERFORM refuse('flow_is_retired', format('flow %s was retired at %s', flow.flow_id, flow.retired_at));
  END IF;
  NEW.n := flow.noted + 1;
  NEW.place := NEW.n;
  IF NEW.corrects IS NOT NULL THEN
    SELECT * INTO was FROM flow_event e
        WHERE (e.district_id, e.flow_id, e.n) = (NEW.district_id, NEW.flow_id, NEW.corrects);
    IF was.n IS NULL OR was.retracted THEN
      PERFORM refuse('flow_event_holds', format('event %s of flow %s does not hold', NEW.corrects, NEW.flow_id));
    END IF;
    IF was.step <> NEW.step THEN
      PERFORM refuse('flow_event_of_its_step', format('event %s is of step %s', was.n, was.step));
    END IF;
    NEW.place := was.place;
  END IF;
  UPDATE project_flow f SET noted = NEW.n, noted_at = NEW.at
      WHERE (f.district_id, f.flow_id) = (NEW.district_id, NEW.flow_id);
  RETURN NEW;
END $$;

CREATE TRIGGER keep_flow_event BEFORE INSERT OR UPDATE OR DELETE ON flow_event
  FOR EACH ROW EXECUTE FUNCTION keep_flow_event();
CREATE TRIGGER reason_is_given BEFORE INSERT ON flow_event
  FOR EACH ROW WHEN (is_blank(NEW.reason)) EXECUTE FUNCTION refuse_blank_reason();

-- What holds: each row that no later one corrects, unless it only takes another back.
CREATE OR REPLACE VIEW flow_event_held AS
SELECT e.* FROM flow_event e
 WHERE NOT e.retracted AND NOT EXISTS (SELECT FROM flow_event c
     WHERE (c.district_id, c.flow_id, c.corrects) = (e.district_id, e.flow_id, e.n));
COMMENT ON VIEW flow_event_held IS 'The events of flows as they hold now.';
