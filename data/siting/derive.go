package siting

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"luodi/geo"
	"luodi/geo/land"
	"luodi/geo/match"
)

// reading gives a measure of one place, and what it comes from: a tenant or a node by its position, -1 for none.
type reading func(place *Place, access match.Access) (value float64, by int32)

// derivedColumn is a column that some requirement asked for, and what gave each value. It is kept until the park
// changes.
type derivedColumn struct {
	once   sync.Once
	of     reading
	values []float64
	by     []int32
	band   *match.Band // of what the public is told in bands and words
}

var derivedMu sync.Mutex

// maxDerived is how many derived columns of a park are kept at once: more than a question can ask for.
const maxDerived = 256

// Column gives a measure of all places, and what each value comes from where it comes from a tenant or a node (else
// nil). Besides the fixed ones there are
//
//	headroom_<service>       what is left at the node that would serve the place: the nearest with a capacity
//	partner_<node>_m         straight distance from outline to outline to the nearest tenant of a node of the chain
//	partner_<node>_road_m    the way along the roads to the nearest tenant of a node
//	ready_days               days from now until all services are ready
//	land_use                 1 where the place's land use is among those wanted
//
// A [geo.Invalid] for a measure there is not.
func (s *Sites) Column(name string, today time.Time, landUse []string) (values []float64, by []int32, err error) {
	for i, m := range measures {
		if m.Name == name && name != "ready_on" {
			return s.columns[i], nil, nil
		}
	}
	switch {
	case name == "ready_days":
		return s.readyDays(today), nil, nil
	case name == "land_use":
		return s.landUse(landUse), nil, nil
	}
	d := s.derive(name)
	if d == nil {
		return nil, nil, geo.NewInvalid("measure", "one of the measures that docs/matching.md lists", name)
	}
	return d.values, d.by, nil
}

// derive gives a column that hangs on tenants or nodes; nil where there is none of the name.
func (s *Sites) derive(name string) *derivedColumn {
	read := s.reader(name)
	if read == nil {
		return nil
	}
	derivedMu.Lock()
	d := s.derived[name]
	if d == nil {
		d = &derivedColumn{}
		if len(s.derived) >= maxDerived { // names of nodes are the asker's: any will do
			clear(s.derived)
		}
		s.derived[name] = d
	}
	derivedMu.Unlock()
	d.once.Do(func() {
		d.of = read()
		d.values, d.by = make([]float64, len(s.Places)), make([]int32, len(s.Places))
		for row := range s.Places {
			d.values[row], d.by[row] = d.of(&s.Places[row], s.access[row])
		}
		if strings.HasPrefix(name, headroomPrefix) {
			d.band = s.roomBand(d.by)
		}
	})
	return d
}

// reader makes what reads a derived measure.
func (s *Sites) reader(name string) func() reading {
	if service, ok := strings.CutPrefix(name, headroomPrefix); ok && land.Service(service).Unit() != "" {
		return func() reading { return s.headroom(land.Service(service)) }
	}
	if rest, ok := strings.CutPrefix(name, "partner_"); ok {
		if node, ok := strings.CutSuffix(rest, "_road_m"); ok {
			return func() reading { return s.partnersByRoad(node) }
		}
		if node, ok := strings.CutSuffix(rest, "_m"); ok {
			return func() reading { return s.partners(node) }
		}
	}
	return nil
}

func (s *Sites) readyDays(today time.Time) []float64 {
	at := slices.IndexFunc(measures, func(m measure) bool { return m.Name == "ready_on" })
	out := make([]float64, len(s.Places))
	now := float64(today.Unix() / 86400)
	for i, day := range s.columns[at] {
		out[i] = max(day-now, 0)
		if math.IsNaN(day) {
			out[i] = day
		}
	}
	return out
}

// landUse marks the places whose class is wanted: a class stands for its sub-classes too, as 1001 for 100102. NaN where
// nobody stated one.
func (s *Sites) landUse(wanted []string) []float64 {
	out := make([]float64, len(s.Places))
	for i := range s.Places {
		if s.Places[i].LandUse == "" {
			out[i] = math.NaN()
			continue
		}
		for _, w := range wanted {
			if strings.HasPrefix(s.Places[i].LandUse, w) {
				out[i] = 1
				break
			}
		}
	}
	return out
}

