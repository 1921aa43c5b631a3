package feed

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// The clock of a query counts what a reader waits for rows, not what the reader takes for them, and ends the query when
// that is used up.
func TestTheClockOfAQueryCountsWaitingAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		c := newQueryClock(cancel)
		wait := CostlyWithin / 10
		for range 9 {
			c.start()
			time.Sleep(wait) // for the database; the time of this test is not the world's
			c.stop()
			time.Sleep(10 * CostlyWithin) // for the reader
			synctest.Wait()
			if c.ranOut() || ctx.Err() != nil {
				t.Fatal("the query ends before its time")
			}
		}
		c.start()
		time.Sleep(wait + time.Millisecond)
		synctest.Wait()
		if !c.ranOut() || ctx.Err() == nil {
			t.Error("the query is not ended")
		}
		c.stop()
	})
}

// What need not be watched has no clock.
func TestAQueryWithoutAClockNeverRunsOut(t *testing.T) {
	t.Parallel()
	var c *queryClock
	c.start()
	c.stop()
	if c.ranOut() {
		t.Error("no clock ran out")
	}
}
