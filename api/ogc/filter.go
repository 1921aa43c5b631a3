package ogc

import (
	"strings"

	"luodi/api/problem"
	"luodi/data/feed"
	"luodi/geo"
	"luodi/geo/cql2"
)

// languages are the values of filter-lang, the default first. cql-text is the draft of CQL2 that GDAL's driver writes:
// it sends filters only to a service that names it.
var languages = []struct {
	name  string
	parse func(string) (cql2.Node, error)
}{
	{"cql2-text", cql2.ParseText},
	{"cql2-json", cql2.ParseJSON},
	{draftLanguage, cql2.ParseDraft},
}

const draftLanguage = "cql-text"

func languageNames() []string {
	names := make([]string, len(languages))
	for i, l := range languages {
		names[i] = l.name
	}
	return names
}

// parseFilter reads filter, filter-lang, filter-crs, and the parameters that ask for a value that is no text; nil where
// there is none of them. Texts are asked for by feed.Equal, which the indexes know.
func parseFilter(a *ask, c *feed.Collection) (*feed.Filter, error) {
	crs, err := filterCRS(a)
	if err != nil {
		return nil, err
	}
	var conditions []cql2.Node
	lang, given := a.query["filter-lang"]
	if !given {
		lang = languages[0].name
	}
	parse := languages[0].parse
	known := false
	for _, l := range languages {
		if l.name == lang {
			parse, known = l.parse, true
		}
	}
	if !known {
		return nil, oneOf("filter-lang", languageNames(), lang)
	}
	if text, given := a.query["filter"]; given {
		root, err := parse(text)
		if err == nil {
			root, err = c.Filters(crs, lang == draftLanguage).Check(root)
		}
		if err != nil {
			return nil, err
		}
		conditions = append(conditions, root)
	}
	equal, err := parseEqual(a, c)
	if err != nil {
		return nil, err
	}
	if conditions = append(conditions, equal...); len(conditions) == 0 {
		return nil, nil
	}
	return &feed.Filter{Root: cql2.And(conditions), CRS: crs}, nil
}

// parseEqual reads the parameters that ask for a number, a truth value, a day or an instant.
func parseEqual(a *ask, c *feed.Collection) ([]cql2.Node, error) {
	var conditions []cql2.Node
	for i := range c.Properties {
		p := &c.Properties[i]
		text, given := a.query[p.Name]
		if !given || !p.Queryable() || p.Kind == feed.Text {
			continue
		}
		if p.Kind == feed.Instant { // the plus of an offset comes as a blank
			text = strings.ReplaceAll(text, " ", "+")
		}
		value, err := cql2.Literal(p.Name, p.Type(), text)
		if err != nil {
			return nil, err
		}
		condition, err := c.Filters(geo.CRS84, false).Check(cql2.Equals(p.Name, value))
		if err != nil {
			return nil, err
		}
		conditions = append(conditions, condition)
	}
	return conditions, nil
}

// filterCRS is the reference system of a filter's geometries, CRS84 unless filter-crs names another.
func filterCRS(a *ask) (geo.CRS, error) {
	text, given := a.query["filter-crs"]
	if !given {
		return geo.CRS84, nil
	}
	crs, err := geo.ParseCRS(text)
	if err == nil {
		for _, served := range geo.ServedCRS() {
			if served == crs {
				return crs, nil
			}
		}
	}
	return geo.CRS{}, &problem.Request{Kind: problem.InvalidParameter, Field: "filter-crs", Expected: "api.expected.crs",
		Got: text}
}
