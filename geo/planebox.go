package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// PlaneBox is a box of the plane of a reference system, in metres, x easting and y northing. In degrees it is no box:
// its sides bend there.
type PlaneBox struct {
	CRS      CRS
	Min, Max orb.Point
}

// Box is what [ParseBBoxIn] reads: a box in degrees, or one of a plane. One of the two is set.
type Box struct {
	Degrees *BBox
	Plane   *PlaneBox
}

// maxPlaneM bounds the coordinates of a PlaneBox, in metres: more than any plane is wide.
const maxPlaneM = 1e9

// ParseBBoxIn reads a box as parseDegrees does, of coordinates in c, which is one of [ServedCRS], in the order of the
// axes of c. In a plane the first corner must not lie beyond the second.
func ParseBBoxIn(field, s string, c CRS) (Box, error) {
	if _, plane := c.Projection(); !plane {
		b, err := parseDegrees(field, s, c.NorthFirst())
		return Box{Degrees: &b}, err
	}
	n, err := parseCorners(field, s)
	if err != nil {
		return Box{}, err
	}
	b := PlaneBox{c, orb.Point{n[0], n[1]}, orb.Point{n[2], n[3]}}
	if c.NorthFirst() {
		b.Min, b.Max = orb.Point{n[1], n[0]}, orb.Point{n[3], n[2]}
	}
	for _, v := range n {
		if math.Abs(v) > maxPlaneM {
			return Box{}, NewInvalid(field, "bbox.plane", s, "n", maxPlaneM)
		}
	}
	if b.Min[0] > b.Max[0] || b.Min[1] > b.Max[1] {
		return Box{}, NewInvalid(field, "bbox.corners", s)
	}
	return Box{Plane: &b}, nil
}

// edgeSteps is in how many pieces the sides of a box are followed.
const edgeSteps = 32

// Degrees returns two boxes in degrees, with at least margin degrees to spare: around holds every place of b, within
// holds places of b alone. around is nil where b reaches so far that no useful box is known, within where there is
// none.
//
// The sides of b are followed in pieces. Since both planes are smooth and west lies west of east in both, the extremes
// lie on the sides, and the places between two points of a side lie as near to the straight line as the bend of the
// piece allows: twice its bend in the middle is added to the margin.
func (b PlaneBox) Degrees(margin float64) (around, within *orb.Bound) {
	known, whole := b.known()
	if known.Min[0] > known.Max[0] || known.Min[1] > known.Max[1] {
		return nil, nil
	}
	south, bend1 := known.side(known.Min, orb.Point{known.Max[0], known.Min[1]})
	north, bend2 := known.side(orb.Point{known.Min[0], known.Max[1]}, known.Max)
	west, bend3 := known.side(known.Min, orb.Point{known.Min[0], known.Max[1]})
	east, bend4 := known.side(orb.Point{known.Max[0], known.Min[1]}, known.Max)
	margin += 2 * max(bend1, bend2, bend3, bend4)
	if whole {
		all := south.Union(north).Union(west).Union(east).Pad(margin)
		around = &all
	}
	in := orb.Bound{Min: orb.Point{west.Max[0] + margin, south.Max[1] + margin},
		Max: orb.Point{east.Min[0] - margin, north.Min[1] - margin}}
	if in.Min[0] < in.Max[0] && in.Min[1] < in.Max[1] {
		within = &in
	}
	return around, within
}

// known is the part of b in which degrees and metres are smooth functions of each other: of a Gauss–Krüger zone what
// lies within 2,000 km of its meridian and 7,300 km (66°) of the equator, of Web Mercator its square. whole: all of b.
func (b PlaneBox) known() (part PlaneBox, whole bool) {
	limit := orb.Bound{Min: orb.Point{-20_037_508, -20_037_508}, Max: orb.Point{20_037_508, 20_037_508}}
	if zone, ok := b.CRS.Code.GaussKruger(); ok {
		limit = orb.Bound{Min: orb.Point{zone.FalseEastingM - 2e6, -7.3e6}, Max: orb.Point{zone.FalseEastingM + 2e6, 7.3e6}}
	}
	part = PlaneBox{b.CRS, orb.Point{max(b.Min[0], limit.Min[0]), max(b.Min[1], limit.Min[1])},
		orb.Point{min(b.Max[0], limit.Max[0]), min(b.Max[1], limit.Max[1])}}
	return part, part == b
}

// side returns the box in degrees of the points that it follows a side by, and the largest bend of a piece.
func (b PlaneBox) side(from, to orb.Point) (box orb.Bound, bend float64) {
	projection, _ := b.CRS.Projection()
	at := func(share float64) orb.Point {
		return projection.Inverse(orb.Point{from[0] + share*(to[0]-from[0]), from[1] + share*(to[1]-from[1])})
	}
	last := at(0)
	box = last.Bound()
	for i := 1; i <= edgeSteps; i++ {
		next, middle := at(float64(i)/edgeSteps), at((float64(i)-0.5)/edgeSteps)
		box = box.Extend(next)
		bend = max(bend, math.Abs(middle[0]-(last[0]+next[0])/2), math.Abs(middle[1]-(last[1]+next[1])/2))
		last = next
	}
	return box, bend
}
