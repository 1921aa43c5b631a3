package siting

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/chain"
	"luodi/geo/land"
	"luodi/geo/match"
)

// Requirement is a project's requirement of its ground. docs/matching.md describes it, and /api/openapi.json has its
// JSON Schema.
type Requirement struct {
	LandUse    []string           `json:"land_use,omitempty" maxItems:"50" doc:"Classes of land use that will do; a class stands for its sub-classes too."`
	Services   map[string]float64 `json:"services,omitempty" doc:"What it draws: power (kVA), steam (t/h), water (m³/d), sewage (m³/d), gas (m³/h), nitrogen (m³/h). A place is left out where less is left."`
	Hazard     string             `json:"hazard,omitempty" enum:"A,B,C,D,E" doc:"Fire-hazard class of production, 甲 A to 戊 E: how far from land on which people live."`
	ChainNode  string             `json:"chain_node,omitempty" doc:"Which piece of the chain the project is: nearness to the tenants it buys from and sells to counts, by the chain's weights."`
	ChainShare float64            `json:"chain_share,omitempty" minimum:"0" maximum:"1000000000" doc:"Weight of all those partners together, beside the criteria's weights; absent: 1."`
	Partners   []PartnerWish      `json:"partners,omitempty" maxItems:"50"`
	NoReserve  bool               `json:"no_reserve,omitempty" doc:"Leave reserve land out, which a release must free first."`
	Hall       *Hall              `json:"hall,omitempty" doc:"A building that must find room on the ground, at some angle."`
	Criteria   []match.Criterion  `json:"criteria,omitempty" maxItems:"64"`
}

// Hall is a building with straight walls.
type Hall struct {
	LengthM float64 `json:"length_m" exclusiveMinimum:"0" maximum:"100000"`
	WidthM  float64 `json:"width_m" exclusiveMinimum:"0" maximum:"100000"`
}

// Sides are the hall's longer and shorter side.
func (h Hall) Sides() (long, wide float64) { return max(h.LengthM, h.WidthM), min(h.LengthM, h.WidthM) }

// PartnerWish is nearness to the nearest tenant of a node of the chain.
type PartnerWish struct {
	Node   string   `json:"node"`
	Weight float64  `json:"weight,omitempty" minimum:"0" maximum:"1000000000"`
	MaxM   *float64 `json:"max_m,omitempty" minimum:"0" doc:"A place farther away is left out."`
	ByRoad bool     `json:"by_road,omitempty" doc:"Along the roads instead of straight from outline to outline."`
}

// Spacing is a rule on how far a hazard class stays from land on which people live.
type Spacing struct {
	Class   string  `db:"class"`
	LivingM float64 `db:"living_m"`
	Source  string  `db:"source"`
	Edition string  `db:"edition"`
}

// Spacings reads the rules in force.
func (s Siting) Spacings(ctx context.Context) (map[string]Spacing, error) {
	rows, err := s.Planner.Query(ctx, `SELECT class, living_m::float8 AS living_m, source, edition FROM hazard_spacing`)
	if err != nil {
		return nil, store.Translate("read the spacings", err)
	}
	all := map[string]Spacing{}
	var p Spacing
	_, err = pgx.ForEachRow(rows, []any{&p.Class, &p.LivingM, &p.Source, &p.Edition}, func() error {
		all[p.Class] = p
		return nil
	})
	return all, store.Translate("read the spacings", err)
}

// Expand turns a requirement into criteria, in this order: its own, land use, services, hazard, partners, hall. chain
// may be nil where no chain node is named. A [geo.Invalid] names what makes no sense.
func (r Requirement) Expand(c *chain.Chain, spacings map[string]Spacing) ([]match.Criterion, error) {
	all := slices.Clone(r.Criteria)
	one := 1.0
	if len(r.LandUse) > 0 {
		for i, class := range r.LandUse {
			if class == "" || strings.Trim(class, "0123456789") != "" {
				return nil, geo.NewInvalid(fmt.Sprintf("land_use[%d]", i), "code.land_use_class", class)
			}
		}
		all = append(all, match.Criterion{Measure: "land_use", Min: &one})
	}
	for _, service := range land.Services() {
		if need, ok := r.Services[string(service)]; ok {
			if !(need >= 0 && need < 1e12) {
				return nil, geo.NewInvalid("services."+string(service), "services.quantity",
					need, "unit", service.Unit())
			}
			all = append(all, match.Criterion{Measure: headroomID(service), Min: &need})
		}
	}
	for name := range r.Services {
		if land.Service(name).Unit() == "" {
			return nil, geo.NewInvalid("services", "one_of", name, "values",
				"power, steam, water, sewage, gas, nitrogen")
		}
	}
	if r.Hazard != "" {
		rule, ok := spacings[r.Hazard]
		if !ok {
			return nil, geo.NewInvalid("hazard", "hazard.class", r.Hazard)
		}
		all = append(all, match.Criterion{Measure: "living_m", Min: &rule.LivingM})
	}
	wishes, err := r.wishes(c)
	if err != nil {
		return nil, err
	}
	for _, w := range wishes {
		criterion := match.Criterion{Measure: partnerMeasure(w.Node, w.ByRoad).ID, Max: w.MaxM, Weight: w.Weight}
		if w.Weight > 0 {
			criterion.Want = match.Cost
		}
		all = append(all, criterion)
	}
	if r.Hall != nil {
		long, wide := r.Hall.Sides()
		if !(wide > 0 && long <= 1e5) {
			return nil, geo.NewInvalid("hall.width_m", "hall.sides", fmt.Sprint(*r.Hall))
		}
		all = append(all, match.Criterion{Measure: hallMeasure, Min: &long})
	}
	return all, match.Check(all)
}

// wishes are the named partners, and the partners of the chain's node: the weights of the latter add up to the share.
func (r Requirement) wishes(c *chain.Chain) ([]PartnerWish, error) {
	all := slices.Clone(r.Partners)
	if c != nil {
		for i, w := range all {
			if _, ok := c.Node(w.Node); !ok {
				return nil, geo.NewInvalid(fmt.Sprintf("partners[%d].node", i), "chain.node", w.Node)
			}
		}
	}
	if r.ChainNode == "" {
		return all, nil
	}
	if c == nil {
		return nil, geo.NewInvalid("chain_node", "chain.none", r.ChainNode)
	}
	if _, ok := c.Node(r.ChainNode); !ok {
		return nil, geo.NewInvalid("chain_node", "chain.node", r.ChainNode)
	}
	share := r.ChainShare
	if share == 0 {
		share = 1
	}
	partners, total := c.Partners(r.ChainNode), 0.0
	for _, p := range partners {
		total += p.Weight
	}
	for _, p := range partners {
		if !slices.ContainsFunc(all, func(w PartnerWish) bool { return w.Node == p.Node && !w.ByRoad }) {
			all = append(all, PartnerWish{Node: p.Node, Weight: share * p.Weight / total})
		}
	}
	return all, nil
}

// Table gathers the columns that criteria ask for, of all parcels: [Field.Table] without lots and assemblies.
func (s *Sites) Table(ctx context.Context, criteria []match.Criterion, r Requirement, today time.Time) (match.Table,
	[][]int32, error) {
	return (&Field{Sites: s}).Table(ctx, criteria, r, today)
}
