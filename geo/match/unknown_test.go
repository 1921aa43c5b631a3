package match_test

import (
	"math"
	"slices"
	"testing"

	"luodi/geo/match"
)

var nan = math.NaN()

// steam asks for 2 t/h. Of a substation's 40 the public is told a figure, words or nothing.
var steam = match.Table{
	Criteria: []match.Criterion{{Measure: "price", Want: match.Cost, Weight: 1}, {Measure: "steam", Min: p(2)}},
	Columns:  [][]float64{{300, 100, 200, 50, 400}, {33, nan, nan, nan, 1}},
	Bands:    map[int]match.Band{1: {Least: []float64{nan, 0, 20, nan, nan}, Most: []float64{nan, 8, 40, nan, nan}}},
}

func TestWhatIsNotKnownLeavesNobodyOutAndComesAfterWhatSurelyFits(t *testing.T) {
	t.Parallel()
	for _, method := range []match.Method{match.WeightedSum, match.TOPSIS, match.Pareto} {
		a, err := match.Rank(steam, match.How{Method: method})
		if err != nil {
			t.Fatal(err)
		}
		var rows []int
		open := map[int][]int{}
		for _, s := range a.Sites {
			rows, open[s.Row] = append(rows, s.Row), s.Open
		}
		want := []int{2, 0, 3, 1} // ample surely does, a figure does, then nothing told and little; 1 t/h does not
		if method == match.Pareto {
			want = []int{2, 3}
		}
		if !slices.Equal(rows, want) || a.Ranked != 4 || a.Fits != 2 {
			t.Errorf("%s: rows %v of %d, of which %d fit; want %v", method, rows, a.Ranked, a.Fits, want)
		}
		if len(open[2]) != 0 || !slices.Equal(open[3], []int{1}) {
			t.Errorf("%s: to be asked %v", method, open)
		}
		if len(a.Causes) != 1 || a.Causes[0].Count != 1 || len(steam.Lacks(1)) != 0 || steam.Lacks(4)[0].Value != 1 {
			t.Errorf("%s: causes %+v, lacks %v and %v", method, a.Causes, steam.Lacks(1), steam.Lacks(4))
		}
		r := a.Robust(100, 7)
		if len(r.Shares) != 1 || r.Shares[0].Row != 2 {
			t.Errorf("%s: shares %+v: what surely fits wins under any weights", method, r.Shares)
		}
		for at := range a.Sites {
			if len(a.Sites[at].Open) > 0 && a.Moves(at) != nil {
				t.Errorf("%s: a site to be asked about is told to change %+v", method, a.Moves(at))
			}
		}
	}
}

func TestAnAnswerOfWhichNothingIsKnownIsStillAList(t *testing.T) {
	t.Parallel()
	table := match.Table{
		Criteria: []match.Criterion{{Measure: "steam", Min: p(2), Want: match.Benefit, Weight: 1}},
		Columns:  [][]float64{{nan, nan, nan}},
	}
	for _, how := range []match.How{{}, {Method: match.TOPSIS}, {Method: match.TOPSIS, Normalise: match.Vector},
		{Method: match.Pareto}} {
		a, err := match.Rank(table, how)
		if err != nil {
			t.Fatal(err)
		}
		if len(a.Sites) != 3 || a.Fits != 0 {
			t.Fatalf("%+v: %d sites, %d fit", how, len(a.Sites), a.Fits)
		}
		for _, s := range a.Sites {
			if s.Rank != 1 || s.Score == s.Score || s.Judged != 0 || len(s.Parts)+len(s.Unjudged) != 0 {
				t.Errorf("%+v: %+v", how, s)
			}
		}
		if !slices.Equal(a.Unjudged, []int{0}) {
			t.Errorf("%+v: the wishes that judge nobody are %v", how, a.Unjudged)
		}
		if r := a.Robust(9, 7); len(r.Shares) != 0 {
			t.Errorf("%+v: shares %+v of a ranking without a wish", how, r.Shares)
		}
	}
}

// TestNeitherInfinityNorNothingMakesNaN has land without neighbours, a column of nothing and one of zeros.
func TestNeitherInfinityNorNothingMakesNaN(t *testing.T) {
	t.Parallel()
	inf := math.Inf(1)
	for _, column := range [][]float64{{inf, inf, inf}, {inf, 5, nan}, {0, 0, 0}, {nan, nan, nan}, {inf, 5, 5}} {
		for _, want := range []match.Criterion{{Want: match.Cost}, {Want: match.Benefit},
			{Want: match.Target, Target: p(0)}, {Want: match.Range, Low: p(0), High: p(0)}} {
			want.Measure, want.Weight = "x", 1
			table := match.Table{Criteria: []match.Criterion{want, {Measure: "y", Want: match.Benefit, Weight: 1}},
				Columns: [][]float64{column, {1, 2, 3}}}
			for _, how := range []match.How{{}, {Method: match.TOPSIS},
				{Method: match.TOPSIS, Normalise: match.Vector}, {Method: match.Pareto}} {
				a, err := match.Rank(table, how)
				if err != nil {
					t.Fatal(err)
				}
				for at, s := range a.Sites {
					scores := []float64{s.Score, s.Least, s.Most, s.Judged}
					for _, p := range s.Parts {
						scores = append(scores, p.Score)
					}
					for _, v := range scores {
						if !(v >= 0 && v <= 1+1e-12) || math.Signbit(v) {
							t.Errorf("%v of %v, %+v: %v in %+v", want.Want, column, how, v, s)
						}
					}
					for _, m := range a.Moves(at) {
						if !(m.Size >= 0) || m.To-m.To != 0 || m.From-m.From != 0 {
							t.Errorf("%v of %v, %+v: move %+v", want.Want, column, how, m)
						}
					}
				}
			}
		}
	}
}
