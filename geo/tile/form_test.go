package tile_test

import (
	"bytes"
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"

	"luodi/geo"
	"luodi/geo/tile"
)

// forms are those of the parcels of a park that were asked for so far, in one scale.
type forms map[int][]byte

// begin begins a tile of parcels, joined or not, and returns what adds one of them.
func begin(w *tile.Writer, at tile.Address, joined bool) func(a *parcel) error {
	if joined {
		w.Begin(at, "parcels", nil, merged[:1])
		w.Join()
		return func(a *parcel) error { return w.Add(a.ewkb, a.status) }
	}
	w.Begin(at, "parcels", keys, merged)
	w.Label("id")
	return func(a *parcel) error { return w.Add(a.ewkb, a.status, a.tags()...) }
}

// writeBy makes one tile of a park by the forms that are there, and keeps those that it makes.
func (p *park) writeBy(w *tile.Writer, f forms, at tile.Address, joined bool) (body []byte, byForm int) {
	add := begin(w, at, joined)
	look := at.Degrees()
	for i := range p.parcels {
		a := &p.parcels[i]
		if !a.shape.Bound().Intersects(look) {
			continue
		}
		tags := a.tags()
		if joined {
			tags = nil
		}
		if form := f[i]; form != nil && w.AddForm(form, a.status, tags) {
			byForm++
			continue
		}
		if err := add(a); err != nil {
			panic(err)
		}
		if form, ok := w.Form(nil); ok {
			f[i] = form
		}
	}
	return w.Append(nil), byForm
}

// TestFormsMakeTheSameTiles draws random parks by the forms of their parcels, which other tiles made, and without any:
// all bytes are the same, at the levels 9 to 16 of both sets, on the maps of others, joined and not.
func TestFormsMakeTheSameTiles(t *testing.T) {
	t.Parallel()
	plain, formed := &tile.Writer{}, &tile.Writer{}
	for seed := range uint64(10) {
		p := randomPark(seed, 12, 12)
		set, shift := tile.Sets()[seed%2], []geo.MapOffset{"", "", geo.GCJ02, geo.BD09}[seed%4]
		for _, joined := range []bool{false, true} {
			byForm, all := 0, 0
			for z := 9; z <= 16; z++ {
				f := forms{}
				for range 2 {
					for _, at := range over(set, z, p.bound.Pad(0.001), shift.Move) {
						at.Shift = shift
						got, n := p.writeBy(formed, f, at, joined)
						byForm += n
						all++
						add := begin(plain, at, joined)
						for i := range p.parcels {
							if a := &p.parcels[i]; a.shape.Bound().Intersects(at.Degrees()) {
								if err := add(a); err != nil {
									t.Fatal(err)
								}
							}
						}
						if want := plain.Append(nil); !bytes.Equal(got, want) {
							t.Fatalf("seed %d, %s %d/%d/%d, joined %v: %d bytes with forms, %d without", seed, set.ID(), z, at.Row,
								at.Col, joined, len(got), len(want))
						}
					}
				}
			}
			t.Logf("seed %d, joined %v: %d parcels of %d tiles by their forms", seed, joined, byForm, all)
			if byForm == 0 {
				t.Error("none is drawn by its form")
			}
		}
	}
}

// BenchmarkTileByForm writes the tiles of BenchmarkTile by forms.
func BenchmarkTileByForm(b *testing.B) {
	for _, c := range cases {
		b.Run(fmt.Sprintf("z%d/%d", c.z, c.side*c.side), func(b *testing.B) {
			at, parcels := filled(c.z, c.side)
			p := park{parcels: parcels}
			f := forms{}
			w := &tile.Writer{}
			p.writeBy(w, f, at, false)
			var tags [][]tile.Value
			for i := range parcels {
				tags = append(tags, parcels[i].tags())
			}
			var body []byte
			b.ReportAllocs()
			begin := processor()
			for b.Loop() {
				w.Begin(at, "parcels", keys, merged)
				for i := range parcels {
					if form := f[i]; form != nil && w.AddForm(form, parcels[i].status, tags[i]) {
						continue
					}
					if err := w.Add(parcels[i].ewkb, parcels[i].status, tags[i]...); err != nil {
						b.Fatal(err)
					}
				}
				body = w.Append(body[:0])
			}
			b.ReportMetric(float64((processor()-begin).Nanoseconds())/float64(b.N), "cpu-ns/op")
			b.ReportMetric(float64(len(body)), "B/tile")
		})
	}
}

