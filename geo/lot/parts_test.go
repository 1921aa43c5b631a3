package lot_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"luodi/geo/lot"
	"luodi/geo/lot/lottest"
)

func TestMain(m *testing.M) { lottest.Main(m) }

// checkParts checks that parts are valid, disjoint, and cover just what the parents do; tolM2 is how far areas may
// differ.
func checkParts(t *rapid.T, g lottest.Ground, parents, parts []lot.Shape, tolM2, tolM float64) {
	var before, after float64
	for _, s := range parents {
		before += g.Plane.AreaM2(s)
	}
	polys := make([]orb.Polygon, len(parts))
	for i, s := range parts {
		if err := lottest.Sound(g, s); err != nil {
			t.Fatalf("part %d is not valid: %v: %s", i, err, g.WKT(s))
		}
		after += g.Plane.AreaM2(s)
		polys[i] = g.Plane.Polygon(s)
	}
	if math.Abs(before-after) > tolM2 {
		t.Fatalf("%v m² of %v are lost", before-after, before)
	}
	box := polys[0].Bound()
	for _, s := range parents {
		box = box.Union(g.Plane.Polygon(s).Bound())
	}
	random := rand.New(rand.NewPCG(uint64(len(parts)), math.Float64bits(after)))
	for range 30 {
		p := orb.Point{box.Min[0] + random.Float64()*(box.Max[0]-box.Min[0]), box.Min[1] +
			random.Float64()*(box.Max[1]-box.Min[1])}
		want, got := 0, 0
		least := math.Inf(1)
		for _, s := range parents {
			in, near := lottest.Holds(g.Plane.Polygon(s), p)
			if least = min(least, near); in {
				want++
			}
		}
		for _, poly := range polys {
			in, near := lottest.Holds(poly, p)
			if least = min(least, near); in {
				got++
			}
		}
		if least > tolM && got != want {
			t.Fatalf("%v is in %d parts and %d parents", p, got, want)
		}
	}
}

// checkEdges checks that every side of every shape is a side of just one other, the other way round: that they leave no
// gap and no overlap, by number. The outermost ring of the frame is left out.
func checkEdges(t *rapid.T, g lottest.Ground, shapes []lot.Shape, frame lot.Shape) {
	type side struct{ a, b int }
	count := make(map[side]int)
	for _, s := range append(shapes, frame[1:]) {
		for _, ring := range s {
			for i, id := range ring {
				count[side{id, ring[(i+1)%len(ring)]}]++
			}
		}
	}
	for s, n := range count {
		if n != 1 || count[side{s.b, s.a}] != 1 {
			t.Fatalf("the side %v to %v is there %d times one way and %d the other", g.Plane.Point(s.a),
				g.Plane.Point(s.b), n, count[side{s.b, s.a}])
		}
	}
}

// frame is what lies round a parcel: everything within 1 km less its outer ring, and its holes as parcels of their own.
func frame(g lottest.Ground, s lot.Shape) (around lot.Shape, islands []lot.Shape) {
	around = g.Add(lottest.Moved(orb.Polygon{{{-1000, -1000}, {1000, -1000}, {1000, 1000}, {-1000, 1000},
		{-1000, -1000}}}))
	around = append(around, backwards(s[0]))
	for _, hole := range s[1:] {
		islands = append(islands, lot.Shape{backwards(hole)})
	}
	return around, islands
}

// backwards returns a ring run the other way.
func backwards(ring []int) []int {
	out := slices.Clone(ring)
	slices.Reverse(out)
	return out
}
