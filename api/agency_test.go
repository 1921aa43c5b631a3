package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"luodi/data/people"
	"luodi/data/store/storetest"
)

// somePhoto is a picture of a few points, of a colour by n.
func somePhoto(n uint8) []byte {
	picture := image.NewGray(image.Rect(0, 0, 4, 3))
	picture.Pix[0] = n
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// aidTemplate is a flow of two steps in two stages, of which both ask for the same paper.
func aidTemplate(code, mark string) object {
	t := smallTemplate(code, "1")
	t["name_zh"] = mark
	t["stages"] = append(t["stages"].([]any), object{"code": "two", "name_zh": "二", "name_en": "Two"})
	t["documents"] = []any{object{"code": "contract", "name_zh": "合同", "name_en": "Contract " + mark},
		object{"code": "unused", "name_zh": "无用", "name_en": "Unused"}}
	first := t["steps"].([]any)[0].(object)
	first["documents"] = []any{"contract"}
	t["steps"] = append(t["steps"].([]any), object{"code": "opening", "name_zh": "开业", "name_en": "Opening",
		"by":    "d",
		"stage": "two", "statutory_days": 5, "source": "s", "documents": []any{"contract"},
		"after": []any{object{"step": "permit"}}})
	return t
}

// aided is an office with two projects, each with its own flow.
type aided struct {
	*office
	planner *colleague
	paths   [2]string
}

func newAided(t *testing.T) *aided {
	t.Helper()
	a := &aided{office: newOffice(t)}
	a.planner = a.colleague("planner", false, people.ScopeWrite, people.Planner)
	boss := a.admin(people.Grant{Role: people.Admin})
	for i, mark := range []string{"zqalpha", "zqbeta"} {
		boss.want(http.StatusCreated, "POST", "/api/flow-templates", object{"template": aidTemplate(mark, mark)})
		made := a.planner.want(http.StatusCreated, "POST", "/api/projects", object{"code": mark, "name_zh": mark + "甲",
			"name_en": mark + " works", "park": "desk", "investment_cny": 77700077 + i, "figures": object{"jobs": mark + "jobs"},
			"source": mark + " source"})
		a.paths[i] = fmt.Sprint("/api/projects/", made.body["id"])
		a.planner.want(http.StatusCreated, "POST", a.paths[i]+"/flow", object{"template": mark, "start": "2026-01-05"})
	}
	return a
}

// link makes a firm's link of a project.
func (a *aided) link(i int) string {
	a.t.Helper()
	return a.planner.want(http.StatusCreated, "POST", a.paths[i]+"/firm-link", object{}).body["link"].(string)
}

// TestAFirmSeesItsOwnAlone: of two firms with a link each, one reads no value of the other's, and of its own nothing
// but flow, papers and problems.
func TestAFirmSeesItsOwnAlone(t *testing.T) {
	t.Parallel()
	a := newAided(t)
	firm := &colleague{office: a.office, head: http.Header{}}
	links := [2]string{a.link(0), a.link(1)}
	marks := [2]string{"zqalpha", "zqbeta"}
	for i, mark := range marks {
		for path, body := range map[string]object{
			"/visits":      {"visited_on": "2026-05-02", "note": mark + "visit"},
			"/investments": {"until": "2026-05-31", "paid_cny": 5550001 + i, "evidence": mark + "evidence"},
			"/flow/events": {"step": "permit", "kind": "accepted", "day": "2026-01-06", "note": mark + "note",
				"document": mark + "document"},
			"/problems": {"words": mark + "inside"},
		} {
			a.planner.want(http.StatusCreated, "POST", a.paths[i]+path, body)
		}
		firm.want(http.StatusCreated, "POST", "/api/firm/problems", object{"link": links[i], "words": mark + "problem",
			"step": "permit", "key": uuid.NewString()})
		firm.want(http.StatusCreated, "POST", "/api/firm/papers", object{"link": links[i], "kind": "contract",
			"name": mark + "paper", "file": []byte(somePDF)})
		a.planner.want(http.StatusCreated, "POST", a.paths[i]+"/agents", object{"account": a.planner.id,
			"document": mark + "mandate", "file": []byte(somePDF)})
	}
	for i, mark := range marks {
		got := firm.want(http.StatusOK, "POST", "/api/firm/look", object{"link": links[i]})
		other, _ := strings.CutPrefix(a.paths[1-i], "/api/projects/")
		if text := strings.ToLower(got.text); strings.Contains(text, marks[1-i]) || strings.Contains(text, other) {
			t.Errorf("%s reads the other's: %s", mark, got.text)
		}
		for _, own := range []string{"problem", "paper"} {
			if !strings.Contains(got.text, mark+own) {
				t.Errorf("%s lacks its %s: %s", mark, own, got.text)
			}
		}
		for _, inside := range []string{"visit", "evidence", "note", "document", "inside", "mandate", "jobs",
			"source"} {
			if strings.Contains(got.text, mark+inside) {
				t.Errorf("%s reads what is inside, %s: %s", mark, inside, got.text)
			}
		}
		for _, hidden := range []string{"777000", "555000", `"P"`, "planner", a.planner.id.String(), links[i]} {
			if strings.Contains(got.text, hidden) {
				t.Errorf("%s reads %s: %s", mark, hidden, got.text)
			}
		}
		if got.head.Get("Cache-Control") != "no-store" || got.head.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%v", got.head)
		}
		a.sameValues(got.body, i)
	}
	if text := a.log.String(); strings.Contains(text, links[0]) || strings.Contains(text, links[1]) {
		t.Error("the log has a link")
	}
}

