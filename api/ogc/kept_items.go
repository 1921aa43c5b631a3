package ogc

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"luodi/api/request"
	"luodi/api/stream"
	"luodi/data/feed"
	"luodi/data/store"
)

// Answers from memory. Each stands at a state that was read after the request arrived, or at a later one, and has the
// tag and the bytes that the database's answer in that state has. What memory doesn't hold is left to the database.

// pageHead begins a page of features.
const pageHead = "{\"type\":\"FeatureCollection\",\"features\":[\n"

// keeps reports whether memory may answer: GeoJSON by RFC 7946, as the public reads it.
func (a *ask) keeps() bool {
	return a.format == request.JSON && a.follows(rfc7946) && a.member == nil
}

// itemsKept answers items from memory; false where the database has to, whose rows memory may still print: see
// [feed.Query.Live].
func (s *Service) itemsKept(w http.ResponseWriter, r *http.Request, a *ask, q *feed.Query) (done bool, err error) {
	if a.member != nil {
		return false, nil
	}
	now, err := s.feed.Now(r.Context())
	if err != nil {
		return true, err
	}
	k := s.cache.At(r.Context(), now, q.Collection)
	if k == nil {
		return false, nil
	}
	stamp, reached, at := k.State.Stamp(), k.State.N, k.State.At
	if q.Park != "" {
		park := k.Park(q.Park)
		if park == nil {
			return false, nil
		}
		stamp, reached, at = park.Stamp(), park.Seq, park.At
	}
	if q.After != nil && q.After.State > reached {
		return false, nil // it is refused with the words for that
	}
	tag := s.tag(a, stamp)
	if request.Unchanged(w, r, tag) {
		k.Hit()
		return true, nil
	}
	if a.keeps() {
		q.Live = k
	}
	if q.Live == nil || !plain(a, q.Collection) {
		k.Miss()
		return false, nil
	}
	return s.pageKept(w, r, k, &pageOfItems{ask: a, query: q, stamp: at}, tag)
}

// plain reports whether a request has no parameters but those that memory may answer: what chooses or prints features
// in any other way is left to the database.
func plain(a *ask, c *feed.Collection) bool {
	for name := range a.query {
		switch name {
		case "f", "lang", "bbox", "datetime", "limit", "cursor", "offset", "sortby", "filter", "filter-lang":
		default:
			if p := c.Property(name); p == nil || !p.Filter {
				return false
			}
		}
	}
	return true
}

// pageKept sends a page; false where it is not in memory.
func (s *Service) pageKept(w http.ResponseWriter, r *http.Request, k *feed.Kept, p *pageOfItems, tag string) (done bool,
	err error) {
	encoding := stream.Encoding(r)
	body, again := s.bodies.find(tag, encoding)
	if body != nil {
		k.Hit()
		p.headFeatures(w, p.query)
		body.send(w, r)
		return true, nil
	}
	page, err := p.find(r.Context(), k)
	if page == nil || err != nil {
		k.Miss()
		return err != nil, err
	}
	k.Hit()
	p.headFeatures(w, p.query)
	if r.Method == http.MethodHead {
		return true, nil
	}
	next := ""
	if page.More {
		next = p.nextAt(page.Position(), request.JSON)
	}
	tail := p.appendEnd(nil, next, page.Len())
	if again {
		s.bodies.keep(tag, encoding, typeGeoJSON, stream.Body(pageHead, page, tail)).send(w, r)
		return true, nil
	}
	stream.Kept(w, pageHead, page, tail)
	return true, nil
}

// listingGate bounds what lists that are looked through take of processors and memory.
var listingGate = make(gate, 2)

// memberListingGate does so for members, who hold a connection meanwhile: the public's don't go before them.
var memberListingGate = make(gate, 2)

// find finds the features of a page, and how many there are in all, in memory; nil where they aren't to be found there.
func (p *pageOfItems) find(ctx context.Context, k *feed.Kept) (page *feed.Page, err error) {
	if p.query.Plain() {
		if page = k.Page(p.query); page != nil {
			p.matched = matchedKept(k, p.query)
		}
		return page, nil
	}
	list := k.List(p.query)
	if list == nil {
		return nil, nil
	}
	err = listingGate.pass(ctx, func() error {
		page, p.matched, err = list.Find(ctx)
		return err
	})
	// counted or not as the database's answer, which has the same tag
	if _, few := k.Count(&feed.Query{Collection: p.query.Collection, Park: p.query.Park}); !few || p.query.After != nil {
		p.matched = -1
	}
	return page, err
}

// writeBody sends a whole answer by one write.
func writeBody(w http.ResponseWriter, r *http.Request, body []byte) {
	if r.Method == http.MethodHead {
		return
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // nobody is left to be told of a failure
}

// itemKept answers with a feature from memory; false where the database has to.
func (s *Service) itemKept(w http.ResponseWriter, r *http.Request, a *ask, q *feed.Query, id uuid.UUID) (done bool,
	err error) {
	if !a.keeps() || !plain(a, q.Collection) || !q.Plain() || q.When.Instant {
		return false, nil
	}
	now, err := s.feed.Now(r.Context())
	if err != nil {
		return true, err
	}
	k := s.cache.At(r.Context(), now, q.Collection)
	if k == nil {
		return false, nil
	}
	feature, park := k.Feature(id)
	if feature == nil && q.Collection.ID == "networks" {
		return false, nil // it may be a node
	}
	k.Hit()
	if feature == nil || q.Park != "" && q.Park != park.Code {
		return true, &store.Missing{Kind: "feature", Name: id.String()}
	}
	if s.unchanged(w, r, a, park.Stamp()) {
		return true, nil
	}
	a.headFeatures(w, q)
	stream.Gather(func(buf []byte) []byte {
		body := a.appendItemLinks(append(buf, feature[:len(feature)-1]...), q.Collection)
		writeBody(w, r, body)
		return body
	})
	return true, nil
}

// A page that memory finds is printed in a view of the same state. Where a change came between, both are asked anew, so
// many times; then the database finds the page.
const findTries = 3

var errMoved = errors.New("another state")

// streamFound is stream with what is kept of members' parcels in the very state of the view; nil where the database has
// to find what is asked for. What reads is called once.
func (s *Service) streamFound(r *http.Request, a *ask, q *feed.Query, read func(*feed.View, *feed.Both) error) error {
	ctx := r.Context()
	for tries := 1; a.member != nil && q.MayFind() && tries <= findTries; tries++ {
		now, err := s.feed.Now(ctx)
		if err != nil {
			return err
		}
		b := s.cache.Both(ctx, now, q.Collection)
		if b == nil {
			break
		}
		err = s.stream(r, a, func(v *feed.View) error {
			if holds, err := b.Holds(ctx, v, q); err != nil {
				return err
			} else if !holds {
				return errMoved
			}
			return read(v, b)
		})
		if !errors.Is(err, errMoved) {
			return err
		}
	}
	return s.stream(r, a, func(v *feed.View) error { return read(v, nil) })
}
