package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/mattn/go-isatty"

	"luodi/data/backup"
)

// stream stands for standard input or output where a file is named.
const stream = "-"

type backupCmd struct {
	database
	scratchFolder
	To     string `arg:"" help:"Folder to put the backup in, or - for standard output." placeholder:"DIR|-"`
	Verify bool   `help:"Restore the backup into a scratch cluster and compare clocks, counts and sums before it gets its name; not of standard output." negatable:"" default:"true"`
}

// scratchFolder is where backups are laid down to be proven.
type scratchFolder struct {
	Scratch string `help:"Folder with room for the database, to prove a backup in; by default the data folder." placeholder:"DIR" env:"LUODI_SCRATCH"`
}

func (s scratchFolder) of(d database) (*backup.Scratch, error) {
	if s.Scratch != "" {
		return &backup.Scratch{Dir: s.Scratch}, nil
	}
	dir, err := d.folder()
	return &backup.Scratch{Dir: dir}, err
}

// Run makes one backup beside a server that runs, or of a database that none serves.
func (b backupCmd) Run(ctx context.Context, e *env) error {
	if b.To == stream {
		if out, ok := e.stdout.(*os.File); ok && isatty.IsTerminal(out.Fd()) {
			return usageError{errors.New(e.text("cli.backup_terminal"))}
		}
	}
	log := slog.New(slog.NewTextHandler(e.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	db, err := b.join(ctx, e, log)
	if err != nil {
		return err
	}
	defer db.close(log)
	progress, _, done := progressBar(e.stderr)
	order := backup.Order{Source: db.source, Program: "luodi " + version, Progress: progress}
	begin := time.Now()
	if b.To == stream {
		m, err := b.write(ctx, order, e.stdout)
		if done(); err != nil {
			return err
		}
		e.note("cli.backup_written", "rows", m.Rows(), "at", m.At.Format(time.RFC3339), "seconds",
			seconds(time.Since(begin).Seconds()))
		return nil
	}
	var scratch *backup.Scratch
	if b.Verify {
		if scratch, err = b.of(b.database); err != nil {
			return err
		}
	}
	made, err := backup.Make(ctx, order, b.To, scratch)
	if done(); err != nil {
		return err
	}
	key := "cli.backup_unproven"
	if made.Verified {
		key = "cli.backup_made"
	}
	e.say(key, "file", made.Path, "bytes", made.Bytes, "rows", made.Manifest.Rows(), "at",
		made.At.Format(time.RFC3339), "seconds", seconds(time.Since(begin).Seconds()))
	return nil
}

// write writes to a pipe whose reader may stall: the end of ctx ends it all the same.
func (backupCmd) write(ctx context.Context, order backup.Order, out io.Writer) (backup.Manifest, error) {
	in, to := io.Pipe()
	defer context.AfterFunc(ctx, func() { _ = in.CloseWithError(ctx.Err()) })()
	copied := make(chan error, 1)
	go func() {
		_, err := io.Copy(out, in)
		_ = in.CloseWithError(err)
		copied <- err
	}()
	m, err := backup.Write(ctx, order, to)
	_ = to.CloseWithError(err)
	if err != nil {
		return m, err
	}
	select {
	case err = <-copied:
	case <-ctx.Done():
		err = ctx.Err()
	}
	return m, err
}

type restoreCmd struct {
	database
	scratchFolder
	From  string `arg:"" help:"The backup, or - for standard input." placeholder:"FILE|-"`
	Check bool   `help:"Only prove it: restore it into a scratch cluster that is thrown away."`
}

// Run restores a backup into an empty data folder, or an empty database that is named.
func (r restoreCmd) Run(ctx context.Context, e *env) error {
	in, closeFile, err := r.open(ctx, e)
	if err != nil {
		return err
	}
	defer closeFile()
	progress, _, done := progressBar(e.stderr)
	order := backup.Order{Progress: progress}
	scratch, err := r.of(r.database)
	if err != nil {
		return err
	}
	begin := time.Now()
	var m backup.Manifest
	key, where := "cli.restored", ""
	switch {
	case r.Check:
		key = "cli.backup_proven"
		m, err = scratch.Verify(ctx, order, in)
	case r.Database != "":
		order.Source.URL = r.Database
		where = e.text("cli.restored_database")
		m, err = backup.RestoreDatabase(ctx, order, in, os.TempDir())
	default:
		if where, err = r.folder(); err == nil {
			m, err = backup.RestoreFolder(ctx, order, in, where)
		}
	}
	if done(); err != nil {
		return err
	}
	e.say(key, "where", where, "rows", m.Rows(), "at", m.At.Format(time.RFC3339), "by", m.MadeBy, "seconds",
		seconds(time.Since(begin).Seconds()))
	for _, clock := range m.Clocks {
		e.say("cli.restored_clock", "park", clock.Park, "seq", clock.Seq, "at", clock.At)
	}
	return nil
}

// open opens a plain file, or standard input so that a sender who stalls doesn't keep the command from ending.
func (r restoreCmd) open(ctx context.Context, e *env) (io.Reader, func(), error) {
	if r.From == stream {
		out, to := io.Pipe()
		stop := context.AfterFunc(ctx, func() { _ = to.CloseWithError(ctx.Err()) })
		go func() {
			_, err := io.Copy(to, os.Stdin)
			_ = to.CloseWithError(err)
		}()
		return out, func() { stop() }, nil
	}
	info, err := os.Stat(r.From)
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, nil, usageError{errors.New(e.text("cli.restore_plain", "file", r.From))}
	}
	file, err := os.Open(r.From)
	if err != nil {
		return nil, nil, fmt.Errorf("open the backup: %w", err)
	}
	return file, func() { _ = file.Close() }, nil
}
