package flow

import (
	"math"
	"slices"
)

// maxPaths bounds the critical paths that are listed.
const maxPaths = 16

// critical says whether a step has no slack.
func (s *schedule) critical(i int) bool { return s.rows[i].phase != over && s.rows[i].slack == 0 }

// follows lists the critical steps that begin when a critical step lets them: at its finish, or at its start where a
// promise stands in for it. end says whether the path may end with the step: it ends last, and nothing follows its
// finish.
func (s *schedule) follows(i int) (next []int, end bool) {
	r := s.rows[i]
	end = s.at(r.finish) == s.last
	for _, n := range s.t.next[i] {
		if !s.critical(n.step) || s.rows[n.step].phase != ahead {
			continue
		}
		start := s.at(s.rows[n.step].start)
		switch {
		case s.soft(n) && r.phase == ahead && start == s.at(r.start):
			next = append(next, n.step)
		case !s.soft(n) && start == s.at(r.finish):
			next, end = append(next, n.step), false
		}
	}
	return next, end
}

// paths counts the critical paths, and lists the first ones. A path begins with a critical step that no other one lets
// begin, and follows until the last finish.
func (s *schedule) paths() (list [][]string, ways int) {
	count := make([]int, len(s.rows)) // by step: the ways from it to the end
	led := make([]bool, len(s.rows))  // by step: another critical step lets it begin
	next := make([][]int, len(s.rows))
	ends := make([]bool, len(s.rows))
	for k := len(s.t.order) - 1; k >= 0; k-- {
		i := s.t.order[k]
		if !s.critical(i) {
			continue
		}
		if next[i], ends[i] = s.follows(i); ends[i] {
			count[i] = 1
		}
		for _, n := range next[i] {
			led[n] = true
			count[i] = saturate(count[i], count[n])
		}
	}
	var walk func(way []string, i int)
	walk = func(way []string, i int) {
		if len(list) == maxPaths {
			return
		}
		way = append(way, s.t.Steps[i].Code)
		if ends[i] {
			list = append(list, slices.Clone(way))
		}
		for _, n := range next[i] {
			walk(way, n)
		}
	}
	for _, i := range s.t.order {
		if s.critical(i) && !led[i] {
			ways = saturate(ways, count[i])
			walk(nil, i)
		}
	}
	return list, ways
}

// saturate adds, and stays at the greatest number.
func saturate(a, b int) int {
	if a > math.MaxInt-b {
		return math.MaxInt
	}
	return a + b
}
