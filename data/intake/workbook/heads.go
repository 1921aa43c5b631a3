package workbook

import (
	"regexp"
	"strconv"
	"strings"
)

// Field is what a column of a ledger can mean. The stages' fields are their names with _on.
type Field string

// Fields lists them all, in the order in which a page offers them and a plain ledger has them.
func Fields() []Field {
	return []Field{"code", "name", "firm", "credit_code", "status", "status_on", "reason", "tag", "task_force", "need",
		"lead_on", "in_talks_on", "to_sign_on", "signed_on", "landed_on", "started_on", "land_start_on", "in_production_on",
		"planned_total", "year_plan", "paid_to_date", "paid_since_begin", "fixed_asset_to_date", "fixed_asset_month",
		"fixed_asset_since_begin"}
}

// Money reports whether a field is an amount.
func (f Field) Money() bool {
	return f == "planned_total" || f == "year_plan" || strings.HasPrefix(string(f), "paid_") ||
		strings.HasPrefix(string(f), "fixed_asset_")
}

// Day reports whether a field is a day.
func (f Field) Day() bool { return strings.HasSuffix(string(f), "_on") }

// Head is a column with what it probably means.
type Head struct {
	Column   string `json:"column" doc:"Its name in the sheet, as C."`
	Text     string `json:"head"`
	Field    Field  `json:"field" doc:"What it means; empty: nothing that is read."`
	Unit     string `json:"unit" doc:"Of an amount or area, where its cells don't say it."`
	Question string `json:"question" doc:"Why it has to be said what it means: starts (a start of which law), money (which money), span (since when); empty: it has not."`
	Year     int    `json:"year,omitempty" doc:"The year that the head names."`
	Month    int    `json:"month,omitempty" doc:"The last month that the head names, as 3 of 1-3月."`
}

// Table is where the heads of a sheet are.
type Table struct {
	First, Last int // rows of heads, from 0
	Heads       []Head
}

var (
	bracketed = regexp.MustCompile(`[(\[【]([^)\]】]*)[)\]】]`)
	unitLine  = regexp.MustCompile(`单位[::]\s*(\S+?)(?:$|[\s,;)，；])`)
	headYear  = regexp.MustCompile(`(20\d\d)`)
	headMonth = regexp.MustCompile(`1\s*[-–—~至到]\s*(\d{1,2})\s*月`)
)

// guesses are tried from the first: what a head says, and what the column then is.
var guesses = []struct {
	says  *regexp.Regexp
	field Field
	asks  string
}{
	{regexp.MustCompile(`动工.*开工|开工.*动工|开\(动\)工|动\(开\)工|开动工`), "", "starts"},
	{regexp.MustCompile(`信用代码|creditcode`), "credit_code", ""},
	{regexp.MustCompile(`暂停.*(时间|日期)|状态(时间|日期)|终止.*(时间|日期)|statussince`), "status_on", ""},
	{regexp.MustCompile(`原因|reason`), "reason", ""},
	{regexp.MustCompile(`专班|taskforce`), "task_force", ""},
	{regexp.MustCompile(`重点(级别|类别|项目类别)?$|省市重点|keyproject`), "tag", ""},
	{regexp.MustCompile(`用地|需地|land(needed|wanted)`), "need", ""},
	{regexp.MustCompile(`固定资产|固投|fixed-?asset`), "fixed_asset", "span"},
	{regexp.MustCompile(`(年度|本年|今年|当年|20\d\d年)(度)?计划|年计划|year'?s?plan|planof20\d\d`), "year_plan", ""},
	{regexp.MustCompile(`到位|paid`), "paid", "span"},
	{regexp.MustCompile(`总投资|投资总额|plannedtotal|totalinvestment`), "planned_total", ""},
	{regexp.MustCompile(`投资|资金|investment`), "", "money"},
	{regexp.MustCompile(`动工|landlaw`), "land_start_on", ""},
	{regexp.MustCompile(`项目开工|开工(时间|日期|年月)?$|started`), "started_on", ""},
	{regexp.MustCompile(`投产|inproduction`), "in_production_on", ""},
	{regexp.MustCompile(`落地|landed`), "landed_on", ""},
	{regexp.MustCompile(`拟签约|tosign`), "to_sign_on", ""},
	{regexp.MustCompile(`签约|signed`), "signed_on", ""},
	{regexp.MustCompile(`洽谈(时间|日期)|在谈|intalks`), "in_talks_on", ""},
	{regexp.MustCompile(`线索|lead(on|day)`), "lead_on", ""},
	{regexp.MustCompile(`进度|进展|阶段|状态|status|stage`), "status", ""},
	{regexp.MustCompile(`项目(编号|编码|代码)|projectcode`), "code", ""},
	{regexp.MustCompile(`项目名称|^项目$|^project(name)?$`), "name", ""},
	{regexp.MustCompile(`企业|公司|投资方|投资主体|投资单位|建设单位|company|investor|firm`), "firm", ""},
}

