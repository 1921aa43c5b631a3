package api_test

import (
	"net/http"
	"reflect"
	"testing"

	"luodi/data/people"
)

const proposals = "/api/parks/desk/proposals"

func TestReleaseWaitsForASecondPerson(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(2, "reserve", "reserve")...)
	p, q := o.planner(), o.approver()
	release := object{"kind": "release", "reason": "plan of the year", "parcels": o.refs(o.parcels[0]),
		"documents": []object{{"title": "纪要", "number": "7"}}}
	if seen := p.want(http.StatusOK, "POST", records+"?preview=true", release); at(seen.body, "parcels", 0,
		"status") != "available" {
		t.Errorf("%s", seen.text)
	}
	asked := p.want(http.StatusAccepted, "POST", records, release)
	if asked.body["state"] != "open" || at(asked.body, "proposed_by", "name") != "Name of planner" ||
		at(asked.body, "parcels", 0) != "A" {
		t.Errorf("%s", asked.text)
	}
	one := proposals + "/" + asked.body["id"].(string)
	yes := object{"approve": true, "reason": "agreed"}
	for _, who := range []*colleague{p, q} { // whoever sees it may look what it would do; nothing is kept
		seen := who.want(http.StatusOK, "POST", one+"/decision?preview=true", object{"approve": true})
		if at(seen.body, "proposal", "state") != "open" || at(seen.body, "outcome", "preview") != true ||
			at(seen.body, "outcome", "parcels", 0, "status") != "available" {
			t.Errorf("%s", seen.text)
		}
	}
	if n := o.count(`SELECT count(*) FROM record WHERE kind = 'release'`); n != 0 {
		t.Errorf("a preview of an approval keeps %d records", n)
	}
	p.want(http.StatusForbidden, "POST", one+"/decision", yes)
	admin := o.colleague("admin", false, people.ScopeWrite, people.Admin)
	admins := admin.want(http.StatusAccepted, "POST", records,
		object{"kind": "release", "reason": "r", "parcels": o.refs(o.parcels[1])})
	admin.want(http.StatusForbidden, "POST", proposals+"/"+admins.body["id"].(string)+"/decision", yes)
	p.want(http.StatusForbidden, "POST", proposals+"/"+admins.body["id"].(string)+"/decision", object{"approve": false})
	done := q.want(http.StatusOK, "POST", one+"/decision", yes)
	if at(done.body, "proposal", "state") != "approved" || at(done.body, "proposal", "decision_reason") != "agreed" ||
		at(done.body, "outcome", "parcels", 0, "status") != "available" ||
		at(done.body, "proposal", "seq") != at(done.body, "outcome", "seq") {
		t.Errorf("%s", done.text)
	}
	if n := o.count(`SELECT count(*) FROM record WHERE kind = 'release' AND proposed_by = $1 AND approved_by = $2
		AND reason = 'plan of the year' AND jsonb_array_length(documents) = 1`, p.id, q.id); n != 1 {
		t.Error("the record does not say who proposed and who approved")
	}
	q.want(http.StatusConflict, "POST", one+"/decision?preview=true", yes)
	for _, approve := range []bool{true, false} {
		if late := q.want(http.StatusConflict, "POST", one+"/decision",
			object{"approve": approve}); late.body["rule"] != "proposal_is_open" {
			t.Errorf("%s", late.text)
		}
	}
	list := q.want(http.StatusOK, "GET", proposals+"?state=open", nil)
	if waiting, _ := list.body["proposals"].([]any); len(waiting) != 1 || at(waiting[0], "id") != admins.body["id"] {
		t.Errorf("%s", list.text)
	}
	all := q.want(http.StatusOK, "GET", proposals, nil)
	if both, _ := all.body["proposals"].([]any); len(both) != 2 {
		t.Errorf("%s", all.text)
	}
}

