-- Accounts: someone stays who manages them, each turn of one says why, and a placeholder is nobody.

-- keep_an_admin refuses to take the last admin of every park away who can sign in: a role withdrawn, an account disabled.
-- Two at once wait for each other at admin_clock, so that the later sees what the earlier did, at each level of isolation.
CREATE OR REPLACE FUNCTION keep_an_admin() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_TABLE_NAME = 'account' AND NOT EXISTS (SELECT FROM membership m
      WHERE m.account_id = OLD.account_id AND m.role = 'admin' AND m.park_id IS NULL) THEN
    RETURN NULL;
  END IF;
  UPDATE admin_clock SET ticks = ticks + 1;
  IF NOT EXISTS (SELECT FROM membership m JOIN account a USING (account_id)
      WHERE m.role = 'admin' AND m.park_id IS NULL AND a.disabled_at IS NULL AND a.password IS NOT NULL) THEN
    PERFORM refuse('an_admin_stays', format('account %s is the last admin of every park', OLD.account_id));
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER keep_an_admin AFTER DELETE ON membership DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (OLD.role = 'admin' AND OLD.park_id IS NULL) EXECUTE FUNCTION keep_an_admin();
CREATE CONSTRAINT TRIGGER keep_an_admin AFTER UPDATE ON account DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.disabled_at IS NOT NULL AND OLD.disabled_at IS NULL) EXECUTE FUNCTION keep_an_admin();

-- keep_account_turn numbers the turns of an account under its lock.
CREATE OR REPLACE FUNCTION keep_account_turn() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM account a WHERE a.account_id = NEW.account_id FOR NO KEY UPDATE;
  SELECT coalesce(max(t.n), 0) + 1 INTO NEW.n FROM account_turn t WHERE t.account_id = NEW.account_id;
  RETURN NEW;
END $$;

CREATE TRIGGER keep_account_turn BEFORE INSERT ON account_turn FOR EACH ROW EXECUTE FUNCTION keep_account_turn();
CREATE TRIGGER reason_is_given BEFORE INSERT ON account_turn
  FOR EACH ROW WHEN (is_blank(NEW.reason)) EXECUTE FUNCTION refuse_blank_reason();

-- A placeholder is nobody: no link, session, token or role is given to it.
CREATE OR REPLACE FUNCTION refuse_placeholder() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM account a WHERE a.account_id = NEW.account_id AND a.placeholder) THEN
    PERFORM refuse('placeholder_is_nobody', format('account %s is a placeholder', NEW.account_id));
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER refuse_placeholder BEFORE INSERT ON invitation FOR EACH ROW EXECUTE FUNCTION refuse_placeholder();
CREATE TRIGGER refuse_placeholder BEFORE INSERT ON membership FOR EACH ROW EXECUTE FUNCTION refuse_placeholder();
CREATE TRIGGER refuse_placeholder BEFORE INSERT ON session FOR EACH ROW EXECUTE FUNCTION refuse_placeholder();
CREATE TRIGGER refuse_placeholder BEFORE INSERT ON token FOR EACH ROW EXECUTE FUNCTION refuse_placeholder();
