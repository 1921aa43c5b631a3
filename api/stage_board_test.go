package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"luodi/data/store/storetest"
)

// column is a column of a board.
func column(t *testing.T, board told, name string) object {
	t.Helper()
	for _, one := range board.body["columns"].([]any) {
		if one := one.(object); one["column"] == name {
			return one
		}
	}
	t.Fatalf("no column %s: %s", name, board.text)
	return nil
}

// TestTheBoardCountsByStage: a project stands at the furthest stage it reached, those paused or lost apart, and what is
// due first comes first; a column is cut to its first cards, not its count.
func TestTheBoardCountsByStage(t *testing.T) {
	t.Parallel()
	c := newCourting(t)
	make := func(firm string, day string) string {
		_, project := c.lead(c.one, firm, nil)
		c.one.want(http.StatusCreated, "POST", project+"/milestones", milestone("in_talks", day, nil))
		return project
	}
	a, b, lost := make("甲", "2026-05-01"), make("乙", "2026-05-02"), make("丙", "2026-05-03")
	c.one.want(http.StatusCreated, "POST", lost+"/turns", object{"turn": "lost", "since": "2026-05-09", "reason": "r"})
	c.one.want(http.StatusCreated, "POST", b+"/visits", object{"visited_on": "2026-05-02", "note": "n",
		"next_step": "送方案",
		"due":       "2026-05-09"})
	c.first(c.one, http.StatusCreated, b, c.teams[0])
	board := c.one.want(http.StatusOK, "GET", "/api/board?cards=1", nil)
	talks := column(t, board, "in_talks")
	card := at(talks, "cards", 0)
	since, _ := time.Parse(time.DateOnly, "2026-05-02")
	if talks["projects"] != 2.0 || len(talks["cards"].([]any)) != 1 || "/api/projects/"+at(card, "id").(string) != b ||
		at(card, "next_step") != "送方案" || at(card, "overdue") != true || at(card, "team", "id") != c.teams[0] ||
		at(card, "days").(float64) < time.Since(since).Hours()/24-2 {
		t.Errorf("in talks: %v", talks)
	}
	if got := column(t, board, "lost"); got["projects"] != 1.0 || at(got, "cards", 0, "since") != "2026-05-09" {
		t.Errorf("lost: %v", got)
	}
	if got := column(t, board, "none"); got["projects"] != 1.0 { // the office's own
		t.Errorf("without a stage: %v", got)
	}
	hidden := c.two.want(http.StatusOK, "GET", "/api/board", nil)
	if got := column(t, hidden, "in_talks"); got["projects"] != 1.0 || "/api/projects/"+at(got, "cards", 0,
		"id").(string) != a {
		t.Errorf("another team's lead is told: %s", hidden.text)
	}
	if got := c.one.want(http.StatusOK, "GET", "/api/board?park=desk", nil); column(t, got,
		"in_talks")["projects"] != 2.0 {
		t.Errorf("%s", got.text)
	}
	c.one.want(http.StatusNotFound, "GET", "/api/board?park=nowhere", nil)
}

// TestProjectsAreFoundByWords: each word in the code, a name or the company's; a name that begins so first; no lead of
// another team.
func TestProjectsAreFoundByWords(t *testing.T) {
	t.Parallel()
	c := newCourting(t)
	c.lead(c.one, "海川新材料", nil)
	_, lead := c.lead(c.one, "新材料一", nil)
	c.first(c.one, http.StatusCreated, lead, c.teams[0])
	names := func(who *colleague, words string) (all []string) {
		t.Helper()
		got := who.want(http.StatusOK, "GET", "/api/project-names?words="+words, nil)
		for _, one := range got.body["projects"].([]any) {
			all = append(all, one.(object)["name_zh"].(string))
		}
		return all
	}
	for words, want := range map[string]string{"新材料": "新材料一项目 海川新材料项目",
		"新材料%20海川": "海川新材料项目", "新材料%20x": "",
		"%25": ""} {
		if got := strings.Join(names(c.one, words), " "); got != want {
			t.Errorf("%s: %s, want %s", words, got, want)
		}
	}
	if got := strings.Join(names(c.two, "新材料"), " "); got != "海川新材料项目" {
		t.Errorf("another team's lead is found: %s", got)
	}
	if got := c.one.want(http.StatusOK, "GET", "/api/project-names?limit=1",
		nil); len(got.body["projects"].([]any)) != 1 {
		t.Errorf("%s", got.text)
	}
}

