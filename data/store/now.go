package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// readingMost is how long a read of the state's number may take before those who wait for it are told that the database
// is away.
const readingMost = busyAfter

// present reads the number of the newest state for many at once. A caller joins the next read, never the one under way:
// what was committed before it called is in the state that it gets. So however many call, two reads follow one another
// at most while any one of them waits.
type present struct {
	pool *pgxpool.Pool // of one connection, which no long answer holds

	mu      sync.Mutex
	next    *reading // the read that has not begun, and those who wait for it; nil: nobody
	running bool
	last    State // the newest state that anyone has seen
	era     uint64
}

// reading is one read for all who wait for it.
type reading struct {
	done  chan struct{}
	state State
	err   error
}

// Now is the newest state of the database, by a read that began after the call and that all share who wait. An error
// matches ErrUnavailable where the database doesn't answer in time.
func (s *Store) Now(ctx context.Context) (State, error) {
	p := s.present
	p.mu.Lock()
	if p.next == nil {
		p.next = &reading{done: make(chan struct{})}
	}
	mine := p.next
	if !p.running {
		p.running = true
		go p.run()
	}
	p.mu.Unlock()
	select {
	case <-mine.done:
		return mine.state, mine.err
	case <-ctx.Done():
		return State{}, Translate("read the state", ctx.Err())
	}
}

// Saw tells the state that a snapshot showed, so that a database that went back, as after a restore, is noticed: see
// [State.Era].
func (s *Store) Saw(now State) {
	p := s.present
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Era == p.era && now.N > p.last.N {
		p.last = now
	}
}

// run reads as long as somebody waits.
func (p *present) run() {
	for {
		p.mu.Lock()
		r, floor := p.next, p.last
		p.next = nil
		if r == nil {
			p.running = false
			p.mu.Unlock()
			return
		}
		p.mu.Unlock()
		r.state, r.err = p.read()
		p.settle(r, floor)
		close(r.done)
	}
}

// settle begins a new era where the database went back behind the state that was known before the read, or has another
// state of the same number.
func (p *present) settle(r *reading, floor State) {
	if r.err != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	back := r.state.N < floor.N || r.state.N == floor.N && r.state.Stamp() != floor.Stamp()
	if back {
		p.era++
	}
	r.state.Era = p.era
	if back || r.state.N > p.last.N {
		p.last = r.state
	}
}

// read asks twice where a connection was found dead: whether it is can't be seen before.
func (p *present) read() (State, error) {
	ctx, cancel := context.WithTimeout(context.Background(), readingMost)
	defer cancel()
	now, err := newestState(ctx, p.pool)
	if errors.Is(err, ErrUnavailable) && ctx.Err() == nil {
		now, err = newestState(ctx, p.pool)
	}
	if err != nil && ctx.Err() != nil { // not the callers' limit, ours
		err = fmt.Errorf("read the state: %w: %w", ErrUnavailable, err)
	}
	return now, err
}

type rowQuerier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

const sqlNewestState = `SELECT n, at FROM state_change WHERE n IS NOT NULL ORDER BY n DESC LIMIT 1`

// newestState reads the newest state that a snapshot shows.
func newestState(ctx context.Context, db rowQuerier) (State, error) {
	var now State
	var at *time.Time
	err := db.QueryRow(ctx, sqlNewestState).Scan(&now.N, &at)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return State{}, Translate("read the state", err)
	}
	now.At = at
	return now, nil
}
