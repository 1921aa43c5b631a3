package file

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"luodi/geo"
)

func TestWebMapsOffsetsAreUndone(t *testing.T) {
	t.Parallel()
	at := orb.Point{122.1153583, 37.5120328}
	for _, o := range geo.MapOffsets() {
		on := o.Move(at)
		body := collectionOf(featureOf(fmt.Sprintf(`{"type":"LineString","coordinates":[[%.15g,%.15g],[%.15g,%.15g]]}`,
			on[0], on[1], on[0]+0.001, on[1])))
		info, rows, err := readAll(write(t, "land.geojson", []byte(body)), Options{Offset: o})
		if err != nil || info.EPSG != 4326 || info.CRS != o.Name() || info.Offset != o || len(info.Notes) != 1 {
			t.Fatalf("%s: %v %+v", o, err, info)
		}
		g, err := wkb.Unmarshal(rows[0].Shape.WKB)
		if err != nil {
			t.Fatal(err)
		}
		if got := g.(orb.LineString)[0]; math.Hypot(got[0]-at[0], got[1]-at[1]) > 1e-9 {
			t.Errorf("%s: %v, want %v", o, got, at)
		}
	}
	for name, want := range map[string]geo.MapOffset{"GCJ-02": geo.GCJ02, "gcj02": geo.GCJ02, "BD-09": geo.BD09,
		"bd09": geo.BD09} {
		if got, ok := geo.ParseMapOffset(name); !ok || got != want {
			t.Errorf("%s: %v %v", name, got, ok)
		}
	}
	if _, ok := geo.ParseMapOffset("EPSG:4550"); ok {
		t.Error("EPSG:4550 is a web map's offset")
	}
}

// An offset is undone only where there is one: not for a file that names another system, wherever it does so, and not
// outside the maps' rectangle.
func TestNoOffsetIsUndoneWhereThereIsNone(t *testing.T) {
	t.Parallel()
	crs := func(name string) string { return `"crs":{"type":"name","properties":{"name":"` + name + `"}},` }
	line := func(x, y float64) string {
		return featureOf(fmt.Sprintf(`{"type":"LineString","coordinates":[[%g,%g],[%g,%g]]}`, x, y, x+0.001, y+0.001))
	}
	of := func(head string, features ...string) string {
		return `{"type":"FeatureCollection",` + head + `"features":[` + strings.Join(features, ",") + `]}`
	}
	text := "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n带号=41\n[地块坐标]\n" +
		"3,,A,,面,,,,@\nJ1,1,4125000,41413200\nJ2,1,4125150,41413200\nJ3,1,4125150,41413320\n"
	here, paris := line(122, 37), line(2.35, 48.85)
	for name, c := range map[string]struct {
		body, file, row string // codes of faults
	}{
		"WGS 84":                {of(crs("EPSG:4326"), here), "", ""},
		"CRS84":                 {of(crs("urn:ogc:def:crs:OGC:1.3:CRS84"), here), "", ""},
		"no system":             {of("", here), "", ""},
		"a system of the map's": {of(crs("GCJ-02"), here), "", ""},
		"CGCS2000":              {of(crs("EPSG:4490"), here), OffsetStated, ""},
		"CGCS2000, a plane":     {of(crs("urn:ogc:def:crs:EPSG::4550"), here), OffsetStated, ""},
		"named after the rows": {`{"type":"FeatureCollection","features":[` + here + `],"crs":"EPSG:4490"}`,
			OffsetStated, ""},
		"a survey's text":  {text, OffsetStated, ""},
		"Paris":            {of("", paris), OffsetOutside, ""},
		"one row in Paris": {of("", here, paris), "", OffsetOutside},
	} {
		info, rows, err := readAll(write(t, "land.json", []byte(c.body)), Options{Offset: geo.GCJ02})
		if c.file != "" {
			if fault := faultOf(t, err); fault.Code != c.file || fault.Field != "crs" || fault.Expected != "GCJ-02" {
				t.Errorf("%s: %+v", name, fault)
			}
			continue
		}
		if err != nil || info.Offset != geo.GCJ02 || rows[0].Fault != nil {
			t.Fatalf("%s: %v %+v", name, err, info)
		}
		if last := rows[len(rows)-1].Fault; (last != nil) != (c.row != "") || last != nil && last.Code != c.row {
			t.Errorf("%s: %+v", name, last)
		}
	}
}
