package registry

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"luodi/data/intake/workbook"
	"luodi/data/store"
	"luodi/geo/land"
)

// LedgerWords are the words that an export writes, in the reader's language.
type LedgerWords struct {
	Sheet, Changes string            // names of sheets
	Heads          map[string]string // by field
	Columns        [6]string         // of the sheet of changes: row, column, head, project, before, after
	Stages         map[land.Stage]string
	Standings      map[string]string
	Tags           map[string]string
}

// original is a ledger as it came.
type original struct {
	Bytes   []byte        `db:"bytes"`
	Reading LedgerReading `db:"reading"`
	Rows    []originalRow `db:"rows"`
}

type originalRow struct {
	Row     int       `json:"row"`
	Project uuid.UUID `json:"project"`
}

// LedgerAsItCame is the file of an import with the cells filled in anew of which the register says something else on a
// day (""; today), each marked and listed on a sheet of its own. Projects that the reader may not see stay as they
// came.
func (s Registry) LedgerAsItCame(ctx context.Context, of Business, id uuid.UUID, on string, zh, en LedgerWords) (string,
	[]byte, error) {
	const sql = `SELECT f.bytes, i.reading, (SELECT coalesce(jsonb_agg(jsonb_build_object('row', r.row_no, 'project',
		r.project_id) ORDER BY r.row_no), '[]') FROM ledger_row r WHERE (r.district_id, r.import_id) = (i.district_id,
		i.import_id)) AS rows FROM ledger_import i JOIN ledger_file f USING (district_id, hash)
		WHERE i.district_id = ANY ($1) AND i.import_id = $2`
	all, err := store.ReadAll[LedgerImport](ctx, s.Store, sqlLedgers+` AND i.import_id = $5`, of.args(id)...)
	if err == nil && len(all) == 0 {
		err = &store.Missing{Kind: "ledger", Name: id.String()}
	}
	if err != nil {
		return "", nil, err
	}
	found, err := store.ReadAll[original](ctx, s.Store, sql, of.Districts, id)
	if err != nil || len(found) == 0 {
		return "", nil, errors.Join(err, &store.Missing{Kind: "ledger", Name: id.String()})
	}
	rows, err := s.FactRows(ctx, of, TallyQuery{On: on})
	if err != nil {
		return "", nil, err
	}
	full, err := s.projectsByID(ctx, of)
	if err != nil {
		return "", nil, err
	}
	book, err := workbook.Open("file", found[0].Bytes)
	if err != nil {
		return "", nil, err
	}
	defer book.Close()
	facts := map[uuid.UUID]FactRow{}
	for _, row := range rows {
		facts[row.ID] = row
	}
	words := en
	if slices.ContainsFunc(found[0].Reading.Columns, func(c LedgerColumn) bool {
		return strings.ContainsFunc(c.Head, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	}) {
		words = zh // it speaks the language that it came in
	}
	e := &ledgerExport{book: book, reading: found[0].Reading, words: words, facts: facts, projects: full}
	if err := e.fill(found[0].Rows); err != nil {
		return "", nil, store.Translate("write a ledger", err)
	}
	raw, err := book.Bytes()
	return all[0].Name, raw, err
}

func (s Registry) projectsByID(ctx context.Context, of Business) (map[uuid.UUID]Project, error) {
	all, err := s.Projects(ctx, of)
	by := make(map[uuid.UUID]Project, len(all))
	for _, p := range all {
		by[p.ID] = p
	}
	return by, err
}

// china is where a ledger has its day.
var china = time.FixedZone("CST", 8*60*60)

// ledgerExport fills a ledger in.
type ledgerExport struct {
	book     *workbook.Book
	reading  LedgerReading
	words    LedgerWords
	facts    map[uuid.UUID]FactRow
	projects map[uuid.UUID]Project
	changes  [][]any
}

func (e *ledgerExport) fill(rows []originalRow) error {
	grid, err := e.book.Read(e.reading.Sheet)
	if err != nil {
		return err
	}
	r := &ledgerReader{grid: grid, reading: e.reading, columns: e.reading.Columns, heads: map[string]workbook.Head{}}
	for _, h := range grid.TableAt(max(0, e.reading.HeadRow-2), e.reading.HeadRow-1).Heads {
		r.heads[h.Column] = h
	}
	for _, row := range rows {
		fact, counts := e.facts[row.Project]
		project, seen := e.projects[row.Project]
		if !counts || !seen || row.Row > len(grid.Rows) {
			continue
		}
		said := r.row(row.Row - 1)
		for _, c := range e.reading.Columns {
			cell := r.cell(row.Row-1, c)
			value := e.value(r, c, cell, said, fact, project)
			if value == nil || cell.Formula {
				continue
			}
			if err := e.book.Set(e.reading.Sheet, c.Column, row.Row, value); err != nil {
				return err
			}
			e.changes = append(e.changes, []any{row.Row, c.Column, c.Head, project.NameZH, cell.Text, value})
		}
	}
	return e.book.Table(e.words.Changes, e.words.Columns[:], e.changes)
}

// value is what a cell should say where the register says something else than it; nil: it says the same, or the
// register says nothing.
func (e *ledgerExport) value(r *ledgerReader, c LedgerColumn, cell workbook.Cell, said *ledgerRow, f FactRow,
	p Project) any {
	text := func(now *string) any {
		if now == nil || *now == "" || strings.Join(strings.Fields(cell.Text), " ") == *now {
			return nil
		}
		return *now
	}
	switch {
	case c.Field == "status":
		return e.status(r, said, cell, f)
	case c.Field == "land_start_on":
		if f.LandStarted == nil || said.LandStart != nil && sameDay(*f.LandStarted, said.LandStart.Day,
			said.LandStart.Precision) {
			return nil
		}
		return cell.DayLike(workbook.Day{Day: *f.LandStarted, Precision: "day"}, r.grid.Date1904)
	case c.Field.Day() && c.Field != "status_on":
		return stageDay(r, c, cell, said, f, p)
	case c.Field.Money():
		return e.amount(r, c, cell, said, f)
	case c.Field == "need":
		now := ledgerFacts{Project: p}.needMu()
		mu, err := strconv.ParseFloat(now, 64)
		if err != nil || said.NeedMu != nil && *said.NeedMu == mu {
			return nil
		}
		return cell.MuLike(mu, c.Unit)
	case c.Field == "task_force":
		return text(p.TaskForce)
	case c.Field == "name":
		return text(&p.NameZH)
	}
	return nil
}

func stageDay(r *ledgerReader, c LedgerColumn, cell workbook.Cell, said *ledgerRow, f FactRow, p Project) any {
	stage := land.Stage(strings.TrimSuffix(string(c.Field), "_on"))
	day, reached := f.Reached[stage]
	if was, there := said.Stages[stage]; !reached || there && !cell.Blank() && sameDay(day, was.Day, was.Precision) {
		return nil
	}
	precision := "day"
	if i := slices.IndexFunc(p.Milestones, func(m Reached) bool { return m.Stage == stage }); i >= 0 {
		precision = p.Milestones[i].Precision
	}
	if precision == "by" {
		return nil // in which no day is known
	}
	return cell.DayLike(workbook.Day{Day: day, Precision: precision}, r.grid.Date1904)
}

// status is the word for how far a project has come, where that is further than the cell says, or it is paused or lost.
func (e *ledgerExport) status(r *ledgerReader, said *ledgerRow, cell workbook.Cell, f FactRow) any {
	alone := &ledgerRow{Stages: map[land.Stage]workbook.Day{}}
	known := r.status(alone, cell.Text) == nil
	was := said.Turn
	if f.Standing != "active" {
		if was == f.Standing {
			return nil
		}
		return e.words.Standings[f.Standing]
	}
	if f.Stage == nil {
		return nil
	}
	if _, same := alone.Stages[*f.Stage]; known && same && was == "" {
		return nil
	}
	return e.words.Stages[*f.Stage]
}

func (e *ledgerExport) amount(r *ledgerReader, c LedgerColumn, cell workbook.Cell, said *ledgerRow, f FactRow) any {
	for _, now := range f.Money {
		m := Money{MoneyKind: now.MoneyKind}
		if m.field() != string(c.Field) || !holds(r.heads[c.Column], now) {
			continue
		}
		i := slices.IndexFunc(said.Money, func(was Money) bool { return was.field() == string(c.Field) })
		if i >= 0 && (said.Money[i].Currency != now.Currency || said.Money[i].Amount == now.Amount) {
			if said.Money[i].Currency != now.Currency {
				continue
			}
			return nil
		}
		return cell.AmountLike(now.Amount, now.Currency, c.Unit)
	}
	return nil
}

// PlainLedger is a ledger of the projects of some business on a day, with heads of our own that can be read again.
func (s Registry) PlainLedger(ctx context.Context, of Business, q TallyQuery, words LedgerWords) ([]byte, error) {
	rows, err := s.FactRows(ctx, of, q)
	if err != nil {
		return nil, err
	}
	full, err := s.projectsByID(ctx, of)
	if err != nil {
		return nil, err
	}
	firms, err := s.Parties(ctx, of)
	if err != nil {
		return nil, err
	}
	codes := map[uuid.UUID]*string{}
	for _, firm := range firms {
		codes[firm.ID] = firm.CreditCode
	}
	day := cmp.Or(q.On, time.Now().In(china).Format(time.DateOnly))
	fields := workbook.Fields()
	heads := make([]string, len(fields))
	for i, field := range fields {
		heads[i] = words.Heads[string(field)]
	}
	table := make([][]any, 0, len(rows))
	for _, row := range rows {
		project, seen := full[row.ID]
		if !seen {
			continue
		}
		cells := make([]any, len(fields))
		for i, field := range fields {
			cells[i] = words.plain(field, row, project, codes, day)
		}
		table = append(table, cells)
	}
	book, err := workbook.New(words.Sheet, heads, table)
	if err != nil {
		return nil, fmt.Errorf("write a ledger: %w", err)
	}
	defer book.Close()
	return book.Bytes()
}

func (w LedgerWords) plain(field workbook.Field, f FactRow, p Project, codes map[uuid.UUID]*string,
	day string) any {
	either := func(text *string) any {
		if text == nil {
			return nil
		}
		return *text
	}
	switch {
	case field == "code":
		return p.Code
	case field == "name":
		return p.NameZH
	case field == "firm" && p.Party != nil:
		return p.Party.NameZH
	case field == "credit_code" && p.Party != nil:
		return either(codes[p.Party.ID])
	case field == "status" && f.Standing != "active":
		return w.Standings[f.Standing]
	case field == "status" && f.Stage != nil:
		return w.Stages[*f.Stage]
	case field == "tag" && len(f.Tags) > 0:
		named := make([]string, len(f.Tags))
		for i, tag := range f.Tags {
			named[i] = w.Tags[tag]
		}
		return strings.Join(named, "、")
	case field == "task_force":
		return either(p.TaskForce)
	case field == "land_start_on":
		return either(f.LandStarted)
	case field == "need":
		if mu, err := strconv.ParseFloat(ledgerFacts{Project: p}.needMu(), 64); err == nil {
			return mu
		}
		return nil
	case field.Money():
		for _, m := range f.Money {
			if (Money{MoneyKind: m.MoneyKind}).field() == string(field) {
				if other := m.AsOf != nil && m.Span != "year" && m.Span != "whole" && *m.AsOf != day; other {
					return fmt.Sprintf("%s万%s (%s)", number(m.Amount/1e4), m.Currency, *m.AsOf) // of another day than the ledger
				}
				if m.Currency == "CNY" {
					return m.Amount / 1e4
				}
				return strconv.FormatFloat(m.Amount/1e4, 'f', -1, 64) + "万" + m.Currency
			}
		}
		return nil
	case field.Day() && field != "status_on":
		stage := land.Stage(strings.TrimSuffix(string(field), "_on"))
		i := slices.IndexFunc(p.Milestones, func(m Reached) bool { return m.Stage == stage })
		if day := f.Reached[stage]; day != "" && i >= 0 && p.Milestones[i].Precision != "by" {
			return workbook.Cell{}.DayLike(workbook.Day{Day: day, Precision: p.Milestones[i].Precision}, false)
		}
	case field == "status_on" && f.Standing != "active" && len(p.Turns) > 0:
		return p.Turns[0].Since
	case field == "reason" && f.Standing != "active" && len(p.Turns) > 0:
		return p.Turns[0].Reason
	}
	return nil
}

// holds reports whether a head that names months or a year is of the time that an amount is counted over.
func holds(head workbook.Head, now NotedFigure) bool {
	if now.AsOf == nil {
		return true
	}
	day, err := time.Parse(time.DateOnly, *now.AsOf)
	return err == nil && (head.Month == 0 || head.Month == int(day.Month())) &&
		(head.Year == 0 || head.Year == cmp.Or(now.Year, day.Year()))
}
