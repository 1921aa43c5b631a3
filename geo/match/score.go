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
	mean      float64 // of what is measured, over the values that are known; NaN where none is
	slack     float64 // by how much values may differ and be one
}

// newScale takes the minimum and maximum of the ranked rows. Unknown values are ignored, and infinite ones, such as
// the distance to a neighbour that doesn't exist.
func newScale(c Criterion, column []float64, kept []int32) scale {
	s := scale{criterion: c, low: math.Inf(1), high: math.Inf(-1)}
	gaps := c.Want == Target || c.Want == Range
	sum, known := 0.0, 0
	for _, row := range kept {
		v := column[row]
		if gaps {
			v = c.gap(v)
		}
		if v-v != 0 { // NaN or infinite
			continue
		}
		s.low, s.high = min(s.low, v), max(s.high, v)
		sum += v
		known++
	}
	s.mean = sum / float64(known)
	size := max(math.Abs(s.low), math.Abs(s.high))
	if gaps && known > 0 {
		s.low, size = 0, c.ideal() // the ideal itself is the best, whether or not a place has it
	}
	if s.slack = noise * size; s.high-s.low <= s.slack {
		s.high = s.low
	}
	return s
}

// unknownAll is the score of every place in a criterion with no known value: it changes no order.
const unknownAll = 0.5

// score normalises a raw value: 0 to 1 for the ranked places that the scale was made from, below or above for others.
// If all ranked places are equal their score is 1, and so is that of any better value. An unknown value gets the mean
// of the known ones, which counts neither for nor against the place.
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
	case math.IsNaN(v) && math.IsNaN(s.mean):
		return unknownAll
	case math.IsNaN(v):
		return s.rate(s.mean)
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
					out[j] += w * s.score(v)
				}
			}
			continue
		}
		for j, row := range kept {
			out[j] += w * s.score(column[row])
		}
	}
	return out
}
