package main

import (
	"fmt"
	"math"
)

// course is a polyline: the centre of a road, its kerb, a river bank, a parcel's side.
type course []pt

// smooth draws a Catmull-Rom curve (centripetal, so that it has no loops) through the control points and keeps as few
// vertices as stay within 15 cm of it. Two points give a straight line.
func smooth(control ...pt) course {
	if len(control) < 3 {
		return course(control)
	}
	n := len(control)
	ext := append([]pt{control[0].mul(2).sub(control[1])}, control...)
	ext = append(ext, control[n-1].mul(2).sub(control[n-2]))
	fine := course{control[0]}
	for i := 1; i < n; i++ {
		steps := int(math.Ceil(dist(ext[i], ext[i+1]) / 5))
		for k := 1; k <= steps; k++ {
			fine = append(fine, catmullRom(ext[i-1], ext[i], ext[i+1], ext[i+2], float64(k)/float64(steps)))
		}
	}
	return fine.simplify(0.15)
}

// catmullRom is the Barry-Goldman form with knots at the square root of the chord.
func catmullRom(p0, p1, p2, p3 pt, s float64) pt {
	t0 := 0.0
	t1 := t0 + math.Sqrt(dist(p0, p1))
	t2 := t1 + math.Sqrt(dist(p1, p2))
	t3 := t2 + math.Sqrt(dist(p2, p3))
	t := t1 + s*(t2-t1)
	a1, a2, a3 := lerp(p0, p1, (t-t0)/(t1-t0)), lerp(p1, p2, (t-t1)/(t2-t1)), lerp(p2, p3, (t-t2)/(t3-t2))
	b1, b2 := lerp(a1, a2, (t-t0)/(t2-t0)), lerp(a2, a3, (t-t1)/(t3-t1))
	return lerp(b1, b2, (t-t1)/(t2-t1))
}

// simplify is Douglas-Peucker.
func (c course) simplify(tolerance float64) course {
	if len(c) < 3 {
		return c
	}
	first, last, far, at := c[0], c[len(c)-1], 0.0, 0
	for i := 1; i < len(c)-1; i++ {
		if d := distanceTo(c[i], first, last); d > far {
			far, at = d, i
		}
	}
	if far <= tolerance {
		return course{first, last}
	}
	head := c[:at+1].simplify(tolerance)
	return append(head[:len(head):len(head)], c[at:].simplify(tolerance)[1:]...)
}

// offset moves a course sideways, to its left where by > 0, with mitred corners.
func (c course) offset(by float64) course {
	out := make(course, len(c))
	for i := range c {
		var normal pt
		switch {
		case i == 0:
			normal = c[1].sub(c[0]).unit().left()
		case i == len(c)-1:
			normal = c[i].sub(c[i-1]).unit().left()
		default:
			a, b := c[i].sub(c[i-1]).unit().left(), c[i+1].sub(c[i]).unit().left()
			normal = a.add(b).mul(1 / (1 + a.dot(b)))
		}
		out[i] = c[i].add(normal.mul(by))
	}
	return out
}

func (c course) length() float64 {
	sum := 0.0
	for i := 1; i < len(c); i++ {
		sum += dist(c[i-1], c[i])
	}
	return sum
}

// where gives the distance along the course of its point nearest to p.
func (c course) where(p pt) float64 {
	best, at, run := math.Inf(1), 0.0, 0.0
	for i := 1; i < len(c); i++ {
		t := math.Max(0, math.Min(1, onSegment(p, c[i-1], c[i])))
		step := dist(c[i-1], c[i])
		if d := dist(p, lerp(c[i-1], c[i], t)); d < best {
			best, at = d, run+t*step
		}
		run += step
	}
	return at
}

// at gives the point at a distance along the course; where a vertex lies within near of it, that vertex.
func (c course) at(along, near float64) pt {
	run := 0.0
	for i := 1; i < len(c); i++ {
		step := dist(c[i-1], c[i])
		if along <= run+step || i == len(c)-1 {
			switch {
			case math.Abs(along-run) < near:
				return c[i-1]
			case math.Abs(along-run-step) < near:
				return c[i]
			}
			return lerp(c[i-1], c[i], (along-run)/step)
		}
		run += step
	}
	return c[len(c)-1]
}

// between is the part of the course from a to b, two points on it, in that direction.
func (c course) between(a, b pt) course {
	from, to := c.where(a), c.where(b)
	if from > to {
		return c.reverse().between(a, b)
	}
	out, run := course{a}, 0.0
	for i := 1; i < len(c); i++ {
		run += dist(c[i-1], c[i])
		if run > from+1e-6 && run < to-1e-6 {
			out = append(out, c[i])
		}
	}
	return append(out, b)
}

func (c course) reverse() course {
	out := make(course, len(c))
	for i, p := range c {
		out[len(c)-1-i] = p
	}
	return out
}

// meet is the first point along c where it crosses d.
func (c course) meet(d course) (pt, bool) {
	for i := 1; i < len(c); i++ {
		for k := 1; k < len(d); k++ {
			t, u, ok := segmentsMeet(c[i-1], c[i], d[k-1], d[k])
			if ok && t >= -1e-9 && t <= 1+1e-9 && u >= -1e-9 && u <= 1+1e-9 {
				return lerp(c[i-1], c[i], t), true
			}
		}
	}
	return pt{}, false
}

// mustMeet is meet for courses that the drawing lays across each other.
func (c course) mustMeet(d course) pt {
	p, ok := c.meet(d)
	if !ok {
		panic(fmt.Sprintf("drawing: %v … %v does not cross %v … %v", c[0], c[len(c)-1], d[0], d[len(d)-1]))
	}
	return p
}

func (c course) distance(p pt) float64 {
	best := math.Inf(1)
	for i := 1; i < len(c); i++ {
		best = math.Min(best, distanceTo(p, c[i-1], c[i]))
	}
	return best
}

// with puts a point that lies on the course among its vertices.
func (c course) with(p pt) course {
	run, at := 0.0, c.where(p)
	for i := 1; i < len(c); i++ {
		run += dist(c[i-1], c[i])
		if at <= run {
			if dist(p, c[i-1]) < 0.01 || dist(p, c[i]) < 0.01 {
				return c
			}
			return append(append(append(course{}, c[:i]...), p), c[i:]...)
		}
	}
	return c
}
