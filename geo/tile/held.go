package tile

import "math"

const (
	heldMost  = 8192 // merged shapes of a tile that may be drawn as they are
	heldParts = 400  // of the area of a class, that it may be off by on the grid
)

// held is the outlines of merged shapes, until it is known how many there are and what the grid does to their areas.
// Those of a class that keep their area together, or that the rectangles of others can settle, are drawn as they are:
// one feature, and each edge where it was.
type held struct {
	shapes   int
	vertices []vertex
	rings    []heldRing
	class    int32 // of the shape that comes
}

// heldRing is where in vertices a ring ends, whose it is, and which way it runs.
type heldRing struct {
	end       int
	class     int32
	backwards bool
}

func (h *held) reset() { h.shapes, h.vertices, h.rings = 0, h.vertices[:0], h.rings[:0] }

func (h *held) ring(ring []vertex, backwards bool) {
	h.vertices = append(h.vertices, ring...)
	h.rings = append(h.rings, heldRing{len(h.vertices), h.class, backwards})
}

// hold keeps the outlines of a shape of an area, which is merged.
func (w *Writer) hold(class int32, area float64) {
	w.held.shapes++
	if w.held.shapes > heldMost {
		return
	}
	c := &w.mosaic.classes[class]
	c.shown += int64(math.Round(area * part))
	c.off += int64(math.Round((area - w.rounded()) * part))
	w.held.class, w.holds, w.waits = class, true, false
	w.polygons()
	w.holds = false
}

// drawHeld draws the shapes of the classes that keep their area.
func (w *Writer) drawHeld() {
	m := &w.mosaic
	if w.held.shapes > heldMost {
		return
	}
	for _, n := range m.nodes {
		if n.group%kinds == lost {
			m.classes[n.group/kinds].lost += n.area
		}
	}
	for i := range m.classes {
		c := &m.classes[i]
		if c.plain = c.shown > 0 && abs(c.off) <= c.shown/heldParts+c.lost/2; c.plain {
			c.owed += c.off
		}
	}
	start := 0
	for _, r := range w.held.rings {
		if c := &m.classes[r.class]; c.plain {
			c.out.ring(w.held.vertices[start:r.end], r.backwards)
		}
		start = r.end
	}
}
