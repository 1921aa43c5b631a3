package api_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"luodi/data/people"
)

// shortChain is fibre → prepreg → parts, with resin beside it.
const shortChain = `{"code":"short","name_zh":"短链","name_en":"Short","edition":"1","source":"a test","nodes":[
 {"code":"fibre","name_zh":"碳丝","name_en":"fibre","stage":1},{"code":"prepreg","name_zh":"预浸料","name_en":"prepreg","stage":2},
 {"code":"parts","name_zh":"制品","name_en":"parts","stage":3},{"code":"resin","name_zh":"树脂","name_en":"resin","stage":-1}],
 "links":[{"from":"fibre","to":"prepreg","weight":0.9},{"from":"prepreg","to":"parts","weight":0.8}]}`

const pieces, targets = "/api/parks/desk/promotion/pieces/", "/api/parks/desk/promotion/targets/"

// promoting is an office with teams, a chain, and a task force of three experts that is in charge of it.
type promoting struct {
	*courting
	force   string
	experts [3]string // professor, entrepreneur, official
	sage    *colleague
}

func newPromoting(t *testing.T) *promoting {
	t.Helper()
	c := &promoting{courting: newCourting(t)}
	c.plantChain()
	c.leader = c.colleague("leads", false, people.ScopeWrite, people.Leader)
	c.force = c.chief.want(http.StatusCreated, "POST", "/api/teams",
		object{"kind": "task_force", "number": 1, "name_zh": "新材料专班"}).body["id"].(string)
	c.sage = c.colleague("sage", false, people.ScopeWrite)
	for i, voice := range []string{"professor", "entrepreneur", "official"} {
		expert := object{"name": voice, "voice": voice}
		if i == 0 {
			expert["account"] = c.sage.id
		}
		got := c.chief.want(http.StatusCreated, "POST", "/api/teams/"+c.force+"/experts", expert)
		c.experts[i] = at(got.body, "experts", i, "id").(string)
	}
	c.charge(http.StatusCreated, object{"industries": []any{"short"}})
	return c
}

func (o *office) plantChain() {
	o.t.Helper()
	if _, err := o.db.Owner.Exec(o.t.Context(), `INSERT INTO chain (district_id, code, revision, edition, body)
		SELECT district_id, 'short', 1, '1', $2 FROM park WHERE park_id = $1`, o.parkID, shortChain); err != nil {
		o.t.Fatal(err)
	}
}

func (c *promoting) charge(want int, body object) told {
	c.t.Helper()
	return c.chief.want(want, "POST", "/api/teams/"+c.force+"/charge", body)
}

func (c *promoting) judge(want int, who *colleague, expert, node, verdict string) told {
	c.t.Helper()
	return who.want(want, "POST", pieces+node+"/judgements", object{"expert": expert, "verdict": verdict, "why": "w",
		"on": "2026-05-01"})
}

// rule refuses by one, or it is an error.
func (c *promoting) rule(got told, rule string) {
	c.t.Helper()
	if got.body["rule"] != rule {
		c.t.Errorf("want %s: %s", rule, got.text)
	}
}

