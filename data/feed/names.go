package feed

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"luodi/data/feed/name"
	"luodi/data/store"
)

// DefaultNameMemory is how many bytes of names a [Finder] keeps unless told otherwise: those of about three million
// parcels.
const DefaultNameMemory = 512 << 20

// mostRecords is how many records of a park are followed one by one; after more its names are read anew.
const mostRecords = 500

// Finder keeps what the things of parks are called in memory, as the public and as members read them, each read in the
// reader's own role. Before each answer the names of the parks that are searched are brought up to the state of the
// reader's snapshot, by what changed. What is found is then read from the database in that snapshot: the database alone
// says what a reader may see.
type Finder struct {
	// Most is how many bytes are kept at most. Set it before use.
	Most int64

	words name.Vocabulary

	reading chan struct{} // holds a token while somebody reads names: others find that work done
	mu      sync.Mutex
	kept    map[namesKey]*parkNames
	bytes   int64
	asks    uint64
	era     uint64
	parks   *parkTable // as of the state known
	known   store.State
}

// namesKey is a park as members or the public read it.
type namesKey struct {
	park  uuid.UUID
	desk  bool
	shops bool // its workshops, which are not under the park's clock
}

// parkNames are the names of a park at a state of it.
type parkNames struct {
	index *name.Index
	n     int64 // the state of the database in which they were read
	seq   int64
	at    *time.Time // of workshops the half hour
	mark  int64
	bytes int64
	asked uint64
}

// NewFinder makes a Finder that keeps nothing yet, and knows the statuses of parcels by these names.
func NewFinder(statuses map[string][]string) *Finder {
	return &Finder{Most: DefaultNameMemory, words: name.NewVocabulary(statuses), kept: map[namesKey]*parkNames{},
		reading: make(chan struct{}, 1)}
}

// LoadAhead reads names before anybody searches, park by park: the public's, then the members', until half of the memory
// is taken. What is not read by then is read when it is searched. It ends with the context.
func (f *Finder) LoadAhead(ctx context.Context, s *store.Store) error {
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	f.begin(now.Era)
	return cmp.Or(f.loadAll(ctx, Of(s).View, nil), f.loadAll(ctx, Of(s).Desk, &Member{Every: true}))
}

// loadAll reads the names of every park as one kind of reader has them, each in a view of its own: who searches
// meanwhile waits for one park at most.
func (f *Finder) loadAll(ctx context.Context, view func(context.Context, func(*View) error) error,
	member *Member) error {
	var parks []scope
	err := view(ctx, func(v *View) (err error) {
		parks, err = f.scopes(ctx, v, member, "")
		return err
	})
	for _, park := range parks {
		if err != nil || f.Memory().Bytes >= f.Memory().Most/2 {
			break
		}
		err = view(ctx, func(v *View) error {
			now, err := f.scopes(ctx, v, member, park.state.Code)
			if err == nil {
				_, err = f.indexes(ctx, v, now)
			}
			return err
		})
		if errors.Is(err, store.ErrNotFound) { // it has another code by now
			err = nil
		}
	}
	return err
}

// NameMemory is the memory use of a [Finder].
type NameMemory struct {
	Bytes, Most int64
	Parks       int // each counted once for the public and once for members
}

// Memory reports the memory in use.
func (f *Finder) Memory() NameMemory {
	f.mu.Lock()
	defer f.mu.Unlock()
	memory := NameMemory{Bytes: f.bytes, Most: f.Most}
	for key := range f.kept {
		if !key.shops {
			memory.Parks++
		}
	}
	return memory
}

// read lets one at a time read from the database what is to be kept. Whoever needs nothing read does not wait.
func (f *Finder) read(ctx context.Context, do func() error) error {
	select {
	case f.reading <- struct{}{}:
	case <-ctx.Done():
		return store.Translate("read names", ctx.Err())
	}
	defer func() { <-f.reading }()
	return do()
}

// scope is a park that is searched.
type scope struct {
	namesKey
	state *store.ParkState
}

// scopes lists the parks that a search looks at, as its reader sees them.
func (f *Finder) scopes(ctx context.Context, v *View, member *Member, park string) ([]scope, error) {
	if park != "" {
		state, err := v.Park(ctx, park)
		if err != nil {
			return nil, err
		}
		return []scope{{namesKey{park: state.ID, desk: member.sees(state.ID)}, state}}, nil
	}
	table, err := f.allParks(ctx, v)
	if err != nil {
		return nil, err
	}
	all := make([]scope, len(table.all))
	for i, state := range table.all {
		all[i] = scope{namesKey{park: state.ID, desk: member.sees(state.ID)}, state}
	}
	slices.SortFunc(all, func(a, b scope) int { return cmp.Compare(a.state.Code, b.state.Code) })
	return all, nil
}

// sees reports whether a member reads the planners' rows of a park.
func (m *Member) sees(park uuid.UUID) bool {
	return m != nil && (m.Every || slices.Contains(m.Parks, park))
}

