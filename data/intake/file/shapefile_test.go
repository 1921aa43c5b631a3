package file

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// shpFile writes a .shp: of each record its type and what stands after it.
func shpFile(records ...[]byte) []byte {
	var body bytes.Buffer
	for i, r := range records {
		body.Write(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(i+1)), uint32(len(r)/2)))
		body.Write(r)
	}
	head := make([]byte, shpHead)
	binary.BigEndian.PutUint32(head, shpCode)
	binary.BigEndian.PutUint32(head[24:], uint32(shpHead+body.Len())/2)
	binary.LittleEndian.PutUint32(head[28:], shpVersion)
	binary.LittleEndian.PutUint32(head[32:], shpPolygon)
	return append(head, body.Bytes()...)
}

// shpRecord is a shape of rings or lines; more stands after the corners: heights and measures.
func shpRecord(code uint32, more int, parts ...orb.LineString) []byte {
	out := binary.LittleEndian.AppendUint32(nil, code)
	out = append(out, make([]byte, 32)...)
	points := 0
	for _, p := range parts {
		points += len(p)
	}
	out = binary.LittleEndian.AppendUint32(out, uint32(len(parts)))
	out = binary.LittleEndian.AppendUint32(out, uint32(points))
	at := 0
	for _, p := range parts {
		out = binary.LittleEndian.AppendUint32(out, uint32(at))
		at += len(p)
	}
	for _, p := range parts {
		for _, xy := range p {
			out = binary.LittleEndian.AppendUint64(out, math.Float64bits(xy[0]))
			out = binary.LittleEndian.AppendUint64(out, math.Float64bits(xy[1]))
		}
	}
	return append(out, make([]byte, more)...)
}

func shpPointRecord(x, y float64) []byte {
	out := binary.LittleEndian.AppendUint32(nil, shpPoint)
	out = binary.LittleEndian.AppendUint64(out, math.Float64bits(x))
	return binary.LittleEndian.AppendUint64(out, math.Float64bits(y))
}

// dbfColumn is a column of a test's table.
type dbfColumn struct {
	name string
	kind byte
	size int
}

// dbfFile writes a .dbf; the first sign of a row is its mark: ' ' lives, '*' is deleted.
func dbfFile(language byte, columns []dbfColumn, rows ...string) []byte {
	size := 1
	for _, c := range columns {
		size += c.size
	}
	head := make([]byte, dbfHead)
	head[0], head[29] = 3, language
	binary.LittleEndian.PutUint32(head[4:], uint32(len(rows)))
	binary.LittleEndian.PutUint16(head[8:], uint16(dbfHead+dbfHead*len(columns)+1))
	binary.LittleEndian.PutUint16(head[10:], uint16(size))
	for _, c := range columns {
		field := make([]byte, dbfHead)
		copy(field[:11], c.name)
		field[11], field[16] = c.kind, byte(c.size)
		head = append(head, field...)
	}
	head = append(head, dbfTerminator)
	for _, row := range rows {
		head = append(head, row...)
		head = append(head, strings.Repeat(" ", max(0, size-len(row)))...)
	}
	return append(head, 0x1a)
}

func gbk(s string) string {
	out, err := simplifiedchinese.GBK.NewEncoder().String(s)
	if err != nil {
		panic(err)
	}
	return out
}

func column(s string, size int) string { return s + strings.Repeat(" ", max(0, size-len(s))) }

const wktOfZone = `PROJCS["CGCS2000_3_Degree_GK_CM_123E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",123.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`

// outline is clockwise, as outlines in a Shapefile are.
func outline(x, y, w, h float64) orb.LineString {
	return orb.LineString{{x, y}, {x, y + h}, {x + w, y + h}, {x + w, y}, {x, y}}
}

func reversed(line orb.LineString) orb.LineString {
	back := make(orb.LineString, len(line))
	for i, p := range line {
		back[len(line)-1-i] = p
	}
	return back
}

var codeColumns = []dbfColumn{{"code", 'C', 12}}

func parcelZip(t testing.TB, more map[string][]byte) []byte {
	t.Helper()
	files := map[string][]byte{"land.shp": shpFile(shpRecord(shpPolygon, 0, outline(0, 0, 10, 10))),
		"land.dbf": dbfFile(0, codeColumns, " A"), "land.prj": []byte(wktOfZone)}
	for name, body := range more {
		if files[name] = body; body == nil {
			delete(files, name)
		}
	}
	return zipped(t, files)
}

