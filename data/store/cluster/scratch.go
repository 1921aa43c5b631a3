package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// What else may lie in a data folder for a while.
const (
	// followed by a random part: a data folder in which a backup is being restored
	restoreFolder = newFolder + "restore-"
	scratchFolder = "scratch-" // likewise: one whose cluster is thrown away
)

// loadingSettings are for filling a cluster that nobody uses yet. Each table's rows then need no write-ahead log, and
// are synced before it counts.
var loadingSettings = []string{"wal_level=minimal", "max_wal_senders=0", "archive_mode=off", "synchronous_commit=off",
	"max_wal_size=4GB", "autovacuum=off",
	"checkpoint_timeout=1h", "maintenance_work_mem=256MB"}

// scratchSettings are for a cluster that is always deleted afterwards.
var scratchSettings = append([]string{"fsync=off", "full_page_writes=off", "shared_buffers=64MB"}, loadingSettings...)

func (o Options) settings() []string {
	switch {
	case o.Scratch:
		return scratchSettings
	case o.Loading:
		return loadingSettings
	case o.Unsynced:
		return unsyncedSettings
	}
	return nil
}

// unsyncedSettings leave what was written to the operating system.
var unsyncedSettings = []string{"fsync=off", "full_page_writes=off"}

// scratchYoung is an age under which a scratch folder that nobody holds may still be about to be locked by the one who
// made it.
const scratchYoung = time.Minute

// Place is an empty data folder, locked so that no luodi creates a cluster in it, until a restored cluster is moved
// there.
type Place struct {
	folder folder
	lock   *lock
	work   string
}

// Claim locks the empty data folder dir, and creates it if needed. It returns ErrOccupied if the folder holds
// anything but the remains of a killed restore.
func Claim(ctx context.Context, dir string) (*Place, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("data folder %s: %w", dir, err)
	}
	if err := vacant(dir); err != nil {
		return nil, err
	}
	owner, err := postmasterAccount(dir)
	if err != nil {
		return nil, err
	}
	if err := owner.reach(ctx, dir); err != nil {
		return nil, err
	}
	if err := makeAll(dir); err != nil {
		return nil, err
	}
	lock, _, err := takeLock(dir, owner)
	if err != nil {
		return nil, err
	}
	p := &Place{folder: folder{dir: dir, owner: owner}, lock: lock}
	if err := p.prepare(ctx); err != nil {
		return nil, errors.Join(err, lock.release())
	}
	return p, nil
}

func (p *Place) prepare(ctx context.Context) (err error) {
	if err := vacant(p.folder.dir); err != nil { // now that nobody else can fill it
		return err
	}
	if err := dropHalfMade(ctx, p.folder.dir); err != nil {
		return err
	}
	p.work, err = ownTemp(p.folder.dir, restoreFolder, p.folder.owner)
	return err
}

// vacant allows what a folder that was only ever looked at holds.
func vacant(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return notWritable(dir, err)
	}
	for _, e := range entries {
		if half, _ := filepath.Match(newFolder+"*", e.Name()); half || e.Name() == lockFile ||
			e.Name() == "lost+found" {
			continue
		}
		return fmt.Errorf("%w: %s holds %s", ErrOccupied, dir, e.Name())
	}
	return nil
}

// ownTemp makes a data folder of a new name that the postmaster's user owns, so that a cluster in it is run by the
// same.
func ownTemp(dir, prefix string, owner account) (string, error) {
	path, err := os.MkdirTemp(dir, prefix)
	if err != nil {
		return "", notWritable(dir, err)
	}
	if owner.credential() != nil {
		if err := os.Lchown(path, int(owner.uid), int(owner.gid)); err != nil {
			return "", notWritable(path, err)
		}
	}
	return path, nil
}

// Work is the data folder to restore in.
func (p *Place) Work() string { return p.work }

// Take puts the cluster of Work, stopped in order, where it is to stay.
func (p *Place) Take() error {
	if err := os.Rename(filepath.Join(p.work, pgFolder), p.folder.pg()); err != nil {
		return notWritable(p.folder.pg(), err)
	}
	return syncDir(p.folder.dir)
}

// Release unlocks the folder and deletes what remains of the restore.
func (p *Place) Release() error {
	return errors.Join(discard(context.Background(), p.work), p.lock.release())
}

func discard(ctx context.Context, dir string) error {
	if err := clearProcesses(ctx, filepath.Join(dir, pgFolder)); err != nil {
		return err
	}
	return os.RemoveAll(dir)
}

// Scratch makes a data folder below dir, which is made where it is lacking, for a cluster that is thrown away, and
// first removes those whose luodi was killed. drop removes it after its cluster was stopped.
func Scratch(ctx context.Context, dir string) (path string, drop func() error, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return "", nil, fmt.Errorf("folder %s: %w", dir, err)
	}
	owner, err := postmasterAccount(dir)
	if err != nil {
		return "", nil, err
	}
	if err := owner.reach(ctx, dir); err != nil {
		return "", nil, err
	}
	if err := makeAll(dir); err != nil {
		return "", nil, err
	}
	left, err := filepath.Glob(filepath.Join(escapeGlob(dir), scratchFolder+"*"))
	if err != nil {
		return "", nil, fmt.Errorf("look for old scratch folders: %w", err)
	}
	for _, old := range left {
		if held, _, err := holder(old); err != nil || held {
			continue
		}
		if info, err := os.Stat(old); err != nil || time.Since(info.ModTime()) < scratchYoung {
			continue
		}
		if err := discard(ctx, old); err != nil {
			return "", nil, err
		}
	}
	if path, err = ownTemp(dir, scratchFolder, owner); err != nil {
		return "", nil, err
	}
	return path, func() error { return discard(context.WithoutCancel(ctx), path) }, nil
}
