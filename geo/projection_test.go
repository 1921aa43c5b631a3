package geo_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"luodi/geo"
)

// plane is the projection of a system that has one.
func plane(t testing.TB, code geo.EPSG) geo.Projection {
	t.Helper()
	p, ok := geo.CRS{Code: code}.Projection()
	if !ok {
		t.Fatalf("%v has no projection", code)
	}
	return p
}

func TestKnownPositionsInThePlane(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		code geo.EPSG
		at   orb.Point
		want orb.Point
	}{
		// The meridian from the equator to 45° on GRS 1980 is 4,984,944.378 m long (Moritz, Geodetic Reference System
		// 1980), its quadrant 10,001,965.7293 m.
		{4550, orb.Point{123, 45}, orb.Point{500_000, 4_984_944.378}},
		{4550, orb.Point{123, 90}, orb.Point{500_000, 10_001_965.7293}},
		{4529, orb.Point{123, 0}, orb.Point{41_500_000, 0}},
		{4491, orb.Point{75, 45}, orb.Point{13_500_000, 4_984_944.378}},
		{3857, orb.Point{180, 0}, orb.Point{20_037_508.3428, 0}},
		{3857, orb.Point{-180, 85.0511287798066}, orb.Point{-20_037_508.3428, 20_037_508.3428}},
	} {
		got := plane(t, c.code).Forward(c.at)
		if off := math.Hypot(got[0]-c.want[0], got[1]-c.want[1]); !(off < 1e-3) {
			t.Errorf("%v of %v: got %.4f, want %.4f", c.code, c.at, got, c.want)
		}
	}
}

// What is printed in metres with five decimals is the same grid point of 1e-9 degrees when it comes back.
func TestPrintedMetresComeBackToTheSameGridPoint(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(geo.ServedCRS()).Draw(t, "crs")
		p, ok := c.Projection()
		if !ok {
			return
		}
		lon := rapid.Float64Range(73.5, 135.1).Draw(t, "lon")
		if zone, ok := c.Code.GaussKruger(); ok {
			lon = float64(zone.CentralMeridian) + rapid.Float64Range(-12, 12).Draw(t, "off the meridian")
		}
		grid := func(v float64) float64 { return math.Round(v*1e9) / 1e9 }
		at := orb.Point{grid(lon), grid(rapid.Float64Range(-66, 66).Draw(t, "lat"))}
		there := p.Forward(at)
		step := math.Pow10(c.Decimals())
		for i := range there {
			there[i] = math.Round(there[i]*step) / step
		}
		back := p.Inverse(there)
		if grid(back[0]) != at[0] || grid(back[1]) != at[1] {
			t.Fatalf("%v in %v is %.5f, which is %.12f", at, c.Code, there, back)
		}
	})
}

func TestOnlyServedPlanesHaveAProjection(t *testing.T) {
	t.Parallel()
	for _, c := range geo.ServedCRS() {
		if _, ok := c.Projection(); ok == c.Code.Geographic() || (c.Decimals() == 9) != c.Code.Geographic() {
			t.Errorf("%+v: a projection %v, %d decimals", c, ok, c.Decimals())
		}
	}
	for _, code := range []geo.EPSG{0, 4214, 4555, 4568, 32651, 900913} {
		if _, ok := (geo.CRS{Code: code}).Projection(); ok {
			t.Errorf("%v has a projection", code)
		}
	}
	if got := plane(t, geo.WebMercator).Forward(orb.Point{0, 90}); math.IsInf(got[1], 0) || got[1] < 2e7 {
		t.Errorf("the pole is at %v", got)
	}
}

func BenchmarkGaussKruger(b *testing.B) {
	p := plane(b, 4550)
	for b.Loop() {
		p.Forward(orb.Point{122.03, 37.25})
	}
}
