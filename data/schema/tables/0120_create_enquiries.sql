-- An investor without an account asks a park for a talk, and follows the answer by a private link. A person's data is
-- kept for the term that the investor was told, and then erased.

CREATE TABLE enquiry (
  park_id      uuid NOT NULL REFERENCES park,
  enquiry_id   uuid NOT NULL,
  receipt      text NOT NULL CHECK (receipt ~ '^[0-9A-Z]{4}-[0-9A-Z]{4}$'),
  hash         bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
  lang         text NOT NULL CHECK (lang IN ('zh', 'en')),
  asked_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  erase_at     timestamptz NOT NULL,
  erased_at    timestamptz,
  name         text CHECK (name <> ''),
  organisation text CHECK (organisation <> ''),
  phone        text CHECK (phone <> ''),
  email        text CHECK (email <> ''),
  words        text CHECK (words <> ''),
  need         jsonb CHECK (jsonb_typeof(need) = 'object'),
  places       jsonb CHECK (jsonb_typeof(places) = 'array'),
  assigned_to  uuid REFERENCES account,
  answered_at  timestamptz,
  closed_at    timestamptz,
  district_id  uuid,
  project_id   uuid,
  revision     integer NOT NULL DEFAULT 1,
  state        text NOT NULL GENERATED ALWAYS AS (CASE WHEN closed_at IS NOT NULL THEN 'closed'
    WHEN project_id IS NOT NULL THEN 'project' WHEN answered_at IS NOT NULL THEN 'answered' ELSE 'new' END) STORED,
  PRIMARY KEY (park_id, enquiry_id),
  UNIQUE (park_id, receipt),
  FOREIGN KEY (district_id, project_id) REFERENCES project,
  CHECK (erase_at > asked_at),
  CHECK ((district_id IS NULL) = (project_id IS NULL)),
  CONSTRAINT enquiry_is_answerable CHECK (CASE WHEN erased_at IS NULL
    THEN name IS NOT NULL AND organisation IS NOT NULL AND coalesce(phone, email) IS NOT NULL AND places IS NOT NULL
    ELSE coalesce(name, organisation, phone, email, words) IS NULL AND need IS NULL AND places IS NULL END)
);
COMMENT ON TABLE enquiry IS
  'What an investor without an account asks of a park. Beside contact the only place for a person''s data: it is '
  'erased at its term, or when the investor withdraws it; what is left says that there was one.';
COMMENT ON COLUMN enquiry.hash IS 'SHA-256 of the secret of the private link.';
COMMENT ON COLUMN enquiry.erase_at IS 'The term that the investor was told; it can''t be changed.';
COMMENT ON COLUMN enquiry.need IS 'The requirement of a siting question (docs/matching.md).';
COMMENT ON COLUMN enquiry.places IS 'The shortlist: parcels, lots and assemblies with their codes of that day.';
CREATE INDEX enquiry_unread ON enquiry (park_id) WHERE state = 'new' AND erased_at IS NULL;
ALTER TABLE enquiry ALTER park_id SET STATISTICS 0, ALTER district_id SET STATISTICS 0;
CREATE INDEX enquiry_term ON enquiry (erase_at) WHERE erased_at IS NULL;

CREATE TABLE enquiry_answer (
  park_id    uuid NOT NULL,
  enquiry_id uuid NOT NULL,
  n          integer NOT NULL CHECK (n > 0),
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  account_id uuid NOT NULL REFERENCES account,
  words      text CHECK (words <> ''),
  PRIMARY KEY (park_id, enquiry_id, n),
  FOREIGN KEY (park_id, enquiry_id) REFERENCES enquiry
);
ALTER TABLE enquiry_answer ALTER park_id SET STATISTICS 0;
COMMENT ON TABLE enquiry_answer IS
  'What the park answers, for the investor to read at the private link; erased with the enquiry.';

-- Robots are kept out by a proof of work. Every process signs its challenges with this key, so that any of them can
-- check the answer; a challenge that was used stands here until it ends by itself.
CREATE TABLE enquiry_key (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  key bytea NOT NULL CHECK (length(key) = 32)
);
COMMENT ON TABLE enquiry_key IS 'Signs the challenges of enquiries; drawn when the database was made.';
INSERT INTO enquiry_key (key)
SELECT sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'));

CREATE TABLE spent_challenge (
  nonce      bytea PRIMARY KEY CHECK (length(nonce) = 16),
  expires_at timestamptz NOT NULL
);
COMMENT ON TABLE spent_challenge IS 'Challenges that were answered, until they end; nothing says by whom.';
CREATE INDEX spent_challenge_expires ON spent_challenge (expires_at);
