package flow_test

import (
	"slices"
	"time"

	"luodi/geo/flow"
	"luodi/geo/workday"
)

// The oracle computes what package flow does in another way: it lives through the days one by one, and walks every path
// through the steps. It shares no code with the package but the types of the template and the events.

// days says of each day whether it is worked, by lists written out from the notices.
type days map[workday.Day]bool

func shippedDays() days {
	d := days{}
	for _, n := range workday.China().Notices() {
		for _, h := range n.Off {
			for x := h.From; x <= h.To; x++ {
				d[x] = false
			}
		}
		for _, x := range n.Work {
			d[x] = true
		}
	}
	return d
}

func (d days) worked(x workday.Day) bool {
	if w, named := d[x]; named {
		return w
	}
	return x.Weekday() != time.Saturday && x.Weekday() != time.Sunday
}

// between counts the worked days after a, up to and with b, or as many below 0.
func (d days) between(a, b workday.Day) (n int) {
	for x := a + 1; x <= b; x++ {
		if d.worked(x) {
			n++
		}
	}
	for x := b + 1; x <= a; x++ {
		if d.worked(x) {
			n--
		}
	}
	return n
}

const never = workday.Day(1 << 30)

// life is a step in the simulation.
type life struct {
	began, done workday.Day // never: not yet
	left        int         // working days until it is done; -1: nobody knows
}

// simulate lives from a day on until nothing moves any more. Steps that have not begun get length days, and are held
// back by hold working days after the day on which they could first begin.
func simulate(m *flow.Template, d days, from workday.Day, now []life, length []int, soft bool, hold []int) []life {
	steps := slices.Clone(now)
	could := make([]workday.Day, len(steps))
	for i := range could {
		could[i] = never
	}
	for x := from; ; x++ {
		for i := range steps { // a worked day
			if s := &steps[i]; x > from && d.worked(x) && s.began < x && s.done == never && s.left > 0 {
				s.left--
			}
		}
		for moved := true; moved; { // what may happen on that day, one thing after another
			moved = false
			for i := range steps {
				s := &steps[i]
				if s.began == never && free(m, steps, i, x, soft) {
					could[i] = min(could[i], x)
					if d.between(could[i], x) >= hold[i] {
						s.began, s.left, moved = x, length[i], true
					}
				}
				if s.began <= x && s.done == never && s.left == 0 {
					s.done, moved = x, true
				}
			}
		}
		moves := func(s life) bool { return s.done == never && (s.began == never || s.left > 0) }
		if !slices.ContainsFunc(steps, moves) {
			break
		}
		if x == from+600 && slices.ContainsFunc(steps, func(s life) bool { return s.left < 0 }) {
			break
		}
	}
	return steps
}

// free says whether a step may begin on a day.
func free(m *flow.Template, steps []life, i int, x workday.Day, soft bool) bool {
	for _, p := range m.Steps[i].After {
		k := slices.IndexFunc(m.Steps, func(s flow.Step) bool { return s.Code == p.Step })
		if day := steps[k].done; p.OnPromise && soft {
			if steps[k].began > x {
				return false
			}
		} else if day > x {
			return false
		}
	}
	return true
}

// fresh are steps of which none has begun.
func fresh(n int) []life {
	out := make([]life, n)
	for i := range out {
		out[i] = life{never, never, 0}
	}
	return out
}

// lengths are the working days of each step by law or by promise; -1 where nobody knows.
func lengths(m *flow.Template, promised bool) []int {
	out := make([]int, len(m.Steps))
	for i, s := range m.Steps {
		var n *int
		if promised {
			n = s.PromisedDays
		}
		if n == nil {
			n = s.StatutoryDays
		}
		zero := 0
		if s.By == flow.Firm && !promised {
			n = &zero
		}
		if n == nil {
			out[i] = -1
			continue
		}
		out[i] = *n
		for _, p := range s.Special {
			if p.Planned && out[i] >= 0 {
				if p.Days == nil {
					out[i] = -1
				} else {
					out[i] += *p.Days
				}
			}
		}
	}
	return out
}

