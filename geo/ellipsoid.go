package geo

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/tidwall/geodesic"
)

// The CGCS2000 ellipsoid (EPSG ellipsoid 1024; GB 22021-2008), in metres. GRS
// 1980 has the same two figures, which is what PROJ and PostGIS name.
const (
	SemiMajorM        = 6378137.0
	InverseFlattening = 298.257222101
)

// cgcs2000 solves geodesics on the ellipsoid by Karney's method (C. F. F.
// Karney, Algorithms for geodesics, J. Geodesy 87, 2013). It is not written to
// after this.
var cgcs2000 = geodesic.NewEllipsoid(SemiMajorM, 1/InverseFlattening)

// EllipsoidArea returns the area in m² that g covers on the CGCS2000
// ellipsoid, its edges taken as geodesics: the outer ring's area less its
// holes', whichever way the rings run; of several polygons the sum. Points and
// lines cover 0. Coordinates are longitude and latitude in degrees; a ring may
// cross the 180th meridian, must not enclose a pole, and may leave out its
// closing point. Polygons of a multipolygon or collection must not overlap, or
// what they share counts twice.
//
// A coordinate that is not finite, a latitude beyond ±90 or a longitude beyond
// ±180 is an [Invalid].
func EllipsoidArea(g orb.Geometry) (float64, error) {
	switch g := g.(type) {
	case nil, orb.Point, orb.MultiPoint, orb.LineString, orb.MultiLineString:
		return 0, nil
	case orb.Ring:
		return ringArea(g)
	case orb.Polygon:
		return polygonArea(g)
	case orb.MultiPolygon:
		return sumOf(g, polygonArea)
	case orb.Collection:
		return sumOf(g, EllipsoidArea)
	case orb.Bound:
		return ringArea(g.ToRing())
	}
	return 0, NewInvalid("geometry", "geometry.kind", None())
}

// EllipsoidLength returns the length in metres of g on the CGCS2000 ellipsoid,
// its edges taken as geodesics: of lines their length, of polygons the
// perimeter with that of the holes, of points 0. A polygon's ring that leaves
// out its closing point is closed. What is refused is as in [EllipsoidArea].
func EllipsoidLength(g orb.Geometry) (float64, error) {
	switch g := g.(type) {
	case nil, orb.Point, orb.MultiPoint:
		return 0, nil
	case orb.LineString:
		return lineLength(g)
	case orb.MultiLineString:
		return sumOf(g, lineLength)
	case orb.Ring:
		return ringLength(g)
	case orb.Polygon:
		return sumOf(g, ringLength)
	case orb.MultiPolygon:
		return sumOf(g, func(p orb.Polygon) (float64, error) { return sumOf(p, ringLength) })
	case orb.Collection:
		return sumOf(g, EllipsoidLength)
	case orb.Bound:
		return ringLength(g.ToRing())
	}
	return 0, NewInvalid("geometry", "geometry.kind", None())
}

// EllipsoidDistance returns the length in metres of the geodesic from a to b.
func EllipsoidDistance(a, b orb.Point) (float64, error) {
	return lineLength(orb.LineString{a, b})
}

func polygonArea(p orb.Polygon) (float64, error) {
	var m2 float64
	for i, ring := range p {
		part, err := ringArea(ring)
		if err != nil {
			return 0, err
		}
		if i > 0 {
			part = -part
		}
		m2 += part
	}
	return m2, nil
}

// ringArea is the unsigned area of one ring.
func ringArea(r orb.Ring) (float64, error) {
	for _, p := range r {
		if err := CheckLonLat("coordinates", p); err != nil {
			return 0, err
		}
	}
	if isSmall(r) {
		return math.Abs(smallRingArea(r)), nil
	}
	var m2 float64
	err := traverse(r, false, &m2, nil)
	return math.Abs(m2), err
}

func ringLength(r orb.Ring) (float64, error) {
	var m float64
	err := traverse(r, false, nil, &m)
	return m, err
}

func lineLength(l orb.LineString) (float64, error) {
	var m float64
	err := traverse(l, true, nil, &m)
	return m, err
}

// traverse runs along points, open or closed, and writes the signed area
// (counter-clockwise positive) and the length where they are asked for.
func traverse(points []orb.Point, open bool, m2, m *float64) error {
	path := cgcs2000.PolygonInit(open)
	for i, p := range points {
		if err := CheckLonLat("coordinates", p); err != nil {
			return err
		}
		if closing := i > 0 && i == len(points)-1 && p == points[0]; closing && !open {
			break
		}
		path.AddPoint(p.Lat(), p.Lon())
	}
	path.Compute(false, true, m2, m)
	return nil
}

// CheckLonLat refuses a point that is no place on Earth: a coordinate that is
// not finite, a longitude beyond ±180° or a latitude beyond ±90°. field names
// the value in the error.
func CheckLonLat(field string, p orb.Point) error {
	if math.Abs(p.Lon()) <= 180 && math.Abs(p.Lat()) <= 90 {
		return nil
	}
	return NewInvalid(field, "point.degrees", p)
}

// sumOf adds measure over items and stops at the first error.
func sumOf[S ~[]T, T any](items S, measure func(T) (float64, error)) (float64, error) {
	var total float64
	for _, item := range items {
		part, err := measure(item)
		if err != nil {
			return 0, err
		}
		total += part
	}
	return total, nil
}
