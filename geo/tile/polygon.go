package tile

import "math"

// addAreas draws polygons, or merges what is below a pixel, or below a cell where all are joined.
func (w *Writer) addAreas(class string, tags []Value) {
	s := &w.shape
	area := w.measure()
	wide, high := s.max.x-s.min.x, s.max.y-s.min.y
	waits := w.simple.on && len(s.at) >= denseLeast && 2*(wide+high) < densePx*w.pixel*float64(len(s.at))
	cell := w.cell
	if waits { // it is simplified, which what is held is not
		cell = w.pixel
	}
	if wide < cell && high < cell {
		w.merge(class, small, tags, area)
		return
	}
	if w.thin(area, max(wide, high)) {
		kind := int32(small)
		if math.Abs(w.rounded()-area) > area*lostShare {
			kind = lost
		}
		w.merge(class, kind, tags, area)
		return
	}
	number := w.mosaic.class(class)
	w.begin(number)
	w.holds = false
	w.waits = waits
	before := len(w.simple.rings)
	twice := w.polygons()
	if len(w.pen.out) == 0 && len(w.simple.rings) == before {
		return
	}
	settled := max(wide, high) < settledPx*w.pixel
	settles := settled && w.tile.holds(s.min, s.max)
	if !w.joins {
		w.tagAll(tags)
	}
	if w.waits {
		w.simple.feature(w.main.tags, dense{class: number, settles: settles, area: area})
		w.main.tags = w.main.tags[:0]
	} else {
		w.drawn(number, settles, area-float64(twice)/2)
	}
	if !w.joins && wide >= labelWidePx*w.pixel && high >= labelHighPx*w.pixel {
		w.label(tags)
	} else if !w.waits && w.buffered.holds(s.min, s.max) {
		w.form = formed{has: true, settles: settled, off: area - float64(twice)/2}
	}
}

// polygons draws the polygons of a shape, and returns twice the area that is drawn of those that are whole.
func (w *Writer) polygons() (twice int64) {
	s := &w.shape
	whole := w.buffered.holds(s.min, s.max)
	first := 0
	for _, end := range s.polygons {
		if whole {
			twice += w.polygon(first, end)
		} else {
			w.cutPolygon(first, end)
		}
		first = end
	}
	return twice
}

// begin has the pen draw a shape of a class: from where the last one ended, if they are to be joined.
func (w *Writer) begin(class int32) {
	w.pen.reset()
	if w.joins {
		w.pen.last = w.mosaic.classes[class].joined.last
	}
}

// drawn ends a shape of a class that the pen has drawn, which has the tags so far. It is off by an area that merged
// shapes of the class may have to settle.
func (w *Writer) drawn(class int32, settles bool, off float64) {
	c := &w.mosaic.classes[class]
	if w.joins {
		c.joined.out, c.joined.last = append(c.joined.out, w.pen.out...), w.pen.last
	} else {
		w.main.features = w.main.feature(w.main.features, areas, w.pen.out)
	}
	if settles {
		c.owe(off)
	}
}

// outline draws a ring, or has it wait.
func (w *Writer) outline(ring []vertex, backwards bool) {
	if w.waits {
		w.simple.ring(ring, backwards)
		return
	}
	if w.holds {
		w.held.ring(ring, backwards)
	} else {
		w.pen.ring(ring, backwards)
	}
	if w.simple.on {
		w.simple.sparse = append(w.simple.sparse, ring...)
	}
}

// drawDense draws the features that wait.
func (w *Writer) drawDense() {
	draw := func(f dense, tags []byte, rings func(func([]vertex, bool))) {
		w.begin(f.class)
		twice := int64(0)
		rings(func(ring []vertex, backwards bool) {
			w.pen.ring(ring, backwards)
			area := twiceArea(ring)
			if backwards {
				area = -area
			}
			twice += area
		})
		w.main.tags = append(w.main.tags[:0], tags...)
		w.drawn(f.class, f.settles, f.area-float64(twice)/2)
	}
	w.simple.rest(int32(w.plane.extent), int32(w.plane.buffer), draw)
}

// measure takes the areas of all rings off the grid, and returns that of the shape: outer rings less holes.
func (w *Writer) measure() float64 {
	s := &w.shape
	w.ringAreas = w.ringAreas[:0]
	first, sum := 0, 0.0
	for _, end := range s.polygons {
		for i := first; i < end; i++ {
			area := areaOf(s.ring(i))
			w.ringAreas = append(w.ringAreas, area)
			if i == first {
				sum += math.Abs(area)
			} else {
				sum -= math.Abs(area)
			}
		}
		first = end
	}
	return sum
}

// settledPx is how large a shape is drawn at most, in pixels, for merged ones of its class to settle what it is off
// by on the grid.
const settledPx = 16

const (
	thinPx    = 0.5       // below it a shape is thin: its area over the longer side of its box, in pixels
	thinShare = 1.0 / 256 // by how much of its area a thin shape may be off on the grid
	lostShare = 1.0 / 20  // by how much a merged one may be off to be drawn as it is
)

// thin reports whether a shape is thin and the grid changes its area by more than it should.
func (w *Writer) thin(area, long float64) bool {
	if area >= thinPx*w.pixel*long {
		return false
	}
	return !(math.Abs(w.rounded()-area) <= area*thinShare)
}

// rounded is the area of the shape on the grid.
func (w *Writer) rounded() float64 {
	s := &w.shape
	first, sum := 0, 0.0
	for _, end := range s.polygons {
		for i := first; i < end; i++ {
			part := math.Abs(roundedArea(s.ring(i)))
			if i > first {
				part = -part
			}
			sum += part
		}
		first = end
	}
	return sum
}

// roundedArea is areaOf on the grid, of a ring that may reach far out of the tile.
func roundedArea(ring []point) float64 {
	var sum float64
	for i := 1; i+1 < len(ring); i++ {
		x, y := math.Floor(ring[0].x+0.5), math.Floor(ring[0].y+0.5)
		ax, ay := math.Floor(ring[i].x+0.5)-x, math.Floor(ring[i].y+0.5)-y
		bx, by := math.Floor(ring[i+1].x+0.5)-x, math.Floor(ring[i+1].y+0.5)-y
		sum += float64(ax*by) - float64(ay*bx)
	}
	return sum / 2
}

// polygon draws the polygon of the rings from first, below end, none of which leaves the tile and its buffer. It
// returns twice the area that is drawn.
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
