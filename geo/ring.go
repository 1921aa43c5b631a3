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

// Compactness is 4π times an area over the square of its perimeter: 1 for a disc, 0.785 for a square, near 0 for a
// thread, and not a number without a perimeter (D. D. Polsby and R. D. Popper, "The Third Criterion: Compactness as a
// Procedural Safeguard against Partisan Gerrymandering", Yale Law & Policy Review 9, 1991).
func Compactness(areaM2, perimeterM float64) float64 {
	if !(perimeterM > 0) {
		return math.NaN()
	}
	return 4 * math.Pi * areaM2 / (perimeterM * perimeterM)
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
