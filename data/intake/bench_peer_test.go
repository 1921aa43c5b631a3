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
	luodi, theDatabase := ownCPU(t)-own, backends(t, db)-before
	all := luodi + theDatabase
	t.Logf("luodi import: %d adjacent parcels in %.1f s; CPU: luodi %.1f s, PostgreSQL %.1f s\n%s", n, ours.Seconds(),
		luodi.Seconds(), theDatabase.Seconds(), steps.String())
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("ogr2ogr is not here:", err)
	}
	bare := storetest.New(t)
	c := bare.Owner.Config().ConnConfig
	served := server(t, bare)
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
	peerCPU := peer.ProcessState.UserTime() + peer.ProcessState.SystemTime()
	t.Logf("ogr2ogr: %.1f s; luodi takes %.1f times that; CPU: ogr2ogr %.1f s, PostgreSQL %.1f s; luodi's is %.1f times that",
		theirs.Seconds(), ours.Seconds()/theirs.Seconds(), peerCPU.Seconds(), (server(t, bare) - served).Seconds(),
		all.Seconds()/(peerCPU+server(t, bare)-served).Seconds())
	for _, floor := range []string{
		`SELECT`,
		`DO $$ DECLARE i regclass; BEGIN
		   FOR i IN SELECT indexrelid FROM pg_index WHERE indrelid IN ('parcel_version'::regclass, 'parcel_public'::regclass)
		     AND indexrelid NOT IN (SELECT conindid FROM pg_constraint) LOOP EXECUTE 'DROP INDEX ' || i; END LOOP;
		   ALTER TABLE parcel_version DROP CONSTRAINT parcel_version_park_id_parcel_id_to_seq_key CASCADE; END $$`,
	} {
		t.Logf("the same rows, written without triggers and foreign keys after %q: %.1f s computed", first(floor, 10),
			writeAgain(t, db, floor).Seconds())
	}
}

func first(text string, n int) string { return text[:min(len(text), n)] }

// writeAgain is what PostgreSQL computes to write the rows of an import once more, without any trigger or foreign key,
// after the tables were altered.
func writeAgain(t *testing.T, db *storetest.DB, alter string) time.Duration {
	t.Helper()
	c, err := db.Owner.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Release()
	exec := func(sql string) {
		if _, err := c.Exec(t.Context(), sql); err != nil {
			t.Fatal(sql, err)
		}
	}
	for _, table := range []string{"parcel", "parcel_version", "parcel_public"} {
		exec(`CREATE TEMP TABLE IF NOT EXISTS again_` + table + ` AS SELECT * FROM ` + table)
	}
	exec(alter)
	exec(`SET session_replication_role = replica; TRUNCATE parcel, parcel_version, parcel_public CASCADE`)
	before := backends(t, db)
	for _, table := range []string{"parcel", "parcel_version", "parcel_public"} {
		exec(`INSERT INTO ` + table + ` SELECT * FROM again_` + table)
	}
	spent := backends(t, db) - before
	exec(`RESET session_replication_role`)
	return spent
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

// server is what the postmaster, those of its children that ended and those of this database computed.
func server(t *testing.T, db *storetest.DB) time.Duration {
	t.Helper()
	pid := storetest.Number[int](t, db, `SELECT pg_backend_pid()`)
	fields := statOf(pid)
	var postmaster int
	if _, err := fmt.Sscan(fields[1], &postmaster); err != nil {
		t.Fatal(err)
	}
	return ticks(t, statOf(postmaster)[11:15]...) + backends(t, db)
}

// statOf is the fields of proc(5)'s stat from the state on; nil of a process that has ended.
func statOf(pid int) []string {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	return strings.Fields(rest)
}

func ticks(t *testing.T, fields ...string) (sum time.Duration) {
	t.Helper()
	for _, field := range fields {
		var n int64
		if _, err := fmt.Sscan(field, &n); err != nil {
			t.Fatal(err)
		}
		sum += time.Duration(n) * 10 * time.Millisecond
	}
	return sum
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
		if fields := statOf(pid); fields != nil {
			sum += ticks(t, fields[11:13]...)
		}
	}
	return sum
}
