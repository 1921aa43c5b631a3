package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"luodi/api"
	"luodi/data/store"
	"luodi/message"
)

func TestTheClientIsServed(t *testing.T) {
	t.Parallel()
	tiles := bytes.Repeat([]byte("0123456789"), 5000)
	h := open(t, func(o *api.Options) {
		o.Web = fstest.MapFS{
			"index.html":                 {Data: []byte("<!doctype html><title>the map</title>")},
			"assets/index-BxY12_ab.js":   {Data: bytes.Repeat([]byte("let a=1;\n"), 1000)},
			"assets/noto-4f9a8b7c.woff2": {Data: []byte("font")}, "basemap.pmtiles": {Data: tiles},
			".secret": {Data: []byte("no")}, "favicon.svg": {Data: []byte("<svg/>")},
		}
	})
	for path, want := range map[string][2]string{
		"/": {"text/html; charset=utf-8", "no-cache"}, "/index.html": {"text/html; charset=utf-8", "no-cache"},
		"/favicon.svg":                {"image/svg+xml", "no-cache"},
		"/assets/index-BxY12_ab.js":   {"text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		"/assets/noto-4f9a8b7c.woff2": {"font/woff2", "public, max-age=31536000, immutable"},
		"/basemap.pmtiles":            {"application/vnd.pmtiles", "no-cache"},
	} {
		r := h.get(path, "Accept-Encoding", "gzip")
		if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != want[0] ||
			r.Header.Get("Cache-Control") != want[1] {
			t.Errorf("%s: %s, %q, %q", path, r.Status, r.Header.Get("Content-Type"), r.Header.Get("Cache-Control"))
		}
		if again := h.get(path, "Accept-Encoding", "gzip", "If-None-Match",
			r.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s held: %s", path, again.Status)
		}
	}
	for header, want := range map[string]string{"bytes=10-19": "0123456789", "bytes=-5": "56789",
		"bytes=49995-": "56789"} {
		r := h.get("/basemap.pmtiles", "Range", header, "Accept-Encoding", "gzip, zstd")
		if r.StatusCode != http.StatusPartialContent || string(r.body) != want ||
			r.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s: %s %q", header, r.Status, r.body)
		}
	}
	if r := h.get("/basemap.pmtiles", "Range",
		"bytes=60000-"); r.StatusCode != http.StatusRequestedRangeNotSatisfiable {
		t.Errorf("a range beyond the end: %s", r.Status)
	}
	for _, path := range []string{"/.secret", "/assets", "/assets/", "/../go.mod", "/assets/../.secret", "/parcels"} {
		if r := h.get(path); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s %s", path, r.Status, r.body)
		}
	}
}

func TestAClientThatWasNotBuiltSaysSo(t *testing.T) {
	t.Parallel()
	h := open(t, func(o *api.Options) { o.Web = fstest.MapFS{".gitkeep": {}} })
	if r := h.get("/?lang=en"); r.StatusCode != http.StatusNotFound ||
		!strings.Contains(r.problem(t).Detail, "make build") {
		t.Errorf("%s %s", r.Status, r.body)
	}
}

func TestHealthAndReadiness(t *testing.T) {
	t.Parallel()
	var away error
	h := open(t, func(o *api.Options) {
		ping := o.Ready
		o.Ready = func(ctx context.Context) error {
			if away != nil {
				return away
			}
			return ping(ctx)
		}
	})
	for _, path := range []string{"/healthz", "/readyz"} {
		if r := h.get(path); r.StatusCode != http.StatusOK || strings.TrimSpace(string(r.body)) != `{"status":"ok"}` {
			t.Errorf("%s: %s %s", path, r.Status, r.body)
		}
	}
	for _, away = range []error{fmt.Errorf("%w: recovering", store.ErrUnavailable),
		errors.New("password of postgres://secret")} {
		r := h.get("/readyz")
		if p := r.problem(t); r.StatusCode != http.StatusServiceUnavailable ||
			strings.Contains(string(r.body), "secret") || p.Type != "/problems/unavailable" {
			t.Errorf("%v: %s %s", away, r.Status, r.body)
		}
		if r := h.get("/healthz"); r.StatusCode != http.StatusOK {
			t.Errorf("alive though not ready: %s", r.Status)
		}
	}
}

