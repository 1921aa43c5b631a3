package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"luodi/data/people"
)

// courting is an office with two teams and a planner in each, a leader, a planner of neither team, and an admin.
type courting struct {
	*office
	one, two, leader, other *colleague
	chief                   *colleague // admin of every park
	teams                   [2]string
}

func newCourting(t *testing.T) *courting {
	t.Helper()
	c := &courting{office: newOffice(t, squares(2)...)}
	c.one = c.colleague("one", false, people.ScopeWrite, people.Planner)
	c.two = c.colleague("two", false, people.ScopeWrite, people.Planner)
	c.other = c.colleague("other", false, people.ScopeWrite, people.Planner)
	c.leader = c.colleague("leader", false, people.ScopeRead, people.Leader)
	c.chief = c.admin(people.Grant{Role: people.Admin})
	for i, who := range []*colleague{c.one, c.two} {
		c.teams[i] = c.chief.want(http.StatusCreated, "POST", "/api/teams",
			object{"kind": "promotion", "number": i + 1, "name_zh": "队"}).body["id"].(string)
		c.chief.want(http.StatusOK, "PATCH", "/api/teams/"+c.teams[i], object{"join": []any{who.id}})
	}
	return c
}

// lead makes a company and a project of it, and gives their addresses.
func (c *courting) lead(who *colleague, firm string, more object) (party, project string) {
	c.t.Helper()
	facts := object{"name_zh": firm}
	for k, v := range more {
		facts[k] = v
	}
	made := who.want(http.StatusCreated, "POST", "/api/parties", facts).body["id"]
	project = who.want(http.StatusCreated, "POST", "/api/projects", object{"code": uuid.NewString(), "name_zh": firm + "项目",
		"party": made, "chain_stage": "fibre", "requirement": object{"area_mu": object{"min": 1}}}).body["id"].(string)
	return fmt.Sprint("/api/parties/", made), "/api/projects/" + project
}

func (c *courting) first(who *colleague, want int, project, team string) told {
	c.t.Helper()
	return who.want(want, "POST", project+"/first-contact", object{"team": team, "made_on": "2026-05-01"})
}

// TestATeamsMembersComeAndGo renames a placeholder and lets an account join and leave; who left is still shown.
func TestATeamsMembersComeAndGo(t *testing.T) {
	t.Parallel()
	c := newCourting(t)
	team := "/api/teams/" + c.teams[0]
	if got := c.chief.want(http.StatusConflict, "POST", "/api/teams", object{"kind": "promotion", "number": 1,
		"name_zh": "又一队"}); got.body["rule"] != "team_has_a_number" {
		t.Errorf("%s", got.text)
	}
	c.chief.want(http.StatusNotFound, "PATCH", team, object{"join": []any{uuid.New()}})
	c.chief.want(http.StatusNotFound, "PATCH", "/api/teams/"+uuid.NewString(), object{"name_zh": "x"})
	c.chief.want(http.StatusOK, "PATCH", team, object{"join": []any{c.one.id}}) // who is a member stays one
	got := c.chief.want(http.StatusOK, "PATCH", team, object{"name_zh": "新材料队", "leave": []any{c.one.id}})
	if at(got.body, "name_en") != "新材料队" || len(got.body["members"].([]any)) != 1 ||
		at(got.body, "members", 0, "until") == nil {
		t.Errorf("%s", got.text)
	}
	_, project := c.lead(c.one, "甲", nil)
	if got := c.first(c.one, http.StatusBadRequest, project, c.teams[0]); got.body["field"] != "team" {
		t.Errorf("%s", got.text)
	}
	list := c.other.want(http.StatusOK, "GET", "/api/teams", nil)
	if len(list.body["teams"].([]any)) != 2 || at(list.body, "teams", 1, "members", 0, "name") != "Name of two" {
		t.Errorf("%s", list.text)
	}
}

