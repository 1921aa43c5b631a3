-- Who opens a one-time link that works no longer is told why: it was used, or another took its place. A link that was
-- never made is in neither table, and who guesses learns nothing.
CREATE TABLE spent_invitation (
  hash bytea PRIMARY KEY CHECK (length(hash) = 32),
  how  text NOT NULL CHECK (how IN ('used', 'replaced')),
  at   timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE spent_invitation IS
  'One-time links that were used or replaced, by SHA-256 of the secret, for 90 days; nothing says whose they were.';
