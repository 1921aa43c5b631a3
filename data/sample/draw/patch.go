package main

import "math"

// patch is a piece of land with four sides that meet at its corners: bottom and top run left to right, left and right
// run bottom to top. Dividing a patch gives patches that share their dividing course point for point.
type patch struct{ bottom, right, top, left course }

// bounded is the patch that four courses, each crossing the next, shut in.
func bounded(bottom, right, top, left course) patch {
	bl, br := bottom.mustMeet(left), bottom.mustMeet(right)
	tl, tr := top.mustMeet(left), top.mustMeet(right)
	return patch{bottom.between(bl, br), right.between(br, tr), top.between(tl, tr), left.between(bl, tl)}
}

// ring walks the patch counter-clockwise, without repeating the first point.
func (p patch) ring() []pt {
	var out []pt
	for _, side := range []course{p.bottom, p.right, p.top.reverse(), p.left.reverse()} {
		out = append(out, side[:len(side)-1]...)
	}
	return out
}

func (p patch) corners() [4]pt {
	return [4]pt{p.bottom[0], p.right[0], p.top[len(p.top)-1], p.top[0]}
}

// nodeReach is how near a dividing course may come to a vertex without ending at it, so that no edge is shorter.
const nodeReach = 5.0

// cut divides from the bottom to the top: the points are (share along bottom and top, share of the way up), the first
// at 0 and the last at 1.
type cut []pt

// straight is a cut between a share of the bottom and a share of the top.
func straight(bottom, top float64) cut { return cut{{bottom, 0}, {top, 1}} }

// stepped is a cut with a jog at the height v: its neighbours become L-shaped.
func stepped(bottom, top, v float64) cut { return cut{{bottom, 0}, {bottom, v}, {top, v}, {top, 1}} }

// columns divides by cuts, left to right.
func (p patch) columns(cuts ...cut) []patch {
	var out []patch
	rest, top, bottom := p, p.top, p.bottom
	for _, c := range cuts {
		way := p.route(c)
		a, b := way[0], way[len(way)-1]
		out = append(out, patch{bottom.between(rest.bottom[0], a), way, top.between(rest.top[0], b), rest.left})
		rest = patch{bottom.between(a, bottom[len(bottom)-1]), p.right, top.between(b, top[len(top)-1]), way}
	}
	return append(out, rest)
}

// route lays a cut out in the plane.
func (p patch) route(c cut) course {
	way := make(course, len(c))
	for i, q := range c {
		low := p.bottom.at(q.x*p.bottom.length(), nodeReach)
		high := p.top.at(q.x*p.top.length(), nodeReach)
		way[i] = lerp(low, high, q.y)
	}
	return way
}

// rows divides into a lower and an upper patch: shares of the left and the right side.
func (p patch) rows(left, right float64) (lower, upper patch) {
	line := p.level(left, right)
	a, b := line[0], line[len(line)-1]
	l, r := p.left, p.right
	lower = patch{p.bottom, r.between(r[0], b), line, l.between(l[0], a)}
	upper = patch{line, r.between(b, r[len(r)-1]), p.top, l.between(a, l[len(l)-1])}
	return lower, upper
}

// level is a course from left to right that follows bottom and top in proportion.
func (p patch) level(left, right float64) course {
	a := p.left.at(left*p.left.length(), nodeReach)
	b := p.right.at(right*p.right.length(), nodeReach)
	n := int(math.Max(1, math.Round(p.bottom.length()/40)))
	line := make(course, n+1)
	for i := range line {
		s := float64(i) / float64(n)
		v := left + (right-left)*s
		line[i] = lerp(p.bottom.at(s*p.bottom.length(), 0), p.top.at(s*p.top.length(), 0), v)
	}
	da, db := a.sub(line[0]), b.sub(line[n])
	for i := range line {
		line[i] = line[i].add(lerp(da, db, float64(i)/float64(n)))
	}
	line[0], line[n] = a, b
	return line.simplify(1.5)
}

// strip takes a corridor of the given width out of a patch, centred on a course that crosses it from left to right.
func (p patch) strip(centre course, width float64) (lower, upper patch) {
	low, high := centre.offset(-width/2), centre.offset(width/2)
	return bounded(p.bottom, p.right, low, p.left), bounded(high, p.right, p.top, p.left)
}
