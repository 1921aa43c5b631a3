package api_test

import (
	"net/http"
	"reflect"
	"testing"

	"luodi/data/store/storetest"
)

// TestANeighboursWishShowsOnTheFreePlot: a firm with land on C wants the ground beside it: B says so, and A, which
// doesn't touch C, doesn't. An expansion is of a firm that is here, and nobody else's leads are told by it.
func TestANeighboursWishShowsOnTheFreePlot(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.Square{Code: "A", X: 0.5, Side: 0.001}, storetest.Square{Code: "B", X: 0.1,
		Side: 0.001},
		storetest.Square{Code: "C", X: 0.2, Side: 0.001})
	p := o.planner()
	firm := p.want(http.StatusCreated, "POST", "/api/parties", object{"park": "desk", "name_zh": "甲厂"}).body["id"]
	project := func(code string, facts object) object {
		facts["park"], facts["code"], facts["name_zh"] = "desk", code, code
		return facts
	}
	wish := project("WISH", object{"party": firm, "kind": "expansion", "ground": "neighbouring"})
	for _, early := range []object{wish, project("X", object{"kind": "expansion"})} {
		got := p.want(http.StatusConflict, "POST", "/api/projects", early)
		if got.body["rule"] != "expansion_of_a_firm_here" {
			t.Errorf("%s", got.text)
		}
	}
	own := p.want(http.StatusCreated, "POST", "/api/projects", project("OWN", object{"party": firm})).body["id"]
	hold := o.hold(o.parcels[2])
	hold["project"] = own
	held := at(p.want(http.StatusCreated, "POST", "/api/parks/desk/records", hold).body, "allotment", "id")
	if got := p.want(http.StatusConflict, "POST", "/api/projects",
		wish); got.body["rule"] != "expansion_of_a_firm_here" {
		t.Errorf("a hold is no land: %s", got.text)
	}
	p.want(http.StatusCreated, "POST", "/api/projects/"+own.(string)+"/milestones",
		object{"stage": "landed", "reached_on": "2026-01-01", "evidence": "e", "basis": "reported"})
	if got := p.want(http.StatusConflict, "POST", "/api/projects",
		project("BAD", object{"ground": "own"})); got.body["rule"] != "ground_of_an_expansion" {
		t.Errorf("%s", got.text)
	}
	made := p.want(http.StatusCreated, "POST", "/api/projects", wish)
	id := made.body["id"].(string)
	if made.body["kind"] != "expansion" || made.body["ground"] != "neighbouring" {
		t.Errorf("%s", made.text)
	}
	seen := func(i int) (codes []any) {
		got := p.want(http.StatusOK, "GET", "/api/parks/desk/parcels/"+o.parcels[i].String()+"/wishes", nil)
		for _, w := range got.body["wishes"].([]any) {
			codes = append(codes, w.(object)["code"], w.(object)["beside"])
		}
		return codes
	}
	same := func(what string, got []any, want ...any) {
		t.Helper()
		if !reflect.DeepEqual(append([]any{}, got...), append([]any{}, want...)) {
			t.Errorf("%s: got %v, want %v", what, got, want)
		}
	}
	same("only held", seen(1))
	p.want(http.StatusCreated, "POST", "/api/parks/desk/records", object{"kind": "reserve", "reason": "r",
		"allotment": o.right(held)})
	same("beside it", seen(1), "WISH", []any{"C"})
	same("apart from it", seen(0))
	same("not free", seen(2))
	p.want(http.StatusOK, "PATCH", "/api/projects/"+id, object{"kind": "new"}, "If-Match", `"1"`)
	same("new", seen(1))
	o.public().want(http.StatusUnauthorized, "GET", "/api/parks/desk/parcels/"+o.parcels[1].String()+"/wishes", nil)
}
