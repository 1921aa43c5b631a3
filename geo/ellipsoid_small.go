package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// smallDeg bounds the extent of rings whose area [smallRingArea] gives, in
// degrees of longitude and of latitude; polarDeg bounds their latitude.
const (
	smallDeg = 0.05
	polarDeg = 80
)

const (
	flattening = 1 / InverseFlattening
	e2         = flattening * (2 - flattening) // first eccentricity, squared
)

// eccentricity is the first eccentricity of the ellipsoid.
var eccentricity = math.Sqrt(e2)

// isSmall reports whether r fits into smallDeg and keeps away from the poles.
func isSmall(r orb.Ring) bool {
	if len(r) == 0 {
		return false
	}
	b := r.Bound()
	return b.Max[0]-b.Min[0] <= smallDeg && b.Max[1]-b.Min[1] <= smallDeg &&
		b.Min[1] >= -polarDeg && b.Max[1] <= polarDeg
}

// smallRingArea returns the signed area in m² of a small ring with geodesic
// edges, counter-clockwise positive. Karney's sum leaves some 1e-5 m² of
// rounding an edge however small the ring is (measured); here it is 1e-9 m
// times the ring's extent, and a vertex costs a fifteenth of the time.
//
//  1. Map by the cylindrical equal-area projection (Snyder, Map Projections: A
//     Working Manual, USGS 1987, equations 10-14 and 3-12): x = a λ and
//     y = a q(φ) / 2. A planar area there is the area on the ellipsoid.
//  2. Sum the polygon of straight edges about the first vertex.
//  3. Add what lies between each straight edge and the image of the geodesic:
//     the curve's bend × length³ / 12, taken in the middle of the edge. With
//     Clairaut's relation that is −sin φ Δλ (E² + 3 N²) / 12, where E and N are
//     the edge's metres to the east and north. What is neglected grows with the
//     fifth power of the length: 1e-10 of the area at 5 km.
func smallRingArea(r orb.Ring) float64 {
	const radian = math.Pi / 180
	var sum float64
	y0 := equalAreaY(r[0].Lat() * radian)
	px, py := 0.0, 0.0
	for i := range r {
		p, q := r[i], r[(i+1)%len(r)]
		qx := SemiMajorM * (q.Lon() - r[0].Lon()) * radian
		qy := equalAreaY(q.Lat()*radian) - y0
		sin, cos := math.Sincos((p.Lat() + q.Lat()) / 2 * radian)
		stretch := cos / math.Sqrt(1-e2*sin*sin) // parallel's radius ÷ a
		east, north := (qx-px)*stretch, (qy-py)/stretch
		sum += (px*qy-qx*py)/2 - sin*(qx-px)/SemiMajorM*(east*east+3*north*north)/12
		px, py = qx, qy
	}
	return sum
}

// equalAreaY is the cylindrical equal-area northing of a latitude in radians.
func equalAreaY(lat float64) float64 {
	sin := math.Sin(lat)
	return SemiMajorM / 2 * (1 - e2) * (sin/(1-e2*sin*sin) + math.Atanh(eccentricity*sin)/eccentricity)
}
