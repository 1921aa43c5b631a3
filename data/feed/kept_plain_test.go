package feed_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/feed"
	"luodi/data/sample"
	"luodi/data/store/storetest"
	"luodi/geo"
)

// Memory answers plain queries of the live state alone: whatever else a query asks for, it leaves to the database, page
// and count.
func TestMemoryLeavesWhatIsNotPlainToTheDatabase(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	if err := sample.Load(context.Background(), db.Planner); err != nil {
		t.Fatal(err)
	}
	c := feed.NewCache(db.Store, 0)
	keep(t, db, c, feed.Parcels())
	k := at(t, db, c, feed.Parcels())
	now, id := time.Now(), uuid.New()
	for name, change := range map[string]func(*feed.Query){
		"filter":     func(q *feed.Query) { q.Filter = &feed.Filter{} },
		"search":     func(q *feed.Query) { q.Search = []feed.Phrase{{"a"}} },
		"sort":       func(q *feed.Query) { q.Sort = []feed.SortKey{{Property: feed.Parcels().Property("code")}} },
		"selection":  func(q *feed.Query) { q.Select = &feed.Selection{} },
		"plane":      func(q *feed.Query) { q.Plane = &geo.PlaneBox{CRS: geo.CRS{Code: 4550}} },
		"skip":       func(q *feed.Query) { q.Skip = 1 },
		"crs":        func(q *feed.Query) { q.CRS = geo.CRS{Code: geo.WebMercator} },
		"offset":     func(q *feed.Query) { q.Offset = geo.MapOffsets()[0] },
		"member":     func(q *feed.Query) { q.Member = &feed.Member{Every: true} },
		"past":       func(q *feed.Query) { q.When = feed.When{From: &now, Instant: true} },
		"interval":   func(q *feed.Query) { q.When = feed.When{Interval: true} },
		"one":        func(q *feed.Query) { q.ID = &id },
		"collection": func(q *feed.Query) { q.Collection = feed.Collections()[0] },
		"no park":    func(q *feed.Query) { q.Park = "nowhere" },
	} {
		q := &feed.Query{Collection: feed.Parcels(), Limit: 10}
		if page, n := k.Page(q), 0; page == nil {
			t.Fatal("memory leaves a plain query to the database")
		} else if n, _ = k.Count(q); n == 0 {
			t.Fatal("nothing is kept")
		}
		change(q)
		if page := k.Page(q); page != nil {
			t.Errorf("%s: memory answers", name)
		}
		if n, ok := k.Count(q); ok {
			t.Errorf("%s: memory counts %d", name, n)
		}
	}
}
