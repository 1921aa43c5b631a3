package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"luodi/data/ledger"
)

// aBigProject wants 80 mu, which no free parcel has but the reserve, which has far more.
const aBigProject = `{"park": "carbon-fibre", "top": 20, "draws": 200, "seed": 7, "moves": 3, "excluded": 100, "lots": {"frontage_m": 100},
	"assemblies": {"most": 3, "reserve": true}, "requirement": {"criteria": [
	{"measure": "area_mu", "min": 60, "max": 120, "want": "target", "target": 80, "weight": 2}, {"measure": "compactness", "want": "benefit", "weight": 1}]}}`

// TestALotOfTheReserveIsRankedAndCut ranks, cuts the lot that is best and proposes its release, and ranks again.
func TestALotOfTheReserveIsRankedAndCut(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	a := h.ask("/api/match", http.StatusOK, aBigProject)
	if at(a, "search", "lots", "found") != 2.0 ||
		at(a, "search", "lots", "carved") != at(a, "search", "lots", "parents") ||
		at(a, "search", "lots", "cut_short") != nil || at(a, "search", "assemblies", "proven") != true {
		t.Errorf("search %v", a["search"])
	}
	if n := a["ranked"].(float64) + at(a, "excluded", "count").(float64); n != a["places"] {
		t.Errorf("%v places, %v ranked or left out", a["places"], n)
	}
	var lot object
	keys := map[any]bool{}
	for _, one := range a["sites"].([]any) {
		s := one.(object)
		keys[s["key"]] = true
		if s["share"] == nil || at(s, "parts", 0, "text", "zh") == "" {
			t.Errorf("%v says nothing", s["code"])
		}
		switch s["kind"] {
		case "lot":
			if lot == nil {
				lot = s
			}
			if s["key"] != "lot/"+s["code"].(string) || at(s, "parcels", 0, "code") != "TX-R01" ||
				s["id"] != at(s, "parcels", 0, "id") || s["status"] != "reserve" || s["area_mu"] != 80.0 ||
				s["frontage_m"].(float64) < 100 || s["road"] == "" || at(s, "cut", "type") != "LineString" ||
				at(s, "geometry", "type") != "Polygon" {
				t.Errorf("%v", s)
			}
		case "assembly":
			if len(s["parcels"].([]any)) < 2 || s["cut"] != nil || at(s, "geometry", "type") != "Polygon" {
				t.Errorf("%v", s)
			}
		}
	}
	if lot == nil || len(keys) != len(a["sites"].([]any)) {
		t.Fatalf("no lot among %v", keys)
	}
	for _, s := range at(a, "robustness", "shares").([]any) {
		if !keys[s.(object)["key"]] {
			t.Errorf("the share of %v, which is no site", s)
		}
	}
	if !strings.Contains(mustJSON(at(a, "excluded", "places")), `"code":"TX-R01","id"`) {
		t.Error("the reserve itself isn't left out for its size")
	}
	h.cutTheLot(lot)
	for _, one := range h.ask("/api/match", http.StatusOK, aBigProject)["sites"].([]any) {
		s := one.(object)
		switch {
		case at(s, "parcels", 0, "code") == "TX-R01":
			t.Errorf("the cut parcel is still there: %v", s["key"])
		case s["kind"] == "parcel" && s["code"] == "TX-LOT":
			lot = nil
		}
	}
	if lot != nil {
		t.Error("the lot that was cut is no parcel among the sites")
	}
}

