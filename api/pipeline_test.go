package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/geo/land"
)

// milestone is a note of a stage; more changes or adds members.
func milestone(stage, on string, more object) object {
	note := object{"stage": stage, "reached_on": on, "evidence": "e"}
	for k, v := range more {
		note[k] = v
	}
	return note
}

// TestStagesAreToldOnce holds the database's check and its order of stages, and the lists of the API, to land.Stages.
func TestStagesAreToldOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	var stages []string
	for i, stage := range land.Stages() {
		stages = append(stages, string(stage))
		var place int
		if err := h.db.Owner.QueryRow(t.Context(), `SELECT stage_order($1)`, string(stage)).Scan(&place); err != nil ||
			place != i+1 {
			t.Errorf("%s has place %d: %v", stage, place, err)
		}
	}
	var check string
	if err := h.db.Owner.QueryRow(t.Context(), `SELECT pg_get_constraintdef(oid) FROM pg_constraint
		WHERE conname = 'project_milestone_stage_check'`).Scan(&check); err != nil {
		t.Fatal(err)
	}
	var checked []string
	for _, m := range regexp.MustCompile(`'([a-z_]+)'`).FindAllStringSubmatch(check, -1) {
		checked = append(checked, m[1])
	}
	if !slices.Equal(checked, stages) {
		t.Errorf("the database takes %v, not %v", checked, stages)
	}
	var doc struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]struct{ Enum []string }
			}
		}
	}
	h.json("/api/openapi.json", &doc)
	for _, schema := range []string{"MilestoneNote", "Reached", "FormerReached"} {
		if got := doc.Components.Schemas[schema].Properties["stage"].Enum; !slices.Equal(got, stages) {
			t.Errorf("%s has %v", schema, got)
		}
	}
}

// TestAMilestoneIsCorrectedAndKept notes a stage, corrects and withdraws it, and notes it anew.
func TestAMilestoneIsCorrectedAndKept(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	one := "/api/projects/" + o.project.String()
	note := func(want int, m object) told { t.Helper(); return p.want(want, "POST", one+"/milestones", m) }
	first := note(http.StatusCreated, milestone("signed", "2026-05-03", object{"document": "合同 2026-07"}))
	if at(first.body, "milestones", 0, "document") != "合同 2026-07" || at(first.body, "milestones", 0, "basis") != "confirmed" ||
		at(first.body, "milestones", 0, "noted_by", "id") != p.id.String() || at(first.body, "milestones", 0, "noted_at") == nil {
		t.Errorf("%s", first.text)
	}
	for rule, wrong := range map[string]object{
		"milestone_is_new":   milestone("signed", "2026-05-01", nil),
		"milestone_is_there": milestone("lead", "2026-05-01", object{"corrects": true, "reason": "r"}),
		"milestone_has_come": milestone("started", time.Now().AddDate(0, 0, 2).Format(time.DateOnly), nil),
	} {
		if got := note(http.StatusConflict, wrong); got.body["rule"] != rule {
			t.Errorf("%s: %s", rule, got.text)
		}
	}
	for field, wrong := range map[string]object{
		"reason":   milestone("signed", "2026-05-01", object{"corrects": true}),
		"corrects": milestone("signed", "2026-05-01", object{"withdrawn": true}),
	} {
		if got := note(http.StatusBadRequest, wrong); got.body["field"] != field {
			t.Errorf("%s: %s", field, got.text)
		}
	}
	for _, wrong := range []object{milestone("in_talks", "2026-05-04", nil), milestone("started", "2026-05-02", nil)} {
		got := note(http.StatusBadRequest, wrong)
		text, _ := json.Marshal(got.body["expected"])
		if got.body["field"] != "reached_on" || !strings.Contains(string(text), "2026-05-03") ||
			!strings.Contains(string(text), "签约") && !strings.Contains(string(text), "Signed") {
			t.Errorf("%s", got.text)
		}
	}
	note(http.StatusCreated, milestone("signed", "2026-05-01", object{"corrects": true, "reason": "read wrongly"}))
	gone := note(http.StatusCreated, milestone("signed", "2026-05-01",
		object{"corrects": true, "withdrawn": true, "reason": "never signed"}))
	if len(gone.body["milestones"].([]any)) != 0 || at(gone.body, "former_milestones", 0, "withdrawn") != true ||
		at(gone.body, "former_milestones", 0, "reason") != "never signed" ||
		at(gone.body, "former_milestones", 1, "reached_on") != "2026-05-03" {
		t.Errorf("%s", gone.text)
	}
	note(http.StatusCreated, milestone("in_talks", "2026-05-04", nil)) // what is withdrawn stands in nobody's way
	again := note(http.StatusCreated, milestone("signed", "2026-06-01", nil))
	if at(again.body, "milestones", 1, "stage") != "signed" || o.count(`SELECT count(*) FROM project_milestone`) != 5 {
		t.Errorf("%s", again.text)
	}
}

