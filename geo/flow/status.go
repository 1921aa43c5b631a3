package flow

import "luodi/geo/workday"

// Status is how a flow stands as of a day: the plan of what lies ahead, and what each step took.
type Status struct {
	AsOf workday.Day `json:"as_of"`
	Plan
	Steps []StepStatus `json:"steps"` // as they stand in the template
	Over  bool         `json:"over"`  // every step is finished
}

// StepStatus is how a step stands. Its dates are actual where they have happened, and otherwise expected.
type StepStatus struct {
	Planned
	State     State     `json:"state"`
	Agreed    Agreed    `json:"agreed"`
	Spent     Spent     `json:"spent"`
	Stretches []Stretch `json:"stretches"`
	Wait      *Wait     `json:"wait"` // nil where the step is finished
	// Won is by how many working days the finish, actual or expected, lies before the agreed one; below 0 they are
	// lost. Nil where one of the dates is unknown.
	Won *int `json:"won"`
	By  *Won `json:"won_by"` // of a finished step, where all that it builds on is known
}

// Wait says whom a step waits for.
type Wait struct {
	On    Holder      `json:"on"`
	Who   string      `json:"who,omitempty"`   // the code of the department, or of the special procedure
	Steps []string    `json:"steps,omitempty"` // the steps that must come first
	Since workday.Day `json:"since"`           // zero where it waits for steps
}

// Holder is who has the floor.
type Holder string

// The holders.
const (
	ByDepartment Holder = "department"
	ByFirm       Holder = "firm" // to hand in, to complete papers, or to do its own work
	BySpecial    Holder = "special"
	BySteps      Holder = "steps"
)

// Status tells how the flow stands as of a day, with all that happened up to and with it. What lies ahead is expected
// by what is promised, none of it before that day: a step at work takes what its limit leaves, and one that is over its
// limit ends that day at the earliest; papers that are asked for come that day at the earliest.
func (f *Flow) Status(cal *workday.Calendar, asOf workday.Day) Status {
	t := f.template
	s := schedule{t: t, cal: cal, basis: Promised, from: max(asOf, f.start), rows: make([]row, len(t.Steps))}
	tracks := make([]track, len(t.Steps))
	for i := range t.Steps {
		tracks[i] = f.follow(i, asOf)
		s.rows[i] = tracks[i].row(cal, &t.Steps[i], asOf)
	}
	out := Status{AsOf: asOf, Plan: s.plan(), Over: true, Steps: make([]StepStatus, len(t.Steps))}
	for i := range t.Steps {
		k := &tracks[i]
		step := StepStatus{Planned: out.Plan.Steps[i], State: k.state, Agreed: f.agreed[i], Stretches: k.all}
		ready, waits := f.ready(i, tracks)
		if k.state == "" {
			step.State = StepReady
			if len(waits) > 0 {
				step.State = StepWaiting
			}
		}
		spent, settled := spend(cal, k.all)
		step.Spent, step.Provisional = spent, step.Provisional || !settled
		if k.state == StepDone {
			step.By = f.wonBy(cal, i, k, spent, ready, waits)
		} else {
			out.Over = false
			step.Wait = f.wait(i, k, ready, waits)
		}
		if a := f.agreed[i].Finish; a != 0 && step.Finish != 0 {
			won, settled := cal.Between(step.Finish, a)
			step.Won, step.Provisional = &won, step.Provisional || !settled
		}
		out.Provisional = out.Provisional || step.Provisional
		out.Steps[i] = step
	}
	return out
}

// row is where a step stands on the schedule.
func (k *track) row(cal *workday.Calendar, s *Step, asOf workday.Day) row {
	switch k.state {
	case "", StepWithdrawn:
		return row{}
	case StepDone:
		return row{phase: over, start: k.accepted, finish: k.since}
	}
	r := row{phase: atWork, start: k.accepted}
	days, known, settled := k.left(cal, s)
	r.unknown = !known
	if known {
		finish, sure := cal.Add(asOf, days)
		r.finish, r.provisional = finish, !sure || !settled
	}
	return r
}

// ready is the first day on which a step could be accepted, by what happened: the last of the flow's first day, the
// finishes of its predecessors and the starts of those that a promise stands in for. waits are those that keep it back.
func (f *Flow) ready(i int, tracks []track) (day workday.Day, waits []string) {
	day = f.start
	for _, p := range f.template.after[i] {
		k := &tracks[p.step]
		switch {
		case p.soft && k.state != "":
			day = max(day, k.accepted)
		case k.state == StepDone:
			day = max(day, k.since)
		default:
			waits = append(waits, f.template.Steps[p.step].Code)
		}
	}
	return day, waits
}

func (f *Flow) wait(i int, k *track, ready workday.Day, waits []string) *Wait {
	by := f.template.Steps[i].By
	switch {
	case k.state == StepRunning && by != Firm:
		return &Wait{On: ByDepartment, Who: by, Since: k.since}
	case k.state == StepInSpecial:
		return &Wait{On: BySpecial, Who: k.all[len(k.all)-1].Special, Since: k.since}
	case k.state == "" && len(waits) > 0:
		return &Wait{On: BySteps, Steps: waits}
	case k.state == "":
		return &Wait{On: ByFirm, Since: ready}
	}
	return &Wait{On: ByFirm, Since: k.since}
}

// Won is who won working days on a finished step against the plan agreed at signing, or lost them: below 0. The parts
// add up to what its finish lies before the agreed one.
type Won struct {
	Inherited  int `json:"inherited"`  // its predecessors were done before, or after, the agreed start
	HandingIn  int `json:"handing_in"` // by the firm: from the day on which it could be accepted until it was
	Department int `json:"department"` // the agreed length less what the department used
	Firm       int `json:"firm"`       // missing papers, rounds done over; of the firm's own step, its work too
	Special    int `json:"special"`    // special procedures, against those planned
}

// Sum is the sum of the parts.
func (w Won) Sum() int { return w.Inherited + w.HandingIn + w.Department + w.Firm + w.Special }

// wonBy parts what a finished step won. It is nil where no dates are agreed or a predecessor isn't finished.
func (f *Flow) wonBy(cal *workday.Calendar, i int, k *track, spent Spent, ready workday.Day, waits []string) *Won {
	a := f.agreed[i]
	if a.Start == 0 || a.Finish == 0 || len(waits) > 0 {
		return nil
	}
	agreed, _ := cal.Between(a.Start, a.Finish)
	work := agreed - a.Special - spent.Used
	won := Won{Firm: -spent.Stopped - spent.Between, Special: a.Special - spent.Special}
	won.Inherited, _ = cal.Between(ready, a.Start)
	won.HandingIn, _ = cal.Between(k.accepted, ready)
	if f.template.Steps[i].By == Firm {
		won.Firm += work
	} else {
		won.Department = work
	}
	return &won
}
