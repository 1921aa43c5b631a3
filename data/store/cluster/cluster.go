// Package cluster runs the private PostgreSQL 15 + PostGIS server that luodi keeps under its data folder when no
// database is named. The server listens on a unix socket only. It loses no acknowledged write whichever process is
// killed, and it is restarted after a crash. docs/cluster.md shows the folder, the settings and each kind of crash.
// Linux only: it relies on parent-death signals, /proc and open-file-description locks.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// State is what a cluster is doing.
type State string

// The states of a cluster. Only Ready answers queries.
const (
	Starting   State = "starting"   // the first start goes on
	Ready      State = "ready"      // it answers
	Recovering State = "recovering" // it died, cut everybody off or is restarted, and is being brought back
	// its files were replaced under it and new connections can't work; it is restarted once the new ones do
	Outdated State = "outdated"
	Failed   State = "failed"  // it could not be brought back; Err tells why; it is tried again now and then
	Stopped  State = "stopped" // by Stop, or an attached one because its luodi ended
)

// Options of Start. The zero value is usable.
type Options struct {
	Logger *slog.Logger // default: none
	BinDir string       // folder of postgres and initdb; default: where Debian puts version 15, else PATH

	Scratch bool // it is thrown away: nothing is synced
	Loading bool // it is filled and used by nobody yet

	// Unsynced: of tests. Nothing is synced, so that a power cut may lose it all; a killed process loses nothing.
	Unsynced bool

	retry   retry
	upgrade upgrade
}

// Cluster is a running server. Its methods may be called from any goroutine.
type Cluster struct {
	folder folder
	bin    string
	log    *slog.Logger
	retry  retry
	thread thread
	lock   *lock // nil: attached, the server belongs to another luodi

	upgrade upgrade

	mu    sync.Mutex
	state State
	err   error
	pid   int
	hold  func() (release func()) // of OnRestart

	stopping context.Context // done once Stop is called
	halt     context.CancelFunc
	fast     context.Context // how long the shutdown may be a fast one; set before stopping is done
	haltOnce sync.Once
	done     chan struct{} // closed when nothing of this Cluster runs any more
	stopErr  error         // read after done
}

// Start locks the data folder dir, creates it and a cluster in it if needed, ends the remains of a killed luodi, and
// starts the server. It returns when recovery is done, the server answers, and the database luodi exists. ctx bounds
// the start alone. Errors are of the kinds in this package; after an error nothing is left running.
func Start(ctx context.Context, dir string, opt Options) (*Cluster, error) {
	c, err := newCluster(dir, opt)
	if err != nil {
		return nil, err
	}
	if err := c.start(ctx, opt.BinDir); err != nil {
		return nil, fmt.Errorf("start the database in %s: %w", c.folder.dir, err)
	}
	return c, nil
}

func newCluster(dir string, opt Options) (*Cluster, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("data folder %s: %w", dir, err)
	}
	c := &Cluster{folder: folder{dir: abs, settings: opt.settings()}, log: opt.Logger, retry: opt.retry,
		upgrade: opt.upgrade, state: Starting, done: make(chan struct{})}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if c.retry == (retry{}) {
		c.retry = defaultRetry
	}
	if c.upgrade == (upgrade{}) {
		c.upgrade = defaultUpgrade
	}
	c.stopping, c.halt = context.WithCancel(context.Background())
	return c, nil
}

func (c *Cluster) start(ctx context.Context, binDir string) (err error) {
	if c.bin, err = findBinaries(ctx, binDir); err != nil {
		return err
	}
	if c.folder.owner, err = postmasterAccount(c.folder.dir); err != nil {
		return err
	}
	if err := c.folder.owner.reach(ctx, c.folder.dir); err != nil {
		return err
	}
	if err := makeAll(c.folder.dir); err != nil {
		return err
	}
	lock, lastSocket, err := takeLock(c.folder.dir, c.folder.owner)
	if err != nil {
		return err
	}
	c.lock, c.thread = lock, newThread()
	p, conn, err := c.prepare(ctx, lastSocket)
	if err != nil {
		c.release()
		return err
	}
	c.set(Ready, nil, p.pid)
	go c.supervise(p, conn)
	return nil
}

