package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"luodi/data/store"
)

// Order is what every backup and restore needs to know.
type Order struct {
	Source store.Source
	// Program names the program that makes the backup, such as "luodi 1.2.0".
	Program string
	// Progress is told how far the work is, in steps of its own; nil: nobody is.
	Progress func(done, total int64)
}

func (o Order) progress(done, total int64) {
	if o.Progress != nil {
		o.Progress(done, total)
	}
}

// Write writes a backup of the database to out:
//
// 1. A snapshot is exported, so that all later steps see the database at one moment, despite concurrent writers.
// 2. pg_dump writes the dump of that snapshot. Meanwhile:
// 3. The connection that exported the snapshot reads the clocks, and counts and checksums every table.
// 4. The manifest comes last and holds these figures.
func Write(ctx context.Context, o Order, out io.Writer) (m Manifest, err error) {
	schema, err := store.SchemaOf(ctx, o.Source)
	if err != nil {
		return m, err
	}
	conn, err := pgx.Connect(ctx, o.Source.URL)
	if err != nil {
		return m, fmt.Errorf("reach the database: %w: %w", store.ErrUnavailable, err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	t, err := findTools(ctx, conn, o.Source.URL)
	if err != nil {
		return m, err
	}
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return m, fmt.Errorf("begin to back up: %w", err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	var snapshot string
	var at time.Time
	if err := tx.QueryRow(ctx, `SELECT pg_export_snapshot(), clock_timestamp()`).Scan(&snapshot, &at); err != nil {
		return m, fmt.Errorf("export a snapshot: %w", err)
	}
	m.Head = Head{Format: formatVersion, MadeBy: o.Program, Schema: schema.Current,
		Postgres: conn.PgConn().ParameterStatus("server_version"), At: at.UTC()}
	w, err := newWriter(out, m.Head)
	if err != nil {
		return m, noRoom(err)
	}
	both, cancel := context.WithCancel(ctx) // whichever fails ends the other
	defer cancel()
	var group sync.WaitGroup
	var dumped error
	group.Go(func() {
		if dumped = t.dump(both, snapshot, w); dumped != nil {
			cancel()
		}
	})
	found, summed := read(both, tx, func(done, of int) { o.progress(int64(done), int64(of)) })
	if summed != nil {
		cancel()
	}
	group.Wait()
	if dumped != nil || summed != nil {
		return m, noRoom(errors.Join(ctx.Err(), w.err, dumped, summed))
	}
	m.Clocks, m.Tables = found.Clocks, found.Tables
	m, err = w.close(m)
	return m, noRoom(err)
}

// noRoom gives a full disk, or a file that may not grow, its own kind.
func noRoom(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG) {
		return fmt.Errorf("%w: %w", ErrNoRoom, err)
	}
	return err
}
