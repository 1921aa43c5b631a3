package api_test

import (
	"fmt"
	"net/http"
	"testing"
)

// figure is what is told of a team, quarter ("-" where none is known) and measure: target and actual.
func (c *courting) figure(who *colleague, team, quarter, measure string) string {
	c.t.Helper()
	got := who.want(http.StatusOK, "GET", "/api/team-figures?year=2026", nil)
	for _, one := range got.body["figures"].([]any) {
		q := "-"
		if n := at(one, "quarter"); n != nil {
			q = fmt.Sprint(n)
		}
		if at(one, "team") == team && q == quarter && at(one, "measure") == measure {
			return fmt.Sprint(at(one, "target"), " ", at(one, "actual"))
		}
	}
	return "none"
}

func (c *courting) target(want int, team string, more object) told {
	c.t.Helper()
	body := object{"year": 2026, "quarter": 2, "measure": "signed", "amount": 3, "source": "plan"}
	for k, v := range more {
		body[k] = v
	}
	return c.chief.want(want, "POST", "/api/teams/"+team+"/targets", body)
}

// TestATargetIsNotedOnceAndCorrected: a team's target of a quarter has its lineage; the last note counts.
func TestATargetIsNotedOnceAndCorrected(t *testing.T) {
	t.Parallel()
	c := newCourting(t)
	team := c.teams[0]
	if got := c.figure(c.one, team, "2", "signed"); got != "<nil> 0" {
		t.Errorf("without a target: %s", got)
	}
	c.target(http.StatusCreated, team, nil)
	if got := c.target(http.StatusConflict, team, nil); got.body["rule"] != "team_target_is_new" {
		t.Errorf("%s", got.text)
	}
	if got := c.target(http.StatusConflict, team, object{"quarter": 3, "corrects": true, "reason": "r"}); got.body["rule"] !=
		"team_target_is_there" {
		t.Errorf("%s", got.text)
	}
	for field, more := range map[string]object{"amount": {"quarter": 3, "amount": 2.5}, "reason": {"corrects": true},
		"corrects": {"withdrawn": true}, "measure": {"measure": "money"}, "quarter": {"quarter": 5}} {
		if got := c.target(http.StatusBadRequest, team, more); got.body["field"] != field {
			t.Errorf("%s: %s", field, got.text)
		}
	}
	c.target(http.StatusCreated, team, object{"measure": "signed_cny", "amount": 2.5})
	all := c.target(http.StatusCreated, team, object{"amount": 5, "corrects": true, "reason": "raised"})
	if at(all.body, "targets", 0, "amount") != 5.0 || at(all.body, "targets", 0, "counts") != true ||
		at(all.body, "targets", 1, "amount") != 3.0 || at(all.body, "targets", 1, "counts") != false {
		t.Errorf("%s", all.text)
	}
	if got := c.figure(c.two, team, "2", "signed"); got != "5 0" {
		t.Errorf("corrected: %s", got)
	}
	c.target(http.StatusCreated, team, object{"corrects": true, "withdrawn": true, "reason": "r"})
	if got := c.figure(c.two, team, "2", "signed"); got != "<nil> 0" {
		t.Errorf("withdrawn: %s", got)
	}
	c.target(http.StatusCreated, team, object{"amount": 7})
	if _, err := c.db.Planner.Exec(t.Context(), `INSERT INTO team_target (district_id, team_id, year, quarter, measure, amount,
		source, noted_by) SELECT district_id, team_id, 2026, 1, 'leads', 1.5, 's', $2 FROM team WHERE team_id = $1`, team,
		c.chief.id); err == nil {
		t.Error("the database takes half a lead")
	}
}

// TestATallyTellsNothingOfHiddenLeads: what a team reached is counted from the milestones of projects that one sees; of
// another team's leads and talks nothing is told, and a signed project counts for all.
func TestATallyTellsNothingOfHiddenLeads(t *testing.T) {
	t.Parallel()
	c := newCourting(t)
	team := c.teams[0]
	_, project := c.lead(c.one, "密洽", nil)
	c.one.want(http.StatusCreated, "POST", project+"/milestones", milestone("lead", "2026-03-31", nil)) // before the contact
	c.first(c.one, http.StatusCreated, project, team)
	c.one.want(http.StatusCreated, "POST", project+"/milestones", milestone("in_talks", "2026-05-02", nil))
	want := func(when string, who *colleague, quarter, measure, figure string) {
		t.Helper()
		if got := c.figure(who, team, quarter, measure); got != figure {
			t.Errorf("%s: %s of quarter %s: %s, want %s", when, measure, quarter, got, figure)
		}
	}
	want("own", c.one, "1", "leads", "<nil> 1")
	want("own", c.one, "2", "talks", "<nil> 1")
	want("own", c.one, "2", "leads", "<nil> 0")
	want("own", c.one, "2", "signed", "<nil> 0")
	want("own", c.one, "2", "signed_cny", "<nil> <nil>")
	want("leader", c.leader, "2", "talks", "<nil> 1")
	c.newPark("far-off")
	want("leader of one park of two", c.leader, "2", "talks", "<nil> <nil>")
	want("admin", c.chief, "2", "talks", "<nil> 1")
	for _, who := range []*colleague{c.two, c.other} {
		want("another", who, "1", "leads", "<nil> <nil>")
		want("another", who, "2", "talks", "<nil> <nil>")
		want("another", who, "2", "signed", "<nil> 0")
		rows := who.want(http.StatusOK, "GET", "/api/teams/"+team+"/figures/projects?year=2026&quarter=2&measure=talks", nil)
		if len(rows.body["projects"].([]any)) != 0 {
			t.Errorf("%s", rows.text)
		}
	}
	rows := c.one.want(http.StatusOK, "GET", "/api/teams/"+team+"/figures/projects?year=2026&quarter=2&measure=talks", nil)
	if at(rows.body, "projects", 0, "project", "name_zh") != "密洽项目" || at(rows.body, "projects", 0, "cny") != nil {
		t.Errorf("%s", rows.text)
	}

	c.one.want(http.StatusOK, "PATCH", project, object{"investment_cny": 5e7}, "If-Match", `"1"`)
	c.one.want(http.StatusCreated, "POST", project+"/milestones", milestone("signed", "2026-07-01", nil))
	want("signed", c.two, "3", "signed", "<nil> 1")
	want("signed", c.two, "3", "signed_cny", "<nil> 5e+07")
	want("signed", c.two, "2", "signed", "<nil> 0")
	want("signed", c.two, "2", "talks", "<nil> <nil>")
	c.one.want(http.StatusCreated, "POST", project+"/milestones", milestone("signed", "2026-07-01",
		object{"corrects": true, "reason": "r", "precision": "year"}))
	want("only the year", c.two, "3", "signed", "<nil> 0")
	want("only the year", c.two, "-", "signed", "<nil> 1")
	c.one.want(http.StatusCreated, "POST", project+"/milestones", milestone("signed", "2026-07-01",
		object{"corrects": true, "withdrawn": true, "reason": "r"}))
	want("withdrawn", c.two, "-", "signed", "none")

	c.chief.want(http.StatusOK, "PATCH", "/api/teams/"+team, object{"leave": []any{c.one.id}})
	want("who left", c.one, "2", "talks", "<nil> <nil>")
	soon := c.chief.want(http.StatusOK, "GET", "/api/team-figures?year=2100", nil)
	for _, one := range soon.body["figures"].([]any) {
		if at(one, "actual") != nil {
			t.Errorf("of a quarter to come: %v", one)
		}
	}
}