// TestThreeVoicesStandApart: experts of one task force disagree on a piece, which is told; a later judgement of an
// expert takes the place of the one before, which is kept.
func TestThreeVoicesStandApart(t *testing.T) {
	t.Parallel()
	c := newPromoting(t)
	c.judge(http.StatusCreated, c.one, c.experts[0], "prepreg", "needed")
	c.judge(http.StatusCreated, c.one, c.experts[1], "prepreg", "not_needed")
	got := c.judge(http.StatusCreated, c.one, c.experts[2], "prepreg", "helpful")
	if len(got.body["judgements"].([]any)) != 3 || at(got.body, "judgements", 0, "expert", "voice") != "professor" {
		t.Errorf("%s", got.text)
	}
	piece := c.other.want(http.StatusOK, "GET", pieces+"prepreg", nil)
	if at(piece.body, "sum", "disputed") != true || at(piece.body, "sum", "voices", 1, "not_needed") != 1.0 {
		t.Errorf("%s", piece.text)
	}
	for _, expert := range c.experts[1:] {
		got = c.judge(http.StatusCreated, c.one, expert, "prepreg", "needed")
	}
	if len(got.body["judgements"].([]any)) != 3 || len(got.body["former_judgements"].([]any)) != 2 {
		t.Errorf("%s", got.text)
	}
	piece = c.other.want(http.StatusOK, "GET", pieces+"prepreg", nil)
	if at(piece.body, "sum", "disputed") != false || at(piece.body, "sum", "voices", 1, "needed") != 1.0 {
		t.Errorf("%s", piece.text)
	}
	c.judge(http.StatusNotFound, c.one, c.experts[0], "nothing", "needed")
	c.judge(http.StatusNotFound, c.one, uuid.NewString(), "prepreg", "needed")
	c.chief.want(http.StatusCreated, "POST", "/api/teams/"+c.force+"/experts/"+c.experts[2]+"/leave", nil)
	c.rule(c.judge(http.StatusConflict, c.one, c.experts[2], "prepreg", "needed"), "expert_has_left")
	c.rule(c.charge(http.StatusConflict, object{"industries": []any{"unknown"}}), "charge_is_of_chains")
	c.rule(c.charge(http.StatusConflict, object{"industries": []any{}, "leader": c.one.id}), "leader_is_a_member")
	c.charge(http.StatusCreated, object{"industries": []any{}})
	c.rule(c.judge(http.StatusConflict, c.one, c.experts[0], "prepreg", "needed"), "judged_by_who_is_in_charge")
	c.rule(c.chief.want(http.StatusConflict, "POST", "/api/teams/"+c.teams[0]+"/experts",
		object{"name": "n", "voice": "official"}), "experts_of_task_forces")
}

// TestAnExpertSeesWhatItJudges: an account that is an expert, and has no role in any park, sees the pieces of its task
// force's chains and judges them, and nothing else.
func TestAnExpertSeesWhatItJudges(t *testing.T) {
	t.Parallel()
	c := newPromoting(t)
	c.one.want(http.StatusCreated, "POST", pieces+"prepreg/targets", object{"team": c.teams[0], "name": "密寻公司",
		"place": "深圳", "source": "s"})
	list := c.sage.want(http.StatusOK, "GET", "/api/judging", nil)
	if len(list.body["judging"].([]any)) != 4 || strings.Contains(list.text, "密寻") {
		t.Errorf("%s", list.text)
	}
	said := object{"chain": "short", "node": "resin", "expert": c.experts[0], "verdict": "needed", "why": "w",
		"on": "2026-05-01"}
	got := c.sage.want(http.StatusCreated, "POST", "/api/judging", said)
	if at(got.body, "judging", 3, "verdict") != "needed" {
		t.Errorf("%s", got.text)
	}
	said["expert"] = c.experts[1] // another's
	c.sage.want(http.StatusNotFound, "POST", "/api/judging", said)
	if none := c.other.want(http.StatusOK, "GET", "/api/judging", nil); len(none.body["judging"].([]any)) != 0 {
		t.Errorf("%s", none.text)
	}
	for _, path := range []string{"/api/parks/desk/promotion", pieces + "prepreg", "/api/task-forces",
		"/api/projects", "/api/titles"} {
		c.sage.want(http.StatusForbidden, "GET", path, nil)
	}
	c.charge(http.StatusCreated, object{"industries": []any{}})
	if none := c.sage.want(http.StatusOK, "GET", "/api/judging", nil); len(none.body["judging"].([]any)) != 0 {
		t.Errorf("%s", none.text)
	}
}

