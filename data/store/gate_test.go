package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"luodi/data/store"
	"luodi/data/store/storetest"
)

func TestHeldWorkWaitsAndThenGoesOnOverNewConnections(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	before := map[int]bool{}
	var held []*pgxpool.Conn
	for range db.Planner.Stat().MaxConns() { // all at once, so that each is a connection of its own
		conn, err := db.Planner.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		before[int(conn.Conn().PgConn().PID())] = true
		held = append(held, conn)
	}
	for _, conn := range held {
		conn.Release()
	}
	tx, err := db.Planner.Begin(t.Context()) // under way: it goes on
	if err != nil {
		t.Fatal(err)
	}
	release := db.Store.Hold()
	if _, err := tx.Exec(t.Context(), `SELECT 1`); err != nil {
		t.Errorf("what was under way: %v", err)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Errorf("what was under way: %v", err)
	}
	impatient, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := db.Store.Ping(impatient); !errors.Is(err, store.ErrUnavailable) &&
		!errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("who can't wait: %v", err)
	}
	var group sync.WaitGroup
	var mu sync.Mutex
	ended := 0
	for range 20 {
		group.Go(func() {
			var pid int
			err := db.Planner.QueryRow(t.Context(), `SELECT pg_backend_pid()`).Scan(&pid)
			mu.Lock()
			defer mu.Unlock()
			ended++
			if err != nil || before[pid] {
				t.Errorf("after the hold: process %d, %v", pid, err)
			}
		})
	}
	for stat := db.Planner.Stat(); stat.AcquiredConns()+stat.ConstructingConns() < stat.MaxConns(); stat = db.Planner.Stat() {
		if mu.Lock(); ended > 0 {
			t.Fatal("work went through a closed gate")
		}
		mu.Unlock()
		time.Sleep(time.Millisecond)
	}
	// Ended as a restart ends them: what waits must not be handed one of these.
	if _, err := db.Owner.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
	release()
	group.Wait()
}
