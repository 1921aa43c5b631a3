package soak

import (
	"context"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/feed"
	"luodi/data/ledger"
	"luodi/data/store/storetest"
	"luodi/geo/geotest"
)

func needBench(t *testing.T) {
	t.Helper()
	if os.Getenv("LUODI_BENCH") == "" {
		t.Skip("set LUODI_BENCH=1 to measure")
	}
}

// TestBenchAllotments measures holds a second by 16 clients through Ledger.Do, beside pgbench with the same bare SQL in
// the same database, in turns.
func TestBenchAllotments(t *testing.T) {
	needBench(t)
	const clients, rounds, each = 16, 3, 320
	s := newContest(t, clients, 2*rounds*each+each).site
	bare := storetest.NewPgbench(t, s.DB, s.id, s.planner, s.project, s.parcels[rounds*each:2*rounds*each])
	ours, theirs := make([]float64, 0, rounds), make([]float64, 0, rounds)
	s.holdAll(t, clients, s.parcels[2*rounds*each:])
	// autovacuum would by now; ANALYZE of a table without rows lets the planner take it for empty ever after
	s.analyze(t)
	for i := range rounds {
		ours = append(ours, s.holdAll(t, clients, s.parcels[i*each:(i+1)*each]))
		theirs = append(theirs, bare.Run(t, clients, each/clients))
	}
	if n := number[int](t, s.DB,
		`SELECT count(DISTINCT parcel_id) FROM allotment_parcel WHERE to_seq IS NULL`); n != len(s.parcels) {
		t.Fatalf("%d parcels are held, want %d", n, len(s.parcels))
	}
	a, b := median(ours), median(theirs)
	t.Logf("allotments a second, %d clients, medians of %d rounds of %d: Store.Do %.0f, pgbench %.0f: %.2f of it "+
		"(rounds %.0f and %.0f)", clients, rounds, each, a, b, a/b, ours, theirs)
	if a < b/2 {
		t.Logf("Store.Do reaches %.2f of pgbench, want half", a/b)
	}
}

// analyze does at once what autovacuum does within a minute, for whatever is measured then.
func (s *site) analyze(t *testing.T) {
	t.Helper()
	if _, err := s.Owner.Exec(context.Background(), `ANALYZE`); err != nil {
		t.Fatal(err)
	}
}

