package match_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"luodi/geo/match"
)

var hows = []match.How{{Top: 100}, {Method: match.Pareto, Top: 100}, {Method: match.TOPSIS, Top: 100},
	{Method: match.TOPSIS, Normalise: match.Vector, Top: 100}}

// TestAWishThatJudgesNobodyLeavesTheScale adds wishes whose value nobody knows, or of whose kind there is nothing: the
// ranking and the scores are those without them.
func TestAWishThatJudgesNobodyLeavesTheScale(t *testing.T) {
	t.Parallel()
	inf := math.Inf(1)
	own := []match.Criterion{{Measure: "area", Want: match.Target, Target: p(50), Weight: 2},
		{Measure: "price", Want: match.Cost, Weight: 1}}
	columns := [][]float64{{40, 55, 90}, {300, 100, 200}}
	for _, how := range hows {
		plain, err := match.Rank(match.Table{Criteria: own, Columns: columns}, how)
		if err != nil {
			t.Fatal(err)
		}
		empty := match.Table{Criteria: slices.Clone(own), Columns: slices.Clone(columns)}
		for i, name := range []string{"u", "v", "w"} {
			empty.Criteria = append(empty.Criteria, match.Criterion{Measure: name, Want: match.Cost, Weight: 3})
			empty.Columns = append(empty.Columns, [][]float64{{nan, nan, nan}, {inf, inf, inf}, {nan, inf, nan}}[i])
		}
		a, err := match.Rank(empty, how)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(a.Unjudged, []int{2, 3, 4}) || len(a.Sites) != len(plain.Sites) {
			t.Fatalf("%+v: unjudged %v, %d sites", how, a.Unjudged, len(a.Sites))
		}
		for i, s := range a.Sites {
			w := plain.Sites[i]
			if s.Row != w.Row || math.Abs(s.Score-w.Score) > 1e-12 || s.Judged != 1 || len(s.Unjudged) != 0 ||
				s.Least > s.Score+1e-12 || s.Most < s.Score-1e-12 {
				t.Errorf("%+v: %+v in place of %+v", how, s, w)
			}
		}
	}
}

// TestAScoreIsOverWhatIsJudged has a price that nobody knows: the place is scored by its area alone, with the bounds of
// the best and the worst price.
func TestAScoreIsOverWhatIsJudged(t *testing.T) {
	t.Parallel()
	table := match.Table{
		Criteria: []match.Criterion{{Measure: "area", Want: match.Benefit, Weight: 3},
			{Measure: "price", Want: match.Cost, Weight: 1}},
		Columns: [][]float64{{10, 30, 20}, {300, 100, nan}},
	}
	a, err := match.Rank(table, match.How{})
	if err != nil {
		t.Fatal(err)
	}
	s := a.Sites[slices.IndexFunc(a.Sites, func(s match.Site) bool { return s.Row == 2 })]
	got := []float64{s.Score, s.Judged, s.Least, s.Most, s.Standing}
	for i, want := range []float64{.5, .75, .375, .625, .125} {
		if math.Abs(got[i]-want) > 1e-12 {
			t.Errorf("score, judged, least, most and standing are %v, the %dth should be %v", got, i, want)
		}
	}
	if len(s.Parts) != 1 || len(s.Unjudged) != 1 || s.Unjudged[0].Criterion != 1 || s.Unjudged[0].Weight != .25 {
		t.Errorf("%+v", s)
	}
}

