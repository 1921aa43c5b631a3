-- Webhooks: other systems are told each event of a park, in order. What was delivered and what could not be is kept
-- here, so that whichever process lives goes on.

CREATE TABLE webhook (
  park_id      uuid NOT NULL REFERENCES park,
  webhook_id   uuid NOT NULL,
  url          text NOT NULL CHECK (url ~ '^https?://' AND length(url) <= 2000),
  secret       bytea NOT NULL CHECK (length(secret) = 32),
  old_secret   bytea CHECK (length(old_secret) = 32),
  old_until    timestamptz CHECK ((old_secret IS NULL) = (old_until IS NULL)),
  made_by      uuid NOT NULL REFERENCES account,
  made_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  state        text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'retired')),
  cursor       bigint NOT NULL CHECK (cursor >= 0),
  tries        integer NOT NULL DEFAULT 0 CHECK (tries >= 0),
  next_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  lease        uuid,
  leased_until timestamptz CHECK ((lease IS NULL) = (leased_until IS NULL)),
  last_at      timestamptz,
  last_status  integer,
  last_error   text,
  PRIMARY KEY (park_id, webhook_id)
);
COMMENT ON TABLE webhook IS
  'Addresses that are told a park''s events. Retired ones stay, so that it can be seen where what was told.';
COMMENT ON COLUMN webhook.secret IS
  'The key that signs; as it is, because a hash cannot sign. The public''s role cannot read it.';
COMMENT ON COLUMN webhook.old_secret IS
  'The key before it was last changed, which signs beside the new one until old_until.';
COMMENT ON COLUMN webhook.cursor IS 'Every event up to it was taken by the receiver or lies with the dead letters.';
COMMENT ON COLUMN webhook.tries IS 'How often the event after the cursor has failed.';
COMMENT ON COLUMN webhook.lease IS 'The process that delivers now, until leased_until: one at a time.';
CREATE INDEX webhook_due ON webhook (next_at) WHERE state = 'active';

CREATE TABLE dead_letter (
  park_id      uuid NOT NULL,
  webhook_id   uuid NOT NULL,
  seq          bigint NOT NULL,
  at           timestamptz NOT NULL DEFAULT clock_timestamp(),
  tries        integer NOT NULL CHECK (tries > 0),
  error        text NOT NULL,
  resend_at    timestamptz,
  delivered_at timestamptz,
  PRIMARY KEY (park_id, webhook_id, seq),
  FOREIGN KEY (park_id, webhook_id) REFERENCES webhook,
  FOREIGN KEY (park_id, seq) REFERENCES event
);
COMMENT ON TABLE dead_letter IS 'Events that a receiver did not take in all their tries.';
COMMENT ON COLUMN dead_letter.resend_at IS 'When someone asked to send it again; null once that was tried.';
CREATE INDEX dead_letter_resend ON dead_letter (park_id, webhook_id, seq) WHERE resend_at IS NOT NULL;
