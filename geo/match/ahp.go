package match

import (
	"fmt"
	"math"

	"luodi/geo"
)

// saaty is the random index by the number of criteria (Saaty 1980): the mean consistency index of random judgements.
var saaty = [...]float64{0, 0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49}

// MaxConsistency is the consistency ratio above which judgements contradict each other too much to weigh by (Saaty
// 1980).
const MaxConsistency = 0.10

// Judgement is what AHP makes of pairwise comparisons.
type Judgement struct {
	Weights     []float64 // add up to 1
	Lambda      float64   // the largest eigenvalue
	Consistency float64   // the consistency ratio; above MaxConsistency the judgements should be revised
	Index       string    // which table of random indices
}

// AHP weighs criteria by pairwise judgements: pairs[i][j] says how many times as important i is as j, from 1/9 to 9,
// and pairs[j][i] is its inverse, as far as printed digits go ([reciprocal]). The weights are the principal
// eigenvector, found by repeated multiplication. At most 10 criteria.
func AHP(pairs [][]float64) (Judgement, error) {
	n := len(pairs)
	if n < 1 || n >= len(saaty) {
		return Judgement{}, geo.NewInvalid("pairwise", "pairwise.rows", n, "n", len(saaty)-1)
	}
	if err := checkPairs(pairs); err != nil {
		return Judgement{}, err
	}
	pairs = symmetric(pairs)
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

// reciprocal is by how much the product of a judgement and its inverse may differ from 1, and a judgement from the ends
// of the scale: tables print 1/3 as 0.33 and 1/8 as 0.13, which is 4 % off.
const reciprocal = 0.05

// symmetric makes each judgement and its inverse one again: the geometric mean of what the two say.
func symmetric(pairs [][]float64) [][]float64 {
	out := make([][]float64, len(pairs))
	for i, row := range pairs {
		out[i] = make([]float64, len(row))
		for k, v := range row {
			out[i][k] = math.Sqrt(v / pairs[k][i])
		}
	}
	return out
}

func checkPairs(pairs [][]float64) error {
	for i, row := range pairs {
		if len(row) != len(pairs) {
			return geo.NewInvalid(fmt.Sprintf("pairwise[%d]", i), "pairwise.numbers", len(row), "n", len(pairs))
		}
		for k, v := range row {
			at := fmt.Sprintf("pairwise[%d][%d]", i, k)
			if !(v >= (1-reciprocal)/9 && v <= 9*(1+reciprocal)) {
				return geo.NewInvalid(at, "pairwise.judgement", v)
			}
			if k < i && math.Abs(v*pairs[k][i]-1) > reciprocal {
				return geo.NewInvalid(at, "pairwise.inverse", v, "field", fmt.Sprintf("pairwise[%d][%d]", k, i), "n",
					1/pairs[k][i])
			}
			if k == i && v != 1 {
				return geo.NewInvalid(at, "pairwise.one", v)
			}
		}
	}
	return nil
}
