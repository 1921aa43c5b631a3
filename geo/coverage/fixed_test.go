package coverage_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"luodi/geo"
	"luodi/geo/coverage"
)

// box is a parcel of w × h metres with its lower left corner at x, y from the corner of the land, and further vertices.
func box(x, y, w, h float64) coverage.Shape {
	return ring([2]float64{x, y}, [2]float64{x + w, y}, [2]float64{x + w, y + h}, [2]float64{x, y + h})
}

func ring(places ...[2]float64) coverage.Shape {
	var r orb.Ring
	for _, p := range places {
		r = append(r, orb.Point{eastM + p[0], northM + p[1]})
	}
	return coverage.Shape{Rings: orb.Polygon{append(r, r[0])}}
}

func (f fixed) shape() coverage.Shape {
	return coverage.Shape{Rings: f.Rings, Fixed: true}
}

type fixed coverage.Shape

// Half of a noised tiling is in the park already, as it should be; the rest is brought to it, and it stays.
func TestMendBringsShapesToFixedOnes(t *testing.T) {
	t.Parallel()
	for i := range 200 {
		r := rand.New(rand.NewPCG(uint64(i), 44))
		plan, corners := drawn(r, i)
		noise := 0.001 + 0.019*r.Float64()
		tol := 2.05 * noise
		right, shapes := plan.exact(), plan.surveyed(r, noise, corners)
		for k := range shapes {
			if k < len(shapes)/2 {
				shapes[k] = fixed(right[k]).shape()
			}
		}
		got := coverage.Mend(shapes, tol)
		for k, s := range shapes {
			if s.Fixed && !sameRings(got.Rings[k], s.Rings) {
				t.Fatalf("tiling %d: the fixed shape %d changed", i, k)
			}
		}
		if wrong := uncovered(got.Rings); wrong != "" || len(got.Left) > 0 {
			t.Fatalf("tiling %d, tolerance %.4f: %s, left %v", i, tol, wrong, got.Left)
		}
		again := shapesOf(got.Rings)
		for k := range again {
			again[k].Fixed = shapes[k].Fixed
		}
		if second := coverage.Mend(again, tol); len(second.Changes)+len(second.Left) > 0 {
			t.Fatalf("tiling %d: the second run changes %+v", i, second)
		}
	}
}

func sameRings(p, q orb.Polygon) bool {
	return slices.EqualFunc(p, q, func(a, b orb.Ring) bool { return slices.Equal(a, b) })
}

// A corner beside a fixed edge goes onto that edge, and stays there once it was rounded to the grid of degrees.
func TestMendPutsCornersOnFixedEdges(t *testing.T) {
	t.Parallel()
	live := fixed(box(0, 0, 100, 100)).shape()
	beside := ring([2]float64{100.012, 30}, [2]float64{150, 30}, [2]float64{150, 60}, [2]float64{99.991, 60})
	got := coverage.Mend([]coverage.Shape{live, beside}, 0.02)
	if len(got.Changes) != 1 || math.Abs(got.Changes[0].MoveM-0.012) > 1e-6 {
		t.Fatalf("%+v", got)
	}
	for _, at := range []orb.Point{got.Rings[1][0][0], got.Rings[1][0][3]} {
		if math.Abs(at[0]-eastM-100) > 1e-9 {
			t.Errorf("%v is not on the edge", at)
		}
	}
	rounded := shapesOf(got.Rings)
	rounded[0].Fixed = true
	rounded[1].Rings[0][0][0] += 0.0001
	rounded[1].Rings[0][4] = rounded[1].Rings[0][0]
	if again := coverage.Mend(rounded, 0.02); len(again.Changes) > 0 {
		t.Errorf("what was put on the edge is moved again: %+v", again.Changes)
	}
}

// A chain of vertices, each within the tolerance of the next, doesn't collapse into one.
func TestMendCollapsesNoChain(t *testing.T) {
	t.Parallel()
	var shapes []coverage.Shape
	for k := range 10 {
		x := 0.015 * float64(k)
		shapes = append(shapes, ring([2]float64{x, 0}, [2]float64{x + 5 - 10*float64(k%2), 40 + x}, [2]float64{x, 50}))
	}
	got := coverage.Mend(shapes, 0.02)
	for i, s := range shapes {
		for _, p := range s.Rings[0] {
			if d := nearestVertex(got.Rings[i], p); d > 0.02 {
				t.Errorf("shape %d: %v went %.4f m", i, p, d)
			}
		}
	}
}

