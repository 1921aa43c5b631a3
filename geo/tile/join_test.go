package tile_test

import (
	"math"
	"testing"

	"luodi/geo/tile"
)

// TestJoinedTilesHaveTheSameGround draws random parks with and without joining: of each status there is one feature of
// what is drawn and one of what is merged, which tell nothing else, the area is true, and there are no labels. Parks of
// many parcels have fewer rings.
func TestJoinedTilesHaveTheSameGround(t *testing.T) {
	t.Parallel()
	w := &tile.Writer{}
	for seed := range uint64(9) {
		across, last := 9, 16
		if seed == 8 {
			across, last = 100, 12
		}
		p := randomPark(seed, across, across)
		set := tile.Sets()[seed%2]
		fewest := 1.0
		for z := 9; z <= last; z++ {
			plain, joined := 0, 0
			got := map[string]float64{}
			for at, body := range p.tiles(set, z) {
				_, rings := groundOf(t, body)
				plain += rings
				area, rings := joinedGround(t, p.join(w, at))
				joined += rings
				for status, part := range area {
					got[status] += part
				}
			}
			for status, area := range p.truth(set, z).area {
				if off := got[status]/area - 1; math.Abs(off) > 0.005 {
					t.Errorf("seed %d, z%d, %s: %.3f %% off of %g tiles", seed, z, status, 100*off, area)
				}
			}
			fewest = min(fewest, float64(joined)/float64(plain))
		}
		if across == 100 && fewest > 0.5 {
			t.Errorf("seed %d: at no zoom less than %.2f of the rings", seed, fewest)
		}
	}
}

// groundOf is how much of a tile each status covers, and by how many rings.
func groundOf(t *testing.T, body []byte) (area map[string]float64, rings int) {
	t.Helper()
	area = map[string]float64{}
	parcels := read(t, body, "parcels")
	if parcels == nil {
		return area, 0
	}
	extent := float64(parcels.Extent)
	for _, f := range parcels.Features {
		rings += len(ringsOf(f.Geometry))
		area[f.Properties["status"].(string)] += areaWithin(f.Geometry, extent) / extent / extent
	}
	return area, rings
}

// joinedGround is that of a joined tile.
func joinedGround(t *testing.T, body []byte) (area map[string]float64, rings int) {
	t.Helper()
	area, rings = groundOf(t, body)
	if read(t, body, "parcels-labels") != nil {
		t.Fatal("a joined tile has labels")
	}
	if rings == 0 {
		return area, 0
	}
	count := map[string]int{}
	for _, f := range read(t, body, "parcels").Features {
		status := f.Properties["status"].(string)
		if count[status]++; len(f.Properties) != 1 || count[status] > 2 {
			t.Fatalf("feature %d of %s tells %v", count[status], status, f.Properties)
		}
	}
	return area, rings
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
