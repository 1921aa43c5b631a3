package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"luodi/data/people"
	"luodi/data/store/storetest"
)

func codes(v any) string {
	list, _ := v.([]any)
	all := make([]string, len(list))
	for i, one := range list {
		all[i], _ = at(one, "code").(string)
	}
	return strings.Join(all, " ")
}

func steps(v any) string {
	list, _ := v.([]any)
	all := make([]string, len(list))
	for i, one := range list {
		all[i] = fmt.Sprintf("%v>%v", at(one, "parent", "code"), at(one, "child", "code"))
	}
	return strings.Join(all, " ")
}

func TestHistoryTellsWhoAndWhyAndWalksLineageBothWays(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(2)...)
	p, viewer := o.planner(), o.colleague("viewer", false, people.ScopeRead, people.Viewer)
	cut := func(parcel uuid.UUID, y float64, codes ...string) told {
		return p.want(http.StatusCreated, "POST", records,
			object{"kind": "split", "reason": "cut " + codes[0], "parcels": o.refs(parcel),
				"shape":     object{"line": [][2]float64{{122.0195, y}, {122.0215, y}}, "codes": codes},
				"documents": []object{{"title": "图", "number": "1"}}})
	}
	first := cut(o.parcels[0], 37.2405, "A1", "A2")
	child := map[string]uuid.UUID{}
	note := func(done told) {
		for i := range 2 {
			child[at(done.body, "parcels", i, "code").(string)] = uuid.MustParse(at(done.body, "parcels", i,
				"id").(string))
		}
	}
	note(first)
	lower := "A1"
	if o.count("SELECT count(*) FROM parcel_version WHERE parcel_id = $1 AND ST_YMax(geom) < 37.2406",
		child[lower]) == 0 {
		lower = "A2"
	}
	note(cut(child[lower], 37.2402, "L1", "L2"))
	merged := p.want(http.StatusCreated, "POST", records,
		object{"kind": "merge", "reason": "back", "parcels": o.refs(child["L1"], child["L2"]),
			"shape": object{"codes": []string{"L"}}})
	last := at(merged.body, "parcels", 0, "id").(string)

	history := "/api/parks/desk/parcels/%s/history"
	up := viewer.want(http.StatusOK, "GET", fmt.Sprintf(history, last), nil)
	if got, want := steps(up.body["parents"]), "A>"+lower+" "+lower+">L1 "+lower+">L2 L1>L L2>L"; got != want ||
		up.body["live"] != true {
		t.Errorf("parents %s, want %s: %s", got, want, up.text)
	}
	if children, ok := up.body["children"].([]any); !ok || len(children) != 0 {
		t.Errorf("children %v", up.body["children"])
	}
	down := viewer.want(http.StatusOK, "GET", fmt.Sprintf(history, o.parcels[0]), nil)
	if got := steps(down.body["children"]); got != "A>A1 A>A2 "+lower+">L1 "+lower+">L2 L1>L L2>L" ||
		down.body["live"] != false {
		t.Errorf("children %s", got)
	}
	if at(down.body, "records", 0, "kind") != "split" || at(down.body, "records", 0, "reason") != "cut A1" ||
		at(down.body, "records", 0, "proposed_by", "name") != "Name of planner" ||
		at(down.body, "records", 1, "kind") != "import" {
		t.Errorf("%s", down.text)
	}
	viewer.want(http.StatusNotFound, "GET", fmt.Sprintf(history, uuid.New()), nil)

	list := viewer.want(http.StatusOK, "GET", records+"?limit=3", nil)
	if got := codes(at(list.body, "records", 0, "parcels")); got != "L L1 L2" ||
		at(list.body, "records", 0, "parcel_count") != 3.0 ||
		at(list.body, "records", 2, "documents", 0, "title") != "图" {
		t.Errorf("%s: %s", got, list.text)
	}
	next := viewer.want(http.StatusOK, "GET", fmt.Sprintf("%s?before=%v", records, at(list.body, "records", 2, "seq")),
		nil)
	if all, _ := next.body["records"].([]any); len(all) != 1 || at(all[0], "kind") != "import" {
		t.Errorf("%s", next.text)
	}
	one := viewer.want(http.StatusOK, "GET", fmt.Sprintf("%s/%v", records, first.body["seq"]), nil)
	if codes(one.body["closed"]) != "A" || codes(one.body["opened"]) != "A1 A2" ||
		at(one.body, "opened", 0, "geometry", "type") != "Polygon" {
		t.Errorf("%s", one.text)
	}
	viewer.want(http.StatusNotFound, "GET", records+"/99", nil)
	viewer.want(http.StatusBadRequest, "GET", records+"?limit=0", nil)
}

