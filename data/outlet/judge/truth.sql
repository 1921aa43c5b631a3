-- What a park has, as the judges hold files to it: each layer's features by id, with their columns and their geometry
-- in the stored system and in those of the files; of parcels what the public reads too. PostGIS transforms it: luodi's
-- own projection has no part in it.
WITH here AS (
  SELECT park_id, survey_crs FROM park WHERE code = :'park'
), live AS (
  SELECT 'parcels' AS layer, parcel_id AS id, geom, to_jsonb(p) AS fields FROM parcel_desk p
   WHERE to_seq IS NULL AND park_id = (SELECT park_id FROM here)
  UNION ALL
  SELECT 'zones', zone_id, geom, to_jsonb(z) FROM zone_desk z
   WHERE to_seq IS NULL AND park_id = (SELECT park_id FROM here)
  UNION ALL
  SELECT 'plan-units', plan_unit_id, geom, to_jsonb(u) FROM plan_unit_desk u
   WHERE to_seq IS NULL AND park_id = (SELECT park_id FROM here)
  UNION ALL
  SELECT CASE ST_Dimension(geom) WHEN 0 THEN 'network-nodes' ELSE 'networks' END, network_id, geom, to_jsonb(n)
    FROM network_desk n WHERE to_seq IS NULL AND park_id = (SELECT park_id FROM here)
), rounded AS ( -- computed areas have the four decimals that readers are told
  SELECT layer, id, geom, fields || (SELECT coalesce(jsonb_object_agg(key, round((value #>> '{}')::numeric, 4)), '{}')
    FROM jsonb_each(fields) WHERE key IN ('computed_m2', 'ellipsoid_m2')) AS fields
    FROM live
), told AS (
  SELECT layer, id, jsonb_build_object(
    'fields', fields - '{park_id,parcel_id,zone_id,plan_unit_id,network_id,from_seq,to_seq,sys,geom,version}'::text[],
    'public', (SELECT jsonb_build_object('status', p.status, 'wkt', ST_AsText(ST_Transform(p.geom, 3857), 9))
       FROM parcel_public p WHERE p.parcel_id = rounded.id AND p.to_seq IS NULL),
    'm2', ST_Area(ST_Transform(geom, (SELECT survey_crs FROM here))),
    'wkt', jsonb_build_object('4490', ST_AsText(geom, 15), '4550', ST_AsText(ST_Transform(geom, 4550), 9),
      '4529', ST_AsText(ST_Transform(geom, 4529), 9), '3857', ST_AsText(ST_Transform(geom, 3857), 9))) AS one
    FROM rounded
), layers AS (
  SELECT layer, jsonb_object_agg(id, one) AS features FROM told GROUP BY layer
)
SELECT jsonb_build_object('survey_crs', (SELECT survey_crs FROM here), 'layers', jsonb_object_agg(layer, features))
  FROM layers;
