-- What site-matching stands on: industry chains, searches that can be run again, and distances from hazards.

CREATE TABLE chain (
  district_id uuid NOT NULL REFERENCES district,
  code        text NOT NULL CHECK (code ~ '^[a-z0-9][a-z0-9_]{0,62}$'),
  revision    integer NOT NULL CHECK (revision > 0),
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  edition     text NOT NULL CHECK (edition <> ''),
  body        jsonb NOT NULL CHECK (jsonb_typeof(body) = 'object'),
  PRIMARY KEY (district_id, code, revision)
);
COMMENT ON TABLE chain IS
  'Editions of industry chains: nodes and who supplies whom, with weights and sources. General knowledge; the '
  'newest revision is in force.';

CREATE TABLE saved_match (
  match_id   uuid PRIMARY KEY,
  park_id    uuid NOT NULL REFERENCES park,
  account_id uuid REFERENCES account,
  name       text NOT NULL CHECK (name <> '' AND length(name) <= 200),
  seq        bigint NOT NULL,
  at         timestamptz NOT NULL,
  asked      jsonb NOT NULL CHECK (jsonb_typeof(asked) = 'object'),
  ranking    jsonb NOT NULL CHECK (jsonb_typeof(ranking) = 'array'),
  saved_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  ranked_for text NOT NULL CHECK (ranked_for IN ('public', 'members'))
);
COMMENT ON TABLE saved_match IS
  'A search with the data version, plan and weights of its day, and the ranking it gave: to be run again and '
  'compared.';
COMMENT ON COLUMN saved_match.ranked_for IS
  'public: ranked by what is public alone; members: by what they see, for them alone.';
CREATE INDEX saved_match_account ON saved_match (account_id, saved_at DESC);

CREATE TABLE hazard_spacing (
  class    text PRIMARY KEY CHECK (class IN ('A', 'B', 'C', 'D', 'E')),
  living_m numeric(8,2) NOT NULL CHECK (living_m >= 0),
  source   text NOT NULL CHECK (source <> ''),
  edition  text NOT NULL CHECK (edition <> '')
);
COMMENT ON TABLE hazard_spacing IS
  'How far production of a fire-hazard class (甲 A to 戊 E) stays from land on which people live: a screen for '
  'parcels, not a design. To be checked against the standard before anyone relies on it.';
INSERT INTO hazard_spacing
SELECT class, m, '建筑设计防火规范 GB 50016（待核对） / code for fire protection in building design GB 50016 (to be checked)',
       'GB 50016-2014'
  FROM (VALUES ('A', 25), ('B', 25), ('C', 10), ('D', 10), ('E', 10)) v (class, m);
