package ogc

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"luodi/api/problem"
	"luodi/api/request"
	"luodi/data/feed"
	"luodi/data/store"
	"luodi/geo"
)

// Bounds of limit. A page for eyes is short unless it is asked to be longer.
const (
	limitDefault     = 1000
	limitMost        = 10000
	limitHTMLDefault = 50
	limitHTMLMost    = 1000
)

var itemsOwn = []string{"bbox", "bbox-crs", "crs", "datetime", "limit", "cursor", "offset", "profile", "filter",
	"filter-lang", "filter-crs", "sortby", "properties", "q"}

// itemsParameters are what items takes besides the common parameters: its own, and the collection's properties.
func itemsParameters(c *feed.Collection) []string {
	names := append(make([]string, 0, len(itemsOwn)+len(c.Properties)), itemsOwn...)
	for i := range c.Properties {
		if p := &c.Properties[i]; p.Queryable() {
			names = append(names, p.Name)
		}
	}
	return names
}

func (s *Service) items(w http.ResponseWriter, r *http.Request) error {
	c, err := findCollection(r)
	if err != nil {
		return err
	}
	a, err := askedFor(r, featuresAt(r, features), besidePark(r, itemsParameters(c))...)
	if err != nil {
		return err
	}
	if a.format == request.HTML && withoutBlanks(w, r, a) {
		return nil
	}
	q, err := parseItems(a, c)
	if err != nil {
		return err
	}
	narrow(r, q)
	if done, err := s.itemsKept(w, r, a, q); done || err != nil {
		return err
	}
	return tooCostly(s.streamFound(r, a, q, func(v *feed.View, b *feed.Both) error {
		ctx := r.Context()
		if err := checkPosition(r, v, q, a.query["cursor"]); err != nil {
			return err
		}
		if err := s.checkCRS(r, v, a, q); err != nil {
			return err
		}
		stamp, at, err := scope(r, v, q)
		if err != nil {
			return err
		}
		if s.unchanged(w, r, a, stamp) {
			return nil
		}
		p := &pageOfItems{ask: a, query: q, stamp: at}
		if err := s.findPage(r, v, b, p, stamp); err != nil {
			return err
		}
		if a.format == request.HTML {
			return s.itemsPage(w, r, v, p)
		}
		a.headFeatures(w, q)
		if r.Method == http.MethodHead {
			return nil
		}
		if a.sentAs.file != nil {
			return s.itemsFile(w, r, v, p)
		}
		rows, err := v.Features(ctx, q)
		if err != nil {
			return err
		}
		defer rows.Close()
		return a.writerOf().page(p, rows).Send(ctx, w, rows)
	}))
}

// parseItems reads the parameters of items. Names and values come from the collection's own description.
func parseItems(a *ask, c *feed.Collection) (*feed.Query, error) {
	q := &feed.Query{Collection: c, Member: a.member}
	fallback, most := limitDefault, limitMost
	if a.format == request.HTML {
		fallback, most = limitHTMLDefault, limitHTMLMost
	}
	var err error
	if q.Limit, err = a.query.Limit(fallback, most); err != nil {
		return nil, err
	}
	if _, limited := a.query["limit"]; a.format == geoJSONSeq && !limited {
		q.Limit = 0
	}
	for _, parse := range []func(*ask, *feed.Query) error{parseReading, parseBox, parseOffset} {
		if err := parse(a, q); err != nil {
			return nil, err
		}
	}
	if text, given := a.query["datetime"]; given {
		if q.When, err = parseDatetime(text); err != nil {
			return nil, err
		}
	}
	if err := parseValues(a, q); err != nil {
		return nil, err
	}
	if err := choose(a, q); err != nil {
		return nil, err
	}
	if text, given := a.query["cursor"]; given {
		if q.After, err = parseCursor(cursorQuery(a, c), text, q.Sort); err != nil {
			return nil, err
		}
	}
	return q, nil
}

