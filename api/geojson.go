package api

import (
	"maps"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"luodi/api/problem"
	"luodi/api/request"
	"luodi/api/stream"
	"luodi/data/feed"
	"luodi/data/store"
)

// addGeoJSON adds the whole park as one document. It is streamed, so it stands beside huma and is only described to it.
func (d *domain) addGeoJSON(r chi.Router) {
	const path = "/api/parks/{park}/parcels.geojson"
	r.Get(path, func(w http.ResponseWriter, r *http.Request) {
		if err := d.geoJSON(w, r); err != nil {
			problem.Write(w, r, err)
		}
	})
	park := d.api.OpenAPI().Paths["/api/parks/{park}"].Get // it takes the same and fails alike
	responses := maps.Clone(park.Responses)
	responses["200"] = &huma.Response{Description: "OK", Content: map[string]*huma.MediaType{
		"application/geo+json": {Schema: &huma.Schema{Type: huma.TypeObject}},
	}}
	d.api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "parcels.geojson", Method: http.MethodGet, Path: path, Summary: docsText("parcels.geojson"),
		Parameters: park.Parameters, Responses: responses,
	})
}

func (d *domain) geoJSON(w http.ResponseWriter, r *http.Request) error {
	q, err := request.ParseQuery(r, "lang")
	if err != nil {
		return err
	}
	if _, err := q.Lang(r); err != nil {
		return err
	}
	ctx, code := r.Context(), chi.URLParam(r, "park")
	if done, err := d.geoJSONKept(w, r, code); done || err != nil {
		return err
	}
	return d.feed.Stream(ctx, func(v *feed.View) error {
		park, err := v.Park(ctx, code)
		if err != nil {
			return err
		}
		if d.geoJSONUnchanged(w, r, park) {
			return nil
		}
		if r.Method == http.MethodHead {
			return nil
		}
		rows, err := v.Features(ctx, &feed.Query{Collection: feed.Parcels(), Park: code})
		if err != nil {
			return err
		}
		defer rows.Close()
		return stream.Features(ctx, w, rows, geoJSONHead,
			func(dst []byte, _ int) []byte {
				return append(dst, geoJSONTail...)
			})
	})
}

// What surrounds a park's parcels.
const (
	geoJSONHead = "{\"type\":\"FeatureCollection\",\"features\":[\n"
	geoJSONTail = "\n]}\n"
)

// geoJSONUnchanged says what the answer is, and ends the request where the caller holds it already.
func (d *domain) geoJSONUnchanged(w http.ResponseWriter, r *http.Request, park *store.ParkState) bool {
	if request.Unchanged(w, r, request.Tag(park.Stamp(), d.version, "parcels.geojson")) {
		return true
	}
	w.Header().Set("Content-Type", "application/geo+json")
	return false
}

// geoJSONKept answers from memory; false where the database has to.
func (d *domain) geoJSONKept(w http.ResponseWriter, r *http.Request, code string) (done bool, err error) {
	now, err := d.feed.Now(r.Context())
	if err != nil {
		return true, err
	}
	k := d.cache.At(r.Context(), now, feed.Parcels())
	if k == nil {
		return false, nil
	}
	k.Hit()
	park := k.Park(code)
	if park == nil {
		return true, &store.Missing{Kind: "park", Name: code}
	}
	if d.geoJSONUnchanged(w, r, park) || r.Method == http.MethodHead {
		return true, nil
	}
	if page := k.Page(&feed.Query{Collection: feed.Parcels(), Park: code}); page != nil {
		stream.Kept(w, geoJSONHead, page, []byte(geoJSONTail))
		return true, nil
	}
	return false, nil
}
