package lot

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"

	"luodi/geo"
)

// mitreLimit is how many setbacks far a corner that points into the land may carry its mitre; one that would go further
// is cut off square across. It is that of ST_Buffer.
const mitreLimit = 5

// sliverM is the mean width below which a part is what the grid left, not land.
const sliverM = 0.001

// maxSetbackM bounds setbacks.
const maxSetbackM = 10_000

// Setback gives what of a parcel may be built on when buildings keep a distance, in metres, from each side: an inner
// offset with mitred corners. It may lie in several polygons. Distances are given by ring and side, in the order of the
// shape as it is given, side i running from vertex i to the next; a list of one ring with one distance stands for all
// sides.
//
//  1. Along each side lies a strip as deep as its distance. Where the straight lines that bound the strips of two neighbouring sides
//     meet beyond the end of a side, the strip is lengthened to there, by a triangle from the corner.
//  2. The strips are united and taken off the parcel, on a grid of 0.1 mm.
//
// So a distance is kept straight across a neighbour's land too, where the parcel goes round it. Refused are a shape
// that is no sound parcel, distances that are not as many as its sides, or not 0 to 10,000 m, and setbacks that leave
// nothing.
func Setback(p *Plane, s Shape, distanceM [][]float64) (orb.MultiPolygon, error) {
	w := newWork(p)
	if _, err := w.settle(s, 0); err != nil {
		return nil, err
	}
	for _, ring := range s {
		if len(dedupe(ring)) != len(ring) {
			return nil, refuse(BadShape, "parcel", "lot.no_repeat", len(ring))
		}
	}
	by, err := setbacks(s, distanceM)
	if err != nil {
		return nil, err
	}
	b := &builder{origin: snapped(p.Point(s[0][0]), orb.Point{})}
	land := b.polygon(p.Polygon(s)...)
	for i, ring := range s {
		b.ring(w.points(ring), by[i], w.twiceArea(ring) > 0 == (i == 0))
	}
	left, err := b.takeOff(land)
	if err != nil {
		return nil, refuse(BadShape, "parcel", "lot.sides_apart", geo.None())
	}
	if len(left) == 0 {
		return nil, refuse(NothingLeft, "setbacks", "lot.beyond_setback",
			text(fmt.Sprintf("%s m² within them", num(math.Abs(w.area(s))))))
	}
	return left, nil
}

// setbacks gives a distance for every side.
func setbacks(s Shape, distanceM [][]float64) ([][]float64, error) {
	for _, ring := range distanceM {
		for _, d := range ring {
			if !(d >= 0 && d <= maxSetbackM) {
				return nil, refuse(BadRequest, "setbacks", "lot.setback_m", d, "n", maxSetbackM)
			}
		}
	}
	all := len(distanceM) == 1 && len(distanceM[0]) == 1
	if !all && len(distanceM) != len(s) {
		return nil, refuse(BadRequest, "setbacks", "lot.distances", len(distanceM), "n", len(s))
	}
	out := make([][]float64, len(s))
	for i, ring := range s {
		out[i] = make([]float64, len(ring))
		if !all && len(distanceM[i]) != len(ring) {
			return nil, refuse(BadRequest, "setbacks", "lot.ring_distances",
				len(distanceM[i]), "n", len(ring), "ring", i)
		}
		for k := range ring {
			if all {
				out[i][k] = distanceM[0][0]
			} else {
				out[i][k] = distanceM[i][k]
			}
		}
	}
	return out, nil
}

// builder gathers what is taken off a parcel.
type builder struct {
	origin orb.Point
	off    []geom.Geometry
}

// snapped gives metres to 0.1 mm from an origin: what the overlay works on.
func snapped(p, origin orb.Point) orb.Point {
	return orb.Point{math.Round((p[0]-origin[0])/gridM) * gridM, math.Round((p[1]-origin[1])/gridM) * gridM}
}

// ring gathers the strips along a ring whose land is on its left or, with not left, on its right.
func (b *builder) ring(points []orb.Point, distance []float64, left bool) {
	n := len(points)
	side := 1.0
	if !left {
		side = -1
	}
	normal := func(i int) orb.Point {
		t := unit(points[i], points[(i+1)%n])
		return orb.Point{-side * t[1], side * t[0]}
	}
	for i, p := range points {
		q, d := points[(i+1)%n], distance[i]
		if d > 0 {
			m := normal(i)
			b.takes(p, q, offset(q, m, d), offset(p, m, d))
		}
		before := (i + n - 1) % n
		b.corner(p, points[before], q, normal(before), normal(i), distance[before], d)
	}
}

