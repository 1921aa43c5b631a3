package ogc

import (
	"container/list"
	"sync"
)

// Bounds of the bodies that are kept by their tag.
const (
	bodiesMost = 64 << 20 // bytes of all
	bodyMost   = 4 << 20  // bytes of one
	askedMost  = 8192     // tags of bodies that were asked for once
)

// bodies keeps whole answers that were asked for more than once, by their tag. A tag names the state, so a body can't
// be stale: a later state has another tag, and those asked for longest ago make room.
type bodies struct {
	mu    sync.Mutex
	kept  map[string]*list.Element // of keptBody
	order list.List                // the one asked for last is in front
	bytes int

	asked map[string]bool
	ring  []string // of asked, in the order they came
	next  int
}

type keptBody struct {
	tag  string
	body []byte
}

// find returns the body of a tag; nil when it is not kept. again: it was asked for before, so it is worth keeping.
func (b *bodies) find(tag string) (body []byte, again bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if e := b.kept[tag]; e != nil {
		b.order.MoveToFront(e)
		return e.Value.(keptBody).body, true
	}
	if b.asked[tag] {
		return nil, true
	}
	if b.asked == nil {
		b.asked, b.ring = map[string]bool{}, make([]string, askedMost)
	}
	delete(b.asked, b.ring[b.next])
	b.asked[tag], b.ring[b.next] = true, tag
	b.next = (b.next + 1) % askedMost
	return nil, false
}

// keep keeps a body.
func (b *bodies) keep(tag string, body []byte) {
	if len(body) > bodyMost {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.kept[tag] != nil {
		return
	}
	if b.kept == nil {
		b.kept = map[string]*list.Element{}
	}
	b.kept[tag] = b.order.PushFront(keptBody{tag, body})
	for b.bytes += len(body); b.bytes > bodiesMost; {
		last := b.order.Remove(b.order.Back()).(keptBody)
		delete(b.kept, last.tag)
		b.bytes -= len(last.body)
	}
}
