package api

import (
	"context"
	"fmt"
	"strconv"
	"sync"

	"luodi/data/content"
	"luodi/data/store"
	"luodi/geo"
)

const (
	smallerQueue = 64       // wait for their turn; the rest are told to come back
	smallerKept  = 16 << 20 // bytes of them that are kept
	smallerAs    = "2"      // raised where another version draws them otherwise: it stands in their tags
)

// smallerName names a smaller size by the content that it is of. What a reader may see was looked at before.
type smallerName struct {
	hash  string
	width int
}

// tag is the ETag of a size; of the file itself its hash.
func (n smallerName) tag() string {
	if n.width == 0 {
		return `"` + n.hash + `"`
	}
	return `"` + n.hash + "-" + strconv.Itoa(n.width) + "." + smallerAs + `"`
}

type smallerPicture struct {
	mediaType string
	bytes     []byte
}

// smaller makes smaller sizes of pictures, one at a time, so that no more than one is whole in memory, and keeps the last
// of them.
type smaller struct {
	turn, queue chan struct{}

	mu    sync.Mutex
	kept  map[smallerName]smallerPicture
	order []smallerName // of those in kept, the oldest first
	bytes int
}

func newSmaller() *smaller {
	return &smaller{turn: make(chan struct{}, 1), queue: make(chan struct{}, 1+smallerQueue),
		kept: map[smallerName]smallerPicture{}}
}

// find is what is kept under a name.
func (s *smaller) find(name smallerName) (p smallerPicture, found bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, found = s.kept[name]
	return p, found
}

func (s *smaller) keep(name smallerName, p smallerPicture) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, found := s.kept[name]; found || len(p.bytes) > smallerKept/4 {
		return
	}
	s.kept[name], s.order, s.bytes = p, append(s.order, name), s.bytes+len(p.bytes)
	for s.bytes > smallerKept {
		s.bytes -= len(s.kept[s.order[0]].bytes)
		delete(s.kept, s.order[0])
		s.order = s.order[1:]
	}
}

// make draws a picture in its turn, before which its file isn't read: who waits holds no bytes. What another has drawn
// meanwhile is taken.
func (s *smaller) make(ctx context.Context, name smallerName, read func() ([]byte, error)) (p smallerPicture, err error) {
	select {
	case s.queue <- struct{}{}:
		defer func() { <-s.queue }()
	default:
		return p, fmt.Errorf("%w: %d pictures wait", store.ErrUnavailable, cap(s.queue))
	}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return p, ctx.Err()
	}
	if p, found := s.find(name); found {
		return p, nil
	}
	raw, err := read()
	if err != nil {
		return p, err
	}
	if p.bytes, p.mediaType, err = content.Smaller(raw, name.width); err == nil {
		s.keep(name, p)
	}
	return p, err
}

// noWidth refuses a width that none is made in.
func noWidth(width string) error {
	return geo.NewInvalid("width", "file.widths", width, "widths", fmt.Sprintf("%d, %d, %d", content.Widths[0],
		content.Widths[1], content.Widths[2]))
}

// widthOf reads the parameter width; 0 where it isn't given.
func widthOf(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	for _, width := range content.Widths {
		if text == strconv.Itoa(width) {
			return width, nil
		}
	}
	return 0, noWidth(text)
}
