package match

import "math"

// Normalise is how raw values become comparable.
type Normalise string

// The normalisations. Min–max takes the least and the most among the ranked places as 0 and 1; vector divides by the
// Euclidean norm of the column (Hwang and Yoon 1981).
const (
	MinMax Normalise = "min_max"
	Vector Normalise = "vector"
)

// noise is by how much values of a column may differ, as a share of the largest, and still be one value: the grid on
// which shapes are kept (0.1 mm) makes as much of places that are alike, and a scale from the least to the most would
// make a difference of it.
const noise = 1e-5

// scale turns one column's raw values into scores from 0 to 1 by min–max: 1 is the best among the ranked.
type scale struct {
	criterion Criterion
	low, high float64 // of what is measured: the raw value, or its gap from what is wanted
	tells     bool    // some ranked place has a finite value, or an infinite one that is good: else it judges nobody
	slack     float64 // by how much values may differ and be one
}

// newScale takes the minimum and maximum of the ranked rows. Unknown values are ignored, and infinite ones, such as
// the distance to a neighbour that doesn't exist.
func newScale(c Criterion, column []float64, kept []int32) scale {
	s := scale{criterion: c, low: math.Inf(1), high: math.Inf(-1)}
	gaps, bounded := c.Want == Target || c.Want == Range, false
	for _, row := range kept {
		v := column[row]
		if gaps {
			v = c.gap(v)
		}
		if v-v != 0 { // NaN or infinite
			s.tells = s.tells || c.Want == Benefit && v > 0
			continue
		}
		bounded = true
		s.low, s.high = min(s.low, v), max(s.high, v)
	}
	if !bounded {
		s.low, s.high = 0, 0
		return s
	}
	s.tells = true
	size := max(math.Abs(s.low), math.Abs(s.high))
	if gaps {
		s.low, size = 0, c.ideal() // the ideal itself is the best, whether or not a place has it
	}
	if s.slack = noise * size; s.high-s.low <= s.slack {
		s.high = s.low
	}
	return s
}

// score normalises a raw value: 0 to 1 for the ranked places that the scale was made from, below or above for others.
// If all ranked places are equal their score is 1, and so is that of any better value. The score of an unknown value is
// NaN: it is not judged.
func (s scale) score(v float64) float64 {
	if gaps := s.criterion.Want == Target || s.criterion.Want == Range; gaps && !math.IsNaN(v) {
		v = s.criterion.gap(v)
	}
	return s.rate(v)
}

// rate is the score of what is measured: a raw value, or its gap.
func (s scale) rate(v float64) float64 {
	benefit := s.criterion.Want == Benefit
	switch {
	case math.IsNaN(v):
		return v
	case math.IsInf(v, 0):
		if (v > 0) == benefit {
			return 1
		}
		return 0
	case s.high > s.low && benefit:
		return (v - s.low) / (s.high - s.low)
	case s.high > s.low:
		return (s.high - v) / (s.high - s.low)
	case math.Abs(v-s.high) <= s.slack || (v > s.high) == benefit:
		return 1
	}
	return 0
}

// standing is a score, or behind where there is none.
func (s scale) standing(v float64) float64 {
	if v != v {
		return behind
	}
	return s.score(v)
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

// soft lists the criteria that rank.
func soft(criteria []Criterion) (at []int) {
	for i, c := range criteria {
		if c.Want != "" && c.Weight > 0 {
			at = append(at, i)
		}
	}
	return at
}

// unit scales weights so that they add up to 1.
func unit(weights []float64) []float64 {
	total := 0.0
	for _, w := range weights {
		total += w
	}
	for i := range weights {
		weights[i] /= total
	}
	return weights
}

// behind is what an unknown value counts in a standing, where the worst known one counts 0 and the best 1 (see
// [Site]).
const behind = -1

// sums gives each ranked place its weighted sum of scores, with behind for an unknown value.
func sums(scales []scale, columns [][]float64, weights []float64, kept []int32) []float64 {
	out := make([]float64, len(kept))
	for k, column := range columns {
		s, w := scales[k], weights[k]
		if want := s.criterion.Want; s.high > s.low && (want == Benefit || want == Cost) { // the two that are most asked for, without a call a value
			from, scaled := s.low, w/(s.high-s.low)
			if want == Cost {
				from, scaled = s.high, -scaled
			}
			for j, row := range kept {
				if v := column[row]; v-v == 0 {
					out[j] += (v - from) * scaled
				} else {
					out[j] += w * s.standing(v)
				}
			}
			continue
		}
		for j, row := range kept {
			out[j] += w * s.standing(column[row])
		}
	}
	return out
}
