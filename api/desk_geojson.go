package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"luodi/api/auth"
	"luodi/api/problem"
	"luodi/api/request"
	"luodi/api/stream"
	"luodi/data"
)

// addDeskGeoJSON adds the planner's feed. It is streamed, so it stands beside huma and is only described to it.
func (d *domain) addDeskGeoJSON(r chi.Router) {
	const path = "/api/parks/{park}/desk.geojson"
	r.Get(path, func(w http.ResponseWriter, r *http.Request) {
		if err := d.deskGeoJSON(w, r); err != nil {
			problem.Write(w, r, err)
		}
	})
	text := &huma.Schema{Type: huma.TypeString}
	d.api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "desk.geojson", Method: http.MethodGet, Path: path, Summary: docsText("desk.geojson"), Tags: []string{"desk"},
		Security: []map[string][]string{{"session": {}}, {"token": {}}},
		Parameters: []*huma.Param{{Name: "park", In: "path", Required: true, Schema: text},
			{Name: "datetime", In: "query", Description: "An RFC 3339 instant, or a date: the end of that day in the park's time zone. Now without it.", Schema: text},
			{Name: "code", In: "query", Description: "The parcel of this code alone.", Schema: text}},
		Responses: map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{
			"application/geo+json": {Schema: &huma.Schema{Type: huma.TypeObject}},
		}}, "304": {Description: "Not modified"}},
	})
}

// deskGeoJSON answers with a tag: a browser keeps the answer for its own user alone, and asks each time whether the park changed and whether it may still be shown.
func (d *domain) deskGeoJSON(w http.ResponseWriter, r *http.Request) error {
	q, err := request.ParseQuery(r, "lang", "datetime", "code")
	if err != nil {
		return err
	}
	if _, err := q.Lang(r); err != nil {
		return err
	}
	ctx, code := r.Context(), chi.URLParam(r, "park")
	if _, err := d.inPark(ctx, auth.See, code); err != nil {
		return err
	}
	return d.store.Desk(ctx, func(v *data.View) error {
		park, err := v.Park(code)
		if err != nil {
			return err
		}
		at, err := request.Moment("datetime", q["datetime"], park.TimeZone)
		if err != nil {
			return err
		}
		tag := request.Tag([]data.ParkState{*park}, d.version, "desk.geojson", q["datetime"], q["code"])
		w.Header().Set("ETag", tag)
		w.Header().Set("Cache-Control", "private, no-cache")
		if request.Holds(r.Header.Get("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
		w.Header().Set("Content-Type", "application/geo+json")
		if r.Method == http.MethodHead {
			return nil
		}
		rows, err := v.DeskParcels(ctx, code, q["code"], at)
		if err != nil {
			return err
		}
		defer rows.Close()
		return stream.Features(ctx, w, rows, "{\"type\":\"FeatureCollection\",\"features\":[\n", func(dst []byte, _ int) []byte {
			return append(dst, "\n]}\n"...)
		})
	})
}
