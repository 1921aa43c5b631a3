package lot

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// stop is a point of a line that is being noded.
type stop struct {
	xy    orb.Point
	id    int   // the vertex, or -1 for one that has no number yet
	on    place // the side it lies on, when it is to be entered there
	enter bool
	bound bool // it is on the boundary
}

// place is a side of a shape: its ring, and the place in the ring where it begins.
type place struct{ ring, side int }

// noded is a line against a shape: where it meets the sides, and what of it runs inside.
type noded struct {
	shape   Shape
	entries []entry   // nodes to be entered in the sides
	cuts    []segment // the pieces inside
	hinges  []int     // vertices of the shape that the line was drawn to and that it cuts at
	leaves  bool      // a piece lies outside, or along the boundary
}

// entry is a node to be entered in a side, at a share of its length.
type entry struct {
	on place
	t  float64
	id int
}

// liner nodes one line against one shape.
type liner struct {
	w      *work
	shape  Shape
	snap   float64
	near   []stop // vertices of neighbours that lie on a side, close to the line
	free   []int  // vertices inside the land that the line's own points may mean
	closed bool
	onCut  bool // it meets an earlier cut
}

// node finds where a line meets a shape.
//
//  1. A point of the line within snap of a vertex becomes that vertex; within snap of a side, the nearest point of
//     the side, or the vertex within snap of that point.
//  2. A vertex within snap of a piece of the line becomes a point of the line, also where only the bent line comes so
//     near.
//  3. Where a piece still crosses a side, a new point is put.
//  4. Points on sides are entered there; a piece between two points is then inside, outside or along a side as a
//     whole, and exact tests at its ends say which.
func (l *liner) node(line []orb.Point) (*noded, error) {
	stops := l.drawn(line)
	if len(stops) < 2 {
		return nil, refuseAt(BadLine, "line", "lot.line_two_apart", stops[0].xy)
	}
	stops = l.drawToVertices(stops)
	stops = l.cross(stops)
	n := &noded{shape: l.shape}
	l.enter(n, stops)
	if l.onCut {
		return nil, refuseAt(TooClose, "line", "lot.cuts_apart", stops[0].xy)
	}
	states := l.classify(n, stops)
	if err := l.refuseEnds(stops, states); err != nil {
		return nil, err
	}
	if err := l.collect(n, stops, states); err != nil {
		return nil, err
	}
	if err := l.spaced(n); err != nil {
		return nil, err
	}
	return n, l.w.unclashed(n.with(l.w, n.onCut()), n.cuts, len(n.cuts))
}

// spaced refuses a line that meets a side twice within snap: what lies between would be a point to anyone who snaps so.
func (l *liner) spaced(n *noded) error {
	cut := n.onCut()
	last := entry{id: -1}
	for _, e := range n.entries {
		if !cut(e.id) || e.id == last.id {
			continue
		}
		if last.id >= 0 && last.on == e.on && apart(l.w.at(last.id), l.w.at(e.id)) <= l.snap {
			return refuseAt(TooClose, "line", "lot.meets_apart", l.w.at(last.id), l.w.at(e.id))
		}
		last = e
	}
	return nil
}

// drawn gives the line's own points, drawn to vertices and sides.
func (l *liner) drawn(line []orb.Point) []stop {
	var stops []stop
	for _, p := range line {
		s := l.mean(p)
		if k := len(stops); k > 0 && (stops[k-1].xy == s.xy || s.id >= 0 && stops[k-1].id == s.id) {
			continue
		}
		stops = append(stops, s)
	}
	if k := len(stops) - 1; k > 2 && apart(stops[0].xy, stops[k].xy) <= l.snap {
		l.closed = true
		stops[k] = stops[0]
	}
	return stops
}

// mean returns what a point of the line stands for: a vertex within snap, or else the nearest point of a side within
// snap, unless a vertex is within snap of that.
func (l *liner) mean(p orb.Point) stop {
	s, best := l.vertexNear(p)
	for _, id := range l.free {
		if d := apart(p, l.w.at(id)); d <= l.snap && d < best {
			s, best = stop{xy: l.w.at(id), id: id}, d
		}
	}
	if s.id >= 0 {
		return s
	}
	for at, e := range l.sides() {
		if t, d := foot(l.w.at(e.from), l.w.at(e.to), p); d <= l.snap && d < best {
			best = d
			s = stop{xy: along(l.w.at(e.from), l.w.at(e.to), t), id: -1, on: at, enter: true, bound: true}
		}
	}
	if s.enter {
		if v, _ := l.vertexNear(s.xy); v.id >= 0 {
			return v
		}
	}
	return s
}

// vertexNear returns the boundary's vertex nearest to a point, and its distance, when within snap; otherwise the point
// itself, without a number.
func (l *liner) vertexNear(p orb.Point) (stop, float64) {
	s, best := stop{xy: p, id: -1}, math.Inf(1)
	for v := range l.vertices() {
		if d := apart(p, v.xy); d <= l.snap && d < best {
			s, best = v, d
		}
	}
	return s, best
}

// vertices walks the boundary's vertices: the shape's own, then the neighbours' that lie on its sides.
func (l *liner) vertices() func(yield func(stop) bool) {
	return func(yield func(stop) bool) {
		for _, ring := range l.shape {
			for _, id := range ring {
				if !yield(stop{xy: l.w.at(id), id: id, bound: true}) {
					return
				}
			}
		}
		for _, v := range l.near {
			if !yield(v) {
				return
			}
		}
	}
}

