package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"luodi/data/sample"
	"luodi/data/store"
	"luodi/data/store/cluster"
)

// ownCluster starts a private cluster of its own in a new folder that the postmaster's user can reach.
func ownCluster(t *testing.T, dir string) (*cluster.Cluster, store.Source) {
	t.Helper()
	c, err := cluster.Start(t.Context(), dir, cluster.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Stop(context.Background()) })
	return c, store.Source{URL: c.DSN("luodi", "luodi"), LoginRoles: true, MaxConns: 4}
}

func reachable(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "luodi-data-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestDamagedPagesAreNamedAndAllElseGoesOn(t *testing.T) {
	t.Parallel()
	dir := reachable(t)
	c, src := ownCluster(t, dir)
	if _, err := store.Migrate(t.Context(), src, nil); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	if err := sample.Load(t.Context(), db.Planner); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), src.URL)
	if err != nil {
		t.Fatal(err)
	}
	var table, index string
	if err := conn.QueryRow(t.Context(), `SELECT pg_relation_filepath('parcel_version'),
		pg_relation_filepath('project_version_pkey')`).Scan(&table, &index); err != nil {
		t.Fatal(err)
	}
	_ = conn.Close(t.Context())
	db.Close()
	bin, err := cluster.FindBinaries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if files, err := cluster.WrongPagesOf(t.Context(), dir, bin); err != nil || len(files) > 0 {
		t.Fatalf("whole, but %v are wrong: %v", files, err)
	}
	rot(t, filepath.Join(dir, "postgres", table), 0)
	rot(t, filepath.Join(dir, "postgres", index), 1) // page 0 is read by whoever plans
	want := []string{table, index}
	slices.Sort(want)
	files, err := cluster.WrongPagesOf(t.Context(), dir, bin)
	if slices.Sort(files); err != nil || !slices.Equal(files, want) {
		t.Errorf("of a stopped one %v are wrong, want %v: %v", files, want, err)
	}

	c, src = ownCluster(t, dir)
	if db, err = store.Open(t.Context(), src); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Planner.Exec(t.Context(),
		`SELECT count(*) FROM parcel_version WHERE geom IS NOT NULL`); !errors.Is(store.KindOf(err), store.ErrDamaged) {
		t.Errorf("a read of the damaged page: %v", err)
	}
	if err := db.View(t.Context(), func(v *store.View) error {
		_,
			err := v.Park(t.Context(), "carbon-fibre")
		return err
	}); err != nil {
		t.Errorf("a read elsewhere: %v", err)
	}
	if got := db.Damaged(t.Context()); !slices.Equal(got, []string{"parcel_version"}) {
		t.Errorf("the store names %v", got)
	}
	files, err = c.WrongPages(t.Context(), bin)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := store.NameDamaged(t.Context(), src, files)
	if slices.Sort(parts); err != nil || !slices.Equal(parts,
		[]string{"parcel_version", "project_version (project_version_pkey)"}) {
		t.Errorf("of one that runs %v are wrong: %v", parts, err)
	}
	if tables, err := store.ReadTables(t.Context(), src); err != nil ||
		!slices.Equal(tables, []string{"public.parcel_version"}) {
		t.Errorf("reading all rows names %v: %v", tables, err)
	}
}

// rot changes some bytes in the middle of a page of a file, as a disk that goes bad does.
func rot(t *testing.T, path string, page int64) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	if _, err := file.WriteAt([]byte("rotten"), 8192*page+5000); err != nil {
		t.Fatal(err)
	}
}
