package geo_test

import (
	"errors"
	"fmt"
	"math"
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

// near reports whether got is within the relative tolerance of want.
func near(got, want, tolerance float64) bool {
	return math.Abs(got-want) <= tolerance*math.Abs(want)
}

// The small areas were computed from the same doubles with 40-digit arithmetic
// (mpmath); an octant of the Earth is an eighth of the ellipsoid's surface.
func TestEllipsoidAreaKeepsItsDigits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		wkt             string
		want, tolerance float64
	}{
		{"POLYGON((122.03 37.25,122.0301 37.25,122.0301 37.2501,122.03 37.2501,122.03 37.25))", 98.462801941941294513,
			1e-9},
		{"POLYGON((122.03 37.25,122.030000001 37.25,122.030000001 37.250000001,122.03 37.25))",
			4.923144122777522792e-9, 1e-4},
		{"POLYGON((122.03 37.25,122.04 37.25,122.04 37.26,122.03 37.26,122.03 37.25))", 984564.42871040966316, 1e-11},
		{"POLYGON((122.03 37.25,122.03 37.26,122.04 37.26,122.04 37.25,122.03 37.25))", 984564.42871040966316, 1e-11},
		{"POLYGON((100 -45,100.001 -45,100.001 -44.9995,100 -45))", 2190.5971355733571114, 1e-10},
		{"POLYGON((0 0,90 0,0 90,0 0))", 510065621718491.19664 / 8, 1e-14},
		{"POLYGON((135 0,-135 0,135 90,135 0))", 510065621718491.19664 / 8, 1e-14},
	} {
		if got, err := geo.EllipsoidArea(shape(t, c.wkt)); err != nil || !near(got, c.want, c.tolerance) {
			t.Errorf("%s: got %.17g, %v, want %.17g", c.wkt, got, err, c.want)
		}
	}
}

func TestHolesAreTakenOffAndPartsAdded(t *testing.T) {
	t.Parallel()
	area := func(text string) float64 {
		m2, err := geo.EllipsoidArea(shape(t, text))
		if err != nil {
			t.Fatal(err)
		}
		return m2
	}
	const outer, hole, apart = "(122 37,122.03 37,122.03 37.03,122 37.03,122 37)",
		"(122.01 37.01,122.02 37.01,122.02 37.02,122.01 37.01)", "(123 38,123.3 38,123.3 38.4,123 38)"
	whole, gap, other := area("POLYGON("+outer+")"), area("POLYGON("+hole+")"), area("POLYGON("+apart+")")
	if got := area("POLYGON(" + outer + "," + hole + ")"); got != whole-gap {
		t.Errorf("with a hole %v, want %v", got, whole-gap)
	}
	want := whole - gap + other
	if got := area("MULTIPOLYGON((" + outer + "," + hole + "),(" + apart + "))"); got != want {
		t.Errorf("of two parts %v, want %v", got, want)
	}
	if got := area("GEOMETRYCOLLECTION(POINT(1 2),POLYGON(" + apart + "),LINESTRING(0 0,1 1))"); got != other {
		t.Errorf("of a collection %v, want %v", got, other)
	}
}

func TestWhatCoversNothingMeasuresZero(t *testing.T) {
	t.Parallel()
	a, b := orb.Point{122, 37}, orb.Point{122.5, 37.5}
	for _, g := range []orb.Geometry{
		nil, a, orb.MultiPoint{a, b}, orb.LineString{a, b}, orb.LineString(nil), orb.MultiLineString{{a, b}, nil},
		orb.Ring{}, orb.Ring{a},
		orb.Ring{a, b}, orb.Ring{a, a, a, a}, orb.Polygon{}, orb.Polygon{{}}, orb.MultiPolygon{}, orb.MultiPolygon{{}},
		orb.Collection{}, a.Bound(),
	} {
		m2, err := geo.EllipsoidArea(g)
		if err != nil || math.Abs(m2) > 1e-4 {
			t.Errorf("%v covers %v m², %v", g, m2, err)
		}
		if _, err := geo.EllipsoidLength(g); err != nil {
			t.Errorf("%v: %v", g, err)
		}
	}
}

