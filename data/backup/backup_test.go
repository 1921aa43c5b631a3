package backup_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/backup"
	"luodi/data/people"
	"luodi/data/sample"
	"luodi/data/schema"
	"luodi/data/store"
	"luodi/data/store/cluster"
	"luodi/data/store/storetest"
)

func withSample(t *testing.T) *storetest.DB {
	t.Helper()
	db := storetest.Filled(t, "sample", storetest.AsPlanner(sample.Load))
	return db
}

func order(db *storetest.DB) backup.Order {
	return backup.Order{Source: db.Source, Program: "luodi test"}
}

// reachable is a new folder that the postmaster's user can enter.
func reachable(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "luodi-backup-")
	check(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	check(t, os.Chmod(dir, 0o755))
	return dir
}

func scratch(t *testing.T) *backup.Scratch { return &backup.Scratch{Dir: reachable(t)} }

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// served starts the cluster of a restored data folder.
func served(t *testing.T, dir string) (*store.Store, store.Source) {
	t.Helper()
	c, err := cluster.Start(t.Context(), dir, cluster.Options{})
	check(t, err)
	t.Cleanup(func() { _ = c.Stop(context.Background()) })
	src := store.Source{URL: c.DSN("luodi", "luodi"), LoginRoles: true, MaxConns: 4}
	_, err = store.Migrate(t.Context(), src, nil)
	check(t, err)
	store, err := store.Open(t.Context(), src)
	check(t, err)
	t.Cleanup(store.Close)
	return store, src
}

