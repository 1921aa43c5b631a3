package siting

import (
	"context"

	"github.com/paulmach/orb"

	"luodi/geo/fit"
)

// Kerbs are the park's roads as land fronts them.
func (s *Sites) Kerbs() []fit.Road { return s.ways.kerbs.roads }

// FrontTolerance is how far from a road's edge land still fronts it.
const FrontTolerance = frontTolerance

// Scorer gives the question's score of lots out of a parcel, on the scales of the candidates that a field ended with.
func (f *Field) Scorer(ctx context.Context, a Ask, areaMu float64) (func(row int) func([][]orb.Point) float64,
	error) {
	score, err := f.scorer(ctx, a, areaMu)
	return func(row int) func([][]orb.Point) float64 { return score(row, new(int64)) }, err
}

// Within is the question with less work for its lots.
func (a Ask) Within(work int64) Ask {
	a.work = work
	return a
}
