package ewkb

import (
	"encoding/binary"
	"math"

	"luodi/geo"
)

// The types of geometry that GeoJSON knows too.
const (
	kindPoint = 1 + iota
	kindLineString
	kindPolygon
	kindMultiPoint
	kindMultiLineString
	kindMultiPolygon
	kindCollection
)

// Flags of the EWKB type word.
const (
	flagZ    = 0x80000000
	flagM    = 0x40000000
	flagSRID = 0x20000000
)

// maxDepth bounds how deep collections nest.
const maxDepth = 32

// minGeometry is the fewest bytes a geometry takes: byte order, type, count.
const minGeometry = 9

// cursor walks through EWKB. rest is what has not been read.
type cursor struct {
	rest []byte
	size int // of the whole input, for messages
}

// header is what stands before a geometry's numbers.
type header struct {
	kind   int
	big    bool // big-endian
	z      bool
	stride int // bytes of a position: 16, 24 or 32
	srid   int32
}

// refuse returns the error for what stands at the cursor.
func (c *cursor) refuse(rule geo.Rule, got any, args ...any) error {
	return geo.NewInvalid("geometry", rule, geo.Say("came.at_byte", "what", got, "n", c.size-len(c.rest), "of", c.size),
		args...)
}

// header reads a byte order, a type and, where flagged, an SRID.
func (c *cursor) header() (header, error) {
	if len(c.rest) < minGeometry {
		return header{}, c.refuse("geometry.least_bytes", geo.Say("came.bytes", "n", len(c.rest)), "n", minGeometry)
	}
	if c.rest[0] > 1 {
		return header{}, c.refuse("geometry.byte_order", c.rest[0])
	}
	h := header{big: c.rest[0] == 0, stride: 16}
	word := h.uint32(c.rest[1:])
	code := word &^ (flagZ | flagM | flagSRID)
	iso := code / 1000
	if iso > 3 || code%1000 < kindPoint || code%1000 > kindCollection {
		return header{}, c.refuse("geometry.type", code)
	}
	h.kind = int(code % 1000)
	h.z = word&flagZ != 0 || iso == 1 || iso == 3
	if h.z {
		h.stride += 8
	}
	if word&flagM != 0 || iso >= 2 {
		h.stride += 8
	}
	c.rest = c.rest[5:]
	if word&flagSRID != 0 {
		h.srid = int32(h.uint32(c.rest))
		c.rest = c.rest[4:]
	}
	return h, nil
}

// member reads the header of a part of a multi-geometry, which must be of the
// kind that the whole is made of; want 0 takes any.
func (c *cursor) member(want int) (header, error) {
	at := *c
	h, err := c.header()
	if err == nil && want != 0 && h.kind != want {
		return header{}, at.refuse("geometry.part_type", h.kind, "n", want)
	}
	return h, err
}

// count reads a number of items that take at least minSize bytes each.
func (c *cursor) count(h header, minSize int) (int, error) {
	if len(c.rest) < 4 {
		return 0, c.refuse("geometry.count", geo.Say("came.end"))
	}
	n := h.uint32(c.rest)
	if uint64(n)*uint64(minSize) > uint64(len(c.rest)-4) {
		return 0, c.refuse("geometry.items", n, "n", (len(c.rest)-4)/minSize)
	}
	c.rest = c.rest[4:]
	return int(n), nil
}

// positions returns the bytes of n positions.
func (c *cursor) positions(h header, n int) ([]byte, error) {
	size := n * h.stride
	if len(c.rest) < size {
		return nil, c.refuse("geometry.coordinates", geo.Say("came.end"), "n", size)
	}
	b := c.rest[:size]
	c.rest = c.rest[size:]
	return b, nil
}

// sequence reads a count and returns the bytes of that many positions.
func (c *cursor) sequence(h header) ([]byte, error) {
	n, err := c.count(h, h.stride)
	if err != nil {
		return nil, err
	}
	return c.positions(h, n)
}

// end refuses bytes after the geometry.
func (c *cursor) end() error {
	if len(c.rest) == 0 {
		return nil
	}
	return c.refuse("geometry.end", geo.Say("came.bytes", "n", len(c.rest)))
}

// partKind is the kind a multi-geometry is made of, 0 for a collection.
func (h header) partKind() int {
	if h.kind == kindCollection {
		return 0
	}
	return h.kind - kindMultiPoint + kindPoint
}

func (h header) uint32(b []byte) uint32 {
	if h.big {
		return binary.BigEndian.Uint32(b)
	}
	return binary.LittleEndian.Uint32(b)
}

func (h header) float(b []byte) float64 {
	if h.big {
		return math.Float64frombits(binary.BigEndian.Uint64(b))
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b))
}

// emptyPoint reports whether a point's position says POINT EMPTY, which EWKB
// writes as NaN, NaN.
func (h header) emptyPoint(position []byte) bool {
	return math.IsNaN(h.float(position)) && math.IsNaN(h.float(position[8:]))
}
