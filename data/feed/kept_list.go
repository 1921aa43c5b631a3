package feed

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"luodi/data/feed/cache"
	"luodi/data/store"
	"luodi/geo/cql2"
)

// Bounds of a list: how many features are put in order for a page, those that it skips among them, and by how many
// processors at once.
const (
	listMost    = 20_000
	listReaders = 4
)

// List is a query that filters or sorts and whose page memory can find: all features of its park, or of all, are looked
// through.
type List struct {
	of     *Kept // nil for members
	query  *Query
	state  int64
	passes condition // nil: all do
	keys   sortKeys
	after  *begin // nil: from the first
	parts  []listPart
}

// listPart is a walk through a part of a side, in the order of park and id.
type listPart struct {
	side
	walk iter.Seq[uint32]
}

// List prepares a query. It is nil where the database has to find the page, see [Filter.inMemory] and [Kept.sorting],
// or finds it sooner by an index: in the order of codes, and in a box with few features around it.
func (k *Kept) List(q *Query) *List {
	ordered := len(q.Sort) > 0 && q.Sort[0].Property.Name != "code"
	if q.Limit == 0 || q.Skip+q.Limit > listMost || len(q.Search) > 0 || q.Plane != nil || !q.printsPlain() ||
		q.Filter == nil && !ordered {
		return nil
	}
	ask, state, ok := k.ask(&Query{Collection: q.Collection, Park: q.Park, Box: q.Box, When: q.When, Equal: q.Equal,
		ID: q.ID, Member: q.Member})
	if !ok || q.After != nil && q.After.State != state {
		return nil
	}
	l := &List{of: k, query: q, state: state, keys: k.sorting(q)}
	if q.Filter != nil {
		if l.passes = q.Filter.inMemory(k.collection); l.passes == nil {
			return nil
		}
	}
	if l.after, ok = l.keys.after(q); l.keys == nil || !ok {
		return nil
	}
	if !l.add(side{of: k.features}, ask) {
		return nil
	}
	return l
}

// add has the features of a query looked through; ok is false where [cache.Snapshot.Parts] says so.
func (l *List) add(of side, ask *cache.Query) (ok bool) {
	parts, ok := of.of.Parts(ask, min(listReaders, runtime.GOMAXPROCS(0)))
	for _, walk := range parts {
		l.parts = append(l.parts, listPart{of, walk})
	}
	return ok
}

// Find finds the page, and how many features there are on all pages.
func (l *List) Find(ctx context.Context) (p *Page, matched int, err error) {
	all, matched, err := l.first(ctx)
	if err != nil {
		return nil, 0, err
	}
	p = &Page{state: l.state, of: l.of.features, keys: l.keys}
	for _, one := range all[min(l.query.Skip, len(all)):] {
		p.found = append(p.found, one.n)
	}
	if len(p.found) > l.query.Limit {
		p.More, p.found = true, p.found[:l.query.Limit]
	}
	return p, matched, nil
}

// first are the first features in order, those that are skipped and one more than the page among them, perhaps further
// ones, and how many there are in all.
func (l *List) first(ctx context.Context) (all []listed, matched int, err error) {
	firsts := make([]firstOf, len(l.parts))
	var work sync.WaitGroup
	for i, part := range l.parts {
		firsts[i] = firstsOf(l.keys, l.query.Skip+l.query.Limit+1)
		work.Go(func() { firsts[i].take(ctx, part, l.passes, l.after) })
	}
	work.Wait()
	if err := ctx.Err(); err != nil {
		return nil, 0, store.Translate("list", err)
	}
	for _, f := range firsts {
		matched += f.matched
		all = append(all, f.Kept...)
	}
	slices.SortFunc(all, func(a, b listed) int {
		if order := l.keys.compare(a.values, b.values); order != 0 {
			return order
		}
		return a.compareKey(b)
	})
	return all, matched, nil
}

// sortKeys are the keys of a query as memory reads and compares them.
type sortKeys []sortKey

type sortKey struct {
	read       func(feature []byte) []byte
	tag        int // where the tags tell it; 0: they don't
	kind       Kind
	descending bool
}

// sortValue is the value of a key: digits, a number from the tags, which tell decimals of up to 15 digits exactly, or a
// text.
type sortValue struct {
	known  bool
	digits digits
	number float64
	text   string
}

// sorting reads a query's sort keys; nil where the database has to sort: by numbers that are printed rounded, by times,
// and by texts where it doesn't do so by their bytes.
func (k *Kept) sorting(q *Query) sortKeys {
	keys := sortKeys{}
	for _, s := range q.Sort {
		key := sortKey{keptOperand(k.collection, &cql2.Property{Name: s.Property.Name}),
			tagOf(k.collection, s.Property), s.Property.Kind, s.Descending}
		switch s.Property.Kind {
		case Integer, Decimal, Boolean:
		case Text:
			if !k.cache.bytewise.Load() {
				return nil
			}
		default:
			return nil
		}
		if key.read == nil {
			return nil
		}
		keys = append(keys, key)
	}
	return keys
}

