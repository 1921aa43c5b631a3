-- refuse_bad_right as before, but it looks up each parcel and right that the record touched by its key, whatever the statistics say: while they know
-- nothing of a park's rights, every right of the park was read for every single change. Where the look is by right it says
-- upper_inf, and not to_seq IS NULL, which without statistics is thought so rare that any index of the park seems as good as the right's own.
CREATE OR REPLACE FUNCTION refuse_bad_right(p_park uuid, p_seq bigint) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE hit record;
BEGIN
  SELECT x.parcel_id, v.code, v.bank_status INTO hit
    FROM (SELECT parcel_id FROM allotment_parcel WHERE park_id = p_park AND from_seq = p_seq
          UNION SELECT parcel_id FROM parcel_version WHERE park_id = p_park AND from_seq = p_seq
          UNION SELECT parcel_id FROM parcel_version WHERE park_id = p_park AND to_seq = p_seq) x
   CROSS JOIN LATERAL (SELECT FROM allotment_parcel ap WHERE (ap.park_id, ap.parcel_id) = (p_park, x.parcel_id) AND ap.to_seq IS NULL OFFSET 0) held
    LEFT JOIN LATERAL (SELECT w.code, w.bank_status FROM parcel_version w WHERE (w.park_id, w.parcel_id) = (p_park, x.parcel_id) AND w.to_seq IS NULL OFFSET 0) v ON true
   WHERE v.bank_status IS DISTINCT FROM 'available'
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse(CASE hit.bank_status WHEN 'reserve' THEN 'reserve_needs_release' ELSE 'right_on_live_land' END,
      format('parcel %s is %s and has a right', coalesce(hit.code, hit.parcel_id::text), coalesce(hit.bank_status, 'no live parcel')));
  END IF;
  SELECT a.allotment_id, a.live INTO hit
    FROM (SELECT x.allotment_id, EXISTS (SELECT FROM allotment_version v WHERE (v.park_id, v.allotment_id) = (p_park, x.allotment_id) AND upper_inf(v.sys) OFFSET 0) AS live
            FROM (SELECT allotment_id FROM allotment_version WHERE park_id = p_park AND from_seq = p_seq
                  UNION SELECT allotment_id FROM allotment_version WHERE park_id = p_park AND to_seq = p_seq
                  UNION SELECT allotment_id FROM allotment_parcel WHERE park_id = p_park AND from_seq = p_seq
                  UNION SELECT allotment_id FROM allotment_parcel WHERE park_id = p_park AND to_seq = p_seq) x) a
   WHERE a.live <> EXISTS (SELECT FROM allotment_parcel ap WHERE (ap.park_id, ap.allotment_id) = (p_park, a.allotment_id) AND upper_inf(ap.sys) OFFSET 0)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('right_covers_land', format(CASE WHEN hit.live THEN 'right %s is live and covers no parcel' ELSE 'right %s has ended and still covers a parcel' END, hit.allotment_id));
  END IF;
  WITH changed AS MATERIALIZED (SELECT * FROM changed_land(p_park, p_seq))
  SELECT ap.allotment_id, c.code INTO hit
    FROM changed c
   CROSS JOIN LATERAL (SELECT l.allotment_id, l.parcel_id FROM allotment_parcel l WHERE (l.park_id, l.parcel_id, l.to_seq) = (p_park, c.parcel_id, p_seq) OFFSET 0) ap
   WHERE NOT c.begins AND c.reshaped
     AND NOT EXISTS (SELECT FROM allotment_parcel heir WHERE (heir.park_id, heir.allotment_id, heir.from_seq) = (p_park, ap.allotment_id, p_seq)
                        AND (heir.parcel_id = ap.parcel_id OR EXISTS (SELECT FROM lineage l WHERE (l.park_id, l.seq, l.parent_id, l.child_id) = (p_park, p_seq, ap.parcel_id, heir.parcel_id))))
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('heir_is_named', format('the land of right %s, parcel %s, is dealt out anew and nothing inherits the right', hit.allotment_id, hit.code));
  END IF;
END $$;
