package flow

import "luodi/geo/workday"

// Spent is where the time of a step went: working days from its first acceptance to its end, or to the day that is
// asked for. The parts are explained at the head of the package.
type Spent struct {
	Used    int `json:"used"`
	Stopped int `json:"stopped"`
	Special int `json:"special"`
	Between int `json:"between"`
}

// Stretch is a part of a step's time in one state: running, stopped, in a special procedure, or withdrawn for the time
// between two rounds (done, where a result fell). Its days are those after From, up to and with To.
type Stretch struct {
	State   State       `json:"state"`
	Special string      `json:"special,omitempty"`
	From    workday.Day `json:"from"`
	To      workday.Day `json:"to"`
}

// track is a step as of a day.
type track struct {
	state    State       // "" before it is first accepted
	accepted workday.Day // first
	since    workday.Day // the last event
	round    int         // the stretch with which the present round begins
	all      []Stretch
}

// follow walks the events of a step up to and with a day. A stretch that is not over ends there.
func (f *Flow) follow(step int, asOf workday.Day) (t track) {
	special, events := "", f.events[step]
	if len(events) > 0 {
		t.all = make([]Stretch, 0, len(events))
	}
	for i := range events {
		e := &events[i]
		if e.Day > asOf {
			break
		}
		if t.state != "" {
			t.all = append(t.all, Stretch{t.state, special, t.since, e.Day})
		} else {
			t.accepted = e.Day
		}
		if e.Kind == Accepted {
			t.round = len(t.all)
		}
		special = e.Special
		t.state, t.since = e.to, e.Day
	}
	if t.state != "" && t.state != StepDone {
		t.all = append(t.all, Stretch{t.state, special, t.since, asOf})
	}
	return t
}

// spend counts the working days of stretches. The time between a result and the round that does it over counts as
// between. settled is false where a day is not settled by a notice.
func spend(cal *workday.Calendar, stretches []Stretch) (s Spent, settled bool) {
	settled = true
	for _, p := range stretches {
		n, sure := cal.Between(p.From, p.To)
		settled = settled && sure
		switch p.State {
		case StepRunning:
			s.Used += n
		case StepStopped:
			s.Stopped += n
		case StepInSpecial:
			s.Special += n
		default: // withdrawn, or done with a result that fell
			s.Between += n
		}
	}
	return s, settled
}

// left is how many working days a step that is at work still takes: what its limit leaves, what the special procedure
// that runs leaves, and those planned that have not begun in this round. known is false where one is unknown.
func (t *track) left(cal *workday.Calendar, s *Step) (days int, known, settled bool) {
	spent, settled := spend(cal, t.all[t.round:])
	limit, known := s.limit(Promised)
	var begun []string
	for _, p := range t.all[t.round:] {
		if p.State == StepInSpecial {
			begun = append(begun, p.Special)
		}
	}
	planned, all := s.planned(begun)
	days = max(0, limit-spent.Used) + planned
	known = known && all
	if t.state != StepInSpecial {
		return days, known, settled
	}
	now := t.all[len(t.all)-1]
	for _, p := range s.Special {
		if p.Code == now.Special {
			if p.Days == nil {
				return days, false, settled
			}
			ran, _ := cal.Between(now.From, now.To)
			days += max(0, *p.Days-ran)
		}
	}
	return days, known, settled
}
