package file

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"luodi/geo"
)

// wkbReader reads WKB of either byte order, as ISO (Z +1000, M +2000) or EWKB (flags) writes it, and appends it in two
// dimensions, little-endian.
type wkbReader struct {
	in     []byte
	order  binary.ByteOrder
	out    []byte
	limit  int
	points int
	extra  bool // Z or M was seen
	bounds [4]float64
}

const (
	ewkbZ    = 0x80000000
	ewkbM    = 0x40000000
	ewkbSRID = 0x20000000
)

// flatten checks a WKB geometry and returns it in two dimensions. Collections are passed by kind, empty: no layer takes
// one.
func flatten(wkb []byte, maxPoints int) (Shape, *Fault) {
	r := wkbReader{in: wkb, limit: maxPoints, out: make([]byte, 0, len(wkb)),
		bounds: [4]float64{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}}
	kind, parts, fault := r.geometry(0)
	if fault == nil && kind != Collection && len(r.in) > 0 {
		fault = badWKB("came.bytes_after", "n", len(r.in))
	}
	if fault == nil && kind != Collection && r.points == 0 {
		fault = &Fault{Code: EmptyGeometry, Got: kind.String()}
	}
	if fault != nil {
		return Shape{}, fault
	}
	return Shape{WKB: r.out, Kind: kind, Parts: parts, Points: r.points, Dropped: r.extra, Bounds: r.bounds}, nil
}

func badWKB(rule geo.Rule, args ...any) *Fault {
	return &Fault{Code: BadGeometry, Expected: "WKB", Came: said(rule, args...)}
}

