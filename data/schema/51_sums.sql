-- Sums of public land by status.

-- inside_area qualifies names instead of setting a search_path, so that it can be inlined and a boundary is prepared
-- once for all parcels of a statement.
CREATE OR REPLACE FUNCTION inside_area(p_boundary geometry, p_crs integer, p_geom geometry,
    p_computed double precision) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN public.ST_Covers(p_boundary, p_geom) THEN round(p_computed * 10000)
              ELSE round(public.ST_Area(public.ST_Transform(public.ST_Intersection(p_boundary, p_geom),
                  p_crs)) * 10000) END::bigint
$$;
COMMENT ON FUNCTION inside_area IS
  'How much of a parcel lies within a boundary, in 0.0001 m2 of the plane of a survey CRS.';

-- add_to_sum adds to the stored sum of one status at the park's newest record.
CREATE OR REPLACE FUNCTION add_to_sum(p_park uuid, p_status text, p_seq bigint, p_parcels bigint, p_legal bigint,
    p_computed bigint, p_inside bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE before land_sum_public%ROWTYPE;
BEGIN
  UPDATE land_sum_public SET parcels = parcels + p_parcels, legal = legal + p_legal,
      computed = computed + p_computed, inside = inside + p_inside
   WHERE (park_id, status, from_seq) = (p_park, p_status, p_seq);
  IF FOUND THEN RETURN; END IF;
  UPDATE land_sum_public SET to_seq = p_seq WHERE (park_id, status) = (p_park, p_status) AND to_seq IS NULL
      RETURNING * INTO before;
  INSERT INTO land_sum_public VALUES (p_park, p_status, p_seq, NULL,
    coalesce(before.parcels, 0) + p_parcels, coalesce(before.legal, 0) + p_legal,
        coalesce(before.computed, 0) + p_computed, coalesce(before.inside, 0) + p_inside);
END $$;

-- sum_land adds the rows that a statement begins and subtracts the rows that it ends. A park's boundary is read once for
-- all of them: a stored one is decompressed at each use.
CREATE OR REPLACE FUNCTION sum_land() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE d record; sign integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END; park record;
BEGIN
  FOR park IN SELECT p.park_id, p.survey_crs, ST_Force2D(p.geom) AS geom, k.seq
                FROM (SELECT DISTINCT park_id FROM changed WHERE to_seq IS NULL) c
                JOIN park_public p USING (park_id) JOIN park_clock k USING (park_id) LOOP
    FOR d IN SELECT c.status, sign * count(*) AS parcels, sign * sum((c.legal_m2 * 10000)::bigint)::bigint AS legal,
                    sign * sum(round(c.computed_m2 * 10000)::bigint)::bigint AS computed,
                    sign * sum(inside_area(park.geom, park.survey_crs, c.geom, c.computed_m2))::bigint AS inside
               FROM changed c WHERE c.to_seq IS NULL AND c.park_id = park.park_id GROUP BY c.status LOOP
      PERFORM add_to_sum(park.park_id, d.status, park.seq, d.parcels, d.legal, d.computed, d.inside);
    END LOOP;
  END LOOP;
  RETURN NULL;
END $$;

CREATE TRIGGER sum_begun AFTER INSERT ON parcel_public
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION sum_land();
CREATE TRIGGER sum_ended AFTER UPDATE ON parcel_public
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION sum_land();
CREATE TRIGGER sum_replaced AFTER DELETE ON parcel_public
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION sum_land();

-- sum_anew recomputes the sums of a park's public land from its rows, for every state.
CREATE OR REPLACE FUNCTION sum_anew(p_park uuid) RETURNS void LANGUAGE sql SET search_path = public, pg_temp AS $$
  DELETE FROM land_sum_public WHERE park_id = p_park;
  WITH land AS MATERIALIZED (
    SELECT f.status, f.from_seq, f.to_seq, (f.legal_m2 * 10000)::bigint AS legal,
        round(f.computed_m2 * 10000)::bigint AS computed, inside_area(p.geom, p.survey_crs, f.geom,
        f.computed_m2) AS inside
      FROM parcel_public f JOIN park_public p USING (park_id) WHERE f.park_id = p_park),
  step AS (
    SELECT status, seq, sum(parcels) AS parcels, sum(legal) AS legal, sum(computed) AS computed, sum(inside) AS inside
      FROM (SELECT status, from_seq AS seq, 1 AS parcels, legal, computed, inside FROM land
            UNION ALL SELECT status, to_seq, -1, -legal, -computed, -inside FROM land WHERE to_seq IS NOT NULL) x
                GROUP BY status, seq)
  INSERT INTO land_sum_public
  SELECT p_park, status, seq, lead(seq) OVER w, sum(parcels) OVER w, sum(legal) OVER w, sum(computed) OVER w,
      sum(inside) OVER w FROM step
  WINDOW w AS (PARTITION BY status ORDER BY seq)
$$;
COMMENT ON FUNCTION sum_anew IS 'Writes a park''s land_sum_public anew from parcel_public.';

-- A new boundary applies to all states, past ones too: a balance is always measured against today's boundary.
CREATE OR REPLACE FUNCTION sum_within() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM sum_anew(NEW.park_id);
  RETURN NULL;
END $$;

CREATE TRIGGER sum_within AFTER UPDATE ON park_public FOR EACH ROW
  WHEN (ST_AsEWKB(OLD.geom) IS DISTINCT FROM ST_AsEWKB(NEW.geom) OR OLD.survey_crs <> NEW.survey_crs)
      EXECUTE FUNCTION sum_within();
