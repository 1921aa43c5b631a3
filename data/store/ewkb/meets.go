package ewkb

import (
	"math"

	"github.com/paulmach/orb"

	"luodi/geo"
)

// Bound returns the box around the geometry in ewkb. It is empty ([orb.Bound.IsEmpty]) for a geometry without points.
func Bound(ewkb []byte) (orb.Bound, error) {
	box := orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}
	err := eachLine(ewkb, func(_ int, line []orb.Point) {
		for _, p := range line {
			box.Min[0], box.Max[0] = min(box.Min[0], p[0]), max(box.Max[0], p[0])
			box.Min[1], box.Max[1] = min(box.Min[1], p[1]), max(box.Max[1], p[1])
		}
	})
	return box, err
}

// MeetsBox reports whether the geometry in ewkb and a closed box of some width and height have a point in common: the
// answer of ST_Intersects for a valid geometry, of exact arithmetic.
//
//  1. A vertex within the box, or an edge that meets it, decides at once.
//  2. Otherwise the box lies wholly inside or outside of each ring. It lies in the geometry where an odd number of the
//     rings of a polygon contain its corner.
func MeetsBox(ewkb []byte, box orb.Bound) (bool, error) {
	meets, around := false, 0
	err := eachLine(ewkb, func(kind int, line []orb.Point) {
		switch {
		case meets:
		case touches(line, box):
			meets = true
		case kind == kindPolygon && contains(line, box.Min):
			around++
		}
	})
	return meets || around%2 == 1, err
}

// touches reports whether a line has a point in the box.
func touches(line []orb.Point, box orb.Bound) bool {
	for i, p := range line {
		if box.Contains(p) || i > 0 && crosses(line[i-1], p, box) {
			return true
		}
	}
	return false
}

// crosses reports whether the segment ab, neither end of which lies in the box, meets it: their boxes meet, and not all
// corners lie strictly on one side of the line through ab.
func crosses(a, b orb.Point, box orb.Bound) bool {
	if max(a[0], b[0]) < box.Min[0] || min(a[0], b[0]) > box.Max[0] || max(a[1], b[1]) < box.Min[1] ||
		min(a[1], b[1]) > box.Max[1] {
		return false
	}
	side := geo.Orient(a, b, box.Min)
	for _, corner := range [3]orb.Point{{box.Max[0], box.Min[1]}, box.Max, {box.Min[0], box.Max[1]}} {
		if s := geo.Orient(a, b, corner); s == 0 || s != side {
			return true
		}
	}
	return side == 0
}

// contains reports whether p, which does not lie on the ring, is inside: a ray to the east crosses the ring an odd
// number of times.
func contains(ring []orb.Point, p orb.Point) bool {
	inside := false
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		if (a[1] > p[1]) != (b[1] > p[1]) && (b[1] > a[1]) == (geo.Orient(a, b, p) > 0) {
			inside = !inside
		}
	}
	return inside
}

// eachLine calls each with every point, line and ring of the geometry, as a list of positions that is valid during the
// call, and with the kind that it is a part of: kindPoint, kindLineString or kindPolygon.
func eachLine(ewkb []byte, each func(kind int, line []orb.Point)) error {
	l := liner{cursor{ewkb, len(ewkb)}, nil, each}
	if err := l.geometry(0, 0); err != nil {
		return err
	}
	return l.end()
}

type liner struct {
	cursor
	line []orb.Point
	each func(kind int, line []orb.Point)
}

func (l *liner) geometry(want, depth int) error {
	h, err := l.member(want)
	switch {
	case err != nil:
		return err
	case depth == maxDepth:
		return l.refuse("geometry.depth", geo.Say("came.deeper"), "n", maxDepth)
	case h.kind == kindPoint:
		b, err := l.positions(h, 1)
		if err == nil && !h.emptyPoint(b) {
			l.tell(h, b)
		}
		return err
	case h.kind == kindLineString:
		b, err := l.sequence(h)
		if err == nil {
			l.tell(h, b)
		}
		return err
	}
	least := minGeometry
	if h.kind == kindPolygon {
		least = 4
	}
	n, err := l.count(h, least)
	for i := 0; i < n && err == nil; i++ {
		if h.kind != kindPolygon {
			err = l.geometry(h.partKind(), depth+1)
			continue
		}
		var b []byte
		if b, err = l.sequence(h); err == nil {
			l.tell(h, b)
		}
	}
	return err
}

func (l *liner) tell(h header, positions []byte) {
	l.line = l.line[:0]
	for ; len(positions) > 0; positions = positions[h.stride:] {
		l.line = append(l.line, orb.Point{h.float(positions), h.float(positions[8:])})
	}
	l.each(h.kind, l.line)
}
