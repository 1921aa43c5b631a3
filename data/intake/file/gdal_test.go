package file

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/planar"
)

// byGDALItself lets GDAL write a file, or a folder, of two parcels in a format.
func byGDALItself(t testing.TB, driver, name string, more ...string) string {
	t.Helper()
	land := collectionOf(`{"type":"Feature","properties":{"code":"东区-1号","legal_m2":100},"geometry":{"type":"Polygon","coordinates":[[[122,37],[122.001,37],[122.001,37.001],[122,37.001],[122,37]]]}}`,
		`{"type":"Feature","properties":{"code":"东区-2号","legal_m2":200},"geometry":{"type":"Polygon","coordinates":[[[122.002,37],[122.003,37],[122.003,37.001],[122.002,37]]]}}`)
	to := filepath.Join(t.TempDir(), name)
	args := append([]string{"-f", driver, to, write(t, "land.geojson", []byte(land)), "-nln", "land"}, more...)
	if out, err := exec.Command("ogr2ogr", args...).CombinedOutput(); err != nil {
		t.Fatalf("ogr2ogr %v: %v %s", args, err, out)
	}
	return to
}

// folderIn makes a zip of the files of a folder, under a folder's name.
func folderIn(t testing.TB, folder, under string) []byte {
	t.Helper()
	files := map[string][]byte{}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		body, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[under+entry.Name()] = body
	}
	return zipped(t, files)
}

