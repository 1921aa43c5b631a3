-- The sums of held and of reserved land become those of land in negotiation, in every state.

WITH old AS (DELETE FROM land_sum_public WHERE status IN ('held', 'reserved') RETURNING *),
delta AS (
  SELECT park_id, from_seq AS seq, parcels - lag(parcels, 1, 0::bigint) OVER w AS parcels,
         legal - lag(legal, 1, 0::bigint) OVER w AS legal, computed - lag(computed, 1, 0::bigint) OVER w AS computed,
         inside - lag(inside, 1, 0::bigint) OVER w AS inside
    FROM old WINDOW w AS (PARTITION BY park_id, status ORDER BY from_seq)),
step AS (
  SELECT park_id, seq, sum(parcels) AS parcels, sum(legal) AS legal, sum(computed) AS computed, sum(inside) AS inside
    FROM delta GROUP BY park_id, seq)
INSERT INTO land_sum_public (park_id, status, from_seq, to_seq, parcels, legal, computed, inside)
SELECT park_id, 'in_negotiation', seq, lead(seq) OVER w, sum(parcels) OVER w, sum(legal) OVER w, sum(computed) OVER w,
       sum(inside) OVER w
  FROM step WINDOW w AS (PARTITION BY park_id ORDER BY seq);
