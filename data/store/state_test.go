package store_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"luodi/data/ledger"
	"luodi/data/store"
	"luodi/data/store/storetest"
)

// ticked makes a record of a park in a transaction of its own, as the planner.
const ticked = `SELECT begin_record($1, gen_random_uuid(), 'create', 'r', 'test')`

// newestState is the number of the newest state as the public reads it.
func newestState(t testing.TB, db *storetest.DB) int64 {
	t.Helper()
	var n int64
	if err := db.Store.View(context.Background(), func(v *store.View) error {
		now, err := v.State(context.Background())
		n = now.N
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// blockedBy reports whether one backend waits for another.
func blockedBy(t testing.TB, db *storetest.DB, waiter, holder uint32) bool {
	t.Helper()
	var waits bool
	if err := db.Owner.QueryRow(context.Background(), `SELECT $2 = ANY (pg_blocking_pids($1))`, int32(waiter),
		int32(holder)).Scan(&waits); err != nil {
		t.Fatal(err)
	}
	return waits
}

// beginRecord opens a planner's transaction with one record of a park in it; the test's end rolls it back.
func beginRecord(t testing.TB, db *storetest.DB, park uuid.UUID) *pgx.Conn {
	t.Helper()
	conn, err := db.Planner.Acquire(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = conn.Exec(context.Background(), "ROLLBACK")
		conn.Release()
	})
	if _, err := conn.Exec(context.Background(), "BEGIN"); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(context.Background(), ticked, park); err != nil {
		t.Fatal(err)
	}
	return conn.Conn()
}

// TestAStateHoldsEveryChangeUpToItsNumberAndNoneAfter: what has a number is followed by no change of a lower one. A
// commit that comes to its number while another has taken one waits for that.
func TestAStateHoldsEveryChangeUpToItsNumberAndNoneAfter(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	ctx := context.Background()
	first, second := beginRecord(t, db, storetest.Park(t, db, "alpha")),
		beginRecord(t, db, storetest.Park(t, db, "beta"))
	if _, err := first.Exec(ctx, "SET CONSTRAINTS ALL IMMEDIATE"); err != nil { // as a commit does last
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := second.Exec(ctx, "COMMIT")
		done <- err
	}()
	waits := func() bool {
		select {
		case err := <-done:
			t.Fatalf("the second commit did not wait for the first, which has the lower number: %v", err)
		default:
		}
		return blockedBy(t, db, second.PgConn().PID(), first.PgConn().PID())
	}
	eventually(t, "the second waits", waits)
	before := newestState(t, db)
	if _, err := first.Exec(ctx, "COMMIT"); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if after := newestState(t, db); after != before+2 {
		t.Errorf("two records led from state %d to %d", before, after)
	}
}

// TestAReaderSeesOfEachParkWhatItsStateNames: while parks change at once, a view's number tells exactly which of their
// records it sees.
func TestAReaderSeesOfEachParkWhatItsStateNames(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	ctx := context.Background()
	parks := make([]uuid.UUID, 6)
	for i := range parks {
		parks[i] = storetest.Park(t, db, fmt.Sprintf("park-%d", i))
	}
	const each = 40
	var group sync.WaitGroup
	for i, park := range parks {
		group.Go(func() {
			for range each {
				options := pgx.TxOptions{IsoLevel: []pgx.TxIsoLevel{pgx.ReadCommitted, pgx.RepeatableRead}[i%2]}
				if err := pgx.BeginTxFunc(ctx, db.Planner, options, func(tx pgx.Tx) error {
					_, err := tx.Exec(ctx, ticked, park)
					return err
				}); err != nil {
					t.Errorf("%s: a record of a park that nobody else writes: %v", options.IsoLevel, err)
					return
				}
			}
		})
	}
	ended := make(chan struct{})
	go func() { group.Wait(); close(ended) }()
	seen := map[int64]map[uuid.UUID]int64{}
	for more := true; more; {
		select {
		case <-ended:
			more = false
		default:
		}
		n, clocks := clocksOf(t, db)
		if before, twice := seen[n]; twice && !maps.Equal(before, clocks) {
			t.Fatalf("state %d was %v and is %v", n, before, clocks)
		}
		seen[n] = clocks
	}
	last, clocks := clocksOf(t, db)
	for _, park := range parks {
		if clocks[park] != each {
			t.Errorf("a park is at %d after %d records", clocks[park], each)
		}
	}
	rows, err := db.Owner.Query(ctx, `SELECT park_id, seq, n FROM state_change WHERE seq IS NOT NULL ORDER BY n`)
	if err != nil {
		t.Fatal(err)
	}
	var park uuid.UUID
	var seq, n int64
	at := map[uuid.UUID]int64{}
	if _, err := pgx.ForEachRow(rows, []any{&park, &seq, &n}, func() error {
		if at[park]++; at[park] != seq {
			t.Errorf("record %d of a park has state %d, after record %d", seq, n, at[park]-1)
		}
		if was, ok := seen[n]; ok && !maps.Equal(was, at) && n != last {
			t.Errorf("state %d was read as %v, its changes make %v", n, was, at)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// clocksOf reads in one view the state's number and the clocks of the parks that have changed.
func clocksOf(t testing.TB, db *storetest.DB) (n int64, clocks map[uuid.UUID]int64) {
	t.Helper()
	clocks = map[uuid.UUID]int64{}
	err := pgx.BeginTxFunc(context.Background(), db.Public, pgx.TxOptions{IsoLevel: pgx.RepeatableRead},
		func(tx pgx.Tx) error {
			if err := tx.QueryRow(context.Background(),
				`SELECT coalesce(max(n), 0) FROM state_change`).Scan(&n); err != nil {
				return err
			}
			rows, err := tx.Query(context.Background(), `SELECT park_id, seq FROM park_clock WHERE seq > 0`)
			if err != nil {
				return err
			}
			var park uuid.UUID
			var seq int64
			_, err = pgx.ForEachRow(rows, []any{&park, &seq}, func() error { clocks[park] = seq; return nil })
			return err
		})
	if err != nil {
		t.Fatal(err)
	}
	return n, clocks
}

// TestANumberIsTakenAfterEveryCheck: while one commit is still being checked, another park's commits.
func TestANumberIsTakenAfterEveryCheck(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	ctx := context.Background()
	slow, other := storetest.Park(t, db, "slow"), storetest.Park(t, db, "other")
	const check = `
CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN PERFORM pg_advisory_xact_lock_shared(7); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER z_wait AFTER INSERT ON parcel_version DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
       EXECUTE FUNCTION wait()`
	if _, err := db.Owner.Exec(ctx, check); err != nil {
		t.Fatal(err)
	}
	gate, err := db.Owner.Acquire(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer gate.Release()
	if _, err := gate.Exec(ctx, `SELECT pg_advisory_lock(7)`); err != nil {
		t.Fatal(err)
	}
	conn := beginRecord(t, db, slow)
	const parcel = `WITH p AS (INSERT INTO parcel VALUES ($1, gen_random_uuid()) RETURNING *)
		INSERT INTO parcel_version (park_id, parcel_id, from_seq, code, bank_status, legal_m2, publication, geom)
		SELECT park_id, parcel_id, 1, 'A', 'available', 100, 'public',
		  ST_MakeEnvelope(122.021, 37.241, 122.022, 37.242, 4490) FROM p`
	if _, err := conn.Exec(ctx, parcel, slow); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := conn.Exec(ctx, "COMMIT")
		done <- err
	}()
	eventually(t, "the check waits", func() bool {
		return blockedBy(t, db, conn.PgConn().PID(),
			gate.Conn().PgConn().PID())
	})
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if _, err := db.Planner.Exec(within, ticked, other); err != nil {
		t.Errorf("a record of another park waits while one is being checked: %v", err)
	}
	if _, err := gate.Exec(ctx, `SELECT pg_advisory_unlock(7)`); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestAPreviewTakesNoNumberAndWaitsForNone: whoever previews is held up by no commit, and leaves the state as it is.
func TestAPreviewTakesNoNumberAndWaitsForNone(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	ctx := context.Background()
	park, other := storetest.Park(t, db, "park"), storetest.Park(t, db, "other")
	parcels := storetest.Parcels(t, db, park, storetest.Square{Code: "A", X: 0.1, Y: 0.1, Side: 0.001})
	committing := beginRecord(t, db, other)
	if _, err := committing.Exec(ctx, "SET CONSTRAINTS ALL IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	before := newestState(t, db)
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	order := ledger.Order{Park: "park", Reason: "r", Via: "test", Preview: true,
		Command: ledger.Command{Kind: "withdraw", Parcels: []ledger.Ref{{ID: parcels[0], Version: 1}}}}
	if _, err := ledger.Of(db.Store).Do(within, order); err != nil {
		t.Fatalf("a preview while another park's commit has its number: %v", err)
	}
	if after := newestState(t, db); after != before {
		t.Errorf("a preview led from state %d to %d", before, after)
	}
	if _, err := committing.Exec(ctx, "COMMIT"); err != nil {
		t.Fatal(err)
	}
	order.Preview = false
	if _, err := ledger.Of(db.Store).Do(within, order); err != nil {
		t.Fatal(err)
	}
	if after := newestState(t, db); after != before+2 {
		t.Errorf("two records led from state %d to %d", before, after)
	}
}

// TestCheckNowChecksAllThatACommitWould: every deferrable constraint of the schema but those that number states.
func TestCheckNowChecksAllThatACommitWould(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	ctx := context.Background()
	park := storetest.Park(t, db, "park")
	conn := beginRecord(t, db, park)
	const two = `WITH p AS (INSERT INTO parcel SELECT park_id, gen_random_uuid()
       FROM park, generate_series(1, 2) RETURNING *)
		INSERT INTO parcel_version (park_id, parcel_id, from_seq, code, bank_status, legal_m2, publication, geom)
		SELECT park_id, parcel_id, 1, parcel_id::text, 'available', 100, 'public',
		  ST_MakeEnvelope(122.021, 37.241, 122.022, 37.242, 4490) FROM p`
	if _, err := conn.Exec(ctx, two); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(ctx, "SELECT check_now()"); store.Constraint(err) == "" {
		t.Errorf("two parcels on one ground passed: %v", err)
	}
}

// TestAChangeOfWhatIsPublicOfAParkIsAState: it ticks no clock, and the whole database's answers depend on it.
func TestAChangeOfWhatIsPublicOfAParkIsAState(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	before := newestState(t, db)
	storetest.Park(t, db, "park")
	made := newestState(t, db)
	if _, err := db.Owner.Exec(context.Background(), `UPDATE park SET name_en = 'Renamed'`); err != nil {
		t.Fatal(err)
	}
	if renamed := newestState(t, db); made <= before || renamed <= made {
		t.Errorf("states %d, with a park %d, with its other name %d", before, made, renamed)
	}
}

func TestNobodyElseWritesStatesAndSums(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	park := storetest.Park(t, db, "park")
	if _, err := db.Planner.Exec(context.Background(), ticked, park); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		`UPDATE state_change SET n = 0`, `DELETE FROM state_change`, `TRUNCATE state_change`,
		`INSERT INTO state_change (park_id, seq) SELECT park_id, 1 FROM park_public`,
		`SELECT nextval('state_number')`, `SELECT setval('state_number', 1)`, `SELECT FROM database_state FOR UPDATE`,
		`UPDATE database_state SET one = true`,
		`DO $$ BEGIN LOCK TABLE state_change IN EXCLUSIVE MODE; END $$`,
		`DO $$ BEGIN LOCK TABLE database_state IN EXCLUSIVE MODE; END $$`,
		`UPDATE land_sum_public SET parcels = 0`, `DELETE FROM land_sum_public`,
		`SELECT sum_anew(park_id) FROM park_public`,
		`SELECT add_to_sum(park_id, 'reserve', 1, 1, 1, 1, 1) FROM park_public`,
	} {
		for role, pool := range map[string]*pgxpool.Pool{"planner": db.Planner, "public": db.Public} {
			var denied *pgconn.PgError
			if _, err := pool.Exec(context.Background(), sql); !errors.As(err, &denied) || denied.Code != "42501" {
				t.Errorf("the %s's %s: %v, want it denied", role, sql, err)
			}
		}
	}
}

// patience bounds what must not wait; no test decides by it but whether something hangs.
const patience = 20 * time.Second

// eventually waits until a condition holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %s", what, patience)
		}
	}
}
