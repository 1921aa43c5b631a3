package file

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// To open a pipe that nobody writes into waits for ever: the test would not end.
func TestOnlyPlainFilesAreRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pipe, socket, link := filepath.Join(dir, "pipe"), filepath.Join(dir, "s"), filepath.Join(dir, "link")
	if err := errors.Join(syscall.Mkfifo(pipe, 0o600), os.Symlink(pipe, link)); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	for _, path := range []string{pipe, link, socket, "/dev/zero", "/dev/urandom", "/dev/null", dir} {
		reader, err := Open(t.Context(), path, Options{})
		var fault *Fault
		if !errors.As(err, &fault) || fault.Code != FileNotPlain || fault.Field != path || fault.Expected == "" ||
			fault.Came == nil {
			t.Errorf("%s: %v, %+v", path, reader, err)
		}
	}
}

// Reading stops in the middle of a value, packed or not, and says why.
func TestReadingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "long.geojson")
	body := `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"x":"` +
		strings.Repeat(" ", 8<<20) + `"},"geometry":null}]}`
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	reader, err := Open(ctx, path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	cancel()
	if late, err := Open(ctx, path, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("opened after its context ended: %v, %v", late, err)
	}
	for {
		if _, err = reader.Next(ctx); err != nil {
			break
		}
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("after its context ended: %v", err)
	}
}

// TestEveryFormatIsToldOf: docs/import.md has a row for each format, and the command's help names it.
func TestEveryFormatIsToldOf(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]string{"../../../docs/import.md": "\n| %s |",
		"../../../cmd/luodi/import.go": "help:\"[^\"]*\\b%s\\b[^\"]*in a zip"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, format := range Formats() {
			if !regexp.MustCompile(fmt.Sprintf(strings.ReplaceAll(row, "|", `\|`), format)).Match(text) {
				t.Errorf("%s does not tell of %s", name, format)
			}
		}
	}
}
