package main

import "sort"

// dissolve unites rings that share nodes exactly: an edge walked in both directions lies between two of them and goes.
// What remains is chained into rings, counter-clockwise, the westernmost node first.
func dissolve(rings [][]pt) [][]pt {
	type edge struct{ a, b pt }
	edges := map[edge]bool{}
	for _, r := range rings {
		for i, a := range r {
			b := r[(i+1)%len(r)]
			if edges[edge{b, a}] {
				delete(edges, edge{b, a})
			} else {
				edges[edge{a, b}] = true
			}
		}
	}
	next := map[pt]pt{}
	var starts []pt
	for e := range edges {
		next[e.a] = e.b
		starts = append(starts, e.a)
	}
	sort.Slice(starts, func(i, k int) bool {
		return starts[i].x < starts[k].x || starts[i].x == starts[k].x && starts[i].y < starts[k].y
	})
	var out [][]pt
	for _, start := range starts {
		var ring []pt
		for p := start; ; {
			q, ok := next[p]
			if !ok {
				break
			}
			ring = append(ring, p)
			delete(next, p)
			p = q
		}
		if len(ring) > 2 {
			out = append(out, ring)
		}
	}
	return out
}
