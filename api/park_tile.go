package api

import (
	"context"
	"maps"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/api/ogc"
)

// addTiles adds the map tiles of a park, which the map's page draws. They are made beside huma and only described to
// it.
func (d *domain) addTiles(r chi.Router, features *ogc.Service) {
	const id, path = "park.tile", "/api/parks/{park}/tiles/{collection}/{z}/{x}/{y}"
	right := auth.RightTo(id, "")
	r.Get(path, features.ParkTile(func(ctx context.Context, park uuid.UUID) bool {
		who := auth.From(ctx)
		return who != nil && who.Shown(right, park)
	}))
	park := d.api.OpenAPI().Paths["/api/parks/{park}"].Get
	responses := maps.Clone(park.Responses)
	responses["200"] = &huma.Response{Description: "OK", Content: map[string]*huma.MediaType{
		"application/vnd.mapbox-vector-tile": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}
	responses["204"] = &huma.Response{Description: "Nothing lies in the tile"}
	d.api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: id, Method: http.MethodGet, Path: path, Summary: docsText(id), Responses: responses,
		Parameters: append(append([]*huma.Param{}, park.Parameters...), tileParams()...),
	})
}

// tileParams describe the address of a tile and what chooses its features.
func tileParams() []*huma.Param {
	var all []*huma.Param
	for _, p := range []struct{ name, in, kind string }{{"collection", "path", huma.TypeString},
		{"z", "path", huma.TypeInteger}, {"x", "path", huma.TypeInteger}, {"y", "path", huma.TypeInteger},
		{"datetime", "query", huma.TypeString}, {"filter", "query", huma.TypeString}, {"crs", "query", huma.TypeString}} {
		all = append(all, &huma.Param{Name: p.name, In: p.in, Required: p.in == "path",
			Schema: &huma.Schema{Type: p.kind}})
	}
	return all
}