// TestNothingLandsWithoutCompanyAndLand: neither by the API nor by the planner's own SQL.
func TestNothingLandsWithoutCompanyAndLand(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	one := "/api/projects/" + o.project.String()
	landed := milestone("landed", "2026-06-01", nil)
	refused := func(rule string) {
		t.Helper()
		if got := p.want(http.StatusConflict, "POST", one+"/milestones", landed); got.body["rule"] != rule {
			t.Errorf("%s", got.text)
		}
		_, err := o.db.Planner.Exec(t.Context(), `INSERT INTO project_milestone (district_id, project_id, stage, reached_on,
			evidence) SELECT district_id, project_id, 'landed', '2026-06-01', 'e' FROM project WHERE project_id = $1`, o.project)
		if err == nil || !strings.Contains(err.Error(), "has no") {
			t.Errorf("the database says %v", err)
		}
	}
	refused("landed_is_registered")
	party := fmt.Sprint("/api/parties/", at(p.want(http.StatusOK, "GET", one, nil).body, "party", "id"))
	for _, wrong := range []string{"911100008021004338", "1", strings.Repeat("I", 18)} {
		if got := p.want(http.StatusBadRequest, "PATCH", party, object{"credit_code": wrong}, "If-Match",
			`"1"`); got.body["field"] != "credit_code" {
			t.Errorf("%s", got.text)
		}
		if _, err := o.db.Planner.Exec(t.Context(), `UPDATE party SET credit_code = $1`, wrong); err == nil {
			t.Errorf("the database takes %s", wrong)
		}
	}
	if got := p.want(http.StatusOK, "PATCH", party, object{"credit_code": strings.ToLower(creditCode)}, "If-Match",
		`"1"`); got.body["credit_code"] != creditCode {
		t.Errorf("%s", got.text)
	}
	if got := p.want(http.StatusConflict, "POST", "/api/parties", object{"name_zh": "又一家",
		"credit_code": creditCode}); got.body["rule"] != "party_credit_code" {
		t.Errorf("%s", got.text)
	}
	refused("landed_has_a_place")
	held := p.want(http.StatusCreated, "POST", records, o.hold(o.parcels[0]))
	refused("landed_has_a_place")
	p.want(http.StatusCreated, "POST", records, object{"kind": "reserve", "reason": "r", "documents": []object{{"title": "d"}},
		"allotment": object{"id": at(held.body, "allotment", "id"), "version": at(held.body, "allotment", "version")}})
	got := p.want(http.StatusCreated, "POST", one+"/milestones", landed)
	if at(got.body, "milestones", 0, "stage") != "landed" {
		t.Errorf("%s", got.text)
	}
	other := p.want(http.StatusCreated, "POST", "/api/projects", object{"code": "L-1", "name_zh": "转录"})
	p.want(http.StatusCreated, "POST", fmt.Sprintf("/api/projects/%s/milestones", other.body["id"]),
		milestone("landed", "2022-04-30", object{"basis": "reported"}))
}