// shift moves every position of a shape, in place: its WKB is our own, little-endian and in two dimensions.
func (s *Shape) shift(move func(orb.Point) orb.Point) {
	s.Bounds = [4]float64{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	s.shiftOne(s.WKB, move)
}

// shiftOne moves one geometry and returns what stands after it.
func (s *Shape) shiftOne(body []byte, move func(orb.Point) orb.Point) []byte {
	kind := Kind(binary.LittleEndian.Uint32(body[1:]))
	body = body[5:]
	count := func() int {
		n := binary.LittleEndian.Uint32(body)
		body = body[4:]
		return int(n)
	}
	positions := func(n int) {
		for range n {
			x, y := binary.LittleEndian.Uint64(body), binary.LittleEndian.Uint64(body[8:])
			to := move(orb.Point{math.Float64frombits(x), math.Float64frombits(y)})
			binary.LittleEndian.PutUint64(body, math.Float64bits(to[0]))
			binary.LittleEndian.PutUint64(body[8:], math.Float64bits(to[1]))
			s.Bounds = [4]float64{min(s.Bounds[0], to[0]), min(s.Bounds[1], to[1]), max(s.Bounds[2], to[0]),
				max(s.Bounds[3], to[1])}
			body = body[16:]
		}
	}
	switch kind {
	case Point:
		positions(1)
	case LineString:
		positions(count())
	case Polygon:
		for range count() {
			positions(count())
		}
	default:
		for range count() {
			body = s.shiftOne(body, move)
		}
	}
	return body
}

// geometry reads one geometry. within is 0 for the outermost, else the multi kind whose part this must be.
func (r *wkbReader) geometry(within Kind) (Kind, int, *Fault) {
	kind, dims, fault := r.header()
	if fault != nil {
		return 0, 0, fault
	}
	if within != 0 && kind != within-(MultiPoint-Point) {
		return 0, 0, badWKB("came.kind_within", "kind", kind, "within", within)
	}
	r.out = append(r.out, 1)
	r.out = binary.LittleEndian.AppendUint32(r.out, uint32(kind))
	switch kind {
	case Point:
		return kind, 1, r.point(dims)
	case LineString:
		return kind, 1, r.line(dims)
	case Polygon:
		return kind, 1, r.polygon(dims)
	case MultiPoint, MultiLineString, MultiPolygon:
		parts, fault := r.count(5)
		for i := 0; i < parts && fault == nil; i++ {
			_, _, fault = r.geometry(kind)
		}
		return kind, parts, fault
	}
	return kind, 0, nil
}

func (r *wkbReader) header() (kind Kind, dims int, fault *Fault) {
	if len(r.in) < 5 {
		return 0, 0, badWKB("came.bytes", "n", len(r.in))
	}
	switch r.in[0] {
	case 0:
		r.order = binary.BigEndian
	case 1:
		r.order = binary.LittleEndian
	default:
		return 0, 0, badWKB("came.byte_order", "n", r.in[0])
	}
	code := r.order.Uint32(r.in[1:])
	r.in = r.in[5:]
	dims = 2
	if code&ewkbZ != 0 {
		dims++
	}
	if code&ewkbM != 0 {
		dims++
	}
	if code&ewkbSRID != 0 {
		if len(r.in) < 4 {
			return 0, 0, badWKB("came.end")
		}
		r.in = r.in[4:]
	}
	code &^= ewkbZ | ewkbM | ewkbSRID
	if dims == 2 {
		dims += [...]int{0, 1, 1, 2}[min(code/1000, 3)]
	}
	r.extra = r.extra || dims > 2
	kind = Kind(code % 1000)
	switch {
	case code >= 4000 || kind == 0 || kind > 17:
		return 0, 0, badWKB("came.geometry_type", "n", code)
	case kind > Collection:
		return 0, 0, &Fault{Code: CurvedGeometry, Got: kind.String()}
	}
	return kind, dims, nil
}

// count reads how many items follow; each takes at least so many bytes, so that a lying count can't make us allocate or
// loop.
func (r *wkbReader) count(least int) (int, *Fault) {
	if len(r.in) < 4 {
		return 0, badWKB("came.end")
	}
	n := r.order.Uint32(r.in)
	r.in = r.in[4:]
	if uint64(n)*uint64(least) > uint64(len(r.in)) {
		return 0, badWKB("came.items_in_bytes", "n", n, "bytes", len(r.in))
	}
	r.out = binary.LittleEndian.AppendUint32(r.out, n)
	return int(n), nil
}

func (r *wkbReader) point(dims int) *Fault {
	if len(r.in) < 8*dims {
		return badWKB("came.bytes", "n", len(r.in))
	}
	x, y := r.number(0), r.number(1)
	if math.IsNaN(x) && math.IsNaN(y) {
		return &Fault{Code: EmptyGeometry, Got: "POINT EMPTY"}
	}
	return r.positions(1, dims)
}

func (r *wkbReader) line(dims int) *Fault {
	n, fault := r.count(8 * dims)
	if fault != nil {
		return fault
	}
	if n == 1 {
		return &Fault{Code: LineShort, Expected: "2", Got: "1"}
	}
	return r.positions(n, dims)
}

func (r *wkbReader) polygon(dims int) *Fault {
	rings, fault := r.count(4)
	for i := 0; i < rings && fault == nil; i++ {
		fault = r.ring(i, dims)
	}
	return fault
}

func (r *wkbReader) ring(i, dims int) *Fault {
	field := fmt.Sprintf("ring %d", i+1)
	n, fault := r.count(8 * dims)
	if fault != nil {
		return fault
	}
	if n < 4 {
		return &Fault{Code: RingShort, Field: field, Where: said("place.ring", "n", i+1), Expected: "4",
			Got: fmt.Sprint(n)}
	}
	last := (n - 1) * dims
	x0, y0, x1, y1 := r.number(0), r.number(1), r.number(last), r.number(last+1)
	if fault := r.positions(n, dims); fault != nil {
		return fault
	}
	if x0 != x1 || y0 != y1 {
		return &Fault{Code: RingOpen, Field: field, Where: said("place.ring", "n", i+1), Expected: position(x0, y0),
			Got: position(x1, y1)}
	}
	return nil
}

// number returns the i-th of the numbers that follow.
func (r *wkbReader) number(i int) float64 {
	return math.Float64frombits(r.order.Uint64(r.in[8*i:]))
}

// positions copies n positions, x and y only; the caller has seen that there are as many.
func (r *wkbReader) positions(n, dims int) *Fault {
	r.points += n
	if r.points > r.limit {
		return &Fault{Code: TooManyPoints, Expected: fmt.Sprint(r.limit), Got: fmt.Sprint(r.points)}
	}
	for range n {
		x, y := r.number(0), r.number(1)
		if !finite(x) || !finite(y) {
			return &Fault{Code: NotFinite, Got: position(x, y)}
		}
		r.bounds = [4]float64{min(r.bounds[0], x), min(r.bounds[1], y), max(r.bounds[2], x), max(r.bounds[3], y)}
		r.out = binary.LittleEndian.AppendUint64(r.out, math.Float64bits(x))
		r.out = binary.LittleEndian.AppendUint64(r.out, math.Float64bits(y))
		r.in = r.in[8*dims:]
	}
	return nil
}

func finite(f float64) bool { return f-f == 0 }

func position(x, y float64) string { return fmt.Sprintf("%.10g %.10g", x, y) }
