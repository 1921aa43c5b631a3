package flow_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"luodi/geo/flow"
	"luodi/geo/workday"
)

// The cases are worked by hand, day by day, in their comments. November 2026 has no holiday; its 2nd is a Monday.

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestPlansWorkedByHand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		steps []string
		basis flow.Basis
		start string
		want  string
		ways  int
		paths [][]string
	}{
		// 1. Fri 18 Sep. a: Sun 20 (made up) 1, Mon 21 2, Tue 22 3, Wed 23 4, Thu 24 5. 25–27 off.
		// b: Mon 28 1, Tue 29 2.
		{"make-up day", []string{"a d 5", "b d 2 <a"}, flow.Statutory, "2026-09-18",
			"a 09-18 09-24 *; b 09-24 09-29 *", 1, [][]string{{"a", "b"}}},
		// 2. Tue 29 Sep. Wed 30 1, 1–7 Oct off, Thu 8 2, Fri 9 3, Sat 10 (made up) 4, Sun 11 off, Mon 12 5.
		{"holiday", []string{"a d 5"}, flow.Statutory, "2026-09-29", "a 09-29 10-12 *", 1, [][]string{{"a"}}},
		// 4. a: 3, 4, 5. b: 3, 4, 5, 6, 9, 10, 11. c follows b: 12, 13. a may end on the 11th: 6, 9, 10, 11 are
		// 4 later.
		{"parallel steps", []string{"a d 3", "b e 7", "c d 2 <a,b"}, flow.Statutory, "2026-11-02",
			"a 11-02 11-05 slack 4; b 11-02 11-11 *; c 11-11 11-13 *", 1, [][]string{{"b", "c"}}},
		// 6. a: 3–6, 9–13, 16 are 10. On the promise b begins with a: 3, 4, 5, 6; c: 9, 10, 11. c may end on the
		// 16th: 12, 13, 16 are 3 later.
		{"on a promise", []string{"a d 10", "b d 4 <a~", "c d 3 <b"}, flow.Promised, "2026-11-02",
			"a 11-02 11-16 *; b 11-02 11-06 slack 3; c 11-06 11-11 slack 3", 1, [][]string{{"a"}}},
		// The law knows no promise: b after the 16th: 17, 18, 19, 20; c: 23, 24, 25.
		{"the same by law", []string{"a d 10", "b d 4 <a~", "c d 3 <b"}, flow.Statutory, "2026-11-02",
			"a 11-02 11-16 *; b 11-16 11-20 *; c 11-20 11-25 *", 1, [][]string{{"a", "b", "c"}}},
		// The path may run by the start of a: a itself ends on the 6th and may end 3 later, but may not begin later.
		{"critical by its start", []string{"a d 4", "b d 7 <a~"}, flow.Promised, "2026-11-02",
			"a 11-02 11-06 *; b 11-02 11-11 *", 1, [][]string{{"a", "b"}}},
		// 7. A planned procedure of 5 days is part of the path: 10 + 5 working days: 3–6, 9–13, 16–20, 23.
		{"planned special procedure", []string{"a d 10 +!notice=5 +expert=9"}, flow.Statutory, "2026-11-02",
			"a 11-02 11-23 *", 1, [][]string{{"a"}}},
		// 8. Tue 22 Dec 2026: Wed 23, Thu 24, then Fri 25, which only the notice for 2027 settles. b follows: Mon 28.
		{"unknown year", []string{"a d 3", "b d 1 <a", "c d 1"}, flow.Statutory, "2026-12-22",
			"a 12-22 12-25! *; b 12-25 12-28! *; c 12-22 12-23 slack 3", 1, [][]string{{"a", "b"}}},
		// 9. a: 3, 4. b: 5, 6, 9. c: 5, 6, 9, 10, 11. d after c: 12. b may end on the 11th: 10, 11 are 2 later.
		{"diamond", []string{"a d 2", "b d 3 <a", "c e 5 <a", "d d 1 <b,c"}, flow.Statutory, "2026-11-02",
			"a 11-02 11-04 *; b 11-04 11-09 slack 2; c 11-04 11-11 *; d 11-11 11-12 *", 1, [][]string{{"a", "c", "d"}}},
		// 11. b and c both 5, 6, 9, 10: a tie.
		{"two critical paths", []string{"a d 2", "b d 4 <a", "c e 4 <a", "d d 1 <b,c"}, flow.Statutory, "2026-11-02",
			"a 11-02 11-04 *; b 11-04 11-10 *; c 11-04 11-10 *; d 11-10 11-11 *", 2,
			[][]string{{"a", "b", "d"}, {"a", "c", "d"}}},
		// 13. Nobody knows how long b takes: its end, c and all slack are unknown; a isn't.
		{"unknown length", []string{"a d 2", "b d ? <a", "c d 1 <b"}, flow.Statutory, "2026-11-02",
			"a 11-02 11-04; b 11-04 ?; c ? ?", 0, nil},
		// 14. The firm's work takes no time by law, and what it plans by promise: a 3, 4; b 5, 6, 9; c 10.
		{"the firm's own by law", []string{"a d 2", "b firm ?/3 <a", "c d 1 <b"}, flow.Statutory, "2026-11-02",
			"a 11-02 11-04 *; b 11-04 11-04 *; c 11-04 11-05 *", 1, [][]string{{"a", "b", "c"}}},
		{"the firm's own as planned", []string{"a d 2", "b firm ?/3 <a", "c d 1 <b"}, flow.Promised, "2026-11-02",
			"a 11-02 11-04 *; b 11-04 11-09 *; c 11-09 11-10 *", 1, [][]string{{"a", "b", "c"}}},
	} {
		p := build(t, c.steps...).Plan(workday.China(), c.basis, day(c.start))
		same(t, c.name, dates(p.Steps), c.want)
		same(t, c.name+": ways", p.Ways, c.ways)
		same(t, c.name+": paths", p.Paths, c.paths)
	}
}

