package api_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5"
	"github.com/klauspost/compress/zstd"

	"luodi/api"
	"luodi/api/live"
	"luodi/api/webhook"
	"luodi/data/store"
)

func TestTagsNameTheStateAndSaveTheAnswer(t *testing.T) {
	t.Parallel()
	h := open(t)
	p, other := h.plot("alpha"), h.plot("beta")
	var id string
	p.change(func(tx pgx.Tx, seq int64) { id = p.add(tx, seq, "one", "available").String() })
	paths := []string{
		parcelItems, parcelItems + "?park=alpha", parcelItems + "?f=html", parcelItems + "/" + id, "/ogc/collections",
		"/ogc/collections/parcels", "/ogc/collections/parks/items",
		"/api/parks", "/api/parks/alpha", "/api/parks/alpha/parcels.geojson", "/api/parks/alpha/parcels/" + id,
		"/api/parks/alpha/balance", "/api/search?q=one",
	}
	tags, bodies := map[string]string{}, map[string]string{}
	taken := map[string]string{}
	for _, path := range paths {
		r := h.get(path)
		tag := r.Header.Get("ETag")
		if len(tag) < 10 || strings.HasPrefix(tag, "W/") || r.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: tag %q, cache %q", path, tag, r.Header.Get("Cache-Control"))
		}
		if before, twice := taken[tag]; twice {
			t.Errorf("%s and %s have one tag", path, before)
		}
		tags[path], bodies[path], taken[tag] = tag, string(r.body), path
		for _, header := range []string{tag, `"x", ` + tag, "W/" + tag, "*", strings.TrimSuffix(tag, `"`) + `-gzip"`} {
			if r := h.get(path, "If-None-Match", header); r.StatusCode != http.StatusNotModified || len(r.body) != 0 ||
				r.Header.Get("ETag") != tag {
				t.Errorf("%s held as %s: %s, tag %s", path, header, r.Status, r.Header.Get("ETag"))
			}
		}
		if r := h.get(path, "Accept-Language", "en"); r.Header.Get("ETag") == tag && string(r.body) != bodies[path] {
			t.Errorf("%s: another language, another body, one tag", path)
		}
		if r := h.get(path); r.Header.Get("ETag") != tag || string(r.body) != bodies[path] {
			t.Errorf("%s: the same state gives other bytes or another tag", path)
		}
	}
	other.change(func(tx pgx.Tx, seq int64) { other.add(tx, seq, "two", "available") })
	for path, same := range map[string]bool{parcelItems + "?park=alpha": true,
		"/api/parks/alpha/parcels.geojson": true, parcelItems: false} {
		if r := h.get(path, "If-None-Match", tags[path]); (r.StatusCode == http.StatusNotModified) != same {
			t.Errorf("%s after a change of another park: %s", path, r.Status)
		}
	}
	p.change(func(tx pgx.Tx, seq int64) { p.add(tx, seq, "three", "available") })
	for _, path := range paths {
		if r := h.get(path, "If-None-Match", tags[path]); r.StatusCode != http.StatusOK {
			t.Errorf("%s after a change: %s", path, r.Status)
		}
	}
	before := h.get("/ogc/collections/parks/items").Header.Get("ETag")
	if _, err := h.db.Owner.Exec(t.Context(), "UPDATE park SET name_en = 'Renamed' WHERE code = 'alpha'"); err != nil {
		t.Fatal(err)
	}
	if r := h.get("/ogc/collections/parks/items", "If-None-Match", before); r.StatusCode != http.StatusOK ||
		!strings.Contains(string(r.body), "Renamed") {
		t.Errorf("a park was renamed, which ticks no clock: %s", r.Status)
	}
}

func TestAnswersAreCompressedForThoseWhoAskAndTaggedSo(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.fill("bench", 2000)
	for _, path := range []string{"/api/parks/bench/parcels.geojson", parcelItems + "?limit=2000", "/ogc/collections",
		"/api/style.css"} {
		plain := h.get(path)
		if plain.Header.Get("Content-Encoding") != "" ||
			!strings.Contains(strings.Join(plain.Header.Values("Vary"), ","), "Accept-Encoding") {
			t.Errorf("%s: encoding %q, vary %q", path, plain.Header.Get("Content-Encoding"),
				plain.Header.Values("Vary"))
		}
		for encoding, open := range map[string]func(io.Reader) (io.Reader, error){
			"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
			"zstd": func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r) },
		} {
			r := h.get(path, "Accept-Encoding", encoding)
			if r.Header.Get("Content-Encoding") != encoding {
				t.Errorf("%s: asked for %s, got %q", path, encoding, r.Header.Get("Content-Encoding"))
				continue
			}
			reader, err := open(bytes.NewReader(r.body))
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(reader)
			if err != nil || !bytes.Equal(body, plain.body) {
				t.Errorf("%s in %s: %v, %d bytes instead of %d", path, encoding, err, len(body), len(plain.body))
			}
			tag := r.Header.Get("ETag")
			if tag == "" {
				continue // the style sheet has none
			}
			if tag == plain.Header.Get("ETag") {
				t.Errorf("%s: %s has the plain answer's tag", path, encoding)
			}
			if again := h.get(path, "Accept-Encoding", encoding, "If-None-Match",
				tag); again.StatusCode != http.StatusNotModified {
				t.Errorf("%s held in %s: %s", path, encoding, again.Status)
			}
		}
	}
}

