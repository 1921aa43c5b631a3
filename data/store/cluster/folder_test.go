package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestAStartKilledWithinInitdbLeavesNothingHalfMade(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	holding := func(file string) []string {
		found, err := filepath.Glob(filepath.Join(dir, "postgres*", file))
		check(t, err)
		return found
	}
	ch := spawn(t, "serve", dir)
	until(t, "initdb is at work", func() bool { return len(holding("PG_VERSION")) == 1 })
	ch.kill()
	if done := holding(settingsFile); len(done) > 0 {
		t.Fatalf("%v: initdb was done before the kill, so nothing is tested", done)
	}
	one[int](t, connectTo(t, start(t, dir, Options{})), `SELECT 1`)
	if made := holding("PG_VERSION"); len(made) != 1 {
		t.Errorf("there are %v", made)
	}
}

func TestACancelledFirstStartLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	ctx, cancel := context.WithCancel(context.Background())
	failed := make(chan error)
	go func() { _, err := Start(ctx, dir, Options{}); failed <- err }()
	until(t, "initdb is at work", func() bool {
		found, err := filepath.Glob(filepath.Join(dir, newFolder+"*", "PG_VERSION"))
		return err == nil && len(found) == 1
	})
	cancel()
	want(t, <-failed, context.Canceled)
	if left, _ := filepath.Glob(filepath.Join(dir, "postgres*")); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
	if held, _, err := holder(dir); held || err != nil {
		t.Errorf("the lock is still held, %v", err)
	}
}

func TestADamagedFolderIsRefusedAndNotOverwritten(t *testing.T) {
	t.Parallel()
	for name, try := range map[string]struct {
		harm  func(pg string) error
		kind  error
		parts []string
	}{
		"no version": {func(pg string) error { return os.Remove(pg + "/PG_VERSION") }, ErrIncomplete,
			[]string{"PG_VERSION", pgFolder}},
		"no control file": {func(pg string) error { return os.Remove(pg + "/global/pg_control") }, ErrIncomplete,
			[]string{"global/pg_control"}},
		"no log": {func(pg string) error { return os.RemoveAll(pg + "/pg_wal") }, ErrIncomplete,
			[]string{"pg_wal"}},
		"other version": {func(pg string) error { return os.WriteFile(pg+"/PG_VERSION", []byte("14\n"), 0o600) },
			ErrVersion, []string{"14", "15"}},
		"garbled control": {func(pg string) error {
			return os.WriteFile(pg+"/global/pg_control", make([]byte, 8192),
				0o600)
		}, ErrPostmaster,
			[]string{"database files are incompatible with server"}},
		"garbled settings": {func(pg string) error {
			return os.WriteFile(pg+"/local.conf", []byte("max_connections = many\n"), 0o644)
		}, ErrPostmaster,
			[]string{"contains errors"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := seeded(t)
			pg := filepath.Join(dir, pgFolder)
			check(t, try.harm(pg))
			before := fingerprint(t, pg+"/base")
			err := refused(t, dir, Options{})
			want(t, err, try.kind, try.parts...)
			if after := fingerprint(t, pg+"/base"); after != before {
				t.Error("the folder was changed")
			}
			if held, _, err := holder(dir); held || err != nil {
				t.Errorf("the lock is still held, %v", err)
			}
		})
	}
}

func fingerprint(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	check(t, filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil {
			fmt.Fprintln(&b, path, info.Size(), info.ModTime())
		}
		return err
	}))
	return b.String()
}

func TestMissingBinariesNameThePackages(t *testing.T) {
	t.Parallel()
	empty := tempDir(t)
	dir := filepath.Join(empty, "var")
	err := refused(t, dir, Options{BinDir: empty})
	want(t, err, ErrMissingBinaries, "postgresql-15", "postgresql-15-postgis-3", empty)
	if _, err := os.Stat(dir); err == nil {
		t.Error("a data folder was made nevertheless")
	}
}

// TestMissingPostGIS runs on a copy of the installation that lacks PostGIS. The binaries find their files from where
// they themselves lie.
func TestMissingPostGISNamesThePackages(t *testing.T) {
	t.Parallel()
	bin, err := findBinaries(deadline(t), "")
	check(t, err)
	if bin != "/usr/lib/postgresql/15/bin" {
		t.Skip("knows Debian's layout only")
	}
	root := tempDir(t)
	script := `set -e
mkdir -p usr/lib/postgresql/15/bin usr/share/postgresql/15
cp /usr/lib/postgresql/15/bin/postgres /usr/lib/postgresql/15/bin/initdb usr/lib/postgresql/15/bin/
ln -s /usr/lib/postgresql/15/lib usr/lib/postgresql/15/lib
ln -s /usr/lib/` + multiarch(t) + ` usr/lib/` + multiarch(t) + `
for f in /usr/share/postgresql/15/*; do [ "${f##*/}" = extension ] || ln -s "$f" usr/share/postgresql/15/; done
mkdir usr/share/postgresql/15/extension
ln -s /usr/share/postgresql/15/extension/plpgsql* usr/share/postgresql/15/extension/`
	cmd := exec.Command("sh", "-c", script)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("copy the installation: %v: %s", err, out)
	}
	dir := seeded(t)
	err = refused(t, dir, Options{BinDir: filepath.Join(root, "usr/lib/postgresql/15/bin")})
	want(t, err, ErrMissingBinaries, "PostGIS", "postgresql-15-postgis-3")
	if left := postgresIn(filepath.Join(dir, pgFolder)); len(left) > 0 {
		t.Errorf("processes %v are left", left)
	}
	start(t, dir, Options{})
}

