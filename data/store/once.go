package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Once identifies an idempotent request: the account, the key, and the SHA-256 of its content.
type Once struct {
	Account uuid.UUID
	Key     string // 1 to 200 characters
	Request [32]byte
}

// Answer is the stored answer of a create: an HTTP status and a document.
type Answer struct {
	Status int
	Body   json.RawMessage
}

// ErrKeyReused says that the key was used for another request.
var ErrKeyReused = errors.New("the idempotency key was used for another request")

const sqlAnswered = `SELECT request = $3, status, answer FROM idempotency WHERE account_id = $1 AND key = $2`

// Answered finds what the request was answered before; nil when it never was. ErrKeyReused when its key stands for
// another request.
func (s *Store) Answered(ctx context.Context, o *Once) (*Answer, error) {
	if o == nil {
		return nil, nil
	}
	var same bool
	var a Answer
	err := s.Planner.QueryRow(ctx, sqlAnswered, o.Account, o.Key, o.Request[:]).Scan(&same, &a.Status, &a.Body)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, Translate("look up an idempotency key", err)
	case !same:
		return nil, fmt.Errorf("key %q: %w", o.Key, ErrKeyReused)
	}
	return &a, nil
}

// Remember keeps an answer in the transaction that did the work; of two that use one key at once the later is rolled
// back.
func Remember(ctx context.Context, tx pgx.Tx, o *Once, status int, answer any) error {
	if o == nil {
		return nil
	}
	const sql = `INSERT INTO idempotency (account_id, key, request, status, answer) VALUES ($1, $2, $3, $4, $5)`
	_, err := tx.Exec(ctx, sql, o.Account, o.Key, o.Request[:], status, answer)
	return err
}
