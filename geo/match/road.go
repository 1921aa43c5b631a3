package match

import (
	"container/heap"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/tidwall/rtree"
)

// Roads is a network of roads as a graph, in planar metres. Roads meet where they share a vertex, or where one ends on
// another within the snap; where they merely cross (a bridge) they don't.
type Roads struct {
	points []orb.Point
	edges  []edge
	out    [][]int32 // edges at each point
	index  rtree.RTreeG[int32]
}

type edge struct {
	a, b   int32
	length float64
	road   int32 // which of the lines it came from
}

// Access is where a place meets the roads: on an edge, so far along it, across a gap from the place.
type Access struct {
	edge       int32
	AlongM     float64 // from the edge's first end
	GapM       float64 // from the place to the edge, straight
	Road       int     // which of the lines
	Point      orb.Point
	accessible bool
}

// OK reports whether there is a road at all.
func (a Access) OK() bool { return a.accessible }

// NewRoads builds the graph of lines. Vertices within snapM of each other, in metres, are one; an end within snapM of
// another line joins it there.
func NewRoads(lines []orb.LineString, snapM float64) *Roads {
	r := &Roads{}
	joined := joinEnds(lines, snapM)
	at := newSnap(snapM)
	for road, line := range joined {
		last := int32(-1)
		for _, p := range line {
			i, fresh := at.find(p)
			if fresh {
				r.points, r.out = append(r.points, p), append(r.out, nil)
			}
			if last >= 0 && last != i {
				r.link(last, i, int32(road))
			}
			last = i
		}
	}
	return r
}

func (r *Roads) link(a, b, road int32) {
	e := int32(len(r.edges))
	p, q := r.points[a], r.points[b]
	r.edges = append(r.edges, edge{a: a, b: b, length: planar.Distance(p, q), road: road})
	r.out[a], r.out[b] = append(r.out[a], e), append(r.out[b], e)
	box := orb.MultiPoint{p, q}.Bound()
	r.index.Insert(box.Min, box.Max, e)
}

// joinEnds puts a vertex into a line where another line's end lies on it within snapM.
func joinEnds(lines []orb.LineString, snapM float64) []orb.LineString {
	type piece struct{ line, segment int32 }
	var index rtree.RTreeG[piece]
	for i, line := range lines {
		for s := 0; s+1 < len(line); s++ {
			box := orb.MultiPoint{line[s], line[s+1]}.Bound().Pad(snapM)
			index.Insert(box.Min, box.Max, piece{int32(i), int32(s)})
		}
	}
	type node struct {
		along float64
		point orb.Point
	}
	entered := map[piece][]node{}
	for i, line := range lines {
		if len(line) < 2 {
			continue
		}
		for _, end := range []orb.Point{line[0], line[len(line)-1]} {
			index.Search(end, end, func(_, _ [2]float64, p piece) bool {
				a, b := lines[p.line][p.segment], lines[p.line][p.segment+1]
				along, gap := project(a, b, end)
				if length := planar.Distance(a, b); int(p.line) != i && gap <= snapM && along > snapM &&
					along < length-snapM {
					entered[p] = append(entered[p], node{along, end})
				}
				return true
			})
		}
	}
	out := make([]orb.LineString, len(lines))
	for i, line := range lines {
		for s, p := range line {
			out[i] = append(out[i], p)
			nodes := entered[piece{int32(i), int32(s)}]
			for len(nodes) > 0 { // few: take the nearest along again and again
				next := 0
				for k := range nodes {
					if nodes[k].along < nodes[next].along {
						next = k
					}
				}
				out[i] = append(out[i], nodes[next].point)
				nodes = append(nodes[:next:next], nodes[next+1:]...)
			}
		}
	}
	return out
}

// project drops p on the segment from a to b: how far along it, and how far off.
func project(a, b, p orb.Point) (along, gap float64) {
	dx, dy := b[0]-a[0], b[1]-a[1]
	length := math.Hypot(dx, dy)
	if length == 0 {
		return 0, planar.Distance(a, p)
	}
	along = min(max(((p[0]-a[0])*dx+(p[1]-a[1])*dy)/length, 0), length)
	return along, math.Hypot(a[0]+dx*along/length-p[0], a[1]+dy*along/length-p[1])
}

