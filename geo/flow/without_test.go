package flow_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"luodi/geo/flow"
	"luodi/geo/workday"
)

// TestAStepLeftOutIsAStepThatTakesNoTime compares 1,000 random templates without a step or two with the same templates
// in which those steps take no days.
func TestAStepLeftOutIsAStepThatTakesNoTime(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o one, _ days) {
		r := rand.New(rand.NewPCG(uint64(o.start), 7))
		out := []string{o.m.Steps[r.IntN(len(o.m.Steps))].Code, o.m.Steps[0].Code}
		less, err := o.m.Without(out...)
		if len(o.m.Steps) == 2 && out[0] != out[1] {
			refused(t, err, "steps", "flow.steps")
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		text, _ := json.Marshal(o.m)
		var m flow.Template
		if err := json.Unmarshal(text, &m); err != nil {
			t.Fatal(err)
		}
		for i := range m.Steps {
			if s := &m.Steps[i]; slices.Contains(out, s.Code) {
				s.PromisedDays, s.StatutoryDays, s.Special = new(int), nil, nil
				if s.By != flow.Firm {
					s.StatutoryDays = new(int)
				}
			}
		}
		text, _ = json.Marshal(m)
		zero, err := flow.Parse(strings.NewReader(string(text)))
		if err != nil {
			t.Fatal(err)
		}
		for _, basis := range []flow.Basis{flow.Statutory, flow.Promised} {
			a, b := less.Plan(workday.China(), basis, o.start), zero.Plan(workday.China(), basis, o.start)
			b.Steps = slices.DeleteFunc(b.Steps, func(s flow.Planned) bool { return slices.Contains(out, s.Step) })
			if got, want := dates(a.Steps), dates(b.Steps); got != want {
				t.Errorf("%s without %v: %s; as if it took no time: %s", basis, out, got, want)
			}
		}
	})
	_, err := flow.FourStages().Without("energy", "nothing")
	refused(t, err, "without", "flow.step")
	less, err := flow.FourStages().Without("energy", "fire_design")
	if err != nil {
		t.Fatal(err)
	}
	s, _ := less.Step("construction_permit")
	if !slices.Contains(s.After, flow.Predecessor{Step: "working_drawings"}) || len(s.After) != 5 {
		t.Errorf("the permit follows %v", s.After)
	}
}
