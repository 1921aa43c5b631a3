package api_test

import (
	"net/http"
	"testing"

	"luodi/data/people"
)

func TestALotIsCutAndHeldByOneOrder(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	cut := func(then object) object {
		return object{"kind": "split", "reason": "r", "parcels": []object{{"id": o.parcels[0]}},
			"shape": object{"parts": 2}, "then": then}
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
	if at(preview.body, "then", "outcome", "parcels", 0, "status") != "held" ||
		o.count("SELECT count(*) FROM record WHERE kind IN ('split', 'hold')") != 0 {
		t.Errorf("preview: %s", preview.text)
	}
	for range 2 {
		made := p.want(http.StatusCreated, "POST", records, cut(then), "If-Match", seen, "Idempotency-Key", "once")
		first, next := made.body["seq"].(float64), at(made.body, "then", "outcome", "seq").(float64)
		if next != first+1 || at(made.body, "then", "outcome", "allotment", "state") != "hold" ||
			at(made.body, "then", "outcome", "parcels", 0, "code") != "A-1" {
			t.Errorf("%s", made.text)
		}
	}
	if n := o.count("SELECT count(*) FROM record WHERE kind IN ('split', 'hold')"); n != 2 {
		t.Errorf("%d records", n)
	}
	o.colleague("viewer", false, people.ScopeWrite, people.Viewer).want(http.StatusForbidden, "POST", records,
		cut(then),
		"If-Match", seen)
}

// TestWhatFollowsASplitHasItsReasonAndDocuments looks at both records and at the proposal, which a replay doesn't make
// twice and a preview not at all.
func TestWhatFollowsASplitHasItsReasonAndDocuments(t *testing.T) {
	t.Parallel()
	land := squares(2)
	land[1].Bank = "reserve"
	o := newOffice(t, land...)
	p := o.planner()
	cut := func(parcel int, then object) object {
		return object{"kind": "split", "reason": "why", "documents": []object{{"title": "paper"}},
			"parcels": []object{{"id": o.parcels[parcel], "version": o.version(o.parcels[parcel])}},
			"shape":   object{"parts": 2}, "then": then}
	}
	hold := o.hold(o.parcels[0])
	p.want(http.StatusCreated, "POST", records, cut(0,
		object{"kind": "hold", "lot": "A-1", "project": hold["project"], "until": hold["until"]}))
	if n := o.count(`SELECT count(*) FROM record WHERE kind IN ('split', 'hold') AND reason = 'why'
		AND documents @> '[{"title": "paper"}]' AND proposed_by IS NOT NULL`); n != 2 {
		t.Errorf("%d records say why", n)
	}
	release := cut(1, object{"kind": "release", "lot": "B-1"})
	o.colleague("reader", false, people.ScopeRead, people.Planner).want(http.StatusForbidden, "POST", records, release)
	p.want(http.StatusOK, "POST", records+"?preview=true", release)
	if n := o.count("SELECT count(*) FROM proposal"); n != 0 {
		t.Errorf("a preview leaves %d proposals", n)
	}
	for range 2 {
		p.want(http.StatusCreated, "POST", records, release, "Idempotency-Key", "twice")
	}
	other := cut(1, object{"kind": "release", "lot": "B-2"})
	p.want(http.StatusUnprocessableEntity, "POST", records, other, "Idempotency-Key", "twice")
	if n := o.count(`SELECT count(*) FROM proposal WHERE kind = 'release' AND reason = 'why'
		AND documents @> '[{"title": "paper"}]'`); n != 1 {
		t.Errorf("%d proposals", n)
	}
}
