// Package live fans out events to followers. It reads each park's new events once per audience, for all followers
// together, and keeps the newest in memory. The database is the store of record; a notice (LISTEN/NOTIFY) is only a
// wake-up.
package live

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"luodi/data/event"
	"luodi/data/store"
)

// ErrStopping says that the server is shutting down; a follower should reconnect.
var ErrStopping = errors.New("the server is stopping")

const (
	looksAnyway = 3 * time.Second // how often the clocks are looked at though no notice came: the net under the notices
	listensMost = 5 * time.Second // between two attempts to listen
	// rereads bounds the followers that read missed events at one time, so that connections are left for others.
	rereads = 4
)

// Hub is shared by the followers of a process. Make one with New and Run it.
type Hub struct {
	events event.Events
	log    *slog.Logger
	seats  *seats
	gate   chan struct{} // as many as may read from the database for themselves
	done   chan struct{}

	following, presents, lapsed atomic.Int64

	moved chan struct{}

	mu     sync.Mutex
	topics map[topicKey]*topic
	rooms  map[uuid.UUID]*room
	people map[uuid.UUID]map[*Follower]bool // by the account they follow with
}

type topicKey struct {
	park uuid.UUID
	to   event.Audience
}

// New makes a hub. It does nothing until it runs.
func New(store *store.Store, log *slog.Logger, limits Limits) *Hub {
	return &Hub{
		events: event.Of(store), log: log, seats: newSeats(limits), gate: make(chan struct{}, rereads),
		done:   make(chan struct{}),
		moved:  make(chan struct{}, 1),
		topics: map[topicKey]*topic{}, rooms: map[uuid.UUID]*room{}, people: map[uuid.UUID]map[*Follower]bool{},
	}
}

// Run listens and looks until ctx ends; then every follower ends. It may be called once.
func (h *Hub) Run(ctx context.Context) {
	var group sync.WaitGroup
	group.Go(func() { h.listen(ctx) })
	group.Go(func() { h.look(ctx) })
	group.Go(func() { h.confirm(ctx) })
	<-ctx.Done()
	close(h.done)
	group.Wait()
}

// Done is closed when the hub stops.
func (h *Hub) Done() <-chan struct{} { return h.done }

// Following counts the followers, Present the people's sockets among them, Lapsed the times one had fallen behind the
// memory and read the database.
func (h *Hub) Following() int64 { return h.following.Load() }

// Present counts the sockets of people who are shown to their colleagues.
func (h *Hub) Present() int64 { return h.presents.Load() }

// Lapsed counts the reads from the database for followers that fell behind the events in memory.
func (h *Hub) Lapsed() int64 { return h.lapsed.Load() }

// listen keeps a connection that hears notices, and makes up for the time without one.
func (h *Hub) listen(ctx context.Context) {
	pause := 100 * time.Millisecond
	for ctx.Err() == nil {
		up := func() {
			pause = 100 * time.Millisecond
			h.wakeAll()
		}
		err := h.events.Listen(ctx, up, func(n event.Notice) {
			switch {
			case n.Account != uuid.Nil:
				h.wakeAccount(n.Account)
			case n.Presence:
				h.wakeRoom(n.Park)
			case n.Business:
				h.touchRoom(n.Park)
			default:
				h.wake(n.Park)
			}
		})
		if ctx.Err() != nil {
			return
		}
		h.log.Warn("notices of changes are not heard for a moment", "error", err, "looks_every", looksAnyway)
		rest(ctx, pause)
		pause = min(2*pause, listensMost)
	}
}

func (h *Hub) look(ctx context.Context) {
	for rest(ctx, looksAnyway) {
		parks := map[uuid.UUID]bool{}
		h.mu.Lock()
		for key := range h.topics {
			parks[key.park] = true
		}
		h.mu.Unlock()
		if len(parks) == 0 {
			continue
		}
		ids := make([]uuid.UUID, 0, len(parks))
		for id := range parks {
			ids = append(ids, id)
		}
		seqs, err := h.events.ParkSeqs(ctx, ids)
		if err != nil {
			continue // the topics say so themselves when they are woken
		}
		h.mu.Lock()
		for key, t := range h.topics {
			if t.reached() < seqs[key.park] || key.park == event.Everywhere.ID {
				t.ring()
			}
		}
		h.mu.Unlock()
	}
}

// Moved rings when any park changed, for one who looks then at what to do.
func (h *Hub) Moved() <-chan struct{} { return h.moved }

func (h *Hub) wake(park uuid.UUID) {
	ring(h.moved)
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, to := range []event.Audience{event.Members, event.Public} {
		for _, park := range []uuid.UUID{park, event.Everywhere.ID} {
			if t := h.topics[topicKey{park, to}]; t != nil {
				t.ring()
			}
		}
	}
}

func (h *Hub) wakeAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, t := range h.topics {
		t.ring()
	}
	for _, r := range h.rooms {
		r.touch()
	}
	for _, followers := range h.people {
		for f := range followers {
			ring(f.doubt)
		}
	}
}

func (h *Hub) wakeAccount(account uuid.UUID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for f := range h.people[account] {
		ring(f.doubt)
	}
}

// join gives the topic of a park and audience, made where there is none: it begins at seq, which the caller has just
// read.
func (h *Hub) join(park event.ParkName, to event.Audience, seq int64, bell chan struct{}) *topic {
	h.mu.Lock()
	defer h.mu.Unlock()
	key := topicKey{park.ID, to}
	t := h.topics[key]
	if t == nil {
		ctx, cancel := context.WithCancel(context.Background())
		t = &topic{hub: h, key: key, park: park, cancel: cancel, woken: make(chan struct{}, 1),
			bells: map[chan struct{}]bool{}, floor: seq, head: seq}
		h.topics[key] = t
		go t.read(ctx)
		t.ring() // for what came between the caller's read and now
	}
	t.enter(bell)
	return t
}

// leave takes a follower away; a topic without any is forgotten.
func (h *Hub) leave(t *topic, bell chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if idle := t.quit(bell); idle && h.topics[t.key] == t {
		delete(h.topics, t.key)
		t.cancel()
	}
}

// rest waits; it is false when ctx ended meanwhile.
func rest(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
