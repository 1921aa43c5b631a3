package lot

import (
	"slices"

	"github.com/paulmach/orb"
)

// settle checks that a shape is a sound parcel and returns it with its outer ring counter-clockwise and its holes
// clockwise: rings of three vertices or more, none used twice, no two sides that cross or touch, holes inside and
// beside each other.
func (w *work) settle(s Shape, parcel int) (Shape, error) {
	if len(s) == 0 {
		return nil, refuse(BadShape, "parcel", "lot.outer_ring", len(s)).of(parcel)
	}
	seen := make(map[int]bool)
	out := make(Shape, len(s))
	for i, ring := range s {
		for _, id := range ring {
			if id < 0 || id >= w.plane.Len()+len(w.nodes) {
				return nil, refuse(BadShape, "parcel", "lot.vertices", id).of(parcel)
			}
		}
		ring = dedupe(ring)
		if len(ring) < 3 {
			return nil, refuse(BadShape, "parcel", "lot.three_vertices", len(ring)).of(parcel)
		}
		for _, id := range ring {
			if seen[id] {
				return nil, refuseAt(BadShape, "parcel", "lot.rings_apart", w.at(id)).of(parcel)
			}
			seen[id] = true
		}
		if (w.twiceArea(ring) > 0) != (i == 0) {
			ring = slices.Clone(ring)
			slices.Reverse(ring)
		}
		out[i] = ring
	}
	if err := w.sound(out); err != nil {
		return nil, err.of(parcel)
	}
	return out, nil
}

func (w *work) sound(s Shape) *Refused {
	sides := slices.Collect(edges(s))
	var bad *Refused
	w.clashes(sides, func(i, j int) bool {
		bad = refuseAt(BadShape, "parcel", "lot.sides_clear", w.at(sides[i].from), w.at(sides[j].from))
		return false
	})
	if bad != nil {
		return bad
	}
	for i, hole := range s[1:] {
		p := w.at(hole[0])
		if within(w.points(s[0]), p) < 0 {
			return refuseAt(BadShape, "parcel", "lot.holes_inside", p)
		}
		for j, other := range s[1:] {
			if i != j && within(w.points(other), p) > 0 {
				return refuseAt(BadShape, "parcel", "lot.holes_beside", p)
			}
		}
	}
	return nil
}

// holds tells whether p lies inside a shape, off its boundary.
func (w *work) holds(s Shape, p orb.Point) bool {
	for i, ring := range s {
		if side := within(w.points(ring), p); side == 0 || (side > 0) != (i == 0) {
			return false
		}
	}
	return true
}
