package ogc

import (
	"luodi/api/request"
	"luodi/data/feed"
	"luodi/message"
)

// Link is an OGC API link.
type Link struct {
	Href     string `json:"href"`
	Rel      string `json:"rel"`
	Type     string `json:"type,omitempty"`
	Title    string `json:"title,omitempty"`
	HrefLang string `json:"hreflang,omitempty"`
}

// Media types of the answers.
const (
	typeJSON    = "application/json"
	typeGeoJSON = "application/geo+json"
	typeHTML    = "text/html"
	typeSchema  = "application/schema+json"
	typeOpenAPI = "application/vnd.oai.openapi+json;version=3.0"
)

// Relations that OGC registers.
const (
	relConformance = "http://www.opengis.net/def/rel/ogc/1.0/conformance"
	relQueryables  = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
	relSortables   = "http://www.opengis.net/def/rel/ogc/1.0/sortables"
	relSchema      = "http://www.opengis.net/def/rel/ogc/1.0/schema"
	relData        = "http://www.opengis.net/def/rel/ogc/1.0/data"
)

// crs84 is what coordinates are in for the readers of GeoJSON: CGCS2000 agrees with it to within centimetres.
const crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

// ask is what every request of the service may ask for.
type ask struct {
	query  request.Query
	lang   message.Lang
	format request.Format
	base   string // scheme, host and /ogc
	path   string // below base
}

func (a *ask) text(key string, args ...any) string { return message.Text(a.lang, key, args...) }

// self links to the answer in the form that was asked for and in the other, of which kind names the JSON one.
func (a *ask) self(kind string) []Link {
	forms := []Link{
		{Href: a.with(a.path, request.JSON), Rel: "self", Type: kind, Title: a.text("api.link.json")},
		{Href: a.with(a.path, request.HTML), Rel: "alternate", Type: typeHTML, Title: a.text("api.link.html")},
	}
	if a.format == request.HTML {
		forms[0].Rel, forms[1].Rel = "alternate", "self"
	}
	return forms
}

// link names another resource of the service.
func (a *ask) link(rel, path, kind, key string, args ...any) Link {
	return Link{Href: a.base + path, Rel: rel, Type: kind, Title: a.text(key, args...)}
}

// with is the address of a path in a format, with the request's other parameters.
func (a *ask) with(path string, f request.Format) string {
	return a.base + path + "?" + a.parameters(f)
}

// appendLinks appends links as marshal prints them, by a tenth of the work.
func appendLinks(dst []byte, links []Link) []byte {
	dst = append(dst, '[')
	for i, l := range links {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = feed.AppendJSONString(append(dst, `{"href":`...), l.Href)
		dst = feed.AppendJSONString(append(dst, `,"rel":`...), l.Rel)
		for _, more := range [3]struct{ head, text string }{{`,"type":`, l.Type}, {`,"title":`, l.Title},
			{`,"hreflang":`, l.HrefLang}} {
			if more.text != "" {
				dst = feed.AppendJSONString(append(dst, more.head...), more.text)
			}
		}
		dst = append(dst, '}')
	}
	return append(dst, ']')
}
