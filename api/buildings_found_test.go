package api_test

import (
	"fmt"
	"net/http"
	"testing"
)

// TestWorkshopsAreFound: by code and name, as soon as they are made, by who may see them and by nobody else.
func TestWorkshopsAreFound(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(2)...)
	p, public := o.planner(), o.public()
	first := func(c *colleague, typed string) string {
		t.Helper()
		got := c.want(http.StatusOK, "GET", "/api/search?park=desk&q="+escape(typed), nil)
		for _, hit := range got.body["hits"].([]any) {
			hit := hit.(map[string]any)
			if kind := hit["kind"]; kind == "building" || kind == "unit" {
				return fmt.Sprint(kind, " ", hit["building"], " ", hit["code"])
			}
		}
		return ""
	}
	if got := first(public, "ZQ-7"); got != "" {
		t.Errorf("found before it was made: %s", got)
	}
	const bamboo = "/api/search?park=desk&q=bamboo"
	tag := public.want(http.StatusOK, "GET", bamboo, nil).head.Get("ETag")
	public.want(http.StatusNotModified, "GET", bamboo, nil, "If-None-Match", tag)
	b, u := p.built(o.parcels[0], "ZQ-7", object{"name_zh": "翠竹厂房", "name_en": "Bamboo workshop"})
	public.want(http.StatusOK, "GET", bamboo, nil, "If-None-Match", tag)
	for typed, want := range map[string]string{"ZQ-7": "building <nil> ZQ-7", "翠竹厂房": "building <nil> ZQ-7",
		"cuizhu": "building <nil> ZQ-7", "bamboo": "building <nil> ZQ-7", "ZQ-7 101": "unit ZQ-7 101",
		"翠竹厂房 101": "unit ZQ-7 101"} {
		for _, c := range []*colleague{p, public} {
			if got := first(c, typed); got != want {
				t.Errorf("%s: %q", typed, got)
			}
		}
	}
	if got := public.want(http.StatusOK, "GET", "/api/search?q=bamboo", nil); at(got.body, "hits", 0, "code") != "ZQ-7" {
		t.Errorf("in every park: %s", got.text)
	}
	p.want(http.StatusOK, "PATCH", unitsOf+"/"+u, object{"publication": "internal"}, "If-Match", `"1"`)
	if got, seen := first(public, "ZQ-7 101"), first(p, "ZQ-7 101"); got == "unit ZQ-7 101" || seen != "unit ZQ-7 101" {
		t.Errorf("a unit that is not public: %q of the public, %q of members", got, seen)
	}
	p.want(http.StatusOK, "PATCH", buildingsOf+"/"+b, object{"publication": "internal"}, "If-Match", `"1"`)
	if got, seen := first(public, "ZQ-7"), first(p, "ZQ-7"); got != "" || seen != "building <nil> ZQ-7" {
		t.Errorf("a building that is not public: %q of the public, %q of members", got, seen)
	}
	p.want(http.StatusOK, "PATCH", unitsOf+"/"+u, object{"publication": "public"}, "If-Match", `"2"`)
	p.want(http.StatusOK, "PATCH", buildingsOf+"/"+b, object{"publication": "public"}, "If-Match", `"2"`)
	p.want(http.StatusCreated, "POST", unitsOf+"/"+u+"/lettings", object{"project": o.project, "from": inDays(0),
		"hold_until": inDays(9)})
	o.admin().want(http.StatusCreated, "POST", records, object{"kind": "settings", "reason": "r",
		"settings": object{"hold_shown": "nothing"}})
	if got := first(public, "ZQ-7 101"); got == "unit ZQ-7 101" {
		t.Error("a unit that is held is found, where holds are not told")
	}
}

