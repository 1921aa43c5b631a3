package tile_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"

	"luodi/geo"
	"luodi/geo/tile"
)

// middle is the tile of a zoom that the middle of a park lies in.
func (p *park) middle(set *tile.Set, z int) tile.Address {
	x, y := cellOf(set, z, p.bound.Center())
	return tile.Address{Set: set, Z: z, Row: int(y), Col: int(x)}
}

// TestTheSameShapesMakeTheSameBytes: of a fresh writer, of one that has written other tiles, and again.
func TestTheSameShapesMakeTheSameBytes(t *testing.T) {
	t.Parallel()
	var used tile.Writer
	for seed := range uint64(10) {
		p := randomPark(seed, 8, 8)
		for z := 8; z <= 18; z++ {
			at := p.middle(tile.Sets()[seed%2], z)
			want := p.write(&tile.Writer{}, at)
			for range 2 {
				if !bytes.Equal(p.write(&used, at), want) {
					t.Errorf("seed %d, z%d: a used writer writes other bytes", seed, z)
				}
			}
		}
	}
}

// TestMergedShapesAreTheSameInAnyOrder: which shape came first is not to be seen where all become rectangles.
func TestMergedShapesAreTheSameInAnyOrder(t *testing.T) {
	t.Parallel()
	var w tile.Writer
	for seed := range uint64(4) {
		p := randomPark(seed, 8, 8)
		at := p.middle(tile.Sets()[seed%2], 4)
		for len(p.parcels) < 9000 {
			p.parcels = append(p.parcels, p.parcels...)
		}
		want := p.write(&w, at)
		if len(want) == 0 {
			t.Fatalf("seed %d: nothing is shown", seed)
		}
		r := rand.New(rand.NewPCG(seed, 1))
		for range 5 {
			r.Shuffle(len(p.parcels), func(i, j int) { p.parcels[i], p.parcels[j] = p.parcels[j], p.parcels[i] })
			if !bytes.Equal(p.write(&w, at), want) {
				t.Errorf("seed %d: another order makes another tile", seed)
			}
		}
	}
}

func wkb(g orb.Geometry) []byte { return ewkb.MustMarshal(g, 4490, binary.LittleEndian) }

// home is a tile of level 14 in Lingang, corner its north-western corner in degrees.
func home() (at tile.Address, corner orb.Point) {
	at = tile.Address{Set: tile.Sets()[0], Z: 14, Row: 6697, Col: 13733}
	return at, degreesAt(at, orb.Point{}, 1)
}

// in is a place in the home tile, in units.
func in(x, y float64) orb.Point {
	at, _ := home()
	return degreesAt(at, orb.Point{x, y}, float64(at.Extent()))
}

// TestValuesComeBack: texts, numbers, truths; what is null or not finite is left out.
func TestValuesComeBack(t *testing.T) {
	t.Parallel()
	at, _ := home()
	var w tile.Writer
	w.Begin(at, "things", []string{"a", "b", "c", "d", "e", "f", "g", "h"}, nil)
	err := w.Add(wkb(in(5, 7)), "",
		tile.TextValue("临港"), tile.NumberValue(1.5),
		tile.NumberValue(-3), tile.IntValue(math.MinInt64), "",
		tile.BoolValue(true), tile.NumberValue(math.NaN()),
		tile.TextValue("a\xffb"))
	if err != nil {
		t.Fatal(err)
	}
	l := read(t, w.Append(nil), "things")
	want := map[string]any{"a": "临港", "b": 1.5, "c": -3.0, "d": float64(math.MinInt64), "f": true, "h": "a\uFFFDb"}
	got := map[string]any(l.Features[0].Properties)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
	if l.Features[0].Geometry != orb.Geometry(orb.Point{5, 7}) || l.Version != 2 {
		t.Errorf("%v at version %d", l.Features[0].Geometry, l.Version)
	}
}

// TestLinesAreCutAtTheBuffer: a line that leaves and comes back is two, vertices that it passes straight through
// go.
func TestLinesAreCutAtTheBuffer(t *testing.T) {
	t.Parallel()
	at, _ := home()
	e := float64(at.Extent())
	for name, c := range map[string]struct{ line, want orb.Geometry }{
		"straight": {orb.LineString{in(1, 1), in(3, 1), in(5, 1), in(5, 9)}, orb.LineString{{1, 1}, {5, 1}, {5, 9}}},
		"back":     {orb.LineString{in(1, 1), in(9, 1), in(5, 1)}, orb.LineString{{1, 1}, {9, 1}, {5, 1}}},
		"through":  {orb.LineString{in(-2*e, 8), in(2*e, 8)}, orb.LineString{{-e / 64, 8}, {e + e/64, 8}}},
		"and again": {orb.LineString{in(e/2, 1), in(2*e, 1), in(2*e, 9), in(e/2, 9)},
			orb.MultiLineString{{{e / 2, 1}, {e + e/64, 1}}, {{e + e/64, 9}, {e / 2, 9}}}},
		"two": {orb.MultiLineString{{in(1, 1), in(2, 5)}, {in(7, 7), in(8, 9)}},
			orb.MultiLineString{{{1, 1}, {2, 5}}, {{7, 7}, {8, 9}}}},
	} {
		var w tile.Writer
		w.Begin(at, "roads", nil, nil)
		if err := w.Add(wkb(c.line), ""); err != nil {
			t.Fatal(err)
		}
		if got := read(t, w.Append(nil), "roads").Features[0].Geometry; !orb.Equal(got, c.want) {
			t.Errorf("%s: %v, not %v", name, got, c.want)
		}
	}
}

