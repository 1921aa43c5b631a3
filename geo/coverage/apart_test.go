package coverage_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"

	"luodi/geo/coverage"
)

// The bound is never below what two polygons share, as simplefeatures cuts them, and of neighbours in a tiling of
// convex parcels it tells that they share nothing.
func TestSharedAtMostIsABound(t *testing.T) {
	t.Parallel()
	shared, told := 0, 0
	for i := range 3000 {
		r := rand.New(rand.NewPCG(uint64(i), 48))
		p, q := star(r, 0, 0), star(r, 2*r.Float64(), 2*r.Float64())
		both, err := geom.Intersection(asGeometry(t, p), asGeometry(t, q))
		if err != nil {
			t.Fatal(err)
		}
		bound := coverage.SharedAtMost(p, q, 0)
		if both.Area() > bound+1e-9 {
			t.Fatalf("case %d: %f shared, bound %f", i, both.Area(), bound)
		}
		if both.Area() > 0 {
			shared++
		} else if bound == 0 {
			told++
		}
	}
	if shared < 500 || told < 200 {
		t.Errorf("%d of the pairs share ground, of %d it is told that they don't", shared, told)
	}
	neighbours := grid(rand.New(rand.NewPCG(1, 49)), 4, 4, 30, 30, 0.3).exact()
	for i, a := range neighbours {
		for _, b := range neighbours[:i] {
			if bound := coverage.SharedAtMost(a.Rings[0], b.Rings[0], 1e-6); bound > 1e-6 {
				t.Errorf("neighbours share at most %f", bound)
			}
		}
	}
}

func star(r *rand.Rand, x, y float64) orb.Ring {
	var ring orb.Ring
	n := 3 + r.IntN(7)
	for j := range n {
		sin, cos := math.Sincos(2 * math.Pi * (float64(j) + 0.9*r.Float64()) / float64(n))
		d := 0.3 + 0.7*r.Float64()
		ring = append(ring, orb.Point{eastM + x + d*cos, northM + y + d*sin})
	}
	if r.IntN(2) == 0 {
		ring.Reverse()
	}
	return append(ring, ring[0])
}

func asGeometry(t *testing.T, ring orb.Ring) geom.Geometry {
	t.Helper()
	var xys []float64
	for _, p := range ring {
		xys = append(xys, p[0]-eastM, p[1]-northM)
	}
	return geom.NewPolygon([]geom.LineString{geom.NewLineString(geom.NewSequence(xys, geom.DimXY))}).AsGeometry()
}
