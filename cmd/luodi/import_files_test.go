package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"luodi/data/store/storetest"
)

// TestImportCommandLeadsFilesToTheirPlace: by control points and from web maps; the record says that it is for looking,
// and nothing keeps what was fitted. A file that isn't read is named, in both languages.
func TestImportCommandLeadsFilesToTheirPlace(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	dir := t.TempDir()
	write := func(name, body string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	old := write("old.csv", "地块编号,圈号,点号,X,Y\nA,1,J1,4124000,414000\nA,1,J2,4124100,414000\nA,1,J3,4124100,414100\n")
	points := write("points.csv", "from x,from y,to x,to y\n414000,4124000,414117.25,4124003.5\n"+
		"415000,4124000,415117.25,4124003.5\n414000,4125000,414117.25,4125003.5\n")
	drawn := write("drawn.geojson",
		`{"type":"Feature","properties":{"code":"B"},"geometry":{"type":"Polygon","coordinates":`+
			`[[[122.1204275,37.5130732],[122.1214275,37.5130732],[122.1214275,37.5140732],[122.1204275,37.5130732]]]}}`)
	drawing := write("plan.dwg", "AC1032\x00\x00\x00\x00")
	for name, c := range map[string]struct {
		args []string
		code int
		want []string
	}{
		"by control points": {[]string{"--lang", "en", "import", "--park", "fitted", "--crs", "EPSG:2386",
			"--control", points, old},
			exitDone, []string{"in EPSG:4550", "3 control points (4 parameters, a similarity): residuals of 0.000 m",
				"for looking only until a survey confirms them", "columns of corners: X is north, Y is east"}},
		"from a web map": {[]string{"--lang", "zh", "import", "--park", "drawn", "--crs", "gcj02", drawn}, exitDone,
			[]string{"坐标系 GCJ-02", "各行在 122.115", "仅供参考"}},
		"a drawing of AutoCAD": {[]string{"--lang", "zh", "import", "--park", "x", drawing}, exitFailed,
			[]string{"这是 DWG (AutoCAD)，不能读取", "DXF"}},
		"an affine map of nothing": {[]string{"--lang", "en", "import", "--park", "x", "--affine", old}, exitUsage,
			[]string{"--affine: expected --control"}},
		"a shift beside control points": {[]string{"--lang", "en", "import", "--park", "x", "--crs", "EPSG:2386",
			"--shift", "1,2,3",
			"--control", points, old}, exitUsage, []string{"--shift: expected either --shift or --control"}},
		"control points of a web map": {[]string{"--lang", "en", "import", "--park", "x", "--crs", "BD-09",
			"--control", points, old},
			exitUsage, []string{"--crs: expected the plane system"}},
	} {
		args := append(c.args[:len(c.args):len(c.args)], "--layer", "parcels", "--database", db.Source.URL)
		code, out, errs := luodi(t, args...)
		if code != c.code {
			t.Errorf("%s: exit %d\n%s%s", name, code, out, errs)
		}
		for _, want := range c.want {
			if !strings.Contains(out+errs, want) {
				t.Errorf("%s: no %q in\n%s%s", name, want, out, errs)
			}
		}
	}
	for park, want := range map[string]string{"fitted": "for looking only", "drawn": "仅供参考"} {
		if reason := storetest.Number[string](t, db, `SELECT string_agg(r::text, ' ') FROM record r
			JOIN park p USING (park_id) WHERE p.code = '`+park+`'`); !strings.Contains(reason, want) ||
			strings.Contains(reason, "117.25") {
			t.Errorf("%s: the record says %q", park, reason)
		}
	}
	if kept := storetest.Number[int64](t, db,
		`SELECT count(*) FROM record r WHERE r::text LIKE '%117.25%'`); kept != 0 {
		t.Error("the parameters are kept")
	}
}
