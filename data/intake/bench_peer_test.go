package intake_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"luodi/data/intake"
	"luodi/data/intake/file"
	"luodi/data/store/storetest"
)

// TestBenchImport measures an import of adjacent parcels step by step, what luodi and PostgreSQL computed on it, and
// beside it ogr2ogr, which puts the same file into a bare table with an index of shapes. LUODI_BENCH=1 asks for it,
// LUODI_BENCH_ROWS for another number than 100,000.
func TestBenchImport(t *testing.T) {
	if os.Getenv("LUODI_BENCH") == "" {
		t.Skip("LUODI_BENCH=1 measures")
	}
	n := 100_000
	if text := os.Getenv("LUODI_BENCH_ROWS"); text != "" {
		if _, err := fmt.Sscan(text, &n); err != nil {
			t.Fatal(err)
		}
	}
	path := storetest.TurnedGrid(t, n)
	db := storetest.New(t)
	reader, err := file.Open(context.Background(), path, file.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	req := request("north")
	var steps strings.Builder
	last, step, used := time.Now(), intake.ImportStep("opens"), backends(t, db)
	req.Doing = func(next intake.ImportStep) {
		cpu := backends(t, db)
		fmt.Fprintf(&steps, "  %-14s %6.2f s, PostgreSQL computes %5.2f s\n", step, time.Since(last).Seconds(),
			(cpu - used).Seconds())
		last, step, used = time.Now(), next, cpu
	}
	before, started, own := backends(t, db), time.Now(), ownCPU(t)
	report, err := intake.Of(db.Store).Import(t.Context(), req, reader, nil)
	req.Doing("")
	if err != nil || report.Taken != int64(n) {
		t.Fatal(err, report.Taken)
	}
	ours := time.Since(started)
	t.Logf("luodi import: %d adjacent parcels in %.1f s; CPU: luodi %.1f s, PostgreSQL %.1f s\n%s", n, ours.Seconds(),
		(ownCPU(t) - own).Seconds(), (backends(t, db) - before).Seconds(), steps.String())
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("ogr2ogr is not here:", err)
	}
	bare := storetest.New(t)
	c := bare.Owner.Config().ConnConfig
	started = time.Now()
	peer := exec.Command("ogr2ogr", "-f", "PostgreSQL", fmt.Sprintf("PG:host=%s port=%d dbname=%s user=%s",
		c.Host, c.Port, c.Database, c.User), path, "-nln", "bare", "-lco", "SPATIAL_INDEX=GIST", "-lco",
		"SCHEMA=public", "--config", "PG_USE_COPY", "YES")
	if out, err := peer.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	theirs := time.Since(started)
	if rows := storetest.Number[int](t, bare, `SELECT count(*) FROM bare`); rows != n {
		t.Errorf("ogr2ogr wrote %d rows", rows)
	}
	t.Logf("ogr2ogr: %.1f s; luodi takes %.1f times that", theirs.Seconds(), ours.Seconds()/theirs.Seconds())
}

// ownCPU is what this process computed.
func ownCPU(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// backends is what the backends of a database computed, in ticks of 10 ms (proc(5)).
func backends(t *testing.T, db *storetest.DB) time.Duration {
	t.Helper()
	rows, err := db.Owner.Query(t.Context(), `SELECT pid FROM pg_stat_activity WHERE datname = current_database()`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var sum time.Duration
	for rows.Next() {
		var pid int
		if err := rows.Scan(&pid); err != nil {
			t.Fatal(err)
		}
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue
		}
		_, rest, _ := strings.Cut(string(stat), ") ")
		fields := strings.Fields(rest)
		var user, system int64
		if _, err := fmt.Sscan(fields[11]+" "+fields[12], &user, &system); err != nil {
			t.Fatal(err)
		}
		sum += time.Duration(user+system) * 10 * time.Millisecond
	}
	return sum
}
