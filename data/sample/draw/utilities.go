package main

import (
	"math"

	"luodi/data/sample"
)

// utility is one kind of network: where it lies in the street, and what its lines and its source carry. Every capacity
// of the sample is drawn: the report states none.
type utility struct {
	kind, zh, en, unit string
	lane               float64 // distance from the street's centre, m, to the left of its direction
	trunk, branch      float64 // capacity of a line
	perMu              float64 // what a parcel on the line can draw, for each mu
	courses            []run
}

// run is a line along a street, from where it meets the same network's line in another street to where it meets a
// third.
type run struct {
	grade         string
	road          road
	from, to      *road
	startsAtFrame bool // it comes from outside, at the street's first point
}

func (s streets) utilities() []utility {
	w, n, e, river := &s.ringWest, &s.ringNorth, &s.ringEast, &s.riverside
	t, a, b, c := &s.avenue, &s.fibre, &s.innovation, &s.lingang
	along := func(grade string, r, from, to *road) run { return run{grade: grade, road: *r, from: from, to: to} }
	inner := []run{
		along("branch", &s.spinning, w, a), along("branch", &s.incubation, a, b), along("branch", &s.assembly, a, b),
		along("branch", &s.terrace, b, e),
	}
	grid := append([]run{
		along("trunk", t, w, e), along("trunk", a, river, n), along("branch", b, river, n),
		along("branch", c, river, n),
		along("branch", n, a, e), along("branch", river, w, e), along("branch", w, river, t),
		along("branch", e, river, n),
		along("branch", &s.loop, t, a),
	}, inner...)
	power := append([]run{{grade: "trunk", road: *t, to: e, startsAtFrame: true}}, grid[1:]...)
	hot := []run{
		along("trunk", &s.spinning, w, a), along("trunk", a, &s.assembly, &s.spinning), along("branch", t, a, b),
		along("branch", &s.assembly, a, b), along("branch", w, &s.spinning, n), along("branch", n, w, b),
		along("branch", b, t, n),
	}
	pure := []run{
		along("trunk", &s.spinning, w, a), along("branch", a, &s.assembly, n), along("branch", &s.assembly, a, b),
		along("branch", n, w, a),
		along("branch", w, &s.spinning, n),
	}
	return []utility{
		{"power", "电力线", "Power line", "kVA", -9, 126000, 40000, 50, power},
		{"water", "给水管", "Water main", "m3/d", -7, 30000, 12000, 10, grid},
		{"sewer", "污水管", "Sewer", "m3/d", -5, 25000, 10000, 8, grid},
		{"gas", "燃气管", "Gas main", "m3/h", 5, 18000, 6000, 6, grid},
		{"steam", "蒸汽管", "Steam main", "t/h", 7, 220, 90, 0.12, hot},
		{"nitrogen", "氮气管", "Nitrogen main", "m3/h", 9, 30000, 15000, 30, pure},
	}
}

// line lays a run out: the street's centre moved to the utility's lane and cut where it meets its neighbours' lines.
func (u utility) line(r run) course {
	c := r.road.centre.offset(u.lane)
	from, to := c[0], c[len(c)-1]
	if r.from != nil {
		from = c.mustMeet(r.from.centre.offset(u.lane))
	}
	if r.to != nil {
		to = c.mustMeet(r.to.centre.offset(u.lane))
	}
	return c.between(from, to)
}

func (u utility) capacity(grade string) float64 {
	if grade == "trunk" {
		return u.trunk
	}
	return u.branch
}

// source is where a network begins or ends: a node on a parcel of its own.
type source struct {
	code, kind, serves, zh, en, unit string
	capacity                         float64
	parcel                           string
	share                            pt // of the parcel's box, where two stand on one parcel
}

var sources = []source{
	{"SS-1", "substation", "power", "110 kV 变电站一", "110 kV substation 1", "kVA", 126000, "TX-C04", pt{.5, .5}},
	{"SS-2", "substation", "power", "110 kV 变电站二", "110 kV substation 2", "kVA", 63000, "TX-V01", pt{.5, .5}},
	{"ST-0", "steam", "steam", "能源站（蒸汽）", "Energy centre (steam)", "t/h", 220, "TX-B01", pt{.42, .38}},
	{"NT-0", "nitrogen", "nitrogen", "能源站（空分制氮）", "Energy centre (air separation)", "m3/h", 30000, "TX-B01",
		pt{.62, .60}},
	{"WT-0", "water", "water", "给水加压站", "Water pumping station", "m3/d", 30000, "TX-H07", pt{.5, .5}},
	{"SW-0", "sewer", "sewer", "污水处理厂", "Sewage works", "m3/d", 25000, "TX-W02", pt{.5, .5}},
	{"GS-0", "gas", "gas", "燃气调压站", "Gas regulating station", "m3/h", 18000, "TX-Q05", pt{.5, .5}},
}

// reach is how far from a line a parcel still counts as served by it, m: across the widest street.
const reach = 45.0

// services of a parcel: what the lines in the streets about it can give.
func services(ring []pt, legalM2 float64, lines map[string][]course, utilities []utility, connected,
	levelled bool) map[string]sample.Service {
	out := map[string]sample.Service{"road": {Ready: true}, "telecom": {Ready: connected},
		"levelled": {Ready: levelled}}
	for _, u := range utilities {
		near := false
		for _, l := range lines[u.kind] {
			near = near || ringToCourse(ring, l) <= reach
		}
		if !near || !connected {
			out[u.kind] = sample.Service{}
			continue
		}
		capacity := rounded(u.perMu * legalM2 * 15 / 10000)
		unit := u.unit
		out[u.kind] = sample.Service{Ready: true, Capacity: &capacity, Unit: &unit}
	}
	return out
}

// rounded down to two figures, so that shares never add up to more than the whole.
func rounded(v float64) float64 {
	step := math.Pow(10, math.Floor(math.Log10(v))-1)
	return math.Round(math.Floor(v/step)*step*100) / 100
}

func ringToCourse(ring []pt, c course) float64 {
	best := math.Inf(1)
	for _, p := range ring {
		best = math.Min(best, c.distance(p))
	}
	closed := append(append(course{}, ring...), ring[0])
	for _, p := range c {
		best = math.Min(best, closed.distance(p))
	}
	return best
}
