package geo_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"luodi/geo"
)

func TestNamesOfSystemsParse(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]geo.CRS{
		"4550":                          {Code: 4550},
		"EPSG:4550":                     {Code: 4550},
		" epsg:4550 ":                   {Code: 4550},
		"urn:ogc:def:crs:EPSG::4550":    {Code: 4550},
		"urn:ogc:def:crs:EPSG:9.8:4490": {Code: geo.CGCS2000},
		"http://www.opengis.net/def/crs/EPSG/0/4550":      {Code: 4550},
		"https://www.opengis.net/def/crs/EPSG/9.9.1/4326": {Code: geo.WGS84},
		"http://www.opengis.net/def/crs/OGC/1.3/CRS84":    geo.CRS84,
		"urn:ogc:def:crs:OGC:1.3:CRS84":                   geo.CRS84,
		"urn:ogc:def:crs:OGC::CRS84":                      geo.CRS84,
		"OGC:CRS84":                                       geo.CRS84,
	} {
		if got, err := geo.ParseCRS(in); err != nil || got != want {
			t.Errorf("%s: got %v, %v, want %v", in, got, err, want)
		}
	}
	for _, in := range []string{
		"", "EPSG", "EPSG:", "EPSG:0", "EPSG:-1", "EPSG:+4550", "EPSG:04550", "EPSG:4550.0", "EPSG:99999999999",
		"EPSG:70000000", "ESRI:102100",
		"CRS84", "OGC:CRS83", "urn:ogc:def:crs:EPSG:4550", "urn:ogc:def:crs:EPSG::4550:1",
		"http://www.opengis.net/def/crs/EPSG/0",
		"http://example.com/def/crs/EPSG/0/4550", "4550; DROP TABLE parcel",
	} {
		var invalid *geo.Invalid
		if got, err := geo.ParseCRS(in); !errors.As(err, &invalid) || invalid.Field != "crs" {
			t.Errorf("%q: got %v, %v", in, got, err)
		}
	}
}

// uri is the name of a system that OGC API writes in crs lists and Content-Crs.
func uri(c geo.CRS) string {
	if c == geo.CRS84 {
		return "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
	}
	return fmt.Sprintf("http://www.opengis.net/def/crs/EPSG/0/%d", int(c.Code))
}

func TestURIsParseBack(t *testing.T) {
	t.Parallel()
	for _, want := range []geo.CRS{geo.CRS84, {Code: geo.CGCS2000}, {Code: 4550}, {Code: geo.WGS84},
		{Code: geo.WebMercator}} {
		if got, err := geo.ParseCRS(uri(want)); err != nil || got != want {
			t.Errorf("%s: got %v, %v", uri(want), got, err)
		}
	}
}

func TestGaussKrugerZones(t *testing.T) {
	t.Parallel()
	for code, want := range map[geo.EPSG]geo.GaussKruger{
		4491: {4491, 6, 13, 75, 13_500_000, true},
		4501: {4501, 6, 23, 135, 23_500_000, true},
		4502: {4502, 6, 13, 75, 500_000, false},
		4512: {4512, 6, 23, 135, 500_000, false},
		4513: {4513, 3, 25, 75, 25_500_000, true},
		4529: {4529, 3, 41, 123, 41_500_000, true},
		4533: {4533, 3, 45, 135, 45_500_000, true},
		4534: {4534, 3, 25, 75, 500_000, false},
		4549: {4549, 3, 40, 120, 500_000, false},
		4550: {4550, 3, 41, 123, 500_000, false},
		4554: {4554, 3, 45, 135, 500_000, false},
	} {
		if got, ok := code.GaussKruger(); !ok || got != want {
			t.Errorf("%v: got %+v, %v", code, got, ok)
		}
	}
	for _, code := range []geo.EPSG{4490, 4555, 3857, 0, -1} {
		if got, ok := code.GaussKruger(); ok {
			t.Errorf("%v is %+v", code, got)
		}
	}
	for from, to := range map[geo.EPSG]geo.EPSG{4550: 4529, 4534: 4513, 4512: 4501, 4529: 4529, 4490: 4490} {
		if got := from.WithPrefix(true); got != to {
			t.Errorf("%v with its prefix is %v", from, got)
		}
		if got := to.WithPrefix(false).WithPrefix(true); got != to {
			t.Errorf("%v comes back as %v", to, got)
		}
	}
}

