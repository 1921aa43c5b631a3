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
	return d.feed.Stream(ctx, func(v *feed.View) error {
		park, err := v.Park(ctx, code)
		if err != nil {
			return err
		}
		if request.Unchanged(w, r, request.Tag(park.Stamp(), d.version, "parcels.geojson")) {
			return nil
		}
		w.Header().Set("Content-Type", "application/geo+json")
		if r.Method == http.MethodHead {
			return nil
		}
		rows, err := v.Features(ctx, &feed.Query{Collection: feed.Parcels(), Park: code})
		if err != nil {
			return err
		}
		defer rows.Close()
		return stream.Features(ctx, w, rows, "{\"type\":\"FeatureCollection\",\"features\":[\n",
			func(dst []byte, _ int) []byte {
				return append(dst, "\n]}\n"...)
			})
	})
}
