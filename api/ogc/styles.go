package ogc

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"luodi/api/page"
	"luodi/api/request"
	"luodi/data/feed"
	"luodi/data/outlet"
	"luodi/data/store"
)

// Styles for map tiles (OGC API Styles): each collection has one, in the colours of the map's page, for MapLibre and
// what else reads its style specification.

const mapboxStyle request.Format = "mbs"

const (
	typeMapboxStyle = "application/vnd.mapbox.style+json"
	styleID         = "luodi"
	relStyles       = "http://www.opengis.net/def/rel/ogc/1.0/styles"
)

// styles lists the styles of a collection.
func (s *Service) styles(w http.ResponseWriter, r *http.Request) error {
	c, err := findCollection(r)
	if err != nil {
		return err
	}
	path := "/collections/" + c.ID + "/styles"
	type head struct {
		ID    string `json:"id"`
		Title string `json:"title"`
		Links []Link `json:"links"`
	}
	return s.fixed(w, r, typeJSON, func(a *ask) any {
		return struct {
			Default string `json:"default"`
			Styles  []head `json:"styles"`
			Links   []Link `json:"links"`
		}{styleID, []head{{styleID, a.text("api.collection." + c.ID), []Link{
			a.link("stylesheet", path+"/"+styleID+"?f=mbs", typeMapboxStyle, "api.link.mbs")}}}, a.self(typeJSON)}
	}, func(w http.ResponseWriter, r *http.Request, a *ask) error {
		t := &page.Table{Rows: [][]page.Cell{{{Text: styleID, Href: a.html(path + "/" + styleID)},
			{Text: a.text("api.link.mbs")}}}}
		return a.write(w, r, page.Page{Title: a.text("api.link.styles"), Crumbs: a.crumbs(c), Other: a.json("JSON"),
			Sections: []page.Section{{Table: t}}})
	})
}

// style answers with a collection's style.
func (s *Service) style(w http.ResponseWriter, r *http.Request) error {
	c, err := findCollection(r)
	if err != nil {
		return err
	}
	if name := chi.URLParam(r, "style"); name != styleID {
		return &store.Missing{Kind: "style", Name: name}
	}
	a, err := askedFor(r, styleData)
	if err != nil {
		return err
	}
	return s.fixedAs(w, r, a, typeMapboxStyle, func(a *ask) any { return a.style(c) },
		func(w http.ResponseWriter, r *http.Request, a *ask) error {
			text, err := marshalIndent(a.style(c))
			if err != nil {
				return err
			}
			return a.write(w, r, page.Page{Title: a.text("api.link.mbs"), Crumbs: a.crumbs(c), Sections: []page.Section{
				{Copy: a.copy("api.page.address.style", a.base+"/collections/"+c.ID+"/styles/"+styleID+"?f=mbs")},
				{Code: text}}})
		})
}

// style draws a collection's tiles. It has no texts: their letters would have to come from somewhere.
func (a *ask) style(c *feed.Collection) any {
	layer := func(id, kind string, paint map[string]any) map[string]any {
		return map[string]any{"id": id, "type": kind, "source": c.ID, "source-layer": c.ID, "paint": paint}
	}
	var layers []any
	switch c.Geometry[0] {
	case "Point":
		layers = circles(c, layer)
	case "MultiLineString":
		layers = append(layers, layer(c.ID, "line", map[string]any{"line-color": coloursOf(c), "line-width": 2}))
	default:
		line := layer(c.ID+"-outline", "line", map[string]any{"line-color": outlet.OutlineColour, "line-width": 0.6})
		line["minzoom"] = outlinesFrom
		fill := map[string]any{"fill-color": coloursOf(c), "fill-antialias": false}
		if c.ID != "parcels" {
			fill["fill-opacity"] = 0.25
		}
		layers = append(layers, layer(c.ID, "fill", fill), line)
	}
	return map[string]any{"version": 8, "name": a.text("api.collection." + c.ID),
		"sources": map[string]any{c.ID: map[string]any{"type": "vector",
			"url": a.base + "/collections/" + c.ID + "/tiles/" + webMercator.ID() + "?f=tilejson"}},
		"layers": layers}
}

// circles are a layer a class: QGIS 3.22 reads no expression of a circle's colour. Below them are those of no class.
func circles(c *feed.Collection, layer func(id, kind string, paint map[string]any) map[string]any) []any {
	field, classes, other := outlet.MapColours(c)
	all := []any{layer(c.ID, "circle", map[string]any{"circle-color": other, "circle-radius": 3})}
	for _, class := range classes {
		one := layer(c.ID+"-"+class.Value, "circle", map[string]any{"circle-color": class.Colour, "circle-radius": 4})
		one["filter"] = []any{"==", []any{"get", field}, class.Value}
		all = append(all, one)
	}
	return all
}

// outlinesFrom is the zoom from which outlines are drawn: below it they would be a moiré.
const outlinesFrom = 13

// coloursOf is the expression of a feature's colour.
func coloursOf(c *feed.Collection) any {
	field, classes, other := outlet.MapColours(c)
	if len(classes) == 0 {
		return other
	}
	match := []any{"match", []any{"get", field}}
	for _, class := range classes {
		match = append(match, []string{class.Value}, class.Colour) // QGIS 3.22 reads no label that stands alone
	}
	return append(match, other)
}
