package live

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"luodi/data/event"
)

// A server once died of a map that was written while it was read: one began to follow at the moment of a change.
func TestFollowersComeAndGoWhileOthersAreRung(t *testing.T) {
	t.Parallel()
	park := event.ParkName{ID: uuid.New()}
	key := topicKey{park.ID, event.Public}
	there := &topic{key: key, cancel: func() {}, woken: make(chan struct{}, 1),
		bells: map[chan struct{}]bool{make(chan struct{}, 1): true}}
	h := &Hub{topics: map[topicKey]*topic{key: there}}
	var done atomic.Bool
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			bells := make([]chan struct{}, 64)
			for !done.Load() {
				for i := range bells {
					bells[i] = make(chan struct{}, 1)
					h.join(park, event.Public, 0, bells[i])
				}
				for _, bell := range bells {
					h.leave(there, bell)
				}
			}
		})
	}
	for range 5_000 {
		there.mu.Lock()
		there.ringAll()
		there.mu.Unlock()
	}
	done.Store(true)
	group.Wait()
	if len(there.bells) != 1 {
		t.Errorf("%d bells are left, want the first alone", len(there.bells))
	}
}
