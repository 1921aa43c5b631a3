package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// tools are the programs of one folder that dump and restore.
type tools struct {
	dir string
	dsn string   // without the password, which other users of the machine could read among the arguments
	env []string // with it
}

var toolVersion = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// findTools looks for pg_dump of the server's major version, or of a newer one, where Debian and the PostgreSQL project
// put it, then in PATH.
func findTools(ctx context.Context, conn *pgx.Conn, dsn string) (tools, error) {
	number, err := strconv.Atoi(conn.PgConn().ParameterStatus("server_version_num"))
	if err != nil {
		var text string
		if err := conn.QueryRow(ctx, `SHOW server_version_num`).Scan(&text); err != nil {
			return tools{}, fmt.Errorf("ask the server's version: %w", err)
		}
		if number, err = strconv.Atoi(text); err != nil {
			return tools{}, fmt.Errorf("the server's version %q: %w", text, err)
		}
	}
	major := number / 10000
	looked := []string{fmt.Sprintf("/usr/lib/postgresql/%d/bin", major), fmt.Sprintf("/usr/pgsql-%d/bin", major)}
	if path, err := exec.LookPath("pg_dump"); err == nil {
		looked = append(looked, filepath.Dir(path))
	}
	for _, dir := range looked {
		out, err := exec.CommandContext(ctx, filepath.Join(dir, "pg_dump"), "--version").Output()
		if err != nil {
			continue
		}
		if found := toolVersion.FindSubmatch(out); found != nil {
			if n, err := strconv.Atoi(string(found[1])); err == nil && n >= major {
				return newTools(dir, dsn)
			}
		}
	}
	return tools{}, fmt.Errorf("%w: PostgreSQL %d, looked in %s", ErrNoTools, major, strings.Join(looked, ", "))
}

var passwordWord = regexp.MustCompile(`(?:^|\s)password\s*=\s*('(?:[^'\\]|\\.)*'|\S*)`)

func newTools(dir, dsn string) (tools, error) {
	config, err := pgconn.ParseConfig(dsn)
	if err != nil {
		// its words may hold the password
		return tools{}, fmt.Errorf("database URL: %w", errors.New("it can't be read"))
	}
	t := tools{dir: dir, dsn: passwordWord.ReplaceAllString(dsn, " "), env: os.Environ()}
	if u, err := url.Parse(dsn); err == nil && u.User != nil {
		u.User = url.User(u.User.Username())
		t.dsn = u.String()
	}
	if config.Password != "" {
		t.env = append(t.env, "PGPASSWORD="+config.Password)
	}
	return t, nil
}

// command is one of the tools, which dies with this process: kill -9 of luodi leaves none behind.
func (t tools) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(t.dir, name),
		append([]string{"--dbname=" + t.dsn, "--no-password"}, args...)...)
	cmd.Env = append(t.env[:len(t.env):len(t.env)], "LC_ALL=C")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd
}

// run runs a tool and keeps the end of its output for the error. lines, if any, receives each line.
func run(cmd *exec.Cmd, lines func(string)) error {
	said := &tail{each: lines}
	cmd.Stderr = said
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // the kernel ends a child when the thread that began it ends
		defer runtime.UnlockOSThread()
		done <- cmd.Run()
	}()
	err := <-done
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return fmt.Errorf("%w: %s: %w: %s", ErrToolFailed, filepath.Base(cmd.Path), err, strings.Join(said.last, "; "))
	}
	return err
}

// tail keeps the last lines written to it.
type tail struct {
	last []string
	part string
	each func(string)
}

const tailLines = 6

func (t *tail) Write(p []byte) (int, error) {
	t.part += string(p)
	for {
		line, rest, found := strings.Cut(t.part, "\n")
		if !found {
			return len(p), nil
		}
		t.part = rest
		if t.each != nil {
			t.each(line)
		}
		if t.last = append(t.last, line); len(t.last) > tailLines {
			t.last = t.last[1:]
		}
	}
}

// dump writes the database as the exported snapshot sees it.
func (t tools) dump(ctx context.Context, snapshot string, out io.Writer) error {
	args := []string{"--format=custom", "--compress=1", "--snapshot=" + snapshot}
	for _, table := range passing {
		args = append(args, "--exclude-table-data="+table)
	}
	cmd := t.command(ctx, "pg_dump", args...)
	cmd.Stdout = out
	return run(cmd, nil)
}

// restore loads a dump into an empty database, in one transaction or by several connections at once.
func (t tools) restore(ctx context.Context, file string, whole bool, progress func(done, of int64)) error {
	list, err := exec.CommandContext(ctx, filepath.Join(t.dir, "pg_restore"), "--list", file).Output()
	if err != nil {
		return fmt.Errorf("%w: pg_restore --list: %w", ErrToolFailed, err)
	}
	of := int64(strings.Count("\n"+string(list), "\n") - strings.Count("\n"+string(list), "\n;"))
	args := []string{"--no-owner", "--exit-on-error", "--verbose"}
	if whole {
		args = append(args, "--single-transaction")
	} else {
		args = append(args, fmt.Sprintf("--jobs=%d", max(1, min(runtime.NumCPU(), 4))))
	}
	done := int64(0)
	return run(t.command(ctx, "pg_restore", append(args, file)...), func(line string) {
		if strings.Contains(line, "creating ") || strings.Contains(line, "processing data") ||
			strings.Contains(line, "finished item") {
			done++
			progress(min(done, of), of)
		}
	})
}
