package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/people"
)

// TestAProjectIsTheBusinessOfItsParks follows a private project of one park: the park next door sees it while it seeks
// land there, and while it has some.
func TestAProjectIsTheBusinessOfItsParks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine, theirs, chief := w.colleagueIn(here, "mine"), w.colleagueIn(next, "theirs"), w.everywhere(t)
	company := mine.want(http.StatusCreated, "POST", "/api/parties", object{"name_zh": "密商", "name_en": "Secret Co"})
	party := "/api/parties/" + company.body["id"].(string)
	mine.want(http.StatusCreated, "POST", party+"/contacts", object{"name": "Ms Secret"})
	made := mine.want(http.StatusCreated, "POST", "/api/projects",
		object{"code": "S-1", "name_zh": "密项目", "name_en": "Secret works", "party": company.body["id"]})
	if made.body["park"] != here || company.body["park"] != here {
		t.Errorf("entered by %v and %v", made.body["park"], company.body["park"])
	}
	project := "/api/projects/" + made.body["id"].(string)
	const hidden, seen, handled = http.StatusNotFound, http.StatusForbidden, http.StatusOK // what its contacts answer
	visible := func(how int) {
		t.Helper()
		want := how != hidden
		for _, path := range []string{project, project + "/investments", party} {
			found := http.StatusOK
			if !want {
				found = http.StatusNotFound
			}
			theirs.want(found, "GET", path, nil)
		}
		theirs.want(how, "GET", party+"/contacts", nil)
		for _, list := range []string{"/api/projects", "/api/parties"} {
			if got := theirs.want(http.StatusOK, "GET", list, nil); strings.Contains(got.text, "Secret") != want {
				t.Errorf("%s shows it: %v", list, !want)
			}
		}
	}
	change := func(who *colleague, want int, revision string, facts object) told {
		t.Helper()
		return who.want(want, "PATCH", project, facts, "If-Match", revision)
	}
	visible(hidden)
	// That a name or code is taken next door is not told.
	theirs.want(http.StatusCreated, "POST", "/api/parties", object{"name_zh": "密商", "name_en": "Ours"})
	theirs.want(http.StatusCreated, "POST", "/api/projects", object{"code": "S-1", "name_zh": "别的", "name_en": "Ours"})
	theirs.want(http.StatusNotFound, "POST", "/api/projects",
		object{"code": "S-2", "name_zh": "别的", "name_en": "Ours", "party": company.body["id"]})
	change(theirs, http.StatusNotFound, `"1"`, object{"named": true})

	change(mine, http.StatusNotFound, `"1"`, object{"seeks": []string{"nowhere"}})
	if got := change(mine, http.StatusOK, `"1"`, object{"seeks": []string{next}}); at(got.body, "seeks", 0) != next {
		t.Errorf("%s", got.text)
	}
	visible(seen)
	change(theirs, http.StatusOK, `"2"`, object{"investment_cny": 5})
	// what both parks show, neither changes alone
	for _, facts := range []object{{"named": true}, {"name_zh": "公开"}, {"chain_stage": "fibre"}} {
		change(theirs, http.StatusForbidden, `"3"`, facts)
		change(mine, http.StatusForbidden, `"3"`, facts)
	}
	theirs.want(http.StatusForbidden, "PATCH", party, object{"named": true}, "If-Match", `"1"`)
	change(chief, http.StatusOK, `"3"`, object{"name_en": "Secret works two"})
	change(mine, http.StatusOK, `"4"`, object{"seeks": []string{}})
	visible(hidden)

	id := uuid.MustParse(made.body["id"].(string))
	held := chief.want(http.StatusCreated, "POST", "/api/parks/"+next+"/records", hold(w, w.newGround(), id))
	visible(handled)
	back := object{"kind": "take_back", "reason": "r",
		"allotment": object{"id": at(held.body, "allotment", "id"), "version": at(held.body, "allotment", "version")}}
	chief.want(http.StatusCreated, "POST", "/api/parks/"+next+"/records", back)
	visible(hidden)
	change(mine, http.StatusOK, `"5"`, object{"name_en": "Secret works three"})
	if got := theirs.want(http.StatusOK, "GET", "/api/parks/"+next+"/allotments?state=ended",
		nil); !strings.Contains(got.text, "Secret works two") || strings.Contains(got.text, "Secret works three") {
		t.Errorf("a right that ended names %s", got.text)
	}
}

