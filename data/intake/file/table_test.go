package file

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"luodi/geo"
)

// workbookOf writes sheets of rows; a cell that begins with "=" is a formula without a kept result.
func workbookOf(t testing.TB, sheets map[string][][]any) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer func() { _ = book.Close() }()
	for name, rows := range sheets {
		if _, err := book.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			for j, value := range row {
				cell, err := excelize.CoordinatesToCellName(j+1, i+1)
				if err != nil {
					t.Fatal(err)
				}
				if s, is := value.(string); is && strings.HasPrefix(s, "=") {
					err = book.SetCellFormula(name, cell, s[1:])
				} else {
					err = book.SetCellValue(name, cell, value)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if err := book.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func utf16LE(s string) string {
	out := []byte("\xff\xfe")
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return string(out)
}

const wktTable = "图形,地块编号,面积\n\"POLYGON ((0 0,10 0,10 10,0 10,0 0),(2 2,4 2,4 4,2 2))\",东区-1号,100\n" +
	"\"MULTIPOLYGON Z (((0 0 1,9 0 1,9 9 1,0 0 1)))\",东区-2号,\n,东区-3号,1\n\"POLYGON((0 0,1\",东区-4号,1\n"

func TestTablesOfShapes(t *testing.T) {
	t.Parallel()
	semicolons := strings.NewReplacer("\",", "\";", "图形,地块编号,", "图形;地块编号;", "号,", "号;", "\n,", "\n;").Replace(wktTable)
	for name, body := range map[string]string{
		"UTF-8": wktTable, "UTF-8 with its mark": "\ufeff" + wktTable, "GBK": gbk(wktTable),
		"UTF-16":        utf16LE(wktTable),
		"a title above": "某区地块一览表,,\n" + wktTable, "semicolons": semicolons,
		"Windows' line ends": strings.ReplaceAll(wktTable, "\n", "\r\n"),
	} {
		info, rows, err := readAll(write(t, "land.csv", []byte(body)), Options{})
		if err != nil || len(rows) != 4 || info.Format != "CSV" || info.EPSG != 0 {
			t.Errorf("%s: %v, %+v, %d rows", name, err, info, len(rows))
			continue
		}
		if got := text(t, rows[0].Shape); got != "POLYGON((0 0,10 0,10 10,0 10,0 0),(2 2,4 2,4 4,2 2))" {
			t.Errorf("%s: %s", name, got)
		}
		if v := rows[0].Values; v["地块编号"] != "东区-1号" || v["面积"] != "100" || len(v) != 2 {
			t.Errorf("%s: %v", name, v)
		}
		if !rows[1].Shape.Dropped || rows[2].Fault.Code != NoGeometry || rows[3].Fault.Code != BadGeometry {
			t.Errorf("%s: %+v", name, rows)
		}
	}
	info, rows, err := readAll(write(t, "land.csv",
		[]byte("g,code\nSRID=4550;POINT(1 2),a\nSRID=4549;POINT(1 2),b\n")), Options{})
	if err != nil || info.EPSG != 4550 || rows[0].Fault != nil || rows[1].Fault.Code != CRSOther {
		t.Errorf("EWKT: %v %+v %+v", err, info, rows)
	}
}

// cornersTable is a parcel with a hole and one without, their corners north first.
func cornersTable(heads string, zone string, swap bool) string {
	out := heads + "\n"
	for _, c := range []struct {
		code, ring string
		n, e, w, h float64
	}{{"A", "1", 4124000, 414000, 200, 300}, {"A", "2", 4124050, 414050, 30, 40}, {"B", "1", 4125000, 415000, 50, 60}} {
		for i, d := range [][2]float64{{0, 0}, {c.h, 0}, {c.h, c.w}, {0, c.w}, {0, 0}} {
			x, y := fmt.Sprintf("%.3f", c.n+d[0]), fmt.Sprintf("%s%.3f", zone, c.e+d[1])
			if swap {
				x, y = y, x
			}
			out += fmt.Sprintf("%s,%s,J%d,%s,%s\n", c.code, c.ring, i%4+1, x, y)
		}
	}
	return out
}

func TestTablesOfCorners(t *testing.T) {
	t.Parallel()
	const want = "POLYGON((414000 4.124e+06,414000 4.1243e+06,414200 4.1243e+06,414200 4.124e+06,414000 4.124e+06)," +
		"(414050 4.12405e+06,414050 4.12409e+06,414080 4.12409e+06,414080 4.12405e+06,414050 4.12405e+06))"
	for name, c := range map[string]struct {
		body string
		crs  geo.EPSG
	}{
		"Chinese heads":                {cornersTable("地块编号,圈号,点号,X坐标（米）,Y坐标（米）", "", false), 4550},
		"GBK":                          {gbk(cornersTable("地块编号,圈号,点号,X,Y", "", false)), 4550},
		"zone before the eastings":     {cornersTable("宗地号,圈号,界址点号,X,Y", "41", false), 4550},
		"north and east by name":       {cornersTable("code,ring,point,Northing,Easting", "", false), 4550},
		"east and north by name":       {cornersTable("编号,环号,点号,东坐标,北坐标", "", true), 4550},
		"English X and Y, east first":  {cornersTable("code,ring,point,x,y", "", true), 4550},
		"English X and Y, north first": {cornersTable("code,ring,point,x,y", "", false), 4550},
	} {
		info, rows, err := readAll(write(t, "land.csv", []byte(c.body)), Options{CRS: c.crs})
		if err != nil || len(rows) != 2 || info.EPSG != 4550 || len(info.Notes) != 1 {
			t.Errorf("%s: %v, %+v, %d rows", name, err, info, len(rows))
			continue
		}
		if rows[0].Fault != nil || text(t, rows[0].Shape) != want {
			t.Errorf("%s: %v %s", name, rows[0].Fault, text(t, rows[0].Shape))
		}
	}
	// What contradicts the heads, or can't be read, is refused with its row.
	swapped := cornersTable("地块编号,圈号,点号,X,Y", "", true)
	for name, body := range map[string]string{
		"Chinese X and Y, east first": swapped,
		"north is east by name":       cornersTable("code,ring,point,northing,easting", "", true),
		"other zone":                  cornersTable("地块编号,圈号,点号,X,Y", "40", false),
		"no numbers":                  "地块编号,圈号,点号,X,Y\nA,1,J1,a,b\nA,1,J2,c,d\n",
		"thousands parted":            "地块编号,圈号,点号,X,Y\nA,1,J1,\"4,124,000\",414000\n",
		"no corners":                  "地块编号,圈号,点号,X,Y\n",
	} {
		_, rows, err := readAll(write(t, "land.csv", []byte(body)), Options{CRS: 4550})
		if err == nil && (len(rows) == 0 || rows[0].Fault == nil) {
			t.Errorf("%s: taken: %+v", name, rows)
		}
	}
	one := strings.Replace(cornersTable("地块编号,圈号,点号,X,Y", "", false), "B,1,J2,4125060.000", "B,1,J2,4125060.000m", 1)
	_, rows, err := readAll(write(t, "land.csv", []byte(one)), Options{CRS: 4550})
	if err != nil || rows[0].Fault != nil || rows[1].Fault == nil || rows[1].Fault.Code != TableDamaged {
		t.Errorf("a cell that is no number: %v %+v", err, rows)
	}
}

func TestWorkbooksAreRead(t *testing.T) {
	t.Parallel()
	shapes := [][]any{{"某区地块"}, {"地块编号", "面积", "WKT"}, {"东区-1号", 8000.5, "POLYGON((0 0,10 0,10 10,0 0))"}}
	info, rows, err := readAll(write(t, "land.xlsx", workbookOf(t, map[string][][]any{"说明": {{"x"}}, "地块": shapes})),
		Options{})
	if err != nil || len(rows) != 1 || info.Layer != "地块" || info.Format != "XLSX" ||
		text(t, rows[0].Shape) != "POLYGON((0 0,10 0,10 10,0 0))" || rows[0].Values["面积"] != "8000.5" {
		t.Errorf("shapes: %v %+v %+v", err, info, rows)
	}
	corners := [][]any{{"地块编号", "圈号", "点号", "X", "Y"}, {"A", 1, "J1", 4124000.25, 41414000.5},
		{nil, 1, "J2", 4124100.0, 41414000.0}, {nil, 1, "J3", 4124100.0, 41414100.0}}
	_, rows, err = readAll(write(t, "land.xlsx", workbookOf(t, map[string][][]any{"界址点": corners})), Options{CRS: 4550})
	if err != nil || len(rows) != 1 || rows[0].Fault != nil ||
		text(t,
			rows[0].Shape) != "POLYGON((414000.5 4.12400025e+06,414000 4.1241e+06,414100 4.1241e+06,414000.5 4.12400025e+06))" {
		t.Errorf("corners: %v %+v", err, rows)
	}
	twoRows := [][]any{{"界址点成果表"}, {"地块编号", "点号", "坐标", nil}, {nil, nil, "X(m)", "Y(m)"}, {"A", "J1", 4124000.25,
		414000.5},
		{"A", "J2", 4124100.0, 414000.0}, {"A", "J3", 4124100.0, 414100.0}, {"合计"}}
	_, rows, err = readAll(write(t, "land.xlsx", workbookOf(t, map[string][][]any{"表": twoRows, "x": {{"y"}}})),
		Options{CRS: 4550})
	if err != nil || len(rows) != 1 || rows[0].Fault != nil || rows[0].Values["地块编号"] != "A" {
		t.Errorf("heads in two rows: %v %+v", err, rows)
	}
	both := workbookOf(t, map[string][][]any{"a": shapes, "b": corners})
	for layer, want := range map[string]string{"": LayerAmbiguous, "c": LayerUnknown} {
		if _, _, err := readAll(write(t, "land.xlsx", both), Options{Layer: layer}); faultOf(t, err).Code != want {
			t.Errorf("sheet %q of two: %v", layer, err)
		}
	}
	if info, _, err := readAll(write(t, "land.xlsx", both), Options{Layer: "A"}); err != nil || info.Layer != "a" {
		t.Errorf("a sheet by name: %v %+v", err, info)
	}
	formula := [][]any{{"地块编号", "X", "Y"}, {"A", "=1+1", "=HYPERLINK(\"http://example.org\")"}}
	if _, _, err := readAll(write(t, "f.xlsx", workbookOf(t, map[string][][]any{"a": formula})),
		Options{CRS: 4550}); err == nil {
		t.Error("formulas were taken for corners")
	}
	list := workbookOf(t, map[string][][]any{"a": {{"code", "legal_m2", "name"}, {"A", 1, "x"}}})
	if _, _, err := readAll(write(t, "list.xlsx", list), Options{}); faultOf(t, err).Code != TableHead {
		t.Errorf("a list without shapes: %v", err)
	}
	bomb := zipped(t, map[string][]byte{"xl/workbook.xml": bytes.Repeat([]byte(" "), 100<<20)})
	if _, _, err := readAll(write(t, "bomb.xlsx", bomb), Options{}); faultOf(t, err).Code != PackBomb {
		t.Errorf("a bomb: %v", err)
	}
	if _, _, err := readAll(write(t, "bad.xlsx", zipped(t, map[string][]byte{"xl/workbook.xml": []byte("x")})),
		Options{}); faultOf(t, err).Code != TableDamaged {
		t.Errorf("a damaged one: %v", err)
	}
}

func FuzzTable(f *testing.F) {
	f.Add([]byte(wktTable))
	f.Add([]byte(cornersTable("地块编号,圈号,点号,X,Y", "41", false)))
	f.Fuzz(func(t *testing.T, body []byte) {
		path := write(t, "f.csv", body)
		reader, err := Open(t.Context(), path, Options{Limits: small, CRS: 4550})
		checkReader(t, reader, err)
	})
}
