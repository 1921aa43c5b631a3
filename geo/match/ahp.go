package match

import (
	"fmt"
	"math"

	"luodi/geo"
)

// saaty is the random index by the number of criteria (Saaty 1980): the mean consistency index of random judgements.
var saaty = [...]float64{0, 0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49}

// MaxConsistency is the consistency ratio above which judgements contradict each other too much to weigh by (Saaty 1980).
const MaxConsistency = 0.10

// Judgement is what AHP makes of pairwise comparisons.
type Judgement struct {
	Weights     []float64 // add up to 1
	Lambda      float64   // the largest eigenvalue
	Consistency float64   // the consistency ratio; above MaxConsistency the judgements should be revised
	Index       string    // which table of random indices
}

// AHP weighs criteria by pairwise judgements: pairs[i][j] says how many times as important i is as j, from 1/9 to 9, and
// pairs[j][i] is its inverse. The weights are the principal eigenvector, found by repeated multiplication. At most 10 criteria.
func AHP(pairs [][]float64) (Judgement, error) {
	n := len(pairs)
	if n < 1 || n >= len(saaty) {
		return Judgement{}, geo.NewInvalid("pairwise", fmt.Sprintf("1 to %d rows", len(saaty)-1), n)
	}
	if err := checkPairs(pairs); err != nil {
		return Judgement{}, err
	}
	j := Judgement{Weights: make([]float64, n), Index: "Saaty 1980"}
	for i := range j.Weights {
		j.Weights[i] = 1 / float64(n)
	}
	for range 1000 { // a positive matrix: converges to the Perron vector
		next := make([]float64, n)
		sum := 0.0
		for i, row := range pairs {
			for k, v := range row {
				next[i] += v * j.Weights[k]
			}
			sum += next[i]
		}
		moved := 0.0
		for i := range next {
			next[i] /= sum
			moved += math.Abs(next[i] - j.Weights[i])
		}
		j.Weights, j.Lambda = next, sum
		if moved < 1e-14 {
			break
		}
	}
	if n > 2 {
		j.Consistency = math.Max(0, (j.Lambda-float64(n))/float64(n-1)) / saaty[n]
	}
	return j, nil
}

func checkPairs(pairs [][]float64) error {
	const slack = 1e-6
	for i, row := range pairs {
		if len(row) != len(pairs) {
			return geo.NewInvalid(fmt.Sprintf("pairwise[%d]", i), fmt.Sprintf("%d numbers", len(pairs)), len(row))
		}
		for k, v := range row {
			at := fmt.Sprintf("pairwise[%d][%d]", i, k)
			if !(v >= 1.0/9-slack && v <= 9+slack) {
				return geo.NewInvalid(at, "a number from 1/9 to 9", v)
			}
			if k < i && math.Abs(v*pairs[k][i]-1) > 1e-3 {
				return geo.NewInvalid(at, fmt.Sprintf("the inverse of pairwise[%d][%d], %g", k, i, 1/pairs[k][i]), v)
			}
			if k == i && math.Abs(v-1) > slack {
				return geo.NewInvalid(at, "1", v)
			}
		}
	}
	return nil
}
