package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	sqlFunction = regexp.MustCompile(`(?im)^\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:FUNCTION|PROCEDURE)\s+([a-z_.]+)\s*\(`)
	sqlRule     = regexp.MustCompile(`(?im)^\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:CONSTRAINT\s+)?` +
		`(FUNCTION|PROCEDURE|TRIGGER|VIEW)\s+([a-z_.]+)`)
)

// sqlFiles are the migrations in their order, then the files in force.
func (r repository) sqlFiles() []file {
	var out []file
	for _, folder := range []string{"data/schema/tables", "data/schema"} {
		for _, f := range r.with(".sql") {
			if path.Dir(f.name) == folder {
				out = append(out, f)
			}
		}
	}
	return out
}

// sql prints which functions are defined more than once, and where the definitions lie that count.
func (r repository) sql(out io.Writer) {
	files := r.sqlFiles()
	defined := map[string][]string{} // by function: the files, in order
	last := map[string]string{}      // by rule: the file that has the last word
	for _, f := range files {
		for _, m := range sqlFunction.FindAllStringSubmatch(f.text, -1) {
			if name := strings.ToLower(m[1]); !slices.Contains(defined[name], f.name) {
				defined[name] = append(defined[name], f.name)
			}
		}
		for _, m := range sqlRule.FindAllStringSubmatch(f.text, -1) {
			last[strings.ToLower(m[1]+" "+m[2])] = f.name
		}
	}
	again := 0
	var names []string
	for name, in := range defined {
		if len(in) > 1 {
			again++
			names = append(names, fmt.Sprintf("%s in %d files", name, len(in)))
		}
	}
	inForce, folders := map[string]bool{}, map[string]bool{}
	for _, name := range last {
		inForce[name] = true
		folders[path.Dir(name)] = true
	}
	row(out, "SQL functions that a later file defines again", fmt.Sprintf("%d of %d", again, len(defined)), "0")
	slices.Sort(names)
	for _, name := range names {
		detail(out, "%s", name)
	}
	row(out, "files in which the rules in force lie", fmt.Sprintf("%d of %d, in %d folders", len(inForce), len(files),
		len(folders)), "one folder")
	for _, folder := range sorted(folders) {
		detail(out, "%s", folder)
	}
	detail(out, "%s is not counted: history, applied once to an old database and then replaced", frozen)
}

// kindsAt is where the kinds of changes have their rows.
const kindsAt = "data/ledger/kinds.go"

// orderKinds reads the kinds that can be ordered out of their rows: the literals with a Name and without Unordered.
func (r repository) orderKinds() []string {
	var out []string
	r.sources(func(f file, _ *token.FileSet, parsed *ast.File) {
		if f.name != kindsAt {
			return
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			row, is := n.(*ast.CompositeLit)
			if !is {
				return true
			}
			name, ordered := "", true
			for _, part := range row.Elts {
				pair, is := part.(*ast.KeyValueExpr)
				if !is {
					continue
				}
				key, _ := pair.Key.(*ast.Ident)
				value, _ := pair.Value.(*ast.BasicLit)
				switch {
				case key != nil && key.Name == "Unordered":
					ordered = false
				case key != nil && key.Name == "Name" && value != nil:
					name, _ = strconv.Unquote(value.Value)
				}
			}
			if name != "" && ordered {
				out = append(out, name)
			}
			return true
		})
	})
	return out
}

// A file that has as many kinds as this as strings is said to list them.
const manyKinds = 8

// kinds prints in how many files each kind of order stands as a string, and which files list the kinds.
func (r repository) kinds(out io.Writer) {
	orderKinds := r.orderKinds()
	if len(orderKinds) == 0 {
		row(out, "files that list the kinds of orders", "no kinds in "+kindsAt, "1")
		return
	}
	in := map[string]int{}
	lists := map[string]int{}
	for _, f := range r.with(".go", ".sql", ".ts", ".svelte") {
		if f.isTest() || f.isFrozen() || f.name == dump || strings.HasPrefix(f.name, ".ci/") {
			continue
		}
		for _, kind := range orderKinds {
			if stands(f.text, kind) {
				in[kind]++
				lists[f.name]++
			}
		}
	}
	most := slices.MaxFunc(orderKinds, func(a, b string) int { return in[a] - in[b] })
	var counts []int
	var each []string
	for _, kind := range orderKinds {
		counts = append(counts, in[kind])
		each = append(each, kind+" "+strconv.Itoa(in[kind]))
	}
	slices.Sort(counts)
	known := 0
	for _, n := range lists {
		if n >= manyKinds {
			known++
		}
	}
	row(out, "files that list the kinds of orders", strconv.Itoa(known), "1")
	for _, name := range sorted(lists) {
		if lists[name] >= manyKinds {
			detail(out, "%2d kinds  %s", lists[name], name)
		}
	}
	row(out, "files in which a kind stands as a string: median / max", fmt.Sprintf("%d / %d (%s)",
		counts[len(counts)/2], in[most], most), "")
	for part := range slices.Chunk(each, 8) {
		detail(out, "%s", strings.Join(part, ", "))
	}
}

// stands tells whether a word stands in a text as a string, alone or in a list parted by commas.
func stands(text, word string) bool {
	return regexp.MustCompile(`["'` + "`" + `,]` + word + `["'` + "`" + `,]`).MatchString(text)
}

func sorted[V any](m map[string]V) []string {
	var out []string
	for name := range m {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}
