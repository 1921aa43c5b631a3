package cql2

import (
	"strings"

	"github.com/paulmach/orb"

	"luodi/geo"
)

// shapes are the readers of what follows the name of a geometry type in WKT.
var shapes map[string]func(*textParser) (orb.Geometry, error)

func init() { // they read one another
	shapes = map[string]func(*textParser) (orb.Geometry, error){
		"POINT":              as((*textParser).point),
		"LINESTRING":         as((*textParser).line),
		"POLYGON":            as((*textParser).polygon),
		"MULTIPOINT":         as((*textParser).multiPoint),
		"MULTILINESTRING":    as(listOf[orb.MultiLineString]((*textParser).line)),
		"MULTIPOLYGON":       as(listOf[orb.MultiPolygon]((*textParser).polygon)),
		"GEOMETRYCOLLECTION": as(listOf[orb.Collection]((*textParser).member)),
	}
}

func as[T orb.Geometry](read func(*textParser) (T, error)) func(*textParser) (orb.Geometry, error) {
	return func(p *textParser) (orb.Geometry, error) { return read(p) }
}

// listOf reads parts in brackets, separated by commas.
func listOf[S ~[]T, T any](read func(*textParser) (T, error)) func(*textParser) (S, error) {
	return func(p *textParser) (S, error) {
		if err := p.must("("); err != nil {
			return nil, err
		}
		var all S
		for {
			part, err := read(p)
			if err != nil {
				return nil, err
			}
			all = append(all, part)
			more, err := p.take(",")
			if err != nil {
				return nil, err
			}
			if !more {
				return all, p.must(")")
			}
		}
	}
}

// shape reads what follows the name of a geometry type, or BBOX.
func (p *textParser) shape(word string, at Pos) (Node, error) {
	if word == "BBOX" {
		return p.box(at)
	}
	if _, err := p.take("Z"); err != nil {
		return nil, err
	}
	found, err := shapes[word](p)
	if err != nil {
		return nil, err
	}
	return checkedShape(found, at)
}

// member reads a geometry within a collection.
func (p *textParser) member() (orb.Geometry, error) {
	t := p.token
	read := shapes[strings.ToUpper(t.text)]
	if read == nil || t.is("GEOMETRYCOLLECTION") {
		return nil, expected(geo.Say("cql2.want.member"), t.at, t.shown())
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if _, err := p.take("Z"); err != nil {
		return nil, err
	}
	return read(p)
}

func (p *textParser) point() (orb.Point, error) {
	if err := p.must("("); err != nil {
		return orb.Point{}, err
	}
	at, err := p.position()
	if err != nil {
		return orb.Point{}, err
	}
	return at, p.must(")")
}

func (p *textParser) line() (orb.LineString, error) {
	return listOf[orb.LineString]((*textParser).position)(p)
}

func (p *textParser) polygon() (orb.Polygon, error) {
	return listOf[orb.Polygon](func(p *textParser) (orb.Ring, error) {
		line, err := p.line()
		return orb.Ring(line), err
	})(p)
}

// multiPoint reads points with brackets of their own, or without.
func (p *textParser) multiPoint() (orb.MultiPoint, error) {
	return listOf[orb.MultiPoint](func(p *textParser) (orb.Point, error) {
		if p.token.is("(") {
			return p.point()
		}
		return p.position()
	})(p)
}

// position reads two coordinates, and a height that is dropped.
func (p *textParser) position() (orb.Point, error) {
	var at orb.Point
	for i := range at {
		var err error
		if at[i], err = p.coordinate(); err != nil {
			return at, err
		}
	}
	if p.token.is(",") || p.token.is(")") {
		return at, nil
	}
	_, err := p.coordinate()
	return at, err
}

func (p *textParser) coordinate() (float64, error) {
	sign := ""
	if p.token.is("-") || p.token.is("+") {
		sign = p.token.text
		if err := p.advance(); err != nil {
			return 0, err
		}
	}
	t := p.token
	if t.kind != numberToken {
		return 0, expected(geo.Say("cql2.want.coordinate"), t.at, t.shown())
	}
	v, err := degrees(sign + t.text)
	if err != nil {
		return 0, expected(geo.Say("cql2.want.coordinate"), t.at, t.text)
	}
	return v, p.advance()
}

func (p *textParser) box(at Pos) (Node, error) {
	numbers, err := listOf[[]float64]((*textParser).coordinate)(p)
	if err != nil {
		return nil, err
	}
	return boxOf(numbers, at)
}

// boxOf makes a box of four numbers, or of six with heights.
func boxOf(n []float64, at Pos) (Node, error) {
	switch {
	case len(n) == 4:
		return &Box{[4]float64(n), at}, nil
	case len(n) == 6 && n[2] <= n[5]:
		return &Box{[4]float64{n[0], n[1], n[3], n[4]}, at}, nil
	}
	return nil, expected(geo.Say("bbox.form"), at, len(n))
}
