package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// account is the OS user under whom the postmaster runs.
type account struct {
	name     string
	uid, gid uint32
	groups   []uint32
}

// defaultAccount is the user Debian's PostgreSQL packages create; root's postmaster runs as it where nobody else owns
// the folder.
const defaultAccount = "postgres"

func toAccount(u *user.User) (account, error) {
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("user id %q: %w", u.Uid, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("group id %q: %w", u.Gid, err)
	}
	a := account{name: u.Username, uid: uint32(uid), gid: uint32(gid)}
	ids, err := u.GroupIds()
	if err != nil {
		return account{}, fmt.Errorf("groups of %s: %w", u.Username, err)
	}
	for _, id := range ids {
		if n, err := strconv.ParseUint(id, 10, 32); err == nil {
			a.groups = append(a.groups, uint32(n))
		}
	}
	return a, nil
}

// runner is the user who runs this process.
func runner() (account, error) {
	u, err := user.LookupId(strconv.Itoa(os.Geteuid()))
	if err != nil {
		return account{}, fmt.Errorf("the user who runs luodi has no name, which PostgreSQL needs: %w", err)
	}
	return toAccount(u)
}

// postmasterAccount picks who runs the postmaster of the data folder dir: whoever runs luodi, and for root the owner
// of the cluster there, else the owner of dir, else postgres.
func postmasterAccount(dir string) (account, error) {
	if os.Geteuid() != 0 {
		return runner()
	}
	for _, path := range []string{filepath.Join(dir, pgFolder), dir} {
		uid, ok := ownerOf(path)
		if !ok || uid == 0 {
			continue
		}
		u, err := user.LookupId(strconv.Itoa(int(uid)))
		if err != nil {
			return account{}, &UnreachableError{Folder: path, Reason: ReasonNameless, Owner: uid}
		}
		return toAccount(u)
	}
	u, err := user.Lookup(defaultAccount)
	if err != nil {
		return account{}, &MissingError{What: PartAccount, Packages: debianPackages}
	}
	return toAccount(u)
}

func ownerOf(path string) (uid uint32, ok bool) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, false
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return st.Uid, true
}

// credential is what a child needs to run as a; nil when this process already does.
func (a account) credential() *syscall.Credential {
	if uint32(os.Geteuid()) == a.uid {
		return nil
	}
	return &syscall.Credential{Uid: a.uid, Gid: a.gid, Groups: a.groups}
}

// firstClosed prints the first of its arguments that the user running it can't enter. It asks the kernel, so that
// access lists and groups count, which mode bits alone don't tell.
const firstClosed = `for d do [ -x "$d" ] || { printf %s "$d"; exit 3; }; done`

// reach reports, as an UnreachableError, the first existing folder from / down to dir that a can't enter.
func (a account) reach(ctx context.Context, dir string) error {
	if a.credential() == nil {
		return nil
	}
	cmd := exec.CommandContext(ctx, "/bin/sh", append([]string{"-c", firstClosed, "sh"}, existingParents(dir)...)...)
	cmd.Dir = "/"
	cmd.Env = childEnv()
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: a.credential()}
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 3 {
		return &UnreachableError{Folder: string(out), User: a.name, Reason: ReasonClosed}
	}
	if err != nil {
		return fmt.Errorf("ask what %s can reach: %w", a.name, err)
	}
	return nil
}

// existingParents lists dir's ancestors and dir, from / down, as far as they exist; each with symbolic links followed
// by the kernel.
func existingParents(dir string) []string {
	paths := []string{"/"}
	real := dir
	if r, err := filepath.EvalSymlinks(dir); err == nil {
		real = r
	}
	for _, whole := range []string{dir, real} {
		at := "/"
		for _, part := range strings.Split(strings.Trim(whole, "/"), "/") {
			at = filepath.Join(at, part)
			if info, err := os.Stat(at); err != nil || !info.IsDir() {
				break
			}
			paths = append(paths, at)
		}
		if whole == real && dir == real {
			break
		}
	}
	return paths
}

// childEnv is all the environment the children get: settings of the caller's shell (PGDATA, PGPORT, LC_ALL) must not
// reach them.
func childEnv() []string {
	return []string{"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "HOME=/nonexistent"}
}

// DefaultDir is the data folder when none is named: ./var; for root, /var/lib/luodi where the postmaster's user can't
// reach ./var (a checkout below root's home). The folder need not exist yet.
func DefaultDir() (string, error) {
	dir, err := filepath.Abs("var")
	if err != nil {
		return "", fmt.Errorf("default data folder: %w", err)
	}
	who, err := postmasterAccount(dir)
	if err != nil {
		return "", err
	}
	err = who.reach(context.Background(), dir)
	if errors.Is(err, ErrUnreachable) {
		return "/var/lib/luodi", nil
	}
	if err != nil {
		return "", err
	}
	return dir, nil
}
