package match_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"luodi/geo"
	"luodi/geo/match"
)

func p(v float64) *float64 { return &v }

// The table of Opricovic and Tzeng (2004), whose winner hangs on the normalisation.
var opricovic = match.Table{
	Criteria: []match.Criterion{{Measure: "hours", Want: match.Cost, Weight: 1},
		{Measure: "height", Want: match.Benefit, Weight: 1}},
	Columns: [][]float64{{1, 2, 5}, {3000, 3750, 4500}},
}

func TestTOPSISGivesThePublishedAnswers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		normalise match.Normalise
		want      [3]float64
		best      int
	}{{match.MinMax, [3]float64{.500, .617, .500}, 1}, {match.Vector, [3]float64{.7621, .7222, .2379}, 0}} {
		a, err := match.Rank(opricovic, match.How{Method: match.TOPSIS, Normalise: test.normalise})
		if err != nil {
			t.Fatal(err)
		}
		if a.How.Normalise != test.normalise || a.Sites[0].Row != test.best {
			t.Errorf("%s: best is row %d, want %d", test.normalise, a.Sites[0].Row, test.best)
		}
		for _, s := range a.Sites {
			if math.Abs(s.Score-test.want[s.Row]) > 5e-4 {
				t.Errorf("%s: row %d has %.4f, want %.4f", test.normalise, s.Row, s.Score, test.want[s.Row])
			}
		}
	}
}

func TestAHPFindsWeightsAndContradictions(t *testing.T) {
	t.Parallel()
	consistent, err := match.AHP([][]float64{{1, 2, 4}, {.5, 1, 2}, {.25, .5, 1}})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{4. / 7, 2. / 7, 1. / 7} {
		if math.Abs(consistent.Weights[i]-want) > 1e-12 {
			t.Errorf("weight %d is %v, want %v", i, consistent.Weights[i], want)
		}
	}
	if consistent.Consistency > 1e-9 || math.Abs(consistent.Lambda-3) > 1e-9 {
		t.Errorf("consistent judgements have ratio %v, eigenvalue %v", consistent.Consistency, consistent.Lambda)
	}
	// a > b > c > a: the eigenvalue of this circulant matrix is 1 + 9 + 1/9, its ratio (λ-3)/2/0.58
	circular, err := match.AHP([][]float64{{1, 9, 1. / 9}, {1. / 9, 1, 9}, {9, 1. / 9, 1}})
	if err != nil {
		t.Fatal(err)
	}
	if want := (10 + 1./9 - 3) / 2 / 0.58; math.Abs(circular.Consistency-want) > 1e-6 ||
		circular.Consistency <= match.MaxConsistency {
		t.Errorf("a circle of judgements has ratio %v, want %v", circular.Consistency, want)
	}
	for _, wrong := range [][][]float64{nil, {{1, 2}}, {{1, 2}, {2, 1}}, {{2}}, {{1, math.NaN()}, {1, 1}},
		{{1, 0}, {0, 1}}} {
		if _, err := match.AHP(wrong); !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%v was taken: %v", wrong, err)
		}
	}
}

func TestNonsenseIsRefusedByField(t *testing.T) {
	t.Parallel()
	many := make([]match.Criterion, match.MaxCriteria+1)
	for i := range many {
		many[i] = match.Criterion{Measure: fmt.Sprint(i), Want: match.Cost, Weight: 1}
	}
	for _, test := range []struct {
		field string
		all   []match.Criterion
	}{
		{"criteria", nil},
		{"criteria", many},
		{"criteria[0].measure", []match.Criterion{{Want: match.Cost, Weight: 1}}},
		{"criteria[1].measure", []match.Criterion{{Measure: "a", Min: p(1)}, {Measure: "a", Max: p(1)}}},
		{"criteria[0].min", []match.Criterion{{Measure: "a", Min: p(2), Max: p(1)}}},
		{"criteria[0].max", []match.Criterion{{Measure: "a", Max: p(math.NaN())}}},
		{"criteria[0].weight", []match.Criterion{{Measure: "a", Want: match.Cost, Weight: -1}}},
		{"criteria[0].weight", []match.Criterion{{Measure: "a", Want: match.Cost, Weight: math.Inf(1)}}},
		{"criteria[0].want", []match.Criterion{{Measure: "a", Want: "most", Weight: 1}}},
		{"criteria[0].want", []match.Criterion{{Measure: "a", Min: p(1), Weight: 1}}},
		{"criteria[0]", []match.Criterion{{Measure: "a"}}},
		{"criteria[0].target", []match.Criterion{{Measure: "a", Want: match.Target, Weight: 1}}},
		{"criteria[0].low", []match.Criterion{{Measure: "a", Want: match.Range, Low: p(1), Weight: 1}}},
		{"criteria[0].low", []match.Criterion{{Measure: "a", Want: match.Range, Low: p(2), High: p(1), Weight: 1}}},
		{"criteria.weight", []match.Criterion{{Measure: "a", Want: match.Cost}}},
	} {
		var invalid *geo.Invalid
		if err := match.Check(test.all); !errors.As(err, &invalid) || invalid.Field != test.field {
			t.Errorf("%+v: %v, want one that names %s", test.all, err, test.field)
		}
	}
}

