package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// The machine's clock was forty days ahead for a while: what was changed then is live, whoever asks for now or later.
func TestAnInstantFromNowOnIsLiveThoughAParksClockIsAhead(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.plot("alpha")
	p.change(func(tx pgx.Tx, seq int64) { p.add(tx, seq, "old", "available") })
	if r := h.get("/readyz"); r.StatusCode != http.StatusOK || strings.TrimSpace(string(r.body)) != `{"status":"ok"}` {
		t.Errorf("before: %s %s", r.Status, r.body)
	}
	before := time.Now()
	if _, err := h.db.Owner.Exec(t.Context(),
		`UPDATE park_clock SET at = clock_timestamp() + interval '40 days'`); err != nil {
		t.Fatal(err)
	}
	p.change(func(tx pgx.Tx, seq int64) { p.add(tx, seq, "ahead", "available") })
	for name, at := range map[string]time.Time{"now": time.Now(), "tomorrow": time.Now().Add(24 * time.Hour),
		"next year": time.Now().AddDate(1, 0, 0)} {
		instant := url.QueryEscape(at.UTC().Add(time.Second).Format(time.RFC3339Nano))
		for _, path := range []string{parcelItems + "?datetime=" + instant, parcelItems + "?datetime=" + instant +
			"%2F..", parcelItems + "?datetime=..%2F" + instant} {
			if body := string(h.get(path).body); !strings.Contains(body, `"ahead"`) ||
				!strings.Contains(body, `"old"`) {
				t.Errorf("%s: %s", name, body)
			}
		}
		if body := string(h.get("/api/parks/alpha/balance?datetime=" + instant).body); !strings.Contains(body,
			`"parcels":2`) {
			t.Errorf("the balance of %s: %s", name, body)
		}
	}
	past := url.QueryEscape(before.UTC().Format(time.RFC3339Nano))
	if body := string(h.get(parcelItems + "?datetime=" + past).body); strings.Contains(body, `"ahead"`) ||
		!strings.Contains(body, `"old"`) {
		t.Errorf("before the clock went ahead: %s", body)
	}
	if r := h.get("/readyz", "Accept-Language", "en"); r.StatusCode != http.StatusOK ||
		!strings.Contains(string(r.body), `"code":"clock_ahead"`) ||
		!strings.Contains(string(r.body), `"parts":["alpha"]`) || strings.Contains(string(r.body), "api.warning") {
		t.Errorf("while it is ahead: %s %s", r.Status, r.body)
	}
}
