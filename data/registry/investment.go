package registry

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// Investment is money a project had put in by a day of the year, from the first of January of that year.
type Investment struct {
	Until    string  `json:"until" db:"until" format:"date"`
	PaidCNY  float64 `json:"paid_cny" db:"paid_cny" minimum:"0" maximum:"10000000000000"`
	Evidence string  `json:"evidence" db:"evidence" minLength:"1" maxLength:"1000" text:"prose"`
	Corrects bool    `json:"corrects,omitempty" db:"corrects" doc:"It takes the place of what was noted of that day, which is kept."`
}

// InvestmentNote is the valid entry of a day, with the earlier entries that were corrected.
type InvestmentNote struct {
	Investment
	NotedAt time.Time    `json:"noted_at" db:"noted_at"`
	Former  []FormerNote `json:"former" db:"former" doc:"Notes that were corrected since, the newest first."`
}

// FormerNote is an investment as it was noted before it was corrected.
type FormerNote struct {
	PaidCNY  float64   `json:"paid_cny"`
	Evidence string    `json:"evidence"`
	NotedAt  time.Time `json:"noted_at"`
}

const sqlInvestments = `
SELECT DISTINCT ON (i.until) i.until::text AS until, i.paid_cny::float8 AS paid_cny, i.evidence, i.corrects, i.noted_at,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('paid_cny', f.paid_cny, 'evidence', f.evidence, 'noted_at',
         f.noted_at) ORDER BY f.noted_at DESC), '[]') FROM project_investment f
         WHERE (f.district_id, f.project_id, f.until) = (i.district_id, i.project_id, i.until)
           AND f.noted_at < i.noted_at) AS former
  FROM project_investment i WHERE i.district_id = ANY ($1) AND i.project_id = $2 ORDER BY i.until, i.noted_at DESC`

// Investments lists a project's investments by date. It returns a Missing for a project outside the business.
func (s Registry) Investments(ctx context.Context, of Business, id uuid.UUID) ([]InvestmentNote, error) {
	if _, err := s.Project(ctx, of, id); err != nil {
		return nil, err
	}
	return store.ReadAll[InvestmentNote](ctx, s.Store, sqlInvestments, of.Districts, id)
}

// AddInvestment records a project's total investment up to a day. Each day is entered once; a further entry must be a
// correction. It returns all days.
func (s Registry) AddInvestment(ctx context.Context, of Business, id uuid.UUID, i Investment,
	once *store.Once) ([]InvestmentNote, error) {
	const sql = `INSERT INTO project_investment (district_id, project_id, until, paid_cny, evidence, corrects)
		SELECT district_id, project_id, $3::date, $4, $5, $6 FROM project WHERE district_id = ANY ($1)
		AND project_id = $2`
	var all []InvestmentNote
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		if _, err := project(ctx, tx, of, id); err != nil {
			return err
		}
		done, err := tx.Exec(ctx, sql, of.Districts, id, i.Until, i.PaidCNY, i.Evidence, i.Corrects)
		if err != nil {
			return err
		}
		if done.RowsAffected() == 0 {
			return &store.Missing{Kind: "project", Name: id.String()}
		}
		rows, err := tx.Query(ctx, sqlInvestments, of.Districts, id)
		if err != nil {
			return err
		}
		if all, err = pgx.CollectRows(rows, pgx.RowToStructByName[InvestmentNote]); err != nil {
			return err
		}
		if n := slices.IndexFunc(all, func(n InvestmentNote) bool {
			return n.Until == i.Until && n.Corrects &&
				len(n.Former) == 0
		}); n >= 0 {
			return geo.NewInvalid("corrects", "investment.noted", i.Until)
		}
		return store.Remember(ctx, tx, once, 201, map[string]any{"investments": all})
	})
	return all, store.ExplainDenial(store.Translate("note an investment", err))
}
