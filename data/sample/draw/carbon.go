package main

import (
	"fmt"
	"math"

	"luodi/data/sample"
)

// plot is a parcel as drawn: placed, on the grid, sharing its nodes with its neighbours.
type plot struct {
	code, zone, landUse string
	block               string
	ring                []pt
}

// drawing is the carbon-fibre park, placed and noded.
type drawing struct {
	plots    []plot
	zones    map[string][]pt
	belt     []pt
	water    []pt
	boundary []pt
}

func (s streets) draw() drawing {
	d := drawing{zones: map[string][]pt{}}
	for _, b := range s.blocks() {
		for i, ring := range b.rings() {
			p := plot{code: b.code(i), zone: b.zone, landUse: b.landUse, block: b.letter, ring: placeAll(ring)}
			if use, ok := b.special[i+1]; ok {
				p.landUse = use
			}
			d.plots = append(d.plots, p)
		}
	}
	o := s.outlines()
	belt, water := s.greens()
	d.belt, d.water, d.boundary = placeAll(belt.ring()), placeAll(water.ring()), placeAll(s.boundary().ring())
	zones := [3][]pt{placeAll(o.fibre.ring()), placeAll(o.research.ring()), placeAll(o.production.ring())}
	all := []*[]pt{&d.belt, &d.water, &d.boundary, &zones[0], &zones[1], &zones[2]}
	for i := range d.plots {
		all = append(all, &d.plots[i].ring)
	}
	node(all)
	d.zones["FP"], d.zones["RI"], d.zones["IP"] = zones[0], zones[1], zones[2]
	return d
}

// Parcels whose legal area is stated, m².
var statedM2 = map[string]string{"TX-R01": "333333.3333"}

// unlevelled blocks are still as nature left them.
var unlevelled = map[string]bool{"R": true, "U": true}

func (s streets) park() sample.Park {
	d := s.draw()
	p := sample.Park{
		Named:      sample.Named{Code: "carbon-fibre", NameZH: "碳纤维产业园", NameEN: "Carbon Fibre Industrial Park"},
		Geom:       multiPolygon(d.boundary),
		Zones:      d.zoneList(),
		PlanUnits:  d.planUnits(),
		Allotments: allotments(),
		Buildings:  buildings(),
	}
	var lines map[string][]course
	p.Networks, lines = s.networks(d)
	taken := map[string]bool{}
	for _, a := range p.Allotments {
		for _, code := range a.Parcels {
			taken[code] = true
		}
	}
	for _, pl := range d.plots {
		legal := math.Round(area(pl.ring)*100) / 100
		stated := fmt.Sprintf("%.2f", legal)
		if v, ok := statedM2[pl.code]; ok {
			stated = v
		}
		bank := "available"
		switch {
		case pl.block == "R":
			bank = "reserve"
		case publicUse[pl.landUse]:
			bank = "withdrawn"
		}
		p.Parcels = append(p.Parcels, sample.Parcel{
			Code: pl.code, Zone: pl.zone, BankStatus: bank, LandUse: pl.landUse, LegalM2: stated,
			Services: services(pl.ring, legal, lines, s.utilities(), bank == "available", !unlevelled[pl.block]),
			Price:    price(bank == "available" && !taken[pl.code], pl.zone),
			Papers:   papers[pl.code],
			Geom:     polygon(pl.ring),
		})
	}
	return p
}

// price is drawn: no price of the park was published. What is not free has none.
func price(free bool, zone string) *sample.Price {
	if !free {
		return nil
	}
	perM2 := map[string]float64{"FP": 288, "RI": 384, "IP": 336}[zone]
	if perM2 == 0 {
		perM2 = 312
	}
	return &sample.Price{CNYPerM2: perM2, Kind: "reference", Document: "示意价格，为样例绘制 / drawn for the sample",
		On: "2026-10-15"}
}

// papers are drawn and printed for the sample, for free plots.
var papers = map[string][]sample.Paper{
	"TX-L04": {
		view(1, "从道路看地块（示意图）", "The plot from the road (drawn)"),
		view(2, "地块与相邻厂房（示意图）", "The plot beside halls (drawn)"),
		{Kind: "document", File: "conditions", TitleZH: "TX-L04 规划条件（示意）",
			TitleEN: "Planning conditions of TX-L04 (illustrative)", Dated: "2026-10-15", Number: "示例 2026-01",
			ExpiresOn: "2027-10-14"},
	},
	"TX-M02": {view(3, "俯看地块（示意图）", "The plot from above (drawn)")},
}

func view(n int, zh, en string) sample.Paper {
	return sample.Paper{Kind: "photo", File: fmt.Sprint("view-", n), TitleZH: zh, TitleEN: en, Dated: "2026-10-15"}
}

// publicUse is land kept for the park's own works and greens.
var publicUse = map[string]bool{waterLand: true, drainage: true, powerLand: true, gasLand: true, heatLand: true,
	parkGreen: true}

func (d drawing) zoneList() []sample.Zone {
	zone := func(code, zh, en, function, legal string) sample.Zone {
		return sample.Zone{Named: sample.Named{Code: code, NameZH: zh, NameEN: en}, Function: function, LegalM2: legal,
			Geom: multiPolygon(d.zones[code])}
	}
	return []sample.Zone{
		zone("FP", "碳纤维生产区", "Fibre production zone", "fibre_production", ""),
		zone("RI", "创研与成果孵化区", "Research and incubation zone", "research_incubation", ""),
		zone("IP", "产业化生产区", "Industrialised production zone", "industrial_production", "200000.0000"),
	}
}