func TestWhatIsToBeMendedIsToldThoughRequestsAreAnswered(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	h := open(t, func(o *api.Options) {
		o.Condition = func(context.Context) api.Condition {
			return api.Condition{
				Warnings: []api.Warning{{Code: api.WarnDamaged, Parts: []string{"parcel_version"}},
					{Code: api.WarnBackupFailed}, {Code: api.WarnBackupOld}},
				Backup: &api.Backup{At: &at, AgeS: 90, Bytes: 7, Error: "no_room"},
			}
		}
	})
	for _, lang := range []message.Lang{message.ZH, message.EN} {
		r := h.get("/readyz?lang=" + string(lang))
		var got struct {
			Status   string
			Warnings []api.Warning
			Backup   api.Backup
		}
		if err := json.Unmarshal(r.body, &got); err != nil || r.StatusCode != http.StatusOK ||
			got.Status != "warning" || len(got.Warnings) != 3 || got.Warnings[0].Parts[0] != "parcel_version" ||
			got.Backup.Error != "no_room" || !got.Backup.At.Equal(at) {
			t.Errorf("%v: %s %s", err, r.Status, r.body)
		}
		for _, w := range got.Warnings {
			if key := "api.warning." + w.Code; !message.Known(key) || w.Detail != message.Text(lang, key) {
				t.Errorf("%s says %q", w.Code, w.Detail)
			}
		}
	}
	metrics := string(h.get("/metrics").body)
	for _, line := range []string{"luodi_damaged_parts 1", "luodi_backup_age_seconds 90", "luodi_backup_bytes 7",
		"luodi_backup_failed 1"} {
		if !strings.Contains(metrics, line+"\n") {
			t.Errorf("/metrics lacks %q", line)
		}
	}
}

func TestAnUpgradedDatabaseIsToldApart(t *testing.T) {
	t.Parallel()
	h := open(t, func(o *api.Options) {
		o.Ready = func(context.Context) error { return fmt.Errorf("%w: %w", store.ErrUnavailable, store.ErrOutdated) }
	})
	r := h.get("/readyz?lang=en")
	if p := r.problem(t); r.StatusCode != http.StatusServiceUnavailable || p.Type != "/problems/database-outdated" ||
		r.Header.Get("Retry-After") == "" || !strings.Contains(p.Detail, "restart") {
		t.Errorf("%s %s", r.Status, r.body)
	}
}

func TestEveryAnswerIsGuardedNamedAndCounted(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, path := range []string{"/", "/ogc", "/api/parks", "/nothing", parcelItems + "?limit=0"} {
		r := h.get(path, "X-Request-Id", "mine-1", "Origin", "https://maps.example")
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Request-Id": "mine-1"} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
		if policy := r.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'self'") ||
			!strings.Contains(policy, "worker-src 'self' blob:") {
			t.Errorf("%s: policy %q", path, policy)
		}
		open := strings.HasPrefix(path, "/ogc") || strings.HasPrefix(path, "/api")
		if got := r.Header.Get("Access-Control-Allow-Origin"); (got == "*") != open {
			t.Errorf("%s: other origins: %q", path, got)
		}
	}
	if got := h.get("/ogc", "X-Request-Id", "two\twords").Header.Get("X-Request-Id"); len(got) != 36 {
		t.Errorf("a request without a usable name is called %q", got)
	}
	for range 2 {
		for _, method := range []string{"BREW", "WHEN"} {
			h.send(method, "/", nil)
		}
	}
	metrics := string(h.get("/metrics").body)
	if strings.Contains(metrics, "BREW") || !strings.Contains(metrics, `{method="other",route="",status="4xx"} 4`) {
		t.Error("names that callers make up stay in the metrics")
	}
	for _, want := range []string{
		`luodi_http_request_seconds_count{method="GET",route="/ogc/collections/{collection}/items",status="4xx"} 1`,
		`luodi_http_request_seconds_count{method="GET",route="/api/parks",status="2xx"} 1`,
		"luodi_public_connections ", "go_goroutines ", "luodi_siting_bytes 0",
		"luodi_siting_bytes_most 5.36870912e+08", "luodi_siting_parks 0", "luodi_siting_given_up_total 0",
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
}
