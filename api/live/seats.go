package live

import (
	"sync"
)

// Limits are how many may follow at once.
type Limits struct {
	Account int // with one account
	Address int // of the public, from one address
	All     int // in a process
}

// DefaultLimits suit a park: an office behind one address, a planner with a dozen tabs, programs beside them.
var DefaultLimits = Limits{Account: 64, Address: 128, All: 8192}

// seats counts who follows.
type seats struct {
	limits Limits
	mu     sync.Mutex
	all    int
	taken  map[string]int
}

func newSeats(l Limits) *seats {
	if l == (Limits{}) {
		l = DefaultLimits
	}
	return &seats{limits: l, taken: map[string]int{}}
}

// Sit takes a seat for an account, or for an address where account is empty; the function it returns gives it back.
// most is the limit that is reached, 0 when none is.
func (h *Hub) Sit(account, address string) (leave func(), most int) {
	s := h.seats
	key, limit := "account "+account, s.limits.Account
	if account == "" {
		key, limit = "address "+address, s.limits.Address
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.all >= s.limits.All:
		return nil, s.limits.All
	case s.taken[key] >= limit:
		return nil, limit
	}
	s.all++
	s.taken[key]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.all--
		if s.taken[key]--; s.taken[key] == 0 {
			delete(s.taken, key)
		}
	}, 0
}
