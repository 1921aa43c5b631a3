package outlet_test

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"luodi/geo"
)

func unzipped(t testing.TB, path, name string) []byte {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = z.Close() }()
	file, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// Sheets have heads in both languages, typed cells, and totals that are sums of the exact square metres.
func TestWorkbooksAreReadBack(t *testing.T) {
	t.Parallel()
	f := withSample(t)
	path := written(t, f, job(t, "xlsx", geo.CRS{Code: geo.CGCS2000}, layerIDs...))
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = book.Close() }()
	for _, layer := range layerIDs {
		want := told(t, f, layer, geo.CRS84)
		rows, err := book.GetRows("图层"+layer, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		if rows[0][1] != "字段park" || rows[1][1] != "field park" || rows[2][1] != "park" || len(rows) != len(want)+4 {
			t.Errorf("%s: heads %q %q %q, %d rows of %d", layer, rows[0][1], rows[1][1], rows[2][1], len(rows),
				len(want))
		}
		var sum geo.Area
		for _, row := range rows[3 : len(rows)-1] {
			one := want[row[0]].Properties
			for i, name := range rows[2][1:] {
				cell := ""
				if i+1 < len(row) {
					cell = row[i+1]
				}
				if !cellSays(one[name], cell) {
					t.Fatalf("%s: %s of %s is %q, want %v", layer, name, row[0], cell, one[name])
				}
				if name == "legal_m2" && cell != "" {
					sum = sum.Add(must(geo.RoundArea(cell)))
				}
			}
		}
		total := rows[len(rows)-1]
		for i, name := range rows[2] {
			if name == "legal_mu" && total[i] != strings.TrimRight(strings.TrimRight(sum.Mu().String(), "0"), ".") {
				t.Errorf("%s: the total is %s mu, want %s", layer, total[i], sum.Mu())
			}
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// cellSays reports whether a raw cell holds a value of a feed: days and instants are days since 1899-12-30.
func cellSays(want any, cell string) bool {
	switch want := want.(type) {
	case nil:
		return cell == ""
	case bool:
		return cell == map[bool]string{true: "1", false: "0"}[want]
	case float64:
		number, err := strconv.ParseFloat(cell, 64)
		return err == nil && number == want
	case map[string]any:
		var object map[string]any
		return json.Unmarshal([]byte(cell), &object) == nil && fmt.Sprint(object) == fmt.Sprint(want)
	case string:
		if cell == want {
			return true
		}
		days, err := strconv.ParseFloat(cell, 64)
		for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
			at, wrong := time.Parse(layout, want)
			epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
			if err == nil && wrong == nil && math.Abs(at.Sub(epoch).Hours()/24-days) < 1e-7 {
				return true
			}
		}
	}
	return false
}

// GeoParquet, read by its own library alone: GDAL of Debian has no driver for it.
func TestGeoParquetIsReadBack(t *testing.T) {
	t.Parallel()
	f := withSample(t)
	for _, crs := range []geo.CRS{geo.CRS84, {Code: geo.CGCS2000}, zone41} {
		for _, layer := range layerIDs {
			body := write(t, f, job(t, "parquet", crs, layer))
			file, err := parquet.OpenFile(bytes.NewReader(body), int64(len(body)))
			if err != nil {
				t.Fatal(err)
			}
			checkGeo(t, file, crs)
			want := told(t, f, layer, crs)
			columns := file.Schema().Columns()
			rows := parquet.NewReader(file)
			n := 0
			for buf := make([]parquet.Row, 10); ; {
				read, err := rows.ReadRows(buf)
				for _, row := range buf[:read] {
					n++
					checkRow(t, layer, columns, row, want, crs)
				}
				if err != nil {
					break
				}
			}
			if n != len(want) {
				t.Errorf("%s: %d rows, want %d", layer, n, len(want))
			}
		}
	}
}

func checkGeo(t *testing.T, file *parquet.File, crs geo.CRS) {
	t.Helper()
	text, _ := file.Lookup("geo")
	var meta struct {
		Version string
		Columns map[string]struct {
			Encoding string
			CRS      *struct {
				Type string
				ID   struct{ Code int }
			}
		}
	}
	if err := json.Unmarshal([]byte(text), &meta); err != nil {
		t.Fatal(err)
	}
	g := meta.Columns["geometry"]
	if meta.Version != "1.1.0" || g.Encoding != "WKB" || (g.CRS == nil) != (crs == geo.CRS84) ||
		g.CRS != nil && g.CRS.ID.Code != int(crs.Code) {
		t.Errorf("geo says %s", text)
	}
}

func checkRow(t *testing.T, layer string, columns [][]string, row parquet.Row, want map[string]feature, crs geo.CRS) {
	t.Helper()
	w := want[row[0].String()]
	for i, v := range row {
		name := columns[i][0]
		switch name {
		case "id", "bbox":
		case "geometry":
			shape, err := wkb.Unmarshal(v.ByteArray())
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(map[string]any{"coordinates": shape})
			if err != nil {
				t.Fatal(err)
			}
			if off := apart(t, w.Geometry, text); off > 2*math.Pow10(-crs.Decimals()) {
				t.Errorf("%s: the geometry of %s is %g off", layer, row[0], off)
			}
		default:
			if !parquetSays(w.Properties[name], v) {
				t.Errorf("%s: %s of %s is %v, want %v", layer, name, row[0], v, w.Properties[name])
			}
		}
	}
}

func parquetSays(want any, v parquet.Value) bool {
	switch want := want.(type) {
	case nil:
		return v.IsNull()
	case bool:
		return v.Boolean() == want
	case float64:
		return v.Kind() == parquet.Double && v.Double() == want || v.Kind() == parquet.Int64 &&
			float64(v.Int64()) == want
	case string:
		switch v.Kind() {
		case parquet.Int64:
			return time.UnixMicro(v.Int64()).UTC().Format(time.RFC3339Nano) == want
		case parquet.Int32:
			return time.Unix(int64(v.Int32())*86400, 0).UTC().Format(time.DateOnly) == want
		}
		return v.String() == want
	}
	var object any
	return json.Unmarshal(v.ByteArray(), &object) == nil && fmt.Sprint(object) == fmt.Sprint(want)
}

// surveyParcel is what the small reader below makes of a parcel.
type surveyParcel struct {
	head  []string
	rings map[string][][2]float64 // by ring, north and east
}

// readSurvey reads an exchange text by its description alone: a parcel is a line that ends in @, its points follow.
func readSurvey(t *testing.T, text string) (facts map[string]string, parcels []surveyParcel) {
	t.Helper()
	facts = map[string]string{}
	lines := bufio.NewScanner(strings.NewReader(text))
	for lines.Scan() {
		line := lines.Text()
		fields := strings.Split(line, ",")
		switch name, value, fact := strings.Cut(line, "="); {
		case fact:
			facts[name] = value
		case strings.HasPrefix(line, "["):
		case strings.HasSuffix(line, "@"):
			parcels = append(parcels, surveyParcel{fields, map[string][][2]float64{}})
		default:
			p := parcels[len(parcels)-1]
			x, err := strconv.ParseFloat(fields[2], 64)
			if err != nil {
				t.Fatal(err)
			}
			y, err := strconv.ParseFloat(fields[3], 64)
			if err != nil {
				t.Fatal(err)
			}
			p.rings[fields[1]] = append(p.rings[fields[1]], [2]float64{x, y})
		}
	}
	return facts, parcels
}

// The exchange text says of each parcel its legal area, its corners with X north and Y east behind the zone's number,
// and each ring closed.
func TestTheSurveyTextIsReadBack(t *testing.T) {
	t.Parallel()
	f := withSample(t)
	want := map[string]feature{}
	for _, one := range told(t, f, "parcels", zone41) {
		want[one.Properties["code"].(string)] = one
	}
	for _, gbk := range []bool{false, true} {
		j := job(t, "survey-txt", zone41, "parcels")
		j.GBK = gbk
		text := string(write(t, f, j))
		if gbk {
			text = must(simplifiedchinese.GBK.NewDecoder().String(text))
		}
		if strings.Count(text, "\r\n") != strings.Count(text, "\n") {
			t.Error("lines must end in CR and LF")
		}
		facts, parcels := readSurvey(t, text)
		if facts["坐标系"] != "2000国家大地坐标系" || facts["带号"] != "41" || facts["几度分带"] != "3" ||
			facts["数据产生单位"] != "测试局" || facts["计量单位"] != "米" || facts["投影类型"] != "高斯克吕格" {
			t.Errorf("the header says %v", facts)
		}
		if len(parcels) != len(want) {
			t.Errorf("%d parcels, want %d", len(parcels), len(want))
		}
		for _, p := range parcels {
			w := want[p.head[2]]
			hectares, err := strconv.ParseFloat(p.head[1], 64)
			if err != nil || math.Abs(hectares*10000-w.Properties["legal_m2"].(float64)) > 1e-4 {
				t.Errorf("%s has %s ha, want %v m²", p.head[2], p.head[1], w.Properties["legal_m2"])
			}
			lines := rings(t, w.Geometry)
			count := 0
			for i, line := range lines {
				var back [][2]float64
				for _, at := range p.rings[strconv.Itoa(i+1)] {
					back = append(back, [2]float64{at[1] - 41e6, at[0]})
				}
				count += len(back)
				if ringApart(line, back) > 1e-5 {
					t.Errorf("%s: ring %d is %v, want %v", p.head[2], i, back, line)
				}
			}
			if p.head[0] != strconv.Itoa(count) || p.head[4] != "面" {
				t.Errorf("%s: head %v, %d points", p.head[2], p.head, count)
			}
		}
	}
}

// The table of boundary points has each corner once, X north, and the length of the side to the next.
func TestTheTableOfBoundaryPointsIsReadBack(t *testing.T) {
	t.Parallel()
	f := withSample(t)
	book, err := excelize.OpenFile(written(t, f, job(t, "points", zone41, "parcels")))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = book.Close() }()
	rows, err := book.GetRows("说outlet.points", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	type key struct{ code, part, ring string }
	got := map[key][][2]float64{}
	for _, row := range rows[3:] {
		k := key{row[0], row[1], row[2]}
		north, east := must(strconv.ParseFloat(row[4], 64)), must(strconv.ParseFloat(row[5], 64))
		got[k] = append(got[k], [2]float64{east, north})
	}
	for _, one := range told(t, f, "parcels", zone41) {
		for i, line := range rings(t, one.Geometry) {
			corners := got[key{one.Properties["code"].(string), "1", strconv.Itoa(i + 1)}]
			if len(corners) == 0 || ringApart(line, append(corners, corners[0])) > 1e-5 {
				t.Errorf("%v: ring %d is %v, want %v", one.Properties["code"], i, corners, line)
			}
		}
	}
}

// A file says the same twice: a tag of the API names bytes.
func TestAFileIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	f := withSample(t)
	for _, c := range []struct {
		format string
		crs    geo.CRS
		layers []string
	}{{"gpkg", zone41, layerIDs}, {"shp", zone41, layerIDs}, {"fgb", zone41, layerIDs[:1]},
		{"kml", geo.CRS84, layerIDs},
		{"parquet", zone41, layerIDs[:1]}, {"xlsx", zone41, layerIDs}, {"dxf", zone41, layerIDs},
		{"points", zone41, layerIDs[:1]}, {"pmtiles", webMercator, layerIDs}} {
		if a, b := write(t, f, job(t, c.format, c.crs, c.layers...)), write(t, f, job(t, c.format, c.crs,
			c.layers...)); !bytes.Equal(a, b) {
			t.Errorf("%s differs from itself: %d and %d bytes", c.format, len(a), len(b))
		}
	}
}
