package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// TestACountIsTheRankingsOwn counts what a full answer counts, and ranks nothing.
func TestACountIsTheRankingsOwn(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for _, more := range []string{``, `, "services": {"power": 3000, "steam": 2}`, `, "no_reserve": true`} {
		question := `{"park": "carbon-fibre", "requirement": {"land_use": ["1001"]` + more +
			`, "criteria": [{"measure": "area_mu", "min": 10, "max": 60}, {"measure": "frontage_m", "min": 60}]}%s}`
		full := h.ask("/api/match", http.StatusOK, fmt.Sprintf(question, ``))
		count := h.ask("/api/match", http.StatusOK, fmt.Sprintf(question, `, "count_only": true`))
		for _, name := range []string{"places", "ranked", "fits", "to_ask"} {
			if full[name] != count[name] {
				t.Errorf("%s: %s is %v, the ranking has %v", more, name, count[name], full[name])
			}
		}
		if n := len(count["sites"].([]any)) + len(at(count, "excluded", "places").([]any)); n != 0 {
			t.Errorf("a count has %d places", n)
		}
		if x, y := mustJSON(at(full, "excluded", "causes")), mustJSON(at(count, "excluded", "causes")); x != y {
			t.Errorf("the causes are %s, the ranking has %s", y, x)
		}
	}
	lots := h.ask("/api/match", http.StatusOK, `{"park": "carbon-fibre", "count_only": true, "lots": {"frontage_m": 60},
		"requirement": {"land_use": ["1001"], "criteria": [{"measure": "area_mu", "min": 54, "max": 66}]}}`)
	if n, _ := lots["to_cut"].(float64); n < 1 || lots["search"] != nil {
		t.Errorf("to cut %v, searched %v", lots["to_cut"], lots["search"])
	}
}

// TestTheCostliestLimitIsLoosenedWhateverItsKind asks so much of one kind that every place is left out, moves the limit
// to where the answer says, and finds as many places as it promised; a hair before, none.
func TestTheCostliestLimitIsLoosenedWhateverItsKind(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	criterion := func(measure, limit string) string {
		return `"criteria": [{"measure": "` + measure + `", "` + limit + `": %v}]`
	}
	for _, test := range []struct {
		measure, limit string
		much           float64
		requirement    string // with %v for the figure
		gone           string // without the limit, where no figure helps
	}{
		{"area_mu", "min", 1e6, criterion("area_mu", "min"), ``},
		{"area_mu", "max", 0.001, criterion("area_mu", "max"), ``},
		{"compactness", "min", 2, criterion("compactness", "min"), ``},
		{"port_road_m", "max", 1, criterion("port_road_m", "max"), ``},
		{"rail_road_m", "max", 1, criterion("rail_road_m", "max"), ``},
		{"highway_road_m", "max", 0.1, criterion("highway_road_m", "max"), ``},
		{"frontage_m", "min", 1e5, criterion("frontage_m", "min"), ``},
		{"hall_m", "min", 9000, `"hall": {"length_m": %[1]v, "width_m": %[1]v}`, ``},
		{"partner_prepreg_m", "max", 0.001, `"partners": [{"node": "prepreg", "max_m": %v}],
			"criteria": [{"measure": "area_mu", "max": 25}]`, ``},
		{"land_use", "min", 0, `"land_use": ["99"], "criteria": [{"measure": "area_mu", "min": 1}]`,
			`"criteria": [{"measure": "area_mu", "min": 1}]`},
		{"released", "min", 0, `"no_reserve": true, "criteria": [{"measure": "area_mu", "min": 400}]`,
			`"criteria": [{"measure": "area_mu", "min": 400}]`},
	} {
		t.Run(test.measure+" "+test.limit, func(t *testing.T) {
			ask := func(requirement string) object {
				return h.ask("/api/match", http.StatusOK,
					`{"park": "carbon-fibre", "count_only": true, "requirement": {`+requirement+`}}`)
			}
			with := func(figure float64) string {
				if !strings.Contains(test.requirement, "%") {
					return test.requirement
				}
				return fmt.Sprintf(test.requirement, figure)
			}
			none := ask(with(test.much))
			if none["ranked"] != 0.0 {
				t.Fatalf("%v are ranked", none["ranked"])
			}
			all := at(none, "excluded", "loosen").([]any)
			i := slices.IndexFunc(all, func(l any) bool { return l.(object)["measure"] == test.measure })
			if i < 0 || i > 0 && test.measure != "released" { // the area costs more places than the one in reserve
				t.Fatalf("among %s it stands %d", mustJSON(all), i)
			}
			first := all[i].(object)
			if first["limit"] != test.limit {
				t.Fatalf("the limit is %v", first["limit"])
			}
			if at(first, "text", "zh") == "" || at(first, "text", "en") == "" {
				t.Errorf("no words: %v", first)
			}
			if test.gone != "" {
				if n := ask(test.gone)["ranked"]; first["to"] != nil || n != first["gain"] || n == 0.0 {
					t.Errorf("loosened to %v, %v come in, it promised %v", first["to"], n, first["gain"])
				}
				return
			}
			to := first["to"].(float64)
			if n := ask(with(to))["ranked"]; n != first["gain"] || n == 0.0 {
				t.Errorf("at %v %v come in, it promised %v", to, n, first["gain"])
			}
			before := to * (1 - 1e-9)
			if test.limit == "min" {
				before = to * (1 + 1e-9)
			}
			if n := ask(with(before))["ranked"]; n != 0.0 && test.measure != "hall_m" {
				t.Errorf("at %v, before %v, %v come in", before, to, n)
			}
		})
	}
}