// TestCreditCodesAreJudgedAlike holds the database to land.ParseCreditCode.
func TestCreditCodesAreJudgedAlike(t *testing.T) {
	t.Parallel()
	h := open(t)
	codes := []string{"", "x", creditCode + "0", "91350100M000100Y43", "914403001922038216", "91330100799655058B"}
	for i := range creditCode {
		for _, c := range "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
			codes = append(codes, creditCode[:i]+string(c)+creditCode[i+1:])
		}
	}
	for _, code := range codes {
		_, err := land.ParseCreditCode(code)
		var is bool
		if e := h.db.Owner.QueryRow(t.Context(), `SELECT is_credit_code($1)`, code).Scan(&is); e != nil || is != (err == nil) {
			t.Errorf("%s: %v in the database, %v in the program: %v", code, is, err, e)
		}
	}
}

// TestAProjectIsPausedLostAndTakenUpAgain tries each turn in each standing.
func TestAProjectIsPausedLostAndTakenUpAgain(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	turns := map[string]map[string]string{"active": {"paused": "paused", "lost": "lost"},
		"paused": {"lost": "lost", "resumed": "active"}, "lost": {"resumed": "active"}}
	way := map[string][]string{"active": {}, "paused": {"paused"}, "lost": {"lost"}}
	for standing, may := range turns {
		for _, turn := range []string{"paused", "lost", "resumed"} {
			one := "/api/projects/" + p.want(http.StatusCreated, "POST", "/api/projects",
				object{"code": uuid.NewString(), "name_zh": "甲"}).body["id"].(string)
			for _, step := range way[standing] {
				p.want(http.StatusCreated, "POST", one+"/turns", object{"turn": step, "since": "2026-05-02", "reason": "r"})
			}
			body := object{"turn": turn, "since": "2026-05-02", "reason": "资金未到位"}
			if may[turn] == "" {
				if got := p.want(http.StatusConflict, "POST", one+"/turns", body); got.body["rule"] != "turn_follows" {
					t.Errorf("%s", got.text)
				}
				continue
			}
			got := p.want(http.StatusCreated, "POST", one+"/turns", body)
			if got.body["standing"] != may[turn] || at(got.body, "turns", 0, "reason") != "资金未到位" ||
				at(got.body, "turns", 0, "noted_by", "id") != p.id.String() {
				t.Errorf("%s", got.text)
			}
			note := p.want(map[bool]int{true: http.StatusConflict, false: http.StatusCreated}[turn == "lost"], "POST",
				one+"/milestones", milestone("in_talks", "2026-05-03", nil))
			if turn == "lost" && note.body["rule"] != "lost_goes_nowhere" {
				t.Errorf("%s", note.text)
			}
		}
	}
	one := "/api/projects/" + o.project.String()
	p.want(http.StatusCreated, "POST", one+"/turns", object{"turn": "paused", "since": "2026-05-02", "reason": "r"})
	for rule, since := range map[string]string{"turns_in_order": "2026-05-01",
		"milestone_has_come": time.Now().AddDate(0, 0, 2).Format(time.DateOnly)} {
		if got := p.want(http.StatusConflict, "POST", one+"/turns",
			object{"turn": "resumed", "since": since, "reason": "r"}); got.body["rule"] != rule {
			t.Errorf("%s", got.text)
		}
	}
}

// TestANameInOneLanguageStandsForBoth: the Chinese name stands for the English one, and is followed when it changes.
func TestANameInOneLanguageStandsForBoth(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	for _, c := range []struct {
		path string
		body object
	}{{"/api/projects", object{"code": "E-1", "name_zh": "甲项目"}}, {"/api/parties", object{"name_zh": "甲项目"}}} {
		made := p.want(http.StatusCreated, "POST", c.path, c.body)
		path := fmt.Sprint(c.path, "/", made.body["id"])
		next := p.want(http.StatusOK, "PATCH", path, object{"name_zh": "乙项目"}, "If-Match", `"1"`)
		named := p.want(http.StatusOK, "PATCH", path, object{"name_en": "B"}, "If-Match", `"2"`)
		last := p.want(http.StatusOK, "PATCH", path, object{"name_zh": "丙项目"}, "If-Match", `"3"`)
		for i, got := range []any{made.body["name_en"], next.body["name_en"], named.body["name_en"], last.body["name_en"]} {
			if want := []string{"甲项目", "乙项目", "B", "B"}[i]; got != want {
				t.Errorf("%s: %v, not %s", c.path, got, want)
			}
		}
	}
}
