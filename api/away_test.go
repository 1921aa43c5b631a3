package api_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/go-chi/chi/v5"

	"luodi/api"
	"luodi/api/live"
	"luodi/api/problem"
	"luodi/api/webhook"
	"luodi/data/people"
	"luodi/data/sample"
	"luodi/data/store"
	"luodi/data/store/cluster"
	"luodi/data/store/cluster/clustertest"
	"luodi/message"
)

// mortal is a server on a private cluster of its own, so that its postmaster may be killed.
type mortal struct {
	url     string
	cluster *cluster.Cluster
	store   *store.Store
	secret  string
	parcel  string
	routes  []route
}

type route struct{ method, pattern, path string }

func openMortal(t *testing.T, bin string) *mortal {
	t.Helper()
	dir, err := os.MkdirTemp("", "luodi-away-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	c, err := cluster.Start(t.Context(), dir, cluster.Options{BinDir: bin})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Stop(context.Background()) })
	src := store.Source{URL: c.DSN("luodi", "luodi"), LoginRoles: true, MaxConns: 8}
	if _, err := store.Migrate(t.Context(), src, nil); err != nil {
		t.Fatal(err)
	}
	store, err := store.Open(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	if err := sample.Load(t.Context(), store.Planner); err != nil {
		t.Fatal(err)
	}
	c.OnRestart(store.Hold)
	m := &mortal{cluster: c, store: store}
	m.admin(t)
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	ctx, cancel := context.WithCancel(context.Background())
	hub := live.New(store, quiet, live.DefaultLimits)
	sender := webhook.New(store, webhook.Options{Via: "test", Wake: hub.Moved(), Logger: quiet})
	var group sync.WaitGroup
	group.Go(func() { hub.Run(ctx) })
	group.Go(func() { sender.Run(ctx) })
	t.Cleanup(func() { cancel(); group.Wait() })
	handler := api.New(api.Options{Store: store, Live: hub, Webhooks: sender, Logger: quiet, Version: "test",
		Ready: store.Ping,
		Web:   fstest.MapFS{"index.html": {Data: []byte("<!doctype html><title>map</title>")}}})
	m.walk(t, handler.(chi.Routes))
	server := httptest.NewServer(handler)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	m.url = server.URL
	return m
}

func (m *mortal) admin(t *testing.T) {
	t.Helper()
	a, _, err := people.Of(m.store).AddAccount(t.Context(), people.Newcomer{Login: "root", Name: "Root",
		Roles: []people.Grant{{Role: people.Admin}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, m.secret, err = people.Of(m.store).CreateToken(t.Context(),
		people.TokenOrder{Account: a.ID, Name: "test", Scope: people.ScopeWrite, Life: time.Hour}); err != nil {
		t.Fatal(err)
	}
	if err := m.store.Planner.QueryRow(t.Context(), `SELECT parcel_id::text FROM parcel_public
		WHERE to_seq IS NULL LIMIT 1`).Scan(&m.parcel); err != nil {
		t.Fatal(err)
	}
}

// walk lists every route the router knows, those of both API documents among them, with values for what stands in
// braces.
func (m *mortal) walk(t *testing.T, routes chi.Routes) {
	t.Helper()
	values := map[string]string{"park": "carbon-fibre", "collection": "parcels", "collectionId": "parcels", "z": "14",
		"tileMatrix": "14", "x": "13745", "y": "6350", "row": "6350", "col": "13745",
		"tileMatrixSetId": "WebMercatorQuad", "tms": "WebMercatorQuad", "district": "lingang", "slug": "not-found",
		"seq": "1"}
	err := chi.Walk(routes, func(method, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		path := pattern
		for {
			begin := strings.IndexByte(path, '{')
			if begin < 0 {
				break
			}
			end := begin + strings.IndexByte(path[begin:], '}')
			name, _, _ := strings.Cut(path[begin+1:end], ":")
			value, known := values[name]
			if !known {
				value = m.parcel
			}
			path = path[:begin] + value + path[end+1:]
		}
		m.routes = append(m.routes, route{method, pattern, strings.TrimSuffix(path, "*")})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// ask sends one request to a route and reads at most a second of its answer, for some never end.
func (m *mortal) ask(ctx context.Context, r route, secret string) (status int, head http.Header, err error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	var body io.Reader
	if r.method != http.MethodGet && r.method != http.MethodHead && r.method != http.MethodDelete {
		body = strings.NewReader(m.bodyOf(r))
	}
	request, err := http.NewRequestWithContext(ctx, r.method, m.url+r.path, body)
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	if secret != "" {
		request.Header.Set("Authorization", "Bearer "+secret)
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	if !strings.Contains(r.path, "events") && !strings.Contains(response.Header.Get("Content-Type"), "event-stream") {
		_, _ = io.Copy(io.Discard, response.Body)
	}
	return response.StatusCode, response.Header, nil
}

// bodyOf is a body that gets as far as the database where one is known; others are refused before it, which is an
// answer too.
func (m *mortal) bodyOf(r route) string {
	switch {
	case strings.HasSuffix(r.pattern, "/records"):
		return `{"kind":"hold","reason":"test","parcels":["` + m.parcel + `"]}`
	case strings.HasSuffix(r.pattern, "/session"):
		return `{"login":"root","password":"not the right one at all"}`
	case strings.HasSuffix(r.pattern, "/parties"):
		return `{"code":"P-1","kind":"company","name_zh":"甲","name_en":"A"}`
	}
	return `{}`
}

// needsNoDatabase are routes that answer without one: what the process says of itself, the page and documents.
func needsNoDatabase(r route) bool {
	return slices.Contains([]string{"/healthz", "/metrics", "/", "/index.html", "/*", "/problems/{slug}", "/ogc/conformance",
		"/ogc/api", "/api/openapi.json", "/api/docs"}, r.pattern) || r.method == http.MethodOptions
}

// TestNoRouteAnswers500WhileThePostmasterIsDown asks every route with the server stopped, as nobody and as an admin.
func TestNoRouteAnswers500WhileThePostmasterIsDown(t *testing.T) {
	t.Parallel()
	m := openMortal(t, "")
	if err := m.cluster.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	counts := map[int]int{}
	for _, r := range m.routes {
		for _, secret := range []string{"", m.secret} {
			status, head, err := m.ask(t.Context(), r, secret)
			if err != nil {
				t.Errorf("%s %s: %v", r.method, r.path, err)
				continue
			}
			counts[status]++
			switch {
			case status == http.StatusServiceUnavailable && head.Get("Retry-After") == "":
				t.Errorf("%s %s: 503 without Retry-After", r.method, r.path)
			case status >= 500 && status != http.StatusServiceUnavailable:
				t.Errorf("%s %s: %d", r.method, r.path, status)
			case secret != "" && status != http.StatusServiceUnavailable && !needsNoDatabase(r):
				t.Errorf("%s %s: an admin gets %d, want 503: who asks can't be known", r.method, r.pattern, status)
			case secret == "" && status < 300 && !needsNoDatabase(r) && r.method == http.MethodGet:
				t.Logf("%s %s: %d to nobody", r.method, r.pattern, status)
			}
		}
	}
	t.Logf("%d routes asked twice: %v", len(m.routes), counts)
}

// TestKillsOfThePostmasterUnderLoadNeverAnswer500 kills the postmaster and all it runs while every route is asked again
// and again.
func TestKillsOfThePostmasterUnderLoadNeverAnswer500(t *testing.T) {
	t.Parallel()
	m := openMortal(t, "")
	kills := pick(3, 20)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var group sync.WaitGroup
	var mu sync.Mutex
	counts, wrong := map[int]int{}, map[string]int{}
	var rounds atomic.Int64
	for w := range 8 {
		group.Go(func() {
			secret := []string{m.secret, ""}[w%2]
			for i := w * len(m.routes) / 8; ctx.Err() == nil; i++ {
				r := m.routes[i%len(m.routes)]
				if i%len(m.routes) == 0 {
					rounds.Add(1)
				}
				if strings.Contains(r.path, "/events") || strings.Contains(r.path, "stream") {
					continue // they end when they like; the feed itself is asked with the server down
				}
				status, head, err := m.ask(ctx, r, secret)
				if err != nil {
					continue // a connection that is cut, or the end of the test
				}
				mu.Lock()
				counts[status]++
				if status == http.StatusInternalServerError || status == http.StatusServiceUnavailable &&
					head.Get("Retry-After") == "" {
					wrong[fmt.Sprintf("%s %s: %d", r.method, r.pattern, status)]++
				}
				mu.Unlock()
			}
		})
	}
	for range kills {
		begun := rounds.Load()
		for rounds.Load() < begun+2 && ctx.Err() == nil {
			time.Sleep(10 * time.Millisecond)
		}
		pid := m.cluster.PID()
		killAll(pid)
		for !m.cluster.Ready() || m.cluster.PID() == pid {
			time.Sleep(5 * time.Millisecond)
		}
	}
	stop()
	group.Wait()
	for what, n := range wrong {
		t.Errorf("%s, %d times", what, n)
	}
	if counts[http.StatusServiceUnavailable] == 0 {
		t.Error("no request met a server that was away")
	}
	t.Logf("%d kills, %d routes, answers by status: %v", kills, len(m.routes), counts)
}

// killAll kills a process and then its children, who so can't say goodbye to their clients.
func killAll(pid int) {
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	_ = syscall.Kill(pid, syscall.SIGKILL)
	for _, child := range strings.Fields(string(children)) {
		if n, err := strconv.Atoi(child); err == nil {
			_ = syscall.Kill(n, syscall.SIGKILL)
		}
	}
}

// TestAnUpgradeUnderALoadedServerHealsByItself replaces PostgreSQL under a server that reads and writes: it is ready
// again by itself, everything acknowledged is there, and nobody is answered 500.
func TestAnUpgradeUnderALoadedServerHealsByItself(t *testing.T) {
	t.Parallel()
	from, err := cluster.FindBinaries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	software, err := os.MkdirTemp("", "luodi-software-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(software) })
	if err := os.Chmod(software, 0o755); err != nil {
		t.Fatal(err)
	}
	before, oldLib := clustertest.Installation(t, from, filepath.Join(software, "before"))
	after, _ := clustertest.Installation(t, from, filepath.Join(software, "after"))
	current := filepath.Join(software, "current")
	if err := os.Symlink(before, current); err != nil {
		t.Fatal(err)
	}
	m := openMortal(t, current)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var group sync.WaitGroup
	var mu sync.Mutex
	counts, acknowledged := map[int]int{}, map[string]bool{}
	for w := range 6 {
		group.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				login := fmt.Sprintf("u%d-%d", w, i)
				status, err := m.write(ctx, w, login)
				if err != nil {
					continue
				}
				mu.Lock()
				counts[status]++
				if w%2 == 0 && status == http.StatusOK {
					acknowledged[login] = true
				}
				mu.Unlock()
			}
		})
	}
	// one more than so many writes are acknowledged
	beyond := func(least int) int {
		for until := time.Now().Add(2 * time.Minute); ; time.Sleep(5 * time.Millisecond) {
			mu.Lock()
			n := len(acknowledged)
			mu.Unlock()
			if n > least {
				return n
			}
			if time.Now().After(until) {
				t.Fatalf("no write beyond %d was acknowledged", n)
			}
		}
	}
	soFar := beyond(5)
	pid, begun := m.cluster.PID(), time.Now()
	if err := errors.Join(os.Remove(filepath.Join(oldLib, clustertest.Library)), os.Symlink(after, current+".new"),
		os.Rename(current+".new", current)); err != nil {
		t.Fatal(err)
	}
	for m.cluster.PID() == pid || !m.cluster.Ready() {
		if time.Since(begun) > 2*time.Minute {
			t.Fatalf("it is %s: %v", m.cluster.State(), m.cluster.Err())
		}
		time.Sleep(5 * time.Millisecond)
	}
	took := time.Since(begun)
	beyond(soFar)
	stop()
	group.Wait()
	if err := m.store.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	rows, err := m.store.Planner.Query(t.Context(), `SELECT login FROM account`)
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for rows.Next() {
		var login string
		if err := rows.Scan(&login); err != nil {
			t.Fatal(err)
		}
		there[login] = true
	}
	for login := range acknowledged {
		if !there[login] {
			t.Errorf("%s was acknowledged and is gone", login)
		}
	}
	if counts[http.StatusInternalServerError] > 0 || len(acknowledged) == 0 {
		t.Errorf("answers by status %v, %d writes acknowledged", counts, len(acknowledged))
	}
	t.Logf("ready %.1f s after the upgrade; answers by status %v; %d writes acknowledged, all there", took.Seconds(),
		counts, len(acknowledged))
}

// write adds an account where w is even, for which there is no route, and reads the map where it is odd.
func (m *mortal) write(ctx context.Context, w int, login string) (status int, err error) {
	if w%2 == 1 {
		status, _, err = m.ask(ctx, route{method: http.MethodGet, path: "/ogc/collections/parcels/items?limit=10"}, "")
		return status, err
	}
	_, _, err = people.Of(m.store).AddAccount(ctx, people.Newcomer{Login: login, Name: login,
		Roles: []people.Grant{{Role: people.Admin}}})
	switch {
	case err == nil:
		return http.StatusOK, nil
	case ctx.Err() != nil:
		return 0, err
	}
	return problem.From(err, message.EN).Status, nil
}
