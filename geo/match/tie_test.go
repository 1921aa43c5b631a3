package match_test

import (
	"errors"
	"math"
	"testing"

	"luodi/geo"
	"luodi/geo/match"
)

var everyWay = []match.How{{}, {Method: match.TOPSIS}, {Method: match.TOPSIS, Normalise: match.Vector},
	{Method: match.Pareto}}

// TestEqualPlacesShareRankAndWins has two twins, which differ by what a grid of 0.1 mm makes of a street of 120 m, a
// better place in one wish, and a worse one.
func TestEqualPlacesShareRankAndWins(t *testing.T) {
	t.Parallel()
	table := match.Table{
		Criteria: []match.Criterion{{Measure: "road", Want: match.Cost, Weight: 3},
			{Measure: "area", Want: match.Benefit, Weight: 1}},
		Columns: [][]float64{{120, 120.0001, 700, 800}, {20, 20.00001, 30, 10}},
	}
	for _, how := range everyWay {
		a, err := match.Rank(table, how)
		if err != nil {
			t.Fatal(err)
		}
		if a.Sites[0].Rank != 1 || a.Sites[1].Rank != 1 || a.Sites[2].Rank != 3 || a.Sites[2].Row != 2 {
			t.Fatalf("%+v: %+v", how, a.Sites)
		}
		share := map[int]float64{}
		total := 0.0
		for _, s := range a.Robust(2000, 7).Shares {
			share[s.Row] = s.Share
			total += s.Share
		}
		if math.Abs(share[0]-share[1]) > 0.001 || share[0] < 0.1 || share[2] < 0.1 || math.Abs(total-1) > 1e-9 {
			t.Errorf("%+v: shares %v", how, share)
		}
		if m := a.Moves(1); m != nil {
			t.Errorf("%+v: who shares the first rank is told to change %+v", how, m)
		}
		for _, m := range a.Moves(2) {
			if math.Abs(m.To-m.From) < 1e-6 {
				t.Errorf("%+v: nothing is to be changed: %+v", how, m)
			}
		}
	}
}

// TestPlacesThatDifferByRoundingAloneAreAllFirst has a column of nothing but noise, which a scale from the least to the
// most would blow up.
func TestPlacesThatDifferByRoundingAloneAreAllFirst(t *testing.T) {
	t.Parallel()
	for _, want := range []match.Criterion{{Want: match.Cost}, {Want: match.Benefit},
		{Want: match.Target, Target: p(120)}, {Want: match.Range, Low: p(120), High: p(130)}} {
		want.Measure, want.Weight = "m", 1
		table := match.Table{Criteria: []match.Criterion{want}, Columns: [][]float64{{120.0001, 120, 119.9999}}}
		for _, how := range everyWay {
			how.Top = 2
			a, err := match.Rank(table, how)
			if err != nil {
				t.Fatal(err)
			}
			for at, s := range a.Sites {
				if s.Rank != 1 || s.Score != 1 || a.Moves(at) != nil {
					t.Errorf("%s, %+v: %+v, moves %v", want.Want, how, s, a.Moves(at))
				}
			}
			shares := a.Robust(30, 1).Shares
			if len(shares) != 3 || math.Abs(shares[0].Share-1./3) > 1e-12 {
				t.Errorf("%s, %+v: shares %+v: the third is as good, though the answer has room for two", want.Want,
					how, shares)
			}
		}
	}
}

func TestPrintedJudgementsAreTaken(t *testing.T) {
	t.Parallel()
	printed, err := match.AHP([][]float64{{1, 3, 8}, {0.33, 1, 9}, {0.13, 0.11, 1}})
	if err != nil {
		t.Fatal(err)
	}
	exact, err := match.AHP([][]float64{{1, 3, 8}, {1. / 3, 1, 9}, {1. / 8, 1. / 9, 1}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range exact.Weights {
		if math.Abs(printed.Weights[i]-exact.Weights[i]) > 0.005 {
			t.Errorf("weight %d: %v, of exact judgements %v", i, printed.Weights[i], exact.Weights[i])
		}
	}
	// each judgement by what its inverse says
	inverse, err := match.AHP([][]float64{{1, 1 / 0.33, 1 / 0.13}, {1. / 3, 1, 1 / 0.11}, {1. / 8, 1. / 9, 1}})
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(inverse.Weights[0]-printed.Weights[0]) > 1e-9 {
		t.Errorf("by the inverses %v, else %v: both halves of the table count alike", inverse.Weights, printed.Weights)
	}
	for _, wrong := range [][][]float64{{{1, 3}, {0.3, 1}}, {{1, 9}, {0.1, 1}}, {{1, 3}, {0.36, 1}},
		{{1.04, 3}, {0.33, 1}}} {
		if _, err := match.AHP(wrong); !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%v was taken: %v", wrong, err)
		}
	}
}
