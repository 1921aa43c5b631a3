package carve

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"luodi/geo/fit"
	"luodi/geo/lot"
)

// sketch is a lot before it is cut: what of the parcel lies in a window along the road, down to a back line that runs
// along it.
type sketch struct {
	*frame
	mode    int     // what the area decides
	x0, x1  float64 // the window's sides, -Inf and Inf where it goes to the parcel's own
	y0      float64 // nothing in front of it is the lot's
	rank    int     // how many better there are for the place
	promise float64 // the compactness of a rectangle of its sides, against a square's
}

// The dimension that the area determines: a lot's depth or, of a lot through to the far side, its width.
const (
	deep = iota
	wideFromStart
	wideFromEnd
)

// frame sees a parcel from a window: x along the road from where the window begins, y along its sides into the land.
type frame struct {
	origin orb.Point
	u, v   orb.Point
	det    float64
	rings  [][]orb.Point
	box    orb.Bound
}

func newFrame(origin, u, v orb.Point) *frame {
	return &frame{origin: origin, u: u, v: v, det: u[0]*v[1] - u[1]*v[0]}
}

// look sees the parcel, when it comes to cutting.
func (f *frame) look(outline [][]orb.Point) {
	f.box = orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}
	for _, ring := range outline {
		seen := make([]orb.Point, len(ring))
		for i, p := range ring {
			seen[i] = f.see(p)
			f.box = f.box.Extend(seen[i])
		}
		f.rings = append(f.rings, seen)
	}
}

func (f *frame) see(p orb.Point) orb.Point {
	x, y := p[0]-f.origin[0], p[1]-f.origin[1]
	return orb.Point{(x*f.v[1] - y*f.v[0]) / f.det, (y*f.u[0] - x*f.u[1]) / f.det}
}

func (f *frame) place(x, y float64) orb.Point {
	return orb.Point{f.origin[0] + x*f.u[0] + y*f.v[0], f.origin[1] + x*f.u[1] + y*f.v[1]}
}

// clip keeps what of the rings lies between a and b along an axis (Sutherland–Hodgman). Areas come out right, holes
// taken off, though pieces may hang together by lines.
func clip(rings [][]orb.Point, axis int, a, b float64) [][]orb.Point {
	var out [][]orb.Point
	for _, ring := range rings {
		for _, bound := range [2]struct{ at, sign float64 }{{a, 1}, {b, -1}} {
			if !math.IsInf(bound.at, 0) {
				ring = clipTo(ring, axis, bound.at, bound.sign)
			}
		}
		if len(ring) > 2 {
			out = append(out, ring)
		}
	}
	return out
}

func clipTo(ring []orb.Point, axis int, at, sign float64) []orb.Point {
	out := make([]orb.Point, 0, len(ring)+4)
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		h, k := sign*(p[axis]-at), sign*(q[axis]-at)
		if h >= 0 {
			out = append(out, p)
		}
		if h > 0 && k < 0 || h < 0 && k > 0 {
			out = append(out, lot.Along(p, q, h/(h-k)))
		}
	}
	return out
}

// beyond is the area of rings, as a frame sees them, above at along an axis.
func beyond(rings [][]orb.Point, axis int, at float64) float64 {
	var sum float64
	for _, ring := range rings {
		for i, p := range ring {
			q := ring[(i+1)%len(ring)]
			sum += lot.Wedge(q[1-axis]-p[1-axis], p[axis]-at, q[axis]-at)
		}
	}
	if axis == 1 {
		return -sum
	}
	return sum
}

// edge finds where the lot ends along the axis that the area decides; nowhere where the window hasn't the area.
func (s *sketch) edge(areaM2 float64) (float64, bool) {
	axis, low, high := 1, s.box.Min[1], s.box.Max[1]
	rings := s.rings
	if s.mode == deep {
		rings = clip(clip(rings, 0, s.x0, s.x1), 1, s.y0, math.Inf(1))
	} else {
		axis, low, high = 0, s.box.Min[0], s.box.Max[0]
	}
	total, target := beyond(rings, axis, low), areaM2/s.det
	if !(target > 0 && target < total) {
		return 0, false
	}
	if s.mode != wideFromEnd {
		target = total - target
	}
	at := lot.Bisect(low, high, target, 1e-9, func(at float64) float64 { return beyond(rings, axis, at) })
	return at, s.mode != deep || at > 0
}

// line finds the line that cuts the area off, the lot on its left; none where the window hasn't the area.
func (s *sketch) line(areaM2 float64) ([]orb.Point, bool) {
	at, ok := s.edge(areaM2)
	if !ok {
		return nil, false
	}
	before, after := s.box.Min[1]-1, s.box.Max[1]+1
	switch s.mode {
	case wideFromStart:
		return []orb.Point{s.place(at, before), s.place(at, after)}, true
	case wideFromEnd:
		return []orb.Point{s.place(at, after), s.place(at, before)}, true
	}
	out := []orb.Point{s.place(s.x1, 0), s.place(s.x1, at), s.place(s.x0, at), s.place(s.x0, 0)}
	if math.IsInf(s.x1, 1) {
		out = append([]orb.Point{s.place(s.box.Max[0]+1, at)}, out[2:]...)
	}
	if math.IsInf(s.x0, -1) {
		out = append(out[:len(out)-2], s.place(s.box.Min[0]-1, at))
	}
	return out, true
}

const meets = 5 // cuts, at most, until the area is met

// cut cuts a sketch, and moves its line until the area is met.
func (c *lots) cut(s sketch) {
	if s.rings == nil {
		s.look(c.outline)
	}
	aim := c.want.AreaM2
	for range meets {
		line, ok := s.line(aim)
		if !ok {
			return
		}
		c.work(cutWork)
		got, err := c.cutter.Off(line)
		if err != nil {
			return
		}
		off := c.want.AreaM2 - got.AreaM2(0)
		if math.Abs(off) <= lot.MeetM2 {
			c.consider(got)
			return
		}
		if math.Abs(off) > c.want.AreaM2/4 {
			return // the window holds other land too
		}
		aim += off
	}
}

