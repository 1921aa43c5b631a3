package tile_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/planar"

	"luodi/geo/tile"
)

// read is a layer of a tile, nil where the tile has none.
func read(t testing.TB, body []byte, name string) *mvt.Layer {
	t.Helper()
	layers, err := mvt.Unmarshal(body)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range layers {
		if l.Name == name {
			return l
		}
	}
	return nil
}

// ringsOf are the rings of a polygon or several.
func ringsOf(g orb.Geometry) []orb.Ring {
	var out []orb.Ring
	switch g := g.(type) {
	case orb.Polygon:
		return g
	case orb.MultiPolygon:
		for _, p := range g {
			out = append(out, p...)
		}
	}
	return out
}

// seam is edges of the grid by where they lead: +1 one way, −1 the other.
type seam map[[2]orb.Point]int

// add puts an edge into the seam, cut at all vertices that lie on it.
func (s seam) add(a, b orb.Point, at map[orb.Point]bool) {
	steps := gcd(int(b[0]-a[0]), int(b[1]-a[1]))
	dx, dy := (b[0]-a[0])/float64(steps), (b[1]-a[1])/float64(steps)
	last := a
	for i := 1; i <= steps; i++ {
		p := orb.Point{a[0] + float64(i)*dx, a[1] + float64(i)*dy}
		if i < steps && !at[p] {
			continue
		}
		s.count(last, p)
		last = p
	}
}

func (s seam) count(a, b orb.Point) {
	if a[0] < b[0] || a[0] == b[0] && a[1] < b[1] {
		s[[2]orb.Point{a, b}]++
	} else {
		s[[2]orb.Point{b, a}]--
	}
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return max(a, -a)
}

// TestNeighboursShareTheirEdges: within a park without a gap, each edge has one parcel on either side of it, to the
// unit.
func TestNeighboursShareTheirEdges(t *testing.T) {
	t.Parallel()
	tested := 0
	for seed := range uint64(20) {
		p := randomPark(seed, 8, 8)
		set := tile.Sets()[seed%2]
		for z := 15; z <= 17; z++ {
			for at, body := range p.tiles(set, z) {
				if p.covers(at) {
					tested++
					matched(t, fmt.Sprintf("seed %d, z%d", seed, z), read(t, body, "parcels"))
				}
			}
		}
	}
	if tested < 100 {
		t.Errorf("%d tiles lie in the parks", tested)
	}
}

// covers reports whether the park covers a tile and its buffer.
func (p *park) covers(at tile.Address) bool {
	b := at.Degrees()
	for i := range 17 {
		s := float64(i) / 16
		x, y := b.Min[0]+s*(b.Max[0]-b.Min[0]), b.Min[1]+s*(b.Max[1]-b.Min[1])
		for _, c := range []orb.Point{{x, b.Min[1]}, {x, b.Max[1]}, {b.Min[0], y}, {b.Max[0], y}} {
			if !slices.ContainsFunc(p.parcels, func(a parcel) bool {
				return a.shape.Bound().Contains(c) && planar.MultiPolygonContains(a.shape, c)
			}) {
				return false
			}
		}
	}
	return true
}

func matched(t *testing.T, name string, l *mvt.Layer) {
	t.Helper()
	vertices, edges := map[orb.Point]bool{}, seam{}
	for _, f := range l.Features {
		for _, ring := range ringsOf(f.Geometry) {
			for _, v := range ring {
				vertices[v] = true
			}
		}
	}
	for _, f := range l.Features {
		if f.Properties["id"] == nil {
			return // merged ones have no edges of their own
		}
		for _, ring := range ringsOf(f.Geometry) {
			for i := 1; i < len(ring); i++ {
				edges.add(ring[i-1], ring[i], vertices)
			}
		}
	}
	extent := float64(l.Extent)
	inside := func(p orb.Point) bool { return math.Min(p[0], p[1]) > 0 && math.Max(p[0], p[1]) < extent }
	for e, n := range edges {
		if n != 0 && inside(e[0]) && inside(e[1]) {
			t.Errorf("%s: the edge %v has one side", name, e)
		}
	}
}

// TestTilesMeet: what two tiles beside each other both show of a parcel, in their buffers, is the same to the unit.
func TestTilesMeet(t *testing.T) {
	t.Parallel()
	tested := 0
	for seed := range uint64(12) {
		p := randomPark(seed, 8, 8)
		set := tile.Sets()[seed%2]
		for z := 14; z <= 18; z += 2 {
			tiles := p.tiles(set, z)
			for at, body := range tiles {
				east := at
				east.Col++
				if beside, is := tiles[east]; is {
					tested += meet(t, read(t, body, "parcels"), read(t, beside, "parcels"))
				}
			}
		}
	}
	if tested < 200 {
		t.Errorf("%d vertices were compared", tested)
	}
}

// meet compares the vertices of two layers, the second one to the east, in both buffers.
func meet(t *testing.T, west, east *mvt.Layer) (tested int) {
	t.Helper()
	if west == nil || east == nil {
		return 0
	}
	extent := float64(west.Extent)
	shapes := map[any]orb.Geometry{}
	for _, f := range east.Features {
		shapes[f.Properties["id"]] = f.Geometry
	}
	for _, f := range west.Features {
		for _, ring := range ringsOf(f.Geometry) {
			for _, v := range ring {
				if f.Properties["id"] == nil || math.Abs(v[0]-extent) > extent/64-2 || v[1] < 0 || v[1] > extent {
					continue
				}
				tested++
				v[0] -= extent
				if d := distance(shapes[f.Properties["id"]], v); d > 1 {
					t.Errorf("%v of %v is %.1f units from what the next tile has", v, f.Properties["id"], d)
				}
			}
		}
	}
	return tested
}

// distance is how far a place is from the edges of a shape.
func distance(g orb.Geometry, p orb.Point) float64 {
	d := math.Inf(1)
	for _, ring := range ringsOf(g) {
		for i := 1; i < len(ring); i++ {
			d = min(d, planar.DistanceFromSegment(ring[i-1], ring[i], p))
		}
	}
	return d
}

// TestOutlinesTurnAsTheStandardSays: outer rings have a positive area by the surveyor's formula, holes a negative
// one.
func TestOutlinesTurnAsTheStandardSays(t *testing.T) {
	t.Parallel()
	holes := 0
	for seed := range uint64(10) {
		p := randomPark(seed, 8, 8)
		for _, body := range p.tiles(tile.Sets()[0], 17) {
			l := read(t, body, "parcels")
			if l == nil {
				continue
			}
			for _, f := range l.Features {
				polygons, several := f.Geometry.(orb.MultiPolygon)
				if !several {
					polygons = orb.MultiPolygon{f.Geometry.(orb.Polygon)}
				}
				for _, polygon := range polygons {
					for i, ring := range polygon {
						if (planar.Area(ring) > 0) != (i == 0) {
							t.Fatalf("ring %d of %v turns the wrong way", i, f.Properties["id"])
						}
					}
					holes += len(polygon) - 1
				}
			}
		}
	}
	if holes == 0 {
		t.Error("no holes were tested")
	}
}
