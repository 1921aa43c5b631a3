package feed

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrCostly is the error of a query that took longer than it may. Its SQL is cancelled.
var ErrCostly = errors.New("the query takes too long")

// CostlyWithin is how long the database may work on the rows of a query that is filtered, searched or sorted, and on
// counting them. Time in which a reader takes rows does not count. It is a variable for tests alone.
var CostlyWithin = 10 * time.Second

// costly reports whether a query may ask for more work than its indexes save.
func (q *Query) costly() bool { return q.Filter != nil || len(q.Search) > 0 || len(q.Sort) > 0 }

// mode is how a query is sent: described, not prepared, since a generic plan would not know how much of the park the
// box covers. What a query of no form of ours was described as is not kept: callers would fill the memory with it.
func (q *Query) mode() pgx.QueryExecMode {
	switch {
	case q.costly():
		return pgx.QueryExecModeDescribeExec
	case q.ID != nil: // one feature has one plan
		return pgx.QueryExecModeCacheStatement
	}
	return pgx.QueryExecModeCacheDescribe
}

// limited is the context in which the query may be answered at once.
func (q *Query) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if !q.costly() {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, CostlyWithin, ErrCostly)
}

// late is the error of a query in a limited context.
func (q *Query) late(limited context.Context, err error) error {
	if errors.Is(context.Cause(limited), ErrCostly) {
		return ErrCostly
	}
	return err
}

// queryClock measures the time that a reader waits for rows, and cancels the query when it is over. A nil clock
// measures nothing.
type queryClock struct {
	left   time.Duration
	cancel context.CancelFunc
	out    atomic.Bool
	from   time.Time
	timer  *time.Timer
}

func newQueryClock(cancel context.CancelFunc) *queryClock {
	return &queryClock{left: CostlyWithin, cancel: cancel}
}

// start begins to measure, until stop.
func (c *queryClock) start() {
	if c == nil {
		return
	}
	c.from = time.Now()
	if c.timer = time.AfterFunc(c.left, c.end); c.left <= 0 {
		c.end() // at once: nothing is read beside the timer
	}
}

func (c *queryClock) end() {
	c.out.Store(true)
	c.cancel()
}

func (c *queryClock) stop() {
	if c == nil {
		return
	}
	c.timer.Stop()
	c.left -= time.Since(c.from)
}

// step is rows.Next under the clock.
func (f *Features) step() bool {
	f.clock.start()
	defer f.clock.stop()
	return f.rows.Next()
}

func (c *queryClock) ranOut() bool { return c != nil && c.out.Load() }
