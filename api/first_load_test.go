package api_test

import (
	"context"
	"net/http"
	"path"
	"regexp"
	"strings"
	"testing"

	"luodi/api"
	"luodi/data/sample"
	"luodi/web"
)

// The page's first load may weigh so much over the wire, with its type (issue 13, Must show), as browsers take it over
// TLS.
const (
	mostFirstLoad = 700_000
	takesAll      = "gzip, deflate, br, zstd"
	headerBytes   = 450 // of an answer, about
)

var (
	pageReference = regexp.MustCompile(`(?:src|href)="(/[^"]+)"`)
	staticImport  = regexp.MustCompile(`(?:from|import)\s*["']\./([\w.-]+\.js)["']`)
	// what the page fetches of itself for its first view: the type, the map and its worker
	ahead = regexp.MustCompile(`(?:(?:parkmap|maplibre-gl-worker)-[\w-]{8}\.(?:js|css))|` +
		`(?:(?:sans|serif)-\d+-first-[\w-]{8}\.woff2)`)
)

// firstData are the feeds that the first view reads, beside those that come with the page.
var firstData = []string{"/ogc/collections/zones/items?f=json&limit=10000&park=carbon-fibre",
	"/ogc/collections/plan-units/items?f=json&limit=10000&park=carbon-fibre",
	"/ogc/collections/networks/items?f=json&limit=10000&park=carbon-fibre",
	"/ogc/collections/network-nodes/items?f=json&limit=10000&park=carbon-fibre",
	"/api/parks/carbon-fibre/services", "/api/parks/carbon-fibre/events?after=0&limit=30"}

// TestTheFirstLoadIsSmall weighs what the page loads for its first view: every reference of the page, what these
// import, the map, and the feeds of the sample park.
func TestTheFirstLoadIsSmall(t *testing.T) {
	t.Parallel()
	h := open(t, func(o *api.Options) { o.Web = web.Dist() })
	if err := sample.Load(context.Background(), h.db.Planner); err != nil {
		t.Fatal(err)
	}
	weighed, total := map[string]int{}, 0
	weigh := func(address string, headers ...string) {
		if _, known := weighed[address]; known {
			return
		}
		r := h.get(address, append(headers, "Accept-Encoding", takesAll)...)
		if r.StatusCode != http.StatusOK && r.StatusCode != http.StatusPartialContent {
			t.Fatalf("%s: %s", address, r.Status)
		}
		weighed[address] = len(r.body) + headerBytes
		total += weighed[address]
	}
	weigh("/")
	kinds := map[string]bool{}
	open := referenced(string(h.get("/").body))
	for len(open) > 0 {
		address := open[0]
		open = open[1:]
		if _, known := weighed[address]; known {
			continue
		}
		weigh(address)
		if kind, _, found := strings.Cut(path.Base(address), "-"); found {
			kinds[kind] = true
		}
		if path.Ext(address) == ".js" {
			open = append(open, imported(string(h.get(address).body))...)
		}
	}
	for _, kind := range []string{"index", "parkmap", "maplibre", "sans", "serif"} {
		if !kinds[kind] {
			t.Errorf("no file of %s was found: the crawl sees less than a browser loads", kind)
		}
	}
	for _, address := range firstData {
		weigh(address)
	}
	weigh("/basemap/land.pmtiles", "Range", "bytes=0-16383")
	if total > mostFirstLoad {
		for address, bytes := range weighed {
			t.Logf("%7d %s", bytes, address)
		}
		t.Errorf("the first load weighs %d bytes, at most %d", total, mostFirstLoad)
	}
	t.Logf("the first load: %d requests, %d bytes", len(weighed), total)
}

func referenced(html string) []string {
	var all []string
	for _, found := range pageReference.FindAllStringSubmatch(html, -1) {
		all = append(all, found[1])
	}
	return all
}

// imported are the files that a script needs at once: its imports, and what it fetches ahead.
func imported(script string) []string {
	var all []string
	for _, found := range staticImport.FindAllStringSubmatch(script, -1) {
		all = append(all, "/assets/"+found[1])
	}
	for _, name := range ahead.FindAllString(script, -1) {
		all = append(all, "/assets/"+name)
	}
	return all
}
