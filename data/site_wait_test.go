package data_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"luodi/data"
)

func TestALongQuestionKeepsNoOtherWaiting(t *testing.T) {
	t.Parallel()
	d := newDesk(t, row(2)...)
	m, ctx := data.NewMatcher(d.Store), context.Background()
	err := m.Read(ctx, d.park, true, func(*data.Sites) error {
		other := make(chan error, 1)
		go func() { other <- m.Read(ctx, d.park, true, func(*data.Sites) error { return nil }) }()
		select {
		case err := <-other:
			return err
		case <-time.After(10 * time.Second):
			return errors.New("another question waits")
		}
	})
	if err != nil {
		t.Error(err)
	}
}