func TestLimitsLeaveOutAndSayWhy(t *testing.T) {
	t.Parallel()
	table := match.Table{
		Criteria: []match.Criterion{
			{Measure: "area", Min: p(20), Max: p(40), Want: match.Target, Target: p(30), Weight: 1},
			{Measure: "power", Min: p(100)},
		},
		Columns: [][]float64{{30, 10, 50, 35, 10, math.NaN()}, {200, 150, 150, 50, 20, 500}},
	}
	a, err := match.Rank(table, match.How{})
	if err != nil {
		t.Fatal(err)
	}
	if a.Ranked != 2 || a.Fits != 1 || a.Sites[0].Row != 0 || a.Sites[1].Row != 5 {
		t.Fatalf("ranked %d, the best is %+v", a.Ranked, a.Sites)
	}
	want := []match.Cause{
		{Criterion: 0, Limit: "min", Count: 2, Alone: 1}, {Criterion: 0, Limit: "max", Count: 1, Alone: 1},
		{Criterion: 1, Limit: "min", Count: 2, Alone: 1},
	}
	if !slices.Equal(a.Causes, want) {
		t.Errorf("causes %+v, want %+v", a.Causes, want)
	}
	lacks := table.Lacks(4)
	if len(lacks) != 2 || lacks[0].By != 10 || lacks[1].By != 80 {
		t.Errorf("row 4 lacks %+v", lacks)
	}
	misses := a.Misses(10)
	if len(misses) != 0 { // none is as near to 30 mu as the one that is ranked
		t.Errorf("misses %+v", misses)
	}
}

func TestAPlaceThatOneLimitLeavesOutIsNamedWithTheChangeThatLetsItWin(t *testing.T) {
	t.Parallel()
	table := match.Table{
		Criteria: []match.Criterion{{Measure: "price", Want: match.Cost, Weight: 1}, {Measure: "power", Min: p(100)}},
		Columns:  [][]float64{{300, 200, 100, 400}, {200, 95, 40, 300}},
	}
	a, err := match.Rank(table, match.How{})
	if err != nil {
		t.Fatal(err)
	}
	misses := a.Misses(10)
	if len(misses) != 2 || misses[0].Row != 1 || misses[0].Move.From != 100 || misses[0].Move.To != 95 ||
		misses[1].Row != 2 {
		t.Fatalf("misses %+v", misses)
	}
}

// naive ranks by the definition, a row at a time.
func naive(t match.Table) []int {
	total := 0.0
	for _, c := range t.Criteria {
		total += c.Weight
	}
	var kept []int
	for row := range t.Columns[0] {
		if len(t.Lacks(row)) == 0 {
			kept = append(kept, row)
		}
	}
	score := make(map[int]float64)
	for i, c := range t.Criteria {
		if c.Weight == 0 {
			continue
		}
		lo, hi := math.Inf(1), math.Inf(-1)
		for _, row := range kept {
			lo, hi = math.Min(lo, t.Columns[i][row]), math.Max(hi, t.Columns[i][row])
		}
		for _, row := range kept {
			s := 1.0
			if hi > lo {
				s = (t.Columns[i][row] - lo) / (hi - lo)
				if c.Want == match.Cost {
					s = 1 - s
				}
			}
			score[row] += s * c.Weight / total
		}
	}
	slices.SortStableFunc(kept, func(x, y int) int {
		switch {
		case math.Abs(score[x]-score[y]) < 1e-12:
			return 0
		case score[x] > score[y]:
			return -1
		}
		return 1
	})
	return kept
}

