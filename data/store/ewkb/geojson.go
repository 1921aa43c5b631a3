package ewkb

import (
	"math"

	"github.com/paulmach/orb"

	"luodi/geo"
)

// kindNames are the GeoJSON types by kind.
var kindNames = [...]string{
	kindPoint: "Point", kindLineString: "LineString", kindPolygon: "Polygon",
	kindMultiPoint: "MultiPoint", kindMultiLineString: "MultiLineString",
	kindMultiPolygon: "MultiPolygon", kindCollection: "GeometryCollection",
}

// Form says how positions are printed.
type Form struct {
	Decimals   int
	Move       func(orb.Point) orb.Point // from the stored position to the one that is printed; nil: as it is
	NorthFirst bool                      // y before x
}

// Append appends the geometry in ewkb to dst as a GeoJSON geometry object. Positions keep the stored order and
// unit, x y or x y z (M is dropped). Numbers have at most the given decimals (0 to 15), rounded on their exact binary
// value, without trailing zeros. The SRID is not written. On an error dst is returned unchanged.
//
// It neither closes nor reorients rings: the stored geometry is printed. NaN and infinities, which JSON can't hold,
// are refused; POINT EMPTY, the pair of NaN, has empty coordinates.
//
// The bytes are those of ST_AsGeoJSON(geom, decimals, 0) of PostGIS 3.3, but:
//
//   - PostGIS prints sizes up to 10⁻⁸ and from 10¹⁵ on in scientific notation
//     and unrounded; here they are fixed and rounded.
//   - PostGIS rounds the shortest decimal that reads back as the number, here
//     the number itself is rounded: they differ in the last digit where that
//     shortest decimal ends in a 5 just behind the last digit, and where more
//     digits are asked for than a float64 holds (sizes from 281,000 on at 9
//     decimals). Coordinates on the 1e-9° grid are never such.
//   - Empty parts of a multi-geometry are left out; PostGIS prints them as []
//     or, of points, as nothing between two commas. Empty members of a
//     collection are kept, where PostGIS drops all if all are empty.
//   - Collections inside collections are printed; PostGIS refuses them.
func (f Form) Append(dst, ewkb []byte) ([]byte, error) {
	if f.Decimals < 0 || f.Decimals > MaxDecimals {
		return dst, geo.NewInvalid("decimals", "number.from_to", f.Decimals, "from", 0, "to", 15)
	}
	w := writer{cursor{ewkb, len(ewkb)}, newPrinter(f.Decimals), f.Move, f.NorthFirst}
	out, err := w.geometry(dst, 0)
	if err == nil {
		err = w.end()
	}
	if err != nil {
		return dst, err
	}
	return out, nil
}

// writer appends GeoJSON of what its cursor reads. After an error the bytes it
// appended are void.
type writer struct {
	cursor
	printer    printer
	move       func(orb.Point) orb.Point
	northFirst bool
}

func (w *writer) geometry(dst []byte, depth int) ([]byte, error) {
	h, err := w.header()
	if err != nil {
		return dst, err
	}
	dst = append(dst, `{"type":"`...)
	dst = append(dst, kindNames[h.kind]...)
	if h.kind == kindCollection {
		if depth == maxDepth {
			return dst, w.refuse("geometry.depth", geo.Say("came.deeper"), "n", maxDepth)
		}
		dst = append(dst, `","geometries":`...)
		dst, err = w.parts(dst, h, minGeometry, func(dst []byte) ([]byte, error) { return w.geometry(dst, depth+1) })
	} else {
		dst = append(dst, `","coordinates":`...)
		dst, err = w.coordinates(dst, h)
	}
	return append(dst, '}'), err
}

// coordinates appends the coordinates member of any geometry but a collection.
func (w *writer) coordinates(dst []byte, h header) ([]byte, error) {
	switch h.kind {
	case kindPoint:
		b, err := w.positions(h, 1)
		if err != nil {
			return dst, err
		}
		if h.emptyPoint(b) {
			return append(dst, "[]"...), nil
		}
		return w.position(dst, h, b)
	case kindLineString:
		return w.line(dst, h)
	case kindPolygon:
		return w.parts(dst, h, 4, func(dst []byte) ([]byte, error) { return w.line(dst, h) })
	}
	return w.multi(dst, h)
}

// parts appends an array of a counted number of items, each of at least
// minSize bytes, that item reads and appends.
func (w *writer) parts(dst []byte, h header, minSize int, item func([]byte) ([]byte, error)) ([]byte, error) {
	n, err := w.count(h, minSize)
	if err != nil {
		return dst, err
	}
	dst = append(dst, '[')
	for i := range n {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = item(dst); err != nil {
			return dst, err
		}
	}
	return append(dst, ']'), nil
}

// multi appends the coordinates of the parts that are not empty.
func (w *writer) multi(dst []byte, h header) ([]byte, error) {
	n, err := w.count(h, minGeometry)
	if err != nil {
		return dst, err
	}
	dst = append(dst, '[')
	first := len(dst)
	for range n {
		part, err := w.member(h.partKind())
		if err != nil {
			return dst, err
		}
		before := len(dst)
		if before > first {
			dst = append(dst, ',')
		}
		start := len(dst)
		if dst, err = w.coordinates(dst, part); err != nil {
			return dst, err
		}
		if string(dst[start:]) == "[]" {
			dst = dst[:before]
		}
	}
	return append(dst, ']'), nil
}

// line appends an array of positions.
func (w *writer) line(dst []byte, h header) ([]byte, error) {
	b, err := w.sequence(h)
	if err != nil {
		return dst, err
	}
	dst = append(dst, '[')
	for i := 0; i < len(b); i += h.stride {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = w.position(dst, h, b[i:i+h.stride]); err != nil {
			return dst, err
		}
	}
	return append(dst, ']'), nil
}

// position appends one position.
func (w *writer) position(dst []byte, h header, b []byte) ([]byte, error) {
	x, y := h.float(b), h.float(b[8:])
	if w.move != nil {
		p := w.move(orb.Point{x, y})
		x, y = p[0], p[1]
	}
	// x − x is 0 for a finite x and NaN for any other.
	if x-x != 0 || y-y != 0 {
		return dst, w.refuse("geometry.finite", [2]float64{x, y})
	}
	if w.northFirst {
		x, y = y, x
	}
	dst = append(dst, '[')
	dst = w.printer.append(dst, x)
	dst = append(dst, ',')
	dst = w.printer.append(dst, y)
	if h.z {
		z := h.float(b[16:])
		if math.IsNaN(z) || math.IsInf(z, 0) {
			return dst, w.refuse("geometry.finite", z)
		}
		dst = append(dst, ',')
		dst = w.printer.append(dst, z)
	}
	return append(dst, ']'), nil
}
