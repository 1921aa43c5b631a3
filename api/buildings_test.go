package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
)

const (
	buildingsOf = "/api/parks/desk/buildings"
	unitsOf     = "/api/parks/desk/units"
)

// built makes a public building on a parcel, ready since 2026-01-01 unless more says otherwise, with a unit of 1200 m2.
func (c *colleague) built(parcel uuid.UUID, code string, more object) (building, unit string) {
	c.t.Helper()
	facts := object{"parcel": parcel, "code": code, "name_zh": code + "号厂房", "stage": "ready", "since": "2026-01-01",
		"publication": "public"}
	for name, value := range more {
		facts[name] = value
		if value == nil {
			delete(facts, name)
		}
	}
	building = c.want(http.StatusCreated, "POST", buildingsOf, facts).body["id"].(string)
	unit = c.want(http.StatusCreated, "POST", buildingsOf+"/"+building+"/units", object{"code": "101",
		"floor": 1, "area_m2": 1200,
		"clear_height_m": 8, "load_t_m2": 3, "crane_t": 10, "publication": "public"}).body["id"].(string)
	return building, unit
}

// inDays is a day so many days from today in China.
func inDays(n int) string {
	return time.Now().In(time.FixedZone("China", 8*60*60)).AddDate(0, 0, n).Format(time.DateOnly)
}

// TestAWorkshopIsMadeBrowsedHeldAndLet goes its whole way; the public reads how a unit stands and never who has it.
func TestAWorkshopIsMadeBrowsedHeldAndLet(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(2)...)
	p, public := o.planner(), o.public()
	b, u := p.built(o.parcels[0], "1", object{"stage": "under_construction", "since": nil, "ready_by": inDays(90)})
	for query, n := range map[string]int{"": 1, "?min_m2=1200&min_clear_height_m=8&min_crane_t=10": 1,
		"?min_m2=1201":     0,
		"?min_power_kva=1": 0, "?state=let": 0, "?free_by=" + inDays(89): 0, "?free_by=" + inDays(91): 1} {
		got := public.want(http.StatusOK, "GET", unitsOf+query, nil)
		if units := got.body["units"].([]any); len(units) != n {
			t.Errorf("%s: %s", query, got.text)
		}
	}
	lettings := unitsOf + "/" + u + "/lettings"
	hold := object{"project": o.project, "from": inDays(100), "until": inDays(465), "hold_until": inDays(30)}
	held := p.want(http.StatusCreated, "POST", lettings, hold)
	one := fmt.Sprint("/api/parks/desk/lettings/", held.body["id"])
	refused := func(rule, method, path string, body object, head ...string) {
		t.Helper()
		if got := p.want(http.StatusConflict, method, path, body, head...); got.body["rule"] != rule {
			t.Errorf("%s: %s", rule, got.text)
		}
	}
	refused("unit_let_once", "POST", lettings, hold)
	refused("let_when_ready", "POST", one+"/let", object{"document": "L-1"})
	refused("building_has_tenants", "PATCH", buildingsOf+"/"+b, object{"retired": true, "reason": "r"}, "If-Match", `"1"`)
	if got := public.want(http.StatusOK, "GET", unitsOf, nil); at(got.body, "units", 0, "state") != "held" ||
		strings.Contains(got.text, "某项目") {
		t.Errorf("%s", got.text)
	}
	p.want(http.StatusPreconditionRequired, "PATCH", buildingsOf+"/"+b, object{"stage": "ready"})
	ready := object{"stage": "ready", "since": inDays(-1)}
	after := p.want(http.StatusOK, "PATCH", buildingsOf+"/"+b, ready, "If-Match", `"1"`)
	if after.body["ready_by"] != nil || after.body["revision"] != 2.0 {
		t.Errorf("%s", after.text)
	}
	p.want(http.StatusPreconditionFailed, "PATCH", buildingsOf+"/"+b, ready, "If-Match", `"1"`)
	let := p.want(http.StatusCreated, "POST", one+"/let", object{"document": "L-1", "from": inDays(0)})
	if let.body["state"] != "let" || let.body["until"] != inDays(465) || let.body["signed_on"] != inDays(0) {
		t.Errorf("%s", let.text)
	}
	got := public.want(http.StatusOK, "GET", buildingsOf+"/"+b, nil)
	if at(got.body, "units", 0, "state") != "let" || at(got.body, "units", 0, "free_on") != inDays(466) ||
		strings.Contains(got.text, "L-1") {
		t.Errorf("%s", got.text)
	}
	for _, path := range []string{lettings, buildingsOf + "/" + b + "/history"} {
		public.want(http.StatusUnauthorized, "GET", path, nil)
	}
	refused("letting_follows", "POST", one+"/let", object{"document": "L-2"})
	refused("building_has_tenants", "PATCH", buildingsOf+"/"+b, object{"stage": "under_construction"}, "If-Match", `"2"`)
	p.want(http.StatusBadRequest, "POST", one+"/end", object{"reason": "r", "on": inDays(2)})
	ended := p.want(http.StatusCreated, "POST", one+"/end", object{"reason": "搬迁"})
	if ended.body["state"] != "ended" || ended.body["until"] != inDays(0) {
		t.Errorf("%s", ended.text)
	}
	p.want(http.StatusCreated, "POST", lettings, object{"project": o.project, "from": inDays(1), "document": "L-3"})
	history := p.want(http.StatusOK, "GET", buildingsOf+"/"+b+"/history", nil)
	if n := len(history.body["records"].([]any)); n != 7 {
		t.Errorf("%d: %s", n, history.text)
	}
	for field, body := range map[string]object{
		"until":      {"project": o.project, "from": inDays(5), "until": inDays(4), "hold_until": inDays(9)},
		"hold_until": {"project": o.project, "from": inDays(5)},
		"signed_on":  {"project": o.project, "from": inDays(5), "hold_until": inDays(9), "signed_on": inDays(0)},
	} {
		if got := p.want(http.StatusBadRequest, "POST", lettings, body); got.body["field"] != field {
			t.Errorf("%s", got.text)
		}
	}
}

