package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/api"
	"luodi/api/auth"
	"luodi/api/proof"
	"luodi/data/ledger"
	"luodi/data/people"
)

// enquiry is what an investor may send to a park, with the work done.
func (o *office) enquiry(park string) object {
	o.t.Helper()
	terms := o.public().want(http.StatusOK, "GET", "/api/parks/"+park+"/enquiry-terms", nil)
	challenge := at(terms.body, "challenge", "text").(string)
	return object{"name": "Ms Lin", "organisation": "Lin Composites", "phone": "+86 138-0000-0001", "consent": true,
		"proof": object{"challenge": challenge, "numbers": proof.Solve(challenge)}}
}

// with is the same with some members otherwise; nil takes one away.
func with(o object, pairs ...any) object {
	c := object{}
	for k, v := range o {
		c[k] = v
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if c[pairs[i].(string)] = pairs[i+1]; pairs[i+1] == nil {
			delete(c, pairs[i].(string))
		}
	}
	return c
}

const enquiries = "/api/parks/desk/enquiries"

// TestAnEnquiryIsAnsweredAndMadeAProject goes the whole way: an investor asks with a need and a shortlist, the planner
// sees it, takes it, answers, and makes it a project in talks; the investor follows all of it by the private link.
func TestAnEnquiryIsAnsweredAndMadeAProject(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(2)...)
	investor, planner := o.public(), o.planner()
	need := object{"land_use": []string{"1001"}, "services": object{"power": 3000},
		"criteria": []object{{"measure": "area_mu", "min": 60, "max": 80, "want": "target", "target": 65, "weight": 1}}}
	sent := investor.want(http.StatusCreated, "POST", enquiries, with(o.enquiry("desk"), "email", "lin@example.com",
		"words", "We make parts.\nBy 2028.", "need", need, "places", []object{{"kind": "parcel", "code": "A", "parcels": []string{"A"}},
			{"kind": "lot", "code": "B/1", "parcels": []string{"B"}, "area_mu": 60}}))
	receipt, link := sent.body["receipt"].(string), object{"link": sent.body["link"]}
	if kept := o.texts(`SELECT t::text FROM enquiry t`); strings.Contains(kept[0], sent.body["link"].(string)) {
		t.Error("the link's secret is kept")
	}
	inbox := planner.want(http.StatusOK, "GET", enquiries+"?state=new", nil)
	one := at(inbox.body, "enquiries", 0).(object)
	if at(one, "asked", "words") != "We make parts.\nBy 2028." || at(one, "need", "services", "power") != 3000.0 ||
		at(one, "places", 1, "code") != "B/1" || one["receipt"] != receipt || at(inbox.body, "handlers", 0, "name") != "Name of planner" {
		t.Errorf("%s", inbox.text)
	}
	path := enquiries + "/" + one["id"].(string)
	planner.want(http.StatusPreconditionRequired, "PATCH", path, object{"assigned": planner.id})
	planner.want(http.StatusOK, "PATCH", path, object{"assigned": planner.id}, "If-Match", `"1"`)
	planner.want(http.StatusPreconditionFailed, "POST", path+"/answers", object{"words": "Late"}, "If-Match", `"1"`)
	planner.want(http.StatusCreated, "POST", path+"/answers", object{"words": "Come on Monday."}, "If-Match", `"2"`)
	seen := investor.want(http.StatusOK, "POST", "/api/enquiry/look", link)
	if at(seen.body, "answers", 0, "words") != "Come on Monday." || seen.body["state"] != "answered" ||
		strings.Contains(seen.text, "Name of planner") {
		t.Errorf("%s", seen.text)
	}
	made := planner.want(http.StatusCreated, "POST", path+"/project", object{"code": "P-9", "name_zh": "林复材"}, "If-Match", `"3"`)
	project := planner.want(http.StatusOK, "GET", "/api/projects/"+made.body["project"].(string), nil)
	if made.body["state"] != "project" || at(project.body, "milestones", 0, "stage") != "in_talks" ||
		!strings.Contains(at(project.body, "milestones", 0, "evidence").(string), receipt) ||
		at(project.body, "requirement", "area_mu", "min") != 60.0 || at(project.body, "requirement", "services", "power") != 3000.0 ||
		at(project.body, "requirement", "places", 1) != "B/1 60 mu" || project.body["name_en"] != "Lin Composites" ||
		project.body["park"] != "desk" {
		t.Errorf("%s", project.text)
	}
	if again := planner.want(http.StatusConflict, "POST", path+"/project", object{"code": "P-10"}, "If-Match",
		`"4"`); again.body["rule"] != "enquiry_has_a_project" {
		t.Errorf("%s", again.text)
	}
	if n := o.count(`SELECT count(*) FROM project WHERE code = 'P-10'`); n != 0 {
		t.Error("what was refused left a project")
	}
	planner.want(http.StatusOK, "PATCH", path, object{"closed": true}, "If-Match", `"4"`)
	if seen := investor.want(http.StatusOK, "POST", "/api/enquiry/look", link); seen.body["state"] != "closed" {
		t.Errorf("%s", seen.text)
	}
}

