package feed_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"luodi/data/feed"
	"luodi/data/sample"
	"luodi/data/store/storetest"
	"luodi/geo/tile"
)

// filterWriter writes random filters from a small grammar, with literals of which many are values that features have.
type filterWriter struct {
	*rand.Rand
	of     *feed.Collection
	values map[string][]string // literals by property
}

func newFilterWriter(t testing.TB, db *storetest.DB, c *feed.Collection, seed uint64) *filterWriter {
	t.Helper()
	w := &filterWriter{rand.New(rand.NewPCG(seed, 16)), c, map[string][]string{}}
	if err := feed.Of(db.Store).View(t.Context(), func(v *feed.View) error {
		rows, err := v.Features(t.Context(), &feed.Query{Collection: c})
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			text, err := rows.Append(nil, false)
			if err != nil {
				return err
			}
			var feature struct{ Properties map[string]any }
			decoder := json.NewDecoder(strings.NewReader(string(text)))
			decoder.UseNumber()
			if err := decoder.Decode(&feature); err != nil {
				return err
			}
			for name, value := range feature.Properties {
				if p := c.Property(name); p != nil && p.Queryable() && value != nil {
					w.values[name] = append(w.values[name], literalOf(p.Kind, fmt.Sprint(value)))
				}
			}
		}
		return rows.Err()
	}); err != nil {
		t.Fatal(err)
	}
	return w
}

// literalOf writes a value of a kind as CQL2 does.
func literalOf(kind feed.Kind, value string) string {
	switch kind {
	case feed.Text:
		return "'" + strings.ReplaceAll(value, "'", "''") + "'"
	case feed.Boolean:
		return strings.ToUpper(value)
	case feed.Instant:
		return "TIMESTAMP('" + value + "')"
	case feed.Day:
		return "DATE('" + value + "')"
	}
	return value
}

// odd are literals of a kind that features hardly have.
func odd(kind feed.Kind) []string {
	switch kind {
	case feed.Text:
		return []string{"''", "'\"'", `'\\u0041'`, "'拓展'", "'é'", "'null'", "'a,b}'", "'<&>'", "'\u2028'"}
	case feed.Boolean:
		return []string{"TRUE", "FALSE"}
	case feed.Instant:
		return []string{"TIMESTAMP('1970-01-01T00:00:00Z')", "TIMESTAMP('9999-12-31T23:59:59.999999Z')"}
	case feed.Day:
		return []string{"DATE('0001-01-01')", "DATE('9999-12-31')", "DATE('2024-02-29')"}
	}
	return []string{"0", "-0", "0.0", "-1", "1e3", "1.50", "00012", "12318.64590001", "99999999999999999999", "1E-30",
		"0.1", "333333.3333"}
}

func pick[T any](w *filterWriter, of []T) T { return of[w.IntN(len(of))] }

func (w *filterWriter) literal(p *feed.Property) string {
	if known := w.values[p.Name]; len(known) > 0 && w.IntN(4) > 0 {
		return pick(w, known)
	}
	return pick(w, odd(p.Kind))
}

