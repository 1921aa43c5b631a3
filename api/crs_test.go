package api_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"luodi/geo"
)

// described is what a test reads of a collection's description.
type described struct {
	ID         string
	CRS        []string
	StorageCRS string
	Links      []link
}

// positions lists the positions of a GeoJSON geometry, in the order they come in.
func positions(t testing.TB, shape json.RawMessage) [][2]float64 {
	t.Helper()
	var parts struct{ Coordinates any }
	if err := json.Unmarshal(shape, &parts); err != nil {
		t.Fatal(err)
	}
	var all [][2]float64
	var walk func(any)
	walk = func(value any) {
		list := value.([]any)
		if x, ok := list[0].(float64); ok {
			all = append(all, [2]float64{x, list[1].(float64)})
			return
		}
		for _, part := range list {
			walk(part)
		}
	}
	walk(parts.Coordinates)
	return all
}

// Every collection in every system that it offers prints what PostGIS makes of its shapes, in the order of axes that
// EPSG defines, and what was read in metres is the same point of the grid when it is brought back.
func TestFeaturesComeInEverySystemOffered(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	var all struct {
		CRS         []string
		Collections []described
	}
	h.json("/ogc/collections", &all)
	if len(all.CRS) != 12 || len(all.Collections) != 6 {
		t.Fatalf("%d systems, %d collections", len(all.CRS), len(all.Collections))
	}
	for _, c := range all.Collections {
		var alone described
		h.json("/ogc/collections/"+c.ID, &alone)
		if !slices.Equal(c.CRS, []string{"#/crs"}) || !slices.Equal(alone.CRS, all.CRS) ||
			!slices.Contains(all.CRS, c.StorageCRS) || c.StorageCRS != "http://www.opengis.net/def/crs/EPSG/0/4490" {
			t.Errorf("%s: %v, alone %v, stored in %s", c.ID, c.CRS, alone.CRS, c.StorageCRS)
		}
		var plain items
		h.json("/ogc/collections/"+c.ID+"/items?limit=3", &plain)
		for _, uri := range all.CRS {
			h.comparesWithPostGIS(c.ID, uri, plain)
		}
	}
}

func (h *house) comparesWithPostGIS(collection, uri string, plain items) {
	h.t.Helper()
	crs, err := geo.ParseCRS(uri)
	if err != nil {
		h.t.Fatal(err)
	}
	north := !strings.HasSuffix(uri, "CRS84") && !strings.HasSuffix(uri, "/3857") // as EPSG defines the axes
	path := "/ogc/collections/" + collection + "/items"
	r := h.get(path + "?limit=3&crs=" + url.QueryEscape(uri))
	var page items
	if err := json.Unmarshal(r.body, &page); err != nil || r.Header.Get("Content-Crs") != "<"+uri+">" {
		h.t.Fatalf("%s in %s: %v, Content-Crs %s", collection, uri, err, r.Header.Get("Content-Crs"))
	}
	for i, f := range page.Features {
		var want string
		h.text(&want, `SELECT ST_AsGeoJSON(CASE WHEN $3 THEN ST_FlipCoordinates(g) ELSE g END, 12) FROM
			(SELECT ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON($1), 4490), $2::int) AS g) s`,
			string(plain.Features[i].Geometry), int(crs.Code), north)
		got, wanted := positions(h.t, f.Geometry), positions(h.t, json.RawMessage(want))
		close := 1.5e-4 // metres, and rounded to 0.01 mm
		if crs.Code.Geographic() {
			close = 2e-9
		}
		for k := range got {
			if math.Abs(got[k][0]-wanted[k][0]) > close || math.Abs(got[k][1]-wanted[k][1]) > close {
				h.t.Fatalf("%s in %s: got %v, PostGIS has %v", collection, uri, got[k], wanted[k])
			}
		}
		var same bool
		if err := h.db.Owner.QueryRow(h.t.Context(), `SELECT ST_SnapToGrid(ST_Transform(ST_SetSRID(
			CASE WHEN $3 THEN ST_FlipCoordinates(g) ELSE g END, $2::int), 4490), 1e-9)::text =
			ST_SnapToGrid(ST_SetSRID(ST_GeomFromGeoJSON($4), 4490), 1e-9)::text FROM ST_GeomFromGeoJSON($1) g`,
			string(f.Geometry), int(crs.Code), north, string(plain.Features[i].Geometry)).Scan(&same); err != nil ||
			!same && crs.Code != geo.WebMercator && crs.Code != geo.WGS84 { // there PROJ shifts by 0.1 mm
			h.t.Fatalf("%s in %s does not come back to the grid: %v", collection, uri, err)
		}
		var one struct{ Geometry json.RawMessage }
		h.json(path+"/"+f.ID+"?crs="+url.QueryEscape(uri), &one)
		if string(one.Geometry) != string(f.Geometry) {
			h.t.Errorf("%s in %s: alone %s, on a page %s", collection, uri, one.Geometry, f.Geometry)
		}
	}
}

