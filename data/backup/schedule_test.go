package backup_test

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"luodi/data/backup"
)

func TestAScheduleMakesWhatIsDueAndRemovesOldOnesOnlyAfterANewOneIsProven(t *testing.T) {
	t.Parallel()
	db := withSample(t)
	dir := t.TempDir()
	var old []string
	for range 2 {
		m, err := backup.Make(t.Context(), order(db), dir, nil)
		check(t, err)
		old = append(old, m.Path)
	}
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	run := func(s *backup.Schedule, done func(backup.State) bool) {
		t.Helper()
		ctx, stop := context.WithCancel(t.Context())
		var group sync.WaitGroup
		group.Go(func() { s.Run(ctx) })
		until(t, "the schedule is where it should be", func() bool { return done(s.State()) })
		stop()
		group.Wait()
	}
	// Not due yet: it finds the newest, and makes none.
	run(&backup.Schedule{Order: order(db), Dir: dir, Every: time.Hour, Keep: 1, Scratch: *scratch(t), Logger: quiet},
		func(s backup.State) bool { return s.At != nil && s.Bytes > 0 })
	if files, _ := backup.List(dir); len(files) != 2 {
		t.Errorf("%d backups, want the two there were", len(files))
	}
	// Due, but it can't be proven: a file lies where the scratch folder should be. The old ones stay.
	blocked := filepath.Join(t.TempDir(), "file")
	check(t, os.WriteFile(blocked, nil, 0o600))
	run(&backup.Schedule{Order: order(db), Dir: dir, Every: time.Millisecond, Keep: 1,
		Scratch: backup.Scratch{Dir: blocked}, Logger: quiet}, func(s backup.State) bool {
		return s.Err != nil && strings.Contains(s.Err.Error(), "verify") && s.Why() == "failed" && s.Old
	})
	if files, _ := backup.List(dir); len(files) != 2 {
		t.Errorf("%d backups after one that was not proven, want the two there were", len(files))
	}
	// Due and proven: now the old ones go.
	newest := time.Now()
	run(&backup.Schedule{Order: order(db), Dir: dir, Every: 10 * time.Second, Keep: 1, Scratch: *scratch(t),
		Logger: quiet}, func(s backup.State) bool {
		files, _ := backup.List(dir)
		return s.At != nil && s.At.After(newest) && s.Why() == "" && len(files) == 1
	})
	for _, path := range old {
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s is still there", path)
		}
	}
}
