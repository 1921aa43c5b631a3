package geo_test

import (
	"math"
	"strconv"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"pgregory.net/rapid"

	"luodi/geo"
)

// shape reads a geometry from WKT.
func shape(t testing.TB, text string) orb.Geometry {
	t.Helper()
	g, err := wkt.Unmarshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return g
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
	if got := geo.Compactness(100, 40); got != math.Pi/4 {
		t.Errorf("a square is compact by %v", got)
	}
	if got := geo.Compactness(0, 0); !math.IsNaN(got) {
		t.Errorf("nothing is compact by %v", got)
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