// 3. Accepted Mon 2; used Tue 3, Wed 4. Papers asked for on the 4th: stopped 5, 6, 9, 10. Resumed Tue 10: used 11, 12,
// 13. So 5 used, 4 stopped. Agreed were 10 days: 3–6, 9–13, 16.
func TestStoppedForPapers(t *testing.T) {
	t.Parallel()
	m := build(t, "a d 10")
	f := run(t, m, "2026-11-02", "a accepted 2026-11-02", "a stopped 2026-11-04", "a resumed 2026-11-10",
		"a done 2026-11-13")
	// Mon 9: stopped since the 4th. 2 of 10 used, 8 left if the papers came today: 10–13, 16–19.
	s := f.Status(workday.China(), day("2026-11-09"))
	same(t, "stopped", statusDates(s), "a 11-02 11-19 *")
	same(t, "whom it waits for", s.Steps[0].Wait, &flow.Wait{On: flow.ByFirm, Since: day("2026-11-04")})
	same(t, "spent so far", s.Steps[0].Spent, flow.Spent{Used: 2, Stopped: 3})
	// Thu 12: 4 used, 6 left: 13, 16–20.
	s = f.Status(workday.China(), day("2026-11-12"))
	same(t, "resumed", statusDates(s), "a 11-02 11-20 *")
	same(t, "who is at work", s.Steps[0].Wait, &flow.Wait{On: flow.ByDepartment, Who: "d", Since: day("2026-11-10")})
	s = f.Status(workday.China(), day("2026-11-13"))
	same(t, "spent", s.Steps[0].Spent, flow.Spent{Used: 5, Stopped: 4})
	same(t, "won", *s.Steps[0].Won, 1) // Mon 16 was agreed
	same(t, "by whom", s.Steps[0].By, &flow.Won{Department: 5, Firm: -4})
	same(t, "working days", f.Working(workday.China(), day("2026-11-13")),
		flow.Working{Verdict: flow.Compared, Statutory: 10, Used: 5, Stopped: 4})
	// 2 to 13 Nov are 11 days: 3, 4, 11, 12, 13 the department's, 5–10 the firm's. By law 2 to 16 Nov are 14.
	same(t, "days elapsed", elapsed(t, f, "2026-11-30", "a accepted", "a done"),
		flow.Elapsed{Verdict: flow.Compared, Statutory: 14, Department: 5, Firm: 6})
}

