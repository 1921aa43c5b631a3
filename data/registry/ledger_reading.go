package registry

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"luodi/data/intake/workbook"
	"luodi/geo"
	"luodi/geo/land"
)

// LedgerColumn says what a column of a ledger means.
type LedgerColumn struct {
	Column string         `json:"column" minLength:"1" maxLength:"3" text:"-" example:"C"`
	Head   string         `json:"head,omitempty" maxLength:"2000" text:"-" doc:"Its head: by it the meaning is remembered."`
	Field  workbook.Field `json:"field" maxLength:"40" text:"-" doc:"What it means; empty: it is not read."`
	Unit   string         `json:"unit,omitempty" maxLength:"20" text:"-" doc:"Of amounts and areas whose cells don't say it: 万元, 亿元, 万美元, 亩, 公顷 …"`
}

// LedgerDecision says what a row is that could be two things.
type LedgerDecision struct {
	Row     int        `json:"row" minimum:"1" maximum:"3000" doc:"Its number in the sheet."`
	As      string     `json:"as" enum:"same,another,skip" doc:"same: the project, or that of with_row; another: a project of its own; skip: it is left out."`
	Project *uuid.UUID `json:"project,omitempty" format:"uuid"`
	WithRow int        `json:"with_row,omitempty" minimum:"1" maximum:"3000" doc:"An earlier row of the file that is the same project."`
	Differs string     `json:"differs,omitempty" enum:"keep,take" doc:"Where the register says otherwise: keep what it says, or take what the ledger says, as a correction."`
}

// LedgerReading says how a ledger is read.
type LedgerReading struct {
	Name      string           `json:"name" minLength:"1" maxLength:"200" doc:"The file's name: evidence names it."`
	Sheet     string           `json:"sheet,omitempty" maxLength:"100" text:"-" doc:"Without it the first sheet that is not hidden."`
	HeadRow   int              `json:"head_row,omitempty" minimum:"1" maximum:"100" doc:"The last row of the heads; without it they are looked for."`
	AsOf      string           `json:"as_of" format:"date" doc:"The day as of which the ledger tells."`
	Columns   []LedgerColumn   `json:"columns,omitempty" maxItems:"80" doc:"Without them what was remembered for the park, else what the heads say."`
	Decisions []LedgerDecision `json:"decisions,omitempty" maxItems:"3000"`
}

// LedgerFault is a cell that can't be taken.
type LedgerFault struct {
	Row    int       `json:"row" doc:"0: of the column."`
	Column string    `json:"column"`
	Head   string    `json:"head"`
	Field  string    `json:"field"`
	Words  geo.Words `json:"-"`
	Text   string    `json:"expected" doc:"What would have been taken."`
	Got    string    `json:"got"`
}

// ledgerRow is a row of a ledger as it was read.
type ledgerRow struct {
	N                        int // its number in the sheet
	Code, Name, Firm, Credit string
	TaskForce, Reason        string
	Tags                     []string
	Stages                   map[land.Stage]workbook.Day
	LandStart, TurnOn        *workbook.Day
	Turn                     string // paused or lost; "": neither is said
	NeedMu                   *float64
	Money                    []Money
	nameKey, firmKey         string
}

// ledgerReader reads the rows of a sheet by what its columns mean.
type ledgerReader struct {
	grid    *workbook.Grid
	columns []LedgerColumn
	heads   map[string]workbook.Head
	reading LedgerReading
	faults  []LedgerFault
}

var (
	totals    = regexp.MustCompile(`^(合计|小计|总计|共计|累计|total|subtotal|sum)[::]?$`)
	notYet    = regexp.MustCompile(`(未|拟|待|即将|计划|尚未)(开工|落地|投产|签约)|tobesigned`)
	turnWords = []struct {
		says *regexp.Regexp
		turn string
	}{
		{regexp.MustCompile(`暂停|停建|停工|缓建|搁置|paused|onhold`), "paused"},
		{regexp.MustCompile(`终止|流失|取消|放弃|退出|lost|cancelled`), "lost"},
	}
	stageWords = []struct {
		says  *regexp.Regexp
		stage land.Stage
	}{
		{regexp.MustCompile(`投产|inproduction`), land.StageInProduction},
		{regexp.MustCompile(`开工|在建|started`), land.StageStarted},
		{regexp.MustCompile(`落地|landed`), land.StageLanded},
		{regexp.MustCompile(`签约|signed`), land.StageSigned},
		{regexp.MustCompile(`在谈|洽谈|intalks`), land.StageInTalks},
		{regexp.MustCompile(`线索|lead`), land.StageLead},
	}
	tagWords = []struct {
		says *regexp.Regexp
		tag  string
	}{
		{regexp.MustCompile(`省重|省级|省重点|provincial`), "provincial_key"},
		{regexp.MustCompile(`市重|市级|municipal`), "municipal_key"},
		{regexp.MustCompile(`签约重点|重点签约|keysigning`), "signing_key"},
	}
)

func folded(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(workbook.Plain(s))), "")
}

