package lot

import (
	"math"

	"github.com/paulmach/orb"
)

// ruler measures what of a shape lies left of lines: of all that run one way, or of all through one point. Coordinates
// are taken from an origin on the shape, so that they keep their digits.
type ruler struct {
	origin orb.Point
	dir    orb.Point   // the way the lines run, of length 1
	sides  []orb.Point // begin and end of each side, in turn: x along the line, y to its left
	low    float64     // the least and the greatest y and x
	high   float64
	back   float64
	front  float64
}

func (w *work) ruler(s Shape, dir orb.Point) *ruler {
	r := &ruler{origin: w.at(s[0][0]), dir: dir, low: math.Inf(1), high: math.Inf(-1), back: math.Inf(1),
		front: math.Inf(-1)}
	for e := range edges(s) {
		a, b := r.turned(w.at(e.from)), r.turned(w.at(e.to))
		r.sides = append(r.sides, a, b)
		r.low, r.high = min(r.low, a[1]), max(r.high, a[1])
		r.back, r.front = min(r.back, a[0]), max(r.front, a[0])
	}
	return r
}

// turned gives p along and to the left of the line through the origin.
func (r *ruler) turned(p orb.Point) orb.Point {
	x, y := p[0]-r.origin[0], p[1]-r.origin[1]
	return orb.Point{x*r.dir[0] + y*r.dir[1], y*r.dir[0] - x*r.dir[1]}
}

// place is the inverse of turned.
func (r *ruler) place(t orb.Point) orb.Point {
	return orb.Point{r.origin[0] + t[0]*r.dir[0] - t[1]*r.dir[1], r.origin[1] + t[0]*r.dir[1] + t[1]*r.dir[0]}
}

// left returns the area left of the line at distance y, exactly but for rounding: by Green's theorem it is −∮ max(h, 0)
// dx over the sides, h being the height above the line. Holes run the other way and take themselves off.
func (r *ruler) left(y float64) float64 {
	var area float64
	for i := 0; i < len(r.sides); i += 2 {
		a, b := r.sides[i], r.sides[i+1]
		area -= Wedge(b[0]-a[0], a[1]-y, b[1]-y)
	}
	return area
}

// leftOf returns the area left of the line through t that is turned from the ruler's way by angle, both as the ruler
// sees them.
func (r *ruler) leftOf(t orb.Point, angle float64) float64 {
	var area float64
	sin, cos := math.Sincos(angle)
	height := func(p orb.Point) float64 { return (p[1]-t[1])*cos - (p[0]-t[0])*sin }
	reach := func(p orb.Point) float64 { return (p[0]-t[0])*cos + (p[1]-t[1])*sin }
	for i := 0; i < len(r.sides); i += 2 {
		a, b := r.sides[i], r.sides[i+1]
		area -= Wedge(reach(b)-reach(a), height(a), height(b))
	}
	return area
}

// Wedge is ∫ max(h, 0) dx over a side that runs dx along the line while its height goes from a to b.
func Wedge(dx, a, b float64) float64 {
	switch {
	case a >= 0 && b >= 0:
		return dx * (a + b) / 2
	case a <= 0 && b <= 0:
		return 0
	case a > 0:
		return dx * a * a / (a - b) / 2
	}
	return dx * b * b / (b - a) / 2
}

// line returns the line at distance y, long enough to cross the shape.
func (r *ruler) line(y float64) []orb.Point {
	return []orb.Point{r.place(orb.Point{r.back - 1, y}), r.place(orb.Point{r.front + 1, y})}
}

// lineThrough returns the line through t, as the ruler sees it, turned by angle.
func (r *ruler) lineThrough(t orb.Point, angle float64) []orb.Point {
	sin, cos := math.Sincos(angle)
	at := func(reach float64) orb.Point { return r.place(orb.Point{t[0] + reach*cos, t[1] + reach*sin}) }
	far := r.front - r.back + r.high - r.low + 1
	return []orb.Point{at(-far), at(far)}
}

// Bisect returns where f, which is above target at lo and not above it at hi, passes the target, to within eps.
func Bisect(lo, hi, target, eps float64, f func(float64) float64) float64 {
	for range 100 {
		mid := lo + (hi-lo)/2
		if mid == lo || mid == hi || math.Abs(hi-lo) < eps {
			break
		}
		if f(mid) > target {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo + (hi-lo)/2
}
