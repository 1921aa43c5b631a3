package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// GaussKruger describes a Gauss–Krüger zone on CGCS2000: transverse Mercator
// with scale 1 on the central meridian and false northing 0.
type GaussKruger struct {
	Code            EPSG
	WidthDeg        int     // 3 or 6
	Number          int     // 25…45 of 3° zones, 13…23 of 6° zones
	CentralMeridian int     // degrees east
	FalseEastingM   float64 // 500,000, or with the zone's number before it
	Prefixed        bool    // eastings begin with the zone's number
}

// gkRanges are EPSG's four series of codes; each runs on by zone number.
var gkRanges = []struct {
	first, last EPSG
	width       int
	number      int
	prefixed    bool
}{
	{4491, 4501, 6, 13, true},
	{4502, 4512, 6, 13, false},
	{4513, 4533, 3, 25, true},
	{4534, 4554, 3, 25, false},
}

// GaussKruger returns the zone that e names, and false when e is not a
// Gauss–Krüger zone on CGCS2000.
func (e EPSG) GaussKruger() (GaussKruger, bool) {
	for _, r := range gkRanges {
		if e < r.first || e > r.last {
			continue
		}
		z := GaussKruger{Code: e, WidthDeg: r.width, Number: r.number + int(e-r.first), Prefixed: r.prefixed,
			FalseEastingM: 500_000}
		z.CentralMeridian = 3 * z.Number
		if r.width == 6 {
			z.CentralMeridian = 6*z.Number - 3
		}
		if r.prefixed {
			z.FalseEastingM += 1e6 * float64(z.Number)
		}
		return z, true
	}
	return GaussKruger{}, false
}

// WithPrefix returns the code of the same Gauss–Krüger zone with the zone's number before its eastings (prefixed) or
// without. For a code of no such zone it returns e itself.
func (e EPSG) WithPrefix(prefixed bool) EPSG {
	z, ok := e.GaussKruger()
	if !ok || z.Prefixed == prefixed {
		return e
	}
	step := EPSG(21) // how far apart the two series of 3° zones are
	if z.WidthDeg == 6 {
		step = 11
	}
	if prefixed {
		return e - step
	}
	return e + step
}

// ZoneFor returns the 3° Gauss–Krüger zone on CGCS2000 without prefix (4534 to
// 4554) whose central meridian is nearest to the longitude; on the border of
// two, the eastern one. Outside 73.5°E to 136.5°E there is none.
func ZoneFor(lon float64) (EPSG, error) {
	if !(lon >= 73.5 && lon < 136.5) {
		return 0, NewInvalid("longitude", "longitude.china", lon)
	}
	return 4534 + EPSG(math.Floor((lon+1.5)/3)) - 25, nil
}

// UTMFor returns the UTM zone on WGS 84 of a place by its longitude alone: the
// exceptions around Norway and Svalbard are not made. Latitudes beyond 84°N
// and 80°S have none.
func UTMFor(p orb.Point) (EPSG, error) {
	if err := CheckLonLat("position", p); err != nil {
		return 0, err
	}
	if p.Lat() > 84 || p.Lat() < -80 {
		return 0, NewInvalid("latitude", "latitude.utm", p.Lat())
	}
	zone := EPSG(math.Floor((p.Lon()+180)/6))%60 + 1
	if p.Lat() < 0 {
		return 32700 + zone, nil
	}
	return 32600 + zone, nil
}

// SurveyCRS returns the system to survey a place in when nobody said: its 3°
// zone on CGCS2000 within the rectangle around China (73.5–135.1°E, 3–53.6°N),
// its UTM zone elsewhere. The rectangle holds neighbours too; there the zone
// measures as well as UTM does.
func SurveyCRS(p orb.Point) (EPSG, error) {
	if p.Lon() >= 73.5 && p.Lon() <= 135.1 && p.Lat() >= 3 && p.Lat() <= 53.6 {
		return ZoneFor(p.Lon())
	}
	return UTMFor(p)
}
