package api_test

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"github.com/google/uuid"

	"luodi/data/people"
)

// square is a polygon in ten-thousandths of a degree from the south-west corner of the test's ground.
func square(x, y, side float64) object {
	lon, lat := 122.02+x/1e4, 37.24+y/1e4
	s := side / 1e4
	return object{"type": "Polygon", "coordinates": [][][2]float64{{{lon, lat}, {lon + s, lat}, {lon + s, lat + s},
		{lon, lat + s}, {lon, lat}}}}
}

func quoted(version any) string { return strconv.Quote(fmt.Sprint(version)) }

func TestAParcelIsMadeEditedAndRetiredOverHTTP(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p, approver := o.planner(), o.approver()
	create := object{"kind": "create", "reason": "new",
		"object": object{"collection": "parcels", "geometry": square(50, 50, 10),
			"facts": object{"code": "N-1", "legal_m2": 9800.25, "land_use": "100102", "price_cny_per_m2": 336.5,
				"services": object{"water": object{"ready": true, "capacity": 400, "unit": "m3/d"}}}}}
	made := p.want(http.StatusCreated, "POST", records, create, "Idempotency-Key", "n1")
	if again := p.want(http.StatusCreated, "POST", records, create, "Idempotency-Key",
		"n1"); again.body["seq"] != made.body["seq"] {
		t.Errorf("made twice: %s", again.text)
	}
	id := uuid.MustParse(at(made.body, "parcels", 0, "id").(string))
	if at(made.body, "parcels", 0, "code") != "N-1" || at(made.body, "parcels", 0, "legal_m2") != 9800.25 ||
		at(made.body, "parcels", 0, "status") != "available" {
		t.Errorf("%s", made.text)
	}
	over := p.want(http.StatusConflict, "POST", records,
		object{"kind": "create", "reason": "r", "object": object{"collection": "parcels",
			"geometry": square(55, 55, 10), "facts": object{"code": "N-2"}}})
	if over.body["rule"] != "parcels_overlap" || over.body["said"] == nil {
		t.Errorf("%s", over.text)
	}
	edit := object{"kind": "edit", "reason": "r", "parcels": []object{{"id": id}},
		"object": object{"facts": object{"price_cny_per_m2": nil, "land_use": "100101"}}}
	p.want(http.StatusPreconditionRequired, "POST", records, edit)
	p.want(http.StatusPreconditionFailed, "POST", records, edit, "If-Match", quoted(o.version(id)-1))
	p.want(http.StatusCreated, "POST", records, edit, "If-Match", quoted(o.version(id)))
	if n := o.count(`SELECT count(*) FROM parcel_version WHERE parcel_id = $1 AND to_seq IS NULL
		AND price_cny_per_m2 IS NULL AND land_use = '100101' AND legal_m2 = 9800.25`, id); n != 1 {
		t.Error("the edit did not do what it says, or did more")
	}
	for field, facts := range map[string]object{"object.facts.colour": {"colour": "red"},
		"object.facts.land_use": {"land_use": "x"}, "object.facts.price_cny_per_m2": {"price_cny_per_m2": "much"}} {
		bad := p.want(http.StatusBadRequest, "POST", records,
			object{"kind": "edit", "reason": "r", "parcels": o.refs(id), "object": object{"facts": facts}})
		if bad.body["field"] != field {
			t.Errorf("%s: %s", field, bad.text)
		}
	}
	retire := object{"kind": "retire", "reason": "r", "parcels": o.refs(id)}
	waiting := p.want(http.StatusAccepted, "POST", records, retire)
	done := approver.want(http.StatusOK, "POST", fmt.Sprint("/api/parks/desk/proposals/", waiting.body["id"],
		"/decision"), object{"approve": true})
	if at(done.body, "outcome", "retired", 0, "code") != "N-1" {
		t.Errorf("%s", done.text)
	}
	back := p.want(http.StatusCreated, "POST", records,
		object{"kind": "revert", "reason": "r", "reverts": at(done.body, "outcome", "seq")})
	history := p.want(http.StatusOK, "GET", fmt.Sprintf("/api/parks/desk/parcels/%s/history", id), nil)
	if steps(history.body["children"]) != "N-1>N-1" || at(back.body, "parcels", 0, "code") != "N-1" {
		t.Errorf("%s", history.text)
	}
}

