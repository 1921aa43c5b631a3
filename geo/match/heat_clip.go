package match

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// leastPartM2 is the area in m² below which a part of a cell is no ground but the noise of a cut.
const leastPartM2 = 1e-3

// onLineM is how near to a line a vertex counts as on it, in metres.
const onLineM = 1e-7

// Parts are the ground in each cell that has any, in valid polygons with holes, outlines counter-clockwise. Ground lies
// in the plane of the grid; two pieces of it may touch but not overlap.
//
// A piece of ground is cut by one side of the hexagon after the other:
//
//  1. Each ring falls into chains of vertices on the kept side, each with the place along the side's line where it
//     comes in and where it goes out.
//  2. Along that line, leaving and entering alternate, holes among them. So the k-th way out, in their order along the
//     line, is joined to the k-th way in, and the joined chains are the rings that remain.
//  3. At the end each hole goes to the outline around it.
//
// A vertex on the line counts as not kept, whichever ring it is of. So the order holds for vertices and sides on the
// line, and ground that only touches the line from within is cut in two where it does.
func (g Grid) Parts(ground []orb.Polygon) map[int][]orb.Polygon {
	out := map[int][]orb.Polygon{}
	for _, p := range ground {
		if len(p) == 0 {
			continue
		}
		box, rings := p.Bound(), turned(p)
		g.near(box, func(cell int, hexagon orb.Ring) {
			if parts := g.clip(rings, box, hexagon); len(parts) > 0 {
				out[cell] = append(out[cell], parts...)
			}
		})
	}
	return out
}

// turned has the outline of a polygon counter-clockwise and its holes clockwise, without the repeated last vertex.
func turned(p orb.Polygon) [][]orb.Point {
	rings := make([][]orb.Point, 0, len(p))
	for i, ring := range p {
		if len(ring) < 4 {
			continue
		}
		open := slices.Clone([]orb.Point(ring[:len(ring)-1]))
		if (signed(open) > 0) != (i == 0) {
			slices.Reverse(open)
		}
		rings = append(rings, open)
	}
	return rings
}

// signed is the area of a ring without its repeated last vertex, over 0 where it runs counter-clockwise.
func signed(ring []orb.Point) float64 {
	twice := 0.0
	for i, p := range ring { // about its first vertex: survey coordinates have seven digits before the point
		q := ring[(i+1)%len(ring)]
		twice += (p[0]-ring[0][0])*(q[1]-ring[0][1]) - (q[0]-ring[0][0])*(p[1]-ring[0][1])
	}
	return twice / 2
}

// clip is what of rings lies in a hexagon.
func (g Grid) clip(rings [][]orb.Point, box orb.Bound, hexagon orb.Ring) []orb.Polygon {
	middle := hexagon.Bound().Center()
	reach := g.EdgeM * math.Sqrt(3) / 2
	if !slices.ContainsFunc([]orb.Point{box.Min, box.Max, box.LeftTop(), box.RightBottom()}, func(p orb.Point) bool {
		return planar.Distance(p, middle) > reach
	}) {
		return grouped(rings) // all of the ground lies in the cell
	}
	for s := 0; s+1 < len(hexagon) && len(rings) > 0; s++ {
		rings = halved(rings, hexagon[s], hexagon[s+1])
	}
	return grouped(rings)
}

// chainOn is a stretch of a ring on the kept side of a line, with where along the line it comes in and goes out.
type chainOn struct {
	points  []orb.Point
	in, out float64
}

