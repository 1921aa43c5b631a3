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
	r.Get(path, features.ParkTile(shownBy(id)))
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

// shownBy tells who sees more than the public by the right to an operation.
func shownBy(operation string) ogc.Sees {
	right := auth.RightTo(operation, "")
	return func(ctx context.Context, park uuid.UUID) bool {
		who := auth.From(ctx)
		return who != nil && who.Shown(right, park)
	}
}

// addItems adds the features of a park, which the map's page lists and asks for one by one where a park is large. They
// are the pages of OGC API, and stand beside huma too.
func (d *domain) addItems(r chi.Router, features *ogc.Service) {
	const items, item, path = "park.items", "park.item", "/api/parks/{park}/items/{collection}"
	r.Get(path, features.ParkItems(shownBy(items)))
	r.Get(path+"/{feature}", features.ParkItem(shownBy(item)))
	park := d.api.OpenAPI().Paths["/api/parks/{park}"].Get
	responses := maps.Clone(park.Responses)
	responses["200"] = &huma.Response{Description: "OK", Content: map[string]*huma.MediaType{
		"application/geo+json": {Schema: &huma.Schema{Type: huma.TypeObject}},
	}}
	in := []paramOf{{"collection", "path", huma.TypeString}, {"datetime", "query", huma.TypeString}}
	for _, o := range []huma.Operation{
		{OperationID: items, Path: path, Parameters: paramsOf(append(in, paramOf{"limit", "query", huma.TypeInteger},
			paramOf{"offset", "query", huma.TypeInteger}, paramOf{"cursor", "query", huma.TypeString},
			paramOf{"bbox", "query", huma.TypeString}, paramOf{"filter", "query", huma.TypeString},
			paramOf{"sortby", "query", huma.TypeString}, paramOf{"q", "query", huma.TypeString}))},
		{OperationID: item, Path: path + "/{feature}", Parameters: paramsOf(append(in,
			paramOf{"feature", "path", huma.TypeString}))},
	} {
		o.Method, o.Summary, o.Responses = http.MethodGet, docsText(o.OperationID), responses
		o.Parameters = append(append([]*huma.Param{}, park.Parameters...), o.Parameters...)
		d.api.OpenAPI().AddOperation(&o)
	}
}

// paramOf is a parameter: its name, where it stands and its JSON type.
type paramOf struct{ name, in, kind string }

func paramsOf(all []paramOf) []*huma.Param {
	params := make([]*huma.Param, len(all))
	for i, p := range all {
		params[i] = &huma.Param{Name: p.name, In: p.in, Required: p.in == "path", Schema: &huma.Schema{Type: p.kind}}
	}
	return params
}

// tileParams describe the address of a tile and what chooses its features.
func tileParams() []*huma.Param {
	return paramsOf([]paramOf{{"collection", "path", huma.TypeString},
		{"z", "path", huma.TypeInteger}, {"x", "path", huma.TypeInteger}, {"y", "path", huma.TypeInteger},
		{"datetime", "query", huma.TypeString}, {"filter", "query", huma.TypeString},
		{"filter-lang", "query", huma.TypeString}, {"filter-crs", "query", huma.TypeString},
		{"q", "query", huma.TypeString}, {"crs", "query", huma.TypeString}, {"joined", "query", huma.TypeString}})
}