// TestAnEnquiryIsErasedAtItsTerm by the round that erases what else has a term; the link then says so, and no table
// holds anything of it any more.
func TestAnEnquiryIsErasedAtItsTerm(t *testing.T) {
	t.Parallel()
	h := open(t, func(o *api.Options) { o.EnquiryDays = 30 })
	o := officeOf(t, h, squares(1)...)
	investor, planner := o.public(), o.planner()
	send := func() (link object) {
		sent := investor.want(http.StatusCreated, "POST", enquiries, with(o.enquiry("desk"), "words", "zqsecretwords"))
		if until, err := time.Parse(time.RFC3339Nano, sent.body["erase_at"].(string)); err != nil ||
			time.Until(until) > 30*24*time.Hour || time.Until(until) < 30*24*time.Hour-time.Hour {
			t.Errorf("%s", sent.text)
		}
		return object{"link": sent.body["link"]}
	}
	link, kept := send(), send()
	list := planner.want(http.StatusOK, "GET", enquiries, nil)
	path := enquiries + "/" + at(list.body, "enquiries", 1, "id").(string)
	planner.want(http.StatusCreated, "POST", path+"/answers", object{"words": "zqsecretanswer"}, "If-Match", `"1"`)
	o.erase()
	if seen := investor.want(http.StatusOK, "POST", "/api/enquiry/look", link); seen.body["erased_at"] != nil {
		t.Errorf("erased before its term: %s", seen.text)
	}
	if _, err := o.db.Owner.Exec(t.Context(), `UPDATE enquiry SET asked_at = asked_at - interval '31 days',
		erase_at = erase_at - interval '31 days' WHERE state = 'answered'`); err != nil {
		t.Fatal(err)
	}
	o.erase()
	seen := investor.want(http.StatusOK, "POST", "/api/enquiry/look", link)
	if seen.body["erased_at"] == nil || at(seen.body, "asked", "name") != nil || at(seen.body, "answers", 0, "words") != nil {
		t.Errorf("%s", seen.text)
	}
	if gone := planner.want(http.StatusConflict, "POST", path+"/answers", object{"words": "w"}, "If-Match",
		`"4"`); gone.body["rule"] != "enquiry_is_erased" {
		t.Errorf("%s", gone.text)
	}
	// the other is withdrawn by its investor
	for range 2 {
		if left := investor.want(http.StatusOK, "POST", "/api/enquiry/withdraw", kept); left.body["erased_at"] == nil {
			t.Errorf("%s", left.text)
		}
	}
	for _, table := range o.texts("SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = " +
		"'public'::regnamespace") {
		if n := o.count("SELECT count(*) FROM " + table + ` t WHERE t::text ~ 'Ms Lin|Lin Composites|138-0000|zqsecret'`); n > 0 {
			t.Errorf("%s holds it still", table)
		}
	}
}

// erase is a round of what erases.
func (o *office) erase() {
	o.t.Helper()
	if _, err := o.db.Planner.Exec(o.t.Context(), `SELECT erase_enquiries()`); err != nil {
		o.t.Fatal(err)
	}
}