func TestARightIsListedWithItsDaysAndItsCourse(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(3)...)
	p := o.planner()
	made := p.want(http.StatusCreated, "POST", records, o.hold(o.parcels[0], o.parcels[1]))
	id := at(made.body, "allotment", "id")
	list := p.want(http.StatusOK, "GET", "/api/parks/desk/allotments", nil)
	days, _ := at(list.body, "allotments", 0, "days_left").(float64)
	if days < 29.9 || days > 30 || codes(at(list.body, "allotments", 0, "parcels")) != "A B" ||
		at(list.body, "allotments", 0, "project", "name_zh") != "某项目" {
		t.Errorf("%s", list.text)
	}
	p.want(http.StatusCreated, "POST", records, object{"kind": "reserve", "reason": "r", "allotment": o.right(id)})
	p.want(http.StatusCreated, "POST", records, object{"kind": "take_back", "reason": "r", "allotment": o.right(id)})
	for state, n := range map[string]int{"": 0, "?state=live": 0, "?state=hold": 0, "?state=ended": 1,
		"?state=ended&project=" + o.project.String(): 1, "?state=ended&project=" + uuid.NewString(): 0} {
		got := p.want(http.StatusOK, "GET", "/api/parks/desk/allotments"+state, nil)
		if all, ok := got.body["allotments"].([]any); !ok || len(all) != n {
			t.Errorf("%q: %s", state, got.text)
		}
	}
	one := p.want(http.StatusOK, "GET", fmt.Sprint("/api/parks/desk/allotments/", id), nil)
	if one.body["state"] != "ended" || one.body["ended"] != "take_back" ||
		at(one.body, "versions", 0, "state") != "reserved" || at(one.body, "versions", 1, "state") != "hold" ||
		codes(one.body["parcels"]) != "A B" {
		t.Errorf("%s", one.text)
	}
	// taking back touches by the land, reserving by the right
	touched := p.want(http.StatusOK, "GET", records+"?limit=2", nil)
	if codes(at(touched.body, "records", 0, "parcels")) != "A B" ||
		codes(at(touched.body, "records", 1, "parcels")) != "A B" {
		t.Errorf("%s", touched.text)
	}
	h := p.want(http.StatusOK, "GET", "/api/parks/desk/parcels/"+o.parcels[0].String()+"/history", nil)
	if all, _ := h.body["records"].([]any); len(all) != 4 {
		t.Errorf("%s", h.text)
	}
	p.want(http.StatusNotFound, "GET", "/api/parks/desk/allotments/"+uuid.NewString(), nil)
}

func TestTheDeskShowsEveryLiveParcelToThoseOfThePark(t *testing.T) {
	t.Parallel()
	plots := squares(3)
	plots[1].Internal = true
	o := newOffice(t, plots...)
	p := o.planner()
	made := p.want(http.StatusCreated, "POST", records, o.hold(o.parcels[1]))
	desk := p.want(http.StatusOK, "GET", "/api/parks/desk/desk.geojson", nil)
	features, _ := desk.body["features"].([]any)
	if len(features) != 3 || desk.head.Get("Content-Type") != "application/geo+json" ||
		desk.head.Get("Cache-Control") != "private, no-cache" {
		t.Fatalf("%v %s", desk.head, desk.text)
	}
	for i, id := range o.parcels {
		f := features[i]
		if at(f, "id") != id.String() || at(f, "properties", "version") != float64(o.version(id)) ||
			at(f, "geometry", "type") != "Polygon" || at(f, "properties", "park") != "desk" {
			t.Errorf("%v", f)
		}
	}
	held := at(features[1], "properties")
	if at(held, "publication") != "internal" || at(held, "status") != "held" ||
		at(held, "project") != o.project.String() || at(held, "allotment") != at(made.body, "allotment", "id") ||
		at(held, "expires_at") == nil || at(held, "allotment_version") != made.body["seq"] ||
		at(features[0], "properties", "allotment") != nil {
		t.Errorf("%v", held)
	}
	storetest.Park(t, o.db, "other")
	public := &colleague{office: o}
	for _, path := range []string{"/desk.geojson", "/records", "/records/1", "/proposals", "/allotments", "/parcels/" +
		o.parcels[0].String() + "/history", "/allotments/" + uuid.NewString()} {
		public.want(http.StatusUnauthorized, "GET", "/api/parks/desk"+path, nil)
		p.want(http.StatusForbidden, "GET", "/api/parks/other"+path, nil)
		p.want(http.StatusNotFound, "GET", "/api/parks/nowhere"+path, nil)
	}
	p.want(http.StatusBadRequest, "GET", "/api/parks/desk/desk.geojson?bbox=1,2,3,4", nil)
}
