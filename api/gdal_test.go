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
	if got := strings.Join(names, " "); got != "parks zones plan-units parcels networks" {
		t.Errorf("the layers are %q", got)
	}
	summary := gdal(t, "ogrinfo", "-ro", "-so", source, "parcels")
	for _, want := range []string{
		"Geometry: Polygon", fmt.Sprintf("Feature Count: %d",
			h.count("SELECT count(*) FROM parcel_public WHERE to_seq IS NULL")),
		"code: String", "legal_m2: Real", "price_cny_per_m2: Real", "expires_at: DateTime", "since: DateTime",
		"seq: Integer",
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
		h.count("SELECT count(*) FROM network_public WHERE to_seq IS NULL AND ST_Intersects(geom, "+
			"ST_MakeEnvelope(122.02, 37.24, 122.03, 37.25, 4490))"); got != want || want == 0 {
		t.Errorf("ogrinfo finds %d networks in a box, want %d", got, want)
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
