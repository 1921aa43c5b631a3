package feed

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/geo/land"
)

// sqlToldApart reads the published land whose status members read otherwise than the public, in the state of the
// number $2: under an intention, or withdrawn where the park shows nothing of either. All other land has the same
// status for both, so that its kept sums serve members too. What is withdrawn is sought among all parcels, 2.5 s of a
// million: only where the park shows nothing now, or of a past state ($3), whose park may have shown nothing.
const sqlToldApart = `
WITH word AS (
  SELECT l.parcel_id, CASE a.state WHEN 'hold' THEN 'held' ELSE a.state END AS status
    FROM allotment_version a JOIN allotment_parcel l USING (park_id, allotment_id)
   WHERE a.park_id = $1 AND a.state IN ('hold', 'reserved')
     AND a.from_seq <= $2 AND coalesce(a.to_seq > $2, true) AND l.from_seq <= $2 AND coalesce(l.to_seq > $2, true)
  UNION ALL
  SELECT v.parcel_id, 'withdrawn' FROM parcel_version v
   WHERE ($3 OR EXISTS (SELECT FROM park WHERE park_id = $1 AND hold_shown = 'nothing'))
     AND v.park_id = $1 AND v.bank_status = 'withdrawn' AND v.from_seq <= $2 AND coalesce(v.to_seq > $2, true)
     AND NOT EXISTS (SELECT FROM allotment_parcel l WHERE (l.park_id, l.parcel_id) = (v.park_id, v.parcel_id)
       AND l.from_seq <= $2 AND coalesce(l.to_seq > $2, true)))
SELECT w.status, f.status AS told, count(*) AS parcels, sum((f.legal_m2 * 10000)::bigint)::bigint AS legal,
       sum(round(f.computed_m2 * 10000)::bigint)::bigint AS computed
  FROM word w JOIN parcel_public f ON (f.park_id, f.parcel_id) = ($1, w.parcel_id)
   AND f.from_seq <= $2 AND coalesce(f.to_seq > $2, true)
 WHERE f.status <> w.status GROUP BY 1, 2`

type toldApart struct {
	Status, Told             land.ParcelStatus
	Parcels, Legal, Computed int64
}

// moveSums moves land from the status that the public reads to the one that members read.
func (v *View) moveSums(ctx context.Context, park uuid.UUID, seq int64, past bool, sums []balanceSum) ([]balanceSum,
	error) {
	rows, err := v.Tx.Query(ctx, sqlToldApart, park, seq, past)
	if err != nil {
		return nil, err
	}
	apart, err := pgx.CollectRows(rows, pgx.RowToStructByName[toldApart])
	if err != nil {
		return nil, err
	}
	for _, a := range apart {
		sums = append(sums, balanceSum{Status: a.Status, Parcels: a.Parcels, Legal: a.Legal, Computed: a.Computed},
			balanceSum{Status: a.Told, Parcels: -a.Parcels, Legal: -a.Legal, Computed: -a.Computed})
	}
	return sums, nil
}
