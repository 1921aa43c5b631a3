package data_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"luodi/data"
	"luodi/data/store/storetest"
)

func TestMigrateAppliesEveryFileOnceInOrder(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	src := storetest.Empty(t)
	before, err := data.SchemaOf(ctx, src)
	if err != nil {
		t.Fatal(err)
	}
	if before.Current != 0 || len(before.Pending) != before.Target || before.Target == 0 {
		t.Fatalf("an empty database is at %+v", before)
	}
	var applied []string
	if _, err := data.Migrate(ctx, src, func(name string) { applied = append(applied, name) }); err != nil {
		t.Fatal(err)
	}
	if len(applied) != before.Target || applied[0] != before.Pending[0] {
		t.Errorf("applied %v, pending were %v", applied, before.Pending)
	}
	again, err := data.Migrate(ctx, src, func(name string) { t.Errorf("%s was applied twice", name) })
	if err != nil || again.Current != again.Target {
		t.Errorf("second run: %+v, %v", again, err)
	}
}

func TestSeveralMigratorsAtOnceMigrateOnce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	src := storetest.Empty(t)
	if _, err := data.SchemaOf(ctx, src); err != nil {
		t.Fatal(err)
	}
	errs := make(chan error, 4)
	for range 4 {
		go func() {
			_, err := data.Migrate(ctx, src, nil)
			errs <- err
		}()
	}
	for range 4 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

func TestADatabaseNewerThanTheProgramIsRefused(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storetest.New(t)
	if _, err := db.Owner.Exec(ctx, "UPDATE schema_version SET version = version + 1"); err != nil {
		t.Fatal(err)
	}
	if _, err := data.Migrate(ctx, db.Source, nil); !errors.Is(err, data.ErrNewer) {
		t.Errorf("got %v, want ErrNewer", err)
	}
}

func TestAFailedMigrationLeavesTheDatabaseAsItWas(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	src := storetest.Empty(t)
	conn, err := pgx.Connect(ctx, src.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, "CREATE TABLE zone (in_the_way int)"); err != nil {
		t.Fatal(err)
	}
	if _, err := data.Migrate(ctx, src, nil); err == nil {
		t.Fatal("migrated over a table that is in the way")
	}
	schema, err := data.SchemaOf(ctx, src)
	if err != nil || schema.Current != 1 {
		t.Errorf("after the failure: %+v, %v; want the first file applied and no more", schema, err)
	}
	var half bool
	if err := conn.QueryRow(ctx, "SELECT to_regclass('plan_unit') IS NOT NULL").Scan(&half); err != nil || half {
		t.Errorf("half of the second file is there: %v, %v", half, err)
	}
}
