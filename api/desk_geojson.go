package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"luodi/api/auth"
	"luodi/api/problem"
	"luodi/api/request"
	"luodi/api/stream"
	"luodi/data/feed"
)

// deskFeed is a feed for planners, of a park in its live state or in that of an instant.
type deskFeed struct {
	id, path string
	asks     []*huma.Param // besides datetime
	read     func(context.Context, *feed.View, *http.Request, feed.When) (*feed.Features, error)
}

// addDeskGeoJSON adds the planner's feeds: the parcels, and the collections beside them. They are streamed, so they
// stand beside huma and are only described to it.
func (d *domain) addDeskGeoJSON(r chi.Router) {
	text := &huma.Schema{Type: huma.TypeString}
	d.addDeskFeed(r, deskFeed{"desk.geojson", "/api/parks/{park}/desk.geojson",
		[]*huma.Param{{Name: "code", In: "query", Description: "The parcel of this code alone.", Schema: text}},
		func(ctx context.Context, v *feed.View, r *http.Request, when feed.When) (*feed.Features, error) {
			return v.DeskParcels(ctx, chi.URLParam(r, "park"), r.URL.Query().Get("code"), when.From)
		}})
	d.addDeskFeed(r, deskFeed{"desk.collection", "/api/parks/{park}/desk/{collection}.geojson",
		[]*huma.Param{{Name: "collection", In: "path", Required: true,
			Schema: &huma.Schema{Type: huma.TypeString, Enum: enumOf(feed.ThingIDs())}}},
		func(ctx context.Context, v *feed.View, r *http.Request, when feed.When) (*feed.Features, error) {
			collection, err := feed.DeskOf(chi.URLParam(r, "collection"))
			if err != nil {
				return nil, err
			}
			return v.Features(ctx, &feed.Query{Collection: collection, Park: chi.URLParam(r, "park"), When: when})
		}})
}

func (d *domain) addDeskFeed(r chi.Router, f deskFeed) {
	r.Get(f.path, func(w http.ResponseWriter, r *http.Request) {
		if err := d.deskGeoJSON(w, r.WithContext(auth.With(r.Context(), f.id)), f); err != nil {
			problem.Write(w, r, err)
		}
	})
	text := &huma.Schema{Type: huma.TypeString}
	d.api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: f.id, Method: http.MethodGet, Path: f.path, Summary: docsText(f.id), Tags: []string{"desk"},
		Security: []map[string][]string{{"session": {}}, {"token": {}}},
		Parameters: append([]*huma.Param{{Name: "park", In: "path", Required: true, Schema: text},
			{Name: "datetime", In: "query",
				Description: "An RFC 3339 instant, or a date: the end of that day in the park's time zone. Now " +
					"without it.", Schema: text}}, f.asks...),
		Responses: map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{
			"application/geo+json": {Schema: &huma.Schema{Type: huma.TypeObject}},
		}}, "304": {Description: "Not modified"}},
	})
}

// deskGeoJSON answers with a tag: a browser keeps the answer for its own user alone, and asks each time whether the
// park changed and whether it may still be shown.
func (d *domain) deskGeoJSON(w http.ResponseWriter, r *http.Request, f deskFeed) error {
	names := []string{"lang", "datetime"}
	for _, p := range f.asks {
		if p.In == "query" {
			names = append(names, p.Name)
		}
	}
	q, err := request.ParseQuery(r, names...)
	if err != nil {
		return err
	}
	if _, err := q.Lang(r); err != nil {
		return err
	}
	ctx, code := r.Context(), chi.URLParam(r, "park")
	if _, _, err := d.inPark(ctx, code); err != nil {
		return err
	}
	return d.feed.Desk(ctx, func(v *feed.View) error {
		park, err := v.Park(ctx, code)
		if err != nil {
			return err
		}
		at, err := request.Past("datetime", q["datetime"], park.TimeZone)
		if err != nil {
			return err
		}
		tag := request.Tag(park.Stamp(), d.version, r.URL.EscapedPath(), q["datetime"], q["code"])
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
		rows, err := f.read(ctx, v, r, feed.When{From: at, Instant: at != nil})
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
