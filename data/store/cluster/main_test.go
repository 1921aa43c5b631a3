package cluster

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// patience bounds every wait of these tests; all of them normally end within a second or two.
const patience = 30 * time.Second

// roleEnv makes the test binary play a luodi process instead of running tests: a role and the data folder.
const (
	roleEnv = "LUODI_CLUSTER_TEST_ROLE"
	dirEnv  = "LUODI_CLUSTER_TEST_DIR"
)

func TestMain(m *testing.M) {
	if role := os.Getenv(roleEnv); role != "" {
		if err := play(role, os.Getenv(dirEnv)); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	code := m.Run()
	if seedDir != "" {
		os.RemoveAll(seedDir)
	}
	os.Exit(code)
}

// play is what a child process does. It says each step on stdout, and ends in order when its stdin is closed.
func play(role, dir string) error {
	ctx := context.Background()
	begin := func() (*Cluster, error) { return Start(ctx, dir, Options{}) }
	if role == "attach" {
		begin = func() (*Cluster, error) { return Attach(ctx, dir) }
	}
	c, err := begin()
	if err != nil {
		return err
	}
	fmt.Println("up", c.PID())
	if role == "write" {
		return writeForEver(ctx, c)
	}
	io.Copy(io.Discard, os.Stdin)
	return c.Stop(ctx)
}

// writeForEver says each number once its commit was acknowledged.
func writeForEver(ctx context.Context, c *Cluster) error {
	conn, err := pgx.Connect(ctx, c.DSN(Superuser, Database))
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, `CREATE TABLE IF NOT EXISTS kept (n bigint PRIMARY KEY)`); err != nil {
		return err
	}
	for n := 1; ; n++ {
		if _, err := conn.Exec(ctx, `INSERT INTO kept VALUES ($1)`, n); err != nil {
			return err
		}
		fmt.Println("wrote", n)
	}
}

// child is another luodi process.
type child struct {
	cmd   *exec.Cmd
	lines *bufio.Scanner
	stdin io.Closer
	wait  func() error
}

func spawn(t testing.TB, role, dir string) *child {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleEnv+"="+role, dirEnv+"="+dir)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := cmd.StdoutPipe()
	check(t, err)
	in, err := cmd.StdinPipe()
	check(t, err)
	check(t, cmd.Start())
	ch := &child{cmd: cmd, lines: bufio.NewScanner(out), stdin: in, wait: sync.OnceValue(cmd.Wait)}
	t.Cleanup(func() { ch.kill() })
	return ch
}

// says reads lines until one begins with the word, and returns what follows it.
func (c *child) says(t testing.TB, word string) string {
	t.Helper()
	for c.lines.Scan() {
		first, rest, _ := strings.Cut(c.lines.Text(), " ")
		if first == word {
			return rest
		}
		if first == "error" {
			t.Fatalf("child: %s", rest)
		}
	}
	t.Fatalf("child ended before it said %q", word)
	return ""
}

// kill is kill -9 of that luodi alone.
func (c *child) kill() {
	c.cmd.Process.Kill()
	c.wait()
}

// lastWritten reads the numbers that were not read yet, and returns the last.
func (c *child) lastWritten(last int) int {
	for c.lines.Scan() {
		if text, found := strings.CutPrefix(c.lines.Text(), "wrote "); found {
			if n, err := strconv.Atoi(text); err == nil {
				last = n
			}
		}
	}
	return last
}

var (
	seedOnce sync.Once
	seedDir  string
	seedErr  error
)

// seeded is a data folder with a cluster in it that was stopped in order: a copy of one made once, which saves the
// second that initdb takes.
func seeded(t testing.TB) string {
	t.Helper()
	seedOnce.Do(func() {
		seedDir, seedErr = os.MkdirTemp("", "luodi-seed-")
		if seedErr != nil {
			return
		}
		os.Chmod(seedDir, 0o755)
		var c *Cluster
		if c, seedErr = Start(context.Background(), seedDir, Options{}); seedErr == nil {
			seedErr = c.Stop(context.Background())
		}
	})
	check(t, seedErr)
	dir := tempDir(t)
	out, err := exec.Command("cp", "-a", seedDir+"/.", dir).CombinedOutput()
	if err != nil {
		t.Fatalf("copy the seed: %v: %s", err, out)
	}
	return dir
}

// tempDir is a new folder that the postmaster's user can reach. When the test ends, what runs in it is ended.
func tempDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "luodi-cluster-")
	check(t, err)
	check(t, os.Chmod(dir, 0o755))
	t.Cleanup(func() {
		sweep(dir)
		os.RemoveAll(dir)
	})
	return dir
}

func sweep(dir string) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	clearProcesses(ctx, filepath.Join(dir, pgFolder))
}

func start(t testing.TB, dir string, opt Options) *Cluster {
	t.Helper()
	c, err := Start(deadline(t), dir, opt)
	check(t, err)
	t.Cleanup(func() { c.Stop(context.Background()) })
	return c
}

// refused is the error of a start that should not succeed; one that does is stopped.
func refused(t testing.TB, dir string, opt Options) error {
	t.Helper()
	c, err := Start(deadline(t), dir, opt)
	if err == nil {
		c.Stop(context.Background())
	}
	return err
}

func connectTo(t testing.TB, c *Cluster) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(deadline(t), c.DSN(Superuser, Database))
	check(t, err)
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func exec1(t testing.TB, conn *pgx.Conn, sql string) {
	t.Helper()
	_, err := conn.Exec(deadline(t), sql)
	check(t, err)
}

func one[T any](t testing.TB, conn *pgx.Conn, sql string) T {
	t.Helper()
	var v T
	check(t, conn.QueryRow(deadline(t), sql).Scan(&v))
	return v
}

func deadline(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

func until(t testing.TB, what string, done func() bool) {
	t.Helper()
	if err := poll(deadline(t), done); err != nil {
		t.Fatalf("waited in vain until %s", what)
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// want fails unless err is of kind and its text holds all of parts.
func want(t testing.TB, err, kind error, parts ...string) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Fatalf("got error %v, want one of kind %q", err, kind)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not name %q", err, part)
		}
	}
}

func needRoot(t testing.TB) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root: it mounts a disk or acts as other users")
	}
}

// mount is a small disk of its own with a data folder on it.
func mount(t testing.TB, size string) string {
	t.Helper()
	needRoot(t)
	dir, err := os.MkdirTemp("", "luodi-disk-")
	check(t, err)
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "mode=755,size="+size); err != nil {
		os.Remove(dir)
		t.Skipf("may not mount here: %v", err)
	}
	t.Cleanup(func() {
		sweep(filepath.Join(dir, "var"))
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Errorf("unmount %s: %v", dir, err)
		}
		os.Remove(dir)
	})
	return dir
}
