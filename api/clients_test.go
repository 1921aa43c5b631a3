package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"luodi/data/feed"
)

// tool finds a program of others that reads the feeds. Without it the test fails, in words; under -short it is skipped.
func tool(t *testing.T, debian string, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if testing.Short() {
		t.Skipf("%s is not installed (Debian: %s)", names[0], debian)
	}
	t.Fatalf("%s is not installed: run .ci/setup test, or install Debian's package %s", names[0], debian)
	return ""
}

// asks writes down what a server is asked, by the check that was told to it: see testdata/read_feeds.py.
type asks struct {
	mu    sync.Mutex
	step  string
	items map[string][]url.Values // the queries of requests for features
	paths map[string][]string
}

// listen puts a recorder in front of a house.
func listen(t *testing.T, h *house) (*asks, string) {
	t.Helper()
	a := &asks{items: map[string][]url.Values{}, paths: map[string][]string{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		if step, named := strings.CutPrefix(r.Header.Get("X-Request-Id"), "step-"); named {
			a.step = step
		}
		a.paths[a.step] = append(a.paths[a.step], r.URL.Path)
		if strings.HasSuffix(r.URL.Path, "/items") {
			a.items[a.step] = append(a.items[a.step], r.URL.Query())
		}
		a.mu.Unlock()
		h.handler.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return a, server.URL
}

// begin names the check that begins.
func (a *asks) begin(step string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.step = step
}

// has counts the requests of a check in which a parameter is set and passes.
func (a *asks) has(step, name string, passes func(string) bool) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := 0
	for _, query := range a.items[step] {
		if query.Has(name) && passes(query.Get(name)) {
			n++
		}
	}
	return n
}

func anything(string) bool { return true }

// qgisFound is what testdata/read_feeds.py prints.
type qgisFound struct {
	QGIS   string
	Layers map[string]struct {
		Valid                bool
		Error, Geometry, CRS string
		Counted, Read, Drawn int
		Fields               map[string]string
	}
	Paged, BBox, Equal, Number, Both, Dates, Sort []string
	One                                           struct {
		ID, Since string
		Middle    [2]float64
	}
	GeoJSON struct {
		Valid bool
		Read  int
	}
}

// qgisTypes are the types that QGIS gives to kinds of properties.
var qgisTypes = map[feed.Kind][]string{feed.Text: {"String"}, feed.Integer: {"Integer", "Integer64"},
	feed.Boolean: {"Boolean"}, feed.Number: {"Real"}, feed.Decimal: {"Real"}, feed.Mu: {"Real"},
	feed.Instant: {"DateTime"}, feed.Day: {"Date"}, feed.Object: {"JSON", "String"}}

// TestQGISReadsTheFeeds: QGIS loads every collection, pages, and asks the server for what it filters by.
func TestQGISReadsTheFeeds(t *testing.T) {
	t.Parallel()
	python := tool(t, "python3-qgis", "/usr/bin/python3")
	h := withSample(t)
	asked, at := listen(t, h)
	run := exec.CommandContext(t.Context(), python, "testdata/read_feeds.py", at)
	var said strings.Builder
	run.Stderr = &said
	out, err := run.Output()
	if err != nil {
		if strings.Contains(said.String(), "No module named 'qgis'") {
			tool(t, "python3-qgis", "python3-qgis")
		}
		t.Fatalf("%v\n%s", err, said.String())
	}
	var found qgisFound
	if err := json.Unmarshal(out, &found); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("QGIS %s", found.QGIS)
	for _, c := range feed.Collections() {
		checkLayer(t, h, c, &found)
	}
	checkFilters(t, h, asked, &found)
	var feature struct{ Properties map[string]any }
	h.json("/ogc/collections/parcels/items/"+found.One.ID, &feature)
	if since := fmt.Sprint(feature.Properties["since"]); !strings.HasPrefix(since, found.One.Since) {
		t.Errorf("QGIS reads since as %s, it is %s", found.One.Since, since)
	}
	if m := found.One.Middle; m[0] < 121 || m[0] > 123 || m[1] < 36 || m[1] > 38 {
		t.Errorf("QGIS draws a parcel at %v: axes in another order?", m)
	}
	if !found.GeoJSON.Valid || found.GeoJSON.Read != len(liveCodes(h, "park_id = (SELECT park_id FROM park_public "+
		"WHERE code = 'carbon-fibre')")) {
		t.Errorf("parcels.geojson: %+v", found.GeoJSON)
	}
}

// checkLayer holds a layer to the collection's description and to the database.
func checkLayer(t *testing.T, h *house, c *feed.Collection, found *qgisFound) {
	t.Helper()
	layer := found.Layers[c.ID]
	var want struct{ NumberMatched int }
	h.json("/ogc/collections/"+c.ID+"/items?f=json", &want)
	if !layer.Valid || layer.Counted != want.NumberMatched || layer.Read != want.NumberMatched ||
		want.NumberMatched == 0 {
		t.Errorf("%s: %+v, want %d features", c.ID, layer, want.NumberMatched)
	}
	if !slices.Contains(c.Geometry, layer.Geometry) || len(c.Geometry) == 1 && layer.Drawn != layer.Read {
		t.Errorf("%s: QGIS draws %d of %d as %s, the collection is of %v", c.ID, layer.Drawn, layer.Read,
			layer.Geometry, c.Geometry)
	}
	for _, p := range c.Properties {
		if got := layer.Fields[p.Name]; !slices.Contains(qgisTypes[p.Kind], got) && !p.Nullable {
			t.Errorf("%s.%s is %q in QGIS, want %v", c.ID, p.Name, got, qgisTypes[p.Kind])
		}
	}
}

// checkFilters holds what QGIS found to the database, and what it asked to what it was told to filter by.
func checkFilters(t *testing.T, h *house, asked *asks, found *qgisFound) {
	t.Helper()
	for _, check := range []struct {
		step  string
		got   []string
		where string
	}{
		{"paged", found.Paged, "true"}, {"sort", slices.Sorted(slices.Values(found.Sort)), "true"},
		{"bbox", found.BBox, "ST_Intersects(geom, ST_MakeEnvelope(122.021, 37.250, 122.024, 37.2525, 4490))"},
		{"equal", found.Equal, "status = 'reserve'"}, {"number", found.Number, "legal_m2 > 20000"},
		{"both", found.Both, "status = 'available' AND legal_m2 > 20000"}, {"dates", found.Dates, "true"},
	} {
		if want := liveCodes(h, check.where); !slices.Equal(check.got, want) || len(want) == 0 {
			t.Errorf("%s: QGIS finds %v, want %v", check.step, check.got, want)
		}
	}
	if n := asked.has("paged", "limit", func(limit string) bool { return limit == "7" }); n < 10 {
		t.Errorf("QGIS asked for %d pages of 7: %v", n, asked.items["paged"])
	}
	if asked.has("bbox", "bbox", func(box string) bool { return strings.HasPrefix(box, "122.02") }) == 0 {
		t.Errorf("QGIS did not ask for the box: %v", asked.items["bbox"])
	}
	// QGIS 3.22 filters by attributes itself. Of comparisons with instants it makes datetime, and checks no more
	if asked.has("dates", "datetime", func(when string) bool {
		return strings.HasPrefix(when, "2020-01-01T00:00:00Z/")
	}) == 0 && asked.has("dates", "filter", anything) == 0 {
		t.Errorf("QGIS did not ask for the dates: %v", asked.items["dates"])
	}
	for _, step := range []string{"equal", "number", "both"} {
		t.Logf("%s: QGIS asked %v", step, asked.items[step])
	}
}

// TestGDALAsksTheServerForWhatItFilters: a box, an equality, an id and, where the service offers filters, an inequality
// are asked of the server; what comes is right.
func TestGDALAsksTheServerForWhatItFilters(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	asked, at := listen(t, h)
	source := "OAPIF:" + at + "/ogc"
	filters := strings.Contains(string(h.get("/ogc/api?f=json").body), `"cql-text"`)
	var one items
	h.json("/ogc/collections/parcels/items?f=json&limit=1&status=supplied", &one)
	code := fmt.Sprint(one.Features[0].Properties["code"])
	for _, check := range []struct {
		step, where string
		args        []string
		asks        string
	}{
		{"box", "ST_Intersects(geom, ST_MakeEnvelope(122.021, 37.250, 122.024, 37.2525, 4490))",
			[]string{"-spat", "122.021", "37.250", "122.024", "37.2525"}, "bbox"},
		{"equal", "status = 'reserve'", []string{"-where", "status = 'reserve'"}, "status"},
		{"id", "code = '" + code + "'", []string{"-where", "id = '" + one.Features[0].ID + "'"}, ""},
		{"number", "legal_m2 > 20000", []string{"-where", "legal_m2 > 20000"}, "filter"},
	} {
		asked.begin(check.step)
		out := gdal(t, "ogrinfo", append([]string{"-ro", "-q", source, "parcels"}, check.args...)...)
		var codes []string
		for _, match := range codeLine.FindAllStringSubmatch(out, -1) {
			codes = append(codes, match[1])
		}
		slices.Sort(codes)
		if want := liveCodes(h, check.where); !slices.Equal(codes, want) || len(want) == 0 {
			t.Errorf("%s: GDAL finds %v, want %v", check.step, codes, want)
		}
		if check.asks == "filter" && !filters || check.asks == "" {
			continue
		}
		if asked.has(check.step, check.asks, anything) == 0 && asked.has(check.step, "filter", anything) == 0 {
			t.Errorf("%s: GDAL did not ask for it: %v", check.step, asked.items[check.step])
		}
	}
	if !slices.ContainsFunc(asked.paths["id"], func(path string) bool {
		return strings.HasSuffix(path, one.Features[0].ID)
	}) {
		t.Errorf("GDAL asked for no feature by id: %v", asked.paths["id"])
	}
	asked.begin("pages")
	gdal(t, "ogr2ogr", "-f", "GeoJSON", "-oo", "PAGE_SIZE=10", t.TempDir()+"/all.json", source, "parcels")
	if n := asked.has("pages", "cursor", anything); n < 10 {
		t.Errorf("GDAL followed %d links to the next page", n)
	}
}

var codeLine = regexp.MustCompile(`(?m)^  code \(String\) = (\S+)$`)

// liveCodes are the codes of the public live parcels under a condition.
func liveCodes(h *house, where string) []string {
	h.t.Helper()
	var codes []string
	if err := h.db.Owner.QueryRow(h.t.Context(), `SELECT coalesce(array_agg(code ORDER BY code COLLATE "C"), '{}')
		FROM parcel_public WHERE to_seq IS NULL AND `+where).Scan(&codes); err != nil {
		h.t.Fatal(err)
	}
	return codes
}