// TestOtherFormsOfBytes: big-endian, without an SRID, with heights, ISO codes; empty shapes are nothing.
func TestOtherFormsOfBytes(t *testing.T) {
	t.Parallel()
	at, _ := home()
	p := in(5, 7)
	high := binary.LittleEndian.AppendUint32([]byte{1}, 1001)
	for _, v := range []float64{p[0], p[1], 80} {
		high = binary.LittleEndian.AppendUint64(high, math.Float64bits(v))
	}
	big := ewkb.MustMarshal(p, 0, binary.BigEndian)
	for name, b := range map[string][]byte{"big": big, "high": high, "several": wkb(orb.MultiPoint{p})} {
		var w tile.Writer
		w.Begin(at, "things", nil, nil)
		if err := w.Add(b, ""); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := read(t, w.Append(nil), "things").Features[0].Geometry; got != orb.Geometry(orb.Point{5, 7}) {
			t.Errorf("%s: %v", name, got)
		}
	}
	nan := math.NaN()
	for _, g := range []orb.Geometry{orb.Point{nan, nan}, orb.LineString{}, orb.Polygon{}, orb.MultiPolygon{},
		orb.Polygon{{}}, orb.Polygon{{p}}, orb.Polygon{{p, p, p, p}}} {
		var w tile.Writer
		w.Begin(at, "things", nil, nil)
		if err := w.Add(wkb(g), "a"); err != nil {
			t.Errorf("%v: %v", g, err)
		}
		w.Append(nil)
	}
}

// TestBytesThatAreNoGeometryAreRefused.
func TestBytesThatAreNoGeometryAreRefused(t *testing.T) {
	t.Parallel()
	at, _ := home()
	good := wkb(orb.Polygon{{in(1, 1), in(5, 1), in(5, 5), in(1, 1)}})
	bad := map[string][]byte{"none": {}, "short": good[:len(good)-1], "long": append(good[:len(good):len(good)], 0),
		"order": {2, 1, 0, 0, 0, 0, 0, 0, 0}, "collection": wkb(orb.Collection{in(1, 1)}),
		"far": wkb(orb.Point{181, 0}), "infinite": wkb(orb.LineString{{1, 1}, {math.Inf(1), 1}}),
		"not a number": wkb(orb.LineString{{1, math.NaN()}, {1, 1}})}
	for name, b := range bad {
		var w tile.Writer
		w.Begin(at, "things", nil, nil)
		var invalid *geo.Invalid
		if err := w.Add(b, ""); !errors.As(err, &invalid) || invalid.Field != "geometry" {
			t.Errorf("%s: %v", name, err)
		}
		if body := w.Append(nil); len(body) > 0 {
			t.Errorf("%s: it is shown", name)
		}
	}
}

func FuzzAdd(f *testing.F) {
	at, _ := home()
	p := randomPark(3, 3, 3)
	for i := range p.parcels {
		f.Add(p.parcels[i].ewkb, 14)
	}
	f.Add(wkb(orb.MultiLineString{{in(1, 1), in(-9e4, 5)}}), 3)
	f.Add(wkb(orb.MultiPoint{in(1, 1)}), 24)
	f.Add(wkb(orb.MultiPolygon{{{{-180, -90}, {180, -90}, {180, 90}, {-180, 90}, {-180, -90}}}}), 24)
	f.Fuzz(func(t *testing.T, b []byte, z int) {
		here := at
		here.Z = min(max(z, 0), tile.MostZoom)
		x, y := cellOf(here.Set, here.Z, in(1, 1))
		here.Row, here.Col = int(y), int(x)
		var w tile.Writer
		w.Begin(here, "things", keys, merged)
		err := w.Add(b, "a", tile.TextValue(string(b)))
		var invalid *geo.Invalid
		if err != nil && !errors.As(err, &invalid) {
			t.Fatal(err)
		}
		body := w.Append(nil)
		if err != nil && len(body) > 0 {
			t.Fatal("what was refused is shown")
		}
		if len(body) > 0 {
			read(t, body, "things")
		}
	})
}