// holdAll has clients hold each parcel once and returns holds a second.
func (s *site) holdAll(t *testing.T, clients int, parcels []uuid.UUID) float64 {
	t.Helper()
	var next atomic.Int64
	var group sync.WaitGroup
	start := time.Now()
	for range clients {
		group.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(parcels) {
					return
				}
				c := ledger.Command{Kind: "hold", Parcels: []ledger.Ref{{ID: parcels[i], Version: 1}},
					Project: &s.project,
					Until:   inDays(30)}
				if _, err := ledger.Of(s.Store).Do(context.Background(), s.order(c)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	return float64(len(parcels)) / time.Since(start).Seconds()
}

func median[T float64 | time.Duration](all []T) T {
	sorted := slices.Clone(all)
	slices.Sort(sorted)
	return sorted[len(sorted)/2]
}

// TestBenchSplit measures splits of parcels of 500 vertices whose winding long sides are their neighbours' too, so that
// each cut gives the neighbours a node.
func TestBenchSplit(t *testing.T) {
	needBench(t)
	const parcels = 41
	db := storetest.New(t)
	s := &site{DB: db, park: "winding", id: storetest.ParkAt(t, db, "winding", 4550, 412_000, 4_122_000, 418_000,
		4_126_000), planner: account(t, db, "planner"), second: account(t, db, "second")}
	s.parcels = s.winding(t, parcels)
	s.analyze(t)
	bearing, took := 75.0, make([]time.Duration, 0, parcels)
	for i, parcel := range s.parcels {
		mu := geotest.Mu(fmt.Sprint(6 + i%5))
		version := number[int64](t, s.DB, `SELECT version FROM parcel WHERE parcel_id = $1`, parcel)
		o := s.order(ledger.Command{Kind: "split", Parcels: []ledger.Ref{{ID: parcel, Version: version}},
			Shape: &ledger.Shape{AreaMu: &mu, Bearing: &bearing}})
		start := time.Now()
		if _, err := ledger.Of(s.Store).Do(context.Background(), o); err != nil {
			t.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	mustPass(t, s.DB, s.id, 0)
	t.Logf("split of a parcel of 500 vertices between two such, %d times: median %s, worst %s", len(took),
		median(took).Round(100*time.Microsecond), slices.Max(took).Round(100*time.Microsecond))
	if median(took) > 50*time.Millisecond {
		t.Logf("the median is %s, want at most 50 ms", median(took))
	}
}

// winding makes n parcels of 500 vertices side by side, each 250 on either long side, in one record.
func (s *site) winding(t *testing.T, n int) []uuid.UUID {
	t.Helper()
	side := func(column, i int) string {
		y := float64(i) / 249
		return fmt.Sprintf("%.9f %.9f", 122.02+0.001*(float64(column)+0.1*math.Sin(40*y+float64(column))),
			37.24+0.002*y)
	}
	ids := make([]uuid.UUID, n)
	err := pgx.BeginFunc(context.Background(), s.Planner, func(tx pgx.Tx) error {
		seq := storetest.Record(t, tx, s.id)
		for c := range n {
			ids[c] = uuid.Must(uuid.NewV7())
			var ring []string
			for i := range 250 {
				ring = append(ring, side(c+1, i))
			}
			for i := range 250 {
				ring = append(ring, side(c, 249-i))
			}
			if _, err := tx.Exec(context.Background(), `INSERT INTO parcel (park_id, parcel_id) VALUES ($1, $2)`, s.id,
				ids[c]); err != nil {
				return err
			}
			const sql = `INSERT INTO parcel_version (park_id, parcel_id, from_seq, code, bank_status, legal_m2,
       publication, geom)
				SELECT $1, $2, $3, $4, 'available', round(ST_Area(ST_Transform(g, 4550))::numeric, 4), 'public',
				  g FROM ST_GeomFromText($5, 4490) g`
			if _, err := tx.Exec(context.Background(), sql, s.id, ids[c], seq, fmt.Sprintf("W%02d", c),
				"POLYGON(("+strings.Join(append(ring, ring[0]), ",")+"))"); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// TestBenchFarParks measures writers of parks that are far from each other, each making parcels in its own, with the
// checks of ground across parks and without them, in turns.
func TestBenchFarParks(t *testing.T) {
	needBench(t)
	const clients, rounds, each = 16, 5, 20
	db := storetest.New(t)
	sites := make([]*site, clients)
	for i := range sites {
		s := &site{DB: db, park: fmt.Sprintf("far-%02d", i), planner: account(t, db, fmt.Sprintf("planner-%02d", i))}
		x := 413_000 + 10_000*float64(i)
		s.id = storetest.ParkAt(t, db, s.park, 4550, x, 4_123_000, x+5000, 4_128_000)
		sites[i] = s
	}
	swap := func(from, to string) {
		for _, f := range []string{"refuse_double_ground(uuid, bigint)", "refuse_stray(uuid, bigint, text)",
			"take_clocks(uuid, geometry[], boolean)"} {
			name, arguments, _ := strings.Cut(f, "(")
			if _, err := db.Owner.Exec(context.Background(),
				`ALTER FUNCTION `+name+from+`(`+arguments+` RENAME TO `+name+to); err != nil {
				t.Fatal(err)
			}
		}
	}
	const none = `CREATE FUNCTION refuse_double_ground_none(p_park uuid,
       p_seq bigint) RETURNS void LANGUAGE plpgsql AS 'BEGIN END';
		CREATE FUNCTION refuse_stray_none(p_park uuid, p_seq bigint,
		  p_kind text) RETURNS void LANGUAGE plpgsql AS 'BEGIN END';
		CREATE FUNCTION take_clocks_none(p_park uuid, p_ground geometry[],
		  p_border boolean DEFAULT false) RETURNS void LANGUAGE plpgsql AS 'BEGIN END';`
	if _, err := db.Owner.Exec(context.Background(), none); err != nil {
		t.Fatal(err)
	}
	made := 0
	makeAll := func() float64 {
		var group sync.WaitGroup
		start := time.Now()
		for i, s := range sites {
			group.Go(func() {
				for n := made; n < made+each; n++ {
					x, y := 413_010+10_000*float64(i)+40*float64(n%100), 4_123_010+40*float64(n/100)
					if err := s.makeSquare(fmt.Sprint("P", n), x, y, 30); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		group.Wait()
		made += each
		return float64(clients*each) / time.Since(start).Seconds()
	}
	makeAll()
	sites[0].analyze(t)
	var with, without []float64
	for range rounds {
		with = append(with, makeAll())
		swap("", "_kept")
		swap("_none", "")
		without = append(without, makeAll())
		swap("", "_none")
		swap("_kept", "")
	}
	a, b := median(with), median(without)
	t.Logf("parcels made a second by %d writers of %d far parks, medians of %d rounds of %d: with the checks across "+
		"parks %.0f, without %.0f: %.2f of it (rounds %.0f and %.0f)", clients, clients, rounds, clients*each, a, b,
		a/b, with, without)
}

// makeSquare makes a square parcel, its corner and side in metres of EPSG:4550.
func (s *site) makeSquare(code string, x, y, side float64) error {
	var geometry []byte
	const sql = `SELECT ST_AsGeoJSON(ST_Transform(ST_MakeEnvelope($1, $2, $3, $4, 4550), 4490), 9, 0)::bytea`
	if err := s.Planner.QueryRow(context.Background(), sql, x, y, x+side, y+side).Scan(&geometry); err != nil {
		return err
	}
	_, err := ledger.Of(s.Store).Do(context.Background(), s.order(ledger.Command{Kind: "create",
		Object: &ledger.Subject{Collection: "parcels", Geometry: geometry,
			Facts: feed.Facts{"code": []byte(`"` + code + `"`)}}}))
	return err
}

// TestBenchAsOf measures the feed of a park of 2,000 parcels as it is, and as it was early, halfway and late in its
// history: with two versions of each parcel, and with eleven, of which 91 % are past.
func TestBenchAsOf(t *testing.T) {
	needBench(t)
	const parcels, rounds = 2000, 21
	for _, changes := range []int{1, 10} {
		s := newSite(t, storetest.New(t), "past", grid(parcels, 50, false)...)
		last := s.changeAll(t, changes)
		s.analyze(t)
		for _, part := range []struct {
			name string
			seq  int64
		}{{"early", 1}, {"halfway", 1 + (last-1)/2}, {"late", last - 1}} {
			then := number[time.Time](t, s.DB, `SELECT at FROM record WHERE park_id = $1 AND seq = $2`, s.id, part.seq)
			var now, past []time.Duration
			for range rounds {
				now = append(now, s.walk(t, parcels, feed.When{}))
				past = append(past, s.walk(t, parcels, feed.When{From: &then, Instant: true}))
			}
			share := float64(median(past)) / float64(median(now))
			t.Logf("feed of %d parcels of %d versions each, medians of %d: now %s, as of record %d of %d (%s) %s: "+
				"%.2f times", parcels, 1+changes, rounds,
				median(now).Round(10*time.Microsecond), part.seq, last, part.name,
				median(past).Round(10*time.Microsecond), share)
			if share > 2 {
				t.Logf("as of costs %.2f times as much as now, want 2 at most", share)
			}
		}
	}
}

// changeAll gives each parcel so many versions more, 500 parcels a record, and returns the number of the last record.
func (s *site) changeAll(t *testing.T, times int) int64 {
	t.Helper()
	last := int64(0)
	for i := range times {
		kind := []string{"withdraw", "restore"}[i%2]
		for some := range slices.Chunk(s.parcels, 500) {
			c := ledger.Command{Kind: kind}
			for _, id := range some {
				c.Parcels = append(c.Parcels, ledger.Ref{ID: id})
			}
			o := s.order(c)
			o.Unlocked = true
			out, err := ledger.Of(s.Store).Do(context.Background(), o)
			if err != nil {
				t.Fatal(err)
			}
			last = out.Seq
		}
	}
	return last
}

// walk reads the park's whole feed and returns how long it took.
func (s *site) walk(t *testing.T, want int, when feed.When) time.Duration {
	t.Helper()
	start, n := time.Now(), 0
	err := feed.Of(s.Store).View(context.Background(), func(v *feed.View) error {
		rows, err := v.Features(context.Background(), &feed.Query{Collection: feed.Parcels(), Park: s.park, When: when})
		if err != nil {
			return err
		}
		defer rows.Close()
		var line []byte
		for rows.Next() {
			if line, err = rows.Append(line[:0], false); err != nil {
				return err
			}
			n++
		}
		return rows.Err()
	})
	if err != nil || n != want {
		t.Fatalf("read %d of %d: %v", n, want, err)
	}
	return time.Since(start)
}
