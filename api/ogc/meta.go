package ogc

import (
	"net/http"

	"luodi/api/request"
	"luodi/data/feed"
	"luodi/geo"
)

// conforms lists the conformance classes that the service keeps.
var conforms = []string{
	"http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
	"http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
	"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
	"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
	"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
	"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
	"http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/advanced-property-roles", // Part 5 of Features is Part 3 of Common
	"http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/profile-codelists",
	"http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/profile-domains",
	"http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/profile-parameter",
	"http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/queryables",
	"http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/returnables-and-receivables",
	"http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/schemas",
	"http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/sortables",
	"http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas", // the name of its draft, by which QGIS knows it
	"http://www.opengis.net/spec/ogcapi-features-6/1.0/conf/properties",
	"http://www.opengis.net/spec/ogcapi-features-6/1.0/conf/properties-features",
	"http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/features-sorting",
	"http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/sortables",
	"http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/sorting",
	"http://www.opengis.net/spec/ogcapi-features-9/1.0/conf/features-text-search",
	"http://www.opengis.net/spec/ogcapi-features-9/1.0/conf/text-search",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/datetime",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/oas30",
	"http://www.opengis.net/spec/tms/2.0/conf/tilematrixset",
	"http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset",
	"http://www.opengis.net/spec/cql2/1.0/conf/accent-insensitive-comparison",
	"http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
	"http://www.opengis.net/spec/cql2/1.0/conf/arithmetic",
	"http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
	"http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
	"http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus",
	"http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison",
	"http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
	"http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
	"http://www.opengis.net/spec/cql2/1.0/conf/property-property",
	"http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions",
	"http://www.opengis.net/spec/cql2/1.0/conf/temporal-functions",
	"http://www.opengis.net/spec/json-fg-1/1.0/conf/api",
	"http://www.opengis.net/spec/json-fg-1/1.0/conf/core",
	"http://www.opengis.net/spec/json-fg-1/1.0/conf/profiles",
	"http://www.opengis.net/spec/json-fg-1/1.0/conf/types-schemas",
}

// fixed answers with what does not depend on the data.
func (s *Service) fixed(w http.ResponseWriter, r *http.Request, kind string, document func(*ask) any,
	html func(http.ResponseWriter, *http.Request, *ask) error) error {
	a, err := asked(r)
	if err != nil {
		return err
	}
	return s.fixedAs(w, r, a, kind, document, html)
}

// fixedAs is fixed for a request that was read.
func (s *Service) fixedAs(w http.ResponseWriter, r *http.Request, a *ask, kind string, document func(*ask) any,
	html func(http.ResponseWriter, *http.Request, *ask) error) error {
	if s.unchanged(w, r, a, "") {
		return nil
	}
	if a.format == request.HTML {
		return html(w, r, a)
	}
	return writeJSON(w, a, kind, document(a))
}

type landing struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	Attribution string `json:"attribution"`
	Links       []Link `json:"links"`
}

func (s *Service) landing(w http.ResponseWriter, r *http.Request) error {
	return s.fixed(w, r, typeJSON, func(a *ask) any { return a.landing() }, s.landingPage)
}

func (a *ask) landing() landing {
	return landing{
		Title: a.text("api.ogc.title"), Description: a.text("api.ogc.about"),
		Attribution: a.text("api.ogc.attribution"),
		Links: append(a.self(typeJSON),
			a.link("service-desc", "/api?f=json", typeOpenAPI, "api.ogc.api"),
			a.link("service-doc", "/api?f=html", typeHTML, "api.ogc.api"),
			a.link("conformance", "/conformance", typeJSON, "api.ogc.conformance"),
			a.link(relConformance, "/conformance", typeJSON, "api.ogc.conformance"),
			a.link("data", "/collections", typeJSON, "api.ogc.collections"),
			a.link(relData, "/collections", typeJSON, "api.ogc.collections"),
			a.link("related", crsPath, typeJSON, "api.link.crs"),
			a.link("related", codelistsPath, typeJSON, "api.link.codelists"),
			a.link(relSchemes, setsPath, typeJSON, "api.link.tile_matrix_sets"),
		),
	}
}

func (s *Service) conformance(w http.ResponseWriter, r *http.Request) error {
	return s.fixed(w, r, typeJSON, func(a *ask) any {
		return struct {
			Links      []Link   `json:"links"`
			ConformsTo []string `json:"conformsTo"`
		}{a.self(typeJSON), conforms}
	}, s.conformancePage)
}

type collection struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	ItemType    string   `json:"itemType"`
	CRS         []string `json:"crs"`
	StorageCRS  string   `json:"storageCrs"`
	Extent      *extent  `json:"extent,omitempty"`
	Links       []Link   `json:"links"`
}

type extent struct {
	Spatial  *spatial  `json:"spatial,omitempty"`
	Temporal *temporal `json:"temporal,omitempty"`
}

