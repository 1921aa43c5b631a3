package flow

import (
	"fmt"
	"slices"
	"strings"

	"luodi/geo"
)

// link resolves the predecessors and puts the steps in an order in which each follows its predecessors.
func (t *Template) link() error {
	t.at = make(map[string]int, len(t.Steps))
	for i, s := range t.Steps {
		t.at[s.Code] = i
	}
	t.after, t.next = make([][]arc, len(t.Steps)), make([][]arc, len(t.Steps))
	for i, s := range t.Steps {
		seen := map[string]bool{}
		for k, p := range s.After {
			from, known := t.at[p.Step]
			if !known || seen[p.Step] {
				return geo.NewInvalid(fmt.Sprintf("steps[%d].after[%d].step", i, k), "flow.predecessor", p.Step)
			}
			seen[p.Step] = true
			t.after[i] = append(t.after[i], arc{from, p.OnPromise})
			t.next[from] = append(t.next[from], arc{i, p.OnPromise})
		}
	}
	t.order = t.sort()
	if len(t.order) < len(t.Steps) {
		return t.refuseCircle()
	}
	return nil
}

// sort lists the steps so that each comes after its predecessors: those free of predecessors first, in the order in
// which they stand (Kahn 1962). Steps on a circle, and those behind one, are left out.
func (t *Template) sort() []int {
	waits := make([]int, len(t.Steps)) // predecessors that are not listed yet
	var order []int
	for i, all := range t.after {
		if waits[i] = len(all); waits[i] == 0 {
			order = append(order, i)
		}
	}
	for k := 0; k < len(order); k++ {
		for _, n := range t.next[order[k]] {
			if waits[n.step]--; waits[n.step] == 0 {
				order = append(order, n.step)
			}
		}
	}
	return order
}

// refuseCircle names the steps of a circle. A step that sort left out has a predecessor that it left out too: going
// back along these must come to a step twice, and what lies between is a circle.
func (t *Template) refuseCircle() error {
	left := func(i int) bool { return !slices.Contains(t.order, i) }
	way := []int{slices.IndexFunc(t.Steps, func(s Step) bool { return left(t.at[s.Code]) })}
	for {
		last := way[len(way)-1]
		k := slices.IndexFunc(t.after[last], func(p arc) bool { return left(p.step) })
		back := t.after[last][k].step
		if at := slices.Index(way, back); at >= 0 {
			circle := append(slices.Clone(way[at:]), back)
			slices.Reverse(circle)
			names := make([]string, len(circle))
			for i, step := range circle {
				names[i] = t.Steps[step].Code
			}
			return geo.NewInvalid(fmt.Sprintf("steps[%d].after[%d].step", last, k), "flow.circle",
				t.Steps[back].Code, "steps", strings.Join(names, " → "))
		}
		way = append(way, back)
	}
}