// value reads a JSON value.
func (k *sortKey) value(text []byte) (v sortValue) {
	if isNull(text) {
		return v
	}
	v.known = true
	switch {
	case k.kind == Integer || k.kind == Decimal:
		v.digits, _ = parseDigits(text)
	case text[0] != '"':
		v.text = string(text)
	case bytes.IndexByte(text, '\\') < 0:
		v.text = string(text[1 : len(text)-1])
	default:
		_ = json.Unmarshal(text, &v.text) // it is of our own making
	}
	return v
}

func (k *sortKey) isNumber() bool { return k.kind == Integer || k.kind == Decimal }

// values appends those of a feature.
func (keys sortKeys) values(dst []sortValue, of sight) []sortValue {
	for i := range keys {
		if k := &keys[i]; k.tag > 0 {
			v := nthTag(of.tags, k.tag)
			dst = append(dst, sortValue{known: v != "", number: v.Number(), text: v.Text()})
		} else {
			dst = append(dst, k.value(k.read(of.feature)))
		}
	}
	return dst
}

// compare orders as [SortKey] says, but for park and id.
func (keys sortKeys) compare(a, b []sortValue) int {
	for i := range keys {
		var order int
		switch {
		case !a[i].known || !b[i].known:
			if a[i].known == b[i].known {
				continue
			}
			if b[i].known {
				return 1
			}
			return -1
		case keys[i].isNumber() && keys[i].tag > 0:
			order = cmp.Compare(a[i].number, b[i].number)
		case keys[i].isNumber():
			order = a[i].digits.compare(b[i].digits)
		default:
			order = strings.Compare(a[i].text, b[i].text)
		}
		if order != 0 && keys[i].descending {
			return -order
		}
		if order != 0 {
			return order
		}
	}
	return 0
}

// begin is after which feature a page begins.
type begin struct {
	values []sortValue
	key    cache.Key
}

// after reads the position that a query goes on from; ok is false for one that is not of these keys.
func (keys sortKeys) after(q *Query) (at *begin, ok bool) {
	if q.After == nil {
		return nil, true
	}
	if len(q.After.Sort) != len(keys) {
		return nil, false
	}
	at = &begin{key: cache.Key{Park: q.After.Park, ID: q.After.ID}}
	for i, text := range q.After.Sort {
		v := sortValue{known: text != nil}
		if v.known && keys[i].isNumber() {
			v.number, _ = strconv.ParseFloat(*text, 64)
			if v.digits, ok = parseDigits([]byte(*text)); !ok {
				return nil, false
			}
		} else if v.known {
			v.text = *text
		}
		at.values = append(at.values, v)
	}
	return at, true
}

// texts are the values of a feature as positions tell them.
func (keys sortKeys) texts(feature []byte) []*string {
	var texts []*string
	for i := range keys {
		raw := keys[i].read(feature)
		v := keys[i].value(raw)
		var text *string
		if v.known {
			plain := v.text
			if keys[i].isNumber() {
				plain = string(raw)
			}
			text = &plain
		}
		texts = append(texts, text)
	}
	return texts
}

// listed is a feature that may be on a page, the at-th of its part.
type listed struct {
	n      uint32
	of     *cache.Snapshot
	at     int
	values []sortValue
}

func (l listed) key() cache.Key { return l.of.Key(l.n) }

// compareKey orders by park and id.
func (l listed) compareKey(other listed) int {
	return cache.Placed{Key: l.key()}.Compare(cache.Placed{Key: other.key()})
}

// firstOf is the first features in order of those that it takes, and how many there were.
type firstOf struct {
	cache.Firsts[listed]
	keys    sortKeys
	matched int
	values  []sortValue
}

func firstsOf(keys sortKeys, most int) firstOf {
	compare := func(a, b listed) int {
		if order := keys.compare(a.values, b.values); order != 0 {
			return order
		}
		return cmp.Compare(a.at, b.at)
	}
	return firstOf{Firsts: cache.Firsts[listed]{Compare: compare, Most: most}, keys: keys}
}

// tellEach is after how many features a look is taken at whether anybody still waits.
const tellEach = 1 << 12

func (f *firstOf) take(ctx context.Context, part listPart, passes condition, after *begin) {
	at, of := 0, part.of
	for n := range part.walk {
		if at++; at%tellEach == 0 && ctx.Err() != nil {
			return
		}
		if part.sees != nil && !part.sees(n) {
			continue
		}
		seen := sightOf(of, n)
		if passes != nil && passes(seen) != verity {
			continue
		}
		f.matched++
		f.values = f.keys.values(f.values[:0], seen)
		one := listed{n, of, at, f.values}
		if !f.Wants(one) {
			continue
		}
		if after != nil {
			order := f.keys.compare(f.values, after.values)
			if order < 0 || order == 0 && !of.Follows(n, &after.key) {
				continue
			}
		}
		one.values = slices.Clone(f.values)
		f.Add(one)
	}
	slices.SortFunc(f.Kept, f.Compare)
}