// A narrow parcel that stays draws no neighbour over itself, whole or in part.
func TestMendCoversNoNarrowShape(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	off := func() float64 { return 1e-4 * (r.Float64() - 0.5) }
	for range 100 {
		thin := ring([2]float64{off(), off()}, [2]float64{0.015 + off(), off()}, [2]float64{0.015 + off(), 100 + off()},
			[2]float64{off(), 100 + off()})
		for _, beside := range []coverage.Shape{box(0.015, 0, 50, 100), box(0.015, 0, 50, 40), box(0.015, 30, 50, 70)} {
			got := coverage.Mend([]coverage.Shape{thin, beside}, 0.02)
			if m2 := geo.PlanarArea(got.Rings[1]) - geo.PlanarArea(beside.Rings); math.Abs(m2) > 0.1 {
				t.Fatalf("%v changed by %f m²: %v", beside, m2, got.Rings[1])
			}
		}
	}
}

// What would collapse, touch itself or fall apart is left and named; its neighbours are brought to it.
func TestMendLeavesWhatItCannot(t *testing.T) {
	t.Parallel()
	nan := ring([2]float64{0, 0}, [2]float64{math.NaN(), 1}, [2]float64{5, 5})
	for name, c := range map[string]struct {
		shapes []coverage.Shape
		left   int
		why    coverage.Reason
	}{
		"narrower than the tolerance": {[]coverage.Shape{box(0, 0, 0.01, 100), box(0.01, 0, 50, 100)}, 0,
			coverage.Collapses},
		"a neck": {[]coverage.Shape{ring([2]float64{0, 0}, [2]float64{50, 24.995}, [2]float64{100, 0},
			[2]float64{100, 50}, [2]float64{50, 25.005}, [2]float64{0, 50})}, 0, coverage.FallsIn},
		"no number": {[]coverage.Shape{nan}, 0, coverage.Unusable},
		"nothing":   {[]coverage.Shape{{}}, 0, coverage.Unusable},
	} {
		got := coverage.Mend(c.shapes, 0.02)
		if len(got.Left) != 1 || got.Left[0] != (coverage.Left{Index: c.left, Why: c.why}) {
			t.Errorf("%s: left %+v, changes %+v", name, got.Left, got.Changes)
			continue
		}
		if !sameOrNaN(got.Rings[c.left], c.shapes[c.left].Rings) {
			t.Errorf("%s: it changed", name)
		}
		again := coverage.Mend(shapesOf(got.Rings), 0.02)
		if len(again.Changes) > 0 {
			t.Errorf("%s: the second run changes %+v", name, again.Changes)
		}
	}
}

func sameOrNaN(p, q orb.Polygon) bool { return fmt.Sprint(p) == fmt.Sprint(q) }

// Shapes drawn without any sense: whatever comes out, no vertex went too far, no valid shape became invalid, and mended
// again nothing changes.
func TestMendOfNonsense(t *testing.T) {
	t.Parallel()
	left := 0
	for i := range 3000 {
		r := rand.New(rand.NewPCG(uint64(i), 45))
		shapes := make([]coverage.Shape, 2+r.IntN(6))
		for k := range shapes {
			var places [][2]float64
			n := 3 + r.IntN(6)
			size := 0.02 + r.Float64()*r.Float64()
			cx, cy := r.Float64(), r.Float64()
			for j := range n {
				sin, cos := math.Sincos(2 * math.Pi * (float64(j) + 0.8*r.Float64()) / float64(n))
				d := size * (0.1 + r.Float64())
				places = append(places, [2]float64{cx + d*cos, cy + d*sin})
			}
			shapes[k] = ring(places...)
			shapes[k].Fixed = k == 0 && i%2 == 0
		}
		tol := 0.001 + 0.1*r.Float64()
		got := coverage.Mend(shapes, tol)
		left += len(got.Left)
		for _, c := range got.Changes {
			if c.MoveM > 2*tol+0.0002 || geo.PlanarArea(got.Rings[c.Index]) <= 0 {
				t.Fatalf("nonsense %d: %+v, tolerance %f", i, c, tol)
			}
		}
		again := shapesOf(got.Rings)
		for k := range again {
			again[k].Fixed = shapes[k].Fixed
		}
		beyond := slices.ContainsFunc(got.Left, func(l coverage.Left) bool { return l.Why == coverage.TooMuch })
		if more := coverage.Mend(again, tol); len(more.Changes) > 0 && !beyond {
			t.Errorf("nonsense %d: the second run changes %+v, left %+v first %+v", i, more.Changes, more.Left,
				got.Left)
		}
	}
	if left == 0 {
		t.Error("nothing was left: the nonsense makes too much sense")
	}
}

func BenchmarkMend(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 46))
	plan := grid(r, 316, 317, 33, 33, 0.2)
	corners := len(plan.at)
	plan.noded(r)
	exact, noised := plan.exact(), plan.surveyed(r, 0.009, corners)
	for name, shapes := range map[string][]coverage.Shape{"clean": exact, "noised": noised} {
		b.Run(fmt.Sprintf("%s/%d", name, len(shapes)), func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				got := coverage.Mend(shapes, 0.02)
				if len(got.Left) > 0 {
					b.Fatal(got.Left[0])
				}
			}
		})
	}
}
