package match_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/planar"
	"github.com/peterstace/simplefeatures/geom"
	"pgregory.net/rapid"

	"luodi/geo/match"
)

// TestPartsOfACellAreTheGroundInIt clips random ground with holes, parts of it with sides along those of the cells, and
// asks an oracle that shares no code with it: each part is valid, none lies outside of its cell, and a cell's parts
// have the area of its piece.
func TestPartsOfACellAreTheGroundInIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 4))
		ground := star(r, orb.Point{412_000, 4_124_000})
		edge := 20 + r.Float64()*100
		if rapid.Bool().Draw(rt, "on the lines of the honeycomb") {
			ground, edge = snapped(ground, 40), 40
		}
		checkParts(rt, ground, edge)
	})
}

// TestGroundInOneCellAndACellInTheGroundAreWhole takes both ends: what a cell holds, and what holds a cell.
func TestGroundInOneCellAndACellInTheGroundAreWhole(t *testing.T) {
	t.Parallel()
	small := orb.Polygon{{{0, 0}, {10, 0}, {10, 10}, {0, 10}, {0, 0}}}
	grid, _ := match.NewGrid(small.Bound(), 1000)
	for cell, parts := range grid.Parts([]orb.Polygon{small}) {
		if len(parts) != 1 || planar.Area(parts[0]) != 100 || len(parts[0][0]) != 5 {
			t.Errorf("cell %d has %v", cell, parts)
		}
	}
	large := orb.Polygon{{{-500, -500}, {500, -500}, {500, 500}, {-500, 500}, {-500, -500}}}
	grid, _ = match.NewGrid(large.Bound(), 50)
	whole := 0
	for _, parts := range grid.Parts([]orb.Polygon{large}) {
		if len(parts) == 1 && math.Abs(planar.Area(parts[0])-grid.CellM2()) < 1e-3 && len(parts[0][0]) == 7 {
			whole++
		}
	}
	if whole < 100 {
		t.Errorf("%d whole cells", whole)
	}
	if got := grid.Parts([]orb.Polygon{{}, {{{0, 0}, {1, 1}, {0, 0}}}}); len(got) != 0 {
		t.Errorf("what is no ground gave %v", got)
	}
}

// snapped puts the vertices of ground on a lattice that the sides of a honeycomb run through; vertices that fall
// together are one. Ground that is no polygon any more stays as it was.
func snapped(p orb.Polygon, step float64) orb.Polygon {
	width := step * math.Sqrt(3) / 2
	out := orb.Polygon{}
	for _, ring := range p {
		var line orb.Ring
		for _, v := range ring[:len(ring)-1] {
			at := orb.Point{math.Round(v[0]/width) * width, math.Round(v[1]/(step/2)) * step / 2}
			if len(line) == 0 || line[len(line)-1] != at {
				line = append(line, at)
			}
		}
		out = append(out, append(line, line[0]))
	}
	for _, try := range []orb.Polygon{out, out[:1]} {
		if g, err := oracle(try); err == nil && g.Validate() == nil && len(try[0]) > 4 {
			return try
		}
	}
	return p
}

func oracle(g orb.Geometry) (geom.Geometry, error) {
	b, err := wkb.Marshal(g)
	if err != nil {
		return geom.Geometry{}, err
	}
	return geom.UnmarshalWKB(b, geom.NoValidate{})
}

func checkParts(rt *rapid.T, ground orb.Polygon, edge float64) {
	grid, err := match.NewGrid(ground.Bound(), edge)
	if err != nil {
		rt.Fatal(err)
	}
	parts := grid.Parts([]orb.Polygon{ground})
	sums := map[int]float64{}
	for _, p := range grid.Cover([]orb.Polygon{ground}) {
		sums[int(p.Cell)] = p.M2
	}
	for cell, polygons := range parts {
		sum := 0.0
		for _, p := range polygons {
			sum += planar.Area(p)
			g, err := oracle(p)
			if err == nil {
				err = g.Validate()
			}
			if err != nil {
				rt.Fatalf("cell %d: %v: %v", cell, err, p)
			}
			for _, v := range p[0] {
				if far := beyond(grid.Hexagon(cell), v); far > 1e-6 {
					rt.Fatalf("cell %d: %v lies %v m outside of it", cell, v, far)
				}
			}
		}
		if math.Abs(sum-sums[cell]) > 1e-2 {
			rt.Fatalf("cell %d: parts of %v m², a piece of %v", cell, sum, sums[cell])
		}
		delete(sums, cell)
	}
	for cell, m2 := range sums {
		if m2 > 1e-2 {
			rt.Fatalf("cell %d has no parts, and a piece of %v m²", cell, m2)
		}
	}
}

// beyond is how far a point lies outside of a convex ring, under 0 inside.
func beyond(ring orb.Ring, p orb.Point) float64 {
	far := math.Inf(-1)
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		far = max(far, ((b[1]-a[1])*(p[0]-a[0])-(b[0]-a[0])*(p[1]-a[1]))/planar.Distance(a, b))
	}
	return far
}

func BenchmarkParts(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 6))
	grounds := make([]orb.Polygon, 0, 1000)
	for i := range 1000 {
		grounds = append(grounds, star(r, orb.Point{float64(i%32) * 800, float64(i/32) * 800}))
	}
	grid, err := match.NewGrid(orb.Bound{Min: orb.Point{-400, -400}, Max: orb.Point{26_000, 26_000}}, 90)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		grid.Parts(grounds)
	}
}