// parseValues reads the values of properties that a query asks for, and its park.
func parseValues(a *ask, q *feed.Query) error {
	for i := range q.Collection.Properties {
		p := &q.Collection.Properties[i]
		text, given := a.query[p.Name]
		if p.Kind != feed.Text || !given {
			continue
		}
		if err := checkValue(p, text); err != nil {
			return err
		}
		if p.Name == "park" {
			q.Park = text
			if text == "" {
				return &problem.Request{Kind: problem.InvalidParameter, Field: p.Name,
					Expected: "api.expected.park", Got: text}
			}
			continue
		}
		q.Equal = append(q.Equal, feed.Equal{Property: p, Value: text})
	}
	return nil
}

// maxValue bounds a value that is compared, in bytes.
const maxValue = 400

func checkValue(p *feed.Property, text string) error {
	if len(text) > maxValue {
		return &problem.Request{Kind: problem.InvalidParameter, Field: p.Name, Expected: "api.expected.short",
			Args: []any{"n", maxValue}, Got: text}
	}
	if p.Values == nil {
		return nil
	}
	for _, value := range p.Values {
		if text == value {
			return nil
		}
	}
	return oneOf(p.Name, p.Values, text)
}

// cursorQuery is what a cursor belongs to: all that chooses features, not how many or in which form.
func cursorQuery(a *ask, c *feed.Collection) string {
	chosen := request.Query{"collection": c.ID}
	for name, text := range a.query {
		switch name {
		case "cursor", "offset", "limit", "f", "lang", "profile":
		default:
			chosen["="+name] = text
		}
	}
	return chosen.Encode()
}

// checkPosition refuses a cursor of a state that this database has not reached, as after a restore.
func checkPosition(r *http.Request, v *feed.View, q *feed.Query, text string) error {
	if q.After == nil {
		return nil
	}
	reached, err := v.Reaches(r.Context(), q)
	if err == nil && !reached {
		err = geo.NewInvalid("cursor", "cursor.here", text)
	}
	return err
}

// scope is what an answer depends on: the stamp of its park's state or of the database's, and when that began; nil
// before the first change. It is "" where the park is unknown.
func scope(r *http.Request, v *feed.View, q *feed.Query) (stamp string, at *time.Time, err error) {
	if q.Park != "" {
		park, err := v.Park(r.Context(), q.Park)
		switch {
		case err == nil:
			return park.Stamp(), park.At, nil
		case errors.Is(err, store.ErrNotFound):
			return "", nil, nil
		}
		return "", nil, err
	}
	now, err := v.State(r.Context())
	return now.Stamp(), now.At, err
}

// matched counts the features of a first page's query if that is cheap: the live features of a park or of all, counted
// once a state, and where these are few enough those of them that are asked for. -1: not counted.
func (s *Service) matched(r *http.Request, v *feed.View, q *feed.Query, stamp string) (int, error) {
	switch {
	case q.After != nil || q.When != (feed.When{}) && !chooses(q):
		return -1, nil
	case stamp == "": // nothing is kept under a name that a caller made up
		return 0, nil
	case chooses(q):
		all := &feed.Query{Collection: q.Collection, Park: q.Park}
		if n, err := s.matched(r, v, all, stamp); n < 0 || err != nil {
			return n, err
		}
		n, ok, err := v.Count(r.Context(), q)
		if err != nil || !ok {
			return -1, err
		}
		return n, nil
	}
	found, err := s.counts.get(q.Collection.ID+"/"+q.Park, stamp, func() (count, error) {
		n, ok, err := v.Count(r.Context(), q)
		return count{n, ok}, err
	})
	if err != nil || !found.ok {
		return -1, err
	}
	return found.n, nil
}

// findPage finds the page of members apart from what it prints, in memory or in the parcels' own rows, where that can
// be, and counts.
func (s *Service) findPage(r *http.Request, v *feed.View, b *feed.Both, p *pageOfItems, stamp string) (err error) {
	inPark := chi.URLParam(r, "park") != ""
	if b != nil {
		if err := memberListingGate.pass(r.Context(), func() (err error) {
			p.query.Found, p.matched, err = b.Find(r.Context(), p.query)
			return err
		}); err != nil {
			return err
		}
		if p.query.Found != nil {
			b.Hit()
		}
	}
	if p.query.Found == nil && p.member != nil {
		if p.query.Found, p.matched, err = v.FindOwn(r.Context(), p.query, inPark); err != nil {
			return err
		}
	}
	if p.query.Found == nil {
		p.matched, err = s.matchedFor(r, v, p.query, stamp)
		return err
	}
	if !inPark {
		p.matched = -1
	}
	return nil
}

