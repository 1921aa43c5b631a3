-- Lineage: parents and children of parcels.

CREATE OR REPLACE FUNCTION keep_lineage() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE tick park_clock%ROWTYPE;
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = NEW.park_id;
  IF tick.writer IS DISTINCT FROM pg_current_xact_id() OR NEW.seq IS DISTINCT FROM tick.seq THEN
    RAISE EXCEPTION 'lineage of park % was written without its record', NEW.park_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'version_has_record';
  END IF;
  UPDATE park_clock SET dirty = true WHERE park_id = NEW.park_id AND NOT dirty;
  RETURN NEW;
END $$;

CREATE TRIGGER a_keep_lineage BEFORE INSERT ON lineage FOR EACH ROW EXECUTE FUNCTION keep_lineage();

-- seen_lineage: which parcel of a record came out of which, by the shapes: an ended or begun parcel and every other
-- parcel that shares its ground. Of a parcel that goes on, only the ground it gives up or gains counts: an inherited
-- overlap that it keeps makes no lineage. p_undone is the retirement that the record reverses, null for any other
-- record: what comes back is a child of the parcel that was taken out.
CREATE OR REPLACE FUNCTION seen_lineage(p_park uuid, p_seq bigint, p_undone bigint DEFAULT NULL)
RETURNS TABLE (parent_id uuid, child_id uuid)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $_$
#variable_conflict use_column
DECLARE crs integer;
BEGIN
  SELECT survey_crs INTO crs FROM park WHERE park_id = p_park;
  RETURN QUERY
  WITH changed AS MATERIALIZED (SELECT * FROM changed_land(p_park, p_seq)
                                UNION ALL SELECT v.parcel_id, v.code, false, false, true, v.bank_status, v.legal_m2,
                                    v.geom, v.span FROM parcel_version v
                                           WHERE (v.park_id, v.to_seq) = (p_park, p_undone)),
  plane AS MATERIALIZED (SELECT c.parcel_id, c.begins, c.goes_on, c.span, ST_Transform(c.geom, crs) AS g
      FROM changed c
             -- else no ground goes over
             WHERE EXISTS (SELECT FROM changed e WHERE NOT e.begins)
                 AND EXISTS (SELECT FROM changed e WHERE NOT e.goes_on)),
  ground AS MATERIALIZED (
    SELECT p.parcel_id, p.begins, p.goes_on, p.span, ST_Perimeter(p.g) AS outline,
           CASE WHEN p.goes_on THEN (SELECT ST_Difference(p.g, o.g) FROM plane o WHERE o.parcel_id = p.parcel_id
               AND o.begins <> p.begins) ELSE p.g END AS moved FROM plane p)
  SELECT c.parcel_id, n.parcel_id
    FROM ground c JOIN ground n ON c.span && n.span AND c.parcel_id <> n.parcel_id
   WHERE NOT c.begins AND n.begins AND NOT (c.goes_on AND n.goes_on)
     AND ST_Area(ST_Intersection(c.moved, n.moved)) > slack_m2(least(c.outline, n.outline));
END $_$;

-- state_lineage writes what the shapes of a record say: an import of a new survey knows of no other lineage.
CREATE OR REPLACE FUNCTION state_lineage(p_park uuid, p_seq bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO lineage (park_id, seq, parent_id, child_id)
  SELECT p_park, p_seq, parent_id, child_id FROM seen_lineage(p_park, p_seq)
$$;

-- refuse_false_lineage: lineage must agree with the shapes (seen_lineage), and say no more. An ended parcel has a child
-- and a begun parcel has a parent, unless the record takes land out or brings land in.
CREATE OR REPLACE FUNCTION refuse_false_lineage(p_park uuid, p_seq bigint, p_kind text) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE hit record; reversed text; undone bigint;
BEGIN
  IF p_kind = 'revert' THEN
    SELECT r.reverts, balance_of(p_park, r.reverts) INTO undone, reversed FROM record r
        WHERE (r.park_id, r.seq) = (p_park, p_seq);
  END IF;
  SELECT coalesce(said.parent_id, seen.parent_id) AS parent, coalesce(said.child_id, seen.child_id) AS child,
      said.seq IS NULL AS unsaid INTO hit
    FROM (SELECT * FROM lineage l WHERE l.park_id = p_park AND l.seq = p_seq) said
    FULL JOIN seen_lineage(p_park, p_seq, CASE WHEN reversed = 'retire' THEN undone END) seen
           ON (seen.parent_id, seen.child_id) = (said.parent_id, said.child_id)
   WHERE said.seq IS NULL OR seen.parent_id IS NULL
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('lineage_is_kept', format(CASE WHEN hit.unsaid
        THEN 'parcel %2$s lies on ground of parcel %1$s and does not say so'
        ELSE 'parcel %2$s does not come out of parcel %1$s' END,
      hit.parent, hit.child));
  END IF;
  IF p_kind IN ('import', 'sample', 'create', 'retire') OR reversed = 'create' THEN RETURN; END IF;
  SELECT x.code, x.begins INTO hit FROM changed_land(p_park, p_seq) x
   WHERE NOT x.goes_on AND NOT EXISTS (SELECT FROM lineage l WHERE l.park_id = p_park AND l.seq = p_seq
       AND x.parcel_id = CASE WHEN x.begins THEN l.child_id ELSE l.parent_id END)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('lineage_is_kept', format(CASE WHEN hit.begins THEN 'parcel %s comes out of nothing'
        ELSE 'parcel %s ends in nothing' END, hit.code));
  END IF;
END $$;
