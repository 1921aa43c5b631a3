package ogc

import (
	"context"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"luodi/data/feed"
	"luodi/data/store"
)

// Resources of one park, which stands in their path. Whoever is signed in there reads them with a cookie, which changes
// nothing below Prefix.

// Sees tells whether who asks sees a park as its members do.
type Sees func(ctx context.Context, park uuid.UUID) bool

// ParkItems answers with features of a collection that lie in the park of the path, with the parameters of items but
// park, in JSON: as the park's members see them where sees says so of who asks, else as the public does. Members'
// features are counted.
func (s *Service) ParkItems(sees Sees) http.HandlerFunc { return s.inPark(sees, ofParks(s.items)) }

// ParkItem answers with one of them.
func (s *Service) ParkItem(sees Sees) http.HandlerFunc { return s.inPark(sees, ofParks(s.item)) }

// ofParks serves collections of what lies in parks.
func ofParks(serve func(http.ResponseWriter, *http.Request) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		c, err := findCollection(r)
		if err == nil && !c.Timed() {
			err = &store.Missing{Kind: "collection", Name: c.ID}
		}
		if err != nil {
			return err
		}
		return serve(w, r)
	}
}

// inPark serves what lies in the park of the path.
func (s *Service) inPark(sees Sees, serve func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return s.handle(func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Add("Vary", "Cookie")
		park, err := s.findPark(r.Context(), chi.URLParam(r, "park"))
		if err != nil {
			return err
		}
		var member *feed.Member
		if sees(r.Context(), park.ID) {
			member = &feed.Member{Parks: []uuid.UUID{park.ID}}
		}
		return serve(w, r.WithContext(context.WithValue(r.Context(), memberKey{}, member)))
	})
}

// findPark finds a park by its code.
func (s *Service) findPark(ctx context.Context, code string) (park *store.ParkState, err error) {
	now, err := s.feed.Now(ctx)
	if err != nil {
		return nil, err
	}
	if k := s.cache.At(ctx, now, feed.Parcels()); k != nil {
		if park = k.Park(code); park == nil {
			err = &store.Missing{Kind: "park", Name: code}
		}
		return park, err
	}
	err = s.feed.View(ctx, func(v *feed.View) error {
		park, err = v.Park(ctx, code)
		return err
	})
	return park, err
}

// besidePark leaves the park out of the parameters that a request may have, where it stands in the path.
func besidePark(r *http.Request, names []string) []string {
	if chi.URLParam(r, "park") == "" {
		return names
	}
	return slices.DeleteFunc(names, func(name string) bool { return name == "park" })
}

// featuresAt is the resource of features below Prefix, or in a park of a path, where they come in JSON alone.
func featuresAt(r *http.Request, of resource) resource {
	if chi.URLParam(r, "park") == "" {
		return of
	}
	return parkFeatures
}

// narrow keeps a query to the park of the path, where there is one.
func narrow(r *http.Request, q *feed.Query) {
	if park := chi.URLParam(r, "park"); park != "" && q.Collection.Timed() {
		q.Park = park
	}
}
