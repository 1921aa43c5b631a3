package lot

import (
	"cmp"
	"maps"
	"slices"

	"github.com/paulmach/orb"
)

// work is a plane with the nodes that an operation has made so far. The plane itself is only read.
type work struct {
	plane *Plane
	nodes []Node
	made  map[orb.Point]int
	host  map[segment]Edge // the side that a part of a side, or a side of merged land, belongs to
}

// segment is an edge of a ring by its two vertices.
type segment struct{ from, to int }

func (s segment) reversed() segment { return segment{s.to, s.from} }

// inner is the host of what was not a side of any parcel.
var inner = Edge{Parcel: -1}

func newWork(p *Plane) *work {
	return &work{plane: p, made: make(map[orb.Point]int), host: make(map[segment]Edge)}
}

// fork returns a copy that can be thrown away.
func (w *work) fork() *work {
	return &work{plane: w.plane, nodes: slices.Clone(w.nodes), made: maps.Clone(w.made), host: maps.Clone(w.host)}
}

func (w *work) at(id int) orb.Point {
	if n := w.plane.Len(); id >= n {
		return w.nodes[id-n].XY
	}
	return w.plane.xy[id]
}

func (w *work) points(ring []int) []orb.Point {
	out := make([]orb.Point, len(ring))
	for i, id := range ring {
		out[i] = w.at(id)
	}
	return out
}

// vertex returns the number of the vertex at xy, a new one where there is none.
func (w *work) vertex(xy orb.Point) int {
	if id, found := w.plane.index[xy]; found {
		return id
	}
	if id, found := w.made[xy]; found {
		return id
	}
	id := w.plane.Len() + len(w.nodes)
	w.nodes = append(w.nodes, Node{ID: id, XY: xy})
	w.made[xy] = id
	return id
}

// hostOf returns the side that a segment of a ring belongs to.
func (w *work) hostOf(s segment) Edge {
	if e, found := w.host[s]; found {
		return e
	}
	return Edge{From: s.from, To: s.to}
}

// hang notes that a new vertex lies on a side.
func (w *work) hang(id int, on Edge) {
	if n := w.plane.Len(); id >= n && on != inner {
		w.nodes[id-n].OnEdge, w.nodes[id-n].On = true, on
	}
}

// twiceArea is the shoelace sum about the ring's first point: positive when it runs counter-clockwise.
func (w *work) twiceArea(ring []int) float64 {
	var sum float64
	if len(ring) < 3 {
		return 0
	}
	o := w.at(ring[0])
	for i := 1; i+1 < len(ring); i++ {
		sum += cross(o, w.at(ring[i]), w.at(ring[i+1]))
	}
	return sum
}

// area returns the area of a shape with settled rings.
func (w *work) area(s Shape) float64 {
	var twice float64
	for _, ring := range s {
		twice += w.twiceArea(ring)
	}
	return twice / 2
}

func (w *work) perimeter(s Shape) float64 {
	var length float64
	for e := range edges(s) {
		length += apart(w.at(e.from), w.at(e.to))
	}
	return length
}

// finish numbers the new nodes that parts use in sequence, in the order they were made.
func (w *work) finish(parts []Shape) Division {
	n := w.plane.Len()
	used := make([]bool, len(w.nodes))
	for _, s := range parts {
		for _, ring := range s {
			for _, id := range ring {
				if id >= n {
					used[id-n] = true
				}
			}
		}
	}
	var d Division
	number := make([]int, len(w.nodes))
	for i, node := range w.nodes {
		if used[i] {
			number[i] = n + len(d.New)
			node.ID = number[i]
			d.New = append(d.New, node)
		}
	}
	for _, s := range parts {
		out := make(Shape, len(s))
		for i, ring := range s {
			out[i] = slices.Clone(ring)
			for j, id := range ring {
				if id >= n {
					out[i][j] = number[id-n]
				}
			}
		}
		d.Parts = append(d.Parts, out)
	}
	return d
}

// edges walks the sides of a shape.
func edges(s Shape) func(yield func(segment) bool) {
	return func(yield func(segment) bool) {
		for _, ring := range s {
			for i, id := range ring {
				if !yield(segment{id, ring[(i+1)%len(ring)]}) {
					return
				}
			}
		}
	}
}

// clashes looks for sides that cross, touch or overlap, by sweeping over them from west to east; it stops when report
// says false. Two sides that share a vertex clash only where one lies on the other.
func (w *work) clashes(sides []segment, report func(i, j int) bool) {
	type box struct {
		west, east float64
		i          int
	}
	order := make([]box, len(sides))
	for i, s := range sides {
		a, b := w.at(s.from)[0], w.at(s.to)[0]
		order[i] = box{min(a, b), max(a, b), i}
	}
	slices.SortFunc(order, func(a, b box) int { return cmp.Or(cmp.Compare(a.west, b.west), cmp.Compare(a.i, b.i)) })
	for k, s := range order {
		for _, o := range order[k+1:] {
			if o.west > s.east {
				break
			}
			if w.clash(sides[s.i], sides[o.i]) && !report(min(s.i, o.i), max(s.i, o.i)) {
				return
			}
		}
	}
}

func (w *work) clash(s, o segment) bool {
	a, b, c, d := w.at(s.from), w.at(s.to), w.at(o.from), w.at(o.to)
	if !boxesMeet(a, b, c, d) {
		return false
	}
	switch {
	case s.from == o.from && s.to == o.to || s.from == o.to && s.to == o.from:
		return true
	case s.from == o.from:
		return sameWay(a, b, d)
	case s.from == o.to:
		return sameWay(a, b, c)
	case s.to == o.from:
		return sameWay(b, a, d)
	case s.to == o.to:
		return sameWay(b, a, c)
	}
	return meet(a, b, c, d)
}

// sameWay tells whether x and y lie in the same direction from o, exactly.
func sameWay(o, x, y orb.Point) bool {
	return orient(o, x, y) == 0 && (x[0]-o[0])*(y[0]-o[0])+(x[1]-o[1])*(y[1]-o[1]) > 0
}
