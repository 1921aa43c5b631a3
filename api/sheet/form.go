package sheet

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"strconv"
	"sync"

	"luodi/api/page"
	"luodi/api/paper"
	"luodi/api/problem"
	"luodi/data/store"
	"luodi/geo"
	"luodi/message"
)

// form is a form of a site's page.
type form struct {
	name          string  // as the parameter f asks for it
	kind          string  // media type
	width, height float64 // of the plan, in millimetres
	draw          func(*paper.Press, *page.Page, paper.About) ([]byte, error)
	data          bool // GeoJSON of the ground
}

// forms are all forms; the first is the usual one.
var forms = []form{
	{"html", "text/html", paper.A4PlanWidth, paper.A4PlanHeight, nil, false},
	{"pdf", "application/pdf", paper.A4PlanWidth, paper.A4PlanHeight, (*paper.Press).PDF, false},
	{"png", "image/png", paper.PicturePlanWidth, paper.PicturePlanHeight, (*paper.Press).Picture, false},
	{"card", "image/png", paper.CardPlanWidth, paper.CardPlanHeight, (*paper.Press).Card, false},
	{"geojson", "application/geo+json", 0, 0, nil, true},
}

// formOf finds a form by its name, "" for the usual one.
func formOf(name string, given bool) (*form, error) {
	names := ""
	for i := range forms {
		if forms[i].name == name || !given {
			return &forms[i], nil
		}
		names += ", " + forms[i].name
	}
	return nil, geo.NewInvalid("f", "one_of", name, "values", names[2:])
}

// onA4 reports a form whose plan stands on A4 in its true size.
func (f *form) onA4() bool { return f.width == paper.A4PlanWidth }

const (
	drawnAtOnce = 2        // PDFs and pictures
	drawnQueue  = 64       // wait for their turn; the rest are told to come back
	printsKept  = 16 << 20 // bytes of them that are kept
)

// prints draws PDFs and pictures, few at once, and keeps the last of them by their tags. Another state of the park has
// another tag, so that what was withdrawn is not found here.
type prints struct {
	press        func() (*paper.Press, error)
	turns, queue chan struct{}

	mu    sync.Mutex
	kept  map[string][]byte
	order []string // of the tags in kept, the oldest first
	bytes int
}

func newPrints(files fs.FS) *prints {
	return &prints{press: sync.OnceValues(func() (*paper.Press, error) { return paper.Load(files) }),
		turns: make(chan struct{}, drawnAtOnce), queue: make(chan struct{}, drawnAtOnce+drawnQueue), kept: map[string][]byte{}}
}

// find is what is kept under a tag, nil for nothing.
func (p *prints) find(tag string) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.kept[tag]
}

func (p *prints) keep(tag string, print []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept[tag] != nil || len(print) > printsKept {
		return
	}
	p.kept[tag], p.order, p.bytes = print, append(p.order, tag), p.bytes+len(print)
	for p.bytes > printsKept {
		p.bytes -= len(p.kept[p.order[0]])
		delete(p.kept, p.order[0])
		p.order = p.order[1:]
	}
}

// draw draws a page in its turn; what another has drawn meanwhile is taken.
func (p *prints) draw(ctx context.Context, tag string, f *form, of *page.Page, about paper.About) ([]byte, error) {
	press, err := p.press()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &store.Missing{Kind: "client", Name: f.name}
	}
	if err != nil {
		return nil, err
	}
	select {
	case p.queue <- struct{}{}:
		defer func() { <-p.queue }()
	default:
		return nil, fmt.Errorf("%w: %d sheets wait", store.ErrUnavailable, cap(p.queue))
	}
	select {
	case p.turns <- struct{}{}:
		defer func() { <-p.turns }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if print := p.find(tag); print != nil {
		return print, nil
	}
	print, err := f.draw(press, of, about)
	if err == nil {
		p.keep(tag, print)
	}
	return print, err
}

// send writes what was drawn, to be shown and to be saved under a name.
func send(w http.ResponseWriter, f *form, lang message.Lang, name string, print []byte) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Content-Language", string(lang))
	h.Set("Content-Length", strconv.Itoa(len(print)))
	ending := map[string]string{"application/pdf": ".pdf", "image/png": ".png",
		"application/geo+json": ".geojson"}[f.kind]
	h.Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": name + ending}))
	_, _ = w.Write(print) // a reader who left needs none
}

// refuse answers an error in the one form of refusals.
func refuse(serve func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept-Language")
		if err := serve(w, r); err != nil {
			problem.Write(w, r, err)
		}
	}
}
