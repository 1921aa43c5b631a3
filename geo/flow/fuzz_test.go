package flow_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"luodi/geo"
	"luodi/geo/flow"
	"luodi/geo/workday"
)

// FuzzParse: no input makes the decoder panic; what is taken has an order, reads back as the same template, and its
// plans and its status are told without a panic, each step after its predecessors.
func FuzzParse(f *testing.F) {
	for _, steps := range [][]string{{"a d 1"}, {"a d 10/8 +!p=5", "b firm ?/3 <a~"},
		{"a d 1", "b d ? <a", "c e 2 <a,b~"}} {
		text, err := json.Marshal(build(f, steps...))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text) // short ones: a long text is slow to make shorter
	}
	f.Add([]byte(`{"code":"a","steps":[{"code":"a","after":[{"step":"a"}]}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := flow.Parse(bytes.NewReader(text))
		if err != nil {
			if !errors.Is(err, geo.ErrInvalid) {
				t.Fatal(err)
			}
			return
		}
		once, _ := json.Marshal(m)
		again, err := flow.Parse(bytes.NewReader(once))
		if err != nil {
			t.Fatalf("%s: %v", once, err)
		}
		if twice, _ := json.Marshal(again); !bytes.Equal(once, twice) {
			t.Fatalf("%s read back as %s", once, twice)
		}
		start := day("2026-11-02")
		p := m.Plan(workday.China(), flow.Statutory, start)
		at := map[string]flow.Planned{}
		for _, s := range p.Steps {
			at[s.Step] = s
		}
		for _, s := range m.Steps {
			for _, b := range s.After {
				if at[s.Code].Start != 0 && at[b.Step].Finish > at[s.Code].Start {
					t.Fatalf("%s begins before %s ends", s.Code, b.Step)
				}
			}
		}
		fl, err := flow.New(m, start, m.Agree(p), nil)
		if err != nil {
			t.Fatal(err)
		}
		fl.Status(workday.China(), start+9)
	})
}