func TestShapefilesAreRead(t *testing.T) {
	t.Parallel()
	columns := []dbfColumn{{gbk("地块编号"), 'C', 12}, {"area", 'N', 8}, {"day", 'D', 8}, {"ok", 'L', 1}, {"m", 'M', 10},
		{"f", 'F', 6}}
	row := func(code, area, day, ok string) string {
		return " " + column(gbk(code), 12) + column(area, 8) + day + ok + column("7", 10) + column("1.5", 6)
	}
	body := zipped(t, map[string][]byte{
		gbk("宗地/宗地.shp"): shpFile(
			shpRecord(shpPolygon, 0, outline(0, 0, 10, 10), reversed(outline(2, 2, 3, 3))),
			shpRecord(shpPolygon, 0, outline(5, 5, 1, 1)), // of a deleted row
			shpRecord(shpPolygon+shpHeights, 16+5*8, outline(20, 0, 10, 10)),
			shpRecord(shpPolygon, 0, reversed(outline(40, 0, 10, 10))), // one ring, the wrong way round
			shpRecord(shpPolygon, 0, outline(0, 0, 9, 9), outline(20, 0, 9, 9), reversed(outline(21, 1, 2, 2)))),
		gbk("宗地/宗地.dbf"): dbfFile(0, columns, row("东区-1号", "8000", "20220528", "T"),
			"*"+row("x", "1", "20220528", "F")[1:], row("东区-2号", "********", "00000000", "?"),
			row("东区-3号", "", "        ", "n"), row("东区-4号", "1", "20220528", "T")),
		gbk("宗地/宗地.prj"):     []byte(wktOfZone),
		gbk("宗地/宗地.shp.xml"): []byte("<x/>"),
	})
	info, rows, err := readAll(write(t, "land.zip", body), Options{})
	if err != nil || len(rows) != 4 {
		t.Fatalf("%v, rows %+v", err, rows)
	}
	if info.Format != "Shapefile" || info.Layer != "宗地" || info.EPSG != 4550 || info.Encoding != "GBK" {
		t.Errorf("info %+v", info)
	}
	for i, want := range []struct{ wkt, code string }{
		{"POLYGON((0 0,0 10,10 10,10 0,0 0),(2 2,5 2,5 5,2 5,2 2))", "东区-1号"},
		{"POLYGON((20 0,20 10,30 10,30 0,20 0))", "东区-2号"},
		{"POLYGON((40 0,50 0,50 10,40 10,40 0))", "东区-3号"},
		{"MULTIPOLYGON(((0 0,0 9,9 9,9 0,0 0)),((20 0,20 9,29 9,29 0,20 0),(21 1,23 1,23 3,21 3,21 1)))", "东区-4号"},
	} {
		if rows[i].Fault != nil {
			t.Fatalf("row %d: %v", i, rows[i].Fault)
		}
		if got := text(t, rows[i].Shape.Single()); got != want.wkt || rows[i].Values["地块编号"] != want.code {
			t.Errorf("row %d: %s %v, want %s %s", i, got, rows[i].Values, want.wkt, want.code)
		}
	}
	if v := rows[0].Values; v["area"] != "8000" || v["day"] != "2022-05-28" || v["ok"] != "true" || v["f"] != "1.5" {
		t.Errorf("values %v", v)
	}
	if v := rows[1].Values; len(v) != 2 { // the code and f
		t.Errorf("values that are none: %v", v)
	}
	if !rows[1].Shape.Dropped || rows[0].Shape.Dropped {
		t.Error("heights are not counted")
	}
}

// A text's encoding is what .cpg says, else the head's language, else what the bytes show.
func TestEncodingsOfShapefiles(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		language byte
		cpg, raw string
		want     string
	}{
		"GBK by .cpg":              {0, "936", gbk("联通"), "联通"},
		"GBK by the language":      {0x4d, "", gbk("联通"), "联通"},
		"GBK by the bytes":         {0, "", gbk("东区"), "东区"},
		"UTF-8 by .cpg":            {0, "UTF-8", "东区", "东区"},
		"UTF-8 by the bytes":       {0, "", "东区", "东区"},
		"GBK though .cpg says not": {0, "UTF-8", gbk("东区"), "东区"},
		"Big5":                     {0, "950", "\xaaF\xb0\xcf", "東區"},
		"Latin 1":                  {0, "ISO-8859-1", "V\xe9lizy", "Vélizy"},
		"cut within a character":   {0, "UTF-8", "东区东区东区"[:12-1], "东区东"},
	} {
		files := map[string][]byte{"land.dbf": dbfFile(c.language, codeColumns, " "+c.raw)}
		if c.cpg != "" {
			files["land.cpg"] = []byte(c.cpg + "\r\n")
		}
		_, rows, err := readAll(write(t, "land.zip", parcelZip(t, files)), Options{})
		if err != nil || len(rows) != 1 || rows[0].Values["code"] != c.want {
			t.Errorf("%s: %v %+v, want %s", name, err, rows, c.want)
		}
	}
}