// TestSeveralParksMustBeNamed enters nothing for a park that nobody named. A park in which a project seeks land lets
// nobody else in: not by the project, nor by one of its own for the same company. And it locks nobody out.
func TestAParkThatIsSoughtHandsNothingOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine, sought, third := w.colleagueIn(here, "mine"), w.colleagueIn(next, "sought"),
		w.colleagueIn("sino-european", "third")
	company := mine.want(http.StatusCreated, "POST", "/api/parties", object{"name_zh": "密商", "name_en": "Secret Co"})
	party := "/api/parties/" + company.body["id"].(string)
	mine.want(http.StatusCreated, "POST", party+"/contacts", object{"name": "Ms Secret"})
	made := mine.want(http.StatusCreated, "POST", "/api/projects",
		object{"code": "S-1", "name_zh": "密项目", "name_en": "Secret works", "party": company.body["id"],
			"seeks": []string{next}})
	project := "/api/projects/" + made.body["id"].(string)
	hidden := func() {
		t.Helper()
		for _, path := range []string{project, party, party + "/contacts"} {
			third.want(http.StatusNotFound, "GET", path, nil)
		}
	}
	hidden()
	sought.want(http.StatusForbidden, "PATCH", project, object{"seeks": []string{next, "sino-european"}}, "If-Match",
		`"1"`)
	sought.want(http.StatusCreated, "POST", "/api/projects",
		object{"code": "Z-1", "name_zh": "别的", "name_en": "Other works", "party": company.body["id"],
			"seeks": []string{"sino-european"}})
	hidden()
	mine.want(http.StatusOK, "PATCH", party, object{"source": "a note"}, "If-Match", `"1"`)
	mine.want(http.StatusOK, "PATCH", project, object{"seeks": []string{}}, "If-Match", `"1"`)
	sought.want(http.StatusNotFound, "GET", party+"/contacts", nil)
	mine.want(http.StatusOK, "PATCH", project, object{"seeks": []string{"sino-european"}}, "If-Match", `"2"`)
	third.want(http.StatusOK, "GET", party, nil)
}

