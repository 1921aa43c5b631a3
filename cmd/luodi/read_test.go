package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A command that waits at a pipe for what never comes ends when it is told to.
func TestACommandThatWaitsAtAPipeCanBeEnded(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, args := range [][]string{
		{"chain", "--district", "d", pipe}, {"match", "--park", "p", "--json", pipe, "--url", "http://127.0.0.1:1"},
	} {
		var out, errs bytes.Buffer
		if code := run(ctx, append([]string{"--lang", "en"}, args...), &out, &errs); code != exitFailed ||
			!strings.Contains(errs.String(), "interrupted") {
			t.Errorf("%v: exit %d %s%s", args, code, out.String(), errs.String())
		}
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"--lang", "en", "import", "--park", "p", "--layer", "parcels", pipe}, &out,
		&errs); code != exitFailed || !strings.Contains(out.String()+errs.String(), "it is a pipe") {
		t.Errorf("import of a pipe: exit %d %s%s", code, out.String(), errs.String())
	}
}

func TestWhatACommandReadsIsBounded(t *testing.T) {
	t.Parallel()
	if body, err := readFile(t.Context(), "/dev/zero"); err == nil {
		t.Errorf("%d bytes of an endless device", len(body))
	}
}
