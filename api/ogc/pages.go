package ogc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"luodi/api/page"
	"luodi/api/request"
	"luodi/data/feed"
	"luodi/message"
)

// crumbs lead from the landing page to the parents of a page; c names its collection, nil for none.
func (a *ask) crumbs(c *feed.Collection) []page.Link {
	lead := []page.Link{{Text: a.text("api.ogc.title"), Href: a.html("")}}
	if c != nil {
		lead = append(lead, page.Link{Text: a.text("api.ogc.collections"), Href: a.html("/collections")})
		if a.path != "/collections/"+c.ID {
			lead = append(lead, page.Link{Text: a.text("api.collection." + c.ID), Href: a.html("/collections/" + c.ID)})
		}
	}
	return lead
}

// html is the address of a page in the reader's language.
func (a *ask) html(path string) string {
	return a.mount + path + "?" + url.Values{"f": {"html"}, "lang": {string(a.lang)}}.Encode()
}

// map links to the map at a park and perhaps a parcel; "" without a park.
func (a *ask) mapAt(park, parcel string) string {
	query := url.Values{}
	for name, value := range map[string]string{"park": park, "parcel": parcel} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if a.lang == message.EN {
		query.Set("lang", string(a.lang))
	}
	return (&url.URL{Path: "/", RawQuery: query.Encode()}).String()
}

// json is the link to the other form of a page.
func (a *ask) json(text string) []page.Link {
	return []page.Link{{Text: text, Href: a.with(a.path, request.JSON)}}
}

func (s *Service) landingPage(w http.ResponseWriter, r *http.Request, a *ask) error {
	l := a.landing()
	return page.Write(w, r, a.lang, page.Page{
		Title: l.Title, Lead: l.Description, Map: a.mapAt("", ""), Other: a.json("JSON"),
		Sections: []page.Section{
			{Title: a.text("api.ogc.collections"), Table: a.collectionTable()},
			{Title: a.text("api.ogc.more"), Links: []page.Link{
				{Text: a.text("api.ogc.api"), Href: a.html("/api")},
				{Text: a.text("api.ogc.conformance"), Href: a.html("/conformance")},
				{Text: a.text("api.docs.title"), Href: "/api/docs?lang=" + string(a.lang)},
			}},
			{Title: a.text("api.ogc.use"), Text: a.text("api.ogc.use.about"), Code: "ogrinfo -ro OAPIF:" + a.base +
				"\nogr2ogr parcels.gpkg OAPIF:" + a.base + " parcels"},
			{Text: l.Attribution},
		},
	})
}

func (a *ask) collectionTable() *page.Table {
	t := &page.Table{}
	for _, c := range a.collections() {
		t.Rows = append(t.Rows, []page.Cell{
			{Text: a.text("api.collection." + c.ID), Href: a.html("/collections/" + c.ID)},
			{Text: a.text("api.collection." + c.ID + ".about")},
			{Text: a.text("api.link.items"), Href: a.html("/collections/" + c.ID + "/items")},
		})
	}
	return t
}

func (s *Service) conformancePage(w http.ResponseWriter, r *http.Request, a *ask) error {
	t := &page.Table{}
	for _, class := range conforms {
		t.Rows = append(t.Rows, []page.Cell{{Text: class, Code: true}})
	}
	return page.Write(w, r, a.lang, page.Page{
		Title: a.text("api.ogc.conformance"), Lead: a.text("api.ogc.conformance.about"), Crumbs: a.crumbs(nil),
		Other:    a.json("JSON"),
		Sections: []page.Section{{Table: t}},
	})
}

func (s *Service) collectionsPage(w http.ResponseWriter, r *http.Request, a *ask, all []collection) error {
	t := &page.Table{Head: []string{a.text("api.head.collection"), a.text("api.head.about"), a.text("api.head.extent")}}
	for _, c := range all {
		t.Rows = append(t.Rows, []page.Cell{{Text: c.Title, Href: a.html("/collections/" + c.ID)},
			{Text: c.Description}, {Text: extentText(c), Code: true}})
	}
	return page.Write(w, r, a.lang, page.Page{
		Title: a.text("api.ogc.collections"), Crumbs: a.crumbs(nil), Map: a.mapAt("", ""), Other: a.json("JSON"),
		Sections: []page.Section{{Table: t}},
	})
}

func extentText(c collection) string {
	if c.Extent == nil || c.Extent.Spatial == nil {
		return "—"
	}
	b := c.Extent.Spatial.BBox[0]
	return fmt.Sprintf("%.5f, %.5f – %.5f, %.5f", b[0], b[1], b[2], b[3])
}

func (s *Service) collectionPage(w http.ResponseWriter, r *http.Request, a *ask, c *feed.Collection,
	d collection) error {
	path := "/collections/" + c.ID
	return page.Write(w, r, a.lang, page.Page{
		Title: d.Title, Lead: d.Description, Crumbs: a.crumbs(c), Map: a.mapAt("", ""), Other: a.json("JSON"),
		Sections: []page.Section{
			{Links: []page.Link{
				{Text: a.text("api.link.items"), Href: a.html(path + "/items")},
				{Text: a.text("api.link.queryables"), Href: a.html(path + "/queryables")},
				{Text: a.text("api.link.sortables"), Href: a.html(path + "/sortables")},
				{Text: a.text("api.link.schema"), Href: a.html(path + "/schema")},
			}},
			{Title: a.text("api.head.extent"), Code: extentText(d)},
			{Title: a.text("api.head.properties"), Table: propertyTable(a, c, false)},
		},
	})
}

