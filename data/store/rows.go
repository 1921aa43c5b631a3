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

// ReadMany is ReadAll for a query of a whole register, such as all projects of a district; see JoinWhole.
func ReadMany[T any](ctx context.Context, s *Store, sql string, args ...any) (all []T, err error) {
	err = pgx.BeginTxFunc(ctx, s.Planner, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		all, err = JoinWhole[T](ctx, tx, sql, args...)
		return err
	})
	return all, Translate("read", err)
}

// JoinWhole reads a whole register within a transaction. No statistics are kept of the district (migration 0112), so the
// database takes its 10,000 projects for 50, and would look up each of them in each table, or compare all with all. Here
// it joins whole tables by hashing, by a plan that does not look at the parks that were named: one made for a single
// park took 20 s the first time. The transaction goes on as before.
func JoinWhole[T any](ctx context.Context, tx pgx.Tx, sql string, args ...any) ([]T, error) {
	if _, err := tx.Exec(ctx, `SET LOCAL enable_nestloop = off; SET LOCAL jit = off;
		SET LOCAL plan_cache_mode = force_generic_plan`); err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
	if err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, `SET LOCAL enable_nestloop TO DEFAULT; SET LOCAL jit TO DEFAULT;
		SET LOCAL plan_cache_mode TO DEFAULT`)
	return all, err
}
