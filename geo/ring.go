package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// GridPerDegree is the number of steps of the coordinate grid in one degree:
// stored coordinates are multiples of 1e-9° (0.11 mm of latitude).
const GridPerDegree = 1e9

// SnapDegrees returns the float64 nearest to the grid point nearest to deg, so
// that a coordinate printed with 9 decimals and read back is the same number.
// It differs from PostGIS's ST_SnapToGrid(geom, 1e-9) by at most the last bit:
// that multiplies by 1e-9, which is not exact.
func SnapDegrees(deg float64) float64 {
	return math.Round(deg*GridPerDegree) / GridPerDegree
}

// Snap returns a copy of g with every coordinate on the 1e-9° grid. Points of
// a ring that fall together are kept: the caller checks what a snap may have
// made of a shape thinner than the grid.
func Snap(g orb.Geometry) orb.Geometry {
	if g == nil {
		return nil
	}
	return orb.Round(orb.Clone(g), GridPerDegree)
}

// Orient returns a copy of p wound as stored and served: the outer ring
// counter-clockwise, the holes clockwise (RFC 7946, 3.1.6). A ring without
// area stays as it is.
func Orient(p orb.Polygon) orb.Polygon {
	out := p.Clone()
	for i, ring := range out {
		want := orb.CCW
		if i > 0 {
			want = orb.CW
		}
		if got := Orientation(ring); got != 0 && got != want {
			ring.Reverse()
		}
	}
	return out
}

// Orientation tells which way a ring runs in its own plane: orb.CCW, orb.CW, or
// 0 when it encloses nothing. Coordinates are taken from the first point, so
// that a small ring far from the origin (eastings of 41,500,000 m) keeps its
// digits. The closing point may be left out.
func Orientation(r orb.Ring) orb.Orientation {
	switch twice := twiceSignedArea(r); {
	case twice > 0:
		return orb.CCW
	case twice < 0:
		return orb.CW
	}
	return 0
}

// PlanarArea returns the area of p in the square of its own unit: the outer
// ring less the holes, whichever way they run. Of degrees it means nothing.
func PlanarArea(p orb.Polygon) float64 {
	var area float64
	for i, ring := range p {
		part := math.Abs(twiceSignedArea(ring)) / 2
		if i > 0 {
			part = -part
		}
		area += part
	}
	return area
}

// PlanarPerimeter returns the length of p's rings, holes included, in its own
// unit.
func PlanarPerimeter(p orb.Polygon) float64 {
	var length float64
	for _, ring := range p {
		for i := range ring {
			a, b := ring[i], ring[(i+1)%len(ring)]
			length += math.Hypot(b[0]-a[0], b[1]-a[1])
		}
	}
	return length
}

// twiceSignedArea is the shoelace sum about the ring's first point.
func twiceSignedArea(r orb.Ring) float64 {
	var sum float64
	for i := 1; i+1 < len(r); i++ {
		ax, ay := r[i][0]-r[0][0], r[i][1]-r[0][1]
		bx, by := r[i+1][0]-r[0][0], r[i+1][1]-r[0][1]
		sum += ax*by - bx*ay
	}
	return sum
}
