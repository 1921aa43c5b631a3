package api_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/xuri/excelize/v2"
)

// ledgerOf is the body that sends a ledger.
func ledgerOf(file []byte, more object) object {
	body := object{"name": "台账.xlsx", "as_of": "2022-03-31", "park": "desk",
		"file": base64.StdEncoding.EncodeToString(file)}
	for k, v := range more {
		body[k] = v
	}
	return body
}

// decided are the decisions on the two rows of ledger60 that are there already.
func decided() []object {
	return []object{{"row": firstRow + 60, "as": "same", "with_row": firstRow}, {"row": firstRow + 61, "as": "same",
		"with_row": firstRow + 1}}
}

// TestALedgerGivesTheFiguresCountedByHand takes the ledger of testdata/ledger60.md in and compares each figure with
// what was counted there.
func TestALedgerGivesTheFiguresCountedByHand(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	file := ledgerBook(t, ledger60(), "", nil)

	plan := p.want(http.StatusOK, "POST", "/api/ledgers/preview", ledgerOf(file, nil))
	if at(plan.body, "head_row") != 4.0 || at(plan.body, "make") != 60.0 || at(plan.body, "ask") != 2.0 ||
		len(plan.body["faults"].([]any)) > 0 || fmt.Sprint(plan.body["sums"]) != "[67]" {
		t.Fatalf("%v %v %v %v %v", plan.body["head_row"], plan.body["make"], plan.body["ask"], plan.body["faults"],
			plan.body["sums"])
	}
	open := p.want(http.StatusBadRequest, "POST", "/api/ledgers", ledgerOf(file, nil))
	if open.body["field"] != "decisions" {
		t.Error(open.text)
	}
	if n := len(p.want(http.StatusOK, "GET", "/api/projects", nil).body["projects"].([]any)); n != 1 { // the office's own
		t.Errorf("a ledger that was refused made %d projects", n)
	}
	body := ledgerOf(file, object{"decisions": decided()})
	made := p.want(http.StatusCreated, "POST", "/api/ledgers", body)
	if at(made.body, "made") != 60.0 {
		t.Error(made.text)
	}
	again := p.want(http.StatusOK, "POST", "/api/ledgers", body)
	if again.body["id"] != made.body["id"] {
		t.Error(again.text)
	}

	figures := p.want(http.StatusOK, "GET", "/api/figures/facts?by=tag&on=2022-03-31", nil)
	all := figures.body["all"]
	want := map[string][2]float64{"planned_total.whole.CNY": {2560e6, 49}, "planned_total.whole.USD": {5e6, 1},
		"year_plan.year.CNY": {160e6, 30}, "paid.to_date.CNY": {22e6, 21}, "fixed_asset.to_date.CNY": {9.5e6, 11}}
	if got := sums(t, all); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("money: %v\nwant %v", got, want)
	}
	counts := func(of any, path ...any) float64 {
		n, _ := at(of, path...).(float64)
		return n
	}
	if counts(all, "projects") != 60 || counts(all, "started", "n") != 29 || counts(all, "land_started", "n") != 9 {
		t.Errorf("starts: %v %v", at(all, "started"), at(all, "land_started"))
	}
	for tag, w := range map[string][2]float64{"provincial_key": {10, 10}, "municipal_key": {20, 0}} {
		g := group(t, figures, tag)
		if counts(g, "projects") != w[0] || counts(g, "started", "n") != w[1] {
			t.Errorf("%s: %v", tag, g)
		}
	}
	if d := figures.body["demand"]; counts(d, "projects") != 29 || counts(d, "known") != 23 || counts(d,
		"least_mu") != 530 {
		t.Errorf("demand: %v", d)
	}
	funnel := map[string]float64{}
	for _, step := range figures.body["funnel"].([]any) {
		funnel[at(step, "stage").(string)] = counts(step, "n")
	}
	for stage, n := range map[string]float64{"in_talks": 60, "signed": 52, "landed": 29, "started": 29,
		"in_production": 4} {
		if funnel[stage] != n {
			t.Errorf("funnel: %s %v, want %v", stage, funnel[stage], n)
		}
	}
	quarters := p.want(http.StatusOK, "GET", "/api/figures/facts?by=quarter&on=2022-03-31", nil)
	for quarter, n := range map[string]float64{"2021-Q4": 26, "2022-Q1": 20, "2021-Q3": 2, "2020-Q2": 4, "": 8} {
		if got := counts(group(t, quarters, quarter), "projects"); got != n {
			t.Errorf("%q: %v, want %v", quarter, got, n)
		}
	}
	tally := p.want(http.StatusOK, "GET", "/api/figures?on=2022-03-31", nil).body["all"]
	if counts(tally, "paused") != 4 || counts(tally, "lost") != 2 {
		t.Errorf("%v", tally)
	}
	next := p.want(http.StatusOK, "POST", "/api/ledgers/preview", ledgerOf(ledgerBook(t, ledger60(),
		"saved again", nil),
		object{"decisions": decided()}))
	if at(next.body, "make") != 0.0 || at(next.body, "change") != 0.0 || at(next.body, "keep") != 60.0 {
		t.Errorf("saved again: %v %v %v %v", next.body["make"], next.body["change"], next.body["keep"],
			next.body["ask"])
	}
}

