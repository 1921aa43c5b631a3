package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"luodi/data/people"
	"luodi/data/store/storetest"
)

func TestAContactIsMadeChangedAndErased(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p, viewer := o.planner(), o.colleague("viewer", false, people.ScopeRead, people.Viewer)
	party := "/api/parties/" + p.want(http.StatusCreated, "POST", "/api/parties",
		object{"name_zh": "甲公司", "name_en": "Company A"}).body["id"].(string)
	if got := viewer.want(http.StatusOK, "GET", party, nil); got.body["name_en"] != "Company A" {
		t.Errorf("%s", got.text)
	}
	person := object{"name": "王小明", "phone": "13800000001", "email": "wang@example.com"}
	made := p.want(http.StatusCreated, "POST", party+"/contacts", person, "Idempotency-Key", "c1")
	again := p.want(http.StatusCreated, "POST", party+"/contacts", person, "Idempotency-Key", "c1")
	if made.body["id"] != again.body["id"] || strings.Contains(made.text+again.text, "王") {
		t.Errorf("%s, then %s", made.text, again.text)
	}
	one := party + "/contacts/" + made.body["id"].(string)
	p.want(http.StatusPreconditionRequired, "PATCH", one, object{"phone": "1"})
	changed := p.want(http.StatusOK, "PATCH", one, object{"phone": "13900000002", "email": ""}, "If-Match", `"1"`)
	if changed.body["revision"] != 2.0 || changed.body["name"] != "王小明" || changed.body["phone"] != "13900000002" ||
		changed.body["email"] != nil {
		t.Errorf("%s", changed.text)
	}
	if stale := p.want(http.StatusPreconditionFailed, "PATCH", one, object{"phone": "1"}, "If-Match",
		`"1"`); stale.body["current"] != 2.0 {
		t.Errorf("%s", stale.text)
	}
	list := p.want(http.StatusOK, "GET", party+"/contacts", nil)
	if at(list.body, "contacts", 0, "name") != "王小明" || at(list.body, "contacts", 1) != nil {
		t.Errorf("%s", list.text)
	}
	erased := p.want(http.StatusOK, "DELETE", one, nil)
	if erased.body["id"] != made.body["id"] || erased.body["erased_at"] == nil {
		t.Errorf("%s", erased.text)
	}
	if twice := p.want(http.StatusOK, "DELETE", one, nil); twice.body["erased_at"] != erased.body["erased_at"] {
		t.Errorf("%s", twice.text)
	}
	if left := p.want(http.StatusOK, "GET", party+"/contacts", nil); at(left.body, "contacts", 0, "name") != nil ||
		at(left.body, "contacts", 0, "id") != made.body["id"] {
		t.Errorf("%s", left.text)
	}
	if gone := p.want(http.StatusConflict, "PATCH", one, object{"name": "李"}, "If-Match",
		`"3"`); gone.body["rule"] != "contact_is_erased" {
		t.Errorf("%s", gone.text)
	}
	for _, table := range o.texts("SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = " +
		"'public'::regnamespace") {
		for _, secret := range []string{"王小明", "13800000001", "13900000002", "wang@example"} {
			if o.count("SELECT count(*) FROM "+table+" t WHERE t::text LIKE '%' || $1 || '%'", secret) != 0 {
				t.Errorf("%s still holds %s", table, secret)
			}
		}
	}
}

// texts reads a column of text.
func (o *office) texts(sql string) []string {
	o.t.Helper()
	var all []string
	if err := o.db.Owner.QueryRow(o.t.Context(), "SELECT array_agg(x) FROM ("+sql+") q (x)").Scan(&all); err != nil {
		o.t.Fatal(err)
	}
	return all
}

func TestContactsAreForPlannersOfTheDistrict(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	storetest.Project(t, o.db, storetest.Park(t, o.db, "other"), "别区项目", false)
	theirs := "/api/parties/" + o.texts(`SELECT party_id::text FROM party WHERE name_zh = '别区项目'`)[0]
	mine := "/api/parties/" + o.texts(`SELECT party_id::text FROM party WHERE name_zh = '某项目'`)[0]
	p, viewer, public := o.planner(), o.colleague("viewer", false, people.ScopeRead, people.Viewer),
		&colleague{office: o}
	public.want(http.StatusUnauthorized, "GET", mine+"/contacts", nil)
	viewer.want(http.StatusForbidden, "GET", mine+"/contacts", nil)
	p.want(http.StatusNotFound, "GET", theirs, nil)
	p.want(http.StatusNotFound, "GET", theirs+"/contacts", nil)
	p.want(http.StatusNotFound, "POST", theirs+"/contacts", object{"name": "王"})
	p.want(http.StatusNotFound, "DELETE", mine+"/contacts/"+uuid.NewString(), nil)
	p.want(http.StatusBadRequest, "POST", mine+"/contacts", object{"phone": "1"})
}

