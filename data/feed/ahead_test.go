package feed_test

import (
	"testing"
	"time"

	"luodi/data/feed"
	"luodi/data/store/storetest"
)

// TestParcelsAreLoadedAhead asks for nothing, and has the parcels in memory.
func TestParcelsAreLoadedAhead(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	storetest.Parcels(t, db, storetest.Park(t, db, "ahead"), storetest.Square{Code: "A", Side: 0.001})
	cache := feed.NewCache(db.Store, 0)
	cache.LoadAhead()
	for end := time.Now().Add(20 * time.Second); cache.Stats().Features == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the parcels are not in memory: %+v", cache.Stats())
		}
	}
}
