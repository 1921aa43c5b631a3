package surveytext

import (
	"math"

	"luodi/geo"
)

// rings sorts the corners of a parcel into rings, each without its first corner repeated, in their order.
func (r *reader) rings(i int, d *draft, figure Figure) ([][]point, bool) {
	refuseCorner := func(p *point, field string, rule geo.Rule, got any, args ...any) ([][]point, bool) {
		r.fault(i, p.line, 0, field, geo.NewInvalid(field, rule, got, args...))
		return nil, false
	}
	if len(d.points) == 0 {
		r.fault(i, max(d.line, 1), 0, landSection, geo.NewInvalid(landSection, "survey.corners", geo.None()))
		return nil, false
	}
	var rings [][]point
	last := 0
	for at := 0; at < len(d.points); {
		first := &d.points[at]
		if first.ring <= last {
			return refuseCorner(first, ringColumn, "survey.ring_again", first.ring, "n", last)
		}
		last = first.ring
		if len(rings) == MaxRings {
			return refuseCorner(first, ringColumn, "survey.rings", first.ring, "n", MaxRings)
		}
		end, next := run(d.points, at, figure)
		ring := d.points[at:end]
		if p, before := twice(ring); p != nil {
			return refuseCorner(p, nameColumn, "survey.name", p.name+" "+p.shown(), "line", before.line, "at",
				before.shown())
		}
		if next > end && d.points[end].ring != first.ring && !clear(d.points, end) {
			return refuseCorner(&d.points[end], ringColumn, "survey.ring_clear", d.points[end].ring, "n", first.ring)
		}
		rings = append(rings, ring)
		at = next
	}
	least := 3
	if figure == Line {
		if least = 2; r.opts.Figure == Line {
			least = 1 // who wants a line takes a point for one, too
		}
		if len(rings) > 1 {
			return refuseCorner(&rings[1][0], ringColumn, "survey.one_line", rings[1][0].ring)
		}
	}
	for _, ring := range rings {
		if distinct(ring) < least {
			return refuseCorner(&ring[0], ringColumn, "survey.ring_short", len(ring), "n", least, "ring", ring[0].ring)
		}
	}
	for _, hole := range rings[1:] {
		if p := stray(hole, rings[0]); p != nil {
			return refuseCorner(p, ringColumn, "survey.hole", p.shown(), "ring", p.ring, "outline", rings[0][0].ring)
		}
	}
	if first, second, found := crossing(rings); figure == Area && found {
		return refuseCorner(second.from, "", "survey.crossing", second.from.shown()+" … "+second.to.shown(), "line",
			first.from.line, "to", first.to.line)
	}
	return rings, true
}

// run finds where the ring ends that begins at a point, and where the next begins: past its first corner, where that is
// repeated.
func run(points []point, at int, figure Figure) (end, next int) {
	first := &points[at]
	for end = at + 1; end < len(points); end++ {
		p := &points[end]
		if figure == Area && end-at > 2 && p.same(first) {
			return end, end + 1
		}
		if p.ring != first.ring {
			break
		}
	}
	return end, end
}

// clear reports whether a corner that repeats the first of its ring under another ring's number closes the former: the
// latter, where it follows at once, must then be closed by a corner of its own.
func clear(points []point, closing int) bool {
	at := closing + 1
	if at == len(points) || points[at].ring != points[closing].ring {
		return true
	}
	for end := at + 1; end < len(points); end++ {
		p := &points[end]
		switch {
		case p.same(&points[closing]):
			return false
		case end-at > 2 && p.same(&points[at]):
			return true
		case p.ring != points[at].ring:
			return false
		}
	}
	return false
}

// twice finds a corner whose name came before with other coordinates.
func twice(ring []point) (again, before *point) {
	named := make(map[string]*point, len(ring))
	for i := range ring {
		p := &ring[i]
		if p.name == "" {
			continue
		}
		if b := named[p.name]; b != nil && !b.same(p) {
			return p, b
		}
		named[p.name] = p
	}
	return nil, nil
}

func distinct(ring []point) int {
	seen := map[[2]float64]bool{}
	for _, p := range ring {
		seen[[2]float64{p.a.v, p.b.v}] = true
		if len(seen) > 3 {
			break
		}
	}
	return len(seen)
}

// costly is how many pairs of corners and sides are looked at: of more, one corner of each hole is.
const costly = 20_000_000

// stray finds a corner of a hole that lies neither within the outline nor on it.
func stray(hole, outline []point) *point {
	if len(hole)*len(outline) > costly {
		hole = hole[:1]
	}
	for i := range hole {
		if p := &hole[i]; !within(p, outline) && !beside(p, outline) {
			return p
		}
	}
	return nil
}

// within reports whether a corner lies inside a ring: a ray from it crosses the ring an odd number of times.
func within(p *point, ring []point) bool {
	inside := false
	for i := range ring {
		a, b := &ring[(i+len(ring)-1)%len(ring)], &ring[i]
		if (a.a.v > p.a.v) != (b.a.v > p.a.v) &&
			p.b.v < a.b.v+(p.a.v-a.a.v)/(b.a.v-a.a.v)*(b.b.v-a.b.v) {
			inside = !inside
		}
	}
	return inside
}

// beside reports whether a corner lies on a ring's side, to the millimetre.
func beside(p *point, ring []point) bool {
	slack := 1e-3
	if p.notation == latLon || p.notation == lonLat {
		slack = 1e-8
	}
	for i := range ring {
		a, b := &ring[(i+len(ring)-1)%len(ring)], &ring[i]
		da, db := b.a.v-a.a.v, b.b.v-a.b.v
		along := 0.0
		if length := da*da + db*db; length > 0 {
			along = math.Min(1, math.Max(0, ((p.a.v-a.a.v)*da+(p.b.v-a.b.v)*db)/length))
		}
		if math.Hypot(p.a.v-a.a.v-along*da, p.b.v-a.b.v-along*db) <= slack {
			return true
		}
	}
	return false
}