func randomTable(r *rand.Rand, rows, columns int) match.Table {
	t := match.Table{}
	for i := range columns {
		c := match.Criterion{Measure: fmt.Sprint(i), Want: []match.Want{match.Benefit, match.Cost}[r.IntN(2)],
			Weight: 1 + r.Float64()}
		if r.IntN(3) == 0 {
			c.Min = p(.2)
		}
		column := make([]float64, rows)
		for row := range column {
			column[row] = r.Float64()
		}
		t.Criteria, t.Columns = append(t.Criteria, c), append(t.Columns, column)
	}
	return t
}

func TestRankingIsTheDefinitions(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		table := randomTable(r, 1+r.IntN(200), 1+r.IntN(6))
		a, err := match.Rank(table, match.How{Top: match.MaxTop})
		if err != nil {
			rt.Fatal(err)
		}
		want := naive(table)
		if len(want) != a.Ranked {
			rt.Fatalf("ranked %d, want %d", a.Ranked, len(want))
		}
		for i, s := range a.Sites {
			if s.Row != want[i] {
				rt.Fatalf("place %d is row %d, want %d", i, s.Row, want[i])
			}
			sum := 0.0
			for _, part := range s.Parts {
				sum += part.Weight * part.Score
			}
			if math.Abs(sum-s.Score) > 1e-12 {
				rt.Fatalf("the parts of row %d add up to %v, not to its score %v", s.Row, sum, s.Score)
			}
		}
	})
}

func TestNothingBeatsAPlaceOnTheFront(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 2))
		table := randomTable(r, 1+r.IntN(120), 1+r.IntN(4))
		for _, column := range table.Columns { // values are equal, or differ by more than a tie
			for row, v := range column {
				column[row] = math.Round(v*1e4) / 1e4
			}
		}
		a, err := match.Rank(table, match.How{Method: match.Pareto, Top: match.MaxTop})
		if err != nil {
			rt.Fatal(err)
		}
		on := map[int]bool{}
		for _, s := range a.Sites {
			on[s.Row] = true
		}
		for x := range table.Rows() {
			beaten := false
			for y := range table.Rows() {
				beaten = beaten || (len(table.Lacks(y)) == 0 && beats(table, y, x))
			}
			if kept := len(table.Lacks(x)) == 0; kept && beaten == on[x] {
				rt.Fatalf("row %d: beaten %v, on the front %v", x, beaten, on[x])
			}
		}
	})
}

func beats(t match.Table, y, x int) bool {
	better := false
	for i, c := range t.Criteria {
		a, b := t.Columns[i][y], t.Columns[i][x]
		if c.Want == match.Cost {
			a, b = -a, -b
		}
		if a < b {
			return false
		}
		better = better || a > b
	}
	return better
}

func TestRobustnessIsTheShareOfWeightsThatAPlaceWins(t *testing.T) {
	t.Parallel()
	// Row 0 is best in one criterion, row 1 in the other: each wins half of the weights. Row 2 wins none.
	table := match.Table{
		Criteria: []match.Criterion{{Measure: "a", Want: match.Benefit, Weight: 3},
			{Measure: "b", Want: match.Benefit, Weight: 1}},
		Columns: [][]float64{{1, 0, .2}, {0, 1, .2}},
	}
	for _, how := range []match.How{{}, {Method: match.TOPSIS}, {Method: match.TOPSIS, Normalise: match.Vector}} {
		a, err := match.Rank(table, how)
		if err != nil {
			t.Fatal(err)
		}
		r := a.Robust(20_000, 7)
		if len(r.Shares) != 2 || math.Abs(r.Shares[0].Share-.5) > .02 {
			t.Errorf("%+v: shares %+v", how, r.Shares)
		}
		if again := a.Robust(20_000, 7); !slices.Equal(again.Shares, r.Shares) {
			t.Errorf("the same seed gave %+v, then %+v", r.Shares, again.Shares)
		}
	}
}

