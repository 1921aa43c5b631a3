package api_test

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/xuri/excelize/v2"

	"luodi/data/people"
)

// opened is an answer as a workbook.
func opened(t *testing.T, of told) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader([]byte(of.text)))
	if err != nil {
		t.Fatalf("%v: %.300s", err, of.text)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func cellOf(t *testing.T, f *excelize.File, sheet, name string) string {
	t.Helper()
	text, err := f.GetCellValue(sheet, name, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestALedgerGoesOutAsItCame: heads, order, forms and columns that nobody reads stay; a cell of which the register says
// something else by the day is filled in, in the form that it had, marked, and listed.
func TestALedgerGoesOutAsItCame(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	rows := ledger60()
	rows = [][]any{rows[0], rows[10], rows[20], rows[59]} // rows 5 to 8 of the sheet
	rows[1][colForeign] = "=1+1"
	file := ledgerBook(t, rows, "", nil)
	made := p.want(http.StatusCreated, "POST", "/api/ledgers", ledgerOf(file, nil))
	path := "/api/ledgers/" + made.body["id"].(string) + "/xlsx?on="
	same := opened(t, p.want(http.StatusOK, "GET", path+"2022-03-31", nil))
	if changes, err := same.GetRows("变更"); err != nil || len(changes) != 1 {
		t.Errorf("nothing changed: %v %v", changes, err)
	}
	ids := map[string]string{}
	for _, one := range p.want(http.StatusOK, "GET", "/api/projects", nil).body["projects"].([]any) {
		ids[at(one, "name_zh").(string)] = "/api/projects/" + at(one, "id").(string)
	}
	add := func(path string, body object) {
		t.Helper()
		p.want(http.StatusCreated, "POST", path, body)
	}
	third := ids["碳纤维项目21"]
	add(third+"/milestones", milestone("started", "2022-05-06", nil))
	add(third+"/investments", object{"until": "2022-05-31", "paid_cny": 4.5e6, "evidence": "e"})
	add(ids["碳纤维项目60"]+"/milestones", milestone("signed", "2021-12-09", object{"corrects": true, "reason": "r"}))
	add(ids["碳纤维项目60"]+"/milestones", milestone("signed", "2022-01-09", object{"corrects": true,
		"reason": "=HYPERLINK(1)"}))
	add(ids["碳纤维项目11"]+"/turns", object{"turn": "paused", "since": "2022-05-10", "reason": "r"})

	before := opened(t, told{text: string(file)})
	later := opened(t, p.want(http.StatusOK, "GET", path+"2022-05-31", nil))
	const sheet = "2022台账"
	filled := map[string]string{"I7": "2022-05-06", "F7": "开工", "N7": "450", "F6": "已暂停", "H8": "2022.01.09"}
	for row := 1; row <= firstRow+5; row++ {
		for column := 1; column <= len(ledgerHeads); column++ {
			name, _ := excelize.CoordinatesToCellName(column, row)
			got, was := cellOf(t, later, sheet, name), cellOf(t, before, sheet, name)
			if want, changed := filled[name]; changed && got != want || !changed && got != was {
				t.Errorf("%s: %q, was %q", name, got, was)
			}
			style, _ := later.GetCellStyle(sheet, name)
			form, _ := later.GetStyle(style)
			marked := form != nil && slices.ContainsFunc(form.Fill.Color, func(c string) bool { return c == "FFF2CC" })
			if _, changed := filled[name]; changed != marked {
				t.Errorf("%s is marked: %v", name, marked)
			}
			if formula, _ := later.GetCellFormula(sheet, name); formula != "" {
				t.Errorf("%s is a formula: %s", name, formula)
			}
		}
	}
	if changes, err := later.GetRows("变更"); err != nil || len(changes) != 1+len(filled) {
		t.Errorf("%v %v", changes, err)
	}
	plain := opened(t, p.want(http.StatusOK, "GET", "/api/projects.xlsx?on=2022-05-31", nil, "Accept-Language", "zh"))
	heads, err := plain.GetRows("项目台账")
	if err != nil || len(heads) != 5 || heads[0][1] != "项目名称" {
		t.Errorf("%v %v", heads, err)
	}
	read := p.want(http.StatusOK, "POST", "/api/ledgers/preview", ledgerOf([]byte(p.want(http.StatusOK, "GET",
		"/api/projects.xlsx?on=2022-05-31&park=desk", nil).text), object{"as_of": "2022-05-31"}))
	if len(read.body["faults"].([]any)) == 0 {
		t.Error("money of another day than the ledger's is read as of its own")
	}
	read = p.want(http.StatusOK, "POST", "/api/ledgers/preview", ledgerOf([]byte(p.want(http.StatusOK, "GET",
		"/api/projects.xlsx?on=2022-03-31&park=desk", nil).text), nil))
	if at(read.body, "keep") != 4.0 || len(read.body["faults"].([]any)) != 0 {
		t.Errorf("our own ledger read again: %v %v %v", read.body["rows"], read.body["faults"], read.body["columns"])
	}
	other := o.colleague("other", false, people.ScopeWrite, people.Planner)
	other.want(http.StatusNotFound, "GET", path+"2022-03-31", nil) // who didn't bring it in, and leads nowhere
}

// TestALedgerTellsNothingOfOthersLeads: a row of a firm that another team spoke to first is no duplicate: the preview
// is the same as if that lead weren't there.
func TestALedgerTellsNothingOfOthersLeads(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	rows := ledger60()[40:43] // in talks
	file := ledgerBook(t, rows, "", nil)
	shown := func() string {
		plan := p.want(http.StatusOK, "POST", "/api/ledgers/preview", ledgerOf(file, nil))
		return fmt.Sprint(plan.body["rows"], plan.body["make"], plan.body["ask"], plan.body["faults"])
	}
	before := shown()
	if _, err := o.db.Owner.Exec(t.Context(), `
WITH d AS (SELECT district_id, park_id FROM park WHERE code = 'desk'),
p AS (INSERT INTO party (district_id, party_id, name_zh, credit_code, park_id)
  SELECT district_id, gen_random_uuid(), $1, $2, NULL FROM d RETURNING *),
j AS (INSERT INTO project (district_id, project_id, code, party_id, park_id)
  SELECT p.district_id, gen_random_uuid(), 'HID', p.party_id, d.park_id FROM p CROSS JOIN d RETURNING *),
v AS (INSERT INTO project_version (district_id, project_id, revision, name_zh)
  SELECT district_id, project_id, 1, $3 FROM j RETURNING 1),
m AS (INSERT INTO team (district_id, team_id, kind, number, name_zh, name_en)
  SELECT district_id, gen_random_uuid(), 'promotion', 77, '队', 'T' FROM d RETURNING *)
SELECT 1 FROM v, m`, rows[0][colFirm], rows[0][colCredit], rows[0][colName]); err != nil {
		t.Fatal(err)
	}
	if shown() == before {
		t.Fatal("a project of the same firm and name is not seen as such")
	}
	if _, err := o.db.Owner.Exec(t.Context(), `INSERT INTO first_contact (district_id, first_contact_id, project_id, team_id,
		made_on, noted_by, party_id, firm)
		  SELECT j.district_id, gen_random_uuid(), j.project_id, m.team_id, '2022-01-01', $1,
		j.party_id, 'x' FROM project j JOIN team m USING (district_id) WHERE j.code = 'HID' AND m.number = 77`, p.id); err != nil {
		t.Fatal(err)
	}
	if after := shown(); after != before {
		t.Errorf("%s\nwant %s", after, before)
	}
}
