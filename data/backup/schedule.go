package backup

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"luodi/data/store"
)

// Schedule makes a verified backup at an interval and keeps the newest few. Several processes may share one folder:
// the first to find a backup due makes it.
type Schedule struct {
	Order   Order
	Dir     string
	Every   time.Duration
	Keep    int // at least 1
	Scratch Scratch
	Logger  *slog.Logger

	mu    sync.Mutex
	state State
}

// State is how the backups of a schedule stand.
type State struct {
	At    *time.Time // the moment of the newest backup; nil while there is none
	Bytes int64
	Err   error // why the last attempt failed
	Old   bool  // the newest is older than two turns
}

// Why names the kind of the last failure for those who may not see paths and the words of tools; "" where there was
// none.
func (s State) Why() string {
	for _, kind := range []struct {
		err  error
		name string
	}{{nil, ""}, {ErrNoRoom, "no_room"}, {ErrDifferent, "different"}, {ErrBroken, "broken"}, {ErrNoTools, "no_tools"},
		{store.ErrUnavailable, "database_unavailable"}, {ErrToolFailed, "tool_failed"}} {
		if errors.Is(s.Err, kind.err) {
			return kind.name
		}
	}
	return "failed"
}

// The pauses after an attempt that made nothing.
const (
	againAfterFailure = 10 * time.Minute
	againWhenBusy     = time.Minute
)

// State tells how the backups stand now.
func (s *Schedule) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	state := s.state
	state.Old = state.At != nil && time.Since(*state.At) > 2*s.Every
	return state
}

// Run makes backups until ctx ends. The first is due one turn after the newest that lies there already.
func (s *Schedule) Run(ctx context.Context) {
	for {
		wait := s.turn(ctx)
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}

// turn makes a backup if one is due, and returns how long to wait for the next turn.
func (s *Schedule) turn(ctx context.Context) time.Duration {
	files, err := List(s.Dir)
	if err == nil {
		if wait := s.found(files); wait > 0 {
			return wait
		}
		err = s.make(ctx)
	}
	switch {
	case err == nil:
		return s.Every
	case ctx.Err() != nil:
		return s.Every // Run ends
	case errors.Is(err, ErrBusy):
		return min(againWhenBusy, s.Every)
	}
	s.Logger.Error("no backup was made", "folder", s.Dir, "error", err)
	s.mu.Lock()
	s.state.Err = err
	s.mu.Unlock()
	return min(againAfterFailure, s.Every)
}

// found takes note of the newest backup and returns how long until the next is due.
func (s *Schedule) found(files []File) time.Duration {
	if len(files) == 0 {
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.At, s.state.Bytes = &files[0].At, files[0].Bytes
	return time.Until(files[0].At.Add(s.Every))
}

func (s *Schedule) make(ctx context.Context) error {
	begin := time.Now()
	made, err := Make(ctx, s.Order, s.Dir, &s.Scratch)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.state = State{At: &made.At, Bytes: made.Bytes}
	s.mu.Unlock()
	s.Logger.Info("backup made and verified", "file", made.Path, "bytes", made.Bytes, "rows", made.Manifest.Rows(),
		"took", time.Since(begin))
	removed, err := Prune(s.Dir, max(s.Keep, 1)) // only now: the new one is proven
	for _, path := range removed {
		s.Logger.Info("old backup removed", "file", path)
	}
	if err != nil {
		return fmt.Errorf("after a backup was made: %w", err)
	}
	return nil
}
