package tile

import "math"

// merge puts a small or thin shape into the mosaic. It is counted in the one tile where its inner place lies.
func (w *Writer) merge(class string, kind int32, tags []Value, area float64) {
	s, m := &w.shape, &w.mosaic
	number := m.class(class)
	group := kinds*number + kind
	if kind == small {
		w.hold(number, area)
	}
	if w.tile.misses(s.min, s.max) {
		return
	}
	inside := s.min.x >= 0 && s.min.y >= 0 && s.max.x < w.plane.extent && s.max.y < w.plane.extent
	px := w.cell
	col, row := int32(s.min.x/px), int32(s.min.y/px)
	if inside && int32(s.max.x/px) == col && int32(s.max.y/px) == row {
		m.add(group, col, row, area, s.min, s.max)
	} else {
		w.spread(group)
	}
	if !inside {
		x, y, _ := w.inner()
		inside = w.owns(x, y)
		if inside {
			at := point{float64(x), float64(y)}
			m.add(group, int32(at.x/px), int32(at.y/px), 0, at, at)
		}
	}
	if inside {
		w.count(&m.classes[number], tags)
	}
}

func (w *Writer) owns(x, y int64) bool {
	extent := int64(w.plane.extent)
	return x >= 0 && y >= 0 && x < extent && y < extent
}

func (w *Writer) count(c *class, tags []Value) {
	c.count++
	for i, at := range w.sums {
		if at < 0 || at >= len(tags) {
			continue
		}
		c.sums[i] += int64(math.Round(tags[at].Number() * sumParts))
	}
}

// spread shares the ground of a shape out among the cells that it lies in.
func (w *Writer) spread(class int32) {
	s := &w.shape
	first := 0
	for _, end := range s.polygons {
		for i := first; i < end; i++ {
			sign := 1.0
			if (w.ringAreas[i] < 0) == (i == first) {
				sign = -1
			}
			w.pieces = append(w.pieces[:0], s.ring(i)...)
			if !w.tile.holds(s.min, s.max) {
				w.cutToTile()
			}
			w.halve(class, 0, sign)
		}
		first = end
	}
}

// cutToTile leaves of the ring in pieces what lies in the tile.
func (w *Writer) cutToTile() {
	for _, h := range w.tile.sides() {
		start := len(w.pieces)
		w.pieces = h.clipRing(w.pieces, w.pieces)
		w.pieces = append(w.pieces[:0], w.pieces[start:]...)
	}
}

// halve shares out the ring in pieces from start on: cut in two along a line between cells, until it lies in one.
func (w *Writer) halve(class int32, start int, sign float64) {
	ring := w.pieces[start:]
	if len(ring) < 3 {
		return
	}
	low, high := ring[0], ring[0]
	for _, p := range ring {
		low, high = point{min(low.x, p.x), min(low.y, p.y)}, point{max(high.x, p.x), max(high.y, p.y)}
	}
	col, row := int32(low.x/w.cell), int32(low.y/w.cell)
	cols, rows := int32(math.Ceil(high.x/w.cell))-col, int32(math.Ceil(high.y/w.cell))-row
	if cols <= 1 && rows <= 1 {
		if area := sign * areaOf(ring); area != 0 {
			w.mosaic.add(class, min(col, w.mosaic.cells-1), min(row, w.mosaic.cells-1), area, low, high)
		}
		return
	}
	h := half{at: float64(row+rows/2) * w.cell}
	if cols >= rows {
		h = half{at: float64(col+cols/2) * w.cell, vertical: true}
	}
	end := len(w.pieces)
	for _, upper := range []bool{false, true} {
		h.upper = upper
		w.pieces = h.clipRing(w.pieces, w.pieces[start:end])
		w.halve(class, end, sign)
		w.pieces = w.pieces[:end]
	}
}

// drawMerged adds a feature for each class of merged shapes, and of those that are joined.
func (w *Writer) drawMerged() {
	m := &w.mosaic
	w.drawHeld()
	m.draw()
	for _, i := range m.ranked {
		c := &m.classes[i]
		if len(c.joined.out) > 0 {
			w.main.tag(w.merged[0], TextValue(c.name))
			w.main.features = w.main.feature(w.main.features, areas, c.joined.out)
		}
		if len(c.out.out) == 0 {
			continue
		}
		for k, name := range w.merged {
			switch k {
			case 0:
				w.main.tag(name, TextValue(c.name))
			case 1:
				w.main.tag(name, IntValue(c.count))
			default:
				w.main.tag(name, NumberValue(float64(c.sums[k-2])/sumParts))
			}
		}
		w.main.merged = w.main.feature(w.main.merged, areas, c.out.out)
	}
}
