-- publish_parcels as it was: it names the zone of a parcel whether the public sees that zone or not.
CREATE OR REPLACE FUNCTION publish_parcels(p_park uuid, p_parcels uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE tick park_clock%ROWTYPE;
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = p_park;
  DELETE FROM parcel_public WHERE park_id = p_park AND parcel_id = ANY (p_parcels) AND from_seq = tick.seq;
  UPDATE parcel_public SET to_seq = tick.seq, sys = tstzrange(lower(sys), tick.at)
   WHERE park_id = p_park AND parcel_id = ANY (p_parcels) AND to_seq IS NULL;
  INSERT INTO parcel_public
  SELECT v.park_id, v.parcel_id, tick.seq, NULL, tstzrange(tick.at, NULL), v.code, z.code,
         CASE WHEN is_intention(a.state, NULL) THEN 'in_negotiation' ELSE coalesce(a.state, v.bank_status) END,
         v.bank_status, v.land_use, v.services, v.legal_m2, v.computed_m2, v.ellipsoid_m2, v.price_cny_per_m2,
             v.cadastral_no, v.estate_unit_no,
         CASE WHEN t.named THEN t.name_zh END, CASE WHEN t.named THEN t.name_en END,
         CASE WHEN r.named THEN r.name_zh END, CASE WHEN r.named THEN r.name_en END,
         CASE WHEN NOT is_intention(a.state, NULL) THEN a.expires_at END, v.geom
    FROM unnest(p_parcels) u (id)
   CROSS JOIN LATERAL (SELECT * FROM parcel_version x WHERE (x.park_id, x.parcel_id) = (p_park, u.id)
       AND x.to_seq IS NULL AND x.publication = 'public' OFFSET 0) v
    LEFT JOIN zone z ON (z.park_id, z.zone_id) = (v.park_id, v.zone_id)
    LEFT JOIN LATERAL (SELECT * FROM allotment_parcel x WHERE (x.park_id, x.parcel_id) = (p_park, v.parcel_id)
        AND x.to_seq IS NULL OFFSET 0) ap ON true
    LEFT JOIN LATERAL (SELECT * FROM allotment_version x
        WHERE (x.park_id, x.allotment_id) = (p_park, ap.allotment_id) AND x.to_seq IS NULL OFFSET 0) a ON true
    LEFT JOIN LATERAL (SELECT * FROM allotment x WHERE (x.park_id, x.allotment_id) = (p_park, a.allotment_id)
        OFFSET 0) l ON true
    LEFT JOIN LATERAL (SELECT * FROM project x WHERE (x.district_id, x.project_id) = (l.district_id, l.project_id)
        OFFSET 0) p ON true
    LEFT JOIN LATERAL (SELECT * FROM project_version x WHERE (x.district_id, x.project_id) = (p.district_id,
        p.project_id) AND upper_inf(x.sys) OFFSET 0) r ON true
    LEFT JOIN LATERAL (SELECT * FROM party x WHERE (x.district_id, x.party_id) = (p.district_id, p.party_id)
        OFFSET 0) t ON true;
END $$;
-- First versions went through it too.
CREATE OR REPLACE TRIGGER publish_inserted AFTER INSERT ON parcel_version
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publish_changed_parcels();
