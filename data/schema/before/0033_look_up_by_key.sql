-- What a record's checks and the public's words join, they join by whole keys, each look-up fenced by OFFSET 0: in a table of some hundred rows a walk through all that a park has
-- seems as cheap as a look-up, and is as long as the park.

CREATE OR REPLACE FUNCTION refuse_dead_zone() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE hit record;
BEGIN
  IF TG_TABLE_NAME = 'zone_version' THEN
    SELECT v.code, z.code AS zone INTO hit FROM zone z
     CROSS JOIN LATERAL (SELECT x.code FROM parcel_version x WHERE (x.zone_id, x.park_id) = (z.zone_id, z.park_id) AND x.to_seq IS NULL LIMIT 1) v
     WHERE (z.park_id, z.zone_id) = (NEW.park_id, NEW.zone_id) AND NOT z.live;
  ELSE
    SELECT v.code, z.code AS zone INTO hit FROM changed v
     CROSS JOIN LATERAL (SELECT x.code FROM zone x WHERE (x.park_id, x.zone_id) = (v.park_id, v.zone_id) AND NOT x.live OFFSET 0) z LIMIT 1;
  END IF;
  IF FOUND THEN
    PERFORM refuse('zone_is_live', format('parcel %s lies in zone %s, which is retired', hit.code, hit.zone));
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION refuse_overdraw(p_park uuid, p_seq bigint) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE hit record; grown numeric; risked numeric; facts jsonb;
BEGIN
  SELECT d.allotment_id, d.service INTO hit
    FROM (SELECT allotment_id FROM allotment_draw WHERE park_id = p_park AND from_seq = p_seq
          UNION SELECT allotment_id FROM allotment_version WHERE park_id = p_park AND to_seq = p_seq) x
    CROSS JOIN LATERAL (SELECT * FROM allotment_draw y WHERE (y.park_id, y.allotment_id) = (p_park, x.allotment_id) AND y.to_seq IS NULL OFFSET 0) d
   WHERE NOT EXISTS (SELECT FROM allotment_version v WHERE (v.park_id, v.allotment_id) = (p_park, d.allotment_id) AND v.to_seq IS NULL OFFSET 0)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('draw_by_live_right', format('right %s is not live and draws %s', hit.allotment_id, hit.service));
  END IF;
  SELECT r.allotment_id, n.code INTO hit
    FROM supply_at_risk r
    CROSS JOIN LATERAL (SELECT x.code FROM network x WHERE (x.park_id, x.network_id) = (p_park, r.network_id) OFFSET 0) n
    LEFT JOIN LATERAL (SELECT x.amount FROM allotment_draw x
                        WHERE (x.park_id, x.allotment_id, x.network_id, x.service) = (p_park, r.allotment_id, r.network_id, r.service) AND x.to_seq IS NULL OFFSET 0) d ON true
   WHERE r.park_id = p_park AND r.seq = p_seq AND (r.amount <= d.amount) IS NOT TRUE
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('risk_names_live_draw', format('right %s does not draw so much from node %s', hit.allotment_id, hit.code));
  END IF;
  FOR hit IN
    SELECT x.network_id, x.service, s.unit, n.code, room.*
      FROM (SELECT network_id, service FROM allotment_draw WHERE park_id = p_park AND from_seq = p_seq
            UNION SELECT network_id, service FROM allotment_draw WHERE park_id = p_park AND to_seq = p_seq
            UNION SELECT v.network_id, d.service
                    FROM (SELECT network_id FROM network_version WHERE park_id = p_park AND from_seq = p_seq
                          UNION SELECT network_id FROM network_version WHERE park_id = p_park AND to_seq = p_seq) v
                    CROSS JOIN LATERAL (SELECT y.service FROM allotment_draw y WHERE (y.network_id, y.park_id) = (v.network_id, p_park) AND y.to_seq IS NULL OFFSET 0) d) x
      CROSS JOIN LATERAL (SELECT y.unit FROM service y WHERE y.service = x.service OFFSET 0) s
      CROSS JOIN LATERAL (SELECT y.code FROM network y WHERE (y.park_id, y.network_id) = (p_park, x.network_id) OFFSET 0) n
      CROSS JOIN LATERAL node_room(p_park, p_seq, x.network_id, x.service) room
     WHERE room.promised > room.capacity
     ORDER BY n.code, x.service
  LOOP
    SELECT coalesce(sum(d.amount - coalesce(b.amount, 0)), 0) INTO grown
      FROM allotment_draw d
      LEFT JOIN LATERAL (SELECT y.amount FROM allotment_draw y
                          WHERE (y.park_id, y.allotment_id, y.network_id, y.service, y.to_seq) = (p_park, d.allotment_id, d.network_id, d.service, p_seq) OFFSET 0) b ON true
     WHERE d.park_id = p_park AND d.from_seq = p_seq AND (d.network_id, d.service) = (hit.network_id, hit.service) AND d.amount > coalesce(b.amount, 0);
    facts := jsonb_build_object('node', hit.network_id, 'code', hit.code, 'service', hit.service, 'unit', hit.unit, 'capacity', hit.capacity, 'promised', hit.promised - grown,
                                'asked', grown, 'shortfall', hit.promised - hit.capacity);
    IF grown > 0 THEN
      RAISE EXCEPTION '% of node %: % % there, % promised, % asked, % short', hit.service, hit.code, hit.capacity, hit.unit, hit.promised - grown, grown, hit.promised - hit.capacity
        USING ERRCODE = 'check_violation', CONSTRAINT = CASE WHEN hit.there THEN 'node_has_headroom' ELSE 'draw_on_live_node' END, DETAIL = facts;
    END IF;
    IF hit.promised - hit.capacity > greatest(hit.was_promised - hit.was_capacity, 0) THEN
      SELECT coalesce(sum(amount), 0) INTO risked FROM supply_at_risk WHERE park_id = p_park AND seq = p_seq AND (network_id, service) = (hit.network_id, hit.service);
      IF risked < hit.promised - hit.capacity THEN
        RAISE EXCEPTION '% of node %: % % are left and % promised; the record names % of the % that are at risk', hit.service, hit.code, hit.capacity, hit.unit, hit.promised, risked, hit.promised - hit.capacity
          USING ERRCODE = 'check_violation', CONSTRAINT = 'cut_names_at_risk', DETAIL = facts;
      END IF;
    END IF;
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION refuse_jumped_line(p_park uuid, p_seq bigint, p_kind text) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE hit record;
BEGIN
  -- A new right on land for which others wait is the first one's, whose place ends with it.
  SELECT l.parcel_id, l.allotment_id INTO hit
    FROM allotment_parcel l
    CROSS JOIN LATERAL (SELECT x.project_id FROM allotment x WHERE (x.park_id, x.allotment_id) = (p_park, l.allotment_id) OFFSET 0) t
    CROSS JOIN LATERAL (SELECT * FROM stood(p_park, p_seq, l.parcel_id) LIMIT 1) first
   WHERE l.park_id = p_park AND l.from_seq = p_seq AND (first.project_id <> t.project_id OR first.to_seq IS NULL)
     AND NOT EXISTS (SELECT FROM allotment_parcel b WHERE (b.park_id, b.allotment_id, b.parcel_id, b.to_seq) = (p_park, l.allotment_id, l.parcel_id, p_seq) OFFSET 0)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('line_is_kept', format('right %s begins on parcel %s, for which another waits', hit.allotment_id, hit.parcel_id));
  END IF;
  -- A place ends when it is left, passed over or served, or with its parcel. Passed over is who comes first, while the land is free.
  SELECT w.parcel_id, w.waiting_id INTO hit
    FROM waiting w
    CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.parcel_id) = (p_park, w.parcel_id) AND v.to_seq IS NULL OFFSET 0) AS live,
                               EXISTS (SELECT FROM allotment_parcel l WHERE (l.park_id, l.parcel_id) = (p_park, w.parcel_id) AND l.to_seq IS NULL OFFSET 0) AS held,
                               EXISTS (SELECT FROM (SELECT x.allotment_id, x.from_seq FROM allotment_parcel x WHERE (x.park_id, x.parcel_id) = (p_park, w.parcel_id) OFFSET 0) l
                                        CROSS JOIN LATERAL (SELECT x.project_id FROM allotment x WHERE (x.park_id, x.allotment_id) = (p_park, l.allotment_id) OFFSET 0) t
                                        WHERE l.from_seq = p_seq AND t.project_id = w.project_id) AS served OFFSET 0) now
   WHERE w.park_id = p_park AND w.to_seq = p_seq AND p_kind <> 'leave' AND NOT now.served AND now.live
     AND NOT (p_kind = 'pass' AND w.waiting_id = (SELECT waiting_id FROM stood(p_park, p_seq, w.parcel_id) LIMIT 1) AND NOT now.held)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('line_is_kept', format('place %s in the line for parcel %s ends by a record of kind %s and is not served', hit.waiting_id, hit.parcel_id, p_kind));
  END IF;
  -- One waits for land that is there, and that another has or waits for.
  SELECT w.parcel_id INTO hit
    FROM waiting w
   WHERE w.park_id = p_park AND w.from_seq = p_seq AND w.to_seq IS NULL
     AND NOT EXISTS (SELECT FROM allotment_parcel l WHERE (l.park_id, l.parcel_id) = (p_park, w.parcel_id) AND l.to_seq IS NULL OFFSET 0)
     AND NOT EXISTS (SELECT FROM waiting o WHERE (o.park_id, o.parcel_id) = (p_park, w.parcel_id) AND o.from_seq < p_seq AND o.to_seq IS NULL OFFSET 0)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('queue_needs_right', format('parcel %s is under no right, there is nothing to wait for', hit.parcel_id));
  END IF;
  SELECT x.parcel_id INTO hit
    FROM (SELECT parcel_id FROM waiting WHERE park_id = p_park AND from_seq = p_seq
          UNION SELECT parcel_id FROM parcel_version WHERE park_id = p_park AND to_seq = p_seq) x
   WHERE EXISTS (SELECT FROM waiting w WHERE (w.park_id, w.parcel_id) = (p_park, x.parcel_id) AND w.to_seq IS NULL OFFSET 0)
     AND NOT EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.parcel_id) = (p_park, x.parcel_id) AND v.to_seq IS NULL OFFSET 0)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('line_on_live_land', format('parcel %s is not live and has a line', hit.parcel_id));
  END IF;
