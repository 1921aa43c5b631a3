-- What the sample tells of mandates, meetings and judgements is noted by somebody. That is an account which stands for
-- nobody: it signs nobody in, has no role, and doesn't count as the first account.
ALTER TABLE account ADD placeholder boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT account_placeholder_is_nobody CHECK (NOT placeholder OR password IS NULL);
COMMENT ON COLUMN account.placeholder IS
  'Stands for somebody made up, whom the sample needs as an agent or as who noted something: it never signs in.';
