package api_test

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestBenchOthersWhileTilesAreMade asks for 200 different tiles of 200,000 parcels at once, as they are and by filters
// that the database answers, and tells how long the health of the server and a feature by its id take meanwhile.
func TestBenchOthersWhileTilesAreMade(t *testing.T) {
	if os.Getenv("LUODI_BENCH") == "" {
		t.Skip("set LUODI_BENCH=1 to measure")
	}
	h := open(t)
	h.fill("bench", 200_000)
	eventually(t, "features are kept", func() bool {
		h.get(parcelItems + "?limit=1")
		return h.metric("luodi_feed_features") >= 200_000
	})
	item := parcelItems + "/01900000-0000-7000-8000-000000001000"
	const many, left, top = 200, 3424, 1608 // tiles of level 12 in which the parcels lie
	for _, kind := range []struct{ name, query string }{{"from memory", ""},
		{"by filters of the database", "?filter=" + escape("code LIKE '%7' AND legal_m2 ^ 0.5 > 10")}} {
		var made atomic.Int64
		done := make(chan time.Duration, 1)
		go func() {
			begun := time.Now()
			var group sync.WaitGroup
			for i := range many {
				group.Go(func() {
					path := fmt.Sprintf("/tiles/parcels/12/%d/%d%s", left+i%24, top-i/24, kind.query)
					if r := h.get(path); r.StatusCode < 300 {
						made.Add(1)
					}
				})
			}
			group.Wait()
			done <- time.Since(begun)
		}()
		took := map[string][]time.Duration{}
		var all time.Duration
		for all == 0 {
			for _, path := range []string{"/readyz", item} {
				begun := time.Now()
				if r := h.get(path); r.StatusCode != http.StatusOK {
					t.Errorf("%s: %s", path, r.Status)
				}
				took[path] = append(took[path], time.Since(begun))
			}
			select {
			case all = <-done:
			default:
			}
		}
		t.Logf("%d tiles %s: %d made, %.1f s in all", many, kind.name, made.Load(), all.Seconds())
		for path, times := range took {
			slices.Sort(times)
			t.Logf("  %s: p50 %v, p95 %v, max %v of %d", path, times[len(times)/2], times[len(times)*95/100],
				times[len(times)-1], len(times))
		}
	}
}