const (
	mostStretches = 8
	proportions   = 4
	between5      = 5 // places between the ends of a stretch
	leastDepth    = 0.4
	mostDepth     = 3.0
)

// sketches lists lots to try: for each place the best first, and the first of all places before the second of any.
func (c *lots) sketches() []sketch {
	var out []sketch
	for _, stretch := range c.fronting.Stretches[:min(mostStretches, len(c.fronting.Stretches))] {
		if stretch.LengthM < c.want.LeastFrontageM || stretch.Ring != 0 &&
			stretch.Line[0] == stretch.Line[len(stretch.Line)-1] {
			continue
		}
		for i := range between5 + 2 {
			found := c.at(stretch, float64(i)/(between5+1))
			slices.SortStableFunc(found, func(a, b sketch) int { return cmp.Compare(b.promise, a.promise) })
			for rank := range found {
				found[rank].rank = rank
			}
			out = append(out, found...)
		}
	}
	slices.SortStableFunc(out, func(a, b sketch) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank),
			cmp.Compare(b.promise, a.promise))
	})
	return out
}

// widths lists how wide lots of the area may be, in proportions from the least to the most depth.
func (c *lots) widths() []float64 {
	low, high := c.want.LeastDepth, c.want.MostDepth
	if high == 0 {
		high = max(mostDepth, low)
	}
	if low == 0 {
		low = min(leastDepth, high)
	}
	// Not quite the bounds themselves, which a road that bends would carry a lot over.
	low, high = low*1.03, high*0.97
	if low > high {
		low = math.Sqrt(low * high)
		high = low
	}
	var out []float64
	for i := range proportions {
		ratio := low * math.Pow(high/low, float64(i)/(proportions-1))
		wide := max(math.Sqrt(c.want.AreaM2/ratio), c.want.LeastFrontageM*1.001)
		if c.want.AreaM2/(wide*wide) >= low*0.9 && !slices.ContainsFunc(out,
			func(x float64) bool { return math.Abs(x-wide) < wide/100 }) {
			out = append(out, wide)
		}
	}
	return out
}

// at sketches lots at a place along a stretch, 0 its beginning and 1 its end.
func (c *lots) at(stretch fit.Stretch, where float64) []sketch {
	var out []sketch
	for i, wide := range c.widths() {
		wide := min(wide, stretch.LengthM)
		from := (stretch.LengthM - wide) * where
		if wide == stretch.LengthM && where > 0 {
			continue
		}
		a, b := lot.At(stretch.Line, from), lot.At(stretch.Line, from+wide)
		if lot.Apart(a, b) < wide/4 {
			continue // the road turns back on itself
		}
		u := lot.Unit(a, b)
		for _, v := range c.ways(u, 1) {
			s := c.window(stretch, from, wide, u, v, deep)
			s.promise = squareness(c.want.AreaM2, wide)
			out = append(out, s)
			if i == 0 && (where == 0 || where == 1) {
				s.mode = wideFromStart
				if where == 1 {
					s.mode = wideFromEnd
				}
				out = append(out, s)
			}
		}
	}
	return out
}

// window is the sketch of a lot from a place along a stretch, so wide, with sides that run along v. At an end of the
// stretch it reaches to the parcel's own side.
func (c *lots) window(stretch fit.Stretch, from, wide float64, u, v orb.Point, mode int) sketch {
	const end = 1e-9
	a, b := lot.At(stretch.Line, from), lot.At(stretch.Line, from+wide)
	s := sketch{frame: newFrame(a, u, v), x1: lot.Apart(a, b), y0: -1, mode: mode}
	for _, p := range stretch.Line {
		if q := s.see(p); q[0] >= 0 && q[0] <= s.x1 {
			s.y0 = min(s.y0, q[1]-1)
		}
	}
	if from <= end {
		s.x0, s.y0 = math.Inf(-1), math.Inf(-1)
	}
	if from+wide >= stretch.LengthM-end {
		s.x1, s.y0 = math.Inf(1), math.Inf(-1)
	}
	return s
}

// squareness is the compactness of a rectangle against that of a square.
func squareness(areaM2, wide float64) float64 {
	long := areaM2 / wide
	return 4 * areaM2 / ((long + wide) * (long + wide))
}

// ways lists how a lot's sides may run from a road: square to it, and along the parcel's own long sides that are nearly
// so, at most as many as more.
func (c *lots) ways(u orb.Point, more int) []orb.Point {
	const (
		least   = 0.01 // radians from square
		mostOff = 30
	)
	out := []orb.Point{{-u[1], u[0]}}
	var long [2*mostOff + 1]float64 // by how far from square, in fiftieths of a radian
	var way [2*mostOff + 1]orb.Point
	for _, s := range c.sides {
		t := s.way
		if u[0]*t[1]-u[1]*t[0] < 0 {
			t = orb.Point{-t[0], -t[1]}
		}
		off := math.Asin(max(-1, min(1, u[0]*t[0]+u[1]*t[1])))
		k := int(math.Round(off*50)) + mostOff
		if math.Abs(off) < least || k < 0 || k > 2*mostOff {
			continue
		}
		long[k] += s.longM
		way[k] = t
	}
	for range more {
		best := 0
		for k, m := range long {
			if m > long[best] {
				best = k
			}
		}
		if long[best] <= math.Sqrt(c.want.AreaM2)/2 {
			break
		}
		out, long[best] = append(out, way[best]), 0
	}
	return out
}
