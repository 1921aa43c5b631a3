package ogc

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"time"

	"github.com/paulmach/orb"

	"luodi/data/store"
)

// DefaultTiles is how many bytes of map tiles are kept unless told otherwise.
const DefaultTiles = 128 << 20

// Bounds of a tile that is kept, and of making one.
const (
	tileLeast = 512 // what an empty tile counts for, with its name
	makeMost  = 30 * time.Second
)

// tiles keeps map tiles as they are sent. A tile is as it was until something changes within its box: what changed is
// asked of [feed.Kept.Same], so that a change drops the tiles that it touches and no others, whichever process made it.
// Those asked for longest ago make room.
type tiles struct {
	mu    sync.Mutex
	kept  map[string]*list.Element // of *tileBody
	order list.List                // the one asked for last is in front
	bytes int64
	most  int64

	making map[string]*making
}

// tileBody is a tile as it is sent.
type tileBody struct {
	name     string
	tag      string
	encoding string // "" where compressing is not worth it
	body     []byte // of no bytes where nothing lies in the tile
	box      orb.Bound
	state    store.State // in which it was made, or a later one in which it is the same
}

func (t *tileBody) size() int64 { return int64(len(t.body) + len(t.name) + tileLeast) }

// making is a tile that is being made, for all who wait for it.
type making struct {
	done    chan struct{}
	body    *tileBody
	err     error
	waiting int                // who wait for it
	cancel  context.CancelFunc // ends the making
}

// TileStats is what is kept of map tiles.
type TileStats struct {
	Bytes, Most  int64
	Kept, Making int // tiles; those that nobody keeps are made without being counted
}

// Tiles reports it.
func (s *Service) Tiles() TileStats {
	t := &s.tiles
	t.mu.Lock()
	defer t.mu.Unlock()
	return TileStats{t.bytes, max(0, t.most), len(t.kept), len(t.making)}
}

// standing is what tiles are drawn from, at a state: it tells which tiles are as they were.
type standing interface {
	Stands() store.State
	Same(as store.State, box orb.Bound) bool
}

// find returns a tile that is as it is in the state of what is kept; nil where it has to be made.
func (t *tiles) find(name string, k standing) *tileBody {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := t.kept[name]
	if e == nil {
		return nil
	}
	body := e.Value.(*tileBody)
	switch {
	case body.state == k.Stands():
	case !k.Same(body.state, body.box):
		t.drop(e)
		return nil
	case k.Stands().N > body.state.N:
		later := *body // others may be sending it
		later.state = k.Stands()
		body = &later
		e.Value = body
	}
	t.order.MoveToFront(e)
	return body
}

func (t *tiles) drop(e *list.Element) {
	body := t.order.Remove(e).(*tileBody)
	delete(t.kept, body.name)
	t.bytes -= body.size()
}

func (t *tiles) keep(body *tileBody) {
	if body.size() > t.most/8 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if e := t.kept[body.name]; e != nil {
		if e.Value.(*tileBody).state.N > body.state.N {
			return
		}
		t.drop(e)
	}
	if t.kept == nil {
		t.kept = map[string]*list.Element{}
	}
	t.kept[body.name] = t.order.PushFront(body)
	for t.bytes += body.size(); t.bytes > t.most; {
		t.drop(t.order.Back())
	}
}

// make has a tile made once for all who ask for it in one state, and keeps it. The one who asks first makes it for all,
// also when it leaves meanwhile; when all have left, it is given up.
func (t *tiles) make(ctx context.Context, name string, k standing, draw func(context.Context) (*tileBody, error)) (
	*tileBody, error) {
	at := name + " at " + k.Stands().Stamp()
	m, work := t.join(ctx, at)
	defer context.AfterFunc(ctx, func() { t.leave(at, m) })()
	if work != nil {
		t.finish(work, name, at, m, draw)
	}
	select {
	case <-m.done:
		return m.body, m.err
	case <-ctx.Done():
		return nil, store.Translate("wait for a tile", ctx.Err())
	}
}

// join waits for a tile that is being made; work is the context in which the caller is to make it, nil where another
// does.
func (t *tiles) join(ctx context.Context, at string) (m *making, work context.Context) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if m = t.making[at]; m == nil {
		m = &making{done: make(chan struct{}), err: errUnmade}
		work, m.cancel = context.WithTimeout(context.WithoutCancel(ctx), makeMost)
		if t.making == nil {
			t.making = map[string]*making{}
		}
		t.making[at] = m
	}
	m.waiting++
	return m, work
}

// leave gives up a tile for which nobody waits any more: who asks for it later has it made anew.
func (t *tiles) leave(at string, m *making) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if m.waiting--; m.waiting == 0 {
		m.cancel()
		t.forget(at, m)
	}
}

func (t *tiles) forget(at string, m *making) {
	if t.making[at] == m {
		delete(t.making, at)
	}
}

// errUnmade is what waiters get where the making of a tile panicked.
var errUnmade = errors.New("the tile was not made")

func (t *tiles) finish(ctx context.Context, name, at string, m *making,
	draw func(context.Context) (*tileBody, error)) {
	defer func() {
		m.cancel()
		t.mu.Lock()
		t.forget(at, m)
		t.mu.Unlock()
		close(m.done)
	}()
	if m.body, m.err = draw(ctx); m.err == nil {
		m.body.name = name
		t.keep(m.body)
	}
}
