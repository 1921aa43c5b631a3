package registry_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"luodi/data/registry"
	"luodi/data/store"
	"luodi/data/store/storetest"
	"luodi/geo"
	"luodi/geo/flow"
)

const twoPermits = `{
	"code": "permits", "name_zh": "两证", "name_en": "Two permits", "edition": "%s", "source": "example",
	"departments": [{"code": "housing", "name_zh": "住建局", "name_en": "Housing authority"}],
	"stages": [{"code": "one", "name_zh": "一", "name_en": "One"}],
	"steps": [
		{"code": "review", "name_zh": "审查", "name_en": "Review", "by": "housing", "stage": "one", "statutory_days": 15,
			"promised_days": 5, "source": "example", "notices": [{"to": "firm", "zh": "早", "en": "early"}]},
		{"code": "permit", "name_zh": "许可", "name_en": "Permit", "by": "housing", "stage": "one", "statutory_days": 20,
			"promised_days": 3, "source": "example", "after": [{"step": "review"}%s]}
	]
}`

// bureau is a district with a project and the template above.
type bureau struct {
	t *testing.T
	*storetest.DB
	registry.Registry
	of       registry.Business
	district registry.District
	project  uuid.UUID
	by       uuid.UUID
}

func newBureau(t *testing.T) *bureau {
	t.Helper()
	db := storetest.New(t)
	park := storetest.Park(t, db, "here")
	b := &bureau{t: t, DB: db, Registry: registry.Of(db.Store), project: storetest.Project(t, db, park, "甲", false)}
	all, err := b.Districts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b.district, b.of = all[0], registry.Business{Districts: []uuid.UUID{all[0].ID}}
	b.by = storetest.Number[uuid.UUID](t, db, `INSERT INTO account (account_id, login, name)
		VALUES (gen_random_uuid(), 'p', 'P') RETURNING account_id`)
	if _, err := b.AddFlowTemplate(t.Context(), b.district, b.by, b.template("1", ""), nil); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bureau) template(edition, after string) *flow.Template {
	b.t.Helper()
	t, err := registry.ParseFlowTemplate("template", fmt.Appendf(nil, twoPermits, edition, after))
	if err != nil {
		b.t.Fatal(err)
	}
	return t
}

