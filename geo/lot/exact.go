package lot

import (
	"math"

	"github.com/paulmach/orb"

	"luodi/geo"
)

// orient tells where c lies of the line from a to b, exactly: see [geo.Orient].
func orient(a, b, c orb.Point) int { return geo.Orient(a, b, c) }

// crossing tells whether the segments ab and cd cross at a point inside both, and where, rounded; the point is that of
// cd nearest to the true one.
func crossing(a, b, c, d orb.Point) (orb.Point, bool) {
	if !boxesMeet(a, b, c, d) || orient(a, b, c)*orient(a, b, d) >= 0 || orient(c, d, a)*orient(c, d, b) >= 0 {
		return orb.Point{}, false
	}
	if d[0] < c[0] || d[0] == c[0] && d[1] < c[1] {
		c, d = d, c // so that the parcel on the other side of cd gets the same point
	}
	at, from := math.Abs(cross(a, b, c)), math.Abs(cross(a, b, d))
	return along(c, d, at/(at+from)), true
}

// meet tells whether the closed segments ab and cd have a point in common. Where all four lie on one line, the boxes
// decide.
func meet(a, b, c, d orb.Point) bool {
	return boxesMeet(a, b, c, d) && orient(a, b, c)*orient(a, b, d) <= 0 && orient(c, d, a)*orient(c, d, b) <= 0
}

// within tells whether p is inside (+1), on (0) or outside (−1) of a ring, exactly.
func within(ring []orb.Point, p orb.Point) int {
	inside := -1
	a := ring[len(ring)-1]
	for _, b := range ring {
		if (a[1] > p[1]) != (b[1] > p[1]) {
			switch side := orient(a, b, p); {
			case side == 0:
				return 0
			case (b[1] > a[1]) == (side > 0):
				inside = -inside
			}
		} else if a[1] == p[1] && b[1] == p[1] && (a[0] > p[0]) != (b[0] > p[0]) || b == p {
			return 0
		}
		a = b
	}
	return inside
}

// boxesMeet tells whether the boxes round ab and cd have a point in common.
func boxesMeet(a, b, c, d orb.Point) bool {
	return min(a[0], b[0]) <= max(c[0], d[0]) && min(c[0], d[0]) <= max(a[0], b[0]) &&
		min(a[1], b[1]) <= max(c[1], d[1]) && min(c[1], d[1]) <= max(a[1], b[1])
}

// cross is twice the signed area of the triangle abc, rounded.
func cross(a, b, c orb.Point) float64 {
	return (b[0]-a[0])*(c[1]-a[1]) - (b[1]-a[1])*(c[0]-a[0])
}

// along returns the point at share t of the way from a to b.
func along(a, b orb.Point, t float64) orb.Point {
	return orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}
}

// foot returns the share of the way from a to b at which p is nearest to the segment, and its distance there in metres.
func foot(a, b, p orb.Point) (t, distance float64) {
	dx, dy := b[0]-a[0], b[1]-a[1]
	if length := dx*dx + dy*dy; length > 0 {
		t = min(1, max(0, ((p[0]-a[0])*dx+(p[1]-a[1])*dy)/length))
	}
	return t, apart(along(a, b, t), p)
}

// apart is the distance between two points in metres.
func apart(a, b orb.Point) float64 { return math.Hypot(a[0]-b[0], a[1]-b[1]) }