func elapsed(t *testing.T, f *flow.Flow, asOf, from, to string) flow.Elapsed {
	t.Helper()
	marks := happened(from+" 2026-01-01", to+" 2026-01-01")
	span, err := f.Template().Span(flow.Mark{Step: marks[0].Step, Kind: marks[0].Kind},
		flow.Mark{Step: marks[1].Step, Kind: marks[1].Kind})
	if err != nil {
		t.Fatal(err)
	}
	return f.Elapsed(workday.China(), day(asOf), span)
}

// 5. First round: 3, 4, 5, 6 used. Its result falls; accepted again Wed 11: 9, 10, 11 between. Second: 12, 13 used.
func TestAStepDoneOver(t *testing.T) {
	t.Parallel()
	f := run(t, build(t, "a d 5", "b d 2 <a"), "2026-11-02", "a accepted 2026-11-02", "a done 2026-11-06",
		"a accepted 2026-11-11", "a done 2026-11-13")
	// Mon 9: the first result stands; b may be handed in since the 6th: 10, 11.
	s := f.Status(workday.China(), day("2026-11-09"))
	same(t, "first result", statusDates(s), "a 11-02 11-06; b 11-09 11-11 *")
	same(t, "b is ready", s.Steps[1].Wait, &flow.Wait{On: flow.ByFirm, Since: day("2026-11-06")})
	// Thu 12: the new round has used 1 of 5: 13, 16, 17, 18; b: 19, 20.
	s = f.Status(workday.China(), day("2026-11-12"))
	same(t, "second round", statusDates(s), "a 11-02 11-18 *; b 11-18 11-20 *")
	same(t, "b waits", s.Steps[1].Wait, &flow.Wait{On: flow.BySteps, Steps: []string{"a"}})
	s = f.Status(workday.China(), day("2026-11-13"))
	same(t, "spent", s.Steps[0].Spent, flow.Spent{Used: 6, Between: 3})
	// Agreed was Mon 9: 10, 11, 12, 13 are lost: 5 agreed less 6 used, and 3 between.
	same(t, "by whom", s.Steps[0].By, &flow.Won{Department: -1, Firm: -3})
	same(t, "lost", *s.Steps[0].Won, -4)
}

// 6b. On the promise b is accepted while a runs: b could be from Wed 4 on, and was on Thu 5: 1 day to hand it in.
func TestOnAPromise(t *testing.T) {
	t.Parallel()
	f := run(t, build(t, "a d 10", "b d 4 <a~"), "2026-11-02", "a accepted 2026-11-04", "b accepted 2026-11-05",
		"b done 2026-11-09")
	// Mon 9: b used 6, 9. a has used 5, 6, 9: 7 left: 10–13, 16–18.
	s := f.Status(workday.China(), day("2026-11-09"))
	same(t, "dates", statusDates(s), "a 11-04 11-18 *; b 11-05 11-09")
	// b was agreed from 2 to 6 Nov. It could begin 2 days (3, 4) late, was handed in 1 late, took 2 less than 4.
	same(t, "by whom", s.Steps[1].By, &flow.Won{Inherited: -2, HandingIn: -1, Department: 2})
	same(t, "lost", *s.Steps[1].Won, -1) // Mon 9 for Fri 6
	// As of the 3rd nothing is accepted: b waits for a to begin, the firm hands a in.
	s = f.Status(workday.China(), day("2026-11-03"))
	same(t, "a", s.Steps[0].State, flow.StepReady)
	same(t, "b", s.Steps[1].Wait, &flow.Wait{On: flow.BySteps, Steps: []string{"a"}})
}

