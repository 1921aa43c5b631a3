package storetest

import (
	"bytes"
	"context"
	_ "embed"
	"io"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/klauspost/compress/zstd"

	"luodi/data/store"
)

// old is pg_dump's copy, with INSERTs, of a database at schema.OldestKept that holds the sample park: made by the
// luodi of schema.OldestKeptAt.
//
//go:embed old-schema.sql.zst
var old []byte

// Old gives the source of a new database at schema.OldestKept, from before the schema was folded, with the sample
// park in it.
func Old(t testing.TB) store.Source {
	t.Helper()
	src := Empty(t)
	reader, err := zstd.NewReader(bytes.NewReader(old))
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	sql, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, src.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, string(sql)); err != nil {
		t.Fatalf("load the old schema: %v", err)
	}
	return src
}
