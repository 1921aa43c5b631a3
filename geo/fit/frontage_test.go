package fit_test

import (
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"luodi/geo/fit"
	"luodi/geo/lot/lottest"
)

func TestMain(m *testing.M) { lottest.Main(m) }

func TestFrontageIsWhatSeesTheRoad(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, parcel string
		road         string
		wide         float64
		total        float64
		stretches    int
	}{
		{"along one side", "POLYGON((0 0, 100 0, 100 50, 0 50, 0 0))", "LINESTRING(-50 -10, 150 -10)", 20, 100, 1},
		{"too far", "POLYGON((0 0, 100 0, 100 50, 0 50, 0 0))", "LINESTRING(-50 -13, 150 -13)", 20, 0, 0},
		{"part of a side", "POLYGON((0 0, 100 0, 100 50, 0 50, 0 0))", "LINESTRING(-50 -10, 40 -10)", 20, 40 +
			math.Sqrt(12*12-10*10), 1},
		{"round a corner, on two sides", "POLYGON((0 0, 100 0, 100 50, 0 50, 0 0))",
			"LINESTRING(-50 -10, 110 -10, 110 100)", 20, 150, 1},
		{"a bend in the road", "POLYGON((0 0, 100 0, 200 20, 200 90, 0 90, 0 0))",
			"LINESTRING(0 -10, 100.5 -10, 205 10.5)", 20, 100 + math.Hypot(100, 20), 1},
		{"the back of a shallow parcel isn't", "POLYGON((0 0, 100 0, 100 1.5, 0 1.5, 0 0))",
			"LINESTRING(-50 -10, 150 -10)", 20, 100, 1},
		{"an edge", "POLYGON((0 0, 100 0, 100 50, 0 50, 0 0))", "LINESTRING(20 0, 70 0)", 0, 50, 1},
		{"an edge that lies in the land", "POLYGON((0 0, 100 0, 100 50, 0 50, 0 0))", "LINESTRING(20 1, 70 1)", 0, 50,
			1},
		{"a road that ends at the side", "POLYGON((0 0, 100 0, 100 50, 0 50, 0 0))", "LINESTRING(50 -100, 50 -10)", 20,
			2 * math.Sqrt(12*12-10*10), 1},
		{"through a hole", "POLYGON((0 0, 100 0, 100 100, 0 100, 0 0), (20 20, 80 20, 80 80, 20 80, 20 20))",
			"LINESTRING(30 24, 70 24)", 8, 40 + 2*math.Sqrt(6*6-4*4), 1},
		{"crossing", "POLYGON((0 0, 100 0, 100 50, 0 50, 0 0))", "LINESTRING(50 -100, 50 100)", 20, 0, 0},
	}
	for _, c := range cases {
		g := lottest.NewGround(t)
		s := g.Parcel(c.parcel)
		for _, turned := range []bool{false, true} {
			if turned {
				slices.Reverse(s[0])
			}
			got, err := fit.Frontage(g.Plane, s, []fit.Road{{Line: lottest.Line(c.road), WidthM: c.wide}}, 2)
			if err != nil || math.Abs(got.TotalM-c.total) > 1e-6 || len(got.Stretches) != c.stretches {
				t.Errorf("%s: %v m in %d stretches, %v; want %v in %d", c.name, got.TotalM, len(got.Stretches), err,
					c.total, c.stretches)
			}
			for _, s := range got.Stretches {
				if drawn := s.Line; math.Abs(lengthOf(drawn)-s.LengthM) > 1e-6 {
					t.Errorf("%s: %v m drawn as %v", c.name, s.LengthM, drawn)
				}
			}
		}
	}
}

func lengthOf(line orb.LineString) float64 {
	var sum float64
	for i := 1; i < len(line); i++ {
		sum += math.Hypot(line[i][0]-line[i-1][0], line[i][1]-line[i-1][1])
	}
	return sum
}

func TestTwoRoadsCountOnceInTotal(t *testing.T) {
	t.Parallel()
	g := lottest.NewGround(t)
	s := g.Parcel("POLYGON((0 0, 100 0, 100 50, 0 50, 0 0))")
	roads := []fit.Road{{Line: lottest.Line("LINESTRING(-50 -10, 60 -10)"), WidthM: 18},
		{Line: lottest.Line("LINESTRING(40 -10, 150 -10)"), WidthM: 18},
		{Line: lottest.Line("LINESTRING(0 56, 30 56)"), WidthM: 12}}
	got, err := fit.Frontage(g.Plane, s, roads, 1)
	if err != nil || math.Abs(got.TotalM-100-30-math.Sqrt(13)) > 1e-6 || len(got.Stretches) != 3 ||
		got.Longest().Road != 0 {
		t.Errorf("%+v, %v", got, err)
	}
	deep, wide := fit.Depth(g.Plane, s, got.Longest())
	if math.Abs(deep-50) > 1e-9 || math.Abs(wide-100) > 1e-9 {
		t.Errorf("%v deep, %v wide", deep, wide)
	}
}
