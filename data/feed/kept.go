package feed

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"luodi/data/feed/cache"
	"luodi/data/store"
)

// DefaultMemory is how many bytes of encoded features a [Cache] keeps unless told otherwise: 1,400,000 parcels or so.
const DefaultMemory = 2 << 30

// formsShare is how much more a [Cache] takes for forms of features on map tiles, as a share.
const formsShare = 8

// Bounds of waiting. A reader who waits longer than patience for what changed is answered by the database. A collection
// that found no room is tried again after a while.
const (
	patience    = 2 * time.Second
	bringUpMost = 30 * time.Second
	loadMost    = 10 * time.Minute
	tryAgain    = time.Hour
)

// Cache keeps the live public features of collections encoded in memory, at exact states of the database. A collection
// is loaded in the background when it is first asked for, and brought up by what changed since whenever a reader asks
// for a later state. Whatever the cache doesn't hold, readers get from the database.
type Cache struct {
	store *store.Store
	most  int64       // bytes
	tell  func(int64) // is told how many bytes are kept, when that changes; nil: nobody
	both  bool        // whether what members read otherwise is loaded with the public's parcels

	now atomic.Pointer[kept] // nil: nothing is kept

	mu      sync.Mutex
	rooms   map[*Collection]*room
	arrived []*shelf // loaded, not brought up yet
	round   *round   // what brings up now; nil: nothing

	past  pasts
	forms *cache.Forms // of features on map tiles

	writing sync.Mutex // of shelves and now
	shelves map[*Collection]*shelf

	bytewise                             atomic.Bool // whether the database orders texts by their bytes
	hits, misses, loads, refusals, drops atomic.Int64
	bytes                                atomic.Int64
}

// room says how it stands with a collection that was asked for.
type room struct {
	loading bool
	not     time.Time // it is not loaded again before; zero: it may be
}

// shelf is a collection's set, which stands at a state.
type shelf struct {
	*cache.Set
	collection *Collection
	state      store.State
	trail      *cache.Trail    // of what changed since it was loaded
	shown      *cache.Snapshot // what readers have of it; nil: nothing yet
}

// round is one bringing up, for all who wait for it.
type round struct {
	done chan struct{}
	err  error
}

// kept is all that is kept at one state. It never changes.
type kept struct {
	state       store.State
	parks       *parkTable
	collections map[*Collection]*cache.Snapshot
	trails      map[*Collection]*cache.Trail
	twins       func() *twins
}

// NewCache makes a cache of at most so many bytes; 0 means [DefaultMemory], less that nothing is kept. Past moments and
// forms on map tiles take up to a quarter and an eighth more.
func NewCache(s *store.Store, most int64) *Cache {
	if most == 0 {
		most = DefaultMemory
	}
	most = max(0, most)
	return &Cache{store: s, most: most, forms: cache.NewForms(most / formsShare), rooms: map[*Collection]*room{},
		shelves: map[*Collection]*shelf{}}
}

// Tell has a function told how many bytes are kept, whenever that changes. It is called before the cache is used.
func (c *Cache) Tell(size func(bytes int64)) { c.tell = size }

// LoadBoth has what members read otherwise loaded after the public's parcels, so that it is there when the first member
// asks. It is called before the cache is used.
func (c *Cache) LoadBoth() { c.both = true }

// CacheStats is what a [Cache] holds and what came of the questions to it.
type CacheStats struct {
	Bytes, Most  int64
	Forms        int64 // bytes, besides: how features are drawn on map tiles
	Features     int   // of the public's
	Apart        int   // what members read otherwise, see [Both]
	Hits, Misses int64 // answers from memory, and those left to the database
	Loads        int64 // how often a collection of the public's was read whole
	Refusals     int64 // how often one found no room
	Drops        int64 // how often what members read otherwise could not be brought up, and is read anew
}

// Stats reports them.
func (c *Cache) Stats() CacheStats {
	s := CacheStats{Bytes: c.bytes.Load(), Most: c.most, Forms: c.forms.Memory(), Hits: c.hits.Load(),
		Misses: c.misses.Load(), Loads: c.loads.Load(), Refusals: c.refusals.Load(), Drops: c.drops.Load()}
	if k := c.now.Load(); k != nil {
		for of, snapshot := range k.collections {
			if of.desk {
				s.Apart += snapshot.Len()
			} else {
				s.Features += snapshot.Len()
			}
		}
	}
	return s
}

// Kept is a collection as it is kept at one state: see [Cache.At].
type Kept struct {
	State      store.State
	collection *Collection
	parks      *parkTable
	features   *cache.Snapshot
	trail      *cache.Trail
	cache      *Cache
}

// At returns a collection at a state that [store.Store.Now] gave, or at a later one; nil where the database has to
// answer: the collection is not loaded yet, has no room, or could not be brought up in time.
func (c *Cache) At(ctx context.Context, now store.State, of *Collection) *Kept {
	k := c.at(ctx, now, of)
	if k == nil {
		return nil
	}
	return k.of(of, c)
}

