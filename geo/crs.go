package geo

import (
	"fmt"
	"strconv"
	"strings"
)

// EPSG is the code of a coordinate reference system in the EPSG registry.
type EPSG int

// Codes that the house speaks of by name.
const (
	CGCS2000    EPSG = 4490 // China's frame, longitude and latitude: what is stored
	WGS84       EPSG = 4326
	WebMercator EPSG = 3857
	Beijing54   EPSG = 4214
	XiAn80      EPSG = 4610
	NewBeijing  EPSG = 4555
)

// CRS is a reference system as a request or a file names it: the code, and
// whether coordinates come longitude first although EPSG says otherwise, as
// OGC's CRS84 does with WGS 84.
type CRS struct {
	Code     EPSG
	LonFirst bool
}

// CRS84 is WGS 84 with longitude first: what GeoJSON and OGC API Features
// speak unless they say otherwise.
var CRS84 = CRS{Code: WGS84, LonFirst: true}

// maxEPSG is the largest code that EPSG gives out; above it codes are private.
const maxEPSG = 69_999_999

// ParseCRS reads the names of a reference system that are in use:
//
//	4550
//	EPSG:4550
//	urn:ogc:def:crs:EPSG::4550              (any version between the colons)
//	http://www.opengis.net/def/crs/EPSG/0/4550   (http or https, any version)
//	OGC:CRS84, urn:ogc:def:crs:OGC:1.3:CRS84, http://www.opengis.net/def/crs/OGC/1.3/CRS84
//
// Letters count alike in either case. Whether the code exists is for the
// database to know; the form alone is checked here.
func ParseCRS(s string) (CRS, error) {
	authority, code := splitCRS(s)
	switch {
	case authority == "ogc" && code == "crs84":
		return CRS84, nil
	case authority == "epsg":
		n, err := strconv.ParseUint(code, 10, 31)
		if err == nil && n > 0 && n <= maxEPSG && code[0] != '0' {
			return CRS{Code: EPSG(n)}, nil
		}
	}
	return CRS{},
		NewInvalid("crs", "crs.name", s)
}

// splitCRS returns the authority and code of a name, in lower case; both empty
// when the name has none of the known forms.
func splitCRS(s string) (authority, code string) {
	s = strings.ToLower(strings.TrimSpace(s))
	var parts []string
	switch {
	case strings.HasPrefix(s, "urn:ogc:def:crs:"):
		parts = strings.Split(strings.TrimPrefix(s, "urn:ogc:def:crs:"), ":")
	case strings.HasPrefix(s, "http://www.opengis.net/def/crs/"):
		parts = strings.Split(strings.TrimPrefix(s, "http://www.opengis.net/def/crs/"), "/")
	case strings.HasPrefix(s, "https://www.opengis.net/def/crs/"):
		parts = strings.Split(strings.TrimPrefix(s, "https://www.opengis.net/def/crs/"), "/")
	case strings.Contains(s, ":"):
		authority, code, _ = strings.Cut(s, ":")
		return authority, code
	default:
		return "epsg", s
	}
	if len(parts) != 3 {
		return "", ""
	}
	return parts[0], parts[2]
}

// String returns "EPSG:4550".
func (e EPSG) String() string { return fmt.Sprintf("EPSG:%d", int(e)) }

// Geographic reports whether e is one of the known systems in degrees.
func (e EPSG) Geographic() bool {
	switch e {
	case CGCS2000, WGS84, Beijing54, XiAn80, NewBeijing:
		return true
	}
	return false
}

// CheckPlanar refuses systems in which no area may be measured: those in
// degrees, and Web Mercator with its older codes, which makes 500 mu at 37°N
// look like 790. Codes unknown here pass.
func (e EPSG) CheckPlanar() error {
	switch e {
	case WebMercator, 3785, 900913, 102100, 102113, 41001, 54004:
		return NewInvalid("crs", "crs.keeps_areas", e)
	}
	if e.Geographic() {
		return NewInvalid("crs", "crs.metres", e)
	}
	return nil
}
