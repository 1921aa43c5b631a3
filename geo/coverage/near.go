package coverage

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"
)

// gather returns where each vertex goes: itself, or the vertex that it is taken for. on marks vertices that were put on
// a fixed edge.
func (m *mesh) gather(tol float64) []int32 {
	to := m.feet(tol)
	on := make([]bool, len(m.at))
	c := newCells(m, tol)
	listed := make([]bool, len(m.at))
	for id, target := range to {
		if on[target] = on[target] || int32(id) != target; !listed[target] {
			listed[target] = true
			c.add(target)
		}
	}
	stays := m.choose(c, listed, on)
	for id, target := range to {
		if !stays[target] {
			to[id] = m.nearest(c, target, stays)
		}
	}
	return to
}

// choose tells which vertices stay: first those of fixed shapes, then those on a fixed edge, then those of most shapes,
// then from west to east, each unless one that stays is within the tolerance.
func (m *mesh) choose(c *cells, listed, on []bool) (stays []bool) {
	stays = make([]bool, len(m.at))
	var beside []int32
	for id := range m.at {
		if !listed[id] {
			continue
		}
		alone := true
		c.near(int32(id), func(int32, float64) { alone = false })
		if stays[id] = alone || m.held[id]; !stays[id] {
			beside = append(beside, int32(id))
		}
	}
	first := func(is bool) int {
		if is {
			return 0
		}
		return 1
	}
	slices.SortFunc(beside, func(a, b int32) int {
		return cmp.Or(cmp.Compare(first(on[a]), first(on[b])), cmp.Compare(m.uses[b], m.uses[a]), m.before(a, b))
	})
	for _, id := range beside {
		free := true
		c.near(id, func(other int32, _ float64) { free = free && !stays[other] })
		stays[id] = free
	}
	return stays
}

// nearest returns the nearest vertex that stays; of two as near the western one.
func (m *mesh) nearest(c *cells, id int32, stays []bool) int32 {
	best, least := id, 0.0
	c.near(id, func(other int32, d float64) {
		if stays[other] && (best == id || d < least || d == least && m.before(other, best) < 0) {
			best, least = other, d
		}
	})
	return best
}

// feet returns where vertices go that are near an edge of a fixed shape and near none of its vertices: onto the edge, a
// new vertex. All others stay.
func (m *mesh) feet(tol float64) []int32 {
	to := make([]int32, len(m.at))
	for id := range to {
		to[id] = int32(id)
	}
	tree, held := m.fixedEdges(tol)
	if tree == nil {
		return to
	}
	made := map[orb.Point]int32{}
	for id := range to {
		if m.held[id] {
			continue
		}
		near := false
		held.nearTo(m.at[id], func(int32, float64) { near = true })
		if near {
			continue
		}
		place, moved := m.onto(tree, int32(id), tol)
		if !moved {
			continue
		}
		target, known := made[place]
		if !known {
			target = m.add(place)
			made[place] = target
		}
		m.uses[target] += m.uses[id]
		to[id] = target
	}
	for id := len(to); id < len(m.at); id++ {
		to = append(to, int32(id))
	}
	return to
}

// fixedEdges returns the edges of fixed shapes and their vertices; nil where there is none.
func (m *mesh) fixedEdges(tol float64) (*rtree.RTreeG[edge], *cells) {
	var tree *rtree.RTreeG[edge]
	held := newCells(m, tol)
	step := m.length()
	for i, rings := range m.rings {
		if !m.fixed[i] {
			continue
		}
		if tree == nil {
			tree = &rtree.RTreeG[edge]{}
		}
		for _, ring := range rings {
			for k, id := range ring {
				e := edge{id, ring[(k+1)%len(ring)]}
				pieces(m.at[e.from], m.at[e.to], step, 0, func(lo, hi [2]float64) { tree.Insert(lo, hi, e) })
			}
		}
	}
	for id, is := range m.held {
		if is && tree != nil {
			held.add(int32(id))
		}
	}
	return tree, held
}

// onto returns the place of the nearest fixed edge that is nearest to a vertex, unless the vertex lies there already.
func (m *mesh) onto(tree *rtree.RTreeG[edge], id int32, tol float64) (place orb.Point, moved bool) {
	p, least := m.at[id], tol
	tree.Search([2]float64{p[0] - tol, p[1] - tol}, [2]float64{p[0] + tol, p[1] + tol},
		func(_, _ [2]float64, e edge) bool {
			if m.before(e.from, e.to) > 0 {
				e = e.reversed() // the same sum whichever way the edge runs
			}
			a, b := m.at[e.from], m.at[e.to]
			share, d := foot(a, b, p)
			at := orb.Point{a[0] + share*(b[0]-a[0]), a[1] + share*(b[1]-a[1])}
			if share > 0 && share < 1 && (d < least || d == least && (!moved || compare(at, place) < 0)) {
				place, least, moved = at, d, true
			}
			return true
		})
	return place, moved && least > stillM
}
