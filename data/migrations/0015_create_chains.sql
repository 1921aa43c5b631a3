-- What site-matching stands on: industry chains, who fills their nodes, and searches that can be run again.

CREATE TABLE chain (
  district_id uuid NOT NULL REFERENCES district,
  code        text NOT NULL CHECK (code ~ '^[a-z0-9][a-z0-9_]{0,62}$'),
  revision    integer NOT NULL CHECK (revision > 0),
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  edition     text NOT NULL CHECK (edition <> ''),
  body        jsonb NOT NULL CHECK (jsonb_typeof(body) = 'object'),
  PRIMARY KEY (district_id, code, revision)
);
COMMENT ON TABLE chain IS 'Editions of industry chains: nodes and who supplies whom, with weights and sources. General knowledge; the newest revision is in force.';
GRANT SELECT, INSERT ON chain TO luodi_planner;

-- Whose land a chain's piece stands on. A plain view of its owner: no geometry is read through it, so no index is lost by it.
CREATE VIEW tenant AS
SELECT l.park_id, l.parcel_id, l.allotment_id, j.project_id, r.chain_stage AS node, r.named,
       coalesce(t.name_zh, r.name_zh) AS name_zh, coalesce(t.name_en, r.name_en) AS name_en, CASE WHEN t.named THEN t.name_zh ELSE r.name_zh END AS shown_zh, CASE WHEN t.named THEN t.name_en ELSE r.name_en END AS shown_en, a.state, l.sys * a.sys * r.sys AS sys
  FROM allotment_parcel l
  JOIN allotment_version a ON (a.park_id, a.allotment_id) = (l.park_id, l.allotment_id) AND a.sys && l.sys
  JOIN allotment o ON (o.park_id, o.allotment_id) = (l.park_id, l.allotment_id)
  JOIN project j ON (j.district_id, j.project_id) = (o.district_id, o.project_id)
  JOIN project_version r ON (r.district_id, r.project_id) = (j.district_id, j.project_id) AND r.sys && l.sys * a.sys
  LEFT JOIN party t ON (t.district_id, t.party_id) = (j.district_id, j.party_id)
 WHERE r.chain_stage IS NOT NULL;
COMMENT ON VIEW tenant IS 'Projects with a right to land and a piece of a chain, over the time that all of it held.';
GRANT SELECT ON tenant TO luodi_planner;

CREATE VIEW tenant_public AS
SELECT t.park_id, t.parcel_id, t.node, t.shown_zh AS name_zh, t.shown_en AS name_en, t.sys * p.sys AS sys
  FROM tenant t JOIN parcel_public p ON (p.park_id, p.parcel_id) = (t.park_id, t.parcel_id) AND p.sys && t.sys
 WHERE t.named;
COMMENT ON VIEW tenant_public IS 'Projects that agreed to be named, on published land, under their company''s name where it agreed too: what the public may know of who fills a chain.';
GRANT SELECT ON tenant_public TO luodi_public, luodi_planner;

CREATE TABLE saved_match (
  match_id   uuid PRIMARY KEY,
  park_id    uuid NOT NULL REFERENCES park,
  account_id uuid REFERENCES account,
  name       text NOT NULL CHECK (name <> '' AND length(name) <= 200),
  seq        bigint NOT NULL,
  at         timestamptz NOT NULL,
  asked      jsonb NOT NULL CHECK (jsonb_typeof(asked) = 'object'),
  ranking    jsonb NOT NULL CHECK (jsonb_typeof(ranking) = 'array'),
  saved_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE saved_match IS 'A search with the data version, plan and weights of its day, and the ranking it gave: to be run again and compared.';
CREATE INDEX saved_match_account ON saved_match (account_id, saved_at DESC);
GRANT SELECT, INSERT, DELETE ON saved_match TO luodi_planner;

CREATE TABLE hazard_spacing (
  class    text PRIMARY KEY CHECK (class IN ('A', 'B', 'C', 'D', 'E')),
  living_m numeric(8,2) NOT NULL CHECK (living_m >= 0),
  source   text NOT NULL CHECK (source <> ''),
  edition  text NOT NULL CHECK (edition <> '')
);
COMMENT ON TABLE hazard_spacing IS 'How far production of a fire-hazard class (甲 A to 戊 E) stays from land on which people live: a screen for parcels, not a design. To be checked against the standard before anyone relies on it.';
INSERT INTO hazard_spacing
SELECT class, m, '建筑设计防火规范 GB 50016（待核对） / code for fire protection in building design GB 50016 (to be checked)', 'GB 50016-2014'
  FROM (VALUES ('A', 25), ('B', 25), ('C', 10), ('D', 10), ('E', 10)) v (class, m);
GRANT SELECT ON hazard_spacing TO luodi_planner;
