package api_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// fgRoot is a JSON-FG root object, a feature or a collection.
type fgRoot struct {
	ConformsTo        []string
	Type              string
	FeatureType       string
	FeatureSchema     string
	GeometryDimension *int
	CoordRefSys       string
	Links             []link
	Features          []json.RawMessage
}

type fgFeature struct {
	ID         string
	Time       *struct{ Interval [2]string }
	Place      json.RawMessage
	Geometry   json.RawMessage
	Properties map[string]any
	CRS        string `json:"coordRefSys"`
	ConformsTo any
}

// The requirements of JSON-FG 1.0, one by one: what a root object says of itself, the shape in CRS84 in geometry and in
// any other system in place, the fallback by profile, times in UTC.
func TestJSONFGKeepsItsRequirements(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	const epsg, profiles = "http://www.opengis.net/def/crs/EPSG/0/", "http://www.opengis.net/def/profile/OGC/0/"
	utc := regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$`)
	dimensions := map[string]int{"parks": 2, "zones": 2, "plan-units": 2, "parcels": 2, "networks": 1,
		"network-nodes": 0}
	for collection, dimension := range dimensions {
		path := "/ogc/collections/" + collection + "/items"
		var plain items
		h.json(path+"?limit=4", &plain)
		for _, c := range []struct{ query, crs, profile, media string }{
			{"f=jsonfg", "", "jsonfg", "application/vnd.ogc.fg+json"},
			{"profile=jsonfg", "", "jsonfg", "application/geo+json"},
			{"f=jsonfg", epsg + "4550", "jsonfg", "application/vnd.ogc.fg+json"},
			{"profile=jsonfg-plus", epsg + "4490", "jsonfg-plus", "application/geo+json"},
			{"f=jsonfg&profile=jsonfg-plus", epsg + "3857", "jsonfg-plus", "application/vnd.ogc.fg+json"},
		} {
			query := c.query
			if c.crs != "" {
				query += "&crs=" + url.QueryEscape(c.crs)
			}
			r := h.get(path + "?limit=4&" + query)
			var root fgRoot
			if err := json.Unmarshal(r.body, &root); err != nil || r.Header.Get("Content-Type") != c.media ||
				!strings.Contains(r.Header.Get("Link"), profiles+c.profile+`>; rel="profile"`) {
				t.Fatalf("%s %s: %v, %s, Link %s", collection, query, err, r.Header.Get("Content-Type"),
					r.Header.Get("Link"))
			}
			one := h.get(path + "/" + plain.Features[0].ID + "?" + query)
			var alone fgRoot
			if err := json.Unmarshal(one.body, &alone); err != nil {
				t.Fatal(err)
			}
			for _, root := range []fgRoot{root, alone} {
				if !slices.Contains(root.ConformsTo, "http://www.opengis.net/spec/json-fg-1/1.0/conf/core") ||
					!slices.Contains(root.ConformsTo, "http://www.opengis.net/spec/json-fg-1/1.0/conf/types-schemas") ||
					root.FeatureType != collection ||
					root.FeatureSchema != h.url+"/ogc/collections/"+collection+"/schema" ||
					root.CoordRefSys != c.crs || !slices.ContainsFunc(root.Links,
					func(l link) bool { return l.Rel == "profile" && l.Href == profiles+c.profile }) {
					t.Errorf("%s %s: %+v", collection, query, root)
				}
			}
			if *root.GeometryDimension != dimension || root.Type != "FeatureCollection" || alone.Type != "Feature" {
				t.Errorf("%s %s: dimension %d", collection, query, *root.GeometryDimension)
			}
			for i, raw := range append(root.Features, one.body) {
				var f fgFeature
				if err := json.Unmarshal(raw, &f); err != nil {
					t.Fatal(err)
				}
				known := plain.Features[i%len(root.Features)]
				if i == len(root.Features) {
					known = plain.Features[0]
				} else if f.CRS != "" || f.ConformsTo != nil {
					t.Errorf("%s: a feature of a collection says what the root says", collection)
				}
				null := func(raw json.RawMessage) bool { return string(raw) == "null" }
				inPlace, fallback := c.crs != "", c.crs == "" || c.profile == "jsonfg-plus"
				if null(f.Place) == inPlace || null(f.Geometry) == fallback ||
					fallback && string(f.Geometry) != string(known.Geometry) {
					t.Errorf("%s %s: place %.60s, geometry %.60s", collection, query, f.Place, f.Geometry)
				}
				if f.ID != known.ID || fmt.Sprint(f.Properties) != fmt.Sprint(known.Properties) {
					t.Errorf("%s %s: %s with %v", collection, query, f.ID, f.Properties)
				}
				if timed := collection != "parks"; timed != (f.Time != nil) || timed &&
					(!utc.MatchString(f.Time.Interval[0]) || f.Time.Interval[1] != "..") {
					t.Errorf("%s: time %+v", collection, f.Time)
				}
			}
		}
		if r := h.get(path+"?limit=1", "Accept", "application/vnd.ogc.fg+json"); r.Header.Get("Content-Type") !=
			"application/vnd.ogc.fg+json" {
			t.Errorf("%s by Accept: %s", collection, r.Header.Get("Content-Type"))
		}
		if r := h.get(path + "?limit=1"); strings.Contains(string(r.body), "conformsTo") ||
			strings.Contains(string(r.body), `"place"`) {
			t.Errorf("%s: the profile rfc7946 has members of JSON-FG", collection)
		}
	}
}
