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

// list holds numbers of features in some order, cut into chunks, none of which is empty.
type list struct {
	chunks []*chunk
	wholes []box           // around each chunk's boxes, side by side, where the list has boxes
	fresh  map[*chunk]bool // of no snapshot: these may be changed
	boxed  bool            // whether chunks have boxes
	n      int
}

type chunk struct {
	items []uint32
	boxes []box // of the items, where the list has boxes
}

// order tells where a feature stands of the place that is looked for: below 0 before it.
type order func(n uint32) int

// build makes a list of numbers that are in order already.
func build(items []uint32, boxOf func(uint32) box) list {
	l := list{fresh: map[*chunk]bool{}, boxed: boxOf != nil, n: len(items)}
	for part := range slices.Chunk(items, chunkFilled) {
		c := &chunk{items: slices.Clone(part)}
		if l.boxed {
			for _, n := range part {
				c.boxes = append(c.boxes, boxOf(n))
			}
			l.wholes = append(l.wholes, c.whole())
		}
		l.chunks = append(l.chunks, c)
	}
	return l
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
	return list{chunks: slices.Clone(l.chunks), wholes: slices.Clone(l.wholes), boxed: l.boxed, n: l.n}
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

// own makes a chunk one that may be changed.
func (l *list) own(i int) *chunk {
	c := l.chunks[i]
	if !l.fresh[c] {
		c = &chunk{append(make([]uint32, 0, chunkMost+1), c.items...), slices.Clone(c.boxes)}
		l.chunks[i] = c
		l.fresh[c] = true
	}
	return c
}

// insert adds a feature before the place that at tells.
func (l *list) insert(at order, n uint32, b box) {
	l.n++
	i, item := l.find(at)
	if i == len(l.chunks) {
		if i == 0 {
			c := &chunk{}
			l.chunks, l.fresh[c] = append(l.chunks, c), true
			if l.boxed {
				l.wholes = append(l.wholes, nowhere)
			}
			i++
		}
		i--
		item = len(l.chunks[i].items)
	}
	c := l.own(i)
	c.items = slices.Insert(c.items, item, n)
	if l.boxed {
		c.boxes = slices.Insert(c.boxes, item, b)
		l.wholes[i] = l.wholes[i].around(b)
	}
	if len(c.items) > chunkMost {
		l.halve(i)
	}
}

func (l *list) halve(i int) {
	c, half := l.chunks[i], len(l.chunks[i].items)/2
	second := &chunk{items: slices.Clone(c.items[half:])}
	c.items = c.items[:half]
	if l.boxed {
		second.boxes, c.boxes = slices.Clone(c.boxes[half:]), c.boxes[:half]
		l.wholes[i] = c.whole()
		l.wholes = slices.Insert(l.wholes, i+1, second.whole())
	}
	l.chunks, l.fresh[second] = slices.Insert(l.chunks, i+1, second), true
}

// remove takes the feature at a place away.
func (l *list) remove(i, item int) {
	l.n--
	if len(l.chunks[i].items) == 1 {
		delete(l.fresh, l.chunks[i])
		l.chunks = slices.Delete(l.chunks, i, i+1)
		if l.boxed {
			l.wholes = slices.Delete(l.wholes, i, i+1)
		}
		return
	}
	c := l.own(i)
	c.items = slices.Delete(c.items, item, item+1)
	if l.boxed {
		c.boxes = slices.Delete(c.boxes, item, item+1)
		l.wholes[i] = c.whole()
	}
}

// memory is how many bytes the list takes.
func (l *list) memory() int64 {
	each := int64(unsafe.Sizeof(uint32(0)))
	if l.boxed {
		each += int64(unsafe.Sizeof(box{}))
	}
	return int64(len(l.chunks))*int64(unsafe.Sizeof(chunk{})+unsafe.Sizeof(box{})+8) + int64(l.n)*each*chunkMost/chunkFilled
}
