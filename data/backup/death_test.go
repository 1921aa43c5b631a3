package backup_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/backup"
	"luodi/data/store"
)

// backUpForEver is the child that is killed: it makes a backup to a folder and says when it begins.
func backUpForEver(dir string) int {
	fmt.Println("begun")
	_, err := backup.Make(context.Background(), backup.Order{Source: store.Source{URL: os.Getenv(childEnv + "_URL"),
		LoginRoles: true}, Program: "child"}, dir, nil)
	fmt.Println("ended", err)
	return 0
}

func TestAKilledBackupLeavesNothingThatLooksLikeOneAndNoProcess(t *testing.T) {
	t.Parallel()
	db := withSample(t)
	// A table that is locked holds pg_dump up in the middle.
	tx, err := db.Owner.Begin(t.Context())
	check(t, err)
	defer func() { _ = tx.Rollback(context.Background()) }()
	_, err = tx.Exec(t.Context(), `LOCK TABLE zone_version IN ACCESS EXCLUSIVE MODE`)
	check(t, err)
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+dir, childEnv+"_URL="+db.Source.URL)
	out, err := cmd.StdoutPipe()
	check(t, err)
	check(t, cmd.Start())
	if lines := bufio.NewScanner(out); !lines.Scan() || lines.Text() != "begun" {
		t.Fatal("the child did not begin")
	}
	until(t, "pg_dump is in the middle", func() bool {
		return scan[int](t, db.Source, `SELECT count(*)::int FROM pg_stat_activity
			WHERE application_name = 'pg_dump' AND wait_event_type = 'Lock' AND datname = current_database()`) == 1
	})
	dumper := childNamed(cmd.Process.Pid, "pg_dump")
	if dumper == 0 {
		t.Fatal("no pg_dump is found where one runs")
	}
	check(t, cmd.Process.Kill())
	_ = cmd.Wait()
	until(t, "pg_dump has ended", func() bool { return syscall.Kill(dumper, 0) != nil || zombie(dumper) })
	if files, err := backup.List(dir); err != nil || len(files) > 0 {
		t.Errorf("the folder holds %v: %v", files, err)
	}
	entries, err := os.ReadDir(dir)
	check(t, err)
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") {
			t.Errorf("%s looks like a backup", e.Name())
		}
	}
	check(t, tx.Rollback(t.Context()))
	made, err := backup.Make(t.Context(), order(db), dir, nil)
	check(t, err)
	if entries, _ = os.ReadDir(dir); len(entries) != 2 { // the backup, the lock
		t.Errorf("after %s the folder holds %v", made.Path, entries)
	}
}

// childNamed is the process that a process began under a name, by any of its threads; 0 when there is none.
func childNamed(parent int, name string) int {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", parent))
	for _, list := range lists {
		text, _ := os.ReadFile(list)
		for _, child := range strings.Fields(string(text)) {
			if comm, _ := os.ReadFile("/proc/" + child + "/comm"); strings.TrimSpace(string(comm)) == name {
				var pid int
				_, _ = fmt.Sscan(child, &pid)
				return pid
			}
		}
	}
	return 0
}

func zombie(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(stat), ") Z ")
}

