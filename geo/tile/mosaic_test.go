package tile_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"luodi/geo/tile"
)

// TestMergedAreasAreExact: each class has the area of its shapes to the unit, however full cells are: crowds, specks,
// shapes on top of each other. A few shapes, which are drawn as they are, have it to a 400th.
func TestMergedAreasAreExact(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		shapes       int
		around, size float64 // the ground, and a shape, in pixels
		threads      bool
	}{
		"far apart": {40, 500, 0.5, false},
		"a few":     {3, 4, 0.9, false},
		"one":       {1, 1, 0.1, false},
		"a crowd":   {9000, 100, 0.9, false},
		"heaps":     {9000, 30, 0.9, false},
		"specks":    {9000, 100, 0.05, false},
		"threads":   {30, 400, 0.9, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(8) {
				r := rand.New(rand.NewPCG(seed, 5))
				at := tile.Address{Set: tile.Sets()[seed%2], Z: 9, Row: 195, Col: 424}
				exact(t, fmt.Sprint(seed), at, c.shapes, seed >= 4, func() orb.Ring {
					x, y := 6+r.Float64()*c.around, 6+r.Float64()*c.around
					wide, high := c.size*r.Float64(), c.size*r.Float64()
					dx, dy := 0.0, 0.0
					if c.threads {
						dx, dy, wide = 90*r.Float64(), 90*r.Float64(), 0.02*r.Float64()
					}
					return orb.Ring{{x, y}, {x + wide, y}, {x + wide + dx, y + high + dy}, {x + dx, y + high + dy},
						{x, y}}
				})
			}
		})
	}
}

// exact merges shapes of a tile, in pixels, or joins them, and compares the areas of their classes.
func exact(t *testing.T, name string, at tile.Address, shapes int, joined bool, next func() orb.Ring) {
	t.Helper()
	e := float64(at.Extent())
	want, got := map[string]float64{}, map[string]float64{}
	var w tile.Writer
	if joined {
		w.Begin(at, "parcels", nil, []string{"status"})
		w.Join()
	} else {
		w.Begin(at, "parcels", []string{"status"}, []string{"status", "count"})
	}
	for i := range shapes {
		status := statuses[i%len(statuses)]
		var ring, flat orb.Ring
		for _, p := range next() {
			d := degreesAt(at, orb.Point{p[0] / 512, p[1] / 512}, 1)
			ring = append(ring, d)
			x, y := cellOf(at.Set, at.Z, d)
			flat = append(flat, orb.Point{(x - float64(at.Col)) * e, (y - float64(at.Row)) * e})
		}
		want[status] += math.Abs(planar.Area(flat))
		tags := []tile.Value{tile.TextValue(status)}
		if joined {
			tags = nil
		}
		if err := w.Add(wkb(orb.Polygon{ring}), status, tags...); err != nil {
			t.Fatal(err)
		}
	}
	l, count, alone := read(t, w.Append(nil), "parcels"), 0, 0.0
	for _, f := range l.Features {
		got[f.Properties["status"].(string)] += planar.Area(f.Geometry)
		if n, is := f.Properties["count"]; is {
			count += int(number(n))
		} else { // a thread that keeps its area on the grid
			count++
			alone += planar.Area(f.Geometry)
		}
	}
	if !joined && count != shapes {
		t.Errorf("seed %s: %d shapes of %d", name, count, shapes)
	}
	for status, area := range want {
		may := 1 + float64(shapes)/1000
		if shapes < 8192 { // some are drawn as they are
			may += area/400 + alone/256
		}
		if math.Abs(got[status]-area) > may {
			t.Errorf("seed %s, %s: %.2f square units, not %.2f", name, status, got[status], area)
		}
	}
}

// TestMergedGroundHasNoHoles merges rows of cells that are full of two classes, of which one has too little in a cell
// to be drawn there: no ground is bare between.
func TestMergedGroundHasNoHoles(t *testing.T) {
	t.Parallel()
	at := tile.Address{Set: tile.Sets()[0], Z: 9, Row: 195, Col: 424}
	e := float64(at.Extent())
	for joined, px := range map[bool]float64{false: 1, true: 2} {
		var w tile.Writer
		w.Begin(at, "parcels", nil, []string{"status"})
		if joined {
			w.Join()
		}
		add := func(status string, west, north, east, south float64) {
			var ring orb.Ring
			for _, p := range []orb.Point{{west, north}, {east, north}, {east, south}, {west, south}, {west, north}} {
				ring = append(ring, degreesAt(at, orb.Point{p[0] * px / 512, p[1] * px / 512}, 1))
			}
			if err := w.Add(wkb(orb.Polygon{ring}), status); err != nil {
				t.Fatal(err)
			}
		}
		const cols, rows = 100, 60
		for i := range cols * rows {
			x, y := float64(10+i%cols), float64(10+i/cols)
			add("available", x+0.0001, y, x+0.93, y+0.9999)
			add("reserve", x+0.93, y, x+0.9999, y+0.9999)
		}
		unit := e / 512 * px      // units of a cell
		bare := map[[2]int]bool{} // lines of units in columns of cells, a quarter from their western edges
		for col := 20; col < 80; col++ {
			for line := range int(rows * unit) {
				bare[[2]int{col, int(10*unit) + line}] = true
			}
		}
		all := len(bare)
		for _, f := range read(t, w.Append(nil), "parcels").Features {
			for _, ring := range ringsOf(f.Geometry) {
				b := ring.Bound()
				for col := 20; col < 80; col++ {
					if x := unit * (10 + float64(col) + 0.25); b.Min[0] > x || b.Max[0] <= x {
						continue
					}
					for line := int(b.Min[1]); line < int(b.Max[1]); line++ {
						delete(bare, [2]int{col, line})
					}
				}
			}
		}
		if len(bare) > 0 {
			t.Errorf("joined %v: %d lines of units of %d are bare", joined, len(bare), all)
		}
	}
}