// sameValues looks that each text of a firm's answer is one of the project's own or of what all know.
func (a *aided) sameValues(answer object, i int) {
	a.t.Helper()
	told, other := map[string]bool{}, map[string]bool{}
	collect(answer, told)
	for _, path := range []string{"", "/flow", "/agency", "/visits", "/investments"} {
		collect(a.planner.want(http.StatusOK, "GET", a.paths[1-i]+path, nil).body, other)
		own := map[string]bool{}
		collect(a.planner.want(http.StatusOK, "GET", a.paths[i]+path, nil).body, own)
		for text := range own {
			delete(other, text)
		}
	}
	if len(other) < 20 {
		a.t.Fatalf("only %d texts are the other's", len(other))
	}
	for text := range other {
		if len(text) > 3 && told[text] {
			a.t.Errorf("the other's %q is told", text)
		}
	}
}

// TestALinkThatLeadsNowhereTellsNothing: wrong, cut, revoked, replaced and ended links get one and the same answer,
// from the next request on.
func TestALinkThatLeadsNowhereTellsNothing(t *testing.T) {
	t.Parallel()
	a := newAided(t)
	firm := &colleague{office: a.office, head: http.Header{}}
	look := func(link string) string {
		got := firm.want(http.StatusNotFound, "POST", "/api/firm/look", object{"link": link})
		if got.head.Get("Referrer-Policy") != "no-referrer" || got.head.Get("Cache-Control") != "no-store" {
			t.Errorf("%v", got.head)
		}
		return got.text
	}
	unknown, _ := people.NewLink()
	same := look(unknown)
	replaced, revoked := a.link(0), a.link(1)
	live := a.link(0)
	if got := firm.want(http.StatusOK, "POST", "/api/firm/look", object{"link": live}); got.body["flow"] == nil {
		t.Errorf("%s", got.text)
	}
	firm.want(http.StatusOK, "POST", "/api/firm/look", object{"link": revoked})
	a.planner.want(http.StatusCreated, "POST", a.paths[1]+"/firm-link/revoke", object{"reason": "lost"})
	storetest.Alter(t, a.db, `ALTER TABLE firm_link DISABLE TRIGGER keep_firm_link`)
	ended := a.link(1)
	storetest.Alter(t, a.db, `UPDATE firm_link SET made_at = made_at - interval '99 days', expires_at = now() - interval '1 s'
		WHERE made_at = (SELECT max(made_at) FROM firm_link)`)
	storetest.Alter(t, a.db, `ALTER TABLE firm_link ENABLE TRIGGER keep_firm_link`)
	for name, link := range map[string]string{"replaced": replaced, "revoked": revoked, "ended": ended,
		"cut":  live[:30],
		"none": ""} {
		if got := look(link); got != same {
			t.Errorf("%s: %s, unknown: %s", name, got, same)
		}
		for _, more := range []string{"papers", "problems"} {
			body := object{"link": link, "kind": "contract", "file": []byte(somePDF)}
			if more == "problems" {
				body = object{"link": link, "words": "w", "key": uuid.NewString()}
			}
			if got := firm.want(http.StatusNotFound, "POST", "/api/firm/"+more, body); got.text != same {
				t.Errorf("%s %s: %s", name, more, got.text)
			}
		}
	}
}

