package flow_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"luodi/geo/flow"
	"luodi/geo/workday"
)

func each(t *testing.T, check func(t *testing.T, o one, d days)) {
	t.Helper()
	d := shippedDays()
	for seed := range uint64(1000) {
		o := random(t, seed)
		check(t, o, d)
		if t.Failed() {
			t.Fatalf("seed %d: %v from %s as of %s: %v", seed, o.lines, o.start, o.asOf, o.events)
		}
	}
}

// TestPlansAreThoseOfASimulation compares dates, slack and critical paths of 1,000 random templates, by law and by
// promise: dates with the days lived through one by one; slack with the same again, each step held back until the end
// moves; the critical paths with all ways walked.
func TestPlansAreThoseOfASimulation(t *testing.T) {
	t.Parallel()
	ended, ties := 0, 0
	each(t, func(t *testing.T, o one, d days) {
		for _, basis := range []flow.Basis{flow.Statutory, flow.Promised} {
			soft := basis == flow.Promised
			length := lengths(o.m, soft)
			p := o.m.Plan(workday.China(), basis, o.start)
			lived := simulate(o.m, d, o.start, fresh(len(length)), length, soft, make([]int, len(length)))
			comparePlan(t, o.m, p, lived)
			if slices.Contains(length, -1) {
				if p.Finish != 0 || p.Ways != 0 || p.Paths != nil {
					t.Error("an end is told though a length is unknown")
				}
				continue
			}
			ended++
			longest, paths := walkPaths(o.m, length, soft)
			if n := d.between(o.start, p.Finish); n != longest {
				t.Errorf("%s: ends after %d working days, the longest way has %d", basis, n, longest)
			}
			comparePaths(t, p, paths)
			compareSlack(t, o, d, p, soft, length)
			if p.Ways > 1 {
				ties++
			}
		}
	})
	if ended < 1000 || ties < 100 {
		t.Errorf("only %d plans with an end and %d ties were compared", ended, ties)
	}
	t.Logf("%d plans with a known end, %d of them with ties", ended, ties)
}

// settled says whether the notices settle all days after one, up to and with another.
func settled(from, to workday.Day) bool {
	return from >= to || from+1 >= day("2021-01-01") && to <= day("2026-12-24")
}

func comparePlan(t *testing.T, m *flow.Template, p flow.Plan, lived []life) {
	t.Helper()
	var provisional func(code string) bool
	provisional = func(code string) bool {
		i := slices.IndexFunc(m.Steps, func(s flow.Step) bool { return s.Code == code })
		if l := lived[i]; l.began == never || l.done != never && !settled(l.began, l.done) {
			return l.began != never
		}
		return slices.ContainsFunc(m.Steps[i].After, func(b flow.Predecessor) bool { return provisional(b.Step) })
	}
	for i, s := range p.Steps {
		start, finish := known(lived[i].began), known(lived[i].done)
		if s.Start != start || s.Finish != finish {
			t.Errorf("%s: from %s to %s; lived from %s to %s", s.Step, s.Start, s.Finish, start, finish)
		}
		if s.Provisional != provisional(s.Step) {
			t.Errorf("%s: provisional %t from %s to %s", s.Step, s.Provisional, start, finish)
		}
	}
}

// known is a day of the simulation as the package tells it.
func known(d workday.Day) workday.Day {
	if d == never {
		return 0
	}
	return d
}

func comparePaths(t *testing.T, p flow.Plan, paths [][]string) {
	t.Helper()
	if p.Ways != len(paths) || len(p.Paths) != min(16, len(paths)) {
		t.Errorf("%d ways, %d listed; walked %d: %v, %v", p.Ways, len(p.Paths), len(paths), p.Paths, paths)
	}
	for _, path := range p.Paths {
		if !slices.ContainsFunc(paths, func(other []string) bool { return slices.Equal(path, other) }) {
			t.Errorf("%v is no longest way: %v", path, paths)
		}
	}
	for _, s := range p.Steps {
		on := slices.ContainsFunc(paths, func(path []string) bool { return slices.Contains(path, s.Step) })
		if s.Critical != on {
			t.Errorf("%s: critical %t, on a longest way %t", s.Step, s.Critical, on)
		}
	}
}