func TestASystemThatIsNotOfferedIsRefusedByName(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for _, parameter := range []string{"crs", "bbox-crs"} {
		for _, value := range []string{"", "EPSG:32651", "http://www.opengis.net/def/crs/EPSG/0/0",
			"http://www.opengis.net/def/crs/EPSG/0/99999", "http://example.com/4550", "[EPSG:4550", "EPSG:4550]",
			"4214", "http://www.opengis.net/def/crs/EPSG/0/4534", "[EPSG:4513]", "#/crs", "wgs84",
			"'; DROP TABLE parcel", "gcj-03"} {
			query := "?" + parameter + "=" + url.QueryEscape(value)
			if parameter == "bbox-crs" {
				query += "&bbox=0,0,1,1"
			}
			r := h.get(parcelItems + query)
			p := r.problem(t)
			if r.StatusCode != http.StatusBadRequest || p.Field != parameter ||
				!strings.Contains(p.Expected, "http://www.opengis.net/def/crs/EPSG/0/4490") ||
				!strings.Contains(p.Expected, "CRS84") {
				t.Errorf("%s: %s %s", query, r.Status, r.body)
			}
		}
	}
	for _, value := range []string{"[EPSG:4550]", "EPSG:4550", "urn:ogc:def:crs:EPSG::4550",
		"https://www.opengis.net/def/crs/EPSG/0/4550", "[OGC:CRS84]"} {
		if r := h.get(parcelItems + "?limit=1&crs=" + url.QueryEscape(value)); r.StatusCode != http.StatusOK ||
			!strings.HasPrefix(r.Header.Get("Content-Crs"), "<http://www.opengis.net/def/crs/") {
			t.Errorf("%s: %s %s", value, r.Status, r.body)
		}
	}
	for _, offset := range []string{"gcj-02", "bd-09", h.url + "/ogc/crs/gcj-02"} {
		if r := h.get(parcelItems + "?bbox=0,0,1,1&bbox-crs=" + url.QueryEscape(offset)); r.StatusCode != 400 ||
			r.problem(t).Field != "bbox-crs" {
			t.Errorf("bbox-crs=%s: %s", offset, r.Status)
		}
		if r := h.get(parcelItems + "?f=jsonfg&crs=" + url.QueryEscape(offset)); r.StatusCode != 400 ||
			r.problem(t).Field != "crs" {
			t.Errorf("JSON-FG in %s: %s", offset, r.Status)
		}
	}
}

