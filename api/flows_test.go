package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"luodi/data/people"
)

func TestApprovalsOverTheAPI(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.colleague("planner", false, people.ScopeWrite, people.Planner)
	boss := o.admin(people.Grant{Role: people.Admin})
	const templates = "/api/flow-templates"

	// templates: what is shipped, a new edition, and what is refused by name
	all := p.want(http.StatusOK, "GET", templates, nil)
	if at(all.body, "templates", 0, "code") != "four_stages" || at(all.body, "templates", 0, "at") != nil {
		t.Fatalf("%s", all.text)
	}
	shipped := p.want(http.StatusOK, "GET", templates+"/four_stages", nil).body["template"].(map[string]any)
	boss.want(http.StatusPreconditionRequired, "PUT", templates+"/four_stages", object{"template": shipped})
	steps := shipped["steps"].([]any)
	first := steps[0].(map[string]any)
	first["after"] = []any{object{"step": "land_planning_permit"}}
	circle := boss.want(http.StatusBadRequest, "PUT", templates+"/four_stages", object{"template": shipped}, "If-Match", `"1"`)
	if field := circle.body["field"].(string); !strings.HasPrefix(field, "template.steps[") ||
		!strings.Contains(circle.text, "filing → land_planning_permit → filing") &&
			!strings.Contains(circle.text, "land_planning_permit → filing → land_planning_permit") {
		t.Errorf("a circle: %s", circle.text)
	}
	delete(first, "after")
	shipped["edition"] = "ours"
	for i, step := range steps {
		if s := step.(map[string]any); s["by"] != "firm" {
			s["promised_days"] = i % 3
		} else {
			s["promised_days"] = 5
		}
	}
	shipped["steps"].([]any)[5].(map[string]any)["special"] = []any{} // a public notice of unknown length
	boss.want(http.StatusOK, "PUT", templates+"/four_stages", object{"template": shipped}, "If-Match", `"1"`)
	boss.want(http.StatusPreconditionFailed, "PUT", templates+"/four_stages", object{"template": shipped}, "If-Match", `"1"`)
	if again := boss.want(http.StatusConflict, "PUT", templates+"/four_stages", object{"template": shipped}, "If-Match",
		`"2"`); again.body["rule"] != "flow_template_edition" {
		t.Errorf("%s", again.text)
	}

	// a plan, a flow by it, what was agreed
	plan := p.want(http.StatusOK, "GET", templates+"/four_stages/plan?start=2025-03-03&without=energy,civil_defence", nil)
	path := "/api/projects/" + o.project.String() + "/flow"
	if none := p.want(http.StatusOK, "GET", path, nil); none.body["flow"] != nil {
		t.Errorf("%s", none.text)
	}
	begin := object{"template": "four_stages", "start": "2025-03-03", "without": []string{"energy", "civil_defence"}}
	made := p.want(http.StatusCreated, "POST", path, begin, "Idempotency-Key", "f1")
	if again := p.want(http.StatusCreated, "POST", path, begin, "Idempotency-Key", "f1"); at(again.body, "flow", "id") !=
		at(made.body, "flow", "id") {
		t.Errorf("begun twice: %s", again.text)
	}
	if live := p.want(http.StatusConflict, "POST", path, begin); live.body["rule"] != "project_flow_live" {
		t.Errorf("%s", live.text)
	}
	if at(made.body, "flow", "agreed_finish") != at(plan.body, "promised", "finish") || at(made.body, "flow",
		"agreed_finish") == nil {
		t.Errorf("agreed %v, planned %v", at(made.body, "flow", "agreed_finish"), at(plan.body, "promised", "finish"))
	}

	// what happened, as of any day, and what is refused
	for _, e := range []string{"filing accepted 2025-03-03", "filing done 2025-03-03", "land_contract accepted 2025-03-04"} {
		w := strings.Fields(e)
		p.want(http.StatusCreated, "POST", path+"/events", object{"step": w[0], "kind": w[1], "day": w[2]})
	}
	wrong := p.want(http.StatusBadRequest, "POST", path+"/events", object{"step": "filing", "kind": "done", "day": "2025-03-05"})
	if wrong.body["field"] != "kind" {
		t.Errorf("%s", wrong.text)
	}
	then := p.want(http.StatusOK, "GET", path+"?on=2025-03-03", nil)
	if at(then.body, "flow", "steps", 1, "state") != "ready" || at(then.body, "flow", "steps", 0, "state") != "done" {
		t.Errorf("%s", then.text)
	}
	p.want(http.StatusBadRequest, "GET", path+"?on=2199-01-01", nil)
	p.want(http.StatusBadRequest, "GET", path+"?from=filing.accepted", nil)
	span := p.want(http.StatusOK, "GET", path+"?from=filing.accepted&to=filing.done", nil)
	if at(span.body, "flow", "elapsed", "to", "step") != "filing" {
		t.Errorf("%s", span.text)
	}
	p.want(http.StatusCreated, "POST", path+"/events/3/retract", object{"reason": "of another firm"})
	p.want(http.StatusNotFound, "POST", path+"/events/99/retract", object{"reason": "r"})

	// figures open their rows; a stranger's are none
	figures := p.want(http.StatusOK, "GET", "/api/approvals/figures?rows=working.unfinished", nil)
	if at(figures.body, "flows") != 1.0 || at(figures.body, "working", "unfinished") != 1.0 ||
		at(figures.body, "rows", 0, "project") != o.project.String() {
		t.Errorf("%s", figures.text)
	}

	// retired for a reason, kept, and another begun
	revision := fmt.Sprintf(`"%v"`, at(p.want(http.StatusOK, "GET", path, nil).body, "flow", "revision"))
	p.want(http.StatusPreconditionFailed, "POST", path+"/retire", object{"reason": "r"}, "If-Match", `"1"`)
	p.want(http.StatusOK, "POST", path+"/retire", object{"reason": " a new plan was agreed "}, "If-Match", revision)
	p.want(http.StatusNotFound, "POST", path+"/events", object{"step": "filing", "kind": "accepted", "day": "2025-03-05"})
	p.want(http.StatusCreated, "POST", path, begin)
	former := p.want(http.StatusOK, "GET", fmt.Sprintf("%s?flow=%v", path, at(made.body, "flow", "id")), nil)
	if at(former.body, "flow", "retired_reason") != "a new plan was agreed" || at(former.body, "flow", "events", 3) == nil {
		t.Errorf("%s", former.text)
	}
}
