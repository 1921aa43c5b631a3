package tile_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"luodi/geo/tile"
)

// degreesAt is the place of a point of a tile, by the formulas of the standards.
func degreesAt(at tile.Address, p orb.Point, extent float64) orb.Point {
	x, y := float64(at.Col)+p[0]/extent, float64(at.Row)+p[1]/extent
	n := math.Exp2(float64(at.Z))
	if at.Set.ID() == "CGCS2000Quad" {
		return orb.Point{x/n*180 - 180, 90 - y/n*180}
	}
	return orb.Point{x/n*360 - 180, math.Atan(math.Sinh(math.Pi*(1-2*y/n))) * 180 / math.Pi}
}

// TestEachParcelHasOneLabelInside: one point in one tile, inside the parcel, where the parcel is drawn large
// enough; and at the deepest zoom all have one.
func TestEachParcelHasOneLabelInside(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		p := randomPark(seed, 6, 6)
		set := tile.Sets()[seed%2]
		byID := map[string]*parcel{}
		for i := range p.parcels {
			byID[p.parcels[i].id] = &p.parcels[i]
		}
		for z := 13; z <= 18; z++ {
			seen := map[string]int{}
			for at, body := range p.tiles(set, z) {
				l := read(t, body, "parcels-labels")
				if l == nil {
					continue
				}
				for _, f := range l.Features {
					id, v := f.Properties["id"].(string), f.Geometry.(orb.Point)
					seen[id]++
					if math.Min(v[0], v[1]) < 0 || math.Max(v[0], v[1]) >= float64(l.Extent) {
						t.Errorf("z%d: the label of %s lies outside of its tile at %v", z, id, v)
					}
					if !planar.MultiPolygonContains(byID[id].shape, degreesAt(at, v, float64(l.Extent))) {
						t.Errorf("seed %d, z%d: the label of %s lies outside of it", seed, z, id)
					}
				}
			}
			for id, n := range seen {
				if n > 1 {
					t.Errorf("z%d: %s has %d labels", z, id, n)
				}
			}
			for _, a := range p.parcels {
				if wide, high := a.drawn(set, z); seen[a.id] == 0 && wide >= 40 && high >= 40 && a.plain() {
					t.Errorf("seed %d, z%d: %s of %.0f by %.0f pixels has no label", seed, z, a.id, wide, high)
				} else if seen[a.id] > 0 && (wide < 23.9 || high < 11.9) {
					t.Errorf("z%d: %s of %.0f by %.0f pixels has a label", z, a.id, wide, high)
				}
			}
		}
	}
}

// drawn is how large a parcel is drawn, in pixels.
func (a *parcel) drawn(set *tile.Set, z int) (wide, high float64) {
	b := a.shape.Bound()
	x0, y0 := cellOf(set, z, orb.Point{b.Min[0], b.Max[1]})
	x1, y1 := cellOf(set, z, orb.Point{b.Max[0], b.Min[1]})
	return 512 * (x1 - x0), 512 * (y1 - y0)
}

// plain reports whether a parcel fills a good part of its box.
func (a *parcel) plain() bool {
	b := a.shape.Bound()
	return planar.Area(a.shape) > 0.3*(b.Max[0]-b.Min[0])*(b.Max[1]-b.Min[1])
}