// The feeds of web maps lie where the map shows the place, are named as what they are, and by no name of EPSG's.
func TestMapOffsetsAreNamedAsWhatTheyAre(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	var plain, list items
	h.json(parcelItems+"?limit=5", &plain)
	var systems struct {
		CRS        []string
		MapOffsets []struct{ ID, Title string }
	}
	h.json("/ogc/crs?lang=en", &systems)
	if len(systems.MapOffsets) != 2 {
		t.Fatalf("%+v", systems)
	}
	for i, offset := range geo.MapOffsets() {
		uri := systems.MapOffsets[i].ID
		if uri != h.url+"/ogc/crs/"+string(offset) || slices.Contains(systems.CRS, uri) ||
			h.get(uri).StatusCode != 200 {
			t.Errorf("%s is named %s", offset, uri)
		}
		for _, name := range []string{string(offset), uri} {
			r := h.get(parcelItems + "?limit=5&crs=" + url.QueryEscape(name))
			if err := json.Unmarshal(r.body, &list); err != nil || r.Header.Get("Content-Crs") != "<"+uri+">" ||
				strings.Contains(strings.Join(r.Header.Values("Content-Crs"), ""), "EPSG") {
				t.Fatalf("%s: %v, Content-Crs %s", name, err, r.Header.Get("Content-Crs"))
			}
			for k, f := range list.Features {
				from, to := positions(t, plain.Features[k].Geometry), positions(t, f.Geometry)
				for n := range from {
					want := offset.Move(from[n])
					if math.Abs(to[n][0]-want[0]) > 1e-9 || math.Abs(to[n][1]-want[1]) > 1e-9 || to[n] == from[n] {
						t.Fatalf("%s: %v is shown at %v, want %v", offset, from[n], to[n], want)
					}
				}
			}
		}
	}
	if r := h.get("/ogc/crs/wgs84"); r.StatusCode != http.StatusNotFound {
		t.Errorf("%s", r.Status)
	}
}

// A walk in another system is the walk in degrees, feature by feature; a cursor doesn't change the system.
func TestAWalkKeepsItsSystem(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	zone := url.QueryEscape("http://www.opengis.net/def/crs/EPSG/0/4550")
	var ids []string
	for _, page := range h.walk(parcelItems+"?limit=7&crs="+zone, nil) {
		for _, f := range page.Features {
			ids = append(ids, f.ID)
			if at := positions(t, f.Geometry)[0]; at[0] < 4e6 || at[1] > 5e5 || at[1] < 4e5 {
				t.Fatalf("%s at %v", f.ID, at)
			}
		}
	}
	var whole items
	h.json(parcelItems+"?limit=10000", &whole)
	if len(ids) != len(whole.Features) || len(ids) < 20 {
		t.Errorf("walked %d of %d", len(ids), len(whole.Features))
	}
	var first items
	h.json(parcelItems+"?limit=7&crs="+zone, &first)
	other := strings.Replace(first.next(), "4550", "4549", 1)
	if r := h.get(other); r.StatusCode != http.StatusBadRequest || r.problem(t).Field != "cursor" {
		t.Errorf("the cursor of one system was taken in another: %s", r.Status)
	}
	tags := map[string]bool{}
	for _, query := range []string{"?limit=7", "?limit=7&crs=" + zone, "?limit=7&crs=gcj-02", "?limit=7&f=jsonfg",
		"?limit=7&profile=jsonfg", "?limit=7&f=geojsonseq"} {
		tags[h.get(parcelItems+query).Header.Get("ETag")] = true
	}
	if len(tags) != 6 {
		t.Errorf("six answers have %d tags", len(tags))
	}
}

