package coverage

import (
	"cmp"
	"math"

	"github.com/paulmach/orb"
)

// mesh is shapes whose vertices are numbered: equal places have one number.
type mesh struct {
	at    []orb.Point
	rings [][][]int32 // of each shape, open; none of a shape that can't be used
	fixed []bool      // of each shape
	uses  []int32     // by how many shapes each vertex is used
	held  []bool      // whether a fixed shape uses the vertex
}

// edge is a directed edge between two vertices.
type edge struct{ from, to int32 }

func (e edge) reversed() edge { return edge{e.to, e.from} }

func newMesh(shapes []Shape, pinned []bool) *mesh {
	n := 0
	for _, s := range shapes {
		for _, r := range s.Rings {
			n += len(r)
		}
	}
	m := &mesh{rings: make([][][]int32, len(shapes)), fixed: make([]bool, len(shapes))}
	ids := make(map[orb.Point]int32, n/2)
	all, used := make([]int32, 0, n), []int32(nil)
	for i, s := range shapes {
		m.fixed[i] = s.Fixed || pinned != nil && pinned[i]
		if !usable(s.Rings) {
			continue
		}
		for _, r := range s.Rings {
			from := len(all)
			for _, p := range open(r) {
				id, known := ids[p]
				if !known {
					id = int32(len(m.at))
					ids[p] = id
					m.at, m.uses, m.held, used = append(m.at, p), append(m.uses, 0), append(m.held, false), append(used, -1)
				}
				if used[id] != int32(i) {
					used[id] = int32(i)
					m.uses[id]++
				}
				m.held[id] = m.held[id] || m.fixed[i]
				all = append(all, id)
			}
			m.rings[i] = append(m.rings[i], all[from:len(all):len(all)])
		}
	}
	return m
}

// usable reports whether every ring has three places and only finite coordinates.
func usable(rings orb.Polygon) bool {
	for _, r := range rings {
		if len(open(r)) < 3 {
			return false
		}
		for _, p := range r {
			if !(math.Abs(p[0]) < 1e12 && math.Abs(p[1]) < 1e12) {
				return false
			}
		}
	}
	return len(rings) > 0
}

// open is a ring without the repetition of its first place at its end.
func open(r orb.Ring) orb.Ring {
	if len(r) > 1 && r[0] == r[len(r)-1] {
		return r[:len(r)-1]
	}
	return r
}

// polygon returns rings of numbers as closed rings of places.
func (m *mesh) polygon(rings [][]int32) orb.Polygon {
	out := make(orb.Polygon, len(rings))
	for i, ring := range rings {
		r := make(orb.Ring, len(ring)+1)
		for k, id := range ring {
			r[k] = m.at[id]
		}
		r[len(ring)] = r[0]
		out[i] = r
	}
	return out
}

// add gives a place a number of its own.
func (m *mesh) add(p orb.Point) int32 {
	m.at, m.uses, m.held = append(m.at, p), append(m.uses, 0), append(m.held, false)
	return int32(len(m.at) - 1)
}

// before orders places from west to east, then from south to north.
func (m *mesh) before(a, b int32) int { return compare(m.at[a], m.at[b]) }

func compare(p, q orb.Point) int { return cmp.Or(cmp.Compare(p[0], q[0]), cmp.Compare(p[1], q[1])) }

func (m *mesh) apart(a, b int32) float64 { return apart(m.at[a], m.at[b]) }

func apart(p, q orb.Point) float64 { return math.Hypot(q[0]-p[0], q[1]-p[1]) }

// foot returns where on the line from a to b the place nearest to p lies, as a share of the way, and how far p is from
// the segment's nearest place.
func foot(a, b, p orb.Point) (share, distance float64) {
	dx, dy := b[0]-a[0], b[1]-a[1]
	length2 := dx*dx + dy*dy
	if length2 == 0 {
		return 0, apart(a, p)
	}
	share = ((p[0]-a[0])*dx + (p[1]-a[1])*dy) / length2
	on := max(0, min(1, share))
	return share, apart(orb.Point{a[0] + on*dx, a[1] + on*dy}, p)
}

// length is the mean length of the edges: the measure for searches along an edge.
func (m *mesh) length() float64 {
	sum, n := 0.0, 0
	for _, rings := range m.rings {
		for _, ring := range rings {
			for k, id := range ring {
				sum += m.apart(id, ring[(k+1)%len(ring)])
				n++
			}
		}
	}
	if n == 0 {
		return 1
	}
	return max(sum/float64(n), 1e-3)
}
