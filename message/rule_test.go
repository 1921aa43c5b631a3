package message

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// program is the Go code of the repository, without its tests.
type program struct {
	files map[string]*ast.File // by path
	at    *token.FileSet
	takes map[place]taker
}

// place is a function of a folder.
type place struct{ folder, name string }

// taker is a function that takes a rule: at which place, and from which on the names and values of its placeholders;
// -1 for one that takes none.
type taker struct{ rule, args int }

func readProgram(t *testing.T) program {
	t.Helper()
	p := program{files: map[string]*ast.File{}, at: token.NewFileSet(), takes: map[place]taker{}}
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "var" || entry.Name() == ".git") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		p.files[path], err = parser.ParseFile(p.at, path, nil, parser.SkipObjectResolution)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, file := range p.files {
		folder := filepath.Dir(path)
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				p.note(place{folder, n.Name.Name}, n.Type)
			case *ast.AssignStmt:
				name, named := n.Lhs[0].(*ast.Ident)
				if f, is := n.Rhs[0].(*ast.FuncLit); is && named {
					p.note(place{folder, name.Name}, f.Type)
				}
			}
			return true
		})
	}
	return p
}

// note keeps a function with a parameter of type geo.Rule.
func (p program) note(at place, f *ast.FuncType) {
	found, i := taker{rule: -1, args: -1}, 0
	for _, field := range f.Params.List {
		if nameOf(field.Type) == "Rule" {
			found.rule = i
		}
		if more, is := field.Type.(*ast.Ellipsis); is && nameOf(more.Elt) == "any" {
			found.args = i
		}
		i += max(1, len(field.Names))
	}
	if found.rule >= 0 {
		p.takes[at] = found
	}
}

// called is the taker that a call calls.
func (p program) called(folder string, call *ast.CallExpr) (taker, bool) {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		found, ok := p.takes[place{folder, f.Name}]
		return found, ok
	case *ast.SelectorExpr:
		for at, found := range p.takes {
			if at.name == f.Sel.Name && filepath.Base(at.folder) == nameOf(f.X) {
				return found, true
			}
		}
		found, ok := p.takes[place{folder, f.Sel.Name}]
		return found, ok
	}
	return taker{}, false
}

func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// placeholdersOf are the names in a text, each once, in order.
func placeholdersOf(s string) []string {
	var names []string
	for _, name := range placeholder.FindAllString(s, -1) {
		names = append(names, strings.Trim(name, "{}"))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// TestEveryRuleInTheCodeHasItsWords reads the program: each rule that a refusal names is in the table, is given the
// values that its words have places for and no others, and none in the table is left over.
func TestEveryRuleInTheCodeHasItsWords(t *testing.T) {
	t.Parallel()
	p := readProgram(t)
	used := map[string]bool{}
	for path, file := range p.files {
		ast.Inspect(file, func(n ast.Node) bool {
			if made, is := n.(*ast.CompositeLit); is && nameOf(made.Type) == "Words" && filepath.Base(path) != "invalid.go" {
				t.Errorf("%s: words are made by geo.Say, whose rule and values are checked", p.at.Position(n.Pos()))
			}
			call, is := n.(*ast.CallExpr)
			if !is {
				return true
			}
			f, takes := p.called(filepath.Dir(path), call)
			if !takes || f.rule >= len(call.Args) {
				return true
			}
			rule, written := literal(call.Args[f.rule])
			if !written {
				if name := nameOf(call.Args[f.rule]); name != "rule" && name != "why" && name != "Rule" {
					t.Errorf("%s: a rule is written out where it is used", p.at.Position(n.Pos()))
				}
				return true
			}
			used[rule] = true
			var names []string
			if f.args >= 0 {
				for i := f.args; i < len(call.Args); i += 2 {
					name, written := literal(call.Args[i])
					if !written {
						t.Errorf("%s: %s: the name of a value is written out", p.at.Position(n.Pos()), rule)
					}
					names = append(names, name)
				}
			}
			slices.Sort(names)
			row, known := table["rule."+rule]
			switch {
			case !known:
				t.Errorf("%s: the table has no words for the rule %q", p.at.Position(n.Pos()), rule)
			case !slices.Equal(names, placeholdersOf(row.EN)) || !slices.Equal(names, placeholdersOf(row.ZH)):
				t.Errorf("%s: %s is given %v; its words want %v (zh), %v (en)", p.at.Position(n.Pos()), rule, names,
					placeholdersOf(row.ZH), placeholdersOf(row.EN))
			}
			return true
		})
	}
	for key := range table {
		if rule, is := strings.CutPrefix(key, "rule."); is && !used[rule] {
			t.Errorf("no refusal names the rule %q", rule)
		}
	}
	if len(used) < 300 {
		t.Errorf("only %d rules found: the test no longer reads the code", len(used))
	}
}

// expectation are the keys of what a request, not a value, should have been.
var expectation = regexp.MustCompile(`^(api\.expected|api\.value|api\.missing|auth\.expected|auth\.say|live\.expected)\.[A-Za-z_.-]*[A-Za-z_-]$`)

// TestEveryExpectationInTheCodeHasItsWords likewise reads the keys that requests are refused with.
func TestEveryExpectationInTheCodeHasItsWords(t *testing.T) {
	t.Parallel()
	p := readProgram(t)
	used, prefixes := map[string]bool{}, []string{"api.missing."}
	for _, file := range p.files {
		ast.Inspect(file, func(n ast.Node) bool {
			e, is := n.(ast.Expr)
			if !is {
				return true
			}
			text, written := literal(e)
			text, _, _ = strings.Cut(text, " ") // what follows is a value's place
			switch {
			case !written:
			case expectation.MatchString(text):
				used[text] = true
				if !Known(text) {
					t.Errorf("%s: the table lacks %q", p.at.Position(n.Pos()), text)
				}
			case strings.HasSuffix(text, ".") && expectation.MatchString(text+"x"):
				prefixes = append(prefixes, text)
			}
			return true
		})
	}
	for key := range table {
		if expectation.MatchString(key) && !used[key] &&
			!slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(key, p) }) {
			t.Errorf("nothing asks for %q", key)
		}
	}
}