func TestANetworkIsMadeEditedAndRetiredOverHTTP(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p, approver, viewer := o.planner(), o.approver(), o.colleague("viewer", false, people.ScopeRead, people.Viewer)
	made := p.want(http.StatusCreated, "POST", records,
		object{"kind": "create", "reason": "new", "object": object{"collection": "networks",
			"geometry": object{"type": "Point", "coordinates": []float64{122.0221, 37.2421}},
			"facts":    object{"code": "S-1", "kind": "steam", "grade": "node", "capacity": 300, "unit": "t/h"}}})
	id, version := at(made.body, "objects", 0, "id"), at(made.body, "objects", 0, "version")
	if at(made.body, "objects", 0, "facts", "capacity") != 300.0 || at(made.body, "objects", 0, "live") != true ||
		at(made.body, "objects", 0, "geometry", "type") != "Point" {
		t.Fatalf("%s", made.text)
	}
	edit := func(version any, facts object) object {
		return object{"kind": "edit", "reason": "more",
			"object": object{"collection": "networks", "id": id, "version": version, "facts": facts}}
	}
	if none := p.want(http.StatusPreconditionRequired, "POST", records,
		edit(0, object{"capacity": 450})); none.body["got"] != id {
		t.Errorf("%s", none.text)
	}
	more := p.want(http.StatusCreated, "POST", records, edit(version, object{"capacity": 450}))
	stale := p.want(http.StatusPreconditionFailed, "POST", records, edit(version, object{"capacity": 460}))
	if stale.body["current"] != more.body["seq"] || at(stale.body, "now", "facts", "capacity") != 450.0 ||
		at(stale.body, "now", "code") != "S-1" {
		t.Errorf("%s", stale.text)
	}
	for path, want := range map[string]int{"desk/networks.geojson": 1, "desk/zones.geojson": 0,
		"desk/plan-units.geojson": 0} {
		feed := viewer.want(http.StatusOK, "GET", "/api/parks/desk/"+path, nil)
		if all, _ := feed.body["features"].([]any); len(all) != want ||
			feed.head.Get("Cache-Control") != "private, no-cache" {
			t.Errorf("%s: %s", path, feed.text)
		} else if want == 1 && (at(all[0], "properties", "version") != more.body["seq"] ||
			at(all[0], "properties", "publication") != "internal" || at(all[0], "properties", "capacity") != 450.0 ||
			at(all[0], "id") != id) {
			t.Errorf("%s: %s", path, feed.text)
		}
	}
	public := &colleague{office: o}
	if seen := public.want(http.StatusOK, "GET", "/ogc/collections/network-nodes/items?park=desk", nil); at(seen.body,
		"features", 0) != nil {
		t.Errorf("the public sees what is internal: %s", seen.text)
	}
	retire := object{"kind": "retire", "reason": "r", "object": object{"collection": "networks", "id": id}}
	waiting := p.want(http.StatusAccepted, "POST", records, retire, "If-Match", quoted(more.body["seq"]))
	if at(waiting.body, "object", "code") != "S-1" {
		t.Errorf("%s", waiting.text)
	}
	approver.want(http.StatusOK, "POST", fmt.Sprint("/api/parks/desk/proposals/", waiting.body["id"], "/decision"),
		object{"approve": true})
	one := viewer.want(http.StatusOK, "GET", fmt.Sprint("/api/parks/desk/desk/networks/", id), nil)
	if one.body["live"] != false || at(one.body, "records", 0, "kind") != "retire" ||
		at(one.body, "records", 2, "kind") != "create" || at(one.body, "records", 1, "objects", 0, "code") != "S-1" {
		t.Errorf("%s", one.text)
	}
	detail := viewer.want(http.StatusOK, "GET", fmt.Sprint(records, "/", more.body["seq"]), nil)
	if at(detail.body, "objects_closed", 0, "facts", "capacity") != 300.0 ||
		at(detail.body, "objects_opened", 0, "facts", "capacity") != 450.0 ||
		at(detail.body, "objects_opened", 0, "collection") != "networks" {
		t.Errorf("%s", detail.text)
	}
	gone := p.want(http.StatusConflict, "POST", records, edit(one.body["version"], object{"capacity": 1}))
	if gone.body["rule"] != "object_is_live" {
		t.Errorf("%s", gone.text)
	}
	public = &colleague{office: o}
	for _, path := range []string{"desk/networks.geojson", fmt.Sprint("desk/networks/", id)} {
		public.want(http.StatusUnauthorized, "GET", "/api/parks/desk/"+path, nil)
	}
	viewer.want(http.StatusNotFound, "GET", "/api/parks/desk/desk/clouds.geojson", nil)
	viewer.want(http.StatusNotFound, "GET", fmt.Sprint("/api/parks/desk/desk/zones/", id), nil)
}
