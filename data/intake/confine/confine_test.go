package confine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

var fewLimits = Limits{MemoryBytes: 1 << 30, CPU: 5 * time.Second, FileBytes: 1 << 20, Processes: 100,
	Deadline: 20 * time.Second, OutputBytes: 4096}

// A piece of work of this program: it prints what it was told, and reads a file.
func init() {
	Serve("test", func(args []string) int {
		body, err := os.ReadFile(args[0])
		fmt.Println(args, string(body), os.Environ(), err != nil)
		if err != nil {
			return 5
		}
		return 0
	})
}

// Work of the program's own is behind the same walls.
func TestOwnWorkIsConfined(t *testing.T) {
	t.Parallel()
	job := Job{Own: "test", Args: []string{"a"}, Env: []string{"X=1"}, Folder: t.TempDir(), Limits: fewLimits}
	if err := os.WriteFile(filepath.Join(job.Folder, "a"), []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r, err := Run(t.Context(), job); err != nil || r.Exit != 0 || r.Output != "[a] hello [X=1] false\n" {
		t.Errorf("%+v %v", r, err)
	}
	if edition() == 0 {
		t.Skip("this kernel has no Landlock")
	}
	job.Args = []string{"/etc/passwd"}
	if r, err := Run(t.Context(), job); err != nil || r.Exit != 5 {
		t.Errorf("it read /etc/passwd: %+v %v", r, err)
	}
}

// shell runs a script in a confined child, its output on stderr.
func shell(t *testing.T, script string, change func(*Job)) Result {
	t.Helper()
	job := Job{Program: "/bin/bash", Args: []string{"-c", "exec >&2; " + script}, Env: []string{"PATH=/usr/bin:/bin"},
		Folder: t.TempDir(), Limits: fewLimits}
	if change != nil {
		change(&job)
	}
	result, err := Run(t.Context(), job)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestAChildWorksInItsFolder(t *testing.T) {
	t.Parallel()
	if r := shell(t, "echo hello >a && cat a && env", nil); r.Exit != 0 || !strings.HasPrefix(r.Output, "hello\n") ||
		strings.Contains(r.Output, orderName) || strings.Contains(r.Output, "HOME=") {
		t.Errorf("%+v", r)
	}
	if r := shell(t, "exit 7", nil); r.Exit != 7 {
		t.Errorf("%+v", r)
	}
}

// What lies outside can neither be read nor written, whoever may do it otherwise.
func TestAChildReadsNothingElse(t *testing.T) {
	t.Parallel()
	if edition() == 0 {
		t.Skip("this kernel has no Landlock")
	}
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("secret words"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, script := range []string{"cat " + secret, "cat /etc/passwd", "ls /etc", "ls /home", "echo x >" + secret,
		"echo x >/tmp/x-of-a-child", "ls " + filepath.Dir(secret), "ln -s " + secret + " s; cat s",
		"cat /proc/1/environ",
		"cp /bin/true ./t; ./t"} {
		if r := shell(t, script, nil); r.Exit == 0 || strings.Contains(r.Output, "secret words") {
			t.Errorf("%s: %+v", script, r)
		}
	}
	if kept, err := os.ReadFile(secret); err != nil || string(kept) != "secret words" {
		t.Errorf("%q %v", kept, err)
	}
}

func TestAChildReachesNoNetwork(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	if r := shell(t, "exec 3<>/dev/tcp/127.0.0.1/"+port, nil); r.Exit == 0 {
		t.Errorf("%+v", r)
	}
}

func TestAChildIsBounded(t *testing.T) {
	t.Parallel()
	if r := shell(t, "while :; do :; done", func(j *Job) { j.Limits.CPU = 0 }); r.Signal != syscall.SIGKILL &&
		r.Signal != syscall.SIGXCPU || r.TimedOut {
		t.Errorf("computing: %+v", r)
	}
	if r := shell(t, "head -c 3000000 /dev/urandom >big; ls -s big", nil); r.Exit == 0 && !strings.Contains(r.Output,
		"File size") {
		t.Errorf("a large file: %+v", r)
	}
	if r := shell(t, "x=$(printf %1000000s); while :; do x=$x$x; done",
		func(j *Job) { j.Limits.MemoryBytes = 200 << 20 }); r.Exit == 0 ||
		r.TimedOut || r.Peak > 200<<20 {
		t.Errorf("memory: %+v", r)
	}
	if r := shell(t, "yes", func(j *Job) { j.Limits.CPU = 0 }); len(r.Output) > fewLimits.OutputBytes {
		t.Errorf("%d bytes were kept", len(r.Output))
	}
	begun := time.Now()
	if r := shell(t, "sleep 100", func(j *Job) { j.Limits.Deadline = 100 * time.Millisecond }); !r.TimedOut ||
		time.Since(begun) > 10*time.Second {
		t.Errorf("the deadline: %+v", r)
	}
}

// What a child starts ends with it, also where it is ended from outside.
func TestNothingOutlivesAChild(t *testing.T) {
	t.Parallel()
	mark := fmt.Sprintf("86399.%d", os.Getpid())
	running := func() bool { return runs(t, mark) }
	shell(t, "setsid sleep "+mark+" & sleep 0.1", nil)
	waitUntil(t, "a child's child outlives it", func() bool { return !running() })
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := Run(ctx, Job{Program: "/bin/sleep", Args: []string{mark}, Folder: t.TempDir(), Limits: fewLimits})
		done <- err
	}()
	waitUntil(t, "it doesn't run", running)
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) || running() {
		t.Errorf("%v, still running: %v", err, running())
	}
}

// runs reports whether a process runs whose arguments hold a mark.
func runs(t *testing.T, mark string) bool {
	t.Helper()
	entries, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if line, err := os.ReadFile(entry); err == nil && strings.Contains(string(line), mark) {
			return true
		}
	}
	return false
}

