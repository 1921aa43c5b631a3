package cql2

import (
	"slices"

	"github.com/paulmach/orb"

	"luodi/geo"
)

// checkedShape refuses a geometry that no coordinates can make right: a line of one position, a ring that does not
// close, a collection without members.
func checkedShape(shape orb.Geometry, at Pos) (Node, error) {
	if why, ok := whole(shape); !ok {
		return nil, expected(why, at, shape.GeoJSONType())
	}
	return &Shape{shape, at}, nil
}

func whole(shape orb.Geometry) (why geo.Words, ok bool) {
	switch shape := shape.(type) {
	case orb.MultiPoint:
		return geo.Say("cql2.want.parts"), len(shape) > 0
	case orb.LineString:
		return geo.Say("cql2.want.line"), len(shape) > 1 && slices.ContainsFunc(shape, func(p orb.Point) bool {
			return p != shape[0]
		})
	case orb.Polygon:
		for _, ring := range shape {
			if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
				return geo.Say("cql2.want.ring"), false
			}
		}
		return geo.Say("cql2.want.ring"), len(shape) > 0
	case orb.MultiLineString:
		return everyPart(shape)
	case orb.MultiPolygon:
		return everyPart(shape)
	case orb.Collection:
		return everyPart(shape)
	}
	return geo.Say("cql2.want.parts"), true
}

func everyPart[S ~[]T, T orb.Geometry](parts S) (why geo.Words, ok bool) {
	for _, part := range parts {
		if why, ok := whole(part); !ok {
			return why, false
		}
	}
	return geo.Say("cql2.want.parts"), len(parts) > 0
}

// countVertices counts the positions of a geometry.
func countVertices(shape orb.Geometry) int {
	switch shape := shape.(type) {
	case orb.MultiPoint:
		return len(shape)
	case orb.LineString:
		return len(shape)
	case orb.Ring:
		return len(shape)
	case orb.Polygon:
		return countParts(shape)
	case orb.MultiLineString:
		return countParts(shape)
	case orb.MultiPolygon:
		return countParts(shape)
	case orb.Collection:
		return countParts(shape)
	}
	return 1
}

func countParts[S ~[]T, T orb.Geometry](parts S) int {
	n := 0
	for _, part := range parts {
		n += countVertices(part)
	}
	return n
}