// bbox in the order of axes of bbox-crs finds the same features as in degrees where the boxes are the same.
func TestBoxesComeInTheAxesOfTheirSystem(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	found := func(query string) []string {
		var page items
		h.json(parcelItems+"?limit=10000&"+query, &page)
		return page.codes()
	}
	const epsg = "http://www.opengis.net/def/crs/EPSG/0/"
	want := found("bbox=122.02,37.24,122.04,37.26")
	for query, crs := range map[string]string{"37.24,122.02,37.26,122.04": epsg + "4490",
		"37.24,122.02,0,37.26,122.04,9": epsg + "4326", "122.02,37.24,122.04,37.26": "[OGC:CRS84]"} {
		if got := found("bbox=" + query + "&bbox-crs=" + url.QueryEscape(crs)); !slices.Equal(got, want) ||
			len(want) < 10 {
			t.Errorf("%s in %s: %d, want %d", query, crs, len(got), len(want))
		}
	}
	all := found("")
	for query, crs := range map[string]string{"4110000,400000,4140000,430000": epsg + "4550",
		"4110000,41400000,4140000,41430000": epsg + "4529", "-2e7,-2e7,2e7,2e7": epsg + "3857"} {
		if got := found("bbox=" + query + "&bbox-crs=" + url.QueryEscape(crs)); !slices.Equal(got, all) {
			t.Errorf("%s in %s: %d of %d", query, crs, len(got), len(all))
		}
	}
	for query, field := range map[string]string{
		"bbox=400000,4110000,430000,4140000&bbox-crs=[EPSG:4490]":  "bbox", // metres are no degrees
		"bbox=4140000,400000,4110000,430000&bbox-crs=[EPSG:4550]":  "bbox",
		"bbox=1,2,3&bbox-crs=[EPSG:4550]":                          "bbox",
		"bbox=NaN,2,3,4&bbox-crs=[EPSG:4550]":                      "bbox",
		"bbox=1e30,2,3e30,4&bbox-crs=[EPSG:3857]":                  "bbox",
		"bbox=122.02,37.24,122.04,37.26&bbox-crs=[EPSG:4490]":      "bbox", // longitude first: 122° is no latitude
		"bbox=122.02,37.24,122.04,37.26&bbox-crs=[EPSG:4550]&f=no": "f",
	} {
		if r := h.get(parcelItems + "?" + query); r.StatusCode != 400 || r.problem(t).Field != field {
			t.Errorf("%s: %s %s", query, r.Status, r.body)
		}
	}
}

// What chooses, orders and cuts features goes together with the system and the form of the answer.
func TestAFilteredSortedWalkComesInAnySystemAndForm(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	const chosen = "&filter=status+IN+(%27held%27,%27supplied%27,%27built%27)&sortby=-legal_m2&properties=code,legal_m2,geometry"
	var plain items
	h.json(parcelItems+"?limit=10000"+chosen, &plain)
	for _, form := range []string{"", "&f=jsonfg", "&profile=jsonfg-plus"} {
		var codes []string
		pages := h.walk(parcelItems+"?limit=11&crs=[EPSG:4550]"+form+chosen, nil)
		for _, page := range pages {
			codes = append(codes, page.codes()...)
		}
		if !slices.Equal(codes, plain.codes()) || len(pages) < 3 {
			t.Errorf("%q: walked %d in %d pages, of %d", form, len(codes), len(pages), len(plain.Features))
		}
	}
	var some items
	h.json(parcelItems+"?limit=5&offset=7&crs=[EPSG:3857]"+chosen, &some)
	if !slices.Equal(some.codes(), plain.codes()[7:12]) {
		t.Errorf("by offset: %v, want %v", some.codes(), plain.codes()[7:12])
	}
	var bare items
	h.json(parcelItems+"?limit=3&f=jsonfg&crs=[EPSG:4550]&properties=code", &bare)
	for _, f := range bare.Features {
		if len(f.Properties) != 1 || string(f.Geometry) != "null" {
			t.Errorf("code alone: %v %s", f.Properties, f.Geometry)
		}
	}
}