func (b *bureau) start(day string) registry.FlowStatus {
	b.t.Helper()
	s, err := b.StartFlow(b.t.Context(), b.of, b.project, b.by, registry.NewFlow{Template: "permits", Start: day}, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

func (b *bureau) note(e registry.NewFlowEvent) (registry.FlowStatus, error) {
	return b.NoteFlowEvent(context.Background(), b.of, b.project, b.by, e, nil)
}

// noted notes "review accepted 2024-09-23" and the like.
func (b *bureau) noted(all ...string) {
	b.t.Helper()
	for _, text := range all {
		w := strings.Fields(text)
		if _, err := b.note(registry.NewFlowEvent{Step: w[0], Kind: w[1], Day: w[2]}); err != nil {
			b.t.Fatalf("%s: %v", text, err)
		}
	}
}

func (b *bureau) on(day string) registry.FlowNow {
	b.t.Helper()
	s, err := b.Flow(b.t.Context(), b.of, b.project, registry.AskFlow{On: day})
	if err != nil {
		b.t.Fatal(err)
	}
	return *s.Flow
}

func text(p *string) string {
	if p == nil {
		return "-"
	}
	return *p
}

func line(s registry.FlowStep) string {
	won := "-"
	if s.Won != nil {
		won = fmt.Sprint(*s.Won)
	}
	return fmt.Sprintf("%s %s agreed %s–%s expected %s–%s actual %s–%s won %s", s.Code, s.State, text(s.Agreed.Start),
		text(s.Agreed.Finish), text(s.Expected.Start), text(s.Expected.Finish), text(s.Actual.Start),
		text(s.Actual.Finish), won)
}

func TestAFlowIsToldAsOfAnyDay(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	b.start("2024-09-23")
	notice := 0
	if _, err := b.note(registry.NewFlowEvent{Step: "review", Kind: "told", Notice: &notice,
		Day: "2024-09-20"}); err != nil {
		t.Fatal(err)
	}
	b.noted("review accepted 2024-09-23", "review done 2024-09-26", "permit accepted 2024-09-26",
		"permit stopped 2024-09-27", "permit resumed 2024-10-08", "permit done 2024-10-09")
	got := map[string]string{}
	for _, day := range []string{"2024-09-22", "2024-09-24", "2024-09-27", ""} {
		now := b.on(day)
		for _, s := range now.Steps {
			got[day] += line(s) + "\n"
		}
	}
	want := map[string]string{
		"2024-09-22": "review ready agreed 2024-09-23–2024-09-29 expected 2024-09-23–2024-09-29 actual -–- won 0\n" +
			"permit waiting agreed 2024-09-29–2024-10-09 expected 2024-09-29–2024-10-09 actual -–- won 0\n",
		"2024-09-24": "review running agreed 2024-09-23–2024-09-29 expected -–2024-09-29 actual 2024-09-23–- won 0\n" +
			"permit waiting agreed 2024-09-29–2024-10-09 expected 2024-09-29–2024-10-09 actual -–- won 0\n",
		"2024-09-27": "review done agreed 2024-09-23–2024-09-29 expected -–- actual 2024-09-23–2024-09-26 won 2\n" +
			"permit stopped agreed 2024-09-29–2024-10-09 expected -–2024-09-30 actual 2024-09-26–- won 2\n",
		"": "review done agreed 2024-09-23–2024-09-29 expected -–- actual 2024-09-23–2024-09-26 won 2\n" +
			"permit done agreed 2024-09-29–2024-10-09 expected -–- actual 2024-09-26–2024-10-09 won 0\n",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	now := b.on("")
	if told := now.Steps[0].Notices[0].Told; text(told) != "2024-09-20" {
		t.Errorf("told on %s", text(told))
	}
	if w := now.Steps[1].WonBy; w == nil || w.Sum() != *now.Steps[1].Won || w.Firm != -3 {
		t.Errorf("won by %+v", w)
	}
	if now.Working.Compressed == nil || now.Working.Used != 5 || now.Working.Statutory != 35 ||
		now.Working.Stopped != 3 {
		t.Errorf("working %+v", now.Working)
	}
}

// Whatever writers race, what they wrote is a history that geo/flow reads: each saw what the others had written.
func TestWritersOfAFlowDoNotInterleave(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	b.start("2024-09-23")
	kinds := []string{"accepted", "stopped", "resumed", "withdrawn", "done"}
	var wait sync.WaitGroup
	var mu sync.Mutex
	written := 0
	for w := range 12 {
		random := rand.New(rand.NewPCG(7, uint64(w)))
		wait.Go(func() {
			for range 25 {
				day := fmt.Sprintf("2024-10-%02d", 8+random.IntN(3))
				_, err := b.note(registry.NewFlowEvent{Step: "review", Kind: kinds[random.IntN(len(kinds))], Day: day})
				var refused *geo.Invalid
				mu.Lock()
				switch {
				case err == nil:
					written++
				case errors.Is(err, store.ErrDamaged) || !errors.As(err, &refused):
					t.Error(err)
				}
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	if now := b.on(""); len(now.Events) != written || written < 5 { // it fails where geo/flow doesn't read it
		t.Errorf("%d events of %d", len(now.Events), written)
	}
}

func TestWhatWasNotedWrongIsCorrectedAndKept(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	b.start("2024-09-23")
	b.noted("review accepted 2024-09-23", "review done 2024-09-26")
	first, second := 1, 2
	for name, c := range map[string]struct {
		e           registry.NewFlowEvent
		field, rule string
	}{
		"out of order": {registry.NewFlowEvent{Step: "review", Kind: "done", Day: "2024-09-27"}, "kind",
			"flow.kind"},
		"before the flow": {registry.NewFlowEvent{Step: "permit", Kind: "accepted", Day: "2024-09-20"}, "day",
			"flow.not_before"},
		"ahead of today": {registry.NewFlowEvent{Step: "permit", Kind: "accepted", Day: "2199-09-20"}, "day",
			"flow.not_after"},
		"no such step": {registry.NewFlowEvent{Step: "x", Kind: "accepted", Day: "2024-09-27"}, "step",
			"flow.step"},
		"breaks a later one": {registry.NewFlowEvent{Step: "review", Kind: "stopped", Day: "2024-09-24"}, "day",
			"flow.breaks"},
		"without a reason": {registry.NewFlowEvent{Step: "review", Kind: "accepted", Day: "2024-09-24",
			Corrects: &first},
			"reason", "flow.reason"},
		"of another step": {registry.NewFlowEvent{Step: "permit", Kind: "accepted", Day: "2024-09-24", Corrects: &first,
			Reason: "r"}, "corrects", "flow.holds"},
		"told without a point": {registry.NewFlowEvent{Step: "review", Kind: "told", Day: "2024-09-24"}, "notice",
			"flow.notice"},
	} {
		_, err := b.note(c.e)
		var refused *geo.Invalid
		if !errors.As(err, &refused) || refused.Field != c.field || string(refused.Rule) != c.rule {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := b.RetractFlowEvent(t.Context(), b.of, b.project, b.by, first, "wrong project", nil); err == nil {
		t.Error("the acceptance of a step that is done was taken back")
	}
	corrected := registry.NewFlowEvent{Step: "review", Kind: "done", Day: "2024-09-25", Corrects: &second,
		Reason: "misread"}
	if _, err := b.note(corrected); err != nil {
		t.Fatal(err)
	}
	if _, err := b.note(corrected); err == nil {
		t.Error("corrected twice")
	}
	now := b.on("")
	if len(now.Events) != 3 || now.Events[1].Holds || now.Events[1].Day != "2024-09-26" || !now.Events[2].Holds ||
		text(now.Steps[0].Actual.Finish) != "2024-09-25" {
		t.Errorf("%+v", now.Events)
	}
	if _, err := b.RetractFlowEvent(t.Context(), b.of, b.project, b.by, 3, "not done at all", nil); err != nil {
		t.Fatal(err)
	}
	if now := b.on(""); now.Steps[0].State != "running" || len(now.Events) != 4 || now.Events[3].Holds {
		t.Errorf("%+v", now.Steps[0])
	}
}

// The database itself keeps what was agreed and noted: for the writing role, and by its rules whoever writes.
func TestTheDatabaseKeepsFlows(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	b.start("2024-09-23")
	b.noted("review accepted 2024-09-23")
	note := func(more, values string) string {
		return `INSERT INTO flow_event (district_id, flow_id, n, place, step, kind, day` + more + `) SELECT district_id, flow_id, 1, 1,
			'review', 'done', '2024-09-25'` + values + ` FROM project_flow`
	}
	const template = `INSERT INTO flow_template (district_id, code, revision, edition, content) SELECT district_id, code, `
	for _, w := range []struct{ sql, planner, owner string }{
		{`UPDATE flow_event SET day = '2024-09-24'`, "42501", "flow_event_is_kept"},
		{`DELETE FROM flow_event`, "42501", "flow_event_is_kept"},
		{`UPDATE project_flow SET agreed = '[]'`, "42501", "flow_is_kept"},
		{`UPDATE project_flow SET start = '2024-01-01'`, "42501", "flow_is_kept"},
		{`DELETE FROM project_flow`, "42501", "flow_is_kept"},
		{`UPDATE flow_template SET content = content || '{"name_zh": "x"}'`, "42501", "flow_template_is_kept"},
		{`DELETE FROM flow_template`, "42501", "flow_template_is_kept"},
		{template + `3, '3', content || '{"edition": "3"}' FROM flow_template`, "flow_template_follows",
			"flow_template_follows"},
		{template + `2, edition, content FROM flow_template`, "flow_template_edition", "flow_template_edition"},
		{`INSERT INTO project_flow (district_id, flow_id, project_id, template, template_rev, start, agreed) SELECT district_id,
			gen_random_uuid(), project_id, template, template_rev, start, agreed FROM project_flow`, "project_flow_live",
			"project_flow_live"},
		{note(", corrects, reason", ", 7, 'r'"), "flow_event_holds", "flow_event_holds"},
		{note(", corrects", ", 1"), "flow_event_corrected_with_reason", "flow_event_corrected_with_reason"},
		{note(", corrects, reason", ", 1, E'\\u200b'"), "reason_is_given", "reason_is_given"},
		{note("", "") + `; UPDATE project_flow SET retired_at = now(), retired_reason = 'r'; ` + note("", ""),
			"flow_is_retired",
			"flow_is_retired"},
		{`UPDATE project_flow SET retired_at = now(), retired_reason = 'r'; UPDATE project_flow SET retired_at = NULL,
			retired_reason = NULL`, "flow_is_retired", "flow_is_retired"},
		{`UPDATE project_flow SET retired_at = now(), retired_reason = ' '`, "reason_is_given", "reason_is_given"},
	} {
		for role, want := range map[string]string{"planner": w.planner, "owner": w.owner} {
			pool := b.Planner
			if role == "owner" {
				pool = b.Owner
			}
			_, err := pool.Exec(t.Context(), `BEGIN; `+w.sql+`; COMMIT`)
			if err != nil {
				err = store.ExplainDenial(store.Translate("", err))
			}
			got := store.Constraint(err)
			if errors.Is(err, store.ErrForbidden) {
				got = "42501"
			}
			if got != want {
				t.Errorf("%s: %s: %q, want %q: %v", role, w.sql, got, want, err)
			}
		}
	}
	if now := b.on(""); len(now.Events) != 1 || now.RetiredAt != nil {
		t.Errorf("an attack left a trace: %+v", now)
	}
}

func TestTemplatesAreKeptByEditions(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	b.start("2024-09-23")
	_, err := registry.ParseFlowTemplate("template", []byte(strings.Replace(fmt.Sprintf(twoPermits, "2", ""),
		`"notices"`, `"after": [{"step": "permit"}], "notices"`, 1)))
	var circle *geo.Invalid
	if !errors.As(err, &circle) || !strings.HasPrefix(circle.Field, "template.steps[") ||
		!strings.Contains(circle.String(), "review → permit → review") &&
			!strings.Contains(circle.String(), "permit → review → permit") {
		t.Errorf("a circle: %v", err)
	}
	if _, err := b.AddFlowTemplate(t.Context(), b.district, b.by, b.template("2", ""), nil); !errors.Is(err,
		store.ErrRefused) {
		t.Errorf("made twice: %v", err)
	}
	if _, err := b.ChangeFlowTemplate(t.Context(), b.district, b.by, 1, b.template("2", "")); err != nil {
		t.Fatal(err)
	}
	var stale *store.Stale
	if _, err := b.ChangeFlowTemplate(t.Context(), b.district, b.by, 1, b.template("3", "")); !errors.As(err, &stale) {
		t.Errorf("seen before: %v", err)
	}
	if now := b.on(""); now.TemplateRev != 1 || now.Edition != "1" {
		t.Errorf("a flow follows a later edition: %+v", now.FlowBrief)
	}
	got, err := b.FlowTemplate(t.Context(), b.district, "permits", 0)
	if err != nil || got.Revision != 2 || len(got.Editions) != 2 {
		t.Errorf("%+v, %v", got.FlowTemplate, err)
	}
	shipped, err := b.FlowTemplate(t.Context(), b.district, "four_stages", 0)
	if err != nil || shipped.Revision != 1 || shipped.At != nil {
		t.Errorf("%+v, %v", shipped.FlowTemplate, err)
	}
}

func TestFiguresAreAsOfAnyDayAndCountWhatTheyLeaveOut(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	b.start("2024-09-23")
	b.noted("review accepted 2024-09-23", "review done 2024-09-26", "permit accepted 2024-09-26")
	told := func(r registry.Registry, on, rows string) string {
		f, err := r.Figures(t.Context(), b.of, registry.AskFigures{On: on, Rows: rows})
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%d flows; working n %d of which open %d, %d/%d; elapsed n %d open %d, %d/%d; %d rows",
			f.Flows,
			f.Working.N, f.Working.Unfinished, f.Working.Taken, f.Working.Statutory, f.Elapsed.N, f.Elapsed.Unfinished,
			f.Elapsed.Taken, f.Elapsed.Statutory, len(f.Rows))
	}
	same := func(on, rows, want string) {
		t.Helper()
		for range 2 { // the second time from memory
			if got := told(b.Registry, on, rows); got != want {
				t.Errorf("on %s: %s, want %s", on, got, want)
			}
		}
		if got := told(registry.Of(b.DB.Store), on, rows); got != want {
			t.Errorf("read anew on %s: %s, want %s", on, got, want)
		}
	}
	same("", "working.unfinished", "1 flows; working n 0 of which open 1, 0/0; elapsed n 0 open 1, 0/0; 1 rows")
	b.noted("permit done 2024-09-30")
	same("", "elapsed.compared", "1 flows; working n 1 of which open 0, 6/35; elapsed n 1 open 0, 7/52; 1 rows")
	same("2024-09-27", "working.compared", "1 flows; working n 0 of which open 1, 0/0; elapsed n 0 open 1, 0/0; 0 rows")
	same("2024-09-01", "", "0 flows; working n 0 of which open 0, 0/0; elapsed n 0 open 0, 0/0; 0 rows")
	if _, err := b.RetireFlow(t.Context(), b.of, b.project, b.by, 0, "another plan"); err != nil {
		t.Fatal(err)
	}
	same("", "", "0 flows; working n 0 of which open 0, 0/0; elapsed n 0 open 0, 0/0; 0 rows")
	b.start("2024-10-08")
}
