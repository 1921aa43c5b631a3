package storetest

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

// Alter carries out a statement as the owner, who may do anything.
func Alter(t testing.TB, db *DB, sql string, args ...any) {
	t.Helper()
	if _, err := db.Owner.Exec(context.Background(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// Number reads the one value of a query, as the owner.
func Number[T any](t testing.TB, db *DB, sql string, args ...any) T {
	t.Helper()
	var v T
	if err := db.Owner.QueryRow(context.Background(), sql, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// Shared is a file of the folder of data beside the repository; the test skips where it is missing.
func Shared(t testing.TB, name string) string {
	t.Helper()
	root := os.Getenv("LUODI_SHARED")
	if root == "" {
		root = filepath.Join(top(t), "..", "shared")
	}
	path := filepath.Join(root, name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is not here: set LUODI_SHARED to the folder that holds it", path)
	}
	return path
}

// top is the folder of the module that the test is of.
func top(t testing.TB) string {
	t.Helper()
	folder, err := os.Getwd()
	for err == nil {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		up := filepath.Dir(folder)
		if up == folder {
			break
		}
		folder = up
	}
	t.Fatal("the test is of no module: ", err)
	return ""
}
