package ledger

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/feed"
)

// objectChange is a zone, plan unit or network that a record made, changed or retired.
type objectChange struct {
	Collection string    `db:"collection"`
	ID         uuid.UUID `db:"id"`
	Code       string    `db:"code"`
	Closed     bool      `db:"closed"`
	Opened     bool      `db:"opened"`
}

var (
	// ofRecord gives the ids of the things of one kind that a record began or ended versions of.
	ofRecord = `(SELECT {table}_id AS id FROM {table}_version WHERE park_id = $1 AND from_seq = $2 UNION SELECT {table}_id FROM {table}_version WHERE park_id = $1 AND to_seq = $2) t
  CROSS JOIN LATERAL (SELECT * FROM {table} x WHERE (x.park_id, x.{table}_id) = ($1, t.id) OFFSET 0) i`

	sqlObjectChanges = feed.OfAll(`
SELECT '{collection}' AS collection, t.id, i.code, v.closed, v.opened
  FROM ` + ofRecord + `
  CROSS JOIN LATERAL (SELECT bool_or((x.to_seq = $2) IS TRUE) AS closed, bool_or(x.from_seq = $2) AS opened FROM {table}_version x WHERE (x.park_id, x.{table}_id) = ($1, t.id)
                         AND (x.from_seq = $2 OR x.to_seq = $2) OFFSET 0) v`)

	sqlObjectsSince = ` UNION ALL ` + feed.OfAll(`SELECT t.id, i.code, i.version FROM `+ofRecord+` WHERE i.version > $2`)
)

func (w *work) objectChanges(ctx context.Context, seq int64) ([]objectChange, error) {
	rows, err := w.tx.Query(ctx, sqlObjectChanges, w.park, seq)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[objectChange])
}

// revertObjects reverses changes of zones, plan units and networks: a made object ends, an edited one gets its old
// facts back, a retired one comes back as a new object with the old code.
func (w *work) revertObjects(ctx context.Context, changes []objectChange) error {
	seq := w.order.Command.Reverts
	for _, c := range changes {
		t := feed.FindThing(c.Collection)
		id, before := c.ID, version{c.ID, seq}
		if c.Opened {
			if err := w.closeThing(ctx, t, c.ID); err != nil {
				return err
			}
			if !c.Closed {
				continue
			}
		} else {
			var err error
			if id, err = w.beginThing(ctx, t, c.Code); err != nil {
				return err
			}
		}
		if err := w.putThing(ctx, t, id, c.Opened, before, nil, nil); err != nil {
			return err
		}
	}
	return nil
}
