package lot_test

import (
	"fmt"
	"testing"

	"github.com/paulmach/orb"

	"luodi/geo/lot"
	"luodi/geo/lot/lottest"
)

func BenchmarkCut(b *testing.B) {
	across := lottest.Line("LINESTRING(-500 3, 10 20, 500 -7)")
	lottest.Bench(b, func(g lottest.Ground, s lot.Shape) error {
		_, err := lot.Cut(g.Plane, s, across, lottest.Rules)
		return err
	})
}

func BenchmarkCutArea(b *testing.B) {
	lottest.Bench(b, func(g lottest.Ground, s lot.Shape) error {
		_, err := lot.CutArea(g.Plane, s, 20_000, 33, lot.Left, lottest.Rules)
		return err
	})
}

func BenchmarkCutInto4(b *testing.B) {
	lottest.Bench(b, func(g lottest.Ground, s lot.Shape) error {
		_, err := lot.CutInto(g.Plane, s, 4, 33, lottest.Rules)
		return err
	})
}

func BenchmarkMerge(b *testing.B) {
	for _, n := range lottest.Sizes {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			g := lottest.NewGround(b)
			d := g.Take(lot.CutInto(g.Plane, lottest.BigStar(g, n), 2, 33, lottest.Rules))
			for b.Loop() {
				if _, err := lot.Merge(g.Plane, d.Parts, lottest.Rules); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkMoveBoundary(b *testing.B) {
	for _, n := range lottest.Sizes {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			g := lottest.NewGround(b)
			s := lottest.BigStar(g, n)
			d := g.Take(lot.CutInto(g.Plane, s, 2, 33, lottest.Rules))
			to := []orb.Point{g.Plane.Point(s[0][0]), g.Plane.Point(s[0][n/2])}
			for b.Loop() {
				if _, err := lot.MoveBoundary(g.Plane, d.Parts[0], d.Parts[1], to, lottest.Rules); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEnter(b *testing.B) {
	lottest.Bench(b, func(g lottest.Ground, s lot.Shape) error {
		p, q := g.Plane.Point(s[0][1]), g.Plane.Point(s[0][2])
		id, err := g.Plane.Vertex(orb.Point{(p[0] + q[0]) / 2, (p[1] + q[1]) / 2})
		if err != nil {
			return err
		}
		lot.Enter(g.Plane, s, []int{id}, 0.001)
		return nil
	})
}
