-- What the public may see and no column more, kept in tables of its own by trigger in the same transaction. PostGIS's operators are not
-- leakproof: behind row-level security or a security-barrier view a box query becomes a scan. A table has neither problem.

CREATE TABLE park_public (
  park_id      uuid PRIMARY KEY REFERENCES park,
  code         text NOT NULL UNIQUE,
  name_zh      text NOT NULL,
  name_en      text NOT NULL,
  district_zh  text NOT NULL,
  district_en  text NOT NULL,
  survey_crs   integer NOT NULL,
  time_zone    text NOT NULL,
  illustrative boolean NOT NULL,
  computed_m2  double precision NOT NULL,
  geom         geometry(MultiPolygon, 4490) NOT NULL
);
COMMENT ON TABLE park_public IS 'Parks as the public sees them.';

CREATE FUNCTION publish_park() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO park_public
  SELECT NEW.park_id, NEW.code, NEW.name_zh, NEW.name_en, d.name_zh, d.name_en, NEW.survey_crs, NEW.time_zone, NEW.illustrative,
         ST_Area(ST_Transform(NEW.geom, NEW.survey_crs)), NEW.geom
    FROM district d WHERE d.district_id = NEW.district_id
  ON CONFLICT (park_id) DO UPDATE SET (code, name_zh, name_en, district_zh, district_en, survey_crs, time_zone, illustrative, computed_m2, geom) =
     (EXCLUDED.code, EXCLUDED.name_zh, EXCLUDED.name_en, EXCLUDED.district_zh, EXCLUDED.district_en, EXCLUDED.survey_crs, EXCLUDED.time_zone,
      EXCLUDED.illustrative, EXCLUDED.computed_m2, EXCLUDED.geom);
  RETURN NEW;
END $$;
CREATE TRIGGER publish_park AFTER INSERT OR UPDATE ON park FOR EACH ROW EXECUTE FUNCTION publish_park();

CREATE FUNCTION settle_park() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  NEW.geom := settle_shape(NEW.geom);
  RETURN NEW;
END $$;
CREATE TRIGGER settle_park BEFORE INSERT OR UPDATE ON park FOR EACH ROW EXECUTE FUNCTION settle_park();

CREATE TABLE zone_public (
  park_id     uuid NOT NULL REFERENCES park,
  zone_id     uuid NOT NULL,
  from_seq    bigint NOT NULL,
  to_seq      bigint,
  sys         tstzrange NOT NULL,
  code        text NOT NULL,
  name_zh     text NOT NULL,
  name_en     text NOT NULL,
  function    text NOT NULL,
  legal_m2    numeric(16,4),
  computed_m2 double precision NOT NULL,
  geom        geometry(MultiPolygon, 4490) NOT NULL,
  PRIMARY KEY (park_id, zone_id, from_seq)
);
COMMENT ON TABLE zone_public IS 'Versions of zones as the public sees them.';
CREATE INDEX zone_public_live_geom ON zone_public USING gist (geom) WHERE to_seq IS NULL;
CREATE INDEX zone_public_past_geom ON zone_public USING gist (geom, sys) WHERE to_seq IS NOT NULL;

CREATE FUNCTION publish_zone() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.publication = 'public' THEN
    INSERT INTO zone_public
    SELECT NEW.park_id, NEW.zone_id, NEW.from_seq, NEW.to_seq, NEW.sys, z.code, NEW.name_zh, NEW.name_en, NEW.function, NEW.legal_m2, NEW.computed_m2, NEW.geom
      FROM zone z WHERE (z.park_id, z.zone_id) = (NEW.park_id, NEW.zone_id)
    ON CONFLICT (park_id, zone_id, from_seq) DO UPDATE SET to_seq = EXCLUDED.to_seq, sys = EXCLUDED.sys;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER publish_zone AFTER INSERT OR UPDATE ON zone_version FOR EACH ROW EXECUTE FUNCTION publish_zone();

CREATE TABLE plan_unit_public (
  park_id        uuid NOT NULL REFERENCES park,
  plan_unit_id   uuid NOT NULL,
  from_seq       bigint NOT NULL,
  to_seq         bigint,
  sys            tstzrange NOT NULL,
  code           text NOT NULL,
  land_use       text NOT NULL,
  conditions     jsonb NOT NULL,
  edition        text NOT NULL,
  effective_from date NOT NULL,
  computed_m2    double precision NOT NULL,
  geom           geometry(MultiPolygon, 4490) NOT NULL,
  PRIMARY KEY (park_id, plan_unit_id, from_seq)
);
COMMENT ON TABLE plan_unit_public IS 'Versions of plan units as the public sees them.';
CREATE INDEX plan_unit_public_live_geom ON plan_unit_public USING gist (geom) WHERE to_seq IS NULL;
CREATE INDEX plan_unit_public_past_geom ON plan_unit_public USING gist (geom, sys) WHERE to_seq IS NOT NULL;

