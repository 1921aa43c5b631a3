package ogc

import (
	"net/http"
	"slices"
	"strings"

	"luodi/api/page"
	"luodi/api/request"
	"luodi/data/feed"
)

// without is the request less some of its parameters.
func (a *ask) without(names ...string) *ask {
	less := *a
	less.query = request.Query{}
	for name, text := range a.query {
		if !slices.Contains(names, name) {
			less.query[name] = text
		}
	}
	return &less
}

// withoutBlanks sends a form's reader to the address without the fields that were left blank: a blank field of a form
// is no condition, whereas a parameter without a value is one.
func withoutBlanks(w http.ResponseWriter, r *http.Request, a *ask) bool {
	var blank []string
	for name, text := range a.query {
		if text == "" {
			blank = append(blank, name)
		}
	}
	if len(blank) == 0 {
		return false
	}
	http.Redirect(w, r, a.without(blank...).with(a.path, request.HTML), http.StatusSeeOther)
	return true
}

// copy offers an address for other programs.
func (a *ask) copy(label, address string) *page.Copy {
	return &page.Copy{Label: a.text(label), Value: address, Button: a.text("api.page.copy"),
		Done: a.text("api.page.copied")}
}

// sorting is what a click on a column's head asks for: ascending, then descending; nil where nothing can be sorted by
// it.
func (p *pageOfItems) sorting(column *feed.Property) *page.Sort {
	if column.Kind == feed.Object || !slices.Contains(itemsParameters(p.query.Collection), "sortby") {
		return nil
	}
	sort, follow := &page.Sort{}, p.without("cursor")
	follow.query["sortby"] = column.Name
	switch strings.TrimPrefix(p.ask.query["sortby"], "+") {
	case column.Name:
		sort.Order, follow.query["sortby"] = "ascending", "-"+column.Name
	case "-" + column.Name:
		sort.Order = "descending"
	}
	sort.Href = follow.with(p.path, request.HTML)
	return sort
}

// form asks for features by what the collection's description and the parameters of items offer. What it has no field
// for, as an order, is kept.
func (p *pageOfItems) form() *page.Form {
	c := p.query.Collection
	takes := itemsParameters(c)
	f := &page.Form{Title: p.text("api.page.filters"), Submit: p.text("api.page.filters.apply"),
		Fold: p.text("api.page.filters.more")}
	known := map[string]bool{"f": true, "lang": true, "cursor": true}
	add := func(list *[]page.Field, field page.Field) {
		if slices.Contains(takes, field.Name) {
			known[field.Name] = true
			field.Value = p.ask.query[field.Name]
			*list = append(*list, field)
		}
	}
	add(&f.Fields, page.Field{Name: "q", Label: p.text("api.page.field.q")})
	for i := range c.Properties {
		property := &c.Properties[i]
		list := &f.More
		if property.Values != nil || property.Name == "park" || property.Name == "code" {
			list = &f.Fields
		}
		add(list, p.field(property))
	}
	if c.Timed() {
		add(&f.Fields, page.Field{Name: "datetime", Label: p.text("api.page.field.datetime")})
	}
	add(&f.Fields, page.Field{Name: "bbox", Label: p.text("api.page.field.bbox")})
	add(&f.More, page.Field{Name: "limit", Label: p.text("api.page.field.limit"), Mode: "numeric"})
	add(&f.More, page.Field{Name: "filter", Label: p.text("api.page.field.filter"), Hint: p.hint(c), Wide: true})
	for _, name := range takes {
		if text := p.ask.query[name]; text != "" && !known[name] {
			f.Hidden = append(f.Hidden, page.Field{Name: name, Value: text})
		}
	}
	f.Hidden = append(f.Hidden, page.Field{Name: "f", Value: string(request.HTML)},
		page.Field{Name: "lang", Value: string(p.lang)})
	if len(p.without("f", "lang", "cursor").query) > 0 {
		f.Clear = page.Link{Text: p.text("api.page.filters.clear"), Href: p.html(p.path)}
	}
	return f
}

// hint is a filter that can be tried on the collection.
func (p *pageOfItems) hint(c *feed.Collection) string {
	if c == feed.Parcels() {
		return p.text("api.page.hint.filter")
	}
	return "code LIKE 'A%'"
}

// field is the entry for a property: a choice in the words of the page where it has few values.
func (p *pageOfItems) field(property *feed.Property) page.Field {
	field := page.Field{Name: property.Name, Label: PropertyTitle(property, p.lang)}
	values := property.Values
	if property.Kind == feed.Boolean {
		values = []string{"true", "false"}
	}
	if values == nil {
		return field
	}
	field.Options = []page.Option{{Text: p.text("api.page.any")}}
	for _, value := range values {
		text := valueText(p.lang, property, value)
		if property.Kind == feed.Boolean {
			text = p.text(map[string]string{"true": "api.page.yes", "false": "api.page.no"}[value])
		}
		field.Options = append(field.Options, page.Option{Value: value, Text: text})
	}
	return field
}
