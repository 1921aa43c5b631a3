package tile_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"luodi/geo/tile"
)

// TestNeighboursShareSimplifiedEdges: where edges wind within a pixel, they have fewer vertices, the same ones on
// both sides: each edge has a parcel on either side or lies on the outline of the park.
func TestNeighboursShareSimplifiedEdges(t *testing.T) {
	t.Parallel()
	kept, were := 0, 0
	for seed := range uint64(22) {
		if seed%5 > 1 {
			continue
		}
		p := randomPark(seed, 10, 10)
		outline := p.outline()
		for z := 11; z <= 14; z++ {
			for at, body := range p.tiles(tile.Sets()[seed%2], z) {
				l := read(t, body, "parcels")
				if l == nil || l.Features[0].Properties["id"] == nil {
					continue // merged ones have no edges of their own
				}
				vertices, edges := map[orb.Point]bool{}, seam{}
				for _, f := range l.Features {
					for _, ring := range ringsOf(f.Geometry) {
						for _, v := range ring {
							vertices[v] = true
						}
					}
				}
				for _, f := range l.Features {
					for _, ring := range ringsOf(f.Geometry) {
						kept += len(ring)
						for i := 1; i < len(ring); i++ {
							edges.add(ring[i-1], ring[i], vertices)
						}
					}
				}
				border := outline.in(at)
				for e, n := range edges {
					if n != 0 && !onBuffer(e, float64(l.Extent)) && max(near2(border, e[0]), near2(border, e[1])) > 4 {
						t.Errorf("seed %d, z%d: the edge %v has one side", seed, z, e)
					}
				}
			}
			for _, a := range p.parcels {
				for _, polygon := range a.shape {
					for _, ring := range polygon {
						were += len(ring)
					}
				}
			}
		}
	}
	t.Logf("%d of %d vertices are kept", kept, were)
	if kept > were*8/10 || kept == 0 {
		t.Errorf("%d of %d vertices are kept", kept, were)
	}
}

// lines are stretches between two places.
type stretches [][2]orb.Point

// outline is the edges of parcels that have no neighbour.
func (p *park) outline() stretches {
	edges := map[[2]orb.Point]bool{}
	for _, a := range p.parcels {
		for _, polygon := range a.shape {
			for k, ring := range polygon {
				turned := ring.Orientation() == orb.CCW != (k == 0)
				for i := 1; i < len(ring); i++ {
					from, to := ring[i-1], ring[i]
					if turned {
						from, to = to, from
					}
					if edges[[2]orb.Point{to, from}] {
						delete(edges, [2]orb.Point{to, from})
					} else {
						edges[[2]orb.Point{from, to}] = true
					}
				}
			}
		}
	}
	var out stretches
	for e := range edges {
		out = append(out, e)
	}
	return out
}

// in is the stretches in units of a tile.
func (s stretches) in(at tile.Address) stretches {
	e := float64(at.Extent())
	var out stretches
	for _, line := range s {
		for i, p := range line {
			x, y := cellOf(at.Set, at.Z, p)
			line[i] = orb.Point{(x - float64(at.Col)) * e, (y - float64(at.Row)) * e}
		}
		out = append(out, line)
	}
	return out
}

// near2 is how far a place is from the nearest stretch.
func near2(s stretches, p orb.Point) float64 {
	d := math.Inf(1)
	for _, line := range s {
		d = min(d, planar.DistanceFromSegment(line[0], line[1], p))
	}
	return d
}

// onBuffer reports whether an edge lies along the buffer's edge or beyond.
func onBuffer(e [2]orb.Point, extent float64) bool {
	b := extent / 64
	for axis := range 2 {
		if e[0][axis] == e[1][axis] && (e[0][axis] == -b || e[0][axis] == extent+b) {
			return true
		}
	}
	return false
}
