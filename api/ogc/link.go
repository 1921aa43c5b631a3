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
	// Templated: Href has variables in braces.
	Templated bool `json:"templated,omitempty"`
}

// Media types of the answers.
const (
	typeJSON       = "application/json"
	typeGeoJSON    = "application/geo+json"
	typeHTML       = "text/html"
	typeJSONFG     = "application/vnd.ogc.fg+json"
	typeGeoJSONSeq = "application/geo+json-seq"
	typeSchema     = "application/schema+json"
	typeOpenAPI    = "application/vnd.oai.openapi+json;version=3.0"
)

// Relations that OGC registers.
const (
	relConformance = "http://www.opengis.net/def/rel/ogc/1.0/conformance"
	relQueryables  = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
	relSortables   = "http://www.opengis.net/def/rel/ogc/1.0/sortables"
	relSchema      = "http://www.opengis.net/def/rel/ogc/1.0/schema"
	relData        = "http://www.opengis.net/def/rel/ogc/1.0/data"
)

// ask is what every request of the service may ask for.
type ask struct {
	query    request.Query
	lang     message.Lang
	of       resource
	sentAs   form           // the row of the format that was chosen
	format   request.Format // its name
	profiles []string       // that the answer follows
	member   *feed.Member   // who reads more than the public; nil for the public
	base     string         // scheme, host, a proxy's prefix and /ogc
	root     string         // the proxy's prefix alone
	own      string         // base, but for what stands beside it: scheme, host and prefix alone
	path     string         // below own
}

func (a *ask) text(key string, args ...any) string { return message.Text(a.lang, key, args...) }

// self links to the answer in the format that was chosen and in the others, of which kind names the JSON one.
func (a *ask) self(kind string) []Link {
	links := make([]Link, 0, len(formats)+4) // room for the links that follow
	for _, row := range forms[a.of] {
		l := Link{Href: a.with(a.path, row.name), Rel: "alternate", Type: row.sent(kind), Title: a.text(row.title)}
		if row.name == a.format {
			l.Rel = "self"
		}
		links = append(links, l)
	}
	return links
}

// link names another resource of the service.
func (a *ask) link(rel, path, kind, key string, args ...any) Link {
	return Link{Href: a.base + path, Rel: rel, Type: kind, Title: a.text(key, args...)}
}

// with is the address of a path in a format, with the request's other parameters.
func (a *ask) with(path string, f request.Format) string {
	base := a.base
	if path == a.path {
		base = a.own
	}
	return base + path + "?" + a.parameters(f)
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
		if l.Templated {
			dst = append(dst, `,"templated":true`...)
		}
		dst = append(dst, '}')
	}
	return append(dst, ']')
}