// TestNoUnitIsLetTwice has 32 hold and let one unit at once; one wins.
func TestNoUnitIsLetTwice(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	_, u := p.built(o.parcels[0], "1", nil)
	var wg sync.WaitGroup
	won := make(chan int, 32)
	for i := range 32 {
		body := object{"project": o.project, "from": inDays(i), "hold_until": inDays(30)}
		if i%2 == 0 {
			body = object{"project": o.project, "from": inDays(i), "document": fmt.Sprint("L-", i)}
		}
		wg.Go(func() {
			if got := p.do("POST", unitsOf+"/"+u+"/lettings", body); got.status == http.StatusCreated {
				won <- i
			} else if got.body["rule"] != "unit_let_once" {
				t.Errorf("%s", got.text)
			}
		})
	}
	wg.Wait()
	if len(won) != 1 || o.count(`SELECT count(*) FROM letting`) != 1 {
		t.Errorf("%d won", len(won))
	}
}

// TestAHoldThatIsOverKeepsNobodyOff: its last day is the last on which another is kept off.
func TestAHoldThatIsOverKeepsNobodyOff(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	_, u := p.built(o.parcels[0], "1", nil)
	lettings := unitsOf + "/" + u + "/lettings"
	held := p.want(http.StatusCreated, "POST", lettings, object{"project": o.project, "from": inDays(0),
		"hold_until": inDays(0)})
	if _, err := o.db.Owner.Exec(t.Context(), `ALTER TABLE letting DISABLE TRIGGER USER;
		UPDATE letting SET hold_until = hold_until - 2; ALTER TABLE letting ENABLE TRIGGER USER`); err != nil {
		t.Fatal(err)
	}
	if got := p.want(http.StatusOK, "GET", unitsOf, nil); at(got.body, "units", 0, "state") != "free" {
		t.Errorf("%s", got.text)
	}
	if got := p.want(http.StatusConflict, "POST", fmt.Sprint("/api/parks/desk/lettings/", held.body["id"], "/let"),
		object{"document": "L"}); got.body["rule"] != "hold_lasts" {
		t.Errorf("%s", got.text)
	}
	p.want(http.StatusCreated, "POST", lettings, object{"project": o.project, "from": inDays(0),
		"hold_until": inDays(9)})
	all := p.want(http.StatusOK, "GET", lettings, nil)
	if at(all.body, "lettings", 1, "state") != "ended" || at(all.body, "lettings", 1, "reason") != "lapsed" {
		t.Errorf("%s", all.text)
	}
}

