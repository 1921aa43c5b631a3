package flow_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"luodi/geo/flow"
	"luodi/geo/workday"
)

// one is a random flow: its template, what happened, and the day that is asked for.
type one struct {
	m           *flow.Template
	start, asOf workday.Day
	events      []flow.Event
	lines       []string
}

// random makes a flow of 2 to 8 steps in 2020 to 2027; about one in three has an unknown length or two.
func random(t testing.TB, seed uint64) one {
	r := rand.New(rand.NewPCG(seed, 14))
	n := 2 + r.IntN(7)
	vague := r.IntN(3) == 0
	number := func(most int) string {
		if vague && r.IntN(8) == 0 {
			return "?"
		}
		return fmt.Sprint(r.IntN(most + 1))
	}
	var o one
	for i := range n {
		line := fmt.Sprintf("s%d ", i)
		switch by := r.IntN(4); by {
		case 0:
			line += "firm ?/" + number(6)
		default:
			law := r.IntN(9)
			line += fmt.Sprintf("%s %d/%s", []string{"d", "e", "d"}[by-1], law, number(law))
			if vague && r.IntN(6) == 0 {
				line = fmt.Sprintf("s%d d ?", i)
			}
			for _, special := range []string{"p", "!q"} {
				if r.IntN(4) == 0 {
					line += " +" + special + "=" + number(5)
				}
			}
		}
		var before []string
		for k := range i {
			if r.IntN(max(2, i)) == 0 {
				before = append(before, fmt.Sprintf("s%d%s", k, []string{"", "", "~"}[r.IntN(3)]))
			}
		}
		if len(before) > 0 {
			line += " <"
			for k, b := range before {
				if k > 0 {
					line += ","
				}
				line += b
			}
		}
		o.lines = append(o.lines, line)
	}
	r.Shuffle(n, func(i, j int) { o.lines[i], o.lines[j] = o.lines[j], o.lines[i] })
	o.m = build(t, o.lines...)
	first, last := day("2020-11-15"), day("2027-01-15")
	o.start = first + workday.Day(r.IntN(int(last-first)))
	o.asOf = o.start + workday.Day(r.IntN(90))
	if r.IntN(3) == 0 {
		o.asOf = o.start + 400 // all that will ever happen
	}
	o.happen(r)
	return o
}

// happen lets the steps happen in an order that their predecessors allow, and now and then in another.
func (o *one) happen(r *rand.Rand) {
	began, done := map[string]workday.Day{}, map[string]workday.Day{}
	for len(done) < len(o.m.Steps) {
		s := o.m.Steps[r.IntN(len(o.m.Steps))]
		if _, is := done[s.Code]; is {
			continue
		}
		at, ready := o.start, true
		for _, p := range s.After {
			d, is := done[p.Step]
			if b, soft := began[p.Step]; soft && p.OnPromise {
				d, is = b, true
			}
			if at = max(at, d); !is {
				ready = false
			}
		}
		if !ready && r.IntN(40) > 0 { // rarely out of order
			continue
		}
		at = max(o.start, at+workday.Day(r.IntN(9)/3*2))
		began[s.Code] = at
		done[s.Code] = o.live(r, s, at)
	}
}

// live lets one step happen and returns its last day.
func (o *one) live(r *rand.Rand, s flow.Step, at workday.Day) workday.Day {
	add := func(kind flow.Kind, special string) {
		o.events = append(o.events, flow.Event{Step: s.Code, Kind: kind, Day: at, Special: special})
	}
	wait := func() { at += workday.Day(r.IntN(10)) }
	for range 3 {
		add(flow.Accepted, "")
		for wait(); s.By != flow.Firm && r.IntN(3) == 0; wait() {
			if len(s.Special) > 0 && r.IntN(2) == 0 {
				add(flow.SpecialBegun, s.Special[r.IntN(len(s.Special))].Code)
				wait()
				add(flow.SpecialEnded, "")
			} else {
				add(flow.Stopped, "")
				wait()
				add(flow.Resumed, "")
			}
		}
		again := r.IntN(6)
		if again == 0 {
			add(flow.Withdrawn, "")
		} else {
			add(flow.Done, "")
		}
		if again > 1 {
			break
		}
		wait()
	}
	return at
}

// flow is the flow with the promised plan as agreed.
func (o *one) flow(t testing.TB) *flow.Flow {
	t.Helper()
	f, err := flow.New(o.m, o.start, o.m.Agree(o.m.Plan(workday.China(), flow.Promised, o.start)), o.events)
	if err != nil {
		t.Fatalf("%v: %v", o.lines, err)
	}
	return f
}

func (o *one) diaries(d days) []diary {
	out := make([]diary, len(o.m.Steps))
	for i, s := range o.m.Steps {
		var mine []flow.Event
		for _, e := range o.events {
			if e.Step == s.Code {
				mine = append(mine, e)
			}
		}
		out[i] = keep(d, o.start, mine, o.asOf)
	}
	return out
}
