package cache

import (
	"cmp"
	"iter"
	"slices"
	"sort"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"luodi/data/store/ewkb"
)

// Snapshot is a set as it was at a moment. It is safe for use by many at once.
type Snapshot struct {
	slabs   []*slab
	parks   map[uuid.UUID]uint32
	parkIDs []uuid.UUID
	words   []*words
	byKey   list
	byID    list
	byPlace list
}

// Query asks for features in the order of park and id.
type Query struct {
	Park  *uuid.UUID  // of this park; nil: of every park
	Boxes []orb.Bound // that share a point with one of these boxes, each of some width and height; nil: anywhere
	Equal []Equal
	After *Key // after this one
	Limit int  // so many at most; 0: all
}

// Equal asks for features with this value of a property, by the property's place among [Feature.Values].
type Equal struct {
	Property int
	Value    string
}

// Key names a feature.
type Key struct{ Park, ID uuid.UUID }

// Len is how many features there are.
func (s *Snapshot) Len() int { return s.byKey.n }

// Feature is the GeoJSON of a feature by its number. It is shared: don't change it.
func (s *Snapshot) Feature(n uint32) []byte {
	slab, r := s.slabs[n>>rowBits], s.row(n)
	return slab.bytes[r.start : r.start+r.feature : r.start+r.feature]
}

// Since is the number that a feature was given.
func (s *Snapshot) Since(n uint32) int64 { return s.row(n).since }

// Drawn is the EWKB of a feature and its tags. They are shared: don't change them.
func (s *Snapshot) Drawn(n uint32) (shape, tags []byte) {
	slab, r := s.slabs[n>>rowBits], s.row(n)
	end := r.start + r.feature + r.shape
	return slab.shape(r), slab.bytes[end : end+r.tags : end+r.tags]
}

// Placed is where a feature stands in the order of Around.
func (s *Snapshot) Placed(n uint32) Placed {
	r := s.row(n)
	return Placed{r.box.place(), s.Key(n)}
}

// Placed is where a feature stands in the order of [Snapshot.Around].
type Placed struct {
	Place uint64 // see [Place]
	Key
}

// Compare orders as Around does.
func (p Placed) Compare(other Placed) int {
	if c := cmp.Compare(p.Place, other.Place); c != 0 {
		return c
	}
	if c := compareID(p.Park, other.Park); c != 0 {
		return c
	}
	return compareID(p.ID, other.ID)
}

// Key is a feature's park and id.
func (s *Snapshot) Key(n uint32) Key {
	r := s.row(n)
	return Key{s.parkIDs[r.park], r.id.uuid()}
}

// ByID finds a feature by its id, in whatever park.
func (s *Snapshot) ByID(id uuid.UUID) (uint32, bool) { return s.byID.findID(idOf(id)) }

func (s *Snapshot) row(n uint32) *row { return &s.slabs[n>>rowBits].rows[n&(slabRows-1)] }

// compareKey orders by the parks' ids, given by number, then by the features'.
func compareKey(parkIDs []uuid.UUID, a, b key) int {
	if a.park != b.park {
		return compareID(parkIDs[a.park], parkIDs[b.park])
	}
	return a.id.compare(b.id)
}

// filter is a query in the snapshot's own numbers.
type filter struct {
	*Snapshot
	park    uint32
	ofPark  bool
	nothing bool // that nothing can pass
	boxes   []orb.Bound
	rounded []box // boxes, rounded outward
	equal   []word
}

type word struct {
	property int
	number   uint16
}

// filter prepares a query. kept is false where it asks for a property that is not kept.
func (s *Snapshot) filter(q *Query) (f *filter, kept bool) {
	f = &filter{Snapshot: s, boxes: q.Boxes}
	for _, b := range q.Boxes {
		f.rounded = append(f.rounded, boxOf(b))
	}
	if q.Park != nil {
		var known bool
		f.ofPark = true
		f.park, known = s.parks[*q.Park]
		f.nothing = !known
	}
	for _, e := range q.Equal {
		n, found, kept := s.words[e.Property].find(e.Value)
		if !kept {
			return nil, false
		}
		f.nothing = f.nothing || !found
		f.equal = append(f.equal, word{e.Property, n})
	}
	return f, true
}

// passes tests everything but the boxes.
func (f *filter) passes(n uint32) bool {
	if !f.ofPark && len(f.equal) == 0 {
		return true
	}
	slab := f.slabs[n>>rowBits]
	i := int(n & (slabRows - 1))
	if f.ofPark && slab.rows[i].park != f.park {
		return false
	}
	for _, w := range f.equal {
		if slab.words[i*len(f.words)+w.property] != w.number {
			return false
		}
	}
	return true
}

