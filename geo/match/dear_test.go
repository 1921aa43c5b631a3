package match

import (
	"math"
	"slices"
	"testing"
)

// TestWhatCouldNotBeMeasuredIsToBeAsked has three places: one that keeps all limits, one that misses a cheap one and
// was not measured further, and one whose dear value can't be had.
func TestWhatCouldNotBeMeasuredIsToBeAsked(t *testing.T) {
	t.Parallel()
	ten, hundred := 10.0, 100.0
	table := Table{
		Criteria: []Criterion{{Measure: "area", Min: &ten},
			{Measure: "front", Min: &hundred, Want: Benefit, Weight: 1}},
		Columns: [][]float64{{12, 8, 30}, {150, math.NaN(), math.NaN()}},
		Dear:    []bool{false, true},
	}
	if kept := table.Keeping(); !slices.Equal(kept, []int32{0, 2}) {
		t.Errorf("to be measured: %v", kept)
	}
	a, err := Rank(table, How{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Cause{{Criterion: 0, Limit: "min", Count: 1, Alone: 1}}
	if a.Ranked != 2 || a.Fits != 1 || !slices.Equal(a.Causes, want) {
		t.Errorf("%d ranked, %d fit, causes %v", a.Ranked, a.Fits, a.Causes)
	}
	if lacks := table.Lacks(1); len(lacks) != 1 || lacks[0].Criterion != 0 {
		t.Errorf("the second lacks %v", lacks)
	}
	if s := a.Sites[1]; s.Row != 2 || !slices.Equal(s.Open, []int{1}) {
		t.Errorf("the last is %+v, and its frontage is to be asked", s)
	}
	if misses := a.Misses(9); len(misses) != 0 {
		t.Errorf("misses %v, of which nobody knows the frontage", misses)
	}
}
