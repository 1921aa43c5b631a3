package ogc

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"luodi/data/feed"
	"luodi/data/store"
)

// atState is what is kept at a state, without features.
func atState(n int64) *feed.Kept { return &feed.Kept{State: store.State{N: n}} }

// holdsWhatItSays counts what is kept and being made by hand.
func holdsWhatItSays(t *testing.T, kept *tiles, making int) {
	t.Helper()
	kept.mu.Lock()
	defer kept.mu.Unlock()
	var bytes int64
	for e := kept.order.Front(); e != nil; e = e.Next() {
		body := e.Value.(*tileBody)
		bytes += body.size()
		if kept.kept[body.name] != e {
			t.Fatalf("%q stands in the order and not among the kept", body.name)
		}
	}
	if len(kept.kept) != kept.order.Len() || bytes != kept.bytes || bytes > kept.most && kept.most > 0 {
		t.Fatalf("%d tiles kept, %d in order, of %d bytes, counted %d of %d", len(kept.kept), kept.order.Len(), bytes,
			kept.bytes, kept.most)
	}
	if len(kept.making) != making {
		t.Fatalf("%d tiles are being made, want %d", len(kept.making), making)
	}
}

func TestKeptTilesStayWithinTheirMemory(t *testing.T) {
	t.Parallel()
	kept := &tiles{most: 64 << 10}
	random := rand.New(rand.NewPCG(16, 1))
	var group sync.WaitGroup
	for range 8 {
		seed := random.Uint64()
		group.Go(func() {
			random := rand.New(rand.NewPCG(seed, 2))
			for range 2000 {
				name, k := fmt.Sprint("tile ", random.IntN(300)), atState(int64(random.IntN(3)))
				switch body, err := kept.make(context.Background(), name, k, func(context.Context) (*tileBody, error) {
					switch random.IntN(10) {
					case 0:
						return nil, errors.New("failed")
					case 1: // too large to be kept
						return &tileBody{body: make([]byte, 20<<10), state: k.State}, nil
					}
					return &tileBody{body: make([]byte, random.IntN(4000)), state: k.State}, nil
				}); {
				case err == nil && body.name != name:
					t.Errorf("%q came for %q", body.name, name)
				case err != nil && err.Error() != "failed":
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	holdsWhatItSays(t, kept, 0)
	if len(kept.kept) < 10 {
		t.Errorf("%d tiles are kept", len(kept.kept))
	}
	none := &tiles{most: -1}
	if _, err := none.make(t.Context(), "a", atState(1), func(context.Context) (*tileBody, error) {
		return &tileBody{}, nil
	}); err != nil {
		t.Error(err)
	}
	holdsWhatItSays(t, none, 0)
}

// TestATileIsMadeOnceForAllWhoWait has many ask for a tile, of whom some leave while it is made.
func TestATileIsMadeOnceForAllWhoWait(t *testing.T) {
	t.Parallel()
	kept := &tiles{most: 1 << 20}
	started, goOn := make(chan struct{}), make(chan struct{})
	made := 0
	draw := func(ctx context.Context) (*tileBody, error) {
		made++
		close(started)
		select {
		case <-goOn:
			return &tileBody{body: []byte("body")}, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	ask := func(ctx context.Context) chan error {
		done := make(chan error, 1)
		go func() {
			_, err := kept.make(ctx, "a", atState(1), draw)
			done <- err
		}()
		return done
	}
	waiting := func(n int) {
		for there := 0; there != n; {
			kept.mu.Lock()
			for _, m := range kept.making {
				there = m.waiting
			}
			kept.mu.Unlock()
		}
	}
	first, leaves := context.WithCancel(t.Context())
	answers := []chan error{ask(first)}
	<-started
	second, alsoLeaves := context.WithCancel(t.Context())
	answers = append(answers, ask(second), ask(t.Context()))
	waiting(3)
	leaves()
	alsoLeaves()
	if err := <-answers[1]; err == nil {
		t.Error("who left got a tile")
	}
	waiting(1)
	holdsWhatItSays(t, kept, 1)
	close(goOn)
	<-answers[0] // who left may be told of either
	if err := <-answers[2]; err != nil || made != 1 {
		t.Errorf("made %d times: %v", made, err)
	}
	holdsWhatItSays(t, kept, 0)
}

// TestATileIsGivenUpWhenAllHaveLeft would hang where the making went on.
func TestATileIsGivenUpWhenAllHaveLeft(t *testing.T) {
	t.Parallel()
	kept := &tiles{most: 1 << 20}
	ctx, leave := context.WithCancel(t.Context())
	_, err := kept.make(ctx, "a", atState(1), func(ctx context.Context) (*tileBody, error) {
		leave()
		<-ctx.Done()
		return nil, ctx.Err()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("given up with %v", err)
	}
	holdsWhatItSays(t, kept, 0)
	if body, err := kept.make(t.Context(), "a", atState(1), func(context.Context) (*tileBody, error) {
		return &tileBody{body: []byte("anew")}, nil
	}); err != nil || !slices.Equal(body.body, []byte("anew")) {
		t.Errorf("asked for again: %v", err)
	}
}

func TestAPanicLeavesNoTileUnderWay(t *testing.T) {
	t.Parallel()
	kept := &tiles{most: 1 << 20}
	func() {
		defer func() { _ = recover() }()
		_, _ = kept.make(t.Context(), "a", atState(1), func(context.Context) (*tileBody, error) { panic("unlucky") })
	}()
	holdsWhatItSays(t, kept, 0)
}
