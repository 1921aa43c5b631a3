package api_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// poser draws addresses of the live state of a park's collections.
type poser struct {
	*rand.Rand
	h *house
}

func (p poser) path() string {
	collection := []string{"parcels", "zones", "plan-units", "networks", "parks"}[p.IntN(5)]
	q := url.Values{}
	if p.IntN(2) == 0 {
		q.Set("limit", fmt.Sprint(1+p.IntN(40)))
	}
	if p.IntN(2) == 0 {
		size := []float64{0.0005, 0.005, 0.05}[p.IntN(3)]
		x, y := 121.9+p.Float64()*0.4, 37.1+p.Float64()*0.3
		q.Set("bbox", fmt.Sprintf("%.4f,%.4f,%.4f,%.4f", x, y, x+size, y+size))
	}
	if collection == "parcels" && p.IntN(3) == 0 {
		q.Set("status", []string{"available", "held", "supplied", "reserve"}[p.IntN(4)])
	}
	if collection != "parks" && p.IntN(3) == 0 {
		q.Set("park", "carbon-fibre")
	}
	if p.IntN(4) == 0 {
		q.Set("lang", "en")
	}
	return "/ogc/collections/" + collection + "/items?" + q.Encode()
}

// TestMemoryAnswersAsTheDatabaseDoes compares two servers on one database, one of which keeps nothing in memory: bytes,
// tags, what HEAD says, and what is refused.
func TestMemoryAnswersAsTheDatabaseDoes(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	plain := again(t, h, fromDatabase)
	p := poser{rand.New(rand.NewPCG(12, 7)), h}
	var first items
	h.json(parcelItems+"?limit=1", &first)
	paths := []string{parcelItems + "/" + first.Features[0].ID, parcelItems + "/01900000-0000-7000-8000-000000000000",
		"/api/parks/carbon-fibre/parcels.geojson", "/api/parks/nowhere/parcels.geojson", parcelItems + "?park=nowhere",
		parcelItems + "?bbox=1,1,1,1", parcelItems + "?bbox=170,-10,-170,10", parcelItems + "?code=nothing",
		parcelItems + "?limit=3&cursor=AAAA", parcelItems + "?f=html&limit=2", "/ogc/collections/parcels"}
	for range 150 {
		paths = append(paths, p.path())
	}
	eventually(t, "features are kept", func() bool {
		for _, c := range []string{"parcels", "zones", "plan-units", "networks", "parks"} {
			h.get("/ogc/collections/" + c + "/items?limit=1")
		}
		return strings.Contains(string(h.get("/metrics").body), "luodi_feed_loads_total 5\n")
	})
	for i := 0; i < len(paths); i++ { // with the pages that follow
		kept, read := h.answer(h.url, http.MethodGet, paths[i]), h.answer(plain, http.MethodGet, paths[i])
		if kept.StatusCode != read.StatusCode || string(kept.body) != string(read.body) {
			t.Errorf("%s: %d, the database says %d\n%.600s\n%.600s", paths[i], kept.StatusCode, read.StatusCode,
				kept.body, read.body)
		}
		for _, name := range []string{"ETag", "Content-Type", "Content-Crs", "Content-Language", "Vary",
			"Cache-Control"} {
			if !slices.Equal(kept.Header.Values(name), read.Header.Values(name)) {
				t.Errorf("%s: %s is %q, from the database %q", paths[i], name, kept.Header.Values(name),
					read.Header.Values(name))
			}
		}
		if head := h.answer(h.url, http.MethodHead, paths[i]); head.StatusCode != kept.StatusCode ||
			len(head.body) > 0 || head.Header.Get("ETag") != kept.Header.Get("ETag") ||
			head.Header.Get("Content-Type") != kept.Header.Get("Content-Type") {
			t.Errorf("HEAD %s: %d %v", paths[i], head.StatusCode, head.Header)
		}
		var page items
		if json.Unmarshal(kept.body, &page) == nil && page.next() != "" && len(paths) < 500 {
			paths = append(paths, strings.TrimPrefix(page.next(), "http://land.example"))
		}
	}
}

// answer asks one of the servers under the name that both have for their readers.
func (h *house) answer(server, method, path string) reply {
	h.t.Helper()
	r, err := http.NewRequest(method, server+path, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	r.Host = "land.example"
	response, err := client.Do(r)
	if err != nil {
		h.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		h.t.Fatalf("%s %s: %v", method, path, err)
	}
	return reply{response, body}
}
