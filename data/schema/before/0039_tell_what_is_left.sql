-- What the public is told of what a node has left is each node's own: a figure, a band of a tenth of the capacity, a word, or nothing. It is a fact of the node that an
-- edit changes, so a record says who changed it, and a reversal takes it back. A word is what was told so far, and what is told where nobody says.
ALTER TABLE network_version ADD COLUMN headroom_told text NOT NULL DEFAULT 'word' CHECK (headroom_told IN ('figure', 'band', 'word', 'none'));
COMMENT ON COLUMN network_version.headroom_told IS 'How the public is told what a node has left: a figure, a band, a word, or not at all (none).';

ALTER TABLE service_public
  ADD COLUMN told text NOT NULL DEFAULT 'word' CHECK (told IN ('figure', 'band', 'word', 'none')),
  ADD COLUMN least numeric(16,3),
  ADD COLUMN most numeric(16,3),
  ALTER COLUMN free DROP NOT NULL,
  ADD CONSTRAINT says_as_told CHECK ((free IS NULL) = (told = 'none') AND (least IS NOT NULL) = (told IN ('figure', 'band')) AND (most IS NOT NULL) = (told IN ('figure', 'band'))
                                     AND (told <> 'figure' OR least = most));
ALTER TABLE service_public ALTER COLUMN told DROP DEFAULT;
COMMENT ON COLUMN service_public.told IS 'figure: least and most are what is left; band: it lies between them; word: free alone; none: nothing.';
COMMENT ON COLUMN service_public.least IS 'In the service''s unit; never below 0, also where more is promised than there is.';
COMMENT ON COLUMN service_public.most IS 'In the service''s unit.';

-- As in 0013, by the form that the node has; rows are found by key and changed where they lie, as in 0033. A row begins only when what it says changes.
CREATE OR REPLACE FUNCTION publish_services(p_park uuid, p_networks uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE tick park_clock%ROWTYPE; mine tid[];
BEGIN
  SELECT * INTO tick FROM park_clock c WHERE c.park_id = p_park;
  mine := ARRAY(SELECT x.ctid FROM unnest(p_networks) u (id)
                 CROSS JOIN LATERAL (SELECT p.ctid, p.from_seq FROM service_public p WHERE (p.park_id, p.network_id) = (p_park, u.id) OFFSET 0) x
                 WHERE x.from_seq = tick.seq);
  DELETE FROM service_public WHERE ctid = ANY (mine);
  mine := ARRAY(SELECT x.ctid FROM unnest(p_networks) u (id)
                 CROSS JOIN LATERAL (SELECT p.ctid, p.to_seq FROM service_public p WHERE (p.park_id, p.network_id) = (p_park, u.id) OFFSET 0) x
                 WHERE x.to_seq = tick.seq);
  UPDATE service_public SET to_seq = NULL, sys = tstzrange(lower(sys), NULL) WHERE ctid = ANY (mine);
  WITH left_over AS MATERIALIZED (
    SELECT u.id AS network_id, s.service, v.headroom_told AS told, v.capacity, greatest(v.capacity - room.promised, 0) AS room, room.promised,
           least(floor(10 * greatest(v.capacity - room.promised, 0) / nullif(v.capacity, 0)), 9) AS tenths
      FROM unnest(p_networks) u (id)
      CROSS JOIN LATERAL (SELECT * FROM network_version x
                           WHERE (x.park_id, x.network_id) = (p_park, u.id) AND x.to_seq IS NULL
                             AND x.publication = 'public' AND x.grade = 'node' AND x.capacity IS NOT NULL OFFSET 0) v
      JOIN service s ON (s.kind, s.unit) = (v.kind, v.unit)
      CROSS JOIN LATERAL node_room(p_park, tick.seq, u.id, s.service) room),
  now AS MATERIALIZED (
    SELECT network_id, service, told,
           CASE WHEN told = 'none' THEN NULL WHEN capacity > 0 AND 2 * promised <= capacity THEN 'ample'
                WHEN capacity > 0 AND 5 * promised <= 4 * capacity THEN 'some' ELSE 'little' END AS free,
           (CASE told WHEN 'figure' THEN room WHEN 'band' THEN coalesce(capacity * tenths / 10, 0) END)::numeric(16,3) AS least,
           (CASE told WHEN 'figure' THEN room WHEN 'band' THEN coalesce(capacity * (tenths + 1) / 10, 0) END)::numeric(16,3) AS most
      FROM left_over),
  live AS MATERIALIZED (
    SELECT x.*, EXISTS (SELECT FROM now n WHERE (n.network_id, n.service) = (x.network_id, x.service)
                           AND (n.told, n.free, n.least, n.most) IS NOT DISTINCT FROM (x.told, x.free, x.least, x.most)) AS stays
      FROM unnest(p_networks) u (id)
      CROSS JOIN LATERAL (SELECT p.ctid AS place, p.network_id, p.service, p.told, p.free, p.least, p.most
                            FROM service_public p WHERE (p.park_id, p.network_id) = (p_park, u.id) AND p.to_seq IS NULL OFFSET 0) x),
  ended AS (
    UPDATE service_public p SET to_seq = tick.seq, sys = tstzrange(lower(p.sys), tick.at)
     WHERE p.ctid = ANY (ARRAY(SELECT place FROM live WHERE NOT stays)))
  INSERT INTO service_public (park_id, network_id, service, from_seq, sys, free, told, least, most)
  SELECT p_park, n.network_id, n.service, tick.seq, tstzrange(tick.at, NULL), n.free, n.told, n.least, n.most FROM now n
   WHERE NOT EXISTS (SELECT FROM live l WHERE (l.network_id, l.service) = (n.network_id, n.service) AND l.stays);
END $$;
REVOKE EXECUTE ON FUNCTION publish_services FROM PUBLIC;
