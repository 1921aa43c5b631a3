package cache

import (
	"slices"
	"sort"
	"unsafe"
)

// chunkMost is how many numbers a chunk holds at most; chunkFilled how many it gets when a list is built.
const (
	chunkMost   = 512
	chunkFilled = 384
)

// list holds numbers of features in some order, cut into chunks, none of which is empty. A list may hold the features'
// boxes and keys beside their numbers, so that a search needn't look at each feature for them.
type list struct {
	chunks []*chunk
	wholes []box           // around each chunk's boxes, side by side, where the list has boxes
	heads  []id            // the first of each chunk, where the list has keys
	fresh  map[*chunk]bool // of no snapshot: these may be changed
	beside beside
	n      int
}

// beside tells what a list holds beside the numbers.
type beside struct{ boxes, keys bool }

type chunk struct {
	items  []uint32
	boxes  []box  // of the items, where the list has boxes
	keys   []key  // of the items, where the list has keys
	serial uint64 // of the shapes of the items, see serials
}

func newChunk(items []uint32) *chunk { return &chunk{items: items, serial: serials.Add(1)} }

// reshaped tells that the items' shapes, or their order, are others.
func (c *chunk) reshaped() { c.serial = serials.Add(1) }

// order tells where a feature stands of the place that is looked for: below 0 before it.
type order func(n uint32) int

// build makes a list of numbers that are in order already.
func build(items []uint32, with beside, rowOf func(uint32) *row) list {
	l := list{fresh: map[*chunk]bool{}, beside: with, n: len(items)}
	for part := range slices.Chunk(items, chunkFilled) {
		c := newChunk(slices.Clone(part))
		for _, n := range part {
			if with.boxes {
				c.boxes = append(c.boxes, rowOf(n).box)
			}
			if with.keys {
				c.keys = append(c.keys, rowOf(n).key)
			}
		}
		l.chunks = append(l.chunks, c)
		l.grow(len(l.chunks) - 1)
	}
	return l
}

// grow makes room for what is told of a chunk that was put at i, and tells it.
func (l *list) grow(i int) {
	if l.beside.boxes {
		l.wholes = slices.Insert(l.wholes, i, box{})
	}
	if l.beside.keys {
		l.heads = slices.Insert(l.heads, i, id{})
	}
	l.tell(i)
}

// tell brings what the list tells of a chunk up to the chunk.
func (l *list) tell(i int) {
	c := l.chunks[i]
	if l.beside.boxes {
		l.wholes[i] = c.whole()
	}
	if l.beside.keys && len(c.keys) > 0 {
		l.heads[i] = c.keys[0].id
	}
}

// whole is the box around a chunk's boxes.
func (c *chunk) whole() box {
	all := nowhere
	for _, b := range c.boxes {
		all = all.around(b)
	}
	return all
}

// share returns the list for a snapshot; what both hold is not changed any more.
func (l *list) share() list {
	clear(l.fresh)
	return list{chunks: slices.Clone(l.chunks), wholes: slices.Clone(l.wholes), heads: slices.Clone(l.heads),
		beside: l.beside, n: l.n}
}

// find returns where the first feature at or after a place stands.
func (l *list) find(at order) (chunk, item int) {
	chunk = sort.Search(len(l.chunks), func(i int) bool { return at(l.chunks[i].items[0]) >= 0 })
	if chunk > 0 { // it may stand in the chunk before, after that one's first
		before := l.chunks[chunk-1].items
		if i := sort.Search(len(before), func(i int) bool { return at(before[i]) >= 0 }); i < len(before) {
			return chunk - 1, i
		}
	}
	return chunk, 0
}

// findID finds a feature by its id, in a list of ids in their order.
func (l *list) findID(wanted id) (n uint32, found bool) {
	i := sort.Search(len(l.heads), func(i int) bool { return l.heads[i].compare(wanted) > 0 }) - 1
	if i < 0 {
		return 0, false
	}
	c := l.chunks[i]
	item, found := slices.BinarySearchFunc(c.keys, wanted, func(k key, wanted id) int { return k.id.compare(wanted) })
	if !found {
		return 0, false
	}
	return c.items[item], true
}

// own makes a chunk one that may be changed.
func (l *list) own(i int) *chunk {
	c := l.chunks[i]
	if !l.fresh[c] {
		c = &chunk{append(make([]uint32, 0, chunkMost+1), c.items...), slices.Clone(c.boxes), slices.Clone(c.keys),
			c.serial}
		l.chunks[i] = c
		l.fresh[c] = true
	}
	return c
}

// insert adds a feature before the place that at tells.
func (l *list) insert(at order, n uint32, r *row) {
	l.n++
	i, item := l.find(at)
	if i == len(l.chunks) {
		if i == 0 {
			c := newChunk(nil)
			l.chunks, l.fresh[c] = append(l.chunks, c), true
			l.grow(0)
			i++
		}
		i--
		item = len(l.chunks[i].items)
	}
	c := l.own(i)
	c.reshaped()
	c.items = slices.Insert(c.items, item, n)
	if l.beside.boxes {
		c.boxes = slices.Insert(c.boxes, item, r.box)
	}
	if l.beside.keys {
		c.keys = slices.Insert(c.keys, item, r.key)
	}
	if len(c.items) > chunkMost {
		l.halve(i)
	}
	l.tell(i)
}

func (l *list) halve(i int) {
	c, half := l.chunks[i], len(l.chunks[i].items)/2
	second := newChunk(slices.Clone(c.items[half:]))
	c.items = c.items[:half]
	if l.beside.boxes {
		second.boxes, c.boxes = slices.Clone(c.boxes[half:]), c.boxes[:half]
	}
	if l.beside.keys {
		second.keys, c.keys = slices.Clone(c.keys[half:]), c.keys[:half]
	}
	l.chunks, l.fresh[second] = slices.Insert(l.chunks, i+1, second), true
	l.grow(i + 1)
}

// remove takes the feature at a place away.
func (l *list) remove(i, item int) {
	l.n--
	if len(l.chunks[i].items) == 1 {
		delete(l.fresh, l.chunks[i])
		l.chunks = slices.Delete(l.chunks, i, i+1)
		if l.beside.boxes {
			l.wholes = slices.Delete(l.wholes, i, i+1)
		}
		if l.beside.keys {
			l.heads = slices.Delete(l.heads, i, i+1)
		}
		return
	}
	c := l.own(i)
	c.reshaped()
	c.items = slices.Delete(c.items, item, item+1)
	if l.beside.boxes {
		c.boxes = slices.Delete(c.boxes, item, item+1)
	}
	if l.beside.keys {
		c.keys = slices.Delete(c.keys, item, item+1)
	}
	l.tell(i)
}

// memory is how many bytes the list takes.
func (l *list) memory() int64 {
	each := int64(unsafe.Sizeof(uint32(0)))
	if l.beside.boxes {
		each += int64(unsafe.Sizeof(box{}))
	}
	if l.beside.keys {
		each += int64(unsafe.Sizeof(key{}))
	}
	return int64(len(l.chunks))*int64(unsafe.Sizeof(chunk{})+unsafe.Sizeof(box{})+unsafe.Sizeof(id{})+8) + int64(l.n)*each*chunkMost/chunkFilled
}
