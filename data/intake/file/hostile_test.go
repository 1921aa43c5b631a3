package file

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

// hostileFile is a file that must not be taken, or a thing that is no file.
type hostileFile struct {
	name string
	body []byte
	make func(t testing.TB, path string) // instead of a body
	// rows may be read of it before it is refused, or be refused each; none may be left without a word
	partly bool
}

// hostileFiles makes some hundreds of files, always the same: every format cut short at every tenth, its bytes changed
// at random, its heads lying; bombs, tricks with paths, entities, formulas, and things that are no files.
func hostileFiles(t testing.TB) []hostileFile {
	t.Helper()
	good := goodFiles(t)
	dice := rand.New(rand.NewPCG(20261130, 3))
	var all []hostileFile
	for _, name := range slices.Sorted(maps.Keys(good)) {
		body := good[name]
		for tenth := range 10 {
			all = append(all, hostileFile{name: fmt.Sprintf("%s cut at %d tenths", name, tenth),
				body: body[:len(body)*tenth/10]})
		}
		for i := range 6 {
			changed := bytes.Clone(body)
			for range 1 + len(changed)/200 {
				changed[dice.IntN(len(changed))] = byte(dice.IntN(256))
			}
			all = append(all, hostileFile{name: fmt.Sprintf("%s with bytes changed, %d", name, i), body: changed,
				partly: true})
		}
	}
	all = append(all, lyingFiles(t)...)
	all = append(all, bombs(t)...)
	return append(all, noFiles()...)
}

// goodFiles are small files of every format, two parcels each.
func goodFiles(t testing.TB) map[string][]byte {
	files := foreignFiles(t)
	shp := shpFile(shpRecord(shpPolygon, 0, outline(0, 0, 10, 10)), shpRecord(shpPolygon, 0, outline(20, 0, 10, 10)))
	files["Shapefile"] = zipped(t, map[string][]byte{"land.shp": shp, "land.dbf": dbfFile(0, codeColumns, " A", " B"),
		"land.prj": []byte(wktOfZone)})
	files["KML"] = []byte(kmlOf(`<Placemark>`+kmlSquare+`</Placemark>`, `<Placemark>`+kmlSquare+`</Placemark>`))
	files["KMZ"] = zipped(t, map[string][]byte{"doc.kml": files["KML"]})
	files["CSV of corners"] = []byte(strings.TrimRight(cornersTable("地块编号,圈号,点号,X,Y", "41", false), "\n") + "\n")
	files["XLSX"] = workbookOf(t, map[string][][]any{"a": {{"code", "WKT"}, {"A", "POLYGON((0 0,9 0,9 9,0 0))"}}})
	files["DXF"] = []byte(drawingOf(polyline("0", 1, 0, 0, 100, 0, 100, 80, 0, 80), drawnWord("0", "A", 50, 40)))
	files["DXF in pieces"] = []byte(drawingOf(drawnLineOf("a", 0, 0, 9, 0), drawnLineOf("a", 9, 0, 9, 9),
		drawnLineOf("a", 9, 9, 0, 0)))
	files["DXF of luodi"] = []byte(drawingOf(ownOutline("A1", []string{"id=1", "collection=parcels", "code=A"}, 0, 0,
		100,
		0, 100, 80), ownOutline("A2", []string{"id=1", "collection=parcels", "part=1", "ring=2"}, 9, 1, 20, 1, 20, 4)))
	files["Shapefile of luodi"] = zipped(t, map[string][]byte{"land.shp": shp, "land.dbf": dbfFile(0, codeColumns, " A",
		" B"), "land.prj": []byte(wktOfZone), "fields.txt": []byte("land.shp  x\r\n  code = id  y\r\n"),
		"land-long.csv": []byte("id,field,value\nA,code,ABC\n")})
	files["XLSX of corners"] = workbookOf(t, map[string][][]any{"a": {{"地块", "圈号", "界址点号", "X", "Y"},
		{"Code", "Ring", "Point", "X (north)", "Y (east)"}, {"A", 1, "J1", 4124000, 41414000}, {"A", 1, "J2", 4124100,
			41414000}, {"A", 1, "J3", 4124100, 41414100}}})
	files["GeoJSON"] = []byte(collectionOf(featureOf(`{"type":"Polygon","coordinates":[`+ring+`]}`),
		featureOf(`{"type":"Polygon","coordinates":[`+ring+`]}`)))
	files["GeoParquet"] = parquetOf(t, parquetGeo, parquetRow{Code: "A", Geom: wkbOf(t, square)},
		parquetRow{Code: "B", Geom: wkbOf(t, square)})
	files["GeoPackage"] = contentOf(t, buildGeoPackage(t, parcelLayer, []any{1, "a", 1.5, "2022-05-28", nil, blob(t,
		77, square)},
		[]any{2, "b", 1.5, "2022-05-28", nil, blob(t, 77, square)}))
	return files
}