// read reads the rows below the heads. Rows that are no project (empty, a sum, a remark below the table) are left out
// and counted.
func (r *ledgerReader) read(after int) (rows []*ledgerRow, sums []int) {
	for i := after + 1; i < len(r.grid.Rows); i++ {
		filled, total := 0, false
		for _, cell := range r.grid.Rows[i] {
			if cell.Text != "" || cell.Empty {
				filled++
			}
			total = total || totals.MatchString(folded(cell.Text))
		}
		switch {
		case total:
			sums = append(sums, i+1)
		case filled > 1:
			rows = append(rows, r.row(i))
		}
	}
	return rows, sums
}

func (r *ledgerReader) fault(row *ledgerRow, c LedgerColumn, err error) {
	invalid, is := err.(*geo.Invalid)
	if !is {
		invalid = geo.NewInvalid("", "workbook.cell", err.Error())
	}
	n := 0
	if row != nil {
		n = row.N
	}
	r.faults = append(r.faults, LedgerFault{Row: n, Column: c.Column, Head: c.Head, Field: string(c.Field),
		Words: invalid.Words, Got: invalid.Got})
}

func (r *ledgerReader) row(i int) *ledgerRow {
	row := &ledgerRow{N: i + 1, Stages: map[land.Stage]workbook.Day{}}
	var status LedgerColumn
	for _, c := range r.columns {
		cell := r.cell(i, c)
		switch {
		case cell.Empty && c.Field != "":
			r.fault(row, c, geo.NewInvalid("", "workbook.formula", cell.Text))
		case cell.Blank() || c.Field == "":
		case c.Field == "status":
			status = c
		default:
			if err := r.put(row, c, cell); err != nil {
				r.fault(row, c, err)
			}
		}
	}
	if row.Name == "" {
		c := r.column("name")
		r.fault(row, c, geo.NewInvalid("", "ledger.name", r.cell(i, c).Text))
	}
	if status.Column != "" {
		if err := r.status(row, r.cell(i, status).Text); err != nil {
			r.fault(row, status, err)
		}
	}
	r.order(row)
	return row
}

func (r *ledgerReader) cell(i int, c LedgerColumn) workbook.Cell {
	if n := workbook.ColumnOf(c.Column); n >= 0 && n < len(r.grid.Rows[i]) {
		return r.grid.Rows[i][n]
	}
	return workbook.Cell{}
}

// column is the column of a field.
func (r *ledgerReader) column(field workbook.Field) LedgerColumn {
	i := slices.IndexFunc(r.columns, func(c LedgerColumn) bool { return c.Field == field })
	if i < 0 {
		return LedgerColumn{Field: field}
	}
	return r.columns[i]
}

// put takes a cell over into its row.
func (r *ledgerReader) put(row *ledgerRow, c LedgerColumn, cell workbook.Cell) error {
	text := strings.Join(strings.Fields(cell.Text), " ")
	short := func(to *string, most int) error {
		if len([]rune(text)) > most {
			return geo.NewInvalid("", "workbook.text", text, "n", most)
		}
		*to = text
		return nil
	}
	switch {
	case c.Field.Money():
		return r.money(row, c, cell)
	case c.Field.Day():
		day, err := cell.ReadDay(r.grid.Date1904)
		if err != nil {
			return err
		}
		switch field := strings.TrimSuffix(string(c.Field), "_on"); field {
		case "land_start":
			row.LandStart, err = r.capped(day)
		case "status":
			row.TurnOn, err = r.capped(day)
		default:
			row.Stages[land.Stage(field)] = day
		}
		return err
	case c.Field == "need":
		mu, err := cell.ReadMu(c.Unit)
		row.NeedMu = &mu
		return err
	case c.Field == "credit_code":
		code, err := land.ParseCreditCode(text)
		row.Credit = string(code)
		return err
	case c.Field == "tag":
		for _, t := range tagWords {
			if t.says.MatchString(folded(text)) {
				row.Tags = append(row.Tags, t.tag)
			}
		}
		if len(row.Tags) == 0 {
			return geo.NewInvalid("", "ledger.tag", text)
		}
		return nil
	}
	switch c.Field {
	case "code":
		return short(&row.Code, 100)
	case "name":
		return short(&row.Name, 200)
	case "firm":
		return short(&row.Firm, 200)
	case "task_force":
		return short(&row.TaskForce, 200)
	default: // reason
		return short(&row.Reason, 800)
	}
}

// capped is a day that has come by the ledger's day: of a month or year that is not over, that day.
func (r *ledgerReader) capped(d workbook.Day) (*workbook.Day, error) {
	capped, ok := capDay(d, r.reading.AsOf)
	if !ok {
		return nil, geo.NewInvalid("", "ledger.by", d.Day, "day", r.reading.AsOf)
	}
	return &capped, nil
}