// sides walks the shape's sides with their places.
func (l *liner) sides() func(yield func(place, segment) bool) {
	return func(yield func(place, segment) bool) {
		for r, ring := range l.shape {
			for i, id := range ring {
				if !yield(place{r, i}, segment{id, ring[(i+1)%len(ring)]}) {
					return
				}
			}
		}
	}
}

// between puts points between each two stops, in order along the line.
func between(stops []stop, find func(p, q stop, add func(t float64, s stop))) []stop {
	type found struct {
		t float64
		stop
	}
	var out []stop
	for i, p := range stops {
		out = append(out, p)
		if i == len(stops)-1 {
			break
		}
		var more []found
		find(p, stops[i+1], func(t float64, s stop) { more = append(more, found{t, s}) })
		slices.SortStableFunc(more, func(a, b found) int { return cmp.Compare(a.t, b.t) })
		for _, f := range more {
			out = append(out, f.stop)
		}
	}
	return out
}

// drawToVertices bends the line to the vertices that it passes within snap.
func (l *liner) drawToVertices(stops []stop) []stop {
	out := stops[:1:1]
	for i, q := range stops[1:] {
		out = append(out, l.bent(stops[i], q)...)
	}
	return out
}

// bent bends the piece from p to q, and bends it again as long as a bend brings it within snap of further vertices. It
// returns the points after p. A vertex is used once, so that two close vertices don't send the line to and fro.
func (l *liner) bent(p, q stop) []stop {
	piece, used := []stop{p, q}, map[int]bool{p.id: true, q.id: true}
	for before := 0; before < len(piece); {
		before = len(piece)
		piece = between(piece, func(p, q stop, add func(float64, stop)) {
			for s := range l.vertices() {
				if !nearBox(p.xy, q.xy, s.xy, l.snap) || used[s.id] {
					continue
				}
				if t, d := foot(p.xy, q.xy, s.xy); d <= l.snap && t > 0 && t < 1 {
					used[s.id] = true
					add(t, s)
				}
			}
		})
	}
	return piece[1:]
}

// cross puts points where pieces of the line cross sides.
func (l *liner) cross(stops []stop) []stop {
	return between(stops, func(p, q stop, add func(float64, stop)) {
		for at, e := range l.sides() {
			if e.from == p.id || e.from == q.id || e.to == p.id || e.to == q.id || p.enter && p.on == at || q.enter &&
				q.on == at {
				continue
			}
			if xy, crosses := crossing(p.xy, q.xy, l.w.at(e.from), l.w.at(e.to)); crosses {
				t, _ := foot(p.xy, q.xy, xy)
				add(t, stop{xy: xy, id: -1, on: at, enter: true, bound: true})
			}
		}
	})
}

// nearBox tells whether p is within m of the box round ab.
func nearBox(a, b, p orb.Point, m float64) bool {
	return p[0] >= min(a[0], b[0])-m && p[0] <= max(a[0], b[0])+m && p[1] >= min(a[1], b[1])-m &&
		p[1] <= max(a[1], b[1])+m
}

// enter gives the points on sides their numbers and lists where they belong.
func (l *liner) enter(n *noded, stops []stop) {
	for i := range stops {
		s := &stops[i]
		if !s.enter {
			continue
		}
		ring := l.shape[s.on.ring]
		e := segment{ring[s.on.side], ring[(s.on.side+1)%len(ring)]}
		if s.id < 0 {
			s.id = l.w.vertex(s.xy)
			l.w.hang(s.id, l.w.hostOf(e))
			l.onCut = l.onCut || l.w.hostOf(e) == inner
		}
		t, _ := foot(l.w.at(e.from), l.w.at(e.to), s.xy)
		n.entries = append(n.entries, entry{s.on, t, s.id})
	}
	slices.SortStableFunc(n.entries, byPlace)
}

// with returns the shape with those of the nodes entered that keep says to, and notes whose sides the new ones are part
// of.
func (n *noded) with(w *work, keep func(id int) bool) Shape {
	out := make(Shape, len(n.shape))
	rest := n.entries
	for r, ring := range n.shape {
		for i, id := range ring {
			out[r] = append(out[r], id)
			e := segment{id, ring[(i+1)%len(ring)]}
			host := w.hostOf(e)
			entered := false
			for ; len(rest) > 0 && rest[0].on == (place{r, i}); rest = rest[1:] {
				next := rest[0].id
				if last := out[r][len(out[r])-1]; keep(next) && next != last && next != e.to {
					w.host[segment{last, next}] = host
					out[r] = append(out[r], next)
					entered = true
				}
			}
			if entered {
				w.host[segment{out[r][len(out[r])-1], e.to}] = host
			}
		}
	}
	return out
}

// unclashed refuses cuts that clash with each other or with sides. Those from kept on were there before.
func (w *work) unclashed(s Shape, cuts []segment, kept int) error {
	sides := slices.Collect(edges(s))
	first := len(sides)
	var err error
	w.clashes(append(sides, cuts...), func(i, j int) bool {
		switch {
		case i < first:
			err = refuseAt(TooClose, "line", "lot.runs_apart", w.at(sides[i].from))
		case j-first >= kept:
			err = refuseAt(LineCrosses, "line", "lot.no_other_crossing", w.at(cuts[i-first].from))
		default:
			err = refuseAt(LineCrosses, "line", "lot.no_crossing", w.at(cuts[i-first].from))
		}
		return false
	})
	return err
}

// onCut tells of a vertex whether a cut begins or ends there.
func (n *noded) onCut() func(id int) bool {
	ends := make(map[int]bool, 2*len(n.cuts))
	for _, c := range n.cuts {
		ends[c.from], ends[c.to] = true, true
	}
	return func(id int) bool { return ends[id] }
}
