package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// busyAfter is how long a reader waits for a free connection before it is told that the database is busy.
const busyAfter = 10 * time.Second

// State is a state of the whole database by its number: every change of a number up to it was committed, and none after
// it. The zero value is the state before the first.
type State struct {
	N  int64
	At *time.Time // when it began; nil before the first
	// Era rises each time this process finds that the database went back, as after a restore. It is set by Now alone.
	Era uint64
}

// ParkState is where a park's clock stands.
type ParkState struct {
	ID       uuid.UUID `db:"park_id"`
	Code     string
	TimeZone string
	Seq      int64      // the number of the park's newest change; 0 before the first
	At       *time.Time // when that was; nil before the first
	Mark     int64      // changes whenever the park's own public row does, which ticks no clock
}

// Stamp is text that names the state, and no other: a restored database may come to the same number by other changes.
func (s State) Stamp() string { return fmt.Sprintf("database %d %s", s.N, stampTime(s.At)) }

// Stamp is text that names the park's state and what the public sees of the park itself, and no other.
func (p *ParkState) Stamp() string {
	return fmt.Sprintf("park %s %d %s %d", p.ID, p.Seq, stampTime(p.At), p.Mark)
}

func stampTime(at *time.Time) string {
	if at == nil {
		return "-"
	}
	return strconv.FormatInt(at.UnixMicro(), 10)
}

// View is a read snapshot in the public role: all reads through it see one state. It is valid until the function that
// received it returns. Its cost doesn't depend on the number of parks: the state's number, or the clock of a named
// park, is read on first use.
type View struct {
	Tx    pgx.Tx
	state *State
	asked map[string]*ParkState // the parks that were asked for, by code; nil where there is none

	Wanted func() bool // whether others wait for its connection; nil when that is nobody's concern
}

// View opens a consistent read in the public role and hands it to read. The state is newer than the call. An error of
// read is returned as it is; ErrUnavailable when no connection comes free in time.
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
		return Translate("take a connection", err)
	}
	defer conn.Release()
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return Translate("begin to read", err)
	}
	// A cancelled context has closed the connection already; the pool then drops it.
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	return read(&View{Tx: tx, asked: map[string]*ParkState{}})
}

// State is the state of the whole database that the view reads.
func (v *View) State(ctx context.Context) (State, error) {
	if v.state != nil {
		return *v.state, nil
	}
	now, err := newestState(ctx, v.Tx)
	if err != nil {
		return State{}, err
	}
	v.state = &now
	return now, nil
}

// ParkColumns are the columns of a [ParkState], of park_public p and park_clock c.
const ParkColumns = `p.park_id, p.code, p.time_zone, c.seq, nullif(c.at, '-infinity') AS at,
       p.xmin::text::bigint AS mark`

const sqlPark = `SELECT ` + ParkColumns + ` FROM park_public p JOIN park_clock c USING (park_id) WHERE p.code = $1`

// Park finds a park by its code; an error that matches ErrNotFound when there is none.
func (v *View) Park(ctx context.Context, code string) (*ParkState, error) {
	park, known := v.asked[code]
	if !known {
		var err error
		if park, err = v.ReadPark(ctx, sqlPark, code); err != nil {
			return nil, err
		}
		v.asked[code] = park
	}
	if park == nil {
		return nil, &Missing{Kind: "park", Name: code}
	}
	return park, nil
}

// ReadPark reads the clock of the park that a statement over ParkColumns finds; nil where there is none.
func (v *View) ReadPark(ctx context.Context, sql string, arg any) (*ParkState, error) {
	rows, err := v.Tx.Query(ctx, sql, arg)
	if err != nil {
		return nil, Translate("read a clock", err)
	}
	park, err := pgx.CollectOneRow(rows, pgx.RowToAddrOfStructByName[ParkState])
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err == nil {
		v.asked[park.Code] = park
	}
	return park, Translate("read a clock", err)
}

// Missing names an object that was not found. It matches ErrNotFound.
type Missing struct {
	Kind string // "park", "collection", "parcel", "feature"
	Name string // what was asked for
}

// Error implements error.
func (e *Missing) Error() string { return fmt.Sprintf("no %s %q", e.Kind, e.Name) }

// Is reports whether target is ErrNotFound.
func (e *Missing) Is(target error) bool { return target == ErrNotFound }

// Desk opens a consistent read in the planner's role: as View, and of the desk's parcels too.
func (s *Store) Desk(ctx context.Context, read func(*View) error) error {
	return view(ctx, s.Planner, read)
}

// Beside opens a read of a store's in the planner's role that sees the very snapshot of a view.
func (v *View) Beside(ctx context.Context, s *Store, read func(*View) error) error {
	var snapshot string
	if err := v.Tx.QueryRow(ctx, "SELECT pg_export_snapshot()").Scan(&snapshot); err != nil {
		return Translate("hand a snapshot on", err)
	}
	return view(ctx, s.Planner, func(desk *View) error {
		if _, err := desk.Tx.Exec(ctx, "SET TRANSACTION SNAPSHOT '"+snapshot+"'"); err != nil {
			return Translate("take a snapshot over", err)
		}
		return read(desk)
	})
}