// TestAFirmIsCourtedByOneTeam: by its code where that is known, and by its name however it is written, whichever park
// entered it. The refusal names the team and the day, and nothing of the project.
func TestAFirmIsCourtedByOneTeam(t *testing.T) {
	t.Parallel()
	c := newCourting(t)
	_, project := c.lead(c.one, "威海ABC（临港）新材料有限公司", object{"credit_code": creditCode})
	c.first(c.one, http.StatusCreated, project, c.teams[0])
	if got := c.first(c.one, http.StatusConflict, project, c.teams[0]); !strings.HasPrefix(fmt.Sprint(got.body["rule"]),
		"first_contact_") {
		t.Errorf("%s", got.text)
	}
	far := c.newPark("far-off")
	there := c.colleagueIn(far, "there")
	c.chief.want(http.StatusOK, "PATCH", "/api/teams/"+c.teams[1], object{"join": []any{there.id}})
	for firm, code := range map[string]any{"威海ａｂｃ(临港)新材料 股份有限公司": nil, "威海abc临港新材料集团有限责任公司": nil,
		"别名公司": creditCode} {
		more := object{}
		if code != nil {
			more["credit_code"] = code
		}
		_, other := c.lead(there, firm, more)
		got := c.first(there, http.StatusConflict, other, c.teams[1])
		if !strings.Contains(got.text, "2026-05-01") || !strings.Contains(got.text, "team 1") ||
			strings.Contains(got.text, "项目") || strings.Contains(got.text, "临港") {
			t.Errorf("%s: %s", firm, got.text)
		}
	}
	_, brought := c.lead(c.one, "只是来找地公司", nil)
	c.chief.want(http.StatusOK, "PATCH", brought, object{"seeks": []any{"far-off"}}, "If-Match", `"1"`)
	there.want(http.StatusOK, "GET", brought, nil)
	if got := c.first(there, http.StatusBadRequest, brought, c.teams[1]); got.body["field"] != "id" {
		t.Errorf("a park that is only sought hides a project from the one that brought it: %s", got.text)
	}
	_, none := c.lead(there, "威海ABD新材料有限公司", nil)
	c.first(there, http.StatusCreated, none, c.teams[1])
	c.one.want(http.StatusBadRequest, "POST", project+"/first-contact/release", object{})
	freed := c.one.want(http.StatusCreated, "POST", project+"/first-contact/release", object{"reason": "went elsewhere"})
	if at(freed.body, "first_contacts", 0, "release_reason") != "went elsewhere" {
		t.Errorf("%s", freed.text)
	}
	c.one.want(http.StatusNotFound, "POST", project+"/first-contact/release", object{"reason": "again"})
	_, next := c.lead(there, "威海ABC临港新材料", nil)
	c.first(there, http.StatusCreated, next, c.teams[1])
	if _, err := c.db.Planner.Exec(t.Context(), `UPDATE first_contact SET release_reason = 'x'
		WHERE released_at IS NOT NULL`); err == nil || !strings.Contains(err.Error(), "was released") {
		t.Errorf("what was released is released anew: %v", err)
	}
}

