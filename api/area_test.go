package api_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestAnAreaIsRoundedOrRefusedByItsField splits off areas of land as people and programs write them.
func TestAnAreaIsRoundedOrRefusedByItsField(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	split := func(area any) told {
		return p.do("POST", records+"?preview=true", object{"kind": "split", "parcels": o.refs(o.parcels[0]),
			"reason": "r", "shape": object{"area_mu": area, "bearing": 0, "side": "left"}}, "Accept-Language", "en")
	}
	for _, written := range []string{"1.6666666666666667", "1.66666666666666666666666", "1.666666666",
		"16666666667e-10"} {
		if got := split(rawJSON(written)); got.status != http.StatusOK || !strings.Contains(got.text, "1111.1111") {
			t.Errorf("area_mu %s: %d %s", written, got.status, got.text)
		}
	}
	for written, expected := range map[string]string{
		`"5/3"`: "a number", `1e10`: "a number below 1500000000", `-1e300`: "a number above -1500000000",
		`true`: "a number",
	} {
		got := split(rawJSON(written))
		if got.status != http.StatusBadRequest || got.body["field"] != "shape.area_mu" ||
			got.body["expected"] != expected {
			t.Errorf("area_mu %s: %d %s", written, got.status, got.text)
		}
	}
	if got := split(rawJSON("null")); got.status != http.StatusBadRequest || got.body["field"] == "body" {
		t.Errorf("no area: %d %s", got.status, got.text)
	}
}

// TestADecimalThatIsRefusedIsNamed asks for amounts that a decimal with three places can't hold: in a draw, and in what
// a project needs.
func TestADecimalThatIsRefusedIsNamed(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	const form = "a decimal with at most 13 digits before and 3 after the point"
	named := func(written, field, expected string, got told) {
		t.Helper()
		if got.status != http.StatusBadRequest || got.body["field"] != field || got.body["expected"] != expected ||
			got.body["got"] != written {
			t.Errorf("%s for %s: %d %s", written, field, got.status, got.text)
		}
	}
	node := "01900000-0000-7000-8000-000000000001"
	for _, written := range []string{"12.3456", "1e300"} {
		named(written, "draws[1].amount", form, p.do("POST", records, object{"kind": "draw", "reason": "r",
			"allotment": object{"id": node, "version": 1},
			"draws": []object{{"service": "power", "node": node, "amount": 1.5},
				{"service": "steam", "node": node, "amount": rawJSON(written)}}}, "Accept-Language", "en"))
	}
	const above = "an amount above 0 with at most 13 digits before and 3 after the point"
	named("1.2345", "requirement.services.water", above,
		p.do("PATCH", "/api/projects/"+o.project.String(),
			object{"requirement": object{"services": object{"water": rawJSON("1.2345")}}},
			"If-Match", `"1"`, "Accept-Language", "en"))
}
