package api_test

import (
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"luodi/api"
	"luodi/data/sample"
)

const proxyPrefix = "/city/land"

// behindPrefix serves a house under a path, as a proxy does: it takes the path away, and has nothing elsewhere.
func behindPrefix(t *testing.T, h *house) *house {
	t.Helper()
	target, err := url.Parse(h.url)
	if err != nil {
		t.Fatal(err)
	}
	forward := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host
		r.Out.Header.Set("X-Forwarded-Prefix", proxyPrefix)
	}}
	proxy := http.NewServeMux()
	proxy.Handle(proxyPrefix+"/", http.StripPrefix(proxyPrefix, forward))
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	outside := *h
	outside.url = server.URL
	return &outside
}

// What a page, a style sheet or a document leads to.
var (
	leading = regexp.MustCompile(`\b(?:href|src|action|data-document|content)="(?:0;url=)?([^"]*)"`)
	drawnBy = regexp.MustCompile(`url\(['"]?([^'")]+)`)
	someID  = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)
)

// references lists the addresses in an answer.
func references(r reply) []string {
	pattern := leading
	switch kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); kind {
	case "text/css":
		pattern = drawnBy
	case "text/html":
	default:
		return nil
	}
	var all []string
	for _, match := range pattern.FindAllStringSubmatch(string(r.body), -1) {
		if at := html.UnescapeString(match[1]); !strings.Contains(match[0], "content=") || strings.Contains(match[0], "url=") {
			all = append(all, at)
		}
	}
	return all
}

// kindOf tells addresses apart by their kind: two features, or two values of a parameter, are one.
func kindOf(at *url.URL) string {
	names := []string{}
	for name, values := range at.Query() {
		if name == "f" || name == "of" {
			name += values[0]
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return someID.ReplaceAllString(at.Path, "{id}") + "?" + strings.Join(names, "&")
}

// Below a proxy's prefix everything that the pages lead to or are drawn with is there, and nothing leads past it.
func TestThePagesWorkBelowAPrefix(t *testing.T) {
	t.Parallel()
	h := behindPrefix(t, open(t, func(o *api.Options) {
		o.BehindProxy = true
		if _, err := os.Stat("../web/dist/docs/swagger-ui-bundle.js"); err == nil {
			o.Web = os.DirFS("../web/dist") // else pages without the viewer and fonts
		}
	}))
	if err := sample.Load(t.Context(), h.db.Planner); err != nil {
		t.Fatal(err)
	}
	var todo []string
	for _, start := range []string{"/ogc?f=html", "/api/docs", "/api/docs?of=ogc", "/api/docs/plain",
		"/problems/not-found", "/overview", "/embed/carbon-fibre?lang=en", sitePage("TX-L04") + "?lang=en"} {
		todo = append(todo, h.url+proxyPrefix+start)
	}
	seen := map[string]bool{}
	for len(todo) > 0 {
		next := todo[0]
		todo = todo[1:]
		at, err := url.Parse(next)
		if err != nil {
			t.Fatal(err)
		}
		if "http://"+at.Host != h.url || seen[kindOf(at)] {
			continue
		}
		seen[kindOf(at)] = true
		r := h.get(at.RequestURI(), "Accept", "text/html, */*;q=0.1")
		if r.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", next, r.Status)
		}
		if at.Path == proxyPrefix+"/" { // the map's page
			continue
		}
		for _, reference := range references(r) {
			to, err := at.Parse(reference)
			if err != nil {
				t.Errorf("%s: %q: %v", next, reference, err)
				continue
			}
			if "http://"+to.Host == h.url && !strings.HasPrefix(to.Path, proxyPrefix+"/") {
				t.Errorf("%s leads past the prefix: %s", next, reference)
			}
			todo = append(todo, to.String())
		}
	}
	for _, want := range []string{"/pages.css?", "/seal.svg?", "/api/style.css?", "/api/page.js?", "/?lang",
		"/ogc/collections/parcels/items/{id}?fhtml&lang", "/ogc/codelists/status?fhtml&lang"} {
		if !seen[proxyPrefix+want] {
			t.Errorf("the pages don't lead to %s", want)
		}
	}
	if len(seen) < 100 {
		t.Errorf("only %d kinds of addresses were reached", len(seen))
	}
}

// The documents of the API name their server below the prefix, and the viewer is told where to look up the ids of its
// examples.
func TestTheDocumentsWorkBelowAPrefix(t *testing.T) {
	t.Parallel()
	h := open(t, func(o *api.Options) { o.BehindProxy = true })
	if err := sample.Load(t.Context(), h.db.Planner); err != nil {
		t.Fatal(err)
	}
	inside, outside := h, behindPrefix(t, h)
	from := regexp.MustCompile(`\["(/(?:ogc|api)/[^"]*","[^"]*)"\]`)
	looked := 0
	for _, path := range []string{"/api/openapi.json", "/api/openapi.json?lang=zh", "/ogc/api?f=json"} {
		var plain, document struct{ Servers []struct{ URL string } }
		inside.json(path, &plain)
		if strings.HasPrefix(path, "/api/") && plain.Servers != nil {
			t.Errorf("%s: without a proxy the servers are %v", path, plain.Servers)
		}
		r := outside.get(proxyPrefix + path)
		if err := json.Unmarshal(r.body, &document); err != nil || len(document.Servers) != 1 ||
			!strings.HasPrefix(strings.TrimPrefix(document.Servers[0].URL, outside.url), proxyPrefix) {
			t.Fatalf("%s: %v, servers %v", path, err, document.Servers)
		}
		if r.Header.Get("ETag") == inside.get(path).Header.Get("ETag") {
			t.Errorf("%s has one tag with and without a prefix", path)
		}
		for _, match := range from.FindAllStringSubmatch(string(r.body), -1) {
			at, _, _ := strings.Cut(match[1], `"`)
			at = strings.ReplaceAll(at, `\u0026`, "&")
			if status := outside.get(proxyPrefix + at).StatusCode; status != http.StatusOK &&
				status != http.StatusUnauthorized {
				t.Errorf("%s: %s: %d", path, at, status)
			}
			looked++
		}
	}
	if looked < 50 {
		t.Errorf("only %d values are looked up", looked)
	}
}
