package main

import (
	"encoding/json"
	"testing"

	"luodi/data/people"
	"luodi/data/sample"
)

func TestASurfaceIsAskedForFromTheCommandLine(t *testing.T) {
	t.Parallel()
	o := serving(t)
	if err := sample.Load(t.Context(), o.Planner); err != nil {
		t.Fatal(err)
	}
	c := o.clerk("planner", people.Planner)
	out, _ := c.does(0, "heat", "--district", "lingang", "--chain-node", "precursor", "--top", "3")
	says(t, out, `^[01]\.\d{3} +[01]\.\d{3} +carbon-fibre +TX-\w+ +[01]\.\d{3}$`)
	says(t, out, `^whole score: \d\.\d{3} to \d\.\d{3}; \d+ of \d+ cells have ground \(at most 50000\)$`)
	says(t, out,
		`^park sino-european: 0 of 0 free places ranked \(0 of them to be asked of the park\), clock \d+ \(planner\)$`)
	out, _ = c.does(0, "heat", "--park", "carbon-fibre", "--area-mu", "10-", "--chain-node", "parts", "--by",
		"partner_prepreg_m", "-o", "json")
	var answer struct {
		Type, By string
		Features []any
	}
	if err := json.Unmarshal([]byte(out), &answer); err != nil || answer.Type != "FeatureCollection" ||
		answer.By != "partner_prepreg_m" || len(answer.Features) == 0 {
		t.Errorf("%v, %+v", err, answer)
	}
	_, told := c.does(1, "heat", "--park", "carbon-fibre", "--chain-node", "unobtainium")
	says(t, told, `chain_node: expected a node of the chain; got "unobtainium"`)
	out, _ = c.does(0, "match", "--park", "carbon-fibre", "--chain-node", "parts", "--top", "2")
	says(t, out, `^1 +parcel +TX-`)
}
