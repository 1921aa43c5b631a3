package fit

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// finder looks for rectangles in one parcel.
type finder struct {
	origin  orb.Point
	corners []orb.Point // from the origin
	next    []int       // the corner at the other end of the side that begins at each
	turned  []orb.Point // the corners as the rectangle at hand sees them
	want    Sides
}

func newFinder(outline [][]orb.Point, want Sides) *finder {
	f := &finder{origin: outline[0][0], want: want}
	for _, ring := range outline {
		first := len(f.corners)
		for i, p := range ring {
			f.corners = append(f.corners, orb.Point{p[0] - f.origin[0], p[1] - f.origin[1]})
			f.next = append(f.next, first+(i+1)%len(ring))
		}
	}
	f.turned = make([]orb.Point, len(f.corners))
	return f
}

// turn gives the corners in the frame of a rectangle with the given centre and angle.
func (f *finder) turn(centre orb.Point, angle float64) {
	sin, cos := math.Sincos(angle)
	for i, p := range f.corners {
		x, y := p[0]-centre[0], p[1]-centre[1]
		f.turned[i] = orb.Point{x*cos + y*sin, y*cos - x*sin}
	}
}

// land tells whether the middle of the frame lies in the parcel.
func (f *finder) land() bool {
	in := false
	for i, p := range f.turned {
		q := f.turned[f.next[i]]
		if (p[1] > 0) != (q[1] > 0) && p[0]-p[1]*(q[0]-p[0])/(q[1]-p[1]) < 0 {
			in = !in
		}
	}
	return in
}

// grow moves the sides of a rectangle out until they meet the outline: first those across x, then those across y or,
// with tall, the other way round. It fails where the middle is not land, or where the outline crosses the middle line.
func (f *finder) grow(r placed, tall bool) (placed, bool) {
	f.turn(r.centre, r.angle)
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
	if !f.land() {
		return r, false
	}
	sin, cos := math.Sincos(r.angle)
	dx, dy := (free[0].from+free[0].to)/2, (free[1].from+free[1].to)/2
	r.centre[0] += dx*cos - dy*sin
	r.centre[1] += dx*sin + dy*cos
	r.x, r.y = (free[0].to-free[0].from)/2, (free[1].to-free[1].from)/2
	r.score = f.want.score(2*r.x, 2*r.y)
	return r, true
}

// free gives how far along an axis, 0 for x and 1 for y, nothing of the outline comes within a span across it.
func (f *finder) free(axis int, across span) (span, bool) {
	out := span{math.Inf(-1), math.Inf(1)}
	for i, p := range f.turned {
		q := f.turned[f.next[i]]
		if p[1-axis] <= across.from && q[1-axis] <= across.from || p[1-axis] >= across.to && q[1-axis] >= across.to {
			continue
		}
		at, ok := between2(p[axis], p[1-axis], q[axis], q[1-axis], across)
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

const (
	levels      = 64
	ownAngles   = 14 // of the parcel's longest sides
	evenAngles  = 24
	alikeRadian = 0.01
)

// seeds gives the best rectangles between levels, of different angles and places, best first.
func (f *finder) seeds() []placed {
	var all []placed
	for _, angle := range f.angles() {
		all = append(all, f.sliced(angle)...)
	}
	slices.SortStableFunc(all, func(a, b placed) int { return cmp.Compare(b.score, a.score) })
	return all
}

// angles lists the ways to look: along the longest sides, and evenly.
func (f *finder) angles() []float64 {
	type way struct{ angle, long float64 }
	var ways []way
	for i, p := range f.corners {
		q := f.corners[f.next[i]]
		dx, dy := q[0]-p[0], q[1]-p[1]
		angle := math.Mod(math.Atan2(dy, dx)+math.Pi, math.Pi/2)
		k := slices.IndexFunc(ways, func(w way) bool { return math.Abs(w.angle-angle) < alikeRadian })
		if k < 0 {
			ways = append(ways, way{angle, math.Hypot(dx, dy)})
		} else {
			ways[k].long += math.Hypot(dx, dy)
		}
	}
	slices.SortStableFunc(ways, func(a, b way) int { return cmp.Compare(b.long, a.long) })
	var out []float64
	for _, w := range ways[:min(ownAngles, len(ways))] {
		out = append(out, w.angle)
	}
	for i := range evenAngles {
		out = append(out, (float64(i)+0.5)*math.Pi/2/evenAngles)
	}
	return out
}

// sliced gives the best rectangles at one angle whose lower and upper sides are levels: the best of all, and the best
// that begins in another quarter of the levels.
func (f *finder) sliced(angle float64) []placed {
	f.turn(orb.Point{}, angle)
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range f.turned {
		low, high = min(low, p[1]), max(high, p[1])
	}
	tall := (high - low) / levels
	var free [levels][]span
	for i := range free {
		free[i] = f.level(span{low + float64(i)*tall, low + float64(i+1)*tall})
	}
	var best [4]placed
	for i := range free {
		best[i*4/levels] = f.from(free[:], i, low, tall, best[i*4/levels])
	}
	sin, cos := math.Sincos(angle)
	var out []placed
	for _, b := range best {
		if b.x <= 0 {
			continue
		}
		c := b.centre
		b.centre, b.angle = orb.Point{c[0]*cos - c[1]*sin, c[0]*sin + c[1]*cos}, angle
		out = append(out, b)
	}
	slices.SortStableFunc(out, func(a, b placed) int { return cmp.Compare(b.score, a.score) })
	return out[:min(2, len(out))]
}

// from looks for a better rectangle that begins at level i.
func (f *finder) from(free [][]span, i int, low, tall float64, best placed) placed {
	open := slices.Clone(free[i])
	for j := i; j < len(free) && len(open) > 0; j++ {
		if j > i {
			open = common(open, free[j])
		}
		var widest float64
		for _, s := range open {
			widest = max(widest, s.to-s.from)
		}
		if best.score > 0 && widest*float64(len(free)-i)*tall <= best.score {
			break
		}
		high := float64(j-i+1) * tall
		for _, s := range open {
			if score := f.want.score(s.to-s.from, high); best.x <= 0 || score > best.score {
				best = placed{centre: orb.Point{(s.from + s.to) / 2, low + float64(i)*tall + high/2},
					x: (s.to - s.from) / 2, y: high / 2, score: score}
			}
		}
	}
	return best
}

// level lists what is land over the whole of a level.
func (f *finder) level(across span) []span {
	type block struct {
		span
		crosses bool
	}
	var blocks []block
	middle := (across.from + across.to) / 2
	for i, p := range f.turned {
		q := f.turned[f.next[i]]
		if at, ok := between2(p[0], p[1], q[0], q[1], across); ok {
			blocks = append(blocks, block{at, (p[1] > middle) != (q[1] > middle)})
		}
	}
	slices.SortFunc(blocks, func(a, b block) int { return cmp.Compare(a.from, b.from) })
	var out []span
	in, reach := false, math.Inf(-1)
	for _, b := range blocks {
		if in && b.from > reach {
			out = append(out, span{reach, b.from})
		}
		reach = max(reach, b.to)
		in = in != b.crosses
	}
	return out
}

// common lists what two lists of spans, each in order, have in common.
func common(a, b []span) []span {
	var out []span
	for len(a) > 0 && len(b) > 0 {
		if s := (span{max(a[0].from, b[0].from), min(a[0].to, b[0].to)}); s.to > s.from {
			out = append(out, s)
		}
		if a[0].to < b[0].to {
			a = a[1:]
		} else {
			b = b[1:]
		}
	}
	return out
}
