package store

import (
	"context"
	"errors"
)

// maxOvertaken bounds how often an order that PostgreSQL ended for another's sake is carried out anew. Each time one of
// those it stood against has gone through.
const maxOvertaken = 10

// Again carries out work that PostgreSQL may end for another's sake (a deadlock, or a snapshot that was overtaken)
// until it is through, refused, or was overtaken too often.
func Again(ctx context.Context, work func() error) error {
	var err error
	for range maxOvertaken {
		if err = work(); !errors.Is(kindOf(err), ErrRetry) || ctx.Err() != nil {
			return err
		}
	}
	return err
}
