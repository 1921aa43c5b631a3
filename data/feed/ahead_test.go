package feed_test

import (
	"context"
	"fmt"
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
	if err := cache.LoadAhead(context.Background()); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); cache.Stats().Features == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the parcels are not in memory: %+v", cache.Stats())
		}
	}
}

// TestNamesAreReadAhead searches for nothing, and has the names of each park for the public and for members.
func TestNamesAreReadAhead(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	for i := range 60 {
		storetest.ParkAt(t, db, fmt.Sprintf("p%02d", i), 4550, float64(410_000+i*100), 4_123_600,
			float64(410_090+i*100), 4_123_700)
	}
	finder := feed.NewFinder(nil)
	if err := finder.LoadAhead(context.Background(), db.Store); err != nil {
		t.Fatal(err)
	}
	if n := finder.Memory().Parks; n != 120 {
		t.Errorf("the names of %d parks are read, counted once for each kind of reader; want 120", n)
	}
	small := feed.NewFinder(nil)
	small.Most = finder.Memory().Bytes / 3 // of which half is read ahead
	if err := small.LoadAhead(context.Background(), db.Store); err != nil {
		t.Fatal(err)
	}
	if n := small.Memory().Parks; n < 10 || n > 30 {
		t.Errorf("in a third of the memory the names of %d parks are read, want about 20", n)
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if err := feed.NewFinder(nil).LoadAhead(ended, db.Store); err == nil {
		t.Error("nothing says that no names were read")
	}
}
