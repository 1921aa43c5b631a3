package api_test

import (
	"encoding/json"
	"html"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"luodi/api/problem"
)

func (r reply) problem(t testing.TB) problem.Problem {
	t.Helper()
	var p problem.Problem
	if err := json.Unmarshal(r.body, &p); err != nil {
		t.Fatalf("%s: %v in %s", r.Request.URL, err, r.body)
	}
	if got := r.Header.Get("Content-Type"); got != problem.MediaType || p.Status != r.StatusCode ||
		!strings.HasPrefix(p.Type, "/problems/") || p.Title == "" || p.Detail == "" {
		t.Errorf("%s: %s of type %s: %+v", r.Request.URL, r.Status, got, p)
	}
	return p
}

func TestBadInputIsRefusedByName(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	var page items
	h.json(parcelItems+"?limit=2&park=carbon-fibre", &page)
	_, query, _ := strings.Cut(page.next(), "?")
	_, cursor, _ := strings.Cut(query, "cursor=")
	cursor, _, _ = strings.Cut(cursor, "&")
	long := strings.Repeat("a", 100<<10)
	for _, c := range []struct{ query, field string }{
		{"bbox=1,2,3", "bbox"}, {"bbox=1,2,3,4,5", "bbox"}, {"bbox=1,2,3,4,5,6,7", "bbox"}, {"bbox=", "bbox"},
		{"bbox=NaN,0,1,1", "bbox"},
		{"bbox=0,0,Inf,1", "bbox"}, {"bbox=0,1,1,0", "bbox"}, {"bbox=0,0,181,1", "bbox"}, {"bbox=0,-91,1,1", "bbox"},
		{"bbox=a,b,c,d", "bbox"},
		{"bbox=0x1,0,1,1", "bbox"}, {"bbox=1,1,5,0,2,3", "bbox"}, {"bbox=1e400,0,1,1", "bbox"},
		{"limit=0", "limit"}, {"limit=-1", "limit"}, {"limit=1.5", "limit"}, {"limit=", "limit"},
		{"limit=ten", "limit"}, {"limit=%2B5", "limit"},
		{"datetime=", "datetime"}, {"datetime=yesterday", "datetime"}, {"datetime=2026-13-01T00:00:00Z", "datetime"},
		{"datetime=2026-01-01", "datetime"},
		{"datetime=2026-01-02T00:00:00Z/2026-01-01T00:00:00Z", "datetime"},
		{"datetime=2026-01-01T00:00:00Z/2026-01-02T00:00:00Z/..", "datetime"}, {"datetime=..", "datetime"},
		{"cursor=", "cursor"}, {"cursor=abc", "cursor"}, {"cursor=" + long[:9000], "cursor"},
		{"cursor=" + cursor, "cursor"}, {"cursor=" + cursor + "A&park=carbon-fibre", "cursor"},
		{"cursor=" + cursor + "&park=carbon-fibre&status=held", "cursor"},
		{"cursor=" + cursor[1:] + "&park=carbon-fibre", "cursor"},
		{"status=sold", "status"}, {"bank_status=held", "bank_status"}, {"park=", "park"},
		{"code=" + long[:500], "code"},
		{"limit=1&limit=2", "limit"}, {"bbox=0,0,1,1&bbox=0,0,1,1", "bbox"},
		{"colour=red", "colour"}, {"offset=-1", "offset"},
		{"bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4214", "bbox-crs"}, {"services=5", "services"},
		{"legal_m2=five", "legal_m2"}, {"expires_at=tomorrow", "expires_at"}, {"seq=1e99", "seq"},
		{"Limit=5", "Limit"},
		{"code=%ff%fe", "code"}, {"code=a%00b", "code"}, {"code=%zz", "query"}, {"f=xml", "f"}, {"lang=fr", "lang"},
		{"a;b=c", "query"},
	} {
		r := h.get(parcelItems + "?" + c.query)
		if p := r.problem(t); r.StatusCode != http.StatusBadRequest || p.Field != c.field || p.Expected == "" ||
			len(p.Got) > 1000 {
			t.Errorf("%.80s: %s: %+v, want 400 naming %s", c.query, r.Status, p, c.field)
		}
	}
	if r := h.get(parcelItems + "?code=" + long); r.StatusCode != http.StatusRequestURITooLong ||
		r.problem(t).Type != "/problems/too-long" {
		t.Errorf("100 KB of query: %s", r.Status)
	}
	if r := h.get(parcelItems + "?cursor=" + cursor +
		"&limit=3&lang=en&f=html&park=carbon-fibre"); r.StatusCode != http.StatusOK {
		t.Errorf("a cursor goes with any limit, language and form of its query: %s %s", r.Status, r.body)
	}
}