type spatial struct {
	BBox [][4]float64 `json:"bbox"`
	CRS  string       `json:"crs"`
}

type temporal struct {
	Interval [][2]any `json:"interval"`
	TRS      string   `json:"trs"`
}

// describe makes a collection's description in a view's state.
func (s *Service) describe(r *http.Request, a *ask, v *feed.View, c *feed.Collection) (collection, error) {
	e, err := s.extentOf(r, a, v, c)
	if err != nil {
		return collection{}, err
	}
	path := "/collections/" + c.ID
	forms := *a
	forms.path, forms.query = path, request.Query{}
	if a.path != path {
		forms.format = request.JSON
	}
	links := forms.self(typeJSON)
	d := collection{
		ID: c.ID, Title: a.text("api.collection." + c.ID), Description: a.text("api.collection." + c.ID + ".about"),
		ItemType: "feature", CRS: []string{"#/crs"}, StorageCRS: storageCRS.URI(),
		Links: append(links,
			// without a query: GDAL makes a feature's address by appending its id
			a.link("items", path+"/items", typeGeoJSON, "api.link.items"),
			a.link("items", path+"/items?f=html", typeHTML, "api.link.items"),
			a.link("items", path+"/items?f=jsonfg", typeJSONFG, "api.link.jsonfg"),
			a.link("items", path+"/items?f=geojsonseq", typeGeoJSONSeq, "api.link.geojsonseq"),
			a.link("related", crsPath, typeJSON, "api.link.crs"),
			a.link(relTilesets, path+"/tiles", typeJSON, "api.link.tilesets"),
			a.link(relStyles, path+"/styles", typeJSON, "api.link.styles"),
			a.link("queryables", path+"/queryables", typeSchema, "api.link.queryables"),
			a.link(relQueryables, path+"/queryables", typeSchema, "api.link.queryables"),
			a.link(relSchema, path+"/schema", typeSchema, "api.link.schema"),
			a.link(relSortables, path+"/sortables", typeSchema, "api.link.sortables"),
			a.link("describedby", path+"/feature-schema", typeSchema, "api.link.feature_schema"),
			// as GDAL 3.6 spells it
			a.link("describedBy", path+"/feature-schema", typeSchema, "api.link.feature_schema"),
		),
	}
	if e.Box != nil {
		d.Extent = &extent{Spatial: &spatial{[][4]float64{{e.Box.West, e.Box.South, e.Box.East, e.Box.North}}, geo.CRS84.URI()}}
		if e.From != nil {
			d.Extent.Temporal = &temporal{[][2]any{{e.From, nil}},
				"http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"}
		}
	}
	return d, nil
}

// ofState answers with what depends on the state of the whole database: 304 to a caller who holds it already, by a
// shared read alone, else by what write does with a view of it.
func (s *Service) ofState(w http.ResponseWriter, r *http.Request, a *ask, write func(*feed.View) error) error {
	if r.Header.Get("If-None-Match") != "" {
		now, err := s.feed.Now(r.Context())
		if err != nil || s.unchanged(w, r, a, now.Stamp()) {
			return err
		}
	}
	return s.view(r, a, func(v *feed.View) error {
		now, err := v.State(r.Context())
		if err != nil || s.unchanged(w, r, a, now.Stamp()) {
			return err
		}
		return write(v)
	})
}

func (s *Service) collections(w http.ResponseWriter, r *http.Request) error {
	a, err := asked(r)
	if err != nil {
		return err
	}
	return s.ofState(w, r, a, func(v *feed.View) error {
		offered, err := s.extents.OfferedCRS(r.Context(), v)
		if err != nil {
			return err
		}
		var all []collection
		for _, c := range a.collections() {
			d, err := s.describe(r, a, v, c)
			if err != nil {
				return err
			}
			all = append(all, d)
		}
		if a.format == request.HTML {
			return s.collectionsPage(w, r, a, all)
		}
		return writeJSON(w, a, typeJSON, struct {
			Links       []Link       `json:"links"`
			CRS         []string     `json:"crs"`
			Collections []collection `json:"collections"`
		}{a.self(typeJSON), uris(offered), all})
	})
}

func (s *Service) collection(w http.ResponseWriter, r *http.Request) error {
	c, err := findCollection(r)
	if err != nil {
		return err
	}
	a, err := asked(r)
	if err != nil {
		return err
	}
	return s.ofState(w, r, a, func(v *feed.View) error {
		d, err := s.describe(r, a, v, c)
		if err != nil {
			return err
		}
		offered, err := s.extents.OfferedCRS(r.Context(), v)
		if err != nil {
			return err
		}
		d.CRS = uris(offered) // the list of all collections stands in another document
		if a.format == request.HTML {
			return s.collectionPage(w, r, v, a, c, d)
		}
		return writeJSON(w, a, typeJSON, d)
	})
}
