package flow_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"luodi/geo"
	"luodi/geo/flow"
)

// refused checks that an error is a refusal of a field by a rule.
func refused(t *testing.T, err error, field, rule string) *geo.Invalid {
	t.Helper()
	var invalid *geo.Invalid
	if !errors.As(err, &invalid) || invalid.Field != field || string(invalid.Rule) != rule {
		t.Errorf("%v; want %s of %s", err, rule, field)
		return &geo.Invalid{}
	}
	return invalid
}

// TestATemplateIsRefusedByTheMemberThatIsWrong changes one member of a good template at a time.
func TestATemplateIsRefusedByTheMemberThatIsWrong(t *testing.T) {
	t.Parallel()
	good, err := json.Marshal(build(t, "a d 10/8 +expert=5", "b firm ?/3 <a", "c e 4 <a,b~"))
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("x", 201)
	for _, c := range []struct{ from, to, field, rule string }{
		{`{"code":"test"`, `{"code":"Test"`, "code", "flow.code"},
		{`"name_en":"Test"`, `"name_en":" "`, "name_en", "text.shows"},
		{`"edition":"1"`, `"edition":""`, "edition", "text.shows"},
		{`"source":"s","departments"`, `"departments"`, "source", "text.shows"},
		{`"code":"e"`, `"code":"d"`, "departments[1].code", "flow.code"},
		{`"code":"e"`, `"code":"firm"`, "departments[1].code", "flow.code"},
		{`"name_en":"One"`, `"name_en":""`, "stages[0].name_en", "text.shows"},
		{`"code":"b"`, `"code":"a"`, "steps[1].code", "flow.code"},
		{`"name_zh":"b"`, `"name_zh":""`, "steps[1].name_zh", "text.shows"},
		{`"name_zh":"b"`, `"name_zh":"` + long + `"`, "steps[1].name_zh", "text.long"},
		{`"by":"e"`, `"by":"f"`, "steps[2].by", "flow.by"},
		{`"by":"e","stage":"one"`, `"by":"e","stage":"two"`, "steps[2].stage", "flow.stage"},
		{`"statutory_days":4`, `"statutory_days":-1`, "steps[2].statutory_days", "flow.days"},
		{`"statutory_days":4`, `"statutory_days":3651`, "steps[2].statutory_days", "flow.days"},
		{`"promised_days":3`, `"promised_days":-3`, "steps[1].promised_days", "flow.days"},
		{`"promised_days":8`, `"promised_days":11`, "steps[0].promised_days", "flow.promised_within"},
		{`"statutory_days":null,"promised_days":3`, `"statutory_days":5,"promised_days":3`, "steps[1].statutory_days",
			"flow.firm_unlimited"},
		{`"promised_days":3,`, `"promised_days":3,"special":[{"code":"x","name_zh":"x","name_en":"x","days":1}],`,
			"steps[1].special", "flow.firm_no_special"},
		{`"code":"expert","name_zh":"特"`, `"code":"expert","name_zh":""`, "steps[0].special[0].name_zh", "text.shows"},
		{`"days":5`, `"days":-5`, "steps[0].special[0].days", "flow.days"},
		{`"step":"b"`, `"step":"z"`, "steps[2].after[1].step", "flow.predecessor"},
		{`"step":"b"`, `"step":"a"`, "steps[2].after[1].step", "flow.predecessor"},
		{`"after":[{"step":"a"}]`, `"documents":["x"]`, "steps[1].documents[0]", "flow.document"},
		{`"after":[{"step":"a"}]`, `"notices":[{"to":"all","zh":"x","en":"x"}]`, "steps[1].notices[0].to", "one_of"},
		{`"after":[{"step":"a"}]`, `"notices":[{"to":"firm","zh":"","en":"x"}]`, "steps[1].notices[0].zh",
			"text.shows"},
		{`"after":[{"step":"a"}]`, `"after":[{"step":"c"}]`, "steps[2].after[1].step", "flow.circle"},
		{`"edition"`, `"editon"`, "template", "flow.json"},
		{`"statutory_days":4`, `"statutory_days":4.5`, "template", "flow.json"},
		{`{"code":"test"`, `{"code":"test",`, "template", "flow.json"},
	} {
		text := strings.Replace(string(good), c.from, c.to, 1)
		if text == string(good) {
			t.Errorf("%s is not in the template", c.from)
		}
		_, err := flow.Parse(strings.NewReader(text))
		refused(t, err, c.field, c.rule)
	}
	_, err = flow.Parse(strings.NewReader(string(good) + "{}"))
	refused(t, err, "template", "flow.json")
	_, err = flow.Parse(strings.NewReader(strings.Replace(string(good), `"steps":[`, `"steps":[],"x":[`, 1)))
	refused(t, err, "template", "flow.json")
}

