package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/api"
	"luodi/api/live"
	"luodi/api/webhook"
	"luodi/data/sample"
	"luodi/data/store/storetest"
)

// house is a server on a database of its own.
type house struct {
	t   testing.TB
	db  *storetest.DB
	url string
	hub *live.Hub
	log *kept

	handler http.Handler
}

// kept is a log that is read while it is written.
type kept struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (k *kept) Write(p []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.text.Write(p)
}

func (k *kept) String() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.text.String()
}

// client asks for no compression unless a test does.
var client = &http.Client{Transport: &http.Transport{DisableCompression: true}}

// seal is the page's icon, which the readable pages link to.
func seal(t testing.TB) []byte {
	t.Helper()
	body, err := os.ReadFile("../web/public/seal.svg")
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func open(t testing.TB, change ...func(*api.Options)) *house {
	t.Helper()
	return openOn(t, storetest.New(t), change...)
}

// openOn opens a house on a database that is there.
func openOn(t testing.TB, db *storetest.DB, change ...func(*api.Options)) *house {
	t.Helper()
	hub, log := running(t, db, live.DefaultLimits), &kept{}
	o := api.Options{Store: db.Store, Live: hub, Webhooks: sending(t, db, webhook.Options{Wake: hub.Moved()}),
		Logger: slog.New(slog.NewTextHandler(log, nil)), Version: "test", Ready: db.Store.Ping,
		Web: fstest.MapFS{"index.html": {Data: []byte("<!doctype html><title>map</title>")},
			"pages.css": {Data: []byte(":root{}")}, "seal.svg": {Data: seal(t)}}}
	for _, f := range change {
		f(&o)
	}
	handler := api.New(o)
	server := httptest.NewServer(handler)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
		server = nil // the program's tests keep what they were to clean up, and with it all that a handler holds
	})
	return &house{t: t, db: db, url: server.URL, hub: hub, log: log, handler: handler}
}

// running makes a hub that stops before the server and the database do.
func running(t testing.TB, db *storetest.DB, limits live.Limits) *live.Hub {
	t.Helper()
	hub := live.New(db.Store, slog.New(slog.NewTextHandler(io.Discard, nil)), limits)
	ctx, stop := context.WithCancel(context.Background())
	stopped := make(chan struct{})
	go func() { hub.Run(ctx); close(stopped) }()
	t.Cleanup(func() { stop(); <-stopped })
	return hub
}

// sending makes a sender that reaches this machine by plain http.
func sending(t testing.TB, db *storetest.DB, o webhook.Options) *webhook.Sender {
	t.Helper()
	o.Allowed, o.HTTP, o.Via, o.Logger = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, true, "luodi/test",
		slog.New(slog.NewTextHandler(io.Discard, nil))
	if len(o.Pauses) == 0 {
		o.Pauses = []time.Duration{time.Millisecond, time.Millisecond}
	}
	sender := webhook.New(db.Store, o)
	ctx, stop := context.WithCancel(context.Background())
	stopped := make(chan struct{})
	go func() { sender.Run(ctx); close(stopped) }()
	t.Cleanup(func() { stop(); <-stopped })
	return sender
}

// withSample opens a house that holds the sample parks.
func withSample(t testing.TB) *house {
	t.Helper()
	return openOn(t, storetest.Filled(t, "sample", storetest.AsPlanner(sample.Load)))
}

type reply struct {
	*http.Response
	body []byte
}

