package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"luodi/data/feed"
	"luodi/data/store/storetest"
)

// TestAShapeWithoutAPositionIsRefused by its field, whatever order brings it. Only where there are other parks are
// their clocks looked for by its box.
func TestAShapeWithoutAPositionIsRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	storetest.Park(t, o.db, "next-door")
	p := o.planner()
	for _, shape := range []string{`null`, `{}`, `{"type":"Polygon","coordinates":[]}`,
		`{"type":"Polygon","coordinates":[[]]}`, `{"type":"Point"}`, `{"type":"MultiPolygon","coordinates":[]}`,
		`{"type":"GeometryCollection","geometries":[]}`, `{"type":"Polygon","coordinates":[[["a","b"]]]}`,
		`{"type":"Polygon","coordinates":[[[[]]]]}`, `{"type":"Polygon","coordinates":-0.0}`} {
		geometry := json.RawMessage(shape)
		document := []any{object{"title": "d"}}
		for _, order := range []object{
			{"kind": "create", "reason": "r", "object": object{"collection": "parcels", "geometry": geometry,
				"facts": object{"code": "Q1", "bank_status": "available"}}},
			{"kind": "correct", "reason": "r", "documents": document,
				"parcels": []object{{"id": o.parcels[0], "version": 1}}, "shape": object{"geometry": geometry}},
			{"kind": "border", "reason": "r", "documents": document, "shape": object{"geometry": geometry}},
		} {
			if got := p.do("POST", records+"?preview=true", order); got.status/100 != 4 {
				t.Errorf("%s with %s: %d %s", order["kind"], shape, got.status, got.text)
			}
		}
	}
	for _, bank := range []any{nil, "available"} {
		facts := object{"code": "Q1", "bank_status": bank}
		p.want(http.StatusOK, "POST", records+"?preview=true",
			object{"kind": "create", "reason": "r", "object": object{"collection": "parcels",
				"geometry": square(60, 60, 5), "facts": facts}})
	}
}

// TestAFactIsClearedOrKeptWhateverItIs: every fact that there is, made and edited as null, is cleared or refused by a
// field, and never an error of ours. That of a new parcel's bank status is what it is without one.
func TestAFactIsClearedOrKeptWhateverItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.colleagueIn(here, "planner")
	var zone, unit, node int64
	w.scan(`SELECT version FROM zone WHERE zone_id = $1`, []any{w.zone}, &zone)
	var unitID uuid.UUID
	w.scan(`SELECT plan_unit_id, version FROM plan_unit WHERE park_id = $1 AND live LIMIT 1`, []any{w.hereID},
		&unitID, &unit)
	w.scan(`SELECT version FROM network WHERE network_id = $1`, []any{w.node}, &node)
	path := "/api/parks/" + here + "/records?preview=true"
	tried := 0
	for _, f := range feed.FactDocs() {
		for _, collection := range f.Of {
			thing := map[string]object{
				"parcels":    {"collection": "parcels", "facts": object{f.Name: nil}},
				"zones":      {"collection": "zones", "id": w.zone, "version": zone, "facts": object{f.Name: nil}},
				"plan-units": {"collection": "plan-units", "id": unitID, "version": unit, "facts": object{f.Name: nil}},
				"networks":   {"collection": "networks", "id": w.node, "version": node, "facts": object{f.Name: nil}},
			}[collection]
			order := map[string]any{"kind": "edit", "reason": "r", "object": thing}
			if collection == "parcels" {
				order["parcels"] = []any{w.ref(w.parcel)}
			}
			got := p.do("POST", path, order)
			field, _ := got.body["field"].(string)
			if tried++; got.status != http.StatusOK && got.status != http.StatusConflict &&
				(got.status != http.StatusBadRequest || !strings.HasPrefix(field, "object.facts.")) {
				t.Errorf("%s of %s as null: %d %.300s", f.Name, collection, got.status, got.text)
			}
			if f.Name == "bank_status" && got.status != http.StatusBadRequest {
				t.Errorf("a stored bank status is cleared: %d %.300s", got.status, got.text)
			}
		}
	}
	if tried < 25 {
		t.Errorf("%d facts were tried", tried)
	}
}
