package registry

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// MoneyKind says what money it is and over which time: amounts of two kinds are never summed, nor those of two
// currencies.
type MoneyKind struct {
	Kind     string `json:"kind" db:"kind" enum:"planned_total,year_plan,paid,fixed_asset" doc:"planned_total: the whole investment as planned (计划总投资); year_plan: a year's plan (年度计划投资); paid: money that came (到位); fixed_asset: fixed-asset investment as reported to the statistics (固定资产投资)."`
	Span     string `json:"span" db:"span" enum:"whole,year,to_date,month,since_begin" doc:"whole: of planned_total; year: of year_plan; to_date: from the first of January until as_of; month: the month that ends with as_of; since_begin: from the project's beginning until as_of."`
	Currency string `json:"currency" db:"currency" minLength:"3" maxLength:"3" pattern:"^[A-Z]{3}$" text:"-" example:"CNY"`
}

// Money is an amount of a project.
type Money struct {
	MoneyKind
	Year     int     `json:"year,omitempty" db:"year" minimum:"1980" maximum:"2200" doc:"Of year_plan the year that is planned; of the others that of as_of."`
	AsOf     string  `json:"as_of" db:"as_of" format:"date" doc:"The last day that is counted; of a plan the day on which it was stated; of a month its last day."`
	Amount   float64 `json:"amount" db:"amount" minimum:"0" maximum:"10000000000000" doc:"In units of the currency."`
	Evidence string  `json:"evidence" db:"evidence" minLength:"1" maxLength:"1000" text:"prose"`
	Basis    string  `json:"basis,omitempty" db:"basis" enum:"confirmed,reported" default:"confirmed"`
}

// NewMoney is an amount to note, or a correction of one.
type NewMoney struct {
	Money
	Corrects bool    `json:"corrects,omitempty" doc:"It takes the place of what was noted of that kind, span, currency, year and day."`
	Reason   *string `json:"reason,omitempty" minLength:"1" maxLength:"1000" text:"prose"`
}

// NotedMoney is an amount as it was noted.
type NotedMoney struct {
	Money
	NotedBy *store.Person `json:"noted_by" db:"noted_by" doc:"Null: a program."`
	NotedAt time.Time     `json:"noted_at" db:"noted_at"`
	Counts  bool          `json:"counts" db:"counts" doc:"False: it was corrected."`
	Reason  *string       `json:"reason" db:"reason" nullable:"true" doc:"Why it corrects what was noted before."`
}

// spans are those that each kind has.
var spans = map[string][]string{"planned_total": {"whole"}, "year_plan": {"year"}, "paid": {"to_date", "since_begin"},
	"fixed_asset": {"to_date", "month", "since_begin"}}

const (
	sqlMoney = `
SELECT m.kind, m.span, m.currency, m.year, m.as_of::text AS as_of, m.amount::float8 AS amount, m.evidence, m.basis,
       m.noted_at, m.reason, CASE WHEN a.account_id IS NOT NULL THEN jsonb_build_object('id', a.account_id, 'name',
       a.name) END AS noted_by, NOT EXISTS (SELECT FROM project_money l
         WHERE (l.district_id, l.project_id, l.kind, l.span, l.currency, l.year, l.as_of, l.n)
           = (m.district_id, m.project_id, m.kind, m.span, m.currency, m.year, m.as_of, m.n + 1)) AS counts
  FROM project_money m LEFT JOIN account a ON a.account_id = m.noted_by
 WHERE m.district_id = ANY ($1) AND m.project_id = $2
 ORDER BY m.kind, m.span, m.currency, m.year DESC, m.as_of DESC, m.n DESC LIMIT 5000`
	sqlNewMoney = `
INSERT INTO project_money (district_id, project_id, kind, span, currency, year, as_of, amount, evidence, basis, noted_by,
       corrects, reason)
SELECT district_id, project_id, $3, $4, $5, $6, $7::date, $8, $9, $10, $11, $12, $13 FROM project
 WHERE district_id = ANY ($1) AND project_id = $2`
)

// Money lists the amounts that were noted of a project by kind, the newest first, at most 5000. The planned total in
// CNY stands in the project, what was paid in CNY since the first of January in Investments.
func (s Registry) Money(ctx context.Context, of Business, id uuid.UUID) ([]NotedMoney, error) {
	if _, err := s.Project(ctx, of, id); err != nil {
		return nil, err
	}
	return store.ReadAll[NotedMoney](ctx, s.Store, sqlMoney, of.Districts, id)
}

// AddMoney notes an amount, once for each kind, span, currency, year and day; a further note must be a correction. It
// returns all.
func (s Registry) AddMoney(ctx context.Context, of Business, id, by uuid.UUID, m NewMoney,
	once *store.Once) ([]NotedMoney,
	error) {
	return addNotes[NotedMoney](ctx, s, of, id, once, "money", sqlMoney, func(tx pgx.Tx) error {
		return addMoney(ctx, tx, of, id, by, m)
	})
}

func addMoney(ctx context.Context, tx pgx.Tx, of Business, id, by uuid.UUID, m NewMoney) error {
	m.Currency, m.Basis = cmp.Or(m.Currency, "CNY"), cmp.Or(m.Basis, "confirmed")
	if err := m.check(); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, sqlNewMoney, of.Districts, id, m.Kind, m.Span, m.Currency, m.Year, m.AsOf, m.Amount,
		m.Evidence,
		m.Basis, by, m.Corrects, m.Reason)
	return err
}

// check refuses an amount whose kind, span and time don't go together, and fills in the year.
func (m *NewMoney) check() error {
	day, err := time.Parse(time.DateOnly, m.AsOf)
	if err != nil {
		return geo.NewInvalid("as_of", "money.day", m.AsOf)
	}
	switch {
	case !slices.Contains(spans[m.Kind], m.Span):
		return geo.NewInvalid("span", "money.span", m.Span, "kind", m.Kind, "spans", spans[m.Kind])
	case m.Currency == "CNY" && m.Kind == "planned_total":
		return geo.NewInvalid("kind", "money.planned", m.Kind)
	case m.Currency == "CNY" && m.Kind == "paid" && m.Span == "to_date":
		return geo.NewInvalid("kind", "money.paid", m.Kind)
	case m.Span == "month" && day.AddDate(0, 0, 1).Day() != 1:
		return geo.NewInvalid("as_of", "money.month", m.AsOf)
	case m.Span == "year" && m.Year == 0:
		return geo.NewInvalid("year", "money.year", m.Year)
	case m.Span != "year" && m.Year != 0 && m.Year != day.Year():
		return geo.NewInvalid("year", "money.other_year", m.Year, "year", day.Year())
	case m.Corrects && m.Reason == nil:
		return geo.NewInvalid("reason", "milestone.reason", nil)
	case !m.Corrects && m.Reason != nil:
		return geo.NewInvalid("reason", "milestone.no_reason", *m.Reason)
	}
	if m.Span != "year" {
		m.Year = day.Year()
	}
	return nil
}
