-- Accounts and how they sign in. A person's data lives only in contact; an account carries what is needed to sign in,
-- and nothing readable is kept of a password, a session, a token or an invitation: hashes alone.

CREATE TABLE account (
  account_id  uuid PRIMARY KEY,
  login       text NOT NULL UNIQUE CHECK (login ~ '^[a-z0-9][a-z0-9._@+-]{0,127}$'),
  name        text NOT NULL CHECK (name <> '' AND length(name) <= 200),
  password    text CHECK (password LIKE '$argon2id$%'),
  created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  disabled_at timestamptz,
  erased_at   timestamptz CHECK (erased_at IS NULL OR (disabled_at IS NOT NULL AND password IS NULL))
);
COMMENT ON TABLE account IS
  'Someone who may sign in. Records carry its id; erasing a person replaces login and name and keeps the row.';
COMMENT ON COLUMN account.password IS
  'Argon2id of the password as a PHC string; null until the one-time link was used.';

CREATE TABLE membership (
  account_id uuid NOT NULL REFERENCES account,
  park_id    uuid REFERENCES park,
  role       text NOT NULL CHECK (role IN ('viewer', 'planner', 'approver', 'admin')),
  UNIQUE NULLS NOT DISTINCT (account_id, park_id, role)
);
COMMENT ON TABLE membership IS 'What an account may do in a park; without a park, in every park.';

CREATE TABLE session (
  hash       bytea PRIMARY KEY CHECK (length(hash) = 32),
  account_id uuid NOT NULL REFERENCES account,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  seen_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE session IS 'Signed-in browsers, by SHA-256 of what the cookie carries.';
COMMENT ON COLUMN session.seen_at IS 'Of a request, to within some minutes: most reads write nothing.';
CREATE INDEX session_account ON session (account_id);

-- Who guesses from an office must not lock out who works there: a browser that an account signed in with before is
-- known by a cookie of its own, and its attempts are counted apart. The cookie signs nobody in.
CREATE TABLE known_browser (
  hash       bytea NOT NULL CHECK (length(hash) = 32),
  account_id uuid NOT NULL REFERENCES account,
  seen_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (account_id, hash)
);
COMMENT ON TABLE known_browser IS
  'Browsers that an account has signed in with, by SHA-256 of what their cookie carries; of an account the newest '
  '32 are kept.';

CREATE TABLE token (
  token_id   uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES account,
  name       text NOT NULL CHECK (name <> '' AND length(name) <= 200),
  hash       bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
  scope      text NOT NULL CHECK (scope IN ('read', 'write')),
  unlocked   boolean NOT NULL DEFAULT false CHECK (NOT unlocked OR scope = 'write'),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  as_admin   boolean NOT NULL DEFAULT false,
  CHECK (expires_at > created_at)
);
COMMENT ON TABLE token IS 'API tokens by SHA-256 of the secret.';
COMMENT ON COLUMN token.unlocked IS
  'May write without If-Match, for programs that cannot send it; the record says so.';
COMMENT ON COLUMN token.as_admin IS
  'It writes unlocked only in parks of which its account is admin; false: whoever runs the server gave it, for '
  'every park in which the account may write.';
CREATE INDEX token_account ON token (account_id);

-- One link waits at most for an account, and one for the first account that is yet to be made. Using a link deletes
-- its row, so that of two who use it at once one finds nothing.
CREATE TABLE invitation (
  hash       bytea PRIMARY KEY CHECK (length(hash) = 32),
  account_id uuid REFERENCES account,
  expires_at timestamptz NOT NULL,
  UNIQUE NULLS NOT DISTINCT (account_id)
);
COMMENT ON TABLE invitation IS
  'One-time links to set a password, by SHA-256 of the secret; without an account, the link that makes the first '
  'one.';

-- Answers of creates, so that the same request sent again gets the same answer.
CREATE TABLE idempotency (
  account_id uuid NOT NULL REFERENCES account,
  key        text NOT NULL CHECK (key <> '' AND length(key) <= 200),
  request    bytea NOT NULL CHECK (length(request) = 32),
  status     integer NOT NULL,
  answer     jsonb NOT NULL,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (account_id, key)
);
COMMENT ON TABLE idempotency IS
  'What a create answered, by its Idempotency-Key; request is the SHA-256 of what was asked.';
-- Answers are forgotten after two days (forget_answers).
CREATE INDEX idempotency_at ON idempotency (at);

-- Who has a park open now. It is of no account after a crash, so it is not logged.
CREATE UNLOGGED TABLE presence (
  connection_id uuid PRIMARY KEY,
  park_id       uuid NOT NULL REFERENCES park,
  account_id    uuid NOT NULL REFERENCES account,
  parcel_id     uuid,
  seen_at       timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE presence IS
  'Open connections of people signed in, and the parcel each has open; those not seen for a minute count for '
  'nothing.';
CREATE INDEX presence_park ON presence (park_id);
CREATE INDEX presence_seen ON presence (seen_at);
