package store_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"luodi/data/store"
	"luodi/data/store/storetest"
)

// TestNowIsReadAfterItWasAskedFor commits changes while many ask for the state all the time: who asks after a commit
// gets a state that has it. A caller that joined the read under way would not.
func TestNowIsReadAfterItWasAskedFor(t *testing.T) {
	t.Parallel()
	db, ctx := storetest.New(t), context.Background()
	park := storetest.Park(t, db, "now")
	var over atomic.Bool
	var reads atomic.Int64
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			for !over.Load() {
				if _, err := db.Store.Now(ctx); err != nil {
					t.Error(err)
					return
				}
				reads.Add(1)
			}
		})
	}
	const commits = 300
	for range commits {
		n := storetest.Number[int64](t, db, `INSERT INTO state_change (park_id, n, at)
			VALUES ($1, nextval('state_number'), clock_timestamp()) RETURNING n`, park)
		now, err := db.Store.Now(ctx)
		if err != nil || now.N < n {
			t.Fatalf("state %d after state %d was committed: %v", now.N, n, err)
		}
	}
	over.Store(true)
	group.Wait()
	if reads.Load() < commits {
		t.Errorf("only %d others asked", reads.Load())
	}
}

// TestNowHeedsItsCaller: who has left gets no state, and who asks a closed database is told that it is away.
func TestNowHeedsItsCaller(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	left, leave := context.WithCancel(context.Background())
	leave()
	if _, err := db.Store.Now(left); !errors.Is(err, context.Canceled) {
		t.Errorf("who left is told %v", err)
	}
	s, err := store.Open(context.Background(), db.Source)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	if _, err := s.Now(context.Background()); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("a closed database says %v", err)
	}
}
