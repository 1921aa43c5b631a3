package lot_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"luodi/geo"
	"luodi/geo/lot"
)

func area(m orb.MultiPolygon) float64 {
	var sum float64
	for _, p := range m {
		sum += geo.PlanarArea(p)
	}
	return sum
}

func TestSetback(t *testing.T) {
	t.Parallel()
	all := func(d float64) [][]float64 { return [][]float64{{d}} }
	cases := []struct {
		name, parcel string
		distance     [][]float64
		m2           float64
		parts        int
	}{
		{"none", "POLYGON((0 0, 100 0, 100 100, 0 100, 0 0))", all(0), 10000, 1},
		{"all round", "POLYGON((0 0, 100 0, 100 100, 0 100, 0 0))", all(10), 6400, 1},
		{"clockwise", "POLYGON((0 0, 0 100, 100 100, 100 0, 0 0))", all(10), 6400, 1},
		{"another for each side", "POLYGON((0 0, 100 0, 100 100, 0 100, 0 0))", [][]float64{{20, 5, 10, 0}}, 95 * 70,
			1},
		{"a corner that points in is mitred", "POLYGON((0 0, 100 0, 100 40, 40 40, 40 100, 0 100, 0 0))", all(10),
			80*20 + 20*60, 1},
		{"a hole", "POLYGON((0 0, 100 0, 100 100, 0 100, 0 0), (40 40, 60 40, 60 60, 40 60, 40 40))", all(5),
			90*90 - 30*30, 1},
		{"a neck that closes",
			"POLYGON((0 0, 40 0, 40 15, 60 15, 60 0, 100 0, 100 40, 60 40, 60 25, 40 25, 40 40, 0 40, 0 0))", all(6),
			2 * 28 * 28, 2},
		{"beside the neck, deep on one side of it",
			"POLYGON((0 0, 40 0, 40 15, 60 15, 60 0, 100 0, 100 40, 60 40, 60 25, 40 25, 40 40, 0 40, 0 0))",
			[][]float64{{0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0}}, 3200, 2},
	}
	for _, c := range cases {
		g := newGround(t)
		got, err := lot.Setback(g.plane, g.parcel(c.parcel), c.distance)
		if err != nil || len(got) != c.parts || math.Abs(area(got)-c.m2) > 0.01 {
			t.Errorf("%s: %v m² in %d parts, %v; want %v in %d", c.name, area(got), len(got), err, c.m2, c.parts)
		}
	}
}

func TestSetbackIsRefused(t *testing.T) {
	t.Parallel()
	g := newGround(t)
	s := g.parcel("POLYGON((0 0, 100 0, 100 100, 0 100, 0 0))")
	for _, c := range []struct {
		distance [][]float64
		want     lot.Reason
	}{
		{[][]float64{{50}}, lot.NothingLeft},
		{[][]float64{{-1}}, lot.BadRequest},
		{[][]float64{{math.NaN()}}, lot.BadRequest},
		{[][]float64{{1, 2, 3}}, lot.BadRequest},
		{[][]float64{{1, 1, 1, 1}, {1}}, lot.BadRequest},
		{nil, lot.BadRequest},
	} {
		_, err := lot.Setback(g.plane, s, c.distance)
		refused(t, err, c.want)
	}
	_, err := lot.Setback(g.plane, lot.Shape{{0, 1, 1, 2}}, [][]float64{{1}})
	refused(t, err, lot.BadShape)
}

// What is left lies in the parcel, no nearer to any side than its setback, and what lies well further from all sides,
// and from the mitres, is left.
func TestAnySetbackIsKept(t *testing.T) {
	count := newTally()
	rapid.Check(t, func(rt *rapid.T) {
		g, s, dice := fresh(rt, t)
		distance := make([][]float64, len(s))
		var most float64
		for i, ring := range s {
			for range ring {
				d := dice.float(0, 15)
				distance[i] = append(distance[i], d)
				most = max(most, d)
			}
		}
		got, err := lot.Setback(g.plane, s, distance)
		if !count.took(rt, err, lot.NothingLeft, lot.BadShape) {
			return
		}
		poly := g.plane.Polygon(s)
		for range 40 {
			p := orb.Point{far[0] + dice.float(-150, 150), far[1] + dice.float(-150, 150)}
			in, near := holds(poly, p)
			within, edge := false, math.Inf(1)
			for _, part := range got {
				inside, d := holds(part, p)
				within, edge = within || inside, min(edge, d)
			}
			if edge < 0.001 {
				continue
			}
			if within && (!in || !keeps(poly, p, distance)) {
				rt.Fatalf("%v is too near to a side of %s", p, g.wkt(s))
			}
			if in && near > 5*most+0.001 && !within {
				rt.Fatalf("%v is far from all sides and was taken off %s", p, g.wkt(s))
			}
		}
	})
	count.most(t, 0.8)
	if count.refused[lot.BadShape] > 0 {
		t.Errorf("%d sound parcels were refused", count.refused[lot.BadShape])
	}
}

// keeps tells whether p is as far as its distance from every side, straight in front of it.
func keeps(poly orb.Polygon, p orb.Point, distance [][]float64) bool {
	for i, ring := range poly {
		for k := 1; k < len(ring); k++ {
			a, b := ring[k-1], ring[k]
			dx, dy := b[0]-a[0], b[1]-a[1]
			long := math.Hypot(dx, dy)
			on, off := ((p[0]-a[0])*dx+(p[1]-a[1])*dy)/long, ((p[1]-a[1])*dx-(p[0]-a[0])*dy)/long
			if on >= 0 && on <= long && off >= 0 && off < distance[i][k-1]-0.001 {
				return false
			}
		}
	}
	return true
}
