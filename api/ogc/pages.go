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
	return a.root + Prefix + path + "?" + url.Values{"f": {"html"}, "lang": {string(a.lang)}}.Encode()
}

// write draws a page.
func (a *ask) write(w http.ResponseWriter, r *http.Request, p page.Page) error {
	p.Root = a.root
	return page.Write(w, r, a.lang, p)
}

// mapAt links to the map at a park and perhaps a parcel; "" without a park.
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
	return (&url.URL{Path: a.root + "/", RawQuery: query.Encode()}).String()
}

// json is the link to the other form of a page.
func (a *ask) json(text string) []page.Link {
	return []page.Link{{Text: text, Href: a.with(a.path, request.JSON)}}
}

func (s *Service) landingPage(w http.ResponseWriter, r *http.Request, a *ask) error {
	l := a.landing()
	return a.write(w, r, page.Page{
		Title: l.Title, Lead: l.Description, Map: a.mapAt("", ""), Other: a.json("JSON"),
		Sections: []page.Section{
			{Title: a.text("api.ogc.collections"), Table: a.collectionTable()},
			{Title: a.text("api.ogc.more"), Links: []page.Link{
				{Text: a.text("api.ogc.api"), Href: a.html("/api")},
				{Text: a.text("api.ogc.conformance"), Href: a.html("/conformance")},
				{Text: a.text("api.link.crs"), Href: a.html(crsPath)},
				{Text: a.text("api.link.codelists"), Href: a.html(codelistsPath)},
				{Text: a.text("api.link.tile_matrix_sets"), Href: a.html(setsPath)},
				{Text: a.text("api.docs.title"), Href: a.root + "/api/docs?lang=" + string(a.lang)},
			}},
			{Title: a.text("api.ogc.use"), Text: a.text("api.ogc.use.about"), Copy: a.copy("api.page.address.service",
				a.base), Code: "ogrinfo -ro OAPIF:" + a.base + "\nogr2ogr parcels.gpkg OAPIF:" + a.base + " parcels"},
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
	return a.write(w, r, page.Page{
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
	return a.write(w, r, page.Page{
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

func (s *Service) collectionPage(w http.ResponseWriter, r *http.Request, v *feed.View, a *ask, c *feed.Collection,
	d collection) error {
	path := "/collections/" + c.ID
	q := &feed.Query{Collection: c, Limit: limitDrawn}
	features, rows, err := v.Parsed(r.Context(), q)
	if err != nil {
		return err
	}
	drawing := page.Section{}
	if drawing.Drawing, err = a.drawing(r.Context(), v, q, features); err != nil {
		return err
	}
	if rows.More {
		drawing.Text = a.text("api.page.map.first", "n", limitDrawn)
	}
	return a.write(w, r, page.Page{
		Title: d.Title, Lead: d.Description, Crumbs: a.crumbs(c), Map: a.mapAt("", ""), Other: a.json("JSON"),
		Sections: []page.Section{
			{Links: []page.Link{
				{Text: a.text("api.link.items"), Href: a.html(path + "/items")},
				{Text: a.text("api.link.queryables"), Href: a.html(path + "/queryables")},
				{Text: a.text("api.link.sortables"), Href: a.html(path + "/sortables")},
				{Text: a.text("api.link.schema"), Href: a.html(path + "/schema")},
				{Text: a.text("api.link.tilesets"), Href: a.html(path + "/tiles")},
				{Text: a.text("api.link.styles"), Href: a.html(path + "/styles")},
			}},
			drawing,
			{Title: a.text("api.head.extent"), Code: extentText(d)},
			{Title: a.text("api.ogc.use"), Copy: a.copy("api.page.address.service", a.base),
				Code: "ogr2ogr " + c.ID + ".gpkg OAPIF:" + a.base + " " + c.ID},
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
		if p.Values != nil {
			t.Rows[len(t.Rows)-1][2] = page.Cell{Text: a.text("api.link.codelist"), Href: a.html(codelistPath(p))}
		}
	}
	return t
}

func marshalIndent(document any) (string, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(document)
	return b.String(), err
}
