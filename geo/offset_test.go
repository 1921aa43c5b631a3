package geo_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"luodi/geo"
)

// apart is the distance between two places near each other, in metres to 1 %.
func apart(a, b orb.Point) float64 {
	const degreeM = 111_320
	return degreeM * math.Hypot((a.Lon()-b.Lon())*math.Cos(a.Lat()*math.Pi/180), a.Lat()-b.Lat())
}

func TestOffsetsOfOneKnownPlace(t *testing.T) {
	t.Parallel()
	wgs84, gcj02, bd09 := orb.Point{122.1153583, 37.5120328}, orb.Point{122.1204275, 37.5130732},
		orb.Point{122.1269695, 37.5188934}
	for name, c := range map[string]struct{ got, want orb.Point }{
		"GCJ-02 from WGS 84": {geo.GCJ02FromWGS84(wgs84), gcj02},
		"BD-09 from GCJ-02":  {geo.BD09FromGCJ02(gcj02), bd09},
		"BD-09 from WGS 84":  {geo.BD09FromWGS84(wgs84), bd09},
		"WGS 84 from GCJ-02": {geo.WGS84FromGCJ02(gcj02), wgs84},
		"GCJ-02 from BD-09":  {geo.GCJ02FromBD09(bd09), gcj02},
		"WGS 84 from BD-09":  {geo.WGS84FromBD09(bd09), wgs84},
	} {
		if m := apart(c.got, c.want); m > 1 {
			t.Errorf("%s: got %v, which is %.2f m off", name, c.got, m)
		}
	}
}

func TestOffsetsComeBackWithinACentimetre(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := orb.Point{rapid.Float64Range(73.5, 135.1).Draw(t, "lon"), rapid.Float64Range(3, 53.6).Draw(t, "lat")}
		if m := apart(geo.WGS84FromGCJ02(geo.GCJ02FromWGS84(p)), p); m > 0.01 {
			t.Fatalf("over GCJ-02 %v comes back %v m off", p, m)
		}
		if m := apart(geo.GCJ02FromBD09(geo.BD09FromGCJ02(p)), p); m > 0.01 {
			t.Fatalf("over BD-09 %v comes back %v m off", p, m)
		}
		if m := apart(geo.WGS84FromBD09(geo.BD09FromWGS84(p)), p); m > 0.01 {
			t.Fatalf("over both %v comes back %v m off", p, m)
		}
		if m := apart(geo.GCJ02FromWGS84(p), p); m < 10 || m > 1500 {
			t.Fatalf("GCJ-02 moves %v by %v m", p, m)
		}
	})
}

// What is undone and moved again is the same place, wherever a map says it is: but for the rim of the rectangle.
func TestUndoneOffsetsMoveBack(t *testing.T) {
	t.Parallel()
	const mostDeg = 1e-9
	rapid.Check(t, func(t *rapid.T) {
		p := orb.Point{rapid.Float64Range(72.05, 137.78).Draw(t, "lon"), rapid.Float64Range(0.88, 55.78).Draw(t, "lat")}
		for _, o := range geo.MapOffsets() {
			again := o.Move(o.Undo(p))
			if d := math.Hypot(again.Lon()-p.Lon(), again.Lat()-p.Lat()); !(d <= mostDeg) {
				t.Fatalf("%s: %v, undone and moved again, is %v: %g degrees off", o, p, again, d)
			}
			if !o.Moves(p) || o.Moves(orb.Point{2.35, 48.85}) || geo.MapOffset("").Moves(p) {
				t.Fatalf("%s: where it moves", o)
			}
		}
	})
}

func TestPlacesOutsideChinaStay(t *testing.T) {
	t.Parallel()
	for _, p := range []orb.Point{{2.35, 48.85}, {139.7, 35.7}, {-122, 37}, {72, 30}, {100, 0.5}, {100, 56}, {nan, 37},
		{122, nan}, {inf, -inf}} {
		for name, move := range map[string]func(orb.Point) orb.Point{
			"GCJ02FromWGS84": geo.GCJ02FromWGS84, "WGS84FromGCJ02": geo.WGS84FromGCJ02,
			"BD09FromGCJ02": geo.BD09FromGCJ02,
			"GCJ02FromBD09": geo.GCJ02FromBD09, "BD09FromWGS84": geo.BD09FromWGS84, "WGS84FromBD09": geo.WGS84FromBD09,
		} {
			if got := move(p); fmt.Sprint(got) != fmt.Sprint(p) {
				t.Errorf("%s moved %v to %v", name, p, got)
			}
		}
	}
}

func BenchmarkWGS84FromBD09(b *testing.B) {
	for b.Loop() {
		geo.WGS84FromBD09(orb.Point{122.1269695, 37.5188934})
	}
}

func ExampleGCJ02FromWGS84() {
	p := geo.GCJ02FromWGS84(orb.Point{122.1153583, 37.5120328})
	fmt.Printf("%.5f %.5f\n", p.Lon(), p.Lat())
	// Output: 122.12042 37.51307
}