// TestAPaperIsHandedInOnce: one paper counts in every step that asks for its kind; a later one takes its place.
func TestAPaperIsHandedInOnce(t *testing.T) {
	t.Parallel()
	a := newAided(t)
	firm := &colleague{office: a.office, head: http.Header{}}
	link := a.link(0)
	hand := func(want int, more object) told {
		t.Helper()
		body := object{"link": link, "kind": "contract", "file": []byte(somePDF)}
		for name, value := range more {
			body[name] = value
		}
		return firm.want(want, "POST", "/api/firm/papers", body)
	}
	first := hand(http.StatusCreated, nil)
	if at(first.body, "asked", 0, "state") != "here" || len(at(first.body, "asked", 0, "steps").([]any)) != 2 ||
		len(first.body["asked"].([]any)) != 1 {
		t.Errorf("%s", first.text)
	}
	if again := hand(http.StatusCreated, nil); len(again.body["papers"].([]any)) != 1 {
		t.Errorf("handed in twice: %s", again.text)
	}
	for field, wrong := range map[string]object{"kind": {"kind": "unused"}, "file": {"file": []byte("text")},
		"expires_on": {"expires_on": "soon"}} {
		if got := hand(http.StatusBadRequest, wrong); !strings.HasSuffix(fmt.Sprint(got.body["field"]), field) {
			t.Errorf("%s: %s", field, got.text)
		}
	}
	later := a.planner.want(http.StatusCreated, "POST", a.paths[0]+"/papers", object{"kind": "contract",
		"name":       "Second",
		"expires_on": "2026-01-01", "file": somePhoto(1)})
	if at(later.body, "asked", 0, "state") != "expired" || at(later.body, "asked", 0, "paper") != 2.0 ||
		at(later.body, "papers", 1, "counts") != false {
		t.Errorf("%s", later.text)
	}
	if got := a.planner.do("GET", a.paths[0]+"/papers/1", nil); got.status != 200 || got.text != somePDF ||
		got.head.Get("Cache-Control") != "no-store" || !strings.Contains(got.head.Get("Content-Security-Policy"),
		"sandbox") {
		t.Errorf("%d %v", got.status, got.head)
	}
	a.planner.want(http.StatusNotFound, "GET", a.paths[1]+"/papers/1", nil)
	a.planner.want(http.StatusNotFound, "GET", a.paths[0]+"/papers/9", nil)
	a.public().want(http.StatusUnauthorized, "GET", a.paths[0]+"/papers/1", nil)
}

// TestAFirmSendsSoMuchInAnHour: the sixty-first paper and the twenty-first problem are refused.
func TestAFirmSendsSoMuchInAnHour(t *testing.T) {
	t.Parallel()
	a := newAided(t)
	firm := &colleague{office: a.office, head: http.Header{}}
	link := a.link(0)
	send := func(want int) told {
		return firm.want(want, "POST", "/api/firm/problems", object{"link": link, "words": "w",
			"key": uuid.NewString()})
	}
	key := uuid.NewString()
	for range 3 { // sent again it is kept once
		firm.want(http.StatusCreated, "POST", "/api/firm/problems", object{"link": link, "words": "w", "key": key})
	}
	for range 19 {
		send(http.StatusCreated)
	}
	if got := send(http.StatusTooManyRequests); got.head.Get("Retry-After") == "" {
		t.Errorf("%v", got.head)
	}
	for i := range 60 {
		firm.want(http.StatusCreated, "POST", "/api/firm/papers", object{"link": link, "kind": "contract",
			"file": somePhoto(uint8(i))})
	}
	firm.want(http.StatusTooManyRequests, "POST", "/api/firm/papers", object{"link": link, "kind": "contract",
		"file": somePhoto(200)})
}

