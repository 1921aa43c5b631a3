package lot

import (
	"github.com/paulmach/orb"

	"luodi/geo"
)

// state is where a piece of a line lies.
type state int

const (
	unknown state = iota
	inside
	outside
	follows // along a side
)

// corner is what a vertex on the boundary has beside it, the land on the left of prev→id→next.
type corner struct{ prev, next int }

// classify tells of each piece of the line where it lies.
func (l *liner) classify(n *noded, stops []stop) []state {
	corners := l.corners(n, stops)
	states := make([]state, len(stops)-1)
	for i := range states {
		p, q := stops[i], stops[i+1]
		pc, pOn := corners[p.id]
		qc, qOn := corners[q.id]
		switch {
		case p.bound && q.bound && pOn && (pc.next == q.id || pc.prev == q.id):
			states[i] = follows
		case p.bound && pOn:
			states[i] = l.leads(pc, p, q)
		case q.bound && qOn:
			states[i] = l.leads(qc, q, p)
		}
	}
	l.spread(stops, states)
	return states
}

// corners finds what is beside each boundary vertex of the line, when the nodes are entered.
func (l *liner) corners(n *noded, stops []stop) map[int]corner {
	corners := make(map[int]corner, len(stops))
	for _, s := range stops {
		if s.bound {
			corners[s.id] = corner{-1, -1}
		}
	}
	shape := n.with(l.w, func(int) bool { return true })
	for _, ring := range shape {
		for i, id := range ring {
			if _, wanted := corners[id]; wanted {
				corners[id] = corner{ring[(i+len(ring)-1)%len(ring)], ring[(i+1)%len(ring)]}
			}
		}
	}
	return corners
}

// leads tells whether the way from a boundary vertex to another point begins inside or outside.
func (l *liner) leads(c corner, from, to stop) state {
	prev, next := l.w.at(c.prev), l.w.at(c.next)
	in := false
	if orient(prev, from.xy, next) > 0 {
		in = orient(from.xy, next, to.xy) > 0 && orient(from.xy, to.xy, prev) > 0
	} else {
		in = orient(from.xy, prev, to.xy) < 0 || orient(from.xy, to.xy, next) < 0
	}
	if in {
		return inside
	}
	return outside
}

// spread carries what is known past points that are not on the boundary, where nothing changes. A line that never meets
// the boundary is inside or outside as a whole.
func (l *liner) spread(stops []stop, states []state) {
	known := false
	for round := range 2 {
		last := unknown
		if l.closed && round == 1 {
			last = states[len(states)-1]
		}
		for i := range states {
			if states[i] == unknown && (!stops[i].bound) {
				states[i] = last
			}
			last = states[i]
			known = known || last != unknown
		}
		last = unknown
		if l.closed {
			last = states[0]
		}
		for i := len(states) - 1; i >= 0; i-- {
			if states[i] == unknown && !stops[i+1].bound {
				states[i] = last
			}
			last = states[i]
		}
	}
	if known {
		return
	}
	all := outside
	if l.w.holds(l.shape, stops[0].xy) {
		all = inside
	}
	for i := range states {
		states[i] = all
	}
}

// refuseEnds refuses a line that never enters the land, or that ends in it.
func (l *liner) refuseEnds(stops []stop, states []state) error {
	enters, touches := false, false
	for i, s := range states {
		enters = enters || s == inside
		touches = touches || stops[i].bound || stops[i+1].bound
	}
	last := len(stops) - 1
	switch {
	case !enters && touches:
		return refuse(LineTouches, "line", "lot.line_through", geo.Say("came.line_touches")).at(firstBound(stops))
	case !enters:
		return refuse(LineMisses, "line", "lot.line_through", geo.Say("came.line_misses")).at(stops[0].xy)
	case !l.closed && !stops[0].bound && states[0] == inside:
		return refuseAt(LineEndsInside, "line", "lot.boundary_to_boundary", stops[0].xy)
	case !l.closed && !stops[last].bound && states[last-1] == inside:
		return refuseAt(LineEndsInside, "line", "lot.boundary_to_boundary", stops[last].xy)
	}
	return nil
}

// collect lists the pieces inside as cuts and gives their points numbers.
func (l *liner) collect(n *noded, stops []stop, states []state) error {
	times := make(map[int]int)
	for i, s := range states {
		if s != inside {
			n.leaves = true
			continue
		}
		c := segment{l.number(&stops[i]), l.number(&stops[i+1])}
		if times[c.to]++; times[c.to] > 1 {
			return refuseAt(LineCrosses, "line", "lot.no_crossing", stops[i+1].xy)
		}
		n.cuts = append(n.cuts, c)
	}
	cut := n.onCut()
	for _, s := range stops {
		if s.bound && !s.enter && cut(s.id) {
			n.hinges = append(n.hinges, s.id)
		}
	}
	return nil
}

func (l *liner) number(s *stop) int {
	if s.id < 0 {
		s.id = l.w.vertex(s.xy)
	}
	return s.id
}

func firstBound(stops []stop) orb.Point {
	for _, s := range stops {
		if s.bound {
			return s.xy
		}
	}
	return stops[0].xy
}
