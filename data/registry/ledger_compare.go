package registry

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"luodi/geo"
	"luodi/geo/land"
)

// ledgerFacts are what the register says of a project, as a row is compared with it.
type ledgerFacts struct {
	Project
	money     []NotedMoney
	paid      []InvestmentNote
	landStart []NotedLandStart
}

func readFacts(ctx context.Context, tx pgx.Tx, at LedgerEntry, one *LedgerPlanRow) (ledgerFacts, error) {
	var f ledgerFacts
	var err error
	if f.Project, err = project(ctx, tx, at.Of, *one.Project); err != nil {
		return f, err
	}
	read := func(sql string, to func(pgx.Rows) error) {
		if err != nil {
			return
		}
		var rows pgx.Rows
		if rows, err = tx.Query(ctx, sql, at.Of.Districts, *one.Project); err == nil {
			err = to(rows)
		}
	}
	read(sqlMoney, func(rows pgx.Rows) (err error) {
		f.money, err = pgx.CollectRows(rows, pgx.RowToStructByName[NotedMoney])
		return err
	})
	read(sqlInvestments, func(rows pgx.Rows) (err error) {
		f.paid, err = pgx.CollectRows(rows, pgx.RowToStructByName[InvestmentNote])
		return err
	})
	read(sqlLandStarts, func(rows pgx.Rows) (err error) {
		f.landStart, err = pgx.CollectRows(rows, pgx.RowToStructByName[NotedLandStart])
		return err
	})
	return f, err
}

func number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// compare tells what a row says anew of its project. Where the register says otherwise it has to be decided which
// holds.
func (p *LedgerPlan) compare(ctx context.Context, tx pgx.Tx, at LedgerEntry, one *LedgerPlanRow,
	reading LedgerReading) error {
	facts, err := readFacts(ctx, tx, at, one)
	if err != nil {
		return err
	}
	one.Changes = facts.changes(one.row, reading.AsOf)
	if f := facts.outOfOrder(one.row); f != nil {
		f.Row = one.Row
		p.Faults = append(p.Faults, *f)
		one.Does = "fault"
		return nil
	}
	differs := slices.ContainsFunc(one.Changes, func(c LedgerChange) bool { return c.Differs })
	decided := ""
	for _, d := range reading.Decisions {
		if d.Row == one.Row {
			decided = d.Differs
		}
	}
	switch {
	case differs && decided == "":
		one.Does = "ask"
		return nil
	case differs && decided == "keep":
		one.Changes = slices.DeleteFunc(one.Changes, func(c LedgerChange) bool { return c.Differs })
	}
	one.Does = "change"
	if len(one.Changes) == 0 {
		one.Does = "keep"
	}
	return nil
}

// outOfOrder finds a new stage whose day doesn't go with those of the register that the row is silent about.
func (f ledgerFacts) outOfOrder(row *ledgerRow) *LedgerFault {
	for _, stage := range row.stagesOf() {
		there := slices.Index(land.Stages(), stage)
		for _, m := range f.Milestones {
			if _, said := row.Stages[m.Stage]; said {
				continue
			}
			before := slices.Index(land.Stages(), m.Stage) < there
			if day := row.Stages[stage].Day; before && m.ReachedOn > day || !before && m.ReachedOn < day {
				return &LedgerFault{Field: string(stage) + "_on", Words: geo.Say("ledger.order", "other",
					m.Stage.Words(), "day",
					m.ReachedOn), Got: geo.Quoted(day)}
			}
		}
	}
	return nil
}

func (f ledgerFacts) changes(row *ledgerRow, asOf string) []LedgerChange {
	all := []LedgerChange{}
	say := func(field, before, after string) {
		if before != after {
			all = append(all, LedgerChange{field, before, after, before != ""})
		}
	}
	for _, stage := range row.stagesOf() {
		day, field := row.Stages[stage], string(stage)+"_on"
		i := slices.IndexFunc(f.Milestones, func(m Reached) bool { return m.Stage == stage })
		switch {
		case i < 0:
			say(field, "", day.Day)
		case !sameDay(f.Milestones[i].ReachedOn, day.Day, day.Precision):
			say(field, f.Milestones[i].ReachedOn, day.Day)
		}
	}
	if row.LandStart != nil {
		i := slices.IndexFunc(f.landStart, func(s NotedLandStart) bool { return s.Counts })
		if i < 0 {
			say("land_start_on", "", row.LandStart.Day)
		} else if !sameDay(f.landStart[i].StartedOn, row.LandStart.Day, row.LandStart.Precision) {
			say("land_start_on", f.landStart[i].StartedOn, row.LandStart.Day)
		}
	}
	for _, m := range row.Money {
		before := ""
		if amount := f.amount(m); amount != nil {
			before = number(*amount)
		}
		say(m.field(), before, number(m.Amount))
	}
	if row.TaskForce != "" {
		before := ""
		if f.TaskForce != nil {
			before = *f.TaskForce
		}
		say("task_force", before, row.TaskForce)
	}
	if row.NeedMu != nil {
		say("need", f.needMu(), number(*row.NeedMu))
	}
	for _, tag := range row.Tags {
		if !slices.ContainsFunc(f.Tags,
			func(t NotedTag) bool { return t.Tag.Tag == tag && (t.Until == nil || *t.Until > asOf) }) {
			say("tag", "", tag)
		}
	}
	if row.Turn != "" && f.Standing != row.Turn {
		all = append(all, LedgerChange{"status", f.Standing, row.Turn, f.Standing == "lost"})
	}
	return all
}

// field is the ledger's field of an amount.
func (m Money) field() string {
	switch m.Span {
	case "whole", "year":
		return m.Kind
	}
	return m.Kind + "_" + m.Span
}

// sameDay reports whether a day of the register is the ledger's, as well as the ledger knows it.
func sameDay(known, said, precision string) bool {
	switch precision {
	case "month":
		return known[:7] == said[:7]
	case "year":
		return known[:4] == said[:4]
	case "by":
		return known <= said
	}
	return known == said
}

// amount is what the register has of an amount's kind and time; nil: nothing.
func (f ledgerFacts) amount(m Money) *float64 {
	switch {
	case m.MoneyKind == MoneyKind{"planned_total", "whole", "CNY"}:
		return f.InvestmentCNY
	case m.MoneyKind == MoneyKind{"paid", "to_date", "CNY"}:
		i := slices.IndexFunc(f.paid, func(n InvestmentNote) bool { return n.Until == m.AsOf })
		if i >= 0 {
			return &f.paid[i].PaidCNY
		}
		return nil
	}
	i := slices.IndexFunc(f.money, func(n NotedMoney) bool {
		return n.Counts && n.MoneyKind == m.MoneyKind && n.Year == m.Year && n.AsOf == m.AsOf
	})
	if i < 0 {
		return nil
	}
	return &f.money[i].Amount
}

// needMu is the land that a project is said to need, as a ledger has it: one number.
func (f ledgerFacts) needMu() string {
	var requirement struct {
		Area json.RawMessage `json:"area_mu"`
	}
	var bounds struct{ Min, Max *float64 }
	var one float64
	_ = json.Unmarshal(f.Requirement, &requirement)
	if json.Unmarshal(requirement.Area, &one) == nil {
		return number(one)
	}
	_ = json.Unmarshal(requirement.Area, &bounds)
	switch {
	case bounds.Min != nil && bounds.Max != nil && *bounds.Min != *bounds.Max:
		return number(*bounds.Min) + "–" + number(*bounds.Max)
	case bounds.Min != nil:
		return number(*bounds.Min)
	case bounds.Max != nil:
		return number(*bounds.Max)
	}
	return ""
}
