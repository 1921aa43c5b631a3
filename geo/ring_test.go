package geo_test

import (
	"fmt"
	"math"
	"strconv"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"luodi/geo"
)

func TestOrientTurnsRingsAsServed(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"POLYGON((0 0,1 0,1 1,0 0))": "POLYGON((0 0,1 0,1 1,0 0))",
		"POLYGON((0 0,1 1,1 0,0 0))": "POLYGON((0 0,1 0,1 1,0 0))",
		"POLYGON((0 0,9 0,9 9,0 0),(3 1,4 1,4 2,3 1))": "POLYGON((0 0,9 0,9 9,0 0),(3 1,4 2,4 " +
			"1,3 1))",
		"POLYGON((0 0,9 9,9 0,0 0),(3 1,4 2,4 1,3 1))": "POLYGON((0 0,9 0,9 9,0 0),(3 1,4 2,4 " +
			"1,3 1))",
		"POLYGON((0 0,1 1,2 2,0 0))": "POLYGON((0 0,1 1,2 2,0 0))",
		"POLYGON((41500000 4e6,41500001 4000001,41500001 4e6,41500000 4e6))": "POLYGON((41500000 4e6,41500001 " +
			"4e6,41500001 4000001,41500000 4e6))",
	} {
		p := shape(t, in).(orb.Polygon)
		before := p.Clone()
		if got := geo.Orient(p); !got.Equal(shape(t, want).(orb.Polygon)) {
			t.Errorf("%s: got %v", in, got)
		}
		if !p.Equal(before) {
			t.Errorf("%s was changed in place", in)
		}
	}
	if got := geo.Orient(nil); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

func TestPlanarMeasures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		wkt             string
		area, perimeter float64
	}{
		{"POLYGON((0 0,4 0,4 3,0 3,0 0))", 12, 14},
		{"POLYGON((0 0,0 3,4 3,4 0,0 0),(1 1,2 1,2 2,1 2,1 1))", 11, 18},
		{"POLYGON((0 0,4 0,0 0))", 0, 8},
		{"POLYGON((41500000 4120000,41500004 4120000,41500004 4120003,41500000 4120003,41500000 4120000))", 12, 14},
		{"POLYGON EMPTY", 0, 0},
	} {
		p := shape(t, c.wkt).(orb.Polygon)
		if area, length := geo.PlanarArea(p), geo.PlanarPerimeter(p); area != c.area || length != c.perimeter {
			t.Errorf("%s: got %v and %v", c.wkt, area, length)
		}
	}
	if got := geo.Orientation(orb.Ring{{0, 0}, {1, 0}, {0, 1}}); got != orb.CCW {
		t.Errorf("an open ring runs %v", got)
	}
	if got := geo.Orientation(nil); got != 0 {
		t.Errorf("nothing runs %v", got)
	}
}

func TestGridPointsPrintAndReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		deg := rapid.Float64Range(-180, 180).Draw(t, "deg")
		snapped := geo.SnapDegrees(deg)
		back, err := strconv.ParseFloat(strconv.FormatFloat(snapped, 'f', 9, 64), 64)
		if err != nil || back != snapped {
			t.Fatalf("%v snaps to %v, which reads back as %v", deg, snapped, back)
		}
		if geo.SnapDegrees(snapped) != snapped || math.Abs(snapped-deg) > 0.5001e-9 {
			t.Fatalf("%v snaps to %v and then to %v", deg, snapped, geo.SnapDegrees(snapped))
		}
	})
}

func TestSnapLeavesItsArgumentAlone(t *testing.T) {
	t.Parallel()
	line := orb.LineString{{122.0300000001, 37.2500000009}, {1.0000000005, -1e-10}}
	got := geo.Snap(line).(orb.LineString)
	if got[0] != (orb.Point{122.03, 37.250000001}) || line[0] != (orb.Point{122.0300000001, 37.2500000009}) {
		t.Errorf("got %v from %v", got, line)
	}
	if geo.Snap(nil) != nil || geo.Snap(orb.Point{1.5e-10, 2}) != (orb.Point{0, 2}) {
		t.Error("nil or a point snaps wrongly")
	}
}

func BenchmarkOrient(b *testing.B) {
	for _, n := range []int{10, 1000} {
		b.Run(fmt.Sprintf("points=%d", n), func(b *testing.B) {
			ring := make(orb.Ring, n)
			for i := range ring {
				sin, cos := math.Sincos(-2 * math.Pi * float64(i) / float64(n))
				ring[i] = orb.Point{cos, sin}
			}
			for b.Loop() {
				geo.Orient(orb.Polygon{ring})
			}
		})
	}
}

func ExampleOrient() {
	fmt.Println(geo.Orient(orb.Polygon{{{0, 0}, {0, 1}, {1, 1}, {0, 0}}}))
	// Output: [[[0 0] [1 1] [0 1] [0 0]]]
}
