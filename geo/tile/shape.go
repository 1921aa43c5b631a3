package tile

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"

	"luodi/geo"
)

// dimension is that of a shape.
type dimension int

// The dimensions of shapes, as MVT numbers the types of geometry.
const (
	points dimension = 1 + iota
	lines
	areas
)

// The kinds of WKB.
const (
	wkbPoint = 1 + iota
	wkbLine
	wkbPolygon
	wkbMultiPoint
	wkbMultiLine
	wkbMultiPolygon
)

// Flags of the EWKB type word.
const (
	flagZ    = 0x80000000
	flagM    = 0x40000000
	flagSRID = 0x20000000
)

// shape is one geometry in units of a tile. It is read again and again into the same memory.
type shape struct {
	dimension dimension
	at        []point
	rings     []int // where in at each ring, line or set of points ends
	polygons  []int // where in rings each polygon ends
	min, max  point // of all points, +Inf and −Inf without one
}

// ring returns the i-th ring.
func (s *shape) ring(i int) []point {
	start := 0
	if i > 0 {
		start = s.rings[i-1]
	}
	return s.at[start:s.rings[i]]
}

// read takes a geometry from EWKB: Point to MultiPolygon, in either byte order, Z and M dropped, in degrees.
func (s *shape) read(ewkb []byte, on *plane) error {
	s.at, s.rings, s.polygons = s.at[:0], s.rings[:0], s.polygons[:0]
	s.min = point{math.Inf(1), math.Inf(1)}
	s.max = point{math.Inf(-1), math.Inf(-1)}
	r := reader{rest: ewkb, size: len(ewkb), into: s, on: on}
	kind, err := r.geometry(0)
	if err != nil {
		return err
	}
	if len(r.rest) > 0 {
		return r.refuse("geometry.end", geo.Say("came.bytes", "n", len(r.rest)))
	}
	s.dimension = dimension(kind)
	if kind > wkbPolygon {
		s.dimension = dimension(kind - wkbPolygon)
	}
	return nil
}

// reader walks through EWKB. rest is what has not been read.
type reader struct {
	rest   []byte
	size   int
	into   *shape
	on     *plane
	order  binary.ByteOrder
	stride int // bytes of a position
}

func (r *reader) refuse(rule geo.Rule, got any, args ...any) error {
	return geo.NewInvalid("geometry", rule, geo.Say("came.at_byte", "what", got, "n", r.size-len(r.rest), "of", r.size),
		args...)
}

// leastBytes is the fewest that a geometry takes: byte order, type, count.
const leastBytes = 9

// header reads a byte order, a type and, where flagged, an SRID. want is the kind of a part, 0 for the whole.
func (r *reader) header(want int) (kind int, err error) {
	if len(r.rest) < leastBytes {
		return 0, r.refuse("geometry.least_bytes", geo.Say("came.bytes", "n", len(r.rest)), "n", leastBytes)
	}
	switch r.rest[0] {
	case 0:
		r.order = binary.BigEndian
	case 1:
		r.order = binary.LittleEndian
	default:
		return 0, r.refuse("geometry.byte_order", r.rest[0])
	}
	word := r.order.Uint32(r.rest[1:])
	code := word &^ (flagZ | flagM | flagSRID)
	iso := code / 1000
	kind = int(code % 1000)
	if iso > 3 || kind < wkbPoint || kind > wkbMultiPolygon {
		return 0, r.refuse("geometry.kind", code)
	}
	if want != 0 && kind != want {
		return 0, r.refuse("geometry.part_type", kind, "n", want)
	}
	r.stride = 16
	if word&flagZ != 0 || iso == 1 || iso == 3 {
		r.stride += 8
	}
	if word&flagM != 0 || iso >= 2 {
		r.stride += 8
	}
	r.rest = r.rest[5:]
	if word&flagSRID != 0 {
		r.rest = r.rest[4:]
	}
	return kind, nil
}

func (r *reader) geometry(want int) (kind int, err error) {
	kind, err = r.header(want)
	if err != nil {
		return 0, err
	}
	switch kind {
	case wkbPoint:
		return kind, r.positions(1)
	case wkbLine:
		return kind, r.sequence()
	case wkbPolygon:
		return kind, r.polygon()
	}
	n, err := r.count(leastBytes)
	if err != nil {
		return 0, err
	}
	for range n {
		if _, err := r.geometry(kind - wkbPolygon); err != nil {
			return 0, err
		}
	}
	return kind, nil
}

func (r *reader) polygon() error {
	n, err := r.count(4)
	if err != nil {
		return err
	}
	for range n {
		if err := r.sequence(); err != nil {
			return err
		}
	}
	r.into.polygons = append(r.into.polygons, len(r.into.rings))
	return nil
}

// count reads a number of items that take at least minSize bytes each.
func (r *reader) count(minSize int) (int, error) {
	if len(r.rest) < 4 {
		return 0, r.refuse("geometry.count", geo.Say("came.end"))
	}
	n := r.order.Uint32(r.rest)
	if uint64(n)*uint64(minSize) > uint64(len(r.rest)-4) {
		return 0, r.refuse("geometry.items", n, "n", (len(r.rest)-4)/minSize)
	}
	r.rest = r.rest[4:]
	return int(n), nil
}

func (r *reader) sequence() error {
	n, err := r.count(r.stride)
	if err != nil {
		return err
	}
	return r.positions(n)
}

// positions reads n positions as one ring.
func (r *reader) positions(n int) error {
	if len(r.rest) < n*r.stride {
		return r.refuse("geometry.coordinates", geo.Say("came.end"), "n", n*r.stride)
	}
	s := r.into
	start := len(s.at)
	s.at = slices.Grow(s.at, n)[:start+n]
	at, b := s.at[start:], r.rest
	little := r.order == binary.LittleEndian
	low, high := s.min, s.max
	for i := range at {
		x, y := binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])
		if !little {
			x, y = bits.ReverseBytes64(x), bits.ReverseBytes64(y)
		}
		lon, lat := math.Float64frombits(x), math.Float64frombits(y)
		if !(math.Abs(lon) <= 180 && math.Abs(lat) <= 90) {
			s.at = s.at[:start+i]
			if n == 1 && lon != lon && lat != lat {
				r.rest = r.rest[r.stride:]
				s.rings = append(s.rings, len(s.at))
				return nil // POINT EMPTY
			}
			r.rest = b
			return r.refuse("point.degrees", [2]float64{lon, lat})
		}
		p := r.on.at(lon, lat)
		at[i] = p
		if p.x < low.x {
			low.x = p.x
		}
		if p.x > high.x {
			high.x = p.x
		}
		if p.y < low.y {
			low.y = p.y
		}
		if p.y > high.y {
			high.y = p.y
		}
		b = b[r.stride:]
	}
	r.rest, s.min, s.max = b, low, high
	s.rings = append(s.rings, len(s.at))
	return nil
}
