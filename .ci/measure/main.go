// Command measure prints how the house stands: the sizes of its packages, functions and lines, what is documented, dead
// or known in many places. It reads the files that git knows with go/ast, and writes nothing. `make measure` runs it
// from the top of the repository.
//
// With -lines it is a linter instead: it measures the widths of lines alone and fails where they are too many.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

func main() {
	lines := flag.Bool("lines", false, "measure the widths of lines alone, and fail where they are too many")
	dead := flag.Bool("dead", true, "look for dead code too, which builds the command")
	flag.Parse()
	if err := run(os.Stdout, *lines, *dead); err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

func run(out io.Writer, linesOnly, dead bool) error {
	house, err := read()
	if err != nil {
		return err
	}
	if linesOnly {
		return house.checkLines(out)
	}
	row(out, "POINT", "NOW", "WANTED")
	house.packages(out)
	house.functions(out)
	house.kinds(out)
	house.sql(out)
	house.web(out)
	house.lines(out)
	house.guides(out)
	if dead {
		house.dead(out)
	}
	return nil
}

// row prints one figure of the table.
func row(out io.Writer, point, now, wanted string) {
	fmt.Fprintf(out, "%s  %s  %s\n", pad(point, 60), pad(now, 32), wanted)
}

// pad fills a text with spaces up to a width.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(text)))
}

// detail prints a line below a figure.
func detail(out io.Writer, format string, args ...any) { fmt.Fprintf(out, "    "+format+"\n", args...) }

// file is a text that git knows.
type file struct {
	name string
	text string
}

func (f file) lines() []string { return strings.Split(strings.TrimSuffix(f.text, "\n"), "\n") }

func (f file) isTest() bool {
	return strings.HasSuffix(f.name, "_test.go") || strings.Contains(f.name, ".test.") ||
		strings.Contains(f.name, ".spec.") || strings.HasPrefix(f.name, "web/e2e/")
}

// repository is all texts, by name.
type repository struct{ files []file }

// read reads the files that git tracks and those that are new but not ignored.
func read() (repository, error) {
	out, err := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		return repository{}, fmt.Errorf("git ls-files: %w", err)
	}
	var r repository
	for name := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		if !slices.Contains(texts, path.Ext(name)) {
			continue
		}
		text, err := os.ReadFile(name)
		if os.IsNotExist(err) {
			continue // deleted, and git not told yet
		}
		if err != nil {
			return repository{}, err
		}
		r.files = append(r.files, file{name, string(text)})
	}
	slices.SortFunc(r.files, func(a, b file) int { return strings.Compare(a.name, b.name) })
	r.files = slices.CompactFunc(r.files, func(a, b file) bool { return a.name == b.name })
	return r, nil
}

// texts are the endings of the files that are read.
var texts = []string{".go", ".sql", ".ts", ".svelte", ".css", ".js", ".mjs", ".md"}

// with lists the files with one of some endings.
func (r repository) with(endings ...string) []file {
	var out []file
	for _, f := range r.files {
		if slices.Contains(endings, path.Ext(f.name)) {
			out = append(out, f)
		}
	}
	return out
}

// guides tells whether the two documents that lead through the house are there, and whether they are drawn.
func (r repository) guides(out io.Writer) {
	for _, name := range []string{"CONTRIBUTING.md", "docs/architecture.md"} {
		now := "none"
		for _, f := range r.files {
			if f.name == name {
				now = fmt.Sprintf("%d lines, %d drawings", len(f.lines()),
					strings.Count(f.text, "```mermaid")+strings.Count(f.text, ".svg)")+strings.Count(f.text, "```text"))
			}
		}
		row(out, name, now, "with drawings")
	}
}