func TestZoneForTakesTheNearestMeridian(t *testing.T) {
	t.Parallel()
	for lon, want := range map[float64]geo.EPSG{
		73.5: 4534, 75: 4534, 76.4999: 4534, 76.5: 4535, 120: 4549, 121.4999999: 4549, 121.5: 4550, 122.03: 4550,
		123: 4550, 136.4999: 4554,
	} {
		if got, err := geo.ZoneFor(lon); err != nil || got != want {
			t.Errorf("%v°E: got %v, %v, want %v", lon, got, err, want)
		}
	}
	for _, lon := range []float64{73.4999, 136.5, 0, -122, nan, inf} {
		if got, err := geo.ZoneFor(lon); !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%v°E: got %v, %v", lon, got, err)
		}
	}
}

func TestSurveySystemOfAPlace(t *testing.T) {
	t.Parallel()
	for p, want := range map[orb.Point]geo.EPSG{
		{122.03, 37.25}: 4550, {113.3, 3.5}: 4547, {135, 48.3}: 4554, {2.35, 48.85}: 32631, {-70.6, -33.4}: 32719,
		{180, 0}: 32601, {-180, -1}: 32701,
		{179.9, 10}: 32660, {0, 0}: 32631,
	} {
		if got, err := geo.SurveyCRS(p); err != nil || got != want {
			t.Errorf("%v: got %v, %v, want %v", p, got, err, want)
		}
	}
	for _, p := range []orb.Point{{0, 85}, {0, -81}, {nan, 0}, {0, nan}, {181, 0}, {inf, 0}} {
		if got, err := geo.SurveyCRS(p); !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%v: got %v, %v", p, got, err)
		}
	}
}

func TestOldDatumsNeedAStatedShift(t *testing.T) {
	t.Parallel()
	for code, want := range map[geo.EPSG]geo.EPSG{
		2401: geo.Beijing54, 2442: geo.Beijing54, 4214: geo.Beijing54, 21413: geo.Beijing54, 21463: geo.Beijing54,
		2327: geo.XiAn80, 2390: geo.XiAn80, 4610: geo.XiAn80, 4555: geo.NewBeijing, 4568: geo.NewBeijing,
		4822: geo.NewBeijing,
	} {
		err := code.CheckDatum()
		var shift *geo.NeedsShift
		if !errors.As(err, &shift) || shift.Datum != want || !errors.Is(err, geo.ErrNeedsShift) ||
			!errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%v: %v", code, err)
		}
		if text := err.Error(); !strings.Contains(text, code.String()) || !strings.Contains(text, "control points") {
			t.Errorf("%v: says %q", code, text)
		}
	}
	for _, code := range []geo.EPSG{2326, 2391, 2400, 2443, 4490, 4326, 4550, 4513, 3857, 32651, 4801, 21412} {
		if err := code.CheckDatum(); err != nil {
			t.Errorf("%v: %v", code, err)
		}
	}
}

func TestNoAreaInWebMercatorOrDegrees(t *testing.T) {
	t.Parallel()
	for _, code := range []geo.EPSG{3857, 900913, 3785, 102100, 4490, 4326} {
		if err := code.CheckPlanar(); !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%v: %v", code, err)
		}
	}
	for _, code := range []geo.EPSG{4550, 4529, 32631, 2154} {
		if err := code.CheckPlanar(); err != nil {
			t.Errorf("%v: %v", code, err)
		}
	}
}

func FuzzParseCRS(f *testing.F) {
	for _, s := range []string{"EPSG:4550", "urn:ogc:def:crs:EPSG::4550",
		"http://www.opengis.net/def/crs/OGC/1.3/CRS84", "4490"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		crs, err := geo.ParseCRS(s)
		if err != nil {
			return
		}
		if back, err := geo.ParseCRS(uri(crs)); err != nil || back != crs {
			t.Fatalf("%q is %v, which is %v, %v", s, crs, back, err)
		}
	})
}

func ExampleParseCRS() {
	crs, err := geo.ParseCRS("urn:ogc:def:crs:EPSG::4550")
	fmt.Println(crs.Code, crs.LonFirst, err)
	fmt.Println(crs.Code.CheckPlanar(), geo.WebMercator.CheckPlanar() != nil)
	// Output:
	// EPSG:4550 false <nil>
	// <nil> true
}

func ExampleZoneFor() {
	code, err := geo.ZoneFor(122.03)
	zone, _ := code.GaussKruger()
	fmt.Println(code, zone.CentralMeridian, code.WithPrefix(true), err)
	// Output: EPSG:4550 123 EPSG:4529 <nil>
}