// 7b. Used 3, 4, 5; the review runs 6, 9, 10, 11; used 12, 13, 16. Promised are 8 of 10.
func TestASpecialProcedureIsNotCounted(t *testing.T) {
	t.Parallel()
	f := run(t, build(t, "a d 10/8 +expert=5 +hearing=?"), "2026-11-02", "a accepted 2026-11-02",
		"a special_begun 2026-11-05 expert", "a special_ended 2026-11-11", "a done 2026-11-16")
	// Tue 10: the review has run 3 of 5, 5 of 8 days are left: 7 from the 10th: 11, 12, 13, 16, 17, 18, 19.
	s := f.Status(workday.China(), day("2026-11-10"))
	same(t, "in review", statusDates(s), "a 11-02 11-19 *")
	same(t, "waits", s.Steps[0].Wait, &flow.Wait{On: flow.BySpecial, Who: "expert", Since: day("2026-11-05")})
	s = f.Status(workday.China(), day("2026-11-16"))
	same(t, "spent", s.Steps[0].Spent, flow.Spent{Used: 6, Special: 4})
	same(t, "by whom", s.Steps[0].By, &flow.Won{Department: 2, Special: -4}) // Thu 12 was agreed
	same(t, "lost", *s.Steps[0].Won, -2)
	same(t, "working days", f.Working(workday.China(), day("2026-11-16")),
		flow.Working{Verdict: flow.Compared, Statutory: 10, Used: 6, Special: 4})
	// 2 to 16 Nov: 3, 4, 5 and 12–16 the department's, 6–11 the review's.
	same(t, "days elapsed", elapsed(t, f, "2026-11-16", "a accepted", "a done"),
		flow.Elapsed{Verdict: flow.Compared, Statutory: 14, Department: 8, Special: 6})
	// A hearing of unknown length: no one knows the end.
	f = run(t, build(t, "a d 10/8 +hearing=?"), "2026-11-02", "a accepted 2026-11-02",
		"a special_begun 2026-11-05 hearing")
	s = f.Status(workday.China(), day("2026-11-10"))
	same(t, "unknown", statusDates(s), "a 11-02 ?")
	same(t, "named", s.Unknown, []string{"a"})
	same(t, "not won, not lost", s.Steps[0].Won, (*int)(nil))
}

// 8b. What was done in a year without a notice isn't compared, and is counted.
func TestAnUnknownYearIsNotCompared(t *testing.T) {
	t.Parallel()
	f := run(t, build(t, "a d 3"), "2026-12-22", "a accepted 2026-12-22", "a done 2026-12-25")
	same(t, "working days", f.Working(workday.China(), day("2027-01-10")), flow.Working{Verdict: flow.Provisional})
	same(t, "days elapsed", elapsed(t, f, "2027-01-10", "a accepted", "a done"),
		flow.Elapsed{Verdict: flow.Provisional})
	s := f.Status(workday.China(), day("2026-12-25"))
	same(t, "said", s.Steps[0].Provisional && s.Provisional, true)
}

// 10. Of four flows one is unfinished and one has a step without a limit: two are compared, and it is said of how many.
// Compared: 10 by law and 4 used (3–6), 10 by law and 8 used (3–6, 9–12): 12 of 20, compressed by 40 %. Elapsed: 4 and
// 10 of twice 14 days: compressed by a half.
func TestUnfinishedFlowsAreCountedApart(t *testing.T) {
	t.Parallel()
	m, open := build(t, "a d 10"), build(t, "a d ?")
	var working flow.WorkingSum
	var days flow.ElapsedSum
	for _, f := range []*flow.Flow{
		run(t, m, "2026-11-02", "a accepted 2026-11-02", "a done 2026-11-06"),
		run(t, m, "2026-11-02", "a accepted 2026-11-02", "a done 2026-11-12"),
		run(t, m, "2026-11-02", "a accepted 2026-11-02", "a stopped 2026-11-05"),
		run(t, open, "2026-11-02", "a accepted 2026-11-02", "a done 2026-11-05"),
	} {
		working.Add(f.Working(workday.China(), day("2026-11-13")))
		days.Add(elapsed(t, f, "2026-11-13", "a accepted", "a done"))
	}
	same(t, "working days", working.Sum, flow.Sum{N: 2, Unfinished: 1, Unlimited: 1, Statutory: 20, Taken: 12})
	same(t, "days elapsed", days.Sum, flow.Sum{N: 2, Unfinished: 1, Unlimited: 1, Statutory: 28, Taken: 14})
	share, known := working.Compressed()
	same(t, "compressed", []any{share > 0.3999 && share < 0.4001, known}, []any{true, true})
	share, known = days.Compressed()
	same(t, "elapsed", []any{share, known}, []any{0.5, true})
	if _, known := (flow.Sum{Unfinished: 3}).Compressed(); known {
		t.Error("a share of nothing")
	}
	// As of the day before the first was done, none was.
	same(t, "before", run(t, m, "2026-11-02", "a accepted 2026-11-02", "a done 2026-11-06").Working(workday.China(),
		day("2026-11-05")), flow.Working{Verdict: flow.Unfinished})
}