// TestTwoTeamsRaceForAFirm has 32 at once; exactly one registers.
func TestTwoTeamsRaceForAFirm(t *testing.T) {
	t.Parallel()
	c := newCourting(t)
	projects := make([]string, 32)
	for i := range projects {
		spaced := "竞" + strings.Repeat(" ", i+1) + "速有限公司"
		var id uuid.UUID
		if err := c.db.Owner.QueryRow(t.Context(), `WITH p AS (INSERT INTO party (district_id, party_id, name_zh, park_id)
			SELECT district_id, gen_random_uuid(), $1, park_id FROM park WHERE park_id = $2 RETURNING *),
			j AS (INSERT INTO project (district_id, project_id, code, party_id, park_id)
			SELECT district_id, gen_random_uuid(), md5($1), party_id, park_id FROM p RETURNING *)
			INSERT INTO project_version (district_id, project_id, revision, name_zh) SELECT district_id, project_id, 1, 'n' FROM j
			RETURNING project_id`, spaced, c.parkID).Scan(&id); err != nil {
			t.Fatal(err)
		}
		projects[i] = "/api/projects/" + id.String()
	}
	var start, done sync.WaitGroup
	start.Add(1)
	statuses := make([]int, len(projects))
	for i, project := range projects {
		done.Go(func() {
			who := []*colleague{c.one, c.two}[i%2]
			start.Wait()
			statuses[i] = who.do("POST", project+"/first-contact", object{"team": c.teams[i%2], "made_on": "2026-05-01"}).status
		})
	}
	start.Done()
	done.Wait()
	won := 0
	for _, status := range statuses {
		switch status {
		case http.StatusCreated:
			won++
		case http.StatusConflict:
		default:
			t.Errorf("answered %d", status)
		}
	}
	if won != 1 || c.count(`SELECT count(*) FROM first_contact WHERE released_at IS NULL`) != 1 {
		t.Errorf("%d won", won)
	}
}

