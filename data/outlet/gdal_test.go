package outlet_test

import (
	"archive/zip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"luodi/geo"
)

// gdal runs one of GDAL's programs: the outside judge of what is written. A machine without it fails the test.
func gdal(t testing.TB, program string, args ...string) []byte {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatalf("%s is missing: apt-get install gdal-bin", program)
	}
	var errs strings.Builder
	command := exec.Command(path, args...)
	command.Stderr = &errs
	out, err := command.Output()
	if err != nil || strings.Contains(errs.String(), "ERROR") || strings.Contains(errs.String(), "Warning") {
		t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, errs.String())
	}
	return out
}

// seen are the features of a layer of a file, as GDAL reads them.
func seen(t testing.TB, source, layer string, options ...string) []feature {
	t.Helper()
	args := append([]string{"-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=12", "-lco", "WRITE_NAME=NO"}, options...)
	out := gdal(t, "ogr2ogr", append(args, "/vsistdout/", source, layer)...)
	var all struct{ Features []feature }
	if err := json.Unmarshal(out, &all); err != nil {
		t.Fatalf("%s: %v\n%.500s", source, err, out)
	}
	return all.Features
}

// reader says how GDAL reads a format.
type reader struct {
	crs       geo.CRS
	rename    func(string) string // of a field
	open      []string            // options of ogr2ogr
	lost      []string            // fields that the format has in another form
	milli     bool                // instants to the millisecond
	textTimes bool                // instants, days, and truth are texts
	plain     bool                // all is text
}

var zone41 = geo.CRS{Code: 4550}

// Every format that GDAL reads, each collection, out and in again: as many features, equal values, Chinese intact, and
// geometry equal to the format's precision.
func TestGDALReadsWhatWasWritten(t *testing.T) {
	t.Parallel()
	f := withSample(t)
	stored := geo.CRS{Code: geo.CGCS2000}
	for _, c := range []struct {
		format string
		reader
	}{
		{"gpkg", reader{crs: stored, milli: true}},
		{"gpkg", reader{crs: zone41, milli: true}},
		{"fgb", reader{crs: stored, milli: true}},
		{"fgb", reader{crs: zone41, milli: true}},
		{"geojson", reader{crs: geo.CRS84, milli: true}},
		{"geojson", reader{crs: zone41, milli: true}},
		{"geojsonseq", reader{crs: geo.CRS84, milli: true}},
		{"kml", reader{crs: geo.CRS84, textTimes: true, lost: []string{"name", "description"}}},
		{"csv", reader{crs: stored, open: []string{"-oo", "KEEP_GEOM_COLUMNS=NO", "-oo", "AUTODETECT_TYPE=NO"},
			plain: true}},
		{"csv", reader{crs: zone41, open: []string{"-oo", "KEEP_GEOM_COLUMNS=NO", "-oo", "AUTODETECT_TYPE=NO"},
			plain: true}},
	} {
		for _, layer := range layerIDs {
			path := written(t, f, job(t, c.format, c.crs, layer))
			name := layer
			switch c.format {
			case "geojsonseq", "csv":
				name = "out"
			case "kml":
				name = "图层" + layer
			}
			compare(t, c.format+" "+layer+" "+c.crs.Code.String(), told(t, f, layer, c.crs),
				seen(t, path, name, c.open...),
				c.reader)
		}
	}
}

// compare holds what GDAL reads to what feeds tell.
func compare(t *testing.T, what string, want map[string]feature, got []feature, r reader) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d features, want %d", what, len(got), len(want))
	}
	wrong := 0
	for _, g := range got {
		id, _ := g.Properties["id"].(string)
		if id == "" {
			id = g.ID
		}
		w, known := want[id]
		if !known {
			t.Fatalf("%s: no feature %q: %v", what, id, g)
		}
		for name, value := range w.Properties {
			if r.rename != nil {
				name = r.rename(name)
			}
			if !same(value, g.Properties[name], r) {
				if wrong++; wrong < 4 {
					t.Errorf("%s: %s of %s is %v (%T), want %v", what, name, id, g.Properties[name],
						g.Properties[name], value)
				}
			}
		}
		if off := apart(t, w.Geometry, g.Geometry); off > 2*math.Pow10(-r.crs.Decimals()) {
			if wrong++; wrong < 4 {
				t.Errorf("%s: the geometry of %s is %g off\n%s\n%s", what, id, off, g.Geometry, w.Geometry)
			}
		}
	}
}

