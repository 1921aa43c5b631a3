package ledger_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"luodi/data/feed"
	"luodi/data/intake"
	"luodi/data/intake/file"
	"luodi/data/ledger"
	"luodi/data/siting"
	"luodi/data/store/storetest"
)

// TestBenchImportBesideAMillion imports 100,000 adjacent parcels into a new park beside one of a million that the
// database's statistics know, and tells how long each step took and what it cost this process and the database in CPU.
// With LUODI_BENCH_ROWS another number of rows.
func TestBenchImportBesideAMillion(t *testing.T) {
	if os.Getenv("LUODI_BENCH") == "" {
		t.Skip("set LUODI_BENCH=1 to measure")
	}
	n := 100_000
	if text := os.Getenv("LUODI_BENCH_ROWS"); text != "" {
		if _, err := fmt.Sscan(text, &n); err != nil {
			t.Fatal(err)
		}
	}
	db := storetest.New(t)
	start := time.Now()
	million := grow(t, db, 5, 1_000_000)
	storetest.Alter(t, db, `ANALYZE`)
	t.Logf("a park of 1,000,000 parcels made and analysed in %.0f s", time.Since(start).Seconds())
	reader, err := file.Open(context.Background(), storetest.TurnedGrid(t, n), file.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	req := plainImport("beside", "growing-5")
	var step intake.ImportStep
	begun := time.Now()
	told := func() {
		if step != "" {
			t.Logf("%-14s %6.1f s", step, time.Since(begun).Seconds())
		}
		begun = time.Now()
	}
	req.Doing = func(next intake.ImportStep) {
		told()
		step = next
	}
	mine, theirs, start := cpuSeconds(t, os.Getpid()), databaseCPU(t, db), time.Now()
	report, err := intake.Of(db.Store).Import(context.Background(), req, reader, nil)
	took := time.Since(start)
	told()
	if err != nil || report.Taken != int64(n) {
		t.Fatal(err, report.Taken)
	}
	t.Logf("%d parcels in %.1f s, %.0f a second; CPU of luodi %.1f s, of PostgreSQL %.1f s", n, took.Seconds(),
		float64(n)/took.Seconds(), cpuSeconds(t, os.Getpid())-mine, databaseCPU(t, db)-theirs)
	million.park, million.planner = "beside", million.account("planner")
	million.timeHolds("which the statistics don't know", 0)
	storetest.Alter(t, db, `ANALYZE`)
	million.timeHolds("once ANALYZE has seen it", 40)
	million.park = "growing-5"
	million.timeReads("without statistics of whose a row is")
	storetest.Alter(t, db, `DO $$ DECLARE c record; BEGIN FOR c IN SELECT attrelid::regclass AS t, attname
       FROM pg_attribute WHERE attstattarget = 0 AND attnum > 0 AND attrelid::regclass::text !~ '^pg_' LOOP
		EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS -1', c.t, c.attname); END LOOP; END $$`)
	storetest.Alter(t, db, `ANALYZE`)
	million.timeReads("with them")
}

// timeHolds holds 40 parcels of a park one after the other, from one on.
func (g *growing) timeHolds(what string, from int) {
	g.t.Helper()
	rows, err := g.Owner.Query(context.Background(), `SELECT parcel_id, version FROM parcel
		JOIN park USING (park_id) WHERE code = $1 ORDER BY 1 OFFSET $2 LIMIT 40`, g.park, 100*from)
	if err != nil {
		g.t.Fatal(err)
	}
	refs, err := pgx.CollectRows(rows, pgx.RowToStructByPos[ledger.Ref])
	if err != nil {
		g.t.Fatal(err)
	}
	until := time.Now().Add(24 * time.Hour)
	took := make([]time.Duration, 0, len(refs))
	for _, ref := range refs {
		start := time.Now()
		g.do(ledger.Command{Kind: "hold", Parcels: []ledger.Ref{ref}, Project: &g.project, Until: &until})
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	g.t.Logf("a hold in a park %s: median %s, worst %s", what, took[len(took)/2].Round(100*time.Microsecond),
		took[len(took)-1].Round(100*time.Microsecond))
}

// timeReads asks each of the questions ten times, and has the free land read anew.
func (g *growing) timeReads(what string) {
	g.t.Helper()
	box := g.boxOf()
	for _, q := range questions {
		var took []time.Duration
		for range 10 {
			start := time.Now()
			if err := q.ask(context.Background(), g, box); err != nil {
				g.t.Fatal(err)
			}
			took = append(took, time.Since(start))
		}
		slices.Sort(took)
		g.t.Logf("%s, %s: median %s", what, q.name, took[5].Round(100*time.Microsecond))
	}
	for _, public := range []bool{true, false} {
		start := time.Now()
		freeLand(g.t, siting.NewMatcher(g.Store), g.park, public)
		g.t.Logf("%s, all free land read anew, public %v: %.1f s", what, public, time.Since(start).Seconds())
	}
	start := time.Now()
	err := feed.Of(g.Store).View(context.Background(), func(v *feed.View) error {
		_, err := v.Balance(context.Background(), g.park, nil)
		return err
	})
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Logf("%s, the balance: %.2f s", what, time.Since(start).Seconds())
}

// databaseCPU sums what the processes of the database that run now have used.
func databaseCPU(t testing.TB, db *storetest.DB) (seconds float64) {
	t.Helper()
	rows, err := db.Owner.Query(context.Background(), `SELECT pid FROM pg_stat_activity`)
	if err != nil {
		t.Fatal(err)
	}
	pids, err := pgx.CollectRows(rows, pgx.RowTo[int32])
	if err != nil {
		t.Fatal(err)
	}
	for _, pid := range pids {
		seconds += cpuSeconds(t, int(pid))
	}
	return seconds
}

// cpuSeconds is what a process used, of user's and system's time; 0 for one that has ended.
func cpuSeconds(t testing.TB, pid int) float64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	var user, system float64
	if _, err := fmt.Sscan(fields[11]+" "+fields[12], &user, &system); err != nil {
		t.Fatal(err)
	}
	return (user + system) / 100
}
