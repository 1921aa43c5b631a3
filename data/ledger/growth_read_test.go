package ledger_test

import (
	"context"
	"fmt"
	"regexp"
	"testing"
	"time"

	"luodi/data/feed"
	"luodi/data/siting"
	"luodi/geo"
)

// page reads the first features of a query, and those of the page after it.
func page(ctx context.Context, v *feed.View, q feed.Query) error {
	for range 2 {
		rows, err := v.Features(ctx, &q)
		if err != nil {
			return err
		}
		for rows.Next() {
			after := rows.Position()
			q.After = &after
		}
		rows.Close()
		if err := rows.Err(); err != nil {
			return err
		}
	}
	return nil
}

// boxOf is a box of about a parcel's size times 100 around the corner where the park's parcels begin.
func (g *growing) boxOf() *geo.BBox {
	g.t.Helper()
	var west, south float64
	const sql = `SELECT ST_XMin(geom), ST_YMin(geom) FROM parcel_version WHERE parcel_id = $1 AND to_seq IS NULL`
	if err := g.Owner.QueryRow(context.Background(), sql, g.id(1, 12)).Scan(&west, &south); err != nil {
		g.t.Fatal(err)
	}
	return &geo.BBox{West: west, South: south, East: west + 0.002, North: south + 0.002}
}

// questions are the reads that a page and a program ask for most, of the public and of members.
var questions = []struct {
	name string
	ask  func(ctx context.Context, g *growing, box *geo.BBox) error
}{
	{"two pages of ten", func(ctx context.Context, g *growing, _ *geo.BBox) error {
		return feed.Of(g.Store).View(ctx, func(v *feed.View) error {
			return page(ctx, v, feed.Query{Collection: feed.Parcels(), Park: g.park, Limit: 10})
		})
	}},
	{"all in a box", func(ctx context.Context, g *growing, box *geo.BBox) error {
		return feed.Of(g.Store).View(ctx, func(v *feed.View) error {
			return page(ctx, v, feed.Query{Collection: feed.Parcels(), Park: g.park, Box: box})
		})
	}},
	{"two pages of ten of a past day", func(ctx context.Context, g *growing, _ *geo.BBox) error {
		day := time.Date(2026, 1, 1, 0, 0, 30, 0, time.UTC)
		return feed.Of(g.Store).View(ctx, func(v *feed.View) error {
			return page(ctx, v, feed.Query{Collection: feed.Parcels(), Park: g.park,
				When: feed.When{From: &day, Instant: true}, Limit: 10})
		})
	}},
	{"two pages of ten available ones", func(ctx context.Context, g *growing, _ *geo.BBox) error {
		status := feed.Parcels().Property("status")
		return feed.Of(g.Store).View(ctx, func(v *feed.View) error {
			return page(ctx, v, feed.Query{Collection: feed.Parcels(), Park: g.park,
				Equal: []feed.Equal{{Property: status, Value: "available"}}, Limit: 10})
		})
	}},
	{"one by its code", func(ctx context.Context, g *growing, _ *geo.BBox) error {
		code := feed.Parcels().Property("code")
		return feed.Of(g.Store).View(ctx, func(v *feed.View) error {
			return page(ctx, v, feed.Query{Collection: feed.Parcels(), Park: g.park,
				Equal: []feed.Equal{{Property: code, Value: "P77"}}, Limit: 10})
		})
	}},
	{"one by its id", func(ctx context.Context, g *growing, _ *geo.BBox) error {
		id := g.id(1, 77)
		return feed.Of(g.Store).View(ctx, func(v *feed.View) error {
			return page(ctx, v, feed.Query{Collection: feed.Parcels(), Park: g.park, ID: &id, Limit: 1})
		})
	}},
	{"the facts of one", func(ctx context.Context, g *growing, _ *geo.BBox) error {
		return feed.Of(g.Store).View(ctx, func(v *feed.View) error {
			_, err := v.ParcelFacts(ctx, g.park, g.id(1, 77))
			return err
		})
	}},
}

// askBoth holds feeds to plans that go by key, by order or by box.
func askBoth(t *testing.T, small, large *growing) {
	for _, q := range questions {
		counted := map[*growing]reads{}
		for _, g := range []*growing{small, large} {
			box := g.boxOf()
			counted[g] = read(t, g.DB, func() {
				if err := q.ask(t.Context(), g, box); err != nil {
					t.Fatalf("%s: %v", q.name, err)
				}
			})
		}
		t.Logf("%s: rows %d, entries %d, blocks %d", q.name, counted[large].of("rows"), counted[large].of("entries"),
			counted[large].of("blocks"))
		flat(t, q.name, counted[small], counted[large])
	}
}

// freeLand counts the free parcels of a park, as the matcher reads them.
func freeLand(t *testing.T, m *siting.Matcher, park string, public bool) (free int) {
	t.Helper()
	err := m.Read(context.Background(), park, public, func(s *siting.Sites) error {
		free = len(s.Places)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return free
}

// readAnew are the tables of rights and nodes, and their indexes.
var readAnew = regexp.MustCompile(`of (allotment|one_right|project|party|network|service)`)

// refreshBoth holds a parcel and asks for the free land again: what that reads hangs on the change, not on the park,
// but for who has rights in the park and what nodes have left, which are read anew.
func refreshBoth(t *testing.T, small, large *growing) {
	for _, public := range []bool{true, false} {
		counted := map[*growing]reads{}
		for _, g := range []*growing{small, large} {
			m := siting.NewMatcher(g.Store)
			free := freeLand(t, m, g.park, public)
			parcel := g.id(1, g.parcels-1)
			if public {
				parcel = g.id(1, g.parcels-2)
			}
			g.hold(parcel)
			all := read(t, g.DB, func() {
				if n := freeLand(t, m, g.park, public); n != free-1 {
					t.Errorf("%s: %d parcels are free after one of %d is held", g.park, n, free)
				}
			})
			counted[g] = reads{}
			for what, n := range all {
				if !readAnew.MatchString(what) {
					counted[g][what] = n
				}
			}
		}
		flat(t, fmt.Sprintf("free land after a hold, public %v", public), counted[small], counted[large])
	}
}
