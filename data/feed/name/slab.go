package name

import (
	"bytes"
	"sort"
)

// form is one text in a slab.
type form struct {
	at    uint32 // where it begins
	of    uint32 // the entry whose code it is, or the place of a name among the names
	field Field
	tail  uint8 // where what follows the first letters of a code begins; 0: nowhere
}

// slab holds texts behind one another, each ended by a line's end, which no folded text has.
type slab struct {
	text   []byte
	starts []bool // for each byte whether a word begins there; true at the ends
	forms  []form
}

const end = '\n'

func (s *slab) add(f folded, of form) {
	of.at = uint32(len(s.text))
	s.text = append(append(s.text, f.text...), end)
	s.starts = append(append(s.starts, f.starts...), true)
	s.forms = append(s.forms, of)
}

// of is the text of the i-th form, and where it begins and ends.
func (s *slab) of(i int) (from, to int) {
	from, to = int(s.forms[i].at), len(s.text)-1
	if i+1 < len(s.forms) {
		to = int(s.forms[i+1].at) - 1
	}
	return from, to
}

// each hands on every place of a text: the form it is in, and where.
func (s *slab) each(text string, do func(form, at int)) {
	wanted := []byte(text)
	for at, i := 0, 0; ; at++ {
		next := bytes.Index(s.text[at:], wanted)
		if next < 0 {
			return
		}
		at += next
		i += sort.Search(len(s.forms)-i, func(k int) bool { return int(s.forms[i+k].at) > at }) - 1
		do(i, at)
	}
}

// spot is where in a form a piece of it lies, for the order of what is found.
type spot struct {
	whole, tail     bool // it is all of the form, or all that follows the first letters of a code
	first, atTail   bool // it begins there
	word, wholeWord bool // it begins a word; and ends one
	more            int  // how many bytes the form has besides
}

func (s *slab) spot(i, at, n int) spot {
	from, to := s.of(i)
	tail := from + int(s.forms[i].tail)
	p := spot{first: at == from, atTail: tail > from && at == tail, word: s.starts[at], more: to - from - n}
	ends := at+n == to
	p.whole, p.tail = p.first && ends, p.atTail && ends
	p.wholeWord = p.word && s.starts[at+n]
	return p
}
