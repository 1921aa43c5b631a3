package api_test

import (
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	printed "luodi/api/page"
	"luodi/api/paper"
	"luodi/geo/land"
	"luodi/message"
)

// TestTheSamplesConditionsArePrinted holds the document of a plot of the sample to the plot's planning conditions; with
// -update it is printed anew, by the server's own press.
func TestTheSamplesConditionsArePrinted(t *testing.T) {
	t.Parallel()
	const file = "../data/sample/conditions.pdf"
	press, err := paper.Load(os.DirFS("../web/dist"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the page isn't built: make web")
	}
	if err != nil {
		t.Fatal(err)
	}
	p := conditionsPage(t)
	if *update {
		at := time.Date(2026, 10, 15, 0, 0, 0, 0, time.UTC)
		data, err := press.PDF(p, paper.About{Lang: message.ZH, Foot: "示意 / illustrative", At: &at})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, said := pdfRead(t, kept)
	written := strings.NewReplacer("≥", ">=", "≤", "<=") // as paper has them
	said = strings.Join(strings.Fields(said), "")
	for _, row := range p.Sections[0].Table.Rows {
		for _, cell := range row {
			if !strings.Contains(said, strings.Join(strings.Fields(written.Replace(cell.Text)), "")) {
				t.Errorf("%s doesn't say %q: run this test with -update", file, cell.Text)
			}
		}
	}
	if len(kept) > 100<<10 || len(p.Sections[0].Table.Rows) == 0 {
		t.Errorf("%s has %d bytes", file, len(kept))
	}
}

// conditionsPage lists the conditions of a plot of the sample, as it tells them.
func conditionsPage(t *testing.T) *printed.Page {
	t.Helper()
	h := withSample(t)
	var found struct{ Features []struct{ ID string } }
	h.json("/ogc/collections/parcels/items?code=TX-L04&f=json", &found)
	var facts struct {
		Unit struct {
			Code, Edition string
			Conditions    map[string]struct {
				Min, Max        *float64
				Source, Edition string
			}
		} `json:"plan_unit"`
	}
	h.json("/api/parks/carbon-fibre/parcels/"+found.Features[0].ID, &facts)
	table := &printed.Table{Head: []string{"条件 Condition", "范围 Bounds", "依据 Source"}}
	for _, key := range land.ConditionKeys() {
		c, stated := facts.Unit.Conditions[string(key)]
		if !stated {
			continue
		}
		bounds := "web.condition.atmost"
		number := func(v *float64) string {
			if v == nil {
				return ""
			}
			return strconv.FormatFloat(*v, 'f', -1, 64)
		}
		if c.Min != nil {
			bounds = "web.condition.atleast"
			if c.Max != nil {
				bounds = "web.condition.between"
			}
		}
		name := "web.condition." + string(key)
		table.Rows = append(table.Rows, []printed.Cell{
			{Text: message.Text(message.ZH, name) + " " + message.Text(message.EN, name), Head: true},
			{Text: message.Text(message.ZH, bounds, "min", number(c.Min), "max", number(c.Max))}, {Text: c.Source}})
	}
	return &printed.Page{Title: "TX-L04 规划条件（示意）", Lead: "Planning conditions, illustrative · " + facts.Unit.Code,
		Sections: []printed.Section{{Title: "为样例绘制，不具效力 / drawn for the sample, of no effect", Table: table}}}
}
