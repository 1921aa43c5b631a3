package live

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/google/uuid"

	"luodi/data/event"
)

// What a topic holds in memory at most, and how much is read or handed out at once.
const (
	heldFrames = 1024
	heldBytes  = 1 << 20
	pageEvents = 32
	// pause is the least time between two reads of a park: under many changes they are read together.
	pause = 4 * time.Millisecond
	again = time.Second // after a read that failed
)

// Frame is an event, encoded once for all receivers. Seq is the park's number, or for a follower of all parks the
// number of the state after the event.
type Frame struct {
	Park   string
	ParkID uuid.UUID
	Seq    int64
	JSON   []byte
}

// topic holds a park's newest events for one audience: frames has every visible event of the numbers (floor, head].
type topic struct {
	hub    *Hub
	key    topicKey
	park   event.ParkName
	cancel context.CancelFunc
	woken  chan struct{}

	mu          sync.Mutex
	bells       map[chan struct{}]bool // of the followers
	frames      []Frame
	size        int
	floor, head int64
}

// ring wakes the goroutine that reads for the topic.
func (t *topic) ring() { ring(t.woken) }

func ring(bell chan struct{}) {
	select {
	case bell <- struct{}{}:
	default: // it rings already
	}
}

// enter has a follower's bell rung from now on.
func (t *topic) enter(bell chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.bells[bell] = true
}

// quit has it rung no more; idle says that no follower is left.
func (t *topic) quit(bell chan struct{}) (idle bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.bells, bell)
	return len(t.bells) == 0
}

// ringAll wakes the followers. The caller has locked mu.
func (t *topic) ringAll() {
	for bell := range t.bells {
		ring(bell)
	}
}

func (t *topic) reached() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.head
}

// read brings the topic to what the database has, each time it is woken.
func (t *topic) read(ctx context.Context) {
	failed := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.hub.done:
			return
		case <-t.woken:
		}
		more, err := t.advance(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			if !failed {
				t.hub.log.Warn("new events of a park can't be read; trying again", "park", t.park.Code, "error", err)
			}
			rest(ctx, again)
			t.ring()
		case more:
			t.ring()
		default:
			rest(ctx, pause)
		}
		failed = err != nil
	}
}

// advance reads one page after head; more says that there is another.
func (t *topic) advance(ctx context.Context) (more bool, err error) {
	page, err := t.hub.events.Events(ctx, t.park, t.key.to, t.reached(), pageEvents)
	if err != nil {
		return false, err
	}
	fresh, err := Encode(page.Events)
	if err != nil {
		return false, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	moved := page.Next > t.head
	t.head = page.Next
	for _, f := range fresh {
		t.frames = append(t.frames, f)
		t.size += len(f.JSON)
	}
	drop := 0
	for ; len(t.frames)-drop > heldFrames || t.size > heldBytes && drop < len(t.frames); drop++ {
		t.floor = t.frames[drop].Seq
		t.size -= len(t.frames[drop].JSON)
	}
	if drop > 0 {
		// the old array goes once who read it is done
		t.frames = append(make([]Frame, 0, heldFrames+pageEvents), t.frames[drop:]...)
	}
	if moved {
		t.ringAll()
	}
	return page.Next < page.Seq, nil
}

// since gives frames after a cursor, at most a page, and the cursor after them; held is false where the memory does not
// reach back to it.
func (t *topic) since(cursor int64) (frames []Frame, next int64, held bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if cursor < t.floor {
		return nil, cursor, false
	}
	i := search(t.frames, cursor)
	rest := t.frames[i:]
	if len(rest) > pageEvents {
		rest = rest[:pageEvents:pageEvents]
		return rest, rest[pageEvents-1].Seq, true
	}
	return rest[:len(rest):len(rest)], max(cursor, t.head), true
}

// search finds the first frame after a cursor.
func search(frames []Frame, cursor int64) int {
	low, high := 0, len(frames)
	for low < high {
		if mid := (low + high) / 2; frames[mid].Seq <= cursor {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// Encode writes events as they are sent.
func Encode(events []event.Event) ([]Frame, error) {
	frames := make([]Frame, 0, len(events))
	for i := range events {
		text, err := json.Marshal(&events[i])
		if err != nil {
			return nil, err
		}
		seq := events[i].Seq
		if events[i].State != 0 {
			seq = events[i].State
		}
		frames = append(frames, Frame{Park: events[i].Park, ParkID: events[i].ParkID, Seq: seq, JSON: text})
	}
	return frames, nil
}
