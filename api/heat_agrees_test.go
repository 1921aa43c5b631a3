package api_test

import (
	"math"
	"net/http"
	"testing"
)

// TestHeatAgreesWithTheRanking asks the same of both, with lots and neighbours that no whole parcel serves among them:
// as many candidates are ranked, the first has the best cell, and each cell's best is a site with its score.
func TestHeatAgreesWithTheRanking(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for name, question := range map[string]string{
		"parcels": `{` + aMakerOfParts + `, "top": 500}`,
		"lots alone": `{"park":"carbon-fibre","top":500,"lots":{"frontage_m":100},"requirement":{"partners":[{"node":"prepreg","weight":3}],
			"criteria":[{"measure":"area_mu","min":59.9,"max":60.1,"want":"target","target":60,"weight":1}]}}`,
		"all three": `{"park":"carbon-fibre","top":500,"lots":{"frontage_m":60},"assemblies":{"most":5,"reserve":true},
			"requirement":{"chain_node":"parts","criteria":[{"measure":"area_mu","min":30,"max":60,"want":"target","target":40,
			"weight":1},{"measure":"far_max","want":"benefit","weight":1}]}}`,
		"no wish": `{"park":"carbon-fibre","top":500,"requirement":{"criteria":[{"measure":"area_mu","min":20}]}}`,
		"what nobody can judge": `{"park":"carbon-fibre","top":500,"requirement":{"criteria":[
			{"measure":"price_cny_per_m2","want":"cost","weight":1}]}}`,
		"nothing fits": `{"park":"carbon-fibre","top":500,"requirement":{"criteria":[{"measure":"area_mu","min":90000}]}}`,
	} {
		answer, heat := h.ask("/api/match", http.StatusOK, question), h.ask("/api/heat", http.StatusOK, question)
		if got := at(heat, "parks", 0).(object); got["ranked"] != answer["ranked"] || got["to_ask"] != answer["to_ask"] ||
			got["places"] != answer["places"] {
			t.Errorf("%s: the surface has %v, the ranking %v, %v and %v", name, got, answer["places"], answer["ranked"],
				answer["to_ask"])
		}
		if (answer["ranked"] == 0.) != (heat["least"] == nil) {
			t.Errorf("%s: %v ranked, and the surface begins at %v", name, answer["ranked"], heat["least"])
		}
		sites, best := map[string]object{}, map[string]bool{}
		for _, s := range answer["sites"].([]any) {
			sites[s.(object)["key"].(string)] = s.(object)
		}
		for _, f := range heat["features"].([]any) {
			cell := at(f, "properties").(object)
			key := cell["best_key"].(string)
			best[key] = true
			site, there := sites[key]
			if !there || site["kind"] != cell["kind"] {
				t.Fatalf("%s: the best of a cell, %v, is no site", name, key)
			}
			if score, ok := site["score"].(float64); ok && math.Abs(score-cell["top"].(float64)) > 1e-4 {
				t.Errorf("%s: %v has %v on the surface, %v in the ranking", name, key, cell["top"], score)
			}
		}
		if len(sites) > 0 && !best[at(answer, "sites", 0, "key").(string)] {
			t.Errorf("%s: the first, %v, is the best of no cell", name, at(answer, "sites", 0, "code"))
		}
		t.Logf("%s: %v ranked, %d cells", name, answer["ranked"], len(heat["features"].([]any)))
	}
}

// TestHeatAgreesWithARankingThatIsWeighedOtherwise moves the weights of a question's wishes: the surface is that of the
// question asked with these weights.
func TestHeatAgreesWithARankingThatIsWeighedOtherwise(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	need := func(area, road string) string {
		return `"requirement":{"criteria":[{"measure":"area_mu","min":10,"want":"target","target":25,"weight":` + area +
			`},{"measure":"road_m","want":"cost","weight":` + road + `}]}`
	}
	moved := h.ask("/api/heat", http.StatusOK, `{"park":"carbon-fibre",`+need("1", "1")+`,"weights":{"area_mu":0,"road_m":3}}`)
	asked := h.ask("/api/heat", http.StatusOK, `{"park":"carbon-fibre",`+need("0", "3")+`}`)
	as := h.ask("/api/heat", http.StatusOK, `{"park":"carbon-fibre",`+need("1", "1")+`}`)
	if mustJSON(moved["features"]) != mustJSON(asked["features"]) {
		t.Error("weights that were moved give another surface than a question with them")
	}
	if mustJSON(moved["features"]) == mustJSON(as["features"]) {
		t.Error("the weights count for nothing")
	}
	for field, weights := range map[string]string{"weights": `{"luck":1}`, "weights.road_m": `{"road_m":-1}`} {
		p := h.ask("/api/heat", http.StatusUnprocessableEntity,
			`{"park":"carbon-fibre",`+need("1", "1")+`,"weights":`+weights+`}`)
		if p["field"] != field {
			t.Errorf("weights %s: the field is %v, want %s", weights, p["field"], field)
		}
	}
}