func TestPlacesOffTheEarthAreRefused(t *testing.T) {
	t.Parallel()
	for _, bad := range []orb.Point{
		{math.NaN(), 37}, {122, math.NaN()}, {math.Inf(1), 37}, {122, math.Inf(-1)}, {180.1, 0}, {0, 90.1},
		{41_500_000, 4_100_000}, {1e308, 1e308},
	} {
		ring := orb.Ring{{122, 37}, {123, 37}, bad, {122, 37}}
		for _, g := range []orb.Geometry{ring, orb.Polygon{ring}, orb.MultiPolygon{{ring}}, orb.Collection{ring}} {
			if m2, err := geo.EllipsoidArea(g); !errors.Is(err, geo.ErrInvalid) {
				t.Errorf("%v covers %v m², %v", g, m2, err)
			}
		}
		if m, err := geo.EllipsoidDistance(orb.Point{122, 37}, bad); !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%v lies %v m away, %v", bad, m, err)
		}
	}
}

func TestLengthsFollowTheMeridianAndTheEquator(t *testing.T) {
	t.Parallel()
	const quadrantM = 10001965.729312 // of GRS 1980's meridian (Moritz, Geodetic Reference System 1980)
	if m, err := geo.EllipsoidDistance(orb.Point{122, 0}, orb.Point{122, 90}); err != nil ||
		math.Abs(m-quadrantM) > 1e-3 {
		t.Errorf("a quadrant measures %v m, %v", m, err)
	}
	if m, err := geo.EllipsoidDistance(orb.Point{179.5, 0}, orb.Point{-179.5, 0}); err != nil ||
		!near(m, 2*math.Pi*geo.SemiMajorM/360, 1e-12) {
		t.Errorf("a degree of the equator measures %v m, %v", m, err)
	}
	open, err := geo.EllipsoidLength(orb.Ring{{122, 37}, {122.1, 37}, {122.1, 37.1}})
	closed, err2 := geo.EllipsoidLength(orb.Ring{{122, 37}, {122.1, 37}, {122.1, 37.1}, {122, 37}})
	if err != nil || err2 != nil || open != closed {
		t.Errorf("open %v, %v, closed %v, %v", open, err, closed, err2)
	}
}

// Of a plot of 60 m the area changes by less than 1e-8 of itself when it is
// moved along its parallel or begun at another corner.
func TestAreaDependsNeitherOnLongitudeNorOnTheFirstCorner(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, s := rapid.Float64Range(-179, 179).Draw(t, "w"), rapid.Float64Range(-79, 79).Draw(t, "s")
		h := rapid.Float64Range(0.0005, 0.3).Draw(t, "size")
		corners := [4]orb.Point{{0, s}, {h, s}, {h, s + h}, {0, s + h}}
		var areas []float64
		for _, west := range []float64{0, w} {
			for first := range corners {
				ring := make(orb.Ring, 0, 5)
				for i := range 5 {
					c := corners[(first+i)%4]
					ring = append(ring, orb.Point{west + c[0], c[1]})
				}
				m2, err := geo.EllipsoidArea(ring)
				if err != nil {
					t.Fatal(err)
				}
				areas = append(areas, m2)
			}
		}
		for _, m2 := range areas {
			if !near(m2, areas[0], 1e-8) {
				t.Fatalf("areas %v", areas)
			}
		}
	})
}

func BenchmarkEllipsoidArea(b *testing.B) {
	for _, size := range []float64{0.001, 1} { // a plot, a county
		for _, n := range []int{4, 10, 100, 1000} {
			b.Run(fmt.Sprintf("deg=%g/points=%d", size, n), func(b *testing.B) {
				ring := make(orb.Ring, n)
				for i := range ring {
					sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
					ring[i] = orb.Point{122 + size*cos, 37 + size*sin}
				}
				for b.Loop() {
					if _, err := geo.EllipsoidArea(ring); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func ExampleEllipsoidArea() {
	plot := orb.Polygon{{{122.03, 37.25}, {122.035, 37.25}, {122.035, 37.254}, {122.03, 37.254}, {122.03, 37.25}}}
	m2, err := geo.EllipsoidArea(plot)
	mu, _ := geo.MuFromM2(m2)
	fmt.Printf("%.2f m² = %s mu, %v\n", m2, mu, err)
	// Output: 196920.59 m² = 295.38 mu, <nil>
}
