package lot

import (
	"github.com/paulmach/orb"

	"luodi/geo/land"
)

// CutLine is the one line along which a lot and the rest meet: the edges that both have, end to end.
func CutLine(plane *Plane, made, rest Shape) orb.LineString {
	shared := map[[2]int]bool{}
	for _, ring := range rest {
		for i, id := range ring {
			shared[[2]int{ring[(i+1)%len(ring)], id}] = true
		}
	}
	ring := made[0]
	cut := func(i int) bool { return shared[[2]int{ring[i%len(ring)], ring[(i+1)%len(ring)]}] }
	first := -1
	for i := range ring {
		if cut(i) && !cut(i+len(ring)-1) {
			if first >= 0 {
				return nil
			}
			first = i
		}
	}
	if first < 0 {
		return nil
	}
	line := orb.LineString{plane.Point(ring[first])}
	for i := first; cut(i); i++ {
		line = append(line, plane.Point(ring[(i+1)%len(ring)]))
	}
	return line
}

// ParcelRules say what an operation on parcels treats as small: a point within 5 mm of a vertex or side means it; a
// part under the least area of a parcel, or thinner than half a metre, is a sliver.
var ParcelRules = Rules{SnapM: 0.005, LeastM2: land.LeastParcelM2, LeastWidthM: 0.5}
