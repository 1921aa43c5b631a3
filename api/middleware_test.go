package api

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus"

	"luodi/api/problem"
	"luodi/api/stream"
)

// around puts what surrounds every request around one handler.
func around(log io.Writer, serve http.HandlerFunc) http.Handler {
	m := &metrics{
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "took"},
			[]string{"route", "method", "status"}),
		flying: prometheus.NewGauge(prometheus.GaugeOpts{Name: "flying"}),
	}
	r := chi.NewRouter()
	r.Use(guardStalls(time.Second), observe(slog.New(slog.NewTextHandler(log, nil)), m), secure, boundLength,
		stream.Compress)
	r.HandleFunc("/", serve)
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
		if err != nil || response.StatusCode != http.StatusInternalServerError ||
			response.Header.Get("Content-Type") != problem.MediaType || strings.Contains(string(body), "sky") {
			t.Errorf("%s %s %v", response.Status, body, err)
		}
	}
	if text := log.String(); strings.Count(text, "the sky fell") != 2 ||
		!strings.Contains(text, "middleware_test.go") || !strings.Contains(text, "level=ERROR") {
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
	h := around(&log, func(w http.ResponseWriter,
		r *http.Request) {
		problem.Write(w, r, errors.New("disk is on fire"))
	})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/?q=secret", nil))
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "fire") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if text := log.String(); strings.Count(text, "disk is on fire") != 1 || strings.Count(text, "\n") != 1 ||
		strings.Contains(text, "secret") {
		t.Errorf("the log says %s", text)
	}
}

func TestASenderWhoNeverSendsItsBodyIsCutOff(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(around(io.Discard,
		func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	defer server.Close()
	for _, announced := range []string{"Content-Length: 10\r\n\r\nab", "Transfer-Encoding: chunked\r\n\r\n5\r\nab"} {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n"+announced); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, conn); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%q: the connection is still held after 10 s, the limit is 1 s", announced)
		}
		_ = conn.Close()
	}
}

// Each piece comes well within the stall limit, and yet the body ends: the sender would go on for ever.
func TestABodyThatTricklesIsCutOffInTheEnd(t *testing.T) {
	t.Parallel()
	read := make(chan error, 1)
	server := httptest.NewServer(around(io.Discard, func(_ http.ResponseWriter, r *http.Request) {
		_, err := io.Copy(io.Discard, r.Body)
		read <- err
	}))
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	for tick := time.NewTicker(100 * time.Millisecond); ; {
		select {
		case err := <-read:
			if !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("the body ended with %v", err)
			}
			return
		case <-t.Context().Done():
			t.Fatal("the body never ended")
		case <-tick.C:
			_, _ = io.WriteString(conn, "a") // refused once the server is done with it
		}
	}
}

func TestASlowBodyIsTakenAndItsAnswerMayTakeLonger(t *testing.T) {
	t.Parallel()
	answered := make(chan error, 1)
	server := httptest.NewServer(around(io.Discard, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil && len(body) != 4 {
			err = fmt.Errorf("%d bytes came", len(body))
		}
		select { // the limit is 1 s
		case <-r.Context().Done():
			err = errors.Join(err, r.Context().Err())
		case <-time.After(1500 * time.Millisecond):
		}
		answered <- err
	}))
	defer server.Close()
	body, sender := io.Pipe()
	go func() {
		for range 4 {
			time.Sleep(400 * time.Millisecond) // each piece within the limit, the whole beyond it
			_, _ = sender.Write([]byte("a"))
		}
		_ = sender.Close()
	}()
	response, err := http.Post(server.URL, "text/plain", body)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if err := <-answered; err != nil {
		t.Error(err)
	}
}