func multiarch(t *testing.T) string {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/*-linux-gnu")
	if err != nil || len(found) == 0 {
		t.Skip("no multiarch library folder")
	}
	return filepath.Base(found[0])
}

func TestAFolderOpenToOthersIsMadePrivate(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	check(t, os.Chmod(filepath.Join(dir, pgFolder), 0o755))
	c := start(t, dir, Options{})
	if info, err := os.Stat(c.folder.pg()); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestAnUnreachableParentIsNamed(t *testing.T) {
	t.Parallel()
	needRoot(t)
	closed := filepath.Join(tempDir(t), "home")
	check(t, os.Mkdir(closed, 0o700))
	dir := filepath.Join(closed, "deep", "var")
	err := refused(t, dir, Options{})
	want(t, err, ErrUnreachable)
	var unreachable *UnreachableError
	if !errors.As(err, &unreachable) || unreachable.Folder != closed || unreachable.User != defaultAccount {
		t.Errorf("got %v, want the folder %s and the user", err, closed)
	}
	if _, err := os.Stat(filepath.Dir(dir)); err == nil {
		t.Error("folders were made in it nevertheless")
	}
}

func TestAClusterOfRootIsRefusedWithTheWayOut(t *testing.T) {
	t.Parallel()
	needRoot(t)
	dir := seeded(t)
	check(t, os.Lchown(filepath.Join(dir, pgFolder), 0, 0))
	err := refused(t, dir, Options{})
	want(t, err, ErrUnreachable, filepath.Join(dir, pgFolder), "chown")
}

func TestRootRunsThePostmasterAsTheFoldersOwner(t *testing.T) {
	t.Parallel()
	needRoot(t)
	dir := tempDir(t)
	check(t, os.Chown(dir, 65534, 65534))
	c := start(t, dir, Options{})
	if uid, ok := ownerOf(fmt.Sprintf("/proc/%d", c.PID())); !ok || uid != 65534 {
		t.Errorf("the postmaster runs as user id %d", uid)
	}
	one[int](t, connectTo(t, c), `SELECT 1`)
}

func TestAReadOnlyFolderIsNamed(t *testing.T) {
	t.Parallel()
	var dir string
	if os.Geteuid() == 0 {
		disk := mount(t, "1m")
		dir = filepath.Join(disk, "var")
		check(t, os.Mkdir(dir, 0o755))
		check(t, syscall.Mount("tmpfs", disk, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
	} else {
		dir = filepath.Join(tempDir(t), "var")
		check(t, os.Mkdir(dir, 0o555))
	}
	err := refused(t, dir, Options{})
	want(t, err, ErrNotWritable, dir)
	err = refused(t, filepath.Join(dir, "new"), Options{})
	want(t, err, ErrNotWritable, filepath.Join(dir, "new"))
}

func TestAFileInPlaceOfTheFolderIsNamed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(tempDir(t), "var")
	check(t, os.WriteFile(path, nil, 0o644))
	err := refused(t, path, Options{})
	want(t, err, ErrNotWritable, path)
}

func TestALinkInPlaceOfTheLockIsNotFollowed(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	target := filepath.Join(dir, "precious")
	check(t, os.WriteFile(target, []byte("kept"), 0o644))
	check(t, os.Symlink(target, filepath.Join(dir, lockFile)))
	if refused(t, dir, Options{}) == nil {
		t.Fatal("started")
	}
	check(t, os.Remove(filepath.Join(dir, lockFile)))
	check(t, os.Link(target, filepath.Join(dir, lockFile)))
	err := refused(t, dir, Options{})
	want(t, err, ErrNotWritable, lockFile)
	if text, err := os.ReadFile(target); err != nil || string(text) != "kept" {
		t.Errorf("%q, %v", text, err)
	}
}

func TestDefaultDir(t *testing.T) {
	base := tempDir(t)
	t.Chdir(base)
	dir, err := DefaultDir()
	check(t, err)
	if dir != filepath.Join(base, "var") {
		t.Errorf("got %s", dir)
	}
	if os.Geteuid() == 0 {
		check(t, os.Chmod(base, 0o700))
		if dir, err = DefaultDir(); err != nil || dir != "/var/lib/luodi" {
			t.Errorf("got %s, %v", dir, err)
		}
	}
}
