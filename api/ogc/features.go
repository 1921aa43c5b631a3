package ogc

import (
	"net/http"
	"strings"

	"luodi/api/request"
	"luodi/api/stream"
	"luodi/data/feed"
	"luodi/geo"
)

// featureWriter writes features in a format.
type featureWriter interface {
	// page is what surrounds the features of a page, and how each is written.
	page(p *pageOfItems, rows *feed.Features) stream.Page
	// one appends a feature that is a whole answer.
	one(dst []byte, a *ask, q *feed.Query, row *feed.Features) ([]byte, error)
}

// writerOf is the writer of an answer's format and profile.
func (a *ask) writerOf() featureWriter {
	if a.format == request.JSON && !a.follows(rfc7946) {
		return jsonFGWriter{}
	}
	return a.sentAs.writer
}

// headFeatures sets the headers of an answer that holds features.
func (a *ask) headFeatures(w http.ResponseWriter, q *feed.Query) {
	h := w.Header()
	h.Set("Content-Type", a.sentAs.sent(typeGeoJSON))
	h.Set("Content-Language", string(a.lang))
	a.headProfiles(w)
	a.setCRS(w, q)
}

// itemLinks are the links of a feature's own answer.
func (a *ask) itemLinks(c *feed.Collection) []Link {
	return append(a.self(typeGeoJSON), a.link("collection", "/collections/"+c.ID, typeJSON, "api.collection."+c.ID),
		a.profileLink())
}

// appendItemLinks ends a feature that is open with its links.
func (a *ask) appendItemLinks(dst []byte, c *feed.Collection) []byte {
	return append(appendLinks(append(dst, `,"links":`...), a.itemLinks(c)), "\n}"...)
}

// geoJSONWriter writes RFC 7946. In another system than CRS84 the coordinates are there by prior arrangement, which crs
// is (RFC 7946, 4; Part 2, /req/crs/geojson).
type geoJSONWriter struct{}

func (geoJSONWriter) page(p *pageOfItems, rows *feed.Features) stream.Page {
	return stream.Page{Head: "{\"type\":\"FeatureCollection\",\"features\":[\n", Between: ",\n", Append: stream.GeoJSON,
		Tail: func(dst []byte, n int) []byte { return p.appendTail(dst, rows, n) }}
}

func (geoJSONWriter) one(dst []byte, a *ask, q *feed.Query, row *feed.Features) ([]byte, error) {
	dst, err := row.Append(dst, true)
	if err != nil {
		return dst, err
	}
	return a.appendItemLinks(dst, q.Collection), nil
}

// sequenceWriter writes GeoJSON text sequences (RFC 8142): each feature begins with a record separator and ends with a
// line feed.
type sequenceWriter struct{}

const recordSeparator = 0x1e

func (sequenceWriter) page(*pageOfItems, *feed.Features) stream.Page {
	return stream.Page{
		Append: func(dst []byte, rows *feed.Features) ([]byte, error) {
			dst, err := rows.Append(append(dst, recordSeparator), false)
			return append(dst, '\n'), err
		},
		Tail: func(dst []byte, _ int) []byte { return dst },
	}
}

// one is not reached: a feature doesn't come as a sequence.
func (sequenceWriter) one(dst []byte, a *ask, q *feed.Query, row *feed.Features) ([]byte, error) {
	return geoJSONWriter{}.one(dst, a, q, row)
}

// jsonFGWriter writes JSON-FG 1.0 (OGC 21-045r1): a shape in CRS84 is the geometry, one in another system the place.
type jsonFGWriter struct{}

func (jsonFGWriter) page(p *pageOfItems, rows *feed.Features) stream.Page {
	q := p.query
	head := `{"type":"FeatureCollection",` + p.jsonFGHead(q) + `"geometryDimension":` + dimension(q.Collection) +
		",\"features\":[\n"
	return stream.Page{Head: head, Between: ",\n",
		Append: func(dst []byte, rows *feed.Features) ([]byte, error) {
			return p.appendJSONFG(append(dst, `{"type":"Feature",`...), q, rows)
		},
		Tail: func(dst []byte, n int) []byte { return p.appendTail(dst, rows, n) }}
}

func (jsonFGWriter) one(dst []byte, a *ask, q *feed.Query, row *feed.Features) ([]byte, error) {
	dst, err := a.appendJSONFG(append(append(dst, `{"type":"Feature",`...), a.jsonFGHead(q)...), q, row)
	if err != nil {
		return dst, err
	}
	return a.appendItemLinks(dst[:len(dst)-1], q.Collection), nil
}

// jsonFGHead are the members of a JSON-FG root object that say what it is.
func (a *ask) jsonFGHead(q *feed.Query) string {
	const classes = "http://www.opengis.net/spec/json-fg-1/1.0/conf/"
	head := `"conformsTo":["` + classes + `core","` + classes + `types-schemas"],"featureType":"` + q.Collection.ID +
		`","featureSchema":` + string(feed.AppendJSONString(nil, a.base+"/collections/"+q.Collection.ID+"/schema")) + ","
	if readingOf(q).crs != geo.CRS84 {
		head += `"coordRefSys":"` + readingOf(q).uri(a.base) + `",`
	}
	return head
}

// appendJSONFG appends the members of a feature and closes it.
func (a *ask) appendJSONFG(dst []byte, q *feed.Query, row *feed.Features) (_ []byte, err error) {
	dst = row.AppendID(append(dst, `"id":`...))
	dst = appendTime(append(dst, `,"time":`...), q.Collection, row)
	plain := readingOf(q).crs == geo.CRS84
	dst = append(dst, `,"place":`...)
	if plain {
		dst = append(dst, "null"...)
	} else if dst, err = row.AppendShape(dst); err != nil {
		return dst, err
	}
	dst = append(dst, `,"geometry":`...)
	if !plain && !a.follows(jsonFGPlus) {
		dst = append(dst, "null"...)
	} else if dst, err = row.AppendLonLat(dst); err != nil {
		return dst, err
	}
	return append(row.AppendProperties(append(dst, `,"properties":`...)), '}'), nil
}

// appendTime appends when the version began and ended; null of a collection without a history, or where a selection
// leaves it out.
func appendTime(dst []byte, c *feed.Collection, row *feed.Features) []byte {
	if !c.Timed() {
		return append(dst, "null"...)
	}
	begun := row.AppendProperty(nil, "since")
	if string(begun) == "null" { // it was not selected
		return append(dst, "null"...)
	}
	dst = append(append(append(dst, `{"interval":[`...), begun...), ',')
	start := len(dst)
	if dst = row.AppendProperty(dst, "until"); string(dst[start:]) == "null" {
		dst = append(dst[:start], `".."`...)
	}
	return append(dst, "]}"...)
}

// dimension is the dimension of a collection's shapes.
func dimension(c *feed.Collection) string {
	switch kind := strings.TrimPrefix(c.Geometry[0], "Multi"); kind {
	case "Point":
		return "0"
	case "LineString":
		return "1"
	}
	return "2"
}
