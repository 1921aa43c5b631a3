package api

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"time"

	"luodi/api/problem"
	"luodi/data/store"
)

const (
	// thinkWithin is how long a question about ground may take, waiting for its turn included.
	thinkWithin = 30 * time.Second
	// thinkQueue is how many questions wait for a turn; the rest are told to come back.
	thinkQueue = 256
)

// thinking bounds the questions that are worked on at once, and so the memory and the cores that they take together:
// each may be as dear as its limits allow.
type thinking struct {
	turns  chan struct{}
	queue  chan struct{}
	within time.Duration
}

func newThinking() *thinking {
	turns := max(2, runtime.GOMAXPROCS(0))
	return &thinking{turns: make(chan struct{}, turns), queue: make(chan struct{}, turns+thinkQueue),
		within: thinkWithin}
}

// think answers a question in its turn, and within the limit in any case. Work that can't be broken off in the middle
// of an outline ends after it; until then it keeps its turn, so that questions given up don't pile up.
func think[O any](ctx context.Context, t *thinking, answer func(context.Context) (O, error)) (O, error) {
	var none O
	select {
	case t.queue <- struct{}{}:
	default:
		return none, fmt.Errorf("%w: %d questions wait", store.ErrUnavailable, cap(t.queue))
	}
	leaveQueue := func() { <-t.queue }
	// The context ends when the question is answered or given up, and never because its answer is ready: that answer
	// would be lost.
	limited, cancel := context.WithTimeoutCause(ctx, t.within, errTooCostly)
	defer cancel()
	select {
	case t.turns <- struct{}{}:
	case <-limited.Done():
		leaveQueue()
		return none, t.over(limited)
	}
	type result struct {
		out O
		err error
	}
	done := make(chan result, 1)
	go func() {
		defer func() { <-t.turns; leaveQueue() }()
		defer func() {
			if panicked := recover(); panicked != nil {
				done <- result{err: fmt.Errorf("panic: %v\n%s", panicked, debug.Stack())}
			}
		}()
		out, err := answer(limited)
		done <- result{out, err}
	}()
	select {
	case r := <-done:
		if r.err != nil && errors.Is(context.Cause(limited), errTooCostly) {
			return none, t.over(limited)
		}
		return r.out, r.err
	case <-limited.Done():
		return none, t.over(limited)
	}
}

var errTooCostly = errors.New("too costly")

// over says why a question wasn't answered: the limit was reached, or the caller left.
func (t *thinking) over(ctx context.Context) error {
	if errors.Is(context.Cause(ctx), errTooCostly) {
		return &problem.Request{Kind: problem.TooCostly, Field: "body", Expected: "api.expected.cheaper",
			Args: []any{"seconds", t.within.Seconds()}, Got: "-"}
	}
	return ctx.Err()
}
