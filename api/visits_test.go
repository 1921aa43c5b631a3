package api_test

import (
	"net/http"
	"testing"
	"time"
)

// TestAVisitHasItsNextStep notes visits, of which the newest comes first, and says what became of the next steps.
func TestAVisitHasItsNextStep(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	visits := "/api/projects/" + o.project.String() + "/visits"
	note := func(want int, v object) told { t.Helper(); return p.want(want, "POST", visits, v) }
	note(http.StatusCreated, object{"visited_on": "2026-05-02", "note": "看地", "next_step": "送方案", "due": "2026-05-09"})
	soon := time.Now().AddDate(0, 0, 9).Format(time.DateOnly)
	note(http.StatusCreated, object{"visited_on": "2026-05-03", "note": "回访", "next_step": "约谈", "due": soon})
	all := note(http.StatusCreated, object{"visited_on": "2026-05-01", "note": "首次电话"})
	for i, want := range []struct {
		step any
		n    float64
	}{{"open", 2}, {"overdue", 1}, {"none", 3}} {
		if at(all.body, "visits", i, "step") != want.step || at(all.body, "visits", i, "n") != want.n {
			t.Errorf("%d: %s", i, all.text)
		}
	}
	done := p.want(http.StatusCreated, "POST", visits+"/1/done", nil)
	if at(done.body, "visits", 1, "step") != "done" || at(done.body, "visits", 1, "done_by", "id") != p.id.String() {
		t.Errorf("%s", done.text)
	}
	if got := p.want(http.StatusConflict, "POST", visits+"/1/done", nil); got.body["rule"] != "visit_is_open" {
		t.Errorf("%s", got.text)
	}
	p.want(http.StatusNotFound, "POST", visits+"/3/done", nil)
	p.want(http.StatusNotFound, "POST", visits+"/9/done", nil)
	for field, wrong := range map[string]object{
		"next_step": {"visited_on": "2026-05-02", "note": "n", "due": "2026-05-09"},
		"due":       {"visited_on": "2026-05-02", "note": "n", "next_step": "s", "due": "2026-05-01"},
	} {
		if got := note(http.StatusBadRequest, wrong); got.body["field"] != field {
			t.Errorf("%s", got.text)
		}
	}
	note(http.StatusConflict, object{"visited_on": soon, "note": "n"})
}
