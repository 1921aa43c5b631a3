package registry

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"luodi/geo/flow"
	"luodi/geo/workday"
)

// FlowStatus is the approvals of a project as of a day.
type FlowStatus struct {
	On    string      `json:"on" format:"date" doc:"The day as of which all is told: what happened later is not seen."`
	Today string      `json:"today" format:"date" doc:"The day on which the project is."`
	Flow  *FlowNow    `json:"flow" doc:"The live flow, or the one that is named; null: there is none."`
	All   []FlowBrief `json:"all" doc:"All flows, the live one first."`
}

// FlowNow is a flow as of a day.
type FlowNow struct {
	FlowBrief
	Over         bool         `json:"over" doc:"Every step is finished."`
	AgreedFinish *string      `json:"agreed_finish" nullable:"true" format:"date"`
	Finish       *string      `json:"finish" nullable:"true" format:"date" doc:"The last finish, actual or expected; null: not known."`
	Promised     *string      `json:"promised_finish" nullable:"true" format:"date" doc:"By what is promised, from the first day on."`
	Statutory    *string      `json:"statutory_finish" nullable:"true" format:"date" doc:"By what the law allows, from the first day on."`
	Provisional  bool         `json:"provisional" doc:"A day is counted that no notice of the State Council has settled."`
	Unknown      []string     `json:"unknown" doc:"Steps whose days the template doesn't say: dates that follow are unknown."`
	Paths        [][]string   `json:"paths" doc:"Critical paths, by the steps of each."`
	Ways         int          `json:"ways" doc:"How many critical paths there are; 16 are listed."`
	Departments  []FlowNamed  `json:"departments"`
	Stages       []FlowNamed  `json:"stages"`
	Documents    []FlowNamed  `json:"documents"`
	Steps        []FlowStep   `json:"steps"`
	Events       []FlowEvent  `json:"events" doc:"All that was noted, corrected or not, in the order of noting."`
	Working      FlowWorking  `json:"working" doc:"The first figure: departments' working days."`
	Elapsed      *FlowElapsed `json:"elapsed" doc:"The second figure: days elapsed between two events, as they were asked for, or from the first step of a department to the last; null: the flow lacks one."`
}

// FlowNamed is a department, stage or document of a template.
type FlowNamed struct {
	Code   string `json:"code"`
	NameZH string `json:"name_zh"`
	NameEN string `json:"name_en"`
}

// FlowDates are when a step begins and ends.
type FlowDates struct {
	Start  *string `json:"start" nullable:"true" format:"date"`
	Finish *string `json:"finish" nullable:"true" format:"date"`
}

// FlowStep is a step as of a day.
type FlowStep struct {
	Code          string        `json:"code"`
	NameZH        string        `json:"name_zh"`
	NameEN        string        `json:"name_en"`
	By            string        `json:"by" doc:"The code of a department; firm: the firm's own work."`
	Stage         string        `json:"stage"`
	StatutoryDays *int          `json:"statutory_days" nullable:"true" doc:"Working days; null is unknown, or none of the firm's own work."`
	PromisedDays  *int          `json:"promised_days" nullable:"true"`
	Source        string        `json:"source"`
	After         []FlowAfter   `json:"after"`
	Documents     []string      `json:"documents" doc:"Codes of the papers that are asked for."`
	Specials      []FlowSpecial `json:"specials"`
	Notices       []FlowNotice  `json:"notices" doc:"Points told early."`
	State         string        `json:"state" enum:"waiting,ready,running,stopped,special,withdrawn,done"`
	Agreed        FlowDates     `json:"agreed" doc:"At signing; null: unknown."`
	Expected      FlowDates     `json:"expected" doc:"Of what has not happened; null: it has, or is unknown."`
	Actual        FlowDates     `json:"actual" doc:"Null: it has not happened."`
	Provisional   bool          `json:"provisional"`
	Slack         *int          `json:"slack" nullable:"true" doc:"Working days it may be late by; null: unknown, or over."`
	Critical      bool          `json:"critical"`
	Wait          *FlowWait     `json:"wait" doc:"Whom it waits for; null: it is finished."`
	Won           *int          `json:"won" nullable:"true" doc:"Working days that the finish lies before the agreed one; below 0 they are lost."`
	WonBy         *flow.Won     `json:"won_by" doc:"Of a finished step: who won or lost them. The parts add up."`
	Spent         flow.Spent    `json:"spent" doc:"Where its working days went."`
	Next          []flow.Kind   `json:"next" doc:"What may happen to it next."`
}

