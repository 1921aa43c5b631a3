package tile

// box is a rectangle in a tile, in units.
type box struct{ min, max point }

// half is what lies on one side of a line: of the places that are at least (upper) or at most "at" east (vertical) or
// south of the tile's corner.
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

// clipRing appends what of a ring lies in h (I. E. Sutherland and G. W. Hodgman, "Reentrant Polygon Clipping", 1974).
// Parts that fall apart stay joined along the line, which changes no area.
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

// clipper holds the memory of clipping.
type clipper struct{ one, two []point }

// ring returns what of a ring lies in b; it is good until the next call.
func (c *clipper) ring(ring []point, b box) []point {
	for _, h := range b.sides() {
		c.one, c.two = h.clipRing(c.two[:0], ring), c.one
		ring = c.one
	}
	return ring
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