// 12. Agreed: a from 2 to 9 Nov (3–6, 9), b from 9 to 16 Nov (10–13, 16). a is handed in on the 3rd, done on the 5th
// (4, 5). b could begin on the 5th, is handed in on the 9th (6, 9), used 10, 11, stopped 12, 13, used 16, 17, 18.
func TestAgreedAgainstActual(t *testing.T) {
	t.Parallel()
	f := run(t, build(t, "a d 5", "b e 5 <a"), "2026-11-02", "a accepted 2026-11-03", "a done 2026-11-05",
		"b accepted 2026-11-09", "b stopped 2026-11-11", "b resumed 2026-11-13", "b done 2026-11-18")
	s := f.Status(workday.China(), day("2026-11-18"))
	same(t, "a", s.Steps[0].By, &flow.Won{HandingIn: -1, Department: 3})
	same(t, "b", s.Steps[1].By, &flow.Won{Inherited: 2, HandingIn: -2, Firm: -2})
	same(t, "won", []int{*s.Steps[0].Won, *s.Steps[1].Won}, []int{2, -2}) // 6, 9; and 17, 18
	same(t, "over", s.Over, true)
	// From 2 to 18 Nov: the departments' are 4, 5, 10, 11, 14–18 (weekend 14, 15 too); 6–9, 12, 13 are the firm's. The
	// span begins on the 3rd: 15 days. By law 10 working days after the 3rd: 4–6, 9–13, 16, 17: 14 days.
	same(t, "days elapsed", elapsed(t, f, "2026-11-18", "a accepted", "b done"),
		flow.Elapsed{Verdict: flow.Compared, Statutory: 14, Department: 9, Firm: 6})
	same(t, "the wrong way round", elapsed(t, f, "2026-11-18", "b done", "a accepted").Verdict, flow.Unlimited)
	// Tue 10: b has used 1 of 5: 11, 12, 13, 16; nothing won, nothing lost.
	s = f.Status(workday.China(), day("2026-11-10"))
	same(t, "on the way", statusDates(s), "a 11-03 11-05; b 11-09 11-16 *")
	same(t, "even", *s.Steps[1].Won, 0)
}

// Over its limit: 2 agreed, none left since Wed 4: it ends today at the earliest, and 3 days (5, 6, 9) are lost.
func TestOverItsLimit(t *testing.T) {
	t.Parallel()
	f := run(t, build(t, "a d 2"), "2026-11-02", "a accepted 2026-11-02")
	s := f.Status(workday.China(), day("2026-11-09"))
	same(t, "dates", statusDates(s), "a 11-02 11-09 *")
	same(t, "lost", *s.Steps[0].Won, -3)
}

func TestTheShippedTemplate(t *testing.T) {
	t.Parallel()
	m := flow.FourStages()
	stages := map[string]bool{}
	known := map[string]int{}
	for _, s := range m.Steps {
		stages[s.Stage] = true
		if s.StatutoryDays != nil {
			known[s.Code] = *s.StatutoryDays
		}
		if s.PromisedDays != nil {
			t.Errorf("%s: what is promised is for each place to say", s.Code)
		}
	}
	same(t, "stages", stages,
		map[string]bool{"land_use": true, "works": true, "construction": true, "completion": true})
	same(t, "days that a law states in working days", known, map[string]int{"filing": 0, "land_registration": 30,
		"land_planning_permit": 20, "works_planning_permit": 20, "fire_design": 15, "building_registration": 30})
	p := m.Plan(workday.China(), flow.Statutory, day("2026-11-02"))
	if p.Finish != 0 || p.Ways != 0 || len(p.Unknown) == 0 {
		t.Error("its end is unknown until the days are filled in")
	}
}