// TestFormsEndWithTheirNumbers draws shapes at the ends of what a form has room for: where units of the world are 2³¹ or
// nearly that many, and of a tile's whole width. Twice, so that what made a form is drawn by it.
func TestFormsEndWithTheirNumbers(t *testing.T) {
	t.Parallel()
	set := tile.SetByID("WebMercatorQuad")
	plain, formed := &tile.Writer{}, &tile.Writer{}
	for _, z := range []int{5, 13, 14, 15, 18, 19, 20, 24} {
		size := 360 / math.Exp2(float64(z)) // of a tile, in degrees
		for _, lon := range []float64{-180, -135, -90, 0, 90, 122} {
			for _, lat := range []float64{-66.5, 0, 37, 66.5} {
				for _, share := range []float64{0.001, 0.01, 0.9, 1.005, 1.02} {
					var p park
					for _, from := range []float64{-share / 2, 0, 0.004} {
						corner := orb.Point{max(-180, lon+from*size), lat + from*size/4}
						ring := orb.Bound{Min: corner, Max: orb.Point{corner[0] + share*size, corner[1] + share*size/4}}.ToRing()
						p.parcels = append(p.parcels, parcel{id: fmt.Sprint(len(p.parcels)), status: "held",
							shape: orb.MultiPolygon{{ring}}})
					}
					p.finish()
					if p.bound.Max[0] > 180 {
						continue
					}
					f := forms{}
					for range 2 {
						for _, at := range over(set, z, p.bound, geo.MapOffset("").Move) {
							got, _ := p.writeBy(formed, f, at, false)
							if want, _ := p.writeBy(plain, forms{}, at, false); !bytes.Equal(got, want) {
								t.Fatalf("%d/%d/%d, %g of a tile at %g, %g: %d bytes with forms, %d without", z, at.Row, at.Col, share,
									lon, lat, len(got), len(want))
							}
						}
					}
				}
			}
		}
	}
}

// TestAFormIsOfTheShapeBefore: what is no area, was not added, or stands in a tile that was ended, has none.
func TestAFormIsOfTheShapeBefore(t *testing.T) {
	t.Parallel()
	at, parcels := filled(12, 60)
	w := &tile.Writer{}
	add := begin(w, at, false)
	has := func(want bool, what string) {
		t.Helper()
		if form, ok := w.Form(nil); ok != want || ok != (len(form) > 0) {
			t.Errorf("%s: a form of %d bytes, %v", what, len(form), ok)
		}
	}
	again := func() {
		t.Helper()
		if err := add(&parcels[100]); err != nil {
			t.Fatal(err)
		}
		has(true, "an area")
	}
	has(false, "nothing")
	again()
	middle := parcels[100].shape.Bound().Center()
	for _, other := range []orb.Geometry{middle, orb.LineString{middle, parcels[100].shape[0][0][0]}} {
		if err := w.Add(ewkb.MustMarshal(other, 4490), "held"); err != nil {
			t.Fatal(err)
		}
		has(false, other.GeoJSONType())
		again()
	}
	if w.Add([]byte("no shape at all"), "held") == nil {
		t.Error("no shape at all is added")
	}
	has(false, "no shape")
	again()
	if w.Add(parcels[101].ewkb, "held", make([]tile.Value, 9)...) == nil {
		t.Error("more tags than keys are added")
	}
	has(false, "too many tags")
	again()
	w.Append(nil)
	has(false, "the end of the tile")
}
