package backup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// A backup in a folder is called after its moment. While it is made it has another name, and so has what a killed luodi
// leaves.
const (
	stampLayout = "20060102T150405.000Z"
	partPrefix  = ".luodi-making-"
	lockName    = ".luodi-backup.lock"
)

var fileName = regexp.MustCompile(`^luodi-(\d{8}T\d{6}\.\d{3}Z)\.tar$`)

func nameOf(at time.Time) string { return "luodi-" + at.UTC().Format(stampLayout) + ".tar" }

// File is a backup in a folder.
type File struct {
	Path  string
	Bytes int64
	At    time.Time
}

// Made is what Make made.
type Made struct {
	File
	Manifest Manifest
	Verified bool
}

// Make makes a backup in dir, which it makes too where it is lacking. The file is there whole and synced, or not at
// all; it is readable by its owner alone, for it holds the hashes of passwords and the keys of webhooks. With verify it
// is restored into a scratch cluster before it gets its name.
func Make(ctx context.Context, o Order, dir string, verify *Scratch) (made Made, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return made, noRoom(fmt.Errorf("make the folder of backups: %w", err))
	}
	unlock, err := lockFolder(dir)
	if err != nil {
		return made, err
	}
	defer unlock()
	if err := dropParts(dir); err != nil {
		return made, err
	}
	part, err := os.CreateTemp(dir, partPrefix) // mode 0600
	if err != nil {
		return made, noRoom(fmt.Errorf("begin a backup: %w", err))
	}
	defer func() {
		err = errors.Join(err, ignoreClosed(part.Close()))
		if err != nil {
			_ = os.Remove(part.Name()) // what can't be removed now is at the next backup
		}
	}()
	if made.Manifest, err = Write(ctx, o, part); err != nil {
		return made, err
	}
	if err := part.Sync(); err != nil {
		return made, noRoom(fmt.Errorf("sync the backup: %w", err))
	}
	if verify != nil {
		if _, err := part.Seek(0, io.SeekStart); err != nil {
			return made, fmt.Errorf("read the backup again: %w", err)
		}
		if _, err := verify.Verify(ctx, o, part); err != nil {
			return made, fmt.Errorf("verify the backup: %w", err)
		}
		made.Verified = true
	}
	info, err := part.Stat()
	if err != nil {
		return made, err
	}
	made.File = File{filepath.Join(dir, nameOf(made.Manifest.At)), info.Size(), made.Manifest.At}
	if err := os.Rename(part.Name(), made.Path); err != nil {
		return made, noRoom(fmt.Errorf("name the backup: %w", err))
	}
	return made, syncFolder(dir)
}

func ignoreClosed(err error) error {
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}

// lockFolder keeps two from making backups in one folder at once; the kernel frees the lock however the holder dies.
func lockFolder(dir string) (unlock func(), err error) {
	file, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, noRoom(fmt.Errorf("lock the folder of backups: %w", err))
	}
	err = unix.FcntlFlock(file.Fd(), unix.F_OFD_SETLK, &unix.Flock_t{Type: unix.F_WRLCK, Whence: io.SeekStart})
	if err != nil {
		_ = file.Close()
		if errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EACCES) {
			return nil, fmt.Errorf("%w: %s", ErrBusy, dir)
		}
		return nil, fmt.Errorf("lock the folder of backups: %w", err)
	}
	return func() { _ = file.Close() }, nil
}

// dropParts removes what backups that were killed left.
func dropParts(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("look into the folder of backups: %w", err)
	}
	for _, e := range entries {
		if e.Type().IsRegular() && len(e.Name()) > len(partPrefix) && e.Name()[:len(partPrefix)] == partPrefix {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
				return fmt.Errorf("remove a half-made backup: %w", err)
			}
		}
	}
	return nil
}

func syncFolder(dir string) error {
	file, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync %s: %w", dir, err)
	}
	return errors.Join(file.Sync(), file.Close())
}

// List returns the backups in a folder, newest first: plain files with the name and the first bytes of a backup. A
// missing folder has none.
func List(dir string) ([]File, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look into the folder of backups: %w", err)
	}
	var files []File
	for _, e := range entries {
		if !e.Type().IsRegular() || !fileName.MatchString(e.Name()) {
			continue
		}
		if f, err := look(filepath.Join(dir, e.Name())); err == nil { // what isn't ours is left alone, whatever it is called
			files = append(files, f)
		}
	}
	slices.SortFunc(files, func(a, b File) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.Path, a.Path)) })
	return files, nil
}

func look(path string) (File, error) {
	file, err := os.Open(path)
	if err != nil {
		return File{}, err
	}
	defer func() { _ = file.Close() }()
	head, err := ReadHead(file)
	if err != nil {
		return File{}, err
	}
	info, err := file.Stat()
	if err != nil {
		return File{}, err
	}
	if nameOf(head.At) != filepath.Base(path) {
		return File{}, fmt.Errorf("%w: it is of %v", ErrNotBackup, head.At)
	}
	return File{path, info.Size(), head.At}, nil
}

// Prune removes the oldest backups of a folder so that keep remain, and returns the names removed. It never removes
// files other than luodi's backups.
func Prune(dir string, keep int) (removed []string, err error) {
	unlock, err := lockFolder(dir)
	if err != nil {
		return nil, err
	}
	defer unlock()
	files, err := List(dir)
	if err != nil || len(files) <= keep {
		return nil, err
	}
	for _, f := range files[keep:] {
		if err := os.Remove(f.Path); err != nil {
			return removed, fmt.Errorf("remove an old backup: %w", err)
		}
		removed = append(removed, f.Path)
	}
	return removed, syncFolder(dir)
}
