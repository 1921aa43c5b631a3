-- Rights to land.

-- Promise 4. Ground that was ever reserve stays reserve until a record that two people signed releases it. A swap of
-- shapes, a correction, a creeping boundary, or a retirement followed by a new parcel does not make it free.
CREATE OR REPLACE FUNCTION refuse_unreleased(p_park uuid, p_seq bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE crs integer; hit record;
BEGIN
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  WITH changed AS MATERIALIZED (SELECT * FROM changed_land(p_park, p_seq))
  SELECT n.code, ST_Area(ST_Union(coalesce(ST_Difference(shared.g, released.g), shared.g))) AS m2 INTO hit
    FROM changed n
    CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE v.to_seq IS NOT NULL AND v.bank_status = 'reserve'
        AND v.span && n.span OFFSET 0) r
    JOIN record why ON (why.park_id, why.seq) = (r.park_id, r.to_seq) AND why.kind <> 'release'
    CROSS JOIN LATERAL (SELECT ST_Intersection(ST_Transform(n.geom, crs), ST_Transform(r.geom, crs)) AS g
        OFFSET 0) shared
    CROSS JOIN LATERAL (SELECT ST_Union(ST_Transform(q.geom, crs)) AS g
                          FROM (SELECT * FROM parcel_version v WHERE v.to_seq IS NOT NULL
                              AND v.bank_status = 'reserve' AND v.span && r.span OFFSET 0) q
                          JOIN record say ON (say.park_id, say.seq) = (q.park_id, q.to_seq) AND say.kind = 'release'
                         WHERE q.park_id = p_park AND q.to_seq > r.to_seq OFFSET 0) released
   WHERE n.begins AND n.bank_status <> 'reserve' AND r.park_id = p_park
   GROUP BY n.parcel_id, n.code, n.geom
  HAVING ST_Area(ST_Union(coalesce(ST_Difference(shared.g, released.g), shared.g))) > slack_m2(
      ST_Perimeter(ST_Transform(n.geom, crs)))
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('reserve_needs_release', format('parcel %s lies on %s m2 of reserve that no record released',
        hit.code, round(hit.m2::numeric, 4)));
  END IF;
END $$;

