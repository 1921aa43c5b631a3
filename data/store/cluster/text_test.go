package cluster

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCauseIn(t *testing.T) {
	t.Parallel()
	for name, try := range map[string]struct{ log, want string }{
		"nothing": {"2026-11-23 09:00:00.000 UTC [1] LOG:  ready\n", ""},
		"a panic outranks what follows it": {
			"t [9] PANIC:  could not write to file \"pg_wal/xlogtemp.9\": No space left on device\nt [1] LOG:  " +
				"terminating\nt [1] FATAL:  could not recover\n",
			`could not write to file "pg_wal/xlogtemp.9": No space left on device`},
		"refusals are results": {
			"t [1] FATAL:  lock file \"postmaster.pid\" already exists\nt [1] HINT:  Is another one running?\nt [2] " +
				"FATAL:  the database system is starting up\nt [3] FATAL:  terminating connection due to " +
				"administrator command\n",
			`lock file "postmaster.pid" already exists; Is another one running?`},
		"the last of several": {"t [1] FATAL:  first\nt [1] FATAL:  second\nt [1] DETAIL:  more\n", "second; more"},
		"files are no database": {"t [1] FATAL:  database files are incompatible with server\n",
			"database files are incompatible with server"},
		"nor is a missing one": {"t [1] x@y FATAL:  database \"y\" does not exist\n", ""},
	} {
		if got := causeIn(try.log); got != try.want {
			t.Errorf("%s: got %q, want %q", name, got, try.want)
		}
	}
}

func TestPruneKeepsTheNewestLogs(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "odd [name]*")
	check(t, os.Mkdir(dir, 0o755))
	for day := range keepLogs + 3 {
		check(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s2026-01-%02d_000000%s", logPrefix, day+1, logSuffix)),
			nil, 0o600))
	}
	check(t, os.WriteFile(filepath.Join(dir, startLog), nil, 0o600))
	pruneLogs(dir)
	left := logFiles(dir)
	if len(left) != keepLogs || !strings.Contains(left[0], "2026-01-04") {
		t.Errorf("%d files are left, from %v", len(left), left)
	}
	if _, err := os.Stat(filepath.Join(dir, startLog)); err != nil {
		t.Error(err)
	}
}

func TestSettingsFollowTheMemory(t *testing.T) {
	t.Parallel()
	for memory, want := range map[uint64][]string{
		256 * mb: {"shared_buffers = 64MB\n", "effective_cache_size = 128MB\n", "maintenance_work_mem = 64MB\n",
			"\nwork_mem = 4MB\n"},
		4 * gb: {"shared_buffers = 512MB\n", "effective_cache_size = 2048MB\n", "maintenance_work_mem = 128MB\n",
			"\nwork_mem = 8MB\n"},
		64 * gb: {"shared_buffers = 1024MB\n", "effective_cache_size = 32768MB\n", "maintenance_work_mem = 512MB\n",
			"\nwork_mem = 32MB\n"},
	} {
		text := settings(memory, "/o'brien/log")
		for _, line := range append(want, "log_directory = '/o''brien/log'\n") {
			if !strings.Contains(text, line) {
				t.Errorf("%d bytes: %q is not in %s", memory, line, text)
			}
		}
	}
	if m := memoryBytes(); m < 64*mb {
		t.Errorf("this machine has %d bytes", m)
	}
}

func TestIdentNamesEachUserOnce(t *testing.T) {
	t.Parallel()
	if got, want := strings.Count(ident("me", "me"), "\"me\""), 3; got != want {
		t.Errorf("got %d lines, want %d", got, want)
	}
}

func TestADSNCarriesOddPaths(t *testing.T) {
	t.Parallel()
	c := start(t, odd(t), Options{})
	one[int](t, connectTo(t, c), `SELECT 1`)
}

// odd is a data folder whose path has all that must be quoted somewhere on its way into PostgreSQL.
func odd(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(tempDir(t), `a 'b' "c", d&e?f=%41\n#`)
	check(t, os.Rename(seeded(t), dir))
	t.Cleanup(func() { sweep(dir) })
	return dir
}