func TestAMoveMakesTheLoserWinAndALesserOneDoesNot(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 3))
		table := randomTable(r, 3+r.IntN(40), 2+r.IntN(4))
		how := match.How{Method: []match.Method{match.WeightedSum, match.TOPSIS}[r.IntN(2)], Top: match.MaxTop}
		a, err := match.Rank(table, how)
		if err != nil {
			rt.Fatal(err)
		}
		if len(a.Sites) < 2 {
			return
		}
		rank := 1 + r.IntN(len(a.Sites)-1)
		for _, m := range a.Moves(rank) {
			if m.Kind == match.MoveValue {
				checkValue(rt, a, table, rank, m)
				continue
			}
			if got := winnerWith(rt, table, how, m, m.To); !slices.Contains(got, a.Sites[rank].Row) {
				rt.Fatalf("with weight %v of criterion %d rows %v win, not %d", m.To, m.Criterion, got,
					a.Sites[rank].Row)
			}
			short := m.To + (m.From-m.To)*1e-4
			if got := winnerWith(rt, table, how, m, short); m.Size > 1e-3 && len(got) == 1 &&
				got[0] == a.Sites[rank].Row {
				rt.Fatalf("weight %v of criterion %d suffices, %v was named", short, m.Criterion, m.To)
			}
		}
	})
}

// checkValue gives the loser its better value and compares weighted sums under the scale of the answer.
func checkValue(rt *rapid.T, a *match.Answer, table match.Table, rank int, m match.Move) {
	if a.How.Method != match.WeightedSum {
		return
	}
	loser, top := a.Sites[rank], a.Sites[0].Score
	for _, part := range loser.Parts {
		if part.Criterion != m.Criterion {
			continue
		}
		column := table.Columns[m.Criterion]
		lo, hi := math.Inf(1), math.Inf(-1)
		for row, v := range column {
			if len(table.Lacks(row)) == 0 {
				lo, hi = math.Min(lo, v), math.Max(hi, v)
			}
		}
		gain := math.Abs(m.To-m.From) / (hi - lo) * part.Weight
		if math.Abs(loser.Score+gain-top) > 2e-6 {
			rt.Fatalf("with %v instead of %v row %d has %v, the best %v", m.To, m.From, loser.Row, loser.Score+gain,
				top)
		}
	}
}

// winnerWith ranks anew with a weight moved and returns the places that share the top.
func winnerWith(rt *rapid.T, table match.Table, how match.How, m match.Move, weight float64) (rows []int) {
	total := 0.0
	for _, c := range table.Criteria {
		total += c.Weight
	}
	moved := match.Table{Criteria: slices.Clone(table.Criteria), Columns: table.Columns}
	for i := range moved.Criteria {
		if i == m.Criterion {
			moved.Criteria[i].Weight = weight
		} else {
			moved.Criteria[i].Weight *= (1 - weight) / (1 - m.From) / total
		}
	}
	a, err := match.Rank(moved, how)
	if err != nil {
		rt.Fatal(err)
	}
	for _, s := range a.Sites {
		if s.Score >= a.Sites[0].Score-2e-6 {
			rows = append(rows, s.Row)
		}
	}
	return rows
}

func TestAnEmptyTableHasAnEmptyAnswer(t *testing.T) {
	t.Parallel()
	for _, columns := range [][][]float64{nil, {{}}, {{0}}} {
		table := match.Table{Criteria: []match.Criterion{{Measure: "a", Want: match.Benefit, Weight: 1, Min: p(1)}},
			Columns: columns}
		if columns == nil {
			table.Criteria = nil
		}
		for _, how := range []match.How{{}, {Method: match.TOPSIS}, {Method: match.Pareto}} {
			a, err := match.Rank(table, how)
			if err != nil || len(a.Sites) != 0 {
				t.Errorf("%v: %v, %v", columns, a, err)
				continue
			}
			a.Robust(10, 1)
			a.Misses(3)
			a.Moves(1)
		}
	}
}

func BenchmarkRank(b *testing.B) {
	for _, rows := range []int{1_000, 10_000, 100_000, 1_000_000} {
		table := randomTable(rand.New(rand.NewPCG(1, 2)), rows, 12)
		for _, how := range []match.How{{Method: match.WeightedSum}, {Method: match.TOPSIS, Normalise: match.Vector}} {
			b.Run(fmt.Sprintf("%s/%d", how.Method, rows), func(b *testing.B) {
				for b.Loop() {
					if _, err := match.Rank(table, how); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
