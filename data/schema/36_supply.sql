-- Services that nodes of networks supply to rights.

-- node_room returns a node's capacity for a service and the amount it has promised, now and before a record. The
-- capacity is nothing if the network is not live, is not a node, or has another kind or unit.
CREATE OR REPLACE FUNCTION node_room(p_park uuid, p_seq bigint, p_network uuid, p_service text, OUT there boolean,
    OUT capacity numeric, OUT promised numeric, OUT was_capacity numeric, OUT was_promised numeric)
LANGUAGE sql STABLE AS $$
  SELECT count(v.capacity) FILTER (WHERE v.to_seq IS NULL) > 0,
      coalesce(sum(v.capacity) FILTER (WHERE v.to_seq IS NULL), 0),
         (SELECT coalesce(sum(d.amount), 0) FROM allotment_draw d
             WHERE (d.park_id, d.network_id, d.service) = (p_park, p_network, p_service) AND d.to_seq IS NULL),
         coalesce(sum(v.capacity) FILTER (WHERE v.from_seq < p_seq AND (v.to_seq IS NULL OR v.to_seq = p_seq)), 0),
         (SELECT coalesce(sum(d.amount), 0) FROM allotment_draw d
             WHERE (d.park_id, d.network_id, d.service) = (p_park, p_network, p_service) AND d.from_seq < p_seq
             AND (d.to_seq IS NULL OR d.to_seq = p_seq))
    FROM network_version v JOIN service s ON (s.kind, s.unit) = (v.kind, v.unit)
   WHERE (v.park_id, v.network_id, s.service, v.grade) = (p_park, p_network, p_service, 'node')
       AND (v.to_seq IS NULL OR v.to_seq = p_seq)
$$;
COMMENT ON FUNCTION node_room IS 'Capacity and promises of a node for a service after a record and before it.';

-- refuse_overdraw: a draw belongs to a live right, and no node is overdrawn. For each node and service that a record
-- touches, the promised amount stays within the capacity. A node may come to be overdrawn only by a loss of capacity,
-- and the record then names the draws at risk. The sum is taken under the park's clock, so that two writers are
-- serialised.
CREATE OR REPLACE FUNCTION refuse_overdraw(p_park uuid, p_seq bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE hit record; grown numeric; risked numeric; facts jsonb;
BEGIN
  SELECT d.allotment_id, d.service INTO hit
    FROM (SELECT allotment_id FROM allotment_draw WHERE park_id = p_park AND from_seq = p_seq
          UNION SELECT allotment_id FROM allotment_version WHERE park_id = p_park AND to_seq = p_seq) x
    CROSS JOIN LATERAL (SELECT * FROM allotment_draw y WHERE (y.park_id, y.allotment_id) = (p_park, x.allotment_id)
        AND y.to_seq IS NULL OFFSET 0) d
   WHERE NOT EXISTS (SELECT FROM allotment_version v WHERE (v.park_id, v.allotment_id) = (p_park, d.allotment_id)
       AND v.to_seq IS NULL OFFSET 0)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('draw_by_live_right', format('right %s is not live and draws %s', hit.allotment_id, hit.service));
  END IF;
  SELECT r.allotment_id, n.code INTO hit
    FROM supply_at_risk r
    CROSS JOIN LATERAL (SELECT x.code FROM network x WHERE (x.park_id, x.network_id) = (p_park, r.network_id)
        OFFSET 0) n
    LEFT JOIN LATERAL (SELECT x.amount FROM allotment_draw x
                        WHERE (x.park_id, x.allotment_id, x.network_id, x.service) = (p_park, r.allotment_id,
                            r.network_id, r.service) AND x.to_seq IS NULL OFFSET 0) d ON true
   WHERE r.park_id = p_park AND r.seq = p_seq AND (r.amount <= d.amount) IS NOT TRUE
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('risk_names_live_draw', format('right %s does not draw so much from node %s', hit.allotment_id,
        hit.code));
  END IF;
  FOR hit IN
    SELECT x.network_id, x.service, s.unit, n.code, room.*
      FROM (SELECT network_id, service FROM allotment_draw WHERE park_id = p_park AND from_seq = p_seq
            UNION SELECT network_id, service FROM allotment_draw WHERE park_id = p_park AND to_seq = p_seq
            UNION SELECT v.network_id, d.service
                    FROM (SELECT network_id FROM network_version WHERE park_id = p_park AND from_seq = p_seq
                          UNION SELECT network_id FROM network_version WHERE park_id = p_park AND to_seq = p_seq) v
                    CROSS JOIN LATERAL (SELECT y.service FROM allotment_draw y
                        WHERE (y.network_id, y.park_id) = (v.network_id, p_park) AND y.to_seq IS NULL OFFSET 0) d) x
      CROSS JOIN LATERAL (SELECT y.unit FROM service y WHERE y.service = x.service OFFSET 0) s
      CROSS JOIN LATERAL (SELECT y.code FROM network y WHERE (y.park_id, y.network_id) = (p_park, x.network_id)
          OFFSET 0) n
      CROSS JOIN LATERAL node_room(p_park, p_seq, x.network_id, x.service) room
     WHERE room.promised > room.capacity
     ORDER BY n.code, x.service
  LOOP
    SELECT coalesce(sum(d.amount - coalesce(b.amount, 0)), 0) INTO grown
      FROM allotment_draw d
      LEFT JOIN LATERAL (SELECT y.amount FROM allotment_draw y
                          WHERE (y.park_id, y.allotment_id, y.network_id, y.service, y.to_seq) = (p_park,
                              d.allotment_id, d.network_id, d.service, p_seq) OFFSET 0) b ON true
     WHERE d.park_id = p_park AND d.from_seq = p_seq AND (d.network_id, d.service) = (hit.network_id, hit.service)
         AND d.amount > coalesce(b.amount, 0);
    facts := jsonb_build_object('node', hit.network_id, 'code', hit.code, 'service', hit.service, 'unit', hit.unit,
        'capacity', hit.capacity, 'promised', hit.promised - grown,
                                'asked', grown, 'shortfall', hit.promised - hit.capacity);
    IF grown > 0 THEN
      RAISE EXCEPTION '% of node %: % % there, % promised, % asked, % short', hit.service, hit.code, hit.capacity,
          hit.unit, hit.promised - grown, grown, hit.promised - hit.capacity
        USING ERRCODE = 'check_violation', CONSTRAINT = CASE WHEN hit.there THEN 'node_has_headroom'
            ELSE 'draw_on_live_node' END, DETAIL = facts;
    END IF;
    IF hit.promised - hit.capacity > greatest(hit.was_promised - hit.was_capacity, 0) THEN
      SELECT coalesce(sum(amount), 0) INTO risked FROM supply_at_risk WHERE park_id = p_park AND seq = p_seq
          AND (network_id, service) = (hit.network_id, hit.service);
      IF risked < hit.promised - hit.capacity THEN
        RAISE EXCEPTION '% of node %: % % are left and % promised; the record names % of the % that are at risk',
            hit.service, hit.code, hit.capacity, hit.unit, hit.promised, risked, hit.promised - hit.capacity
          USING ERRCODE = 'check_violation', CONSTRAINT = 'cut_names_at_risk', DETAIL = facts;
      END IF;
    END IF;
  END LOOP;
END $$;
