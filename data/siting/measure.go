package siting

import (
	"encoding/json"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"luodi/geo/land"
	"luodi/geo/match"
)

// measure is something known of a place that doesn't hang on the requirement. NaN is not known.
type measure struct {
	Name string
	of   func(s *Sites, place *Place, p *plot, access match.Access) float64
}

// m2PerMu is exact to the last bit a float64 has: 1 mu is 10000/15 m².
const m2PerMu = 10000.0 / 15

// measures are the columns that every place has. Names end in their unit; docs/matching.md says what each is and where
// it comes from.
var measures = []measure{
	{"area_mu", func(_ *Sites, _ *Place, p *plot, _ match.Access) float64 { return p.LegalM2 / m2PerMu }},
	{"price_cny_per_m2", func(_ *Sites, _ *Place, p *plot, _ match.Access) float64 { return orNaN(p.Price) }},
	{"compactness", func(_ *Sites, l *Place, _ *plot, _ match.Access) float64 { return compactness(l.Shape) }},
	{"services_ready", func(_ *Sites, _ *Place, p *plot, _ match.Access) float64 { return p.ready() }},
	{"ready_on", func(_ *Sites, _ *Place, p *plot, _ match.Access) float64 { return p.readyOn() }},
	{"far_min", least("far")}, {"far_max", most("far")},
	{"building_coefficient_min", least("building_coefficient")},
	{"building_coefficient_max", most("building_coefficient")},
	{"green_ratio_max", most("green_ratio")}, {"height_max_m", most("height_m")},
	{"office_share_max", most("office_share")}, {"term_max_years", most("term_years")},
	{"invest_min_10k_cny_per_mu", least("invest_per_mu")}, {"output_min_10k_cny_per_mu", least("output_per_mu")},
	{"tax_min_10k_cny_per_mu", least("tax_per_mu")},
	{"port_m", straight("port")}, {"rail_m", straight("rail")}, {"highway_m", straight("highway")},
	{"steam_m", straight("steam")},
	{"port_road_m", byRoad("port")}, {"rail_road_m", byRoad("rail_station")}, {"highway_road_m", byRoad("highway")},
	{"road_m", func(_ *Sites, _ *Place, _ *plot, a match.Access) float64 { return gap(a) }},
	{"living_m", func(s *Sites, l *Place, _ *plot, _ match.Access) float64 { return s.plans.toLiving(l.Shape) }},
}

func orNaN(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}

func least(key string) func(*Sites, *Place, *plot, match.Access) float64 {
	return func(s *Sites, l *Place, _ *plot, _ match.Access) float64 { return orNaN(s.plans.condition(l, key).Min) }
}

func most(key string) func(*Sites, *Place, *plot, match.Access) float64 {
	return func(s *Sites, l *Place, _ *plot, _ match.Access) float64 { return orNaN(s.plans.condition(l, key).Max) }
}

func straight(target string) func(*Sites, *Place, *plot, match.Access) float64 {
	return func(s *Sites, l *Place, _ *plot, _ match.Access) float64 { return s.ways.to(target, l.Point) }
}

func byRoad(target string) func(*Sites, *Place, *plot, match.Access) float64 {
	return func(s *Sites, _ *Place, _ *plot, a match.Access) float64 { return s.ways.along(target, a) }
}

func gap(a match.Access) float64 {
	if !a.OK() {
		return math.NaN()
	}
	return a.GapM
}

// compactness is 4π × area ÷ perimeter² (Polsby and Popper 1991): 1 for a circle, 0.785 for a square.
func compactness(p orb.Polygon) float64 {
	perimeter := planar.Length(p)
	if perimeter == 0 {
		return math.NaN()
	}
	return 4 * math.Pi * planar.Area(p) / (perimeter * perimeter)
}

type readiness struct {
	Ready   *bool   `json:"ready"`
	ReadyOn *string `json:"ready_on"`
}

// counted are the services that are counted as ready: the seven and levelled ground.
var counted = slices.DeleteFunc(land.ServiceKeys(),
	func(key land.ServiceKey) bool { return key == land.ServiceNitrogen })

// stated reads once what is stated of a parcel's services.
func (p *plot) stated() map[string]readiness {
	if p.services == nil && json.Unmarshal(p.Services, &p.services) != nil || p.services == nil {
		p.services = map[string]readiness{}
	}
	return p.services
}

// unstated counts the services of which nobody stated whether they are ready: they may be or not.
func (p *plot) unstated() uint8 {
	n := uint8(0)
	for _, key := range counted {
		if p.stated()[string(key)].Ready == nil {
			n++
		}
	}
	return n
}

// ready counts the services that are known to be ready.
func (p *plot) ready() float64 {
	n := 0
	for _, key := range counted {
		if ready := p.stated()[string(key)].Ready; ready != nil && *ready {
			n++
		}
	}
	return float64(n)
}

// readyOn is the day on which the last service is ready, in days since 1970: 0 where all are; not known where one isn't
// and gives no day, or nobody stated of one whether it is.
func (p *plot) readyOn() float64 {
	last := 0.0
	for _, key := range counted {
		s := p.stated()[string(key)]
		switch {
		case s.Ready != nil && *s.Ready:
			continue
		case s.Ready == nil || s.ReadyOn == nil:
			return math.NaN()
		}
		day, err := time.Parse(time.DateOnly, *s.ReadyOn)
		if err != nil {
			return math.NaN()
		}
		last = max(last, float64(day.Unix()/86400))
	}
	return last
}

// outlineDistance is the distance between two polygons, 0 where they touch or share ground; it may stop looking at
// stop, which is then returned.
func outlineDistance(a, b orb.Polygon, stop float64) float64 {
	if len(a) == 0 || len(b) == 0 || boxDistance(a.Bound(), b.Bound()) >= stop {
		return stop
	}
	if planar.PolygonContains(a, b[0][0]) || planar.PolygonContains(b, a[0][0]) {
		return 0
	}
	far := stop
	for _, pair := range [2][2]orb.Polygon{{a, b}, {b, a}} {
		for _, ring := range pair[1] {
			for i := 0; i+1 < len(ring); i++ {
				for _, p := range pair[0][0] {
					far = min(far, planar.DistanceFromSegment(ring[i], ring[i+1], p))
				}
			}
		}
	}
	return far
}

func boxDistance(a, b orb.Bound) float64 {
	return math.Hypot(max(a.Min[0]-b.Max[0], b.Min[0]-a.Max[0], 0), max(a.Min[1]-b.Max[1], b.Min[1]-a.Max[1], 0))
}
