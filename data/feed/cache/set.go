package cache

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"

	"luodi/data/store/ewkb"
)

// Feature is a feature to keep. Its slices are copied.
type Feature struct {
	Park, ID uuid.UUID
	Since    int64   // a number of the caller's, see [Snapshot.Since]
	GeoJSON  []byte  // as a feed prints it
	Shape    []byte  // EWKB, longitude and latitude in degrees
	Tags     []byte  // what a map tile tells of it, in a form of the caller's
	Values   []Value // of the properties that features are filtered by, in an order of the caller's
}

// Value is a value of a property; the zero value is that of an empty text.
type Value struct {
	Text string
	Null bool
}

// Set is a collection's features. It is for one goroutine at a time.
type Set struct {
	slabs   []*slab
	fresh   map[int]bool // slabs whose head no snapshot has
	free    []int        // numbers of slabs that were emptied
	wasted  []int        // slabs that may have to be emptied
	tail    int          // the slab that grows; below 0: none
	parks   map[uuid.UUID]uint32
	parkIDs []uuid.UUID
	words   []*words
	byKey   list // by park and id
	byID    list
	byPlace list
	added   []uint32 // before Build
	touched []box    // of features that were put or removed since Touched was asked
	bytes   int64    // of slabs
}

// New makes a set of features that are filtered by so many properties.
func New(properties int) *Set {
	s := &Set{fresh: map[int]bool{}, tail: -1, parks: map[uuid.UUID]uint32{}}
	for range properties {
		s.words = append(s.words, &words{})
	}
	return s
}

// Add adds a feature of an id that the set doesn't hold, before Build.
func (s *Set) Add(f Feature) error {
	n, err := s.write(f)
	if err == nil {
		s.added = append(s.added, n)
	}
	return err
}

// Build puts what was added in order.
func (s *Set) Build() {
	slices.SortFunc(s.added, func(a, b uint32) int { return s.compareKey(s.row(a).key, s.row(b).key) })
	s.byKey = build(s.added, beside{}, s.row)
	slices.SortFunc(s.added, func(a, b uint32) int { return s.compareOnlyID(s.row(a), s.row(b)) })
	s.byID = build(s.added, beside{keys: true}, s.row)
	type placed struct {
		place uint64
		n     uint32
	}
	places := make([]placed, len(s.added))
	for i, n := range s.added {
		places[i] = placed{s.row(n).box.place(), n}
	}
	slices.SortFunc(places, func(a, b placed) int {
		if a.place != b.place {
			return cmp.Compare(a.place, b.place)
		}
		return s.compareKey(s.row(a.n).key, s.row(b.n).key)
	})
	for i := range places {
		s.added[i] = places[i].n
	}
	s.byPlace = build(s.added, beside{boxes: true, keys: true}, s.row)
	s.added = nil
}

// Put keeps a feature in place of the one with its park and id, if there is one.
func (s *Set) Put(f Feature) error {
	old, held := s.find(f.Park, f.ID)
	n, err := s.write(f)
	if err != nil {
		return err
	}
	if s.touched = append(s.touched, s.row(n).box); held {
		s.touched = append(s.touched, s.row(old).box)
	}
	switch {
	case held && s.row(old).box == s.row(n).box:
		s.exchange(old, n)
	case held:
		s.unlist(old)
		s.list(n)
	default:
		s.list(n)
	}
	if held {
		s.waste(old)
	}
	s.settle()
	return nil
}

// Remove forgets a feature; nothing happens where the set doesn't hold it.
func (s *Set) Remove(park, id uuid.UUID) {
	if n, held := s.find(park, id); held {
		s.touched = append(s.touched, s.row(n).box)
		s.unlist(n)
		s.waste(n)
		s.settle()
	}
}

// Snapshot is the set as it is now.
func (s *Set) Snapshot() *Snapshot {
	clear(s.fresh)
	return &Snapshot{slabs: slices.Clone(s.slabs), parks: s.parks, parkIDs: s.parkIDs, words: s.words,
		byKey: s.byKey.share(), byID: s.byID.share(), byPlace: s.byPlace.share()}
}

// Len is how many features the set holds.
func (s *Set) Len() int { return s.byKey.n + len(s.added) }

// Memory is how many bytes the set takes.
func (s *Set) Memory() int64 {
	lists := s.byKey.memory() + s.byID.memory() + s.byPlace.memory()
	return s.bytes + lists + int64(cap(s.added))*4 + int64(len(s.parkIDs))*64
}

func (s *Set) shape(n uint32) []byte { return s.slabs[n>>rowBits].shape(s.row(n)) }

func (s *Set) row(n uint32) *row { return &s.slabs[n>>rowBits].rows[n&(slabRows-1)] }

func (s *Set) park(id uuid.UUID) uint32 {
	n, known := s.parks[id]
	if !known {
		n = uint32(len(s.parkIDs))
		s.parks = maps.Clone(s.parks) // snapshots hold the old map
		s.parks[id] = n
		s.parkIDs = append(s.parkIDs, id)
	}
	return n
}

// write appends a feature to the last slab and returns its number.
func (s *Set) write(f Feature) (uint32, error) {
	bound, err := ewkb.Bound(f.Shape)
	if err != nil {
		return 0, fmt.Errorf("shape of %s: %v", f.ID, err) // not %w: it is no fault of a request's
	}
	r := row{key: key{idOf(f.ID), s.park(f.Park)}, feature: uint32(len(f.GeoJSON)), shape: uint32(len(f.Shape)),
		tags: uint32(len(f.Tags)), box: boxOf(bound), since: f.Since}
	words := make([]uint16, len(s.words))
	for i, w := range s.words {
		words[i] = w.number(f.Values[i].Text, f.Values[i].Null)
	}
	return s.append(r, words, f.GeoJSON, f.Shape, f.Tags), nil
}