// TestAPieceIsWon goes the whole way: an owner, a target firm, its answer, its project, which stays its team's lead
// until it is signed; the signing narrows the gap.
func TestAPieceIsWon(t *testing.T) {
	t.Parallel()
	c := newPromoting(t)
	own := func(want int, who *colleague, body object) told {
		t.Helper()
		return who.want(want, "POST", pieces+"prepreg/owner", body)
	}
	own(http.StatusForbidden, c.one, object{"team": c.teams[0]})
	own(http.StatusCreated, c.leader, object{"team": c.teams[0]})
	c.rule(own(http.StatusConflict, c.leader, object{"team": c.teams[1]}), "gap_owner_is_one")
	changed := own(http.StatusCreated, c.leader, object{"team": c.teams[1], "reason": "r"})
	if at(changed.body, "owner", "team", "number") != 2.0 || at(changed.body, "former_owners", 0,
		"release_reason") != "r" {
		t.Errorf("%s", changed.text)
	}
	seek := object{"team": c.teams[0], "name": "深圳 甲复合材料有限公司", "place": "深圳", "source": "2026 expo list"}
	if got := c.two.want(http.StatusBadRequest, "POST", pieces+"prepreg/targets", seek); got.body["field"] != "team" {
		t.Errorf("%s", got.text)
	}
	sought := c.one.want(http.StatusCreated, "POST", pieces+"prepreg/targets", seek)
	target := targets + at(sought.body, "targets", 0, "id").(string)
	seek["team"], seek["name"] = c.teams[1], "深圳甲复合材料"
	twice := c.two.want(http.StatusConflict, "POST", pieces+"prepreg/targets", seek)
	if c.rule(twice, "target_firm_is_one"); !strings.Contains(twice.text,
		"team 1") || strings.Contains(twice.text, "expo") {
		t.Errorf("%s", twice.text)
	}
	note := object{"on": "2026-05-02", "answer": "interested", "note": "n", "next_step": "visit", "due": "2026-05-09"}
	c.two.want(http.StatusNotFound, "POST", target+"/notes", note)
	noted := c.one.want(http.StatusCreated, "POST", target+"/notes", note)
	if at(noted.body, "targets", 0, "approached_on") != "2026-05-02" || at(noted.body, "targets", 0,
		"overdue") != true {
		t.Errorf("%s", noted.text)
	}
	for who, want := range map[*colleague]int{c.one: 1, c.leader: 1, c.two: 0, c.other: 0} {
		piece := who.want(http.StatusOK, "GET", pieces+"prepreg", nil)
		if len(piece.body["targets"].([]any)) != want || at(piece.body, "sum", "targets") != float64(want) {
			t.Errorf("%s sees %s", who.id, piece.text)
		}
	}
	came := c.one.want(http.StatusCreated, "POST", target+"/project", object{"code": "T-1"})
	project := "/api/projects/" + at(came.body, "targets", 0, "project", "id").(string)
	if at(came.body, "roles", 0, "role") != "fills" || at(came.body, "roles", 0, "stood") != 0.0 {
		t.Errorf("%s", came.text)
	}
	c.rule(c.one.want(http.StatusConflict, "POST", target+"/project", object{"code": "T-2"}), "target_firm_came_once")
	c.two.want(http.StatusNotFound, "GET", project, nil)
	c.one.want(http.StatusCreated, "POST", project+"/milestones", milestone("in_talks", "2026-05-03", nil))
	c.one.want(http.StatusCreated, "POST", project+"/milestones", milestone("signed", "2026-06-01", nil))
	all := c.two.want(http.StatusOK, "GET", "/api/parks/desk/promotion", nil)
	signing := at(all.body, "signings", 0)
	if at(signing, "missing", 0) != 0.5 || at(signing, "missing", 1) != 0.25 || at(signing, "node") != "prepreg" ||
		at(all.body, "pieces", 1, "missing") != 0.25 || len(at(signing, "changed").([]any)) == 0 {
		t.Errorf("%s", all.text)
	}
	// a team that owns nothing is told to those alone who see its targets
	if teams := at(all.body, "teams").([]any); len(teams) != 1 || at(teams, 0, "team", "number") != 2.0 {
		t.Errorf("%s", all.text)
	}
	own1 := c.one.want(http.StatusOK, "GET", "/api/parks/desk/promotion", nil)
	if at(own1.body, "teams", 0, "targets", "signed") != 1.0 || at(own1.body, "teams", 1, "targets") != nil {
		t.Errorf("%s", own1.text)
	}
	c.rule(c.one.want(http.StatusConflict, "POST", project+"/chain-roles", object{"chain": "short", "node": "resin",
		"role": "strengthens", "source": "s"}), "chain_role_at_its_piece")
	c.rule(c.one.want(http.StatusConflict, "POST", project+"/chain-roles", object{"chain": "short", "node": "prepreg",
		"role": "fills", "source": "s"}), "chain_role_is_new")
	c.one.want(http.StatusCreated, "POST", project+"/chain-roles", object{"chain": "short", "node": "resin",
		"role": "supports", "source": "s"})
	fixed := c.one.want(http.StatusCreated, "POST", project+"/chain-roles", object{"chain": "short", "node": "resin",
		"role": "supports", "source": "s", "corrects": true, "withdrawn": true, "reason": "r"})
	if len(fixed.body["roles"].([]any)) != 1 {
		t.Errorf("%s", fixed.text)
	}
	c.one.want(http.StatusCreated, "POST", target+"/close", object{"reason": "signed"})
	c.rule(c.one.want(http.StatusConflict, "POST", target+"/notes", note), "target_firm_is_live")
	c.two.want(http.StatusCreated, "POST", pieces+"prepreg/targets", seek)
}

