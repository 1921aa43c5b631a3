package api_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"luodi/data/people"
	"luodi/data/store/storetest"
)

func revision(n any) string { return strconv.Quote(strconv.Itoa(int(n.(float64)))) }

func TestAProjectIsMadeRevisedAndComesForward(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	party := p.want(http.StatusCreated, "POST", "/api/parties", object{"name_zh": "甲公司", "name_en": "Company A"},
		"Idempotency-Key", "party")
	same := p.want(http.StatusCreated, "POST", "/api/parties", object{"name_zh": "甲公司", "name_en": "Company A"},
		"Idempotency-Key", "party")
	if party.body["id"] != same.body["id"] || party.body["named"] != false || party.body["revision"] != 1.0 {
		t.Errorf("%s, then %s", party.text, same.text)
	}
	if twice := p.want(http.StatusConflict, "POST", "/api/parties",
		object{"name_zh": "甲公司", "name_en": "A"}); twice.body["rule"] != "party_district_id_name_zh_key" {
		t.Errorf("%s", twice.text)
	}
	body := object{"code": "P-1", "party": party.body["id"], "name_zh": "甲项目", "name_en": "Project A",
		"investment_cny": 1234567890.12, "industry_codes": []object{{"code": "2829", "edition": "2017"}},
		"requirement": object{"area_mu": 60}}
	made := p.want(http.StatusCreated, "POST", "/api/projects", body)
	one := "/api/projects/" + made.body["id"].(string)
	if made.body["revision"] != 1.0 || at(made.body, "party", "name_zh") != "甲公司" ||
		made.body["investment_cny"] != 1234567890.12 || at(made.body, "industry_codes", 0, "code") != "2829" {
		t.Errorf("%s", made.text)
	}
	p.want(http.StatusPreconditionRequired, "PATCH", one, object{"chain_stage": "carbon_fibre"})
	next := p.want(http.StatusOK, "PATCH", one, object{"chain_stage": "carbon_fibre", "investment_cny": 5}, "If-Match",
		`"1"`)
	if next.body["revision"] != 2.0 || next.body["chain_stage"] != "carbon_fibre" || next.body["name_zh"] != "甲项目" ||
		at(next.body, "requirement", "area_mu") != 60.0 {
		t.Errorf("%s", next.text)
	}
	if stale := p.want(http.StatusPreconditionFailed, "PATCH", one, object{"chain_stage": "x"}, "If-Match",
		`"1"`); stale.body["current"] != 2.0 {
		t.Errorf("%s", stale.text)
	}
	if n := o.count(`SELECT count(*) FROM project_version WHERE project_id = $1 AND (revision = 2) = upper_inf(sys)`,
		made.body["id"]); n != 2 {
		t.Errorf("%d revisions are kept", n)
	}
	signed := object{"stage": "signed", "reached_on": "2026-05-01", "evidence": "合同 2026-07"}
	staged := p.want(http.StatusCreated, "POST", one+"/milestones", signed)
	if at(staged.body, "milestones", 0, "stage") != "signed" ||
		at(staged.body, "milestones", 0, "reached_on") != "2026-05-01" {
		t.Errorf("%s", staged.text)
	}
	p.want(http.StatusConflict, "POST", one+"/milestones", signed)
	p.want(http.StatusBadRequest, "POST", one+"/milestones", object{"stage": "landed", "reached_on": "2026-05-01"})
	p.want(http.StatusBadRequest, "POST", one+"/milestones",
		object{"stage": "landed", "reached_on": "yesterday", "evidence": "e"})
	tagged := p.want(http.StatusCreated, "POST", one+"/tags",
		object{"tag": "provincial_key", "from": "2026-01-01", "until": "2027-01-01"})
	for _, until := range []string{"2026-01-01", "2025-12-31"} { // on no day: the range would forget when it began
		if no := p.want(http.StatusBadRequest, "POST", one+"/tags",
			object{"tag": "municipal_key", "from": "2026-01-01", "until": until}); no.body["field"] != "until" {
			t.Errorf("%s", no.text)
		}
	}
	if _, err := o.db.Planner.Exec(t.Context(), `INSERT INTO project_tag SELECT district_id, project_id,
		'municipal_key', 'empty' FROM project`); err == nil {
		t.Error("the database takes a listing that holds on no day")
	}
	if at(tagged.body, "tags", 0, "from") != "2026-01-01" || at(tagged.body, "tags", 0, "until") != "2027-01-01" {
		t.Errorf("%s", tagged.text)
	}
	if again := p.want(http.StatusOK, "GET", one, nil); at(again.body, "milestones", 0, "evidence") != "合同 2026-07" ||
		at(again.body, "tags", 0, "tag") != "provincial_key" {
		t.Errorf("%s", again.text)
	}
	p.want(http.StatusNotFound, "GET", "/api/projects/"+uuid.NewString(), nil)
	p.want(http.StatusBadRequest, "POST", "/api/projects", object{"code": "P-2", "name_en": "B"})
}

