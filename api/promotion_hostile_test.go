package api_test

import (
	"fmt"
	"maps"
)

func init() { maps.Copy(doors, promotionDoors) }

// promotionDoors write texts of chain-led promotion and of titles.
var promotionDoors = map[string]door{
	"POST /api/parks/{park}/promotion/pieces/{node}/owner": {func(w *town) (string, object) {
		w.inCharge()
		w.boss.do("POST", pieces+"resin/owner", object{"team": w.ids["team"]}) // where nobody owns it yet
		return pieces + "resin/owner", object{"team": w.ids["team"], "reason": "r"}
	}, map[string]writtenForm{"reason": prose(1000)}},
	"POST /api/parks/{park}/promotion/pieces/{node}/judgements": {func(w *town) (string, object) {
		return pieces + "resin/judgements", object{"expert": w.inCharge(), "verdict": "needed", "why": "w",
			"on": "2026-01-31"}
	}, map[string]writtenForm{"why": prose(1000), "on": never}},
	"POST /api/parks/{park}/promotion/pieces/{node}/targets": {func(w *town) (string, object) {
		w.inCharge()
		return pieces + "resin/targets", object{"team": w.ids["team"], "name": w.next("F"), "place": "p", "source": "s"}
	}, map[string]writtenForm{"name": line(200), "place": line(200), "source": prose(500), "approached_on": never}},
	"POST /api/parks/{park}/promotion/targets/{id}/notes": {func(w *town) (string, object) {
		return targets + w.sought() + "/notes", object{"on": "2026-01-31", "answer": "none", "note": "n",
			"next_step": "s"}
	}, map[string]writtenForm{"note": line(500), "next_step": line(500), "on": never, "due": never}},
	"POST /api/parks/{park}/promotion/targets/{id}/close": {func(w *town) (string, object) {
		return targets + w.sought() + "/close", object{"reason": "r"}
	}, map[string]writtenForm{"reason": prose(1000)}},
	"POST /api/parks/{park}/promotion/targets/{id}/project": {func(w *town) (string, object) {
		return targets + w.sought() + "/project", object{"code": w.next("T")}
	}, map[string]writtenForm{"code": code, "name_zh": line(200)}},
	"POST /api/projects/{id}/chain-roles": {func(w *town) (string, object) {
		w.inCharge()
		return w.newProjectPath() + "/chain-roles", object{"chain": "short", "node": "resin", "role": "supports",
			"source": "s"}
	}, map[string]writtenForm{"chain": whatever, "node": whatever, "source": prose(500), "reason": whatever}},
	"POST /api/teams/{id}/charge": {func(w *town) (string, object) {
		return "/api/teams/" + w.ids["team"] + "/charge", object{"industries": []any{}}
	}, map[string]writtenForm{"industries[]": whatever}},
	"POST /api/teams/{id}/experts": {func(w *town) (string, object) {
		return "/api/teams/" + w.ids["team"] + "/experts", object{"name": "n", "voice": "official"}
	}, map[string]writtenForm{"name": line(200)}},
	"POST /api/judging": {func(w *town) (string, object) {
		return "/api/judging", object{"expert": w.inCharge(), "chain": "short", "node": "resin",
			"verdict": "needed", "why": "w",
			"on": "2026-01-31"}
	}, map[string]writtenForm{"why": whatever, "chain": whatever, "node": whatever, "on": never}},
	"POST /api/parties/{id}/titles": {func(w *town) (string, object) {
		firm := w.boss.want(201, "POST", "/api/parties", object{"name_zh": w.next("戊")}).body["id"]
		return fmt.Sprintf("/api/parties/%s/titles", firm), object{"title": "gazelle", "level": "municipal",
			"from":   "2026-01-31",
			"source": "s"}
	}, map[string]writtenForm{"from": never, "until": never, "source": prose(500)}},
	"POST /api/parties/{id}/titles/{title}/withdraw": {func(w *town) (string, object) {
		path := fmt.Sprint("/api/parties/", w.boss.want(201, "POST", "/api/parties",
			object{"name_zh": w.next("己")}).body["id"], "/titles")
		made := w.boss.want(201, "POST", path, object{"title": "gazelle", "level": "municipal",
			"from": "2026-01-31", "source": "s"})
		return fmt.Sprint(path, "/", at(made.body, "titles", 0, "id"), "/withdraw"), object{"reason": "r"}
	}, map[string]writtenForm{"reason": prose(1000)}},
	"POST /api/titles/figures": {func(w *town) (string, object) {
		return "/api/titles/figures", object{"district": "desk-district", "year": 2026, "title": "gazelle",
			"level": "municipal",
			"kind":  "target", "number": 1, "as_of": "2026-01-31", "source": "s"}
	}, map[string]writtenForm{"district": whatever, "as_of": never, "source": prose(500)}},
}

// inCharge plants the chain, once, with the town's task force in charge of it, and gives an expert of it.
func (w *town) inCharge() string {
	if w.ids["expert"] == "" {
		w.plantChain()
		w.signed.want(201, "POST", "/api/teams/"+w.ids["team"]+"/charge", object{"industries": []any{"short"}})
		made := w.signed.want(201, "POST", "/api/teams/"+w.ids["team"]+"/experts", object{"name": "n",
			"voice": "official"})
		w.ids["expert"] = at(made.body, "experts", len(made.body["experts"].([]any))-1, "id").(string)
	}
	return w.ids["expert"]
}

// sought is a new target firm.
func (w *town) sought() string {
	w.inCharge()
	made := w.boss.want(201, "POST", pieces+"resin/targets", object{"team": w.ids["team"], "name": w.next("F"),
		"place":  "p",
		"source": "s"})
	return at(made.body, "targets", 0, "id").(string)
}
