package ogc

import "sync"

// kept caches values computed from one state, by name, until the state changes. Names are never evicted, so there
// must be few.
type kept[T any] struct {
	mu  sync.Mutex
	all map[string]keptValue[T]
}

type keptValue[T any] struct {
	state string
	value T
}

// get returns the value of a name in a state, computing it when it is not at hand. Two that ask at once may both
// compute.
func (k *kept[T]) get(name, state string, compute func() (T, error)) (T, error) {
	k.mu.Lock()
	found, ok := k.all[name]
	k.mu.Unlock()
	if ok && found.state == state {
		return found.value, nil
	}
	value, err := compute()
	if err != nil {
		return value, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.all == nil {
		k.all = map[string]keptValue[T]{}
	}
	k.all[name] = keptValue[T]{state, value}
	return value, nil
}