// lyingFiles have heads that say something else than what follows.
func lyingFiles(t testing.TB) []hostileFile {
	var all []hostileFile
	add := func(name string, body []byte) { all = append(all, hostileFile{name: name, body: body, partly: true}) }
	shp := shpFile(shpRecord(shpPolygon, 0, outline(0, 0, 10, 10)))
	table := dbfFile(0, codeColumns, " A")
	numbers := []uint32{0, 1, 2, 0xff, 0xffff, 1 << 24, 0x7fffffff, 0x80000000, 0xffffffff}
	for _, n := range numbers {
		for name, at := range map[string]int{"length": 24, "record": 104, "rings": 144, "corners": 148,
			"first corner": 152, "type": 108} {
			lying := bytes.Clone(shp)
			if at == 24 || at == 104 {
				binary.BigEndian.PutUint32(lying[at:], n)
			} else {
				binary.LittleEndian.PutUint32(lying[at:], n)
			}
			if bytes.Equal(lying, shp) {
				continue
			}
			add(fmt.Sprintf("a .shp whose %s is %d", name, n), parcelZip(t, map[string][]byte{"land.shp": lying}))
		}
		for name, at := range map[string]int{"rows": 4, "head": 8, "row": 10, "field": 48} {
			lying := bytes.Clone(table)
			switch at {
			case 4:
				binary.LittleEndian.PutUint32(lying[at:], n)
			case 48:
				lying[at] = byte(n)
			default:
				binary.LittleEndian.PutUint16(lying[at:], uint16(n))
			}
			if bytes.Equal(lying, table) {
				continue
			}
			add(fmt.Sprintf("a .dbf whose %s is %d", name, n), parcelZip(t, map[string][]byte{"land.dbf": lying}))
		}
	}
	add("a drawing of a million groups", []byte(drawingOf(strings.Repeat("  8\n0\n", 1_000_000))[:100_000]))
	for _, unit := range []string{"-1", "99999999999999999999", "NaN", "4.5", "", "6\n 70\n4"} {
		add("a drawing in the unit "+unit, []byte(strings.Replace(drawingOf(polyline("0", 1, 0, 0, 100, 0, 100, 80)),
			"  9\n$DWGCODEPAGE", "  9\n$INSUNITS\n 70\n"+unit+"\n  9\n$DWGCODEPAGE", 1)))
	}
	for name, pairs := range map[string][]string{"of no feature": {"id=1", "ring=2"},
		"of names":   {"=", "+=", "id=", "ring"},
		"of its own": {"id=1", "part=-1", "ring=1"}, "of a long value": {"id=1", "a=" + strings.Repeat("b", 4000)}} {
		add("a drawing of rings "+name, []byte(drawingOf(ownOutline("A1", pairs, 0, 0, 100, 0, 100, 80),
			ownOutline("A1", pairs, 0, 0, 9, 0, 9, 9))))
	}
	star := make([]string, 20_000)
	for i := range star {
		star[i] = drawnLineOf("a", 0, 0, float64(i), 1e6)
	}
	add("20,000 lines of one end", []byte(drawingOf(star...)))
	chain := make([]string, 20_000)
	for i := range chain {
		chain[i] = drawnLineOf("a", float64(i), float64(i*i%7), float64(i+1), float64((i+1)*(i+1)%7))
	}
	add("20,000 lines in a chain", []byte(drawingOf(chain...)))
	for name, fields := range map[string]string{"of nothing": "", "of bytes": "\xff\xfe\x00",
		"of one name": strings.Repeat(
			"  code = id\r\n", 10), "of no words": "land.shp \r\n  code = \r\n = \r\n  = id"} {
		for long, rows := range map[string]string{"no rows": "", "quotes": "id,field,value\n\"", "two cells": "a,b\n",
			"bytes": "id,field,value\nA,code,A\xff\x00\n"} {
			add("names "+fields[:min(3, len(fields))]+name+" and long texts of "+long, parcelZip(t, map[string][]byte{
				"fields.txt": []byte(fields), "land-long.csv": []byte(rows)}))
		}
	}
	add("a table of quotes", []byte("code,wkt\n\"\"\"\"\"\n"))
	add("a table of one cell", []byte(","))
	add("WKT in WKT", []byte("code,wkt\nA,\"POLYGON("+strings.Repeat("(", 100_000)+"\"\n"))
	add("WKT of no end", []byte("code,wkt\nA,\"POLYGON(("+strings.Repeat("1 1,", 100_000)+"\"\n"))
	add("a formula for a shape", workbookOf(t, map[string][][]any{"a": {{"code", "X", "Y"}, {"A", "=1+1", "=1/0"},
		{"A", "=A1", "=B1"}}}))
	add("a formula in text", []byte("code,X,Y\n=cmd|'/C calc'!A0,=1+1,=2+2\n"))
	add("KML within KML", []byte(strings.Repeat("<kml>", 100_000)))
	add("KML of attributes", []byte("<kml><Placemark "+strings.Repeat(`a="b" `, 10_000)+"</kml>"))
	return all
}