// same compares a value of a feed with what was read back.
func same(want, got any, r reader) bool {
	if want == nil {
		return got == nil || got == ""
	}
	if text, ok := got.(string); ok && (r.plain || r.textTimes) {
		switch want := want.(type) {
		case string:
			return want == text
		case map[string]any:
			var object map[string]any
			return json.Unmarshal([]byte(text), &object) == nil && reflect.DeepEqual(object, want)
		case bool:
			return fmt.Sprint(want) == text || map[bool]string{true: "T", false: "F"}[want] == text
		case float64:
			var number float64
			_, err := fmt.Sscan(text, &number)
			return err == nil && number == want
		}
	}
	switch want := want.(type) {
	case map[string]any:
		text, ok := got.(string)
		if !ok {
			return reflect.DeepEqual(got, want)
		}
		var object map[string]any
		return json.Unmarshal([]byte(text), &object) == nil && reflect.DeepEqual(object, want)
	case bool:
		return got == want || got == float64(1) && want || got == float64(0) && !want
	case string:
		text, ok := got.(string)
		if !ok {
			return false
		}
		if text == want {
			return true
		}
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05Z0700", "2006/01/02 15:04:05.999-07",
			"2006-01-02T15:04:05", time.DateOnly, "2006/01/02", "2006/01/02 15:04:05-07"} {
			a, err := time.Parse(layout, text)
			if err != nil {
				continue
			}
			for _, known := range []string{time.RFC3339Nano, time.DateOnly} {
				if b, err := time.Parse(known, want); err == nil && b.Sub(a).Abs() < 2*time.Millisecond {
					return true
				}
			}
		}
		return false
	}
	return got == want
}

// apart is how far the positions of two geometries are from each other, ring by ring, wherever a ring begins and
// whichever way it runs; infinite where they don't have the same.
func apart(t *testing.T, want, got json.RawMessage) float64 {
	t.Helper()
	a, b := rings(t, want), rings(t, got)
	if len(a) != len(b) {
		return math.Inf(1)
	}
	most := 0.0
	for i := range a {
		most = max(most, ringApart(a[i], b[i]))
	}
	return most
}

func ringApart(a, b [][2]float64) float64 {
	if len(a) != len(b) {
		return math.Inf(1)
	}
	straight := func(b [][2]float64) float64 {
		most := 0.0
		for i := range a {
			most = max(most, math.Hypot(a[i][0]-b[i][0], a[i][1]-b[i][1]))
		}
		return most
	}
	best := straight(b)
	if n := len(b) - 1; n > 2 && b[0] == b[n] {
		for shift := range n {
			for _, step := range []int{1, -1} {
				turned := make([][2]float64, 0, n+1)
				for i := range n + 1 {
					turned = append(turned, b[((shift+i*step)%n+n)%n])
				}
				best = min(best, straight(turned))
			}
		}
	}
	return best
}

// rings are the lines of positions of a geometry, however deep they lie.
func rings(t *testing.T, raw json.RawMessage) [][][2]float64 {
	t.Helper()
	var g struct{ Coordinates any }
	if err := json.Unmarshal(raw, &g); err != nil {
		t.Fatalf("%v: %s", err, raw)
	}
	var all [][][2]float64
	var walk func(any) bool
	walk = func(v any) bool {
		list, ok := v.([]any)
		if !ok || len(list) == 0 {
			return false
		}
		if _, number := list[0].(float64); number {
			return true
		}
		var line [][2]float64
		for _, item := range list {
			if walk(item) {
				xy := item.([]any)
				line = append(line, [2]float64{xy[0].(float64), xy[1].(float64)})
			}
		}
		if line != nil {
			all = append(all, line)
		}
		return false
	}
	if walk(g.Coordinates) {
		xy := g.Coordinates.([]any)
		all = append(all, [][2]float64{{xy[0].(float64), xy[1].(float64)}})
	}
	return all
}

// A Shapefile's names are short: fields.txt says what they stand for, and nothing that doesn't fit is lost.
func TestGDALReadsShapefiles(t *testing.T) {
	t.Parallel()
	f := withSample(t)
	for _, gbk := range []bool{false, true} {
		for _, crs := range []geo.CRS{{Code: geo.CGCS2000}, zone41} {
			j := job(t, "shp", crs, layerIDs...)
			j.GBK = gbk
			path := written(t, f, j)
			for _, layer := range layerIDs {
				names := shortNamesOf(t, path, layer)
				got := seen(t, "/vsizip/"+path, layer)
				putBack(t, path, layer, got)
				compare(t, fmt.Sprintf("shp %s %s gbk=%v", layer, crs.Code, gbk), told(t, f, layer, crs),
					got, reader{crs: crs, textTimes: true,
						rename: func(name string) string { return names[name] }})
			}
		}
	}
}

// putBack puts the texts that don't fit into a .dbf, which stand in a file beside it, into what was read.
func putBack(t *testing.T, path, layer string, got []feature) {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = z.Close() }()
	file, err := z.Open(layer + "-long.csv")
	if err != nil {
		return // all fits
	}
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		for _, g := range got {
			cut, _ := g.Properties[row[1]].(string)
			if g.Properties["id"] == row[0] && cut != "" && strings.HasPrefix(row[2], cut) {
				g.Properties[row[1]] = row[2]
			}
		}
	}
}

