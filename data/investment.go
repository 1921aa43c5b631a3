package data

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Investment is money a project had put in by a day of the year, from the first of January of that year.
type Investment struct {
	Until    string  `json:"until" db:"until" format:"date"`
	PaidCNY  float64 `json:"paid_cny" db:"paid_cny" minimum:"0" maximum:"10000000000000"`
	Evidence string  `json:"evidence" db:"evidence" minLength:"1" maxLength:"1000"`
}

const sqlInvestments = `
SELECT i.until::text AS until, i.paid_cny::float8 AS paid_cny, i.evidence FROM project_investment i WHERE i.district_id = ANY ($1) AND i.project_id = $2 ORDER BY i.until`

// Investments lists what a project put in, by date; a Missing when the districts have no such project.
func (s *Store) Investments(ctx context.Context, districts []uuid.UUID, id uuid.UUID) ([]Investment, error) {
	if _, err := s.Project(ctx, districts, id); err != nil {
		return nil, err
	}
	return readAll[Investment](ctx, s, sqlInvestments, districts, id)
}

// AddInvestment notes what a project had put in by a day; each day is noted once. It answers all of them.
func (s *Store) AddInvestment(ctx context.Context, districts []uuid.UUID, id uuid.UUID, i Investment, once *Once) ([]Investment, error) {
	const sql = `INSERT INTO project_investment (district_id, project_id, until, paid_cny, evidence) SELECT district_id, project_id, $3::date, $4, $5 FROM project WHERE district_id = ANY ($1) AND project_id = $2`
	var all []Investment
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, sql, districts, id, i.Until, i.PaidCNY, i.Evidence)
		if err != nil {
			return err
		}
		if done.RowsAffected() == 0 {
			return &Missing{Kind: "project", Name: id.String()}
		}
		rows, err := tx.Query(ctx, sqlInvestments, districts, id)
		if err != nil {
			return err
		}
		if all, err = pgx.CollectRows(rows, pgx.RowToStructByName[Investment]); err != nil {
			return err
		}
		return remember(ctx, tx, once, 201, map[string]any{"investments": all})
	})
	return all, explainDenial(translate("note an investment", err))
}
