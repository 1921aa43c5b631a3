package intake_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"luodi/data/intake"
	"luodi/data/intake/file"
	"luodi/data/store/storetest"
)

func writeFile(t testing.TB, name, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func zipOf(t testing.TB, files map[string]string) string {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, body := range files {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return writeFile(t, "land.zip", out.String())
}

// Two parcels of 100 × 80 m, side by side at the corner of the land: 16,000 m², 24 mu.
var twoBoxes = [][4]float64{{0, 0, 100, 80}, {100, 0, 100, 80}}

// eachBox calls with the code and the corners of each of the two, clockwise, the first again at the end.
func eachBox(each func(code string, ring [][2]float64)) {
	for i, b := range twoBoxes {
		x, y := storetest.EastM+b[0], storetest.NorthM+b[1]
		each(fmt.Sprintf("东区-%d号", i+1), [][2]float64{{x, y}, {x, y + b[3]}, {x + b[2], y + b[3]}, {x + b[2], y}, {x,
			y}})
	}
}

func shapefileOf(t testing.TB) string {
	t.Helper()
	var records, table bytes.Buffer
	n := 0
	eachBox(func(code string, ring [][2]float64) {
		n++
		body := binary.LittleEndian.AppendUint32(nil, 5)
		body = append(body, make([]byte, 32)...)
		for _, v := range []uint32{1, uint32(len(ring)), 0} {
			body = binary.LittleEndian.AppendUint32(body, v)
		}
		for _, p := range ring {
			body = binary.LittleEndian.AppendUint64(body, math.Float64bits(p[0]))
			body = binary.LittleEndian.AppendUint64(body, math.Float64bits(p[1]))
		}
		records.Write(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(n)), uint32(len(body)/2)))
		records.Write(body)
		gbk, err := simplifiedchinese.GBK.NewEncoder().String(code)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&table, " %s%s", gbk, strings.Repeat(" ", 20-len(gbk)))
	})
	head := make([]byte, 100)
	binary.BigEndian.PutUint32(head, 9994)
	binary.BigEndian.PutUint32(head[24:], uint32(100+records.Len())/2)
	binary.LittleEndian.PutUint32(head[28:], 1000)
	dbf := make([]byte, 65)
	dbf[0], dbf[4], dbf[8], dbf[10], dbf[64] = 3, byte(n), 65, 21, 0x0d
	copy(dbf[32:], "code")
	dbf[43], dbf[48] = 'C', 20
	prj := `PROJCS["CGCS2000_3_Degree_GK_CM_123E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",123.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`
	return zipOf(t, map[string]string{"宗地.shp": string(head) + records.String(), "宗地.dbf": string(dbf) + table.String(),
		"宗地.prj": prj, "宗地.cpg": "GBK"})
}

func wktTableOf() string {
	out := "WKT,地块编号\n"
	eachBox(func(code string, ring [][2]float64) {
		var points []string
		for _, p := range ring {
			points = append(points, fmt.Sprintf("%.4f %.4f", p[0], p[1]))
		}
		out += "\"POLYGON ((" + strings.Join(points, ",") + "))\"," + code + "\n"
	})
	return out
}

func cornerTableOf() string {
	out := "地块编号,圈号,点号,X,Y\n"
	eachBox(func(code string, ring [][2]float64) {
		for i, p := range ring {
			out += fmt.Sprintf("%s,1,J%d,%.3f,41%.3f\n", code, i%4+1, p[1], p[0])
		}
	})
	return out
}

func drawingText() string {
	out := "0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1021\n0\nENDSEC\n0\nSECTION\n2\nENTITIES\n"
	eachBox(func(code string, ring [][2]float64) {
		out += "0\nLWPOLYLINE\n8\n红线\n100\nAcDbEntity\n100\nAcDbPolyline\n90\n4\n70\n1\n"
		for _, p := range ring[:4] {
			out += fmt.Sprintf("10\n%.4f\n20\n%.4f\n", p[0], p[1])
		}
		out += fmt.Sprintf("0\nTEXT\n8\n注记\n100\nAcDbEntity\n100\nAcDbText\n10\n%.4f\n20\n%.4f\n40\n2.5\n1\n%s\n",
			ring[0][0]+50, ring[0][1]+40, code)
	})
	return out + "0\nENDSEC\n0\nEOF\n"
}