// lies tests the boxes, given the feature's own.
func (f *filter) lies(n uint32, b box) bool {
	for i, asked := range f.boxes {
		if b.meets(f.rounded[i]) && (b.enters(asked) || f.shapeMeets(n, asked)) {
			return true
		}
	}
	return len(f.boxes) == 0
}

func (f *filter) shapeMeets(n uint32, asked orb.Bound) bool {
	slab, r := f.slabs[n>>rowBits], f.row(n)
	meets, err := ewkb.MeetsBox(slab.shape(r), asked)
	return meets && err == nil // every shape was read when it came
}

// Find yields the numbers of the features of a query, one more than its limit where there are more. kept is false
// where it asks for a property that is not kept.
func (s *Snapshot) Find(q *Query) (found iter.Seq[uint32], kept bool) {
	f, kept := s.filter(q)
	switch {
	case !kept:
		return nil, false
	case f.nothing:
		return func(func(uint32) bool) {}, true
	}
	most := s.Len()
	if q.Limit > 0 {
		most = q.Limit + 1
	}
	if len(f.boxes) > 0 {
		if near, around := f.nearChunks(); around <= s.Len()/gatherMost {
			return slices.Values(f.gather(near, q.After, min(most, around))), true
		}
	}
	return func(yield func(uint32) bool) {
		left := most
		f.inOrder(q.After, func(n uint32) bool {
			left--
			return yield(n) && left > 0
		})
	}, true
}

// Keeps reports whether the properties that a query asks for are kept.
func (s *Snapshot) Keeps(q *Query) bool {
	_, kept := s.filter(q)
	return kept
}

// gatherMost: where no more than one feature of so many lies around the boxes, they are gathered by place and put in
// order. Otherwise the features are looked through in order, which at worst looks at all.
const gatherMost = 4

// nearChunks are the chunks by place that the boxes meet, and how many features they have.
func (f *filter) nearChunks() (near []int, around int) {
	for i, whole := range f.byPlace.wholes {
		if f.near(whole) {
			near = append(near, i)
			around += len(f.byPlace.chunks[i].items)
		}
	}
	return near, around
}

func (f *filter) near(b box) bool {
	for _, asked := range f.rounded {
		if b.meets(asked) {
			return true
		}
	}
	return false
}

// keyed is a feature's number with its key.
type keyed struct {
	key
	n uint32
}

// gather collects from chunks by place the first features in order, most at most.
func (f *filter) gather(near []int, after *Key, most int) []uint32 {
	kept := &Firsts[keyed]{Most: most, Kept: make([]keyed, 0, min(most, gatherRoom)),
		Compare: func(a, b keyed) int { return compareKey(f.parkIDs, a.key, b.key) }}
	for _, i := range near {
		c := f.byPlace.chunks[i]
		f.inChunk(c, func(k int) {
			at := keyed{c.keys[k], c.items[k]}
			if (after == nil || f.compareAfter(at.key, after) > 0) && kept.Wants(at) && f.lies(at.n, c.boxes[k]) {
				kept.Add(at)
			}
		})
	}
	slices.SortFunc(kept.Kept, kept.Compare)
	found := make([]uint32, len(kept.Kept))
	for i := range found {
		found[i] = kept.Kept[i].n
	}
	return found
}

// gatherRoom is for how many features room is made before any is found.
const gatherRoom = 2048

// inChunk hands on where those features of a chunk by place stand that pass and may lie in the boxes.
func (f *filter) inChunk(c *chunk, do func(k int)) {
	for k, b := range c.boxes {
		if f.near(b) && f.passes(c.items[k]) {
			do(k)
		}
	}
}

// inOrder hands on the features that pass, by park and id, until do says no.
func (f *filter) inOrder(after *Key, do func(n uint32) bool) {
	i, item := f.begin(after)
	for ; i < len(f.byKey.chunks); i, item = i+1, 0 {
		for _, n := range f.byKey.chunks[i].items[item:] {
			if !f.passes(n) {
				if f.ofPark && f.row(n).park != f.park {
					return // a park's features stand together
				}
				continue
			}
			if (len(f.boxes) == 0 || f.lies(n, f.row(n).box)) && !do(n) {
				return
			}
		}
	}
}

// begin is where the features of a query begin: after a feature, or with the first of its park.
func (f *filter) begin(after *Key) (chunk, item int) {
	at := f.afterKey(after)
	if f.ofPark {
		first := f.atPark(f.parkIDs[f.park])
		if at == nil {
			at = first
		} else {
			past := at
			at = func(n uint32) int { return min(past(n), first(n)) }
		}
	}
	if at == nil {
		return 0, 0
	}
	return f.byKey.find(at)
}

