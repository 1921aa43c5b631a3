package main

import (
	"fmt"
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

// drawingIn is an outline in pieces, 200 m by 100 m, drawn in a unit of so many metres and stating one of $INSUNITS.
func drawingIn(states int, metres float64) string {
	body := fmt.Sprintf("  0\nSECTION\n  2\nHEADER\n  9\n$ACADVER\n  1\nAC1015\n  9\n$INSUNITS\n 70\n%d\n  0\nENDSEC\n"+
		"  0\nSECTION\n  2\nENTITIES\n", states)
	corners := [][2]float64{{414000, 4124000}, {414200, 4124000}, {414200, 4124100}, {414000, 4124100}}
	for i, a := range corners {
		b := corners[(i+1)%len(corners)]
		body += fmt.Sprintf("  0\nLINE\n  8\n0\n 10\n%.6f\n 20\n%.6f\n 11\n%.6f\n 21\n%.6f\n", a[0]/metres, a[1]/metres,
			b[0]/metres, b[1]/metres)
	}
	return body + "  0\nTEXT\n  8\n0\n 10\n" + fmt.Sprintf("%.3f\n 20\n%.3f", 414100/metres, 4124050/metres) +
		"\n 40\n2\n  1\nA-1\n  0\nENDSEC\n  0\nEOF\n"
}

// A drawing's unit is obeyed where it can be, and refused where the drawing itself says otherwise.
func TestImportObeysTheUnitOfADrawing(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	for name, c := range map[string]struct {
		states int
		metres float64
		crs    string
		code   int
		want   []string
	}{
		"metres": {6, 1, "EPSG:4550", exitDone, []string{"1 rows read, 1 can be taken", "20000.0000 m² legal"}},
		"millimetres": {4, 0.001, "EPSG:4550", exitDone,
			[]string{"20000.0000 m² legal", "the drawing's unit is mm: coordinates times 0.001"}},
		"centimetres": {5, 0.01, "EPSG:4550", exitDone, []string{"20000.0000 m² legal"}},
		"feet":        {2, 0.3048, "EPSG:4550", exitDone, []string{"20000.0000 m² legal"}},
		"unitless": {0, 1, "EPSG:4550", exitDone,
			[]string{"20000.0000 m² legal", "1 outlines are put together of 4 lines"}},
		"millimetres in name": {4, 1, "EPSG:4550", exitDone,
			[]string{"its unit is mm, but its numbers lie in EPSG:4550 only",
				"20000.0000 m² legal"}},
		"inches in name": {1, 1, "EPSG:4550", exitDone,
			[]string{"its unit is in, but its numbers lie in EPSG:4550 only"}},
		"lengths for degrees":     {6, 1, "EPSG:4490", exitFailed, []string{"EPSG:4490"}},
		"a unit of astronomers":   {18, 1, "EPSG:4550", exitFailed, []string{"$INSUNITS) is $INSUNITS 18"}},
		"millimetres of no place": {4, 1e-6, "EPSG:4550", exitFailed, []string{"outside where EPSG:4550"}},
	} {
		path := filepath.Join(t.TempDir(), "plan.dxf")
		if err := os.WriteFile(path, []byte(drawingIn(c.states, c.metres)), 0o600); err != nil {
			t.Fatal(err)
		}
		code, out, errs := luodi(t, "--lang", "en", "import", "--database", db.Source.URL, "--park", "x", "--layer",
			"parcels",
			"--dry-run", "--crs", c.crs, path)
		if code != c.code {
			t.Errorf("%s: exit %d", name, code)
		}
		for _, want := range c.want {
			if !strings.Contains(out+errs, want) {
				t.Errorf("%s: no %q in\n%s%s", name, want, out, errs)
			}
		}
	}
}
