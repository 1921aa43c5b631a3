package api_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"luodi/data/people"
)

// An order to retire that came with an import is carried out by a second person alone, and only as long as what it
// names is as it was.
func TestWhoAskedToRetireApprovesNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	both := o.colleague("both", false, people.ScopeWrite, people.Planner, people.Approver)
	p, chief := o.planner(), o.approver()
	if told, _ := p.file(imports+"?dry_run=false", fields(40, 40, 40)); told.status != 201 {
		t.Fatalf("%d %.900s", told.status, told.text)
	}
	live := func() string {
		return o.texts(`SELECT coalesce(string_agg(code, ' ' ORDER BY code), '') FROM parcel_version WHERE to_seq IS NULL`)[0]
	}
	const query = imports + "?mode=update&retire_missing=true&dry_run=false"
	approve := object{"approve": true, "reason": "right"}
	ask := func(who *colleague, content []byte) string {
		told, made := who.file(query, content)
		if told.status != 201 || made.Proposal == nil {
			t.Fatalf("%d %.900s", told.status, told.text)
		}
		return fmt.Sprintf("/api/parks/desk/proposals/%s/decision", *made.Proposal)
	}
	for _, who := range []*colleague{chief, {office: o}} {
		if told, _ := who.file(query, fields(40, 40)); told.status != 401 && told.status != 403 {
			t.Errorf("who may not write: %d %.300s", told.status, told.text)
		}
	}

	order := ask(both, fields(40, 40))
	if told := both.want(403, "POST", order, approve); live() != "F-1 F-2 F-3" {
		t.Errorf("by who asked: %.300s, live %s", told.text, live())
	}
	if told := p.want(403, "POST", order, approve); live() != "F-1 F-2 F-3" {
		t.Errorf("by one who may not: %.300s, live %s", told.text, live())
	}

	// what it names was changed since, by a right as by a fact
	id := uuid.MustParse(o.texts(`SELECT parcel_id::text FROM parcel_version WHERE to_seq IS NULL AND code = 'F-3'`)[0])
	p.want(201, "POST", records, object{"kind": "edit", "reason": "later", "parcels": o.refs(id),
		"object": object{"collection": "parcels", "facts": object{"cadastral_no": "371002001001GB00001"}}})
	if told := chief.want(412, "POST", order, approve); live() != "F-1 F-2 F-3" {
		t.Errorf("of what was changed since: %.300s, live %s", told.text, live())
	}
	chief.want(200, "POST", order, object{"approve": false, "reason": "it was changed"})

	order = ask(p, fields(40, 40))
	chief.want(200, "POST", order, approve)
	if live() != "F-1 F-2" {
		t.Errorf("after the approval live are %s", live())
	}
}