// TestALedgersTrapsAreAsked: what could mean two things is a fault that names row and column, or has to be decided.
func TestALedgersTrapsAreAsked(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	for name, w := range map[string]struct {
		column int
		value  any
		fault  string // the column's name; "": none
	}{
		"two starts in a cell":        {colStarted, "2021.12.15/2022.3.1", "I"},
		"two amounts in a cell":       {colPlanned, "计划5000万/到位2000万", "L"},
		"a lost zero":                 {colSigned, 2021.1, "H"},
		"a day to come":               {colStarted, "2022-04-02", "I"},
		"days in no order":            {colStarted, "2021-10-01", "H"},
		"a status against the days":   {colStatus, "在谈", "F"},
		"a status that nobody knows":  {colStatus, "差不多", "F"},
		"a wrong credit code":         {colCredit, "91371000000000000X", "D"},
		"no name":                     {colName, "", "B"},
		"a date that is none":         {colStarted, "2021.13", "I"},
		"an amount below zero":        {colPaid, -5, "N"},
		"a month that is not over":    {colStarted, "2022.3", ""},
		"full-width figures in dates": {colStarted, "２０２１．１２", ""},
	} {
		rows := ledger60()[:3]
		rows[2][colLand], rows[2][w.column] = "", w.value
		plan := p.want(http.StatusOK, "POST", "/api/ledgers/preview", ledgerOf(ledgerBook(t, rows, "", nil), nil))
		faults := plan.body["faults"].([]any)
		switch {
		case w.fault == "" && len(faults) > 0:
			t.Errorf("%s: %v", name, faults)
		case w.fault == "":
		case len(faults) == 0 || at(faults[0], "row") != float64(firstRow+2) || at(faults[0], "column") != w.fault ||
			at(faults[0], "expected") == "":
			t.Errorf("%s: %v", name, faults)
		}
		if w.fault != "" {
			p.want(http.StatusBadRequest, "POST", "/api/ledgers", ledgerOf(ledgerBook(t, rows, "", nil), nil))
		}
	}
	heads := func(name, cell, text string) {
		file := ledgerBook(t, ledger60()[:3], "", func(f *excelize.File, sheet string) {
			if err := f.SetCellStr(sheet, cell, text); err != nil {
				t.Fatal(err)
			}
		})
		plan := p.want(http.StatusOK, "POST", "/api/ledgers/preview", ledgerOf(file, nil))
		if faults := plan.body["faults"].([]any); len(faults) != 1 || at(faults[0], "row") != 0.0 {
			t.Errorf("%s: %v", name, faults)
		}
	}
	heads("a head that says both starts", "I3", "开（动）工时间")
	heads("a head that doesn't say which money", "N4", "完成投资")
	heads("a head that doesn't say since when", "N4", "到位资金")
	heads("two columns of one kind", "N4", "2022年度计划投资（万元）")
	heads("a time that doesn't end with the ledger", "O4", "1-2月固定资产投资")
	formula := ledgerBook(t, ledger60()[:3], "", func(f *excelize.File, sheet string) {
		if err := f.SetCellValue(sheet, "L7", nil); err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellFormula(sheet, "L7", "SUM(L5:L6)"); err != nil {
			t.Fatal(err)
		}
	})
	unsaved := p.want(http.StatusOK, "POST", "/api/ledgers/preview", ledgerOf(formula, nil))
	if faults := unsaved.body["faults"].([]any); len(faults) != 1 || at(faults[0], "column") != "L" {
		t.Errorf("a formula without its result: %v", faults)
	}
	for name, file := range map[string][]byte{"a text": []byte("项目名称"), "nothing": {},
		"4 MiB and more": make([]byte, 4<<20+1)} {
		if got := p.want(http.StatusBadRequest, "POST", "/api/ledgers/preview", ledgerOf(file,
			nil)); got.body["field"] != "file" {
			t.Errorf("%s: %s", name, got.text)
		}
	}
}

// TestALedgerIsTakenOnce: 32 who send the same file at once make its projects once, and all are told of the one import.
func TestALedgerIsTakenOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	same := ledgerOf(ledgerBook(t, ledger60()[:6], "", nil), nil)
	var wait sync.WaitGroup
	ids := make([]any, 32)
	for i := range ids {
		wait.Go(func() {
			got := p.do("POST", "/api/ledgers", same)
			if got.status != http.StatusOK && got.status != http.StatusCreated {
				t.Errorf("%s", got.text)
				return
			}
			ids[i] = got.body["id"]
		})
	}
	wait.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Errorf("%v and %v", id, ids[0])
		}
	}
	if n := len(p.want(http.StatusOK, "GET", "/api/projects", nil).body["projects"].([]any)); n != 7 {
		t.Errorf("%d projects, want 6 and the office's own", n)
	}
}