// append appends a feature: what its bytes are, one after the other, in one part or in several.
func (s *Set) append(r row, words []uint16, parts ...[]byte) uint32 {
	t := s.room(r.size())
	before := t.memory()
	r.start = uint32(len(t.bytes))
	for _, part := range parts {
		t.bytes = append(t.bytes, part...)
	}
	t.rows = append(t.rows, r)
	t.words = append(t.words, words...)
	t.live += r.size()
	s.bytes += t.memory() - before
	return uint32(s.tail)<<rowBits | uint32(len(t.rows)-1)
}

// room returns the slab that grows, with room for so many bytes more.
func (s *Set) room(size int) *slab {
	if s.tail >= 0 {
		if t := s.slabs[s.tail]; len(t.rows) < slabRows && len(t.bytes)+size <= cap(t.bytes) {
			return s.own(s.tail)
		}
	}
	if s.tail >= 0 {
		s.wasted = append(s.wasted, s.tail)
	}
	t := &slab{bytes: make([]byte, 0, max(size, min(slabBytes, max(slabLeast, int(s.bytes/8)))))}
	s.bytes += t.memory()
	if last := len(s.free) - 1; last >= 0 {
		s.tail, s.free = s.free[last], s.free[:last]
		s.slabs[s.tail] = t
	} else {
		s.tail, s.slabs = len(s.slabs), append(s.slabs, t)
	}
	s.fresh[s.tail] = true
	return t
}

// own returns a slab whose head may be changed.
func (s *Set) own(i int) *slab {
	if !s.fresh[i] {
		head := *s.slabs[i]
		s.slabs[i], s.fresh[i] = &head, true
	}
	return s.slabs[i]
}

// waste counts the bytes of a feature that is no more.
func (s *Set) waste(n uint32) {
	i := int(n >> rowBits)
	s.own(i).live -= s.row(n).size()
	s.wasted = append(s.wasted, i)
}

// settle empties the full slabs of which more than half is waste into the growing one, which may fill up by that.
func (s *Set) settle() {
	for len(s.wasted) > 0 {
		last := len(s.wasted) - 1
		i := s.wasted[last]
		s.wasted = s.wasted[:last]
		if full := s.slabs[i]; full != nil && i != s.tail && 2*full.live <= len(full.bytes) {
			s.empty(i)
		}
	}
}

func (s *Set) empty(i int) {
	full, stride := s.slabs[i], len(s.words)
	for k := range full.rows {
		r, n := full.rows[k], uint32(i)<<rowBits|uint32(k)
		if now, held := s.findRow(&r); held && now == n {
			s.exchange(n, s.append(r, full.words[k*stride:(k+1)*stride], full.bytes[r.start:int(r.start)+r.size()]))
		}
	}
	s.bytes -= full.memory()
	s.slabs[i], s.free = nil, append(s.free, i)
	delete(s.fresh, i)
}

// find returns the number of a feature.
func (s *Set) find(park, id uuid.UUID) (uint32, bool) {
	p, known := s.parks[park]
	if !known {
		return 0, false
	}
	return s.findRow(&row{key: key{idOf(id), p}})
}

func (s *Set) findRow(r *row) (uint32, bool) {
	i, item := s.byKey.find(s.atKey(r))
	if i == len(s.byKey.chunks) {
		return 0, false
	}
	n := s.byKey.chunks[i].items[item]
	return n, s.row(n).key == r.key
}

// places are the lists with where a feature stands in each.
func (s *Set) places(r *row) [3]struct {
	list *list
	at   order
} {
	place := r.box.place()
	return [3]struct {
		list *list
		at   order
	}{{&s.byKey, s.atKey(r)},
		{&s.byID, func(n uint32) int { return s.compareOnlyID(s.row(n), r) }},
		{&s.byPlace, func(n uint32) int {
			other := s.row(n)
			if theirs := other.box.place(); theirs != place {
				return cmp.Compare(theirs, place)
			}
			return s.compareKey(other.key, r.key)
		}}}
}

func (s *Set) list(n uint32) {
	r := s.row(n)
	for _, p := range s.places(r) {
		p.list.insert(p.at, n, r)
	}
}

func (s *Set) unlist(n uint32) {
	for _, p := range s.places(s.row(n)) {
		i, item := p.list.find(p.at)
		p.list.remove(i, item)
	}
}

// exchange gives a feature that stays where it is a new number.
func (s *Set) exchange(old, n uint32) {
	same := bytes.Equal(s.shape(old), s.shape(n))
	for _, p := range s.places(s.row(old)) {
		i, item := p.list.find(p.at)
		c := p.list.own(i)
		if c.items[item] = n; !same {
			c.reshaped()
		}
	}
}

func (s *Set) atKey(r *row) order {
	return func(n uint32) int { return s.compareKey(s.row(n).key, r.key) }
}

// compareKey is the order of pages.
func (s *Set) compareKey(a, b key) int { return compareKey(s.parkIDs, a, b) }

func (s *Set) compareOnlyID(a, b *row) int {
	if c := a.id.compare(b.id); c != 0 {
		return c
	}
	return s.compareKey(a.key, b.key)
}
