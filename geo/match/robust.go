package match

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// Share is how much of the weight space a place wins.
type Share struct {
	Row   int
	Share float64 // of the draws, 0 to 1
}

// Robustness says how far a ranking hangs on its weights.
type Robustness struct {
	Draws     int
	Seed      uint64
	Finalists int     // the places compared: the answer's sites and the best in each criterion
	Shares    []Share // the largest first; places that never win are left out; those that win together share the win
}

// MaxDraws bounds how many weightings are drawn.
const MaxDraws = 20_000

// Robust draws weightings evenly from all there are (each weight at least 0, together 1: the flat Dirichlet
// distribution, as exponentials over their sum) and counts who wins among the finalists, with the answer's method and
// normalisation. The same seed draws the same weightings.
func (a *Answer) Robust(draws int, seed uint64) Robustness {
	draws = min(max(draws, 1), MaxDraws)
	all := a.finalists()
	r := Robustness{Draws: draws, Seed: seed, Finalists: len(all)}
	if len(all) == 0 || len(a.at) == 0 {
		return r
	}
	random := rand.New(rand.NewPCG(seed, 0x6c756f6469))
	weights := make([]float64, len(a.at))
	wins := make([]float64, len(all))
	var won []int
	for range draws {
		sum := 0.0
		for k := range weights {
			weights[k] = random.ExpFloat64()
			sum += weights[k]
		}
		for k := range weights {
			weights[k] /= sum
		}
		won = winners(won[:0], all, weights)
		for _, j := range won {
			wins[j] += 1 / float64(len(won))
		}
	}
	for j, n := range wins {
		if n > 0 {
			r.Shares = append(r.Shares, Share{Row: all[j].row, Share: n / float64(draws)})
		}
	}
	slices.SortFunc(r.Shares, func(x, y Share) int {
		return cmp.Or(cmp.Compare(y.Share, x.Share),
			cmp.Compare(x.Row, y.Row))
	})
	return r
}

// winners adds the positions of the finalists with the highest score: all whose scores are equal.
func winners(to []int, all []finalist, weights []float64) []int {
	top := math.Inf(-1)
	for j := range all {
		all[j].now = all[j].score(weights)
		top = max(top, all[j].now)
	}
	for j, f := range all {
		if f.now >= top-tie {
			to = append(to, j)
		}
	}
	return to
}