// walkPaths lists the longest ways through the steps: from a step without predecessors to one whose finish nothing
// follows, counting its length where the way goes on from its finish, and none where it goes on from its start.
func walkPaths(m *flow.Template, length []int, soft bool) (longest int, paths [][]string) {
	longest = -1
	var walk func(way []string, i, sum int)
	walk = func(way []string, i, sum int) {
		way = append(slices.Clone(way), m.Steps[i].Code)
		end := true
		for k, s := range m.Steps {
			for _, p := range s.After {
				switch {
				case p.Step != m.Steps[i].Code:
				case p.OnPromise && soft:
					walk(way, k, sum)
				default:
					end = false
					walk(way, k, sum+length[i])
				}
			}
		}
		if sum += length[i]; end {
			if sum > longest {
				longest, paths = sum, nil
			}
			if sum == longest {
				paths = append(paths, way)
			}
		}
	}
	for i, s := range m.Steps {
		if len(s.After) == 0 {
			walk(nil, i, 0)
		}
	}
	return longest, paths
}

// diary is what each day of a step was, in counters: the state at the break of each day, until the end.
type diary struct {
	state                           string // "", run, stop, special, away, done
	procedure                       string
	accepted, done                  workday.Day
	used, stopped, special, between int
	round                           int                 // used in this round
	ran                             map[string]int      // working days of each procedure since its last begin
	begun                           map[string]bool     // in this round
	by                              map[workday.Day]int // by calendar day: 1 at work, 2 special
}

// keep lives through the events of a step up to a day.
func keep(d days, from workday.Day, events []flow.Event, asOf workday.Day) diary {
	y := diary{accepted: never, done: never, ran: map[string]int{}, begun: map[string]bool{}, by: map[workday.Day]int{}}
	for x := from; x <= asOf; x++ {
		y.live(x, d.worked(x) && x > from)
		for _, e := range events {
			if e.Day == x {
				y.take(e)
			}
		}
	}
	return y
}

func (y *diary) live(x workday.Day, worked bool) {
	n := 0
	if worked {
		n = 1
	}
	switch y.state {
	case "run":
		y.used, y.round, y.by[x] = y.used+n, y.round+n, 1
	case "stop":
		y.stopped += n
	case "special":
		y.special, y.by[x] = y.special+n, 2
		y.ran[y.procedure] += n
	case "away":
		y.between += n
	case "done":
		y.ran["since done"] += n
	}
}

func (y *diary) take(e flow.Event) {
	switch e.Kind {
	case flow.Accepted:
		if y.accepted == never {
			y.accepted = e.Day
		}
		if y.state == "done" { // the result fell: the days since were between
			y.between += y.ran["since done"]
		}
		y.state, y.done, y.round, y.begun = "run", never, 0, map[string]bool{}
	case flow.Stopped:
		y.state = "stop"
	case flow.Resumed, flow.SpecialEnded:
		y.state = "run"
	case flow.SpecialBegun:
		y.state, y.procedure, y.ran[e.Special], y.begun[e.Special] = "special", e.Special, 0, true
	case flow.Withdrawn:
		y.state = "away"
	case flow.Done:
		y.state, y.done, y.ran["since done"] = "done", e.Day, 0
	}
}

// remaining are the working days that a step at work still takes; -1 where nobody knows.
func (y *diary) remaining(s flow.Step) int {
	limit := s.PromisedDays
	if limit == nil {
		limit = s.StatutoryDays
	}
	if limit == nil {
		return -1
	}
	n := max(0, *limit-y.round)
	for _, p := range s.Special {
		runs := y.state == "special" && y.procedure == p.Code
		if !runs && (!p.Planned || y.begun[p.Code]) {
			continue
		}
		if p.Days == nil {
			return -1
		}
		if runs {
			n += max(0, *p.Days-y.ran[p.Code])
		} else {
			n += *p.Days
		}
	}
	return n
}