// snap numbers points so that those within a distance are one.
type snap struct {
	size  float64
	cells map[[2]int64][]int32
	kept  []orb.Point
}

func newSnap(size float64) *snap {
	return &snap{size: max(size, 1e-6), cells: map[[2]int64][]int32{}}
}

func (s *snap) find(p orb.Point) (i int32, fresh bool) {
	x, y := int64(math.Floor(p[0]/s.size)), int64(math.Floor(p[1]/s.size))
	for dx := int64(-1); dx <= 1; dx++ {
		for dy := int64(-1); dy <= 1; dy++ {
			for _, k := range s.cells[[2]int64{x + dx, y + dy}] {
				if planar.Distance(s.kept[k], p) <= s.size {
					return k, false
				}
			}
		}
	}
	i = int32(len(s.kept))
	s.kept = append(s.kept, p)
	s.cells[[2]int64{x, y}] = append(s.cells[[2]int64{x, y}], i)
	return i, true
}

// Access finds the nearest road to a place.
func (r *Roads) Access(p orb.Point) Access {
	best := Access{GapM: math.Inf(1)}
	r.index.Nearby(
		func(lo, hi [2]float64, _ int32, _ bool) float64 {
			return math.Hypot(max(lo[0]-p[0], p[0]-hi[0], 0), max(lo[1]-p[1], p[1]-hi[1], 0))
		},
		func(_, _ [2]float64, e int32, boxGap float64) bool {
			if boxGap > best.GapM {
				return false
			}
			g := r.edges[e]
			a, b := r.points[g.a], r.points[g.b]
			if along, gap := project(a, b, p); gap < best.GapM {
				t := along / g.length
				best = Access{edge: e, AlongM: along, GapM: gap, Road: int(g.road), accessible: true,
					Point: orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}}
			}
			return true
		})
	return best
}

// Reach is how far along the roads every point of a network lies from the nearest of some sources, in metres.
type Reach struct {
	roads   *Roads
	sources []Access
	far     []float64 // to each point
	from    []int32   // which source is nearest
}

// Reach walks the network from sources (Dijkstra), each with its own gap.
func (r *Roads) Reach(sources []Access) *Reach {
	w := &Reach{roads: r, sources: sources, far: make([]float64, len(r.points)), from: make([]int32, len(r.points))}
	for i := range w.far {
		w.far[i] = math.Inf(1)
	}
	var q queue
	offer := func(point int32, m float64, source int32) {
		if m < w.far[point] {
			w.far[point], w.from[point] = m, source
			heap.Push(&q, step{point, m})
		}
	}
	for i, s := range sources {
		if !s.accessible {
			continue
		}
		e := r.edges[s.edge]
		offer(e.a, s.GapM+s.AlongM, int32(i))
		offer(e.b, s.GapM+e.length-s.AlongM, int32(i))
	}
	for len(q) > 0 {
		s := heap.Pop(&q).(step)
		if s.far > w.far[s.point] {
			continue
		}
		for _, k := range r.out[s.point] {
			e := r.edges[k]
			offer(e.a+e.b-s.point, s.far+e.length, w.from[s.point])
		}
	}
	return w
}

// To is the way from the nearest source to a place: its gap, along the roads, the place's gap; and which source.
// Infinite where no road leads.
func (w *Reach) To(a Access) (m float64, source int) {
	m, source = math.Inf(1), -1
	if !a.accessible {
		return m, source
	}
	e := w.roads.edges[a.edge]
	if d := w.far[e.a] + a.AlongM; d < m {
		m, source = d, int(w.from[e.a])
	}
	if d := w.far[e.b] + e.length - a.AlongM; d < m {
		m, source = d, int(w.from[e.b])
	}
	for i, s := range w.sources { // on one edge the way need not pass an end
		if s.accessible && s.edge == a.edge {
			if d := s.GapM + math.Abs(s.AlongM-a.AlongM); d < m {
				m, source = d, i
			}
		}
	}
	return m + a.GapM, source
}

type step struct {
	point int32
	far   float64
}

type queue []step

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].far < q[j].far }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(step)) }
func (q *queue) Pop() any {
	old := *q
	last := old[len(old)-1]
	*q = old[:len(old)-1]
	return last
}
