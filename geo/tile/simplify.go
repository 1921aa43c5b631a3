package tile

import "slices"

// An outline with many vertices a pixel is simplified by shared edges:
//
//  1. Dense outlines wait until all shapes have come.
//  2. A vertex is kept where outlines through it come from or go to different places, where one that isn't dense has
//     it, and around the edges of the tile, which the next tile sees too.
//  3. What lies between two kept vertices is the same stretch for both neighbours. It is walked from the same end
//     whichever way an outline runs, and simplified to an eighth of a pixel (D. H. Douglas and T. K. Peucker,
//     "Algorithms for the Reduction of the Number of Points Required to Represent a Digitized Line", 1973).
//  4. Where that takes more than a 400th of either neighbour, it is done again to half of that, and so on.
//
// So both neighbours keep the same vertices. A stretch of one outline alone moves by a unit at most: beside it
// there may be a neighbour that has other vertices.
type simplifier struct {
	on       bool    // there are units enough in a pixel
	off      float64 // how far an outline may move, in units
	sparse   []vertex
	forms    []laid // that are not dense either
	features []dense
	tags     []byte
	vertices []vertex
	rings    []denseRing
	places   []place // open addressing by vertex
	keep     []bool
	stack    []stretch
	kept     []vertex
}

const (
	densePx      = 1   // an outline is dense where its vertices are closer than this on average, in pixels
	denseLeast   = 24  // and there are so many
	offParts     = 8   // of a pixel, that outlines may move
	alone        = 1   // unit, that outlines without a neighbour may move
	leastSimpler = 64  // units that a pixel has at least
	areaParts    = 400 // of a shape, that a stretch of its outline may take or give
)

// dense is a feature that waits: where its tags and rings end.
type dense struct {
	tags, rings int
	class       int32
	settles     bool    // whether merged shapes of the class settle its area
	area        float64 // off the grid
}

// denseRing is where in vertices a ring ends, and which way it runs.
type denseRing struct {
	end       int
	backwards bool
}

// place is a vertex of dense outlines, with its neighbours along the first of them in the order of their
// coordinates.
type place struct {
	at, before, after vertex
	fixed             bool
	owners            int32   // 0: nothing is here
	area              float64 // of the smaller owner
}

// stretch is a part of an outline, both ends included.
type stretch struct{ first, last int }

func (s *simplifier) reset(pixel float64) {
	s.on, s.off = pixel >= leastSimpler, pixel/offParts
	clear(s.forms)
	s.sparse, s.forms, s.features, s.tags = s.sparse[:0], s.forms[:0], s.features[:0], s.tags[:0]
	s.vertices, s.rings = s.vertices[:0], s.rings[:0]
}

// ring takes a ring that waits.
func (s *simplifier) ring(ring []vertex, backwards bool) {
	s.vertices = append(s.vertices, ring...)
	s.rings = append(s.rings, denseRing{len(s.vertices), backwards})
}

// feature ends a feature of the rings since the last one.
func (s *simplifier) feature(tags []byte, f dense) {
	s.tags = append(s.tags, tags...)
	f.tags, f.rings = len(s.tags), len(s.rings)
	s.features = append(s.features, f)
}

// drawing draws a feature: its tags, and what goes through its rings and tells which ones run backwards.
type drawing func(f dense, tags []byte, rings func(func([]vertex, bool)))

// rest draws each feature, its rings simplified.
func (s *simplifier) rest(extent, buffer int32, draw drawing) {
	if len(s.features) == 0 {
		return
	}
	s.meet(extent, buffer)
	tags, rings := 0, 0
	for _, f := range s.features {
		draw(f, s.tags[tags:f.tags], func(to func([]vertex, bool)) {
			for i := rings; i < f.rings; i++ {
				to(s.simpler(s.nth(i)), s.rings[i].backwards)
			}
		})
		tags, rings = f.tags, f.rings
	}
}

func (s *simplifier) nth(i int) []vertex {
	start := 0
	if i > 0 {
		start = s.rings[i-1].end
	}
	return s.vertices[start:s.rings[i].end]
}

// meet finds the vertices that are kept.
func (s *simplifier) meet(extent, buffer int32) {
	size := 1 << 8
	for size < 2*len(s.vertices) {
		size *= 2
	}
	s.places = slices.Grow(s.places[:0], size)[:size]
	clear(s.places)
	first := 0
	for _, f := range s.features {
		for i := first; i < f.rings; i++ {
			s.visit(s.nth(i), f.area, extent, buffer)
		}
		first = f.rings
	}
	fix := func(v vertex) {
		if p := s.find(v); p.owners > 0 {
			p.fixed = true
		}
	}
	for _, v := range s.sparse {
		fix(v)
	}
	for _, l := range s.forms {
		l.vertices(fix)
	}
}

