-- A node that another's record enters in a parcel's side begins a version of that parcel: history and events tell of it. But it changes nothing that an editor of the parcel looked
-- at, and of 160 splits next door to each other 90 were refused because a node of the other's had aged their parcel. A version that was seen is as good as the current one
-- as long as nothing but nodes came since: the facts are the same, the ground is within the tolerance what it was, and no right on it began, changed or ended. Each version
-- since is held against the one that was seen, so that nothing creeps, and what was changed and changed back counts as a change.
CREATE FUNCTION still_as_seen(p_park uuid, p_parcel uuid, p_seen bigint) RETURNS boolean LANGUAGE sql STABLE COST 10000 SET search_path = public, pg_temp AS $$
  SELECT coalesce((
    SELECT NOT EXISTS (
             SELECT FROM parcel_version v
              WHERE (v.park_id, v.parcel_id) = (p_park, p_parcel) AND v.from_seq > p_seen
                AND (to_jsonb(v) - ARRAY['from_seq', 'to_seq', 'prev_to_seq', 'sys', 'computed_m2', 'ellipsoid_m2', 'span', 'geom']
                       IS DISTINCT FROM to_jsonb(s) - ARRAY['from_seq', 'to_seq', 'prev_to_seq', 'sys', 'computed_m2', 'ellipsoid_m2', 'span', 'geom']
                  OR ST_Area(ST_SymDifference(ST_Transform(v.geom, k.survey_crs), ST_Transform(s.geom, k.survey_crs))) > slack_m2(ST_Perimeter(ST_Transform(s.geom, k.survey_crs)))))
       AND EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.parcel_id) = (p_park, p_parcel) AND v.to_seq IS NULL)
       AND NOT EXISTS (SELECT FROM allotment_parcel l WHERE (l.park_id, l.parcel_id) = (p_park, p_parcel) AND (l.from_seq > p_seen OR l.to_seq > p_seen))
       AND NOT EXISTS (SELECT FROM allotment_parcel l JOIN allotment t USING (park_id, allotment_id) WHERE (l.park_id, l.parcel_id) = (p_park, p_parcel) AND l.to_seq IS NULL AND t.version > p_seen)
      FROM (SELECT * FROM parcel_version x WHERE (x.park_id, x.parcel_id) = (p_park, p_parcel) AND x.from_seq <= p_seen ORDER BY x.from_seq DESC LIMIT 1) s
      JOIN park k USING (park_id)
     WHERE s.to_seq IS NULL OR s.to_seq > p_seen), false)
$$;
COMMENT ON FUNCTION still_as_seen(uuid, uuid, bigint) IS 'Whether a parcel is still, but for nodes that others entered in its sides, what it was after a change of its park.';
REVOKE ALL ON FUNCTION still_as_seen(uuid, uuid, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION still_as_seen(uuid, uuid, bigint) TO luodi_planner;