// byOGR lets GDAL write the two in another format and system.
func byOGR(t testing.TB, driver, name string, more ...string) string {
	t.Helper()
	var plots []plot
	eachBox(func(code string, ring [][2]float64) {
		for i := range ring {
			ring[i][0], ring[i][1] = ring[i][0]-storetest.EastM, ring[i][1]-storetest.NorthM
		}
		plots = append(plots, plot{map[string]any{"code": code}, polygon(ring)})
	})
	to := filepath.Join(t.TempDir(), name)
	args := append([]string{"-f", driver, to, survey(t, "EPSG:4550", plots...)}, more...)
	if out, err := exec.Command("ogr2ogr", args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return to
}

func folderZip(t testing.TB, folder string) string {
	t.Helper()
	files := map[string]string{}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		body, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(folder)+"/"+entry.Name()] = string(body)
	}
	return zipOf(t, files)
}

// TestEveryKindOfFileBecomesTheSameLand: two parcels of 8000 m² each with their codes, whatever they come in.
func TestEveryKindOfFileBecomesTheSameLand(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	degrees := []string{"-t_srs", "EPSG:4326"}
	for name, c := range map[string]struct {
		path string
		opts file.Options
	}{
		"Shapefile":    {shapefileOf(t), file.Options{}},
		"CSV, shapes":  {writeFile(t, "a.csv", wktTableOf()), file.Options{CRS: 4550}},
		"CSV, corners": {writeFile(t, "a.csv", cornerTableOf()), file.Options{CRS: 4529}},
		"KML":          {byOGR(t, "KML", "a.kml", degrees...), file.Options{}},
		"DXF":          {writeFile(t, "a.dxf", drawingText()), file.Options{CRS: 4550, Layer: "红线"}},
		"GML":          {byOGR(t, "GML", "a.gml"), file.Options{}},
		"FlatGeobuf":   {byOGR(t, "FlatGeobuf", "a.fgb"), file.Options{}},
		"FileGDB":      {folderZip(t, byOGR(t, "OpenFileGDB", "a.gdb")), file.Options{}},
		"a plane without a code": {byOGR(t, "GPKG", "a.gpkg", "-t_srs",
			"+proj=tmerc +lat_0=0 +lon_0=123 +k=1 +x_0=500000 +ellps=GRS80 +units=m"), file.Options{CRS: 4550}},
		"with heights": {byOGR(t, "GeoJSON", "a.geojson", append(degrees, "-lco", "RFC7946=NO")...),
			file.Options{CRS: 4979}},
		"a wrong crs": {survey(t, "EPSG:4549", box("东区-1号", 0, 0, 100, 80), box("东区-2号", 100, 0, 100, 80)),
			file.Options{CRS: 4550}},
		"fitted": {survey(t, "EPSG:2386", box("东区-1号", 0, 0, 100, 80), box("东区-2号", 100, 0, 100, 80)),
			file.Options{Control: control(t)}},
	} {
		req := request(fmt.Sprintf("park-%x", len(name)*7919+int(name[0])*31+int(name[len(name)-1])))
		req.CRS, req.DryRun = c.opts.CRS, true
		reader, err := file.Open(t.Context(), c.path, c.opts)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		report, err := intake.Of(db.Store).Import(t.Context(), req, reader, nil)
		if closed := reader.Close(); err != nil || closed != nil || report.Acceptable != 2 {
			t.Errorf("%s: %v %v %+v", name, err, closed, report)
			continue
		}
		if math.Abs(report.ComputedM2-16_000) > 1 || report.Place == nil ||
			math.Hypot(report.Place[0]-122.0312, report.Place[1]-37.2441) > 0.002 {
			t.Errorf("%s: %.2f m² at %v", name, report.ComputedM2, report.Place)
		}
		if !strings.Contains(strings.ToLower(report.CodeField), "code") && report.CodeField != "地块编号" {
			t.Errorf("%s: codes of %q", name, report.CodeField)
		}
	}
}

