package coverage

import (
	"cmp"
	"slices"

	"github.com/tidwall/rtree"
)

// noder finds the vertices that edges pass within the tolerance.
type noder struct {
	m      *mesh
	tol    float64
	step   float64
	tree   rtree.RTreeG[int32]
	chains map[edge]int32 // of an edge from west to east: which of kept, from 1; 0 has no nodes
	kept   [][]int32
}

// newNoder takes the vertices that some ring has once each went where it goes.
func newNoder(m *mesh, to []int32, tol float64) *noder {
	n := &noder{m: m, tol: tol, step: m.length(), chains: make(map[edge]int32, 2*len(m.at))}
	in := make([]bool, len(m.at))
	for _, target := range to {
		if !in[target] && m.uses[target] > 0 {
			in[target] = true
			p := [2]float64(m.at[target])
			n.tree.Insert(p, p, target)
		}
	}
	return n
}

// maxDepth bounds how often a part of an edge is looked at again. Two or three times is what happens.
const maxDepth = 24

// nodes returns the vertices between the ends of an edge, in its order.
func (n *noder) nodes(e edge) []int32 { return n.between(e, 0) }

func (n *noder) between(e edge, depth int) []int32 {
	if n.m.before(e.from, e.to) > 0 {
		inner := slices.Clone(n.between(e.reversed(), depth))
		slices.Reverse(inner)
		return inner
	}
	if at, known := n.chains[e]; known {
		if at == 0 {
			return nil
		}
		return n.kept[at-1]
	}
	near := n.passed(e)
	if len(near) == 0 || depth == maxDepth {
		n.chains[e] = 0
		return nil
	}
	n.chains[e] = 0 // a part that comes back to the whole has no further nodes
	var inner []int32
	from := e.from
	for _, id := range near {
		inner = append(append(inner, n.between(edge{from, id}, depth+1)...), id)
		from = id
	}
	inner = append(inner, n.between(edge{from, e.to}, depth+1)...)
	n.kept = append(n.kept, inner)
	n.chains[e] = int32(len(n.kept))
	return inner
}

// passed finds the vertices within the tolerance of an edge, in its order.
func (n *noder) passed(e edge) []int32 {
	type node struct {
		share float64
		id    int32
	}
	var found []node
	a, b := n.m.at[e.from], n.m.at[e.to]
	length := apart(a, b)
	pieces(a, b, n.step, n.tol, func(lo, hi [2]float64) {
		n.tree.Search(lo, hi, func(_, _ [2]float64, id int32) bool {
			if id != e.from && id != e.to {
				if share, d := foot(a, b, n.m.at[id]); d <= n.tol && between(share, d, length) {
					found = append(found, node{share, id})
				}
			}
			return true
		})
	})
	if len(found) == 0 {
		return nil
	}
	slices.SortFunc(found, func(x, y node) int { return cmp.Or(cmp.Compare(x.share, y.share), n.m.before(x.id, y.id)) })
	ids := make([]int32, len(found))
	for i, f := range found {
		ids[i] = f.id
	}
	return slices.Compact(ids)
}

// between reports whether a vertex a distance from an edge, at a share of its length, is plainly between the edge's ends
// and not beside one of them, as the second corner of a narrow fixed shape is.
func between(share, distance, length float64) bool {
	return min(share, 1-share)*length > distance
}
