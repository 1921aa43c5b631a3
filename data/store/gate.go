package store

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// heldMost is how long a statement waits at a closed gate before its caller is told that the database is away.
const heldMost = 20 * time.Second

// gate keeps new work from a server that is about to be restarted. The zero value is open.
type gate struct {
	mu     sync.Mutex
	closed chan struct{} // nil while open; closed when it opens again
}

func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed == nil {
		g.closed = make(chan struct{})
	}
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed != nil {
		close(g.closed)
		g.closed = nil
	}
}

// pass waits while the gate is shut and reports whether it had to. An error matches ErrUnavailable.
func (g *gate) pass(ctx context.Context) (waited bool, err error) {
	g.mu.Lock()
	closed := g.closed
	g.mu.Unlock()
	if closed == nil {
		return false, nil
	}
	limit := time.NewTimer(heldMost)
	defer limit.Stop()
	select {
	case <-closed:
		return true, nil
	case <-ctx.Done():
		return true, fmt.Errorf("wait for the database to restart: %w: %w", ErrUnavailable, ctx.Err())
	case <-limit.C:
		return true, fmt.Errorf("wait for the database to restart: %w", ErrUnavailable)
	}
}

// use is called before a connection is handed out. A connection from before a restart is dead, and is replaced by a
// new one.
func (g *gate) use(ctx context.Context, _ *pgx.Conn) (bool, error) {
	waited, err := g.pass(ctx)
	return !waited, err
}

// connect is called before a connection is made.
func (g *gate) connect(ctx context.Context, _ *pgx.ConnConfig) error {
	_, err := g.pass(ctx)
	return err
}

// Hold blocks new work on the database until release is called: callers wait, up to a bound, instead of failing.
// Running work continues. After release all connections are new.
func (s *Store) Hold() (release func()) {
	s.gate.shut()
	return sync.OnceFunc(func() {
		s.Planner.Reset()
		s.Public.Reset()
		s.present.pool.Reset()
		s.gate.open()
	})
}
