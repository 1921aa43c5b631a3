package carve

import (
	"cmp"
	"math"
	"slices"
)

// assembler searches connected sets. It knows parcels by their rank: those with the most area for their cost first.
type assembler struct {
	order    []int // the place of each rank among the parcels given
	areas    []float64
	costs    []float64
	beside   [][]int
	sumM2    []float64 // of the ranks before each
	sum      []float64 // of their costs
	largest  []float64 // the largest area of the ranks from each
	smallest []float64 // the smallest
	least    float64   // the smallest cost
	whole    bool      // all costs are whole numbers
	target   Range
	most     int
	best     []Assembly
	steps    int
	state    []mark
	taken    []int
}

// mark is what became of a parcel in the branch at hand.
type mark uint8

const (
	open mark = iota
	waiting
	used
	left
)

func newAssembler(parcels []Free, target Range, most int) *assembler {
	n := len(parcels)
	a := &assembler{target: target, most: most, state: make([]mark, n), whole: true, least: math.Inf(1)}
	for i := range n {
		a.order = append(a.order, i)
	}
	slices.SortStableFunc(a.order, func(i, j int) int {
		p, q := parcels[i], parcels[j]
		return cmp.Or(cmp.Compare(q.AreaM2/q.Cost, p.AreaM2/p.Cost), cmp.Compare(q.AreaM2, p.AreaM2))
	})
	rank := make([]int, n)
	a.beside, a.sumM2, a.sum = make([][]int, n), make([]float64, n+1), make([]float64, n+1)
	for r, i := range a.order {
		p := parcels[i]
		rank[i] = r
		a.areas, a.costs = append(a.areas, p.AreaM2), append(a.costs, p.Cost)
		a.sumM2[r+1], a.sum[r+1] = a.sumM2[r]+p.AreaM2, a.sum[r]+p.Cost
		a.whole = a.whole && p.Cost == math.Trunc(p.Cost)
		a.least = min(a.least, p.Cost)
	}
	a.largest, a.smallest = slices.Clone(a.areas), slices.Clone(a.areas)
	for r := n - 2; r >= 0; r-- {
		a.largest[r], a.smallest[r] = max(a.largest[r], a.largest[r+1]), min(a.smallest[r], a.smallest[r+1])
	}
	for i, p := range parcels {
		for _, k := range p.Beside {
			if k != i {
				a.beside[rank[i]] = append(a.beside[rank[i]], rank[k])
				a.beside[rank[k]] = append(a.beside[rank[k]], rank[i])
			}
		}
	}
	for r := range a.beside {
		slices.Sort(a.beside[r])
		a.beside[r] = slices.Compact(a.beside[r])
	}
	return a
}

// componentM2 gives the areas of the connected parts of the map.
func (a *assembler) componentM2() []float64 {
	seen := make([]bool, len(a.areas))
	var out []float64
	for first := range a.areas {
		if seen[first] {
			continue
		}
		seen[first] = true
		var sum float64
		for queue := []int{first}; len(queue) > 0; {
			at := queue[len(queue)-1]
			queue = queue[:len(queue)-1]
			sum += a.areas[at]
			for _, k := range a.beside[at] {
				if !seen[k] {
					seen[k] = true
					queue = append(queue, k)
				}
			}
		}
		out = append(out, sum)
	}
	return out
}

// greedy finds sets to begin with, so that the search can give up early: from each parcel, the neighbour with the most
// area for its cost is added as long as it doesn't pass the range. What passes it now does so later too, so that each
// neighbour is looked at once.
func (a *assembler) greedy() {
	for first := range a.areas {
		clear(a.state)
		a.state[first] = used
		set, frontier := []int{first}, a.wait(nil, first)
		m2, cost := a.areas[first], a.costs[first]
		for m2 < a.target.LeastM2 && len(frontier) > 0 {
			next := frontier[0]
			frontier = frontier[1:]
			if m2+a.areas[next] > a.target.MostM2 {
				continue
			}
			set = append(set, next)
			m2, cost = m2+a.areas[next], cost+a.costs[next]
			for _, k := range a.wait(nil, next) {
				at, _ := slices.BinarySearch(frontier, k)
				frontier = slices.Insert(frontier, at, k)
			}
		}
		a.offer(set, m2, cost)
	}
}

