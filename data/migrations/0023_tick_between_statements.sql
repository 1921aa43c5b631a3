-- Since 0022 a transaction may tick a park's clock twice. A statement that changes versions and, by a function of the writer's own, ticks the clock between two of its rows
-- would have what it did under the first record counted and published under the second: the public's history would show land split and unsplit at once. What runs at a
-- statement's end sees all that it changed, and refuses what the newest record didn't.
CREATE FUNCTION refuse_tick_within(p_park uuid, p_seq bigint) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF p_seq IS DISTINCT FROM (SELECT seq FROM park_clock WHERE park_id = p_park) THEN
    PERFORM refuse('one_record_a_transaction', format('a statement that changed park %s at %s went on at another record', p_park, p_seq));
  END IF;
END $$;
REVOKE ALL ON FUNCTION refuse_tick_within(uuid, bigint) FROM PUBLIC;

CREATE OR REPLACE FUNCTION count_parcels() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM refuse_tick_within(x.park_id, x.seq) FROM (SELECT DISTINCT park_id, coalesce(to_seq, from_seq) AS seq FROM changed) x;
  UPDATE parcel p SET version = c.seq FROM park_clock c
   WHERE c.park_id = p.park_id AND p.version <> c.seq AND (p.park_id, p.parcel_id) IN (SELECT park_id, parcel_id FROM changed);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION count_allotments() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM refuse_tick_within(x.park_id, x.seq) FROM (SELECT DISTINCT park_id, coalesce(to_seq, from_seq) AS seq FROM changed) x;
  UPDATE allotment a SET version = c.seq FROM park_clock c
   WHERE c.park_id = a.park_id AND a.version <> c.seq AND (a.park_id, a.allotment_id) IN (SELECT park_id, allotment_id FROM changed);
  UPDATE parcel p SET version = n.seq
    FROM (SELECT DISTINCT l.park_id, l.parcel_id, c.seq FROM changed JOIN allotment_parcel l USING (park_id, allotment_id) JOIN park_clock c USING (park_id)
           WHERE l.to_seq IS NULL OR l.to_seq = c.seq) n
   WHERE (p.park_id, p.parcel_id) = (n.park_id, n.parcel_id) AND p.version <> n.seq;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION count_things() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $_$
BEGIN
  PERFORM refuse_tick_within(x.park_id, x.seq) FROM (SELECT DISTINCT park_id, coalesce(to_seq, from_seq) AS seq FROM changed) x;
  EXECUTE format('UPDATE %1$I t SET version = c.seq, live = n.live
    FROM park_clock c, (SELECT x.park_id, x.%2$I, EXISTS (SELECT FROM %3$I v WHERE (v.park_id, v.%2$I) = (x.park_id, x.%2$I) AND v.to_seq IS NULL) AS live
                          FROM (SELECT DISTINCT park_id, %2$I FROM changed) x) n
    WHERE c.park_id = t.park_id AND (n.park_id, n.%2$I) = (t.park_id, t.%2$I) AND (t.version, t.live) IS DISTINCT FROM (c.seq, n.live)', TG_ARGV[0], TG_ARGV[0] || '_id', TG_TABLE_NAME);
  RETURN NULL;
END $_$;
