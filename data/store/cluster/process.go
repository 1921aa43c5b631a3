package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// thread runs functions on one OS thread that lives until close. The kernel sends a child's parent-death signal when
// the *thread* that started it ends, and Go ends and makes threads as it likes; so children that must outlive nothing
// but this process are started here.
type thread struct {
	work chan func()
}

func newThread() thread {
	t := thread{make(chan func())}
	go func() {
		runtime.LockOSThread()
		for f := range t.work {
			f()
		}
	}()
	return t
}

// do runs f on the thread and returns its result.
func (t thread) do(f func() error) error {
	result := make(chan error, 1)
	t.work <- func() { result <- f() }
	return <-result
}

// close ends the thread, and with it, by their signal, the children that still run.
func (t thread) close() { close(t.work) }

// The pauses of poll: the first, and the longest that they grow to. Each attempt to connect costs the server a process.
const (
	pollFirst = 5 * time.Millisecond
	pollMost  = 100 * time.Millisecond
)

// poll calls done until it reports true or ctx ends, where the kernel has no event to wait for. Its pauses grow by a
// quarter, so that it overshoots by at most a quarter of the time waited.
func poll(ctx context.Context, done func() bool) error {
	pause := pollFirst
	timer := time.NewTimer(pause)
	defer timer.Stop()
	for !done() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
		}
		pause = min(pause+pause/4, pollMost)
		timer.Reset(pause)
	}
	return nil
}

// postgresIn lists the pids of the PostgreSQL processes whose working folder is dir: the postmaster of that cluster and
// all its children, and nothing else. A pid file can lie, a working folder can't.
func postgresIn(dir string) []int {
	want, err := os.Stat(dir)
	if err != nil {
		return nil
	}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var pids []int
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err == nil && isPostgresIn(pid, want) {
			pids = append(pids, pid)
		}
	}
	return pids
}

func isPostgresIn(pid int, dir os.FileInfo) bool {
	proc := filepath.Join("/proc", strconv.Itoa(pid))
	name, err := os.ReadFile(filepath.Join(proc, "comm"))
	if err != nil || strings.TrimSpace(string(name)) != "postgres" {
		return false
	}
	cwd, err := os.Stat(filepath.Join(proc, "cwd"))
	return err == nil && os.SameFile(cwd, dir)
}

// signalIn sends sig to pid if that is still a PostgreSQL process in dir. os.FindProcess holds the process by a pidfd,
// so between the check and the signal the pid can't become another's.
func signalIn(dir string, pid int, sig os.Signal) {
	want, err := os.Stat(dir)
	if err != nil {
		return
	}
	p, err := os.FindProcess(pid)
	if err != nil {
		return
	}
	defer p.Release()
	if isPostgresIn(pid, want) {
		p.Signal(sig) // It may have ended meanwhile, which is what was wanted.
	}
}

// step is one rung of a ladder of signals: what to send, and how long to wait for it to work.
type step struct {
	signal os.Signal
	wait   time.Duration
}

// orphanSteps end a postmaster that lost its luodi: fast shutdown (no recovery needed after), immediate, kill.
var orphanSteps = []step{{syscall.SIGINT, 30 * time.Second}, {syscall.SIGQUIT, 5 * time.Second},
	{syscall.SIGKILL, 5 * time.Second}}

// backendSteps end backends that lost their postmaster. There is nothing to save: what was acknowledged is in the
// write-ahead log, and their shared memory is given up.
var backendSteps = []step{{syscall.SIGQUIT, 3 * time.Second}, {syscall.SIGKILL, 10 * time.Second}}

// clearProcesses ends every PostgreSQL process of the cluster in dir and returns when none is left. Starting beside one
// would let two servers write the same files. A postmaster is asked first and alone, for it ends its own children.
func clearProcesses(ctx context.Context, dir string) error {
	if len(postgresIn(dir)) == 0 {
		return nil
	}
	if pid, ok := postmasterIn(dir); ok {
		for _, s := range orphanSteps {
			signalIn(dir, pid, s.signal)
			if err := waitGone(ctx, dir, s.wait, func() bool { _, ok := postmasterIn(dir); return !ok }); err == nil {
				break
			}
		}
	}
	for _, s := range backendSteps {
		for _, pid := range postgresIn(dir) {
			signalIn(dir, pid, s.signal)
		}
		if err := waitGone(ctx, dir, s.wait, func() bool { return len(postgresIn(dir)) == 0 }); err == nil {
			return nil
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return &PostmasterError{Cause: fmt.Sprintf("processes %v of the last one can't be ended", postgresIn(dir)),
		Log: dir}
}

func waitGone(ctx context.Context, dir string, wait time.Duration, gone func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	return poll(ctx, gone)
}

// postmasterIn is the postmaster among the processes of dir: the one the pid file names, if it really is one of them.
func postmasterIn(dir string) (pid int, ok bool) {
	text, err := os.ReadFile(filepath.Join(dir, "postmaster.pid"))
	if err != nil {
		return 0, false
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err = strconv.Atoi(strings.TrimSpace(first))
	if err != nil {
		return 0, false
	}
	want, err := os.Stat(dir)
	if err != nil {
		return 0, false
	}
	return pid, isPostgresIn(pid, want)
}

// removeStale removes the pid file that a killed postmaster left. Only after clearProcesses: the file is also what
// keeps PostgreSQL from starting beside live backends. One whose pid now is another program's would stop a start for
// ever.
func removeStale(dir string) error {
	err := os.Remove(filepath.Join(dir, "postmaster.pid"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return notWritable(dir, err)
	}
	return nil
}
