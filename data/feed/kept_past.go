package feed

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"luodi/data/feed/cache"
	"luodi/data/store"
)

// A past moment, as map tiles ask for it again and again, is what is live and began before, and what has ended since:
// the ended versions alone are read from the database, once a moment, and brought up by what ends later.

// Bounds of the past moments that are kept. Together they take a quarter of the cache's memory at most, one of them
// half of that; a moment since when more has ended is left to the database.
const (
	pastsMost  = 16 // moments of collections
	pastsShare = 4
)

// pastKey names a moment of a collection.
type pastKey struct {
	of *Collection
	at time.Time
}

// pasts are the moments that were asked for last.
type pasts struct {
	mu    sync.Mutex
	all   map[pastKey]*moment
	order []pastKey // the one asked for longest ago first
	bytes int64     // of all
}

// moment holds the versions of a collection that held at a moment and have ended since, up to a state.
type moment struct {
	mu    sync.Mutex
	state store.State
	set   *cache.Set // nil: not read yet
	ended *cache.Snapshot
	full  bool  // there are too many
	bytes int64 // that it counts for in pasts
}

// errManyEnded ends the reading of a moment since when too much has ended.
var errManyEnded = errors.New("too much has ended since")

// find returns a moment, which makes room for itself.
func (p *pasts) find(key pastKey) *moment {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, known := range p.order {
		if known == key {
			p.order = append(append(p.order[:i:i], p.order[i+1:]...), key)
			return p.all[key]
		}
	}
	if p.all == nil {
		p.all = map[pastKey]*moment{}
	}
	m := &moment{}
	p.all[key], p.order = m, append(p.order, key)
	if len(p.order) > pastsMost {
		p.dropOldest()
	}
	return m
}

func (p *pasts) dropOldest() {
	p.bytes -= p.all[p.order[0]].bytes
	delete(p.all, p.order[0])
	p.order = p.order[1:]
}

// weigh counts what a moment takes, and drops those asked for longest ago until all have room.
func (p *pasts) weigh(key pastKey, m *moment, bytes, most int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.all[key] != m { // it was dropped meanwhile
		return
	}
	p.bytes += bytes - m.bytes
	m.bytes = bytes
	for p.bytes > most && len(p.order) > 1 && p.order[0] != key {
		p.dropOldest()
	}
}

// ended are the versions that held at a moment and have ended since, up to the state of what is kept; nil where the
// database has to answer.
func (k *Kept) ended(ctx context.Context, at time.Time) *cache.Snapshot {
	key := pastKey{k.collection, at.UTC()}
	m := k.cache.past.find(key)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.state.Era != k.State.Era {
		m.set, m.full = nil, false
	}
	switch {
	case m.full || m.set != nil && m.state.N > k.State.N:
		return nil
	case m.set != nil && (m.state.N == k.State.N || !k.trail.Stepped(m.state.N)):
		return m.ended
	}
	err := Of(k.cache.store).View(ctx, func(v *View) error { return v.bringMoment(ctx, m, k, at) })
	if err != nil {
		m.set, m.ended, m.full = nil, nil, errors.Is(err, errManyEnded)
		return nil
	}
	m.state, m.ended = k.State, m.set.Snapshot()
	k.cache.past.weigh(key, m, m.set.Memory(), k.cache.most/pastsShare)
	return m.ended
}

const (
	fromEndedSince = `%s f JOIN park_public k ON k.park_id = f.park_id
	WHERE f.to_seq IS NOT NULL AND f.sys @> $1::timestamptz`
	fromEndedBy = `unnest($2::uuid[], $3::bigint[]) c (park_id, seq) CROSS JOIN LATERAL (SELECT * FROM %s x
	WHERE x.to_seq = c.seq AND x.park_id = c.park_id AND x.sys @> $1::timestamptz OFFSET 0) f
	JOIN park_public k ON k.park_id = f.park_id`
)

// bringMoment brings a moment to the state of what is kept, which the view's is or comes after.
func (v *View) bringMoment(ctx context.Context, m *moment, k *Kept, at time.Time) error {
	since := int64(0)
	if m.set != nil {
		since = m.state.N
	}
	now, err := v.State(ctx)
	if err != nil {
		return err
	}
	if now.N < k.State.N {
		return errGoneBack
	}
	later, err := v.changes(ctx, k.State.N, now.N)
	if err != nil {
		return err
	}
	if m.set != nil {
		c, err := v.changes(ctx, since, k.State.N)
		if err != nil {
			return err
		}
		if len(c.itself) == 0 && len(later.itself) == 0 {
			return v.eachKept(ctx, k.collection, fmt.Sprintf(fromEndedBy, k.collection.table), []any{at, c.parks, c.seqs},
				m.set.Put)
		}
	}
	if len(later.of()) > 0 { // what ended after the state that is asked for would be told twice
		return errGoneBack
	}
	m.set = cache.New(len(layouts[k.collection].filters))
	n := 0
	err = v.eachKept(ctx, k.collection, fmt.Sprintf(fromEndedSince, k.collection.table), []any{at},
		func(f cache.Feature) error {
			if n++; n%looks == 0 && m.set.Memory() > k.cache.most/pastsShare/2 {
				return errManyEnded
			}
			return m.set.Add(f)
		})
	m.set.Build()
	return err
}

// pgMicros is the last microsecond that is not after a moment, as PostgreSQL counts them.
func pgMicros(at time.Time) int64 { return at.UnixMicro() - pgEpoch.UnixMicro() }