// prepare does what of a start needs the lock.
func (c *Cluster) prepare(ctx context.Context, lastSocket string) (*postmaster, *pgx.Conn, error) {
	f := &c.folder
	if err := dropHalfMade(ctx, f.dir); err != nil {
		return nil, nil, err
	}
	there, err := f.hasCluster()
	if err != nil {
		return nil, nil, err
	}
	if there {
		if err := clearProcesses(ctx, f.pg()); err != nil {
			return nil, nil, err
		}
	}
	f.dropLastSocket(lastSocket)
	if err := f.placeSocket(ctx); err != nil {
		return nil, nil, err
	}
	if err := makeOwn(f.log(), f.owner); err != nil {
		return nil, nil, err
	}
	if err := c.lock.note(f.socket); err != nil {
		return nil, nil, err
	}
	if !there {
		c.log.Info("making a database cluster", "folder", f.pg(), "user", f.owner.name)
		if err := makeCluster(ctx, c.thread, *f, c.bin); err != nil {
			return nil, nil, err
		}
	}
	return c.boot(ctx)
}

// boot starts one postmaster and returns when it answers. Where that fails the postmaster is ended.
func (c *Cluster) boot(ctx context.Context) (*postmaster, *pgx.Conn, error) {
	pruneLogs(c.folder.log())
	p, err := launch(ctx, c.thread, c.folder, c.bin)
	if err != nil {
		return nil, nil, err
	}
	conn, err := p.await(ctx, c.DSN(Superuser, "postgres"))
	if err == nil {
		err = c.furnish(ctx, conn)
		if err != nil {
			conn.Close(ctx)
		}
	}
	if err != nil {
		ending, cancel := context.WithTimeout(context.Background(), immediateWait)
		defer cancel()
		p.end(ending)
		return nil, nil, err
	}
	c.log.Info("database is up", "folder", c.folder.pg(), "pid", p.pid, "socket", c.folder.socket)
	return p, conn, nil
}

const (
	hasPostGIS  = `SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'postgis')`
	hasDatabase = `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`
	// makeDatabase takes template0, into which nothing can have been put.
	makeDatabase = `CREATE DATABASE ` + Database +
		` TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`
)

// furnish sees to what must be there besides a server: PostGIS to load, and the database.
func (c *Cluster) furnish(ctx context.Context, conn *pgx.Conn) error {
	var there bool
	if err := conn.QueryRow(ctx, hasPostGIS).Scan(&there); err != nil {
		return fmt.Errorf("look for PostGIS: %w", err)
	}
	if !there {
		return missingPostGIS(c.bin)
	}
	if err := conn.QueryRow(ctx, hasDatabase, Database).Scan(&there); err != nil {
		return fmt.Errorf("look for the database: %w", err)
	}
	if there {
		return nil
	}
	_, err := conn.Exec(ctx, makeDatabase)
	if isCode(err, "53100") {
		return &DiskFullError{Dir: c.folder.dir, Free: freeBytes(c.folder.dir), Need: runNeed, Cause: err.Error()}
	}
	if err != nil {
		return fmt.Errorf("make the database: %w", err)
	}
	return nil
}

// release gives up what start took; the server has ended or never began.
func (c *Cluster) release() {
	c.thread.close()
	c.folder.dropSocket(c.folder.socket)
	if err := c.lock.release(); err != nil {
		c.log.Warn("release the data folder", "error", err)
	}
	c.halt()
}

// DSN is the address of a database of the cluster for one of its roles, over the unix socket, for pgx and psql alike.
func (c *Cluster) DSN(user, database string) string {
	u := url.URL{Scheme: "postgres", User: url.User(user), Path: "/" + database,
		RawQuery: url.Values{"host": {c.folder.socket}, "port": {"5432"}}.Encode()}
	return u.String()
}

// Dir is the data folder, absolute.
func (c *Cluster) Dir() string { return c.folder.dir }

// State tells what the cluster is doing.
func (c *Cluster) State() State {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state
}

// Ready tells whether the cluster answers queries.
func (c *Cluster) Ready() bool { return c.State() == Ready }

// Err is why the cluster is recovering or failed; nil while it is ready, and after an orderly stop.
func (c *Cluster) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// PID is the postmaster's process, 0 while there is none and for an attached cluster.
func (c *Cluster) PID() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.pid
}

func (c *Cluster) set(s State, err error, pid int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state, c.err, c.pid = s, err, pid
}

// Stop shuts the server down: every connection is ended and all is written to disk. If that takes longer than ctx
// allows (30 s where it has no deadline) it is shut down at once, which loses nothing but makes the next start recover,
// and Stop says so in its error. Stopping again waits for the first and returns the same. For an attached cluster it
// ends the attachment and leaves the server running.
func (c *Cluster) Stop(ctx context.Context) error {
	c.haltOnce.Do(func() {
		c.fast = ctx
		c.halt()
	})
	<-c.done
	return c.stopErr
}

// stopWait is how long a fast shutdown may take when the caller of Stop sets no deadline.
const stopWait = 30 * time.Second

// ErrNotClean is in the error of a Stop that had to cut the shutdown short.
var ErrNotClean = errors.New("the database was stopped at once and will recover at the next start")
