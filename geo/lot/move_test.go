package lot_test

import (
	"math"
	"slices"
	"testing"

	"luodi/geo/lot"
	"luodi/geo/lot/lottest"
)

const (
	west = "POLYGON((0 0, 50 0, 50 40, 45 50, 50 60, 50 100, 0 100, 0 0))"
	east = "POLYGON((50 0, 100 0, 100 100, 50 100, 50 60, 45 50, 50 40, 50 0))"
)

func TestMoveBoundary(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		claim, a, b, line string
		wantA, wantB      string
	}{
		{"both sides change, the old ends stay", west, east, "LINESTRING(30 0, 30 100)",
			"(0 0, 30 0, 30 100, 0 100)", "(30 0, 50 0, 100 0, 100 100, 50 100, 30 100)"},
		{"which way the line is drawn doesn't matter", west, east, "LINESTRING(30 100, 30 0)",
			"(0 0, 30 0, 30 100, 0 100)", "(30 0, 50 0, 100 0, 100 100, 50 100, 30 100)"},
		{"the same ends", west, east, "LINESTRING(50 0, 50 100)", "(0 0, 50 0, 50 100, 0 100)",
			"(50 0, 100 0, 100 100, 50 100)"},
		{"one that was second comes second", east, west, "LINESTRING(50 0, 50 100)", "(50 0, 100 0, 100 100, 50 100)",
			"(0 0, 50 0, 50 100, 0 100)"},
		{"the part with most of a parcel's outline is its own, whichever comes first", west, east,
			"LINESTRING(0 5, 50 100)",
			"(0 5, 50 100, 0 100)", "(0 0, 50 0, 100 0, 100 100, 50 100, 0 5)"},
		{"vertices of the old boundary are used again", west, east, "LINESTRING(50 0, 50 40, 45.004 50.003, 50 100)",
			"(0 0, 50 0, 50 40, 45 50, 50 100, 0 100)", "(50 0, 100 0, 100 100, 50 100, 45 50, 50 40)"},
		{"an island grows", "POLYGON((0 0, 100 0, 100 100, 0 100, 0 0), (40 40, 40 60, 60 60, 60 40, 40 40))",
			"POLYGON((40 40, 60 40, 60 60, 40 60, 40 40))",
			"LINESTRING(30 30, 60 40, 60 60, 40 60, 30 30)",
			"(0 0, 100 0, 100 100, 0 100), (30 30, 40 60, 60 60, 60 40)", "(30 30, 60 40, 60 60, 40 60)"},
		{"of two stretches the nearer moves", "POLYGON((0 0, 50 0, 50 40, 40 50, 50 60, 50 100, 0 100, 0 0))",
			"POLYGON((50 0, 100 0, 100 100, 50 100, 50 60, 60 50, 50 40, 50 0))",
			"LINESTRING(20 100, 40 50)", "(0 0, 50 0, 50 40, 40 50, 20 100, 0 100)",
			"(50 0, 100 0, 100 100, 50 100, 20 100, 40 50, 50 60, 60 50, 50 40)"},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			g := lottest.NewGround(t)
			a, b := g.Parcel(c.a), g.Parcel(c.b)
			d := g.Take(lot.MoveBoundary(g.Plane, a, b, lottest.Line(c.line), lottest.Rules))
			if got := g.WKT(d.Parts[0]); got != c.wantA {
				t.Errorf("the first is %s, want %s", got, c.wantA)
			}
			if got := g.WKT(d.Parts[1]); got != c.wantB {
				t.Errorf("the second is %s, want %s", got, c.wantB)
			}
			if lost := g.Plane.AreaM2(a) +
				g.Plane.AreaM2(b) - g.Plane.AreaM2(d.Parts[0]) - g.Plane.AreaM2(d.Parts[1]); math.Abs(lost) > 1e-6 {
				t.Errorf("%v m² are lost", lost)
			}
		})
	}
}

func TestMovedEndsSayWhoseSideTheyLieOn(t *testing.T) {
	t.Parallel()
	g := lottest.NewGround(t)
	a, b := g.Parcel(west), g.Parcel(east)
	d := g.Take(lot.MoveBoundary(g.Plane, a, b, lottest.Line("LINESTRING(30 0, 60 50, 70 100)"), lottest.Rules))
	want := []lot.Edge{{Parcel: 0, From: a[0][0], To: a[0][1]}, {Parcel: 1, From: b[0][2], To: b[0][3]}}
	var got []lot.Edge
	for _, n := range d.New {
		if n.OnEdge {
			got = append(got, n.On)
		}
	}
	if !slices.Equal(got, want) || len(d.New) != 3 {
		t.Errorf("got %v, want %v", d.New, want)
	}
}

func TestMoveBoundaryIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		claim, a, b, line string
		want              lot.Reason
	}{
		{"a line that leaves the two", west, east, "LINESTRING(30 0, 30 50, -10 60, 30 70, 30 100)", lot.LineLeaves},
		{"a line that begins outside", west, east, "LINESTRING(30 -10, 30 100)", lot.LineLeaves},
		{"a line along the outline", west, east, "LINESTRING(30 0, 40 0, 30 100)", lot.LineLeaves},
		{"a line that ends inside", west, east, "LINESTRING(30 0, 30 50)", lot.LineEndsInside},
		{"a line that crosses itself", west, east, "LINESTRING(30 0, 30 60, 40 60, 20 40, 20 100)", lot.LineCrosses},
		{"a part that vanishes", west, east, "LINESTRING(0 0.5, 0.5 0)", lot.TooSmall},
		{"a line that touches the outline midway", west, east, "LINESTRING(30 0, 0 50, 30 100)", lot.SeveralPieces},
		{"parcels apart", west, "POLYGON((200 0, 300 0, 300 100, 200 0))", "LINESTRING(30 0, 30 100)",
			lot.NoSharedEdge},
		{"a line across the stretch that stays", "POLYGON((0 0, 50 0, 50 40, 40 50, 50 60, 50 100, 0 100, 0 0))",
			"POLYGON((50 0, 100 0, 100 100, 50 100, 50 60, 60 50, 50 40, 50 0))",
			"LINESTRING(20 100, 20 30, 70 30, 55 45)", lot.LineCrosses},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			g := lottest.NewGround(t)
			_, err := lot.MoveBoundary(g.Plane, g.Parcel(c.a), g.Parcel(c.b), lottest.Line(c.line), lottest.Rules)
			lottest.Refused(t, err, c.want)
		})
	}
}

func TestNodesEnterTheNeighbours(t *testing.T) {
	t.Parallel()
	g := lottest.NewGround(t)
	s := g.Parcel(square)
	south := g.Parcel("POLYGON((0 0, 0 -50, 100 -50, 100 0, 0 0))")
	north := g.Parcel("POLYGON((-50 100, 200 100, 200 200, -50 200, -50 100))")
	near := g.Parcel("POLYGON((-50 100.0002, 200 100.0002, 200 200, -50 200, -50 100.0002))")
	off := g.Parcel("POLYGON((-100 100.009, 200 100.009, 200 200, -100 200, -100 100.009))")
	away := g.Parcel("POLYGON((300 0, 400 0, 400 100, 300 0))")
	around := g.Parcel("POLYGON((-900 -900, 900 -900, 900 900, -900 900, -900 -900), (0 0, 0 100, 100 100, 100 0, 0 0))")
	d := g.Take(lot.Cut(g.Plane, s, lottest.Line("LINESTRING(40 -10, 60 110)"), lottest.Rules))
	ids := []int{d.New[0].ID, d.New[1].ID}
	for _, c := range []struct {
		claim     string
		neighbour lot.Shape
		want      string
		entered   bool
	}{
		{"an equal side", south, "(0 -50, 100 -50, 100 0, 41.667 0, 0 0)", true},
		{"a longer side", north, "(-50 100, 58.333 100, 200 100, 200 200, -50 200)", true},
		{"a side 0.2 mm off", near, "(58.333 100, 200 100, 200 200, -50 200, -50 100)", true},
		{"a long side 9 mm off, which would take 1.35 m² of ground with it", off,
			"(-100 100.009, 200 100.009, 200 200, -100 200)", false},
		{"no side", away, "(300 0, 400 0, 400 100)", false},
		{"both sides of a hole", around,
			"(-900 -900, 900 -900, 900 900, -900 900), (0 0, 0 100, 58.333 100, 100 100, 100 0, 41.667 0)", true},
	} {
		got, entered := lot.Enter(g.Plane, c.neighbour, ids, lottest.Rules.SnapM)
		if g.WKT(got) != c.want || entered != c.entered {
			t.Errorf("%s: got %s, %v, want %s", c.claim, g.WKT(got), entered, c.want)
		}
		if again, more := lot.Enter(g.Plane, got, ids, lottest.Rules.SnapM); more || g.WKT(again) != c.want {
			t.Errorf("%s: a second time enters more: %s", c.claim, g.WKT(again))
		}
	}
}
