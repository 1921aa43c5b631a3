package cache

import (
	"slices"

	"github.com/paulmach/orb"
)

// trailMost is how many boxes a trail holds: what a day of planners' work touches, or one import of a few thousand.
const trailMost = 8192

// Trail tells where features of a set changed, from a state on. It never changes: [Trail.Step] makes the next.
type Trail struct {
	since int64 // what changed in later states is told
	steps []step
}

// step is what the change to a state touched.
type step struct {
	state int64
	box   box
}

// NewTrail begins a trail at a state.
func NewTrail(state int64) *Trail { return &Trail{since: state} }

// Step is the trail with what a set's Put and Remove touched since this was asked last, on the way to a state. Where
// that is more than a trail holds, it begins anew there: it is as if everything had changed.
func (t *Trail) Step(state int64, s *Set) *Trail {
	touched := s.touched
	s.touched = nil
	if len(touched) > trailMost {
		return NewTrail(state)
	}
	next := &Trail{t.since, t.steps}
	for _, b := range touched {
		next.steps = append(next.steps, step{state, b})
	}
	if over := len(next.steps) - trailMost; over > 0 { // whole states leave
		for over < len(next.steps) && next.steps[over].state == next.steps[over-1].state {
			over++
		}
		next.since = next.steps[over-1].state
		next.steps = slices.Clone(next.steps[over:])
	}
	return next
}

// Touched reports whether something may have changed in a box after a state.
func (t *Trail) Touched(after int64, asked orb.Bound) bool {
	if after < t.since {
		return true
	}
	rounded := boxOf(asked)
	for i := len(t.steps) - 1; i >= 0 && t.steps[i].state > after; i-- {
		if t.steps[i].box.meets(rounded) {
			return true
		}
	}
	return false
}

// Stepped reports whether anything may have changed after a state.
func (t *Trail) Stepped(after int64) bool {
	return after < t.since || len(t.steps) > 0 && t.steps[len(t.steps)-1].state > after
}
