package api_test

import (
	"fmt"
	"net/http"
	"testing"
)

// sums are the money of a figure by kind, span and currency.
func sums(t *testing.T, of any) map[string][2]float64 {
	t.Helper()
	all := map[string][2]float64{}
	for _, one := range at(of, "money").([]any) {
		key := fmt.Sprint(at(one, "kind"), ".", at(one, "span"), ".", at(one, "currency"))
		all[key] = [2]float64{at(one, "amount").(float64), at(one, "known").(float64)}
	}
	return all
}

// TestNoFigureMixesMoneyOrStarts: each kind, span and currency is a sum of its own, the two starts are two figures, and
// each figure opens its rows.
func TestNoFigureMixesMoneyOrStarts(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	keys := 0
	add := func(path string, body object) told {
		t.Helper()
		keys++
		return p.want(http.StatusCreated, "POST", path, body, "Idempotency-Key", fmt.Sprint("k", keys))
	}
	make := func(code string, more object) string {
		t.Helper()
		facts := object{"code": code, "name_zh": "项目" + code, "park": "desk"}
		for k, v := range more {
			facts[k] = v
		}
		return "/api/projects/" + add("/api/projects", facts).body["id"].(string)
	}
	money := func(one, kind, span, asOf string, amount float64, more object) told {
		t.Helper()
		body := object{"kind": kind, "span": span, "currency": "CNY", "as_of": asOf, "amount": amount, "evidence": "e"}
		for k, v := range more {
			body[k] = v
		}
		return add(one+"/money", body)
	}
	a := make("A", object{"investment_cny": 100e6, "requirement": object{"area_mu": object{"min": 30, "max": 40}}})
	b := make("B", object{"requirement": object{"area_mu": 12.5}})
	c := make("C", nil)
	for _, one := range []string{a, b, c} {
		add(one+"/milestones", milestone("signed", "2026-02-10", nil))
	}
	add(a+"/milestones", milestone("started", "2026-03-01", nil))
	add(b+"/land-starts", object{"started_on": "2026-03-20", "kind": "pit", "evidence": "e"})
	add(a+"/investments", object{"until": "2026-03-31", "paid_cny": 5e6, "evidence": "e"})
	money(a, "paid", "since_begin", "2026-03-31", 45e6, nil)
	money(a, "fixed_asset", "to_date", "2026-03-31", 7e6, nil)
	money(b, "fixed_asset", "to_date", "2026-02-28", 2e6, nil)
	money(b, "fixed_asset", "month", "2026-02-28", 1e6, nil) // of another month than that of the day
	money(a, "fixed_asset", "month", "2026-03-31", 3e6, nil)
	money(a, "year_plan", "year", "2026-01-15", 60e6, object{"year": 2026})
	money(a, "year_plan", "year", "2026-01-16", 90e6, object{"year": 2027})
	money(c, "planned_total", "whole", "2026-01-15", 8e6, object{"currency": "USD"})
	money(c, "fixed_asset", "to_date", "2026-04-30", 50e6, nil) // to come

	figures := p.want(http.StatusOK, "GET", "/api/figures/facts?by=park&on=2026-03-31", nil)
	all := figures.body["all"]
	want := map[string][2]float64{"planned_total.whole.CNY": {100e6, 1}, "planned_total.whole.USD": {8e6, 1},
		"year_plan.year.CNY": {60e6, 1}, "paid.to_date.CNY": {5e6, 1}, "paid.since_begin.CNY": {45e6, 1},
		"fixed_asset.to_date.CNY": {9e6, 2}, "fixed_asset.month.CNY": {3e6, 1}}
	if got := sums(t, all); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v\nwant %v", got, want)
	}
	if at(all, "started", "n") != 1.0 || at(all, "land_started", "n") != 1.0 || at(all, "land_started", "of") != 3.0 {
		t.Errorf("starts: %v", all)
	}
	if d := figures.body["demand"]; at(d, "projects") != 2.0 || at(d, "known") != 1.0 || at(d, "least_mu") != 12.5 {
		t.Errorf("demand: %v", d) // A has started: it is past landing
	}
	if s := figures.body["supply"]; at(s, "unknown") != 1.0 || at(s, "free_mu") != nil {
		t.Errorf("supply before the park's first record: %v", s)
	}
	if now := p.want(http.StatusOK, "GET", "/api/figures/facts", nil).body["supply"]; at(now, "free_mu") == nil ||
		at(now, "unknown") != 0.0 {
		t.Errorf("supply: %v", now)
	}
	for figure, code := range map[string]string{"started": "A", "land_started": "B", "money.fixed_asset.month.CNY": "A",
		"money.planned_total.whole.USD": "C"} {
		rows := p.want(http.StatusOK, "GET", "/api/figures/facts/projects?on=2026-03-31&figure="+figure, nil)
		projects := rows.body["projects"].([]any)
		if len(projects) != 1 || at(projects[0], "code") != code {
			t.Errorf("%s opens %s", figure, rows.text)
		}
	}
	for figure, n := range map[string]int{"": 3, "reached.signed": 3, "need": 2, "money.fixed_asset.to_date.CNY": 2} {
		rows := p.want(http.StatusOK, "GET", "/api/figures/facts/projects?on=2026-03-31&figure="+figure, nil)
		if got := len(rows.body["projects"].([]any)); got != n {
			t.Errorf("%s opens %d, want %d", figure, got, n)
		}
	}
	wrong := p.want(http.StatusBadRequest, "GET", "/api/figures/facts/projects?figure=money.paid.year.CNY", nil)
	if wrong.body["field"] != "figure" {
		t.Error(wrong.text)
	}
}

