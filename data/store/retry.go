package store

import (
	"context"
	"errors"
)

// maxOvertaken bounds the retries of an order after deadlocks and serialisation failures. Each time, at least one of
// the competing transactions has committed.
const maxOvertaken = 10

// Again retries work after a deadlock or serialisation failure, until it succeeds, is refused, or has failed
// maxOvertaken times.
func Again(ctx context.Context, work func() error) error {
	var err error
	for range maxOvertaken {
		if err = work(); !errors.Is(kindOf(err), ErrRetry) || ctx.Err() != nil {
			return err
		}
	}
	return err
}
