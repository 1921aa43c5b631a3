package geo

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// PointInside returns a point within a polygon, holes kept off, in the polygon's own plane: the middle of the widest
// stretch inside on a level half way up, as PostGIS's ST_PointOnSurface takes it (GEOS, InteriorPointArea). The level
// runs half way between the vertices next to the middle of the box, so that it meets none. A polygon without height
// gives its first point, an empty one 0, 0.
func PointInside(p orb.Polygon) orb.Point {
	if len(p) == 0 || len(p[0]) == 0 {
		return orb.Point{}
	}
	box := p.Bound()
	middle := (box.Min[1] + box.Max[1]) / 2
	below, above := box.Min[1], box.Max[1]
	for _, ring := range p {
		for _, v := range ring {
			if v[1] <= middle {
				below = math.Max(below, v[1])
			} else {
				above = math.Min(above, v[1])
			}
		}
	}
	level := (below + above) / 2
	var crossings []float64
	for _, ring := range p {
		for i := 1; i < len(ring); i++ {
			a, b := ring[i-1], ring[i]
			if (a[1] > level) != (b[1] > level) {
				crossings = append(crossings, a[0]+(level-a[1])/(b[1]-a[1])*(b[0]-a[0]))
			}
		}
	}
	slices.Sort(crossings)
	at, widest := p[0][0], -1.0
	for i := 1; i < len(crossings); i += 2 {
		if wide := crossings[i] - crossings[i-1]; wide > widest {
			at, widest = orb.Point{(crossings[i] + crossings[i-1]) / 2, level}, wide
		}
	}
	return at
}