// TestMoneyAndLandStartsAreNotedOnce: what was noted is only replaced by a correction that says why, and an amount has
// one home.
func TestMoneyAndLandStartsAreNotedOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	made := p.want(http.StatusCreated, "POST", "/api/projects", object{"code": "A", "name_zh": "甲", "park": "desk"})
	one := "/api/projects/" + made.body["id"].(string)
	start := object{"started_on": "2026-03-20", "kind": "pit", "evidence": "e"}
	plan := object{"kind": "year_plan", "span": "year", "currency": "CNY", "year": 2026,
		"as_of": "2026-01-15", "amount": 1, "evidence": "e"}
	with := func(base object, more object) object {
		all := object{}
		for k, v := range base {
			all[k] = v
		}
		for k, v := range more {
			all[k] = v
		}
		return all
	}
	p.want(http.StatusCreated, "POST", one+"/land-starts", start)
	p.want(http.StatusCreated, "POST", one+"/money", plan)
	for _, w := range []struct {
		path   string
		body   object
		status int
		rule   string
		field  string
	}{
		{"/land-starts", start, 409, "land_start_is_new", ""},
		{"/money", plan, 409, "money_is_new", ""},
		{"/land-starts", with(start, object{"corrects": true}), 400, "", "reason"},
		{"/land-starts", with(start, object{"kind": "stated"}), 400, "", "kind"},
		{"/land-starts", with(start, object{"allotment": "0190c8a0-0000-7000-8000-000000000000"}), 404, "", ""},
		{"/money", with(plan, object{"kind": "paid", "span": "to_date"}), 400, "", "kind"},
		{"/money", with(plan, object{"kind": "planned_total", "span": "whole"}), 400, "", "kind"},
		{"/money", with(plan, object{"kind": "paid"}), 400, "", "span"},
		{"/money", with(plan, object{"kind": "fixed_asset", "span": "month"}), 400, "", "as_of"},
		{"/money", with(plan, object{"kind": "fixed_asset", "span": "to_date", "year": 2025}), 400, "", "year"},
	} {
		got := p.want(w.status, "POST", one+w.path, w.body)
		if w.rule != "" && got.body["rule"] != w.rule || w.field != "" && got.body["field"] != w.field {
			t.Errorf("%v: %s", w, got.text)
		}
	}
	p.want(http.StatusCreated, "POST", one+"/land-starts", with(start, object{"started_on": "2026-04-02",
		"corrects": true,
		"reason":   "only the fence"}))
	all := p.want(http.StatusCreated, "POST", one+"/land-starts", with(start, object{"corrects": true,
		"withdrawn": true,
		"reason":    "no pit"}))
	for _, noted := range all.body["land_starts"].([]any) {
		if at(noted, "counts") != false {
			t.Errorf("%v", noted)
		}
	}
	p.want(http.StatusCreated, "POST", one+"/money", with(plan, object{"amount": 2, "corrects": true, "reason": "r"}))
	if got := p.want(http.StatusOK, "GET", one+"/money", nil); len(got.body["money"].([]any)) != 2 {
		t.Error(got.text)
	}
}