// TestTheRecordOfWorkshopsIsRead: of a park and of a parcel, with who had a unit, and what it was before; a project's
// lettings by the project.
func TestTheRecordOfWorkshopsIsRead(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(2)...)
	p := o.planner()
	_, u := p.built(o.parcels[0], "1", nil)
	p.built(o.parcels[1], "2", nil)
	held := p.want(http.StatusCreated, "POST", unitsOf+"/"+u+"/lettings", object{"project": o.project,
		"from": inDays(0), "hold_until": inDays(9)})
	p.want(http.StatusCreated, "POST", fmt.Sprint("/api/parks/desk/lettings/", held.body["id"], "/let"),
		object{"document": "L-1"})
	const of = "/api/parks/desk/building-records"
	all := p.want(http.StatusOK, "GET", of, nil)
	if n := len(all.body["records"].([]any)); n != 6 {
		t.Errorf("%d: %s", n, all.text)
	}
	for field, want := range map[string]any{"thing": "letting", "building_code": "1", "unit_code": "101"} {
		if got := at(all.body, "records", 0, field); got != want {
			t.Errorf("%s: %v", field, got)
		}
	}
	if at(all.body, "records", 0, "was", "state") != "held" || at(all.body, "records", 0, "facts", "state") != "let" ||
		at(all.body, "records", 0, "project", "id") != o.project.String() {
		t.Errorf("%s", all.text)
	}
	some := p.want(http.StatusOK, "GET", of+"?parcel="+o.parcels[1].String(), nil)
	if n := len(some.body["records"].([]any)); n != 2 || at(some.body, "records", 0, "building_code") != "2" {
		t.Errorf("%s", some.text)
	}
	before := p.want(http.StatusOK, "GET", fmt.Sprint(of, "?before=", int64(at(all.body, "records", 1, "n").(float64))), nil)
	if n := len(before.body["records"].([]any)); n != 4 {
		t.Errorf("%d: %s", n, before.text)
	}
	const lettings = "/api/parks/desk/lettings?project="
	its := p.want(http.StatusOK, "GET", lettings+o.project.String(), nil)
	if at(its.body, "lettings", 0, "unit_code") != "101" || at(its.body, "lettings", 0, "building_code") != "1" ||
		at(its.body, "lettings", 0, "building_zh") != "1号厂房" || at(its.body, "lettings", 0, "state") != "let" {
		t.Errorf("%s", its.text)
	}
	other := p.want(http.StatusOK, "GET", lettings+u, nil)
	if n := len(other.body["lettings"].([]any)); n != 0 {
		t.Errorf("of another: %s", other.text)
	}
	for _, path := range []string{of, lettings + o.project.String()} {
		o.public().want(http.StatusUnauthorized, "GET", path, nil)
	}
}

// TestAWishForFloorSpaceIsRead: of a project as of a question, naming what is wrong.
func TestAWishForFloorSpaceIsRead(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	one := "/api/projects/" + o.project.String()
	version := `"1"`
	for _, c := range []struct {
		wish  object
		field string
	}{
		{object{"place": "roof"}, "requirement.place"},
		{object{"floor": 7}, "requirement.floor"},
		{object{"floor": nil}, "requirement.floor"},
		{object{"floor": object{"m2": 800}}, "requirement.floor"},
		{object{"floor": object{"min_crane_t": -1}}, "requirement.floor"},
		{object{"floor": object{"min_m2": "800"}}, "requirement.floor"},
		{object{"floor": object{"ready_by": "soon"}}, "requirement.floor.ready_by"},
		{object{"floor": object{"min_m2": 900, "max_m2": 800}}, "requirement.floor.max_m2"},
	} {
		got := p.want(http.StatusBadRequest, "PATCH", one, object{"requirement": c.wish}, "If-Match", version)
		if got.body["field"] != c.field {
			t.Errorf("%v: %s", c.wish, got.text)
		}
	}
	p.want(http.StatusOK, "PATCH", one, object{"requirement": object{"place": "either",
		"floor": object{"min_m2": 800, "max_m2": 900, "ready_by": "2027-01-31"}}}, "If-Match", version)
	crossed := object{"park": "desk", "place": "floor_space", "requirement": object{},
		"floor": object{"min_m2": 900, "max_m2": 800}}
	if got := p.want(http.StatusUnprocessableEntity, "POST", "/api/match", crossed); got.body["field"] != "floor.max_m2" {
		t.Errorf("%s", got.text)
	}
}
