package ogc

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"luodi/api/request"
	"luodi/data/feed"
	"luodi/data/store"
)

func (s *Service) item(w http.ResponseWriter, r *http.Request) error {
	c, err := findCollection(r)
	if err != nil {
		return err
	}
	a, err := askedFor(r, featuresAt(r, oneFeature), itemParameters...)
	if err != nil {
		return err
	}
	q := &feed.Query{Collection: c, Member: a.member}
	if err := parseReading(a, q); err != nil {
		return err
	}
	if q.When, err = parseInstant(a); err != nil {
		return err
	}
	if q.Select, err = parseSelection(a, c); err != nil {
		return err
	}
	name := chi.URLParam(r, "feature")
	id, err := uuid.Parse(name)
	if err != nil || id.String() != name {
		return &store.Missing{Kind: "feature", Name: name}
	}
	narrow(r, q)
	if done, err := s.itemKept(w, r, a, q, id); done || err != nil {
		return err
	}
	return s.view(r, a, func(v *feed.View) error {
		stamp, err := scopeOne(r, v, q, id)
		if errors.Is(err, store.ErrNotFound) && a.redirectNode(w, r, v, q) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := s.checkCRS(r, v, a, q); err != nil {
			return err
		}
		if s.unchanged(w, r, a, stamp) {
			return nil
		}
		if a.format == request.HTML {
			feature, err := v.Feature(r.Context(), q)
			if err != nil {
				return err
			}
			return s.itemPage(w, r, v, a, c, feature)
		}
		body, err := v.FeatureAs(r.Context(), q, func(dst []byte, row *feed.Features) ([]byte, error) {
			return a.writerOf().one(dst, a, q, row)
		})
		if errors.Is(err, store.ErrNotFound) && a.redirectNode(w, r, v, q) {
			return nil
		}
		if err != nil {
			return err
		}
		a.headFeatures(w, q)
		_, _ = w.Write(body) // nobody is left to be told of a failure
		return nil
	})
}

// scopeOne narrows a query to the feature of an id. It returns the stamp of what the answer depends on: the state of
// the feature's park, for members, who see parks differently, that of the database.
func scopeOne(r *http.Request, v *feed.View, q *feed.Query, id uuid.UUID) (string, error) {
	q.ID = &id
	if q.Member != nil {
		now, err := v.State(r.Context())
		return now.Stamp(), err
	}
	find := v.ParkOf
	if q.When.Instant {
		find = v.ParkOfPast
	}
	park, err := find(r.Context(), q.Collection, id)
	if err == nil && q.Park != "" && q.Park != park.Code {
		err = &store.Missing{Kind: "feature", Name: id.String()}
	}
	if err != nil {
		return "", err
	}
	q.Park = park.Code
	return park.Stamp(), nil
}

// redirectNode leads who asks networks for a node to the nodes, and reports whether it did: events name both networks.
func (a *ask) redirectNode(w http.ResponseWriter, r *http.Request, v *feed.View, q *feed.Query) bool {
	const lines, nodes = "networks", "network-nodes"
	if q.Collection.ID != lines {
		return false
	}
	at := *q
	for _, c := range a.collections() {
		if c.ID == nodes {
			at.Collection = c
		}
	}
	if _, err := v.Feature(r.Context(), &at); err != nil { // not there either, or the database fails again
		return false
	}
	h := w.Header()
	h.Del("ETag")
	h.Set("Location", a.base+"/collections/"+nodes+"/items/"+q.ID.String()+"?"+a.query.Encode())
	w.WriteHeader(http.StatusTemporaryRedirect)
	return true
}

// itemParameters are what a feature takes besides the common parameters.
var itemParameters = []string{"crs", "datetime", "profile", "properties"}
