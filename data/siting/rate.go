package siting

import (
	"context"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"luodi/geo/carve"
	"luodi/geo/match"
)

// scorer scores lots out of the parent of a row, and counts its work.
type scorer func(row int, work *int64) func(outline [][]orb.Point) float64

// byShape leaves lots to be ranked by their shape.
func byShape(int, *int64) func([][]orb.Point) float64 { return nil }

// scoreWork is what a score takes in [carve.Effort] of the outline, without its dear measures.
const scoreWork = 2

// scorer is the question's own score of lots: their standing on the scales of all candidates so far, less two for every
// limit that a lot is known to miss.
func (f *Field) scorer(ctx context.Context, a Ask, areaMu float64) (scorer, error) {
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
	each := scoringWork(measuresOf)
	return func(row int, work *int64) func([][]orb.Point) float64 {
		values := make([]float64, len(measuresOf))
		return func(outline [][]orb.Point) float64 {
			*work += each * carve.Effort(outline)
			c := parcels.made(GroundLot, "", []int{row}, closed(outline), areaMu, nil)
			for i, m := range measuresOf {
				values[i] = parcels.rated(m, &c, table.Columns[i], a.Need)
			}
			standing, missed := ranking.Rate(values)
			return standing - 2*float64(missed)
		}
	}, nil
}

// scoringWork is what a score of some measures takes, in [carve.Effort] of the outline.
func scoringWork(measures []Measure) int64 {
	work := int64(scoreWork)
	for _, m := range measures {
		if m.outline != nil {
			work += m.outline.work
		}
	}
	return work
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
