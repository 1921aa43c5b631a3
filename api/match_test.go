package api_test

import (
	"encoding/json"
	"math"
	"net/http"
	"strings"
	"testing"
)

// ask posts a question and reads the answer.
func (h *house) ask(path string, status int, body string) object {
	h.t.Helper()
	r := h.send(http.MethodPost, path, strings.NewReader(body))
	if r.StatusCode != status {
		h.t.Fatalf("%s: status %d, want %d\n%s\n%s", path, r.StatusCode, status, body, r.body)
	}
	var out object
	if err := json.Unmarshal(r.body, &out); err != nil {
		h.t.Fatalf("%s: %v\n%s", path, err, r.body)
	}
	return out
}

// aMakerOfParts is the automotive project of the report: composite parts, which wants prepreg near.
const aMakerOfParts = `"park": "carbon-fibre", "requirement": {"land_use": ["1001"], "hazard": "C", "chain_node": "parts", "chain_share": 3,
	"criteria": [{"measure": "area_mu", "min": 10, "want": "target", "target": 25, "weight": 1}, {"measure": "road_m", "want": "cost", "weight": 0.2}]}`

func TestAnInvestorIsShownTheGroundBesideThePrepregMaker(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	a := h.ask("/api/match", http.StatusOK, `{`+aMakerOfParts+`, "moves": 3, "draws": 500, "seed": 7}`)
	if a["scope"] != "public" || a["method"] != "weighted_sum" || a["normalise"] != "min_max" {
		t.Errorf("scope %v, method %v, normalise %v", a["scope"], a["method"], a["normalise"])
	}
	best := at(a, "sites", 0).(object)
	said := ""
	for _, part := range best["parts"].([]any) {
		if p := part.(object); p["measure"] == "partner_prepreg_m" {
			said = at(p, "text", "zh").(string) + " | " + at(p, "text", "en").(string)
		}
	}
	if !strings.Contains(said, "预浸料") || !strings.Contains(said, "一墙之隔") ||
		!strings.Contains(said, "next door to Prepreg plant") {
		t.Errorf("the best, %v, says of prepreg %q", best["code"], said)
	}
	ranked, places := int(a["ranked"].(float64)), int(a["places"].(float64))
	excluded := a["excluded"].(object)
	if n := int(excluded["count"].(float64)); n != places-ranked || n == 0 || len(excluded["places"].([]any)) != n {
		t.Errorf("%d of %d ranked, %v excluded, %d listed", ranked, places, excluded["count"],
			len(excluded["places"].([]any)))
	}
	for _, e := range excluded["places"].([]any) {
		for _, lack := range e.(object)["lacks"].([]any) {
			if l := lack.(object); l["limit"] == "" || at(l, "text", "zh") == "" ||
				(l["measure"] == "area_mu" && l["by"] == nil) {
				t.Errorf("%v lacks %v", e.(object)["code"], l)
			}
		}
	}
	shares := 0.0
	for _, s := range at(a, "robustness", "shares").([]any) {
		shares += s.(object)["share"].(float64)
	}
	if math.Abs(shares-1) > 1e-9 {
		t.Errorf("the shares add up to %v", shares)
	}
	again := h.ask("/api/match", http.StatusOK, `{`+aMakerOfParts+`, "moves": 3, "draws": 500, "seed": 7}`)
	if x, y := mustJSON(a["robustness"]), mustJSON(again["robustness"]); x != y {
		t.Errorf("the same seed gave %s, then %s", x, y)
	}
	if moves := at(a, "sites", 1, "moves"); moves == nil || len(moves.([]any)) == 0 {
		t.Errorf("the second has no move: %v", at(a, "sites", 1))
	}
}

func mustJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func TestANonsensicalRequirementIsRefusedByField(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	question := func(criteria string) string {
		return `{"park":"carbon-fibre","requirement":{"criteria":[` + criteria + `]}}`
	}
	for _, test := range []struct{ name, field, body string }{
		{"nothing asked", "criteria", `{"park":"carbon-fibre","requirement":{}}`},
		{"a negative area", "criteria[0].min", question(`{"measure":"area_mu","min":-5,"max":-7}`)},
		{"min over max", "criteria[0].min", question(`{"measure":"area_mu","min":7,"max":5}`)},
		{"no weight at all", "criteria.weight", question(`{"measure":"area_mu","want":"benefit","weight":0}`)},
		{"an unknown measure", "criteria[0].measure", question(`{"measure":"luck","want":"benefit","weight":1}`)},
		{"NaN", "body", question(`{"measure":"area_mu","min":NaN}`)},
		{"beyond any number", "body", question(`{"measure":"area_mu","min":1e999}`)},
		{"a megabyte", "body", question(strings.Repeat(`{"measure":"area_mu","min":1},`, 40_000) +
			`{"measure":"area_mu","min":1}`)},
		{"too many", "body.requirement.criteria", question(strings.Repeat(`{"measure":"area_mu","min":1},`, 100) +
			`{"measure":"area_mu","min":1}`)},
		{"an unknown service", "services", `{"park":"carbon-fibre","requirement":{"services":{"coffee":1}}}`},
		{"an unknown method", "body.method",
			`{"park":"carbon-fibre","method":"magic","requirement":{"land_use":["1001"]}}`},
		{"vector without topsis", "normalise",
			`{"park":"carbon-fibre","normalise":"vector","requirement":{"land_use":["1001"]}}`},
		{"judgements that don't invert", "pairwise[1][0]",
			`{"park":"carbon-fibre","pairwise":[[1,3],[3,1]],"requirement":{"criteria":[{"measure":"area_mu","want":"benefit","weight":1},{"measure":"road_m","want":"cost","weight":1}]}}`},
		{"an unknown field", "body.colour",
			`{"park":"carbon-fibre","colour":"red","requirement":{"land_use":["1001"]}}`},
	} {
		p := h.ask("/api/match", http.StatusUnprocessableEntity, test.body)
		if got, _ := p["field"].(string); got != test.field && "body."+got != test.field {
			t.Errorf("%s: the field is %v, want %s: %v", test.name, p["field"], test.field, p)
		}
	}
	h.ask("/api/match", http.StatusNotFound, `{"park":"atlantis","requirement":{"land_use":["1001"]}}`)
}