func TestAnswersSayWhatTheyVaryBy(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for _, path := range []string{"/ogc", parcelItems, "/api/parks", "/api/parks/carbon-fibre/balance",
		"/api/search?q=lot"} {
		first := h.get(path)
		for _, r := range []reply{first, h.get(path, "If-None-Match", first.Header.Get("ETag"))} {
			if vary := strings.Join(r.Header.Values("Vary"), ", "); !strings.Contains(vary, "Accept-Encoding") ||
				!strings.Contains(vary, "Accept-Language") {
				t.Errorf("%s, %s: a cache is told %q", path, r.Status, vary)
			}
		}
	}
}

func TestHeadSaysWhatGetWouldWithoutABody(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.fill("bench", 100)
	for _, path := range []string{"/", "/ogc", parcelItems, "/api/parks", "/api/parks/bench/parcels.geojson"} {
		get := h.get(path)
		response, err := client.Head(h.url + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		for _, name := range []string{"ETag", "Content-Type", "Cache-Control"} {
			if response.StatusCode != http.StatusOK || response.Header.Get(name) != get.Header.Get(name) {
				t.Errorf("HEAD %s: %s, %s %q instead of %q", path, response.Status, name, response.Header.Get(name),
					get.Header.Get(name))
			}
		}
	}
}

// TestAnAnswerIsOfAStateReadAfterItWasAskedFor: whichever process answers, a change that was acknowledged is in the
// next answer and in its tag.
func TestAnAnswerIsOfAStateReadAfterItWasAskedFor(t *testing.T) {
	t.Parallel()
	h := open(t)
	other := &house{t: t, db: h.db, url: again(t, h)}
	p := h.plot("alpha")
	paths := []string{parcelItems + "?limit=1000", parcelItems + "?park=alpha&limit=1000", "/ogc/collections/parcels",
		"/api/parks", "/api/parks/alpha", "/api/parks/alpha/balance", "/api/search?q=code-"}
	tags := map[string]string{}
	for i := range 10 {
		code := fmt.Sprintf("code-%d-", i)
		p.change(func(tx pgx.Tx, seq int64) { p.add(tx, seq, code, "available") })
		for k, path := range paths {
			first, second := h, other
			if (i+k)%2 == 1 {
				first, second = other, h
			}
			r := first.get(path, "If-None-Match", tags[first.url+path])
			if r.StatusCode != http.StatusOK {
				t.Errorf("%s after change %d: %s with the tag of before", path, i, r.Status)
			}
			tags[first.url+path] = r.Header.Get("ETag")
			if k < 2 && !strings.Contains(string(r.body), code) {
				t.Errorf("%s after change %d lacks %s", path, i, code)
			}
			same := second.get(path)
			tags[second.url+path] = same.Header.Get("ETag")
			// those hold the address they were asked at
			if !strings.HasPrefix(path, "/ogc") && (same.Header.Get("ETag") != r.Header.Get("ETag") ||
				!bytes.Equal(same.body, r.body)) {
				t.Errorf("%s after change %d: two processes answer with tags %s and %s", path, i,
					same.Header.Get("ETag"), r.Header.Get("ETag"))
			}
		}
	}
}

// again serves the database of a house once more, as another process would.
func again(t *testing.T, h *house, change ...func(*api.Options)) (url string) {
	t.Helper()
	store, err := store.Open(t.Context(), h.db.Source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	hub := running(t, h.db, live.DefaultLimits)
	o := api.Options{Store: store, Live: hub, Webhooks: sending(t, h.db, webhook.Options{Wake: hub.Moved()}),
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), Version: "test", Ready: store.Ping, Web: fstest.MapFS{}}
	for _, f := range change {
		f(&o)
	}
	server := httptest.NewServer(api.New(o))
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server.URL
}