func TestAStaleProposalStaysOpen(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1, "reserve")...)
	p, q := o.planner(), o.approver()
	asked := p.want(http.StatusAccepted, "POST", records,
		object{"kind": "release", "reason": "r", "parcels": o.refs(o.parcels[0])})
	p.want(http.StatusCreated, "POST", records, object{"kind": "unpublish", "reason": "r",
		"parcels": o.refs(o.parcels[0])})
	one := proposals + "/" + asked.body["id"].(string)
	stale := q.want(http.StatusPreconditionFailed, "POST", one+"/decision", object{"approve": true})
	if stale.body["current"] != float64(o.version(o.parcels[0])) || at(stale.body, "now", "status") != "reserve" {
		t.Errorf("%s", stale.text)
	}
	q.want(http.StatusPreconditionFailed, "POST", one+"/decision?preview=true", object{"approve": true})
	if still := p.want(http.StatusOK, "GET", one, nil); still.body["state"] != "open" {
		t.Errorf("%s", still.text)
	}
	gone := p.want(http.StatusOK, "POST", one+"/decision", object{"approve": false, "reason": "asked anew"})
	if at(gone.body, "proposal", "state") != "withdrawn" || gone.body["outcome"] != nil {
		t.Errorf("%s", gone.text)
	}
	again := p.want(http.StatusAccepted, "POST", records,
		object{"kind": "release", "reason": "r", "parcels": o.refs(o.parcels[0])})
	no := q.want(http.StatusOK, "POST", proposals+"/"+again.body["id"].(string)+"/decision", object{"approve": false})
	if at(no.body, "proposal", "state") != "rejected" ||
		o.count("SELECT count(*) FROM record WHERE kind = 'release'") != 0 {
		t.Errorf("%s", no.text)
	}
}

func TestWhatCannotBeDoneCannotBeProposed(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	free := object{"kind": "release", "reason": "r", "parcels": o.refs(o.parcels[0])}
	if alone := p.want(http.StatusConflict, "POST", records, free); alone.body["rule"] != "record_needs_two" {
		t.Errorf("%s", alone.text)
	}
	o.approver()
	if free := p.want(http.StatusConflict, "POST", records, free); free.body["rule"] != "bank_status_moves" {
		t.Errorf("%s", free.text)
	}
	if o.count("SELECT count(*) FROM proposal") != 0 {
		t.Error("it was proposed all the same")
	}
}

func TestTwoApproversApproveOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1, "reserve")...)
	p, q, r := o.planner(), o.approver(), o.colleague("approver2", false, people.ScopeWrite, people.Approver)
	asked := p.want(http.StatusAccepted, "POST", records,
		object{"kind": "release", "reason": "r", "parcels": o.refs(o.parcels[0])})
	decision := proposals + "/" + asked.body["id"].(string) + "/decision"
	answers := make(chan told, 2)
	for _, who := range []*colleague{q, r} {
		go func() { answers <- who.do("POST", decision, object{"approve": true}) }()
	}
	ok := 0
	for range 2 {
		switch a := <-answers; a.status {
		case http.StatusOK:
			ok++
		case http.StatusConflict, http.StatusPreconditionFailed:
		default:
			t.Errorf("%d %s", a.status, a.text)
		}
	}
	if ok != 1 || o.count("SELECT count(*) FROM record WHERE kind = 'release'") != 1 {
		t.Errorf("approved %d times", ok)
	}
}

func TestADecisionThatIsSentAgainIsAnsweredAgain(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(2, "reserve", "reserve")...)
	p, q := o.planner(), o.approver()
	for i, word := range []object{{"approve": true, "reason": "agreed"}, {"approve": false, "reason": "not now"}} {
		asked := p.want(http.StatusAccepted, "POST", records,
			object{"kind": "release", "reason": "r", "parcels": o.refs(o.parcels[i])})
		decision := proposals + "/" + asked.body["id"].(string) + "/decision"
		key := asked.body["id"].(string)
		first := q.want(http.StatusOK, "POST", decision, word, "Idempotency-Key", key)
		if same := q.want(http.StatusOK, "POST", decision, word, "Idempotency-Key", key); !reflect.DeepEqual(same.body,
			first.body) || at(first.body, "proposal", "decision_reason") != word["reason"] {
			t.Errorf("first %s, then %s", first.text, same.text)
		}
		q.want(http.StatusUnprocessableEntity, "POST", decision, object{"approve": word["approve"], "reason": "else"},
			"Idempotency-Key", key)
		q.want(http.StatusConflict, "POST", decision, word)
	}
	if n := o.count(`SELECT count(*) FROM record WHERE kind = 'release'`); n != 1 {
		t.Errorf("%d releases", n)
	}
}
