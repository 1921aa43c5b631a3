package ewkb

import (
	"encoding/binary"
	"math"

	"github.com/paulmach/orb"

	"luodi/geo"
)

// Decode builds the orb geometry in ewkb, in x and y (Z and M are dropped),
// with its SRID, 0 where none is stated. Coordinates that are not finite are
// refused, and so is an empty point, which orb can't hold; inside a MultiPoint
// it is left out. Other empty geometries are empty slices.
func Decode(ewkb []byte) (orb.Geometry, int32, error) {
	b := builder{cursor{ewkb, len(ewkb)}}
	g, h, err := b.geometry(0)
	if err == nil {
		err = b.end()
	}
	if err != nil {
		return nil, 0, err
	}
	return g, h.srid, nil
}

// builder builds orb geometries of what its cursor reads.
type builder struct {
	cursor
}

// geometry builds a geometry of any kind.
func (b *builder) geometry(depth int) (orb.Geometry, header, error) {
	h, err := b.header()
	if err != nil {
		return nil, h, err
	}
	var g orb.Geometry
	switch h.kind {
	case kindPoint:
		g, err = b.point(h)
	case kindLineString:
		g, err = b.line(h)
	case kindPolygon:
		g, err = b.polygon(h)
	case kindMultiPoint:
		g, err = b.multiPoint(h)
	case kindMultiLineString:
		g, err = build[orb.MultiLineString](b, h, minGeometry,
			func() (orb.LineString, error) { return part(b, h, b.line) })
	case kindMultiPolygon:
		g, err = build[orb.MultiPolygon](b, h, minGeometry,
			func() (orb.Polygon, error) { return part(b, h, b.polygon) })
	case kindCollection:
		if depth == maxDepth {
			return nil, h, b.refuse("geometry.depth", geo.Say("came.deeper"), "n", maxDepth)
		}
		g, err = build[orb.Collection](b, h, minGeometry, func() (orb.Geometry, error) {
			member, _, err := b.geometry(depth + 1)
			return member, err
		})
	}
	return g, h, err
}

// build reads a count and that many items of at least minSize bytes each.
func build[S ~[]T, T any](b *builder, h header, minSize int, item func() (T, error)) (S, error) {
	n, err := b.count(h, minSize)
	if err != nil {
		return nil, err
	}
	items := make(S, n)
	for i := range items {
		if items[i], err = item(); err != nil {
			return nil, err
		}
	}
	return items, nil
}

// part reads the header of a part of the multi-geometry h and then the part.
func part[T any](b *builder, h header, body func(header) (T, error)) (T, error) {
	inner, err := b.member(h.partKind())
	if err != nil {
		var none T
		return none, err
	}
	return body(inner)
}

func (b *builder) point(h header) (orb.Point, error) {
	at := *b
	bytes, err := b.positions(h, 1)
	if err != nil {
		return orb.Point{}, err
	}
	if h.emptyPoint(bytes) {
		return orb.Point{}, at.refuse("geometry.position", geo.Say("came.empty_point"))
	}
	return b.position(h, bytes)
}

func (b *builder) multiPoint(h header) (orb.MultiPoint, error) {
	n, err := b.count(h, minGeometry)
	if err != nil {
		return nil, err
	}
	points := orb.MultiPoint{}
	for range n {
		inner, err := b.member(kindPoint)
		if err != nil {
			return nil, err
		}
		bytes, err := b.positions(inner, 1)
		if err != nil {
			return nil, err
		}
		if inner.emptyPoint(bytes) {
			continue
		}
		p, err := b.position(inner, bytes)
		if err != nil {
			return nil, err
		}
		points = append(points, p)
	}
	return points, nil
}

func (b *builder) line(h header) (orb.LineString, error) {
	bytes, err := b.sequence(h)
	if err != nil {
		return nil, err
	}
	line := make(orb.LineString, len(bytes)/h.stride)
	for i := range line {
		if line[i], err = b.position(h, bytes[i*h.stride:]); err != nil {
			return nil, err
		}
	}
	return line, nil
}

func (b *builder) polygon(h header) (orb.Polygon, error) {
	return build[orb.Polygon](b, h, 4, func() (orb.Ring, error) {
		line, err := b.line(h)
		return orb.Ring(line), err
	})
}

// position reads x and y.
func (b *builder) position(h header, bytes []byte) (orb.Point, error) {
	p := orb.Point{h.float(bytes), h.float(bytes[8:])}
	if p[0]-p[0] != 0 || p[1]-p[1] != 0 {
		return orb.Point{}, b.refuse("geometry.finite", p)
	}
	return p, nil
}

// Append appends g as little-endian EWKB in x and y. A srid of 0 is left out. A
// ring or a bound is written as a polygon. nil, also inside a collection, is
// an [geo.Invalid]; dst then comes back as it was.
func Append(dst []byte, g orb.Geometry, srid int32) ([]byte, error) {
	out, ok := appendGeometry(dst, g, srid)
	if !ok {
		return dst, geo.NewInvalid("geometry", "geometry.kind", geo.None())
	}
	return out, nil
}

func appendGeometry(dst []byte, g orb.Geometry, srid int32) ([]byte, bool) {
	switch g := g.(type) {
	case orb.Point:
		dst = appendHeader(dst, kindPoint, srid)
		return appendPosition(dst, g), true
	case orb.LineString:
		return appendLine(appendHeader(dst, kindLineString, srid), g), true
	case orb.Ring:
		return appendGeometry(dst, orb.Polygon{g}, srid)
	case orb.Bound:
		return appendGeometry(dst, g.ToPolygon(), srid)
	case orb.Polygon:
		dst = appendCount(appendHeader(dst, kindPolygon, srid), len(g))
		for _, ring := range g {
			dst = appendLine(dst, ring)
		}
		return dst, true
	case orb.MultiPoint:
		return appendParts(dst, kindMultiPoint, g, srid)
	case orb.MultiLineString:
		return appendParts(dst, kindMultiLineString, g, srid)
	case orb.MultiPolygon:
		return appendParts(dst, kindMultiPolygon, g, srid)
	case orb.Collection:
		return appendParts(dst, kindCollection, g, srid)
	}
	return dst, false
}

// appendParts appends a geometry made of others, which carry no SRID.
func appendParts[T orb.Geometry](dst []byte, kind uint32, parts []T, srid int32) ([]byte, bool) {
	dst = appendCount(appendHeader(dst, kind, srid), len(parts))
	ok := true
	for _, p := range parts {
		if dst, ok = appendGeometry(dst, p, 0); !ok {
			return dst, false
		}
	}
	return dst, true
}

func appendHeader(dst []byte, kind uint32, srid int32) []byte {
	dst = append(dst, 1)
	if srid == 0 {
		return binary.LittleEndian.AppendUint32(dst, kind)
	}
	dst = binary.LittleEndian.AppendUint32(dst, kind|flagSRID)
	return binary.LittleEndian.AppendUint32(dst, uint32(srid))
}

func appendCount(dst []byte, n int) []byte {
	return binary.LittleEndian.AppendUint32(dst, uint32(n))
}

func appendLine(dst []byte, points []orb.Point) []byte {
	dst = appendCount(dst, len(points))
	for _, p := range points {
		dst = appendPosition(dst, p)
	}
	return dst
}

func appendPosition(dst []byte, p orb.Point) []byte {
	dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(p[0]))
	return binary.LittleEndian.AppendUint64(dst, math.Float64bits(p[1]))
}
