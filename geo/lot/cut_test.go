package lot_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"luodi/geo"
	"luodi/geo/lot"
	"luodi/geo/lot/lottest"
)

const (
	square = "POLYGON((0 0, 100 0, 100 100, 0 100, 0 0))"
	holed  = "POLYGON((0 0, 100 0, 100 100, 0 100, 0 0), (40 40, 40 60, 60 60, 60 40, 40 40))"
	comb   = "POLYGON((0 0, 90 0, 90 60, 70 60, 70 20, 50 20, 50 60, 40 60, 40 20, 20 20, 20 60, 0 60, 0 0))"
)

func TestCut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		claim, parcel, line string
		want                []string
	}{
		{"a line across makes two parts with the nodes in both", square, "LINESTRING(50 -10, 50 110)",
			[]string{"(0 0, 50 0, 50 100, 0 100)", "(50 0, 100 0, 100 100, 50 100)"}},
		{"a line may bend", square, "LINESTRING(50 -10, 50 50, 110 50)",
			[]string{"(0 0, 50 0, 50 50, 100 50, 100 100, 0 100)", "(50 0, 100 0, 100 50, 50 50)"}},
		{"a line from corner to corner uses the corners", square, "LINESTRING(0 0, 100 100)",
			[]string{"(0 0, 100 0, 100 100)", "(0 0, 100 100, 0 100)"}},
		{"a line that begins and ends on sides cuts", square, "LINESTRING(0 30, 100 70)",
			[]string{"(0 0, 100 0, 100 70, 0 30)", "(0 30, 100 70, 100 100, 0 100)"}},
		{"a line within the snapping distance of corners goes through them", square,
			"LINESTRING(0.004 -0.006, 99.995 100.005)",
			[]string{"(0 0, 100 0, 100 100)", "(0 0, 100 100, 0 100)"}},
		{"a line that passes a corner within the distance bends to it", square, "LINESTRING(-50 -50.01, 150 150)",
			[]string{"(0 0, 100 0, 100 100)", "(0 0, 100 100, 0 100)"}},
		{"a line that falls short of a side by less than the distance reaches it", square,
			"LINESTRING(50 0.009, 50 99.992)",
			[]string{"(0 0, 50 0, 50 100, 0 100)", "(50 0, 100 0, 100 100, 50 100)"}},
		{"a line across a comb cuts off every tooth", comb, "LINESTRING(-10 40, 100 40)",
			[]string{"(0 0, 90 0, 90 40, 70 40, 70 20, 50 20, 50 40, 40 40, 40 20, 20 20, 20 40, 0 40)",
				"(70 40, 90 40, 90 60, 70 60)", "(40 40, 50 40, 50 60, 40 60)", "(0 40, 20 40, 20 60, 0 60)"}},
		{"a line along the bottom of the gaps cuts the teeth at their corners", comb, "LINESTRING(-10 20, 100 20)",
			[]string{"(0 0, 90 0, 90 20, 70 20, 50 20, 40 20, 20 20, 0 20)",
				"(70 20, 90 20, 90 60, 70 60)", "(40 20, 50 20, 50 60, 40 60)", "(0 20, 20 20, 20 60, 0 60)"}},
		{"a line through a hole opens it", holed, "LINESTRING(50 -10, 50 110)",
			[]string{"(0 0, 50 0, 50 40, 40 40, 40 60, 50 60, 50 100, 0 100)",
				"(50 0, 100 0, 100 100, 50 100, 50 60, 60 60, 60 40, 50 40)"}},
		{"a hole beside the line stays in its part", holed, "LINESTRING(20 -10, 20 110)",
			[]string{"(0 0, 20 0, 20 100, 0 100)", "(20 0, 100 0, 100 100, 20 100), (40 40, 40 60, 60 60, 60 40)"}},
		{"a line along the side of a hole uses its corners", holed, "LINESTRING(40 -10, 40 110)",
			[]string{"(0 0, 40 0, 40 40, 40 60, 40 100, 0 100)",
				"(40 0, 100 0, 100 100, 40 100, 40 60, 60 60, 60 40, 40 40)"}},
		{"a closed line cuts out an island", square, "LINESTRING(20 20, 40 20, 40 40, 20 40, 20 20)",
			[]string{"(0 0, 100 0, 100 100, 0 100), (20 20, 20 40, 40 40, 40 20)", "(20 20, 40 20, 40 40, 20 40)"}},
		{"a closed line round a hole takes the hole along", holed, "LINESTRING(30 30, 70 30, 70 70, 30 70, 30 30)",
			[]string{"(0 0, 100 0, 100 100, 0 100), (30 30, 30 70, 70 70, 70 30)",
				"(30 30, 70 30, 70 70, 30 70), (40 40, 40 60, 60 60, 60 40)"}},
		{"a line that begins along a side and then enters leaves no needless node", square,
			"LINESTRING(20 0, 50 0, 50 110)",
			[]string{"(0 0, 50 0, 50 100, 0 100)", "(50 0, 100 0, 100 100, 50 100)"}},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			g := lottest.NewGround(t)
			s := g.Parcel(c.parcel)
			d := g.Take(lot.Cut(g.Plane, s, lottest.Line(c.line), lottest.Rules))
			got := make([]string, len(d.Parts))
			for i, part := range d.Parts {
				got[i] = g.WKT(part)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got\n%q, want\n%q", got, c.want)
			}
		})
	}
}

func TestCutIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		claim, parcel, line string
		want                lot.Reason
	}{
		{"a line that misses", square, "LINESTRING(-10 -10, 110 -10)", lot.LineMisses},
		{"a line that touches a corner", square, "LINESTRING(-10 10, 10 -10)", lot.LineTouches},
		{"a line that touches a corner from outside", square, "LINESTRING(-10 -10, 0 0, 10 -10)", lot.LineTouches},
		{"a line along a side", square, "LINESTRING(-10 0, 110 0)", lot.LineTouches},
		{"a line along a side within the snapping distance", square, "LINESTRING(-10 0.005, 110 -0.005)",
			lot.LineTouches},
		{"a line that ends inside", square, "LINESTRING(50 -10, 50 50)", lot.LineEndsInside},
		{"a line wholly inside", square, "LINESTRING(20 20, 50 50)", lot.LineEndsInside},
		{"a line that ends in a hole", holed, "LINESTRING(50 -10, 50 50)", lot.LineEndsInside},
		{"a line from hole to hole",
			"POLYGON((0 0, 100 0, 100 100, 0 100, 0 0), (20 40, 20 60, 40 60, 40 40, 20 40), (60 40, 60 60, 80 60, " +
				"80 40, 60 40))", "LINESTRING(30 50, 70 50)", lot.LineEndsInside},
		{"a line that crosses itself", square, "LINESTRING(50 -10, 50 60, 70 60, 70 40, 30 40, 30 110)",
			lot.LineCrosses},
		{"a line that crosses itself outside", square, "LINESTRING(50 110, 50 -30, 70 -30, 70 -20, 30 -20)",
			lot.LineCrosses},
		{"a line that turns back on itself", square, "LINESTRING(50 -10, 50 50, 50 20)", lot.LineCrosses},
		{"a line that just touches a hole", holed, "LINESTRING(40 -10, 40 40, 20 50, 20 110)", lot.PointContact},
		{"a part below the least area", square, "LINESTRING(-1 2, 2 -1)", lot.TooSmall},
		{"a line that meets a side twice within the snapping distance", square,
			"LINESTRING(20 110, 30 50, 50 -0.011, 50.001 -0.011, 70 50, 80 110)", lot.TooClose},
		{"a sliver", square, "LINESTRING(-10 0.04, 110 0.04)", lot.TooThin},
		{"one point", square, "LINESTRING(50 50, 50 50)", lot.BadLine},
		{"two points that mean one", square, "LINESTRING(0.001 0, 0 0.001)", lot.BadLine},
		{"a parcel that crosses itself", "POLYGON((0 0, 100 100, 100 0, 0 100, 0 0))", "LINESTRING(50 -10, 50 110)",
			lot.BadShape},
		{"a parcel that touches itself", "POLYGON((0 0, 50 0, 100 0, 100 100, 50 0, 0 100, 0 0))",
			"LINESTRING(50 -10, 50 110)", lot.BadShape},
		{"a parcel with a spike", "POLYGON((0 0, 100 0, 150 0, 100 0, 100 100, 0 100, 0 0))",
			"LINESTRING(50 -10, 50 110)", lot.BadShape},
		{"a hole that touches the outer ring at a corner",
			"POLYGON((0 0, 100 0, 100 100, 0 100, 0 0), (0 0, 20 40, 40 20, 0 0))", "LINESTRING(50 -10, 50 110)",
			lot.BadShape},
		{"a hole that touches a side", "POLYGON((0 0, 100 0, 100 100, 0 100, 0 0), (50 0, 20 40, 40 20, 50 0))",
			"LINESTRING(50 -10, 50 110)", lot.BadShape},
		{"a hole outside", "POLYGON((0 0, 100 0, 100 100, 0 100, 0 0), (200 0, 220 40, 240 20, 200 0))",
			"LINESTRING(50 -10, 50 110)", lot.BadShape},
		{"a hole in a hole",
			"POLYGON((0 0, 100 0, 100 100, 0 100, 0 0), (10 10, 10 90, 90 90, 90 10, 10 10), (20 20, 20 40, 40 20, " +
				"20 20))", "LINESTRING(50 -10, 50 110)", lot.BadShape},
		{"a parcel of two points", "POLYGON((0 0, 100 0, 0 0))", "LINESTRING(50 -10, 50 110)", lot.BadShape},
		{"an empty parcel", "POLYGON EMPTY", "LINESTRING(50 -10, 50 110)", lot.BadShape},
		{"a flat parcel", "POLYGON((0 0, 50 0, 100 0, 0 0))", "LINESTRING(50 -10, 50 110)", lot.BadShape},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			g := lottest.NewGround(t)
			d, err := lot.Cut(g.Plane, g.Parcel(c.parcel), lottest.Line(c.line), lottest.Rules)
			r := lottest.Refused(t, err, c.want)
			var invalid *geo.Invalid
			if !errors.As(err, &invalid) || !errors.Is(err, geo.ErrInvalid) || invalid.Field != r.Field ||
				len(d.Parts) > 0 {
				t.Errorf("%v is no invalid value", err)
			}
		})
	}
}

