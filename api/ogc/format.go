package ogc

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"luodi/api/problem"
	"luodi/api/request"
	"luodi/data/outlet"
)

// The formats of features besides JSON and HTML.
const (
	jsonFG     request.Format = "jsonfg"
	geoJSONSeq request.Format = "geojsonseq"
)

// resource is a kind of resource, by which formats it comes in.
type resource uint16

const (
	document     resource = 1 << iota // described in JSON: landing page, collections
	schemas                           // what a collection's items have, and can be asked and sorted by
	oneFeature                        // an item
	features                          // items
	tileData                          // a map tile
	tilesetData                       // what a set of map tiles has
	styleData                         // how a map draws a set of tiles
	parkFeatures                      // items, or one, of a park in their path
)

// form is a row of the table of formats: its name in the parameter f, what of Accept asks for it, the resources that
// come in it, and who writes features in it. Of JSON the media type that is sent is the resource's own.
type form struct {
	name    request.Format
	accepts func(media string) bool
	media   string // that is sent; "" the resource's own
	of      resource
	title   string         // a key of the message table
	writer  featureWriter  // nil: pages.go, or files.go
	file    *outlet.Format // a file that items come in; nil: none
}

var formats = append([]form{
	{request.JSON, isJSON, "", document | schemas | oneFeature | features | tilesetData | parkFeatures,
		"api.link.json", geoJSONWriter{}, nil},
	{jsonFG, oneOfTypes(typeJSONFG, "application/fg+json"), typeJSONFG, oneFeature | features, "api.link.jsonfg",
		jsonFGWriter{}, nil},
	{geoJSONSeq, oneOfTypes(typeGeoJSONSeq), typeGeoJSONSeq, features, "api.link.geojsonseq", sequenceWriter{}, nil},
	{request.HTML, oneOfTypes(typeHTML, "application/xhtml+xml"), typeHTML,
		document | schemas | oneFeature | features | tilesetData | styleData, "api.link.html", nil, nil},
	{mvt, oneOfTypes(typeMVT, "application/x-protobuf"), typeMVT, tileData, "api.link.mvt", nil, nil},
	{tileJSON, oneOfTypes(typeTileJSON), typeTileJSON, tilesetData, "api.link.tilejson", nil, nil},
	{mapboxStyle, oneOfTypes(typeMapboxStyle), typeMapboxStyle, styleData, "api.link.mbs", nil, nil},
}, fileForms()...)

// fileForms are the formats of files that items come in too.
func fileForms() []form {
	var all []form
	for _, f := range outlet.Formats() {
		if f.Items {
			bare, _, _ := strings.Cut(f.Media, ";")
			all = append(all, form{request.Format(f.Name), oneOfTypes(bare), f.Media, features, "api.link." + f.Name, nil, f})
		}
	}
	return all
}

// isJSON reports whether a media type asks for JSON: any that is JSON and no other row's.
func isJSON(media string) bool {
	return media == typeJSON || strings.HasSuffix(media, "+json") && media != typeJSONFG &&
		media != "application/fg+json" && media != typeTileJSON && media != typeMapboxStyle
}

func oneOfTypes(types ...string) func(string) bool {
	return func(media string) bool { return slices.Contains(types, media) }
}

// forms are the rows of each kind of resource. They are shared: don't change them.
var forms = func() map[resource][]form {
	all := map[resource][]form{}
	for of := document; of <= parkFeatures; of <<= 1 {
		all[of] = slices.DeleteFunc(slices.Clone(formats), func(row form) bool { return row.of&of == 0 })
	}
	return all
}()

// names lists the values of f of a kind of resource.
func names(of resource) []string {
	var all []string
	for _, row := range forms[of] {
		all = append(all, string(row.name))
	}
	return all
}

// sent is the media type of a row for a resource whose JSON is sent as kind.
func (f form) sent(kind string) string {
	if f.media == "" {
		return kind
	}
	return f.media
}

// chosen is the format of an answer: what f names, else what Accept prefers (RFC 9110, 12.5.1), JSON first where it has
// no preference. A problem with status 406 lists what there is where Accept takes none of it.
func chosen(q request.Query, r *http.Request, of resource) (form, error) {
	rows := forms[of]
	if name, given := q["f"]; given {
		for _, row := range rows {
			if string(row.name) == name {
				return row, nil
			}
		}
		return form{}, oneOf("f", names(of), name)
	}
	header := strings.Join(r.Header.Values("Accept"), ",")
	if strings.TrimSpace(header) == "" {
		return rows[0], nil
	}
	ranges := parseAccept(header)
	var best form
	weight := 0.0
	for _, row := range rows {
		if q := row.weight(ranges); q > weight {
			best, weight = row, q
		}
	}
	if weight == 0 {
		return form{}, &problem.Request{Kind: problem.NotAcceptable, Field: "Accept", Expected: "api.expected.one_of",
			Args: []any{"values", strings.Join(mediaTypes(rows), ", ")}, Got: header}
	}
	return best, nil
}

// mediaTypes lists what an Accept header may ask for.
func mediaTypes(rows []form) []string {
	var all []string
	for _, row := range rows {
		if row.name == request.JSON {
			all = append(all, typeJSON)
			continue
		}
		all = append(all, row.media)
	}
	return all
}

// mediaRange is a part of an Accept header.
type mediaRange struct {
	media  string // in lower case, without parameters
	weight float64
}

// parseAccept reads an Accept header. Parameters other than q are taken for none: nothing here comes in two versions
// of one type. A weight that is no number counts as 1.
func parseAccept(header string) []mediaRange {
	var all []mediaRange
	for _, part := range strings.Split(header, ",") {
		media, params, _ := strings.Cut(part, ";")
		m := mediaRange{strings.ToLower(strings.TrimSpace(media)), 1}
		for _, param := range strings.Split(params, ";") {
			name, value, _ := strings.Cut(strings.TrimSpace(param), "=")
			if q, err := strconv.ParseFloat(value, 64); strings.EqualFold(name, "q") && err == nil {
				m.weight = q
			}
		}
		if m.media != "" {
			all = append(all, m)
		}
	}
	return all
}

// weight is how much a row is asked for: by the most specific range that takes it.
func (f form) weight(ranges []mediaRange) float64 {
	major := "application/*"
	if f.accepts(typeHTML) {
		major = "text/*"
	}
	exact, kind, all := -1.0, -1.0, -1.0
	for _, m := range ranges {
		switch {
		case m.media == "*/*":
			all = max(all, m.weight)
		case m.media == major:
			kind = max(kind, m.weight)
		case f.accepts(m.media):
			exact = max(exact, m.weight)
		}
	}
	for _, weight := range []float64{exact, kind, all} {
		if weight >= 0 {
			return weight
		}
	}
	return 0
}
