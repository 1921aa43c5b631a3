package stream

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// A reader of a long answer may hold its connection for long only while no other request waits for one. Otherwise it
// earns time for the bytes it took, at leastPerSecond, up to forgiven. That is less than the others wait, so that a
// few slow readers can't starve them.
const (
	leastPerSecond = 256 << 10
	forgiven       = 8 * time.Second
	lookEvery      = 500 * time.Millisecond
)

// ErrSlow: the reader took so little for so long that others could not wait any more.
var ErrSlow = errors.New("a slow reader was ended because others waited")

// pace watches how fast a reader takes an answer.
type pace struct {
	w      http.ResponseWriter
	wanted func() bool
	stop   chan struct{}

	mu     sync.Mutex
	since  time.Time     // when the piece under way was begun; zero between pieces
	credit time.Duration // how long the reader will be waited for
	ended  bool
}

func newPace(w http.ResponseWriter, wanted func() bool) *pace {
	p := &pace{w: w, wanted: wanted, stop: make(chan struct{}), credit: forgiven}
	go p.watch()
	return p
}

// close ends the watch.
func (p *pace) close() { close(p.stop) }

// watch aborts the current write of a reader that must make room: a reader that takes nothing would hold the
// connection for the whole stall limit.
func (p *pace) watch() {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-p.stop:
			return
		case <-tick.C:
		}
		p.mu.Lock()
		if !p.since.IsZero() && time.Since(p.since) > p.credit && p.wanted() {
			p.ended = true
			// a writer that knows no deadlines is asked again after the piece
			_ = http.NewResponseController(p.w).SetWriteDeadline(time.Now())
		}
		p.mu.Unlock()
	}
}

// Write sends a piece; ErrSlow where the reader must make room.
func (p *pace) Write(piece []byte) (int, error) {
	p.mu.Lock()
	p.since = time.Now()
	p.mu.Unlock()
	n, err := p.w.Write(piece)
	p.mu.Lock()
	defer p.mu.Unlock()
	took := time.Since(p.since)
	p.since = time.Time{}
	if p.ended {
		return n, fmt.Errorf("%w: it took %d KiB in %s", ErrSlow, n>>10, took.Round(time.Second))
	}
	p.credit = min(forgiven, p.credit-took+time.Duration(float64(n)/leastPerSecond*float64(time.Second)))
	return n, err
}
