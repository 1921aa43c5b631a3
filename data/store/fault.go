package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// StoredFault is what lay double or astray before the database refused it, and still does: ground of two parks'
// parcels, or of a parcel outside its park's border.
type StoredFault struct {
	Fault       string  `db:"fault"` // double or stray
	Park        string  `db:"park"`
	Parcel      string  `db:"parcel"`
	OtherPark   *string `db:"other_park"`
	OtherParcel *string `db:"other_parcel"`
	M2          float64 `db:"m2"`
}

// StoredFaults lists them. The database must be migrated.
func StoredFaults(ctx context.Context, src Source) ([]StoredFault, error) {
	conn, err := src.Connect(ctx)
	if err != nil {
		return nil, err
	}
	defer CloseConn(conn)
	rows, err := conn.Query(ctx, `SELECT * FROM stored_faults()`)
	if err != nil {
		return nil, Translate("look for ground that lies double", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[StoredFault])
	return all, Translate("look for ground that lies double", err)
}