func scan[T any](t *testing.T, src store.Source, sql string, args ...any) T {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), src.URL)
	check(t, err)
	defer func() { _ = conn.Close(context.Background()) }()
	var v T
	if err := conn.QueryRow(t.Context(), sql, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// schemaOf is all of a database that isn't rows: tables, functions, triggers, grants; and the roles with their
// memberships.
func schemaOf(t *testing.T, src store.Source) string {
	t.Helper()
	bin, err := cluster.FindBinaries(t.Context())
	check(t, err)
	out, err := exec.CommandContext(t.Context(), filepath.Join(bin, "pg_dump"), "--schema-only", src.URL).Output()
	check(t, err)
	var kept []string
	for line := range strings.Lines(string(out)) {
		if !strings.HasPrefix(line, "--") && !strings.HasPrefix(line, `\`) {
			kept = append(kept, line)
		}
	}
	roles := scan[string](t, src, `
SELECT string_agg(concat_ws(' ', r.rolname, r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin,
       r.rolreplication, r.rolbypassrls, r.rolconfig::text,
         (SELECT string_agg(m.rolname, ',') FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member
           WHERE a.roleid = r.oid)), E'\n' ORDER BY r.rolname)
  FROM pg_roles r WHERE r.rolname LIKE 'luodi%'`)
	// A condition of several parts loses parentheses that mean nothing when a view is made anew from its text.
	return strings.NewReplacer("(", "", ")", "").Replace(strings.Join(kept, "")) + roles
}

func TestWhatIsRestoredIsWhatWasBackedUp(t *testing.T) {
	t.Parallel()
	db := withSample(t)
	account, _, err := people.Of(db.Store).AddAccount(t.Context(),
		people.Newcomer{Login: "keeper", Name: "Keeper", Roles: []people.Grant{{Role: people.Admin}}})
	check(t, err)
	_, secret, err := people.Of(db.Store).CreateToken(t.Context(),
		people.TokenOrder{Account: account.ID, Name: "t", Scope: people.ScopeWrite, Life: time.Hour})
	check(t, err)
	_, err = db.Owner.Exec(t.Context(), `INSERT INTO session (hash, account_id)
		VALUES (decode(repeat('ab', 32), 'hex'), $1)`, account.ID)
	check(t, err)
	park := scan[uuid.UUID](t, db.Source, `SELECT park_id FROM park WHERE code = 'carbon-fibre'`)
	_, err = db.Owner.Exec(t.Context(), `INSERT INTO webhook (park_id, webhook_id, url, secret, made_by, cursor,
       lease, leased_until)
		VALUES ($1, gen_random_uuid(), 'https://x.example/', decode(repeat('00', 32), 'hex'), $2, 1,
		  gen_random_uuid(), now() + interval '1 hour')`, park, account.ID)
	check(t, err)

	dir := t.TempDir()
	made, err := backup.Make(t.Context(), order(db), dir, scratch(t))
	check(t, err)
	if info, err := os.Stat(made.Path); err != nil || info.Mode().Perm() != 0o600 || info.Size() != made.Bytes ||
		!made.Verified {
		t.Errorf("%+v: %v", info, err)
	}
	if files, err := backup.List(dir); err != nil || len(files) != 1 || files[0] != made.File {
		t.Errorf("the folder holds %v: %v, want %v", files, err, made.File)
	}
	file, err := os.Open(made.Path)
	check(t, err)
	defer func() { _ = file.Close() }()
	target := filepath.Join(reachable(t), "var")
	m, err := backup.RestoreFolder(t.Context(), backup.Order{}, file, target)
	check(t, err)
	if m.Rows() != made.Manifest.Rows() || m.Rows() == 0 {
		t.Errorf("%d rows of %d", m.Rows(), made.Manifest.Rows())
	}
	store, src := served(t, target)
	if got, want := schemaOf(t, src), schemaOf(t, db.Source); got != want {
		t.Errorf("the restored schema, its grants and roles differ:\n%s", firstDifference(want, got))
	}
	carbon := slices.IndexFunc(made.Manifest.Clocks, func(c backup.Clock) bool { return c.Park == "carbon-fibre" })
	for sql, want := range map[string]int{
		`SELECT count(*)::int FROM session`:                                                          0,
		`SELECT count(*)::int FROM park_clock WHERE writer IS NOT NULL`:                              0,
		`SELECT count(*)::int FROM webhook WHERE lease IS NOT NULL`:                                  0,
		`SELECT count(*)::int FROM file WHERE hash = sha256(bytes)`:                                  4,
		`SELECT cursor::int FROM webhook`:                                                            1,
		`SELECT count(*)::int FROM pg_stats WHERE tablename = 'parcel_version' AND attname = 'code'`: 1,
		`SELECT seq::int FROM park_clock JOIN park USING (park_id) WHERE code = 'carbon-fibre'`:      int(made.Manifest.Clocks[carbon].Seq),
	} {
		if got := scan[int](t, src, sql); got != want {
			t.Errorf("%s: %d, want %d", sql, got, want)
		}
	}
	if who, err := people.Of(store).WhoseToken(t.Context(), secret); err != nil || who.Account.Login != "keeper" {
		t.Errorf("the token belongs to %+v: %v", who, err)
	}
	if _, err := backup.RestoreFolder(t.Context(), backup.Order{}, file, target); !errors.Is(err, backup.ErrNotEmpty) {
		t.Errorf("a second restore over the first: %v", err)
	}
}

func firstDifference(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "-" + a[i] + "\n+" + b[i]
		}
	}
	return "one is longer"
}

func TestABackupToAStreamIsRestoredIntoAnEmptyDatabaseAndNoOther(t *testing.T) {
	t.Parallel()
	db := withSample(t)
	var stream bytes.Buffer
	m, err := backup.Write(t.Context(), order(db), &stream)
	check(t, err)
	whole := stream.Bytes()
	empty := storetest.Empty(t)
	into := backup.Order{Source: empty}
	// Cut short anywhere, or with a byte changed, it is refused before the database is touched.
	for name, broken := range map[string][]byte{
		"nothing": nil, "its head alone": whole[:2048], "half": whole[:len(whole)/2],
		"without its manifest": whole[:bytes.LastIndex(whole, []byte("manifest.json"))],
		"a byte changed":       changed(whole, 100_000), "another file": []byte(strings.Repeat("x", 4096)),
	} {
		_, err := backup.RestoreDatabase(t.Context(), into, bytes.NewReader(broken), t.TempDir())
		if !errors.Is(err, backup.ErrBroken) && !errors.Is(err, backup.ErrNotBackup) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := scan[int](t, empty,
		`SELECT count(*)::int FROM pg_class WHERE relnamespace = 'public'::regnamespace`); n != 0 {
		t.Errorf("%d relations after backups that were refused", n)
	}
	got, err := backup.RestoreDatabase(t.Context(), into, bytes.NewReader(whole), t.TempDir())
	check(t, err)
	if got.Rows() != m.Rows() {
		t.Errorf("%d rows, want %d", got.Rows(), m.Rows())
	}
	if _, err := backup.RestoreDatabase(t.Context(), into, bytes.NewReader(whole), t.TempDir()); !errors.Is(err,
		backup.ErrNotEmpty) {
		t.Errorf("a second restore: %v", err)
	}
}

func changed(whole []byte, at int) []byte {
	broken := bytes.Clone(whole)
	broken[at] ^= 1
	return broken
}

func TestWhatDiffersAfterARestoreIsTold(t *testing.T) {
	t.Parallel()
	db := withSample(t)
	var stream bytes.Buffer
	_, err := backup.Write(t.Context(), order(db), &stream)
	check(t, err)
	// A manifest that says another sum of one table, as if a row had been lost on the way.
	i := bytes.LastIndex(stream.Bytes(), []byte(`"sum": "`)) + len(`"sum": "`)
	for stream.Bytes()[i] < '0' || stream.Bytes()[i] > '8' {
		i++
	}
	stream.Bytes()[i]++
	_, err = scratch(t).Verify(t.Context(), backup.Order{}, &stream)
	if !errors.Is(err, backup.ErrDifferent) || !strings.Contains(err.Error(), "table public.") {
		t.Errorf("got %v", err)
	}
}

func TestABackupOfANewerProgramIsRefused(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	var stream bytes.Buffer
	m, err := backup.Write(t.Context(), order(db), &stream)
	check(t, err)
	newer := bytes.Replace(stream.Bytes(), []byte(`"format": 1`), []byte(`"format": 9`), 1)
	if _, err := backup.ReadHead(bytes.NewReader(newer)); !errors.Is(err, backup.ErrNewer) {
		t.Errorf("format 9: %v", err)
	}
	_ = m
	if _, err := backup.ReadHead(io.LimitReader(&stream, 100)); !errors.Is(err, backup.ErrNotBackup) {
		t.Errorf("cut within its head: %v", err)
	}
}

// A backup that a luodi of before the folded schema made is restored as it is, and migrated like a database.
func TestABackupOfBeforeTheFoldIsRestored(t *testing.T) {
	t.Parallel()
	var stream bytes.Buffer
	made, err := backup.Write(t.Context(), backup.Order{Source: storetest.Old(t), Program: "luodi test"}, &stream)
	check(t, err)
	if made.Schema != schema.OldestKept || made.Rows() < 1000 {
		t.Fatalf("%+v", made.Head)
	}
	into := storetest.Empty(t)
	_, err = backup.RestoreDatabase(t.Context(), backup.Order{Source: into}, &stream, t.TempDir())
	check(t, err)
	state, err := store.Migrate(t.Context(), into, nil)
	check(t, err)
	if got, want := schemaOf(t, into), schemaOf(t, storetest.New(t).Source); state.Current < schema.Baseline || got != want {
		t.Errorf("%+v\n%s", state, firstDifference(want, got))
	}
}

func TestABackupOfAnOlderSchemaNamesTheProgramForIt(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	var stream bytes.Buffer
	made, err := backup.Write(t.Context(), order(db), &stream)
	check(t, err)
	for version, newer := range map[int]bool{schema.OldestKept - 1: false, 199: true} {
		of := bytes.Replace(stream.Bytes(), fmt.Appendf(nil, `"schema": %d,`, made.Schema),
			fmt.Appendf(nil, `"schema": %*d,`, len(fmt.Sprint(made.Schema)), version), 1)
		into := storetest.Empty(t)
		_, err = backup.RestoreDatabase(t.Context(), backup.Order{Source: into}, bytes.NewReader(of), t.TempDir())
		var older *schema.OlderError
		if errors.As(err, &older) == newer || errors.Is(err, backup.ErrNewer) != newer {
			t.Errorf("a backup at %d: %v", version, err)
		}
	}
}
