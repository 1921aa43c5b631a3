package coverage

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"

	"luodi/geo"
)

// tidy removes from a ring what repeats: a vertex after itself, and the way out and back of a spike.
func tidy(ring []int32) []int32 {
	out := make([]int32, 0, len(ring))
	for _, id := range ring {
		switch n := len(out); {
		case n > 0 && out[n-1] == id:
		case n > 1 && out[n-2] == id:
			out = out[:n-1]
		default:
			out = append(out, id)
		}
	}
	for n := len(out); n > 1; n = len(out) {
		switch {
		case out[0] == out[n-1]:
			out = out[:n-1]
		case n > 2 && out[1] == out[n-1]:
			out = out[1:]
		case n > 2 && out[0] == out[n-2]:
			out = out[:n-1]
		default:
			return out
		}
	}
	return out
}

// signed is twice the area of a ring, negative where it runs clockwise.
func (m *mesh) signed(ring []int32) float64 {
	var sum float64
	if len(ring) == 0 {
		return 0
	}
	o := m.at[ring[0]]
	for k := 1; k+1 < len(ring); k++ {
		a, b := m.at[ring[k]], m.at[ring[k+1]]
		sum += (a[0]-o[0])*(b[1]-o[1]) - (b[0]-o[0])*(a[1]-o[1])
	}
	return sum
}

// fault tells why rings that come from a shape's are none of a shape any more, "" where they are.
func (m *mesh) fault(was, is [][]int32) Reason {
	if len(is) == 0 || len(is[0]) < 3 {
		return Collapses
	}
	for i, ring := range is {
		before, after := m.signed(was[i]), m.signed(ring)
		if after == 0 || before > 0 != (after > 0) {
			return Collapses
		}
	}
	if repeats(is) {
		return FallsIn
	}
	if _, found := m.crossing(is); found {
		return FallsIn
	}
	return ""
}

// repeats reports whether a ring comes to a vertex twice, or two rings meet in more than one.
func repeats(rings [][]int32) bool {
	ring := map[int32]int{}
	met := map[[2]int]bool{}
	for i, r := range rings {
		for _, id := range r {
			other, seen := ring[id]
			pair := [2]int{other, i}
			if seen && (other == i || met[pair]) {
				return true
			}
			if seen {
				met[pair] = true
			}
			ring[id] = i
		}
	}
	return false
}

// few is the number of edges up to which each pair is compared as it stands.
const few = 24

// crossing finds a place where two edges of a shape cross or touch other than in a common end, or run back over each
// other from it.
func (m *mesh) crossing(rings [][]int32) (at orb.Point, found bool) {
	var edges []edge
	for _, ring := range rings {
		for k, id := range ring {
			edges = append(edges, edge{id, ring[(k+1)%len(ring)]})
		}
	}
	if len(edges) <= few {
		for i, e := range edges {
			for _, f := range edges[:i] {
				if m.meets(e, f) {
					return m.where(e, f), true
				}
			}
		}
		return at, false
	}
	var tree rtree.RTreeG[edge]
	for _, e := range edges {
		lo, hi := m.box(e)
		tree.Search(lo, hi, func(_, _ [2]float64, f edge) bool {
			if found = m.meets(e, f); found {
				at = m.where(e, f)
			}
			return !found
		})
		if found {
			return at, true
		}
		tree.Insert(lo, hi, e)
	}
	return at, false
}

func (m *mesh) box(e edge) (lo, hi [2]float64) {
	a, b := m.at[e.from], m.at[e.to]
	return [2]float64{min(a[0], b[0]), min(a[1], b[1])}, [2]float64{max(a[0], b[0]), max(a[1], b[1])}
}

// meets reports whether two edges have more in common than an end.
func (m *mesh) meets(e, f edge) bool {
	if e == f || e == f.reversed() {
		return true
	}
	eLo, eHi := m.box(e)
	fLo, fHi := m.box(f)
	if eHi[0] < fLo[0] || fHi[0] < eLo[0] || eHi[1] < fLo[1] || fHi[1] < eLo[1] {
		return false
	}
	a, b, c, d := m.at[e.from], m.at[e.to], m.at[f.from], m.at[f.to]
	switch {
	case e.from == f.from:
		return folded(a, b, d)
	case e.from == f.to:
		return folded(a, b, c)
	case e.to == f.from:
		return folded(b, a, d)
	case e.to == f.to:
		return folded(b, a, c)
	}
	p, q := geo.Orient(a, b, c), geo.Orient(a, b, d)
	r, s := geo.Orient(c, d, a), geo.Orient(c, d, b)
	return p*q <= 0 && r*s <= 0
}

// folded reports whether the edges from a common end to p and to q run over each other.
func folded(end, p, q orb.Point) bool {
	return geo.Orient(end, p, q) == 0 &&
		(p[0]-end[0])*(q[0]-end[0])+(p[1]-end[1])*(q[1]-end[1]) > 0
}

// where two edges cross, or the western of the ends that lie on the other edge where they run along each other.
func (m *mesh) where(e, f edge) orb.Point {
	a, b, c, d := m.at[e.from], m.at[e.to], m.at[f.from], m.at[f.to]
	ux, uy, vx, vy := b[0]-a[0], b[1]-a[1], d[0]-c[0], d[1]-c[1]
	if det := ux*vy - uy*vx; det != 0 {
		s := ((c[0]-a[0])*vy - (c[1]-a[1])*vx) / det
		return orb.Point{a[0] + s*ux, a[1] + s*uy}
	}
	ends := []orb.Point{a, b, c, d}
	slices.SortFunc(ends, func(p, q orb.Point) int { return cmp.Or(cmp.Compare(p[0], q[0]), cmp.Compare(p[1], q[1])) })
	return ends[1]
}
