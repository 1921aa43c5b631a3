package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"luodi/api"
	"luodi/data/backup"
	"luodi/data/store"
	"luodi/data/store/storetest"
)

func TestABackupGoesOutAndComesBackByCommand(t *testing.T) {
	t.Parallel()
	db, empty := storetest.New(t), storetest.Empty(t)
	storetest.Park(t, db, "home")
	dir := t.TempDir()
	code, out, said := luodi(t, "--lang", "en", "backup", "--database", db.Source.URL, "--no-verify", dir)
	files, err := backup.List(dir)
	if code != exitDone || err != nil || len(files) != 1 || !strings.Contains(out, files[0].Path) {
		t.Fatalf("%d: %s%s; the folder holds %v, %v", code, out, said, files, err)
	}
	code, whole, said := luodi(t, "--lang", "en", "backup", "--database", db.Source.URL, "-")
	if head, err := backup.ReadHead(strings.NewReader(whole)); code != exitDone || err != nil ||
		head.MadeBy != "luodi "+version {
		t.Errorf("to standard output: %d: %+v, %v: %s", code, head, err, said)
	}
	broken := filepath.Join(t.TempDir(), "broken.tar")
	if err := os.WriteFile(broken, []byte(whole[:len(whole)*9/10]), 0o600); err != nil {
		t.Fatal(err)
	}
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"restore", "--database", empty.URL, broken}, exitFailed, "not whole; nothing was restored"},
		{[]string{"restore", "--database", empty.URL, fifo}, exitUsage, "not a plain file"},
		{[]string{"restore", "--database", empty.URL, "/etc/passwd"}, exitFailed, "not a backup of luodi"},
		{[]string{"restore", "--database", empty.URL, files[0].Path}, exitDone, "park home: at change 0"},
		{[]string{"restore", "--database", empty.URL, files[0].Path}, exitFailed,
			"empty database only; nothing was changed"},
		{[]string{"serve", "--backup-every", "1h", "--listen", "127.0.0.1:0"}, exitUsage, "--backup-dir"},
		{[]string{"doctor", "--database", empty.URL}, exitDone, "all tables were read and none is damaged"},
	} {
		if code, out, said := luodi(t, append([]string{"--lang", "en"}, c.args...)...); code != c.code ||
			!strings.Contains(out+said, c.says) {
			t.Errorf("%v: %d, want %d and %q:\n%s%s", c.args, code, c.code, c.says, out, said)
		}
	}
}

func TestAStalledReaderDoesNotKeepABackupFromEnding(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := backupCmd{}.write(ctx, backup.Order{Source: db.Source}, stalled{cancel})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// stalled takes nothing for ever; the first try calls cancel.
type stalled struct{ cancel func() }

func (s stalled) Write([]byte) (int, error) {
	s.cancel()
	select {}
}

func TestANamedDatabaseThatTakesNoNewConnectionsIsToldAndSoIsItsReturn(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	var said bytes.Buffer
	log := slog.New(slog.NewTextHandler(&said, nil))
	h := &health{store: db.Store, url: db.Source.URL}
	h.look(t.Context(), log)
	if err := h.ready(t.Context()); err != nil || said.Len() > 0 {
		t.Errorf("well: %v, %s", err, said.String())
	}
	h.url = strings.Replace(db.Source.URL, "/test_", "/gone_", 1)
	h.look(t.Context(), log)
	h.look(t.Context(), log)
	if err := h.ready(t.Context()); !errors.Is(err, store.ErrUnavailable) ||
		strings.Count(said.String(), "level=ERROR") != 1 {
		t.Errorf("new connections fail: %v\n%s", err, said.String())
	}
	h.url = db.Source.URL
	h.look(t.Context(), log)
	if err := h.ready(t.Context()); err != nil || strings.Count(said.String(), "takes new connections again") != 1 {
		t.Errorf("well again: %v\n%s", err, said.String())
	}
}

func TestTheStateOfBackupsIsToldWithItsKindAndNoPath(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := &backup.Schedule{Order: backup.Order{Source: db.Source}, Dir: filepath.Join(file, "below"), Every: time.Hour,
		Keep: 1, Logger: slog.New(slog.DiscardHandler)}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go s.Run(ctx)
	h := &health{store: db.Store, backups: s}
	for h.condition(t.Context()).Backup.Error == "" {
		if t.Context().Err() != nil {
			t.Fatal("no failure was told")
		}
		time.Sleep(time.Millisecond)
	}
	got := h.condition(t.Context())
	if len(got.Warnings) != 1 || got.Warnings[0].Code != api.WarnBackupFailed || got.Backup.At != nil ||
		strings.Contains(got.Backup.Error, "/") {
		t.Errorf("%+v, %+v", got, got.Backup)
	}
}
