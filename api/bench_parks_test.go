package api_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/people"
)

// TestBenchManyParks measures the same requests among 12 parks and among 1,000, of 1,000 parcels each, in turns in one
// run; and what a large park with a long history costs: its history, its balance, the list of parks. LUODI_BENCH_PARKS
// sets another number than 1,000.
func TestBenchManyParks(t *testing.T) {
	if os.Getenv("LUODI_BENCH") == "" {
		t.Skip("set LUODI_BENCH=1 to measure")
	}
	parks := 1000
	if text := os.Getenv("LUODI_BENCH_PARKS"); text != "" {
		if _, err := fmt.Sscan(text, &parks); err != nil {
			t.Fatal(err)
		}
	}
	few, many := benchAmong(t, 12), benchAmong(t, parks)
	item := func(h *house) string { return h.url + parcelItems + "/" + h.parcelOf(7, 500) }
	page := func(h *house) string { return h.url + parcelItems + "?limit=10" }
	next := func(h *house) string {
		var first items
		h.json(parcelItems+"?limit=10", &first)
		return first.next()
	}
	t.Logf("a next link has %d bytes among 12 parks, %d among %d", len(next(few)), len(next(many)), parks)
	for _, c := range []struct {
		name string
		url  func(*house) string
		held bool
	}{
		{"by id", item, false}, {"by id, 304", item, true}, {"10 features", page, false},
		{"10 features, 304", page, true}, {"the 10 after them", next, false},
		{"10 features of a park", func(h *house) string { return h.url + parcelItems + "?limit=10&park=park-7" },
			false},
		{"a page of events of all parks", func(h *house) string { return h.url + "/api/events?limit=5" }, false},
	} {
		var best [2]float64
		for range 3 {
			for i, h := range []*house{few, many} {
				best[i] = max(best[i], h.perSecond(c.url(h), c.held, 2*time.Second))
			}
		}
		t.Logf("%-32s %7.0f a second among 12 parks, %7.0f among %d: %.2f times", c.name, best[0], best[1], parks,
			best[0]/best[1])
	}
	if path, err := exec.LookPath("ogr2ogr"); err == nil {
		var best [2]time.Duration
		for round := range 3 {
			for i, h := range []*house{few, many} {
				begun := time.Now()
				out, err := exec.Command(path, "-limit", "10000",
					filepath.Join(t.TempDir(), fmt.Sprintf("%d-%d.gpkg", i, round)), "OAPIF:"+h.url+"/ogc",
					"parcels").CombinedOutput()
				if err != nil {
					t.Fatalf("%v: %s", err, out)
				}
				if took := time.Since(begun); best[i] == 0 || took < best[i] {
					best[i] = took
				}
			}
		}
		t.Logf("ogr2ogr of 10,000 parcels: %.2f s among 12 parks, %.2f s among %d: %.2f times", best[0].Seconds(),
			best[1].Seconds(), parks, best[1].Seconds()/best[0].Seconds())
	}
	many.largePark(100_000, 7_500)
	_, secret, err := people.Of(many.db.Store).CreateToken(t.Context(),
		people.TokenOrder{Account: anyone(t, many.db), Name: "t", Scope: people.ScopeRead, Life: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, path string }{
		{"a page of the history of 7,500 records", "/api/parks/large/records"},
		{"a page in the middle of it", "/api/parks/large/records?before=3500"},
		{"the balance of 100,000 parcels, anew", "/api/parks/large/balance"},
		{"the balance of a day in its middle", "/api/parks/large/balance?datetime=2026-03-01"},
		{"the list of 1,000 parks, anew", "/api/parks"},
	} {
		t.Logf("%-40s %s at the median of 200", c.name, many.median(c.path, secret))
	}
}

// benchAmong is a server of its own over parks of 1,000 parcels.
func benchAmong(t *testing.T, parks int) *house {
	t.Helper()
	h := open(t)
	begun := time.Now()
	for from := 1; from <= parks; from += 100 {
		h.parksAtOnce(from, min(parks, from+99), 1000)
	}
	h.analyse()
	t.Logf("made %d parks of 1,000 parcels in %s", parks, time.Since(begun).Round(time.Second))
	h.url, _ = begin(t, serveItself(h.db.Source.URL))
	return h
}

// perSecond asks from eight connections at once for a while.
func (h *house) perSecond(url string, held bool, during time.Duration) float64 {
	h.t.Helper()
	ask := func(tag string) (*http.Response, error) {
		r, err := http.NewRequest(http.MethodGet, url, nil)
		if err != nil {
			return nil, err
		}
		if tag != "" {
			r.Header.Set("If-None-Match", tag)
		}
		answer, err := benchClient.Do(r)
		if err == nil {
			_, _ = io.Copy(io.Discard, answer.Body)
			_ = answer.Body.Close()
		}
		return answer, err
	}
	first, err := ask("")
	if err != nil || first.StatusCode != http.StatusOK {
		h.t.Fatalf("%s: %v", url, err)
	}
	tag := ""
	if held {
		tag = first.Header.Get("ETag")
	}
	var asked atomic.Int64
	var group sync.WaitGroup
	begun := time.Now()
	for range 8 {
		group.Go(func() {
			for time.Since(begun) < during {
				answer, err := ask(tag)
				if err != nil || held != (answer.StatusCode == http.StatusNotModified) {
					h.t.Errorf("%s: %v", url, err)
					return
				}
				asked.Add(1)
			}
		})
	}
	group.Wait()
	return float64(asked.Load()) / time.Since(begun).Seconds()
}

var benchClient = &http.Client{Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 16}}

// median is how long a member waits for an answer.
func (h *house) median(path, secret string) time.Duration {
	h.t.Helper()
	took := make([]time.Duration, 200)
	for i := range took {
		begun := time.Now()
		if r := h.get(path, "Authorization", "Bearer "+secret); r.StatusCode != http.StatusOK {
			h.t.Fatalf("%s: %s: %s", path, r.Status, r.body)
		}
		took[i] = time.Since(begun)
	}
	slices.Sort(took)
	return took[len(took)/2].Round(10 * time.Microsecond)
}

// sqlLarge gives the park $1 its parcels as planners see them, and records that each gave one of them a next version.
var sqlLarge = []string{
	`INSERT INTO parcel (park_id, parcel_id, version) SELECT park_id, parcel_id, 1 FROM parcel_public WHERE park_id = $1`,
	`INSERT INTO record (park_id, seq, record_id, kind, at, reason, via)
		SELECT $1, s, gen_random_uuid(), 'edit', '2026-01-01'::timestamptz + s * interval '20 minutes', 'r',
		'test' FROM generate_series(2, $2::int) s`,
	`INSERT INTO event SELECT park_id, seq, at, record_id, kind FROM record WHERE park_id = $1 AND seq > 1`,
	`INSERT INTO state_change (park_id, seq, n, at) SELECT park_id, seq, nextval('state_number'), at FROM record
		WHERE park_id = $1 AND seq > 1`,
	`INSERT INTO parcel_version (park_id, parcel_id, from_seq, to_seq, prev_to_seq, sys, code, bank_status,
       legal_m2, computed_m2, ellipsoid_m2, publication, geom, span)
	 SELECT f.park_id, f.parcel_id, v.from_seq, v.to_seq, nullif(v.from_seq, 1),
	   tstzrange('2026-01-01'::timestamptz + v.from_seq * interval '20 minutes',
	   '2026-01-01'::timestamptz + v.to_seq * interval '20 minutes'),
	        f.code, 'available', 8000, 8000, 8000, 'public', f.geom, f.geom::box
	   FROM (SELECT *, row_number() OVER (ORDER BY parcel_id) AS i FROM parcel_public WHERE park_id = $1) f
	   CROSS JOIN LATERAL (SELECT 1 AS from_seq, CASE WHEN i BETWEEN 2 AND $2::int THEN i END AS to_seq
	     UNION ALL SELECT i, NULL WHERE i BETWEEN 2 AND $2::int) v`,
	`UPDATE park_clock SET seq = $2::int, at = (SELECT at FROM record WHERE park_id = $1 AND seq = $2::int)
		WHERE park_id = $1`,
}

// largePark adds a park "large" with so many parcels and records.
func (h *house) largePark(parcels, records int) {
	h.t.Helper()
	ctx := context.Background()
	h.parksAtOnce(5000, 5000, parcels)
	var park uuid.UUID
	err := pgx.BeginFunc(ctx, h.db.Owner, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SET LOCAL session_replication_role = replica"); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx,
			"UPDATE park SET code = 'large' WHERE code = 'park-5000' RETURNING park_id").Scan(&park); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "UPDATE park_public SET code = 'large' WHERE park_id = $1", park); err != nil {
			return err
		}
		for _, sql := range sqlLarge {
			if _, err := tx.Exec(ctx, sql, []any{park, records}[:1+min(1, strings.Count(sql, "$2"))]...); err != nil {
				return fmt.Errorf("%s: %w", sql, err)
			}
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.analyse()
}
