package cluster

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestTooSmallADiskIsToldBeforeInitdb(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(mount(t, "64m"), "var")
	err := refused(t, dir, Options{})
	want(t, err, ErrDiskFull, dir)
	var full *DiskFullError
	if !errors.As(err, &full) || full.Need != initNeed || full.Free == 0 || full.Free > 64*mb || full.Cause != "" {
		t.Errorf("got %#v", full)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "postgres*")); len(left) > 0 {
		t.Errorf("%v was made", left)
	}
}

// ballast fills the disk but for leave bytes.
func ballast(t *testing.T, disk string, leave uint64) (drop func()) {
	t.Helper()
	path := filepath.Join(disk, "ballast")
	file, err := os.Create(path)
	check(t, err)
	defer file.Close()
	block := make([]byte, 64<<10)
	for freeBytes(disk) > leave {
		n := min(uint64(len(block)), freeBytes(disk)-leave)
		if _, err := file.Write(block[:n]); err != nil {
			break
		}
	}
	return func() { check(t, os.Remove(path)) }
}

func TestAFullDiskIsToldAndLosesNothing(t *testing.T) {
	t.Parallel()
	disk := mount(t, "300m")
	dir := filepath.Join(disk, "var")
	c := start(t, dir, Options{retry: quick})
	conn := connectTo(t, c)
	exec1(t, conn, `CREATE TABLE kept (n int PRIMARY KEY, filling text)`)

	// While it runs: write until the disk refuses, counting what was acknowledged.
	drop := ballast(t, disk, 8*mb)
	acknowledged := 0
	var refusal error
	for refusal == nil {
		_, refusal = conn.Exec(deadline(t), `INSERT INTO kept SELECT $1, string_agg(md5(random()::text), '')
			FROM generate_series(1, 4000)`, acknowledged+1)
		if refusal == nil {
			acknowledged++
		}
	}
	if acknowledged == 0 || !strings.Contains(refusal.Error()+errText(c.Err()), "No space left") &&
		conn.Ping(deadline(t)) == nil {
		t.Fatalf("after %d writes: %v", acknowledged, refusal)
	}

	// Dead on a disk with no byte left: it can't start, and says why and how much is free.
	dropRest := ballast2(t, disk)
	killUntilFailed(t, c)
	var full *DiskFullError
	if err := c.Err(); !errors.As(err, &full) || full.Need != runNeed || full.Free > mb {
		t.Fatalf("state %s, error %v; want a DiskFullError", c.State(), err)
	}
	check(t, c.Stop(deadline(t)))
	err := refused(t, dir, Options{})
	want(t, err, ErrDiskFull, "No space left")

	// With room again all that was acknowledged is there.
	drop()
	dropRest()
	again := start(t, dir, Options{})
	if n := one[int](t, connectTo(t, again),
		`SELECT count(*) FROM kept WHERE length(filling) = 128000`); n < acknowledged {
		t.Errorf("%d rows are there, %d were acknowledged", n, acknowledged)
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// ballast2 takes what is left to the last byte.
func ballast2(t *testing.T, disk string) (drop func()) {
	t.Helper()
	path := filepath.Join(disk, "ballast2")
	file, err := os.Create(path)
	check(t, err)
	defer file.Close()
	for block := make([]byte, 4096); ; {
		if _, err := file.Write(block); err != nil {
			break
		}
	}
	return func() { check(t, os.Remove(path)) }
}

// killUntilFailed kills postmasters until the supervisor gives up.
func killUntilFailed(t *testing.T, c *Cluster) {
	t.Helper()
	until(t, "it has failed", func() bool {
		if pid := c.PID(); pid > 0 {
			if p, err := os.FindProcess(pid); err == nil {
				p.Kill()
				p.Release()
			}
		}
		return c.State() == Failed
	})
}

func TestADatabaseThatCannotBeMadeForLackOfRoomIsToldSo(t *testing.T) {
	t.Parallel()
	disk := mount(t, "300m")
	dir := filepath.Join(disk, "var")
	c := start(t, dir, Options{})
	conn, err := pgx.Connect(deadline(t), c.DSN(Superuser, "postgres"))
	check(t, err)
	exec1(t, conn, `DROP DATABASE luodi`)
	conn.Close(deadline(t))
	check(t, c.Stop(deadline(t)))
	// Room enough to start, not for the first page of each of its 300 files.
	drop := ballast(t, disk, 512<<10)
	err = refused(t, dir, Options{})
	want(t, err, ErrDiskFull)
	drop()
	one[int](t, connectTo(t, start(t, dir, Options{})), `SELECT 1`)
}