// TestABandCountsAsItsWorseEnd ranks a band as the place in any case has it, and bounds the score by its better end.
func TestABandCountsAsItsWorseEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		want        match.Criterion
		least, most float64
		worse, best float64
	}{
		{match.Criterion{Want: match.Benefit}, 20, 40, .2, .4},
		{match.Criterion{Want: match.Cost}, 20, 40, .6, .8},
		{match.Criterion{Want: match.Target, Target: p(30)}, 20, 80, 2. / 7, 1},
		{match.Criterion{Want: match.Range, Low: p(0), High: p(10)}, 40, 60, 4. / 9, 6. / 9},
	} {
		c.want.Measure, c.want.Weight = "x", 1
		a, err := match.Rank(match.Table{Criteria: []match.Criterion{c.want}, Columns: [][]float64{{0, 100, nan}},
			Bands: map[int]match.Band{0: {Least: []float64{nan, nan, c.least}, Most: []float64{nan, nan, c.most}}}},
			match.How{})
		if err != nil {
			t.Fatal(err)
		}
		s := a.Sites[slices.IndexFunc(a.Sites, func(s match.Site) bool { return s.Row == 2 })]
		if math.Abs(s.Score-c.worse) > 1e-12 || math.Abs(s.Most-c.best) > 1e-12 || s.Judged != 1 {
			t.Errorf("%s: %+v, want %v to %v", c.want.Want, s, c.worse, c.best)
		}
	}
}

// TestNobodyGainsByHoldingBack hides one value of a place of random tables, or all but its band: whoever stood before
// the place or beside it, the place doesn't pass.
func TestNobodyGainsByHoldingBack(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 13))
	hidden := 0
	for range 20_000 {
		table := tableWithGaps(random)
		i, row := random.IntN(len(table.Criteria)), random.IntN(table.Rows())
		v := table.Columns[i][row]
		if v-v != 0 {
			continue
		}
		for _, how := range hows[:2] {
			before := standings(t, table, how)
			told := table
			told.Columns = slices.Clone(table.Columns)
			told.Columns[i] = slices.Clone(table.Columns[i])
			told.Columns[i][row] = nan
			if random.IntN(3) == 0 {
				band := match.Band{Least: slices.Repeat([]float64{nan}, table.Rows()),
					Most: slices.Repeat([]float64{nan}, table.Rows())}
				band.Least[row], band.Most[row] = v-random.Float64()*50, v+random.Float64()*50
				told.Bands = map[int]match.Band{i: band}
			}
			after := standings(t, told, how)
			for other := range before {
				if before[row] > before[other]+1e-9 {
					continue
				}
				if after[row] > after[other]+1e-9 {
					t.Fatalf("%s: place %d passes %d by holding back %v of %d: %v before, %v after, in %+v", how.Method,
						row, other, v, i, before, after, table)
				}
			}
			hidden++
		}
	}
	if hidden < 10_000 {
		t.Errorf("only %d values were hidden", hidden)
	}
}

// standings has the standing of each row; of a Pareto front that of who is on it, -9 for the others.
func standings(t *testing.T, table match.Table, how match.How) []float64 {
	t.Helper()
	a, err := match.Rank(table, how)
	if err != nil {
		t.Fatal(err)
	}
	if how.Method != match.Pareto {
		return a.Standings()
	}
	out := slices.Repeat([]float64{-9}, table.Rows())
	for _, s := range a.Sites {
		out[s.Row] = s.Standing
	}
	return out
}

// tableWithGaps has a few places with wishes of every kind, and values that nobody knows or that are infinite.
func tableWithGaps(random *rand.Rand) match.Table {
	wants := []match.Criterion{{Want: match.Cost}, {Want: match.Benefit}, {Want: match.Target, Target: p(40)},
		{Want: match.Range, Low: p(30), High: p(60)}}
	var table match.Table
	rows := 2 + random.IntN(6)
	for i := range 1 + random.IntN(4) {
		c := wants[random.IntN(len(wants))]
		c.Measure, c.Weight = string(rune('a'+i)), .1+random.Float64()
		column := make([]float64, rows)
		for row := range column {
			switch column[row] = math.Round(100 * random.Float64()); random.IntN(12) {
			case 0, 1:
				column[row] = nan
			case 2:
				column[row] = math.Inf(1)
			}
		}
		table.Criteria, table.Columns = append(table.Criteria, c), append(table.Columns, column)
	}
	return table
}
