package ewkb

import (
	"math"

	"github.com/paulmach/orb"
)

// Summary is what can be told of a geometry without building it.
type Summary struct {
	SRID   int32     // 0 where none is stated
	Kind   string    // the GeoJSON type: "Polygon"
	Points int       // positions, closing ones included; empty points are not counted
	Bound  orb.Bound // the box around them; meaningless when Points is 0
}

// Summarize walks through a geometry and returns its SRID, type, number of
// positions and bounding box in x and y, with what is wrong with it as
// [AppendGeoJSON] would find: only heights go unread.
func Summarize(ewkb []byte) (Summary, error) {
	w := walker{cursor: cursor{ewkb, len(ewkb)}}
	w.bound = orb.Bound{
		Min: orb.Point{math.Inf(1), math.Inf(1)},
		Max: orb.Point{math.Inf(-1), math.Inf(-1)},
	}
	h, err := w.geometry(0, 0)
	if err == nil {
		err = w.end()
	}
	if err != nil {
		return Summary{}, err
	}
	return Summary{SRID: h.srid, Kind: kindNames[h.kind], Points: w.points, Bound: w.bound}, nil
}

// BBox returns the box around a geometry in x and y, and false when the
// geometry has no position at all. Errors are those of [Summarize].
func BBox(ewkb []byte) (orb.Bound, bool, error) {
	s, err := Summarize(ewkb)
	if err != nil || s.Points == 0 {
		return orb.Bound{}, false, err
	}
	return s.Bound, true, nil
}

// walker counts and bounds the positions its cursor reads.
type walker struct {
	cursor
	bound  orb.Bound
	points int
}

// geometry walks one geometry of the wanted kind; 0 takes any.
func (w *walker) geometry(want, depth int) (header, error) {
	h, err := w.member(want)
	if err != nil {
		return h, err
	}
	switch h.kind {
	case kindPoint:
		return h, w.point(h)
	case kindLineString:
		return h, w.line(h)
	case kindPolygon:
		return h, w.repeat(h, 4, func() error { return w.line(h) })
	case kindCollection:
		if depth == maxDepth {
			return h, w.refuse("collections at most 32 deep", "a deeper one")
		}
	}
	return h, w.repeat(h, minGeometry, func() error {
		_, err := w.geometry(h.partKind(), depth+1)
		return err
	})
}

// repeat reads a count and calls step that often.
func (c *cursor) repeat(h header, minSize int, step func() error) error {
	n, err := c.count(h, minSize)
	for range n {
		if err = step(); err != nil {
			return err
		}
	}
	return err
}

func (w *walker) point(h header) error {
	b, err := w.positions(h, 1)
	if err != nil || h.emptyPoint(b) {
		return err
	}
	return w.cover(h, b)
}

func (w *walker) line(h header) error {
	b, err := w.sequence(h)
	if err != nil {
		return err
	}
	return w.cover(h, b)
}

// cover extends the box over the positions in b.
func (w *walker) cover(h header, b []byte) error {
	box := w.bound
	for i := 0; i < len(b); i += h.stride {
		x, y := h.float(b[i:]), h.float(b[i+8:])
		if x-x != 0 || y-y != 0 {
			return w.refuse("finite coordinates", [2]float64{x, y})
		}
		box.Min = orb.Point{min(box.Min[0], x), min(box.Min[1], y)}
		box.Max = orb.Point{max(box.Max[0], x), max(box.Max[1], y)}
	}
	w.bound = box
	w.points += len(b) / h.stride
	return nil
}