func TestProjectsAreForThoseOfTheDistrict(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	other := storetest.Project(t, o.db, storetest.Park(t, o.db, "other"), "别区项目", false)
	p, viewer := o.planner(), o.colleague("viewer", false, people.ScopeRead, people.Viewer)
	public, nobody := &colleague{office: o}, o.colleague("nobody", false, people.ScopeWrite)
	mine, theirs := "/api/projects/"+o.project.String(), "/api/projects/"+other.String()
	for _, path := range []string{"/api/projects", "/api/parties", mine} {
		public.want(http.StatusUnauthorized, "GET", path, nil)
		nobody.want(http.StatusForbidden, "GET", path, nil)
		if got := viewer.want(http.StatusOK, "GET", path, nil); strings.Contains(got.text, "别区项目") {
			t.Errorf("%s: %s", path, got.text)
		}
	}
	viewer.want(http.StatusForbidden, "PATCH", mine, object{"named": false}, "If-Match", `"1"`)
	viewer.want(http.StatusForbidden, "POST", "/api/parties", object{"name_zh": "乙", "name_en": "B"})
	p.want(http.StatusNotFound, "GET", theirs, nil)
	p.want(http.StatusNotFound, "PATCH", theirs, object{"named": true}, "If-Match", `"1"`)
	p.want(http.StatusForbidden, "POST", "/api/parties",
		object{"district": "other-district", "name_zh": "乙", "name_en": "B"})
	p.want(http.StatusNotFound, "POST", "/api/parties", object{"district": "nowhere", "name_zh": "乙", "name_en": "B"})
	if o.count("SELECT count(*) FROM project_milestone") != 0 {
		t.Error("something was written")
	}
	p.want(http.StatusNotFound, "POST", theirs+"/milestones",
		object{"stage": "signed", "reached_on": "2026-05-01", "evidence": "e"})
}

func TestThePublicSeesANameWhileItIsAgreedToAndNeverAFigure(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(2)...)
	p := o.planner()
	p.want(http.StatusCreated, "POST", records, o.hold(o.parcels[0]))
	public := &colleague{office: o}
	seen := func() (text string) {
		for _, path := range []string{"/api/parks/desk/parcels.geojson", "/api/parks/desk/parcels/" +
			o.parcels[0].String(), "/ogc/collections/parcels/items", "/api/parks/desk/balance", "/api/search?q=A"} {
			text += public.want(http.StatusOK, "GET", path, nil).text
		}
		return text
	}
	one := "/api/projects/" + o.project.String()
	figures := object{"figures": object{"sales": 987654}, "investment_cny": 876543, "task_force": "secret force",
		"requirement": object{"note": "secret need"}}
	before := p.want(http.StatusOK, "PATCH", one, figures, "If-Match", `"1"`)
	for _, secret := range []string{"987654", "876543", "123456789", "secret"} {
		if strings.Contains(seen(), secret) {
			t.Errorf("the public reads %s", secret)
		}
	}
	if !strings.Contains(seen(), "某项目") {
		t.Error("the public does not see the name that was agreed to")
	}
	seq := o.count("SELECT seq FROM park_clock WHERE park_id = $1", o.parkID)
	hidden := p.want(http.StatusOK, "PATCH", one, object{"named": false}, "If-Match", revision(before.body["revision"]))
	if text := seen(); strings.Contains(text, `"project_zh":"某项目"`) {
		t.Error("the public still sees the project's name")
	}
	if o.count("SELECT seq FROM park_clock WHERE park_id = $1", o.parkID) != seq+1 ||
		o.count("SELECT count(*) FROM record WHERE kind = 'edit' AND proposed_by = $1", p.id) != 1 {
		t.Error("the change of what the public sees is no record of the park")
	}
	p.want(http.StatusOK, "PATCH", one, object{"named": true, "name_zh": "新名"}, "If-Match",
		revision(hidden.body["revision"]))
	if text := seen(); !strings.Contains(text, `"project_zh":"新名"`) || !strings.Contains(text, `"tenant_zh":"某项目"`) {
		t.Error("the new name is not seen")
	}
	party := uuid.MustParse(at(hidden.body, "party", "id").(string))
	p.want(http.StatusOK, "PATCH", "/api/parties/"+party.String(), object{"named": false}, "If-Match", `"1"`)
	if strings.Contains(seen(), `"tenant_zh":"某项目"`) {
		t.Error("the public still sees the party's name")
	}
	p.want(http.StatusPreconditionFailed, "PATCH", "/api/parties/"+party.String(), object{"named": true}, "If-Match",
		`"1"`)
	if o.count("SELECT count(*) FROM party_version WHERE party_id = $1", party) != 2 {
		t.Error("what the party was is not kept")
	}
}
