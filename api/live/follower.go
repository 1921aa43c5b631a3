package live

import (
	"context"
	"math"
	"time"

	"github.com/google/uuid"

	"luodi/data/event"
)

// Place is where a follower begins in a park or everywhere: after its cursor, as one of an audience. Seq is the newest
// change as just read. Only, where it is not nil, picks the parks of which events are handed out.
type Place struct {
	Park   event.ParkName
	To     event.Audience
	Cursor int64
	Seq    int64
	Only   func(park uuid.UUID) bool
}

// Follower receives the events of one or more parks after its cursors. It has no queue of its own: pending events
// stay in the shared memory or the database, so a slow follower costs the others nothing. It belongs to one
// goroutine.
type Follower struct {
	hub    *Hub
	bell   chan struct{}
	places []*place // in the order of Follow and Add
	turn   int      // whose turn it is to be looked at first

	account uuid.UUID     // it follows with; Nil for the public
	doubt   chan struct{} // rings when something of the account ended
	doubted bool
}

type place struct {
	Place
	topic *topic
}

// Follow begins to follow with an account, Nil for the public. The caller must Close.
func (h *Hub) Follow(account uuid.UUID, places ...Place) *Follower {
	f := &Follower{hub: h, bell: make(chan struct{}, 1), account: account, doubt: make(chan struct{}, 1)}
	h.following.Add(1)
	if account != uuid.Nil {
		h.mu.Lock()
		if h.people[account] == nil {
			h.people[account] = map[*Follower]bool{}
		}
		h.people[account][f] = true
		h.mu.Unlock()
		ring(f.doubt) // for what ended between the request's own look and now
	}
	for _, p := range places {
		f.Add(p)
	}
	return f
}

// Add follows another park, or one park as another audience from where the follower is in it.
func (f *Follower) Add(p Place) {
	for i, old := range f.places {
		if old.Park.ID != p.Park.ID || old.Only != nil {
			continue
		}
		if old.To != p.To {
			p.Cursor = old.Cursor
			f.hub.leave(old.topic, f.bell)
			f.places[i] = &place{p, f.hub.join(p.Park, p.To, p.Seq, f.bell)}
		}
		return
	}
	f.places = append(f.places, &place{p, f.hub.join(p.Park, p.To, p.Seq, f.bell)})
}

// Close ends following.
func (f *Follower) Close() {
	for _, p := range f.places {
		f.hub.leave(p.topic, f.bell)
	}
	f.places = nil
	f.hub.following.Add(-1)
	f.hub.mu.Lock()
	defer f.hub.mu.Unlock()
	if delete(f.hub.people[f.account], f); len(f.hub.people[f.account]) == 0 {
		delete(f.hub.people, f.account)
	}
}

// Doubted reports, once, that a session, token or role of the account ended: the caller must check again that it may
// follow.
func (f *Follower) Doubted() bool {
	was := f.doubted
	f.doubted = false
	return was
}

// Cursor is where the follower is in a park: every visible event up to it was handed out.
func (f *Follower) Cursor(park uuid.UUID) int64 {
	for _, p := range f.places {
		if p.Park.ID == park {
			return p.Cursor
		}
	}
	return 0
}

// Least is the cursor of a follower of all parks: it has received every event for it up to that number.
func (f *Follower) Least() int64 { return f.after(nil) }

// After is the follower's cursor after a frame, when the later frames of the same batch are not yet sent.
func (f *Follower) After(frame Frame) int64 { return f.after(&frame) }

func (f *Follower) after(frame *Frame) int64 {
	least := int64(math.MaxInt64)
	for _, p := range f.places {
		at := p.Cursor
		if frame != nil && (p.Only == nil || p.Only(frame.ParkID)) {
			at = frame.Seq
		}
		least = min(least, at)
	}
	return least
}

// Behind reports whether the hub knows of events that the follower has not received.
func (f *Follower) Behind() bool {
	for _, p := range f.places {
		if p.Cursor < p.topic.reached() {
			return true
		}
	}
	return false
}

// Next gives the next events, a park's in order, as soon as there are any: at most a page of one park. It gives none
// once it has waited so long, or something of the account ended: ask Doubted.
func (f *Follower) Next(ctx context.Context, wait time.Duration) ([]Frame, error) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		select {
		case <-f.doubt:
			f.doubted = true
			return nil, nil
		default:
		}
		for range f.places {
			p := f.places[f.turn%len(f.places)]
			f.turn++
			for {
				frames, err := f.take(ctx, p)
				if picked := p.pick(frames); err != nil || len(picked) > 0 {
					return picked, err
				}
				if len(frames) == 0 { // else all of them were other parks'
					break
				}
			}
		}
		select {
		case <-f.bell:
		case <-f.doubt:
			f.doubted = true
			return nil, nil
		case <-timer.C:
			return nil, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-f.hub.done:
			return nil, ErrStopping
		}
	}
}

// pick leaves out the events of parks that are not the place's.
func (p *place) pick(frames []Frame) []Frame {
	if p.Only == nil {
		return frames
	}
	var picked []Frame // the frames are shared
	for _, frame := range frames {
		if p.Only(frame.ParkID) {
			picked = append(picked, frame)
		}
	}
	return picked
}

// take gives what a place has after its cursor: from memory, or from the database where memory does not reach back so
// far.
func (f *Follower) take(ctx context.Context, p *place) ([]Frame, error) {
	for {
		frames, next, held := p.topic.since(p.Cursor)
		if held {
			p.Cursor = next
			return frames, nil
		}
		frames, err := f.reread(ctx, p)
		if err != nil || len(frames) > 0 {
			return frames, err
		}
	}
}

func (f *Follower) reread(ctx context.Context, p *place) ([]Frame, error) {
	select {
	case f.hub.gate <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-f.hub.done:
		return nil, ErrStopping
	}
	defer func() { <-f.hub.gate }()
	f.hub.lapsed.Add(1)
	page, err := f.hub.events.Events(ctx, p.Park, p.To, p.Cursor, pageEvents)
	if err != nil {
		return nil, err
	}
	frames, err := Encode(page.Events)
	if err == nil {
		p.Cursor = page.Next
	}
	return frames, err
}
