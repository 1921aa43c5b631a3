package ogc

import (
	"container/list"
	"net/http"
	"strings"
	"sync"

	"luodi/api/stream"
)

// Bounds of the bodies that are kept by their tag.
const (
	bodiesMost = 64 << 20 // bytes of all
	bodyMost   = 4 << 20  // bytes of one
	askedMost  = 8192     // tags of bodies that were asked for once
)

// bodies keeps whole answers that were asked for more than once, by their tag and the encoding in which they are sent:
// an answer that is kept is not compressed again. A tag names the state, so a body can't be stale: a later state has
// another tag, and those asked for longest ago make room.
type bodies struct {
	mu    sync.Mutex
	kept  map[string]*list.Element // of keptBody
	order list.List                // the one asked for last is in front
	bytes int

	asked map[string]bool
	ring  []string // of asked, in the order they came
	next  int
}

// keptBody is a body as it is sent.
type keptBody struct {
	tag      string // of the answer with the encoding that was asked for
	encoding string // "" where compressing is not worth it
	body     []byte
}

// tagIn is the tag of an answer in an encoding, "" for none.
func tagIn(tag, encoding string) string {
	if encoding == "" {
		return tag
	}
	return strings.TrimSuffix(tag, `"`) + "-" + encoding + `"`
}

// find returns the body of a tag in an encoding; nil when it is not kept. again: it was asked for before, so it is
// worth keeping.
func (b *bodies) find(tag, encoding string) (body *keptBody, again bool) {
	tag = tagIn(tag, encoding)
	b.mu.Lock()
	defer b.mu.Unlock()
	if e := b.kept[tag]; e != nil {
		b.order.MoveToFront(e)
		return e.Value.(*keptBody), true
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

// keep keeps a body for those who ask for it in an encoding, and returns it as it is sent.
func (b *bodies) keep(tag, encoding, mediaType string, body []byte) *keptBody {
	made := &keptBody{tag: tagIn(tag, encoding), body: body}
	if encoded := stream.Encoded(encoding, mediaType, body); encoded != nil {
		made.encoding, made.body = encoding, encoded
	}
	if len(made.body) > bodyMost {
		return made
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.kept[made.tag] != nil {
		return made
	}
	if b.kept == nil {
		b.kept = map[string]*list.Element{}
	}
	b.kept[made.tag] = b.order.PushFront(made)
	for b.bytes += len(made.body); b.bytes > bodiesMost; {
		last := b.order.Remove(b.order.Back()).(*keptBody)
		delete(b.kept, last.tag)
		b.bytes -= len(last.body)
	}
	return made
}

// send sends the body of an answer whose headers are set but for what the encoding changes.
func (k *keptBody) send(w http.ResponseWriter, r *http.Request) {
	if k.encoding != "" {
		w.Header().Set("Content-Encoding", k.encoding)
		w.Header().Set("ETag", k.tag)
	}
	writeBody(w, r, k.body)
}
