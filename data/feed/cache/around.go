package cache

import "runtime"

// Around hands on the numbers of the features of a query whose boxes meet its boxes, rounded outward, in the order of
// their [Place] and of park and id where that is the same: none where [Snapshot.Keeps] says no. Limit and After have no
// effect. asked has the form of each feature while it is handed on, and may be nil.
func (s *Snapshot) Around(q *Query, asked *Asked, do func(n uint32) error) (err error) {
	f, kept := s.filter(q)
	if !kept || f.nothing {
		return nil
	}
	var next [ahead]int
	waiting := 0
	handOn := func(c *chunk) {
		s.touch(c, asked, next[:waiting])
		for _, k := range next[:waiting] {
			if err == nil {
				if asked != nil {
					asked.at = k
				}
				err = do(c.items[k])
			}
		}
		waiting = 0
	}
	for i, whole := range f.byPlace.wholes {
		if err != nil {
			return err
		}
		if !f.near(whole) {
			continue
		}
		c := f.byPlace.chunks[i]
		asked.begin(c)
		f.inChunk(c, func(k int) {
			next[waiting] = k
			if waiting++; waiting == ahead {
				handOn(c)
			}
		})
		handOn(c)
		asked.end()
	}
	return err
}

// ahead is how many features Around reads from memory at once. They lie apart: read one by one, each would be waited
// for in turn, a sixth of the time of a large tile.
const ahead = 16

// touch reads a byte of each 64 that are drawn of features, given by where they stand in a chunk: none waits for
// another. Of what has a form, the shape is not drawn.
func (s *Snapshot) touch(c *chunk, asked *Asked, next []int) {
	var sum byte
	for _, k := range next {
		n := c.items[k]
		slab, r := s.slabs[n>>rowBits], s.row(n)
		at := int(r.start + r.feature)
		end := at + int(r.shape+r.tags)
		if asked.nth(k) != nil {
			at += int(r.shape)
		}
		for ; at < end; at += 64 {
			sum += slab.bytes[at]
		}
	}
	runtime.KeepAlive(sum)
}
