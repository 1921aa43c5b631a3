package live

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/event"
	"luodi/data/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// idle is a hub that hears no notices: a topic reads when the test rings.
func idle(t *testing.T) (*Hub, *storetest.DB, event.ParkName) {
	t.Helper()
	db := storetest.New(t)
	h := New(db.Store, slog.New(slog.NewTextHandler(io.Discard, nil)), Limits{})
	return h, db, event.ParkName{ID: storetest.Park(t, db, "hub"), Code: "hub"}
}

func edit(t *testing.T, db *storetest.DB, park uuid.UUID, n int) {
	t.Helper()
	for range n {
		if _, err := db.Planner.Exec(t.Context(), `SELECT begin_record($1, gen_random_uuid(), 'edit', 'r', 'test')`,
			park); err != nil {
			t.Fatal(err)
		}
	}
}

// drain takes events until the last one and checks that each follows the one before.
func drain(t *testing.T, f *Follower, from, last int64) {
	t.Helper()
	for at := from; at < last; {
		frames, err := f.Next(t.Context(), time.Minute)
		if err != nil || len(frames) == 0 || len(frames) > pageEvents {
			t.Fatalf("after %d: %d frames, %v", at, len(frames), err)
		}
		for _, frame := range frames {
			if frame.Seq != at+1 {
				t.Fatalf("%d follows %d", frame.Seq, at)
			}
			at = frame.Seq
		}
	}
}

func TestAFollowerGetsWhatCameInABurst(t *testing.T) {
	t.Parallel()
	h, db, park := idle(t)
	soon, late := h.Follow(uuid.Nil, Place{Park: park, To: event.Members}),
		h.Follow(uuid.Nil, Place{Park: park, To: event.Members})
	defer soon.Close()
	defer late.Close()
	const burst = 5*pageEvents + 7
	edit(t, db, park.ID, burst)
	h.wake(park.ID)
	drain(t, soon, 0, burst)
	for soon.places[0].topic.reached() < burst {
		time.Sleep(time.Millisecond)
	}
	drain(t, late, 0, burst) // all at once from memory
	if h.Lapsed() != 0 {
		t.Errorf("%d pages were read for one follower alone", h.Lapsed())
	}
}

func TestMemoryIsBoundedAndWhoIsBehindItReadsTheDatabase(t *testing.T) {
	t.Parallel()
	h, db, park := idle(t)
	f := h.Follow(uuid.Nil, Place{Park: park, To: event.Members})
	defer f.Close()
	const n = heldFrames + 2*pageEvents
	edit(t, db, park.ID, n)
	h.wake(park.ID)
	topic := f.places[0].topic
	for topic.reached() < n {
		time.Sleep(time.Millisecond)
	}
	topic.mu.Lock()
	held, floor, size := len(topic.frames), topic.floor, topic.size
	topic.mu.Unlock()
	if held > heldFrames || size > heldBytes || floor != int64(n-held) {
		t.Errorf("%d frames of %d bytes are held after %d", held, size, floor)
	}
	drain(t, f, 0, n)
	if h.Lapsed() == 0 {
		t.Error("nothing was read again")
	}
}

func TestATopicIsForgottenWithItsLastFollower(t *testing.T) {
	t.Parallel()
	h, _, park := idle(t)
	a, b := h.Follow(uuid.Nil, Place{Park: park, To: event.Members}),
		h.Follow(uuid.Nil, Place{Park: park, To: event.Members}, Place{Park: park, To: event.Public})
	if len(h.topics) != 2 {
		t.Errorf("%d topics, want one for each audience", len(h.topics))
	}
	a.Close()
	b.Close()
	if len(h.topics) != 0 || h.Following() != 0 {
		t.Errorf("%d topics, %d followers", len(h.topics), h.Following())
	}
}

// TestALostNoticeCostsSecondsAndNoEvent takes the listening connection away, and then the notices.
func TestALostNoticeCostsSecondsAndNoEvent(t *testing.T) {
	t.Parallel()
	h, db, park := idle(t)
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan struct{})
	go func() { h.Run(ctx); close(stopped) }()
	t.Cleanup(func() { stop(); <-stopped })
	f := h.Follow(uuid.Nil, Place{Park: park, To: event.Members})
	defer f.Close()
	edit(t, db, park.ID, 1)
	drain(t, f, 0, 1)
	if _, err := db.Owner.Exec(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND query LIKE 'LISTEN%'`); err != nil {
		t.Fatal(err)
	}
	edit(t, db, park.ID, 1)
	drain(t, f, 1, 2)
	if _, err := db.Owner.Exec(ctx, `ALTER TABLE event DISABLE TRIGGER wake_listeners`); err != nil {
		t.Fatal(err)
	}
	edit(t, db, park.ID, 1)
	drain(t, f, 2, 3)
}

func TestAFollowerEndsWithTheHub(t *testing.T) {
	t.Parallel()
	h, _, park := idle(t)
	ctx, stop := context.WithCancel(t.Context())
	f := h.Follow(uuid.Nil, Place{Park: park, To: event.Members})
	defer f.Close()
	go h.Run(ctx)
	stop()
	if _, err := f.Next(t.Context(), time.Minute); err != ErrStopping {
		t.Errorf("%v", err)
	}
}
