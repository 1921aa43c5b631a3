package registry

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// Letting says which project holds a unit, or has let it.
type Letting struct {
	ID        uuid.UUID     `json:"id" db:"id" format:"uuid"`
	Unit      uuid.UUID     `json:"unit" db:"unit" format:"uuid"`
	UnitCode  string        `json:"unit_code" db:"unit_code"`
	Building  string        `json:"building_code" db:"building_code"`
	NameZH    string        `json:"building_zh" db:"building_zh"`
	NameEN    string        `json:"building_en" db:"building_en"`
	Project   Tenant        `json:"project" db:"project"`
	State     string        `json:"state" db:"state" enum:"held,lapsed,let,over,ended" doc:"lapsed: the hold's last day passed; over: the lease's did."`
	From      *string       `json:"from" db:"from" format:"date" nullable:"true" doc:"Null: it ended before it began."`
	Until     *string       `json:"until" db:"until" format:"date" nullable:"true" doc:"The last day; null: none is agreed."`
	HoldUntil *string       `json:"hold_until" db:"hold_until" format:"date" nullable:"true"`
	SignedOn  *string       `json:"signed_on" db:"signed_on" format:"date" nullable:"true" doc:"When the lease was signed; null: it was only held."`
	Document  *string       `json:"document" db:"document" nullable:"true" doc:"The lease, by its number."`
	Reason    *string       `json:"reason" db:"reason" nullable:"true" doc:"Of its last change; lapsed where a hold was over and another came."`
	By        *store.Person `json:"changed_by" db:"changed_by"`
	At        time.Time     `json:"changed_at" db:"changed_at"`
	Revision  int           `json:"revision" db:"revision"`
}

// Tenant is the project of a letting.
type Tenant struct {
	ID     uuid.UUID `json:"id" format:"uuid"`
	Code   string    `json:"code"`
	NameZH string    `json:"name_zh"`
	NameEN string    `json:"name_en"`
}

// NewLetting is a hold of a unit, or, with a document, a lease.
type NewLetting struct {
	Project   uuid.UUID `json:"project" format:"uuid"`
	From      string    `json:"from" format:"date" doc:"The first day on which the project has the unit."`
	Until     *string   `json:"until,omitempty" format:"date" doc:"The last day; without it none is agreed."`
	HoldUntil *string   `json:"hold_until,omitempty" format:"date" doc:"Of a hold: its last day. After it another may have the unit."`
	Document  *string   `json:"document,omitempty" minLength:"1" maxLength:"200" doc:"The lease, by its number: the unit is let at once, and not held."`
	SignedOn  *string   `json:"signed_on,omitempty" format:"date" doc:"Of a lease; today without it."`
	Reason    *string   `json:"reason,omitempty" minLength:"1" maxLength:"1000" text:"prose"`
}

// Lease makes a hold a lease.
type Lease struct {
	Document string  `json:"document" minLength:"1" maxLength:"200" doc:"The lease, by its number."`
	SignedOn *string `json:"signed_on,omitempty" format:"date" doc:"Today without it."`
	From     *string `json:"from,omitempty" format:"date" doc:"Where it is not as it was held."`
	Until    *string `json:"until,omitempty" format:"date"`
	Reason   *string `json:"reason,omitempty" minLength:"1" maxLength:"1000" text:"prose"`
}

// EndOfLetting ends a hold or a lease.
type EndOfLetting struct {
	On     *string `json:"on,omitempty" format:"date" doc:"Of a lease: its last day, not one to come; today without it."`
	Reason string  `json:"reason" minLength:"1" maxLength:"1000" text:"prose"`
}