// offer keeps a set that is in the range, when it is among the best.
func (a *assembler) offer(set []int, m2, cost float64) {
	if m2 < a.target.LeastM2 || m2 > a.target.MostM2 {
		return
	}
	found := Assembly{AreaM2: m2, Cost: cost, Excess: a.excess(m2)}
	if len(a.best) == a.most && found.compare(a.best[a.most-1]) >= 0 {
		return
	}
	found.Parcels = slices.Sorted(slices.Values(set))
	if slices.ContainsFunc(a.best, func(b Assembly) bool { return slices.Equal(b.Parcels, found.Parcels) }) {
		return
	}
	at, _ := slices.BinarySearchFunc(a.best, found, func(b, f Assembly) int {
		if b.compare(f) <= 0 {
			return -1
		}
		return 1
	})
	a.best = slices.Insert(a.best, at, found)
	a.best = a.best[:min(len(a.best), a.most)]
}

// excess is by how many whole hundredths of the least area m2 exceeds it.
func (a *assembler) excess(m2 float64) int {
	return int(math.Floor((m2 - a.target.LeastM2) / a.target.LeastM2 * 100))
}

// grow searches the sets whose first parcel is root.
func (a *assembler) grow(root int) {
	if a.areas[root] > a.target.MostM2 {
		return
	}
	for r := range a.state {
		a.state[r] = open
		if r < root {
			a.state[r] = left
		}
	}
	a.taken = append(a.taken[:0], root)
	a.state[root] = used
	a.extend(root, a.wait(nil, root), a.areas[root], a.costs[root])
}

// wait adds the open neighbours of a parcel to those that may be taken.
func (a *assembler) wait(frontier []int, at int) []int {
	for _, k := range a.beside[at] {
		if a.state[k] == open {
			a.state[k] = waiting
			frontier = append(frontier, k)
		}
	}
	return frontier
}

// extend offers the set at hand and searches those that have one of the frontier's parcels more.
func (a *assembler) extend(root int, frontier []int, m2, cost float64) {
	if a.steps++; a.steps > maxSteps {
		return
	}
	a.offer(a.taken, m2, cost)
	if !a.hopeful(root, m2, cost) {
		return
	}
	// The most area for its cost first: good sets are found early.
	slices.Sort(frontier)
	for i, at := range frontier {
		if a.steps > maxSteps || !a.hopeful(root, m2, cost) {
			break
		}
		a.state[at] = used
		if grown := m2 + a.areas[at]; grown <= a.target.MostM2 {
			a.taken = append(a.taken, at)
			next := a.wait(slices.Clone(frontier[i+1:]), at)
			fresh := slices.Clone(next[len(frontier)-i-1:])
			a.extend(root, next, grown, cost+a.costs[at])
			a.release(fresh, open)
			a.taken = a.taken[:len(a.taken)-1]
		}
		a.state[at] = left
	}
	a.release(frontier, waiting)
}

func (a *assembler) release(parcels []int, to mark) {
	for _, k := range parcels {
		a.state[k] = to
	}
}

// hopeful tells whether a set with the area and cost may still grow into one of the best.
func (a *assembler) hopeful(root int, m2, cost float64) bool {
	if len(a.best) < a.most {
		return m2+a.sumM2[len(a.areas)]-a.sumM2[root] >= a.target.LeastM2
	}
	worst := a.best[a.most-1]
	bound := a.bound(root, m2, cost)
	if sameCost(bound, worst.Cost) {
		return worst.Excess > a.excess(a.boundM2(root, m2))
	}
	return bound < worst.Cost
}

// boundM2 is the least area in the range that a set can grow to by ranks after root: those that the area needs at
// least, all as small as there are.
func (a *assembler) boundM2(root int, m2 float64) float64 {
	need := a.target.LeastM2 - m2
	if need <= 0 || root+1 == len(a.areas) {
		return max(m2, a.target.LeastM2)
	}
	return max(a.target.LeastM2, m2+math.Ceil(need/a.largest[root+1]-1e-9)*a.smallest[root+1])
}

// bound is the least cost at which a set that grows by ranks after root can have the least area, if it grows at all.
func (a *assembler) bound(root int, m2, cost float64) float64 {
	need := a.target.LeastM2 - m2
	if need <= 0 {
		return cost + a.least
	}
	from := root + 1
	to, _ := slices.BinarySearch(a.sumM2[from:], a.sumM2[from]+need)
	to = from + max(to, 1)
	if to > len(a.areas) {
		return math.Inf(1)
	}
	// Ranks from..to-1 have the area, the last in part.
	more := a.sum[to-1] - a.sum[from]
	part := (need - (a.sumM2[to-1] - a.sumM2[from])) / a.areas[to-1] * a.costs[to-1]
	if more += part; a.whole {
		more = math.Ceil(more - 1e-9)
	}
	return cost + more
}
