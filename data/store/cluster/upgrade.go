package cluster

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// An upgrade of the Debian package replaces PostgreSQL's files under the running postmaster. The postmaster goes on
// with the old program in memory, but new server processes fail to load the new libraries. The keeper of the cluster
// detects this and restarts the server:
//
//  1. Every few seconds a new connection runs a block of PL/pgSQL, and the installed files are compared with those at
//     the start.
//  2. If a library can't be loaded, or another version is installed, the keeper waits until the files are unchanged
//     for one interval: the package may be half unpacked.
//  3. The installed program is tried on a scratch folder, with its libraries. Until that succeeds the old server is
//     left running: it still serves old connections.
//  4. New work is held back, running work may finish, and the server is shut down (fast mode) and started again.
type upgrade struct {
	every     time.Duration // between looks
	rehearsal time.Duration // between trials of files that haven't changed
	drain     time.Duration // what is under way may take so long to end
}

var defaultUpgrade = upgrade{every: 5 * time.Second, rehearsal: time.Minute, drain: 10 * time.Second}

// stamp is the identity of a file: replaced, it is another, even by one of the same length and time.
type stamp struct {
	inode, device  uint64
	size, modified int64
}

// installation is the identity of the files that an upgrade replaces, by path.
type installation map[string]stamp

// installed looks at the program and at each library in use, where this PostgreSQL has them: beside the folder of
// programs.
func installed(bin string, libraries []string) installation {
	at := installation{}
	real, err := filepath.EvalSymlinks(bin)
	if err != nil {
		return at
	}
	paths := []string{filepath.Join(real, "postgres")}
	for _, library := range libraries {
		paths = append(paths, filepath.Join(filepath.Dir(real), "lib", strings.TrimPrefix(library, "$libdir/")+".so"))
	}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			continue
		}
		if st, ok := info.Sys().(*syscall.Stat_t); ok {
			at[path] = stamp{st.Ino, uint64(st.Dev), st.Size, st.Mtim.Nano()}
		}
	}
	return at
}

// plpgsql is in every database; what else is loaded the database tells.
const plpgsql = "$libdir/plpgsql"

const sqlLibraries = `SELECT DISTINCT probin FROM pg_proc WHERE probin LIKE '$libdir/%' ORDER BY probin`

