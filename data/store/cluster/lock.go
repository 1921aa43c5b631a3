package cluster

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// lockFile holds the lock of the luodi that serves a data folder, and says who it is: its pid on the first line, the
// folder of the socket on the second. The lock belongs to the open file, so the kernel frees it however luodi dies.
const lockFile = "luodi.lock"

// lock is held from take to release.
type lock struct {
	file *os.File
}

// wholeFile is the range an open-file-description lock covers. Unlike flock(2), such a lock can be asked for without
// being taken, so that Attach never gets in the way of a Start.
func wholeFile() *unix.Flock_t {
	return &unix.Flock_t{Type: unix.F_WRLCK, Whence: io.SeekStart}
}

// takeLock locks dir for this process or fails at once with InUseError. It returns too the socket folder that the last
// holder noted, which after a kill may still be there. The file is given to owner, so that a run as root leaves none
// that a later run as the owner can't open.
func takeLock(dir string, owner account) (l *lock, lastSocket string, err error) {
	path := filepath.Join(dir, lockFile)
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o644)
	if err != nil {
		return nil, "", notWritable(dir, err)
	}
	defer func() {
		if err != nil {
			file.Close()
		}
	}()
	if err := plainFile(file); err != nil {
		return nil, "", err
	}
	err = unix.FcntlFlock(file.Fd(), unix.F_OFD_SETLK, wholeFile())
	if errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EACCES) {
		pid, _ := readNote(file)
		return nil, "", &InUseError{Dir: dir, PID: pid}
	}
	if err != nil {
		return nil, "", fmt.Errorf("lock %s: %w", path, err)
	}
	_, lastSocket = readNote(file)
	if owner.credential() != nil {
		if err := file.Chown(int(owner.uid), int(owner.gid)); err != nil {
			return nil, "", notWritable(path, err)
		}
	}
	return &lock{file}, lastSocket, nil
}

// plainFile refuses what a folder's owner could plant to make root write elsewhere.
func plainFile(file *os.File) error {
	var st unix.Stat_t
	if err := unix.Fstat(int(file.Fd()), &st); err != nil {
		return fmt.Errorf("look at %s: %w", file.Name(), err)
	}
	if st.Mode&unix.S_IFMT != unix.S_IFREG || st.Nlink != 1 {
		return &NotWritableError{file.Name(), errors.New("it is not a plain file")}
	}
	return nil
}

// note writes who holds the lock and where the socket is. It overwrites in place, which works on a full disk too.
func (l *lock) note(socket string) error {
	if _, err := l.file.WriteAt(fmt.Appendf(nil, "%d\n%s\n", os.Getpid(), socket), 0); err != nil {
		return notWritable(l.file.Name(), err)
	}
	return nil
}

// release frees the lock. The note stays: it counts only while the lock is held.
func (l *lock) release() error {
	return l.file.Close()
}

// readNote returns zero values for what is not there. What follows the second line is left of an older, longer note.
func readNote(file *os.File) (pid int, socket string) {
	text, err := io.ReadAll(io.NewSectionReader(file, 0, 4096))
	if err != nil {
		return 0, ""
	}
	lines := strings.Split(string(text), "\n")
	if len(lines) < 3 {
		return 0, ""
	}
	pid, err = strconv.Atoi(lines[0])
	if err != nil {
		return 0, ""
	}
	return pid, lines[1]
}

// holder tells whether a luodi holds dir, and where it noted the socket to be.
func holder(dir string) (held bool, socket string, err error) {
	file, err := os.Open(filepath.Join(dir, lockFile))
	if errors.Is(err, os.ErrNotExist) {
		return false, "", nil
	}
	if err != nil {
		return false, "", fmt.Errorf("ask who serves %s: %w", dir, err)
	}
	defer file.Close()
	probe := wholeFile()
	if err := unix.FcntlFlock(file.Fd(), unix.F_OFD_GETLK, probe); err != nil {
		return false, "", fmt.Errorf("ask who serves %s: %w", dir, err)
	}
	if probe.Type == unix.F_UNLCK {
		return false, "", nil
	}
	_, socket = readNote(file)
	return true, socket, nil
}

// notWritable gives the system's refusals to write their own kind, and leaves other errors as they are.
func notWritable(path string, err error) error {
	switch {
	case errors.Is(err, unix.ENOSPC), errors.Is(err, unix.EDQUOT):
		return &DiskFullError{Dir: path, Free: freeBytes(filepath.Dir(path)), Need: runNeed, Cause: err.Error()}
	case errors.Is(err, unix.EROFS), errors.Is(err, os.ErrPermission), errors.Is(err, unix.ENOTDIR):
		return &NotWritableError{path, err}
	}
	return fmt.Errorf("write %s: %w", path, err)
}
