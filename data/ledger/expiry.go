package ledger

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
)

// Clerk ends overdue holds by records of kind expire, and serves the queues of free land.
type Clerk struct {
	Via    string
	Reason string             // of the records that end holds
	Served string             // of the holds that serve who waited
	Passed func(error) string // of the records that pass over who can't be served, for this reason
	Report func(error)        // hears of a round that failed; the next one tries again
}

// The clerk looks again at the next deadline, and this often, for holds that others made meanwhile.
const (
	clerkRests  = 30 * time.Second
	clerkPauses = 100 * time.Millisecond // between rounds at the least, while all goes well
	clerkBatch  = 200
	// One clerk works at a time in a database, whichever process it belongs to. A second would do no harm: a record
	// whose version is stale is refused.
	clerkLock = 0x6c756f6469 // "luodi"
)

// KeepExpiring ends holds as they run out, serves the lines for land that is free, forgets the answers kept for
// repeated requests after 48 hours, and erases enquiries at their term, until ctx ends. Any number of processes may
// do it on one database.
func (s Ledger) KeepExpiring(ctx context.Context, c Clerk) {
	for ctx.Err() == nil {
		rest, err := s.expireRound(ctx, c)
		if err != nil && ctx.Err() == nil {
			c.Report(err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(rest):
		}
	}
}

// expireRound is one round of the clerk: it ends overdue holds, serves the queues, deletes old idempotent answers and
// erases enquiries, unless another process is at it. It returns the time until the next round.
func (s Ledger) expireRound(ctx context.Context, c Clerk) (time.Duration, error) {
	rest := clerkRests
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		var mine bool
		if err := tx.QueryRow(ctx, `SELECT pg_try_advisory_xact_lock($1)`, int64(clerkLock)).Scan(&mine); err != nil ||
			!mine {
			return err
		}
		if _, err := tx.Exec(ctx, `SELECT forget_answers(), erase_enquiries()`); err != nil {
			return err
		}
		if _, err := s.ExpireHolds(ctx, c); err != nil {
			return err
		}
		if _, err := s.ServeQueues(ctx, c, ""); err != nil {
			return err
		}
		const sqlNext = `SELECT extract(epoch FROM min(expires_at) - clock_timestamp())::float8
			FROM allotment_version WHERE to_seq IS NULL AND state = 'hold'`
		var seconds *float64
		if err := tx.QueryRow(ctx, sqlNext).Scan(&seconds); err != nil {
			return err
		}
		if seconds != nil && *seconds < clerkRests.Seconds() {
			rest = max(clerkPauses, time.Duration(*seconds*float64(time.Second)))
		}
		return nil
	})
	return rest, store.Translate("end what ran out and serve lines", err)
}

// outrun is a hold past its deadline.
type outrun struct {
	Park    string    `db:"park"`
	ID      uuid.UUID `db:"id"`
	Version int64     `db:"version"`
}

const sqlOutrun = `
SELECT k.code AS park, t.allotment_id AS id, t.version
  FROM allotment_version v JOIN allotment t USING (park_id, allotment_id) JOIN park k USING (park_id)
 WHERE v.to_seq IS NULL AND v.state = 'hold' AND v.expires_at <= clock_timestamp() ORDER BY v.expires_at LIMIT $1`

// ExpireHolds ends overdue holds, the longest overdue first, each by a record of its own, and returns their number. A
// hold that changed meanwhile is left for the next round.
func (s Ledger) ExpireHolds(ctx context.Context, c Clerk) (int, error) {
	due, err := store.ReadAll[outrun](ctx, s.Store, sqlOutrun, clerkBatch)
	if err != nil {
		return 0, err
	}
	n := 0
	var failed error
	for _, h := range due {
		_, err := s.Do(ctx, Order{Park: h.Park, Command: Command{Kind: "expire",
			Allotment: &Ref{ID: h.ID, Version: h.Version}}, Reason: c.Reason, Via: c.Via})
		var denial *store.Denial
		switch {
		case err == nil:
			n++
		case errors.Is(err, store.ErrConflict), errors.Is(err, store.ErrRetry):
		case errors.As(err, &denial) && (denial.Rule == "right_is_live" || denial.Rule == "hold_has_run_out"):
		default:
			failed = errors.Join(failed, err)
		}
	}
	return n, failed
}