// bombs grow, or name other files.
func bombs(t testing.TB) []hostileFile {
	var all []hostileFile
	add := func(name string, body []byte) { all = append(all, hostileFile{name: name, body: body, partly: true}) }
	zeros := bytes.Repeat([]byte{0}, 80<<20)
	spaces := bytes.Repeat([]byte(" "), 80<<20)
	shp := shpFile(shpRecord(shpPolygon, 0, outline(0, 0, 10, 10)))
	lying := bytes.Clone(shp)
	binary.BigEndian.PutUint32(lying[24:], 0x7fffffff)
	binary.BigEndian.PutUint32(lying[104:], 0x00ffffff)
	add("zeros for a .shp", parcelZip(t, map[string][]byte{"land.shp": append(lying, zeros...)}))
	add("zeros for a .dbf", parcelZip(t, map[string][]byte{"land.dbf": zeros}))
	add("zeros for a .prj", parcelZip(t, map[string][]byte{"land.prj": zeros, "land.shp": lying}))
	add("spaces for KML", zipped(t, map[string][]byte{"doc.kml": append([]byte("<kml>"), spaces...)}))
	add("a name without end in KML", zipped(t, map[string][]byte{"doc.kml": append([]byte("<kml><Placemark><name>"),
		spaces...)}))
	add("spaces for a table", zipped(t, map[string][]byte{"a.csv": append([]byte("code,X,Y\n"), spaces...)}))
	add("spaces for a workbook", zipped(t, map[string][]byte{"xl/workbook.xml": spaces, "[Content_Types].xml": spaces}))
	named := []byte("land.shp  x\r\n  code = code  y\r\n")
	add("spaces for names", parcelZip(t, map[string][]byte{"fields.txt": append(bytes.Clone(named), spaces...)}))
	add("spaces for long texts", parcelZip(t, map[string][]byte{"fields.txt": named, "land-long.csv": append([]byte(
		"id,field,value\nA,code,"), spaces...)}))
	add("spaces for a drawing", zipped(t, map[string][]byte{"a.dxf": append([]byte("0\nSECTION\n"), spaces...)}))
	add("zeros for a FileGDB", zipped(t, map[string][]byte{"a.gdb/a00000001.gdbtable": zeros, "a.gdb/gdb": zeros}))
	add("zeros in gzip in gzip", gzipped(t, gzipped(t, zeros)))
	laughs := `<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>`
	for name, rest := range map[string]string{"KML": kmlOf(`<Placemark><name>&c;</name></Placemark>`),
		"GML": `<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml">&c;</gml:FeatureCollection>`} {
		add("entities in "+name, []byte(laughs+strings.TrimPrefix(rest, `<?xml version="1.0" encoding="UTF-8"?>`)))
		add("an outer entity in "+name, []byte(`<!DOCTYPE a SYSTEM "file:///etc/passwd">`+strings.TrimPrefix(rest,
			`<?xml version="1.0" encoding="UTF-8"?>`)))
	}
	add("entities in KMZ", zipped(t, map[string][]byte{"doc.kml": []byte(laughs + strings.TrimPrefix(kmlOf(
		`<Placemark><name>&c;</name></Placemark>`), `<?xml version="1.0" encoding="UTF-8"?>`))}))
	for _, part := range []string{"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml",
		"xl/workbook.xml"} {
		for name, doctype := range map[string]string{"entities": laughs,
			"an outer entity": `<!DOCTYPE a [<!ENTITY c SYSTEM "file:///etc/passwd">]>`} {
			add(name+" in a workbook's "+part, withPart(t, workbookOf(t, map[string][][]any{"a": {{"code", "WKT"},
				{"A", "POLYGON((0 0,9 0,9 9,0 0))"}}}), part, func(text string) string {
				head, rest, _ := strings.Cut(text, "?>")
				return head + "?>" + doctype + strings.Replace(rest, ">A<", ">&c;<", 1)
			}))
		}
	}
	for _, name := range []string{"../land.shp", "/etc/land.shp", "a/../../land.kml", "C:\\land.dxf",
		"..\\..\\land.gdb\\a00000001.gdbtable",
		"land.gdb/../../../x.gdbtable", "../../xl/workbook.xml"} {
		add("a zip of "+name, zipped(t, map[string][]byte{name: shp}))
	}
	var linked bytes.Buffer
	w := zip.NewWriter(&linked)
	head := &zip.FileHeader{Name: "land.shp"}
	head.SetMode(os.ModeSymlink | 0o777)
	if f, err := w.CreateHeader(head); err != nil {
		t.Fatal(err)
	} else if _, err := f.Write([]byte("/etc/passwd")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	add("a zip of a symlink", linked.Bytes())
	vrt := `<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>`
	for _, ending := range []string{".dxf", ".gml", ".fgb", ".kml", ".csv", ".geojson", ".mif"} {
		add("a VRT in a zip as "+ending, zipped(t, map[string][]byte{"land" + ending: []byte(vrt)}))
	}
	add("a VRT in a FileGDB", zipped(t, map[string][]byte{"a.gdb/a00000001.gdbtable": []byte(vrt)}))
	add("a VRT in a table of MapInfo", zipped(t, map[string][]byte{"land.tab": []byte(vrt)}))
	add("a table of MapInfo of another's files", zipped(t, map[string][]byte{"land.tab": []byte(
		"!table\n!version 300\nDefinition Table\n  File \"/etc/passwd\"\n  Type NATIVE Charset \"Neutral\"\n  Fields 1\n    a Char (10) ;\n")}))
	for _, f := range foreigns {
		for _, begins := range f.begins {
			add("the first bytes of "+f.name, append([]byte(begins), bytes.Repeat([]byte("\x00x"), 300)...))
		}
	}
	huge := orb.Polygon{make(orb.Ring, 0)}
	for i := range 200_000 {
		huge[0] = append(huge[0], orb.Point{float64(i), float64(i * i % 7)})
	}
	add("a ring of 200,000 corners, open", parcelZip(t, map[string][]byte{"land.shp": shpFile(shpRecord(shpPolygon, 0,
		orb.LineString(huge[0])))}))
	many := make([]orb.LineString, 20_000)
	for i := range many {
		many[i] = outline(float64(i), 0, 1, 1)
	}
	add("20,000 rings", parcelZip(t, map[string][]byte{"land.shp": shpFile(shpRecord(shpPolygon, 0, many...))}))
	return all
}

// withPart is a zip with one of its files changed, if it has it.
func withPart(t testing.TB, pack []byte, name string, change func(string) string) []byte {
	t.Helper()
	read, err := zip.NewReader(bytes.NewReader(pack), int64(len(pack)))
	must(t, err)
	files := map[string][]byte{}
	for _, f := range read.File {
		in, err := f.Open()
		must(t, err)
		body, err := io.ReadAll(in)
		must(t, errors.Join(err, in.Close()))
		if files[f.Name] = body; f.Name == name {
			files[f.Name] = []byte(change(string(body)))
		}
	}
	return zipped(t, files)
}

// noFiles are things that are no files.
func noFiles() []hostileFile {
	return []hostileFile{
		{name: "a pipe", make: func(t testing.TB, path string) { must(t, syscall.Mkfifo(path, 0o600)) }},
		{name: "a folder", make: func(t testing.TB, path string) { must(t, os.Mkdir(path, 0o700)) }},
		{name: "a link to nothing", make: func(t testing.TB, path string) { must(t, os.Symlink(path+"x", path)) }},
		{name: "a link to itself", make: func(t testing.TB, path string) { must(t, os.Symlink(path, path)) }},
		{name: "a link to a device", make: func(t testing.TB, path string) { must(t, os.Symlink("/dev/zero", path)) }},
		{name: "a link to a folder", make: func(t testing.TB, path string) { must(t, os.Symlink("/etc", path)) }},
		{name: "nothing", make: func(testing.TB, string) {}},
		{name: "an empty file", body: []byte{}},
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// hostileLimits are those of the product, but for a file's size: what is large here is so on purpose.
func hostileLimits() Limits {
	limits := DefaultLimits
	limits.FileBytes = 256 << 20
	return limits
}

// TestHostileFilesAreRefused: each with a fault that says why, or row by row; none ends the program, hangs, leaves a
// file or process, or takes memory without bounds.
func TestHostileFilesAreRefused(t *testing.T) {
	all := hostileFiles(t)
	if len(all) < 300 {
		t.Fatalf("only %d files", len(all))
	}
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	folder := t.TempDir()
	var peak atomic.Uint64
	stop := watchMemory(&peak)
	begun := time.Now()
	for i, f := range all {
		path := filepath.Join(folder, fmt.Sprintf("%03d", i))
		if f.make != nil {
			f.make(t, path)
		} else {
			must(t, os.WriteFile(path, f.body, 0o600))
		}
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		rows, err := walk(ctx, path)
		cancel()
		var fault *Fault
		switch {
		case err != nil && !errors.As(err, &fault):
			t.Errorf("%s: not a fault: %v", f.name, err)
		case err == nil && rows.good > 0 && rows.refused == 0 && !f.partly:
			t.Errorf("%s: taken: %+v", f.name, rows)
		case err != nil && !slices.Contains(Codes, fault.Code):
			t.Errorf("%s: no such fault: %v", f.name, fault)
		}
	}
	stop()
	t.Logf("%d files in %v, at most %d MiB of memory", len(all), time.Since(begun).Round(time.Millisecond),
		peak.Load()>>20)
	if peak.Load() > 768<<20 {
		t.Errorf("%d MiB of memory", peak.Load()>>20)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	if children := childrenOf(t); len(children) != 0 {
		t.Errorf("still running: %v", children)
	}
}

type walked struct{ good, refused int }

// walk reads a file to its end, as an import does.
func walk(ctx context.Context, path string) (walked, error) {
	var rows walked
	reader, err := Open(ctx, path, Options{Limits: hostileLimits(), CRS: 0})
	if err != nil {
		return rows, err
	}
	defer func() { _ = reader.Close() }()
	for {
		row, err := reader.Next(ctx)
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		if row.Fault != nil {
			rows.refused++
		} else {
			rows.good++
		}
	}
}

// watchMemory notes how much the heap and stacks take at most.
func watchMemory(peak *atomic.Uint64) (stop func()) {
	runtime.GC()
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak.Store(max(peak.Load(), m.HeapInuse+m.StackInuse))
			select {
			case <-done:
				return
			case <-tick.C:
			}
		}
	}()
	return func() { close(done); <-ended }
}

// childrenOf lists the processes whose parent this one is.
func childrenOf(t testing.TB) []string {
	t.Helper()
	var found []string
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	must(t, err)
	for _, stat := range stats {
		line, err := os.ReadFile(stat)
		if err != nil {
			continue
		}
		_, after, _ := strings.Cut(string(line), ") ")
		if fields := strings.Fields(after); len(fields) > 1 && fields[1] == fmt.Sprint(os.Getpid()) {
			found = append(found, string(line))
		}
	}
	return found
}
