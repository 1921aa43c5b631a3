package tile

// polygon draws the polygon of the rings from first, below end, none of which leaves the tile and its buffer. It returns
// twice the area that is drawn.
func (w *Writer) polygon(first, end int) (twice int64) {
	for i := first; i < end; i++ {
		w.ring = gridded(w.ring[:0], w.shape.ring(i))
		if len(w.ring) == 0 {
			if i == first {
				return 0
			}
			continue
		}
		area := twiceArea(w.ring)
		w.outline(w.ring, (area > 0) != (i == first))
		if (area > 0) != (i == first) {
			area = -area
		}
		twice += area
	}
	return twice
}

// cutPolygon draws what of the polygon of the rings from first, below end, lies in the tile and its buffer: as many
// polygons as it falls into.
func (w *Writer) cutPolygon(first, end int) {
	w.clip.reset()
	for i := first; i < end; i++ {
		w.clip.add(w.shape.ring(i), (w.ringAreas[i] > 0) != (i == first))
	}
	w.clip.cut(w.buffered)
	w.ring, w.ends = w.ring[:0], w.ends[:0]
	outlines := 0
	for i := range w.clip.now.ends {
		start := len(w.ring)
		w.ring = gridded(w.ring, w.clip.now.nth(i))
		if len(w.ring) == start {
			continue
		}
		w.ends = append(w.ends, len(w.ring))
		if twiceArea(w.ring[start:]) > 0 {
			outlines++
		}
	}
	for i := range w.ends {
		outline := w.nth(i)
		if twiceArea(outline) < 0 {
			continue
		}
		w.outline(outline, false)
		for k := range w.ends {
			if hole := w.nth(k); twiceArea(hole) < 0 && (outlines == 1 || holds(outline, hole)) {
				w.outline(hole, false)
			}
		}
	}
}

// nth is the i-th of the rings in ring.
func (w *Writer) nth(i int) []vertex {
	start := 0
	if i > 0 {
		start = w.ends[i-1]
	}
	return w.ring[start:w.ends[i]]
}

// holds reports whether a hole lies in an outline: whether its first vertex that isn't on it does.
func holds(outline, hole []vertex) bool {
	for _, v := range hole {
		if in, on := contains(outline, v); !on {
			return in
		}
	}
	return true
}

// contains reports whether a vertex lies in a ring, and whether it lies on it.
func contains(ring []vertex, v vertex) (in, on bool) {
	a := ring[len(ring)-1]
	for _, b := range ring {
		side := cross(a, b, v)
		if side == 0 && min(a.x, b.x) <= v.x && v.x <= max(a.x, b.x) && min(a.y, b.y) <= v.y && v.y <= max(a.y, b.y) {
			return false, true
		}
		if (a.y > v.y) != (b.y > v.y) && (side > 0) == (b.y > a.y) {
			in = !in
		}
		a = b
	}
	return in, false
}
