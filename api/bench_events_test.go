package api_test

import (
	"context"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"luodi/data/people"
	"luodi/data/store/storetest"
)

// TestBenchEventLatency measures from the moment a commit is asked for to when a follower has read the event from its
// connection, at a hundred changes a second.
func TestBenchEventLatency(t *testing.T) {
	if os.Getenv("LUODI_BENCH") == "" {
		t.Skip("set LUODI_BENCH=1 to measure")
	}
	const changes, rate, warm = 2000, 100, 100
	db := storetest.New(t)
	f := newField(t, db, "latency")
	_, secret, err := people.Of(db.Store).CreateToken(t.Context(),
		people.TokenOrder{Account: anyone(t, db), Name: "t", Scope: people.ScopeRead, Life: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	url, _ := begin(t, serveItself(db.Source.URL))
	h := &house{t: t, db: db, url: url}
	asked := make([]time.Time, changes)
	var group sync.WaitGroup
	took := make([][]time.Duration, 4)
	for k := range took {
		s := h.stream("/api/parks/latency/events?after=1", secret)
		group.Go(func() {
			seen := make([]time.Time, changes)
			for i := range seen {
				s.next()
				seen[i] = time.Now()
			}
			for i := warm; i < changes; i++ {
				took[k] = append(took[k], seen[i].Sub(asked[i]))
			}
		})
	}
	begun := time.Now()
	for i := range changes {
		time.Sleep(time.Until(begun.Add(time.Duration(i) * time.Second / rate)))
		at, err := f.change(context.Background(), i)
		if err != nil {
			t.Fatal(err)
		}
		asked[i] = at
	}
	wrote := time.Since(begun)
	group.Wait()
	all := slices.Concat(took...)
	slices.Sort(all)
	median, p99 := all[len(all)/2], all[len(all)*99/100]
	t.Logf("%d changes at %.0f/s, %d followers: from asking for the commit to having read the event: median %s, p99 "+
		"%s, most %s", changes, changes/wrote.Seconds(), len(took), median, p99, all[len(all)-1])
	if median > 20*time.Millisecond || p99 > 100*time.Millisecond {
		t.Logf("want a median under 20 ms and a p99 under 100 ms")
	}
}
