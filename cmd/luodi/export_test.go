package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"luodi/data/outlet"
	"luodi/data/outlet/pmtiles/pmtilestest"
	"luodi/data/sample"
	"luodi/data/store/storetest"
)

// whole reads a file as GeoJSON: its features by id.
func whole(t *testing.T, path string) map[string]map[string]any {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Features []struct {
			ID         string
			Properties map[string]any
		}
	}
	if err := json.Unmarshal(body, &file); err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]any{}
	for _, f := range file.Features {
		all[f.ID] = f.Properties
	}
	return all
}

func TestExportCommand(t *testing.T) {
	t.Parallel()
	db := storetest.Filled(t, "sample", storetest.AsPlanner(sample.Load))
	dir := t.TempDir()
	out := filepath.Join(dir, "地块.geojson")
	base := []string{"--lang", "en", "export", "--database", db.Source.URL, "--park", "carbon-fibre"}
	code, said, errs := luodi(t, append(base, "--format", "geojson", "--out", out)...)
	planners := whole(t, out)
	if code != exitDone || !strings.Contains(said, "116 features, GeoJSON, EPSG:4326") || len(planners) != 116 {
		t.Fatalf("exit %d, %d features\n%s%s", code, len(planners), said, errs)
	}
	code, _, errs = luodi(t, append(base, "--format", "geojson", "--out", out)...)
	if code != exitFailed || !strings.Contains(errs, "--force") {
		t.Errorf("a file is written over: exit %d\n%s", code, errs)
	}
	code, _, errs = luodi(t, append(base, "--format", "geojson", "--out", out, "--force", "--public", "--filter",
		"status = 'available'")...)
	public := whole(t, out)
	if code != exitDone || len(public) != 48 {
		t.Errorf("exit %d, %d available\n%s", code, len(public), errs)
	}
	for _, properties := range public {
		if _, told := properties["publication"]; told || properties["status"] != "available" {
			t.Errorf("the public is told %v", properties)
		}
	}
	for _, properties := range planners {
		if properties["publication"] == nil {
			t.Errorf("planners are not told %v", properties)
		}
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// What is wrong is named by its flag, before a file is begun.
func TestExportRefusesByTheFlag(t *testing.T) {
	t.Parallel()
	db := storetest.Filled(t, "sample", storetest.AsPlanner(sample.Load))
	dir := t.TempDir()
	for _, c := range []struct {
		name, says string
		flags      []string
	}{
		{"format", "--format: expected one of: gpkg", []string{"--format", "dwg"}},
		{"layer", "--layer: expected one of: parcels", []string{"--format", "gpkg", "--layer", "parks"}},
		{"one layer", "--layer: expected one layer: FlatGeobuf",
			[]string{"--format", "fgb", "--layer", "parcels,zones"}},
		{"twice", "--layer: expected each layer once", []string{"--format", "gpkg", "--layer", "zones,zones"}},
		{"areas", "--layer: expected a layer of areas", []string{"--format", "points", "--layer", "networks"}},
		{"crs", "--crs: expected a system that files are written in",
			[]string{"--format", "gpkg", "--crs", "EPSG:32651"}},
		{"degrees", "--crs: expected a plane in metres", []string{"--format", "dxf", "--crs", "EPSG:4490"}},
		{"kml", "--crs: expected OGC:CRS84", []string{"--format", "kml", "--crs", "EPSG:4550"}},
		{"zone", "--crs: expected a Gauss–Krüger zone", []string{"--format", "survey-txt", "--crs", "EPSG:3857"}},
		{"encoding", "--encoding: expected utf-8", []string{"--format", "gpkg", "--encoding", "gbk"}},
		{"zooms", "--zooms: expected a zoom from 0 to 18", []string{"--format", "pmtiles", "--zooms", "8-19"}},
		{"no zooms", "--zooms: expected no zooms", []string{"--format", "gpkg", "--zooms", "8"}},
		{"web", "--crs: expected EPSG:3857", []string{"--format", "pmtiles", "--crs", "EPSG:4490"}},
		{"a web map", "no file format has a name for GCJ-02", []string{"--format", "csv", "--crs", "gcj02"}},
		{"every park", "--park: expected the code of a park", []string{"--format", "gpkg", "--park", ""}},
		{"a day of every park", "--at: expected an RFC 3339 instant",
			[]string{"--format", "pmtiles", "--park", "", "--at",
				"2026-06-30"}},
		{"filter", "filter: expected", []string{"--format", "gpkg", "--filter", "nothing = 1"}},
		{"at", "at", []string{"--format", "gpkg", "--at", "yesterday"}},
		{"park", "nowhere", []string{"--format", "gpkg", "--park", "nowhere"}},
	} {
		args := append([]string{"--lang", "en", "export", "--database", db.Source.URL, "--park", "carbon-fibre",
			"--out",
			filepath.Join(dir, "out")}, c.flags...)
		code, _, errs := luodi(t, args...)
		if code == exitDone || !strings.Contains(errs, c.says) {
			t.Errorf("%s: exit %d\n%s", c.name, code, errs)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// Without a park map tiles are of all parks.
func TestExportOfEveryPark(t *testing.T) {
	t.Parallel()
	db := storetest.Filled(t, "sample", storetest.AsPlanner(sample.Load))
	out := filepath.Join(t.TempDir(), "out.pmtiles")
	code, said, errs := luodi(t, "--lang", "en", "export", "--database", db.Source.URL, "--format", "pmtiles",
		"--layer",
		"parcels,zones", "--zooms", "8-12", "--out", out)
	if code != exitDone || !strings.Contains(said, "PMTiles, EPSG:3857") {
		t.Fatalf("exit %d\n%s%s", code, said, errs)
	}
	body, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	a := pmtilestest.Read(t, body)
	if a.Header.MinZoom != 8 || a.Header.MaxZoom != 12 || len(a.Tiles) < 5 || a.Metadata["name"] != "所有园区 All parks" {
		t.Errorf("%+v, %d tiles, %v", a.Header, len(a.Tiles), a.Metadata["name"])
	}
}

// The help of the command names every format and layer.
func TestExportNamesEveryFormat(t *testing.T) {
	t.Parallel()
	_, help, _ := luodi(t, "export", "--help")
	for _, name := range append(outlet.Names(), outlet.Layers()...) {
		if !strings.Contains(help, name) {
			t.Errorf("the help lacks %s", name)
		}
	}
}

// What luodi import reads comes back as it was: code, legal area and shape.
func TestWhatIsExportedIsImportedAgain(t *testing.T) {
	t.Parallel()
	from := storetest.Filled(t, "sample", storetest.AsPlanner(sample.Load))
	for _, c := range []struct{ format, crs string }{{"gpkg", "EPSG:4550"}, {"gpkg", ""}, {"geojson", ""},
		{"geojson", "EPSG:4550"}, {"geojsonseq", ""}, {"survey-txt", ""}} {
		out := filepath.Join(t.TempDir(), "out")
		args := []string{"--lang", "en", "export", "--database", from.Source.URL, "--park", "carbon-fibre", "--format",
			c.format, "--out", out}
		if c.crs != "" {
			args = append(args, "--crs", c.crs)
		}
		if code, said, errs := luodi(t, args...); code != exitDone {
			t.Fatalf("%v: exit %d\n%s%s", c, code, said, errs)
		}
		to := storetest.New(t)
		zones := filepath.Join(t.TempDir(), "zones")
		if code, said, errs := luodi(t, "--lang", "en", "export", "--database", from.Source.URL, "--park",
			"carbon-fibre",
			"--layer", "zones", "--format", "gpkg", "--out", zones); code != exitDone {
			t.Fatalf("exit %d\n%s%s", code, said, errs)
		}
		for _, args := range [][]string{{"--layer", "zones", "--source-layer", "zones", "--code-field", "code", zones},
			{"--layer", "parcels", "--widen", out}} {
			code, said, errs := luodi(t, append([]string{"--lang", "en", "import", "--database", to.Source.URL,
				"--park",
				"back"}, args...)...)
			if code != exitDone {
				t.Errorf("%v: exit %d\n%.2000s%s", c, code, said, errs)
			}
		}
		const sql = `SELECT coalesce(string_agg(code || ' ' || legal_m2::text || ' ' ||
			encode(sha256(ST_AsBinary(ST_Normalize(geom))), 'hex'), E'\n' ORDER BY code COLLATE "C"), '')
			FROM parcel_version WHERE to_seq IS NULL AND park_id = (SELECT park_id FROM park WHERE code = '%s')`
		want := storetest.Number[string](t, from, strings.Replace(sql, "%s", "carbon-fibre", 1))
		got := storetest.Number[string](t, to, strings.Replace(sql, "%s", "back", 1))
		if got != want {
			a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
			for i := range b {
				if i >= len(a) || a[i] != b[i] {
					t.Errorf("%v: %d of %d rows; is %v, want %s", c, len(a), len(b), a[min(i, len(a)-1)], b[i])
					break
				}
			}
		}
	}
}

// Each format that is read comes back as an update that changes nothing: shapes to the step of the grid, and every
// field.
func TestEveryFormatComesBackUnchanged(t *testing.T) {
	t.Parallel()
	db := storetest.Filled(t, "sample", storetest.AsPlanner(sample.Load))
	for layer, rows := range map[string]int{"parcels": 116, "zones": 3, "plan-units": 30, "networks": 93} {
		for _, c := range []struct{ format, crs, encoding, stated string }{
			{"gpkg", "EPSG:4529", "", ""}, {"shp", "", "", ""}, {"shp", "EPSG:4550", "gbk", ""}, {"fgb", "", "", ""},
			{"geojson", "EPSG:4550", "", ""}, {"geojsonseq", "", "", ""}, {"kml", "", "", ""},
			{"csv", "EPSG:4550", "", "EPSG:4550"}, {"dxf", "", "", "EPSG:4550"}, {"survey-txt", "", "gbk", ""},
			{"points", "", "", "EPSG:4550"}, {"parquet", "", "", ""}, {"parquet", "EPSG:4550", "", ""},
		} {
			if layer != "parcels" && (c.format == "survey-txt" || c.format == "points") {
				continue // these hold no more than codes and shapes
			}
			out := filepath.Join(t.TempDir(), "out")
			flags := []string{"--lang", "en", "export", "--database", db.Source.URL, "--park", "carbon-fibre",
				"--layer", layer,
				"--format", c.format, "--out", out}
			if c.crs != "" {
				flags = append(flags, "--crs", c.crs)
			}
			if c.encoding != "" {
				flags = append(flags, "--encoding", c.encoding)
			}
			if code, said, errs := luodi(t, flags...); code != exitDone {
				t.Fatalf("%v %s: exit %d\n%s%s", c, layer, code, said, errs)
			}
			flags = []string{"--lang", "en", "import", "--database", db.Source.URL, "--park", "carbon-fibre",
				"--layer", layer,
				"--update", "--dry-run", "--json", out}
			if c.stated != "" {
				flags = append(flags, "--crs", c.stated)
			}
			code, said, errs := luodi(t, flags...)
			var report struct {
				Read, Unchanged int
				Changes         []struct {
					Code    string
					Differs []string
				}
			}
			if err := json.Unmarshal([]byte(said), &report); err != nil || code != exitDone || report.Read != rows ||
				report.Unchanged != rows {
				t.Errorf("%v %s: exit %d, %d of %d unchanged, %v\n%.1000s", c, layer, code, report.Unchanged, rows,
					report.Changes, errs)
			}
		}
	}
}

// A file is named from where one stands.
func TestExportTakesARelativePath(t *testing.T) {
	db := storetest.Filled(t, "sample", storetest.AsPlanner(sample.Load))
	t.Chdir(t.TempDir())
	for _, format := range outlet.Names() {
		code, said, errs := luodi(t, "--lang", "en", "export", "--database", db.Source.URL, "--park", "carbon-fibre",
			"--format", format, "--out", format)
		if stat, err := os.Stat(format); code != exitDone || err != nil || stat.Size() == 0 {
			t.Errorf("%s: exit %d, %v\n%s%s", format, code, err, said, errs)
		}
	}
}

// The plan of a parcel is the one that the API draws.
func TestExportDrawsThePlanOfAParcel(t *testing.T) {
	t.Parallel()
	db := storetest.Filled(t, "sample", storetest.AsPlanner(sample.Load))
	out := filepath.Join(t.TempDir(), "plan.pdf")
	base := []string{"--lang", "en", "export", "--database", db.Source.URL, "--park", "carbon-fibre", "--format", "pdf",
		"--out", out}
	for name, c := range map[string]struct {
		flags []string
		says  string
	}{
		"no parcel":         {nil, "--parcel: expected the code or id of a parcel"},
		"an unknown parcel": {[]string{"--parcel", "nowhere"}, "nowhere"},
		"a filter": {[]string{"--parcel", "TX-A01", "--filter", "status = 'available'"},
			"--filter: expected nothing"},
		"another format": {[]string{"--parcel", "TX-A01", "--format", "gpkg"},
			"--parcel: expected only with --format pdf"},
	} {
		code, _, errs := luodi(t, append(base, c.flags...)...)
		if _, err := os.Stat(out); code == exitDone || !strings.Contains(errs, c.says) || err == nil {
			t.Errorf("%s: exit %d, %v\n%s", name, code, err, errs)
		}
	}
	for _, sheet := range []string{"a4", "a3"} {
		code, said, errs := luodi(t, append(base, "--parcel", "TX-A01", "--sheet", sheet, "--force")...)
		body, err := os.ReadFile(out)
		if code != exitDone || err != nil || !strings.HasPrefix(string(body), "%PDF-") ||
			!strings.Contains(said, "TX-A01") {
			t.Errorf("%s: exit %d, %v, %.20q\n%s%s", sheet, code, err, body, said, errs)
		}
	}
}