// at is what is kept at a state or a later one, with all of some collections; nil where one of them is missing.
func (c *Cache) at(ctx context.Context, now store.State, all ...*Collection) *kept {
	if c.most == 0 {
		return nil
	}
	k := c.now.Load()
	if k != nil && k.state.Era < now.Era {
		c.drop(now.Era)
	}
	missing := false
	for _, of := range all {
		if missing = k == nil || k.state.Era != now.Era || k.collections[of] == nil; missing {
			c.want(context.Background(), of, now) // what members read otherwise serves nobody without the public's: it comes after that
			break
		}
	}
	if !missing && k.state.N < now.N {
		k = c.bringUp(ctx, now)
		missing = k == nil || slices.ContainsFunc(all, func(of *Collection) bool { return k.collections[of] == nil })
	}
	if missing {
		c.misses.Add(1)
		return nil
	}
	return k
}

// of is what is kept of one of the collections.
func (k *kept) of(of *Collection, c *Cache) *Kept {
	return &Kept{k.state, of, k.parks, k.collections[of], k.trails[of], c}
}

// Stands is the state at which it is.
func (k *Kept) Stands() store.State { return k.State }

// Same reports whether the features whose boxes meet a box are, whatever their history, those of an earlier state. It
// may say no where they are.
func (k *Kept) Same(as store.State, box orb.Bound) bool {
	return as.Era == k.State.Era && !k.trail.Touched(as.N, box)
}

// Hit counts an answer that was given from memory, Miss one that was left to the database.
func (k *Kept) Hit()  { k.cache.hits.Add(1) }
func (k *Kept) Miss() { k.cache.misses.Add(1) }

// Park finds a park by its code; nil when there is none.
func (k *Kept) Park(code string) *store.ParkState { return k.parks.find(code) }

// Feature finds a feature by its id: its GeoJSON, which is shared, and its park. It is nil where there is none.
func (k *Kept) Feature(id uuid.UUID) ([]byte, *store.ParkState) {
	n, found := k.features.ByID(id)
	if !found {
		return nil, nil
	}
	park := k.parks.byID(k.features.Key(n).Park)
	if park == nil {
		return nil, nil
	}
	return k.features.Feature(n), park
}

// Page is what is kept of the features of a query.
type Page struct {
	More  bool // the limit and not the data ended the features
	state int64
	found []uint32
	of    *cache.Snapshot
	keys  sortKeys // of a page that is sorted
}

// Page finds the features of a query; nil where the database has to find them: the query asks for a past state, for a
// property that is not kept, or for a box without width or height.
func (k *Kept) Page(q *Query) *Page {
	ask, state, ok := k.ask(q)
	if !ok {
		return nil
	}
	if q.After != nil && q.After.State != state {
		return nil
	}
	found, ok := k.features.Find(ask)
	if !ok {
		return nil
	}
	p := &Page{state: state, of: k.features}
	if q.Limit > 0 {
		p.found = make([]uint32, 0, min(q.Limit+1, 1024))
	}
	for n := range found {
		p.found = append(p.found, n)
	}
	if q.Limit > 0 && len(p.found) > q.Limit {
		p.More, p.found = true, p.found[:q.Limit]
	}
	return p
}

// Count counts as [View.Count] does.
func (k *Kept) Count(q *Query) (n int, ok bool) {
	ask, _, ok := k.ask(q)
	if !ok {
		return 0, false
	}
	return k.features.Count(ask, countCap)
}

// ask puts a query in the cache's words, with the number of the state that its cursors name.
func (k *Kept) ask(q *Query) (ask *cache.Query, state int64, ok bool) {
	if q.Collection != k.collection || q.When != (When{}) || q.ID != nil || !q.Plain() {
		return nil, 0, false
	}
	ask, state = &cache.Query{Limit: q.Limit}, k.State.N
	if q.Park != "" {
		park := k.parks.find(q.Park)
		if park == nil {
			return nil, 0, false
		}
		ask.Park, state = &park.ID, park.Seq
	}
	if q.Box != nil {
		ask.Boxes = q.Box.Bounds()
		for _, b := range ask.Boxes {
			if !(b.Min[0] < b.Max[0] && b.Min[1] < b.Max[1]) {
				return nil, 0, false
			}
		}
	}
	for _, e := range q.Equal {
		at := layouts[q.Collection].filterOf(e.Property)
		if at < 0 {
			return nil, 0, false
		}
		ask.Equal = append(ask.Equal, cache.Equal{Property: at, Value: e.Value})
	}
	if q.After != nil {
		ask.After = &cache.Key{Park: q.After.Park, ID: q.After.ID}
	}
	return ask, state, true
}

// Len is how many features the page has, Size how many bytes they take with two between each.
func (p *Page) Len() int { return len(p.found) }

// Size is how many bytes the features take, with a comma and a line's end between each two.
func (p *Page) Size() int {
	size := 2 * max(0, len(p.found)-1)
	for _, n := range p.found {
		size += len(p.of.Feature(n))
	}
	return size
}

// Append appends the i-th feature, after a comma and a line's end unless it is the first.
func (p *Page) Append(dst []byte, i int) []byte {
	if i > 0 {
		dst = append(dst, ',', '\n')
	}
	return append(dst, p.of.Feature(p.found[i])...)
}

// Position is the cursor of the page's last feature.
func (p *Page) Position() Position {
	n := p.found[len(p.found)-1]
	last := p.of.Key(n)
	return Position{Park: last.Park, ID: last.ID, State: p.state, Sort: p.keys.texts(p.of.Feature(n))}
}