// parentName is the variable by which this test starts itself as a parent that will be killed.
const parentName = "LUODI_TEST_PARENT"

// A parent that is killed takes its child with it.
func TestAChildDiesWithItsParent(t *testing.T) {
	if mark := os.Getenv(parentName); mark != "" {
		_, err := Run(t.Context(), Job{Program: "/bin/sleep", Args: []string{mark}, Folder: t.TempDir(),
			Limits: fewLimits})
		t.Fatal("it came back: ", err)
	}
	t.Parallel()
	mark := fmt.Sprintf("86398.%d", os.Getpid())
	parent := exec.Command(os.Args[0], "-test.run=^TestAChildDiesWithItsParent$")
	parent.Env = append(os.Environ(), parentName+"="+mark)
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	waitUntil(t, "it doesn't run", func() bool { return runs(t, mark) })
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	waitUntil(t, "it outlives its parent", func() bool { return !runs(t, mark) })
}

func waitUntil(t *testing.T, otherwise string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(15 * time.Second); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal(otherwise)
		}
	}
}

// Where namespaces are not allowed, files stay closed, and so does the network where Landlock knows of it.
func TestWithoutNamespacesTheRestHolds(t *testing.T) {
	t.Parallel()
	job := Job{Program: "/bin/bash",
		Args: []string{"-c", "exec >&2; echo in; cat /etc/passwd || exec 3<>/dev/tcp/127.0.0.1/1"},
		Env:  []string{"PATH=/usr/bin:/bin"}, Folder: t.TempDir(), Limits: fewLimits}
	told, err := json.Marshal(order(job))
	if err != nil {
		t.Fatal(err)
	}
	result, err := start(t.Context(), job, string(told), false)
	if err != nil || !strings.HasPrefix(result.Output, "in\n") {
		t.Fatalf("%v %+v", err, result)
	}
	if at := edition(); at > 0 && strings.Contains(result.Output, "root:") ||
		at >= 4 && !strings.Contains(result.Output, "Permission denied") {
		t.Errorf("%+v", result)
	}
}
