package tile_test

import (
	"bytes"
	"fmt"
	"testing"

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
// all bytes are the same, in every set and zoom, on the maps of others, joined and not.
func TestFormsMakeTheSameTiles(t *testing.T) {
	t.Parallel()
	plain, formed := &tile.Writer{}, &tile.Writer{}
	for seed := range uint64(10) {
		p := randomPark(seed, 12, 12)
		set, shift := tile.Sets()[seed%2], []geo.MapOffset{"", "", geo.GCJ02}[seed%3]
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
