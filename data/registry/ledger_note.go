package registry

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"luodi/geo/land"
)

// note notes the dated facts among some changes of a project: stages, the start of construction, money, tags, and
// that it is paused or lost. All are reported, with the file and the row as evidence; what takes the place of
// something says so.
func (t *ledgerTaking) note(ctx context.Context, id uuid.UUID, row *ledgerRow, changes []LedgerChange) error {
	evidence := t.reading.evidence(t.plan.Sheet, row.N)
	slices.SortStableFunc(changes, func(a, b LedgerChange) int {
		return cmp.Compare(fieldOrder(a.Field),
			fieldOrder(b.Field))
	})
	for _, c := range changes {
		var reason *string
		if c.Before != "" {
			reason = &evidence
		}
		var err error
		switch stage, isDay := strings.CutSuffix(c.Field, "_on"); {
		case c.Field == "land_start_on":
			err = addLandStart(ctx, t.tx, t.at.Of, id, t.at.By,
				NewLandStart{LandStart: LandStart{StartedOn: row.LandStart.Day,
					Precision: row.LandStart.Precision, Kind: "stated", Evidence: evidence, Basis: "reported"},
					Corrects: c.Before != "", Reason: reason})
		case isDay:
			day := row.Stages[land.Stage(stage)]
			m := MilestoneNote{Milestone: Milestone{Stage: land.Stage(stage), ReachedOn: day.Day, Evidence: evidence,
				Basis: "reported", Precision: day.Precision}, Corrects: c.Before != "", Reason: reason}
			_, err = t.tx.Exec(ctx, sqlMilestone, append([]any{t.at.Of.Districts, id}, m.row(t.at.By)...)...)
		case c.Field == "tag":
			_, err = t.tx.Exec(ctx, sqlAddTag, t.at.Of.Districts, id, c.After, t.plan.AsOf, nil, t.at.By)
		case c.Field == "status":
			err = t.turn(ctx, id, row)
		default:
			err = t.money(ctx, id, row, c, evidence, reason)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// fieldOrder brings stages into their order, and puts turns last: what is lost reaches no stage.
func fieldOrder(field string) int {
	if i := slices.Index(land.Stages(), land.Stage(strings.TrimSuffix(field, "_on"))); i >= 0 {
		return i
	}
	if field == "status" {
		return 100
	}
	return 50
}

// unsaid is the reason of a turn where a ledger gives none: it is said that none is known.
const unsaid = "台账未写原因 / the ledger gives no reason"

func (t *ledgerTaking) turn(ctx context.Context, id uuid.UUID, row *ledgerRow) error {
	since := t.plan.AsOf
	if row.TurnOn != nil {
		since = row.TurnOn.Day
	}
	const sql = `INSERT INTO project_turn (district_id, project_id, turn, since, reason, noted_by)
		VALUES ($1, $2, $3, $4::date, $5, $6)`
	_, err := t.tx.Exec(ctx, sql, t.at.District, id, row.Turn, since, cmp.Or(row.Reason, unsaid), t.at.By)
	return err
}

// money notes the amount of a changed field in its home.
func (t *ledgerTaking) money(ctx context.Context, id uuid.UUID, row *ledgerRow, c LedgerChange, evidence string,
	reason *string) error {
	for _, m := range row.Money {
		if m.field() != c.Field {
			continue
		}
		m.Evidence = evidence
		switch m.MoneyKind {
		case MoneyKind{"planned_total", "whole", "CNY"}:
		case MoneyKind{"paid", "to_date", "CNY"}:
			const sql = `INSERT INTO project_investment (district_id, project_id, until, paid_cny, evidence, corrects)
				VALUES ($1, $2, $3::date, $4, $5, $6)`
			_, err := t.tx.Exec(ctx, sql, t.at.District, id, m.AsOf, m.Amount, evidence, c.Before != "")
			return err
		default:
			return addMoney(ctx, t.tx, t.at.Of, id, t.at.By, NewMoney{Money: m, Corrects: c.Before != "",
				Reason: reason})
		}
	}
	return nil
}
