package geo

import (
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"github.com/paulmach/orb/planar"
)

func TestAPointInsideLiesInside(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"POLYGON((0 0,10 0,10 10,0 10,0 0))",
		"POLYGON((0 0,10 0,10 10,9 10,9 1,1 1,1 10,0 10,0 0))",
		"POLYGON((0 0,10 0,10 10,0 10,0 0),(1 1,1 9,8 9,8 1,1 1))",
		"POLYGON((0 0,10 5,0 10,9.99 5,0 0))",
		"POLYGON((40600000 4123600,40600100 4123601,40600050 4123700,40600000 4123600))",
	} {
		p, err := wkt.UnmarshalPolygon(text)
		if err != nil {
			t.Fatal(err)
		}
		if at := PointInside(p); !planar.PolygonContains(p, at) {
			t.Errorf("%s: %v", text, at)
		}
	}
	if at := PointInside(orb.Polygon{{{3, 4}, {5, 4}, {3, 4}}}); at != (orb.Point{3, 4}) {
		t.Errorf("a line gives %v", at)
	}
	PointInside(nil)
}
