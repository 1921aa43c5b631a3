package flow_test

import (
	"fmt"
	"strings"

	"luodi/geo/flow"
	"luodi/geo/workday"
)

const twoPermits = `{
	"code": "permits", "name_zh": "两证", "name_en": "Two permits", "edition": "2026", "source": "example",
	"departments": [{"code": "housing", "name_zh": "住建局", "name_en": "Housing authority"}],
	"stages": [{"code": "one", "name_zh": "一", "name_en": "One"}],
	"steps": [
		{"code": "review", "name_zh": "审查", "name_en": "Review", "by": "housing", "stage": "one",
			"statutory_days": 15, "promised_days": 5, "source": "example"},
		{"code": "permit", "name_zh": "许可", "name_en": "Permit", "by": "housing", "stage": "one",
			"statutory_days": 20, "promised_days": 3, "source": "example", "after": [{"step": "review"}]}
	]
}`

func Example() {
	calendar := workday.China()
	signed := workday.MustDay("2026-09-21")
	template, err := flow.Parse(strings.NewReader(twoPermits))
	if err != nil {
		fmt.Println(err)
		return
	}
	plan := template.Plan(calendar, flow.Promised, signed)
	fmt.Println("promised by", plan.Finish, "critical:", plan.Paths)

	f, err := flow.New(template, signed, template.Agree(plan), []flow.Event{
		{Step: "review", Kind: flow.Accepted, Day: workday.MustDay("2026-09-21")},
		{Step: "review", Kind: flow.Done, Day: workday.MustDay("2026-09-24")},
		{Step: "permit", Kind: flow.Accepted, Day: workday.MustDay("2026-09-24")},
		{Step: "permit", Kind: flow.Stopped, Day: workday.MustDay("2026-09-28")},
		{Step: "permit", Kind: flow.Resumed, Day: workday.MustDay("2026-10-08")},
		{Step: "permit", Kind: flow.Done, Day: workday.MustDay("2026-10-09")},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, step := range f.Status(calendar, workday.MustDay("2026-10-09")).Steps {
		fmt.Printf("%s: agreed %s, done %s, won %d: %+v\n", step.Step, step.Agreed.Finish, step.Finish,
			*step.Won, *step.By)
	}
	var sum flow.WorkingSum
	sum.Add(f.Working(calendar, workday.MustDay("2026-10-09")))
	share, _ := sum.Compressed()
	fmt.Printf("departments' working days: %d of %d by law, compressed by %.1f %% (n = %d, %d unfinished)\n",
		sum.Taken, sum.Statutory, 100*share, sum.N, sum.Unfinished)
	span, _ := template.Span(flow.Mark{Step: "review", Kind: flow.Accepted}, flow.Mark{Step: "permit", Kind: flow.Done})
	e := f.Elapsed(calendar, workday.MustDay("2026-10-09"), span)
	fmt.Printf("days elapsed: %d of %d by law, and %d of the firm\n", e.Department+e.Special, e.Statutory, e.Firm)
	// Output:
	// promised by 2026-10-09 critical: [[review permit]]
	// review: agreed 2026-09-29, done 2026-09-24, won 2: {Inherited:0 HandingIn:0 Department:2 Firm:0 Special:0}
	// permit: agreed 2026-10-09, done 2026-10-09, won 0: {Inherited:2 HandingIn:0 Department:1 Firm:-3 Special:0}
	// departments' working days: 5 of 35 by law, compressed by 85.7 % (n = 1, 0 unfinished)
	// days elapsed: 8 of 56 by law, and 10 of the firm
}
