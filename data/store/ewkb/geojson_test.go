package ewkb_test

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"luodi/data/store/ewkb"
	"luodi/geo"
)

// fromWKT is EWKB of a text, in x and y.
func fromWKT(t testing.TB, text string) []byte {
	t.Helper()
	g, err := wkt.Unmarshal(text)
	if err != nil {
		t.Fatal(err)
	}
	b, err := ewkb.Append(nil, g, 4490)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAppendGeoJSONPrintsEachType(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"POINT(122.03 37.25)":                          `{"type":"Point","coordinates":[122.03,37.25]}`,
		"POINT(0.12345678949 -1)":                      `{"type":"Point","coordinates":[0.123456789,-1]}`,
		"POINT(41500123.45 4123456.789)":               `{"type":"Point","coordinates":[41500123.450000003,4123456.789]}`,
		"LINESTRING(0 0,1 1)":                          `{"type":"LineString","coordinates":[[0,0],[1,1]]}`,
		"LINESTRING EMPTY":                             `{"type":"LineString","coordinates":[]}`,
		"POLYGON EMPTY":                                `{"type":"Polygon","coordinates":[]}`,
		"MULTIPOINT((1 2),(3 4))":                      `{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}`,
		"MULTILINESTRING((0 0,1 1),(2 2,3 3))":         `{"type":"MultiLineString","coordinates":[[[0,0],[1,1]],[[2,2],[3,3]]]}`,
		"MULTIPOLYGON(((0 0,1 0,0 1,0 0)))":            `{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[0,1],[0,0]]]]}`,
		"GEOMETRYCOLLECTION(POINT(1 2))":               `{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]}]}`,
		"GEOMETRYCOLLECTION EMPTY":                     `{"type":"GeometryCollection","geometries":[]}`,
		"LINESTRING(0 0,0 0)":                          `{"type":"LineString","coordinates":[[0,0],[0,0]]}`,
		"POINT(1e20 -1e20)":                            `{"type":"Point","coordinates":[100000000000000000000,-100000000000000000000]}`,
		"POLYGON((0 0,9 0,0 9,0 0),(1 1,1 2,2 1,1 1))": `{"type":"Polygon","coordinates":[[[0,0],[9,0],[0,9],[0,0]],[[1,1],[1,2],[2,1],[1,1]]]}`,
	} {
		got, err := ewkb.AppendGeoJSON([]byte("x"), fromWKT(t, text), 9)
		if err != nil || string(got) != "x"+want {
			t.Errorf("%s: got %s, %v, want %s", text, got, err, want)
		}
	}
}

