package feed_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"luodi/data/feed"
	"luodi/geo"
)

// printed are the SQL of values as the feed prints them, for an order written by hand.
var printed = map[string]string{"legal_mu": "round(f.legal_m2 * 15 / 10000, 2)",
	"computed_m2": "round(f.computed_m2::numeric, 4)", "ellipsoid_m2": "round(f.ellipsoid_m2::numeric, 4)",
	"since": "lower(f.sys)", "seq": "f.from_seq", "park": "k.code", "computed_mu": "round(f.computed_m2::numeric * 0.0015, 2)"}

// TestSortedPagesAreTheWholeInOrder walks pages of random sizes in random orders, with and without a park and a filter,
// and holds them to an ORDER BY of its own.
func TestSortedPagesAreTheWholeInOrder(t *testing.T) {
	t.Parallel()
	db := varied(t)
	ctx := context.Background()
	random := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		c := feed.Collections()[random.IntN(len(feed.Collections()))]
		q := &feed.Query{Collection: c, Limit: 1 + random.IntN(40)}
		where, order := "true", []string{}
		if c.Timed() {
			where = "f.to_seq IS NULL"
			if random.IntN(2) == 0 {
				q.Park = "carbon-fibre"
				where += " AND k.code = 'carbon-fibre'"
			}
		}
		if c.ID == "parcels" && random.IntN(2) == 0 {
			q.Filter = parsed(t, c, `status <> 'built'`, geo.CRS84)
			where += " AND f.status <> 'built'"
		}
		for range 1 + random.IntN(3) {
			p := &c.Properties[random.IntN(len(c.Properties))]
			if !p.Queryable() {
				continue
			}
			key := feed.SortKey{Property: p, Descending: random.IntN(2) == 0}
			q.Sort = append(q.Sort, key)
			sql := printed[p.Name]
			switch {
			case p.Flat():
				sql = flat(p.Name)
			case sql == "":
				sql = "f." + p.Name
			}
			order = append(order, fmt.Sprintf("(%s) IS NULL, (%s) %s", sql, sql, []string{"ASC", "DESC"}[b(key.Descending)]))
		}
		if c.Timed() {
			order = append(order, "f.park_id")
		}
		rows, err := db.Owner.Query(ctx, fmt.Sprintf("SELECT f.%s::text FROM %s f JOIN park_public k USING (park_id) "+
			"WHERE %s ORDER BY %s, f.%s", tableOf[c.ID][1], tableOf[c.ID][0], where, strings.Join(order, ", "),
			tableOf[c.ID][1]))
		if err != nil {
			t.Fatal(err)
		}
		want, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		if got := walk(t, db.Store, q); !slices.Equal(got, want) {
			t.Errorf("%s by %v in pages of %d, park %q: %d features, want %d in another order", c.ID, order, q.Limit,
				q.Park, len(got), len(want))
		}
	}
}

// flat is the SQL of a property that repeats a parcel's services.
func flat(name string) string {
	key, measured := strings.CutSuffix(strings.TrimPrefix(name, "service_"), "_capacity")
	if !measured {
		return fmt.Sprintf("(f.services#>>'{%s,ready}')::boolean", key)
	}
	unit := map[string]string{"power": "kVA", "steam": "t/h", "water": "m3/d", "sewer": "m3/d", "gas": "m3/h",
		"nitrogen": "m3/h"}[key]
	return fmt.Sprintf("CASE f.services#>>'{%[1]s,unit}' WHEN '%[2]s' THEN (f.services#>>'{%[1]s,capacity}')::numeric END",
		key, unit)
}

func b(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
