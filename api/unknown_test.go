package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"luodi/data/store/storetest"
)

// belowZero finds a zero with a sign in JSON, and in what is said.
var belowZero = regexp.MustCompile(`[^0-9A-Za-z.]-0(\.0+)?[^0-9.]`)

// promised is what the node has promised, as a number of JSON.
var promised = regexp.MustCompile(`[:\[,]34(\.0+)?[,\]}]`)

// TestThePublicIsTakenToAskWhatOnlyAWordIsPublishedOf has a steam node of 40 t/h of which 34 are promised, told in each
// form in turn.
func TestThePublicIsTakenToAskWhatOnlyAWordIsPublishedOf(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(3)...)
	node := storetest.Node(t, o.db, o.parkID, "ST-1", "steam", "t/h", "40", 1)
	storetest.Need(t, o.db, o.project, `{"steam": 34}`)
	p, public := o.planner(), &colleague{office: o}
	p.want(http.StatusCreated, "POST", records, o.hold(o.parcels[0]))

	for _, test := range []struct {
		form, need  string
		fits, toAsk float64
		said        string
	}{
		{"word", "2", 0, 2, "需向园区询问"},
		{"word", "50", 0, 2, "需向园区询问"},
		{"band", "2", 2, 0, ""},
		{"band", "5", 0, 2, "公布余 4–8"},
		{"band", "9", 0, 2, "需向园区询问"},
		{"figure", "2", 2, 0, ""},
		{"figure", "7", 0, 0, "起公布"},
		{"none", "2", 0, 2, "不公布余量"},
		{"word", "2", 0, 2, "余量紧张"},
	} {
		name := test.form + " " + test.need
		p.want(http.StatusCreated, "POST", records,
			object{"kind": "edit", "reason": "told otherwise", "object": object{"collection": "networks", "id": node,
				"version": o.count(`SELECT version FROM network WHERE network_id = $1`, node),
				"facts":   object{"headroom_told": test.form}}})
		question := json.RawMessage(fmt.Sprintf(`{"park": "desk", "draws": 9, "moves": 9, "requirement": {"services": {"steam": %s}, "criteria": [{"measure": "area_mu", "want": "benefit", "weight": 1}]}}`, test.need))
		for _, who := range []*colleague{public, p} {
			got := who.want(http.StatusOK, "POST", "/api/match", question)
			out := got.body
			fits, toAsk := test.fits, test.toAsk
			if who == p {
				if fits, toAsk = 2, 0; test.need != "2" && test.need != "5" {
					fits = 0
				}
			}
			if out["fits"] != fits || out["to_ask"] != toAsk || at(out, "excluded", "count") != 2-fits-toAsk ||
				out["ranked"] != fits+toAsk {
				t.Errorf("%s: %v fit, %v are to be asked, %v left out of %v: %s", name, out["fits"], out["to_ask"],
					at(out, "excluded", "count"), out["places"], got.text)
			}
			if said := belowZero.FindString(got.text); said != "" {
				t.Errorf("%s: %q in %s", name, said, got.text)
			}
			if who == p {
				continue
			}
			if !strings.Contains(got.text, test.said) || strings.Contains(got.text, "0 吨/时") {
				t.Errorf("%s: %q is not said, or a word is made a number: %s", name, test.said, got.text)
			}
			if toAsk > 0 && (at(out, "sites", 0, "to_ask", 0, "measure") != "headroom_steam" ||
				at(out, "sites", 0, "to_ask", 0, "told", "form") != test.form ||
				at(out, "sites", 0, "to_ask", 0, "told", "as_of") == nil) {
				t.Errorf("%s: %s", name, got.text)
			}
			heat := public.want(http.StatusOK, "POST", "/api/heat", question)
			if at(heat.body, "parks", 0, "to_ask") != toAsk || at(heat.body, "parks", 0, "ranked") != fits+toAsk ||
				(toAsk > 0) != strings.Contains(heat.text, `"to_ask":true`) {
				t.Errorf("%s: heat %s", name, heat.text)
			}
		}
		told := public.want(http.StatusOK, "GET", services, nil)
		if at(told.body, "services", 0, "nodes", 0, "told", "form") != test.form ||
			(test.form == "none") != (at(told.body, "services", 0, "nodes", 0, "free") == nil) ||
			(test.form == "figure") != (at(told.body, "services", 0, "nodes", 0, "told", "amount") == 6.0) ||
			promised.MatchString(told.text) {
			t.Errorf("%s: the public is told %s", name, told.text)
		}
		if all := p.want(http.StatusOK, "GET", services, nil); at(all.body, "services", 0, "nodes", 0, "told",
			"form") != test.form || at(all.body, "services", 0, "nodes", 0, "headroom") != 6.0 {
			t.Errorf("%s: members are told %s", name, all.text)
		}
	}
	bad := p.want(http.StatusBadRequest, "POST", records,
		object{"kind": "edit", "reason": "r", "object": object{"collection": "networks", "id": node,
			"version": o.count(`SELECT version FROM network WHERE network_id = $1`, node),
			"facts":   object{"headroom_told": "loudly"}}})
	if bad.body["field"] != "object.facts.headroom_told" {
		t.Errorf("%s", bad.text)
	}
}

// TestEveryUnknownIsToBeAsked asks for what nobody stated of bare squares: none is left out, and none is said to have 0
// of it.
func TestEveryUnknownIsToBeAsked(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(2)...)
	public := &colleague{office: o}
	for _, need := range []string{
		`"land_use": ["1001"]`,
		`"services": {"nitrogen": 1}`,
		`"criteria": [{"measure": "price_cny_per_m2", "max": 300}]`,
		`"criteria": [{"measure": "services_ready", "min": 8}]`,
		`"criteria": [{"measure": "ready_days", "max": 10}]`,
		`"criteria": [{"measure": "far_max", "min": 1}]`,
		`"criteria": [{"measure": "term_max_years", "min": 50}]`,
		`"criteria": [{"measure": "port_m", "max": 9000}]`,
		`"criteria": [{"measure": "rail_road_m", "max": 9000}]`,
		`"criteria": [{"measure": "road_m", "max": 9000}]`,
	} {
		got := public.want(http.StatusOK, "POST", "/api/match",
			json.RawMessage(`{"park": "desk", "requirement": {`+need+`}}`))
		if got.body["to_ask"] != 2.0 || got.body["fits"] != 0.0 || at(got.body, "excluded", "count") != 0.0 ||
			at(got.body, "sites", 1, "rank") != 1.0 {
			t.Errorf("%s: %s", need, got.text)
		}
		if !strings.Contains(fmt.Sprint(at(got.body, "sites", 0, "to_ask", 0, "text", "zh")), "需向园区询问") {
			t.Errorf("%s: %s", need, got.text)
		}
	}
}