func TestEmptyPointsPrintEmptyAndEmptyPartsAreLeftOut(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	empty := raw(1, 1, nan, nan)
	members := append(raw(4), 2, 0, 0, 0)
	members = append(append(members, empty...), raw(1, 1, 1.0, 2.0)...)
	lines, err := ewkb.Append(nil, orb.MultiLineString{{}, {{2, 2}, {3, 3}}, {}}, 0)
	if err != nil {
		t.Fatal(err)
	}
	for want, in := range map[string][]byte{
		`{"type":"MultiLineString","coordinates":[[[2,2],[3,3]]]}`: lines,
		`{"type":"Point","coordinates":[]}`:                        empty,
		`{"type":"MultiPoint","coordinates":[[1,2]]}`:              members,
	} {
		if got, err := ewkb.AppendGeoJSON(nil, in, 9); err != nil || string(got) != want {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
	}
}

// raw is a little-endian header of the kind; with numbers, a point's (the
// first number says nothing and keeps the two forms apart).
func raw(kind uint32, numbers ...float64) []byte {
	b := binary.LittleEndian.AppendUint32([]byte{1}, kind)
	for i, v := range numbers {
		if i > 0 {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
	}
	return b
}

func TestHeightsAreKeptAndMeasuresDropped(t *testing.T) {
	t.Parallel()
	point := func(kind uint32, n int) []byte {
		return raw(kind, []float64{0, 1, 2, 3, 4}[:n+1]...)
	}
	for want, ins := range map[string][][]byte{
		"[1,2,3]": {point(0x80000001, 3), point(1001, 3), point(0xC0000001, 4), point(3001, 4)},
		"[1,2]":   {point(1, 2), point(0x40000001, 3), point(2001, 3)},
	} {
		for _, in := range ins {
			got, err := ewkb.AppendGeoJSON(nil, in, 9)
			if err != nil || string(got) != `{"type":"Point","coordinates":`+want+`}` {
				t.Errorf("% x: got %s, %v", in, got, err)
			}
		}
	}
}

func TestHostileInputIsRefused(t *testing.T) {
	t.Parallel()
	good := fromWKT(t, "POLYGON((0 0,9 0,0 9,0 0))")
	deep := raw(1, 0, 1, 2)
	for range 40 {
		deep = append(append(raw(7), 1, 0, 0, 0), deep...)
	}
	wrongPart := append(append(raw(6), 1, 0, 0, 0), fromWKT(t, "LINESTRING(0 0,1 1)")...)
	for name, in := range map[string][]byte{
		"nothing":             nil,
		"one byte":            {1},
		"byte order 2":        append([]byte{2}, good[1:]...),
		"type 0":              append(raw(0), 0, 0, 0, 0),
		"type 8":              append(raw(8), 0, 0, 0, 0),
		"a curve":             append(raw(10), 0, 0, 0, 0),
		"ISO 4001":            append(raw(4001), 0, 0, 0, 0),
		"2³² − 1 points":      append(raw(2), 255, 255, 255, 255),
		"2³² − 1 rings":       append(raw(3), 255, 255, 255, 255),
		"2³² − 1 parts":       append(raw(7), 255, 255, 255, 255),
		"one byte more":       append(append([]byte{}, good...), 0),
		"nested 40 deep":      deep,
		"line in a polygons'": wrongPart,
		"NaN":                 raw(1, 0, math.NaN(), 1),
		"infinity":            raw(1, 0, 1, math.Inf(-1)),
	} {
		refused(t, name, in)
	}
	for n := range good {
		refused(t, fmt.Sprintf("cut at %d", n), good[:n])
	}
}

// refused checks that every reader refuses in, and that dst comes back.
func refused(t *testing.T, name string, in []byte) {
	t.Helper()
	got, err := ewkb.AppendGeoJSON([]byte("kept"), in, 9)
	if !errors.Is(err, geo.ErrInvalid) || string(got) != "kept" {
		t.Errorf("%s: got %s, %v", name, got, err)
	}
	if _, _, err := ewkb.Decode(in); !errors.Is(err, geo.ErrInvalid) {
		t.Errorf("%s: Decode gave %v", name, err)
	}
}

func TestDecimalsOutsideTheRangeAreRefused(t *testing.T) {
	t.Parallel()
	for _, decimals := range []int{-1, 16, math.MaxInt} {
		if _, err := ewkb.AppendGeoJSON(nil, fromWKT(t, "POINT(1 2)"), decimals); !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%d decimals: %v", decimals, err)
		}
	}
}

func TestAppendGeoJSONAllocatesNothingIntoARoomyBuffer(t *testing.T) {
	in, dst := parcel(11), make([]byte, 0, 4096)
	if n := testing.AllocsPerRun(100, func() { dst, _ = ewkb.AppendGeoJSON(dst[:0], in, 9) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzAppendGeoJSON(f *testing.F) {
	for _, text := range []string{
		"POINT(122.03 37.25)", "LINESTRING(0 0,1 1)", "POLYGON((0 0,9 0,0 9,0 0),(1 1,1 2,2 1,1 1))",
		"MULTIPOINT((1 2),(3 4))",
		"MULTILINESTRING((0 0,1 1),(2 2,3 3))", "MULTIPOLYGON(((0 0,1 0,0 1,0 0)))",
		"GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(0 0,1 1))",
	} {
		f.Add(fromWKT(f, text), 9)
	}
	r := rand.New(rand.NewPCG(5, 6))
	for i := range 40 {
		s := newShaper(r, func() float64 { return coordinate(r) })
		f.Add(s.geometry(nil, uint32(1+i%7), uint32(i%2)*4490), i%16)
	}
	f.Fuzz(func(t *testing.T, in []byte, decimals int) {
		out, err := ewkb.AppendGeoJSON(nil, in, decimals)
		if len(out) > 400*(len(in)+1) {
			t.Fatalf("%d bytes grew to %d", len(in), len(out))
		}
		if err == nil && !json.Valid(out) {
			t.Fatalf("not JSON: %s", out)
		}
		if err != nil && !errors.Is(err, geo.ErrInvalid) {
			t.Fatalf("an error of another kind: %v", err)
		}
		if _, _, err := ewkb.Decode(in); err != nil && !errors.Is(err, geo.ErrInvalid) {
			t.Fatalf("Decode: an error of another kind: %v", err)
		}
	})
}

// parcel is EWKB of a polygon of n points around the sample park.
func parcel(n int) []byte {
	ring := make(orb.Ring, n)
	for i := range ring {
		sin, cos := math.Sincos(2 * math.Pi * float64(i%(n-1)) / float64(n-1))
		ring[i] = orb.Point{geo.SnapDegrees(122.03 + 0.001*cos), geo.SnapDegrees(37.25 + 0.001*sin)}
	}
	b, err := ewkb.Append(nil, orb.Polygon{ring}, 4490)
	if err != nil {
		panic(err)
	}
	return b
}

func BenchmarkAppendGeoJSON(b *testing.B) {
	for _, n := range []int{5, 11, 100, 10_000} {
		b.Run(fmt.Sprintf("points=%d", n), func(b *testing.B) {
			in := parcel(n)
			var dst []byte
			for b.Loop() {
				dst, _ = ewkb.AppendGeoJSON(dst[:0], in, 9)
			}
			b.SetBytes(int64(len(dst)))
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "geometries/s")
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	in := parcel(11)
	for b.Loop() {
		_, _, _ = ewkb.Decode(in)
	}
}

func ExampleAppendGeoJSON() {
	wkb, _ := ewkb.Append(nil, orb.LineString{{122.03, 37.25}, {122.0300000012, 37.2600000004}}, 4490)
	out, err := ewkb.AppendGeoJSON([]byte(`"geometry":`), wkb, 9)
	fmt.Println(string(out), err)
	_, err = ewkb.AppendGeoJSON(nil, wkb[:20], 9)
	fmt.Println(strings.Contains(err.Error(), "at_byte"))
	// Output:
	// "geometry":{"type":"LineString","coordinates":[[122.03,37.25],[122.030000001,37.26]]} <nil>
	// true
}
