package api_test

import (
	"fmt"
	"math"
	"net/http"
	"testing"

	"luodi/data/people"
)

// districtViewer may read the business of every park.
func (o *office) districtViewer(login string) *colleague {
	o.t.Helper()
	c := o.colleague(login, false, people.ScopeRead)
	if _, err := o.db.Owner.Exec(o.t.Context(), `INSERT INTO membership (account_id, role) VALUES ($1, 'viewer')`,
		c.id); err != nil {
		o.t.Fatal(err)
	}
	return c
}

// group is the group of a key in an answer of figures.
func group(t *testing.T, answer told, key string) object {
	t.Helper()
	for _, one := range answer.body["groups"].([]any) {
		if one := one.(object); one["key"] == key {
			return one
		}
	}
	t.Fatalf("no group %q in %.400s", key, answer.text)
	return nil
}

// TestTheReportsFiguresComeFromRows: the sample's rates and sums on the report's day, as of the day before one start,
// and each as the rows behind it have it.
func TestTheReportsFiguresComeFromRows(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	o := &office{house: h, t: t}
	viewer := o.districtViewer("leader")
	type want struct {
		tag            string
		projects, from int // from: how many had started
		paid           float64
	}
	check := func(on string, w want) {
		t.Helper()
		got := group(t, viewer.want(http.StatusOK, "GET", "/api/figures?by=tag&on="+on, nil), w.tag)
		reached := got["reached"].(object)
		rate := got["start_rate"].(float64)
		if got["projects"] != float64(w.projects) || reached["started"] != float64(w.from) ||
			math.Abs(rate-float64(w.from)/float64(w.projects)) > 1e-12 || at(got, "paid", "cny") != w.paid {
			t.Errorf("%s on %s: %v, want %v", w.tag, on, got, w)
		}
		rows := viewer.want(http.StatusOK, "GET", "/api/figures/projects?by=tag&key="+w.tag+"&limit=1000&on="+on, nil)
		started, paid := 0, 0.0
		for _, row := range rows.body["projects"].([]any) {
			if at(row, "reached", "started") != nil {
				started++
			}
			if cny, known := at(row, "paid_cny").(float64); known {
				paid += cny
			}
		}
		if all := len(rows.body["projects"].([]any)); all != w.projects || started != w.from || paid != w.paid {
			t.Errorf("%s on %s: the rows have %d, %d, %f, want %v", w.tag, on, all, started, paid, w)
		}
	}
	check("2022-03-31", want{"provincial_key", 12, 10, 615_000_000})
	check("2022-03-31", want{"municipal_key", 42, 39, 1_259_000_000})
	for _, w := range []want{{"provincial_key", 12, 10, 0}, {"municipal_key", 42, 39, 0}} {
		var last, before string
		var then int
		if err := h.db.Owner.QueryRow(t.Context(), `SELECT max(m.reached_on)::text, (max(m.reached_on) - 1)::text,
			(SELECT count(*) FROM project_reached x JOIN project_tag y USING (district_id, project_id)
			  WHERE y.tag = $1 AND x.stage = 'started' AND x.reached_on < max(m.reached_on))
			FROM project_reached m JOIN project_tag t USING (district_id, project_id)
			WHERE t.tag = $1 AND m.stage = 'started' AND m.reached_on <= '2022-03-31'`, w.tag).Scan(&last, &before,
			&then); err != nil {
			t.Fatal(err)
		}
		if then >= w.from {
			t.Fatalf("%s: nothing started on %s", w.tag, last)
		}
		got := group(t, viewer.want(http.StatusOK, "GET", "/api/figures?on="+before, nil), w.tag)
		if at(got, "reached", "started") != float64(then) {
			t.Errorf("%s on %s: %v, want %d started", w.tag, before, got, then)
		}
	}
	landed := group(t, viewer.want(http.StatusOK, "GET", "/api/figures?on=2022-04-30", nil), "signing_key")
	if landed["projects"] != 17.0 || at(landed, "reached", "landed") != 17.0 || at(landed, "planned",
		"known") != 12.0 ||
		at(landed, "planned", "cny") != 3.6e9 {
		t.Errorf("of the four months: %v", landed)
	}
	eve := group(t, viewer.want(http.StatusOK, "GET", "/api/figures?on=2022-04-29", nil), "signing_key")
	if eve["projects"] != 17.0 || at(eve, "reached", "landed") != nil {
		t.Errorf("of the day before: %v", eve)
	}
}

