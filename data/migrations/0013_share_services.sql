-- Power, steam, water and the rest are shared out like land: a right draws what its project needs from nodes of the networks, and no node ever
-- promises more than it has. The sum is taken under the park's clock when a record settles, so that two writers cannot pass each other.

CREATE TABLE service (
  service text PRIMARY KEY,
  kind    text NOT NULL UNIQUE,
  unit    text NOT NULL
);
COMMENT ON TABLE service IS 'What land can draw, the unit it is measured in, and the kind of network whose nodes give it; geo/land/service.go has the same table.';
INSERT INTO service VALUES ('power', 'substation', 'kVA'), ('steam', 'steam', 't/h'), ('water', 'water', 'm3/d'), ('sewage', 'sewer', 'm3/d'), ('gas', 'gas', 'm3/h'), ('nitrogen', 'nitrogen', 'm3/h');

-- NaN is more than any number: a node of that capacity could promise everything.
ALTER TABLE network_version ADD CONSTRAINT capacity_is_finite CHECK (capacity < 'Infinity' AND width_m < 'Infinity');

CREATE TABLE allotment_draw (
  park_id      uuid NOT NULL,
  allotment_id uuid NOT NULL,
  network_id   uuid NOT NULL,
  service      text NOT NULL REFERENCES service,
  from_seq     bigint NOT NULL,
  to_seq       bigint CHECK (to_seq > from_seq),
  sys          tstzrange NOT NULL,
  amount       numeric(16,3) NOT NULL CHECK (amount > 0 AND amount < 'Infinity'),
  PRIMARY KEY (park_id, allotment_id, network_id, service, from_seq),
  FOREIGN KEY (park_id, allotment_id) REFERENCES allotment,
  FOREIGN KEY (park_id, network_id) REFERENCES network,
  FOREIGN KEY (park_id, from_seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, to_seq) REFERENCES record (park_id, seq)
);
COMMENT ON TABLE allotment_draw IS 'How much of a service a right draws from a node, and when: it is promised from the hold to the end of the right.';
COMMENT ON COLUMN allotment_draw.amount IS 'In the unit of its service.';
CREATE UNIQUE INDEX allotment_draw_live ON allotment_draw (park_id, allotment_id, network_id, service) WHERE to_seq IS NULL;
CREATE INDEX allotment_draw_node ON allotment_draw (park_id, network_id);
CREATE INDEX allotment_draw_from ON allotment_draw (park_id, from_seq);
CREATE INDEX allotment_draw_to ON allotment_draw (park_id, to_seq) WHERE to_seq IS NOT NULL;
CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON allotment_draw FOR EACH ROW EXECUTE FUNCTION keep_version();
CREATE TRIGGER count_inserted AFTER INSERT ON allotment_draw REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_allotments();
CREATE TRIGGER count_updated AFTER UPDATE ON allotment_draw REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_allotments();

CREATE TABLE supply_at_risk (
  park_id      uuid NOT NULL,
  seq          bigint NOT NULL,
  network_id   uuid NOT NULL,
  allotment_id uuid NOT NULL,
  service      text NOT NULL REFERENCES service,
  amount       numeric(16,3) NOT NULL CHECK (amount > 0 AND amount < 'Infinity'),
  PRIMARY KEY (park_id, seq, network_id, allotment_id, service),
  FOREIGN KEY (park_id, seq) REFERENCES record (park_id, seq),
  FOREIGN KEY (park_id, network_id) REFERENCES network,
  FOREIGN KEY (park_id, allotment_id) REFERENCES allotment
);
COMMENT ON TABLE supply_at_risk IS 'Whose supply a record puts at risk, and how much of it, when it leaves a node with less than it has promised.';

CREATE FUNCTION keep_with_record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE tick park_clock%ROWTYPE;
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = NEW.park_id;
  IF tick.writer IS DISTINCT FROM pg_current_xact_id() OR NEW.seq IS DISTINCT FROM tick.seq THEN
    RAISE EXCEPTION '% of park % was written without its record', TG_TABLE_NAME, NEW.park_id USING ERRCODE = 'check_violation', CONSTRAINT = 'version_has_record';
  END IF;
  UPDATE park_clock SET dirty = true WHERE park_id = NEW.park_id AND NOT dirty;
  RETURN NEW;
END $$;
CREATE TRIGGER a_keep_with_record BEFORE INSERT ON supply_at_risk FOR EACH ROW EXECUTE FUNCTION keep_with_record();

