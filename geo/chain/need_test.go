package chain_test

import (
	"fmt"
	"testing"

	"luodi/geo/chain"
)

// TestAPieceNeedsAllThatItIsMadeFrom walks to the suppliers' suppliers; a circle ends.
func TestAPieceNeedsAllThatItIsMadeFrom(t *testing.T) {
	t.Parallel()
	c := parse(t, small)
	if got, want := fmt.Sprint(c.Needs("wind")), "[{parts wind 0.3 1} {prepreg parts 0.8 2} {fibre prepreg 0.9 3} "+
		"{resin prepreg 0.4 3}]"; got != want {
		t.Errorf("wind needs %s, want %s", got, want)
	}
	if got := c.Needs("fibre"); len(got) != 0 {
		t.Errorf("what has no supplier needs %v", got)
	}
	if got := c.Needs("nothing"); len(got) != 0 {
		t.Errorf("a piece that is none needs %v", got)
	}
	circle := parse(t, `{"code":"c","name_zh":"环","name_en":"Circle","edition":"1","source":"s","nodes":[
		{"code":"a","name_zh":"甲","name_en":"a","stage":0},{"code":"b","name_zh":"乙","name_en":"b","stage":1}],
		"links":[{"from":"a","to":"b","weight":1},{"from":"b","to":"a","weight":1}]}`)
	if got := fmt.Sprint(circle.Needs("a")); got != "[{b a 1 1}]" {
		t.Errorf("in a circle a needs %s", got)
	}
}

// TestASigningNarrowsAGap: a signed project counts more than one in talks, and less than a firm that is there.
func TestASigningNarrowsAGap(t *testing.T) {
	t.Parallel()
	c := parse(t, small)
	var scores []float64
	for _, precursor := range []chain.Filled{{}, {Pipeline: 1}, {Pipeline: 1, Signed: 1}, {Tenants: 1}} {
		score := 0.0
		for _, g := range c.Gaps(map[string]chain.Filled{"fibre": {Tenants: 1}, "parts": {Tenants: 1},
			"prepreg": precursor}) {
			if g.Node == "prepreg" {
				score = g.Score
			}
		}
		scores = append(scores, score)
	}
	if got := fmt.Sprintf("%.4f", scores); got != "[1.7000 0.8500 0.4250 0.0000]" {
		t.Errorf("%s", got)
	}
}
