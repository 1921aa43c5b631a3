package api_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/uuid"
)

// TestATurnIsCorrectedAtItsPlace: a turn that was noted wrong is corrected or withdrawn, whichever it is, and all that
// count follow each other; what was noted is kept.
func TestATurnIsCorrectedAtItsPlace(t *testing.T) {
	t.Parallel()
	c := newCourting(t)
	_, project := c.lead(c.one, "甲", nil)
	turn := func(want int, turn, since string, more object) told {
		t.Helper()
		body := object{"turn": turn, "since": since, "reason": "r"}
		for k, v := range more {
			body[k] = v
		}
		return c.one.want(want, "POST", project+"/turns", body)
	}
	fix := func(n int, more object) object {
		all := object{"corrects": n, "correct_reason": "misread"}
		for k, v := range more {
			all[k] = v
		}
		return all
	}
	turn(http.StatusCreated, "paused", "2026-03-01", nil)
	turn(http.StatusCreated, "resumed", "2026-04-01", nil)
	turn(http.StatusCreated, "lost", "2026-05-01", nil)
	for rule, got := range map[string]told{
		"turn_is_there":  turn(http.StatusConflict, "lost", "2026-05-01", fix(9, nil)),
		"turns_in_order": turn(http.StatusConflict, "paused", "2026-04-02", fix(1, nil)),
		"turn_follows":   turn(http.StatusConflict, "resumed", "2026-03-01", fix(1, nil)),
	} {
		if got.body["rule"] != rule {
			t.Errorf("want %s: %s", rule, got.text)
		}
	}
	// without the pause nothing could have been resumed
	if got := turn(http.StatusConflict, "paused", "2026-03-01", fix(1, object{"withdrawn": true})); got.body["rule"] !=
		"turn_follows" {
		t.Errorf("%s", got.text)
	}
	for field, more := range map[string]object{"correct_reason": {"corrects": 1}, "corrects": {"withdrawn": true}} {
		if got := turn(http.StatusBadRequest, "paused", "2026-05-02", more); got.body["field"] != field {
			t.Errorf("%s", got.text)
		}
	}
	got := turn(http.StatusCreated, "paused", "2026-03-02", fix(1, nil))
	if at(got.body, "turns", 2, "since") != "2026-03-02" || at(got.body, "turns", 2, "n") != 1.0 ||
		at(got.body, "standing") != "lost" || at(got.body, "former_turns", 0, "since") != "2026-03-01" {
		t.Errorf("%s", got.text)
	}
	got = turn(http.StatusCreated, "lost", "2026-05-01", fix(3, object{"withdrawn": true}))
	if at(got.body, "standing") != "active" || len(got.body["turns"].([]any)) != 2 ||
		at(got.body, "former_turns", 0, "withdrawn") != true || at(got.body, "former_turns", 0, "why") != "misread" {
		t.Errorf("%s", got.text)
	}
	if got := turn(http.StatusConflict, "lost", "2026-05-01", fix(3, nil)); got.body["rule"] != "turn_is_there" {
		t.Errorf("%s", got.text)
	}
	turn(http.StatusCreated, "lost", "2026-05-03", nil)
}

// TestAListingIsCorrected: a listing that was noted wrong is withdrawn, with a reason and who did; what takes its place
// counts, and figures count it alone.
func TestAListingIsCorrected(t *testing.T) {
	t.Parallel()
	c := newCourting(t)
	_, project := c.lead(c.one, "甲", nil)
	tag := func(want int, from string, more object) told {
		t.Helper()
		body := object{"tag": "provincial_key", "from": from}
		for k, v := range more {
			body[k] = v
		}
		return c.one.want(want, "POST", project+"/tags", body)
	}
	listed := func(on string) (n int) {
		t.Helper()
		got := c.one.want(http.StatusOK, "GET", "/api/figures?tag=provincial_key&on="+on, nil)
		return int(at(got.body, "all", "projects").(float64))
	}
	made := tag(http.StatusCreated, "2026-01-01", nil)
	id := at(made.body, "tags", 0, "id")
	if at(made.body, "tags", 0, "noted_by", "id") != c.one.id.String() || listed("2026-02-01") != 1 {
		t.Errorf("%s", made.text)
	}
	if got := tag(http.StatusConflict, "2026-01-01", nil); got.body["rule"] != "project_tag_is_one" {
		t.Errorf("%s", got.text)
	}
	if got := tag(http.StatusBadRequest, "2026-03-01", object{"corrects": id}); got.body["field"] != "reason" {
		t.Errorf("%s", got.text)
	}
	tag(http.StatusNotFound, "2026-03-01", object{"corrects": uuid.NewString(), "reason": "r"})
	got := tag(http.StatusCreated, "2026-03-01", object{"corrects": id, "reason": "the notice is of March"})
	if len(got.body["tags"].([]any)) != 1 || at(got.body, "tags", 0, "from") != "2026-03-01" ||
		at(got.body, "former_tags", 0, "id") != id || at(got.body, "former_tags", 0, "by", "id") != c.one.id.String() ||
		listed("2026-02-01") != 0 || listed("2026-03-01") != 1 {
		t.Errorf("%s", got.text)
	}
	if again := tag(http.StatusConflict, "2026-04-01", object{"corrects": id, "reason": "r"}); again.body["rule"] !=
		"tag_is_there" {
		t.Errorf("%s", again.text)
	}
	got = tag(http.StatusCreated, "2026-03-01", object{"corrects": at(got.body, "tags", 0, "id"), "withdrawn": true,
		"reason": "r"})
	if len(got.body["tags"].([]any)) != 0 || len(got.body["former_tags"].([]any)) != 2 {
		t.Errorf("%s", got.text)
	}
	tag(http.StatusCreated, "2026-03-01", nil) // the same may be noted again
}

