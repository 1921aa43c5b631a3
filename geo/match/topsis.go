package match

import "math"

// measured is the value that TOPSIS normalises in a column: the raw value, or the gap from the wanted value, which is
// a cost; an infinite value is replaced by the end of the scale. If all are equal, every place gets the same. An
// unknown value stays unknown.
func measured(s scale, v float64) float64 {
	if want := s.criterion.Want; want != Benefit && want != Cost && !math.IsNaN(v) {
		v = s.criterion.gap(v)
	}
	switch {
	case math.IsNaN(v):
		return v
	case s.high <= s.low:
		return s.low
	case math.IsInf(v, 0):
		return min(max(v, s.low), s.high)
	}
	return v
}

// axis is one criterion of TOPSIS before it is weighted: a value v lies at (v - shift) × stretch; best and worst are
// where the ideal and the anti-ideal lie.
type axis struct {
	scale          scale
	shift, stretch float64
	best, worst    float64
}

func newAxis(s scale, column []float64, kept []int32, n Normalise) axis {
	a := axis{scale: s}
	least, most, squares := math.Inf(1), math.Inf(-1), 0.0
	for _, row := range kept {
		v := measured(s, column[row])
		if v != v {
			continue
		}
		least, most, squares = math.Min(least, v), math.Max(most, v), squares+v*v
	}
	switch {
	case n == Vector && squares > 0:
		a.stretch = 1 / math.Sqrt(squares)
	case n == MinMax && most > least:
		a.shift, a.stretch = least, 1/(most-least)
	}
	a.best, a.worst = (least-a.shift)*a.stretch, (most-a.shift)*a.stretch
	if s.criterion.Want == Benefit {
		a.best, a.worst = a.worst, a.best
	}
	return a
}

// squares are how far a raw value lies from the ideal and the anti-ideal along this axis, squared, before weighting. An
// unknown value lies at the anti-ideal.
func (a axis) squares(v float64) (toBest, toWorst float64) {
	if v != v {
		return (a.worst - a.best) * (a.worst - a.best), 0
	}
	x := (measured(a.scale, v) - a.shift) * a.stretch
	return (x - a.best) * (x - a.best), (x - a.worst) * (x - a.worst)
}

// closeness is the distance from the anti-ideal over the sum of both; where both are 0 all places are equal and it is
// 1.
func closeness(toBest, toWorst float64) float64 {
	best, worst := math.Sqrt(toBest), math.Sqrt(toWorst)
	if best+worst == 0 {
		return 1
	}
	return worst / (best + worst)
}

// nearness gives each ranked place its TOPSIS score, 0 to 1, less the weight of the wishes that are not judged. Steps:
//  1. normalise each column among the ranked (min–max or vector) and multiply by its weight;
//  2. the ideal has the best of each column, the anti-ideal the worst;
//  3. Euclidean distances to both, and the [closeness] they make.
func nearness(axes []axis, columns [][]float64, weights []float64, kept []int32) []float64 {
	toBest := make([]float64, len(kept))
	toWorst := make([]float64, len(kept))
	unjudged := make([]float64, len(kept))
	for k, column := range columns {
		w := weights[k] * weights[k]
		for j, row := range kept {
			if column[row] != column[row] {
				unjudged[j] -= behind * weights[k]
			}
			best, worst := axes[k].squares(column[row])
			toBest[j] += w * best
			toWorst[j] += w * worst
		}
	}
	for j := range toBest {
		toBest[j] = closeness(toBest[j], toWorst[j]) - unjudged[j]
	}
	return toBest
}