func TestUnknownParametersAreRefusedEverywhere(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	var page items
	h.json(parcelItems+"?limit=1", &page)
	id := page.Features[0].ID
	for _, path := range []string{
		"/ogc", "/ogc/conformance", "/ogc/api", "/ogc/collections", "/ogc/collections/parcels",
		"/ogc/collections/parcels/items", "/ogc/collections/parcels/items/" + id,
		"/ogc/collections/parcels/queryables", "/ogc/collections/parcels/schema",
		"/ogc/collections/parcels/feature-schema", "/ogc/codelists", "/ogc/codelists/status",
		"/api/parks", "/api/parks/carbon-fibre", "/api/parks/carbon-fibre/parcels.geojson",
		"/api/parks/carbon-fibre/parcels/" + id, "/api/parks/carbon-fibre/balance", "/api/docs",
	} {
		if r := h.get(path + "?lang=en"); r.StatusCode != http.StatusOK {
			t.Errorf("%s: %s %s", path, r.Status, r.body)
		}
		for query, kind := range map[string]string{"colour=red": "unknown-parameter",
			"lang=en&lang=zh": "invalid-parameter"} {
			r := h.get(path + "?" + query)
			if p := r.problem(t); r.StatusCode != http.StatusBadRequest || p.Type != "/problems/"+kind {
				t.Errorf("%s?%s: %s %+v", path, query, r.Status, p)
			}
		}
	}
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	id := uuid.NewString()
	for path, want := range map[string]string{
		"/ogc/collections/roads":                "collection roads",
		"/ogc/collections/roads/items":          "collection roads",
		"/ogc/collections/roads/schema":         "collection roads",
		"/ogc/collections/parcels/items/" + id:  "feature " + id,
		"/api/parks/nowhere":                    "park nowhere",
		"/api/parks/nowhere/parcels.geojson":    "park nowhere",
		"/api/parks/nowhere/balance":            "park nowhere",
		"/api/parks/nowhere/parcels/" + id:      "park nowhere",
		"/api/parks/carbon-fibre/parcels/" + id: "parcel " + id,
		"/api/search?q=x&park=nowhere":          "park nowhere",
		"/api/parks/%E5%9B%AD'%3B--":            "park 园';--",
		"/assets/none.js":                       "page /assets/none.js",
		"/map":                                  "page /map",
		"/problems/none":                        "page /problems/none",
	} {
		path = strings.NewReplacer("%E5%9B%AD", "园", "%3B", ";").Replace(path)
		r := h.get(path, "Accept-Language", "en")
		if p := r.problem(t); r.StatusCode != http.StatusNotFound || p.Field+" "+p.Got != want ||
			!strings.Contains(p.Detail, p.Got) {
			t.Errorf("%s: %s %+v, want 404 naming %s", path, r.Status, p, want)
		}
	}
}

func TestProblemsSpeakTheReadersLanguage(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, c := range []struct{ query, accept, title string }{
		{"", "", "未找到"}, {"", "en", "Not found"}, {"", "de, zh;q=0.3, en;q=0.5", "Not found"},
		{"?lang=zh", "en", "未找到"}, {"?lang=en", "zh-CN", "Not found"},
	} {
		r := h.get("/api/parks/nowhere"+c.query, "Accept-Language", c.accept)
		if p := r.problem(t); p.Title != c.title || p.Type != "/problems/not-found" {
			t.Errorf("%+v: %+v", c, p)
		}
	}
	for _, kind := range problem.Kinds() {
		if r := h.get("/problems/"+kind.Slug, "Accept-Language", "en"); r.StatusCode != http.StatusOK ||
			!strings.Contains(html.UnescapeString(string(r.body)), kind.About("en")) {
			t.Errorf("the page of %s: %s", kind.Slug, r.Status)
		}
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, path := range []string{"/", "/ogc", parcelItems, "/api/parks", "/api/parks/x/parcels.geojson", "/metrics",
		"/healthz", "/problems/not-found"} {
		for method, status := range map[string]int{
			http.MethodPost: 405, http.MethodPut: 405, http.MethodDelete: 405, http.MethodPatch: 405,
			http.MethodTrace: 405, "BREW": 405, http.MethodOptions: 204,
		} {
			r := h.send(method, path, strings.NewReader("{}"))
			if r.StatusCode != status || r.Header.Get("Allow") != "GET, HEAD, OPTIONS" {
				t.Errorf("%s %s: %s, Allow %q", method, path, r.Status, r.Header.Get("Allow"))
			}
		}
	}
}
