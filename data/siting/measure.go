package siting

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"luodi/geo"
	"luodi/geo/land"
	"luodi/geo/match"
)

// Measure is a quantity by which candidates are ranked. It owns its name, its unit and the words for its values; the
// API only prints them. docs/matching.md defines each measure and its source. A test holds that table, the messages
// and the page's form to the list here. NaN is an unknown value; infinity means that there is no such thing, such as
// no tenant to be near.
type Measure struct {
	ID   string // as criteria name it
	Unit Unit

	// how its values come about: one of these
	column  columnOf             // of a parcel and what lies round it: kept until the park changes
	outline *outlined            // of a shape, too expensive to be measured unasked
	derived func(*Sites) reading // of tenants or nodes: kept once it was asked for
	asked   askedOf              // of what the question asks besides

	// of a lot or an assembly, what its parcels' values come to; nil: it has a value of its own, as a parcel does
	joined func(f *Field, c *Candidate, values []float64) float64
	cut    bool // a cut or a neighbour changes it much: it tells nothing of what a parcel promises
	hidden bool // no criterion may name it

	partner   string // the node of the chain whose nearest tenant it is the distance to
	straight  bool   // from outline to outline, so that tenants of other parks count too
	service   land.Service
	condition string // the key of the plan's condition that it is
	spaced    bool   // its limit is that of a hazard class

	words
}

type (
	columnOf func(s *Sites, place *Place, p *plot, access match.Access) float64
	askedOf  func(f *Field, need Requirement, today time.Time) []float64
)

// m2PerMu is exact to the last bit a float64 has: 1 mu is 10000/15 m².
const m2PerMu = 10000.0 / 15

var (
	measures  []Measure      // all but those that name a node of the chain
	measureAt map[string]int // their places; measures of columns come first, so that it is their column's too
)

// The list is built in init, because functions of measures look up other measures in it.
func init() {
	measures = slices.Concat(columnMeasures, askedMeasures, outlineMeasures, headroomMeasures())
	measureAt = make(map[string]int, len(measures))
	for i, m := range measures {
		measureAt[m.ID] = i
	}
}

// columnMeasures have a value for every parcel.
var columnMeasures = []Measure{
	{ID: areaMeasure, Unit: inMu, cut: true,
		column: func(_ *Sites, _ *Place, p *plot, _ match.Access) float64 { return p.LegalM2 / m2PerMu },
		joined: func(_ *Field, c *Candidate, _ []float64) float64 { return c.AreaMu }},
	{ID: "price_cny_per_m2", Unit: inYuanPerM2,
		column: func(_ *Sites, _ *Place, p *plot, _ match.Access) float64 { return orNaN(p.Price) },
		joined: (*Field).meanPrice},
	{ID: "compactness", cut: true, column: func(_ *Sites, l *Place, _ *plot, _ match.Access) float64 {
		return geo.Compactness(planar.Area(l.Shape), planar.Length(l.Shape))
	}},
	{ID: readyMeasure, joined: fewest,
		column: func(_ *Sites, _ *Place, p *plot, _ match.Access) float64 { return p.ready() }},
	{ID: "ready_on", hidden: true,
		column: func(_ *Sites, _ *Place, p *plot, _ match.Access) float64 { return p.readyOn() }},
	least("far_min", "far", noUnit), most("far_max", "far", noUnit),
	least("building_coefficient_min", "building_coefficient", noUnit),
	most("building_coefficient_max", "building_coefficient", noUnit),
	most("green_ratio_max", "green_ratio", noUnit), most("height_max_m", "height_m", inMetres),
	most("office_share_max", "office_share", noUnit), most("term_max_years", "term_years", inYears),
	least("invest_min_10k_cny_per_mu", "invest_per_mu", inWanPerMu),
	least("output_min_10k_cny_per_mu", "output_per_mu", inWanPerMu),
	least("tax_min_10k_cny_per_mu", "tax_per_mu", inWanPerMu),
	straight("port_m", "port"), straight("rail_m", "rail"), straight("highway_m", "highway"),
	straight("steam_m", "steam"),
	byRoad("port_road_m", "port"), byRoad("rail_road_m", "rail_station"), byRoad("highway_road_m", "highway"),
	{ID: "road_m", Unit: inMetres,
		column: func(_ *Sites, _ *Place, _ *plot, a match.Access) float64 { return gap(a) }},
	{ID: "living_m", Unit: inMetres, spaced: true,
		column: func(s *Sites, l *Place, _ *plot, _ match.Access) float64 { return s.plans.toLiving(l.Shape) }},
}

