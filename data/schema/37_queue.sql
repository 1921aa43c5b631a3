-- Queues for parcels.

-- stood lists the queue for a parcel as it was before a record, in order.
CREATE OR REPLACE FUNCTION stood(p_park uuid, p_seq bigint, p_parcel uuid) RETURNS SETOF waiting
LANGUAGE sql STABLE AS $$
  SELECT * FROM waiting w WHERE w.park_id = p_park AND w.parcel_id = p_parcel AND w.from_seq < p_seq
      AND (w.to_seq IS NULL OR w.to_seq = p_seq) ORDER BY w.from_seq
$$;

-- refuse_jumped_queue: projects that want land of another project queue for the parcel, first come, first served. When
-- the land comes free, only the first in the queue may have it.
CREATE OR REPLACE FUNCTION refuse_jumped_queue(p_park uuid, p_seq bigint, p_kind text) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE hit record;
BEGIN
  -- A new right on land with a queue belongs to the first in the queue, whose place ends with it.
  SELECT l.parcel_id, l.allotment_id INTO hit
    FROM allotment_parcel l
    CROSS JOIN LATERAL (SELECT x.project_id FROM allotment x
        WHERE (x.park_id, x.allotment_id) = (p_park, l.allotment_id) OFFSET 0) t
    CROSS JOIN LATERAL (SELECT * FROM stood(p_park, p_seq, l.parcel_id) LIMIT 1) first
   WHERE l.park_id = p_park AND l.from_seq = p_seq AND (first.project_id <> t.project_id OR first.to_seq IS NULL)
     AND NOT EXISTS (SELECT FROM allotment_parcel b
         WHERE (b.park_id, b.allotment_id, b.parcel_id, b.to_seq) = (p_park, l.allotment_id, l.parcel_id, p_seq)
         OFFSET 0)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('queue_is_kept', format('right %s begins on parcel %s, for which another waits', hit.allotment_id,
        hit.parcel_id));
  END IF;
  -- A place ends when it is left, passed over or served, or with its parcel. Only the first place can be passed over,
  -- and only while the land is free.
  SELECT w.parcel_id, w.waiting_id INTO hit
    FROM waiting w
    CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM parcel_version v
        WHERE (v.park_id, v.parcel_id) = (p_park, w.parcel_id) AND v.to_seq IS NULL OFFSET 0) AS live,
                               EXISTS (SELECT FROM allotment_parcel l
                                   WHERE (l.park_id, l.parcel_id) = (p_park, w.parcel_id) AND l.to_seq IS NULL
                                   OFFSET 0) AS held,
                               EXISTS (SELECT FROM (SELECT x.allotment_id, x.from_seq FROM allotment_parcel x
                                   WHERE (x.park_id, x.parcel_id) = (p_park, w.parcel_id) OFFSET 0) l
                                        CROSS JOIN LATERAL (SELECT x.project_id FROM allotment x
                                            WHERE (x.park_id, x.allotment_id) = (p_park, l.allotment_id) OFFSET 0) t
                                        WHERE l.from_seq = p_seq AND t.project_id = w.project_id) AS served
                                            OFFSET 0) now
   WHERE w.park_id = p_park AND w.to_seq = p_seq AND p_kind <> 'leave' AND NOT now.served AND now.live
     AND NOT (p_kind = 'pass' AND w.waiting_id = (SELECT waiting_id FROM stood(p_park, p_seq, w.parcel_id) LIMIT 1)
         AND NOT now.held)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('queue_is_kept',
        format('place %s in the queue for parcel %s ends by a record of kind %s and is not served', hit.waiting_id,
        hit.parcel_id, p_kind));
  END IF;
  -- A queue is for live land that another project holds or waits for.
  SELECT w.parcel_id INTO hit
    FROM waiting w
   WHERE w.park_id = p_park AND w.from_seq = p_seq AND w.to_seq IS NULL
     AND NOT EXISTS (SELECT FROM allotment_parcel l WHERE (l.park_id, l.parcel_id) = (p_park, w.parcel_id)
         AND l.to_seq IS NULL OFFSET 0)
     AND NOT EXISTS (SELECT FROM waiting o WHERE (o.park_id, o.parcel_id) = (p_park, w.parcel_id)
         AND o.from_seq < p_seq AND o.to_seq IS NULL OFFSET 0)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('queue_needs_right', format('parcel %s is under no right, there is nothing to wait for',
        hit.parcel_id));
  END IF;
  SELECT x.parcel_id INTO hit
    FROM (SELECT parcel_id FROM waiting WHERE park_id = p_park AND from_seq = p_seq
          UNION SELECT parcel_id FROM parcel_version WHERE park_id = p_park AND to_seq = p_seq) x
   WHERE EXISTS (SELECT FROM waiting w WHERE (w.park_id, w.parcel_id) = (p_park, x.parcel_id) AND w.to_seq IS NULL
       OFFSET 0)
     AND NOT EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.parcel_id) = (p_park, x.parcel_id)
         AND v.to_seq IS NULL OFFSET 0)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('queue_on_live_land', format('parcel %s is not live and has a queue', hit.parcel_id));
  END IF;
END $$;
