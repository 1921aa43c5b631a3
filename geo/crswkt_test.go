package geo_test

import (
	"fmt"
	"strings"
	"testing"

	"luodi/geo"
)

const esriCGCS = `GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`

func gaussKruger(name, under string, meridian, east float64, unit, more string) string {
	return fmt.Sprintf(`PROJCS["%s",%s,PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",%.1f],PARAMETER["False_Northing",0.0],`+
		`PARAMETER["Central_Meridian",%g],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT[%s]%s]`,
		name, under, east, meridian, unit, more)
}

func TestSystemsAreKnownByTheirParameters(t *testing.T) {
	t.Parallel()
	metre, foot := `"Meter",1.0`, `"Foot_US",0.3048006096012192`
	xian := `GEOGCS["GCS_Xian_1980",DATUM["D_Xian_1980",SPHEROID["Xian_1980",6378140.0,298.257]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
	beijing := `GEOGCS["GCS_Beijing_1954",DATUM["D_Beijing_1954",SPHEROID["Krasovsky_1940",6378245.0,298.3]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
	pulkovo := strings.ReplaceAll(beijing, "Beijing_1954", "Pulkovo_1942")
	wgs := `GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
	utm := strings.Replace(gaussKruger("x", wgs, 123, 500000, metre, ""), "Scale_Factor\",1.0",
		"Scale_Factor\",0.9996", 1)
	for name, c := range map[string]struct {
		wkt  string
		want geo.EPSG
	}{
		"a zone of 3°": {gaussKruger("CGCS2000_3_Degree_GK_CM_123E", esriCGCS, 123, 500000, metre, ""),
			4550},
		"a zone of 3° by its number": {gaussKruger("CGCS2000_3_Degree_GK_Zone_41", esriCGCS, 123, 41500000, metre,
			""), 4529},
		"a zone of 6°":               {gaussKruger("CGCS2000_GK_CM_123E", esriCGCS, 123, 500000, metre, ""), 4510},
		"a zone of 6° by its number": {gaussKruger("CGCS2000_GK_Zone_21", esriCGCS, 123, 21500000, metre, ""), 4499},
		"a name of the office's own": {gaussKruger("某市坐标系", esriCGCS, 120, 500000, metre, ""), 4549},
		"with EPSG's own code": {gaussKruger("x", esriCGCS, 120, 500000, metre, `,AUTHORITY["EPSG","4549"]`),
			4549},
		"a code that isn't its own": {gaussKruger("x", esriCGCS, 120, 500000, metre, `,AUTHORITY["EPSG","4550"]`), 0},
		"a meridian of no zone":     {gaussKruger("x", esriCGCS, 121.5, 500000, metre, ""), 0},
		"eastings of their own":     {gaussKruger("x", esriCGCS, 120, 50000, metre, ""), 0},
		"feet":                      {gaussKruger("x", esriCGCS, 120, 500000, foot, ""), 0},
		"feet with a code": {gaussKruger("x", esriCGCS, 120, 500000, foot, `,AUTHORITY["EPSG","2263"]`),
			2263},
		"Xi'an 1980": {gaussKruger("Xian_1980_3_Degree_GK_CM_123E", xian, 123, 500000, metre, ""),
			2386},
		"Beijing 1954": {gaussKruger("Beijing_1954_3_Degree_GK_Zone_41", beijing, 123, 41500000, metre,
			""), 2417},
		"another datum's ellipsoid":  {gaussKruger("Pulkovo", pulkovo, 123, 500000, metre, ""), 0},
		"CGCS2000":                   {esriCGCS, geo.CGCS2000},
		"WGS 84":                     {wgs, geo.WGS84},
		"UTM":                        {utm, 32651},
		"another system by its code": {`GEOGCS["RGF93",DATUM["x",SPHEROID["GRS 1980",6378137,298.257222101]],AUTHORITY["EPSG","4171"]]`, 4171},
		"another system without one": {`GEOGCS["RGF93",DATUM["x",SPHEROID["GRS 1980",6378137,298.257222101]]]`, 0},
		"WKT 2":                      {`PROJCRS["CGCS2000 / 3-degree Gauss-Kruger CM 123E",BASEGEOGCRS["China Geodetic Coordinate System 2000",DATUM["China 2000",ELLIPSOID["CGCS2000",6378137,298.257222101,LENGTHUNIT["metre",1]]]],CONVERSION["3-degree Gauss-Kruger CM 123E",METHOD["Transverse Mercator"],PARAMETER["Latitude of natural origin",0],PARAMETER["Longitude of natural origin",123],PARAMETER["Scale factor at natural origin",1],PARAMETER["False easting",500000,LENGTHUNIT["metre",1]],PARAMETER["False northing",0]],CS[Cartesian,2],AXIS["northing (X)",north,ORDER[1],LENGTHUNIT["metre",1]]]`, 4550},
		"with heights beside":        {`COMPD_CS["x",` + esriCGCS + `,VERT_CS["h"]]`, geo.CGCS2000},
		"no WKT":                     {"hello", 0},
		"cut short":                  {esriCGCS[:60], 0},
		"deeper than any":            {strings.Repeat("A[", 5000), 0},
		"nothing":                    {"", 0},
	} {
		if got, _ := geo.NamedCRS(c.wkt); got != c.want {
			t.Errorf("%s: got %d, want %d", name, got, c.want)
		}
	}
}

func TestSystemsWithHeightsHaveATwin(t *testing.T) {
	t.Parallel()
	for from, want := range map[geo.EPSG]geo.EPSG{4480: 4490, 4979: 4326, 4937: 4258, 4490: 4490, 4550: 4550} {
		if got := from.Flat(); got != want {
			t.Errorf("%d: got %d, want %d", from, got, want)
		}
	}
}

func FuzzNamedCRS(f *testing.F) {
	f.Add(gaussKruger("x", esriCGCS, 120, 500000, `"m",1`, ""))
	f.Fuzz(func(_ *testing.T, text string) { geo.NamedCRS(text) })
}
