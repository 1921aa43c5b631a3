package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"html"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"luodi/data/people"
)

var update = flag.Bool("update", false, "write golden files anew")

// moving matches what differs from run to run: instants.
var moving = regexp.MustCompile(`"20\d\d-\d\d-\d\dT[0-9:.]+Z"`)

func TestWhatTheServiceSaysOfItselfIsWrittenDown(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for name, path := range map[string]string{
		"landing.json": "/ogc?lang=en", "conformance.json": "/ogc/conformance?lang=en",
		"collections.json": "/ogc/collections?lang=en", "parcels.json": "/ogc/collections/parcels?lang=zh",
		"api.json": "/ogc/api?lang=en", "queryables.json": "/ogc/collections/parcels/queryables?lang=en",
		"schema.json":         "/ogc/collections/parcels/schema?lang=zh",
		"feature-schema.json": "/ogc/collections/networks/feature-schema?lang=en", "openapi.json": "/api/openapi.json",
		"landing.html": "/ogc?f=html&lang=zh", "queryables.html": "/ogc/collections/parcels/queryables?f=html&lang=en",
		"docs.html": "/api/docs?lang=zh",
	} {
		r := h.get(path)
		if r.StatusCode != http.StatusOK {
			t.Errorf("%s: %s %s", path, r.Status, r.body)
			continue
		}
		got := moving.ReplaceAll(bytes.ReplaceAll(r.body, []byte(h.url), []byte("http://host")), []byte(`"instant"`))
		if strings.HasSuffix(name, ".json") {
			var b bytes.Buffer
			if err := json.Indent(&b, got, "", "  "); err != nil {
				t.Fatal(err)
			}
			got = b.Bytes()
		}
		file := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs from %s; if it should, run with -update", path, file)
		}
	}
}

// OpenAPI has no null: a member that has nothing to say is left out, or empty.
func TestTheOpenAPIDocumentsHoldNoNull(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	var look func(path string, value any)
	look = func(path string, value any) {
		switch value := value.(type) {
		case nil:
			t.Errorf("%s is null", path)
		case map[string]any:
			for name, member := range value {
				look(path+"/"+name, member)
			}
		case []any:
			for _, member := range value {
				look(path+"/[]", member)
			}
		}
	}
	for _, path := range []string{"/ogc/api", "/api/openapi.json"} {
		var document any
		h.json(path, &document)
		look(path, document)
	}
}

func TestMediaTypesAreThoseThatReadersLookFor(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for path, want := range map[string]string{
		"/ogc": "application/json", "/ogc/api": "application/vnd.oai.openapi+json;version=3.0",
		parcelItems:                           "application/geo+json",
		"/ogc/collections/parcels/schema":     "application/schema+json",
		"/ogc/collections/parcels/queryables": "application/schema+json",
		"/api/parks":                          "application/json", "/api/openapi.json": "application/openapi+json",
		"/api/parks/carbon-fibre/parcels.geojson": "application/geo+json",
		"/ogc/": "application/json", "/": "text/html; charset=utf-8",
	} {
		if got := h.get(path).Header.Get("Content-Type"); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	for accept, want := range map[string]string{
		"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": "text/html; charset=utf-8",
		"application/geo+json": "application/geo+json",
		"*/*":                  "application/geo+json", "": "application/geo+json",
		"text/html;q=0.5, application/json": "application/geo+json", "image/png, */*;q=0.1": "application/geo+json",
	} {
		if got := h.get(parcelItems, "Accept", accept).Header.Get("Content-Type"); got != want {
			t.Errorf("Accept %q: %q, want %q", accept, got, want)
		}
	}
	if got := h.get(parcelItems+"?f=json", "Accept",
		"text/html").Header.Get("Content-Type"); got != "application/geo+json" {
		t.Errorf("f=json for a browser: %q", got)
	}
}

// TestEveryLinkLeadsSomewhere follows each link of this server from the landing page on, in both forms.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	attribute := regexp.MustCompile(`href="([^"]+)"`)
	todo, seen := []string{h.url + "/ogc?f=json", h.url + "/ogc?f=html", h.url + "/api/docs"}, map[string]bool{}
	for len(todo) > 0 && len(seen) < 400 {
		next := todo[0]
		todo = todo[1:]
		if seen[next] || !strings.HasPrefix(next, h.url) {
			continue
		}
		seen[next] = true
		r := h.get(next)
		if r.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", next, r.Status)
			continue
		}
		var document struct {
			Links       []link
			Collections []struct{ Links []link }
		}
		if json.Unmarshal(r.body, &document) == nil {
			for _, c := range document.Collections {
				document.Links = append(document.Links, c.Links...)
			}
			for _, l := range document.Links {
				todo = append(todo, l.Href)
				if got, _, _ := strings.Cut(h.get(l.Href, "Accept", l.Type).Header.Get("Content-Type"),
					"; "); l.Type != "" && got != l.Type {
					t.Errorf("%s says %s is %s, it is %s", next, l.Href, l.Type, got)
				}
			}
			continue
		}
		for _, match := range attribute.FindAllSubmatch(r.body, -1) {
			href := strings.ReplaceAll(string(match[1]), "&amp;", "&")
			if strings.HasPrefix(href, "/") {
				href = h.url + href
			}
			todo = append(todo, href)
		}
	}
	if len(seen) < 100 {
		t.Errorf("only %d addresses were reached", len(seen))
	}
}