// TestAPieceTellsWhatItNeeds lists missing suppliers first, then what experts ask for.
func TestAPieceTellsWhatItNeeds(t *testing.T) {
	t.Parallel()
	c := newPromoting(t)
	c.judge(http.StatusCreated, c.one, c.experts[0], "resin", "needed")
	got := c.one.want(http.StatusOK, "GET", pieces+"parts", nil)
	for i, want := range []string{"prepreg", "fibre", "resin"} {
		if at(got.body, "needs", i, "node") != want {
			t.Errorf("%d: %s", i, got.text)
		}
	}
	c.one.want(http.StatusNotFound, "GET", pieces+"nothing", nil)
}

// TestTeamsRaceForATarget has 32 seek one firm at once, written in many ways; exactly one does.
func TestTeamsRaceForATarget(t *testing.T) {
	t.Parallel()
	c := newPromoting(t)
	var start, done sync.WaitGroup
	start.Add(1)
	statuses := make([]int, 32)
	for i := range statuses {
		done.Go(func() {
			who := []*colleague{c.one, c.two}[i%2]
			start.Wait()
			statuses[i] = who.do("POST", pieces+"resin/targets", object{"team": c.teams[i%2], "place": "p",
				"source": "s",
				"name":   "竞" + strings.Repeat(" ", i+1) + "寻有限公司"}).status
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
	if won != 1 || c.count(`SELECT count(*) FROM target_firm`) != 1 {
		t.Errorf("%d won", won)
	}
}

// TestATitleIsHeldOnceAtATime: titles of one kind and level don't overlap, expire, and are withdrawn with a reason; the
// year's target stands beside what was reported and what is noted.
func TestATitleIsHeldOnceAtATime(t *testing.T) {
	t.Parallel()
	c := newPromoting(t)
	party, _ := c.lead(c.one, "甲纤维", nil)
	title := func(want int, from, until string) told {
		t.Helper()
		return c.one.want(want, "POST", party+"/titles", object{"title": "little_giant", "level": "national",
			"from":  from,
			"until": until, "source": "s"})
	}
	title(http.StatusCreated, "2023-07-01", "2026-07-01")
	c.rule(title(http.StatusConflict, "2026-06-30", "2029-07-01"), "firm_title_held_once")
	got := title(http.StatusCreated, "2026-07-01", "2099-07-01")
	if at(got.body, "titles", 0, "standing") != "expired" || at(got.body, "titles", 1, "standing") != "held" {
		t.Errorf("%s", got.text)
	}
	if bad := title(http.StatusBadRequest, "2026-07-01", "2026-07-01"); bad.body["field"] != "until" {
		t.Errorf("%s", bad.text)
	}
	for _, figure := range []object{{"kind": "target", "number": 5}, {"kind": "target", "number": 6},
		{"kind": "reported", "number": 2}} {
		figure["year"], figure["title"], figure["level"] = 2026, "little_giant", "national"
		figure["as_of"], figure["source"] = "2026-03-01", "s"
		c.one.want(http.StatusCreated, "POST", "/api/titles/figures", figure)
	}
	year := c.one.want(http.StatusOK, "GET", "/api/titles?year=2026", nil)
	if at(year.body, "figures", 0, "target", "number") != 6.0 || at(year.body, "figures", 0, "reported",
		"number") != 2.0 ||
		at(year.body, "figures", 0, "listed") != 1.0 {
		t.Errorf("%s", year.text)
	}
	withdraw := party + "/titles/" + at(got.body, "titles", 1, "id").(string) + "/withdraw"
	c.one.want(http.StatusCreated, "POST", withdraw, object{"reason": "r"})
	c.rule(c.one.want(http.StatusConflict, "POST", withdraw, object{"reason": "r"}), "firm_title_is_held")
	title(http.StatusCreated, "2026-07-01", "2029-07-01")
}
