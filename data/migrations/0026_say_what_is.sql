-- What the public reads of a parcel is written by triggers beside each change. That it says what the land is, is looked at once more when the record settles, by a
-- question of its own: a record that would leave the public with another word than the land's is not made. Nobody should ever meet it, so it is no rule with a name
-- but data_corrupted, with all that is needed to find out why.

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

CREATE FUNCTION refuse_false_word(p_park uuid, p_seq bigint) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE hit record;
BEGIN
  SELECT t.parcel_id, l.allotment_id, so.status AS so, so.since, said.status AS said, said.from_seq AS said_since, said.to_seq AS said_until, pg_backend_pid() AS backend INTO hit
    FROM touched_parcels(p_park, p_seq) t
    LEFT JOIN LATERAL (SELECT x.allotment_id, x.from_seq FROM allotment_parcel x WHERE (x.park_id, x.parcel_id) = (p_park, t.parcel_id) AND upper_inf(x.sys) OFFSET 0) l ON true
    LEFT JOIN LATERAL (SELECT x.state, x.expires_at, x.from_seq FROM allotment_version x WHERE (x.park_id, x.allotment_id) = (p_park, l.allotment_id) AND upper_inf(x.sys) OFFSET 0) a ON true
    LEFT JOIN LATERAL (SELECT CASE a.state WHEN 'hold' THEN 'held' ELSE coalesce(a.state, x.bank_status) END AS status, x.bank_status, x.legal_m2, a.expires_at, greatest(x.from_seq, l.from_seq, a.from_seq) AS since
                         FROM parcel_version x WHERE (x.park_id, x.parcel_id) = (p_park, t.parcel_id) AND upper_inf(x.sys) AND x.publication = 'public' OFFSET 0) so ON true
    LEFT JOIN LATERAL (SELECT * FROM parcel_public x WHERE (x.park_id, x.parcel_id) = (p_park, t.parcel_id) AND upper_inf(x.sys) OFFSET 0) said ON true
   WHERE (said.status, said.bank_status, said.legal_m2, said.expires_at) IS DISTINCT FROM (so.status, so.bank_status, so.legal_m2, so.expires_at)
      OR said.from_seq < so.since -- written before what it tells of
   LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'after change % the public would not read what parcel % is: %', p_seq, hit.parcel_id, row_to_json(hit) USING ERRCODE = 'data_corrupted';
  END IF;
END $$;
REVOKE EXECUTE ON FUNCTION touched_parcels, refuse_false_word FROM PUBLIC;
GRANT EXECUTE ON FUNCTION touched_parcels TO luodi_planner;

CREATE OR REPLACE FUNCTION settle_record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE tick park_clock%ROWTYPE; its_kind text; its_reverts bigint;
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = NEW.park_id;
  IF NOT tick.dirty THEN RETURN NULL; END IF;
  SELECT r.kind, r.reverts INTO its_kind, its_reverts FROM record r WHERE (r.park_id, r.seq) = (tick.park_id, tick.seq);
  IF EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.from_seq) = (tick.park_id, tick.seq)) OR EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.to_seq) = (tick.park_id, tick.seq))
     OR EXISTS (SELECT FROM lineage l WHERE (l.park_id, l.seq) = (tick.park_id, tick.seq)) THEN
    PERFORM refuse_overlap(tick.park_id, tick.seq);
    PERFORM refuse_unequal(tick.park_id, tick.seq, its_kind, its_reverts);
    IF its_kind <> 'release' THEN
      PERFORM refuse_unreleased(tick.park_id, tick.seq);
    END IF;
    PERFORM refuse_false_lineage(tick.park_id, tick.seq, its_kind);
  END IF;
  PERFORM refuse_bad_right(tick.park_id, tick.seq);
  PERFORM refuse_overdraw(tick.park_id, tick.seq);
  PERFORM refuse_jumped_line(tick.park_id, tick.seq, its_kind);
  PERFORM refuse_false_word(tick.park_id, tick.seq);
  UPDATE park_clock SET dirty = false WHERE park_id = tick.park_id;
  RETURN NULL;
END $$;