const (
	sqlLettings = `
SELECT l.letting_id AS id, l.unit_id AS unit, u.code AS unit_code, b.code AS building_code, b.name_zh AS building_zh,
       b.name_en AS building_en, jsonb_build_object('id', j.project_id, 'code', j.code,
       'name_zh', v.name_zh, 'name_en', v.name_en) AS project,
       CASE WHEN l.state = 'held' AND l.hold_until < park_today(l.park_id) THEN 'lapsed'
            WHEN l.state = 'let' AND upper(l.period) <= park_today(l.park_id) THEN 'over' ELSE l.state END AS state,
       lower(l.period)::text AS from, (upper(l.period) - 1)::text AS until, l.hold_until::text AS hold_until,
       l.let_on::text AS signed_on, l.document, l.reason, l.changed_at, l.revision,
       CASE WHEN a.account_id IS NOT NULL THEN jsonb_build_object('id', a.account_id, 'name', a.name) END AS changed_by
  FROM letting l JOIN unit u USING (park_id, unit_id) JOIN building b USING (park_id, building_id) JOIN project j USING (district_id, project_id)
  JOIN project_version v ON (v.district_id, v.project_id) = (j.district_id, j.project_id) AND upper_inf(v.sys)
  LEFT JOIN account a ON a.account_id = l.changed_by
 WHERE l.park_id = $1 AND ($2::uuid IS NULL OR l.unit_id = $2) AND ($3::uuid IS NULL OR l.letting_id = $3)
   AND ($4::uuid IS NULL OR l.project_id = $4)
 ORDER BY l.state = 'ended', lower(l.period) DESC NULLS LAST, l.letting_id DESC LIMIT 500`
	sqlAddLetting = `
INSERT INTO letting (park_id, letting_id, unit_id, district_id, project_id, period, state, hold_until, let_on, document, reason,
       changed_by)
SELECT $1, $2, $3, j.district_id, j.project_id, daterange($6, $7::date + 1),
       CASE WHEN $9::text IS NULL THEN 'held' ELSE 'let' END,
       $8::date, CASE WHEN $9 IS NOT NULL THEN coalesce($10::date, park_today($1)) END, $9, $11, $12
  FROM project j WHERE j.district_id = ANY ($4) AND j.project_id = $5`
	sqlLet = `
UPDATE letting l SET state = 'let', document = $3, let_on = coalesce($4::date, park_today($1)), reason = $7, changed_by = $8,
       period = daterange(coalesce($5::date, lower(l.period)),
         CASE WHEN $6::date IS NULL THEN upper(l.period) ELSE $6::date + 1 END)
 WHERE (l.park_id, l.letting_id) = ($1, $2)`
	sqlEndLetting = `
UPDATE letting l SET state = 'ended', reason = $4, changed_by = $5, period = CASE WHEN l.let_on IS NULL THEN l.period
       ELSE l.period * daterange(NULL, coalesce($3::date, park_today($1)) + 1) END
 WHERE (l.park_id, l.letting_id) = ($1, $2)`
	// sqlTaken finds the first letting in the way of another.
	sqlTaken = `SELECT l.state, lower(l.period)::text, coalesce((upper(l.period) - 1)::text, '')
  FROM letting l WHERE (l.park_id, l.unit_id) = ($1, $2) AND l.letting_id <> $3
   AND (l.state <> 'ended' OR l.let_on IS NOT NULL)
   AND l.period && daterange(coalesce($4::date,
     (SELECT lower(o.period) FROM letting o WHERE (o.park_id, o.letting_id) = ($1, $3))),
     coalesce($5::date + 1, (SELECT upper(o.period) FROM letting o WHERE (o.park_id, o.letting_id) = ($1, $3))))
 ORDER BY lower(l.period) LIMIT 1`
)

// Lettings lists the lettings of a unit, the live ones first, at most 500.
func (s Registry) Lettings(ctx context.Context, park, of uuid.UUID) ([]Letting, error) {
	if _, err := unit(ctx, s.Planner, park, of); err != nil {
		return nil, err
	}
	return store.ReadAll[Letting](ctx, s.Store, sqlLettings, park, of, nil, nil)
}

// LettingsOf lists the lettings of a park, or of one project in it, the live ones first, at most 500.
func (s Registry) LettingsOf(ctx context.Context, park uuid.UUID, project *uuid.UUID) ([]Letting, error) {
	return store.ReadAll[Letting](ctx, s.Store, sqlLettings, park, nil, nil, project)
}

func letting(ctx context.Context, q store.Querier, park, id uuid.UUID) (Letting, error) {
	rows, err := q.Query(ctx, sqlLettings, park, nil, id, nil)
	if err != nil {
		return Letting{}, store.Translate("read a letting", err)
	}
	one, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Letting])
	if errors.Is(err, pgx.ErrNoRows) {
		return one, &store.Missing{Kind: "letting", Name: id.String()}
	}
	return one, store.Translate("read a letting", err)
}