func TestARefusalNamesThePlace(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]orb.Point{
		"LINESTRING(50 -10, 50 50)":              {500_050, 4_120_050},
		"LINESTRING(50 50, 50 -10)":              {500_050, 4_120_050},
		"LINESTRING(-10 -10, 0 0, 10 -10)":       {500_000, 4_120_000},
		"LINESTRING(50 110, 50 50, 50 70, 20 1)": {500_050, 4_120_050},
	} {
		g := lottest.NewGround(t)
		_, err := lot.Cut(g.Plane, g.Parcel(square), lottest.Line(text), lottest.Rules)
		var r *lot.Refused
		if !errors.As(err, &r) || len(r.At) == 0 || r.At[0] != want {
			t.Errorf("%s: %v at %v, want %v", text, err, r.At, want)
		}
	}
}

// The line passes 19 mm beside the point of a hole and bends to it; just there a later stretch of it comes within 5 mm.
func TestALineThatSnappingMakesCrossItselfIsRefused(t *testing.T) {
	t.Parallel()
	g := lottest.NewGround(t)
	s := g.Parcel("POLYGON((0 0, 100 0, 100 100, 0 100, 0 0), (50.019 50, 50.3 20, 50.1 20, 50.019 50))")
	drawn := lottest.Line("LINESTRING(50 -10, 50 110, 80 110, 80 70, 50.005 50.03, 80 60, 110 60)")
	_, err := lot.Cut(g.Plane, s, drawn, lot.Rules{SnapM: 0.02})
	lottest.Refused(t, err, lot.LineCrosses)
	if _, err := lot.Cut(g.Plane, s, drawn, lot.Rules{SnapM: 0.002}); err != nil {
		t.Errorf("with a distance of 2 mm nothing bends: %v", err)
	}
}

