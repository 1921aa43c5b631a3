package auth_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"

	"luodi/api"
	"luodi/api/live"
	"luodi/data/people"
	"luodi/data/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// password is what the people of these tests sign in with.
const password = "correct horse battery staple"

// house is a server over real HTTP on a real database, and what it logged.
type house struct {
	*storetest.DB
	URL string
	log *safeBuffer
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func newHouse(t *testing.T, more ...func(*api.Options)) *house {
	t.Helper()
	h := &house{DB: storetest.New(t), log: &safeBuffer{}}
	o := api.Options{Live: live.New(h.Store, slog.Default(), live.DefaultLimits), Store: h.Store,
		Web:    fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}},
		Logger: slog.New(slog.NewTextHandler(h.log, nil)), Version: "test"}
	for _, set := range more {
		set(&o)
	}
	server := httptest.NewServer(api.New(o))
	t.Cleanup(server.Close)
	h.URL = server.URL
	return h
}

// browser keeps cookies as browsers do.
type browser struct {
	t    *testing.T
	base string
	http *http.Client
	head http.Header // sent with each request
}

func (h *house) browser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, base: h.URL, http: &http.Client{Jar: jar, Timeout: time.Minute}, head: http.Header{}}
}

// program sends a token.
func (h *house) program(t *testing.T, secret string) *browser {
	b := h.browser(t)
	b.head.Set("Authorization", "Bearer "+secret)
	return b
}

// got is an answer.
type got struct {
	Status int
	Header http.Header
	Body   map[string]any
	Text   string
}

func (b *browser) do(method, path string, body any) got {
	b.t.Helper()
	var reader io.Reader
	if text, ok := body.(string); ok {
		reader = strings.NewReader(text)
	} else if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			b.t.Fatal(err)
		}
		reader = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.base+path, reader)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept-Language", "en")
	for name, values := range b.head {
		r.Header[name] = values
	}
	resp, err := b.http.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	out := got{Status: resp.StatusCode, Header: resp.Header, Text: string(raw)}
	if len(raw) > 0 && json.Unmarshal(raw, &out.Body) != nil &&
		strings.Contains(resp.Header.Get("Content-Type"), "json") {
		b.t.Errorf("%s %s: not JSON: %s", method, path, raw)
	}
	return out
}

// want does a request and fails unless it gets this status.
func (b *browser) want(status int, method, path string, body any) got {
	b.t.Helper()
	out := b.do(method, path, body)
	if out.Status != status {
		b.t.Errorf("%s %s: %d, want %d: %s", method, path, out.Status, status, out.Text[:min(len(out.Text), 400)])
	}
	if status >= 400 && (out.Header.Get("Content-Type") != "application/problem+json" || out.Body["type"] == nil) {
		b.t.Errorf("%s %s: not a problem: %s", method, path, out.Text[:min(len(out.Text), 400)])
	}
	return out
}

// cookie is the session's cookie the browser holds, "" without.
func (b *browser) cookie() string {
	u, err := url.Parse(b.base)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range b.http.Jar.Cookies(u) {
		if c.Name == "luodi_session" {
			return c.Value
		}
	}
	return ""
}

func (b *browser) signIn(login, secret string) got {
	b.t.Helper()
	return b.do(http.MethodPost, "/api/session", map[string]string{"login": login, "password": secret})
}

// person makes an account whose password is set, and a browser signed in as them.
func (h *house) person(t *testing.T, login string, roles ...people.Grant) (uuid.UUID, *browser) {
	t.Helper()
	a, link, err := people.Of(h.Store).AddAccount(context.Background(),
		people.Newcomer{Login: login, Name: "Zhang Wei", Roles: roles})
	if err != nil {
		t.Fatal(err)
	}
	b := h.browser(t)
	b.want(http.StatusOK, http.MethodPost, "/api/invitation",
		map[string]string{"invite": link.Secret, "password": password})
	return a.ID, b
}

func (h *house) alter(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := h.Owner.Exec(context.Background(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func in(park string, role people.Role) people.Grant { return people.Grant{Park: &park, Role: role} }
