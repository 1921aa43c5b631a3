-- Who writes. A person's data lives only in contact; an account carries what is needed to sign in, and nothing readable is kept
-- of a password, a session, a token or an invitation: hashes alone.

CREATE TABLE account (
  account_id  uuid PRIMARY KEY,
  login       text NOT NULL UNIQUE CHECK (login ~ '^[a-z0-9][a-z0-9._@+-]{0,127}$'),
  name        text NOT NULL CHECK (name <> ''),
  password    text CHECK (password LIKE '$argon2id$%'),
  created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  disabled_at timestamptz
);
COMMENT ON TABLE account IS 'Someone who may sign in. Records carry its id; erasing a person replaces login and name and keeps the row.';

CREATE TABLE membership (
  account_id uuid NOT NULL REFERENCES account,
  park_id    uuid REFERENCES park,
  role       text NOT NULL CHECK (role IN ('viewer', 'planner', 'approver', 'admin')),
  UNIQUE NULLS NOT DISTINCT (account_id, park_id, role)
);
COMMENT ON TABLE membership IS 'What an account may do in a park; without a park, in every park.';

CREATE TABLE session (
  token  text PRIMARY KEY,
  data   bytea NOT NULL,
  expiry timestamptz NOT NULL
);
COMMENT ON TABLE session IS 'Signed-in browsers; the token is the hash of what the cookie carries.';
CREATE INDEX session_expiry ON session (expiry);

CREATE TABLE token (
  token_id   uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES account,
  name       text NOT NULL CHECK (name <> ''),
  hash       bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
  scope      text NOT NULL CHECK (scope IN ('read', 'write')),
  unlocked   boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  CHECK (expires_at > created_at)
);
COMMENT ON TABLE token IS 'API tokens by SHA-256 of the secret.';
COMMENT ON COLUMN token.unlocked IS 'May write without If-Match, for programs that cannot send it; the record says so.';

CREATE TABLE invitation (
  hash       bytea PRIMARY KEY CHECK (length(hash) = 32),
  account_id uuid NOT NULL REFERENCES account,
  expires_at timestamptz NOT NULL,
  used_at    timestamptz
);
COMMENT ON TABLE invitation IS 'One-time links to set a password.';

GRANT SELECT, INSERT ON account, membership, session, token, invitation TO luodi_planner;
GRANT UPDATE (login, name, password, disabled_at) ON account TO luodi_planner;
GRANT UPDATE (revoked_at) ON token TO luodi_planner;
GRANT UPDATE (used_at) ON invitation TO luodi_planner;
GRANT UPDATE, DELETE ON session TO luodi_planner;
GRANT DELETE ON membership TO luodi_planner;