// afterKey orders by a key so that what comes after it is above 0; nil for no key.
func (s *Snapshot) afterKey(after *Key) order {
	if after == nil {
		return nil
	}
	return func(n uint32) int {
		if s.compareAfter(s.row(n).key, after) <= 0 {
			return -1
		}
		return 1
	}
}

// compareAfter compares a feature's key with one from outside, whose park may be unknown.
func (s *Snapshot) compareAfter(k key, with *Key) int {
	if c := compareID(s.parkIDs[k.park], with.Park); c != 0 {
		return c
	}
	return k.id.compare(idOf(with.ID))
}

// atPark orders by a park so that its features and what comes after are 0 and above.
func (s *Snapshot) atPark(park uuid.UUID) order {
	return func(n uint32) int { return compareID(s.parkIDs[s.row(n).park], park) }
}

// Count counts the features of a query, whatever its limit and where it begins. ok is false where there are more than
// most, or where it asks for a property that is not kept.
func (s *Snapshot) Count(q *Query, most int) (n int, ok bool) {
	f, kept := s.filter(q)
	switch {
	case !kept:
		return 0, false
	case f.nothing:
		return 0, true
	case len(f.equal) == 0 && !f.ofPark && len(f.boxes) == 0:
		n = s.Len()
	case len(f.equal) == 0 && len(f.boxes) == 0:
		n = f.ofWholePark()
	case len(f.boxes) > 0:
		n = f.countNear(most)
	default:
		f.inOrder(nil, func(uint32) bool { n++; return n <= most })
	}
	return n, n <= most
}

// Follows reports whether a feature comes after a key.
func (s *Snapshot) Follows(n uint32, key *Key) bool { return s.compareAfter(s.row(n).key, key) > 0 }

// Parts parts the features of a query into so many walks at most, each in the order of park and id and after the one
// before it, for as many readers. Limit and After have no effect. ok is false where it asks for a property that is not
// kept, and where few features lie around its boxes: an index by place finds these sooner.
func (s *Snapshot) Parts(q *Query, most int) (parts []iter.Seq[uint32], ok bool) {
	f, kept := s.filter(q)
	if !kept || f.nothing {
		return nil, kept
	}
	if len(f.boxes) > 0 {
		if _, around := f.nearChunks(); around <= s.Len()/gatherMost {
			return nil, false
		}
	}
	first, end := 0, len(f.byKey.chunks)
	if f.ofPark {
		first, _, end = f.chunksOf(f.parkIDs[f.park])
	}
	for chunks := range slices.Chunk(f.byKey.chunks[first:max(first, end)], max(1, (end-first+most-1)/most)) {
		parts = append(parts, func(yield func(uint32) bool) {
			for _, c := range chunks {
				for _, n := range c.items {
					if f.passes(n) && (len(f.boxes) == 0 || f.lies(n, f.row(n).box)) && !yield(n) {
						return
					}
				}
			}
		})
	}
	return parts, true
}

// chunksOf are the chunks by key that have features of a park, the first of which is an item of the first chunk.
func (f *filter) chunksOf(park uuid.UUID) (first, item, end int) {
	first, item = f.byKey.find(f.atPark(park))
	end = sort.Search(len(f.byKey.chunks), func(i int) bool {
		return compareID(f.parkIDs[f.row(f.byKey.chunks[i].items[0]).park], park) > 0
	})
	return first, item, end
}

// ofWholePark counts a park's features by where they begin and end.
func (f *filter) ofWholePark() int {
	park := f.parkIDs[f.park]
	first, item, end := f.chunksOf(park)
	n := -item
	for _, c := range f.byKey.chunks[first:end] {
		n += len(c.items)
	}
	if end > first { // the last chunk may go on with another park
		last := f.byKey.chunks[end-1].items
		n -= len(last) - sort.Search(len(last), func(i int) bool {
			return compareID(f.parkIDs[f.row(last[i]).park], park) > 0
		})
	}
	return n
}

// countNear counts by place, a chunk that lies within a box without looking at its features.
func (f *filter) countNear(most int) (n int) {
	whole := len(f.equal) == 0 && !f.ofPark
	near, _ := f.nearChunks()
	for _, i := range near {
		if whole && slices.ContainsFunc(f.boxes, f.byPlace.wholes[i].within) {
			n += len(f.byPlace.chunks[i].items)
		} else {
			c := f.byPlace.chunks[i]
			f.inChunk(c, func(k int) {
				if f.lies(c.items[k], c.boxes[k]) {
					n++
				}
			})
		}
		if n > most {
			break
		}
	}
	return n
}
