-- A public parcel names its zone only while the public sees that zone: the code of an internal zone stood in the parcel's row for everyone to read.
-- And the public's role can do nothing in the database but read.

-- publish_parcels as before, but it names the zone by the zone's newest version, and only where that is public. The newest, not the live one: an edit ends one
-- version of a zone before it begins the next.
CREATE OR REPLACE FUNCTION publish_parcels(p_park uuid, p_parcels uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE tick park_clock%ROWTYPE; mine tid[];
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = p_park;
  mine := ARRAY(SELECT x.ctid FROM unnest(p_parcels) u (id)
                 CROSS JOIN LATERAL (SELECT p.ctid FROM parcel_public p WHERE (p.park_id, p.parcel_id, p.from_seq) = (p_park, u.id, tick.seq) OFFSET 0) x);
  DELETE FROM parcel_public WHERE ctid = ANY (mine);
  mine := ARRAY(SELECT x.ctid FROM unnest(p_parcels) u (id)
                 CROSS JOIN LATERAL (SELECT p.ctid FROM parcel_public p WHERE (p.park_id, p.parcel_id) = (p_park, u.id) AND p.to_seq IS NULL OFFSET 0) x);
  UPDATE parcel_public SET to_seq = tick.seq, sys = tstzrange(lower(sys), tick.at) WHERE ctid = ANY (mine);
  INSERT INTO parcel_public
  SELECT v.park_id, v.parcel_id, tick.seq, NULL, tstzrange(tick.at, NULL), v.code, CASE WHEN y.publication = 'public' THEN z.code END,
         CASE a.state WHEN 'hold' THEN 'held' ELSE coalesce(a.state, v.bank_status) END,
         v.bank_status, v.land_use, v.services, v.legal_m2, v.computed_m2, v.ellipsoid_m2, v.price_cny_per_m2, v.cadastral_no, v.estate_unit_no,
         CASE WHEN t.named THEN t.name_zh END, CASE WHEN t.named THEN t.name_en END,
         CASE WHEN r.named THEN r.name_zh END, CASE WHEN r.named THEN r.name_en END,
         a.expires_at, v.geom
    FROM unnest(p_parcels) u (id)
   CROSS JOIN LATERAL (SELECT * FROM parcel_version x
                        WHERE (x.park_id, x.parcel_id) = (p_park, u.id) AND x.to_seq IS NULL AND x.publication = 'public' OFFSET 0) v
    LEFT JOIN zone z ON (z.park_id, z.zone_id) = (v.park_id, v.zone_id)
    LEFT JOIN LATERAL (SELECT x.publication FROM zone_version x
                        WHERE (x.park_id, x.zone_id) = (z.park_id, z.zone_id) ORDER BY x.from_seq DESC LIMIT 1) y ON true
    LEFT JOIN LATERAL (SELECT * FROM allotment_parcel x WHERE (x.park_id, x.parcel_id) = (p_park, v.parcel_id) AND x.to_seq IS NULL OFFSET 0) ap ON true
    LEFT JOIN LATERAL (SELECT * FROM allotment_version x WHERE (x.park_id, x.allotment_id) = (p_park, ap.allotment_id) AND x.to_seq IS NULL OFFSET 0) a ON true
    LEFT JOIN LATERAL (SELECT * FROM allotment x WHERE (x.park_id, x.allotment_id) = (p_park, a.allotment_id) OFFSET 0) l ON true
    LEFT JOIN LATERAL (SELECT * FROM project x WHERE (x.district_id, x.project_id) = (l.district_id, l.project_id) OFFSET 0) p ON true
    LEFT JOIN LATERAL (SELECT * FROM project_version x
                        WHERE (x.district_id, x.project_id) = (p.district_id, p.project_id) AND upper_inf(x.sys) OFFSET 0) r ON true
    LEFT JOIN LATERAL (SELECT * FROM party x WHERE (x.district_id, x.party_id) = (p.district_id, p.party_id) OFFSET 0) t ON true;
END $$;

-- publish_zone as before, and it writes the zone's parcels anew where the public begins or ceases to see the zone.
CREATE OR REPLACE FUNCTION publish_zone() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.publication = 'public' THEN
    INSERT INTO zone_public
    SELECT NEW.park_id, NEW.zone_id, NEW.from_seq, NEW.to_seq, NEW.sys, z.code, NEW.name_zh, NEW.name_en, NEW.function, NEW.legal_m2, NEW.computed_m2, NEW.geom
      FROM zone z WHERE (z.park_id, z.zone_id) = (NEW.park_id, NEW.zone_id)
    ON CONFLICT (park_id, zone_id, from_seq) DO UPDATE SET to_seq = EXCLUDED.to_seq, sys = EXCLUDED.sys;
  END IF;
  IF TG_OP = 'INSERT' AND EXISTS (SELECT FROM zone_version o WHERE (o.park_id, o.zone_id, o.to_seq) = (NEW.park_id, NEW.zone_id, NEW.prev_to_seq)
                                     AND o.publication <> NEW.publication) THEN
    PERFORM publish_parcels(NEW.park_id, ARRAY(SELECT v.parcel_id FROM parcel_version v WHERE (v.park_id, v.zone_id) = (NEW.park_id, NEW.zone_id) AND v.to_seq IS NULL));
  END IF;
  RETURN NEW;
END $$;

-- What the public could read until now: each row that names a zone is cut where the zone's publication changed, and names it only where it was public.
CREATE TEMP TABLE renamed ON COMMIT DROP AS
SELECT p.*, z.code AS zone_code, y.publication AS zone_publication, greatest(p.from_seq, y.from_seq) AS begins, least(p.to_seq, y.to_seq) AS ends, p.sys * y.sys AS during
  FROM parcel_public p
  JOIN parcel_version v ON (v.park_id, v.parcel_id) = (p.park_id, p.parcel_id) AND v.from_seq <= p.from_seq AND (v.to_seq IS NULL OR v.to_seq > p.from_seq)
  JOIN zone z ON (z.park_id, z.zone_id) = (v.park_id, v.zone_id)
  JOIN zone_version y ON (y.park_id, y.zone_id) = (z.park_id, z.zone_id) AND y.sys && p.sys
 WHERE p.zone IS NOT NULL
   AND EXISTS (SELECT FROM zone_version h WHERE (h.park_id, h.zone_id) = (z.park_id, z.zone_id) AND h.publication <> 'public' AND h.sys && p.sys);
DELETE FROM parcel_public p USING renamed r WHERE (p.park_id, p.parcel_id, p.from_seq) = (r.park_id, r.parcel_id, r.from_seq);
INSERT INTO parcel_public
SELECT park_id, parcel_id, begins, ends, during, code, CASE WHEN zone_publication = 'public' THEN zone_code END, status, bank_status, land_use, services, legal_m2, computed_m2,
       ellipsoid_m2, price_cny_per_m2, cadastral_no, estate_unit_no, tenant_zh, tenant_en, project_zh, project_en, expires_at, geom
  FROM renamed;

-- Whatever role may connect can fill the disk with large objects, end the statements of its own kind, wake listeners and take the lock of whoever ends holds, unless that is
-- taken from PUBLIC. Where the functions belong to another, as in a database that a provider keeps, that owner must do it.
DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT oid FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
     AND (proname IN ('pg_notify', 'pg_cancel_backend', 'pg_terminate_backend', 'loread', 'lowrite') OR proname ~ '^(lo_|pg_(try_)?advisory_)') ORDER BY oid::regprocedure::text LOOP
    BEGIN
      EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
      EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO CURRENT_USER', f);
    EXCEPTION WHEN insufficient_privilege THEN
      RAISE NOTICE '% stays open to every role: % does not own it', f, current_user;
    END;
  END LOOP;
  GRANT EXECUTE ON FUNCTION pg_notify(text, text), pg_try_advisory_xact_lock(bigint) TO luodi_planner;
EXCEPTION WHEN insufficient_privilege THEN NULL; -- who can't grant it has not taken it away either
END $$;
