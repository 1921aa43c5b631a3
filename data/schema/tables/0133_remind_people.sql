-- Reminders: what each person wants to be told and when, the mails that tell it, calendar addresses; and of accounts when
-- one last signed in, and why one was disabled or enabled.

CREATE TABLE reminder_setting (
  account_id   uuid PRIMARY KEY REFERENCES account,
  hour         integer NOT NULL DEFAULT 8 CHECK (hour BETWEEN 0 AND 23),
  digest       boolean NOT NULL DEFAULT true,
  lang         text NOT NULL DEFAULT 'zh' CHECK (lang IN ('zh', 'en')),
  email        text CHECK (length(email) <= 254 AND email ~ '^[!-?A-~]+@[!-?A-~]+$'),
  confirmed_at timestamptz,
  code_hash    bytea CHECK (length(code_hash) = 32),
  code_until   timestamptz,
  code_tries   integer NOT NULL DEFAULT 0,
  looked_on    date,
  CONSTRAINT reminder_address_is_confirmed CHECK (confirmed_at IS NULL OR email IS NOT NULL),
  CONSTRAINT reminder_code_ends CHECK ((code_hash IS NULL) = (code_until IS NULL))
);
COMMENT ON TABLE reminder_setting IS 'How a person is reminded. Without a confirmed address nothing is mailed.';
COMMENT ON COLUMN reminder_setting.hour IS 'Of the day, in the time zone of the first park of the person''s roles.';
COMMENT ON COLUMN reminder_setting.digest IS 'One mail a day with all of it; else one mail for each.';
COMMENT ON COLUMN reminder_setting.code_hash IS 'SHA-256 of the code that proves the address, while it is valid.';
COMMENT ON COLUMN reminder_setting.looked_on IS 'The last day on which it was looked what there is to tell.';
CREATE INDEX reminder_setting_looked ON reminder_setting (looked_on) WHERE confirmed_at IS NOT NULL;

CREATE TABLE reminder_choice (
  account_id uuid NOT NULL REFERENCES account,
  kind       text NOT NULL CHECK (kind IN ('visit', 'flow', 'hold', 'turn', 'proposal')),
  mail       boolean NOT NULL,
  calendar   boolean NOT NULL,
  lead_days  integer NOT NULL CHECK (lead_days BETWEEN 0 AND 60),
  PRIMARY KEY (account_id, kind)
);
COMMENT ON TABLE reminder_choice IS 'What a person chose of a kind of reminder; a kind without a row is as data/reminder has it.';

CREATE TABLE mail (
  mail_id         uuid PRIMARY KEY,
  account_id      uuid NOT NULL REFERENCES account,
  kind            text NOT NULL CHECK (kind IN ('reminders', 'confirm')),
  queued_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  state           text NOT NULL DEFAULT 'queued'
    CHECK (state IN ('queued', 'claimed', 'handed', 'sent', 'unknown', 'refused', 'void')),
  lease           uuid,
  leased_until    timestamptz,
  tries           integer NOT NULL DEFAULT 0,
  next_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  reply           integer CHECK (reply BETWEEN 200 AND 599),
  error           text,
  settled_at      timestamptz,
  decided_by      uuid REFERENCES account,
  decided_at      timestamptz,
  decision_reason text CHECK (decision_reason <> ''),
  CONSTRAINT mail_under_way_is_leased CHECK (state NOT IN ('claimed', 'handed')
    OR (lease IS NOT NULL AND leased_until IS NOT NULL)),
  CONSTRAINT mail_decision_says_why CHECK ((decided_by IS NULL) = (decided_at IS NULL)
    AND (decided_by IS NULL) = (decision_reason IS NULL))
);
COMMENT ON TABLE mail IS
  'Mails to send, and what became of them. Its id makes the Message-ID, the same at each try. What it says is written '
  'when it is sent, of what its person may see then.';
COMMENT ON COLUMN mail.state IS
  'claimed: nothing of it is with the mail server yet. handed: it may be. unknown: its sender ended while it was handed '
  'over; it is not sent again unless an admin says so. void: there was nothing left to tell.';
CREATE INDEX mail_to_send ON mail (next_at) WHERE state IN ('queued', 'claimed', 'handed');
CREATE INDEX mail_to_decide ON mail (queued_at) WHERE state IN ('unknown', 'refused');
CREATE INDEX mail_account ON mail (account_id, queued_at);

CREATE TABLE reminder (
  account_id uuid NOT NULL REFERENCES account,
  kind       text NOT NULL CHECK (kind IN ('visit', 'flow', 'hold', 'turn', 'proposal')),
  subject    text NOT NULL CHECK (subject <> ''),
  due        date NOT NULL,
  mail_id    uuid NOT NULL REFERENCES mail,
  PRIMARY KEY (account_id, kind, subject, due)
);
COMMENT ON TABLE reminder IS 'What a person was or will be reminded of by mail: of one thing and day once.';
CREATE INDEX reminder_mail ON reminder (mail_id);

CREATE TABLE calendar_address (
  hash       bytea PRIMARY KEY CHECK (length(hash) = 32),
  account_id uuid NOT NULL REFERENCES account,
  made_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  revoked_at timestamptz
);
COMMENT ON TABLE calendar_address IS 'Secret addresses of calendars, by the SHA-256 of the secret; one is live.';
CREATE UNIQUE INDEX calendar_address_live ON calendar_address (account_id) WHERE revoked_at IS NULL;

CREATE TABLE account_turn (
  account_id uuid NOT NULL REFERENCES account,
  n          integer NOT NULL CHECK (n > 0),
  turn       text NOT NULL CHECK (turn IN ('disabled', 'enabled')),
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  by         uuid REFERENCES account,
  reason     text NOT NULL CHECK (reason <> ''),
  PRIMARY KEY (account_id, n)
);
COMMENT ON TABLE account_turn IS 'When an account was disabled or enabled, by whom (null: the command line) and why.';
ALTER TABLE account ADD signed_in_at timestamptz;
COMMENT ON COLUMN account.signed_in_at IS 'When it last signed in; null: never, or before that was kept.';

CREATE TABLE admin_clock (
  one   boolean PRIMARY KEY DEFAULT true CHECK (one),
  ticks bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE admin_clock IS 'The row that two who take admins away wait for, so that one is left.';
INSERT INTO admin_clock DEFAULT VALUES;