// TestFiguresByHand counts a small ledger with traps by hand: a start that was corrected, one that was withdrawn, a
// project that was paused and one lost, one without money, money of two years, a listing that ended.
func TestFiguresByHand(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	make := func(code string, cny any) string {
		t.Helper()
		facts := object{"code": code, "name_zh": "项目" + code, "park": "desk"}
		if cny != nil {
			facts["investment_cny"] = cny
		}
		made := p.want(http.StatusCreated, "POST", "/api/projects", facts, "Idempotency-Key", code)
		return "/api/projects/" + made.body["id"].(string)
	}
	keys := 0
	add := func(one, what string, body object) {
		t.Helper()
		keys++
		p.want(http.StatusCreated, "POST", one+what, body, "Idempotency-Key", fmt.Sprint("k", keys))
	}
	tag := func(one string) { add(one, "/tags", object{"tag": "municipal_key", "from": "2026-01-01"}) }
	paid := func(one, until string, cny float64) {
		add(one, "/investments", object{"until": until, "paid_cny": cny, "evidence": "e"})
	}
	a, b, c, d, e := make("A", 100e6), make("B", 200e6), make("C", nil), make("D", 50e6), make("E", 10e6)
	for _, one := range []string{a, b, c, d} {
		tag(one)
	}
	add(e, "/tags", object{"tag": "municipal_key", "from": "2025-01-01", "until": "2026-01-01"}) // ended
	for _, one := range []string{a, b, c, d, e} {
		add(one, "/milestones", milestone("signed", "2026-02-10", nil))
	}
	add(a, "/milestones", milestone("started", "2026-03-01", nil))
	add(a, "/milestones", milestone("started", "2026-04-20", object{"corrects": true, "reason": "only the fence"}))
	add(b, "/milestones", milestone("started", "2026-03-02", nil))
	add(b, "/milestones", milestone("started", "2026-03-02", object{"corrects": true, "withdrawn": true,
		"reason": "no"}))
	add(c, "/milestones", milestone("started", "2026-03-03", nil))
	add(c, "/turns", object{"turn": "paused", "since": "2026-04-01", "reason": "r"})
	add(d, "/turns", object{"turn": "lost", "since": "2026-03-15", "reason": "r"})
	paid(a, "2025-12-31", 40e6)
	paid(a, "2026-03-31", 5e6)
	paid(a, "2026-06-30", 9e6)
	paid(c, "2026-03-31", 2e6)

	for on, want := range map[string]struct{ projects, started, paused, lost, planned, known, paid float64 }{
		"2026-03-31": {4, 1, 0, 1, 350e6, 3, 7e6},
		"2026-04-19": {4, 1, 1, 1, 350e6, 3, 7e6},
		"2026-04-20": {4, 2, 1, 1, 350e6, 3, 7e6},
		"2026-06-30": {4, 2, 1, 1, 350e6, 3, 11e6},
	} {
		got := group(t, p.want(http.StatusOK, "GET", "/api/figures?tag=municipal_key&on="+on, nil), "municipal_key")
		started, _ := at(got, "reached", "started").(float64)
		if got["projects"] != want.projects || started != want.started || got["paused"] != want.paused ||
			got["lost"] != want.lost || at(got, "planned", "cny") != want.planned ||
			at(got, "planned", "known") != want.known || at(got, "paid", "cny") != want.paid {
			t.Errorf("on %s: %v, want %v", on, got, want)
		}
	}
	early := p.want(http.StatusOK, "GET", "/api/figures?tag=municipal_key&on=2026-03-30", nil)
	if got := group(t, early, "municipal_key"); at(got, "paid", "cny") != nil || at(got, "paid", "known") != 0.0 {
		t.Errorf("money of the year before, or of a later day, is told as paid: %v", got)
	}
	for _, on := range []string{"yesterday", "2999-01-01"} {
		if wrong := p.want(http.StatusBadRequest, "GET", "/api/figures?on="+on, nil); wrong.body["field"] != "on" {
			t.Errorf("%s", wrong.text)
		}
	}
	add(e, "/milestones", milestone("in_production", "2026-05-01", nil)) // the start was left out
	rows := "/api/figures/projects?on=2026-06-30&limit=2"
	first := p.want(http.StatusOK, "GET", rows, nil)
	last := p.want(http.StatusOK, "GET", rows+"&from=4", nil)
	if first.body["next"] != 2.0 || first.body["all"] != 5.0 || at(first.body, "projects", 1, "code") != "B" ||
		last.body["next"] != nil || len(last.body["projects"].([]any)) != 1 || at(last.body, "projects", 0,
		"code") != "E" {
		t.Errorf("pages of rows: %s %s", first.text, last.text)
	}
	if all := p.want(http.StatusOK, "GET", "/api/figures?by=park&on=2026-06-30", nil); at(all.body, "all", "reached",
		"started") != 3.0 {
		t.Errorf("%s", all.text)
	}
}