const (
	planEdition   = "样例 2022 / Sample 2022"
	planEffective = "2022-01-01"
	tenderSource  = "一宗工业用地公开出让公告 / a published tender of industrial land"
)

// tenderConditions are those of one published tender; office_share is the share of land, 7 %; of floor area it allows
// 15 %.
func tenderConditions() map[string]sample.Condition {
	at := func(lo, hi float64) sample.Condition {
		c := sample.Condition{Source: tenderSource, Edition: planEdition, EffectiveFrom: planEffective}
		if lo > 0 {
			c.Min = &lo
		}
		if hi > 0 {
			c.Max = &hi
		}
		return c
	}
	office := at(0, .07)
	office.Source = "工业用地通则：用地 7 %、建筑面积 15 % / general rule for industrial land: 7 % of land, 15 % of floor area"
	return map[string]sample.Condition{
		"far": at(.7, 1.8), "building_coefficient": at(.35, .65), "green_ratio": at(0, .20), "office_share": office,
		"invest_per_mu": at(250, 0), "output_per_mu": at(400, 0), "tax_per_mu": at(20, 0),
	}
}

var industrial = map[string]bool{industry: true, industry1: true, industry2: true, industry3: true}

// planUnits: one a block and land use, made of its parcels; and the belt and the river.
func (d drawing) planUnits() []sample.PlanUnit {
	type key struct{ block, use string }
	var order []key
	rings := map[key][][]pt{}
	for _, p := range d.plots {
		k := key{p.block, p.landUse}
		if rings[k] == nil {
			order = append(order, k)
		}
		rings[k] = append(rings[k], p.ring)
	}
	unit := func(code, use string, rings ...[]pt) sample.PlanUnit {
		u := sample.PlanUnit{Code: code, LandUse: use, Conditions: map[string]sample.Condition{}, Edition: planEdition,
			EffectiveFrom: planEffective, Geom: multiPolygon(rings...)}
		if industrial[use] {
			u.Conditions = tenderConditions()
		}
		return u
	}
	var out []sample.PlanUnit
	for _, k := range order {
		out = append(out, unit("PU-"+k.block+"-"+k.use, k.use, dissolve(rings[k])...))
	}
	return append(out, unit("PU-G-"+greenBelt, greenBelt, d.belt), unit("PU-W-"+riverWater, riverWater, d.water))
}

// networks of the park and of the links beyond it, and the utilities' lines by kind, placed.
func (s streets) networks(d drawing) ([]sample.Network, map[string][]course) {
	var out []sample.Network
	for _, r := range crossed(append(s.all(), expressway, harbourRoad)) {
		out = append(out, r.network())
	}
	end := s.siding.centre.at(s.siding.centre.length()-60, 0)
	rails := []road{railway, s.siding}
	rails[1].centre = s.siding.centre.between(s.siding.centre[0], end)
	for _, r := range rails {
		n := r.network()
		n.Kind = "rail"
		out = append(out, n)
	}
	out = append(out,
		pointNetwork("RL-S", "rail", "货运站（示意）", "Freight station (illustrative)", "t/a", 600000, place(end)),
		pointNetwork("PT-1", "port", "威海港方向（示意）", "Towards Weihai harbour (illustrative)", "t/a", 3000000,
			place(harbour)))
	lines := map[string][]course{}
	for _, u := range s.utilities() {
		for i, r := range u.courses {
			c := course(placeAll(u.line(r)))
			lines[u.kind] = append(lines[u.kind], c)
			out = append(out, lineNetwork(fmt.Sprintf("%s-%02d", u.kind, i+1), u.kind, r.grade, r.road.zh+u.zh,
				u.en+", "+r.road.en, u.unit, u.capacity(r.grade), c))
		}
	}
	for _, src := range sources {
		p, lead := d.lead(src, lines[src.serves])
		out = append(out, pointNetwork(src.code, src.kind, src.zh, src.en, src.unit, src.capacity, p),
			lineNetwork(src.code+"-L", src.serves, "trunk", src.zh+"接线", src.en+", lead", src.unit,
				src.capacity, lead))
	}
	return out, lines
}

// lead joins a source to the nearest point of its network.
func (d drawing) lead(src source, lines []course) (pt, course) {
	var p pt
	for _, pl := range d.plots {
		if pl.code == src.parcel {
			p = standing(pl.ring, src.share)
		}
	}
	nearest := lines[0]
	for _, l := range lines {
		if l.distance(p) < nearest.distance(p) {
			nearest = l
		}
	}
	foot := nearest.at(nearest.where(p), 0)
	return p, course{p, pt{grid(foot.x), grid(foot.y)}}
}

// standing is a point inside a ring: its centroid, moved by a share of its box.
func standing(ring []pt, share pt) pt {
	lo, hi := ring[0], ring[0]
	for _, p := range ring {
		lo, hi = pt{math.Min(lo.x, p.x), math.Min(lo.y, p.y)}, pt{math.Max(hi.x, p.x), math.Max(hi.y, p.y)}
	}
	c := centroid(ring)
	return pt{grid(c.x + (share.x-.5)*(hi.x-lo.x)), grid(c.y + (share.y-.5)*(hi.y-lo.y))}
}