// halved is what of rings lies to the left of the line from a to b.
func halved(rings [][]orb.Point, a, b orb.Point) [][]orb.Point {
	var kept [][]orb.Point
	var chains []chainOn
	for _, ring := range rings {
		whole, some := chainsOf(ring, a, b)
		if whole {
			kept = append(kept, ring)
		}
		chains = append(chains, some...)
	}
	if len(chains) == 0 {
		return kept
	}
	// byIn is the chains by the place where they come in, nth the rank of the place where each goes out
	byIn, byOut, nth := make([]int, len(chains)), make([]int, len(chains)), make([]int, len(chains))
	for i := range chains {
		byIn[i], byOut[i] = i, i
	}
	slices.SortStableFunc(byIn, func(x, y int) int { return compareFloats(chains[x].in, chains[y].in) })
	slices.SortStableFunc(byOut, func(x, y int) int { return compareFloats(chains[x].out, chains[y].out) })
	for rank, i := range byOut {
		nth[i] = rank
	}
	done := make([]bool, len(chains))
	for first := range chains {
		var ring []orb.Point
		for i := first; !done[i]; i = byIn[nth[i]] {
			done[i] = true
			ring = append(ring, chains[i].points...)
		}
		if ring = undoubled(ring); len(ring) >= 3 {
			kept = append(kept, ring)
		}
	}
	return kept
}

func compareFloats(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// chainsOf cuts a ring by the line from a to b: its chains to the left of it, or whole where all of it lies there.
func chainsOf(ring []orb.Point, a, b orb.Point) (whole bool, chains []chainOn) {
	dx, dy := b[0]-a[0], b[1]-a[1]
	length := math.Hypot(dx, dy)
	side := func(p orb.Point) float64 { return (dx*(p[1]-a[1])-dy*(p[0]-a[0]))/length - onLineM }
	along := func(p orb.Point) float64 { return dx*(p[0]-a[0]) + dy*(p[1]-a[1]) }
	meets := func(p, q orb.Point) orb.Point {
		s, t := side(p), side(q)
		share := s / (s - t)
		return orb.Point{p[0] + share*(q[0]-p[0]), p[1] + share*(q[1]-p[1])}
	}
	n := len(ring)
	begin := slices.IndexFunc(ring, func(p orb.Point) bool { return side(p) <= 0 })
	if begin < 0 {
		return true, nil
	}
	var now *chainOn
	for k := 1; k <= n; k++ { // from a vertex outside once around, back to it
		last, p := ring[(begin+k-1)%n], ring[(begin+k)%n]
		was, is := side(last) > 0, side(p) > 0
		if is && !was {
			at := meets(last, p)
			now = &chainOn{points: []orb.Point{at}, in: along(at)}
		}
		if is {
			now.points = append(now.points, p)
		}
		if was && !is {
			at := meets(last, p)
			now.points, now.out = append(now.points, at), along(at)
			chains = append(chains, *now)
		}
	}
	return false, chains
}

// undoubled drops vertices that lie where the one before lies.
func undoubled(ring []orb.Point) []orb.Point {
	out := ring[:0]
	for i, p := range ring {
		if q := ring[(i+len(ring)-1)%len(ring)]; math.Abs(p[0]-q[0]) > 1e-7 || math.Abs(p[1]-q[1]) > 1e-7 {
			out = append(out, p)
		}
	}
	return out
}

// grouped makes polygons of outlines and the holes in them, without parts that are no ground.
func grouped(rings [][]orb.Point) []orb.Polygon {
	var out []orb.Polygon
	var holes []orb.Ring
	for _, ring := range rings {
		area := signed(ring)
		closed := append(orb.Ring(slices.Clone(ring)), ring[0])
		switch {
		case area >= leastPartM2:
			out = append(out, orb.Polygon{closed})
		case area <= -leastPartM2:
			holes = append(holes, closed)
		}
	}
	for _, hole := range holes {
		for i := range out {
			if len(out) == 1 || slices.ContainsFunc(hole, func(p orb.Point) bool { return inside(out[i][0], p) }) {
				out[i] = append(out[i], hole)
				break
			}
		}
	}
	return out
}

// inside reports whether a point lies in a ring and not on it.
func inside(ring orb.Ring, p orb.Point) bool {
	for i := 1; i < len(ring); i++ {
		if planar.DistanceFromSegment(ring[i-1], ring[i], p) < 1e-6 {
			return false
		}
	}
	return planar.RingContains(ring, p)
}
