package main

import (
	"fmt"
	"io"
	"path"
	"regexp"
	"strconv"
	"strings"
)

var (
	wholeDesk = regexp.MustCompile(`\bdesk\??: Desk\b`)
	imported  = regexp.MustCompile(`(?m)^\s*(?:import|export)\b[^;'"]*?(?:\bfrom\s*)?['"](\.[^'"]*)['"]`)
)

// web prints how the page's parts hang together.
func (r repository) web(out io.Writer) {
	components, whole := 0, 0
	flat := map[string]int{}
	for _, f := range r.with(".svelte", ".ts", ".css") {
		if !strings.HasPrefix(f.name, "web/src/") {
			continue
		}
		flat[path.Dir(f.name)]++
		if path.Ext(f.name) == ".svelte" {
			components++
			if wholeDesk.MatchString(f.text) {
				whole++
			}
		}
	}
	row(out, "components that take the whole desk", fmt.Sprintf("%d of %d", whole, components), "0")
	row(out, "files flat in web/src/ui", strconv.Itoa(flat["web/src/ui"]), "rooms")
	for _, folder := range sorted(flat) {
		detail(out, "%4d  %s", flat[folder], folder)
	}
	circles := r.circles()
	row(out, "circles of imports in web/src", strconv.Itoa(len(circles)), "0")
	for _, c := range circles {
		detail(out, "%d files: %s", len(c), strings.Join(c[:min(len(c), 6)], ", "))
	}
}

// imports lists for each file of web/src the files that it imports, types too.
func (r repository) imports() map[string][]string {
	known := map[string]bool{}
	var files []file
	for _, f := range r.with(".svelte", ".ts") {
		if strings.HasPrefix(f.name, "web/src/") && !f.isTest() {
			known[f.name] = true
			files = append(files, f)
		}
	}
	out := map[string][]string{}
	for _, f := range files {
		out[f.name] = nil
		for _, m := range imported.FindAllStringSubmatch(f.text, -1) {
			target := path.Join(path.Dir(f.name), m[1])
			for _, ending := range []string{"", ".ts", ".svelte.ts", "/index.ts"} {
				if known[target+ending] {
					out[f.name] = append(out[f.name], target+ending)
					break
				}
			}
		}
	}
	return out
}

// circles lists the groups of files each of which imports every other, by way of some (R. Tarjan, "Depth-First Search
// and Linear Graph Algorithms", 1972).
func (r repository) circles() [][]string {
	graph := r.imports()
	order, low, onStack := map[string]int{}, map[string]int{}, map[string]bool{}
	var stack []string
	var out [][]string
	var visit func(name string)
	visit = func(name string) {
		order[name] = len(order) + 1
		low[name] = order[name]
		stack, onStack[name] = append(stack, name), true
		for _, next := range graph[name] {
			if order[next] == 0 {
				visit(next)
				low[name] = min(low[name], low[next])
			} else if onStack[next] {
				low[name] = min(low[name], order[next])
			}
		}
		if low[name] != order[name] {
			return
		}
		var group []string
		for len(group) == 0 || group[len(group)-1] != name {
			last := stack[len(stack)-1]
			stack, onStack[last] = stack[:len(stack)-1], false
			group = append(group, last)
		}
		if len(group) > 1 {
			out = append(out, group)
		}
	}
	for _, name := range sorted(graph) {
		if order[name] == 0 {
			visit(name)
		}
	}
	return out
}
