package match

import "math"

// Normalise is how raw values become comparable.
type Normalise string

// The normalisations. Min–max takes the least and the most among the ranked places as 0 and 1; vector divides by the Euclidean norm of
// the column (Hwang and Yoon 1981).
const (
	MinMax Normalise = "min_max"
	Vector Normalise = "vector"
)

// scale turns one column's raw values into scores from 0 to 1 by min–max: 1 is the best among the ranked.
type scale struct {
	criterion Criterion
	low, high float64 // of what is measured: the raw value, or its gap from what is wanted
}

// newScale takes the least and most of the ranked. Values nobody knows don't count.
func newScale(c Criterion, column []float64, kept []int32) scale {
	s := scale{criterion: c, low: math.Inf(1), high: math.Inf(-1)}
	if c.Want == Benefit || c.Want == Cost {
		for _, row := range kept {
			v := column[row]
			if v < s.low {
				s.low = v
			}
			if v > s.high {
				s.high = v
			}
		}
		return s
	}
	s.low = 0 // the ideal itself is the best, whether or not a place has it
	for _, row := range kept {
		if gap := c.gap(column[row]); gap > s.high {
			s.high = gap
		}
	}
	return s
}

// score is how good a raw value is: 0 to 1 for the ranked, which are those the scale was taken from, below or above for others. Where all the
// ranked are equal they have 1, and so has whatever is better. A value nobody knows has 0.
func (s scale) score(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	from, to := s.low, s.high // a value at from scores 0, one at to scores 1
	switch s.criterion.Want {
	case Cost:
		from, to = to, from
	case Target, Range:
		v, from, to = s.criterion.gap(v), s.high, 0
	}
	if s.high > s.low {
		return (v - from) / (to - from)
	}
	if v == to || (v > to) == (s.criterion.Want == Benefit) {
		return 1
	}
	return 0
}

// raw is the raw value that has a score: the inverse of score, on the side of the value that from is on.
func (s scale) raw(score, from float64) float64 {
	c := s.criterion
	switch c.Want {
	case Benefit:
		return s.low + score*(s.high-s.low)
	case Cost:
		return s.high - score*(s.high-s.low)
	}
	gap := (1 - score) * s.high
	if c.Want == Target {
		if from < *c.Target {
			return *c.Target - gap
		}
		return *c.Target + gap
	}
	if from < *c.Low {
		return *c.Low - gap
	}
	return *c.High + gap
}

// soft lists the criteria that rank, with weights that add up to 1.
func soft(criteria []Criterion) (at []int, weights []float64) {
	total := 0.0
	for i, c := range criteria {
		if c.Want != "" && c.Weight > 0 {
			at = append(at, i)
			weights = append(weights, c.Weight)
			total += c.Weight
		}
	}
	for i := range weights {
		weights[i] /= total
	}
	return at, weights
}

// sums gives each ranked place its weighted sum of scores.
func sums(scales []scale, columns [][]float64, at []int, weights []float64, kept []int32) []float64 {
	out := make([]float64, len(kept))
	for k, i := range at {
		column, s, w := columns[i], scales[k], weights[k]
		switch {
		case s.criterion.Want == Benefit && s.high > s.low: // the two that are most asked for, without a call a value
			scaled := w / (s.high - s.low)
			for j, row := range kept {
				if v := column[row]; v == v {
					out[j] += (v - s.low) * scaled
				}
			}
		case s.criterion.Want == Cost && s.high > s.low:
			scaled := w / (s.high - s.low)
			for j, row := range kept {
				if v := column[row]; v == v {
					out[j] += (s.high - v) * scaled
				}
			}
		default:
			for j, row := range kept {
				out[j] += w * s.score(column[row])
			}
		}
	}
	return out
}
