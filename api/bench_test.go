package api_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"luodi/api"
	"luodi/api/live"
	"luodi/api/webhook"
	"luodi/data/store"
	"luodi/data/store/storetest"
)

// benchParcels is how many parcels the bench streams.
const benchParcels = 1_000_000

// serveBench names the database that this test program serves instead of testing: the bench runs itself once more, so
// that the server's memory is its own.
const serveBench = "LUODI_BENCH_SERVE"

func TestMain(m *testing.M) {
	if source := os.Getenv(serveBench); source != "" {
		if err := serveForBench(source); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	storetest.Main(m)
}

func serveForBench(source string) error {
	store, err := store.Open(context.Background(), store.Source{URL: source, LoginRoles: true})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("serving http://%s/\n", listener.Addr())
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	hub := live.New(store, log, live.Limits{Account: 4096, Address: 4096, All: 4096})
	go hub.Run(context.Background())
	sender := webhook.New(store, webhook.Options{Allowed: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		HTTP: true, Via: "bench", Wake: hub.Moved(), Logger: log, Lease: time.Second})
	go sender.Run(context.Background())
	handler := api.New(api.Options{Live: hub, Webhooks: sender, Store: store, Web: fstest.MapFS{}, Logger: log,
		Version: "bench", Stall: 2 * time.Second})
	return http.Serve(listener, handler)
}

// TestBenchStream measures what a million parcels cost to read, beside what the database alone can do with the same
// rows. It runs when LUODI_BENCH is set, against bin/luodi where that is built.
func TestBenchStream(t *testing.T) {
	if os.Getenv("LUODI_BENCH") == "" {
		t.Skip("set LUODI_BENCH=1 to measure")
	}
	h := open(t)
	start := time.Now()
	h.fill("bench", benchParcels)
	t.Logf("loaded %d parcels in %s", benchParcels, time.Since(start).Round(time.Second))
	url, pid := h.serveApart(t)
	for round := range 4 { // the first warms the caches of both sides
		before := cpuTime(t, pid)
		stream(t, fmt.Sprintf("parcels.geojson, round %d", round), url+wholePark)
		t.Logf("    of which luodi computed %.2f s", (cpuTime(t, pid) - before).Seconds())
	}
	t.Logf("resident at most %s", peakMemory(t, pid))
	walkPages(t, url+parcelItems+"?park=bench&limit=10000")
	for _, encoding := range []string{"zstd", "gzip"} {
		stream(t, "parcels.geojson in "+encoding, url+wholePark, "Accept-Encoding", encoding)
	}
	t.Logf("resident at most %s, pages and compression included", peakMemory(t, pid))
	for _, peer := range []struct{ name, sql string }{
		{"ceiling: COPY of the shapes, binary",
			"COPY (SELECT geom FROM parcel_public WHERE to_seq IS NULL) TO STDOUT (FORMAT binary)"},
		{"ceiling: COPY of every column, binary",
			"COPY (SELECT * FROM parcel_public WHERE to_seq IS NULL) TO STDOUT (FORMAT binary)"},
		{"peer: COPY of ST_AsGeoJSON(geom), shapes alone",
			"COPY (SELECT ST_AsGeoJSON(geom, 9, 0) FROM parcel_public WHERE to_seq IS NULL) TO STDOUT"},
		{"peer: COPY of ST_AsGeoJSON(row), whole features",
			"COPY (SELECT ST_AsGeoJSON(f, 'geom', 9) FROM parcel_public f WHERE to_seq IS NULL) TO STDOUT"},
	} {
		h.copyOut(t, peer.name, peer.sql)
	}
}

// serveApart starts the server in a process of its own and returns its address and process id.
func (h *house) serveApart(t *testing.T) (url string, pid int) {
	t.Helper()
	dsn := h.db.Source.URL
	bin, err := filepath.Abs("../bin/luodi")
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(bin, "serve", "--listen", "127.0.0.1:0", "--database", dsn)
	if _, err := os.Stat(bin); err != nil {
		command = serveItself(dsn)
	}
	t.Logf("serving with %s", filepath.Base(command.Path))
	return begin(t, command)
}

// serveItself is this test program as a server.
func serveItself(dsn string) *exec.Cmd {
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), serveBench+"="+dsn)
	return command
}

