package api_test

import (
	"net/http"
	"strings"
	"testing"

	"luodi/data/people"
	"luodi/data/store/storetest"
)

func TestOneRuleAtTheDoorOfTheAPI(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.Square{Code: "C", X: 0.41, Y: 0.01, Side: 0.001},
		storetest.Square{Code: "D", X: 0.51, Y: 0.01, Side: 0.001},
		storetest.Square{Code: "E", X: 0.71, Y: 0.01, Side: 0.001})
	p := o.colleague("planner", true, people.ScopeWrite, people.Planner)
	parcel := func(code string, y float64) object {
		return object{"kind": "create", "reason": "r",
			"object": object{"collection": "parcels", "geometry": square(0, y, 10), "facts": object{"code": code}}}
	}
	p.want(http.StatusCreated, "POST", records, parcel("TRI", 20))
	for i, code := range []string{"TRI ", "TRI\n", "\u3000TRI"} {
		if same := p.want(http.StatusConflict, "POST", records,
			parcel(code, float64(32+12*i))); same.body["rule"] != "parcel_version_live_code" {
			t.Errorf("%q: %s", code, same.text)
		}
	}
	held := p.want(http.StatusCreated, "POST", records, o.hold(o.parcels[2]))
	right := func() object { return o.right(at(held.body, "allotment", "id")) }
	p.want(http.StatusCreated, "POST", records, object{"kind": "reserve", "reason": "r", "allotment": right()})
	o.colleague("second", false, people.ScopeWrite, people.Approver)
	supply := func(years float64) object {
		return object{"kind": "supply", "reason": "r", "allotment": right(),
			"terms": object{"supply_mode": "listing", "term_years": years}}
	}
	edit := func(facts object) object {
		return object{"kind": "edit", "reason": "r", "parcels": o.refs(o.parcels[0]), "object": object{"facts": facts}}
	}
	plan := func(far, green object) object {
		return object{"kind": "create", "reason": "r",
			"object": object{"collection": "plan-units", "geometry": square(0, 0, 20),
				"facts": object{"code": "P", "land_use": "100102", "edition": "1", "effective_from": "2022-01-01",
					"conditions": object{"far": far, "green_ratio": green}}}}
	}
	merge := func(decision object) object {
		return object{"kind": "merge", "reason": "r", "parcels": o.refs(o.parcels[0], o.parcels[1]),
			"shape": object{"decision": decision}}
	}
	p.want(http.StatusCreated, "POST", records, edit(object{"services": object{"water": object{"ready": true,
		"capacity": 1, "unit": "m3/d"}}, "price_cny_per_m2": 300}))
	for _, c := range []struct {
		body                object
		field, zh, expected string
	}{
		{parcel("TRI\u200b", 80), "object.facts.code", "第 4 个字符", "U+200B"},
		{parcel("\u202eTRI", 80), "object.facts.code", "第 1 个字符", "U+202E"},
		{parcel(strings.Repeat("A", 101), 80), "object.facts.code", "100", "100"},
		{parcel("\u3164", 80), "object.facts.code", "第 1 个字符", "U+3164"},
		{plan(object{"max": -1}, object{"max": 0.2}), "object.facts.conditions.far", "100", "from 0 to 100"},
		{plan(object{"max": 1.8}, object{"max": 20}), "object.facts.conditions.green_ratio", "20 % 应写作 0.2",
			"20 % is 0.2"},
		{edit(object{"price_cny_per_m2": -1}), "object.facts.price_cny_per_m2", "", ""},
		{supply(51), "term_years", "50 年", "at most 50 years"},
		{supply(0.01), "term_years", "一位小数", "one decimal"},
		{merge(object{"services": object{"water": object{"ready": true, "capacity": 1, "unit": "a\nb"}},
			"price_cny_per_m2": 1}), "shape.decision.services.water.unit", "第 2 个字符", "U+000A"},
		{merge(object{"services": object{}, "price_cny_per_m2": -5}), "shape.decision.price_cny_per_m2", "", ""},
		{object{"kind": "edit", "reason": " \u200b\u3164", "parcels": o.refs(o.parcels[0]),
			"object": object{"facts": object{"price_cny_per_m2": 1}}}, "reason", "", ""},
		{object{"kind": "edit", "reason": "r", "documents": []any{object{"title": "t", "date": "1066-10-14"}},
			"parcels": o.refs(o.parcels[0]), "object": object{"facts": object{"price_cny_per_m2": 1}}},
			"documents[0].date", "1900", "1900 to 2200"},
		{object{"kind": "correct", "reason": "r", "documents": []any{object{"title": "t"}},
			"parcels": o.refs(o.parcels[1]), "shape": object{"geometry": square(51, 1, 10), "legal_m2": -3}},
			"shape.legal_m2", "大于 0", "above 0"},
	} {
		for lang, said := range map[string]string{"zh": c.zh, "en": c.expected} {
			bad := p.want(http.StatusBadRequest, "POST", records, c.body, "Accept-Language", lang)
			if expected, _ := bad.body["expected"].(string); bad.body["field"] != c.field ||
				!strings.Contains(expected, said) {
				t.Errorf("%s: %s", c.field, bad.text)
			}
		}
	}
}
