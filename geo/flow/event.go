package flow

import (
	"fmt"
	"slices"
	"strings"

	"luodi/geo"
	"luodi/geo/workday"
)

// Kind is what happened to a step.
type Kind string

// The kinds. A step that is accepted again after it was done or withdrawn is done over: its earlier result fell.
const (
	Accepted     Kind = "accepted"      // 受理; of the firm's own step: begun
	Stopped      Kind = "stopped"       // missing papers are asked for (补正)
	Resumed      Kind = "resumed"       // they are there
	SpecialBegun Kind = "special_begun" // a special procedure begins
	SpecialEnded Kind = "special_ended"
	Withdrawn    Kind = "withdrawn" // by the firm, or refused
	Done         Kind = "done"
)

// Event is one thing that happened to a step on a day.
type Event struct {
	Step    string      `json:"step"`
	Kind    Kind        `json:"kind"`
	Special string      `json:"special,omitempty"` // the code of the procedure that begins
	Day     workday.Day `json:"day"`
}

// State is how a step stands.
type State string

// The states.
const (
	StepWaiting   State = "waiting" // for its predecessors
	StepReady     State = "ready"   // for the firm to hand it in
	StepRunning   State = "running"
	StepStopped   State = "stopped" // for missing papers
	StepInSpecial State = "special" // a special procedure runs
	StepWithdrawn State = "withdrawn"
	StepDone      State = "done"
)

// then is what may happen next to a step in a state, and the state that it leads to. A step that waits or is ready is
// in the state "".
var then = map[State]map[Kind]State{
	"":            {Accepted: StepRunning},
	StepRunning:   {Stopped: StepStopped, SpecialBegun: StepInSpecial, Done: StepDone, Withdrawn: StepWithdrawn},
	StepStopped:   {Resumed: StepRunning, Withdrawn: StepWithdrawn},
	StepInSpecial: {SpecialEnded: StepRunning, Withdrawn: StepWithdrawn},
	StepWithdrawn: {Accepted: StepRunning},
	StepDone:      {Accepted: StepRunning},
}

// Agreed is when a step was to begin and end by the plan agreed at signing. Zero days are unknown.
type Agreed struct {
	Step    string      `json:"step"`
	Start   workday.Day `json:"start"`
	Finish  workday.Day `json:"finish"`
	Special int         `json:"special"` // working days of special procedures within
}

// Flow is a template with what happened in one project. It is immutable and safe for concurrent use.
type Flow struct {
	template *Template
	start    workday.Day
	agreed   []Agreed  // by step; zero where none is agreed
	events   [][]event // by step, in order
}

// event is an event with the state that it leads to.
type event struct {
	Event
	to State
}

// maxEvents bounds the events of a flow.
const maxEvents = 10_000

// New returns a flow that runs from a day on. agreed is the plan agreed at signing, in any order, or empty; the events
// of each step come in the order in which they happened. A [geo.Invalid] names the wrong member, such as
// events[2].kind.
func New(t *Template, start workday.Day, agreed []Agreed, events []Event) (*Flow, error) {
	f := &Flow{t, start, make([]Agreed, len(t.Steps)), make([][]event, len(t.Steps))}
	if start <= 0 {
		return nil, geo.NewInvalid("start", "day.form", start.String())
	}
	for i, a := range agreed {
		at := fmt.Sprintf("agreed[%d].", i)
		step, known := t.at[a.Step]
		if !known || f.agreed[step].Step != "" {
			return nil, geo.NewInvalid(at+"step", "flow.step_once", a.Step)
		}
		if a.Finish != 0 && a.Finish < a.Start {
			return nil, geo.NewInvalid(at+"finish", "flow.not_before", a.Finish.String(), "day", a.Start.String())
		}
		if a.Special < 0 || a.Special > maxDays*maxItems {
			return nil, geo.NewInvalid(at+"special", "flow.days", a.Special, "n", maxDays*maxItems)
		}
		f.agreed[step] = a
	}
	if len(events) > maxEvents {
		return nil, geo.NewInvalid("events", "flow.events", len(events), "n", maxEvents)
	}
	for i, e := range events {
		if err := f.take(e); err != nil {
			return nil, err.Under(fmt.Sprintf("events[%d].%s", i, err.Field))
		}
	}
	return f, nil
}

// take adds an event after those of its step.
func (f *Flow) take(e Event) *geo.Invalid {
	i, known := f.template.at[e.Step]
	if !known {
		return geo.NewInvalid("step", "flow.step", e.Step)
	}
	last, now := f.start, State("")
	if n := len(f.events[i]); n > 0 {
		last, now = f.events[i][n-1].Day, f.events[i][n-1].to
	}
	if e.Day < last {
		return geo.NewInvalid("day", "flow.not_before", e.Day.String(), "day", last.String())
	}
	step := &f.template.Steps[i]
	state, may := then[now][e.Kind]
	if !may || step.By == Firm && (state == StepStopped || state == StepInSpecial) {
		return geo.NewInvalid("kind", "flow.kind", string(e.Kind), "kinds", kindsAfter(now, step))
	}
	isSpecial := slices.ContainsFunc(step.Special, func(p Special) bool { return p.Code == e.Special })
	if (e.Kind == SpecialBegun) != isSpecial || e.Special != "" && !isSpecial {
		return geo.NewInvalid("special", "flow.special", e.Special)
	}
	f.events[i] = append(f.events[i], event{e, state})
	return nil
}

// Next lists what may happen to the step when it is in a state, by name.
func (s *Step) Next(now State) (kinds []Kind) {
	if now == StepWaiting || now == StepReady {
		now = ""
	}
	for kind, to := range then[now] {
		if to == StepStopped && s.By == Firm || to == StepInSpecial && len(s.Special) == 0 {
			continue
		}
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	return kinds
}

// kindsAfter is Next for a refusal.
func kindsAfter(now State, s *Step) string {
	var kinds []string
	for _, kind := range s.Next(now) {
		kinds = append(kinds, string(kind))
	}
	return strings.Join(kinds, ", ")
}

// Template is the template of the flow.
func (f *Flow) Template() *Template { return f.template }

// Start is the day from which the flow runs.
func (f *Flow) Start() workday.Day { return f.start }
