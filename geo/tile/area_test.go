package tile_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/planar"

	"luodi/geo/tile"
)

func still(p orb.Point) orb.Point { return p }

// sums is what tiles of a zoom show: the area of each class in tiles, and how many shapes and what legal area.
type sums struct {
	area  map[string]float64
	count int
	legal float64
}

// shown adds up what the tiles show within their edges, as orb reads them.
func shown(t testing.TB, tiles map[tile.Address][]byte) sums {
	t.Helper()
	got := sums{area: map[string]float64{}}
	ids := map[string]bool{}
	for at, body := range tiles {
		layers, err := mvt.Unmarshal(body)
		if err != nil {
			t.Fatalf("%v: %v", at, err)
		}
		for _, l := range layers {
			if l.Name != "parcels" {
				continue
			}
			extent := float64(l.Extent)
			for _, f := range l.Features {
				got.area[f.Properties["status"].(string)] += areaWithin(f.Geometry, extent) / extent / extent
				id, single := f.Properties["id"].(string)
				switch {
				case !single:
					got.count += int(number(f.Properties["count"]))
					got.legal += number(f.Properties["legal_m2"])
				case !ids[id]:
					ids[id] = true
					got.count++
					got.legal += number(f.Properties["legal_m2"])
				}
			}
		}
	}
	return got
}

func number(v any) float64 {
	switch v := v.(type) {
	case float64:
		return v
	case uint64:
		return float64(v)
	}
	panic(fmt.Sprintf("%T", v))
}

// areaWithin is the area of a shape of a tile within its edges, in square units.
func areaWithin(g orb.Geometry, extent float64) float64 {
	g = clip.Geometry(orb.Bound{Max: orb.Point{extent, extent}}, orb.Clone(g))
	if g == nil {
		return 0
	}
	return planar.Area(g)
}

// truth is the area of each class in tiles of a zoom.
func (p *park) truth(set *tile.Set, z int) sums {
	want := sums{area: map[string]float64{}}
	for _, a := range p.parcels {
		for _, polygon := range a.shape {
			for k, ring := range polygon {
				x0, y0 := cellOf(set, z, ring[0])
				flat := make(orb.Ring, len(ring))
				for i, v := range ring {
					x, y := cellOf(set, z, v)
					flat[i] = orb.Point{x - x0, y - y0}
				}
				area := math.Abs(planar.Area(flat))
				if k > 0 {
					area = -area
				}
				want.area[a.status] += area
			}
		}
		want.count++
		want.legal += a.legal()
	}
	return want
}

func (p *park) tiles(set *tile.Set, z int) map[tile.Address][]byte {
	w := &tile.Writer{}
	out := map[tile.Address][]byte{}
	for _, at := range over(set, z, p.bound, still) {
		out[at] = p.write(w, at)
	}
	return out
}

// TestAreasByStatusAreTrueAtEveryZoom: of 50 parks, with threads, blocks, holes and parcels over the edges of
// tiles.
func TestAreasByStatusAreTrueAtEveryZoom(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			p := randomPark(seed, 8, 8)
			set := tile.Sets()[seed%2]
			for z := 8; z <= 18; z++ {
				want, got := p.truth(set, z), shown(t, p.tiles(set, z))
				for status, area := range want.area {
					if off := got.area[status]/area - 1; math.Abs(off) > 0.005 {
						t.Errorf("z%d %s: %.3f %% off of %g tiles", z, status, 100*off, area)
					}
				}
				if got.count != want.count || math.Abs(got.legal-want.legal) > 1e-4 {
					t.Errorf("z%d: %d shapes of %.4f m², not %d of %.4f", z, got.count, got.legal, want.count,
						want.legal)
				}
			}
		})
	}
}
