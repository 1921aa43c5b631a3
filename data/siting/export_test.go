package siting

import (
	"context"

	"github.com/paulmach/orb"

	"luodi/geo/fit"
)

// Kerbs are the park's roads as land fronts them.
func (s *Sites) Kerbs() []fit.Road { return s.ways.kerbs }

// FrontTolerance is how far from a road's edge land still fronts it.
const FrontTolerance = frontTolerance

// Scorer gives the question's score of lots out of a parcel, on the scales of the candidates that a field ended with.
func (f *Field) Scorer(ctx context.Context, a Ask, areaMu float64) (func(row int) func([][]orb.Point) float64, error) {
	return f.scorer(ctx, a, areaMu)
}
