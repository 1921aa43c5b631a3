package name

import (
	"math"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// rank says how well a thing was found, as one number: the lower the better. It holds the level, what is better within
// it, whether the text names another (a tenant or project), how much longer the text is, and the field.
type rank uint32

const none = rank(math.MaxUint32)

func newRank(level Level, sub, more int, field Field) rank {
	other := rank(without(field < TenantZH || field > ProjectEN, 1))
	return rank(level)<<24 | rank(sub)<<16 | other<<15 | rank(min(more, 127))<<8 | rank(field)
}

func (r rank) level() Level { return Level(r >> 24) }
func (r rank) sub() int     { return int(r >> 16 & 255) }
func (r rank) field() Field { return Field(r & 255) }

// What is better within [Sound] and [Fuzzy].
const (
	soundWhole = iota
	firstsWhole
	soundFirst
	firstsFirst
	soundWithin
	firstsWithin
)

// With a character that looks like the right one all are better than with another.
const (
	fuzzyWhole = iota
	fuzzyFirst
	fuzzyWithin
	fuzzyUnlike
)

// alike are characters that look like each other.
var alike = []string{"il1", "o0", "s5", "b8", "z2", "vu"}

// looksLike reports whether a term differs from what stands there by characters that look like each other.
func looksLike(wanted []rune, text string) bool {
	have := []rune(text)
	if len(have) != len(wanted) {
		return false
	}
	for i, r := range wanted {
		if r != have[i] && !slices.ContainsFunc(alike, func(group string) bool {
			return strings.ContainsRune(group, r) && strings.ContainsRune(group, have[i])
		}) {
			return false
		}
	}
	return true
}

// scores are the best ranks of the entries of an index.
type scores struct {
	of      []rank
	touched []uint32
}

var scoresPool = sync.Pool{New: func() any { return &scores{} }}

func (x *Index) scores() *scores {
	s, _ := scoresPool.Get().(*scores)
	if cap(s.of) < len(x.entries) {
		s.of = make([]rank, len(x.entries))
	}
	s.of, s.touched = s.of[:len(x.entries)], s.touched[:0]
	for i := range s.of {
		s.of[i] = none
	}
	return s
}

func (s *scores) free() { scoresPool.Put(s) }

func (s *scores) note(entry uint32, r rank) {
	switch was := s.of[entry]; {
	case was == none:
		s.touched = append(s.touched, entry)
		s.of[entry] = r
	case r < was:
		s.of[entry] = r
	}
}

// score notes what a term finds in all but the fuzzy way.
func (x *Index) score(t term, s *scores) {
	if t.plain == "" {
		return
	}
	x.scorePlain(t, t.plain, false, s)
	if t.loose != "" { // of a number without its zeros only the whole: 04 is 4, but does not begin 40
		x.scorePlain(t, t.loose, true, s)
	}
	const within = 2 // so many letters a sound within a name has at least
	if t.latin && t.length >= within {
		x.scoreSound(&x.sounds, t.plain, soundWhole, s)
		x.scoreSound(&x.firsts, t.plain, firstsWhole, s)
	}
	for _, sound := range t.sounds {
		x.scoreSound(&x.sounds, sound, soundWhole, s)
	}
}

func (x *Index) scorePlain(t term, text string, wholeWords bool, s *scores) {
	x.plain.each(text, func(i, at int) {
		f := &x.plain.forms[i]
		p := x.plain.spot(i, at, len(text))
		if wholeWords && !p.wholeWord {
			return
		}
		if f.field == Code { // codes keep their own order
			p.more = 0
		}
		switch {
		case p.whole:
			x.note(f, newRank(Exact, 0, 0, f.field), s)
		case p.tail:
			x.note(f, newRank(Exact, 1, 0, f.field), s)
		case p.first || p.atTail:
			x.note(f, newRank(Prefix, without(p.wholeWord, 1), p.more, f.field), s)
		case p.word:
			x.note(f, newRank(Word, without(p.wholeWord, 1), p.more, f.field), s)
		case t.length > 1:
			x.note(f, newRank(Part, 0, p.more, f.field), s)
		}
	})
}

func without(good bool, n int) int {
	if good {
		return 0
	}
	return n
}

// scoreSound notes where names sound so. base is the place of the whole name: the first of it and what is within it
// come two and four later.
func (x *Index) scoreSound(in *slab, text string, base int, s *scores) {
	in.each(text, func(i, at int) {
		f := &in.forms[i]
		p := in.spot(i, at, len(text))
		switch {
		case p.whole:
			x.note(f, newRank(Sound, base, 0, f.field), s)
		case p.first:
			x.note(f, newRank(Sound, base+soundFirst, p.more, f.field), s)
		case p.word:
			x.note(f, newRank(Sound, base+soundWithin, p.more, f.field), s)
		}
	})
}

// Shortest texts, in characters, that are looked for with one wrong character.
const (
	leastFuzzyHan   = 3
	leastFuzzyLatin = 4
	leastFuzzySound = 5
)

// scoreFuzzy notes where a term stands with one wrong character, in texts and in how they sound.
func (x *Index) scoreFuzzy(t term, s *scores) {
	x.scoreOneOff(&x.plain, t, s)
	if t.latin && t.length >= leastFuzzySound {
		x.scoreOneOff(&x.sounds, t, s)
	}
}

// scoreOneOff notes where a term stands with one wrong character, at the beginning of a word. One of its halves then
// stands there unchanged: these are looked for.
func (x *Index) scoreOneOff(in *slab, t term, s *scores) {
	if t.length < leastFuzzyHan || t.length < leastFuzzyLatin && t.sounds == nil {
		return
	}
	wanted := []rune(t.plain)
	half := len(wanted) / 2
	for _, part := range []struct {
		text string
		skip int // how many characters of the term stand before it
	}{{string(wanted[:half]), 0}, {string(wanted[half:]), half}} {
		in.each(part.text, func(i, at int) {
			f := &in.forms[i]
			from, to := in.of(i)
			for _, begin := range begins(in, from, at, part.skip) {
				rest := in.text[begin:to]
				off := oneOff(wanted, rest)
				if off < 0 {
					continue
				}
				sub := fuzzyWithin
				switch {
				case begin == from && off == len(rest):
					sub = fuzzyWhole
				case begin == from || begin == from+int(f.tail):
					sub = fuzzyFirst
				}
				if !looksLike(wanted, string(rest[:off])) {
					sub += fuzzyUnlike
				}
				more := len(rest) - off
				if f.field == Code {
					more = min(more, 1)
				}
				x.note(f, newRank(Fuzzy, sub, more, f.field), s)
			}
		})
	}
}

// begins lists the places, at the beginning of words, from which a text may stand of which a piece was found at a
// place, after so many characters give or take one.
func begins(in *slab, from, at, skip int) []int {
	var all []int
	for k, back := at, 0; back <= skip+1; back++ {
		if back >= skip-1 && in.starts[k] {
			all = append(all, k)
		}
		if k == from {
			break
		}
		_, size := utf8.DecodeLastRune(in.text[from:k])
		k -= size
	}
	return all
}

// oneOff compares a term with the beginning of a text: how long, in bytes, the beginning is that differs by one wrong,
// missing, needless or swapped character, the longest; below 0 where there is none.
func oneOff(wanted []rune, text []byte) int {
	have := make([]rune, 0, len(wanted)+1)
	ends := make([]int, 1, len(wanted)+2)
	for at := 0; at < len(text) && len(have) <= len(wanted); {
		r, size := utf8.DecodeRune(text[at:])
		have = append(have, r)
		at += size
		ends = append(ends, at)
	}
	same := 0
	for same < len(wanted) && same < len(have) && wanted[same] == have[same] {
		same++
	}
	w, h := wanted[same:], have[same:]
	switch {
	case len(w) == 0: // all of it: the beginning is the term itself
		return ends[same]
	case len(h) > len(w) && begin(h[1:], w): // a character is missing in the term
		return ends[len(wanted)+1]
	case len(h) >= len(w) && begin(h[1:], w[1:]):
		return ends[len(wanted)]
	case len(w) > 1 && len(h) > 1 && w[0] == h[1] && w[1] == h[0] && begin(h[2:], w[2:]):
		return ends[len(wanted)]
	case begin(h, w[1:]): // the term has one too many
		return ends[len(wanted)-1]
	}
	return -1
}

// begin reports whether a text begins with another.
func begin(text, with []rune) bool {
	return len(text) >= len(with) && strings.HasPrefix(string(text[:len(with)]), string(with))
}
