package match

import (
	"cmp"
	"math"
	"slices"

	"luodi/geo"
)

// Method is how scores of single criteria become one.
type Method string

// The methods.
const (
	WeightedSum Method = "weighted_sum" // Σ weight × score
	TOPSIS      Method = "topsis"       // nearness to the ideal
	Pareto      Method = "pareto"       // only what nothing else beats, ordered by weighted sum
)

// How says how to rank. The zero value is a weighted sum of min–max scores, the best 20.
type How struct {
	Method    Method    // empty: WeightedSum
	Normalise Normalise // empty: MinMax; Vector is for TOPSIS alone
	Top       int       // how many places to answer with; 0: 20, at most MaxTop
}

// MaxTop is how many places an answer has at most, and maxFront how many places a Pareto front is sought among.
const (
	MaxTop   = 500
	maxFront = 20_000
)

func (h How) settled() (How, error) {
	h.Method, h.Normalise, h.Top = cmp.Or(h.Method, WeightedSum), cmp.Or(h.Normalise, MinMax), cmp.Or(h.Top, 20)
	if !slices.Contains([]Method{WeightedSum, TOPSIS, Pareto}, h.Method) {
		return h, geo.NewInvalid("method", "one_of", string(h.Method), "values", "weighted_sum, topsis, pareto")
	}
	if h.Normalise != MinMax && (h.Normalise != Vector || h.Method != TOPSIS) {
		return h, geo.NewInvalid("normalise", "match.normalise", string(h.Normalise))
	}
	if h.Top < 1 || h.Top > MaxTop {
		return h, geo.NewInvalid("top", "number.from_to", h.Top, "from", 1, "to", MaxTop)
	}
	return h, nil
}

// Part is what one soft criterion adds to a place's score.
type Part struct {
	Criterion int
	Value     float64 // raw, in the criterion's unit; NaN when nobody knows it, or only its band
	Score     float64 // by min–max among the ranked, 0 to 1: of a band, the score of its worse end
	Most      float64 // of a band, the score of its better end; else Score
	Weight    float64 // of the wishes that judge anybody, whose weights add up to 1
}

// Site is a ranked place. A wish is judged where its value is known, or a band of it. Sites are ranked by Standing, in
// which a wish that is not judged counts as far below the worst known value as the best lies above it. So no place
// gains a rank by a value that is held back: whatever the value, two places differ by no more than the wish's weight
// on the scale that it would have made, and the place that holds it back lies at least that weight behind every place
// that doesn't. This holds for the weighted sum and the Pareto front.
type Site struct {
	Row      int
	Rank     int     // from 1; equal places share one, and the next place's counts them all: 1, 1, 3
	Score    float64 // over the wishes that are judged here, 0 to 1; NaN where none is
	Judged   float64 // the weight of the wishes that are judged here, 0 to 1
	Least    float64 // the score if all that is not known were as bad as the worst that is
	Most     float64 // the score if it were as good as the best
	Standing float64 // Least less the weight that is not judged: what sites are ranked by
	// criteria whose limits the site may or may not keep: open questions to the park; empty if it surely fits
	Open  []int
	Parts []Part // of the wishes that are judged here
	// wishes that judge others, and not this site: nobody knows its value
	Unjudged []Part
}

// Answer is a ranking. Sites that surely fit come before sites with open questions, each group by score, equal scores
// by row. Ranked counts all ranked sites, Fits those that surely fit, Causes the sites that limits excluded. Unjudged
// are the wishes that judge no ranked site, as nobody knows a value or there is nothing of the kind: they leave the
// scale, and the other weights add up to 1.
type Answer struct {
	How    How // as it was settled: always says which method and normalisation ranked
	Sites  []Site
	Ranked int
	Fits   int
	Causes []Cause

	Unjudged []int // criteria

	table   Table
	kept    []int32
	sure    []bool // of kept, whether it surely fits
	misses  []uint8
	at      []int
	columns [][]float64 // by at, what is scored: the worse end of a band where the value is not known
	weights []float64
	scales  []scale
	axes    []axis    // for TOPSIS
	all     []float64 // standings in the order of kept
}

// tie is the largest difference of scores that counts as equal: far below any digit shown, and above the effect of
// rounding coordinates to 0.1 mm.
const tie = 1e-6

// Rank orders the places of a table. Criteria are taken as checked. A [geo.Invalid] names a method, normalisation or
// top that there is not, and a Pareto front that is sought among more than 20,000 places.
func Rank(t Table, how How) (*Answer, error) {
	how, err := how.settled()
	if err != nil {
		return nil, err
	}
	a := &Answer{How: how, table: t}
	a.kept, a.sure, a.misses, a.Causes = t.screen()
	a.Ranked = len(a.kept)
	for _, sure := range a.sure {
		if sure {
			a.Fits++
		}
	}
	a.scale()
	a.all = a.scores()
	order, err := a.order()
	if err != nil {
		return nil, err
	}
	for n, j := range order {
		a.Sites = append(a.Sites, a.site(j))
		a.Sites[n].Rank = a.rankOf(n)
	}
	return a, nil
}

// Rate is the standing that values would have among the ranked, one of each criterion, NaN where nobody knows; and how
// many limits they miss. By Pareto it is the weighted sum.
func (a *Answer) Rate(values []float64) (standing float64, missed int) {
	for i, c := range a.table.Criteria {
		if _, limit := c.shortfall(values[i]); limit != "" {
			missed++
		}
	}
	f := a.blank()
	for k, i := range a.at {
		f = a.put(f, k, values[i])
	}
	return f.score(a.weights), missed
}

