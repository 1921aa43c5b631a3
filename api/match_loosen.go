package api

import (
	"context"

	"luodi/data/siting"
	"luodi/geo/match"
)

// help adds to an answer what leads on from it: where every place is left out which limits could give way, and of a
// count how many parcels could be cut.
func (t *told) help(ctx context.Context, out *matchAnswer) error {
	if t.CountOnly && t.Lots != nil {
		n, err := t.field.Cuttable(t.table, t.asked.ask())
		if err != nil {
			return err
		}
		out.ToCut = &n
	}
	if t.ranking.Ranked > 0 {
		return nil
	}
	all, err := t.field.Loosenings(ctx, t.table, t.ranking.Causes, t.Requirement)
	for _, l := range all {
		out.Excluded.Loosen = append(out.Excluded.Loosen, t.loosening(l))
	}
	return err
}

func (t *told) loosening(l siting.Loosening) matchLoosen {
	c := t.table.Criteria[l.Criterion]
	m := measureOf(c)
	from := c.Min
	if l.Limit == "max" {
		from = c.Max
	}
	out := matchLoosen{Measure: c.Measure, Limit: l.Limit, From: *from, To: number(l.To), Gain: l.Gain,
		Without: l.Without, Rule: (*rule)(t.say.Rule(m, t.field, -1)), Text: spoken(t.say.Limit(m, c, l.Limit))}
	if out.To != nil {
		out.Text = spoken(t.say.Move(m, match.Move{Kind: match.MoveLimit, From: *from, To: l.To}))
	}
	return out
}