// visit puts the vertices of a ring, of a shape of an area, into places.
func (s *simplifier) visit(ring []vertex, area float64, extent, buffer int32) {
	before := ring[len(ring)-1]
	for k, v := range ring {
		after := ring[(k+1)%len(ring)]
		a, b := before, after
		if less(b, a) {
			a, b = b, a
		}
		before = v
		p := s.find(v)
		if p.owners == 0 {
			*p = place{at: v, before: a, after: b, area: area}
			p.fixed = atEdge(v.x, extent, buffer) || atEdge(v.y, extent, buffer)
		} else if p.before != a || p.after != b {
			p.fixed = true
		}
		p.owners++
		p.area = min(p.area, area)
	}
}

func less(a, b vertex) bool { return a.x < b.x || a.x == b.x && a.y < b.y }

func atEdge(x, extent, buffer int32) bool { return x <= buffer || x >= extent-buffer }

// find returns the place of a vertex, or where it belongs.
func (s *simplifier) find(v vertex) *place {
	mask := uint64(len(s.places) - 1)
	h := (uint64(uint32(v.x))<<32 | uint64(uint32(v.y))) * 0x9E3779B97F4A7C15
	for i := h >> 32 & mask; ; i = (i + 1) & mask {
		if p := &s.places[i]; p.owners == 0 || p.at == v {
			return p
		}
	}
}

// simpler returns a ring without the vertices that it can do without; it is good until the next call.
func (s *simplifier) simpler(ring []vertex) []vertex {
	n := len(ring)
	first := slices.IndexFunc(ring, func(v vertex) bool { return s.find(v).fixed })
	if first < 0 { // an island: it begins at its smallest vertex, for the parcel around it too
		first = 0
		for i, v := range ring {
			if less(v, ring[first]) {
				first = i
			}
		}
	}
	s.keep = slices.Grow(s.keep[:0], n)[:n]
	clear(s.keep)
	s.keep[first] = true
	last := first
	for k := first + 1; k <= first+n; k++ {
		if k == first+n || s.find(ring[k%n]).fixed {
			s.keep[k%n] = true
			s.between(ring, last, k)
			last = k
		}
	}
	s.kept = s.kept[:0]
	for i, v := range ring {
		if s.keep[i] {
			s.kept = append(s.kept, v)
		}
	}
	if len(s.kept) < 3 || (twiceArea(s.kept) > 0) != (twiceArea(ring) > 0) || twiceArea(s.kept) == 0 {
		return ring
	}
	return s.kept
}

// between marks what is kept of the stretch from one vertex to another, whose numbers run on over the end of the
// ring.
func (s *simplifier) between(ring []vertex, first, last int) {
	if last-first < 2 {
		return
	}
	n := len(ring)
	p := s.find(ring[(first+1)%n])
	off := s.off
	if p.owners < 2 {
		off = alone
	}
	for ; off >= alone; off /= 2 {
		s.mark(ring, first, last, off)
		if s.lost(ring, first, last) <= p.area/areaParts {
			return
		}
		for i := first + 1; i < last; i++ {
			s.keep[i%n] = false
		}
	}
	for i := first + 1; i < last; i++ {
		s.keep[i%n] = true
	}
}

// lost is how much area there is between a stretch and what is kept of it.
func (s *simplifier) lost(ring []vertex, first, last int) float64 {
	n := len(ring)
	base, before, kept := ring[first%n], ring[first%n], ring[first%n]
	var twice int64
	for i := first + 1; i <= last; i++ {
		v := ring[i%n]
		twice += cross(base, before, v)
		before = v
		if s.keep[i%n] {
			twice -= cross(base, kept, v)
			kept = v
		}
	}
	return float64(abs(twice)) / 2
}

// mark keeps the vertices of a stretch that are more than off from what is kept without them.
func (s *simplifier) mark(ring []vertex, first, last int, off float64) {
	n := len(ring)
	at := func(i int) vertex { return ring[i%n] }
	a, b := at(first), at(last)
	if a == b { // all around: which way doesn't depend on how the ring runs either
		a, b = at(first+1), at(last-1)
	}
	forwards := less(a, b)
	s.stack = append(s.stack[:0], stretch{first, last})
	for len(s.stack) > 0 {
		now := s.stack[len(s.stack)-1]
		s.stack = s.stack[:len(s.stack)-1]
		far, most := -1, off
		for k := 1; k < now.last-now.first; k++ {
			i := now.first + k
			if !forwards {
				i = now.last - k
			}
			if d := offLine(at(now.first), at(now.last), at(i)); d > most {
				far, most = i, d
			}
		}
		if far >= 0 {
			s.keep[far%n] = true
			s.stack = append(s.stack, stretch{now.first, far}, stretch{far, now.last})
		}
	}
}
