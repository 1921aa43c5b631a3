package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/intake/workbook"
	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/land"
)

// LedgerPlan is what taking a ledger in would do.
type LedgerPlan struct {
	Hash     string           `json:"hash" doc:"SHA-256 of the file."`
	Taken    *LedgerImport    `json:"taken" doc:"The same file was taken in already; null: it was not."`
	Sheets   []workbook.Sheet `json:"sheets"`
	Sheet    string           `json:"sheet" doc:"That which was read."`
	HeadRow  int              `json:"head_row" doc:"The last row of its heads."`
	AsOf     string           `json:"as_of"`
	Heads    []workbook.Head  `json:"heads" doc:"What they say, and what they probably mean."`
	Columns  []LedgerColumn   `json:"columns" doc:"By what meaning it was read."`
	Fields   []workbook.Field `json:"fields" doc:"All that a column can mean."`
	Rows     []LedgerPlanRow  `json:"rows"`
	Sums     []int            `json:"sums" doc:"Rows that are sums and no projects."`
	Faults   []LedgerFault    `json:"faults"`
	Make     int              `json:"make"`
	Change   int              `json:"change"`
	Keep     int              `json:"keep" doc:"Rows that say nothing new."`
	Ask      int              `json:"ask" doc:"Rows that have to be decided."`
	district uuid.UUID
}

// LedgerPlanRow is what a row would do.
type LedgerPlanRow struct {
	Row     int               `json:"row"`
	Name    string            `json:"name"`
	Firm    string            `json:"firm"`
	Does    string            `json:"does" enum:"make,change,keep,skip,join,ask,fault" doc:"join: it goes with an earlier row of the file."`
	Project *uuid.UUID        `json:"project" format:"uuid" doc:"Which project it is."`
	Changes []LedgerChange    `json:"changes"`
	Like    []LedgerDuplicate `json:"like" doc:"What it could be."`
	Turn    string            `json:"turn,omitempty" doc:"paused or lost, as it says."`
	row     *ledgerRow
	join    int
}

// LedgerChange is what a row says anew of a project.
type LedgerChange struct {
	Field   string `json:"field"`
	Before  string `json:"before" doc:"What the register says; empty: nothing."`
	After   string `json:"after"`
	Differs bool   `json:"differs" doc:"The register says otherwise: it has to be decided which holds."`
}

// LedgerDuplicate is a project, or an earlier row of the file, of the same firm or name.
type LedgerDuplicate struct {
	Project *uuid.UUID `json:"project,omitempty" format:"uuid"`
	WithRow int        `json:"with_row,omitempty"`
	Code    string     `json:"code"`
	Name    string     `json:"name"`
	By      string     `json:"by" enum:"firm,name,both" doc:"What is the same: the firm (by credit code or name), the project's name, or both."`
}

// LedgerEntry says for whom a ledger is read, by whom, and what it may touch.
type LedgerEntry struct {
	Entry
	Of Business
	By uuid.UUID
}

// known is a project of the register as rows are compared with it.
type known struct {
	ID          uuid.UUID `db:"id"`
	Code        string    `db:"code"`
	Name        string    `db:"name"`
	NameKey     string    `db:"name_key"`
	FirmKey     *string   `db:"firm_key"`
	Credit      *string   `db:"credit"`
	EnteredHere bool      `db:"entered_here"`
}

const sqlKnown = `
SELECT j.project_id AS id, j.code, v.name_zh AS name, firm_name(v.name_zh) AS name_key,
       firm_name(p.name_zh) AS firm_key, p.credit_code AS credit, j.park_id IS NOT DISTINCT FROM $6 AS entered_here
  FROM project j
  JOIN project_version v ON (v.district_id, v.project_id) = (j.district_id, j.project_id) AND upper_inf(v.sys)
  LEFT JOIN party p ON (p.district_id, p.party_id) = (j.district_id, j.party_id)
 WHERE ` + sqlProjectOfBusiness + ` AND j.district_id = $5 ORDER BY code_order(j.code), j.project_id`

