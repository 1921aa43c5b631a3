package feed

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"luodi/data/feed/cache"
	"luodi/data/store"
)

// errGoneBack says that the database's history is not the one that the cache knows: it was restored.
var errGoneBack = errors.New("the database went back")

// bringUp waits until what is kept stands at a state or later; nil where that fails or takes too long.
func (c *Cache) bringUp(ctx context.Context, now store.State) *kept {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		k := c.now.Load()
		if k == nil || k.state.Era != now.Era || k.state.N >= now.N {
			return k
		}
		if ok, _ := c.join(ctx); !ok {
			return nil
		}
	}
}

// join waits for the bringing up that is under way, or for a new one. A caller for whom the one under way read too
// early joins again. What it does goes on when the caller leaves: others wait for it.
func (c *Cache) join(ctx context.Context) (ok bool, err error) {
	c.mu.Lock()
	r := c.round
	if r == nil {
		r = &round{done: make(chan struct{})}
		c.round = r
		go c.bring(r)
	}
	c.mu.Unlock()
	select {
	case <-r.done:
		return r.err == nil, r.err
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// bring makes one attempt. Where it fails, what is kept stays as it was, and a set that is half changed is not shown:
// the next attempt reads the same changes again, and those that came since.
func (c *Cache) bring(r *round) {
	ctx, cancel := context.WithTimeout(context.Background(), bringUpMost)
	defer cancel()
	c.writing.Lock()
	r.err = Of(c.store).View(ctx, func(v *View) error { return c.write(ctx, v) })
	if errors.Is(r.err, errGoneBack) || errors.Is(r.err, errRenamed) || errors.Is(r.err, store.ErrDamaged) ||
		errors.Is(r.err, context.DeadlineExceeded) { // so much changed that it is faster to load all again
		c.forget()
	}
	c.writing.Unlock()
	c.mu.Lock()
	c.round = nil
	c.mu.Unlock()
	close(r.done)
}

// forget gives up all that is kept.
func (c *Cache) forget() {
	c.now.Store(nil)
	c.weigh(0)
	clear(c.shelves)
	c.mu.Lock()
	c.arrived = nil
	c.mu.Unlock()
}

// drop gives up what is kept of an era that is over.
func (c *Cache) drop(era uint64) {
	c.writing.Lock()
	defer c.writing.Unlock()
	if k := c.now.Load(); k != nil && k.state.Era < era {
		c.forget()
	}
}

// bringing is a bringing up under way: it reads what changed since a state once for all shelves that stand at it.
type bringing struct {
	*View
	desk    *store.Store // whose planners' role reads what members read otherwise
	now     store.State
	changed map[int64]changes
}

// write brings every shelf, and those that arrived, to the state of a view.
func (c *Cache) write(ctx context.Context, v *View) error {
	now, err := v.State(ctx)
	if err != nil {
		return err
	}
	c.take()
	b := bringing{v, c.store, now, map[int64]changes{}}
	known, next := c.now.Load(), &kept{state: now, collections: map[*Collection]*cache.Snapshot{},
		trails: map[*Collection]*cache.Trail{}}
	if known != nil {
		next.state.Era = known.state.Era
	}
	for _, s := range c.shelves {
		next.state.Era = s.state.Era
		err := b.bringShelf(ctx, s)
		if errors.Is(err, errApart) {
			delete(c.shelves, s.collection)
			c.drops.Add(1)
			c.pause(s.collection, apartPause)
		} else if err != nil {
			return err
		}
	}
	if next.parks, err = b.bringParks(ctx, known); err != nil {
		return err
	}
	c.show(known, next)
	return nil
}

// show makes what was brought up what is kept, as far as there is room.
func (c *Cache) show(known, next *kept) {
	total := int64(0)
	same := known != nil // whether all is as it was
	for _, of := range c.inOrder() {
		s := c.shelves[of]
		if total += s.Memory(); total > c.most {
			total -= s.Memory()
			c.giveUp(of)
			continue
		}
		if known == nil || s.shown == nil || known.collections[of] != s.shown || s.trail.Stepped(known.state.N) {
			s.shown, same = s.Snapshot(), same && of != parcels && of != apart
		}
		next.collections[of] = s.shown
		s.state, next.trails[of] = next.state, s.trail
	}
	if next.twins = sync.OnceValue(next.findTwins); same {
		next.twins = known.twins
	}
	c.weigh(total)
	c.now.Store(next)
	c.store.Saw(next.state)
}

// inOrder lists the collections on the shelves: the public's have room first.
func (c *Cache) inOrder() []*Collection {
	return slices.SortedFunc(maps.Keys(c.shelves), func(a, b *Collection) int {
		switch {
		case a.desk == b.desk:
			return strings.Compare(a.ID, b.ID)
		case a.desk:
			return 1
		}
		return -1
	})
}

func (c *Cache) weigh(bytes int64) {
	if c.bytes.Swap(bytes) != bytes && c.tell != nil {
		c.tell(bytes)
	}
}

// take puts what was loaded on its shelf. What was loaded in another era than the rest is not taken.
func (c *Cache) take() {
	c.mu.Lock()
	arrived := c.arrived
	c.arrived = nil
	c.mu.Unlock()
	known := c.now.Load()
	for _, s := range arrived {
		if known == nil || known.state.Era == s.state.Era {
			c.shelves[s.collection] = s
		}
	}
}

func (c *Cache) giveUp(of *Collection) {
	delete(c.shelves, of)
	c.refusals.Add(1)
	c.pause(of, tryAgain)
}

// pause has a collection not be loaded again for a while.
func (c *Cache) pause(of *Collection, lasts time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r := c.rooms[of]; r != nil {
		r.not = time.Now().Add(lasts)
	}
}

const sqlWasState = `SELECT count(*) > 0 FROM state_change WHERE n = $1 AND at = $2`

// since reads what changed since a state, if that is one of this database.
func (b *bringing) since(ctx context.Context, then store.State) (changes, error) {
	known, read := b.changed[then.N]
	if read {
		return known, nil
	}
	if err := b.sameHistory(ctx, then); err != nil {
		return known, err
	}
	fresh, err := b.changes(ctx, then.N, b.now.N)
	b.changed[then.N] = fresh
	return fresh, err
}

func (b *bringing) sameHistory(ctx context.Context, then store.State) error {
	switch {
	case then.N > b.now.N || then.N == b.now.N && then.Stamp() != b.now.Stamp():
		return errGoneBack
	case then.N == 0 || then.N == b.now.N:
		return nil
	}
	var was bool
	if err := b.Tx.QueryRow(ctx, sqlWasState, then.N, then.At).Scan(&was); err != nil {
		return store.Translate("look back", err)
	}
	if !was {
		return errGoneBack
	}
	return nil
}

// bringShelf brings one shelf up.
func (b *bringing) bringShelf(ctx context.Context, s *shelf) error {
	changed, err := b.since(ctx, s.state)
	if err != nil {
		return err
	}
	bring := b.reshelve
	if s.collection.desk {
		bring = b.bringApart
	}
	if err := bring(ctx, s, changed); err != nil {
		return err
	}
	if len(changed.itself) > 0 { // a park that is told otherwise may be told otherwise in the past too
		s.trail = cache.NewTrail(b.now.N)
	}
	s.trail = s.trail.Step(b.now.N, s.Set)
	return nil
}

// bringParks brings the clocks up. A park that has another code is printed by features that did not change: all are
// read anew.
func (b *bringing) bringParks(ctx context.Context, known *kept) (*parkTable, error) {
	if known == nil {
		all, err := b.clocks(ctx, sqlAllClocks)
		first, _ := (&parkTable{byCode: map[string]int{}, byUUID: map[uuid.UUID]int{}}).with(all)
		return first, err
	}
	changed, err := b.since(ctx, known.state)
	if err != nil || len(changed.of()) == 0 {
		return known.parks, err
	}
	parks, err := b.clocks(ctx, sqlClocks, changed.of())
	if err != nil {
		return nil, err
	}
	next, renamed := known.parks.with(parks)
	if renamed {
		return nil, errRenamed
	}
	return next, nil
}

var errRenamed = errors.New("a park has another code")