-- node_room says what a node has of a service, what it has promised, and both as they were before a record. It has nothing of a service where it is
-- not live, is no node, or is of another kind or unit.
CREATE FUNCTION node_room(p_park uuid, p_seq bigint, p_network uuid, p_service text, OUT there boolean, OUT capacity numeric, OUT promised numeric, OUT was_capacity numeric, OUT was_promised numeric)
LANGUAGE sql STABLE AS $$
  SELECT count(v.capacity) FILTER (WHERE v.to_seq IS NULL) > 0, coalesce(sum(v.capacity) FILTER (WHERE v.to_seq IS NULL), 0),
         (SELECT coalesce(sum(d.amount), 0) FROM allotment_draw d WHERE (d.park_id, d.network_id, d.service) = (p_park, p_network, p_service) AND d.to_seq IS NULL),
         coalesce(sum(v.capacity) FILTER (WHERE v.from_seq < p_seq AND (v.to_seq IS NULL OR v.to_seq = p_seq)), 0),
         (SELECT coalesce(sum(d.amount), 0) FROM allotment_draw d WHERE (d.park_id, d.network_id, d.service) = (p_park, p_network, p_service) AND d.from_seq < p_seq AND (d.to_seq IS NULL OR d.to_seq = p_seq))
    FROM network_version v JOIN service s ON (s.kind, s.unit) = (v.kind, v.unit)
   WHERE (v.park_id, v.network_id, s.service, v.grade) = (p_park, p_network, p_service, 'node') AND (v.to_seq IS NULL OR v.to_seq = p_seq)
$$;
COMMENT ON FUNCTION node_room IS 'Capacity and promises of a node for a service after a record and before it.';

-- Nothing is promised that is not there. A draw is a live right's. For each node and service that a record touches, what is promised stays within what the
-- node has; a node that promises more after the record than it has may only come to it by losing capacity, and the record says whose supply that risks.
CREATE FUNCTION refuse_overdraw(p_park uuid, p_seq bigint) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE hit record; grown numeric; risked numeric; facts jsonb;
BEGIN
  SELECT d.allotment_id, d.service INTO hit
    FROM (SELECT allotment_id FROM allotment_draw WHERE park_id = p_park AND from_seq = p_seq
          UNION SELECT allotment_id FROM allotment_version WHERE park_id = p_park AND to_seq = p_seq) x
    JOIN allotment_draw d ON d.park_id = p_park AND d.allotment_id = x.allotment_id AND d.to_seq IS NULL
   WHERE NOT EXISTS (SELECT FROM allotment_version v WHERE (v.park_id, v.allotment_id) = (p_park, d.allotment_id) AND v.to_seq IS NULL)
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('draw_by_live_right', format('right %s is not live and draws %s', hit.allotment_id, hit.service));
  END IF;
  SELECT r.allotment_id, n.code INTO hit
    FROM supply_at_risk r JOIN network n USING (park_id, network_id)
    LEFT JOIN allotment_draw d ON (d.park_id, d.allotment_id, d.network_id, d.service) = (r.park_id, r.allotment_id, r.network_id, r.service) AND d.to_seq IS NULL
   WHERE r.park_id = p_park AND r.seq = p_seq AND (r.amount <= d.amount) IS NOT TRUE
   LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('risk_names_live_draw', format('right %s does not draw so much from node %s', hit.allotment_id, hit.code));
  END IF;
  FOR hit IN
    SELECT x.network_id, x.service, s.unit, n.code, room.*
      FROM (SELECT network_id, service FROM allotment_draw WHERE park_id = p_park AND from_seq = p_seq
            UNION SELECT network_id, service FROM allotment_draw WHERE park_id = p_park AND to_seq = p_seq
            UNION SELECT d.network_id, d.service FROM network_version v JOIN allotment_draw d USING (park_id, network_id) WHERE v.park_id = p_park AND v.from_seq = p_seq AND d.to_seq IS NULL
            UNION SELECT d.network_id, d.service FROM network_version v JOIN allotment_draw d USING (park_id, network_id) WHERE v.park_id = p_park AND v.to_seq = p_seq AND d.to_seq IS NULL) x
      JOIN service s USING (service) JOIN network n ON (n.park_id, n.network_id) = (p_park, x.network_id)
      CROSS JOIN LATERAL node_room(p_park, p_seq, x.network_id, x.service) room
     WHERE room.promised > room.capacity
     ORDER BY n.code, x.service
  LOOP
    SELECT coalesce(sum(d.amount - coalesce(b.amount, 0)), 0) INTO grown
      FROM allotment_draw d
      LEFT JOIN allotment_draw b ON (b.park_id, b.allotment_id, b.network_id, b.service, b.to_seq) = (d.park_id, d.allotment_id, d.network_id, d.service, p_seq)
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