// propertyTable lists a collection's properties, or those it can be asked by alone.
func propertyTable(a *ask, c *feed.Collection, filters bool) *page.Table {
	t := &page.Table{Head: []string{a.text("api.head.name"), a.text("api.head.meaning"), a.text("api.head.type"),
		a.text("api.head.filter")}}
	for i := range c.Properties {
		p := &c.Properties[i]
		if filters && !p.Queryable() {
			continue
		}
		schema := propertySchema(p, a.lang)
		kind := fmt.Sprint(schema["type"])
		if format, ok := schema["format"]; ok {
			kind = fmt.Sprint(format)
		}
		mark := ""
		if p.Queryable() {
			mark = "●"
		}
		t.Rows = append(t.Rows, []page.Cell{{Text: p.Name, Code: true}, {Text: PropertyTitle(p, a.lang)},
			{Text: kind, Code: true}, {Text: mark}})
	}
	return t
}

// shownFeature is what a page reads of a feature.
type shownFeature struct {
	ID         string
	Geometry   struct{ Type string }
	Properties map[string]json.RawMessage
}

// cell shows a property's value; JSON's null is a dash.
func (f *shownFeature) cell(p *feed.Property) page.Cell {
	raw := f.Properties[p.Name]
	var text string
	switch {
	case len(raw) == 0 || bytes.Equal(raw, []byte("null")):
		return page.Cell{Text: "—"}
	case json.Unmarshal(raw, &text) == nil:
		return page.Cell{Text: text}
	}
	return page.Cell{Text: string(raw), Code: p.Kind == feed.Object}
}

// text is a property's text, "" where it is none.
func (f *shownFeature) text(name string) string {
	var text string
	if json.Unmarshal(f.Properties[name], &text) != nil {
		return ""
	}
	return text
}

// columnsShown are the properties that fit a table, the code first: objects and what repeats them are left to the feature's own page.
func columnsShown(c *feed.Collection) []*feed.Property {
	shown := []*feed.Property{c.Property("code")}
	for i := range c.Properties {
		if p := &c.Properties[i]; p.Name != "code" && p.Kind != feed.Object && !p.Flat() {
			shown = append(shown, p)
		}
	}
	return shown
}

func (s *Service) itemsPage(w http.ResponseWriter, r *http.Request, v *feed.View, p *pageOfItems) error {
	c := p.query.Collection
	rows, err := v.Features(r.Context(), p.query)
	if err != nil {
		return err
	}
	defer rows.Close()
	shown := columnsShown(c)
	t := &page.Table{}
	for _, column := range shown {
		t.Head = append(t.Head, PropertyTitle(column, p.lang))
	}
	var buf []byte
	for rows.Next() {
		if buf, err = rows.Append(buf[:0], false); err != nil {
			return err
		}
		var f shownFeature
		if err := json.Unmarshal(buf, &f); err != nil {
			return err
		}
		row := make([]page.Cell, len(shown))
		for i, column := range shown {
			row[i] = f.cell(column)
		}
		row[0] = page.Cell{Text: row[0].Text, Href: p.html("/collections/" + c.ID + "/items/" + f.ID)}
		t.Rows = append(t.Rows, row)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return page.Write(w, r, p.lang, p.itemsDrawn(c, t, p.next(rows, request.HTML)))
}

func (p *pageOfItems) itemsDrawn(c *feed.Collection, t *page.Table, next string) page.Page {
	lead := p.text("api.items.shown", "n", len(t.Rows))
	if p.matched >= 0 {
		lead = p.text("api.items.shown_of", "n", len(t.Rows), "all", p.matched)
	}
	drawn := page.Page{
		Title: p.text("api.link.items"), Lead: lead, Crumbs: p.crumbs(c), Map: p.mapAt(p.query.Park, ""),
		Other:    p.json("GeoJSON"),
		Sections: []page.Section{{Table: t}},
	}
	if next != "" {
		drawn.Sections = append(drawn.Sections, page.Section{Links: []page.Link{{Text: p.text("api.link.next"),
			Href: next}}})
	}
	return drawn
}

func (s *Service) itemPage(w http.ResponseWriter, r *http.Request, a *ask, c *feed.Collection, feature []byte) error {
	var f shownFeature
	if err := json.Unmarshal(feature, &f); err != nil {
		return err
	}
	t := &page.Table{Rows: [][]page.Cell{{{Text: a.text("api.property.id")}, {Text: f.ID, Code: true}}}}
	for i := range c.Properties {
		p := &c.Properties[i]
		t.Rows = append(t.Rows, []page.Cell{{Text: PropertyTitle(p, a.lang)}, f.cell(p)})
	}
	t.Rows = append(t.Rows, []page.Cell{{Text: a.text("api.property.geometry")}, {Text: f.Geometry.Type}})
	park, parcel := f.text("park"), ""
	switch c.ID {
	case "parks":
		park = f.text("code")
	case "parcels":
		parcel = f.text("code")
	}
	title := f.text("code")
	if title == "" {
		title = f.ID
	}
	return page.Write(w, r, a.lang, page.Page{
		Title: title, Lead: a.text("api.collection." + c.ID), Map: a.mapAt(park, parcel), Other: a.json("GeoJSON"),
		Crumbs: append(a.crumbs(c), page.Link{Text: a.text("api.link.items"),
			Href: a.html("/collections/" + c.ID + "/items")}),
		Sections: []page.Section{{Table: t}},
	})
}

func marshalIndent(document any) (string, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(document)
	return b.String(), err
}