CREATE FUNCTION publish_plan_unit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.publication = 'public' THEN
    INSERT INTO plan_unit_public
    SELECT NEW.park_id, NEW.plan_unit_id, NEW.from_seq, NEW.to_seq, NEW.sys, u.code, NEW.land_use, NEW.conditions, NEW.edition, NEW.effective_from, NEW.computed_m2, NEW.geom
      FROM plan_unit u WHERE (u.park_id, u.plan_unit_id) = (NEW.park_id, NEW.plan_unit_id)
    ON CONFLICT (park_id, plan_unit_id, from_seq) DO UPDATE SET to_seq = EXCLUDED.to_seq, sys = EXCLUDED.sys;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER publish_plan_unit AFTER INSERT OR UPDATE ON plan_unit_version FOR EACH ROW EXECUTE FUNCTION publish_plan_unit();

CREATE TABLE network_public (
  park_id    uuid NOT NULL REFERENCES park,
  network_id uuid NOT NULL,
  from_seq   bigint NOT NULL,
  to_seq     bigint,
  sys        tstzrange NOT NULL,
  code       text NOT NULL,
  kind       text NOT NULL,
  grade      text NOT NULL,
  name_zh    text,
  name_en    text,
  width_m    numeric(8,2),
  capacity   numeric(16,3),
  unit       text,
  geom       geometry(Geometry, 4490) NOT NULL,
  PRIMARY KEY (park_id, network_id, from_seq)
);
COMMENT ON TABLE network_public IS 'Versions of networks as the public sees them.';
CREATE INDEX network_public_live_geom ON network_public USING gist (geom) WHERE to_seq IS NULL;
CREATE INDEX network_public_past_geom ON network_public USING gist (geom, sys) WHERE to_seq IS NOT NULL;

CREATE FUNCTION publish_network() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.publication = 'public' THEN
    INSERT INTO network_public
    SELECT NEW.park_id, NEW.network_id, NEW.from_seq, NEW.to_seq, NEW.sys, n.code, NEW.kind, NEW.grade, NEW.name_zh, NEW.name_en, NEW.width_m, NEW.capacity, NEW.unit, NEW.geom
      FROM network n WHERE (n.park_id, n.network_id) = (NEW.park_id, NEW.network_id)
    ON CONFLICT (park_id, network_id, from_seq) DO UPDATE SET to_seq = EXCLUDED.to_seq, sys = EXCLUDED.sys;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER publish_network AFTER INSERT OR UPDATE ON network_version FOR EACH ROW EXECUTE FUNCTION publish_network();

CREATE TABLE parcel_public (
  park_id          uuid NOT NULL REFERENCES park,
  parcel_id        uuid NOT NULL,
  from_seq         bigint NOT NULL,
  to_seq           bigint,
  sys              tstzrange NOT NULL,
  code             text NOT NULL,
  zone             text,
  status           text NOT NULL,
  bank_status      text NOT NULL,
  land_use         text,
  services         json NOT NULL,
  legal_m2         numeric(16,4) NOT NULL,
  computed_m2      double precision NOT NULL,
  ellipsoid_m2     double precision NOT NULL,
  price_cny_per_m2 numeric(12,2),
  cadastral_no     text,
  estate_unit_no   text,
  tenant_zh        text,
  tenant_en        text,
  project_zh       text,
  project_en       text,
  expires_at       timestamptz,
  geom             geometry(Polygon, 4490) NOT NULL,
  PRIMARY KEY (park_id, parcel_id, from_seq)
);
COMMENT ON COLUMN parcel_public.services IS 'As text: a feed prints it a million times, and printing jsonb costs the database more than all other columns together.';
COMMENT ON TABLE parcel_public IS 'Parcels as the public sees them, with the status that follows from the live allotment; a row begins whenever anything of it changes.';
CREATE UNIQUE INDEX parcel_public_live ON parcel_public (park_id, parcel_id) WHERE to_seq IS NULL;
CREATE INDEX parcel_public_live_geom ON parcel_public USING gist (geom) WHERE to_seq IS NULL;
CREATE INDEX parcel_public_past_geom ON parcel_public USING gist (geom, sys) WHERE to_seq IS NOT NULL;
CREATE INDEX parcel_public_live_code ON parcel_public (park_id, code) WHERE to_seq IS NULL;
CREATE INDEX parcel_public_live_status ON parcel_public (park_id, status, parcel_id) WHERE to_seq IS NULL;
CREATE INDEX parcel_public_live_text ON parcel_public USING gin
  ((code || ' ' || coalesce(tenant_zh, '') || ' ' || coalesce(tenant_en, '') || ' ' || coalesce(project_zh, '') || ' ' || coalesce(project_en, '')) gin_trgm_ops) WHERE to_seq IS NULL;