// targets are what distances are measured to: networks of a kind, of a grade or any.
var targets = map[string]struct {
	kind  land.NetworkKind
	grade land.NetworkGrade
}{
	"port": {land.NetworkPort, ""}, "rail": {land.NetworkRail, ""}, "rail_station": {land.NetworkRail, land.GradeNode},
	"highway": {land.NetworkRoad, land.GradeExpressway}, "steam": {land.NetworkSteam, ""},
}

// askedMeasures hang on what the question asks.
var askedMeasures = []Measure{
	{ID: "ready_days", Unit: inDays, joined: last,
		asked: func(f *Field, _ Requirement, today time.Time) []float64 { return f.readyDays(today) }},
	{ID: "land_use", joined: fewest, words: words{limit: "match.limit.land_use"},
		asked: func(f *Field, need Requirement, _ time.Time) []float64 { return f.landUse(need.LandUse) }},
	{ID: releasedMeasure, hidden: true, words: words{limit: "match.limit.released"},
		asked: func(f *Field, _ Requirement, _ time.Time) []float64 { return f.released() }},
}

// The measures that the program itself asks for.
const (
	areaMeasure     = "area_mu"
	readyMeasure    = "services_ready"
	releasedMeasure = "released" // 1 where no release must free the ground first
	hallMeasure     = "hall_m"
)

// headroomMeasures are the free capacity of each service at the node that would serve a place: the nearest with a
// capacity.
func headroomMeasures() []Measure {
	var out []Measure
	for _, service := range land.Services() {
		out = append(out, Measure{ID: headroomID(service), Unit: Unit{Symbol: service.Unit()}, service: service,
			derived: func(s *Sites) reading { return s.headroom(service) }})
	}
	return out
}

func headroomID(service land.Service) string { return "headroom_" + string(service) }

// partnerMeasure is nearness to the nearest tenant of a node of the chain, straight from outline to outline or by road.
func partnerMeasure(node string, road bool) Measure {
	m := Measure{ID: "partner_" + node + "_m", Unit: inMetres, partner: node, straight: !road,
		derived: func(s *Sites) reading { return s.partners(node) },
		words:   words{name: "match.measure.partner", none: "match.say.no_partner"}}
	if road {
		m.ID, m.name = "partner_"+node+"_road_m", "match.measure.partner_road"
		m.derived = func(s *Sites) reading { return s.partnersByRoad(node) }
	}
	return m
}

// MeasureOf is the measure of a name; false where there is none.
func MeasureOf(id string) (Measure, bool) {
	if at, ok := measureAt[id]; ok {
		return measures[at], true
	}
	if rest, ok := strings.CutPrefix(id, "partner_"); ok {
		if node, ok := strings.CutSuffix(rest, "_road_m"); ok {
			return partnerMeasure(node, true), true
		}
		if node, ok := strings.CutSuffix(rest, "_m"); ok {
			return partnerMeasure(node, false), true
		}
	}
	return Measure{}, false
}

// areaMu is the legal area of a parcel.
func (s *Sites) areaMu(row int) float64 { return s.columns[measureAt[areaMeasure]][row] }

// fewest is the minimum over a candidate's parcels. It is zero if one parcel is known to have zero, even if others
// are unknown.
func fewest(_ *Field, c *Candidate, values []float64) float64 {
	out := math.Inf(1)
	for _, row := range c.Parcels {
		if values[row] == 0 {
			return 0
		}
		out = math.Min(out, values[row])
	}
	return out
}

// last is the maximum over a candidate's parcels.
func last(_ *Field, c *Candidate, values []float64) float64 {
	out := 0.0
	for _, row := range c.Parcels {
		out = math.Max(out, values[row])
	}
	return out
}

func orNaN(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}

// least and most are bounds that the plan sets.
func least(id, condition string, unit Unit) Measure {
	return Measure{ID: id, Unit: unit, condition: condition,
		column: func(s *Sites, l *Place, _ *plot, _ match.Access) float64 {
			return orNaN(s.plans.condition(l, condition).Min)
		}}
}

func most(id, condition string, unit Unit) Measure {
	return Measure{ID: id, Unit: unit, condition: condition,
		column: func(s *Sites, l *Place, _ *plot, _ match.Access) float64 {
			return orNaN(s.plans.condition(l, condition).Max)
		}}
}

// straight and byRoad are distances to the nearest network of a kind.
func straight(id, target string) Measure {
	return Measure{ID: id, Unit: inMetres, column: func(s *Sites, l *Place, _ *plot, _ match.Access) float64 {
		return s.ways.to(target, l.Point)
	}}
}

func byRoad(id, target string) Measure {
	return Measure{ID: id, Unit: inMetres, column: func(s *Sites, _ *Place, _ *plot, a match.Access) float64 {
		return s.ways.along(target, a)
	}}
}

func gap(a match.Access) float64 {
	if !a.OK() {
		return math.NaN()
	}
	return a.GapM
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
