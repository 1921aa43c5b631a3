package ogc

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"luodi/api/page"
	"luodi/api/request"
	"luodi/data/feed"
	"luodi/data/store"
	"luodi/geo"
)

// storageCRS is what shapes are kept in. It is not dynamic: coordinates carry no epoch.
var storageCRS = geo.CRS{Code: geo.CGCS2000}

// reading is the reference system that an answer's coordinates are in: a registered one, or a web map's offset.
type reading struct {
	crs    geo.CRS
	offset geo.MapOffset
}

// uri names the system as Content-Crs does. An offset goes by a name of this service's own: no register has one.
func (r reading) uri(base string) string {
	if r.offset != "" {
		return base + crsPath + "/" + string(r.offset)
	}
	return r.crs.URI()
}

// readingOf is what a query's features are printed in.
func readingOf(q *feed.Query) reading {
	if q.Offset == "" && q.CRS == (geo.CRS{}) {
		return reading{crs: geo.CRS84}
	}
	return reading{q.CRS, q.Offset}
}

// parseCRS reads a parameter: a URI (Part 2, /req/crs/crs-uri), a safe CURIE such as [EPSG:4550], or another name that
// [geo.ParseCRS] takes; of the offsets the own URI or its last segment. Whether the system suits the features is for
// checkCRS.
func parseCRS(a *ask, name string) (reading, error) {
	text, given := a.query[name]
	if !given {
		return reading{crs: geo.CRS84}, nil
	}
	for _, offset := range geo.MapOffsets() {
		r := reading{offset: offset}
		if name == "crs" && (text == string(offset) || text == r.uri(a.base)) {
			return r, nil
		}
	}
	bare, safe := strings.CutPrefix(text, "[")
	bare, closed := strings.CutSuffix(bare, "]")
	c, err := geo.ParseCRS(bare)
	if err != nil || safe != closed || !slices.Contains(geo.ServedCRS(), c) {
		return reading{}, oneOf(name, uris(geo.ServedCRS()), text)
	}
	return reading{crs: c}, nil
}

// parseReading reads the parameters of a feature or of features that say how positions are printed.
func parseReading(a *ask, q *feed.Query) error {
	r, err := parseCRS(a, "crs")
	if err != nil {
		return err
	}
	if r != (reading{crs: geo.CRS84}) && a.format != request.HTML { // a page draws in degrees
		q.CRS, q.Offset = r.crs, r.offset
	}
	if q.Offset != "" && !a.follows(rfc7946) {
		return geo.NewInvalid("crs", "crs.registered", a.query["crs"])
	}
	return nil
}

// parseBox reads bbox in the system of bbox-crs.
func parseBox(a *ask, q *feed.Query) error {
	r, err := parseCRS(a, "bbox-crs")
	if err != nil {
		return err
	}
	text, given := a.query["bbox"]
	if !given {
		return nil
	}
	box, err := geo.ParseBBoxIn("bbox", text, r.crs)
	q.Box, q.Plane = box.Degrees, box.Plane
	if err != nil {
		return err
	}
	return nil
}

// checkCRS refuses a zone that doesn't suit the ground of any park.
func (s *Service) checkCRS(r *http.Request, v *feed.View, a *ask, q *feed.Query) error {
	asked := map[string]geo.CRS{"crs": q.CRS}
	if q.Plane != nil {
		asked["bbox-crs"] = q.Plane.CRS
	}
	for _, name := range []string{"crs", "bbox-crs"} {
		if _, zone := asked[name].Code.GaussKruger(); !zone {
			continue
		}
		offered, err := s.extents.OfferedCRS(r.Context(), v)
		if err != nil {
			return err
		}
		if !slices.Contains(offered, asked[name]) {
			return oneOf(name, uris(offered), a.query[name])
		}
	}
	return nil
}

func uris(all []geo.CRS) []string {
	texts := make([]string, len(all))
	for i, c := range all {
		texts[i] = c.URI()
	}
	return texts
}

