package surveytext

import (
	"math"

	"github.com/paulmach/orb"

	"luodi/geo"
)

// mostStepM bounds what the decimals of corners allow an area: whole metres are no excuse.
const mostStepM = 0.01

// measured is what the corners of a parcel bound.
type measured struct {
	area       geo.Area
	perimeterM float64
	stepM      float64 // to which corners are written
}

// measure reckons in the plane of the corners; those in degrees in the plane of their 3° zone.
func (r *reader) measure(rings [][]point) (measured, bool) {
	m := measured{}
	least := micro
	inPlane := func(p *point) (xy, bool) { return p.plane(), true }
	if first := rings[0][0]; first.notation == latLon || first.notation == lonLat {
		project, ok := planeFor(&first)
		if !ok {
			return m, false
		}
		inPlane = func(p *point) (xy, bool) {
			at := project(p.degrees())
			return xy{int64(math.Round(at[0] * 1e6)), int64(math.Round(at[1] * 1e6))},
				math.Abs(at[0])+math.Abs(at[1]) < 1e9
		}
	}
	all := make([][]xy, len(rings))
	for i, ring := range rings {
		for j := range ring {
			at, ok := inPlane(&ring[j])
			if !ok {
				return m, false
			}
			all[i] = append(all[i], at)
			least = min(least, ring[j].a.decimals(), ring[j].b.decimals())
		}
		for j, p := range all[i] {
			q := all[i][(j+1)%len(all[i])]
			m.perimeterM += math.Hypot(float64(q.x-p.x), float64(q.y-p.y)) / 1e6
		}
	}
	m.stepM = min(math.Pow(10, -float64(least)), mostStepM)
	var ok bool
	m.area, ok = areaOf(all)
	return m, ok
}

func (p *point) degrees() orb.Point {
	if p.notation == latLon {
		return orb.Point{p.b.v, p.a.v}
	}
	return orb.Point{p.a.v, p.b.v}
}

func planeFor(p *point) (func(orb.Point) orb.Point, bool) {
	code, err := geo.SurveyCRS(p.degrees())
	if err != nil {
		return nil, false
	}
	projection, ok := geo.CRS{Code: code}.Projection()
	return projection.Forward, ok
}
