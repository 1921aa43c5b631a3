package chain_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"luodi/geo"
	"luodi/geo/chain"
)

const small = `{"code":"small","name_zh":"小链","name_en":"Small","edition":"1","source":"a test","nodes":[
 {"code":"fibre","name_zh":"碳丝","name_en":"fibre","stage":1},{"code":"resin","name_zh":"树脂","name_en":"resin","stage":-1},
 {"code":"prepreg","name_zh":"预浸料","name_en":"prepreg","stage":2},{"code":"parts","name_zh":"制品","name_en":"parts","stage":3},
 {"code":"wind","name_zh":"风电","name_en":"wind","stage":4}],
 "links":[{"from":"fibre","to":"prepreg","weight":0.9},{"from":"resin","to":"prepreg","weight":0.4},{"from":"prepreg","to":"parts","weight":0.8},{"from":"parts","to":"wind","weight":0.3}]}`

func parse(t testing.TB, text string) *chain.Chain {
	t.Helper()
	c, err := chain.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAGapIsWorthWhatHangsOnIt(t *testing.T) {
	t.Parallel()
	c := parse(t, small)
	gaps := c.Gaps(map[string]chain.Filled{"fibre": {Tenants: 1}, "resin": {Tenants: 2}, "parts": {Pipeline: 1}})
	// prepreg: feeds 0.9 + 0.4 from firms that are there, depends 0.8 × ½ from a project: 1.7.
	// wind: feeds 0.3 × ½ = 0.15. parts is half missing; with it wind lacks nothing: ½ × 0.3 × ½ = 0.075.
	want := []struct {
		node  string
		score float64
	}{{"prepreg", 1.7}, {"wind", 0.15}, {"parts", 0.075}}
	if len(gaps) != 3 {
		t.Fatalf("gaps %+v", gaps)
	}
	for i, w := range want {
		if gaps[i].Node != w.node || fmt.Sprintf("%.9f", gaps[i].Score) != fmt.Sprintf("%.9f", w.score) {
			t.Errorf("gap %d is %s with %v, want %s with %v: %+v", i, gaps[i].Node, gaps[i].Score, w.node, w.score,
				gaps[i].Reasons)
		}
		sum := 0.0
		for _, r := range gaps[i].Reasons {
			sum += r.Adds
		}
		if fmt.Sprintf("%.9f", sum*gaps[i].Missing) != fmt.Sprintf("%.9f", gaps[i].Score) {
			t.Errorf("the reasons of %s add up to %v, its score is %v", gaps[i].Node, sum*gaps[i].Missing,
				gaps[i].Score)
		}
	}
}

func TestAMissingPieceThatIsTheLastOneUnlocks(t *testing.T) {
	t.Parallel()
	c := parse(t, small)
	gaps := c.Gaps(map[string]chain.Filled{"fibre": {Tenants: 1}})
	for _, g := range gaps {
		if g.Node == "resin" && (len(g.Reasons) != 1 || g.Reasons[0].Why != chain.Unlocks || g.Score != 0.2) {
			t.Errorf("resin is all that prepreg lacks: %+v", g)
		}
	}
	for _, g := range c.Gaps(nil) {
		if g.Node == "resin" && g.Score != 0 {
			t.Errorf("without fibre resin unlocks nothing: %+v", g)
		}
	}
}

func TestPartnersAreOnBothSides(t *testing.T) {
	t.Parallel()
	got := fmt.Sprint(parse(t, small).Partners("prepreg"))
	if want := "[{fibre supplier 0.9} {parts customer 0.8} {resin supplier 0.4}]"; got != want {
		t.Errorf("partners %s, want %s", got, want)
	}
}

func TestAChainThatIsNoneIsRefusedByField(t *testing.T) {
	t.Parallel()
	for field, change := range map[string][2]string{
		"links[0].from":   {`"from":"fibre"`, `"from":"iron"`},
		"links[1].weight": {`"weight":0.4`, `"weight":1.4`},
		"links[2]":        {`"from":"prepreg","to":"parts"`, `"from":"parts","to":"parts"`},
		"nodes[1].code":   {`"code":"resin"`, `"code":"fibre"`},
		"chain":           {`"edition":"1"`, `"edition":""`},
		"industry": {`"source":"a test"`,
			`"source":"a test","industry":{"name_zh":"新材料","name_en":"New materials"}`},
	} {
		var invalid *geo.Invalid
		_, err := chain.Parse(strings.NewReader(strings.Replace(small, change[0], change[1], 1)))
		if !errors.As(err, &invalid) || !strings.HasPrefix(field, invalid.Field) {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestAChainMayStateThatItIsNotDescribed(t *testing.T) {
	t.Parallel()
	const head = `{"code":"c","name_zh":"链","name_en":"Chain","edition":"1","source":"a test"`
	if c := parse(t, head+`,"nodes":[],"links":[]}`); len(c.Nodes) != 0 || len(c.Gaps(nil)) != 0 {
		t.Errorf("%+v", c)
	}
	for _, body := range []string{head + `}`, head + `,"nodes":null}`} {
		var invalid *geo.Invalid
		if _, err := chain.Parse(strings.NewReader(body)); !errors.As(err, &invalid) || invalid.Field != "nodes" {
			t.Errorf("%s: %v", body, err)
		}
	}
}
