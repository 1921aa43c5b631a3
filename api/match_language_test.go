package api_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"luodi/data/store/storetest"
)

// TestWhatSitingRefusesIsSaidInTheReadersLanguage asks for nonsense in both languages.
func TestWhatSitingRefusesIsSaidInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	need := func(members string) string { return `{"park":"carbon-fibre","requirement":{` + members + `}}` }
	criteria := func(members string) string { return need(`"criteria":[` + members + `]`) }
	judged := func(rows string) string {
		return `{"park":"carbon-fibre","pairwise":` + rows +
			`,"requirement":{"criteria":[{"measure":"area_mu","want":"benefit","weight":1},{"measure":"road_m","want":"cost","weight":1}]}}`
	}
	bodies := map[string][]string{
		"/api/match": {
			`{}`, need(``), need(`"land_use":["industrial"]`), need(`"services":{"coffee":1}`),
			need(`"services":{"power":-1}`), need(`"services":{"water":1e300}`), need(`"hazard":"Z"`),
			need(`"chain_node":"unobtainium"`), need(`"partners":[{"node":"unobtainium","weight":1}]`),
			need(`"partners":[{"node":"fibre"}]`), need(`"partners":[{"node":"fibre","weight":-1}]`),
			need(`"chain_node":"parts","partners":[{"node":"resin","by_road":true,"weight":1},{"node":"resin","by_road":true,"weight":1}]`),
			criteria(`{"measure":"luck","want":"benefit","weight":1}`),
			criteria(`{"measure":"","want":"benefit","weight":1}`), criteria(`{"measure":"area_mu"}`),
			criteria(`{"measure":"area_mu","min":7,"max":5}`),
			criteria(`{"measure":"area_mu","want":"benefit","weight":0}`),
			criteria(`{"measure":"area_mu","weight":1}`),
			criteria(`{"measure":"area_mu","want":"luck","weight":1}`),
			criteria(`{"measure":"area_mu","want":"target","weight":1}`),
			criteria(`{"measure":"area_mu","want":"range","weight":1}`),
			criteria(`{"measure":"area_mu","want":"range","low":5,"high":1,"weight":1}`),
			criteria(`{"measure":"area_mu","want":"benefit","weight":-1}`),
			criteria(`{"measure":"area_mu","want":"benefit","weight":1e10}`),
			criteria(`{"measure":"area_mu","min":1},{"measure":"area_mu","max":9}`),
			criteria(strings.TrimSuffix(strings.Repeat(`{"measure":"area_mu","min":1},`, 65), ",")),
			`{"park":"carbon-fibre","method":"magic","requirement":{"land_use":["1001"]}}`,
			`{"park":"carbon-fibre","normalise":"vector","requirement":{"land_use":["1001"]}}`,
			`{"park":"carbon-fibre","top":501,"requirement":{"land_use":["1001"]}}`,
			`{"park":"carbon-fibre","draws":-1,"requirement":{"land_use":["1001"]}}`,
			judged(`[]`), judged(`[[1]]`), judged(`[[1,3],[3]]`), judged(`[[1,30],[3,1]]`), judged(`[[1,3],[3,1]]`),
			judged(`[[2,1],[1,1]]`),
			`{"park":"atlantis","requirement":{"land_use":["1001"]}}`,
		},
		"/api/heat": {
			`{}`, `{"park":"carbon-fibre","district":"lingang","chain_node":"parts"}`, `{"chain_node":"unobtainium"}`,
			`{"chain_node":"parts","requirement":{}}`, `{"requirement":{}}`,
			`{"chain_node":"parts","by":"luck"}`, `{"chain_node":"parts","edge_m":-1}`,
			`{"chain_node":"parts","edge_m":0.01}`, `{"chain_node":"parts","edge_m":1e9}`,
			`{"park":"atlantis","chain_node":"parts"}`,
			`{"district":"atlantis","chain_node":"parts"}`,
		},
		"/api/carve": {
			`{}`, `{"park":"carbon-fibre","parcel":"nowhere","area_mu":20,"frontage_m":100}`,
			`{"park":"carbon-fibre","parcel":"TX-R01","area_mu":-20,"frontage_m":100}`,
			`{"park":"carbon-fibre","parcel":"TX-R01","area_mu":20,"frontage_m":90000}`,
			`{"park":"carbon-fibre","parcel":"TX-R01","area_mu":900000,"frontage_m":10}`,
			`{"park":"carbon-fibre","parcel":"TX-R01","area_mu":20,"frontage_m":10,"depth_min":5,"depth_max":1}`,
			`{"park":"carbon-fibre","parcel":"TX-R01","area_mu":499.9,"frontage_m":10,"rest_mu":9}`,
		},
		"/api/assemble": {
			`{}`, `{"park":"carbon-fibre","min_mu":80,"max_mu":60}`,
			`{"park":"carbon-fibre","min_mu":0.001,"max_mu":0.002}`,
			`{"park":"carbon-fibre","min_mu":900000,"max_mu":1000000}`,
			`{"park":"carbon-fibre","min_mu":1,"max_mu":2,"most":51}`,
		},
	}
	ask := func(path, body, lang string) told {
		visitor := &colleague{office: &office{house: h, t: t}}
		return visitor.do(http.MethodPost, path, rawJSON(body), "Accept-Language", lang)
	}
	told := func(path, body string) {
		t.Helper()
		zh, en := ask(path, body, "zh"), ask(path, body, "en")
		inChinese(t, path+" "+body, zh)
		if zh.status < http.StatusBadRequest || zh.status != en.status || zh.body["field"] != en.body["field"] {
			if path == "/api/assemble" && zh.status == http.StatusOK { // nothing found is no fault
				return
			}
			t.Errorf("%s %.200s: %d %v in Chinese, %d %v in English", path, body, zh.status, zh.body["field"],
				en.status, en.body["field"])
		}
		for _, member := range []string{"expected", "detail"} {
			if text, _ := en.body[member].(string); regexp.MustCompile(`\p{Han}`).MatchString(text) {
				t.Errorf("%s %.200s: in English its %s is %q", path, body, member, text)
			}
		}
	}
	for path, all := range bodies {
		for _, body := range all {
			told(path, body)
		}
	}
	storetest.Park(t, h.db, "elsewhere")
	told("/api/heat", `{"chain_node":"parts"}`)
	told("/api/match", `{"park":"elsewhere","requirement":{"chain_node":"parts"}}`)
}

// rawJSON is a body that is sent as it stands.
type rawJSON string

// MarshalJSON gives the text itself.
func (r rawJSON) MarshalJSON() ([]byte, error) { return []byte(r), nil }