func contentOf(t testing.TB, path string) []byte {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// foreignFiles are files of two parcels that GDAL wrote, by the name of the format.
func foreignFiles(t testing.TB) map[string][]byte {
	mif := byGDALItself(t, "MapInfo File", "land.mif", "-dsco", "FORMAT=MIF")
	tab := byGDALItself(t, "MapInfo File", "land.tab", "-lco", "ENCODING=CP936")
	return map[string][]byte{
		"GML": contentOf(t,
			byGDALItself(t, "GML", "land.gml", "-dsco", "FORMAT=GML3.2")),
		"FlatGeobuf":                         contentOf(t, byGDALItself(t, "FlatGeobuf", "land.fgb")),
		"FileGDB":                            folderIn(t, byGDALItself(t, "OpenFileGDB", "land.gdb"), "数据/land.gdb/"),
		"FileGDB, of a folder's files alone": folderIn(t, byGDALItself(t, "OpenFileGDB", "land.gdb"), ""),
		"MapInfo TAB":                        folderIn(t, filepath.Dir(tab), "land/"),
		"MapInfo MIF":                        folderIn(t, filepath.Dir(mif), ""),
		"SpatiaLite": contentOf(t,
			byGDALItself(t, "SQLite", "land.sqlite", "-dsco", "SPATIALITE=YES")),
		"Esri JSON": []byte(`{"geometryType":"esriGeometryPolygon","spatialReference":{"wkid":4490},"fields":[{"name":"code","type":"esriFieldTypeString"}],
"features":[{"attributes":{"code":"东区-1号"},"geometry":{"rings":[[[122,37],[122,37.001],[122.001,37.001],[122.001,37],[122,37]]]}},
{"attributes":{"code":"东区-2号"},"geometry":{"rings":[[[122,37],[122,37.001],[122.001,37.001],[122,37]]]}}]}`),
	}
}

func TestForeignFormatsAreRead(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	for name, body := range foreignFiles(t) {
		for packing, file := range map[string][]byte{"": body, " in gzip": gzipped(t, body)} {
			if packing != "" && bytes.HasPrefix(body, []byte("PK")) {
				continue
			}
			info, rows, err := readAll(write(t, "land", file), Options{})
			if err != nil || len(rows) != 2 {
				t.Errorf("%s%s: %v, %d rows", name, packing, err, len(rows))
				continue
			}
			codes := []string{rows[0].Values["code"], rows[1].Values["code"]}
			if slices.Sort(codes); info.Format != strings.Split(name, ",")[0] && !strings.HasPrefix(info.Format,
				"MapInfo") ||
				codes[0] != "东区-1号" || codes[1] != "东区-2号" || rows[0].Fault != nil {
				t.Errorf("%s%s: %+v %+v", name, packing, info, rows)
			}
			if b := rows[0].Shape.Bounds; b[0] < 121.999 || b[0] > 122.003 || b[1] < 36.999 || b[3] > 37.002 {
				t.Errorf("%s%s: bounds %v", name, packing, b)
			}
			if info.EPSG == 0 && !strings.HasPrefix(name, "MapInfo") {
				t.Errorf("%s%s: system %q", name, packing, info.CRS)
			}
		}
	}
	if left, err := filepath.Glob(filepath.Join(dir, "luodi-*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// entity is one of a drawing: its kind and its groups.
func entity(kind string, groups ...any) string {
	out := "  0\n" + kind + "\n"
	for i := 0; i+1 < len(groups); i += 2 {
		out += fmt.Sprintf("%3d\n%v\n", groups[i], groups[i+1])
	}
	return out
}

func drawingOf(entities ...string) string {
	return "  0\nSECTION\n  2\nHEADER\n  9\n$ACADVER\n  1\nAC1015\n  9\n$DWGCODEPAGE\n  3\nANSI_936\n  0\nENDSEC\n" +
		"  0\nSECTION\n  2\nENTITIES\n" + strings.Join(entities, "") + "  0\nENDSEC\n  0\nEOF\n"
}

func polyline(layer string, closed int, corners ...float64) string {
	groups := []any{8, layer, 100, "AcDbEntity", 100, "AcDbPolyline", 90, len(corners) / 2, 70, closed}
	for i := 0; i+1 < len(corners); i += 2 {
		groups = append(groups, 10, corners[i], 20, corners[i+1])
	}
	return entity("LWPOLYLINE", groups...)
}

func drawnWord(layer, text string, x, y float64) string {
	return entity("TEXT", 8, layer, 100, "AcDbEntity", 100, "AcDbText", 10, x, 20, y, 40, 2.5, 1, text)
}

func hatch(layer string, corners ...float64) string {
	groups := []any{8, layer, 100, "AcDbEntity", 100, "AcDbHatch", 10, 0, 20, 0, 30, 0, 210, 0, 220, 0, 230, 1, 2,
		"SOLID", 70, 1, 71, 0,
		91, 1, 92, 2, 72, 0, 73, 1, 93, len(corners) / 2}
	for i := 0; i+1 < len(corners); i += 2 {
		groups = append(groups, 10, corners[i], 20, corners[i+1])
	}
	return entity("HATCH", append(groups, 97, 0, 75, 0, 76, 1, 98, 0)...)
}

func TestDrawingsAreRead(t *testing.T) {
	t.Parallel()
	circle := entity("LWPOLYLINE", 8, gbk("圆"), 100, "AcDbEntity", 100, "AcDbPolyline", 90, 2, 70, 1,
		10, 0, 20, 0, 42, 1, 10, 2000, 20, 0, 42, 1)
	body := drawingOf(
		polyline(gbk("宗地"), 1, 0, 0, 100, 0, 100, 80, 0, 80), hatch(gbk("宗地"), 100, 80, 0, 80, 0, 0, 100, 0),
		drawnWord(gbk("注记"), gbk("东区-1号"), 50, 40),
		polyline(gbk("宗地"), 1, 100, 0, 200, 0, 200, 80, 100, 80), drawnWord("0", "100201", 150, 20), drawnWord("0",
			gbk("东区-2号"), 150, 60),
		polyline("seen closed", 0, 0, 300, 10, 300, 10, 310, 0.0004, 300.0003),
		hatch(gbk("宗地"), 300, 0, 400, 0, 400, 80, 300, 80),
		polyline("road", 0, 0, -10, 400, -10), circle, entity("POINT", 8, "p", 10, 1, 20, 1))
	path := write(t, "land.dxf", []byte(body))
	info, rows, err := readAll(path, Options{Layer: "宗地"})
	if err != nil || len(rows) != 3 || info.Format != "DXF" || info.CRS != "" || len(info.Notes) != 1 {
		t.Fatalf("%v %+v %d rows %+v", err, info, len(rows), rows)
	}
	if got := text(t, rows[0].Shape); got != "POLYGON((0 0,100 0,100 80,0 80,0 0))" ||
		rows[0].Values["code"] != "东区-1号" ||
		rows[0].Values["layer"] != "宗地" {
		t.Errorf("%s %v", got, rows[0].Values)
	}
	if v := rows[1].Values; v["code"] != "" || v["text_1"] != "东区-2号" || v["text_2"] != "100201" {
		t.Errorf("two texts: %v", v)
	}
	if _, rows, err := readAll(path, Options{}); err != nil || len(rows) != 5 {
		t.Errorf("all layers: %v, %d rows", err, len(rows))
	}
	if _, rows, err := readAll(path, Options{Layer: "ROAD"}); err != nil || len(rows) != 1 ||
		rows[0].Shape.Kind != LineString {
		t.Errorf("a layer of lines: %v %+v", err, rows)
	}
	if _, _, err := readAll(path, Options{Layer: "none"}); faultOf(t, err).Code != LayerUnknown {
		t.Errorf("no such layer: %v", err)
	}
	// Two half circles of 1 km radius: no chord lies farther from them than is stated.
	_, rows, err = readAll(path, Options{Layer: "圆"})
	if err != nil || len(rows) != 1 {
		t.Fatalf("a circle: %v %+v", err, rows)
	}
	g, err := wkb.Unmarshal(rows[0].Shape.WKB)
	if err != nil {
		t.Fatal(err)
	}
	ring := g.(orb.Polygon)[0]
	for i := 1; i < len(ring); i++ {
		middle := orb.Point{(ring[i][0] + ring[i-1][0]) / 2, (ring[i][1] + ring[i-1][1]) / 2}
		if off := 1000 - planar.Distance(middle, orb.Point{1000, 0}); off > 0.0024 || off < 0 {
			t.Fatalf("chord %d lies %v m off", i, off)
		}
	}
}

// A file that names others is opened as nothing but the format that its first bytes are of.
func TestForeignFilesNameNoOthers(t *testing.T) {
	t.Parallel()
	secret := write(t, "secret.geojson", []byte(collectionOf(featureOf(`{"type":"Polygon","coordinates":[`+ring+`]}`))))
	vrt := `<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>` + secret +
		`</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>`
	if _, rows, err := readAll(write(t, "land.dxf", []byte(vrt)), Options{}); faultOf(t, err).Code != FormatNamed {
		t.Errorf("a VRT: %v %v", err, rows)
	}
	for _, g := range []gdalFormat{dxfFormat, gmlFormat, fgbFormat, esriFormat, liteFormat, mifFormat} {
		g.check, g.wrap = nil, nil
		for name, body := range map[string][]byte{"VRT": []byte(vrt), "path": []byte(secret),
			"WFS":     []byte("<OGRWFSDataSource><URL>http://127.0.0.1:1/</URL></OGRWFSDataSource>"),
			"GeoJSON": contentOf(t, secret),
			"KML":     []byte(kmlOf(`<Placemark>` + kmlSquare + `</Placemark>`))} {
			file, err := openFile(t.Context(), write(t, "x", body), DefaultLimits)
			if err != nil {
				t.Fatal(err)
			}
			reader, err := g.read(t.Context(), file, Options{Limits: DefaultLimits})
			if err == nil {
				t.Errorf("%s as %s: taken: %+v", name, g.name, reader.Info())
				_ = reader.Close()
			} else if got := faultOf(t, err); got.Code != ConversionFailed {
				t.Errorf("%s as %s: %v", name, g.name, err)
			}
		}
	}
}

func TestForeignFilesRefused(t *testing.T) {
	t.Parallel()
	drawing := drawingOf(polyline("0", 1, 0, 0, 100, 0, 100, 80, 0, 80))
	for name, c := range map[string]struct{ body, want string }{
		"a drawing that breaks off": {drawing[:len(drawing)-40], Truncated},
		"a drawing of nothing":      {drawingOf(), ""},
		"a GML with entities":       {`<!DOCTYPE a [<!ENTITY b "c">]><gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml">&b;</gml:FeatureCollection>`, XMLDoctype},
		"a FlatGeobuf of its magic": {"fgb\x03fgb\x00", ConversionFailed},
		"an Esri JSON cut short": {`{"geometryType":"esriGeometryPolygon","features":[{"attributes":{`,
			ConversionFailed},
	} {
		_, rows, err := readAll(write(t, "land", []byte(c.body)), Options{})
		if err == nil && len(rows) == 0 && c.want == "" {
			continue
		}
		if err == nil || c.want != "" && faultOf(t, err).Code != c.want {
			t.Errorf("%s: %v %+v, want %s", name, err, rows, c.want)
		}
	}
}

func TestWithoutGDALItIsNamed(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, _, err := readAll(write(t, "land.dxf", []byte(drawingOf())), Options{})
	if got := faultOf(t, err); got.Code != ToolMissing || !strings.Contains(got.Expected, "gdal-bin") ||
		got.Got != "DXF" {
		t.Error(err)
	}
}