// PlanLedger reads a ledger and tells what taking it in would do. It writes nothing.
func (s Registry) PlanLedger(ctx context.Context, at LedgerEntry, raw []byte,
	reading LedgerReading) (*LedgerPlan, error) {
	var plan *LedgerPlan
	err := pgx.BeginTxFunc(ctx, s.Planner, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) (err error) {
		plan, err = planLedger(ctx, tx, at, raw, reading)
		return err
	})
	return plan, store.Translate("read a ledger", err)
}

func planLedger(ctx context.Context, tx pgx.Tx, at LedgerEntry, raw []byte, reading LedgerReading) (*LedgerPlan,
	error) {
	if day, err := time.Parse(time.DateOnly, reading.AsOf); err != nil || day.After(time.Now().Add(24*time.Hour)) {
		return nil, geo.NewInvalid("as_of", "money.day", reading.AsOf)
	}
	book, err := workbook.Open("file", raw)
	if err != nil {
		return nil, err
	}
	defer book.Close()
	hash := sha256.Sum256(raw)
	p := &LedgerPlan{Hash: hex.EncodeToString(hash[:]), AsOf: reading.AsOf, Fields: workbook.Fields(), Sums: []int{},
		Faults: []LedgerFault{}, Rows: []LedgerPlanRow{}, district: at.District}
	if p.Taken, err = takenLedger(ctx, tx, at, hash[:]); err != nil {
		return nil, err
	}
	if p.Sheets, err = book.Sheets(); err != nil {
		return nil, err
	}
	if p.Sheet, err = chooseSheet(p.Sheets, reading.Sheet); err != nil {
		return nil, err
	}
	grid, err := book.Read(p.Sheet)
	if err != nil {
		return nil, err
	}
	table := grid.FindTable()
	if reading.HeadRow > 0 {
		if reading.HeadRow > len(grid.Rows) {
			return nil, geo.NewInvalid("head_row", "ledger.head_row", reading.HeadRow, "n", len(grid.Rows))
		}
		table = grid.TableAt(max(0, min(table.First, reading.HeadRow-1)), reading.HeadRow-1)
	}
	p.HeadRow, p.Heads = table.Last+1, table.Heads
	r := &ledgerReader{grid: grid, reading: reading, heads: map[string]workbook.Head{}}
	for _, h := range table.Heads {
		r.heads[h.Column] = h
	}
	if err := r.chooseColumns(ctx, tx, at, table.Heads); err != nil {
		return nil, err
	}
	p.Columns = r.columns
	r.checkColumns()
	rows, sums := r.read(table.Last)
	p.Sums = append(p.Sums, sums...)
	p.Faults = append(p.Faults, r.faults...)
	if err := p.match(ctx, tx, at, rows, reading); err != nil {
		return nil, err
	}
	p.count()
	return p, nil
}

func chooseSheet(sheets []workbook.Sheet, named string) (string, error) {
	i := slices.IndexFunc(sheets, func(s workbook.Sheet) bool {
		return named == s.Name || named == "" && !s.Hidden && s.Rows > 1
	})
	if i < 0 {
		return "", geo.NewInvalid("sheet", "workbook.sheet", named)
	}
	return sheets[i].Name, nil
}

// chooseColumns takes what was said of the columns, else what was remembered of heads of that text, else what the heads
// say; a head that says too little is a fault then.
func (r *ledgerReader) chooseColumns(ctx context.Context, tx pgx.Tx, at LedgerEntry, heads []workbook.Head) error {
	if r.reading.Columns != nil {
		for _, c := range r.reading.Columns {
			h, there := r.heads[c.Column]
			if !there {
				return geo.NewInvalid("columns", "ledger.column", c.Column)
			}
			c.Head = h.Text
			r.columns = append(r.columns, c)
		}
		return nil
	}
	var remembered []LedgerColumn
	const sql = `SELECT columns FROM ledger_mapping WHERE district_id = $1 AND park_id IS NOT DISTINCT FROM $2
		ORDER BY n DESC LIMIT 1`
	if err := tx.QueryRow(ctx, sql, at.District, at.Park).Scan(&remembered); err != nil && !errors.Is(err,
		pgx.ErrNoRows) {
		return err
	}
	for _, h := range heads {
		c := LedgerColumn{Column: h.Column, Head: h.Text, Field: h.Field, Unit: h.Unit}
		i := slices.IndexFunc(remembered,
			func(old LedgerColumn) bool { return h.Text != "" && folded(old.Head) == folded(h.Text) })
		if i >= 0 {
			c.Field, c.Unit = remembered[i].Field, remembered[i].Unit
		} else if h.Question != "" {
			r.fault(nil, c, askedOf(h))
		}
		r.columns = append(r.columns, c)
	}
	return nil
}

