package carve

import (
	"cmp"
	"math"
	"slices"

	"luodi/geo"
	"luodi/geo/lot"
)

// Free is a parcel that others may be put together with.
type Free struct {
	AreaM2 float64
	// what taking it costs, in any unit: 1 for each asks for the fewest parcels, a price for the cheapest; more than 0
	Cost   float64
	Beside []int // the places of those it shares an edge with; either of the two may name the other
}

// Range is the area that an assembly is to have.
type Range struct {
	LeastM2 float64
	MostM2  float64
}

// Assembly is connected parcels whose areas sum to the range.
type Assembly struct {
	Parcels []int // their places, in order
	AreaM2  float64
	Cost    float64
	Excess  int // by how many whole hundredths of the least area they exceed it
}

// compare ranks assemblies: the cheaper first, then the one that exceeds the least area by fewer hundredths.
func (a Assembly) compare(b Assembly) int {
	if !sameCost(a.Cost, b.Cost) {
		return cmp.Compare(a.Cost, b.Cost)
	}
	return cmp.Compare(a.Excess, b.Excess)
}

// sameCost reports whether costs are equal up to the rounding error of adding them in another order.
func sameCost(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Max(math.Abs(a), math.Abs(b)) }

const (
	maxFree     = 5000
	maxAssembly = 100
	// maxSteps bounds the search. It is counted, not timed, so that an answer doesn't depend on the machine.
	maxSteps = 1_000_000
)

// Assemble finds sets of connected neighbouring parcels whose total area is in the target range. It returns the best
// sets, at most as many as asked for, and whether they are proven to be the best.
//
// Sets are ranked by cost, then by excess over the least area in hundredths of it. Of sets equal in both any may be
// returned, listed by their exact excess. The search is exact branch and bound:
//
//  1. Parcels are sorted by area per unit of cost, the highest first. Every connected set has one root, its first
//     parcel in that order. It is found once: a set grows from its root by neighbours, one by one, each either taken
//     or excluded for good (S. Wernicke, "Efficient Detection of Network Motifs", 2006).
//  2. A branch is pruned in three cases: the parcels after its root, the best first and the last in part, can't reach
//     the least area at less than the cost of the sets already found; no extension stays within the range; or the
//     reachable parcels are too small in all.
//
// The search is exact for any number of parcels as long as it ends within a million steps; otherwise the sets found
// are returned as not proven. Among 200 parcels a million steps suffice for the fewest parcels, except for some
// ranges that need twenty or more of nearly one size, and for the cheapest set up to about a dozen parcels.
//
// It refuses areas or costs that are not positive and finite, unknown neighbours, a range out of order, and a range
// that no connected parcels were found to reach. The last refusal names the area of the largest connected parcels and
// whether the search was stopped; proven then says that there is no such set.
func Assemble(parcels []Free, target Range, most int) (best []Assembly, proven bool, err error) {
	if err := checkFree(parcels, target, most); err != nil {
		return nil, false, err
	}
	a := newAssembler(parcels, target, most)
	a.greedy()
	for root := range a.areas {
		if a.steps > maxSteps {
			break
		}
		a.grow(root)
	}
	if len(a.best) == 0 {
		return nil, a.steps <= maxSteps, a.refuse()
	}
	for i := range a.best {
		for k, at := range a.best[i].Parcels {
			a.best[i].Parcels[k] = a.order[at]
		}
		slices.Sort(a.best[i].Parcels)
	}
	slices.SortStableFunc(a.best, func(x, y Assembly) int {
		return cmp.Or(x.compare(y),
			cmp.Compare(x.AreaM2, y.AreaM2))
	})
	return a.best, a.steps <= maxSteps, nil
}

func checkFree(parcels []Free, target Range, most int) error {
	if len(parcels) == 0 || len(parcels) > maxFree {
		return lot.Refuse(lot.BadRequest, "parcels", "number.from_to", len(parcels), "from", 1, "to", maxFree)
	}
	if most < 1 || most > maxAssembly {
		return lot.Refuse(lot.BadRequest, "most", "number.from_to", most, "from", 1, "to", maxAssembly)
	}
	if !(target.LeastM2 > 0 && target.LeastM2 <= lot.MaxMetres*lot.MaxMetres) {
		return lot.Refuse(lot.BadRequest, "least_m2", "lot.m2_above_0", target.LeastM2)
	}
	if !(target.MostM2 >= target.LeastM2 && target.MostM2 <= lot.MaxMetres*lot.MaxMetres) {
		return lot.Refuse(lot.BadRequest, "most_m2", "bound.least", target.MostM2, "name", "least_m2", "n", target.LeastM2)
	}
	for i, p := range parcels {
		if !(p.AreaM2 > 0 && p.AreaM2 <= lot.MaxMetres*lot.MaxMetres) {
			return lot.Refuse(lot.BadRequest, "area_m2", "lot.m2_above_0", p.AreaM2).Of(i)
		}
		if !(p.Cost > 0 && p.Cost <= 1e15) {
			return lot.Refuse(lot.BadRequest, "cost", "lot.cost_above_0", p.Cost).Of(i)
		}
		for _, k := range p.Beside {
			if k < 0 || k >= len(parcels) {
				return lot.Refuse(lot.BadRequest, "beside", "lot.places", k, "n", len(parcels)-1).Of(i)
			}
		}
	}
	return nil
}

// refuse says how near connected parcels come to the range.
func (a *assembler) refuse() error {
	var largest float64
	for _, m2 := range a.componentM2() {
		largest = max(largest, m2)
	}
	least, area := geo.Apart(a.target.LeastM2, largest)
	got := geo.Say("came.no_sum", "m2", area)
	switch {
	case a.steps > maxSteps:
		got = geo.Say("came.no_sum_found", "m2", area)
	case largest < a.target.LeastM2:
		got = geo.Say("came.too_small_together", "m2", area, "less", lot.Num(a.target.LeastM2-largest))
	}
	return lot.Refuse(lot.NoAssembly, "target", "assembly.connected", got, "from", least, "to", lot.Num(a.target.MostM2))
}
