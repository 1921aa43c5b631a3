package coverage_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"

	"luodi/geo"
	"luodi/geo/coverage"
)

func ringsOf(shapes []coverage.Shape) []orb.Polygon {
	out := make([]orb.Polygon, len(shapes))
	for i, s := range shapes {
		out[i] = s.Rings
	}
	return out
}

func shapesOf(rings []orb.Polygon) []coverage.Shape {
	out := make([]coverage.Shape, len(rings))
	for i, r := range rings {
		out[i].Rings = r
	}
	return out
}

type side struct{ a, b orb.Point }

// uncovered says what keeps polygons from being a coverage without gap or overlap, "" if nothing: an edge that two have
// the same way round, edges that meet otherwise than in a common end, or areas that together aren't what the edges that
// no other has go around.
func uncovered(rings []orb.Polygon) string {
	sides := map[side]bool{}
	var area, around float64
	for i, p := range rings {
		area += geo.PlanarArea(p)
		for k, ring := range p {
			ring = slices.Clone(ring)
			if (signed(ring) > 0) != (k == 0) {
				ring.Reverse()
			}
			for j := range len(ring) - 1 {
				s := side{ring[j], ring[j+1]}
				if sides[s] {
					return fmt.Sprintf("shape %d has the edge %v of another the same way round", i, s)
				}
				sides[s] = true
			}
		}
	}
	var tree rtree.RTreeG[side]
	for s := range sides {
		if !sides[side{s.b, s.a}] {
			a, b := orb.Point{s.a[0] - eastM, s.a[1] - northM}, orb.Point{s.b[0] - eastM, s.b[1] - northM}
			around += (a[0]*b[1] - a[1]*b[0]) / 2
		}
		lo := [2]float64{min(s.a[0], s.b[0]), min(s.a[1], s.b[1])}
		hi := [2]float64{max(s.a[0], s.b[0]), max(s.a[1], s.b[1])}
		wrong := ""
		tree.Search(lo, hi, func(_, _ [2]float64, o side) bool {
			if o != (side{s.b, s.a}) && meet(s, o) {
				wrong = fmt.Sprintf("edges %v and %v meet", s, o)
			}
			return wrong == ""
		})
		if wrong != "" {
			return wrong
		}
		tree.Insert(lo, hi, s)
	}
	if math.Abs(area-around) > 1e-6*(1+area) {
		return fmt.Sprintf("together %.6f m², around them %.6f", area, around)
	}
	return ""
}

func signed(r orb.Ring) (sum float64) {
	for i := range len(r) - 1 {
		sum += (r[i][0]-r[0][0])*(r[i+1][1]-r[0][1]) - (r[i+1][0]-r[0][0])*(r[i][1]-r[0][1])
	}
	return sum
}

func meet(s, o side) bool {
	for _, v := range [4][3]orb.Point{{s.a, s.b, o.a}, {s.a, s.b, o.b}, {o.a, o.b, s.a}, {o.a, o.b, s.b}} {
		if within(v[0], v[1], v[2]) {
			return true
		}
	}
	return geo.Orient(s.a, s.b, o.a)*geo.Orient(s.a, s.b, o.b) < 0 &&
		geo.Orient(o.a, o.b, s.a)*geo.Orient(o.a, o.b, s.b) < 0
}

// within reports whether p lies on the edge and is no end of it.
func within(a, b, p orb.Point) bool {
	return p != a && p != b && geo.Orient(a, b, p) == 0 && (p[0]-a[0])*(b[0]-p[0])+(p[1]-a[1])*(b[1]-p[1]) > 0
}

func TestMendMakesACoverageOfRandomTilings(t *testing.T) {
	t.Parallel()
	broken := 0
	for i := range 500 {
		r := rand.New(rand.NewPCG(uint64(i), 43))
		plan, corners := drawn(r, i)
		noise := 0.001 + 0.019*r.Float64()
		tol := 2.05 * noise
		shapes := plan.surveyed(r, noise, corners)
		if uncovered(ringsOf(shapes)) != "" {
			broken++
		}
		got := coverage.Mend(shapes, tol)
		if wrong := uncovered(got.Rings); wrong != "" || len(got.Left) > 0 {
			t.Fatalf("tiling %d, tolerance %.4f: %s, left %v", i, tol, wrong, got.Left)
		}
		checkBounds(t, i, shapes, got, tol)
		if again := coverage.Mend(shapesOf(got.Rings), tol); len(again.Changes)+len(again.Left) > 0 {
			t.Fatalf("tiling %d: the second run changes %+v", i, again.Changes)
		}
		checkOrder(t, i, r, shapes, got, tol)
	}
	if broken < 490 {
		t.Errorf("only %d of the tilings were broken before", broken)
	}
}

// checkBounds holds the result to what Mend states of moves and areas, measured anew.
func checkBounds(t *testing.T, i int, shapes []coverage.Shape, got coverage.Result, tol float64) {
	t.Helper()
	for _, c := range got.Changes {
		was, is := shapes[c.Index].Rings, got.Rings[c.Index]
		before, after := geo.PlanarArea(was), geo.PlanarArea(is)
		if before != c.BeforeM2 || after != c.AfterM2 || c.MoveM > tol ||
			math.Abs(after-before) > 2*tol*max(geo.PlanarPerimeter(was), geo.PlanarPerimeter(is)) {
			t.Fatalf("tiling %d: %+v, measured %f and %f m²", i, c, before, after)
		}
		for _, ring := range was {
			for _, p := range ring {
				if d := nearestVertex(is, p); d > tol {
					t.Fatalf("tiling %d: the vertex %v went %f m, tolerance %f", i, p, d, tol)
				}
			}
		}
	}
}

func nearestVertex(p orb.Polygon, at orb.Point) float64 {
	least := math.Inf(1)
	for _, ring := range p {
		for _, v := range ring {
			least = min(least, math.Hypot(v[0]-at[0], v[1]-at[1]))
		}
	}
	return least
}

// checkOrder mends the same shapes in another order.
func checkOrder(t *testing.T, i int, r *rand.Rand, shapes []coverage.Shape, got coverage.Result, tol float64) {
	t.Helper()
	order := r.Perm(len(shapes))
	other := make([]coverage.Shape, len(shapes))
	for k, from := range order {
		other[k] = shapes[from]
	}
	theirs := coverage.Mend(other, tol)
	for k, from := range order {
		if !slices.EqualFunc(theirs.Rings[k], got.Rings[from], func(a, b orb.Ring) bool { return slices.Equal(a, b) }) {
			t.Fatalf("tiling %d: shape %d depends on the order", i, from)
		}
	}
}
