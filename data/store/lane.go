package store

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// lanes are the connections of a pool that long answers may hold, three of four. How fast long answers end is up to
// their readers, and short answers must not wait for that.
type lanes struct {
	free    chan struct{}
	waiting atomic.Int32
}

func newLanes(conns int32) *lanes {
	return &lanes{free: make(chan struct{}, max(1, conns*3/4))}
}

// enter waits for a lane and returns what gives it back; ErrUnavailable when none comes free in time.
func (l *lanes) enter(ctx context.Context) (leave func(), err error) {
	l.waiting.Add(1)
	defer l.waiting.Add(-1)
	timer := time.NewTimer(busyAfter)
	defer timer.Stop()
	select {
	case l.free <- struct{}{}:
		return func() { <-l.free }, nil
	case <-ctx.Done():
		return nil, Translate("wait for a lane", ctx.Err())
	case <-timer.C:
		return nil, fmt.Errorf("wait for other long answers to end: %w", ErrUnavailable)
	}
}

// Stream is View for answers that may take as long as their readers like: they hold three of four connections at most,
// so that View finds one.
func (s *Store) Stream(ctx context.Context, read func(*View) error) error {
	leave, err := s.lanes.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	return view(ctx, s.Public, func(v *View) error {
		v.Wanted = func() bool { return s.lanes.waiting.Load() > 0 }
		return read(v)
	})
}
