package api_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// gdal runs one of GDAL's programs.
func gdal(t *testing.T, program string, args ...string) string {
	t.Helper()
	path := tool(t, "gdal-bin", program)
	out, err := exec.Command(path, args...).CombinedOutput()
	if err != nil || strings.Contains(string(out), "ERROR") {
		t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func TestOgrinfoListsTheCollectionsWithTheirFields(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	source := "OAPIF:" + h.url + "/ogc"
	layers := regexp.MustCompile(`(?m)^\d+: (\S+)`).FindAllStringSubmatch(gdal(t, "ogrinfo", "-ro", source), -1)
	var names []string
	for _, match := range layers {
		names = append(names, match[1])
	}
	if got := strings.Join(names, " "); got != "parks zones plan-units parcels networks network-nodes" {
		t.Errorf("the layers are %q", got)
	}
	summary := gdal(t, "ogrinfo", "-ro", "-so", source, "parcels")
	for _, want := range []string{
		"Geometry: Polygon", fmt.Sprintf("Feature Count: %d",
			h.count("SELECT count(*) FROM parcel_public WHERE to_seq IS NULL")),
		"code: String", "legal_m2: Real", "price_cny_per_m2: Real", "expires_at: DateTime", "since: DateTime",
		"until: DateTime", "seq: Integer", "service_water: Integer(Boolean)", "service_water_capacity: Real",
	} {
		if !strings.Contains(summary, want) {
			t.Errorf("ogrinfo lacks %q:\n%s", want, summary)
		}
	}
	reserve := gdal(t, "ogrinfo", "-ro", "-q", source, "parcels", "-where", "status = 'reserve'")
	if got, want := strings.Count(reserve, "OGRFeature("),
		h.count("SELECT count(*) FROM parcel_public WHERE to_seq IS NULL AND status = 'reserve'"); got != want ||
		want == 0 {
		t.Errorf("ogrinfo finds %d parcels of reserve, want %d", got, want)
	}
	west := gdal(t, "ogrinfo", "-ro", "-q", source, "networks", "-spat", "122.02", "37.24", "122.03", "37.25")
	if got, want := strings.Count(west, "OGRFeature("),
		h.count("SELECT count(*) FROM network_public WHERE to_seq IS NULL AND GeometryType(geom) <> 'POINT' "+
			"AND ST_Intersects(geom, "+
			"ST_MakeEnvelope(122.02, 37.24, 122.03, 37.25, 4490))"); got != want || want == 0 {
		t.Errorf("ogrinfo finds %d networks in a box, want %d", got, want)
	}
}

// Each collection has one type of geometry, so that writers that take no other take all of it.
func TestOgr2ogrBringsEveryCollectionIntoFormatsOfOneGeometry(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	source, dir := "OAPIF:"+h.url+"/ogc", t.TempDir()
	all := 0
	for collection, table := range map[string]string{"parks": "park_public WHERE true",
		"zones": "zone_public WHERE to_seq IS NULL", "plan-units": "plan_unit_public WHERE to_seq IS NULL",
		"parcels":       "parcel_public WHERE to_seq IS NULL",
		"networks":      "network_public WHERE to_seq IS NULL AND GeometryType(geom) <> 'POINT'",
		"network-nodes": "network_public WHERE to_seq IS NULL AND GeometryType(geom) = 'POINT'"} {
		want := h.count("SELECT count(*) FROM " + table)
		for format, ending := range map[string]string{"FlatGeobuf": ".fgb", "GPKG": ".gpkg", "ESRI Shapefile": ".shp"} {
			file := filepath.Join(dir, collection+ending)
			gdal(t, "ogr2ogr", "-f", format, file, source, collection)
			summary := gdal(t, "ogrinfo", "-ro", "-so", "-al", file)
			if !strings.Contains(summary, fmt.Sprintf("Feature Count: %d", want)) || want == 0 {
				t.Errorf("%s as %s, want %d:\n%s", collection, format, want, summary)
			}
		}
		if strings.HasPrefix(collection, "network") {
			all += want
		}
	}
	if live := h.count("SELECT count(*) FROM network_public WHERE to_seq IS NULL"); all != live {
		t.Errorf("two collections hold %d of %d networks", all, live)
	}
}

// GDAL makes a feature's address of the items link and the id.
func TestOgrinfoFindsAFeatureByItsID(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	var id string
	h.text(&id, "SELECT max(parcel_id::text) FROM parcel_public WHERE to_seq IS NULL")
	found := gdal(t, "ogrinfo", "-ro", "-q", "--debug", "HTTP", "OAPIF:"+h.url+"/ogc", "parcels", "-where",
		"id = '"+id+"'")
	if strings.Count(found, "OGRFeature(") != 1 || !strings.Contains(found, "id (String) = "+id) ||
		!strings.Contains(found, parcelItems+"/"+id+")") {
		t.Errorf("by id %s:\n%s", id, found)
	}
}

// GDAL turns a comparison with an instant into datetime, which asks for a state, and doesn't look at what comes. Since
// filter-lang names its draft of CQL2, it sends a filter instead.
func TestOgrinfoComparesInstants(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for where, condition := range map[string]string{
		"expires_at >= '2027/01/01 00:00:00'": "expires_at >= '2027-01-01T00:00:00Z'",
		"expires_at < '2027/01/01 00:00:00'":  "expires_at < '2027-01-01T00:00:00Z'",
		"since >= '2099/01/01 00:00:00'":      "false", "since < '2099/01/01 00:00:00'": "true",
		"expires_at >= '2027/01/01 00:00:00' AND status = 'held'": "expires_at >= '2027-01-01T00:00:00Z' AND status = 'held'",
		"until IS NULL":                  "true",
		"service_water_capacity > 100":   "(services#>>'{water,capacity}')::numeric > 100",
		"effective_from >= '2022/01/01'": "effective_from >= '2022-01-01'",
	} {
		layer, table := "parcels", "parcel_public"
		if strings.HasPrefix(where, "effective") {
			layer, table = "plan-units", "plan_unit_public"
		}
		found := gdal(t, "ogrinfo", "-ro", "-q", "OAPIF:"+h.url+"/ogc", layer, "-where", where)
		if got, want := strings.Count(found, "OGRFeature("), h.count("SELECT count(*) FROM "+table+
			" WHERE to_seq IS NULL AND "+condition); got != want {
			t.Errorf("%s: %d, the database has %d", where, got, want)
		}
	}
}

func TestOgr2ogrBringsAsManyParcelsAsTheDatabaseHolds(t *testing.T) {
	t.Parallel()
	const n = 12_345
	h := open(t)
	h.fill("bench", n)
	source, dir := "OAPIF:"+h.url+"/ogc", t.TempDir()
	for _, c := range []struct{ file, format, size string }{{"all.gpkg", "GPKG", "1000"},
		{"all.geojson", "GeoJSON", "10000"}, {"all.fgb", "FlatGeobuf", "777"}} {
		file := filepath.Join(dir, c.file)
		gdal(t, "ogr2ogr", "-f", c.format, "-oo", "PAGE_SIZE="+c.size, "-lco", "COORDINATE_PRECISION=9", file, source,
			"parcels")
		summary := gdal(t, "ogrinfo", "-ro", "-so", "-al", file)
		match := regexp.MustCompile(`Feature Count: (\d+)`).FindStringSubmatch(summary)
		if match == nil {
			t.Fatalf("%s:\n%s", c.file, summary)
		}
		if got, _ := strconv.Atoi(match[1]); got != n {
			t.Errorf("%s holds %d of %d parcels", c.file, got, n)
		}
	}
	var brought, sent items
	body, err := os.ReadFile(filepath.Join(dir, "all.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(body, &brought); err != nil {
		t.Fatal(err)
	}
	h.json("/api/parks/bench/parcels.geojson", &sent)
	shapes := map[any]string{}
	for _, f := range sent.Features {
		shapes[f.Properties["code"]] = compactJSON(t, f.Geometry)
	}
	for _, f := range brought.Features {
		if got := compactJSON(t, f.Geometry); got != shapes[f.Properties["code"]] {
			t.Fatalf("%v went out as %s and came back as %s", f.Properties["code"], shapes[f.Properties["code"]], got)
		}
	}
}

// compactJSON writes a shape in one way, whoever wrote it.
func compactJSON(t *testing.T, shape json.RawMessage) string {
	t.Helper()
	var parts struct {
		Type        string
		Coordinates [][][]float64
	}
	if err := json.Unmarshal(shape, &parts); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(parts)
}
