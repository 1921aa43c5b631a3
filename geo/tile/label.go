package tile

import (
	"math"
	"slices"
)

// A label is about labelWidePx × labelHighPx pixels large.
const (
	labelWidePx = 24
	labelHighPx = 12
)

// inner finds a place inside a polygon, as geo.PointInside: the middle of the widest stretch inside on the level
// half way up. It goes by differences from the first vertex alone, so that all tiles find the same one; wide is
// that stretch.
func inner(rings [][]point, crossings *[]float64) (x, y int64, wide float64) {
	first := rings[0][0]
	low, high := 0.0, 0.0
	for _, p := range rings[0] {
		low, high = min(low, p.y-first.y), max(high, p.y-first.y)
	}
	middle := (low + high) / 2
	for _, ring := range rings {
		for _, p := range ring {
			if y := p.y - first.y; y <= middle {
				low = max(low, y)
			} else {
				high = min(high, y)
			}
		}
	}
	level := (low + high) / 2
	found := (*crossings)[:0]
	for _, ring := range rings {
		last := ring[len(ring)-1]
		for _, p := range ring {
			a, b := point{last.x - first.x, last.y - first.y}, point{p.x - first.x, p.y - first.y}
			if (a.y > level) != (b.y > level) {
				found = append(found, a.x+float64((level-a.y)/(b.y-a.y)*(b.x-a.x)))
			}
			last = p
		}
	}
	slices.Sort(found)
	*crossings = found
	middle = 0
	for i := 1; i < len(found); i += 2 {
		if w := found[i] - found[i-1]; w > wide {
			middle, wide = (found[i]+found[i-1])/2, w
		}
	}
	return whole(first.x) + whole(middle), whole(first.y) + whole(level), wide
}

func whole(v float64) int64 { return int64(math.Floor(v + 0.5)) }

// inner finds a place inside the largest polygon of the shape.
func (w *Writer) inner() (x, y int64, wide float64) {
	s := &w.shape
	from, to, first, largest := 0, 0, 0, -1.0
	for _, end := range s.polygons {
		if end > first && len(s.ring(first)) > 0 {
			if area := math.Abs(w.ringAreas[first]); area > largest {
				from, to, largest = first, end, area
			}
		}
		first = end
	}
	w.rings = w.rings[:0]
	for i := from; i < to; i++ {
		if ring := s.ring(i); len(ring) > 0 {
			w.rings = append(w.rings, ring)
		}
	}
	return inner(w.rings, &w.crossings)
}

// leastInnerPx is how wide a parcel must be where its label stands.
const leastInnerPx = 4

// label puts a label inside a shape, in the one tile where that place lies.
func (w *Writer) label(tags []Value) {
	x, y, wide := w.inner()
	if !w.owns(x, y) || wide < leastInnerPx*w.pixel {
		return
	}
	for i, v := range tags {
		switch k := &w.keys[i]; {
		case !k.label || v == "":
		case k.unique:
			w.labels.tagged(w.labels.key(k.name), w.labels.fresh(v))
		default:
			w.labels.tag(k.name, v)
		}
	}
	w.pen.reset()
	w.pen.command(moveTo, 1)
	w.pen.to(vertex{int32(x), int32(y)})
	w.labels.features = w.labels.feature(w.labels.features, points, w.pen.out)
}
