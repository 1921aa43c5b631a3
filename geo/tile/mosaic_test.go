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
			for seed := range uint64(6) {
				r := rand.New(rand.NewPCG(seed, 5))
				at := tile.Address{Set: tile.Sets()[seed%2], Z: 9, Row: 195, Col: 424}
				exact(t, fmt.Sprint(seed), at, c.shapes, func() orb.Ring {
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

// exact merges shapes of a tile, in pixels, and compares the areas of their classes.
func exact(t *testing.T, name string, at tile.Address, shapes int, next func() orb.Ring) {
	t.Helper()
	e := float64(at.Extent())
	want, got := map[string]float64{}, map[string]float64{}
	var w tile.Writer
	w.Begin(at, "parcels", []string{"status"}, []string{"status", "count"})
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
		if err := w.Add(wkb(orb.Polygon{ring}), status, tile.TextValue(status)); err != nil {
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
	if count != shapes {
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