// allParks is every park in the state of a view. What is known of them is brought up by what changed.
func (f *Finder) allParks(ctx context.Context, v *View) (table *parkTable, err error) {
	now, err := v.State(ctx)
	if err != nil {
		return nil, err
	}
	if table = f.parksAt(now); table != nil {
		return table, nil
	}
	err = f.read(ctx, func() error {
		if table = f.parksAt(now); table != nil {
			return nil
		}
		parks, known := f.knownParks()
		if table, err = v.parksAfter(ctx, parks, known, now); err != nil || known.N > now.N {
			return err
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		f.parks, f.known = table, now
		return nil
	})
	return table, err
}

// parksAt is what is known of parks, if that is of a state; else nil.
func (f *Finder) parksAt(now store.State) *parkTable {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.parks != nil && f.known.N == now.N && f.known.Stamp() == now.Stamp() {
		return f.parks
	}
	return nil
}

func (f *Finder) knownParks() (*parkTable, store.State) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.parks, f.known
}

// parksAfter is what is known of parks with what changed since; or all anew where that is of a later state, which
// another reader has seen, or of another history.
func (v *View) parksAfter(ctx context.Context, parks *parkTable, known, now store.State) (*parkTable, error) {
	if parks == nil || known.N > now.N {
		return v.everyPark(ctx)
	}
	b := bringing{View: v, now: now, changed: map[int64]changes{}}
	changed, err := b.since(ctx, known)
	if errors.Is(err, errGoneBack) {
		return v.everyPark(ctx)
	}
	if err != nil || len(changed.of()) == 0 {
		return parks, err
	}
	fresh, err := v.clocks(ctx, sqlClocks, changed.of())
	if err != nil {
		return nil, err
	}
	next, renamed := parks.with(fresh)
	if renamed {
		return v.everyPark(ctx)
	}
	return next, nil
}

func (v *View) everyPark(ctx context.Context) (*parkTable, error) {
	all, err := v.clocks(ctx, sqlAllClocks)
	table, _ := (&parkTable{byCode: map[string]int{}, byUUID: map[uuid.UUID]int{}}).with(all)
	return table, err
}

// begin forgets everything where the database went back: see [store.State.Era].
func (f *Finder) begin(era uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if era != f.era {
		f.era, f.bytes, f.parks, f.known = era, 0, nil, store.State{}
		clear(f.kept)
	}
}

// indexes gives the names of parks in the state of a view, or a later one.
func (f *Finder) indexes(ctx context.Context, v *View, scopes []scope) ([]*name.Index, error) {
	state, err := v.State(ctx)
	if err != nil {
		return nil, err
	}
	all, behind := f.current(state, scopes)
	if len(behind) == 0 {
		return all, nil
	}
	err = f.read(ctx, func() error {
		var missing []scope
		_, behind = f.current(state, behind)
		for _, s := range behind {
			known, err := f.bringUp(ctx, v, s)
			if err != nil {
				return err
			}
			if !known {
				missing = append(missing, s)
			}
		}
		if err := f.readAll(ctx, v, missing); err != nil {
			return err
		}
		defer f.shed()
		if all, behind = f.current(state, scopes); len(behind) > 0 { // given up meanwhile: the database went back
			return fmt.Errorf("read the names of %s: %w", behind[0].state.Code, store.ErrUnavailable)
		}
		return nil
	})
	return all, err
}

// current gives the names that are kept of parks, and the parks of which they are not those of a state or a later one.
func (f *Finder) current(state store.State, scopes []scope) (all []*name.Index, behind []scope) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asks++
	all = make([]*name.Index, len(scopes))
	for i, s := range scopes {
		k := f.kept[s.namesKey]
		if k == nil || !k.current(state, s.state) {
			behind = append(behind, s)
			continue
		}
		k.asked = f.asks
		all[i] = k.index
	}
	return all, behind
}

// current reports whether names are those of a park's state, or of a later one, which another reader has seen. The
// names of a database that went back are of no state of it.
func (k *parkNames) current(state store.State, now *store.ParkState) bool {
	switch {
	case k.mark != now.Mark:
		return false
	case k.seq == now.Seq:
		return sameTime(k.at, now.At)
	}
	return k.seq > now.Seq && state.N < k.n
}

const sqlRecordAt = `SELECT count(*) > 0 FROM record WHERE park_id = $1 AND seq = $2 AND at = $3`

// stands reports whether names can be brought up by what a few records changed: they are of the same history.
func (k *parkNames) stands(ctx context.Context, v *View, now *store.ParkState) (bool, error) {
	if k == nil || k.mark != now.Mark || k.seq >= now.Seq || now.Seq-k.seq > mostRecords {
		return false, nil
	}
	if k.seq == 0 {
		return true, nil
	}
	var same bool
	err := v.Tx.QueryRow(ctx, sqlRecordAt, now.ID, k.seq, k.at).Scan(&same)
	return same, store.Translate("look back", err)
}

func sameTime(a, b *time.Time) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Equal(*b)
}
