package siting

import (
	"math"
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

// Column returns a measure of all places, and for a measure of tenants or nodes the tenant or node behind each value
// (else nil). It returns a [geo.Invalid] for an unknown measure, and for one that depends on an outline or on another
// question.
func (s *Sites) Column(name string, today time.Time, landUse []string) (values []float64, by []int32, err error) {
	m, ok := MeasureOf(name)
	if !ok || m.hidden || m.outline != nil {
		return nil, nil, geo.NewInvalid("measure", "measure.listed", name)
	}
	values, by = (&Field{Sites: s}).valuesOf(m, Requirement{LandUse: landUse}, today)
	return values, by, nil
}

// valuesOf returns a measure of all parcels, except measures of outlines.
func (f *Field) valuesOf(m Measure, need Requirement, today time.Time) (values []float64, by []int32) {
	switch {
	case m.column != nil:
		return f.columns[measureAt[m.ID]], nil
	case m.asked != nil:
		return m.asked(f, need, today), nil
	}
	d := f.derive(m)
	return d.values, d.by
}

// derive gives a column that hangs on tenants or nodes.
func (s *Sites) derive(m Measure) *derivedColumn {
	derivedMu.Lock()
	d := s.derived[m.ID]
	if d == nil {
		d = &derivedColumn{}
		if len(s.derived) >= maxDerived { // names of nodes are the asker's: any will do
			clear(s.derived)
		}
		s.derived[m.ID] = d
	}
	derivedMu.Unlock()
	d.once.Do(func() {
		d.of = m.derived(s)
		d.values, d.by = make([]float64, len(s.Places)), make([]int32, len(s.Places))
		for row := range s.Places {
			d.values[row], d.by[row] = d.of(&s.Places[row], s.access[row])
		}
		if m.service != "" {
			d.band = s.roomBand(d.by)
		}
	})
	return d
}

func (s *Sites) readyDays(today time.Time) []float64 {
	out := make([]float64, len(s.Places))
	now := float64(today.Unix() / 86400)
	for i, day := range s.columns[measureAt["ready_on"]] {
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

// roomBand is the range of the free capacity of the nodes that serve places, for the public, which may be told less
// than a figure. It is nil for planners, who know the figures.
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
