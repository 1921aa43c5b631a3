package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// What lies in a data folder, beside the lock file.
const (
	pgFolder     = "postgres"      // the cluster itself
	newFolder    = "postgres.new-" // followed by a random part: a cluster being made
	socketFolder = "socket"
	logFolder    = "log"
	// followed by a random part, in the temp folder: where socketFolder's path is too long
	tempSocket = "luodi-socket-"
	startLog   = "start.log" // what the postmaster says before its log collector runs
)

// socketName is the file of a postmaster on port 5432 in its socket folder; the port names only this file, for no TCP
// is used.
const socketName = ".s.PGSQL.5432"

// maxSocketPath is sun_path less its closing zero, in bytes.
const maxSocketPath = 107

const (
	// initNeed is free disk asked for before a cluster is made, in bytes: 39 MB that initdb writes, a first database of
	// 8 MB, PostGIS of 10 MB, and the write-ahead log a first import grows to.
	initNeed = 256 << 20
	// runNeed is free disk named as needed when a start fails for lack of it: two segments of write-ahead log and the
	// pages that recovery extends, in bytes.
	runNeed = 64 << 20
)

// folder is a data folder and who owns what PostgreSQL keeps in it.
type folder struct {
	dir    string // absolute
	socket string // absolute; in dir, or in the temp folder where dir's path is too long
	owner  account

	settings []string // besides those that are fixed, and over them
}

func (f folder) pg() string       { return filepath.Join(f.dir, pgFolder) }
func (f folder) log() string      { return filepath.Join(f.dir, logFolder) }
func (f folder) startLog() string { return filepath.Join(f.log(), startLog) }

