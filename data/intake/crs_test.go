package intake_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"luodi/data/store/storetest"
	"luodi/geo"
)

func TestImportRefusesWrongSystems(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	mustImport(t, db.Store, survey(t, "EPSG:4550", box("A", 0, 0, 100, 100)), request("north"))
	before := contents(t, db)
	lonLat := plot{map[string]any{"code": "L"},
		`{"type":"Polygon","coordinates":[[[122.03,37.25],[122.031,37.25],[122.031,37.251],[122.03,37.25]]]}`}
	latLon := plot{map[string]any{"code": "L"},
		`{"type":"Polygon","coordinates":[[[37.25,122.03],[37.25,122.031],[37.251,122.031],[37.25,122.03]]]}`}
	northEast := plot{map[string]any{"code": "N"},
		`{"type":"Polygon","coordinates":[[[4124000,414000],[4124100,414000],[4124100,414100],[4124000,414000]]]}`}
	prefixed := plot{map[string]any{"code": "P"},
		`{"type":"Polygon","coordinates":[[[41414000,4124000],[41414100,4124000],[41414100,4124100],[41414000,4124000]]]}`}
	metres := box("M", 500, 0, 100, 100)
	for name, c := range map[string]struct {
		crs  string
		plot plot
		park string
		want string
	}{
		"metres taken for degrees":       {"", metres, "new", "metres_in_degrees"},
		"degrees taken for metres":       {"EPSG:4550", lonLat, "new", "degrees_in_plane"},
		"latitude first":                 {"EPSG:4490", latLon, "new", "axes_swapped"},
		"northing first":                 {"EPSG:4550", northEast, "new", "axes_swapped"},
		"zone number before the easting": {"EPSG:4550", prefixed, "new", "zone_number"},
		"no zone number where there is":  {"EPSG:4529", metres, "new", "zone_number"},
		"a zone of France":               {"EPSG:2154", metres, "new", "outside_crs"},
		"China's frame in Europe": {"EPSG:4490",
			plot{map[string]any{"code": "E"},
				`{"type":"Polygon","coordinates":[[[6,47],[6.1,47],[6.1,47.1],[6,47]]]}`}, "new", "outside_crs"},
		"the next zone, into a park":    {"EPSG:4549", metres, "north", "far_from_park"},
		"Beijing 1954":                  {"EPSG:2438", metres, "new", "crs_datum"},
		"Xi'an 1980":                    {"EPSG:2386", metres, "new", "crs_datum"},
		"no such code":                  {"EPSG:9999999", metres, "new", "crs_unknown"},
		"a geocentric system":           {"EPSG:4978", metres, "new", "crs_not_plane"},
		"a system of another authority": {"urn:ogc:def:crs:ESRI::102012", metres, "new", "crs_unstated"},
	} {
		_, err := importFile(t, db.Store, survey(t, c.crs, c.plot), request(c.park))
		if got := fileFault(t, err); got.Code != c.want {
			t.Errorf("%s: %+v, want %s", name, got, c.want)
		}
	}
	if after := contents(t, db); after != before {
		t.Errorf("a wrong system wrote: %s, before %s", after, before)
	}
	_, err := importFile(t, db.Store, survey(t, "EPSG:4550"), request("new"))
	if got := fileFault(t, err); got.Code != "no_rows" {
		t.Errorf("an empty file: %+v", got)
	}
}

// The request's system overrides the file's; a new park is surveyed in the file's plane if it keeps areas, else in the
// zone of its place.
func TestImportChoosesTheSurveySystem(t *testing.T) {
	t.Parallel()
	for park, c := range map[string]struct {
		crs  geo.EPSG
		geom string
		want string
	}{
		"own-plane": {4550, box("", 0, 0, 100, 100).geom, "EPSG:4550"},
		"prefixed": {4529,
			`{"type":"Polygon","coordinates":[[[41414000,4124000],[41414100,4124000],[41414100,4124100],[41414000,4124000]]]}`, "EPSG:4529"},
		"degrees": {4490,
			`{"type":"Polygon","coordinates":[[[122.03,37.25],[122.031,37.25],[122.031,37.251],[122.03,37.25]]]}`,
			"EPSG:4550"},
		"web-mercator": {3857,
			`{"type":"Polygon","coordinates":[[[13584000,4475000],[13584100,4475000],[13584100,4475100],[13584000,4475000]]]}`, "EPSG:4550"},
		"france": {4326,
			`{"type":"Polygon","coordinates":[[[6.13,47.24],[6.131,47.24],[6.131,47.241],[6.13,47.24]]]}`,
			"EPSG:32632"},
	} {
		db := storetest.New(t)
		req := request(park)
		req.CRS = c.crs
		report := mustImport(t, db.Store, survey(t, "", plot{map[string]any{"code": "A"}, c.geom}), req)
		if report.SurveyCRS != c.want || report.SourceCRS != c.crs.String() {
			t.Errorf("%s: surveyed in %s, want %s", park, report.SurveyCRS, c.want)
		}
	}
}

