package main

import "math"

// pt is a point or a vector of the plane in metres: x to the east, y to the north.
type pt struct{ x, y float64 }

func (a pt) add(b pt) pt         { return pt{a.x + b.x, a.y + b.y} }
func (a pt) sub(b pt) pt         { return pt{a.x - b.x, a.y - b.y} }
func (a pt) mul(k float64) pt    { return pt{a.x * k, a.y * k} }
func (a pt) dot(b pt) float64    { return a.x*b.x + a.y*b.y }
func (a pt) cross(b pt) float64  { return a.x*b.y - a.y*b.x }
func (a pt) norm() float64       { return math.Hypot(a.x, a.y) }
func (a pt) unit() pt            { return a.mul(1 / a.norm()) }
func (a pt) left() pt            { return pt{-a.y, a.x} }
func dist(a, b pt) float64       { return b.sub(a).norm() }
func lerp(a, b pt, t float64) pt { return a.add(b.sub(a).mul(t)) }

// onSegment is where the foot of p lies on ab: 0 at a, 1 at b.
func onSegment(p, a, b pt) float64 { return p.sub(a).dot(b.sub(a)) / b.sub(a).dot(b.sub(a)) }

// segmentsMeet returns where ab and cd cross, as fractions of each; ok is false where they are parallel.
func segmentsMeet(a, b, c, d pt) (t, u float64, ok bool) {
	r, s := b.sub(a), d.sub(c)
	den := r.cross(s)
	if math.Abs(den) < 1e-12 {
		return 0, 0, false
	}
	return c.sub(a).cross(s) / den, c.sub(a).cross(r) / den, true
}

// distanceTo is the distance of p from the segment ab.
func distanceTo(p, a, b pt) float64 {
	t := math.Max(0, math.Min(1, onSegment(p, a, b)))
	return dist(p, lerp(a, b, t))
}

// area of a ring without a repeated last point; positive where counter-clockwise.
func area(ring []pt) float64 {
	sum := 0.0
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sum += p.sub(ring[0]).cross(q.sub(ring[0]))
	}
	return sum / 2
}

// centroid of a ring, by area.
func centroid(ring []pt) pt {
	var sum pt
	total := 0.0
	o := ring[0]
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		w := p.sub(o).cross(q.sub(o))
		sum = sum.add(p.sub(o).add(q.sub(o)).mul(w))
		total += w
	}
	return o.add(sum.mul(1 / (3 * total)))
}
