package flow

import (
	"cmp"
	"slices"

	"luodi/geo"
	"luodi/geo/workday"
)

// Verdict says whether a flow can be compared with the law.
type Verdict string

// The verdicts.
const (
	Compared    Verdict = "compared"
	Unfinished  Verdict = "unfinished"
	Unlimited   Verdict = "unlimited"   // the template lacks what the law allows, or its path runs the other way
	Provisional Verdict = "provisional" // a day is not settled by a notice
)

// Working compares the working days that the departments used with those that the law allows them. What is not counted
// stands apart. All are working days; they are zero unless the flow is compared.
type Working struct {
	Verdict   Verdict `json:"verdict"`
	Statutory int     `json:"statutory"` // the sum over the departments' steps
	Used      int     `json:"used"`      // likewise; each round of a step that was done over counts
	Stopped   int     `json:"stopped"`   // for missing papers
	Special   int     `json:"special"`   // special procedures
	Firm      int     `json:"firm"`      // the firm's own steps, and the time between rounds
}

// Working is the first figure of time won. A flow is compared when all its steps are finished as of the day.
func (f *Flow) Working(cal *workday.Calendar, asOf workday.Day) Working {
	out := Working{Verdict: Compared}
	settled, limited := true, true
	for i := range f.template.Steps {
		step := &f.template.Steps[i]
		k := f.follow(i, asOf)
		if k.state != StepDone {
			return Working{Verdict: Unfinished}
		}
		spent, sure := spend(cal, k.all)
		settled = settled && sure
		out.Firm += spent.Between
		if step.By == Firm {
			out.Firm += spent.Used
			continue
		}
		limit, known := step.limit(Statutory)
		limited = limited && known
		out.Statutory += limit
		out.Used += spent.Used
		out.Stopped += spent.Stopped
		out.Special += spent.Special
	}
	switch {
	case !limited:
		return Working{Verdict: Unlimited}
	case !settled:
		return Working{Verdict: Provisional}
	}
	return out
}

// Mark is an event that a span begins or ends with: a step first accepted, or done for good.
type Mark struct {
	Step string `json:"step"`
	Kind Kind   `json:"kind"` // Accepted or Done
}

// Span are two named events of a template, from one to the other. [Template.Span] makes one.
type Span struct {
	from, to mark
	days     int // working days between them on the statutory path; 0 where that is unknown
}

type mark struct {
	step int
	kind Kind
	law  *int // on the statutory path, in working days from its start; nil: unknown
}

// Span checks two marks. A [geo.Invalid] names the one that is wrong.
func (t *Template) Span(from, to Mark) (s Span, err error) {
	if s.from, err = t.mark("from", from); err != nil {
		return s, err
	}
	if s.to, err = t.mark("to", to); err != nil {
		return s, err
	}
	if s.from.law != nil && s.to.law != nil {
		s.days = *s.to.law - *s.from.law
	}
	return s, nil
}

func (t *Template) mark(field string, m Mark) (out mark, err error) {
	step, known := t.at[m.Step]
	if !known {
		return out, geo.NewInvalid(field+".step", "flow.step", m.Step)
	}
	switch m.Kind {
	case Accepted:
		return mark{step, m.Kind, t.law[step].start}, nil
	case Done:
		return mark{step, m.Kind, t.law[step].finish}, nil
	}
	return out, geo.NewInvalid(field+".kind", "one_of", string(m.Kind), "values", string(Accepted+", "+Done))
}

// Elapsed compares the days that elapsed between two events, weekends and holidays among them, with those that the
// statutory path takes from the day of the first. Each day belongs to one holder: to the departments when one of them
// was at work on a step, else to the special procedures when one ran, else to the firm. The firm's own time stands
// apart: what is compared with the law are the others. All are calendar days; they are zero unless the flow is
// compared.
type Elapsed struct {
	Verdict    Verdict `json:"verdict"`
	Statutory  int     `json:"statutory"`
	Department int     `json:"department"`
	Special    int     `json:"special"`
	Firm       int     `json:"firm"`
}

// Elapsed is the second figure of time won. A flow is compared when both events have happened as of the day.
func (f *Flow) Elapsed(cal *workday.Calendar, asOf workday.Day, span Span) Elapsed {
	from, to := f.when(span.from, asOf), f.when(span.to, asOf)
	if from == 0 || to == 0 {
		return Elapsed{Verdict: Unfinished}
	}
	if span.days <= 0 || to < from {
		return Elapsed{Verdict: Unlimited}
	}
	end, settled := cal.Add(from, span.days)
	if !settled {
		return Elapsed{Verdict: Provisional}
	}
	out := Elapsed{Verdict: Compared, Statutory: end.Since(from)}
	var work, busy []Stretch // of departments; and with those of special procedures
	for i := range f.template.Steps {
		if f.template.Steps[i].By == Firm {
			continue
		}
		for _, p := range f.follow(i, asOf).all {
			p.From, p.To = max(p.From, from), min(p.To, to)
			if p.From >= p.To || p.State != StepRunning && p.State != StepInSpecial {
				continue
			}
			if busy = append(busy, p); p.State == StepRunning {
				work = append(work, p)
			}
		}
	}
	all := covered(busy)
	out.Department = covered(work)
	out.Special = all - out.Department
	out.Firm = to.Since(from) - all
	return out
}

// when is the day of a mark as of a day: of the first acceptance, or of the last event where it is the step's end. Zero
// where it has not happened.
func (f *Flow) when(m mark, asOf workday.Day) (day workday.Day) {
	for i := range f.events[m.step] {
		e := &f.events[m.step][i]
		switch {
		case e.Day > asOf:
			return day
		case m.kind == Accepted:
			return e.Day
		case e.to == StepDone:
			day = e.Day
		default:
			day = 0
		}
	}
	return day
}

// covered counts the days that lie in one of the stretches.
func covered(all []Stretch) (days int) {
	slices.SortFunc(all, func(a, b Stretch) int { return cmp.Compare(a.From, b.From) })
	var end workday.Day
	for _, p := range all {
		if begin := max(p.From, end); p.To > begin {
			days += p.To.Since(begin)
			end = p.To
		}
	}
	return days
}
