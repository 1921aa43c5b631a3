package name

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Found is a thing that was found.
type Found struct {
	Index int // of those that were searched, which of them
	Kind  Kind
	ID    uuid.UUID
	Level Level
	Field Field // in which text

	rank rank
	far  float64 // of one that is listed: how far it is from what comes first
	code string
}

// Find finds the best things of several indexes, at most so many: by how well they were found, then by kind, by the
// order of the indexes, and by code. Things with one wrong character are looked for where nothing is written so
// otherwise.
func Find(indexes []*Index, q *Query, limit int) []Found {
	if !q.Named() {
		return List(indexes, q, limit)
	}
	best := best{limit: limit}
	for i, x := range indexes {
		x.find(i, q, (*Index).score, &best)
	}
	if len(best.found) == 0 || best.found[0].Level >= Sound {
		for i, x := range indexes {
			x.find(i, q, (*Index).scoreFuzzy, &best)
		}
	}
	if len(best.found) == 0 { // signs alone, which are no word
		for i, x := range indexes {
			x.findSigns(i, q, &best)
		}
	}
	return best.found
}

// find collects what a way of scoring finds of the whole text, or of each of its words.
func (x *Index) find(index int, q *Query, way func(*Index, term, *scores), into *best) {
	if len(q.terms) == 0 {
		return
	}
	whole := x.scores()
	defer whole.free()
	way(x, q.terms[0], whole)
	x.findWords(q.terms[1:], way, whole)
	for _, i := range whole.touched {
		e := &x.entries[i]
		r := whole.of[i]
		if into.full() && r&^0xff > into.last().rank || !q.keeps(e) {
			continue
		}
		into.add(Found{Index: index, Kind: e.kind, ID: e.id, Level: r.level(), Field: r.field(), rank: r, code: e.code})
	}
}

// findWords notes the things in which each word was found, at the rank of the worst and at best that of a word.
func (x *Index) findWords(words []term, way func(*Index, term, *scores), into *scores) {
	if len(words) < 2 {
		return
	}
	all := x.scores()
	defer all.free()
	way(x, words[0], all)
	for _, word := range words[1:] {
		if len(all.touched) == 0 {
			return
		}
		one := x.scores()
		x.score(word, one)
		if len(one.touched) == 0 {
			x.scoreFuzzy(word, one)
		}
		both := all.touched[:0]
		for _, i := range all.touched {
			if one.of[i] != none {
				all.of[i] = max(all.of[i], one.of[i])
				both = append(both, i)
			}
		}
		all.touched = both
		one.free()
	}
	for _, i := range all.touched {
		into.note(i, max(all.of[i], newRank(Word, 2, 0, all.of[i].field())))
	}
}

// findSigns looks for signs in codes as they are written.
func (x *Index) findSigns(index int, q *Query, into *best) {
	if q.terms[0].plain != "" {
		return
	}
	for i := range x.entries {
		e := &x.entries[i]
		if x.live(uint32(i)) && strings.Contains(e.code, q.raw) && q.keeps(e) {
			into.add(Found{Index: index, Kind: e.kind, ID: e.id, Level: Part, Field: Code,
				rank: newRank(Part, 0, 0, Code), code: e.code})
		}
	}
}

// List lists the parcels that keep the conditions of a query: those that can be had first, then by how near their
// area is to the size that was asked for.
func List(indexes []*Index, q *Query, limit int) []Found {
	best := best{limit: limit}
	if !q.Conditional() {
		return nil
	}
	field := Status
	if q.Size != nil {
		field = Size
	}
	for k, x := range indexes {
		for i := range x.entries {
			e := &x.entries[i]
			if !x.live(uint32(i)) || !q.keeps(e) {
				continue
			}
			f := Found{Index: k, Kind: e.kind, ID: e.id, Level: Listed, Field: field,
				rank: newRank(Listed, without(e.status == available, 1), 0, field), code: e.code}
			if q.Size != nil {
				f.far = math.Abs(e.areaM2 - q.Size.WantM2)
			}
			best.add(f)
		}
	}
	return best.found
}

// Nearest lists the available parcels whose area is nearest to the size of a query and that don't keep its conditions.
func Nearest(indexes []*Index, q *Query, limit int) []Found {
	best := best{limit: limit}
	for k, x := range indexes {
		for i := range x.entries {
			e := &x.entries[i]
			if e.kind == Parcel && e.status == available && x.live(uint32(i)) && !q.keeps(e) {
				best.add(Found{Index: k, Kind: e.kind, ID: e.id, Level: Near, Field: Size, rank: newRank(Near, 0, 0, Size),
					far: math.Abs(e.areaM2 - q.Size.WantM2), code: e.code})
			}
		}
	}
	return best.found
}

// available is the status of land that can be had.
const available = "available"

// Count counts the parcels that keep the conditions of a query, and how many of them can be had.
func Count(indexes []*Index, q *Query) (parcels, free int) {
	for _, x := range indexes {
		for i := range x.entries {
			e := &x.entries[i]
			if e.kind != Parcel || !x.live(uint32(i)) || !q.keeps(e) {
				continue
			}
			parcels++
			if e.status == available {
				free++
			}
		}
	}
	return parcels, free
}

// best are the best so far, in order.
type best struct {
	limit int
	found []Found
}

func (b *best) full() bool   { return len(b.found) == b.limit }
func (b *best) last() *Found { return &b.found[len(b.found)-1] }

// add takes a thing among the best, once: the fuzzy way finds some again.
func (b *best) add(f Found) {
	if b.limit == 0 || b.full() && compare(f, *b.last()) >= 0 {
		return
	}
	for i := range b.found {
		if b.found[i].ID == f.ID && b.found[i].Index == f.Index {
			return
		}
	}
	at, _ := slices.BinarySearchFunc(b.found, f, compare)
	if b.full() {
		b.found = b.found[:len(b.found)-1]
	}
	b.found = slices.Insert(b.found, at, f)
}

func compare(a, b Found) int {
	return cmp.Or(cmp.Compare(a.rank&^0xff, b.rank&^0xff), cmp.Compare(a.far, b.far), cmp.Compare(a.Kind, b.Kind),
		cmp.Compare(a.Index, b.Index), compareCodes(a.code, b.code), bytes.Compare(a.ID[:], b.ID[:]))
}

// compareCodes orders codes as people do: numbers in them by their value.
func compareCodes(a, b string) int {
	for a != "" && b != "" {
		m, n := digits(a), digits(b)
		if m > 0 && n > 0 {
			x, y := strings.TrimLeft(a[:m], "0"), strings.TrimLeft(b[:n], "0")
			if c := cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y)); c != 0 {
				return c
			}
			a, b = a[m:], b[n:]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}