// scale makes a scale of each wish that judges some ranked place.
func (a *Answer) scale() {
	scaling := a.kept
	if a.table.Beside > 0 {
		scaling = a.table.Keeping()
	}
	for _, i := range soft(a.table.Criteria) {
		c, column := a.table.Criteria[i], a.table.surely(i)
		s := newScale(c, column, scaling)
		if !s.tells {
			a.Unjudged = append(a.Unjudged, i)
			continue
		}
		a.at, a.weights = append(a.at, i), append(a.weights, c.Weight)
		a.columns, a.scales = append(a.columns, column), append(a.scales, s)
		if a.How.Method == TOPSIS {
			a.axes = append(a.axes, newAxis(s, column, scaling, a.How.Normalise))
		}
	}
	a.weights = unit(a.weights)
}

// order returns the positions of the best places, those that surely fit first.
func (a *Answer) order() ([]int32, error) {
	if a.How.Method != Pareto {
		return best(a.all, a.sure, a.How.Top), nil
	}
	if len(a.kept) > maxFront {
		return nil, geo.NewInvalid("method", "match.front", len(a.kept), "n", maxFront)
	}
	order := a.front()
	return order[:min(len(order), a.How.Top)], nil
}

// rankOf is the rank of the site at a place of the list; equal sites share the rank of the first of them.
func (a *Answer) rankOf(n int) int {
	if n == 0 {
		return 1
	}
	before, s := a.Sites[n-1], a.Sites[n]
	if first := a.Sites[before.Rank-1]; (len(before.Open) == 0) == (len(s.Open) == 0) && first.Standing-s.Standing <= tie {
		return before.Rank
	}
	return n + 1
}

// scores gives each ranked place its standing, in the order of kept. A requirement without soft criteria finds all
// equal.
func (a *Answer) scores() []float64 {
	if a.How.Method == TOPSIS {
		return nearness(a.axes, a.columns, a.weights, a.kept)
	}
	return sums(a.scales, a.columns, a.weights, a.kept)
}

// Standings has the standing of each row of the table, by which sites are ranked; NaN for those left out.
func (a *Answer) Standings() []float64 {
	return a.spread(func(j int) float64 { return a.all[j] })
}

// Scores has the score of each row of the table over the wishes that are judged there; NaN for those left out, and
// where none is judged.
func (a *Answer) Scores() []float64 {
	return a.spread(func(j int) float64 { return a.judge(int(a.kept[j])).Score })
}

// ScoresIn has each row's score in one criterion; NaN for those left out, and where it is not judged.
func (a *Answer) ScoresIn(criterion int) []float64 {
	column := a.table.surely(criterion)
	s := newScale(a.table.Criteria[criterion], column, a.table.Keeping())
	return a.spread(func(j int) float64 { return s.score(column[a.kept[j]]) })
}

// Sure tells of each row of the table whether it surely fits.
func (a *Answer) Sure() []bool {
	out := make([]bool, a.table.Rows())
	for j, row := range a.kept {
		out[row] = a.sure[j]
	}
	return out
}

func (a *Answer) spread(score func(j int) float64) []float64 {
	out := make([]float64, a.table.Rows())
	for i := range out {
		out[i] = math.NaN()
	}
	for j, row := range a.kept {
		out[row] = score(j)
	}
	return out
}

func (a *Answer) site(j int32) Site {
	s := a.judge(int(a.kept[j]))
	s.Standing, s.Open = a.all[j], a.table.Open(s.Row)
	for k, i := range a.at {
		p := Part{Criterion: i, Value: a.table.Columns[i][s.Row], Score: a.scales[k].score(a.columns[k][s.Row]),
			Most: a.best(k, s.Row), Weight: a.weights[k]}
		if p.Score != p.Score {
			s.Unjudged = append(s.Unjudged, p)
			continue
		}
		s.Parts = append(s.Parts, p)
	}
	return s
}

// best returns the positions of the n highest scores, those that surely fit before the others, the highest first, equal
// ones by position: a heap of the n best so far, its worst on top.
func best(scores []float64, sure []bool, n int) []int32 {
	worse := func(a, b int32) bool {
		if sure[a] != sure[b] {
			return sure[b]
		}
		return scores[a] < scores[b] || (scores[a] == scores[b] && a > b)
	}
	heap := make([]int32, 0, n)
	for j := range scores {
		p := int32(j)
		if len(heap) < n {
			heap = append(heap, p)
			for i := len(heap) - 1; i > 0 && worse(heap[i], heap[(i-1)/2]); i = (i - 1) / 2 {
				heap[i], heap[(i-1)/2] = heap[(i-1)/2], heap[i]
			}
			continue
		}
		if !worse(heap[0], p) {
			continue
		}
		heap[0] = p
		sink(heap, worse)
	}
	slices.SortFunc(heap, func(a, b int32) int {
		if worse(b, a) {
			return -1
		}
		return 1
	})
	return heap
}

func sink(heap []int32, worse func(a, b int32) bool) {
	for i := 0; ; {
		least := i
		for c := 2*i + 1; c <= 2*i+2 && c < len(heap); c++ {
			if worse(heap[c], heap[least]) {
				least = c
			}
		}
		if least == i {
			return
		}
		heap[i], heap[least] = heap[least], heap[i]
		i = least
	}
}