// capDay brings a day that is known by month or year to the last day of it that is not after another; false where it is
// after that altogether.
func capDay(d workbook.Day, last string) (workbook.Day, bool) {
	if d.Day <= last {
		return d, true
	}
	same := map[string]int{"month": 7, "year": 4}[d.Precision]
	if same == 0 || d.Day[:same] != last[:same] {
		return d, false
	}
	return workbook.Day{Day: last, Precision: d.Precision}, true
}

// order brings stages whose day is not known into the order of stages, and refuses days that are in no order.
func (r *ledgerReader) order(row *ledgerRow) {
	last := r.reading.AsOf
	stages := land.Stages()
	for i := len(stages) - 1; i >= 0; i-- {
		day, there := row.Stages[stages[i]]
		if !there {
			continue
		}
		capped, ok := capDay(day, last)
		if !ok {
			c := r.column(workbook.Field(stages[i] + "_on"))
			r.fault(row, c, geo.NewInvalid("", "ledger.by", day.Day, "day", last))
			continue
		}
		row.Stages[stages[i]] = capped
		last = capped.Day
	}
}

// status takes over what a status says: a stage that has no day was reached by the ledger's day at the latest. One that
// the days contradict is refused.
func (r *ledgerReader) status(row *ledgerRow, text string) error {
	plain := notYet.ReplaceAllString(folded(text), "")
	toSign := strings.Contains(folded(text), "拟签约") || strings.Contains(folded(text), "tobesigned")
	for _, w := range turnWords {
		if w.says.MatchString(plain) {
			row.Turn = w.turn
		}
	}
	stage := land.Stage("")
	for _, w := range stageWords {
		if w.says.MatchString(plain) {
			stage = w.stage
			break
		}
	}
	if stage == "" && toSign {
		stage = land.StageToSign
	}
	if stage == "" {
		if row.Turn == "" && plain != "" {
			return geo.NewInvalid("", "ledger.status", text)
		}
		return nil
	}
	at := slices.Index(land.Stages(), stage)
	for other := range row.Stages {
		if slices.Index(land.Stages(), other) > at && row.Turn == "" {
			return geo.NewInvalid("", "ledger.contradicts", text, "other", other.Words(), "day", row.Stages[other].Day)
		}
	}
	if _, dated := row.Stages[stage]; !dated {
		row.Stages[stage] = workbook.Day{Day: r.reading.AsOf, Precision: "by"}
	}
	return nil
}

// money takes over an amount. What a head says of months and years must be those of the ledger's day.
func (r *ledgerReader) money(row *ledgerRow, c LedgerColumn, cell workbook.Cell) error {
	amount, err := cell.ReadAmount(c.Unit)
	if err != nil {
		return err
	}
	m := Money{MoneyKind: MoneyKind{"planned_total", "whole", amount.Currency}, AsOf: r.reading.AsOf,
		Amount: amount.Value,
		Basis:  "reported"}
	m.Year, _ = strconv.Atoi(r.reading.AsOf[:4])
	switch kind, span, _ := strings.Cut(string(c.Field), "_to_date"); {
	case c.Field == "year_plan":
		m.Kind, m.Span = "year_plan", "year"
		m.Year = cmp.Or(r.heads[c.Column].Year, m.Year)
	case c.Field == "planned_total":
	case span == "" && kind != string(c.Field):
		m.Kind, m.Span = kind, "to_date"
	case strings.HasSuffix(kind, "_month"):
		m.Kind, m.Span = "fixed_asset", "month"
	default:
		m.Kind, m.Span = strings.TrimSuffix(kind, "_since_begin"), "since_begin"
	}
	row.Money = append(row.Money, m)
	return nil
}

// checkColumns refuses columns that can't be read together: two of one field, none of the name, a time that is not that
// of the ledger's day, or heads about which it has to be said what they mean.
func (r *ledgerReader) checkColumns() {
	taken := map[workbook.Field]string{}
	asOf, _ := time.Parse(time.DateOnly, r.reading.AsOf)
	for _, c := range r.columns {
		head := r.heads[c.Column]
		switch {
		case c.Field == "":
		case !slices.Contains(workbook.Fields(), c.Field):
			r.fault(nil, c, geo.NewInvalid("", "ledger.field", string(c.Field)))
		case taken[c.Field] != "":
			r.fault(nil, c, geo.NewInvalid("", "ledger.one_column", c.Column, "other", taken[c.Field]))
		case strings.HasSuffix(string(c.Field), "_to_date") && (head.Month != 0 && head.Month != int(asOf.Month()) ||
			head.Year != 0 && head.Year != asOf.Year()):
			r.fault(nil, c, geo.NewInvalid("", "ledger.head_time", c.Head, "day", r.reading.AsOf))
		case c.Field == "fixed_asset_month" && asOf.AddDate(0, 0, 1).Day() != 1:
			r.fault(nil, c, geo.NewInvalid("", "money.month", r.reading.AsOf))
		}
		if c.Field != "" {
			taken[c.Field] = c.Column
		}
	}
	if taken["name"] == "" {
		r.fault(nil, LedgerColumn{Field: "name"}, geo.NewInvalid("", "ledger.name_column", geo.None()))
	}
}
