package feed

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo/cql2"
)

// area is a geometry of a filter with an area, in EWKB, and where it stands.
type area struct {
	raw []byte
	at  cql2.Node
}

const sqlInvalidArea = `
SELECT u.n, ST_IsValidReason(s.shape) FROM unnest($1::bytea[]) WITH ORDINALITY u (raw, n)
 CROSS JOIN LATERAL (SELECT ST_GeomFromEWKB(u.raw) AS shape OFFSET 0) s WHERE NOT ST_IsValid(s.shape)
 ORDER BY u.n LIMIT 1`

// checkAreas refuses an area whose outline crosses itself: what lies within it is not defined.
func (v *View) checkAreas(ctx context.Context, areas []area) error {
	if len(areas) == 0 {
		return nil
	}
	raw := make([][]byte, len(areas))
	for i, a := range areas {
		raw[i] = a.raw
	}
	var n int
	var reason string
	err := v.Tx.QueryRow(ctx, sqlInvalidArea, raw).Scan(&n, &reason)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil
	case err != nil:
		return store.Translate("check the areas of a filter", err)
	}
	return cql2.NotValid(areas[n-1].at, reason)
}
