package file

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const ring = `[[0,0],[10,0],[10,10],[0,10],[0,0]]`

func featureOf(geometry string) string {
	return `{"type":"Feature","properties":{"code":"A"},"geometry":` + geometry + `}`
}

func collectionOf(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

func TestGeoJSONGivesTheSameShapeAsAnotherReader(t *testing.T) {
	t.Parallel()
	for geometry, want := range map[string]string{
		`{"type":"Point","coordinates":[1,2]}`:                                   "POINT(1 2)",
		`{"coordinates":[1.5,-2e1,99],"type":"Point"}`:                           "POINT(1.5 -20)",
		`{"type":"LineString","coordinates":[[0,0],[1,1]]}`:                      "LINESTRING(0 0,1 1)",
		`{"type":"MultiPoint","coordinates":[[0,0],[1,1]]}`:                      "MULTIPOINT((0 0),(1 1))",
		`{"type":"MultiLineString","coordinates":[[[0,0],[1,1]],[[2,2],[3,3]]]}`: "MULTILINESTRING((0 0,1 1),(2 2,3 3))",
		`{"type":"Polygon","coordinates":[` + ring +
			`,[[2,2],[2,4],[4,4],[2,2]]]}`: "POLYGON((0 0,10 0,10 10,0 10,0 0),(2 2,2 4,4 4,2 2))",
		`{"coordinates":[[` + ring + `],[` + ring +
			`,[[2,2],[2,4],[4,4],[2,2]]]],"type":"MultiPolygon"}`: "MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0)),((0 " +
			"0,10 0,10 10,0 10,0 0),(2 2,2 4,4 4,2 2)))",
	} {
		_, rows, err := readAll(write(t, "f.geojson", []byte(collectionOf(featureOf(geometry)))), Options{})
		if err != nil || len(rows) != 1 || rows[0].Fault != nil {
			t.Errorf("%s: rows %+v, error %v", geometry, rows, err)
			continue
		}
		if got := text(t, rows[0].Shape); got != want {
			t.Errorf("%s: got %s, want %s", geometry, got, want)
		}
	}
}

func TestGeoJSONForms(t *testing.T) {
	t.Parallel()
	point := func(code string) string {
		return `{"type":"Feature","id":7,"properties":{"code":"` + code +
			`","n":null,"deep":{"a":[1,true]},"x":1.50,"t":true},"geometry":{"type":"Point","coordinates":[1,2]}}`
	}
	for name, body := range map[string]string{
		"collection": `{"type":"FeatureCollection","features":[` + point("A") + `,` + point("B") + `]}`,
		"features first": `{"features":[` + point("A") + `,` + point("B") +
			`],"bbox":[1,2,1,2],"type":"FeatureCollection"}` + "\n",
		"byte order mark":     "\ufeff" + collectionOf(point("A"), point("B")),
		"one a line":          point("A") + "\n" + point("B") + "\n",
		"sequence (RFC 8142)": "\x1e" + point("A") + "\n\x1e" + point("B") + "\n",
	} {
		info, rows, err := readAll(write(t, "f.json", []byte(body)), Options{})
		if err != nil || len(rows) != 2 {
			t.Errorf("%s: %d rows, error %v", name, len(rows), err)
			continue
		}
		want := map[string]string{"code": "B", "deep": `{"a":[1,true]}`, "x": "1.50", "t": "true"}
		if diff := cmp.Diff(want, rows[1].Values); diff != "" || rows[1].ID != "7" || rows[1].Number != 2 {
			t.Errorf("%s: row %+v\n%s", name, rows[1], diff)
		}
		if info.EPSG != 4326 {
			t.Errorf("%s: without a crs member the system is %d, want 4326", name, info.EPSG)
		}
	}
}

func TestGeoJSONSystem(t *testing.T) {
	t.Parallel()
	named := func(name string) string { return `"crs":{"type":"name","properties":{"name":"` + name + `"}}` }
	feature := featureOf(`{"type":"Point","coordinates":[1,2]}`)
	for _, c := range []struct {
		body string
		want int
		code string
	}{
		{`{"type":"FeatureCollection",` + named("urn:ogc:def:crs:EPSG::4550") + `,"features":[` + feature + `]}`, 4550,
			""},
		{`{"type":"FeatureCollection",` + named("urn:ogc:def:crs:OGC:1.3:CRS84") + `,"features":[` + feature + `]}`,
			4326, ""},
		{`{"type":"FeatureCollection",` + named("urn:ogc:def:crs:ESRI::102012") + `,"features":[` + feature + `]}`, 0,
			""},
		{`{"type":"FeatureCollection","features":[` + feature + `],` + named("EPSG:4550") + `}`, 0, CRSLate},
		{`{"type":"FeatureCollection","features":[` + feature + `],` + named("EPSG:4326") + `}`, 4326, ""},
	} {
		path := write(t, "f.json", []byte(c.body))
		info, _, err := readAll(path, Options{})
		if c.code != "" {
			if got := faultOf(t, err); got.Code != c.code {
				t.Errorf("%s: fault %+v, want %s", c.body, got, c.code)
			}
			if _, rows, err := readAll(path, Options{CRS: 4490}); err != nil || len(rows) != 1 {
				t.Errorf("%s: with the system stated: %d rows, error %v", c.body, len(rows), err)
			}
			continue
		}
		if err != nil || info.EPSG != c.want {
			t.Errorf("%s: system %d, error %v, want %d", c.body, info.EPSG, err, c.want)
		}
	}
}

// Of a row that can't be taken the reason is given, and the rows after it are still read.
func TestGeoJSONRefusesRows(t *testing.T) {
	t.Parallel()
	good := featureOf(`{"type":"Polygon","coordinates":[` + ring + `]}`)
	for bad, want := range map[string]string{
		featureOf(`null`):                                                             NoGeometry,
		`{"type":"Feature","properties":null}`:                                        NoGeometry,
		featureOf(`{"type":"Polygon","coordinates":[]}`):                              EmptyGeometry,
		featureOf(`{"type":"MultiPolygon","coordinates":[[[]]]}`):                     EmptyGeometry,
		featureOf(`{"type":"Polygon","coordinates":[[0,0],[1,1],[0,0]]}`):             BadGeometry,
		featureOf(`{"type":"Polygon","coordinates":[[[[0,0],[1,1],[0,0]]]]}`):         BadGeometry,
		featureOf(`{"type":"Polygon","coordinates":"x"}`):                             EmptyGeometry,
		featureOf(`{"type":"Polygon","coordinates":[[[0,0],["a",1],[1,1],[0,0]]]}`):   BadGeometry,
		featureOf(`{"type":"Polygon","coordinates":[[[0,0],[1],[1,1],[0,0]]]}`):       BadGeometry,
		featureOf(`{"type":"Polygon","coordinates":[[[0,0],[],[1,1],[0,0]]]}`):        BadGeometry,
		featureOf(`{"type":"LineString","coordinates":[[0,0],[[1,1],[2,2]]]}`):        BadGeometry,
		featureOf(`{"type":"Polygon","coordinates":[[[0,0],[1,NaN],[1,1],[0,0]]]}`):   NotFinite,
		featureOf(`{"type":"Polygon","coordinates":[[[0,0],[1,1e999],[1,1],[0,0]]]}`): NotFinite,
		featureOf(`{"type":"Polygon","coordinates":[[[0,0],[1,null],[1,1],[0,0]]]}`):  NotFinite,
		featureOf(`{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,9]]]}`):     RingOpen,
		featureOf(`{"type":"Polygon","coordinates":[[[0,0],[9,0],[0,0]]]}`):           RingShort,
		featureOf(`{"type":"LineString","coordinates":[[0,0]]}`):                      LineShort,
		featureOf(`{"type":"Circle","coordinates":[0,0]}`):                            BadGeometry,
		`{"type":"Polygon","coordinates":[` + ring + `]}`:                             NotFeature,
		`17`: NotFeature,
		`{"type":"Feature","properties":{"code":"` + "\xff" + `"},"geometry":null}`:                  NotText,
		`{"type":"Feature","properties":{"code":"\ud83d"},"geometry":null}`:                          NotText,
		`{"type":"Feature","properties":{"code":"a\u0000b"},"geometry":null}`:                        NotText,
		featureOf(`{"type":"MultiPoint","coordinates":[` + strings.Repeat("[1,1],", 60) + `[1,1]]}`): TooManyPoints,
		`{"type":"Feature","properties":{` + manyMembers(30) + `},"geometry":null}`:                  TooManyValues,
	} {
		limits := DefaultLimits
		limits.Points, limits.Values = 50, 20
		_, rows, err := readAll(write(t, "f.json", []byte(collectionOf(good, bad, good))), Options{Limits: limits})
		if err != nil || len(rows) != 3 {
			t.Errorf("%.80s: %d rows, error %v", bad, len(rows), err)
			continue
		}
		if unread := rows[1].Unread["code"]; want == NotText && unread != nil && unread.Field == "code" {
			rows[1].Fault = unread
		}
		if rows[1].Fault == nil || rows[1].Fault.Code != want {
			t.Errorf("%.80s: fault %v, want %s", bad, rows[1].Fault, want)
		}
		if rows[0].Fault != nil || rows[2].Fault != nil || rows[2].Values["code"] != "A" {
			t.Errorf("%.80s: its neighbours suffered: %v, %v", bad, rows[0].Fault, rows[2].Fault)
		}
	}
}

func manyMembers(n int) string {
	members := make([]string, n)
	for i := range members {
		members[i] = fmt.Sprintf(`"m%d":%d`, i, i)
	}
	return strings.Join(members, ",")
}

func TestGeoJSONTextEscapes(t *testing.T) {
	t.Parallel()
	body := collectionOf(`{"type":"Feature","properties":{"\u5730\u5757":"\"\\\/\b\f\n\r\t\ud83d\ude00地"},"geometry":null}`)
	_, rows, err := readAll(write(t, "f.json", []byte(body)), Options{})
	if err != nil || len(rows) != 1 {
		t.Fatal(rows, err)
	}
	if got, want := rows[0].Values["地块"], "\"\\/\b\f\n\r\t😀地"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A file that ends anywhere in its middle is named as truncated, whatever it ends in.
func TestGeoJSONTruncated(t *testing.T) {
	t.Parallel()
	whole := `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4550"}},"features":[` +
		featureOf(`{"type":"Polygon","coordinates":[`+ring+`]}`) + `,` +
		featureOf(`{"type":"Point","coordinates":[-1.5e3,2]}`) + `]}`
	dir := t.TempDir()
	for n := 1; n < len(whole); n++ {
		path := filepath.Join(dir, fmt.Sprint(n))
		if err := os.WriteFile(path, []byte(whole[:n]), 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, err := readAll(path, Options{})
		if got := faultOf(t, err); got.Code != Truncated {
			t.Fatalf("cut at %d (…%s): %v", n, whole[max(0, n-20):n], err)
		}
	}
}

func TestGeoJSONRefusesFiles(t *testing.T) {
	t.Parallel()
	limits := Limits{FileBytes: 1 << 20, Ratio: 10, FeatureBytes: 100 << 10, Points: 100, Depth: 12, Values: 10}
	for body, want := range map[string]string{
		`{"type":"Polygon","coordinates":[]}`:                      NotFeatures,
		`[1,2]`:                                                    NotFeatures,
		`{"type":"Topology","objects":{}}`:                         FormatNamed,
		`{"type":"X","features":[]}`:                               NotFeatures,
		`{"type":"FeatureCollection"}`:                             NotFeatures,
		`{"type":"FeatureCollection","features":[],"features":[]}`: NotFeatures,
		`{"type":"FeatureCollection","features":[{}}`:              JSONInvalid,
		`{"type":"FeatureCollection","features":[{},]}`:            JSONInvalid,
		`{"type":"FeatureCollection","features":[{"a" 1}]}`:        JSONInvalid,
		`{"type":"FeatureCollection","features":[{"a":01}]}`:       JSONInvalid,
		`{"type":"FeatureCollection","features":[{"a":tru}]}`:      JSONInvalid,
		`{"type":"FeatureCollection","features":[]} x`:             JSONInvalid,
		featureOf("null") + "\n[]":                                 JSONInvalid,
		"   \n ":                                                   FileEmpty,
		"hello":                                                    FormatUnknown,
		"\xff\xfe{":                                                EncodingUnknown,
		`{"type":"FeatureCollection","features":[{"a":` + strings.Repeat("[", 40):                NestedTooDeep,
		`{"type":"FeatureCollection","features":[{"a":"` + strings.Repeat("x", 300<<10) + `"}]}`: FeatureTooLarge,
		`{"type":"FeatureCollection","note":"` + strings.Repeat("x", 300<<10):                    FeatureTooLarge,
		strings.Repeat(" ", 2<<20): FileTooLarge,
	} {
		_, _, err := readAll(write(t, "f.json", []byte(body)), Options{Limits: limits})
		if got := faultOf(t, err); got.Code != want {
			t.Errorf("%.70q: fault %v, want %s", body, err, want)
		}
	}
}

func TestMissingFile(t *testing.T) {
	t.Parallel()
	for _, path := range []string{filepath.Join(t.TempDir(), "none"), filepath.Join(t.TempDir(), "none", "below")} {
		_, _, err := readAll(path, Options{})
		if got := faultOf(t, err); got.Code != FileMissing {
			t.Errorf("%s: %v", path, err)
		}
	}
	_, _, err := readAll(write(t, "empty", nil), Options{})
	if got := faultOf(t, err); got.Code != FileEmpty {
		t.Error(err)
	}
}

// 10 GB are refused for their size, before a byte is read.
func TestHugeFileIsRefusedUnread(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "huge.geojson")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(file.Truncate(10<<30), file.Close()); err != nil {
		t.Skip("this file system holds no sparse files:", err)
	}
	_, _, err = readAll(path, Options{})
	if got := faultOf(t, err); got.Code != FileTooLarge || got.Got != fmt.Sprint(10<<30) {
		t.Error(err)
	}
}

func TestGeoJSONInGBK(t *testing.T) {
	t.Parallel()
	feature := func(code string) string {
		return `{"type":"Feature","properties":{"地块编号":"` + code +
			`","名\u79f0":"x"},"geometry":{"type":"Point","coordinates":[1,2]}}`
	}
	long := make([]string, 3000) // the first Chinese character comes late
	for i := range long {
		long[i] = `{"type":"Feature","properties":{"code":"` + fmt.Sprint(i) + `"},"geometry":null}`
	}
	for name, features := range map[string][]string{"short": {feature("东区-1号"), feature("镕-2")}, "late": append(long,
		feature("东区-1号"))} {
		info, rows, err := readAll(write(t, "land.geojson", []byte(gbk(collectionOf(features...)))), Options{})
		last := rows[len(rows)-1]
		if err != nil || len(rows) != len(features) || last.Fault != nil || last.Values["地块编号"] == "" ||
			last.Values["名称"] != "x" {
			t.Errorf("%s: %v, %+v", name, err, last)
		}
		if name == "short" && info.Encoding != "GB18030" {
			t.Errorf("%s: %+v", name, info)
		}
	}
	// Latin-1 is not taken for it, though its bytes would do.
	latin := `{"type":"Feature","properties":{"code":"V` + "\xe9" +
		`lizy"},"geometry":{"type":"Point","coordinates":[1,2]}}`
	_, rows, err := readAll(write(t, "latin.geojson", []byte(collectionOf(latin))), Options{})
	if err != nil || rows[0].Values["code"] != "" || rows[0].Unread["code"] == nil {
		t.Errorf("Latin-1: %v %+v", err, rows)
	}
}

func TestEveryFormOfTheCRSMember(t *testing.T) {
	t.Parallel()
	for member, want := range map[string]int{
		`{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4550"}}`: 4550,
		`{"type":"EPSG","properties":{"code":4610}}`:                         4610,
		`{"type":"epsg","properties":{"code":"4610"}}`:                       4610,
		`{"type":"name","properties":{"code":4610}}`:                         4610,
		`{"properties":{"name":"EPSG:4549"},"type":"name"}`:                  4549,
		`"EPSG:4610"`:          4610,
		`4610`:                 4610,
		`{"name":"EPSG:4610"}`: 4610,
		`{"wkid":4610}`:        4610,
		`{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}}`:              4326,
		`{"type":"name","properties":{"name":"某市坐标系"}}`:                                      0,
		`{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4326"}}`:                 4326,
		`{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG:6.18:4490"}}`:             4490,
		`{"type":"name","properties":{"name":"http://www.opengis.net/def/crs/EPSG/0/4549"}}`: 4549,
		`{"type":"name","properties":{"name":" epsg:4549 "}}`:                                4549,
		`{"type":"name","properties":{"name":"OGC:CRS84"}}`:                                  4326,
		`{"type":"name","properties":{"name":"4490"}}`:                                       4490,
		`{"type":"name","properties":{"name":4490}}`:                                         4490,
		`{"type":"name","properties":{"name":"EPSG:04490"}}`:                                 0,
		`{"type":"name","properties":{"name":4490.5}}`:                                       0,
		`{"type":"NAME","properties":{"name":"EPSG:4490"}}`:                                  4490,
		`"EPSG:4326"`: 4326, `-4490`: 0, `"GCJ-02"`: 0,
		`{"type":"link","properties":{"href":"http://www.opengis.net/def/crs/EPSG/0/4550","type":"ogcwkt"}}`: -1,
		`{"type":"link","properties":{"name":"EPSG:4550"}}`:                                                  -1,
		`"  "`: -1, `[]`: -1, `false`: -1,
		`{"type":"name"}`: -1, `{"type":"name","properties":{"name":null}}`: -1,
		`{"type":"name","properties":{"name":["EPSG:4490"]}}`: -1, `{"type":"name","properties":"EPSG:4490"}`: -1,
		`{"type":"proj4","properties":{"value":"+proj=longlat"}}`: -1,
		`null`: 0,
		`{"type":"link","properties":{"href":"http://example.org/4550"}}`: -1,
		`{}`: -1, `[4550]`: -1, `""`: -1, `true`: -1, `{"type":"name","properties":null}`: -1,
		`{"type":"name","properties":{"name":""}}`: -1, `{"type":"OGC","properties":{"urn":"x"}}`: -1,
	} {
		before := `{"type":"FeatureCollection","crs":` + member + `,"features":[` +
			featureOf(`{"type":"Point","coordinates":[1,2]}`) + `]}`
		path := write(t, "land.geojson", []byte(before))
		info, _, err := readAll(path, Options{})
		switch {
		case want < 0 && (err == nil || faultOf(t, err).Code != CRSForm):
			t.Errorf("%s: %v %+v, want a refusal", member, err, info)
		case want >= 0 && (err != nil || info.EPSG != want):
			t.Errorf("%s: %v %+v, want %d", member, err, info, want)
		}
		if info, _, err := readAll(path, Options{CRS: 4549}); err != nil {
			t.Errorf("%s with a stated system: %v %+v", member, err, info)
		}
	}
}

// A geometry's own system, as PostGIS writes it, must be the file's.
func TestAGeometrysOwnSystemIsTheFiles(t *testing.T) {
	t.Parallel()
	own := func(crs string) string {
		return `{"type":"Feature","properties":{},"geometry":{"type":"Point",` + crs + `"coordinates":[1,2]}}`
	}
	xian := `"crs":{"type":"name","properties":{"name":"EPSG:4610"}},`
	for name, c := range map[string]struct {
		body    string
		refused bool
	}{
		"another in a collection": {collectionOf(own(xian)), true},
		"another in a lone one":   {own(xian), true},
		"another of the feature": {`{"type":"FeatureCollection","features":[{"type":"Feature",` + xian +
			`"properties":{},"geometry":{"type":"Point","coordinates":[1,2]}}]}`, true},
		"the file's":             {`{"type":"FeatureCollection",` + xian + `"features":[` + own(xian) + `]}`, false},
		"WGS 84":                 {collectionOf(own(`"crs":"EPSG:4326",`)), false},
		"none":                   {collectionOf(own(`"crs":null,`)), false},
		"of a form nobody knows": {collectionOf(own(`"crs":[1],`)), true},
	} {
		path := write(t, "land.geojson", []byte(c.body))
		_, rows, err := readAll(path, Options{})
		if err != nil || len(rows) != 1 || (rows[0].Fault != nil) != c.refused || c.refused &&
			rows[0].Fault.Code != CRSOther {
			t.Errorf("%s: %v %+v", name, err, rows)
		}
		if _, rows, err := readAll(path, Options{CRS: 4610}); err != nil || rows[0].Fault != nil {
			t.Errorf("%s with a stated system: %v %+v", name, err, rows)
		}
	}
}