// Persons' data is for the parks that handle a company: the one that entered it, those with land of its projects or a
// place in a line for one. A park that is only sought sees the company, and neither reads, makes, changes nor erases
// a contact of it.
func TestAParkThatIsOnlySoughtHandlesNoContacts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine, theirs, chief := w.colleagueIn(here, "mine"), w.colleagueIn(next, "theirs"), w.everywhere(t)
	company := mine.want(http.StatusCreated, "POST", "/api/parties", object{"name_zh": "密商", "name_en": "Secret Co"})
	party := "/api/parties/" + company.body["id"].(string)
	contact := mine.want(http.StatusCreated, "POST", party+"/contacts", object{"name": "Ms Secret"}).body["id"].(string)
	made := mine.want(http.StatusCreated, "POST", "/api/projects", object{"code": "S-1", "name_zh": "密项目",
		"name_en": "Secret works", "party": company.body["id"], "seeks": []string{next}})
	handles := func(who *colleague, want bool) {
		t.Helper()
		for _, c := range []struct {
			method, path string
			body         any
			done         int
		}{
			{"GET", party + "/contacts", nil, http.StatusOK},
			{"POST", party + "/contacts", object{"name": "Mr New"}, http.StatusCreated},
			{"PATCH", party + "/contacts/" + contact, object{"phone": "1"}, http.StatusOK},
			{"DELETE", party + "/contacts/" + uuid.NewString(), nil, http.StatusNotFound},
		} {
			if !want {
				c.done = http.StatusForbidden
			}
			revision := fmt.Sprintf("%q", w.texts(`SELECT revision::text FROM contact WHERE contact_id = '` +
				contact + `'`)[0])
			got := who.want(c.done, c.method, c.path, c.body, "If-Match", revision)
			if !want && strings.Contains(got.text, "Ms Secret") {
				t.Errorf("%s tells %s", c.method, got.text)
			}
		}
	}
	handles(mine, true)
	handles(chief, true)
	theirs.want(http.StatusOK, "GET", party, nil)
	handles(theirs, false)
	theirs.want(http.StatusForbidden, "DELETE", party+"/contacts/"+contact, nil)

	id := uuid.MustParse(made.body["id"].(string))
	held := theirs.want(http.StatusCreated, "POST", "/api/parks/"+next+"/records", hold(w, w.newGround(), id))
	handles(theirs, true)
	theirs.want(http.StatusCreated, "POST", "/api/parks/"+next+"/records", object{"kind": "take_back", "reason": "r",
		"allotment": object{"id": at(held.body, "allotment", "id"), "version": at(held.body, "allotment", "version")}})
	handles(theirs, false)
	taken := w.newGround()
	chief.want(http.StatusCreated, "POST", "/api/parks/"+next+"/records", hold(w, taken, w.newProject()))
	theirs.want(http.StatusCreated, "POST", "/api/parks/"+next+"/records", object{"kind": "queue", "reason": "r",
		"project": id, "parcels": []object{w.ref(taken)}, "term_days": 15})
	handles(theirs, true)
}

func TestSeveralParksMustBeNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	both := w.colleagueIn(here, "both")
	w.exec(`INSERT INTO membership (account_id, park_id, role) VALUES ($1, $2, 'planner')`, both.id, w.nextID)
	if got := both.want(http.StatusBadRequest, "POST", "/api/parties",
		object{"name_zh": "甲", "name_en": "A"}); got.body["field"] != "park" {
		t.Errorf("%s", got.text)
	}
	if got := both.want(http.StatusCreated, "POST", "/api/parties",
		object{"name_zh": "甲", "name_en": "A", "park": next}); got.body["park"] != next {
		t.Errorf("%s", got.text)
	}
	both.want(http.StatusBadRequest, "POST", "/api/parties",
		object{"name_zh": "乙", "name_en": "B", "park": next, "district": "far-district"})
	if got := w.everywhere(t).want(http.StatusCreated, "POST", "/api/parties",
		object{"name_zh": "丙", "name_en": "C", "district": "lingang"}); got.body["park"] != nil {
		t.Errorf("%s", got.text)
	}
}

// TestUnlockedHoldsWhereOneIsAdmin lets an admin of one park, who is planner of the next, write without a version in
// the one alone.
func TestUnlockedHoldsWhereOneIsAdmin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := &someone{name: "both", by: "unlocked", roles: []people.Grant{{Park: ptr(here), Role: people.Admin},
		{Park: ptr(next), Role: people.Planner}}}
	w.engage(p)
	edit := func(park string, parcel uuid.UUID, want int) {
		t.Helper()
		p.want(want, "POST", "/api/parks/"+park+"/records",
			object{"kind": "edit", "reason": "r", "parcels": []object{{"id": parcel}},
				"object": object{"collection": "parcels", "facts": object{"price_cny_per_m2": 301}}})
	}
	edit(here, w.parcel, http.StatusCreated)
	edit(next, w.newGround(), http.StatusPreconditionRequired)
	p.want(http.StatusPreconditionRequired, "PATCH", "/api/projects/"+w.newProject().String(),
		object{"investment_cny": 5})
	// One that whoever runs the server gave holds in both.
	_, given, err := people.Of(w.db.Store).CreateToken(t.Context(),
		people.TokenOrder{Account: p.id, Name: "t", Scope: people.ScopeWrite, Unlocked: true, Life: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	p.secret = given
	edit(next, w.newGround(), http.StatusCreated)
}