// TestTheWeeksSheet: what moved within the week by its days, what did not move for longer than asked, who owes what as
// of the week's end, and nothing of another team's lead.
func TestTheWeeksSheet(t *testing.T) {
	t.Parallel()
	c := newCourting(t)
	_, lead := c.lead(c.one, "甲", nil)
	_, still := c.lead(c.one, "乙", nil)
	c.one.want(http.StatusCreated, "POST", lead+"/milestones", milestone("in_talks", "2026-05-04", nil))    // Monday of W19
	c.one.want(http.StatusCreated, "POST", still+"/milestones", milestone("in_talks", "2026-03-01", nil))   // W09
	c.one.want(http.StatusCreated, "POST", lead+"/visits", object{"visited_on": "2026-05-10", "note": "看地", // Sunday
		"next_step": "送方案", "due": "2026-05-12"})
	c.one.want(http.StatusCreated, "POST", lead+"/visits", object{"visited_on": "2026-05-11", "note": "下周",
		"next_step": "再约"})
	c.first(c.one, http.StatusCreated, lead, c.teams[0])
	sheet := c.one.want(http.StatusOK, "GET", "/api/dispatch?park=desk&week=2026-W19", nil)
	if sheet.body["from"] != "2026-05-04" || sheet.body["on"] != "2026-05-10" || at(sheet.body, "moved",
		"all") != 2.0 ||
		at(sheet.body, "moved", "entries", 0, "kind") != "milestone" || at(sheet.body, "moved", "entries", 1,
		"what") != "看地" {
		t.Errorf("moved: %s", sheet.text)
	}
	if at(sheet.body, "stuck", "all") != 1.0 || at(sheet.body, "stuck", "entries", 0, "days") != 70.0 ||
		at(sheet.body, "stuck", "entries", 0, "last") != "2026-03-01" {
		t.Errorf("stuck: %s", sheet.text)
	}
	if at(sheet.body, "owed", "all") != 1.0 || at(sheet.body, "owed", "overdue") != 0.0 ||
		at(sheet.body, "owed", "entries", 0, "team", "id") != c.teams[0] {
		t.Errorf("owed: %s", sheet.text)
	}
	next := c.one.want(http.StatusOK, "GET", "/api/dispatch?week=2026-W20&still=100", nil)
	if at(next.body, "moved", "all") != 1.0 || at(next.body, "stuck", "all") != 0.0 || at(next.body, "owed",
		"all") != 2.0 ||
		at(next.body, "owed", "overdue") != 1.0 || at(next.body, "owed", "entries", 0, "overdue") != true {
		t.Errorf("the week after: %s", next.text)
	}
	other := c.two.want(http.StatusOK, "GET", "/api/dispatch?week=2026-W19", nil)
	if at(other.body, "moved", "all") != 0.0 || at(other.body, "owed",
		"all") != 0.0 || strings.Contains(other.text, "甲") {
		t.Errorf("another team's lead is told: %s", other.text)
	}
	p, q := c.parcels[0], c.parcels[1]
	c.one.want(http.StatusCreated, "POST", "/api/parks/desk/records", c.hold(p, q))
	now := c.one.want(http.StatusOK, "GET", "/api/dispatch?park=desk", nil)
	if at(now.body, "moved", "all") != 1.0 || at(now.body, "moved", "entries", 0, "kind") != "right" ||
		at(now.body, "moved", "entries", 0, "what") != "hold" {
		t.Errorf("this week: %s", now.text)
	}
	for _, week := range []string{"2026-W54", "2025-W53", "2026-w19", "2999-W01", "2026-W00", "19"} {
		if got := c.one.want(http.StatusBadRequest, "GET", "/api/dispatch?week="+week,
			nil); got.body["field"] != "week" {
			t.Errorf("%s: %s", week, got.text)
		}
	}
}

// TestTheBoardTellsPlaceAgentAndWhatHoldsUp: of the sample's project whose approvals run it tells the plot, the agent of
// the mandate, and the problem that is due first; a project without land has no place.
func TestTheBoardTellsPlaceAgentAndWhatHoldsUp(t *testing.T) {
	t.Parallel()
	o := &office{house: withSample(t), t: t}
	who := o.districtViewer("wei")
	board := who.want(http.StatusOK, "GET", "/api/board?cards=2000&park=carbon-fibre", nil)
	card := func(in, code string) any {
		t.Helper()
		for _, card := range column(t, board, in)["cards"].([]any) {
			if at(card, "code") == code {
				return card
			}
		}
		t.Fatalf("no card %s in %s", code, in)
		return nil
	}
	running := card("signed", "JA-01")
	if at(running, "places", 0, "park") != "carbon-fibre" || at(running, "places", 0, "parcels", 0) != "TX-M04" {
		t.Errorf("places: %v", running)
	}
	if !strings.Contains(at(running, "agent", "name").(string), "Agent 01") || at(running, "stuck", "kind") != "problem" ||
		!strings.Contains(at(running, "stuck", "owner").(string), "Energy review desk") {
		t.Errorf("agent and what holds it up: %v", running)
	}
	if got := at(card("landed", "F-GUOYAO"), "places").([]any); len(got) != 0 {
		t.Errorf("a place of a project without land: %v", got)
	}
	storetest.Alter(t, o.db, `UPDATE project_problem SET state = 'closed'`)
	board = who.want(http.StatusOK, "GET", "/api/board?cards=2000&park=carbon-fibre", nil)
	if got := at(card("signed", "JA-01"), "stuck"); at(got, "kind") != "step" || at(got, "what_en") == "energy" {
		t.Errorf("without a problem: %v", got)
	}
	// the one let unit of the sample's workshops is a place, of a project without land beside it
	if got := at(card("started", "PK-05"), "places", 0, "parcels").([]any); len(got) != 1 {
		t.Errorf("a workshop that is rented: %v", got)
	}
}
