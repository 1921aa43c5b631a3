package api_test

import (
	"net/http"
	"testing"
)

// TestWishesThatCannotBeJudgedLeaveTheScale asks for nearness to a piece of the chain that nobody fills and for a
// service whose room nobody publishes: the answer names both apart, and the best place is scored over what is left.
func TestWishesThatCannotBeJudgedLeaveTheScale(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	asked := func(more string) object {
		return h.ask("/api/match", http.StatusOK, `{"park":"carbon-fibre","top":500,"requirement":{`+more+
			`"criteria":[{"measure":"area_mu","want":"target","target":60,"weight":1}]}}`)
	}
	plain, a := asked(""), asked(`"partners":[{"node":"resin","weight":9},{"node":"equipment","weight":9}],`)
	if n := len(at(a, "unjudged").([]any)); n != 2 || at(a, "unjudged", 0, "reason") != "none" ||
		at(a, "unjudged", 0, "text", "zh") == "" || at(a, "unjudged", 0, "weight") != 9. {
		t.Errorf("unjudged: %v", a["unjudged"])
	}
	for i, s := range a["sites"].([]any) {
		own, was := s.(object), at(plain, "sites", i).(object)
		if own["code"] != was["code"] || own["score"] != was["score"] || own["judged"] != 1. ||
			own["standing"] != own["score"] || len(own["unjudged"].([]any)) != 0 {
			t.Errorf("site %d is %v of %v, judged by %v; without the empty wishes %v of %v", i, own["code"],
				own["score"], own["judged"], was["code"], was["score"])
		}
	}
	if best := at(a, "sites", 0, "score").(float64); best < .9 {
		t.Errorf("the best is scored %v", best)
	}
}

// TestAScoreSaysWhatItRestsOn wishes a floor area ratio, which no plan says of a third of the places: their score is
// over the rest, with bounds, and they stand behind it.
func TestAScoreSaysWhatItRestsOn(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	const question = `{"park":"carbon-fibre","top":500,"requirement":{"criteria":[
		{"measure":"far_max","want":"benefit","weight":1},{"measure":"area_mu","want":"benefit","weight":3}]}}`
	answer := h.ask("/api/match", http.StatusOK, question)
	unsaid := 0
	for _, s := range answer["sites"].([]any) {
		own := s.(object)
		parts, missing := own["parts"].([]any), own["unjudged"].([]any)
		if len(parts)+len(missing) != 2 {
			t.Errorf("%v: %v and %v", own["code"], parts, missing)
		}
		if len(missing) == 0 {
			continue
		}
		unsaid++
		score, least, most := own["score"].(float64), own["least"].(float64), own["most"].(float64)
		if at(missing[0], "measure") != "far_max" || at(missing[0], "reason") != "unknown" ||
			at(missing[0], "weight") != .25 || own["judged"] != .75 || !(least <= score && score <= most) ||
			most-least < .2499 || own["standing"].(float64) > least-.2499 {
			t.Errorf("%v", own)
		}
	}
	if unsaid == 0 || unsaid == len(answer["sites"].([]any)) {
		t.Errorf("of %d places the plan says the floor area ratio of all or none", len(answer["sites"].([]any)))
	}
}
