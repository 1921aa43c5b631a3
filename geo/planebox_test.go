package geo_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"luodi/geo"
)

func TestBoxesComeInTheOrderOfTheirAxes(t *testing.T) {
	t.Parallel()
	degrees := geo.BBox{West: 121, South: 36, East: 122, North: 37}
	for text, c := range map[string]geo.CRS{"121,36,122,37": geo.CRS84, "36,121,37,122": {Code: geo.CGCS2000},
		"36,121,0,37,122,9": {Code: geo.WGS84}} {
		if got, err := geo.ParseBBoxIn("bbox", text, c); err != nil || got.Degrees == nil || *got.Degrees != degrees {
			t.Errorf("%s in %v: %+v, %v", text, c, got, err)
		}
	}
	for text, c := range map[string]geo.EPSG{"4100000,400000,4200000,500000": 4550,
		"400000,4100000,500000,4200000": geo.WebMercator} {
		got, err := geo.ParseBBoxIn("bbox", text, geo.CRS{Code: c})
		if err != nil || got.Plane == nil || got.Plane.Min != (orb.Point{400_000, 4_100_000}) ||
			got.Plane.Max != (orb.Point{500_000, 4_200_000}) {
			t.Errorf("%s in %v: %+v, %v", text, c, got, err)
		}
	}
	for text, c := range map[string]geo.CRS{"121,36,122,37": {Code: geo.CGCS2000}, "5,0,4,1": {Code: 4550},
		"0,5,1,4": {Code: 4550}, "1,2,3": {Code: 4550}, "0,0,NaN,1": {Code: 3857}, "0,0,1,1e10": {Code: 3857},
		"":              {Code: 4550},
		"37,121,36,122": {Code: geo.WGS84}} {
		var invalid *geo.Invalid
		if got, err := geo.ParseBBoxIn("bbox", text, c); !errors.As(err, &invalid) || invalid.Field != "bbox" ||
			!strings.HasPrefix(string(invalid.Rule), "bbox.") {
			t.Errorf("%q in %v: %+v, %v", text, c.Code, got, err)
		}
	}
}

// Places are drawn near the sides of boxes of all sizes: each lies in the box around where the box of the plane holds
// it, and in the plane's box where the inner box holds it.
func TestTheBoxesInDegreesHoldWhatThePlanesBoxHolds(t *testing.T) {
	t.Parallel()
	inner := 0
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(geo.ServedCRS()).Draw(t, "crs")
		p, ok := c.Projection()
		if !ok {
			return
		}
		middle := 105.0
		if zone, ok := c.Code.GaussKruger(); ok {
			middle = float64(zone.CentralMeridian)
		}
		at := p.Forward(orb.Point{middle + rapid.Float64Range(-9, 9).Draw(t, "lon"),
			rapid.Float64Range(-55, 55).Draw(t, "lat")})
		size := func(name string) float64 {
			return rapid.SampledFrom([]float64{0, 3, 2e3, 3e4, 8e5, 6e6}).Draw(t,
				name)
		}
		b := geo.PlaneBox{CRS: c, Min: at, Max: orb.Point{at[0] + size("width"), at[1] + size("height")}}
		around, within := b.Degrees(1e-7)
		if within != nil {
			inner++
		}
		for range 40 {
			off := func(from, to float64, name string) float64 {
				near := rapid.SampledFrom([]float64{from, to, (from + to) / 2}).Draw(t, name)
				return near + rapid.Float64Range(-50, 50).Draw(t, name+" off")
			}
			place := orb.Point{off(b.Min[0], b.Max[0], "x"), off(b.Min[1], b.Max[1], "y")}
			held := orb.Bound{Min: b.Min, Max: b.Max}.Contains(place)
			degrees := p.Inverse(place)
			if held && around != nil && !around.Contains(degrees) {
				t.Fatalf("%v is in %+v, %v is not in %v", place, b, degrees, around)
			}
			if !held && within != nil && within.Contains(degrees) {
				t.Fatalf("%v is not in %+v, %v is in %v", place, b, degrees, within)
			}
		}
	})
	if inner == 0 {
		t.Error("no box had an inner one")
	}
}