END $$;

-- Its rows are found by key and changed where they lie: ANY of an array is thought to be ten, for which a walk through a small table is thought to be worth while.
CREATE OR REPLACE FUNCTION publish_services(p_park uuid, p_networks uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE tick park_clock%ROWTYPE; mine tid[];
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = p_park;
  mine := ARRAY(SELECT x.ctid FROM unnest(p_networks) u (id)
                 CROSS JOIN LATERAL (SELECT p.ctid, p.from_seq FROM service_public p WHERE (p.park_id, p.network_id) = (p_park, u.id) OFFSET 0) x WHERE x.from_seq = tick.seq);
  DELETE FROM service_public WHERE ctid = ANY (mine);
  mine := ARRAY(SELECT x.ctid FROM unnest(p_networks) u (id)
                 CROSS JOIN LATERAL (SELECT p.ctid, p.to_seq FROM service_public p WHERE (p.park_id, p.network_id) = (p_park, u.id) OFFSET 0) x WHERE x.to_seq = tick.seq);
  UPDATE service_public SET to_seq = NULL, sys = tstzrange(lower(sys), NULL) WHERE ctid = ANY (mine);
  WITH now AS MATERIALIZED (
    SELECT u.id AS network_id, s.service,
           CASE WHEN v.capacity > 0 AND 2 * room.promised <= v.capacity THEN 'ample' WHEN v.capacity > 0 AND 5 * room.promised <= 4 * v.capacity THEN 'some' ELSE 'little' END AS free
      FROM unnest(p_networks) u (id)
      CROSS JOIN LATERAL (SELECT * FROM network_version x
                           WHERE (x.park_id, x.network_id) = (p_park, u.id) AND x.to_seq IS NULL AND x.publication = 'public' AND x.grade = 'node' AND x.capacity IS NOT NULL OFFSET 0) v
      JOIN service s ON (s.kind, s.unit) = (v.kind, v.unit)
      CROSS JOIN LATERAL node_room(p_park, tick.seq, u.id, s.service) room),
  live AS MATERIALIZED (
    SELECT x.*, EXISTS (SELECT FROM now n WHERE (n.network_id, n.service, n.free) = (x.network_id, x.service, x.free)) AS stays
      FROM unnest(p_networks) u (id)
      CROSS JOIN LATERAL (SELECT p.ctid AS place, p.network_id, p.service, p.free FROM service_public p WHERE (p.park_id, p.network_id) = (p_park, u.id) AND p.to_seq IS NULL OFFSET 0) x),
  ended AS (
    UPDATE service_public p SET to_seq = tick.seq, sys = tstzrange(lower(p.sys), tick.at)
     WHERE p.ctid = ANY (ARRAY(SELECT place FROM live WHERE NOT stays)))
  INSERT INTO service_public
  SELECT p_park, n.network_id, n.service, tick.seq, NULL, tstzrange(tick.at, NULL), n.free FROM now n
   WHERE NOT EXISTS (SELECT FROM live l WHERE (l.network_id, l.service) = (n.network_id, n.service) AND l.stays);
END $$;

-- What counts versions does likewise: the transition table says how many rows there are, a park does not.
CREATE OR REPLACE FUNCTION count_parcels() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM refuse_tick_within(x.park_id, x.seq) FROM (SELECT DISTINCT park_id, coalesce(to_seq, from_seq) AS seq FROM changed) x;
  UPDATE parcel p SET version = n.seq
    FROM (SELECT y.place, c.seq FROM (SELECT DISTINCT park_id, parcel_id FROM changed) x JOIN park_clock c USING (park_id)
           CROSS JOIN LATERAL (SELECT z.ctid AS place, z.version FROM parcel z WHERE (z.park_id, z.parcel_id) = (x.park_id, x.parcel_id) OFFSET 0) y WHERE y.version <> c.seq) n
   WHERE p.ctid = n.place;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION count_allotments() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM refuse_tick_within(x.park_id, x.seq) FROM (SELECT DISTINCT park_id, coalesce(to_seq, from_seq) AS seq FROM changed) x;
  UPDATE allotment a SET version = n.seq
    FROM (SELECT y.place, c.seq FROM (SELECT DISTINCT park_id, allotment_id FROM changed) x JOIN park_clock c USING (park_id)
           CROSS JOIN LATERAL (SELECT z.ctid AS place, z.version FROM allotment z WHERE (z.park_id, z.allotment_id) = (x.park_id, x.allotment_id) OFFSET 0) y WHERE y.version <> c.seq) n
   WHERE a.ctid = n.place;
  UPDATE parcel p SET version = n.seq
    FROM (SELECT DISTINCT y.place, c.seq FROM (SELECT DISTINCT park_id, allotment_id FROM changed) x JOIN park_clock c USING (park_id)
           CROSS JOIN LATERAL (SELECT z.parcel_id, z.to_seq FROM allotment_parcel z WHERE (z.park_id, z.allotment_id) = (x.park_id, x.allotment_id) OFFSET 0) l
           CROSS JOIN LATERAL (SELECT z.ctid AS place, z.version FROM parcel z WHERE (z.park_id, z.parcel_id) = (x.park_id, l.parcel_id) OFFSET 0) y
           WHERE (l.to_seq IS NULL OR l.to_seq = c.seq) AND y.version <> c.seq) n
   WHERE p.ctid = n.place;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION count_things() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM refuse_tick_within(x.park_id, x.seq) FROM (SELECT DISTINCT park_id, coalesce(to_seq, from_seq) AS seq FROM changed) x;
  EXECUTE format('UPDATE %1$I t SET version = n.seq, live = n.live
    FROM (SELECT y.place, c.seq, e.live
            FROM (SELECT DISTINCT park_id, %2$I FROM changed) x JOIN park_clock c USING (park_id)
           CROSS JOIN LATERAL (SELECT z.ctid AS place, z.version, z.live FROM %1$I z WHERE (z.park_id, z.%2$I) = (x.park_id, x.%2$I) OFFSET 0) y
           CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM %3$I v WHERE (v.park_id, v.%2$I) = (x.park_id, x.%2$I) AND v.to_seq IS NULL OFFSET 0) AS live OFFSET 0) e
           WHERE (y.version, y.live) IS DISTINCT FROM (c.seq, e.live)) n
    WHERE t.ctid = n.place', TG_ARGV[0], TG_ARGV[0] || '_id', TG_TABLE_NAME);
  RETURN NULL;
