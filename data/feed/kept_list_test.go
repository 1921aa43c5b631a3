package feed_test

import (
	"context"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"luodi/data/feed"
	"luodi/data/store/storetest"
	"luodi/geo"
)

// TestMemoryListsAsTheDatabase asks memory and the database for pages in random orders, filtered or not, from their
// begin, from a position and after some that are skipped: features, positions, counts and ends are the same.
func TestMemoryListsAsTheDatabase(t *testing.T) {
	t.Parallel()
	db := varied(t)
	c := feed.NewCache(db.Store, 0)
	keep(t, db, c, feed.Parcels())
	ctx := context.Background()
	random := rand.New(rand.NewPCG(3, 5))
	filters := []string{"status = 'available'", "legal_m2 > 20000 OR price_cny_per_m2 IS NULL", "NOT land_use = '1001'",
		"tenant_zh IS NOT NULL AND status IN ('built','held')", "code LIKE '%1'"}
	answered, sorted, texts, followed := 0, 0, 0, 0
	for range 400 {
		q := &feed.Query{Collection: feed.Parcels(), Limit: 1 + random.IntN(30)}
		if random.IntN(2) == 0 {
			q.Park = "carbon-fibre"
		}
		if random.IntN(2) == 0 {
			q.Filter = parsed(t, q.Collection, filters[random.IntN(len(filters))], geo.CRS84)
		}
		for range random.IntN(3) {
			p := &q.Collection.Properties[random.IntN(len(q.Collection.Properties))]
			if p.Queryable() {
				q.Sort = append(q.Sort, feed.SortKey{Property: p, Descending: random.IntN(2) == 0})
			}
		}
		if random.IntN(4) == 0 {
			q.Skip = random.IntN(20)
		}
		for more := true; more; {
			want, wantMore, n, _, _ := read(t, db, q)
			list := at(t, db, c, q.Collection).List(q)
			if list == nil {
				break
			}
			page, matched, err := list.Find(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if answered++; len(q.Sort) > 0 {
				sorted++
			}
			if slices.ContainsFunc(q.Sort, func(k feed.SortKey) bool { return k.Property.Kind == feed.Text }) {
				texts++
			}
			if q.After != nil {
				followed++
			}
			var got []string
			for i := range page.Len() {
				got = append(got, string(page.Append(nil, i)))
			}
			for i := 1; i < len(got); i++ {
				got[i] = got[i][2:]
			}
			if !slices.Equal(got, want) || page.More != wantMore || matched != n {
				t.Fatalf("by %+v: %d of %d, more %v; want %d of %d, more %v", q, len(got), matched, page.More, len(want),
					n, wantMore)
			}
			if more = page.More; more {
				after, position := page.Position(), lastOf(t, db, q)
				if !reflect.DeepEqual(after, position) {
					t.Fatalf("by %+v: goes on from %v, want %v", q, after, position)
				}
				q.After, q.Skip = &after, 0
			}
		}
	}
	if answered < 100 || sorted < 50 || texts < 20 || followed < 50 {
		t.Errorf("memory answered %d pages, %d of them sorted, %d by texts, %d that follow", answered, sorted, texts, followed)
	}
}

// lastOf is where the database ends a page.
func lastOf(t *testing.T, db *storetest.DB, q *feed.Query) (at feed.Position) {
	t.Helper()
	err := feed.Of(db.Store).View(context.Background(), func(v *feed.View) error {
		rows, err := v.Features(context.Background(), q)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			at = rows.Position()
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return at
}
