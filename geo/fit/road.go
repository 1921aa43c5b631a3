package fit

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"luodi/geo/lot"
)

// Road is ground that parcels front, in planar metres: the line of its middle with its width or, with no width, a line
// that is its edge. A road in several lines is several of them.
type Road struct {
	Line   orb.LineString
	WidthM float64
}

const (
	maxRoadWidthM     = 1000
	maxRoadToleranceM = 100
)

// kerb is a straight piece of a road's line.
type kerb struct {
	a, b  orb.Point
	along orb.Point // from a to b, of length 1; 0, 0 where they are one
	long  float64
	reach float64 // half the road's width and the tolerance
	box   orb.Bound
	road  int
}

// Kerbs are the straight pieces of roads near a parcel. Measuring against them costs the same in a large town as in a
// small one.
type Kerbs struct {
	pieces     []kerb
	toleranceM float64
}

// Near gives the roads that come near a parcel's sides, or lie in it. Refused are roads that are not finite or wider
// than 1000 m, and a tolerance not between 0 and 100 m.
func Near(roads []Road, toleranceM float64, outline [][]orb.Point) (Kerbs, error) {
	k, err := within(roads, toleranceM, outline)
	if err != nil {
		return Kerbs{}, err
	}
	k.pieces = slices.DeleteFunc(k.pieces, func(piece kerb) bool {
		for _, ring := range outline {
			for i, a := range ring {
				if (orb.Bound{Min: a, Max: a}).Extend(ring[(i+1)%len(ring)]).Intersects(piece.box) {
					return false
				}
			}
		}
		return lot.Within(outline[0], piece.a) < 0
	})
	return k, nil
}

// within gives the roads that come near the box round an outline.
func within(roads []Road, toleranceM float64, outline [][]orb.Point) (Kerbs, error) {
	if !(toleranceM >= 0 && toleranceM <= maxRoadToleranceM) {
		return Kerbs{}, lot.Refuse(lot.BadRules, "tolerance_m", "number.from_to", toleranceM, "from", 0, "to", 100)
	}
	near := orb.MultiPoint(outline[0]).Bound()
	var out []kerb
	for i, road := range roads {
		if !(road.WidthM >= 0 && road.WidthM <= maxRoadWidthM) {
			return Kerbs{}, lot.Refuse(lot.BadLine, "roads.width_m", "number.from_to", road.WidthM, "from", 0, "to", 1000)
		}
		for _, p := range road.Line {
			if !(math.Abs(p[0]) <= lot.MaxMetres && math.Abs(p[1]) <= lot.MaxMetres) {
				return Kerbs{}, lot.Refuse(lot.BadLine, "roads", "lot.metres", p)
			}
		}
		reach := road.WidthM/2 + toleranceM
		for j := 1; j < len(road.Line); j++ {
			k := kerb{a: road.Line[j-1], b: road.Line[j], reach: reach, road: i}
			k.box = orb.Bound{Min: k.a, Max: k.a}.Extend(k.b).Pad(reach)
			if !k.box.Intersects(near) {
				continue
			}
			if k.long = lot.Apart(k.a, k.b); k.long > 0 {
				k.along = lot.Unit(k.a, k.b)
			}
			out = append(out, k)
		}
	}
	return Kerbs{out, toleranceM}, nil
}

// span is a stretch of a line, from and to in metres along it.
type span struct{ from, to float64 }

// leastCosine is that of 60°: a side that stands steeper to a road than that leads away from it and doesn't front it.
const leastCosine = 0.5

// facing calls add with the parts of the side from p to q, the land on its left, that front a piece of road. There
//
//  1. the way from the side to the nearest point of the road's line leads out of the land and at no more than 60°
//     from the side's normal, and is no longer than half the road's width and the tolerance; or
//  2. the line lies within the land, and no deeper than the tolerance.
//
// The nearest point is one between the ends of the piece, or one of its ends.
func (k *kerb) facing(p, q orb.Point, toleranceM float64, add func(span)) {
	reach := k.reach
	t, long := lot.Unit(p, q), lot.Apart(p, q)
	if cosine := t[0]*k.along[0] + t[1]*k.along[1]; math.Abs(cosine) >= leastCosine {
		sign := math.Copysign(1, cosine)
		x, y := p[0]-k.a[0], p[1]-k.a[1]
		at := span{0, long}
		at = at.where(x*k.along[0]+y*k.along[1], cosine, 0, k.long)
		at = at.where(sign*(y*k.along[0]-x*k.along[1]), sign*(t[1]*k.along[0]-t[0]*k.along[1]), -toleranceM, reach)
		if at.to > at.from {
			add(at)
		}
	}
	for _, end := range [2]orb.Point{k.a, k.b} {
		x, y := end[0]-p[0], end[1]-p[1]
		out := x*t[1] - y*t[0]
		if out <= 0 || out > reach {
			continue
		}
		wide := min(math.Sqrt(reach*reach-out*out), out*math.Sqrt(1/(leastCosine*leastCosine)-1))
		middle := x*t[0] + y*t[1]
		if at := (span{max(0, middle-wide), min(long, middle+wide)}); at.to > at.from {
			add(at)
		}
	}
}

// where keeps the part of a span over which start + slope × metres stays between low and high.
func (s span) where(start, slope, low, high float64) span {
	if slope == 0 {
		if start < low || start > high {
			return span{}
		}
		return s
	}
	a, b := (low-start)/slope, (high-start)/slope
	return span{max(s.from, min(a, b)), min(s.to, max(a, b))}
}

// joinSpans puts spans that overlap, or lie no further apart than gap, into one.
func joinSpans(spans []span, gap float64) []span {
	slices.SortFunc(spans, func(a, b span) int {
		switch {
		case a.from < b.from:
			return -1
		case a.from > b.from:
			return 1
		}
		return 0
	})
	var out []span
	for _, s := range spans {
		if last := len(out) - 1; last >= 0 && s.from <= out[last].to+gap {
			out[last].to = max(out[last].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}