// setCRS tells what the coordinates of an answer are in (Part 2, /req/crs/ogc-crs-header).
func (a *ask) setCRS(w http.ResponseWriter, q *feed.Query) {
	w.Header().Set("Content-Crs", "<"+readingOf(q).uri(a.base)+">")
}

const crsPath = "/crs"

// systems is the answer of /crs.
type systems struct {
	Title       string      `json:"title"`
	Description string      `json:"description"`
	CRS         []string    `json:"crs"`
	StorageCRS  string      `json:"storageCrs"`
	MapOffsets  []mapOffset `json:"mapOffsets"`
	Links       []Link      `json:"links"`
}

// mapOffset is a web map's offset, listed apart from the reference systems.
type mapOffset struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description"`
}

// systems lists what crs takes, the offsets of web maps apart.
func (s *Service) systems(w http.ResponseWriter, r *http.Request) error {
	a, err := asked(r)
	if err != nil {
		return err
	}
	return s.ofState(w, r, a, func(v *feed.View) error {
		offered, err := s.extents.OfferedCRS(r.Context(), v)
		if err != nil {
			return err
		}
		d := systems{a.text("api.crs.title"), a.text("api.crs.about"), uris(offered), storageCRS.URI(), nil,
			a.self(typeJSON)}
		for _, offset := range geo.MapOffsets() {
			d.MapOffsets = append(d.MapOffsets, a.mapOffset(offset))
		}
		if a.format == request.HTML {
			return d.page(w, r, a)
		}
		return writeJSON(w, a, typeJSON, d)
	})
}

func (a *ask) mapOffset(offset geo.MapOffset) mapOffset {
	return mapOffset{reading{offset: offset}.uri(a.base), a.text("api.crs." + string(offset)),
		a.text("api.crs.offsets.about")}
}

func (d systems) page(w http.ResponseWriter, r *http.Request, a *ask) error {
	known, offsets := &page.Table{}, &page.Table{}
	for _, uri := range d.CRS {
		known.Rows = append(known.Rows, []page.Cell{{Text: uri, Code: true}})
	}
	for _, offset := range d.MapOffsets {
		offsets.Rows = append(offsets.Rows, []page.Cell{{Text: offset.ID, Code: true}, {Text: offset.Title}})
	}
	return a.write(w, r, page.Page{Title: d.Title, Lead: d.Description, Crumbs: a.crumbs(nil),
		Other: a.json("JSON"),
		Sections: []page.Section{{Table: known}, {Title: a.text("api.crs.offsets"),
			Text: a.text("api.crs.offsets.about"), Table: offsets}}})
}

// mapOffset answers with what the name of an offset stands for.
func (s *Service) mapOffset(w http.ResponseWriter, r *http.Request) error {
	offset := geo.MapOffset(chi.URLParam(r, "offset"))
	if !slices.Contains(geo.MapOffsets(), offset) {
		return &store.Missing{Kind: "page", Name: r.URL.Path}
	}
	return s.fixed(w, r, typeJSON, func(a *ask) any {
		return struct {
			mapOffset
			Links []Link `json:"links"`
		}{a.mapOffset(offset), a.self(typeJSON)}
	}, func(w http.ResponseWriter, r *http.Request, a *ask) error {
		d := a.mapOffset(offset)
		return a.write(w, r, page.Page{Title: d.Title, Lead: d.Description, Crumbs: a.crumbs(nil),
			Other: a.json("JSON"), Sections: []page.Section{{Code: d.ID}}})
	})
}

// The bound of offset.
const offsetMost = 1_000_000

// parseOffset reads how many features are skipped.
func parseOffset(a *ask, q *feed.Query) error {
	text, given := a.query["offset"]
	if !given {
		return nil
	}
	if _, both := a.query["cursor"]; both {
		return geo.NewInvalid("offset", "offset.or_cursor", text)
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > offsetMost || text[0] == '+' || text[0] == '-' {
		return geo.NewInvalid("offset", "number.whole_from_to", text, "from", 0, "to", offsetMost)
	}
	q.Skip = n
	return nil
}
