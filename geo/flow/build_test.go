package flow_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"luodi/geo/flow"
	"luodi/geo/workday"
)

var day = workday.MustDay

// build makes a template of steps told in short, one a line: code, who does it (d, e: departments; firm), statutory and
// promised days (? is unknown), predecessors after < (~ behind one: a promise stands in), special procedures after +
// (planned with !). So "permit d 10/8 <design,filing~ +expert=5 +!notice=?".
func build(t testing.TB, steps ...string) *flow.Template {
	t.Helper()
	m := flow.Template{Code: "test", NameZH: "试", NameEN: "Test", Edition: "1", Source: "s",
		Departments: []flow.Named{{Code: "d", NameZH: "甲", NameEN: "D"}, {Code: "e", NameZH: "乙", NameEN: "E"}},
		Stages:      []flow.Named{{Code: "one", NameZH: "一", NameEN: "One"}}}
	for _, text := range steps {
		m.Steps = append(m.Steps, step(t, text))
	}
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	out, err := flow.Parse(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func step(t testing.TB, text string) flow.Step {
	t.Helper()
	f := strings.Fields(text)
	s := flow.Step{Code: f[0], NameZH: f[0], NameEN: f[0], By: f[1], Stage: "one", Source: "s"}
	statutory, promised, both := strings.Cut(f[2], "/")
	s.StatutoryDays = count(t, statutory)
	if both {
		s.PromisedDays = count(t, promised)
	}
	for _, more := range f[3:] {
		switch more[0] {
		case '<':
			for code := range strings.SplitSeq(more[1:], ",") {
				soft := strings.HasSuffix(code, "~")
				s.After = append(s.After, flow.Predecessor{Step: strings.TrimSuffix(code, "~"), OnPromise: soft})
			}
		case '+':
			code, days, _ := strings.Cut(more[1:], "=")
			s.Special = append(s.Special, flow.Special{Code: strings.TrimPrefix(code, "!"), NameZH: "特", NameEN: "S",
				Days: count(t, days), Planned: strings.HasPrefix(code, "!")})
		}
	}
	return s
}

func count(t testing.TB, text string) *int {
	if text == "?" {
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return &n
}

// happened reads events such as "permit accepted 2026-11-02"; a fourth word is the special procedure.
func happened(lines ...string) (out []flow.Event) {
	for _, text := range lines {
		f := append(strings.Fields(text), "")
		out = append(out, flow.Event{Step: f[0], Kind: flow.Kind(f[1]), Day: day(f[2]), Special: f[3]})
	}
	return out
}

// run makes a flow with the promised plan of its first day as agreed.
func run(t testing.TB, m *flow.Template, start string, lines ...string) *flow.Flow {
	t.Helper()
	agreed := m.Agree(m.Plan(workday.China(), flow.Promised, day(start)))
	f, err := flow.New(m, day(start), agreed, happened(lines...))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// dates prints a plan as "a 11-02 11-05 slack 4; …", with ! where provisional and * where critical.
func dates(steps []flow.Planned) string {
	var out []string
	for _, s := range steps {
		text := s.Step + " " + short(s.Start) + " " + short(s.Finish)
		if s.Provisional {
			text += "!"
		}
		switch {
		case s.Critical:
			text += " *"
		case s.Slack != nil:
			text += " slack " + strconv.Itoa(*s.Slack)
		}
		out = append(out, text)
	}
	return strings.Join(out, "; ")
}

func short(d workday.Day) string {
	if d == 0 {
		return "?"
	}
	return d.String()[5:]
}

func statusDates(s flow.Status) string {
	plain := make([]flow.Planned, len(s.Steps))
	for i, step := range s.Steps {
		plain[i] = step.Planned
	}
	return dates(plain)
}
