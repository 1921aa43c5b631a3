package fit

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"luodi/geo/lot"
)

// Stretch is an unbroken part of a parcel's outline that fronts one road.
type Stretch struct {
	Road    int // its place among the roads given
	Ring    int // the ring of the parcel it is part of: 0 is the outer one
	LengthM float64
	Line    orb.LineString // with the land on its left
	at      span           // in metres from the ring's first vertex
}

// Fronting is what of a parcel's outline fronts roads.
type Fronting struct {
	TotalM    float64   // of all roads, what fronts two counted once
	Stretches []Stretch // longest first
}

// Longest returns the longest stretch; its length is 0 where nothing fronts a road.
func (f Fronting) Longest() Stretch {
	if len(f.Stretches) == 0 {
		return Stretch{Road: -1}
	}
	return f.Stretches[0]
}

// Frontage finds which parts of a parcel's sides front roads: those from which the road's edge is seen at no more than
// 60° from straight ahead and no further than the tolerance, in metres. Sides that run away from a road don't front it,
// however close they begin. A stretch goes on round corners of the parcel, and over gaps no longer than the tolerance.
//
// Refused are a shape that is no sound parcel, roads that are not finite or wider than 1000 m, and a tolerance not
// between 0 and 100 m.
func Frontage(p *lot.Plane, s lot.Shape, roads []Road, toleranceM float64) (Fronting, error) {
	shape, err := p.Sound(s)
	if err != nil {
		return Fronting{}, err
	}
	outline := p.Outline(shape)
	kerbs, err := within(roads, toleranceM, outline)
	if err != nil {
		return Fronting{}, err
	}
	return kerbs.Fronting(outline), nil
}

// Fronting is what of an outline fronts the roads, as [Frontage] finds it, for parcels and parts of them that are known
// to be sound.
func (k Kerbs) Fronting(outline [][]orb.Point) Fronting {
	out := k.fronting(outline)
	for i, s := range out.Stretches {
		out.Stretches[i].Line = drawn(outline[s.Ring], s.at)
	}
	return out
}

// Longest is the longest stretch of an outline that fronts a road.
func (k Kerbs) Longest(outline [][]orb.Point) Stretch {
	out := k.fronting(outline).Longest()
	if out.LengthM > 0 {
		out.Line = drawn(outline[out.Ring], out.at)
	}
	return out
}

// fronting finds stretches without their lines.
func (k Kerbs) fronting(outline [][]orb.Point) Fronting {
	var out Fronting
	toleranceM := k.toleranceM
	for i, ring := range outline {
		byRoad, long := k.facing(ring)
		var all []span
		for road, spans := range byRoad {
			all = append(all, spans...)
			for _, s := range roundRing(joinSpans(spans, toleranceM+JoinM), long, toleranceM+JoinM) {
				out.Stretches = append(out.Stretches, Stretch{Road: road, Ring: i, LengthM: s.to - s.from, at: s})
			}
		}
		for _, s := range joinSpans(all, JoinM) {
			out.TotalM += s.to - s.from
		}
	}
	slices.SortFunc(out.Stretches, func(a, b Stretch) int {
		return cmp.Or(cmp.Compare(b.LengthM, a.LengthM), cmp.Compare(a.Road, b.Road), cmp.Compare(a.Ring, b.Ring),
			cmp.Compare(a.at.from, b.at.from))
	})
	return out
}

// JoinM is the gap that rounding leaves between spans that meet.
const JoinM = 1e-6

// facing lists by road what of a ring fronts it, in metres from the ring's first vertex, and gives the ring's length.
func (k Kerbs) facing(ring []orb.Point) (map[int][]span, float64) {
	byRoad := make(map[int][]span)
	var long float64
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		box := orb.Bound{Min: p, Max: p}.Extend(q)
		for j := range k.pieces {
			if piece := &k.pieces[j]; piece.box.Intersects(box) {
				piece.facing(p, q, k.toleranceM, func(s span) {
					byRoad[piece.road] = append(byRoad[piece.road], span{long + s.from, long + s.to})
				})
			}
		}
		long += lot.Apart(p, q)
	}
	return byRoad, long
}

// roundRing joins the last span of a ring to its first where they meet at the ring's first vertex. It then ends beyond
// the ring's length.
func roundRing(spans []span, long, gap float64) []span {
	last := len(spans) - 1
	if last < 1 || spans[0].from+long-spans[last].to > gap {
		return spans
	}
	spans[last].to = spans[0].to + long
	return spans[1:]
}

// drawn is what of a ring a span covers.
func drawn(ring []orb.Point, s span) orb.LineString {
	var out orb.LineString
	put := func(p orb.Point) {
		if len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	var at float64
	for lap := 0; lap < 2 && at <= s.to; lap++ {
		for i, p := range ring {
			q := ring[(i+1)%len(ring)]
			long := lot.Apart(p, q)
			if from, to := max(s.from, at), min(s.to, at+long); from < to {
				put(lot.Along(p, q, (from-at)/long))
				put(lot.Along(p, q, (to-at)/long))
			}
			at += long
		}
	}
	return out
}

// Depth measures a parcel from a stretch of its frontage: how far it reaches behind the straight line between the
// stretch's ends, and how wide it is along that line, both in metres. They are 0 where the stretch has no two ends.
func Depth(p *lot.Plane, s lot.Shape, from Stretch) (depthM, widthM float64) {
	if len(s) == 0 {
		return 0, 0
	}
	return from.Depth(p.Outline(s[:1])[0])
}

// Depth measures the outer ring of a parcel from a stretch of its frontage, as the function [Depth] does.
func (from Stretch) Depth(ring []orb.Point) (depthM, widthM float64) {
	if len(from.Line) < 2 || from.Line[0] == from.Line[len(from.Line)-1] {
		return 0, 0
	}
	a := from.Line[0]
	dir := lot.Unit(a, from.Line[len(from.Line)-1])
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range ring {
		x, y := p[0]-a[0], p[1]-a[1]
		depthM = max(depthM, y*dir[0]-x*dir[1])
		reach := x*dir[0] + y*dir[1]
		low, high = min(low, reach), max(high, reach)
	}
	return depthM, high - low
}
