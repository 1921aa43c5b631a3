package api_test

import (
	"math"
	"testing"
)

func TestTheChainTellsItsGapsWithReasons(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	var c object
	h.json("/api/parks/carbon-fibre/chain", &c)
	tenants := map[string]int{}
	for _, n := range c["nodes"].([]any) {
		tenants[n.(object)["code"].(string)] = len(n.(object)["tenants"].([]any))
		if c["scope"] == "public" && n.(object)["pipeline"] != 0.0 {
			t.Errorf("the public sees the pipeline of %v", n)
		}
	}
	if tenants["fibre"] == 0 || tenants["prepreg"] != 1 || tenants["precursor"] != 0 {
		t.Errorf("tenants %v", tenants)
	}
	gaps := c["gaps"].([]any)
	if first := gaps[0].(object); first["node"] != "precursor" && first["score"].(float64) <= 0 {
		t.Errorf("the first gap is %v", first)
	}
	last := math.Inf(1)
	for _, g := range gaps {
		score, sum := g.(object)["score"].(float64), 0.0
		for _, r := range g.(object)["reasons"].([]any) {
			sum += r.(object)["adds"].(float64)
		}
		if score > last || math.Abs(sum*g.(object)["missing"].(float64)-score) > 1e-3 {
			t.Errorf("gap %v: %v, its reasons add up to %v", g.(object)["node"], score, sum)
		}
		last = score
	}
}
