package siting

import (
	"slices"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"

	"luodi/geo/fit"
	"luodi/geo/land"
)

// kerbs are a park's roads as edges that land fronts, found by where they lie: measuring against them costs the same in
// a park of a thousand roads.
type kerbs struct {
	roads []fit.Road
	codes []string
	index *rtree.RTreeG[int]
}

// newKerbs takes the roads of a park for what land fronts. Those whose width nobody stated are lines.
func newKerbs(networks []Node) kerbs {
	k := kerbs{index: &rtree.RTreeG[int]{}}
	for _, n := range networks {
		if n.Kind != string(land.NetworkRoad) {
			continue
		}
		for _, line := range lines(n.shape) {
			reach := line.Bound().Pad(n.WidthM/2 + frontTolerance)
			k.index.Insert(reach.Min, reach.Max, len(k.roads))
			k.roads, k.codes = append(k.roads, fit.Road{Line: line, WidthM: n.WidthM}), append(k.codes, n.Code)
		}
	}
	return k
}

// near are the roads that a shape may front, in their order, and what place one of them has among all: -1 of none.
func (k kerbs) near(shape orb.Polygon) (roads []fit.Road, place func(int) int) {
	var at []int
	if k.index == nil {
		return nil, func(int) int { return -1 }
	}
	box := shape.Bound()
	k.index.Search(box.Min, box.Max, func(_, _ [2]float64, i int) bool {
		at = append(at, i)
		return true
	})
	slices.Sort(at)
	for _, i := range at {
		roads = append(roads, k.roads[i])
	}
	return roads, func(i int) int {
		if i < 0 || i >= len(at) {
			return -1
		}
		return at[i]
	}
}

// code is that of a road; empty where there is none.
func (k kerbs) code(i int) string {
	if i < 0 || i >= len(k.codes) {
		return ""
	}
	return k.codes[i]
}