// askedOf is the refusal of a head that says too little.
func askedOf(h workbook.Head) error {
	switch h.Question {
	case "starts":
		return geo.NewInvalid("", "ledger.ask.starts", h.Text)
	case "money":
		return geo.NewInvalid("", "ledger.ask.money", h.Text)
	}
	return geo.NewInvalid("", "ledger.ask.span", h.Text)
}

// match finds what each row is: a project of the register, one that the file has above, or a new one.
func (p *LedgerPlan) match(ctx context.Context, tx pgx.Tx, at LedgerEntry, rows []*ledgerRow,
	reading LedgerReading) error {
	if err := foldNames(ctx, tx, rows); err != nil {
		return err
	}
	all, err := store.JoinWhole[known](ctx, tx, sqlKnown, at.Of.args(at.District, at.Park)...)
	if err != nil {
		return err
	}
	broken := map[int]bool{}
	for _, f := range p.Faults {
		broken[f.Row] = true
	}
	for i, row := range rows {
		one := LedgerPlanRow{Row: row.N, Name: row.Name, Firm: row.Firm, Changes: []LedgerChange{},
			Like: row.like(all, rows[:i]),
			Turn: row.Turn, row: row}
		one.decide(reading)
		switch {
		case one.Does == "skip":
		case broken[row.N] || broken[0]:
			one.Does = "fault"
		case one.Project != nil:
			if err := p.compare(ctx, tx, at, &one, reading); err != nil {
				return err
			}
		case one.Does == "join":
			p.joined(&one)
		}
		p.Rows = append(p.Rows, one)
	}
	return nil
}

// foldNames brings the names of rows to the form in which the database compares them.
func foldNames(ctx context.Context, tx pgx.Tx, rows []*ledgerRow) error {
	names := make([]string, 0, 2*len(rows))
	for _, row := range rows {
		names = append(names, row.Name, row.Firm)
	}
	var folded []string
	if err := tx.QueryRow(ctx, `SELECT ARRAY(SELECT CASE WHEN n = '' THEN '' ELSE firm_name(n) END
		FROM unnest($1::text[]) WITH ORDINALITY u (n, i) ORDER BY i)`, names).Scan(&folded); err != nil {
		return err
	}
	for i, row := range rows {
		row.nameKey, row.firmKey = folded[2*i], folded[2*i+1]
	}
	return nil
}

// key is by what a ledger makes a project once.
func (row *ledgerRow) key() string {
	if row.Credit != "" {
		return row.Credit + "|" + row.nameKey
	}
	return row.firmKey + "|" + row.nameKey
}

// like lists what a row could be: projects of the register, then earlier rows.
func (row *ledgerRow) like(all []known, before []*ledgerRow) []LedgerDuplicate {
	like := []LedgerDuplicate{}
	by := func(firm, name bool) string {
		switch {
		case firm && name:
			return "both"
		case firm:
			return "firm"
		case name:
			return "name"
		}
		return ""
	}
	for _, k := range all {
		firm := k.Credit != nil && *k.Credit == row.Credit || k.FirmKey != nil && *k.FirmKey == row.firmKey
		if by := by(firm, k.NameKey == row.nameKey && row.nameKey != ""); by != "" {
			id := k.ID
			like = append(like, LedgerDuplicate{Project: &id, Code: k.Code, Name: k.Name, By: by})
		}
	}
	for _, b := range before {
		firm := b.Credit != "" && b.Credit == row.Credit || b.firmKey != "" && b.firmKey == row.firmKey
		if by := by(firm, b.nameKey == row.nameKey && row.nameKey != ""); by != "" {
			like = append(like, LedgerDuplicate{WithRow: b.N, Name: b.Name, By: by})
		}
	}
	return like
}