// AddLetting holds a unit for a project of some business, or lets it. A unit is held or let once at a time: the later
// of two is refused with the days of the earlier one.
func (s Registry) AddLetting(ctx context.Context, of Business, park, by, in uuid.UUID, n NewLetting,
	once *store.Once) (Letting, error) {
	switch {
	case n.Until != nil && *n.Until < n.From:
		return Letting{}, geo.NewInvalid("until", "letting.until", *n.Until, "day", n.From)
	case n.Document == nil && n.HoldUntil == nil:
		return Letting{}, geo.NewInvalid("hold_until", "letting.hold_until", geo.None())
	case n.Document != nil && n.HoldUntil != nil:
		return Letting{}, geo.NewInvalid("hold_until", "letting.no_hold", *n.HoldUntil)
	case n.Document == nil && n.SignedOn != nil:
		return Letting{}, geo.NewInvalid("signed_on", "letting.signed_on", *n.SignedOn)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Letting{}, err
	}
	made, err := keep(ctx, s, "let a unit", once, 201, func(tx pgx.Tx) (Letting, error) {
		if _, err := unit(ctx, tx, park, in); err != nil {
			return Letting{}, err
		}
		if _, err := project(ctx, tx, of, n.Project); err != nil {
			return Letting{}, err
		}
		if _, err := tx.Exec(ctx, sqlAddLetting, park, id, in, of.Districts, n.Project, n.From, n.Until, n.HoldUntil,
			n.Document, n.SignedOn, n.Reason, by); err != nil {
			return Letting{}, err
		}
		return letting(ctx, tx, park, id)
	})
	return made, s.taken(ctx, err, park, in, id, &n.From, n.Until)
}

// Let makes a hold a lease.
func (s Registry) Let(ctx context.Context, park, by, id uuid.UUID, l Lease, once *store.Once) (Letting, error) {
	var before Letting
	made, err := keep(ctx, s, "let a unit", once, 201, func(tx pgx.Tx) (_ Letting, err error) {
		if before, err = letting(ctx, tx, park, id); err != nil {
			return before, err
		}
		from, until := before.From, before.Until
		if l.From != nil {
			from = l.From
		}
		if l.Until != nil {
			until = l.Until
		}
		if from != nil && until != nil && *until < *from {
			return before, geo.NewInvalid("until", "letting.until", *until, "day", *from)
		}
		if _, err := tx.Exec(ctx, sqlLet, park, id, l.Document, l.SignedOn, l.From, l.Until, l.Reason, by); err != nil {
			return before, err
		}
		return letting(ctx, tx, park, id)
	})
	return made, s.taken(ctx, err, park, before.Unit, id, l.From, l.Until)
}

// EndLetting ends a hold or a lease, for a reason. A lease keeps the days that it lasted.
func (s Registry) EndLetting(ctx context.Context, park, by, id uuid.UUID, e EndOfLetting, once *store.Once) (Letting,
	error) {
	return keep(ctx, s, "end a letting", once, 201, func(tx pgx.Tx) (Letting, error) {
		before, err := letting(ctx, tx, park, id)
		if err != nil {
			return before, err
		}
		if e.On != nil {
			var today string
			if err := tx.QueryRow(ctx, `SELECT park_today($1)::text`, park).Scan(&today); err != nil {
				return before, err
			}
			switch {
			case before.SignedOn == nil:
				return before, geo.NewInvalid("on", "letting.on_of_lease", *e.On)
			case *e.On > today:
				return before, geo.NewInvalid("on", "letting.on", *e.On, "day", today)
			}
		}
		if _, err := tx.Exec(ctx, sqlEndLetting, park, id, e.On, e.Reason, by); err != nil {
			return before, err
		}
		return letting(ctx, tx, park, id)
	})
}

// taken says which days are taken, where a refusal is that a unit is let once at a time; other errors stay as they are.
func (s Registry) taken(ctx context.Context, refusal error, park, in, id uuid.UUID, from, until *string) error {
	var denial *store.Denial
	if !errors.As(refusal, &denial) || denial.Rule != "unit_let_once" {
		return refusal
	}
	var state, first, last string
	if err := s.Planner.QueryRow(ctx, sqlTaken, park, in, id, from, until).Scan(&state, &first, &last); err != nil {
		return refusal // it went meanwhile, or can't be read: the rule's own words do
	}
	if last == "" {
		return store.Because("unit_let_once", "letting.taken_on", "from", first)
	}
	return store.Because("unit_let_once", "letting.taken", "from", first, "until", last)
}