func TestLinesAndPointsOfShapefiles(t *testing.T) {
	t.Parallel()
	many := shpRecord(shpPoints, 0)[:36]
	many = binary.LittleEndian.AppendUint32(many, 2)
	many = append(append(many, shpPointRecord(1, 2)[4:]...), shpPointRecord(3, 4)[4:]...)
	body := parcelZip(t, map[string][]byte{
		"land.shp": shpFile(shpRecord(shpLine, 0, orb.LineString{{0, 0}, {1, 1}}), shpPointRecord(1, 2), many,
			[]byte{0, 0, 0, 0}, shpRecord(31, 0, outline(0, 0, 1, 1))),
		"land.dbf": dbfFile(0, codeColumns, " A", " B", " C", " D", " E"), "land.prj": nil,
	})
	info, rows, err := readAll(write(t, "land.zip", body), Options{})
	if err != nil || len(rows) != 5 || info.CRS != "" || info.EPSG != 0 {
		t.Fatalf("%v, %+v, %+v", err, info, rows)
	}
	for i, want := range []string{"LINESTRING(0 0,1 1)", "POINT(1 2)", "MULTIPOINT((1 2),(3 4))"} {
		if got := text(t, rows[i].Shape.Single()); got != want {
			t.Errorf("row %d: %s, want %s", i, got, want)
		}
	}
	if rows[3].Fault.Code != NoGeometry || rows[4].Fault.Code != BadGeometry {
		t.Errorf("%v, %v", rows[3].Fault, rows[4].Fault)
	}
}

func TestShapefilesRefused(t *testing.T) {
	t.Parallel()
	good := shpFile(shpRecord(shpPolygon, 0, outline(0, 0, 10, 10)))
	table := dbfFile(0, codeColumns, " A")
	with := func(body []byte, at int, value ...byte) []byte {
		changed := append([]byte(nil), body...)
		copy(changed[at:], value)
		return changed
	}
	for name, c := range map[string]struct {
		files map[string][]byte
		want  string
	}{
		"without a table":         {map[string][]byte{"land.dbf": nil}, ShapefileParts},
		"a shape cut short":       {map[string][]byte{"land.shp": good[:130]}, ShapefileDamaged},
		"a head cut short":        {map[string][]byte{"land.shp": good[:50]}, ShapefileDamaged},
		"another magic number":    {map[string][]byte{"land.shp": with(good, 0, 1)}, ShapefileDamaged},
		"a length that lies up":   {map[string][]byte{"land.shp": with(good, 24, 0, 1)}, ShapefileDamaged},
		"a length that lies down": {map[string][]byte{"land.shp": with(good, 26, 0, 60)}, ShapefileDamaged},
		"a record beyond all": {map[string][]byte{"land.shp": with(with(good, 104, 0x7f), 24, 0x7f)},
			FeatureTooLarge},
		"a table cut short":        {map[string][]byte{"land.dbf": table[:70]}, ShapefileDamaged},
		"more rows than there are": {map[string][]byte{"land.dbf": with(table, 4, 9)}, ShapefileDamaged},
		"fewer rows than shapes":   {map[string][]byte{"land.dbf": with(table, 4, 0)}, ShapefileDamaged},
		"rows longer than fields":  {map[string][]byte{"land.dbf": with(table, 10, 99)}, ShapefileDamaged},
		"a head that goes on":      {map[string][]byte{"land.dbf": with(table, 8, 255, 255)}, ShapefileDamaged},
		"no table at all":          {map[string][]byte{"land.dbf": []byte("hello")}, ShapefileDamaged},
		"two of them":              {map[string][]byte{"b.shp": good, "b.dbf": table}, LayerAmbiguous},
	} {
		_, rows, err := readAll(write(t, "land.zip", parcelZip(t, c.files)), Options{})
		if err == nil {
			t.Errorf("%s: taken: %+v", name, rows)
			continue
		}
		if got := faultOf(t, err); got.Code != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	// A shape whose counts lie is refused alone.
	for name, shp := range map[string][]byte{"rings": with(good, 144, 0xff, 0xff, 0xff, 0x7f),
		"points": with(good, 148, 0xff, 0xff), "a ring's begin": with(good, 152, 0xff)} {
		_, rows, err := readAll(write(t, "land.zip", parcelZip(t, map[string][]byte{"land.shp": shp})), Options{})
		if err != nil || len(rows) != 1 || rows[0].Fault == nil {
			t.Errorf("%s that lie: %v, %+v", name, err, rows)
		}
	}
	two := parcelZip(t, map[string][]byte{"B.shp": good, "b.DBF": table})
	if info, rows, err := readAll(write(t, "two.zip", two), Options{Layer: "B"}); err != nil || len(rows) != 1 ||
		info.Layer != "B" {
		t.Errorf("one of two: %v, %+v", err, info)
	}
	for _, name := range []string{"../land.shp", "/land.shp", "C:\\land.shp", "a/../../land.shp"} {
		body := zipped(t, map[string][]byte{name: good})
		if _, _, err := readAll(write(t, "out.zip", body), Options{}); faultOf(t, err).Code != PackPath {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzShapefile(f *testing.F) {
	f.Add(shpFile(shpRecord(shpPolygon, 0, outline(0, 0, 10, 10), reversed(outline(2, 2, 3, 3)))),
		dbfFile(0x4d, codeColumns, " A"))
	f.Fuzz(func(t *testing.T, shp, table []byte) {
		reader, err := Open(t.Context(), write(t, "f.zip", zipped(t, map[string][]byte{"a.shp": shp, "a.dbf": table})),
			Options{Limits: small})
		checkReader(t, reader, err)
	})
}