-- What the public sees of a node is how much is free, in three words. A number would tell a project's need, which is private: the day its hold begins is public,
-- and so would be by how much the number fell that day. A row begins only when the word changes.
CREATE TABLE service_public (
  park_id    uuid NOT NULL REFERENCES park,
  network_id uuid NOT NULL,
  service    text NOT NULL,
  from_seq   bigint NOT NULL,
  to_seq     bigint,
  sys        tstzrange NOT NULL,
  free       text NOT NULL CHECK (free IN ('ample', 'some', 'little')),
  PRIMARY KEY (park_id, network_id, service, from_seq)
);
COMMENT ON TABLE service_public IS 'How much of a service is free at a public node, as the public sees it.';
COMMENT ON COLUMN service_public.free IS 'ample: half of the capacity or more; some: a fifth or more; little: less.';

CREATE FUNCTION publish_services(p_park uuid, p_networks uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE tick park_clock%ROWTYPE;
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = p_park;
  DELETE FROM service_public WHERE park_id = p_park AND network_id = ANY (p_networks) AND from_seq = tick.seq;
  UPDATE service_public SET to_seq = NULL, sys = tstzrange(lower(sys), NULL) WHERE park_id = p_park AND network_id = ANY (p_networks) AND to_seq = tick.seq;
  WITH now AS MATERIALIZED (
    SELECT u.id AS network_id, s.service,
           CASE WHEN v.capacity > 0 AND 2 * room.promised <= v.capacity THEN 'ample' WHEN v.capacity > 0 AND 5 * room.promised <= 4 * v.capacity THEN 'some' ELSE 'little' END AS free
      FROM unnest(p_networks) u (id)
      JOIN network_version v ON (v.park_id, v.network_id) = (p_park, u.id) AND v.to_seq IS NULL AND v.publication = 'public' AND v.grade = 'node' AND v.capacity IS NOT NULL
      JOIN service s ON (s.kind, s.unit) = (v.kind, v.unit)
      CROSS JOIN LATERAL node_room(p_park, tick.seq, u.id, s.service) room),
  ended AS (
    UPDATE service_public p SET to_seq = tick.seq, sys = tstzrange(lower(p.sys), tick.at)
     WHERE p.park_id = p_park AND p.network_id = ANY (p_networks) AND p.to_seq IS NULL
       AND NOT EXISTS (SELECT FROM now n WHERE (n.network_id, n.service, n.free) = (p.network_id, p.service, p.free)))
  INSERT INTO service_public
  SELECT p_park, n.network_id, n.service, tick.seq, NULL, tstzrange(tick.at, NULL), n.free FROM now n
   WHERE NOT EXISTS (SELECT FROM service_public p WHERE (p.park_id, p.network_id, p.service, p.free) = (p_park, n.network_id, n.service, n.free) AND p.to_seq IS NULL);
END $$;

CREATE FUNCTION publish_changed_services() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE park record;
BEGIN
  FOR park IN SELECT c.park_id, array_agg(DISTINCT c.network_id) AS networks FROM changed c GROUP BY c.park_id LOOP
    PERFORM publish_services(park.park_id, park.networks);
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER publish_services_inserted AFTER INSERT ON allotment_draw REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publish_changed_services();
CREATE TRIGGER publish_services_updated AFTER UPDATE ON allotment_draw REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publish_changed_services();
CREATE TRIGGER publish_services_inserted AFTER INSERT ON network_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publish_changed_services();
CREATE TRIGGER publish_services_updated AFTER UPDATE ON network_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publish_changed_services();

-- Nodes that are there already, as of their parks' newest change.
INSERT INTO service_public
SELECT v.park_id, v.network_id, s.service, v.from_seq, NULL, v.sys, CASE WHEN v.capacity > 0 THEN 'ample' ELSE 'little' END
  FROM network_version v JOIN service s ON (s.kind, s.unit) = (v.kind, v.unit)
 WHERE v.to_seq IS NULL AND v.publication = 'public' AND v.grade = 'node';

REVOKE EXECUTE ON FUNCTION keep_with_record, node_room, refuse_overdraw, publish_services, publish_changed_services FROM PUBLIC;
GRANT SELECT ON service TO luodi_planner;
GRANT SELECT ON service_public TO luodi_planner, luodi_public;
GRANT SELECT ON allotment_draw, supply_at_risk TO luodi_planner;
GRANT INSERT ON allotment_draw, supply_at_risk TO luodi_planner;
GRANT UPDATE (to_seq, sys) ON allotment_draw TO luodi_planner;
