package tile

import (
	"cmp"
	"slices"
)

// box is a rectangle in a tile, in units.
type box struct{ min, max point }

// half is what lies on one side of a line: of the places that are at least (upper) or at most "at" east (vertical)
// or south of the tile's corner.
type half struct {
	at       float64
	vertical bool
	upper    bool
}

func (h half) holds(p point) bool {
	v := p.y
	if h.vertical {
		v = p.x
	}
	if h.upper {
		return v >= h.at
	}
	return v <= h.at
}

// meets is where the line crosses the stretch between two places, the same for p, q and q, p.
func (h half) meets(p, q point) point {
	if q.x < p.x || q.x == p.x && q.y < p.y {
		p, q = q, p
	}
	if h.vertical {
		return point{h.at, p.y + float64((h.at-p.x)/(q.x-p.x)*(q.y-p.y))}
	}
	return point{p.x + float64((h.at-p.y)/(q.y-p.y)*(q.x-p.x)), h.at}
}

// clipRing appends what of a ring lies in h (I. E. Sutherland and G. W. Hodgman, "Reentrant Polygon Clipping",
// 1974). Parts that fall apart stay joined along the line, which changes no area.
func (h half) clipRing(dst, ring []point) []point {
	if len(ring) == 0 {
		return dst
	}
	last := ring[len(ring)-1]
	was := h.holds(last)
	for _, p := range ring {
		is := h.holds(p)
		if is != was {
			dst = append(dst, h.meets(last, p))
		}
		if is {
			dst = append(dst, p)
		}
		last, was = p, is
	}
	return dst
}

func (b box) sides() [4]half {
	return [4]half{{b.min.x, true, true}, {b.max.x, true, false}, {b.min.y, false, true}, {b.max.y, false, false}}
}

func (b box) holds(min, max point) bool {
	return min.x >= b.min.x && min.y >= b.min.y && max.x <= b.max.x && max.y <= b.max.y
}

func (b box) misses(min, max point) bool {
	return max.x < b.min.x || max.y < b.min.y || min.x > b.max.x || min.y > b.max.y
}

// clipper cuts the rings of a polygon, whose outer ring runs one way and whose holes run the other. It keeps its
// memory.
//
// One side after the other:
//
//  1. Each ring falls into chains of vertices within the side, each with the places along it where it comes in and
//     goes out. A vertex on the side counts as outside.
//  2. Along the side, the ground begins and ends by turns. So the k-th way out, in their order along the side, is
//     joined to the k-th way in, and the joined chains are the rings that remain: valid ones where the polygon was.
type clipper struct {
	now, next rings
	points    []point // of chains
	chains    []chain

	byIn, byOut []int // the chains by where they come in and go out
	rank        []int // of each chain in byOut
}

// rings are closed, without a repeated last vertex.
type rings struct {
	at   []point
	ends []int
}

func (r *rings) reset() { r.at, r.ends = r.at[:0], r.ends[:0] }

func (r *rings) close() { r.ends = append(r.ends, len(r.at)) }

func (r *rings) nth(i int) []point {
	start := 0
	if i > 0 {
		start = r.ends[i-1]
	}
	return r.at[start:r.ends[i]]
}

// chain is points from start, below end, that lie within a side but for the first and the last one, which lie on
// it.
type chain struct {
	start, end int
	in, out    float64 // along the side
	done       bool
}

// reset empties the clipper for a polygon.
func (c *clipper) reset() { c.now.reset() }

// add adds a ring to the polygon, turned round where backwards.
func (c *clipper) add(ring []point, backwards bool) {
	start := len(c.now.at)
	c.now.at = append(c.now.at, ring...)
	if backwards {
		slices.Reverse(c.now.at[start:])
	}
	if n := len(c.now.at) - 1; n > start && c.now.at[n] == c.now.at[start] {
		c.now.at = c.now.at[:n]
	}
	c.now.close()
}

// cut leaves what of the polygon lies in b.
func (c *clipper) cut(b box) {
	for _, h := range b.sides() {
		c.half(h)
	}
}

// within reports whether a place lies on the inner side of h and not on it.
func (h half) within(p point) bool {
	v := p.y
	if h.vertical {
		v = p.x
	}
	if h.upper {
		return v > h.at
	}
	return v < h.at
}

func (h half) along(p point) float64 {
	if h.vertical {
		return p.y
	}
	return p.x
}

// half leaves what of the polygon lies within h.
func (c *clipper) half(h half) {
	c.next.reset()
	c.points, c.chains = c.points[:0], c.chains[:0]
	for i := range c.now.ends {
		c.split(c.now.nth(i), h)
	}
	c.join()
	c.now, c.next = c.next, c.now
}

// split puts a ring that lies within h into next, and of another one its chains into chains.
func (c *clipper) split(ring []point, h half) {
	first := slices.IndexFunc(ring, func(p point) bool { return !h.within(p) })
	if first < 0 {
		c.next.at = append(c.next.at, ring...)
		c.next.close()
		return
	}
	last, was := ring[first], false
	for k := 1; k <= len(ring); k++ { // from a vertex outside once around, back to it
		p := ring[(first+k)%len(ring)]
		is := h.within(p)
		if is && !was {
			at := h.meets(last, p)
			c.chains = append(c.chains, chain{start: len(c.points), in: h.along(at)})
			c.points = append(c.points, at)
		}
		if is {
			c.points = append(c.points, p)
		}
		if was && !is {
			at := h.meets(last, p)
			c.points = append(c.points, at)
			now := &c.chains[len(c.chains)-1]
			now.end, now.out = len(c.points), h.along(at)
		}
		last, was = p, is
	}
}

// join makes rings of the chains.
func (c *clipper) join() {
	c.byIn, c.byOut, c.rank = c.byIn[:0], c.byOut[:0], c.rank[:0]
	for i := range c.chains {
		c.byIn, c.byOut, c.rank = append(c.byIn, i), append(c.byOut, i), append(c.rank, 0)
	}
	slices.SortStableFunc(c.byIn, func(i, j int) int { return cmp.Compare(c.chains[i].in, c.chains[j].in) })
	slices.SortStableFunc(c.byOut, func(i, j int) int { return cmp.Compare(c.chains[i].out, c.chains[j].out) })
	for rank, i := range c.byOut {
		c.rank[i] = rank
	}
	for first := range c.chains {
		if c.chains[first].done {
			continue
		}
		for i := first; !c.chains[i].done; i = c.byIn[c.rank[i]] {
			c.chains[i].done = true
			c.next.at = append(c.next.at, c.points[c.chains[i].start:c.chains[i].end]...)
		}
		c.next.close()
	}
}

// stretch returns what of the line from p to q lies in b, and false where nothing does.
func (b box) stretch(p, q point) (from, to point, some bool) {
	for _, h := range b.sides() {
		in, out := h.holds(p), h.holds(q)
		switch {
		case !in && !out:
			return p, q, false
		case !in:
			p = h.meets(p, q)
		case !out:
			q = h.meets(p, q)
		}
	}
	return p, q, true
}
