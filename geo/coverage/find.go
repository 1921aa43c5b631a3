package coverage

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"
)

// Find tells what is wrong with shapes: vertices and edges nearer to each other than tol metres without being the same,
// and gaps and overlaps along edges up to look metres wide, the wider ones too. It tells nothing that concerns fixed
// shapes alone. The answer is ordered by kind, then by size from the largest on, then by place.
//
// Of ground that shapes share beyond look metres it tells the edges nothing: that is for who can cut shapes.
func Find(shapes []Shape, tol, look float64) []Finding {
	m := newMesh(shapes, nil)
	f := &finder{m: m, tol: tol, look: max(tol, look), step: m.length()}
	for i := range m.rings {
		if !m.fixed[i] {
			f.ring(i)
		}
	}
	f.index()
	f.vertices()
	f.junctions()
	f.strips()
	rank := map[Kind]int{}
	for i, k := range Kinds {
		rank[k] = i
	}
	slices.SortFunc(f.found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(rank[a.Kind], rank[b.Kind]), cmp.Compare(b.AreaM2, a.AreaM2),
			cmp.Compare(b.WidthM, a.WidthM), compare(a.At, b.At), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	return f.found
}

type finder struct {
	m         *mesh
	tol, look float64
	step      float64
	of        map[edge]int32 // each directed edge, interior to its left → its shape
	open      []side         // edges that no other shape has the other way round
	users     [][]int32      // of each vertex its shapes, in order
	found     []Finding
}

// side is an edge of a shape.
type side struct {
	edge
	shape int32
}

// ring looks at each ring of a shape by itself: points that repeat, spikes and crossings.
func (f *finder) ring(i int) {
	m := f.m
	alone := func(kind Kind, width, area, length float64, at orb.Point) {
		f.found = append(f.found, Finding{Kind: kind, A: i, B: -1, WidthM: width, AreaM2: area, LengthM: length, At: at})
	}
	clean := make([][]int32, 0, len(m.rings[i]))
	for _, ring := range m.rings[i] {
		once := make([]int32, 0, len(ring))
		for k, id := range ring {
			if id == ring[(k+1)%len(ring)] {
				alone(Duplicate, 0, 0, 0, m.at[id])
			} else {
				once = append(once, id)
			}
		}
		n := len(once)
		for k, id := range once {
			a, b := m.at[once[(k+n-1)%n]], m.at[once[(k+1)%n]]
			if width, area, length, is := spike(a, m.at[id], b, f.tol); is && n > 2 {
				alone(Spike, width, area, length, m.at[id])
			}
		}
		clean = append(clean, tidy(once))
	}
	if at, found := m.crossing(clean); found {
		alone(Crossing, 0, 0, 0, at)
	}
}

// spike measures the way from a out to tip and back to b, if the two ways are within the tolerance of each other: how
// far apart they are, the area between them and how far it goes out.
func spike(a, tip, b orb.Point, tol float64) (width, area, length float64, is bool) {
	u, v := orb.Point{a[0] - tip[0], a[1] - tip[1]}, orb.Point{b[0] - tip[0], b[1] - tip[1]}
	if u[0]*v[0]+u[1]*v[1] <= 0 {
		return 0, 0, 0, false
	}
	long, short := a, b
	if length = math.Hypot(v[0], v[1]); length > math.Hypot(u[0], u[1]) {
		long, short, length = b, a, math.Hypot(u[0], u[1])
	}
	_, width = foot(tip, long, short)
	return width, math.Abs(u[0]*v[1]-u[1]*v[0]) / 2, length, width <= tol && length > tol
}

// index sorts edges into those that two shapes share and the others, and notes whose each vertex is.
func (f *finder) index() {
	m := f.m
	f.of = make(map[edge]int32, 2*len(m.at))
	f.users = make([][]int32, len(m.at))
	for i, rings := range m.rings {
		for k, ring := range rings {
			back := (m.signed(ring) > 0) != (k == 0)
			for j, id := range ring {
				e := edge{id, ring[(j+1)%len(ring)]}
				if back {
					e = e.reversed()
				}
				f.of[e] = int32(i)
				if u := f.users[id]; len(u) == 0 || u[len(u)-1] != int32(i) {
					f.users[id] = append(u, int32(i))
				}
			}
		}
	}
	for i, rings := range m.rings {
		for k, ring := range rings {
			back := (m.signed(ring) > 0) != (k == 0)
			for j, id := range ring {
				e := edge{id, ring[(j+1)%len(ring)]}
				if back {
					e = e.reversed()
				}
				if _, shared := f.of[e.reversed()]; !shared && e.from != e.to {
					f.open = append(f.open, side{e, int32(i)})
				}
			}
		}
	}
}

// vertices tells pairs of vertices that are near each other.
func (f *finder) vertices() {
	m := f.m
	c := newCells(m, f.tol)
	for id := range m.at {
		c.nearTo(m.at[id], func(other int32, d float64) {
			a, b, kind := f.pair(int32(id), other)
			if a >= 0 {
				f.found = append(f.found, Finding{Kind: kind, A: a, B: b, WidthM: d, At: m.at[id]})
			}
		})
		c.add(int32(id))
	}
}

// pair says of two vertices near each other which shapes they are of: one that has both, else one of each.
func (f *finder) pair(u, v int32) (a, b int, kind Kind) {
	m := f.m
	for _, s := range f.users[u] {
		if slices.Contains(f.users[v], s) {
			if m.fixed[s] {
				return -1, -1, ""
			}
			return int(s), -1, ClosePoints
		}
	}
	a, b = int(f.users[u][0]), int(f.users[v][0])
	if m.held[u] && m.held[v] {
		return -1, -1, ""
	}
	return min(a, b), max(a, b), NearVertices
}

// junctions tells vertices on or near an edge of a shape that has no node there.
func (f *finder) junctions() {
	m := f.m
	if len(f.open) == 0 {
		return
	}
	tree := f.ends()
	for _, s := range f.open {
		a, b := m.at[s.from], m.at[s.to]
		var at []int32
		pieces(a, b, f.step, f.tol, func(lo, hi [2]float64) {
			tree.Search(lo, hi, func(_, _ [2]float64, id int32) bool {
				if share, d := foot(a, b, m.at[id]); d <= f.tol && share > 0 && share < 1 && m.apart(id, s.from) > f.tol &&
					m.apart(id, s.to) > f.tol && !slices.Contains(f.users[id], s.shape) {
					at = append(at, id)
				}
				return true
			})
		})
		slices.Sort(at)
		for _, id := range slices.Compact(at) {
			if !m.held[id] || !m.fixed[s.shape] {
				_, d := foot(a, b, m.at[id])
				f.found = append(f.found, Finding{Kind: TJunction, A: int(s.shape), B: int(f.users[id][0]), WidthM: d,
					At: m.at[id]})
			}
		}
	}
}

// ends are the vertices of edges that no other shape has: no other vertex lies on such an edge.
func (f *finder) ends() *rtree.RTreeG[int32] {
	var tree rtree.RTreeG[int32]
	in := make([]bool, len(f.m.at))
	for _, s := range f.open {
		for _, id := range [2]int32{s.from, s.to} {
			if p := [2]float64(f.m.at[id]); !in[id] {
				in[id] = true
				tree.Insert(p, p, id)
			}
		}
	}
	return &tree
}