// makeAll makes dir and the parents it lacks, open to all to enter, whatever the umask.
func makeAll(dir string) error {
	if info, err := os.Stat(dir); err == nil {
		if !info.IsDir() {
			return &NotWritableError{dir, syscall.ENOTDIR}
		}
		return nil
	}
	if parent := filepath.Dir(dir); parent != dir {
		if err := makeAll(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		if errors.Is(err, os.ErrExist) {
			return nil
		}
		return notWritable(dir, err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return notWritable(dir, err)
	}
	return nil
}

// makeOwn makes path, or takes it as it is when it already belongs to owner, private to owner.
func makeOwn(path string, owner account) error {
	err := os.Mkdir(path, 0o700)
	switch {
	case err == nil && owner.credential() != nil:
		// Lchown: the folder's owner might have put a link in its place by now.
		if err := os.Lchown(path, int(owner.uid), int(owner.gid)); err != nil {
			return notWritable(path, err)
		}
	case errors.Is(err, os.ErrExist):
	case err != nil:
		return notWritable(path, err)
	}
	return checkOwn(path, owner)
}

// checkOwn refuses a folder that isn't owner's, and makes private one that is open to others: PostgreSQL refuses
// those, and a copy or an unpacked archive often is.
func checkOwn(path string, owner account) error {
	info, err := os.Lstat(path)
	if err != nil {
		return notWritable(path, err)
	}
	if !info.IsDir() {
		return &NotWritableError{path, syscall.ENOTDIR}
	}
	if uid, ok := ownerOf(path); !ok || uid != owner.uid {
		return &UnreachableError{Folder: path, User: owner.name, Reason: ReasonForeign, Owner: uid}
	}
	if info.Mode().Perm() == 0o700 {
		return nil
	}
	if err := os.Chmod(path, 0o700); err != nil {
		return notWritable(path, err)
	}
	return nil
}

// hasCluster tells whether a cluster is there. No folder, or an empty one, is none; a folder that lacks what every
// cluster has is an IncompleteError, one of another major version a VersionError.
func (f folder) hasCluster() (bool, error) {
	entries, err := os.ReadDir(f.pg())
	if errors.Is(err, os.ErrNotExist) || err == nil && len(entries) == 0 {
		return false, nil
	}
	if errors.Is(err, syscall.ENOTDIR) {
		return false, &NotWritableError{f.pg(), err}
	}
	if uid, ok := ownerOf(f.pg()); ok && uid != f.owner.uid {
		return false, checkOwn(f.pg(), f.owner)
	}
	if err != nil {
		return false, fmt.Errorf("read %s: %w", f.pg(), err)
	}
	version, err := os.ReadFile(filepath.Join(f.pg(), "PG_VERSION"))
	if err != nil || strings.TrimSpace(string(version)) == "" {
		return false, &IncompleteError{f.pg(), "PG_VERSION"}
	}
	if found := strings.TrimSpace(string(version)); found != major {
		return false, &VersionError{f.pg(), found, major}
	}
	for _, part := range []string{"global/pg_control", "base", "pg_wal", "pg_xact", "postgresql.conf"} {
		if _, err := os.Stat(filepath.Join(f.pg(), part)); err != nil {
			return false, &IncompleteError{f.pg(), part}
		}
	}
	return true, checkOwn(f.pg(), f.owner)
}

// placeSocket decides the socket's folder and makes it.
func (f *folder) placeSocket(ctx context.Context) error {
	own := filepath.Join(f.dir, socketFolder)
	// A comma in a DSN's host separates servers.
	if len(own)+1+len(socketName) <= maxSocketPath && !strings.Contains(own, ",") {
		f.socket = own
		return makeOwn(own, f.owner)
	}
	temp := os.TempDir()
	if len(temp) > maxSocketPath/2 || strings.Contains(temp, ",") || f.owner.reach(ctx, temp) != nil {
		temp = "/tmp"
	}
	dir, err := os.MkdirTemp(temp, tempSocket)
	if err != nil {
		return notWritable(temp, err)
	}
	if f.owner.credential() != nil {
		if err := os.Lchown(dir, int(f.owner.uid), int(f.owner.gid)); err != nil {
			return notWritable(dir, err)
		}
	}
	f.socket = dir
	return nil
}

// dropLastSocket removes what the last holder of the lock left in the temp folder, if it did. The note alone is no
// proof: in a copy of a data folder it names the socket of the original. The socket's lock file names its cluster.
func (f folder) dropLastSocket(socket string) {
	if !filepath.IsAbs(socket) || !strings.HasPrefix(filepath.Base(socket), tempSocket) {
		return
	}
	text, err := os.ReadFile(filepath.Join(socket, socketName+".lock"))
	if errors.Is(err, os.ErrNotExist) {
		os.Remove(socket) // which only works on an empty folder
	}
	if err != nil {
		return
	}
	if lines := strings.Split(string(text), "\n"); len(lines) > 1 && lines[1] == f.pg() {
		f.dropSocket(socket)
	}
}

// dropSocket removes the socket's files, and its folder where that is a temporary one.
func (f folder) dropSocket(socket string) {
	if socket == "" {
		return
	}
	cleanSocket(socket)
	if filepath.Dir(socket) != f.dir {
		os.Remove(socket)
	}
}

// cleanSocket removes the socket and its lock file, which a killed postmaster leaves.
func cleanSocket(socket string) {
	os.Remove(filepath.Join(socket, socketName))
	os.Remove(filepath.Join(socket, socketName+".lock"))
}

// freeBytes is what an unprivileged user may still write on the disk of path, or of the nearest parent that exists.
func freeBytes(path string) uint64 {
	var st unix.Statfs_t
	for unix.Statfs(path, &st) != nil {
		if path == filepath.Dir(path) {
			return 0
		}
		path = filepath.Dir(path)
	}
	return st.Bavail * uint64(st.Bsize)
}

// writeWhole puts text at path so that a crash leaves the old file or the new one, never a part. The file goes to
// owner.
func writeWhole(path, text string, owner account) error {
	temp := path + ".new"
	if err := os.Remove(temp); err != nil && !errors.Is(err, os.ErrNotExist) {
		return notWritable(path, err)
	}
	// O_EXCL: as root, never write through a link that the folder's owner put there.
	file, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return notWritable(path, err)
	}
	defer file.Close()
	if _, err := file.WriteString(text); err != nil {
		return notWritable(path, err)
	}
	if owner.credential() != nil {
		if err := file.Chown(int(owner.uid), int(owner.gid)); err != nil {
			return notWritable(path, err)
		}
	}
	if err := file.Sync(); err != nil {
		return notWritable(path, err)
	}
	if err := os.Rename(temp, path); err != nil {
		return notWritable(path, err)
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes the names in dir durable.
func syncDir(dir string) error {
	file, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync %s: %w", dir, err)
	}
	defer file.Close()
	if err := file.Sync(); err != nil {
		return fmt.Errorf("sync %s: %w", dir, err)
	}
	return nil
}
