package api_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"luodi/api"
)

// What a caller writes of a proxy is believed only where one stands in front; https is promised to stay only over
// https.
func TestAProxyIsBelievedOnlyWhereOneIs(t *testing.T) {
	t.Parallel()
	const hsts = "Strict-Transport-Security"
	for _, behind := range []bool{false, true} {
		h := open(t, func(o *api.Options) { o.BehindProxy = behind })
		for forged, https := range map[string]bool{"": false, "https": behind, "http, https": behind,
			"https, http": false} {
			r := h.get("/ogc", "X-Forwarded-Proto", forged, "X-Forwarded-Host", "evil.example", "Forwarded",
				"proto=https;host=evil.example")
			if got := strings.Contains(string(r.body), `"https://`+strings.TrimPrefix(h.url, "http://")); got != https {
				t.Errorf("behind a proxy %v, %q: links are https %v", behind, forged, got)
			}
			if strings.Contains(string(r.body), "evil.example") {
				t.Errorf("behind a proxy %v: the links lead to a forged host", behind)
			}
			if got := r.Header.Get(hsts) != ""; got != https {
				t.Errorf("behind a proxy %v, %q: %s is sent %v", behind, forged, hsts, got)
			}
			cookie := h.get("/api/session", "X-Forwarded-Proto", forged, "Cookie",
				"luodi_session=x; __Host-luodi_session=x").Header.Get("Set-Cookie")
			if got := strings.HasPrefix(cookie, "__Host-") && strings.Contains(cookie, "Secure"); got != https {
				t.Errorf("behind a proxy %v, %q: cookie %q", behind, forged, cookie)
			}
		}
	}
	plain := open(t)
	direct := httptest.NewTLSServer(api.New(api.Options{Store: plain.db.Store, Live: plain.hub,
		Logger: slog.New(slog.DiscardHandler), Web: fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}}}))
	defer direct.Close()
	answer, err := direct.Client().Get(direct.URL + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK || answer.Header.Get(hsts) == "" {
		t.Errorf("over TLS itself: %s, %s %q", answer.Status, hsts, answer.Header.Get(hsts))
	}
}
