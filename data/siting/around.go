package siting

import (
	"context"
	"math"

	"github.com/paulmach/orb"
)

// Around is how a piece of ground lies to the public roads of its park, as rankings measure it.
type Around struct {
	FrontM float64            // longest unbroken frontage on one road, in metres; 0: none; NaN: not measured
	Road   string             // code of that road
	ByRoad map[string]float64 // ways by road to what [RoadTargets] lists, in metres; only those that roads lead to
}

// RoadTargets are what ways by road are told of: the nearest port, railway station and expressway.
func RoadTargets() []string { return []string{"port", "rail_station", "highway"} }

// Around measures ground of a park in the plane of its survey CRS: shape, and ways from point, inside it.
func (m *Matcher) Around(ctx context.Context, park string, shape orb.Polygon, point orb.Point) (*Around, error) {
	out := &Around{FrontM: math.NaN(), ByRoad: map[string]float64{}}
	err := m.Read(ctx, park, true, func(s *Sites) error {
		access := s.ways.roads.Access(point)
		for _, target := range RoadTargets() {
			if metres := s.ways.along(target, access); !math.IsNaN(metres) {
				out.ByRoad[target] = metres
			}
		}
		if points(shape) > MaxOutline {
			return nil
		}
		o, err := newOutline(shape)
		if err != nil {
			return nil // an outline that can't be measured has no frontage to tell
		}
		front := s.front(o)
		out.FrontM, out.Road = front.LengthM, s.ways.kerbs.code(front.Road)
		return nil
	})
	return out, err
}