// cutTheLot splits a lot off by its cut as the page would, and has its release proposed.
func (h *house) cutTheLot(lot object) {
	h.t.Helper()
	ctx := context.Background()
	planner := uuid.New()
	if _, err := h.db.Owner.Exec(ctx, `INSERT INTO account (account_id, login, name) VALUES ($1, 'p', 'p')`,
		planner); err != nil {
		h.t.Fatal(err)
	}
	var line [][2]float64
	if err := json.Unmarshal([]byte(mustJSON(at(lot, "cut", "coordinates"))), &line); err != nil {
		h.t.Fatal(err)
	}
	parent := ledger.Ref{ID: uuid.MustParse(at(lot, "parcels", 0, "id").(string)),
		Version: int64(at(lot, "parcels", 0, "version").(float64))}
	out, err := ledger.Of(h.db.Store).Do(ctx, ledger.Order{Park: "carbon-fibre", Reason: "test", By: planner,
		Via: "test",
		Command: ledger.Command{Kind: "split", Parcels: []ledger.Ref{parent},
			Shape: &ledger.Shape{Line: line, Side: "left", Codes: []string{"TX-LOT", "TX-REST"}},
			Then:  &ledger.Then{Kind: "release", Lot: "TX-LOT"}}})
	if err != nil {
		h.t.Fatal(err)
	}
	if out.Then.Proposal == nil || len(out.Then.Proposal.Parcels) != 1 || out.Then.Proposal.Parcels[0] != "TX-LOT" {
		h.t.Errorf("proposed: %+v", out.Then)
	}
	for _, p := range out.Parcels {
		if p.Code == "TX-LOT" && math.Abs(p.ComputedM2-80*10000/15.0) > 0.5 {
			h.t.Errorf("the lot has %v m²", p.ComputedM2)
		}
	}
}

// TestThePastIsRankedWithItsLots cuts the reserve and asks for the day before.
func TestThePastIsRankedWithItsLots(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	then := h.ask("/api/match", http.StatusOK, aBigProject)
	for _, one := range then["sites"].([]any) {
		if s := one.(object); s["kind"] == "lot" {
			h.cutTheLot(s)
			break
		}
	}
	again := h.ask("/api/match", http.StatusOK, strings.Replace(aBigProject, `"top"`,
		fmt.Sprintf(`"at": %q, "top"`, then["at"]), 1))
	if x, y := mustJSON(then["sites"]), mustJSON(again["sites"]); x != y {
		t.Errorf("then\n%s\nagain\n%s", x, y)
	}
}

func TestNonsenseAboutLotsAndHallsIsRefusedByField(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	const area = `"requirement": {"criteria": [{"measure": "area_mu", "min": 20}]}`
	for _, test := range []struct{ field, body string }{
		{"criteria.area_mu", `"lots": {"frontage_m": 50}, "requirement": {"land_use": ["1001"]}`},
		{"criteria.area_mu", `"assemblies": {}, "requirement": {"land_use": ["1001"]}`},
		{"body.lots.frontage_m", `"lots": {"frontage_m": 0}, ` + area},
		{"body.lots", `"lots": {}, ` + area},
		{"body.lots.alternatives", `"lots": {"frontage_m": 50, "alternatives": 6}, ` + area},
		{"lots.depth_max", `"lots": {"frontage_m": 50, "depth_min": 3, "depth_max": 2}, ` + area},
		{"body.assemblies.most", `"assemblies": {"most": 0}, ` + area},
		{"body.requirement.hall", `"requirement": {"hall": {"length_m": 50}}`},
		{"body.requirement.hall.length_m", `"requirement": {"hall": {"length_m": -50, "width_m": 20}}`},
		{"criteria[0].measure", `"requirement": {"criteria": [{"measure": "hall_m", "min": 20}]}`},
	} {
		p := h.ask("/api/match", http.StatusUnprocessableEntity, `{"park": "carbon-fibre", `+test.body+`}`)
		if got, _ := p["field"].(string); got != test.field && "body."+got != test.field {
			t.Errorf("%s: the field is %v, want %s: %v", test.body, p["field"], test.field, p)
		}
	}
}

func TestAHallThatFindsNoRoomSaysWhatDoes(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	a := h.ask("/api/match", http.StatusOK,
		`{"park": "carbon-fibre", "excluded": 100, "requirement": {"hall": {"length_m": 60, "width_m": 200}, "criteria": [{"measure": "area_mu", "min": 30}]}}`)
	if at(a, "sites", 0, "code") != "TX-R01" || a["search"] != nil {
		t.Errorf("%v", a["sites"])
	}
	halls := 0
	for _, p := range at(a, "excluded", "places").([]any) {
		for _, l := range p.(object)["lacks"].([]any) {
			if lack := l.(object); lack["measure"] == "hall_m" {
				halls++
				if text := at(lack, "text", "zh").(string); !strings.Contains(text, "200 × 60 米的厂房") ||
					lack["by"].(float64) <= 0 || len(p.(object)["lacks"].([]any)) != 1 {
					t.Errorf("%v lacks %v", p.(object)["code"], lack)
				}
			}
		}
	}
	if halls == 0 {
		t.Error("nobody lacks room")
	}
}
