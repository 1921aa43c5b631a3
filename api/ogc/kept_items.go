package ogc

import (
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

// itemsKept answers items from memory; false where the database has to.
func (s *Service) itemsKept(w http.ResponseWriter, r *http.Request, a *ask, q *feed.Query) (done bool, err error) {
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
	if a.format != request.JSON || !plain(a, q.Collection) {
		k.Miss()
		return false, nil
	}
	return s.pageKept(w, r, k, &pageOfItems{ask: a, query: q, stamp: at}, tag), nil
}

// plain reports whether a request has no parameters but those that memory answers: what chooses or prints features in
// any other way is left to the database.
func plain(a *ask, c *feed.Collection) bool {
	for name := range a.query {
		switch name {
		case "f", "lang", "bbox", "datetime", "limit", "cursor":
		default:
			if p := c.Property(name); p == nil || !p.Filter {
				return false
			}
		}
	}
	return true
}

// pageKept sends a page; false where it is not in memory.
func (s *Service) pageKept(w http.ResponseWriter, r *http.Request, k *feed.Kept, p *pageOfItems, tag string) bool {
	body, again := s.bodies.find(tag)
	if body != nil {
		k.Hit()
		p.headers(w)
		writeBody(w, r, body)
		return true
	}
	page := k.Page(p.query)
	if page == nil {
		k.Miss()
		return false
	}
	k.Hit()
	p.headers(w)
	if r.Method == http.MethodHead {
		return true
	}
	p.matched = matchedKept(k, p.query)
	next := ""
	if page.More {
		next = p.nextAt(page.Position(), request.JSON)
	}
	tail := p.appendEnd(nil, next, page.Len())
	if again {
		body = stream.Body(pageHead, page, tail)
		s.bodies.keep(tag, body)
		writeBody(w, r, body)
		return true
	}
	stream.Kept(w, pageHead, page, tail)
	return true
}

// headers says what a page of features is.
func (p *pageOfItems) headers(w http.ResponseWriter) {
	w.Header().Set("Content-Type", typeGeoJSON)
	w.Header().Set("Content-Language", string(p.lang))
	w.Header().Set("Content-Crs", "<"+crs84+">")
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
func (s *Service) itemKept(w http.ResponseWriter, r *http.Request, a *ask, c *feed.Collection, id uuid.UUID) (done bool,
	err error) {
	if a.format != request.JSON || !plain(a, c) {
		return false, nil
	}
	now, err := s.feed.Now(r.Context())
	if err != nil {
		return true, err
	}
	k := s.cache.At(r.Context(), now, c)
	if k == nil {
		return false, nil
	}
	k.Hit()
	feature, park := k.Feature(id)
	if feature == nil {
		return true, &store.Missing{Kind: "feature", Name: id.String()}
	}
	if s.unchanged(w, r, a, park.Stamp()) {
		return true, nil
	}
	return true, writeItem(w, a, c, feature)
}

// writeItem sends a feature with its links.
func writeItem(w http.ResponseWriter, a *ask, c *feed.Collection, feature []byte) error {
	w.Header().Set("Content-Type", typeGeoJSON)
	w.Header().Set("Content-Language", string(a.lang))
	w.Header().Set("Content-Crs", "<"+crs84+">")
	body := append(make([]byte, 0, len(feature)+1024), feature[:len(feature)-1]...)
	body = appendLinks(append(body, `,"links":`...), append(a.self(typeGeoJSON),
		a.link("collection", "/collections/"+c.ID, typeJSON, "api.collection."+c.ID)))
	body = append(body, "\n}"...)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // nobody is left to be told of a failure
	return nil
}