// TestWhereNoLimitAloneIsEnoughTheOneThatLeavesOutMostGoesFirst leaves every place out twice.
func TestWhereNoLimitAloneIsEnoughTheOneThatLeavesOutMostGoesFirst(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	a := h.ask("/api/match", http.StatusOK, `{"park": "carbon-fibre", "count_only": true, "requirement": {"criteria": [
		{"measure": "port_road_m", "max": 1}, {"measure": "area_mu", "min": 1000000}]}}`)
	all := at(a, "excluded", "loosen").([]any)
	if first := all[0].(object); len(all) != 1 || first["gain"] != 0.0 || first["to"] != nil ||
		first["measure"] != "port_road_m" && first["measure"] != "area_mu" {
		t.Errorf("to loosen: %s", mustJSON(all))
	}
}

// TestServicesAndDaysAreLoosenedToo asks as a planner, who knows figures: the public knows bands, which leave none out.
func TestServicesAndDaysAreLoosenedToo(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	secret := h.member("li", "carbon-fibre")
	ask := func(requirement string) (out object) {
		request, err := http.NewRequest(http.MethodPost, h.url+"/api/match", strings.NewReader(
			`{"park": "carbon-fibre", "count_only": true, "requirement": {`+requirement+`}}`))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+secret)
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		if err := json.NewDecoder(response.Body).Decode(&out); err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("%s: %v %v", response.Status, err, out)
		}
		return out
	}
	for _, service := range []string{"power", "steam", "water", "gas"} {
		none := ask(`"services": {"` + service + `": 1e9}`)
		if none["ranked"] != 0.0 {
			t.Logf("%s: %v places whose figure nobody knows", service, none["ranked"])
			continue
		}
		first := at(none, "excluded", "loosen", 0).(object)
		if first["measure"] != "headroom_"+service {
			t.Fatalf("the costliest is %v", first["measure"])
		}
		n := ask(fmt.Sprintf(`"services": {"%s": %v}`, service, first["to"]))["ranked"]
		if n != first["gain"] || n == 0.0 {
			t.Errorf("%s at %v: %v come in, it promised %v", service, first["to"], n, first["gain"])
		}
	}
}
