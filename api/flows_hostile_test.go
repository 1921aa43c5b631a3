package api_test

import (
	"fmt"
	"maps"
)

func init() { maps.Copy(doors, flowDoors) }

// smallTemplate is a template of one step.
func smallTemplate(code, edition string) object {
	return object{"code": code, "name_zh": "模板", "name_en": "Template", "edition": edition, "source": "s",
		"departments": []any{object{"code": "d", "name_zh": "局", "name_en": "Bureau"}},
		"stages":      []any{object{"code": "one", "name_zh": "一", "name_en": "One"}},
		"documents":   []any{object{"code": "paper", "name_zh": "材料", "name_en": "Paper"}},
		"steps": []any{object{"code": "permit", "name_zh": "许可", "name_en": "Permit", "by": "d", "stage": "one",
			"statutory_days": 20, "promised_days": 5, "source": "s", "documents": []any{"paper"}}}}
}

// flowDoors write texts of approvals. Which events may follow is asked of the flow itself.
var flowDoors = map[string]door{
	"POST /api/flow-templates": {func(w *town) (string, object) {
		return "/api/flow-templates", object{"template": smallTemplate(fmt.Sprint("t", len(w.kept)), "1")}
	}, map[string]writtenForm{"template.*": never}},
	"PUT /api/flow-templates/{code}": {func(*town) (string, object) {
		return "/api/flow-templates/four_stages", object{"template": smallTemplate("four_stages", "1")}
	}, map[string]writtenForm{"template.*": never}},
	"POST /api/projects/{id}/flow": {func(w *town) (string, object) {
		return w.newProjectPath() + "/flow", object{"template": "four_stages", "start": "2026-01-05",
			"agreed": []any{object{"step": "filing", "start": "2026-01-05", "finish": "2026-01-06"}}}
	}, map[string]writtenForm{"template": whatever, "start": never, "without[]": never, "agreed[].step": never,
		"agreed[].start": never, "agreed[].finish": never}},
	"POST /api/projects/{id}/flow/events": {func(w *town) (string, object) {
		path, next, _ := w.liveFlow()
		return path + "/events", next
	}, map[string]writtenForm{"step": never, "day": never, "special": never, "document": line(200), "note": prose(1000),
		"reason": never}},
	"POST /api/projects/{id}/flow/events, a correction": {func(w *town) (string, object) {
		path, _, last := w.liveFlow()
		return path + "/events", last
	}, map[string]writtenForm{"reason": prose(1000)}},
	"POST /api/projects/{id}/flow/events/{n}/retract": {func(w *town) (string, object) {
		path, next, _ := w.liveFlow()
		made := w.boss.want(201, "POST", path+"/events", next)
		return fmt.Sprintf("%s/events/%d/retract", path, len(at(made.body, "flow", "events").([]any))), object{}
	}, map[string]writtenForm{"reason": prose(1000)}},
	"POST /api/projects/{id}/flow/retire": {func(w *town) (string, object) {
		path := w.newProjectPath() + "/flow"
		w.boss.want(201, "POST", path, object{"template": "four_stages", "start": "2026-01-05"})
		return path + "/retire", object{}
	}, map[string]writtenForm{"reason": whatever}},
}

func (w *town) newProjectPath() string {
	path, body := newProject(w)
	return fmt.Sprint("/api/projects/", w.boss.want(201, "POST", path, body).body["id"])
}

// liveFlow is the flow of the town's project, begun where there is none: an event that may be noted next, and one that
// corrects the last.
func (w *town) liveFlow() (path string, next, correction object) {
	path = "/api/projects/" + w.ids["project"] + "/flow"
	now := w.boss.want(200, "GET", path, nil).body
	if now["flow"] == nil {
		w.boss.want(201, "POST", path, object{"template": "four_stages", "start": "2026-01-05"})
		now = w.boss.want(201, "POST", path+"/events", object{"step": "filing", "kind": "accepted",
			"day": "2026-01-05"}).body
	}
	kind := "accepted"
	if at(now, "flow", "steps", 0, "state") == "running" {
		kind = "withdrawn"
	}
	next = object{"step": "filing", "kind": kind, "day": "2026-01-05"}
	events := at(now, "flow", "events").([]any)
	for i := len(events) - 1; i >= 0; i-- {
		e := events[i].(map[string]any)
		if e["holds"] == true {
			return path, next, object{"step": "filing", "kind": e["kind"], "day": "2026-01-05",
				"corrects": e["n"], "reason": "r"}
		}
	}
	return path, next, nil
}