-- Promises 2 and 4: a right covers live, available land, and is live itself. Promise 5: when land under a right is
-- divided anew, the right goes on.
--
-- Each parcel and right that the record touched is looked up by key, even without statistics: before, each change
-- read all rights of a park whose statistics were missing. Look-ups by right use upper_inf instead of to_seq IS NULL:
-- without statistics the planner takes the latter for so selective that any index of the park seems as good as the
-- index by right.
CREATE OR REPLACE FUNCTION refuse_bad_right(p_park uuid, p_seq bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE hit record;
BEGIN
  SELECT x.parcel_id, v.code, v.bank_status INTO hit
    FROM (SELECT parcel_id FROM allotment_parcel WHERE park_id = p_park AND from_seq = p_seq
          UNION SELECT parcel_id FROM parcel_version WHERE park_id = p_park AND from_seq = p_seq
          UNION SELECT parcel_id FROM parcel_version WHERE park_id = p_park AND to_seq = p_seq) x
   CROSS JOIN LATERAL (SELECT FROM allotment_parcel ap WHERE (ap.park_id, ap.parcel_id) = (p_park, x.parcel_id)
       AND ap.to_seq IS NULL OFFSET 0) held
    LEFT JOIN LATERAL (SELECT w.code, w.bank_status FROM parcel_version w
        WHERE (w.park_id, w.parcel_id) = (p_park, x.parcel_id) AND w.to_seq IS NULL OFFSET 0) v ON true
   WHERE v.bank_status IS DISTINCT FROM 'available'
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse(CASE hit.bank_status WHEN 'reserve' THEN 'reserve_needs_release' ELSE 'right_on_live_land' END,
      format('parcel %s is %s and has a right', coalesce(hit.code, hit.parcel_id::text),
          coalesce(hit.bank_status, 'no live parcel')));
  END IF;
  SELECT a.allotment_id, a.live INTO hit
    FROM (SELECT x.allotment_id, EXISTS (SELECT FROM allotment_version v
        WHERE (v.park_id, v.allotment_id) = (p_park, x.allotment_id) AND upper_inf(v.sys) OFFSET 0) AS live
            FROM (SELECT allotment_id FROM allotment_version WHERE park_id = p_park AND from_seq = p_seq
                  UNION SELECT allotment_id FROM allotment_version WHERE park_id = p_park AND to_seq = p_seq
                  UNION SELECT allotment_id FROM allotment_parcel WHERE park_id = p_park AND from_seq = p_seq
                  UNION SELECT allotment_id FROM allotment_parcel WHERE park_id = p_park AND to_seq = p_seq) x) a
   WHERE a.live <> EXISTS (SELECT FROM allotment_parcel ap
       WHERE (ap.park_id, ap.allotment_id) = (p_park, a.allotment_id) AND upper_inf(ap.sys) OFFSET 0)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('right_covers_land', format(CASE WHEN hit.live THEN 'right %s is live and covers no parcel'
        ELSE 'right %s has ended and still covers a parcel' END, hit.allotment_id));
  END IF;
  WITH changed AS MATERIALIZED (SELECT * FROM changed_land(p_park, p_seq))
  SELECT ap.allotment_id, c.code INTO hit
    FROM changed c
   CROSS JOIN LATERAL (SELECT l.allotment_id, l.parcel_id FROM allotment_parcel l
       WHERE (l.park_id, l.parcel_id, l.to_seq) = (p_park, c.parcel_id, p_seq) OFFSET 0) ap
   WHERE NOT c.begins AND c.reshaped
     AND NOT EXISTS (SELECT FROM allotment_parcel heir
         WHERE (heir.park_id, heir.allotment_id, heir.from_seq) = (p_park, ap.allotment_id, p_seq)
                        AND (heir.parcel_id = ap.parcel_id OR EXISTS (SELECT FROM lineage l
                            WHERE (l.park_id, l.seq, l.parent_id, l.child_id) = (p_park, p_seq, ap.parcel_id,
                            heir.parcel_id))))
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('heir_is_named',
        format('the land of right %s, parcel %s, is dealt out anew and nothing inherits the right', hit.allotment_id,
        hit.code));
  END IF;
END $$;

CREATE OR REPLACE FUNCTION longest_term(p_land_use text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE left(p_land_use, 2) WHEN '07' THEN 70 WHEN '09' THEN 40 ELSE 50 END
$$;
COMMENT ON FUNCTION longest_term IS 'Years for which land of a use may be granted at most.';

-- The longest term of a right follows from the land use: residential 70 years, commercial 40, industrial and all
-- others 50 (land.LongestTerm). A term is checked when it is first given. It is not checked again in later versions,
-- nor when the plan gives its land another use.
CREATE OR REPLACE FUNCTION refuse_long_term() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE hit record;
BEGIN
  IF NEW.term_years IS NOT DISTINCT FROM (SELECT o.term_years FROM allotment_version o
      WHERE (o.park_id, o.allotment_id, o.to_seq) = (NEW.park_id, NEW.allotment_id, NEW.prev_to_seq)) THEN
    RETURN NULL;
  END IF;
  SELECT v.code, v.land_use, longest_term(v.land_use) AS most INTO hit
    FROM (SELECT x.parcel_id FROM allotment_parcel x
        WHERE (x.park_id, x.allotment_id) = (NEW.park_id, NEW.allotment_id) AND x.to_seq IS NULL OFFSET 0) l
   CROSS JOIN LATERAL (SELECT x.code, x.land_use FROM parcel_version x
       WHERE (x.park_id, x.parcel_id) = (NEW.park_id, l.parcel_id) AND x.to_seq IS NULL OFFSET 0) v
   ORDER BY most LIMIT 1;
  IF hit.most < NEW.term_years THEN
    PERFORM refuse('term_fits_use', format('%s years on parcel %s of use %s, at most %s', NEW.term_years, hit.code,
        coalesce(hit.land_use, 'unknown'), hit.most));
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER term_fits_use AFTER INSERT ON allotment_version
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.term_years IS NOT NULL) EXECUTE FUNCTION refuse_long_term();
