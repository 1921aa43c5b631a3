package siting

import (
	"cmp"
	"context"
	"math"
	"slices"

	"luodi/geo/match"
)

// Loosening is one limit moved, or taken away, so that candidates come in that it leaves out.
type Loosening struct {
	Criterion int
	Limit     string  // min or max
	To        float64 // the figure nearest to the limit that lets one in; NaN: no figure does, the limit must go
	Gain      int     // candidates that come in at To
	Without   int     // candidates that come in without the limit
	count     int
}

// Loosenings lists for each limit of a table that leaves candidates out what comes in when it alone gives way, the one
// that costs most first: what comes in without it, then what it leaves out. Where no limit alone lets any in, the list
// has the one that leaves out the most, with no gain.
//
//  1. The limit is taken away. Expensive measures are taken of the candidates that are then kept, until ctx is done.
//  2. Those kept that break the limit are what it costs. The one that breaks it by least says where it would have to
//     stand.
func (f *Field) Loosenings(ctx context.Context, t match.Table, causes []match.Cause, r Requirement) ([]Loosening,
	error) {
	var out []Loosening
	for _, cause := range causes {
		l := Loosening{Criterion: cause.Criterion, Limit: cause.Limit, To: math.NaN(), count: cause.Count}
		if cause.Alone > 0 {
			if err := f.loosen(ctx, t, r, &l); err != nil {
				return nil, err
			}
		}
		out = append(out, l)
	}
	slices.SortStableFunc(out, func(a, b Loosening) int {
		return cmp.Or(cmp.Compare(b.Without, a.Without), cmp.Compare(b.count, a.count))
	})
	// the first stays even where it lets nobody in by itself: it is the one to give way
	for len(out) > 1 && out[len(out)-1].Without == 0 {
		out = out[:len(out)-1]
	}
	return out, nil
}

// loosen finds what a limit alone leaves out, and where it would have to stand to let the first of those in.
func (f *Field) loosen(ctx context.Context, t match.Table, r Requirement, l *Loosening) error {
	limit, free := limitOf(t.Criteria[l.Criterion], l.Limit)
	without := t
	without.Criteria, without.Columns = slices.Clone(t.Criteria), slices.Clone(t.Columns)
	without.Criteria[l.Criterion] = free
	for i, dear := range t.Dear {
		if dear {
			without.Columns[i] = slices.Clone(t.Columns[i])
		}
	}
	if err := f.measure(ctx, without, r); err != nil {
		return err
	}
	var beyond []float64 // the values of those that the limit alone leaves out
	for _, row := range without.Keeping() {
		value := without.Columns[l.Criterion][row]
		if int(row) < f.Offered() && breaks(l.Limit, value, limit) {
			beyond = append(beyond, value)
		}
	}
	l.Without, l.Gain = len(beyond), len(beyond)
	if len(beyond) == 0 {
		return nil
	}
	nearest := slices.Min(beyond)
	if l.Limit == "min" {
		nearest = slices.Max(beyond)
	}
	if m, _ := MeasureOf(free.Measure); m.words.limit != "" || math.IsInf(nearest, 0) {
		return nil // yes or no, or nobody of the kind: no figure between
	}
	l.To, l.Gain = nearest, 0
	for _, value := range beyond {
		if !breaks(l.Limit, value, nearest) {
			l.Gain++
		}
	}
	return nil
}

// limitOf is a limit of a criterion, and the criterion without it.
func limitOf(c match.Criterion, limit string) (float64, match.Criterion) {
	if limit == "min" {
		was := *c.Min
		c.Min = nil
		return was, c
	}
	was := *c.Max
	c.Max = nil
	return was, c
}

func breaks(limit string, value, at float64) bool {
	return limit == "min" && value < at || limit == "max" && value > at
}

// Cuttable counts the parcels that are left out as they are and may have a lot cut out of them: larger than the lot,
// and short of nothing that a cut leaves as it is.
func (f *Field) Cuttable(t match.Table, a Ask) (int, error) {
	wish, err := a.Lots.wish(a)
	if err != nil {
		return 0, err
	}
	n := 0
	for row := range f.Places {
		lacks := t.Lacks(row)
		if len(lacks) > 0 && f.areaMu(row) > wish.AreaMu && !slices.ContainsFunc(lacks, func(l match.Lack) bool {
			m, _ := MeasureOf(t.Criteria[l.Criterion].Measure)
			return !m.cut
		}) {
			n++
		}
	}
	return n, nil
}