// TestTheClerkErasesEnquiries: the round that ends holds does.
func TestTheClerkErasesEnquiries(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	o.public().want(http.StatusCreated, "POST", enquiries, o.enquiry("desk"))
	if _, err := o.db.Owner.Exec(t.Context(), `UPDATE enquiry SET asked_at = asked_at - interval '1 year',
		erase_at = now()`); err != nil {
		t.Fatal(err)
	}
	clerk := ledger.Clerk{Via: "test", Reason: "r", Served: "s", Passed: func(err error) string { return err.Error() },
		Report: func(err error) { t.Error(err) }}
	go ledger.Of(o.db.Store).KeepExpiring(t.Context(), clerk)
	o.until(`SELECT count(*) = 1 FROM enquiry WHERE erased_at IS NOT NULL AND name IS NULL`)
}

// TestARefusedEnquirySaysWhatItLacks, names the field, repeats nobody's data, and spends no challenge.
func TestARefusedEnquirySaysWhatItLacks(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(2)...)
	if _, err := o.db.Owner.Exec(t.Context(), `DELETE FROM parcel_public WHERE code = 'B'`); err != nil {
		t.Fatal(err)
	}
	good := o.enquiry("desk")
	long := strings.Repeat("x", 2001)
	for field, c := range map[string]object{
		"name":                 with(good, "name", " "),
		"organisation":         with(good, "organisation", " "),
		"phone":                with(good, "phone", nil),
		"phone ":               with(good, "phone", "call zqme"),
		"email":                with(good, "email", "zq@@x"),
		"words":                with(good, "words", long),
		"consent":              with(good, "consent", false),
		"need.hazard":          with(good, "need", object{"hazard": "Z"}),
		"need.chain_node":      with(good, "need", object{"chain_node": "nowhere"}),
		"places[0].parcels[0]": with(good, "places", []object{{"kind": "parcel", "code": "Z", "parcels": []string{"Z"}}}),
		"places[1].parcels[0]": with(good, "places", []object{{"kind": "parcel", "code": "A", "parcels": []string{"A"}}, {"kind": "parcel", "code": "B", "parcels": []string{"B"}}}),
		"places[0].kind":       with(good, "places", []object{{"kind": "house", "code": "A", "parcels": []string{"A"}}}),
		"places":               with(good, "places", many(21)),
		"proof.numbers":        with(good, "proof", object{"challenge": at(good, "proof", "challenge"), "numbers": []int{1, 2}}),
		"proof.challenge":      with(good, "proof", object{"challenge": "1.a.b", "numbers": []int{1}}),
		"proof.numbers[0]":     with(good, "proof", object{"challenge": "1.a.b", "numbers": []int{-1}}),
	} {
		for _, lang := range []string{"en", "zh"} {
			got := o.public().do("POST", enquiries+"?lang="+lang, c)
			if got.status != http.StatusBadRequest || got.body["field"] != strings.TrimSpace(field) || got.body["expected"] == nil ||
				strings.Contains(got.text, "zq") || strings.Contains(got.text, "138-") {
				t.Errorf("%s: %d %s", field, got.status, got.text)
			}
		}
	}
	o.public().want(http.StatusNotFound, "POST", "/api/parks/nowhere/enquiries", good)
	o.public().want(http.StatusCreated, "POST", enquiries, good) // nothing was spent
	if twice := o.public().want(http.StatusBadRequest, "POST", enquiries, good); twice.body["field"] != "proof.challenge" {
		t.Errorf("a challenge is spent twice: %s", twice.text)
	}
	if n := o.count(`SELECT count(*) FROM enquiry`); n != 1 {
		t.Errorf("%d enquiries", n)
	}
	for _, link := range []string{"", "x", strings.Repeat("A", 36)} {
		if got := o.public().want(http.StatusNotFound, "POST", "/api/enquiry/look", object{"link": link}); got.body["field"] != "link" {
			t.Errorf("%s", got.text)
		}
	}
	if strings.Contains(o.log.String(), "Lin") {
		t.Error("the log holds a person's data")
	}
}

func many(n int) (places []object) {
	for range n {
		places = append(places, object{"kind": "parcel", "code": "A", "parcels": []string{"A"}})
	}
	return places
}

