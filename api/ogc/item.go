package ogc

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"luodi/api/request"
	"luodi/data/feed"
	"luodi/data/store"
)

func (s *Service) item(w http.ResponseWriter, r *http.Request) error {
	c, err := feed.FindCollection(chi.URLParam(r, "collection"))
	if err != nil {
		return err
	}
	a, err := askedFor(r, oneFeature, itemParameters...)
	if err != nil {
		return err
	}
	q := &feed.Query{Collection: c}
	if err := parseReading(a, q); err != nil {
		return err
	}
	if q.When, err = parseInstant(a); err != nil {
		return err
	}
	name := chi.URLParam(r, "feature")
	id, err := uuid.Parse(name)
	if err != nil || id.String() != name {
		return &store.Missing{Kind: "feature", Name: name}
	}
	return s.feed.View(r.Context(), func(v *feed.View) error {
		find := v.ParkOf
		if q.When.Instant {
			find = v.ParkOfPast
		}
		park, err := find(r.Context(), c, id)
		if err != nil {
			return err
		}
		if err := s.checkCRS(r, v, a, q); err != nil {
			return err
		}
		if s.unchanged(w, r, a, park.Stamp()) {
			return nil
		}
		q.Park, q.ID = park.Code, &id
		if a.format == request.HTML {
			feature, err := v.Feature(r.Context(), q)
			if err != nil {
				return err
			}
			return s.itemPage(w, r, a, c, feature)
		}
		body, err := v.FeatureAs(r.Context(), q, func(dst []byte, row *feed.Features) ([]byte, error) {
			return a.writerOf().one(dst, a, q, row)
		})
		if err != nil {
			return err
		}
		a.headFeatures(w, q)
		_, _ = w.Write(body) // nobody is left to be told of a failure
		return nil
	})
}

// itemParameters are what a feature takes besides the common parameters.
var itemParameters = []string{"crs", "datetime", "profile"}
