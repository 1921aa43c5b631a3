package ogc

import (
	"context"

	"luodi/api/page"
	"luodi/api/request"
	"luodi/data/feed"
	"luodi/geo"
)

// limitDrawn is how many features the map of a whole collection shows.
const limitDrawn = 500

// limitGround is how many neighbours are drawn around one feature.
const limitGround = 200

// shape is a feature as it is drawn: in the colour of the map's legend, with a link to its page.
func (a *ask) shape(c *feed.Collection, f *feed.Parsed) (page.Shape, error) {
	s, err := page.ParseShape(f.Geometry)
	if err != nil {
		return s, err
	}
	s.Title, s.Href = f.Name(), a.html("/collections/"+c.ID+"/items/"+f.ID)
	if p := coloured(c); p != nil {
		if value := f.Text(p.Name); value != "" {
			s.Class, s.Title = className(value), s.Title+" · "+valueText(a.lang, p, value)
		}
	}
	return s, nil
}

// coloured is the property whose values have colours of their own: a parcel's status, a network's kind; nil for none.
func coloured(c *feed.Collection) *feed.Property {
	for _, name := range []string{"status", "kind"} {
		if p := c.Property(name); p != nil && p.Values != nil {
			return p
		}
	}
	return nil
}

func (a *ask) shapes(c *feed.Collection, features []feed.Parsed) ([]page.Shape, error) {
	var shapes []page.Shape
	for i := range features {
		s, err := a.shape(c, &features[i])
		if err != nil {
			return nil, err
		}
		shapes = append(shapes, s)
	}
	return shapes, nil
}

// drawing draws the features of a page over the outlines of the parks that they lie in.
func (a *ask) drawing(ctx context.Context, v *feed.View, q *feed.Query, features []feed.Parsed) (*page.Drawing,
	error) {
	shapes, err := a.shapes(q.Collection, features)
	if err != nil {
		return nil, err
	}
	d := &page.Drawing{Shapes: shapes, Scale: a.length, Legend: a.legend(q.Collection, features),
		Title: a.text("api.page.map", "what", a.text("api.collection."+q.Collection.ID), "n", len(shapes))}
	if q.Collection.ID == "parks" || len(shapes) == 0 {
		return d, nil
	}
	d.Ground, err = a.ground(ctx, v, parksOf(q, features))
	return d, err
}

// parksOf asks for the parks of features: the one that is named, or those in the box around them.
func parksOf(q *feed.Query, features []feed.Parsed) *feed.Query {
	parks, err := feed.FindCollection("parks")
	if err != nil {
		return nil
	}
	of := &feed.Query{Collection: parks, Limit: limitGround}
	if box, ok := boxOf(features); ok {
		of.Box = &box
	}
	return of
}

// ground draws what a query finds, for orientation alone.
func (a *ask) ground(ctx context.Context, v *feed.View, q *feed.Query) ([]page.Shape, error) {
	if q == nil || q.Box == nil {
		return nil, nil
	}
	features, _, err := v.Parsed(ctx, q)
	if err != nil {
		return nil, err
	}
	shapes, err := a.shapes(q.Collection, features)
	for i := range shapes {
		shapes[i].Href, shapes[i].Class = "", ""
	}
	return shapes, err
}

// drawingOf draws one feature among its neighbours.
func (a *ask) drawingOf(ctx context.Context, v *feed.View, c *feed.Collection, f *feed.Parsed) (*page.Drawing,
	error) {
	one := []feed.Parsed{*f}
	shapes, err := a.shapes(c, one)
	if err != nil {
		return nil, err
	}
	shapes[0].Href = ""
	d := &page.Drawing{Shapes: shapes, Scale: a.length, Legend: a.legend(c, one),
		Title: a.text("api.page.map", "what", f.Name(), "n", 1)}
	box, ok := boxOf(one)
	if !ok || c.ID == "parks" {
		return d, nil
	}
	around := &feed.Query{Collection: c, Box: &box, Limit: limitGround}
	if d.Ground, err = a.ground(ctx, v, parksOf(around, one)); err != nil {
		return nil, err
	}
	neighbours, err := a.ground(ctx, v, around)
	d.Ground = append(d.Ground, neighbours...)
	return d, err
}

// boxOf is the box around features, a tenth wider and at least some metres; false where they have no degrees.
func boxOf(features []feed.Parsed) (geo.BBox, bool) {
	var shapes []page.Shape
	for i := range features {
		if s, err := page.ParseShape(features[i].Geometry); err == nil {
			shapes = append(shapes, s)
		}
	}
	west, south, east, north, ok := page.Bounds(shapes)
	if !ok {
		return geo.BBox{}, false
	}
	const least = 0.0005 // some 50 m
	wider, higher := max((east-west)/10, least), max((north-south)/10, least)
	return geo.BBox{West: max(west-wider, -180), South: max(south-higher, -90), East: min(east+wider, 180),
		North: min(north+higher, 90)}, true
}

func (a *ask) length(metres float64) string {
	return page.Metres(metres, a.text("web.unit.m"), a.text("web.unit.km"))
}

// legend explains the colours of the features that are shown, in the order of the map's legend. Each row leads to the
// features of its value alone.
func (a *ask) legend(c *feed.Collection, features []feed.Parsed) []page.Key {
	p := coloured(c)
	if p == nil {
		return nil
	}
	seen := map[string]bool{}
	for i := range features {
		seen[features[i].Text(p.Name)] = true
	}
	var keys []page.Key
	for _, value := range p.Values {
		if !seen[value] {
			continue
		}
		only := a.without("cursor")
		only.query[p.Name], only.query["lang"] = value, string(a.lang)
		path := "/collections/" + c.ID + "/items"
		if a.path != path {
			only.query = request.Query{p.Name: value, "lang": string(a.lang)}
		}
		keys = append(keys, page.Key{Class: className(value), Text: valueText(a.lang, p, value),
			Href: only.with(path, request.HTML)})
	}
	return keys
}
