package flow

import "luodi/geo/workday"

// Planned is when a step begins and ends. On a plan all of it lies ahead; in the status of a flow, what has happened
// stands as it happened and the rest as it is expected. Zero days are unknown.
type Planned struct {
	Step        string      `json:"step"`
	Start       workday.Day `json:"start"`
	Finish      workday.Day `json:"finish"`
	Provisional bool        `json:"provisional"` // a day counted to one of the dates is not settled
	Slack       *int        `json:"slack"`       // working days it may be late by; nil: unknown, or over
	Critical    bool        `json:"critical"`    // its slack is 0
}

// Plan is a path through a template, each step as early as may be.
type Plan struct {
	Steps       []Planned   `json:"steps"`  // as they stand in the template
	Finish      workday.Day `json:"finish"` // the last finish; zero where one is unknown
	Provisional bool        `json:"provisional"`
	Unknown     []string    `json:"unknown"` // the steps whose own length is unknown
	// Paths are the critical paths, the steps of each in order; several are ties. Ways is how many there are: no more
	// than 16 are listed.
	Paths [][]string `json:"paths"`
	Ways  int        `json:"ways"`
}

// Plan lays a path from a day on.
func (t *Template) Plan(cal *workday.Calendar, basis Basis, start workday.Day) Plan {
	s := schedule{t: t, cal: cal, basis: basis, from: start, rows: make([]row, len(t.Steps))}
	return s.plan()
}

// Agree keeps a plan as what is agreed: the baseline of a flow.
func (t *Template) Agree(p Plan) []Agreed {
	out := make([]Agreed, len(p.Steps))
	for i, s := range p.Steps {
		special, _ := t.Steps[i].planned(nil)
		out[i] = Agreed{s.Step, s.Start, s.Finish, special}
	}
	return out
}

// row is a step on a schedule.
type row struct {
	phase         phase
	start, finish workday.Day // zero: unknown
	days          int         // from start to finish, of a step ahead
	provisional   bool
	unknown       bool // its own length is
	late          int  // the latest start of a step ahead, the latest finish of one at work
	slack         int
}

type phase int

const (
	ahead phase = iota
	atWork
	over
)

// schedule finds dates, slack and critical paths:
//
//  1. forwards, each step after its predecessors: a step ahead begins on the last of from, the finishes of its
//     predecessors, and the starts of those for which a promise stands in; its finish follows by its length;
//  2. backwards: the latest start of each step that delays no other beyond the last finish. What lies between is its
//     slack, in working days;
//  3. the critical paths run through the steps without slack.
//
// Steps at work or over stand as given.
type schedule struct {
	t     *Template
	cal   *workday.Calendar
	basis Basis
	from  workday.Day
	rows  []row
	last  int // the last finish, in working days after from
}

// at is a day as the number of working days after from: steps that last n lie n apart.
func (s *schedule) at(d workday.Day) int {
	n, _ := s.cal.Between(s.from, d)
	return n
}

// soft says whether a promise stands in for a predecessor.
func (s *schedule) soft(p arc) bool { return p.soft && s.basis == Promised }

func (s *schedule) plan() Plan {
	p := Plan{Steps: make([]Planned, len(s.rows))}
	for _, i := range s.t.order {
		if s.rows[i].phase == ahead {
			s.forward(i)
		}
	}
	known := true
	for i, r := range s.rows {
		p.Steps[i] = Planned{Step: s.t.Steps[i].Code, Start: r.start, Finish: r.finish, Provisional: r.provisional}
		p.Provisional = p.Provisional || r.provisional
		known = known && r.finish != 0
		p.Finish = max(p.Finish, r.finish)
		if r.unknown {
			p.Unknown = append(p.Unknown, s.t.Steps[i].Code)
		}
	}
	if !known {
		p.Finish = 0
		return p
	}
	s.last = s.at(p.Finish)
	s.backward()
	for i := range s.rows {
		if r := &s.rows[i]; r.phase != over {
			p.Steps[i].Slack, p.Steps[i].Critical = &r.slack, r.slack == 0
		}
	}
	p.Paths, p.Ways = s.paths()
	return p
}

// forward sets the dates of a step ahead.
func (s *schedule) forward(i int) {
	r := &s.rows[i]
	days, known := s.t.Steps[i].length(s.basis)
	r.unknown = !known
	start, provisional := s.from, false
	for _, p := range s.t.after[i] {
		before := s.rows[p.step]
		day := before.finish
		if s.soft(p) {
			day = before.start
		}
		if day == 0 {
			return
		}
		provisional = provisional || before.provisional
		start = max(start, day)
	}
	r.start, r.days, r.provisional = start, days, provisional
	if known {
		finish, settled := s.cal.Add(start, days)
		r.finish, r.provisional = finish, r.provisional || !settled
	}
}

// backward sets the slack of the steps that are not over.
func (s *schedule) backward() {
	for k := len(s.t.order) - 1; k >= 0; k-- {
		i := s.t.order[k]
		r := &s.rows[i]
		start := s.last - r.days
		finish := s.last
		for _, n := range s.t.next[i] {
			next := s.rows[n.step]
			switch {
			case next.phase != ahead:
			case s.soft(n):
				start = min(start, next.late)
			default:
				finish = min(finish, next.late)
			}
		}
		switch r.phase {
		case ahead:
			r.late = min(start, finish-r.days)
			r.slack = r.late - s.at(r.start)
		case atWork:
			r.late = finish
			r.slack = r.late - s.at(r.finish)
		}
	}
}