-- publish_parcels brings parcel_public to what the given parcels of a park are at the park's newest change. Rows of that same change are replaced:
-- no one has seen them yet.
CREATE FUNCTION publish_parcels(p_park uuid, p_parcels uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE tick park_clock%ROWTYPE;
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = p_park;
  DELETE FROM parcel_public WHERE park_id = p_park AND parcel_id = ANY (p_parcels) AND from_seq = tick.seq;
  UPDATE parcel_public SET to_seq = tick.seq, sys = tstzrange(lower(sys), tick.at)
   WHERE park_id = p_park AND parcel_id = ANY (p_parcels) AND to_seq IS NULL;
  INSERT INTO parcel_public
  SELECT v.park_id, v.parcel_id, tick.seq, NULL, tstzrange(tick.at, NULL), v.code, z.code,
         CASE a.state WHEN 'hold' THEN 'held' ELSE coalesce(a.state, v.bank_status) END,
         v.bank_status, v.land_use, v.services::text::json, v.legal_m2, v.computed_m2, v.ellipsoid_m2, v.price_cny_per_m2, v.cadastral_no, v.estate_unit_no,
         CASE WHEN t.named THEN t.name_zh END, CASE WHEN t.named THEN t.name_en END,
         CASE WHEN r.named THEN r.name_zh END, CASE WHEN r.named THEN r.name_en END,
         a.expires_at, v.geom
    FROM parcel_version v
    LEFT JOIN zone z ON (z.park_id, z.zone_id) = (v.park_id, v.zone_id)
    LEFT JOIN allotment_parcel ap ON (ap.park_id, ap.parcel_id) = (v.park_id, v.parcel_id) AND ap.to_seq IS NULL
    LEFT JOIN allotment_version a ON (a.park_id, a.allotment_id) = (ap.park_id, ap.allotment_id) AND a.to_seq IS NULL
    LEFT JOIN allotment l ON (l.park_id, l.allotment_id) = (a.park_id, a.allotment_id)
    LEFT JOIN project p ON (p.district_id, p.project_id) = (l.district_id, l.project_id)
    LEFT JOIN project_version r ON (r.district_id, r.project_id) = (p.district_id, p.project_id) AND upper_inf(r.sys)
    LEFT JOIN party t ON (t.district_id, t.party_id) = (p.district_id, p.party_id)
   WHERE v.park_id = p_park AND v.parcel_id = ANY (p_parcels) AND v.to_seq IS NULL AND v.publication = 'public';
END $$;
COMMENT ON FUNCTION publish_parcels IS 'Rewrites the public rows of parcels as of the park''s newest change; called by triggers only.';

CREATE FUNCTION publish_changed_parcels() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE park record;
BEGIN
  FOR park IN SELECT c.park_id, array_agg(DISTINCT c.parcel_id) AS parcels FROM changed c GROUP BY c.park_id LOOP
    PERFORM publish_parcels(park.park_id, park.parcels);
  END LOOP;
  RETURN NULL;
END $$;
CREATE FUNCTION publish_allotted_parcels() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE park record;
BEGIN
  FOR park IN SELECT ap.park_id, array_agg(DISTINCT ap.parcel_id) AS parcels
                FROM changed c JOIN allotment_parcel ap ON (ap.park_id, ap.allotment_id) = (c.park_id, c.allotment_id) AND ap.to_seq IS NULL
               GROUP BY ap.park_id LOOP
    PERFORM publish_parcels(park.park_id, park.parcels);
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER publish_inserted AFTER INSERT ON parcel_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publish_changed_parcels();
CREATE TRIGGER publish_updated AFTER UPDATE ON parcel_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publish_changed_parcels();
CREATE TRIGGER publish_inserted AFTER INSERT ON allotment_parcel REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publish_changed_parcels();
CREATE TRIGGER publish_updated AFTER UPDATE ON allotment_parcel REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publish_changed_parcels();
CREATE TRIGGER publish_inserted AFTER INSERT ON allotment_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publish_allotted_parcels();
CREATE TRIGGER publish_updated AFTER UPDATE ON allotment_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publish_allotted_parcels();

-- Rights. The owner runs migrations only; planners write, and neither delete nor truncate nor touch triggers; the public reads what is above.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM luodi_public, luodi_planner;
REVOKE EXECUTE ON FUNCTION begin_record, publish_parcels, publish_changed_parcels, publish_allotted_parcels, publish_park, publish_zone, publish_plan_unit, publish_network, start_clock FROM PUBLIC;
GRANT EXECUTE ON FUNCTION begin_record TO luodi_planner;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO luodi_planner;
GRANT INSERT ON district, park, zone, zone_version, plan_unit, plan_unit_version, parcel, parcel_version, network, network_version,
  party, contact, project, project_version, project_tag, project_milestone, project_investment, allotment, allotment_version, allotment_parcel TO luodi_planner;
GRANT UPDATE (to_seq, sys) ON zone_version, plan_unit_version, parcel_version, network_version, allotment_version, allotment_parcel TO luodi_planner;
GRANT SELECT ON park_public, zone_public, plan_unit_public, network_public, parcel_public TO luodi_public;
GRANT SELECT (park_id, seq, at) ON park_clock TO luodi_public;
