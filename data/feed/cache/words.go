package cache

import "sync"

// mostWords is how many different values of a property are kept.
const mostWords = 1<<15 - 1

// words is the dictionary of a property: it grows, and what it holds stays so.
type words struct {
	mu   sync.RWMutex
	all  map[string]uint16
	full bool
}

// number is the number of a value, a new one where it is new; 0 stands for no value, and for all once there are too
// many.
func (w *words) number(value string, null bool) uint16 {
	if null {
		return 0
	}
	w.mu.RLock()
	n, known := w.all[value]
	full := w.full
	w.mu.RUnlock()
	if known || full {
		return n
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.all) == mostWords {
		w.full, w.all = true, nil
		return 0
	}
	if w.all == nil {
		w.all = map[string]uint16{}
	}
	n = uint16(len(w.all) + 1)
	w.all[value] = n
	return n
}

// find looks a value up: it has no number where no feature ever had it. kept is false where the property has too many.
func (w *words) find(value string) (n uint16, found, kept bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	n, found = w.all[value]
	return n, found, !w.full
}
