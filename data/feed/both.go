package feed

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"luodi/data/feed/cache"
	"luodi/data/store"
)

// Both is what is kept of parcels as members read them, at one state: the public's, and what members read otherwise in
// place of it or beside it. What members read of one feature beyond [agreed] is not kept: the database prints it.
type Both struct {
	public, apart *Kept
	twins         func() *twins
}

// twins tell which kept parcels stand for one another, by their numbers.
type twins struct {
	hidden bits // of the public's: those that members read otherwise
	alone  bits // of what members read otherwise: those that the public doesn't read at all
}

// bits is a set of small numbers.
type bits []uint64

func (b *bits) add(n uint32) {
	if at := int(n >> 6); at >= len(*b) {
		*b = append(*b, make([]uint64, at+1-len(*b))...)
	}
	(*b)[n>>6] |= 1 << (n & 63)
}

func (b bits) has(n uint32) bool { return int(n>>6) < len(b) && b[n>>6]&(1<<(n&63)) != 0 }

func (k *kept) findTwins() *twins {
	t := &twins{}
	public, mine := k.collections[parcels], k.collections[apart]
	if public == nil || mine == nil {
		return t
	}
	all, _ := mine.Find(&cache.Query{})
	for n := range all {
		if twin, found := public.ByID(mine.Key(n).ID); found {
			t.hidden.add(twin)
		} else {
			t.alone.add(n)
		}
	}
	return t
}

// Both returns what is kept of a members' collection, as [Cache.At] does; nil for others than parcels too.
func (c *Cache) Both(ctx context.Context, now store.State, of *Collection) *Both {
	if !of.member || of.key != parcels.key {
		return nil
	}
	k := c.at(ctx, now, parcels, apart)
	if k == nil {
		return nil
	}
	return &Both{k.of(parcels, c), k.of(apart, c), k.twins}
}

// Stands is the state at which it is.
func (b *Both) Stands() store.State { return b.public.State }

// Same is [Kept.Same] for members.
func (b *Both) Same(as store.State, box orb.Bound) bool {
	return b.public.Same(as, box) && b.apart.Same(as, box)
}

// Hit counts an answer that was given from memory.
func (b *Both) Hit() { b.public.Hit() }

// Holds reports whether a view sees the state that is kept, of the park that a query names or of all.
func (b *Both) Holds(ctx context.Context, v *View, q *Query) (bool, error) {
	if q.Park == "" {
		now, err := v.State(ctx)
		return err == nil && now.Stamp() == b.public.State.Stamp(), err
	}
	kept := b.public.Park(q.Park)
	park, err := v.Park(ctx, q.Park)
	if errors.Is(err, store.ErrNotFound) {
		return kept == nil, nil
	}
	return err == nil && kept != nil && park.Stamp() == kept.Stamp(), err
}

// bothAsk is a query in the words of both caches, with the filter that memory applies itself.
type bothAsk struct {
	public, apart *cache.Query
	state         int64
	passes        condition // nil: all do
}

// ask is nil where the database has to answer: for a past state, and for what members and the public may read otherwise
// of any parcel.
func (b *Both) ask(q *Query) *bothAsk {
	if q.When != (When{}) || q.ID != nil || q.Plane != nil || len(q.Search) > 0 {
		return nil
	}
	a, ok := &bothAsk{}, false
	if a.public, a.state, ok = b.public.askAs(q); !ok {
		return nil
	}
	if a.apart, _, ok = b.apart.askAs(q); !ok {
		return nil
	}
	if q.Filter != nil {
		if a.passes = q.Filter.inMemory(apart); a.passes == nil {
			return nil
		}
	}
	return a
}

// askAs puts the park, the box and the values of a members' query in the cache's words.
func (k *Kept) askAs(q *Query) (ask *cache.Query, state int64, ok bool) {
	as := &Query{Collection: k.collection, Park: q.Park, Box: q.Box}
	for _, e := range q.Equal {
		p := k.collection.Property(e.Property.Name)
		if p == nil || !slices.Contains(agreed, p.Name) {
			return nil, 0, false
		}
		as.Equal = append(as.Equal, Equal{p, e.Value})
	}
	if ask, state, ok = k.ask(as); ok {
		ok = k.features.Keeps(ask)
	}
	return ask, state, ok
}

// side is one of the two that are kept, as a member sees it.
type side struct {
	of   *cache.Snapshot
	sees func(n uint32) bool // whether the member reads this one
}

// sides are the public's features but those that the member reads otherwise, and these.
func (b *Both) sides(m *Member) (public, mine side) {
	theirs, own := b.public.features, b.apart.features
	hidden := b.twins().hidden
	public = side{theirs, func(n uint32) bool {
		return !hidden.has(n) || !m.sees(theirs.Key(n).Park)
	}}
	mine = side{own, func(n uint32) bool { return m.sees(own.Key(n).Park) }}
	return public, mine
}

