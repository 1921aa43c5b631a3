package cql2

import (
	"math"

	"github.com/paulmach/orb"

	"luodi/geo"
)

// Placed is a geometry with east before north.
type Placed struct {
	Shape orb.Geometry
	Code  geo.EPSG // EPSG:4490 of degrees: CGCS2000 agrees with WGS 84 to within centimetres
}

// Place puts a literal's coordinates east first, and refuses those that lie outside of its reference system.
func (n *Shape) Place(crs geo.CRS) (Placed, error) {
	shape := orb.Clone(n.Shape)
	if crs.NorthFirst() {
		swap(shape, &shape)
	}
	return place(shape, crs, n.At)
}

// Place gives the rectangle that a box is, or the two of a box over the 180th meridian. A box without width or height
// is a line or a point.
func (n *Box) Place(crs geo.CRS) (Placed, error) {
	c := n.Corners
	if crs.NorthFirst() {
		c = [4]float64{c[1], c[0], c[3], c[2]}
	}
	degrees := crs.LonFirst || crs.Code.Geographic()
	if c[1] > c[3] || c[0] > c[2] && !degrees {
		return Placed{}, expected(geo.Say("cql2.want.box"), n.At, shown(n))
	}
	if c[0] <= c[2] {
		return place(rectangle(c[0], c[1], c[2], c[3]), crs, n.At)
	}
	return place(orb.Collection{rectangle(c[0], c[1], 180, c[3]), rectangle(-180, c[1], c[2], c[3])}, crs, n.At)
}

func rectangle(w, s, e, n float64) orb.Geometry {
	switch {
	case w == e && s == n:
		return orb.Point{w, s}
	case w == e || s == n:
		return orb.LineString{{w, s}, {e, n}}
	}
	return orb.Polygon{{{w, s}, {e, s}, {e, n}, {w, n}, {w, s}}}
}

// Bounds of planar coordinates: of Web Mercator its square; of a Gauss–Krüger zone, around its central meridian and
// the equator, what lies within the hemisphere that its formulas hold for.
const (
	mercatorMost = 20_037_508.342789244 // π × 6,378,137 m
	eastingMost  = 1_000_000.0
	northingMost = 10_000_000.0
)

// place checks that every coordinate lies within the reference system.
func place(shape orb.Geometry, crs geo.CRS, at Pos) (Placed, error) {
	b := shape.Bound()
	code := crs.Code
	west, south, east, north := -mercatorMost, -mercatorMost, mercatorMost, mercatorMost
	if zone, is := code.GaussKruger(); is {
		west, east = zone.FalseEastingM-eastingMost, zone.FalseEastingM+eastingMost
		south, north = -northingMost, northingMost
	}
	if crs.LonFirst || code.Geographic() {
		west, south, east, north = -180, -90, 180, 90
		code = geo.CGCS2000
	}
	if !(b.Min[0] >= west && b.Min[1] >= south && b.Max[0] <= east && b.Max[1] <= north) {
		return Placed{}, expected(geo.Say("cql2.want.within", "crs", crs.URI(), "west", west, "east", east, "south", south,
			"north", north), at, geo.Say("came.range", "west", b.Min[0], "east", b.Max[0], "south", b.Min[1], "north",
			b.Max[1]))
	}
	if code != geo.CGCS2000 {
		shape = densified(shape)
	}
	return Placed{oneKind(shape), code}, nil
}

// swap exchanges the two coordinates of every position, in place where positions lie in slices.
func swap(shape orb.Geometry, to *orb.Geometry) {
	switch shape := shape.(type) {
	case orb.Point:
		*to = orb.Point{shape[1], shape[0]}
	case orb.MultiPoint:
		swapAll(shape)
	case orb.LineString:
		swapAll(shape)
	case orb.Polygon:
		for _, ring := range shape {
			swapAll(ring)
		}
	case orb.MultiLineString:
		for _, line := range shape {
			swapAll(line)
		}
	case orb.MultiPolygon:
		for _, polygon := range shape {
			for _, ring := range polygon {
				swapAll(ring)
			}
		}
	case orb.Collection:
		for i := range shape {
			swap(shape[i], &shape[i])
		}
	}
}

func swapAll[S ~[]orb.Point](points S) {
	for i, p := range points {
		points[i] = orb.Point{p[1], p[0]}
	}
}

// Dimensions of a geometry's parts: 0 of points, 1 of lines, 2 of areas.
func mixed(shape orb.Geometry) bool {
	parts, is := shape.(orb.Collection)
	if !is {
		return false
	}
	for _, part := range parts {
		if part.Dimensions() != parts[0].Dimensions() {
			return true
		}
	}
	return false
}

// oneKind makes a collection of one dimension a multi-geometry, which predicates are defined for. A mixed one stays.
func oneKind(shape orb.Geometry) orb.Geometry {
	parts, is := shape.(orb.Collection)
	if !is || mixed(shape) {
		return shape
	}
	var points orb.MultiPoint
	var lines orb.MultiLineString
	var areas orb.MultiPolygon
	for _, part := range parts {
		switch part := part.(type) {
		case orb.Point:
			points = append(points, part)
		case orb.MultiPoint:
			points = append(points, part...)
		case orb.LineString:
			lines = append(lines, part)
		case orb.MultiLineString:
			lines = append(lines, part...)
		case orb.Polygon:
			areas = append(areas, part)
		case orb.MultiPolygon:
			areas = append(areas, part...)
		}
	}
	switch parts[0].Dimensions() {
	case 0:
		return points
	case 1:
		return lines
	}
	return areas
}

const (
	// straightM is the longest edge of a planar literal that is taken as straight in degrees too: at 500 m the two
	// differ by 4 mm.
	straightM = 500
	// mostAdded bounds the positions that are put on the edges of one line.
	mostAdded = 2000
)

// densified puts positions on long edges: an edge is straight in the reference system of the literal.
func densified(shape orb.Geometry) orb.Geometry {
	switch shape := shape.(type) {
	case orb.LineString:
		return densifiedLine(shape)
	case orb.Polygon:
		made := make(orb.Polygon, len(shape))
		for i, ring := range shape {
			made[i] = densifiedLine(ring)
		}
		return made
	case orb.MultiLineString:
		made := make(orb.MultiLineString, len(shape))
		for i, line := range shape {
			made[i] = densifiedLine(line)
		}
		return made
	case orb.MultiPolygon:
		made := make(orb.MultiPolygon, len(shape))
		for i, polygon := range shape {
			made[i], _ = densified(polygon).(orb.Polygon)
		}
		return made
	case orb.Collection:
		made := make(orb.Collection, len(shape))
		for i, part := range shape {
			made[i] = densified(part)
		}
		return made
	}
	return shape
}

func densifiedLine[S ~[]orb.Point](line S) S {
	length := 0.0
	for i := 1; i < len(line); i++ {
		length += math.Hypot(line[i][0]-line[i-1][0], line[i][1]-line[i-1][1])
	}
	step := max(straightM, length/mostAdded)
	made := S{line[0]}
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		n := math.Ceil(math.Hypot(b[0]-a[0], b[1]-a[1]) / step)
		for k := 1.0; k < n; k++ {
			made = append(made, orb.Point{a[0] + (b[0]-a[0])*k/n, a[1] + (b[1]-a[1])*k/n})
		}
		made = append(made, b)
	}
	return made
}