func TestInvestmentsAreNotedByDate(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p, viewer := o.planner(), o.colleague("viewer", false, people.ScopeRead, people.Viewer)
	path := "/api/projects/" + o.project.String() + "/investments"
	if none := viewer.want(http.StatusOK, "GET", path, nil); none.text == "" || at(none.body, "investments", 0) != nil {
		t.Errorf("%s", none.text)
	}
	june := object{"until": "2026-06-30", "paid_cny": 1234567890.12, "evidence": "银行回单"}
	p.want(http.StatusCreated, "POST", path, june, "Idempotency-Key", "i1")
	p.want(http.StatusCreated, "POST", path, object{"until": "2026-03-31", "paid_cny": 5, "evidence": "报表"})
	if again := p.want(http.StatusCreated, "POST", path, june, "Idempotency-Key", "i1"); at(again.body, "investments",
		0, "until") != "2026-06-30" {
		t.Errorf("%s", again.text)
	}
	all := viewer.want(http.StatusOK, "GET", path, nil)
	if at(all.body, "investments", 0, "until") != "2026-03-31" ||
		at(all.body, "investments", 1, "paid_cny") != 1234567890.12 || at(all.body, "investments", 2) != nil {
		t.Errorf("%s", all.text)
	}
	if twice := p.want(http.StatusConflict, "POST", path, june); twice.body["rule"] != "project_investment_day" {
		t.Errorf("%s", twice.text)
	}
	right := object{"until": "2026-06-30", "paid_cny": 12, "evidence": "更正：银行回单", "corrects": true}
	for range 2 { // sent again, it is one correction
		p.want(http.StatusCreated, "POST", path, right, "Idempotency-Key", "i2")
	}
	now := viewer.want(http.StatusOK, "GET", path, nil)
	if at(now.body, "investments", 1, "paid_cny") != 12.0 ||
		at(now.body, "investments", 1, "former", 0, "paid_cny") != 1234567890.12 ||
		at(now.body, "investments", 1, "former", 1) != nil || at(now.body, "investments", 2) != nil {
		t.Errorf("%s", now.text)
	}
	if nothing := p.want(http.StatusBadRequest, "POST", path,
		object{"until": "2026-07-31", "paid_cny": 12, "evidence": "e",
			"corrects": true}); nothing.body["field"] != "corrects" {
		t.Errorf("%s", nothing.text)
	}
	viewer.want(http.StatusForbidden, "POST", path, june)
	p.want(http.StatusBadRequest, "POST", path, object{"until": "2026-09-30", "paid_cny": -1, "evidence": "e"})
	p.want(http.StatusNotFound, "GET", "/api/projects/"+uuid.NewString()+"/investments", nil)
}

func TestAProjectChangesHandsAndKeepsWhoseItWas(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	p.want(http.StatusCreated, "POST", records, o.hold(o.parcels[0]))
	before := o.texts(`SELECT clock_timestamp()::text`)
	buyer := p.want(http.StatusCreated, "POST", "/api/parties",
		object{"name_zh": "买方", "name_en": "Buyer", "named": true})
	one := "/api/projects/" + o.project.String()
	after := p.want(http.StatusOK, "PATCH", one, object{"party": buyer.body["id"]}, "If-Match", `"1"`)
	if at(after.body, "party", "name_en") != "Buyer" || after.body["revision"] != 2.0 {
		t.Errorf("%s", after.text)
	}
	if now := (&colleague{office: o}).want(http.StatusOK, "GET", "/api/parks/desk/parcels.geojson",
		nil); !strings.Contains(now.text, `"tenant_zh":"买方"`) {
		t.Errorf("%s", now.text)
	}
	then := strings.Replace(strings.Replace(before[0], " ", "T", 1), "+00", "Z", 1)
	for query, want := range map[string]string{"": "买方", "?datetime=" + then: "某项目"} {
		if desk := p.want(http.StatusOK, "GET", "/api/parks/desk/desk.geojson"+query, nil); at(desk.body, "features",
			0, "properties", "tenant_zh") != want {
			t.Errorf("%q: %s", query, desk.text)
		}
	}
	if n := o.count(`SELECT count(DISTINCT party_id) FROM project_version WHERE project_id = $1`, o.project); n != 2 {
		t.Errorf("%d owners are kept", n)
	}
	p.want(http.StatusNotFound, "PATCH", one, object{"party": uuid.New()}, "If-Match", `"2"`)
}