// control leads a plane to itself.
func control(t testing.TB) *file.Control {
	t.Helper()
	var points strings.Builder
	for _, d := range [][2]float64{{0, 0}, {1000, 0}, {0, 1000}, {900, 900}} {
		x, y := storetest.EastM+d[0], storetest.NorthM+d[1]
		fmt.Fprintf(&points, "%.3f %.3f %.3f %.3f\n", x, y, x, y)
	}
	c, err := file.ReadControl(t.Context(), writeFile(t, "control.txt", points.String()), false)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Areas are turned into square metres, whatever the plane's unit.
func TestFeetBecomeSquareMetres(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	feet := `{"type":"Polygon","coordinates":[[[998114,194309],[998414,194309],[998414,194609],[998114,194609],[998114,194309]]]}`
	req := request("feet")
	report := mustImport(t, db.Store, survey(t, "EPSG:2263", plot{map[string]any{"code": "F"}, feet}), req)
	const want = 300 * 300 * (1200.0 / 3937) * (1200.0 / 3937)
	if math.Abs(report.ComputedM2-want) > 0.001*want {
		t.Errorf("%.2f m², want %.2f", report.ComputedM2, want)
	}
}

// A shift is refused where there is none to do; the distance from a park's middle is told.
func TestWhatIsSaidOfTheSystemIsHeldToIt(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	mustImport(t, db.Store, survey(t, "EPSG:4550", box("A", 0, 0, 100, 100)), request("north"))
	req := request("new")
	req.Shift = []float64{1, 2, 3}
	for _, crs := range []string{"EPSG:4550", "EPSG:4490", "EPSG:4326", "EPSG:32651"} {
		geom := box("S", 500, 0, 100, 100)
		if crs == "EPSG:4490" || crs == "EPSG:4326" {
			geom.geom = `{"type":"Polygon","coordinates":[[[122.03,37.25],[122.031,37.25],[122.031,37.251],[122.03,37.25]]]}`
		}
		_, err := importFile(t, db.Store, survey(t, crs, geom), req)
		if got := fileFault(t, err); got.Code != "no_shift" {
			t.Errorf("%s: %+v", crs, got)
		}
	}
	report, err := importFile(t, db.Store, survey(t, "EPSG:4550", box("B", 3000, 4000, 100, 100)), request("north"))
	if err != nil || report.DistanceM == nil || math.Abs(*report.DistanceM-5000) > 25 {
		t.Errorf("%v, %v m from the middle", err, report.DistanceM)
	}
}

// A column that nobody maps is left alone; one that is asked for is refused by its name.
func TestOnlyWhatIsAskedForMustBeRead(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	bad := strings.Replace(`{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4550"}},"features":[{"type":"Feature","properties":{"code":"A","memo":"?"},"geometry":`+
		box("", 0, 0, 100, 100).geom+`}]}`, "?", "\xff\xfe", 1)
	path := writeFile(t, "a.geojson", bad)
	req := request("north")
	req.DryRun = true
	if report, err := importFile(t, db.Store, path, req); err != nil || report.Acceptable != 1 {
		t.Errorf("not asked for: %v %+v", err, report)
	}
	req.Fields = map[string]string{"zone": "memo"}
	report, err := importFile(t, db.Store, path, req)
	if !errors.Is(err, intake.ErrImportRefused) || len(report.Refusals) != 1 ||
		report.Refusals[0].Fault.Code != "not_text" ||
		report.Refusals[0].Fault.Field != "memo" {
		t.Errorf("asked for: %v %+v", err, report.Refusals)
	}
}