// shortNamesOf reads the names of a layer's columns off fields.txt.
func shortNamesOf(t *testing.T, path, layer string) map[string]string {
	t.Helper()
	names, on := map[string]string{}, false
	for line := range strings.Lines(string(unzipped(t, path, "fields.txt"))) {
		line = strings.TrimPrefix(line, "\ufeff")
		if strings.Contains(line, ".shp ") {
			on = strings.HasPrefix(line, layer+".shp")
		}
		if short, rest, found := strings.Cut(line, " = "); found && on {
			names[strings.Fields(rest)[0]] = strings.TrimSpace(short)
		}
	}
	if len(names) < 5 {
		t.Fatalf("fields.txt says of %s: %v", layer, names)
	}
	return names
}

// The indexes find what they should and no more.
func TestIndexesFindWhatLiesInABox(t *testing.T) {
	t.Parallel()
	f := withSample(t)
	box := []string{"-spat", "122.021", "37.250", "122.024", "37.2525"}
	plain := len(seen(t, written(t, f, job(t, "geojson", geo.CRS84, "parcels")), "parcels", box...))
	if plain == 0 {
		t.Fatal("the box is empty")
	}
	for _, format := range []string{"gpkg", "fgb", "shp"} {
		path := written(t, f, job(t, format, geo.CRS{Code: geo.CGCS2000}, "parcels"))
		if format == "shp" {
			path = "/vsizip/" + path
		}
		if n := len(seen(t, path, "parcels", box...)); n != plain {
			t.Errorf("%s finds %d in the box, GeoJSON %d", format, n, plain)
		}
	}
}

// A ring is a closed LWPOLYLINE, layers are classes, and the values stand in the extended data.
func TestGDALReadsDXF(t *testing.T) {
	t.Parallel()
	f := withSample(t)
	path := written(t, f, job(t, "dxf", zone41, layerIDs...))
	byID, layers, labels := map[string][]feature{}, map[string]bool{}, map[string]bool{}
	extended := extendedData(t, path)
	var id string
	for _, g := range seen(t, path, "entities") {
		layer, _ := g.Properties["Layer"].(string)
		layers[layer] = true
		if text, _ := g.Properties["Text"].(string); text != "" {
			labels[text] = true
			continue
		}
		handle, _ := g.Properties["EntityHandle"].(string)
		if own := extended[handle]; own["id"] != "" {
			id = own["id"]
		}
		byID[id] = append(byID[id], g)
	}
	for _, layer := range layerIDs {
		for id, want := range told(t, f, layer, zone41) {
			lines := rings(t, want.Geometry)
			got := byID[id]
			if len(got) != len(lines) {
				t.Fatalf("%s %s has %d entities, want %d", layer, id, len(got), len(lines))
			}
			for i, line := range lines {
				drawn := rings(t, got[i].Geometry)
				if len(drawn) != 1 || ringApart(line, drawn[0]) > 2e-5 {
					t.Errorf("%s %s: ring %d is %v, want %v", layer, id, i, drawn, line)
				}
			}
			data := extended[got[0].Properties["EntityHandle"].(string)]
			for name, value := range want.Properties {
				if _, object := value.(map[string]any); !object && !same(value, data[name], reader{plain: true}) &&
					(value != nil || data[name] != "") {
					t.Errorf("%s %s: %s is %q, want %v", layer, id, name, data[name], value)
				}
			}
			if code, _ := want.Properties["code"].(string); layer == "parcels" && !labels[code] {
				t.Errorf("no label %s", code)
			}
		}
	}
	for _, want := range []string{"图层parcels_值available", "图层parcels_说outlet.labels", "图层networks_值road"} {
		if !layers[want] {
			t.Errorf("no layer %s in %v", want, layers)
		}
	}
}

// extendedData reads the extended data of each entity, which GDAL leaves alone, by its handle.
func extendedData(t *testing.T, path string) map[string]map[string]string {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text, err := simplifiedchinese.GBK.NewDecoder().String(string(body))
	if err != nil {
		t.Fatal(err)
	}
	all, handle := map[string]map[string]string{}, ""
	lines := strings.Split(text, "\n")
	for i := 0; i+1 < len(lines); i += 2 {
		switch value := lines[i+1]; strings.TrimSpace(lines[i]) {
		case "5":
			handle = value
			if all[handle] != nil {
				t.Errorf("two things have the handle %s", handle)
			}
			all[handle] = map[string]string{}
		case "1000":
			name, value, _ := strings.Cut(value, "=")
			all[handle][name] = value
		}
	}
	return all
}
