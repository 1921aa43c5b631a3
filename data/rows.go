package data

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// querier is a pool or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// readAll collects the rows of a planner's query by name; no rows make an empty list.
func readAll[T any](ctx context.Context, s *Store, sql string, args ...any) ([]T, error) {
	rows, err := s.Planner.Query(ctx, sql, args...)
	if err != nil {
		return nil, translate("read", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
	return all, translate("read", err)
}
