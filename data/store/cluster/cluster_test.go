package cluster

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

func TestANewClusterIsAsPromised(t *testing.T) {
	t.Parallel()
	c := start(t, seeded(t), Options{})
	if !c.Ready() || c.State() != Ready || c.Err() != nil {
		t.Errorf("state %s, error %v", c.State(), c.Err())
	}
	conn := connectTo(t, c)
	for sql, want := range map[string]string{
		`SELECT current_user::text`:                                  "luodi",
		`SELECT current_database()::text`:                            "luodi",
		`SHOW server_encoding`:                                       "UTF8",
		`SELECT datcollate FROM pg_database WHERE datname = 'luodi'`: "C",
		`SELECT datctype FROM pg_database WHERE datname = 'luodi'`:   "C.UTF-8",
		`SHOW data_checksums`:                                        "on",
		`SHOW fsync`:                                                 "on",
		`SHOW full_page_writes`:                                      "on",
		`SHOW synchronous_commit`:                                    "on",
		`SHOW listen_addresses`:                                      "",
		`SHOW wal_level`:                                             "replica",
		`SHOW jit`:                                                   "off",
		`SHOW random_page_cost`:                                      "1.1",
		`SHOW max_connections`:                                       "100",
		`SHOW timezone`:                                              "UTC",
		`SHOW logging_collector`:                                     "on",
		`SHOW log_rotation_size`:                                     "10MB",
		`SELECT rolname::text FROM pg_roles WHERE rolsuper`:          "luodi",
		`SELECT count(*)::text FROM pg_hba_file_rules WHERE error IS NOT NULL`:           "0",
		`SELECT count(*)::text FROM pg_ident_file_mappings WHERE error IS NOT NULL`:      "0",
		`SELECT count(*)::text FROM pg_file_settings WHERE error IS NOT NULL`:            "0",
		`SELECT name::text FROM pg_available_extensions WHERE name = 'postgis'`:          "postgis",
		`SELECT (count(*) > 0)::text FROM pg_hba_file_rules WHERE auth_method = 'peer'`:  "true",
		`SELECT (count(*) > 0)::text FROM pg_hba_file_rules WHERE auth_method <> 'peer'`: "false",
	} {
		if got := one[string](t, conn, sql); got != want {
			t.Errorf("%s: got %q, want %q", sql, got, want)
		}
	}
	exec1(t, conn, `CREATE EXTENSION postgis; CREATE EXTENSION pg_trgm`)
	if area := one[float64](t, conn, `SELECT ST_Area('POLYGON((0 0,2 0,2 3,0 3,0 0))'::geometry)`); area != 6 {
		t.Errorf("PostGIS says %v", area)
	}
	if n := one[int](t, conn, `SELECT cardinality(show_trgm('碳纤维产业园'))`); n == 0 {
		t.Error("trigram search finds nothing in Chinese")
	}
}

