package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// The way back from the map offsets, for what was drawn on such a map.

// Undo returns the place that a map with this offset shows at p: moved again it is p within 1e-9°, a tenth of a
// millimetre, but for the rim of the rectangle (see [WGS84FromGCJ02]). Outside the rectangle p comes back unchanged.
func (o MapOffset) Undo(p orb.Point) orb.Point {
	switch o {
	case GCJ02:
		return WGS84FromGCJ02(p)
	case BD09:
		return WGS84FromBD09(p)
	}
	return p
}

// rimDeg is more than the offsets move a point.
const rimDeg = 0.02

// WGS84FromGCJ02 undoes [GCJ02FromWGS84] to below a millimetre, by iteration.
// Within a kilometre of the rectangle's rim a point may be taken for one
// outside it.
func WGS84FromGCJ02(p orb.Point) orb.Point {
	if !inGCJArea(p, rimDeg) {
		return p
	}
	if back := undo(shiftGCJ, p); inGCJArea(back, 0) {
		return back
	}
	return p
}

// GCJ02FromBD09 undoes [BD09FromGCJ02], as [WGS84FromGCJ02] does its own.
func GCJ02FromBD09(p orb.Point) orb.Point {
	if !inGCJArea(p, rimDeg) {
		return p
	}
	if back := undo(shiftBD, p); inGCJArea(back, 0) {
		return back
	}
	return p
}

// WGS84FromBD09 undoes both offsets.
func WGS84FromBD09(p orb.Point) orb.Point { return WGS84FromGCJ02(GCJ02FromBD09(p)) }

// undo finds the point that shift moves to target: each step takes off what
// the last guess misses by. The shifts change by less than 3 % of a step, so
// that ten steps reach the last digits of a float64.
func undo(shift func(orb.Point) orb.Point, target orb.Point) orb.Point {
	guess := target
	for range 20 {
		got := shift(guess)
		east, north := target[0]-got[0], target[1]-got[1]
		guess = orb.Point{guess[0] + east, guess[1] + north}
		if math.Abs(east)+math.Abs(north) < 1e-13 {
			break
		}
	}
	return guess
}