var (
	thisMonth = regexp.MustCompile(`当月|本月|ofthemonth|thismonth`)
	thisYear  = regexp.MustCompile(`本年|今年|当年|年度|年内|1[-–—~至到]\d{1,2}月|20\d\d年|thisyear|yeartodate`)
	sinceOnce = regexp.MustCompile(`累计|以来|至今|历年|sincebegin|cumulative`)
)

// spanned completes a field of money by the time over which its head counts; a head that doesn't say is asked about.
func spanned(field Field, plain string) (Field, string) {
	switch {
	case thisMonth.MatchString(plain) && field == "fixed_asset":
		return field + "_month", ""
	case thisYear.MatchString(plain):
		return field + "_to_date", ""
	case sinceOnce.MatchString(plain):
		return field + "_since_begin", ""
	}
	return "", "span"
}

// Guess tells what a head probably means. unit is that of the whole sheet's money, where a line above the heads has
// one.
func Guess(text, unit string) Head {
	h := Head{Text: text}
	folded := strings.ToLower(Plain(text))
	plain := strings.Join(strings.Fields(folded), "")
	for _, in := range bracketed.FindAllStringSubmatch(folded, -1) {
		_, money := MoneyUnit(in[1])
		_, area := AreaUnit(in[1])
		if money || area {
			h.Unit = strings.TrimSpace(in[1])
			plain = strings.Replace(plain, strings.Join(strings.Fields(in[0]), ""), "", 1)
		}
	}
	for _, g := range guesses {
		if !g.says.MatchString(plain) {
			continue
		}
		h.Field, h.Question = g.field, g.asks
		if g.asks == "span" {
			h.Field, h.Question = spanned(g.field, plain)
		}
		break
	}
	if h.Unit == "" && (h.Field.Money() || h.Question == "money" || h.Question == "span") {
		h.Unit = unit
	}
	if m := headYear.FindStringSubmatch(plain); m != nil {
		h.Year, _ = strconv.Atoi(m[1])
	}
	if m := headMonth.FindStringSubmatch(plain); m != nil {
		h.Month, _ = strconv.Atoi(m[1])
	}
	return h
}

// headRows is how far down the heads are looked for.
const headRows = 20

// FindTable finds the heads: the one or two rows of which most columns are known, the first where several have as many.
// A merged head counts for all its columns, over the heads below it.
func (g *Grid) FindTable() Table {
	best, most := Table{}, 0
	for first := range min(headRows, len(g.Rows)) {
		for last := first; last <= min(first+1, len(g.Rows)-1); last++ {
			t := g.TableAt(first, last)
			known := 0
			for _, h := range t.Heads {
				if h.Field != "" {
					known += 2
				} else if h.Question != "" {
					known++
				}
			}
			if known > most {
				best, most = t, known
			}
		}
	}
	return best
}

// TableAt reads the heads in given rows, from 0.
func (g *Grid) TableAt(first, last int) Table {
	t := Table{First: first, Last: last}
	unit := ""
	for _, row := range g.Rows[:last+1] {
		for _, cell := range row {
			if m := unitLine.FindStringSubmatch(Plain(cell.Text)); m != nil {
				unit = m[1]
			}
		}
	}
	width := 0
	if first < len(g.Rows) {
		width = len(g.Rows[first])
	}
	for column := range width {
		var parts []string
		for row := first; row <= last; row++ {
			text := g.merged(row, column)
			if text != "" && (len(parts) == 0 || parts[len(parts)-1] != text) {
				parts = append(parts, text)
			}
		}
		h := Guess(strings.Join(parts, " "), unit)
		h.Column = Column(column)
		t.Heads = append(t.Heads, h)
	}
	return t
}

// merged is the text of a cell of heads, or that of the merged block which it is in. A block over more than half of the
// columns is a title.
func (g *Grid) merged(row, column int) string {
	for _, m := range g.Merges {
		if row >= m.Top && row <= m.Bottom && column >= m.Left && column <= m.Right {
			if 2*(m.Right-m.Left+1) > len(g.Rows[row]) {
				return ""
			}
			return strings.Join(strings.Fields(g.Rows[m.Top][m.Left].Text), " ")
		}
	}
	return strings.Join(strings.Fields(g.Rows[row][column].Text), " ")
}
