package flow

import (
	"encoding/json"
	"slices"

	"luodi/geo"
)

// Without is the template without steps that a project doesn't need. What followed such a step follows its predecessors
// instead, as if it took no time; a promise stands in where it stood in for the step.
func (t *Template) Without(codes ...string) (*Template, error) {
	for _, c := range codes {
		if _, known := t.at[c]; !known {
			return nil, geo.NewInvalid("without", "flow.step", c)
		}
	}
	text, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	var out Template
	if err := json.Unmarshal(text, &out); err != nil {
		return nil, err
	}
	for i := range out.Steps {
		out.Steps[i].After = t.kept(i, codes)
	}
	out.Steps = slices.DeleteFunc(out.Steps, func(s Step) bool { return slices.Contains(codes, s.Code) })
	return &out, out.check()
}

// kept are the predecessors of a step when some are left out: in their place their own. Of two ways to one predecessor
// the one without a promise counts.
func (t *Template) kept(i int, without []string) (out []Predecessor) {
	seen := map[string]bool{} // of those left out
	var add func(all []Predecessor)
	add = func(all []Predecessor) {
		for _, p := range all {
			k := slices.IndexFunc(out, func(o Predecessor) bool { return o.Step == p.Step })
			switch {
			case seen[p.Step]:
			case slices.Contains(without, p.Step):
				seen[p.Step] = true
				add(t.Steps[t.at[p.Step]].After)
			case k >= 0:
				out[k].OnPromise = out[k].OnPromise && p.OnPromise
			default:
				out = append(out, p)
			}
		}
	}
	add(t.Steps[i].After)
	return out
}
