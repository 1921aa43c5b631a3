package ledger

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"luodi/data/store"
	"luodi/geo"
)

// serveWithin bounds how much longer a change takes when it frees land with a queue.
const serveWithin = 10 * time.Second

// place is the first place in the queue for a parcel that may be allotted now.
type place struct {
	Park     string    `db:"park"`
	ID       uuid.UUID `db:"id"`
	Parcel   uuid.UUID `db:"parcel"`
	Version  int64     `db:"version"`
	Project  uuid.UUID `db:"project"`
	TermDays int       `db:"term_days"`
}

const sqlDue = `
SELECT DISTINCT ON (w.park_id, w.parcel_id) k.code AS park, w.waiting_id AS id, w.parcel_id AS parcel, p.version,
       w.project_id AS project, w.term_days
  FROM waiting w JOIN park k USING (park_id) JOIN parcel p USING (park_id, parcel_id)
  JOIN parcel_version v ON (v.park_id, v.parcel_id) = (w.park_id, w.parcel_id) AND v.to_seq IS NULL
    AND v.bank_status = 'available'
 WHERE w.to_seq IS NULL AND ($1 = '' OR k.code = $1)
   AND NOT EXISTS (SELECT FROM allotment_parcel l WHERE (l.park_id, l.parcel_id) = (w.park_id, w.parcel_id)
     AND l.to_seq IS NULL)
 ORDER BY w.park_id, w.parcel_id, w.from_seq LIMIT $2`

// serveAfter serves a park's queues after a change that freed land. A failure does not affect the change;
// KeepExpiring tries again.
func (s Ledger) serveAfter(ctx context.Context, park string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), serveWithin)
	defer cancel()
	if _, err := s.ServeQueues(ctx, *s.Queues, park); err != nil && s.Queues.Report != nil {
		s.Queues.Report(err)
	}
}

// ServeQueues serves the queues of a park, or with "" of all parks. The first project in the queue of a free parcel
// gets a hold of the term it asked for, by a record of its own.
//
// A project that can't be served, because a service is short or its requirement can't be read, is passed over by a
// record with the reason, and the next is tried. ServeQueues returns the number of projects served. Any number of
// processes may run it; each parcel goes to the process that is first.
func (s Ledger) ServeQueues(ctx context.Context, c Clerk, park string) (int, error) {
	served := 0
	for {
		due, err := store.ReadAll[place](ctx, s.Store, sqlDue, park, clerkBatch)
		if err != nil {
			return served, err
		}
		var failed error
		moved := false
		for _, p := range due {
			got, err := s.serveOne(ctx, c, p)
			switch {
			case err == nil && got:
				served++
				moved = true
			case err == nil:
				moved = true
			case overtaken(err):
			default:
				failed = errors.Join(failed, err)
			}
		}
		if failed != nil || !moved {
			return served, failed
		}
	}
}

// serveOne gives the first project in a queue its hold, or passes it over. It reports whether the project was served.
func (s Ledger) serveOne(ctx context.Context, c Clerk, p place) (bool, error) {
	hold := Command{Kind: "hold", Parcels: []Ref{{ID: p.Parcel, Version: p.Version}}, Project: &p.Project}
	_, err := s.Do(ctx, Order{Park: p.Park, Command: hold, Reason: c.Served, Via: c.Via, serves: &p})
	var denial *store.Denial
	if err == nil || !(errors.As(err, &denial) && denial.Supply != nil || errors.Is(err, geo.ErrInvalid)) {
		return err == nil, err
	}
	why := err.Error()
	if c.Passed != nil {
		why = c.Passed(err)
	}
	_, err = s.Do(ctx, Order{Park: p.Park, Command: Command{Kind: "pass", Waiting: &p.ID}, Reason: why, Via: c.Via})
	return false, err
}

// overtaken reports whether another change came first: of the parcel, of the queue, or of both.
func overtaken(err error) bool {
	var denial *store.Denial
	return errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrRetry) || errors.As(err, &denial) &&
		denial.Supply == nil
}
