package lot_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"luodi/geo/lot"
)

// bigStar is a parcel of n corners about 300 m across, with seven bays.
func bigStar(g ground, n int) lot.Shape {
	random := rand.New(rand.NewPCG(7, uint64(n)))
	ring := make(orb.Ring, 0, n+1)
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		r := 150 + 20*math.Sin(float64(i)/float64(n)*14*math.Pi) + 0.02*random.Float64()
		ring = append(ring, orb.Point{r * cos, r * sin})
	}
	return g.add(moved(orb.Polygon{append(ring, ring[0])}))
}

var sizes = []int{5, 50, 500, 5000}

func bench(b *testing.B, run func(g ground, s lot.Shape) error) {
	for _, n := range sizes {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			g := newGround(b)
			s := bigStar(g, n)
			for b.Loop() {
				if err := run(g, s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCut(b *testing.B) {
	across := line("LINESTRING(-500 3, 10 20, 500 -7)")
	bench(b, func(g ground, s lot.Shape) error {
		_, err := lot.Cut(g.plane, s, across, rules)
		return err
	})
}

func BenchmarkCutArea(b *testing.B) {
	bench(b, func(g ground, s lot.Shape) error {
		_, err := lot.CutArea(g.plane, s, 20_000, 33, lot.Left, rules)
		return err
	})
}

func BenchmarkCutInto4(b *testing.B) {
	bench(b, func(g ground, s lot.Shape) error {
		_, err := lot.CutInto(g.plane, s, 4, 33, rules)
		return err
	})
}

func BenchmarkMerge(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			g := newGround(b)
			d := g.take(lot.CutInto(g.plane, bigStar(g, n), 2, 33, rules))
			for b.Loop() {
				if _, err := lot.Merge(g.plane, d.Parts, rules); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkMoveBoundary(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			g := newGround(b)
			s := bigStar(g, n)
			d := g.take(lot.CutInto(g.plane, s, 2, 33, rules))
			to := []orb.Point{g.plane.Point(s[0][0]), g.plane.Point(s[0][n/2])}
			for b.Loop() {
				if _, err := lot.MoveBoundary(g.plane, d.Parts[0], d.Parts[1], to, rules); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEnter(b *testing.B) {
	bench(b, func(g ground, s lot.Shape) error {
		p, q := g.plane.Point(s[0][1]), g.plane.Point(s[0][2])
		id, err := g.plane.Vertex(orb.Point{(p[0] + q[0]) / 2, (p[1] + q[1]) / 2})
		if err != nil {
			return err
		}
		lot.Enter(g.plane, s, []int{id}, 0.001)
		return nil
	})
}

func BenchmarkLargestRectangle(b *testing.B) {
	bench(b, func(g ground, s lot.Shape) error {
		_, err := lot.LargestRectangle(g.plane, s, lot.Sides{})
		return err
	})
}