func (s *Sites) headroom(service land.Service) reading {
	return func(place *Place, _ match.Access) (value float64, by int32) {
		value, by = math.NaN(), -1
		far := math.Inf(1)
		for i, n := range s.nodes {
			p, ok := n.shape.(orb.Point)
			if !ok || string(service.Node()) != n.Kind {
				continue
			}
			if d := planar.Distance(p, place.Point); d < far {
				far, value, by = d, orNaN(n.Headroom), int32(i)
			}
		}
		return value, by
	}
}

const headroomPrefix = "headroom_"

// roomBand says between what lies what the nodes have left that serve places: for the public, where it is told less
// than figures. nil where there is nothing to say.
func (s *Sites) roomBand(by []int32) *match.Band {
	if !s.Public {
		return nil
	}
	band := &match.Band{Least: make([]float64, len(by)), Most: make([]float64, len(by))}
	for row, node := range by {
		band.Least[row], band.Most[row] = math.NaN(), math.NaN()
		if node >= 0 && s.nodes[node].Public != nil {
			room := s.nodes[node].Public
			band.Least[row], band.Most[row] = room.Least, room.Most
		}
	}
	return band
}

// nobody is how far a tenant is that there is not: for members infinitely, as they see all; the public doesn't know.
func (s *Sites) nobody() float64 {
	if s.Public {
		return math.NaN()
	}
	return math.Inf(1)
}

func (s *Sites) partners(node string) reading {
	return func(place *Place, _ match.Access) (value float64, by int32) {
		value, by = s.nobody(), -1
		far := math.Inf(1)
		for i, t := range s.tenants {
			if t.Node != node || boxDistance(t.box, place.Shape.Bound()) >= far {
				continue
			}
			if d := outlineDistance(place.Shape, t.shape, far); d < far {
				far, value, by = d, d, int32(i)
			}
		}
		return value, by
	}
}

func (s *Sites) partnersByRoad(node string) reading {
	var sources []match.Access
	var who []int32
	for i, t := range s.tenants {
		if t.Node != node {
			continue
		}
		centre, _ := planar.CentroidArea(t.shape)
		if a := s.ways.roads.Access(centre); a.OK() {
			sources, who = append(sources, a), append(who, int32(i))
		}
	}
	reach := s.ways.roads.Reach(sources)
	return func(_ *Place, access match.Access) (float64, int32) {
		if m, source := reach.To(access); source >= 0 {
			return m, who[source]
		}
		return math.NaN(), -1
	}
}

// Measures lists the names of the fixed measures that may be asked for; those of [shapeMeasures] come besides.
func Measures() []string {
	var names []string
	for _, m := range measures {
		if m.Name != "ready_on" {
			names = append(names, m.Name)
		}
	}
	return append(names, "ready_days")
}

// Condition says which source and edition a plan's condition at a place has, for the reasons of an answer.
func (s *Sites) Condition(place *Place, measure string) (source, edition string) {
	key, ok := map[string]string{"far_min": "far", "far_max": "far",
		"building_coefficient_min": "building_coefficient", "building_coefficient_max": "building_coefficient",
		"green_ratio_max": "green_ratio", "height_max_m": "height_m", "office_share_max": "office_share",
		"term_max_years":            "term_years",
		"invest_min_10k_cny_per_mu": "invest_per_mu", "output_min_10k_cny_per_mu": "output_per_mu",
		"tax_min_10k_cny_per_mu": "tax_per_mu"}[measure]
	if !ok || place.plan < 0 {
		return "", ""
	}
	unit := s.plans.all[place.plan]
	return unit.conditions[key].Source, fmt.Sprintf("%s, %s", unit.Code, unit.Edition)
}

// ServiceUnit is what a service is measured in.
func ServiceUnit(service string) string { return land.Service(service).Unit() }
