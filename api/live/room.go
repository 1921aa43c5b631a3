package live

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"luodi/data/event"
)

const (
	confirms  = 20 * time.Second       // how often this process says that its sockets are open
	roomRests = 250 * time.Millisecond // between two reads of who is there
	roomLooks = 20 * time.Second       // for those who went without a word
)

// room is who has a park open, how many enquiries wait there, and how often something of the projects of its district
// changed, as told to the sockets of this process. It lives as long as there are any.
type room struct {
	hub    *Hub
	park   uuid.UUID
	cancel context.CancelFunc
	woken  chan struct{}

	mu      sync.Mutex
	mine    map[uuid.UUID]event.Presence // this process's connections
	people  []event.Present
	waiting int           // new enquiries of the park
	touched int           // counts what changed of projects, since the room is there
	told    int           // of which so many were told
	changed chan struct{} // closed when people, waiting or told do
}

func (r *room) ring() { ring(r.woken) }

func (h *Hub) wakeRoom(park uuid.UUID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if r := h.rooms[park]; r != nil {
		r.ring()
	}
}

// touchRoom notes that something of a park's projects changed.
func (h *Hub) touchRoom(park uuid.UUID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if r := h.rooms[park]; r != nil {
		r.touch()
	}
}

// touch is for what changed, and for what may have while nothing was heard.
func (r *room) touch() {
	r.mu.Lock()
	r.touched++
	r.mu.Unlock()
	r.ring()
}

// Guest is a socket whose owner is shown to colleagues.
type Guest struct {
	room *room
	me   event.Presence
}

// Enter shows someone to the colleagues who have the park open. The caller must Leave.
func (h *Hub) Enter(ctx context.Context, park, account uuid.UUID) (*Guest, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return nil, err
	}
	g := &Guest{me: event.Presence{Connection: id, Park: park, Account: account}}
	h.mu.Lock()
	r := h.rooms[park]
	if r == nil {
		own, cancel := context.WithCancel(context.Background())
		r = &room{hub: h, park: park, cancel: cancel, woken: make(chan struct{}, 1),
			mine: map[uuid.UUID]event.Presence{}, changed: make(chan struct{})}
		h.rooms[park] = r
		go r.read(own)
	}
	g.room = r
	r.set(g.me)
	h.mu.Unlock()
	h.presents.Add(1)
	if err := h.events.ConfirmPresence(ctx, true, g.me); err != nil {
		g.Leave(ctx)
		return nil, err
	}
	r.ring()
	return g, nil
}

// Here sets the parcel that the guest has open; nil: none.
func (g *Guest) Here(ctx context.Context, parcel *uuid.UUID) error {
	g.me.Parcel = parcel
	g.room.set(g.me)
	return g.room.hub.events.ConfirmPresence(ctx, true, g.me)
}

// Leave takes the socket away.
func (g *Guest) Leave(ctx context.Context) {
	h, r := g.room.hub, g.room
	h.mu.Lock()
	r.mu.Lock()
	delete(r.mine, g.me.Connection)
	if len(r.mine) == 0 && h.rooms[r.park] == r {
		delete(h.rooms, r.park)
		r.cancel()
	}
	r.mu.Unlock()
	h.mu.Unlock()
	h.presents.Add(-1)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), again)
	defer cancel()
	if err := h.events.EndPresence(ctx, g.me); err != nil {
		h.log.Info("who left will be shown for a minute more", "error", err)
	}
}

// People is who is there, how many new enquiries the park has, a count of what changed of projects, and a channel that is
// closed once one of them changes. People is nil before it was first read.
func (g *Guest) People() (people []event.Present, waiting, business int, changed <-chan struct{}) {
	g.room.mu.Lock()
	defer g.room.mu.Unlock()
	return g.room.people, g.room.waiting, g.room.told, g.room.changed
}

func (r *room) set(p event.Presence) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.mine[p.Connection] = p
}

// read looks who is there each time it is woken, and now and then.
func (r *room) read(ctx context.Context) {
	for {
		timer := time.NewTimer(roomLooks)
		select {
		case <-ctx.Done():
		case <-r.hub.done:
		case <-r.woken:
		case <-timer.C:
		}
		timer.Stop()
		select {
		case <-ctx.Done():
			return
		case <-r.hub.done:
			return
		default:
		}
		people, err := r.hub.events.WhoIsPresent(ctx, r.park)
		if err == nil {
			var waiting int
			if waiting, err = r.hub.events.Waiting(ctx, r.park); err == nil {
				r.show(people, waiting)
			}
		}
		rest(ctx, roomRests)
	}
}

func (r *room) show(people []event.Present, waiting int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	same := func(a, b event.Present) bool {
		return a.ID == b.ID && a.Name == b.Name && (a.Parcel == nil) == (b.Parcel == nil) &&
			(a.Parcel == nil || *a.Parcel == *b.Parcel)
	}
	if r.people != nil && waiting == r.waiting && r.touched == r.told && slices.EqualFunc(people, r.people, same) {
		return
	}
	r.people, r.waiting, r.told = people, waiting, r.touched
	close(r.changed)
	r.changed = make(chan struct{})
}

// confirm says of all sockets of this process that they are open.
func (h *Hub) confirm(ctx context.Context) {
	for rest(ctx, confirms) {
		var all []event.Presence
		h.mu.Lock()
		for _, r := range h.rooms {
			r.mu.Lock()
			for _, p := range r.mine {
				all = append(all, p)
			}
			r.mu.Unlock()
		}
		h.mu.Unlock()
		if len(all) == 0 {
			continue
		}
		if err := h.events.ConfirmPresence(ctx, false, all...); err != nil && ctx.Err() == nil {
			h.log.Info("open sockets were not confirmed", "error", err)
		}
	}
}