// compareSlack holds each step back by one working day more until the last end moves.
func compareSlack(t *testing.T, o one, d days, p flow.Plan, soft bool, length []int) {
	t.Helper()
	for i, s := range p.Steps {
		slack := 0
		for ; slack < 200; slack++ {
			hold := make([]int, len(length))
			hold[i] = slack + 1
			late := simulate(o.m, d, o.start, fresh(len(length)), length, soft, hold)
			end := workday.Day(0)
			for _, l := range late {
				end = max(end, l.done)
			}
			if d.between(p.Finish, end) > 0 {
				break
			}
		}
		if s.Slack == nil || *s.Slack != slack {
			t.Errorf("%s: slack %v; held back by %d the end moves", s.Step, s.Slack, slack+1)
		}
	}
}

// TestStatusIsThatOfADiary compares what 1,000 random flows are expected to do, and where the time of their steps went,
// with days lived through one by one.
func TestStatusIsThatOfADiary(t *testing.T) {
	t.Parallel()
	states := map[flow.State]int{}
	parted := 0
	each(t, func(t *testing.T, o one, d days) {
		s := o.flow(t).Status(workday.China(), o.asOf)
		diaries := o.diaries(d)
		now := make([]life, len(diaries))
		for i, y := range diaries {
			switch y.state {
			case "", "away":
				now[i] = life{never, never, 0}
			case "done":
				now[i] = life{y.accepted, y.done, 0}
			default:
				now[i] = life{y.accepted, never, y.remaining(o.m.Steps[i])}
			}
		}
		lived := simulate(o.m, d, o.asOf, now, lengths(o.m, true), true, make([]int, len(now)))
		agreed := simulate(o.m, d, o.start, fresh(len(now)), lengths(o.m, true), true, make([]int, len(now)))
		for i, step := range s.Steps {
			y := diaries[i]
			states[step.State]++
			start, finish := known(lived[i].began), known(lived[i].done)
			if step.Start != start || step.Finish != finish {
				t.Errorf("%s (%s): from %s to %s; lived from %s to %s", step.Step, step.State, step.Start, step.Finish,
					start, finish)
			}
			want := flow.Spent{Used: y.used, Stopped: y.stopped, Special: y.special, Between: y.between}
			if step.Spent != want {
				t.Errorf("%s: spent %v; lived %v", step.Step, step.Spent, want)
			}
			if (step.Won == nil) != (finish == 0 || agreed[i].done == never) {
				t.Errorf("%s: won %v", step.Step, step.Won)
			} else if step.Won != nil && *step.Won != d.between(finish, agreed[i].done) {
				t.Errorf("%s: won %d", step.Step, *step.Won)
			}
			if step.By != nil {
				parted++
				if step.By.Sum() != *step.Won {
					t.Errorf("%s: %+v are not %d", step.Step, *step.By, *step.Won)
				}
			}
		}
	})
	for _, state := range []flow.State{flow.StepWaiting, flow.StepReady, flow.StepRunning, flow.StepStopped,
		flow.StepInSpecial, flow.StepWithdrawn, flow.StepDone} {
		if states[state] < 20 {
			t.Errorf("only %d steps were %s", states[state], state)
		}
	}
	if parted < 500 {
		t.Errorf("only %d steps were parted", parted)
	}
	t.Logf("steps by state: %v; %d with the parts of what was won", states, parted)
}