func TestPagesByOffset(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	var whole items
	h.json(parcelItems+"?limit=10000", &whole)
	var ids []string
	for offset := 0; ; offset += 9 {
		var page items
		h.json(fmt.Sprintf("%s?limit=9&offset=%d", parcelItems, offset), &page)
		if page.Matched == nil || *page.Matched != len(whole.Features) {
			t.Errorf("offset %d: %v match", offset, page.Matched)
		}
		for _, f := range page.Features {
			ids = append(ids, f.ID)
		}
		if page.next() == "" {
			break
		}
		var next items
		h.json(page.next(), &next)
		if strings.Contains(page.next(), "offset=") || next.Features[0].ID != whole.Features[offset+9].ID {
			t.Errorf("offset %d leads to %s", offset, page.next())
		}
	}
	for i, f := range whole.Features {
		if len(ids) != len(whole.Features) || ids[i] != f.ID {
			t.Fatalf("paged %d of %d, differ at %d", len(ids), len(whole.Features), i)
		}
	}
	var beyond items
	h.json(parcelItems+"?offset=1000000", &beyond)
	if beyond.Returned != 0 || beyond.Matched != nil && *beyond.Matched != len(whole.Features) {
		t.Errorf("beyond the end: %d, %v match", beyond.Returned, beyond.Matched)
	}
	cursor, _, _ := strings.Cut(regexp.MustCompile(`cursor=[^&]+`).FindString(h.walk(parcelItems+"?limit=9",
		nil)[0].next()), "&")
	for _, query := range []string{"offset=-1", "offset=1000001", "offset=", "offset=a", "offset=1.5", "offset=%2B1",
		"offset=99999999999999999999", "limit=9&offset=1&" + cursor} {
		if r := h.get(parcelItems + "?" + query); r.StatusCode != 400 || r.problem(t).Field != "offset" {
			t.Errorf("%s: %s %s", query, r.Status, r.body)
		}
	}
}

// Sequences are one feature a record, as the page has them; without a limit all of them.
func TestSequencesHoldTheFeatures(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for _, collection := range []string{"parcels", "networks", "network-nodes", "parks"} {
		path := "/ogc/collections/" + collection + "/items"
		var whole items
		h.json(path+"?limit=10000", &whole)
		for query, want := range map[string]int{"?f=geojsonseq": len(whole.Features), "?f=geojsonseq&limit=1": 1} {
			r := h.get(path + query)
			if r.Header.Get("Content-Type") != "application/geo+json-seq" {
				t.Errorf("%s: %s", path, r.Header.Get("Content-Type"))
			}
			n := 0
			for lines := bufio.NewScanner(bytes.NewReader(r.body)); lines.Scan(); n++ {
				line, marked := bytes.CutPrefix(lines.Bytes(), []byte{0x1e})
				var f struct {
					ID         string
					Properties map[string]any
				}
				if err := json.Unmarshal(line, &f); err != nil || !marked || f.ID != whole.Features[n].ID ||
					fmt.Sprint(f.Properties) != fmt.Sprint(whole.Features[n].Properties) {
					t.Fatalf("%s record %d: %v %s", path, n, err, line)
				}
			}
			if n != want {
				t.Errorf("%s%s: %d records, want %d", path, query, n, want)
			}
		}
	}
	if r := h.get(parcelItems, "Accept",
		"application/geo+json-seq"); r.Header.Get("Content-Type") != "application/geo+json-seq" {
		t.Errorf("by Accept: %s", r.Header.Get("Content-Type"))
	}
}

func TestWhatAcceptTakesNoneOfIs406WithTheList(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for path, want := range map[string]string{"/ogc": "application/json, text/html",
		"/ogc/collections":                "application/json, text/html",
		"/ogc/collections/parcels/schema": "application/json, text/html",
		parcelItems:                       "application/json, application/vnd.ogc.fg+json, application/geo+json-seq, text/html"} {
		r := h.get(path, "Accept", "image/png, application/json;q=0, text/html;q=0, application/xml")
		p := r.problem(t)
		if r.StatusCode != http.StatusNotAcceptable || p.Field != "Accept" || !strings.Contains(p.Expected, want) {
			t.Errorf("%s: %s %s", path, r.Status, r.body)
		}
		if r := h.get(path+"?f=json", "Accept", "image/png"); r.StatusCode != http.StatusOK {
			t.Errorf("f goes before Accept: %s", r.Status)
		}
	}
}
