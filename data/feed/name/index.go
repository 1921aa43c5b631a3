package name

import (
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Index holds what the things of one park are called. It never changes.
type Index struct {
	entries []entry
	dead    []bool // entries that are there no more; nil: none
	gone    int    // how many
	names   []named
	place   map[Text]uint32 // of names; known to those alone who make the next index
	plain   slab            // codes and names as they are folded
	sounds  slab            // names as they sound
	firsts  slab            // names by the initials of their syllables
}

// named is a name and the entries that have it: the parcels of a project have one name.
type named struct {
	text    Text
	entries []uint32
}

// New makes the index of things.
func New(things []Thing) *Index {
	x := &Index{entries: make([]entry, 0, len(things)), place: map[Text]uint32{}}
	x.add(things)
	return x
}

// With is the index after a change: without those of some ids, and with some things. It shares its memory with x, from
// which no other index may follow. What is gone takes memory until half of it is.
func (x *Index) With(without []uuid.UUID, things []Thing) *Index {
	next := *x
	next.dead = make([]bool, len(x.entries), len(x.entries)+len(things))
	copy(next.dead, x.dead)
	gone := make(map[uuid.UUID]bool, len(without))
	for _, id := range without {
		gone[id] = true
	}
	for i := range next.entries {
		if gone[next.entries[i].id] && !next.dead[i] {
			next.dead[i] = true
			next.gone++
		}
	}
	next.names = slices.Clone(x.names)
	next.add(things)
	next.dead = append(next.dead, make([]bool, len(things))...)
	if next.gone > len(next.entries)/2 {
		return next.shrunk()
	}
	return &next
}

// shrunk is the index without what is gone.
func (x *Index) shrunk() *Index {
	var things []Thing
	place := make([]int, len(x.entries))
	for i, e := range x.entries {
		if !x.dead[i] {
			place[i] = len(things)
			things = append(things, Thing{ID: e.id, Kind: e.kind, Status: e.status, Code: e.code, AreaM2: e.areaM2})
		}
	}
	for _, n := range x.names {
		for _, i := range n.entries {
			if !x.dead[i] {
				things[place[i]].Names = append(things[place[i]].Names, n.text)
			}
		}
	}
	return New(things)
}

// Len is how many things it holds.
func (x *Index) Len() int { return len(x.entries) - x.gone }

// Memory is how many bytes it takes, about.
func (x *Index) Memory() int64 {
	bytes := int64(cap(x.entries))*bytesPerEntry + int64(cap(x.dead))
	for _, s := range []*slab{&x.plain, &x.sounds, &x.firsts} {
		bytes += int64(cap(s.text)+cap(s.starts)) + int64(cap(s.forms))*bytesPerForm
	}
	for i := range x.entries {
		bytes += int64(len(x.entries[i].code))
	}
	for i := range x.names {
		n := &x.names[i]
		bytes += bytesPerName + int64(len(n.text.Text)+4*cap(n.entries))
	}
	return bytes
}

func (x *Index) live(i uint32) bool { return x.dead == nil || !x.dead[i] }

func (x *Index) add(things []Thing) {
	for _, t := range things {
		at := uint32(len(x.entries))
		x.entries = append(x.entries, entry{id: t.ID, kind: t.Kind, status: t.Status, code: t.Code, areaM2: t.AreaM2})
		x.addCode(at, t.Code)
		for _, n := range t.Names {
			x.addName(at, n)
		}
	}
}

// addCode adds a code as it is written, and without the zeros that its numbers begin with. One with Chinese
// characters is a name too, for how it sounds.
func (x *Index) addCode(at uint32, code string) {
	plain, loose := fold(code), foldLoose(code)
	x.plain.add(plain, form{of: at, field: Code, tail: tailOf(plain)})
	if loose.text != plain.text {
		x.plain.add(loose, form{of: at, field: Code, tail: tailOf(loose)})
	}
	if !ascii(code) {
		x.addName(at, Text{Code, code})
	}
}

// tailOf is where a code goes on after the letters that it begins with, if what goes on has two words or more: L04 of
// TX-L04, but not 1 of A-1.
func tailOf(f folded) uint8 {
	words := 0
	tail := 0
	for i, begins := range f.starts {
		if !begins {
			continue
		}
		if words++; words == 2 {
			tail = i
		}
	}
	if words < 3 || tail > 255 || strings.ContainsFunc(f.text[:tail], notLatin) {
		return 0
	}
	return uint8(tail)
}

func notLatin(r rune) bool { return r < 'a' || r > 'z' }

// addName adds a name to an entry.
func (x *Index) addName(at uint32, name Text) {
	if name.Text == "" {
		return
	}
	// another index that was never taken may have left a place behind
	if i, known := x.place[name]; known && int(i) < len(x.names) && x.names[i].text == name {
		x.names[i].entries = append(x.names[i].entries, at)
		return
	}
	i := uint32(len(x.names))
	x.place[name] = i
	x.names = append(x.names, named{name, []uint32{at}})
	x.addForms(i, name.Field, fold(name.Text), name.Field != Code)
	if end := strings.IndexAny(name.Text, "(（"); end > 0 { // what stands before a bracket is a name of its own
		x.addForms(i, name.Field, fold(name.Text[:end]), true)
	}
}

// addForms adds what a name is looked for by. The text of a code stands there already.
func (x *Index) addForms(name uint32, field Field, f folded, plain bool) {
	of := form{of: name | byName, field: field}
	if plain {
		x.plain.add(f, of)
	}
	firsts := map[string]bool{}
	for _, s := range spell(f) {
		x.sounds.add(s.whole, of)
		if !firsts[s.initials.text] {
			firsts[s.initials.text] = true
			x.firsts.add(s.initials, of)
		}
	}
}

// byName marks the place of a name, which is no entry.
const byName = 1 << 31

// note notes a rank of all live entries that have a form.
func (x *Index) note(f *form, r rank, s *scores) {
	if f.of&byName == 0 {
		if x.live(f.of) {
			s.note(f.of, r)
		}
		return
	}
	for _, i := range x.names[f.of&^byName].entries {
		if x.live(i) {
			s.note(i, r)
		}
	}
}