// filter is a condition of at most so many levels.
func (w *filterWriter) filter(depth int) string {
	if depth > 0 {
		switch w.IntN(5) {
		case 0:
			return "NOT (" + w.filter(depth-1) + ")"
		case 1, 2:
			parts := make([]string, 2+w.IntN(2))
			for i := range parts {
				parts[i] = "(" + w.filter(depth-1) + ")"
			}
			return strings.Join(parts, pick(w, []string{" AND ", " OR "}))
		}
	}
	var p *feed.Property
	for p == nil || !p.Queryable() || p.Kind == feed.Object {
		p = &w.of.Properties[w.IntN(len(w.of.Properties))]
	}
	equal, ordered := []string{"=", "<>"}, []string{"=", "<>", "<", ">", "<=", ">="}
	if p.Kind == feed.Text || p.Kind == feed.Boolean {
		ordered = equal
	}
	switch n := w.IntN(9); {
	case n == 0:
		return p.Name + pick(w, []string{" IS NULL", " IS NOT NULL"})
	case n == 1:
		items := make([]string, 1+w.IntN(4))
		for i := range items {
			items[i] = w.literal(p)
		}
		return p.Name + pick(w, []string{" IN (", " NOT IN ("}) + strings.Join(items, ", ") + ")"
	case n == 2 && p.Kind >= feed.Integer && p.Kind <= feed.Mu && p.Kind != feed.Boolean:
		return p.Name + pick(w, []string{" BETWEEN ", " NOT BETWEEN "}) + w.literal(p) + " AND " + w.literal(p)
	case n == 3:
		return w.literal(p) + " " + pick(w, ordered) + " " + p.Name
	case n == 4 && w.IntN(4) == 0: // for the database
		return "code LIKE '%0%'"
	}
	return p.Name + " " + pick(w, ordered) + " " + w.literal(p)
}

// whole is a tile in which the sample lies.
func whole(t testing.TB, db *storetest.DB) tile.Address {
	t.Helper()
	return near(orb.Point{storetest.Number[float64](t, db, "SELECT avg(ST_X(ST_Centroid(geom))) FROM park"),
		storetest.Number[float64](t, db, "SELECT avg(ST_Y(ST_Centroid(geom))) FROM park")}, 9)
}

// TestRandomFiltersDrawTheSameFromMemoryAndFromTheDatabase draws a tile of the sample by each.
func TestRandomFiltersDrawTheSameFromMemoryAndFromTheDatabase(t *testing.T) {
	t.Parallel()
	db := storetest.Filled(t, "sample", storetest.AsPlanner(sample.Load))
	c := feed.NewCache(db.Store, 0)
	keep(t, db, c, feed.Collections()...)
	at := whole(t, db)
	for i, of := range feed.Collections() {
		w := newFilterWriter(t, db, of, uint64(i))
		all, _ := drawsAlike(t, db, c, &feed.Query{Collection: of}, at)
		none, some, kept := 0, 0, 0
		for range 100 {
			text := w.filter(3)
			filter, err := of.ParseFilter(text)
			if err != nil {
				t.Fatalf("%s: %s: %v", of.ID, text, err)
			}
			n, fromMemory := drawsAlike(t, db, c, &feed.Query{Collection: of, Filter: filter}, at)
			switch {
			case n == 0:
				none++
			case n != all:
				some++
			}
			if fromMemory {
				kept++
			}
		}
		if none > 80 || some < 5 || kept < 10 {
			t.Errorf("%s: of 100 filters %d let nothing through and %d a part; memory draws %d", of.ID, none, some, kept)
		}
	}
}

// FuzzDrawnFilters draws a tile of parcels by any filter that is one.
func FuzzDrawnFilters(f *testing.F) {
	db := storetest.Filled(f, "sample", storetest.AsPlanner(sample.Load))
	c := feed.NewCache(db.Store, 0)
	keep(f, db, c, feed.Parcels())
	at := whole(f, db)
	for _, filter := range drawnFilters {
		f.Add(filter.text)
	}
	w := newFilterWriter(f, db, feed.Parcels(), 5)
	for range 50 {
		f.Add(w.filter(2))
	}
	f.Fuzz(func(t *testing.T, text string) {
		filter, err := feed.Parcels().ParseFilter(text)
		if err != nil {
			return
		}
		ctx, q := context.Background(), &feed.Query{Collection: feed.Parcels(), Filter: filter}
		k := drawing(t, db, c, q, at)
		byMemory := k.Draw(ctx, q)
		if byMemory == nil {
			return // the database alone answers
		}
		if !slices.Equal(drawnTile(t, q.Collection, at, byMemory), drawnBySQL(t, db, q, at)) {
			t.Errorf("%s draws another tile from memory than by SQL", text)
		}
	})
}