// TestWhoIsPausedHoldsNothingNew: neither does who is lost.
func TestWhoIsPausedHoldsNothingNew(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	_, u := p.built(o.parcels[0], "1", nil)
	for _, turn := range []string{"paused", "lost"} {
		p.want(http.StatusCreated, "POST", "/api/projects/"+o.project.String()+"/turns", object{"turn": turn,
			"since": "2026-05-01", "reason": "r"})
		got := p.want(http.StatusConflict, "POST", unitsOf+"/"+u+"/lettings", object{"project": o.project,
			"from":       inDays(0),
			"hold_until": inDays(9)})
		if got.body["rule"] != "tenant_is_active" {
			t.Errorf("%s", got.text)
		}
	}
}

// TestABuildingKeepsItsGround: by its position it finds its parcel in a split; without one the split is refused, for
// nobody could say on which part it stands.
func TestABuildingKeepsItsGround(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	b, _ := p.built(o.parcels[0], "1", nil)
	split := func(want int) told {
		t.Helper()
		return p.want(want, "POST", records, object{"kind": "split", "reason": "r", "parcels": o.refs(o.parcels[0]),
			"shape": object{"parts": 2, "bearing": 0, "codes": []string{"A-1", "A-2"}}})
	}
	if got := split(http.StatusConflict); got.body["rule"] != "building_keeps_its_ground" {
		t.Errorf("%s", got.text)
	}
	if got := p.want(http.StatusConflict, "PATCH", buildingsOf+"/"+b, object{"position": []float64{0, 0}}, "If-Match",
		`"1"`); got.body["rule"] != "building_on_its_parcel" {
		t.Errorf("%s", got.text)
	}
	var lon, lat float64
	if err := o.db.Owner.QueryRow(t.Context(), `SELECT ST_XMin(geom) + 0.0001, ST_YMin(geom) + 0.0001 FROM parcel_version
		WHERE parcel_id = $1 AND to_seq IS NULL`, o.parcels[0]).Scan(&lon, &lat); err != nil {
		t.Fatal(err)
	}
	p.want(http.StatusOK, "PATCH", buildingsOf+"/"+b, object{"position": []float64{lon, lat}}, "If-Match", `"1"`)
	split(http.StatusCreated)
	part := p.want(http.StatusOK, "GET", buildingsOf+"/"+b, nil)
	code := at(part.body, "building", "parcel_code").(string)
	if !strings.HasPrefix(code, "A-") || o.count(`SELECT count(*) FROM building b JOIN parcel_version v USING (park_id, parcel_id)
		WHERE v.to_seq IS NULL AND ST_Covers(v.geom, b.position) AND v.code = $1`, code) != 1 {
		t.Errorf("%s", part.text)
	}
	p.want(http.StatusOK, "PATCH", buildingsOf+"/"+b, object{"unknown": []string{"position"}}, "If-Match", `"3"`)
	merge := o.refs(uuid.MustParse(o.uuid(`SELECT parcel_id::text FROM parcel_version WHERE to_seq IS NULL AND code = 'A-1'`)),
		uuid.MustParse(o.uuid(`SELECT parcel_id::text FROM parcel_version WHERE to_seq IS NULL AND code = 'A-2'`)))
	p.want(http.StatusCreated, "POST", records, object{"kind": "merge", "reason": "r", "parcels": merge,
		"shape": object{"codes": []string{"A-3"}}})
	if got := p.want(http.StatusOK, "GET", buildingsOf+"/"+b, nil); at(got.body, "building", "parcel_code") != "A-3" {
		t.Errorf("%s", got.text)
	}
}

