package ewkb_test

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
)

// shaper writes random EWKB: any type, order and dimension, empty parts too.
type shaper struct {
	r      *rand.Rand
	number func() float64
	order  binary.AppendByteOrder
	flags  uint32 // Z and M
	dims   int
	full   bool // parts of parts are never empty
}

// newShaper draws a byte order and dimensions; number draws coordinates.
func newShaper(r *rand.Rand, number func() float64) *shaper {
	s := &shaper{r: r, number: number, order: binary.LittleEndian, dims: 2}
	if r.IntN(4) == 0 {
		s.order = binary.BigEndian
	}
	if r.IntN(3) == 0 {
		s.flags |= 0x80000000
		s.dims++
	}
	if r.IntN(4) == 0 {
		s.flags |= 0x40000000
		s.dims++
	}
	return s
}

// geometry appends a geometry of the kind with an SRID, 0 for none.
func (s *shaper) geometry(dst []byte, kind, srid uint32) []byte {
	return s.body(s.header(dst, kind, srid), kind, 0)
}

func (s *shaper) header(dst []byte, kind, srid uint32) []byte {
	order := byte(1)
	if s.order == binary.BigEndian {
		order = 0
	}
	dst = append(dst, order)
	if srid != 0 {
		dst = s.order.AppendUint32(dst, kind|s.flags|0x20000000)
		return s.order.AppendUint32(dst, srid)
	}
	return s.order.AppendUint32(dst, kind|s.flags)
}

// body appends what follows the header of a geometry of at least least items.
func (s *shaper) body(dst []byte, kind uint32, least int) []byte {
	switch kind {
	case 1:
		return s.floats(dst, s.position())
	case 2:
		n := 2 + s.r.IntN(20)
		if least == 0 && n < 5 {
			n = 0
		}
		return s.line(dst, n, false)
	case 3:
		rings := least + s.r.IntN(4)
		dst = s.order.AppendUint32(dst, uint32(rings))
		for range rings {
			dst = s.line(dst, 4+s.r.IntN(12), true)
		}
		return dst
	}
	parts := least + s.r.IntN(5)
	dst = s.order.AppendUint32(dst, uint32(parts))
	for range parts {
		part := kind - 3
		if kind == 7 {
			part = 1 + uint32(s.r.IntN(6))
		}
		inner := 0
		if s.full {
			inner = 1
		}
		dst = s.body(s.header(dst, part, 0), part, inner)
	}
	return dst
}

func (s *shaper) line(dst []byte, n int, closed bool) []byte {
	dst = s.order.AppendUint32(dst, uint32(n))
	first := s.position()
	for i := range n {
		p := s.position()
		if i == 0 || closed && i == n-1 {
			p = first
		}
		dst = s.floats(dst, p)
	}
	return dst
}

func (s *shaper) position() []float64 {
	p := make([]float64, s.dims)
	for i := range p {
		p[i] = s.number()
	}
	return p
}

func (s *shaper) floats(dst []byte, values []float64) []byte {
	for _, v := range values {
		dst = s.order.AppendUint64(dst, math.Float64bits(v))
	}
	return dst
}

// coordinate draws a number as geometries hold them: on the grid, with all
// digits, metres, whole, half, small, zero of either sign.
func coordinate(r *rand.Rand) float64 {
	switch r.IntN(8) {
	case 0, 1:
		return math.Round((r.Float64()*360-180)*1e9) / 1e9
	case 2, 3:
		return r.Float64()*360 - 180
	case 4:
		return math.Round(r.Float64()*4.5e7*1e4) / 1e4
	case 5:
		return float64(r.IntN(2001)-1000) / 2
	case 6:
		return (r.Float64() - 0.5) * math.Pow(10, -float64(r.IntN(8)))
	}
	return math.Copysign(0, r.Float64()-0.5)
}
