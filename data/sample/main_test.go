package sample_test

import (
	"context"
	"testing"

	"luodi/data/sample"
	"luodi/data/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// loaded gives a database with the sample in it.
func loaded(t *testing.T) *storetest.DB {
	t.Helper()
	db := storetest.Filled(t, "sample", storetest.AsPlanner(sample.Load))
	return db
}

// scan reads one row of the owner's view.
func scan(t *testing.T, db *storetest.DB, sql string, into ...any) {
	t.Helper()
	if err := db.Owner.QueryRow(context.Background(), sql).Scan(into...); err != nil {
		t.Fatalf("%v in %s", err, sql)
	}
}

// none fails with every row that a query of one text column gives.
func none(t *testing.T, db *storetest.DB, sql string, args ...any) {
	t.Helper()
	rows, err := db.Owner.Query(context.Background(), sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var what string
		if err := rows.Scan(&what); err != nil {
			t.Fatal(err)
		}
		t.Error(what)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}