// TestExpertsAreNamedInTheirPark: members of a park learn the names of experts of a task force that has a member there;
// members of the park next door learn what was said, by which voice, and no name.
func TestExpertsAreNamedInTheirPark(t *testing.T) {
	t.Parallel()
	c := newPromoting(t)
	away := c.colleagueIn(c.newPark("far-off"), "away")
	c.chief.want(http.StatusOK, "PATCH", "/api/teams/"+c.force, object{"join": []any{c.one.id}})
	c.judge(http.StatusCreated, c.one, c.experts[0], "prepreg", "needed")
	for who, named := range map[*colleague]bool{c.one: true, c.two: true, c.leader: true, c.chief: true, away: false} {
		var names []any
		list := who.want(http.StatusOK, "GET", "/api/task-forces", nil)
		names = append(names, at(list.body, "teams", 0, "experts", 0, "name"))
		if at(list.body, "teams", 0, "experts", 0, "voice") != "professor" {
			t.Errorf("%s", list.text)
		}
		piece := "/api/parks/far-off/promotion/pieces/prepreg"
		if named {
			piece = pieces + "prepreg"
		}
		said := who.want(http.StatusOK, "GET", piece, nil)
		names = append(names, at(said.body, "judgements", 0, "expert", "name"))
		for i, name := range names {
			if (name == "professor") != named || !named && name != nil {
				t.Errorf("%s, %d: %v", who.id, i, name)
			}
		}
		if (at(list.body, "teams", 0, "experts", 0, "account") == nil) == named ||
			(at(said.body, "judgements", 0, "noted_by") == nil) == named {
			t.Errorf("%s: %s %s", who.id, list.text, said.text)
		}
	}
	c.chief.want(http.StatusOK, "PATCH", "/api/teams/"+c.force, object{"leave": []any{c.one.id}})
	for who, named := range map[*colleague]bool{c.one: false, c.two: false, c.leader: true, c.chief: true} {
		list := who.want(http.StatusOK, "GET", "/api/task-forces", nil)
		if (at(list.body, "teams", 0, "experts", 0, "name") != nil) != named {
			t.Errorf("of a team of no park, %s: %s", who.id, list.text)
		}
	}
}

// TestMailsAreListedByState: an admin of every park reads who was sent a mail and how it stands, a page at a time, and
// has a doubtful one sent again; what it says is nowhere told.
func TestMailsAreListedByState(t *testing.T) {
	t.Parallel()
	c := newCourting(t)
	if _, err := c.db.Owner.Exec(t.Context(), `INSERT INTO mail (mail_id, account_id, kind, state, queued_at, lease,
		settled_at) SELECT gen_random_uuid(), $1, 'reminders', s, timestamptz '2026-10-01 08:00Z' + n * interval '1 hour',
		gen_random_uuid(), now() FROM unnest(ARRAY['sent', 'sent', 'unknown', 'refused', 'void']) WITH ORDINALITY x (s, n)`,
		c.one.id); err != nil {
		t.Fatal(err)
	}
	list := func(query string, states ...string) told {
		t.Helper()
		got := c.chief.want(http.StatusOK, "GET", "/api/mails"+query, nil)
		told := []string{}
		for _, one := range got.body["mails"].([]any) {
			told = append(told, fmt.Sprint(at(one, "state")))
		}
		if fmt.Sprint(told) != fmt.Sprint(states) {
			t.Errorf("%s: %v", query, told)
		}
		return got
	}
	list("?state=all", "void", "refused", "unknown", "sent", "sent")
	page := list("?state=sent&limit=1", "sent")
	if page.body["all"] != 2.0 || page.body["next"] != 1.0 {
		t.Errorf("%s", page.text)
	}
	if last := list("?state=sent&limit=1&from=1", "sent"); last.body["next"] != nil {
		t.Errorf("%s", last.text)
	}
	if none := list("?state=sent&from=9"); none.body["all"] != 2.0 {
		t.Errorf("%s", none.text)
	}
	list("?state=all&account=" + c.two.id.String())
	doubt := list("", "unknown", "refused")
	c.chief.want(http.StatusOK, "POST", fmt.Sprintf("/api/mails/%s/decision", at(doubt.body, "mails", 0, "id")),
		object{"decision": "again", "reason": "the server's log has nothing"})
	again := list("?state=queued", "queued")
	if at(again.body, "mails", 0, "reason") != "the server's log has nothing" || at(again.body, "mails", 0, "decided_by",
		"id") != c.chief.id.String() {
		t.Errorf("%s", again.text)
	}
	c.chief.want(http.StatusNotFound, "GET", "/api/mails?account=me", nil)
	for _, query := range []string{"?state=lost", "?limit=501"} {
		c.chief.want(http.StatusBadRequest, "GET", "/api/mails"+query, nil)
	}
	c.leader.want(http.StatusForbidden, "GET", "/api/mails?state=all", nil)
}