// matchedFor is matched for whoever reads. Members' features are counted in the park of a path alone, where few enough
// are asked for.
func (s *Service) matchedFor(r *http.Request, v *feed.View, q *feed.Query, stamp string) (int, error) {
	if q.Member == nil {
		return s.matched(r, v, q, stamp)
	}
	if chi.URLParam(r, "park") == "" || q.After != nil {
		return -1, nil
	}
	n, ok, err := v.Count(r.Context(), q)
	if err != nil || !ok {
		return -1, err
	}
	return n, nil
}

// matchedKept counts as matched does, in memory, for a query of the live state.
func matchedKept(k *feed.Kept, q *feed.Query) int {
	if q.After != nil {
		return -1
	}
	n, ok := k.Count(&feed.Query{Collection: q.Collection, Park: q.Park})
	if ok && chooses(q) {
		n, ok = k.Count(q)
	}
	if !ok {
		return -1
	}
	return n
}

// chooses reports whether a query asks for some of the features of a park or of all.
func chooses(q *feed.Query) bool {
	return q.Box != nil || q.Plane != nil || len(q.Equal) > 0 || q.Filter != nil || len(q.Search) > 0
}

// pageOfItems is what surrounds the features of a page.
type pageOfItems struct {
	*ask
	query   *feed.Query
	stamp   *time.Time
	matched int
}

// next is the address of the page after this one, "" for the last.
func (p *pageOfItems) next(rows *feed.Features, f request.Format) string {
	if !rows.More {
		return ""
	}
	return p.nextAt(rows.Position(), f)
}

// nextAt is the address of the page after a position.
func (p *pageOfItems) nextAt(last feed.Position, f request.Format) string {
	follow := *p.ask
	follow.query = request.Query{}
	for name, text := range p.ask.query {
		follow.query[name] = text
	}
	delete(follow.query, "offset")
	follow.query["cursor"] = formatCursor(cursorQuery(p.ask, p.query.Collection), last)
	follow.query["limit"] = strconv.Itoa(p.query.Limit)
	return follow.with(follow.path, f)
}

// appendTail appends what follows the features: by then it is known whether there are more.
func (p *pageOfItems) appendTail(dst []byte, rows *feed.Features, n int) []byte {
	return p.appendEnd(dst, p.next(rows, request.JSON), n)
}

// appendEnd appends what follows n features; next is the address of the page after them, "" for the last.
func (p *pageOfItems) appendEnd(dst []byte, next string, n int) []byte {
	links := p.self(typeGeoJSON)
	links = append(links, p.link("collection", "/collections/"+p.query.Collection.ID, typeJSON,
		"api.collection."+p.query.Collection.ID))
	links = append(links, p.profileLink())
	if next != "" {
		links = append(links, Link{Href: next, Rel: "next", Type: p.sentAs.sent(typeGeoJSON), Title: p.text("api.link.next")})
	}
	matched := p.matched
	if matched < 0 && p.query.After == nil && next == "" && (n > 0 || p.query.Skip == 0) {
		matched = p.query.Skip + n
	}
	tail := struct {
		Links    []Link     `json:"links"`
		Stamp    *time.Time `json:"timeStamp,omitempty"`
		Matched  *int       `json:"numberMatched,omitempty"`
		Returned int        `json:"numberReturned"`
	}{links, p.stamp, nil, n}
	if matched >= 0 {
		tail.Matched = &matched
	}
	body, err := marshal(tail)
	if err != nil { // texts, numbers and times always marshal
		return dst
	}
	return append(append(dst, "\n],"...), body[1:]...)
}