END $$;

-- publish_parcels finds the rows it ends by key: for the ten thousand parcels of a batch of an import it walked through all that the public sees of the park.
CREATE OR REPLACE FUNCTION publish_parcels(p_park uuid, p_parcels uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE tick park_clock%ROWTYPE; mine tid[];
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = p_park;
  mine := ARRAY(SELECT x.ctid FROM unnest(p_parcels) u (id)
                 CROSS JOIN LATERAL (SELECT p.ctid FROM parcel_public p WHERE (p.park_id, p.parcel_id, p.from_seq) = (p_park, u.id, tick.seq) OFFSET 0) x);
  DELETE FROM parcel_public WHERE ctid = ANY (mine);
  mine := ARRAY(SELECT x.ctid FROM unnest(p_parcels) u (id)
                 CROSS JOIN LATERAL (SELECT p.ctid FROM parcel_public p WHERE (p.park_id, p.parcel_id) = (p_park, u.id) AND p.to_seq IS NULL OFFSET 0) x);
  UPDATE parcel_public SET to_seq = tick.seq, sys = tstzrange(lower(sys), tick.at) WHERE ctid = ANY (mine);
  INSERT INTO parcel_public
  SELECT v.park_id, v.parcel_id, tick.seq, NULL, tstzrange(tick.at, NULL), v.code, z.code,
         CASE a.state WHEN 'hold' THEN 'held' ELSE coalesce(a.state, v.bank_status) END,
         v.bank_status, v.land_use, v.services, v.legal_m2, v.computed_m2, v.ellipsoid_m2, v.price_cny_per_m2, v.cadastral_no, v.estate_unit_no,
         CASE WHEN t.named THEN t.name_zh END, CASE WHEN t.named THEN t.name_en END,
         CASE WHEN r.named THEN r.name_zh END, CASE WHEN r.named THEN r.name_en END,
         a.expires_at, v.geom
    FROM unnest(p_parcels) u (id)
   CROSS JOIN LATERAL (SELECT * FROM parcel_version x WHERE (x.park_id, x.parcel_id) = (p_park, u.id) AND x.to_seq IS NULL AND x.publication = 'public' OFFSET 0) v
    LEFT JOIN zone z ON (z.park_id, z.zone_id) = (v.park_id, v.zone_id)
    LEFT JOIN LATERAL (SELECT * FROM allotment_parcel x WHERE (x.park_id, x.parcel_id) = (p_park, v.parcel_id) AND x.to_seq IS NULL OFFSET 0) ap ON true
    LEFT JOIN LATERAL (SELECT * FROM allotment_version x WHERE (x.park_id, x.allotment_id) = (p_park, ap.allotment_id) AND x.to_seq IS NULL OFFSET 0) a ON true
    LEFT JOIN LATERAL (SELECT * FROM allotment x WHERE (x.park_id, x.allotment_id) = (p_park, a.allotment_id) OFFSET 0) l ON true
    LEFT JOIN LATERAL (SELECT * FROM project x WHERE (x.district_id, x.project_id) = (l.district_id, l.project_id) OFFSET 0) p ON true
    LEFT JOIN LATERAL (SELECT * FROM project_version x WHERE (x.district_id, x.project_id) = (p.district_id, p.project_id) AND upper_inf(x.sys) OFFSET 0) r ON true
    LEFT JOIN LATERAL (SELECT * FROM party x WHERE (x.district_id, x.party_id) = (p.district_id, p.party_id) OFFSET 0) t ON true;
END $$;
