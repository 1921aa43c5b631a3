package api

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus"

	"luodi/api/problem"
)

// around puts what surrounds every request around one handler.
func around(log io.Writer, serve http.HandlerFunc) http.Handler {
	m := &metrics{
		took:   prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "took"}, []string{"route", "method", "status"}),
		flying: prometheus.NewGauge(prometheus.GaugeOpts{Name: "flying"}),
	}
	r := chi.NewRouter()
	r.Use(guardStalls(time.Second), observe(slog.New(slog.NewTextHandler(log, nil)), m), secure, boundLength, compress())
	r.Get("/", serve)
	return r
}

func TestAPanicIsAnsweredAndLoggedWithItsPlace(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	server := httptest.NewServer(around(&log, func(http.ResponseWriter, *http.Request) { panic("the sky fell") }))
	defer server.Close()
	for range 2 { // the server goes on
		response, err := http.Get(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != http.StatusInternalServerError || response.Header.Get("Content-Type") != problem.MediaType || strings.Contains(string(body), "sky") {
			t.Errorf("%s %s %v", response.Status, body, err)
		}
	}
	if text := log.String(); strings.Count(text, "the sky fell") != 2 || !strings.Contains(text, "middleware_test.go") || !strings.Contains(text, "level=ERROR") {
		t.Errorf("the log says %s", text)
	}
}

func TestAPanicUnderWayCutsTheConnection(t *testing.T) {
	t.Parallel()
	for _, late := range []any{"the sky fell", http.ErrAbortHandler} {
		server := httptest.NewServer(around(io.Discard, func(w http.ResponseWriter, _ *http.Request) {
			if _, err := w.Write(bytes.Repeat([]byte("[1,"), 50_000)); err != nil {
				t.Error(err)
			}
			panic(late)
		}))
		response, err := http.Get(server.URL)
		if err == nil {
			_, err = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
		}
		server.Close()
		if !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) { // EOF: not even the header got out
			t.Errorf("%v: the reader saw %v", late, err)
		}
	}
}

func TestAnErrorIsLoggedOnceAndNotShown(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	h := around(&log, func(w http.ResponseWriter, r *http.Request) { problem.Write(w, r, errors.New("disk is on fire")) })
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/?q=secret", nil))
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "fire") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if text := log.String(); strings.Count(text, "disk is on fire") != 1 || strings.Count(text, "\n") != 1 || strings.Contains(text, "secret") {
		t.Errorf("the log says %s", text)
	}
}
