package cache

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"unsafe"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"luodi/data/store/ewkb"
)

// Sizes of a slab. A feature's number is its slab's number and rowBits bits of its row.
const (
	rowBits   = 10
	slabRows  = 1 << rowBits
	slabBytes = 1 << 20
	slabLeast = 16 << 10
)

// slab holds features in the order in which they came. What a snapshot has seen of it doesn't change; the last slab
// grows beyond that.
type slab struct {
	bytes []byte // of each feature its GeoJSON, its EWKB and its tags
	rows  []row
	words []uint16 // of each feature the values that it is filtered by
	live  int      // bytes of the features that were not replaced or removed
}

// row is a feature in a slab.
type row struct {
	key
	start                uint32 // in the slab's bytes
	feature, shape, tags uint32 // lengths
	box                  box
	since                int64 // see [Snapshot.Since]
}

func (r *row) size() int { return int(r.feature) + int(r.shape) + int(r.tags) }

// shape is the EWKB of a row.
func (s *slab) shape(r *row) []byte {
	start := r.start + r.feature
	return s.bytes[start : start+r.shape : start+r.shape]
}

// memory is how many bytes the slab takes.
func (s *slab) memory() int64 {
	return int64(cap(s.bytes)) + int64(cap(s.rows))*int64(unsafe.Sizeof(row{})) + int64(cap(s.words))*2 +
		int64(unsafe.Sizeof(*s))
}

// key orders a feature in pages.
type key struct {
	id   id
	park uint32 // its number
}

// id is an id as two numbers, which compare as its bytes do.
type id struct{ hi, lo uint64 }

func idOf(u uuid.UUID) id {
	return id{binary.BigEndian.Uint64(u[:8]), binary.BigEndian.Uint64(u[8:])}
}

func (i id) uuid() (u uuid.UUID) {
	binary.BigEndian.PutUint64(u[:8], i.hi)
	binary.BigEndian.PutUint64(u[8:], i.lo)
	return u
}

func (i id) compare(other id) int {
	if i.hi != other.hi {
		return cmp.Compare(i.hi, other.hi)
	}
	return cmp.Compare(i.lo, other.lo)
}

// box is a box in degrees in single precision, which holds the exact one.
type box struct{ west, south, east, north float32 }

func boxOf(b orb.Bound) box {
	return box{below(b.Min[0]), below(b.Min[1]), above(b.Max[0]), above(b.Max[1])}
}

func below(v float64) float32 {
	f := float32(v)
	if float64(f) > v {
		f = math.Nextafter32(f, float32(math.Inf(-1)))
	}
	return f
}

func above(v float64) float32 { return -below(-v) }

// nowhere is the box around nothing.
var nowhere = box{float32(math.Inf(1)), float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.Inf(-1))}

func (b box) around(other box) box {
	return box{min(b.west, other.west), min(b.south, other.south), max(b.east, other.east), max(b.north, other.north)}
}

// meets reports whether the boxes share a point: those that they were rounded from may.
func (b box) meets(other box) bool {
	return b.west <= other.east && b.east >= other.west && b.south <= other.north && b.north >= other.south
}

// within reports whether b lies in the other for sure.
func (b box) within(other orb.Bound) bool {
	return float64(b.west) >= other.Min[0] && float64(b.east) <= other.Max[0] && float64(b.south) >= other.Min[1] &&
		float64(b.north) <= other.Max[1]
}

// enters reports whether a shape of this box has a point in the other for sure. One that crosses a single side has: its
// outermost point on the inner side lies between the two sides that it doesn't cross. The box was rounded outward by
// less than a step of single precision, so that point is looked for up to a step further in.
func (b box) enters(other orb.Bound) bool {
	inX := float64(b.west) >= other.Min[0] && float64(b.east) <= other.Max[0]
	inY := float64(b.south) >= other.Min[1] && float64(b.north) <= other.Max[1]
	switch {
	case inX && inY:
		return true
	case inY:
		return anEndLies(b.west, b.east, other.Min[0], other.Max[0])
	case inX:
		return anEndLies(b.south, b.north, other.Min[1], other.Max[1])
	}
	return false
}

// anEndLies reports whether an end of what was rounded outward to least and most lies between from and to for sure.
func anEndLies(least, most float32, from, to float64) bool {
	inside := math.Nextafter32(least, float32(math.Inf(1)))
	if float64(least) >= from && float64(inside) <= to {
		return true
	}
	inside = math.Nextafter32(most, float32(math.Inf(-1)))
	return float64(inside) >= from && float64(most) <= to
}

// place is where the middle of the box lies on a Z-order curve round the Earth.
func (b box) place() uint64 {
	x := (float64(b.west) + float64(b.east)) / 2
	y := (float64(b.south) + float64(b.north)) / 2
	return spread(turn((x+180)/360)) | spread(turn((y+90)/180))<<1
}

// Place is where a shape, given as EWKB in degrees, stands in the order of [Snapshot.Around].
func Place(shape []byte) (uint64, error) {
	bound, err := ewkb.Bound(shape)
	if err != nil {
		return 0, err
	}
	return PlaceOf(bound), nil
}

// PlaceOf is [Place] of a shape with a box of degrees.
func PlaceOf(bound orb.Bound) uint64 { return boxOf(bound).place() }

// turn maps 0 to 1 to all numbers of 32 bits; what lies beyond, or is no number, to an end.
func turn(share float64) uint32 {
	if !(share > 0) {
		return 0
	}
	return uint32(min(share, 1) * math.MaxUint32)
}

// spread puts a zero after each bit.
func spread(v uint32) uint64 {
	x := uint64(v)
	for _, step := range [5]struct {
		shift uint
		mask  uint64
	}{{16, 0x0000FFFF0000FFFF}, {8, 0x00FF00FF00FF00FF}, {4, 0x0F0F0F0F0F0F0F0F}, {2, 0x3333333333333333},
		{1, 0x5555555555555555}} {
		x = (x | x<<step.shift) & step.mask
	}
	return x
}

func compareID(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }
