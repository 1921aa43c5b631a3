package api_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"luodi/api"
	"luodi/api/live"
	"luodi/api/webhook"
	"luodi/data/people"
	"luodi/data/store"
	"luodi/data/store/storetest"
)

// sqlManyParks makes parks of the numbers $1 to $2 beside each other, each with a district, a clock at 1 and $3 square
// parcels of twelve digits, straight into what is read.
const sqlManyParks = `
WITH k AS (SELECT n, md5('park' || n)::uuid AS park_id, md5('district' || n)::uuid AS district_id,
       100 + n % 50 * 0.5 AS x, 20 + n / 50 * 0.5 AS y FROM generate_series($1::int, $2::int) n),
d AS (INSERT INTO district SELECT district_id, 'district-' || n, '区', 'District' FROM k),
p AS (INSERT INTO park (park_id, district_id, code, name_zh, name_en, survey_crs, geom)
      SELECT park_id, district_id, 'park-' || n, '园', 'Park ' || n, 4550,
        ST_Multi(ST_MakeEnvelope(x, y, x + 0.4, y + 0.4, 4490)) FROM k),
c AS (INSERT INTO park_clock (park_id, seq, at) SELECT park_id, 1, '2026-01-01' FROM k),
v AS (INSERT INTO park_public SELECT park_id, 'park-' || n, '园', 'Park ' || n, '区', 'District', 4550,
       'Asia/Shanghai', false, 1e9, ST_Multi(ST_MakeEnvelope(x, y, x + 0.4, y + 0.4, 4490)) FROM k),
r AS (INSERT INTO record (park_id, seq, record_id, kind, at, reason, via)
       SELECT park_id, 1, md5('record' || n)::uuid, 'import', '2026-01-01', 'r', 'test' FROM k),
e AS (INSERT INTO event SELECT park_id, 1, '2026-01-01', md5('record' || n)::uuid, 'import' FROM k),
s AS (INSERT INTO state_change (park_id, seq, n, at) SELECT park_id, 1, nextval('state_number'), '2026-01-01' FROM k),
m AS (INSERT INTO land_sum_public SELECT park_id, 'available', 1, NULL, $3, $3 * 80000000::bigint,
       $3 * 80000000::bigint, $3 * 80000000::bigint FROM k)
INSERT INTO parcel_public (park_id, parcel_id, from_seq, sys, code, status, bank_status, services, legal_m2,
       computed_m2, ellipsoid_m2, geom)
SELECT park_id, md5('parcel' || n || '-' || i)::uuid, 1, tstzrange('2026-01-01', NULL), 'P' || n || '-' || i,
       'available', 'available', '{}', 8000, 8000, 8000,
       ST_MakeEnvelope(x + i % 100 * 0.002, y + i / 100 * 0.002, x + i % 100 * 0.002 + 0.001,
         y + i / 100 * 0.002 + 0.001, 4490)
  FROM k, generate_series(1, $3::int) i`

// parks makes parks with parcels beside those there are. The triggers are off: what is read is all there is.
func (h *house) parks(from, to, parcels int) {
	h.t.Helper()
	h.parksAtOnce(from, to, parcels)
	h.analyse()
}

// analyse tells the statistics of what was put in past the triggers.
func (h *house) analyse() {
	h.t.Helper()
	if _, err := h.db.Owner.Exec(context.Background(), "VACUUM ANALYZE"); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) parksAtOnce(from, to, parcels int) {
	h.t.Helper()
	err := pgx.BeginFunc(context.Background(), h.db.Owner, func(tx pgx.Tx) error {
		if _, err := tx.Exec(context.Background(), "SET LOCAL session_replication_role = replica"); err != nil {
			return err
		}
		_, err := tx.Exec(context.Background(), sqlManyParks, from, to, parcels)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// parcelOf is the id that parks gives a parcel.
func (h *house) parcelOf(park, parcel int) (id string) {
	h.t.Helper()
	h.text(&id, `SELECT md5('parcel' || $1::int || '-' || $2::int)::uuid::text`, park, parcel)
	return id
}

// counted is a server with one connection in each role, so that what it reads can be told.
type counted struct {
	*house
	store *store.Store
}

// countReads opens such a server, which keeps so many bytes of features. Small tables are read by their indexes, as
// large ones would be.
func countReads(t *testing.T, memory int64) *counted {
	t.Helper()
	db := storetest.New(t)
	var name string
	if err := db.Owner.QueryRow(t.Context(), `SELECT current_database()`).Scan(&name); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Owner.Exec(t.Context(), `ALTER DATABASE `+name+` SET enable_seqscan = off`); err != nil {
		t.Fatal(err)
	}
	source := db.Source
	source.MaxConns = 1
	store, err := store.Open(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	hub := running(t, db, live.DefaultLimits)
	server := httptest.NewServer(api.New(api.Options{Store: store, Live: hub,
		Webhooks: sending(t, db, webhook.Options{Wake: hub.Moved()}),
		Logger:   slog.New(slog.NewTextHandler(io.Discard, nil)),
		Version:  "test", Ready: store.Ping, Web: fstest.MapFS{}, FeedMemory: memory}))
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return &counted{&house{t: t, db: db, url: server.URL}, store}
}

// reads counts the rows and index entries that the database reads for one answer, once what is kept of a state has been
// made.
func (c *counted) reads(path string, headers ...string) int64 {
	c.t.Helper()
	for range 2 {
		if r := c.get(path, headers...); r.StatusCode >= http.StatusBadRequest {
			c.t.Fatalf("%s: %s: %s", path, r.Status, r.body)
		}
	}
	before := c.soFar()
	c.get(path, headers...)
	return c.soFar() - before
}

// soFar has the server's connections tell the database what they have read, and sums it.
func (c *counted) soFar() (n int64) {
	c.t.Helper()
	for _, pool := range []*pgxpool.Pool{c.store.Public, c.store.Planner} {
		if _, err := pool.Exec(context.Background(), `SELECT pg_stat_force_next_flush()`); err != nil {
			c.t.Fatal(err)
		}
	}
	const sql = `SELECT (SELECT sum(seq_tup_read) FROM pg_stat_user_tables)::bigint + (SELECT sum(idx_tup_read)
		FROM pg_stat_user_indexes)::bigint`
	if err := c.db.Owner.QueryRow(context.Background(), sql).Scan(&n); err != nil {
		c.t.Fatal(err)
	}
	return n
}

// TestWhatARequestReadsDoesNotGrowWithTheParks counts what the database reads for each kind of request among ten parks
// and among three hundred: where features are kept in memory, and where none are.
func TestWhatARequestReadsDoesNotGrowWithTheParks(t *testing.T) {
	t.Parallel()
	for name, memory := range map[string]int64{"kept in memory": 0, "from the database": -1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := countReads(t, memory)
			c.parks(1, 10, 40)
			if memory == 0 {
				eventually(t, "features are kept", func() bool {
					c.get(parcelItems + "?limit=1")
					return strings.Contains(string(c.get("/metrics").body), "luodi_feed_features 400\n")
				})
			}
			requestsReadAlike(t, c)
		})
	}
}

// searchAfterAChange counts what a search everywhere reads when one park has just changed.
func (c *counted) searchAfterAChange(park string) int64 {
	c.t.Helper()
	c.get("/api/search?q=p5-1")
	c.tick(park)
	before := c.soFar()
	c.get("/api/search?q=p5-1")
	return c.soFar() - before
}

func requestsReadAlike(t *testing.T, c *counted) {
	item := parcelItems + "/" + c.parcelOf(5, 5)
	tag := func(path string) string { return c.get(path).Header.Get("ETag") }
	var page items
	next := func(path string) string {
		c.json(path, &page)
		if link := page.next(); len(link) < 300 {
			return link
		}
		t.Fatalf("a link of %d bytes: %s", len(page.next()), page.next())
		return ""
	}
	asked := map[string]func() int64{
		"by id":                  func() int64 { return c.reads(item) },
		"by id, not modified":    func() int64 { return c.reads(item, "If-None-Match", tag(item)) },
		"ten features":           func() int64 { return c.reads(parcelItems + "?limit=10") },
		"the ten after them":     func() int64 { return c.reads(next(parcelItems + "?limit=10")) },
		"ten features of a park": func() int64 { return c.reads(parcelItems + "?park=park-5&limit=10") },
		"the ten after these":    func() int64 { return c.reads(next(parcelItems + "?park=park-5&limit=10")) },
		"ten, not modified": func() int64 {
			return c.reads(parcelItems+"?limit=10", "If-None-Match",
				tag(parcelItems+"?limit=10"))
		},
		"ten of a day in the past": func() int64 {
			return c.reads(parcelItems +
				"?limit=10&datetime=2026-02-01T00:00:00Z")
		},
		"ten in a box": func() int64 {
			return c.reads(parcelItems +
				"?limit=10&bbox=102.5,20,102.52,20.1")
		},
		"the collections": func() int64 { return c.reads("/ogc/collections") },
		"a park":          func() int64 { return c.reads("/api/parks/park-5") },
		"a park, not modified": func() int64 {
			return c.reads("/api/parks/park-5", "If-None-Match",
				tag("/api/parks/park-5"))
		},
		"the parks, not modified":   func() int64 { return c.reads("/api/parks", "If-None-Match", tag("/api/parks")) },
		"a balance":                 func() int64 { return c.reads("/api/parks/park-5/balance") },
		"a parcel":                  func() int64 { return c.reads("/api/parks/park-5/parcels/" + c.parcelOf(5, 5)) },
		"a park's parcels":          func() int64 { return c.reads("/api/parks/park-5/parcels.geojson") },
		"a park's events":           func() int64 { return c.reads("/api/parks/park-5/events?after=1") },
		"the district's events":     func() int64 { return c.reads("/api/events?limit=5") },
		"the district's new events": func() int64 { return c.reads("/api/events?after=now") },
		"readiness":                 func() int64 { return c.reads("/readyz") },
		"a search in a park":        func() int64 { return c.reads("/api/search?park=park-5&q=p5-1") },
		"a search everywhere":       func() int64 { return c.reads("/api/search?q=p5-1") },
		"a search after a change":   func() int64 { return c.searchAfterAChange("park-5") },
		"a park's services":         func() int64 { return c.reads("/api/parks/park-5/services") },
	}
	if path, err := exec.LookPath("ogr2ogr"); err == nil {
		asked["ogr2ogr of 200 parcels"] = func() int64 {
			bring := func() {
				file := filepath.Join(t.TempDir(), "parcels.geojson")
				if out, err := exec.Command(path, "-limit", "200", file, "OAPIF:"+c.url+"/ogc", "parcels", "-oo",
					"PAGE_SIZE=100").CombinedOutput(); err != nil {
					t.Fatalf("%v: %s", err, out)
				}
			}
			bring()
			before := c.soFar()
			bring()
			return c.soFar() - before
		}
	}
	asked["the collections after a change"] = func() int64 {
		c.get("/ogc/collections")
		if _, err := c.db.Owner.Exec(t.Context(),
			"UPDATE park_public SET name_en = name_en || '.' WHERE code = 'park-3'"); err != nil {
			t.Fatal(err)
		}
		before := c.soFar()
		c.get("/ogc/collections")
		return c.soFar() - before
	}
	// of the parks of a page's features: looked up once a feature or once a park, as the database likes
	const codes = 12
	few := map[string]int64{}
	for name, read := range asked {
		few[name] = read()
	}
	c.parks(11, 300, 40)
	for name, read := range asked {
		many := read()
		for range 3 { // the hub may just be reading the events of the parks that were made
			if float64(many) <= 1.2*float64(few[name])+codes {
				break
			}
			time.Sleep(500 * time.Millisecond)
			many = min(many, read())
		}
		t.Logf("%-30s %6d rows and index entries among 10 parks, %6d among 300", name, few[name], many)
		if float64(many) > 1.2*float64(few[name])+codes {
			t.Errorf("%s: %d rows and index entries among 10 parks, %d among 300", name, few[name], many)
		}
	}
}

// TestWhatARequestReadsDoesNotGrowWithTheHistory counts the same where a park has a hundred records, and three
// thousand.
func TestWhatARequestReadsDoesNotGrowWithTheHistory(t *testing.T) {
	t.Parallel()
	c := countReads(t, 0)
	c.parks(1, 20, 40)
	_, secret, err := people.Of(c.db.Store).CreateToken(t.Context(),
		people.TokenOrder{Account: anyone(t, c.db), Name: "t", Scope: people.ScopeRead, Life: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	asked := map[string]string{
		"the newest records":     "/api/parks/park-5/records",
		"a page in their middle": "/api/parks/park-5/records?before=60",
		"one record":             "/api/parks/park-5/records/70",
		"a balance":              "/api/parks/park-5/balance",
		"a balance of the past":  "/api/parks/park-5/balance?datetime=2026-01-01T10:00:00Z",
		"the parks":              "/api/parks",
	}
	few := map[string]int64{}
	c.history(5, 2, 100)
	for name, path := range asked {
		few[name] = c.reads(path, "Authorization", "Bearer "+secret)
	}
	c.history(5, 101, 3000)
	for name, path := range asked {
		if many := c.reads(path, "Authorization", "Bearer "+secret); float64(many) > 1.2*float64(few[name])+2 {
			t.Errorf("%s: %d rows and index entries after 100 records, %d after 3,000", name, few[name], many)
		}
	}
}

// history gives a park records of the numbers from to to, of which each changed what its available land sums to.
func (c *counted) history(park, from, to int) {
	c.t.Helper()
	err := pgx.BeginFunc(context.Background(), c.db.Owner, func(tx pgx.Tx) error {
		var id uuid.UUID
		if err := tx.QueryRow(context.Background(), `SELECT park_id FROM park WHERE code = 'park-' || $1::int`,
			park).Scan(&id); err != nil {
			return err
		}
		for _, sql := range []string{
			`SET LOCAL session_replication_role = replica`,
			`INSERT INTO record (park_id, seq, record_id, kind, at, reason, via)
				SELECT $1, s, gen_random_uuid(), 'edit', '2026-01-01'::timestamptz + s * interval '20 minutes', 'r',
				'test' FROM generate_series($2::int, $3::int) s`,
			`INSERT INTO event SELECT park_id, seq, at, record_id, kind FROM record WHERE park_id = $1
				AND seq BETWEEN $2 AND $3`,
			`INSERT INTO state_change (park_id, seq, n, at) SELECT park_id, seq, nextval('state_number'), at
				FROM record WHERE park_id = $1 AND seq BETWEEN $2 AND $3`,
			`UPDATE land_sum_public SET to_seq = $2::int FROM (SELECT $3::int) x WHERE park_id = $1 AND to_seq IS NULL`,
			`INSERT INTO land_sum_public SELECT $1, 'available', s, CASE
				WHEN s < $3::int THEN s + 1 END, s, s, s, s FROM generate_series($2::int, $3::int) s`,
			`UPDATE park_clock SET seq = $3::int, at = (SELECT max(at) FROM record WHERE park_id = $1)
				FROM (SELECT $2::int) x WHERE park_id = $1`,
			`SELECT pg_stat_force_next_flush()`, // or what this reads may count as what a request reads
		} {
			args := []any{id, from, to}
			if !strings.Contains(sql, "$1") {
				args = nil
			}
			if _, err := tx.Exec(context.Background(), sql, args...); err != nil {
				return fmt.Errorf("%s: %w", sql, err)
			}
		}
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
	c.analyse()
}
