package cache

import "github.com/google/uuid"

// keyed is a feature's number with its key.
type keyed struct {
	key
	n uint32
}

// smallest keeps the first features in order of all that are added: once there are most of them, in a heap whose root
// is the last.
type smallest struct {
	parkIDs []uuid.UUID
	most    int
	all     []keyed
}

// wants reports whether a feature of a key would be kept.
func (s *smallest) wants(k key) bool {
	return len(s.all) < s.most || s.most > 0 && compareKey(s.parkIDs, k, s.all[0].key) < 0
}

func (s *smallest) compare(a, b keyed) int { return compareKey(s.parkIDs, a.key, b.key) }

func (s *smallest) add(k keyed) {
	switch {
	case len(s.all) < s.most:
		s.all = append(s.all, k)
		if len(s.all) == s.most {
			for i := s.most/2 - 1; i >= 0; i-- {
				s.sink(i)
			}
		}
	case s.wants(k.key):
		s.all[0] = k
		s.sink(0)
	}
}

// sink moves the one at i down the heap until none below it comes later.
func (s *smallest) sink(i int) {
	for child := 2*i + 1; child < len(s.all); child = 2*i + 1 {
		if child+1 < len(s.all) && s.compare(s.all[child+1], s.all[child]) > 0 {
			child++
		}
		if s.compare(s.all[i], s.all[child]) >= 0 {
			return
		}
		s.all[i], s.all[child] = s.all[child], s.all[i]
		i = child
	}
}