// Draw is [Kept.Draw] for members.
func (b *Both) Draw(q *Query) Draw {
	a := b.ask(q)
	if a == nil {
		return nil
	}
	return func(to *Tile) error {
		public, mine := b.sides(q.Member)
		many, few := b.public.painter(to), &painter{of: mine.of, to: to, sees: mine.sees, passes: a.passes}
		many.sees, many.passes = public.sees, a.passes
		return paintBoth(many, few, a.public, a.apart)
	}
}

// Found is the page of a query that memory found, for the database to print: see [Query.Found].
type Found struct {
	keys []cache.Key
	more bool
}

// MayFind reports whether [Both.Find] is worth asking.
func (q *Query) MayFind() bool {
	return q.Limit > 0 && q.Skip+q.Limit <= listMost && q.Box == nil && q.ID == nil && q.When == (When{}) &&
		q.Plane == nil && len(q.Search) == 0
}

// Find finds the page of a query, and how many features there are on all pages: below 0 where that are too many to
// count, or where the query follows another. It is nil where the database has to find the page.
func (b *Both) Find(ctx context.Context, q *Query) (found *Found, matched int, err error) {
	if !q.MayFind() {
		return nil, 0, nil
	}
	a := b.ask(q)
	if a == nil || q.After != nil && q.After.State != a.state {
		return nil, 0, nil
	}
	var all []listed
	if a.passes == nil && len(q.Sort) == 0 {
		if all, matched = b.walk(q, a), -1; all == nil {
			return nil, 0, nil
		}
		if q.After == nil {
			matched = b.count(q, a)
		}
	} else {
		l := b.list(q, a)
		if l == nil {
			return nil, 0, nil
		}
		if all, matched, err = l.first(ctx); err != nil {
			return nil, 0, err
		}
		if q.After != nil || matched > countCap {
			matched = -1
		}
	}
	found = &Found{keys: []cache.Key{}}
	for _, one := range all[min(q.Skip, len(all)):] {
		found.keys = append(found.keys, one.key())
	}
	if len(found.keys) > q.Limit {
		found.more, found.keys = true, found.keys[:q.Limit]
	}
	return found, matched, nil
}

// walk is a page in the order of park and id, with what is skipped and one more; nil where memory ceased to keep what
// is asked for.
func (b *Both) walk(q *Query, a *bothAsk) []listed {
	public, mine := b.sides(q.Member)
	theirs, own := public.first(q, *a.public), mine.first(q, *a.apart)
	if theirs == nil || own == nil {
		return nil
	}
	all := append(theirs, own...)
	slices.SortFunc(all, listed.compareKey)
	return all
}

// first are the first features of one side; nil where they are not kept.
func (s side) first(q *Query, ask cache.Query) []listed {
	if q.After != nil {
		ask.After = &cache.Key{Park: q.After.Park, ID: q.After.ID}
	}
	found, kept := s.of.Find(&ask)
	if !kept {
		return nil
	}
	all := []listed{}
	for n := range found {
		if s.sees(n) {
			all = append(all, listed{n: n, of: s.of})
		}
		if len(all) > q.Skip+q.Limit {
			break
		}
	}
	return all
}

// count counts as [View.Count] does; below 0 where there are too many.
func (b *Both) count(q *Query, a *bothAsk) (n int) {
	public, mine := b.sides(q.Member)
	alone := b.twins().alone
	whole := len(a.public.Equal) == 0 // then only those count that the public doesn't read at all
	if whole {
		n, _ = public.of.Count(a.public, math.MaxInt)
	} else {
		found, kept := public.of.Find(a.public)
		if !kept {
			return -1
		}
		for one := range found {
			if public.sees(one) {
				n++
			}
			if n > countCap {
				return -1
			}
		}
	}
	found, kept := mine.of.Find(a.apart)
	if !kept {
		return -1
	}
	for one := range found {
		if n > countCap {
			return -1
		}
		if mine.sees(one) && (!whole || alone.has(one)) {
			n++
		}
	}
	if n > countCap {
		return -1
	}
	return n
}

// list prepares a query that filters or sorts; nil where the database has to sort.
func (b *Both) list(q *Query, a *bothAsk) *List {
	l := &List{query: q, state: a.state, passes: a.passes, keys: b.apart.sorting(q)}
	var ok bool
	if l.after, ok = l.keys.after(q); l.keys == nil || !ok {
		return nil
	}
	public, mine := b.sides(q.Member)
	if !l.add(public, a.public) || !l.add(mine, a.apart) {
		return nil
	}
	return l
}

// found narrows a query to the page that memory found, in the query's order.
func (q *Query) found() *Query {
	as := &Query{Collection: q.Collection, Park: q.Park, Sort: q.Sort, Select: q.Select, CRS: q.CRS, Offset: q.Offset,
		Member: q.Member, among: []uuid.UUID{}, amongParks: []uuid.UUID{}}
	for _, k := range q.Found.keys {
		as.among = append(as.among, k.ID)
		if !slices.Contains(as.amongParks, k.Park) {
			as.amongParks = append(as.amongParks, k.Park)
		}
	}
	return as
}
