package feed_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"luodi/data/feed"
	"luodi/data/sample"
	"luodi/data/store/storetest"
)

// What may cost much ends where its time is used up: counting, and each wait for rows. What costs little has no such
// limit.
func TestACostlyQueryEndsWhereItsTimeIsUsedUp(t *testing.T) { // not parallel: the limit is a variable
	db := storetest.New(t)
	if err := sample.Load(context.Background(), db.Planner); err != nil {
		t.Fatal(err)
	}
	plain := &feed.Query{Collection: feed.Parcels()}
	costly := &feed.Query{Collection: feed.Parcels(),
		Sort: []feed.SortKey{{Property: feed.Parcels().Property("code"), Descending: true}}}
	all, _, _, _, _ := read(t, db, costly)
	looked := func(look func(*feed.View) error) error {
		return feed.Of(db.Store).View(context.Background(), look)
	}
	counting := func(q *feed.Query) error {
		return looked(func(v *feed.View) error {
			_, _, err := v.Count(context.Background(), q)
			return err
		})
	}
	reading := func(q *feed.Query) error {
		return looked(func(v *feed.View) error {
			rows, err := v.Features(context.Background(), q)
			if err != nil {
				return err
			}
			defer rows.Close()
			n := 0
			for rows.Next() {
				if n++; n == 3 && q == costly {
					rows.UseUp()
				}
			}
			if rows.Err() == nil && n != len(all) {
				t.Errorf("%d features of %d", n, len(all))
			}
			return rows.Err()
		})
	}
	if err := reading(costly); !errors.Is(err, feed.ErrCostly) {
		t.Errorf("read without time: %v", err)
	}
	if err := reading(plain); err != nil {
		t.Errorf("a plain query: %v", err)
	}
	before := feed.CostlyWithin
	feed.CostlyWithin = time.Nanosecond
	defer func() { feed.CostlyWithin = before }()
	if err := counting(costly); !errors.Is(err, feed.ErrCostly) {
		t.Errorf("counted without time: %v", err)
	}
	if err := counting(plain); err != nil {
		t.Errorf("a plain count: %v", err)
	}
}
