package api_test

import (
	"fmt"
	"maps"

	"github.com/google/uuid"
)

func init() { maps.Copy(doors, agencyDoors) }

// agencyDoors write texts of how projects are run for firms. Papers are of kinds that a flow asks for, and a link is a
// secret: what is wrong with one is told without it.
var agencyDoors = map[string]door{
	"POST /api/projects/{id}/agents": {func(w *town) (string, object) {
		return w.newMandate()
	}, map[string]writtenForm{"document": line(200), "scope": never, "from": never, "until": never, "file": never}},
	"POST /api/projects/{id}/agents/{n}/end": {func(w *town) (string, object) {
		path, body := w.newMandate()
		made := w.boss.want(201, "POST", path, body)
		return fmt.Sprintf("%s/%v/end", path, at(made.body, "agents", 0, "n")), object{}
	}, map[string]writtenForm{"reason": prose(1000)}},
	"POST /api/projects/{id}/papers": {func(w *town) (string, object) {
		path, _, _ := w.liveFlow()
		return path[:len(path)-len("/flow")] + "/papers", object{"kind": "grant_contract", "file": []byte(somePDF)}
	}, map[string]writtenForm{"kind": never, "name": line(200), "expires_on": never, "file": never}},
	"POST /api/projects/{id}/flow/steps/{step}/photo": {func(w *town) (string, object) {
		path, next, _ := w.liveFlow()
		if next["kind"] == "withdrawn" {
			w.boss.want(201, "POST", path+"/events", next)
		}
		return path + "/steps/filing/photo", object{"kind": "accepted", "day": "2026-01-05", "file": somePhoto(1)}
	}, map[string]writtenForm{"document": line(200), "day": never, "file": never}},
	"POST /api/projects/{id}/problems": {func(w *town) (string, object) {
		return "/api/projects/" + w.ids["project"] + "/problems", object{"words": "w"}
	}, map[string]writtenForm{"words": prose(1000), "step": never}},
	"POST /api/projects/{id}/problems/{n}/turns, an owner": {func(w *town) (string, object) {
		return w.tabled(), object{"kind": "assigned", "owner": "o", "due": "2026-12-31"}
	}, map[string]writtenForm{"owner": line(200), "due": never}},
	"POST /api/projects/{id}/problems/{n}/turns, the end": {func(w *town) (string, object) {
		path := w.tabled()
		w.boss.want(201, "POST", path, object{"kind": "assigned", "owner": "o", "due": "2026-12-31"})
		return path, object{"kind": "closed", "evidence": "e"}
	}, map[string]writtenForm{"evidence": line(200), "file": never}},
	"POST /api/projects/{id}/problems/{n}/turns, again": {func(w *town) (string, object) {
		path := w.tabled()
		w.boss.want(201, "POST", path, object{"kind": "assigned", "owner": "o", "due": "2026-12-31"})
		w.boss.want(201, "POST", path, object{"kind": "closed", "evidence": "e"})
		return path, object{"kind": "reopened"}
	}, map[string]writtenForm{"reason": prose(1000)}},
	"POST /api/projects/{id}/firm-link/revoke": {func(w *town) (string, object) { // of the last link alone it is told
		path := "/api/projects/" + w.ids["project"] + "/firm-link"
		w.boss.want(201, "POST", path, object{})
		return path + "/revoke", object{}
	}, map[string]writtenForm{"reason": nil}},
	"POST /api/meetings": {func(*town) (string, object) {
		return "/api/meetings", object{"park": "desk", "day": "2026-01-31", "title": "t"}
	}, map[string]writtenForm{"title": line(200), "day": never, "park": whatever}},
	"POST /api/meetings/{id}/minutes": {func(w *town) (string, object) {
		return fmt.Sprintf("/api/meetings/%s/minutes", w.newMeeting()), object{}
	}, map[string]writtenForm{"words": nil}},
	"POST /api/firm/papers": {func(w *town) (string, object) {
		return "/api/firm/papers", object{"link": "none", "kind": "grant_contract", "file": []byte(somePDF)}
	}, map[string]writtenForm{"kind": whatever, "name": whatever, "expires_on": whatever, "file": whatever}},
	"POST /api/firm/problems": {func(*town) (string, object) {
		return "/api/firm/problems", object{"link": "none", "words": "w", "key": uuid.NewString()}
	}, map[string]writtenForm{"words": whatever, "step": whatever}},
}

// tabled is a problem that stands on the agenda of a meeting.
func (w *town) tabled() string {
	path := "/api/projects/" + w.ids["project"] + "/problems"
	made := w.boss.want(201, "POST", path, object{"words": "w"})
	path = fmt.Sprintf("%s/%v/turns", path, at(made.body, "problems", 0, "n"))
	w.boss.want(201, "POST", path, object{"kind": "tabled", "meeting": w.newMeeting()})
	return path
}

// newMandate is a mandate of a day of its own.
func (w *town) newMandate() (path string, body object) {
	day := w.date()
	return "/api/projects/" + w.ids["project"] + "/agents", object{"account": w.ids["account"], "document": "d",
		"from":  day,
		"until": day}
}

// newMeeting is the id of the one meeting that the town needs.
func (w *town) newMeeting() string {
	if w.ids["meeting"] == "" {
		made := w.boss.want(201, "POST", "/api/meetings", object{"park": "desk", "day": "2020-01-31",
			"title": w.next("m")})
		w.ids["meeting"] = at(made.body, "meetings", 0, "id").(string)
	}
	return w.ids["meeting"]
}
