package siting

import (
	"context"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"luodi/geo/match"
)

// scorer gives, for the row of a parent, the question's own score of lots out of it: their standing on the scales of all
// candidates so far, less two for every limit that a lot is known to miss.
func (f *Field) scorer(ctx context.Context, a Ask, areaMu float64) (func(row int) func([][]orb.Point) float64, error) {
	table, _, err := f.Table(ctx, a.Criteria, a.Need, a.Today)
	if err != nil {
		return nil, err
	}
	how := a.How
	if how.Top = 1; how.Method == match.Pareto {
		how.Method = match.WeightedSum
	}
	ranking, err := match.Rank(table, how)
	if err != nil {
		return nil, err
	}
	parcels := &Field{Sites: f.Sites, among: f.among}
	measuresOf := make([]Measure, len(table.Criteria))
	for i, c := range table.Criteria {
		measuresOf[i], _ = MeasureOf(c.Measure)
	}
	return func(row int) func([][]orb.Point) float64 {
		values := make([]float64, len(measuresOf))
		return func(outline [][]orb.Point) float64 {
			c := parcels.made(GroundLot, "", []int{row}, closed(outline), areaMu, nil)
			for i, m := range measuresOf {
				values[i] = parcels.rated(m, &c, table.Columns[i], a.Need)
			}
			standing, missed := ranking.Rate(values)
			return standing - 2*float64(missed)
		}
	}, nil
}

// rated is a measure of a lot that is not among the candidates: of its shape where it hangs on that, else its parent's.
func (f *Field) rated(m Measure, c *Candidate, column []float64, need Requirement) float64 {
	switch {
	case m.outline != nil:
		if m.outline.costs && points(c.Shape) > MaxOutline {
			return math.NaN()
		}
		o, err := newOutline(c.Shape)
		if err != nil {
			return math.NaN()
		}
		return m.outline.of(f.Sites, o, need.Hall)
	case m.asked != nil && m.joined == nil:
		return column[c.Parcels[0]]
	}
	value, _ := f.valueOf(m, c, column[:len(f.Places)])
	return value
}

// closed are rings as polygons have them, the last point the first.
func closed(rings [][]orb.Point) orb.Polygon {
	out := make(orb.Polygon, len(rings))
	for i, ring := range rings {
		out[i] = append(slices.Clone(orb.Ring(ring)), ring[0])
	}
	return out
}