// What the server says of itself is held by validators of others: the script names them.
func TestOutsidersFindTheDocumentsValidAndTheFeaturesAsDescribed(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed")
	}
	if _, err := os.Stat("../web/node_modules/ajv"); err != nil {
		t.Skip("the page's libraries are not installed (make web)")
	}
	h := withSample(t)
	held := exec.CommandContext(t.Context(), node, "scripts/validate.mjs", h.url)
	held.Dir = "../web"
	out, err := held.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{"/api/openapi.json: OpenAPI 3.1", "/ogc/api?f=json: OpenAPI 3.0", "parcels: ",
		"networks: "} {
		if !strings.Contains(string(out), want) {
			t.Errorf("not held: %s\n%s", want, out)
		}
	}
}

// part matches what a browser may fetch with a page, source its address.
var (
	part   = regexp.MustCompile(`<(script|img|iframe|link)\b[^>]*>`)
	source = regexp.MustCompile(`(?:src|href)="([^"]*)"`)
)

func TestPagesNeedNothingFromOutside(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for _, path := range []string{"/ogc?f=html", "/ogc/api?f=html", "/ogc/collections?f=html", parcelItems + "?f=html",
		"/ogc/conformance?f=html", "/api/docs"} {
		r := h.get(path)
		for _, tag := range part.FindAllString(string(r.body), -1) {
			at := source.FindStringSubmatch(tag)
			if strings.Contains(tag, `rel="alternate"`) || at != nil &&
				slices.Contains([]string{"/api/style.css", "/pages.css", "/seal.svg", "/api/page.js"}, at[1]) {
				continue
			}
			t.Errorf("%s uses %s", path, tag)
		}
		if strings.Contains(string(r.body), "<style") || strings.Contains(string(r.body), "style=") {
			t.Errorf("%s has style of its own, which its policy refuses", path)
		}
		if got := r.Header.Get("Content-Security-Policy"); !strings.HasPrefix(got, "default-src 'none';") ||
			strings.Contains(got, "unsafe") || strings.Contains(got, "http") {
			t.Errorf("%s: the policy is %q", path, got)
		}
		for _, lang := range []string{"zh", "en"} {
			if r := h.get(path, "Accept-Language", lang); !strings.Contains(string(r.body),
				`<html lang="`+lang+`">`) || r.Header.Get("Content-Language") != lang {
				t.Errorf("%s is not in %s", path, lang)
			}
		}
	}
}

func TestTextsFromDataCannotBecomeMarkup(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	if _, err := h.db.Owner.Exec(t.Context(),
		`UPDATE parcel_public SET tenant_zh = '<script>alert(1)</script>'`); err != nil {
		t.Fatal(err)
	}
	if r := h.get(parcelItems + "?f=html&limit=1000"); strings.Contains(string(r.body), "<script>") ||
		!strings.Contains(string(r.body), "&lt;script&gt;") {
		t.Error("a tenant's name came through as markup")
	}
	if r := h.get("/ogc/collections/parcels/items?f=html&code=%3Cscript%3E"); strings.Contains(string(r.body),
		"<script>") {
		t.Error("a parameter came through as markup")
	}
}

func TestTheDocumentationSaysWhomEachOperationIsFor(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	var doc struct {
		Paths map[string]map[string]struct {
			Tags     []string
			Security []any
		}
	}
	o.json("/api/openapi.json", &doc)
	drawn := html.UnescapeString(string(o.get("/api/docs?lang=en").body))
	viewer, public := o.colleague("viewer", false, people.ScopeWrite, people.Viewer), &colleague{office: o}
	for path, operations := range doc.Paths {
		place := regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllString(strings.NewReplacer("{park}", "desk",
			"{collection}", "networks").Replace(path), newID(t).String())
		for method, operation := range operations {
			head := "<h2>" + strings.ToUpper(method) + " " + path + "</h2>"
			_, after, found := strings.Cut(drawn, head)
			if !found {
				t.Errorf("no %s", head)
				continue
			}
			said, _, _ := strings.Cut(after, "</p>")
			if method != "get" || slices.Contains(operation.Tags, "accounts") {
				continue
			}
			if got := public.do("GET", place, nil).status; strings.Contains(said,
				"For: anybody") == (got == http.StatusUnauthorized) {
				t.Errorf("%s: %s; the public gets %d", path, said, got)
			}
			if got := viewer.do("GET", place, nil).status; strings.Contains(said, "any role in the park") &&
				got == http.StatusForbidden {
				t.Errorf("%s: %s; a viewer gets %d", path, said, got)
			}
		}
	}
}
