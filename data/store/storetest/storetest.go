// Package storetest gives each test a real database: a clone of a migrated template on a private cluster of the test
// program's own. A package that uses it calls Main from its TestMain.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"luodi/data/store"
	"luodi/data/store/cluster"
)

const template = "luodi_template"

// DB is one test's database.
type DB struct {
	Store           *store.Store
	Planner, Public *pgxpool.Pool // the pools of Store
	Owner           *pgxpool.Pool // owns the schema: for arranging and for breaking things on purpose
	Source          store.Source
}

// Main runs the tests of a package and stops the cluster they used.
func Main(m *testing.M) {
	shared.allowed = true
	code := m.Run()
	if err := shared.stop(); err != nil {
		fmt.Fprintln(os.Stderr, "stop the test cluster:", err)
		code = 1
	}
	os.Exit(code)
}

// New clones the migrated template for this test; it is dropped when the test ends. It fails the test where no PostGIS
// is.
func New(t testing.TB) *DB {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	if err := shared.start(ctx); err != nil {
		t.Fatalf("start the test cluster: %v", err)
	}
	return clone(ctx, t, template)
}

// Filled clones a template that fill has been applied to, once for all tests of the program that name the same one.
// What fill makes, its ids and its times are therefore the same for all of them.
func Filled(t testing.TB, name string, fill func(context.Context, *DB) error) *DB {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	if err := shared.start(ctx); err != nil {
		t.Fatalf("start the test cluster: %v", err)
	}
	if err := shared.fill(ctx, template+"_"+name, fill); err != nil {
		t.Fatalf("fill the template %s: %v", name, err)
	}
	return clone(ctx, t, template+"_"+name)
}

// AsPlanner is a fill for [Filled] that needs the planner's connections alone.
func AsPlanner(fill func(context.Context, *pgxpool.Pool) error) func(context.Context, *DB) error {
	return func(ctx context.Context, db *DB) error { return fill(ctx, db.Planner) }
}

// clone gives a test a database like another one, to which nobody is connected.
func clone(ctx context.Context, t testing.TB, like string) *DB {
	t.Helper()
	name := fmt.Sprintf("test_%d", shared.made.Add(1))
	if err := shared.copy(ctx, name, like); err != nil {
		t.Fatalf("clone the template: %v", err)
	}
	db, err := shared.open(ctx, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		db.close()
		db = nil // a finished test keeps its clean-ups, and with them what they name
		if err := shared.admin(context.Background(), "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop %s: %v", name, err)
		}
	})
	return db
}

func (db *DB) close() {
	db.Store.Close()
	db.Owner.Close()
}

// Empty gives the source of a new database that was never migrated.
func Empty(t testing.TB) store.Source {
	t.Helper()
	ctx := context.Background()
	if err := shared.start(ctx); err != nil {
		t.Fatalf("start the test cluster: %v", err)
	}
	name := fmt.Sprintf("test_%d", shared.made.Add(1))
	if err := shared.admin(ctx, "CREATE DATABASE "+name+" TEMPLATE template0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := shared.admin(context.Background(), "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop %s: %v", name, err)
		}
	})
	return shared.source(name)
}

// server is the one cluster of a test program, started at first use.
type server struct {
	allowed bool
	once    sync.Once
	err     error
	dir     string
	cluster *cluster.Cluster
	made    atomic.Int64
	filling sync.Mutex
	filled  map[string]error // what came of each filled template
	mu      sync.Mutex       // CREATE DATABASE from one template runs one at a time
}

var shared server

func (s *server) start(ctx context.Context) error {
	s.once.Do(func() { s.err = s.build(ctx) })
	return s.err
}

func (s *server) build(ctx context.Context) error {
	if !s.allowed {
		return fmt.Errorf("the package needs a TestMain that calls storetest.Main")
	}
	dir, err := os.MkdirTemp("", "luodi-test-")
	if err != nil {
		return err
	}
	s.dir = dir
	if err := os.Chmod(dir, 0o755); err != nil { // the postmaster may run as another user
		return err
	}
	options := cluster.Options{Unsynced: !measured()}
	if s.cluster, err = cluster.Start(ctx, filepath.Join(dir, "data"), options); err != nil {
		return err
	}
	if err := s.admin(ctx, "CREATE DATABASE "+template+" TEMPLATE template0"); err != nil {
		return err
	}
	_, err = store.Migrate(ctx, s.source(template), nil)
	return err
}

// measured tells a bench or a soak, in which writes take as long as for a park.
func measured() bool { return os.Getenv("LUODI_BENCH") != "" || os.Getenv("LUODI_SOAK") != "" }

// copy makes a database like another one by copying its files, which takes less than writing each page to the log. The
// server waits 5 s for those who leave the other one, which on a busy machine may be too short: then it is asked again.
func (s *server) copy(ctx context.Context, name, like string) error {
	for {
		err := s.admin(ctx, "CREATE DATABASE "+name+" TEMPLATE "+like+" STRATEGY FILE_COPY")
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.Code != objectInUse {
			return err
		}
	}
}

// objectInUse is a SQLSTATE: somebody is connected to the database.
const objectInUse = "55006"

// fill makes a template out of the migrated one, unless that was tried before.
func (s *server) fill(ctx context.Context, name string, fill func(context.Context, *DB) error) error {
	s.filling.Lock()
	defer s.filling.Unlock()
	if err, tried := s.filled[name]; tried {
		return err
	}
	err := s.copy(ctx, name, template)
	if err == nil {
		err = s.fillNew(ctx, name, fill)
	}
	if s.filled == nil {
		s.filled = map[string]error{}
	}
	s.filled[name] = err
	return err
}

func (s *server) fillNew(ctx context.Context, name string, fill func(context.Context, *DB) error) error {
	db, err := s.open(ctx, name)
	if err != nil {
		return err
	}
	defer db.close()
	return fill(ctx, db)
}

// open connects to a database as each of its roles.
func (s *server) open(ctx context.Context, name string) (*DB, error) {
	src := s.source(name)
	owner, err := pgxpool.New(ctx, src.URL)
	if err != nil {
		return nil, err
	}
	store, err := store.Open(ctx, src)
	if err != nil {
		owner.Close()
		return nil, err
	}
	return &DB{Store: store, Planner: store.Planner, Public: store.Public, Owner: owner, Source: src}, nil
}

func (s *server) source(database string) store.Source {
	return store.Source{URL: s.cluster.DSN("luodi", database), LoginRoles: true, MaxConns: 8}
}

func (s *server) admin(ctx context.Context, sql string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	conn, err := pgx.Connect(ctx, s.cluster.DSN("luodi", "postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.Background()) }()
	_, err = conn.Exec(ctx, sql)
	return err
}

func (s *server) stop() error {
	if s.dir == "" {
		return nil
	}
	defer func() { _ = os.RemoveAll(s.dir) }()
	if s.cluster == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	return s.cluster.Stop(ctx)
}
