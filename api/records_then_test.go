package api_test

import (
	"net/http"
	"testing"

	"luodi/data"
)

func TestALotIsCutAndHeldByOneOrder(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	cut := func(then object) object {
		return object{"kind": "split", "reason": "r", "parcels": []object{{"id": o.parcels[0]}}, "shape": object{"parts": 2}, "then": then}
	}
	hold := o.hold(o.parcels[0])
	then := object{"kind": "hold", "lot": "A-1", "project": hold["project"], "until": hold["until"]}
	p.want(http.StatusPreconditionRequired, "POST", records, cut(then))
	p.want(http.StatusPreconditionFailed, "POST", records, cut(then), "If-Match", `"99"`)
	seen := `"` + mustJSON(o.version(o.parcels[0])) + `"`
	bad := p.want(http.StatusBadRequest, "POST", records, cut(object{"kind": "hold", "lot": "A-1"}), "If-Match", seen)
	if bad.body["field"] != "then.project" {
		t.Errorf("%s", bad.text)
	}
	preview := p.want(http.StatusOK, "POST", records+"?preview=true", cut(then), "If-Match", seen)
	if at(preview.body, "then", "outcome", "parcels", 0, "status") != "held" || o.count("SELECT count(*) FROM record WHERE kind IN ('split', 'hold')") != 0 {
		t.Errorf("preview: %s", preview.text)
	}
	for range 2 {
		made := p.want(http.StatusCreated, "POST", records, cut(then), "If-Match", seen, "Idempotency-Key", "once")
		first, next := made.body["seq"].(float64), at(made.body, "then", "outcome", "seq").(float64)
		if next != first+1 || at(made.body, "then", "outcome", "allotment", "state") != "hold" || at(made.body, "then", "outcome", "parcels", 0, "code") != "A-1" {
			t.Errorf("%s", made.text)
		}
	}
	if n := o.count("SELECT count(*) FROM record WHERE kind IN ('split', 'hold')"); n != 2 {
		t.Errorf("%d records", n)
	}
	o.colleague("viewer", false, data.ScopeWrite, data.Viewer).want(http.StatusForbidden, "POST", records, cut(then), "If-Match", seen)
}
