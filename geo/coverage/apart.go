package coverage

import (
	"math"

	"github.com/paulmach/orb"
)

// mostSteps bounds what SharedAtMost looks at: of two polygons with many vertices it knows nothing.
const mostSteps = 20_000

// SharedAtMost returns an upper bound of the area that two polygons have in common, by their outer rings, in the square
// of their unit; +Inf where it knows none. It is for telling neighbours apart cheaply: where the line of an edge of one
// parts the two, what they share lies in the strip by which they reach over that line. enough is a bound that will do.
func SharedAtMost(p, q orb.Ring, enough float64) float64 {
	p, q = open(p), open(q)
	if len(p) < 3 || len(q) < 3 || (len(p)+len(q))*(len(p)+len(q)) > mostSteps {
		return math.Inf(1)
	}
	bound := parted(p, q, math.Inf(1), enough)
	if bound > enough {
		bound = parted(q, p, bound, enough)
	}
	return bound
}

// parted tries the edges of p as lines between p and q.
func parted(p, q orb.Ring, bound, enough float64) float64 {
	outward := 1.0
	if ringArea(p) < 0 {
		outward = -1
	}
	for i, a := range p {
		b := p[(i+1)%len(p)]
		length := apart(a, b)
		if length == 0 {
			continue
		}
		ux, uy := (b[0]-a[0])/length, (b[1]-a[1])/length
		reach := func(ring orb.Ring) (over, back, from, to float64) { // beyond the line, before it, and along it
			over, back, from, to = math.Inf(-1), math.Inf(-1), math.Inf(1), math.Inf(-1)
			for _, v := range ring {
				dx, dy := v[0]-a[0], v[1]-a[1]
				out, along := outward*(dx*uy-dy*ux), dx*ux+dy*uy
				over, back, from, to = max(over, out), max(back, -out), min(from, along), max(to, along)
			}
			return over, back, from, to
		}
		_, back, qFrom, qTo := reach(q)
		over, _, pFrom, pTo := reach(p)
		strip := (max(0, over) + max(0, back)) * max(0, min(pTo, qTo)-max(pFrom, qFrom))
		if bound = min(bound, strip); bound <= enough {
			return bound
		}
	}
	return bound
}

// ringArea is twice the area of an open ring, negative where it runs clockwise.
func ringArea(r orb.Ring) (sum float64) {
	for i := 1; i+1 < len(r); i++ {
		sum += (r[i][0]-r[0][0])*(r[i+1][1]-r[0][1]) - (r[i+1][0]-r[0][0])*(r[i][1]-r[0][1])
	}
	return sum
}