// TestAnAgentsDay: the list has what the agent's mandate goes for, in order; a photo brings a step on, both or neither.
func TestAnAgentsDay(t *testing.T) {
	t.Parallel()
	a := newAided(t)
	agent := a.colleague("agent", false, people.ScopeWrite, people.Viewer)
	if got := agent.want(http.StatusOK, "GET", "/api/my/day", nil); len(got.body["tasks"].([]any)) != 0 {
		t.Errorf("%s", got.text)
	}
	name := func(i, want int, more object) told {
		t.Helper()
		body := object{"account": agent.id, "document": "Mandate 1"}
		for name, value := range more {
			body[name] = value
		}
		return a.planner.want(want, "POST", a.paths[i]+"/agents", body)
	}
	agent.want(http.StatusForbidden, "POST", a.paths[0]+"/flow/steps/permit/photo",
		object{"kind": "accepted", "file": somePhoto(1)})
	agent.want(http.StatusForbidden, "POST", a.paths[0]+"/agents", object{"account": agent.id, "document": "d"})
	name(0, http.StatusCreated, object{"scope": "stage:one"})
	name(1, http.StatusCreated, object{"until": "2199-12-31"})
	for field, wrong := range map[string]object{"scope": {"scope": "stage:none"}, "until": {"until": "2020-01-01"},
		"file": {"file": []byte("x"), "scope": "step:permit"}} {
		if got := name(0, http.StatusBadRequest, wrong); got.body["field"] != field {
			t.Errorf("%s: %s", field, got.text)
		}
	}
	if got := name(0, http.StatusConflict, object{"scope": "stage:one"}); got.body["rule"] != "agency_one_agent" {
		t.Errorf("%s", got.text)
	}
	day := agent.want(http.StatusOK, "GET", "/api/my/day", nil)
	if len(day.body["tasks"].([]any)) != 2 || at(day.body, "tasks", 0, "next") != "accepted" ||
		at(day.body, "tasks", 0, "when") != "overdue" || at(day.body, "tasks", 0, "papers", 0, "state") != "missing" {
		t.Errorf("%s", day.text)
	}

	photo := func(i, want int, step string, body object) told {
		t.Helper()
		return agent.want(want, "POST", a.paths[i]+"/flow/steps/"+step+"/photo", body)
	}
	photo(0, http.StatusBadRequest, "permit", object{"kind": "done", "file": somePhoto(1)})
	if got := photo(0, http.StatusBadRequest, "permit", object{"kind": "accepted",
		"file": []byte(somePDF)}); got.body["field"] != "file" {
		t.Errorf("%s", got.text)
	}
	if kept := agent.want(http.StatusOK, "GET", a.paths[0]+"/agency", nil); len(kept.body["papers"].([]any)) != 0 {
		t.Errorf("a photo without its note: %s", kept.text)
	}
	photo(0, http.StatusCreated, "permit", object{"kind": "accepted", "file": somePhoto(1)})
	done := photo(0, http.StatusCreated, "permit", object{"kind": "done", "file": somePhoto(2), "document": "Permit 7"})
	if at(done.body, "flow", "steps", 0, "state") != "done" || at(done.body, "flow", "events", 1,
		"document") != "Permit 7" {
		t.Errorf("%s", done.text)
	}
	if got := photo(0, http.StatusBadRequest, "opening", object{"kind": "accepted",
		"file": somePhoto(1)}); got.body["field"] != "step" {
		t.Errorf("beyond the mandate: %s", got.text)
	}
	photo(0, http.StatusNotFound, "none", object{"kind": "accepted", "file": somePhoto(1)})
	// an agent without a planner's role hands in papers, raises problems and makes the link
	agent.want(http.StatusCreated, "POST", a.paths[0]+"/papers", object{"kind": "contract", "file": []byte(somePDF)})
	agent.want(http.StatusCreated, "POST", a.paths[0]+"/problems", object{"words": "w"})
	agent.want(http.StatusCreated, "POST", a.paths[0]+"/firm-link", object{"days": 5})
	agent.want(http.StatusForbidden, "POST", a.paths[0]+"/problems/1/turns", object{"kind": "reopened", "reason": "r"})
	if got := agent.want(http.StatusOK, "GET", "/api/my/day", nil); len(got.body["tasks"].([]any)) != 1 ||
		len(got.body["problems"].([]any)) != 1 {
		t.Errorf("%s", got.text)
	}

	// handed over: the other has the list from then on
	other := a.colleague("other", false, people.ScopeWrite, people.Viewer)
	after := a.planner.want(http.StatusCreated, "POST", a.paths[1]+"/agents/1/end", object{"reason": "leave",
		"successor": other.id})
	if at(after.body, "agents", 0, "account", "id") != other.id.String() || at(after.body, "agents", 0,
		"until") != "2199-12-31" ||
		at(after.body, "agents", 1, "state") != "past" {
		t.Errorf("%s", after.text)
	}
	a.planner.want(http.StatusConflict, "POST", a.paths[1]+"/agents/1/end", object{"reason": "again"})
	if got := other.want(http.StatusOK, "GET", "/api/my/day", nil); len(got.body["tasks"].([]any)) != 1 {
		t.Errorf("%s", got.text)
	}
	agent.want(http.StatusForbidden, "POST", a.paths[1]+"/problems", object{"words": "w"})
	if got := a.planner.want(http.StatusConflict, "POST", a.paths[1]+"/agents", object{"account": uuid.New(),
		"scope": "stage:two", "document": "d"}); got.body["rule"] != "agent_is_a_member" {
		t.Errorf("%s", got.text)
	}
}

