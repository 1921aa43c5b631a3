package lot_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"luodi/geo/lot"
	"luodi/geo/lot/lottest"
)

// The distance is 10 mm. The drawn points lie 10 to 11.4 mm from the corner, so they don't mean it themselves; but the
// nearest point of the side, or where the bent line crosses it, is within 10 mm of the corner.
func TestACutThatMeetsASideBesideACornerGoesThroughTheCorner(t *testing.T) {
	t.Parallel()
	const (
		wedge = "POLYGON((0 0, 100 0, 100 48, 50 50, 100 60, 100 100, 0 100, 0 0))"
		house = "POLYGON((0 0, 60 0, 60 50, 45 70, 30 50, 0 100, 0 0))"
		right = "POLYGON((100 0, 150 0, 150 100, 100 100, 100 0))"
		below = "POLYGON((0 -50, 50 -50, 50 0, 0 0, 0 -50))"
	)
	for _, c := range []struct {
		claim, parcel, neighbour, line string
		want                           []string
	}{
		{"just before the corner", square, "", "LINESTRING(30 110, 99.992 -0.008)",
			[]string{"(0 0, 100 0, 36.364 100, 0 100)", "(100 0, 100 100, 36.364 100)"}},
		{"just after the corner", square, "", "LINESTRING(-10 30, 100.008 0.008)",
			[]string{"(0 0, 100 0, 0 27.273)", "(100 0, 100 100, 0 100, 0 27.273)"}},
		{"just before the point of a wedge, and on inside", wedge, "", "LINESTRING(-10 20, 50.001 49.99, 110 20)",
			[]string{"(0 0, 100 0, 100 25, 50 50, 0 25)", "(100 25, 100 48, 50 50)",
				"(0 25, 50 50, 100 60, 100 100, 0 100)"}},
		{"just after the point of a wedge, and on inside", wedge, "", "LINESTRING(-10 90, 50 50.0101, 110 90)",
			[]string{"(0 0, 100 0, 100 48, 50 50, 0 83.333)", "(50 50, 100 60, 100 83.333)",
				"(50 50, 100 83.333, 100 100, 0 100, 0 83.333)"}},
		{"just after the corner of a hole", holed, "", "LINESTRING(-10 50, 39.992 40.008, 50 50, 110 50)",
			[]string{"(0 0, 100 0, 100 50, 60 50, 60 40, 40 40, 0 48)",
				"(40 40, 40 60, 60 60, 60 50, 100 50, 100 100, 0 100, 0 48)"}},
		{"just before the corner of a hole", holed, "", "LINESTRING(50 -10, 40.008 39.992, 50 50, 50 110)",
			[]string{"(0 0, 48 0, 40 40, 40 60, 50 60, 50 100, 0 100)",
				"(48 0, 100 0, 100 100, 50 100, 50 60, 60 60, 60 40, 40 40)"}},
		{"at a corner shared with a neighbour", square, right, "LINESTRING(-10 30, 100.008 0.008)",
			[]string{"(0 0, 100 0, 0 27.273)", "(100 0, 100 100, 0 100, 0 27.273)"}},
		{"at a neighbour's corner on the side", square, below, "LINESTRING(70 110, 50.008 -0.008)",
			[]string{"(0 0, 50 0, 68.182 100, 0 100)", "(50 0, 100 0, 100 100, 68.182 100)"}},
		{"where the bend to another corner brings the line close", house, "", "LINESTRING(-10 50, 110 49.975)",
			[]string{"(0 0, 60 0, 60 50, 30 50, 0 50)", "(30 50, 60 50, 45 70)", "(0 50, 30 50, 0 100)"}},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			g := lottest.NewGround(t)
			s, r := g.Parcel(c.parcel), lottest.Rules
			var neighbour lot.Shape
			if c.neighbour != "" {
				neighbour = g.Parcel(c.neighbour)
				r.Near = neighbour[0]
			}
			d := g.Take(lot.Cut(g.Plane, s, lottest.Line(c.line), r))
			var got []string
			for _, part := range d.Parts {
				got = append(got, g.WKT(part))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got\n%q, want\n%q", got, c.want)
			}
			if entered, any := lot.Enter(g.Plane, neighbour, onEdges(d), r.SnapM); any {
				t.Errorf("the neighbour got a vertex beside its corner: %s", g.WKT(entered))
			}
			merged := g.Take(lot.Merge(g.Plane, d.Parts, r)).Parts[0]
			for _, id := range slices.Concat(s...) {
				if !slices.Contains(slices.Concat(merged...), id) {
					t.Errorf("merging dropped the corner %v: %s", g.Plane.Point(id), g.WKT(merged))
				}
			}
		})
	}
}

// onEdges lists the new vertices on the sides of what was cut.
func onEdges(d lot.Division) []int {
	var ids []int
	for _, n := range d.New {
		if n.OnEdge {
			ids = append(ids, n.ID)
		}
	}
	return ids
}

// checkEnds checks that no new vertex lies within the distance of an end of its side.
func checkEnds(t *rapid.T, g lottest.Ground, d lot.Division, snap float64) {
	for _, n := range d.New {
		if !n.OnEdge {
			continue
		}
		for _, id := range []int{n.On.From, n.On.To} {
			p := g.Plane.Point(id)
			if m := math.Hypot(p[0]-n.XY[0], p[1]-n.XY[1]); m < snap-1e-6 {
				t.Fatalf("vertex %d is entered %v m beside the corner %d", n.ID, m, id)
			}
		}
	}
}
