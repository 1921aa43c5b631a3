package lot

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
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
func Frontage(p *Plane, s Shape, roads []Road, toleranceM float64) (Fronting, error) {
	w := newWork(p)
	shape, err := w.settle(s, 0)
	if err != nil {
		return Fronting{}, err
	}
	near, err := kerbs(roads, toleranceM, p.Polygon(shape).Bound())
	if err != nil {
		return Fronting{}, err
	}
	return w.frontage(shape, near, toleranceM), nil
}

func (w *work) frontage(shape Shape, near []kerb, toleranceM float64) Fronting {
	out := w.fronting(shape, near, toleranceM)
	for i, s := range out.Stretches {
		out.Stretches[i].Line = w.stretch(shape[s.Ring], s.at)
	}
	return out
}

// fronting is frontage without the lines.
func (w *work) fronting(shape Shape, near []kerb, toleranceM float64) Fronting {
	var out Fronting
	for i, ring := range shape {
		byRoad, long := w.facing(ring, near, toleranceM)
		var all []span
		for road, spans := range byRoad {
			all = append(all, spans...)
			for _, s := range roundRing(joinSpans(spans, toleranceM+joinM), long, toleranceM+joinM) {
				out.Stretches = append(out.Stretches, Stretch{Road: road, Ring: i, LengthM: s.to - s.from, at: s})
			}
		}
		for _, s := range joinSpans(all, joinM) {
			out.TotalM += s.to - s.from
		}
	}
	slices.SortFunc(out.Stretches, func(a, b Stretch) int {
		return cmp.Or(cmp.Compare(b.LengthM, a.LengthM), cmp.Compare(a.Road, b.Road), cmp.Compare(a.Ring, b.Ring),
			cmp.Compare(a.at.from, b.at.from))
	})
	return out
}

// joinM is the gap that rounding leaves between spans that meet.
const joinM = 1e-6

// facing lists by road what of a ring fronts it, in metres from the ring's first vertex, and gives the ring's length.
func (w *work) facing(ring []int, near []kerb, toleranceM float64) (map[int][]span, float64) {
	byRoad := make(map[int][]span)
	var long float64
	for i, id := range ring {
		p, q := w.at(id), w.at(ring[(i+1)%len(ring)])
		box := orb.Bound{Min: p, Max: p}.Extend(q)
		for j := range near {
			if k := &near[j]; k.box.Intersects(box) {
				k.facing(p, q, toleranceM, func(s span) {
					byRoad[k.road] = append(byRoad[k.road], span{long + s.from, long + s.to})
				})
			}
		}
		long += apart(p, q)
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

// stretch draws what of a ring a span covers.
func (w *work) stretch(ring []int, s span) orb.LineString {
	var out orb.LineString
	put := func(p orb.Point) {
		if len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	var at float64
	for lap := 0; lap < 2 && at <= s.to; lap++ {
		for i, id := range ring {
			p, q := w.at(id), w.at(ring[(i+1)%len(ring)])
			long := apart(p, q)
			if from, to := max(s.from, at), min(s.to, at+long); from < to {
				put(along(p, q, (from-at)/long))
				put(along(p, q, (to-at)/long))
			}
			at += long
		}
	}
	return out
}

// Depth measures a parcel from a stretch of its frontage: how far it reaches behind the straight line between the
// stretch's ends, and how wide it is along that line, both in metres. They are 0 where the stretch has no two ends.
func Depth(p *Plane, s Shape, from Stretch) (depthM, widthM float64) {
	if len(s) == 0 {
		return 0, 0
	}
	points := make([]orb.Point, len(s[0]))
	for i, id := range s[0] {
		points[i] = p.Point(id)
	}
	return depth(points, from)
}

func depth(outline []orb.Point, from Stretch) (depthM, widthM float64) {
	if len(from.Line) < 2 || from.Line[0] == from.Line[len(from.Line)-1] {
		return 0, 0
	}
	a := from.Line[0]
	dir := unit(a, from.Line[len(from.Line)-1])
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range outline {
		x, y := p[0]-a[0], p[1]-a[1]
		depthM = max(depthM, y*dir[0]-x*dir[1])
		reach := x*dir[0] + y*dir[1]
		low, high = min(low, reach), max(high, reach)
	}
	return depthM, high - low
}
