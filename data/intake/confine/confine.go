// Package confine runs a program that reads files which nobody vouches for, in a child that can do nothing else.
//
//  1. This program starts itself again under another name, in namespaces of its own where the system allows them: of
//     users, so that the child has no rights outside; of the network, so that it reaches none; of processes, so that
//     nothing of it outlives it; of communication.
//  2. The second start sets limits on memory, time, size of files and number of processes, gives up the way to gain
//     rights, and lets the kernel (Landlock) close all files to it but its one folder and the system's programs and
//     libraries, which it may read. Then it becomes the program, or starts this one a third time, for a piece of work
//     of its own ([Serve]).
//  3. The environment is what the caller gives. Input is empty; of what it prints the first part is kept.
//  4. It dies with its parent, at its deadline, and as a whole.
//
// Where the system has no namespaces or no Landlock, the rest holds still.
package confine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// childName is what the second start of this program is called.
const childName = "luodi-confined"

// Limits bound what a child may cost.
type Limits struct {
	MemoryBytes uint64        // of address space
	CPU         time.Duration // of computing, rounded up to seconds
	FileBytes   uint64        // of each file that it writes
	Processes   uint64        // of the user that it runs as, threads included
	Deadline    time.Duration // from its start to its end
	OutputBytes int           // of what it prints, kept
}

// Job is a program to run.
type Job struct {
	Program string   // its full path; "": a piece of work of this program
	Own     string   // the name of that piece of work
	Args    []string // without its name
	Env     []string
	Folder  string // where it works: the only one that it may write to
	Limits  Limits
}

// Result says how a job ended.
type Result struct {
	Output   string // what it printed, cut
	Exit     int    // its code; -1 where a signal ended it
	Signal   syscall.Signal
	TimedOut bool
	Peak     int64 // bytes of memory that it held at most
}

// ErrNotStarted is what a child that couldn't be started gives.
var ErrNotStarted = errors.New("the confined program could not be started")

// order is what the second start is told.
type order struct {
	Program string
	Own     string
	Args    []string
	Env     []string
	Folder  string
	Limits  Limits
}

// Run runs a job to its end. An error is that of the start, or of ctx; how the program ended is in the result.
func Run(ctx context.Context, job Job) (Result, error) {
	told, err := json.Marshal(order(job))
	if err != nil {
		return Result{}, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, job.Limits.Deadline, errDeadline)
	defer cancel()
	for _, walls := range []bool{true, false} {
		result, err := start(ctx, job, string(told), walls)
		if walls && errors.Is(err, ErrNotStarted) && ctx.Err() == nil {
			continue // namespaces are not allowed here
		}
		return result, err
	}
	return Result{}, ErrNotStarted
}

var errDeadline = errors.New("deadline")

func start(ctx context.Context, job Job, told string, namespaces bool) (Result, error) {
	// The child dies with the thread that started it: this one stays with it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	child := exec.Command("/proc/self/exe")
	child.Args = []string{childName}
	child.Env = []string{orderName + "=" + told}
	child.Dir = job.Folder
	out := &head{most: job.Limits.OutputBytes}
	child.Stdout, child.Stderr = out, out
	child.SysProcAttr = attributes(namespaces)
	child.WaitDelay = time.Second
	if err := child.Start(); err != nil {
		return Result{}, fmt.Errorf("%w: %w", ErrNotStarted, err)
	}
	done := make(chan struct{})
	go func() {
		select {
		case <-ctx.Done():
			// of a process group of its own: all of it
			_ = syscall.Kill(-child.Process.Pid, syscall.SIGKILL)
		case <-done:
		}
	}()
	err := child.Wait()
	close(done)
	_ = syscall.Kill(-child.Process.Pid, syscall.SIGKILL) // what it left behind, where it had no namespace of processes
	result := Result{Output: out.kept.String(), Exit: child.ProcessState.ExitCode()}
	if usage, ok := child.ProcessState.SysUsage().(*syscall.Rusage); ok {
		result.Peak = usage.Maxrss * 1024
	}
	if status, ok := child.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		result.Signal = status.Signal()
	}
	var exit *exec.ExitError
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errDeadline):
		result.TimedOut = true
		return result, nil
	case cause != nil:
		return result, cause
	case err != nil && !errors.As(err, &exit) && !errors.Is(err, exec.ErrWaitDelay):
		return result, err
	case result.Exit == notStarted:
		return result, fmt.Errorf("%w: %s", ErrNotStarted, result.Output)
	}
	return result, nil
}

// head keeps the first bytes that are written to it.
type head struct {
	kept bytes.Buffer // not embedded: it would be copied into past Write
	most int
}

func (h *head) Write(p []byte) (int, error) {
	h.kept.Write(p[:min(len(p), max(0, h.most-h.kept.Len()))])
	return len(p), nil
}

// orderName is the variable in which the second start finds what it is told; the program that it becomes has it not.
const orderName = "LUODI_CONFINED"

// notStarted is the exit code of a second start that couldn't become the program.
const notStarted = 113

// ownName begins what the third start of this program is called; the name of its work follows.
const ownName = "luodi-confined-"

// Serve does a piece of work of this program where this is a start for it, and ends the process with the code that it
// gives; else it does nothing. It is called in an init function: nothing of the program has begun then.
func Serve(name string, do func(args []string) int) {
	if os.Args[0] == ownName+name {
		os.Exit(do(os.Args[1:]))
	}
}

// init runs before anything else of the program where this is its second start.
func init() {
	if len(os.Args) != 1 || os.Args[0] != childName {
		return
	}
	fmt.Fprintln(os.Stderr, become())
	os.Exit(notStarted)
}
