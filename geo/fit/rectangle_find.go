package fit

import (
	"math"

	"github.com/paulmach/orb"
)

// finder looks for rectangles in one parcel.
type finder struct {
	origin  orb.Point
	corners []orb.Point // from the origin, ring by ring, the first of each ring again at its end
	turned  []orb.Point // the corners as the rectangle at hand sees them
	ends    []int       // where each ring ends among the corners
	want    Sides
	areaM2  float64 // of the parcel: no rectangle has more
	slicer  slicer
}

func newFinder(outline [][]orb.Point, want Sides) *finder {
	f := &finder{origin: outline[0][0], want: want}
	twice := 0.0
	for _, ring := range outline {
		for i := range len(ring) + 1 {
			p := ring[i%len(ring)]
			f.corners = append(f.corners, orb.Point{p[0] - f.origin[0], p[1] - f.origin[1]})
			if last := len(f.corners) - 1; i > 0 { // holes are wound the other way
				p, q := f.corners[last-1], f.corners[last]
				twice += p[0]*q[1] - q[0]*p[1]
			}
		}
		f.ends = append(f.ends, len(f.corners))
	}
	f.areaM2, f.turned = math.Abs(twice)/2, make([]orb.Point, len(f.corners))
	return f
}

// turn gives the corners in the frame of a rectangle with the given centre and angle.
func (f *finder) turn(centre orb.Point, sin, cos float64) {
	turned := f.turned[:len(f.corners)]
	for i, p := range f.corners {
		x, y := p[0]-centre[0], p[1]-centre[1]
		turned[i] = orb.Point{x*cos + y*sin, y*cos - x*sin}
	}
}

// land tells whether the middle of the frame lies in the parcel.
func (f *finder) land() bool {
	in, first := false, 0
	for _, end := range f.ends {
		p := f.turned[first]
		for _, q := range f.turned[first+1 : end] {
			if (p[1] > 0) != (q[1] > 0) && p[0]-p[1]*(q[0]-p[0])/(q[1]-p[1]) < 0 {
				in = !in
			}
			p = q
		}
		first = end
	}
	return in
}

// grow moves the sides of a rectangle out until they meet the outline: first those across x, then those across y or,
// with tall, the other way round. It fails where that gives no better score than least, where the middle is not land,
// or where the outline crosses the middle line.
func (f *finder) grow(r placed, tall bool, least float64) (placed, bool) {
	sin, cos := math.Sincos(r.angle)
	f.turn(r.centre, sin, cos)
	first, second := 0, 1
	half := r.y
	if tall {
		first, second, half = 1, 0, r.x
	}
	var free [2]span
	var ok bool
	if free[first], ok = f.free(first, span{-half, half}); !ok {
		return r, false
	}
	if free[second], ok = f.free(second, free[first]); !ok {
		return r, false
	}
	x, y := free[0].to-free[0].from, free[1].to-free[1].from
	if r.score = f.want.score(x, y); r.score <= least || !f.land() {
		return r, false
	}
	dx, dy := (free[0].from+free[0].to)/2, (free[1].from+free[1].to)/2
	r.centre[0] += dx*cos - dy*sin
	r.centre[1] += dx*sin + dy*cos
	r.x, r.y = x/2, y/2
	return r, true
}

// free gives how far along an axis, 0 for x and 1 for y, nothing of the outline comes within a span across it.
func (f *finder) free(axis int, across span) (span, bool) {
	out := span{math.Inf(-1), math.Inf(1)}
	first := 0
	for _, end := range f.ends {
		p := f.turned[first]
		for _, q := range f.turned[first+1 : end] {
			a, b := p, q
			p = q
			if a[1-axis] <= across.from && b[1-axis] <= across.from ||
				a[1-axis] >= across.to && b[1-axis] >= across.to {
				continue
			}
			if max(a[axis], b[axis]) <= out.from || min(a[axis], b[axis]) >= out.to { // behind another side
				continue
			}
			at, ok := between2(a[axis], a[1-axis], b[axis], b[1-axis], across)
			switch {
			case !ok:
			case at.from < 0 && at.to > 0:
				return out, false
			case at.to <= 0:
				out.from = max(out.from, at.to)
			default:
				out.to = min(out.to, at.from)
			}
		}
		first = end
	}
	return out, out.to > out.from && !math.IsInf(out.to-out.from, 0)
}

// between2 gives from where to where a side runs, of x, while its y is strictly within a span.
func between2(x0, y0, x1, y1 float64, across span) (span, bool) {
	if y0 > y1 {
		x0, y0, x1, y1 = x1, y1, x0, y0
	}
	if y1 <= across.from || y0 >= across.to {
		return span{}, false
	}
	a, b := x0, x1
	if y0 < across.from {
		a = x0 + (x1-x0)*((across.from-y0)/(y1-y0))
	}
	if y1 > across.to {
		b = x0 + (x1-x0)*((across.to-y0)/(y1-y0))
	}
	return span{min(a, b), max(a, b)}, true
}
