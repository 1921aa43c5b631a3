package main

import (
	"cmp"
	"errors"
	"fmt"
	"go/scanner"
	"go/token"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Lines are counted in characters, a tab to the next multiple of four. A share of them may be wider than wide: tables,
// tags and texts don't always break well. None may be wider than widest but for what stands in strings.
const (
	wide   = 120
	widest = 200
	tab    = 4
)

// language is files whose lines are measured together.
type language struct {
	name    string
	endings []string
	most    float64 // the share of lines that may be wide
}

var languages = []language{
	{"Go", []string{".go"}, 0.01},
	{"SQL", []string{".sql"}, 0.05},
	{"TypeScript, Svelte, CSS", []string{".ts", ".svelte", ".css", ".js", ".mjs"}, 0.01},
}

// dump is what pg_dump writes of the schema: nobody's lines.
const dump = "data/schema.sql"

// frozen holds the migrations of before the baseline. They are applied once to an old database, whose rules are then
// replaced, and nobody changes them: neither their lines nor their functions are measured.
const frozen = "data/schema/before"

func (f file) isFrozen() bool { return path.Dir(f.name) == frozen }

// widths is what was found in one language.
type widths struct {
	language
	all, wide int
	worst     []worst  // files with wide lines, most first
	tooWide   []string // lines wider than widest, by file and number
}

type worst struct {
	name      string
	wide, all int
}

func (w widths) share() float64 { return float64(w.wide) / float64(max(1, w.all)) }

func (r repository) widths() []widths {
	var out []widths
	for _, l := range languages {
		w := widths{language: l}
		for _, f := range r.with(l.endings...) {
			if f.name == dump || f.isFrozen() {
				continue
			}
			wideHere, lines := 0, f.lines()
			bare := f.withoutStrings()
			for i, line := range lines {
				if width(line) > wide {
					wideHere++
				}
				if width(line) > widest && i < len(bare) && width(bare[i]) > wide {
					w.tooWide = append(w.tooWide, fmt.Sprintf("%s:%d", f.name, i+1))
				}
			}
			w.all, w.wide = w.all+len(lines), w.wide+wideHere
			if wideHere > 0 {
				w.worst = append(w.worst, worst{f.name, wideHere, len(lines)})
			}
		}
		slices.SortFunc(w.worst, func(a, b worst) int {
			return cmp.Or(cmp.Compare(b.wide, a.wide), strings.Compare(a.name, b.name))
		})
		out = append(out, w)
	}
	return out
}

// width counts columns.
func width(line string) int {
	if !strings.Contains(line, "\t") {
		return utf8.RuneCountInString(line)
	}
	n := 0
	for _, c := range line {
		if n++; c == '\t' {
			n = (n + tab - 1) / tab * tab
		}
	}
	return n
}

var quoted = regexp.MustCompile("'[^']*'|\"[^\"]*\"|`[^`]*`")

// withoutStrings is a file's lines less what stands in strings; of Go strings may run over lines.
func (f file) withoutStrings() []string {
	text := []byte(f.text)
	if path.Ext(f.name) != ".go" {
		return strings.Split(quoted.ReplaceAllStringFunc(f.text, func(s string) string {
			return strings.Repeat("\n", strings.Count(s, "\n"))
		}), "\n")
	}
	set := token.NewFileSet()
	var s scanner.Scanner
	s.Init(set.AddFile(f.name, -1, len(text)), text, nil, 0)
	out := []byte(f.text)
	for {
		at, what, literal := s.Scan()
		if what == token.EOF {
			break
		}
		if what != token.STRING {
			continue
		}
		from := set.Position(at).Offset
		for i := from; i < min(from+len(literal), len(out)); i++ {
			if out[i] != '\n' {
				out[i] = 0
			}
		}
	}
	return strings.Split(strings.ReplaceAll(string(out), "\x00", ""), "\n")
}

const worstFiles = 5

// lines prints the shares of wide lines, and the files that have most.
func (r repository) lines(out io.Writer) {
	for _, w := range r.widths() {
		row(out, fmt.Sprintf("lines over %d columns, %s", wide, w.name), share(w.wide, w.all),
			fmt.Sprintf("%g %%", 100*w.most))
		for _, f := range w.worst[:min(worstFiles, len(w.worst))] {
			detail(out, "%4d of %5d  %s", f.wide, f.all, f.name)
		}
		for _, at := range w.tooWide {
			detail(out, "over %d: %s", widest, at)
		}
		if w.name == "SQL" {
			detail(out, "%s and %s are not measured", dump, frozen)
		}
	}
	row(out, fmt.Sprintf("lines over %d columns, Markdown outside tables and code", wide), share(r.markdown()), "")
}

// checkLines is the linter.
func (r repository) checkLines(out io.Writer) error {
	var wrong []error
	for _, w := range r.widths() {
		if w.share() > w.most {
			wrong = append(wrong, fmt.Errorf("%s: %s of the lines are over %d columns, %g %% may be", w.name,
				share(w.wide, w.all), wide, 100*w.most))
			for _, f := range w.worst[:min(worstFiles, len(w.worst))] {
				detail(out, "%4d of %5d  %s", f.wide, f.all, f.name)
			}
		}
		for _, at := range w.tooWide {
			wrong = append(wrong, fmt.Errorf("%s is over %d columns, and not by strings alone", at, widest))
		}
	}
	return errors.Join(wrong...)
}

// markdown counts the wide lines of documents outside tables, code and lines that are one link or picture.
func (r repository) markdown() (wideLines, all int) {
	for _, f := range r.with(".md") {
		code := false
		for _, line := range f.lines() {
			if strings.HasPrefix(strings.TrimSpace(line), "```") {
				code = !code
			}
			if code || strings.HasPrefix(strings.TrimSpace(line), "|") {
				continue
			}
			if all++; width(line) > wide {
				wideLines++
			}
		}
	}
	return wideLines, all
}
