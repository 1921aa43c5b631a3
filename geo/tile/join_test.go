package tile_test

import (
	"fmt"
	"slices"
	"testing"

	"luodi/geo/tile"
)

// TestJoinedTilesHaveTheSameRings draws random parks with and without joining: each ring of a status stands in the one
// feature of that status, which tells nothing else, and there are no labels.
func TestJoinedTilesHaveTheSameRings(t *testing.T) {
	t.Parallel()
	w := &tile.Writer{}
	joined, rings := 0, 0
	for seed := range uint64(12) {
		p := randomPark(seed, 9, 9)
		set := tile.Sets()[seed%2]
		for z := 9; z <= 16; z++ {
			for at, plain := range p.tiles(set, z) {
				body := p.join(w, at)
				if len(plain) == 0 && len(body) == 0 {
					continue
				}
				if read(t, body, "parcels-labels") != nil {
					t.Fatal("a joined tile has labels")
				}
				want, got := map[string][]string{}, map[string][]string{}
				for _, f := range read(t, plain, "parcels").Features {
					status := f.Properties["status"].(string)
					for _, r := range ringsOf(f.Geometry) {
						want[status] = append(want[status], fmt.Sprint(r))
					}
				}
				count := map[string]int{}
				for _, f := range read(t, body, "parcels").Features {
					if len(f.Properties) != 1 {
						t.Fatalf("a joined feature tells %v", f.Properties)
					}
					status := f.Properties["status"].(string)
					if count[status]++; count[status] > 2 { // what is drawn, and what is below a pixel
						t.Fatalf("%d features of %s", count[status], status)
					}
					for _, r := range ringsOf(f.Geometry) {
						got[status] = append(got[status], fmt.Sprint(r))
					}
				}
				for status := range want {
					slices.Sort(want[status])
					slices.Sort(got[status])
					if !slices.Equal(got[status], want[status]) {
						t.Fatalf("seed %d, z%d: %d rings of %s, want %d, or others", seed, z, len(got[status]), status,
							len(want[status]))
					}
					rings += len(want[status])
				}
				if len(got) != len(want) {
					t.Fatalf("%d statuses, want %d", len(got), len(want))
				}
				joined++
			}
		}
	}
	if joined < 100 || rings < 5_000 {
		t.Errorf("%d tiles, %d rings", joined, rings)
	}
}

// join makes one tile of a park, of a feature a status.
func (p *park) join(w *tile.Writer, at tile.Address) []byte {
	w.Begin(at, "parcels", nil, merged[:1])
	w.Join()
	look := at.Degrees()
	for i := range p.parcels {
		if a := &p.parcels[i]; a.shape.Bound().Intersects(look) {
			if err := w.Add(a.ewkb, a.status); err != nil {
				panic(err)
			}
		}
	}
	return w.Append(nil)
}