func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for limit := time.Now().Add(30 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

func TestAFullDiskLeavesNothingAndIsTold(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("needs root: it mounts a disk")
	}
	db := withSample(t)
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("may not mount here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(disk, syscall.MNT_DETACH) })
	if _, err := backup.Make(t.Context(), order(db), disk, nil); !errors.Is(err, backup.ErrNoRoom) {
		t.Errorf("got %v", err)
	}
	entries, err := os.ReadDir(disk)
	check(t, err)
	for _, e := range entries {
		if e.Name() != ".luodi-backup.lock" {
			t.Errorf("%s was left", e.Name())
		}
	}
}

// TestABackupWhileManyWriteIsOfOneMoment backs up while 16 clients write, and looks in what was restored whether all of
// it is of the moment that the clocks name.
func TestABackupWhileManyWriteIsOfOneMoment(t *testing.T) {
	t.Parallel()
	db := withSample(t)
	var parks []uuid.UUID
	rows, err := db.Owner.Query(t.Context(), `SELECT park_id FROM park ORDER BY code`)
	check(t, err)
	for rows.Next() {
		var id uuid.UUID
		check(t, rows.Scan(&id))
		parks = append(parks, id)
	}
	check(t, rows.Err())
	_, err = db.Owner.Exec(t.Context(), `CREATE TABLE pair (park_id uuid, n bigint,
		PRIMARY KEY (park_id, n)); GRANT ALL ON pair TO luodi_planner`)
	check(t, err)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var group sync.WaitGroup
	var committed atomic.Int64
	for w := range 16 {
		group.Go(func() {
			for ctx.Err() == nil {
				park := parks[w%len(parks)]
				tx, err := db.Planner.Begin(ctx)
				if err != nil {
					continue
				}
				var seq int64
				if err = tx.QueryRow(ctx,
					`SELECT seq FROM begin_record($1, gen_random_uuid(), 'edit', 'test', 'test')`,
					park).Scan(&seq); err == nil {
					_, err = tx.Exec(ctx, `INSERT INTO pair VALUES ($1, $2)`, park, seq)
				}
				if err == nil {
					err = tx.Commit(ctx)
				}
				if err == nil {
					committed.Add(1)
				}
				_ = tx.Rollback(context.Background())
			}
		})
	}
	until(t, "all write", func() bool { return committed.Load() > 100 })
	before := committed.Load()
	made, err := backup.Make(t.Context(), order(db), t.TempDir(), scratch(t))
	check(t, err)
	during := committed.Load() - before
	stop()
	group.Wait()
	if during == 0 {
		t.Error("nobody wrote meanwhile")
	}
	file, err := os.Open(made.Path)
	check(t, err)
	defer func() { _ = file.Close() }()
	target := filepath.Join(reachable(t), "var")
	_, err = backup.RestoreFolder(t.Context(), backup.Order{}, file, target)
	check(t, err)
	_, src := served(t, target)
	if n := scan[int](t, src, `
SELECT count(*)::int FROM park_clock c WHERE c.seq <> (SELECT max(seq) FROM record r WHERE r.park_id = c.park_id)
    OR c.seq <> (SELECT count(*) FROM record r WHERE r.park_id = c.park_id)
      OR c.seq <> (SELECT max(seq) FROM event e WHERE e.park_id = c.park_id)
    OR c.at <> (SELECT max(at) FROM record r WHERE r.park_id = c.park_id)
    OR EXISTS (SELECT FROM record r FULL JOIN pair p ON (p.park_id, p.n) = (r.park_id, r.seq)
      WHERE coalesce(r.park_id, p.park_id) = c.park_id AND r.kind = 'edit' AND r.reason = 'test'
      AND (p.n IS NULL OR r.seq IS NULL))`); n != 0 {
		t.Errorf("%d parks are not of the moment their clock names", n)
	}
	for _, clock := range made.Manifest.Clocks {
		if got := scan[int64](t, src, `SELECT seq FROM park_clock JOIN park USING (park_id) WHERE code = $1`,
			clock.Park); got != clock.Seq {
			t.Errorf("%s is at %d, the manifest says %d", clock.Park, got, clock.Seq)
		}
	}
	t.Logf("%d changes were committed while the backup was made and verified; it holds %d rows of the moment %v",
		during, made.Manifest.Rows(), made.Manifest.At)
}

func TestOnlyOurOwnOldBackupsAreRemoved(t *testing.T) {
	t.Parallel()
	db := withSample(t)
	dir := t.TempDir()
	for _, stranger := range []string{"luodi-20200101T000000.000Z.tar", "luodi-notes.tar", "holiday.jpg"} {
		check(t, os.WriteFile(filepath.Join(dir, stranger), []byte("not a backup"), 0o600))
	}
	check(t, os.Mkdir(filepath.Join(dir, "luodi-20200102T000000.000Z.tar"), 0o700))
	var made []string
	for range 3 {
		m, err := backup.Make(t.Context(), order(db), dir, nil)
		check(t, err)
		made = append(made, m.Path)
	}
	// one of ours, renamed by someone who wants to keep it
	copied := filepath.Join(dir, "luodi-20200103T000000.000Z.tar")
	check(t, os.Link(made[0], copied))
	removed, err := backup.Prune(dir, 2)
	if err != nil || len(removed) != 1 || removed[0] != made[0] {
		t.Errorf("removed %v: %v, want %v", removed, err, made[0])
	}
	for _, kept := range append(made[1:], copied, filepath.Join(dir, "luodi-20200101T000000.000Z.tar"),
		filepath.Join(dir, "holiday.jpg")) {
		if _, err := os.Stat(kept); err != nil {
			t.Error(err)
		}
	}
}

// TestARestoreThatIsBrokenOffLeavesNothingThatIsServed stops one in the middle, and lays down what one that was killed
// leaves.
func TestARestoreThatIsBrokenOffLeavesNothingThatIsServed(t *testing.T) {
	t.Parallel()
	db := withSample(t)
	made, err := backup.Make(t.Context(), order(db), t.TempDir(), nil)
	check(t, err)
	file, err := os.Open(made.Path)
	check(t, err)
	defer func() { _ = file.Close() }()
	target := filepath.Join(reachable(t), "var")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, err = backup.RestoreFolder(ctx, backup.Order{Progress: func(done, of int64) {
		if done > of/2 {
			cancel()
		}
	}}, file, target)
	if err == nil {
		t.Fatal("it was not broken off")
	}
	entries, err := os.ReadDir(target)
	check(t, err)
	for _, e := range entries {
		if e.Name() != "luodi.lock" {
			t.Errorf("%s was left", e.Name())
		}
	}
	half := filepath.Join(target, "postgres.new-restore-1", "postgres")
	check(t, os.MkdirAll(half, 0o700))
	check(t, os.WriteFile(filepath.Join(half, "PG_VERSION"), []byte("15\n"), 0o600))
	_, err = file.Seek(0, 0)
	check(t, err)
	_, err = backup.RestoreFolder(t.Context(), backup.Order{}, file, target)
	check(t, err)
	if _, err := os.Stat(half); err == nil {
		t.Error("what a killed restore left is still there")
	}
	_, src := served(t, target)
	if got := scan[int64](t, src, `SELECT count(*) FROM parcel_version`); got == 0 {
		t.Error("nothing was restored")
	}
}
