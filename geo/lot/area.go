package lot

import (
	"math"

	"github.com/paulmach/orb"
)

// MeetM2 is how near an area that was asked for is met.
const MeetM2 = 0.001

// Side is a side of a line, as seen along its direction.
type Side int

// The sides.
const (
	Left Side = iota
	Right
)

// CutArea splits off areaM2 of computed area by a straight line in the direction of bearing (degrees clockwise from
// grid north), on the given side of the line. Parts[0] is the land split off, within 0.001 m² of areaM2; Parts[1] is
// the rest.
//
//  1. The line with exactly that area on its side is found by bisection; holes don't count as area.
//  2. If the land on that side is in several pieces, the line moves on until the largest piece alone has the area.
//     Only that piece is cut off.
//  3. If the line passes within the snap distance of a vertex, it is drawn through the vertex and turned about it, by
//     at most the angle that the snap distance allows, to meet the area again. If it passes near two vertices it goes
//     through neither.
//
// It refuses an area not between 0 and the parcel's, an area that no single piece has (pieces merge before they reach
// it), a rest in several pieces, and parts that the rules refuse.
func CutArea(p *Plane, s Shape, areaM2, bearing float64, side Side, r Rules) (Division, error) {
	dir, err := heading(bearing, side)
	if err != nil {
		return Division{}, err
	}
	w := newWork(p)
	if err := r.check(p); err != nil {
		return Division{}, err
	}
	shape, err := w.settle(s, 0)
	if err != nil {
		return Division{}, err
	}
	c := carver{w: w, shape: shape, rules: r, dir: dir}
	got, err := c.carve(areaM2)
	if err != nil {
		return Division{}, err
	}
	if err := got.w.allow(got.parts, r); err != nil {
		return Division{}, err
	}
	return got.w.finish(got.parts), nil
}

// heading gives the direction in which the side asked for is on the left.
func heading(bearing float64, side Side) (orb.Point, error) {
	if math.IsNaN(bearing) || math.Abs(bearing) > 360 {
		return orb.Point{}, refuse(BadDirection, "bearing", "lot.bearing", bearing)
	}
	if side != Left && side != Right {
		return orb.Point{}, refuse(BadDirection, "side", "lot.left_or_right", int(side))
	}
	sin, cos := math.Sincos(bearing * math.Pi / 180)
	if side == Right {
		sin, cos = -sin, -cos
	}
	return orb.Point{sin, cos}, nil
}

func unit(a, b orb.Point) orb.Point {
	d := apart(a, b)
	return orb.Point{(b[0] - a[0]) / d, (b[1] - a[1]) / d}
}
