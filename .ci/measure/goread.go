package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A package above one of these says in its doc comment why it is one ("one package because …").
const (
	mostLines    = 4500
	mostFiles    = 30
	mostExported = 160
)

// pkg is what is counted of a package's files but for its tests.
type pkg struct {
	dir                    string
	lines, files, exported int
	documented             int
	says                   bool // why it is one
}

func (p pkg) large() bool {
	return p.lines > mostLines || p.files > mostFiles || p.exported > mostExported
}

// sources parses the Go files but for tests and calls look with each.
func (r repository) sources(look func(f file, set *token.FileSet, parsed *ast.File)) {
	for _, f := range r.with(".go") {
		if f.isTest() || strings.HasPrefix(f.name, ".ci/") {
			continue
		}
		set := token.NewFileSet()
		if parsed, err := parser.ParseFile(set, f.name, f.text, parser.ParseComments); err == nil {
			look(f, set, parsed)
		}
	}
}

func (r repository) packages(out io.Writer) {
	byDir := map[string]*pkg{}
	r.sources(func(f file, _ *token.FileSet, parsed *ast.File) {
		p := byDir[path.Dir(f.name)]
		if p == nil {
			p = &pkg{dir: path.Dir(f.name)}
			byDir[p.dir] = p
		}
		p.files++
		p.lines += len(f.lines())
		p.says = p.says || strings.Contains(strings.Join(strings.Fields(parsed.Doc.Text()), " "), "one package because")
		for _, d := range parsed.Decls {
			exported, documented := names(d)
			p.exported += exported
			p.documented += documented
		}
	})
	var all []*pkg
	exported, documented, silent := 0, 0, 0
	for _, p := range byDir {
		all = append(all, p)
		exported, documented = exported+p.exported, documented+p.documented
		if p.large() && !p.says {
			silent++
		}
	}
	slices.SortFunc(all, func(a, b *pkg) int {
		return cmp.Or(cmp.Compare(b.lines, a.lines), strings.Compare(a.dir, b.dir))
	})
	row(out, "largest package: lines / files / exported names", fmt.Sprintf("%s %d / %d / %d", all[0].dir,
		all[0].lines, all[0].files, all[0].exported), fmt.Sprintf("%d / %d / %d", mostLines, mostFiles, mostExported))
	row(out, "packages above that without a sentence that says why", strconv.Itoa(silent), "0")
	for _, p := range all {
		mark := ""
		switch {
		case p.large() && p.says:
			mark = "  large, and says why"
		case p.large():
			mark = "  LARGE, and doesn't say why"
		}
		detail(out, "%6d / %2d / %3d  %s%s", p.lines, p.files, p.exported, p.dir, mark)
	}
	row(out, "exported names with a comment", share(documented, exported), "98 %")
}

// names counts the exported names of a declaration, and those that have a comment of their own or of their group.
// Methods count where their type is exported.
func names(d ast.Decl) (exported, documented int) {
	count := func(name *ast.Ident, docs ...*ast.CommentGroup) {
		if !name.IsExported() {
			return
		}
		exported++
		if slices.ContainsFunc(docs, func(c *ast.CommentGroup) bool { return c != nil }) {
			documented++
		}
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil || ast.IsExported(receiver(d)) {
			count(d.Name, d.Doc)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				count(s.Name, s.Doc, s.Comment, d.Doc)
			case *ast.ValueSpec:
				for _, n := range s.Names {
					count(n, s.Doc, s.Comment, d.Doc)
				}
			}
		}
	}
	return exported, documented
}

// receiver is the name of a method's type.
func receiver(d *ast.FuncDecl) string {
	t := d.Recv.List[0].Type
	if star, is := t.(*ast.StarExpr); is {
		t = star.X
	}
	switch t := t.(type) {
	case *ast.Ident:
		return t.Name
	case *ast.IndexExpr:
		if id, is := t.X.(*ast.Ident); is {
			return id.Name
		}
	}
	return ""
}

// functions prints how long functions are, and counts what was left to do.
func (r repository) functions(out io.Writer) {
	var lengths []int
	longest, longestAt := 0, ""
	r.sources(func(f file, set *token.FileSet, parsed *ast.File) {
		for _, d := range parsed.Decls {
			fn, is := d.(*ast.FuncDecl)
			if !is || fn.Body == nil {
				continue
			}
			n := set.Position(fn.End()).Line - set.Position(fn.Pos()).Line + 1
			if lengths = append(lengths, n); n > longest {
				longest, longestAt = n, f.name+" "+fn.Name.Name
			}
		}
	})
	slices.Sort(lengths)
	at := func(percent int) int { return lengths[min(len(lengths)-1, len(lengths)*percent/100)] }
	row(out, "lines of a function: median / p90 / max", fmt.Sprintf("%d / %d / %d", at(50), at(90), longest),
		"10 / 26 / 61")
	detail(out, "%d functions; the longest is %s", len(lengths), longestAt)
	todo := regexp.MustCompile(`(?m)(//|--|<!--|/\*|\*).*\b(TODO|FIXME|XXX)\b`)
	left := 0
	for _, f := range r.with(".go", ".sql", ".ts", ".svelte", ".css") {
		if !strings.HasPrefix(f.name, ".ci/") {
			left += len(todo.FindAllString(f.text, -1))
		}
	}
	row(out, "TODO", strconv.Itoa(left), "0")
}

const deadcode = "golang.org/x/tools/cmd/deadcode@v0.52.0"

var deadAt = regexp.MustCompile(`(?m)^(\S+\.go):(\d+):\d+: unreachable func: (\S+)$`)

// dead prints what no command reaches.
func (r repository) dead(out io.Writer) {
	const point = "functions that no command reaches"
	found, err := exec.Command("go", "run", deadcode, "./cmd/...").Output()
	if err != nil {
		row(out, point, "not looked for: "+err.Error(), "0")
		return
	}
	lines := 0
	dead := deadAt.FindAllStringSubmatch(string(found), -1)
	r.sources(func(f file, set *token.FileSet, parsed *ast.File) {
		for _, d := range dead {
			if d[1] != f.name {
				continue
			}
			for _, decl := range parsed.Decls {
				if at := set.Position(decl.Pos()); strconv.Itoa(at.Line) == d[2] {
					lines += set.Position(decl.End()).Line - at.Line + 1
				}
			}
		}
	})
	row(out, point, fmt.Sprintf("%d, %d lines", len(dead), lines), "0")
	for _, d := range dead {
		detail(out, "%s:%s %s", d[1], d[2], d[3])
	}
}

func share(part, whole int) string {
	if whole == 0 {
		return "none"
	}
	return fmt.Sprintf("%.1f %% (%d of %d)", 100*float64(part)/float64(whole), part, whole)
}