// decide takes the decision on a row; without one a project of the same firm and name is the row's, where the file
// has no second row like it, and anything else that is alike has to be decided.
func (one *LedgerPlanRow) decide(reading LedgerReading) {
	i := slices.IndexFunc(reading.Decisions, func(d LedgerDecision) bool { return d.Row == one.Row && d.As != "" })
	if i >= 0 {
		d := reading.Decisions[i]
		is := func(l LedgerDuplicate) bool {
			return d.Project != nil && l.Project != nil && *l.Project == *d.Project || d.WithRow > 0 && l.WithRow == d.WithRow
		}
		switch {
		case d.As == "skip":
			one.Does = "skip"
		case d.As == "another":
			one.Does = "make"
		case !slices.ContainsFunc(one.Like, is):
			one.Does = "ask"
		case d.Project != nil:
			one.Project = d.Project
		default:
			one.Does, one.join = "join", d.WithRow
		}
		return
	}
	switch {
	case len(one.Like) == 0:
		one.Does = "make"
	case len(one.Like) == 1 && one.Like[0].By == "both" && one.Like[0].Project != nil:
		one.Project = one.Like[0].Project
	default:
		one.Does = "ask"
	}
}

// joined looks at a row that goes with an earlier one: what both say must be the same.
func (p *LedgerPlan) joined(one *LedgerPlanRow) {
	i := slices.IndexFunc(p.Rows, func(other LedgerPlanRow) bool { return other.Row == one.join })
	if i < 0 || p.Rows[i].Does == "skip" || p.Rows[i].Does == "join" {
		one.Does = "ask"
		return
	}
	first := p.Rows[i].row
	refuse := func(field string, a, b string) {
		p.Faults = append(p.Faults, LedgerFault{Row: one.Row, Field: field, Words: geo.Say("ledger.joined",
			"row", one.join,
			"value", a), Got: geo.Quoted(b)})
		one.Does = "fault"
	}
	for stage, day := range one.row.Stages {
		if other, both := first.Stages[stage]; both && other.Day != day.Day {
			refuse(string(stage)+"_on", other.Day, day.Day)
		}
	}
	if a, b := first.LandStart, one.row.LandStart; a != nil && b != nil && a.Day != b.Day {
		refuse("land_start_on", a.Day, b.Day)
	}
	for _, m := range one.row.Money {
		for _, other := range first.Money {
			if m.MoneyKind == other.MoneyKind && m.Year == other.Year && m.Amount != other.Amount {
				refuse(m.Kind, fmt.Sprint(other.Amount), fmt.Sprint(m.Amount))
			}
		}
	}
	if a, b := first.Turn, one.row.Turn; a != b && a != "" && b != "" {
		refuse("status", a, b)
	}
	if one.Does == "join" {
		first.take(one.row)
	}
}

// take completes a row by what another row of the same project says besides.
func (row *ledgerRow) take(other *ledgerRow) {
	for stage, day := range other.Stages {
		if _, both := row.Stages[stage]; !both {
			row.Stages[stage] = day
		}
	}
	if row.LandStart == nil {
		row.LandStart = other.LandStart
	}
	if row.Turn == "" {
		row.Turn, row.TurnOn, row.Reason = other.Turn, other.TurnOn, other.Reason
	}
	if row.NeedMu == nil {
		row.NeedMu = other.NeedMu
	}
	for _, m := range other.Money {
		if !slices.ContainsFunc(row.Money,
			func(own Money) bool { return own.MoneyKind == m.MoneyKind && own.Year == m.Year }) {
			row.Money = append(row.Money, m)
		}
	}
	for _, tag := range other.Tags {
		if !slices.Contains(row.Tags, tag) {
			row.Tags = append(row.Tags, tag)
		}
	}
}

func (p *LedgerPlan) count() {
	for _, one := range p.Rows {
		switch one.Does {
		case "make":
			p.Make++
		case "change":
			p.Change++
		case "keep":
			p.Keep++
		case "ask":
			p.Ask++
		}
	}
}

// stagesOf lists the stages of a row in their order.
func (row *ledgerRow) stagesOf() []land.Stage {
	return slices.DeleteFunc(land.Stages(), func(s land.Stage) bool { _, there := row.Stages[s]; return !there })
}

// evidence names the file and the row.
func (r LedgerReading) evidence(sheet string, row int) string {
	return fmt.Sprintf("《%s》%s %d", strings.TrimSuffix(r.Name, ".xlsx"), sheet, row)
}