func TestTheOperatorsSettingsCountButCannotUndoDurability(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	pg := filepath.Join(dir, pgFolder)
	check(t, os.WriteFile(filepath.Join(pg, localFile),
		[]byte("work_mem = '77MB'\nfsync = off\nfull_page_writes = off\nlisten_addresses = '*'\n"), 0o644))
	check(t, os.WriteFile(filepath.Join(pg, settingsFile), []byte("jit = on\n"), 0o644))
	check(t, os.WriteFile(filepath.Join(pg, "pg_hba.conf"), []byte("local all all trust\n"), 0o644))
	conn := connectTo(t, start(t, dir, Options{}))
	for name, want := range map[string]string{"work_mem": "77MB", "fsync": "on", "full_page_writes": "on",
		"listen_addresses": "", "jit": "off"} {
		if got := one[string](t, conn, "SHOW "+name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if n := one[int](t, conn, `SELECT count(*) FROM pg_hba_file_rules WHERE auth_method = 'trust'`); n != 0 {
		t.Error("pg_hba.conf was not rewritten")
	}
}

func TestOnlyTheUsersNamedInTheMapComeIn(t *testing.T) {
	t.Parallel()
	needRoot(t)
	c := start(t, seeded(t), Options{})
	conn := connectTo(t, c)
	exec1(t, conn, `CREATE ROLE luodi_public LOGIN; CREATE ROLE luodi_planner LOGIN; CREATE ROLE stranger LOGIN`)
	// Opened on purpose, so that what refuses is the map and not the socket's mode.
	check(t, os.Chmod(c.folder.socket, 0o755))
	check(t, os.Chmod(filepath.Join(c.folder.socket, socketName), 0o777))
	for _, try := range []struct {
		os, role string
		in       bool
	}{
		{"root", "luodi", true}, {"root", "luodi_public", true}, {"root", "luodi_planner", true},
		{"root", "stranger", false},
		{c.folder.owner.name, "luodi", true}, {c.folder.owner.name, "stranger", false},
		{"nobody", "luodi", false}, {"nobody", "luodi_public", false}, {"nobody", "nobody", false},
	} {
		cmd := exec.Command("setpriv", "--reuid="+try.os, "--clear-groups", "psql", "-XAtc", "SELECT 1",
			c.DSN(try.role, Database))
		out, err := cmd.CombinedOutput()
		if (err == nil) != try.in {
			t.Errorf("OS user %s as role %s: in %v, want %v: %s", try.os, try.role, err == nil, try.in, out)
		}
	}
}

func TestABackupCanBeTakenWhileItRuns(t *testing.T) {
	t.Parallel()
	c := start(t, seeded(t), Options{})
	backup := filepath.Join(tempDir(t), "backup")
	for _, args := range [][]string{
		{"pg_basebackup", "-h", c.folder.socket, "-U", Superuser, "-D", backup, "--checkpoint=fast"},
		{"pg_verifybackup", backup},
	} {
		if out, err := exec.Command(filepath.Join(c.bin, args[0]), args[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", args[0], err, out)
		}
	}
}

func TestASecondLuodiIsRefusedAndToldWhoServes(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	ch := spawn(t, "serve", dir)
	ch.says(t, "up")
	err := refused(t, dir, Options{})
	want(t, err, ErrInUse, dir)
	var inUse *InUseError
	if !errors.As(err, &inUse) || inUse.PID != ch.cmd.Process.Pid {
		t.Errorf("got %v, want the holder's pid %d", err, ch.cmd.Process.Pid)
	}
	ch.stdin.Close()
	check(t, ch.wait())
	start(t, dir, Options{})
}

func TestStopIsCleanAndCanBeRepeated(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	c := start(t, dir, Options{})
	conn := connectTo(t, c)
	exec1(t, conn, `CREATE TABLE kept AS SELECT 1 AS n`)
	for range 2 {
		check(t, c.Stop(deadline(t)))
	}
	if c.State() != Stopped || c.Err() != nil {
		t.Errorf("state %s, error %v", c.State(), c.Err())
	}
	if left := postgresIn(c.folder.pg()); len(left) > 0 {
		t.Errorf("processes %v are left", left)
	}
	if s := controlState(t, c); s != "shut down" {
		t.Errorf("the cluster is %q, which will need recovery", s)
	}
	if files, _ := os.ReadDir(c.folder.socket); len(files) > 0 {
		t.Errorf("%v is left of the socket", files)
	}
}

func controlState(t *testing.T, c *Cluster) string {
	t.Helper()
	out, err := exec.Command(filepath.Join(c.bin, "pg_controldata"), c.folder.pg()).Output()
	check(t, err)
	_, rest, _ := strings.Cut(string(out), "Database cluster state:")
	line, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(line)
}

func TestAStopWithoutTimeSaysSoAndLosesNothing(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	c := start(t, dir, Options{})
	exec1(t, connectTo(t, c), `CREATE TABLE kept AS SELECT 1 AS n`)
	// A stopped backend can't obey a fast shutdown.
	stuck := connectTo(t, c)
	check(t, syscall.Kill(one[int](t, stuck, `SELECT pg_backend_pid()`), syscall.SIGSTOP))
	now, cancel := context.WithCancel(context.Background())
	cancel()
	want(t, c.Stop(now), ErrNotClean)
	if left := postgresIn(c.folder.pg()); len(left) > 0 {
		t.Errorf("processes %v are left", left)
	}
	if n := one[int](t, connectTo(t, start(t, dir, Options{})), `SELECT n FROM kept`); n != 1 {
		t.Errorf("n is %d", n)
	}
}

func TestALongPathGetsASocketFolderThatIsRemoved(t *testing.T) {
	t.Parallel()
	base := tempDir(t)
	dir := filepath.Join(base, strings.Repeat("园", 40))
	check(t, os.Rename(seeded(t), dir))
	t.Cleanup(func() { sweep(dir) })
	ch := spawn(t, "serve", dir)
	ch.says(t, "up")
	_, first, err := holder(dir)
	check(t, err)
	if len(first)+1+len(socketName) > maxSocketPath {
		t.Fatalf("socket path of %s is too long", first)
	}
	if info, err := os.Stat(first); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("socket folder %s: %v, %v", first, info, err)
	}
	ch.kill()
	c := start(t, dir, Options{})
	if _, err := os.Stat(first); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("socket folder %s of the killed luodi is still there: %v", first, err)
	}
	one[int](t, connectTo(t, c), `SELECT 1`)
	check(t, c.Stop(deadline(t)))
	if _, err := os.Stat(c.folder.socket); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("socket folder %s is left: %v", c.folder.socket, err)
	}
}

