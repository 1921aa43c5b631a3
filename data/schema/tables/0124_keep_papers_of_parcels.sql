-- Photos of a parcel and documents about it, such as its planning conditions (docs/decisions/0029). Files are kept by
-- their content and never change; a paper says what a file is of a parcel, from one record to another.

CREATE TABLE file (
  park_id    uuid NOT NULL REFERENCES park,
  hash       bytea NOT NULL,
  media_type text NOT NULL,
  bytes      bytea NOT NULL,
  size       integer NOT NULL GENERATED ALWAYS AS (octet_length(bytes)) STORED,
  width      integer CHECK (width BETWEEN 1 AND 12000),
  height     integer CHECK (height BETWEEN 1 AND 12000),
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (park_id, hash),
  CONSTRAINT file_is_its_content CHECK (hash = sha256(bytes)),
  CONSTRAINT file_is_small CHECK (octet_length(bytes) BETWEEN 1 AND 8388608),
  CONSTRAINT file_is_its_type CHECK (CASE media_type
    WHEN 'image/jpeg' THEN substring(bytes FROM 1 FOR 3) = decode('ffd8ff', 'hex')
    WHEN 'image/png' THEN substring(bytes FROM 1 FOR 8) = decode('89504e470d0a1a0a', 'hex')
    WHEN 'image/webp' THEN substring(bytes FROM 1 FOR 4) = decode('52494646', 'hex')
      AND substring(bytes FROM 9 FOR 4) = decode('57454250', 'hex')
    WHEN 'application/pdf' THEN substring(bytes FROM 1 FOR 5) = decode('255044462d', 'hex') ELSE false END),
  CONSTRAINT file_has_its_sides CHECK (CASE media_type WHEN 'application/pdf' THEN coalesce(width, height) IS NULL
    ELSE width IS NOT NULL AND height IS NOT NULL END)
);
COMMENT ON TABLE file IS 'Files by their content, each park its own: the same content is kept once.';
COMMENT ON COLUMN file.hash IS 'SHA-256 of the bytes.';
COMMENT ON COLUMN file.width IS 'Of a picture as it is shown, in pixels.';
ALTER TABLE file ALTER bytes SET STORAGE EXTERNAL, ALTER park_id SET STATISTICS 0, ALTER bytes SET STATISTICS 0;

CREATE TABLE paper_version (
  park_id      uuid NOT NULL,
  paper_id     uuid NOT NULL,
  from_seq     bigint NOT NULL,
  to_seq       bigint CHECK (to_seq > from_seq),
  prev_to_seq  bigint CHECK (prev_to_seq = from_seq),
  sys          tstzrange NOT NULL,
  parcel_id    uuid NOT NULL,
  hash         bytea NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('photo', 'document')),
  title_zh     text CHECK (title_zh <> ''),
  title_en     text CHECK (title_en <> ''),
  dated        date,
  number       text CHECK (number <> ''),
  expires_on   date,
  illustrative boolean NOT NULL DEFAULT false,
  publication  text NOT NULL DEFAULT 'internal' CHECK (publication IN ('public', 'internal')),
  PRIMARY KEY (park_id, paper_id, from_seq),
  UNIQUE (park_id, paper_id, to_seq),
  FOREIGN KEY (park_id, parcel_id) REFERENCES parcel,
  FOREIGN KEY (park_id, hash) REFERENCES file,
  FOREIGN KEY (park_id, from_seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, to_seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, paper_id, prev_to_seq) REFERENCES paper_version (park_id, paper_id, to_seq)
      DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT paper_has_a_title CHECK (coalesce(title_zh, title_en) IS NOT NULL),
  CONSTRAINT paper_expires_later CHECK (expires_on >= dated)
);
COMMENT ON TABLE paper_version IS
  'What a photo or document of a parcel was said to be, from one change of its park to another. Its parcel, file and '
  'kind stay.';
COMMENT ON COLUMN paper_version.dated IS 'The day on which it was taken or issued; null where that is not known.';
COMMENT ON COLUMN paper_version.expires_on IS 'The last day on which it holds; null where it doesn''t say.';
COMMENT ON COLUMN paper_version.illustrative IS 'Drawn or made up to show what could be, and not of the ground itself.';
CREATE UNIQUE INDEX paper_version_first ON paper_version (park_id, paper_id) WHERE prev_to_seq IS NULL;
CREATE UNIQUE INDEX paper_version_live ON paper_version (park_id, paper_id) WHERE to_seq IS NULL;
CREATE INDEX paper_version_parcel ON paper_version (parcel_id, park_id) WHERE to_seq IS NULL;
CREATE INDEX paper_version_from ON paper_version (from_seq, park_id);
CREATE INDEX paper_version_to ON paper_version (to_seq, park_id) WHERE to_seq IS NOT NULL;
ALTER TABLE paper_version ALTER park_id SET STATISTICS 0;

CREATE TABLE paper_public (
  park_id      uuid NOT NULL,
  paper_id     uuid NOT NULL,
  parcel_id    uuid NOT NULL,
  since        timestamptz NOT NULL,
  hash         bytea NOT NULL,
  media_type   text NOT NULL,
  size         integer NOT NULL,
  width        integer,
  height       integer,
  kind         text NOT NULL,
  title_zh     text,
  title_en     text,
  dated        date,
  number       text,
  expires_on   date,
  illustrative boolean NOT NULL,
  PRIMARY KEY (park_id, paper_id)
);
COMMENT ON TABLE paper_public IS
  'Papers that the public may read now: live, public, of live public parcels. Written by trigger; it has no past.';
CREATE INDEX paper_public_parcel ON paper_public (parcel_id, park_id);
ALTER TABLE paper_public ALTER park_id SET STATISTICS 0;

INSERT INTO record_kind VALUES ('paper');
