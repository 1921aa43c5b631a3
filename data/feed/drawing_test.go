package feed_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"luodi/data/feed"
	"luodi/data/sample"
	"luodi/data/store/storetest"
	"luodi/geo"
	"luodi/geo/cql2"
	"luodi/geo/tile"
)

// drawnTile is a tile as it is drawn.
func drawnTile(t *testing.T, c *feed.Collection, at tile.Address, draw feed.Draw) []byte {
	t.Helper()
	w := &tile.Writer{}
	if err := draw(c.BeginTile(w, at, false)); err != nil {
		t.Fatal(err)
	}
	return w.Append(nil)
}

// drawing narrows a query to a tile, and is what is kept of its collection.
func drawing(t *testing.T, db *storetest.DB, c *feed.Cache, q *feed.Query, where tile.Address) *feed.Kept {
	t.Helper()
	box := where.Degrees()
	q.Box = &geo.BBox{West: box.Min[0], South: box.Min[1], East: box.Max[0], North: box.Max[1]}
	k := at(t, db, c, q.Collection)
	if k == nil {
		t.Fatalf("%s is not kept", q.Collection.ID)
	}
	return k
}

// drawnBySQL is the tile that the database draws.
func drawnBySQL(t *testing.T, db *storetest.DB, q *feed.Query, where tile.Address) []byte {
	t.Helper()
	var read feed.Draw
	if err := feed.Of(db.Store).View(context.Background(), func(v *feed.View) (err error) {
		read, err = v.Draw(context.Background(), q)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return drawnTile(t, q.Collection, where, read)
}

// drawsAlike compares a tile from memory with the tile by SQL alone, and by SQL that has memory print what holds. It
// reports whether memory drew it.
func drawsAlike(t *testing.T, db *storetest.DB, c *feed.Cache, q *feed.Query, where tile.Address) (bytes int, kept bool) {
	t.Helper()
	k := drawing(t, db, c, q, where)
	var byMemory []byte
	if draw := k.Draw(context.Background(), q); draw != nil {
		byMemory, kept = drawnTile(t, q.Collection, where, draw), true
		if byForms := drawnTile(t, q.Collection, where, draw); !slices.Equal(byForms, byMemory) {
			t.Errorf("%v: %d bytes by the forms that %d made", where, len(byForms), len(byMemory))
		}
	}
	for _, live := range []*feed.Kept{nil, k} {
		q.Live = live
		bySQL := drawnBySQL(t, db, q, where)
		if kept && !slices.Equal(byMemory, bySQL) {
			told := ""
			if q.Filter != nil {
				told = cql2.Text(q.Filter.Root)
			}
			t.Fatalf("%s: %+v at %+v: %d bytes from memory, %d by SQL (memory prints: %v)", told, q, where, len(byMemory),
				len(bySQL), live != nil)
		}
		bytes = len(bySQL)
	}
	return bytes, kept
}

var drawnFilters = []struct {
	text string
	kept bool
}{
	{"status = 'available'", true},
	{"status <> 'built' AND legal_m2 > 12000.5", true},
	{"NOT (status = 'built') OR legal_m2 <= 16777.23", true},
	{"legal_mu BETWEEN 10 AND 30", true},
	{"12000 < computed_m2", true},
	{"zone IS NULL OR zone IN ('IP', 'LP')", true},
	{"zone <> 'IP'", true},
	{"NOT zone = 'IP'", true},
	{"land_use IN ('100102', '100101')", true},
	{"service_power = TRUE AND service_power_capacity > 100", true},
	{"price_cny_per_m2 IS NOT NULL AND price_cny_per_m2 < 500", true},
	{"since >= TIMESTAMP('2020-01-01T00:00:00Z')", true},
	{"expires_at IS NULL", true},
	{"price_on < DATE('2026-06-01')", true},
	{"code = 'TX-S02'", true},
	{"tenant_zh = 'it''s \"a\"'", true},
	{"seq = 1", true},
	{"TRUE", true},
	{"code LIKE 'TX-S%'", false},
	{"code > 'TX-M'", false},
	{"CASEI(code) = CASEI('tx-s02')", false},
	{"legal_m2 * 2 > 30000", false},
	{"legal_m2 > 1.2e4", true},
	{"S_INTERSECTS(geometry, POINT(122.03 37.25))", false},
}

// TestATileIsTheSameFromMemoryAndFromTheDatabase draws random tiles of the sample, filtered in many ways.
func TestATileIsTheSameFromMemoryAndFromTheDatabase(t *testing.T) {
	t.Parallel()
	db := storetest.Filled(t, "sample", storetest.AsPlanner(sample.Load))
	c := feed.NewCache(db.Store, 0)
	keep(t, db, c, feed.Collections()...)
	middle := orb.Point{storetest.Number[float64](t, db, "SELECT avg(ST_X(ST_Centroid(geom))) FROM park"),
		storetest.Number[float64](t, db, "SELECT avg(ST_Y(ST_Centroid(geom))) FROM park")}
	random := rand.New(rand.NewPCG(16, 16))
	park := storetest.Number[string](t, db, "SELECT min(code) FROM park")
	drawn := 0
	for i := range 200 {
		q := &feed.Query{Collection: feed.Collections()[random.IntN(len(feed.Collections()))]}
		wanted := true
		if i < 4*len(drawnFilters) {
			f := drawnFilters[i%len(drawnFilters)]
			q.Collection, wanted = feed.Parcels(), f.kept
			var err error
			if q.Filter, err = q.Collection.ParseFilter(f.text); err != nil {
				t.Fatal(f.text, err)
			}
		}
		if q.Collection.Timed() && random.IntN(2) == 0 {
			q.Park = park
		}
		at := near(middle, []int{8, 12, 14, 15, 16}[random.IntN(5)])
		at.Row, at.Col = at.Row+random.IntN(2), at.Col+random.IntN(2)
		n, kept := drawsAlike(t, db, c, q, at)
		if kept != wanted {
			t.Errorf("%+v: drawn from memory: %v, want %v", q.Filter, kept, wanted)
		}
		if n > 0 {
			drawn++
		}
	}
	if drawn < 60 {
		t.Errorf("%d of 200 tiles show something: too few to compare", drawn)
	}
}

// near is the tile of Web Mercator in which a place lies.
func near(at orb.Point, z int) tile.Address {
	a := tile.Address{Set: tile.Sets()[0], Z: z}
	for low, high := 0, 1<<z; high-low > 1; a.Col = low {
		if middle := (low + high) / 2; (tile.Address{Set: a.Set, Z: z, Col: middle}).Degrees().Min[0] > at[0] {
			high = middle
		} else {
			low = middle
		}
	}
	for low, high := 0, 1<<z; high-low > 1; a.Row = low {
		if middle := (low + high) / 2; (tile.Address{Set: a.Set, Z: z, Row: middle}).Degrees().Max[1] < at[1] {
			high = middle
		} else {
			low = middle
		}
	}
	return a
}

// TestATileOfThePastIsTheSameFromMemoryAndFromTheDatabase changes land again and again, and draws the tiles of all
// moments after each change: from sets that were read before it and brought up, and from new ones.
func TestATileOfThePastIsTheSameFromMemoryAndFromTheDatabase(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	first, second := storetest.Park(t, db, "first"), storetest.Park(t, db, "second")
	var squares []storetest.Square
	for i := range 24 {
		squares = append(squares, storetest.Square{Code: string(rune('A' + i)), X: float64(i%6) * 0.05, Y: float64(i/6) * 0.05,
			Side: 0.0004})
	}
	ids := storetest.Parcels(t, db, first, squares...)
	storetest.Parcels(t, db, second, squares...)
	project := storetest.Project(t, db, first, "某项目", true)
	c := feed.NewCache(db.Store, 0)
	keep(t, db, c, feed.Parcels())
	middle := orb.Point{storetest.Number[float64](t, db, "SELECT ST_X(ST_Centroid(geom)) FROM park WHERE code = 'first'"),
		storetest.Number[float64](t, db, "SELECT ST_Y(ST_Centroid(geom)) FROM park WHERE code = 'first'")}
	random := rand.New(rand.NewPCG(17, 16))
	available, err := feed.Parcels().ParseFilter("status = 'available'")
	if err != nil {
		t.Fatal(err)
	}
	moments := []time.Time{time.Now()}
	hidden := map[string]bool{}
	for i := range 12 {
		switch code := squares[i%4].Code; {
		case i%3 == 0:
			storetest.Allot(t, db, first, project, "hold", ids[23-i])
		case hidden[code]:
			publish(t, db, first, code, "public")
			hidden[code] = false
		default:
			publish(t, db, []uuid.UUID{first, second}[random.IntN(2)], code, "internal")
			hidden[code] = true
		}
		moments = append(moments, time.Now())
		for _, moment := range moments {
			for _, q := range []*feed.Query{{Park: "first"}, {}, {Filter: available}} {
				q.Collection, q.When = feed.Parcels(), feed.When{From: &moment, Instant: true}
				if n, kept := drawsAlike(t, db, c, q, near(middle, 13)); n == 0 || !kept {
					t.Fatalf("%+v: %d bytes, from memory: %v", q, n, kept)
				}
			}
		}
	}
}
