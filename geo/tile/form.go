package tile

import (
	"encoding/binary"
	"math"

	"luodi/geo"
)

// Scale is what the form of a shape depends on besides the shape: it is the same in all tiles of a scale.
type Scale struct {
	set    string
	zoom   int
	shift  geo.MapOffset
	joined bool
}

// Scale is that of the tile that is written, after Begin and Join.
func (w *Writer) Scale() Scale { return Scale{w.at.Set.ID(), w.at.Z, w.at.Shift, w.joins} }

// A form is an area as tiles of a scale draw it where it lies in one of them, its buffer included, as a whole: on the
// grid, in the commands of the specification. Only the first step of these depends on the tile.
//
//	bytes  what
//	4, 4   x and y of the first vertex, in units of the scale's whole world
//	4 × 2  how far the box of the shape reaches from there to the west, north, east, south, rounded outward
//	8      what the grid takes from the area (below 0: gives), in square units
//	4, 4   x and y from the first vertex to the last
//	1      1: merged shapes may settle that area
//	rest   the commands after the first
const (
	formReach = 8
	formOff   = 16
	formLast  = 24
	formFlags = 32
	formHead  = 33
)

// Form appends the form of the shape that was added last to dst. ok is false where it has none: it is merged,
// simplified, cut, has a label or is no area, or a number of the form has no room for it. That is so where it reaches
// further than 65,535 units, and east and south of 2³¹ units of the world: from level 19 of Web Mercator on in China,
// where a tile has few parcels.
func (w *Writer) Form(dst []byte) (form []byte, ok bool) {
	f, s, first := &w.form, &w.shape, w.pen.first
	if !f.has {
		return dst, false
	}
	x, y := int64(w.plane.west)+int64(first.x), int64(w.plane.north)+int64(first.y)
	reach := [4]float64{float64(first.x) - math.Floor(s.min.x), float64(first.y) - math.Floor(s.min.y),
		math.Ceil(s.max.x) - float64(first.x), math.Ceil(s.max.y) - float64(first.y)}
	for _, r := range reach {
		if r < 0 || r > math.MaxUint16 {
			return dst, false
		}
	}
	if max(abs(x), abs(y)) > math.MaxInt32 {
		return dst, false
	}
	dst = binary.LittleEndian.AppendUint32(dst, uint32(int32(x)))
	dst = binary.LittleEndian.AppendUint32(dst, uint32(int32(y)))
	for _, r := range reach {
		dst = binary.LittleEndian.AppendUint16(dst, uint16(r))
	}
	dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(f.off))
	dst = binary.LittleEndian.AppendUint32(dst, uint32(w.pen.last.x-first.x))
	dst = binary.LittleEndian.AppendUint32(dst, uint32(w.pen.last.y-first.y))
	flags := byte(0)
	if f.settles {
		flags = 1
	}
	return append(append(dst, flags), w.pen.out[w.pen.rest:]...), true
}

// formed is what the form of the shape that was added last has besides what its box and the pen tell.
type formed struct {
	has     bool // it has a form
	settles bool
	off     float64
}

// AddForm adds a shape by its form of this scale, as Add would, with no more tags than there are keys. It does nothing
// and reports false where only Add can: where the shape leaves the tile and its buffer. The form is held until Append.
func (w *Writer) AddForm(form []byte, class string, tags []Value) bool {
	x := float64(int32(binary.LittleEndian.Uint32(form))) - w.plane.west
	y := float64(int32(binary.LittleEndian.Uint32(form[4:]))) - w.plane.north
	low, high := point{x - reachOf(form, 0), y - reachOf(form, 1)}, point{x + reachOf(form, 2), y + reachOf(form, 3)}
	if !w.buffered.holds(low, high) {
		return false
	}
	w.form = formed{}
	first := vertex{int32(x), int32(y)}
	number := w.mosaic.class(class)
	w.begin(number)
	w.pen.move(first)
	w.pen.out = append(w.pen.out, form[formHead:]...)
	w.pen.last = vertex{first.x + int32(binary.LittleEndian.Uint32(form[formLast:])),
		first.y + int32(binary.LittleEndian.Uint32(form[formLast+4:]))}
	if !w.joins {
		w.tagAll(tags)
	}
	settles := form[formFlags] == 1 && w.tile.holds(low, high)
	w.drawn(number, settles, math.Float64frombits(binary.LittleEndian.Uint64(form[formOff:])))
	if w.simple.on {
		w.simple.forms = append(w.simple.forms, laid{form[formHead:], first})
	}
	return true
}

func reachOf(form []byte, side int) float64 {
	return float64(binary.LittleEndian.Uint16(form[formReach+2*side:]))
}

// laid is a form that was added with its first vertex there.
type laid struct {
	commands []byte // after the first
	first    vertex
}

// vertices hands on all vertices.
func (l laid) vertices(do func(v vertex)) {
	at := l.first
	do(at)
	for rest := l.commands; len(rest) > 0; {
		command, n := binary.Uvarint(rest)
		rest = rest[n:]
		if command&7 == closePath {
			continue
		}
		for range command >> 3 {
			var step [2]uint64
			for i := range step {
				step[i], n = binary.Uvarint(rest)
				rest = rest[n:]
			}
			at = vertex{at.x + unzigzag(step[0]), at.y + unzigzag(step[1])}
			do(at)
		}
	}
}

func unzigzag(u uint64) int32 { return int32(uint32(u)>>1) ^ -int32(u&1) }
