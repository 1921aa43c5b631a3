package match_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"luodi/geo"
	"luodi/geo/match"
)

func TestCellsCoverTheGroundOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 4))
		ground := star(r, orb.Point{412_000, 4_124_000})
		grid, err := match.NewGrid(ground.Bound(), 20+r.Float64()*100)
		if err != nil {
			rt.Fatal(err)
		}
		sum := 0.0
		for _, p := range grid.Cover([]orb.Polygon{ground}) {
			if p.M2 > grid.CellM2()+1e-6 {
				rt.Fatalf("a piece of %v m² in a cell of %v", p.M2, grid.CellM2())
			}
			sum += p.M2
		}
		if want := planar.Area(ground); math.Abs(sum-want) > 1e-6*want {
			rt.Fatalf("the pieces add up to %v m², the ground is %v", sum, want)
		}
	})
}

// star is a random polygon, seldom convex, with a hole around its centre.
func star(r *rand.Rand, centre orb.Point) orb.Polygon {
	n := 5 + r.IntN(20)
	outer, hole := make(orb.Ring, 0, n+1), make(orb.Ring, 0, n+1)
	for i := range n {
		angle := 2 * math.Pi * float64(i) / float64(n)
		far := 100 + 300*r.Float64()
		outer = append(outer, orb.Point{centre[0] + far*math.Cos(angle), centre[1] + far*math.Sin(angle)})
		hole = append(hole, orb.Point{centre[0] + 20*math.Cos(-angle), centre[1] + 20*math.Sin(-angle)})
	}
	return orb.Polygon{append(outer, outer[0]), append(hole, hole[0])}
}

func TestHeatIsTheMeanByAreaAndNamesTheBest(t *testing.T) {
	t.Parallel()
	grid, err := match.NewGrid(orb.Bound{Min: orb.Point{0, 0}, Max: orb.Point{10, 10}}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	square := func(x, side float64) orb.Polygon {
		return orb.Polygon{{{x, 0}, {x + side, 0}, {x + side, side}, {x, side}, {x, 0}}}
	}
	pieces := grid.Cover([]orb.Polygon{square(0, 10), square(10, 20), square(40, 10)})
	cells := grid.Heat(pieces, []float64{1, .5, math.NaN()}, []float64{1, .5, math.NaN()}, []bool{true, true, true})
	if len(cells) != 1 {
		t.Fatalf("cells %+v", cells)
	}
	c := cells[0]
	if math.Abs(c.Score-(100*1+400*.5)/500) > 1e-9 || c.Best != 0 || c.Top != 1 ||
		math.Abs(c.Coverage-500/grid.CellM2()) > 1e-12 {
		t.Errorf("cell %+v", c)
	}
	if c := grid.Heat(pieces, []float64{1, .5, math.NaN()}, []float64{1, .5, math.NaN()},
		[]bool{false, true, true})[0]; c.Best != 1 || c.Ask {
		t.Errorf("what surely fits is not the best of %+v", c)
	}
	if c := grid.Heat(pieces, []float64{1, .5, math.NaN()}, []float64{1, .5, math.NaN()},
		[]bool{false, false, true})[0]; c.Best != 0 || !c.Ask {
		t.Errorf("nothing surely fits in %+v", c)
	}
}

// TestGroundIsCutTheSameInAnyGrid lays a grid over each of two grounds and one over both: the cells are the same.
func TestGroundIsCutTheSameInAnyGrid(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 4))
		edge := 20 + r.Float64()*100
		grounds := []orb.Polygon{star(r, orb.Point{412_000, 4_124_000}),
			star(r, orb.Point{412_000 + 2000*r.Float64(), 4_124_000 + 2000*r.Float64()})}
		var grids [2]match.Grid
		for i, ground := range grounds {
			var err error
			if grids[i], err = match.NewGrid(ground.Bound(), edge); err != nil {
				rt.Fatal(err)
			}
		}
		both, err := grids[0].Union(grids[1])
		if err != nil {
			rt.Fatal(err)
		}
		moved := append(grids[0].Move(grids[0].Cover(grounds[:1]), both, 0),
			grids[1].Move(grids[1].Cover(grounds[1:]), both, 1)...)
		direct := both.Cover(grounds)
		if len(moved) != len(direct) {
			rt.Fatalf("%d pieces moved, %d cut at once", len(moved), len(direct))
		}
		for i, p := range moved {
			if d := direct[i]; p.Place != d.Place || p.Cell != d.Cell || math.Abs(p.M2-d.M2) > 1e-5 {
				rt.Fatalf("piece %d is %+v, cut at once %+v", i, p, d)
			}
		}
	})
}

func TestAHoneycombHasLimits(t *testing.T) {
	t.Parallel()
	box := orb.Bound{Min: orb.Point{0, 0}, Max: orb.Point{10_000, 10_000}}
	for _, edge := range []float64{0, -1, math.NaN(), math.Inf(1), 1} {
		if _, err := match.NewGrid(box, edge); !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("an edge of %v was taken", edge)
		}
	}
}

func BenchmarkHeat(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 6))
	places := make([]orb.Polygon, 0, 100_000)
	scores := make([]float64, 0, 100_000)
	for i := range 316 {
		for j := range 316 {
			x, y := float64(i)*32, float64(j)*32
			places = append(places, orb.Polygon{{{x, y}, {x + 30, y}, {x + 30, y + 30}, {x, y + 30}, {x, y}}})
			scores = append(scores, r.Float64())
		}
	}
	grid, err := match.NewGrid(orb.Bound{Max: orb.Point{10_112, 10_112}}, 45)
	if err != nil {
		b.Fatal(err)
	}
	pieces := grid.Cover(places)
	b.Run("cover", func(b *testing.B) {
		for b.Loop() {
			grid.Cover(places)
		}
	})
	b.Run("heat", func(b *testing.B) {
		b.ReportMetric(float64(grid.Columns*grid.Rows), "cells")
		for b.Loop() {
			grid.Heat(pieces, scores, scores, make([]bool, len(scores)))
		}
	})
}
