package ogc

import (
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"luodi/api/problem"
	"luodi/api/request"
	"luodi/api/stream"
	"luodi/data"
	"luodi/geo"
)

// Bounds of limit. A page for eyes is short unless it is asked to be longer.
const (
	limitDefault     = 1000
	limitMost        = 10000
	limitHTMLDefault = 50
	limitHTMLMost    = 1000
)

// itemsParameters are what items takes besides the common parameters.
func itemsParameters(c *data.Collection) []string {
	names := []string{"bbox", "datetime", "limit", "cursor"}
	for _, p := range c.Properties {
		if p.Filter {
			names = append(names, p.Name)
		}
	}
	return names
}

func (s *Service) items(w http.ResponseWriter, r *http.Request) error {
	c, err := data.FindCollection(chi.URLParam(r, "collection"))
	if err != nil {
		return err
	}
	a, err := asked(r, itemsParameters(c)...)
	if err != nil {
		return err
	}
	q, err := parseItems(a, c)
	if err != nil {
		return err
	}
	ctx := r.Context()
	return s.store.Stream(ctx, func(v *data.View) error {
		if err := checkPosition(v, q, a.query["cursor"]); err != nil {
			return err
		}
		scope := scopeOf(v, q)
		if s.unchanged(w, r, a, scope) {
			return nil
		}
		p := &pageOfItems{ask: a, query: q, stamp: newest(scope)}
		if p.matched, err = s.matched(r, v, q, scope); err != nil {
			return err
		}
		if a.format == request.HTML {
			return s.itemsPage(w, r, v, p)
		}
		w.Header().Set("Content-Type", typeGeoJSON)
		w.Header().Set("Content-Language", string(a.lang))
		w.Header().Set("Content-Crs", "<"+crs84+">")
		if r.Method == http.MethodHead {
			return nil
		}
		rows, err := v.Features(ctx, q)
		if err != nil {
			return err
		}
		defer rows.Close()
		return stream.Features(ctx, w, rows, "{\"type\":\"FeatureCollection\",\"features\":[\n", func(dst []byte, n int) []byte {
			return p.appendTail(dst, rows, n)
		})
	})
}

// parseItems reads the parameters of items. Names and values come from the collection's own description.
func parseItems(a *ask, c *data.Collection) (*data.Query, error) {
	q := &data.Query{Collection: c}
	fallback, most := limitDefault, limitMost
	if a.format == request.HTML {
		fallback, most = limitHTMLDefault, limitHTMLMost
	}
	var err error
	if q.Limit, err = a.query.Limit(fallback, most); err != nil {
		return nil, err
	}
	if text, given := a.query["bbox"]; given {
		box, err := geo.ParseBBox("bbox", text)
		if err != nil {
			return nil, err
		}
		q.Box = &box
	}
	if text, given := a.query["datetime"]; given {
		if q.When, err = parseDatetime(text); err != nil {
			return nil, err
		}
	}
	for i := range c.Properties {
		p := &c.Properties[i]
		text, given := a.query[p.Name]
		if !p.Filter || !given {
			continue
		}
		if err := checkValue(p, text); err != nil {
			return nil, err
		}
		if p.Name == "park" {
			q.Park = text
			if text == "" {
				return nil, &problem.Request{Kind: problem.InvalidParameter, Field: p.Name, Expected: "api.expected.park", Got: text}
			}
			continue
		}
		q.Equal = append(q.Equal, data.Equal{Property: p, Value: text})
	}
	if text, given := a.query["cursor"]; given {
		if q.After, err = parseCursor(cursorQuery(a, c), text); err != nil {
			return nil, err
		}
	}
	return q, nil
}

// maxValue bounds a value that is compared, in bytes.
const maxValue = 400

func checkValue(p *data.Property, text string) error {
	if len(text) > maxValue {
		return &problem.Request{Kind: problem.InvalidParameter, Field: p.Name, Expected: "api.expected.short", Args: []any{"n", maxValue}, Got: text}
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
func cursorQuery(a *ask, c *data.Collection) string {
	chosen := request.Query{"collection": c.ID}
	for name, text := range a.query {
		switch name {
		case "cursor", "limit", "f", "lang":
		default:
			chosen["="+name] = text
		}
	}
	return chosen.Encode()
}

// checkPosition refuses a cursor of a state that this database has not reached, as after a restore.
func checkPosition(v *data.View, q *data.Query, text string) error {
	if q.After == nil {
		return nil
	}
	for _, then := range q.After.Seqs {
		known := false
		for _, now := range v.Parks {
			known = known || now.ID == then.Park && now.Seq >= then.Seq
		}
		if !known {
			return geo.NewInvalid("cursor", "a cursor of this database", text)
		}
	}
	return nil
}

// scopeOf lists the parks that an answer depends on.
func scopeOf(v *data.View, q *data.Query) []data.ParkState {
	if q.Park == "" {
		return v.Parks
	}
	if park, err := v.Park(q.Park); err == nil {
		return []data.ParkState{*park}
	}
	return nil
}

// newest is when the newest change of some parks was; nil before the first.
func newest(parks []data.ParkState) *time.Time {
	var at *time.Time
	for _, park := range parks {
		if park.At != nil && (at == nil || park.At.After(*at)) {
			at = park.At
		}
	}
	return at
}

// matched counts what a first page's query finds where that is cheap: the live features of a park or of all, counted once a
// state. -1: not counted.
func (s *Service) matched(r *http.Request, v *data.View, q *data.Query, scope []data.ParkState) (int, error) {
	if q.After != nil || q.Box != nil || q.When != (data.When{}) || len(q.Equal) > 0 {
		return -1, nil
	}
	if len(scope) == 0 { // nothing is kept under a name that a caller made up
		return 0, nil
	}
	found, err := s.counts.get(q.Collection.ID+"/"+q.Park, request.Tag(scope), func() (count, error) {
		n, ok, err := v.Count(r.Context(), q)
		return count{n, ok}, err
	})
	if err != nil || !found.ok {
		return -1, err
	}
	return found.n, nil
}

// pageOfItems is what surrounds the features of a page.
type pageOfItems struct {
	*ask
	query   *data.Query
	stamp   *time.Time
	matched int
}

// next is the address of the page after this one, "" for the last.
func (p *pageOfItems) next(rows *data.Features, f request.Format) string {
	if !rows.More {
		return ""
	}
	follow := *p.ask
	follow.query = request.Query{}
	for name, text := range p.ask.query {
		follow.query[name] = text
	}
	follow.query["cursor"] = formatCursor(cursorQuery(p.ask, p.query.Collection), rows.Position())
	follow.query["limit"] = strconv.Itoa(p.query.Limit)
	return follow.with(follow.path, f)
}

// appendTail appends what follows the features: by then it is known whether there are more.
func (p *pageOfItems) appendTail(dst []byte, rows *data.Features, n int) []byte {
	links := p.self(typeGeoJSON)
	links = append(links, p.link("collection", "/collections/"+p.query.Collection.ID, typeJSON, "api.collection."+p.query.Collection.ID))
	if next := p.next(rows, request.JSON); next != "" {
		links = append(links, Link{Href: next, Rel: "next", Type: typeGeoJSON, Title: p.text("api.link.next")})
	}
	matched := p.matched
	if matched < 0 && p.query.After == nil && !rows.More {
		matched = n
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