// TestALeadIsForItsTeamAndTheLeaders looks for an unsigned lead everywhere that a project may be told of.
func TestALeadIsForItsTeamAndTheLeaders(t *testing.T) {
	t.Parallel()
	c := newCourting(t)
	const secret = "密洽"
	party, project := c.lead(c.one, secret, nil)
	c.one.want(http.StatusCreated, "POST", project+"/milestones", milestone("in_talks", "2026-05-01", nil))
	id := strings.TrimPrefix(project, "/api/projects/")
	if _, err := c.db.Owner.Exec(t.Context(), `INSERT INTO enquiry (park_id, enquiry_id, receipt, hash, lang, name,
		organisation, phone, places, erase_at, district_id, project_id) SELECT k.park_id, $2, 'AAAA-AAAA', sha256('e'), 'en',
		'n', $3, '1', '[]', now() + interval '1 day', district_id, $1 FROM park k WHERE park_id = $4`, id, newID(t), secret,
		c.parkID); err != nil {
		t.Fatal(err)
	}
	enquiry := "/api/parks/desk/enquiries/" + fmt.Sprint(c.texts(`SELECT enquiry_id::text FROM enquiry`)[0])
	sees := func(who *colleague, want bool, all bool) {
		t.Helper()
		for _, path := range []string{"/api/projects", "/api/parties", "/api/parks/desk/parcels/" + c.parcels[1].String() + "/projects",
			"/api/parks/desk/enquiries", "/api/parks/desk/desk.geojson", "/api/search?q=" + secret, "/api/parks/desk/allotments",
			"/api/parks/desk/records", "/api/matches", "/api/teams"} {
			if strings.HasSuffix(path, "/enquiries") && !all {
				continue // not for who only looks
			}
			got := who.want(http.StatusOK, "GET", path, nil)
			told := strings.Contains(got.text, secret) || strings.Contains(got.text, id)
			if told && !want || !told && want && (path == "/api/projects" || path == "/api/parties") {
				t.Errorf("%s tells it %s: %v", path, who.id, told)
			}
		}
		status := map[bool]int{true: http.StatusOK, false: http.StatusNotFound}[want]
		for _, path := range []string{project, project + "/investments", project + "/visits", party} {
			who.want(status, "GET", path, nil)
		}
		if !all {
			return
		}
		who.want(status, "GET", party+"/contacts", nil)
		who.want(status, "GET", enquiry, nil)
		if want {
			return
		}
		for path, body := range map[string]object{"/milestones": milestone("to_sign", "2026-06-01", nil),
			"/turns": {"turn": "lost", "since": "2026-06-01", "reason": "r"}, "/tags": {"tag": "signing_key", "from": "2026-01-01"},
			"/investments":           {"until": "2026-06-30", "paid_cny": 1, "evidence": "e"},
			"/visits":                {"visited_on": "2026-05-02", "note": "n"},
			"/first-contact":         {"team": c.teams[1], "made_on": "2026-05-02"},
			"/first-contact/release": {"reason": "r"}} {
			who.want(http.StatusNotFound, "POST", project+path, body)
		}
		who.want(http.StatusNotFound, "PATCH", project, object{"investment_cny": 5}, "If-Match", `"1"`)
		who.want(http.StatusNotFound, "PATCH", party, object{"named": true}, "If-Match", `"1"`)
		who.want(http.StatusNotFound, "POST", "/api/projects", object{"code": uuid.NewString(), "name_zh": "x",
			"party": strings.TrimPrefix(party, "/api/parties/")})
		held := c.hold(c.parcels[0])
		held["project"] = id
		who.want(http.StatusNotFound, "POST", records, held)
	}
	everyone := func(want bool) {
		t.Helper()
		sees(c.one, true, true)
		sees(c.chief, true, true)
		sees(c.leader, true, false)
		sees(c.two, want, true)
		sees(c.other, want, true)
	}
	everyone(true)
	c.first(c.one, http.StatusCreated, project, c.teams[0])
	everyone(false)
	away := c.colleagueIn(c.newPark("far-off"), "away") // a leader elsewhere is none here
	if _, err := c.db.Owner.Exec(t.Context(), `INSERT INTO membership (account_id, park_id, role)
		SELECT $1, park_id, 'leader' FROM park WHERE code = 'far-off'`, away.id); err != nil {
		t.Fatal(err)
	}
	if _, err := c.db.Owner.Exec(t.Context(), `INSERT INTO membership (account_id, park_id, role)
		VALUES ($1, $2, 'planner')`, away.id, c.parkID); err != nil {
		t.Fatal(err)
	}
	away.want(http.StatusNotFound, "GET", project, nil)

	c.one.want(http.StatusCreated, "POST", project+"/milestones", milestone("signed", "2026-06-01", nil))
	c.two.want(http.StatusOK, "GET", project, nil)
	// who is outside the team may withdraw a false signing, by which the project is a lead again
	c.two.want(http.StatusCreated, "POST", project+"/milestones", milestone("signed", "2026-06-01",
		object{"corrects": true, "withdrawn": true, "reason": "r"}))
	c.two.want(http.StatusNotFound, "GET", project, nil)
	c.chief.want(http.StatusOK, "PATCH", "/api/teams/"+c.teams[0], object{"join": []any{c.two.id}})
	c.two.want(http.StatusOK, "GET", project, nil)
	c.chief.want(http.StatusOK, "PATCH", "/api/teams/"+c.teams[0], object{"leave": []any{c.two.id}})
	c.two.want(http.StatusNotFound, "GET", project, nil)
	hold := c.hold(c.parcels[0])
	hold["project"] = id
	held := c.one.want(http.StatusCreated, "POST", records, hold)
	c.two.want(http.StatusOK, "GET", project, nil) // who has land is known to the park
	c.one.want(http.StatusCreated, "POST", records, object{"kind": "take_back", "reason": "r", "allotment": object{
		"id": at(held.body, "allotment", "id"), "version": at(held.body, "allotment", "version")}})
	c.two.want(http.StatusOK, "GET", project, nil) // records tell of what once had land
	c.one.want(http.StatusCreated, "POST", project+"/first-contact/release", object{"reason": "r"})
	everyone(true)
}

// newPark makes another park of the district.
func (c *courting) newPark(code string) string {
	c.t.Helper()
	if _, err := c.db.Owner.Exec(c.t.Context(), `INSERT INTO park (park_id, district_id, code, name_zh, name_en, survey_crs,
		geom) SELECT gen_random_uuid(), district_id, $2, '远园', 'Far', 4550,
		ST_Multi(ST_MakeEnvelope(123.04, 38.24, 123.05, 38.25, 4490)) FROM park WHERE park_id = $1`, c.parkID, code); err != nil {
		c.t.Fatal(err)
	}
	return code
}