// get asks for a path with headers given as name, value pairs.
func (h *house) get(path string, headers ...string) reply {
	h.t.Helper()
	request, err := http.NewRequest(http.MethodGet, h.url, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	if strings.HasPrefix(path, "http") {
		path = strings.TrimPrefix(path, h.url)
	}
	request.URL.Path, request.URL.RawQuery, _ = strings.Cut(path, "?")
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := client.Do(request)
	if err != nil {
		h.t.Fatalf("%s: %v", path, err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		h.t.Fatalf("%s: %v", path, err)
	}
	return reply{response, body}
}

// send asks for a path by any method.
func (h *house) send(method, path string, body io.Reader) reply {
	h.t.Helper()
	request, err := http.NewRequest(method, h.url+path, body)
	if err != nil {
		h.t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		h.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = response.Body.Close() }()
	got, err := io.ReadAll(response.Body)
	if err != nil {
		h.t.Fatalf("%s %s: %v", method, path, err)
	}
	return reply{response, got}
}

// json asks for a path that must answer 200 with JSON.
func (h *house) json(path string, into any) {
	h.t.Helper()
	r := h.get(path)
	if r.StatusCode != http.StatusOK {
		h.t.Fatalf("%s: %s: %s", path, r.Status, r.body)
	}
	if err := json.Unmarshal(r.body, into); err != nil {
		h.t.Fatalf("%s: %v in %s", path, err, r.body)
	}
}

// count asks the database for a number.
func (h *house) count(sql string, args ...any) (n int) {
	h.t.Helper()
	if err := h.db.Owner.QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		h.t.Fatal(err)
	}
	return n
}

type link struct{ Href, Rel, Type string }

type items struct {
	Type     string
	Features []struct {
		ID         string
		Geometry   json.RawMessage
		Properties map[string]any
	}
	Links    []link
	Matched  *int   `json:"numberMatched"`
	Returned int    `json:"numberReturned"`
	Stamp    string `json:"timeStamp"`
}

func (i items) next() string {
	for _, l := range i.Links {
		if l.Rel == "next" {
			return l.Href
		}
	}
	return ""
}

func (i items) codes() []string {
	codes := make([]string, len(i.Features))
	for k, f := range i.Features {
		codes[k], _ = f.Properties["code"].(string)
	}
	return codes
}

// walk follows next links to the end; between is called after each page.
func (h *house) walk(path string, between func(page int)) []items {
	h.t.Helper()
	var pages []items
	for path != "" {
		var page items
		h.json(path, &page)
		pages = append(pages, page)
		if len(pages) > 10_000 {
			h.t.Fatal("the walk does not end")
		}
		if path = page.next(); path != "" && between != nil {
			between(len(pages))
		}
	}
	return pages
}

// plot is a park of squares, drawn for one test.
type plot struct {
	*house
	park, district uuid.UUID
	code           string
	cells          int
}

var plots atomic.Int64

// plot makes an empty park whose boundary holds a hundred columns of squares. What may stand together in one record is
// not these tests' matter but how feeds show it: the check of whole records is taken away from this test's database, so
// that a record may begin, change and end parcels at once.
func (h *house) plot(code string) *plot {
	h.t.Helper()
	p := &plot{house: h, park: newID(h.t), district: newID(h.t), code: code}
	ctx, n := context.Background(), plots.Add(1)
	_, err := h.db.Planner.Exec(ctx,
		"INSERT INTO district (district_id, code, name_zh, name_en) VALUES ($1, $2, '区', 'District')", p.district,
		fmt.Sprintf("d%d", n))
	if err == nil {
		_, err = h.db.Planner.Exec(ctx, `INSERT INTO park (park_id, district_id, code, name_zh, name_en, survey_crs,
       corners_told, geom)
			VALUES ($1, $2, $3, '园', 'Park', 4550, 'exact', ST_Multi(ST_MakeEnvelope(122, 37, 122.1, 37.1, 4490)))`, p.park,
			p.district, code)
	}
	if err == nil {
		_, err = h.db.Owner.Exec(ctx, "ALTER TABLE parcel_version DISABLE TRIGGER z_ask_inserted, DISABLE TRIGGER z_ask_updated")
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

// change runs f in one record of the park and returns the record's number.
func (p *plot) change(f func(tx pgx.Tx, seq int64)) int64 {
	p.t.Helper()
	ctx := context.Background()
	var seq int64
	err := pgx.BeginFunc(ctx, p.db.Planner, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, "SELECT seq FROM begin_record($1, $2, 'edit', 'test', 'test')", p.park,
			newID(p.t)).Scan(&seq); err != nil {
			return err
		}
		f(tx, seq)
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return seq
}

// side of a square and distance between two, in degrees.
const side, pitch = 0.0008, 0.001

// add puts a square parcel in the next cell.
func (p *plot) add(tx pgx.Tx, seq int64, code, bank string) uuid.UUID {
	p.t.Helper()
	id := newID(p.t)
	x, y := 122+float64(p.cells%100)*pitch, 37+float64(p.cells/100)*pitch
	p.cells++
	p.exec(tx, "INSERT INTO parcel (park_id, parcel_id) VALUES ($1, $2)", p.park, id)
	p.exec(tx, `INSERT INTO parcel_version (park_id, parcel_id, from_seq, code, bank_status, legal_m2, land_use,
       publication, geom)
		VALUES ($1, $2, $3, $4, $5, 6000.5, '100102', 'public',
		  ST_MakeEnvelope($6, $7, $6 + $8::float8, $7 + $8::float8, 4490))`, p.park, id, seq, code, bank, x, y, side)
	return id
}

// edit gives a parcel a new version with another bank status; none when it is "".
func (p *plot) edit(tx pgx.Tx, seq int64, id uuid.UUID, bank string) {
	p.t.Helper()
	p.exec(tx, "UPDATE parcel_version SET to_seq = $3 WHERE park_id = $1 AND parcel_id = $2 AND to_seq IS NULL",
		p.park, id, seq)
	if bank == "" {
		return
	}
	p.exec(tx, `INSERT INTO parcel_version (park_id, parcel_id, from_seq, prev_to_seq, code, bank_status, legal_m2,
       land_use, publication, geom)
		SELECT park_id, parcel_id, $3, $3, code, $4, legal_m2, land_use, publication, geom FROM parcel_version
		  WHERE park_id = $1 AND parcel_id = $2 AND to_seq = $3`,
		p.park, id, seq, bank)
}

func (p *plot) exec(tx pgx.Tx, sql string, args ...any) {
	p.t.Helper()
	if _, err := tx.Exec(context.Background(), sql, args...); err != nil {
		p.t.Fatalf("%v in %s", err, sql)
	}
}

// at is when a record of the park was.
func (p *plot) at(seq int64) time.Time {
	p.t.Helper()
	var at time.Time
	if err := p.db.Owner.QueryRow(context.Background(), "SELECT at FROM record WHERE park_id = $1 AND seq = $2",
		p.park, seq).Scan(&at); err != nil {
		p.t.Fatal(err)
	}
	return at
}

func newID(t testing.TB) uuid.UUID {
	t.Helper()
	id, err := uuid.NewV7()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// eventually waits until a condition holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within 20 s", what)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// escape makes a text a query value.
func escape(s string) string { return url.QueryEscape(s) }