// TestBothCompressionsAreThoseOfADiary compares both figures of 1,000 random flows, one by one and added up.
func TestBothCompressionsAreThoseOfADiary(t *testing.T) {
	t.Parallel()
	var working, wantWorking flow.WorkingSum
	var spans, wantSpans flow.ElapsedSum
	each(t, func(t *testing.T, o one, d days) {
		f := o.flow(t)
		diaries := o.diaries(d)
		got, want := f.Working(workday.China(), o.asOf), workingByDiary(o, diaries)
		if got != want {
			t.Errorf("working days: %+v; lived %+v", got, want)
		}
		working.Add(got)
		wantWorking.Add(want)
		r := rand.New(rand.NewPCG(uint64(o.start), 3))
		kinds := []flow.Kind{flow.Accepted, flow.Done}
		for range 6 {
			a, b := r.IntN(len(diaries)), r.IntN(len(diaries))
			from := flow.Mark{Step: o.m.Steps[a].Code, Kind: kinds[r.IntN(2)]}
			to := flow.Mark{Step: o.m.Steps[b].Code, Kind: kinds[r.IntN(2)]}
			span, err := o.m.Span(from, to)
			if err != nil {
				t.Fatal(err)
			}
			got := f.Elapsed(workday.China(), o.asOf, span)
			want := elapsedByDiary(o, d, diaries, a, b, from.Kind, to.Kind)
			if got != want {
				t.Errorf("%v to %v: %+v; lived %+v", from, to, got, want)
			}
			spans.Add(got)
			wantSpans.Add(want)
		}
	})
	if working != wantWorking || spans != wantSpans {
		t.Errorf("added up: %+v, %+v; %+v, %+v", working, wantWorking, spans, wantSpans)
	}
	if working.N < 50 || working.Unfinished < 50 || working.Unlimited < 5 || working.Provisional < 1 || spans.N < 200 {
		t.Errorf("too few of a kind: %+v, %+v", working, spans)
	}
	t.Logf("working %+v; elapsed %+v", working, spans)
}

func workingByDiary(o one, diaries []diary) flow.Working {
	w := flow.Working{Verdict: flow.Compared}
	for i, s := range o.m.Steps {
		y := diaries[i]
		if y.state != "done" {
			return flow.Working{Verdict: flow.Unfinished}
		}
		w.Firm += y.between
		switch {
		case s.By == flow.Firm:
			w.Firm += y.used
		case s.StatutoryDays == nil:
			w.Verdict = flow.Unlimited
		default:
			w.Statutory += *s.StatutoryDays
			w.Used, w.Stopped, w.Special = w.Used+y.used, w.Stopped+y.stopped, w.Special+y.special
		}
	}
	if w.Verdict == flow.Unlimited {
		return flow.Working{Verdict: flow.Unlimited}
	}
	for i := range diaries {
		if first, last := diaries[i].accepted, diaries[i].done; last > first && !settled(first, last) {
			return flow.Working{Verdict: flow.Provisional}
		}
	}
	return w
}

func elapsedByDiary(o one, d days, diaries []diary, a, b int, first, last flow.Kind) flow.Elapsed {
	when := func(y diary, k flow.Kind) workday.Day {
		if k == flow.Accepted {
			return y.accepted
		}
		return y.done
	}
	from, to := when(diaries[a], first), when(diaries[b], last)
	if from == never || to == never {
		return flow.Elapsed{Verdict: flow.Unfinished}
	}
	// The statutory path in a world where every day is worked: days are working days.
	everyDay := days{}
	for x := workday.Day(1); x < 3100; x++ {
		everyDay[x] = true
	}
	length := lengths(o.m, false)
	law := simulate(o.m, everyDay, 1, fresh(len(length)), length, false, make([]int, len(length)))
	mark := func(l life, k flow.Kind) workday.Day {
		if k == flow.Accepted {
			return l.began
		}
		return l.done
	}
	lawFrom, lawTo := mark(law[a], first), mark(law[b], last)
	if lawFrom == never || lawTo == never || lawTo <= lawFrom || to < from {
		return flow.Elapsed{Verdict: flow.Unlimited}
	}
	e := flow.Elapsed{Verdict: flow.Compared}
	end := from
	for n := lawTo - lawFrom; n > 0; {
		if end++; d.worked(end) {
			n--
		}
	}
	e.Statutory = int(end - from)
	if !settled(from, end) {
		return flow.Elapsed{Verdict: flow.Provisional}
	}
	for x := from + 1; x <= to; x++ {
		who := 0
		for i, s := range o.m.Steps {
			if is := diaries[i].by[x]; s.By != flow.Firm && is > 0 && (who == 0 || is < who) {
				who = is
			}
		}
		switch who {
		case 1:
			e.Department++
		case 2:
			e.Special++
		default:
			e.Firm++
		}
	}
	return e
}