// TestALeaseIsAPlaceToLand: a hold of floor space is none. Who leases seeks no land, and the week's sheet tells of it.
func TestALeaseIsAPlaceToLand(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	one := "/api/projects/" + o.project.String()
	party := fmt.Sprint("/api/parties/", at(p.want(http.StatusOK, "GET", one, nil).body, "party", "id"))
	p.want(http.StatusOK, "PATCH", party, object{"credit_code": creditCode}, "If-Match", `"1"`)
	_, u := p.built(o.parcels[0], "1", nil)
	held := p.want(http.StatusCreated, "POST", unitsOf+"/"+u+"/lettings", object{"project": o.project,
		"from":       inDays(0),
		"hold_until": inDays(9)})
	seekers := func(want float64) {
		t.Helper()
		if got := p.want(http.StatusOK, "GET", "/api/figures/facts", nil); at(got.body, "demand", "projects") != want {
			t.Errorf("%v, want %v projects that seek land", got.body["demand"], want)
		}
	}
	landed := milestone("landed", "2026-06-01", nil)
	if got := p.want(http.StatusConflict, "POST", one+"/milestones", landed); got.body["rule"] != "landed_has_a_place" {
		t.Errorf("%s", got.text)
	}
	p.want(http.StatusCreated, "POST", one+"/milestones", milestone("signed", "2026-05-01", nil))
	seekers(1)
	let := fmt.Sprint("/api/parks/desk/lettings/", held.body["id"])
	p.want(http.StatusCreated, "POST", let+"/let", object{"document": "L"})
	seekers(0)
	p.want(http.StatusCreated, "POST", let+"/end", object{"reason": "r"})
	p.want(http.StatusCreated, "POST", unitsOf+"/"+u+"/lettings", object{"project": o.project, "from": inDays(1),
		"document": "L-2"})
	p.want(http.StatusCreated, "POST", one+"/milestones", landed)
	var moves []string
	for _, moved := range at(p.want(http.StatusOK, "GET", "/api/dispatch?park=desk", nil).body, "moved", "entries").([]any) {
		if at(moved, "kind") == "letting" {
			moves = append(moves, at(moved, "what").(string))
		}
	}
	slices.Sort(moves)
	if want := []string{"ended", "held", "let", "let"}; !slices.Equal(moves, want) {
		t.Errorf("the week moved %v, want %v", moves, want)
	}
}

// TestThePublicBrowsesWhatIsPublic: no internal building or unit, none on a parcel that is internal, and no held unit
// where the park tells nothing of intentions.
func TestThePublicBrowsesWhatIsPublic(t *testing.T) {
	t.Parallel()
	grounds := squares(2)
	grounds[1].Internal = true
	o := newOffice(t, grounds...)
	p, public := o.planner(), o.public()
	b, u := p.built(o.parcels[0], "1", nil)
	p.built(o.parcels[0], "2", object{"publication": "internal"})
	p.built(o.parcels[1], "3", nil)
	p.want(http.StatusCreated, "POST", buildingsOf+"/"+b+"/units", object{"code": "102", "area_m2": 5})
	count := func(c *colleague, path, list string) int {
		return len(c.want(http.StatusOK, "GET", path, nil).body[list].([]any))
	}
	if n, m := count(public, buildingsOf, "buildings"), count(public, unitsOf, "units"); n != 1 || m != 1 {
		t.Errorf("%d buildings, %d units", n, m)
	}
	if n, m := count(p, buildingsOf, "buildings"), count(p, unitsOf, "units"); n != 3 || m != 4 {
		t.Errorf("%d buildings, %d units of members", n, m)
	}
	p.want(http.StatusCreated, "POST", unitsOf+"/"+u+"/lettings", object{"project": o.project, "from": inDays(0),
		"hold_until": inDays(9)})
	o.admin().want(http.StatusCreated, "POST", records, object{"kind": "settings", "reason": "r",
		"settings": object{"hold_shown": "nothing"}})
	if n := count(public, unitsOf, "units"); n != 0 {
		t.Errorf("%d units", n)
	}
}
