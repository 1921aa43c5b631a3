package flow

import "slices"

// Firm stands for the firm where a step names who does it.
const Firm = "firm"

// Named is a department, a stage or a document of a template.
type Named struct {
	Code   string `json:"code"`
	NameZH string `json:"name_zh"`
	NameEN string `json:"name_en"`
	Source string `json:"source,omitempty"`
}

// Template is one edition of a flow: the steps, in any order, that each lead to the next ones.
type Template struct {
	Code        string  `json:"code"`
	NameZH      string  `json:"name_zh"`
	NameEN      string  `json:"name_en"`
	Edition     string  `json:"edition"`
	Source      string  `json:"source"`
	Departments []Named `json:"departments"`
	Stages      []Named `json:"stages"`
	Documents   []Named `json:"documents,omitempty"`
	Steps       []Step  `json:"steps"`

	at    map[string]int // by code of a step: its place in Steps
	order []int          // the steps, each after its predecessors
	after [][]arc        // by step: its predecessors
	next  [][]arc        // by step: those that it precedes
	law   []offsets      // by step: the statutory path, in working days from its start
}

// Step is one step of a flow. Days are working days; nil is unknown.
type Step struct {
	Code   string `json:"code"`
	NameZH string `json:"name_zh"`
	NameEN string `json:"name_en"`
	By     string `json:"by"` // the code of a department, or Firm for the firm's own work
	Stage  string `json:"stage"`

	// StatutoryDays are what the law allows the department: always nil for the firm's own work, which the law doesn't
	// limit. PromisedDays are what the department promises (承诺时限), no more than the law allows; for the firm's own
	// work, what the firm plans.
	StatutoryDays *int   `json:"statutory_days"`
	PromisedDays  *int   `json:"promised_days"`
	Source        string `json:"source"` // of what is said of the step; of its days above all

	After     []Predecessor `json:"after,omitempty"`
	Documents []string      `json:"documents,omitempty"` // their codes
	Notices   []Notice      `json:"notices,omitempty"`
	Special   []Special     `json:"special,omitempty"`
}

// Predecessor is a step that must be done before another is accepted. OnPromise lets the other be accepted on the
// firm's written promise (告知承诺) from the day on which this one is accepted. The statutory path knows no promise.
type Predecessor struct {
	Step      string `json:"step"`
	OnPromise bool   `json:"on_promise,omitempty"`
}

// Notice is a key technical point told early, before papers are drawn.
type Notice struct {
	To     string `json:"to"` // Firm or Designer
	ZH     string `json:"zh"`
	EN     string `json:"en"`
	Source string `json:"source,omitempty"`
}

// Designer is the firm's designer, where a notice names whom it is for.
const Designer = "designer"

// Special is a procedure within a step whose time is not counted: hearing, test, expert review, public notice. Where it
// is planned, paths hold its days; otherwise it takes none until it has begun.
type Special struct {
	Code    string `json:"code"`
	NameZH  string `json:"name_zh"`
	NameEN  string `json:"name_en"`
	Days    *int   `json:"days"` // working days; nil is unknown
	Planned bool   `json:"planned,omitempty"`
	Source  string `json:"source,omitempty"`
}

// arc is a predecessor or successor by its place among the steps.
type arc struct {
	step int
	soft bool // a promise stands in for it
}

// Step finds a step by its code.
func (t *Template) Step(code string) (Step, bool) {
	i, ok := t.at[code]
	if !ok {
		return Step{}, false
	}
	return t.Steps[i], true
}

// Basis says by which days a path is laid.
type Basis string

// The bases. The firm's own steps take no time on the statutory path: that time is told apart.
const (
	Statutory Basis = "statutory" // what the law allows, every predecessor done first
	Promised  Basis = "promised"  // what is promised, or else the law allows; a promise stands in where it may
)

// length is how many working days a step takes whose work has not begun; known is false where the template lacks one.
func (s *Step) length(basis Basis) (days int, known bool) {
	if s.By == Firm && basis == Statutory {
		return 0, true
	}
	counted, ok := s.limit(basis)
	special, all := s.planned(nil)
	return counted + special, ok && all
}

// limit is how many counted working days a step has.
func (s *Step) limit(basis Basis) (days int, known bool) {
	switch {
	case basis == Promised && s.PromisedDays != nil:
		return *s.PromisedDays, true
	case s.StatutoryDays != nil:
		return *s.StatutoryDays, true
	}
	return 0, false
}

// planned are the days of the planned special procedures but those that have begun.
func (s *Step) planned(begun []string) (days int, known bool) {
	known = true
	for _, p := range s.Special {
		switch {
		case !p.Planned || slices.Contains(begun, p.Code):
		case p.Days == nil:
			known = false
		default:
			days += *p.Days
		}
	}
	return days, known
}

// offsets are when a step begins and ends, in working days from the start of its flow; nil is unknown.
type offsets struct{ start, finish *int }

// lay computes the earliest offsets of the statutory path.
func (t *Template) lay() []offsets {
	out := make([]offsets, len(t.Steps))
	for _, i := range t.order {
		start, known := 0, true
		for _, p := range t.after[i] {
			if before := out[p.step].finish; before != nil {
				start = max(start, *before)
			} else {
				known = false
			}
		}
		if !known {
			continue
		}
		out[i].start = &start
		if days, known := t.Steps[i].length(Statutory); known {
			finish := start + days
			out[i].finish = &finish
		}
	}
	return out
}
