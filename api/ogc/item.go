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
	a, err := asked(r, "properties")
	if err != nil {
		return err
	}
	selected, err := parseSelection(a, c)
	if err != nil {
		return err
	}
	name := chi.URLParam(r, "feature")
	id, err := uuid.Parse(name)
	if err != nil || id.String() != name {
		return &store.Missing{Kind: "feature", Name: name}
	}
	if selected == nil {
		if done, err := s.itemKept(w, r, a, c, id); done || err != nil {
			return err
		}
	}
	return s.feed.View(r.Context(), func(v *feed.View) error {
		park, err := v.ParkOf(r.Context(), c, id)
		if err != nil {
			return err
		}
		if s.unchanged(w, r, a, park.Stamp()) {
			return nil
		}
		feature, err := v.Feature(r.Context(), &feed.Query{Collection: c, Park: park.Code, ID: &id,
			Select: selected})
		if err != nil {
			return err
		}
		if a.format == request.HTML {
			return s.itemPage(w, r, v, a, c, feature)
		}
		return writeItem(w, a, c, feature)
	})
}
