package registry

import (
	"cmp"
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// LandStart is the start of construction as the land law means it (动工开发), which is another fact than the start of a
// key project (项目开工, the stage started): after the building permit a deep pit is finished, all piles are in, or a
// third of other foundations.
type LandStart struct {
	StartedOn string     `json:"started_on" db:"started_on" format:"date"`
	Precision string     `json:"precision,omitempty" db:"precision" enum:"day,month,year,by" default:"day" doc:"How well the day is known, as of a milestone."`
	Allotment *uuid.UUID `json:"allotment,omitempty" db:"allotment" format:"uuid" doc:"The right to land under which construction began; without it the project's own, where that is not said."`
	Kind      string     `json:"kind" db:"kind" enum:"pit,piles,foundation,stated" doc:"What was seen: a finished pit, all piles, a third of other foundations; stated: a ledger doesn't say what, only with basis reported."`
	Evidence  string     `json:"evidence" db:"evidence" minLength:"1" maxLength:"1000" text:"prose"`
	Basis     string     `json:"basis,omitempty" db:"basis" enum:"confirmed,reported" default:"confirmed"`
}

// NewLandStart is a start to note, or what takes the place of one.
type NewLandStart struct {
	LandStart
	Corrects  bool    `json:"corrects,omitempty" doc:"It takes the place of what was noted of that right, which is kept."`
	Withdrawn bool    `json:"withdrawn,omitempty" doc:"Construction had not begun after all; only with corrects."`
	Reason    *string `json:"reason,omitempty" minLength:"1" maxLength:"1000" text:"prose"`
}

// NotedLandStart is a start as it was noted.
type NotedLandStart struct {
	LandStart
	NotedBy *store.Person `json:"noted_by" db:"noted_by" doc:"Null: a program."`
	NotedAt time.Time     `json:"noted_at" db:"noted_at"`
	Counts  bool          `json:"counts" db:"counts" doc:"False: it was corrected or withdrawn, or withdraws what was noted."`
	Reason  *string       `json:"reason" db:"reason" nullable:"true" doc:"Why it corrects or withdraws what was noted before."`
}

const (
	sqlLandStarts = `
SELECT s.started_on::text AS started_on, s.precision, s.allotment_id AS allotment, s.kind, s.evidence, s.basis,
       s.noted_at, s.reason, CASE WHEN a.account_id IS NOT NULL THEN jsonb_build_object('id', a.account_id, 'name',
       a.name) END AS noted_by, EXISTS (SELECT FROM land_started l
         WHERE (l.district_id, l.project_id, l.n) = (s.district_id, s.project_id, s.n)) AS counts
  FROM project_land_start s LEFT JOIN account a ON a.account_id = s.noted_by
 WHERE s.district_id = ANY ($1) AND s.project_id = $2 ORDER BY s.n DESC LIMIT 1000`
	sqlLandStart = `
INSERT INTO project_land_start (district_id, project_id, park_id, allotment_id, started_on, precision, kind, evidence,
       basis, noted_by, corrects, withdrawn, reason)
SELECT j.district_id, j.project_id, t.park_id, t.allotment_id, $4::date, $5, $6, $7, $8, $9, $10, $11, $12
  FROM project j LEFT JOIN allotment t ON t.allotment_id = $3 AND (t.district_id, t.project_id) = (j.district_id,
    j.project_id)
 WHERE j.district_id = ANY ($1) AND j.project_id = $2`
)

// LandStarts lists what was noted of a project's starts of construction, the newest first, at most 1000.
func (s Registry) LandStarts(ctx context.Context, of Business, id uuid.UUID) ([]NotedLandStart, error) {
	if _, err := s.Project(ctx, of, id); err != nil {
		return nil, err
	}
	return store.ReadAll[NotedLandStart](ctx, s.Store, sqlLandStarts, of.Districts, id)
}

// AddLandStart notes that construction began as the land law means it, once for each right; a further note must be a
// correction. It returns all.
func (s Registry) AddLandStart(ctx context.Context, of Business, id, by uuid.UUID, l NewLandStart,
	once *store.Once) ([]NotedLandStart, error) {
	return addNotes[NotedLandStart](ctx, s, of, id, once, "land_starts", sqlLandStarts, func(tx pgx.Tx) error {
		return addLandStart(ctx, tx, of, id, by, l)
	})
}

func addLandStart(ctx context.Context, tx pgx.Tx, of Business, id, by uuid.UUID, l NewLandStart) error {
	if err := correcting(l.Corrects, l.Withdrawn, "reason", l.Reason); err != nil {
		return err
	}
	precision, basis := cmp.Or(l.Precision, "day"), cmp.Or(l.Basis, "confirmed")
	if l.Kind == "stated" && basis == "confirmed" {
		return geo.NewInvalid("kind", "land_start.seen", l.Kind)
	}
	if l.Allotment != nil {
		var has bool
		const sqlHas = `SELECT EXISTS (SELECT FROM allotment WHERE district_id = ANY ($1) AND project_id = $2
			AND allotment_id = $3)`
		if err := tx.QueryRow(ctx, sqlHas, of.Districts, id, *l.Allotment).Scan(&has); err != nil {
			return err
		}
		if !has {
			return &store.Missing{Kind: "allotment", Name: l.Allotment.String()}
		}
	}
	_, err := tx.Exec(ctx, sqlLandStart, of.Districts, id, l.Allotment, l.StartedOn, precision, l.Kind,
		l.Evidence, basis,
		by, l.Corrects, l.Withdrawn, l.Reason)
	return err
}

// addNotes adds to what is noted of a project of some business, and returns all of it, kept under a name for a request
// that comes again.
func addNotes[T any](ctx context.Context, s Registry, of Business, id uuid.UUID, once *store.Once, name, list string,
	add func(tx pgx.Tx) error) ([]T, error) {
	var all []T
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		if _, err := project(ctx, tx, of, id); err != nil {
			return err
		}
		if err := add(tx); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, list, of.Districts, id)
		if err != nil {
			return err
		}
		if all, err = pgx.CollectRows(rows, pgx.RowToStructByName[T]); err != nil {
			return err
		}
		return store.Remember(ctx, tx, once, 201, map[string]any{name: all})
	})
	return all, store.ExplainDenial(store.Translate("note "+name, err))
}