func TestACopyOfADataFolderLeavesTheOriginalAlone(t *testing.T) {
	t.Parallel()
	base := tempDir(t)
	dir := filepath.Join(base, strings.Repeat("长", 40))
	check(t, os.Rename(seeded(t), dir))
	t.Cleanup(func() { sweep(dir) })
	original := start(t, dir, Options{})
	copied := seeded(t)
	note, err := os.ReadFile(filepath.Join(dir, lockFile))
	check(t, err)
	check(t, os.WriteFile(filepath.Join(copied, lockFile), note, 0o644))
	start(t, copied, Options{})
	one[int](t, connectTo(t, original), `SELECT 1`)
}

func TestTheServerSurvivesTheThreadThatCalledStart(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	type result struct {
		c   *Cluster
		tid int
		err error
	}
	got := make(chan result)
	go func() {
		// A locked goroutine that ends takes its thread along.
		runtime.LockOSThread()
		c, err := Start(deadline(t), dir, Options{})
		got <- result{c, syscall.Gettid(), err}
	}()
	r := <-got
	check(t, r.err)
	t.Cleanup(func() { r.c.Stop(context.Background()) })
	if r.tid == os.Getpid() {
		t.Skip("the goroutine ran on the main thread, which does not end")
	}
	pid := r.c.PID()
	until(t, "the thread has ended", func() bool {
		_, err := os.Stat(filepath.Join("/proc/self/task", strconv.Itoa(r.tid)))
		return errors.Is(err, os.ErrNotExist)
	})
	// A server that was told to shut down lets nobody in any more.
	one[int](t, connectTo(t, r.c), `SELECT 1`)
	if r.c.PID() != pid || !r.c.Ready() {
		t.Errorf("postmaster %d became %d, state %s", pid, r.c.PID(), r.c.State())
	}
}

func TestTheServerHasItsOwnProcessGroup(t *testing.T) {
	t.Parallel()
	c := start(t, seeded(t), Options{})
	group, err := syscall.Getpgid(c.PID())
	check(t, err)
	if group == syscall.Getpgrp() {
		t.Error("Ctrl-C on luodi's terminal would reach the postmaster too")
	}
}

func TestAttach(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	_, err := Attach(deadline(t), dir)
	want(t, err, ErrNotRunning, dir)
	_, err = Attach(deadline(t), filepath.Join(dir, "none"))
	want(t, err, ErrNotRunning)

	ch := spawn(t, "serve", dir) // not waited for: Attach has to
	until(t, "the lock is held", func() bool { held, _, err := holder(dir); return held && err == nil })
	c, err := Attach(deadline(t), dir)
	check(t, err)
	if !c.Ready() {
		t.Errorf("state %s", c.State())
	}
	one[int](t, connectTo(t, c), `SELECT 1`)
	check(t, c.Stop(deadline(t)))

	again, err := Attach(deadline(t), dir)
	check(t, err)
	t.Cleanup(func() { again.Stop(context.Background()) })
	one[int](t, connectTo(t, again), `SELECT 1`)
	ch.stdin.Close()
	check(t, ch.wait())
	until(t, "the attached cluster is stopped", func() bool { return again.State() == Stopped })
}

func TestAttachEndsWithItsContextWhileNothingAnswers(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	owner, err := runner()
	check(t, err)
	l, _, err := takeLock(dir, owner)
	check(t, err)
	defer l.release()
	check(t, l.note(filepath.Join(dir, socketFolder)))
	ctx, cancel := context.WithTimeout(context.Background(), 2*pollMost)
	defer cancel()
	_, err = Attach(ctx, dir)
	want(t, err, context.DeadlineExceeded)
}
