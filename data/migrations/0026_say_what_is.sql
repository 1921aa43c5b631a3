-- What the public reads of a parcel is written by triggers beside each change. That it says what the land is, is looked at once more when the record commits, by a
-- question of its own: a record that would leave the public with another word than the land's is not made. Nobody should ever meet it, so it is no rule with a name
-- but data_corrupted, with all that is needed to find out why. It hangs on the record and not on what the record changes: a row's own check, brought forward, comes before
-- the triggers of its statement have told the public anything.

CREATE FUNCTION touched_parcels(p_park uuid, p_seq bigint) RETURNS TABLE (parcel_id uuid) LANGUAGE sql STABLE ROWS 10 SET search_path = public, pg_temp AS $$
  SELECT v.parcel_id FROM parcel_version v WHERE (v.park_id, v.from_seq) = (p_park, p_seq)
  UNION SELECT v.parcel_id FROM parcel_version v WHERE (v.park_id, v.to_seq) = (p_park, p_seq)
  UNION SELECT l.parcel_id FROM allotment_parcel l WHERE (l.park_id, l.from_seq) = (p_park, p_seq)
  UNION SELECT l.parcel_id FROM allotment_parcel l WHERE (l.park_id, l.to_seq) = (p_park, p_seq)
  UNION SELECT l.parcel_id
          FROM (SELECT a.allotment_id FROM allotment_version a WHERE (a.park_id, a.from_seq) = (p_park, p_seq)
                UNION SELECT a.allotment_id FROM allotment_version a WHERE (a.park_id, a.to_seq) = (p_park, p_seq)
                UNION SELECT d.allotment_id FROM allotment_draw d WHERE (d.park_id, d.from_seq) = (p_park, p_seq)
                UNION SELECT d.allotment_id FROM allotment_draw d WHERE (d.park_id, d.to_seq) = (p_park, p_seq)) r
         CROSS JOIN LATERAL (SELECT x.parcel_id FROM allotment_parcel x WHERE (x.park_id, x.allotment_id) = (p_park, r.allotment_id) AND x.to_seq IS NULL OFFSET 0) l
$$;
COMMENT ON FUNCTION touched_parcels IS 'The parcels that a record touched, in themselves or in the right they are under.';

CREATE FUNCTION refuse_false_word() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE hit record;
BEGIN
  SELECT t.parcel_id, l.allotment_id, so.status AS so, so.since, said.status AS said, said.from_seq AS said_since, said.to_seq AS said_until, pg_backend_pid() AS backend INTO hit
    FROM touched_parcels(NEW.park_id, NEW.seq) t
    LEFT JOIN LATERAL (SELECT x.allotment_id, x.from_seq FROM allotment_parcel x WHERE (x.park_id, x.parcel_id) = (NEW.park_id, t.parcel_id) AND upper_inf(x.sys) OFFSET 0) l ON true
    LEFT JOIN LATERAL (SELECT x.state, x.expires_at, x.from_seq FROM allotment_version x WHERE (x.park_id, x.allotment_id) = (NEW.park_id, l.allotment_id) AND upper_inf(x.sys) OFFSET 0) a ON true
    LEFT JOIN LATERAL (SELECT CASE a.state WHEN 'hold' THEN 'held' ELSE coalesce(a.state, x.bank_status) END AS status, x.bank_status, x.legal_m2, a.expires_at, greatest(x.from_seq, l.from_seq, a.from_seq) AS since
                         FROM parcel_version x WHERE (x.park_id, x.parcel_id) = (NEW.park_id, t.parcel_id) AND upper_inf(x.sys) AND x.publication = 'public' OFFSET 0) so ON true
    LEFT JOIN LATERAL (SELECT * FROM parcel_public x WHERE (x.park_id, x.parcel_id) = (NEW.park_id, t.parcel_id) AND upper_inf(x.sys) OFFSET 0) said ON true
   WHERE (said.status, said.bank_status, said.legal_m2, said.expires_at) IS DISTINCT FROM (so.status, so.bank_status, so.legal_m2, so.expires_at)
      OR said.from_seq < so.since -- written before what it tells of
   LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'after change % the public would not read what parcel % is: %', NEW.seq, hit.parcel_id, row_to_json(hit) USING ERRCODE = 'data_corrupted';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER says_what_is AFTER INSERT ON record DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_false_word();

REVOKE EXECUTE ON FUNCTION touched_parcels, refuse_false_word FROM PUBLIC;
GRANT EXECUTE ON FUNCTION touched_parcels TO luodi_planner;
