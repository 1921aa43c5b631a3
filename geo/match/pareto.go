package match

import (
	"cmp"
	"math"
	"slices"
)

// front returns the Pareto front: the ranked places that no other place dominates, that is, equals in every soft
// criterion and exceeds in one. The result is positions in kept, places that surely fit first, by weighted sum.
//
// A place can only be dominated by one with a higher sum of scores. So places are taken in that order and compared
// with the front alone (sort-filter skyline, Chomicki et al. 2003). Places with open questions are taken last: they
// dominate no place that surely fits.
func (a *Answer) front() []int32 {
	order := make([]int32, len(a.kept))
	plain := make([]float64, len(a.kept))
	points := make([][]float64, len(a.kept))
	for j, row := range a.kept {
		order[j], points[j] = int32(j), make([]float64, len(a.at))
		for k, s := range a.scales {
			points[j][k] = s.place(a.columns[k][row])
			plain[j] += points[j][k]
		}
	}
	by := func(score []float64) func(x, y int32) int {
		return func(x, y int32) int {
			if a.sure[x] != a.sure[y] {
				if a.sure[x] {
					return -1
				}
				return 1
			}
			return cmp.Or(cmp.Compare(score[y], score[x]), cmp.Compare(x, y))
		}
	}
	slices.SortFunc(order, by(plain))
	var best []int32
	for _, j := range order {
		if !slices.ContainsFunc(best, func(b int32) bool { return beats(points[b], points[j]) }) {
			best = append(best, j)
		}
	}
	slices.SortFunc(best, by(a.all))
	return best
}

// place is a standing in which an infinite value doesn't stand level with a finite one: it comes before the best, or
// after the worst and before what nobody knows.
func (s scale) place(v float64) float64 {
	score := s.standing(v)
	switch {
	case !math.IsInf(v, 0):
		return score
	case score > 0:
		return score - behind/2.
	}
	return behind / 2.
}

// beats tells whether q is as good as p in everything and better in something. Scores within a tie are equal.
func beats(q, p []float64) bool {
	better := false
	for i := range q {
		if q[i] < p[i]-tie {
			return false
		}
		better = better || q[i] > p[i]+tie
	}
	return better
}
