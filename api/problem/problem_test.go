package problem

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"luodi/data/ledger"
	"luodi/data/store"
	"luodi/geo"
	"luodi/message"
)

func TestEachErrorBecomesItsProblem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err    error
		slug   string
		status int
	}{
		{geo.NewInvalid("bbox", "bbox.form", "x"), "invalid-parameter", 400},
		{&Request{Kind: UnknownParameter, Field: "a"}, "unknown-parameter", 400},
		{&store.Missing{Kind: "park", Name: "x"}, "not-found", 404},
		{store.ErrNotFound, "not-found", 404},
		{store.ErrConflict, "conflict", 409},
		{store.ErrRefused, "refused", 409},
		{store.ErrKeyReused, "key-reused", 422},
		{&store.Stale{Code: "A", Seen: 1, Current: 2}, "stale", 412},
		{&store.Denial{Rule: "one_right_at_a_time", Code: "A"}, "refused", 409},
		{&ledger.Undecided{Differ: []ledger.Difference{{Field: "zone_id"}}}, "undecided", 409},
		{store.ErrForbidden, "forbidden", 403},
		{store.ErrRetry, "overtaken", 503},
		{store.ErrFull, "full", 507},
		{store.ErrUnavailable, "unavailable", 503},
		{fmt.Errorf("receive message failed: %w", io.ErrUnexpectedEOF), "unavailable", 503},
		{fmt.Errorf("%w: %w", store.ErrUnavailable, store.ErrOutdated), "database-outdated", 503},
		{store.ErrDamaged, "damaged", 503},
		{context.DeadlineExceeded, "unavailable", 503},
		{errors.New("pq: password is hunter2"), "internal", 500},
		{nil, "internal", 500},
	} {
		for _, err := range []error{c.err, fmt.Errorf("while reading: %w", c.err)} {
			p := From(err, message.EN)
			if p.Type != "/problems/"+c.slug || p.Status != c.status || p.Title == "" || p.Detail == "" {
				t.Errorf("%v: %+v", err, p)
			}
			if strings.Contains(fmt.Sprint(*p), "hunter2") || strings.Contains(fmt.Sprint(*p), "while reading") {
				t.Errorf("%v came through: %+v", err, p)
			}
		}
	}
}

func TestEveryKindIsExplainedInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, k := range Kinds() {
		for _, lang := range []message.Lang{message.ZH, message.EN} {
			if !message.Known(k.key()) || !message.Known(k.key()+".about") || k.Title(lang) == "" ||
				k.About(lang) == "" {
				t.Errorf("%s is not explained in %s", k.Slug, lang)
			}
		}
	}
}

func TestWriteTellsTheLogWhatTheCallerIsNotTold(t *testing.T) {
	t.Parallel()
	var told error
	secret := errors.New("secret")
	r := httptest.NewRequest(http.MethodGet, "/x?lang=en", nil)
	r = r.WithContext(WithReport(r.Context(), func(err error) { told = err }))
	w := httptest.NewRecorder()
	w.Header().Set("ETag", `"old"`)
	Write(w, r, secret)
	if !errors.Is(told, secret) || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("the log heard %v, the caller %s", told, w.Body)
	}
	if w.Code != 500 || w.Header().Get("ETag") != "" || w.Header().Get("Cache-Control") != "no-store" ||
		w.Header().Get("Content-Type") != MediaType {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

func TestLongValuesAreCutBetweenCharacters(t *testing.T) {
	t.Parallel()
	p := From(&Request{Kind: InvalidParameter, Field: "q", Expected: "api.expected.id", Got: strings.Repeat("地", 500) +
		"\xff"}, message.ZH)
	if len([]rune(p.Got)) != 121 || !strings.HasSuffix(p.Got, "地…") {
		t.Errorf("%d characters: %s", len([]rune(p.Got)), p.Got)
	}
}
