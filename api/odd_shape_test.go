package api_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"luodi/data/datatest"
)

// TestAShapeWithoutAPositionIsRefused by its field, whatever order brings it. Only where there are other parks are their clocks
// looked for by its box.
func TestAShapeWithoutAPositionIsRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	datatest.Park(t, o.db, "next-door")
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
