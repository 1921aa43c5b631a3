package flow_test

import (
	"fmt"
	"testing"

	"luodi/geo/flow"
	"luodi/geo/workday"
)

// many are n flows of 12 steps each, two side by side at a time, all finished.
func many(b *testing.B, n int) []*flow.Flow {
	lines := []string{"s0 d 10/6"}
	for i := 1; i < 12; i++ {
		lines = append(lines, fmt.Sprintf("s%d %s 10/6 <s%d", i, []string{"d", "e"}[i%2], max(0, i-2+i%2-1)))
	}
	m := build(b, lines...)
	out := make([]*flow.Flow, n)
	for k := range out {
		start := day("2024-01-02") + workday.Day(k%600)
		var events []flow.Event
		for i := range 12 {
			at := start + workday.Day(9*((i+1)/2))
			code := fmt.Sprintf("s%d", i)
			events = append(events, flow.Event{Step: code, Kind: flow.Accepted, Day: at},
				flow.Event{Step: code, Kind: flow.Stopped, Day: at + 2},
				flow.Event{Step: code, Kind: flow.Resumed, Day: at + 5},
				flow.Event{Step: code, Kind: flow.Done, Day: at + 8})
		}
		f, err := flow.New(m, start, m.Agree(m.Plan(workday.China(), flow.Promised, start)), events)
		if err != nil {
			b.Fatal(err)
		}
		out[k] = f
	}
	return out
}

func BenchmarkFlows(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000} {
		flows := many(b, n)
		template := flows[0].Template()
		span, err := template.Span(flow.Mark{Step: "s0", Kind: flow.Accepted}, flow.Mark{Step: "s11", Kind: flow.Done})
		if err != nil {
			b.Fatal(err)
		}
		asOf := day("2026-06-30")
		b.Run(fmt.Sprintf("plan/%d", n), func(b *testing.B) {
			for b.Loop() {
				for _, f := range flows {
					template.Plan(workday.China(), flow.Promised, f.Start())
				}
			}
		})
		b.Run(fmt.Sprintf("status/%d", n), func(b *testing.B) {
			for b.Loop() {
				for _, f := range flows {
					f.Status(workday.China(), f.Start()+30)
				}
			}
		})
		b.Run(fmt.Sprintf("compressions/%d", n), func(b *testing.B) {
			for b.Loop() {
				var working flow.WorkingSum
				var days flow.ElapsedSum
				for _, f := range flows {
					working.Add(f.Working(workday.China(), asOf))
					days.Add(f.Elapsed(workday.China(), asOf, span))
				}
				if working.N != n || days.N != n {
					b.Fatal(working, days)
				}
			}
		})
	}
}
