package cache

import (
	recent "container/list"
	"sync"
	"sync/atomic"
)

// Forms keeps what a caller made of features' shapes, such as how they are drawn at a scale of a map: bytes in a form
// of its own. Those of features that lie together (a chunk by place) are kept together, as long as none of these shapes
// changes. Those asked for longest ago make room. It is safe for use by many at once.
type Forms struct {
	mu    sync.Mutex
	kept  map[formsOf]*recent.Element // of *formsTogether
	order recent.List                 // those asked for last are in front
	bytes int64
	most  int64
}

// formsOf tells which forms, of the shapes of which chunk.
type formsOf struct {
	chunk uint64
	as    any
}

// formsTogether are the forms of a chunk's features, one after the other.
type formsTogether struct {
	formsOf
	ends  []uint32 // in bytes; where one ends as it begins there is none
	bytes []byte
}

// togetherLeast is what forms of a chunk take besides their bytes.
const togetherLeast = 256

func (f *formsTogether) size() int64 { return int64(4*cap(f.ends) + cap(f.bytes) + togetherLeast) }

// nth is the form of a chunk's feature; nil where there is none.
func (f *formsTogether) nth(k int) []byte {
	start := uint32(0)
	if k > 0 {
		start = f.ends[k-1]
	}
	if start == f.ends[k] {
		return nil
	}
	return f.bytes[start:f.ends[k]:f.ends[k]]
}

// NewForms keeps up to so many bytes.
func NewForms(most int64) *Forms { return &Forms{kept: map[formsOf]*recent.Element{}, most: most} }

// Memory is how many bytes the forms take.
func (f *Forms) Memory() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.bytes
}

func (f *Forms) find(of formsOf) *formsTogether {
	f.mu.Lock()
	defer f.mu.Unlock()
	e := f.kept[of]
	if e == nil {
		return nil
	}
	f.order.MoveToFront(e)
	return e.Value.(*formsTogether)
}

func (f *Forms) keep(now *formsTogether) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if e := f.kept[now.formsOf]; e != nil {
		f.drop(e)
	}
	f.kept[now.formsOf] = f.order.PushFront(now)
	for f.bytes += now.size(); f.bytes > f.most; {
		f.drop(f.order.Back())
	}
}

func (f *Forms) drop(e *recent.Element) {
	old := f.order.Remove(e).(*formsTogether)
	delete(f.kept, old.formsOf)
	f.bytes -= old.size()
}

// As asks for the forms of a kind, told by any value that can be compared. What is asked for is for one walk through
// features by one goroutine, see [Snapshot.Around].
func (f *Forms) As(as any) *Asked { return &Asked{forms: f, as: as} }

// Asked are forms of a kind during a walk through features. nil has none and keeps none.
type Asked struct {
	forms *Forms
	as    any
	chunk *chunk
	at    int            // the feature that is handed on, in the chunk
	known *formsTogether // of the chunk; nil: none
	made  []made         // since the chunk began
	bytes []byte         // of these
}

// made is a form that was made of a chunk's feature, and where it ends.
type made struct{ at, end int }

// Form is that of the feature that is handed on; nil where it was not made yet. It is shared: don't change it.
func (a *Asked) Form() []byte {
	if a == nil {
		return nil
	}
	return a.nth(a.at)
}

func (a *Asked) nth(k int) []byte {
	if a == nil || a.known == nil {
		return nil
	}
	return a.known.nth(k)
}

// Make keeps the form of the feature that is handed on, which has none: form appends it, or says that there is none.
func (a *Asked) Make(form func(dst []byte) ([]byte, bool)) {
	if a == nil {
		return
	}
	if bytes, ok := form(a.bytes); ok {
		a.bytes = bytes
		a.made = append(a.made, made{a.at, len(bytes)})
	}
}

// begin goes to a chunk.
func (a *Asked) begin(c *chunk) {
	if a != nil {
		a.chunk, a.known, a.made, a.bytes = c, a.forms.find(formsOf{c.serial, a.as}), a.made[:0], a.bytes[:0]
	}
}

// end keeps what was made of the chunk's features beside what is there by now.
func (a *Asked) end() {
	if a == nil || len(a.made) == 0 {
		return
	}
	of := formsOf{a.chunk.serial, a.as}
	size := len(a.bytes)
	if a.known = a.forms.find(of); a.known != nil {
		size += len(a.known.bytes)
	}
	all := &formsTogether{of, make([]uint32, 0, len(a.chunk.items)), make([]byte, 0, size)}
	made, start := a.made, 0
	for k := range a.chunk.items {
		if len(made) > 0 && made[0].at == k {
			all.bytes = append(all.bytes, a.bytes[start:made[0].end]...)
			start, made = made[0].end, made[1:]
		} else {
			all.bytes = append(all.bytes, a.nth(k)...)
		}
		all.ends = append(all.ends, uint32(len(all.bytes)))
	}
	a.forms.keep(all)
}

// serials numbers the shapes of chunks: where two chunks have one number, their features have the same shapes in the
// same order.
var serials atomic.Uint64