// FlowAfter is a step that comes first.
type FlowAfter struct {
	Step      string `json:"step"`
	OnPromise bool   `json:"on_promise" doc:"The firm's written promise stands in for it."`
}

// FlowSpecial is a procedure whose days are not counted.
type FlowSpecial struct {
	FlowNamed
	Days *int `json:"days" nullable:"true"`
}

// FlowNotice is a point that is told early.
type FlowNotice struct {
	To     string  `json:"to" enum:"firm,designer"`
	ZH     string  `json:"zh"`
	EN     string  `json:"en"`
	Source string  `json:"source"`
	Told   *string `json:"told" nullable:"true" format:"date" doc:"When it was told; null: not yet."`
}

// FlowWait is whom a step waits for.
type FlowWait struct {
	On    string   `json:"on" enum:"department,firm,special,steps"`
	Who   string   `json:"who" doc:"The code of the department, or of the special procedure."`
	Steps []string `json:"steps" doc:"The steps that must come first."`
	Since *string  `json:"since" nullable:"true" format:"date"`
}

// FlowWorking is the first figure of one flow.
type FlowWorking struct {
	flow.Working
	Compressed *float64 `json:"compressed" nullable:"true" doc:"1 − used ÷ statutory; null: not compared."`
}

// FlowElapsed is the second figure of one flow, between two of its events.
type FlowElapsed struct {
	flow.Elapsed
	From       flow.Mark `json:"from"`
	To         flow.Mark `json:"to"`
	Compressed *float64  `json:"compressed" nullable:"true" doc:"1 − (department + special) ÷ statutory; null: not compared."`
}

// flowTemplate is the template of a flow, without the steps that its project doesn't need.
func (s Registry) flowTemplate(ctx context.Context, tx pgx.Tx, f storedFlow) (*flow.Template, error) {
	e, err := s.template(ctx, tx, f.District, f.Template, f.TemplateRev)
	if err != nil || len(f.Without) == 0 {
		return e.Template, err
	}
	return e.Without(f.Without...)
}

// tellFlow tells a flow as of a day.
func (s Registry) tellFlow(ctx context.Context, tx pgx.Tx, f storedFlow, asOf workday.Day,
	ask AskFlow) (*FlowNow, error) {
	t, err := s.flowTemplate(ctx, tx, f)
	if err != nil {
		return nil, err
	}
	all, err := flowEvents(ctx, tx, f.District, f.ID)
	if err != nil {
		return nil, err
	}
	parsed, err := f.parse(t, all, damaged(f.ID))
	if err != nil {
		return nil, err
	}
	cal := workday.China()
	status := parsed.Status(cal, asOf)
	out := &FlowNow{FlowBrief: f.FlowBrief, Over: status.Over, Finish: dayText(status.Finish),
		Promised:    dayText(t.Plan(cal, flow.Promised, parsed.Start()).Finish),
		Statutory:   dayText(t.Plan(cal, flow.Statutory, parsed.Start()).Finish),
		Provisional: status.Provisional, Unknown: orEmpty(status.Unknown), Paths: orEmpty(status.Paths), Ways: status.Ways,
		Departments: named(t.Departments), Stages: named(t.Stages), Documents: named(t.Documents), Events: all,
		Working: tellWorking(parsed.Working(cal, asOf)), Elapsed: tellElapsed(parsed, cal, asOf, ask.From, ask.To)}
	last, known := workday.Day(0), true
	for i := range status.Steps {
		step := tellStep(&t.Steps[i], &status.Steps[i])
		step.tellNotices(&t.Steps[i], all, asOf.String())
		out.Steps = append(out.Steps, step)
		agreed := status.Steps[i].Agreed.Finish
		last, known = max(last, agreed), known && agreed != 0
	}
	if known {
		out.AgreedFinish = dayText(last)
	}
	return out, nil
}