// The request's system outranks what a file says of its own, in whatever form it says it; a crs member that can't
// be understood is refused without one.
func TestTheRequestsSystemOutranksTheFiles(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	plain := survey(t, "EPSG:4610", box("A", 0, 0, 100, 100))
	body, err := os.ReadFile(plain)
	if err != nil {
		t.Fatal(err)
	}
	const named = `{"type":"name","properties":{"name":"EPSG:4610"}}`
	for _, member := range []string{named, `{"type":"EPSG","properties":{"code":4610}}`, `"EPSG:4326"`, `null`,
		`{"type":"link","properties":{"href":"http://example.org/4610"}}`, `[4610]`, `true`} {
		path := filepath.Join(t.TempDir(), "stale.geojson")
		if err := os.WriteFile(path, []byte(strings.Replace(string(body), named, member, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		req := request("north")
		req.CRS, req.DryRun = 4550, true
		report, err := importFile(t, db.Store, path, req)
		if err != nil || report.SourceCRS != "EPSG:4550" || report.CRSFrom != "request" || report.Acceptable != 1 {
			t.Errorf("%s: %v %+v", member, err, report)
		}
	}
}

// A stated shift moves the land by what it says: 100 m along the Earth's y axis is 100·cos(lon) east, and
// -100·sin(lon)·sin(lat) north.
func TestImportAppliesAStatedShift(t *testing.T) {
	t.Parallel()
	place := func(park string, shift ...float64) (x, y float64) {
		db := storetest.New(t)
		req := request(park)
		req.CRS, req.Shift = 2386, shift // Xi'an 1980, 3° zone of 123°E
		mustImport(t, db.Store, survey(t, "", box("A", 0, 0, 100, 100)), req)
		err := db.Owner.QueryRow(context.Background(), `
SELECT ST_X(c), ST_Y(c) FROM (SELECT ST_Centroid(ST_Transform(v.geom, 4550)) c FROM parcel_version v
       JOIN park p USING (park_id) WHERE p.code = $1) q`, park).Scan(&x, &y)
		if err != nil {
			t.Fatal(err)
		}
		return x, y
	}
	x0, y0 := place("none", 0, 0, 0)
	x1, y1 := place("east", 0, 100, 0, 0, 0, 0, 0)
	const lon, lat = 122.03 * math.Pi / 180, 37.25 * math.Pi / 180
	east, north := 100*math.Cos(lon), -100*math.Sin(lon)*math.Sin(lat)
	turn := (122.03 - 123) * math.Pi / 180 * math.Sin(lat) // of the grid's north against true north
	wantX, wantY := east*math.Cos(turn)-north*math.Sin(turn), north*math.Cos(turn)+east*math.Sin(turn)
	if math.Hypot(x1-x0-wantX, y1-y0-wantY) > 0.05 {
		t.Errorf("moved by %.3f, %.3f m, want %.3f, %.3f", x1-x0, y1-y0, wantX, wantY)
	}
}

// Eastings with a zone's number are refused where the system has none or another one, and the system that they say is
// named.
func TestImportChecksTheZoneNumber(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	for _, c := range []struct {
		crs   geo.EPSG
		shift float64 // of the eastings
		want  string
	}{
		{4550, 41e6, "--crs EPSG:4529"}, {4529, 0, "--crs EPSG:4550"}, {4528, 41e6, "--crs EPSG:4529"},
		{4549, 41e6, "--crs EPSG:4529"}, {4550, 21e6, "--crs EPSG:4499"},
	} {
		req := request("north")
		req.CRS = c.crs
		_, err := importFile(t, db.Store, survey(t, "", box("A", c.shift, 0, 100, 100)), req)
		if fault := fileFault(t, err); fault.Code != "zone_number" || fault.Expected != c.want || fault.Field != "crs" {
			t.Errorf("%v, eastings %+g: %+v", c.crs, c.shift, fault)
		}
	}
}
