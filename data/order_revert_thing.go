package data

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
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
	sqlObjectChanges = ofAll(`
SELECT '{collection}' AS collection, i.{table}_id AS id, i.code, bool_or((v.to_seq = $2) IS TRUE) AS closed, bool_or(v.from_seq = $2) AS opened
  FROM {table}_version v JOIN {table} i USING (park_id, {table}_id) WHERE v.park_id = $1 AND (v.from_seq = $2 OR v.to_seq = $2) GROUP BY 1, 2, 3`)

	sqlObjectsSince = ` UNION ALL ` + ofAll(`
SELECT i.{table}_id, i.code, i.version FROM {table} i
 WHERE i.park_id = $1 AND i.version > $2 AND EXISTS (SELECT FROM {table}_version v WHERE (v.park_id, v.{table}_id) = (i.park_id, i.{table}_id) AND (v.from_seq = $2 OR v.to_seq = $2))`)
)

func (w *work) objectChanges(ctx context.Context, seq int64) ([]objectChange, error) {
	rows, err := w.tx.Query(ctx, sqlObjectChanges, w.park, seq)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[objectChange])
}

// revertObjects puts things back: what was made ends, what was edited is as before, what was retired comes back as a new thing with the old code.
func (w *work) revertObjects(ctx context.Context, changes []objectChange) error {
	seq := w.order.Command.Reverts
	for _, c := range changes {
		t := findThing(c.Collection)
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