// begin starts a server and waits for its address; the end of the test stops it.
func begin(t *testing.T, command *exec.Cmd) (url string, pid int) {
	t.Helper()
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	command.Stderr = os.Stderr // what ends a server before its time
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		_ = command.Wait()
	})
	address := regexp.MustCompile(`http://[0-9.:]+`)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if url = address.FindString(lines.Text()); url != "" {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return url, command.Process.Pid
		}
	}
	t.Fatalf("the server ended before it said where it listens: %v", lines.Err())
	return "", 0
}

// newlines counts features: each begins a line.
type newlines struct{ lines, bytes int }

func (n *newlines) Write(b []byte) (int, error) {
	n.lines += bytes.Count(b, []byte{'\n'})
	n.bytes += len(b)
	return len(b), nil
}

func stream(t *testing.T, name, url string, headers ...string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	start := time.Now()
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var n newlines
	if _, err := io.CopyBuffer(&n, response.Body, make([]byte, 256<<10)); err != nil {
		t.Fatal(err)
	}
	if features := n.lines - 2; len(headers) == 0 && features != benchParcels {
		t.Fatalf("%s: %d features", name, features)
	}
	say(t, name, benchParcels, n.bytes, time.Since(start))
}

func say(t *testing.T, name string, features, size int, took time.Duration) {
	t.Helper()
	t.Logf("%-52s %7.0f thousand features/s  %6.0f MB/s  %5.2f s", name, float64(features)/took.Seconds()/1e3,
		float64(size)/took.Seconds()/1e6, took.Seconds())
}

func walkPages(t *testing.T, url string) {
	t.Helper()
	next := regexp.MustCompile(`"href":"([^"]+)","rel":"next"`)
	start, pages, all := time.Now(), 0, newlines{}
	var slowest time.Duration
	buf := bytes.NewBuffer(make([]byte, 0, 16<<20))
	for url != "" {
		begin := time.Now()
		response, err := client.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		buf.Reset()
		if _, err := buf.ReadFrom(response.Body); err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		slowest = max(slowest, time.Since(begin))
		_, _ = all.Write(buf.Bytes())
		pages++
		url = ""
		if match := next.FindSubmatch(buf.Bytes()[max(0, buf.Len()-8192):]); match != nil {
			url = string(match[1])
		}
	}
	if features := all.lines - 2*pages; features != benchParcels {
		t.Fatalf("%d pages hold %d features", pages, features)
	}
	say(t, fmt.Sprintf("items in %d pages of 10,000, the slowest %s", pages, slowest.Round(time.Millisecond)),
		benchParcels, all.bytes, time.Since(start))
}

func (h *house) copyOut(t *testing.T, name, sql string) {
	t.Helper()
	conn, err := h.db.Owner.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	for range 2 { // the second is told: both sides are warm
		var n newlines
		start := time.Now()
		tag, err := conn.Conn().PgConn().CopyTo(t.Context(), &n, sql)
		if err != nil || tag.RowsAffected() != benchParcels {
			t.Fatalf("%s: %d rows, %v", name, tag.RowsAffected(), err)
		}
		say(t, name, benchParcels, n.bytes, time.Since(start))
	}
}

// peakMemory is the most memory that a process has had resident.
func peakMemory(t *testing.T, pid int) string {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Skipf("no /proc here: %v", err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	line, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(line)
}

// cpuTime is how long a process has computed, from the 14th and 15th field of its stat (proc(5)), in ticks of 10 ms.
func cpuTime(t *testing.T, pid int) time.Duration {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Skipf("no /proc here: %v", err)
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	var user, system int64
	if _, err := fmt.Sscan(fields[11]+" "+fields[12], &user, &system); err != nil {
		t.Fatal(err)
	}
	return time.Duration(user+system) * 10 * time.Millisecond
}