// TestACircleIsRefusedNamingItsSteps: those on the circle, and none that only waits behind it or leads to it.
func TestACircleIsRefusedNamingItsSteps(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ after, want string }{
		{"a<b b<a", "a → b → a|b → a → b"},
		{"a<a", "a → a"},
		{"a b<a,d c<b d<c e<d", "b → c → d → b|c → d → b → c|d → b → c → d"},
		{"z<c a b<c~ c<b y<z", "b → c → b|c → b → c"},
	} {
		m := flow.Template{Code: "t", NameZH: "t", NameEN: "t", Edition: "1", Source: "s",
			Departments: []flow.Named{{Code: "d", NameZH: "d", NameEN: "d"}},
			Stages:      []flow.Named{{Code: "one", NameZH: "一", NameEN: "One"}}}
		for _, text := range strings.Fields(c.after) {
			code, after, some := strings.Cut(text, "<")
			line := code + " d 1"
			if some {
				line += " <" + after
			}
			m.Steps = append(m.Steps, step(t, line))
		}
		text, _ := json.Marshal(m)
		_, err := flow.Parse(bytes.NewReader(text))
		var invalid *geo.Invalid
		if !errors.As(err, &invalid) || invalid.Rule != "flow.circle" {
			t.Errorf("%s: %v", c.after, err)
			continue
		}
		if named := fmt.Sprint(invalid.Args[1]); !strings.Contains("|"+c.want+"|", "|"+named+"|") {
			t.Errorf("%s: named %s, want %s", c.after, named, c.want)
		}
	}
}

func TestWhatCannotHaveHappenedIsRefused(t *testing.T) {
	t.Parallel()
	m := build(t, "a d 10 +expert=5", "b firm ?/3 <a")
	start := day("2026-11-02")
	for _, c := range []struct{ lines, field, rule, expected string }{
		{"c accepted 2026-11-02", "events[0].step", "flow.step", ""},
		{"a done 2026-11-02", "events[0].kind", "flow.kind", "accepted"},
		{"a accepted 2026-11-01", "events[0].day", "flow.not_before", "2026-11-02"},
		{"a accepted 2026-11-04;a done 2026-11-03", "events[1].day", "flow.not_before", "2026-11-04"},
		{"a accepted 2026-11-04;a resumed 2026-11-05", "events[1].kind", "flow.kind",
			"done, special_begun, stopped, withdrawn"},
		{"a accepted 2026-11-04;a stopped 2026-11-05;a done 2026-11-06", "events[2].kind", "flow.kind",
			"resumed, withdrawn"},
		{"a accepted 2026-11-04;a special_begun 2026-11-05", "events[1].special", "flow.special", ""},
		{"a accepted 2026-11-04;a special_begun 2026-11-05 x", "events[1].special", "flow.special", ""},
		{"a accepted 2026-11-04 expert", "events[0].special", "flow.special", ""},
		{"b accepted 2026-11-04;b stopped 2026-11-05", "events[1].kind", "flow.kind", "done, withdrawn"},
		{"a accepted 2026-11-04;a done 2026-11-05;a done 2026-11-06", "events[2].kind", "flow.kind", "accepted"},
	} {
		_, err := flow.New(m, start, nil, happened(strings.Split(c.lines, ";")...))
		invalid := refused(t, err, c.field, c.rule)
		if c.expected != "" && (len(invalid.Args) < 2 || fmt.Sprint(invalid.Args[1]) != c.expected) {
			t.Errorf("%s: %v; want %s", c.lines, err, c.expected)
		}
	}
	_, err := flow.New(m, 0, nil, nil)
	refused(t, err, "start", "day.form")
	for _, c := range []struct {
		agreed      []flow.Agreed
		field, rule string
	}{
		{[]flow.Agreed{{Step: "z"}}, "agreed[0].step", "flow.step_once"},
		{[]flow.Agreed{{Step: "a"}, {Step: "a"}}, "agreed[1].step", "flow.step_once"},
		{[]flow.Agreed{{Step: "a", Start: start, Finish: start - 1}}, "agreed[0].finish", "flow.not_before"},
		{[]flow.Agreed{{Step: "a", Special: -1}}, "agreed[0].special", "flow.days"},
	} {
		_, err := flow.New(m, start, c.agreed, nil)
		refused(t, err, c.field, c.rule)
	}
	_, err = flow.New(m, start, nil, make([]flow.Event, 10_001))
	refused(t, err, "events", "flow.events")
	_, err = m.Span(flow.Mark{Step: "z", Kind: flow.Done}, flow.Mark{})
	refused(t, err, "from.step", "flow.step")
	_, err = m.Span(flow.Mark{Step: "a", Kind: flow.Done}, flow.Mark{Step: "b", Kind: flow.Stopped})
	refused(t, err, "to.kind", "one_of")
}
