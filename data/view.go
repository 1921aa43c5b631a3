package data

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// busyAfter is how long a reader waits for a free connection before it is told that the database is busy.
const busyAfter = 10 * time.Second

// ParkState is where a park's clock stands.
type ParkState struct {
	ID       uuid.UUID `db:"park_id"`
	Code     string
	TimeZone string
	Seq      int64      // the number of the park's newest change; 0 before the first
	At       *time.Time // when that was; nil before the first
	Mark     int64      // changes whenever the park's own public row does, which ticks no clock
}

// View is what the public sees at one moment: everything read through it belongs to the state that Parks names. It lives
// as long as the function it was handed to.
type View struct {
	tx    pgx.Tx
	Parks []ParkState // ordered by id

	wanted func() bool // whether others wait for its connection; nil when that is nobody's concern
}

const sqlClock = `
SELECT p.park_id, p.code, p.time_zone, c.seq, nullif(c.at, '-infinity') AS at, p.xmin::text::bigint AS mark
  FROM park_public p JOIN park_clock c USING (park_id) ORDER BY p.park_id`

// View opens a consistent read in the public role, reads the clocks, and hands both to read. The state is newer than
// the call. An error of read is returned as it is; ErrUnavailable when no connection comes free in time.
func (s *Store) View(ctx context.Context, read func(*View) error) error {
	return view(ctx, s.Public, read)
}

func view(ctx context.Context, pool *pgxpool.Pool, read func(*View) error) error {
	wait, cancel := context.WithTimeout(ctx, busyAfter)
	defer cancel()
	conn, err := pool.Acquire(wait)
	if err != nil {
		if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
			return fmt.Errorf("wait for a connection: %w: %w", ErrUnavailable, err)
		}
		return translate("take a connection", err)
	}
	defer conn.Release()
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return translate("begin to read", err)
	}
	// A cancelled context has closed the connection already; the pool then drops it.
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	rows, err := tx.Query(ctx, sqlClock)
	if err != nil {
		return translate("read the clocks", err)
	}
	parks, err := pgx.CollectRows(rows, pgx.RowToStructByName[ParkState])
	if err != nil {
		return translate("read the clocks", err)
	}
	return read(&View{tx: tx, Parks: parks})
}

// Park finds a park by its code; an error that matches ErrNotFound when there is none.
func (v *View) Park(code string) (*ParkState, error) {
	for i := range v.Parks {
		if v.Parks[i].Code == code {
			return &v.Parks[i], nil
		}
	}
	return nil, &Missing{Kind: "park", Name: code}
}

// Missing names what was not found; it matches ErrNotFound.
type Missing struct {
	Kind string // "park", "collection", "parcel", "feature"
	Name string // what was asked for
}

// Error implements error.
func (e *Missing) Error() string { return fmt.Sprintf("no %s %q", e.Kind, e.Name) }

// Is reports whether target is ErrNotFound.
func (e *Missing) Is(target error) bool { return target == ErrNotFound }
