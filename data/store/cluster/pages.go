package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
)

// wrongPage is what pg_basebackup and pg_checksums say of a page whose checksum is wrong.
var wrongPage = regexp.MustCompile(`checksum verification failed in file "([^"]+)"`)

// WrongPages reads every page of a cluster from the disk and returns the files, within the cluster's folder, that
// hold a page with a wrong checksum. It asks a running server for a backup and discards it. A stopped cluster is read
// in its folder, under a lock that keeps luodi from starting it meanwhile.
func (c *Cluster) WrongPages(ctx context.Context, bin string) ([]string, error) {
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "pg_basebackup"), "--dbname="+c.DSN(Superuser, "postgres"),
		"--pgdata=-", "--format=tar",
		"--wal-method=none", "--checkpoint=fast", "--no-password")
	return wrongPages(cmd, ".")
}

// WrongPagesOf is WrongPages for a stopped cluster. It returns ErrInUse if a luodi serves the cluster, ErrIncomplete
// if there is no cluster yet.
func WrongPagesOf(ctx context.Context, dir, bin string) (files []string, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("data folder %s: %w", dir, err)
	}
	owner, err := postmasterAccount(dir)
	if err != nil {
		return nil, err
	}
	f := folder{dir: dir, owner: owner}
	there, err := f.hasCluster()
	if err != nil {
		return nil, err
	}
	if !there {
		return nil, &IncompleteError{f.pg(), "PG_VERSION"}
	}
	lock, _, err := takeLock(dir, owner)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, lock.release()) }()
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "pg_checksums"), "--check", "--pgdata="+f.pg())
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Credential: owner.credential()}
	return wrongPages(cmd, f.pg())
}

func wrongPages(cmd *exec.Cmd, root string) ([]string, error) {
	var said strings.Builder
	cmd.Dir, cmd.Env = "/", childEnv()
	cmd.Stdout, cmd.Stderr = io.Discard, &said
	err := cmd.Run()
	var files []string
	for _, found := range wrongPage.FindAllStringSubmatch(said.String(), -1) {
		file := strings.TrimPrefix(found[1], root+"/")
		if !slices.Contains(files, file) {
			files = append(files, file)
		}
	}
	if err != nil && len(files) == 0 {
		return nil, &PostmasterError{Cause: filepath.Base(cmd.Path) + ": " + lastLines(said.String(), 4), Log: cmd.Path}
	}
	return files, nil
}