// TestOfManyAgentsAtOnceOneIsNamed: of 32 that are named for one scope at once, one is.
func TestOfManyAgentsAtOnceOneIsNamed(t *testing.T) {
	t.Parallel()
	a := newAided(t)
	var made sync.Map
	var all sync.WaitGroup
	for i := range 32 {
		all.Go(func() {
			got := a.planner.do("POST", a.paths[0]+"/agents", object{"account": a.planner.id,
				"document": fmt.Sprint(i)})
			made.Store(i, got.status)
		})
	}
	all.Wait()
	count := map[any]int{}
	made.Range(func(_, status any) bool { count[status]++; return true })
	if count[http.StatusCreated] != 1 || count[http.StatusCreated]+count[http.StatusConflict] != 32 {
		t.Errorf("%v", count)
	}
}

// TestAProblemIsClosedByEvidence: raised by the firm, put to a meeting, given owner and day, closed, reopened;
// nothing out of turn.
func TestAProblemIsClosedByEvidence(t *testing.T) {
	t.Parallel()
	a := newAided(t)
	firm := &colleague{office: a.office, head: http.Header{}}
	link := a.link(0)
	firm.want(http.StatusCreated, "POST", "/api/firm/problems", object{"link": link, "words": "no power",
		"step": "permit",
		"key":  uuid.NewString()})
	turn := func(want int, body object) told {
		t.Helper()
		return a.planner.want(want, "POST", a.paths[0]+"/problems/1/turns", body)
	}
	held := a.planner.want(http.StatusCreated, "POST", "/api/meetings", object{"park": "desk",
		"day": "2026-11-30", "title": "十一月"})
	meeting := at(held.body, "meetings", 0, "id")
	owner, closed := object{"kind": "assigned", "owner": "Power company", "due": "2026-12-15"},
		object{"kind": "closed", "evidence": "Connection note 9", "file": []byte(somePDF)}
	reopened, tabled := object{"kind": "reopened", "reason": "again dark"}, object{"kind": "tabled", "meeting": meeting}
	for _, early := range []object{owner, closed, reopened} {
		if got := turn(http.StatusConflict, early); got.body["rule"] != "problem_turn_follows" {
			t.Errorf("%v: %s", early, got.text)
		}
	}
	turn(http.StatusCreated, tabled)
	if got := turn(http.StatusConflict, tabled); got.body["rule"] != "problem_tabled_once" {
		t.Errorf("%s", got.text)
	}
	turn(http.StatusConflict, closed)
	for field, wrong := range map[string]object{"owner": {"kind": "assigned", "due": "2026-12-15"},
		"due": {"kind": "assigned", "owner": "o"}, "meeting": {"kind": "tabled"}, "evidence": {"kind": "closed"},
		"reason": {"kind": "reopened"}} {
		if got := turn(http.StatusBadRequest, wrong); got.body["field"] != field {
			t.Errorf("%s: %s", field, got.text)
		}
	}
	if got := turn(http.StatusBadRequest, object{"kind": "tabled",
		"meeting": uuid.New()}); got.body["field"] != "meeting" {
		t.Errorf("%s", got.text)
	}
	turn(http.StatusCreated, owner)
	seen := firm.want(http.StatusOK, "POST", "/api/firm/look", object{"link": link})
	if at(seen.body, "problems", 0, "state") != "assigned" || at(seen.body, "problems", 0, "owner") != "Power company" {
		t.Errorf("%s", seen.text)
	}
	turn(http.StatusCreated, closed)
	turn(http.StatusConflict, owner)
	seen = firm.want(http.StatusOK, "POST", "/api/firm/look", object{"link": link})
	if at(seen.body, "problems", 0, "state") != "closed" || at(seen.body, "problems", 0,
		"evidence") != "Connection note 9" ||
		len(seen.body["papers"].([]any)) != 0 {
		t.Errorf("%s", seen.text)
	}
	a.planner.want(http.StatusCreated, "POST", fmt.Sprintf("/api/meetings/%v/minutes", meeting),
		object{"words": "first"})
	all := a.planner.want(http.StatusCreated, "POST", fmt.Sprintf("/api/meetings/%v/minutes", meeting),
		object{"words": "mended"})
	if at(all.body, "meetings", 0, "minutes") != "mended" || at(all.body, "problems", 0, "state") != "closed" {
		t.Errorf("%s", all.text)
	}
	again := turn(http.StatusCreated, reopened)
	if at(again.body, "problems", 0, "state") != "raised" || at(again.body, "problems", 0, "owner") != nil {
		t.Errorf("%s", again.text)
	}
	raw, _ := json.Marshal(again.body)
	if !bytes.Contains(raw, []byte("again dark")) {
		t.Errorf("%s", raw)
	}
}
