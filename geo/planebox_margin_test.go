package geo_test

import (
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"luodi/geo"
)

// alongSides gives points of the sides of a box.
func alongSides(b orb.Bound, n int, visit func(orb.Point)) {
	for i := range n + 1 {
		share := float64(i) / float64(n)
		x, y := b.Min[0]+share*(b.Max[0]-b.Min[0]), b.Min[1]+share*(b.Max[1]-b.Min[1])
		for _, p := range []orb.Point{{x, b.Min[1]}, {x, b.Max[1]}, {b.Min[0], y}, {b.Max[0], y}} {
			visit(p)
		}
	}
}

// boxOfAPlane draws a box of the plane of a Gauss–Krüger zone or of Web Mercator, and says how to get there.
func boxOfAPlane(t *rapid.T) (geo.PlaneBox, geo.Projection) {
	c := rapid.SampledFrom([]geo.EPSG{4491, 4513, 4534, 4550, geo.WebMercator}).Draw(t, "crs")
	p, _ := geo.CRS{Code: c}.Projection()
	middle := 105.0
	if zone, ok := c.GaussKruger(); ok {
		middle = float64(zone.CentralMeridian)
	}
	at := p.Forward(orb.Point{middle + rapid.Float64Range(-6, 6).Draw(t, "lon"),
		rapid.Float64Range(-50, 50).Draw(t, "lat")})
	size := func(name string) float64 { return rapid.SampledFrom([]float64{2e3, 3e4, 8e5}).Draw(t, name) }
	return geo.PlaneBox{CRS: geo.CRS{Code: c}, Min: at,
		Max: orb.Point{at[0] + size("width"), at[1] + size("height")}}, p
}

// The sides bend between the points by which they are followed: what lies on a side of the inner box is in the plane's
// box, and what lies on a side of the plane's box is in the box around, without any margin asked for.
func TestTheBoxesAllowForTheBendOfTheSides(t *testing.T) {
	t.Parallel()
	const rounding = 1e-6 // metres
	rapid.Check(t, func(t *rapid.T) {
		b, p := boxOfAPlane(t)
		around, within := b.Degrees(0)
		held := orb.Bound{Min: b.Min, Max: b.Max}
		alongSides(held, 997, func(place orb.Point) {
			if degrees := p.Inverse(place); around != nil && !around.Pad(1e-12).Contains(degrees) {
				t.Fatalf("%v is on a side of %+v, %v is not in %v", place, b, degrees, around)
			}
		})
		if within == nil {
			return
		}
		alongSides(*within, 997, func(degrees orb.Point) {
			if place := p.Forward(degrees); !held.Pad(rounding).Contains(place) {
				t.Fatalf("%v is on a side of %v, %v is not in %+v", degrees, within, place, b)
			}
		})
	})
}

// The margin that is asked for is there on each side of both boxes.
func TestTheBoxesSpareTheMarginThatIsAskedFor(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b, _ := boxOfAPlane(t)
		margin := rapid.SampledFrom([]float64{1e-7, 1e-3, 0.5}).Draw(t, "margin")
		around, within := b.Degrees(0)
		wider, narrower := b.Degrees(margin)
		const rounding = 1e-9 // degrees
		if (around == nil) != (wider == nil) || around != nil &&
			!wider.Pad(rounding).Union(around.Pad(margin)).Equal(wider.Pad(rounding)) {
			t.Fatalf("%v with %v to spare is %v", around, margin, wider)
		}
		if narrower != nil && (within == nil ||
			!within.Pad(rounding).Union(narrower.Pad(margin)).Equal(within.Pad(rounding))) {
			t.Fatalf("%v with %v to spare is %v", within, margin, narrower)
		}
	})
}

// Where degrees and metres are no smooth functions of each other no box around is known, and the inner box stays where
// they are.
func TestNoBoxIsGivenWhereNoneIsKnown(t *testing.T) {
	t.Parallel()
	zone, _ := geo.EPSG(4550).GaussKruger()
	middle := zone.FalseEastingM
	for name, c := range map[string]struct {
		crs            geo.EPSG
		min, max       orb.Point
		around, within bool
	}{
		"a park":               {4550, orb.Point{middle, 4.1e6}, orb.Point{middle + 1e4, 4.11e6}, true, true},
		"to the edge":          {4550, orb.Point{middle - 2e6, -7.3e6}, orb.Point{middle + 2e6, 7.3e6}, true, true},
		"too far east":         {4550, orb.Point{middle, 1e6}, orb.Point{middle + 2.1e6, 5e6}, false, true},
		"too far west":         {4550, orb.Point{middle - 2.1e6, 1e6}, orb.Point{middle, 5e6}, false, true},
		"too far north":        {4550, orb.Point{middle, 4.1e6}, orb.Point{middle + 1e5, 7.4e6}, false, true},
		"too far south":        {4550, orb.Point{middle, -7.4e6}, orb.Point{middle + 1e5, 0}, false, true},
		"nowhere":              {4550, orb.Point{middle + 3e6, 4.1e6}, orb.Point{middle + 4e6, 4.2e6}, false, false},
		"the world and more":   {geo.WebMercator, orb.Point{-1e9, -1e9}, orb.Point{1e9, 1e9}, false, true},
		"beyond the square":    {geo.WebMercator, orb.Point{3e7, 0}, orb.Point{4e7, 1e6}, false, false},
		"the square of Web M.": {geo.WebMercator, orb.Point{-2e7, -2e7}, orb.Point{2e7, 2e7}, true, true},
	} {
		b := geo.PlaneBox{CRS: geo.CRS{Code: c.crs}, Min: c.min, Max: c.max}
		if around, within := b.Degrees(1e-7); (around != nil) != c.around || (within != nil) != c.within {
			t.Errorf("%s: %v, %v", name, around, within)
		}
	}
}
