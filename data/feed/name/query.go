package name

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxWords is how many words of a text are looked for one by one; the others are not.
const maxWords = 8

// Query is what was typed, taken apart.
type Query struct {
	// Sizes and Statuses are conditions on parcels that were typed beside a name, or alone.
	Size     *Range
	Statuses []string
	// Near are statuses of which a name begins so, sounds so or is nearly written so.
	Near []string
	// NumberM2 is a number that was typed alone, read as a size in mu; 0: none.
	NumberM2 float64

	raw   string // what is looked for, as it was typed
	terms []term // the whole, and its words where there are several
}

// Named reports whether a name is looked for, and not only what keeps the conditions.
func (q *Query) Named() bool { return q.raw != "" }

// Conditional reports whether there are conditions.
func (q *Query) Conditional() bool { return q.Size != nil || len(q.Statuses) > 0 }

// Words is how many words are looked for.
func (q *Query) Words() int { return max(0, len(q.terms)-1) }

// Keeps reports whether a thing keeps the conditions. Only parcels have sizes and statuses.
func (q *Query) keeps(e *entry) bool {
	if !q.Conditional() {
		return true
	}
	return e.kind == Parcel && (q.Size == nil || q.Size.Has(e.areaM2)) &&
		(len(q.Statuses) == 0 || slices.Contains(q.Statuses, e.status))
}

// term is a text that is looked for.
type term struct {
	plain  string
	loose  string   // without the zeros that numbers begin with; "" where that is plain
	sounds []string // how it sounds, where it is Chinese
	latin  bool     // it has letters and nothing Chinese: it may be pinyin
	length int      // in characters
}

func newTerm(text string) term {
	f := fold(text)
	t := term{plain: f.text, length: utf8.RuneCountInString(f.text)}
	if loose := foldLoose(text); loose.text != f.text {
		t.loose = loose.text
	}
	chinese := strings.ContainsFunc(f.text, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	t.latin = !chinese && strings.ContainsFunc(f.text, unicode.IsLetter)
	if chinese && t.length >= 2 {
		for _, s := range spell(f) {
			if !slices.Contains(t.sounds, s.whole.text) {
				t.sounds = append(t.sounds, s.whole.text)
			}
		}
	}
	return t
}

// Vocabulary is what the statuses of parcels are called.
type Vocabulary struct{ *Index }

// NewVocabulary makes it of the names of each status.
func NewVocabulary(statuses map[string][]string) Vocabulary {
	things := make([]Thing, 0, len(statuses))
	for status, names := range statuses {
		t := Thing{Status: status, Code: status}
		for _, n := range names {
			t.Names = append(t.Names, Text{Field: Status, Text: n})
		}
		things = append(things, t)
	}
	return Vocabulary{New(things)}
}

// Parse takes a text apart.
func (v Vocabulary) Parse(text string) *Query {
	q := &Query{}
	if size, is := parseSize(text); is {
		q.Size = &size
		return q
	}
	if status := v.called(text); status != nil {
		q.Statuses = status
		return q
	}
	if size, rest, is := cutSize(text); is {
		if status := v.called(rest); status != nil { // 可供60亩
			q.Size, q.Statuses = &size, status
			return q
		}
	}
	rest := q.take(v, strings.FieldsFunc(text, between))
	if !q.Conditional() {
		rest = text
		q.Near = v.near(newTerm(text))
		q.NumberM2 = numberAlone(text) * muM2
	}
	q.raw = strings.TrimSpace(rest)
	if q.raw == "" {
		return q
	}
	q.terms = []term{newTerm(q.raw)}
	words := strings.FieldsFunc(q.raw, between)
	if len(words) < 2 {
		return q
	}
	for _, word := range words[:min(len(words), maxWords)] {
		if t := newTerm(word); t.plain != "" {
			q.terms = append(q.terms, t)
		}
	}
	return q
}

func between(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",，、;；", r) }

// take makes conditions of the words that are sizes or statuses, two words of a size being one, and gives the others.
func (q *Query) take(v Vocabulary, words []string) (rest string) {
	var left []string
	for i := 0; i < len(words); i++ {
		if i+1 < len(words) {
			if size, is := parseSize(words[i] + words[i+1]); is {
				q.Size = &size
				i++
				continue
			}
		}
		if size, is := parseSize(words[i]); is {
			q.Size = &size
		} else if status := v.called(words[i]); status != nil {
			q.Statuses = append(q.Statuses, status...)
		} else {
			left = append(left, words[i])
		}
	}
	return strings.Join(left, " ")
}

// called lists the statuses that are called just so.
func (v Vocabulary) called(text string) []string {
	t := newTerm(text)
	return v.found(t, func(r rank) bool { return r.level() == Exact })
}

// near lists the statuses of which a name begins so, sounds so, or has one wrong character.
func (v Vocabulary) near(t term) []string {
	if t.length < 2 {
		return nil
	}
	near := v.found(t, func(r rank) bool { return r.level() == Prefix || r.level() == Sound && r.sub() < soundWithin })
	if near == nil {
		s := v.scores()
		defer s.free()
		v.scoreOneOff(&v.plain, t, s)
		near = v.taken(s, func(r rank) bool { return r.sub()%fuzzyUnlike == fuzzyWhole })
	}
	return near
}

func (v Vocabulary) found(t term, good func(rank) bool) []string {
	if t.plain == "" {
		return nil
	}
	s := v.scores()
	defer s.free()
	v.score(t, s)
	return v.taken(s, good)
}

func (v Vocabulary) taken(s *scores, good func(rank) bool) []string {
	slices.SortFunc(s.touched, func(a, b uint32) int {
		if s.of[a] != s.of[b] {
			return int(int64(s.of[a]) - int64(s.of[b]))
		}
		return strings.Compare(v.entries[a].status, v.entries[b].status)
	})
	var all []string
	for _, i := range s.touched {
		if good(s.of[i]) {
			all = append(all, v.entries[i].status)
		}
	}
	return all
}

// numberAlone is a number of mu that may be meant by digits alone; 0 where there is none.
func numberAlone(text string) float64 {
	f := fold(text)
	if f.text == "" || len(f.text) > 4 || strings.Trim(f.text, "0123456789") != "" {
		return 0
	}
	n, known := parseNumber(f.text)
	if !known || math.IsNaN(n) {
		return 0
	}
	return n
}