func offset(p, way orb.Point, d float64) orb.Point {
	return orb.Point{p[0] + d*way[0], p[1] + d*way[1]}
}

// corner lengthens the strips of two sides, from a to p and from p to c, to where the lines that bound them meet.
func (b *builder) corner(p, a, c, m, n orb.Point, d, e float64) {
	turn := m[0]*n[1] - m[1]*n[0]
	if math.Abs(turn) < 1e-9 {
		return // straight on
	}
	// the point at d along m and at e along n from p
	at := orb.Point{p[0] + (d*n[1]-e*m[1])/turn, p[1] + (e*m[0]-d*n[0])/turn}
	in, out := unit(a, p), unit(p, c)
	over := (at[0]-p[0])*in[0] + (at[1]-p[1])*in[1]
	under := -((at[0]-p[0])*out[0] + (at[1]-p[1])*out[1])
	limit := mitreLimit * max(d, e)
	first, second := at, at
	if apart(p, at) > limit {
		first = offset(offset(p, m, d), in, min(over, math.Sqrt(limit*limit-d*d)))
		second = offset(offset(p, n, e), out, -min(under, math.Sqrt(limit*limit-e*e)))
	}
	if over > 0 && d > 0 {
		b.takes(p, offset(p, m, d), first)
	}
	if under > 0 && e > 0 {
		b.takes(p, second, offset(p, n, e))
	}
	if first != second && over > 0 && under > 0 {
		b.takes(p, first, second)
	}
}

// takes adds a polygon to what is taken off; one without area adds nothing.
func (b *builder) takes(points ...orb.Point) {
	ring := make(orb.Ring, 0, len(points)+1)
	for _, p := range points {
		if s := snapped(p, b.origin); len(ring) == 0 || ring[len(ring)-1] != s {
			ring = append(ring, s)
		}
	}
	if ring[0] == ring[len(ring)-1] {
		ring = ring[:len(ring)-1]
	}
	if len(ring) < 3 {
		return
	}
	g := flat(orb.Polygon{append(ring, ring[0])})
	if g.Validate() == nil {
		b.off = append(b.off, g)
	}
}

func (b *builder) polygon(rings ...orb.Ring) geom.Geometry {
	poly := make(orb.Polygon, len(rings))
	for i, ring := range rings {
		for _, p := range ring {
			poly[i] = append(poly[i], snapped(p, b.origin))
		}
	}
	return flat(poly)
}

func flat(poly orb.Polygon) geom.Geometry {
	rings := make([][]float64, len(poly))
	for i, ring := range poly {
		for _, p := range ring {
			rings[i] = append(rings[i], p[0], p[1])
		}
	}
	return geom.NewPolygonXY(rings...).AsGeometry()
}

// takeOff takes all that was gathered off the land.
func (b *builder) takeOff(land geom.Geometry) (orb.MultiPolygon, error) {
	if err := land.Validate(); err != nil {
		return nil, err
	}
	left, err := b.difference(land)
	if err != nil {
		return nil, err
	}
	var out orb.MultiPolygon
	for _, part := range left.Dump() {
		poly, is := part.AsPolygon()
		if !is || poly.IsEmpty() {
			continue
		}
		var rings orb.Polygon
		for _, ring := range poly.ForceCCW().DumpRings() {
			seq := ring.Coordinates()
			var r orb.Ring
			for i := range seq.Length() {
				xy := seq.GetXY(i)
				r = append(r, orb.Point{xy.X + b.origin[0], xy.Y + b.origin[1]})
			}
			rings = append(rings, r)
		}
		if 2*geo.PlanarArea(rings) > sliverM*geo.PlanarPerimeter(rings) {
			out = append(out, rings)
		}
	}
	return out, nil
}

// difference takes all off at once or, where the overlay finds that too close to call, one after the other. Strips are
// united two by two: an overlay of many that overlap can lose what several of them cover.
func (b *builder) difference(land geom.Geometry) (geom.Geometry, error) {
	if off, err := union(b.off); err == nil {
		if left, err := geom.Difference(land, off); err == nil {
			return left, nil
		}
	}
	for _, strip := range b.off {
		var err error
		if land, err = geom.Difference(land, strip); err != nil {
			return geom.Geometry{}, err
		}
	}
	return land, nil
}

func union(of []geom.Geometry) (geom.Geometry, error) {
	switch len(of) {
	case 0:
		return geom.Geometry{}, nil
	case 1:
		return of[0], nil
	}
	a, err := union(of[:len(of)/2])
	if err != nil {
		return geom.Geometry{}, err
	}
	b, err := union(of[len(of)/2:])
	if err != nil {
		return geom.Geometry{}, err
	}
	return geom.Union(a, b)
}