func tellStep(t *flow.Step, s *flow.StepStatus) FlowStep {
	out := FlowStep{Code: t.Code, NameZH: t.NameZH, NameEN: t.NameEN, By: t.By, Stage: t.Stage,
		StatutoryDays: t.StatutoryDays, PromisedDays: t.PromisedDays, Source: t.Source, After: []FlowAfter{},
		Documents: orEmpty(t.Documents), Specials: []FlowSpecial{}, State: string(s.State),
		Agreed: FlowDates{dayText(s.Agreed.Start), dayText(s.Agreed.Finish)}, Provisional: s.Provisional, Slack: s.Slack,
		Critical: s.Critical, Won: s.Won, WonBy: s.By, Spent: s.Spent, Next: t.Next(s.State)}
	for _, p := range t.After {
		out.After = append(out.After, FlowAfter(p))
	}
	for _, p := range t.Special {
		out.Specials = append(out.Specials, FlowSpecial{FlowNamed{p.Code, p.NameZH, p.NameEN}, p.Days})
	}
	out.Expected = FlowDates{dayText(s.Start), dayText(s.Finish)}
	if len(s.Stretches) > 0 {
		out.Actual.Start = dayText(s.Stretches[0].From)
		if s.State != flow.StepWithdrawn { // which begins anew
			out.Expected.Start = nil
		}
	}
	if s.State == flow.StepDone {
		out.Actual.Finish, out.Expected.Finish = dayText(s.Finish), nil
	}
	if s.Wait != nil {
		out.Wait = &FlowWait{On: string(s.Wait.On), Who: s.Wait.Who, Steps: orEmpty(s.Wait.Steps), Since: dayText(s.Wait.Since)}
	}
	return out
}

// tellNotices says which points of the step were told by a day.
func (s *FlowStep) tellNotices(t *flow.Step, all []FlowEvent, asOf string) {
	s.Notices = []FlowNotice{}
	for i, n := range t.Notices {
		told := FlowNotice{To: n.To, ZH: n.ZH, EN: n.EN, Source: n.Source}
		k := slices.IndexFunc(all, func(e FlowEvent) bool {
			return e.Holds && e.Step == t.Code && e.Notice != nil && *e.Notice == i && e.Day <= asOf
		})
		if k >= 0 {
			told.Told = &all[k].Day
		}
		s.Notices = append(s.Notices, told)
	}
}

func tellWorking(w flow.Working) FlowWorking {
	out := FlowWorking{Working: w}
	if w.Verdict == flow.Compared && w.Statutory > 0 {
		share := 1 - float64(w.Used)/float64(w.Statutory)
		out.Compressed = &share
	}
	return out
}

// tellElapsed is the second figure between two events; without them from the first step of a department to the last, as
// they stand in the template. It is nil where the flow lacks one of them.
func tellElapsed(f *flow.Flow, cal *workday.Calendar, asOf workday.Day, from, to *flow.Mark) *FlowElapsed {
	t := f.Template()
	out := &FlowElapsed{}
	if from != nil && to != nil {
		out.From, out.To = *from, *to
	} else if out.From, out.To = wholeSpan(t); out.From.Step == "" {
		return nil
	}
	span, err := t.Span(out.From, out.To)
	if err != nil {
		return nil
	}
	out.Elapsed = f.Elapsed(cal, asOf, span)
	if out.Verdict == flow.Compared && out.Statutory > 0 {
		share := 1 - float64(out.Department+out.Special)/float64(out.Statutory)
		out.Compressed = &share
	}
	return out
}

// wholeSpan is from the acceptance of the first step of a department to the end of the last one.
func wholeSpan(t *flow.Template) (from, to flow.Mark) {
	for _, s := range t.Steps {
		if s.By == flow.Firm {
			continue
		}
		if from.Step == "" {
			from = flow.Mark{Step: s.Code, Kind: flow.Accepted}
		}
		to = flow.Mark{Step: s.Code, Kind: flow.Done}
	}
	return from, to
}

func dayText(d workday.Day) *string {
	if d == 0 {
		return nil
	}
	text := d.String()
	return &text
}

func named(all []flow.Named) []FlowNamed {
	out := make([]FlowNamed, len(all))
	for i, n := range all {
		out[i] = FlowNamed{n.Code, n.NameZH, n.NameEN}
	}
	return out
}

func orEmpty[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}
