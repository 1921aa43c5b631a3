package file

import (
	"strings"
	"testing"
)

func kmlOf(placemarks ...string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Schema name="s" id="s"><SimpleField name="code" type="string"/></Schema>
<Folder><name>f</name>` + strings.Join(placemarks, "\n") + `</Folder></Document></kml>`
}

const kmlSquare = `<Polygon><outerBoundaryIs><LinearRing><coordinates>
0,0,5 10,0,5 10,10,5 0,10,5 0,0,5 </coordinates></LinearRing></outerBoundaryIs><innerBoundaryIs><LinearRing>
<coordinates>2, 2 4 ,2 4,4 2,2</coordinates></LinearRing></innerBoundaryIs></Polygon>`

func TestKMLIsRead(t *testing.T) {
	t.Parallel()
	body := kmlOf(`<Placemark id="p1"><name> 宗地1 </name><Style><LineStyle/></Style><ExtendedData>
<SchemaData schemaUrl="#s"><SimpleData name="code">东区-1号</SimpleData></SchemaData>
<Data name="legal_m2"><displayName>x</displayName><value>8000</value></Data></ExtendedData>`+kmlSquare+`</Placemark>`,
		`<Placemark><name><![CDATA[<b>]]></name><MultiGeometry>`+strings.ReplaceAll(kmlSquare, ",5",
			"")+`</MultiGeometry></Placemark>`,
		`<Placemark><Point><coordinates>1,2,0</coordinates></Point></Placemark>`,
		`<Placemark><MultiGeometry><Point><coordinates>1,2</coordinates></Point>`+kmlSquare+`</MultiGeometry></Placemark>`,
		`<Placemark><name>no shape</name></Placemark>`,
		`<Placemark><Polygon><outerBoundaryIs><LinearRing><coordinates>0,0 1,x 1,1 0,0</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>`,
		`<Placemark><Polygon/></Placemark>`,
		`<NetworkLink><Link><href>http://example.org/x.kml</href></Link></NetworkLink>`)
	for name, file := range map[string][]byte{"plain": []byte(body),
		"KMZ": zipped(t, map[string][]byte{"doc.kml": []byte(body), "files/icon.png": []byte("x"),
			"files/more.kml": []byte("<kml/>")}),
		"GBK": []byte(strings.Replace(gbk(body), "UTF-8", "GBK", 1))} {
		info, rows, err := readAll(write(t, "land", file), Options{})
		if err != nil || len(rows) != 7 || info.Format != "KML" || info.EPSG != 4326 {
			t.Errorf("%s: %v, %+v, %d rows", name, err, info, len(rows))
			continue
		}
		if got := text(t, rows[0].Shape); got != "POLYGON((0 0,10 0,10 10,0 10,0 0),(2 2,4 2,4 4,2 2))" ||
			!rows[0].Shape.Dropped {
			t.Errorf("%s: %s", name, got)
		}
		if v := rows[0].Values; v["code"] != "东区-1号" || v["legal_m2"] != "8000" || v["name"] != "宗地1" ||
			rows[0].ID != "p1" {
			t.Errorf("%s: %v", name, v)
		}
		if rows[1].Shape.Kind != Polygon || rows[1].Shape.Dropped || rows[2].Shape.Kind != Point ||
			rows[3].Shape.Kind != Collection {
			t.Errorf("%s: %+v", name, rows[1:4])
		}
		for i, want := range []string{NoGeometry, BadGeometry, BadGeometry} {
			if f := rows[4+i].Fault; f == nil || f.Code != want {
				t.Errorf("%s: row %d: %v", name, 5+i, f)
			}
		}
	}
}

func TestKMLRefused(t *testing.T) {
	t.Parallel()
	small := DefaultLimits
	small.FeatureBytes = 200 << 10
	laughs := `<!DOCTYPE kml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>`
	for name, c := range map[string]struct{ body, want string }{
		"entities": {strings.Replace(kmlOf(`<Placemark><name>&b;</name></Placemark>`), "<kml",
			laughs+"<kml", 1), XMLDoctype},
		"an outer entity": {strings.Replace(kmlOf(), "<kml", `<!DOCTYPE kml SYSTEM "file:///etc/passwd"><kml`,
			1), XMLDoctype},
		"an entity that isn't": {kmlOf(`<Placemark><name>&b;</name></Placemark>`), XMLInvalid},
		"cut short":            {kmlOf(`<Placemark>` + kmlSquare)[:300], Truncated},
		"crossed tags":         {kmlOf(`<Placemark><name></Placemark></name>`), XMLInvalid},
		"deep":                 {kmlOf(strings.Repeat("<Folder>", 100)), NestedTooDeep},
		"long": {kmlOf(`<Placemark><name>` + strings.Repeat("x", 1<<20) + `</name></Placemark>`),
			FeatureTooLarge},
		"another encoding": {strings.Replace(kmlOf(), "UTF-8", "EBCDIC-X", 1), EncodingUnknown},
	} {
		_, rows, err := readAll(write(t, "land.kml", []byte(c.body)), Options{Limits: small})
		if err == nil || faultOf(t, err).Code != c.want {
			t.Errorf("%s: %v %+v, want %s", name, err, rows, c.want)
		}
	}
}

func FuzzKML(f *testing.F) {
	f.Add([]byte(kmlOf(`<Placemark><name>x</name>` + kmlSquare + `</Placemark>`)))
	f.Fuzz(func(t *testing.T, body []byte) {
		reader, err := Open(t.Context(), write(t, "f.kml", append([]byte("<kml>"), body...)), Options{Limits: small})
		checkReader(t, reader, err)
	})
}
