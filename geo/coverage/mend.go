package coverage

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"luodi/geo"
)

// maxRounds bounds how often the result is mended again, maxPasses how often a round begins anew because a shape can't
// be mended. The first round leaves something to the second only beside shapes that can't be mended.
const (
	maxRounds = 16
	maxPasses = 32
)

// Mend brings shapes together within a tolerance in metres, from LeastToleranceM to MostToleranceM. It answers for each
// shape its rings:
//
//   - No vertex moves by more than the tolerance; beside a fixed shape, or one that is left, by no more than twice that
//     and 0.2 mm, because it goes onto its edge first. A node that an edge gets lies within the tolerance of it, or of
//     its part between two such nodes.
//   - The area of a shape changes by no more than twice the tolerance times its perimeter.
//   - A shape that would collapse, touch or cross itself, or go beyond these bounds, is left as it is and named, and the
//     others are brought to it as to a fixed one.
//   - What is mended stays: mended again, nothing changes. Only where a shape was left for going beyond these bounds it
//     may be taken then, because the bounds are measured anew.
//   - The answer doesn't depend on the order of the shapes.
//
// It takes time and memory in proportion to the vertices, but for a factor that grows with their logarithm.
func Mend(shapes []Shape, tol float64) Result {
	w := &mender{first: shapes, now: slices.Clone(shapes), moves: make([]float64, len(shapes)), tol: tol}
	for range maxRounds {
		if !w.round() {
			break
		}
	}
	r := Result{Rings: make([]orb.Polygon, len(shapes)), Left: w.left}
	for i, s := range w.now {
		r.Rings[i] = s.Rings
		if usable(s.Rings) && !same(shapes[i].Rings, s.Rings) {
			r.Changes = append(r.Changes, Change{Index: i, BeforeM2: geo.PlanarArea(shapes[i].Rings),
				AfterM2: geo.PlanarArea(s.Rings), MoveM: w.moves[i], Nodes: count(s.Rings) - count(shapes[i].Rings)})
		}
	}
	return r
}

// mender is a run of Mend.
type mender struct {
	first, now []Shape
	moves      []float64 // of each shape the greatest move so far
	left       []Left    // in the last round
	tol        float64
}

// outcome is what a pass makes of a shape.
type outcome struct {
	i     int
	rings [][]int32
	moved float64
}

// round mends what is there now, and reports whether anything changed. A shape that fails is pinned, and all others are
// mended anew.
func (w *mender) round() bool {
	pinned := make([]bool, len(w.now))
	w.left = nil
	for range maxPasses {
		m := newMesh(w.now, pinned)
		done, failed := w.pass(m)
		for _, f := range failed {
			pinned[f.Index] = true
		}
		if w.left = append(w.left, failed...); len(failed) > 0 {
			continue
		}
		for _, d := range done {
			w.now[d.i].Rings = m.polygon(d.rings)
			w.moves[d.i] += d.moved
		}
		for i, s := range w.now {
			if !usable(s.Rings) {
				w.left = append(w.left, Left{i, Unusable})
			}
		}
		slices.SortFunc(w.left, func(a, b Left) int { return a.Index - b.Index })
		return len(done) > 0
	}
	return false
}

// pass works out the rings of every shape that changes, and which of them fail.
func (w *mender) pass(m *mesh) (done []outcome, failed []Left) {
	vertices := len(m.at)
	to := m.gather(w.tol)
	reach := w.tol
	if len(m.at) > vertices || len(w.left) > 0 {
		reach = 2*w.tol + stillM
	}
	n := newNoder(m, to, w.tol)
	for i, rings := range m.rings {
		if m.fixed[i] || len(rings) == 0 {
			continue
		}
		fresh, was, moved, changed := m.rebuild(rings, to, n)
		if !changed {
			continue
		}
		why := m.fault(was, fresh)
		if why == "" && (w.moves[i]+moved > reach || beyond(w.first[i].Rings, m.polygon(fresh), w.tol)) {
			why = TooMuch
		}
		if why != "" {
			failed = append(failed, Left{i, why})
		} else {
			done = append(done, outcome{i, fresh, moved})
		}
	}
	return done, failed
}

// rebuild returns a shape's rings with each vertex where it goes and each edge with its nodes, and of each ring what it
// was. A hole that collapses is filled.
func (m *mesh) rebuild(rings [][]int32, to []int32, n *noder) (fresh, was [][]int32, moved float64, changed bool) {
	for i, ring := range rings {
		out := make([]int32, 0, len(ring)+4)
		for k, id := range ring {
			e := edge{to[id], to[ring[(k+1)%len(ring)]]}
			moved = max(moved, m.apart(id, e.from))
			if out = append(out, e.from); e.from != e.to {
				out = append(out, n.nodes(e)...)
			}
		}
		out = tidy(out)
		changed = changed || !slices.Equal(out, ring)
		if i > 0 && len(out) < 3 {
			continue
		}
		fresh, was = append(fresh, out), append(was, ring)
	}
	return fresh, was, moved, changed
}

// beyond reports whether an area changes by more than the bound of Mend.
func beyond(was, is orb.Polygon, tol float64) bool {
	change := math.Abs(geo.PlanarArea(is) - geo.PlanarArea(was))
	return change > 2*tol*max(geo.PlanarPerimeter(was), geo.PlanarPerimeter(is))
}

func same(p, q orb.Polygon) bool {
	return slices.EqualFunc(p, q, func(a, b orb.Ring) bool { return slices.Equal(a, b) })
}

func count(p orb.Polygon) (n int) {
	for _, r := range p {
		n += len(open(r))
	}
	return n
}
