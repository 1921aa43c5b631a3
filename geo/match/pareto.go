package match

import (
	"cmp"
	"slices"
)

// front returns the ranked places that no other beats: none is at least as good in every soft criterion and better in one. Positions
// into kept, the best weighted sum first. A place can only be beaten by one whose sum of scores is higher, so places are
// taken in that order and compared with the front alone (Chomicki et al. 2003, sort-filter skyline).
func front(scales []scale, columns [][]float64, at []int, sum []float64, kept []int32) []int32 {
	order := make([]int32, len(kept))
	for j := range order {
		order[j] = int32(j)
	}
	plain := make([]float64, len(kept))
	for k, i := range at {
		for j, row := range kept {
			plain[j] += scales[k].score(columns[i][row])
		}
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(plain[b], plain[a]), cmp.Compare(a, b)) })
	var best []int32
	var points [][]float64
	for _, j := range order {
		p := make([]float64, len(at))
		for k, i := range at {
			p[k] = scales[k].score(columns[i][kept[j]])
		}
		if !slices.ContainsFunc(points, func(q []float64) bool { return beats(q, p) }) {
			best, points = append(best, j), append(points, p)
		}
	}
	slices.SortFunc(best, func(a, b int32) int { return cmp.Or(cmp.Compare(sum[b], sum[a]), cmp.Compare(a, b)) })
	return best
}

func beats(q, p []float64) bool {
	better := false
	for i := range q {
		if q[i] < p[i] {
			return false
		}
		better = better || q[i] > p[i]
	}
	return better
}
