-- Tenants of land, for chains. These are plain views with their owner's rights: no geometry is read through them, so
-- no index is lost.

-- tenant: the projects with land, and the node of the chain each belongs to.
CREATE OR REPLACE VIEW tenant AS
SELECT l.park_id, l.parcel_id, l.allotment_id, j.project_id, r.chain_stage AS node, r.named,
       coalesce(t.name_zh, r.name_zh) AS name_zh, coalesce(t.name_en, r.name_en) AS name_en, CASE WHEN t.named
           THEN t.name_zh ELSE r.name_zh END AS shown_zh, CASE WHEN t.named THEN t.name_en
           ELSE r.name_en END AS shown_en, a.state, l.sys * a.sys * r.sys AS sys,
       l.to_seq IS NULL AND a.to_seq IS NULL AND upper_inf(r.sys) AS live
  FROM allotment_parcel l
  JOIN allotment_version a ON (a.park_id, a.allotment_id) = (l.park_id, l.allotment_id) AND a.sys && l.sys
  JOIN allotment o ON (o.park_id, o.allotment_id) = (l.park_id, l.allotment_id)
  JOIN project j ON (j.district_id, j.project_id) = (o.district_id, o.project_id)
  JOIN project_version r ON (r.district_id, r.project_id) = (j.district_id, j.project_id) AND r.sys && l.sys * a.sys
  LEFT JOIN party t ON (t.district_id, t.party_id) = (j.district_id, j.party_id)
 WHERE r.chain_stage IS NOT NULL;
COMMENT ON VIEW tenant IS
  'Projects with a right to land and a piece of a chain, over the time that all of it held; live: it holds now. A query '
  'of what is live finds it by the indexes of live rows, however long the past.';

CREATE OR REPLACE VIEW tenant_public AS
SELECT t.park_id, t.parcel_id, t.node, t.shown_zh AS name_zh, t.shown_en AS name_en, t.sys * p.sys AS sys,
       t.live AND p.to_seq IS NULL AS live
  FROM tenant t JOIN parcel_public p ON (p.park_id, p.parcel_id) = (t.park_id, t.parcel_id) AND p.sys && t.sys
 WHERE t.named AND p.status <> 'reserve';
COMMENT ON VIEW tenant_public IS
  'Projects that agreed to be named, on published land, but for intentions of which their park shows nothing, under their company''s name where it agreed too: what the '
  'public may know of who fills a chain.';

-- chain_public: the chains in force, a row for each park of their district.
CREATE OR REPLACE VIEW chain_public AS
SELECT k.park_id, c.district_id, c.code, c.revision, c.edition, c.body
  FROM park k JOIN chain c USING (district_id)
 WHERE c.revision = (SELECT max(n.revision) FROM chain n WHERE (n.district_id, n.code) = (c.district_id, c.code));
COMMENT ON VIEW chain_public IS
  'The newest edition of each chain, for each park of its district: general knowledge, which hides nothing.';
