package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// makeCluster makes the cluster folder so that it is there whole or not at all:
//
//  1. look whether the disk has room,
//  2. initdb into a folder of another name, which syncs what it wrote,
//  3. add our settings, synced,
//  4. rename, and sync the folder the name stands in.
func makeCluster(ctx context.Context, t thread, f folder, bin string) (err error) {
	if free := freeBytes(f.dir); free < initNeed {
		return &DiskFullError{Dir: f.dir, Free: free, Need: initNeed}
	}
	temp, err := os.MkdirTemp(f.dir, newFolder)
	if err != nil {
		return notWritable(f.dir, err)
	}
	defer func() {
		if err != nil {
			os.RemoveAll(temp)
		}
	}()
	if f.owner.credential() != nil {
		if err := os.Lchown(temp, int(f.owner.uid), int(f.owner.gid)); err != nil {
			return notWritable(temp, err)
		}
	}
	if err := runInitdb(ctx, t, f, bin, temp); err != nil {
		return err
	}
	main, err := os.ReadFile(filepath.Join(temp, "postgresql.conf"))
	if err != nil {
		return fmt.Errorf("read what initdb wrote: %w", err)
	}
	if err := writeWhole(filepath.Join(temp, "postgresql.conf"), string(main)+includeLines, f.owner); err != nil {
		return err
	}
	if err := f.writeSettings(temp); err != nil {
		return err
	}
	if err := os.Rename(temp, f.pg()); err != nil {
		return notWritable(f.pg(), err)
	}
	return syncDir(f.dir)
}

func runInitdb(ctx context.Context, t thread, f folder, bin, pg string, more ...string) error {
	var out strings.Builder
	err := t.do(func() error {
		cmd := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), append([]string{
			"--pgdata=" + pg, "--username=" + Superuser, "--auth-local=peer", "--auth-host=reject", "--encoding=UTF8",
			"--locale=C", "--lc-collate=C", "--lc-ctype=C.UTF-8", "--data-checksums", "--no-instructions"}, more...)...)
		cmd.Dir = f.dir
		cmd.Env = childEnv()
		cmd.Stdout, cmd.Stderr = &out, &out
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL,
			Credential: f.owner.credential()}
		cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
		return cmd.Run()
	})
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	said := lastLines(out.String(), 6)
	if isDiskFull(said) {
		return &DiskFullError{Dir: f.dir, Free: freeBytes(f.dir), Need: initNeed, Cause: said}
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return &PostmasterError{Cause: "initdb: " + said, Log: filepath.Join(bin, "initdb")}
	}
	return fmt.Errorf("run initdb: %w", err)
}

// halfMadeWait bounds how long dropHalfMade waits for an initdb that is dying to stop writing.
const halfMadeWait = 15 * time.Second

// dropHalfMade removes what starts that were killed within makeCluster left, after ending what may still run in it. An
// initdb that is just being ended may write a last file between the look and the removal: then both are tried again.
func dropHalfMade(ctx context.Context, dir string) error {
	halves, err := filepath.Glob(filepath.Join(escapeGlob(dir), newFolder+"*"))
	if err != nil {
		return fmt.Errorf("look for half-made clusters: %w", err)
	}
	for _, half := range halves {
		if err := dropHalf(ctx, half); err != nil {
			return err
		}
	}
	return nil
}

func dropHalf(ctx context.Context, half string) error {
	limited, cancel := context.WithTimeout(ctx, halfMadeWait)
	defer cancel()
	var failed error
	waited := poll(limited, func() bool {
		for _, pg := range []string{half, filepath.Join(half, pgFolder)} { // the second: of a restore
			if failed = clearProcesses(limited, pg); failed != nil {
				return true
			}
		}
		err := os.RemoveAll(half)
		if failed = nil; err != nil {
			failed = notWritable(half, err)
		}
		return !errors.Is(err, syscall.ENOTEMPTY)
	})
	if failed != nil {
		return failed
	}
	return waited
}

// isDiskFull tells by the words of strerror(ENOSPC) and strerror(EDQUOT), which PostgreSQL quotes.
func isDiskFull(text string) bool {
	return strings.Contains(text, "No space left on device") || strings.Contains(text, "Disk quota exceeded")
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "; ")
}
