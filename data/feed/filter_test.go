package feed_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"luodi/data/feed"
	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/cql2"
)

// ids finds the ids of the features of a query.
func ids(ctx context.Context, v *feed.View, q *feed.Query) ([]string, error) {
	rows, err := v.Features(ctx, q)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := []string{}
	for rows.Next() {
		found = append(found, rows.Position().ID.String())
	}
	slices.Sort(found)
	return found, rows.Err()
}

// walk reads all pages of a query and gives the ids in their order.
func walk(t testing.TB, db *store.Store, query *feed.Query) []string {
	t.Helper()
	q, all := *query, []string{}
	for more := true; more; {
		err := feed.Of(db).View(context.Background(), func(v *feed.View) error {
			rows, err := v.Features(context.Background(), &q)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				all = append(all, rows.Position().ID.String())
			}
			if more = rows.More; more {
				at := rows.Position()
				q.After = &at
			}
			return rows.Err()
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// parsed is a filter on a collection.
func parsed(t testing.TB, c *feed.Collection, text string, crs geo.CRS) *feed.Filter {
	t.Helper()
	parse := cql2.ParseText
	if text[0] == '{' {
		parse = cql2.ParseJSON
	}
	root, err := parse(text)
	if err == nil {
		root, err = c.Filters(crs, false).Check(root)
	}
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return &feed.Filter{Root: root, CRS: crs}
}

func collectionOf(t testing.TB, id string) *feed.Collection {
	t.Helper()
	c, err := feed.FindCollection(id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var tableOf = map[string][2]string{"parks": {"park_public", "park_id"}, "zones": {"zone_public", "zone_id"},
	"plan-units": {"plan_unit_public", "plan_unit_id"}, "parcels": {"parcel_public", "parcel_id"},
	"networks":      {"(SELECT * FROM network_public WHERE GeometryType(geom) <> 'POINT')", "network_id"},
	"network-nodes": {"(SELECT * FROM network_public WHERE GeometryType(geom) = 'POINT')", "network_id"}}

// TestFiltersFindWhatSQLFinds holds each filter, as text and as JSON, to a condition in SQL that was written by hand.
func TestFiltersFindWhatSQLFinds(t *testing.T) {
	t.Parallel()
	db := varied(t)
	ctx := context.Background()
	some, none := 0, 0
	for _, example := range examples {
		c := collectionOf(t, example.collection)
		live := " AND f.to_seq IS NULL"
		if !c.Timed() {
			live = ""
		}
		rows, err := db.Owner.Query(ctx, fmt.Sprintf("SELECT %s::text FROM %s f JOIN park_public k USING (park_id) "+
			"WHERE (%s)%s ORDER BY 1", "f."+tableOf[c.ID][1], tableOf[c.ID][0], example.sql, live))
		if err != nil {
			t.Fatal(err)
		}
		want, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatalf("%s: %v", example.sql, err)
		}
		if len(want) > 0 {
			some++
		} else {
			none++
		}
		filter := parsed(t, c, example.filter, geo.CRS84)
		for _, form := range []string{example.filter, cql2.Text(filter.Root)} {
			err := feed.Of(db.Store).View(ctx, func(v *feed.View) error {
				q := &feed.Query{Collection: c, Filter: parsed(t, c, form, geo.CRS84)}
				got, err := ids(ctx, v, q)
				if err != nil {
					return err
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s: %s\nfinds %d, the SQL %d", c.ID, form, len(got), len(want))
				}
				n, ok, err := v.Count(ctx, q)
				if n != len(want) || !ok {
					t.Errorf("%s: %s\ncounts %d, %v", c.ID, form, n, ok)
				}
				return err
			})
			if err != nil {
				t.Errorf("%s: %s: %v", c.ID, form, err)
			}
		}
	}
	t.Logf("%d filters find some, %d none", some, none)
	if len(examples) < 120 || none > len(examples)/3 {
		t.Errorf("%d examples, of which %d find nothing", len(examples), none)
	}
}
