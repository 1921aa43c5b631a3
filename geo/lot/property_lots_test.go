package lot_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"luodi/geo/lot"
)

// roadsBy draws roads: most along runs of a parcel's sides, half their width off, and some anywhere.
func (d dice) roadsBy(g ground, s lot.Shape) []lot.Road {
	var roads []lot.Road
	for range d.int(1, 4) {
		wide := []float64{0, 6, 12.5, 36}[d.int(0, 3)]
		if d.int(0, 4) == 0 {
			roads = append(roads, lot.Road{Line: d.line(4), WidthM: wide})
			continue
		}
		first, n := d.int(0, len(s[0])-1), d.int(1, len(s[0])-1)
		var line orb.LineString
		for k := range n {
			p, q := g.plane.Point(s[0][(first+k)%len(s[0])]), g.plane.Point(s[0][(first+k+1)%len(s[0])])
			long := math.Hypot(q[0]-p[0], q[1]-p[1])
			x, y := (q[1]-p[1])/long*wide/2, -(q[0]-p[0])/long*wide/2
			line = append(line, orb.Point{p[0] + x, p[1] + y}, orb.Point{q[0] + x, q[1] + y})
		}
		roads = append(roads, lot.Road{Line: line, WidthM: wide})
	}
	return roads
}

// lotsOf draws what is wanted of a parcel.
func (d dice) lotsOf(areaM2 float64) lot.Wanted {
	want := lot.Wanted{
		AreaM2:         areaM2 * d.float(0.02, 0.9),
		LeastFrontageM: d.float(0.5, 25),
		LeastDepth:     []float64{0, 0.2, 0.5}[d.int(0, 2)],
		MostDepth:      []float64{0, 2, 5}[d.int(0, 2)],
		LeastRestM2:    []float64{0, 50}[d.int(0, 1)],
		RestFrontageM:  []float64{0, 4}[d.int(0, 1)],
		ToleranceM:     []float64{0.1, 1, 3}[d.int(0, 2)],
		Most:           d.int(1, 6),
	}
	if d.int(0, 9) == 0 {
		want.AreaM2 = areaM2
	}
	return want
}

func TestAnyCarvedLotIsWhatWasAskedFor(t *testing.T) {
	count := newTally()
	offered := 0
	rapid.Check(t, func(rt *rapid.T) {
		for range soak(1, 7) {
			g, s, dice := fresh(rt, t)
			want := dice.lotsOf(g.plane.AreaM2(s))
			if want.AreaM2 <= 1 {
				return
			}
			roads := dice.roadsBy(g, s)
			before := *g.plane.Clone()
			offers, err := lot.Carve(g.plane, s, roads, want, lot.Rules{SnapM: 0.01})
			if !count.took(rt, err, lot.NoFrontage, lot.NoRoom, lot.NoRest, lot.TooSmall) {
				checkShort(rt, g, s, roads, want, err)
				continue
			}
			if len(offers) == 0 || len(offers) > want.Most || before.Len() != g.plane.Len() {
				rt.Fatalf("%d offers of %d, %d vertices, were %d", len(offers), want.Most, g.plane.Len(), before.Len())
			}
			offered += len(offers)
			for i, o := range offers {
				if err := checkOffer(g, s, roads, want, o); err != nil {
					rt.Fatalf("offer %d of %+v: %v: %s", i, want, err, g.wkt(s))
				}
			}
		}
	})
	t.Logf("%d offers", offered)
	count.most(t, 0.3)
}

// checkShort checks that a refusal for want of frontage is true of the parcel, when it says so of the parcel.
func checkShort(t *rapid.T, g ground, s lot.Shape, roads []lot.Road, want lot.Wanted, err error) {
	var r *lot.Refused
	if !errors.As(err, &r) || r.Field == "" || r.Expected == "" || r.Got == "" {
		t.Fatalf("says too little: %v", err)
	}
	f, ferr := lot.Frontage(g.plane, s, roads, want.ToleranceM)
	if ferr != nil {
		t.Fatal(ferr)
	}
	if short := f.Longest().LengthM < want.LeastFrontageM; short != (r.Reason == lot.NoFrontage && r.At == nil) {
		t.Fatalf("the parcel fronts %v m of %v: %v", f.Longest().LengthM, want.LeastFrontageM, err)
	}
}

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
		g := newGround(t)
		s := g.parcel(c.parcel)
		for _, turned := range []bool{false, true} {
			if turned {
				slices.Reverse(s[0])
			}
			got, err := lot.Frontage(g.plane, s, []lot.Road{{Line: line(c.road), WidthM: c.wide}}, 2)
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
	g := newGround(t)
	s := g.parcel("POLYGON((0 0, 100 0, 100 50, 0 50, 0 0))")
	roads := []lot.Road{{Line: line("LINESTRING(-50 -10, 60 -10)"), WidthM: 18},
		{Line: line("LINESTRING(40 -10, 150 -10)"), WidthM: 18}, {Line: line("LINESTRING(0 56, 30 56)"), WidthM: 12}}
	got, err := lot.Frontage(g.plane, s, roads, 1)
	if err != nil || math.Abs(got.TotalM-100-30-math.Sqrt(13)) > 1e-6 || len(got.Stretches) != 3 ||
		got.Longest().Road != 0 {
		t.Errorf("%+v, %v", got, err)
	}
	deep, wide := lot.Depth(g.plane, s, got.Longest())
	if math.Abs(deep-50) > 1e-9 || math.Abs(wide-100) > 1e-9 {
		t.Errorf("%v deep, %v wide", deep, wide)
	}
}
