package registry

import (
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// NewVisit is a visit or talk to note, in a line, with what is to follow.
type NewVisit struct {
	VisitedOn string  `json:"visited_on" format:"date"`
	Note      string  `json:"note" minLength:"1" maxLength:"500" doc:"A line; no person's data."`
	NextStep  *string `json:"next_step,omitempty" minLength:"1" maxLength:"500"`
	Due       *string `json:"due,omitempty" format:"date" doc:"The day by which the next step is due."`
}

// Visit is a visit as it was noted, and what became of its next step.
type Visit struct {
	N         int           `json:"n" db:"n" doc:"Its number among the project's."`
	VisitedOn string        `json:"visited_on" db:"visited_on" format:"date"`
	Note      string        `json:"note" db:"note"`
	NextStep  *string       `json:"next_step" db:"next_step" nullable:"true"`
	Due       *string       `json:"due" db:"due" format:"date" nullable:"true"`
	Step      string        `json:"step" db:"step" enum:"none,open,overdue,done" doc:"What became of the next step."`
	NotedBy   store.Person  `json:"noted_by" db:"noted_by"`
	NotedAt   time.Time     `json:"noted_at" db:"noted_at"`
	DoneAt    *time.Time    `json:"done_at" db:"done_at" nullable:"true"`
	DoneBy    *store.Person `json:"done_by" db:"done_by"`
}

const (
	sqlVisits = `
SELECT v.n, v.visited_on::text AS visited_on, v.note, v.next_step, v.due::text AS due, v.noted_at, v.done_at,
       CASE WHEN v.next_step IS NULL THEN 'none' WHEN v.done_at IS NOT NULL THEN 'done' WHEN v.due < project_today(j)
         THEN 'overdue' ELSE 'open' END AS step,
       jsonb_build_object('id', a.account_id, 'name', a.name) AS noted_by,
       CASE WHEN b.account_id IS NOT NULL THEN jsonb_build_object('id', b.account_id, 'name', b.name) END AS done_by
  FROM project j JOIN project_visit v USING (district_id, project_id) JOIN account a ON a.account_id = v.noted_by
  LEFT JOIN account b ON b.account_id = v.done_by
 WHERE j.district_id = ANY ($1) AND j.project_id = $2 ORDER BY v.visited_on DESC, v.n DESC LIMIT 1000`
	sqlVisit = `INSERT INTO project_visit (district_id, project_id, visited_on, note, next_step, due, noted_by)
		SELECT district_id, project_id, $3::date, $4, $5, $6::date, $7 FROM project WHERE district_id = ANY ($1)
		AND project_id = $2`
	sqlStepDone = `UPDATE project_visit SET done_at = clock_timestamp(), done_by = $4
		WHERE district_id = ANY ($1) AND project_id = $2 AND n = $3 AND next_step IS NOT NULL`
)

// Visits lists a project's visits, the newest first, at most 1000. It returns a Missing for a project outside the
// business.
func (s Registry) Visits(ctx context.Context, of Business, id uuid.UUID) ([]Visit, error) {
	if _, err := s.Project(ctx, of, id); err != nil {
		return nil, err
	}
	return store.ReadAll[Visit](ctx, s.Store, sqlVisits, of.Districts, id)
}

// AddVisit notes a visit of a project, and returns all.
func (s Registry) AddVisit(ctx context.Context, of Business, id, by uuid.UUID, v NewVisit, once *store.Once) ([]Visit,
	error) {
	switch {
	case v.Due != nil && v.NextStep == nil:
		return nil, geo.NewInvalid("next_step", "visit.step", nil)
	case v.Due != nil && *v.Due < v.VisitedOn:
		return nil, geo.NewInvalid("due", "visit.due", *v.Due, "day", v.VisitedOn)
	}
	return s.visited(ctx, of, id, once, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, sqlVisit, of.Districts, id, v.VisitedOn, v.Note, v.NextStep, v.Due, by)
		return err
	})
}

// DoStep notes that the next step of a visit is done, and returns all visits.
func (s Registry) DoStep(ctx context.Context, of Business, id, by uuid.UUID, n int, once *store.Once) ([]Visit, error) {
	return s.visited(ctx, of, id, once, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, sqlStepDone, of.Districts, id, n, by)
		if err == nil && done.RowsAffected() == 0 {
			err = &store.Missing{Kind: "visit", Name: strconv.Itoa(n)}
		}
		return err
	})
}

func (s Registry) visited(ctx context.Context, of Business, id uuid.UUID, once *store.Once,
	do func(tx pgx.Tx) error) ([]Visit, error) {
	var all []Visit
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		if _, err := project(ctx, tx, of, id); err != nil {
			return err
		}
		if err := do(tx); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, sqlVisits, of.Districts, id)
		if err != nil {
			return err
		}
		if all, err = pgx.CollectRows(rows, pgx.RowToStructByName[Visit]); err != nil {
			return err
		}
		return store.Remember(ctx, tx, once, 201, map[string]any{"visits": all})
	})
	return all, store.ExplainDenial(store.Translate("note a visit", err))
}