// TestAnAddressSendsOnlySoMuch: five at once; another address is not held up, and what was refused doesn't count.
func TestAnAddressSendsOnlySoMuch(t *testing.T) {
	t.Parallel()
	o := officeOf(t, open(t, func(o *api.Options) { o.BehindProxy = true }), squares(1)...)
	send := func(status int, address string, body object) told {
		return o.public().want(status, "POST", enquiries, body, "X-Forwarded-For", address)
	}
	unknown := []object{{"kind": "parcel", "code": "Z", "parcels": []string{"Z"}}}
	for range auth.SendsAtOnce {
		send(http.StatusBadRequest, "10.0.0.1", with(o.enquiry("desk"), "places", unknown))
	}
	for range auth.SendsAtOnce {
		send(http.StatusCreated, "10.0.0.1", o.enquiry("desk"))
	}
	held := o.enquiry("desk")
	got := send(http.StatusTooManyRequests, "10.0.0.1", held)
	if wait := got.head.Get("Retry-After"); wait == "" || got.body["field"] != "address" {
		t.Errorf("%v %s", got.head, got.text)
	}
	send(http.StatusCreated, "10.0.0.2", held) // it was not spent
}

// TestOnlyWhoHandlesAnEnquiryIsGivenOne names an account that may not.
func TestOnlyWhoHandlesAnEnquiryIsGivenOne(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	planner, viewer := o.planner(), o.colleague("viewer", false, people.ScopeWrite, people.Viewer)
	o.public().want(http.StatusCreated, "POST", enquiries, o.enquiry("desk"))
	list := planner.want(http.StatusOK, "GET", enquiries, nil)
	path := enquiries + "/" + at(list.body, "enquiries", 0, "id").(string)
	for _, to := range []string{viewer.id.String(), uuid.NewString(), "x"} {
		if got := planner.want(http.StatusBadRequest, "PATCH", path, object{"assigned": to}, "If-Match", `"1"`); got.body["field"] != "assigned" {
			t.Errorf("%s", got.text)
		}
	}
	viewer.want(http.StatusForbidden, "GET", path, nil)
	planner.want(http.StatusNotFound, "GET", enquiries+"/"+uuid.NewString(), nil)
}

// TestAnInboxIsReadInPages of a hundred, each once, the newest first.
func TestAnInboxIsReadInPages(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	if _, err := o.db.Owner.Exec(t.Context(), `INSERT INTO enquiry (park_id, enquiry_id, receipt, hash, lang, name,
		organisation, phone, places, erase_at) SELECT $1, ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid,
		'AAAA-' || lpad(n::text, 4, '0'), sha256(n::text::bytea), 'en', 'n', 'o', '12345', '[]', now() + interval '1 day'
		FROM generate_series(1, 230) n`, o.parkID); err != nil {
		t.Fatal(err)
	}
	planner, path, next := o.planner(), enquiries, 230
	for pages := 1; ; pages++ {
		got := planner.want(http.StatusOK, "GET", path, nil)
		for _, each := range got.body["enquiries"].([]any) {
			if want := fmt.Sprintf("AAAA-%04d", next); each.(object)["receipt"] != want {
				t.Fatalf("%v, not %s", each.(object)["receipt"], want)
			}
			next--
		}
		if got.body["next"] == nil {
			if pages != 3 || next != 0 {
				t.Errorf("%d pages, %d left", pages, next)
			}
			return
		}
		path = enquiries + "?before=" + got.body["next"].(string)
	}
}

// TestTheSocketTellsHowManyEnquiriesWait, at once, to those who handle them and to nobody else.
func TestTheSocketTellsHowManyEnquiriesWait(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	planner, viewer := o.planner(), o.colleague("viewer", false, people.ScopeRead, people.Viewer)
	s, other := dial(t, o.url, socket, planner.secret), dial(t, o.url, socket, viewer.secret)
	wait := func(want int) {
		for n := -1; n != want; {
			if told := s.next("presence"); told.Enquiries != nil {
				n = *told.Enquiries
			}
		}
	}
	wait(0)
	o.public().want(http.StatusCreated, "POST", enquiries, o.enquiry("desk"))
	wait(1)
	list := planner.want(http.StatusOK, "GET", enquiries, nil)
	path := enquiries + "/" + at(list.body, "enquiries", 0, "id").(string)
	planner.want(http.StatusCreated, "POST", path+"/answers", object{"words": "w"}, "If-Match", `"1"`)
	wait(0)
	// the viewer is told of the change of who is there, without a number
	dial(t, o.url, socket, planner.secret)
	if told := other.next("presence"); told.Enquiries != nil {
		t.Errorf("a viewer is told of %d", *told.Enquiries)
	}
}
