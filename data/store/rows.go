package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// Querier is a pool or a transaction.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// ReadAll collects the rows of a planner's query by name; no rows make an empty list.
func ReadAll[T any](ctx context.Context, s *Store, sql string, args ...any) ([]T, error) {
	rows, err := s.Planner.Query(ctx, sql, args...)
	if err != nil {
		return nil, Translate("read", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
	return all, Translate("read", err)
}
