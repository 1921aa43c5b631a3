-- Mails of reminders: by which steps one goes, so that none is sent twice.

-- keep_mail lets a mail take only these steps. What may have reached the mail server is not sent again: from "handed" a
-- mail goes back to the queue only with the server's word that it was not taken (400 to 599), and from "unknown" and
-- "refused" only by an admin's decision with a reason. What is sent or void stays so.
CREATE OR REPLACE FUNCTION keep_mail() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE decided boolean := NEW.decided_at IS DISTINCT FROM OLD.decided_at; fits boolean;
BEGIN
  fits := CASE OLD.state
      WHEN NEW.state THEN true
      WHEN 'queued' THEN NEW.state IN ('claimed', 'void')
      WHEN 'claimed' THEN NEW.state IN ('queued', 'handed', 'void', 'refused')
      WHEN 'handed' THEN NEW.state IN ('sent', 'unknown')
        OR NEW.state IN ('queued', 'refused') AND coalesce(NEW.reply BETWEEN 400 AND 599, false)
      WHEN 'unknown' THEN NEW.state = 'sent' AND (decided OR NEW.lease = OLD.lease) OR NEW.state = 'queued' AND decided
      WHEN 'refused' THEN NEW.state IN ('queued', 'void') AND decided
      ELSE false END;
  IF NOT fits OR (NEW.mail_id, NEW.account_id, NEW.kind) <> (OLD.mail_id, OLD.account_id, OLD.kind) THEN
    PERFORM refuse('mail_in_order', format('mail %s is %s, and can''t become %s', OLD.mail_id, OLD.state, NEW.state));
  END IF;
  IF NEW.state IN ('sent', 'unknown', 'refused', 'void') AND NEW.state <> OLD.state THEN
    NEW.settled_at := clock_timestamp();
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER keep_mail BEFORE UPDATE ON mail FOR EACH ROW EXECUTE FUNCTION keep_mail();
CREATE TRIGGER reason_is_given BEFORE UPDATE ON mail
  FOR EACH ROW WHEN (is_blank(NEW.decision_reason)) EXECUTE FUNCTION refuse_blank_reason();