func TestDuplicatePointsAndDirectionDontMatter(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"POLYGON((0 0, 0 0, 100 0, 100 100, 100 100, 0 100, 0 0))",
		"POLYGON((0 0, 0 100, 100 100, 100 0, 0 0))",
		"POLYGON((0 0, 30 0, 70 0, 100 0, 100 100, 0 100, 0 0))",
	} {
		g := lottest.NewGround(t)
		d := g.Take(lot.Cut(g.Plane, g.Parcel(text), lottest.Line("LINESTRING(50 -10, 50 110)"), lottest.Rules))
		if areas := g.Areas(d.Parts); len(areas) != 2 || areas[0] != 5000 || areas[1] != 5000 {
			t.Errorf("%s: %v", text, areas)
		}
	}
}

func TestVerticesKeepTheirNumbersAndNewOnesSayWhereTheyLie(t *testing.T) {
	t.Parallel()
	g := lottest.NewGround(t)
	s := g.Parcel(square)
	before := g.Plane.Len()
	d := g.Take(lot.Cut(g.Plane, s, lottest.Line("LINESTRING(50 -10, 50 50, 110 50)"), lottest.Rules))
	want := []lot.Node{
		{ID: before, XY: orb.Point{500_050, 4_120_000}, OnEdge: true, On: lot.Edge{From: s[0][0], To: s[0][1]}},
		{ID: before + 1, XY: orb.Point{500_100, 4_120_050}, OnEdge: true, On: lot.Edge{From: s[0][1], To: s[0][2]}},
		{ID: before + 2, XY: orb.Point{500_050, 4_120_050}},
	}
	if !slices.Equal(d.New, want) {
		t.Errorf("got %+v, want %+v", d.New, want)
	}
	if !slices.Equal(d.Parts[0][0], []int{s[0][0], before, before + 2, before + 1, s[0][2], s[0][3]}) {
		t.Errorf("part 0 is %v", d.Parts[0])
	}
}

func TestALineTakesTheNeighboursVertexWithinTheDistance(t *testing.T) {
	t.Parallel()
	g := lottest.NewGround(t)
	s := g.Parcel(square)
	neighbour := g.Vertex(50.008, 0)
	r := lottest.Rules
	r.Near = []int{neighbour}
	d := g.Take(lot.Cut(g.Plane, s, lottest.Line("LINESTRING(50 -10, 50 110)"), r))
	if len(d.New) != 1 || !slices.Contains(d.Parts[0][0], neighbour) || !slices.Contains(d.Parts[1][0], neighbour) {
		t.Errorf("%v, new %v", d.Parts, d.New)
	}
}

func TestBadRulesAreRefused(t *testing.T) {
	t.Parallel()
	g := lottest.NewGround(t)
	s := g.Parcel(square)
	for _, r := range []lot.Rules{{}, {SnapM: 0.03}, {SnapM: math.NaN()}, {SnapM: 0.01, LeastM2: -1},
		{SnapM: 0.01, LeastWidthM: math.NaN()}, {SnapM: 0.01, Near: []int{99}}} {
		_, err := lot.Cut(g.Plane, s, lottest.Line("LINESTRING(50 -10, 50 110)"), r)
		lottest.Refused(t, err, lot.BadRules)
	}
	_, err := lot.Cut(g.Plane, lot.Shape{{0, 1, 77}}, lottest.Line("LINESTRING(50 -10, 50 110)"), lottest.Rules)
	lottest.Refused(t, err, lot.BadShape)
	_, err = lot.Cut(g.Plane, s, []orb.Point{{0, 0}, {math.NaN(), 0}}, lottest.Rules)
	lottest.Refused(t, err, lot.BadLine)
	for _, bad := range []orb.Point{{math.NaN(), 0}, {0, math.Inf(1)}, {1e9, 0}} {
		_, err := g.Plane.Vertex(bad)
		lottest.Refused(t, err, lot.BadShape)
	}
}
