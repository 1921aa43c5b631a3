package ogc

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"luodi/api/page"
	"luodi/api/request"
	"luodi/data/feed"
)

// columnsShown are the properties that fit a table, the code first: objects are left to the feature's own page, and a
// name that stands in both languages is shown in the reader's. What properties asks for is shown.
func columnsShown(a *ask, q *feed.Query) []*feed.Property {
	c := q.Collection
	columns := []*feed.Property{c.Property("code")}
	for i := range c.Properties {
		p := &c.Properties[i]
		chosen := q.Select != nil && slices.Contains(q.Select.Properties, p)
		if p.Name == "code" || q.Select != nil && !chosen {
			continue
		}
		if !chosen && (p.Kind == feed.Object || p.Flat() || otherLanguage(a, c, p)) {
			continue
		}
		columns = append(columns, p)
	}
	return columns
}

// otherLanguage reports a property that another says in the reader's language.
func otherLanguage(a *ask, c *feed.Collection, p *feed.Property) bool {
	for _, lang := range []string{"_zh", "_en"} {
		if name, ok := strings.CutSuffix(p.Name, lang); ok && lang != "_"+string(a.lang) {
			return c.Property(name+"_"+string(a.lang)) != nil
		}
	}
	return false
}

func (s *Service) itemsPage(w http.ResponseWriter, r *http.Request, v *feed.View, p *pageOfItems) error {
	features, rows, err := v.Parsed(r.Context(), p.query)
	if err != nil {
		return err
	}
	drawing, err := p.drawing(r.Context(), v, p.query, features)
	if err != nil {
		return err
	}
	c := p.query.Collection
	columns := columnsShown(p.ask, p.query)
	t := &page.Table{Compact: true}
	for _, column := range columns {
		t.Head = append(t.Head, PropertyTitle(column, p.lang))
		t.Sorting = append(t.Sorting, p.sorting(column))
	}
	for i := range features {
		f := &features[i]
		row := make([]page.Cell, len(columns))
		for k, column := range columns {
			row[k] = cell(f, p.lang, column)
		}
		row[0] = page.Cell{Text: f.Name(), Href: p.html("/collections/" + c.ID + "/items/" + f.ID)}
		t.Rows = append(t.Rows, row)
	}
	return p.write(w, r, p.itemsDrawn(t, drawing, p.next(rows, request.HTML)))
}

// itemsDrawn puts a page of features together.
func (p *pageOfItems) itemsDrawn(t *page.Table, drawing *page.Drawing, next string) page.Page {
	c := p.query.Collection
	lead := p.text("api.items.shown", "n", len(t.Rows))
	if p.matched >= 0 {
		lead = p.text("api.items.shown_of", "n", len(t.Rows), "all", p.matched)
	}
	features := page.Section{Title: p.text("api.page.features"), Table: t}
	if len(t.Rows) == 0 {
		features.Table, features.Text = nil, p.text("api.page.none")
	}
	var pager []page.Link
	if p.query.After != nil {
		pager = append(pager, page.Link{Text: p.text("api.page.first"), Href: p.without("cursor").with(p.path,
			request.HTML)})
	}
	if next != "" {
		pager = append(pager, page.Link{Text: p.text("api.link.next"), Href: next})
	}
	sections := []page.Section{{Drawing: drawing}, {Title: p.text("api.page.filters"), Form: p.form()}, features,
		{Links: pager}}
	if c.Timed() {
		sections = append(sections, p.historyHint())
	}
	return page.Page{
		Title: p.text("api.collection." + c.ID), Lead: lead, Crumbs: p.crumbs(c), Here: p.text("api.link.items"),
		Map: p.mapAt(p.query.Park, ""), Other: p.json("GeoJSON"),
		Sections: append(sections, page.Section{Title: p.text("api.page.elsewhere"),
			Copy: p.copy("api.page.address", p.without("cursor", "lang").with(p.path, request.JSON))},
			page.Section{Copy: p.copy("api.page.address.service", p.base)}),
	}
}

// historyHint says which moment is shown, and how to see another.
func (p *pageOfItems) historyHint() page.Section {
	hint := page.Section{Title: p.text("api.page.history")}
	if when, given := p.ask.query["datetime"]; given {
		hint.Text = p.text("api.page.history.then", "when", when)
		hint.Links = []page.Link{{Text: p.text("api.page.history.live"),
			Href: p.without("datetime", "cursor").with(p.path, request.HTML)}}
		return hint
	}
	then := time.Date(2026, 6, 30, 16, 0, 0, 0, time.UTC)
	if p.stamp != nil {
		then = *p.stamp
	}
	hint.Text = p.text("api.page.history.now", "then", then.UTC().Format(time.RFC3339))
	return hint
}

func (s *Service) itemPage(w http.ResponseWriter, r *http.Request, v *feed.View, a *ask, c *feed.Collection,
	feature []byte) error {
	var f feed.Parsed
	if err := json.Unmarshal(feature, &f); err != nil {
		return err
	}
	drawing, err := a.drawingOf(r.Context(), v, c, &f)
	if err != nil {
		return err
	}
	t := &page.Table{Rows: [][]page.Cell{{{Text: a.text("api.property.id"), Head: true}, {Text: f.ID, Code: true}}}}
	for i := range c.Properties {
		p := &c.Properties[i]
		t.Rows = append(t.Rows, []page.Cell{{Text: PropertyTitle(p, a.lang), Head: true}, cell(&f, a.lang, p)})
	}
	park, parcel := f.Text("park"), ""
	switch c.ID {
	case "parks":
		park = f.Text("code")
	case "parcels":
		parcel = f.Text("code")
	}
	sections := []page.Section{{Drawing: drawing}, {Table: t}}
	if since := f.Text("since"); since != "" {
		sections = append(sections, a.historyOf(c, &f, since))
	}
	return a.write(w, r, page.Page{
		Title: f.Name(), Lead: a.text("api.collection." + c.ID), Map: a.mapAt(park, parcel), Other: a.json("GeoJSON"),
		Crumbs: append(a.crumbs(c), page.Link{Text: a.text("api.link.items"),
			Href: a.html("/collections/" + c.ID + "/items")}),
		Sections: append(sections, page.Section{Copy: a.copy("api.page.address",
			a.without("lang").with(a.path, request.JSON))}),
	})
}

// historyOf says since when a feature is as it is, and leads to what its code was before.
func (a *ask) historyOf(c *feed.Collection, f *feed.Parsed, since string) page.Section {
	hint := page.Section{Title: a.text("api.page.history"), Text: a.text("api.page.history.item", "since",
		instantText(since))}
	began, err := time.Parse(time.RFC3339Nano, since)
	if err != nil {
		return hint
	}
	before := *a
	before.query = request.Query{"lang": string(a.lang), "code": f.Text("code"), "park": f.Text("park"),
		"datetime": began.Add(-time.Microsecond).UTC().Format(time.RFC3339Nano)}
	hint.Links = []page.Link{{Text: a.text("api.page.history.link"),
		Href: before.with("/collections/"+c.ID+"/items", request.HTML)}}
	return hint
}
