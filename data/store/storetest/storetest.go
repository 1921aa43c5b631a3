// Package storetest gives each test a real database: a clone of a migrated template on a private cluster of the test
// program's own. A package that uses it calls Main from its TestMain.
package storetest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
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
	name := fmt.Sprintf("test_%d", shared.made.Add(1))
	if err := shared.admin(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		t.Fatalf("clone the template: %v", err)
	}
	src := shared.source(name)
	owner, err := pgxpool.New(ctx, src.URL)
	if err != nil {
		t.Fatal(err)
	}
	store, err := store.Open(ctx, src)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		store.Close()
		owner.Close()
		if err := shared.admin(context.Background(), "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop %s: %v", name, err)
		}
	})
	return &DB{Store: store, Planner: store.Planner, Public: store.Public, Owner: owner, Source: src}
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
	mu      sync.Mutex // CREATE DATABASE from one template runs one at a time
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
	if s.cluster, err = cluster.Start(ctx, filepath.Join(dir, "data"), cluster.Options{}); err != nil {
		return err
	}
	if err := s.admin(ctx, "CREATE DATABASE "+template+" TEMPLATE template0"); err != nil {
		return err
	}
	_, err = store.Migrate(ctx, s.source(template), nil)
	return err
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
