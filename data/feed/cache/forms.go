package cache

import (
	recent "container/list"
	"sync"
	"sync/atomic"
)

// Forms keeps what a caller made of features, such as how they are drawn at a scale of a map: bytes of a form of its
// own. They are kept together for features that lie together (a chunk by place), as long as none of these changes. Those
// asked for longest ago make room. It is safe for use by many at once.
type Forms struct {
	mu    sync.Mutex
	kept  map[formsOf]*recent.Element // of *formed
	order recent.List                 // those asked for last are in front
	bytes int64
	most  int64
}

// formsOf tells which forms of which features, and formed are these: where in bytes each of the chunk's ends.
type (
	formsOf struct {
		chunk uint64
		as    any
	}
	formed struct {
		formsOf
		ends  []uint32
		bytes []byte
	}
)

// formedLeast is what forms of a chunk take besides their bytes.
const formedLeast = 256

func (f *formed) size() int64 { return int64(4*cap(f.ends) + cap(f.bytes) + formedLeast) }

// nth is the form of a chunk's feature; nil where there is none.
func (f *formed) nth(k int) []byte {
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

func (f *Forms) find(of formsOf) *formed {
	f.mu.Lock()
	defer f.mu.Unlock()
	e := f.kept[of]
	if e == nil {
		return nil
	}
	f.order.MoveToFront(e)
	return e.Value.(*formed)
}

func (f *Forms) keep(now *formed) {
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
	old := f.order.Remove(e).(*formed)
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
	at    int     // the feature that is handed on, in the chunk
	known *formed // of the chunk; nil: none
	made  []made  // since the chunk began
	bytes []byte  // of these
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

// end keeps what was made of the chunk's features beside what was there.
func (a *Asked) end() {
	if a == nil || len(a.made) == 0 {
		return
	}
	size := len(a.bytes)
	if a.known != nil {
		size += len(a.known.bytes)
	}
	all := &formed{formsOf{a.chunk.serial, a.as}, make([]uint32, 0, len(a.chunk.items)), make([]byte, 0, size)}
	start := 0
	for k := range a.chunk.items {
		if len(a.made) > 0 && a.made[0].at == k {
			all.bytes = append(all.bytes, a.bytes[start:a.made[0].end]...)
			start, a.made = a.made[0].end, a.made[1:]
		} else {
			all.bytes = append(all.bytes, a.nth(k)...)
		}
		all.ends = append(all.ends, uint32(len(all.bytes)))
	}
	a.forms.keep(all)
}

// serials number chunks: what has the number of one had its features, in their order.
var serials atomic.Uint64