func (c *Cluster) libraries(ctx context.Context) []string {
	conn, err := connect(ctx, c.DSN(Superuser, Database))
	if err != nil {
		return []string{plpgsql}
	}
	defer func() { _ = conn.Close(ctx) }()
	rows, err := conn.Query(ctx, sqlLibraries)
	if err != nil {
		return []string{plpgsql}
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(all) == 0 {
		return []string{plpgsql}
	}
	return all
}

// outgrown returns a channel that gets one value once the server should be restarted, as an error that says why.
// Meanwhile it keeps the cluster's state: Outdated while new server processes can't work. It ends with ctx.
func (c *Cluster) outgrown(ctx context.Context, p *postmaster) <-chan error {
	due := make(chan error, 1)
	go func() {
		look := time.NewTicker(c.upgrade.every)
		defer look.Stop()
		w := watcher{c: c, pid: p.pid, libraries: []string{plpgsql}, begun: p.begun}
		for {
			select {
			case <-ctx.Done():
				return
			case <-look.C:
				if why := w.look(ctx); why != nil {
					due <- why
					return
				}
			}
		}
	}()
	return due
}

// watcher remembers what the last looks found.
type watcher struct {
	c         *Cluster
	pid       int
	libraries []string
	begun     installation // the program as it was when the postmaster began; libraries are added as they become known
	last      installation // at the last look
	tried     installation // at the last rehearsal
	triedAt   time.Time
	told      string
}

// look returns why the server should be restarted now, nil where it shouldn't.
func (w *watcher) look(ctx context.Context) error {
	c := w.c
	running, err := probe(ctx, c.DSN(Superuser, Database))
	var outdated *OutdatedError
	switch {
	case errors.As(err, &outdated):
	case err != nil || ctx.Err() != nil: // it is down, or going down: that is for others to notice
		return nil
	default:
		w.libraries = c.libraries(ctx)
		c.healed(w.pid)
	}
	now := installed(c.bin, w.libraries)
	for path := range now {
		if _, known := w.begun[path]; !known && outdated == nil {
			w.begun[path] = now[path]
		}
	}
	still := maps.Equal(now, w.last)
	w.last = now
	if outdated == nil && maps.Equal(now, w.begun) {
		w.told = ""
		return nil
	}
	version, versionErr := installedVersion(ctx, c.bin)
	if outdated == nil {
		if versionErr != nil || version == running { // half unpacked, or the same build installed again, which loads
			return nil
		}
		outdated = &OutdatedError{Running: running, Said: errReplaced.Error()}
	} else {
		defer func() { c.outdate(outdated, w.pid) }()
	}
	outdated.Installed = version
	w.tell(outdated)
	if !still || versionErr != nil || maps.Equal(now, w.tried) && time.Since(w.triedAt) < c.upgrade.rehearsal {
		return nil
	}
	w.tried, w.triedAt = now, time.Now()
	if err := c.rehearse(ctx, w.libraries); err != nil {
		c.log.Warn("the installed PostgreSQL does not work yet; the database is not restarted", "error", err)
		return nil
	}
	if !maps.Equal(now, installed(c.bin, w.libraries)) {
		return nil
	}
	return outdated
}

// errReplaced is why a server that still works is restarted.
var errReplaced = errors.New("another version was installed while it runs")

func (w *watcher) tell(err *OutdatedError) {
	if text := err.Error(); text != w.told {
		w.told = text
		w.c.log.Error("PostgreSQL was upgraded under the running database", "error", err)
	}
}

// outdate and healed move between Ready and Outdated, and leave every other state alone.
func (c *Cluster) outdate(err *OutdatedError, pid int) { c.move(Ready, Outdated, err, pid) }

func (c *Cluster) healed(pid int) { c.move(Outdated, Ready, nil, pid) }

func (c *Cluster) move(from, to State, err error, pid int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pid == pid && (c.state == from || c.state == to) {
		c.state, c.err = to, err
	}
}

func installedVersion(ctx context.Context, bin string) (string, error) {
	out, err := exec.CommandContext(ctx, filepath.Join(bin, "postgres"), "--version").Output()
	if err != nil {
		return "", fmt.Errorf("ask the installed PostgreSQL for its version: %w", err)
	}
	found := versionLine.FindSubmatch(out)
	if found == nil || string(found[1]) != major {
		return "", fmt.Errorf("the installed PostgreSQL says %q, want version %s", strings.TrimSpace(string(out)),
			major)
	}
	return string(found[1]) + string(found[2]), nil
}

// rehearse tries the installed program and the libraries on a scratch cluster, as a single process that nothing can
// connect to.
func (c *Cluster) rehearse(ctx context.Context, libraries []string) error {
	scratch, err := os.MkdirTemp(c.folder.dir, newFolder+"rehearsal-")
	if err != nil {
		return notWritable(c.folder.dir, err)
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	if c.folder.owner.credential() != nil {
		if err := os.Lchown(scratch, int(c.folder.owner.uid), int(c.folder.owner.gid)); err != nil {
			return notWritable(scratch, err)
		}
	}
	if err := runInitdb(ctx, c.thread, c.folder, c.bin, scratch, "--no-sync"); err != nil {
		return err
	}
	var load strings.Builder
	for _, library := range libraries {
		fmt.Fprintf(&load, "LOAD '%s'\n", strings.ReplaceAll(library, "'", "''"))
	}
	var out strings.Builder
	err = c.thread.do(func() error {
		cmd := exec.CommandContext(ctx, filepath.Join(c.bin, "postgres"), "--single", "-D", scratch, "-c",
			"exit_on_error=on", "postgres")
		cmd.Dir, cmd.Env, cmd.Stdin = scratch, childEnv(), strings.NewReader(load.String())
		cmd.Stdout, cmd.Stderr = &out, &out
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL,
			Credential: c.folder.owner.credential()}
		return cmd.Run()
	})
	if err != nil {
		return &PostmasterError{Cause: "rehearsal: " + lastLines(out.String(), 4),
			Log: filepath.Join(c.bin, "postgres")}
	}
	return nil
}

// OnRestart names what holds new work back while the server is restarted; it returns what lets it through again.
func (c *Cluster) OnRestart(hold func() (release func())) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hold = hold
}

const sqlBusy = `
SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
       AND state IS DISTINCT FROM 'idle'
   AND application_name <> 'pg_dump'`

// renew shuts p down once what is under way has ended, or the time for that has, and starts the server anew.
func (c *Cluster) renew(p *postmaster, why error) (*postmaster, *pgx.Conn, int) {
	c.log.Info("restarting the database with the PostgreSQL that is installed now", "because", why)
	c.mu.Lock()
	hold := c.hold
	c.mu.Unlock()
	release := func() {}
	if hold != nil {
		release = hold()
	}
	begin := time.Now()
	c.drained()
	c.set(Recovering, why, p.pid)
	ending, cancel := context.WithTimeout(context.Background(), stopWait)
	defer cancel()
	p.end(ending)
	next, conn, failures := c.revive(0, why)
	release()
	if next != nil {
		c.log.Info("the database was restarted", "took", time.Since(begin))
	}
	return next, conn, failures
}

// drained returns when no statement and no transaction is under way, or the time for that is over.
func (c *Cluster) drained() {
	ctx, cancel := context.WithTimeout(c.stopping, c.upgrade.drain)
	defer cancel()
	conn, err := connect(ctx, c.DSN(Superuser, "postgres"))
	if err != nil {
		return
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	_ = poll(ctx, func() bool { // where it can't be told, or takes too long, the shutdown ends what is left
		var busy int
		err := conn.QueryRow(ctx, sqlBusy).Scan(&busy)
		return err != nil || busy == 0
	})
}
