package auth

import (
	"container/list"
	"net/netip"
	"sync"
	"time"
)

// limiter is a bucket of attempts a key, refilled steadily, in bounded memory: a key whose bucket is full again is
// forgotten, and of the keys it can't hold the one asked for longest ago. Each process has its own.
type limiter struct {
	burst int           // attempts at once
	every time.Duration // until one more
	most  int           // keys held
	now   func() time.Time

	mu    sync.Mutex
	byKey map[string]*list.Element
	order *list.List // of *bucket, the newest first
}

type bucket struct {
	key   string
	spent time.Duration // of burst × every
	at    time.Time     // when that was so
}

func newLimiter(burst int, every time.Duration) *limiter {
	return &limiter{burst: burst, every: every, most: 1 << 14, now: time.Now, byKey: map[string]*list.Element{},
		order: list.New()}
}

// take counts an attempt. When the bucket is empty it returns how long to wait for the next; 0 lets pass.
func (l *limiter) take(key string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.bucket(key)
	if over := b.spent + l.every - time.Duration(l.burst)*l.every; over > 0 {
		return over
	}
	b.spent += l.every
	return 0
}

// line counts an attempt that waits for its turn, one each time: how long to wait, and whether there is room in the
// line.
func (l *limiter) line(key string) (wait time.Duration, room bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.bucket(key)
	wait = b.spent
	if wait+l.every > time.Duration(l.burst)*l.every {
		return l.every, false
	}
	b.spent += l.every
	return wait, true
}

// forgive gives an attempt back: it succeeded.
func (l *limiter) forgive(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.bucket(key)
	b.spent = max(0, b.spent-l.every)
}

func (l *limiter) bucket(key string) *bucket {
	now := l.now()
	for last := l.order.Back(); last != nil && last.Value.(*bucket).full(now); last = l.order.Back() {
		l.drop(last) // it says nothing any more but that somebody was here
	}
	if found, ok := l.byKey[key]; ok {
		l.order.MoveToFront(found)
		b := found.Value.(*bucket)
		b.spent, b.at = max(0, b.spent-now.Sub(b.at)), now
		return b
	}
	if l.order.Len() >= l.most {
		l.drop(l.order.Back())
	}
	b := &bucket{key: key, at: now}
	l.byKey[key] = l.order.PushFront(b)
	return b
}

// full reports whether nothing is spent any more.
func (b *bucket) full(now time.Time) bool { return b.spent <= now.Sub(b.at) }

func (l *limiter) drop(e *list.Element) {
	delete(l.byKey, e.Value.(*bucket).key)
	l.order.Remove(e)
}

// network is the part of an address that one caller commands: an IPv4 address, or the /64 that a household or a server
// is given of IPv6.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return "?"
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	prefix, err := ip.Prefix(64)
	if err != nil {
		return "?"
	}
	return prefix.String()
}
